"""Where a test result stands: in each state, what is true and what it waits for."""

from __future__ import annotations

from enum import Enum
from typing import Final


class ResultState(Enum):
    """Where an order and its result stand, seen from the practice that asked, or that got it unasked."""

    UNCLAIMED = "a result is here, and nobody knows whose order it answers; waits for somebody to claim it"
    ORDERED = "wanted, or expected from a birth or a stay, and nothing is taken yet; waits for the result"
    COLLECTED = "the specimen or the image is taken; waits for the result"
    PARTIAL = "something is here, written or phoned, and not all of it final; waits for the rest"
    RESULTED = "all of it is here, or given up; waits for us to review it and to tell the patient"
    NOT_DONE = "nothing is here, and nothing will come as it was ordered; waits for us to decide"
    CLOSED = "reviewed, told, and what follows is owned"
    CANCELLED = "withdrawn by us, or replaced by another order"
    SUPERSEDED = "a duplicate; the case that survives carries its duties"
    ENTERED_IN_ERROR = "never was; hidden, and nothing of it deleted"


R: Final = ResultState

OPEN: Final = (R.ORDERED, R.COLLECTED, R.PARTIAL, R.RESULTED, R.NOT_DONE)
"""Open, and somebody's."""

ENDS: Final = (R.CLOSED, R.CANCELLED)
ALL: Final = (R.UNCLAIMED, *OPEN, *ENDS)
OWED: Final = (*OPEN, *ENDS, R.SUPERSEDED)
"""Where what outlives its case may be owed: also in a duplicate it is done by whoever has it."""

"""Where a stay may stand; what is true there, and what it waits for."""

from __future__ import annotations

from enum import Enum
from typing import Final


class TransitionState(Enum):
    """Where the patient is, as far as we know."""

    IN_ED = "at an emergency department, not admitted as far as we know; waits for news of whereabouts"
    ADMITTED = "in hospital; waits for the discharge, or for news of whereabouts"
    ELSEWHERE = "left acute care for another facility, not home; waits for news of whereabouts"
    DISCHARGED = "home; our duties run in any order"
    CLOSED = "the duties are settled"
    READMITTED = "back in before the duties were done; they ended without success"
    DIED = "died in or after the stay"
    SUPERSEDED = "a duplicate; the case that survives carries its duties"
    ENTERED_IN_ERROR = "never was; hidden, and nothing of it deleted"


T = TransitionState
"""As the table calls them, to be read beside each other."""

OPEN: Final = (T.IN_ED, T.ADMITTED, T.ELSEWHERE, T.DISCHARGED)
ENDS: Final = (T.CLOSED, T.READMITTED, T.DIED)
ALL: Final = (*OPEN, *ENDS)

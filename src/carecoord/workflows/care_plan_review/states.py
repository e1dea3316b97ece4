"""Where the plan of a patient stands: in each state, what is true and what it waits for."""

from __future__ import annotations

from enum import Enum
from typing import Final


class PlanState(Enum):
    """Where a patient's care plan stands. That a review is due, or late, is no state; neither is a pause."""

    IDENTIFIED = "found for care management, and without a plan; waits for one to be drafted"
    DRAFTED = "being written with the patient; waits for somebody to put it in force"
    ACTIVE = "in force, also while its review is late; waits for that review"
    UNDER_REVIEW = "in force, and somebody is reviewing it; waits for what comes of that"
    COMPLETED = "its goals are met, or it was handed on"
    REVOKED = "stopped by the practice, for a reason"
    DECLINED = "the patient does not want it"
    SUPERSEDED = "a duplicate; the case that survives carries its duties"
    ENTERED_IN_ERROR = "never was; hidden, and nothing of it deleted"


P: Final = PlanState

IN_FORCE: Final = (P.ACTIVE, P.UNDER_REVIEW)
"""A plan is in force."""

WRITTEN: Final = (P.DRAFTED, *IN_FORCE)
"""There is a plan, in force or not."""

OPEN: Final = (P.IDENTIFIED, *WRITTEN)
ENDS: Final = (P.COMPLETED, P.REVOKED, P.DECLINED)
ALL: Final = (*OPEN, *ENDS)

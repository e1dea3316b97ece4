"""Where a referral stands: in each state, what is true and what it waits for."""

from __future__ import annotations

from enum import Enum


class ReferralState(Enum):
    """Where a referral stands, seen from the practice that asks."""

    DRAFTED = "wanted, and not with a recipient, or no longer; waits for us to send it"
    SENT = "the package left, and nobody answered; waits for an answer"
    NEEDS_INFO = "they sent it back for information; waits for us to supply it"
    ACCEPTED = "they have taken it, and no visit is fixed; waits for a booking"
    BOOKED = "a visit is fixed, ahead or its outcome unheard; waits for the outcome"
    NO_SHOW = "the patient did not come, and nothing new is fixed; waits for another booking"
    APPOINTMENT_CANCELLED = "the visit was called off, and nothing new is fixed; waits for another booking"
    SEEN = "a visit was held or an interim note is here; waits for the report"
    CANCEL_REQUESTED = "we asked them to stop, and an outcome may still win; waits for their confirmation"
    DECLINED = "they will not do it; waits for us to decide"
    REPORTED = "the final report is here; waits for us to review it, to tell the patient and to bring it in"
    CLOSED = "the loop is closed"
    CANCELLED = "they confirmed that they stopped, as we wished"
    WITHDRAWN = "ended by us without a report, for a documented reason"
    SUPERSEDED = "a duplicate; the case that survives carries its duties"
    ENTERED_IN_ERROR = "never was; hidden, and nothing of it deleted"

"""
What happens in a stay: news of hospitals and feeds, acts of the practice.

Codes in brackets are HL7 v2 ADT triggers. What names something (`about`, `to`, `tests`, `case`) is the
host's opaque id and is told in effects; what says something is hidden from print.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import field, frozen
from attrs.converters import optional

from carecoord.events import Act, News, is_named
from carecoord.moments import moment


class Disposition(Enum):
    """How the patient left acute care."""

    HOME = "home"
    FACILITY = "to another facility"
    AGAINST_ADVICE = "home, against medical advice"
    LEFT_UNSEEN = "home, without being seen"


class NoticeOf(Enum):
    """What a notice told of."""

    ARRIVAL = "arrival"
    ADMISSION = "admission"
    DISCHARGE = "discharge"


class PendingTests(Enum):
    """What a discharge summary says of tests still pending."""

    LISTED = "it lists them"
    NONE = "it says that there are none"
    NOT_SAID = "it does not say"


@frozen(kw_only=True, eq=False, repr=False)
class ArrivedAtEd(News):
    """The patient came to an emergency department [A04]; `about` is the facility's visit number."""

    facility: str = field(default="", repr=False)
    planned: bool | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Admitted(News):
    """The patient was admitted [A01]; `readmission_of` names an earlier case, where the host knows it."""

    facility: str = field(default="", repr=False)
    planned: bool | None = None
    readmission_of: str | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Transferred(News):
    """The patient was moved to an acute bed, here or in another hospital [A02]."""

    facility: str = field(default="", repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class Discharged(News):
    """The patient left acute care [A03]; against advice or unseen is home with a disposition."""

    facility: str = field(default="", repr=False)
    disposition: Disposition = Disposition.HOME


class Died(News):
    """The patient died in the stay or after it."""

    __slots__ = ()


class DischargeCancelled(News):
    """The discharge did not take place [A13]."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class StayCorrected(News):
    """Details of the stay were corrected [A08], or are known only now; a corrected moment is `MomentCorrected`."""

    facility: str | None = field(default=None, repr=False)
    planned: bool | None = None
    visit_kind: str | None = field(default=None, repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class NoticeReceived(News):
    """A notice of the stay reached us: its `at` is when it did, and what it told of is another event."""

    of: NoticeOf
    source: str = field(default="", repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class SummaryReceived(News):
    """The discharge summary is here; `tests` names the pending ones that it lists."""

    version: str = field(default="", repr=False)
    pending: PendingTests = PendingTests.NOT_SAID
    tests: tuple[str, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class PendingTestListed(News):
    """A test was pending when the patient left; `about` names it."""

    expected_by: datetime | None = field(default=None, converter=optional(moment))
    who: str = field(default="", repr=False)


class VisitMissed(News):
    """The patient did not come to a follow-up visit; `about` is the appointment."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class VisitHeld(News):
    """A follow-up visit took place; `kind` is in the words in which the host says which one is wanted."""

    kind: str = field(default="", repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class InfoShared(Act):
    """The practice sent clinical information to a facility."""

    to: str
    what: tuple[str, ...] = ()

    def tells(self) -> str | None:
        return self.to


@frozen(kw_only=True, eq=False, repr=False)
class PendingTestOwned(Act):
    """
    A result case follows a pending test; `about` names the test, and its result has a date.

    It is a link: where `LinkedCaseEnded` tells that the case ended without the result, the test is owed again.
    """

    case: str = field(validator=is_named)
    expected_by: datetime | None = field(default=None, converter=optional(moment))


@frozen(kw_only=True, eq=False, repr=False)
class Contacted(Act):
    """Somebody spoke with the patient or caregiver; only two-way, by our own staff, is contact (TCM)."""

    two_way: bool = True
    own_staff: bool = True
    caregiver: bool = False
    said: str = field(default="", repr=False)


class MedsReconciled(Act):
    """The medication lists before and after the stay were reconciled; who did it decides whether it counts."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class VisitBooked(Act):
    """A follow-up visit was booked; `about` is the appointment, `instead_of` a missed one that it makes good."""

    visit_at: datetime | None = field(default=None, converter=optional(moment))
    kind: str = field(default="", repr=False)
    instead_of: str | None = None


@frozen(kw_only=True, eq=False, repr=False)
class FollowUpDeclined(Act):
    """The patient does not want the follow-up visit."""

    reason: str = field(default="", repr=False)

"""What happens to a referral: news from the other side, and acts of ours. What follows stands elsewhere."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import field, frozen
from attrs.converters import optional

from carecoord.events import Act, News
from carecoord.moments import moment
from carecoord.vocabulary import Urgency


class Kind(Enum):
    """What is asked of the other side (CC-04 A, the type of referral)."""

    CONSULTATION = "an opinion"
    PROCEDURE = "something to be done, and a report of it"
    CO_MANAGEMENT = "care shared between both, component by component"
    TRANSFER_OF_CARE = "care taken over"


class Enclosure(Enum):
    """What goes with a referral, or is said not to exist (CC-04 B)."""

    DEMOGRAPHICS = "who the patient is"
    CLINICAL_DATA = "pertinent clinical data"
    RESULTS = "results of tests"
    CARE_PLAN = "the current care plan"


class Disposition(Enum):
    """What a clinician made of a report."""

    NO_CHANGE = "nothing changes"
    PLAN_CHANGE = "the care plan changes"
    NEW_ORDERS = "something new is ordered"


class Answered(Enum):
    """Whether a report answers the clinical question (CC-11)."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Channel(Enum):
    """How the patient was told."""

    VOICE = "in a conversation"
    LETTER = "by letter"
    MESSAGE = "by a message that was answered"
    PORTAL = "by the portal alone"


class CalledOffBy(Enum):
    """Who called an appointment off."""

    PATIENT = "the patient"
    RECIPIENT = "the other side"
    NOT_SAID = "nobody said who"


# --- ours, before it leaves -----------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class Drafted(Act):
    """A referral is wanted; what is not stated yet comes with `Specified`."""

    urgency: Urgency | None = None
    kind: Kind | None = None
    clinical_question: str = field(default="", repr=False)
    needed_by: datetime | None = field(default=None, converter=optional(moment))


@frozen(kw_only=True, eq=False, repr=False)
class Specified(Act):
    """Somebody stated what was missing, or stated it anew; None leaves it as it was."""

    urgency: Urgency | None = None
    kind: Kind | None = None
    clinical_question: str | None = field(default=None, repr=False)
    needed_by: datetime | None = field(default=None, converter=optional(moment))


@frozen(kw_only=True, eq=False, repr=False)
class Sent(Act):
    """
    The package left; `about` names the attempt, by default its key does.

    `there_is_no` says which of the enclosures the patient does not have. `confirms` is False for
    a recipient who has no way to confirm a cancellation, such as one reached by fax alone.
    """

    recipient: str
    agreement: str = ""
    enclosed: tuple[Enclosure, ...] = ()
    there_is_no: tuple[Enclosure, ...] = ()
    confirms: bool = True
    needed_by: datetime | None = field(default=None, converter=optional(moment))


@frozen(kw_only=True, eq=False, repr=False)
class Redirected(Act):
    """Whoever was asked will not do it, and the package left for somebody else: a new attempt, named as in `Sent`."""

    recipient: str
    agreement: str = ""
    enclosed: tuple[Enclosure, ...] = ()
    there_is_no: tuple[Enclosure, ...] = ()
    confirms: bool = True
    needed_by: datetime | None = field(default=None, converter=optional(moment))


@frozen(kw_only=True, eq=False, repr=False)
class InformationSupplied(Act):
    """What the other side asked for was sent to it; `about` names the attempt."""

    enclosed: tuple[str, ...] = ()


# --- theirs: the attempt (`about`, by default the present one) ------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class Undeliverable(News):
    """The package did not arrive: a fax that failed, a queue that nobody reads."""

    reason: str = ""


class Accepted(News):
    """They will do it."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class Declined(News):
    """They will not do it, or no longer; legal even after a visit."""

    reason: str = ""


@frozen(kw_only=True, eq=False, repr=False)
class InformationRequested(News):
    """They sent it back for information."""

    reason: str = ""
    wanted: tuple[str, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class CancelConfirmed(News):
    """They confirm that they stop; where nobody asked them to, they stopped by themselves."""

    reason: str = ""


# --- theirs: the appointment (`about`, by default the present one) --------------------------


@frozen(kw_only=True, eq=False, repr=False)
class OfAppointment(News):
    """News of an appointment; `attempt` names whose, by default the present one's."""

    attempt: str | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Booked(OfAppointment):
    """A visit was fixed."""

    visit_at: datetime | None = field(default=None, converter=optional(moment))


@frozen(kw_only=True, eq=False, repr=False)
class Rebooked(OfAppointment):
    """A visit was moved, or fixed anew in the place of `instead_of`."""

    visit_at: datetime | None = field(default=None, converter=optional(moment))
    instead_of: str | None = None


class NoShow(OfAppointment):
    """The patient did not come."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class AppointmentCancelled(OfAppointment):
    """The visit was called off."""

    called_off_by: CalledOffBy = CalledOffBy.NOT_SAID


class VisitCompleted(OfAppointment):
    """The visit was held."""

    __slots__ = ()


# --- theirs: the report (`about`, by default the key that brought it) -----------------------


@frozen(kw_only=True, eq=False, repr=False)
class OfReport(News):
    """
    Something written reached us, and `at` is when it did; `attempt` names whose, by default the present one's.

    Versions count upwards. `contains` are codes of what is in it, to be held against an agreement.
    """

    attempt: str | None = None
    version: int = 1
    contains: tuple[str, ...] = ()


class InterimNoteReceived(OfReport):
    """A note is here that is not the final report."""

    __slots__ = ()


class ReportReceived(OfReport):
    """The final report is here."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class ReportCorrected(OfReport):
    """Another version of a report is here; `content_changed` is False where only its form did."""

    content_changed: bool = True


@frozen(kw_only=True, eq=False, repr=False)
class ReportRetracted(News):
    """They took back a report or a note: one version, or all. What was filed here by mistake is `Retracted`."""

    version: int | None = None
    why: str = ""


# --- ours, afterwards -----------------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class CancelRequested(Act):
    """
    We asked them to stop; until they confirm, an outcome may still win.

    `confirm_by` is the moment by which we asked them to confirm; from then on we may end it alone.
    """

    reason: str
    confirm_by: datetime | None = field(default=None, converter=optional(moment))


@frozen(kw_only=True, eq=False, repr=False)
class CancelWithdrawn(Act):
    """We want it after all."""

    reason: str = ""


@frozen(kw_only=True, eq=False, repr=False)
class Withdrawn(Act):
    """We end it without a report, for a reason that is documented."""

    reason: str


@frozen(kw_only=True, eq=False, repr=False)
class Reviewed(Act):
    """A clinician read a version of a report or note (`about`, by default the newest) and says what follows."""

    disposition: Disposition
    version: int = 1
    question_answered: Answered | None = None
    orders: tuple[str, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class PatientInformed(Act):
    """Somebody told the patient, or who speaks for them, what a version of a report says."""

    channel: Channel
    version: int = 1
    recipient: str = "patient"

    def tells(self) -> str | None:
        return self.recipient


@frozen(kw_only=True, eq=False, repr=False)
class Integrated(Act):
    """What a version of a report changes stands in the care plan: its case, and the plan's version."""

    plan: str
    plan_version: str
    version: int = 1


@frozen(kw_only=True, eq=False, repr=False)
class Inquired(Act):
    """Somebody asked the other side how it stands (IA_CC_1); what they answered is news of its own."""

    of: str = ""


class ExpectationsGiven(Act):
    """The patient was told what to expect, as an agreement says; `about` names it."""

    __slots__ = ()

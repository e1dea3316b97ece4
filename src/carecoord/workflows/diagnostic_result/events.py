"""
What happens to a test result: news from laboratory, portal and patient, and acts of ours.

A component is what has a result of its own: one value of a panel, the report of an image. News names it in `about`;
where an order has only one, it need not. Acts name versions, each as "component:version".
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final

from attrs import field, frozen
from attrs.converters import optional

from carecoord.events import Act, News, is_named
from carecoord.moments import moment
from carecoord.vocabulary import Actor, Urgency

RESULT: Final = "result"
"""What the only component of an order is called where nobody gave it a name."""


class Kind(Enum):
    """What was ordered or is expected: laboratory and imaging apart (CC-01), newborns from birth (CC-02)."""

    LABORATORY = "a laboratory test"
    IMAGING = "an image and its report"
    PATHOLOGY = "tissue and its report"
    NEWBORN_BLOOD_SPOT = "blood-spot screening of a newborn"
    NEWBORN_HEARING = "hearing screening of a newborn"
    OTHER = "any other test"


class Severity(Enum):
    """What the flag says (OBX-8); no flag, or one that nobody knows, is UNKNOWN and counts as abnormal."""

    CRITICAL = "somebody must act at once"
    ABNORMAL = "outside of what is expected"
    NORMAL = "as expected"
    UNKNOWN = "nobody said; counts as abnormal until a clinician says otherwise"


class Status(Enum):
    """How far a result has come (OBX-11); one that nobody knows finishes nothing."""

    PRELIMINARY = "may still change"
    FINAL = "complete and verified"
    UNKNOWN = "a status that nobody knows; read, and not taken for final"


class Correction(Enum):
    """How a version differs from the one before. Words differ from place to place, so each is read anew."""

    CORRECTED = "something was wrong"
    AMENDED = "something was changed"
    APPENDED = "something was added"


class TakenBack(Enum):
    """Why a result was taken back."""

    WRONG_PATIENT = "it is another patient's"
    DELETED = "it should not be here"
    NOT_SAID = "nobody said why"


class Disposition(Enum):
    """What a clinician made of it."""

    NOTHING_MORE = "nothing more is to be done"
    FOLLOW_UP_NEEDED = "something must follow"
    DO_NOT_NOTIFY = "there is a clinical reason not to tell the patient"


class Channel(Enum):
    """How the patient was told."""

    VOICE = "in a conversation"
    LETTER = "by letter"
    MESSAGE = "by a message that was answered"
    PORTAL = "by the portal alone"


class Method(Enum):
    """How a critical result was told to us."""

    PHONE = "by telephone"
    IN_PERSON = "face to face"
    PAGE = "by a page"
    MESSAGE = "by a message"


def _at_least_one(components: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is wanted; where nothing has a name, one thing is wanted all the same."""
    return tuple(components) or (RESULT,)


# --- how it begins --------------------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class Ordered(Act):
    """A test was ordered; `planned_for` is when it is to be taken, where that is not now."""

    components: tuple[str, ...] = field(default=(RESULT,), converter=_at_least_one)
    kind: Kind = Kind.LABORATORY
    urgency: Urgency | None = None
    planned_for: datetime | None = field(default=None, converter=optional(moment))


@frozen(kw_only=True, eq=False, repr=False)
class Expected(Act):
    """
    A result is expected that nobody here ordered: screening of a newborn, a test pending at discharge.

    `born_at` is the birth, from which screening counts; `expected_by` is when it was said to come; `stay` is the case
    of the stay in which it was pending.
    """

    components: tuple[str, ...] = field(default=(RESULT,), converter=_at_least_one)
    kind: Kind = Kind.LABORATORY
    urgency: Urgency | None = None
    born_at: datetime | None = field(default=None, converter=optional(moment))
    expected_by: datetime | None = field(default=None, converter=optional(moment))
    stay: str = ""


# --- what is written to us (`about` names the component) ------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class OfResult(News):
    """
    A version of a component reached us, and `at` is when it did; `available_at` is when the orderer could see it.

    Versions count upwards. `content_changed` is False where only the form, or the status, is another.
    """

    version: int
    severity: Severity = Severity.UNKNOWN
    content_changed: bool = True
    available_at: datetime | None = field(default=None, converter=optional(moment))


@frozen(kw_only=True, eq=False, repr=False)
class ArrivedUnasked(OfResult):
    """A result that answers no order of ours; it opens a case that somebody must claim."""

    version: int = 1
    status: Status = Status.FINAL
    kind: Kind = Kind.LABORATORY


@frozen(kw_only=True, eq=False, repr=False)
class ResultReceived(OfResult):
    """A result is here. A final one with the number of a preliminary one makes that one final (OBX-11 U)."""

    version: int = 1
    status: Status = Status.FINAL


@frozen(kw_only=True, eq=False, repr=False)
class ResultCorrected(OfResult):
    """Another version is here, in the place of an earlier one: it is final, and its number must be told."""

    how: Correction = Correction.CORRECTED


@frozen(kw_only=True, eq=False, repr=False)
class ResultRetracted(News):
    """
    They took back a component: one version, or all. The original stays in the history, marked as wrong.

    What was filed here by mistake is `Retracted`.
    """

    version: int | None = None
    why: TakenBack = TakenBack.NOT_SAID


@frozen(kw_only=True, eq=False, repr=False)
class CriticalCalled(News):
    """
    A critical result was told to us by voice or page, before or after it was written; `at` is when it was received.

    Six facts make it whole: the finding, when it was identified, who told, who received, when, and how. It counts as
    known only if all six are stated, a clinician who answers for it received it, and it was read back.
    """

    version: int | None = None
    finding: str = field(default="", repr=False)
    identified_at: datetime | None = field(default=None, converter=optional(moment))
    caller: str = ""
    receiver: Actor | None = None
    received_at: datetime | None = field(default=None, converter=optional(moment))
    method: Method | None = None
    read_back: bool = False


# --- what the laboratory does (`about` names a component, by default all that is awaited) ---


@frozen(kw_only=True, eq=False, repr=False)
class Collected(News):
    """The specimen, or the image, was taken."""

    specimen: str = ""


@frozen(kw_only=True, eq=False, repr=False)
class SpecimenRejected(News):
    """The laboratory cannot use the specimen."""

    specimen: str = ""
    reason: str = ""


@frozen(kw_only=True, eq=False, repr=False)
class NotDone(News):
    """The test was not done: the patient did not come, the machine was broken."""

    reason: str = ""


@frozen(kw_only=True, eq=False, repr=False)
class LabCancelled(News):
    """The laboratory says that it will not report this, or no longer stands by what it reported."""

    reason: str = ""


@frozen(kw_only=True, eq=False, repr=False)
class ReflexAdded(News):
    """The laboratory added a test because of another one's result; `about` names it, `parent` the other."""

    parent: str = ""


class MarkedComplete(News):
    """The laboratory calls the order complete (ORC-5 CM). That closes nothing."""

    __slots__ = ()


# --- who has seen it ------------------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class OfVersions(News):
    """News of versions that somebody saw or may see, each named "component:version"."""

    results: tuple[str, ...]


class Viewed(OfVersions):
    """Somebody here opened it. To view is not to acknowledge, and to acknowledge is not to review."""

    __slots__ = ()


class ReleasedToPatient(OfVersions):
    """It can be read in the portal. To release is not to tell."""

    __slots__ = ()


class SeenByPatient(OfVersions):
    """The patient read it, whether anybody here has or not."""

    __slots__ = ()


# --- ours -----------------------------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class Claimed(Act):
    """Somebody answers for a result that arrived unasked; `order` names the order that it answers, if there is one."""

    order: str = ""


@frozen(kw_only=True, eq=False, repr=False)
class OrderWithdrawn(Act):
    """We do not want it any longer, for a reason that is documented; nothing is here yet."""

    reason: str


@frozen(kw_only=True, eq=False, repr=False)
class Reordered(Act):
    """Another order, a case of its own, takes the place of what will not come; `about` names one component of it."""

    case: str = field(validator=is_named)


@frozen(kw_only=True, eq=False, repr=False)
class Reviewed(Act):
    """
    A clinician read these versions and says what follows.

    Args:
        results: The versions, each "component:version".
        disposition: What follows.
        findings: What must be followed up, each by a name of its own; by default the versions.
        normal: Those of the versions that came without a flag, and that the clinician calls normal.
        without: The components that will not come, and that can be done without.
        reason: Why the patient is not to be told.
    """

    results: tuple[str, ...]
    disposition: Disposition
    findings: tuple[str, ...] = ()
    normal: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    reason: str = field(default="", repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class PatientNotified(Act):
    """Somebody told the patient, or who speaks for them, what these versions say."""

    results: tuple[str, ...]
    channel: Channel
    recipient: str = "patient"

    def tells(self) -> str | None:
        return self.recipient


class FollowedUp(Act):
    """What a review asked for was done; `about` names the finding."""

    __slots__ = ()


class FollowUpDeclined(Act):
    """The patient does not want what a review asked for; `about` names the finding."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class ReleaseDelayAsked(Act):
    """The patient asked that a release wait, until a moment or for a condition, a code. The library delays nothing."""

    until: datetime | None = field(default=None, converter=optional(moment))
    condition: str = ""

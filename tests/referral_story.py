"""
How a referral is told in tests: one request, and the log that a host would keep.

Nothing is claimed here. The days are those of July 2026 (`tests/transition_story.py`): the draft is of Tuesday the 7th.
Before the attempt that is under way ("a-1") stands one whose fax failed ("a-0"), and before the appointment that stands
("v-1") one that was moved ("v-0").
"""

from __future__ import annotations

from functools import cache
from typing import Any

from attrs import evolve
from examples.practice import REFERRAL_ROWS, REFERRALS, STAFF
from tests.transition_story import (
    CLINICIAN,
    COORDINATOR,
    DAY,
    FRI,
    HOUR,
    NOW,
    SAT,
    THU,
    TUE,
    WED,
    Story,
    done,
    heard,
)

from carecoord import (
    Acknowledged,
    Actor,
    AlarmUndelivered,
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    ConflictResolved,
    ContactAttempted,
    EnteredInError,
    Event,
    HandoverAccepted,
    HandoverDeclined,
    HandoverOffered,
    Limit,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    MomentCorrected,
    Noted,
    OwnerGone,
    PatientDied,
    PatientLeft,
    Paused,
    Reopened,
    Resumed,
    Retracted,
    Role,
    Rulebook,
    SubjectChanged,
    SupersededBy,
    ToldAgain,
    UnableToReach,
    Urgency,
    UrgencyChanged,
    Waived,
    Way,
)
from carecoord.workflows.referral import (
    REFERRAL,
    Accepted,
    AppointmentCancelled,
    Booked,
    CancelConfirmed,
    CancelRequested,
    CancelWithdrawn,
    Channel,
    Declined,
    Disposition,
    Drafted,
    Enclosure,
    ExpectationsGiven,
    InformationRequested,
    InformationSupplied,
    Inquired,
    Integrated,
    InterimNoteReceived,
    Kind,
    NoShow,
    PatientInformed,
    Rebooked,
    Redirected,
    ReferralFacts,
    ReferralState,
    ReportCorrected,
    ReportReceived,
    ReportRetracted,
    Reviewed,
    Sent,
    Specified,
    Undeliverable,
    VisitCompleted,
    Withdrawn,
)

R = ReferralState
OWNER = Actor(Role.OWNER, "dr-3")
EVERYTHING = tuple(Enclosure)

DRAFT = done(
    Drafted,
    TUE,
    by=CLINICIAN,
    urgency=Urgency.ROUTINE,
    kind=Kind.CONSULTATION,
    clinical_question="is it the heart?",
)


def sent(attempt: str, at: Any, recipient: str = "cardio", **said: Any) -> Event:
    """Return that the package left, with everything in it."""
    return done(Sent, at, attempt, **({"recipient": recipient, "enclosed": EVERYTHING} | said))


def redirected(attempt: str, at: Any, recipient: str = "heart-center", **said: Any) -> Event:
    return done(Redirected, at, attempt, **({"recipient": recipient, "enclosed": EVERYTHING} | said))


def reviewed(at: Any, report: str | None = None, **said: Any) -> Event:
    """Return that a clinician read a report, which by default changes nothing."""
    return done(Reviewed, at, report, **({"by": CLINICIAN, "disposition": Disposition.NO_CHANGE} | said))


def informed(at: Any, report: str | None = None, **said: Any) -> Event:
    return done(PatientInformed, at, report, **({"channel": Channel.VOICE} | said))


class Referral(Story):
    """A referral and its log; without an opening of its own it begins with the draft."""

    def __init__(
        self, *events: Event, rules: Rulebook[Any, Any] = REFERRALS, facts: ReferralFacts | None = None
    ) -> None:
        opening, *then = events if events and isinstance(events[0], Drafted) else (DRAFT, *events)
        super().__init__(opening, *then, rules=rules, facts=facts)  # type: ignore[arg-type]  # of any workflow


def with_rows(*limits: Limit) -> Rulebook[Any, Any]:
    """Return our practice with these limits in the place of its own for the same clocks."""
    replaced = {limit.clock for limit in limits}
    rows = (*limits, *(row for row in REFERRAL_ROWS.all_rows if row.clock not in replaced))
    return Rulebook(REFERRAL, timing=evolve(REFERRAL_ROWS, all_rows=rows), default_queue="front-desk", staff=STAFF)


# --- where a referral may stand, and everything that may happen to it -----------------------

CODES = {
    "DR": R.DRAFTED,
    "SE": R.SENT,
    "NI": R.NEEDS_INFO,
    "AC": R.ACCEPTED,
    "BO": R.BOOKED,
    "NS": R.NO_SHOW,
    "AX": R.APPOINTMENT_CANCELLED,
    "SN": R.SEEN,
    "CR": R.CANCEL_REQUESTED,
    "DE": R.DECLINED,
    "RP": R.REPORTED,
    "CL": R.CLOSED,
    "CA": R.CANCELLED,
    "WD": R.WITHDRAWN,
    "SU": R.SUPERSEDED,
    "ER": R.ENTERED_IN_ERROR,
}

FAX_FAILED = (sent("a-0", TUE + HOUR, "fax-office"), heard(Undeliverable, TUE + 2 * HOUR, "a-0"))
SENT = (*FAX_FAILED, sent("a-1", TUE + 3 * HOUR))
ACCEPTED = (*SENT, heard(Accepted, WED, "a-1"))
VISIT_AT = FRI - 5 * HOUR
BOOKED = (
    *ACCEPTED,
    heard(Booked, WED + HOUR, "v-0", visit_at=THU),
    heard(Rebooked, WED + 2 * HOUR, "v-1", visit_at=VISIT_AT, instead_of="v-0"),
)
REPORTED = (*BOOKED, heard(VisitCompleted, VISIT_AT + HOUR, "v-1"), heard(ReportReceived, FRI, "r-1"))
CARRIED = (("send", ""), ("report", ""), ("decide", "a-1"))
DONE = (reviewed(FRI + HOUR, "r-1"), informed(FRI + 2 * HOUR, "r-1"))


@cache
def standing(code: str) -> Referral:
    """Return a referral that stands there since Friday evening at the latest; `fork` it before telling on."""
    asked_to_stop = (*ACCEPTED, done(CancelRequested, THU, "a-1", reason="better"))
    declined = (*SENT, heard(Declined, WED, "a-1"))
    evening = FRI + 5 * HOUR
    story = Referral(
        *{
            "DR": (),
            "SE": SENT,
            "NI": (*SENT, heard(InformationRequested, WED, "a-1")),
            "AC": ACCEPTED,
            "BO": BOOKED,
            "NS": (*BOOKED, heard(NoShow, VISIT_AT + HOUR, "v-1")),
            "AX": (*BOOKED, heard(AppointmentCancelled, THU, "v-1")),
            "SN": (*BOOKED, heard(InterimNoteReceived, THU, "n-1")),
            "CR": asked_to_stop,
            "DE": declined,
            "RP": REPORTED,
            "CL": (*REPORTED, *DONE, done(LoopClosed, evening)),
            "CA": (*asked_to_stop, heard(CancelConfirmed, evening, "a-1")),
            "WD": (*declined, done(Withdrawn, evening, reason="better")),
            "SU": (*REPORTED, done(SupersededBy, evening, case="r-0")),
            "ER": (*SENT, done(EnteredInError, evening)),
        }[code]
    )
    assert story.case.state is CODES[code]
    return story


WAYS: dict[tuple[str, str], tuple[tuple[tuple[Event, ...], Event], ...]] = {}
"""Every event in each way that a claim can tell apart: what went before (where it could be), and the event."""


def _ways(event: str, claim: str, *events: Event, before: tuple[Event, ...] = ()) -> None:
    WAYS[event, claim] = tuple((before, one) for one in events)


for _kind in (Undeliverable, InformationRequested, Accepted, Declined, CancelConfirmed):
    _ways(_kind.__name__, "", heard(_kind, NOW, "a-1"), heard(_kind, NOW))
    _ways(_kind.__name__, "an earlier attempt", heard(_kind, NOW, "a-0"))
    _ways(_kind.__name__, "an unknown attempt", heard(_kind, NOW, "a-9"))

_SOON = {"visit_at": SAT + 3 * DAY}
_HELD = (heard(VisitCompleted, FRI + 6 * HOUR, "v-1", key="held"),)
for _kind in (Booked, Rebooked):
    _ways(_kind.__name__, "", heard(_kind, NOW, "v-5", attempt="a-1", **_SOON), heard(_kind, NOW, "v-5", **_SOON))
    _ways(_kind.__name__, "unnamed", heard(_kind, NOW, **_SOON))
    _ways(_kind.__name__, "told before", heard(_kind, NOW, "v-1", visit_at=VISIT_AT), heard(_kind, NOW, "v-0"))
    _ways(_kind.__name__, "of an earlier attempt", heard(_kind, NOW, "v-5", attempt="a-0", **_SOON))
    _ways(_kind.__name__, "of an unknown attempt", heard(_kind, NOW, "v-5", attempt="a-9", **_SOON))
for _kind in (NoShow, AppointmentCancelled, VisitCompleted):
    _ways(_kind.__name__, "", heard(_kind, NOW, "v-1"), heard(_kind, NOW), heard(_kind, NOW, "v-1", attempt="a-1"))
    _ways(_kind.__name__, "of the visit that was moved", heard(_kind, NOW, "v-0"))
    _ways(_kind.__name__, "of another visit", heard(_kind, NOW, "v-9"), heard(_kind, NOW, "v-1", attempt="a-0"))
    _ways(_kind.__name__, "of a visit that was held", heard(_kind, NOW, "v-1"), before=_HELD)
_MOVED = (heard(Rebooked, FRI + 6 * HOUR, "v-1", key="moved", **_SOON),)
for _kind in (NoShow, VisitCompleted):
    _ways(_kind.__name__, "days before it is to be", heard(_kind, NOW, "v-1"), before=_MOVED)
_ways("InterimNoteReceived", "", heard(InterimNoteReceived, NOW, "n-2"), heard(InterimNoteReceived, NOW, attempt="a-1"))
_ways(
    "InterimNoteReceived",
    "told before, and a visit booked since",
    heard(InterimNoteReceived, NOW, "n-1"),
    before=(
        heard(InterimNoteReceived, FRI + 6 * HOUR, "n-1", key="note"),
        heard(Booked, FRI + 7 * HOUR, "v-6", **_SOON),
    ),
)
_ways("InterimNoteReceived", "of an earlier attempt", heard(InterimNoteReceived, NOW, "n-0", attempt="a-0"))
_EARLIER = (heard(ReportReceived, FRI + 6 * HOUR, "r-0", attempt="a-0"),)
for _kind, _version in ((ReportReceived, 1), (ReportCorrected, 2)):
    _said = {"version": _version}
    _ways(_kind.__name__, "", heard(_kind, NOW, "r-9", **_said), heard(_kind, NOW, attempt="a-1", **_said))
    _ways(_kind.__name__, "of an earlier attempt", heard(_kind, NOW, "r-0", attempt="a-0", **_said))
    _ways(_kind.__name__, "of an unknown attempt", heard(_kind, NOW, "r-9", attempt="a-9", **_said))
    _ways(_kind.__name__, "told before", heard(_kind, NOW, "r-1", version=1))
_ways("ReportRetracted", "", heard(ReportRetracted, NOW, "r-1"), heard(ReportRetracted, NOW, "r-1", version=1))
_ways("ReportRetracted", "of an earlier attempt", heard(ReportRetracted, NOW, "r-0"), before=_EARLIER)
_ways("ReportRetracted", "of a report unknown", heard(ReportRetracted, NOW, "r-9"))

_ways("Drafted", "", done(Drafted, NOW))
_ways("Specified", "", done(Specified, NOW, urgency=Urgency.URGENT))
_ways("Sent", "", sent("a-2", NOW))
_ways("Sent", "no care plan, and none said", sent("a-2", NOW, enclosed=EVERYTHING[:-1]))
_ways("Sent", "no care plan, as said", sent("a-2", NOW, enclosed=EVERYTHING[:-1], there_is_no=EVERYTHING[-1:]))
_ways("Redirected", "", redirected("a-2", NOW))
_ways("Redirected", "no care plan, and none said", redirected("a-2", NOW, enclosed=EVERYTHING[:-1]))
_ways("Redirected", "an attempt made before", redirected("a-1", NOW), redirected("a-0", NOW))
_ways("InformationSupplied", "", done(InformationSupplied, NOW, "a-1"), done(InformationSupplied, NOW))
_ways("InformationSupplied", "an earlier attempt", done(InformationSupplied, NOW, "a-0"))
_ways("CancelRequested", "", done(CancelRequested, NOW, "a-1", reason="better"))
_ways("CancelRequested", "an earlier attempt", done(CancelRequested, NOW, "a-0", reason="better"))
_ways("CancelWithdrawn", "", done(CancelWithdrawn, NOW, "a-1"), done(CancelWithdrawn, NOW))
_ways("CancelWithdrawn", "an earlier attempt", done(CancelWithdrawn, NOW, "a-0"))
_WITHDRAWN = done(Withdrawn, NOW, reason="better")
_ways("Withdrawn", "", _WITHDRAWN)
_ways("Withdrawn", "the patient died", _WITHDRAWN, before=(heard(PatientDied, FRI + 6 * HOUR),))
_LET_GO = done(Waived, FRI + 6 * HOUR, clock="confirm_cancel", reason="they never answer", by=OWNER)
_ways("Withdrawn", "the confirmation was let go", _WITHDRAWN, before=(_LET_GO,))
_NOT_CONFIRMED = (
    done(CancelWithdrawn, FRI + 6 * HOUR, "a-1"),
    done(CancelRequested, FRI + 7 * HOUR, "a-1", reason="better", confirm_by=FRI + 8 * HOUR, key="by when"),
)
_ways("Withdrawn", "not confirmed by when we asked them to", _WITHDRAWN, before=_NOT_CONFIRMED)
for _event, _make in (("Reviewed", reviewed), ("PatientInformed", informed)):
    _ways(_event, "", _make(NOW, "r-1"), _make(NOW))
    _ways(_event, "of a note", _make(NOW, "n-1"))
    _ways(_event, "of a version that is not here", _make(NOW, "r-1", version=2))
    _ways(_event, "of an earlier attempt", _make(NOW, "r-0"), before=_EARLIER)
_ways(
    "Reviewed",
    "by anybody else",
    *(reviewed(NOW, "r-1", by=Actor(r, "x")) for r in Role if r not in (Role.CLINICIAN, Role.PRESCRIBER)),
)
_ways("Integrated", "", done(Integrated, NOW, "r-1", plan="p-1", plan_version="2"))
_ways("Integrated", "of a version that is not here", done(Integrated, NOW, "r-9", plan="p-1", plan_version="2"))
_ways("Inquired", "", done(Inquired, NOW, "a-1"))
_ways("ExpectationsGiven", "", done(ExpectationsGiven, NOW, "cca-1"))
_ways("LoopClosed", "nothing is owed", done(LoopClosed, NOW), before=DONE)
_ways("LoopClosed", "something is owed", done(LoopClosed, NOW), before=DONE[1:])
_ways("Reopened", "", done(Reopened, NOW))
_OLD = tuple(
    done(ClosedByAdministration, FRI + n * HOUR, reason="older than a year", by=by)
    for n, by in ((6, COORDINATOR), (7, CLINICIAN))
)
_ways("Reopened", "administration had closed it", done(Reopened, NOW), before=_OLD)
_ways("PatientDied", "", heard(PatientDied, NOW))
_ways("AlarmUndelivered", "", heard(AlarmUndelivered, NOW, clock="report", rung=0))
_ways("Retracted", "", heard(Retracted, NOW, retracts="a key nobody has heard"))
_ways("MomentCorrected", "", heard(MomentCorrected, NOW, corrects="a key nobody has heard", moment=SAT))
_ways("Acknowledged", "", done(Acknowledged, NOW, clock="report"))
_ways("ContactAttempted", "", done(ContactAttempted, NOW, clock="rebook", way=Way.PHONE))
_ways("Linked", "", done(Linked, NOW, case="o-1"))
_ways("ToldAgain", "", done(ToldAgain, NOW, "patient"))
_ways("UrgencyChanged", "", done(UrgencyChanged, NOW, urgency=Urgency.URGENT))
_ways("Paused", "until later", done(Paused, NOW, reason="travels", resume_by=NOW.add(days=9)))
_ways("Paused", "until before it began", done(Paused, NOW, reason="travels", resume_by=NOW.subtract(days=9)))
_PAUSE = done(Paused, NOW.subtract(hours=1), "travels", reason="travels", resume_by=NOW.add(days=9))
_ways("Resumed", "something was paused", done(Resumed, NOW, "travels"), before=(_PAUSE,))
_ways("Resumed", "nothing was paused", done(Resumed, NOW))
_ways("Noted", "", done(Noted, NOW, text="the daughter calls back"))
_ways("Waived", "owed, and who may", done(Waived, NOW, clock="report", reason="r", by=CLINICIAN))
_ways("Waived", "owed, and who may not", done(Waived, NOW, clock="report", reason="r"))
_ways("UnableToReach", "never tried", done(UnableToReach, NOW, clock="rebook"))
_ways("PatientLeft", "", heard(PatientLeft, NOW))
_ways("SubjectChanged", "", heard(SubjectChanged, NOW, to="p-8"))
_DR_8, _DR_9 = Actor(Role.CLINICIAN, "dr-8"), Actor(Role.CLINICIAN, "dr-9")
_OFFER = (done(HandoverOffered, FRI + 6 * HOUR, to="dr-9"),)
_ways("OwnerGone", "", heard(OwnerGone, NOW, who="dr-3"))
_ways("OwnerGone", "somebody else", heard(OwnerGone, NOW, who="dr-8"))
_ways("HandoverOffered", "", done(HandoverOffered, NOW, to="dr-8"))
_ways("HandoverOffered", "accepted in one act", done(HandoverOffered, NOW, to="dr-8", accepted=True))
for _kind in (HandoverAccepted, HandoverDeclined):
    _ways(_kind.__name__, "", done(_kind, NOW, by=_DR_9), before=_OFFER)
    _ways(_kind.__name__, "not on offer to them", done(_kind, NOW, by=_DR_8), before=_OFFER)
_RAISED = (heard(ConflictRaised, FRI + 6 * HOUR, "c-1", kind=ConflictKind.OPERATIONAL),)
_ways("ConflictRaised", "", heard(ConflictRaised, NOW, "c-2", kind=ConflictKind.CLINICAL))
_ways("ConflictResolved", "", done(ConflictResolved, NOW, "c-1"), done(ConflictResolved, NOW), before=_RAISED)
_ways("ConflictResolved", "no open one", done(ConflictResolved, NOW, "c-2"), before=_RAISED)
_LINK = (done(Linked, FRI + 6 * HOUR, "x-ray", case="o-2"),)
_ways(
    "LinkedCaseEnded", "", *(heard(LinkedCaseEnded, NOW, case="o-2", done=how) for how in (False, True)), before=_LINK
)
_ways("LinkedCaseEnded", "of a case that was never linked", heard(LinkedCaseEnded, NOW, case="o-3", done=True))
_ways("SupersededBy", "all is carried", done(SupersededBy, NOW, case="r-0", carries=CARRIED))
_ways("SupersededBy", "nothing is", done(SupersededBy, NOW, case="r-0"))
_OF_AGE = done(ClosedByAdministration, NOW, reason="older than a year", by=CLINICIAN)
_ways("ClosedByAdministration", "by a clinician", _OF_AGE)
_ways("ClosedByAdministration", "by a clinician, the report read", _OF_AGE, before=DONE)
_ways("ClosedByAdministration", "by a coordinator", evolve(_OF_AGE, by=COORDINATOR))
_ways("ClosedByAdministration", "for no reason", evolve(_OF_AGE, reason=" "))
_ways("ClosedByAdministration", "by nobody in particular", evolve(_OF_AGE, by=Actor(Role.CLINICIAN, "")))
_ways("EnteredInError", "", done(EnteredInError, NOW))


def told(story: Story) -> str:
    """Return a story in a few words, for whoever looks at one that should not be."""
    events = [event for entry in story.log for event in entry.events]
    return "\n".join(f"{event.at:%a %H:%M} {type(event).__name__} {event.about or ''}" for event in events)

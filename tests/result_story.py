"""
How a test result is told in tests: one order, and the log that a host would keep.

Nothing is claimed here. The days are those of July 2026 (`tests/transition_story.py`): potassium ("k") and sodium
("na") are ordered on Tuesday the 7th at nine and taken at ten. Potassium is abnormal on Wednesday,
sodium normal on Thursday.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from attrs import evolve
from examples.practice import RESULT_ROWS, RESULTS, STAFF
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
from carecoord.workflows.diagnostic_result import (
    TEST_RESULT,
    ArrivedUnasked,
    Channel,
    Claimed,
    Collected,
    CriticalCalled,
    Disposition,
    Expected,
    FollowedUp,
    FollowUpDeclined,
    LabCancelled,
    MarkedComplete,
    Method,
    NotDone,
    Ordered,
    OrderWithdrawn,
    PatientNotified,
    ReflexAdded,
    ReleaseDelayAsked,
    ReleasedToPatient,
    Reordered,
    ResultCorrected,
    ResultFacts,
    ResultReceived,
    ResultRetracted,
    ResultState,
    Reviewed,
    SeenByPatient,
    Severity,
    SpecimenRejected,
    Status,
    Viewed,
)

R = ResultState
OWNER = Actor(Role.OWNER, "dr-3")
SURROGATE = Actor(Role.SURROGATE, "dr-5")
LAB = Actor(Role.LABORATORY, "lab-1")
CRITICAL, ABNORMAL, NORMAL, UNKNOWN = Severity.CRITICAL, Severity.ABNORMAL, Severity.NORMAL, Severity.UNKNOWN
PRELIMINARY, FINAL = Status.PRELIMINARY, Status.FINAL

ORDER = done(Ordered, TUE, by=CLINICIAN, components=("k", "na"), urgency=Urgency.ROUTINE)
TAKEN = heard(Collected, TUE + HOUR, specimen="s-1")


def result(at: Any, component: str | None = None, severity: Severity = ABNORMAL, **said: Any) -> Event:
    """Return that a result reached us, by default the final first version of it, and abnormal."""
    return heard(ResultReceived, at, component, severity=severity, **({"by": LAB} | said))


def preliminary(at: Any, component: str | None = None, severity: Severity = ABNORMAL, **said: Any) -> Event:
    return result(at, component, severity, status=PRELIMINARY, **said)


def corrected(at: Any, component: str | None, version: int, severity: Severity = ABNORMAL, **said: Any) -> Event:
    return heard(ResultCorrected, at, component, version=version, severity=severity, **({"by": LAB} | said))


def called(at: Any, component: str | None = None, **said: Any) -> Event:
    """Return that the laboratory called: all six facts, and read back by the orderer."""
    whole = {
        "finding": "6.9",
        "identified_at": at,
        "caller": "lab-7",
        "receiver": OWNER,
        "method": Method.PHONE,
        "read_back": True,
        "by": LAB,
    }
    return heard(CriticalCalled, at, component, **(whole | said))


def reviewed(at: Any, *results: str, **said: Any) -> Event:
    """Return that a clinician read these versions, and that nothing more is to be done."""
    defaults = {"by": CLINICIAN, "results": results, "disposition": Disposition.NOTHING_MORE}
    return done(Reviewed, at, **(defaults | {"key": f"Reviewed {' '.join(results)} {at.isoformat()}"} | said))


def notified(at: Any, *results: str, **said: Any) -> Event:
    """Return that the coordinator told the patient, in a conversation."""
    key = f"Notified {' '.join(results)} {at.isoformat()}"
    return done(PatientNotified, at, **({"results": results, "channel": Channel.VOICE, "key": key} | said))


def acknowledged(at: Any, component: str | None = None, *, by: Actor = OWNER) -> Event:
    return done(Acknowledged, at, component, clock="critical", by=by)


class Result(Story):
    """A test result and its log; without an opening of its own it begins with the order."""

    def __init__(self, *events: Event, rules: Rulebook[Any, Any] = RESULTS, facts: ResultFacts | None = None) -> None:
        opens = bool(events) and isinstance(events[0], Ordered | Expected | ArrivedUnasked)
        opening, *then = events if opens else (ORDER, *events)
        super().__init__(opening, *then, rules=rules, facts=facts)  # type: ignore[arg-type]  # of any workflow


def with_rows(*limits: Limit) -> Rulebook[Any, Any]:
    """Return our practice with these limits in the place of its own for the same clocks."""
    replaced = {limit.clock for limit in limits}
    rows = (*limits, *(row for row in RESULT_ROWS.all_rows if row.clock not in replaced))
    return Rulebook(TEST_RESULT, timing=evolve(RESULT_ROWS, all_rows=rows), default_queue="front-desk", staff=STAFF)


# --- where a test result may stand, and everything that may happen to it --------------------

CODES = {
    "UN": R.UNCLAIMED,
    "OR": R.ORDERED,
    "CO": R.COLLECTED,
    "PA": R.PARTIAL,
    "RE": R.RESULTED,
    "ND": R.NOT_DONE,
    "CL": R.CLOSED,
    "CA": R.CANCELLED,
    "SU": R.SUPERSEDED,
    "ER": R.ENTERED_IN_ERROR,
}

POTASSIUM, SODIUM = result(WED, "k"), result(THU, "na", NORMAL)
WHOLE = (TAKEN, POTASSIUM, SODIUM)
DONE = (reviewed(FRI + HOUR, "k:1", "na:1"), notified(FRI + 2 * HOUR, "k:1", "na:1"))
EVENING = FRI + 5 * HOUR
CARRIED = (
    ("claim", ""),
    ("decide", ""),
    *((clock, item) for item in ("k", "na") for clock in ("result", "final", "critical")),
    *((clock, item) for item in ("k:1", "na:1") for clock in ("review", "notify_abnormal", "notify_normal")),
)


@cache
def standing(code: str) -> Result:
    """Return a test result that stands there since Friday evening at the latest; `fork` it before telling on."""
    story = Result(
        *{
            "UN": (heard(ArrivedUnasked, WED, "k", severity=ABNORMAL, by=LAB),),
            "OR": (),
            "CO": (TAKEN,),
            "PA": (TAKEN, POTASSIUM),
            "RE": WHOLE,
            "ND": (heard(NotDone, WED),),
            "CL": (*WHOLE, *DONE, done(LoopClosed, EVENING)),
            "CA": (TAKEN, done(OrderWithdrawn, EVENING, reason="no longer needed")),
            "SU": (*WHOLE, done(SupersededBy, EVENING, case="o-0", carries=CARRIED)),
            "ER": (TAKEN, done(EnteredInError, EVENING)),
        }[code]
    )
    assert story.case.state is CODES[code]
    return story


WAYS: dict[tuple[str, str], tuple[tuple[tuple[Event, ...], Event], ...]] = {}
"""Every event in each way that a claim can tell apart: what went before (where it could be), and the event."""


def _ways(event: str, claim: str, *events: Event, before: tuple[Event, ...] = ()) -> None:
    WAYS[event, claim] = tuple((before, one) for one in events)


_EARLY = FRI + 6 * HOUR
_GONE = (heard(ResultRetracted, _EARLY, "k"),)
_SODIUM_NOT_DONE = (heard(NotDone, _EARLY, "na"),)

_ways("Collected", "", heard(Collected, NOW), heard(Collected, NOW, specimen="s-2"))
_ways(
    "Collected",
    "the specimen that was rejected",
    heard(Collected, NOW, specimen="s-9"),
    before=(heard(SpecimenRejected, _EARLY, specimen="s-9"),),
)
_ways(
    "Collected",
    "again, what was given up",
    heard(Collected, NOW, "na", specimen="s-2"),
    before=(heard(LabCancelled, _EARLY, "na"),),
)
_ways("Collected", "of what nobody wants", heard(Collected, NOW, "mg"))
for _kind in (SpecimenRejected, NotDone):
    _ways(_kind.__name__, "", heard(_kind, NOW))
    _ways(_kind.__name__, "of sodium alone", heard(_kind, NOW, "na"))
    _ways(_kind.__name__, "of what nobody wants", heard(_kind, NOW, "mg"))
_ways("ReflexAdded", "", heard(ReflexAdded, NOW, "mg", parent="k"), heard(ReflexAdded, NOW))
_ways("ReflexAdded", "told before", heard(ReflexAdded, NOW, "k"))
_ways("CriticalCalled", "", called(NOW, "k"), called(NOW, "k", receiver=SURROGATE, method=Method.IN_PERSON))
_ways("CriticalCalled", "not read back", called(NOW, "k", read_back=False), called(NOW, "k", finding=""))
_ways("CriticalCalled", "names nothing", called(NOW))
for _kind in (ArrivedUnasked, ResultReceived, ResultCorrected):
    _name, _said = _kind.__name__, {"severity": ABNORMAL, "by": LAB}
    _ways(_name, "", heard(_kind, NOW, "k", version=9, **_said))
    _ways(_name, "of sodium", heard(_kind, NOW, "na", version=9, **_said))
    _ways(_name, "of what nobody wants", heard(_kind, NOW, "mg", version=9, **_said))
    _ways(_name, "an older version", heard(_kind, NOW, "k", version=0, **_said))
    _ways(_name, "taken back before", heard(_kind, NOW, "k", version=1, **_said), before=_GONE)
    _ways(_name, "names nothing", heard(_kind, NOW, version=9, **_said))
for _kind in (ArrivedUnasked, ResultReceived):
    _name = _kind.__name__
    _ways(_name, "told before", heard(_kind, NOW, "k", version=1, **_said))
    _ways(_name, "graver than told before", heard(_kind, NOW, "k", version=1, severity=CRITICAL, by=LAB))
    _unfinished = [heard(_kind, NOW, "k", version=9, status=s, **_said) for s in (PRELIMINARY, Status.UNKNOWN)]
    _ways(_name, "not final", *_unfinished)
_ways("ResultRetracted", "", heard(ResultRetracted, NOW, "k"), heard(ResultRetracted, NOW, "k", version=1))
_ways("ResultRetracted", "of what is not here", heard(ResultRetracted, NOW, "mg"))
_ways("ResultRetracted", "taken back before", heard(ResultRetracted, NOW, "k"), before=_GONE)
_ways("LabCancelled", "", heard(LabCancelled, NOW))
_ways("LabCancelled", "of potassium alone", heard(LabCancelled, NOW, "k"))
_ways("LabCancelled", "told before", heard(LabCancelled, NOW), before=(heard(LabCancelled, _EARLY),))
_ways("LabCancelled", "of what nobody wants", heard(LabCancelled, NOW, "mg"))
_ways("MarkedComplete", "", heard(MarkedComplete, NOW))
for _kind in (Viewed, ReleasedToPatient):
    _ways(_kind.__name__, "", heard(_kind, NOW, results=("k:1",)), heard(_kind, NOW, results=("mg:7",)))

_ways("SeenByPatient", "", heard(SeenByPatient, NOW, results=("k:1",)))
_ways("SeenByPatient", "of what is not here", *(heard(SeenByPatient, NOW, results=r) for r in (("mg:7",), ())))

_ways("Ordered", "", done(Ordered, NOW, components=("k", "na")))
_ways("Ordered", "of what is here alone", done(Ordered, NOW, components=("k",)))
_ways("Expected", "", done(Expected, NOW, components=("k", "na")))
_ways("Claimed", "", done(Claimed, NOW, order="o-4"))
_ways("Claimed", "by a program", *(done(Claimed, NOW, by=Actor(role, "x")) for role in (Role.SYSTEM, Role.LABORATORY)))
_ways("Reviewed", "", reviewed(NOW, "k:1"))
_ways("Reviewed", "of a version that is not here", reviewed(NOW, "k:2"), reviewed(NOW, "k:1", "mg:1"), reviewed(NOW))
_ways(
    "Reviewed",
    "by anybody else",
    *(reviewed(NOW, "k:1", by=Actor(r, "x")) for r in Role if r not in (Role.CLINICIAN, Role.PRESCRIBER)),
)
_ways("Reviewed", "calls normal what has a flag", reviewed(NOW, "k:1", normal=("k:1",)))
_ways("Reviewed", "no reason not to tell", reviewed(NOW, "k:1", disposition=Disposition.DO_NOT_NOTIFY))
_ways("Reviewed", "does without sodium", reviewed(NOW, "k:1", without=("na",)), before=_SODIUM_NOT_DONE)
_ways("ReleaseDelayAsked", "", done(ReleaseDelayAsked, NOW, until=NOW + 3 * DAY))
_ways("ReleaseDelayAsked", "until nothing", done(ReleaseDelayAsked, NOW))
_ways("PatientNotified", "", notified(NOW, "k:1"), notified(NOW, "k:1", channel=Channel.PORTAL))
_ways(
    "PatientNotified",
    "by a program, or nobody was told",
    notified(NOW, "k:1", by=Actor(Role.SYSTEM, "x")),
    notified(NOW, "k:1", recipient=" "),
)
_ways("PatientNotified", "of a version that is not here", notified(NOW, "k:2"), notified(NOW))
_FOUND = (
    reviewed(_EARLY, "k:1", disposition=Disposition.FOLLOW_UP_NEEDED, findings=("f-1",)),
    heard(ResultRetracted, _EARLY + HOUR, "k"),
)
for _kind in (FollowedUp, FollowUpDeclined):
    _ways(_kind.__name__, "", done(_kind, NOW, "f-1"), done(_kind, NOW), before=_FOUND[:1])
    _ways(_kind.__name__, "of what was taken back since", done(_kind, NOW, "f-1"), before=_FOUND)
    _ways(_kind.__name__, "of nothing that was found", done(_kind, NOW, "f-2"), before=_FOUND[:1])
_ways("Reordered", "", done(Reordered, NOW, case="o-9"))
_ways("Reordered", "sodium alone", done(Reordered, NOW, "na", case="o-9"), before=_SODIUM_NOT_DONE)
_ways("OrderWithdrawn", "", done(OrderWithdrawn, NOW, reason="better"))
_ways(
    "OrderWithdrawn",
    "by a program, or for no reason",
    done(OrderWithdrawn, NOW, reason="better", by=Actor(Role.SYSTEM, "x")),
    done(OrderWithdrawn, NOW, reason=" "),
)
_UNKNOWN = (called(_EARLY, "k", read_back=False), heard(LabCancelled, _EARLY + HOUR))
_ways("Reordered", "of what was called and is unknown", done(Reordered, NOW, case="o-9"), before=_UNKNOWN)
_ways("OrderWithdrawn", "of what was called and is unknown", done(OrderWithdrawn, NOW, reason="r"), before=_UNKNOWN)
_ways("LoopClosed", "nothing is owed", done(LoopClosed, NOW), before=DONE)
_ways("LoopClosed", "something is owed", done(LoopClosed, NOW), before=DONE[1:])
_ways("Reopened", "", done(Reopened, NOW))
_OLD = (done(ClosedByAdministration, _EARLY, reason="older than a year", by=CLINICIAN),)
_ways("Reopened", "administration had closed it", done(Reopened, NOW), before=_OLD)
_ways("PatientDied", "", heard(PatientDied, NOW))
_ways("AlarmUndelivered", "", heard(AlarmUndelivered, NOW, clock="result", rung=0))
_ways("Retracted", "", heard(Retracted, NOW, retracts="a key nobody has heard"))
_ways("MomentCorrected", "", heard(MomentCorrected, NOW, corrects="a key nobody has heard", moment=SAT))
_ways("Acknowledged", "", done(Acknowledged, NOW, clock="critical"), acknowledged(NOW, "k"))
_ways("ContactAttempted", "", done(ContactAttempted, NOW, clock="notify_abnormal", way=Way.PHONE))
_ways("Linked", "", done(Linked, NOW, case="o-1"))
_ways("ToldAgain", "", done(ToldAgain, NOW, "patient"))
_ways("UrgencyChanged", "", done(UrgencyChanged, NOW, urgency=Urgency.URGENT))
_LATER = {"reason": "travels", "resume_by": NOW.add(days=9)}
_ASKED = (done(ReleaseDelayAsked, _EARLY, until=NOW.add(days=9)),)
_ways("Paused", "the taking", done(Paused, NOW, clock="collect", **_LATER))
_ways(
    "Paused",
    "telling the patient, as they asked",
    *(done(Paused, NOW, clock=clock, **_LATER) for clock in ("notify_abnormal", "notify_normal")),
    before=_ASKED,
)
_ways(
    "Paused",
    "telling the patient, for longer than they asked",
    done(Paused, NOW, clock="notify_abnormal", reason="travels", resume_by=NOW.add(days=10)),
    before=_ASKED,
)
_ways("Paused", "telling the patient, who did not ask", done(Paused, NOW, clock="notify_abnormal", **_LATER))
_ways("Paused", "all that may wait", done(Paused, NOW, **_LATER), before=_ASKED)
_PAUSE = done(Paused, NOW.subtract(hours=1), "travels", clock="collect", **_LATER)
_ways("Resumed", "something was paused", done(Resumed, NOW, "travels"), before=(_PAUSE,))
_ways("Resumed", "nothing was paused", done(Resumed, NOW))
_ways("Noted", "", done(Noted, NOW, text="the daughter calls back"))
_ways("Waived", "owed, and who may", done(Waived, NOW, "na", clock="result", reason="r", by=CLINICIAN))
_ways("Waived", "owed, and who may not", done(Waived, NOW, "na", clock="result", reason="r", by=COORDINATOR))
_ways("UnableToReach", "never tried", done(UnableToReach, NOW, clock="notify_abnormal"))
_ways("PatientLeft", "", heard(PatientLeft, NOW))
_ways("SubjectChanged", "", heard(SubjectChanged, NOW, to="p-8"))
_DR_8, _DR_9 = Actor(Role.CLINICIAN, "dr-8"), Actor(Role.CLINICIAN, "dr-9")
_OFFER = (done(HandoverOffered, _EARLY, to="dr-9"),)
_ways("OwnerGone", "", heard(OwnerGone, NOW, who="dr-3"))
_ways("OwnerGone", "somebody else", heard(OwnerGone, NOW, who="dr-8"))
_ways("HandoverOffered", "", done(HandoverOffered, NOW, to="dr-8"))
_ways("HandoverOffered", "accepted in one act", done(HandoverOffered, NOW, to="dr-8", accepted=True))
for _kind in (HandoverAccepted, HandoverDeclined):
    _ways(_kind.__name__, "", done(_kind, NOW, by=_DR_9), before=_OFFER)
    _ways(_kind.__name__, "not on offer to them", done(_kind, NOW, by=_DR_8), before=_OFFER)
_RAISED = (heard(ConflictRaised, _EARLY, "c-1", kind=ConflictKind.OPERATIONAL),)
_ways("ConflictRaised", "", heard(ConflictRaised, NOW, "c-2", kind=ConflictKind.CLINICAL))
_ways("ConflictResolved", "", done(ConflictResolved, NOW, "c-1"), done(ConflictResolved, NOW), before=_RAISED)
_ways("ConflictResolved", "no open one", done(ConflictResolved, NOW, "c-2"), before=_RAISED)
_LINK = (done(Linked, _EARLY, "f-9", case="o-2"),)
_ways(
    "LinkedCaseEnded", "", *(heard(LinkedCaseEnded, NOW, case="o-2", done=how) for how in (False, True)), before=_LINK
)
_ways("LinkedCaseEnded", "of a case that was never linked", heard(LinkedCaseEnded, NOW, case="o-3", done=True))
_ways("SupersededBy", "all is carried", done(SupersededBy, NOW, case="o-0", carries=CARRIED))
_ways("SupersededBy", "nothing is", done(SupersededBy, NOW, case="o-0"))
_OF_AGE = done(ClosedByAdministration, NOW, reason="older than a year", by=CLINICIAN)
_ways("ClosedByAdministration", "by a clinician", _OF_AGE)
_ways("ClosedByAdministration", "by a clinician, and all was read", _OF_AGE, before=DONE[:1])
_ways("ClosedByAdministration", "by a coordinator", evolve(_OF_AGE, by=COORDINATOR))
_ways("ClosedByAdministration", "for no reason", evolve(_OF_AGE, reason=" "))
_ways("EnteredInError", "", done(EnteredInError, NOW))


def told(story: Story) -> str:
    """Return a story in a few words, for whoever looks at one that should not be."""
    events = [event for entry in story.log for event in entry.events]
    return "\n".join(f"{event.at:%a %H:%M} {type(event).__name__} {event.about or ''}" for event in events)

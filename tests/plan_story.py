"""
How a care plan is told in tests: one patient, one plan, and the log that a host would keep.

Nothing is claimed here. The days are those of July 2026 (`tests/transition_story.py`): the patient is found on Tuesday
the 7th at nine, the plan is drafted with them on Wednesday and in force on Thursday, to be reviewed on Thursday the 8th
of October. One goal is to walk, and one component of care is the diabetes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from attrs import evolve
from examples.practice import PLAN_ROWS, PLANS, STAFF
from tests.transition_story import (
    CLINICIAN,
    COORDINATOR,
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
from carecoord.workflows.care_plan_review import (
    CARE_PLAN_REVIEW,
    REQUIRED,
    Activated,
    Channel,
    Completed,
    ComponentAccepted,
    ComponentAssigned,
    Copy,
    CopyGiven,
    GoalMeasured,
    Identified,
    InformationBroughtIn,
    Outcome,
    PatientDeclined,
    PatientTookPart,
    PlanDrafted,
    PlanFacts,
    PlanReviewed,
    PlanShared,
    PlanState,
    Reason,
    RelevantVisit,
    ReviewStarted,
    Revoked,
    Sharing,
    Tier,
    VisitWeighed,
)

P = PlanState
MANAGER = Actor(Role.CARE_MANAGER, "cm-1")
DR_8, DR_9 = Actor(Role.CLINICIAN, "dr-8"), Actor(Role.CLINICIAN, "dr-9")
UNCHANGED, REVISED = Outcome.UNCHANGED, Outcome.REVISED
OCTOBER = THU.add(months=3)
"""When the plan says that it is reviewed next: Thursday the 9th of October at nine."""

FOUND = done(Identified, TUE, by=MANAGER, reasons=(Reason.HIGH_COST, Reason.POORLY_CONTROLLED), tier=Tier.RISING)
DRAFT = done(
    PlanDrafted, WED, by=MANAGER, version=1, elements=REQUIRED, goals=("walk",), components=("diabetes",), key="draft 1"
)
PART = done(PatientTookPart, WED + HOUR, by=MANAGER)


def activated(at: Any, **said: Any) -> Event:
    """Return that the draft is in force, to be reviewed in October."""
    return done(Activated, at, **({"by": CLINICIAN, "next_review_at": OCTOBER} | said))


def reviewed(at: Any, outcome: Outcome = UNCHANGED, **said: Any) -> Event:
    """Return that a clinician reviewed the plan, by default with nothing changed, and next in three months."""
    return done(PlanReviewed, at, **({"by": CLINICIAN, "outcome": outcome, "next_review_at": at.add(months=3)} | said))


def weighed(at: Any, visit: str | None = None, outcome: Outcome = UNCHANGED, **said: Any) -> Event:
    return done(VisitWeighed, at, visit, **({"by": CLINICIAN, "outcome": outcome} | said))


def copied(at: Any, outcome: Copy = Copy.GIVEN, **said: Any) -> Event:
    """Return that the patient was handed a copy of the version in force."""
    return done(CopyGiven, at, **({"by": MANAGER, "channel": Channel.IN_PERSON, "outcome": outcome} | said))


def linked(at: Any, case: str = "r-7", about: str | None = None, **said: Any) -> Event:
    return done(Linked, at, about, **({"case": case, "key": f"Linked {case} {about} {at.isoformat()}"} | said))


def brought(at: Any, case: str = "r-7", about: str | None = None, **said: Any) -> Event:
    """Return that what a case brought stands in the plan."""
    key = f"Brought {case} {about} {at.isoformat()}"
    return done(InformationBroughtIn, at, about, **({"case": case, "key": key, "by": MANAGER} | said))


def assigned(at: Any, component: str | None = "diabetes", clinician: str = "dr-8") -> Event:
    return done(ComponentAssigned, at, component, clinician=clinician, key=f"{component} to {clinician} {at}")


def accepted(at: Any, component: str | None = "diabetes", by: Actor = DR_8) -> Event:
    return done(ComponentAccepted, at, component, by=by)


class Plan(Story):
    """A care plan and its log; without an opening of its own it begins when the patient is found."""

    def __init__(self, *events: Event, rules: Rulebook[Any, Any] = PLANS, facts: PlanFacts | None = None) -> None:
        opens = bool(events) and isinstance(events[0], Identified)
        opening, *then = events if opens else (FOUND, *events)
        super().__init__(opening, *then, rules=rules, facts=facts)  # type: ignore[arg-type]  # of any workflow


def with_rows(*limits: Limit) -> Rulebook[Any, Any]:
    """Return our practice with these limits in the place of its own for the same clocks."""
    replaced = {limit.clock for limit in limits}
    rows = (*limits, *(row for row in PLAN_ROWS.all_rows if row.clock not in replaced))
    return Rulebook(CARE_PLAN_REVIEW, timing=evolve(PLAN_ROWS, all_rows=rows), default_queue="front-desk", staff=STAFF)


# --- where a plan may stand, and everything that may happen to it ---------------------------

CODES = {
    "ID": P.IDENTIFIED,
    "DF": P.DRAFTED,
    "AC": P.ACTIVE,
    "RV": P.UNDER_REVIEW,
    "CO": P.COMPLETED,
    "RK": P.REVOKED,
    "DN": P.DECLINED,
    "SU": P.SUPERSEDED,
    "ER": P.ENTERED_IN_ERROR,
}

WHOLE = (DRAFT, PART, activated(THU))
DONE = (copied(THU + HOUR), accepted(THU + 2 * HOUR))
EVENING = FRI + 5 * HOUR
STOPPED = done(Revoked, EVENING, reason="moved")
CARRIED = (
    *((clock, "") for clock in ("draft", "activate", "review", "finish_review", "resolve")),
    *(("give_copy", number) for number in ("1", "2", "9")),
    ("weigh", "v-1"),
    ("accept_component", "diabetes"),
    *(("bring_in", name) for name in ("r-7", "o-1", "o-2", "o-2:f-9")),
)


@cache
def standing(code: str) -> Plan:
    """Return a plan that stands there since Friday evening at the latest; `fork` it before telling on."""
    story = Plan(
        *{
            "ID": (),
            "DF": (DRAFT,),
            "AC": WHOLE,
            "RV": (*WHOLE, done(ReviewStarted, FRI)),
            "CO": (*WHOLE, *DONE, done(Completed, EVENING, reason="goals met")),
            "RK": (*WHOLE, STOPPED),
            "DN": (*WHOLE, done(PatientDeclined, EVENING)),
            "SU": (*WHOLE, done(SupersededBy, EVENING, case="c-0", carries=CARRIED)),
            "ER": (*WHOLE, done(EnteredInError, EVENING)),
        }[code]
    )
    assert story.case.state is CODES[code]
    return story


WAYS: dict[tuple[str, str], tuple[tuple[tuple[Event, ...], Event], ...]] = {}
"""Every event in each way that a claim can tell apart: what went before (where it could be), and the event."""


def _ways(event: str, claim: str, *events: Event, before: tuple[Event, ...] = ()) -> None:
    WAYS[event, claim] = tuple((before, one) for one in events)


_EARLY = FRI + 6 * HOUR
_FEWER = [tuple(one for one in REQUIRED if one is not left) for left in REQUIRED]
_NEVER = {"next_review_at": None}
_PAST = {"next_review_at": NOW}
_VISIT, _ANOTHER = (heard(RelevantVisit, _EARLY, name) for name in ("v-1", "v-2"))
_BEYOND = (Actor(Role.SYSTEM, "x"), Actor(Role.HOSPITAL, "x"), Actor(Role.PATIENT, "x"))

_ways("RelevantVisit", "", heard(RelevantVisit, NOW, "v-1"), heard(RelevantVisit, NOW))
_ways("Identified", "", evolve(FOUND, at=NOW, recorded_at=NOW, key="found again"))
_ways("PlanDrafted", "", done(PlanDrafted, NOW, version=9), done(PlanDrafted, NOW))
_ways("PlanDrafted", "a number that was", done(PlanDrafted, NOW, version=0))
_ways("PatientTookPart", "", done(PatientTookPart, NOW))
_ways("Activated", "", activated(NOW), activated(NOW, version=1), before=(PART,))
_ways("Activated", "the patient took no part", activated(NOW))
_ways("Activated", "an element is missing", *(activated(NOW, elements=some) for some in _FEWER), before=(PART,))
_ways("Activated", "without the next review", activated(NOW, **_NEVER), activated(NOW, **_PAST), before=(PART,))
_ways("Activated", "another version", activated(NOW, version=2), before=(PART,))
_ways("Activated", "by a program", *(activated(NOW, by=one) for one in _BEYOND), before=(PART,))
_ways("ReviewStarted", "", done(ReviewStarted, NOW))
_ways("PlanReviewed", "unchanged", reviewed(NOW), reviewed(NOW, version=1, elements=REQUIRED))
_ways("PlanReviewed", "revised", reviewed(NOW, REVISED, version=2), reviewed(NOW, REVISED, version=9, goals=("swim",)))
_ways(
    "PlanReviewed",
    "a draft is put in force",
    reviewed(NOW, REVISED, version=2),
    before=(done(PlanDrafted, _EARLY, version=2),),
)
_ways("PlanReviewed", "unchanged, and changed", reviewed(NOW, goals=("swim",)), reviewed(NOW, version=2))
_ways("PlanReviewed", "revised, without a new number", reviewed(NOW, REVISED), reviewed(NOW, REVISED, version=1))
_ways(
    "PlanReviewed",
    "an element is missing",
    *(reviewed(NOW, REVISED, version=2, elements=some) for some in _FEWER),
)
_ways("PlanReviewed", "without the next review", reviewed(NOW, **_NEVER), reviewed(NOW, **_PAST))
_ways("PlanReviewed", "by a program", *(reviewed(NOW, by=one) for one in _BEYOND))
_ways("VisitWeighed", "unchanged", weighed(NOW, "v-1"), weighed(NOW), before=(_VISIT,))
_ways("VisitWeighed", "before it is heard of", weighed(NOW, "v-1"))
_ways("VisitWeighed", "revised", weighed(NOW, "v-1", REVISED, version=2), before=(_VISIT,))
_ways("VisitWeighed", "no visit, or one of several", weighed(NOW), before=(_VISIT, _ANOTHER))
_ways("VisitWeighed", "revised, without a new number", weighed(NOW, "v-1", REVISED), before=(_VISIT,))
_ways("VisitWeighed", "by a program", *(weighed(NOW, "v-1", by=one) for one in _BEYOND), before=(_VISIT,))
_ways("CopyGiven", "", *(copied(NOW, outcome, version=1) for outcome in Copy))
_ways("CopyGiven", "of no version that there was", copied(NOW, version=7), copied(NOW, version=0))
_ways("PlanShared", "", *(done(PlanShared, NOW, "ED", how=how) for how in Sharing))
_ways("InformationBroughtIn", "", brought(NOW, version=1), brought(NOW, "o-1", "note"))
_ways("GoalMeasured", "", done(GoalMeasured, NOW, "walk"), done(GoalMeasured, NOW))
_ways("GoalMeasured", "no goal of the plan", done(GoalMeasured, NOW, "swim"))
_ways("ComponentAssigned", "", assigned(NOW), assigned(NOW, "foot care"))
_ways("ComponentAssigned", "what, or to whom", assigned(NOW, None), assigned(NOW, "diabetes", ""))
_ways("ComponentAccepted", "", accepted(NOW), before=(assigned(_EARLY),))
_ways("ComponentAccepted", "nobody has it", accepted(NOW))
_ways("ComponentAccepted", "another has it", accepted(NOW, by=DR_9), before=(accepted(_EARLY),))
_ways("ComponentAccepted", "assigned to another", accepted(NOW, by=DR_9), before=(assigned(_EARLY),))
_ways("Completed", "nothing is owed", done(Completed, NOW, reason="goals met"), before=DONE)
_ways("Completed", "something is owed", done(Completed, NOW, reason="goals met"))
_ways("Completed", "for no reason", done(Completed, NOW, reason=" "), before=DONE)
_ways("Completed", "by a program", *(done(Completed, NOW, reason="r", by=one) for one in _BEYOND), before=DONE)
_ways("Revoked", "", done(Revoked, NOW, reason="moved"))
_ways("Revoked", "for no reason", done(Revoked, NOW, reason=" "))
_ways("Revoked", "by a program", *(done(Revoked, NOW, reason="r", by=one) for one in _BEYOND))
_ways("PatientDeclined", "", done(PatientDeclined, NOW))
_AT_CLOSING = (heard(PatientDied, _EARLY),)
_ways("LoopClosed", "a review is owed", done(LoopClosed, NOW), before=DONE)
_ways("LoopClosed", "the patient died", done(LoopClosed, NOW), before=_AT_CLOSING)
_ways("Reopened", "", done(Reopened, NOW))
_ways("Reopened", "revoked here before", done(Reopened, NOW), before=(done(Revoked, _EARLY, reason="moved"),))
_ways("PatientDied", "", heard(PatientDied, NOW))
_ways("AlarmUndelivered", "", heard(AlarmUndelivered, NOW, clock="review", rung=0))
_ways("Retracted", "", heard(Retracted, NOW, retracts="a key nobody has heard"))
_ways("MomentCorrected", "", heard(MomentCorrected, NOW, corrects="a key nobody has heard", moment=SAT))
_ways("Acknowledged", "", done(Acknowledged, NOW, clock="review"))
_ways("ContactAttempted", "", done(ContactAttempted, NOW, clock="give_copy", way=Way.PHONE))
_ways("Linked", "", linked(NOW), linked(NOW, "o-1", "f-9"))
_ways("ToldAgain", "", done(ToldAgain, NOW, "patient"))
_ways("UrgencyChanged", "", done(UrgencyChanged, NOW, urgency=Urgency.URGENT))
_LATER = {"reason": "in hospital", "resume_by": NOW.add(days=9)}
_ways("Paused", "", done(Paused, NOW, **_LATER), done(Paused, NOW, clock="give_copy", **_LATER))
_ways("Paused", "what may not wait", done(Paused, NOW, clock="review", **_LATER))
_PAUSE = done(Paused, NOW.subtract(hours=1), "away", **_LATER)
_ways("Resumed", "something was paused", done(Resumed, NOW, "away"), before=(_PAUSE,))
_ways("Resumed", "nothing was paused", done(Resumed, NOW))
_ways("Noted", "", done(Noted, NOW, text="the daughter calls back"))
_ways("Waived", "the copy", done(Waived, NOW, clock="give_copy", reason="r", by=CLINICIAN))
_ways("Waived", "the draft", done(Waived, NOW, clock="draft", reason="r", by=CLINICIAN))
_ways("Waived", "the draft, by a coordinator", done(Waived, NOW, clock="draft", reason="r", by=COORDINATOR))
_ways("Waived", "the review", done(Waived, NOW, clock="review", reason="r", by=CLINICIAN))
_ways("UnableToReach", "", done(UnableToReach, NOW, clock="give_copy"))
_ways("PatientLeft", "", heard(PatientLeft, NOW))
_ways("SubjectChanged", "", heard(SubjectChanged, NOW, to="p-8"))
_OFFER = (done(HandoverOffered, _EARLY, to="dr-9"),)
_ways("OwnerGone", "", heard(OwnerGone, NOW, who="dr-3"))
_ways("OwnerGone", "somebody else", heard(OwnerGone, NOW, who="dr-8"))
_ways("HandoverOffered", "", done(HandoverOffered, NOW, to="dr-8"))
_ways("HandoverOffered", "accepted in one act", done(HandoverOffered, NOW, to="dr-8", accepted=True))
for _kind in (HandoverAccepted, HandoverDeclined):
    _ways(_kind.__name__, "", done(_kind, NOW, by=DR_9), before=_OFFER)
    _ways(_kind.__name__, "not on offer to them", done(_kind, NOW, by=DR_8), before=_OFFER)
_RAISED = (heard(ConflictRaised, _EARLY, "c-1", kind=ConflictKind.OPERATIONAL),)
_ways("ConflictRaised", "", heard(ConflictRaised, NOW, "c-2", kind=ConflictKind.CLINICAL))
_ways("ConflictResolved", "", done(ConflictResolved, NOW, "c-1"), done(ConflictResolved, NOW), before=_RAISED)
_ways("ConflictResolved", "no open one", done(ConflictResolved, NOW, "c-2"), before=_RAISED)
_LINK = (linked(_EARLY, "o-2", "f-9"),)
_ways(
    "LinkedCaseEnded", "", *(heard(LinkedCaseEnded, NOW, case="o-2", done=how) for how in (False, True)), before=_LINK
)
_ways("LinkedCaseEnded", "of a case that was never linked", heard(LinkedCaseEnded, NOW, case="o-3", done=True))
_ways("SupersededBy", "all is carried", done(SupersededBy, NOW, case="c-0", carries=CARRIED))
_ways("SupersededBy", "nothing is", done(SupersededBy, NOW, case="c-0"))
_OF_AGE = done(ClosedByAdministration, NOW, reason="older than a year", by=CLINICIAN)
_ways("ClosedByAdministration", "by a clinician", _OF_AGE)
_ways("ClosedByAdministration", "by a clinician, and the patient died", _OF_AGE, before=_AT_CLOSING)
_ways("ClosedByAdministration", "by a coordinator", evolve(_OF_AGE, by=COORDINATOR))
_ways("ClosedByAdministration", "for no reason", evolve(_OF_AGE, reason=" "))
_ways("EnteredInError", "", done(EnteredInError, NOW))


def told(story: Story) -> str:
    """Return a story in a few words, for whoever looks at one that should not be."""
    events = [event for entry in story.log for event in entry.events]
    return "\n".join(f"{event.at:%a %H:%M} {type(event).__name__} {event.about or ''}" for event in events)

"""
The stages on which journeys take place: the workflows of the library under example or random rows, and random ones.

A stage is a workflow with its rulebook, other editions of that rulebook that may answer
later questions, and what events of the workflow may say.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from attrs import evolve, field, frozen
from examples.practice import PLANS, REFERRALS, RESULTS, TRANSITIONS
from hypothesis import strategies as st
from tests.kit import alphabet as abc
from tests.kit.drawing import Draw, chance, pick
from tests.kit.random_rows import EVERYBODY, Failing, Reads, tables
from tests.kit.random_worlds import workflows

from carecoord.case import Case, Deadline
from carecoord.events import Acknowledged, Event, Facts
from carecoord.policies import Hours, WeekdayCalendar
from carecoord.rulebook import Rulebook
from carecoord.vocabulary import Actor, Role, Urgency
from carecoord.workflow import Workflow
from carecoord.workflows import care_plan_review as cp
from carecoord.workflows import care_transition as ct
from carecoord.workflows import diagnostic_result as dr
from carecoord.workflows import referral as rf

GRID = timedelta(hours=6)
"""Coarse on purpose: local midnights lie on it, and equal moments are frequent."""

# Around a holiday on a Friday, and around the hour that the autumn repeats.
JULY = WeekdayCalendar(
    zone="America/Boise", first=date(2026, 6, 25), last=date(2026, 7, 24), holidays={date(2026, 7, 3)}, name="july"
)
AUTUMN = WeekdayCalendar(
    zone="America/Boise", first=date(2026, 10, 26), last=date(2026, 11, 20), holidays={date(2026, 11, 11)}, name="fall"
)
ERAS = ((JULY, datetime(2026, 7, 2, 6, tzinfo=UTC)), (AUTUMN, datetime(2026, 10, 30, 6, tzinfo=UTC)))


@frozen(eq=False)
class Stage:
    """
    Where journeys take place.

    `editions` are rulebooks of one workflow; the first opens cases. `says` gives, for an
    event type, a strategy for each field that is worth filling; `meets` gives what an event must
    say to meet a duty of a case, beside its item. Where it `waits`, time is most of what happens. `goes_on` is what
    follows the opening in most journeys, where chance would seldom come that far.
    """

    name: str
    editions: tuple[Rulebook[Any, Any], ...]
    facts: Facts
    begin: datetime
    says: Callable[[type[Event]], Mapping[str, Any]] = field(repr=False)
    items: tuple[str | None, ...]
    grid: timedelta = GRID
    waits: bool = False
    zones: tuple[str, ...] = ("America/Boise", "Europe/Berlin", "Pacific/Auckland")
    meets: Callable[[Case[Any, Any], Deadline, type[Event]], Mapping[str, Any]] = field(
        default=lambda case, duty, kind: {}, repr=False
    )
    goes_on: tuple[tuple[type[Event], Mapping[str, Any]], ...] = field(default=(), repr=False)

    @property
    def rules(self) -> Rulebook[Any, Any]:
        return self.editions[0]

    @property
    def workflow(self) -> Workflow[Any, Any]:
        return self.rules.workflow

    def takes(self, state: Any, event: type[Event]) -> bool:
        """Whether the workflow has a row for the event in this state."""
        return (state, event) in _pairs(self.workflow)

    def towards_closing(self, state: Any) -> tuple[type[Event], ...]:
        """Return the events that may lead from here to where a loop is closed."""
        return _towards_closing(self.workflow, state)


@lru_cache(maxsize=64)
def _towards_closing(workflow: Workflow[Any, Any], state: Any) -> tuple[type[Event], ...]:
    moves = (move for move in workflow.all_moves if state in move.states and move.to in workflow.closes)
    return tuple(dict.fromkeys(move.on for move in moves if move.on in workflow.events))


@lru_cache(maxsize=16)
def _pairs(workflow: Workflow[Any, Any]) -> frozenset[tuple[Any, type[Event]]]:
    return frozenset((state, move.on) for move in workflow.all_moves for state in move.states)


def _rulebooks(
    draw: Draw, workflow: Workflow[Any, Any], reads: Reads, calendar: Any, *, editions: bool, hearing: bool
) -> tuple[Rulebook[Any, Any], ...]:
    def of(timing: Any) -> Rulebook[Any, Any]:
        return Rulebook(workflow, timing=timing, default_queue="queue", staff=EVERYBODY)

    first = draw(tables(workflow, reads, calendar, version="first", hearing=hearing))
    several = [of(first)]
    if editions and chance(draw, 40):
        several.append(of(draw(tables(workflow, reads, calendar, version="second", hearing=hearing))))
    if editions and chance(draw, 20):
        several.append(of(Failing(first, pick(draw, [clock.name for clock in workflow.clocks]))))
    return tuple(several)


def _or_holding(rules: Rulebook[Any, Any]) -> tuple[Rulebook[Any, Any], Rulebook[Any, Any]]:
    """Return the rulebook, and one like it in which whoever acknowledges has a day of quiet."""
    rows = tuple(
        row if row.ladder is None else evolve(row, ladder=evolve(row.ladder, holds=Hours(24)))
        for row in rules.timing.all_rows
    )
    return rules, evolve(rules, timing=evolve(rules.timing, all_rows=rows))


_TRANSITIONS, _REFERRALS, _RESULTS, _PLANS = map(_or_holding, (TRANSITIONS, REFERRALS, RESULTS, PLANS))


# --- random workflows -----------------------------------------------------------------------

_SIZES = st.sampled_from((0, 1, 2))
_READS = Reads(compares={"size": (0, 1, 2)}, moments=("needed_by",))


def _random_says(begin: datetime) -> Callable[[type[Event]], Mapping[str, Any]]:
    needed = st.one_of(st.none(), st.integers(0, 40).map(lambda steps: begin + steps * GRID))
    of_news = {"size": _SIZES, "needed_by": needed}
    of_acts = {"size": _SIZES}
    of_post = {"size": _SIZES, "to": st.sampled_from(("next door", "the office"))}

    def says(event: type[Event]) -> Mapping[str, Any]:
        if event is abc.Posted:
            return of_post
        if event in abc.LETTERS:
            return of_news if event.news else of_acts
        return {}

    return says


@st.composite
def random_stages(draw: Draw, *, editions: bool = True, hearing: bool = True) -> Stage:
    """Random workflows under random rows."""
    workflow = draw(workflows())
    calendar, begin = pick(draw, ERAS)
    return Stage(
        "random",
        _rulebooks(draw, workflow, _READS, calendar, editions=editions, hearing=hearing),
        abc.Things(size=draw(_SIZES), said=abc.CANARY),
        begin,
        _random_says(begin),
        (None, "a", "b", "a/b"),
    )


# --- care transition ------------------------------------------------------------------------

_FACILITY = st.sampled_from(("", "St Luke", "Mercy"))
_PLANNED = st.sampled_from((None, True, False))
_EXPECTED = st.sampled_from((None, datetime(2026, 11, 9, tzinfo=UTC)))
_TESTS = st.sampled_from(((), ("t1",), ("t1", "t2")))
_SAYS: dict[type[Event], dict[str, Any]] = {
    ct.ArrivedAtEd: {"facility": _FACILITY, "planned": _PLANNED},
    ct.Admitted: {"facility": _FACILITY, "planned": _PLANNED},
    ct.Transferred: {"facility": _FACILITY},
    ct.Discharged: {"facility": _FACILITY, "disposition": st.sampled_from(ct.Disposition)},
    ct.StayCorrected: {"facility": st.sampled_from((None, "Mercy")), "planned": _PLANNED},
    ct.NoticeReceived: {"of": st.sampled_from(ct.NoticeOf)},
    ct.SummaryReceived: {"pending": st.sampled_from(ct.PendingTests), "tests": _TESTS},
    ct.InfoShared: {"to": st.sampled_from(("St Luke", "Mercy"))},
    ct.PendingTestOwned: {"case": st.just("result-1"), "expected_by": _EXPECTED},
    ct.Contacted: {"two_way": st.sampled_from((True, True, False)), "own_staff": st.sampled_from((True, True, False))},
}
_OF_TESTS = (ct.PendingTestListed, ct.PendingTestOwned)
_TRANSITION_READS = Reads(
    compares={
        "high_risk": (False, True),
        "inpatient": (False, True),
        "disposition": tuple(ct.Disposition),
    },
    moments=("home_since",),
)


def _transition_says(event: type[Event]) -> Mapping[str, Any]:
    says = _SAYS.get(event, {})
    if event in _OF_TESTS:
        return {**says, "about": st.sampled_from(("t1", "t2"))}
    return says


_ITEMS = (None, "V1", "V2")
# No duty of a stay may be paused; where some may, the laws meet more of them held than chance alone would hold.
_WAITING = {"notice", "whereabouts", "contact", "summary", "reconcile", "visit"}
_THAT_WAITS = evolve(
    ct.CARE_TRANSITION, clocks=tuple(evolve(one, pausable=one.name in _WAITING) for one in ct.CARE_TRANSITION.clocks)
)


@st.composite
def transition_stages(draw: Draw, *, editions: bool = True, hearing: bool = True) -> Stage:
    """Care transition under the rows of the example practice; in half of them an acknowledgement holds rungs."""
    _, begin = pick(draw, ERAS)
    del editions, hearing
    facts = ct.TransitionFacts(high_risk=chance(draw, 30))
    return Stage("care-transition", (pick(draw, _TRANSITIONS),), facts, begin, _transition_says, _ITEMS, 4 * GRID)


@st.composite
def transition_stages_of_chance(draw: Draw, *, editions: bool = True, hearing: bool = True) -> Stage:
    """Care transition under random rows."""
    calendar, begin = pick(draw, ERAS)
    flow = _THAT_WAITS if chance(draw, 50) else ct.CARE_TRANSITION
    rulebooks = _rulebooks(draw, flow, _TRANSITION_READS, calendar, editions=editions, hearing=hearing)
    facts = ct.TransitionFacts(high_risk=chance(draw, 30))
    return Stage("care-transition by chance", rulebooks, facts, begin, _transition_says, _ITEMS)


@st.composite
def stages_that_wait(draw: Draw, *, editions: bool = True, hearing: bool = True) -> Stage:
    """Care transition where duties may wait, under random rows; most of what happens is about time."""
    calendar, begin = pick(draw, ERAS)
    rulebooks = _rulebooks(draw, _THAT_WAITS, _TRANSITION_READS, calendar, editions=editions, hearing=hearing)
    return Stage("duties that wait", rulebooks, ct.TransitionFacts(), begin, _transition_says, _ITEMS, waits=True)


# --- referral -------------------------------------------------------------------------------

_ATTEMPTS = st.sampled_from((None, None, None, "A1", "A1", "A2"))
_APPOINTMENTS = st.sampled_from((None, "v1", "v2"))
_REPORTS = st.sampled_from((None, "r1", "r1", "r2"))
_VERSIONS = st.sampled_from((1, 1, 2))
_NEEDED = st.sampled_from((None, None, datetime(2026, 7, 12, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)))
_VISIT_AT = st.sampled_from((None, datetime(2026, 7, 6, 15, tzinfo=UTC), datetime(2026, 11, 4, 15, tzinfo=UTC)))
_WHOLE = (tuple(rf.Enclosure),) * 5 + ((),)
_DRAFT: dict[str, Any] = {
    "urgency": st.sampled_from(Urgency),
    "kind": st.sampled_from(rf.Kind),
    "needed_by": _NEEDED,
}
_PACKAGE: dict[str, Any] = {
    "about": st.sampled_from(("A1", "A1", "A2", "A3", None)),
    "recipient": st.sampled_from(("cardio", "heart")),
    "agreement": st.sampled_from(("", "cca-1")),
    "enclosed": st.sampled_from(_WHOLE),
    "confirms": st.sampled_from((True, False)),
}
_WRITTEN: dict[str, Any] = {"about": _REPORTS, "attempt": _ATTEMPTS, "version": _VERSIONS}
_OF_REPORT: dict[str, Any] = {"about": _REPORTS, "version": _VERSIONS}
_DOCTOR = st.just(Actor(Role.CLINICIAN, "cl-1"))
_REFERRAL_SAYS: dict[type[Event], dict[str, Any]] = {
    rf.Drafted: _DRAFT,
    rf.Specified: _DRAFT,
    rf.Sent: _PACKAGE,
    rf.Redirected: _PACKAGE,
    rf.Booked: {"about": _APPOINTMENTS, "attempt": _ATTEMPTS, "visit_at": _VISIT_AT},
    rf.Rebooked: {"about": _APPOINTMENTS, "visit_at": _VISIT_AT, "instead_of": _APPOINTMENTS},
    rf.NoShow: {"about": _APPOINTMENTS},
    rf.AppointmentCancelled: {"about": _APPOINTMENTS},
    rf.VisitCompleted: {"about": _APPOINTMENTS},
    rf.InterimNoteReceived: _WRITTEN,
    rf.ReportReceived: _WRITTEN,
    rf.ReportCorrected: {**_WRITTEN, "content_changed": st.sampled_from((True, False))},
    rf.ReportRetracted: {"about": _REPORTS, "version": st.sampled_from((None, 1, 2))},
    rf.CancelRequested: {"about": _ATTEMPTS, "reason": st.just("r"), "confirm_by": _VISIT_AT},
    rf.Withdrawn: {"reason": st.just("r")},
    rf.Reviewed: {
        **_OF_REPORT,
        "by": _DOCTOR,
        "disposition": st.sampled_from(rf.Disposition),
        "orders": st.sampled_from(((), ("o1",), ("o1", "o2"))),
    },
    rf.PatientInformed: {**_OF_REPORT, "channel": st.sampled_from(rf.Channel)},
    rf.Integrated: {**_OF_REPORT, "plan": st.just("p-1"), "plan_version": st.just("2")},
    rf.ExpectationsGiven: {"about": st.sampled_from((None, "cca-1"))},
}
_REFERRAL_READS = Reads(
    compares={"urgency": tuple(Urgency), "kind": tuple(rf.Kind), "confirms": (True, False)},
    moments=("needed_by", "visit_at", "sent_at", "confirm_by"),
)


def _referral_says(event: type[Event]) -> Mapping[str, Any]:
    return _REFERRAL_SAYS.get(event, {"about": _ATTEMPTS})


_REFERRAL_ITEMS = (None, None, "A1", "A2")


@st.composite
def referral_stages(draw: Draw, *, editions: bool = True, hearing: bool = True) -> Stage:
    """Referral under the rows of the example practice; in half of them an acknowledgement holds rungs."""
    _, begin = pick(draw, ERAS)
    del editions, hearing
    return Stage(
        "referral", (pick(draw, _REFERRALS),), rf.ReferralFacts(), begin, _referral_says, _REFERRAL_ITEMS, 4 * GRID
    )


@st.composite
def referral_stages_of_chance(draw: Draw, *, editions: bool = True, hearing: bool = True) -> Stage:
    """Referral under random rows."""
    calendar, begin = pick(draw, ERAS)
    rulebooks = _rulebooks(draw, rf.REFERRAL, _REFERRAL_READS, calendar, editions=editions, hearing=hearing)
    return Stage("referral by chance", rulebooks, rf.ReferralFacts(), begin, _referral_says, _REFERRAL_ITEMS)


# --- test result ----------------------------------------------------------------------------

_COMPONENTS = st.sampled_from(("k", "k", "na", None))
_NUMBERS = st.sampled_from((1, 1, 2, 3))
_NAMES = st.sampled_from((("k:1",), ("k:1", "na:1"), ("k:2",), ("na:1",), ("k:3",)))
_PLANNED = st.sampled_from((None, None, datetime(2026, 7, 8, tzinfo=UTC), datetime(2026, 11, 6, tzinfo=UTC)))
_WANTED = st.sampled_from((("k",), ("k", "na"), ("k", "na"), ()))
_ORDER: dict[str, Any] = {
    "components": _WANTED,
    "kind": st.sampled_from(dr.Kind),
    "urgency": st.sampled_from((None, *Urgency)),
}
_VERSION: dict[str, Any] = {
    "about": _COMPONENTS,
    "version": _NUMBERS,
    "severity": st.sampled_from(dr.Severity),
    "content_changed": st.sampled_from((True, True, False)),
}
_RECEIVED: dict[str, Any] = {**_VERSION, "status": st.sampled_from((*dr.Status, dr.Status.FINAL, dr.Status.FINAL))}
_SPECIMEN: dict[str, Any] = {"about": _COMPONENTS, "specimen": st.sampled_from(("", "s1", "s2"))}
_RECEIVERS = st.sampled_from((None, Actor(Role.OWNER, "dr-1"), Actor(Role.NURSE, "n-1")))
_RESULT_SAYS: dict[type[Event], dict[str, Any]] = {
    dr.Ordered: {**_ORDER, "planned_for": _PLANNED},
    dr.Expected: {**_ORDER, "born_at": _PLANNED, "expected_by": _NEEDED},
    dr.ArrivedUnasked: _RECEIVED,
    dr.ResultReceived: _RECEIVED,
    dr.ResultCorrected: _VERSION,
    dr.ResultRetracted: {"about": _COMPONENTS, "version": st.sampled_from((None, 1, 2))},
    dr.CriticalCalled: {
        "about": _COMPONENTS,
        "finding": st.just("6.9"),
        "identified_at": st.just(datetime(2026, 7, 1, tzinfo=UTC)),
        "caller": st.just("lab-7"),
        "receiver": _RECEIVERS,
        "method": st.sampled_from(dr.Method),
        "read_back": st.sampled_from((True, True, False)),
    },
    dr.Collected: _SPECIMEN,
    dr.SpecimenRejected: _SPECIMEN,
    dr.ReflexAdded: {"about": st.sampled_from(("mg", "mg", None))},
    dr.Viewed: {"results": _NAMES},
    dr.ReleasedToPatient: {"results": _NAMES},
    dr.SeenByPatient: {"results": _NAMES},
    dr.Reviewed: {
        "results": _NAMES,
        "by": _DOCTOR,
        "disposition": st.sampled_from(dr.Disposition),
        "reason": st.just("r"),
        "findings": st.sampled_from(((), ("f1",), ("f1", "f2"))),
        "normal": st.sampled_from(((), (), ("k:1",))),
        "without": st.sampled_from(((), (), ("na",))),
    },
    dr.PatientNotified: {
        "results": _NAMES,
        "channel": st.sampled_from(dr.Channel),
        "recipient": st.sampled_from(("patient", "patient", "daughter")),
    },
    dr.FollowedUp: {"about": st.sampled_from((None, "f1", "f2", "k:1"))},
    dr.FollowUpDeclined: {"about": st.sampled_from((None, "f1", "f2", "k:1"))},
    dr.Reordered: {"about": _COMPONENTS, "case": st.just("o-2")},
    dr.OrderWithdrawn: {"reason": st.just("r")},
    dr.ReleaseDelayAsked: {"condition": st.just("review"), "until": _NEEDED},
}
_RESULT_READS = Reads(
    compares={"urgency": tuple(Urgency), "kind": tuple(dr.Kind), "severity": tuple(dr.Severity)},
    moments=("planned_for", "born_at", "collected_at", "expected_by", "available_at"),
)


def _result_says(event: type[Event]) -> Mapping[str, Any]:
    return _RESULT_SAYS.get(event, {"about": _COMPONENTS})


def _result_meets(case: Case[Any, Any], duty: Deadline, kind: type[Event]) -> Mapping[str, Any]:
    """Whoever reads reads all that is newest; a result that is waited for is final; the orderer acknowledges."""
    newest = {one.component: one.name for one in sorted(case.facts.versions, key=lambda one: one.number)}
    if kind is dr.Reviewed:
        undecided = case.facts.undecided if duty.clock == "decide" else ()
        return {"results": tuple(newest.values()), "without": undecided, "normal": ()}
    if kind is dr.PatientNotified:
        return {"results": tuple(newest.values()), "channel": dr.Channel.VOICE}
    if kind in (dr.ArrivedUnasked, dr.ResultReceived):
        return {"status": dr.Status.FINAL, "version": 3}
    if kind is Acknowledged:
        return {"by": Actor(Role.OWNER, "dr-1")}
    return {}


_RESULT_ITEMS = (None, "k", "na", "k:1", "na:1")


@st.composite
def result_stages(draw: Draw, *, editions: bool = True, hearing: bool = True) -> Stage:
    """Test result under the rows of the example practice; in half of them an acknowledgement holds rungs."""
    _, begin = pick(draw, ERAS)
    del editions, hearing
    facts = dr.ResultFacts(portal_counts=chance(draw, 30))
    return Stage(
        "test result", (pick(draw, _RESULTS),), facts, begin, _result_says, _RESULT_ITEMS, 4 * GRID, meets=_result_meets
    )


@st.composite
def result_stages_of_chance(draw: Draw, *, editions: bool = True, hearing: bool = True) -> Stage:
    """Test result under random rows."""
    calendar, begin = pick(draw, ERAS)
    rulebooks = _rulebooks(draw, dr.TEST_RESULT, _RESULT_READS, calendar, editions=editions, hearing=hearing)
    return Stage(
        "test result by chance",
        rulebooks,
        dr.ResultFacts(),
        begin,
        _result_says,
        _RESULT_ITEMS,
        meets=_result_meets,
    )


# --- care plan review -----------------------------------------------------------------------

_ELEMENTS = st.sampled_from((cp.REQUIRED,) * 4 + (None, cp.REQUIRED[1:]))
_OF_PLAN: dict[str, Any] = {
    "version": st.sampled_from((None, 1, 2, 3, 4)),
    "elements": _ELEMENTS,
    "goals": st.sampled_from((None, ("g1",), ("g1", "g2"))),
    "components": st.sampled_from((None, ("d1",), ("d1", "d2"))),
    "ends": st.sampled_from((None, None, ("d1",))),
}
_LATER = tuple(datetime(2026, month, day, tzinfo=UTC) for month, day in ((7, 20), (11, 9), (12, 9), (12, 20)))
_NEXT = {"next_review_at": st.sampled_from((*_LATER, _LATER[-1], None))}
_JUDGED = {"outcome": st.sampled_from(cp.Outcome), "by": _DOCTOR}
_VISITS = st.sampled_from(("v1", "v1", "v2", None))
_COMPONENTS_OF_CARE = st.sampled_from(("d1", "d2", None))
_REASON = {"reason": st.sampled_from(("r", "", ""))}  # else half of the journeys would end before they began
_PLAN_SAYS: dict[type[Event], dict[str, Any]] = {
    cp.Identified: {"reasons": st.just((cp.Reason.SOCIAL,)), "tier": st.sampled_from((None, *cp.Tier))},
    cp.PlanDrafted: _OF_PLAN,
    cp.Activated: {"by": _DOCTOR, **_NEXT},
    cp.PlanReviewed: {**_OF_PLAN, **_NEXT, **_JUDGED},
    cp.RelevantVisit: {"about": _VISITS},
    cp.VisitWeighed: {"about": _VISITS, **_OF_PLAN, **_JUDGED},
    cp.CopyGiven: {
        "version": st.sampled_from((None, None, 1, 2)),
        "channel": st.sampled_from(cp.Channel),
        "outcome": st.sampled_from((cp.Copy.GIVEN, *cp.Copy)),
        "recipient": st.sampled_from(("patient", "patient", "daughter")),
        "portal_access": st.sampled_from((True, False)),
    },
    cp.PlanShared: {"how": st.sampled_from(cp.Sharing)},
    cp.InformationBroughtIn: {"case": st.sampled_from(("c-2", "c-3")), "about": st.sampled_from((None, None, "a"))},
    cp.GoalMeasured: {"about": st.sampled_from((None, "g1", "g2"))},
    cp.ComponentAssigned: {"about": _COMPONENTS_OF_CARE, "clinician": st.sampled_from(("dr-1", "dr-2"))},
    cp.ComponentAccepted: {
        "about": _COMPONENTS_OF_CARE,
        "by": st.sampled_from([Actor(Role.CLINICIAN, one) for one in ("dr-1", "dr-2")]),
    },
    cp.Completed: _REASON,
    cp.Revoked: _REASON,
}
_PLAN_READS = Reads(compares={"urgency": tuple(Urgency), "tier": (None, *cp.Tier)}, moments=("next_review_at",))
_PLANNED_SO_FAR: tuple[tuple[type[Event], Mapping[str, Any]], ...] = (
    (cp.PlanDrafted, {"version": 1, "elements": cp.REQUIRED}),
    (cp.PatientTookPart, {}),
    (cp.Activated, {"next_review_at": _LATER[-1], "version": None, "elements": None}),
)


def _plan_says(event: type[Event]) -> Mapping[str, Any]:
    return _PLAN_SAYS.get(event, {"about": st.none()})


def _judges_as(case: Case[Any, Any], duty: Deadline) -> dict[str, Any]:
    if duty.clock == "activate":
        draft = case.facts.draft
        number = case.facts.number + 1 if draft is None else draft.number
        return {"outcome": cp.Outcome.REVISED, "version": number, "elements": cp.REQUIRED}
    return {"outcome": cp.Outcome.UNCHANGED, **dict.fromkeys(("version", "elements", "goals", "components", "ends"))}


def _plan_meets(case: Case[Any, Any], duty: Deadline, kind: type[Event]) -> Mapping[str, Any]:
    """Return what whoever does it says: when it is reviewed next, from where it comes, whose it was to take."""
    ahead = {"next_review_at": max(duty.due_at, case.recorded_at) + timedelta(days=40)}
    case_of, _, thing = duty.item.partition(":")
    assigned = [one.assigned for one in case.facts.components if one.name == duty.item and one.assigned]
    says: dict[type[Event], Mapping[str, Any]] = {
        cp.Activated: {**ahead, "version": None, "elements": None},
        cp.PlanReviewed: {**ahead, **_judges_as(case, duty)},
        cp.VisitWeighed: _judges_as(case, duty),
        cp.PlanDrafted: {"version": case.facts.number + 1, "elements": cp.REQUIRED},
        cp.CopyGiven: {"version": None, "channel": cp.Channel.MAIL, "outcome": cp.Copy.GIVEN},
        cp.InformationBroughtIn: {"case": case_of, "about": thing or None},
        cp.ComponentAccepted: {"by": Actor(Role.CLINICIAN, (*assigned, "dr-1")[0])},
    }
    return says.get(kind, {})


_PLAN_ITEMS = (None, None, "v1", "g1", "d1")


@st.composite
def plan_stages(draw: Draw, *, editions: bool = True, hearing: bool = True) -> Stage:
    """Care plan review under the rows of the example practice; in half of them an acknowledgement holds rungs."""
    _, begin = pick(draw, ERAS)
    del editions, hearing
    facts, so_far = cp.PlanFacts(), _PLANNED_SO_FAR
    return Stage(
        "care plan",
        (pick(draw, _PLANS),),
        facts,
        begin,
        _plan_says,
        _PLAN_ITEMS,
        8 * GRID,
        meets=_plan_meets,
        goes_on=so_far,
    )


@st.composite
def plan_stages_of_chance(draw: Draw, *, editions: bool = True, hearing: bool = True) -> Stage:
    """Care plan review under random rows."""
    calendar, begin = pick(draw, ERAS)
    rulebooks = _rulebooks(draw, cp.CARE_PLAN_REVIEW, _PLAN_READS, calendar, editions=editions, hearing=hearing)
    return Stage(
        "care plan by chance",
        rulebooks,
        cp.PlanFacts(),
        begin,
        _plan_says,
        _PLAN_ITEMS,
        meets=_plan_meets,
        goes_on=_PLANNED_SO_FAR,
    )


STAGES: dict[str, Callable[..., Any]] = {
    "care transition": transition_stages,
    "care transition, random rows": transition_stages_of_chance,
    "referral": referral_stages,
    "referral, random rows": referral_stages_of_chance,
    "test result": result_stages,
    "test result, random rows": result_stages_of_chance,
    "care plan": plan_stages,
    "care plan, random rows": plan_stages_of_chance,
    "random workflows": random_stages,
}
ALL_STAGES = {**STAGES, "duties that wait": stages_that_wait}
"""With one more, on which wrong engines are found out that are wrong about time."""

ROLES = (Role.OWNER, Role.COORDINATOR, Role.CLINICIAN, Role.NURSE, Role.PRESCRIBER, Role.SYSTEM)

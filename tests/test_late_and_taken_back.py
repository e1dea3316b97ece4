"""
Every common event heard late, and then taken back, in each workflow.

Heard late, a case stands as if it had been heard in its place; taken back, as if it had never been. What counts from
hearing, and what surprised, is left out. Each case begins on Friday the 12th; the event happens three days later, a
note is taken the day after, and it is heard of on the fifth day.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from attrs import frozen
from examples.practice import PLANS, REFERRALS, RESULTS, TRANSITIONS
from tests.kit.laws_of_the_world import SURPRISES, as_if_recorded_at_once, same, without
from tests.kit.small import BOSS, DAY, DESK, FEED, FRI, HOUR, RULES, Checked, Lent, Log, Returned, Wanted

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
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    Noted,
    OwnerGone,
    PatientDied,
    PatientLeft,
    Paused,
    Refused,
    Reopened,
    Resumed,
    Retracted,
    Role,
    SubjectChanged,
    SupersededBy,
    ToldAgain,
    UnableToReach,
    Urgency,
    UrgencyChanged,
    Waived,
    Way,
)
from carecoord.events import COMMON_EVENTS, DOOR_EVENTS, LOG_EVENTS
from carecoord.policies.limits import HEARD
from carecoord.workflows.care_plan_review import (
    REQUIRED,
    Activated,
    Identified,
    PatientTookPart,
    PlanDrafted,
    Reason,
)
from carecoord.workflows.care_transition import Discharged
from carecoord.workflows.diagnostic_result import Ordered
from carecoord.workflows.referral import Drafted, Enclosure, Kind, Sent

DR_2 = Actor(Role.OWNER, "dr-2")
CLINICIAN = Actor(Role.CLINICIAN, "cl-1")
DRAFT = {"by": CLINICIAN, "clinical_question": "?", "urgency": Urgency.ROUTINE, "kind": Kind.CONSULTATION}
WHEN = FRI + 3 * DAY
BEGINNINGS: Mapping[str, tuple[Any, tuple[tuple[type[Event], Any, dict[str, Any]], ...]]] = {
    "loan": (RULES, ((Wanted, FRI, {}), (Checked, FRI + HOUR, {}), (Lent, FRI + 2 * HOUR, {}))),
    "care-transition": (TRANSITIONS, ((Discharged, FRI, {"about": "v1"}),)),
    "referral": (
        REFERRALS,
        (
            (
                Drafted,
                FRI,
                {"by": CLINICIAN, "clinical_question": "?", "urgency": Urgency.ROUTINE, "kind": Kind.CONSULTATION},
            ),
            (Sent, FRI + HOUR, {"about": "A1", "recipient": "cardio", "enclosed": tuple(Enclosure)}),
        ),
    ),
    "test-result": (RESULTS, ((Ordered, FRI, {"by": CLINICIAN, "components": ("k",)}),)),
    "care-plan-review": (
        PLANS,
        (
            (Identified, FRI, {"by": CLINICIAN, "reasons": (Reason.SOCIAL,)}),
            (PlanDrafted, FRI + HOUR, {"elements": REQUIRED, "goals": ("walk",), "components": ("diabetes",)}),
            (PatientTookPart, FRI + HOUR, {}),
            (Activated, FRI + 2 * HOUR, {"by": CLINICIAN, "next_review_at": FRI + 90 * DAY}),
        ),
    ),
}
Said = dict[str, Any]


def whoever_may(log: Log, duties: Any) -> Actor:
    """Somebody who may waive all of these."""
    clocks = [log.rules.workflow.clock(one.clock) for one in duties]
    roles = [role for role in Role if all(role in clock.waivable_by for clock in clocks)]
    return Actor(roles[0], "u-1") if roles else BOSS


def closing(log: Log) -> list[Any]:
    return [one for one in log.case.world.duties if log.rules.workflow.clock(one.clock).closing]


def waives(log: Log) -> Said:
    may = [one for one in log.case.world.duties if log.rules.workflow.clock(one.clock).waivable_by]
    duty = may[-1] if may else log.case.world.duties[-1]
    return {"clock": duty.clock, "about": duty.item or None, "reason": "r", "by": whoever_may(log, [duty])}


def carries(log: Log) -> Said:
    return {"case": "t-9", "carries": tuple((one.clock, one.item) for one in log.case.world.duties)}


def of_a_duty(log: Log) -> Said:
    duty = log.case.world.duties[0]
    return {"clock": duty.clock, "about": duty.item or None}


@frozen
class Pair:
    """What happens before it, and what it says."""

    kind: type[Event]
    says: Said | Callable[[Log], Said]
    before: tuple[tuple[type[Event], Said], ...] = ()
    only: str = ""


TRIED = {"clock": "give_back", "way": Way.PHONE}
PAIRS = (
    Pair(Acknowledged, of_a_duty),
    Pair(AlarmUndelivered, lambda log: {**of_a_duty(log), "rung": 0}),
    Pair(Waived, waives),
    Pair(Paused, {"reason": "away", "resume_by": FRI + 20 * DAY}),
    Pair(Resumed, {}, ((Paused, {"reason": "away", "resume_by": FRI + 20 * DAY}),)),
    Pair(UrgencyChanged, {"urgency": Urgency.URGENT}),
    Pair(ContactAttempted, {"clock": "give_back", "way": Way.PHONE}),
    Pair(UnableToReach, {"clock": "give_back"}, ((ContactAttempted, TRIED), (ContactAttempted, TRIED)), "loan"),
    Pair(Linked, {"case": "c-3"}),
    Pair(ToldAgain, {"about": "pat"}),
    Pair(PatientDied, {}),
    Pair(OwnerGone, {"who": "dr-1"}),
    Pair(PatientLeft, {}),
    Pair(SubjectChanged, {"to": "p-2"}),
    Pair(ConflictRaised, {"kind": ConflictKind.CLINICAL, "about": "dose"}),
    Pair(ConflictResolved, {"outcome": "o"}, ((ConflictRaised, {"kind": ConflictKind.CLINICAL, "about": "dose"}),)),
    Pair(LinkedCaseEnded, {"case": "c-3", "done": False}, ((Linked, {"case": "c-3"}),)),
    Pair(ClosedByAdministration, lambda log: {"reason": "r", "by": whoever_may(log, closing(log))}),
    Pair(SupersededBy, carries),
    Pair(HandoverOffered, {"to": "dr-2"}),
    Pair(HandoverDeclined, {"by": DR_2}, ((HandoverOffered, {"to": "dr-2"}),)),
    Pair(HandoverAccepted, {"by": DR_2}, ((HandoverOffered, {"to": "dr-2"}),)),
    Pair(LoopClosed, {}, ((Returned, {}),), "loan"),
    Pair(Reopened, {}, ((Returned, {}), (LoopClosed, {})), "loan"),
    Pair(EnteredInError, {}),
    Pair(Noted, {"text": ""}),
)
REFUSED = {
    ("care-transition", Paused),  # nothing of a stay may wait
    ("care-transition", Resumed),
    ("test-result", Paused),  # only the one duty that the patient asked to wait, and by name
    ("test-result", Resumed),
    ("care-plan-review", ClosedByAdministration),  # a plan in force is ended by who answers for it
}
CASES = [
    pytest.param(name, pair, id=f"{name}-{pair.kind.__name__}")
    for name in BEGINNINGS
    for pair in PAIRS
    if pair.only in ("", name) and (name, pair.kind) not in REFUSED
]


def begun(name: str, pair: Pair) -> Log:
    rules, events = BEGINNINGS[name]
    log = Log(rules)
    for kind, at, said in events:
        log.say(kind, at, key=kind.__name__, **said)
    for number, (kind, said) in enumerate(pair.before, start=1):
        log.say(kind, FRI + number * DAY, key=f"before-{number}", **said)
    return log


def event_of(log: Log, pair: Pair, **more: Any) -> Event:
    said = pair.says if isinstance(pair.says, dict) else pair.says(log)
    return pair.kind(**{"at": WHEN, "by": FEED if pair.kind.news else DESK, "key": "it", **said, **more})


def note(log: Log) -> None:
    log.say(Noted, WHEN + DAY, key="note", text="")


def must_be_one(one: Log, other: Log) -> None:
    reads = one.rules.timing.reads
    out = {*SURPRISES, *(clock for clock in one.rules.timing.clocks if HEARD in reads(clock))}
    same(*(as_if_recorded_at_once(without(log.case.world, out)) for log in (one, other)))


@pytest.mark.parametrize(("name", "pair"), CASES)
def test_heard_late_it_stands_where_it_happened(name, pair):
    in_place, late = begun(name, pair), begun(name, pair)
    in_place.take(event_of(in_place, pair))
    note(in_place)
    it = event_of(late, pair, recorded_at=WHEN + 2 * DAY)
    note(late)
    late.take(it)
    must_be_one(late, in_place)


@pytest.mark.parametrize(("name", "pair"), CASES)
def test_taken_back_it_never_was(name, pair):
    never, was = begun(name, pair), begun(name, pair)
    note(never)
    was.take(event_of(was, pair))
    note(was)
    was.say(Retracted, WHEN + 3 * DAY, key="back", retracts="it")
    must_be_one(was, never)


@pytest.mark.parametrize(("name", "pair"), CASES)
def test_heard_late_and_taken_back_it_never_was_and_its_retraction_can_be_taken_back(name, pair):
    never, was = begun(name, pair), begun(name, pair)
    it = event_of(was, pair, recorded_at=WHEN + 2 * DAY)
    note(never)
    note(was)
    was.take(it)
    stood = was.case.world
    was.say(Retracted, WHEN + 3 * DAY, key="back", retracts="it")
    must_be_one(was, never)
    was.say(Retracted, WHEN + 4 * DAY, key="forth", retracts="back")
    same(was.case.world, stood)


def test_every_common_event_that_is_folded_has_such_a_pair():
    assert {pair.kind for pair in PAIRS} == set(COMMON_EVENTS) - {*LOG_EVENTS, *DOOR_EVENTS}


@pytest.mark.parametrize(("name", "kind"), sorted(REFUSED, key=str), ids=lambda one: getattr(one, "__name__", one))
def test_what_has_no_pair_in_a_workflow_is_refused_there(name, kind):
    pair = next(pair for pair in PAIRS if pair.kind is kind)
    log = begun(name, Pair(kind, pair.says))
    with pytest.raises(Refused):
        log.take(event_of(log, pair))

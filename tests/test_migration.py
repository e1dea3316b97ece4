"""
What becomes of a running case under another version of its workflow: nothing that is owed is lost without a reason.

The desk lends a pair on Friday. In version 2 a loan that runs is called OUT, nobody says thank you any longer, the pair
is looked over instead, and the patient brings it back as before. MON is the Monday after.
"""

import copy
import pickle
from enum import Enum
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import Phase, given, settings
from tests.kit.journeys import Journey, Look, Shot, shoot
from tests.kit.random_journeys import journeys
from tests.kit.small import (
    BOSS,
    CLOCKS,
    DAY,
    DESK,
    FEED,
    FRI,
    HOUR,
    LOANS,
    MOVES,
    NAIVE,
    ROWS,
    RULES,
    STAFF,
    STEPS,
    TWO_TRIES,
    WHY,
    Broke,
    Checked,
    Failing,
    Lent,
    Loan,
    LoanFacts,
    Log,
    Lost,
    Mended,
    Returned,
    Thanked,
    Wanted,
    kinds,
    lent,
    midnight,
    rulebook,
    table,
    wanted,
    with_rows,
)
from tests.kit.stages import STAGES

from carecoord import (
    Acknowledged,
    BusinessDays,
    CalendarDays,
    Clock,
    DeadlineSet,
    DeadlineSettled,
    Drop,
    HistoryIncomplete,
    Hours,
    How,
    Keep,
    KeyReused,
    Limit,
    LoopClosed,
    Migrated,
    MomentCorrected,
    Moved,
    NaiveMoment,
    NoLimit,
    Noted,
    On,
    PatientDied,
    Paused,
    Plan,
    Refused,
    Reopened,
    Restart,
    Resumed,
    Retracted,
    Rulebook,
    Step,
    StoodDown,
    Workflow,
    WrongRulebook,
    advance,
    catch_up,
    check,
    migrate,
    replay,
)
from carecoord.codec import Codec
from carecoord.migration import latest

MON = FRI + 3 * DAY
BACK = midnight(2024, 7, 27)  # two weeks after that Friday


class Loan2(Enum):
    """Where the crutches are."""

    WANTED = "somebody wants a pair"
    OUT = "the patient has it"
    CLOSED = "it is back"
    CALLED_OFF = "nobody wants it"
    SUPERSEDED = "a duplicate"
    ENTERED_IN_ERROR = "never was"


@frozen(kw_only=True)
class Facts2(LoanFacts):
    """What is known, and since when in these words."""

    edition: int = 2


def _named(state: Any) -> Any:
    if state is None:
        return None
    return Loan2.OUT if state is Loan.LENT else Loan2[state.name]


def _row(row: Any) -> Any:
    other = copy.copy(row)
    object.__setattr__(other, "states", tuple(map(_named, row.states)))
    object.__setattr__(other, "to", _named(row.to))
    return other


LOOK_OVER = Clock[Facts2](
    name="look_over", says="the desk looks the pair over", starts=(On(Lent),), met_by=(On(Thanked),)
)
LOANS_2 = Workflow[Loan2, Facts2](
    name="loan",
    version="2",
    states=Loan2,
    facts=Facts2,
    events=LOANS.events,
    moves=tuple(map(_row, MOVES)),
    learn=LOANS.learn,
    clocks=(*(clock for clock in CLOCKS if clock.name != "call"), LOOK_OVER),
    closes={Loan2.OUT: Loan2.CLOSED},
    ends=frozenset({Loan2.CLOSED, Loan2.CALLED_OFF, Loan2.SUPERSEDED, Loan2.ENTERED_IN_ERROR}),
    waits_for={Loan2.WANTED: ("lend",), Loan2.OUT: ("give_back",)},
)
OVER = Limit("look_over", BusinessDays(1), STEPS, source=WHY)


def rules_2(*instead: Limit) -> Rulebook[Any, Any]:
    rows = (*(row for row in with_rows(*instead) if row.clock != "call"), OVER)
    return Rulebook(LOANS_2, timing=table(rows, version="rows-2"), default_queue="front-desk", staff=STAFF)


RULES_2 = rules_2()


def facts_2(facts: LoanFacts) -> Facts2:
    return Facts2(urgency=facts.urgency, checked=facts.checked, pair=facts.pair, attempts=facts.attempts)


def looked_over(state: Loan2, _: Facts2) -> tuple[tuple[str, str], ...]:
    return (("look_over", ""),) if state is Loan2.OUT else ()


PLAN = Plan(states={"LENT": "OUT"}, facts=facts_2, duties={"call": Drop("nobody calls any longer")}, begins=looked_over)


def over(log: Log, plan: Plan = PLAN, at: Any = MON, rules: Any = RULES_2, **more: Any) -> Step[Any, Any]:
    """Bring the case of a log over, and let the log go on under the other rules."""
    step = migrate(rules, log.case, plan, at=at, by=BOSS, **more)
    log.rules = rules
    return log._kept(step)


def moved() -> Log:
    log = lent()
    over(log)
    return log


# --- state, clocks --------------------------------------------------------------------------


def test_a_renamed_state_is_called_by_its_new_name_and_that_is_told():
    log = lent()
    step = over(log)
    assert (log.case.version, log.case.state, log.case.facts.edition) == ("2", Loan2.OUT, 2)
    assert step.effects[0] == Moved("t", 4, "LENT", "OUT")


def test_a_state_that_keeps_its_name_is_not_told_of():
    log = Log()
    log.say(Wanted, FRI)
    assert kinds(over(log).effects) == ()
    assert log.case.state is Loan2.WANTED


def test_what_is_kept_is_due_when_it_was():
    log = lent()
    before = log.deadline("give_back")
    over(log)
    assert log.deadline("give_back") == before
    assert log.deadline("give_back").due_at == BACK


def test_a_dropped_duty_is_in_the_ledger_with_its_reason():
    log = lent()
    step = over(log)
    (ended,) = [effect for effect in step.effects if isinstance(effect, DeadlineSettled)]
    assert (ended.clock, ended.how, ended.why, ended.at) == ("call", How.DROPPED, "nobody calls any longer", MON)
    assert log.ended("call").by == BOSS


def test_whoever_was_told_of_a_dropped_duty_hears_that_it_stands_no_longer():
    log = lent()
    log.look(FRI + 9 * DAY)  # the first call was due after a week
    step = over(log, at=FRI + 9 * DAY)
    assert [effect.clock for effect in step.effects if isinstance(effect, StoodDown)] == ["call"]


def test_a_new_clock_begins_and_counts_from_the_migration():
    log = moved()
    assert log.deadline("look_over").started_at == MON
    assert log.deadline("look_over").due_at == midnight(2024, 7, 17)


def test_a_duty_may_be_dated_anew():
    """It is the same duty in the same round; what was told of its old moment is taken back."""
    log = lent()
    log.look(BACK)
    step = over(log, evolve(PLAN, duties={**PLAN.duties, "give_back": Restart()}), at=BACK + HOUR)
    (anew,) = [one for one in step.effects if isinstance(one, DeadlineSet) and one.clock == "give_back"]
    assert (anew.previous, anew.due_at) == (BACK, midnight(2024, 8, 11))
    assert "give_back" in [effect.clock for effect in step.effects if isinstance(effect, StoodDown)]
    assert [one.round for one in log.case.deadlines if one.clock == "give_back"] == [1]


def test_a_pause_goes_on_and_what_it_holds_moves_when_it_is_resumed():
    log = lent()
    log.say(Paused, FRI + DAY, reason="away", resume_by=FRI + 15 * DAY)
    over(log)
    assert [one[0] for one in log.case.world.held] == ["give_back"]
    log.say(Resumed, FRI + 6 * DAY)
    assert log.deadline("give_back").due_at == BACK + 5 * DAY


def test_what_is_held_may_still_be_paused_or_is_resumed_before():
    """Else nobody could resume it, and it would be held for ever."""
    log = lent()
    log.say(Paused, FRI + DAY, reason="away", resume_by=FRI + 15 * DAY)
    firm = evolve(
        LOANS_2, clocks=tuple(evolve(one, pausable=False) if one.name == "give_back" else one for one in LOANS_2.clocks)
    )
    with pytest.raises(Refused, match="'give_back', which a pause holds, may still be paused"):
        over(log, rules=evolve(RULES_2, workflow=firm))
    log.say(Resumed, FRI + 2 * DAY)
    over(log, rules=evolve(RULES_2, workflow=firm))
    assert log.deadline("give_back").due_at == BACK + DAY


def test_whoever_must_resume_what_is_held_goes_on_owing_that():
    log = lent()
    log.say(Paused, FRI + DAY, reason="away", resume_by=FRI + 15 * DAY)
    with pytest.raises(Refused, match="'give_back' is held, so 'resume_by' goes on"):
        over(log, evolve(PLAN, duties={**PLAN.duties, "resume_by": Drop("nobody waits")}))


def test_what_an_acknowledgement_holds_is_held_under_the_other_version():
    holding = Limit("give_back", CalendarDays(14), evolve(STEPS, holds=Hours(48)), source=WHY, attempts=TWO_TRIES)
    log = lent(rules=rulebook(holding))
    log.look(BACK)
    log.say(Acknowledged, BACK + HOUR, clock="give_back")
    quiet = log.case.book.quiet
    over(log, at=BACK + 2 * HOUR)
    assert quiet
    assert log.case.book.quiet == quiet


def test_what_fell_due_by_the_migration_is_told_with_it():
    step = over(lent(), at=BACK)
    assert ("give_back", "deadline-missed") in [(one.clock, one.kind) for one in step.effects if hasattr(one, "clock")]


def test_nobody_acts_by_a_migration():
    """Whoever must look at a silent case must look when they had to."""
    log = lent()
    acted, wakes = log.case.world.acted, log.deadline("look_again").due_at
    over(log)
    assert log.case.world.acted == acted
    assert log.deadline("look_again").due_at == wakes


def test_under_another_span_somebody_must_look_again_at_another_moment():
    log = lent()
    sooner = rules_2(Limit("look_again", Hours(24), STEPS, source=WHY))
    step = over(log, rules=sooner)
    assert log.deadline("look_again").due_at == FRI + 26 * HOUR
    assert "look_again" in [effect.clock for effect in step.effects if effect.kind == "escalated"]


def test_whoever_was_told_to_look_under_another_ladder_hears_that_it_stands_no_longer():
    log = lent()
    log.look(FRI + 15 * DAY)
    later = rules_2(Limit("look_again", Hours(40 * 24), STEPS, source=WHY))
    step = over(log, rules=later, at=FRI + 15 * DAY)
    assert "look_again" in [effect.clock for effect in step.effects if isinstance(effect, StoodDown)]
    assert log.wakes < FRI + 40 * DAY


def test_an_ended_case_comes_over_ended():
    log = lent()
    log.say(Returned, FRI + DAY)
    log.say(LoopClosed, FRI + 2 * DAY)
    over(log)
    assert log.case.state is Loan2.CLOSED
    assert log.case.world.acted is None


def test_that_nothing_keeps_the_loop_open_any_longer_is_told():
    log = lent()
    plan = evolve(PLAN, duties={**PLAN.duties, "give_back": Drop("given away")}, begins=lambda state, facts: ())
    step = over(log, plan)
    assert step.effects[-1].kind == "ready-to-close"
    log.say(LoopClosed, MON + HOUR)
    assert log.case.state is Loan2.CLOSED


# --- what a plan may not do -----------------------------------------------------------------


def claims(plan: Plan, log: Log | None = None, **more: Any) -> tuple[str, ...]:
    log = log or lent()
    before = pickle.dumps(log.case)
    with pytest.raises(Refused) as refused:
        over(log, plan, **more)
    assert (refused.value.event, refused.value.case_id) == ("Migrated", "t")
    assert pickle.dumps(log.case) == before
    return refused.value.claims


def test_a_duty_whose_clock_is_gone_is_dropped_for_a_reason_or_the_plan_is_refused():
    wanting = ("'call', which is owed and no clock any longer, is dropped for a reason",)
    assert claims(evolve(PLAN, duties={})) == wanting
    assert claims(evolve(PLAN, duties={"call": Keep()})) == wanting
    assert claims(evolve(PLAN, duties={"call": Restart()})) == wanting
    assert claims(evolve(PLAN, duties={"call": Drop("")})) == ("'call' is dropped for a reason",)


def test_a_duty_that_the_practice_no_longer_wants_cannot_be_dated_anew():
    log = lent()
    log.say(Broke, FRI + DAY, about="grip")
    none = rules_2(Limit("mend", None, source=WHY))
    plan = evolve(PLAN, duties={**PLAN.duties, "mend": Restart()})
    assert claims(plan, log, rules=none) == ("the practice wants 'mend', which is to be dated anew",)


def test_a_state_without_a_name_is_refused():
    assert claims(evolve(PLAN, states={})) == ("the plan says what LENT is called now",)
    assert claims(evolve(PLAN, states={"LENT": "GONE"})) == ("the plan says what LENT is called now",)


def test_what_a_state_waits_for_is_owed_or_was():
    plan = evolve(PLAN, states={"LENT": "WANTED"}, begins=lambda state, facts: ())
    log = Log()
    log.say(Lent, FRI)  # over the counter: nobody ever owed the lending
    assert claims(plan, log) == ("'lend', for which WANTED waits, is owed",)


def test_a_migration_neither_ends_a_case_nor_opens_it_again():
    ended = claims(evolve(PLAN, states={"LENT": "CALLED_OFF"}))
    assert ended[0] == "it neither ends the case nor opens it again"
    log = lent()
    log.say(Returned, FRI + DAY)
    log.say(LoopClosed, FRI + 2 * DAY)
    assert claims(evolve(PLAN, states={"CLOSED": "OUT"}), log)[0] == ended[0]


def test_what_begins_is_a_clock_and_in_an_ended_case_one_that_goes_on_there():
    plan = evolve(PLAN, begins=lambda state, facts: (("luck", ""),))
    assert claims(plan) == ("'luck', which is to begin, is a clock of the workflow",)
    log = lent()
    log.say(Returned, FRI + DAY)
    log.say(LoopClosed, FRI + 2 * DAY)
    plan = evolve(PLAN, begins=lambda state, facts: (("look_over", ""),))
    assert claims(plan, log) == ("'look_over', which is to begin, goes on in an ended case",)


def test_a_migration_is_behind_everything_that_was_taken():
    assert claims(PLAN, at=FRI) == ("it happens behind everything that the case has taken",)


def test_facts_of_another_class_are_refused():
    with pytest.raises(WrongRulebook, match="Facts2"):
        over(lent(), evolve(PLAN, facts=None))


def test_another_workflow_is_no_other_version():
    other = Rulebook(evolve(LOANS, name="other"), timing=table(), default_queue="q", staff=STAFF)
    with pytest.raises(WrongRulebook):
        migrate(other, lent().case, Plan(), at=MON, by=BOSS)


def test_where_the_policy_fails_nothing_is_brought_over():
    failing = Failing(table((*(row for row in ROWS if row.clock != "call"), OVER)), {"look_over"})
    with pytest.raises(NoLimit):
        over(lent(), rules=Rulebook(LOANS_2, timing=failing, default_queue="q", staff=STAFF))


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(NaiveMoment):
        over(lent(), at=NAIVE)


def test_a_case_runs_under_one_version_at_a_time():
    old = lent()
    with pytest.raises(WrongRulebook):
        advance(RULES_2, old.case, old.make(Noted, MON, text="x"))
    new = moved()
    with pytest.raises(WrongRulebook) as wrong:
        advance(RULES, new.case, new.make(Noted, MON + HOUR, text="x"))
    assert wrong.value == WrongRulebook("t", "loan 2", "loan 1")


def test_nobody_else_may_hand_a_migration_in():
    log = moved()
    event = Migrated(at=MON + DAY, by=DESK, key="m", came_from="1", state="LENT")
    with pytest.raises(Refused) as refused:
        log.take(event)
    assert refused.value.event == "Migrated"
    assert catch_up(RULES_2, log.case, [event], log.entries, at=MON + DAY).refused[0][0] == "m"


def test_a_migration_that_is_asked_for_twice_is_one():
    log = lent()
    same = migrate(RULES, log.case, Plan(), at=MON, by=BOSS, key="floor")
    again = migrate(RULES, same.case, Plan(), at=MON, by=BOSS, key="floor")
    if again.entry is not None:
        pytest.fail("it was taken twice")
    with pytest.raises(KeyReused):
        migrate(RULES, same.case, Plan(), at=MON + HOUR, by=BOSS, key="floor")


# --- what comes later, and what comes late --------------------------------------------------


def test_the_case_goes_on():
    log = moved()
    log.say(Thanked, MON + HOUR)
    log.say(Returned, MON + DAY)
    log.say(LoopClosed, MON + 2 * DAY)
    assert log.case.state is Loan2.CLOSED
    assert log.ended("look_over").how is How.MET
    assert log.ended("give_back").how is How.MET


def since(log: Log) -> list[Any]:
    """Return the entries from the migration on: all that a host has to keep."""
    return log.entries[next(n for n, one in enumerate(log.entries) if one.opening and one.opening.floor) :]


@pytest.mark.parametrize("kept", [since, lambda log: log.entries], ids=["the old history is gone", "it was kept"])
def test_late_news_since_then_is_put_in_its_place(kept):
    log = moved()
    log.say(Returned, MON + 2 * DAY)
    late = log.make(Broke, MON + DAY, recorded_at=MON + 3 * DAY, about="grip")
    step = advance(RULES_2, log.case, late, kept(log))
    assert [(one.clock, one.started_at) for one in step.case.deadlines if one.clock == "mend"] == [("mend", MON + DAY)]
    assert "unexpected" not in [one.clock for one in step.case.deadlines]


def test_news_from_before_counts_right_behind_the_migration_and_somebody_must_look():
    """A call on Saturday that the pair is broken was filed on Tuesday."""
    log = moved()
    log.say(Broke, FRI + DAY, recorded_at=MON + DAY, about="grip", key="late")
    assert log.deadline("mend", "grip").started_at == FRI + DAY
    assert ("unexpected", "late") in log.owed


def test_news_from_before_meets_what_was_kept():
    log = moved()
    log.say(Returned, FRI + DAY, recorded_at=MON + DAY, key="late")
    assert log.ended("give_back").how is How.MET
    assert ("unexpected", "late") in log.owed


def test_an_act_from_before_is_refused():
    log = moved()
    with pytest.raises(Refused) as refused:
        log.say(Mended, FRI + DAY, recorded_at=MON + DAY)
    assert refused.value.claims == ("it happened since the case came to this version",)


def test_what_takes_back_or_moves_what_lies_behind_is_unexpected():
    log = moved()
    world = log.case.world
    log.say(Retracted, MON + DAY, retracts="lent", key="gone")
    log.say(MomentCorrected, MON + DAY, corrects="checked", moment=FRI, key="moved")
    assert log.case.state is world.state
    assert {("unexpected", "gone"), ("unexpected", "moved")} <= {*log.owed}
    log.say(Retracted, MON + 2 * DAY, retracts="gone")
    assert ("unexpected", "gone") not in log.owed


def test_the_migration_itself_cannot_be_taken_back():
    log = moved()
    key = log.entries[-1].events[0].key
    log.say(Retracted, MON + DAY, retracts=key, key="gone")
    assert (log.case.version, log.case.state) == ("2", Loan2.OUT)
    assert ("unexpected", "gone") in log.owed


def test_an_act_that_is_moved_behind_the_migration_is_overtaken():
    log = moved()
    log.say(Thanked, MON + HOUR, key="look")
    log.say(MomentCorrected, MON + DAY, corrects="look", moment=FRI + DAY)
    assert ("overtaken", "look") in log.owed
    assert ("look_over", "") in log.owed


def test_what_was_named_before_and_comes_only_now_is_unexpected():
    """Nobody knows any longer whether it had been taken back or moved."""
    log = lent()
    log.say(Retracted, FRI + DAY, retracts="to-come")
    over(log)
    log.say(Broke, MON + DAY, key="to-come", about="grip")
    assert ("unexpected", "to-come") in log.owed
    other = lent()
    other.say(Retracted, FRI + DAY, retracts="to-come")
    over(other)
    with pytest.raises(Refused):
        other.say(Mended, MON + DAY, key="to-come")


def test_a_repeat_of_what_came_before_is_a_repeat():
    log = moved()
    old = log.entries[0].events[0]
    assert advance(RULES_2, log.case, evolve(old, recorded_at=MON + DAY)).entry is None
    with pytest.raises(KeyReused):
        advance(RULES_2, log.case, evolve(old, by=DESK))


def test_a_history_that_lacks_the_migration_is_refused():
    log = moved()
    log.say(Returned, MON + 2 * DAY)
    late = log.make(Broke, MON + DAY, recorded_at=MON + 3 * DAY, about="grip")
    for entries in (since(log)[1:], log.entries[:-2], since(log)[:1], [evolve(log.entries[0])]):
        with pytest.raises(HistoryIncomplete):
            advance(RULES_2, log.case, late, entries)


def test_a_backlog_is_caught_up_behind_the_migration():
    log = moved()
    events = [log.make(Thanked, MON + 2 * HOUR), log.make(Mended, FRI + DAY, key="old"), log.make(Returned, MON + HOUR)]
    caught = log.catch_up([evolve(event, recorded_at=MON + DAY) for event in events], MON + DAY)
    assert [key for key, _ in caught.refused] == ["old"]
    assert log.ended("look_over").how is How.MET


def test_an_ended_case_that_goes_on_again_does_not_miss_a_clock_that_is_gone():
    log = lent()
    log.say(Lost, FRI + DAY)
    log.say(LoopClosed, FRI + 2 * DAY)  # drops the weekly call
    over(log)
    log.say(Reopened, MON + DAY, by=DESK)
    assert log.case.state is Loan2.OUT
    assert ("call", "") not in log.owed


# --- replayed, written, twice ---------------------------------------------------------------


def test_a_case_is_replayed_from_its_migration_on():
    log = moved()
    log.say(Thanked, MON + HOUR)
    log.look(BACK)
    log.say(Broke, MON, recorded_at=BACK + HOUR, about="grip")
    steps = replay(LOANS_2, since(log))
    live = [step for step in log.steps if step.case.version == "2"]
    assert [step.case for step in steps] == [step.case for step in live]
    assert [step.effects for step in steps] == [step.effects for step in live]


def test_the_entry_holds_the_case_and_is_written_and_read():
    log = moved()
    log.say(Returned, MON + 2 * DAY)
    codec = Codec(LOANS_2)
    entries = [codec.load_entry(codec.dumps(entry)) for entry in since(log)]
    assert entries == since(log)
    case = codec.load_case(codec.dumps(log.case))
    assert case == log.case
    late = log.make(Broke, MON + DAY, recorded_at=MON + 3 * DAY, about="grip")
    assert advance(RULES_2, case, late, entries) == advance(RULES_2, log.case, late, log.entries)


def test_a_case_may_come_over_more_than_once():
    log = moved()
    log.say(Thanked, MON + HOUR)
    over(log, Plan(), at=MON + DAY)
    log.say(Returned, MON + 3 * DAY)
    log.say(Broke, MON + 2 * DAY, recorded_at=MON + 4 * DAY, about="grip")
    assert ("mend", "grip") in log.owed
    assert replay(LOANS_2, log.entries[-3:])[-1].case == log.case


def test_a_state_need_not_wait_for_what_death_ended_before_it_began():
    """The patient died before the pair was handed out, so nobody ever owed to give it back."""
    log = wanted()
    log.say(PatientDied, FRI)
    log.say(Checked, FRI + HOUR)
    log.say(Lent, FRI + 2 * HOUR)
    assert "give_back" not in [clock for clock, _ in log.owed]
    over(log, evolve(PLAN, facts=lambda facts: facts_2(facts).but(died=facts.died)))
    assert log.case.state is Loan2.OUT


def test_that_the_patient_died_is_carried_over():
    """Else somebody would be asked to ring them."""
    log = lent()
    log.say(PatientDied, FRI + DAY)
    with pytest.raises(Refused, match="keep whether the patient died or left"):
        over(log)


# --- to the same version: a floor and no more -----------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_a_floor_changes_nothing_that_comes_later(stage):
    """Folding again, and a replay from the floor, come to the case that went on on its snapshot."""

    @given(journeys(STAGES[stage]()))
    @settings(max_examples=max(10, settings().max_examples // 2), phases=[Phase.generate])
    def holds(journey: Journey) -> None:
        where = 1 + journey.seed % len(journey.calls)
        shots: list[Shot] = []
        for call in journey.calls[:where]:
            shots.append(shoot(journey.stage, shots, call))
        case, rules = shots[-1].case, journey.stage.rules
        now = latest(case)
        history = (*shots[-1].history, *([] if shots[-1].entry is None else [shots[-1].entry]))
        step = migrate(rules, case, Plan(), at=now, by=BOSS)
        assert step.case.world == case.world
        assert kinds(step.effects) == kinds(check(case, at=now).effects)
        floor = len(shots)
        shots.append(Shot(Look(now), case, history, step))
        for call in journey.calls[where:]:
            shots.append(shoot(journey.stage, shots, call))
        live = [shot for shot in shots[floor:] if shot.entry is not None]
        steps = replay(journey.stage.workflow, [shot.entry for shot in live])
        assert [one.case for one in steps] == [shot.case for shot in live]
        assert [one.effects for one in steps] == [shot.effects for shot in live]
        case = shots[-1].case
        entries = [shot.entry for shot in live]
        nothing = Retracted(at=case.recorded_at, by=FEED, key="(nothing)", retracts="(nobody)")
        assert advance(rules, case, nothing, entries).case.world == case.world
        assert advance(rules, case, nothing, [*history, *entries]).case.world == case.world

    holds()


def test_the_example_loses_nothing(capsys):
    from examples import migrating

    migrating.main()
    assert capsys.readouterr().out.splitlines() == [
        "1+cards WAITING -> 3 OPEN",
        "  m-1/moved/2",
        "  m-1/deadline-settled/card//1/2",
        "  m-1/deadline-set/read//1/2",
        "read        due Mon 06 Jul 21:00",
        "call_back   due Wed 08 Jul 00:00",
        "look_again  due Thu 09 Jul 15:00",
    ]

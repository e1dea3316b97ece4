"""
What a practice dates anew on purpose: another policy, holidays or agreement, for deadlines that stand.

The desk lends a pair on Friday the 12th; it is owed back after two weeks. From the second edition on it is one week.
"""

import pickle
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from tests.kit.small import (
    BOSS,
    DAY,
    FRI,
    HOUR,
    LOANS,
    NAIVE,
    OFFICE,
    RULES,
    STEPS,
    TWO_TRIES,
    WHY,
    Broke,
    Lent,
    Log,
    Lost,
    Returned,
    Urged,
    Wanted,
    failing,
    lent,
    midnight,
    rulebook,
    wanted,
)

from carecoord import (
    BusinessDays,
    CalendarDays,
    DeadlineSet,
    HistoryIncomplete,
    HistoryNeeded,
    Hours,
    How,
    KeyReused,
    Limit,
    MomentCorrected,
    NaiveMoment,
    NoLimit,
    Paused,
    Plan,
    Refused,
    Resumed,
    Retimed,
    Retracted,
    Step,
    StoodDown,
    Urgency,
    UrgencyChanged,
    WeekdayCalendar,
    Where,
    WrongRulebook,
    advance,
    explain,
    migrate,
    replay,
    retime,
)
from carecoord.codec import Codec

TWO_WEEKS, ONE_WEEK = midnight(2024, 7, 27), midnight(2024, 7, 20)
A_WEEK = Limit("give_back", CalendarDays(7), STEPS, source=WHY, attempts=TWO_TRIES)
SECOND = rulebook(A_WEEK, version="rows-2")
THIRD = rulebook(evolve(A_WEEK, allow=CalendarDays(10)), version="rows-3")


def anew(log: Log, rules: Any = SECOND, at: Any = FRI + DAY, **more: Any) -> Step[Any, Any]:
    return log._kept(retime(rules, log.case, log.entries, at=at, by=BOSS, **more))


def due(log: Log, clock: str = "give_back") -> Any:
    return log.deadline(clock).due_at


def paused(log: Log, at: Any, until: Any = None) -> None:
    log.say(Paused, at, reason="away", resume_by=at + 14 * DAY)
    if until is not None:
        log.say(Resumed, until)


# --- what moves -----------------------------------------------------------------------------


def test_a_new_policy_moves_nothing_until_somebody_says_so():
    log = lent()
    log.rules = SECOND
    log.say(Broke, FRI + DAY, about="grip")
    assert due(log) == TWO_WEEKS
    anew(log)
    assert due(log) == ONE_WEEK


def test_what_moves_says_so_with_what_was_told_before():
    log = lent()
    (moved,) = anew(log).effects
    assert isinstance(moved, DeadlineSet)
    assert (moved.clock, moved.previous, moved.due_at) == ("give_back", TWO_WEEKS, ONE_WEEK)
    assert next(duty.row for duty in explain(log.case, at=FRI) if duty.clock == "give_back") == "rows-2#give_back"


def test_it_counts_from_where_it_always_did():
    """Not from the retiming: the duty began on Friday."""
    log = lent()
    anew(log, at=FRI + 5 * DAY)
    assert due(log) == ONE_WEEK
    assert log.deadline("give_back").started_at == FRI + 2 * HOUR


def test_it_is_asked_about_with_the_facts_of_its_beginning():
    """That the case became urgent meanwhile is no part of the question."""
    log = wanted()
    log.say(Urged, FRI + HOUR, urgency=Urgency.URGENT)
    slow = rulebook(Limit("lend", BusinessDays(4), STEPS, source=WHY), version="rows-2")
    anew(log, slow)
    assert due(log, "lend") == midnight(2024, 7, 19)


def test_what_a_pause_moved_moves_by_the_pause_again():
    """Held for three days; it counts from where it always did, and by the same three days later."""
    log = lent()
    paused(log, FRI + DAY, FRI + 4 * DAY)
    assert due(log) == TWO_WEEKS + 3 * DAY
    anew(log, at=FRI + 5 * DAY)
    assert due(log) == ONE_WEEK + 3 * DAY


def test_what_is_held_is_dated_anew_and_moves_when_it_is_resumed():
    log = lent()
    paused(log, FRI + DAY)
    anew(log, at=FRI + 2 * DAY)
    assert (due(log), [one[0] for one in log.case.world.held]) == (ONE_WEEK, ["give_back"])
    log.say(Resumed, FRI + 4 * DAY)
    assert due(log) == ONE_WEEK + 3 * DAY


def test_a_pause_holds_what_is_dated_anew_as_if_it_had_had_these_dates_from_the_start():
    """Paused on the ninth day: too late for a duty of a week, in time for one of two, whichever stood then."""
    shorter, longer = lent(), lent(rules=SECOND)
    for log in (shorter, longer):
        paused(log, FRI + 9 * DAY)
    assert [bool(log.case.world.held) for log in (shorter, longer)] == [True, False]
    anew(shorter, at=FRI + 10 * DAY)
    anew(longer, rulebook(version="rows-0"), at=FRI + 10 * DAY)
    assert [due(log) for log in (shorter, longer)] == [ONE_WEEK, TWO_WEEKS]
    assert [bool(log.case.world.held) for log in (shorter, longer)] == [False, True]


def test_an_urgency_that_rose_meanwhile_counts_from_the_change_by_the_new_rows():
    """Due by the end of Tuesday; urgent on Friday evening, so within a day; the new rows say within twelve hours."""
    log = wanted()
    log.say(UrgencyChanged, FRI + 3 * HOUR, urgency=Urgency.URGENT)
    quick = Limit("lend", Hours(12), STEPS, source=WHY, when=Where(urgency=Urgency.URGENT))
    anew(log, rulebook(quick, Limit("lend", BusinessDays(4), STEPS, source=WHY), version="rows-2"), at=FRI + 4 * HOUR)
    assert due(log, "lend") == FRI + 15 * HOUR


def test_where_the_policy_fails_about_a_change_of_urgency_nothing_moves():
    log = wanted()
    log.say(UrgencyChanged, FRI + 3 * HOUR, urgency=Urgency.URGENT)
    before = log.case
    with pytest.raises(NoLimit):
        anew(log, failing("lend"), at=FRI + 4 * HOUR)
    assert log.case is before


def test_a_holiday_that_is_handed_in_later_moves_what_spans_it():
    log = wanted()
    holidays = {*OFFICE.holidays, date(2024, 7, 15)}
    closed = WeekdayCalendar(zone=OFFICE.zone, first=OFFICE.first, last=OFFICE.last, holidays=holidays, name="closed")
    anew(log, rulebook(calendar=closed, version="rows-1"))
    assert due(log, "lend") == midnight(2024, 7, 18)


def test_a_provisional_deadline_becomes_firm():
    log = Log(failing("lend"))
    log.open(log.make(Wanted, FRI))
    assert log.deadline("lend").schedule.provisional
    anew(log, RULES)
    assert not log.deadline("lend").schedule.provisional
    assert due(log, "lend") == midnight(2024, 7, 17)


def test_what_was_told_of_the_old_moment_is_taken_back_where_the_new_one_is_later():
    log = lent(rules=SECOND)
    log.look(ONE_WEEK)
    step = anew(log, RULES, at=ONE_WEEK + HOUR)
    assert [one.clock for one in step.effects if isinstance(one, StoodDown)] == ["give_back"]
    assert due(log) == TWO_WEEKS


def test_what_is_late_by_the_new_moment_is_told_at_once():
    log = lent()
    step = anew(log, at=ONE_WEEK + HOUR)
    assert ("give_back", "deadline-missed") in [(one.clock, one.kind) for one in step.effects]


def test_only_what_is_named_is_dated_anew():
    log = lent()
    weekly = Limit("call", CalendarDays(3), STEPS, source=WHY)
    other = rulebook(A_WEEK, weekly, version="rows-2")
    before = due(log, "call")
    step = anew(log, other, duties=[("give_back", "")])
    assert step.entry.events[0].duties == (("give_back", ""),)
    assert (due(log), due(log, "call")) == (ONE_WEEK, before)


def test_where_the_policy_says_the_same_nothing_is_kept():
    log = lent()
    step = anew(log, rulebook(version="rows-9"))
    assert (step.effects, step.entry, step.case.seq) == ((), None, 3)


def test_nobody_acts_by_it():
    log = lent()
    acted = log.case.world.acted
    anew(log)
    assert log.case.world.acted == acted


def test_a_duty_that_the_practice_no_longer_wants_stands_as_it_did():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    without = rulebook(Limit("mend", None, source=WHY), A_WEEK, version="rows-2")
    before = log.deadline("mend", "grip")
    anew(log, without)
    assert log.deadline("mend", "grip") == before
    assert due(log) == ONE_WEEK


# --- later folds ----------------------------------------------------------------------------


def test_a_later_fold_does_not_lose_it():
    log = lent()
    anew(log)
    log.say(Broke, FRI + 3 * HOUR, recorded_at=FRI + 2 * DAY, about="grip")
    assert due(log) == ONE_WEEK


def test_a_later_fold_does_not_lose_it_after_a_pause():
    log = lent()
    paused(log, FRI + DAY, FRI + 4 * DAY)
    anew(log, at=FRI + 5 * DAY)
    log.say(Broke, FRI + 4 * HOUR, recorded_at=FRI + 6 * DAY, about="grip")
    assert due(log) == ONE_WEEK + 3 * DAY
    assert replay(LOANS, log.entries)[-1].case == log.case


def test_what_happened_before_it_was_dated_anew_is_judged_by_the_old_moment():
    """The pair came back on the 22nd, in time by what held then; that is heard when a week is the rule."""
    log = lent()
    anew(log, at=FRI + 11 * DAY)
    log.say(Returned, FRI + 10 * DAY, recorded_at=FRI + 12 * DAY)
    assert log.ended("give_back").how is How.MET
    late = lent()
    anew(late)
    late.say(Returned, FRI + 10 * DAY)
    assert late.ended("give_back").how is How.MET_LATE


def test_taken_back_the_old_moments_hold_again_and_so_on():
    log = lent()
    key = anew(log).entry.events[0].key
    log.say(Retracted, FRI + 2 * DAY, retracts=key, key="back")
    assert due(log) == TWO_WEEKS
    log.say(Retracted, FRI + 3 * DAY, retracts="back")
    assert due(log) == ONE_WEEK


def test_the_second_holds_though_the_first_is_taken_back():
    log = lent()
    first = anew(log).entry.events[0].key
    anew(log, THIRD, at=FRI + 2 * DAY)
    assert due(log) == midnight(2024, 7, 23)
    log.say(Retracted, FRI + 3 * DAY, retracts=first)
    assert due(log) == midnight(2024, 7, 23)


def test_a_duty_that_turns_out_to_have_begun_at_another_moment_is_a_new_question():
    """It is asked of today's policy, as every new question is."""
    log = lent()
    anew(log)
    log.rules = THIRD
    log.say(MomentCorrected, FRI + 2 * DAY, corrects="lent", moment=FRI + 5 * HOUR)
    assert due(log) == midnight(2024, 7, 23)


def test_a_duty_that_began_again_under_another_key_at_the_same_moment_is_the_same_question():
    log = lent()
    anew(log)
    log.catch_up(
        [
            log.make(Retracted, FRI + 2 * DAY, retracts="lent"),
            log.make(Lent, FRI + 2 * HOUR, recorded_at=FRI + 2 * DAY, key="lent-again"),
        ],
        FRI + 2 * DAY,
    )
    assert due(log) == ONE_WEEK


def test_a_replay_needs_no_policy():
    log = lent()
    anew(log)
    log.say(Broke, FRI + 3 * HOUR, recorded_at=FRI + 2 * DAY, about="grip")
    steps = replay(LOANS, log.entries)
    assert [step.case for step in steps] == [step.case for step in log.steps]
    assert [step.effects for step in steps] == [step.effects for step in log.steps]


def test_what_was_dated_anew_is_written_and_read():
    log = lent()
    anew(log)
    codec = Codec(LOANS)
    entries = [codec.load_entry(codec.dumps(entry)) for entry in log.entries]
    assert entries == log.entries
    assert pickle.loads(pickle.dumps(entries)) == entries
    late = log.make(Broke, FRI + 3 * HOUR, recorded_at=FRI + 2 * DAY, about="grip")
    assert advance(RULES, log.case, late, entries) == advance(RULES, log.case, late, log.entries)


def test_behind_a_migration_it_is_dated_anew_like_before():
    log = lent()
    log._kept(migrate(RULES, log.case, Plan(), at=FRI + DAY, by=BOSS))
    log.say(Broke, FRI + 2 * DAY, about="grip")
    other = rulebook(A_WEEK, Limit("mend", BusinessDays(9), STEPS, source=WHY), version="rows-2")
    anew(log, other, at=FRI + 3 * DAY)
    assert due(log) == TWO_WEEKS  # nobody knows any longer what was asked
    assert log.deadline("mend", "grip").due_at == midnight(2024, 7, 26)


# --- what is refused ------------------------------------------------------------------------


def claims(log: Log, **more: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        anew(log, **more)
    assert refused.value.event == "Retimed"
    return refused.value.claims


def test_what_is_named_is_owed():
    assert claims(lent(), duties=[("mend", "grip")]) == ("'mend' is owed",)


def test_what_is_named_is_wanted():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    without = rulebook(Limit("mend", None, source=WHY), version="rows-2")
    assert claims(log, rules=without, duties=[("mend", "grip")]) == ("the practice wants 'mend'",)


def test_what_is_named_began_since_the_case_came_to_this_version():
    log = lent()
    log._kept(migrate(RULES, log.case, Plan(), at=FRI + DAY, by=BOSS))
    named = claims(log, at=FRI + 2 * DAY, duties=[("give_back", "")])
    assert named == ("'give_back' began since the case came to this version",)


def test_it_is_behind_everything_that_was_taken():
    assert claims(lent(), at=FRI) == ("it happens behind everything that the case has taken",)


def test_where_the_policy_fails_nothing_moves():
    with pytest.raises(NoLimit):
        anew(lent(), failing("give_back"))


def test_it_needs_the_whole_history():
    log = lent()
    with pytest.raises(HistoryNeeded):
        retime(SECOND, log.case, (), at=FRI + DAY, by=BOSS)
    with pytest.raises(HistoryIncomplete):
        retime(SECOND, log.case, log.entries[:-1], at=FRI + DAY, by=BOSS)


def test_it_is_for_the_version_of_the_case():
    other = evolve(LOANS, version="9")
    with pytest.raises(WrongRulebook):
        retime(evolve(RULES, workflow=other), lent().case, lent().entries, at=FRI + DAY, by=BOSS)


def test_a_moment_has_a_zone_and_a_key_is_used_once():
    with pytest.raises(NaiveMoment):
        anew(lent(), at=NAIVE)
    with pytest.raises(KeyReused):
        anew(lent(), key="lent")


def test_nobody_else_may_hand_one_in():
    log = lent()
    with pytest.raises(Refused):
        log.take(Retimed(at=FRI + DAY, by=BOSS, key="r", duties=(("give_back", ""),)))
    log.say(Lost, FRI + 2 * DAY)
    with pytest.raises(Refused):
        log.take(Retimed(at=FRI + DAY, recorded_at=FRI + 2 * DAY, by=BOSS, key="r", duties=(("give_back", ""),)))


def test_the_example_dates_anew_what_stands(capsys):
    from examples import retiming

    retiming.main()
    said = capsys.readouterr().out
    assert said.endswith("t-1/deadline-set/contact/v1/1/2\n")
    assert said.startswith("Thu 09 Jul 00:00, by our-rows-2026#contact\nWed 08 Jul 00:00, by our-rows-2026-b#contact\n")

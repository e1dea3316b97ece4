"""
Pauses: what they hold, how what they held goes on, and what is told of it.

The desk lends crutches; a part is mended within three business days (`mend`), a pair is back within fourteen days
(`give_back`), thanks are due after 48 hours (`thank`). The weekly call of the patient (`call`) cannot be paused.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from tests.kit.small import (
    BOISE,
    BOSS,
    CLOCKS,
    DAY,
    FRI,
    HOUR,
    LOANS,
    STAFF,
    STEPS,
    WHY,
    Broke,
    Called,
    Lent,
    Log,
    Mended,
    Returned,
    Thanked,
    Wanted,
    kinds,
    lent,
    midnight,
    rulebook,
    table,
)

from carecoord import (
    AlarmUndelivered,
    BusinessDays,
    CalendarDays,
    DeadlineHeld,
    DeadlineMissed,
    DeadlineSet,
    DeadlineSettled,
    Escalated,
    Hours,
    How,
    Ladder,
    Limit,
    LoopClosed,
    MomentCorrected,
    NoLimit,
    PatientDied,
    Paused,
    Refused,
    Reopened,
    Resumed,
    Retracted,
    Role,
    Rulebook,
    Rung,
    StoodDown,
    Until,
    Waived,
    check,
    expects,
    explain,
    next_check,
    replay,
    stair,
    stands,
    to_columns,
    worklist,
)
from carecoord.describe import in_words

MON = FRI + 3 * DAY  # a Monday afternoon
WED = FRI + 5 * DAY
A_WEEK = FRI + 10 * DAY  # the Monday after the next weekend


def broken(**more: Any) -> Log:
    """A pair was lent on Friday, and its grip broke that evening: to be mended by Wednesday, the 17th."""
    log = lent(**more)
    log.say(Broke, FRI + 4 * HOUR, about="grip")
    return log


def pause(log: Log, at: datetime, **more: Any) -> Any:
    return log.say(Paused, at, **{"reason": "away", "resume_by": at + 14 * DAY, **more})


def test_the_deadlines_of_the_example_fall_where_a_wall_calendar_says():
    log = broken()
    assert log.deadline("mend", "grip").due_at == midnight(2024, 7, 18)  # Monday, Tuesday, Wednesday
    assert log.deadline("give_back").due_at == midnight(2024, 7, 27)  # the fourteenth day is Friday, the 26th


# --- what is held, and what is said of it ----------------------------------------------------


def test_a_pause_holds_what_may_be_paused_and_nothing_else():
    log = broken()
    step = pause(log, MON)
    assert {one[0] for one in log.case.world.held} == {"mend", "give_back"}
    held = [effect for effect in step.effects if isinstance(effect, DeadlineHeld)]
    due = midnight(2024, 7, 18)
    assert DeadlineHeld("t", "mend", "grip", 1, 5, due, MON.astimezone(UTC), None, due) in held
    assert kinds(step.effects) == ("deadline-held", "deadline-held", "deadline-set")  # the last is `resume_by`


def test_a_pause_of_one_clock_holds_that_clock_alone():
    log = broken()
    pause(log, MON, clock="mend")
    assert [one[0] for one in log.case.world.held] == ["mend"]


def test_while_it_is_held_neither_a_miss_nor_a_rung_is_told():
    log = broken()
    pause(log, MON, resume_by=FRI + 60 * DAY)
    told = [effect for effect in log.look(FRI + 59 * DAY).effects if effect.clock in ("mend", "give_back")]
    assert told == []


def test_the_clock_that_cannot_be_paused_rings_all_the_while():
    log = broken()
    pause(log, MON)
    assert DeadlineMissed in {type(effect) for effect in log.look(FRI + 9 * DAY).effects if effect.clock == "call"}


def test_a_reminder_of_what_is_held_waits_as_well():
    log = broken(rules=rulebook(Limit("mend", BusinessDays(3), stair(Hours(12), every=Hours(24)), source=WHY)))
    pause(log, MON)
    assert not [one for one in log.look(WED).effects if getattr(one, "clock", "") == "mend"]


def test_the_next_check_is_that_of_what_is_not_held():
    log = broken()
    pause(log, MON, resume_by=MON + DAY)
    assert next_check(log.case) == MON + DAY


def test_what_has_passed_before_the_pause_cannot_be_paused():
    """The grip was due by the end of Wednesday; on Thursday the case is paused, and the grip stays late."""
    log = broken()
    log.look(midnight(2024, 7, 18))
    step = pause(log, FRI + 6 * DAY)
    assert ("mend", "grip", 1) not in log.case.world.held
    assert not [effect for effect in step.effects if isinstance(effect, StoodDown)]
    assert DeadlineMissed not in map(type, step.effects)


def test_what_is_due_at_the_very_moment_of_the_pause_has_passed():
    log = broken()
    pause(log, midnight(2024, 7, 18))
    assert [one[0] for one in log.case.world.held] == ["give_back"]


def test_what_begins_during_a_pause_is_held_from_its_beginning():
    log = lent()
    pause(log, MON)
    step = log.say(Broke, WED, about="tip")
    assert log.case.world.held["mend", "tip", 1] == WED
    assert kinds(step.effects) == ("deadline-held",)
    log.say(Resumed, WED + 2 * DAY)  # Friday, the 19th; Monday, Tuesday, Wednesday and two more
    assert log.deadline("mend", "tip").due_at == midnight(2024, 7, 25)


def test_a_moment_by_which_somebody_needs_it_is_not_held():
    """To pause does not make anybody need it later."""
    log = Log(rulebook())
    log.say(Wanted, FRI, needed_by=FRI + 4 * DAY)
    pause(log, FRI + HOUR)
    assert log.case.world.held == {}
    assert DeadlineMissed in map(type, log.look(FRI + 4 * DAY).effects)


# --- how it goes on --------------------------------------------------------------------------


def test_a_day_deadline_moves_by_the_midnights_that_the_pause_covered():
    """From Monday 15:00 to Wednesday 15:00 two midnights passed, so Friday, the 26th, becomes Sunday, the 28th."""
    log = broken()
    pause(log, MON)
    step = log.say(Resumed, WED)
    assert log.deadline("give_back").due_at == midnight(2024, 7, 29)
    was = midnight(2024, 7, 27)
    assert DeadlineSet("t", "give_back", "", 1, 6, midnight(2024, 7, 29), None, was) in step.effects


def test_a_business_day_deadline_moves_by_the_working_days_that_the_pause_covered():
    """Paused on Monday, resumed on the Monday after: five working days, and two weekends are none."""
    log = broken()
    pause(log, MON)
    log.say(Resumed, A_WEEK)
    assert log.deadline("mend", "grip").due_at == midnight(2024, 7, 25)


def test_a_weekend_gives_a_business_day_deadline_one_day_only():
    """From Friday evening to Monday morning only Friday's midnight ends a working day."""
    log = broken()
    pause(log, FRI + 5 * HOUR)
    log.say(Resumed, FRI + 2 * DAY + 18 * HOUR)
    assert log.deadline("mend", "grip").due_at == midnight(2024, 7, 19)


def test_a_holiday_in_a_pause_is_no_working_day():
    """Thursday, the 4th of July, is a day off: from Wednesday to Friday only Wednesday counts."""
    log = Log()
    wednesday = datetime(2024, 7, 3, 15, tzinfo=BOISE)
    log.say(Lent, wednesday)
    log.say(Broke, wednesday + 2 * HOUR, about="grip")
    assert log.deadline("mend", "grip").due_at == midnight(2024, 7, 10)  # Friday, Monday, Tuesday
    pause(log, wednesday + 3 * HOUR)
    log.say(Resumed, wednesday + 2 * DAY)
    assert log.deadline("mend", "grip").due_at == midnight(2024, 7, 11)


def test_an_elapsed_deadline_moves_by_the_paused_time_to_the_second():
    log = lent()
    log.say(Returned, FRI + 4 * HOUR)
    assert log.deadline("thank").due_at == FRI + 52 * HOUR
    pause(log, FRI + 5 * HOUR)
    log.say(Resumed, FRI + 5 * HOUR + timedelta(hours=30, seconds=7))
    assert log.deadline("thank").due_at == FRI + timedelta(hours=82, seconds=7)


def test_over_a_clock_change_elapsed_time_is_elapsed_and_a_midnight_stays_a_midnight():
    """The autumn of 2024 repeats an hour on Sunday, the 3rd of November: two days then have 49 hours."""
    saturday, monday = datetime(2024, 11, 2, 15, tzinfo=BOISE), datetime(2024, 11, 4, 15, tzinfo=BOISE)
    log = Log()
    log.say(Lent, saturday - DAY)
    log.say(Returned, saturday - HOUR)
    pause(log, saturday)
    log.say(Resumed, monday)
    assert log.deadline("thank").due_at == (saturday - HOUR).astimezone(UTC) + timedelta(hours=48 + 49)


def test_days_are_those_of_the_zone_in_which_the_duty_counts_them():
    """A grip that broke in Berlin is due at a midnight of Berlin, and still is after a pause."""
    log = lent()
    log.say(Broke, FRI + 4 * HOUR, about="grip", zone="Europe/Berlin")  # Saturday, 01:00 there
    berlin = datetime(2024, 7, 17, 22, tzinfo=UTC)  # the midnight that ends Wednesday there
    assert log.deadline("mend", "grip").due_at == berlin
    pause(log, MON)
    log.say(Resumed, WED)
    assert log.deadline("mend", "grip").due_at == berlin + 2 * DAY


def test_a_pause_within_a_day_moves_no_day_deadline_and_says_that_it_is_over():
    log = broken()
    pause(log, MON)
    step = log.say(Resumed, MON + HOUR)
    due = midnight(2024, 7, 18)
    assert log.deadline("mend", "grip").due_at == due
    assert DeadlineSet("t", "mend", "grip", 1, 6, due, None, due) in step.effects


def test_rungs_are_dated_anew_by_the_ladder_of_the_row():
    """One business day after Friday is Monday, and one after Wednesday is Thursday."""
    steps = Ladder((Rung(), Rung(Role.SUPERVISOR, after=BusinessDays(1))), every=Hours(24))
    log = broken(rules=rulebook(Limit("mend", BusinessDays(3), steps, source=WHY)))
    assert log.deadline("mend", "grip").alarms[1][0] == midnight(2024, 7, 19)
    pause(log, MON)
    log.say(Resumed, WED)  # Friday, the 19th
    assert log.deadline("mend", "grip").due_at == midnight(2024, 7, 20)
    assert log.deadline("mend", "grip").alarms[1][0] == midnight(2024, 7, 23)


def test_beyond_the_horizon_of_the_calendar_what_moves_is_provisional():
    log = broken()
    pause(log, MON, resume_by=FRI + 900 * DAY)
    log.say(Resumed, datetime(2026, 2, 2, 15, tzinfo=BOISE))
    assert log.deadline("mend", "grip").schedule.provisional
    assert not log.deadline("give_back").schedule.provisional


# --- several pauses --------------------------------------------------------------------------


def test_overlapping_pauses_count_once():
    """Monday to Wednesday and Tuesday to Thursday are three midnights, not four."""
    log = broken()
    pause(log, MON, about="trip")
    pause(log, MON + DAY, about="ward")
    log.say(Resumed, WED, about="trip")
    assert set(log.case.world.held.values()) == {WED}
    log.say(Resumed, WED + DAY, about="ward")
    assert log.case.world.held == {}
    assert log.deadline("give_back").due_at == midnight(2024, 7, 30)
    assert log.deadline("mend", "grip").due_at == midnight(2024, 7, 23)
    assert log.case.time_paused(at=A_WEEK) == 3 * DAY


def test_to_resume_without_a_name_ends_every_pause():
    log = broken()
    pause(log, MON, about="trip")
    pause(log, MON + DAY, about="ward")
    log.say(Resumed, WED + DAY)
    assert log.case.world.held == {}
    assert log.deadline("give_back").due_at == midnight(2024, 7, 30)
    assert [one for one, _ in log.owed if one == "resume_by"] == []


def test_pauses_one_after_the_other_add_up():
    log = broken()
    pause(log, MON)
    log.say(Resumed, MON + DAY)
    pause(log, WED)
    log.say(Resumed, WED + DAY)
    assert log.deadline("give_back").due_at == midnight(2024, 7, 29)
    assert log.case.time_paused(at=A_WEEK) == 2 * DAY
    assert log.case.time_paused(at=WED) == DAY


# --- what is done meanwhile ------------------------------------------------------------------


def test_what_is_done_while_it_is_held_is_done_in_time():
    """Wednesday, when it was due, is long past; but the desk was not asked to hurry."""
    log = broken()
    pause(log, MON)
    step = log.say(Mended, WED + DAY, about="grip")
    assert log.ended("mend", "grip").how is How.MET
    assert kinds(step.effects) == ("deadline-settled",)
    log.say(Resumed, A_WEEK + DAY)
    assert log.ended("mend", "grip").due_at == midnight(2024, 7, 18)


def test_what_is_held_still_keeps_the_loop_open():
    log = lent()
    pause(log, MON)
    with pytest.raises(Refused) as refused:
        log.say(LoopClosed, WED)
    assert refused.value.claims == ("'give_back' is settled",)


def test_an_end_ends_the_pause_as_well_and_nobody_has_to_resume():
    log = lent()
    pause(log, MON)
    log.say(Waived, MON + HOUR, clock="give_back", reason="ours now", by=BOSS)
    log.say(LoopClosed, MON + 2 * HOUR)
    assert log.case.time_paused(at=A_WEEK) == 2 * HOUR
    log.say(Reopened, WED)
    assert "resume_by" not in {clock for clock, _ in log.owed}
    assert log.case.world.held == {}


# --- what pauses itself ----------------------------------------------------------------------


def test_until_when_is_a_deadline_of_its_own():
    log = broken()
    pause(log, MON, about="trip", resume_by=WED)
    assert (log.deadline("resume_by", "trip").due_at, log.wakes) == (WED, WED)
    step = log.look(WED)
    assert [type(effect) for effect in step.effects] == [DeadlineMissed, Escalated]


def test_a_pause_that_outlasts_its_resume_by_goes_on_until_somebody_resumes():
    """Time decides nothing: it rings daily until somebody does, and what was held has waited all the while."""
    log = broken()
    pause(log, MON, resume_by=WED)
    told = log.look(A_WEEK).effects
    assert {effect.clock for effect in told} == {"resume_by", "call"}
    assert {one[0] for one in log.case.world.held} == {"mend", "give_back"}
    log.say(Resumed, A_WEEK)
    assert log.ended("resume_by").how is How.MET_LATE
    assert log.deadline("give_back").due_at == midnight(2024, 8, 3)


def test_a_pause_is_refused_where_it_says_no_later_moment_or_names_a_clock_that_must_not_wait():
    log = broken()
    with pytest.raises(Refused) as refused:
        pause(log, MON, resume_by=MON, clock="call")
    assert refused.value.claims == ("it is to be resumed after it was paused", "'call' may be paused")


def test_a_second_pause_needs_a_name_of_its_own():
    log = broken()
    pause(log, MON)
    with pytest.raises(Refused) as refused:
        pause(log, MON + DAY)
    assert "it is not paused already" in refused.value.claims[0]
    pause(log, MON + DAY, about="ward")


def test_nothing_is_resumed_that_is_not_paused():
    log = broken()
    assert expects(LOANS, log.case, log.make(Resumed, MON))[0].claims == ("it is paused",)
    with pytest.raises(Refused):
        log.say(Resumed, MON)


def test_where_no_duty_may_wait_nothing_is_paused():
    flow = evolve(LOANS, clocks=tuple(evolve(clock, pausable=False) for clock in CLOCKS))
    log = broken(rules=Rulebook(flow, timing=table(), default_queue="front-desk", staff=frozenset(Role)))
    with pytest.raises(Refused):
        pause(log, MON)


def test_an_ended_case_is_not_paused():
    log = lent()
    log.say(Returned, MON)
    log.say(LoopClosed, MON + HOUR)
    with pytest.raises(Refused):
        pause(log, MON + 2 * HOUR)


def test_death_drops_what_it_drops_although_it_is_held():
    log = broken()
    pause(log, MON)
    log.say(PatientDied, WED)
    assert log.ended("give_back").how is How.DROPPED
    assert ("mend", "grip", 1) in log.case.world.held


# --- heard late, and taken back --------------------------------------------------------------


def test_a_pause_that_is_heard_late_takes_back_what_was_told_meanwhile():
    log = broken()
    log.look(FRI + 7 * DAY)  # the grip is missed, keeper and supervisor were told
    step = pause(log, MON, recorded_at=FRI + 7 * DAY)
    down = [effect for effect in step.effects if isinstance(effect, StoodDown)]
    assert down == [StoodDown("t", "mend", "grip", 1, 5, (Role.COORDINATOR, Role.SUPERVISOR))]
    assert ("mend", "grip", 1) in log.case.world.held


def test_pause_and_resume_heard_late_and_in_any_order_end_where_they_would_have_in_time():
    early, late = broken(), broken()
    events = (
        early.make(Paused, MON, reason="away", resume_by=A_WEEK),
        early.make(Resumed, WED),
        early.make(Called, WED + DAY),
    )
    for event in events:
        early.take(event)
    for event in (events[2], events[0], events[1]):
        late.take(evolve(event, recorded_at=A_WEEK))
    assert late.case.world.duties == early.case.world.duties
    assert late.case.world.pauses == early.case.world.pauses


def test_a_pause_that_never_was_held_nothing_and_what_fell_due_is_told():
    log = broken()
    pause(log, MON, key="p")
    log.look(FRI + 6 * DAY)
    step = log.say(Retracted, FRI + 6 * DAY, retracts="p")
    assert log.case.world.held == {}
    due = midnight(2024, 7, 18)
    assert DeadlineSet("t", "mend", "grip", 1, 6, due, None, due) in step.effects
    assert DeadlineMissed("t", "mend", "grip", 1, 6, due) in step.effects


def test_a_resumption_that_never_was_puts_back_what_it_moved():
    log = broken()
    pause(log, MON)
    log.say(Resumed, WED, key="r")
    log.say(Retracted, WED + HOUR, retracts="r")
    assert log.case.world.held["mend", "grip", 1] == MON
    assert log.deadline("mend", "grip").due_at == midnight(2024, 7, 18)
    assert log.deadline("resume_by").due_at == MON + 14 * DAY


def test_a_corrected_resumption_moves_what_it_had_moved_anew():
    log = broken()
    pause(log, MON)
    log.say(Resumed, WED, key="r")
    log.say(MomentCorrected, WED + 2 * DAY, corrects="r", moment=WED + DAY)
    assert log.deadline("give_back").due_at == midnight(2024, 7, 30)


def test_news_from_within_the_pause_meets_what_was_held_in_time():
    log = broken()
    pause(log, MON)
    log.say(Resumed, A_WEEK)
    log.say(Mended, WED + DAY, recorded_at=A_WEEK + DAY, about="grip")
    assert log.ended("mend", "grip").how is How.MET


def test_another_calendar_later_moves_nothing_that_was_moved_and_a_replay_asks_nobody():
    log = broken()
    pause(log, MON)
    log.say(Resumed, WED)
    log.rules = rulebook(Limit("mend", Hours(1), STEPS, source=WHY), version="rows-2")
    log.say(Called, MON + HOUR, recorded_at=A_WEEK)
    assert log.deadline("mend", "grip").due_at == midnight(2024, 7, 20)
    assert replay(LOANS, log.entries)[-1].case == log.case


# --- a policy that fails ---------------------------------------------------------------------


class Fickle:
    """A policy that has no rows any longer once it `fails`."""

    fails = False

    def __init__(self) -> None:
        self.of = table()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.of, name)

    def rows(self, clock: str) -> Any:
        if self.fails and clock == "mend":
            raise LookupError(clock)
        return self.of.rows(clock)


def fickle() -> Log:
    """The pair whose grip broke, paused on Monday under a policy that then may fail."""
    log = broken(rules=Rulebook(LOANS, timing=Fickle(), default_queue="front-desk", staff=STAFF))
    pause(log, MON)
    return log


def test_whoever_resumes_under_a_policy_that_fails_is_refused_and_nothing_has_changed():
    log = fickle()
    before, log.rules.timing.fails = log.case, True
    with pytest.raises(NoLimit):
        log.say(Resumed, WED)
    assert log.case is before


def test_where_resuming_is_folded_anew_under_a_failing_policy_it_moves_by_the_time_and_is_provisional():
    log = fickle()
    log.say(Resumed, WED, key="r")
    log.rules.timing.fails = True
    log.say(MomentCorrected, WED + 2 * DAY, corrects="r", moment=WED + DAY)
    mend = log.deadline("mend", "grip")
    assert (mend.due_at, mend.schedule.provisional) == (midnight(2024, 7, 18) + 3 * DAY, True)


def test_where_the_policy_no_longer_has_the_row_the_rungs_keep_their_distances():
    steps = Ladder((Rung(), Rung(Role.SUPERVISOR, after=BusinessDays(1))), every=Hours(24))
    log = broken(rules=rulebook(Limit("mend", BusinessDays(3), steps, source=WHY)))
    pause(log, MON)
    log.rules = rulebook(Limit("mend", Hours(1), steps, source=WHY), version="rows-2")
    log.say(Resumed, WED)  # Friday, the 19th; after a weekend the supervisor would have been told on Monday
    mend = log.deadline("mend", "grip")
    assert [at for at, _ in mend.alarms] == [midnight(2024, 7, 20), midnight(2024, 7, 21)]


def test_where_the_policy_no_longer_has_the_row_and_its_calendar_ends_what_moves_is_provisional():
    log = broken()
    pause(log, MON, resume_by=FRI + 900 * DAY)
    log.rules = rulebook(Limit("mend", Hours(1), STEPS, source=WHY), version="rows-2")
    log.say(Resumed, datetime(2026, 2, 2, 15, tzinfo=BOISE))
    assert log.deadline("mend", "grip").schedule.provisional


# --- what is shown ---------------------------------------------------------------------------


def test_a_held_duty_is_explained_as_held_and_never_as_late():
    log = broken()
    pause(log, MON)
    duty = next(one for one in explain(log.case, at=A_WEEK) if one.clock == "mend")
    assert (duty.held_since, duty.missed, duty.overdue_by) == (MON, False, timedelta(0))
    assert (duty.due_at, duty.next_at) == (midnight(2024, 7, 18), None)


def test_in_a_worklist_what_is_held_stands_last():
    log = broken()
    pause(log, MON)
    clocks = [work.duty.clock for work in worklist([log.case], at=A_WEEK)]
    assert clocks == ["call", "resume_by", "mend", "give_back"]


def test_the_columns_leave_out_what_is_held():
    log = broken()
    pause(log, MON)
    assert to_columns([log.case])["earliest_due"] == [log.deadline("call").due_at]


def test_what_was_set_before_it_was_held_no_longer_stands_and_what_holds_it_does():
    log = broken()
    was = next(effect for effect in log.steps[-1].effects if isinstance(effect, DeadlineSet))
    held = next(effect for effect in pause(log, MON).effects if isinstance(effect, DeadlineHeld))
    assert not stands(log.case, was)
    assert stands(log.case, held)
    log.say(Resumed, WED)
    assert not stands(log.case, held)


def test_an_alarm_about_what_is_held_that_reached_nobody_rings_nobody_else():
    log = broken(rules=rulebook(Limit("mend", BusinessDays(3), stair(Hours(12), every=Hours(24)), source=WHY)))
    log.look(midnight(2024, 7, 17) + 13 * HOUR)  # the reminder, twelve hours before
    pause(log, FRI + 5 * DAY, recorded_at=FRI + 5 * DAY)
    step = log.say(AlarmUndelivered, FRI + 5 * DAY + HOUR, clock="mend", about="grip", rung=0)
    assert step.effects == ()


def test_a_case_in_words_says_what_is_held_and_for_how_long_it_was_paused():
    log = broken()
    pause(log, MON)
    words = in_words(log.case, at=WED)
    assert "It is paused since Monday 2024-07-15 15:00: lend, give_back, mend, thank." in words
    assert "It has been paused for 2 days in all." in words
    assert "'mend' (grip) is held since Monday 2024-07-15 15:00." in words


def test_a_look_at_a_held_case_needs_no_rulebook_and_is_the_same_whenever_it_comes():
    log = broken()
    pause(log, MON)
    assert check(check(log.case, at=WED).case, at=A_WEEK).case == check(log.case, at=A_WEEK).case


def test_settled_by_the_one_who_resumes_is_said_once_for_each_deadline():
    log = broken()
    pause(log, MON)
    step = log.say(Resumed, WED)
    spoken = [(one.clock, one.item) for one in step.effects if isinstance(one, DeadlineSet | DeadlineSettled)]
    assert len(spoken) == len(set(spoken)) == 3


def test_thanks_that_are_held_count_from_when_they_were_heard_all_the_same():
    log = lent()
    pause(log, FRI + 3 * HOUR)
    log.say(Returned, FRI + 4 * HOUR, recorded_at=FRI + 5 * HOUR)
    log.say(Resumed, FRI + 6 * HOUR)
    assert log.deadline("thank").due_at == FRI + (5 + 48 + 2) * HOUR
    log.say(Thanked, FRI + 7 * HOUR)
    assert log.ended("thank").how is How.MET


# --- the rows of a practice ------------------------------------------------------------------


@pytest.mark.parametrize("allow", [Hours(1), CalendarDays(30), Until("needed_by")], ids=str)
def test_whoever_pauses_says_until_when_and_no_row_says_it_instead(allow):
    with pytest.raises(Exception, match="whoever pauses says until when"):
        rulebook(Limit("resume_by", allow, STEPS, source=WHY))


def test_what_is_held_must_not_be_forgotten():
    with pytest.raises(Exception, match="the last rung of 'resume_by' must repeat"):
        rulebook(Limit("resume_by", Until("resume_by"), Ladder((Rung(),)), source=WHY))


def test_what_began_again_is_dated_by_when_it_began_also_after_the_first_is_found_to_run_still():
    """Both fall due on Wednesday; only what began on Saturday leaves time for a reminder."""
    reminds = Ladder((Rung(before=CalendarDays(1)), Rung()), every=Hours(24))
    log = lent(rules=rulebook(Limit("mend", BusinessDays(3), reminds, source=WHY)))
    log.say(Broke, FRI + 15 * HOUR, about="tip")
    log.say(Mended, FRI + 24 * HOUR, about="tip", key="mended")
    log.say(Broke, FRI + 40 * HOUR, about="tip")
    log.say(Paused, FRI + 3 * DAY, reason="away", resume_by=FRI + 9 * DAY)
    log.say(Resumed, FRI + 3 * DAY + HOUR)
    late = next(one for one in log.case.deadlines if one.clock == "mend")
    log.say(Retracted, FRI + 3 * DAY + HOUR, retracts="mended")
    early = next(one for one in log.case.deadlines if one.clock == "mend")
    assert (late.due_at, len(late.schedule.roles)) == (early.due_at, 1)
    assert len(early.schedule.roles) == 2

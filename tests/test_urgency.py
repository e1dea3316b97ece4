"""
Urgency that changes: what runs and depends on it is dated anew, and what stands never becomes later by a rise.

A pair is lent within two business days, or within 24 hours where it is urgent; on days of need, by that moment.
"""

from datetime import timedelta
from typing import Any

import pytest
from tests.kit.small import (
    DAY,
    FRI,
    HOUR,
    LOANS,
    STAFF,
    STEPS,
    TUE_ENDS,
    WHY,
    Broke,
    Checked,
    Lent,
    Log,
    Wanted,
    lent,
    midnight,
    rulebook,
    table,
    wanted,
)

from carecoord import (
    BusinessDays,
    CalendarDays,
    DeadlineMissed,
    DeadlineSet,
    Hours,
    How,
    Limit,
    MomentCorrected,
    NoLimit,
    Paused,
    Resumed,
    Retracted,
    Rulebook,
    StoodDown,
    Urgency,
    UrgencyChanged,
    Where,
    check,
    replay,
)

MON = FRI + 3 * DAY


def urgent(log: Log, at: Any, urgency: Urgency = Urgency.URGENT, **more: Any) -> Any:
    return log.say(UrgencyChanged, at, urgency=urgency, **more)


def test_on_a_rise_the_new_allowance_counts_from_the_change():
    """Due by the end of Tuesday; on Friday evening it becomes urgent, and that is 24 hours from then."""
    log = wanted()
    step = urgent(log, FRI + 3 * HOUR)
    assert log.deadline("lend").due_at == FRI + 27 * HOUR
    assert DeadlineSet("t", "lend", "", 1, 2, FRI + 27 * HOUR, None, TUE_ENDS) in step.effects
    assert log.case.facts.urgency is Urgency.URGENT


def test_a_rise_never_gives_more_time_than_stands():
    """On Tuesday noon 24 hours would lead into Wednesday; the end of Tuesday stands."""
    log = wanted()
    urgent(log, FRI + 4 * DAY - 3 * HOUR)
    assert log.deadline("lend").due_at == TUE_ENDS
    assert log.deadline("lend").schedule.row.endswith("[urgency is URGENT]")


def test_a_fall_gives_what_it_would_have_had_from_the_start():
    """Raised by mistake and taken back on Saturday: the end of Tuesday, and not two business days from Saturday."""
    log = wanted()
    urgent(log, FRI + 3 * HOUR)
    urgent(log, FRI + 20 * HOUR, Urgency.ROUTINE)
    assert log.deadline("lend").due_at == TUE_ENDS


def test_a_fall_never_takes_time_away():
    rows = (
        Limit("lend", CalendarDays(1), STEPS, source=WHY, when=Where(urgency=Urgency.ROUTINE)),
        Limit("lend", CalendarDays(3), STEPS, source=WHY),
    )
    log = Log(rulebook(*rows))
    log.say(Wanted, FRI)
    urgent(log, FRI + HOUR)
    assert log.deadline("lend").due_at == midnight(2024, 7, 14)
    urgent(log, FRI + 2 * HOUR, Urgency.ROUTINE)
    assert log.deadline("lend").due_at == midnight(2024, 7, 14)


def test_what_has_passed_stays_late_whatever_the_urgency_becomes():
    log = wanted()
    urgent(log, FRI + HOUR)
    log.look(FRI + 26 * HOUR)
    step = urgent(log, FRI + 26 * HOUR, Urgency.ROUTINE)
    assert (log.deadline("lend").due_at, step.effects) == (FRI + 25 * HOUR, ())


def test_what_does_not_depend_on_it_stays():
    log = wanted()
    log.say(Checked, FRI + HOUR)
    log.say(Lent, FRI + 2 * HOUR)
    before = log.case.world.duties
    step = urgent(log, FRI + 3 * HOUR, Urgency.STAT)
    assert (log.case.world.duties, step.effects) == (before, ())


def test_what_begins_later_begins_under_the_new_urgency():
    log = wanted()
    assert log.deadline("lend").due_at == TUE_ENDS
    late = wanted(at=FRI)
    urgent(late, FRI - HOUR, recorded_at=FRI + HOUR)
    assert late.deadline("lend").due_at == FRI + DAY


def test_a_rise_counts_days_in_the_zone_of_the_event():
    """23:30 of Saturday in Berlin is Saturday in Boise too, but the day ends eight hours earlier."""
    rows = (
        Limit("lend", CalendarDays(1), STEPS, source=WHY, when=Where(urgency=Urgency.URGENT)),
        Limit("lend", BusinessDays(5), STEPS, source=WHY),
    )
    log = wanted(rules=rulebook(*rows))
    urgent(log, FRI + 23 * HOUR, zone="Europe/Berlin")
    assert log.deadline("lend").due_at == midnight(2024, 7, 15) - 8 * HOUR


def test_heard_late_it_moves_what_it_would_have_moved_and_takes_back_what_was_told():
    log = wanted()
    log.look(FRI + 2 * DAY)
    step = urgent(log, FRI + HOUR, recorded_at=FRI + 2 * DAY)
    assert log.deadline("lend").due_at == FRI + 25 * HOUR
    assert DeadlineMissed in map(type, step.effects)
    log.say(Retracted, FRI + 2 * DAY, retracts=log.entries[-1].events[0].key)
    assert log.deadline("lend").due_at == TUE_ENDS
    assert StoodDown in map(type, log.steps[-1].effects)


def test_of_what_is_held_nothing_changes_until_it_is_resumed():
    """Held from Saturday to Monday, due then by the end of Wednesday; from Monday on urgent means 24 hours."""
    log = wanted()
    log.say(Paused, FRI + DAY, reason="away", resume_by=FRI + 9 * DAY)
    urgent(log, FRI + 2 * DAY)
    assert log.deadline("lend").due_at == TUE_ENDS
    log.say(Resumed, MON)
    assert log.deadline("lend").due_at == MON + DAY


def test_what_became_urgent_before_an_overlapping_pause_is_not_forgotten():
    log = wanted()
    log.say(Paused, FRI + DAY, about="trip", reason="away", resume_by=FRI + 9 * DAY)
    urgent(log, FRI + DAY + HOUR)
    log.say(Paused, FRI + 2 * DAY, about="ward", reason="away", resume_by=FRI + 9 * DAY)
    log.say(Resumed, FRI + 2 * DAY + HOUR, about="trip")
    log.say(Resumed, MON, about="ward")
    assert log.deadline("lend").due_at == MON + DAY


def test_urgent_and_back_while_it_is_held_is_as_if_nothing_had_been():
    log = wanted()
    log.say(Paused, FRI + DAY, reason="away", resume_by=FRI + 9 * DAY)
    urgent(log, FRI + DAY + HOUR)
    urgent(log, FRI + DAY + 2 * HOUR, Urgency.ROUTINE)
    log.say(Resumed, FRI + 2 * DAY)  # Saturday to Sunday: no working day
    assert log.deadline("lend").due_at == TUE_ENDS


def test_an_escalation_changes_neither_the_urgency_nor_the_owner():
    log = wanted()
    urgent(log, FRI + HOUR)
    after = check(log.case, at=FRI + 30 * DAY).case
    assert after.world == log.case.world


def test_another_policy_later_moves_nothing_and_a_replay_asks_nobody():
    log = wanted()
    urgent(log, FRI + HOUR)
    log.rules = rulebook(Limit("lend", Hours(1), STEPS, source=WHY), version="rows-2")
    log.say(Checked, FRI + HOUR / 2, recorded_at=FRI + 3 * HOUR)
    assert log.deadline("lend").due_at == FRI + 25 * HOUR
    assert replay(LOANS, log.entries)[-1].case == log.case


def test_met_in_time_is_met_by_the_moment_that_stands():
    log = wanted()
    log.say(Checked, FRI + HOUR)
    urgent(log, FRI + 2 * HOUR)
    log.say(Lent, FRI + 2 * HOUR + DAY + timedelta(seconds=1))
    assert log.ended("lend").how is How.MET_LATE


class Fickle:
    """A policy that fails for what is urgent once it `fails`."""

    fails = False

    def __init__(self) -> None:
        self.of = table()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.of, name)

    def limit(self, clock: str, facts: Any, at: Any) -> Limit:
        if self.fails and clock == "lend":
            raise LookupError(clock)
        return self.of.limit(clock, facts, at)


def test_under_a_policy_that_fails_a_rise_is_refused_and_folded_anew_it_gives_the_fail_safe_span_at_most():
    log = wanted(rules=Rulebook(LOANS, timing=Fickle(), default_queue="front-desk", staff=STAFF))
    urgent(log, FRI + HOUR, key="rise")
    log.rules.timing.fails = True
    with pytest.raises(NoLimit):
        urgent(log, FRI + 2 * HOUR, Urgency.STAT)
    log.say(MomentCorrected, FRI + 9 * HOUR, corrects="rise", moment=FRI + 3 * HOUR)
    lend = log.deadline("lend")
    assert (lend.due_at, lend.schedule.provisional) == (FRI + 27 * HOUR, True)


def test_where_the_new_urgency_wants_no_such_duty_what_stands_stands():
    log = lent(
        rules=rulebook(
            Limit("mend", None, source=WHY, when=Where(urgency=Urgency.STAT)),
            Limit("mend", BusinessDays(3), STEPS, source=WHY),
        )
    )
    log.say(Broke, FRI + 4 * HOUR, about="grip")
    before = log.deadline("mend", "grip")
    urgent(log, FRI + 5 * HOUR, Urgency.STAT)
    assert log.deadline("mend", "grip") is before

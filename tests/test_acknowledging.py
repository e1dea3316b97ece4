"""
What an acknowledgement holds: rungs up to the acknowledger's own, and nothing of what is owed.

A grip that broke on Friday, the 12th, is to be mended by the end of Wednesday, the 17th. Then the desk is told, six
hours later the nurse, after twelve the supervisor, after a day and daily from then on the safety officer.
"""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from tests.kit.small import BOSS, DAY, DESK, FRI, HOUR, LOANS, NURSE, WHY, Broke, Log, Mended, lent, midnight, rulebook

from carecoord import (
    Acknowledged,
    Actor,
    AlarmUndelivered,
    BusinessDays,
    DeadlineMissed,
    Escalated,
    Hours,
    ImpossibleTiming,
    Ladder,
    Limit,
    MomentCorrected,
    Retracted,
    Role,
    Rung,
    replay,
    stair,
)
from carecoord.codec import Codec
from carecoord.describe import policy_table

DUE = midnight(2024, 7, 18)
OFFICER = Actor(Role.SAFETY_OFFICER, "safety-1")
STEPS = (
    Rung(),
    Rung(Role.NURSE, after=Hours(6)),
    Rung(Role.SUPERVISOR, after=Hours(12)),
    Rung(Role.SAFETY_OFFICER, after=Hours(24)),
)


TEN_HOURS = Hours(10)


def broken(holds: Any = TEN_HOURS, steps: tuple[Rung, ...] = STEPS) -> Log:
    ladder = Ladder(steps, every=Hours(24), holds=holds)
    log = lent(rules=rulebook(Limit("mend", BusinessDays(3), ladder, source=WHY)))
    log.say(Broke, FRI + 4 * HOUR, about="grip")
    return log


def noticed(log: Log, at: Any, by: Actor = NURSE, **more: Any) -> Any:
    return log.say(Acknowledged, at, by=by, **{"clock": "mend", "about": "grip", **more})


def rung(log: Log, at: Any) -> list[tuple[Role, timedelta]]:
    """Whom a look at this moment tells of the grip, and how long after the due moment that fell due."""
    effects = [one for one in log.look(at).effects if isinstance(one, Escalated) and one.clock == "mend"]
    return [(one.notify, one.at - DUE) for one in effects]


def test_without_an_acknowledgement_each_is_told_at_its_moment():
    log = broken()
    assert rung(log, DUE + DAY) == [
        (Role.COORDINATOR, 0 * HOUR),
        (Role.NURSE, 6 * HOUR),
        (Role.SUPERVISOR, 12 * HOUR),
        (Role.SAFETY_OFFICER, 24 * HOUR),
    ]


def test_the_acknowledgers_own_rung_waits_and_those_above_do_not():
    """The nurse takes notice an hour after it was due; until eleven she need not be told."""
    log = broken()
    noticed(log, DUE + HOUR)
    assert rung(log, DUE + 10 * HOUR) == []
    assert rung(log, DUE + 11 * HOUR) == [(Role.NURSE, 11 * HOUR)]
    assert rung(log, DUE + 12 * HOUR) == [(Role.SUPERVISOR, 12 * HOUR)]


def test_when_one_above_is_told_those_held_below_are_told_with_them():
    log = broken(holds=Hours(20))
    noticed(log, DUE + HOUR)
    assert rung(log, DUE + 12 * HOUR) == [(Role.NURSE, 12 * HOUR), (Role.SUPERVISOR, 12 * HOUR)]


def test_the_supervisor_holds_the_nurse_as_well():
    log = broken(holds=Hours(20))
    noticed(log, DUE + HOUR, by=BOSS)
    assert rung(log, DUE + 20 * HOUR) == []
    assert rung(log, DUE + 21 * HOUR) == [(Role.NURSE, 21 * HOUR), (Role.SUPERVISOR, 21 * HOUR)]


def test_the_fail_safe_is_never_held_whoever_acknowledges():
    log = broken(holds=Hours(400))
    noticed(log, DUE + HOUR, by=OFFICER)
    told = [role for role, _ in rung(log, DUE + 2 * DAY)]
    assert told == [Role.NURSE, Role.SUPERVISOR, Role.SAFETY_OFFICER, Role.SAFETY_OFFICER]


def test_the_miss_is_told_and_the_duty_is_as_late_as_it_was():
    log = broken(holds=Hours(100))
    noticed(log, DUE - HOUR, by=DESK)
    step = log.look(DUE)
    assert DeadlineMissed in map(type, step.effects)
    assert rung(log, DUE + HOUR) == []


def test_the_world_knows_nothing_of_it():
    told, untold = broken(), broken(holds=None)
    for log in (told, untold):
        noticed(log, DUE - HOUR)
        noticed(log, DUE + HOUR, by=BOSS)
    assert [one.due_at for one in told.case.world.duties] == [one.due_at for one in untold.case.world.duties]
    assert (len(told.case.book.quiet), untold.case.book.quiet) == (1, ())


def test_it_holds_from_when_it_was_recorded():
    """Noticed at one, heard of at five: until three in the afternoon, not until eleven."""
    log = broken()
    noticed(log, DUE + HOUR, recorded_at=DUE + 5 * HOUR)
    assert rung(log, DUE + 11 * HOUR) == []
    assert rung(log, DUE + 12 * HOUR) == [(Role.NURSE, 12 * HOUR), (Role.SUPERVISOR, 12 * HOUR)]


def test_it_holds_twice_at_most():
    log = broken(holds=Hours(4))
    for at in (5, 8, 11):
        noticed(log, DUE + at * HOUR)
    assert log.case.book.quiet[0].times == 2
    assert log.case.book.quiet[0].until == DUE + 12 * HOUR


def test_who_stands_on_no_rung_holds_nothing():
    log = broken()
    noticed(log, DUE + HOUR, by=Actor(Role.CLINICIAN, "dr-9"))
    assert log.case.book.quiet == ()


def test_who_stands_lower_does_not_lengthen_what_somebody_higher_holds():
    log = broken()
    noticed(log, DUE + HOUR, by=BOSS)
    noticed(log, DUE + 2 * HOUR, by=NURSE)
    assert (log.case.book.quiet[0].rung, log.case.book.quiet[0].until) == (2, DUE + 11 * HOUR)


def test_a_ladder_of_one_rung_holds_nothing():
    log = broken(steps=(Rung(),))
    noticed(log, DUE - HOUR, by=DESK)
    assert log.case.book.quiet == ()


def test_a_reminder_is_held_as_well():
    log = broken(steps=(Rung(before=Hours(6)), *STEPS))
    noticed(log, DUE - 7 * HOUR, by=DESK)
    assert log.wakes == DUE
    assert rung(log, DUE + 3 * HOUR) == [(Role.COORDINATOR, 3 * HOUR), (Role.COORDINATOR, 3 * HOUR)]


def test_the_next_check_is_when_it_holds_no_longer():
    log = broken()
    log.look(DUE)
    noticed(log, DUE + HOUR)
    assert log.wakes == DUE + 11 * HOUR


def test_what_is_done_needs_no_holding():
    log = broken()
    noticed(log, DUE + HOUR)
    log.say(Mended, DUE + 2 * HOUR, about="grip")
    assert log.case.book.quiet == ()


def test_without_an_item_it_is_of_every_one():
    log = broken()
    log.say(Broke, FRI + 5 * HOUR, about="tip")
    noticed(log, DUE + HOUR, about=None)
    assert {one.item for one in log.case.book.quiet} == {"grip", "tip"}


def test_an_alarm_that_reached_nobody_rings_the_next_although_it_was_held():
    log = broken()
    log.look(DUE)
    noticed(log, DUE + HOUR)
    step = log.say(AlarmUndelivered, DUE + 2 * HOUR, clock="mend", about="grip", rung=0)
    assert [effect.notify for effect in step.effects] == [Role.NURSE]


def test_news_that_folds_the_case_anew_leaves_it_held():
    log = broken()
    noticed(log, DUE + HOUR, key="seen")
    log.say(MomentCorrected, DUE + 2 * HOUR, corrects="wanted", moment=FRI - HOUR)
    log.say(Retracted, DUE + 2 * HOUR, retracts="seen")
    assert rung(log, DUE + 10 * HOUR) == []
    assert replay(LOANS, log.entries)[-1].case == log.case


def test_a_deadline_that_moves_is_held_no_longer_than_it_was():
    log = broken()
    noticed(log, DUE + HOUR)
    log.say(MomentCorrected, DUE + 2 * HOUR, corrects=log.entries[3].events[0].key, moment=FRI + 3 * DAY)
    assert log.deadline("mend", "grip").due_at == DUE + DAY
    assert log.case.book.quiet[0].until == DUE + 11 * HOUR


def test_it_is_written_and_read():
    log = broken()
    noticed(log, DUE + HOUR)
    codec = Codec(LOANS)
    assert codec.load_case(codec.dumps(log.case)) == log.case


def test_the_table_of_a_practice_says_for_how_long():
    assert "whoever acknowledges holds those up to their own for 10 hours" in policy_table(broken().rules)


@pytest.mark.parametrize("holds", [Hours(0), BusinessDays(1), 4])
def test_a_ladder_holds_for_an_elapsed_span(holds: Any):
    with pytest.raises(ImpossibleTiming):
        Ladder(STEPS, holds=holds)


def test_the_usual_ladder_may_hold_too():
    assert stair(Hours(4), every=Hours(12), holds=Hours(4)) == evolve(stair(Hours(4), every=Hours(12)), holds=Hours(4))

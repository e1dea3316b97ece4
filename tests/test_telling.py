"""
What is told, once, when, and what is taken back: effects as the difference of two worlds.

The duty `lend` of the small desk begins on Friday 12 July 2024 at 15:00 in Boise and is due when Tuesday the 16th ends
(`TUE_ENDS`). Then the coordinator is told, a day later the supervisor, two days later the safety officer, and she again
each day.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.kit.small import (
    BOISE,
    DAY,
    FRI,
    HOUR,
    MIN,
    ROWS,
    STEPS,
    TUE_ENDS,
    WHY,
    Broke,
    CalledOff,
    Checked,
    Lent,
    Log,
    Mended,
    Returned,
    Urged,
    Wanted,
    kinds,
    lent,
    midnight,
    rulebook,
    wanted,
)

from carecoord import (
    Acknowledged,
    AlarmUndelivered,
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
    Moved,
    Noted,
    PatientDied,
    ReadyToClose,
    Retracted,
    Role,
    Rung,
    StoodDown,
    Urgency,
    Where,
)
from carecoord._telling import roles_told

OFFICE, BOSS, SAFETY = Role.COORDINATOR, Role.SUPERVISOR, Role.SAFETY_OFFICER
TICK = timedelta(microseconds=1)


def escalated(rung: int, repeat: int, at: datetime, role: Role, *, revision: int = 1, clock: str = "lend") -> Escalated:
    return Escalated("t", clock, "", 1, revision, rung, repeat, at, role)


def alarms(effects: Any) -> list[tuple[int, int, datetime]]:
    return [(one.rung, one.repeat, one.at) for one in effects if isinstance(one, Escalated)]


# ---- beginning and ending


def test_the_opening_is_told_before_what_it_began():
    assert wanted().steps[0].effects == (
        Moved("t", 1, None, "WANTED"),
        DeadlineSet("t", "lend", "", 1, 1, TUE_ENDS),
    )


def test_a_move_is_told_before_what_ended_and_that_before_what_began():
    assert lent().steps[2].effects == (
        Moved("t", 3, "WANTED", "LENT"),
        DeadlineSettled("t", "lend", "", 1, 3, How.MET, "", FRI, TUE_ENDS, FRI + 2 * HOUR),
        DeadlineSet("t", "give_back", "", 1, 3, midnight(2024, 7, 27)),
        DeadlineSet("t", "call", "", 1, 3, midnight(2024, 7, 20)),
    )


def test_what_changes_nothing_is_not_told():
    assert lent().steps[1].effects == ()


def test_a_loop_that_may_be_closed_says_so_once():
    log = lent()
    step = log.say(Returned, FRI + DAY)
    assert step.effects[-1] == ReadyToClose("t", 4)
    assert "ready-to-close" not in kinds(log.say(Noted, FRI + 2 * DAY, text="").effects)


def test_a_loop_that_became_ready_again_says_so_again():
    log = lent()
    log.say(Returned, FRI + DAY)
    log.say(Broke, FRI + DAY + HOUR, about="grip")
    step = log.say(Mended, FRI + DAY + 2 * HOUR, about="grip")
    assert step.effects[-1] == ReadyToClose("t", 6)


def test_a_silent_case_is_told_of_only_by_its_rungs():
    log = lent()
    due = FRI + 2 * HOUR + 14 * DAY
    step = log.look(due)
    assert [one for one in step.effects if getattr(one, "clock", "") == "look_again"] == [
        Escalated("t", "look_again", "", 1, 3, 0, 0, due, Role.OWNER)
    ]


# ---- falling due


def test_a_missed_deadline_is_told_and_who_keeps_it_is_alarmed():
    log = wanted()
    assert log.look(TUE_ENDS).effects == (
        DeadlineMissed("t", "lend", "", 1, 1, TUE_ENDS),
        escalated(0, 0, TUE_ENDS, OFFICE),
    )


def test_each_rung_is_told_when_it_falls_due_and_only_then():
    log = wanted()
    told = [log.look(TUE_ENDS + hours * HOUR - TICK).effects for hours in (24, 48, 72)]
    assert [alarms(effects) for effects in told] == [
        [(0, 0, TUE_ENDS)],
        [(1, 0, TUE_ENDS + DAY)],
        [(2, 0, TUE_ENDS + 2 * DAY)],
    ]


def test_what_fell_due_unseen_is_told_in_the_order_in_which_it_fell_due():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    effects = log.look(FRI + 30 * DAY).effects
    moments = [getattr(one, "due_at", None) or one.at for one in effects]
    assert moments == sorted(moments)
    assert len(effects) > 10


def test_of_repeats_that_fell_due_unseen_only_the_newest_is_told_with_its_number():
    log = wanted()
    log.look(TUE_ENDS + 2 * DAY)
    assert log.look(TUE_ENDS + 5 * DAY + HOUR).effects == (escalated(2, 3, TUE_ENDS + 5 * DAY, SAFETY),)


def test_repeats_are_counted_from_the_rung_and_not_from_when_somebody_looked():
    log = wanted()
    log.look(TUE_ENDS + 2 * DAY + 5 * HOUR)
    assert log.wakes == TUE_ENDS + 3 * DAY
    log.look(TUE_ENDS + 6 * DAY + 5 * HOUR)
    assert log.wakes == TUE_ENDS + 7 * DAY


def test_a_first_look_after_weeks_tells_each_rung_once_and_the_newest_repeat():
    log = wanted()
    assert alarms(log.look(TUE_ENDS + 30 * DAY).effects) == [
        (0, 0, TUE_ENDS),
        (1, 0, TUE_ENDS + DAY),
        (2, 0, TUE_ENDS + 2 * DAY),
        (0, 0, FRI + 14 * DAY),  # look_again
        (1, 0, FRI + 15 * DAY),
        (2, 0, FRI + 16 * DAY),
        (2, 18, FRI + 34 * DAY),
        (2, 28, TUE_ENDS + 30 * DAY),
    ]


def test_a_ladder_that_does_not_repeat_ends():
    log = wanted(rules=rulebook(Limit("lend", Hours(1), Ladder((Rung(),)), source=WHY)))
    log.look(FRI + HOUR)
    assert log.wakes == FRI + 14 * DAY  # look_again
    assert log.case.owed[0][1].wakes_at is None


def test_a_reminder_is_told_before_the_due_moment_and_is_no_miss():
    ladder = Ladder((Rung(before=Hours(4)), Rung()), every=Hours(24))
    log = wanted(rules=rulebook(Limit("lend", Hours(24), ladder, source=WHY)))
    assert log.wakes == FRI + 20 * HOUR
    assert log.look(FRI + 20 * HOUR).effects == (escalated(0, 0, FRI + 20 * HOUR, OFFICE),)
    assert kinds(log.look(FRI + 24 * HOUR).effects) == ("deadline-missed", "escalated")


@pytest.mark.parametrize("by", ["an event", "a look"])
def test_what_fell_due_is_told_by_the_next_call_whatever_it_is(by):
    log = wanted()
    step = log.look(TUE_ENDS) if by == "a look" else log.say(Checked, FRI + HOUR, recorded_at=TUE_ENDS)
    assert kinds(step.effects) == ("deadline-missed", "escalated")


def test_a_duty_done_in_time_but_heard_late_was_never_missed():
    log = wanted()
    log.say(Checked, FRI + HOUR)
    step = log.say(Lent, FRI + 2 * HOUR, recorded_at=TUE_ENDS + 3 * DAY)
    assert [one.kind for one in step.effects if getattr(one, "clock", "") == "lend"] == ["deadline-settled"]
    assert log.ended("lend").how is How.MET


def test_what_was_told_once_is_not_told_again_to_an_earlier_look():
    log = wanted()
    log.look(TUE_ENDS + DAY)
    assert log.look(TUE_ENDS).entry is None


def test_a_duty_that_begins_late_tells_up_to_the_latest_moment_already_told():
    """Looked at when Thursday the 18th ended; then news of the 9th says that it was wanted on the 8th."""
    log = wanted()
    log.look(TUE_ENDS + 2 * DAY)
    step = log.say(Wanted, FRI - 4 * DAY, recorded_at=FRI - 3 * DAY, key="earlier")
    assert log.deadline("lend").due_at == midnight(2024, 7, 11)
    assert alarms(one for one in step.effects if getattr(one, "clock", "") == "lend") == [
        (2, 6, midnight(2024, 7, 19)),
    ]


# ---- standing down


def test_what_was_told_is_stood_down_when_the_duty_is_done():
    log = wanted()
    log.say(Checked, FRI + HOUR)
    log.look(TUE_ENDS + DAY)
    step = log.say(Lent, TUE_ENDS + DAY + HOUR)
    assert StoodDown("t", "lend", "", 1, 3, (OFFICE, BOSS)) in step.effects


def test_what_was_not_told_of_is_not_stood_down():
    assert "stood-down" not in kinds(lent().steps[2].effects)


def test_each_role_is_stood_down_once_however_often_it_was_told():
    ladder = Ladder((Rung(BOSS), Rung(BOSS, after=Hours(1)), Rung(SAFETY, after=Hours(2))), every=Hours(1))
    log = wanted(rules=rulebook(Limit("lend", Hours(24), ladder, source=WHY)))
    log.look(FRI + 3 * DAY)
    step = log.say(CalledOff, FRI + 4 * DAY)
    assert next(one for one in step.effects if isinstance(one, StoodDown)).notify == (BOSS, SAFETY)


def test_a_duty_that_was_dropped_is_stood_down():
    log = wanted()
    log.look(TUE_ENDS)
    step = log.say(CalledOff, TUE_ENDS + HOUR)
    assert StoodDown("t", "lend", "", 1, 2, (OFFICE,)) in step.effects


def test_a_duty_that_never_began_is_stood_down_though_nobody_was_alarmed():
    """It was told that it was set, and that is no longer so."""
    log = lent()
    step = log.say(Retracted, FRI + 3 * HOUR, retracts="lent")
    assert StoodDown("t", "give_back", "", 1, 4, ()) in step.effects
    assert StoodDown("t", "call", "", 1, 4, ()) in step.effects


def test_a_duty_that_was_settled_and_never_began_is_stood_down():
    log = lent()
    log.say(Returned, FRI + DAY)
    step = log.say(Retracted, FRI + 2 * DAY, retracts="lent")
    assert StoodDown("t", "give_back", "", 1, 5, ()) in step.effects
    assert log.case.settled == ()


def test_a_duty_that_comes_back_says_what_was_told_before():
    """Lent was taken back, so the pair is still wanted."""
    log = lent()
    step = log.say(Retracted, FRI + 3 * HOUR, retracts="lent")
    assert DeadlineSet("t", "lend", "", 1, 4, TUE_ENDS, previous=TUE_ENDS) in step.effects


def test_the_silent_look_is_neither_set_nor_taken_back():
    log = wanted()
    step = log.say(CalledOff, FRI + HOUR)
    assert not [one for one in step.effects if getattr(one, "clock", "") == "look_again"]


def test_the_silent_look_is_stood_down_if_it_was_told_of():
    log = lent()
    log.say(Returned, FRI + DAY)
    log.look(FRI + 20 * DAY)
    step = log.say(LoopClosed, FRI + 20 * DAY)
    assert [one.notify for one in step.effects if isinstance(one, StoodDown) and one.clock == "look_again"] == [
        (Role.OWNER, BOSS, SAFETY)
    ]


# ---- moving


MENDS = (
    Limit("mend", Hours(24), STEPS, source=WHY, when=Where(urgency=Urgency.URGENT)),
    Limit("mend", Hours(96), STEPS, source=WHY),
)


def broken() -> Log:
    """Something broke on Friday at 20:00; it is due on Tuesday at 20:00, or on Saturday if it was urgent before."""
    log = Log(rulebook(*MENDS))
    for kind, hours in ((Wanted, 0), (Checked, 1), (Lent, 2)):
        log.say(kind, FRI + hours * HOUR)
    log.say(Broke, FRI + 5 * HOUR, about="grip")
    return log


BROKE = FRI + 5 * HOUR


def urged(log: Log, heard: datetime, urgency: Urgency = Urgency.URGENT) -> tuple[Any, ...]:
    effects = log.say(Urged, FRI + 4 * HOUR, recorded_at=heard, urgency=urgency, key="urged").effects
    return tuple(one for one in effects if getattr(one, "clock", "") == "mend")


def test_a_deadline_that_moves_says_from_where():
    assert urged(broken(), BROKE + HOUR) == (
        DeadlineSet("t", "mend", "grip", 1, 5, BROKE + DAY, previous=BROKE + 4 * DAY),
    )


def test_a_deadline_that_moves_into_the_past_is_missed_in_the_same_call():
    assert urged(broken(), BROKE + 25 * HOUR) == (
        DeadlineSet("t", "mend", "grip", 1, 5, BROKE + DAY, previous=BROKE + 4 * DAY),
        DeadlineMissed("t", "mend", "grip", 1, 5, BROKE + DAY),
        Escalated("t", "mend", "grip", 1, 5, 0, 0, BROKE + DAY, OFFICE),
    )


def test_a_deadline_that_moves_later_takes_back_what_was_told():
    log = broken()
    urged(log, BROKE + HOUR)
    log.look(BROKE + 2 * DAY)
    step = log.say(Retracted, BROKE + 2 * DAY + HOUR, retracts="urged")
    assert step.effects == (
        StoodDown("t", "mend", "grip", 1, 6, (OFFICE, BOSS)),
        DeadlineSet("t", "mend", "grip", 1, 6, BROKE + 4 * DAY, previous=BROKE + DAY),
    )
    assert dict(log.case.owed)[log.deadline("mend", "grip")].rungs == 0


def test_a_rung_told_before_a_move_and_due_after_it_counts_as_told():
    """Told on the old dates up to the supervisor; on the new ones as many are due, so nobody hears it twice."""
    log = broken()
    urged(log, BROKE + HOUR)
    log.look(BROKE + 5 * DAY + HOUR)  # on the old dates: everything, and repeats
    step = log.say(Retracted, BROKE + 5 * DAY + 2 * HOUR, retracts="urged")
    mends = [one for one in step.effects if getattr(one, "clock", "") == "mend"]
    assert mends == [
        StoodDown("t", "mend", "grip", 1, 6, (SAFETY,)),
        DeadlineSet("t", "mend", "grip", 1, 6, BROKE + 4 * DAY, previous=BROKE + DAY),
    ]
    assert log.look(BROKE + 6 * DAY).effects[-1] == Escalated("t", "mend", "grip", 1, 6, 2, 0, BROKE + 6 * DAY, SAFETY)


def test_a_rung_is_told_again_only_after_it_was_stood_down():
    log = broken()
    urged(log, BROKE + HOUR)
    log.look(BROKE + DAY)
    log.say(Retracted, BROKE + DAY + HOUR, retracts="urged", key="off")
    log.look(BROKE + 4 * DAY)
    told = [one for step in log.steps for one in step.effects if getattr(one, "clock", "") == "mend"]
    assert [(one.kind, one.revision) for one in told] == [
        ("deadline-set", 4),
        ("deadline-set", 5),
        ("deadline-missed", 5),
        ("escalated", 5),
        ("stood-down", 6),
        ("deadline-set", 6),
        ("deadline-missed", 6),
        ("escalated", 6),
    ]


def test_a_move_that_moves_no_date_is_not_told():
    """The event that began the duty was corrected by a minute; days do not care."""
    log = wanted()
    step = log.say(MomentCorrected, FRI + HOUR, corrects="wanted", moment=FRI + 5 * MIN)
    assert step.effects == ()
    assert log.deadline("lend").started_at == FRI + 5 * MIN


def test_every_effect_of_a_life_has_an_id_of_its_own():
    log = broken()
    urged(log, BROKE + HOUR)
    for days in range(30):
        log.look(BROKE + days * DAY)
    log.say(Retracted, BROKE + 31 * DAY, retracts="urged", key="off")
    log.say(Retracted, BROKE + 32 * DAY, retracts="off")
    log.say(PatientDied, BROKE + 33 * DAY)
    ids = [effect.id for step in log.steps for effect in step.effects]
    assert len(ids) == len(set(ids)) > 60


# ---- alarms that reach nobody


def undelivered(log: Log, at: datetime, rung: int, clock: str = "lend") -> tuple[Any, ...]:
    return log.say(AlarmUndelivered, at, clock=clock, rung=rung).effects


def test_an_alarm_that_reached_nobody_makes_the_next_rung_fall_due_at_once():
    log = wanted()
    log.look(TUE_ENDS)
    assert undelivered(log, TUE_ENDS + HOUR, 0) == (escalated(1, 0, TUE_ENDS + HOUR, BOSS),)
    assert log.wakes == TUE_ENDS + 2 * DAY  # the supervisor is not told again at her own hour
    assert log.look(TUE_ENDS + 2 * DAY).effects == (escalated(2, 0, TUE_ENDS + 2 * DAY, SAFETY),)


def test_above_the_last_rung_stands_the_default_queue():
    log = wanted()
    log.look(TUE_ENDS)
    for rung in (0, 1):
        undelivered(log, TUE_ENDS + (rung + 1) * HOUR, rung)
    effects = undelivered(log, TUE_ENDS + 3 * HOUR, 2)
    assert effects == (Escalated("t", "lend", "", 1, 1, 3, 0, TUE_ENDS + 3 * HOUR, SAFETY, queue="front-desk"),)


def test_an_alarm_that_was_overtaken_by_a_newer_one_pushes_nothing():
    log = wanted()
    log.look(TUE_ENDS + DAY)
    assert undelivered(log, TUE_ENDS + DAY + HOUR, 0) == ()


@pytest.mark.parametrize(("clock", "rung"), [("luck", 0), ("call", 0), ("lend", 7)])
def test_an_alarm_that_was_never_told_pushes_nothing(clock, rung):
    log = wanted()
    log.look(TUE_ENDS)
    assert undelivered(log, TUE_ENDS + HOUR, rung, clock) == ()


def test_who_was_told_out_of_turn_is_stood_down_as_well():
    log = wanted()
    log.look(TUE_ENDS)
    undelivered(log, TUE_ENDS + HOUR, 0)
    step = log.say(CalledOff, TUE_ENDS + 2 * HOUR)
    assert StoodDown("t", "lend", "", 1, 3, (OFFICE, BOSS)) in step.effects


def test_an_alarm_of_one_item_pushes_that_item():
    log = broken()
    log.say(Broke, BROKE + HOUR, about="foot")
    log.look(BROKE + 4 * DAY)
    step = log.say(AlarmUndelivered, BROKE + 4 * DAY + MIN, clock="mend", about="grip", rung=0)
    assert [(one.item, one.rung) for one in step.effects] == [("grip", 1)]


# ---- the book


def test_looking_changes_the_book_and_nothing_of_the_world():
    log = wanted()
    before = log.case
    log.look(TUE_ENDS + 9 * DAY)
    assert log.case.world is before.world
    assert log.case.book != before.book


def test_the_book_knows_who_was_told():
    log = wanted()
    log.look(TUE_ENDS + DAY)
    assert roles_told(*log.case.owed[0]) == (OFFICE, BOSS)


def test_a_host_that_looks_daily_and_one_that_looks_once_end_alike():
    daily, once = wanted(), wanted()
    for days in range(1, 31):
        daily.look(FRI + days * DAY)
    once.look(FRI + 30 * DAY)
    assert daily.case == once.case


def test_acknowledging_a_surprise_stands_its_alarms_down():
    log = wanted()
    log.say(Wanted, FRI + HOUR, key="again")
    log.look(midnight(2024, 7, 16))
    step = log.say(Acknowledged, midnight(2024, 7, 16) + HOUR, clock="unexpected", about="again")
    assert kinds(step.effects) == ("deadline-settled", "stood-down")


def test_the_rows_of_the_desk_climb_as_these_tests_think():
    assert all(row.ladder is STEPS for row in ROWS)
    assert datetime(2024, 7, 17, tzinfo=BOISE) == TUE_ENDS


# ---- alarms that reached nobody, once more


def test_two_alarms_that_reached_nobody_are_not_one_effect():
    """The same id is the same effect; the queue is told twice, at two moments."""
    log = wanted()
    log.look(TUE_ENDS + 2 * DAY)
    told = [
        log.say(AlarmUndelivered, TUE_ENDS + 2 * DAY + hours * HOUR, clock="lend", rung=2).effects for hours in (1, 2)
    ]
    effects = {one for step in told for one in step if isinstance(one, Escalated)}
    assert len({one.id for one in effects}) == len(effects)


def test_an_alarm_of_the_default_queue_that_reached_nobody_is_kept():
    """News is never refused, though above the queue there is no role."""
    log = wanted()
    log.look(TUE_ENDS + 2 * DAY)
    queued = log.say(AlarmUndelivered, TUE_ENDS + 2 * DAY + HOUR, clock="lend", rung=2).effects[0]
    assert queued.queue == "front-desk"
    log.say(AlarmUndelivered, TUE_ENDS + 2 * DAY + 2 * HOUR, clock="lend", rung=queued.rung)
    assert log.case.seq == 3


def test_a_move_that_takes_nothing_back_stands_nothing_down_though_the_queue_was_told():
    """A day earlier still everything is due, and nobody is to be stood down."""
    log = wanted()
    log.look(TUE_ENDS + 2 * DAY)
    log.say(AlarmUndelivered, TUE_ENDS + 2 * DAY + HOUR, clock="lend", rung=2)
    step = log.say(MomentCorrected, TUE_ENDS + 2 * DAY + 2 * HOUR, corrects="wanted", moment=FRI - DAY)
    assert "stood-down" not in kinds(step.effects)

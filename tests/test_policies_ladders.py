"""
Who is told as a deadline nears and passes.

Deadlines here are made by the rulebook of the small desk: wanted on Friday 12 July 2024 at 15:00, due after two
business days, when Tuesday the 16th ends. What is then told, and when, is `test_telling`'s.
"""

import copy
import pickle
from datetime import datetime
from typing import Any

import pytest
from tests.kit.small import BOISE, OFFICE, STEPS, TUE_ENDS, WHY, midnight, rulebook, wanted

from carecoord import (
    BusinessDays,
    CalendarDays,
    Hours,
    ImpossibleTiming,
    Ladder,
    Limit,
    Minutes,
    Role,
    Rung,
    stair,
)

SUPERVISOR, SAFETY = Role.SUPERVISOR, Role.SAFETY_OFFICER


TWO_DAYS = BusinessDays(2)


def alarms(ladder: Ladder, allow: Any = TWO_DAYS, calendar: Any = OFFICE) -> list[tuple[str, Role]]:
    """Return the rungs of one deadline as the wall clock in Boise shows them."""
    log = wanted(rules=rulebook(Limit("lend", allow, ladder, source=WHY), calendar=calendar))
    return [
        (at.astimezone(BOISE).replace(tzinfo=None).isoformat(" ", "minutes"), role)
        for at, role in log.deadline("lend").alarms
    ]


# ---- rungs


def test_a_rung_that_says_nothing_stands_at_the_due_moment_and_tells_the_keeper():
    assert alarms(Ladder((Rung(),))) == [("2024-07-17 00:00", Role.COORDINATOR)]


def test_elapsed_rungs_are_counted_from_the_due_moment():
    ladder = Ladder((Rung(SUPERVISOR, after=Minutes(30)), Rung(SAFETY, after=Hours(24))))
    assert alarms(ladder) == [("2024-07-17 00:30", SUPERVISOR), ("2024-07-18 00:00", SAFETY)]


def test_a_rung_of_business_days_leaves_the_weekend_out():
    """Due when Tuesday ends: one more business day is Wednesday, three are Friday, four are Monday."""
    ladder = Ladder(tuple(Rung(SUPERVISOR, after=BusinessDays(n)) for n in (1, 3, 4)))
    assert [at for at, _ in alarms(ladder)] == ["2024-07-18 00:00", "2024-07-20 00:00", "2024-07-23 00:00"]


def test_a_rung_of_days_after_an_hour_counts_from_the_day_of_that_hour():
    """Due on Saturday at 15:00, after 24 hours; the next business day is Monday."""
    assert alarms(Ladder((Rung(SAFETY, after=BusinessDays(1)),)), Hours(24)) == [("2024-07-16 00:00", SAFETY)]


def test_a_reminder_stands_before_the_due_moment():
    ladder = Ladder((Rung(before=Hours(4)), Rung()))
    assert [at for at, _ in alarms(ladder)] == ["2024-07-16 20:00", "2024-07-17 00:00"]


def test_a_reminder_of_a_business_day_begins_with_the_last_working_day():
    """Due when Tuesday ends, or on a Sunday at 15:00: the last working day begins on Tuesday, or on Friday."""
    ladder = Ladder((Rung(before=BusinessDays(1)), Rung()))
    assert alarms(ladder, CalendarDays(11))[0][0] == "2024-07-23 00:00"
    assert alarms(ladder, CalendarDays(16))[0][0] == "2024-07-26 00:00"


def test_a_reminder_is_left_out_where_it_would_take_a_quarter_of_the_time():
    ladder = Ladder((Rung(before=Hours(6)), Rung()))
    assert len(alarms(ladder, Hours(24))) == 1
    assert len(alarms(ladder, Hours(25))) == 2


# ---- ladders


def test_a_ladder_of_elapsed_rungs_is_shared_by_all_deadlines_of_a_row():
    one, other = wanted(), wanted(at=datetime(2024, 7, 20, tzinfo=BOISE))
    assert one.deadline("lend").schedule is other.deadline("lend").schedule


def test_a_ladder_of_days_beyond_the_horizon_is_provisional():
    """The due moment is known in December 2025, the rung a week later is not."""
    rules = rulebook(Limit("lend", BusinessDays(1), Ladder((Rung(SAFETY, after=BusinessDays(5)),)), source=WHY))
    near = wanted(rules=rules).deadline("lend")
    far = wanted(rules=rules, at=datetime(2025, 12, 29, 15, tzinfo=BOISE)).deadline("lend")
    assert (near.schedule.provisional, far.schedule.provisional) == (False, True)


def test_the_usual_stair_climbs_one_step_at_a_time_and_never_ends():
    assert alarms(stair(BusinessDays(1), every=Hours(72)), CalendarDays(11)) == [
        ("2024-07-23 00:00", Role.COORDINATOR),
        ("2024-07-24 00:00", Role.COORDINATOR),
        ("2024-07-25 00:00", Role.SURROGATE),
        ("2024-07-26 00:00", SUPERVISOR),
        ("2024-07-27 00:00", SAFETY),
    ]
    assert stair(BusinessDays(1), every=Hours(72)).every == Hours(72)


def test_the_end_of_the_usual_stair_may_be_somebody_else():
    assert stair(Hours(1), every=Hours(1), fail_safe=Role.MANAGER).last.notify is Role.MANAGER


IMPOSSIBLE = [
    (lambda: Rung(after=Hours(1), before=Hours(1)), "rung", "it stands before the due moment or after it, not both"),
    (lambda: Ladder(()), "ladder", "it needs at least one rung"),
    (lambda: Ladder((Rung(),), every=Hours(0)), "ladder", "the last rung must repeat after some time, not at once"),
    (
        lambda: Ladder((Rung(), Rung(SUPERVISOR, after=Hours(2)), Rung(SAFETY, after=Minutes(90)))),
        "ladder",
        "its rungs must stand in rising order, and number 3 (SAFETY_OFFICER 90 minutes after) comes before the one"
        " below it (SUPERVISOR 2 hours after); let them change places",
    ),
    (
        lambda: Ladder((Rung(after=Hours(2)), Rung())),
        "ladder",
        "its rungs must stand in rising order, and number 2 (the keeper when it is due) comes before the one below it"
        " (the keeper 2 hours after); let them change places",
    ),
    (
        lambda: Ladder((Rung(after=BusinessDays(3)), Rung(SAFETY, after=BusinessDays(1) + BusinessDays(1)))),
        "ladder",
        "its rungs must stand in rising order, and number 2 (SAFETY_OFFICER 1 business day, then 1 business day after)"
        " comes before the one below it (the keeper 3 business days after); let them change places",
    ),
    (
        lambda: Ladder((Rung(before=Hours(1)), Rung(before=Hours(2)), Rung())),
        "ladder",
        "its rungs must stand in rising order, and number 2 (the keeper 2 hours before) comes before the one below it"
        " (the keeper 1 hour before); let them change places",
    ),
    (
        lambda: Ladder((Rung(), Rung(before=Hours(2)), Rung(SAFETY, after=Hours(1)))),
        "ladder",
        "its rungs must stand in rising order, and number 2 (the keeper 2 hours before) comes before the one below it"
        " (the keeper when it is due); let them change places",
    ),
    (
        lambda: Ladder((Rung(), Rung(before=Hours(2)))),
        "ladder",
        "its last rung must stand at the due moment or after it, not before",
    ),
]


@pytest.mark.parametrize(
    ("make", "part", "words"), IMPOSSIBLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_impossible_ladder_is_refused(make, part, words):
    with pytest.raises(ImpossibleTiming) as refused:
        make()
    assert refused.value == ImpossibleTiming(part, words)


def test_rungs_of_two_units_may_stand_in_either_order():
    """A business day may be longer than 30 hours or shorter; they are put in order when they are dated."""
    ladder = Ladder((Rung(), Rung(SUPERVISOR, after=BusinessDays(1)), Rung(SAFETY, after=Hours(30))))
    assert [role for _, role in alarms(ladder)] == [Role.COORDINATOR, SUPERVISOR, SAFETY]
    assert [role for _, role in alarms(ladder, CalendarDays(7))] == [Role.COORDINATOR, SAFETY, SUPERVISOR]


def test_two_rungs_may_stand_at_one_moment():
    """Two people are told at once."""
    assert [role for _, role in alarms(Ladder((Rung(), Rung(SAFETY))))] == [Role.COORDINATOR, SAFETY]


@pytest.mark.parametrize("ladder", [STEPS, stair(BusinessDays(1), every=Hours(72))], ids=["steps", "stair"])
def test_a_ladder_is_a_value_that_survives_pickling_and_copying(ladder):
    assert pickle.loads(pickle.dumps(ladder)) == copy.deepcopy(ladder) == ladder


def test_the_due_moment_of_the_desk_is_where_these_tests_think():
    assert wanted().deadline("lend").due_at == TUE_ENDS


def test_a_rung_at_the_same_time_of_day_stands_at_that_time():
    ladder = stair(CalendarDays(1, same_time=True), every=Hours(24))
    log = wanted(rules=rulebook(Limit("lend", CalendarDays(7), ladder, source=WHY)))
    assert log.deadline("lend").alarms[2][0] == midnight(2024, 7, 21)

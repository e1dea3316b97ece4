"""
Quiet hours: what can wait is told in the morning, and what is critical never waits.

The desk of `tests.kit.small` in Boise; the 12th of July 2024 is a Friday. Duties of days fall due at a midnight, when
nobody wants to be told. Clock changes of 2024: forward on 10 March, back on 3 November.
"""

import copy
import pickle
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.small import BOISE, DESK, FRI, LOANS, OFFICE, WHY, Log, Wanted, rulebook

from carecoord import (
    BusinessDays,
    CalendarDays,
    DeadlineMissed,
    Escalated,
    Hours,
    ImpossibleTiming,
    Ladder,
    Limit,
    Minutes,
    Months,
    Paused,
    Resumed,
    Role,
    Rung,
    Until,
    next_check,
    replay,
    stair,
)
from carecoord.policies import QuietHours, RestOfYear
from carecoord.policies.calendars import Days

NIGHT = QuietHours(time(20), time(7))
NOON = QuietHours(time(12), time(13))
NIGHT_AND_DAYS_OFF = QuietHours(time(20), time(7), days_off=True)
DAYS = Days(OFFICE)
DAILY = stair(BusinessDays(1), every=Hours(72), quiet=NIGHT)


def at(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOISE, fold=fold).astimezone(UTC)


def said(moment: datetime) -> str:
    return moment.astimezone(BOISE).replace(tzinfo=None).isoformat(" ", "minutes")


# ---- when somebody is told

# fmt: off
MORNINGS = [
    (NIGHT, "2024-07-12 19:59", "2024-07-12 19:59"),
    (NIGHT, "2024-07-12 20:00", "2024-07-13 07:00"),  # from their first minute ...
    (NIGHT, "2024-07-13 00:00", "2024-07-13 07:00"),
    (NIGHT, "2024-07-13 06:59", "2024-07-13 07:00"),
    (NIGHT, "2024-07-13 07:00", "2024-07-13 07:00"),  # ... to their last: then it is morning
    (NOON,  "2024-07-12 12:30", "2024-07-12 13:00"),
    (NOON,  "2024-07-12 11:59", "2024-07-12 11:59"),
    (NIGHT, "2024-12-31 23:00", "2025-01-01 07:00"),
    (NIGHT, "2024-02-28 22:00", "2024-02-29 07:00"),  # the morning of a leap day
    (NIGHT, "2024-03-09 23:00", "2024-03-10 07:00"),  # the clocks go forward in that night
    (NIGHT, "2024-11-02 23:00", "2024-11-03 07:00"),  # and back
    # days off as well: the first working morning
    (NIGHT_AND_DAYS_OFF, "2024-07-12 21:00", "2024-07-15 07:00"),  # Friday night to Monday
    (NIGHT_AND_DAYS_OFF, "2024-07-13 12:00", "2024-07-15 07:00"),  # on Saturday at noon
    (NIGHT_AND_DAYS_OFF, "2024-07-04 09:00", "2024-07-05 07:00"),  # a holiday
    (NIGHT_AND_DAYS_OFF, "2024-07-15 09:00", "2024-07-15 09:00"),
]
# fmt: on


@pytest.mark.parametrize(("quiet", "moment", "morning"), MORNINGS, ids=str)
def test_what_falls_into_quiet_hours_is_told_when_they_end(quiet, moment, morning):
    told, firm = quiet.after(at(moment), DAYS)
    assert (said(told), firm) == (morning, True)


def test_they_end_in_the_second_of_two_hours_where_that_is_where_we_stand():
    until_half_past = QuietHours(time(22), time(1, 30))
    assert until_half_past.after(at("2024-11-03 01:10", fold=1), DAYS)[0] == at("2024-11-03 01:30", fold=1)


def test_they_end_after_the_gap_where_their_end_is_skipped():
    assert said(QuietHours(time(22), time(2, 30)).after(at("2024-03-10 01:00"), DAYS)[0]) == "2024-03-10 03:30"


def test_they_are_those_of_the_practice_wherever_the_patient_is():
    """Due at midnight in Tokyo, which is eight in the morning in Boise: nobody there sleeps."""
    in_tokyo = Days(OFFICE, "Asia/Tokyo")
    moment = at("2024-07-12 09:00")
    assert NIGHT.after(moment, in_tokyo) == NIGHT.after(moment, DAYS) == (moment, True)


def test_beyond_the_horizon_nobody_knows_which_days_are_off():
    assert NIGHT_AND_DAYS_OFF.after(at("2031-07-05 12:00"), DAYS)[1] is False
    assert NIGHT.after(at("2031-07-05 23:00"), DAYS)[1] is True


hours = st.times().map(lambda one: one.replace(microsecond=0, tzinfo=None))
windows = st.tuples(hours, hours, st.booleans())
moments = st.datetimes(datetime(2024, 1, 1), datetime(2025, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001  UTC is drawn


@given(window=windows, moment=moments, more=st.timedeltas(timedelta(0), timedelta(days=3)))
def test_nobody_is_told_earlier_nor_in_quiet_hours_nor_twice_later(window, moment, more):
    begins, ends, off = window
    if begins == ends:
        ends = (datetime.combine(date(2024, 1, 1), ends) + timedelta(minutes=1)).time()
    quiet = QuietHours(begins, ends, days_off=off)
    told, _ = quiet.after(moment, DAYS)
    assert moment <= told < moment + timedelta(days=9)
    again, _ = quiet.after(told, DAYS)
    # But for the nights in which the clocks change, when they end is when they are over.
    assert again == told or told.astimezone(BOISE).utcoffset() != again.astimezone(BOISE).utcoffset()


# ---- on a ladder


def alarms(ladder: Ladder, allow: Any, **more: Any) -> list[tuple[str, Role]]:
    log = Log(rulebook(Limit("lend", allow, ladder, source=WHY, **more)))
    log.open(log.make(Wanted, FRI))
    return [(said(moment), role) for moment, role in log.deadline("lend").alarms]


def test_the_rungs_of_a_duty_of_days_are_told_in_the_morning():
    """Due when Tuesday the 23rd ends; without quiet hours each of these would be told at midnight."""
    assert alarms(DAILY, CalendarDays(11)) == [
        ("2024-07-23 07:00", Role.COORDINATOR),
        ("2024-07-24 07:00", Role.COORDINATOR),
        ("2024-07-25 07:00", Role.SURROGATE),
        ("2024-07-26 07:00", Role.SUPERVISOR),
        ("2024-07-27 07:00", Role.SAFETY_OFFICER),
    ]


def test_a_duty_is_due_when_it_is_due():
    """Only who is told waits: the deadline is missed at midnight, and says so."""
    log = Log(rulebook(Limit("lend", CalendarDays(3), DAILY, source=WHY)))
    log.open(log.make(Wanted, FRI))
    step = log.look(at("2024-07-16 00:00"))
    assert [type(effect) for effect in step.effects] == [DeadlineMissed]
    assert [type(effect) for effect in log.look(at("2024-07-16 06:59")).effects] == []
    assert [type(effect) for effect in log.look(at("2024-07-16 07:00")).effects] == [Escalated]


def test_the_last_rung_repeats_in_the_morning_as_well():
    log = Log(rulebook(Limit("lend", CalendarDays(3), Ladder((Rung(),), every=Hours(24), quiet=NIGHT), source=WHY)))
    log.open(log.make(Wanted, FRI))
    log.look(at("2024-07-16 07:00"))
    assert [said(moment) for moment in (log.case.book.wakes_at,)] == ["2024-07-17 07:00"]


def test_a_reminder_that_would_come_with_the_due_moment_is_left_out():
    ladder = Ladder((Rung(before=Hours(2)), Rung(), Rung(Role.SAFETY_OFFICER, after=Hours(24))), quiet=NIGHT)
    assert alarms(ladder, CalendarDays(3)) == [
        ("2024-07-16 07:00", Role.COORDINATOR),
        ("2024-07-17 07:00", Role.SAFETY_OFFICER),
    ]


def test_nobody_above_is_told_before_those_below():
    ladder = Ladder(
        (Rung(), Rung(Role.SUPERVISOR, after=Hours(3)), Rung(Role.SAFETY_OFFICER, after=Hours(9))), quiet=NIGHT
    )
    assert alarms(ladder, CalendarDays(3)) == [
        ("2024-07-16 07:00", Role.COORDINATOR),
        ("2024-07-16 07:00", Role.SUPERVISOR),
        ("2024-07-16 09:00", Role.SAFETY_OFFICER),
    ]


def test_nobody_above_is_told_first_where_the_end_of_the_night_is_skipped():
    """The night of 10 March: half past two is skipped, so it ends at half past three, and three is no quiet hour."""
    quiet = QuietHours(time(22), time(2, 30))
    ladder = Ladder((Rung(), Rung(Role.SUPERVISOR, after=Hours(2))), quiet=quiet)
    log = Log(rulebook(Limit("lend", CalendarDays(4), ladder, source=WHY)))
    log.open(log.make(Wanted, at("2024-03-05 15:00")))
    assert [said(moment) for moment, _ in log.deadline("lend").alarms] == ["2024-03-10 03:30", "2024-03-10 03:30"]


def test_a_pause_over_a_clock_change_leaves_the_mornings_where_they_are():
    """Held from the 25th of October to the 5th of November: eleven midnights later, and still at seven."""
    log = Log(rulebook(Limit("lend", CalendarDays(9), DAILY, source=WHY)))
    log.open(log.make(Wanted, at("2024-10-24 15:00")))
    log.say(Paused, at("2024-10-25 09:00"), by=DESK, about="away", reason="away", resume_by=at("2024-11-20 09:00"))
    log.say(Resumed, at("2024-11-05 09:00"), by=DESK, about="away")
    assert said(log.deadline("lend").due_at) == "2024-11-14 00:00"
    assert {said(moment)[11:] for moment, _ in log.deadline("lend").alarms} == {"07:00"}


def test_under_quiet_hours_looking_twice_tells_what_looking_once_tells_and_a_replay_the_same():
    rules = rulebook(Limit("lend", BusinessDays(2), DAILY, source=WHY))
    often, once = Log(rules), Log(rules)
    for log in (often, once):
        log.open(log.make(Wanted, FRI))
    for hours in range(4, 14 * 24, 5):
        often.look(FRI + timedelta(hours=hours))
    last = FRI + timedelta(hours=14 * 24)
    assert often.look(last).case == once.look(last).case
    assert [step.effects for step in replay(LOANS, once.entries)] == [step.effects for step in once.steps]


def test_nothing_is_told_before_the_moment_at_which_something_is_to_be_told():
    """`next_check` is a morning: a host that wakes up then, and only then, tells everything in time."""
    log = Log(rulebook(Limit("lend", CalendarDays(5), DAILY, source=WHY)))
    log.open(log.make(Wanted, FRI))
    woken = []
    while (moment := next_check(log.case)) is not None and moment < FRI + timedelta(days=9):
        assert not log.look(moment - timedelta(seconds=1)).effects
        woken.append((said(moment), [type(one).__name__ for one in log.look(moment).effects]))
    assert woken == [
        ("2024-07-17 07:00", ["Escalated"]),
        ("2024-07-18 00:00", ["DeadlineMissed"]),
        ("2024-07-18 07:00", ["Escalated"]),
        ("2024-07-19 07:00", ["Escalated"]),
        ("2024-07-20 07:00", ["Escalated"]),
    ]


# ---- what can not wait


@pytest.mark.parametrize(
    ("allow", "words"),
    [
        (Minutes(15), "15 minutes are a promise of the night as well"),
        (Hours(24), "24 hours are a promise of the night as well"),
        (BusinessDays(1) + Hours(4), "1 business day, then 4 hours are a promise of the night as well"),
        (Until("needed_by"), "until needed by are a promise of the night as well"),
    ],
    ids=str,
)
def test_what_is_promised_in_minutes_or_hours_has_no_quiet_hours(allow, words):
    with pytest.raises(ImpossibleTiming, match="give it a ladder without them, or allow days") as refused:
        Limit("lend", allow, DAILY, source=WHY)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "allow", [CalendarDays(1), CalendarDays(1, same_time=True), BusinessDays(1), Months(1), RestOfYear()], ids=str
)
def test_what_is_promised_in_days_may_have_them(allow):
    assert Limit("lend", allow, DAILY, source=WHY).ladder is DAILY


@pytest.mark.parametrize(
    "more", [{"every": Hours(12)}, {"every": Minutes(90)}, {"every": Hours(24), "holds": Hours(4)}]
)
def test_what_repeats_or_holds_by_parts_of_a_day_would_come_at_night(more):
    with pytest.raises(ImpossibleTiming, match=r"it repeats and holds for whole days: Hours\(24\), Hours\(72\)"):
        Ladder((Rung(),), quiet=NIGHT, **more)


# ---- as a value


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: QuietHours(time(7), time(7)), "begin and end at 07:00, which is all day or never; say which hours"),
        (lambda: QuietHours(20, 7), "at a time of the day, without a zone: time(20)"),  # type: ignore[arg-type]
        (lambda: QuietHours(time(20, tzinfo=UTC), time(7)), "at a time of the day, without a zone: time(20)"),
    ],
)
def test_quiet_hours_that_cannot_be_are_refused(make, words):
    with pytest.raises(ImpossibleTiming) as refused:
        make()
    assert words in str(refused.value)


def test_quiet_hours_are_read_in_words():
    assert str(NIGHT) == "20:00 to 07:00"
    assert str(NIGHT_AND_DAYS_OFF) == "20:00 to 07:00, and days off"


def test_a_ladder_with_quiet_hours_is_a_value_that_survives_pickling_and_copying():
    assert pickle.loads(pickle.dumps(DAILY)) == copy.deepcopy(DAILY) == DAILY

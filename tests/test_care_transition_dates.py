"""
Care transition: dates at the edges, where the published rules count differently.

Business days, calendar days and elapsed hours over clock changes, a leap day, long weekends; a mere date; a visit by
one zone's calendar and another zone's clock. Midnights are Boise's unless the line says otherwise.
"""

from datetime import UTC, date

import pendulum
import pytest
from examples.practice import OUR_ROWS
from tests.transition_story import BOISE, DAY, HOUR, MON, Story, done, heard, midnight, of, with_limits

from carecoord import CalendarDays, Day, DeadlineSet, Hours, How, Limit, MomentCorrected, ours, stair
from carecoord.workflows.care_transition import (
    Admitted,
    Contacted,
    Discharged,
    Disposition,
    NoticeOf,
    NoticeReceived,
    VisitHeld,
)


def at(*when, zone=BOISE, **more):
    return pendulum.datetime(*when, tz=zone, **more)


def home(when, disposition=Disposition.HOME, **more):
    """Return a story of a stay that was first heard of when it ended."""
    return Story(heard(Discharged, when, "V1", disposition=disposition), **more)


# --- the call: two business days, the day of discharge not counted --------------------------


@pytest.mark.parametrize(
    ("discharged", "last_day"),
    [
        (at(2026, 7, 6, 8), date(2026, 7, 8)),  # Monday: Wednesday
        (at(2026, 7, 6, 23, 59), date(2026, 7, 8)),  # the minute before midnight is still Monday
        (at(2026, 7, 7, 0), date(2026, 7, 9)),  # midnight is Tuesday
        (at(2026, 7, 9, 15), date(2026, 7, 13)),  # Thursday: Friday, Monday
        (at(2026, 7, 10, 15), date(2026, 7, 14)),  # Friday: Monday, Tuesday
        (at(2026, 7, 11, 15), date(2026, 7, 14)),  # Saturday: the same
        (at(2026, 7, 12, 15), date(2026, 7, 14)),  # Sunday: the same
        (at(2026, 7, 2, 15), date(2026, 7, 7)),  # Thursday before a holiday Friday: Monday, Tuesday
        (at(2026, 9, 4, 15), date(2026, 9, 9)),  # Friday before Labor Day: Tuesday, Wednesday
        (at(2026, 11, 25, 15), date(2026, 11, 30)),  # the day before Thanksgiving: Friday, Monday
        (at(2025, 12, 31, 15), date(2026, 1, 5)),  # New Year's Eve, a Wednesday: Friday, Monday
        (at(2026, 3, 6, 15), date(2026, 3, 10)),  # Friday before the clock goes forward
        (at(2026, 10, 30, 15), date(2026, 11, 3)),  # Friday before it goes back
        (at(2024, 2, 28, 15), date(2024, 3, 1)),  # Wednesday: leap Thursday, Friday
    ],
    ids=str,
)
def test_the_call_is_due_when_the_second_business_day_has_ended(discharged, last_day):
    day_after = last_day + DAY
    assert home(discharged).due("contact") == midnight(day_after.year, day_after.month, day_after.day)


def test_the_last_second_is_in_time_and_midnight_is_not():
    due = midnight(2026, 7, 15)
    for when, how in ((due - HOUR / 3600, How.MET), (due, How.MET_LATE)):
        story = home(at(2026, 7, 10, 15))
        story.then(done(Contacted, when))
        assert story.ended("contact") == (how,)


def test_beyond_the_calendar_only_weekends_are_left_out_and_the_date_is_provisional():
    """Our holidays end with 2027. Thursday the 30th of December: Friday, and Monday the 3rd of January."""
    story = home(at(2027, 12, 30, 15))
    assert of(story.said, DeadlineSet, "contact") == (
        DeadlineSet("t-1", "contact", "V1", 1, 1, due_at=midnight(2028, 1, 4), provisional=True),
    )


@pytest.mark.parametrize(
    ("later", "due"), [(DAY - HOUR, None), (DAY, midnight(2026, 7, 15))], ids=["23 hours later", "a day later"]
)
def test_from_a_day_after_the_first_it_is_another_discharge(later, due):
    """Two feeds tell one discharge with hours between; a day apart, a stay lay between that nobody told us of."""
    friday = at(2026, 7, 10, 15)
    story = Story(heard(Discharged, friday), done(Contacted, friday + HOUR), heard(Discharged, friday + later))
    assert story.due("contact") == due


# --- calendar days --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("discharged", "summary", "reconcile"),
    [
        (at(2026, 7, 10, 15), midnight(2026, 7, 13), midnight(2026, 8, 10)),
        (at(2026, 3, 6, 15), midnight(2026, 3, 9), midnight(2026, 4, 6)),  # a day of 23 hours between
        (at(2026, 10, 30, 15), midnight(2026, 11, 2), midnight(2026, 11, 30)),  # and one of 25
        (at(2024, 2, 28, 15), midnight(2024, 3, 2), midnight(2024, 3, 30)),  # 28, 29, 1st: three days in all
        (at(2023, 2, 28, 15), midnight(2023, 3, 3), midnight(2023, 3, 31)),  # 28, 1st, 2nd: no leap day
        (at(2024, 2, 29, 15), midnight(2024, 3, 3), midnight(2024, 3, 31)),
    ],
    ids=str,
)
def test_three_days_in_all_for_the_summary_and_thirty_one_for_the_medication(discharged, summary, reconcile):
    """TRC and MRP count the day of discharge, whatever hour it was."""
    story = home(discharged)
    assert (story.due("summary"), story.due("reconcile")) == (summary, reconcile)


def test_calendar_days_end_at_the_wall_clocks_midnight_in_spring():
    """Friday three in the afternoon to Sunday's end: 57 hours on the wall, 56 on a stopwatch."""
    discharged = at(2026, 3, 6, 15)
    assert home(discharged).due("summary") - discharged == 56 * HOUR


def test_calendar_days_end_at_the_wall_clocks_midnight_in_autumn():
    discharged = at(2026, 10, 30, 15)
    assert home(discharged).due("summary") - discharged == 58 * HOUR


# --- elapsed hours --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("discharged", "due"),
    [
        (at(2026, 7, 3, 15), at(2026, 7, 4, 15)),  # over a holiday and a weekend: hours are hours
        (at(2026, 3, 7, 15), at(2026, 3, 8, 16)),  # the clock goes forward at two in the night
        (at(2026, 10, 31, 15), at(2026, 11, 1, 14)),  # and back
    ],
    ids=str,
)
def test_a_day_of_elapsed_hours_knows_no_weekend_holiday_or_clock_change(discharged, due):
    assert home(discharged, Disposition.AGAINST_ADVICE).due("contact") == due


def test_in_the_hour_that_comes_twice_the_first_half_past_one_is_before_the_second():
    """By the wall both happened at 1:30 on the 1st of November; only a call behind the discharge counts."""
    first, second = at(2026, 11, 1, 1, 30, fold=0), at(2026, 11, 1, 1, 30, fold=1)
    left_first, called_first = home(first), Story(heard(Admitted, at(2026, 10, 28, 9), "V1"))
    left_first.then(done(Contacted, second))
    called_first.then(done(Contacted, first), heard(Discharged, second, "V1"))
    assert (left_first.ended("contact"), called_first.ended("contact")) == ((How.MET,), ())


# --- a date and no time ---------------------------------------------------------------------

FRIDAY = Day(date(2026, 7, 10), BOISE)


def test_a_discharge_of_which_only_the_date_is_known_counts_from_that_date():
    assert home(FRIDAY).due("contact") == midnight(2026, 7, 15)


def test_a_mere_date_gives_nobody_more_hours():
    """Left against advice some time on Friday: the day of the call began with Friday."""
    assert home(FRIDAY, Disposition.AGAINST_ADVICE).due("contact") == midnight(2026, 7, 11)


def test_what_may_have_happened_that_day_before_the_discharge_is_not_overtaken_by_it():
    story = Story(
        heard(Admitted, at(2026, 7, 7, 9), "V1"), heard(NoticeReceived, at(2026, 7, 10, 16), of=NoticeOf.ADMISSION)
    )
    story.then(heard(Discharged, FRIDAY, "V1", recorded_at=MON))
    assert story.owes() >= {"contact", "reconcile"}
    assert "overtaken" not in story.owes()
    assert story.ended("share") == (How.DROPPED,)


def test_a_call_on_the_day_itself_is_not_taken_for_one_after_the_discharge():
    """Nobody knows which came first; calling twice harms less than not calling."""
    story = Story(heard(Admitted, at(2026, 7, 7, 9), "V1"), done(Contacted, at(2026, 7, 10, 18)))
    story.then(heard(Discharged, FRIDAY, "V1", recorded_at=MON))
    assert story.owed("contact")


def test_the_exact_time_may_come_later():
    """Then the call at six counts, since the patient left at three."""
    story = Story(heard(Admitted, at(2026, 7, 7, 9), "V1"), done(Contacted, at(2026, 7, 10, 18)))
    dated = heard(Discharged, FRIDAY, "V1", recorded_at=MON)
    story.then(dated)
    story.then(heard(MomentCorrected, MON + HOUR, corrects=dated.key, moment=at(2026, 7, 10, 15)))
    assert story.ended("contact") == (How.MET,)


# --- zones ----------------------------------------------------------------------------------


def test_a_late_evening_discharge_belongs_to_the_day_of_its_own_zone():
    """Half past eleven on Friday evening in Boise is Saturday in UTC; both give Tuesday. On a Thursday they differ."""
    thursday = at(2026, 7, 9, 23, 30)
    assert home(thursday).due("contact") == midnight(2026, 7, 14)
    assert home(thursday.astimezone(UTC)).due("contact") == midnight(2026, 7, 14)


def test_a_patient_in_another_zone_has_the_days_of_that_zone():
    """One in the morning on Friday in New York is Thursday evening in Boise: the event says whose days count."""
    friday = at(2026, 7, 10, 1, zone="America/New_York")
    assert home(friday).due("contact") == midnight(2026, 7, 15, "America/New_York")
    assert home(friday.in_timezone(BOISE)).due("contact") == midnight(2026, 7, 14)


def test_a_moment_given_as_text_with_an_offset_counts_in_the_days_of_the_practice():
    assert home("2026-07-10T15:00:00-06:00").due("contact") == midnight(2026, 7, 15)


# --- numbers of other programs --------------------------------------------------------------

LADDER = stair(Hours(24), every=Hours(72))


def test_a_discharge_summary_within_a_day_is_a_practice_of_ia_cc_11():
    rules = with_limits(Limit("summary", Hours(24), LADDER, source=ours("IA_CC_11 example: summary within 24 hours")))
    assert home(at(2026, 7, 10, 15), rules=rules).due("summary") == at(2026, 7, 11, 15)


def test_thirty_days_with_the_first_included_end_on_the_thirtieth():
    """TCM: the period begins on the day of discharge and goes on for 29 more."""
    period = CalendarDays(30, first_day_counts=True)
    rules = with_limits(Limit("reconcile", period, LADDER, source=ours("as if it were due with the period")))
    assert home(at(2026, 7, 10, 15), rules=rules).due("reconcile") == midnight(2026, 8, 9)


def test_engagement_within_thirty_days_leaves_out_the_day_of_discharge():
    """TRC: from Saturday the 11th of July through Sunday the 9th of August."""
    rules = with_limits(
        Limit("visit", CalendarDays(30), LADDER, opens=CalendarDays(1), source=ours("HEDIS TRC engagement"))
    )
    for seen, ended in (
        (at(2026, 7, 10, 18), ()),
        (at(2026, 7, 11, 0), (How.MET,)),
        (at(2026, 8, 9, 23, 59), (How.MET,)),
        (at(2026, 8, 10, 0), (How.MET_LATE,)),
    ):
        story = home(at(2026, 7, 10, 15), rules=rules)
        story.then(heard(VisitHeld, seen))
        assert story.ended("visit") == ended


def test_the_number_in_force_at_the_discharge_counts_however_late_it_is_heard():
    """From August the practice promises one day less; Thursday the 30th of July keeps July's promise."""
    fewer = Limit("summary", CalendarDays(1), LADDER, source=ours("from August"), since=date(2026, 8, 1))
    rules = with_limits(fewer, *OUR_ROWS.rows("summary"))
    story = Story(heard(Admitted, at(2026, 7, 28, 9), "V1"), rules=rules)
    story.then(heard(Discharged, at(2026, 7, 30, 15), "V1", recorded_at=at(2026, 8, 3, 10)))
    assert story.due("summary") == midnight(2026, 8, 2)
    assert home(at(2026, 8, 3, 15), rules=rules).due("summary") == midnight(2026, 8, 5)

"""
How published rules count days, rule by rule at the edges, and day by day against others who count.

The rows are the presets themselves. Boise's days unless the line says otherwise: Friday 3 July 2026, Monday 7
September, Thursday 26 November, Friday 25 December and Friday 1 January 2027 are holidays; the clocks go forward on 8
March 2026 and back on 1 November; 2028 is a leap year. The second half asks numpy and the `holidays` package.
"""

import calendar
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.transition_story import Story, done, heard, of, with_limits

from carecoord import (
    Attempts,
    BusinessDays,
    CalendarDays,
    Day,
    DeadlineMissed,
    Hours,
    How,
    Limit,
    Months,
    WeekdayCalendar,
    from_holidays,
    stair,
)
from carecoord.policies.calendars import Days
from carecoord.policies.published import Preset, uk, us
from carecoord.workflows.care_transition import Admitted, ArrivedAtEd, Contacted, Discharged, VisitHeld

BOISE = ZoneInfo("America/Boise")
CLOSED = [date(2026, 7, 3), date(2026, 9, 7), date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)]
OFFICE = WeekdayCalendar(zone="America/Boise", first=date(2024, 1, 1), last=date(2028, 12, 31), holidays=CLOSED)
DAILY = stair(BusinessDays(1), every=Hours(72))
INSTANT = timedelta(microseconds=1)

tcm, trc, ncqa, nbs = us.cms.tcm, us.ncqa.trc, us.ncqa, us.hrsa.nbs


def wall(text: str, zone: str = "America/Boise", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


@cache
def days_in(zone: str) -> Days:
    return Days(OFFICE, zone)


def too_late(preset: Preset, start: datetime, zone: str = "America/Boise") -> datetime:
    """Return the first moment that no longer belongs to the rule, whose days are counted in this zone."""
    assert preset.allow is not None
    due, firm = preset.allow.end(start.astimezone(UTC), days_in(zone))
    assert firm
    return due


# fmt: off
EDGES = [
    # the contact: two business days following; the day itself is day 0
    (tcm.contact,      "2026-03-06 15:00", "2026-03-11 00:00"),  # Friday: when Tuesday is over
    (tcm.contact,      "2026-03-06 00:00", "2026-03-11 00:00"),  # from its first instant
    (tcm.contact,      "2026-03-06 23:59", "2026-03-11 00:00"),  # to its last minute
    (tcm.contact,      "2026-03-07 00:00", "2026-03-11 00:00"),  # Saturday: the same
    (tcm.contact,      "2026-03-08 23:59", "2026-03-11 00:00"),  # Sunday, on which the clocks change: the same
    (tcm.contact,      "2026-03-09 00:00", "2026-03-12 00:00"),  # Monday's first instant: Wednesday
    (tcm.contact,      "2026-07-02 15:00", "2026-07-08 00:00"),  # the eve of a holiday and a weekend
    (tcm.contact,      "2026-07-03 15:00", "2026-07-08 00:00"),  # on the holiday itself
    (tcm.contact,      "2026-09-04 15:00", "2026-09-10 00:00"),  # a long weekend: Tuesday, Wednesday
    (tcm.contact,      "2026-11-25 15:00", "2026-12-01 00:00"),  # Thanksgiving: Friday, Monday; a month ends
    (tcm.contact,      "2026-12-31 15:00", "2027-01-06 00:00"),  # New Year: Monday, Tuesday
    (tcm.contact,      "2028-02-28 15:00", "2028-03-02 00:00"),  # leap Tuesday, Wednesday
    (tcm.contact,      "2026-10-30 15:00", "2026-11-04 00:00"),  # the clocks go back on Sunday
    # the period of service: thirty days, of which the first is day 1
    (tcm.period,       "2026-03-06 15:00", "2026-04-05 00:00"),
    (tcm.period,       "2026-02-01 00:00", "2026-03-03 00:00"),  # February has 28 days ...
    (tcm.period,       "2028-02-01 23:59", "2028-03-02 00:00"),  # ... or 29
    (tcm.period,       "2026-11-01 00:30", "2026-12-01 00:00"),  # November has 30, and one is an hour longer
    (tcm.period,       "2026-12-01 15:00", "2026-12-31 00:00"),  # December has 31
    # notice and discharge information: the day and two more
    (trc.admission_notice, "2026-03-06 15:00", "2026-03-09 00:00"),  # weekends count
    (trc.admission_notice, "2026-07-03 15:00", "2026-07-06 00:00"),  # and so do holidays
    (trc.admission_notice, "2026-01-31 23:59", "2026-02-03 00:00"),
    (trc.discharge_info,   "2028-02-28 00:00", "2028-03-02 00:00"),  # 28, 29, 1
    (trc.discharge_info,   "2027-02-28 00:00", "2027-03-03 00:00"),  # 28, 1, 2
    (trc.discharge_info,   "2026-10-31 15:00", "2026-11-03 00:00"),  # a day of 25 hours among them
    (trc.admission_notice_older, "2026-03-06 15:00", "2026-03-08 00:00"),  # the day or the following
    # engagement: thirty after, the day itself is none of them
    (trc.engagement,   "2026-03-06 15:00", "2026-04-06 00:00"),
    (trc.engagement,   "2026-01-31 15:00", "2026-03-03 00:00"),
    (trc.engagement,   "2028-01-31 15:00", "2028-03-02 00:00"),
    # reconciliation: thirty-one in all
    (ncqa.mrp,         "2026-03-06 15:00", "2026-04-06 00:00"),
    (ncqa.mrp,         "2026-01-31 15:00", "2026-03-03 00:00"),
    (ncqa.mrp,         "2026-12-01 15:00", "2027-01-01 00:00"),  # all of December
    # after a psychiatric stay: seven or thirty after
    (ncqa.fuh_7,       "2026-02-25 15:00", "2026-03-05 00:00"),
    (ncqa.fuh_7,       "2028-02-25 15:00", "2028-03-04 00:00"),
    (ncqa.fuh_7,       "2026-10-28 15:00", "2026-11-05 00:00"),
    (ncqa.fuh_30,      "2026-02-25 15:00", "2026-03-28 00:00"),
    # after an emergency visit: eight or thirty-one in all
    (ncqa.fum_7,       "2026-02-25 15:00", "2026-03-05 00:00"),
    (ncqa.fua_30,      "2026-02-25 15:00", "2026-03-28 00:00"),
    # the baseline plan: forty-eight hours, whatever day it is
    (us.cms.nf_baseline, "2026-07-02 15:00", "2026-07-04 15:00"),  # holiday and weekend
    (us.cms.nf_baseline, "2026-03-07 01:30", "2026-03-09 02:30"),  # an hour less in between
    (us.cms.nf_baseline, "2026-10-31 15:00", "2026-11-02 14:00"),  # an hour more
    (us.cms.nf_baseline, "2028-02-28 09:00", "2028-03-01 09:00"),  # the leap day is a day
    # days of life
    (nbs.time_critical, "2026-02-26 23:59", "2026-03-04 00:00"),
    (nbs.time_critical, "2028-02-26 00:01", "2028-03-03 00:00"),
    (nbs.all_results,   "2026-12-28 12:00", "2027-01-05 00:00"),
    # from when the result is available
    (us.va.directive_1088.action,    "2026-12-28 15:00", "2027-01-05 00:00"),
    (us.va.directive_1088.no_action, "2028-02-20 15:00", "2028-03-06 00:00"),
    # the end of the year
    (us.cms.cms50,     "2026-01-01 00:00", "2027-01-01 00:00"),
    (us.cms.cms50,     "2026-12-31 23:59", "2027-01-01 00:00"),
]
# fmt: on


@pytest.mark.parametrize(("preset", "start", "end"), EDGES, ids=lambda value: getattr(value, "name", value))
def test_a_rule_ends_where_the_wall_calendar_says(preset, start, end):
    assert too_late(preset, wall(start)) == wall(end)


STARTS = [wall("2026-01-01 15:00") + timedelta(days=n) for n in range(3 * 365)]


def test_thirty_after_and_thirty_one_in_all_end_at_one_midnight():
    """As do seven after and eight in all, three in all and two after."""
    for start in STARTS:
        assert too_late(ncqa.mrp, start) == too_late(trc.engagement, start)
        assert too_late(ncqa.fum_7, start) == too_late(ncqa.fuh_7, start)
        assert too_late(trc.discharge_info, start) == CalendarDays(2).end(start, days_in("America/Boise"))[0]


def test_thirty_in_all_end_a_day_before_thirty_after():
    for start in STARTS:
        local = too_late(tcm.period, start).astimezone(BOISE)
        assert local.date() + timedelta(days=1) == too_late(trc.engagement, start).astimezone(BOISE).date()


def test_two_business_days_are_no_48_hours():
    """Over a weekend the vendor's reading ends on a Sunday, and the rule on Tuesday."""
    friday = wall("2026-03-06 15:00")
    assert too_late(tcm.contact_48_hours, friday) < too_late(tcm.contact, friday)


# ---- at the last moment, and on the same day


def story(*limits: Limit, opening: Any = None) -> Story:
    opening = opening or heard(Discharged, wall("2026-07-10 15:00"), "V1")
    return Story(opening, rules=with_limits(*limits))


CONTACT = tcm.contact.limit(DAILY, attempts=Attempts(2, 2))


@pytest.mark.parametrize(
    ("before", "how"), [(INSTANT, How.MET), (timedelta(0), How.MET_LATE)], ids=["an instant before", "at it"]
)
def test_the_moment_at_which_it_ends_is_too_late(before, how):
    told = story(CONTACT)
    due = told.due("contact")
    assert due == wall("2026-07-15 00:00")
    told.then(done(Contacted, due - before))
    assert told.ended("contact") == (how,)


# fmt: off
ON_THE_DAY = [
    # a visit at the last minute of the day itself      met?
    (ncqa.fuh_7.limit(DAILY, clock="visit"),            False),
    (ncqa.fuh_30.limit(DAILY, clock="visit"),           False),
    (trc.engagement.limit(DAILY, clock="visit"),        False),
    (ncqa.fum_7.limit(DAILY, clock="visit"),            True),
    (ncqa.fua_30.limit(DAILY, clock="visit"),           True),
    (tcm.visit_high.limit(DAILY, clock="visit"),        True),
]
# fmt: on


@pytest.mark.parametrize(
    ("row", "met"), ON_THE_DAY, ids=lambda value: getattr(getattr(value, "source", value), "title", value)
)
def test_a_visit_on_the_day_itself_counts_only_where_the_rule_lets_it(row, met):
    told = story(row)
    told.then(done(VisitHeld, wall("2026-07-10 23:59"), "visit-1"))
    assert (told.ended("visit") == (How.MET,)) is met
    if not met:
        told.then(done(VisitHeld, wall("2026-07-11 00:00"), "visit-2"))
        assert told.ended("visit") == (How.MET,)


def test_where_the_same_day_does_not_count_is_a_question_of_whose_day():
    """Ten in the evening in Boise is the next day in New York; the event that began it says whose days count."""
    opening = heard(Discharged, wall("2026-07-10 15:00", "America/New_York"), "V1")
    told = story(ncqa.fuh_7.limit(DAILY, clock="visit"), opening=opening)
    told.then(done(VisitHeld, wall("2026-07-10 22:30"), "visit-1"))
    assert told.ended("visit") == (How.MET,)
    assert told.case.settled[-1].due_at == wall("2026-07-18 00:00", "America/New_York")


# fmt: off
WHOSE_DAYS = [
    # one in the morning on Friday in New York is Thursday evening in Boise
    (wall("2026-03-06 01:00", "America/New_York"),                 wall("2026-03-11 00:00", "America/New_York")),
    (wall("2026-03-06 01:00", "America/New_York").astimezone(UTC), wall("2026-03-10 00:00")),
    # the holiday is the practice's, wherever the patient is
    (wall("2026-07-02 12:00", "America/Anchorage"),                wall("2026-07-08 00:00", "America/Anchorage")),
    # of a mere date the first instant is meant, in the zone that it names
    (Day(date(2026, 3, 6), "America/New_York"),                    wall("2026-03-11 00:00", "America/New_York")),
]
# fmt: on


@pytest.mark.parametrize(("at", "due"), WHOSE_DAYS, ids=str)
def test_the_days_are_those_of_the_zone_that_the_event_carries_else_of_the_practice(at, due):
    assert (
        story(CONTACT, opening=heard(Discharged, at, "V1", recorded_at=wall("2026-07-30 12:00"))).due("contact") == due
    )


@pytest.mark.parametrize("came", [Admitted, ArrivedAtEd], ids=lambda kind: kind.__name__)
def test_a_stay_that_took_no_time_owes_as_much_as_any_other(came):
    """Admitted and discharged within one instant: the days count from it all the same, and nothing is overtaken."""
    at = wall("2026-07-10 15:00")
    told = Story(heard(came, at, "V1"), heard(Discharged, at, "V1"), rules=with_limits(CONTACT))
    longer = Story(heard(came, at - timedelta(days=3), "V1"), heard(Discharged, at, "V1"), rules=with_limits(CONTACT))
    assert told.due("contact") == longer.due("contact") == wall("2026-07-15 00:00")
    assert told.owes() >= {"contact", "summary"}
    assert not told.owes() & {"unexpected", "overtaken"}


def test_late_notice_makes_a_contact_overdue_at_birth():
    """The days count from the discharge, not from when the practice heard of it."""
    monday = wall("2026-07-13 09:00")
    told = story(CONTACT, opening=heard(Discharged, wall("2026-07-02 15:00"), "V1", recorded_at=monday))
    assert told.due("contact") == wall("2026-07-08 00:00")
    assert of(told.said, DeadlineMissed, "contact")


# ---- against others who count

COUNTRIES = {
    "US": "America/Boise",
    "GB": "Europe/London",
    "CA": "America/Toronto",
    "DE": "Europe/Berlin",
    "JP": "Asia/Tokyo",
    "BR": "America/Sao_Paulo",
    "NZ": "Pacific/Auckland",
}
YEARS = range(2010, 2030)
FIRST, LAST = date(2010, 1, 1), date(2029, 12, 31)
EVERY_DAY = np.arange(np.datetime64(FIRST), np.datetime64(date(2029, 12, 1)))
"""Twenty years, but for the last month: what begins there ends beyond."""


@cache
def office_of(country: str, weekend: tuple[int, ...] = (5, 6)) -> tuple[WeekdayCalendar, Days, np.busdaycalendar]:
    """Return the same days off three times: as a calendar, as our table, and as numpy's."""
    office = from_holidays(country, zone=COUNTRIES[country], years=YEARS, weekend=weekend)
    works = [day not in weekend for day in range(7)]
    return office, Days(office), np.busdaycalendar(weekmask=works, holidays=sorted(office.holidays))


def last_days(span: BusinessDays, days: Days, hour: int = 12) -> np.ndarray:
    """Return the last day that belongs to the span, begun on every day of twenty years at this hour."""
    zone, found = ZoneInfo(days.zone), []
    for day in EVERY_DAY.astype(object):
        end, firm = span.end(datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC), days)
        assert firm
        found.append((end - INSTANT).astimezone(zone).date())
    return np.array(found, dtype="datetime64[D]")


@pytest.mark.parametrize("n", [1, 2, 10])
@pytest.mark.parametrize("country", COUNTRIES)
def test_business_days_end_where_numpy_says(country, n):
    """Day 0 does not count: the n-th business day behind it."""
    _, days, others = office_of(country)
    assert (last_days(BusinessDays(n), days) == np.busday_offset(EVERY_DAY, n, roll="backward", busdaycal=others)).all()


@pytest.mark.parametrize("country", ["US", "JP"])
def test_business_days_of_which_the_first_counts_end_where_numpy_says(country):
    _, days, others = office_of(country)
    ours = last_days(BusinessDays(3, first_day_counts=True), days)
    assert (ours == np.busday_offset(EVERY_DAY, 2, roll="forward", busdaycal=others)).all()


def test_another_weekend_is_counted_as_numpy_counts_it():
    """Friday and Saturday."""
    _, days, others = office_of("US", (4, 5))
    ours = last_days(BusinessDays(2), days)
    assert (ours == np.busday_offset(EVERY_DAY, 2, roll="backward", busdaycal=others)).all()


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_working_days_are_those_that_the_holidays_package_and_numpy_know(country):
    import holidays

    office, days, others = office_of(country)
    known = holidays.country_holidays(country, years=YEARS)
    for day, busy in zip(EVERY_DAY.astype(object), np.is_busday(EVERY_DAY, busdaycal=others), strict=True):
        works = day.weekday() < 5 and day not in known
        assert works == busy == office.is_working(day) == days.is_working(day.toordinal())


begun = st.dates(FIRST, date(2029, 6, 30))
hours = st.integers(0, 23)
countries = st.sampled_from(sorted(COUNTRIES))


@given(country=countries, first=begun, length=st.integers(0, 120))
def test_working_days_between_two_days_are_as_many_as_numpy_counts(country, first, length):
    """By so many days a pause moves a deadline of business days."""
    _, days, others = office_of(country)
    after = first + timedelta(days=length)
    found, firm = days.working_between(first.toordinal(), after.toordinal())
    assert (found, firm) == (np.busday_count(first, after, busdaycal=others), True)


@given(country=countries, eve=begun, n=st.integers(1, 60))
def test_a_reminder_some_business_days_before_begins_where_numpy_says(country, eve, n):
    """Walking back from a midnight: the morning of the n-th business day before it."""
    _, days, others = office_of(country)
    back = BusinessDays(n).back(days.start(eve.toordinal() + 1), days).astimezone(ZoneInfo(days.zone))
    last = np.busday_offset(eve, 0, roll="backward", busdaycal=others)
    nth = np.busday_offset(last, 1 - n, busdaycal=others)
    # In the first weeks of 2010 it lies before the calendar begins: there only weekends are left out.
    assert back.date() == nth or nth < np.datetime64(FIRST)


@given(country=countries, start=begun, hour=hours, n=st.integers(1, 150), inclusive=st.booleans())
def test_calendar_days_end_where_adding_dates_says_whatever_the_clocks_do(country, start, hour, n, inclusive):
    _, days, _ = office_of(country)
    zone = ZoneInfo(days.zone)
    at = datetime(start.year, start.month, start.day, hour, tzinfo=zone).astimezone(UTC)
    end, firm = CalendarDays(n, first_day_counts=inclusive).end(at, days)
    assert firm
    last = np.datetime64(at.astimezone(zone).date()) + np.timedelta64(n - inclusive, "D")
    assert (end - INSTANT).astimezone(zone).date() == last
    assert end.astimezone(zone).date() == last + np.timedelta64(1, "D")


@given(country=countries, start=begun, n=st.integers(1, 5))
def test_months_end_where_numpy_says_and_in_a_shorter_month_with_its_last_day(country, start, n):
    _, days, _ = office_of(country)
    zone = ZoneInfo(days.zone)
    end, _ = Months(n).end(datetime(start.year, start.month, start.day, 12, tzinfo=zone).astimezone(UTC), days)
    month = np.datetime64(start, "M") + np.timedelta64(n, "M")
    year, number = month.astype(object).year, month.astype(object).month
    last = min(start.day, calendar.monthrange(year, number)[1])
    assert (end - INSTANT).astimezone(zone).date() == date(year, number, last)


@given(
    country=countries,
    start=begun,
    hour=hours,
    preset=st.sampled_from([tcm.contact, trc.discharge_info, ncqa.mrp, uk.nhs.fds_28]),
)
def test_a_rule_of_days_ends_at_a_midnight_wherever_it_is_counted(country, start, hour, preset):
    """The first instant of a day, whatever the clocks do there."""
    _, days, _ = office_of(country)
    zone = ZoneInfo(days.zone)
    end, _ = preset.allow.end(datetime(start.year, start.month, start.day, hour, tzinfo=zone).astimezone(UTC), days)
    assert end.astimezone(zone).date() != (end - INSTANT).astimezone(zone).date()

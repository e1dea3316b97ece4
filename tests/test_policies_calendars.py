"""
Which days are working days, as handed in; the library knows of no country.

`from_holidays` is tried with a stand-in for the `holidays` package, and with that package where it is installed.
"""

import copy
import pickle
import sys
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from carecoord import Calendar, ImpossibleTiming, WeekdayCalendar, from_holidays
from carecoord.policies.calendars import Days

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
JULY_4 = date(2024, 7, 4)


def calendar(**instead: Any) -> WeekdayCalendar:
    return WeekdayCalendar(**{"zone": "America/Boise", "first": FIRST, "last": LAST, "holidays": {JULY_4}, **instead})


@frozen
class Market:
    """A host's own calendar: open on Wednesdays and Saturdays."""

    name: str = "market"
    zone: str = "America/Boise"
    first: date = FIRST
    last: date = LAST

    def is_working(self, day: date) -> bool:
        return day.weekday() in (2, 5)


# ---- weekdays


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 7, 3), True),
        (date(2024, 7, 4), False),  # the holiday
        (date(2024, 7, 6), False),  # a Saturday
        (date(2024, 7, 7), False),
        (date(2024, 7, 8), True),
    ],
    ids=str,
)
def test_a_working_day_is_neither_weekend_nor_holiday(day, works):
    assert calendar().is_working(day) is works


def test_a_weekend_is_what_the_practice_says():
    friday_and_saturday = calendar(weekend={4, 5})
    assert not friday_and_saturday.is_working(date(2024, 7, 12))
    assert friday_and_saturday.is_working(date(2024, 7, 14))
    assert calendar(weekend=()).is_working(date(2024, 7, 13))


def test_a_calendar_takes_any_collection_of_days():
    assert calendar(holidays=[JULY_4], weekend=[6, 5]) == calendar(holidays=frozenset({JULY_4}))


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        ({"weekend": range(7)}, "the weekend must leave at least one weekday, Monday 0 to Sunday 6"),
        ({"weekend": {7}}, "the weekend must leave at least one weekday, Monday 0 to Sunday 6"),
        ({"weekend": {-1}}, "the weekend must leave at least one weekday, Monday 0 to Sunday 6"),
        ({"last": date(2023, 12, 31)}, "it ends on 2023-12-31, before its first day 2024-01-01"),
        ({"last": date(2085, 1, 1)}, "nobody knows the holidays of 60 years; give a shorter range"),
        ({"zone": "America/Gotham"}, "nobody knows its zone; give an IANA name: 'America/Boise'"),
        (
            {"holidays": {JULY_4, date(2023, 12, 25), date(2026, 1, 1)}},
            "the holiday 2023-12-25 does not lie between 2024-01-01 and 2025-12-31;"
            " take it out, or say with first and last that the holidays of its year are known",
        ),
        (
            {"holidays": {date(2026, 1, 1)}},
            "the holiday 2026-01-01 does not lie between 2024-01-01 and 2025-12-31;"
            " take it out, or say with first and last that the holidays of its year are known",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else ", ".join(one),
)
def test_an_impossible_calendar_is_refused(instead, words):
    with pytest.raises(ImpossibleTiming) as refused:
        calendar(**instead)
    assert refused.value == ImpossibleTiming("calendar", words)


def test_a_calendar_may_be_one_day_long():
    assert calendar(last=FIRST, holidays=()).first == FIRST


def test_a_calendar_is_a_value_that_survives_pickling_and_copying():
    assert pickle.loads(pickle.dumps(calendar())) == copy.deepcopy(calendar()) == calendar()
    assert len({calendar(), calendar()}) == 1


@pytest.mark.parametrize("of", [calendar(), Market()], ids=lambda c: c.name)
def test_a_host_may_bring_a_calendar_of_its_own(of):
    assert isinstance(of, Calendar)


# ---- as a table


def test_the_table_of_a_hosts_own_calendar_counts_its_days():
    """From Friday 12 July: Saturday the 13th, Wednesday the 17th."""
    end = Days(Market()).working_end(date(2024, 7, 12).toordinal(), 2)
    assert end == datetime(2024, 7, 18, 6, tzinfo=UTC)


@given(start=st.dates(FIRST, LAST), n=st.integers(1, 60))
def test_walking_back_from_the_end_comes_to_the_midnight_before_the_first_of_as_many_working_days(start, n):
    days = Days(calendar())
    end = days.working_end(start.toordinal(), n) or days.beyond(start.toordinal(), n)
    begins = days.working_start(days.of(end - timedelta(microseconds=1)), n)
    first = days.of(begins)
    assert days.is_working(first)
    assert sum(days.is_working(day) for day in range(first, days.of(end - timedelta(microseconds=1)) + 1)) == n


def test_a_table_has_the_zone_of_its_calendar_unless_told_another():
    assert Days(calendar()).zone == "America/Boise"
    assert Days(calendar(), "Asia/Tokyo").zone == "Asia/Tokyo"
    assert Days(calendar(), "Asia/Tokyo").of(datetime(2024, 7, 12, 21, tzinfo=UTC)) == date(2024, 7, 13).toordinal()


def test_a_table_survives_pickling():
    again = pickle.loads(pickle.dumps(Days(calendar(), "Asia/Tokyo")))
    assert (again.zone, again.calendar, again.ends) == ("Asia/Tokyo", calendar(), Days(calendar(), "Asia/Tokyo").ends)


# ---- the holidays package


@pytest.fixture
def holidays(monkeypatch):
    """Put a stand-in where the package would be, and keep what it is asked."""
    asked: list[Any] = []

    def country_holidays(country: str, *, subdiv: str | None, years: Any) -> dict[date, str]:
        asked.append((country, subdiv, tuple(years)))
        if country == "XX":
            raise NotImplementedError("Mr Canary")
        return {date(year, 7, 4): "Independence Day" for year in years}

    monkeypatch.setitem(sys.modules, "holidays", SimpleNamespace(country_holidays=country_holidays))
    monkeypatch.setattr("importlib.metadata.version", lambda name: "0.0")
    return asked


@pytest.mark.usefixtures("holidays")
def test_public_holidays_become_days_off():
    made = from_holidays("US", zone="America/Boise", years=[2025, 2024])
    assert made.holidays == {date(2024, 7, 4), date(2025, 7, 4)}
    assert not made.is_working(JULY_4)
    assert (made.first, made.last, made.zone) == (FIRST, LAST, "America/Boise")


@pytest.mark.usefixtures("holidays")
def test_the_name_of_such_a_calendar_keeps_the_edition_of_the_data():
    assert from_holidays("US", zone="UTC", years=[2024]).name == "holidays 0.0 US"
    assert from_holidays("US", zone="UTC", years=[2024], subdivision="ID").name == "holidays 0.0 US-ID"


def test_each_year_is_asked_for_once_and_in_order(holidays):
    from_holidays("US", zone="UTC", years=[2025, 2024, 2025], subdivision="ID", weekend=(4, 5))
    assert holidays == [("US", "ID", (2024, 2025))]


@pytest.mark.usefixtures("holidays")
def test_a_weekend_other_than_the_usual_one_is_kept():
    assert from_holidays("US", zone="UTC", years=[2024], weekend=(4, 5)).weekend == {4, 5}


@pytest.mark.usefixtures("holidays")
def test_a_country_that_nobody_knows_is_refused_in_our_words():
    with pytest.raises(ImpossibleTiming) as refused:
        from_holidays("XX", zone="UTC", years=[2024])
    assert refused.value == ImpossibleTiming("calendar", "the holidays package knows no such country or subdivision")
    assert refused.value.__cause__ is None


@pytest.mark.usefixtures("holidays")
def test_holidays_of_no_year_are_refused():
    with pytest.raises(ImpossibleTiming, match="name at least one year whose holidays are known"):
        from_holidays("US", zone="UTC", years=[])


def test_without_the_extra_the_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(ModuleNotFoundError, match="holidays"):
        from_holidays("US", zone="UTC", years=[2024])


@pytest.mark.skipif(find_spec("holidays") is None, reason="the extra carecoord[holidays] is not installed")
def test_the_real_package_knows_the_fourth_of_july():
    made = from_holidays("US", zone="America/Boise", years=[2024, 2026])
    assert {JULY_4, date(2024, 11, 28), date(2026, 7, 3)} <= made.holidays  # 4 July 2026 is a Saturday
    assert made.name.startswith("holidays 0.")
    assert made.name.endswith(" US")
    with pytest.raises(ImpossibleTiming, match="no such country"):
        from_holidays("XX", zone="UTC", years=[2024])
    with pytest.raises(ImpossibleTiming, match="no such country"):
        from_holidays("US", zone="UTC", years=[2024], subdivision="Gotham")

"""
How long a promise is: five kinds of span, counted on a wall calendar.

The rules of counting are those in which published sources differ (does the first day count? days or working days? when
does the last one end?). The office is in Boise; the 12th of July 2024 is a Friday, and the 4th, a holiday, a Thursday.
Clock changes of 2024: forward on 10 March, back on 3 November.
"""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.small import FRI

from carecoord import BusinessDays, CalendarDays, Hours, ImpossibleTiming, Minutes, Months, Shift, WeekdayCalendar
from carecoord.moments import moment
from carecoord.policies import InSequence, RestOfYear
from carecoord.policies.calendars import Days
from carecoord.policies.spans import shift_of

OFFICE = WeekdayCalendar(
    zone="America/Boise",
    first=date(2024, 1, 1),
    last=date(2025, 12, 31),
    holidays=frozenset({date(2024, 1, 1), date(2024, 7, 4), date(2024, 9, 2), date(2024, 12, 25), date(2025, 1, 1)}),
)
BOISE = ZoneInfo("America/Boise")
TOKYO = ZoneInfo("Asia/Tokyo")
DAYS = Days(OFFICE)
IN_TOKYO = Days(OFFICE, "Asia/Tokyo")
SPANS = [Minutes(90), Hours(48), CalendarDays(2), BusinessDays(2), Months(1), RestOfYear()]

EARLY, LATE = datetime(2024, 2, 1), datetime(2025, 9, 30)  # noqa: DTZ001  the zone is drawn
moments = st.datetimes(EARLY, LATE, timezones=st.just(UTC))
few = st.integers(1, 40)


def at(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOISE, fold=fold).astimezone(UTC)


def ends(span, start: str, days: Days = DAYS, fold: int = 0) -> str:
    """Return the local wall clock at which the span ends."""
    end, firm = span.end(at(start, fold), days)
    assert end.tzinfo is UTC
    assert firm
    return end.astimezone(BOISE).replace(tzinfo=None).isoformat(" ", "minutes")


# fmt: off
ON_THE_WALL = [
    # the contact after a discharge (CMS TCM): two business days following; day 0 does not count
    (BusinessDays(2),                          "2024-07-12 15:00", "2024-07-17 00:00"),  # Friday: when Tuesday ends
    (BusinessDays(2),                          "2024-07-12 00:00", "2024-07-17 00:00"),  # from its first minute ...
    (BusinessDays(2),                          "2024-07-12 23:59", "2024-07-17 00:00"),  # ... to its last
    (BusinessDays(2),                          "2024-07-13 15:00", "2024-07-17 00:00"),  # Saturday
    (BusinessDays(2),                          "2024-07-14 15:00", "2024-07-17 00:00"),  # Sunday
    (BusinessDays(2),                          "2024-07-15 15:00", "2024-07-18 00:00"),  # Monday
    (BusinessDays(2),                          "2024-07-02 15:00", "2024-07-06 00:00"),  # Tuesday, over the 4th
    (BusinessDays(2),                          "2024-07-04 15:00", "2024-07-09 00:00"),  # on the holiday itself
    (BusinessDays(1),                          "2024-08-30 15:00", "2024-09-04 00:00"),  # over Labor Day weekend
    (BusinessDays(2),                          "2024-12-24 15:00", "2024-12-28 00:00"),  # over Christmas
    (BusinessDays(5),                          "2024-12-27 15:00", "2025-01-07 00:00"),  # over New Year
    (BusinessDays(1, first_day_counts=True),   "2024-07-12 15:00", "2024-07-13 00:00"),
    (BusinessDays(2, first_day_counts=True),   "2024-07-12 15:00", "2024-07-16 00:00"),
    (BusinessDays(1, first_day_counts=True),   "2024-07-13 15:00", "2024-07-16 00:00"),  # Saturday is no first day
    (BusinessDays(1, first_day_counts=True),   "2024-07-04 15:00", "2024-07-06 00:00"),  # nor is a holiday
    # notification of an admission (HEDIS TRC): its day and two more, three in all
    (CalendarDays(3, first_day_counts=True),   "2024-07-12 15:00", "2024-07-15 00:00"),
    (CalendarDays(2),                          "2024-07-12 15:00", "2024-07-15 00:00"),  # the same promise
    # the TCM period: discharge is day 1 of 30
    (CalendarDays(30, first_day_counts=True),  "2024-07-12 15:00", "2024-08-11 00:00"),
    # medication reconciliation (HEDIS MRP): through 30 days after, 31 in all
    (CalendarDays(30),                         "2024-07-12 15:00", "2024-08-12 00:00"),
    (CalendarDays(31, first_day_counts=True),  "2024-07-12 15:00", "2024-08-12 00:00"),
    # a week after a psychiatric stay (HEDIS FUH), and eight days in all after an emergency visit (FUM, FUA)
    (CalendarDays(7),                          "2024-07-12 15:00", "2024-07-20 00:00"),
    (CalendarDays(8, first_day_counts=True),   "2024-07-12 15:00", "2024-07-20 00:00"),
    (CalendarDays(1, first_day_counts=True),   "2024-07-12 00:00", "2024-07-13 00:00"),
    (CalendarDays(1),                          "2024-02-28 15:00", "2024-03-01 00:00"),  # the leap day is a day
    (CalendarDays(1),                          "2025-02-28 15:00", "2025-03-02 00:00"),
    (CalendarDays(1),                          "2024-12-31 15:00", "2025-01-02 00:00"),
    (CalendarDays(7, same_time=True),          "2024-07-12 15:00", "2024-07-19 15:00"),
    # the baseline plan of a nursing home: 48 hours, whatever day it is
    (Hours(48),                                "2024-07-12 15:00", "2024-07-14 15:00"),
    (Hours(0),                                 "2024-07-12 15:00", "2024-07-12 15:00"),
    (Minutes(30),                              "2024-07-12 23:45", "2024-07-13 00:15"),
    (Months(1),                                "2024-07-12 15:00", "2024-08-13 00:00"),
    (Months(1),                                "2024-01-31 15:00", "2024-03-01 00:00"),  # to 29 February
    (Months(1),                                "2025-01-31 15:00", "2025-03-01 00:00"),  # to the 28th
    (Months(1),                                "2024-02-29 15:00", "2024-03-30 00:00"),
    (Months(12),                               "2024-02-29 15:00", "2025-03-01 00:00"),
    (Months(6),                                "2024-08-31 15:00", "2025-03-01 00:00"),  # BI-RADS 3
    (Months(1, same_time=True),                "2024-01-31 15:00", "2024-02-29 15:00"),
    # a report by the end of the year (CMS50)
    (RestOfYear(),                             "2024-07-12 15:00", "2025-01-01 00:00"),
    (RestOfYear(),                             "2024-12-31 23:59", "2025-01-01 00:00"),
    (RestOfYear(),                             "2025-01-01 00:00", "2026-01-01 00:00"),
]
# fmt: on


@pytest.mark.parametrize(("span", "start", "end"), ON_THE_WALL, ids=str)
def test_a_span_ends_where_the_wall_calendar_says(span, start, end):
    assert ends(span, start) == end


# fmt: off
OVER_A_CLOCK_CHANGE = [
    # elapsed time does not see a clock change ...
    (Hours(24),                        "2024-03-09 15:00", "2024-03-10 16:00"),
    (Hours(24),                        "2024-11-02 15:00", "2024-11-03 14:00"),
    (Minutes(60),                      "2024-03-10 01:30", "2024-03-10 03:30"),
    # ... days do
    (CalendarDays(1),                  "2024-03-09 15:00", "2024-03-11 00:00"),
    (CalendarDays(1),                  "2024-11-02 15:00", "2024-11-04 00:00"),
    (CalendarDays(1, same_time=True),  "2024-03-09 15:00", "2024-03-10 15:00"),
    (CalendarDays(1, same_time=True),  "2024-11-02 15:00", "2024-11-03 15:00"),
    (CalendarDays(1, same_time=True),  "2024-03-09 02:30", "2024-03-10 03:30"),  # 02:30 is skipped
    (CalendarDays(1, same_time=True),  "2024-11-02 01:30", "2024-11-03 01:30"),  # the first of two
    (BusinessDays(1),                  "2024-03-08 15:00", "2024-03-12 00:00"),
    (BusinessDays(1),                  "2024-11-01 15:00", "2024-11-05 00:00"),
    (Months(1),                        "2024-02-10 15:00", "2024-03-11 00:00"),
]
# fmt: on


@pytest.mark.parametrize(("span", "start", "end"), OVER_A_CLOCK_CHANGE, ids=str)
def test_a_clock_change_moves_elapsed_time_on_the_wall_and_leaves_days_alone(span, start, end):
    assert ends(span, start) == end


def test_the_second_of_two_half_past_ones_is_an_hour_later():
    assert ends(Hours(1), "2024-11-03 01:30") == "2024-11-03 01:30"
    assert ends(Hours(1), "2024-11-03 01:30", fold=1) == "2024-11-03 02:30"
    assert ends(CalendarDays(1), "2024-11-03 01:30") == ends(CalendarDays(1), "2024-11-03 01:30", fold=1)


def test_the_day_belongs_to_the_zone_that_counts():
    """Friday 15:00 in Boise is Saturday 06:00 in Tokyo, and Monday begins there on Sunday morning."""
    end, firm = BusinessDays(1).end(at("2024-07-12 15:00"), IN_TOKYO)
    assert end == datetime(2024, 7, 16, tzinfo=TOKYO)
    assert firm
    assert CalendarDays(1).end(at("2024-07-12 15:00"), IN_TOKYO)[0] == datetime(2024, 7, 15, tzinfo=TOKYO)
    assert Hours(24).end(at("2024-07-12 15:00"), IN_TOKYO)[0] == at("2024-07-13 15:00")


# ---- beyond what the calendar knows


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-12-30 15:00", "2026-01-02 00:00"),  # New Year's Day 2026 is not known to be one
        ("2026-03-06 15:00", "2026-03-11 00:00"),
        ("2023-12-29 15:00", "2024-01-04 00:00"),  # before it begins; what is known counts: 1 January 2024 is off
    ],
)
def test_beyond_the_horizon_only_weekends_are_left_out_and_the_answer_is_not_firm(start, end):
    found, firm = BusinessDays(2).end(at(start), DAYS)
    assert found.astimezone(BOISE).replace(tzinfo=None).isoformat(" ", "minutes") == end
    assert not firm


def test_to_the_last_day_that_is_known_the_answer_is_firm():
    assert BusinessDays(1).end(at("2025-12-30 15:00"), DAYS) == (at("2026-01-01 00:00"), True)
    assert BusinessDays(2).end(at("2025-12-30 15:00"), DAYS)[1] is False


def test_the_first_day_counts_beyond_the_horizon_as_within():
    assert BusinessDays(1, first_day_counts=True).end(at("2026-03-06 15:00"), DAYS) == (at("2026-03-07 00:00"), False)
    assert BusinessDays(1, first_day_counts=True).end(at("2026-03-07 15:00"), DAYS) == (at("2026-03-10 00:00"), False)


@pytest.mark.parametrize("span", [Minutes(9), Hours(9), CalendarDays(9), Months(9)], ids=str)
def test_what_needs_no_holidays_is_firm_everywhere(span):
    assert span.end(at("2031-07-12 15:00"), DAYS)[1]


# ---- laws


@given(start=moments, n=few, m=few)
@pytest.mark.parametrize("kind", [Minutes, Hours, CalendarDays, BusinessDays, Months])
def test_a_longer_span_never_ends_earlier(kind, start, n, m):
    shorter, longer = sorted((n, m))
    assert kind(shorter).end(start, DAYS)[0] <= kind(longer).end(start, DAYS)[0]


@given(start=moments, later=moments, n=few)
@pytest.mark.parametrize("kind", [Minutes, Hours, CalendarDays, BusinessDays, Months])
def test_what_begins_later_never_ends_earlier(kind, start, later, n):
    first, second = sorted((start, later))
    assert kind(n).end(first, DAYS)[0] <= kind(n).end(second, DAYS)[0]


@given(start=moments, n=few)
def test_business_days_never_end_before_as_many_calendar_days(start, n):
    assert BusinessDays(n).end(start, DAYS)[0] >= CalendarDays(n).end(start, DAYS)[0]


@given(start=moments, n=few, closed=st.frozensets(st.dates(date(2024, 2, 1), date(2025, 12, 31)), max_size=20))
def test_more_holidays_never_make_a_span_end_earlier(start, n, closed):
    from attrs import evolve

    more = Days(evolve(OFFICE, holidays=OFFICE.holidays | closed))
    assert BusinessDays(n).end(start, more)[0] >= BusinessDays(n).end(start, DAYS)[0]


@given(start=moments, n=few)
def test_the_table_counts_as_a_finger_on_the_wall_calendar_does(start, n):
    day, left = start.astimezone(BOISE).date(), n
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in OFFICE.holidays
    found, firm = BusinessDays(n).end(start, DAYS)
    assert found == datetime(day.year, day.month, day.day, tzinfo=BOISE) + timedelta(days=1)
    assert firm or day > OFFICE.last


@given(start=moments, n=few)
def test_counting_the_first_day_is_counting_one_day_less(start, n):
    assert CalendarDays(n + 1, first_day_counts=True).end(start, DAYS) == CalendarDays(n).end(start, DAYS)


@given(start=moments, n=few)
@pytest.mark.parametrize("kind", [Minutes, Hours, CalendarDays, BusinessDays])
def test_a_span_back_from_its_end_begins_no_later_than_it_did(kind, start, n):
    end, _ = kind(n).end(start, DAYS)
    back = kind(n).back(end, DAYS)
    assert start <= back or (kind in (Minutes, Hours) and start == back)
    assert kind(n).end(back - timedelta(microseconds=1), DAYS)[0] <= end


# ---- in sequence


def test_spans_may_be_put_in_sequence():
    assert ends(Hours(4) + BusinessDays(1), "2024-07-12 15:00") == "2024-07-16 00:00"
    assert ends(Hours(10) + BusinessDays(1), "2024-07-14 15:00") == "2024-07-17 00:00"  # from Monday 01:00


def test_a_day_that_follows_a_midnight_counts_from_the_day_that_midnight_ended():
    """Two business days and one more are three, not four."""
    assert ends(BusinessDays(2) + BusinessDays(1), "2024-07-12 15:00") == ends(BusinessDays(3), "2024-07-12 15:00")
    assert ends(CalendarDays(2) + CalendarDays(3), "2024-07-12 15:00") == ends(CalendarDays(5), "2024-07-12 15:00")


def test_hours_that_follow_a_midnight_count_from_it():
    assert ends(BusinessDays(2) + Hours(9), "2024-07-12 15:00") == "2024-07-17 09:00"


def test_a_sequence_of_sequences_is_one_sequence():
    whole = (Hours(1) + BusinessDays(1)) + (CalendarDays(1) + Hours(2))
    assert whole == InSequence((Hours(1), BusinessDays(1), CalendarDays(1), Hours(2)))
    assert not whole.by_days
    assert (Hours(1) + BusinessDays(1)).by_days


def test_a_sequence_is_firm_only_if_all_of_it_is():
    assert (BusinessDays(2) + Hours(1)).end(at("2024-07-12 15:00"), DAYS)[1]
    assert not (BusinessDays(2) + Hours(1)).end(at("2026-07-10 15:00"), DAYS)[1]


def test_a_sequence_is_walked_back_from_its_end():
    assert (BusinessDays(1) + Hours(9)).back(at("2024-07-16 09:00"), DAYS) == at("2024-07-15 00:00")
    assert Months(1).back(at("2024-08-13 00:00"), DAYS) == at("2024-07-13 00:00")


def test_the_rest_of_a_year_goes_back_to_its_first_midnight_and_no_pause_moves_it():
    assert RestOfYear().back(at("2025-01-01 00:00"), DAYS) == at("2024-01-01 00:00")
    assert shift_of(RestOfYear()) is Shift.NOT


# ---- as a value


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Minutes(1), "1 minute"),
        (Minutes(90), "90 minutes"),
        (Hours(48), "48 hours"),
        (CalendarDays(3, first_day_counts=True), "3 calendar days, the first day counts"),
        (CalendarDays(1, same_time=True), "1 calendar day, at the same time of day"),
        (BusinessDays(2), "2 business days"),
        (Months(6, same_time=True), "6 months, at the same time of day"),
        (BusinessDays(2) + Hours(9), "2 business days, then 9 hours"),
        (RestOfYear(), "the rest of the calendar year"),
    ],
    ids=str,
)
def test_a_span_is_read_in_words(span, words):
    assert str(span) == words


@pytest.mark.parametrize("span", SPANS, ids=str)
def test_a_span_is_a_value_that_survives_pickling_and_copying(span):
    assert pickle.loads(pickle.dumps(span)) == copy.deepcopy(span) == span
    assert len({span, copy.copy(span)}) == 1


def test_no_span_is_another():
    """Two days, 48 hours and two business days are three promises."""
    assert len({Hours(48), CalendarDays(2), BusinessDays(2), Minutes(48 * 60), Months(2)}) == 5


@pytest.mark.parametrize("kind", [Minutes, Hours, CalendarDays, BusinessDays, Months])
@pytest.mark.parametrize("n", [-1, 2.5, "2", None, True, 10**9], ids=repr)
def test_a_span_is_a_whole_number_of_units_and_less_than_about_a_century(kind, n):
    with pytest.raises(ImpossibleTiming, match=f"^{kind.__name__}: the number must be a whole number from"):
        kind(n)


@pytest.mark.parametrize("kind", [CalendarDays, BusinessDays, Months])
def test_no_days_at_all_are_no_span(kind):
    with pytest.raises(ImpossibleTiming, match="a whole number from 1 to"):
        kind(0)


@pytest.mark.parametrize("span", [CalendarDays(36_525), Months(1_200)], ids=str)
def test_a_span_that_leads_beyond_the_last_year_is_refused(span):
    with pytest.raises(ImpossibleTiming, match="beyond the calendar of this world"):
        span.end(datetime(9990, 1, 1, tzinfo=UTC), DAYS)


def test_the_same_time_of_day_twice_is_the_same_time_of_day():
    """It ends a microsecond early: only a span that ends at a midnight may be counted from the day before."""
    end, _ = (CalendarDays(1, same_time=True) + CalendarDays(1, same_time=True)).end(moment(FRI), Days(OFFICE))
    assert end == datetime(2024, 7, 14, 15, tzinfo=BOISE)


@pytest.mark.parametrize("span", [BusinessDays(9), Hours(880_000), RestOfYear()], ids=str)
def test_every_span_that_leads_beyond_the_last_year_is_refused(span):
    with pytest.raises(ImpossibleTiming, match="beyond the calendar of this world"):
        span.end(datetime(9999, 12, 29, tzinfo=UTC), Days(OFFICE))

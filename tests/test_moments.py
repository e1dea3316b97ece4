"""
Points in time: aware at the door, UTC behind it, and days that belong to a zone.

Clock changes of 2024 in the United States: forward on 10 March, back on 3 November, both at 02:00.
"""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecoord import Day, NaiveMoment, NotAMoment, moment
from carecoord.moments import day_ends, day_starts, zone, zone_of

BOISE = ZoneInfo("America/Boise")
NOON = datetime(2024, 7, 12, 12, tzinfo=BOISE)
ZONES = ["America/Boise", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "UTC"]
HOUR = timedelta(hours=1)
BARE = datetime(2024, 3, 1)  # noqa: DTZ001  without a zone on purpose: no door may take it

EARLY, LATE = datetime(1990, 1, 1), datetime(2040, 1, 1)  # noqa: DTZ001  the zone is drawn
moments = st.datetimes(EARLY, LATE, timezones=st.timezones(), allow_imaginary=False)
dates = st.dates(date(1995, 1, 1), date(2037, 12, 31))


# ---- the door


@given(at=moments)
def test_a_moment_is_the_same_instant_as_plain_utc(at):
    inside = moment(at)
    assert type(inside) is datetime
    assert inside.tzinfo is UTC
    assert inside == at.astimezone(UTC)
    assert inside.timestamp() == at.timestamp()


@given(at=moments)
def test_what_is_plain_utc_already_is_handed_through(at):
    inside = moment(at)
    assert moment(inside) is inside


@given(at=moments)
def test_a_moment_written_as_iso_text_is_read_as_the_same_moment(at):
    utc = at.astimezone(UTC)
    assert moment(utc.isoformat()) == utc


@pytest.mark.parametrize(
    "given",
    [
        NOON,
        pendulum.datetime(2024, 7, 12, 12, tz="America/Boise"),
        datetime(2024, 7, 12, 20, tzinfo=timezone(timedelta(hours=2))),
        "2024-07-12T18:00:00Z",
        "2024-07-12T12:00-06:00",
        "20240712T180000+0000",
    ],
    ids=str,
)
def test_every_way_of_saying_a_moment_means_the_same(given):
    assert moment(given) == datetime(2024, 7, 12, 18, tzinfo=UTC)


def test_pendulum_does_not_stay_inside():
    """Its arithmetic is several times slower, and its zoned comparison is wrong in a repeated hour."""
    assert type(moment(pendulum.datetime(2024, 7, 12, tz="UTC"))) is datetime


def test_the_repeated_hour_is_in_order_behind_the_door():
    early = datetime(2024, 11, 3, 1, 45, tzinfo=BOISE)
    late = datetime(2024, 11, 3, 1, 30, tzinfo=BOISE, fold=1)
    assert late < early  # the wall clock is wrong ...
    assert moment(early) < moment(late)  # ... and the door is not


@pytest.mark.parametrize("naive", [BARE, "2024-03-01T00:00:00", "2024-03-01"], ids=str)
def test_a_moment_without_a_zone_is_refused_with_a_way_out(naive):
    with pytest.raises(NaiveMoment) as refused:
        moment(naive)
    assert refused.value == NaiveMoment("2024-03-01T00:00:00")
    assert str(refused.value) == (
        "2024-03-01T00:00:00 has no time zone; pass an aware datetime, such as"
        " pendulum.datetime(..., tz='America/Boise')"
    )


@pytest.mark.parametrize("word", ["now", "today", "tomorrow", "", "soon", "12:00", "2024-13-01T00:00Z"])
def test_a_word_is_no_point_in_time(word):
    """`pendulum.parse("now")` would read the clock of the machine."""
    with pytest.raises(NotAMoment):
        moment(word)


@pytest.mark.parametrize(
    "thing", [None, 7, 7.5, date(2024, 3, 1), timedelta(1), b"2024", object()], ids=lambda thing: type(thing).__name__
)
def test_a_thing_that_is_no_datetime_is_named_by_its_kind(thing):
    with pytest.raises(NotAMoment) as refused:
        moment(thing)
    assert type(thing).__name__ in str(refused.value)


def test_text_that_cannot_be_read_is_not_repeated():
    with pytest.raises(NotAMoment) as refused:
        moment("Mr Canary, Friday")
    assert "Canary" not in str(refused.value) + repr(refused.value)


# ---- zones


@pytest.mark.parametrize("name", ZONES)
def test_a_zone_is_found_by_its_iana_name(name):
    assert NOON.astimezone(zone(name)) == NOON


@pytest.mark.parametrize("name", ["Boise", "America/Gotham", "", "../etc"])
def test_a_zone_that_nobody_knows_is_refused(name):
    with pytest.raises(NotAMoment, match="a zone that nobody knows"):
        zone(name)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (NOON, "America/Boise"),
        (pendulum.datetime(2024, 7, 12, tz="America/Boise"), "America/Boise"),
        (datetime(2024, 7, 12, tzinfo=ZoneInfo("UTC")), None),
        (pendulum.datetime(2024, 7, 12), None),
        (datetime(2024, 7, 12, tzinfo=UTC), None),
        (datetime(2024, 7, 12, tzinfo=timezone(timedelta(hours=-6))), None),
        ("2024-07-12T12:00-06:00", None),
    ],
    ids=str,
)
def test_only_a_named_zone_says_whose_days_count(value, name):
    """An offset is no zone: it does not know when the clocks change."""
    assert zone_of(value) == name


# ---- days


@given(day=dates, name=st.sampled_from(ZONES))
def test_a_day_ends_where_the_next_begins(day, name):
    assert day_starts(day, name) < day_ends(day, name) or name == "Pacific/Apia"  # which once skipped a day
    assert day_ends(day, name) == day_starts(day + timedelta(days=1), name)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2024, 3, 10), 23), (date(2024, 11, 3), 25), (date(2024, 7, 12), 24)], ids=str
)
def test_a_day_of_a_clock_change_is_an_hour_shorter_or_longer(day, hours):
    assert day_ends(day, "America/Boise") - day_starts(day, "America/Boise") == hours * HOUR


def test_a_day_whose_midnight_is_skipped_begins_after_the_gap():
    """In Sao Paulo the clocks went from 00:00 to 01:00 on 4 November 2018."""
    begins = day_starts(date(2018, 11, 4), "America/Sao_Paulo")
    assert begins.astimezone(zone("America/Sao_Paulo")).isoformat() == "2018-11-04T01:00:00-02:00"


def test_a_day_with_two_midnights_begins_at_the_first():
    """In Havana the clocks go back from 01:00 to 00:00; 3 November 2024 has 00:00 twice."""
    assert day_starts(date(2024, 11, 3), "America/Havana") == datetime(2024, 11, 3, 4, tzinfo=UTC)


def test_a_day_that_was_skipped_takes_no_time():
    """Samoa had no 30 December 2011."""
    assert day_starts(date(2011, 12, 30), "Pacific/Apia") == day_ends(date(2011, 12, 30), "Pacific/Apia")


def test_a_mere_date_knows_its_first_and_its_last_instant():
    day = Day(date(2024, 7, 12), "America/Boise")
    assert day.first == datetime(2024, 7, 12, 6, tzinfo=UTC)
    assert day.last == datetime(2024, 7, 13, 5, 59, 59, 999999, tzinfo=UTC)


def test_a_mere_date_in_no_known_zone_is_refused_when_it_is_used():
    with pytest.raises(NotAMoment):
        _ = Day(date(2024, 7, 12), "America/Gotham").first


def test_a_mere_date_is_a_value():
    day = Day(date(2024, 7, 12), "America/Boise")
    assert pickle.loads(pickle.dumps(day)) == copy.copy(day) == day != Day(date(2024, 7, 12), "UTC")


# ---- what no door takes


@pytest.mark.parametrize("name", ["America", "a" * 300, None], ids=["a folder", "too long", "none"])
def test_whatever_is_no_zone_is_refused_in_our_words(name):
    with pytest.raises(NotAMoment):
        zone(name)


def test_a_moment_that_utc_cannot_hold_is_refused_in_our_words():
    with pytest.raises(NotAMoment):
        moment("9999-12-31T23:00-08:00")


def test_no_error_drags_along_the_text_that_it_does_not_show():
    """`from None` hides the cause from tracebacks, but whoever walks `__context__` finds what was written."""
    with pytest.raises(NotAMoment) as refused:
        moment("Mrs Canary")
    assert "Canary" not in repr(refused.value.__context__)

"""
Points in time: aware, and UTC inside.

This is the only door for foreign date-times. Two zoned date-times of one zone compare by
the wall clock, which is wrong in the hour that a clock change repeats, so nothing behind
this door compares anything but UTC.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from attrs import frozen

from carecoord.errors import NaiveMoment, NotAMoment

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_INSTANT = timedelta(microseconds=1)
_DATE = date  # `Day.date` hides the name


def moment(value: datetime | str) -> datetime:
    """
    Return the point in time as a plain UTC datetime.

    Text is ISO 8601 with an offset; words such as "now" are no point in time.

    Raises:
        NaiveMoment: *value* has no time zone or offset.
        NotAMoment: *value* is neither a datetime nor such a text.
    """
    given: Any = _read(value) if isinstance(value, str) else value
    if not isinstance(given, datetime):
        raise NotAMoment(f"a {type(given).__name__}")
    value = given
    if value.tzinfo is UTC and type(value) is datetime:
        return value
    if value.utcoffset() is None:
        raise NaiveMoment(value.isoformat())
    there = _in_utc(value)
    if there is None:
        raise NotAMoment("a date-time at the edge of the calendar")
    # A subclass (pendulum's) is several times slower to add to and to compare with.
    return datetime(there.year, there.month, there.day, there.hour, there.minute, there.second, there.microsecond, UTC)


# Errors are raised outside of `except`: the first one would drag along the text that could not be read.


def _in_utc(value: datetime) -> datetime | None:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return None


def _read(text: str) -> datetime:
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    raise NotAMoment("this text")


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """
    Return the IANA zone of this name.

    Raises:
        NotAMoment: there is no such zone.
    """
    import pendulum  # noqa: PLC0415  pendulum stands at the edges: most hosts of one zone load it once, here

    with suppress(Exception):  # a folder, an endless name, no name at all: each fails in its own way
        return pendulum.timezone(name)
    raise NotAMoment("a zone that nobody knows")


def zone_of(value: object) -> str | None:
    """Return the IANA name of the zone that a date-time carries; None for UTC, offsets and text."""
    info = getattr(value, "tzinfo", None)
    name = getattr(info, "key", None)
    return name if isinstance(name, str) and name not in ("UTC", "Etc/UTC") else None


def day_starts(day: date, name: str) -> datetime:
    """Return the first instant of the day in this zone; where midnight is skipped, the instant after the gap."""
    local = datetime(day.year, day.month, day.day, tzinfo=zone(name))
    return moment(local)


def day_ends(day: date, name: str) -> datetime:
    """Return the first instant of the next day in this zone: a day is half-open."""
    return day_starts(day + timedelta(days=1), name)


@frozen
class Day:
    """
    A date without a time of day, in a named zone: what a fax or a claims file knows.

    News with a `Day` stands at the day's last instant, and clocks that it starts count from
    the day's first: nothing that may have come later that day is overtaken by it, and no
    duty gains hours that nobody promised.
    """

    date: date
    zone: str

    def __attrs_post_init__(self) -> None:
        given: Any = self.date
        if not isinstance(given, _DATE) or isinstance(given, datetime):
            raise NotAMoment(f"a Day of a {type(given).__name__}")

    @property
    def first(self) -> datetime:
        """The first instant of the day."""
        return day_starts(self.date, self.zone)

    @property
    def last(self) -> datetime:
        """The last microsecond of the day."""
        return day_ends(self.date, self.zone) - _INSTANT

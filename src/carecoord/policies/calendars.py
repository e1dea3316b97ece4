"""
Which days are working days, and where a day begins and ends.

A calendar is handed in with its holidays; nothing here knows of any country. `Days` turns
one into tables, so that a business day is looked up and not counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import field, frozen

from carecoord.errors import ImpossibleTiming, NotAMoment
from carecoord.moments import day_starts, zone

if TYPE_CHECKING:
    from datetime import tzinfo

_DAY = timedelta(days=1)
_YEARS = 60


@runtime_checkable
class Calendar(Protocol):
    """
    Which days are working days in one zone.

    `name` says which calendar and which edition of it; `first` and `last` are the days
    between which its holidays are known.
    """

    @property
    def name(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...
    def is_working(self, day: date) -> bool:
        """Whether the practice works on this day."""
        ...


def _dates(days: Iterable[date]) -> frozenset[date]:
    return frozenset(days)


def _weekdays(days: Iterable[int]) -> frozenset[int]:
    return frozenset(days)


@frozen(kw_only=True)
class WeekdayCalendar:
    """
    Working days are all but the weekend and the holidays handed in.

    Args:
        zone: The IANA zone whose days count.
        first, last: The days between which the holidays are known. Beyond them only weekends
            are left out, and what is worked out there is marked provisional.
        holidays: The days off, whatever their reason.
        weekend: Weekdays off, Monday being 0.
        name: Which calendar and which edition; kept with each deadline.

    Raises:
        ImpossibleTiming: nobody knows the zone, no weekday is a working day, the range is empty or absurd, or a
            holiday lies outside of it.
    """

    zone: str
    first: date
    last: date
    holidays: frozenset[date] = field(default=frozenset(), converter=_dates)
    weekend: frozenset[int] = field(default=frozenset({5, 6}), converter=_weekdays)
    name: str = "weekdays"

    def __attrs_post_init__(self) -> None:
        try:
            zone(self.zone)
        except NotAMoment:
            raise ImpossibleTiming("calendar", "nobody knows its zone; give an IANA name: 'America/Boise'") from None
        if any(isinstance(day, datetime) or not hasattr(day, "toordinal") for day in self.holidays):
            raise ImpossibleTiming("calendar", "a holiday is a date, no moment and no text")
        if not self.weekend < frozenset(range(7)):
            raise ImpossibleTiming("calendar", "the weekend must leave at least one weekday, Monday 0 to Sunday 6")
        if not self.first <= self.last:
            raise ImpossibleTiming("calendar", f"it ends on {self.last}, before its first day {self.first}")
        beyond = sorted(day for day in self.holidays if not self.first <= day <= self.last)
        if beyond:
            raise ImpossibleTiming(
                "calendar",
                f"the holiday {beyond[0]} does not lie between {self.first} and {self.last};"
                " take it out, or say with first and last that the holidays of its year are known",
            )
        if self.last.year - self.first.year > _YEARS:
            raise ImpossibleTiming("calendar", f"nobody knows the holidays of {_YEARS} years; give a shorter range")

    def is_working(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays


def from_holidays(
    country: str,
    *,
    zone: str,
    years: Iterable[int],
    subdivision: str | None = None,
    weekend: Iterable[int] = (5, 6),
) -> WeekdayCalendar:
    """
    Return a calendar with the public holidays of a country, from the `holidays` package.

    Needs the extra: `pip install carecoord[holidays]`. The edition of that package is kept
    in the calendar's name, since its data changes from month to month.

    Raises:
        ImpossibleTiming: there is no such country or subdivision, or no year was given.
        ModuleNotFoundError: the extra is not installed.
    """
    # An extra, and slow to load: only who asks for it pays.
    from importlib.metadata import version  # noqa: PLC0415

    import holidays  # noqa: PLC0415

    known = sorted(set(years))
    if not known:
        raise ImpossibleTiming("calendar", "name at least one year whose holidays are known")
    try:
        days = holidays.country_holidays(country, subdiv=subdivision, years=known)
    except NotImplementedError:  # so the package says that it does not know a place
        raise ImpossibleTiming("calendar", "the holidays package knows no such country or subdivision") from None
    place = country if subdivision is None else f"{country}-{subdivision}"
    first, last = date(known[0], 1, 1), date(known[-1], 12, 31)
    return WeekdayCalendar(
        zone=zone,
        first=first,
        last=last,
        holidays=[day for day in days if first <= day <= last],
        weekend=weekend,
        name=f"holidays {version('holidays')} {place}",
    )


class Days:
    """
    A calendar as tables, in one zone.

    `midnights[day]` is when a day begins. `rank[day]` counts the working days up to and
    including a day; `ends[k]` is the midnight that ends the k-th of them: so the end of the
    n-th business day is one sum between two look-ups. Days are ordinals counted from `low`.
    """

    __slots__ = ("calendar", "ends", "high", "low", "midnights", "rank", "tz", "zone")

    def __init__(self, calendar: Calendar, zone_name: str | None = None) -> None:
        self.calendar = calendar
        self.zone = zone_name or calendar.zone
        self.tz: tzinfo = zone(self.zone)
        self.low = calendar.first.toordinal()
        self.high = calendar.last.toordinal()
        self.midnights = [day_starts(calendar.first, self.zone)]
        self.rank: list[int] = []
        # The 0-th working day ended before the calendar begins.
        self.ends = self.midnights[:]
        for ordinal in range(self.low, self.high + 1):
            day = date.fromordinal(ordinal)
            self.midnights.append(day_starts(day + _DAY, self.zone))
            if calendar.is_working(day):
                self.ends.append(self.midnights[-1])
            self.rank.append(len(self.ends) - 1)

    def __reduce__(self) -> tuple[type[Days], tuple[Calendar, str]]:
        return Days, (self.calendar, self.zone)

    def of(self, at: datetime) -> int:
        """Return the ordinal of the local day that holds this moment."""
        midnights = self.midnights
        # Local days are about as long as those counted from the first midnight: one beside the guess, at most.
        guess = (at - midnights[0]).days
        for index in (guess, guess - 1, guess + 1):
            if 0 <= index <= self.high - self.low and midnights[index] <= at < midnights[index + 1]:
                return self.low + index
        return at.astimezone(self.tz).toordinal()

    def start(self, ordinal: int) -> datetime:
        """Return the first instant of the day."""
        if self.low <= ordinal <= self.high + 1:
            return self.midnights[ordinal - self.low]
        try:
            return day_starts(date.fromordinal(ordinal), self.zone)
        except (ValueError, OverflowError):
            raise ImpossibleTiming("span", "it leads beyond the calendar of this world") from None

    def same_time(self, at: datetime, ordinal: int) -> datetime:
        """Return the moment of that day with the wall clock time of *at*; where that is skipped, after the gap."""
        local = at.astimezone(self.tz)
        day = date.fromordinal(ordinal)
        return datetime(
            day.year, day.month, day.day, local.hour, local.minute, local.second, local.microsecond, self.tz
        ).astimezone(UTC)

    def working_end(self, ordinal: int, number: int) -> datetime | None:
        """
        Return the midnight that ends the n-th working day after the day, which is day 0.

        None where it lies beyond the horizon: there `beyond` counts.
        """
        day = ordinal - self.low
        if day >= 0:
            try:
                return self.ends[self.rank[day] + number]
            except IndexError:
                pass
        return None

    def working_start(self, ordinal: int, number: int) -> datetime:
        """Return the midnight that begins the n-th working day before the day *after* this one."""
        while number:
            number -= self.is_working(ordinal)
            ordinal -= 1
        return self.start(ordinal + 1)

    def working_between(self, first: int, after: int) -> tuple[int, bool]:
        """Return how many working days there are from one day up to, but without, another; and whether that is firm."""
        firm = first >= after or (self.low <= first and after <= self.high + 1)
        return sum(self.is_working(day) for day in range(first, after)), firm

    def is_working(self, ordinal: int) -> bool:
        """Whether the day is a working day; beyond the horizon, whether the calendar's rule says so."""
        with suppress(ValueError, OverflowError):
            return self.calendar.is_working(date.fromordinal(ordinal))
        raise ImpossibleTiming("span", "it leads beyond the calendar of this world")

    def beyond(self, ordinal: int, number: int) -> datetime:
        """Return the same where only the calendar's rule is known, and no holidays."""
        while number:
            ordinal += 1
            number -= self.is_working(ordinal)
        return self.start(ordinal + 1)


__all__ = ["Calendar", "Days", "WeekdayCalendar", "from_holidays"]

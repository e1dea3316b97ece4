"""
Lengths of time as separate promises: elapsed minutes and hours, calendar days, business days, months.

No span converts into another: 48 hours, two days and two business days are different
promises, and which of them was made decides who is late.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Protocol, TypeAlias

from attrs import field, frozen

from carecoord.case import Shift
from carecoord.errors import ImpossibleTiming
from carecoord.policies.calendars import Days

_INSTANT = timedelta(microseconds=1)
_MOST = {"Minutes": 53_000_000, "Hours": 880_000, "CalendarDays": 36_525, "BusinessDays": 26_000, "Months": 1_200}


class Span(Protocol):
    """A length of time that knows where it ends."""

    @property
    def by_days(self) -> bool:
        """Whether it ends at a midnight."""
        ...

    def end(self, start: datetime, days: Days) -> tuple[datetime, bool]:
        """Return the moment after the last that belongs to the span, and whether it is firm."""
        ...

    def back(self, end: datetime, days: Days) -> datetime:
        """Return the moment from which the span would lead to *end*."""
        ...


def _whole(instance: object, _: object, n: Any) -> None:
    """Refuse what is no whole number of units, or more than a hundred years of them."""
    name = type(instance).__name__
    least = 0 if name in ("Minutes", "Hours") else 1
    if type(n) is not int or not least <= n <= _MOST[name]:
        raise ImpossibleTiming(name, f"the number must be a whole number from {least} to {_MOST[name]}")


class _Sums:
    """Spans may be put in sequence; each keeps its own promise."""

    def __add__(self: Span, other: Span) -> InSequence:
        mine = self.parts if isinstance(self, InSequence) else (self,)
        theirs = other.parts if isinstance(other, InSequence) else (other,)
        return InSequence((*mine, *theirs))


class _Elapsed(_Sums):
    """Elapsed time: weekends, holidays and clock changes are nothing to it."""

    unit: ClassVar[str]
    shift: ClassVar[Shift] = Shift.ELAPSED
    n: int
    length: timedelta

    @property
    def by_days(self) -> bool:
        return False

    def end(self, start: datetime, days: Days) -> tuple[datetime, bool]:
        with suppress(OverflowError):
            return start + self.length, True
        raise ImpossibleTiming("span", "it leads beyond the calendar of this world")

    def back(self, end: datetime, days: Days) -> datetime:
        return end - self.length

    def __str__(self) -> str:
        return f"{self.n} {self.unit}{'' if self.n == 1 else 's'}"


@frozen
class Minutes(_Elapsed):
    """Elapsed minutes."""

    unit: ClassVar[str] = "minute"
    n: int = field(validator=_whole)
    length: timedelta = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "length", timedelta(minutes=self.n))


@frozen
class Hours(_Elapsed):
    """Elapsed hours."""

    unit: ClassVar[str] = "hour"
    n: int = field(validator=_whole)
    length: timedelta = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "length", timedelta(hours=self.n))


class _ByDays(_Sums):
    unit: ClassVar[str]
    shift: ClassVar[Shift] = Shift.DAYS
    n: int

    @property
    def by_days(self) -> bool:
        return not getattr(self, "same_time", False)

    def __str__(self) -> str:
        counted = f"{self.n} {self.unit}{'' if self.n == 1 else 's'}"
        if getattr(self, "first_day_counts", False):
            counted += ", the first day counts"
        if getattr(self, "same_time", False):
            counted += ", at the same time of day"
        return counted


@frozen
class CalendarDays(_ByDays):
    """
    Days of the calendar, each of them, from local midnight to local midnight.

    The start's own day is day 0 unless `first_day_counts`; the span ends with the last
    counted day, or at the same time of that day as it began.
    """

    unit: ClassVar[str] = "calendar day"
    n: int = field(validator=_whole)
    first_day_counts: bool = field(default=False, kw_only=True)
    same_time: bool = field(default=False, kw_only=True)

    @property
    def last_day(self) -> int:
        """Which day is the last to be counted, the start's own being day 0."""
        return self.n - self.first_day_counts

    def end(self, start: datetime, days: Days) -> tuple[datetime, bool]:
        last = days.of(start) + self.last_day
        return (days.same_time(start, last) if self.same_time else days.start(last + 1)), True

    def back(self, end: datetime, days: Days) -> datetime:
        return days.start(days.of(end - _INSTANT) + 1 - self.n)


@frozen
class BusinessDays(_ByDays):
    """
    Working days of the calendar: the span ends at the midnight that ends the last of them.

    The start's own day is day 0, whatever day it is; with `first_day_counts` it is day 1 if
    it is a working day.
    """

    unit: ClassVar[str] = "business day"
    shift: ClassVar[Shift] = Shift.WORKING
    n: int = field(validator=_whole)
    first_day_counts: bool = field(default=False, kw_only=True)

    def end(self, start: datetime, days: Days) -> tuple[datetime, bool]:
        day = days.of(start)
        number = self.n - (self.first_day_counts and days.is_working(day))
        end = days.working_end(day, number)
        return (days.beyond(day, number), False) if end is None else (end, True)

    def back(self, end: datetime, days: Days) -> datetime:
        return days.working_start(days.of(end - _INSTANT), self.n)


@frozen
class Months(_ByDays):
    """
    Months of the calendar: the same day of a later month, or its last day where it has no such day.

    The span ends with that day, or at the same time of that day as it began.
    """

    unit: ClassVar[str] = "month"
    n: int = field(validator=_whole)
    same_time: bool = field(default=False, kw_only=True)

    def end(self, start: datetime, days: Days) -> tuple[datetime, bool]:
        last = _months_on(days.of(start), self.n)
        return (days.same_time(start, last) if self.same_time else days.start(last + 1)), True

    def back(self, end: datetime, days: Days) -> datetime:
        return days.start(_months_on(days.of(end - _INSTANT), -self.n) + 1)


def _months_on(ordinal: int, months: int) -> int:
    import pendulum  # noqa: PLC0415  months are pendulum's; who counts none need not load it

    day = date.fromordinal(ordinal)
    try:
        return pendulum.date(day.year, day.month, day.day).add(months=months).toordinal()
    except (ValueError, OverflowError):
        raise ImpossibleTiming("Months", "they lead beyond the calendar of this world") from None


@frozen
class RestOfYear(_Sums):
    """
    The rest of the calendar year: it ends at the midnight that ends the year in which it began.

    The year ends when it ends, so a pause moves nothing.
    """

    shift: ClassVar[Shift] = Shift.NOT

    @property
    def by_days(self) -> bool:
        return True

    def end(self, start: datetime, days: Days) -> tuple[datetime, bool]:
        return days.start(_new_year(days.of(start), 1)), True

    def back(self, end: datetime, days: Days) -> datetime:
        return days.start(_new_year(days.of(end - _INSTANT), 0))

    def __str__(self) -> str:
        return "the rest of the calendar year"


def _new_year(ordinal: int, years: int) -> int:
    with suppress(ValueError):
        return date(date.fromordinal(ordinal).year + years, 1, 1).toordinal()
    raise ImpossibleTiming("span", "it leads beyond the calendar of this world")


@frozen
class InSequence(_Sums):
    """One span after another; a day span that follows a midnight counts from the day that midnight ended."""

    parts: tuple[Span, ...]

    @property
    def by_days(self) -> bool:
        return self.parts[-1].by_days

    @property
    def shift(self) -> Shift:
        return shift_of(self.parts[-1])

    def end(self, start: datetime, days: Days) -> tuple[datetime, bool]:
        firm, after_midnight = True, False
        for part in self.parts:
            start, sure = follow(part, start, days, after_midnight=after_midnight)
            firm, after_midnight = firm and sure, part.by_days
        return start, firm

    def back(self, end: datetime, days: Days) -> datetime:
        for part in reversed(self.parts):
            end = part.back(end, days)
        return end

    def __str__(self) -> str:
        return ", then ".join(str(part) for part in self.parts)


Length: TypeAlias = Minutes | Hours | CalendarDays | BusinessDays | Months | RestOfYear
"""A span of one unit."""


def shift_of(span: Span) -> Shift:
    """Return by what a pause moves a deadline of this span; one of a host's own need not say it."""
    said: Shift | None = getattr(span, "shift", None)
    return said or (Shift.DAYS if span.by_days else Shift.ELAPSED)


def shifted(shift: Shift, due: datetime, since: datetime, until: datetime, days: Days) -> tuple[datetime, bool]:
    """Return where a deadline stands that was held between two moments, and whether it is firm."""
    if shift is Shift.ELAPSED:
        return due + (until - since), True
    first, after = days.of(since), days.of(until)
    if shift is Shift.WORKING:
        number, firm = days.working_between(first, after)
        if not number:
            return due, firm
        day = days.of(due - _INSTANT)
        end = days.working_end(day, number)
        return (days.beyond(day, number), False) if end is None else (end, firm)
    day = days.of(due)
    there = day + after - first
    return (days.start(there) if due == days.start(day) else days.same_time(due, there)), True


def follow(span: Span, start: datetime, days: Days, *, after_midnight: bool) -> tuple[datetime, bool]:
    """Return where a span ends that begins where another ended."""
    if after_midnight and span.by_days:
        return span.end(start - _INSTANT, days)
    return span.end(start, days)

"""What a business day costs: one sum between look-ups, and the conversion to the day of a zone beside it."""

from __future__ import annotations

from itertools import repeat

from benchmarks.journey import OFFICE, START
from benchmarks.timing import Loop
from carecoord import BusinessDays
from carecoord.policies.calendars import Days


def _look_up(entries: list[int], at: int) -> int:
    return entries[at]


def look_up() -> tuple[int, Loop]:
    """One look-up in a list, as a function: whatever else has a name is called as well."""
    entries = list(range(3000))

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            _look_up(entries, 2256)

    return 1, turn


def three_bare_look_ups() -> tuple[int, Loop]:
    """Three look-ups in lists, no call around them; the loop is paid by five groups of three."""
    a = b = c = list(range(3000))
    at = 2256

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            _ = a[at], b[at], c[at]
            _ = a[at], b[at], c[at]
            _ = a[at], b[at], c[at]
            _ = a[at], b[at], c[at]
            _ = a[at], b[at], c[at]

    return 5, turn


def from_the_day() -> tuple[int, Loop]:
    """The end of the fifth business day after a day."""
    days = Days(OFFICE)
    ordinal, end = days.of(START), days.working_end
    assert end(ordinal, 5), "the calendar knows it"

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            end(ordinal, 5)

    return 1, turn


def from_the_moment() -> tuple[int, Loop]:
    """The same from a moment in UTC: which day that is in the zone has to be worked out first."""
    days, five = Days(OFFICE), BusinessDays(5)

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            five.end(START, days)

    return 1, turn

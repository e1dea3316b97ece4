"""
How long each duty may take: rows, first that fits wins.

A limit is one number in force, with its unit and its source. A table of them is a timing
policy; so is anything that answers like one and says what facts it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Protocol, TypeAlias, runtime_checkable

from attrs import field, frozen

from carecoord._records import maker
from carecoord.case import Answer, Attempts, Schedule, Shift
from carecoord.errors import ImpossibleTiming
from carecoord.events import Facts
from carecoord.moments import day_starts, moment
from carecoord.policies.calendars import Calendar, Days
from carecoord.policies.ladders import Ladder
from carecoord.policies.spans import CalendarDays, Hours, Minutes, Span, shift_of
from carecoord.tables import Where, label
from carecoord.vocabulary import Citation, Role

HEARD = "(heard)"
"""Among what a policy reads: when the starting event was recorded."""


class CountsFrom(Enum):
    """From where a limit counts; a text names a fact that holds a moment (`visit_at`, `born_at`)."""

    HAPPENED = "when it happened"
    HEARD = "when it was heard"


_HAPPENED = CountsFrom.HAPPENED


@frozen
class Until:
    """
    Allows until a moment that a fact holds: `Until("needed_by")`. Does not fit where the fact is None.

    `within` is the longest that a practice allows, counted as the row counts: of that and the moment the
    earlier is due.
    """

    fact: str
    within: Span | None = field(default=None, kw_only=True)

    def __str__(self) -> str:
        said = f"until {self.fact.replace('_', ' ')}"
        return said if self.within is None else f"{said}, within {self.within} at most"

    def end(self, start: datetime, facts: Facts, days: Days) -> tuple[datetime, bool]:
        """Return when a time that starts then is over, and whether that is firm."""
        due = moment(getattr(facts, self.fact))
        if self.within is None:
            return due, True
        latest, firm = self.within.end(start, days)
        # What lies beyond the calendar's horizon is never later than it will be.
        return (due, True) if due <= latest else (latest, firm)


def _impossible(limit: Limit, problem: str) -> ImpossibleTiming:
    return ImpossibleTiming(f"limit for '{limit.clock}'", problem)


def _has_a_source(limit: Limit, _: object, source: Any) -> None:
    if not isinstance(source, Citation):
        raise _impossible(limit, "no number without a source: give a Citation, or ours(reason)")


def _is_data(limit: Limit, _: object, when: Any) -> None:
    if when is not None and not isinstance(when, Where):
        raise _impossible(limit, "a condition is Where(fact=value); anything else is a policy of your own")


def _is_a_span(limit: Limit, _: object, allow: Any) -> None:
    length = allow.within if isinstance(allow, Until) else allow
    if not (length is None or (hasattr(length, "end") and hasattr(length, "by_days"))):
        raise _impossible(limit, "a bare length has no unit; say Hours, CalendarDays or BusinessDays")


def _is_days(limit: Limit, _: object, opens: Any) -> None:
    if opens is not None and not isinstance(opens, CalendarDays):
        raise _impossible(limit, "it opens on a later day: CalendarDays(...)")


@frozen
class Limit:
    """
    One row: how long a clock may run, for which cases, counted from where, with which ladder.

    Args:
        clock: The clock it is for.
        allow: A span, `Until(fact)`, with or without a longest span, or None where the practice wants no such duty.
        ladder: Who is told as it runs late; needed unless `allow` is None.
        source: Where the number comes from.
        when: For which cases; without it, for all.
        counts_from: `CountsFrom` or the name of a fact that holds a moment.
        opens: From the first instant of which later day it can be met:
            `CalendarDays(1)` lets the same day not count.
        since, until: The days between which the row is in force, half-open, by the anchor.
        attempts: How often the patient must be tried before `UnableToReach`.
        attempts_source: Where that comes from, if not from where the number does.

    Raises:
        ImpossibleTiming: the parts contradict each other.
    """

    clock: str
    allow: Span | Until | None = field(validator=_is_a_span)
    ladder: Ladder | None = None
    source: Citation = field(kw_only=True, validator=_has_a_source)
    when: Where | None = field(default=None, kw_only=True, validator=_is_data)
    counts_from: CountsFrom | str = field(default=CountsFrom.HAPPENED, kw_only=True)
    opens: CalendarDays | None = field(default=None, kw_only=True, validator=_is_days)
    since: date | None = field(default=None, kw_only=True)
    until: date | None = field(default=None, kw_only=True)
    attempts: Attempts | None = field(default=None, kw_only=True)
    attempts_source: Citation | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problem = None
        if self.allow is not None and self.ladder is None:
            problem = "it needs a ladder: somebody must be told when it runs late"
        elif self.opens and isinstance(self.allow, CalendarDays) and self.opens.n > self.allow.last_day:
            problem = (
                f"it opens {self.opens} later, after its last day ({self.allow}), so it could never be met in time;"
                " let it open sooner, or allow more days"
            )
        elif self.since and self.until and self.since >= self.until:
            problem = (
                f"it is in force from {self.since} until {self.until}, which is no time at all;"
                " let until be a day after since: it is the first on which the row is out of force"
            )
        elif self.attempts is not None and (self.attempts.tries < 1 or self.attempts.days > self.attempts.tries):
            problem = "attempts need at least one try, and no more days than tries"
        elif self.ladder is not None and self.ladder.quiet is not None and not self._can_wait_for_the_morning:
            problem = (
                f"{self.allow} are a promise of the night as well, and its ladder has quiet hours;"
                " give it a ladder without them, or allow days"
            )
        if problem:
            raise _impossible(self, problem)

    @property
    def _can_wait_for_the_morning(self) -> bool:
        allow = self.allow
        return allow is None or not (isinstance(allow, Until) or shift_of(allow) is Shift.ELAPSED)

    @property
    def unconditional(self) -> bool:
        """Whether the row fits every case at any time."""
        return (
            self.when is None
            and self.since is None
            and self.until is None
            and isinstance(self.counts_from, CountsFrom)
            and not isinstance(self.allow, Until)
        )

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts that the row looks at."""
        names = [name for name, _ in self.when.wanted] if self.when else []
        if self.counts_from is CountsFrom.HEARD:
            names.append(HEARD)
        elif isinstance(self.counts_from, str):
            names.append(self.counts_from)
        if isinstance(self.allow, Until):
            names.append(self.allow.fact)
        return tuple(names)

    def fits(self, facts: Facts) -> bool:
        """Whether the row is for these facts, its dates aside."""
        if self.when is not None and not self.when.fits(facts):
            return False
        if isinstance(self.counts_from, str) and getattr(facts, self.counts_from) is None:
            return False
        return not (isinstance(self.allow, Until) and getattr(facts, self.allow.fact) is None)

    def hides(self, later: Limit) -> bool:
        """Whether this row fits whenever a later one of its clock would, so that the later one never would."""
        if isinstance(self.allow, Until) and self.allow.fact != getattr(later.allow, "fact", None):
            return False
        if isinstance(self.counts_from, str) and self.counts_from != later.counts_from:
            return False
        wanted = later.when.wanted if later.when else ()
        if any(claim not in wanted for claim in (self.when.wanted if self.when else ())):
            return False
        begins = self.since is None or (later.since is not None and self.since <= later.since)
        return begins and (self.until is None or (later.until is not None and later.until <= self.until))


@runtime_checkable
class TimingPolicy(Protocol):
    """
    Who owes what by when: the protocol of tables, agreements and a host's own policies.

    It must be a pure function of its arguments. What it answers is kept with the case and
    never asked again, so a new version of it moves no standing deadline.
    """

    @property
    def version(self) -> str:
        """Which edition of the policy this is; kept with each deadline."""
        ...

    @property
    def calendar(self) -> Calendar: ...

    @property
    def clocks(self) -> tuple[str, ...]:
        """The clocks that it has limits for."""
        ...

    def reads(self, clock: str) -> tuple[str, ...]:
        """Name the facts that decide about this clock; `HEARD` stands for when the event was recorded."""
        ...

    def rows(self, clock: str) -> Sequence[Limit]:
        """Return every limit it may give for this clock, the unconditional one last."""
        ...

    def limit(self, clock: str, facts: Facts, at: datetime) -> Limit:
        """Return the limit in force at the anchor; raise LookupError if there is none."""
        ...


def _in_words(row: Limit) -> str:
    days = f" from {row.since}" * (row.since is not None) + f" until {row.until}" * (row.until is not None)
    return f"'{row.allow}' for {label(row.when) or 'all'}{days}"


Fits: TypeAlias = tuple[Limit, bool, datetime | None, datetime | None]
"""A row, whether it always fits, and the moments between which it is in force."""


def _rows(rows: Iterable[Limit]) -> tuple[Limit, ...]:
    return tuple(rows)


@frozen
class LimitTable:
    """
    Limits as rows; of those for a clock, the first that fits wins.

    Args:
        all_rows: All rows.
        calendar: Its working days and the zone of its days.
        version: Which edition this is.

    Raises:
        ImpossibleTiming: a row stands behind one that fits whenever it would.
    """

    all_rows: tuple[Limit, ...] = field(converter=_rows)
    calendar: Calendar = field(kw_only=True)
    version: str = field(kw_only=True)
    _by_clock: dict[str, tuple[Fits, ...]] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        by_clock: dict[str, list[Fits]] = {}
        for row in self.all_rows:
            before = by_clock.setdefault(row.clock, [])
            if before and before[-1][0].unconditional:
                raise _impossible(
                    row,
                    f"{_in_words(row)} stands behind a row that always fits ({_in_words(before[-1][0])}), so it never"
                    " would; let it stand before that one",
                )
            for earlier, *_ in before:
                if earlier.hides(row):
                    raise _impossible(
                        row,
                        f"{_in_words(row)} never fits, since {_in_words(earlier)} stands before it and fits as well;"
                        " take one of the two out, or let the one for fewer cases stand first",
                    )
            before.append((row, row.unconditional, self._first(row.since), self._first(row.until)))
        object.__setattr__(self, "_by_clock", {name: tuple(rows) for name, rows in by_clock.items()})

    def _first(self, day: date | None) -> datetime | None:
        return None if day is None else day_starts(day, self.calendar.zone)

    @property
    def clocks(self) -> tuple[str, ...]:
        return tuple(self._by_clock)

    def reads(self, clock: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for row in self.rows(clock) for name in row.reads))

    def rows(self, clock: str) -> Sequence[Limit]:
        return tuple(row for row, *_ in self._by_clock.get(clock, ()))

    def limit(self, clock: str, facts: Facts, at: datetime) -> Limit:
        for row, always, since, until in self._by_clock.get(clock, ()):
            if always or ((since is None or since <= at) and (until is None or at < until) and row.fits(facts)):
                return row
        raise LookupError(clock)


_answer: Callable[..., Answer] = maker(Answer)


@frozen(eq=False)
class Dating:
    """A limit made ready to date deadlines: one function does it, and what deadlines can share is made once."""

    limit: Limit
    keeper: Role
    row: str
    reads: tuple[str, ...]
    shared: Schedule | None
    by_days: bool
    shift: Shift
    by_midnight: dict[object, Schedule] = field(factory=dict[object, Schedule])

    @classmethod
    def of(cls, limit: Limit, keeper: Role, policy: TimingPolicy) -> Dating:
        row = f"{policy.version}#{limit.clock}" + (f"[{label(limit.when)}]" if limit.when else "")
        reads, zone, allow = policy.reads(limit.clock), policy.calendar.zone, limit.allow
        by_days = allow is not None and not isinstance(allow, Until) and allow.by_days
        shift = Shift.NOT if allow is None or isinstance(allow, Until) else shift_of(allow)
        if limit.ladder is None:
            return cls(limit, keeper, row, reads, Schedule(row, "none", (), (), None, zone, reads), by_days, shift)
        fixed = limit.ladder.fixed(keeper)
        shared = None if fixed is None else _schedule(limit, row, reads, *fixed, zone, False, shift, None)
        return cls(limit, keeper, row, reads, shared, by_days, shift)

    def is_row_of(self, schedule: Schedule) -> bool:
        """Whether it is this row that a deadline came from."""
        return self.row == schedule.row and str(self.limit.allow) == schedule.unit

    def answer(
        self,
        item: str,
        facts: Facts,
        anchor: datetime,
        zone: str | None,
        heard: datetime,
        read: tuple[Any, ...],
        days: Days,
    ) -> Answer:
        """Date the deadline anew."""
        limit = self.limit
        allow, counts, schedule = limit.allow, limit.counts_from, self.shared
        if allow is None:
            assert schedule is not None, "a limit without an allowance has no ladder to date"
            return _answer(limit.clock, item, anchor, zone, read, None, None, schedule)
        start = anchor if counts is _HAPPENED else _start(counts, facts, heard)
        if isinstance(allow, Until):
            due, firm = allow.end(start, facts, days)
        else:
            due, firm = allow.end(start, days)
        opens = None if limit.opens is None else days.start(days.of(start) + limit.opens.n)
        if schedule is None or not firm or (zone is not None and self._counts_days_in(days) is not None):
            schedule = self.dated(start, due, days, firm=firm)
        return _answer(limit.clock, item, anchor, zone, read, due, opens, schedule)

    def _counts_days_in(self, days: Days) -> str | None:
        """Return whose days are counted, where they are others than the calendar's."""
        by_days = self.shift is Shift.DAYS or self.shift is Shift.WORKING
        return days.zone if by_days and days.zone != days.calendar.zone else None

    def dated(self, start: datetime, due: datetime, days: Days, *, firm: bool) -> Schedule:
        """Date the rungs; deadlines that end at one midnight share what comes out."""
        ladder, by_days, days_in = self.limit.ladder, self.by_days, self._counts_days_in(days)
        if firm and days_in is None and self.shared is not None:
            return self.shared
        assert ladder is not None, "only a limit without an allowance may lack a ladder"
        known = (due, firm, days.zone, ladder.reminded(start, due, days)) if by_days else None
        schedule = self.by_midnight.get(known)
        if schedule is None:
            offsets, roles, sure = ladder.dated(start, due, days, self.keeper, due_by_days=by_days)
            firm, zone, shift = firm and sure, days.calendar.zone, self.shift
            schedule = _schedule(self.limit, self.row, self.reads, offsets, roles, zone, not firm, shift, days_in)
            if known is not None:
                # Two threads may both make it; both make the same.
                self.by_midnight[known] = schedule
        return schedule


def _start(counts: CountsFrom | str, facts: Facts, heard: datetime) -> datetime:
    return moment(getattr(facts, counts)) if isinstance(counts, str) else heard


def _schedule(
    limit: Limit,
    row: str,
    reads: tuple[str, ...],
    offsets: tuple[timedelta, ...],
    roles: tuple[Role, ...],
    zone: str,
    provisional: bool,
    shift: Shift,
    days_in: str | None,
) -> Schedule:
    every = limit.ladder.every if limit.ladder else None
    length, unit = every.length if every else None, str(limit.allow)
    holds = limit.ladder.holds.length if limit.ladder and limit.ladder.holds else None
    return Schedule(row, unit, offsets, roles, length, zone, reads, limit.attempts, provisional, shift, days_in, holds)


def read(names: tuple[str, ...], facts: Facts, heard: datetime) -> tuple[Any, ...]:
    """Return what these names stand for now: the values under which an answer is kept."""
    return names and tuple(heard if name == HEARD else getattr(facts, name) for name in names)


__all__ = [
    "HEARD",
    "CountsFrom",
    "Dating",
    "Hours",
    "Limit",
    "LimitTable",
    "Minutes",
    "TimingPolicy",
    "Until",
    "read",
]

"""
A practice small enough to hold in the head: a desk that lends crutches.

Somebody wants a pair, the desk checks and lends it, things break, and the loop closes when it is back. Everything is at
module level, so that it pickles. The office is in Boise; its dates can be checked on a wall calendar. What a test needs
and no other does belongs into that test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from attrs import field, frozen

from carecoord import (
    Act,
    Actor,
    Attempts,
    BusinessDays,
    CalendarDays,
    Case,
    CaughtUp,
    Clock,
    ConflictKind,
    CountsFrom,
    Effect,
    Entry,
    Event,
    Facts,
    Hours,
    Ladder,
    Limit,
    LimitTable,
    Linked,
    Move,
    News,
    On,
    Otherwise,
    Reopened,
    Role,
    Rulebook,
    Rung,
    Stay,
    Step,
    Until,
    Urgency,
    WeekdayCalendar,
    Where,
    Workflow,
    advance,
    catch_up,
    check,
    moment,
    next_check,
    open_case,
    ours,
)
from carecoord.tables import by_about, every_item

BOISE = ZoneInfo("America/Boise")
FRI = datetime(2024, 7, 12, 15, tzinfo=BOISE)  # a Friday afternoon; Monday is the 15th
NAIVE = datetime(2024, 7, 15, 9)  # noqa: DTZ001  without a zone on purpose: no door may take it
MIN, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

FEED = Actor(Role.SYSTEM, "feed")
DESK = Actor(Role.COORDINATOR, "desk-1")
NURSE = Actor(Role.NURSE, "nurse-1")
BOSS = Actor(Role.SUPERVISOR, "boss-1")


def midnight(year: int, month: int, day: int) -> datetime:
    """Return the first instant of a day in Boise, as UTC."""
    return datetime(year, month, day, tzinfo=BOISE).astimezone(UTC)


TUE_ENDS = midnight(2024, 7, 17)  # two business days after FRI


class Loan(Enum):
    """Where the crutches are."""

    WANTED = "somebody wants a pair and has not got it; waits for the desk"
    LENT = "the patient has it; waits for the return"
    CLOSED = "it is back, and nothing is owed"
    CALLED_OFF = "nobody wants it any longer"
    SUPERSEDED = "a duplicate"
    ENTERED_IN_ERROR = "never was"


@frozen(kw_only=True)
class LoanFacts(Facts):
    """What is known of a loan."""

    checked: bool = False
    needed_by: datetime | None = None
    pair: str = ""
    note: str = field(default="", repr=False)


@frozen(kw_only=True)
class Wanted(News):
    """Somebody wants a pair."""

    needed_by: datetime | None = field(default=None, converter=attrs.converters.optional(moment))
    words: str = field(default="", repr=False)


@frozen(kw_only=True)
class CalledOff(News):
    """Nobody wants it any longer."""


@frozen(kw_only=True)
class Urged(News):
    """It is more, or less, urgent than we thought."""

    urgency: Urgency


@frozen(kw_only=True)
class Broke(News):
    """A part broke; `about` names it."""


@frozen(kw_only=True)
class Lost(News):
    """The pair is lost: it will not come back."""


@frozen(kw_only=True)
class Returned(News):
    """The pair is back."""


@frozen(kw_only=True)
class Called(News):
    """The patient called to say how it goes: once a week, again and again."""


@frozen(kw_only=True)
class Checked(Act):
    """The desk checked the pair."""

    pair: str = ""
    parts: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()


@frozen(kw_only=True)
class Lent(Act):
    """The desk handed the pair out and told somebody how to walk with it."""

    told: str | None = None

    def tells(self) -> str | None:
        return self.told


@frozen(kw_only=True)
class Mended(Act):
    """The desk mended a part; `about` names it."""


@frozen(kw_only=True)
class Thanked(Act):
    """The desk said thank you."""


def part_is_named(_: LoanFacts, event: Event) -> bool:
    """the part has a name"""
    return event.about is not None


L = Loan
OPEN = (L.WANTED, L.LENT)

# fmt: off
MOVES = (
    #    in                      when        go to
    Move(None,                   Wanted,     L.WANTED),
    Move(None,                   Lent,       L.LENT),  # over the counter
    Stay(L.WANTED,               Checked),
    Move(L.WANTED,               Lent,       L.LENT,       given=Where(checked=True)),
    Otherwise(L.WANTED,          Lent),
    Move(L.WANTED,               CalledOff,  L.CALLED_OFF),
    Stay(OPEN,                   Urged),
    Stay(L.LENT,                 Called),
    Stay(L.LENT,                 Lost),
    Stay(L.LENT,                 Returned),
    Stay(L.LENT,                 Broke,      given=part_is_named),
    Otherwise(L.LENT,            Broke),
    Stay((L.LENT, L.CLOSED),     Mended),
    Stay(L.LENT,                 Thanked),
    Move(L.CLOSED,               Reopened,   L.LENT,       reopens=True),
)
# fmt: on

CLOCKS = (
    Clock[LoanFacts](
        name="lend",
        says="the desk lends a pair",
        starts=(On(Wanted),),
        met_by=(On(Lent),),
        kept_by=Role.COORDINATOR,
        waivable_by=(Role.OWNER, Role.SUPERVISOR),
        pausable=True,
    ),
    Clock[LoanFacts](
        name="give_back",
        says="the patient brings the pair back",
        starts=(On(Lent),),
        met_by=(On(Returned),),
        excused_by=(On(Lost, why="lost"),),
        owed_by=Role.PATIENT,
        kept_by=Role.COORDINATOR,
        closing=True,
        waivable_by=(Role.SUPERVISOR,),
        ends_with_death=True,
        reaches_patient=True,
        pausable=True,
    ),
    Clock[LoanFacts](
        name="mend",
        says="the desk mends each part",
        item=by_about,
        starts=(On(Broke, part_is_named),),
        met_by=(On(Mended),),
        dropped_by=(On(Lost, item=every_item, why="lost"),),
        kept_by=Role.COORDINATOR,
        closing=True,
        optional=True,
        pausable=True,
    ),
    Clock[LoanFacts](
        name="call",
        says="the patient tells how it goes",
        starts=(On(Lent), On(Called)),
        met_by=(On(Called),),
        kept_by=Role.NURSE,
    ),
    Clock[LoanFacts](
        name="thank",
        says="the desk says thank you, counted from when it knew",
        starts=(On(Returned),),
        met_by=(On(Thanked),),
        kept_by=Role.COORDINATOR,
        pausable=True,
    ),
    Clock[LoanFacts](
        name="link",
        says="another case takes over what an end cut short",
        item=by_about,
        starts=(On(CalledOff),),
        met_by=(On(Linked),),
        outlives=True,
    ),
)


def learn_want(facts: LoanFacts, event: Wanted) -> LoanFacts:
    return facts.but(needed_by=event.needed_by or facts.needed_by, note=event.words or facts.note)


def learn_urgency(facts: LoanFacts, event: Urged) -> LoanFacts:
    return facts.but(urgency=event.urgency)


def learn_check(facts: LoanFacts, event: Checked) -> LoanFacts:
    return facts.but(checked=True, pair=event.pair or facts.pair)


LOANS = Workflow[Loan, LoanFacts](
    name="loan",
    version="1",
    states=Loan,
    facts=LoanFacts,
    events=(Wanted, CalledOff, Urged, Broke, Lost, Returned, Called, Checked, Lent, Mended, Thanked),
    moves=MOVES,
    learn={Wanted: learn_want, Urged: learn_urgency, Checked: learn_check},
    clocks=CLOCKS,
    closes={L.LENT: L.CLOSED},
    ends=frozenset({L.CLOSED, L.CALLED_OFF, L.SUPERSEDED, L.ENTERED_IN_ERROR}),
    waits_for={L.WANTED: ("lend",), L.LENT: ("give_back",)},
)

OFFICE = WeekdayCalendar(
    zone="America/Boise",
    first=date(2024, 1, 1),
    last=date(2025, 12, 31),
    holidays=frozenset({date(2024, 1, 1), date(2024, 7, 4), date(2024, 9, 2), date(2024, 12, 25), date(2025, 1, 1)}),
    name="our office 2024",
)

WHY = ours("a test says so")
# At the due moment the keeper, a day later the supervisor, two days later and daily from then on the fail-safe.
STEPS = Ladder(
    (Rung(), Rung(Role.SUPERVISOR, after=Hours(24)), Rung(Role.SAFETY_OFFICER, after=Hours(48))), every=Hours(24)
)
TWO_TRIES = Attempts(tries=2, days=2)

# fmt: off
ROWS = (
    Limit("lend",       Until("needed_by"), STEPS, source=WHY),
    Limit("lend",       Hours(24),          STEPS, source=WHY, when=Where(urgency=Urgency.URGENT)),
    Limit("lend",       BusinessDays(2),    STEPS, source=WHY),
    Limit("give_back",  CalendarDays(14),   STEPS, source=WHY, attempts=TWO_TRIES),
    Limit("mend",       BusinessDays(3),    STEPS, source=WHY),
    Limit("call",       CalendarDays(7),    STEPS, source=WHY),
    Limit("thank",      Hours(48),          STEPS, source=WHY, counts_from=CountsFrom.HEARD),
    Limit("link",       BusinessDays(1),    STEPS, source=WHY),
    Limit("wrap_up",    CalendarDays(30),   STEPS, source=WHY),
    Limit("take_up",    BusinessDays(1),    STEPS, source=WHY),
    Limit("resolve",    Hours(24),          STEPS, source=WHY, when=Where(conflict=ConflictKind.CLINICAL)),
    Limit("resolve",    BusinessDays(5),    STEPS, source=WHY),
    Limit("follow_up",  BusinessDays(1),    STEPS, source=WHY),
    Limit("resume_by",  Until("resume_by"), STEPS, source=WHY),
    Limit("unexpected", BusinessDays(1),    STEPS, source=WHY),
    Limit("overtaken",  BusinessDays(1),    STEPS, source=WHY),
    Limit("tell_again", BusinessDays(1),    STEPS, source=WHY),
    Limit("look_again", Hours(14 * 24),     STEPS, source=WHY),
)
# fmt: on

STAFF = frozenset(
    {Role.OWNER, Role.COORDINATOR, Role.CLINICIAN, Role.NURSE, Role.SURROGATE, Role.SUPERVISOR, Role.SAFETY_OFFICER}
)


def with_rows(*instead: Limit) -> tuple[Limit, ...]:
    """Return the rows, those of the clocks named in *instead* replaced by it."""
    named = {row.clock for row in instead}
    return (*instead, *(row for row in ROWS if row.clock not in named))


def table(rows: Iterable[Limit] = ROWS, *, calendar: Any = OFFICE, version: str = "rows-1") -> LimitTable:
    return LimitTable(rows, calendar=calendar, version=version)


def rulebook(*instead: Limit, version: str = "rows-1", calendar: Any = OFFICE, **more: Any) -> Rulebook[Any, LoanFacts]:
    """Return the rules of the desk, with some rows replaced."""
    timing = table(with_rows(*instead), calendar=calendar, version=version)
    return Rulebook(LOANS, timing=timing, default_queue="front-desk", staff=STAFF, **more)


RULES = rulebook()


class Broken(Exception):
    """What a host's own policy raises."""


@frozen(eq=False)
class Failing:
    """A policy that answers like another, but fails for some clocks."""

    of: LimitTable
    fails: frozenset[str] = field(converter=frozenset)

    @property
    def version(self) -> str:
        return self.of.version

    @property
    def calendar(self) -> Any:
        return self.of.calendar

    @property
    def clocks(self) -> tuple[str, ...]:
        return self.of.clocks

    def reads(self, clock: str) -> tuple[str, ...]:
        return self.of.reads(clock)

    def rows(self, clock: str) -> Any:
        return self.of.rows(clock)

    def limit(self, clock: str, facts: Facts, at: datetime) -> Limit:
        if clock in self.fails:
            raise Broken(clock)
        return self.of.limit(clock, facts, at)


def failing(*clocks: str, **more: Any) -> Rulebook[Any, LoanFacts]:
    """Return the rules of the desk under a policy that fails for these clocks."""
    return Rulebook(LOANS, timing=Failing(table(), clocks), default_queue="front-desk", staff=STAFF, **more)


class Log:
    """A host with a memory: one case, all its entries, and what each call said."""

    def __init__(self, rules: Rulebook[Any, Any] = RULES) -> None:
        self.rules = rules
        self.entries: list[Entry] = []
        self.steps: list[Step[Any, Any]] = []
        self.case: Case[Any, Any] = None  # type: ignore[assignment]  # until it is opened
        self._keys = 0

    def _kept(self, step: Any) -> Any:
        if step.entry is not None:
            self.entries.append(step.entry)
        self.steps.append(step)
        self.case = step.case
        return step

    def open(self, event: Event, **more: Any) -> Step[Any, Any]:
        said = {"id": "t", "subject": "p-1", "owner": "dr-1", **more}
        return self._kept(open_case(self.rules, event, **said))

    def take(self, event: Event) -> Step[Any, Any]:
        return self._kept(advance(self.rules, self.case, event, self.entries))

    def fast(self, event: Event) -> Step[Any, Any]:
        """Take an event without handing the history in."""
        return self._kept(advance(self.rules, self.case, event))

    def look(self, at: datetime) -> Step[Any, Any]:
        return self._kept(check(self.case, at=at))

    def catch_up(self, events: Iterable[Event], at: datetime) -> CaughtUp:
        return self._kept(catch_up(self.rules, self.case, events, self.entries, at=at))

    def make(self, kind: Callable[..., Event], at: Any, /, **more: Any) -> Event:
        """Return an event of this kind, with a key of its own and an actor that fits."""
        self._keys += 1
        said = {"by": FEED if getattr(kind, "news", True) else DESK, "key": f"{kind.__name__}-{self._keys}", **more}
        return kind(at=at, **said)

    def say(self, kind: Callable[..., Event], at: Any, /, **more: Any) -> Step[Any, Any]:
        """Make an event and take it, or open the case with it."""
        event = self.make(kind, at, **more)
        return self.open(event) if self.case is None else self.take(event)

    @property
    def owed(self) -> tuple[tuple[str, str], ...]:
        """What is owed, as (clock, item), but for the look at a silent case."""
        return tuple((one.clock, one.item) for one in self.case.deadlines if one.clock != "look_again")

    def deadline(self, clock: str, item: str = "") -> Any:
        return next(one for one in self.case.deadlines if (one.clock, one.item) == (clock, item))

    def ended(self, clock: str, item: str = "") -> Any:
        """Return how the newest round of a duty ended."""
        return [one for one in self.case.settled if (one.clock, one.item) == (clock, item)][-1]

    @property
    def wakes(self) -> datetime | None:
        return next_check(self.case)


def wanted(**more: Any) -> Log:
    """Return a case in which somebody wanted a pair on that Friday."""
    log = Log(more.pop("rules", RULES))
    log.say(Wanted, more.pop("at", FRI), key="wanted", **more)
    return log


def lent(**more: Any) -> Log:
    """Return a case in which a pair was wanted, checked and lent on that Friday, an hour apart."""
    log = wanted(rules=more.pop("rules", RULES))
    log.say(Checked, FRI + HOUR, key="checked")
    log.say(Lent, FRI + 2 * HOUR, key="lent", **more)
    return log


def kinds(effects: Iterable[Effect]) -> tuple[str, ...]:
    """Return what was said, in a word each."""
    return tuple(effect.kind for effect in effects)

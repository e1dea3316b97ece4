"""
Random rows over the clocks of any workflow: every kind of span, ladder and condition.

The numbers are small beside the length of a journey, so that what is owed is met, missed
and met late about equally often.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from attrs import evolve, field, frozen
from hypothesis import strategies as st
from tests.kit.drawing import Draw, chance, pick, up_to

from carecoord.case import Attempts
from carecoord.errors import ImpossibleTiming
from carecoord.events import ConflictKind, Facts, Way
from carecoord.policies import (
    BusinessDays,
    Calendar,
    CalendarDays,
    CountsFrom,
    Hours,
    Ladder,
    Limit,
    LimitTable,
    Minutes,
    Months,
    Rung,
    Until,
    stair,
)
from carecoord.tables import Clock, Where
from carecoord.vocabulary import Role, Urgency, ours
from carecoord.workflow import LOOK_AGAIN, RESOLVE, RESUME_BY, Workflow

EVERYBODY = frozenset(Role)
CHANCE = ours("chance")


@frozen
class Reads:
    """Which facts random rows may look at: values to compare with, and facts that hold moments."""

    compares: Mapping[str, tuple[Any, ...]] = field(factory=dict)
    moments: tuple[str, ...] = ()


@frozen(eq=False)
class Failing:
    """A policy that fails for one clock, as a host's own may."""

    table: LimitTable
    clock: str

    @property
    def version(self) -> str:
        return "failing"

    @property
    def calendar(self) -> Calendar:
        return self.table.calendar

    @property
    def clocks(self) -> tuple[str, ...]:
        return self.table.clocks

    def reads(self, clock: str) -> tuple[str, ...]:
        return self.table.reads(clock)

    def rows(self, clock: str) -> Any:
        return self.table.rows(clock)

    def limit(self, clock: str, facts: Facts, at: datetime) -> Limit:
        if clock == self.clock:
            raise LookupError(clock)
        return self.table.limit(clock, facts, at)


_ELAPSED = st.sampled_from(
    (Hours(24), Hours(12), Hours(6), Hours(48), Minutes(30), Hours(0), Minutes(0), Hours(72), Minutes(360))
)
_BY_DAYS = st.sampled_from(
    (
        CalendarDays(1),
        BusinessDays(1),
        CalendarDays(2),
        BusinessDays(2),
        CalendarDays(1, first_day_counts=True),
        BusinessDays(1, first_day_counts=True),
        CalendarDays(1, same_time=True),
        CalendarDays(2, first_day_counts=True, same_time=True),
        BusinessDays(16),  # beyond the horizon of a short calendar
        Months(1),
        Months(1, same_time=True),
    )
)
SPANS = st.one_of(
    _ELAPSED,
    _BY_DAYS,
    st.builds(lambda a, b: a + b, _ELAPSED, _BY_DAYS),
    st.builds(lambda a, b: a + b, _BY_DAYS, _ELAPSED),
)
_STEPS = st.sampled_from((Hours(6), Hours(24), CalendarDays(1), BusinessDays(1), Hours(1)))
_REPEATS = st.sampled_from((Hours(12), Hours(24), Minutes(90), Hours(72)))
_HIGHER = (Role.SURROGATE, Role.SUPERVISOR, Role.SAFETY_OFFICER)

ATTEMPTS = (
    Attempts(1),
    Attempts(2),
    Attempts(2, days=2),
    Attempts(2, ways=((Way.PHONE, 1), (Way.LETTER, 1))),
    Attempts(2, within=timedelta(hours=12)),
)


@st.composite
def ladders(draw: Draw, *, must_repeat: bool = False, elapsed: bool = False) -> Ladder:
    """Ladders of one to five rungs, with and without reminders and repeats."""
    every = draw(_REPEATS) if must_repeat or chance(draw, 60) else None
    holds = pick(draw, (Hours(24), Hours(6), Hours(72))) if chance(draw, 50) else None
    if not elapsed and every is not None and chance(draw, 50):
        return stair(draw(_STEPS), every=every, holds=holds)
    rungs = [Rung(after=Hours(hours), notify=role) for hours, role in zip((6, 24, 24), _HIGHER, strict=True)]
    rungs = [Rung(), *rungs[: up_to(draw, 3)]]
    if not elapsed and chance(draw, 50):
        rungs = [Rung(before=pick(draw, (Hours(6), Hours(1), CalendarDays(1)))), *rungs]
    return Ladder(tuple(rungs), every=every, holds=holds)


@st.composite
def tables(
    draw: Draw, workflow: Workflow[Any, Any], reads: Reads, calendar: Calendar, *, version: str, hearing: bool
) -> LimitTable:
    """Tables with up to two conditional rows for each clock of the workflow's own, and one that always fits."""
    own = {clock.name for clock in workflow.clocks}
    rows: list[Limit] = []
    for clock in workflow.all_clocks:
        if clock.name == LOOK_AGAIN:
            look = pick(draw, (Hours(48), Hours(240), Hours(12)))
            rows.append(Limit(clock.name, look, draw(ladders(must_repeat=True, elapsed=True)), source=CHANCE))
        elif clock.name == RESOLVE:
            clinical = Where(conflict=ConflictKind.CLINICAL)
            rows.append(Limit(clock.name, draw(SPANS), pick(draw, _PLAIN), source=CHANCE, when=clinical))
            rows.append(Limit(clock.name, draw(SPANS), pick(draw, _PLAIN), source=CHANCE))
        elif clock.name == RESUME_BY:
            rows.append(Limit(clock.name, Until("resume_by"), draw(ladders(must_repeat=True)), source=CHANCE))
        elif clock.name not in own:
            rows.append(Limit(clock.name, draw(SPANS), pick(draw, _PLAIN), source=CHANCE))
        else:
            for _ in range(pick(draw, (0, 1, 2, 0, 2))):
                row = _row(draw, clock, **_conditions(draw, reads, calendar))
                if not any(one.clock == row.clock and one.hides(row) for one in rows):
                    rows.append(row)
            heard = hearing and chance(draw, 25)
            rows.append(_row(draw, clock, counts_from=CountsFrom.HEARD if heard else CountsFrom.HAPPENED))
    return LimitTable(tuple(rows), calendar=calendar, version=version)


_PLAIN = (Ladder((Rung(),), every=Hours(24)), stair(Hours(6), every=Hours(12)))


def _row(draw: Draw, clock: Clock[Any], *, allow: Any = None, **conditions: Any) -> Limit:
    if allow is None and clock.optional and chance(draw, 20):
        return Limit(clock.name, None, source=CHANCE, attempts=_attempts(draw, clock), **conditions)
    limit = Limit(
        clock.name,
        draw(SPANS) if allow is None else allow,
        draw(ladders(must_repeat=clock.closing)),
        source=CHANCE,
        attempts=_attempts(draw, clock),
        **conditions,
    )
    if chance(draw, 25):
        with suppress(ImpossibleTiming):  # it is over before the next day
            return evolve(limit, opens=CalendarDays(1))
    return limit


def _attempts(draw: Draw, clock: Clock[Any]) -> Attempts | None:
    return pick(draw, ATTEMPTS) if clock.reaches_patient else None


def _conditions(draw: Draw, reads: Reads, calendar: Calendar) -> dict[str, Any]:
    kind = up_to(draw, 6)
    if kind >= 5:
        return {"when": Where(urgency=pick(draw, tuple(Urgency)))}
    if kind == 0:
        return {"counts_from": pick(draw, reads.moments)}
    if kind == 1:
        return {"allow": Until(pick(draw, reads.moments))}
    if kind == 2:
        middle = date.fromordinal(calendar.first.toordinal() + 9)
        return {"since": middle} if chance(draw, 50) else {"until": middle}
    name = pick(draw, tuple(reads.compares))
    return {"when": Where(**{name: pick(draw, reads.compares[name])})}

"""
What must be true of a workflow's table before anybody may run it.

The table is walked once for the states alone, and once more for each clock alone beside
them (state, idle or running). Guards are taken as possibly true and possibly false, so what
is refused here is wrong whatever the facts are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import fields, has

from carecoord.events import (
    COMMON_EVENTS,
    DOOR_EVENTS,
    LOG_EVENTS,
    ClosedByAdministration,
    EnteredInError,
    Event,
    Facts,
    PatientDied,
    SupersededBy,
    UnableToReach,
    Waived,
)
from carecoord.tables import All, Clock, Move, Not, Otherwise, Said, Where

if TYPE_CHECKING:
    from carecoord.workflow import Workflow

Chart: TypeAlias = "Workflow[Any, Any]"
Node: TypeAlias = tuple[Enum, bool]
Groups: TypeAlias = "dict[tuple[Any, type[Event]], list[Move[Any, Any]]]"
Steps: TypeAlias = "list[dict[int, set[type[Event]]]]"


def problems(chart: Chart) -> tuple[str, ...]:
    """Return what is wrong with the table, in words; nothing if it is sound."""
    words = [*_naming(chart)]
    if not words:
        # The walks below stand on names that exist.
        groups = _groups(chart)
        words = [*_grid(groups), *_reach(chart, groups), *_ends(chart, groups), *_clocks(chart, _steps(chart, groups))]
    return tuple(words)


def _naming(chart: Chart) -> Iterator[str]:
    known: set[type[Event]] = {*chart.events, *COMMON_EVENTS}
    yield from _state_names(chart)
    yield from _event_names(chart, known)
    yield from _clock_names(chart, known)


def _state_names(chart: Chart) -> Iterator[str]:
    for name in ("ENTERED_IN_ERROR", "SUPERSEDED"):
        if name not in chart.states.__members__:
            yield f"there is no state {name}"
        elif chart.states.__members__[name] not in chart.ends:
            yield f"{name} is not among the ends"
    named: list[tuple[str, Any]] = [("ends", state) for state in chart.ends]
    named += [("closes", state) for pair in chart.closes.items() for state in pair]
    named += [("waits_for", state) for state in chart.waits_for]
    for row in chart.moves:
        states = (*row.states, *(() if row.to is None else (row.to,)))
        named += [(f"a row on {row.on.__name__}", state) for state in states if state is not None]
    members = {*chart.members}
    for where, state in named:
        if state not in members:
            yield f"{where} names {state!r}, which is no state of {chart.states.__name__}"


def _event_names(chart: Chart, known: set[type[Event]]) -> Iterator[str]:
    names = [event.__name__ for event in (*chart.events, *COMMON_EVENTS)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two events are called {name}"
    for event in chart.events:
        if not hasattr(event, "news"):
            yield f"{event.__name__} is neither News nor an Act"
    for event in {row.on: None for row in chart.moves}:
        if event not in known:
            yield f"a row is on {event.__name__}, which the workflow does not list"
        if event in (*LOG_EVENTS, *DOOR_EVENTS):
            yield f"a row is on {event.__name__}, which speaks of the log and is not folded"
    for event in chart.learn:
        if event not in known:
            yield f"learn names {event.__name__}, which the workflow does not list"
        if event in (*LOG_EVENTS, *DOOR_EVENTS):
            yield f"learn names {event.__name__}, which speaks of the log and is not folded"
    if not issubclass(chart.facts, Facts):
        yield f"{chart.facts.__name__} does not inherit Facts"
    yield from _row_names(chart)


def _row_names(chart: Chart) -> Iterator[str]:
    for row in chart.moves:
        if not row.states:
            yield f"a row on {row.on.__name__} names no state"
        if None in row.states and row.to is None and not isinstance(row, Otherwise):
            yield f"a row on {row.on.__name__} stays where no case is"
        yield from _unknown_fields(chart, row.given, row.on, f"a row on {row.on.__name__}")


def _clock_names(chart: Chart, known: set[type[Event]]) -> Iterator[str]:
    names = [clock.name for clock in chart.clocks]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two clocks are called '{name}'"
    for clock in chart.clocks:
        for row in (*clock.starts, *clock.met_by, *clock.excused_by, *clock.dropped_by):
            if row.event not in known:
                yield f"clock '{clock.name}' names {row.event.__name__}, which the workflow does not list"
            if row.event in (*LOG_EVENTS, *DOOR_EVENTS):
                yield f"clock '{clock.name}' names {row.event.__name__}, which speaks of the log and is not folded"
            yield from _unknown_fields(chart, row.given, row.event, f"clock '{clock.name}'")
    every = {clock.name for clock in chart.all_clocks}
    for state, awaited in chart.waits_for.items():
        for name in awaited:
            if name not in every:
                yield f"{state.name} waits for '{name}', which is no clock"


def _unknown_fields(chart: Chart, guard: Any, event: type[Event], where: str) -> Iterator[str]:
    """Name what a claim that is data compares and nobody has."""
    if isinstance(guard, Not):
        yield from _unknown_fields(chart, guard.claim, event, where)
    elif isinstance(guard, All):
        for claim in guard.claims:
            yield from _unknown_fields(chart, claim, event, where)
    elif isinstance(guard, Where | Said):
        kind: type = chart.facts if isinstance(guard, Where) else event
        known = {one.name for one in fields(kind)} if has(kind) else set[str]()
        for name, _ in guard.wanted:
            if name not in known:
                yield f"{where} compares '{name}', which {kind.__name__} does not have"


def _groups(chart: Chart) -> Groups:
    groups: Groups = defaultdict(list)
    for row in chart.all_moves:
        for state in row.states:
            groups[state, row.on].append(row)
    return groups


def _steps(chart: Chart, groups: Groups) -> Steps:
    """Return where each state may lead, and by which events, whatever their rows claim; states by number, None is 0."""
    number: dict[Any, int] = {state: n for n, state in enumerate((None, *chart.members))}
    steps: Steps = [defaultdict(set) for _ in number]
    for (state, event), rows in groups.items():
        here = number[state]
        for row in rows:
            if not isinstance(row, Otherwise):
                steps[here][here if row.to is None else number[row.to]].add(event)
    return steps


def _grid(groups: Groups) -> Iterator[str]:
    for (state, event), rows in groups.items():
        where = f"{'an opening' if state is None else state.name} on {event.__name__}"
        claims = [row.given for row in rows]
        if any(claim in claims[:place] for place, claim in enumerate(claims) if claim is not None):
            yield f"{where}: two rows make the same claim, so nobody reads the second"
        if any(row.given is None for row in rows[:-1]):
            yield f"{where}: a row stands behind one that always holds, so nobody reads it"
        if rows[-1].given is not None:
            yield f"{where}: when no claim holds nothing is said; add a last row without a claim, or Otherwise"
        if len(rows) == 1 and isinstance(rows[0], Otherwise):
            yield f"{where}: Otherwise closes a group, and there is none"


_ANYWHERE = (EnteredInError, SupersededBy, ClosedByAdministration)
"""They lead out of everything open, so they are no way to an end."""


def _edges(groups: Groups, without: tuple[type[Event], ...] = ()) -> dict[Any, set[Any]]:
    edges: dict[Any, set[Any]] = defaultdict(set)
    for (state, event), rows in groups.items():
        if event in without:
            continue
        edges[state] |= {row.to for row in rows if row.to is not None}
    return edges


def _walk(starts: Iterable[Any], edges: dict[Any, set[Any]]) -> set[Any]:
    seen, ahead = set(starts), list(starts)
    while ahead:
        for there in edges.get(ahead.pop(), ()):
            if there not in seen:
                seen.add(there)
                ahead.append(there)
    return seen


def _reach(chart: Chart, groups: Groups) -> Iterator[str]:
    edges = _edges(groups)
    if not edges.get(None):
        yield "no event opens a case"
        return
    reached = _walk([None], edges)
    # A strict profile keeps the states of the whole workflow, and not all the ways to them.
    members = [state for state in chart.members if state in reached or not chart.profile]
    for state in members:
        if state not in reached:
            yield f"{state.name} cannot be reached"
    honest = _edges(groups, without=_ANYWHERE)
    for state in members:
        if state not in chart.ends and not _walk([state], honest) & chart.ends:
            yield f"{state.name} is open and cannot reach an end"


def _ends(chart: Chart, groups: Groups) -> Iterator[str]:
    for (state, event), rows in groups.items():
        for row in rows:
            leaves = state in chart.ends and row.to not in (None, state, chart.error, chart.superseded)
            if leaves and not row.reopens:
                yield f"{state.name} is an end and {event.__name__} leads out of it; say reopens=True if that is meant"
    for state, end in chart.closes.items():
        if state in chart.ends or end not in chart.ends:
            yield f"closes leads from {state.name} to {end.name}; it must lead from an open state to an end"


def _clocks(chart: Chart, steps: Steps) -> Iterator[str]:
    for clock in chart.clocks:
        yield from (f"clock '{clock.name}' replaces a common one and is milder: {why}" for why in _milder(chart, clock))
        if not clock.starts:
            yield f"clock '{clock.name}' never starts"
        nodes, met = _beside(chart, clock, steps)
        if clock.closing and not met:
            yield f"closing depends on clock '{clock.name}', which can never be met"
        for state, awaited in chart.waits_for.items():
            if clock.name in awaited and (state, True) not in nodes:
                yield f"{state.name} waits for '{clock.name}', which cannot be running there"


def runs(chart: Chart, clock: Clock[Any]) -> bool:
    """Return whether a clock can begin before an end, and be met if closing depends on it."""
    nodes, met = _beside(chart, clock, _steps(chart, _groups(chart)))
    begins = any(running and state not in chart.ends for state, running in nodes)
    return begins and (met or not clock.closing)


def _milder(chart: Chart, own: Clock[Any]) -> Iterator[str]:
    """Say in what a clock asks less than the common one whose place it takes."""
    common = next((clock for clock in chart.common_clocks if clock.name == own.name), None)
    if common is None:
        return
    starts = {row.event for row in own.starts}
    for event in dict.fromkeys(row.event for row in common.starts):
        if event not in starts:
            yield f"{event.__name__} does not start it"
    if common.closing and not own.closing:
        yield "closing does not depend on it"
    if common.outlives and not own.outlives:
        yield "it ends with the case"
    if own.optional and not common.optional:
        yield "a practice may do without it"
    if own.reaches_patient and not common.reaches_patient:
        yield "it can end with UnableToReach"
    for role in own.waivable_by:
        if role not in common.waivable_by:
            yield f"{role.name} may waive it"


def _beside(chart: Chart, clock: Clock[Any], steps: Steps) -> tuple[set[Node], bool]:
    """Walk the states with one clock beside them; return what was reached, and whether it was ever met."""
    starts, meets = {row.event for row in clock.starts}, {row.event for row in clock.met_by}
    ends = {row.event for _, row in clock.endings}
    ends |= {Waived, ClosedByAdministration} if clock.waivable_by else set()
    ends |= {UnableToReach} if clock.reaches_patient else set()
    ends |= {PatientDied} if clock.ends_with_death else set()
    # A guard may hold or not, so a start or an ending with one leaves both ways open.
    surely = {row.event for row in clock.starts if row.given is None}
    own = starts | meets | ends
    numbered = (None, *chart.members)
    cut_short = set[int]() if clock.outlives else {n for n, state in enumerate(numbered) if state in chart.ends}
    nodes, ahead, met = {(0, False)}, [(0, False)], False
    while ahead:
        here, running = ahead.pop()
        for there, events in steps[here].items():
            mine = events & own
            # Whatever else happens changes nothing of the clock.
            after: set[bool] = set()
            if there != here and len(mine) < len(events):
                after.add(running)
            for event in mine:
                met = met or (running and event in meets)
                if event not in surely:
                    after |= {running, False} if event in ends else {running}
                if event in starts:
                    after.add(True)
            if after and there in cut_short:
                after = {False}
            for is_running in after:
                node = there, is_running
                if node not in nodes:
                    nodes.add(node)
                    ahead.append(node)
    return {(state, running) for n, running in nodes if (state := numbered[n]) is not None}, met

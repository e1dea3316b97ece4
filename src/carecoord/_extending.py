"""
One workflow made out of another: the rows of a base under the states of somebody else's Enum.

An Enum that has members cannot be subclassed, so states of the base are found again by their
names. What the base decided stays decided; whatever is new has to be decided by whoever adds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from enum import Enum
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from carecoord.errors import UnsoundWorkflow
from carecoord.events import Event
from carecoord.tables import Clock, Move, Otherwise

if TYPE_CHECKING:
    from carecoord.workflow import Workflow

Base: TypeAlias = "Workflow[Any, Any]"
Rows: TypeAlias = tuple[Move[Any, Any], ...]


def extended(
    base: Base,
    *,
    states: type[Enum],
    facts: type[Any],
    events: Iterable[type[Event]],
    moves: Rows,
    learn: Mapping[type[Event], Any],
    clocks: tuple[Clock[Any], ...],
    closes: Mapping[Any, Any],
    ends: Iterable[Any],
    waits_for: Mapping[Any, tuple[str, ...]],
) -> dict[str, Any]:
    """Return what the workflow is made of, beside its name and version; raise UnsoundWorkflow where it is not."""
    lacking = [state.name for state in base.members if state.name not in states.__members__]
    if lacking:
        words = f"{states.__name__} lacks {', '.join(lacking)}: it repeats every state of {base.states.__name__}"
        raise UnsoundWorkflow(base.name, (words,))
    if not issubclass(facts, base.facts):
        words = f"{facts.__name__} does not inherit {base.facts.__name__}, which the rows of the base read"
        raise UnsoundWorkflow(base.name, (words,))
    own = tuple(events)
    if undecided := tuple(_undecided(base, states, own, moves)):
        raise UnsoundWorkflow(base.name, undecided)

    def here(state: Any) -> Any:
        return None if state is None else states[state.name]

    replaced = {clock.name for clock in clocks}
    awaited: dict[Any, tuple[str, ...]] = {here(state): names for state, names in base.waits_for.items()}
    for state, names in waits_for.items():
        awaited[state] = tuple(dict.fromkeys((*awaited.get(state, ()), *names)))
    return {
        "states": states,
        "facts": facts,
        "events": (*base.events, *own),
        # Own rows stand first: with a claim they come before the base's, without one soundness says what nobody reads.
        "moves": (*_stated(moves, base), *(_under(row, here) for row in base.moves)),
        "learn": {**base.learn, **{on: _both(base.learn.get(on), lesson) for on, lesson in learn.items()}},
        "clocks": (*(clock for clock in base.clocks if clock.name not in replaced), *clocks),
        "closes": {**{here(state): here(end) for state, end in base.closes.items()}, **closes},
        "ends": frozenset({*map(here, base.ends), *ends}),
        "waits_for": awaited,
    }


def _undecided(base: Base, states: type[Enum], events: tuple[type[Event], ...], moves: Rows) -> Iterator[str]:
    """Name each pair that is new and for which no row says anything."""
    known = {state.name for state in base.members}
    decided = {(None if state is None else state.name, row.on) for row in moves for state in row.states}
    every = [name for name in states.__members__ if name not in (base.error.name, base.superseded.name)]
    new = [name for name in every if name not in known]
    for name, event in (*product(every, events), *product(new, base.events)):
        if (name, event) not in decided:
            default = "Otherwise(...) leaves it unexpected" if event.news else "Otherwise(...) refuses it"
            yield f"{name} on {event.__name__}: it is new, and nobody has decided it; {default}"


def _stated(moves: Rows, base: Base) -> Iterator[Move[Any, Any]]:
    """Return the rows without those that only say that a pair was decided: its default is the kind's."""
    groups = {(name, row.on) for row in moves if not isinstance(row, Otherwise) for name in map(_name, row.states)}
    groups |= {(name, row.on) for row in base.moves for name in map(_name, row.states)}
    for row in moves:
        if isinstance(row, Otherwise):
            row = _with(row, tuple(state for state in row.states if (_name(state), row.on) in groups))  # noqa: PLW2901
        if row.states:
            yield row


def _name(state: Any) -> str | None:
    return None if state is None else state.name


def _under(row: Move[Any, Any], here: Any) -> Move[Any, Any]:
    moved = _with(row, tuple(map(here, row.states)))
    object.__setattr__(moved, "to", here(row.to))
    return moved


def _with(row: Move[Any, Any], states: tuple[Any, ...]) -> Move[Any, Any]:
    other = copy(row)
    object.__setattr__(other, "states", states)
    return other


def _both(first: Any, second: Any) -> Any:
    """Return the lesson of the base, and behind it the host's."""
    return second if first is None else _Lessons(first, second)


class _Lessons:
    """Two lessons of one event, the base's first; at module level, so that workflows pickle."""

    __slots__ = ("first", "second")

    def __init__(self, first: Any, second: Any) -> None:
        self.first = first
        self.second = second

    def __call__(self, facts: Any, event: Any) -> Any:
        return self.second(self.first(facts, event), event)

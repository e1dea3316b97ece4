"""
A workflow: states, events, facts, moves and clocks as one frozen value.

A workflow refuses to exist if its table has a hole. It knows no policy and no practice, and
runs nothing: the engine room compiles it, a rulebook introduces it to its timing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast, overload

from attrs import evolve, field, fields, frozen

from carecoord._common import (
    ADMINISTRATION,
    COMMON_CLOCKS,
    COMMON_LESSONS,
    FOLLOW_UP,
    OVERTAKEN,
    REGAINED,
    RESOLVE,
    RESUME_BY,
    SURPRISES,
    SURVIVOR,
    TAKE_UP,
    TELL_AGAIN,
    UNEXPECTED,
    WRAP_UP,
    held_by_the_link,
    linked_here,
    lost_with_the_link,
    with_more,
    without,
)
from carecoord._extending import extended
from carecoord._soundness import problems, runs
from carecoord.case import LOOK_AGAIN
from carecoord.errors import UnsoundWorkflow
from carecoord.events import (
    COMMON_EVENTS,
    DOOR_EVENTS,
    LOG_EVENTS,
    ClosedByAdministration,
    EnteredInError,
    Event,
    Facts,
    LinkedCaseEnded,
    LoopClosed,
    Paused,
    Reopened,
    Resumed,
    SupersededBy,
)
from carecoord.tables import Clock, Move, On, Otherwise, Said, Stay

S = TypeVar("S", bound=Enum)
F = TypeVar("F", bound=Facts)
OwnS = TypeVar("OwnS", bound=Enum)
OwnF = TypeVar("OwnF", bound=Facts)

_ERROR, _SUPERSEDED = "ENTERED_IN_ERROR", "SUPERSEDED"
_NOTHING: Mapping[Any, Any] = MappingProxyType({})

_LAST: tuple[type[Event], ...] = (
    EnteredInError,
    LoopClosed,
    ClosedByAdministration,
    SupersededBy,
    Reopened,
    *DOOR_EVENTS,
)
"""
What counts last within one moment: the end of a case, the closing before its waiver and before the duplicate; and what
a door of its own keeps.
"""

_PAUSES: tuple[type[Event], ...] = (Paused, Resumed)


@frozen(eq=False, kw_only=True, repr=False)
class Workflow(Generic[S, F]):
    """
    The whole of one workflow.

    Args:
        name, version: What a case remembers of it.
        states: An Enum whose values say what is true of a case that stands there. It needs
            the members ENTERED_IN_ERROR and SUPERSEDED, and both are ends.
        facts: The class of what is known beyond the state.
        events: Its own events, in the order in which they count within one moment.
        moves: The table. A pair of state and event without a row is the default of its
            kind: news is unexpected, an act is refused.
        learn: What each event teaches: a pure function from facts and event to facts.
        clocks: The duties. One that bears the name of a common clock replaces it.
        closes: From which working state `LoopClosed` leads to which end.
        ends: The states in which nothing is owed any longer.
        waits_for: Which clocks a state waits for.
        profile: The source whose rows alone it keeps, where it was made by `only`; some of
            its states cannot be reached then.
        compiled: Kept here by the engine room, made when first needed.

    Raises:
        UnsoundWorkflow: the table has holes; all of them are named.
    """

    name: str
    version: str
    states: type[S]
    facts: type[F]
    events: tuple[type[Event], ...]
    moves: tuple[Move[S, F], ...]
    learn: Mapping[type[Event], Callable[[Any, Any], Any]] = field(default=_NOTHING)
    clocks: tuple[Clock[F], ...] = ()
    closes: Mapping[S, S]
    ends: frozenset[S]
    waits_for: Mapping[S, tuple[str, ...]] = field(default=_NOTHING)
    profile: str = ""
    compiled: Any = field(init=False, default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if holes := problems(self):
            raise UnsoundWorkflow(self.name, holes)

    def __repr__(self) -> str:
        return f"Workflow({self.name!r}, version={self.version!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        # What the engine room compiled stays behind: it is made again where it is needed.
        return _made_again, (type(self), {f.name: _plain(getattr(self, f.name)) for f in fields(type(self)) if f.init})

    @property
    def members(self) -> tuple[S, ...]:
        """All states, in their order."""
        return tuple(self.states)

    @property
    def error(self) -> S:
        """The end of a case that never was."""
        return self.states[_ERROR]

    @property
    def superseded(self) -> S:
        """The end of a duplicate."""
        return self.states[_SUPERSEDED]

    @property
    def all_events(self) -> tuple[type[Event], ...]:
        """Its own events and the common ones."""
        return (*self.events, *COMMON_EVENTS)

    @property
    def opening_events(self) -> tuple[type[Event], ...]:
        """The events that can open a case."""
        return tuple(dict.fromkeys(move.on for move in self.moves if None in move.states))

    @property
    def common_clocks(self) -> tuple[Clock[Any], ...]:
        """The clocks that every workflow has, or replaces by one that asks no less."""
        return COMMON_CLOCKS

    @property
    def all_clocks(self) -> tuple[Clock[F], ...]:
        """Its own clocks and the common ones that it does not replace."""
        own = {clock.name for clock in self.clocks}
        return (*self.clocks, *(clock for clock in COMMON_CLOCKS if clock.name not in own))

    def clock(self, name: str) -> Clock[F]:
        """Return the clock of this name; KeyError if there is none."""
        return {clock.name: clock for clock in self.all_clocks}[name]

    @property
    def all_moves(self) -> tuple[Move[S, F], ...]:
        """Its own rows, and those that every workflow has."""
        every = self.members
        said = {(state, move.on) for move in self.moves for state in move.states}

        def unsaid(on: type[Event], states: tuple[S, ...] = every) -> tuple[S, ...]:
            return tuple(state for state in states if (state, on) not in said)

        rows: list[Move[S, F]] = [*self.moves]
        rows += [Move(state, LoopClosed, end) for state, end in self.closes.items() if (state, LoopClosed) not in said]
        rows.append(
            Move(unsaid(EnteredInError, tuple(s for s in every if s is not self.error)), EnteredInError, self.error)
        )
        rows.append(
            Move(
                unsaid(SupersededBy, tuple(s for s in every if s not in (self.error, self.superseded))),
                SupersededBy,
                self.superseded,
            )
        )
        rows += self._by_administration(unsaid)
        rows += [
            Stay(unsaid(LinkedCaseEnded), LinkedCaseEnded, given=linked_here),
            Otherwise(unsaid(LinkedCaseEnded), LinkedCaseEnded),
        ]
        rows += [
            Stay(unsaid(event), event)
            for event in COMMON_EVENTS
            if event not in (*LOG_EVENTS, LinkedCaseEnded, *_PAUSES, *_LAST)
        ]
        if any(clock.pausable for clock in self.all_clocks):
            still_open = tuple(state for state in every if state not in self.ends)
            rows += [Stay(unsaid(event, still_open), event) for event in _PAUSES]
        return tuple(row for row in rows if row.states)

    def only(self, *, source: str) -> Workflow[S, F]:
        """
        Return a strict profile: of the moves, those that open a case and those that cite this source.

        A row cites what its source begins with, or one of several that stand between semicolons.
        Whatever else happens is the default of its kind: news is unexpected, an act is
        refused. A state out of which no row is left is an end there, and the clocks that can
        begin before an end, and be met where closing depends on them, go with it. The common
        events and clocks stay. The profile has a name of its own, so its cases never mix with
        those of the whole workflow.

        Raises:
            UnsoundWorkflow: no row cites the source, or what is left leads to no end.
        """
        rows = [row for row in self.moves if None in row.states or _cites(row, source)]
        if not any(_cites(row, source) for row in rows):
            raise UnsoundWorkflow(self.name, (f"no row cites '{source}'",))
        groups = {(state, row.on): row for row in rows for state in row.states}
        # The last row of a group is the one that stands here; where it claims something, the default closes the group.
        guarded = ((state, on) for (state, on), row in groups.items() if row.given is not None and state is not None)
        closed = tuple(Otherwise[S, F]((state,), on) for state, on in guarded)
        left = {state for state, _ in groups}
        changes: dict[str, Any] = {
            "name": f"{self.name}, only {source}",
            "moves": (*rows, *closed),
            "clocks": (),
            "closes": {},
            "ends": self.ends | {state for state in self.members if state not in left},
            "waits_for": {},
            "profile": source,
        }
        bare: Workflow[S, F] = evolve(self, **changes)
        clocks = tuple(clock for clock in self.clocks if runs(bare, clock))
        names = {clock.name for clock in clocks}
        awaited = {state: tuple(n for n in some if n in names) for state, some in self.waits_for.items()}
        waits_for = {state: some for state, some in awaited.items() if some and state not in bare.ends}
        return evolve(bare, clocks=clocks, waits_for=waits_for)

    @overload
    def extend(
        self,
        *,
        version: str,
        events: tuple[type[Event], ...] = ...,
        moves: tuple[Move[S, F], ...] = ...,
        learn: Mapping[type[Event], Callable[[Any, Any], Any]] = ...,
        clocks: tuple[Clock[F], ...] = ...,
        closes: Mapping[S, S] = ...,
        ends: Iterable[S] = ...,
        waits_for: Mapping[S, tuple[str, ...]] = ...,
    ) -> Workflow[S, F]: ...
    @overload
    def extend(
        self,
        *,
        version: str,
        states: type[OwnS],
        facts: type[OwnF],
        events: tuple[type[Event], ...] = ...,
        moves: tuple[Move[OwnS, OwnF], ...] = ...,
        learn: Mapping[type[Event], Callable[[Any, Any], Any]] = ...,
        clocks: tuple[Clock[OwnF], ...] = ...,
        closes: Mapping[OwnS, OwnS] = ...,
        ends: Iterable[OwnS] = ...,
        waits_for: Mapping[OwnS, tuple[str, ...]] = ...,
    ) -> Workflow[OwnS, OwnF]: ...
    def extend(
        self,
        *,
        version: str,
        states: type[Enum] | None = None,
        facts: type[Facts] | None = None,
        events: tuple[type[Event], ...] = (),
        moves: tuple[Move[Any, Any], ...] = (),
        learn: Mapping[type[Event], Callable[[Any, Any], Any]] = _NOTHING,
        clocks: tuple[Clock[Any], ...] = (),
        closes: Mapping[Any, Any] = _NOTHING,
        ends: Iterable[Any] = (),
        waits_for: Mapping[Any, tuple[str, ...]] = _NOTHING,
    ) -> Workflow[Any, Any]:
        """
        Return this workflow with more in it: events, clocks, rows, or states of an Enum of one's own.

        Args:
            version: Which version it is now; it keeps the name.
            states: An Enum that repeats every state by name and adds to them; give *facts* with it.
            facts: The class of what is known: the same one, or one that inherits it.
            events: More events; within one moment they count behind the workflow's own.
            moves: More rows. They stand before the workflow's own. Every new pair needs one: each
                new event in each state, and each event of the workflow in each new state. An
                `Otherwise` alone says that a pair is left to the default of its kind.
            learn: What events teach, behind what they teach already.
            clocks: More duties; one that bears the name of another replaces it.
            closes, ends, waits_for: What is to be added.

        Raises:
            UnsoundWorkflow: a state is not repeated, a new pair is not decided, or the table that
                comes out has holes; all of them are named.
        """
        made_of = extended(
            self,
            states=states or self.states,
            facts=facts or self.facts,
            events=events,
            moves=moves,
            learn=learn,
            clocks=clocks,
            closes=closes,
            ends=ends,
            waits_for=waits_for,
        )
        return Workflow(name=self.name, version=version, **made_of)

    def _by_administration(self, unsaid: Callable[[type[Event], tuple[S, ...]], tuple[S, ...]]) -> list[Move[S, F]]:
        """From every open state to the end to which its loop is closed, or the first such end."""
        if not self.closes:
            return []
        first = next(iter(self.closes.values()))
        still_open = tuple(state for state in self.members if state not in self.ends)
        ends = {end: tuple(s for s in still_open if self.closes.get(s, first) is end) for end in self.closes.values()}
        return [
            Move(unsaid(ClosedByAdministration, states), ClosedByAdministration, end) for end, states in ends.items()
        ]

    def rows(self, state: S | None, event: type[Event]) -> tuple[Move[S, F], ...]:
        """Return the rows of one pair, in the order in which they are tried."""
        return tuple(move for move in self.all_moves if move.on is event and state in move.states)

    def learning(self, event: type[Event]) -> tuple[Callable[[Any, Any], Any], ...]:
        """Return what an event teaches: the common lesson first."""
        return tuple(lesson[event] for lesson in (COMMON_LESSONS, self.learn) if event in lesson)

    def order(self) -> tuple[type[Event], ...]:
        """Return all events in the order in which they count within one moment: news, acts, the closing ones."""
        ranked = [event for event in self.all_events if event not in _LAST]
        return (*sorted(ranked, key=lambda event: not event.news), *_LAST)


def _cites(row: Move[Any, Any], source: str) -> bool:
    return any(part.strip().startswith(source) for part in row.source.split(";"))


def _plain(value: Any) -> Any:
    return dict(cast(Mapping[Any, Any], value)) if isinstance(value, MappingProxyType) else value


def _made_again(kind: type[Workflow[Any, Any]], made_of: dict[str, Any]) -> Workflow[Any, Any]:
    return kind(**made_of)


__all__ = [
    "ADMINISTRATION",
    "COMMON_CLOCKS",
    "FOLLOW_UP",
    "LOOK_AGAIN",
    "OVERTAKEN",
    "REGAINED",
    "RESOLVE",
    "RESUME_BY",
    "SURPRISES",
    "SURVIVOR",
    "TAKE_UP",
    "TELL_AGAIN",
    "UNEXPECTED",
    "WRAP_UP",
    "Clock",
    "Move",
    "On",
    "Otherwise",
    "Said",
    "Stay",
    "Workflow",
    "held_by_the_link",
    "linked_here",
    "lost_with_the_link",
    "with_more",
    "without",
]

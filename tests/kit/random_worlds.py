"""
Random sound workflows: three to eight states beside ENTERED_IN_ERROR, and one to six clocks.

A path through all states makes each table sound; everything else in it is chance.
"""

from collections.abc import Callable
from enum import Enum
from itertools import pairwise
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from tests.kit import alphabet as abc
from tests.kit.drawing import Draw, chance, pick, up_to

from carecoord.errors import UnsoundWorkflow
from carecoord.events import Event, LoopClosed, PatientDied, Reopened
from carecoord.tables import Clock, Move, On, Otherwise, Stay
from carecoord.vocabulary import Role
from carecoord.workflow import Workflow

_NAMES = ("answer", "report", "review", "book", "chase", "tell")
_ROLES = (Role.OWNER, Role.COORDINATOR, Role.CLINICIAN)


@st.composite
def workflows(draw: Draw) -> Workflow[Any, Any]:
    """Sound workflows of three to eight states and one to six clocks."""
    states = abc.STATES[draw(st.integers(3, abc.MOST_STATES))]
    places = [state for state in states if state.name not in (abc.ERROR, abc.SUPERSEDED)]
    opens = places[: draw(st.integers(1, len(places) - 1))]
    ends = places[len(opens) :]
    moves = _moves(draw, opens, ends)
    clocks = tuple(_clock(draw, name) for name in _NAMES[: draw(st.integers(1, len(_NAMES)))])
    every_event = (*abc.LETTERS, *abc.COMMON_LESSONS)
    learn = {event: _lesson(draw, event) for event in every_event if chance(draw, 60)}
    closes = {opens[-1]: ends[0]}

    def made(clocks: tuple[Clock[Any], ...]) -> Workflow[Any, Any]:
        return Workflow(
            name="random",
            version="1",
            states=states,
            facts=abc.Things,
            events=abc.LETTERS,
            moves=moves,
            learn=learn,
            clocks=clocks,
            closes=closes,
            ends=frozenset({*ends, states[abc.SUPERSEDED], states[abc.ERROR]}),
        )

    try:
        return made(clocks)
    except UnsoundWorkflow:
        # The one thing that chance can get wrong: closing depends on a clock that nothing can meet.
        return made(tuple(evolve(clock, closing=False) for clock in clocks))


def _lesson(draw: Draw, event: type[Event]) -> Callable[..., Any]:
    if event in abc.COMMON_LESSONS:
        return abc.COMMON_LESSONS[event]
    return pick(draw, abc.NEWS_LESSONS if event.news else abc.ACT_LESSONS)


def _moves(draw: Draw, opens: list[Enum], ends: list[Enum]) -> tuple[Move[Any, Any], ...]:
    letters = list(draw(st.permutations(abc.LETTERS)))
    groups: dict[tuple[Enum | None, type[Event]], list[Move[Any, Any]]] = {}
    groups[None, letters[0]] = [Move(None, letters[0], opens[0])]
    for number, (here, there) in enumerate(pairwise(opens)):
        groups[here, letters[number]] = [
            *_sometimes_stays(draw, here, letters[number]),
            Move(here, letters[number], there),
        ]
    for number, end in enumerate(ends):
        # Counted from behind, so that no way to an end takes the letter of the path.
        here, letter = opens[number % len(opens)], letters[-1 - number]
        groups[here, letter] = [*_sometimes_stays(draw, here, letter), Move(here, letter, end)]
    if chance(draw, 50):
        groups[None, letters[1]] = _second_opening(draw, letters[1], opens)
    for here in (*opens, *ends):
        for letter in letters:
            if (here, letter) not in groups:
                groups[here, letter] = _some_rows(draw, here, letter, opens, ends)
    for end in ends:
        if chance(draw, 60):
            groups[end, Reopened] = [Move(end, Reopened, pick(draw, opens), reopens=True)]
    return tuple(row for rows in groups.values() for row in rows)


def _second_opening(draw: Draw, letter: type[Event], opens: list[Enum]) -> list[Move[Any, Any]]:
    last = Move(None, letter, pick(draw, opens))
    kind = up_to(draw, 2)
    if kind == 0:
        return [last]
    guard = pick(draw, abc.CLAIMS)
    first = Move(None, letter, pick(draw, opens), given=guard)
    return [first, last] if kind == 1 else [first, Otherwise(None, letter)]


def _sometimes_stays(draw: Draw, here: Enum, letter: type[Event]) -> list[Move[Any, Any]]:
    return [Stay(here, letter, given=pick(draw, abc.CLAIMS))] if chance(draw, 25) else []


def _some_rows(
    draw: Draw, here: Enum, letter: type[Event], opens: list[Enum], ends: list[Enum]
) -> list[Move[Any, Any]]:
    kind = up_to(draw, 7)
    if kind <= 1:
        return []
    if kind <= 3:
        return [Stay(here, letter)]
    if kind == 4:
        return _or_refused(draw, here, letter)
    if here in ends:
        return [Move(here, letter, pick(draw, opens), reopens=True)] if kind == 5 and chance(draw, 60) else []
    there = pick(draw, (*opens, *opens, *ends))
    if kind == 5:
        return [Move(here, letter, there)]
    otherwise = Stay(here, letter) if kind == 6 else Move(here, letter, pick(draw, opens))
    return [Move(here, letter, there, given=pick(draw, abc.CLAIMS)), otherwise]


def _or_refused(draw: Draw, here: Enum, letter: type[Event]) -> list[Move[Any, Any]]:
    return [Stay(here, letter, given=pick(draw, abc.CLAIMS)), Otherwise(here, letter)]


def _clock(draw: Draw, name: str) -> Clock[Any]:
    own_item = pick(draw, abc.ITEMS)
    starts = _on(draw, 1, 2, (*abc.LETTERS, *abc.LETTERS, Reopened, PatientDied))
    met = _on(draw, 1, 2, (*abc.LETTERS, *abc.LETTERS, LoopClosed), several=True)
    if chance(draw, 25):  # a recurring duty: what starts it also meets it
        met = (*met, On(starts[0].event, starts[0].given))
    flags = up_to(draw, 63)
    roles = _ROLES[: up_to(draw, 3)]
    return Clock(
        name=name,
        item=own_item,
        starts=starts,
        met_by=met,
        excused_by=_on(draw, 0, 1, abc.ACTS, several=True),
        dropped_by=_on(draw, 0, 1, abc.LETTERS, several=True),
        kept_by=Role.COORDINATOR if flags & 1 else Role.OWNER,
        closing=bool(flags & 2),
        waivable_by=roles,
        ends_with_death=bool(flags & 4),
        reaches_patient=bool(flags & 8),
        pausable=chance(draw, 60),
        optional=bool(flags & 16),
        outlives=flags & 32 > 0 and chance(draw, 30),
    )


def _on(
    draw: Draw, least: int, most: int, events: tuple[type[Event], ...], *, several: bool = False
) -> tuple[On[Any], ...]:
    rows = []
    for _ in range(draw(st.integers(least, most))):
        event = pick(draw, events)
        guard = None
        if chance(draw, 25):
            guard = pick(draw, abc.CLAIMS if event in abc.LETTERS else abc.OF_ALL_EVENTS)
        item = pick(draw, abc.SEVERAL) if several and chance(draw, 25) else None
        if not several and chance(draw, 10):
            item = abc.a_and_b
        rows.append(On(event, guard, item=item, why="said so"))
    return tuple(rows)

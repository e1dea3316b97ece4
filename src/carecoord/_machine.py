"""
The engine room: the only file that imports `transitions`.

That package defines what a row table means. One stock flat Machine is built from the rows
of a workflow, and a table is compiled *from that Machine object*, so the Machine stays the
only source of truth and the step pays for no callback machinery. `machine.events[...]
.transitions` is a defaultdict: reading a missing state by index corrupts it, so it is only
ever walked.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, TypeAlias

from attrs import fields, frozen
from transitions import EventData, Machine

from carecoord._people import PEOPLE, Happens
from carecoord.case import How
from carecoord.events import (
    LOG_EVENTS,
    ClosedByAdministration,
    Event,
    PatientDied,
    Reopened,
    UnableToReach,
    Waived,
)
from carecoord.tables import Clock, Guard, ItemOf, Otherwise, Said, every_item, named_item
from carecoord.workflow import ADMINISTRATION, REGAINED, TELL_AGAIN, Workflow

UNOPENED: Final = "(nothing)"

Row: TypeAlias = tuple[Guard | None, Enum | None]
"""A claim on the facts before the event, and where it leads; None: it stays."""

Ending: TypeAlias = tuple[How, Guard | None, ItemOf, str]
Start: TypeAlias = tuple[Clock[Any], Guard | None, ItemOf]


class Token:
    """What the Machine moves: a state, and what guards read. Made for one event and thrown away."""

    __slots__ = ("event", "facts", "state")

    def __init__(self, state: str, facts: object, event: Event) -> None:
        self.state = state
        self.facts = facts
        self.event = event


class Claim:
    """A guard in the form that `transitions` calls."""

    __slots__ = ("__name__", "guard")

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.__name__ = getattr(guard, "__name__", type(guard).__name__)

    def __call__(self, data: EventData) -> bool:
        token: Token = data.model  # type: ignore[assignment]  # its stubs know models as plain objects
        return self.guard(token.facts, token.event)


def build(workflow: Workflow[Any, Any]) -> Machine:
    """Return the stock Machine of a workflow: the definition of what its rows mean."""
    machine = Machine(
        model=None,
        states=[UNOPENED, *(state.name for state in workflow.members)],
        initial=UNOPENED,
        # Otherwise every state gets a to_STATE() trigger that skips the table.
        auto_transitions=False,
        send_event=True,
        # A queue is per machine: on a shared one, triggers of other cases would wait in it.
        queued=False,
    )
    for row in workflow.all_moves:
        if isinstance(row, Otherwise):
            continue
        for state in row.states:
            machine.add_transition(
                row.on.__name__,
                UNOPENED if state is None else state.name,
                None if row.to is None else row.to.name,
                conditions=[] if row.given is None else [Claim(row.given)],
            )
    return machine


@frozen(eq=False, repr=False)
class Kind:
    """
    All that a workflow says of one kind of event.

    `rank` is where it stands among others of one moment; `elsewhere`, whether it is an act that names
    another case. `rows` maps the identity of a state (None: unopened) to rows: members of an Enum are
    what they are, and hashing them takes longer than all the rest of a look-up. `endings` maps a
    clock to what ends it; `tells` holds what starts `tell_again`, also where news does not fit.
    """

    rank: int
    news: bool
    of_the_log: bool
    elsewhere: bool
    opens: bool
    rows: dict[int, tuple[Row, ...]]
    lesson: Callable[[Any, Any], Any] | None
    people: Happens | None
    endings: dict[str, tuple[Ending, ...]]
    starts: tuple[Start, ...]
    tells: tuple[Start, ...]


@frozen(eq=False, repr=False)
class Table:
    """
    A workflow compiled for the fold.

    `ends` and `closes` hold identities of states, `names` has their names (None: unopened).
    `regained` starts what a case owes again that leaves an end, by whatever event it does.
    """

    workflow: Workflow[Any, Any]
    name: str
    version: str
    machine: Machine
    kinds: dict[type[Event], Kind]
    ends: frozenset[int]
    closes: frozenset[int]
    closing: frozenset[str]
    outliving: frozenset[str]
    pausing: tuple[str, ...]
    clocks: dict[str, Clock[Any]]
    names: dict[int, str | None]
    regained: tuple[Start, ...]

    def pick(self, state: Enum | None, facts: Any, event: Event) -> tuple[bool, Any]:
        """Return whether a row takes the event here, and the state it leads to."""
        for given, to in self.kinds[type(event)].rows.get(id(state), ()):
            if given is None or given(facts, event):
                return True, state if to is None else to
        return False, state

    def ways(self, state: Enum | None, kind: type[Event]) -> tuple[Row, ...]:
        """Return the rows that may take such an event in this state."""
        return self.kinds[kind].rows.get(id(state), ())


def table_of(workflow: Workflow[Any, Any]) -> Table:
    """Return the compiled table, made once per workflow; two threads may make it twice, and both are right."""
    table: Table | None = workflow.compiled
    if table is None:
        table = compiled(workflow, build(workflow))
        object.__setattr__(workflow, "compiled", table)
    return table


def compiled(workflow: Workflow[Any, Any], machine: Machine) -> Table:
    """Compile the table from the Machine, and what events do to clocks from the workflow."""
    clocks, opening = workflow.all_clocks, workflow.opening_events
    rows, endings, starts = _rows(workflow, machine), _endings(workflow), _starts(clocks)
    return Table(
        workflow=workflow,
        name=workflow.name,
        version=workflow.version,
        machine=machine,
        kinds={
            event: Kind(
                rank=rank,
                news=event.news,
                of_the_log=event in LOG_EVENTS,
                elsewhere=not event.news and any(one.name == "case" for one in fields(event)),
                opens=event in opening,
                rows=rows[event],
                lesson=_in_turn(workflow.learning(event)),
                people=PEOPLE.get(event),
                endings=endings.get(event, {}),
                starts=starts.get(event, ()),
                tells=tuple(row for row in starts.get(event, ()) if event.news and row[0].name == TELL_AGAIN),
            )
            for rank, event in enumerate(workflow.order())
        },
        ends=frozenset(map(id, workflow.ends)),
        closes=frozenset(map(id, workflow.closes)),
        closing=frozenset(clock.name for clock in clocks if clock.closing),
        outliving=frozenset(clock.name for clock in clocks if clock.outlives),
        pausing=tuple(clock.name for clock in clocks if clock.pausable),
        clocks={clock.name: clock for clock in clocks},
        names={id(None): None, **{id(state): state.name for state in workflow.members}},
        regained=tuple(one for one in starts.get(Reopened, ()) if one[0].name in REGAINED),
    )


def _starts(clocks: tuple[Clock[Any], ...]) -> dict[type[Event], tuple[Start, ...]]:
    starts: dict[type[Event], tuple[Start, ...]] = {}
    for clock in clocks:
        for row in clock.starts:
            starts[row.event] = (*starts.get(row.event, ()), (clock, row.given, row.item or clock.item))
    return starts


def _rows(workflow: Workflow[Any, Any], machine: Machine) -> dict[type[Event], dict[int, tuple[Row, ...]]]:
    states: dict[str, Enum | None] = {state.name: state for state in workflow.members}
    states[UNOPENED] = None
    kinds = {event.__name__: event for event in workflow.all_events}
    rows: dict[type[Event], dict[int, tuple[Row, ...]]] = {kind: {} for kind in workflow.all_events}
    for name, event in machine.events.items():
        for source, ways in event.transitions.items():
            rows[kinds[name]][id(states[source])] = tuple(
                (_claim(way.conditions), None if way.dest is None else states[way.dest]) for way in ways
            )
    return rows


def _claim(conditions: list[Any]) -> Guard | None:
    return conditions[0].func.guard if conditions else None


def _in_turn(lessons: tuple[Callable[[Any, Any], Any], ...]) -> Callable[[Any, Any], Any] | None:
    if len(lessons) < 2:
        return lessons[0] if lessons else None

    def both(facts: Any, event: Any) -> Any:
        for lesson in lessons:
            facts = lesson(facts, event)
        return facts

    return both


def _endings(workflow: Workflow[Any, Any]) -> dict[type[Event], dict[str, tuple[Ending, ...]]]:
    endings: dict[type[Event], dict[str, tuple[Ending, ...]]] = {}

    def add(event: type[Event], clock: str, ending: Ending) -> None:
        of_event = endings.setdefault(event, {})
        of_event[clock] = (*of_event.get(clock, ()), ending)

    for clock in workflow.all_clocks:
        for how, row in clock.endings:
            add(row.event, clock.name, (how, row.given, row.item or clock.item, row.why))
        named = Said(clock=clock.name)
        if clock.waivable_by:
            add(Waived, clock.name, (How.WAIVED, named, named_item, "waived"))
        if clock.waivable_by and clock.closing:
            # Whether the actor may waive them all was asked before.
            add(ClosedByAdministration, clock.name, (How.WAIVED, None, every_item, ADMINISTRATION))
        if clock.reaches_patient:
            add(UnableToReach, clock.name, (How.EXCUSED, named, named_item, "unable to reach"))
        if clock.ends_with_death:
            add(PatientDied, clock.name, (How.DROPPED, None, every_item, "died"))
    return endings

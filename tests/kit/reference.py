"""
The slow path: rows are picked by the stock Machine of `transitions`, with a token made for one event.

Nothing of the compiled table is used: what events do to clocks is read off the workflow
anew, and the rows that a refusal names are those the workflow lists.
"""

from typing import Any

from attrs import evolve, fields
from tests.kit.journeys import Journey, play
from transitions import MachineError

from carecoord._machine import UNOPENED, Table, Token, build, compiled
from carecoord.case import How
from carecoord.events import ClosedByAdministration, Event, PatientDied, UnableToReach, Waived
from carecoord.tables import Otherwise, Said, every_item, named_item
from carecoord.workflow import Workflow


class Reference(Table):
    """A table that asks the Machine."""

    def pick(self, state: Any, facts: Any, event: Event) -> tuple[bool, Any]:
        """Trigger the event on a token that stands in this state."""
        name = type(event).__name__
        token = Token(UNOPENED if state is None else state.name, facts, event)
        if name not in self.machine.events:
            return False, state
        try:
            taken = self.machine.events[name].trigger(token)
        except MachineError:
            return False, state  # there is no row
        if not taken:
            return False, state  # no claim holds
        return True, None if token.state == UNOPENED else self.workflow.states[token.state]

    def ways(self, state: Any, kind: type[Event]) -> tuple[Any, ...]:
        """Return the rows that the workflow lists."""
        rows = (row for row in self.workflow.rows(state, kind) if not isinstance(row, Otherwise))
        return tuple((row.given, row.to) for row in rows)


def twin(workflow: Workflow[Any, Any]) -> Workflow[Any, Any]:
    """Return an equal workflow that runs by reference."""
    other = evolve(workflow)
    table = compiled(other, build(other))
    made_of = {f.name: getattr(table, f.name) for f in fields(Table)}
    endings, starts = _endings(other), _starts(other)
    made_of["kinds"] = {
        event: evolve(kind, rows=None, endings=endings.get(event, {}), starts=starts.get(event, ()))
        for event, kind in table.kinds.items()
    }
    object.__setattr__(other, "compiled", Reference(**made_of))
    return other


def _endings(workflow: Workflow[Any, Any]) -> dict[Any, Any]:
    """What an event of each kind does to each clock, in the order in which it is tried."""
    endings: dict[Any, dict[str, list[Any]]] = {}
    for clock in workflow.all_clocks:
        ways = [(row.event, how, row.given, row.item or clock.item, row.why) for how, row in clock.endings]
        if clock.waivable_by:
            ways.append((Waived, How.WAIVED, Said(clock=clock.name), named_item, "waived"))
        if clock.closing and clock.waivable_by:
            ways.append((ClosedByAdministration, How.WAIVED, None, every_item, "closed by administration"))
        if clock.reaches_patient:
            ways.append((UnableToReach, How.EXCUSED, Said(clock=clock.name), named_item, "unable to reach"))
        if clock.ends_with_death:
            ways.append((PatientDied, How.DROPPED, None, every_item, "died"))
        for kind, *way in ways:
            endings.setdefault(kind, {}).setdefault(clock.name, []).append(tuple(way))
    return endings


def _starts(workflow: Workflow[Any, Any]) -> dict[Any, Any]:
    starts: dict[Any, list[Any]] = {}
    for clock in workflow.all_clocks:
        for row in clock.starts:
            starts.setdefault(row.event, []).append((clock, row.given, row.item or clock.item))
    return {kind: tuple(rows) for kind, rows in starts.items()}


def fast_path_is_reference_path(journey: Journey) -> int:
    """2. The compiled table and the stock Machine decide alike: same cases, effects, entries and refusals."""
    other = twin(journey.stage.workflow)
    editions = tuple(evolve(rules, workflow=other) for rules in journey.stage.editions)
    fast, slow = play(journey), play(evolve(journey, stage=evolve(journey.stage, editions=editions)))
    for one, two in zip(fast.shots, slow.shots, strict=True):
        assert one.refusal == two.refusal, f"{one.refusal!r} and {two.refusal!r}"
        assert (one.case, one.effects, one.entry) == (two.case, two.effects, two.entry)
    return len(fast.shots)

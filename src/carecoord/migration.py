"""
What becomes of a running case when its workflow gets another version.

A plan is data and pure functions, made once for all cases. Nothing that is owed is lost in it
without a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from carecoord._fold import NEVER
from carecoord._machine import Table
from carecoord.case import Case, Opening, World
from carecoord.errors import Refused, WrongRulebook
from carecoord.events import Facts, Migrated
from carecoord.moments import moment
from carecoord.rulebook import Rulebook
from carecoord.vocabulary import Actor
from carecoord.workflow import RESUME_BY

S = TypeVar("S", bound=Enum)
F = TypeVar("F", bound=Facts)


@frozen
class Keep:
    """The duty goes on as it stands, by the moment that was promised."""


@frozen
class Restart:
    """The duty is dated anew: it counts from the migration, under the limits of today."""


@frozen
class Drop:
    """The duty ends undone, and the ledger says why. The reason is for all cases; no patient is in it."""

    reason: str


OfDuty: TypeAlias = Keep | Restart | Drop

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def _nothing_more(state: Any, facts: Any) -> Iterable[tuple[str, str]]:
    return ()


@frozen
class Plan:
    """
    How cases of one version go on under another.

    Args:
        states: From the names of states to the names that they have now; a state that is not
            named keeps its name.
        facts: From what was known to what is known now; needed where the class of facts is another.
        duties: What becomes of what is owed, by the name of the clock. A duty whose clock still
            exists is kept if nothing is said of it; of any other something has to be said.
        begins: From state and facts, both as they are now, to (clock, item) of duties that begin.
    """

    states: Mapping[str, str] = field(default=_NOTHING)
    facts: Callable[[Any], Any] | None = None
    duties: Mapping[str, OfDuty] = field(default=_NOTHING)
    begins: Callable[[Any, Any], Iterable[tuple[str, str]]] = _nothing_more


def carried(
    rules: Rulebook[S, F], case: Case[Any, Any], plan: Plan, at: datetime, by: Actor, key: str | None
) -> tuple[Opening[F], Migrated]:
    """Return the case in the words of another version, as the base of all later folds, and what happens to it there."""
    flow, table, world = rules.workflow, rules.table, case.world
    if case.workflow != flow.name:
        raise WrongRulebook(case.id, f"{case.workflow} {case.version}", f"{flow.name} {flow.version}")
    facts = world.facts if plan.facts is None else plan.facts(world.facts)
    if type(facts) is not flow.facts:
        raise WrongRulebook(
            case.id, f"facts of {type(facts).__name__}", f"{flow.name}, whose facts are {flow.facts.__name__}"
        )
    named = plan.states.get(world.state.name, world.state.name)
    state = flow.states.__members__.get(named)
    begins = () if state is None else tuple(plan.begins(state, facts))
    claims = [*_claims(case, state, at), *_claims_of_people(world.facts, facts)]
    claims += _claims_of_duties(table, world, plan, begins)
    if claims:
        raise Refused(case.id, case.workflow, world.state.name, Migrated.__name__, tuple(claims))
    planned = {one.clock: plan.duties.get(one.clock, Keep()) for one in world.duties}
    event = Migrated(
        at=at,
        by=by,
        key=f"migrated/{case.version}/{flow.version}/{case.seq}" if key is None else key,
        came_from=case.version,
        state=world.state.name,
        drops=tuple((clock, way.reason) for clock, way in planned.items() if isinstance(way, Drop)),
        restarts=tuple(clock for clock, way in planned.items() if isinstance(way, Restart)),
        begins=begins,
    )
    floor = evolve(case, version=flow.version, world=evolve(world, state=state, facts=facts))
    base = Opening(case.id, case.subject, flow.name, flow.version, world.owner, facts, rules.terms, floor)
    return base, event


def latest(case: Case[Any, Any]) -> datetime:
    """Return when the last thing of a case happened, was recorded or was noticed."""
    places = (place for place in (case.first, case.last) if place is not None and place != NEVER)
    moments = [case.recorded_at, *(place[0] for place in places)]
    return max([*moments, *([] if case.noticed_at is None else [case.noticed_at])])


def _claims(case: Case[Any, Any], state: Enum | None, at: datetime) -> Iterator[str]:
    if moment(at) < latest(case):
        yield "it happens behind everything that the case has taken"
    if state is None:
        yield f"the plan says what {case.state.name} is called now"


def _claims_of_people(before: Facts, after: Facts) -> Iterator[str]:
    # What is to be taken up or resolved is known by these alone.
    if (before.offered, before.conflicts) != (after.offered, after.conflicts):
        yield "the plan's facts keep to whom the case is on offer, and what is in conflict"
    if (before.died, before.left) != (after.died, after.left):
        yield "the plan's facts keep whether the patient died or left"


def _claims_of_duties(
    table: Table, world: World[Any, Any], plan: Plan, begins: tuple[tuple[str, str], ...]
) -> Iterator[str]:
    named = plan.states.get(world.state.name, world.state.name)
    ended = named in {state.name for state in table.workflow.ends}
    if ended is not (world.acted is None):
        yield "it neither ends the case nor opens it again"
    for clock in dict.fromkeys(one.clock for one in world.duties):
        way = plan.duties.get(clock)
        if isinstance(way, Drop):
            if not way.reason:
                yield f"'{clock}' is dropped for a reason"
        elif clock not in table.clocks:
            yield f"'{clock}', which is owed and no clock any longer, is dropped for a reason"
        elif ended and clock not in table.outliving:
            yield f"'{clock}' goes on in an ended case, or is dropped for a reason"
    for clock in dict.fromkeys(clock for pause in world.pauses if pause.until is None for clock in pause.clocks):
        if clock in table.clocks and clock not in table.pausing:
            yield f"'{clock}', which a pause holds, may still be paused, or is resumed before"
        elif clock in table.pausing and isinstance(plan.duties.get(RESUME_BY), Drop):
            yield f"'{clock}' is held, so '{RESUME_BY}' goes on"
    for clock, _ in begins:
        if clock not in table.clocks:
            yield f"'{clock}', which is to begin, is a clock of the workflow"
        elif ended and clock not in table.outliving:
            yield f"'{clock}', which is to begin, goes on in an ended case"


def lost(
    rules: Rulebook[Any, Any], event: Migrated, before: World[Any, Any], after: World[Any, Any]
) -> tuple[str, ...]:
    """Return the claims that do not hold of a case that was brought over."""
    owed = {(one.clock, one.item) for one in after.duties}
    dated = [one for one in before.duties if one.clock in event.restarts and (one.clock, one.item) not in owed]
    known = {one.clock for one in (*after.duties, *after.settled)}
    waits = rules.workflow.waits_for.get(after.state, ())
    return (
        *[f"the practice wants '{one.clock}', which is to be dated anew" for one in dated],
        *[
            f"'{clock}', for which {after.state.name} waits, is owed"
            for clock in waits
            if clock not in known and not _done_without(rules, clock, after)
        ],
    )


def _done_without(rules: Rulebook[Any, Any], clock: str, world: World[Any, Any]) -> bool:
    """Whether nobody owes it in such a world: the patient died, or the practice may do without it."""
    died = world.facts.died and rules.workflow.clock(clock).ends_with_death
    return died or any(row.allow is None for row in rules.timing.rows(clock))

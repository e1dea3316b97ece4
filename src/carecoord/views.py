"""
Looking at cases: what they expect, why they stand where they stand, and what is to be done first.

Read only: nothing here moves anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from attrs import frozen

from carecoord._claims import CLAIMS, claims_wanting, must_be_carried
from carecoord._fold import unmet
from carecoord._machine import Table, table_of
from carecoord._telling import roles_told
from carecoord.case import Case, Deadline, Told
from carecoord.effects import (
    DeadlineHeld,
    DeadlineMissed,
    DeadlineSet,
    DeadlineSettled,
    Effect,
    Escalated,
    Moved,
    ReadyToClose,
    StoodDown,
)
from carecoord.errors import ForeignEvent, WrongRulebook
from carecoord.events import DOOR_EVENTS, LOG_EVENTS, Event, LoopClosed
from carecoord.moments import moment
from carecoord.tables import Where, label
from carecoord.vocabulary import Role, Urgency
from carecoord.workflow import LOOK_AGAIN, Workflow


@frozen
class Expectation:
    """
    What one event would do to a case where it stands now.

    `takes` is None where that depends on what the event says; then `ways` has the claims and
    where each leads. `claims` are those that are not shown.
    """

    event: str
    news: bool
    takes: bool | None
    ways: tuple[tuple[str, str], ...]
    claims: tuple[str, ...]


def expects(workflow: Workflow[Any, Any], case: Case[Any, Any], event: Event | None = None) -> tuple[Expectation, ...]:
    """
    Return what each event would do here and why not; with *event*, what this one would do if it came now.

    News that nothing takes is kept all the same, and is unexpected.

    Raises:
        WrongRulebook: the case runs under another workflow or version.
        ForeignEvent: the workflow does not know the event.
    """
    table = table_of(workflow)
    if (case.workflow, case.version) != (workflow.name, workflow.version):
        raise WrongRulebook(case.id, f"{case.workflow} {case.version}", f"{workflow.name} {workflow.version}")
    if event is not None:
        if type(event) not in table.kinds:
            raise ForeignEvent(workflow.name, type(event).__name__)
        return (_would(table, case, event),)
    kinds = (kind for kind in workflow.all_events if kind not in (*LOG_EVENTS, *DOOR_EVENTS))
    return tuple(_might(table, case, kind) for kind in kinds)


def _would(table: Table, case: Case[Any, Any], event: Event) -> Expectation:
    kind, world = type(event), case.world
    fits, there = table.pick(world.state, world.facts, event)
    claims = claims_wanting(table, world, event) if fits else unmet(table, world.state, world.facts, event)
    takes = fits and not claims
    return Expectation(kind.__name__, kind.news, takes, (("", there.name),) if fits else (), claims)


def _might(table: Table, case: Case[Any, Any], kind: type[Event]) -> Expectation:
    state, facts = case.world.state, case.world.facts
    ways: list[tuple[str, str]] = []
    failed: list[str] = []
    # What an act claims beyond its row, only the act itself can show; a closing claims nothing of its own.
    open_question = kind in CLAIMS and kind is not LoopClosed
    for given, to in table.ways(state, kind):
        if isinstance(given, Where) and not given.fits(facts):
            failed.append(label(given))
            continue
        sure = given is None or isinstance(given, Where)
        ways.append(("" if sure else label(given), (state if to is None else to).name))
        if sure:
            break
        open_question = True
    if kind is LoopClosed and ways:
        failed += [f"'{clock}' is settled" for clock in _owed_for_closing(table, case)]
        ways = [] if failed else ways
    takes = False if not ways else None if open_question else True
    return Expectation(kind.__name__, kind.news, takes, tuple(ways), tuple(failed) if takes is False else ())


def _owed_for_closing(table: Table, case: Case[Any, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.clock for one in case.world.duties if one.clock in table.closing))


@frozen
class Duty:
    """
    One thing owed, and everything that is known about it.

    `told` are the roles that have heard of it, `next_at` when the next thing of it falls due,
    `row` the policy row the due moment came from, `key` the event that began it. One that is held
    by a pause, since `held_since`, is not missed, however far its due moment is passed.
    """

    clock: str
    item: str
    round: int
    started_at: datetime
    opens_at: datetime | None
    due_at: datetime
    missed: bool
    overdue_by: timedelta
    told: tuple[Role, ...]
    next_at: datetime | None
    unit: str
    row: str
    provisional: bool
    key: str
    held_since: datetime | None = None


def explain(case: Case[Any, Any], *, at: datetime) -> tuple[Duty, ...]:
    """Return all that is owed at this moment, the earliest due first, and where each due moment comes from."""
    at = moment(at)
    held = case.world.held
    duties = (_duty(deadline, told, at, held.get(deadline.id)) for deadline, told in case.owed)
    return tuple(sorted(duties, key=lambda duty: (duty.due_at, duty.clock, duty.item)))


def _duty(deadline: Deadline, told: Told, at: datetime, held: datetime | None) -> Duty:
    due, schedule = deadline.due_at, deadline.schedule
    late = held is None
    return Duty(
        *deadline.id,
        deadline.started_at,
        deadline.opens_at,
        due,
        late and deadline.missed(at),
        max(at - due, timedelta(0)) if late else timedelta(0),
        roles_told(deadline, told),
        told.wakes_at,
        schedule.unit,
        schedule.row,
        schedule.provisional,
        deadline.key,
        held,
    )


@frozen
class Work:
    """One line of a worklist: a duty, whose it is and how urgent the case is."""

    case_id: str
    workflow: str
    state: str
    owner: str
    urgency: Urgency
    duty: Duty


def worklist(cases: Iterable[Case[Any, Any]], *, at: datetime) -> tuple[Work, ...]:
    """
    Return everything owed in these cases, what is to be done first standing first.

    Overdue before not yet due, then by urgency, then by due moment; what a pause holds stands
    last. A case that merely waits to be looked at again is listed once that is overdue.
    """
    at = moment(at)
    lines = [
        Work(case.id, case.workflow, case.state.name, case.owner, case.facts.urgency, duty)
        for case in cases
        for duty in explain(case, at=at)
        if duty.clock != LOOK_AGAIN or duty.missed
    ]
    lines.sort(key=_first_things_first)
    return tuple(lines)


def to_carry(
    workflow: Workflow[Any, Any], case: Case[Any, Any], survivor: Case[Any, Any] | None = None
) -> tuple[tuple[str, str], ...]:
    """
    Return (clock, item) of what a survivor must carry before the case may be superseded: what `SupersededBy` names.

    With the *survivor*, which may be of another version, only what it neither owes nor has done:
    hand in `SupersededBy` once that is nothing.
    """
    duties = must_be_carried(table_of(workflow), case.world)
    if survivor is None:
        return duties
    there = {(one.clock, one.item) for one in survivor.world.duties}
    there |= {(one.clock, one.item) for one in survivor.settled if one.how.done}
    return tuple(duty for duty in duties if duty not in there)


def _first_things_first(one: Work) -> tuple[Any, ...]:
    duty = one.duty
    held = duty.held_since is not None
    return (held, not duty.missed, -one.urgency, duty.due_at, one.case_id, duty.clock, duty.item)


COLUMNS = (
    "id",
    "workflow",
    "version",
    "state",
    "owner",
    "urgency",
    "next_check",
    "earliest_due",
    "policy_version",
    "seq",
)
"""The columns a database keeps of each case, in this order."""


def to_columns(cases: Iterable[Case[Any, Any]]) -> dict[str, list[Any]]:
    """
    Return the columns that a database or data engine keeps, as plain lists of texts, numbers and UTC moments.

    `earliest_due` leaves `look_again` out, which is no duty towards the patient, and what a pause holds.
    """
    rows = [
        (
            case.id,
            case.workflow,
            case.version,
            case.state.name,
            case.owner,
            case.facts.urgency.name,
            case.book.wakes_at,
            _earliest_due(case),
            case.terms.policy,
            case.seq,
        )
        for case in cases
    ]
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in COLUMNS]
    return dict(zip(COLUMNS, columns, strict=True))


def _earliest_due(case: Case[Any, Any]) -> datetime | None:
    held = case.world.held
    return min((duty.due_at for duty in case.world.duties if duty.id not in held), default=None)


def stands(case: Case[Any, Any], effect: Effect) -> bool:
    """
    Whether an effect that is not yet delivered is still true of the case.

    A host asks before delivery: a reminder of a duty done meanwhile goes nowhere.
    """
    if isinstance(effect, Moved):
        return _name(case.state) == effect.to
    if isinstance(effect, ReadyToClose):
        return case.book.ready
    if isinstance(effect, DeadlineSettled):
        return any(
            (one.clock, one.item, one.round, one.how, one.at) == (*_id(effect), effect.how, effect.at)
            for one in case.settled
        )
    told = next((mark for one, mark in case.owed if one.id == _id(effect)), None)
    if isinstance(effect, StoodDown):
        return told is None or told.revision <= effect.revision
    return told is not None and told.revision == effect.revision


def _id(
    effect: DeadlineSet | DeadlineSettled | DeadlineHeld | DeadlineMissed | Escalated | StoodDown,
) -> tuple[str, str, int]:
    return (effect.clock, effect.item, effect.round)


def _name(state: Enum) -> str:
    return state.name

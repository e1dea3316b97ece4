"""
Taking events into a case: on the snapshot where they come last, by folding again where they do not.

Acts are judged here, once. Whether the events are new, and how they were cut, was settled
before; what is told of it is the difference of the two worlds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from carecoord._asking import Asks
from carecoord._fold import Turn, apply, fold, notice, place_of, unmet
from carecoord._log import Batch, must_be_whole, names
from carecoord._machine import Table
from carecoord._telling import EMPTY, push, tell
from carecoord.case import Case, Entry, Opening, Place, Step, World
from carecoord.errors import HistoryNeeded, Refused
from carecoord.events import LOG_EVENTS, AlarmUndelivered, Event, LoopClosed, Reopened
from carecoord.workflow import OVERTAKEN


def opened(table: Table, base: Opening[Any], taken: Batch, asks: Asks) -> Step[Any, Any]:
    event = taken.events[0]
    kind = type(event)
    if kind not in table.openings or not table.pick(None, base.facts, event)[0]:
        opens = tuple(other.__name__ for other in table.workflow.opening_events if other is not kind)
        raise Refused(base.id, base.workflow, "not open", kind.__name__, unmet(table, None, kind), opens)
    asks.strict = not kind.news
    turn = Turn(asks, base.terms, event.recorded_at, doubtful=taken.doubtful)
    nothing: World[Any, Any] = World(None, base.facts, base.owner, (), ())
    world = notice(apply(table, nothing, event, turn), turn)
    effects, book = tell(table, base.id, None, EMPTY, world, 1, event.recorded_at, by_correction=False)
    answers = tuple(asks.new)
    case: Case[Any, Any] = Case(
        base.id,
        base.subject,
        base.workflow,
        base.version,
        base.terms,
        world,
        book,
        1,
        event.recorded_at,
        taken.made,
        (),
        _latest(None, turn),
        place_of(table, event),
        None,
        answers,
    )
    noticed = tuple(turn.noticed)
    entry = Entry(event.recorded_at, taken.events, taken.claimed, taken.doubtful, answers, noticed, base)
    return Step(case, effects, entry)


def taken_in(
    table: Table, case: Case[Any, Any], taken: Batch, asks: Asks, history: Sequence[Entry], at: datetime
) -> Step[Any, Any]:
    """Take events that are new to the case: one that comes last on the snapshot, others by folding again."""
    events = taken.events
    event = events[0]
    place = place_of(table, event)
    in_order = len(events) == 1 and _in_order(table, case, event, place)
    if in_order:
        first: Place = case.first
        last: Place | None = place
        if not case.named:
            # Nothing was ever taken back or moved, so every question was about an event that still stands.
            asks.since = first[0] if case.last is None or case.last < first else case.last[0]
        asks.strict = not event.news
        turn = Turn(asks, case.terms, at, doubtful=taken.doubtful)
        world = apply(table, case.world, event, turn)
        if turn.overtaken:
            raise _refusal(table, case.id, event, *turn.overtaken[event.key])
        if turn.pending:
            world = notice(world, turn)
    else:
        world, first, last, turn = _folded(table, case, taken, asks, history, at)
    seq = case.seq + len(events)
    effects, book = tell(table, case.id, case.world, case.book, world, seq, at, by_correction=not in_order)
    recorded_at, named = case.recorded_at, case.named
    for event in events:
        recorded_at = max(recorded_at, event.recorded_at)
        if (name := names(event)) is not None:
            named = (*named, name)
        elif type(event) is AlarmUndelivered:
            rung = (event.clock, event.about or "", event.rung)
            pushed, book = push(case.id, case.terms.queue, world, book, *rung, event.recorded_at)
            effects += pushed
    answers = tuple(asks.new)
    after = Case(
        case.id,
        case.subject,
        case.workflow,
        case.version,
        case.terms,
        world,
        book,
        seq,
        recorded_at,
        case.digest + taken.made,
        named,
        _latest(case.noticed_at, turn),
        first,
        last,
        case.answers + answers if answers else case.answers,
    )
    entry = Entry(at, events, taken.claimed, taken.doubtful, answers, tuple(turn.noticed))
    return Step(after, effects, entry)


def _latest(before: datetime | None, turn: Turn) -> datetime | None:
    """Return when a surprise was noticed last."""
    for _, _, moment in turn.noticed:
        if before is None or moment > before:
            before = moment
    return before


def _in_order(table: Table, case: Case[Any, Any], event: Event, place: Place) -> bool:
    """Whether the event comes last, so that it may be applied to the snapshot."""
    kind = type(event)
    return not (
        kind in LOG_EVENTS
        or event.key in case.named
        # A surprise stands in the order when it was noticed, so what happened before that comes before it.
        or (case.noticed_at is not None and event.at < case.noticed_at)
        or (case.last is not None and place < case.last)
        or (kind in table.openings and place < case.first)
    )


def _folded(
    table: Table, case: Case[Any, Any], taken: Batch, asks: Asks, history: Sequence[Entry], at: datetime
) -> tuple[World[Any, Any], Place, Place | None, Turn]:
    events = taken.events
    if not history:
        raise HistoryNeeded(case.id, type(events[0]).__name__, events[0].key)
    must_be_whole(case, history)
    base = history[0].opening
    assert base is not None, "must_be_whole has seen the opening"
    kept = [event for entry in history for event in entry.events]
    heard: dict[tuple[str, str], datetime] = {}
    for entry in history:
        for clock, key, when in entry.noticed:
            heard.setdefault((clock, key), when)
    doubted = {*taken.doubtful, *(key for entry in history for key in entry.doubtful)}
    turn = Turn(asks, case.terms, at, heard, doubted, frozenset(event.key for event in events if not event.news))
    world, first, last = fold(table, base, (*kept, *events), turn)
    _judge(table, case, base, kept, events, turn)
    return world, first, last, turn


def _judge(
    table: Table,
    case: Case[Any, Any],
    base: Opening[Any],
    kept: list[Event],
    events: tuple[Event, ...],
    turn: Turn,
) -> None:
    """Refuse the earliest new act that does not fit, or acts that would overtake one already taken."""
    acts = {event.key: event for event in events if not event.news}
    if not acts or not turn.overtaken:
        return
    for key, (state, claims) in turn.overtaken.items():
        if key in acts:
            raise _refusal(table, case.id, acts[key], state, claims)
    before = {one.item for one in case.world.deadlines if one.clock == OVERTAKEN}
    before |= {one.item for one in case.world.settled if one.clock == OVERTAKEN}
    newly = [key for key in turn.overtaken if key not in before]
    if newly:
        # News that came with them may overtake; they may not.
        alone = Turn(turn.ask, turn.terms, turn.moment, turn.heard, turn.doubtful)
        fold(table, base, (*kept, *(event for event in events if event.news)), alone)
        newly = [key for key in newly if key not in alone.overtaken]
    if newly:
        first = next(iter(acts.values()))
        state = case.world.state.name
        raise Refused(case.id, case.workflow, state, type(first).__name__, overtakes=tuple(newly))


def _refusal(table: Table, case_id: str, event: Event, state: Any, claims: tuple[str, ...]) -> Refused:
    flow = table.workflow
    acts = (*(kind for kind in flow.events if not kind.news), LoopClosed, Reopened)
    expected = tuple(kind.__name__ for kind in acts if table.ways(state, kind) and kind is not type(event))
    return Refused(case_id, flow.name, state.name, type(event).__name__, claims, expected)

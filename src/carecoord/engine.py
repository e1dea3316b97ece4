"""
The doors that change a case. There are no others.

Each takes a case, what came and a moment, and returns a new case, the effects the host owes
and the log line to keep. Nothing here reads a clock, and a call that raises has changed
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from carecoord._asking import Asks, only_kept, policy_of
from carecoord._fold import Turn, apply, fold, notice, place_of
from carecoord._log import Batch, cut, is_known, must_be_whole, names, record
from carecoord._machine import Table, table_of
from carecoord._telling import EMPTY, look, push, tell
from carecoord.case import Case, Entry, Opening, Place, Step, World
from carecoord.effects import Effect
from carecoord.errors import ForeignEvent, HistoryIncomplete, HistoryNeeded, KeyReused, Refused, WrongRulebook
from carecoord.events import LOG_EVENTS, AlarmUndelivered, Event, Facts, LoopClosed, Reopened
from carecoord.moments import moment
from carecoord.rulebook import Rulebook
from carecoord.workflow import OVERTAKEN, Workflow

S = TypeVar("S", bound=Enum)
F = TypeVar("F", bound=Facts)


def open_case(
    rules: Rulebook[S, F], opening: Event, *, id: str, subject: str, owner: str, facts: F | None = None
) -> Step[S, F]:
    """
    Open a case with its first event.

    *facts* are what is known beforehand, and with *owner* the base of every fold. What fell
    due by `opening.recorded_at` is told at once: a case can be overdue at birth.

    Raises:
        Refused: the event opens no case of this workflow.
        ForeignEvent: the workflow does not know it.
        NoLimit: the opening is an act, and the timing policy fails.
    """
    table, flow = table_of(rules.workflow), rules.workflow
    _must_know(table, opening)
    base = Opening(id, subject, flow.name, flow.version, owner, flow.facts() if facts is None else facts, rules.terms)
    taken = cut(rules, opening, record(opening), id, "not open")
    return _opened(table, base, taken, Asks((), policy_of(rules, id, strict=not opening.news)))


def advance(rules: Rulebook[S, F], case: Case[S, F], event: Event, history: Sequence[Entry] = ()) -> Step[S, F]:
    """
    Put *event* where it belongs in the case, and say what changed.

    News is never refused; an act may be. What fell due by `event.recorded_at` and is still
    owed is told last. A key that came before with the same content changes nothing.
    *history* is the case's entries in the order of handing in; only late news, retractions
    and corrections need it.

    Raises:
        Refused: *event* is an act, and no row or no guard allows it where it stands.
        KeyReused: the key came before with other content.
        HistoryNeeded: the event belongs before what was taken, and no history came with it.
        HistoryIncomplete: the history is not this case's, or not all of it.
        ForeignEvent, WrongRulebook: the event or the case belongs to another workflow.
        NoLimit: the event is an act, and the timing policy fails.
    """
    rules.must_fit(case)
    table = table_of(rules.workflow)
    _must_know(table, event)
    made = record(event)
    if is_known(case, event, made):
        return Step(case, (), None)
    taken = cut(rules, event, made, case.id, case.world.state.name)
    asks = Asks(case.answers, policy_of(rules, case.id, strict=not event.news))
    return _taken(table, case, taken, asks, history, event.recorded_at)


@frozen
class CaughtUp:
    """What a backlog came to: a step, and the acts that were refused, in the order in which they happened."""

    case: Case[Any, Any]
    effects: tuple[Effect, ...]
    entry: Entry | None
    refused: tuple[tuple[str, Refused], ...] = field(default=())


def catch_up(
    rules: Rulebook[S, F], case: Case[S, F], events: Iterable[Event], history: Sequence[Entry], *, at: datetime
) -> CaughtUp:
    """
    Take a backlog in one call: all news is put in place first, then acts are judged in the order of `at`.

    There is one fold, one difference and one entry. *at* is the moment of catching up: what
    is noticed is noticed then, and what fell due by then is told. Acts that do not fit come
    back as refusals under their key and were never taken; nothing else is lost with them.

    Raises:
        KeyReused, HistoryIncomplete, ForeignEvent, WrongRulebook, NoLimit: as `advance`.
    """
    rules.must_fit(case)
    at, table = moment(at), table_of(rules.workflow)
    refused: list[tuple[str, Refused]] = []
    news: list[Batch] = []
    acts: list[Batch] = []
    for event, made in _fresh(table, case, events):
        try:
            taken = cut(rules, event, made, case.id, case.world.state.name)
        except Refused as why:
            refused.append((event.key, why))
        else:
            (news if event.news else acts).append(taken)
    acts.sort(key=lambda act: place_of(table, act.events[0]))
    policy = policy_of(rules, case.id, strict=False)

    def taken_with(fitting: Sequence[Batch]) -> Step[S, F]:
        batch = Batch.together((*news, *fitting))
        if not batch.events:
            return check(case, at=at)
        return _taken(table, case, batch, Asks(case.answers, policy), history, at)

    try:
        step = taken_with(acts)
    except Refused:
        fitting: list[Batch] = []
        for act in acts:
            try:
                taken_with((*fitting, act))
            except Refused as why:
                refused.append((act.events[0].key, why))
            else:
                fitting.append(act)
        step = taken_with(fitting)
    return CaughtUp(step.case, step.effects, step.entry, tuple(refused))


def _fresh(table: Table, case: Case[Any, Any], events: Iterable[Event]) -> list[tuple[Event, bytes]]:
    """Return the events of a backlog that the case has not taken, each once."""
    fresh: dict[str, tuple[Event, bytes]] = {}
    for event in events:
        _must_know(table, event)
        made = record(event)
        if is_known(case, event, made):
            continue
        if fresh.setdefault(event.key, (event, made))[1] != made:
            raise KeyReused(case.id, event.key)
    return list(fresh.values())


def check(case: Case[S, F], *, at: datetime) -> Step[S, F]:
    """
    Tell what fell due by *at* and is still owed. Needs no rulebook, and changes nothing but the book.

    Raises:
        NaiveMoment: *at* has no time zone.
    """
    at = moment(at)
    book = case.book
    wakes = book.wakes_at
    if wakes is None or at < wakes:
        return Step(case, (), None)
    effects, noted = look(case.id, case.world, book, at)
    return Step(evolve(case, book=noted), effects, Entry(at, ()))


def next_check(case: Case[S, F]) -> datetime | None:
    """
    Return when to call `check` next: nothing happens before, something happens then.

    None where nothing will ever fall due by itself. This is the column a host indexes.
    """
    return case.book.wakes_at


def replay(workflow: Workflow[S, F], entries: Iterable[Entry]) -> tuple[Step[S, F], ...]:
    """
    Return all steps of a case again, from its entries alone; the last holds the case.

    No policy is asked: what it answered stands in the entries.

    Raises:
        HistoryIncomplete: the entries do not begin with an opening, or lack an answer.
        WrongRulebook: they belong to another workflow or version.
    """
    table = table_of(workflow)
    steps: list[Step[Any, Any]] = []
    past: list[Entry] = []
    for entry in entries:
        if entry.opening is not None:
            steps.append(_reopened(table, workflow, entry))
        elif not past:
            raise HistoryIncomplete("(unknown)", 1, 0)
        elif not entry.events:
            steps.append(check(steps[-1].case, at=entry.at))
        else:
            case = steps[-1].case
            asks = Asks(case.answers, only_kept(case.id, entry.answers, case.seq))
            steps.append(_taken(table, case, Batch.again(entry), asks, past, entry.at))
        past.append(entry)
    if not steps:
        raise HistoryIncomplete("(unknown)", 1, 0)
    return tuple(steps)


def _reopened(table: Table, workflow: Workflow[Any, Any], entry: Entry) -> Step[Any, Any]:
    base = entry.opening
    assert base is not None, "the caller has seen the opening"
    if (base.workflow, base.version) != (workflow.name, workflow.version):
        wanted, given = f"{base.workflow} {base.version}", f"{workflow.name} {workflow.version}"
        raise WrongRulebook(base.id, wanted, given)
    return _opened(table, base, Batch.again(entry), Asks((), only_kept(base.id, entry.answers, 0)))


def _opened(table: Table, base: Opening[Any], taken: Batch, asks: Asks) -> Step[Any, Any]:
    event = taken.events[0]
    if type(event) not in table.openings or not table.pick(None, base.facts, event)[0]:
        opens = tuple(kind.__name__ for kind in table.workflow.opening_events)
        raise Refused(base.id, base.workflow, "not open", type(event).__name__, (), opens)
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
        place_of(table, event),
        None,
        answers,
    )
    noticed = tuple(turn.noticed)
    entry = Entry(event.recorded_at, taken.events, taken.claimed, taken.doubtful, answers, noticed, base)
    return Step(case, effects, entry)


def _taken(
    table: Table, case: Case[Any, Any], taken: Batch, asks: Asks, history: Sequence[Entry], at: datetime
) -> Step[Any, Any]:
    """Take events that are new to the case: one that comes last on the snapshot, others by folding again."""
    events = taken.events
    last = place_of(table, events[0]) if len(events) == 1 else None
    in_order = last is not None and _in_order(table, case, events[0], last)
    if in_order:
        first = case.first
        if not case.named:
            # Nothing was ever taken back or moved, so every question was about an event that still stands.
            asks.since = first[0] if case.last is None else max(first[0], case.last[0])
        turn = Turn(asks, case.terms, at, doubtful=taken.doubtful)
        world = apply(table, case.world, events[0], turn)
        if turn.overtaken:
            raise _refusal(table, case.id, events[0], *turn.overtaken[events[0].key])
        if turn.pending:
            world = notice(world, turn)
    else:
        world, first, last, turn = _folded(table, case, taken, asks, history, at)
    seq = case.seq + len(events)
    effects, book = tell(table, case.id, case.world, case.book, world, seq, at, by_correction=not in_order)
    for event in events:
        if type(event) is AlarmUndelivered:
            pushed, book = push(
                case.id, case.terms.queue, world, book, event.clock, event.about or "", event.rung, event.recorded_at
            )
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
        max(case.recorded_at, *(event.recorded_at for event in events)),
        case.digest + taken.made,
        case.named + tuple(name for event in events if (name := names(event)) is not None),
        first,
        last,
        case.answers + answers if answers else case.answers,
    )
    entry = Entry(at, events, taken.claimed, taken.doubtful, answers, tuple(turn.noticed))
    return Step(after, effects, entry)


def _in_order(table: Table, case: Case[Any, Any], event: Event, place: Place) -> bool:
    """Whether the event comes last, so that it may be applied to the snapshot."""
    kind = type(event)
    return not (
        kind in LOG_EVENTS
        or event.key in case.named
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
    turn = Turn(asks, case.terms, at, heard, doubted)
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
    expected = tuple(kind.__name__ for kind in acts if (state, kind) in table.rows)
    return Refused(case_id, flow.name, state.name, type(event).__name__, claims, expected)


def _must_know(table: Table, event: Event) -> None:
    if type(event) not in table.ranks:
        raise ForeignEvent(table.workflow.name, type(event).__name__)

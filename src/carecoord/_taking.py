"""
Taking events into a case: on the snapshot where they come last, by folding again where they do not.

Acts are judged here, once. Whether the events are new, and how they were cut, was settled
before; what is told of it is the difference of the two worlds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from carecoord._asking import OnlyKept, Policy, of_late
from carecoord._clocks import resettle
from carecoord._fold import (
    CALM,
    Folding,
    Surprised,
    Turn,
    apply,
    begun,
    closed,
    fold,
    notice,
    open_world,
    place_of,
    unbegun,
    unmet,
)
from carecoord._ledger import FULL, paged
from carecoord._log import Taken, must_be_whole, names, since_floor
from carecoord._machine import Kind, Table
from carecoord._records import blank
from carecoord._records import opened as open_kind
from carecoord._telling import EMPTY, acknowledge, closable, push, tell, under
from carecoord.case import Answer, Book, Case, Entry, Heard, Opening, Place, Redated, Step, World
from carecoord.effects import Effect, Moved
from carecoord.errors import HistoryNeeded, Refused
from carecoord.events import Acknowledged, AlarmUndelivered, Event, LoopClosed, Migrated, Reopened
from carecoord.workflow import OVERTAKEN

_Case, _Entry, _Step = open_kind(Case), open_kind(Entry), open_kind(Step)


def opened(table: Table, base: Opening[Any], taken: Taken, policy: Policy) -> Step[Any, Any]:
    """Open a case with its first event."""
    events, made, claimed, doubtful = taken
    event = events[0]
    kind = type(event)
    if not table.kinds[kind].opens or not table.pick(None, base.facts, event)[0]:
        opens = tuple(other.__name__ for other in table.workflow.opening_events if other is not kind)
        raise Refused(base.id, base.workflow, "not open", kind.__name__, unmet(table, None, base.facts, event), opens)
    turn = Turn(base.id, policy, (), event.recorded_at, base.terms.queue, doubtful, strict=not kind.news)
    nothing, making = closed(unbegun(base)), unbegun(base)
    apply(table, making, event, turn)
    notice(making, turn)
    world = closed(making)
    effects, book = tell(table, base.terms, base.id, nothing, EMPTY, world, 1, event.recorded_at, False)
    answers, noticed = turn.new, turn.noticed
    case: Case[Any, Any] = Case(
        base.id,
        base.workflow,
        base.version,
        base.terms,
        world,
        book,
        1,
        event.recorded_at,
        (),
        made,
        (),
        _latest(None, noticed),
        place_of(table, event),
        None,
        len(answers),
        answers,
    )
    return Step(case, effects, Entry(event.recorded_at, events, claimed, doubtful, answers, noticed, base))


def resumed(table: Table, base: Opening[Any], taken: Taken, policy: Policy) -> Step[Any, Any]:
    """Let a case go on that came from another version: what is owed is settled as planned, and told."""
    events, made, claimed, doubtful = taken
    event, floor = events[0], base.floor
    assert floor is not None, "whoever migrates has a case"
    assert isinstance(event, Migrated), "a floor is laid by nothing else"
    turn = Turn(base.id, policy, floor.answers, event.recorded_at, base.terms.queue, strict=True)
    making = begun(floor.world)
    resettle(table, making, event, turn)
    world, seq, at, place = closed(making), floor.seq + 1, event.recorded_at, place_of(table, event)
    standing, book = under(floor, base.terms, seq)
    effects, book = tell(table, base.terms, base.id, floor.world, book, world, seq, at, False)
    renamed = () if world.state.name == event.state else (Moved(base.id, seq, event.state, world.state.name),)
    ready, book = closable(table, base.id, floor, world, book, seq)
    answers = turn.new
    case: Case[Any, Any] = Case(
        base.id,
        base.workflow,
        base.version,
        base.terms,
        world,
        book,
        seq,
        at,
        floor.pages,
        floor.digest + made,
        floor.named,
        floor.noticed_at,
        None,
        place,
        floor.asked + len(answers),
        of_late((*floor.answers, *answers), place[0]),
    )
    entry = Entry(at, events, claimed, doubtful, answers, (), base)
    return Step(case, (*renamed, *standing, *effects, *ready), entry)


def taken_in(  # noqa: PLR0915  whatever is taken out of it costs each step one more call
    table: Table,
    case: Case[Any, Any],
    taken: Taken,
    policy: Policy,
    history: Sequence[Entry],
    at: datetime,
    heard: datetime,
    redated: tuple[Redated, ...] = (),
) -> Step[Any, Any]:
    """
    Take events that are new to the case: one that comes last on the snapshot, others by folding again.

    *at* is the moment of the call, *heard* when the last event was recorded that the case then has.
    """
    events, made, claimed, doubtful = taken
    event = events[0]
    kind = table.kinds[type(event)]
    place: Place = (event.at, kind.rank, event.about or "", event.key)
    in_order = len(events) == 1 and not redated and _in_order(case, kind, place)
    if in_order:
        first: Place | None = case.first
        last: Place | None = place
        if first is not None and first < place:
            first = None
        named = case.named
        calm = not (kind.starts or doubtful)
        turn = CALM[kind.news] if calm else _turn_of(case, kind, policy, at, doubtful)
        was = case.world
        making = open_world(
            was.state, was.facts, was.owner, was.subject, was.duties, was.settled, was.acted, was.pauses
        )
        try:
            apply(table, making, event, turn)
        except Surprised:
            calm, turn = False, _turn_of(case, kind, policy, at, doubtful)
            making = begun(was)
            apply(table, making, event, turn)
        if not calm:
            if turn.overtaken:
                raise _refusal(table, case.id, event, *turn.overtaken[event.key])
            notice(making, turn)
        world = closed(making)
    else:
        turn = Folding(case.id, policy, (), at, case.terms.queue)
        world, first, last = _folded(table, case, events, doubtful, turn, history, redated)
        named = (*case.named, *[name for one in events if (name := names(one)) is not None])
    seq, pages, digest = case.seq + len(events), case.pages, case.digest + made
    if len(digest) >= FULL:
        pages, digest = paged(pages, digest)
    effects, book = tell(table, case.terms, case.id, case.world, case.book, world, seq, at, not in_order)
    if not in_order or type(event) is AlarmUndelivered or type(event) is Acknowledged:
        effects, book = _about_alarms(case, world, book, events, effects)
    answers, noticed, recent, noticed_at = turn.new, turn.noticed, case.answers, case.noticed_at
    if not in_order:
        recent = of_late((*turn.kept, *answers), _latest_of(first, last)[0])
    elif answers:
        recent = of_late((*recent, *answers), place[0])
    if noticed:
        noticed_at = _latest(noticed_at, noticed)
    # A step makes these three, whatever happens: set by name, they take a quarter less.
    after = blank(_Case)
    after.id = case.id
    after.workflow = case.workflow
    after.version = case.version
    after.terms = case.terms
    after.world = world
    after.book = book
    after.seq = seq
    after.recorded_at = heard
    after.pages = pages
    after.digest = digest
    after.named = named
    after.noticed_at = noticed_at
    after.first = first
    after.last = last
    after.asked = case.asked + len(answers)
    after.answers = recent
    after.__class__ = Case
    entry = blank(_Entry)
    entry.at = at
    entry.events = events
    entry.claimed = claimed
    entry.doubtful = doubtful
    entry.answers = answers
    entry.noticed = noticed
    entry.opening = None
    entry.redated = redated
    entry.__class__ = Entry
    step = blank(_Step)
    step.case = after
    step.effects = effects
    step.entry = entry
    step.__class__ = Step
    return step  # type: ignore[no-any-return]  # it has just become a Step


def _turn_of(case: Case[Any, Any], kind: Kind, policy: Policy, at: datetime, doubtful: tuple[str, ...]) -> Turn:
    turn = Turn(case.id, policy, case.answers, at, case.terms.queue, doubtful, strict=not kind.news)
    if not case.named:
        # Nothing was ever taken back or moved, so every question was about an event that still stands.
        turn.since = _latest_of(case.first, case.last)[0]
    return turn


def _about_alarms(
    case: Case[Any, Any], world: World[Any, Any], book: Book, events: Sequence[Event], effects: tuple[Effect, ...]
) -> tuple[tuple[Effect, ...], Book]:
    """Say and note what events do to alarms, and to nothing else."""
    for event in events:
        if isinstance(event, AlarmUndelivered):
            pushed, book = push(case.id, case.terms, world, book, event)
            effects += pushed
        elif isinstance(event, Acknowledged):
            book = acknowledge(case.terms, world, book, event)
    return effects, book


def _latest(before: datetime | None, noticed: Sequence[Heard]) -> datetime | None:
    """Return when a surprise was noticed last."""
    for _, _, moment in noticed:
        if before is None or moment > before:
            before = moment
    return before


def _latest_of(first: Place | None, last: Place | None) -> Place:
    """Return where the last event stands, the opening included."""
    if first is None or (last is not None and first < last):
        assert last is not None, "a case has an opening, or something behind it"
        return last
    return first


def _in_order(case: Case[Any, Any], kind: Kind, place: Place) -> bool:
    """Whether an event comes last, so that it may be applied to the snapshot."""
    last, noticed_at = case.last, case.noticed_at
    return not (
        (last is not None and place < last)
        # A surprise stands in the order when it was noticed, so what happened before that comes before it.
        or (noticed_at is not None and place[0] < noticed_at)
        or kind.of_the_log
        or place[3] in case.named
        or (kind.opens and case.first is not None and place < case.first)
    )


def _folded(
    table: Table,
    case: Case[Any, Any],
    events: tuple[Event, ...],
    doubted: tuple[str, ...],
    turn: Folding,
    history: Sequence[Entry],
    redated: tuple[Redated, ...],
) -> tuple[World[Any, Any], Place | None, Place | None]:
    if not history:
        raise HistoryNeeded(case.id, type(events[0]).__name__, events[0].key)
    base, kept = recalled(case, history, turn)
    if redated:
        turn.redated = {**turn.redated, redated[0].key: redated}
    doubtful = turn.doubtful = {*turn.doubtful, *doubted}
    turn.acts = {event.key for event in events if not event.news}
    world, opening, last = fold(table, base, (*kept, *events), turn)
    if turn.acts and turn.overtaken:
        _judge(table, case, base, kept, events, turn, doubtful)
    behind = base.floor is not None or (last is not None and opening < last)
    return world, None if behind else opening, last


def recalled(case: Case[Any, Any], history: Sequence[Entry], turn: Folding) -> tuple[Opening[Any], list[Event]]:
    """Return the base of a fold and what was kept; the turn gets what was answered and noticed with it."""
    history = since_floor(history)
    must_be_whole(case, history)
    base = history[0].opening
    assert base is not None, "must_be_whole has seen the opening"
    kept: list[Event] = []
    answers: list[Answer] = [] if base.floor is None else [*base.floor.answers]
    heard: dict[tuple[str, str], datetime] = {}
    doubtful: set[str] = set()
    redated: dict[str, Sequence[Redated]] = {}
    for entry in history:
        kept += entry.events
        answers += entry.answers
        doubtful.update(entry.doubtful)
        for clock, key, when in entry.noticed:
            heard.setdefault((clock, key), when)
        if entry.redated:
            redated[entry.redated[0].key] = entry.redated
    turn.kept, turn.heard, turn.doubtful, turn.redated = tuple(answers), heard, doubtful, redated
    return base, kept


def _judge(
    table: Table,
    case: Case[Any, Any],
    base: Opening[Any],
    kept: list[Event],
    events: tuple[Event, ...],
    turn: Folding,
    doubtful: Collection[str],
) -> None:
    """Refuse the earliest new act that does not fit, or acts that would overtake one already taken."""
    acts = {event.key: event for event in events if not event.news}
    for key, (state, claims) in turn.overtaken.items():
        if key in acts:
            raise _refusal(table, case.id, acts[key], state, claims)
    before = {one.item for one in (*case.world.duties, *case.world.settled) if one.clock == OVERTAKEN}
    newly = [key for key in turn.overtaken if key not in before]
    # What an entry holds was judged when it was made, and has no answers for what might have been.
    if newly and not isinstance(turn.policy, OnlyKept):
        # News that came with them may overtake; they may not.
        alone = Folding(case.id, turn.policy, turn.kept, turn.moment, turn.queue, doubtful)
        alone.heard, alone.redated = turn.heard, turn.redated
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

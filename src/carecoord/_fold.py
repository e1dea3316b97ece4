"""
Events to world: one more, or all again.

There is one function that applies an event; the fast path calls it once on the snapshot,
a fold calls it for each event in the order in which they happened. Nothing here knows what
was told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, Final, TypeAlias

from carecoord._asking import Asks, Policy
from carecoord._claims import CLAIMS, claims_wanting
from carecoord._clocks import Owing, begin, bring_back, drop_at_end, redate, resettle, settle, start
from carecoord._common import OVERTAKEN, TELL_AGAIN, UNEXPECTED
from carecoord._holding import change_urgency, pause, resume
from carecoord._ledger import Ledger, content_of
from carecoord._machine import Table
from carecoord._prints import key_of
from carecoord._records import opened
from carecoord._standing import effective, struck_by
from carecoord.case import Answer, Case, Heard, Opening, Place, Redated, World
from carecoord.events import (
    Event,
    Migrated,
    MomentCorrected,
    Paused,
    Reopened,
    Resumed,
    Retimed,
    Retracted,
    UrgencyChanged,
)
from carecoord.tables import failing

NEVER: Final[Place] = (datetime.max.replace(tzinfo=UTC), 0, "", "")
"""Where the opening of a case stands that has none left: behind everything."""

_PLACE: Final = itemgetter(0)
_IN_TURN: Final = itemgetter(0, 1, 2, 3)


_OfTime: TypeAlias = Callable[[Table, Owing, Any, Any, Asks], None]
_NOTHING: Final[tuple[tuple[str, ...], None]] = (), None

open_world: Callable[..., Owing] = opened(World)
"""Makes a world to which events may happen, until it is `closed`."""


def unbegun(base: Opening[Any]) -> Owing:
    """Return the world in which nothing has happened yet."""
    return open_world(None, base.facts, base.owner, base.subject, (), Ledger(), None, ())


def begun(world: World[Any, Any]) -> Owing:
    """Return a world to go on from."""
    return open_world(
        world.state,
        world.facts,
        world.owner,
        world.subject,
        world.duties,
        world.settled,
        world.acted,
        world.pauses,
    )


def closed(owing: Owing) -> World[Any, Any]:
    """Return what the events have come to; no more can happen to it."""
    world: Any = owing
    world.__class__ = World
    return world  # type: ignore[no-any-return]  # it has just become a World


class Turn(Asks):
    """
    What one call asks and notices while events happen.

    `moment` is when the call notices what it notices; `heard` knows when earlier calls noticed a
    surprise; `queue` owns what nobody does. `acts` are the keys of those that are judged now: where
    the policy fails them they are refused. `overtaken` holds the acts that do not fit: where they
    stood, and the claims that failed. A surprise waits in `pending` until the order reaches the
    moment when it was noticed.
    """

    # Most turns ask nothing and notice nothing.
    new: tuple[Answer, ...] = ()
    since: datetime | None = None
    heard: Mapping[tuple[str, str], datetime] = {}
    acts: Collection[str] = ()
    noticed: tuple[Heard, ...] = ()
    pending: Sequence[tuple[datetime, str, str, str, Any]] = ()
    overtaken: Mapping[str, tuple[Any, tuple[str, ...]]] = {}

    def __init__(
        self,
        case_id: str,
        policy: Policy,
        kept: tuple[Answer, ...],
        moment: datetime,
        queue: str,
        doubtful: Collection[str] = (),
        *,
        strict: bool = False,
    ) -> None:
        self.case_id = case_id
        self.policy = policy
        self.kept = kept
        self.strict = strict
        self.moment = moment
        self.queue = queue
        self.doubtful = doubtful

    def overtake(self, table: Table, state: Any, facts: Any, event: Event, claims: tuple[str, ...]) -> None:
        """Find that an act does not fit where it stands."""
        self.overtaken = {**self.overtaken, event.key: (state, claims or unmet(table, state, facts, event))}
        self.surprise(OVERTAKEN, event, facts)

    def surprise(self, clock: str, event: Event, facts: Any) -> None:
        """Notice that an event surprises; the first moment of noticing counts for ever."""
        moment = self.heard.get((clock, event.key))
        if moment is None:
            moment = self.moment
            self.noticed = (*self.noticed, (clock, event.key, moment))
        surprises = [(moment, clock, event.key, event.key, facts)]
        if clock == OVERTAKEN and (person := event.tells()) is not None:
            surprises.append((moment, TELL_AGAIN, person, event.key, facts))
        self.pending = sorted([*self.pending, *surprises], key=_IN_TURN)


class Folding(Turn):
    """
    The turn of a fold; `redated` says under the key of each `Retimed` what the policy said anew.

    It remembers in `asked` what was answered last for each clock and item.
    """

    redated: Mapping[str, Sequence[Redated]] = {}

    def __init__(
        self,
        case_id: str,
        policy: Policy,
        kept: tuple[Answer, ...],
        moment: datetime,
        queue: str,
        doubtful: Collection[str] = (),
    ) -> None:
        super().__init__(case_id, policy, kept, moment, queue, doubtful)
        self.asked: dict[tuple[str, str], Answer] = {}

    def ask(self, clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime) -> Answer:
        """Answer as ever, and remember."""
        answer = self.asked[clock, item] = super().ask(clock, item, facts, anchor, zone, heard)
        return answer


class Surprised(Exception):
    """What was thought to be calm is not."""


class Calm(Turn):
    """The turn of an event that starts nothing and fits, as nearly all do: nothing of it is noticed or asked."""

    def __init__(self, *, strict: bool) -> None:
        super().__init__("", _never, (), NEVER[0], "", strict=strict)

    def overtake(self, table: Table, state: Any, facts: Any, event: Event, claims: tuple[str, ...]) -> None:
        raise Surprised

    def surprise(self, clock: str, event: Event, facts: Any) -> None:
        raise Surprised


def _never(*_: Any) -> Any:
    raise Surprised


CALM: Final[Mapping[bool, Turn]] = {news: Calm(strict=not news) for news in (False, True)}


def apply(table: Table, world: Owing, event: Event, turn: Turn) -> None:  # noqa: PLR0912  one event has one order
    """Let one more event happen: learn, pick the row, settle and drop, move, start."""
    kind = table.kinds[type(event)]
    state, facts = world.state, world.facts
    fits, there = table.pick(state, facts, event)
    of_time: _OfTime | None = None
    if not kind.news:
        claims, of_time = _judged(table, world, event, turn.strict) if fits and type(event) in CLAIMS else _NOTHING
        if claims or not fits:
            if type(event) is Retimed and isinstance(turn, Folding) and event.key in turn.redated:
                redate(world, turn.redated[event.key], turn.asked)
            else:
                turn.overtake(table, state, facts, event, claims)
            return
    if kind.people is not None:
        kind.people(world, event, turn.queue)
        facts = world.facts
    if kind.lesson is not None:
        world.facts = kind.lesson(facts, event)
    if kind.news and (not fits or (turn.doubtful and event.key in turn.doubtful)):
        turn.surprise(UNEXPECTED, event, world.facts)
    ended = id(there) in table.ends
    if fits:
        if kind.endings and world.duties:
            settle(world, kind.endings, event)
        if there is not state:
            world.state = there
            if ended:
                drop_at_end(table, world, event)
            elif id(state) in table.ends:
                _go_on(table, world, state, event, turn)
        if of_time is not None and not ended:
            of_time(table, world, event, facts.urgency, turn)
        if kind.starts:
            start(world, kind.starts, event, turn, ended=ended)
    elif kind.tells:
        # What does not fit teaches all the same, and whoever was told what is no longer so is owed the word.
        start(world, kind.tells, event, turn, ended=True)
    if ended:
        world.acted = None
    elif world.acted is None or not kind.news:
        world.acted = event.at, event.key


def _go_on(table: Table, world: Owing, end: Any, event: Event, turn: Turn) -> None:
    """Let an ended case owe again what it stood in; what people still owe, by whatever event it goes on."""
    if type(event) is Reopened:
        bring_back(table, world, end, event, turn)
    else:
        start(world, table.regained, event, turn, ended=False)


def _judged(table: Table, world: Owing, event: Event, judged: bool) -> tuple[tuple[str, ...], _OfTime | None]:
    return claims_wanting(table, world, event, judged), _OF_TIME.get(type(event))


def notice(world: Owing, turn: Turn, until: datetime | None = None) -> None:
    """Let the surprises noticed by then be owed; without a moment, all of them."""
    while turn.pending and (until is None or turn.pending[0][0] <= until):
        (moment, clock, item, key, facts), *rest = turn.pending
        turn.pending = rest
        begin(world, clock, item, facts, moment, moment, None, moment, key, turn)


def place_of(table: Table, event: Event) -> Place:
    """Return where an event stands among all others of its case."""
    return (event.at, table.kinds[type(event)].rank, event.about or "", event.key)


def fold(
    table: Table, base: Opening[Any], kept: Iterable[Event], turn: Turn
) -> tuple[World[Any, Any], Place, Place | None]:
    """Return the world that the kept events make, and where its opening and its last event stand."""
    if base.floor is not None:
        return _on_the_floor(table, base.floor, kept, turn)
    events, corrected = effective(kept)
    turn.doubtful = {key for key in turn.doubtful if key not in corrected}
    acts = turn.acts
    ordered = sorted([(place_of(table, event), event) for event in events], key=_PLACE)
    first, world = NEVER, unbegun(base)
    for index, (place, event) in enumerate(ordered):
        if table.kinds[type(event)].opens and table.pick(None, base.facts, event)[0]:
            first = place
            del ordered[index]
            turn.strict = event.key in acts
            apply(table, world, event, turn)
            break
    else:
        # Whatever opened the case was taken back: it never was.
        world.state = table.workflow.error
    _apply_all(table, world, [event for _, event in ordered], turn)
    return closed(world), first, ordered[-1][0] if ordered else None


def _apply_all(table: Table, world: Owing, ordered: Iterable[Event], turn: Turn) -> None:
    acts = turn.acts
    for event in ordered:
        if turn.pending:
            turn.strict = False
            notice(world, turn, event.at)
        # Where it is an act that is judged now, a policy that fails refuses it.
        turn.strict = event.key in acts
        apply(table, world, event, turn)
    turn.strict = False
    notice(world, turn)


def _on_the_floor(
    table: Table, floor: Case[Any, Any], kept: Iterable[Event], turn: Turn
) -> tuple[World[Any, Any], Place, Place | None]:
    """Return the world that is made by a migration and what came since; what it stood on before stays as it is."""
    migration, *since = kept
    assert isinstance(migration, Migrated), "a floor is laid by nothing else"
    events, corrected = effective(since)
    place = place_of(table, migration)
    ordered = sorted([(place_of(table, event), event) for event in events], key=_PLACE)
    world = begun(floor.world)
    turn.strict = migration.key in turn.acts
    resettle(table, world, migration, turn)
    for event in _about_what_lies_behind(floor, migration, since):
        turn.surprise(UNEXPECTED, event, world.facts)
    # What somebody took back or moved before, and what happened before, cannot be put in its place any longer.
    odd = {event.key for where, event in ordered if where < place or event.key in floor.named}
    turn.doubtful = {key for key in turn.doubtful if key not in corrected} | {
        event.key for _, event in ordered if event.news and event.key in odd
    }
    fitting: list[Event] = []
    for _, event in ordered:
        if event.key in odd and not event.news:
            turn.overtake(table, world.state, world.facts, event, (_SINCE_THE_MIGRATION,))
        else:
            fitting.append(event)
    _apply_all(table, world, fitting, turn)
    return closed(world), place, max([place, *(where for where, _ in ordered)])


_SINCE_THE_MIGRATION: Final = "it happened since the case came to this version"


def _about_what_lies_behind(floor: Case[Any, Any], migration: Event, since: Iterable[Event]) -> list[Event]:
    """Return what takes back or moves an event that can no longer be taken back or moved."""
    events = list(since)
    struck = struck_by(events)
    return [
        event
        for event in events
        if isinstance(event, (Retracted, MomentCorrected))
        and event.key not in struck
        and ((named := _named(event)) == migration.key or _was_taken(floor, named))
    ]


def _was_taken(case: Case[Any, Any], key: str) -> bool:
    return content_of(case.pages, case.digest, key_of(key)) is not None


def _named(event: Retracted | MomentCorrected) -> str:
    return event.retracts if isinstance(event, Retracted) else event.corrects


def unmet(table: Table, state: Any, facts: Any, event: Event) -> tuple[str, ...]:
    """Return the claims of the rows that might have taken this event here; of those of one row, what fails."""
    claims = (given for given, _ in table.ways(state, type(event)) if given is not None)
    return tuple(dict.fromkeys(words for given in claims for words in failing(given, facts, event)))


_OF_TIME: Final[dict[type[Event], _OfTime]] = {
    UrgencyChanged: change_urgency,
    Paused: pause,
    Resumed: resume,
}
"""What some acts do to clocks that no row could say."""

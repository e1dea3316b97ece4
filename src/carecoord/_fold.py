"""
Events to world: one more, or all again.

There is one function that applies an event; the fast path calls it once on the snapshot,
a fold calls it for each event in the order in which they happened. Nothing here knows what
was told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from carecoord._clocks import Asks, begin, bring_back, drop_at_end, look_again, settle, start
from carecoord._machine import Table
from carecoord.case import Deadline, Heard, How, Opening, Place, Terms, World
from carecoord.events import Event, LoopClosed, MomentCorrected, Reopened, Retracted, UnableToReach, Waived
from carecoord.policies.attempts import made_for, wanting
from carecoord.tables import label
from carecoord.workflow import OVERTAKEN, TELL_AGAIN, UNEXPECTED

NEVER: Final[Place] = (datetime.max.replace(tzinfo=UTC), 0, "", "")
"""Where the opening of a case stands that has none left: behind everything."""


class Turn:
    """
    What one call brings along while events are applied, and what is noticed meanwhile.

    `heard` knows when earlier calls noticed a surprise; `noticed` is what this call finds.
    `acts` are the keys of those that are judged now: where the policy fails them they are refused.
    `overtaken` holds the acts that do not fit: where they stood, and the claims that failed.
    A surprise waits in `pending` until the order reaches the moment when it was noticed.
    """

    __slots__ = ("acts", "ask", "doubtful", "heard", "moment", "noticed", "overtaken", "pending", "terms")

    def __init__(
        self,
        ask: Asks,
        terms: Terms,
        moment: datetime,
        heard: Mapping[tuple[str, str], datetime] | None = None,
        doubtful: Collection[str] = (),
        acts: Collection[str] = (),
    ) -> None:
        self.acts = acts
        self.ask = ask
        self.terms = terms
        self.moment = moment
        self.heard = heard or {}
        self.doubtful = doubtful
        self.noticed: list[Heard] = []
        self.overtaken: dict[str, tuple[Any, tuple[str, ...]]] = {}
        self.pending: list[tuple[datetime, str, str, str, Any]] = []

    def surprise(self, clock: str, event: Event, facts: Any) -> None:
        """Notice that an event surprises; the first moment of noticing counts for ever."""
        moment = self.heard.get((clock, event.key))
        if moment is None:
            moment = self.moment
            self.noticed.append((clock, event.key, moment))
        self.pending.append((moment, clock, event.key, event.key, facts))
        if clock == OVERTAKEN and (person := event.tells()) is not None:
            self.pending.append((moment, TELL_AGAIN, person, event.key, facts))


def apply(table: Table, world: World[Any, Any], event: Event, turn: Turn) -> World[Any, Any]:
    """Return the world after one more event: learn, pick the row, settle and drop, move, start."""
    kind = type(event)
    state, facts = world.state, world.facts
    fits, there = table.pick(state, facts, event)
    if not kind.news:
        claims = claims_wanting(table, world, event) if fits else ()
        if claims and not turn.ask.strict and gives_way(world, event):
            claims = ()
        if claims or not fits:
            turn.overtaken[event.key] = state, claims or unmet(table, state, kind)
            turn.surprise(OVERTAKEN, event, facts)
            return world
    elif not fits or event.key in turn.doubtful:
        turn.surprise(UNEXPECTED, event, facts)
    if (lesson := table.learn.get(kind)) is not None:
        facts = lesson(facts, event)
    deadlines, settled = world.deadlines, world.settled
    ended = id(there) in table.ends
    if fits:
        if deadlines and (endings := table.endings.get(kind)) is not None:
            deadlines, settled = settle(table, deadlines, settled, endings, facts, event)
        if ended and there is not state:
            deadlines, settled = drop_at_end(table, deadlines, settled, there, event)
        if kind is Reopened and id(state) in table.ends and not ended:
            deadlines = bring_back(table, deadlines, settled, state, facts, event, turn.ask)
        if kind in table.starts:
            deadlines = start(table, deadlines, settled, facts, event, turn.ask, ended=ended)
    if not ended:
        deadlines = look_again(deadlines, turn.terms, event, acted=not kind.news)
    return World(there, facts, world.owner, deadlines, settled)


def notice(world: World[Any, Any], turn: Turn, until: datetime | None = None) -> World[Any, Any]:
    """Return the world in which the surprises noticed by then are owed; without a moment, all of them."""
    if not turn.pending:
        return world
    turn.pending.sort(key=lambda one: one[:4])
    deadlines = world.deadlines
    while turn.pending and (until is None or turn.pending[0][0] <= until):
        moment, clock, item, key, facts = turn.pending.pop(0)
        deadlines = begin(deadlines, world.settled, clock, item, facts, moment, moment, None, moment, key, turn.ask)
    return World(world.state, world.facts, world.owner, deadlines, world.settled)


def place_of(table: Table, event: Event) -> Place:
    """Return where an event stands among all others of its case."""
    return (event.at, table.ranks[type(event)], event.about or "", event.key)


def fold(
    table: Table, base: Opening[Any], kept: Iterable[Event], turn: Turn
) -> tuple[World[Any, Any], Place, Place | None]:
    """Return the world that the kept events make, and where its opening and its last event stand."""
    events, corrected = effective(kept)
    turn.doubtful = {key for key in turn.doubtful if key not in corrected}
    ordered = sorted(((place_of(table, event), event) for event in events), key=lambda one: one[0])
    world: World[Any, Any] = World(None, base.facts, base.owner, (), ())
    first = NEVER
    for index, (place, event) in enumerate(ordered):
        if type(event) in table.openings and table.pick(None, base.facts, event)[0]:
            first = place
            del ordered[index]
            world = _judged(table, world, event, turn)
            break
    else:
        # Whatever opened the case was taken back: it never was.
        world = World(table.workflow.error, base.facts, base.owner, (), ())
    for _, event in ordered:
        if turn.pending:
            world = notice(world, turn, event.at)
        world = _judged(table, world, event, turn)
    return notice(world, turn), first, ordered[-1][0] if ordered else None


def _judged(table: Table, world: World[Any, Any], event: Event, turn: Turn) -> World[Any, Any]:
    """Apply an event of a fold; where it is an act that is judged now, a policy that fails refuses it."""
    turn.ask.strict = event.key in turn.acts
    world = apply(table, world, event, turn)
    turn.ask.strict = False
    return world


def effective(kept: Iterable[Event]) -> tuple[list[Event], Collection[str]]:
    """Return the events that are folded, at the moments that count, and the keys of those that were corrected."""
    events = list(kept)
    struck = _struck([event for event in events if isinstance(event, Retracted)])
    moved: dict[str, MomentCorrected] = {}
    for event in events:
        if isinstance(event, MomentCorrected) and event.key not in struck:
            other = moved.get(event.corrects)
            if other is None or (other.at, other.key) < (event.at, event.key):
                moved[event.corrects] = event
    folded = [
        _at_its_moment(event, moved.get(event.key))
        for event in events
        if not isinstance(event, (Retracted, MomentCorrected)) and event.key not in struck
    ]
    return folded, moved.keys()


def _struck(retractions: list[Retracted]) -> set[str]:
    """Return the keys whose retraction stands; one that was itself retracted does not."""
    by_target: dict[str, list[Retracted]] = {}
    for one in retractions:
        by_target.setdefault(one.retracts, []).append(one)

    def stands(one: Retracted, above: frozenset[str]) -> bool:
        # Two that retract each other end the search: each then stands for the other.
        return not any(
            other.key not in above and stands(other, above | {other.key}) for other in by_target.get(one.key, ())
        )

    return {target for target, ways in by_target.items() if any(stands(one, frozenset({one.key})) for one in ways)}


def _at_its_moment(event: Event, correction: MomentCorrected | None) -> Event:
    if correction is None:
        return event
    at = min(correction.moment, correction.recorded_at)
    return _moved(event, at, max(event.recorded_at, at))


def _moved(event: Event, at: datetime, recorded_at: datetime) -> Event:
    """Return the event at another moment; a corrected moment is a moment, no longer a mere date."""
    from attrs import evolve  # noqa: PLC0415  only corrections pay for it

    return evolve(event, at=at, recorded_at=recorded_at, day=None)


def unmet(table: Table, state: Any, kind: type[Event]) -> tuple[str, ...]:
    """Return the claims of the rows that might have taken such an event in this state."""
    return tuple(label(given) for given, _ in table.ways(state, kind) if given is not None)


def claims_wanting(table: Table, world: World[Any, Any], event: Event) -> tuple[str, ...]:
    """Return the claims that an act makes beyond its row and that do not hold in this world."""
    judge = _JUDGES.get(type(event))
    return () if judge is None else judge(table, world, event)


def _nothing_owed(table: Table, world: World[Any, Any], event: LoopClosed) -> tuple[str, ...]:
    owed = dict.fromkeys(d.answer.clock for d in world.deadlines if d.answer.clock in table.closing)
    return tuple(f"'{clock}' is settled" for clock in owed)


def _may_waive(table: Table, world: World[Any, Any], event: Waived) -> tuple[str, ...]:
    clock = table.clocks.get(event.clock)
    if missing := _not_one(world, event):
        return missing
    if clock is None or event.by.role not in clock.waivable_by:
        who = " or ".join(role.name for role in clock.waivable_by) if clock and clock.waivable_by else "nobody"
        return (f"the actor may waive '{event.clock}': {who} may",)
    return ()


def _tried_enough(table: Table, world: World[Any, Any], event: UnableToReach) -> tuple[str, ...]:
    if missing := _not_one(world, event):
        return missing
    if not table.clocks[event.clock].reaches_patient:
        return (f"'{event.clock}' is a duty that ends by reaching the patient",)
    deadline = _running(world, event)[0]
    policy = deadline.schedule.attempts
    if policy is None:
        return (f"the policy says how often to try for '{event.clock}'",)
    others = {one.item for one in world.deadlines if one.clock == deadline.clock and one is not deadline}
    made = made_for(deadline, world.facts.attempts, event.at, others)
    return wanting(policy, made, deadline.schedule.zone)


def gives_way(world: World[Any, Any], event: Event) -> bool:
    """
    Whether an act taken before lets a duty go that, as is known by now, had been settled already: then it does nothing.

    What was merely dropped was not done: there somebody must take notice.
    """
    if not isinstance(event, (Waived, UnableToReach)) or _running(world, event):
        return False
    named = [one for one in world.settled if one.clock == event.clock and event.about in (None, one.item)]
    return bool(named) and named[-1].how is not How.DROPPED


def _not_one(world: World[Any, Any], event: Waived | UnableToReach) -> tuple[str, ...]:
    """Return what is missing where the act does not speak of one duty that is owed."""
    running = _running(world, event)
    if not running:
        return (f"'{event.clock}' is owed",)
    if len(running) > 1:
        return (f"it says which '{event.clock}' it is about: {', '.join(one.item for one in running)}",)
    return ()


def _running(world: World[Any, Any], event: Waived | UnableToReach) -> list[Deadline]:
    return [
        one
        for one in world.deadlines
        if one.clock == event.clock and event.about in (None, one.item) and one.started_at <= event.at
    ]


_JUDGES: Final[dict[type[Event], Callable[[Table, World[Any, Any], Any], tuple[str, ...]]]] = {
    LoopClosed: _nothing_owed,
    Waived: _may_waive,
    UnableToReach: _tried_enough,
}

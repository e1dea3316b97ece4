"""
One referral heard in every order: what happened told as it happened, and told in any other way.

An act that is handed in too early is refused and waits until it fits, as a host would have it. One that would overtake
an act already taken is refused for good; then the referral is what was taken, told as it happened.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

from attrs import define, evolve, frozen
from examples.practice import REFERRALS
from tests.kit.refold import Line, Refolding
from tests.kit.report import Proof
from tests.kit.ways_of_a_referral import anything, draft, moves

from carecoord._fold import place_of
from carecoord.case import Case, Entry, World
from carecoord.effects import DeadlineMissed
from carecoord.engine import advance, catch_up, open_case
from carecoord.errors import Refused
from carecoord.events import Event
from carecoord.workflow import OVERTAKEN, SURPRISES
from carecoord.workflows.referral import ReferralFacts

BEGIN = datetime(2026, 7, 6, 15, tzinfo=UTC)  # a Monday
HEARD = datetime(2026, 12, 1, tzinfo=UTC)  # long after all of it: everything is heard late
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STEPS = (timedelta(0), HOUR, DAY, DAY, 4 * DAY, 9 * DAY)


@frozen
class Told:
    """A referral told as it happened: the draft, what happened then, and what it came to."""

    first: Event
    events: tuple[Event, ...]
    case: Case[Any, Any]
    log: tuple[Entry, ...]

    def then(self, event: Event) -> "Told | None":
        """Return the referral with one more event; None where that is an act that does not fit."""
        try:
            step = advance(REFERRALS, self.case, event, self.log)
        except Refused:
            return None
        assert step.entry is not None, "each event is a new one"
        return Told(self.first, (*self.events, event), step.case, (*self.log, step.entry))


def drafted() -> Told:
    first = draft(BEGIN)
    step = open_case(REFERRALS, first, id="c-1", subject="p-1", owner="dr-1")
    assert step.entry is not None, "an opening is kept"
    return Told(first, (), step.case, (step.entry,))


def every_journey(most: int) -> Iterator[Told]:
    """Return all journeys of so many events at most, each of which moves the referral, four days apart."""
    ahead = [drafted()]
    while ahead:
        told = ahead.pop()
        number = len(told.events) + 1
        if number > 1:
            yield told
        if number <= most:
            ways = moves(told.case, BEGIN + 4 * number * DAY, number)
            ahead += [after for event in ways if (after := told.then(event)) is not None]


def some_journeys(how_many: int, dice: Random) -> Iterator[Told]:
    """Return journeys of five to seven events, of which half move the referral, at moments that often meet."""
    for _ in range(how_many):
        told, at, most = drafted(), BEGIN, dice.randint(5, 7)
        while len(told.events) < most:
            later = at + dice.choice(STEPS)
            event = anything(told.case, later, len(told.events) + 1, dice)
            last = told.events[-1] if told.events else told.first
            if place_of(REFERRALS.table, event) > place_of(REFERRALS.table, last):
                after = told.then(event)
                told, at = (told, at) if after is None else (after, later)
        yield told


def every_order(told: Told) -> Iterator[tuple[Event, ...]]:
    """Return what happened in all orders in which it may be heard, each a minute after the other."""
    late = _heard_late(told)
    for order in permutations(range(len(late))):
        yield tuple(late[which][turn] for turn, which in enumerate(order))


def some_orders(told: Told, how_many: int, dice: Random) -> Iterator[tuple[Event, ...]]:
    """Return what happened in some orders."""
    late, order = _heard_late(told), [*range(len(told.events))]
    for _ in range(how_many):
        dice.shuffle(order)
        yield tuple(late[which][turn] for turn, which in enumerate(order))


def _heard_late(told: Told) -> list[list[Event]]:
    turns = range(len(told.events))
    return [[evolve(event, recorded_at=HEARD + turn * MINUTE) for turn in turns] for event in told.events]


@define
class Hearing:
    """
    Hears referrals in many orders, and counts what it met.

    `left_out` are orders in which an act stayed refused, `overtaken` those on whose way news overtook one for a while.
    """

    journeys: int = 0
    orders: int = 0
    left_out: int = 0
    overtaken: int = 0
    misses: int = 0
    folds: int = 0

    def hear(self, told: Told, orders: Iterable[tuple[Event, ...]]) -> None:
        """Raise unless each order makes the same referral as the telling, and so do all at once."""
        self.journeys += 1
        same = _plainly(told.case.world)
        for order in orders:
            self.orders += 1
            case, waiting = self.heard(told.first, order)
            if not waiting:
                alike, also = same, _plainly(case.world)
            else:
                self.left_out += 1
                assert not any(event.news for event in waiting), "news is never refused"
                kept = [event for event in order if event not in waiting]
                alike, also = _plainly(_naively(told.first, kept)), _plainly(case.world)
            assert alike == also, _differing(told, order, alike, also)
        opened = drafted()
        caught = catch_up(REFERRALS, opened.case, reversed(told.events), opened.log, at=HEARD)
        also = _plainly(caught.case.world)
        assert (caught.refused, also) == ((), same), _differing(told, told.events[::-1], same, also)

    def hear_all(self, journeys: Iterable[tuple[Told, Iterable[tuple[Event, ...]]]]) -> "Hearing":
        """Hear each of several, and return itself."""
        for told, orders in journeys:
            self.hear(told, orders)
        return self

    def heard(self, first: Event, order: tuple[Event, ...]) -> tuple[Case[Any, Any], list[Event]]:
        """Return what the order comes to, and the acts that stay refused."""
        step = open_case(REFERRALS, first, id="c-1", subject="p-1", owner="dr-1")
        case, log, latest = step.case, [step.entry], first.at
        ahead, waiting, overtaken = [*order], list[Event](), False
        while ahead:
            event = ahead.pop(0)
            try:
                step = advance(REFERRALS, case, event, log)  # type: ignore[arg-type]  # an opening has an entry
            except Refused:
                waiting.append(event)
                continue
            case = step.case
            log.append(step.entry)
            self.folds += event.at < latest
            self.misses += sum(isinstance(effect, DeadlineMissed) for effect in step.effects)
            latest = max(latest, event.at)
            overtaken = overtaken or any(one.clock == OVERTAKEN for one in case.deadlines)
            ahead, waiting = waiting + ahead, []
        self.overtaken += overtaken
        return case, waiting

    def proof(self, law: str) -> Proof:
        return Proof(law, "referral", self.journeys, self.orders, self.misses, self.folds)


def _naively(first: Event, kept: list[Event]) -> World[Any, Any]:
    """Return what the kept events come to, by the naive telling of the kit."""
    naive = Refolding(REFERRALS, ReferralFacts(), "dr-1", "p-1")
    lines = [Line(event, event, False) for event in (first, *kept)]
    naive._keep(lines, naive._told(lines, REFERRALS, HEARD, judged=set()))
    assert naive.world is not None, "a draft opens a referral"
    return naive.world


def _plainly(world: World[Any, Any]) -> tuple[Any, ...]:
    """Return a world without when it was heard: surprises count from then, so only what surprised is compared."""
    settled = [
        (one.clock, one.item, one.round, one.how, one.why, one.started_at, one.due_at, one.at, one.by, one.key)
        for one in world.settled
        if one.clock not in SURPRISES
    ]
    duties = [one for one in world.duties if one.clock not in SURPRISES]
    surprises = {(one.clock, one.item) for one in world.duties if one.clock in SURPRISES}
    return world.state, world.facts, world.owner, world.acted, world.pauses, duties, settled, surprises


def _differing(told: Told, order: tuple[Event, ...], alike: tuple[Any, ...], also: tuple[Any, ...]) -> str:
    """Say which order of which journey ends elsewhere, and where."""
    happened = " ".join(f"{event.key}:{type(event).__name__}" for event in told.events)
    parts = [f"{one} in order, else {other}" for one, other in zip(alike, also, strict=True) if one != other]
    return "\n".join((f"happened {happened}", f"heard {' '.join(event.key for event in order)}", *parts))

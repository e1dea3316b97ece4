"""
Laws about the world: what the events of a journey come to, whatever the order of hearing and whoever looked.

Each law takes a journey, lets the engine play it, and raises where it does not hold. It
returns how much was compared, since a law that compared nothing has shown nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from attrs import evolve
from tests.kit.journeys import Backlog, Film, Hear, Journey, Look, Retime, Shot, play, shoot
from tests.kit.refold import NotTaken, Refolding, stand

from carecoord._ledger import Ledger
from carecoord.case import Entry, World
from carecoord.engine import CaughtUp, advance, catch_up, check, replay
from carecoord.errors import HistoryIncomplete, HistoryNeeded, KeyReused, Refused
from carecoord.events import Event, LoopClosed, MomentCorrected, Retimed, Retracted
from carecoord.policies.limits import HEARD
from carecoord.rulebook import Rulebook
from carecoord.vocabulary import Actor, Role
from carecoord.workflow import OVERTAKEN, TELL_AGAIN, UNEXPECTED

SURPRISES = frozenset({UNEXPECTED, OVERTAKEN, TELL_AGAIN})
FEED = Actor(Role.SYSTEM, "feed")
MINUTE = timedelta(minutes=1)
NEVER = datetime(1, 1, 1, tzinfo=UTC)

Law = Callable[[Journey], int]


def one_more_event_is_folding_all_again(journey: Journey) -> int:
    """1a. After each call the world is what a naive telling of all kept events comes to, and so are the refusals."""
    film, naive = play(journey), Refolding(journey.stage.rules, journey.stage.facts, "dr-1", "p-1")
    for shot in film.shots:
        call = shot.call
        rules = journey.stage.editions[call.edition]
        if isinstance(call, Hear):
            why = None
            try:
                naive.hear(rules, call.event)
            except NotTaken as refusal:
                why = refusal
            repeated = isinstance(shot.refusal, KeyReused)
            assert repeated or (why is None) == (shot.refusal is None), f"{call}: {why!r} and {shot.refusal!r}"
        elif isinstance(call, Backlog):
            assert isinstance(shot.step, CaughtUp), "a backlog is never refused as a whole"
            refused = naive.catch_up(rules, call.events, call.moment)
            assert set(refused) == {key for key, _ in shot.step.refused}, f"{call}: {refused}"
        elif isinstance(call, Retime):
            assert shot.before is not None, "an opening is heard"
            _retimed(shot, naive, rules)
        same(shot.case.world, naive.world)
        assert shot.case.world.held == naive.held, "the same is held, and since the same moment"
    return len(film.shots)


def _retimed(shot: Shot, naive: Refolding, rules: Rulebook[Any, Any]) -> None:
    """The naive telling dates anew what the engine did, and refuses where it refused."""
    before, why = naive.world, None
    event = (
        shot.entry.events[0] if shot.entry is not None else Retimed(at=shot.moment, by=FEED, key="(none)", duties=())
    )
    if isinstance(shot.refusal, Refused):
        return  # it was not behind everything, which is asked of the door and not of the fold
    try:
        naive.retime(rules, event)
    except NotTaken as refusal:
        why = refusal
    assert (why is None) == (shot.refusal is None), f"{why!r} and {shot.refusal!r}"
    assert (naive.world is before) == (shot.entry is None), "the same was dated anew"


def two_orders_of_hearing_end_in_one_world(journey: Journey) -> int:
    """1b. Whatever the order of hearing, the same kept events make the same world, but for what counts from hearing."""
    kept = play(journey).kept
    if any(isinstance(event, Retimed) for event in kept):
        return 0  # what was dated anew depends on what was known
    if any(event.tells() for event in kept) and any(isinstance(event, LoopClosed) for event in kept):
        return 0  # whoever must be told again keeps the loop open, and that counts from hearing
    chances = Random(journey.seed)
    heard_anew = chances.random() < 0.5
    first = play(Journey(journey.stage, tuple(Hear(event) for event in kept), 0))
    other = _in_another_order(journey, kept, chances, heard_anew=heard_anew)
    if other is None or {event.key for event in first.kept} != {event.key for event in other.kept}:
        return 0
    table = journey.stage.rules.timing
    from_hearing = {clock for clock in table.clocks if HEARD in table.reads(clock)} if heard_anew else set()
    left_out = SURPRISES | from_hearing
    one, two = without(first.world, left_out), without(other.world, left_out)
    if heard_anew:
        one, two = as_if_recorded_at_once(one), as_if_recorded_at_once(two)
    same(one, two)
    return 1


def _in_another_order(journey: Journey, kept: tuple[Event, ...], chances: Random, *, heard_anew: bool) -> Film | None:
    """Hand in the same events in another order; an act that does not fit waits until it does."""
    stage, flow = journey.stage, journey.stage.workflow
    events = list(kept)
    chances.shuffle(events)
    now = max(event.recorded_at for event in events)
    if heard_anew:
        if any(isinstance(event, MomentCorrected) and event.moment > event.recorded_at for event in events):
            return None  # it is cut to when it was recorded, and that would move
        events = [evolve(event, recorded_at=now + n * MINUTE) for n, event in enumerate(events)]

    def opens(event: Event) -> bool:
        rows = flow.rows(None, type(event))
        row = next((row for row in rows if row.given is None or row.given(stage.facts, event)), None)
        return row is not None and row.to is not None

    opening = next(event for event in events if opens(event))
    events.remove(opening)
    shots = [shoot(stage, (), Hear(opening))]
    ahead, waiting = events, list[Event]()
    while ahead:
        shot = shoot(stage, shots, Hear(ahead.pop(0)))
        if shot.refusal is not None:
            assert isinstance(shot.call, Hear), "only events are handed in here"
            waiting.append(shot.call.event)
            continue
        shots.append(shot)
        ahead, waiting = waiting + ahead, []
    return None if waiting else Film(journey, tuple(shots))


def looking_changes_the_book_alone(journey: Journey) -> int:
    """1c. A look leaves world, answers and log alone, and two looks end where the later one does."""
    film, compared = play(journey), 0
    chances = Random(journey.seed)
    for shot in film.shots:
        case = shot.case
        moments = [shot.call.moment, *(one.due_at for one in case.deadlines)]
        early, late = sorted(chances.choice(moments) + chances.choice((0, 1, 30)) * timedelta(hours=6) for _ in "ab")
        once, first = check(case, at=late), check(case, at=early)
        assert evolve(first.case, book=case.book) == case, "a look changes nothing but the book"
        twice = check(first.case, at=late)
        assert twice.case == once.case, "two looks end where one does"
        ids = {effect.id for effect in (*first.effects, *twice.effects)}
        assert {effect.id for effect in once.effects} <= ids, "one look tells nothing that two would not"
        compared += bool(first.effects)
    return compared


def who_looks_daily_and_who_never_looks_end_in_one_world(journey: Journey) -> int:
    """1c. Looks in between change neither world nor refusals."""
    film = play(journey)
    calls = tuple(call for call in journey.calls if not isinstance(call, Look))
    looked = [look for call in calls[1:] for look in (call, Look(call.moment), Look(call.moment + 24 * 60 * MINUTE))]
    never, daily = play(evolve(journey, calls=calls)), play(evolve(journey, calls=(calls[0], *looked)))
    assert film.world == never.world == daily.world
    assert film.refused == never.refused == daily.refused
    return 1


def a_retracted_event_was_never_heard(journey: Journey) -> int:
    """1d. But for what was told and overtaken; and what is retracted again is back."""
    film, compared = play(journey), 0
    now = max(call.moment for call in journey.calls)
    if any(event.tells() for event in film.kept):
        return 0  # whoever must be told again keeps the loop open, and that counts from hearing
    for event in film.kept:
        gone = Retracted(at=now, by=FEED, key="(gone)", retracts=event.key)
        back = Retracted(at=now, by=FEED, key="(back)", retracts="(gone)")
        taken_back = play(evolve(journey, calls=(*journey.calls, Hear(gone))))
        again = play(evolve(journey, calls=(*journey.calls, Hear(gone), Hear(back))))
        same(again.world, film.world)
        if any(isinstance(one, Retimed) for one in film.kept):
            continue  # what was dated anew depends on what was known
        never = _never_heard(journey, event.key)
        if never is None:
            continue
        overtaken = frozenset(
            one.item for one in (*taken_back.case.deadlines, *taken_back.case.settled) if one.clock == OVERTAKEN
        )
        # An act that was refused and comes again may be taken then, in the one telling and not in the other.
        kept = {one.key for one in film.kept} - {event.key} - overtaken
        if never.refused - {event.key} == film.refused | overtaken and {one.key for one in never.kept} == kept:
            one, two = without(taken_back.world, SURPRISES), without(never.world, SURPRISES)
            same(one, two)
            compared += 1
    return compared


def _never_heard(journey: Journey, key: str) -> Film | None:
    calls: list[Any] = []
    for call in journey.calls:
        if isinstance(call, Backlog):
            calls.append(evolve(call, events=tuple(event for event in call.events if event.key != key)))
        elif not (isinstance(call, Hear) and call.event.key == key):
            calls.append(call)
    first = journey.calls[0]
    assert isinstance(first, Hear), "a journey begins with an event"
    if first.event.key == key:
        return None  # there would be nobody to hear it
    return play(evolve(journey, calls=tuple(calls)))


def a_replay_is_the_live_case(journey: Journey) -> int:
    """1e. From the entries alone, and no policy is asked; book and effects included."""
    film = play(journey)
    live = [shot for shot in film.shots if shot.entry is not None]
    steps = replay(journey.stage.workflow, film.entries)
    assert len(steps) == len(live)
    for shot, step in zip(live, steps, strict=True):
        assert step.case == shot.case, "the replayed case is the live one"
        assert step.effects == shot.effects, "the replayed effects are the live ones"
        assert step.entry == shot.entry, "the replayed entry is the live one"
    return len(steps)


def a_refusal_changes_nothing_and_is_judged_once(journey: Journey) -> int:
    """5. A journey without the acts that were refused is the same; that news is never refused is seen by `play`."""
    film = play(journey)
    calls: list[Any] = []
    for shot in film.shots:
        if isinstance(shot.call, Backlog) and isinstance(shot.step, CaughtUp):
            refused = {key for key, _ in shot.step.refused}
            calls.append(evolve(shot.call, events=tuple(one for one in shot.call.events if one.key not in refused)))
        elif shot.refusal is None:
            calls.append(shot.call)
    again = play(evolve(journey, calls=tuple(calls)))
    taken = [shot for shot in film.shots if shot.refusal is None]
    for shot, other in zip(taken, again.shots, strict=True):
        assert other.case == shot.case
        assert other.effects == shot.effects
        assert other.entry == shot.entry
    return len(film.refused)


def a_repeated_key_is_not_applied(journey: Journey) -> int:
    """10. The same event again, whenever heard, is the same case and says nothing; another under its key is loud."""
    film = play(journey)
    rules, case = journey.stage.rules, film.case
    calls = [call for call in journey.calls if not isinstance(call, Look)]
    handed = [event for call in calls for event in ((call.event,) if isinstance(call, Hear) else call.events)]
    taken = {event.key for event in film.kept}
    last = max(call.moment for call in journey.calls)
    for event in handed:
        if event.key not in taken:
            continue
        try:
            again = advance(rules, case, evolve(event, recorded_at=max(last, event.recorded_at)))
        except HistoryNeeded as why:
            raise AssertionError("a repeated key never needs the history") from why
        assert again.case is case, "the same case object"
        assert (again.effects, again.entry) == ((), None), "nothing said, nothing kept"
        try:
            advance(rules, case, evolve(event, by=Actor(Role.MANAGER, "somebody else")))
        except KeyReused:
            continue
        raise AssertionError("another event under a known key was taken")
    return len(handed)


def a_backlog_is_all_news_and_then_the_acts_as_they_happened(journey: Journey) -> int:
    """Catching up once is handing in all news, then the acts in the order in which they happened."""
    first = journey.calls[0]
    assert isinstance(first, Hear), "a journey begins with an event"
    now = max(call.moment for call in journey.calls)
    events = [evolve(event, recorded_at=now) for event in _fresh(journey) if event.at <= now]
    if any(isinstance(event, MomentCorrected) and event.moment > event.recorded_at for event in events):
        return 0  # it is cut to when it was recorded, and that has moved
    if any(event.tells() for event in events) and any(isinstance(event, LoopClosed) for event in events):
        return 0  # whoever must be told again keeps the loop open, and that counts from hearing
    flow, rules = journey.stage.workflow, journey.stage.rules
    opened = shoot(journey.stage, (), first)
    assert opened.entry is not None, "an opening is kept"
    step = catch_up(rules, opened.case, events, [opened.entry], at=now)
    order = flow.order()
    happened = {event.key: event.at for event in stand([first.event, *events])[0]}
    acts = sorted(
        (event for event in events if not event.news),
        key=lambda act: (happened.get(act.key, act.at), order.index(type(act)), act.about or "", act.key),
    )
    news = [event for event in events if event.news]
    one_by_one = play(Journey(journey.stage, (first, *(Hear(event) for event in (*news, *acts))), 0))
    assert {key for key, _ in step.refused} == one_by_one.refused
    same(step.case.world, one_by_one.world)
    return len(events)


def _fresh(journey: Journey) -> Iterable[Event]:
    """The events of a journey behind its first, each key once."""
    seen = {journey.first.key}
    for call in journey.calls[1:]:
        for event in () if isinstance(call, Look) else (call.event,) if isinstance(call, Hear) else call.events:
            if event.key not in seen:
                seen.add(event.key)
                yield event


def a_history_that_is_cut_short_is_noticed(journey: Journey) -> int:
    """A history without one of its entries or answers, or in another order, is never taken for the whole one."""
    compared, chances = 0, Random(journey.seed)
    for shot in play(journey).shots:
        if not (shot.anew and isinstance(shot.call, Hear) and shot.before is not None):
            continue
        for history in _cut_short(shot.history, chances):
            try:
                advance(journey.stage.editions[shot.call.edition], shot.before, shot.call.event, history)
            except HistoryIncomplete:
                compared += 1
            else:
                raise AssertionError("a history that is not whole was taken")
    return compared


def _cut_short(history: Sequence[Entry], chances: Random) -> Iterator[Sequence[Entry]]:
    """Lose an entry that brought an event, lose an answer, and turn two of them round."""
    told = [number for number, entry in enumerate(history) if entry.events]
    lost = chances.choice(told)
    if len(history) > 1:
        yield [*history[:lost], *history[lost + 1 :]]
    if len(told) > 1:
        one, two = sorted(chances.sample(told, 2))
        turned = [*history]
        turned[one], turned[two] = turned[two], turned[one]
        yield turned
    asked = [number for number, entry in enumerate(history) if entry.answers]
    if asked:
        which = chances.choice(asked)
        yield [*history[:which], evolve(history[which], answers=history[which].answers[1:]), *history[which + 1 :]]


# --- comparing ------------------------------------------------------------------------------


def without(world: World[Any, Any], clocks: Iterable[str]) -> World[Any, Any]:
    """The world without some of its clocks."""
    out = frozenset(clocks)
    return evolve(
        world,
        duties=tuple(one for one in world.duties if one.clock not in out),
        settled=Ledger(one for one in world.settled if one.clock not in out),
    )


def as_if_recorded_at_once(world: World[Any, Any]) -> World[Any, Any]:
    return evolve(world, settled=Ledger(evolve(one, recorded_at=NEVER) for one in world.settled))


def same(one: World[Any, Any], two: World[Any, Any] | None) -> None:
    """Raise unless the two worlds are one; say in which part they differ."""
    assert two is not None, "there is no second world"
    for name in ("state", "facts", "owner", "subject", "duties", "settled", "acted", "pauses"):
        part, other = getattr(one, name), getattr(two, name)
        assert part == other, f"{name}: {_only(part, other)} here, and there {_only(other, part)}"


def _only(part: Any, other: Any) -> Any:
    return [one for one in part if one not in other] or part if isinstance(part, tuple) else part

"""Laws about what is told: a host that only listens knows the case, hears each thing once, and never in vain."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.kit.journeys import Film, Journey, Shot, play

from carecoord.case import Case, Deadline, Quiet
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
from carecoord.engine import CaughtUp, check, next_check
from carecoord.events import Acknowledged, AlarmUndelivered, Resumed, UrgencyChanged
from carecoord.views import stands
from carecoord.workflow import LOOK_AGAIN

INSTANT = timedelta(microseconds=1)
LONG = timedelta(days=400)

Id = tuple[str, str, int]


def about(effect: Any) -> Id:
    """Which deadline an effect speaks of."""
    return (effect.clock, effect.item, effect.round)


def next_check_is_never_late_and_never_idle(journey: Journey) -> int:
    """3. It is the first moment of anything owed that was not told: nothing happens before it, something at it."""
    film, compared, until = play(journey), 0, None
    for shot in film.shots:
        if any(isinstance(event, AlarmUndelivered) for event in (shot.entry.events if shot.entry else ())):
            return compared  # a rung that was pushed was told before its moment
        if not shot.looked:
            continue
        told = [when for effect in shot.effects if (when := _moment(effect)) is not None]
        horizon = shot.moment if until is None else max(until, shot.moment)
        until = max([*told, *([until] if until else [])], default=None)
        held = shot.case.world.held
        quiet = {one.id: one for one in shot.case.book.quiet}
        running = [(one, mark.rungs, quiet.get(one.id)) for one, mark in shot.case.owed if one.id not in held]
        ahead = [moment for one in running if (moment := _first_after(*one, horizon)) is not None]
        soonest = min(ahead, default=None)
        assert next_check(shot.case) == soonest, f"next check {next_check(shot.case)}, and {soonest} is the next moment"
        compared += soonest is not None
        if soonest is None:
            assert check(shot.case, at=horizon + LONG).case is shot.case
            continue
        idle = check(shot.case, at=soonest - INSTANT)
        assert idle.case is shot.case, "the same case object"
        assert (idle.effects, idle.entry) == ((), None)
        due = check(shot.case, at=soonest)
        assert due.effects, "something happens"
        assert all(_moment(effect) == soonest for effect in due.effects)
    return compared


def _moment(effect: Effect) -> datetime | None:
    if isinstance(effect, DeadlineMissed):
        return effect.due_at
    return effect.at if isinstance(effect, Escalated) else None


def _moments(deadline: Deadline, told: int, quiet: Quiet | None) -> Iterator[datetime]:
    """All moments at which something of it falls due, in no order and without end where the last rung repeats."""
    if deadline.clock != LOOK_AGAIN:
        yield deadline.due_at
    alarms = [at for at, _ in deadline.alarms]
    yield from (_not_before(deadline, rung, quiet) for rung in range(told if quiet else 0, len(alarms)))
    if alarms and deadline.schedule.every is not None:
        while True:
            alarms[-1] += deadline.schedule.every
            yield alarms[-1]


def _not_before(deadline: Deadline, rung: int, quiet: Quiet | None) -> datetime:
    """When a rung falls due: where it is held, then; but all of them as soon as one above that is not held."""
    alarms = [at for at, _ in deadline.alarms]
    held = [] if quiet is None else [n for n in range(len(alarms) - 1) if n <= quiet.rung]
    if quiet is None or rung not in held or alarms[rung] > quiet.until:
        return alarms[rung]
    return min(quiet.until, *(at for n, at in enumerate(alarms) if n not in held))


def _first_after(deadline: Deadline, told: int, quiet: Quiet | None, horizon: datetime) -> datetime | None:
    found = []
    for moment in _moments(deadline, told, quiet):
        if moment > horizon:
            found.append(moment)
            if moment > max([deadline.due_at, *(at for at, _ in deadline.alarms)]):
                break  # a repeat: all others come later
    return min(found, default=None)


def an_acknowledgement_holds_what_it_may(journey: Journey) -> int:
    """Up to the acknowledger's own rung and never the last, from when it was recorded, twice at most."""
    film, compared = play(journey), 0
    holds: dict[Id, tuple[int, datetime, int]] = {}
    for shot in film.shots:
        running = {one.id: one for one in shot.case.world.duties}
        holds = {which: hold for which, hold in holds.items() if which in running}
        for event in shot.entry.events if shot.entry else ():
            if not isinstance(event, Acknowledged):
                continue
            for which, one in running.items():
                named = one.clock == event.clock and event.about in (None, one.item)
                if not named or one.schedule.holds is None:
                    continue
                own = [rung for rung, role in enumerate(one.schedule.roles) if role is event.by.role]
                rung, until, times = holds.get(which, (-1, event.recorded_at, 0))
                reach = min([own[-1], len(one.schedule.roles) - 2]) if own else -1
                goes_on = until > event.recorded_at
                if reach >= 0 and times < 2 and not (goes_on and rung > reach):
                    holds[which] = (reach, event.recorded_at + one.schedule.holds, times + 1)
        compared += len(holds)
        assert holds == {one.id: (one.rung, one.until, one.times) for one in shot.case.book.quiet}
    return compared


def a_host_that_only_listens_knows_the_case(journey: Journey) -> int:
    """7. State, duties with their due moments, and the ledger can be kept from the effects alone."""
    film = play(journey)
    state: str | None = None
    owed: dict[Id, tuple[datetime, datetime | None]] = {}
    ended: dict[Id, tuple[Any, ...]] = {}
    held: dict[Id, datetime] = {}
    for shot in film.shots:
        sets = [about(effect) for effect in shot.effects if isinstance(effect, DeadlineSet | DeadlineHeld)]
        for effect in shot.effects:
            if isinstance(effect, Moved):
                assert effect.was == state, "it moved from where it stood"
                state = effect.to
            elif isinstance(effect, DeadlineSettled):
                owed.pop(about(effect), None)
                held.pop(about(effect), None)
                ended[about(effect)] = (effect.how, effect.why, effect.started_at, effect.due_at, effect.at)
            elif isinstance(effect, StoodDown) and about(effect) not in sets:
                running = about(effect) in {one.id for one in shot.case.deadlines}
                if not running:  # else some rungs of it were taken back
                    owed.pop(about(effect), None)
                    held.pop(about(effect), None)
                if about(effect) not in {one.id for one in shot.case.settled}:
                    ended.pop(about(effect), None)
            elif isinstance(effect, DeadlineSet | DeadlineHeld):
                before = owed.get(about(effect), (None,))[0] or ended.get(about(effect), (None,) * 5)[3]
                assert effect.previous == before, f"{effect} says what was told before: {before}"
                ended.pop(about(effect), None)
                owed[about(effect)] = (effect.due_at, effect.opens_at)
                held.pop(about(effect), None)
                if isinstance(effect, DeadlineHeld):
                    held[about(effect)] = effect.since
        case = shot.case
        assert state == case.state.name
        assert owed == {one.id: (one.due_at, one.opens_at) for one in case.deadlines if one.clock != LOOK_AGAIN}
        assert held == case.world.held
        assert ended == {one.id: (one.how, one.why, one.started_at, one.due_at, one.at) for one in case.settled}
    return len(film.shots)


def a_due_moment_moves_only_with_something_of_its_own_past(journey: Journey) -> int:
    """7. Nothing but late, retracted or corrected news moves it, and only what stood at or before its beginning."""
    film, moved = play(journey), 0
    for shot in film.shots[1:]:
        before = {one.id: one for one in _before(shot).deadlines if one.clock != LOOK_AGAIN}
        for now in shot.case.deadlines:
            was = before.get(now.id)
            if was is None or (was.due_at, was.opens_at) == (now.due_at, now.opens_at):
                continue
            moved += 1
            events = () if shot.entry is None else shot.entry.events
            dates = any(isinstance(event, Resumed | UrgencyChanged) for event in events)
            assert shot.anew or dates, "any other event that comes last moves nothing"
            assert shot.moment >= min(was.started_at, now.started_at)
            assert any(
                isinstance(effect, DeadlineSet | DeadlineHeld) and about(effect) == now.id for effect in shot.effects
            )
    return moved


def _before(shot: Shot) -> Case[Any, Any]:
    assert shot.before is not None, "only an opening has nothing before it"
    return shot.before


def what_is_told_is_told_once(journey: Journey) -> int:
    """11. No id comes twice, and no rung or miss of an owed deadline comes twice unless it was stood down between."""
    film = play(journey)
    ids: set[str] = set()
    told: dict[Id, set[tuple[str, int]]] = {}
    for shot in film.shots:
        for effect in shot.effects:
            assert effect.id not in ids, f"{effect.id} was used before"
            ids.add(effect.id)
            if isinstance(effect, StoodDown | DeadlineSettled):
                told.pop(about(effect), None)
            elif isinstance(effect, DeadlineMissed | Escalated):
                mark = ("missed", 0)
                if isinstance(effect, Escalated):
                    if effect.queue is not None or effect.repeat:
                        continue  # whoever is last is told again and again; ids tell these apart
                    mark = ("rung", effect.rung)
                marks = told.setdefault(about(effect), set())
                assert mark not in marks, f"{effect} was told before"
                marks.add(mark)
    return len(ids)


def no_step_says_and_unsays(journey: Journey) -> int:
    """11. What a step tells is true when it is told, at most once Set or Settled for each deadline."""
    film = play(journey)
    for shot in film.shots:
        for kind in ((DeadlineSet, DeadlineSettled, DeadlineHeld), DeadlineMissed, StoodDown):
            spoken = [about(effect) for effect in shot.effects if isinstance(effect, kind)]
            assert len(spoken) == len(set(spoken)), f"{kind} twice for one deadline"
        rungs = [effect for effect in shot.effects if isinstance(effect, Escalated) and effect.queue is None]
        repeats = [about(effect) for effect in rungs if effect.repeat]
        assert len(repeats) == len(set(repeats)), "only the newest repeat is told"
        for effect in shot.effects:
            assert stands(shot.case, effect), f"{effect} is not true of the case"
            _is_true(film, shot, effect)
    return len(film.effects)


def _is_true(film: Film, shot: Shot, effect: Effect) -> None:
    case = shot.case
    running = {one.id: one for one in case.deadlines}
    if isinstance(effect, Moved):
        assert effect.to == case.state.name
        assert shot.before is None or effect.was == shot.before.state.name
        assert not effect.by_correction or shot.anew, "only a fold moves by correction"
    elif isinstance(effect, ReadyToClose):
        closing = {clock.name for clock in film.journey.stage.workflow.all_clocks if clock.closing}
        assert case.state in film.journey.stage.workflow.closes
        assert not any(one.clock in closing for one in case.deadlines)
    elif isinstance(effect, DeadlineSet | DeadlineHeld | DeadlineMissed):
        held = case.world.held.get(about(effect))
        assert held == (effect.since if isinstance(effect, DeadlineHeld) else None), "it is held as it says"
        assert running[about(effect)].due_at == effect.due_at
    elif isinstance(effect, Escalated) and not any(
        isinstance(event, AlarmUndelivered) for event in (shot.entry.events if shot.entry else ())
    ):
        one = running[about(effect)]
        _, role = one.alarms[effect.rung]
        assert effect.notify is role
        quiet = next((hush for hush in shot.before.book.quiet if hush.id == one.id), None) if shot.before else None
        moment = _not_before(one, effect.rung, quiet)
        assert effect.at == moment + effect.repeat * (one.schedule.every or timedelta(0))


def what_fell_due_was_told(journey: Journey) -> int:
    """3. After each call, every due moment that has passed was told of the deadline that is owed now."""
    film, compared = play(journey), 0
    missed: set[Id] = set()
    for shot in film.shots:
        held = shot.case.world.held
        late = {one.id for one in shot.case.deadlines if one.missed(shot.moment) and one.id not in held}
        for effect in shot.effects:
            if isinstance(effect, DeadlineMissed):
                missed.add(about(effect))
            elif isinstance(effect, DeadlineSettled) or (isinstance(effect, StoodDown) and about(effect) not in late):
                missed.discard(about(effect))  # one that moved and is missed all the same was told of before
        for one in shot.case.deadlines if shot.looked else ():
            if one.clock != LOOK_AGAIN and one.id in late:
                assert one.id in missed, f"{one.id} is missed and nobody was told"
                compared += 1
    return compared


__all__ = [
    "CaughtUp",
    "a_due_moment_moves_only_with_something_of_its_own_past",
    "a_host_that_only_listens_knows_the_case",
    "an_acknowledgement_holds_what_it_may",
    "next_check_is_never_late_and_never_idle",
    "no_step_says_and_unsays",
    "what_fell_due_was_told",
    "what_is_told_is_told_once",
]

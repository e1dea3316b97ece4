"""
The book, and effects as the difference of two worlds.

Telling decides nothing: what is owed is the world's, and the book only remembers what was
told of it, so that nothing is told twice and what is no longer so is stood down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from attrs import evolve

from carecoord._machine import Table
from carecoord._records import maker
from carecoord.case import (
    LOOK_AGAIN,
    Acted,
    Book,
    Case,
    Deadline,
    Mark,
    Quiet,
    Settled,
    Terms,
    Told,
    World,
    all_told,
    rung_at,
)
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
from carecoord.events import Acknowledged, AlarmUndelivered
from carecoord.vocabulary import Role

EMPTY: Final = Book((), None, None, None, False)

_book: Callable[..., Book] = maker(Book)
_made: Callable[..., Told] = maker(Told)
_moved: Callable[..., Moved] = maker(Moved)
_deadline_set: Callable[..., DeadlineSet] = maker(DeadlineSet)
_deadline_settled: Callable[..., DeadlineSettled] = maker(DeadlineSettled)
_ready: Callable[..., ReadyToClose] = maker(ReadyToClose)
_MOMENT: Final = itemgetter(0)
_NOBODY: Final[dict[tuple[str, str, int], datetime]] = {}
_NO_HOLD: Final = (None, None)


def tell(
    table: Table,
    terms: Terms,
    case_id: str,
    before: World[Any, Any],
    book: Book,
    world: World[Any, Any],
    seq: int,
    moment: datetime,
    by_correction: bool,
) -> tuple[tuple[Effect, ...], Book]:
    """Return what has to be said now that the world is another one, and the book in which it is noted."""
    effects: list[Effect] = []
    horizon = _horizon(book, moment)
    duties, told, look, ready, wakes = world.duties, book.told, book.look, book.ready, book.wakes_at
    pauses, quiet = world.pauses, book.quiet
    new: Iterable[Settled] = ()
    moves, acted = world.state is not before.state, world.acted
    if moves:
        names = table.names
        effects.append(_moved(case_id, seq, names[id(before.state)], names[id(world.state)], by_correction))
    if world.settled is not before.settled:
        new = _say_ended(effects, case_id, before, world, seq)
    if duties is not before.duties or pauses is not before.pauses:
        if quiet:
            quiet = _still_quiet(quiet, world)
        told = _difference(effects, case_id, before, book, world, new, seq, horizon)
    looks = acted is not before.acted and (not by_correction or acted != before.acted)
    if looks and look is not None:
        assert before.acted is not None, "the book is in step with the world"
        _stand_down(effects, case_id, terms.deadline(before.acted), look, 0, seq)
        look = None
    if told is not book.told or moves:
        ready, soonest = is_ready(table, world), _look_wakes(terms, acted, look)
        held = pauses or quiet
        wakes = _wakes(*_not_held(world, told, quiet), soonest) if held else _wakes(duties, told, soonest)
    elif looks:
        now, was = _look_wakes(terms, acted, None), _look_wakes(terms, before.acted, book.look)
        # What wakes for a duty goes on doing so, whoever has acted meanwhile.
        if wakes is None or was is None or now is None or was <= wakes:
            held = pauses or quiet
            wakes = _wakes(*_not_held(world, told, quiet), now) if held else _wakes(duties, told, now)
        elif now < wakes:
            wakes = now
    if ready and not book.ready:
        effects.append(_ready(case_id, seq))
    if wakes is not None and wakes <= horizon:
        book = _due(effects, case_id, terms, world, told, look, book.until, horizon, ready, quiet, seq)
    elif told is not book.told or look is not book.look or ready is not book.ready or wakes is not book.wakes_at:
        book = _book(told, look, book.until, wakes, ready, quiet)
    return tuple(effects), book


def look(
    case_id: str, terms: Terms, world: World[Any, Any], book: Book, seq: int, at: datetime
) -> tuple[tuple[Effect, ...], Book]:
    """Return what fell due by then and was not told."""
    effects: list[Effect] = []
    horizon = _horizon(book, at)
    book = _due(effects, case_id, terms, world, book.told, book.look, book.until, horizon, book.ready, book.quiet, seq)
    return tuple(effects), book


def push(
    case_id: str, terms: Terms, world: World[Any, Any], book: Book, event: AlarmUndelivered
) -> tuple[tuple[Effect, ...], Book]:
    """Tell the rung above one that reached nobody, as if it had fallen due; above the last stands the default queue."""
    clock, item, rung, at = event.clock, event.about or "", event.rung, event.recorded_at
    quiet = book.quiet
    marks, until = list(book.told), at if book.until is None else max(book.until, at)
    if clock == LOOK_AGAIN and world.acted is not None and book.look is not None:
        pushed = _pushed(case_id, terms, terms.deadline(world.acted), book.look, rung, at)
        if pushed is not None:
            effect, look = pushed
            wakes = _wakes(*_not_held(world, marks, quiet), look.wakes_at)
            return (effect,), _book(book.told, look, until, wakes, book.ready, quiet)
    held = world.held
    for index, deadline in enumerate(world.duties):
        if deadline.clock == clock and deadline.item == item and deadline.id not in held:
            pushed = _pushed(case_id, terms, deadline, all_told(deadline, marks[index]), rung, at)
            if pushed is not None:
                effect, mark = pushed
                hush = next((one for one in quiet if one.id == deadline.id), None)
                marks[index] = mark if hush is None else _again_told(deadline, mark, hush)
                looks = _look_wakes(terms, world.acted, book.look)
                wakes = _wakes(*_not_held(world, marks, quiet), looks)
                return (effect,), _book(tuple(marks), book.look, until, wakes, book.ready, quiet)
    return (), book


def _pushed(
    case_id: str, terms: Terms, deadline: Deadline, told: Told, rung: int, at: datetime
) -> tuple[Effect, Told] | None:
    roles = deadline.schedule.roles
    if not (0 < told.rungs <= len(roles) and rung == told.rungs - 1):
        return None
    top = told.rungs == len(roles)
    effect = Escalated(
        case_id,
        *deadline.id,
        told.revision,
        told.rungs,
        told.repeats if top else 0,
        at,
        roles[-1] if top else roles[told.rungs],
        terms.queue if top else None,
    )
    # One rung more than there are: the queue has heard of it, until the last rung repeats.
    mark = _told(deadline, told.revision, told.missed, told.rungs + 1, told.repeats)
    return effect, all_told(deadline, mark)


def under(floor: Case[Any, Any], terms: Terms, seq: int) -> tuple[tuple[Effect, ...], Book]:
    """Return the book of a case that goes on under other terms, and what no longer stands of looking again."""
    effects: list[Effect] = []
    world, book, look = floor.world, floor.book, floor.book.look
    if look is not None and (floor.terms.first_look, floor.terms.look) != (terms.first_look, terms.look):
        assert world.acted is not None, "the book is in step with the world"
        _stand_down(effects, floor.id, floor.terms.deadline(world.acted), look, 0, seq)
        look = None
    wakes = _wakes(*_not_held(world, book.told, book.quiet), _look_wakes(terms, world.acted, look))
    return tuple(effects), _book(book.told, look, book.until, wakes, book.ready, book.quiet)


def closable(
    table: Table, case_id: str, floor: Case[Any, Any], world: World[Any, Any], book: Book, seq: int
) -> tuple[tuple[Effect, ...], Book]:
    """Return the book in which it is noted whether the loop may be closed, whatever another version said of it."""
    ready = is_ready(table, world)
    said = (_ready(case_id, seq),) if ready and not floor.book.ready and not book.ready else ()
    return said, _book(book.told, book.look, book.until, book.wakes_at, ready, book.quiet)


def is_ready(table: Table, world: World[Any, Any]) -> bool:
    """Whether the loop may be closed: the last working state, and nothing that closing depends on is owed."""
    if id(world.state) not in table.closes:
        return False
    for deadline in world.duties:  # noqa: SIM110  a generator would take longer than all that it looks at
        if deadline.clock in table.closing:
            return False
    return True


def _horizon(book: Book, moment: datetime) -> datetime:
    return moment if book.until is None or book.until < moment else book.until


def _set(case_id: str, deadline: Deadline, seq: int, previous: datetime | None) -> DeadlineSet:
    clock, item, number = deadline.clock, deadline.item, deadline.round
    due, opens, provisional = deadline.due_at, deadline.opens_at, deadline.schedule.provisional
    return _deadline_set(case_id, clock, item, number, seq, due, opens, previous, provisional)


def _held(case_id: str, deadline: Deadline, seq: int, previous: datetime | None, since: datetime) -> DeadlineHeld:
    due, opens, provisional = deadline.due_at, deadline.opens_at, deadline.schedule.provisional
    return DeadlineHeld(case_id, *deadline.id, seq, due, since, opens, previous, provisional)


def _not_held(
    world: World[Any, Any], told: Sequence[Mark], quiet: Sequence[Quiet]
) -> tuple[Sequence[Deadline], Sequence[Mark]]:
    """Return the duties of which something may fall due, and what was told of them."""
    duties, held = world.duties, world.held
    if not held and not quiet:
        return duties, told
    hushed = {one.id: one for one in quiet}
    running = [index for index, one in enumerate(duties) if one.id not in held]
    return (
        [duties[index] for index in running],
        [all_told(duties[index], told[index], hushed.get(duties[index].id)) for index in running],
    )


def acknowledge(terms: Terms, world: World[Any, Any], book: Book, event: Acknowledged) -> Book:
    """Note which rungs an acknowledgement holds, from when it was recorded."""
    quiet = {one.id: one for one in book.quiet}
    marks, held, said = list(book.told), world.held, False
    for index, deadline in enumerate(world.duties):
        if deadline.clock == event.clock and event.about in (None, deadline.item):
            hush = _hushed(deadline, event, quiet.get(deadline.id))
            if hush is not None:
                said, quiet[deadline.id] = True, hush
                if deadline.id not in held:
                    marks[index] = _again_told(deadline, marks[index], hush)
    if not said:
        return book
    hushed = tuple(quiet.values())
    wakes = _wakes(*_not_held(world, marks, hushed), _look_wakes(terms, world.acted, book.look))
    return _book(tuple(marks), book.look, book.until, wakes, book.ready, hushed)


def _hushed(deadline: Deadline, event: Acknowledged, before: Quiet | None) -> Quiet | None:
    roles, holds, heard = deadline.schedule.roles, deadline.schedule.holds, event.recorded_at
    own = [rung for rung, role in enumerate(roles) if role is event.by.role]
    if holds is None or not own or len(roles) < 2:
        return None
    rung, times = min(own[-1], len(roles) - 2), 1
    if before is not None:
        if before.times > 1 or (before.until > heard and before.rung > rung):
            return None
        times = before.times + 1
    return Quiet(*deadline.id, rung, heard + holds, times)


def _again_told(deadline: Deadline, mark: Mark, quiet: Quiet) -> Mark:
    """Return the mark of a deadline whose next rung falls due at another moment."""
    if isinstance(mark, int):
        return mark
    return _told(deadline, mark.revision, mark.missed, mark.rungs, mark.repeats, quiet)


def _still_quiet(quiet: Sequence[Quiet], world: World[Any, Any]) -> tuple[Quiet, ...]:
    """Return what was acknowledged of duties that still run."""
    running = {one.id for one in world.duties}
    return tuple([one for one in quiet if one.id in running])


def _look_wakes(terms: Terms, acted: Acted | None, look: Told | None) -> datetime | None:
    """Return when the next rung of `look_again` falls due."""
    if look is not None:
        return look.wakes_at
    return None if acted is None else acted[0] + terms.first_look


def _difference(
    effects: list[Effect],
    case_id: str,
    before: World[Any, Any],
    book: Book,
    world: World[Any, Any],
    new: Iterable[Settled],
    seq: int,
    horizon: datetime,
) -> tuple[Mark, ...]:
    """Say what no longer stands and what began; return the marks of what runs now."""
    old, told = before.duties, book.told
    was_held = before.held if before.pauses else _NOBODY
    held = world.held if world.pauses else _NOBODY
    marks: list[Mark] = []
    passed: list[tuple[Deadline, Mark]] = []
    anew: list[int] = []
    place, count = 0, len(old)
    # Both stand in one order, so what runs on is found by walking along; what is passed over ended, moved or never was.
    for deadline in world.duties:
        ahead = place
        while ahead < count and old[ahead] is not deadline:
            ahead += 1
        if ahead == count:
            anew.append(len(marks))
            marks.append(seq)
            continue
        while place < ahead:
            passed.append((old[place], told[place]))
            place += 1
        if held is not was_held and held.get(deadline.id) != was_held.get(deadline.id):
            passed.append((deadline, told[place]))
            anew.append(len(marks))
        marks.append(told[place])
        place += 1
    while place < count:
        passed.append((old[place], told[place]))
        place += 1
    if anew:
        left = {one.id: (one, mark) for one, mark in passed} if passed else {}
        said: list[Effect] = []
        for index in anew:
            deadline = world.duties[index]
            was = left.pop(deadline.id, None) if left else None
            hold = (was_held.get(deadline.id), held.get(deadline.id)) if held is not was_held else _NO_HOLD
            marks[index] = _began(said, effects, case_id, before, deadline, was, seq, horizon, hold)
            if book.quiet and marks[index] != seq and deadline.id not in held:
                hush = next((one for one in book.quiet if one.id == deadline.id), None)
                marks[index] = marks[index] if hush is None else _again_told(deadline, marks[index], hush)
        _say_left(effects, case_id, left.values(), new, seq)
        effects += said
    else:
        _say_left(effects, case_id, passed, new, seq)
    return tuple(marks)


def _say_left(
    effects: list[Effect], case_id: str, left: Iterable[tuple[Deadline, Mark]], new: Iterable[Settled], seq: int
) -> None:
    """Of what runs no longer, take back what was told; of what did not end but never was, that it was set."""
    for deadline, mark in left:
        gone = True
        for one in new:
            if one.item == deadline.item and one.clock == deadline.clock and one.round == deadline.round:
                gone = False
                break
        if gone or not isinstance(mark, int):
            _stand_down(effects, case_id, deadline, mark, 0, seq, gone=gone)


def _say_ended(
    effects: list[Effect], case_id: str, before: World[Any, Any], world: World[Any, Any], seq: int
) -> Iterable[Settled]:
    """Say what ended, and what had ended and has not; return what is new in the ledger."""
    new: Iterable[Settled] | None = world.settled.beyond(before.settled)
    gone: Iterable[Settled] = ()
    if new is None:
        known = set(before.settled)
        new = [one for one in world.settled if one not in known]
        still = {one.id for one in world.settled} | {duty.id for duty in world.duties}
        gone = [one for one in before.settled if one.id not in still]
    for one in new:
        how, why, started, due, at = one.how, one.why, one.started_at, one.due_at, one.at
        effects.append(_deadline_settled(case_id, one.clock, one.item, one.round, seq, how, why, started, due, at))
    for one in gone:
        effects.append(StoodDown(case_id, one.clock, one.item, one.round, seq, ()))
    return new


def _began(
    said: list[Effect],
    effects: list[Effect],
    case_id: str,
    before: World[Any, Any],
    deadline: Deadline,
    was: tuple[Deadline, Mark] | None,
    seq: int,
    horizon: datetime,
    hold: tuple[datetime | None, datetime | None],
) -> Mark:
    """
    Return the mark of a deadline that is not what it was before: new, moved, come back, held, or not so any longer.

    *hold* says since when it was held before, and since when it is held now.
    """
    was_held, held = hold
    if was is None:
        previous = None
        if before.settled.rounds(deadline.clock, deadline.item) >= deadline.round:
            previous = next(one.due_at for one in before.settled if one.id == deadline.id)
        said.append(_set_or_held(case_id, deadline, seq, previous, held))
        return seq
    old, mark = was
    if held == was_held and _same_dates(old, deadline):
        return mark
    said.append(_set_or_held(case_id, deadline, seq, old.due_at, held))
    if isinstance(mark, int):
        return seq
    told = mark
    if held is not None:
        # For what is held, time stands still.
        horizon = min(horizon, held)
    # A rung told before the move and still due after it counts as told; the others are taken back.
    missed = told.missed and deadline.due_at <= horizon
    offsets = deadline.schedule.offsets
    rungs = min(told.rungs, sum(deadline.due_at + off <= horizon for off in offsets))
    repeats = min(told.repeats, _repeats_due(deadline, horizon)) if rungs >= len(offsets) else 0
    if told.missed > missed or min(told.rungs, len(old.schedule.offsets)) > rungs:
        _stand_down(effects, case_id, old, told, rungs, seq)
    after = _told(deadline, seq, missed, rungs, repeats)
    return after if held is None or isinstance(after, int) else evolve(after, wakes_at=None)


def _set_or_held(
    case_id: str, deadline: Deadline, seq: int, previous: datetime | None, held: datetime | None
) -> Effect:
    if held is None:
        return _set(case_id, deadline, seq, previous)
    return _held(case_id, deadline, seq, previous, held)


def _same_dates(old: Deadline, new: Deadline) -> bool:
    return old.due_at == new.due_at and old.opens_at == new.opens_at and old.schedule == new.schedule


def _stand_down(
    effects: list[Effect], case_id: str, deadline: Deadline, mark: Mark, kept: int, seq: int, *, gone: bool = False
) -> None:
    """Take back what was told above the rungs that are kept; of what never began, that it was set at all."""
    rungs, missed = (0, False) if isinstance(mark, int) else (mark.rungs, mark.missed)
    roles = tuple(dict.fromkeys(deadline.schedule.roles[kept:rungs]))
    if roles or missed or gone:
        effects.append(StoodDown(case_id, *deadline.id, seq, roles))


def _told(
    deadline: Deadline, revision: int, missed: bool, rungs: int, repeats: int, quiet: Quiet | None = None
) -> Mark:
    """Return the mark of a deadline of which so much was told, and when the next thing of it falls due."""
    if not missed and not rungs:
        return revision
    due, schedule = deadline.due_at, deadline.schedule
    # `look_again` is nothing that anybody misses: only its rungs are told.
    wakes = None if missed or deadline.clock == LOOK_AGAIN else due
    offsets = schedule.offsets
    if rungs < len(offsets):
        rung: datetime | None = due + offsets[rungs] if quiet is None else rung_at(deadline, rungs, quiet)
    elif schedule.every is not None and offsets:
        rung = due + offsets[-1] + schedule.every * (repeats + 1)
    else:
        rung = None
    if wakes is None or (rung is not None and rung < wakes):
        wakes = rung
    return _made(revision, missed, rungs, repeats, wakes)


def _repeats_due(deadline: Deadline, horizon: datetime) -> int:
    schedule = deadline.schedule
    if schedule.every is None or not schedule.offsets:
        return 0
    since = horizon - (deadline.due_at + schedule.offsets[-1])
    return max(0, since // schedule.every) if since >= timedelta(0) else 0


def _wakes(duties: Sequence[Deadline], told: Iterable[Mark], soonest: datetime | None) -> datetime | None:
    """Return when the next thing of all falls due."""
    for index, mark in enumerate(told):
        if isinstance(mark, int):
            duty = duties[index]
            wakes: datetime | None = duty.due_at if duty.schedule.lead is None else duty.first_wakes_at
        else:
            wakes = mark.wakes_at
        if wakes is not None and (soonest is None or wakes < soonest):
            soonest = wakes
    return soonest


def _due(
    effects: list[Effect],
    case_id: str,
    terms: Terms,
    world: World[Any, Any],
    told: tuple[Mark, ...],
    look: Told | None,
    until: datetime | None,
    horizon: datetime,
    ready: bool,
    quiet: tuple[Quiet, ...],
    seq: int,
) -> Book:
    """Say what fell due by the horizon, the earliest first, and return the book in which it is noted."""
    said: list[tuple[datetime, Effect]] = []
    marks = list(told)
    held = world.held if world.pauses else _NOBODY
    for index, duty in enumerate(world.duties):
        if held and duty.id in held:
            continue
        hush = next((one for one in quiet if one.id == duty.id), None) if quiet else None
        told_of = all_told(duty, marks[index], hush)
        if told_of.wakes_at is not None and told_of.wakes_at <= horizon:
            marks[index] = _tell_due(said, case_id, duty, told_of, horizon, hush)
    looks = _look_wakes(terms, world.acted, look)
    if looks is not None and looks <= horizon:
        assert world.acted is not None, "the book is in step with the world"
        deadline = terms.deadline(world.acted)
        look = all_told(deadline, _tell_due(said, case_id, deadline, look or Told(seq, False, 0, 0, looks), horizon))
        looks = look.wakes_at
    said.sort(key=_MOMENT)
    effects += [effect for _, effect in said]
    last = said[-1][0]
    return _book(
        tuple(marks),
        look,
        last if until is None or until < last else until,
        _wakes(*_not_held(world, marks, quiet), looks),
        ready,
        quiet,
    )


def _tell_due(
    said: list[tuple[datetime, Effect]],
    case_id: str,
    deadline: Deadline,
    mark: Told,
    horizon: datetime,
    quiet: Quiet | None = None,
) -> Mark:
    due, schedule = deadline.due_at, deadline.schedule
    missed, rungs, repeats = mark.missed, mark.rungs, mark.repeats
    of = (case_id, *deadline.id, mark.revision)
    if not missed and due <= horizon and deadline.clock != LOOK_AGAIN:
        missed = True
        said.append((due, DeadlineMissed(*of, due)))
    while rungs < len(schedule.offsets) and (at := rung_at(deadline, rungs, quiet)) <= horizon:
        said.append((at, Escalated(*of, rungs, 0, at, schedule.roles[rungs])))
        rungs += 1
    if rungs >= len(schedule.offsets) and (number := _repeats_due(deadline, horizon)) > repeats:
        assert schedule.every is not None, "only a ladder that repeats has repeats due"
        at = due + schedule.offsets[-1] + schedule.every * number
        rungs, repeats = len(schedule.offsets), number
        said.append((at, Escalated(*of, rungs - 1, number, at, schedule.roles[-1])))
    return _told(deadline, mark.revision, missed, rungs, repeats, quiet)


def roles_told(deadline: Deadline, told: Told) -> tuple[Role, ...]:
    """Return who was told of a running deadline so far."""
    return deadline.schedule.roles[: told.rungs]

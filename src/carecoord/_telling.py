"""
The book, and effects as the difference of two worlds.

Telling decides nothing: what is owed is the world's, and the book only remembers what was
told of it, so that nothing is told twice and what is no longer so is stood down.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from carecoord._machine import Table
from carecoord.case import Book, Deadline, Settled, Told, World
from carecoord.effects import (
    DeadlineMissed,
    DeadlineSet,
    DeadlineSettled,
    Effect,
    Escalated,
    Moved,
    ReadyToClose,
    StoodDown,
)
from carecoord.vocabulary import Role
from carecoord.workflow import LOOK_AGAIN

EMPTY: Final = Book((), None, None, False)


def tell(
    table: Table,
    case_id: str,
    before: World[Any, Any] | None,
    book: Book,
    world: World[Any, Any],
    seq: int,
    moment: datetime,
    *,
    by_correction: bool,
) -> tuple[tuple[Effect, ...], Book]:
    """Return what has to be said now that the world is another one, and the book in which it is noted."""
    effects: list[Effect] = []
    if before is None:
        effects.append(Moved(case_id, seq, None, world.state.name))
        told = [_fresh(deadline, seq) for deadline in world.deadlines]
        effects += [_set(case_id, deadline, seq, None) for deadline in world.deadlines if not _silent(deadline)]
        effects += _ended(case_id, world.settled, seq)
    else:
        if world.state is not before.state:
            effects.append(Moved(case_id, seq, before.state.name, world.state.name, by_correction))
        told = _difference(effects, case_id, before, book, world, seq, _horizon(book, moment))
    ready = is_ready(table, world)
    if ready and not book.ready:
        effects.append(ReadyToClose(case_id, seq))
    book = _due(effects, case_id, world.deadlines, told, book.until, _horizon(book, moment), ready)
    return tuple(effects), book


def look(case_id: str, world: World[Any, Any], book: Book, at: datetime) -> tuple[tuple[Effect, ...], Book]:
    """Return what fell due by then and was not told."""
    effects: list[Effect] = []
    book = _due(effects, case_id, world.deadlines, list(book.told), book.until, _horizon(book, at), book.ready)
    return tuple(effects), book


def push(
    case_id: str, queue: str, world: World[Any, Any], book: Book, clock: str, item: str, rung: int, at: datetime
) -> tuple[tuple[Effect, ...], Book]:
    """Tell the rung above one that reached nobody, as if it had fallen due; above the last stands the default queue."""
    for index, (deadline, told) in enumerate(zip(world.deadlines, book.told, strict=True)):
        roles = deadline.schedule.roles
        newest = 0 < told.rungs <= len(roles) and rung == told.rungs - 1
        if deadline.clock != clock or deadline.item != item or not newest:
            continue
        top = told.rungs == len(roles)
        effect = Escalated(
            case_id,
            *deadline.id,
            told.revision,
            told.rungs,
            told.repeats if top else 0,
            at,
            roles[-1] if top else roles[told.rungs],
            queue if top else None,
        )
        # One rung more than there are: the queue has heard of it, until the last rung repeats.
        mark = _told(deadline, told.revision, told.missed, told.rungs + 1, told.repeats)
        marks = (*book.told[:index], mark, *book.told[index + 1 :])
        until = at if book.until is None else max(book.until, at)
        return (effect,), Book(marks, until, _wakes(marks), book.ready)
    return (), book


def is_ready(table: Table, world: World[Any, Any]) -> bool:
    """Whether the loop may be closed: the last working state, and nothing that closing depends on is owed."""
    if id(world.state) not in table.closes:
        return False
    return not any(deadline.answer.clock in table.closing for deadline in world.deadlines)


def _horizon(book: Book, moment: datetime) -> datetime:
    return moment if book.until is None or book.until < moment else book.until


def _silent(deadline: Deadline) -> bool:
    return deadline.answer.clock == LOOK_AGAIN


def _set(case_id: str, deadline: Deadline, seq: int, previous: datetime | None) -> DeadlineSet:
    answer = deadline.answer
    return DeadlineSet(
        case_id,
        answer.clock,
        answer.item,
        deadline.round,
        seq,
        deadline.due_at,
        answer.opens_at,
        previous,
        answer.schedule.provisional,
    )


def _ended(case_id: str, ledger: Iterable[Settled], seq: int) -> list[Effect]:
    return [
        DeadlineSettled(
            case_id, one.clock, one.item, one.round, seq, one.how, one.why, one.started_at, one.due_at, one.at
        )
        for one in ledger
    ]


def _difference(
    effects: list[Effect],
    case_id: str,
    before: World[Any, Any],
    book: Book,
    world: World[Any, Any],
    seq: int,
    horizon: datetime,
) -> list[Told]:
    """Say what ended, what no longer stands and what began; return the marks of what runs now."""
    _say_ended(effects, case_id, before, world, seq)
    if world.deadlines is before.deadlines:
        return list(book.told)
    marks: list[Told | None] = []
    left: dict[tuple[str, str, int], tuple[Deadline, Told]] = {}
    old, told = before.deadlines, book.told
    place, count = 0, len(old)
    # Both stand in one order, so what runs on is found by walking along; what is passed over ended, moved or never was.
    for deadline in world.deadlines:
        ahead = place
        while ahead < count and old[ahead] is not deadline:
            ahead += 1
        if ahead == count:
            marks.append(None)
            continue
        for passed in range(place, ahead):
            left[old[passed].id] = old[passed], told[passed]
        marks.append(told[ahead])
        place = ahead + 1
    for passed in range(place, count):
        left[old[passed].id] = old[passed], told[passed]
    said: list[Effect] = []
    for index, mark in enumerate(marks):
        if mark is None:
            deadline = world.deadlines[index]
            was = left.pop(deadline.id, None)
            marks[index] = _began(said, effects, case_id, before, deadline, was, seq, horizon)
    if left:
        settled = {one.id for one in world.settled}
        for deadline, mark in left.values():
            _stand_down(effects, case_id, deadline, mark, 0, seq, gone=deadline.id not in settled)
    effects += said
    return [mark for mark in marks if mark is not None]


def _say_ended(effects: list[Effect], case_id: str, before: World[Any, Any], world: World[Any, Any], seq: int) -> None:
    old, new = before.settled, world.settled
    if new is old:
        return
    if new[: len(old)] == old:
        effects += _ended(case_id, new[len(old) :], seq)
        return
    known = set(old)
    effects += _ended(case_id, (one for one in new if one not in known), seq)
    still = {one.id for one in new} | {deadline.id for deadline in world.deadlines}
    effects += [StoodDown(case_id, one.clock, one.item, one.round, seq, ()) for one in old if one.id not in still]


def _began(
    said: list[Effect],
    effects: list[Effect],
    case_id: str,
    before: World[Any, Any],
    deadline: Deadline,
    was: tuple[Deadline, Told] | None,
    seq: int,
    horizon: datetime,
) -> Told:
    """Return the mark of a deadline that is not the same object as before: new, moved, come back, or as it was."""
    if was is None:
        if not _silent(deadline):
            previous = next((one.due_at for one in before.settled if one.id == deadline.id), None)
            said.append(_set(case_id, deadline, seq, previous))
        return _fresh(deadline, seq)
    old, told = was
    if _same_dates(old, deadline):
        return told
    if not _silent(deadline):
        said.append(_set(case_id, deadline, seq, old.due_at))
    # A rung told before the move and still due after it counts as told; the others are taken back.
    missed = told.missed and deadline.due_at <= horizon
    offsets = deadline.schedule.offsets
    rungs = min(told.rungs, sum(deadline.due_at + off <= horizon for off in offsets))
    repeats = min(told.repeats, _repeats_due(deadline, horizon)) if rungs >= len(offsets) else 0
    if told.missed > missed or min(told.rungs, len(old.schedule.offsets)) > rungs:
        _stand_down(effects, case_id, old, told, rungs, seq, gone=False)
    return _told(deadline, seq, missed, rungs, repeats)


def _same_dates(old: Deadline, new: Deadline) -> bool:
    a, b = old.answer, new.answer
    return a.due_at == b.due_at and a.opens_at == b.opens_at and a.schedule == b.schedule


def _stand_down(
    effects: list[Effect], case_id: str, deadline: Deadline, told: Told, kept: int, seq: int, *, gone: bool
) -> None:
    """Take back what was told above the rungs that are kept; of what never began, that it was set at all."""
    roles = tuple(dict.fromkeys(deadline.schedule.roles[kept : told.rungs]))
    if roles or told.missed or (gone and not _silent(deadline)):
        effects.append(StoodDown(case_id, *deadline.id, seq, roles))


def _fresh(deadline: Deadline, seq: int) -> Told:
    return _told(deadline, seq, False, 0, 0)


def _told(deadline: Deadline, revision: int, missed: bool, rungs: int, repeats: int) -> Told:
    answer = deadline.answer
    due, schedule = answer.due_at, answer.schedule
    assert due is not None, "a deadline is made only of an answer with a due moment"
    wakes = None if missed or answer.clock == LOOK_AGAIN else due
    offsets = schedule.offsets
    if rungs < len(offsets):
        rung: datetime | None = due + offsets[rungs]
    elif schedule.every is not None and offsets:
        rung = due + offsets[-1] + schedule.every * (repeats + 1)
    else:
        rung = None
    if wakes is None or (rung is not None and rung < wakes):
        wakes = rung
    return Told(revision, missed, rungs, repeats, wakes)


def _repeats_due(deadline: Deadline, horizon: datetime) -> int:
    schedule = deadline.schedule
    if schedule.every is None or not schedule.offsets:
        return 0
    since = horizon - (deadline.due_at + schedule.offsets[-1])
    return max(0, since // schedule.every) if since >= timedelta(0) else 0


def _wakes(told: Iterable[Told]) -> datetime | None:
    soonest = None
    for one in told:
        wakes = one.wakes_at
        if wakes is not None and (soonest is None or wakes < soonest):
            soonest = wakes
    return soonest


def _due(
    effects: list[Effect],
    case_id: str,
    deadlines: tuple[Deadline, ...],
    told: list[Told],
    until: datetime | None,
    horizon: datetime,
    ready: bool,
) -> Book:
    """Say what fell due by the horizon, the earliest first, and return the book in which it is noted."""
    wakes = _wakes(told)
    if wakes is None or wakes > horizon:
        return Book(tuple(told), until, wakes, ready)
    said: list[tuple[datetime, Effect]] = []
    for index, deadline in enumerate(deadlines):
        mark = told[index]
        if mark.wakes_at is not None and mark.wakes_at <= horizon:
            told[index] = _tell_due(said, case_id, deadline, mark, horizon)
    said.sort(key=lambda one: one[0])
    effects += [effect for _, effect in said]
    last = said[-1][0]
    return Book(tuple(told), last if until is None or until < last else until, _wakes(told), ready)


def _tell_due(
    said: list[tuple[datetime, Effect]], case_id: str, deadline: Deadline, mark: Told, horizon: datetime
) -> Told:
    due, schedule = deadline.due_at, deadline.schedule
    missed, rungs, repeats = mark.missed, mark.rungs, mark.repeats
    of = (case_id, *deadline.id, mark.revision)
    if not missed and due <= horizon and not _silent(deadline):
        missed = True
        said.append((due, DeadlineMissed(*of, due)))
    while rungs < len(schedule.offsets) and due + schedule.offsets[rungs] <= horizon:
        at = due + schedule.offsets[rungs]
        said.append((at, Escalated(*of, rungs, 0, at, schedule.roles[rungs])))
        rungs += 1
    if rungs >= len(schedule.offsets) and (number := _repeats_due(deadline, horizon)) > repeats:
        assert schedule.every is not None, "only a ladder that repeats has repeats due"
        at = due + schedule.offsets[-1] + schedule.every * number
        rungs, repeats = len(schedule.offsets), number
        said.append((at, Escalated(*of, rungs - 1, number, at, schedule.roles[-1])))
    return _told(deadline, mark.revision, missed, rungs, repeats)


def roles_told(deadline: Deadline, told: Told) -> tuple[Role, ...]:
    """Return who was told of a running deadline so far."""
    return deadline.schedule.roles[: told.rungs]

"""Clocks start and settle here; states do not change here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from attrs import evolve

from carecoord._common import ADMINISTRATION, REGAINED, RESUME_BY, SURPRISES
from carecoord._ledger import Ledger
from carecoord._machine import Ending, Start, Table
from carecoord._records import maker
from carecoord.case import Acted, Answer, Deadline, How, Pause, Redated, Settled, held_since
from carecoord.events import Event, Migrated
from carecoord.policies.anew import Again
from carecoord.tables import Clock, Only

# Asking an Enum for a member takes longer than a name does.
_MET, _MET_LATE = How.MET, How.MET_LATE

_NOT_BROUGHT_BACK = REGAINED | {RESUME_BY}
"""Of what is regained the facts know whether it is still so; a pause ends with the case, so nobody has to resume it."""

_deadline: Callable[..., Deadline] = maker(Deadline)
_settled: Callable[..., Settled] = maker(Settled)


class Asks(Protocol):
    """How a clock that starts gets its deadline: a kept answer, or the policy's."""

    def ask(self, clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime) -> Answer: ...

    def ask_again(self, again: Again, facts: Any, anchor: datetime, heard: datetime) -> Answer: ...


class Owing(Protocol):
    """A world that is being made."""

    state: Any
    facts: Any
    owner: str
    subject: str
    duties: tuple[Deadline, ...]
    settled: Ledger
    acted: Acted | None
    pauses: tuple[Pause, ...]


def settle(owing: Owing, endings: dict[str, tuple[Ending, ...]], event: Event) -> None:
    """End the deadlines that the event meets, excuses, waives or drops."""
    facts, duties = owing.facts, owing.duties
    ended: list[Settled] = []
    running: list[Deadline] = []
    for deadline in duties:
        for how, given, item_of, why in endings.get(deadline.clock, ()):
            if _may_end(deadline, how, event):
                items = item_of(facts, event)
                spoken_of = items is None or items == deadline.item or _speaks_of(deadline, items, duties)
                if spoken_of and (given is None or given(facts, event)):
                    ended.append(_ended(deadline, how, why, event))
                    break
        else:
            running.append(deadline)
    if ended:
        if owing.pauses:
            ended = [_met_while_held(owing, one) for one in ended]
        _put(owing, running, ended)


def _met_while_held(owing: Owing, ended: Settled) -> Settled:
    """What is done while it is held is done in time: its due moment has not come."""
    if ended.how is not _MET_LATE:
        return ended
    deadline = next(one for one in owing.duties if one.id == ended.id)
    return ended if held_since(owing.pauses, deadline) is None else evolve(ended, how=_MET)


def _put(owing: Owing, running: Sequence[Deadline], ended: Sequence[Settled]) -> None:
    owing.duties = tuple(running)
    owing.settled = owing.settled.plus(ended)


def _may_end(deadline: Deadline, how: How, event: Event) -> bool:
    # What happened before a duty began, or before it opened, cannot have met it.
    at, opens = event.at, deadline.opens_at
    return at >= deadline.started_at and (opens is None or at >= opens or how is not _MET)


def _speaks_of(deadline: Deadline, items: str | tuple[str, ...], deadlines: tuple[Deadline, ...]) -> bool:
    """Whether the deadline's item is among several, or is the only one where these are the only ones meant."""
    if isinstance(items, str) or deadline.item in items:
        return not isinstance(items, str)
    return type(items) is Only and [one.clock for one in deadlines].count(deadline.clock) == 1


def _ended(deadline: Deadline, how: How, why: str, event: Event) -> Settled:
    at, due = event.at, deadline.due_at
    if how is _MET and at >= due:
        how = _MET_LATE
    return _settled(
        deadline.clock,
        deadline.item,
        deadline.round,
        how,
        why,
        deadline.started_at,
        due,
        at,
        event.recorded_at,
        event.by,
        event.key,
    )


def drop_at_end(table: Table, owing: Owing, event: Event) -> None:
    """End what an ended case owes no longer; it is paused no longer either."""
    why = _because_of(owing.state)
    if owing.pauses:
        owing.pauses = tuple(one if one.until else evolve(one, until=event.at) for one in owing.pauses)
    running: list[Deadline] = []
    ended: list[Settled] = []
    for deadline in owing.duties:
        if deadline.clock in table.outliving:
            running.append(deadline)
        else:
            ended.append(_ended(deadline, How.DROPPED, why, event))
    if ended:
        _put(owing, running, ended)


def _because_of(end: Any) -> str:
    words: str = end.name.lower().replace("_", " ")
    return words


def bring_back(table: Table, owing: Owing, end: Any, event: Event, asks: Asks) -> None:
    """Start again what the end had dropped, or administration let go: an ended case goes on where it stood."""
    why = _because_of(end)
    last = {(one.clock, one.item): one for one in owing.settled}
    for one in last.values():
        let_go = one.how is How.DROPPED and one.why == why
        by_administration = one.how is How.WAIVED and one.why == ADMINISTRATION
        # A version may have done away with the clock.
        brought = one.clock not in _NOT_BROUGHT_BACK and one.clock in table.clocks
        if (let_go or by_administration) and brought:
            _begun_by(owing, event, table.clocks[one.clock], one.item, asks)


def redate(owing: Owing, rows: Sequence[Redated], asked: Mapping[tuple[str, str], Answer]) -> None:
    """Date anew what still stands on the answer that it stood on at first; *asked* says on which it stands."""
    wanted = {(one.clock, one.item, one.started_at): one for one in rows}
    running: list[Deadline] = []
    for one in owing.duties:
        row, on = wanted.get((one.clock, one.item, one.started_at)), asked.get((one.clock, one.item))
        if row is None or on is None or row.of != (on.due_at, on.opens_at, on.schedule):
            running.append(one)
        else:
            running.append(_deadline(one.clock, one.item, one.round, one.started_at, one.key, *row.to))
    owing.duties = tuple(running)


def resettle(table: Table, owing: Owing, event: Migrated, asks: Asks) -> None:
    """Do with what is owed as was planned for another version: drop, date anew, begin."""
    reasons, ended = dict(event.drops), list[Settled]()
    running: list[Deadline] = []
    anew: list[tuple[str, str]] = []
    for deadline in owing.duties:
        if deadline.clock in reasons:
            ended.append(_ended(deadline, How.DROPPED, reasons[deadline.clock], event))
        elif deadline.clock in event.restarts:
            anew.append((deadline.clock, deadline.item))
        else:
            running.append(deadline)
    if ended or anew:
        _put(owing, running, ended)
    for clock, item in (*anew, *event.begins):
        facts = seen_by(table.clocks[clock], item, owing.facts)
        begin(owing, clock, item, facts, event.at, event.at, event.zone, event.recorded_at, event.key, asks)


def seen_by(clock: Clock[Any], item: str, facts: Any) -> Any:
    """Return the facts as a limit of this clock reads them for this item."""
    return facts if clock.sees is None else clock.sees(facts, item)


def start(owing: Owing, starts: tuple[Start, ...], event: Event, asks: Asks, *, ended: bool) -> None:
    """Start the clocks that the event starts, for items that are not running."""
    facts = owing.facts
    for clock, given, item_of in starts:
        if (ended and not clock.outlives) or not (given is None or given(facts, event)):
            continue
        items = item_of(facts, event)
        if isinstance(items, tuple):
            for item in items:
                _begun_by(owing, event, clock, item, asks)
        else:
            _begun_by(owing, event, clock, items or "", asks)


def _begun_by(owing: Owing, event: Event, clock: Clock[Any], item: str, asks: Asks) -> None:
    facts = owing.facts
    # What death drops does not begin after it, whatever is heard of the patient later.
    if not (facts.died and clock.ends_with_death):
        facts = seen_by(clock, item, facts)
        at, heard = event.at, event.recorded_at
        anchor = at if event.day is None else event.counts_from
        begin(owing, clock.name, item, facts, at, anchor, event.zone, heard, event.key, asks)


def begin(
    owing: Owing,
    clock: str,
    item: str,
    facts: Any,
    at: datetime,
    anchor: datetime,
    zone: str | None,
    heard: datetime,
    key: str,
    asks: Asks,
) -> None:
    """Start one clock for one item, unless it is running or the practice wants no such duty."""
    duties = owing.duties
    for running in duties:
        if running.clock == clock and running.item == item:
            return
    answer = asks.ask(clock, item, facts, anchor, zone, heard)
    due = answer.due_at
    if due is not None:
        number = owing.settled.rounds(clock, item) + 1
        one = _deadline(clock, item, number, at, key, due, answer.opens_at, answer.schedule)
        owing.duties = placed(duties, one)


def placed(deadlines: tuple[Deadline, ...], one: Deadline) -> tuple[Deadline, ...]:
    """Put a deadline among the others by when it began, behind those that began at the same moment."""
    if not deadlines or deadlines[-1].started_at < one.started_at:
        return (*deadlines, one)
    place = len(deadlines)
    while place and _stands_behind(deadlines[place - 1], one):
        place -= 1
    return (*deadlines[:place], one, *deadlines[place:])


def _stands_behind(other: Deadline, one: Deadline) -> bool:
    if other.started_at != one.started_at:
        return other.started_at > one.started_at
    # Surprises of one moment came in any order; a fold meets them in this one.
    both = other.clock in SURPRISES and one.clock in SURPRISES
    return both and (other.clock, other.item) > (one.clock, one.item)

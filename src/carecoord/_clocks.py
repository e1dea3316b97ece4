"""Clocks start and settle here; states do not change here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from carecoord._machine import Ending, Table
from carecoord.case import Answer, Deadline, How, Settled, Terms
from carecoord.events import Event
from carecoord.tables import Items, Only
from carecoord.workflow import LOOK_AGAIN, SURPRISES

_AT_ONCE: Final = timedelta(0)


class Asks(Protocol):
    """
    How a clock that starts gets its deadline: a kept answer, or the policy's.

    Where it is `strict`, a policy that fails refuses the act; else news is kept with a stopgap.
    """

    strict: bool

    def __call__(
        self, clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime
    ) -> Answer: ...


def settle(
    table: Table,
    deadlines: tuple[Deadline, ...],
    settled: tuple[Settled, ...],
    endings: dict[str, tuple[Ending, ...]],
    facts: Any,
    event: Event,
) -> tuple[tuple[Deadline, ...], tuple[Settled, ...]]:
    """End the deadlines that the event meets, excuses, waives or drops."""
    ended: list[Settled] = []
    running: list[Deadline] = []
    for deadline in deadlines:
        for how, given, item_of, why in endings.get(deadline.answer.clock, ()):
            if (
                _may_end(deadline, how, event)
                and _speaks_of(deadline, item_of(facts, event), deadlines)
                and (given is None or given(facts, event))
            ):
                ended.append(_ended(deadline, how, why, event))
                break
        else:
            running.append(deadline)
    return (tuple(running), (*settled, *ended)) if ended else (deadlines, settled)


def _may_end(deadline: Deadline, how: How, event: Event) -> bool:
    # What happened before a duty began, or before it opened, cannot have met it.
    if event.at < deadline.started_at:
        return False
    opens = deadline.answer.opens_at
    return opens is None or how is not How.MET or event.at >= opens


def _speaks_of(deadline: Deadline, items: Items, deadlines: tuple[Deadline, ...]) -> bool:
    own = deadline.answer.item
    if items is None or items == own:
        return True
    if type(items) is str:
        return False
    if own in items:
        return True
    if type(items) is not Only:
        return False
    owed = [one.answer.item for one in deadlines if one.answer.clock == deadline.answer.clock]
    return len(owed) == 1


def _ended(deadline: Deadline, how: How, why: str, event: Event) -> Settled:
    due = deadline.due_at
    if how is How.MET and event.at >= due:
        how = How.MET_LATE
    return Settled(
        deadline.answer.clock,
        deadline.answer.item,
        deadline.round,
        how,
        why,
        deadline.started_at,
        due,
        event.at,
        event.recorded_at,
        event.by,
        event.key,
    )


def drop_at_end(
    table: Table, deadlines: tuple[Deadline, ...], settled: tuple[Settled, ...], end: Any, event: Event
) -> tuple[tuple[Deadline, ...], tuple[Settled, ...]]:
    """End what an ended case owes no longer."""
    why = _because_of(end)
    running: list[Deadline] = []
    ended: list[Settled] = []
    for deadline in deadlines:
        if deadline.answer.clock in table.outliving:
            running.append(deadline)
        elif deadline.answer.clock != LOOK_AGAIN:
            ended.append(_ended(deadline, How.DROPPED, why, event))
    return tuple(running), (*settled, *ended)


def _because_of(end: Any) -> str:
    words: str = end.name.lower().replace("_", " ")
    return words


def bring_back(
    table: Table,
    deadlines: tuple[Deadline, ...],
    settled: tuple[Settled, ...],
    end: Any,
    facts: Any,
    event: Event,
    ask: Asks,
) -> tuple[Deadline, ...]:
    """Start again what the end had dropped: an ended case goes on where it stood."""
    why = _because_of(end)
    last = {(one.clock, one.item): one for one in settled}
    for one in last.values():
        if one.how is How.DROPPED and one.why == why and not (facts.died and table.clocks[one.clock].ends_with_death):
            deadlines = _begun_by(event, one.clock, one.item, deadlines, settled, facts, ask)
    return deadlines


def start(
    table: Table,
    deadlines: tuple[Deadline, ...],
    settled: tuple[Settled, ...],
    facts: Any,
    event: Event,
    ask: Asks,
    *,
    ended: bool,
) -> tuple[Deadline, ...]:
    """Start the clocks that the event starts, for items that are not running."""
    for clock, given, item_of in table.starts[type(event)]:
        # What death drops does not begin after it, whatever is heard of the patient later.
        if (ended and not clock.outlives) or (facts.died and clock.ends_with_death):
            continue
        if not (given is None or given(facts, event)):
            continue
        items = item_of(facts, event)
        for item in items if isinstance(items, tuple) else (items or "",):
            deadlines = _begun_by(event, clock.name, item, deadlines, settled, facts, ask)
    return deadlines


def _begun_by(
    event: Event,
    clock: str,
    item: str,
    deadlines: tuple[Deadline, ...],
    settled: tuple[Settled, ...],
    facts: Any,
    ask: Asks,
) -> tuple[Deadline, ...]:
    anchor, heard = event.counts_from, event.recorded_at
    return begin(deadlines, settled, clock, item, facts, event.at, anchor, event.zone, heard, event.key, ask)


def begin(
    deadlines: tuple[Deadline, ...],
    settled: tuple[Settled, ...],
    clock: str,
    item: str,
    facts: Any,
    at: datetime,
    anchor: datetime,
    zone: str | None,
    heard: datetime,
    key: str,
    ask: Asks,
) -> tuple[Deadline, ...]:
    """Start one clock for one item, unless it is running or the practice wants no such duty."""
    for running in deadlines:
        if running.answer.clock == clock and running.answer.item == item:
            return deadlines
    answer = ask(clock, item, facts, anchor, zone, heard)
    if answer.due_at is None:
        return deadlines
    rounds = 1
    for one in settled:
        if one.clock == clock and one.item == item:
            rounds += 1
    return placed(deadlines, Deadline(answer, rounds, at, key))


def placed(deadlines: tuple[Deadline, ...], one: Deadline) -> tuple[Deadline, ...]:
    """Put a deadline among the others by when it began, behind those that began at the same moment."""
    if not deadlines or not _stands_behind(deadlines[-1], one):
        return (*deadlines, one)
    place = len(deadlines)
    while place and _stands_behind(deadlines[place - 1], one):
        place -= 1
    return (*deadlines[:place], one, *deadlines[place:])


def _stands_behind(other: Deadline, one: Deadline) -> bool:
    if other.started_at != one.started_at:
        return other.started_at > one.started_at
    # Surprises of one moment came in any order; a fold meets them in this one.
    a, b = other.answer, one.answer
    return a.clock in SURPRISES and b.clock in SURPRISES and (a.clock, a.item) > (b.clock, b.item)


def look_again(deadlines: tuple[Deadline, ...], terms: Terms, event: Event, *, acted: bool) -> tuple[Deadline, ...]:
    """Count anew from an act that fits; an open case that lacks the clock gets it from any event."""
    for index, running in enumerate(deadlines):
        if running.answer.clock == LOOK_AGAIN:
            if not acted:
                return deadlines
            deadlines = (*deadlines[:index], *deadlines[index + 1 :])
            break
    answer = Answer(LOOK_AGAIN, "", event.at, None, (), event.at + terms.look_again, None, terms.look)
    return placed(deadlines, Deadline(answer, 1, event.at, event.key))

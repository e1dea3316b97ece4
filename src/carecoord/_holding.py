"""Clocks are held and dated anew here: by pauses, and by an urgency that changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve

from carecoord._clocks import Asks, Owing, seen_by
from carecoord._machine import Table
from carecoord._records import maker
from carecoord.case import Answer, Deadline, Pause, held_since
from carecoord.events import Event, Paused, UrgencyChanged
from carecoord.policies.anew import Again, Why
from carecoord.vocabulary import Urgency

_deadline: Callable[..., Deadline] = maker(Deadline)


def pause(table: Table, owing: Owing, event: Paused, was: Urgency, asks: Asks) -> None:
    """Hold what may be paused, or only one clock, from here on."""
    clocks = table.pausing if event.clock is None else (event.clock,)
    owing.pauses = (*owing.pauses, Pause(event.about or "", clocks, event.at, None, event.key))


def resume(table: Table, owing: Owing, event: Event, was: Urgency, asks: Asks) -> None:
    """End the pause that is named, or all, and date anew what it held: by the pause, and by an urgency that changed."""
    at, pauses, facts = event.at, owing.pauses, owing.facts
    ending = [one for one in pauses if one.until is None and event.about in (None, one.name)]

    def resumed(held: Deadline) -> Deadline:
        over = [one for one in ending if held.clock in one.clocks]
        since = held_since(pauses, held) if over else None
        if since is None:
            return held
        going_on = held
        if since < at:
            again = Again(held, Why.PAUSED, since, held.schedule.days_in)
            seen = _seen(table, held, facts)
            going_on = _dated_anew(held, asks.ask_again(again, seen, at, event.recorded_at))
        before = [one.urgency for one in over if one.urgency is not None]
        return _as_urgent(table, going_on, facts, before[0], event, asks) if before else going_on

    owing.duties = tuple([resumed(one) for one in owing.duties])
    owing.pauses = tuple([evolve(one, until=at) if one in ending else one for one in pauses])


def change_urgency(table: Table, owing: Owing, event: UrgencyChanged, was: Urgency, asks: Asks) -> None:
    """Date anew what runs and depends on the urgency; what is held waits until it is resumed."""
    facts, pauses = owing.facts, owing.pauses
    if facts.urgency is was:
        return
    owing.duties = tuple(
        one if held_since(pauses, one) is not None else _as_urgent(table, one, facts, was, event, asks)
        for one in owing.duties
    )
    owing.pauses = tuple(
        one if one.until is not None or one.urgency is not None else evolve(one, urgency=was) for one in pauses
    )


def _as_urgent(table: Table, deadline: Deadline, facts: Any, was: Urgency, event: Event, asks: Asks) -> Deadline:
    """Return a deadline as the new urgency wants it; what has passed is late and stays so."""
    now, schedule = facts.urgency, deadline.schedule
    if now is was or "urgency" not in schedule.reads or deadline.missed(event.at):
        return deadline
    if now > was:
        # No duty has less than its allowance because it became urgent before it began.
        again = Again(deadline, Why.RISEN, max(event.counts_from, deadline.started_at), event.zone)
    else:
        again = Again(deadline, Why.FALLEN, deadline.started_at, schedule.days_in)
    return _dated_anew(deadline, asks.ask_again(again, _seen(table, deadline, facts), event.at, event.recorded_at))


def _seen(table: Table, deadline: Deadline, facts: Any) -> Any:
    """Return the facts as a limit for this deadline reads them."""
    return seen_by(table.clocks[deadline.clock], deadline.item, facts)


def _dated_anew(one: Deadline, answer: Answer) -> Deadline:
    """Return the deadline with the dates of an answer; one that is where it was stays the same object."""
    due, opens, schedule = answer.due_at, answer.opens_at, answer.schedule
    if due is None or (due == one.due_at and opens == one.opens_at and schedule == one.schedule):
        return one
    return _deadline(one.clock, one.item, one.round, one.started_at, one.key, due, opens, schedule)

"""
Deadlines that stand, dated anew: after a pause that held them, and after the urgency changed.

What the policy says is an answer like any other: kept under what was asked, and never asked again.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from attrs import evolve, frozen

from carecoord.case import Answer, Deadline, Schedule
from carecoord.events import Facts
from carecoord.policies.calendars import Days
from carecoord.policies.limits import Dating, read
from carecoord.policies.spans import shifted


class Why(Enum):
    """Why a deadline that stands is dated anew."""

    PAUSED = "(paused)"
    RISEN = "(risen)"
    FALLEN = "(fallen)"


@frozen
class Again:
    """
    A question about a deadline that stands, to be asked once like any other.

    It counts from `since`: when a pause began to hold it, when the urgency rose, or, where it fell, when it began.
    """

    standing: Deadline
    why: Why
    since: datetime
    zone: str | None

    def read(self, facts: Facts, heard: datetime) -> tuple[Any, ...]:
        """Return under what the answer is kept: the deadline as it stands and, but for pauses, what a policy reads."""
        one = self.standing
        about = (self.why.value, one.schedule.row, one.schedule.unit, one.started_at, one.due_at, self.since)
        return about if self.why is Why.PAUSED else (*about, *read(one.schedule.reads, facts, heard))


def moved_by_pause(again: Again, until: datetime, dating: Dating | None, days: Days) -> tuple[datetime, Schedule]:
    """Return where a deadline stands that was held until then; *dating* is that of its row, if there still is one."""
    one = again.standing
    schedule = one.schedule
    due, firm = shifted(schedule.shift, one.due_at, again.since, until, days)
    firm = firm and not schedule.provisional
    if dating is not None:
        # As if it had begun later: so its reminders are those that it had.
        return due, dating.dated(one.started_at + (due - one.due_at), due, days, firm=firm)
    return due, schedule if firm or schedule.provisional else evolve(schedule, provisional=True)


def asked_of_urgency(again: Again, answer: Answer, dating: Dating, days: Days) -> tuple[datetime, Schedule]:
    """Return where a deadline stands after the urgency changed: a rise never makes it later, a fall never earlier."""
    one, due = again.standing, answer.due_at
    if due is None:
        return one.due_at, one.schedule
    due = min(due, one.due_at) if again.why is Why.RISEN else max(due, one.due_at)
    if due == answer.due_at:
        return due, answer.schedule
    return due, dating.dated(one.started_at, due, days, firm=not one.schedule.provisional)

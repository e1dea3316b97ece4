"""
Reminders that can wait, gathered into one message for each person; everything else is handed back to be told at once.

Pure: who is on duty is asked of the host's directory, and nothing is sent or kept. A digest is a choice of delivery:
what falls due, and when, was decided before.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Coroutine, Iterable
from datetime import datetime

from attrs import frozen

from carecoord.case import Deadline, Shift
from carecoord.effects import Effect, Escalated
from carecoord.hooks import AnyCase, Directory, Unheard, undelivered
from carecoord.moments import moment
from carecoord.views import stands
from carecoord.vocabulary import Urgency


def can_wait(case: AnyCase, alarm: Escalated) -> bool:
    """
    Whether an alarm is a mere reminder: a routine case, a duty of days, and the role that hears of it first.

    Whoever is told above them, whatever is promised in minutes or hours or until a stated moment,
    every repeat and the default queue are told at once. What is ours here is the choice; a host may
    have another.
    """
    duty = _duty(case, alarm)
    return (
        duty is not None
        and case.facts.urgency is Urgency.ROUTINE
        and duty.schedule.shift in (Shift.DAYS, Shift.WORKING)
        and alarm.notify is duty.schedule.roles[0]
        and not alarm.repeat
        and alarm.queue is None
    )


def _duty(case: AnyCase, alarm: Escalated) -> Deadline | None:
    which = (alarm.clock, alarm.item, alarm.round)
    return next((one for one in case.deadlines if one.id == which), None)


@frozen
class Digest:
    """
    What one person is reminded of in one message.

    Args:
        person: Whom the directory named.
        alarms: The newest reminder of each duty, the duty that is due first standing first.
        ids: The ids of all that it carries: delivered, once the message is.
    """

    person: str
    alarms: tuple[Escalated, ...]
    ids: tuple[str, ...]


@frozen
class Digests:
    """
    An outbox, sorted.

    Args:
        digests: One for each person, by name.
        at_once: What cannot wait, case by case: for `deliver`.
        stale: Ids of alarms that no longer stand, and go nowhere.
        unheard: Reminders for which nobody is on duty; advance their events, and they go up at once.
    """

    digests: tuple[Digest, ...]
    at_once: tuple[tuple[AnyCase, tuple[Effect, ...]], ...]
    stale: tuple[str, ...]
    unheard: tuple[Unheard, ...]


def digests(
    directory: Directory,
    work: Iterable[tuple[AnyCase, Iterable[Effect]]],
    *,
    at: datetime,
    delivered: Container[str] = (),
    routine: Callable[[AnyCase, Escalated], bool] = can_wait,
) -> Digests:
    """
    Gather the reminders of several cases by who is on duty, and hand back what cannot wait.

    *work* pairs each case, as it stands now, with what is in the outbox for it; *delivered* are ids
    that are known to be delivered. Where the directory raises, nothing was sent, so nothing is lost.

    Raises:
        NaiveMoment: *at* has no time zone.
        TypeError: the directory has to be awaited; hand in one that has looked already.
    """
    at = moment(at)
    by_person: dict[str, list[tuple[datetime, Escalated]]] = {}
    at_once: list[tuple[AnyCase, tuple[Effect, ...]]] = []
    stale: list[str] = []
    unheard: list[Unheard] = []
    for case, effects in work:
        now: list[Effect] = []
        for effect in {one.id: one for one in effects if one.id not in delivered}.values():
            if isinstance(effect, Escalated) and not stands(case, effect):
                stale.append(effect.id)
            elif not isinstance(effect, Escalated) or not routine(case, effect):
                now.append(effect)
            elif (person := _on_duty(directory, effect, case, at)) is None:
                unheard.append(Unheard(effect, undelivered(effect, at=at)))
            else:
                duty = _duty(case, effect)
                assert duty is not None, "what stands is owed"
                by_person.setdefault(person, []).append((duty.due_at, effect))
        if now:
            at_once.append((case, tuple(now)))
    gathered = tuple(_digest(person, told) for person, told in sorted(by_person.items()))
    return Digests(gathered, tuple(at_once), tuple(stale), tuple(unheard))


def _on_duty(directory: Directory, alarm: Escalated, case: AnyCase, at: datetime) -> str | None:
    person = directory.on_duty(alarm.notify, case, at)
    if isinstance(person, Awaitable):
        if isinstance(person, Coroutine):
            person.close()
        raise TypeError("this directory has to be awaited; hand in one that has looked already")
    return person


def _digest(person: str, told: list[tuple[datetime, Escalated]]) -> Digest:
    newest: dict[tuple[str, str, str, int], tuple[datetime, Escalated]] = {}
    for due, alarm in sorted(told, key=lambda one: one[1].at):
        newest[alarm.case_id, alarm.clock, alarm.item, alarm.round] = (due, alarm)
    by_due = sorted(newest.values(), key=lambda one: (one[0], one[1].id))
    return Digest(person, tuple(alarm for _, alarm in by_due), tuple(alarm.id for _, alarm in told))


__all__ = ["Digest", "Digests", "can_wait", "digests"]

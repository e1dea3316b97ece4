"""
Runs the made-up practice: hands in what is heard, looks every morning, delivers what was told.

This is a host: it asks the library and does what comes back. It decides nothing about care and
draws nothing; who answers to what, and when, it asks of the loop's desk.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, groupby

from examples.clinic.desk import Heard
from examples.clinic.hearing import MadeUpPractice
from examples.clinic.store import AnyStep, Store, look, take

from carecoord import (
    Actor,
    AlarmUndelivered,
    DeadlineSet,
    Effect,
    Escalated,
    Event,
    ReadyToClose,
    Refused,
    Role,
    open_case,
    stands,
)

Tell = Callable[[str], None]
ANSWERED = (ReadyToClose.kind, DeadlineSet.kind)  # of these some make somebody act
TELL_EVERY = 200  # looks
DONE_MEANWHILE, NOBODY = "nobody: done meanwhile", "nobody on duty"


@dataclass(slots=True)
class Seen:
    """What the host saw pass by; the loops themselves are in the store."""

    messages: Counter[str] = field(default_factory=Counter)  # what became of each that was handed in
    histories_read: int = 0
    looks: int = 0


class Replay:
    """One run over the stream; with a file that was left half-way, it goes on from there."""

    def __init__(self, store: Store, practice: MadeUpPractice, tell: Tell) -> None:
        self.store = store
        self.practice = practice
        self.tell = tell
        self.seen = Seen()
        self._number = count()
        self._agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = []

    def run(self) -> Seen:
        """Go through all that is heard and done until the window closes, and look once more then."""
        for role, shifts in self.practice.roster.shifts.items():
            self.store.put_roster(role, shifts)
        for heard in self.practice.stream:
            self._at(heard.event.recorded_at, self._handing_in(heard))
        for effect, told in (one for kind in ANSWERED for one in self.store.undelivered(kind)):
            self._plan_answer(effect, told)
        since = self.store.last_step()
        for morning in self.practice.looks:
            if since is None or morning >= since:
                self._at(morning, self._look)
        closes = self.practice.window.closes
        while self._agenda and self._agenda[0][0] < closes:
            at, _, do = heapq.heappop(self._agenda)
            do(at)
        self._look(closes)
        self.seen.histories_read = self.store.histories_read
        return self.seen

    def _at(self, at: datetime, do: Callable[[datetime], None]) -> None:
        heapq.heappush(self._agenda, (at, next(self._number), do))

    def _handing_in(self, heard: Heard) -> Callable[[datetime], None]:
        return lambda _: self._hand_in(heard)

    def _hand_in(self, heard: Heard) -> None:
        loop, event = heard.loop, heard.event
        ended = self.store.ended(loop.id)
        if ended is None:
            self._open(heard)
        elif self.store.turned_away(loop.id, event):
            self._count("judged before")
        elif ended and heard.if_open and not self.store.has_taken(loop.id, event.key):
            self.store.turn_away(loop.id, event, "the loop had ended")
            self._count("too late for an ended loop")
        else:
            self._take(loop.id, event)

    def _open(self, heard: Heard) -> None:
        loop, event = heard.loop, heard.event
        desk = self.practice.desk_of[loop.id]
        step = open_case(
            desk.rules,
            event,
            id=loop.id,
            subject=loop.patient,
            owner=desk.owner(loop),
            facts=desk.opening(loop, event),
        )
        if self.store.save(step, 0):
            self._count("opened a loop")
            self._after(step, event.recorded_at)
        else:
            self._take(loop.id, event)  # somebody else has opened it meanwhile

    def _take(self, case_id: str, event: Event) -> None:
        try:
            step = take(self.store, case_id, event)
        except Refused as why:
            self.store.turn_away(case_id, event, _reason(why))
            self._count("refused")
        else:
            self._count("nothing new" if step.entry is None else "taken")
            self._after(step, event.recorded_at)

    def _after(self, step: AnyStep, at: datetime) -> None:
        for effect in step.effects:
            if effect.kind in ANSWERED:
                self._plan_answer(effect, at)

    def _plan_answer(self, effect: Effect, told: datetime) -> None:
        answer = self.practice.desk_of[effect.case_id].answer(effect, told)
        if answer is not None:
            self._at(answer.recorded_at, lambda at: self._answer(effect, answer))

    def _answer(self, effect: Effect, answer: Event) -> None:
        kept = self.store.load(effect.case_id)
        if kept is not None and stands(kept.case, effect):
            self._take(effect.case_id, answer)
        self.store.delivered(effect, answer.recorded_at, answer.by.id)

    def _look(self, at: datetime) -> None:
        for case_id in self.store.due(at):
            self._after(look(self.store, case_id, at), at)
        for case_id, alarms in groupby(self._undelivered(), key=lambda alarm: alarm.case_id):
            self._deliver(case_id, list(alarms), at)
        self.seen.looks += 1
        if self.seen.looks % TELL_EVERY == 0:
            self.tell(f"replaying: {at:%B %Y}, {sum(self.seen.messages.values())} messages")

    def _undelivered(self) -> list[Escalated]:
        return [effect for effect, _ in self.store.undelivered(Escalated.kind) if isinstance(effect, Escalated)]

    def _deliver(self, case_id: str, alarms: Sequence[Escalated], at: datetime) -> None:
        """Give alarms to whoever is on duty; where nobody is, say so, and the next rung is told."""
        kept = self.store.load(case_id)
        assert kept is not None, "whoever said it is there"
        for alarm in alarms:
            who = DONE_MEANWHILE
            if stands(kept.case, alarm):
                who = self._on_duty(alarm, kept.case.owner, at)
            self.store.delivered(alarm, at, who)
            if who is NOBODY:
                self._nobody_heard(alarm, at)

    def _on_duty(self, alarm: Escalated, owner: str, at: datetime) -> str:
        if alarm.queue is not None:
            return alarm.queue
        return owner if alarm.notify is Role.OWNER else self.store.on_duty(alarm.notify, at) or NOBODY

    def _nobody_heard(self, alarm: Escalated, at: datetime) -> None:
        by, about = Actor(Role.SYSTEM, "alarms"), alarm.item or None
        key = f"sim:undelivered:{alarm.id}"
        self._take(
            alarm.case_id, AlarmUndelivered(at=at, by=by, key=key, clock=alarm.clock, about=about, rung=alarm.rung)
        )

    def _count(self, what: str) -> None:
        self.seen.messages[what] += 1


def _reason(why: Refused) -> str:
    if why.overtakes:
        return "it would overtake an act that was taken"
    return "; ".join(why.claims) or f"not while {why.state}"

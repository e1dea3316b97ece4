"""
How the made-up practice hears of what the bundles hold, and what it does: a seeded simulator.

A fact of a bundle becomes an event whose key begins with `bundle:` and whose `at` is the
bundle's; when the practice hears of it (`recorded_at`), how often and from whom is invented. All
other events are invented altogether, and their keys begin with `sim:`. What is invented is drawn
from the one table in `shares.py`, for each loop with dice of its own: the same bundles and the
same seed give the same stream, and one patient more changes the others only if the loops that
are left lying, which are allotted, fall elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Any

from attrs import evolve
from examples.clinic.bundles import Patient, Window
from examples.clinic.loops import Loop, loops
from examples.clinic.shares import GROUPS, Dice
from examples.clinic.staff import Roster, Staff, at_work

from carecoord import (
    Acknowledged,
    Actor,
    DeadlineSet,
    Effect,
    Event,
    Linked,
    LoopClosed,
    ReadyToClose,
    Role,
    ToldAgain,
    Urgency,
)
from carecoord.workflows.care_transition import (
    CARE_TRANSITION,
    Admitted,
    ArrivedAtEd,
    Died,
    Discharged,
    NoticeOf,
    NoticeReceived,
    TransitionFacts,
    VisitHeld,
)

SEED = 16  # of the first thirty the one whose practice meets most of what the workflow knows
LOOK_AT = time(14, 30)  # UTC, before the office opens
NOTICED = timedelta(hours=12)  # so long after a death or a readmission nobody works on the old loop any more
MINUTE = timedelta(minutes=1)
NEVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
ANSWERED = ("follow_up", "unexpected", "overtaken", "tell_again")  # duties that begin where nobody expects them
KINDS = {"EMER": (ArrivedAtEd, NoticeOf.ARRIVAL), "IMP": (Admitted, NoticeOf.ADMISSION)}


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, as it reaches the practice at `event.recorded_at`."""

    loop: Loop
    event: Event
    if_open: bool = False  # news of the patient, which concerns the loop only while it is open


class MadeUpPractice:
    """What one seed makes of the patients: the stream, the roster, and how the people answer to effects."""

    def __init__(self, patients: Sequence[Patient], window: Window, seed: int = SEED) -> None:
        self.window = window
        self.seed = seed
        self.drawn: Counter[tuple[str, str]] = Counter()
        self.loops = {loop.id: loop for loop in loops(patients)}
        self.loop_of = {stay.id: loop.id for loop in self.loops.values() for stay in loop.stays}
        self.roster = Roster(window, self._dice("roster"))
        self.left = self._left_lying()
        messages = sorted(self._all(), key=lambda one: (one.event.recorded_at, one.loop.id, one.event.key))
        self.stream = tuple(one for one in messages if one.event.recorded_at < window.closes)
        self.looks = tuple(self._mornings())

    def owner(self, loop: Loop) -> str:
        """Return the clinician who answers for the patient."""
        (owner,) = self._dice("owner", loop.patient).some(["clinician-1", "clinician-2", "clinician-3"], 1)
        return owner

    def opening(self, loop: Loop, event: Event) -> TransitionFacts:
        """Return what the practice knows of the patient when it opens the loop."""
        urgency = Urgency.URGENT if loop.high_risk else Urgency.ROUTINE
        # A discharge does not say what it ends; where nothing was heard before it, the practice asks.
        inpatient = loop.slept_in if isinstance(event, Discharged) else None
        return TransitionFacts(urgency=urgency, high_risk=loop.high_risk, inpatient=inpatient)

    def answer(self, effect: Effect, told: datetime) -> Event | None:
        """Return what somebody does, later, because of an effect that was told at *told*; most need nothing."""
        dice = self._dice("answer", effect.id)
        if isinstance(effect, ReadyToClose) and self.left.get(effect.case_id) != "closing":
            return self._act(LoopClosed, effect, dice.after(told, dice.draw("closing a loop")))
        if not isinstance(effect, DeadlineSet) or effect.clock not in ANSWERED:
            return None
        if effect.clock == "follow_up":
            at, loop = dice.after(told, dice.draw("a readmission")), self.loop_of[effect.item.partition(":")[2]]
            return self._act(Linked, effect, at, about=effect.item, case=loop, relation="readmission")
        at = dice.after(told, dice.draw("a surprise"))
        if effect.clock == "tell_again":
            return self._act(ToldAgain, effect, at, about=effect.item)
        return self._act(Acknowledged, effect, at, about=effect.item, clock=effect.clock)

    def _act(self, kind: type[Event], effect: Effect, at: datetime, **said: Any) -> Event:
        at = at_work(at)
        by = self.roster.actor(Role.COORDINATOR, at)
        return kind(at=at, by=by, key=f"sim:answer:{effect.id}", **said)

    def _dice(self, *purpose: object) -> Dice:
        return Dice(self.drawn, self.seed, *purpose)

    def _mornings(self) -> Iterator[datetime]:
        """Yield the moments at which somebody looks at the worklist."""
        day, opens = self.window.opens - timedelta(days=30), self.window.opens
        while (at := datetime.combine(day, LOOK_AT, opens.tzinfo)) < self.window.closes:
            if day.weekday() < 5 and self._dice("look", day.date()).way("a working day") == "somebody looks":
                yield at
            day += timedelta(days=1)

    def _left_lying(self) -> dict[str, str]:
        """Return the loops that nobody finishes, with the duty that nobody does."""
        known = list(self.loops.values())
        going_on = [
            (loop.ended, loop.id)
            for number, loop in enumerate(known)
            if loop.ended and not loop.died and _next_admission(loop, known[number + 1 :]) == NEVER
        ]
        worked_on, left_lying = GROUPS["a loop"]
        wanted = -(-left_lying.percent * len(known) // 100)
        dice = self._dice("left lying")
        # Of the latest only: what lies for years is found one day.
        latest = [loop for _, loop in sorted(going_on)[-max(wanted + 1, len(known) // 4) :]]
        chosen = dice.some(latest, wanted)
        self.drawn["a loop", left_lying.name] = len(chosen)
        self.drawn["a loop", worked_on.name] = len(known) - len(chosen)
        return {loop: dice.way("what is left lying") for loop in sorted(chosen)}

    def _all(self) -> Iterator[Heard]:
        for _, group in groupby(self.loops.values(), key=lambda loop: loop.patient):
            known = list(group)
            messages = [
                self._of_loop(loop, _next_admission(loop, known[number + 1 :])) for number, loop in enumerate(known)
            ]
            for number, (loop, events) in enumerate(zip(known, messages, strict=True)):
                later = zip(known[number + 1 :], messages[number + 1 :], strict=True)
                concern = [event for each in later for event in self._readmission(*each)]
                if loop.died and loop.ended:
                    died = self._fact(Died, loop.died, f"{loop.patient}:death")
                    concern += self._messages(died, self._dice("death", loop.id))
                opened = min(event.recorded_at for event in events)
                yield from (Heard(loop, event) for event in events)
                # Before its own loop is open, nobody knows that the news concerns it.
                yield from (Heard(loop, _not_before(opened + MINUTE, event), if_open=True) for event in concern)

    def _of_loop(self, loop: Loop, back: datetime) -> list[Event]:
        dice = self._dice("loop", loop.id)
        told = list(self._told(loop, dice))
        staff = Staff(loop, self.owner(loop), self.roster, dice, self.left.get(loop.id, ""))
        heard = min((event.recorded_at for event in told if isinstance(event, Discharged)), default=None)
        if loop.slept_in:
            staff.while_in(told, heard or loop.died or self.window.closes)
        if loop.ended is not None and heard is not None and self.left.get(loop.id) != "everything":
            staff.after_discharge(loop.ended, heard)
        until = min(back + NOTICED, loop.died or self.window.closes)
        # Nothing is filed before there is a loop to file it under.
        opened = min(event.recorded_at for event in told if type(event) in CARE_TRANSITION.opening_events)
        events = [*told, *(event for event in staff.done if event.at < until)]
        return [event if event.recorded_at == opened else _not_before(opened + MINUTE, event) for event in events]

    def _told(self, loop: Loop, dice: Dice) -> Iterator[Event]:
        """Yield what the bundle holds of a loop, as it is told; of an arrival that is not told, nothing."""
        for stay in loop.stays:
            kind, notice = KINDS[stay.kind]
            if loop.ended is None or dice.way("an arrival is told") == "told":
                facility = stay.facility or ""
                fact = self._fact(kind, stay.started, f"{stay.id}:{notice.value}", about=stay.id, facility=facility)
                yield from self._messages(fact, dice, notice)
        if loop.ended is not None:
            last = next(stay for stay in loop.stays if stay.ended == loop.ended)
            facility, notice = last.facility or "", NoticeOf.DISCHARGE
            # Where stays overlap, the one that ends last need not be the one that began last; the host tells it so.
            fact = self._fact(Discharged, loop.ended, f"{last.id}:{notice.value}", about=loop.visit, facility=facility)
            yield from self._messages(fact, dice, notice)
        elif loop.died:
            yield from self._messages(self._fact(Died, loop.died, f"{loop.patient}:death"), dice)
        for visit in loop.visits:
            fact = self._fact(VisitHeld, visit.started, f"{visit.id}:visit", about=visit.id, kind=visit.kind)
            yield from self._messages(fact, dice)

    def _readmission(self, loop: Loop, events: list[Event]) -> Iterator[Event]:
        """Yield that the patient was admitted in a later loop, as soon as that is known."""
        stay = next((stay for stay in loop.stays if stay.kind == "IMP"), None)
        heard = [event.recorded_at for event in events if isinstance(event, (Admitted, Discharged))]
        if stay is not None and heard:
            admitted = self._fact(Admitted, stay.started, f"{stay.id}:{NoticeOf.ADMISSION.value}", about=stay.id)
            yield evolve(admitted, recorded_at=max(min(heard), stay.started))

    def _fact(self, kind: type[Event], at: datetime, key: str, /, **said: Any) -> Event:
        return kind(at=at, by=Actor(Role.SYSTEM, "feed-1"), key=f"bundle:{key}", **said)

    def _messages(self, fact: Event, dice: Dice, notice: NoticeOf | None = None) -> Iterator[Event]:
        """Yield one fact as the practice hears of it: perhaps late, perhaps twice, perhaps from two feeds."""
        share = dice.draw("a fact is heard")
        heard = dice.after(fact.at, share)
        if share.name == "by asking":
            heard = at_work(heard)
            yield evolve(fact, recorded_at=heard, by=self.roster.actor(Role.COORDINATOR, heard))
        else:
            yield from self._sent(evolve(fact, recorded_at=heard), dice, notice)
        if (second := dice.draw("a second feed")).name == "tells it too":
            by = Actor(Role.SYSTEM, "feed-2")
            yield evolve(fact, by=by, key=f"{fact.key}:second feed", recorded_at=dice.after(heard, second))

    def _sent(self, known: Event, dice: Dice, notice: NoticeOf | None) -> Iterator[Event]:
        yield known
        about, at = known.about, known.recorded_at
        if notice is not None:
            key = f"sim:{about}:notice of {notice.value}"
            yield NoticeReceived(at=at, by=known.by, key=key, about=about, of=notice)
        if (again := dice.draw("a message comes")).name == "twice":
            yield evolve(known, recorded_at=dice.after(at, again))


def _next_admission(loop: Loop, later: Sequence[Loop]) -> datetime:
    """Return when the patient was next admitted, in whichever loop; emergency visits alone are none."""
    stays = (stay for each in later if each.patient == loop.patient for stay in each.stays)
    return next((stay.started for stay in stays if stay.kind == "IMP"), NEVER)


def _not_before(moment: datetime, event: Event) -> Event:
    return event if event.recorded_at >= moment else evolve(event, recorded_at=moment)

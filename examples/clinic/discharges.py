"""
How the made-up practice hears of the stays that the bundles hold, and of the discharges that end them.

One patient more changes the others only if the loops that are left lying, which are allotted,
fall elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from attrs import evolve
from examples.clinic.bundles import Patient
from examples.clinic.desk import MINUTE, NEVER, Desk, Ending, Heard, not_before
from examples.clinic.discharge_staff import DischargeStaff
from examples.clinic.loops import Loop, loops
from examples.clinic.shares import Dice
from examples.practice import TRANSITIONS

from carecoord import DeadlineSet, Event, Linked, Urgency
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

NOTICED = timedelta(hours=12)  # so long after a death or a readmission nobody works on the old loop any more
KINDS = {"EMER": (ArrivedAtEd, NoticeOf.ARRIVAL), "IMP": (Admitted, NoticeOf.ADMISSION)}


class Discharges(Desk):
    """Stays, from the first arrival to the duties after the discharge."""

    rules = TRANSITIONS
    title = "Discharges"
    one_loop = (
        "One loop is one stay, from the first arrival to the last discharge and the duties after it;"
        " stays that overlap or touch are one."
    )
    ends = (
        Ending("CLOSED", "closed", "met"),
        Ending("READMITTED", "ended by a readmission", "late-done"),
        Ending("DIED", "ended by a death", "let-go"),
    )
    answered = (*Desk.answered, "follow_up")

    def loops_of(self, patients: Sequence[Patient]) -> Iterable[Loop]:
        known = loops(patients)
        self.loop_of = {stay.id: loop.id for loop in known for stay in loop.stays}
        return known

    def left_lying(self) -> dict[str, str]:
        known: list[Loop] = list(self.loops.values())
        going_on = [
            (loop.ended, loop.id)
            for number, loop in enumerate(known)
            if loop.ended and not loop.died and _next_admission(loop, known[number + 1 :]) == NEVER
        ]
        return self.allotted(going_on, "what is left lying")

    def opening(self, loop: Loop, event: Event) -> TransitionFacts:
        urgency = Urgency.URGENT if loop.high_risk else Urgency.ROUTINE
        # A discharge does not say what it ends; where nothing was heard before it, the practice asks.
        inpatient = loop.slept_in if isinstance(event, Discharged) else None
        return TransitionFacts(urgency=urgency, high_risk=loop.high_risk, inpatient=inpatient)

    def answer_to(self, effect: DeadlineSet, told: datetime, dice: Dice) -> Event:
        """Link the new loop of a patient who was admitted again."""
        at, loop = dice.after(told, dice.draw("a readmission")), self.loop_of[effect.item.partition(":")[2]]
        return self.act(Linked, effect, at, about=effect.item, case=loop, relation="readmission")

    def messages(self) -> Iterator[Heard]:
        for _, group in groupby(self.loops.values(), key=lambda loop: loop.patient):
            known: list[Loop] = list(group)
            messages = [
                self._of_loop(loop, _next_admission(loop, known[number + 1 :])) for number, loop in enumerate(known)
            ]
            for number, (loop, events) in enumerate(zip(known, messages, strict=True)):
                later = zip(known[number + 1 :], messages[number + 1 :], strict=True)
                concern = [event for each in later for event in self._readmission(*each)]
                if loop.died and loop.ended:
                    died = self.fact(Died, loop.died, f"{loop.patient}:death")
                    concern += self.told(died, self.dice("death", loop.id))
                opened = min(event.recorded_at for event in events)
                yield from (Heard(loop, event) for event in events)
                # Before its own loop is open, nobody knows that the news concerns it.
                yield from (Heard(loop, not_before(opened + MINUTE, event), if_open=True) for event in concern)

    def _of_loop(self, loop: Loop, back: datetime) -> list[Event]:
        dice = self.dice("loop", loop.id)
        told = list(self._told(loop, dice))
        staff = DischargeStaff(loop, self.owner(loop), self.roster, dice, self.left.get(loop.id, ""))
        heard = min((event.recorded_at for event in told if isinstance(event, Discharged)), default=None)
        if loop.slept_in:
            staff.while_in(told, heard or loop.died or self.window.closes)
        if loop.ended is not None and heard is not None and self.left.get(loop.id) != "everything":
            staff.after_discharge(loop.ended, heard)
        until = min(back + NOTICED, loop.died or self.window.closes)
        # Nothing is filed before there is a loop to file it under.
        opened = min(event.recorded_at for event in told if type(event) in CARE_TRANSITION.opening_events)
        events = [*told, *(event for event in staff.done if event.at < until)]
        return [event if event.recorded_at == opened else not_before(opened + MINUTE, event) for event in events]

    def _told(self, loop: Loop, dice: Dice) -> Iterator[Event]:
        """Yield what the bundle holds of a loop, as it is told; of an arrival that is not told, nothing."""
        for stay in loop.stays:
            kind, notice = KINDS[stay.kind]
            if loop.ended is None or dice.way("an arrival is told") == "told":
                facility = stay.facility or ""
                fact = self.fact(kind, stay.started, f"{stay.id}:{notice.value}", about=stay.id, facility=facility)
                yield from self._noticed(fact, dice, notice)
        if loop.ended is not None:
            last = next(stay for stay in loop.stays if stay.ended == loop.ended)
            facility, notice = last.facility or "", NoticeOf.DISCHARGE
            # Where stays overlap, the one that ends last need not be the one that began last; the host tells it so.
            fact = self.fact(Discharged, loop.ended, f"{last.id}:{notice.value}", about=loop.visit, facility=facility)
            yield from self._noticed(fact, dice, notice)
        elif loop.died:
            yield from self.told(self.fact(Died, loop.died, f"{loop.patient}:death"), dice)
        for visit in loop.visits:
            fact = self.fact(VisitHeld, visit.started, f"{visit.id}:visit", about=visit.id, kind=visit.kind)
            yield from self.told(fact, dice)

    def _noticed(self, fact: Event, dice: Dice, notice: NoticeOf) -> Iterator[Event]:
        """Yield a fact as it is told, and with it that a notice of it came: where we had to ask, none did."""

        def and_notice(known: Event) -> Iterator[Event]:
            about, at = known.about, known.recorded_at
            key = f"sim:{about}:notice of {notice.value}"
            yield NoticeReceived(at=at, by=known.by, key=key, about=about, of=notice)

        yield from self.told(fact, dice, and_notice)

    def _readmission(self, loop: Loop, events: list[Event]) -> Iterator[Event]:
        """Yield that the patient was admitted in a later loop, as soon as that is known."""
        stay = next((stay for stay in loop.stays if stay.kind == "IMP"), None)
        heard = [event.recorded_at for event in events if isinstance(event, (Admitted, Discharged))]
        if stay is not None and heard:
            admitted = self.fact(Admitted, stay.started, f"{stay.id}:{NoticeOf.ADMISSION.value}", about=stay.id)
            yield evolve(admitted, recorded_at=max(min(heard), stay.started))


def _next_admission(loop: Loop, later: Sequence[Loop]) -> datetime:
    """Return when the patient was next admitted, in whichever loop; emergency visits alone are none."""
    stays = (stay for each in later if each.patient == loop.patient for stay in each.stays)
    return next((stay.started for stay in stays if stay.kind == "IMP"), NEVER)

"""
How the made-up practice hears of the laboratory reports that the bundles hold: one report is one order.

A bundle says when something was taken, which values it has, and what flags they bear. That it was
ordered, when each value reached the practice, what was called, corrected, read and told is invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from attrs import evolve
from examples.clinic.bundles import Patient
from examples.clinic.desk import MINUTE, Desk, Ending, Heard, not_before
from examples.clinic.lab_reports import Value
from examples.clinic.lab_staff import LabStaff
from examples.clinic.shares import Dice
from examples.practice import RESULTS

from carecoord import Actor, DeadlineSet, Event, PatientDied, Role, Waived
from carecoord.workflows.diagnostic_result import (
    Collected,
    FollowedUp,
    FollowUpDeclined,
    Ordered,
    PatientNotified,
    ResultFacts,
    SeenByPatient,
)

FOLLOWED = timedelta(days=365)  # before the window closes: three years of results would take longer than the rest
NOTICED = timedelta(hours=12)  # so long after a death nobody speaks with the patient any more
WITH_THE_PATIENT = (PatientNotified, SeenByPatient, FollowedUp, FollowUpDeclined)


@dataclass(frozen=True, slots=True)
class ResultLoop:
    """One report; *id* and *patient* are the bundle's ids."""

    id: str
    patient: str
    taken: datetime
    values: tuple[Value, ...]
    died: datetime | None  # when the patient died, after it


class Results(Desk):
    """Laboratory results, from the order to a patient who knows."""

    rules = RESULTS
    title = "Results"
    one_loop = (
        "One loop is one laboratory report, which is one order with as many components as the report has values."
        " Of all this the bundles hold when it was taken, the values and their flags, of which most have none;"
        " everything else is simulated: no bundle has an order, a turnaround, a critical flag or a correction."
        " The reports of the last year are followed."
    )
    ends = (
        Ending("CLOSED", "closed", "met"),
        Ending("CANCELLED", "withdrawn, or ordered anew", "let-go"),
    )
    answered = (*Desk.answered, "wrap_up")

    def loops_of(self, patients: Sequence[Patient]) -> Iterable[ResultLoop]:
        return [
            ResultLoop(each.id, each.patient, each.taken, each.values, patient.died)
            for patient in patients
            for each in patient.reports
            if each.taken >= self.window.closes - FOLLOWED
        ]

    def left_lying(self) -> dict[str, str]:
        going_on = [(loop.taken, loop.id) for loop in self.loops.values() if not loop.died]
        return self.allotted(going_on, "what is left of a result", "result")

    def opening(self, loop: ResultLoop, event: Event) -> ResultFacts:
        return ResultFacts()

    def answer_to(self, effect: DeadlineSet, told: datetime, dice: Dice) -> Event:
        """Let the case of a patient who died go on without a day by which it must end: it is read all the same."""
        at = dice.after(told, dice.draw("a surprise"))
        waived = self.act(Waived, effect, at, clock="wrap_up", reason="is read, and then closed")
        return evolve(waived, by=self.roster.actor(Role.CLINICIAN, waived.at))

    def messages(self) -> Iterator[Heard]:
        for loop in self.loops.values():
            dice = self.dice("result", loop.id)
            ordered = self._order(loop, dice)
            opened = ordered.recorded_at
            staff = LabStaff(loop, self.owner(loop), self.roster, dice, self.left.get(loop.id, ""))
            staff.from_the_taking()
            known = self.window.closes if loop.died is None else loop.died + NOTICED
            events = [event for event in staff.done if event.at < known or not isinstance(event, WITH_THE_PATIENT)]
            taken = self.fact(Collected, loop.taken, f"{loop.id}:taken", specimen="specimen-1")
            yield Heard(loop, ordered)
            yield from (Heard(loop, not_before(opened + MINUTE, one)) for one in (*self.told(taken, dice), *events))
            if loop.died is not None:
                died = self.fact(PatientDied, loop.died, f"{loop.patient}:death")
                told = self.told(died, self.dice("death", loop.id))
                yield from (Heard(loop, not_before(opened + MINUTE, event), if_open=True) for event in told)

    def _order(self, loop: ResultLoop, dice: Dice) -> Event:
        """Return the order, made a little before; no bundle holds one."""
        at = loop.taken - (dice.after(loop.taken, dice.draw("an order")) - loop.taken)
        names = tuple(value.name for value in loop.values)
        return Ordered(at=at, by=Actor(Role.OWNER, self.owner(loop)), key="sim:ordered", components=names)

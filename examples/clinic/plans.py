"""
How the made-up practice keeps the care plans that the bundles hold: one loop is one patient's plan.

A bundle says which plans run, since when and until when, which goals they name, and when the
patient was seen. That the patient was found for care management and why, what the plan lacked, who
took part, who weighed a visit, reviewed, measured and gave a copy is invented. That a plan of the
bundle began or ended is a draft of the practice's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from attrs import evolve
from examples.clinic.bundles import Patient, Stay, Visit
from examples.clinic.desk import MINUTE, Desk, Ending, Heard, not_before
from examples.clinic.office import at_work
from examples.clinic.plan_loops import Change, Part, content, parts_of
from examples.clinic.plan_staff import TIERS, PlanStaff, Told
from examples.clinic.shares import Dice
from examples.practice import PLANS

from carecoord import DeadlineSet, Effect, Event, PatientDied, ReadyToClose, Role
from carecoord.workflows.care_plan_review import Identified, PlanFacts, Reason, RelevantVisit, Revoked

NOTICED = timedelta(hours=12)  # so long after a death nobody works on the plan any more
REASONS = {
    "behavioral health": Reason.BEHAVIORAL_HEALTH,
    "high cost": Reason.HIGH_COST,
    "poorly controlled": Reason.POORLY_CONTROLLED,
    "social": Reason.SOCIAL,
    "referred": Reason.REFERRED,
}


@dataclass(frozen=True, slots=True)
class PlanLoop:
    """All plans of one patient; *id* and *patient* are the bundle's ids."""

    id: str  # of the first plan
    patient: str
    parts: tuple[Part, ...]
    found: datetime  # for care management; invented
    begins: Change | None  # the first plan, where none ran when the patient was found
    seen: tuple[Stay | Visit, ...]  # stays, ended or not, and visits
    died: datetime | None


class Plans(Desk):
    """Care plans, from being found for care management on."""

    rules = PLANS
    title = "Care plans"
    one_loop = (
        "One loop is the plan of one patient, with a component of care for each disease of which a plan runs."
        " Of all this the bundles hold which plans run, since when and until when, their goals, and when the patient"
        " was seen; everything else is simulated: no bundle has a risk tier, a prognosis, a review, a written copy or"
        " somebody who weighed a visit. A plan goes on for years, so it is unfinished only where something is overdue."
    )
    ends = (
        Ending("COMPLETED", "handed on", "met"),
        Ending("REVOKED", "ended by a death", "let-go"),
        Ending("DECLINED", "not wanted any more", "dropped"),
    )
    goes_on = True
    answered = (*Desk.answered, "wrap_up")

    def loops_of(self, patients: Sequence[Patient]) -> Iterable[PlanLoop]:
        for patient in patients:
            loop = self._loop(patient, parts_of(patient.plans)) if patient.plans else None
            if loop is not None and (loop.died is None or loop.found < loop.died):
                yield loop

    def _loop(self, patient: Patient, parts: tuple[Part, ...]) -> PlanLoop | None:
        dice = self.dice("found", patient.id)
        found = at_work(dice.after(self.window.opens, dice.draw("a patient is found")))
        begins = None
        if not content(parts, found).components:
            later = [part for part in parts if part.plan.started > found]
            if not later:
                return None  # what ran had ended before anybody asked
            first = later[0].plan
            begins = Change(first.started, f"{first.id}:plan")
            found = first.started - (dice.after(first.started, dice.draw("a new patient is found")) - first.started)
        seen: tuple[Stay | Visit, ...] = (*patient.stays, *patient.visits)
        return PlanLoop(parts[0].plan.id, patient.id, parts, found, begins, seen, patient.died)

    def left_lying(self) -> dict[str, str]:
        going_on = [(loop.found, loop.id) for loop in self.loops.values() if not loop.died]
        return self.allotted(going_on, "what is left of a plan", "plan")

    def opening(self, loop: PlanLoop, event: Event) -> PlanFacts:
        return PlanFacts()

    def answer(self, effect: Effect, told: datetime) -> Event | None:
        """Leave a plan of which nothing is owed as it is: it is ready to close only after a death, which ends it."""
        return None if isinstance(effect, ReadyToClose) else super().answer(effect, told)

    def answer_to(self, effect: DeadlineSet, told: datetime, dice: Dice) -> Event:
        """End the plan of a patient who died."""
        revoked = self.act(Revoked, effect, dice.after(told, dice.draw("a surprise")), reason="the patient died")
        return evolve(revoked, by=self.roster.actor(Role.CLINICIAN, revoked.at))

    def messages(self) -> Iterator[Heard]:
        for loop in self.loops.values():
            dice = self.dice("plan", loop.id)
            tier = TIERS[dice.way("the risk is")]
            reasons = (REASONS[dice.way("why a patient is found")],)
            by = self.roster.actor(Role.CARE_MANAGER, loop.found)
            found = Identified(at=loop.found, by=by, key="sim:identified", reasons=reasons, tier=tier)
            until = self.window.closes if loop.died is None else loop.died + NOTICED
            left = self.left.get(loop.id, "")
            staff = PlanStaff(loop, tier, self.owner(loop), self.roster, dice, left, until)
            heard: list[Event] = []
            staff.from_the_finding(loop.found, partial(self._visits, loop, heard))
            yield Heard(loop, found)
            events = (*heard, *(event for event in staff.done if event.at < until))
            yield from (Heard(loop, not_before(loop.found + MINUTE, event)) for event in events)
            if loop.died is not None:
                died = self.fact(PatientDied, loop.died, f"{loop.patient}:death")
                told = self.told(died, self.dice("death", loop.id))
                yield from (Heard(loop, not_before(loop.found + MINUTE, event), if_open=True) for event in told)

    def _visits(self, loop: PlanLoop, heard: list[Event], after: datetime) -> list[Told]:
        """Put what is heard of visits that bear on the plan into *heard*, and return when each was first heard of."""
        told: list[Told] = []
        for seen in loop.seen:
            at = seen.ended if isinstance(seen, Stay) else seen.started
            dice = self.dice("visit", seen.id)
            if at is None or at <= after or dice.way("a visit") == "does not":
                continue
            what = "discharge" if isinstance(seen, Stay) else "visit"
            news = list(self.told(self.fact(RelevantVisit, at, f"{seen.id}:{what}", about=seen.id), dice))
            heard += news
            told.append(Told(seen.id, at, min(each.recorded_at for each in news), seen.kind == "IMP"))
        return told

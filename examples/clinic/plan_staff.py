"""
What the people of the made-up practice do about the plan of one patient.

Everything here is invented but which diseases and goals stand in the plan, and when: every chance
is a row of `plan_shares.py`. The people do not know the rules by heart; what the workflow refuses
stays in.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Protocol

from examples.clinic.office import Roster, Worker, at_work
from examples.clinic.plan_loops import Change, Content, Part, changes, content
from examples.clinic.shares import Dice

from carecoord import Actor, Event, Linked, Role
from carecoord.workflows import care_plan_review as cpr

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHOLE = (*cpr.REQUIRED, cpr.Element.PREFERENCES)
WITHOUT_PROGNOSIS = tuple(each for each in WHOLE if each is not cpr.Element.PROGNOSIS)
TIERS = {"high": cpr.Tier.HIGH, "rising": cpr.Tier.RISING, "low": cpr.Tier.LOW}
REVIEWED_EVERY = {cpr.Tier.HIGH: 85 * DAY, cpr.Tier.RISING: 175 * DAY, cpr.Tier.LOW: 355 * DAY}
MEASURED_EVERY = {cpr.Tier.HIGH: 80 * DAY, cpr.Tier.RISING: 170 * DAY, cpr.Tier.LOW: 170 * DAY}
LEFT_FOR = 240 * DAY  # nobody has reviewed, weighed or measured, where that is what is left lying
EARLY = 10 * DAY  # before its date, at most, a review takes place
MADE_UP_GOAL = "sim-goal"  # where the generator gives none


class ToBePlanned(Protocol):
    """What is worked on."""

    @property
    def parts(self) -> tuple[Part, ...]: ...

    @property
    def begins(self) -> Change | None: ...


@dataclass(frozen=True, slots=True)
class Told:
    """That the practice heard of a visit that bears on the plan."""

    visit: str
    happened: datetime
    heard: datetime
    stay: bool  # more than an emergency visit: what it brought is to be brought in


class PlanStaff(Worker):
    """Works on one patient's plan, from the finding on."""

    def __init__(
        self, loop: ToBePlanned, tier: cpr.Tier, owner: str, roster: Roster, dice: Dice, left: str, until: datetime
    ) -> None:
        super().__init__(owner, roster, dice, left)
        self.loop = loop
        self.tier = tier
        self.until = until
        self.number = 1  # the highest of a version so far
        self.draft: int | None = None  # one that waits beside the plan
        self.planned = Content((), ())  # what the newest version says
        self.taken: set[str] = set()
        self.versions: list[tuple[datetime, int]] = []
        self._number = count()  # keeps what is at one moment in the order in which it was put there
        self._agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = []

    def from_the_finding(self, found: datetime, visits: Callable[[datetime], Sequence[Told]]) -> None:
        """Do all that is done; *visits* says what is heard of visits after a moment."""
        drafted = self._draft(found)
        begun = self._put_in_force(drafted)
        self._at(self._reviewed_after(begun), self._review)
        self._at(self._measured_after(begun), self._measure)
        for change in changes(self.loop.parts, drafted):
            self._at(change.at, partial(self._change, change))
        for told in visits(begun):
            weighs = at_work(self.dice.after(told.heard, self.dice.draw("a visit is weighed")))
            self._at(weighs, partial(self._weigh, told))
        stops = self.dice.draw("a plan") if not self.left else None
        if stops is not None and stops.hours is not None:
            end = self._hand_on if stops.name == "is handed on" else self._not_wanted
            self._at(at_work(self.dice.after(begun, stops)), end)
        while self._agenda and self._agenda[0][0] < self.until:
            at, _, do = heapq.heappop(self._agenda)
            do(at)
        self._copies()

    def _at(self, at: datetime, do: Callable[[datetime], None]) -> None:
        heapq.heappush(self._agenda, (at, next(self._number), do))

    # --- until it is in force ---------------------------------------------------------------

    def _draft(self, found: datetime) -> datetime:
        """Draft the first version, and return when."""
        if (begins := self.loop.begins) is not None:
            self._as_the_bundle_says(begins, version=1)
            return begins.at
        at = at_work(self.dice.after(found, self.dice.draw("a plan is drafted")))
        self.act(cpr.PlanDrafted, "drafted", at, Role.CARE_MANAGER, **self._of(at), version=1)
        return at

    def _of(self, at: datetime) -> dict[str, Any]:
        """Return what a version of this moment says: all that runs, and all that ran and does no longer."""
        self.planned = content(self.loop.parts, at)
        components = self.planned.components
        before = (part.component for part in self.loop.parts if part.plan.started <= at)
        ends = tuple(dict.fromkeys(each for each in before if each not in components))
        return {"components": components, "ends": ends, "goals": self._goals}

    @property
    def _goals(self) -> tuple[str, ...]:
        return self.planned.goals or (MADE_UP_GOAL,)

    def _as_the_bundle_says(self, change: Change, version: int) -> None:
        """Draft a version in the moment in which a plan of the bundle began or ended."""
        by = Actor(Role.OWNER, self.owner)
        filed = self.dice.after(change.at, self.dice.draw("an act is filed"))
        said = self._of(change.at)
        key = f"bundle:{change.fact}"
        self.done.append(cpr.PlanDrafted(at=change.at, recorded_at=filed, by=by, key=key, version=version, **said))

    def _put_in_force(self, drafted: datetime) -> datetime:
        """Put the first version in force, perhaps too early and then again, and return when."""
        took = at_work(self.dice.after(drafted, self.dice.draw("the patient takes part")))
        self.act(cpr.PatientTookPart, "took-part", took, Role.CARE_MANAGER)
        at = at_work(self.dice.after(drafted, self.dice.draw("a draft is put in force")))
        draft = self.dice.draw("a draft")
        if draft.hours is not None or at <= took:
            elements = WHOLE if draft.hours is None else WITHOUT_PROGNOSIS
            self._activate("in-force-too-early", at, elements)
            at = self.dice.after(at, draft)
        at = at_work(max(at, took + DAY) + HOUR)
        self._activate("in-force", at, WHOLE)
        self._made(at, 1)
        return at

    def _activate(self, name: str, at: datetime, elements: tuple[cpr.Element, ...]) -> None:
        said = {"elements": elements, "next_review_at": at + REVIEWED_EVERY[self.tier]}
        self.act(cpr.Activated, name, at, Role.CLINICIAN, **said)

    def _made(self, at: datetime, number: int) -> None:
        """Note that a version is in force, and see to the components that are new in it."""
        self.versions.append((at, number))
        for component in self.planned.components:
            if component not in self.taken:
                self.taken.add(component)
                self._accept(component, at)

    def _accept(self, component: str, at: datetime) -> None:
        who = self.dice.draw("who takes a component")
        clinician = self.owner
        if who.hours is not None:
            (clinician,) = self.dice.some(["clinician-1", "clinician-2", "clinician-3"], 1)
            at = at_work(self.dice.after(at, who))
            said = {"about": component, "clinician": clinician}
            self.act(cpr.ComponentAssigned, f"assigned-{component}", at, Role.OWNER, **said)
        at = at_work(self.dice.after(at, self.dice.draw("a component is accepted")))
        self._by(Actor(Role.CLINICIAN, clinician), cpr.ComponentAccepted, f"accepted-{component}", at, about=component)

    def _by(self, by: Actor, kind: type[Event], name: str, at: datetime, /, **said: Any) -> None:
        self.done.append(kind(at=at, by=by, key=f"sim:{name}", **said))

    # --- as long as it is in force ----------------------------------------------------------

    def _is_left(self, at: datetime) -> bool:
        return self.left == "reviewing" and at > self.until - LEFT_FOR

    def _change(self, change: Change, _: datetime) -> None:
        self.number += 1
        self.draft = self.number
        self._as_the_bundle_says(change, version=self.number)

    def _weigh(self, told: Told, at: datetime) -> None:
        if told.stay:
            linked = at_work(max(told.heard, told.happened) + HOUR)
            said = {"case": told.visit, "relation": "stay"}
            self.act(Linked, f"linked-{told.visit}", linked, Role.COORDINATOR, **said)
            brought = at_work(self.dice.after(linked, self.dice.draw("what a stay brought")) + HOUR)
            if not self._is_left(brought):
                self.act(cpr.InformationBroughtIn, f"brought-in-{told.visit}", brought, Role.OWNER, case=told.visit)
        if not self._is_left(at):
            changed = self.dice.way("a weighed visit changes") == "the plan"
            self._judge(cpr.VisitWeighed, f"weighed-{told.visit}", at, changed, about=told.visit)

    def _review(self, at: datetime) -> None:
        if self._is_left(at):
            return
        at = self._review_now(at, self.dice.way("a review") == "changes the plan")
        self._at(self._reviewed_after(at), self._review)

    def _review_now(self, at: datetime, changed: bool) -> datetime:
        at = at_work(at)
        number = len(self.done)
        begun = self.dice.draw("a review is begun")
        if begun.hours is not None:
            self.act(cpr.ReviewStarted, f"review-{number}-begun", at, Role.OWNER)
            at = at_work(self.dice.after(at, begun))
        next_review_at = at + REVIEWED_EVERY[self.tier]
        self._judge(cpr.PlanReviewed, f"review-{number}", at, changed, next_review_at=next_review_at)
        return at

    def _judge(self, kind: type[Event], name: str, at: datetime, changed: bool, **said: Any) -> None:
        """Let the plan stay as it is, or make a version of it; a draft that waits is the version."""
        outcome = cpr.Outcome.REVISED if changed or self.draft is not None else cpr.Outcome.UNCHANGED
        if outcome is cpr.Outcome.REVISED:
            if self.draft is None:
                self.number += 1
            said["version"] = self.draft or self.number
            self._made(at, said["version"])
            self.draft = None
        self.act(kind, name, at, Role.OWNER, outcome=outcome, **said)

    def _reviewed_after(self, at: datetime) -> datetime:
        """Return when the review takes place that follows one at *at*."""
        return self.dice.after(at + REVIEWED_EVERY[self.tier] - EARLY, self.dice.draw("a review comes"))

    def _measure(self, at: datetime) -> None:
        if self._is_left(at):
            return
        at = at_work(at)
        number = len(self.done)
        for goal in self._goals:
            self.act(cpr.GoalMeasured, f"measured-{goal}-{number}", at, Role.CARE_MANAGER, about=goal)
        self._at(self._measured_after(at), self._measure)

    def _measured_after(self, at: datetime) -> datetime:
        """Return when the goals are measured next, after somebody did at *at*."""
        return self.dice.after(at + MEASURED_EVERY[self.tier], self.dice.draw("goals are measured"))

    # --- copies, and how it ends ------------------------------------------------------------

    def _copies(self) -> None:
        """Give a copy of each version; of the newest that had time, and of all after it, none where they are left."""
        given = self.versions
        if self.left == "copies":
            had_time = [each for each in given if each[0] < self.until - 14 * DAY]
            given = had_time[:-1]
        for at, number in given:
            self._copy(at, number)

    def _copy(self, at: datetime, number: int) -> None:
        way = self.dice.draw("a copy")
        at = at_work(self.dice.after(at, way) + HOUR)
        channel = {"is sent by mail": cpr.Channel.MAIL, "is in the portal": cpr.Channel.PORTAL}.get(way.name)
        outcome = {"is not wanted": cpr.Copy.OFFERED_DECLINED, "comes back": cpr.Copy.UNDELIVERABLE}.get(way.name)
        said = {"channel": channel or cpr.Channel.IN_PERSON, "outcome": outcome or cpr.Copy.GIVEN, "version": number}
        self.act(cpr.CopyGiven, f"copy-{number}", at, Role.CARE_MANAGER, **said)
        if way.name in ("is in the portal", "comes back"):
            at = at_work(self.dice.after(at, self.dice.draw("a copy after that")))
            self._hand_over(at, number, "again-")

    def _hand_over(self, at: datetime, number: int, again: str) -> None:
        said = {"channel": cpr.Channel.IN_PERSON, "outcome": cpr.Copy.GIVEN, "version": number}
        self.act(cpr.CopyGiven, f"copy-{again}{number}", at, Role.CARE_MANAGER, **said)

    def _hand_on(self, at: datetime) -> None:
        """Review it once more, give it to the patient, and end it: another practice goes on with it."""
        reviewed = self._review_now(at, False)
        self._hand_over(at_work(reviewed + HOUR), self.versions[-1][1], "to-go-")
        self._end(cpr.Completed, at_work(reviewed + 7 * DAY), Role.CLINICIAN, reason="handed on")

    def _not_wanted(self, at: datetime) -> None:
        self._end(cpr.PatientDeclined, at, Role.CARE_MANAGER)

    def _end(self, kind: type[Event], at: datetime, by: Role, **said: Any) -> None:
        self.act(kind, "ended", at, by, **said)
        self._agenda.clear()

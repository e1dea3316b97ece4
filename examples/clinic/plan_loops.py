"""
Joins the care plans of a patient into the one loop that a practice follows. Nothing is invented here.

A bundle has one plan for each disease or episode; a practice keeps one plan for each patient. So
each disease is a component of care in that plan, as long as at least one of its plans runs, and
the goals are those of the plans that run. Both get names that say nothing about the patient.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from examples.clinic.care_plans import Plan


@dataclass(frozen=True, slots=True)
class Part:
    """What one plan of the bundle is in the patient's plan."""

    plan: Plan
    component: str
    goals: tuple[str, ...]

    def runs(self, at: datetime) -> bool:
        """Whether the plan runs at *at*; it does when it starts, and no longer when it ends."""
        return self.plan.started <= at and (self.plan.ended is None or at < self.plan.ended)


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in the patient's plan at one moment."""

    components: tuple[str, ...]
    goals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """That a plan of the bundle began or ended; *fact* is the key of it."""

    at: datetime
    fact: str


def parts_of(plans: Sequence[Plan]) -> tuple[Part, ...]:
    """Return the parts of one patient's plan; diseases and goals are numbered in the order of their plans."""
    codes = list(dict.fromkeys(plan.code for plan in plans))
    ids = list(dict.fromkeys(goal.id for plan in plans for goal in plan.goals))
    return tuple(
        Part(
            plan,
            f"component-{codes.index(plan.code) + 1}",
            tuple(f"goal-{ids.index(goal.id) + 1}" for goal in plan.goals),
        )
        for plan in plans
    )


def content(parts: Sequence[Part], at: datetime) -> Content:
    """Return what runs at *at*, each once."""
    running = [part for part in parts if part.runs(at)]
    components = dict.fromkeys(part.component for part in running)
    return Content(tuple(components), tuple(dict.fromkeys(goal for part in running for goal in part.goals)))


def changes(parts: Sequence[Part], after: datetime) -> Iterator[Change]:
    """Yield, in order, the later beginnings and ends by which other diseases or goals stand in the patient's plan."""
    begun = ((part.plan.started, f"{part.plan.id}:plan") for part in parts)
    ended = ((part.plan.ended, f"{part.plan.id}:plan ended") for part in parts if part.plan.ended)
    known = content(parts, after)
    for at, fact in sorted((*begun, *ended)):
        if at > after and content(parts, at) != known:
            known = content(parts, at)
            yield Change(at, fact)

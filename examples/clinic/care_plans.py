"""
What a bundle holds of care plans: since when each runs, when it ended, and the goals that it names.

The generator writes one plan for each disease or episode. It closes what is open when it stops
writing, so `bundles.follow` says which ends and which goals were known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

NO_PLAN = frozenset({"draft", "entered-in-error"})

Moment = Callable[[Mapping[str, Any], str, str], datetime]
"""Reads a moment: of a resource, the field's name, and its text."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of a plan; what it is, nothing here reads."""

    id: str
    completed: bool  # by its lifecycle; every other one goes on


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan for one disease or episode; a patient may have several of one code."""

    id: str
    patient: str
    code: str  # what it is about: the last of its categories
    started: datetime
    ended: datetime | None
    goals: tuple[Goal, ...]


def plans_of(resources: Iterable[Mapping[str, Any]], patient: str, moment: Moment) -> tuple[Plan, ...]:
    """Return the plans, in the order in which they began."""
    kept = list(resources)
    lifecycles = {each["id"]: each["lifecycleStatus"] for each in kept if each["resourceType"] == "Goal"}
    plans = [each for each in kept if each["resourceType"] == "CarePlan" and each["status"] not in NO_PLAN]
    found = (_plan(each, patient, lifecycles, moment) for each in plans)
    return tuple(sorted(found, key=lambda each: (each.started, each.id)))


def as_known(plan: Plan, ended: datetime | None) -> Plan:
    """Return the plan as it was known: as long as no end is, none of its goals is completed."""
    goals = plan.goals if ended else tuple(replace(each, completed=False) for each in plan.goals)
    return replace(plan, ended=ended, goals=goals)


def _plan(plan: Mapping[str, Any], patient: str, lifecycles: Mapping[str, str], moment: Moment) -> Plan:
    period = plan["period"]
    named = [each["reference"].rpartition(":")[2].rpartition("/")[2] for each in plan.get("goal", [])]
    return Plan(
        plan["id"],
        patient,
        plan["category"][-1]["coding"][0]["code"],
        moment(plan, "period.start", period["start"]),
        moment(plan, "period.end", period["end"]) if "end" in period else None,
        tuple(Goal(id, lifecycles[id] == "completed") for id in named if id in lifecycles),
    )

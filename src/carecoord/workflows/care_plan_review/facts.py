"""
What is known of a care plan beyond its state, and what can be read from that.

A plan is kept for ten years and longer, so nothing here grows with its rounds: what is in force and
what is owed is kept by name, what was settled is in the ledger, and what came before the last review
is forgotten here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from attrs import evolve, frozen

from carecoord.events import Event, Facts
from carecoord.workflow import with_more
from carecoord.workflows.care_plan_review.events import (
    Barriers,
    Channel,
    Copy,
    CopyGiven,
    Element,
    OfVersion,
    Outcome,
    PlanDrafted,
    PlanReviewed,
    Reason,
    Tier,
    VisitWeighed,
)

REQUIRED: Final = tuple(Element)[:5]
"""The elements that CM-04 requires."""


@frozen(kw_only=True)
class Version:
    """One version of the plan, in force or drafted; of a draft, which components of care it adds and ends."""

    number: int
    elements: tuple[Element, ...] = ()
    goals: tuple[str, ...] = ()
    barriers: tuple[tuple[str, Barriers], ...] = ()
    components: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


@frozen(kw_only=True)
class Component:
    """
    One component of care, and whose it is.

    `clinician` is who accepted it, "" as long as nobody has: then it is the owner's of the plan.
    `assigned` is to whom it was given and who has not accepted yet.
    """

    name: str
    clinician: str = ""
    assigned: str = ""

    @property
    def open(self) -> bool:
        """Whether somebody must still accept it."""
        return self.assigned != "" or self.clinician == ""


@frozen(kw_only=True, eq=False, repr=False)
class PlanFacts(Facts):
    """
    What is known of a care plan.

    `plan` is the version in force, `draft` one that is not, `number` the highest that there was. `visits` are to
    be weighed, `weighed` those that were since the last review, `weighed_before` those of the round before.
    `copy_owed` is the version with which it began that a copy is owed, 0 where none is; `holders` have one.
    `sources` are (case, what of it) to be brought in. `components` are those of the plan in force.
    `brought_now`, `gone_goals` and `gone_components` say what the last event that could did away with.
    `accessible` says that others see the plan when they see the patient. `reviewed_at` is when it was put in
    force or reviewed last, `ended` that the case has.
    """

    reasons: tuple[Reason, ...] = ()
    tier: Tier | None = None
    took_part: bool = False
    draft: Version | None = None
    plan: Version | None = None
    number: int = 0
    next_review_at: datetime | None = None
    reviewed_at: datetime | None = None
    visits: tuple[str, ...] = ()
    weighed: tuple[str, ...] = ()
    weighed_before: tuple[str, ...] = ()
    copy_owed: int = 0
    holders: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    brought_now: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    gone_goals: tuple[str, ...] = ()
    gone_components: tuple[str, ...] = ()
    accessible: bool = False
    ended: bool = False


# --- versions -------------------------------------------------------------------------------


def number_of(facts: PlanFacts, event: OfVersion | CopyGiven) -> int:
    """
    Return the version that an act speaks of; 0 where nobody can say.

    Without a number it is the one in force, or the draft as long as none is; what is drafted is the draft, else the
    next. What is revised always has a number.
    """
    if event.version is not None:
        return event.version
    if isinstance(event, PlanDrafted):
        return facts.draft.number if facts.draft is not None and may_be(facts, facts.draft.number) else facts.number + 1
    if isinstance(event, PlanReviewed | VisitWeighed) and event.outcome is Outcome.REVISED:
        return 0
    present = facts.plan or facts.draft
    return 0 if present is None else present.number


def may_be(facts: PlanFacts, number: int) -> bool:
    """Whether a version of this number may be drafted or put in force: a new one, or the draft, if above the plan."""
    drafted = facts.draft is not None and number == facts.draft.number
    return number > facts.number or (drafted and (facts.plan is None or number > facts.plan.number))


def version_of(facts: PlanFacts, event: OfVersion) -> Version:
    """Return the version that an act speaks of: what it does not say is as in that draft, else as before."""
    number, draft = number_of(facts, event), facts.draft
    before = draft if draft is not None and draft.number == number else facts.plan or Version(number=number)
    names = ("elements", "goals", "barriers", "components", "ends")
    return evolve(before, number=number, **{n: said for n in names if (said := getattr(event, n)) is not None})


def goals_of(facts: PlanFacts) -> tuple[str, ...]:
    """Return the goals of the plan in force, and of the draft."""
    return with_more((), *(goal for one in (facts.plan, facts.draft) if one is not None for goal in one.goals))


def reaches(facts: PlanFacts, event: CopyGiven) -> bool:
    """Whether the patient has the version in force now, or would not have it; the portal alone needs known access."""
    if facts.plan is None or number_of(facts, event) != facts.plan.number:
        return False
    return is_had(event) or event.outcome is Copy.OFFERED_DECLINED


def is_had(event: CopyGiven) -> bool:
    """Whether somebody has what was given."""
    return event.outcome is Copy.GIVEN and (event.channel is not Channel.PORTAL or event.portal_access)


# --- visits, sources, components ------------------------------------------------------------


def visit_of(event: Event) -> str:
    """Return the name of a visit; one without a name is known by the key of the news."""
    return event.about or event.key


def weighed_by(facts: PlanFacts, event: VisitWeighed) -> tuple[str, ...]:
    """Return the visit that was weighed: the one it names, else the only one."""
    if event.about is not None:
        return (event.about,)
    return facts.visits if len(facts.visits) == 1 else ()


def source_name(source: tuple[str, str]) -> str:
    """Return what is to be brought in by one name: the case, and what of it, where that was said."""
    case, thing = source
    return f"{case}:{thing}" if thing else case


def the_goal(facts: PlanFacts, event: Event) -> str | None:
    """Return the goal that an act names; without one, the only one."""
    goals = goals_of(facts)
    return event.about or (goals[0] if len(goals) == 1 else None)


def component_named(facts: PlanFacts, name: str | None) -> Component | None:
    """Return the component of care of this name."""
    return next((one for one in facts.components if one.name == name), None)

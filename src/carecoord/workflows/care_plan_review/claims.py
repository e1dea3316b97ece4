"""
What the rows of a care plan claim.

Claims of moves read the facts before the event, claims of clocks those after it.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from attrs import evolve

from carecoord.events import Event
from carecoord.vocabulary import Role
from carecoord.workflows.care_plan_review.events import (
    Activated,
    Completed,
    ComponentAccepted,
    ComponentAssigned,
    CopyGiven,
    Element,
    GoalMeasured,
    OfVersion,
    Outcome,
    PlanDrafted,
    PlanReviewed,
    Revoked,
    VisitWeighed,
)
from carecoord.workflows.care_plan_review.facts import (
    PlanFacts,
    Version,
    component_named,
    goals_of,
    may_be,
    number_of,
    reaches,
    the_goal,
    version_of,
    weighed_by,
)

_Judges: TypeAlias = PlanReviewed | VisitWeighed

OTHERS: Final = (Role.SYSTEM, Role.LABORATORY, Role.HOSPITAL, Role.RECIPIENT, Role.PATIENT)


# --- versions -------------------------------------------------------------------------------


def by_one_of_us(_: PlanFacts, event: Event) -> bool:
    """somebody of the practice did it"""
    return event.by.role not in OTHERS


def drafts_what_is_not_in_force(facts: PlanFacts, event: PlanDrafted) -> bool:
    """its number is new, or that of the draft"""
    return may_be(facts, number_of(facts, event))


def is_the_draft(facts: PlanFacts, event: Activated) -> bool:
    """it is the version that was drafted last"""
    return facts.draft is not None and number_of(facts, event) == facts.draft.number


def is_as_it_was_or_new(facts: PlanFacts, event: _Judges) -> bool:
    """a plan that stays is the version in force, with nothing changed, and a revised one has a new number"""
    version, before = version_of(facts, event), facts.plan or facts.draft or Version(number=0)
    if event.outcome is Outcome.REVISED:
        return may_be(facts, version.number)
    # To name a component of care that there is changes nothing.
    known = (*before.components, *(one.name for one in facts.components))
    adds_none = all(name in known for name in version.components)
    return adds_none and before == evolve(version, components=before.components)


def _contains(facts: PlanFacts, event: OfVersion, element: Element) -> bool:
    return element in version_of(facts, event).elements


def lists_the_problems(facts: PlanFacts, event: OfVersion) -> bool:
    """the plan has the problem list (CM-04)"""
    return _contains(facts, event, Element.PROBLEMS)


def says_the_prognosis(facts: PlanFacts, event: OfVersion) -> bool:
    """the plan has the expected outcome or prognosis (CM-04)"""
    return _contains(facts, event, Element.PROGNOSIS)


def names_the_goals(facts: PlanFacts, event: OfVersion) -> bool:
    """the plan has the treatment goals (CM-04)"""
    return _contains(facts, event, Element.GOALS)


def manages_medication(facts: PlanFacts, event: OfVersion) -> bool:
    """the plan says how medication is managed (CM-04)"""
    return _contains(facts, event, Element.MEDICATION)


def has_a_schedule(facts: PlanFacts, event: OfVersion) -> bool:
    """the plan says when it is reviewed and revised (CM-04)"""
    return _contains(facts, event, Element.REVIEW_SCHEDULE)


def patient_took_part(facts: PlanFacts, _: Event) -> bool:
    """the patient took part (CM-04)"""
    return facts.took_part


def says_when_it_is_reviewed_next(_: PlanFacts, event: Activated | PlanReviewed) -> bool:
    """the date of the next review is set, and lies ahead (CM-04)"""
    return event.next_review_at is not None and event.next_review_at > event.at


# --- visits, copies, goals, components ------------------------------------------------------


def names_the_visit(facts: PlanFacts, event: VisitWeighed) -> bool:
    """it names the visit, or only one is to be weighed"""
    return bool(weighed_by(facts, event))


def of_a_version_that_there_was(facts: PlanFacts, event: CopyGiven) -> bool:
    """it is of a version that was drafted or in force"""
    return 0 < number_of(facts, event) <= facts.number


def of_a_goal(facts: PlanFacts, event: GoalMeasured) -> bool:
    """it names a goal of the plan, or there is only one"""
    return the_goal(facts, event) in goals_of(facts)


def names_component_and_clinician(_: PlanFacts, event: ComponentAssigned) -> bool:
    """it names the component and the clinician"""
    return bool(event.about and event.clinician)


def is_theirs_to_take(facts: PlanFacts, event: ComponentAccepted) -> bool:
    """the component was assigned to the actor; where nobody has it, and to nobody else"""
    component = component_named(facts, event.about)
    if component is None or not component.open or not event.by.id:
        return False
    return component.assigned == event.by.id or (component.assigned, component.clinician) == ("", "")


# --- how it ends ----------------------------------------------------------------------------


def gives_a_reason(_: PlanFacts, event: Completed | Revoked) -> bool:
    """a reason is given"""
    return bool(event.reason.strip())


def no_draft_waits(facts: PlanFacts, _: Event) -> bool:
    """no draft waits to be put in force"""
    return facts.died or facts.draft is None


def every_visit_is_weighed(facts: PlanFacts, _: Event) -> bool:
    """every relevant visit is weighed"""
    return facts.died or not facts.visits


def the_copy_was_given(facts: PlanFacts, _: Event) -> bool:
    """the patient has a copy of the version in force, or does not want it"""
    return facts.died or facts.copy_owed == 0


def all_is_brought_in(facts: PlanFacts, _: Event) -> bool:
    """what other cases brought is brought in"""
    return facts.died or not facts.sources


def every_component_is_taken(facts: PlanFacts, _: Event) -> bool:
    """every component of care is accepted by a clinician"""
    return facts.died or not any(one.open for one in facts.components)


def no_conflict_is_open(facts: PlanFacts, _: Event) -> bool:
    """no conflict is open"""
    return not facts.conflicts


def was_in_force(facts: PlanFacts, _: Event) -> bool:
    """a plan was in force"""
    return facts.plan is not None


def was_drafted(facts: PlanFacts, _: Event) -> bool:
    """a plan was drafted"""
    return facts.draft is not None


# --- after the event, for clocks ------------------------------------------------------------


def without_a_plan(facts: PlanFacts, _: Event) -> bool:
    """there is no plan, and no draft"""
    return facts.plan is None and facts.draft is None


def nothing_is_drafted(facts: PlanFacts, _: Event) -> bool:
    """no draft is left"""
    return facts.draft is None


def only_drafted(facts: PlanFacts, _: Event) -> bool:
    """there is a draft, and no plan in force"""
    return facts.plan is None and facts.draft is not None


def in_force(facts: PlanFacts, _: Event) -> bool:
    """a plan is in force"""
    return facts.plan is not None


def counts_as_given(facts: PlanFacts, event: CopyGiven) -> bool:
    """they have the version in force, by the portal alone where they have access, or do not want it"""
    return reaches(facts, event)

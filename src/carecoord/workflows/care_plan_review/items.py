"""Which of several deadlines an event speaks of: a visit, a copy, a goal, a component of care, what a case brings."""

from __future__ import annotations

from carecoord.events import EnteredInError, Event, Linked, LinkedCaseEnded
from carecoord.tables import Only
from carecoord.workflows.care_plan_review.events import (
    GoalMeasured,
    InformationBroughtIn,
    RelevantVisit,
    VisitWeighed,
)
from carecoord.workflows.care_plan_review.facts import (
    PlanFacts,
    source_name,
    the_goal,
    visit_of,
)


def the_visit(facts: PlanFacts, event: RelevantVisit) -> tuple[str, ...]:
    """the visit, unless it was weighed"""
    name = visit_of(event)
    return (name,) if name in facts.visits else ()


def the_visit_weighed(_: PlanFacts, event: VisitWeighed) -> str | Only:
    """the visit that it names; without a name the only one"""
    return Only() if event.about is None else event.about


def the_copy_owed(facts: PlanFacts, _: Event) -> tuple[str, ...]:
    """the version with which it began that a copy is owed"""
    return (str(facts.copy_owed),) if facts.copy_owed else ()


def what_the_case_brings(facts: PlanFacts, event: Linked | LinkedCaseEnded) -> tuple[str, ...]:
    """what that case brings and is not brought in"""
    return tuple(source_name(one) for one in facts.sources if one[0] == event.case)


def all_that_is_to_be_brought_in(facts: PlanFacts, _: Event) -> tuple[str, ...]:
    """what other cases bring and is not brought in"""
    return tuple(source_name(one) for one in facts.sources)


def what_was_brought_in(facts: PlanFacts, _: InformationBroughtIn) -> tuple[str, ...]:
    """what is brought in with this"""
    return facts.brought_now


def each_goal(facts: PlanFacts, _: Event) -> tuple[str, ...]:
    """each goal of the plan in force"""
    return () if facts.plan is None else facts.plan.goals


def the_goal_measured(facts: PlanFacts, event: GoalMeasured) -> str:
    """the goal"""
    return the_goal(facts, event) or ""


def the_goal_again(facts: PlanFacts, event: GoalMeasured) -> tuple[str, ...]:
    """the goal, if it is one of the plan in force"""
    return tuple(one for one in each_goal(facts, event) if one == the_goal(facts, event))


def goals_that_are_gone(facts: PlanFacts, _: Event) -> tuple[str, ...]:
    """each goal that is one no longer"""
    return facts.gone_goals


def each_open_component(facts: PlanFacts, _: Event) -> tuple[str, ...]:
    """each component of care that nobody has, or that somebody must accept"""
    return tuple(one.name for one in facts.components if one.open)


def each_settled_component(facts: PlanFacts, _: Event) -> tuple[str, ...]:
    """each component of care that is a clinician's, and that nobody else is to accept"""
    return tuple(one.name for one in facts.components if not one.open)


def components_that_are_gone(facts: PlanFacts, _: Event) -> tuple[str, ...]:
    """each component of care that is one no longer"""
    return facts.gone_components


def whoever_has_a_copy(facts: PlanFacts, _: EnteredInError) -> tuple[str, ...]:
    """whoever has a copy"""
    return facts.holders

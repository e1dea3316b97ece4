"""
Care plans that are wrong on purpose: each has a row, a clock or a lesson changed a little.

The specification counts as good only as long as it finds out all of them (`test_wrong_workflows.py`). Each is one of
the ways in which plans were lost somewhere: in force and never reviewed, revised and given to nobody, handed on and
taken by nobody.
"""

from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from attrs import evolve
from examples.practice import PLAN_ROWS, PLANS, STAFF
from tests import test_care_plan_safety as safety
from tests.kit.wrong_rows import Workshop

from carecoord import ConflictRaised, LinkedCaseEnded, OwnerGone, PatientLeft, Role, Rulebook
from carecoord.policies import Until
from carecoord.tables import Move, On, Only, by_about, every_item
from carecoord.workflows.care_plan_review import (
    CARE_PLAN_REVIEW,
    Activated,
    Completed,
    ComponentAssigned,
    Copy,
    Identified,
    Outcome,
    PatientDeclined,
    PlanReviewed,
    PlanState,
    RelevantVisit,
    VisitWeighed,
    claims,
    lessons,
)
from carecoord.workflows.care_plan_review import facts as facts_
from carecoord.workflows.care_plan_review.facts import component_named

OURS = Workshop(PLANS)
WRONG = OURS.made
wrong, clock, without_rows, lesson, without_claims = (
    OURS.wrong,
    OURS.clock,
    OURS.without_rows,
    OURS.lesson,
    OURS.without_claims,
)

_WHOLE = (
    claims.lists_the_problems,
    claims.says_the_prognosis,
    claims.names_the_goals,
    claims.manages_medication,
    claims.has_a_schedule,
)


@wrong("a clinician lets a review go", safety.test_r_33_nobody_lets_a_review_go_and_no_pause_holds_it)
def _let_go(_: ExitStack) -> Any:
    return clock("review", waivable_by=(Role.CLINICIAN,))


@wrong("a pause holds the review", safety.test_r_33_nobody_lets_a_review_go_and_no_pause_holds_it)
def _held(_: ExitStack) -> Any:
    calendar = [evolve(row, allow=row.allow.within) if _is_until(row) else row for row in PLAN_ROWS.all_rows]
    rows = evolve(PLAN_ROWS, all_rows=_once(calendar))
    return Rulebook(clock("review", pausable=True), timing=rows, default_queue="front-desk", staff=STAFF)


def _is_until(row: Any) -> bool:
    return row.clock == "review" and isinstance(row.allow, Until)


def _once(rows: Any) -> Any:
    """Leave out a row that stands behind one that always fits."""
    kept: list[Any] = []
    for row in rows:
        if not any(other.clock == row.clock and other.when == row.when for other in kept):
            kept.append(row)
    return tuple(kept)


@wrong(
    "the plan's own date wins however late",
    safety.test_r_33_the_plans_own_date_never_puts_a_review_off_beyond_the_practices_longest,
)
def _put_off(_: ExitStack) -> Any:
    rows = (evolve(row, allow=Until("next_review_at")) if _is_until(row) else row for row in PLAN_ROWS.all_rows)
    return evolve(PLAN_ROWS, all_rows=tuple(rows))


@wrong("a plan is in force without a date", safety.test_r_33_a_plan_in_force_always_has_a_date_of_its_next_review)
def _undated(_: ExitStack) -> Any:
    return without_claims(Activated, claims.says_when_it_is_reviewed_next)


@wrong("a review ends without the next date", safety.test_r_33_a_plan_in_force_always_has_a_date_of_its_next_review)
def _last_review(_: ExitStack) -> Any:
    return without_claims(PlanReviewed, claims.says_when_it_is_reviewed_next)


@wrong("a program reviews", safety.test_a_review_counts_only_if_somebody_here_did_it)
def _program(_: ExitStack) -> Any:
    return without_claims(PlanReviewed, claims.by_one_of_us)


@wrong("who is found is planned for by nobody", safety.test_a_patient_who_is_found_is_planned_for)
def _unplanned(_: ExitStack) -> Any:
    return without_rows("draft", "starts", Identified)


@wrong(
    "a plan is in force without its elements",
    safety.test_cm_04_a_plan_is_in_force_only_with_its_five_elements_the_patients_part_and_a_date,
)
def _hollow(_: ExitStack) -> Any:
    return without_claims(Activated, *_WHOLE)


@wrong("a revised plan may have a hole", safety.test_cm_04_a_revised_plan_is_still_whole)
def _hole(_: ExitStack) -> Any:
    return without_claims(PlanReviewed, *_WHOLE)


@wrong("a new version needs no copy", safety.test_r_34_each_new_version_is_given_to_the_patient)
def _no_copy(_: ExitStack) -> Any:
    return without_rows("give_copy", "starts", PlanReviewed)


@wrong("a version that a visit made needs no copy", safety.test_r_34_each_new_version_is_given_to_the_patient)
def _no_copy_of_a_visit(_: ExitStack) -> Any:
    return without_rows("give_copy", "starts", VisitWeighed)


@wrong("an old copy is one of the new version", safety.test_r_34_a_copy_of_what_is_no_longer_in_force_is_no_copy)
def _old_copy(changed: ExitStack) -> Any:
    for room in (claims, lessons):
        changed.enter_context(patch.object(room, "reaches", lambda facts, event: True))


@wrong(
    "a copy is owed anew with each version",
    safety.test_r_34_version_after_version_the_first_copy_that_nobody_got_stays_late,
)
def _copy_anew(_: ExitStack) -> Any:
    return clock("give_copy", dropped_by=[On(PlanReviewed, item=every_item, why="a newer version")])


@wrong("what came back was given", safety.test_r_34_that_somebody_does_not_want_a_copy_is_said_and_never_inferred)
def _came_back(changed: ExitStack) -> Any:
    changed.enter_context(patch.object(facts_, "is_had", lambda event: True))


@wrong("to post is to give", safety.test_cm_05_the_portal_alone_is_no_copy_for_who_has_no_access)
def _posted(changed: ExitStack) -> Any:
    changed.enter_context(patch.object(facts_, "is_had", lambda event: event.outcome is Copy.GIVEN))


@wrong(
    "whoever it is assigned to has it",
    safety.test_r_35_each_component_has_exactly_one_clinician_and_the_old_one_until_the_new_one_accepts,
)
def _assigned(_: ExitStack) -> Any:
    def has_it(right: Any, facts: Any, event: Any) -> Any:
        facts = right(facts, event)
        others = tuple(one for one in facts.components if one.name != event.about)
        one = component_named(facts, event.about)
        return facts.but(components=(*others, evolve(one, clinician=event.clinician)))

    return lesson(ComponentAssigned, has_it)


@wrong(
    "a version ends what it does not name",
    safety.test_r_35_no_version_ends_a_component_that_it_does_not_name,
)
def _unnamed(_: ExitStack) -> Any:
    def only_named(right: Any, facts: Any, event: Any) -> Any:
        facts = right(facts, event)
        named = tuple(one for one in facts.components if one.name in (event.components or ()))
        return facts.but(components=named) if event.outcome is Outcome.REVISED else facts

    return lesson(PlanReviewed, only_named)


@wrong(
    "who is gone still has it",
    safety.test_r_35_a_component_of_who_is_gone_is_the_owners_until_another_accepts_it,
)
def _gone(_: ExitStack) -> Any:
    return lesson(OwnerGone, lambda right, facts, event: facts)


@wrong(
    "what nobody took is asked of nobody",
    safety.test_r_35_a_component_of_who_is_gone_is_the_owners_until_another_accepts_it,
)
def _unasked(_: ExitStack) -> Any:
    return without_rows("accept_component", "starts", OwnerGone)


@wrong("a conflict drops the review", safety.test_r_36_a_conflict_holds_no_clock_of_care_and_leaves_the_owner)
def _quarrel(_: ExitStack) -> Any:
    return clock("review", dropped_by=[On(ConflictRaised, item=every_item, why="conflict")])


@wrong(
    "a visit is nobody's to weigh",
    safety.test_cm_04_each_relevant_visit_is_weighed_by_itself_or_by_a_review_after_it,
)
def _unweighed(_: ExitStack) -> Any:
    return evolve(
        CARE_PLAN_REVIEW,
        clocks=tuple(
            evolve(one, starts=(On(VisitWeighed, item=by_about),)) if one.name == "weigh" else one
            for one in CARE_PLAN_REVIEW.clocks
        ),
    )


@wrong(
    "one visit weighs all",
    safety.test_cm_04_each_relevant_visit_is_weighed_by_itself_or_by_a_review_after_it,
)
def _one_for_all(_: ExitStack) -> Any:
    return clock("weigh", met_by=[On(VisitWeighed, item=every_item)])


@wrong(
    "weighing a visit that nobody knows weighs the only one that is",
    safety.test_cm_04_each_relevant_visit_is_weighed_by_itself_or_by_a_review_after_it,
)
def _unknown_for_known(_: ExitStack) -> Any:
    def or_the_only_one(_: Any, event: Any) -> Only:
        return Only(() if event.about is None else (event.about,))

    return clock("weigh", met_by=(On(VisitWeighed, item=or_the_only_one), On(PlanReviewed, item=every_item)))


@wrong(
    "the end of a stay brings nothing",
    safety.test_ia_cc_12_3_what_a_referral_a_result_or_a_stay_brought_stands_in_the_plan,
)
def _unheard(_: ExitStack) -> Any:
    return without_rows("bring_in", "starts", LinkedCaseEnded)


@wrong("who left is forgotten", safety.test_the_plan_of_a_person_who_left_is_brought_to_an_end)
def _left(_: ExitStack) -> Any:
    return without_rows("wrap_up", "starts", PatientLeft)


@wrong("who comes back has the old plan", safety.test_who_declined_and_comes_back_begins_with_another_plan)
def _old_plan(_: ExitStack) -> Any:
    return lesson(PatientDeclined, lambda right, facts, event: facts.but(ended=True))


@wrong("every visit is kept for ever", safety.test_ten_years_of_reviews_leave_a_case_as_small_as_two)
def _kept(_: ExitStack) -> Any:
    def remembers(right: Any, facts: Any, event: Any) -> Any:
        kept = facts.weighed_before
        facts = right(facts, event)
        return facts.but(weighed_before=(*kept, *facts.weighed_before))

    return lesson(PlanReviewed, remembers)


@wrong("every link is kept for ever", safety.test_ten_years_of_reviews_leave_a_case_as_small_as_two)
def _linked(_: ExitStack) -> Any:
    return lesson(PlanReviewed, lambda right, facts, event: right(facts, event).but(links=facts.links))


@wrong(
    "completed, and a visit unweighed", safety.test_completed_waits_for_all_that_is_left_but_the_review_that_never_ends
)
def _left_over(_: ExitStack) -> Any:
    return without_claims(Completed, claims.every_visit_is_weighed)


@wrong("any visit leads out of the end", safety.test_r_17_an_end_has_no_way_out_but_to_be_reopened)
def _out(_: ExitStack) -> Any:
    return OURS.instead(Move(PlanState.COMPLETED, RelevantVisit, PlanState.UNDER_REVIEW, reopens=True))

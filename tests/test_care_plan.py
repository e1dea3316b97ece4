"""
Care plan review: what a state is called elsewhere, and where the evidence for criteria is found.

The specification goes on in its neighbours: `_grid` (what each event does in each state), `_clocks` (what is owed, by
whom, until when), `_journeys` (stories), `_people` (links, people, duplicates and the ends of administration),
`_safety` (what must never be), `_always` (whatever happens), `_order` (in whatever order it is heard) and `_wrong`
(workflows that are wrong on purpose).
"""

import ast
import re
import runpy
from pathlib import Path

import pytest
from attrs import fields
from tests.plan_story import CODES, P, standing
from tests.transition_story import rows

from carecoord.codec import Codec
from carecoord.workflows.care_plan_review import (
    CARE_PLAN_REVIEW,
    CRITERIA,
    PAUSED,
    REQUIRED,
    STATUSES,
    PlanState,
)

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "one_plan.py"
each_state = pytest.mark.parametrize("state", PlanState)

# --- what a state is called elsewhere -------------------------------------------------------

TASK = """
draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error
"""
CARE_PLAN = "draft active on-hold revoked completed entered-in-error unknown"

# Written by hand from the tables of FHIR: CarePlan.status and Task.status.
SAID = """
state            | care plan        | task
IDENTIFIED       |                  | requested
DRAFTED          | draft            | in-progress
ACTIVE           | active           | in-progress
UNDER_REVIEW     | active           | in-progress
COMPLETED        | completed        | completed
REVOKED          | revoked          | cancelled
DECLINED         | revoked          | rejected
SUPERSEDED       | revoked          | cancelled
ENTERED_IN_ERROR | entered-in-error | entered-in-error
"""


def test_every_state_is_called_as_fhir_calls_it():
    told = {state.name: (said.care_plan, said.task) for state, said in STATUSES.items()}
    assert told == {row["state"]: tuple(row.values())[1:] for row in rows(SAID)}


def test_the_words_are_codes_of_fhir():
    for said in (*STATUSES.values(), PAUSED):
        assert said.task in TASK.split()
        assert said.care_plan in {"", *CARE_PLAN.split()}
    assert (PAUSED.care_plan, PAUSED.task) == ("on-hold", "on-hold")


@each_state
def test_our_task_is_over_where_the_case_is(state):
    over = STATUSES[state].task in ("completed", "cancelled", "rejected", "entered-in-error")
    assert over is (state in CARE_PLAN_REVIEW.ends)


@each_state
def test_a_state_says_what_is_true_of_a_plan_that_stands_there_and_what_it_waits_for(state):
    assert [other for other in PlanState if other.value == state.value] == [state]
    assert ("waits for" in state.value) is (state not in CARE_PLAN_REVIEW.ends)
    assert bool(CARE_PLAN_REVIEW.waits_for.get(state)) is (state not in CARE_PLAN_REVIEW.ends)


@pytest.mark.parametrize("clock", CARE_PLAN_REVIEW.clocks, ids=lambda clock: clock.name)
def test_every_duty_is_said_in_one_sentence_and_has_a_source(clock):
    assert clock.says
    assert not clock.says.endswith(".")
    assert clock.source


def test_five_elements_are_required():
    """NCQA PCMH CM-04"""
    assert [one.name for one in REQUIRED] == ["PROBLEMS", "PROGNOSIS", "GOALS", "MEDICATION", "REVIEW_SCHEDULE"]


# --- where the evidence is found ------------------------------------------------------------

# Each criterion, what shows it, and a test that does.
NAMED = """
criterion                     | is shown by                                  | test
NCQA PCMH CM-01 A to E        | Identified reasons draft                     | cm_01_who_is_found_says_why_and_a_patient_is_counted_once
NCQA PCMH CM-02               |                                              | cm_01_who_is_found_says_why_and_a_patient_is_counted_once
NCQA PCMH CM-03               | Identified tier                              | cm_03_the_tier_chooses_the_rows
NCQA PCMH CM-04               | Activated PlanReviewed activate review weigh | cm_04_a_plan_is_in_force_only_with_its_five_elements_the_patients_part_and_a_date
NCQA PCMH CM-05               | give_copy CopyGiven                          | cm_05_the_portal_alone_is_no_copy_for_who_has_no_access
NCQA PCMH CM-06               |                                              | cm_06_07_08_what_a_plan_may_hold_beyond_the_five
NCQA PCMH CM-07               |                                              | cm_06_07_08_what_a_plan_may_hold_beyond_the_five
NCQA PCMH CM-08               |                                              | cm_06_07_08_what_a_plan_may_hold_beyond_the_five
NCQA PCMH CM-09               | PlanShared accessible                        | cm_09_that_others_see_the_plan_is_known_and_a_copy_that_was_sent_is_not_that
NCQA PCMH CM-10, 11           | measure                                      | cm_11_each_goal_is_measured
NCQA PCMH CC-12               | ComponentAssigned ComponentAccepted accept_component | r_35_each_component_has_exactly_one_clinician_and_the_old_one_until_the_new_one_accepts
NCQA PCMH CC-20               | wrap_up PatientLeft CopyGiven PlanShared     | the_plan_of_a_person_who_left_is_brought_to_an_end
MIPS IA_CC_9                  | review give_copy                             | ia_cc_9_plans_are_kept_up_and_shared
MIPS IA_CC_12, 3              | bring_in InformationBroughtIn                | ia_cc_12_3_what_a_referral_a_result_or_a_stay_brought_stands_in_the_plan
MIPS IA_CC_12, co-management  | accept_component resolve                     | r_36_a_conflict_holds_no_clock_of_care_and_leaves_the_owner
"""  # noqa: E501


def test_the_criteria_that_this_workflow_speaks_for():
    assert [criterion for criterion, _ in CRITERIA] == [row["criterion"] for row in rows(NAMED)]


@pytest.mark.parametrize("row", rows(NAMED), ids=lambda row: row["criterion"])
def test_a_criterion_names_duties_events_and_facts_that_there_are_and_a_test_that_shows_it(row):
    there_are = {clock.name for clock in CARE_PLAN_REVIEW.all_clocks}
    there_are |= {event.__name__ for event in CARE_PLAN_REVIEW.all_events}
    there_are |= {fact.name for fact in fields(CARE_PLAN_REVIEW.facts)}
    said = set(re.findall(r"\w+", dict(CRITERIA)[row["criterion"]]))
    assert set(row["is shown by"].split()) <= there_are & said
    assert f"test_{row['test']}" in names_of_tests(HERE / "test_care_plan_safety.py")


def names_of_tests(page):
    return {
        one.name for one in ast.walk(ast.parse(page.read_text(encoding="utf-8"))) if isinstance(one, ast.FunctionDef)
    }


@pytest.mark.parametrize("number", [2, 3, 16, 17, 20, 22, 26, 30, 33, 34, 35, 36, 37, 40])
def test_a_safety_invariant_of_plans_has_a_test_of_its_own(number):
    assert any(name.startswith(f"test_r_{number:02}_") for name in names_of_tests(HERE / "test_care_plan_safety.py"))


# --- the example, and what is kept ----------------------------------------------------------


def test_the_twenty_lines_run_and_show_what_nobody_did(capsys):
    """Three months later nobody has given a copy, weighed the visit, or reviewed the plan; it is in force."""
    names = runpy.run_path(str(EXAMPLE))
    assert names["cases"]["c-17"].state is P.ACTIVE
    assert "c-17/deadline-missed/review//1/4" in names["outbox"]
    printed = capsys.readouterr().out
    assert "give_copy   due Thu 23 Jul  overdue" in printed
    assert "weigh       due Thu 06 Aug  overdue" in printed
    assert "review      due Fri 09 Oct  overdue" in printed


def test_the_twenty_lines_are_twenty():
    code = EXAMPLE.read_text(encoding="utf-8")
    begins = next(one for one in ast.parse(code).body[1:] if not isinstance(one, ast.Import | ast.ImportFrom)).lineno
    assert len([line for line in code.splitlines()[begins - 1 :] if line]) <= 20


@pytest.mark.parametrize("code", CODES)
def test_a_plan_is_stored_and_loaded_as_it_was(code):
    story, codec = standing(code), Codec(CARE_PLAN_REVIEW)
    assert codec.load_case(codec.dumps(story.case)) == story.case
    for entry in story.log:
        assert codec.load_entry(codec.dumps(entry)) == entry

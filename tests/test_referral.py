"""
Referral: what a state is called elsewhere, and where the evidence for each criterion is found.

The specification goes on in its neighbours: `_grid` (what each event does in each state, and the thirty transitions of
360X and BSeR), `_clocks` (what is owed, by whom, until when), `_journeys` (stories), `_safety` (what must never be).
"""

import ast
import re
import runpy
from pathlib import Path

import pytest
from attrs import fields
from tests.referral_story import R, Referral, standing
from tests.transition_story import NOW, heard, rows

from carecoord.codec import Codec
from carecoord.workflows.referral import (
    BUSINESS_STATUS,
    CRITERIA,
    REFERRAL,
    STATUSES,
    Accepted,
    ReferralState,
)

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "one_referral.py"

# --- what a state is called elsewhere -------------------------------------------------------

TASK = """
draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error
"""
SERVICE_REQUEST = "draft active on-hold revoked completed entered-in-error unknown"

# Written by hand from the tables of FHIR and BSeR: Task.status (and where BSeR says another), its business status, and
# ServiceRequest.status.
SAID = """
state                 | task             | bser             | business | request
DRAFTED               | draft            | draft            |          | draft
SENT                  | requested        | received         | 2.0      | active
NEEDS_INFO            | on-hold          | received         | 2.0      | active
ACCEPTED              | accepted         | accepted         | 3.0      | active
BOOKED                | in-progress      | in-progress      | 5.1.1    | active
NO_SHOW               | in-progress      | in-progress      | 5.1.2    | active
APPOINTMENT_CANCELLED | in-progress      | in-progress      | 5.1.3    | active
SEEN                  | in-progress      | in-progress      | 5.1.4    | active
CANCEL_REQUESTED      | in-progress      | in-progress      | 5.2      | active
DECLINED              | rejected         | rejected         | 4.0      | active
REPORTED              | completed        | completed        | 7.0      | active
CLOSED                | completed        | completed        | 7.0      | completed
CANCELLED             | cancelled        | cancelled        | 6.0      | revoked
WITHDRAWN             | cancelled        | cancelled        | 6.0      | revoked
SUPERSEDED            | cancelled        | cancelled        | 6.0      | revoked
ENTERED_IN_ERROR      | entered-in-error | entered-in-error |          | entered-in-error
"""

each_state = pytest.mark.parametrize("state", ReferralState)


def test_every_state_is_called_as_fhir_and_bser_call_it():
    told = {
        state.name: (said.task, said.task_bser, said.business_status, said.service_request)
        for state, said in STATUSES.items()
    }
    assert told == {row["state"]: tuple(row.values())[1:] for row in rows(SAID)}


@each_state
def test_the_words_are_codes_of_fhir_and_bser(state):
    said = STATUSES[state]
    assert {said.task, said.task_bser} <= set(TASK.split())
    assert said.service_request in SERVICE_REQUEST.split()
    assert said.business_status in {"", *BUSINESS_STATUS}


@each_state
def test_a_service_request_is_over_where_the_referral_is_and_not_where_a_task_is(state):
    over = STATUSES[state].service_request in ("completed", "revoked", "entered-in-error")
    assert over is (state in REFERRAL.ends)


@each_state
def test_a_state_says_what_is_true_of_a_referral_that_stands_there_and_what_it_waits_for(state):
    assert [other for other in ReferralState if other.value == state.value] == [state]
    assert ("waits for" in state.value) is (state not in REFERRAL.ends)
    assert bool(REFERRAL.waits_for.get(state)) is (state not in REFERRAL.ends)


@pytest.mark.parametrize("clock", REFERRAL.clocks, ids=lambda clock: clock.name)
def test_every_duty_is_said_in_one_sentence(clock):
    assert clock.says
    assert not clock.says.endswith(".")


# --- where the evidence is found ------------------------------------------------------------

# Each criterion, what shows it, and a test that does.
NAMED = """
criterion           | is shown by                          | test
NCQA PCMH CC-04 A   | Sent Redirected                      | cc_04_a_nothing_leaves_without_question_urgency_and_type
NCQA PCMH CC-04 B   | Sent Redirected                      | cc_04_b_nothing_leaves_without_data_results_and_plan_or_the_word_that_there_are_none
NCQA PCMH CC-04 C   | answer visit_outcome report Inquired | cc_04_c_a_report_is_tracked_until_it_is_here_flagged_and_chased
NCQA PCMH CC-06     | Sent Redirected                      | cc_06_each_sending_says_to_whom
NCQA PCMH CC-07     | answer book report Declined          | cc_07_how_long_a_recipient_took_stands_in_the_ledger
NCQA PCMH CC-08, 09 | agreement Sent ReportReceived        | cc_08_to_cc_10_what_was_agreed_what_the_report_contains_and_who_told_of_it
NCQA PCMH CC-10     | Inquired ReportReceived              | cc_08_to_cc_10_what_was_agreed_what_the_report_contains_and_who_told_of_it
NCQA PCMH CC-11     | ReportReceived Sent report Reviewed  | cc_11_the_share_of_reports_received_and_received_in_time
NCQA PCMH CC-12     | kind integrate Integrated            | cc_12_what_changes_in_shared_care_is_brought_into_the_plan
MIPS IA_CC_1        | ReportReceived Inquired              | cc_04_c_a_report_is_tracked_until_it_is_here_flagged_and_chased
MIPS IA_CC_12, 1    | expectations ExpectationsGiven       | ia_cc_12_1_under_an_agreement_the_patient_is_told_what_to_expect
MIPS IA_CC_12, 2    | Drafted LoopClosed                   | ia_cc_12_2_the_record_shows_the_whole_way
MIPS IA_CC_12, 3    | Reviewed integrate Integrated        | ia_cc_12_3_a_disposition_and_where_it_was_brought_in
CMS50 (Q374)        | ReportReceived Sent Reviewed         | cms50_counts_the_final_report_that_is_tied_to_the_referral_in_the_year
"""  # noqa: E501


def test_the_criteria_that_this_workflow_speaks_for():
    assert [criterion for criterion, _ in CRITERIA] == [row["criterion"] for row in rows(NAMED)]


@pytest.mark.parametrize("row", rows(NAMED), ids=lambda row: row["criterion"])
def test_a_criterion_names_duties_events_and_facts_that_there_are(row):
    there_are = {clock.name for clock in REFERRAL.all_clocks}
    there_are |= {event.__name__ for event in REFERRAL.all_events}
    there_are |= {fact.name for fact in fields(REFERRAL.facts)}
    said = set(re.findall(r"\w+", dict(CRITERIA)[row["criterion"]]))
    assert set(row["is shown by"].split()) <= there_are & said


def names_of_tests(page):
    return {
        one.name for one in ast.walk(ast.parse(page.read_text(encoding="utf-8"))) if isinstance(one, ast.FunctionDef)
    }


@pytest.mark.parametrize("row", rows(NAMED), ids=lambda row: row["criterion"])
def test_a_criterion_has_a_test_that_shows_it(row):
    assert f"test_{row['test']}" in names_of_tests(HERE / "test_referral_safety.py")


# --- the example, and what is kept ----------------------------------------------------------


def test_the_twenty_lines_run_and_show_who_is_rung(capsys):
    """The answer is missed after a week; the coordinator hears of it."""
    names = runpy.run_path(str(EXAMPLE))
    assert names["cases"]["r-17"].state is R.SENT
    assert "r-17/escalated/answer/attempt-1/1/2/1/0" in names["outbox"]
    assert "answer     due Sat 14 Mar 00:00  overdue" in capsys.readouterr().out


def test_the_twenty_lines_are_twenty():
    code = EXAMPLE.read_text(encoding="utf-8")
    begins = next(one for one in ast.parse(code).body[1:] if not isinstance(one, ast.Import | ast.ImportFrom)).lineno
    assert len([line for line in code.splitlines()[begins - 1 :] if line]) <= 20


@pytest.mark.parametrize("code", ["SE", "RP", "CL", "WD"])
def test_a_referral_is_stored_and_loaded_as_it_was(code):
    story, codec = standing(code), Codec(REFERRAL)
    assert codec.load_case(codec.dumps(story.case)) == story.case
    for entry in story.log:
        assert codec.load_entry(codec.dumps(entry)) == entry


def test_what_a_feed_tells_needs_no_more_than_a_moment_and_who_told():
    """Manual entries count as much as an interface: no handshake is assumed."""
    story = Referral(*(event for entry in standing("SE").log for event in entry.events))
    story.then(heard(Accepted, NOW))
    assert story.state == "ACCEPTED"

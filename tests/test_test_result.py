"""
Test result: what a state is called elsewhere, what laboratories send, and where the evidence for criteria is found.

The specification goes on in its neighbours: `_grid` (what each event does in each state), `_clocks` (what is owed, by
whom, until when), `_journeys` (stories), `_safety` (what must never be), `_always` (whatever happens), `_order` (in
whatever order it is heard) and `_wrong` (workflows that are wrong on purpose).
"""

import ast
import re
import runpy
from pathlib import Path

import pytest
from attrs import fields
from tests.result_story import CODES, R, Result, standing
from tests.transition_story import NOW, heard, rows

from carecoord.codec import Codec
from carecoord.vocabulary import Citation
from carecoord.workflows.diagnostic_result import (
    CRITERIA,
    OBR25,
    OBX8,
    OBX11,
    ORC1,
    ORC5,
    REPORT_R4,
    REPORT_R5,
    STATUSES,
    TEST_RESULT,
    ResultReceived,
    ResultState,
    Says,
    Severity,
    codes,
    gravest,
    said_by,
    severity_of,
)

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "one_result.py"
each_state = pytest.mark.parametrize("state", ResultState)

# --- what a state is called elsewhere -------------------------------------------------------

TASK = """
draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error
"""
SERVICE_REQUEST = "draft active on-hold revoked completed entered-in-error unknown"

# Written by hand from the tables of FHIR: Task.status, DiagnosticReport.status, ServiceRequest.status.
SAID = """
state            | task             | report           | request
UNCLAIMED        | requested        | preliminary      |
ORDERED          | requested        | registered       | active
COLLECTED        | in-progress      | registered       | active
PARTIAL          | in-progress      | partial          | active
RESULTED         | in-progress      | final            | active
NOT_DONE         | failed           | cancelled        | active
CLOSED           | completed        | final            | completed
CANCELLED        | cancelled        |                  | revoked
SUPERSEDED       | cancelled        |                  | revoked
ENTERED_IN_ERROR | entered-in-error | entered-in-error | entered-in-error
"""


def test_every_state_is_called_as_fhir_calls_it():
    told = {state.name: (said.task, said.report, said.service_request) for state, said in STATUSES.items()}
    assert told == {row["state"]: tuple(row.values())[1:] for row in rows(SAID)}


@each_state
def test_the_words_are_codes_of_fhir(state):
    said = STATUSES[state]
    assert said.task in TASK.split()
    assert said.report in {"", *REPORT_R4}
    assert said.service_request in {"", *SERVICE_REQUEST.split()}


@each_state
def test_our_task_is_over_where_the_case_is_and_not_where_the_report_is(state):
    over = STATUSES[state].task in ("completed", "cancelled", "entered-in-error")
    assert over is (state in TEST_RESULT.ends)


@each_state
def test_a_state_says_what_is_true_of_a_result_that_stands_there_and_what_it_waits_for(state):
    assert [other for other in ResultState if other.value == state.value] == [state]
    assert ("waits for" in state.value) is (state not in TEST_RESULT.ends)
    assert bool(TEST_RESULT.waits_for.get(state)) is (state not in TEST_RESULT.ends)


@pytest.mark.parametrize("clock", TEST_RESULT.clocks, ids=lambda clock: clock.name)
def test_every_duty_is_said_in_one_sentence_and_has_a_source(clock):
    assert clock.says
    assert not clock.says.endswith(".")
    assert clock.source or clock.name == "wrap_up"


# --- what laboratories send -----------------------------------------------------------------

# Written by hand: the flags of OBX-8, by what they say here.
FLAGS = {
    "CRITICAL": "HH LL AA HU LU",
    "ABNORMAL": "H L A > < POS DET RR WR R I NS U D W TOX",
    "NORMAL": "N NEG ND NR",
    "UNKNOWN": "IND B S MS VS SDD HM AC QCF",
}
# Every code of the tables 0085, 0123, 0119 (those of results and cancellations) and 0038, and of DiagnosticReport.
STATUS_CODES = """
table     | says          | codes
OBX11     | ORDERED       | O
OBX11     | COLLECTED     | I
OBX11     | PRELIMINARY   | P R S
OBX11     | FINAL         | F U V
OBX11     | CORRECTED     | C
OBX11     | AMENDED       | A
OBX11     | APPENDED      | B
OBX11     | WRONG_PATIENT | W
OBX11     | DELETED       | D
OBX11     | CANCELLED     | X
OBX11     | NOTHING       | N
OBR25     | ORDERED       | O S
OBR25     | COLLECTED     | I
OBR25     | PRELIMINARY   | A P R
OBR25     | FINAL         | F
OBR25     | CORRECTED     | C
OBR25     | CANCELLED     | X
OBR25     | NOTHING       | Y Z
ORC1      | ORDERED       | NW
ORC1      | NOTHING       | CA DC OK RE SC XO
ORC1      | CANCELLED     | CR DR OC OD UA
ORC5      | ORDERED       | SC
ORC5      | NOTHING       | A HD IP
ORC5      | COMPLETE      | CM
ORC5      | CANCELLED     | CA DC RP
ORC5      | UNKNOWN       | ER
REPORT_R4 | ORDERED       | registered
REPORT_R4 | PRELIMINARY   | partial preliminary
REPORT_R4 | FINAL         | final
REPORT_R4 | AMENDED       | amended
REPORT_R4 | CORRECTED     | corrected
REPORT_R4 | APPENDED      | appended
REPORT_R4 | CANCELLED     | cancelled
REPORT_R4 | IN_ERROR      | entered-in-error
REPORT_R4 | UNKNOWN       | unknown
"""
TABLES = {
    "OBX11": OBX11,
    "OBR25": OBR25,
    "ORC1": ORC1,
    "ORC5": ORC5,
    "REPORT_R4": REPORT_R4,
    "REPORT_R5": REPORT_R5,
}


def test_what_each_flag_says():
    assert {severity: {flag for flag, said in OBX8.items() if said.name == severity} for severity in FLAGS} == {
        severity: set(flags.split()) for severity, flags in FLAGS.items()
    }


@pytest.mark.parametrize("flag", [None, "", " ", "?", "hh", "NEW", "normal"])
def test_no_flag_or_one_that_nobody_knows_is_unknown(flag):
    assert severity_of(flag) is Severity.UNKNOWN


def test_of_several_flags_the_gravest_counts_and_an_unknown_one_is_no_good_news():
    assert gravest(("H", "HH")) is Severity.CRITICAL
    assert gravest(("N", "?")) is Severity.UNKNOWN
    assert gravest(("N", "A", "?")) is Severity.ABNORMAL
    assert gravest(("N",)) is Severity.NORMAL
    assert gravest(()) is Severity.UNKNOWN


@pytest.mark.parametrize("name", [name for name in TABLES if name != "REPORT_R5"])
def test_what_each_status_says(name):
    written = {code: row["says"] for row in rows(STATUS_CODES) if row["table"] == name for code in row["codes"].split()}
    assert {code: says.name for code, says in TABLES[name].items()} == written


def test_r5_has_one_more_status_than_r4():
    """Changed before it was final: no correction of anything that anybody was told."""
    assert REPORT_R5 == {**REPORT_R4, "modified": Says.PRELIMINARY}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("status", [None, "", "??"])
def test_a_status_that_nobody_knows_is_unknown_and_is_not_dropped(table, status):
    assert said_by(status, table) is Says.UNKNOWN


def test_nothing_that_a_laboratory_may_send_closes_a_case():
    """R-10: not one of them is an event that leads to CLOSED."""
    closing = {move.on.__name__ for move in TEST_RESULT.all_moves if move.to is R.CLOSED}
    assert closing == {"LoopClosed", "ClosedByAdministration"}


def test_every_table_of_codes_has_a_source():
    sources = {name: one for name, one in vars(codes).items() if name.endswith("_SOURCE")}
    assert set(sources) == {f"{name}_SOURCE" for name in ("OBX8", *TABLES)}
    for source in sources.values():
        assert isinstance(source, Citation)
        assert source.href.startswith("http")
        assert source.checked


# --- where the evidence is found ------------------------------------------------------------

# Each criterion, what shows it, and a test that does.
NAMED = """
criterion         | is shown by                              | test
NCQA PCMH CC-01 A | kind collect result final                | cc_01_a_b_results_are_tracked_until_they_are_here_and_flagged_when_overdue
NCQA PCMH CC-01 B | kind collect result final                | cc_01_a_b_results_are_tracked_until_they_are_here_and_flagged_when_overdue
NCQA PCMH CC-01 C | kind critical review severity            | cc_01_c_d_abnormal_results_are_brought_to_a_clinician
NCQA PCMH CC-01 D | kind critical review severity            | cc_01_c_d_abnormal_results_are_brought_to_a_clinician
NCQA PCMH CC-01 E | notify_normal PatientNotified            | cc_01_e_patients_are_told_of_normal_results
NCQA PCMH CC-01 F | notify_abnormal PatientNotified          | cc_01_f_patients_are_told_of_abnormal_results
NCQA PCMH CC-02   | Expected born_at result                  | cc_02_a_newborns_screening_is_followed_up_from_birth_without_any_order
NCQA AR-CC 3      | result Ordered kind                      | ar_cc_3_the_share_of_ordered_tests_whose_result_came_back
MIPS IA_CC_2      | notify_abnormal follow_up                | ia_cc_2_abnormal_results_are_identified_and_followed_up_in_time
"""  # noqa: E501


def test_the_criteria_that_this_workflow_speaks_for():
    assert [criterion for criterion, _ in CRITERIA] == [row["criterion"] for row in rows(NAMED)]


@pytest.mark.parametrize("row", rows(NAMED), ids=lambda row: row["criterion"])
def test_a_criterion_names_duties_events_and_facts_that_there_are(row):
    there_are = {clock.name for clock in TEST_RESULT.all_clocks}
    there_are |= {event.__name__ for event in TEST_RESULT.all_events}
    there_are |= {fact.name for fact in fields(TEST_RESULT.facts)}
    said = set(re.findall(r"\w+", dict(CRITERIA)[row["criterion"]]))
    assert set(row["is shown by"].split()) <= there_are & said


def names_of_tests(page):
    return {
        one.name for one in ast.walk(ast.parse(page.read_text(encoding="utf-8"))) if isinstance(one, ast.FunctionDef)
    }


@pytest.mark.parametrize("row", rows(NAMED), ids=lambda row: row["criterion"])
def test_a_criterion_has_a_test_that_shows_it(row):
    assert f"test_{row['test']}" in names_of_tests(HERE / "test_test_result_safety.py")


@pytest.mark.parametrize("number", [6, 7, 8, 9, 10, 11, 18, 19, 20])
def test_a_safety_invariant_of_results_has_a_test_of_its_own(number):
    assert any(name.startswith(f"test_r_{number:02}_") for name in names_of_tests(HERE / "test_test_result_safety.py"))


# --- the example, and what is kept ----------------------------------------------------------


def test_the_twenty_lines_run_and_show_who_is_rung(capsys):
    """Nobody acknowledges for half an hour; the surrogate is rung, and does."""
    names = runpy.run_path(str(EXAMPLE))
    assert names["cases"]["o-17"].state is R.RESULTED
    assert "o-17/escalated/critical/k/1/2/1/0" in names["outbox"]
    printed = capsys.readouterr().out
    assert "notify_abnormal due Thu 16 Jul 00:00  overdue" in printed
    assert "review          due Wed 08 Jul 16:00  overdue" in printed


def test_the_twenty_lines_are_twenty():
    code = EXAMPLE.read_text(encoding="utf-8")
    begins = next(one for one in ast.parse(code).body[1:] if not isinstance(one, ast.Import | ast.ImportFrom)).lineno
    assert len([line for line in code.splitlines()[begins - 1 :] if line]) <= 20


@pytest.mark.parametrize("code", CODES)
def test_a_result_is_stored_and_loaded_as_it_was(code):
    story, codec = standing(code), Codec(TEST_RESULT)
    assert codec.load_case(codec.dumps(story.case)) == story.case
    for entry in story.log:
        assert codec.load_entry(codec.dumps(entry)) == entry


def test_what_a_feed_tells_needs_no_more_than_a_moment_and_who_told():
    """An order of one thing, and one thing that comes: no name, no number, no flag."""
    story = Result(type(standing("OR").log[0].events[0])(at=NOW, by=standing("OR").log[0].events[0].by, key="o"))
    story.then(heard(ResultReceived, NOW.add(hours=1)))
    assert (story.state, story.owed("review").item) == ("RESULTED", "result:1")

"""A workflow as a table and as a picture; a case in words and as a time line."""

import re

import pendulum
import pytest
from attrs import evolve
from examples.practice import REFERRALS, TRANSITIONS
from tests.kit.small import LOANS, Loan

from carecoord import Actor, LoopClosed, Move, Noted, Role, advance, check, open_case
from carecoord.describe import (
    clock_table,
    clocks_table,
    explain_policy,
    gantt,
    graphviz,
    grid,
    in_words,
    mermaid,
    policy_table,
    rows_table,
    states_table,
    workflow_table,
)
from carecoord.workflows.care_transition import (
    CARE_TRANSITION,
    Admitted,
    Contacted,
    Discharged,
    SummaryReceived,
    TransitionState,
)
from carecoord.workflows.referral import ReferralFacts

FEED, NURSE = Actor(Role.SYSTEM, "adt"), Actor(Role.NURSE, "n-1")
FRI = pendulum.datetime(2026, 7, 10, 15, tz="America/Boise")  # a Friday afternoon


@pytest.fixture
def case():
    """At home since Friday, called on Saturday; the summary came a week late, and the rest is open."""
    first = Admitted(at=FRI.subtract(days=3), by=FEED, key="1", about="V1")
    case = open_case(TRANSITIONS, first, id="t-1", subject="p-9", owner="dr-3").case
    for event in (
        Discharged(at=FRI, by=FEED, key="2", about="V1"),
        Contacted(at=FRI.add(days=1), by=NURSE, key="3", said="Mrs Canary is well"),
        Noted(at=FRI.add(days=2), by=NURSE, key="4", text="Mrs Canary again"),
        SummaryReceived(at=FRI.add(days=7), by=FEED, key="5", about="V1"),
    ):
        case = advance(TRANSITIONS, case, event).case
    return check(case, at=FRI.add(days=8)).case


# --- a workflow -----------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_state_event_and_clock():
    text = workflow_table(CARE_TRANSITION)
    assert all(f"\n| {state.name} | {state.value} |" in text for state in TransitionState)
    assert all(f"\n| {kind.__name__} |" in text for kind in CARE_TRANSITION.events)
    assert all(f"\n| {clock.name} | {clock.says} |" in text for clock in CARE_TRANSITION.all_clocks)


def test_the_table_is_made_of_parts_that_can_be_had_alone():
    parts = [states_table(LOANS), grid(LOANS), rows_table(LOANS), clocks_table(LOANS.all_clocks)]
    parts += map(clock_table, LOANS.all_clocks)
    assert workflow_table(LOANS) == "\n".join(parts)


def test_a_row_says_where_it_leads_given_what():
    text = rows_table(CARE_TRANSITION)
    assert "| Reopened | CLOSED, READMITTED | - | DISCHARGED | - |\n" in text
    assert "| Died | every open state | - | DIED | - |\n" in text
    assert "| Contacted | every open state, CLOSED | - | refused | - |\n" in text
    assert "| Discharged | (nothing) | - | ELSEWHERE | - |\n" in text
    assert "| Admitted | CLOSED | - | kept, unexpected | - |\n" in text


def test_a_clock_tells_all_that_begins_and_ends_it():
    text = clock_table(CARE_TRANSITION.clock("contact"))
    assert "| met by | Contacted [the contact was two-way and by our own staff (TCM)] |\n" in text
    assert "| excused by | UnableToReach |\n" in text
    assert "; Transferred (transfer); " in text
    assert text.endswith("| source | NCQA PCMH CC-16; CMS TCM; HEDIS TRC, patient engagement |\n")
    assert "PatientDied (died) |\n| owed by, kept by | COORDINATOR, COORDINATOR |" in text


def test_a_cell_with_several_ways_has_a_note_that_tells_their_claims():
    text = workflow_table(CARE_TRANSITION)
    number = re.search(r"\| Admitted \|.*READMITTED/! \((\d+)\)", text)
    assert number is not None
    assert f"{number[1]}. Admitted: READMITTED the visit is not one of this stay; ! otherwise\n" in text


@pytest.mark.parametrize(
    ("event", "cells"),
    [("LoopClosed", "x | x | x | CLOSED | x | x | x | x"), ("Died", "DIED | DIED | DIED | DIED | = | = | = | !")],
)
def test_the_grid_says_what_each_event_does_in_each_state(event, cells):
    assert f"| {event} | {cells} |" in workflow_table(CARE_TRANSITION)


def test_every_row_of_a_table_has_as_many_cells_as_its_head():
    for block in workflow_table(CARE_TRANSITION).split("\n\n"):
        widths = {len(re.split(r"(?<!\\)\|", line)) for line in block.splitlines() if line.startswith("|")}
        assert len(widths) <= 1


def test_the_limits_of_a_rulebook_are_printed_with_their_sources():
    text = policy_table(TRANSITIONS)
    assert re.search(
        r"\| contact \| 2 business days \| all \| \d \| 2 tries on 2 days \| CMS transitional care management",
        text,
    )
    assert "| share | 24 hours, counted from when it was heard | all |" in text
    assert "| visit | no such duty | inpatient is False | - | - |" in text


def test_ladders_are_told_once_below_the_limits():
    limits, _, ladders = policy_table(TRANSITIONS).partition("\n\n")
    numbers = {line.split(" | ")[3] for line in limits.splitlines()[2:]} - {"-"}
    assert [line.partition(". ")[0] for line in ladders.splitlines()] == sorted(numbers)
    assert "keeper when it is due; SAFETY_OFFICER 24 hours after; the last again every 24 hours\n" in ladders


EXAMPLE = pendulum.datetime(2026, 7, 2, 15, tz="America/Boise")  # a Thursday; the Friday is a holiday


def section(name: str, text: str) -> list[str]:
    """Return the lines about one clock."""
    lines = text.splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith(f"{name}: "))
    return lines[first : lines.index("", first)]


def test_a_policy_is_explained_clock_by_clock_with_the_dates_of_an_example():
    """Who owes it, who keeps it, why, how long, and who would be told when."""
    assert section("pending", explain_policy(TRANSITIONS, at=EXAMPLE)) == [
        "pending: a result case with an expected date owns the test that was pending",
        "  owed by: OWNER (the one person or queue who answers for the case now)",
        "  kept by: OWNER (the one person or queue who answers for the case now)",
        "  closing: the loop stays open until it is settled",
        "  may be waived by: nobody",
        "  why: tests pending at discharge: Were et al. 2009, doi:10.1007/s11606-009-1057-y",
        "  - 2 business days, for all",
        "      due in the example: Wednesday 2026-07-08 00:00",
        "      told in the example: OWNER Tuesday 2026-07-07 00:00; OWNER Wednesday 2026-07-08 00:00;"
        " SURROGATE Thursday 2026-07-09 00:00; SUPERVISOR Friday 2026-07-10 00:00;"
        " SAFETY_OFFICER Saturday 2026-07-11 00:00; the last again every 72 hours",
        "      source: ours: no source gives a number; a practice says its own",
    ]


def test_every_clock_and_every_row_is_explained():
    text = explain_policy(TRANSITIONS, at=EXAMPLE)
    clocks = TRANSITIONS.workflow.all_clocks
    assert [line.partition(":")[0] for line in text.splitlines()[4:] if line[:1].isalpha()] == [
        one.name for one in clocks
    ]
    assert text.count("\n  - ") == sum(len(TRANSITIONS.timing.rows(one.name)) for one in clocks)
    assert "looked at on 2026-11-21" in text


def test_what_depends_on_a_moment_that_nobody_said_has_no_dates_until_somebody_does():
    unsaid = section("visit_outcome", explain_policy(REFERRALS, at=EXAMPLE))
    assert "      due in the example: as that moment says" in unsaid
    assert any(line.startswith("      told in the example: keeper 1 business day before") for line in unsaid)
    said = section("visit_outcome", explain_policy(REFERRALS, at=EXAMPLE, facts=ReferralFacts(visit_at=EXAMPLE)))
    assert "      due in the example: as that moment says" not in said


def test_a_duty_that_is_not_wanted_is_explained_without_dates():
    rows = section("visit", explain_policy(TRANSITIONS, at=EXAMPLE))
    after = rows.index("  - no such duty, for inpatient is False")
    assert rows[after + 1] == "      source: ours: after an emergency visit alone the clinician books what is needed"


def test_a_binder_has_a_chapter_for_each_clock_and_tables_that_hold_together():
    text = explain_policy(TRANSITIONS, at=EXAMPLE, markdown=True)
    assert text.startswith(
        "# care-transition, edition our-rows-2026\n\nThe dates are those of an example: what begins on"
    )
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [one.name for one in TRANSITIONS.workflow.all_clocks]
    for block in text.split("\n\n"):
        widths = {len(re.split(r"(?<!\\)\|", line)) for line in block.splitlines() if line.startswith("|")}
        assert len(widths) <= 1
    assert "| for | allows | due in the example | told in the example | before unable to reach | source |" in text


def test_the_state_diagram_leads_from_the_openings_to_the_ends():
    text = mermaid(CARE_TRANSITION)
    assert text.startswith("stateDiagram-v2\n    [*] --> IN_ED: ArrivedAtEd\n")
    assert "    DISCHARGED --> CLOSED: LoopClosed\n" in text
    assert [line for line in text.splitlines() if line.endswith("--> [*]")] == [
        f"    {state.name} --> [*]" for state in TransitionState if state in CARE_TRANSITION.ends
    ]


def test_the_digraph_names_every_state_and_closes_its_braces():
    text = graphviz(CARE_TRANSITION)
    assert text.count("{") == text.count("}") == 1
    assert all(f'"{state.name}" [shape=' in text for state in TransitionState)
    assert text.count("doublecircle") == len(CARE_TRANSITION.ends)


def test_a_way_that_a_workflow_states_twice_is_drawn_once():
    """LENT closes by `closes`; a row that says so too adds nothing."""
    stated = Move(Loan.LENT, LoopClosed, Loan.CLOSED)
    assert mermaid(evolve(LOANS, moves=(*LOANS.moves, stated))) == mermaid(LOANS)


def test_a_name_with_quotes_breaks_no_digraph():
    assert graphviz(evolve(LOANS, name='the "loan"')).startswith('digraph "the \\"loan\\"" {\n')


# --- a case ---------------------------------------------------------------------------------


def test_a_case_is_told_in_sentences(case):
    assert in_words(case, at=FRI.add(days=8)).splitlines()[:3] == [
        "care-transition t-1 is DISCHARGED: home; our duties run in any order.",
        "It belongs to dr-3, and its urgency is routine.",
        "'notice' (V1:admission) was due 1 week 1 day 15 hours ago, on Friday 2026-07-10 00:00; "
        "COORDINATOR, SURROGATE, SUPERVISOR know of it.",
    ]


def test_what_is_not_yet_due_is_told_with_the_time_that_is_left(case):
    assert "'reconcile' (V1) is due in 3 weeks 1 day 9 hours, on Monday 2026-08-10 00:00." in in_words(
        case, at=FRI.add(days=8)
    )


def test_a_time_line_shows_what_was_done_what_was_late_and_what_is_owed(case):
    text = gantt(case, at=FRI.add(days=8))
    assert "    V1 MET :done, 2026-07-10T21:00, 2026-07-11T21:00\n" in text
    assert "    V1 MET_LATE :crit, done, 2026-07-10T21:00, 2026-07-17T21:00\n" in text
    assert "    V1 overdue :crit, active, 2026-07-10T21:00, 2026-07-18T21:00\n" in text
    assert "    V1 owed :active, 2026-07-10T21:00, 2026-08-10T06:00\n" in text


def test_what_fell_due_unseen_is_not_told_as_if_it_lay_ahead(case):
    later = in_words(case, at=FRI.add(days=90))
    assert "has not been told yet" in later
    assert "will be heard of again" not in later


def test_an_id_of_any_signs_breaks_no_chart():
    first = Admitted(at=FRI, by=FEED, key="1", about="V1")
    case = open_case(TRANSITIONS, first, id="t:1;#2", subject="p-9", owner="dr-3").case
    assert "    title care-transition t 1  2\n" in gantt(case, at=FRI)


def test_nothing_that_somebody_wrote_is_told(case):
    assert "Canary" not in in_words(case, at=FRI) + gantt(case, at=FRI)


def test_a_case_that_owes_nothing_says_so():
    first = Admitted(at=FRI, by=FEED, key="1", about="V1")
    case = open_case(TRANSITIONS, first, id="t-1", subject="p-9", owner="dr-3").case
    from carecoord import EnteredInError

    ended = advance(TRANSITIONS, case, EnteredInError(at=FRI, by=NURSE, key="2")).case
    assert "Nothing is owed.\n" in in_words(ended, at=FRI)

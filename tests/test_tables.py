"""The rows of which workflows are made: claims that are data, moves, stays and clocks, read as they are printed."""

import copy
import pickle

import pytest
from tests.kit.small import FEED, FRI, Broke, Loan, LoanFacts, Mended, Urged, Wanted, part_is_named

from carecoord import (
    All,
    Clock,
    Facts,
    How,
    Move,
    News,
    Not,
    On,
    Otherwise,
    Role,
    Said,
    Stay,
    Urgency,
    Where,
    by_about,
    every_item,
    label,
    whole_case,
)
from carecoord.tables import failing

CALM, URGENT = LoanFacts(), LoanFacts(urgency=Urgency.URGENT, checked=True)
GRIP = Broke(at=FRI, by=FEED, key="k", about="grip")
PART = Broke(at=FRI, by=FEED, key="k")


def said_nowhere(facts: Facts, event: News) -> bool:
    return True


CLAIMS = [
    Where(urgency=Urgency.URGENT),
    Where(urgency=Urgency.URGENT, checked=True),
    Said(about="grip"),
    Not(Said(about=None)),
    All(Where(checked=True), Said(about="grip")),
    part_is_named,
]


# ---- claims


def test_where_compares_what_is_known():
    assert Where(urgency=Urgency.URGENT)(URGENT, GRIP)
    assert not Where(urgency=Urgency.URGENT)(CALM, GRIP)


def test_where_wants_all_that_it_names():
    assert Where(urgency=Urgency.URGENT, checked=True)(URGENT, GRIP)
    assert not Where(urgency=Urgency.URGENT, checked=False)(URGENT, GRIP)


def test_said_compares_what_the_event_says():
    assert Said(about="grip")(CALM, GRIP)
    assert not Said(about="grip")(CALM, PART)


def test_not_turns_a_claim_round():
    assert Not(Said(about="grip"))(CALM, PART)
    assert not Not(Said(about="grip"))(CALM, GRIP)


def test_all_wants_every_claim():
    both = All(Where(checked=True), Said(about="grip"))
    assert both(URGENT, GRIP)
    assert not both(CALM, GRIP)
    assert not both(URGENT, PART)


def test_of_claims_that_are_made_together_only_those_fail_that_do_not_hold():
    all_three = All(Where(checked=True), All(part_is_named, Said(about="grip")))
    assert failing(all_three, CALM, GRIP) == ("checked is True",)
    assert failing(all_three, CALM, PART) == ("checked is True", "the part has a name", "about is grip")
    assert failing(part_is_named, CALM, PART) == ("the part has a name",)


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (Where(urgency=Urgency.URGENT), "urgency is URGENT"),
        (Where(high_risk=True, place=None), "high risk is True and place is None"),
        (Said(about="grip"), "about is grip"),
        (Not(Said(about=None)), "not: about is None"),
        (All(Where(checked=True), part_is_named), "checked is True and the part has a name"),
        (part_is_named, "the part has a name"),
        (None, ""),
        (said_nowhere, "said nowhere"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_claim_is_read_in_words(claim, words):
    assert label(claim) == words


def test_only_the_first_line_of_a_docstring_is_the_claim():
    def seen(facts: Facts, event: News) -> bool:
        """
        the patient was seen

        By whom does not matter.
        """
        return True

    assert label(seen) == "the patient was seen"


def test_a_comparison_is_printed_as_it_is_written():
    assert repr(Where(urgency=Urgency.URGENT, checked=True)) == "Where(urgency=URGENT, checked=True)"
    assert repr(Said(about="grip")) == "Said(about=grip)"


@pytest.mark.parametrize("claim", CLAIMS, ids=label)
def test_a_claim_is_a_value_that_survives_pickling_and_copying(claim):
    assert pickle.loads(pickle.dumps(claim)) == copy.deepcopy(claim) == claim
    assert hash(copy.copy(claim)) == hash(claim)


def test_claims_of_two_kinds_differ_though_they_compare_the_same():
    assert Where(about="grip") != Said(about="grip")
    assert len({Where(about="grip"), Said(about="grip"), Where(about="grip")}) == 2
    assert All() != Not(part_is_named)


# ---- moves


def test_a_move_leads_from_one_or_several_states_or_from_nothing():
    assert Move(Loan.WANTED, Urged, Loan.LENT).states == (Loan.WANTED,)
    assert Move((Loan.WANTED, Loan.LENT), Urged, Loan.CLOSED).states == (Loan.WANTED, Loan.LENT)
    assert Move(None, Wanted, Loan.WANTED).states == (None,)


def test_a_stay_leads_nowhere():
    assert Stay(Loan.LENT, Urged).to is None


def test_otherwise_closes_a_group_and_claims_nothing():
    row = Otherwise((Loan.WANTED, Loan.LENT), Urged)
    assert (row.given, row.to, row.states) == (None, None, (Loan.WANTED, Loan.LENT))


def test_a_row_remembers_where_it_comes_from_and_that_it_leads_out_of_an_end():
    row = Move(Loan.CLOSED, Urged, Loan.LENT, source="BSeR TID 09", reopens=True)
    assert (row.source, row.reopens) == ("BSeR TID 09", True)


@pytest.mark.parametrize(
    "row",
    [
        Move(Loan.WANTED, Urged, Loan.LENT, given=Where(checked=True), source="x"),
        Stay(Loan.LENT, Broke, given=part_is_named),
        Otherwise(Loan.LENT, Broke),
        On(Broke, part_is_named, item=every_item, why="lost"),
        Clock(name="mend", starts=(On(Broke),), met_by=(On(Mended),)),
    ],
    ids=lambda row: type(row).__name__,
)
def test_a_row_is_a_value_that_survives_pickling_and_copying(row):
    assert pickle.loads(pickle.dumps(row)) == copy.deepcopy(row) == row


def test_rows_of_two_kinds_differ():
    assert Stay(Loan.LENT, Broke) != Otherwise(Loan.LENT, Broke)


# ---- items


def test_a_clock_runs_once_for_the_case_or_once_for_each_thing():
    assert whole_case(CALM, GRIP) == ""
    assert by_about(CALM, GRIP) == "grip"
    assert by_about(CALM, PART) == ""
    assert every_item(CALM, GRIP) is None


# ---- clocks


def test_a_clock_tries_meeting_before_excusing_before_dropping():
    clock = Clock(name="c", dropped_by=(On(Urged),), excused_by=(On(Broke),), met_by=(On(Mended), On(Wanted)))
    assert [(how, row.event) for how, row in clock.endings] == [
        (How.MET, Mended),
        (How.MET, Wanted),
        (How.EXCUSED, Broke),
        (How.DROPPED, Urged),
    ]


def test_a_clock_of_which_nothing_is_said_holds_up_nothing_and_can_be_waived_by_nobody():
    clock = Clock(name="c")
    assert not any((clock.closing, clock.optional, clock.outlives, clock.reaches_patient, clock.ends_with_death))
    assert clock.waivable_by == ()
    assert clock.owed_by is clock.kept_by is Role.OWNER

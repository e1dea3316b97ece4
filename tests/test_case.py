"""
What a case is made of: records that say what is owed and how it ended, and decide nothing.

The moments are of the small desk in `tests.kit.small`: a pair wanted on a Friday, due when Tuesday ends.
"""

import copy
import pickle
from datetime import timedelta

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from tests.kit.small import DAY, FRI, HOUR, RULES, TUE_ENDS, Loan, Returned, lent, wanted

from carecoord import (
    Answer,
    Book,
    Case,
    Deadline,
    Entry,
    How,
    Opening,
    Role,
    Schedule,
    Settled,
    Step,
    Terms,
    Told,
    World,
)
from carecoord.workflow import LOOK_AGAIN

TICK = timedelta(microseconds=1)


# ---- deadlines


def test_a_deadline_names_its_clock_its_item_and_its_round():
    assert wanted().deadline("lend").id == ("lend", "", 1)


def test_the_due_moment_itself_is_too_late():
    deadline = wanted().deadline("lend")
    assert deadline.due_at == TUE_ENDS
    assert not deadline.missed(TUE_ENDS - TICK)
    assert deadline.missed(TUE_ENDS)


def test_the_alarms_of_a_deadline_are_its_rungs_dated():
    assert wanted().deadline("lend").alarms == (
        (TUE_ENDS, Role.COORDINATOR),
        (TUE_ENDS + DAY, Role.SUPERVISOR),
        (TUE_ENDS + 2 * DAY, Role.SAFETY_OFFICER),
    )


def test_a_deadline_says_from_which_row_it_came():
    schedule = wanted().deadline("lend").schedule
    assert (schedule.row, schedule.unit, schedule.zone) == ("rows-1#lend", "2 business days", "America/Boise")
    assert schedule.every == DAY
    assert not schedule.provisional


def test_deadlines_of_one_row_share_what_does_not_differ():
    assert wanted().deadline("lend").schedule is wanted().deadline("lend").schedule


# ---- endings


@pytest.mark.parametrize(("how", "done"), [(how, how in (How.MET, How.MET_LATE)) for how in How], ids=str)
def test_only_what_was_met_is_done(how, done):
    assert how.done is done


def test_how_a_duty_ended_is_said_in_words():
    assert len({how.value for how in How}) == len(How)


def test_the_ledger_keeps_when_it_was_due_and_who_settled_it():
    one = lent().ended("lend")
    assert one.id == ("lend", "", 1)
    assert (one.how, one.due_at, one.at, one.key) == (How.MET, TUE_ENDS, FRI + 2 * HOUR, "lent")
    assert one.by.id == "desk-1"


# ---- the case


def test_a_case_answers_for_its_world():
    case = lent().case
    assert case.state is case.world.state is Loan.LENT
    assert case.facts is case.world.facts
    assert case.owner == case.world.owner == "dr-1"
    assert case.settled == tuple(case.world.settled)
    assert [one for one in case.deadlines if one.clock != LOOK_AGAIN] == [*case.world.duties]


def test_the_book_stands_in_step_with_the_world():
    for step in lent().steps:
        assert len(step.case.book.told) == len(step.case.world.duties)
        assert len(step.case.owed) == len(step.case.world.duties) + (step.case.world.acted is not None)


def test_a_case_lists_what_is_owed_in_the_order_in_which_it_began():
    log = lent()
    log.say(Returned, FRI + DAY)
    began = [one.started_at for one in log.case.deadlines]
    assert began == sorted(began)


def test_a_case_carries_no_history():
    """The log is the host's; a case of many years is as large as what is owed and settled."""
    log = lent()
    assert b"Entry" in pickle.dumps(log.entries)
    assert b"Entry" not in pickle.dumps(log.case)


def test_what_only_the_engine_reads_is_not_printed():
    case = lent().case
    assert case.digest
    assert case.answers
    assert "digest=" not in repr(case)
    assert "answers=" not in repr(case)


def test_a_case_survives_pickling_and_copying_and_goes_on():
    log = lent()
    again = pickle.loads(pickle.dumps(log.case))
    assert again == copy.deepcopy(log.case) == log.case
    log.case = again
    assert log.say(Returned, FRI + DAY).case.world.settled


def test_steps_and_entries_survive_pickling_and_copying():
    log = lent()
    assert pickle.loads(pickle.dumps(log.steps)) == log.steps
    assert copy.deepcopy(log.entries) == log.entries


@pytest.mark.parametrize(
    "kind",
    [Answer, Book, Case, Deadline, Entry, Opening, Schedule, Settled, Step, Terms, Told, World],
    ids=lambda kind: kind.__name__,
)
def test_a_record_is_frozen_and_has_no_room_for_more(kind):
    record = object.__new__(kind)
    name = attrs.fields(kind)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(record, name, None)
    assert not hasattr(record, "__dict__")


def test_only_the_entry_that_opens_a_case_says_how_it_was_opened():
    log = lent()
    assert log.entries[0].opening == Opening("t", "p-1", "loan", "1", "dr-1", log.entries[0].opening.facts, RULES.terms)
    assert [entry.opening for entry in log.entries[1:]] == [None, None]


def test_an_entry_keeps_what_was_answered_in_its_own_call():
    log = lent()
    assert [[one.clock for one in entry.answers] for entry in log.entries] == [["lend"], [], ["give_back", "call"]]

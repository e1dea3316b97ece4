"""
The benchmarks run, and measure what they say they measure.

How fast anything is, is no claim of a test: a clock that fails a build teaches people to run it again.
"""

from itertools import pairwise

import pytest
from benchmarks import __main__ as table
from benchmarks import days, peers, records, steps, stock
from benchmarks.journey import (
    SETTLES_ONE,
    STARTS_NOTHING,
    STAYS,
    begun,
    beside,
    case_with_four_open,
    eight_events,
    long_case,
    rules,
)
from benchmarks.table import Line, printed
from benchmarks.timing import Effort, Measured, race

from carecoord import advance

ONCE = Effort(rounds=2, turn_ns=1, starts=1)


@pytest.mark.parametrize("tables", [table.in_triggers, table.in_look_ups, table.in_bytes, table.in_dependencies])
def test_every_line_of_every_table_is_measured_or_not_there_yet(tables):
    lines = list(tables(ONCE))
    assert lines
    for line in lines:
        assert line.found is None or min(line.found.each) > 0, line.what
        assert (line.verdict == "not there yet") == (line.found is None)
    assert len(printed("A table", lines).splitlines()) == len(lines) + 4


def test_the_journey_has_eight_events_starts_and_ends_four_clocks_and_stays_open():
    book = rules()
    steps_taken = [advance(book, case, event) for case, event in beside(book, begun(book)[0], eight_events())]
    told = [type(effect).__name__ for step in steps_taken for effect in step.effects]
    assert len(steps_taken) == 8
    assert told.count("DeadlineSet") == told.count("DeadlineSettled") == 4
    assert steps_taken[-1].case.state not in book.workflow.ends
    assert all(len(deadline.alarms) == 3 for step in steps_taken for deadline in step.case.deadlines)


def test_the_steps_that_are_told_apart_are_what_their_names_say():
    book = rules()
    pairs = beside(book, begun(book)[0], eight_events())
    told = [[type(effect).__name__ for effect in advance(book, case, event).effects] for case, event in pairs]
    assert [n for n, words in enumerate(told) if "DeadlineSet" not in words] == sorted(STARTS_NOTHING)
    assert [n for n in STARTS_NOTHING if "DeadlineSettled" in told[n]] == list(SETTLES_ONE)
    assert all(told[n] == [] for n in STAYS)


def test_the_case_that_is_weighed_owes_four_and_has_settled_two():
    case = case_with_four_open(rules())
    owed = [deadline for deadline in case.deadlines if deadline.clock != "look_again"]
    assert [len(deadline.alarms) for deadline in owed] == [3, 3, 3, 3]
    assert len(case.settled) == 2


@pytest.mark.parametrize("ledger", [False, True])
def test_a_long_case_took_as_many_events_as_it_should_in_order(ledger):
    case, history = long_case(rules(), 50, ledger=ledger)
    moments = [entry.at for entry in history]
    assert case.seq == len(history) == 50
    assert all(a < b for a, b in pairwise(moments))
    assert (len(case.settled) > 10) == ledger


def test_the_yardstick_moves_the_machine_and_does_nothing_else():
    stock.bare_trigger()(3)
    stock.floor()(3)


def test_each_contestant_does_its_work_once():
    contestants = {**steps.contestants((10, 20)), **peers.here(), "days": days.from_the_moment()}
    for name, cost in race(contestants, ONCE).items():
        assert cost.median > 0, name


def test_a_thousand_cases_share_nothing_but_what_the_rulebook_lends():
    one, other = (records.live(rules())(n) for n in (1, 2))
    assert one.id != other.id
    assert {entry.key for entry in one.settled}.isdisjoint(entry.key for entry in other.settled)


def test_a_ratio_is_taken_within_its_round_and_a_median_over_all():
    found = race({"a": (1, lambda times: sum(range(times))), "b": (2, lambda times: sum(range(times)))}, ONCE)
    assert set(found) == {"a", "b"}
    assert Measured((10.0, 40.0, 9.0)).over(Measured((5.0, 10.0, 3.0))).each == (2.0, 4.0, 3.0)
    assert Measured((2.0, 4.0, 3.0)).median == 3.0
    assert Measured((7.0,)).spread == (7.0, 7.0)


def test_the_verdict_is_on_the_number_that_is_printed():
    assert Line("just", Measured((1.504,)), 1.5).verdict == "ok"
    assert Line("over", Measured((3.0,)), 1.5).verdict == "2.00 x bar"
    assert Line("told", Measured((3.0,))).verdict == ""

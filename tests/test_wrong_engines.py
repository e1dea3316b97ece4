"""
The kit is good only if it finds out engines that are wrong: here it must, each by the law named.

Each journey is lawful under the right engine first, so what is found out is the change.
"""

import pytest
from hypothesis import settings
from tests.kit import wrong_claims, wrong_people, wrong_tellings
from tests.kit.proving import refutes
from tests.kit.wrong_engines import WRONG

for _list in (wrong_claims, wrong_people, wrong_tellings):
    assert _list, "importing it puts its engines on the list"


@pytest.mark.proof
@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: one.name)
def test_a_wrong_engine_is_found_out(wrong):
    """And the right engine survives the same journeys."""
    # Whatever the profile: a kit that looks less hard does not know less.
    found = refutes(wrong.law, wrong.stage, wrong.running, most=max(3000, 4 * settings().max_examples))
    assert found is not None, wrong.change.__doc__


def test_the_three_that_survived_whole_random_suites_are_among_them():
    names = {wrong.name for wrong in WRONG}
    assert names >= {
        "an item that starts only once",
        "a rung rung again after a move",
        "no new revision after a stand-down",
    }
    assert len(names) == len(WRONG) >= 14


def test_the_ways_to_go_wrong_that_a_case_folded_from_its_events_invites_are_among_them():
    """Telling that decides, counting in the fold, asking twice, going by hearing, and reading half a row or a log."""
    assert {wrong.name for wrong in WRONG} >= {
        "misses decide",
        "revisions counted in the fold",
        "a repeat dated by the look",
        "or for and",
        "one claim of several is enough",
        "the item is not asked",
        "settled by any report",
        "overtaken and obeyed",
        "overtaken and forgotten",
        "the policy is asked again",
        "answers kept without what the policy read",
        "ties by hearing",
        "a history that is cut short is taken for whole",
    }

"""
The specification of the care plan is good only if it finds out workflows that are wrong: here it must.

Each wrong workflow has a test of its safety page that passes for the right one and fails for it.
"""

import pytest
from examples.practice import PLANS
from tests.wrong_plans import WRONG


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: one.name)
def test_a_wrong_care_plan_is_found_out(wrong):
    wrong.found_by(PLANS)
    with wrong.rules() as rules, pytest.raises(AssertionError):
        wrong.found_by(rules)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: one.name)
def test_what_was_changed_is_put_right_again(wrong):
    """Otherwise a later test would be asked of the wrong one."""
    with wrong.rules():
        pass
    wrong.found_by(PLANS)


def test_there_are_enough_of_them_and_no_two_are_the_same():
    names = {wrong.name for wrong in WRONG}
    assert len(names) == len(WRONG) >= 8

"""
A specification of a workflow is good only if it finds out workflows that are wrong: here it must.

Each wrong one has a test that passes for the right one and fails for it.
"""

import pytest
from tests import wrong_plans, wrong_referrals, wrong_results, wrong_transitions

LISTS = {
    "care plan": wrong_plans.WRONG,
    "care transition": wrong_transitions.WRONG,
    "referral": wrong_referrals.WRONG,
    "test result": wrong_results.WRONG,
}
EACH = [pytest.param(wrong, id=f"{name}: {wrong.name}") for name, several in LISTS.items() for wrong in several]


@pytest.mark.parametrize("wrong", EACH)
def test_a_wrong_workflow_is_found_out(wrong):
    wrong.found_by(wrong.right)
    with wrong.rules() as rules, pytest.raises(AssertionError):
        wrong.found_by(rules)


@pytest.mark.parametrize("wrong", EACH)
def test_what_was_changed_is_put_right_again(wrong):
    """Otherwise a later test would be asked of the wrong one."""
    with wrong.rules():
        pass
    wrong.found_by(wrong.right)


@pytest.mark.parametrize("several", LISTS.values(), ids=LISTS)
def test_there_are_enough_of_them_and_no_two_are_the_same(several):
    names = {wrong.name for wrong in several}
    assert len(names) == len(several) >= 8

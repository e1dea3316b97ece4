"""
The forty invariants of safety: those that hold for every workflow alike, and the page that says how each is kept.

What is particular to a workflow stands on its own page of tests; what is true of any journey, in the laws of the kit.
"""

import pytest
from tests import plan_story, referral_story, result_story, transition_story
from tests.transition_story import DAY, NOW, Actor, done, heard, of

from carecoord import (
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    Escalated,
    HandoverOffered,
    ImpossibleEvent,
    Moved,
    OwnerGone,
    Role,
    next_check,
)
from carecoord.workflows.care_plan_review import CARE_PLAN_REVIEW
from carecoord.workflows.care_transition import CARE_TRANSITION
from carecoord.workflows.diagnostic_result import TEST_RESULT
from carecoord.workflows.referral import REFERRAL

STORIES = {
    "care transition": transition_story,
    "referral": referral_story,
    "test result": result_story,
    "care plan": plan_story,
}
WORKFLOWS = {
    "care transition": CARE_TRANSITION,
    "referral": REFERRAL,
    "test result": TEST_RESULT,
    "care plan": CARE_PLAN_REVIEW,
}
everywhere = pytest.mark.parametrize("name", STORIES)


def open_cases(name):
    """Return a case of the workflow in each open state, to be told on."""
    story = STORIES[name]
    return [story.standing(code).fork() for code, state in story.CODES.items() if state not in WORKFLOWS[name].ends]


@everywhere
def test_r_03_whoever_is_offered_a_case_owns_it_only_once_they_say_so(name):
    """R-3: in every state of every workflow, and whoever offers has the case meanwhile."""
    for story in open_cases(name):
        story.then(done(HandoverOffered, NOW, to="dr-8"))
        assert (story.case.owner, bool(story.owed("take_up", "dr-8"))) == ("dr-3", True)


@everywhere
def test_r_04_whoever_is_gone_leaves_a_case_to_the_default_queue(name):
    """R-4: and it rings until a person takes it."""
    for story in open_cases(name):
        story.then(heard(OwnerGone, NOW, who="dr-3"))
        assert story.case.owner == "front-desk"
        assert of(story.look(story.due("take_up")).effects, Escalated, "take_up")


@everywhere
def test_r_16_administration_has_a_name_and_a_reason_and_lets_nothing_go_that_nobody_may_waive(name):
    """R-16: no program closes cases, and what no role may let go keeps a case open whoever closes it."""
    flow = WORKFLOWS[name]
    for story in open_cases(name):
        by_program = done(ClosedByAdministration, NOW, reason="old", by=Actor(Role.SYSTEM, "nightly"))
        assert story.refuses(by_program) is not None
        kept = {one.clock for one in story.case.deadlines if flow.clock(one.clock).closing}
        kept = {clock for clock in kept if not flow.clock(clock).waivable_by}
        for role in Role:
            if kept:
                assert story.refuses(done(ClosedByAdministration, NOW, reason="old", by=Actor(role, "x"))) is not None
    with pytest.raises((ImpossibleEvent, TypeError)):
        done(ClosedByAdministration, NOW)


@everywhere
def test_r_29_whoever_is_told_the_case_stays_its_owners_and_as_urgent_as_it_was(name):
    """R-29: half a year of silence, up to the fail-safe and beyond."""
    for story in open_cases(name):
        world = story.case.world
        for _ in range(20):
            story.look(next_check(story.case))
        story.look(NOW + 180 * DAY)
        assert of(story.said, Escalated)
        assert story.case.world == world


@everywhere
def test_r_36_a_conflict_holds_no_clock_and_moves_no_owner(name):
    """R-36: of either kind, in every open state."""
    for kind in ConflictKind:
        for story in open_cases(name):
            owed, state = story.case.deadlines, story.case.state
            step = story.then(heard(ConflictRaised, NOW, "c-1", kind=kind))
            after = tuple(one for one in story.case.deadlines if one.clock != "resolve")
            assert (after, story.case.state, story.case.owner) == (owed, state, "dr-3")
            assert not of(step.effects, Moved)
            assert not story.case.world.held
            assert story.owed("resolve", "c-1")

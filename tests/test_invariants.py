"""
The forty invariants of safety: those that hold for every workflow alike, and the page that says how each is kept.

What is particular to a workflow stands on its own page of tests; what is true of any journey, in the laws of the kit.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache, reduce
from pathlib import Path

import pytest
from tests import (
    plan_story,
    referral_story,
    result_story,
    test_pauses,
    test_wrong_engines,
    test_wrong_workflows,
    transition_story,
)
from tests import test_care_transition_safety as of_transitions
from tests.transition_story import DAY, NOW, Actor, done, heard, of, taken_back

import carecoord
from carecoord import (
    CalendarDays,
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    EnteredInError,
    Escalated,
    HandoverOffered,
    ImpossibleEvent,
    Moved,
    OwnerGone,
    PatientLeft,
    Role,
    next_check,
    policies,
)
from carecoord.workflows import care_plan_review, care_transition, diagnostic_result, referral
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
def test_r_27_a_deadline_names_the_edition_and_the_row_that_it_comes_from(name):
    """R-27: whoever asks later why it is due then finds the row, although there is a newer edition."""
    for story in open_cases(name):
        for deadline in story.case.deadlines:
            row = deadline.schedule.row.partition("[")[0]  # behind it stands for which cases it is
            assert row == f"{story.rules.timing.version}#{deadline.clock}"


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


@everywhere
def test_r_37_a_case_that_was_entered_in_error_by_mistake_comes_back_as_it_was(name):
    """R-37: the entries of before stand, and the error and its retraction beside them."""
    for story in open_cases(name):
        world, log = story.case.world, tuple(story.log)
        error = done(EnteredInError, NOW)
        story.then(error)
        assert story.state == "ENTERED_IN_ERROR"
        story.then(taken_back(error, NOW + DAY))
        assert story.case.world == world
        assert tuple(story.log[: len(log)]) == log
        assert len(story.log) == len(log) + 2


@everywhere
def test_r_38_an_act_from_the_future_is_refused_and_news_from_there_is_looked_at(name):
    """R-38: five minutes between two clocks are forgiven, no more; what news claimed stays in its entry."""
    for story in open_cases(name):
        now, soon = {"recorded_at": NOW}, NOW + DAY
        assert story.refuses(done(HandoverOffered, soon, to="dr-8", **now)).claims == (
            "it happened before it was recorded",
        )
        assert story.refuses(done(HandoverOffered, NOW + DAY / 288, to="dr-8", **now)) is None
        left = heard(PatientLeft, soon, **now)
        story.then(left)
        assert story.owed("unexpected", left.key)
        assert story.log[-1].claimed == ((left.key, soon),)


# --- the page -------------------------------------------------------------------------------

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "explanation" / "invariants.md"
ROWS = [
    [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
ROOMS = (carecoord, policies, care_transition, referral, diagnostic_result, care_plan_review)


@cache
def those_of(file):
    """Return the tests of a file, each with all the names in it."""
    tree = ast.parse((HERE / f"{file}.py").read_text(encoding="utf-8"))
    tests = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
    return {one.name: {node.attr for node in ast.walk(one) if isinstance(node, ast.Attribute)} for one in tests}


def named(cell):
    return re.findall(r"`(test_\w+)::(test_\w+)`", cell)


def wrong_versions() -> Iterator[tuple[str, set[str]]]:
    """Give the name of each wrong version, and the tests that find it out."""
    for wrong in test_wrong_engines.WRONG:
        laws = those_of("test_laws")
        yield wrong.name, {test for test, names in laws.items() if {wrong.law.__name__, wrong.law} & names}
        yield wrong.name, {name for plain in BY_HAND.get(wrong.name, ()) for name in names_of(plain)}
    for several in test_wrong_workflows.LISTS.values():
        for wrong in several:
            yield wrong.name, names_of(wrong.found_by)


def names_of(test):
    """Return the name of a test, or of the one that a lambda asks."""
    return {test.__name__, *test.__code__.co_names}


BY_HAND = {
    "administration closes anything": (
        lambda: test_r_16_administration_has_a_name_and_a_reason_and_lets_nothing_go_that_nobody_may_waive("referral"),
    ),
    "met before it opens": (
        lambda: of_transitions.test_whether_the_first_day_counts_is_the_measures_to_say(CalendarDays(1), ()),
    ),
    "a pause holds nothing": (test_pauses.test_a_pause_holds_what_may_be_paused_and_nothing_else,),
}
"""Engines that a law finds out, and the plain tests that find them out as well."""


@pytest.mark.parametrize("name", BY_HAND)
def test_an_engine_that_breaks_an_invariant_fails_its_plain_test_too(name):
    (wrong,) = (one for one in test_wrong_engines.WRONG if one.name == name)
    for plain in BY_HAND[name]:
        plain()
        with wrong.running(), pytest.raises(AssertionError):
            plain()


def test_the_table_has_forty_rows():
    assert [row[0] for row in ROWS] == [str(number) for number in range(1, 41)]
    assert {len(row) for row in ROWS} == {6}
    assert all(cell for row in ROWS for cell in row)


@each_row
def test_an_invariant_says_from_where_it_comes_and_how_sure_that_is(row):
    assert re.search(r"^(seen: .*\]\(https?://|ours|S1 of|NCQA's slides)", row[2]), row[2]


@each_row
def test_an_invariant_names_tests_that_there_are(row):
    assert named(row[4])
    for file, test in named(row[4]):
        assert test in those_of(file), f"{file}::{test}"


@each_row
def test_what_keeps_an_invariant_is_public_or_a_clock(row):
    clocks = {clock.name for flow in WORKFLOWS.values() for clock in flow.all_clocks}
    for name in re.findall(r"`([^`]+)`", row[3]):
        assert name in clocks or any(is_there(room, name) for room in ROOMS), name


def is_there(room, dotted):
    try:
        reduce(getattr, dotted.split("."), room)
    except AttributeError:
        return False
    return True


@each_row
def test_an_invariant_has_a_wrong_version_that_one_of_its_tests_finds_out(row):
    own = {test for _, test in named(row[4])}
    for name in re.findall(r'"([^"]+)"', row[5]):
        finders = [tests for other, tests in wrong_versions() if other == name]
        assert finders, f"there is no wrong version called {name!r}"
        assert any(tests & own for tests in finders), f"{name!r} is found out by {finders}"
    assert '"' in row[5]

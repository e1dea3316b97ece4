"""
Test result: properties over journeys that nobody planned.

Whatever happens, in whatever order it is heard, somebody's turn it is, and the state is what is here.
"""

from datetime import timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.result_story import (
    ABNORMAL,
    CODES,
    CRITICAL,
    NORMAL,
    UNKNOWN,
    WAYS,
    R,
    acknowledged,
    reviewed,
    standing,
    told,
)
from tests.transition_story import HOUR, NOW, done, tell_where_it_can_be

from carecoord import check, replay
from carecoord.workflows.diagnostic_result import TEST_RESULT, OrderWithdrawn, Reordered

_LET_GO = (
    "Waived",
    "UnableToReach",
    "EnteredInError",
    "PatientDied",
    "Retracted",
    "MomentCorrected",
    "SupersededBy",
    "ClosedByAdministration",
)
_OF_THE_CASE = [event for (name, _), some in WAYS.items() if name not in _LET_GO for _, event in some]
_OF_THE_CASE += [event for _, event in WAYS["Waived", "owed, and who may"]]
_SEVERITIES = st.sampled_from((CRITICAL, ABNORMAL, NORMAL, UNKNOWN))


@st.composite
def journeys(draw):
    """A result and up to twelve things that happen to it, six hours apart; some are heard late."""
    story = standing(draw(st.sampled_from([code for code in CODES if code not in ("SU", "ER")]))).fork()
    for number in range(draw(st.integers(1, 12))):
        event = draw(st.sampled_from(_OF_THE_CASE))
        at = NOW + (number + 1) * 6 * HOUR
        back = timedelta(hours=draw(st.sampled_from((0, 0, 0, 7))))
        one = evolve(event, at=at - back, recorded_at=at, key=f"{number}")
        if hasattr(one, "severity"):
            one = evolve(one, version=draw(st.integers(1, 4)), severity=draw(_SEVERITIES))
        if hasattr(one, "results") and draw(st.booleans()):
            here = [version.name for version in story.case.facts.versions]
            one = evolve(one, results=tuple(here))
        tell_where_it_can_be(story, (one,))
    return story


def surprised(story):
    return any(one.clock in ("unexpected", "overtaken") for one in (*story.case.deadlines, *story.case.settled))


@given(journeys())
def test_in_any_journey_somebodys_turn_it_is(story):
    """R-2: what is awaited, undecided, unread or unknown is owed by somebody."""
    facts, owed = story.case.facts, {(one.clock, one.item) for one in story.case.deadlines}
    if story.case.state in TEST_RESULT.ends:
        return
    assert {("review", name) for name in facts.reviews} == {one for one in owed if one[0] == "review"}, told(story)
    assert {("critical", name) for name in facts.alarms} == {one for one in owed if one[0] == "critical"}
    persons = {person for person, _ in facts.owed}
    assert persons <= {item for clock, item in owed if clock == "tell_again"}
    if story.state != "UNCLAIMED":
        final = {one.component for one in facts.versions if one.final}
        let_go = {*facts.cancelled, *facts.let_go, *facts.withdrawn}
        known = {*facts.components, *(one.component for one in facts.versions)}
        assert known - final - let_go == {item for clock, item in owed if clock == "result"}, told(story)
        assert bool(set(facts.undecided) - {*facts.withdrawn}) is (("decide", "") in owed), told(story)


@given(journeys())
def test_in_any_journey_the_state_is_what_is_here(story):
    """R-20: no order of events leads elsewhere."""
    facts = story.case.facts
    final = {one.component for one in facts.versions if one.final}
    known = {*facts.components, *(one.component for one in facts.versions)}
    lacking = known - final - {*facts.cancelled, *facts.let_go, *facts.withdrawn}
    if story.state == "RESULTED":
        assert facts.versions, told(story)
        assert not lacking, told(story)
    if story.state in ("ORDERED", "COLLECTED", "NOT_DONE"):
        assert not facts.versions, told(story)
    if story.state == "PARTIAL":
        assert lacking, told(story)


@given(journeys())
def test_in_any_journey_a_newest_version_was_read_or_is_to_be_read(story):
    """R-6: unless it surprised."""
    if surprised(story) or story.case.state in (R.ENTERED_IN_ERROR, R.CANCELLED):
        return
    newest = {}
    for one in sorted(story.case.facts.versions, key=lambda one: one.number):
        newest[one.component] = one
    awaiting = {one.item.rpartition(":")[0] for one in story.case.deadlines if one.clock == "review"}
    for component, one in newest.items():
        assert one.reviewed or component in awaiting, told(story)


@given(journeys())
def test_in_any_journey_a_patient_was_told_of_what_is_abnormal_or_is_to_be_told(story):
    """R-7, R-11: the newest final version, unless there was a reason not to."""
    if surprised(story) or story.case.state in TEST_RESULT.ends:
        return
    finals = {}
    for one in sorted(story.case.facts.versions, key=lambda one: one.number):
        if one.final:
            finals[one.component] = one
    for one in finals.values():
        clock = "notify_abnormal" if one.abnormal else "notify_normal"
        assert one.told or story.owed(clock, one.name), told(story)


@given(journeys())
def test_in_any_journey_a_closed_or_cancelled_result_owes_only_what_outlives_it(story):
    """R-17"""
    if story.case.state in TEST_RESULT.ends:
        assert story.owes() <= {clock.name for clock in TEST_RESULT.all_clocks if clock.outlives}


@given(journeys())
def test_in_any_journey_a_duty_that_nobody_may_waive_can_be_done_where_it_runs(story):
    """R-2: what cannot be done and cannot be let go would ring for ever."""
    at = story.case.recorded_at + HOUR
    for one in story.case.deadlines:
        if one.clock == "review" and story.state != "UNCLAIMED":
            newest = max(
                (v for v in story.case.facts.versions if v.component == one.item.rpartition(":")[0]),
                key=lambda v: v.number,
            )
            other = story.fork()
            other.then(reviewed(at, newest.name))
            assert other.owed("review", one.item) is None, told(story)
        if one.clock == "critical":
            other = story.fork()
            other.then(acknowledged(at, one.item))
            assert other.owed("critical", one.item) is None, told(story)
            story = other  # whoever ends an order knows of it first
        if one.clock == "decide" and story.state not in ("UNCLAIMED",):
            then = at + HOUR  # within one moment, what ends an order comes before what is said of it
            ways = [
                done(type_, then, **said)
                for type_, said in ((Reordered, {"case": "o-1"}), (OrderWithdrawn, {"reason": "r"}))
            ]
            newest = tuple(v.name for v in story.case.facts.versions)
            undecided = story.case.facts.undecided
            reading = reviewed(then, *newest, without=tuple(c for c in undecided))
            assert any(story.refuses(way) is None for way in (*ways, reading)), told(story)


@given(journeys())
def test_in_any_journey_the_log_alone_gives_the_case_again(story):
    """R-27, R-37"""
    again = replay(TEST_RESULT, story.log)
    assert again[-1].case == story.case
    assert check(story.case, at=story.case.recorded_at).effects == ()

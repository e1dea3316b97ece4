"""
Care plan review: properties over journeys that nobody planned.

Whatever happens, in whatever order it is heard, what the plan waits for is somebody's, and what is known says the same
as what is owed.
"""

from datetime import timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.plan_story import CODES, DR_8, WAYS, accepted, reviewed, standing, told
from tests.transition_story import HOUR, NOW, tell_where_it_can_be

from carecoord import check, replay
from carecoord.workflows.care_plan_review import CARE_PLAN_REVIEW, PlanReviewed, responsible
from carecoord.workflows.care_plan_review.facts import source_name

_LET_GO = (
    "EnteredInError",
    "PatientDied",
    "Retracted",
    "MomentCorrected",
    "SupersededBy",
    "ClosedByAdministration",
)
_OF_THE_CASE = [event for (name, _), some in WAYS.items() if name not in _LET_GO for _, event in some]
_NUMBERED = ("PlanDrafted", "PlanReviewed", "VisitWeighed", "CopyGiven")


@st.composite
def journeys(draw):
    """A plan and up to twelve things that happen to it, six hours apart; some are heard late."""
    story = standing(draw(st.sampled_from([code for code in CODES if code not in ("SU", "ER")]))).fork()
    for number in range(draw(st.integers(1, 12))):
        event = draw(st.sampled_from(_OF_THE_CASE))
        at = NOW + (number + 1) * 6 * HOUR
        back = timedelta(hours=draw(st.sampled_from((0, 0, 0, 7))))
        one = evolve(event, at=at - back, recorded_at=at, key=f"{number}")
        if type(one).__name__ in _NUMBERED and draw(st.booleans()):
            one = evolve(one, version=draw(st.integers(1, 5)))
        if isinstance(one, PlanReviewed):
            one = evolve(one, next_review_at=one.at + timedelta(days=90))
        tell_where_it_can_be(story, (one,))
    return story


def items(story, clock):
    return {one.item for one in story.case.deadlines if one.clock == clock}


@given(journeys())
def test_in_any_journey_what_is_known_to_be_owed_is_owed(story):
    """R-2, R-34: a visit nobody weighed, a copy nobody has, information nobody brought in, a component nobody has."""
    facts, open_plan = story.case.facts, story.case.state not in CARE_PLAN_REVIEW.ends
    if not open_plan:
        return
    assert items(story, "weigh") == set(facts.visits), told(story)
    assert bool(items(story, "give_copy")) is bool(facts.copy_owed), told(story)
    assert items(story, "bring_in") == {source_name(one) for one in facts.sources}, told(story)
    open_components = {one.name for one in facts.components if one.open}
    assert items(story, "accept_component") == open_components, told(story)
    for one in facts.components:
        assert responsible(story.case, one.name), told(story)


@given(journeys())
def test_in_any_journey_a_plan_in_force_has_a_review_ahead_and_any_other_is_somebodys(story):
    """R-33"""
    settled = {one.clock for one in story.case.settled}
    for clock in CARE_PLAN_REVIEW.waits_for.get(story.case.state, ()):
        assert clock in story.owes() | settled, told(story)
    if story.state in ("ACTIVE", "UNDER_REVIEW"):
        assert story.owed("review"), told(story)
        assert story.case.facts.plan is not None
        # A component of the plan, and a goal, are those of the version in force.
        assert items(story, "measure") <= set(story.case.facts.plan.goals), told(story)
    else:
        assert not items(story, "measure"), told(story)


@given(journeys())
def test_in_any_journey_an_ended_plan_owes_only_what_outlives_it(story):
    """R-17"""
    if story.case.state in CARE_PLAN_REVIEW.ends:
        assert story.owes() <= {clock.name for clock in CARE_PLAN_REVIEW.all_clocks if clock.outlives}


@given(journeys())
def test_in_any_journey_a_duty_that_nobody_may_waive_can_be_done_where_it_runs(story):
    """R-2: what cannot be done and cannot be let go would ring for ever."""
    at = NOW.add(days=30)  # after all that happened
    for one in story.case.deadlines:
        if one.clock == "review":
            other = story.fork()
            other.then(reviewed(at))
            assert other.owed("review").round == one.round + 1, told(story)
        if one.clock == "accept_component":
            who = next(c.assigned for c in story.case.facts.components if c.name == one.item) or DR_8.id
            other = story.fork()
            other.then(accepted(at, one.item, by=evolve(DR_8, id=who)))
            assert other.owed("accept_component", one.item) is None, told(story)


@given(journeys())
def test_in_any_journey_the_log_alone_gives_the_case_again(story):
    """R-27, R-37"""
    again = replay(CARE_PLAN_REVIEW, story.log)
    assert again[-1].case == story.case
    assert check(story.case, at=story.case.recorded_at).effects == ()

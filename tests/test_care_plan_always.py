"""
Care plan review: properties over journeys that nobody planned.

Whatever happens, in whatever order it is heard, what the plan waits for is somebody's, and what is known says the same
as what is owed.
"""

from datetime import timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.plan_story import CODES, DR_8, REVISED, WAYS, accepted, reviewed, standing, told
from tests.transition_story import HOUR, NOW, tell_where_it_can_be

from carecoord import Waived, check, replay
from carecoord.workflows.care_plan_review import (
    CARE_PLAN_REVIEW,
    Activated,
    Completed,
    ComponentAssigned,
    Copy,
    CopyGiven,
    PatientDeclined,
    PlanReviewed,
    RelevantVisit,
    Revoked,
    VisitWeighed,
    responsible,
)
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


def happened(story):
    """Return what happened, in order; nothing where something surprised, or the plan was not in force throughout."""
    events = sorted((event for entry in story.log for event in entry.events), key=lambda event: event.at)
    surprises = any(one.clock in ("unexpected", "overtaken") for one in (*story.case.deadlines, *story.case.settled))
    in_force = story.state in ("ACTIVE", "UNDER_REVIEW")
    ended = any(isinstance(event, Completed | Revoked | PatientDeclined) for event in events)
    return [] if surprises or ended or not in_force else events


def let_go(event, clock):
    return isinstance(event, Waived) and event.clock == clock


@given(journeys())
def test_in_any_journey_the_patient_has_the_version_in_force_or_is_to_get_it(story):
    """R-34, worked out from what happened alone: given after it came into force, and not come back since."""
    number, has_it = 0, False
    for event in happened(story):
        revises = getattr(event, "outcome", None) is REVISED
        if isinstance(event, Activated) or (revises and isinstance(event, PlanReviewed | VisitWeighed)):
            number, has_it = event.version or 1, False
        elif let_go(event, "give_copy"):
            has_it = True
        elif isinstance(event, CopyGiven) and event.version in (None, number) and number:
            has_it = has_it or event.outcome is not Copy.UNDELIVERABLE
            has_it = has_it and event.outcome is not Copy.UNDELIVERABLE
    if number:
        assert bool(items(story, "give_copy")) is not has_it, told(story)


@given(journeys())
def test_in_any_journey_no_component_is_lost(story):
    """R-35, worked out from what happened alone: what was named or assigned is there, since nothing here ends it."""
    events = happened(story)
    named = {name for event in events for name in getattr(event, "components", None) or ()}
    named |= {event.about for event in events if isinstance(event, ComponentAssigned)}
    assert not events or {one.name for one in story.case.facts.components} == named, told(story)


@given(journeys())
def test_in_any_journey_each_visit_was_weighed_or_is_to_be_weighed(story):
    """CM-04, worked out from what happened alone: by name, as the only one, by a review after it, or let go."""
    waits, known, before = [], set(), set()
    events = happened(story)
    for event in events:
        if isinstance(event, RelevantVisit) and (name := event.about or event.key) not in known | before:
            waits.append(name)
            known.add(name)
        elif isinstance(event, PlanReviewed):
            # What was told two reviews ago, and is told again, is weighed again: better twice than never.
            waits, known, before = [], set(), known
        elif isinstance(event, VisitWeighed):
            name = event.about or waits[0]
            waits = [one for one in waits if one != name]
            known.add(name)
    assert not events or items(story, "weigh") == set(waits), told(story)


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

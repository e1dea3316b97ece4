"""
Care plan review: in whatever order it is heard, the same events make the same world.

Exhaustive over all journeys of up to four events of which each changes the state, from every state in which a plan may
stand: all orders of hearing of each. Longer journeys are sampled. An act that is refused because what allows it was not
heard yet is handed in again; where it cannot be taken at all, because a later act that was taken stands in its way,
there is nothing to compare.
"""

from functools import cache
from itertools import permutations

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan_story import (
    CODES,
    DR_9,
    REVISED,
    accepted,
    activated,
    assigned,
    brought,
    copied,
    linked,
    reviewed,
    standing,
    told,
    weighed,
)
from tests.transition_story import DAY, HOUR, NOW, done, heard, tell_where_it_can_be

from carecoord import LinkedCaseEnded, OwnerGone, PatientDied, PatientLeft, Reopened
from carecoord.workflow import OVERTAKEN, TELL_AGAIN, UNEXPECTED
from carecoord.workflows.care_plan_review import (
    REQUIRED,
    Completed,
    GoalMeasured,
    PatientDeclined,
    PatientTookPart,
    PlanDrafted,
    RelevantVisit,
    ReviewStarted,
    Revoked,
)

SURPRISES = {UNEXPECTED, OVERTAKEN, TELL_AGAIN}
START = [code for code in CODES if code not in ("SU", "ER")]
AHEAD = {"next_review_at": NOW + 90 * DAY}

# What may change the state; the moment is that of its place in the journey.
LETTERS = (
    done(PlanDrafted, NOW, elements=REQUIRED, goals=("walk", "sleep")),
    activated(NOW, **AHEAD),
    done(ReviewStarted, NOW),
    reviewed(NOW, **AHEAD),
    done(Completed, NOW, reason="r"),
    done(Revoked, NOW, reason="r"),
    done(PatientDeclined, NOW),
    done(Reopened, NOW),
)
OTHERS = (
    reviewed(NOW, REVISED, version=5, goals=("sleep",), components=("sleep",), ends=("diabetes",), **AHEAD),
    heard(RelevantVisit, NOW, "v-1"),
    heard(RelevantVisit, NOW, "v-2"),
    weighed(NOW, "v-1"),
    weighed(NOW, "v-2", REVISED, version=4),
    weighed(NOW),
    copied(NOW),
    copied(NOW, version=1),
    linked(NOW),
    heard(LinkedCaseEnded, NOW, case="r-7", done=False),
    brought(NOW),
    done(GoalMeasured, NOW, "walk"),
    assigned(NOW, clinician="dr-9"),
    accepted(NOW),
    accepted(NOW, by=DR_9),
    heard(OwnerGone, NOW, who="dr-8"),
    heard(PatientLeft, NOW),
    heard(PatientDied, NOW),
)


@cache
def beginning(code):
    """Return a plan that stands there, with the patient's part in it, where that could be told."""
    return tell_where_it_can_be(standing(code).fork(), (done(PatientTookPart, NOW),))


def at_its_place(event, number):
    at = NOW + (number + 1) * HOUR
    return evolve(event, at=at, recorded_at=at, key=f"{number} {event.key}")


def journeys(story, length, number=0):
    """Return all journeys of up to this length in which each event changes the state."""
    for letter in LETTERS if length else ():
        event = at_its_place(letter, number)
        if story.refuses(event) is None:
            other, was = story.fork(), story.state
            other.then(event)
            if other.state != was:
                yield (event,)
                yield from ((event, *more) for more in journeys(other, length - 1, number + 1))


def told_in(code, events):
    """Tell a story in this order of hearing, and return it with the keys of what it kept."""
    story, ahead, waiting = beginning(code).fork(), list(events), []
    while ahead:
        event = ahead.pop(0)
        if story.refuses(event) is not None:
            waiting.append(event)
            continue
        story.then(event)
        ahead, waiting = waiting + ahead, []
    return story, {event.key for entry in story.log for event in entry.events}


def world(story):
    """Return what the events say, but for surprises, which count from when they were noticed."""
    case = story.case
    return (
        case.state,
        case.facts,
        [one for one in case.world.duties if one.clock not in SURPRISES],
        [one for one in case.settled if one.clock not in SURPRISES],
        case.world.acted,
        case.world.pauses,
    )


def compare(code, events, orders):
    """Hold all orders of hearing against the order in which it happened, and count what could be compared."""
    right, kept = told_in(code, events)
    compared = 0
    for order in orders:
        other, also = told_in(code, order)
        if also == kept:
            assert world(other) == world(right), f"{told(right)}\nand as heard\n{told(other)}"
            compared += 1
    # All at once, as a backlog, is one more order, and leaves nothing out.
    backlog = beginning(code).fork()
    caught = backlog.catch_up(*reversed(events), at=max(event.recorded_at for event in events)) if events else None
    assert caught is None or (caught.refused, world(backlog)) == ((), world(right)), told(right)
    return compared


@pytest.mark.parametrize("code", START)
def test_four_events_make_the_same_world_in_whatever_order_they_are_heard(code):
    """Exhaustive: each journey in which each event changes the state, and each order of hearing."""
    found = list(journeys(beginning(code), 4))
    compared = sum(compare(code, events, permutations(events)) for events in found)
    assert compared > 2 * len(found), "most could not be compared"


@given(
    st.sampled_from(START),
    st.lists(st.sampled_from((*LETTERS, *OTHERS)), min_size=3, max_size=8),
    st.randoms(use_true_random=False),
)
@settings(max_examples=settings().max_examples)
def test_longer_journeys_make_the_same_world_in_whatever_order_they_are_heard(code, letters, chances):
    """Sampled; also what changes no state."""
    story, events = beginning(code).fork(), []
    for number, letter in enumerate(letters):
        event = at_its_place(letter, number)
        if story.refuses(event) is None:
            story.then(event)
            events.append(event)
    order = list(events)
    chances.shuffle(order)
    compare(code, tuple(events), (order,))

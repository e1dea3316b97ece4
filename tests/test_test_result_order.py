"""
Test result: in whatever order it is heard, the same events make the same world.

Exhaustive over all journeys of up to four events of which each changes the state, from every state in which a case may
stand: all orders of hearing of each (up to two events here, up to four in the proof). Longer journeys are sampled.
An act that is refused because what allows it was not heard yet is handed in again; where it cannot be taken at all,
because a later act that was taken stands in its way, there is nothing to compare.
"""

from itertools import permutations

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.result_story import (
    ABNORMAL,
    CARRIED,
    CODES,
    CRITICAL,
    LAB,
    NORMAL,
    UNKNOWN,
    called,
    corrected,
    notified,
    preliminary,
    result,
    reviewed,
    standing,
    told,
)
from tests.transition_story import CLINICIAN, HOUR, NOW, done, heard

from carecoord import ClosedByAdministration, EnteredInError, Linked, LoopClosed, Reopened, SupersededBy, Waived
from carecoord.workflow import OVERTAKEN, TELL_AGAIN, UNEXPECTED
from carecoord.workflows.diagnostic_result import (
    ArrivedUnasked,
    Claimed,
    Collected,
    Disposition,
    LabCancelled,
    NotDone,
    Ordered,
    OrderWithdrawn,
    ReflexAdded,
    Reordered,
    ResultReceived,
    ResultRetracted,
    SeenByPatient,
    SpecimenRejected,
)

SURPRISES = {UNEXPECTED, OVERTAKEN, TELL_AGAIN}
START = [code for code in CODES if code not in ("SU", "ER")]

# What may change the state; the moment is that of its place in the journey.
LETTERS = (
    heard(Collected, NOW, specimen="s-7"),
    heard(SpecimenRejected, NOW, "na", specimen="s-7"),
    heard(NotDone, NOW),
    heard(LabCancelled, NOW),
    heard(LabCancelled, NOW, "k"),
    heard(ReflexAdded, NOW, "mg"),
    heard(ArrivedUnasked, NOW, "na", version=3, severity=ABNORMAL, by=LAB),
    called(NOW, "k"),
    preliminary(NOW, "k", CRITICAL, version=2),
    result(NOW, "k", NORMAL, version=3),
    result(NOW, "mg", ABNORMAL),
    corrected(NOW, "na", 2, ABNORMAL),
    heard(ResultRetracted, NOW, "k"),
    done(Claimed, NOW),
    done(OrderWithdrawn, NOW, reason="r"),
    done(Reordered, NOW, case="o-2"),
    done(Waived, NOW, "na", clock="result", reason="r", by=CLINICIAN),
    done(Reopened, NOW),
)

OTHERS = (
    heard(SeenByPatient, NOW, results=("k:1", "na:1")),
    reviewed(NOW, "k:1"),
    reviewed(NOW, "k:1", "na:1", disposition=Disposition.FOLLOW_UP_NEEDED, findings=("f-1",)),
    reviewed(NOW, "k:3"),
    notified(NOW, "k:1", "na:1"),
    notified(NOW, "k:3", recipient="daughter"),
    reviewed(NOW, "k:1", without=("na",)),
    called(NOW, "k", read_back=False),
    called(NOW, "k", version=3),
    result(NOW, "na", UNKNOWN, version=1),
    result(NOW, "na", CRITICAL, version=1),
    heard(ResultRetracted, NOW, "na", version=1),
    heard(ResultReceived, NOW, severity=CRITICAL, by=LAB),
    done(Ordered, NOW, components=("k", "mg")),
    done(Linked, NOW, "f-1", case="r-2"),
    done(LoopClosed, NOW),
    done(ClosedByAdministration, NOW, reason="old", by=CLINICIAN),
    done(SupersededBy, NOW, case="o-0", carries=CARRIED),
    done(EnteredInError, NOW),
)


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
    story, ahead, waiting = standing(code).fork(), list(events), []
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
    backlog = standing(code).fork()
    caught = backlog.catch_up(*reversed(events), at=max(event.recorded_at for event in events)) if events else None
    assert caught is None or (caught.refused, world(backlog)) == ((), world(right)), told(right)
    return compared


@pytest.mark.parametrize("code", START)
def test_two_events_make_the_same_world_in_whatever_order_they_are_heard(code):
    compared = sum(compare(code, events, permutations(events)) for events in journeys(standing(code), 2))
    assert compared


@pytest.mark.proof
@pytest.mark.parametrize("code", START)
def test_four_events_make_the_same_world_in_whatever_order_they_are_heard(code):
    """Exhaustive: each journey in which each event changes the state, and each order of hearing."""
    found = list(journeys(standing(code), 4))
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
    story, events = standing(code).fork(), []
    for number, letter in enumerate(letters):
        event = at_its_place(letter, number)
        if story.refuses(event) is None:
            story.then(event)
            events.append(event)
    order = list(events)
    chances.shuffle(order)
    compare(code, tuple(events), (order,))

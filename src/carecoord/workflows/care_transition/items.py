"""Which of several deadlines an event speaks of: a visit, a notice, a test, an appointment."""

from __future__ import annotations

from carecoord.events import Event, Link, Linked, LinkedCaseEnded
from carecoord.tables import Only
from carecoord.workflow import held_by_the_link, lost_with_the_link
from carecoord.workflows.care_transition.claims import PENDING_TEST, READMISSION, tests_held
from carecoord.workflows.care_transition.events import NoticeOf, NoticeReceived, SummaryReceived, VisitBooked, VisitHeld
from carecoord.workflows.care_transition.facts import TransitionFacts


def the_visit(facts: TransitionFacts, event: Event) -> str:
    """the visit, by default the current one"""
    return event.about or facts.visit


def the_admission(facts: TransitionFacts, event: Event) -> str:
    """the visit and what the notice tells of"""
    return f"{the_visit(facts, event)}:{NoticeOf.ADMISSION.value}"


def the_discharge(facts: TransitionFacts, event: Event) -> str:
    """the visit and what the notice tells of"""
    return f"{the_visit(facts, event)}:{NoticeOf.DISCHARGE.value}"


def the_notice(facts: TransitionFacts, event: NoticeReceived) -> str:
    """the visit and what the notice tells of"""
    return f"{the_visit(facts, event)}:{event.of.value}"


def the_summary(_: TransitionFacts, event: SummaryReceived) -> str | Only:
    """the visit that it names; without one, the only one whose summary is owed"""
    return Only() if event.about is None else event.about


def tests_nobody_owns(facts: TransitionFacts, event: SummaryReceived) -> tuple[str, ...]:
    """each listed test that nobody owns"""
    return tuple(test for test in event.tests if test not in facts.owned)


def all_tests_nobody_owns(facts: TransitionFacts, _: Event) -> tuple[str, ...]:
    """each pending test that nobody owns"""
    return tuple(test for test in facts.pending if test not in facts.owned)


def _test_links(facts: TransitionFacts, event: LinkedCaseEnded) -> tuple[Link, ...]:
    return tuple(link for link in facts.links if link.ended_by == event.key and link.relation == PENDING_TEST)


def tests_lost(facts: TransitionFacts, event: LinkedCaseEnded) -> tuple[str, ...]:
    """each pending test that the ended case owned, and no other owns"""
    held = tests_held(facts.links)
    return tuple(link.item for link in _test_links(facts, event) if link.item not in held)


def tests_done(facts: TransitionFacts, event: LinkedCaseEnded) -> tuple[str, ...]:
    """each pending test that the ended case owned"""
    return tuple(link.item for link in _test_links(facts, event))


def instead_of(_: TransitionFacts, event: VisitBooked) -> Only:
    """the missed appointment that it names, or the only one"""
    return Only(name for name in (event.instead_of, event.about) if name is not None)


def held_instead(_: TransitionFacts, event: VisitHeld) -> Only:
    """the missed appointment that it names, or the only one"""
    return Only(() if event.about is None else (event.about,))


def the_readmission(facts: TransitionFacts, _: Event | None) -> str:
    """the visit that brought the patient back"""
    return f"{READMISSION}:{facts.readmission}"


def the_link(_: TransitionFacts, event: Linked) -> str | None:
    """what the link is about; one that says nothing else is about the readmission"""
    return None if event.about is None and event.relation in ("", READMISSION) else event.about or event.relation


def _in_full(facts: TransitionFacts, items: tuple[str, ...]) -> tuple[str, ...]:
    """Return the items of links; one that was linked without a word of it is the readmission."""
    return tuple(dict.fromkeys(item or the_readmission(facts, None) for item in items))


def _without_tests(facts: TransitionFacts) -> TransitionFacts:
    """Return the facts without the links to result cases: what these held is `pending`, and owed under that name."""
    return facts.but(links=tuple(link for link in facts.links if link.relation != PENDING_TEST))


def lost_again(facts: TransitionFacts, event: LinkedCaseEnded) -> tuple[str, ...]:
    """what the linked case held, and no other holds; by default the readmission"""
    return _in_full(facts, lost_with_the_link(_without_tests(facts), event))


def done_there(facts: TransitionFacts, event: LinkedCaseEnded) -> tuple[str, ...]:
    """what the linked case held; by default the readmission"""
    return _in_full(facts, held_by_the_link(_without_tests(facts), event))

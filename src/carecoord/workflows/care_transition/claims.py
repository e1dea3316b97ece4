"""What rows and clocks claim; the docstring of each is what people read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from carecoord.events import Event, Link, LinkedCaseEnded
from carecoord.vocabulary import Role
from carecoord.workflows.care_transition.events import (
    Admitted,
    Contacted,
    DischargeCancelled,
    Discharged,
    Disposition,
    InfoShared,
    MedsReconciled,
    NoticeOf,
    NoticeReceived,
    PendingTestListed,
    PendingTestOwned,
    PendingTests,
    SummaryReceived,
    VisitBooked,
    VisitHeld,
)
from carecoord.workflows.care_transition.facts import Place, TransitionFacts

A_DAY: Final = timedelta(days=1)
"""Feeds tell one discharge, and close one account, within a day; later it is something else. Ours."""

_OUTSIDE: Final = (Role.HOSPITAL, Role.RECIPIENT, Role.LABORATORY, Role.PATIENT, Role.SYSTEM)

READMISSION: Final = "readmission"
"""The relation of a `Linked` that hands a readmission over."""


PENDING_TEST: Final = "pending test"
"""The relation of a link to the result case that owns a test that was pending."""


def of_this_stay(facts: TransitionFacts, event: Event) -> bool:
    """the visit is one of this stay, or none is named"""
    return event.about is None or event.about in facts.visits


def named_before(facts: TransitionFacts, event: Event) -> bool:
    """the visit was named before"""
    return event.about in facts.visits


def another_stay(facts: TransitionFacts, event: Event) -> bool:
    """the visit is not one of this stay"""
    return event.about not in facts.visits


def another_account(facts: TransitionFacts, event: Event) -> bool:
    """it speaks of an account of this stay that the patient has left"""
    return event.about is not None and event.about != facts.visit and event.about in facts.visits


def closes_an_account(facts: TransitionFacts, event: Discharged) -> bool:
    """it closes an account of this stay that the patient left within the last day, and nobody walked out of it"""
    entered = facts.entered_at
    walked_out = event.disposition in (Disposition.AGAINST_ADVICE, Disposition.LEFT_UNSEEN)
    return not walked_out and another_account(facts, event) and entered is not None and event.at < entered + A_DAY


def goes_home(facts: TransitionFacts, event: Discharged) -> bool:
    """the patient goes home, from where they were last"""
    return event.disposition is not Disposition.FACILITY and not another_account(facts, event)


def goes_elsewhere(facts: TransitionFacts, event: Discharged) -> bool:
    """the patient goes to another facility, from where they were last"""
    return event.disposition is Disposition.FACILITY and not another_account(facts, event)


def same_discharge(facts: TransitionFacts, event: Discharged) -> bool:
    """it tells, within a day, of the discharge that is known"""
    since = facts.home_since
    return event.disposition is not Disposition.FACILITY and since is not None and event.at < since + A_DAY


def another_discharge(facts: TransitionFacts, event: Discharged) -> bool:
    """it ends, a day or more later, a stay that nobody told us of"""
    return (
        event.disposition is not Disposition.FACILITY
        and not same_discharge(facts, event)
        and (event.about is None or event.about not in facts.visits)
    )


def of_the_discharge(facts: TransitionFacts, event: DischargeCancelled) -> bool:
    """it speaks of the discharge that stands"""
    return event.about is None or event.about == facts.visit


def went_home(facts: TransitionFacts, event: Discharged) -> bool:
    """the patient went home with this event"""
    return facts.home_by == event.key


def left_now(facts: TransitionFacts, event: Discharged) -> bool:
    """the patient left acute care with this event"""
    return facts.left_by == event.key


def left_without_summary(facts: TransitionFacts, event: Discharged) -> bool:
    """the patient left acute care with this event, and no summary came in the day before"""
    return left_now(facts, event) and not _just_before(facts.summary_at, event)


def left_with_nothing_said(facts: TransitionFacts, event: Discharged) -> bool:
    """the patient left acute care with this event, and nothing was said of pending tests in the day before"""
    return left_now(facts, event) and not _just_before(facts.said_at, event)


def _just_before(at: datetime | None, event: Event) -> bool:
    return at is not None and event.at - at < A_DAY


def came_now(facts: TransitionFacts, event: Admitted) -> bool:
    """the admission is the first of its visit"""
    return facts.admitted_by == event.key


def away(facts: TransitionFacts, _: Event) -> bool:
    """the patient is at a hospital or another facility"""
    return facts.place is not Place.HOME


def still_in(facts: TransitionFacts, event: NoticeReceived) -> bool:
    """the notice tells of an arrival or admission, and the patient is still in"""
    return event.of is not NoticeOf.DISCHARGE and facts.place in (Place.EMERGENCY, Place.HOSPITAL)


def to_the_facility(facts: TransitionFacts, event: InfoShared) -> bool:
    """the information went to the facility where the patient is, as far as its name is known"""
    return facts.facility in ("", event.to)


def spoke_with_them(_: TransitionFacts, event: Contacted) -> bool:
    """somebody spoke with the patient or caregiver"""
    return event.two_way


def real_contact(_: TransitionFacts, event: Contacted) -> bool:
    """the contact was two-way and by our own staff (TCM)"""
    return event.two_way and event.own_staff and event.by.role not in _OUTSIDE


def may_reconcile(_: TransitionFacts, event: MedsReconciled) -> bool:
    """a prescriber, clinical pharmacist or registered nurse reconciled (HEDIS MRP)"""
    return event.by.role in (Role.PRESCRIBER, Role.PHARMACIST, Role.NURSE)


def says_of_pending(_: TransitionFacts, event: SummaryReceived) -> bool:
    """the summary lists the pending tests or says that there are none"""
    return event.pending is PendingTests.NONE or (event.pending is PendingTests.LISTED and bool(event.tests))


def of_who_went_home(facts: TransitionFacts, event: SummaryReceived) -> bool:
    """the summary is of this stay, and the patient had gone home"""
    return of_this_stay(facts, event) and facts.place is Place.HOME


def lists_nothing_new(facts: TransitionFacts, event: SummaryReceived) -> bool:
    """the summary is of this stay and lists no pending test that nobody owns"""
    return of_this_stay(facts, event) and set(event.tests) <= set(facts.owned)


def test_is_owned(facts: TransitionFacts, event: PendingTestListed) -> bool:
    """somebody owns the test"""
    return (event.about or "") in facts.owned


def tests_held(links: tuple[Link, ...]) -> tuple[str, ...]:
    """Return the tests that are in good hands with a result case."""
    return tuple(link.item for link in links if link.relation == PENDING_TEST and link.holds)


def loses_a_test(facts: TransitionFacts, event: LinkedCaseEnded) -> bool:
    """it ended without success, and owned a pending test that no other case owns"""
    others = tests_held(tuple(link for link in facts.links if link.case != event.case))
    theirs = tests_held(tuple(link for link in facts.links if link.case == event.case))
    return not event.done and not set(theirs) <= set(others)


def named_and_dated(facts: TransitionFacts, event: PendingTestOwned) -> bool:
    """the test is named, as it was listed, and its result is expected by a date"""
    named = event.about is not None or "" in facts.pending
    return named and (event.expected_by is not None or (event.about or "") in facts.expected)


def of_the_kind_wanted(facts: TransitionFacts, event: VisitHeld) -> bool:
    """the visit was of the kind that is wanted, where one is"""
    return facts.visit_kind in ("", event.kind)


def books_what_is_wanted(facts: TransitionFacts, event: VisitBooked) -> bool:
    """the booking names the missed visit that it makes good, or is of no other kind than the one that is wanted"""
    return event.instead_of is not None or "" in (facts.visit_kind, event.kind) or facts.visit_kind == event.kind


def back_too_soon(facts: TransitionFacts, event: Admitted) -> bool:
    """the patient is back before the duties were done"""
    return facts.readmitted_by == event.key

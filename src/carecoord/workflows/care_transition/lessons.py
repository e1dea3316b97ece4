"""What each event teaches: pure functions from facts and event to facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from carecoord.events import ClosedByAdministration, Event, Link, LinkedCaseEnded, LoopClosed, Reopened
from carecoord.workflows.care_transition.claims import (
    A_DAY,
    PENDING_TEST,
    another_account,
    another_discharge,
    lists_nothing_new,
    of_the_discharge,
    of_this_stay,
    same_discharge,
    says_of_pending,
    test_is_owned,
    tests_held,
)
from carecoord.workflows.care_transition.events import (
    Admitted,
    ArrivedAtEd,
    DischargeCancelled,
    Discharged,
    Disposition,
    PendingTestListed,
    PendingTestOwned,
    StayCorrected,
    SummaryReceived,
    Transferred,
)
from carecoord.workflows.care_transition.facts import Place, TransitionFacts

_Visit: TypeAlias = ArrivedAtEd | Admitted | Transferred | Discharged


def _of_visit(facts: TransitionFacts, event: _Visit, **changes: Any) -> TransitionFacts:
    visit = event.about or facts.visit
    return facts.but(
        visit=visit,
        visits=_with(facts.visits, visit),
        facility=event.facility or facts.facility,
        **changes,
    )


def _with(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return known if one in known else (*known, one)


def _entered(facts: TransitionFacts, event: _Visit, place: Place, **changes: Any) -> TransitionFacts:
    """Return the facts of a patient who came into acute care, or further in: what was said before says nothing now."""
    if facts.place is not place or (event.about is not None and event.about != facts.visit):
        changes |= {"entered_at": event.at, "summary_at": None, "said_at": None}
    return _of_visit(facts, event, place=place, home_since=None, disposition=None, **changes)


def _learn_arrival(facts: TransitionFacts, event: ArrivedAtEd) -> TransitionFacts:
    if facts.place is not None:
        # Another emergency visit beside this stay is another case.
        return facts
    return _entered(facts, event, Place.EMERGENCY, inpatient=False, planned=event.planned)


def _learn_admission(facts: TransitionFacts, event: Admitted) -> TransitionFacts:
    if facts.place is Place.HOME:
        if facts.closed or event.about in (*facts.visits, facts.readmission):
            return facts
        return facts.but(readmission=event.about or event.key, readmitted_by=event.key)
    visit = event.about or facts.visit
    new = visit not in facts.admitted or facts.place is Place.FACILITY
    return _entered(
        facts,
        event,
        Place.HOSPITAL,
        inpatient=True,
        planned=facts.planned if event.planned is None else event.planned,
        admitted=_with(facts.admitted, visit),
        admitted_by=event.key if new else facts.admitted_by,
    )


def _learn_transfer(facts: TransitionFacts, event: Transferred) -> TransitionFacts:
    if facts.closed:
        return facts
    return _entered(facts, event, Place.HOSPITAL, inpatient=True)


def _learn_discharge(facts: TransitionFacts, event: Discharged) -> TransitionFacts:
    if facts.closed or another_account(facts, event):
        return facts
    if event.disposition is Disposition.FACILITY:
        changes: dict[str, Any] = {"place": Place.FACILITY, "disposition": event.disposition, "home_since": None}
        if facts.place is Place.HOME and _unseen_stay(facts, event):
            changes |= {"left_by": event.key, "summary_at": None, "said_at": None}
        elif facts.place is not Place.HOME and _left_acute_care(facts, event):
            changes["left_by"] = event.key
        return _of_visit(facts, event, **changes)
    if facts.place is not Place.HOME:
        return _went_home(facts, event, left_by=event.key if _left_acute_care(facts, event) else facts.left_by)
    if another_discharge(facts, event):
        return _went_home(facts, event, left_by=event.key, summary_at=None, said_at=None)
    return facts.but(visits=_with(facts.visits, event.about or facts.visit)) if same_discharge(facts, event) else facts


def _unseen_stay(facts: TransitionFacts, event: Discharged) -> bool:
    """Whether it ends, under an unknown account or none and a day or more later, a stay that nobody told us of."""
    unknown = event.about is None or event.about not in facts.visits
    return unknown and (facts.home_since is None or event.at >= facts.home_since + A_DAY)


def _left_acute_care(facts: TransitionFacts, event: Discharged) -> bool:
    """Whether the patient was in acute care until now; who was at a facility was not, but for an unknown account."""
    return facts.place is not Place.FACILITY or (event.about is not None and event.about not in facts.visits)


def _went_home(facts: TransitionFacts, event: Discharged, **changes: Any) -> TransitionFacts:
    return _of_visit(
        facts,
        event,
        place=Place.HOME,
        disposition=event.disposition,
        home_since=event.at,
        home_by=event.key,
        **changes,
    )


def _learn_cancelled_discharge(facts: TransitionFacts, event: DischargeCancelled) -> TransitionFacts:
    if facts.place not in (Place.HOME, Place.FACILITY) or not of_the_discharge(facts, event):
        return facts
    back = {"place": Place.HOSPITAL, "home_since": None, "disposition": None, "closed": False}
    return facts.but(summary_at=None, said_at=None, **back)


def _learn_correction(facts: TransitionFacts, event: StayCorrected) -> TransitionFacts:
    return facts.but(
        facility=facts.facility if event.facility is None else event.facility,
        planned=facts.planned if event.planned is None else event.planned,
        visit_kind=facts.visit_kind if event.visit_kind is None else event.visit_kind,
    )


def _learn_summary(facts: TransitionFacts, event: SummaryReceived) -> TransitionFacts:
    if not of_this_stay(facts, event):
        return facts
    return facts.but(
        pending=tuple(dict.fromkeys((*facts.pending, *event.tests))),
        summary_at=facts.summary_at if another_account(facts, event) else event.at,
        said_at=event.at if says_of_pending(facts, event) and not another_account(facts, event) else facts.said_at,
        closed=facts.closed and (facts.place is not Place.HOME or lists_nothing_new(facts, event)),
    )


def _learn_pending(facts: TransitionFacts, event: PendingTestListed) -> TransitionFacts:
    test = event.about or ""
    return facts.but(
        pending=_with(facts.pending, test),
        expected=facts.expected if event.expected_by is None else _with(facts.expected, test),
        closed=facts.closed and (facts.place is not Place.HOME or test_is_owned(facts, event)),
    )


def _learn_owner_of_test(facts: TransitionFacts, event: PendingTestOwned) -> TransitionFacts:
    link = Link(event.case, event.about or "", PENDING_TEST)
    links = facts.links if link in facts.links else (*facts.links, link)
    return facts.but(owned=_with(facts.owned, link.item), links=links)


def _learn_end_of_result_case(facts: TransitionFacts, event: LinkedCaseEnded) -> TransitionFacts:
    """Learn who owns the tests of a result case that ended: nobody does, if it failed and no other case owns them."""
    tests = [link.item for link in facts.links if link.case == event.case and link.relation == PENDING_TEST]
    held = tests_held(facts.links)
    owned = tuple(dict.fromkeys((*facts.owned, *(test for test in tests if test in held))))
    lost = [test for test in tests if test not in held]
    return facts.but(
        owned=tuple(test for test in owned if test not in lost),
        closed=facts.closed and (facts.place is not Place.HOME or not lost),
    )


def _learn_closed(facts: TransitionFacts, _: LoopClosed | ClosedByAdministration) -> TransitionFacts:
    return facts.but(closed=True)


def _learn_reopened(facts: TransitionFacts, _: Reopened) -> TransitionFacts:
    return facts.but(closed=False, readmission="", readmitted_by="")


LESSONS: Final[Mapping[type[Event], Callable[[Any, Any], TransitionFacts]]] = MappingProxyType(
    {
        ArrivedAtEd: _learn_arrival,
        Admitted: _learn_admission,
        Transferred: _learn_transfer,
        Discharged: _learn_discharge,
        DischargeCancelled: _learn_cancelled_discharge,
        StayCorrected: _learn_correction,
        SummaryReceived: _learn_summary,
        PendingTestListed: _learn_pending,
        PendingTestOwned: _learn_owner_of_test,
        LinkedCaseEnded: _learn_end_of_result_case,
        LoopClosed: _learn_closed,
        ClosedByAdministration: _learn_closed,
        Reopened: _learn_reopened,
    }
)

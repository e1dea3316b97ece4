"""
Care transition: one stay, from the first arrival to the last acute discharge and the duties after it.

The seat is the patient's own practice. What hospitals and feeds tell is news, whatever its
order; what the practice does is an act. Duties after a discharge run side by side: contact,
reconcile, visit, the tests that were pending. No state stands for any of them.

Sources: NCQA PCMH CC-14 to CC-16, CC-18 and CC-19; HEDIS TRC, MRP, FUH, FUM, FUA; CMS
transitional care management (TCM); MIPS IA_CC_10 and IA_CC_11. Message codes in brackets
are HL7 v2 ADT triggers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from attrs import field, frozen
from attrs.converters import optional

from carecoord.case import Case, How
from carecoord.events import (
    Act,
    ClosedByAdministration,
    Event,
    Facts,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    News,
    PatientDied,
    Reopened,
)
from carecoord.moments import moment
from carecoord.tables import All, Clock, Move, Not, On, Only, Otherwise, Said, Stay, Where, by_about, every_item
from carecoord.vocabulary import Role
from carecoord.workflow import Workflow, held_by_the_link, lost_with_the_link


class TransitionState(Enum):
    """Where the patient is, as far as we know."""

    IN_ED = "at an emergency department, not admitted as far as we know; waits for news of whereabouts"
    ADMITTED = "in hospital; waits for the discharge, or for news of whereabouts"
    ELSEWHERE = "left acute care for another facility, not home; waits for news of whereabouts"
    DISCHARGED = "home; our duties run in any order"
    CLOSED = "the duties are settled"
    READMITTED = "back in before the duties were done; they ended without success"
    DIED = "died in or after the stay"
    SUPERSEDED = "a duplicate; the case that survives carries its duties"
    ENTERED_IN_ERROR = "never was; hidden, and nothing of it deleted"


T = TransitionState

_OPEN: Final = (T.IN_ED, T.ADMITTED, T.ELSEWHERE, T.DISCHARGED)
_ENDS: Final = (T.CLOSED, T.READMITTED, T.DIED)
_ALL: Final = (*_OPEN, *_ENDS)


class Place(Enum):
    """Where the patient is, as the events have told so far."""

    EMERGENCY = "an emergency department"
    HOSPITAL = "a hospital bed"
    FACILITY = "another facility"
    HOME = "home"


class Disposition(Enum):
    """How the patient left acute care."""

    HOME = "home"
    FACILITY = "to another facility"
    AGAINST_ADVICE = "home, against medical advice"
    LEFT_UNSEEN = "home, without being seen"


class NoticeOf(Enum):
    """What a notice told of."""

    ARRIVAL = "arrival"
    ADMISSION = "admission"
    DISCHARGE = "discharge"


class PendingTests(Enum):
    """What a discharge summary says of tests still pending."""

    LISTED = "it lists them"
    NONE = "it says that there are none"
    NOT_SAID = "it does not say"


@frozen(kw_only=True)
class TransitionFacts(Facts):
    """
    What is known of a stay.

    `high_risk` is the host's to say when the case is opened. `visit` is the account under
    which the patient lies or lay last, `visits` are all that belong to the stay, `entered_at` is when
    the patient came under the last. `inpatient` is None where only a discharge was heard of. A name
    that ends in `_by` holds the key of the event that brought it about, so that a repeat of the news is
    not taken for a second time. `summary_at` and `said_at` say when the summary came, and word of
    pending tests, since then.
    """

    high_risk: bool = False
    planned: bool | None = None
    facility: str = ""
    visit: str = ""
    visits: tuple[str, ...] = ()
    admitted: tuple[str, ...] = ()
    place: Place | None = None
    disposition: Disposition | None = None
    inpatient: bool | None = None
    entered_at: datetime | None = None
    home_since: datetime | None = None
    admitted_by: str = ""
    left_by: str = ""
    home_by: str = ""
    readmission: str = ""
    readmitted_by: str = ""
    summary_at: datetime | None = None
    said_at: datetime | None = None
    pending: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    owned: tuple[str, ...] = ()
    closed: bool = False


# --- what happens ---------------------------------------------------------------------------


@frozen(kw_only=True)
class ArrivedAtEd(News):
    """The patient came to an emergency department [A04]; `about` is the facility's visit number."""

    facility: str = ""
    planned: bool | None = None


@frozen(kw_only=True)
class Admitted(News):
    """The patient was admitted [A01]; `readmission_of` names an earlier case, where the host knows it."""

    facility: str = ""
    planned: bool | None = None
    readmission_of: str | None = None


@frozen(kw_only=True)
class Transferred(News):
    """The patient was moved to an acute bed, here or in another hospital [A02]."""

    facility: str = ""


@frozen(kw_only=True)
class Discharged(News):
    """The patient left acute care [A03]; against advice or unseen is home with a disposition."""

    facility: str = ""
    disposition: Disposition = Disposition.HOME


@frozen(kw_only=True)
class Died(News):
    """The patient died in the stay or after it."""


@frozen(kw_only=True)
class DischargeCancelled(News):
    """The discharge did not take place [A13]."""


@frozen(kw_only=True)
class StayCorrected(News):
    """Details of the stay were corrected [A08]; a corrected moment is `MomentCorrected`."""

    facility: str | None = None
    planned: bool | None = None


@frozen(kw_only=True)
class NoticeReceived(News):
    """A notice of the stay reached us: its `at` is when it did, and what it told of is another event."""

    of: NoticeOf
    source: str = ""


@frozen(kw_only=True)
class SummaryReceived(News):
    """The discharge summary is here; `tests` names the pending ones that it lists."""

    version: str = ""
    pending: PendingTests = PendingTests.NOT_SAID
    tests: tuple[str, ...] = ()


@frozen(kw_only=True)
class PendingTestListed(News):
    """A test was pending when the patient left; `about` names it."""

    expected_by: datetime | None = field(default=None, converter=optional(moment))
    who: str = ""


@frozen(kw_only=True)
class VisitMissed(News):
    """The patient did not come to a follow-up visit; `about` is the appointment."""


@frozen(kw_only=True)
class VisitHeld(News):
    """A follow-up visit took place."""

    kind: str = ""


@frozen(kw_only=True)
class InfoShared(Act):
    """The practice sent clinical information to a facility."""

    to: str
    what: tuple[str, ...] = ()

    def tells(self) -> str | None:
        return self.to


@frozen(kw_only=True)
class PendingTestOwned(Act):
    """A linked result case follows a pending test; `about` names the test, and its result has a date."""

    case: str
    expected_by: datetime | None = field(default=None, converter=optional(moment))


@frozen(kw_only=True)
class Contacted(Act):
    """Somebody spoke with the patient or caregiver; only two-way, by our own staff, is contact (TCM)."""

    two_way: bool = True
    own_staff: bool = True
    caregiver: bool = False
    said: str = field(default="", repr=False)


@frozen(kw_only=True)
class MedsReconciled(Act):
    """The medication lists before and after the stay were reconciled; who did it decides whether it counts."""


@frozen(kw_only=True)
class VisitBooked(Act):
    """A follow-up visit was booked; `about` is the appointment, `instead_of` a missed one that it makes good."""

    visit_at: datetime | None = field(default=None, converter=optional(moment))
    kind: str = ""
    instead_of: str | None = None


@frozen(kw_only=True)
class FollowUpDeclined(Act):
    """The patient does not want the follow-up visit."""

    reason: str = field(default="", repr=False)


# --- claims ---------------------------------------------------------------------------------

_A_DAY: Final = timedelta(days=1)
"""Feeds tell one discharge, and close one account, within a day; later it is something else. Ours."""

_OUTSIDE: Final = (Role.HOSPITAL, Role.RECIPIENT, Role.LABORATORY, Role.PATIENT, Role.SYSTEM)

READMISSION: Final = "readmission"
"""The relation of a `Linked` that hands a readmission over."""


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
    """it closes an account of this stay that the patient left within the last day"""
    entered = facts.entered_at
    return another_account(facts, event) and entered is not None and event.at < entered + _A_DAY


def goes_home(facts: TransitionFacts, event: Discharged) -> bool:
    """the patient goes home, from where they were last"""
    return event.disposition is not Disposition.FACILITY and not another_account(facts, event)


def goes_elsewhere(facts: TransitionFacts, event: Discharged) -> bool:
    """the patient goes to another facility, from where they were last"""
    return event.disposition is Disposition.FACILITY and not another_account(facts, event)


def same_discharge(facts: TransitionFacts, event: Discharged) -> bool:
    """it tells, within a day, of the discharge that is known"""
    since = facts.home_since
    return event.disposition is not Disposition.FACILITY and since is not None and event.at < since + _A_DAY


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
    return at is not None and event.at - at < _A_DAY


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


def named_and_dated(facts: TransitionFacts, event: PendingTestOwned) -> bool:
    """the test is named, as it was listed, and its result is expected by a date"""
    named = event.about is not None or "" in facts.pending
    return named and (event.expected_by is not None or (event.about or "") in facts.expected)


def back_too_soon(facts: TransitionFacts, event: Admitted) -> bool:
    """the patient is back before the duties were done"""
    return facts.readmitted_by == event.key


# --- which item -----------------------------------------------------------------------------


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


def lost_again(facts: TransitionFacts, event: LinkedCaseEnded) -> tuple[str, ...]:
    """what the linked case held, and no other holds; by default the readmission"""
    return _in_full(facts, lost_with_the_link(facts, event))


def done_there(facts: TransitionFacts, event: LinkedCaseEnded) -> tuple[str, ...]:
    """what the linked case held; by default the readmission"""
    return _in_full(facts, held_by_the_link(facts, event))


# --- what events teach ----------------------------------------------------------------------

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
    return unknown and (facts.home_since is None or event.at >= facts.home_since + _A_DAY)


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
    return facts.but(owned=_with(facts.owned, event.about or ""))


def _learn_closed(facts: TransitionFacts, _: LoopClosed | ClosedByAdministration) -> TransitionFacts:
    return facts.but(closed=True)


def _learn_reopened(facts: TransitionFacts, _: Reopened) -> TransitionFacts:
    return facts.but(closed=False, readmission="", readmitted_by="")


# --- the table ------------------------------------------------------------------------------

# Administration may close a case wherever the patient was last heard of.
_AT_THE_ED, _IN_HOSPITAL, _AT_A_FACILITY, _HOME = (Where(place=place) for place in Place)

# fmt: off
_MOVES: Final[tuple[Move[TransitionState, TransitionFacts], ...]] = (
    #    in                              when                go to
    Move(None,                           ArrivedAtEd,        T.IN_ED),
    Move(None,                           Admitted,           T.ADMITTED),
    Move(None,                           Transferred,        T.ADMITTED),  # the admission message was lost
    Move(None,                           Discharged,         T.DISCHARGED, given=goes_home),  # first heard at discharge
    Move(None,                           Discharged,         T.ELSEWHERE),

    Stay(_ALL,                           NoticeReceived),

    Stay((*_OPEN, T.READMITTED, T.DIED), ArrivedAtEd),  # treat-and-release after a discharge is another case
    Stay(T.CLOSED,                       ArrivedAtEd,        given=named_before),
    Otherwise(T.CLOSED,                  ArrivedAtEd),  # whoever sent it here must hear that nothing follows

    Move((T.IN_ED, T.ELSEWHERE),         Admitted,           T.ADMITTED),
    Stay((T.ADMITTED, T.READMITTED),     Admitted),
    Move(T.DISCHARGED,                   Admitted,           T.READMITTED, given=another_stay),
    Otherwise(T.DISCHARGED,              Admitted),  # a late second feed sorts before the discharge; this did not
    Stay(T.CLOSED,                       Admitted,           given=named_before),
    Otherwise(T.CLOSED,                  Admitted),

    Move((T.IN_ED, T.ELSEWHERE, T.DISCHARGED), Transferred,  T.ADMITTED),  # the "discharge" was a transfer
    Stay((T.ADMITTED, T.READMITTED),     Transferred),
    Stay(T.CLOSED,                       Transferred,        given=named_before),
    Otherwise(T.CLOSED,                  Transferred),

    Stay(_OPEN,                          Discharged,         given=closes_an_account),
    Move((T.IN_ED, T.ADMITTED, T.ELSEWHERE), Discharged,     T.DISCHARGED, given=goes_home),
    Move((T.IN_ED, T.ADMITTED),          Discharged,         T.ELSEWHERE, given=goes_elsewhere),
    Stay(T.ELSEWHERE,                    Discharged,         given=goes_elsewhere),
    Stay(T.DISCHARGED,                   Discharged,         given=same_discharge),
    Stay(T.DISCHARGED,                   Discharged,         given=another_discharge),  # owes all duties anew
    Move(T.DISCHARGED,                   Discharged,         T.ELSEWHERE, given=goes_elsewhere),
    Otherwise(_OPEN,                     Discharged),  # an account left long ago: somebody must look
    Stay((T.READMITTED, T.DIED),         Discharged),
    Stay(T.CLOSED,                       Discharged,         given=All(named_before, _HOME)),
    Otherwise(T.CLOSED,                  Discharged),

    Stay((T.IN_ED, T.ADMITTED, T.READMITTED, T.DIED), DischargeCancelled),
    Move((T.ELSEWHERE, T.DISCHARGED),    DischargeCancelled, T.ADMITTED, given=of_the_discharge),
    Move(T.CLOSED,                       DischargeCancelled, T.ADMITTED, given=of_the_discharge, reopens=True),
    Otherwise((T.ELSEWHERE, T.DISCHARGED, T.CLOSED), DischargeCancelled),

    Stay(_ALL,                           StayCorrected),
    Move(_OPEN,                          Died,               T.DIED),
    Stay(_ENDS,                          Died),

    Stay((*_OPEN, T.DIED),               SummaryReceived,    given=of_this_stay),
    Otherwise((*_OPEN, T.DIED),          SummaryReceived),  # perhaps another patient's
    Stay((T.CLOSED, T.READMITTED),       SummaryReceived,    given=lists_nothing_new),
    Move(T.CLOSED,                       SummaryReceived,    T.DISCHARGED, given=of_who_went_home, reopens=True),
    Otherwise((T.CLOSED, T.READMITTED),  SummaryReceived),  # the new case must hear of the test

    Stay((*_OPEN, T.DIED),               PendingTestListed),
    Stay((T.CLOSED, T.READMITTED),       PendingTestListed,  given=test_is_owned),
    Move(T.CLOSED,                       PendingTestListed,  T.DISCHARGED, given=_HOME, reopens=True),
    Otherwise((T.CLOSED, T.READMITTED),  PendingTestListed),  # the new case must hear of the test

    Stay((*_OPEN, T.READMITTED, T.DIED), VisitMissed),  # after the closing somebody must take notice
    Stay(_ALL,                           VisitHeld),

    Stay(_ALL,                           InfoShared),
    Stay(_ALL,                           PendingTestOwned,   given=named_and_dated),
    Otherwise(_ALL,                      PendingTestOwned),
    Stay((*_OPEN, T.CLOSED),             Contacted,          given=of_this_stay),
    Otherwise((*_OPEN, T.CLOSED),        Contacted),
    Stay((*_OPEN, T.CLOSED),             MedsReconciled,     given=All(may_reconcile, of_this_stay)),
    Otherwise((*_OPEN, T.CLOSED),        MedsReconciled),
    Stay(_OPEN,                          VisitBooked),
    Stay((T.ELSEWHERE, T.DISCHARGED),    FollowUpDeclined),
    Move(T.CLOSED,                       Reopened,           T.IN_ED, given=_AT_THE_ED, reopens=True),
    Move(T.CLOSED,                       Reopened,           T.ADMITTED, given=_IN_HOSPITAL, reopens=True),
    Move(T.CLOSED,                       Reopened,           T.ELSEWHERE, given=_AT_A_FACILITY, reopens=True),
    Move((T.CLOSED, T.READMITTED),       Reopened,           T.DISCHARGED, reopens=True),
)
# fmt: on

_BACK_IN_ACUTE_CARE: Final[tuple[On[TransitionFacts], ...]] = (
    On(DischargeCancelled, of_the_discharge, item=every_item, why="discharge cancelled"),
    On(Transferred, item=every_item, why="transfer"),
)
_NOT_HOME_AFTER_ALL: Final[tuple[On[TransitionFacts], ...]] = (
    *_BACK_IN_ACUTE_CARE,
    On(Discharged, goes_elsewhere, item=every_item, why="to a facility"),
)

_CLOCKS: Final[tuple[Clock[TransitionFacts], ...]] = (
    Clock(
        name="notice",
        says="the hospital tells us of the admission and of the discharge",
        item=the_notice,
        starts=(On(Admitted, came_now, item=the_admission), On(Discharged, left_now, item=the_discharge)),
        met_by=(On(NoticeReceived),),
        dropped_by=(On(DischargeCancelled, of_the_discharge, item=the_discharge, why="discharge cancelled"),),
        owed_by=Role.HOSPITAL,
        kept_by=Role.COORDINATOR,
        waivable_by=(Role.OWNER, Role.COORDINATOR),
        source="HEDIS TRC, notification of admission; NCQA PCMH CC-14",
    ),
    Clock(
        name="share",
        says="the facility gets our clinical information while the patient is there",
        item=the_visit,
        starts=(On(NoticeReceived, still_in),),
        met_by=(On(InfoShared, to_the_facility, item=every_item),),
        dropped_by=(On(Discharged, Not(another_account), item=every_item, why="discharged"),),
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        waivable_by=(Role.OWNER, Role.COORDINATOR),
        ends_with_death=True,
        source="NCQA PCMH CC-15",
    ),
    Clock(
        name="whereabouts",
        says="somebody finds out where the patient is, again and again while they are away",
        starts=(
            On(ArrivedAtEd, away),
            On(Admitted, away),
            On(Transferred, away),
            On(Discharged, away),
            On(DischargeCancelled, away),
            On(Contacted, away),
        ),
        met_by=(
            On(Admitted),
            On(Transferred),
            On(Discharged, Not(another_account)),
            On(DischargeCancelled, of_the_discharge),
            On(Contacted, spoke_with_them),
        ),
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        waivable_by=(Role.OWNER, Role.COORDINATOR),
        ends_with_death=True,
        source="ours: nobody gets lost between two facilities",
    ),
    Clock(
        name="summary",
        says="the discharge summary is here",
        item=the_visit,
        starts=(On(Discharged, left_without_summary),),
        met_by=(On(SummaryReceived, item=the_summary),),
        dropped_by=_BACK_IN_ACUTE_CARE,
        owed_by=Role.HOSPITAL,
        kept_by=Role.COORDINATOR,
        waivable_by=(Role.CLINICIAN,),
        source="HEDIS TRC, receipt of discharge information; MIPS IA_CC_11; NCQA PCMH CC-19",
    ),
    Clock(
        name="pending_known",
        says="we know which tests were pending, or that none were",
        item=the_visit,
        starts=(On(Discharged, left_with_nothing_said),),
        met_by=(On(SummaryReceived, says_of_pending, item=the_summary), On(PendingTestListed, item=every_item)),
        dropped_by=_BACK_IN_ACUTE_CARE,
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        closing=True,
        waivable_by=(Role.CLINICIAN,),
        ends_with_death=True,
        source="HEDIS TRC, required content of discharge information",
    ),
    Clock(
        name="pending",
        says="a result case with an expected date owns the test that was pending",
        item=by_about,
        starts=(
            On(PendingTestListed, Not(test_is_owned)),
            On(SummaryReceived, Not(lists_nothing_new), item=tests_nobody_owns),
            On(Reopened, item=all_tests_nobody_owns),
        ),
        met_by=(On(PendingTestOwned),),
        owed_by=Role.OWNER,
        kept_by=Role.OWNER,
        closing=True,
        source="tests pending at discharge: Were et al. 2009, doi:10.1007/s11606-009-1057-y",
    ),
    Clock(
        name="contact",
        says="our own staff speaks with the patient or caregiver after the discharge",
        item=the_visit,
        starts=(On(Discharged, went_home),),
        met_by=(On(Contacted, real_contact, item=every_item),),
        dropped_by=_NOT_HOME_AFTER_ALL,
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        closing=True,
        waivable_by=(Role.CLINICIAN,),
        ends_with_death=True,
        reaches_patient=True,
        source="NCQA PCMH CC-16; CMS TCM; HEDIS TRC, patient engagement",
    ),
    Clock(
        name="reconcile",
        says="a prescriber, pharmacist or nurse reconciles the medication lists",
        item=the_visit,
        starts=(On(Discharged, went_home),),
        met_by=(On(MedsReconciled, item=every_item),),
        dropped_by=_NOT_HOME_AFTER_ALL,
        owed_by=Role.CLINICIAN,
        kept_by=Role.CLINICIAN,
        closing=True,
        waivable_by=(Role.CLINICIAN,),
        ends_with_death=True,
        source="HEDIS MRP and TRC; CMS TCM",
    ),
    Clock(
        name="visit",
        says="the patient is seen after the discharge",
        item=the_visit,
        starts=(On(Discharged, went_home),),
        met_by=(On(VisitHeld, item=every_item),),
        excused_by=(On(FollowUpDeclined, item=every_item, why="declined"),),
        dropped_by=_NOT_HOME_AFTER_ALL,
        owed_by=Role.OWNER,
        kept_by=Role.OWNER,
        closing=True,
        waivable_by=(Role.CLINICIAN,),
        ends_with_death=True,
        optional=True,
        source="CMS TCM; HEDIS TRC, FUH, FUM, FUA",
    ),
    Clock(
        name="rebook",
        says="a missed follow-up visit is booked again",
        item=by_about,
        starts=(On(VisitMissed),),
        met_by=(On(VisitBooked, item=instead_of), On(VisitHeld, item=held_instead)),
        excused_by=(On(FollowUpDeclined, item=every_item, why="declined"),),
        dropped_by=_NOT_HOME_AFTER_ALL,
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        closing=True,
        waivable_by=(Role.CLINICIAN,),
        ends_with_death=True,
        reaches_patient=True,
        source="ours: a no-show is never the end of a loop",
    ),
    Clock(
        name="follow_up",
        says="the case of the new stay takes over what this one could not finish",
        item=the_readmission,
        starts=(On(Admitted, back_too_soon), On(LinkedCaseEnded, Said(done=False), item=lost_again)),
        met_by=(On(Linked, item=the_link), On(LinkedCaseEnded, Said(done=True), item=done_there)),
        dropped_by=(
            On(Reopened, item=every_item, why="reopened"),
            On(Died, item=every_item, why="died"),
        ),
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        closing=True,
        ends_with_death=True,
        outlives=True,
        source="ours: what a readmission cuts short is carried over, not forgotten",
    ),
    Clock(
        name="wrap_up",
        says="the case of a patient who died is brought to an end",
        starts=(On(PatientDied),),
        met_by=(On(LoopClosed), On(Died)),
        waivable_by=(Role.OWNER, Role.CLINICIAN),
    ),
)

CARE_TRANSITION: Final = Workflow[TransitionState, TransitionFacts](
    name="care-transition",
    version="1",
    states=TransitionState,
    facts=TransitionFacts,
    events=(
        ArrivedAtEd,
        Admitted,
        Transferred,
        Discharged,
        Died,
        DischargeCancelled,
        StayCorrected,
        NoticeReceived,
        SummaryReceived,
        PendingTestListed,
        VisitMissed,
        VisitHeld,
        InfoShared,
        PendingTestOwned,
        Contacted,
        MedsReconciled,
        VisitBooked,
        FollowUpDeclined,
    ),
    moves=_MOVES,
    learn={
        ArrivedAtEd: _learn_arrival,
        Admitted: _learn_admission,
        Transferred: _learn_transfer,
        Discharged: _learn_discharge,
        DischargeCancelled: _learn_cancelled_discharge,
        StayCorrected: _learn_correction,
        SummaryReceived: _learn_summary,
        PendingTestListed: _learn_pending,
        PendingTestOwned: _learn_owner_of_test,
        LoopClosed: _learn_closed,
        ClosedByAdministration: _learn_closed,
        Reopened: _learn_reopened,
    },
    clocks=_CLOCKS,
    closes={T.DISCHARGED: T.CLOSED},
    ends=frozenset({*_ENDS, T.SUPERSEDED, T.ENTERED_IN_ERROR}),
    waits_for={
        T.IN_ED: ("whereabouts",),
        T.ADMITTED: ("whereabouts",),
        T.ELSEWHERE: ("whereabouts",),
        T.DISCHARGED: ("contact", "reconcile"),
    },
)

TransitionCase: TypeAlias = Case[TransitionState, TransitionFacts]


_CARRIED: Final = ("pending_known", "pending", "reconcile")


def carried_over(case: TransitionCase) -> tuple[tuple[str, str], ...]:
    """Return (clock, item) of what a readmission cut short and the new case must take over."""
    if case.state is not T.READMITTED:
        return ()
    ended = {(one.clock, one.item): one.how for one in case.settled}
    return tuple(duty for duty, how in ended.items() if how is How.DROPPED and duty[0] in _CARRIED)


# --- other people's words -------------------------------------------------------------------


@frozen
class Statuses:
    """How a state is called elsewhere: FHIR Encounter.status in R4 and R5, Task.status of the follow-up task."""

    encounter_r4: str
    encounter_r5: str
    task: str


# fmt: off
STATUSES: Final[Mapping[TransitionState, Statuses]] = MappingProxyType({
    T.IN_ED:            Statuses("in-progress",      "in-progress",      "in-progress"),
    T.ADMITTED:         Statuses("in-progress",      "in-progress",      "in-progress"),
    T.ELSEWHERE:        Statuses("finished",         "discharged",       "on-hold"),  # businessStatus "elsewhere"
    T.DISCHARGED:       Statuses("finished",         "discharged",       "in-progress"),
    T.CLOSED:           Statuses("finished",         "completed",        "completed"),
    T.READMITTED:       Statuses("finished",         "completed",        "failed"),  # reason "readmitted"
    T.DIED:             Statuses("finished",         "completed",        "cancelled"),  # reason "died"
    T.SUPERSEDED:       Statuses("finished",         "completed",        "cancelled"),  # reason "superseded"
    T.ENTERED_IN_ERROR: Statuses("entered-in-error", "entered-in-error", "entered-in-error"),
})

CRITERIA: Final[tuple[tuple[str, str], ...]] = (
    ("NCQA PCMH CC-14",             "openings and NoticeReceived by facility and source; ED apart; `planned` is false"),
    ("NCQA PCMH CC-15",             "clock share"),
    ("NCQA PCMH CC-16",             "clocks contact and visit; the log is ContactAttempted and Contacted"),
    ("NCQA PCMH CC-18",             "InfoShared during the stay"),
    ("NCQA PCMH CC-19",             "clock summary"),
    ("HEDIS TRC notification",      "clock notice"),
    ("HEDIS TRC discharge info",    "clock summary"),
    ("HEDIS TRC engagement",        "clock visit, or Contacted on a later day"),
    ("HEDIS MRP and TRC",           "clock reconcile, by role"),
    ("HEDIS FUH, FUM, FUA",         "clock visit with `opens`"),
    ("CMS TCM",                     "clocks contact, visit and reconcile"),
    ("MIPS IA_CC_10",               "entries of the first 30 days after Discharged"),
    ("MIPS IA_CC_11",               "clock summary, 24 hours"),
)
# fmt: on

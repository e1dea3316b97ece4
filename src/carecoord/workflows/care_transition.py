"""
Care transition: one stay, from the first arrival to the last acute discharge and the duties after it.

The seat is the patient's own practice. What hospitals and feeds tell is news, whatever its
order; what the practice does is an act. Duties after a discharge run side by side: contact,
reconcile, visit, the tests that were pending. No state stands for any of them.

Sources: NCQA PCMH CC-14 to CC-16 and CC-18 to CC-20; HEDIS TRC, MRP, FUH, FUM, FUA; CMS
transitional care management (TCM); MIPS IA_CC_10 and IA_CC_11. Message codes in brackets
are HL7 v2 ADT triggers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Final, TypeAlias

from attrs import field, frozen

from carecoord.case import Case, How
from carecoord.events import Act, Event, Facts, Linked, LoopClosed, News, PatientDied, Reopened
from carecoord.tables import Clock, Move, Not, On, Otherwise, Said, Stay, by_about, every_item
from carecoord.vocabulary import Role
from carecoord.workflow import Workflow


class TransitionState(Enum):
    """Where the patient is, as far as we know."""

    IN_ED = "at an emergency department, not admitted as far as we know; waits for the hospital"
    ADMITTED = "in hospital; waits for the discharge"
    ELSEWHERE = "left acute care for another facility, not home; waits for news of whereabouts"
    DISCHARGED = "home; our duties run in any order"
    CLOSED = "the duties are settled"
    READMITTED = "back in before the duties were done; they ended without success"
    DIED = "died in or after the stay"
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

    `high_risk` is the host's to say when the case is opened. `admitted` and `discharged`
    hold, per visit, when it first happened; a cancelled discharge is taken out again.
    `contacted`, `reconciled` and `seen` speak of the discharge that stands now.
    """

    high_risk: bool = False
    planned: bool | None = None
    facility: str = ""
    visit: str = ""
    visits: tuple[str, ...] = ()
    place: Place | None = None
    disposition: Disposition | None = None
    inpatient: bool = False
    admitted: tuple[tuple[str, datetime], ...] = ()
    discharged: tuple[tuple[str, datetime], ...] = ()
    home_since: datetime | None = None
    contacted: bool = False
    reconciled: bool = False
    seen: bool = False
    pending: tuple[str, ...] = ()
    owned: tuple[str, ...] = ()
    closed: bool = False
    readmission: str = ""


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

    expected_by: datetime | None = None
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
    """A linked result case follows a pending test; `about` names the test."""

    case: str
    expected_by: datetime | None = None


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
    """A follow-up visit was booked; `about` is the appointment."""

    visit_at: datetime | None = None
    kind: str = ""


@frozen(kw_only=True)
class FollowUpDeclined(Act):
    """The patient does not want the follow-up visit."""

    reason: str = field(default="", repr=False)


# --- claims ---------------------------------------------------------------------------------


def known_visit(facts: TransitionFacts, event: Event) -> bool:
    """the visit is one of this stay"""
    return event.about is None or event.about in facts.visits


def went_home(facts: TransitionFacts, event: Discharged) -> bool:
    """the patient went home with this event"""
    return facts.home_since == event.at and event.disposition is not Disposition.FACILITY


def left_first(facts: TransitionFacts, event: Discharged) -> bool:
    """the visit ended with this event"""
    return dict(facts.discharged).get(event.about or facts.visit) == event.at


def came_first(facts: TransitionFacts, event: Admitted) -> bool:
    """the visit began with this event"""
    return dict(facts.admitted).get(event.about or facts.visit) == event.at


def away(facts: TransitionFacts, _: Event) -> bool:
    """the patient is in a hospital or another facility"""
    return facts.place in (Place.HOSPITAL, Place.FACILITY)


def still_in(facts: TransitionFacts, event: NoticeReceived) -> bool:
    """the notice tells of an arrival or admission, and the patient is still in"""
    return event.of is not NoticeOf.DISCHARGE and facts.place in (Place.EMERGENCY, Place.HOSPITAL)


def to_the_facility(facts: TransitionFacts, event: InfoShared) -> bool:
    """the information went to the facility where the patient is"""
    return event.to == facts.facility


def real_contact(_: TransitionFacts, event: Contacted) -> bool:
    """the contact was two-way and by our own staff (TCM)"""
    return event.two_way and event.own_staff


def may_reconcile(_: TransitionFacts, event: MedsReconciled) -> bool:
    """a prescriber, clinical pharmacist or registered nurse reconciled (HEDIS MRP)"""
    return event.by.role in (Role.PRESCRIBER, Role.PHARMACIST, Role.NURSE)


def says_of_pending(_: TransitionFacts, event: SummaryReceived) -> bool:
    """the summary lists the pending tests or says that there are none"""
    return event.pending is PendingTests.NONE or (event.pending is PendingTests.LISTED and bool(event.tests))


def lists_nothing_new(facts: TransitionFacts, event: SummaryReceived) -> bool:
    """the summary lists no pending test that nobody owns"""
    return set(event.tests) <= set(facts.owned)


def test_is_owned(facts: TransitionFacts, event: PendingTestListed) -> bool:
    """somebody owns the test"""
    return event.about in facts.owned


def still_to_contact(facts: TransitionFacts, _: Event) -> bool:
    """the patient is home and nobody has spoken with them"""
    return facts.place is Place.HOME and not facts.contacted


def still_to_reconcile(facts: TransitionFacts, _: Event) -> bool:
    """the patient is home and the medication is not reconciled"""
    return facts.place is Place.HOME and not facts.reconciled


def back_too_soon(facts: TransitionFacts, event: Admitted) -> bool:
    """the patient is back before the duties were done"""
    return not facts.closed and facts.readmission != "" and facts.readmission == (event.about or facts.visit)


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


def tests_nobody_owns(facts: TransitionFacts, event: SummaryReceived) -> tuple[str, ...]:
    """each listed test that nobody owns"""
    return tuple(test for test in event.tests if test not in facts.owned)


def the_readmission(facts: TransitionFacts, event: Event) -> str:
    """the visit that brought the patient back"""
    return f"readmission:{facts.readmission}"


def the_link(_: TransitionFacts, event: Linked) -> str | None:
    """what the link is about, by default everything"""
    return event.about


# --- what events teach ----------------------------------------------------------------------

_Visit: TypeAlias = ArrivedAtEd | Admitted | Transferred | Discharged


def _of_visit(facts: TransitionFacts, event: _Visit, **changes: object) -> TransitionFacts:
    visit = event.about or facts.visit
    return facts.but(
        visit=visit,
        visits=facts.visits if visit in facts.visits else (*facts.visits, visit),
        facility=event.facility or facts.facility,
        **changes,
    )


def _learn_arrival(facts: TransitionFacts, event: ArrivedAtEd) -> TransitionFacts:
    if facts.place is not None:
        # Another emergency visit beside this stay: its number is remembered and nothing else.
        return facts
    planned = facts.planned if event.planned is None else event.planned
    return _of_visit(facts, event, place=Place.EMERGENCY, planned=planned)


def _learn_admission(facts: TransitionFacts, event: Admitted) -> TransitionFacts:
    visit = event.about or facts.visit
    if facts.place is Place.HOME:
        if visit in facts.visits:
            return facts
        return facts.but(readmission=visit)
    planned = facts.planned if event.planned is None else event.planned
    admitted = facts.admitted if visit in dict(facts.admitted) else (*facts.admitted, (visit, event.at))
    return _of_visit(facts, event, place=Place.HOSPITAL, inpatient=True, planned=planned, admitted=admitted)


def _learn_transfer(facts: TransitionFacts, event: Transferred) -> TransitionFacts:
    return _of_visit(facts, event, place=Place.HOSPITAL, inpatient=True, home_since=None)


def _learn_discharge(facts: TransitionFacts, event: Discharged) -> TransitionFacts:
    visit = event.about or facts.visit
    left = facts.discharged if visit in dict(facts.discharged) else (*facts.discharged, (visit, event.at))
    if event.disposition is Disposition.FACILITY:
        return _of_visit(
            facts, event, place=Place.FACILITY, disposition=event.disposition, discharged=left, home_since=None
        )
    if facts.home_since is not None:
        return _of_visit(facts, event, discharged=left)
    return _of_visit(
        facts,
        event,
        place=Place.HOME,
        disposition=event.disposition,
        discharged=left,
        home_since=event.at,
        contacted=False,
        reconciled=False,
        seen=False,
    )


def _learn_cancelled_discharge(facts: TransitionFacts, event: DischargeCancelled) -> TransitionFacts:
    if not known_visit(facts, event):
        return facts
    visit = event.about or facts.visit
    left = tuple(one for one in facts.discharged if one[0] != visit)
    place = Place.HOSPITAL if facts.place in (Place.HOME, Place.FACILITY) else facts.place
    return facts.but(place=place, discharged=left, home_since=None, disposition=None, closed=False)


def _learn_correction(facts: TransitionFacts, event: StayCorrected) -> TransitionFacts:
    return facts.but(
        facility=facts.facility if event.facility is None else event.facility,
        planned=facts.planned if event.planned is None else event.planned,
    )


def _learn_summary(facts: TransitionFacts, event: SummaryReceived) -> TransitionFacts:
    return facts.but(pending=tuple(dict.fromkeys((*facts.pending, *event.tests))), closed=False)


def _learn_pending(facts: TransitionFacts, event: PendingTestListed) -> TransitionFacts:
    return facts.but(pending=tuple(dict.fromkeys((*facts.pending, event.about or ""))), closed=False)


def _learn_owner_of_test(facts: TransitionFacts, event: PendingTestOwned) -> TransitionFacts:
    return facts.but(owned=tuple(dict.fromkeys((*facts.owned, event.about or ""))))


def _learn_contact(facts: TransitionFacts, event: Contacted) -> TransitionFacts:
    return facts.but(contacted=facts.contacted or (facts.home_since is not None and real_contact(facts, event)))


def _learn_reconciled(facts: TransitionFacts, _: MedsReconciled) -> TransitionFacts:
    return facts.but(reconciled=facts.reconciled or facts.home_since is not None)


def _learn_seen(facts: TransitionFacts, _: VisitHeld) -> TransitionFacts:
    return facts.but(seen=facts.seen or facts.home_since is not None)


def _learn_closed(facts: TransitionFacts, _: LoopClosed) -> TransitionFacts:
    return facts.but(closed=True)


def _learn_reopened(facts: TransitionFacts, _: Reopened) -> TransitionFacts:
    return facts.but(closed=False, readmission="")


# --- the table ------------------------------------------------------------------------------

_HOME = Not(Said(disposition=Disposition.FACILITY))

# fmt: off
_MOVES: Final[tuple[Move[TransitionState, TransitionFacts], ...]] = (  
    #    in                              when                go to
    Move(None,                           ArrivedAtEd,        T.IN_ED),
    Move(None,                           Admitted,           T.ADMITTED),
    Move(None,                           Discharged,         T.DISCHARGED, given=_HOME),  # first heard at discharge
    Move(None,                           Discharged,         T.ELSEWHERE),

    Stay(_ALL,                           NoticeReceived),
    Stay(_ALL,                           ArrivedAtEd),  # treat-and-release after a discharge is another case

    Move((T.IN_ED, T.ELSEWHERE),         Admitted,           T.ADMITTED),
    Stay(T.DISCHARGED,                   Admitted,           given=known_visit),  # a second feed, heard late
    Move(T.DISCHARGED,                   Admitted,           T.READMITTED),
    Stay((T.ADMITTED, T.CLOSED, T.READMITTED), Admitted),  # after the closing it is another case

    Move((T.IN_ED, T.ELSEWHERE, T.DISCHARGED), Transferred,  T.ADMITTED),  # the "discharge" was a transfer
    Stay((T.ADMITTED, T.CLOSED, T.READMITTED), Transferred),

    Move((T.IN_ED, T.ADMITTED, T.ELSEWHERE), Discharged,     T.DISCHARGED, given=_HOME),
    Move((T.IN_ED, T.ADMITTED),          Discharged,         T.ELSEWHERE),
    Stay(T.ELSEWHERE,                    Discharged),
    Stay(T.DISCHARGED,                   Discharged,         given=_HOME),
    Move(T.DISCHARGED,                   Discharged,         T.ELSEWHERE),
    Stay(_ENDS,                          Discharged),

    Stay((T.IN_ED, T.ADMITTED, T.READMITTED, T.DIED), DischargeCancelled),
    Move((T.ELSEWHERE, T.DISCHARGED),    DischargeCancelled, T.ADMITTED, given=known_visit),
    Move(T.CLOSED,                       DischargeCancelled, T.ADMITTED, given=known_visit, reopens=True),
    Otherwise((T.ELSEWHERE, T.DISCHARGED, T.CLOSED), DischargeCancelled),

    Stay(_ALL,                           StayCorrected),
    Move(_OPEN,                          Died,               T.DIED),
    Stay(_ENDS,                          Died),

    Stay((*_OPEN, T.DIED),               SummaryReceived),
    Stay((T.CLOSED, T.READMITTED),       SummaryReceived,    given=lists_nothing_new),
    Move(T.CLOSED,                       SummaryReceived,    T.DISCHARGED, reopens=True),
    Otherwise(T.READMITTED,              SummaryReceived),  # the new case must hear of the test

    Stay((*_OPEN, T.DIED),               PendingTestListed),
    Stay((T.CLOSED, T.READMITTED),       PendingTestListed,  given=test_is_owned),
    Move(T.CLOSED,                       PendingTestListed,  T.DISCHARGED, reopens=True),
    Otherwise(T.READMITTED,              PendingTestListed),  # the new case must hear of the test

    Stay(_ALL,                           VisitMissed),
    Stay(_ALL,                           VisitHeld),

    Stay(_ALL,                           InfoShared),
    Stay(_ALL,                           PendingTestOwned),
    Stay((*_OPEN, T.CLOSED),             Contacted),
    Stay((*_OPEN, T.CLOSED),             MedsReconciled,     given=may_reconcile),
    Otherwise((*_OPEN, T.CLOSED),        MedsReconciled),
    Stay(_OPEN,                          VisitBooked),
    Stay((T.ELSEWHERE, T.DISCHARGED),    FollowUpDeclined),
    Move((T.CLOSED, T.READMITTED),       Reopened,           T.DISCHARGED, reopens=True),
)
# fmt: on

_NOT_HOME_AFTER_ALL: Final[tuple[On[TransitionFacts], ...]] = (
    On(DischargeCancelled, known_visit, item=every_item, why="discharge cancelled"),
    On(Transferred, item=every_item, why="transfer"),
    On(Discharged, Said(disposition=Disposition.FACILITY), item=every_item, why="to a facility"),
)
_NOT_LEFT_AFTER_ALL: Final = _NOT_HOME_AFTER_ALL[:2]

_CLOCKS: Final[tuple[Clock[TransitionFacts], ...]] = (
    Clock[TransitionFacts](
        name="notice",
        says="the hospital tells us of the admission and of the discharge",
        item=the_notice,
        starts=(On(Admitted, came_first, item=the_admission), On(Discharged, left_first, item=the_discharge)),
        met_by=(On(NoticeReceived),),
        dropped_by=(On(DischargeCancelled, known_visit, item=the_discharge, why="discharge cancelled"),),
        owed_by=Role.HOSPITAL,
        kept_by=Role.COORDINATOR,
        waivable_by=(Role.OWNER, Role.COORDINATOR),
        source="HEDIS TRC, notification of admission; NCQA PCMH CC-14",
    ),
    Clock[TransitionFacts](
        name="share",
        says="the facility gets our clinical information while the patient is there",
        item=the_visit,
        starts=(On(NoticeReceived, still_in),),
        met_by=(On(InfoShared, to_the_facility, item=every_item),),
        dropped_by=(On(Discharged, item=every_item, why="discharged"),),
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        waivable_by=(Role.OWNER, Role.COORDINATOR),
        ends_with_death=True,
        source="NCQA PCMH CC-15",
    ),
    Clock[TransitionFacts](
        name="whereabouts",
        says="somebody finds out where the patient is, again and again while they are away",
        starts=(On(Discharged, away), On(Admitted, away), On(Transferred, away), On(Contacted, away)),
        met_by=(On(Discharged), On(Admitted), On(Transferred), On(Contacted)),
        dropped_by=(On(DischargeCancelled, known_visit, why="discharge cancelled"),),
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        waivable_by=(Role.OWNER, Role.COORDINATOR),
        ends_with_death=True,
        source="ours: nobody gets lost between two facilities",
    ),
    Clock[TransitionFacts](
        name="summary",
        says="the discharge summary is here",
        item=the_visit,
        starts=(On(Discharged, left_first),),
        met_by=(On(SummaryReceived),),
        dropped_by=_NOT_LEFT_AFTER_ALL,
        owed_by=Role.HOSPITAL,
        kept_by=Role.COORDINATOR,
        waivable_by=(Role.CLINICIAN,),
        source="HEDIS TRC, receipt of discharge information; MIPS IA_CC_11; NCQA PCMH CC-19",
    ),
    Clock[TransitionFacts](
        name="pending_known",
        says="we know which tests were pending, or that none were",
        item=the_visit,
        starts=(On(Discharged, left_first),),
        met_by=(On(SummaryReceived, says_of_pending), On(PendingTestListed, item=every_item)),
        dropped_by=_NOT_LEFT_AFTER_ALL,
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        closing=True,
        waivable_by=(Role.CLINICIAN,),
        ends_with_death=True,
        source="HEDIS TRC, required content of discharge information",
    ),
    Clock[TransitionFacts](
        name="pending",
        says="a result case with an expected date owns the test that was pending",
        item=by_about,
        starts=(
            On(PendingTestListed, Not(test_is_owned)),
            On(SummaryReceived, Not(lists_nothing_new), item=tests_nobody_owns),
        ),
        met_by=(On(PendingTestOwned),),
        owed_by=Role.OWNER,
        kept_by=Role.OWNER,
        closing=True,
        source="tests pending at discharge: Were et al. 2009, doi:10.1007/s11606-009-1057-y",
    ),
    Clock[TransitionFacts](
        name="contact",
        says="our own staff speaks with the patient or caregiver after the discharge",
        item=the_visit,
        starts=(On(Discharged, went_home), On(Reopened, still_to_contact)),
        met_by=(On(Contacted, real_contact),),
        dropped_by=_NOT_HOME_AFTER_ALL,
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        closing=True,
        waivable_by=(Role.CLINICIAN,),
        ends_with_death=True,
        reaches_patient=True,
        source="NCQA PCMH CC-16; CMS TCM; HEDIS TRC, patient engagement",
    ),
    Clock[TransitionFacts](
        name="reconcile",
        says="a prescriber, pharmacist or nurse reconciles the medication lists",
        item=the_visit,
        starts=(On(Discharged, went_home), On(Reopened, still_to_reconcile)),
        met_by=(On(MedsReconciled),),
        dropped_by=_NOT_HOME_AFTER_ALL,
        owed_by=Role.CLINICIAN,
        kept_by=Role.CLINICIAN,
        closing=True,
        waivable_by=(Role.CLINICIAN,),
        ends_with_death=True,
        source="HEDIS MRP and TRC; CMS TCM",
    ),
    Clock[TransitionFacts](
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
    Clock[TransitionFacts](
        name="rebook",
        says="a missed follow-up visit is booked again",
        item=by_about,
        starts=(On(VisitMissed, Not(Said(about=None))),),
        met_by=(On(VisitBooked, item=every_item), On(VisitHeld, item=every_item)),
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
    Clock[TransitionFacts](
        name="follow_up",
        says="the case of the new stay takes over what this one could not finish",
        item=the_readmission,
        starts=(On(Admitted, back_too_soon),),
        met_by=(On(Linked, item=the_link),),
        dropped_by=(On(Reopened, item=every_item, why="reopened"),),
        owed_by=Role.COORDINATOR,
        kept_by=Role.COORDINATOR,
        closing=True,
        ends_with_death=True,
        outlives=True,
        source="ours: what a readmission cuts short is carried over, not forgotten",
    ),
    Clock[TransitionFacts](
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
        Contacted: _learn_contact,
        MedsReconciled: _learn_reconciled,
        VisitHeld: _learn_seen,
        LoopClosed: _learn_closed,
        Reopened: _learn_reopened,
    },
    clocks=_CLOCKS,
    closes={T.DISCHARGED: T.CLOSED},
    ends=frozenset({*_ENDS, T.ENTERED_IN_ERROR}),
    waits_for={T.ELSEWHERE: ("whereabouts",), T.DISCHARGED: ("contact", "reconcile")},
)

TransitionCase: TypeAlias = Case[TransitionState, TransitionFacts]


def carried_over(case: TransitionCase) -> tuple[tuple[str, str], ...]:
    """Return (clock, item) of what a readmission cut short and the new case must take over."""
    if case.state is not T.READMITTED:
        return ()
    ended = {(one.clock, one.item): one.how for one in case.settled}
    return tuple(duty for duty, how in ended.items() if how is How.DROPPED and duty[0] in ("pending", "reconcile"))


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

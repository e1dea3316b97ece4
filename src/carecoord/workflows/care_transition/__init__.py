"""
Care transition: one stay, from the first arrival to the last acute discharge and the duties after it.

The seat is the patient's own practice. What hospitals and feeds tell is news, whatever its
order; what the practice does is an act. Duties after a discharge run side by side: contact,
reconcile, visit, the tests that were pending. No state stands for any of them.

Sources: NCQA PCMH CC-14 to CC-16, CC-18 and CC-19; HEDIS TRC, MRP, FUH, FUM, FUA; CMS
transitional care management (TCM); MIPS IA_CC_10 and IA_CC_11. Message codes in brackets
are HL7 v2 ADT triggers.

Here is the table. What happens stands in `events`, what is known in `facts`, what that teaches
in `lessons`; what rows and clocks ask in `claims` and `items`, what is owed in `clocks`, and
how others call all this in `words`.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from carecoord.case import Case, How
from carecoord.events import LinkedCaseEnded, Reopened
from carecoord.tables import All, Move, Otherwise, Stay, Where
from carecoord.workflow import Workflow, linked_here
from carecoord.workflows.care_transition.claims import (
    READMISSION,
    another_discharge,
    another_stay,
    closes_an_account,
    goes_elsewhere,
    goes_home,
    lists_nothing_new,
    loses_a_test,
    may_reconcile,
    named_and_dated,
    named_before,
    of_the_discharge,
    of_this_stay,
    of_who_went_home,
    same_discharge,
    test_is_owned,
)
from carecoord.workflows.care_transition.clocks import CLOCKS
from carecoord.workflows.care_transition.events import (
    Admitted,
    ArrivedAtEd,
    Contacted,
    Died,
    DischargeCancelled,
    Discharged,
    Disposition,
    FollowUpDeclined,
    InfoShared,
    MedsReconciled,
    NoticeOf,
    NoticeReceived,
    PendingTestListed,
    PendingTestOwned,
    PendingTests,
    StayCorrected,
    SummaryReceived,
    Transferred,
    VisitBooked,
    VisitHeld,
    VisitMissed,
)
from carecoord.workflows.care_transition.facts import Place, TransitionFacts
from carecoord.workflows.care_transition.lessons import LESSONS
from carecoord.workflows.care_transition.states import ALL, ENDS, OPEN, T, TransitionState
from carecoord.workflows.care_transition.words import CRITERIA, STATUSES, Statuses

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

    Stay(ALL,                            NoticeReceived),

    Stay((*OPEN, T.READMITTED, T.DIED),  ArrivedAtEd),  # treat-and-release after a discharge is another case
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

    Stay(OPEN,                           Discharged,         given=closes_an_account),
    Move((T.IN_ED, T.ADMITTED, T.ELSEWHERE), Discharged,     T.DISCHARGED, given=goes_home),
    Move((T.IN_ED, T.ADMITTED),          Discharged,         T.ELSEWHERE, given=goes_elsewhere),
    Stay(T.ELSEWHERE,                    Discharged,         given=goes_elsewhere),
    Stay(T.DISCHARGED,                   Discharged,         given=same_discharge),
    Stay(T.DISCHARGED,                   Discharged,         given=another_discharge),  # owes all duties anew
    Move(T.DISCHARGED,                   Discharged,         T.ELSEWHERE, given=goes_elsewhere),
    Otherwise(OPEN,                      Discharged),  # an account left long ago: somebody must look
    Stay((T.READMITTED, T.DIED),         Discharged),
    Stay(T.CLOSED,                       Discharged,         given=All(named_before, _HOME)),
    Otherwise(T.CLOSED,                  Discharged),

    Stay((T.IN_ED, T.ADMITTED, T.READMITTED, T.DIED), DischargeCancelled),
    Move((T.ELSEWHERE, T.DISCHARGED),    DischargeCancelled, T.ADMITTED, given=of_the_discharge),
    Move(T.CLOSED,                       DischargeCancelled, T.ADMITTED, given=of_the_discharge, reopens=True),
    Otherwise((T.ELSEWHERE, T.DISCHARGED, T.CLOSED), DischargeCancelled),

    Stay(ALL,                            StayCorrected),
    Move(OPEN,                           Died,               T.DIED),
    Stay(ENDS,                           Died),

    Stay((*OPEN, T.DIED),                SummaryReceived,    given=of_this_stay),
    Otherwise((*OPEN, T.DIED),           SummaryReceived),  # perhaps another patient's
    Stay((T.CLOSED, T.READMITTED),       SummaryReceived,    given=lists_nothing_new),
    Move(T.CLOSED,                       SummaryReceived,    T.DISCHARGED, given=of_who_went_home, reopens=True),
    Otherwise((T.CLOSED, T.READMITTED),  SummaryReceived),  # the new case must hear of the test

    Stay((*OPEN, T.DIED),                PendingTestListed),
    Stay((T.CLOSED, T.READMITTED),       PendingTestListed,  given=test_is_owned),
    Move(T.CLOSED,                       PendingTestListed,  T.DISCHARGED, given=_HOME, reopens=True),
    Otherwise((T.CLOSED, T.READMITTED),  PendingTestListed),  # the new case must hear of the test

    Move(T.CLOSED,                       LinkedCaseEnded,    T.DISCHARGED,
         given=All(loses_a_test, _HOME), reopens=True),
    Stay(T.CLOSED,                       LinkedCaseEnded,    given=linked_here),
    Otherwise(T.CLOSED,                  LinkedCaseEnded),

    Stay((*OPEN, T.READMITTED, T.DIED),  VisitMissed),  # after the closing somebody must take notice
    Stay(ALL,                            VisitHeld),

    Stay(ALL,                            InfoShared),
    Stay((*ALL, T.SUPERSEDED),           PendingTestOwned,   given=named_and_dated),
    Otherwise((*ALL, T.SUPERSEDED),      PendingTestOwned),
    Stay((*OPEN, T.CLOSED),              Contacted,          given=of_this_stay),
    Otherwise((*OPEN, T.CLOSED),         Contacted),
    Stay((*OPEN, T.CLOSED),              MedsReconciled,     given=All(may_reconcile, of_this_stay)),
    Otherwise((*OPEN, T.CLOSED),         MedsReconciled),
    Stay(OPEN,                           VisitBooked),
    Stay((T.ELSEWHERE, T.DISCHARGED),    FollowUpDeclined),
    Move(T.CLOSED,                       Reopened,           T.IN_ED, given=_AT_THE_ED, reopens=True),
    Move(T.CLOSED,                       Reopened,           T.ADMITTED, given=_IN_HOSPITAL, reopens=True),
    Move(T.CLOSED,                       Reopened,           T.ELSEWHERE, given=_AT_A_FACILITY, reopens=True),
    Move((T.CLOSED, T.READMITTED),       Reopened,           T.DISCHARGED, reopens=True),
)
# fmt: on


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
    learn=LESSONS,
    clocks=CLOCKS,
    closes={T.DISCHARGED: T.CLOSED},
    ends=frozenset({*ENDS, T.SUPERSEDED, T.ENTERED_IN_ERROR}),
    waits_for={
        T.IN_ED: ("whereabouts",),
        T.ADMITTED: ("whereabouts",),
        T.ELSEWHERE: ("whereabouts",),
        T.DISCHARGED: ("contact", "reconcile"),
    },
)

TransitionCase: TypeAlias = Case[TransitionState, TransitionFacts]

_CARRIED: Final = ("pending_known", "reconcile")


def carried_over(case: TransitionCase) -> tuple[tuple[str, str], ...]:
    """
    Return (clock, item) of what a readmission cut short and the new case must take over.

    A test that was pending is not among them: it is owed here until a result case owns it.
    """
    if case.state.name != T.READMITTED.name:  # the states may be a host's own
        return ()
    ended = {(one.clock, one.item): one.how for one in case.settled}
    return tuple(duty for duty, how in ended.items() if how is How.DROPPED and duty[0] in _CARRIED)


__all__ = [
    "CARE_TRANSITION",
    "CRITERIA",
    "READMISSION",
    "STATUSES",
    "Admitted",
    "ArrivedAtEd",
    "Contacted",
    "Died",
    "DischargeCancelled",
    "Discharged",
    "Disposition",
    "FollowUpDeclined",
    "InfoShared",
    "MedsReconciled",
    "NoticeOf",
    "NoticeReceived",
    "PendingTestListed",
    "PendingTestOwned",
    "PendingTests",
    "Place",
    "Statuses",
    "StayCorrected",
    "SummaryReceived",
    "Transferred",
    "TransitionCase",
    "TransitionFacts",
    "TransitionState",
    "VisitBooked",
    "VisitHeld",
    "VisitMissed",
    "carried_over",
]

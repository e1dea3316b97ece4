"""
Test result: one order, or one report that nobody asked for, until the patient knows and what follows is owned.

The seat is the practice that orders. A component is what has a result of its own, and each of
its versions is read: preliminary, final, corrected. What the laboratory, the portal or the
patient does is news; where a case stands follows from what is here, whatever came in which
order. To view is not to acknowledge, to acknowledge is not to review, to release is not to tell.

Sources: NCQA PCMH CC-01 and CC-02, annual reporting AR-CC 3; MIPS IA_CC_2; HL7 v2 tables 0038,
0078, 0085, 0119 and 0123; FHIR DiagnosticReport. A row without a source is ours.

Here is the table. What happens stands in `events`, what is known in `facts`, what that teaches
in `lessons`; what rows and clocks ask in `claims` and `items`, what is owed in `clocks`, how
others call all this in `words`, and what laboratories send in `codes`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from carecoord.case import Case
from carecoord.events import ClosedByAdministration, Event, Paused, Reopened, Waived
from carecoord.tables import All, Move, Not, Otherwise, Stay
from carecoord.workflow import Workflow
from carecoord.workflows.diagnostic_result.claims import (
    by_a_clinician,
    by_one_of_us,
    calms_what_had_no_flag,
    does_without_what_will_not_come,
    given_up_before,
    gives_a_reason,
    gives_a_reason_not_to_tell,
    gives_something_up,
    leaves_no_call_behind,
    leaves_nothing_to_decide,
    names_a_component,
    no_call_is_left,
    not_done_before,
    nothing_critical_is_unknown,
    of_a_component,
    of_a_finding,
    of_a_new_component,
    of_a_version_that_may_be,
    of_an_older_version,
    of_what_is_awaited,
    of_what_is_here,
    of_what_is_here_or_explained,
    reads_or_decides,
    replaces_something,
    says_until_when,
    something_was_called,
    takes_something_back,
    tells_nothing_new,
    then_awaited,
    then_collected,
    then_not_done,
    then_partial,
    then_resulted,
    to_somebody,
    told_before,
    waits_as_the_patient_asked,
    was_taken_back,
)
from carecoord.workflows.diagnostic_result.clocks import CLOCKS
from carecoord.workflows.diagnostic_result.codes import (
    OBR25,
    OBX8,
    OBX11,
    ORC1,
    ORC5,
    REPORT_R4,
    REPORT_R5,
    Says,
    gravest,
    said_by,
    severity_of,
)
from carecoord.workflows.diagnostic_result.events import (
    ArrivedUnasked,
    Channel,
    Claimed,
    Collected,
    Correction,
    CriticalCalled,
    Disposition,
    Expected,
    FollowedUp,
    FollowUpDeclined,
    Kind,
    LabCancelled,
    MarkedComplete,
    Method,
    NotDone,
    OfResult,
    Ordered,
    OrderWithdrawn,
    PatientNotified,
    ReflexAdded,
    ReleaseDelayAsked,
    ReleasedToPatient,
    Reordered,
    ResultCorrected,
    ResultReceived,
    ResultRetracted,
    Reviewed,
    SeenByPatient,
    Severity,
    SpecimenRejected,
    Status,
    TakenBack,
    Viewed,
)
from carecoord.workflows.diagnostic_result.facts import ResultFacts, Version
from carecoord.workflows.diagnostic_result.lessons import LESSONS
from carecoord.workflows.diagnostic_result.states import ALL, ENDS, OPEN, OWED, R, ResultState
from carecoord.workflows.diagnostic_result.words import CRITERIA, STATUSES, Statuses

_Row: TypeAlias = Move[ResultState, ResultFacts]
_Claim: TypeAlias = Callable[[Any, Any], bool]

_HERE: Final = (R.PARTIAL, R.RESULTED, R.CLOSED)
_NOTHING_HERE: Final = (R.ORDERED, R.COLLECTED, R.NOT_DONE)
_NOTHING_LEFT: Final = (R.NOT_DONE, R.COLLECTED, R.ORDERED)
_ANYWHERE: Final = (R.RESULTED, R.PARTIAL, *_NOTHING_LEFT)

_READING: Final = All(
    by_a_clinician,
    reads_or_decides,
    does_without_what_will_not_come,
    calms_what_had_no_flag,
    gives_a_reason_not_to_tell,
    leaves_no_call_behind,
)

_THEN: Final = {
    R.RESULTED: then_resulted,
    R.PARTIAL: then_partial,
    R.NOT_DONE: then_not_done,
    R.COLLECTED: then_collected,
}


def _leads(
    states: ResultState | tuple[ResultState, ...],
    event: type[Event],
    *to: ResultState,
    given: _Claim | None = None,
    reopens: bool = False,
) -> tuple[_Row, ...]:
    """Return the rows of an event after which the case stands where what is here says; the last is what is left."""

    def claim(there: ResultState) -> _Claim | None:
        if there is to[-1]:
            return given
        return _THEN[there] if given is None else All(given, _THEN[there])

    return tuple(Move(states, event, there, given=claim(there), reopens=reopens) for there in to)


# fmt: off
def _written(event: type[OfResult]) -> tuple[_Row, ...]:
    """Return the rows of what is written to us; what nobody can place, or was taken back, is unexpected."""
    new = of_a_version_that_may_be
    return (
        Stay(R.UNCLAIMED,       event, given=new),
        Stay((*OPEN, R.CLOSED), event, given=told_before),
        Stay(R.CLOSED,          event, given=of_an_older_version),
        *_leads(OPEN,           event, R.RESULTED, R.PARTIAL, given=new),
        *_leads(ENDS,           event, R.RESULTED, R.PARTIAL, given=new, reopens=True),
        Otherwise(ALL,          event),
    )


def _not_done(event: type[SpecimenRejected | NotDone]) -> tuple[_Row, ...]:
    """Return the rows of what was not done; where it is here all the same, that is unexpected."""
    return (
        Move((*_NOTHING_HERE, R.PARTIAL), event, R.NOT_DONE, given=All(of_what_is_awaited, then_not_done)),
        Stay(OPEN,               event, given=of_what_is_awaited),
        Stay((*OPEN, *ENDS),     event, given=not_done_before),
        Otherwise((*OPEN, *ENDS), event),
    )


_MOVES: Final[tuple[_Row, ...]] = (
    #    in                          when                   go to
    Move(None,                       Ordered,               R.ORDERED),
    Move(None,                       Expected,              R.ORDERED),
    Move(None,                       ArrivedUnasked,        R.UNCLAIMED),

    # An order that is found for what arrived unasked claims it.
    *_leads(R.UNCLAIMED,             Ordered,               *_ANYWHERE),
    *_leads(R.UNCLAIMED,             Expected,              *_ANYWHERE),
    *_leads(R.UNCLAIMED,             Claimed,               *_ANYWHERE, given=by_one_of_us),
    Otherwise(R.UNCLAIMED,           Claimed),

    *_written(ArrivedUnasked),
    *_written(ResultReceived),
    *_written(ResultCorrected),

    Stay(R.CLOSED,                   CriticalCalled,        given=tells_nothing_new),
    Move((*_NOTHING_HERE, R.PARTIAL), CriticalCalled,       R.PARTIAL, given=names_a_component),
    Move(R.CANCELLED,                CriticalCalled,        R.PARTIAL, given=names_a_component, reopens=True),
    *_leads(R.RESULTED,              CriticalCalled,        R.RESULTED, R.PARTIAL, given=names_a_component),
    *_leads(R.CLOSED,                CriticalCalled,        R.RESULTED, R.PARTIAL,
            given=names_a_component, reopens=True),
    Stay(R.UNCLAIMED,                CriticalCalled,        given=names_a_component),
    Otherwise(ALL,                   CriticalCalled),

    Stay((R.UNCLAIMED, R.SUPERSEDED), ResultRetracted,      given=takes_something_back),
    *_leads((R.PARTIAL, R.RESULTED), ResultRetracted,       *_ANYWHERE, given=takes_something_back),
    *_leads(R.CLOSED,                ResultRetracted,       *_ANYWHERE, given=takes_something_back, reopens=True),
    Stay((*ALL, R.SUPERSEDED),       ResultRetracted,       given=was_taken_back),
    Otherwise((*ALL, R.SUPERSEDED),  ResultRetracted),

    Move(_NOTHING_HERE,              Collected,             R.COLLECTED, given=All(of_a_component, then_collected)),
    Move(R.CANCELLED,                Collected,             R.COLLECTED, given=then_awaited, reopens=True),
    Move(R.RESULTED,                 Collected,             R.PARTIAL, given=All(of_a_component, then_partial)),
    Move(R.CLOSED,                   Collected,             R.PARTIAL, given=All(then_awaited, then_partial),
         reopens=True),
    Stay(ALL,                        Collected,             given=of_a_component),
    Otherwise(ALL,                   Collected),

    *_not_done(SpecimenRejected),
    *_not_done(NotDone),

    Move(_NOTHING_HERE,              LabCancelled,          R.NOT_DONE, given=All(gives_something_up, then_not_done)),
    *_leads(R.PARTIAL,               LabCancelled,          *_ANYWHERE, given=gives_something_up),
    Stay((*_NOTHING_HERE, R.RESULTED, R.UNCLAIMED), LabCancelled, given=gives_something_up),
    Move(R.CLOSED,                   LabCancelled,          R.RESULTED, given=gives_something_up, reopens=True),
    Stay(ALL,                        LabCancelled,          given=given_up_before),
    Otherwise(ALL,                   LabCancelled),

    *_leads(R.NOT_DONE,              ReflexAdded,           R.COLLECTED, R.ORDERED, given=of_a_new_component),
    Move(R.RESULTED,                 ReflexAdded,           R.PARTIAL, given=of_a_new_component),
    Move(R.CLOSED,                   ReflexAdded,           R.PARTIAL, given=of_a_new_component, reopens=True),
    *_leads(R.CANCELLED,             ReflexAdded,           R.COLLECTED, R.ORDERED,
            given=of_a_new_component, reopens=True),
    Stay(ALL,                        ReflexAdded),

    Stay((*ALL, R.SUPERSEDED),       MarkedComplete,        source="ORC-5 CM closes nothing"),
    Stay((*ALL, R.SUPERSEDED),       Viewed),
    Stay((*ALL, R.SUPERSEDED),       ReleasedToPatient),
    Stay((*ALL, R.SUPERSEDED),       SeenByPatient,         given=of_what_is_here_or_explained),
    Otherwise((*ALL, R.SUPERSEDED),  SeenByPatient),

    Move(R.PARTIAL,                  Reviewed,              R.RESULTED, given=All(_READING, then_resulted)),
    Stay(_HERE,                      Reviewed,              given=_READING),
    Otherwise(_HERE,                 Reviewed),
    Stay(R.NOT_DONE,                 Reviewed,              given=All(something_was_called, _READING)),
    Otherwise(R.NOT_DONE,            Reviewed),
    Stay(_HERE,                      PatientNotified,       given=All(by_one_of_us, to_somebody, of_what_is_here)),
    Otherwise(_HERE,                 PatientNotified),
    Stay(OWED,                       FollowedUp,            given=of_a_finding),
    Otherwise(OWED,                  FollowedUp),
    Stay(OWED,                       FollowUpDeclined,      given=of_a_finding),
    Otherwise(OWED,                  FollowUpDeclined),

    Stay(ALL,                        ReleaseDelayAsked,     given=says_until_when),
    Otherwise(ALL,                   ReleaseDelayAsked),
    Stay((R.UNCLAIMED, *OPEN),       Paused,                given=waits_as_the_patient_asked),
    Otherwise((R.UNCLAIMED, *OPEN),  Paused),

    Move(_NOTHING_HERE,              OrderWithdrawn,        R.CANCELLED,
         given=All(by_one_of_us, gives_a_reason, nothing_critical_is_unknown, no_call_is_left)),
    Otherwise(_NOTHING_HERE,         OrderWithdrawn),  # elsewhere something is here, and is reviewed
    Move((*_NOTHING_HERE, R.PARTIAL), Reordered,            R.CANCELLED,
         given=All(leaves_nothing_to_decide, nothing_critical_is_unknown)),
    Move(R.PARTIAL,                  Reordered,             R.RESULTED, given=All(replaces_something, then_resulted)),
    Stay(OPEN,                       Reordered,
         given=All(replaces_something, Not(leaves_nothing_to_decide))),
    Otherwise(OPEN,                  Reordered),
    # What was let go is waited for no longer.
    *_leads((R.ORDERED, R.COLLECTED, R.PARTIAL), Waived,    *_ANYWHERE),

    # What administration closes before anything is here was not done.
    Move(_NOTHING_HERE,              ClosedByAdministration, R.CANCELLED),
    *_leads(R.CLOSED,                Reopened,              R.RESULTED, R.PARTIAL, reopens=True),
    *_leads(R.CANCELLED,             Reopened,              *_NOTHING_LEFT, reopens=True),
)
# fmt: on

TEST_RESULT: Final = Workflow[ResultState, ResultFacts](
    name="test-result",
    version="1",
    states=ResultState,
    facts=ResultFacts,
    events=(
        # News, in the order in which it counts within one moment.
        Collected,
        SpecimenRejected,
        NotDone,
        ReflexAdded,
        CriticalCalled,
        ArrivedUnasked,
        ResultReceived,
        ResultCorrected,
        ResultRetracted,
        LabCancelled,
        MarkedComplete,
        Viewed,
        ReleasedToPatient,
        SeenByPatient,
        # Acts.
        Ordered,
        Expected,
        Claimed,
        Reviewed,
        ReleaseDelayAsked,
        PatientNotified,
        FollowedUp,
        FollowUpDeclined,
        Reordered,
        OrderWithdrawn,
    ),
    moves=_MOVES,
    learn=LESSONS,
    clocks=CLOCKS,
    closes={R.RESULTED: R.CLOSED},
    ends=frozenset({*ENDS, R.SUPERSEDED, R.ENTERED_IN_ERROR}),
    waits_for={
        R.UNCLAIMED: ("claim",),
        R.ORDERED: ("result",),
        R.COLLECTED: ("result",),
        R.PARTIAL: ("result",),
        R.RESULTED: ("review",),
        R.NOT_DONE: ("decide",),
    },
)

ResultCase: TypeAlias = Case[ResultState, ResultFacts]

__all__ = [
    "CRITERIA",
    "OBR25",
    "OBX8",
    "OBX11",
    "ORC1",
    "ORC5",
    "REPORT_R4",
    "REPORT_R5",
    "STATUSES",
    "TEST_RESULT",
    "ArrivedUnasked",
    "Channel",
    "Claimed",
    "Collected",
    "Correction",
    "CriticalCalled",
    "Disposition",
    "Expected",
    "FollowUpDeclined",
    "FollowedUp",
    "Kind",
    "LabCancelled",
    "MarkedComplete",
    "Method",
    "NotDone",
    "OrderWithdrawn",
    "Ordered",
    "PatientNotified",
    "ReflexAdded",
    "ReleaseDelayAsked",
    "ReleasedToPatient",
    "Reordered",
    "ResultCase",
    "ResultCorrected",
    "ResultFacts",
    "ResultReceived",
    "ResultRetracted",
    "ResultState",
    "Reviewed",
    "Says",
    "SeenByPatient",
    "Severity",
    "SpecimenRejected",
    "Status",
    "Statuses",
    "TakenBack",
    "Version",
    "Viewed",
    "gravest",
    "said_by",
    "severity_of",
]

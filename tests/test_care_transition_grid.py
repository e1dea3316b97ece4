"""
Care transition: what each event does in each state, written a second time by hand and held against the engine.

`XX`: go there. `XX/YY`: it depends, and the outcomes stand below the grid. `=`: stay. `!`: stay, and the news is
unexpected. `x`: the act is refused; nothing was changed.
"""

import pytest
from tests.transition_story import CODES, WAYS, rows, standing, tell_where_it_can_be

from carecoord import Refused, expects, open_case
from carecoord.events import DOOR_EVENTS
from carecoord.workflows.care_transition import CARE_TRANSITION, TransitionState

GRID = """
event                | (none) | ED   | AD   | EL     | DC     | CL     | RA  | DI  | SU  | ER
NoticeReceived       | x      | =    | =    | =      | =      | =      | =   | =   | !   | !
ArrivedAtEd          | ED     | =    | =    | =      | =      | =/!    | =   | =   | !   | !
Admitted             | AD     | AD   | =    | AD     | !/RA   | =/!    | =   | !   | !   | !
Transferred          | AD     | AD   | =    | AD     | AD     | =/!    | =   | !   | !   | !
Discharged home      | DC     | DC   | DC/=/! | DC/=/! | =    | =/!    | =   | =   | !   | !
Discharged elsewhere | EL     | EL   | EL/= | =      | EL/=   | =/!    | =   | =   | !   | !
DischargeCancelled   | x      | =    | =    | AD/!   | AD/!   | AD/!   | =   | =   | !   | !
StayCorrected        | x      | =    | =    | =      | =      | =      | =   | =   | !   | !
Died                 | x      | DI   | DI   | DI     | DI     | =      | =   | =   | !   | !
SummaryReceived      | x      | =/!  | =/!  | =/!    | =/!    | =/DC/! | =/! | =/! | !   | !
PendingTestListed    | x      | =    | =    | =      | =      | =/DC   | =/! | =   | !   | !
VisitMissed          | x      | =    | =    | =      | =      | !      | =   | =   | !   | !
VisitHeld            | x      | =    | =    | =      | =      | =      | =   | =   | !   | !

InfoShared           | x      | =    | =    | =      | =      | =      | =   | =   | x   | x
PendingTestOwned     | x      | =/x  | =/x  | =/x    | =/x    | =/x    | =/x | =/x | =/x | x
Contacted            | x      | =/x  | =/x  | =/x    | =/x    | =/x    | x   | x   | x   | x
MedsReconciled       | x      | =/x  | =/x  | =/x    | =/x    | =/x    | x   | x   | x   | x
VisitBooked          | x      | =    | =    | =      | =      | x      | x   | x   | x   | x
FollowUpDeclined     | x      | x    | x    | =      | =      | x      | x   | x   | x   | x
LoopClosed           | x      | x    | x    | x      | CL/x   | x      | x   | x   | x   | x
Reopened             | x      | x    | x    | x      | x      | DC     | DC  | x   | x   | x

PatientDied          | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
AlarmUndelivered     | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
Retracted            | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
MomentCorrected      | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
Acknowledged         | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
ContactAttempted     | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
Linked               | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
ToldAgain            | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
OwnerGone            | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
HandoverOffered      | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
HandoverDeclined     | x      | =/x  | =/x  | =/x    | =/x    | =/x    | =/x | =/x | =/x | =/x
HandoverAccepted     | x      | =/x  | =/x  | =/x    | =/x    | =/x    | =/x | =/x | =/x | =/x
Noted                | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
Waived               | x      | =/x  | =/x  | =/x    | =/x    | x      | x   | x   | x   | x
UnableToReach        | x      | =/x  | =/x  | =/x    | =/x    | x      | x   | x   | x   | x
PatientLeft          | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
SubjectChanged       | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
ConflictRaised       | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
ConflictResolved     | x      | =/x  | =/x  | =/x    | =/x    | =/x    | =/x | =/x | =/x | =/x
LinkedCaseEnded      | x      | =/!  | =/!  | =/!    | =/!    | =/DC/! | =/! | =/! | =/! | =/!
ClosedByAdministration | x    | CL   | CL   | CL/x   | CL/x   | x      | x   | x   | x   | x
SupersededBy         | x      | SU   | SU   | SU/x   | SU/x   | SU     | SU  | SU  | x   | x
UrgencyChanged       | x      | =    | =    | =      | =      | =      | =   | =   | =   | =
Paused               | x      | x    | x    | x      | x      | x      | x   | x   | x   | x
Resumed              | x      | x    | x    | x      | x      | x      | x   | x   | x   | x
EnteredInError       | x      | ER   | ER   | ER     | ER     | ER     | ER  | ER  | ER  | x
"""

DEPENDS = """
event                | given                    | in                   | goes
ArrivedAtEd          | a visit of this stay     | CL                   | =
ArrivedAtEd          | another visit            | CL                   | !
Admitted             | a visit of this stay     | DC                   | !
Admitted             | another visit            | DC                   | RA
Admitted             | no visit named           | DC                   | RA
Admitted             | a visit of this stay     | CL                   | =
Admitted             | another visit            | CL                   | !
Admitted             | no visit named           | CL                   | !
Transferred          | a visit of this stay     | CL                   | =
Transferred          | another visit            | CL                   | !
Discharged home      | the present visit        | AD EL                | DC
Discharged home      | another visit            | AD EL                | DC
Discharged home      | an account left before   | AD EL                | =
Discharged home      | walked out, left before  | AD EL                | !
Discharged home      | the present visit        | CL                   | =
Discharged home      | another visit            | CL                   | !
Discharged home      | an account left before   | CL                   | =
Discharged home      | walked out, left before  | CL                   | =
Discharged elsewhere | the present visit        | AD DC                | EL
Discharged elsewhere | another visit            | AD DC                | EL
Discharged elsewhere | an account left before   | AD DC                | =
Discharged elsewhere | the present visit        | CL                   | =
Discharged elsewhere | another visit            | CL                   | !
Discharged elsewhere | an account left before   | CL                   | =
DischargeCancelled   | the one that stands      | EL DC CL             | AD
DischargeCancelled   | another                  | EL DC CL             | !
SummaryReceived      | silent on pending tests  | ED AD EL DC CL RA DI | =
SummaryReceived      | there are none pending   | ED AD EL DC CL RA DI | =
SummaryReceived      | lists what somebody owns | ED AD EL DC CL RA DI | =
SummaryReceived      | lists what nobody owns   | ED AD EL DC DI       | =
SummaryReceived      | lists what nobody owns   | CL                   | DC
SummaryReceived      | lists what nobody owns   | RA                   | !
SummaryReceived      | of another visit         | ED AD EL DC CL RA DI | !
PendingTestListed    | somebody owns it         | CL RA                | =
PendingTestListed    | nobody owns it           | CL                   | DC
PendingTestListed    | nobody owns it           | RA                   | !
PendingTestOwned     | the test                 | ED AD EL DC CL RA DI SU | =
PendingTestOwned     | another test             | ED AD EL DC CL RA DI SU | =
PendingTestOwned     | no date                  | ED AD EL DC CL RA DI SU | x
Contacted            | two-way, by our staff    | ED AD EL DC CL       | =
Contacted            | one way                  | ED AD EL DC CL       | =
Contacted            | not by our staff         | ED AD EL DC CL       | =
Contacted            | about another visit      | ED AD EL DC CL       | x
MedsReconciled       | by who may               | ED AD EL DC CL       | =
MedsReconciled       | by anybody else          | ED AD EL DC CL       | x
MedsReconciled       | about another visit      | ED AD EL DC CL       | x
LoopClosed           | nothing is owed          | DC                   | CL
LoopClosed           | something is owed        | DC                   | x
HandoverDeclined     | on offer to them         | ED AD EL DC CL RA DI SU ER | =
HandoverDeclined     | not on offer to them     | ED AD EL DC CL RA DI SU ER | x
HandoverAccepted     | on offer to them         | ED AD EL DC CL RA DI SU ER | =
HandoverAccepted     | not on offer to them     | ED AD EL DC CL RA DI SU ER | x
ConflictResolved     | an open one              | ED AD EL DC CL RA DI SU ER | =
ConflictResolved     | no open one              | ED AD EL DC CL RA DI SU ER | x
LinkedCaseEnded      | a linked one             | ED AD EL DC CL RA DI SU ER | =
LinkedCaseEnded      | another                  | ED AD EL DC CL RA DI SU ER | !
LinkedCaseEnded      | one that owned a test    | ED AD EL DC RA DI SU | =
LinkedCaseEnded      | one that owned a test    | CL                   | DC
LinkedCaseEnded      | one that owned a test    | ER                   | !
ClosedByAdministration | by who may waive it all | EL DC                | CL
ClosedByAdministration | by who may not         | EL DC                | x
SupersededBy         | all is carried           | EL DC                | SU
SupersededBy         | something is not         | EL DC                | x
Waived               | owed, and who may        | ED AD EL DC          | =
Waived               | owed, and who may not    | ED AD EL DC          | x
Waived               | not owed                 | ED AD EL DC          | x
UnableToReach        | owed, and tried enough   | ED AD EL DC          | =
UnableToReach        | owed, and tried less     | ED AD EL DC          | x
UnableToReach        | not owed                 | ED AD EL DC          | x
"""

CELLS = [(row["event"], code, row[code]) for row in rows(GRID) for code in CODES]
SURE = [cell for cell in CELLS if "/" not in cell[2]]
OUTCOMES = [(row["event"], row["given"], code, row["goes"]) for row in rows(DEPENDS) for code in row["in"].split()]


def outcome(code, before, event):
    """Return what the engine does, in the words of the grid."""
    story = tell_where_it_can_be(standing(code).fork(), before)
    if story.refuses(event) is not None:
        return "x"
    was = story.state
    story.then(event)
    if story.owed("unexpected", event.key):
        return "!"
    return "=" if story.state == was else code_of(story.case)


def code_of(case):
    return next(code for code, state in CODES.items() if state is case.state)


def opens(event):
    try:
        return code_of(open_case(standing("AD").rules, event, id="t-2", subject="p-9", owner="dr-3").case)
    except Refused:
        return "x"


def ways(event, given=None):
    return [way for (name, claim), some in WAYS.items() if name == event and given in (None, claim) for way in some]


@pytest.mark.parametrize(("event", "code", "goes"), SURE, ids=[f"{event} in {code}" for event, code, _ in SURE])
def test_where_nothing_is_asked_every_way_of_an_event_goes_the_same(event, code, goes):
    assert {outcome(code, *way) for way in ways(event)} == {goes}


@pytest.mark.parametrize(
    ("event", "given", "code", "goes"),
    OUTCOMES,
    ids=[f"{event}, {given}, in {code}" for event, given, code, _ in OUTCOMES],
)
def test_where_something_is_asked_the_answer_decides(event, given, code, goes):
    assert {outcome(code, *way) for way in ways(event, given)} == {goes}


@pytest.mark.parametrize("row", rows(GRID), ids=lambda row: row["event"])
def test_a_case_opens_with_whatever_is_first_heard_of_where_the_patient_is(row):
    assert {opens(event) for _, event in ways(row["event"])} == {row["(none)"]}


def test_the_outcomes_below_the_grid_are_those_that_its_cells_name():
    told = {}
    for event, _, code, goes in OUTCOMES:
        told.setdefault((event, code), set()).add(goes)
    assert told == {(event, code): set(goes.split("/")) for event, code, goes in CELLS if "/" in goes}


def test_where_something_is_asked_every_answer_stands_below_the_grid():
    for event, code in {(event, code) for event, _, code, _ in OUTCOMES}:
        assert {given for name, given in WAYS if name == event} == {
            given for name, given, where, _ in OUTCOMES if (name, where) == (event, code)
        }


def test_the_grid_has_every_state_and_every_event():
    assert list(CODES.values()) == list(TransitionState)
    assert {event for event, _ in WAYS} == {row["event"] for row in rows(GRID)}
    assert {type(event) for some in WAYS.values() for _, event in some} == set(CARE_TRANSITION.all_events) - {
        *DOOR_EVENTS
    }


@pytest.mark.parametrize("code", CODES)
def test_what_a_case_expects_of_an_event_is_what_happens(code):
    """`expects` is asked by people who have the event in their hands."""
    folded = {name: some for name, some in WAYS.items() if name[0] not in ("Retracted", "MomentCorrected")}
    for some in folded.values():
        for before, event in some:
            story = tell_where_it_can_be(standing(code).fork(), before)
            assert expects(CARE_TRANSITION, story.case, event)[0].takes is (
                outcome(code, before, event) not in ("x", "!")
            )

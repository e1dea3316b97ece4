"""
Test result: what each event does in each state, written a second time by hand and held against the engine.

`XX`: go there. `=`: stay. `!`: stay, and the news is unexpected. `x`: the act is refused; nothing was changed. Below an
event, in brackets, stand the ways in which it is told otherwise; else it is told for the first time. Wanted are
potassium and sodium; potassium is here where a result is unclaimed (UN) or partial (PA), and both where all of it is
(RE, CL).
"""

import pytest
from tests.result_story import CODES, WAYS, standing
from tests.transition_story import rows, tell_where_it_can_be

from carecoord import Refused, expects, open_case
from carecoord.events import DOOR_EVENTS
from carecoord.workflows.diagnostic_result import TEST_RESULT, ResultState

GRID = """
event                                    | (none) | UN | OR | CO | PA | RE | ND | CL | CA | SU | ER
Collected                                | x      | =  | CO | =  | =  | =  | CO | =  | CO | !  | !
(the specimen that was rejected)         | x      | =  | =  | =  | =  | =  | CO | =  | CO | !  | !
(again, what was given up)               | x      | !  | CO | =  | PA | =  | CO | =  | CO | !  | !
(of what nobody wants)                   | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !
SpecimenRejected                         | x      | !  | ND | ND | =  | !  | =  | !  | =  | !  | !
(of sodium alone)                        | x      | !  | =  | =  | =  | !  | =  | !  | =  | !  | !
(of what nobody wants)                   | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !
NotDone                                  | x      | !  | ND | ND | =  | !  | =  | !  | =  | !  | !
(of sodium alone)                        | x      | !  | =  | =  | =  | !  | =  | !  | =  | !  | !
(of what nobody wants)                   | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !
ReflexAdded                              | x      | =  | =  | =  | =  | PA | OR | PA | CO | !  | !
(told before)                            | x      | =  | =  | =  | =  | =  | =  | =  | =  | !  | !
CriticalCalled                           | x      | =  | PA | PA | =  | =  | PA | =  | PA | !  | !
(not read back)                          | x      | =  | PA | PA | =  | =  | PA | RE | PA | !  | !
(names nothing)                          | x      | =  | !  | !  | !  | !  | !  | !  | !  | !  | !
ArrivedUnasked                           | UN     | =  | PA | PA | =  | =  | PA | RE | RE | !  | !
(of sodium)                              | UN     | =  | PA | PA | RE | =  | PA | RE | RE | !  | !
(of what nobody wants)                   | UN     | =  | PA | PA | =  | =  | PA | RE | RE | !  | !
(an older version)                       | UN     | =  | PA | PA | =  | =  | PA | =  | RE | !  | !
(told before)                            | UN     | =  | PA | PA | =  | =  | PA | =  | RE | !  | !
(graver than told before)                | UN     | =  | PA | PA | =  | =  | PA | RE | RE | !  | !
(not final)                              | UN     | =  | PA | PA | =  | =  | PA | RE | PA | !  | !
(taken back before)                      | UN     | !  | PA | PA | !  | !  | PA | !  | RE | !  | !
(names nothing)                          | UN     | =  | !  | !  | !  | !  | !  | !  | !  | !  | !
ResultReceived                           | x      | =  | PA | PA | =  | =  | PA | RE | RE | !  | !
(of sodium)                              | x      | =  | PA | PA | RE | =  | PA | RE | RE | !  | !
(of what nobody wants)                   | x      | =  | PA | PA | =  | =  | PA | RE | RE | !  | !
(an older version)                       | x      | =  | PA | PA | =  | =  | PA | =  | RE | !  | !
(told before)                            | x      | =  | PA | PA | =  | =  | PA | =  | RE | !  | !
(graver than told before)                | x      | =  | PA | PA | =  | =  | PA | RE | RE | !  | !
(not final)                              | x      | =  | PA | PA | =  | =  | PA | RE | PA | !  | !
(taken back before)                      | x      | !  | PA | PA | !  | !  | PA | !  | RE | !  | !
(names nothing)                          | x      | =  | !  | !  | !  | !  | !  | !  | !  | !  | !
ResultCorrected                          | x      | =  | PA | PA | =  | =  | PA | RE | RE | !  | !
(of sodium)                              | x      | =  | PA | PA | RE | =  | PA | RE | RE | !  | !
(of what nobody wants)                   | x      | =  | PA | PA | =  | =  | PA | RE | RE | !  | !
(an older version)                       | x      | =  | PA | PA | =  | =  | PA | =  | RE | !  | !
(taken back before)                      | x      | !  | PA | PA | !  | !  | PA | !  | RE | !  | !
(names nothing)                          | x      | =  | !  | !  | !  | !  | !  | !  | !  | !  | !
ResultRetracted                          | x      | =  | !  | !  | CO | PA | !  | PA | !  | =  | !
(of what is not here)                    | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !
(taken back before)                      | x      | =  | !  | !  | =  | =  | !  | =  | !  | =  | !
LabCancelled                             | x      | =  | ND | ND | RE | =  | =  | RE | =  | !  | !
(of potassium alone)                     | x      | =  | =  | =  | =  | =  | =  | RE | =  | !  | !
(told before)                            | x      | =  | =  | =  | =  | =  | =  | =  | =  | !  | !
(of what nobody wants)                   | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !
MarkedComplete                           | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | !
Viewed                                   | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | !
ReleasedToPatient                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | !
SeenByPatient                            | x      | =  | !  | !  | =  | =  | !  | =  | !  | =  | !
(of what is not here)                    | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !

Ordered                                  | OR     | PA | x  | x  | x  | x  | x  | x  | x  | x  | x
(of what is here alone)                  | OR     | RE | x  | x  | x  | x  | x  | x  | x  | x  | x
Expected                                 | OR     | PA | x  | x  | x  | x  | x  | x  | x  | x  | x
Claimed                                  | x      | RE | x  | x  | x  | x  | x  | x  | x  | x  | x
(by a program)                           | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
Reviewed                                 | x      | x  | x  | x  | =  | =  | x  | =  | x  | x  | x
(of a version that is not here)          | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(by anybody else)                        | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(calls normal what has a flag)           | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(no reason not to tell)                  | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(does without sodium)                    | x      | x  | x  | x  | RE | x  | x  | x  | x  | x  | x
ReleaseDelayAsked                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | x  | x
(until nothing)                          | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
PatientNotified                          | x      | x  | x  | x  | =  | =  | x  | =  | x  | x  | x
(by a program, or nobody was told)       | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(of a version that is not here)          | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
FollowedUp                               | x      | x  | x  | x  | =  | =  | x  | =  | x  | x  | x
(of what was taken back since)           | x      | x  | x  | x  | =  | =  | x  | =  | x  | x  | x
(of nothing that was found)              | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
FollowUpDeclined                         | x      | x  | x  | x  | =  | =  | x  | =  | x  | x  | x
(of what was taken back since)           | x      | x  | x  | x  | =  | =  | x  | =  | x  | x  | x
(of nothing that was found)              | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
Reordered                                | x      | x  | x  | x  | x  | x  | CA | x  | x  | x  | x
(sodium alone)                           | x      | x  | =  | =  | RE | x  | =  | x  | x  | x  | x
(of what was called and is unknown)      | x      | x  | =  | =  | =  | =  | =  | =  | =  | x  | x
OrderWithdrawn                           | x      | x  | CA | CA | x  | x  | CA | x  | x  | x  | x
(by a program, or for no reason)         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(of what was called and is unknown)      | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
LoopClosed (nothing is owed)             | x      | x  | x  | x  | x  | CL | x  | x  | x  | x  | x
(something is owed)                      | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
Reopened                                 | x      | x  | x  | x  | x  | x  | x  | RE | CO | x  | x
(administration had closed it)           | x      | x  | OR | CO | x  | x  | x  | RE | CO | x  | x

PatientDied                              | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
AlarmUndelivered                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
Retracted                                | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
MomentCorrected                          | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
Acknowledged                             | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
ContactAttempted                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
Linked                                   | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
ToldAgain                                | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
Noted                                    | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
Waived (owed, and who may)               | x      | x  | =  | =  | RE | x  | =  | x  | x  | x  | x
(owed, and who may not)                  | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
UnableToReach (never tried)              | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
UrgencyChanged                           | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
Paused (the taking)                      | x      | =  | =  | =  | =  | =  | =  | x  | x  | x  | x
(telling the patient, as they asked)     | x      | =  | =  | =  | =  | =  | =  | x  | x  | x  | x
(telling the patient, for longer than they asked) | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(telling the patient, who did not ask)   | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(all that may wait)                      | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
Resumed (something was paused)           | x      | =  | =  | =  | =  | =  | =  | x  | x  | x  | x
(nothing was paused)                     | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
PatientLeft                              | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
SubjectChanged                           | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
OwnerGone                                | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(somebody else)                          | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
HandoverOffered                          | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(accepted in one act)                    | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
HandoverAccepted                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(not on offer to them)                   | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
HandoverDeclined                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(not on offer to them)                   | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
ConflictRaised                           | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
ConflictResolved                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(no open one)                            | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
LinkedCaseEnded                          | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(of a case that was never linked)        | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !
SupersededBy (all is carried)            | x      | SU | SU | SU | SU | SU | SU | SU | SU | x  | x
(nothing is)                             | x      | x  | x  | x  | x  | x  | x  | SU | SU | x  | x
ClosedByAdministration (by a clinician)  | x      | x  | CA | CA | x  | x  | x  | x  | x  | x  | x
(by a clinician, and all was read)       | x      | x  | CA | CA | x  | CL | x  | x  | x  | x  | x
(by a coordinator)                       | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(for no reason)                          | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
EnteredInError                           | x      | ER | ER | ER | ER | ER | ER | ER | ER | ER | x
"""


def lines():
    """Return (event, claim, row) for each line of the grid."""
    event = ""
    for row in rows(GRID):
        name, _, claim = row["event"].rstrip(")").partition("(")
        event = name.strip() or event
        yield event, claim, row


CELLS = [(event, claim, code, row[code]) for event, claim, row in lines() for code in CODES]


def outcome(code, before, event):
    """Return where the case was, and what the engine does, in the words of the grid."""
    story = tell_where_it_can_be(standing(code).fork(), before)
    was = code_of(story.case)
    if story.refuses(event) is not None:
        return was, "x"
    story.then(event)
    if story.owed("unexpected", event.key):
        return was, "!"
    return was, "=" if code_of(story.case) == was else code_of(story.case)


def code_of(case):
    return next(code for code, state in CODES.items() if state is case.state)


@pytest.mark.parametrize(
    ("event", "claim", "code", "goes"), CELLS, ids=[f"{event} ({claim}) in {code}" for event, claim, code, _ in CELLS]
)
def test_an_event_does_what_the_grid_says(event, claim, code, goes):
    for before, one in WAYS[event, claim]:
        was, went = outcome(code, before, one)
        assert went == ("=" if goes == was else goes), one


@pytest.mark.parametrize(("event", "claim", "row"), list(lines()), ids=lambda one: one if isinstance(one, str) else "")
def test_what_opens_a_test_result(event, claim, row):
    """An order, an expected result, and one that arrives unasked."""
    for _, one in WAYS[event, claim]:
        try:
            opened = code_of(open_case(standing("OR").rules, one, id="r-2", subject="p-9", owner="dr-3").case)
        except Refused:
            opened = "x"
        assert opened == row["(none)"]


def test_the_grid_has_every_state_and_every_event():
    assert list(CODES.values()) == list(ResultState)
    assert [(event, claim) for event, claim, _ in lines()] == [*dict.fromkeys((e, c) for e, c, _ in lines())]
    assert set(WAYS) == {(event, claim) for event, claim, _ in lines()}
    events = set(TEST_RESULT.all_events) - {*DOOR_EVENTS}
    assert {type(event) for some in WAYS.values() for _, event in some} == events


@pytest.mark.parametrize("code", CODES)
def test_what_a_case_expects_of_an_event_is_what_happens(code):
    """`expects` is asked by people who have the event in their hands."""
    for (name, _), some in WAYS.items():
        for before, event in () if name in ("Retracted", "MomentCorrected") else some:
            story = tell_where_it_can_be(standing(code).fork(), before)
            _, went = outcome(code, before, event)
            assert expects(TEST_RESULT, story.case, event)[0].takes is (went not in ("x", "!")), event

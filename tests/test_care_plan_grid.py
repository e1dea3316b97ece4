"""
Care plan review: what each event does in each state, written a second time by hand and held against the engine.

`XX`: go there. `=`: stay. `!`: stay, and the news is unexpected. `x`: the act is refused; nothing was changed. Below an
event, in brackets, stand the ways in which it is told otherwise. Version 1 is drafted (DF) or in force (AC, RV), no
copy was given, and nobody has accepted the one component of care.
"""

import pytest
from tests.plan_story import CODES, WAYS, standing
from tests.transition_story import rows, tell_where_it_can_be

from carecoord import Refused, expects, open_case
from carecoord.events import DOOR_EVENTS
from carecoord.workflows.care_plan_review import CARE_PLAN_REVIEW, PlanState

GRID = """
event                                  | (none) | ID | DF | AC | RV | CO | RK | DN | SU | ER
RelevantVisit                          | x      | =  | =  | =  | =  | =  | =  | =  | !  | !

Identified                             | ID     | =  | =  | =  | =  | x  | x  | x  | x  | x
PlanDrafted                            | x      | DF | =  | =  | =  | x  | x  | x  | x  | x
(a number that was)                    | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
PatientTookPart                        | x      | =  | =  | =  | =  | x  | x  | x  | x  | x
Activated                              | x      | x  | AC | x  | x  | x  | x  | x  | x  | x
(the patient took no part)             | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(an element is missing)                | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(without the next review)              | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(another version)                      | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(by a program)                         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
ReviewStarted                          | x      | x  | x  | RV | =  | x  | x  | x  | x  | x
PlanReviewed (unchanged)               | x      | x  | x  | =  | AC | x  | x  | x  | x  | x
(revised)                              | x      | x  | x  | =  | AC | x  | x  | x  | x  | x
(a draft is put in force)              | x      | x  | x  | =  | AC | x  | x  | x  | x  | x
(unchanged, and changed)               | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(revised, without a new number)        | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(an element is missing)                | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(without the next review)              | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(by a program)                         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
VisitWeighed (unchanged)               | x      | x  | =  | =  | =  | x  | x  | x  | x  | x
(before it is heard of)                | x      | x  | =  | =  | =  | x  | x  | x  | x  | x
(revised)                              | x      | x  | x  | =  | =  | x  | x  | x  | x  | x
(no visit, or one of several)          | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(revised, without a new number)        | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(by a program)                         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
CopyGiven                              | x      | x  | =  | =  | =  | =  | =  | =  | x  | x
(of no version that there was)         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
PlanShared                             | x      | x  | x  | =  | =  | x  | x  | x  | x  | x
InformationBroughtIn                   | x      | =  | =  | =  | =  | x  | x  | x  | x  | x
GoalMeasured                           | x      | x  | =  | =  | =  | x  | x  | x  | x  | x
(no goal of the plan)                  | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
ComponentAssigned                      | x      | x  | =  | =  | =  | x  | x  | x  | x  | x
(what, or to whom)                     | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
ComponentAccepted                      | x      | x  | =  | =  | =  | x  | x  | x  | x  | x
(nobody has it)                        | x      | x  | x  | =  | =  | x  | x  | x  | x  | x
(another has it)                       | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(assigned to another)                  | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
Completed (nothing is owed)            | x      | x  | x  | CO | CO | x  | x  | x  | x  | x
(something is owed)                    | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(for no reason)                        | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(by a program)                         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
Revoked                                | x      | RK | RK | RK | RK | x  | x  | x  | x  | x
(for no reason)                        | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(by a program)                         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
PatientDeclined                        | x      | DN | DN | DN | DN | x  | x  | x  | x  | x
LoopClosed (a review is owed)          | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(the patient died)                     | x      | x  | x  | CO | CO | x  | x  | x  | x  | x
Reopened                               | x      | x  | x  | x  | x  | RV | RV | ID | x  | x
(revoked here before)                  | x      | ID | DF | RV | RV | RV | RV | ID | x  | x

PatientDied                            | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
AlarmUndelivered                       | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
Retracted                              | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
MomentCorrected                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
Acknowledged                           | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
ContactAttempted                       | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
Linked                                 | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
ToldAgain                              | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
UrgencyChanged                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
Paused                                 | x      | =  | =  | =  | =  | x  | x  | x  | x  | x
(what may not wait)                    | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
Resumed (something was paused)         | x      | =  | =  | =  | =  | x  | x  | x  | x  | x
(nothing was paused)                   | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
Noted                                  | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
Waived (the copy)                      | x      | x  | x  | =  | =  | x  | x  | x  | x  | x
(the draft)                            | x      | =  | x  | x  | x  | x  | x  | x  | x  | x
(the draft, by a coordinator)          | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(the review)                           | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
UnableToReach                          | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
PatientLeft                            | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
SubjectChanged                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
OwnerGone                              | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
(somebody else)                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
HandoverOffered                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
(accepted in one act)                  | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
HandoverAccepted                       | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
(not on offer to them)                 | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
HandoverDeclined                       | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
(not on offer to them)                 | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
ConflictRaised                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
ConflictResolved                       | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
(no open one)                          | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
LinkedCaseEnded                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | =
(of a case that was never linked)      | x      | !  | !  | !  | !  | !  | !  | !  | !  | !
SupersededBy (all is carried)          | x      | SU | SU | SU | SU | SU | SU | SU | x  | x
(nothing is)                           | x      | x  | x  | x  | x  | SU | SU | SU | x  | x
ClosedByAdministration (by a clinician)| x      | RK | RK | x  | x  | x  | x  | x  | x  | x
(by a clinician, and the patient died) | x      | RK | RK | CO | CO | x  | x  | x  | x  | x
(by a coordinator)                     | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
(for no reason)                        | x      | x  | x  | x  | x  | x  | x  | x  | x  | x
EnteredInError                         | x      | ER | ER | ER | ER | ER | ER | ER | ER | x
"""


def lines():
    """Return (event, claim, row) for each line of the grid."""
    event = ""
    for row in rows(GRID):
        name, _, claim = row["event"].rstrip(")").partition("(")
        event = name.strip() or event
        yield event, claim, row


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


@pytest.mark.parametrize("code", CODES)
def test_an_event_does_what_the_grid_says(code):
    for event, claim, row in lines():
        for before, one in WAYS[event, claim]:
            was, went = outcome(code, before, one)
            assert went == ("=" if row[code] == was else row[code]), (event, claim, one)


def test_what_opens_a_care_plan():
    """That a patient is found, and nothing else."""
    for event, claim, row in lines():
        for _, one in WAYS[event, claim]:
            try:
                opened = code_of(open_case(standing("ID").rules, one, id="c-2", subject="p-9", owner="dr-3").case)
            except Refused:
                opened = "x"
            assert opened == row["(none)"], (event, claim)


def test_the_grid_has_every_state_and_every_event():
    assert list(CODES.values()) == list(PlanState)
    assert [(event, claim) for event, claim, _ in lines()] == [*dict.fromkeys((e, c) for e, c, _ in lines())]
    assert set(WAYS) == {(event, claim) for event, claim, _ in lines()}
    events = set(CARE_PLAN_REVIEW.all_events) - {*DOOR_EVENTS}
    assert {type(event) for some in WAYS.values() for _, event in some} == events


@pytest.mark.parametrize("code", CODES)
def test_what_a_case_expects_of_an_event_is_what_happens(code):
    """`expects` is asked by people who have the event in their hands."""
    for (name, _), some in WAYS.items():
        for before, event in () if name in ("Retracted", "MomentCorrected") else some:
            story = tell_where_it_can_be(standing(code).fork(), before)
            _, went = outcome(code, before, event)
            assert expects(CARE_PLAN_REVIEW, story.case, event)[0].takes is (went not in ("x", "!")), event

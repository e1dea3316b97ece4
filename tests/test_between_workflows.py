"""
Between workflows: what one case owes another is owed until the other case holds it, or it is done.

The hand-overs are those of the table in `docs/how-to/between-cases.md`, and each is played through the public doors.
The days are those of July 2026 (`tests/transition_story.py`); each begins by Friday the 10th.
"""

import re
import runpy
from functools import cache
from pathlib import Path

import pytest
from attrs import frozen
from tests import plan_story, referral_story, result_story
from tests.plan_story import DR_9, Plan, accepted, assigned, brought, linked, weighed
from tests.referral_story import REPORTED, Referral, informed
from tests.result_story import Result, notified
from tests.transition_story import DAY, FRI, HOUR, MON, SETTLED, Story, done, heard, midnight, of

from carecoord import (
    Escalated,
    Event,
    How,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    Paused,
    Refused,
    Resumed,
    Role,
    check,
    next_check,
)
from carecoord.workflows import referral
from carecoord.workflows.care_plan_review import (
    CARE_PLAN_REVIEW,
    UNDER_WAY,
    Completed,
    InformationBroughtIn,
    RelevantVisit,
    VisitWeighed,
)
from carecoord.workflows.care_transition import (
    CARE_TRANSITION,
    Admitted,
    Discharged,
    PendingTestListed,
    PendingTestOwned,
)
from carecoord.workflows.diagnostic_result import (
    TEST_RESULT,
    Disposition,
    Expected,
    FollowedUp,
    NotDone,
    Reordered,
)
from carecoord.workflows.referral import REFERRAL, Integrated

PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "between-cases.md"
FLOWS = {one.name: one for one in (CARE_TRANSITION, REFERRAL, TEST_RESULT, CARE_PLAN_REVIEW)}


@frozen
class HandOver:
    """
    One pair of the table: in `story`, *begins* makes it owed, and *settles* ends that.

    Of a case that then holds it, *other* is the name: where it fails, *back* is owed, for the item *lost*,
    until *again* is told.
    """

    story: Story
    begins: Event
    clock: str
    item: str
    settles: Event
    other: str = ""
    back: str = ""
    lost: str = ""
    again: Event | None = None
    closes: Event | None = None


# --- the stories ----------------------------------------------------------------------------

FOLLOW_UP = {"disposition": Disposition.FOLLOW_UP_NEEDED, "findings": ("nodule",)}
RESULT = Result(*result_story.WHOLE, notified(FRI, "k:1", "na:1"))
FOUND = result_story.reviewed(FRI + HOUR, "k:1", "na:1", **FOLLOW_UP)
REPORT = Referral(*REPORTED, informed(FRI + HOUR, "r-1"))
CHANGES = referral_story.reviewed(FRI + 2 * HOUR, "r-1", disposition=referral.Disposition.PLAN_CHANGE)
ORDERS = referral_story.reviewed(FRI + 2 * HOUR, "r-1", disposition=referral.Disposition.NEW_ORDERS, orders=("echo",))
HOME = Story(heard(Admitted, FRI - 3 * DAY, "V1"), heard(Discharged, FRI - 5 * HOUR, "V1"), *SETTLED)
LEAVING = Story(heard(Admitted, FRI - 3 * DAY, "V1"), heard(Discharged, FRI, "V1"))
PLAN = Plan(*plan_story.WHOLE, *plan_story.DONE)
WATCHED = Plan(*plan_story.WHOLE, *plan_story.DONE, linked(FRI - HOUR, "t-5", relation=UNDER_WAY))
COMPLETED, CLOSED = done(Completed, MON + 2 * DAY, reason="goals met"), done(LoopClosed, MON + 2 * DAY)


def link(item, case, at=MON):
    return done(Linked, at, item, case=case, key=f"{item} in {case}")


def owns(case, at=MON):
    return done(PendingTestOwned, at, "biopsy", case=case, expected_by=MON + 9 * DAY, key=f"owned by {case}")


SECOND = MON + DAY
HAND_OVERS = {
    "a report changes the plan": HandOver(
        REPORT, CHANGES, "integrate", "r-1:1", done(Integrated, MON, "r-1", plan="c-1", plan_version="2"), closes=CLOSED
    ),
    "a report asks for a test": HandOver(
        REPORT, ORDERS, "follow_up", "echo", link("echo", "o-1"),
        other="o-1", back="follow_up", lost="echo", again=link("echo", "o-2", SECOND), closes=CLOSED,
    ),
    "a report asks for another specialist": HandOver(
        REPORT, ORDERS, "follow_up", "echo", link("echo", "r-2"),
        other="r-2", back="follow_up", lost="echo", again=link("echo", "r-3", SECOND), closes=CLOSED,
    ),
    "a result needs a specialist": HandOver(
        RESULT, FOUND, "follow_up", "nodule", link("nodule", "r-1"),
        other="r-1", back="follow_up", lost="nodule", again=link("nodule", "r-2", SECOND), closes=CLOSED,
    ),
    "a result needs another test": HandOver(
        RESULT, FOUND, "follow_up", "nodule", link("nodule", "o-2"),
        other="o-2", back="follow_up", lost="nodule", again=done(FollowedUp, SECOND, "nodule"), closes=CLOSED,
    ),
    "a test is ordered again": HandOver(
        Result(), heard(NotDone, FRI), "decide", "", done(Reordered, MON, case="o-2"),
        other="o-2", back="follow_up", lost="k", again=link("k", "o-3", SECOND),
    ),
    "a test was pending at discharge": HandOver(
        HOME, heard(PendingTestListed, FRI, "biopsy"), "pending", "biopsy", owns("o-1"),
        other="o-1", back="pending", lost="biopsy", again=owns("o-2", SECOND), closes=CLOSED,
    ),
    "the patient is back in hospital": HandOver(
        LEAVING, heard(Admitted, FRI + 8 * HOUR, "V2"), "follow_up", "readmission:V2", link(None, "t-2"),
        other="t-2", back="follow_up", lost="readmission:V2", again=link("readmission:V2", "t-3", SECOND),
    ),
    "a stay is a visit that bears on the plan": HandOver(
        PLAN, heard(RelevantVisit, FRI, "t-5"), "weigh", "t-5", weighed(MON, "t-5"), closes=COMPLETED
    ),
    "care is shared with a specialist": HandOver(
        PLAN, assigned(FRI, "diabetes", "dr-9"), "accept_component", "diabetes", accepted(MON, by=DR_9),
        closes=COMPLETED,
    ),
    "a review waits until the patient is home": HandOver(
        PLAN,
        done(Paused, FRI, "t-5", reason="in hospital", resume_by=FRI + 14 * DAY),
        "resume_by", "t-5", done(Resumed, MON, "t-5"),
    ),
    "a stay that was watched has ended": HandOver(
        WATCHED, heard(LinkedCaseEnded, FRI, case="t-5", done=True), "bring_in", "t-5", brought(MON, "t-5"),
        closes=COMPLETED,
    ),
    "a case brings something for the plan": HandOver(
        PLAN, linked(FRI, "r-7"), "bring_in", "r-7", brought(MON, "r-7"),
        other="r-7", back="follow_up", lost="", again=link(None, "r-8", SECOND), closes=COMPLETED,
    ),
}  # fmt: skip
each = pytest.mark.parametrize("name", HAND_OVERS)
LINKING = [name for name, one in HAND_OVERS.items() if one.other]
each_that_links = pytest.mark.parametrize("name", LINKING)


def begun(name):
    """Return the hand-over, and its story with the hand-over owed."""
    one = HAND_OVERS[name]
    story = one.story.fork()
    assert (one.clock, one.item) not in owed(story)
    story.then(one.begins)
    return one, story


def handed_over(name):
    one, story = begun(name)
    story.then(one.settles)
    return one, story


def ended(one, well, at=MON + 2 * HOUR):
    return heard(LinkedCaseEnded, at, case=one.other, done=well, key=f"{one.other} ended {well}")


def owed(story):
    return {(deadline.clock, deadline.item) for deadline in story.case.deadlines}


# --- the table of the page ------------------------------------------------------------------


def cells_of(text):
    lines = (line for line in text.splitlines() if line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


TABLE = {
    row[0]: dict(zip(("owes", "begins", "clock", "settles", "back"), row[1:], strict=True))
    for row in cells_of(PAGE.read_text(encoding="utf-8").partition("## ")[2].partition("\n## ")[0])[2:]
}


def named(cell):
    return re.findall(r"`([\w-]+)`", cell)


def test_the_table_has_the_hand_overs_that_are_played():
    assert set(TABLE) == set(HAND_OVERS)


@each
def test_a_row_says_what_is_played(name):
    one, row = HAND_OVERS[name], TABLE[name]
    assert named(row["owes"]) == [one.story.rules.workflow.name]
    assert type(one.begins).__name__ in named(row["begins"])
    assert named(row["clock"]) == [one.clock]
    assert type(one.settles).__name__ in named(row["settles"])
    assert one.again is None or type(one.again).__name__ in named(row["settles"])
    assert named(row["back"]) == ([one.back] if one.back else [])


@each
def test_a_row_names_clocks_and_events_that_belong_together(name):
    """What it begins with starts the clock, and what settles it ends the clock."""
    row = TABLE[name]
    (flow,) = (FLOWS[one] for one in named(row["owes"]))
    clock, backs = flow.clock(HAND_OVERS[name].clock), [flow.clock(one) for one in named(row["back"])]
    assert set(named(row["begins"])) <= {on.event.__name__ for on in clock.starts}
    ends = {on.event.__name__ for one in (clock, *backs) for on in one.met_by}
    assert set(named(row["settles"])) <= ends
    for back in backs:
        assert LinkedCaseEnded in {on.event for on in back.starts}


# --- each of them, played -------------------------------------------------------------------


@each
def test_a_hand_over_is_owed_from_the_event_that_begins_it(name):
    one, story = begun(name)
    assert (one.clock, one.item) in owed(story)
    assert story.due(one.clock, one.item) > one.begins.at


@each
def test_a_hand_over_that_is_linked_or_done_is_owed_no_longer(name):
    one, story = handed_over(name)
    assert (one.clock, one.item) not in owed(story)
    assert story.ended(one.clock, one.item)[-1:] == (How.MET,)


@each
def test_a_forgotten_hand_over_stays_owed_and_rings_until_somebody_else_hears(name):
    """A host that looks when `next_check` says: who keeps it hears first, and the fail-safe in the end."""
    one, story = begun(name)
    due = story.due(one.clock, one.item)
    while (moment := next_check(story.case)) and moment < due + 30 * DAY:
        story.look(moment)
    rung = [told.notify for told in of(story.said, Escalated, one.clock) if told.item == one.item]
    assert rung[0] is story.rules.workflow.clock(one.clock).kept_by
    assert Role.SAFETY_OFFICER in rung
    assert (one.clock, one.item) in owed(story)
    assert next_check(story.case) is not None, "it goes on ringing"


@pytest.mark.parametrize("name", [name for name, one in HAND_OVERS.items() if one.closes])
def test_a_case_that_owes_another_something_cannot_be_closed(name):
    one, story = begun(name)
    assert len(story.refuses(one.closes).claims) == 1, "nothing else is in the way"
    story.then(one.settles)
    assert story.refuses(one.closes) is None


@each_that_links
def test_a_linked_case_that_fails_brings_back_what_it_held(name):
    one, story = handed_over(name)
    story.then(ended(one, well=False))
    assert (one.back, one.lost) in owed(story)
    told = check(story.case, at=story.due(one.back, one.lost)).effects
    assert one.lost in {effect.item for effect in of(told, Escalated, one.back)}, "it rings again"
    story.then(one.again)
    assert (one.back, one.lost) not in owed(story)


@each_that_links
def test_a_linked_case_that_succeeds_brings_nothing_back(name):
    one, story = handed_over(name)
    story.then(ended(one, well=True))
    assert (one.back, one.lost) not in owed(story)


@each_that_links
def test_a_linked_case_that_did_succeed_after_all_settles_what_came_back(name):
    one, story = handed_over(name)
    story.then(ended(one, well=False), ended(one, well=True, at=MON + 3 * HOUR))
    assert (one.back, one.lost) not in owed(story)


@each_that_links
def test_the_end_of_a_case_that_was_never_linked_is_told_to_somebody(name):
    """The host forgot to link and tells the end all the same: the hand-over stays owed, and the word is unexpected."""
    one, story = begun(name)
    word = ended(one, well=True)
    if name == "a case brings something for the plan":  # it begins with the link
        word = heard(LinkedCaseEnded, MON, case="r-9", done=True)
    story.then(word)
    assert {(one.clock, one.item), ("unexpected", word.key)} <= owed(story)


@pytest.mark.parametrize("well", [True, False])
def test_a_plan_is_owed_what_a_linked_case_brought_however_it_ended(well):
    one, story = handed_over("a case brings something for the plan")
    story.then(ended(one, well=well))
    assert ("bring_in", "r-7") in owed(story)
    assert (("follow_up", "") in owed(story)) is not well


def test_no_pause_holds_a_review_and_a_stay_that_ended_resumes_what_waits():
    """A copy waits while the patient is in hospital; the review is due when it was."""
    story = Plan(*plan_story.WHOLE)
    was = story.due("review"), story.due("give_copy")
    story.then(done(Paused, FRI, "t-5", reason="in hospital", resume_by=FRI + 14 * DAY))
    story.then(done(Resumed, MON, "t-5"))
    assert story.due("review") == was[0]
    assert story.due("give_copy") > was[1]


def test_a_test_that_was_pending_is_expected_by_the_day_that_was_said_in_both_cases():
    story = begun("a test was pending at discharge")[1]
    by = MON + 9 * DAY
    awaited = Result(done(Expected, MON, expected_by=by, stay=story.case.id))
    story.then(owns("o-1"))
    assert "pending" not in story.owes()
    assert awaited.due("result") == by


# --- one patient through all four -----------------------------------------------------------

STORY = runpy.run_path(str(Path(__file__).parent.parent / "examples" / "one_patient.py"))
LOOPS = (Linked, PendingTestOwned, Resumed, VisitWeighed, InformationBroughtIn, Integrated)


class Forgetful(STORY["Host"]):
    """A host that forgets the n-th hand-over, and is refused what it may then not close."""

    def __init__(self, forgets=None):
        super().__init__(shows=False)
        self.forgets, self.handed_over = forgets, []

    def tell(self, name, kind, at, by, about=None, /, **say):
        if kind in LOOPS and say.get("relation") != UNDER_WAY:
            self.handed_over.append((name, kind.__name__))
            if len(self.handed_over) - 1 == self.forgets:
                return
        try:
            super().tell(name, kind, at, by, about, **say)
        except Refused:
            assert kind is LoopClosed
            assert self.forgets is not None


def told_by(host):
    """Tell the whole story to a host."""
    STORY["until_the_biopsy"](host)
    STORY["somebody_refers_her"](host, STORY["on"](7, 21, 15))
    STORY["the_report_changes_the_plan"](host)
    return host


@cache
def as_it_should_be():
    return told_by(Forgetful())


HANDED_OVER = as_it_should_be().handed_over


def test_one_patient_goes_through_all_four_workflows_and_nothing_rings():
    host = as_it_should_be()
    assert {case.workflow for case in host.cases.values()} == set(FLOWS)
    assert of(host.outbox, Escalated) == ()
    assert {name: case.state.name for name, case in host.cases.items()} == {
        "c-1": "ACTIVE",
        "t-1": "READMITTED",
        "o-1": "CLOSED",
        "t-2": "CLOSED",
        "r-1": "CLOSED",
    }


def test_each_kind_of_hand_over_is_owed_and_settled_in_the_story_of_one_patient():
    ends = [one for case in as_it_should_be().cases.values() for one in case.settled]
    met = {one.clock for one in ends if one.how is How.MET}
    assert set(STORY["HAND_OVERS"]) <= met
    assert set(STORY["HAND_OVERS"]) == {one.clock for one in HAND_OVERS.values()} - {"decide", "accept_component"}


@pytest.mark.parametrize("forgotten", range(len(HANDED_OVER)), ids=[" ".join(one) for one in HANDED_OVER])
def test_whichever_hand_over_is_forgotten_rings_up_to_the_fail_safe_and_stays_owed(forgotten):
    """Everything else is done as it should be, and three months later somebody still asks."""
    host = told_by(Forgetful(forgotten))
    name, event = HANDED_OVER[forgotten]
    host.wait(STORY["on"](11, 1))
    rings = [one for one in of(host.outbox, Escalated) if one.clock in STORY["HAND_OVERS"]]
    assert {one.case_id for one in rings} == {name}
    assert Role.SAFETY_OFFICER in {one.notify for one in rings}
    over = {one.clock for one in rings} - {deadline.clock for deadline in host.cases[name].deadlines}
    assert over == ({"weigh"} if event == "VisitWeighed" else set()), "the review of August weighed it, late"


def test_a_patient_whom_nobody_refers_is_rung_for_by_four_people(capsys):
    """Read on the 21st of July: due thirty days later, and a business day from each to the next."""
    host = STORY["as_it_must_not_end"]()
    rung = [(one.at, one.notify) for one in of(host.outbox, Escalated) if one.clock == "follow_up"]
    assert rung == [
        (midnight(2026, 8, 20), Role.OWNER),  # a reminder
        (midnight(2026, 8, 21), Role.OWNER),
        (midnight(2026, 8, 22), Role.SURROGATE),
        (midnight(2026, 8, 25), Role.SUPERVISOR),
        (midnight(2026, 8, 26), Role.SAFETY_OFFICER),
    ]
    assert "LoopClosed of o-1 is refused" in capsys.readouterr().out

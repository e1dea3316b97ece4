"""
Care plan review: journeys about owners, conflicts, links, duplicates and the ends that administration makes.

The plan is in force since Thursday the 9th of July 2026. Friday the 10th is when something happens to it, Monday the
13th the next working day.
"""

import pytest
from examples.practice import PLANS
from tests.plan_story import (
    DONE,
    DR_8,
    DR_9,
    DRAFT,
    OCTOBER,
    PART,
    WHOLE,
    Plan,
    accepted,
    assigned,
    brought,
    copied,
    linked,
    reviewed,
    standing,
)
from tests.transition_story import (
    CLINICIAN,
    COORDINATOR,
    DAY,
    FRI,
    HOUR,
    MON,
    NOW,
    SAT,
    THU,
    done,
    heard,
    midnight,
    of,
    taken_back,
)

from carecoord import (
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    ConflictResolved,
    Escalated,
    HandoverAccepted,
    HandoverOffered,
    How,
    LinkedCaseEnded,
    OwnerGone,
    PatientLeft,
    Reopened,
    Role,
    SubjectChanged,
    SupersededBy,
    Urgency,
    UrgencyChanged,
    Waived,
    open_case,
    to_carry,
)
from carecoord.workflows.care_plan_review import (
    CARE_PLAN_REVIEW,
    UNDER_WAY,
    Completed,
    RelevantVisit,
    Revoked,
    responsible,
)

# --- who owns it ----------------------------------------------------------------------------


def test_the_owner_is_gone_and_the_queue_answers_for_plan_and_components_until_somebody_takes_them():
    story = Plan(*WHOLE, heard(OwnerGone, FRI, who="dr-3"))
    assert (story.case.owner, responsible(story.case, "diabetes")) == ("front-desk", "front-desk")
    assert story.due("take_up") == midnight(2026, 7, 14)
    story.then(done(HandoverAccepted, MON, by=DR_9))
    assert (story.case.owner, responsible(story.case, "diabetes"), story.owed("take_up")) == ("dr-9", "dr-9", None)


def test_who_owned_the_plan_and_a_component_of_it_leaves_both():
    story = Plan(*WHOLE, done(HandoverOffered, FRI, to="dr-8", accepted=True), accepted(FRI + HOUR, by=DR_8))
    story.then(heard(OwnerGone, MON, who="dr-8"))
    assert (story.case.owner, responsible(story.case, "diabetes")) == ("front-desk", "front-desk")
    assert {"take_up", "accept_component"} <= story.owes()


def test_that_somebody_is_gone_may_be_taken_back():
    story, gone = Plan(*WHOLE, accepted(FRI)), heard(OwnerGone, MON, who="dr-8")
    before = story.case.world.duties
    story.then(gone, taken_back(gone, MON + DAY))
    assert (responsible(story.case, "diabetes"), story.case.world.duties) == ("dr-8", before)


def test_a_component_on_its_way_to_who_is_gone_stays_whose_it_was():
    story = Plan(*WHOLE, accepted(FRI), assigned(NOW, clinician="dr-9"), heard(OwnerGone, MON, who="dr-9"))
    assert (responsible(story.case, "diabetes"), story.owed("accept_component")) == ("dr-8", None)


def test_a_merged_patient_keeps_the_plan():
    story = Plan(*WHOLE, heard(SubjectChanged, FRI, to="p-8"))
    assert (story.case.subject, story.state) == ("p-8", "ACTIVE")


def test_who_left_is_handed_over_and_may_come_back():
    """CC-20: the other practice gets a copy and the plan; here it is reviewed once they are back."""
    story = Plan(*WHOLE, *DONE, heard(PatientLeft, FRI))
    assert story.due("wrap_up") == midnight(2026, 8, 10)
    story.then(copied(MON, recipient="their practice"), done(Completed, MON + HOUR, reason="handed on"))
    assert (story.state, story.ended("wrap_up")) == ("COMPLETED", (How.MET,))
    story.then(done(Reopened, MON + 30 * DAY))
    assert (story.state, "wrap_up" in story.owes()) == ("UNDER_REVIEW", False)


def test_who_left_while_the_plan_was_ended_has_no_component_when_it_goes_on():
    """R-35: it is the owner's, and somebody is asked for it."""
    story = Plan(*WHOLE, *DONE, done(Revoked, FRI, reason="r"), heard(OwnerGone, NOW, who="dr-8"), done(Reopened, MON))
    assert responsible(story.case, "diabetes") == "dr-3"
    assert story.owed("accept_component").item == "diabetes"


def test_what_was_assigned_to_who_left_while_the_plan_was_ended_is_asked_of_nobody():
    story = Plan(*WHOLE, *DONE, assigned(FRI, clinician="dr-9"), done(Revoked, FRI + HOUR, reason="r"))
    story.then(heard(OwnerGone, NOW, who="dr-9"), done(Reopened, MON))
    assert (responsible(story.case, "diabetes"), story.owed("accept_component")) == ("dr-8", None)


def test_a_copy_that_was_given_after_the_end_is_not_owed_when_it_goes_on():
    story = Plan(*WHOLE, done(Revoked, FRI, reason="r"), copied(NOW), done(Reopened, MON))
    assert story.owed("give_copy") is None


# --- conflicts ------------------------------------------------------------------------------


def test_a_conflict_of_two_clinicians_is_settled_on_the_clinical_pathway():
    """IA_CC_12: raised on Friday, owed by Monday the 13th; clinician, supervisor, fail-safe."""
    story = Plan(*WHOLE, *DONE, heard(ConflictRaised, FRI, "dose", kind=ConflictKind.CLINICAL))
    assert story.due("resolve") == midnight(2026, 7, 14)
    told = story.look(midnight(2026, 7, 18)).effects
    roles = dict.fromkeys(one.notify for one in of(told, Escalated, "resolve"))
    assert list(roles) == [Role.CLINICIAN, Role.SUPERVISOR, Role.SAFETY_OFFICER]
    story.then(done(ConflictResolved, midnight(2026, 7, 19), "dose", outcome="both agree"))
    assert story.ended("resolve") == (How.MET_LATE,)


def test_a_conflict_that_the_end_cut_off_is_open_again_when_it_goes_on():
    story = Plan(*WHOLE, heard(ConflictRaised, FRI, "dose", kind=ConflictKind.CLINICAL))
    story.then(done(Revoked, NOW, reason="moved"), done(Reopened, MON))
    assert story.owed("resolve", "dose")


# --- links ----------------------------------------------------------------------------------


def test_two_cases_bring_two_things_and_one_end_does_not_settle_the_other():
    story = Plan(*WHOLE, *DONE, linked(FRI, "r-7"), linked(FRI + HOUR, "o-1"))
    story.then(brought(NOW, "r-7"), heard(LinkedCaseEnded, MON, case="o-1", done=True))
    assert [one.item for one in story.case.deadlines if one.clock == "bring_in"] == ["o-1"]


def test_what_was_brought_in_and_is_taken_back_is_owed_again():
    story, act = Plan(*WHOLE, *DONE, linked(FRI, "r-7")), brought(NOW, "r-7")
    owed = story.owed("bring_in")
    story.then(act, taken_back(act, MON))
    assert story.owed("bring_in") == owed


def test_the_end_that_is_told_twice_is_brought_in_once():
    story = Plan(*WHOLE, *DONE, linked(FRI, "t-5", relation=UNDER_WAY))
    story.then(heard(LinkedCaseEnded, SAT, case="t-5", done=True), brought(SAT + HOUR, "t-5"))
    story.then(heard(LinkedCaseEnded, MON, case="t-5", done=True))
    assert (story.owed("bring_in"), story.owed("unexpected")) == (None, None)


def test_what_is_let_go_is_not_waited_for():
    story = Plan(*WHOLE, *DONE, linked(FRI, "r-7", "note"), heard(RelevantVisit, FRI, "v-1"))
    for clock, item in (("bring_in", "r-7:note"), ("weigh", "v-1")):
        story.then(done(Waived, NOW, item, clock=clock, reason="r", by=CLINICIAN))
    story.then(done(Completed, MON, reason="goals met"))
    assert story.state == "COMPLETED"


# --- duplicates, urgency, administration ----------------------------------------------------


def test_a_duplicate_hands_over_what_closing_depends_on():
    story = Plan(*WHOLE, heard(RelevantVisit, FRI, "v-1"))
    carried = to_carry(CARE_PLAN_REVIEW, story.case)
    assert set(carried) == {("review", ""), ("give_copy", "1"), ("accept_component", "diabetes"), ("weigh", "v-1")}
    assert story.refuses(done(SupersededBy, NOW, case="c-0", carries=carried[1:])) is not None
    story.then(done(SupersededBy, NOW, case="c-0", carries=carried))
    assert (story.state, story.owes()) == ("SUPERSEDED", set())


def test_what_became_urgent_is_no_later():
    story = standing("ID").fork()
    due = story.due("draft")
    story.then(done(UrgencyChanged, FRI, urgency=Urgency.STAT))
    assert story.due("draft") <= due


@pytest.mark.parametrize(("events", "state"), [((), "IDENTIFIED"), ((DRAFT,), "DRAFTED")])
def test_what_administration_closes_before_a_plan_is_in_force_was_revoked_and_can_go_on(events, state):
    """R-16: by a named clinician, with a reason."""
    story = Plan(*events)
    owed = story.owes()
    for by, reason in ((COORDINATOR, "old"), (CLINICIAN, " ")):
        assert story.refuses(done(ClosedByAdministration, NOW, reason=reason, by=by)) is not None
    story.then(done(ClosedByAdministration, NOW, reason="two years old", by=CLINICIAN))
    assert (story.state, story.owes(), story.case.facts.administrative) == ("REVOKED", set(), True)
    story.then(done(Reopened, MON))
    assert (story.state, story.owes()) == (state, owed)


def test_a_plan_is_opened_by_being_found_and_belongs_to_who_is_named():
    found = standing("ID").log[0].events[0]
    step = open_case(PLANS, found, id="c-9", subject="p-9", owner="dr-3")
    assert (step.case.owner, step.case.subject) == ("dr-3", "p-9")


def test_the_surrogate_is_told_when_nobody_reviews():
    story = Plan(DRAFT, PART, WHOLE[-1], *DONE)
    told = story.look(OCTOBER.add(days=4)).effects
    assert [one.notify for one in of(told, Escalated, "review")][-1] is Role.SURROGATE
    story.then(reviewed(OCTOBER.add(days=5)))
    assert story.ended("review") == (How.MET_LATE,)
    assert story.owed("review").started_at > THU

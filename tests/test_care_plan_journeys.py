"""
Care plan review: journeys, each told with dates that a reader can check on a wall calendar.

Tuesday the 7th of July 2026 the patient is found, Wednesday the plan is drafted, Thursday it is in force and to be
reviewed on the 9th of October. Under the rows of the example practice a draft is owed within 30 days, a copy and the
weighing of a visit within 5 business days, and a review by the plan's own date, 12 months at most.
"""

from tests.plan_story import (
    DONE,
    DR_8,
    DRAFT,
    MANAGER,
    OCTOBER,
    PART,
    REVISED,
    WHOLE,
    Plan,
    accepted,
    activated,
    assigned,
    brought,
    copied,
    linked,
    reviewed,
    standing,
    weighed,
)
from tests.transition_story import (
    CLINICIAN,
    DAY,
    FRI,
    HOUR,
    MON,
    NOW,
    SAT,
    THU,
    WED,
    done,
    heard,
    midnight,
    of,
    taken_back,
)

from carecoord import (
    DeadlineMissed,
    EnteredInError,
    Escalated,
    How,
    LinkedCaseEnded,
    Moved,
    PatientDied,
    Paused,
    Reopened,
    Resumed,
    Role,
    StoodDown,
    next_check,
)
from carecoord.workflows.care_plan_review import (
    UNDER_WAY,
    Activated,
    Channel,
    Completed,
    Copy,
    GoalMeasured,
    PatientDeclined,
    PlanDrafted,
    RelevantVisit,
    ReviewStarted,
    Revoked,
)


def states(story):
    return [one.to for one in of(story.said, Moved)]


def test_a_year_of_a_plan():
    """Found, drafted, in force, given, taken up, reviewed four times, revised once, and completed."""
    story = Plan(*WHOLE, copied(FRI), accepted(FRI + HOUR))
    assert story.owes() == {"review", "measure"}
    for quarter in range(4):
        day = OCTOBER.add(months=3 * quarter)
        story.then(heard(RelevantVisit, day.subtract(days=20), f"v-{quarter}"))
        story.then(done(ReviewStarted, day.subtract(days=3)))
        assert story.state == "UNDER_REVIEW"
        outcome = {"outcome": REVISED, "version": 2} if quarter == 2 else {}
        story.then(reviewed(day.subtract(days=1), **outcome, next_review_at=day.add(months=3)))
        assert (story.state, story.owed("weigh")) == ("ACTIVE", None)
    assert story.owes() == {"review", "measure", "give_copy"}
    assert story.ended("review") == (How.MET,) * 4
    end = OCTOBER.add(months=10)
    story.then(copied(end), done(Completed, end + HOUR, reason="goals met"))
    assert (states(story)[-1], story.owes()) == ("COMPLETED", set())
    assert next_check(story.case) is None


def test_a_copy_comes_back_by_mail_and_is_handed_over():
    """Mailed on Friday, back on Monday the 13th: owed again within five business days, by Monday the 20th."""
    story = Plan(*WHOLE, copied(FRI, channel=Channel.MAIL))
    assert story.owed("give_copy") is None
    story.then(copied(MON, Copy.UNDELIVERABLE, channel=Channel.MAIL))
    assert story.due("give_copy") == midnight(2026, 7, 21)
    story.then(copied(MON + DAY))
    assert story.ended("give_copy") == (How.MET, How.MET)


def test_a_stay_in_hospital_reaches_the_plan():
    """The plan is linked to the stay on Friday; it ends on Monday the 13th, and is brought in by Monday the 20th."""
    story = Plan(*WHOLE, *DONE, linked(FRI, "t-5", relation=UNDER_WAY))
    story.then(heard(LinkedCaseEnded, MON, case="t-5", done=True))
    assert story.due("bring_in") == midnight(2026, 7, 21)
    told = story.look(midnight(2026, 7, 21)).effects
    assert [one.notify for one in of(told, Escalated, "bring_in")][-1] is Role.OWNER
    story.then(reviewed(midnight(2026, 7, 22), REVISED, version=2), brought(midnight(2026, 7, 22), "t-5", version=2))
    assert story.ended("bring_in") == (How.MET_LATE,)


def test_a_stay_that_ended_in_another_one_is_followed_up_there():
    """Readmitted: the end brings what it brings, and somebody must say which case goes on."""
    story = Plan(*WHOLE, *DONE, linked(FRI, "t-5", relation=UNDER_WAY))
    story.then(heard(LinkedCaseEnded, MON, case="t-5", done=False))
    assert {"bring_in", "follow_up"} <= story.owes()
    story.then(linked(MON + HOUR, "t-6", relation=UNDER_WAY), brought(MON + HOUR, "t-5"))
    assert story.owes() == {"review", "measure"}


def test_a_visit_of_the_day_before_yesterday_is_heard_of_after_the_review():
    """The review of Saturday weighed it; a visit of Monday it did not."""
    story = Plan(*WHOLE, *DONE, reviewed(SAT))
    story.then(heard(RelevantVisit, FRI, "v-1", recorded_at=MON))
    assert story.owed("weigh") is None
    story.then(heard(RelevantVisit, MON + HOUR, "v-2", recorded_at=MON + DAY))
    assert story.due("weigh") == midnight(2026, 7, 21)


def test_a_visit_makes_a_new_version_and_moves_no_review():
    story = Plan(*WHOLE, *DONE, heard(RelevantVisit, FRI, "v-1"))
    story.then(weighed(NOW, "v-1", REVISED, version=2, goals=("walk", "sleep")))
    assert (story.state, story.due("review")) == ("ACTIVE", OCTOBER)
    assert story.owed("give_copy").item == "2"
    assert {one.item for one in story.case.deadlines if one.clock == "measure"} == {"walk", "sleep"}


def test_a_plan_is_on_hold_during_a_stay_and_resumed():
    """Held from Saturday for nine days: the copy waits, the review does not; nobody resumes it, and somebody hears."""
    story = Plan(*WHOLE, done(Paused, NOW, reason="in hospital", resume_by=NOW.add(days=9)))
    assert next_check(story.case) <= NOW.add(days=9)
    told = story.look(NOW.add(days=9)).effects
    assert of(told, DeadlineMissed, "resume_by")
    story.then(done(Resumed, NOW.add(days=10)), copied(NOW.add(days=11)))
    assert (story.ended("give_copy"), story.due("review")) == ((How.MET,), OCTOBER)


def test_the_patient_says_no_and_comes_back_a_year_later():
    """Declined on Friday; back on the 13th of July of the next year, with another plan that takes another number."""
    story = Plan(*WHOLE, done(PatientDeclined, FRI, reason="not now"))
    assert (story.state, story.owes()) == ("DECLINED", set())
    back = MON.add(years=1)
    story.then(done(Reopened, back))
    assert (story.state, story.due("draft")) == ("IDENTIFIED", midnight(2027, 8, 13))
    draft = done(PlanDrafted, back.add(days=1), by=MANAGER, elements=DRAFT.elements, goals=("sleep",))
    story.then(draft)
    assert story.refuses(activated(back.add(days=2))).claims == (
        "the patient took part (CM-04)",
        "the date of the next review is set, and lies ahead (CM-04)",
    )
    story.then(done(type(PART), back.add(days=2)))
    story.then(activated(back.add(days=2), next_review_at=back.add(months=3)))
    assert (story.state, story.case.facts.plan.number) == ("ACTIVE", 2)


def test_a_plan_that_was_revoked_goes_on_under_review():
    """Stopped on Friday, taken up again on Monday the 13th: reviewed within two weeks, and owed what was owed."""
    story = Plan(*WHOLE, heard(RelevantVisit, FRI, "v-1"), done(Revoked, NOW, reason="lost"))
    story.then(done(Reopened, MON))
    assert story.state == "UNDER_REVIEW"
    assert story.owes() == {"review", "finish_review", "give_copy", "weigh", "measure", "accept_component"}
    assert (story.due("finish_review"), story.due("review")) == (midnight(2026, 7, 28), midnight(2027, 7, 14))
    story.then(reviewed(MON + DAY))
    assert (story.state, story.owed("weigh")) == ("ACTIVE", None)


def test_an_activation_that_never_was_takes_the_review_with_it():
    """Filed for the wrong patient on Thursday and taken back on Monday: the draft waits as it did."""
    story = Plan(*WHOLE)
    story.then(taken_back(WHOLE[-1], MON))
    assert (story.state, story.owes()) == ("DRAFTED", {"activate"})
    stood_down = {one.clock for one in of(story.said, StoodDown)}
    assert stood_down == {"review", "give_copy", "measure", "accept_component"}
    story.then(activated(MON + HOUR))
    assert story.state == "ACTIVE"


def test_an_activation_that_is_heard_late_counts_from_when_it_happened():
    """In force on Thursday and filed on Monday: the copy is owed by Thursday the 16th all the same."""
    story = Plan(DRAFT, PART, done(Activated, THU, by=CLINICIAN, next_review_at=OCTOBER, recorded_at=MON))
    assert (story.due("give_copy"), story.due("review")) == (midnight(2026, 7, 17), OCTOBER)


def test_co_management_from_hand_to_hand():
    """The endocrinologist has the diabetes; it goes to another, who does not take it for a week; then it is theirs."""
    story = Plan(*WHOLE, copied(FRI), assigned(FRI), accepted(FRI + HOUR))
    story.then(assigned(MON, clinician="dr-9"))
    assert story.due("accept_component") == midnight(2026, 7, 17)
    told = story.look(midnight(2026, 7, 20)).effects
    assert Role.OWNER in [one.notify for one in of(told, Escalated, "accept_component")]
    assert story.case.facts.components[0].clinician == DR_8.id
    story.then(assigned(MON.add(days=8), clinician="dr-8"))
    assert "accept_component" not in story.owes()


def test_a_goal_is_measured_again_after_each_time():
    """Within six months of Thursday the 9th of July, then of each measurement."""
    story = Plan(*WHOLE, *DONE)
    assert story.due("measure") == midnight(2027, 1, 10)
    story.then(done(GoalMeasured, MON, "walk"))
    assert story.due("measure") == midnight(2027, 1, 14)


def test_a_patient_who_died_has_no_reviews_and_the_plan_comes_to_its_end():
    story = Plan(*WHOLE, *DONE, heard(PatientDied, MON))
    assert (story.owes(), story.due("wrap_up")) == ({"wrap_up"}, midnight(2026, 8, 13))
    story.then(done(Revoked, MON + DAY, reason="died"))
    assert (story.state, story.ended("wrap_up")) == ("REVOKED", (How.MET,))


def test_a_death_that_was_a_mistake_brings_all_of_it_back():
    story, death = Plan(*WHOLE, *DONE), heard(PatientDied, MON)
    before = story.case.world.duties
    story.then(death, taken_back(death, MON + DAY))
    assert story.case.world.duties == before


def test_a_plan_on_the_wrong_patient_is_hidden_and_told():
    story = Plan(*WHOLE, copied(FRI, recipient="daughter"), done(EnteredInError, MON))
    assert (story.state, story.owed("tell_again").item) == ("ENTERED_IN_ERROR", "daughter")


def test_what_was_drafted_twice_is_drafted_once():
    """The second draft changes the first; the number, and the due moment, stay."""
    story = Plan(DRAFT)
    due = story.due("activate")
    story.then(done(PlanDrafted, THU, goals=("swim",)))
    assert (story.case.facts.draft.number, story.case.facts.draft.goals, story.due("activate")) == (1, ("swim",), due)
    assert story.case.facts.draft.elements == DRAFT.elements


def test_wednesdays_draft_is_heard_of_after_thursdays_activation_was_refused():
    story = Plan(PART)
    assert story.refuses(activated(THU)) is not None
    story.then(done(PlanDrafted, WED, version=1, elements=DRAFT.elements, recorded_at=FRI), activated(SAT))
    assert story.state == "ACTIVE"


def test_a_review_that_was_begun_and_forgotten_rings_beside_the_one_that_is_due():
    story = standing("RV").fork()
    due = story.due("finish_review")
    assert due == midnight(2026, 7, 25)
    assert of(story.look(due).effects, DeadlineMissed, "finish_review")
    assert story.state == "UNDER_REVIEW"

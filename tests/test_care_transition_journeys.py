"""
Care transition: journeys, each told with dates that a reader can check on a wall calendar.

Tuesday the 7th of July 2026 is the admission, Friday the 10th the discharge, Monday the 13th the next working day.
"""

import pendulum
import pytest
from attrs import evolve
from tests.transition_story import (
    BOISE,
    CLINICIAN,
    DAY,
    FRI,
    HOUR,
    MON,
    NURSE,
    SAT,
    SETTLED,
    SUN,
    THU,
    TUE,
    WED,
    Story,
    done,
    heard,
    midnight,
    of,
    standing,
    taken_back,
    tell_where_it_can_be,
)

from carecoord import (
    Acknowledged,
    ClosedByAdministration,
    ContactAttempted,
    DeadlineMissed,
    DeadlineSet,
    DeadlineSettled,
    EnteredInError,
    Escalated,
    How,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    MomentCorrected,
    Moved,
    PatientDied,
    ReadyToClose,
    Reopened,
    Role,
    StoodDown,
    SupersededBy,
    ToldAgain,
    UnableToReach,
    Way,
    next_check,
)
from carecoord.workflows.care_transition import (
    Admitted,
    ArrivedAtEd,
    Contacted,
    Died,
    DischargeCancelled,
    Discharged,
    Disposition,
    InfoShared,
    MedsReconciled,
    NoticeOf,
    NoticeReceived,
    PendingTestListed,
    PendingTestOwned,
    PendingTests,
    SummaryReceived,
    Transferred,
    VisitBooked,
    VisitHeld,
    VisitMissed,
    carried_over,
)

IN, HOME = heard(Admitted, TUE, "V1", facility="St. Luke's"), heard(Discharged, FRI, "V1")
TUE_14, WED_15 = midnight(2026, 7, 14), midnight(2026, 7, 15)
CONTACT_DUE = WED_15  # the second business day after Friday the 10th is Tuesday the 14th


# --- from discharge to closing --------------------------------------------------------------


def test_the_plain_journey():
    """In on Tuesday, home on Friday, and everything done by Wednesday the 15th."""
    story = Story(IN, HOME)
    assert (story.state, story.due("contact")) == ("DISCHARGED", CONTACT_DUE)
    story.then(
        heard(SummaryReceived, SAT, pending=PendingTests.NONE),
        done(Contacted, MON),
        done(MedsReconciled, MON + HOUR, by=NURSE),
        done(VisitBooked, MON + HOUR, "a-1", visit_at=MON + 2 * DAY),
        heard(VisitHeld, MON + 2 * DAY, "a-1"),
        done(LoopClosed, MON + 2 * DAY),
    )
    assert (story.state, story.owes()) == ("CLOSED", set())
    done_in_time = {one.clock for one in story.case.settled if one.how is How.MET}
    assert {"summary", "pending_known", "contact", "reconcile", "visit"} <= done_in_time


def test_the_host_hears_once_that_the_loop_may_be_closed():
    story = Story(IN, HOME, *SETTLED[:-1])
    assert of(story.said, ReadyToClose) == ()
    step = story.then(SETTLED[-1])
    assert of(step.effects, ReadyToClose) == (ReadyToClose("t-1", seq=6),)
    story.then(heard(NoticeReceived, SAT, of=NoticeOf.DISCHARGE))
    assert len(of(story.said, ReadyToClose)) == 1


def test_closing_is_refused_while_something_is_owed_and_says_what():
    refused = Story(IN, HOME, *SETTLED[:2]).refuses(done(LoopClosed, MON))
    assert refused.claims == ("'reconcile' is settled", "'visit' is settled")
    assert str(refused).startswith("care-transition 't-1' is DISCHARGED and cannot take LoopClosed: not shown that")


def test_closing_is_taken_when_the_last_of_it_is_done():
    assert Story(IN, HOME, *SETTLED, done(LoopClosed, MON)).state == "CLOSED"


def test_a_missed_visit_is_followed_until_it_is_held():
    story = Story(IN, HOME, heard(VisitMissed, MON, "a-1"))
    assert story.due("rebook") == midnight(2026, 7, 16)
    story.then(done(VisitBooked, MON + HOUR, "a-2"), heard(VisitHeld, MON + 4 * DAY, "a-2"))
    tell_where_it_can_be(story, SETTLED[:3])
    assert (story.ended("rebook"), story.ended("visit")) == ((How.MET,), (How.MET,))


# --- what was wrong -------------------------------------------------------------------------


def test_a_cancelled_discharge_takes_back_every_duty_that_was_for_the_patient_at_home():
    story = Story(IN, HOME)
    step = story.then(heard(DischargeCancelled, SAT, "V1"))
    assert (story.state, story.due("contact")) == ("ADMITTED", None)
    assert {one.how for one in of(step.effects, DeadlineSettled)} == {How.DROPPED}


def test_after_a_cancelled_discharge_the_next_one_counts_anew():
    story = Story(IN, HOME, heard(DischargeCancelled, SAT, "V1"), heard(Discharged, MON, "V1"))
    assert (story.due("contact"), story.owed("contact").round) == (midnight(2026, 7, 16), 2)
    assert {"summary", "pending_known", "reconcile", "visit"} <= story.owes()


def test_a_call_after_the_cancelled_discharge_is_none_after_the_real_one():
    story = Story(IN, HOME, heard(DischargeCancelled, SAT, "V1"), done(Contacted, SUN), heard(Discharged, MON, "V1"))
    assert story.owed("contact")


def test_a_corrected_discharge_time_moves_what_counts_from_it():
    """Not Friday but Thursday the 9th: the second business day is Monday the 13th."""
    story = Story(IN, HOME)
    step = story.then(heard(MomentCorrected, SAT, corrects=HOME.key, moment=THU))
    assert of(step.effects, DeadlineSet, "contact") == (
        DeadlineSet("t-1", "contact", "V1", 1, 3, due_at=TUE_14, previous=CONTACT_DUE),
    )


def test_a_corrected_time_takes_back_the_alarm_that_it_makes_untrue():
    """Told as missed on Wednesday the 15th; then it turns out that the patient went home on the 14th."""
    story = Story(IN, HOME)
    story.look(WED_15)
    moved = pendulum.datetime(2026, 7, 14, 12, tz=BOISE)
    step = story.then(heard(MomentCorrected, WED_15 + 9 * HOUR, corrects=HOME.key, moment=moved))
    assert story.due("contact") == midnight(2026, 7, 17)
    assert of(step.effects, StoodDown, "contact") == (StoodDown("t-1", "contact", "V1", 1, 3, (Role.COORDINATOR,)),)


def test_a_discharge_that_was_a_transfer_drops_the_duties_of_home():
    story = Story(IN, HOME, heard(Transferred, FRI + HOUR, "V2", facility="Mercy"))
    assert (story.state, story.ended("contact"), story.case.facts.facility) == ("ADMITTED", (How.DROPPED,), "Mercy")
    story.then(heard(Discharged, MON, "V2"))
    assert (story.due("contact"), story.owed("contact").item) == (midnight(2026, 7, 16), "V2")


def test_the_wrong_patient():
    """It was another patient's stay: nothing is owed any more to this one, and who was told is told again."""
    story = Story(IN, done(InfoShared, WED, to="St. Luke's"), HOME, done(Contacted, SAT))
    story.then(taken_back(IN, MON), taken_back(HOME, MON))
    assert story.state == "ENTERED_IN_ERROR"
    assert story.owes() == {"overtaken", "tell_again"}
    assert (story.owed("tell_again").item, story.case.settled) == ("St. Luke's", ())


def test_the_wrong_patient_is_over_when_everybody_knows():
    shared, called = done(InfoShared, WED, to="St. Luke's"), done(Contacted, SAT)
    story = Story(IN, shared, HOME, called)
    story.then(taken_back(IN, MON), taken_back(HOME, MON))
    story.then(
        done(ToldAgain, MON + HOUR, "St. Luke's"),
        *(done(Acknowledged, MON + HOUR, one.key, clock="overtaken") for one in (shared, called)),
    )
    assert story.owes() == set()


def test_if_it_was_the_right_patient_after_all_everything_is_as_before():
    story = Story(IN, HOME)
    world = story.case.world
    wrong = taken_back(HOME, SAT)
    story.then(wrong)
    assert (story.state, story.owed("contact")) == ("ADMITTED", None)
    story.then(taken_back(wrong, SAT + HOUR))
    assert story.case.world == world


def test_a_retraction_may_be_heard_before_what_it_takes_back():
    story = Story(IN, taken_back(HOME, FRI + HOUR))
    story.then(heard(Discharged, FRI, "V1", recorded_at=SAT))
    assert (story.state, story.owed("contact")) == ("ADMITTED", None)


def test_a_case_entered_in_error_owes_nothing_and_forgets_nothing():
    story = Story(IN, HOME, done(EnteredInError, SAT))
    assert story.owes() == set()
    assert {one.why for one in story.case.settled if one.at == SAT} == {"entered in error"}
    assert [event for entry in story.log for event in entry.events][:2] == [IN, HOME]


# --- back in, or dead -----------------------------------------------------------------------


def readmitted(*more):
    """Return a story of a patient who came back on Monday the 13th, the third day at home."""
    return Story(IN, HOME, heard(PendingTestListed, SAT, "t-1"), heard(Admitted, MON, "V2"), *more)


def test_a_readmission_ends_the_duties_without_success():
    step = readmitted()
    ended = {one.clock: (one.how, one.why) for one in step.case.settled if one.at == MON}
    assert {"contact", "reconcile", "visit", "summary"} <= set(ended)
    assert set(ended.values()) == {(How.DROPPED, "readmitted")}


def test_after_a_readmission_somebody_must_link_the_new_case():
    story = readmitted(done(PendingTestOwned, MON + HOUR, "t-1", case="o-1", expected_by=MON + DAY))
    assert (story.owes(), story.due("follow_up")) == ({"follow_up"}, WED_15)
    assert set(carried_over(story.case)) == {("reconcile", "V1")}
    story.look(WED_15)
    assert of(story.said, DeadlineMissed, "follow_up")
    story.then(done(Linked, WED_15 + HOUR, case="t-2", relation="readmission"))
    assert (story.owes(), story.ended("follow_up")) == (set(), (How.MET_LATE,))


def test_a_pending_test_that_nobody_owned_outlives_a_readmission():
    """Whoever links the new case and forgets the test is rung until a result case owns it; it was due on Tuesday."""
    story = readmitted(done(Linked, MON + HOUR, case="t-2"))
    assert (story.state, story.owes(), story.due("pending")) == ("READMITTED", {"pending"}, WED_15)
    story.look(WED_15 + 10 * DAY)
    assert Role.SAFETY_OFFICER in {one.notify for one in of(story.said, Escalated, "pending")}
    story.then(done(PendingTestOwned, WED_15 + 10 * DAY, "t-1", case="o-1", expected_by=WED_15 + 20 * DAY))
    assert (story.owes(), next_check(story.case)) == (set(), None)


@pytest.mark.parametrize("died", [Died, PatientDied])
def test_a_pending_test_that_nobody_owned_outlives_the_patient(died):
    """Families are owed the answer; where the case never was, or another carries it, nothing is."""
    story = Story(IN, HOME, heard(PendingTestListed, SAT, "t-1"), heard(died, SUN))
    assert story.owed("pending", "t-1")
    story.then(done(EnteredInError, MON))
    assert not story.owed("pending")


def test_a_pending_test_of_a_duplicate_is_owed_until_a_result_case_owns_it():
    story = Story(IN, HOME, *SETTLED, heard(PendingTestListed, SAT, "t-1"), done(SupersededBy, SUN, case="t-0"))
    assert (story.state, story.owes()) == ("SUPERSEDED", {"pending"})
    story.then(done(PendingTestOwned, MON, "t-1", case="o-1", expected_by=MON + DAY))
    assert story.owes() == set()


def test_nothing_is_carried_over_from_a_case_that_was_not_cut_short():
    assert carried_over(Story(IN, HOME).case) == ()


def test_an_emergency_visit_that_ends_at_home_does_not_cut_the_duties_short():
    """Treat and release on Sunday is another case; this one goes on."""
    story = Story(IN, HOME, heard(ArrivedAtEd, SUN, "E9"))
    assert (story.state, story.due("contact")) == ("DISCHARGED", CONTACT_DUE)


def test_a_mistaken_readmission_is_reopened_and_the_patient_is_called():
    story = readmitted(done(Reopened, MON + HOUR, by=CLINICIAN))
    assert (story.state, story.ended("follow_up")) == ("DISCHARGED", (How.DROPPED,))
    assert (story.due("contact"), story.owed("contact").round) == (midnight(2026, 7, 16), 2)


def test_death_in_the_stay():
    story = Story(IN)
    step = story.then(heard(Died, THU))
    assert (story.state, story.owes()) == ("DIED", set())
    assert of(step.effects, DeadlineSettled, "whereabouts") == (
        DeadlineSettled("t-1", "whereabouts", "", 1, 2, How.DROPPED, "died", TUE, WED_15, THU),
    )


def test_a_death_that_is_taken_back_gives_back_what_it_ended():
    story = Story(IN)
    world = story.case.world
    died = heard(Died, THU)
    story.then(died)
    step = story.then(taken_back(died, FRI))
    assert of(step.effects, Moved) == (Moved("t-1", 3, "DIED", "ADMITTED", by_correction=True),)
    assert of(step.effects, DeadlineSet, "whereabouts") == (
        DeadlineSet("t-1", "whereabouts", "", 1, 3, due_at=WED_15, previous=WED_15),
    )
    assert story.case.world == world


def test_a_death_at_home_that_is_taken_back_gives_back_the_call():
    died = heard(PatientDied, SAT)
    story = Story(IN, HOME, died)
    assert (story.state, story.owed("contact")) == ("DISCHARGED", None)
    story.then(taken_back(died, SUN))
    assert (story.due("contact"), story.owed("wrap_up")) == (CONTACT_DUE, None)


# --- tests that were pending ----------------------------------------------------------------


def test_a_summary_that_does_not_mention_pending_tests_leaves_the_question_open():
    """The summary is here, so nobody chases it; but the loop stays open until somebody has asked the ward."""
    story = Story(IN, HOME, heard(SummaryReceived, SAT), *SETTLED[1:])
    assert (story.owed("summary"), story.refuses(done(LoopClosed, MON)).claims) == (
        None,
        ("'pending_known' is settled",),
    )
    story.then(heard(PendingTestListed, MON, "t-1", by=NURSE))
    assert story.refuses(done(LoopClosed, MON + HOUR)).claims == ("'pending' is settled",)
    story.then(done(PendingTestOwned, MON + HOUR, "t-1", case="r-1", expected_by=MON + 2 * DAY))
    assert story.refuses(done(LoopClosed, MON + 2 * HOUR)) is None


def test_a_pending_test_heard_of_after_closing_opens_the_case_again():
    story = Story(IN, HOME, *SETTLED, done(LoopClosed, SAT))
    step = story.then(heard(PendingTestListed, MON, "t-1"))
    assert of(step.effects, Moved) == (Moved("t-1", 8, "CLOSED", "DISCHARGED"),)
    assert (story.owes(), story.due("pending")) == ({"pending"}, midnight(2026, 7, 16))
    story.then(
        done(PendingTestOwned, MON + HOUR, "t-1", case="r-1", expected_by=MON + DAY), done(LoopClosed, MON + DAY)
    )
    assert story.state == "CLOSED"


RESULT_CASE = done(PendingTestOwned, MON, "t-1", case="o-1", expected_by=MON + 2 * DAY)
FAILED, CAME = (heard(LinkedCaseEnded, MON + 3 * DAY, case="o-1", done=how, key=str(how)) for how in (False, True))


def waiting(*more):
    """Return a stay whose one pending test a result case owns, and what happened since."""
    notices = (heard(NoticeReceived, SAT, of=what, key=what.value) for what in (NoticeOf.ADMISSION, NoticeOf.DISCHARGE))
    return Story(IN, HOME, *notices, *SETTLED, heard(PendingTestListed, SAT, "t-1"), RESULT_CASE, *more)


def test_a_pending_test_whose_result_case_failed_is_owed_again():
    """Cancelled on Thursday the 16th: by Monday the 20th another case owns it, or whoever keeps it is rung."""
    story = waiting(FAILED)
    assert (story.owes(), story.due("pending", "t-1")) == ({"pending"}, midnight(2026, 7, 21))
    assert story.refuses(done(LoopClosed, MON + 3 * DAY)).claims == ("'pending' is settled",)
    story.then(done(PendingTestOwned, MON + 3 * DAY, "t-1", case="o-2", expected_by=MON + 9 * DAY))
    assert (story.owes(), story.ended("pending")) == (set(), (How.MET, How.MET))


def test_a_result_case_that_fails_after_the_closing_opens_the_stay_again():
    story = waiting(done(LoopClosed, MON + DAY))
    step = story.then(FAILED)
    assert [(one.was, one.to) for one in of(step.effects, Moved)] == [("CLOSED", "DISCHARGED")]
    assert story.owes() == {"pending"}


def test_a_result_case_that_came_to_its_end_leaves_nothing_owed():
    assert waiting(CAME).owes() == set()
    assert waiting(done(LoopClosed, MON + DAY), CAME).state == "CLOSED"


def test_a_result_case_that_was_only_thought_to_have_failed_settles_what_came_back():
    story = waiting(FAILED, evolve(CAME, at=MON + 4 * DAY, recorded_at=MON + 4 * DAY))
    assert (story.owes(), story.ended("pending")) == (set(), (How.MET, How.MET))


def test_a_test_that_two_result_cases_own_is_owed_only_when_both_have_failed():
    second = done(PendingTestOwned, MON + HOUR, "t-1", case="o-2", expected_by=MON + 2 * DAY)
    story = waiting(second, FAILED)
    assert story.owes() == set()
    story.then(heard(LinkedCaseEnded, MON + 4 * DAY, case="o-2", done=False))
    assert story.owes() == {"pending"}


def test_a_test_that_was_lost_and_is_listed_again_is_owed_once():
    story = waiting(FAILED, heard(PendingTestListed, MON + 4 * DAY, "t-1", key="again"))
    assert [one.item for one in story.case.deadlines if one.clock == "pending"] == ["t-1"]


def test_families_are_owed_the_answer_also_when_the_result_case_failed():
    assert "pending" in waiting(heard(PatientDied, MON + DAY), FAILED).owes()


def test_in_a_readmitted_case_the_test_of_a_result_case_that_failed_is_owed_again():
    story = waiting(heard(Admitted, MON + DAY, "V2"), done(Linked, MON + DAY, case="t-2"), FAILED)
    assert (story.state, story.owes()) == ("READMITTED", {"pending"})


def test_a_test_lost_in_a_readmitted_case_is_owed_where_it_is_opened_again():
    story = waiting(heard(Admitted, MON + DAY, "V2"), FAILED, done(Reopened, MON + 4 * DAY))
    assert (story.state, story.owed("pending", "t-1") is not None) == ("DISCHARGED", True)


def test_a_pending_test_without_a_name_comes_back_and_is_no_readmission():
    unnamed = done(PendingTestOwned, MON, case="o-1", expected_by=MON + DAY)
    story = Story(IN, HOME, *SETTLED, heard(PendingTestListed, SAT), unnamed, FAILED)
    assert (story.owed("pending", "") is not None, story.owed("follow_up")) == (True, None)


def test_a_pending_test_listed_before_closing_and_heard_of_after_it_overtakes_the_closing():
    """Whoever closed did not know; the closing is somebody's to look at, and the test is owed from Saturday."""
    story = Story(IN, HOME, *SETTLED, done(LoopClosed, SUN, key="closed"))
    step = story.then(heard(PendingTestListed, SAT, "t-1", recorded_at=MON))
    assert of(step.effects, Moved) == (Moved("t-1", 8, "CLOSED", "DISCHARGED", by_correction=True),)
    assert {(one.clock, one.item) for one in story.case.deadlines if one.clock != "look_again"} == {
        ("notice", "V1:admission"),
        ("notice", "V1:discharge"),
        ("pending", "t-1"),
        ("overtaken", "closed"),
    }
    assert story.due("pending") == WED_15


# --- whom nobody reaches --------------------------------------------------------------------


def test_unable_to_reach_is_refused_until_it_was_tried_often_enough():
    """Our practice: two tries on two days."""
    story = Story(IN, HOME)
    giving_up = [done(UnableToReach, at, clock="contact") for at in (MON, MON + HOUR, MON + DAY)]
    assert story.refuses(giving_up[0]).claims == (
        "the patient was tried 2 times (so far 0)",
        "on 2 different days (so far 0)",
    )
    story.then(done(ContactAttempted, MON, clock="contact", way=Way.PHONE))
    assert story.refuses(giving_up[1]).claims == (
        "the patient was tried 2 times (so far 1)",
        "on 2 different days (so far 1)",
    )
    story.then(done(ContactAttempted, MON + DAY - HOUR, clock="contact", way=Way.PHONE))
    step = story.then(giving_up[2])
    assert of(step.effects, DeadlineSettled) == (
        DeadlineSettled("t-1", "contact", "V1", 1, 5, How.EXCUSED, "unable to reach", FRI, CONTACT_DUE, MON + DAY),
    )


def test_a_patient_who_could_not_be_reached_may_still_be_reached():
    tries = [done(ContactAttempted, at, clock="contact", way=Way.PHONE) for at in (SAT, MON)]
    story = Story(IN, HOME, *tries, done(UnableToReach, MON + HOUR, clock="contact"), done(Contacted, MON + DAY))
    assert story.ended("contact") == (How.EXCUSED,)
    assert story.log[-1].events[0].at == MON + DAY


# --- where the patient goes -----------------------------------------------------------------


def test_an_emergency_visit_that_ends_at_home_owes_a_call():
    story = Story(heard(ArrivedAtEd, TUE, "E1", facility="St. Luke's"), heard(Discharged, TUE + 5 * HOUR, "E1"))
    assert (story.state, story.due("contact")) == ("DISCHARGED", midnight(2026, 7, 10))
    story.then(*SETTLED[:3])
    assert story.refuses(done(LoopClosed, MON)) is None


def test_whoever_left_without_being_seen_is_called_within_a_day():
    story = Story(heard(ArrivedAtEd, TUE, "E1"), heard(Discharged, WED, "E1", disposition=Disposition.LEFT_UNSEEN))
    assert (story.state, story.due("contact")) == ("DISCHARGED", WED + DAY)


def test_whoever_left_against_advice_is_called_within_a_day():
    story = Story(IN, heard(Discharged, FRI, "V1", disposition=Disposition.AGAINST_ADVICE))
    assert (story.state, story.due("contact")) == ("DISCHARGED", SAT)


def test_to_a_facility_and_home_two_weeks_later():
    """The duties of home begin when the patient is home, on Friday the 24th: the 28th is the second business day."""
    story = Story(IN, heard(Discharged, FRI, "V1", disposition=Disposition.FACILITY, facility="Elm Care"))
    assert (story.state, story.owed("contact"), story.due("whereabouts")) == ("ELSEWHERE", None, midnight(2026, 7, 18))
    assert story.refuses(done(LoopClosed, MON)).claims == ()
    story.then(done(Contacted, FRI + 6 * DAY, caregiver=True))
    assert story.due("whereabouts") == midnight(2026, 7, 24)
    story.then(heard(Discharged, FRI + 14 * DAY, "S1"))
    assert (story.state, story.due("contact")) == ("DISCHARGED", midnight(2026, 7, 29))
    assert "whereabouts" not in story.owes()


def test_a_call_to_the_facility_is_no_contact_after_coming_home():
    story = Story(IN, heard(Discharged, FRI, "V1", disposition=Disposition.FACILITY), done(Contacted, MON))
    story.then(heard(Discharged, MON + 7 * DAY, "S1"))
    assert story.ended("contact") == ()
    assert story.owed("contact")


def test_from_the_facility_back_into_hospital_is_the_same_case():
    story = Story(IN, heard(Discharged, FRI, "V1", disposition=Disposition.FACILITY), heard(Admitted, MON, "V2"))
    assert (story.state, story.owed("follow_up")) == ("ADMITTED", None)
    assert {"notice", "whereabouts"} <= story.owes()


def test_a_second_feed_that_says_facility_where_the_first_said_home_ends_the_duties_of_home():
    story = Story(IN, HOME, heard(Discharged, FRI.add(minutes=9), "V1", disposition=Disposition.FACILITY))
    assert (story.state, story.ended("contact"), "whereabouts" in story.owes()) == ("ELSEWHERE", (How.DROPPED,), True)


# --- closed by administration ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "there"), [("ED", "IN_ED"), ("AD", "ADMITTED"), ("EL", "ELSEWHERE"), ("DC", "DISCHARGED")]
)
def test_what_administration_closed_goes_on_where_the_patient_was(code, there):
    story = standing(code).fork()
    owed = {(one.clock, one.item) for one in story.case.deadlines}
    story.then(done(ClosedByAdministration, MON, reason="never heard of again", by=CLINICIAN))
    assert (story.state, story.case.world.duties) == ("CLOSED", ())
    story.then(done(Reopened, MON + DAY))
    assert story.state == there
    assert {(one.clock, one.item) for one in story.case.deadlines} == owed


def test_a_discharge_after_administration_closed_the_stay_is_unexpected():
    """The patient comes home to a case that nobody follows: somebody must take notice."""
    story = standing("AD").fork()
    story.then(done(ClosedByAdministration, MON, reason="never heard of again", by=CLINICIAN))
    story.then(heard(Discharged, MON + DAY, "V1", key="home"))
    assert story.state == "CLOSED"
    assert ("unexpected", "home") in {(one.clock, one.item) for one in story.case.deadlines}

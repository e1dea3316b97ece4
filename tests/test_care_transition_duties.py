"""
Care transition: when each duty falls due, what counts for it and what only looks as if it did.

`test_care_transition_clocks.py` has the tables; here are the sentences behind them.
"""

import pytest
from attrs import evolve
from tests.transition_story import (
    CLINICIAN,
    CODES,
    DAY,
    FRI,
    HOUR,
    MON,
    SAT,
    SUN,
    TUE,
    WED,
    Story,
    done,
    heard,
    midnight,
    standing,
    with_limits,
)

from carecoord import (
    Acknowledged,
    CalendarDays,
    ContactAttempted,
    Hours,
    How,
    Limit,
    Linked,
    LoopClosed,
    PatientDied,
    Retracted,
    ToldAgain,
    UnableToReach,
    Waived,
    Way,
    ours,
    stair,
)
from carecoord.workflows.care_transition import (
    CARE_TRANSITION,
    Admitted,
    ArrivedAtEd,
    Contacted,
    DischargeCancelled,
    Discharged,
    Disposition,
    FollowUpDeclined,
    InfoShared,
    NoticeOf,
    NoticeReceived,
    PendingTestListed,
    PendingTests,
    SummaryReceived,
    Transferred,
    TransitionFacts,
    VisitBooked,
    VisitHeld,
    VisitMissed,
)

STANDARD = TransitionFacts()
IN, HOME = heard(Admitted, TUE, "V1", facility="St. Luke's"), heard(Discharged, FRI, "V1")

# --- notice and share -----------------------------------------------------------------------


def test_a_notice_of_the_admission_is_no_notice_of_the_discharge():
    story = Story(IN, HOME, heard(NoticeReceived, SAT, of=NoticeOf.ADMISSION))
    assert [one.item for one in story.case.deadlines if one.clock == "notice"] == ["V1:discharge"]


def test_the_duty_to_share_counts_from_when_we_were_told():
    """The patient came on Tuesday; the notice lay in a queue until Thursday."""
    late = heard(NoticeReceived, WED, of=NoticeOf.ADMISSION, recorded_at=WED + DAY)
    assert Story(IN, late).due("share") == WED + 2 * DAY


def test_information_that_went_somewhere_else_is_not_shared():
    story = Story(IN, heard(NoticeReceived, WED, of=NoticeOf.ADMISSION), done(InfoShared, WED, to="Mercy"))
    assert story.owed("share")


def test_after_a_transfer_it_is_the_new_hospital_that_needs_the_information():
    story = Story(
        IN,
        heard(NoticeReceived, WED, of=NoticeOf.ADMISSION),
        heard(Transferred, WED + HOUR, "V2", facility="Mercy"),
        done(InfoShared, WED + 2 * HOUR, to="St. Luke's"),
    )
    assert story.owed("share")
    story.then(done(InfoShared, WED + 3 * HOUR, to="Mercy"))
    assert not story.owed("share")


def test_a_notice_that_comes_after_the_discharge_asks_for_no_sharing():
    assert not Story(IN, HOME, heard(NoticeReceived, SAT, of=NoticeOf.ADMISSION)).owed("share")


# --- whereabouts ----------------------------------------------------------------------------


def test_whoever_is_away_is_asked_about_each_week():
    """Admitted on Tuesday the 7th: until the 14th has ended. The son was reached on Wednesday the 8th: a week anew."""
    story = Story(IN)
    assert story.due("whereabouts") == midnight(2026, 7, 15)
    story.then(done(Contacted, WED, caregiver=True))
    assert (story.due("whereabouts"), story.owed("whereabouts").round) == (midnight(2026, 7, 16), 2)


def test_nobody_asks_where_a_patient_is_who_went_home():
    assert not Story(IN, HOME).owed("whereabouts")


# --- tests that were pending ----------------------------------------------------------------


def test_each_pending_test_keeps_its_own_deadline():
    """Friday's until Tuesday has ended, Monday's until Wednesday has."""
    story = Story(IN, HOME, heard(PendingTestListed, FRI + HOUR, "t-1"), heard(PendingTestListed, MON, "t-2"))
    assert (story.due("pending", "t-1"), story.due("pending", "t-2")) == (midnight(2026, 7, 15), midnight(2026, 7, 16))


def test_a_summary_starts_the_duty_for_each_test_it_lists():
    story = Story(IN, HOME, heard(SummaryReceived, SAT, pending=PendingTests.LISTED, tests=("t-1", "t-2")))
    assert story.owed("pending", "t-1")
    assert story.owed("pending", "t-2")


def test_a_summary_that_announces_a_list_and_brings_none_does_not_say_what_is_pending():
    assert Story(IN, HOME, heard(SummaryReceived, SAT, pending=PendingTests.LISTED)).owed("pending_known")


# --- contact --------------------------------------------------------------------------------


def test_what_was_said_before_the_discharge_is_no_contact_after_it():
    """Hospital staff, or ours on the ward, do not count before the patient is home (TCM)."""
    assert Story(IN, done(Contacted, FRI - HOUR), HOME).owed("contact")


@pytest.mark.parametrize("how", [Disposition.AGAINST_ADVICE, Disposition.LEFT_UNSEEN])
def test_whoever_left_early_is_called_within_a_day(how):
    """No published ladder was found for them; a day is our practice's own number."""
    assert Story(IN, heard(Discharged, FRI, "V1", disposition=how)).due("contact") == SAT


def test_a_caregiver_counts():
    assert not Story(IN, HOME, done(Contacted, MON, caregiver=True)).owed("contact")


def tried(*ways, about=None, since=SAT):
    """Return tries to reach the patient, one a day."""
    days = (since + n * DAY for n in range(len(ways)))
    return [done(ContactAttempted, day, about, clock="contact", way=way) for day, way in zip(days, ways, strict=True)]


def test_tries_on_one_day_alone_are_not_enough():
    twice = [done(ContactAttempted, at, clock="contact", way=Way.PHONE) for at in (SAT, SAT + HOUR)]
    story = Story(IN, HOME, *twice)
    assert story.refuses(done(UnableToReach, MON, clock="contact")).claims == ("on 2 different days (so far 1)",)


def test_tries_made_before_the_duty_began_do_not_count():
    story = Story(IN, *tried(Way.PHONE, Way.PHONE, since=WED), HOME)
    assert story.refuses(done(UnableToReach, SAT, clock="contact")).claims == (
        "the patient was tried 2 times (so far 0)",
        "on 2 different days (so far 0)",
    )


def test_tries_for_another_duty_do_not_count():
    calls = [done(ContactAttempted, at, clock="rebook", way=Way.PHONE) for at in (SAT, SUN)]
    assert Story(IN, HOME, *calls).refuses(done(UnableToReach, MON, clock="contact")) is not None


def test_for_a_high_risk_patient_a_certified_letter_is_wanted_too():
    story = Story(IN, HOME, *tried(Way.PHONE, Way.PHONE, Way.LETTER), facts=evolve(STANDARD, high_risk=True))
    assert story.refuses(done(UnableToReach, MON + DAY, clock="contact")).claims == (
        "the patient was tried 4 times (so far 3)",
        "by a letter with return receipt, 1 times (so far 0)",
    )


# --- reconcile and visit --------------------------------------------------------------------


def test_the_medication_lists_have_thirty_one_days_the_day_of_discharge_included():
    """MRP: from Friday the 10th of July through the 9th of August."""
    assert Story(IN, HOME).due("reconcile") == midnight(2026, 8, 10)


def test_after_an_emergency_visit_alone_our_practice_wants_no_visit():
    assert not Story(heard(ArrivedAtEd, TUE, "E1"), heard(Discharged, TUE + HOUR, "E1")).owed("visit")


def test_a_high_risk_patient_is_seen_within_seven_days_others_within_fourteen():
    assert Story(IN, HOME, facts=evolve(STANDARD, high_risk=True)).due("visit") == midnight(2026, 7, 18)
    assert Story(IN, HOME).due("visit") == midnight(2026, 7, 25)


LADDER = stair(Hours(24), every=Hours(72))
FUH_7 = with_limits(
    Limit("visit", CalendarDays(7), LADDER, opens=CalendarDays(1), source=ours("HEDIS FUH: seven days, not the first"))
)
FUM_7 = with_limits(Limit("visit", CalendarDays(7), LADDER, source=ours("HEDIS FUM: eight days, the first counts")))


@pytest.mark.parametrize(
    ("rules", "seen", "ended"),
    [
        (FUH_7, FRI + HOUR, ()),
        (FUH_7, midnight(2026, 7, 11) - HOUR, ()),
        (FUH_7, midnight(2026, 7, 11), (How.MET,)),
        (FUH_7, midnight(2026, 7, 18) - HOUR, (How.MET,)),
        (FUH_7, midnight(2026, 7, 18), (How.MET_LATE,)),
        (FUM_7, FRI + HOUR, (How.MET,)),
        (FUM_7, midnight(2026, 7, 18) - HOUR, (How.MET,)),
        (FUM_7, midnight(2026, 7, 18), (How.MET_LATE,)),
    ],
)
def test_a_visit_on_the_day_of_discharge_counts_for_fum_and_not_for_fuh(rules, seen, ended):
    assert Story(IN, HOME, heard(VisitHeld, seen), rules=rules).ended("visit") == ended


def test_when_a_visit_may_count_is_told_when_the_duty_begins():
    assert Story(IN, HOME, rules=FUH_7).owed("visit").opens_at == midnight(2026, 7, 11)


def test_declining_one_appointment_is_declining_the_visit():
    story = Story(IN, HOME, done(FollowUpDeclined, MON, "a-1"))
    assert story.ended("visit") == (How.EXCUSED,)


# --- rebook ---------------------------------------------------------------------------------


def test_a_missed_visit_does_not_end_the_duty_to_be_seen():
    story = Story(IN, HOME, heard(VisitMissed, MON, "a-1"))
    assert {"visit", "rebook"} <= story.owes()


def test_a_visit_missed_again_after_booking_is_a_new_duty():
    story = Story(IN, HOME, heard(VisitMissed, MON, "a-1"), done(VisitBooked, MON + HOUR, "a-2"))
    story.then(heard(VisitMissed, MON + 2 * DAY, "a-2"))
    assert (story.ended("rebook", "a-1"), story.owed("rebook").item) == ((How.MET,), "a-2")


def test_tries_for_another_appointment_do_not_count():
    calls = [
        done(ContactAttempted, MON + n * DAY, "a-2", clock="rebook", way=way)
        for n, way in enumerate((Way.PHONE, Way.PHONE, Way.LETTER), start=1)
    ]
    story = Story(IN, HOME, heard(VisitMissed, MON, "a-1"), heard(VisitMissed, MON, "a-2"), *calls)
    assert story.refuses(done(UnableToReach, MON + 4 * DAY, "a-1", clock="rebook")) is not None
    assert story.refuses(done(UnableToReach, MON + 4 * DAY, "a-2", clock="rebook")) is None


# --- follow_up and wrap_up ------------------------------------------------------------------


def test_the_link_may_name_which_readmission_it_takes_over():
    story = standing("RA").fork()
    story.then(done(Linked, SAT, "readmission:V9", case="t-3"))
    assert story.owed("follow_up", "readmission:V2")
    story.then(done(Linked, SAT, "readmission:V2", case="t-2"))
    assert not story.owed("follow_up")


def test_closing_the_loop_ends_what_a_death_left_to_do():
    story = Story(IN, HOME, heard(PatientDied, SAT), done(LoopClosed, MON, by=CLINICIAN))
    assert (story.state, story.ended("wrap_up")) == ("CLOSED", (How.MET,))


def test_a_pending_test_outlives_the_patient():
    """Families are owed the answer, and so is whoever else was exposed; nobody may waive it."""
    story = Story(IN, HOME, heard(PendingTestListed, SAT, "t-1"), heard(PatientDied, SUN))
    assert story.refuses(done(LoopClosed, MON)).claims == ("'pending' is settled",)


# --- surprises ------------------------------------------------------------------------------


def test_taking_notice_of_one_surprise_leaves_the_others():
    story = standing("DC").fork()
    story.then(heard(DischargeCancelled, SAT, "V8", key="one"), heard(DischargeCancelled, SAT, "V9", key="two"))
    story.then(done(Acknowledged, SUN, "one", clock="unexpected"))
    assert (story.owed("unexpected").item, story.ended("unexpected", "one")) == ("two", (How.MET,))


def test_whoever_was_told_what_is_no_longer_so_is_told_again():
    """The information went to St. Luke's; then it turned out to be another patient's stay."""
    story = Story(IN, done(InfoShared, WED, to="St. Luke's"), heard(Retracted, SAT, retracts=IN.key))
    story.then(done(ToldAgain, SUN, "Mercy"))
    assert story.owed("tell_again")
    story.then(done(ToldAgain, SUN, "St. Luke's"))
    assert not story.owed("tell_again")


def test_an_overtaken_act_is_somebodys_to_look_at():
    """The patient declined a visit after a discharge that never was."""
    declined = done(FollowUpDeclined, FRI + HOUR, key="declined")
    story = Story(IN, HOME, declined, heard(Retracted, SAT, retracts=HOME.key))
    story.then(done(Acknowledged, SUN, "declined", clock="overtaken"))
    assert story.ended("overtaken") == (How.MET,)


# --- look_again -----------------------------------------------------------------------------


def test_a_case_on_which_nobody_acts_is_looked_at_again_two_weeks_after_the_last_act():
    """News alone is nobody's doing: the feed told until Friday, and the last act was on Wednesday the 8th."""
    story = Story(IN, done(Contacted, WED), HOME)
    assert story.due("look_again") == WED + 14 * DAY


def test_before_any_act_the_two_weeks_count_from_the_opening():
    assert Story(IN, HOME).due("look_again") == TUE + 14 * DAY


@pytest.mark.parametrize("code", [code for code in CODES if CODES[code] in CARE_TRANSITION.ends])
def test_an_ended_case_need_not_be_looked_at_again(code):
    assert not standing(code).owed("look_again")


def test_a_reopened_case_is_looked_at_again():
    story = standing("CL").fork()
    story.then(heard(PendingTestListed, SAT, "t-1"))
    assert story.due("look_again") == SAT + 14 * DAY


def test_a_duty_can_be_waived_while_a_notice_is_owed():
    """Whatever is waived, the clock of notices is asked which item a waiver speaks of, and must have an answer."""
    story = Story(IN, done(Waived, TUE + HOUR, clock="whereabouts", reason="at home"))
    assert (story.ended("whereabouts"), "notice" in story.owes()) == ((How.WAIVED,), True)

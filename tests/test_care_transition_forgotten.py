"""
Care transition: ways in which a patient could be forgotten, or a duty be met by what does not meet it.

Each test tells one, and says what has to be owed. Most were possible once.
"""

import pytest
from tests.transition_story import (
    CLINICIAN,
    DAY,
    FRI,
    HOUR,
    MON,
    NURSE,
    SAT,
    SETTLED,
    SUN,
    TUE,
    WED,
    Story,
    done,
    heard,
    midnight,
)

from carecoord import (
    Actor,
    ContactAttempted,
    EnteredInError,
    How,
    Linked,
    LoopClosed,
    PatientDied,
    Reopened,
    Retracted,
    Role,
    UnableToReach,
    Waived,
    Way,
)
from carecoord.workflows.care_transition import (
    CRITERIA,
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
    StayCorrected,
    SummaryReceived,
    Transferred,
    TransitionFacts,
    VisitBooked,
    VisitHeld,
    VisitMissed,
    carried_over,
)

IN = heard(Admitted, TUE, "V1", facility="St. Luke's")
HOME = heard(Discharged, FRI, "V1")
NEXT_FRI = FRI + 7 * DAY


def at_home(*then):
    return Story(IN, HOME, *then)


def closed(*then):
    """Return a story whose loop was closed on Wednesday the 15th."""
    return at_home(
        heard(SummaryReceived, SAT, pending=PendingTests.NONE),
        done(Contacted, MON),
        done(MedsReconciled, MON, by=NURSE),
        heard(VisitHeld, MON + DAY),
        done(LoopClosed, MON + 2 * DAY),
        *then,
    )


# --- a stay that nobody saw -----------------------------------------------------------------


def test_a_second_discharge_owes_a_second_call():
    """The admission message of a readmission was lost: the first thing heard of it is that it ended."""
    story = at_home(done(Contacted, MON), heard(Discharged, NEXT_FRI, "V2"))
    assert story.due("contact") == midnight(2026, 7, 22)


def test_a_second_discharge_owes_a_second_reconciliation_and_visit():
    story = at_home(done(MedsReconciled, MON, by=NURSE), heard(VisitHeld, MON + DAY), heard(Discharged, NEXT_FRI, "V2"))
    assert {"reconcile", "visit"} <= story.owes()


def test_a_call_that_names_no_visit_counts_after_a_second_discharge_too():
    """Another hospital's emergency department sent the patient home again; the case is still the one of V1."""
    story = at_home(heard(Discharged, SAT, "E9"), done(Contacted, MON))
    assert "contact" not in story.owes()


def test_meds_reconciled_without_a_visit_named_count_after_a_second_discharge_too():
    story = at_home(heard(Discharged, SAT, "E9"), done(MedsReconciled, MON, by=NURSE))
    assert "reconcile" not in story.owes()


def test_an_admission_without_a_visit_number_is_a_readmission():
    """`about` is optional; a feed that gives none must not make every readmission a repeat of the first message."""
    story = at_home(heard(Admitted, SUN))
    assert story.state == "READMITTED" or "unexpected" in story.owes()


def test_an_admission_after_the_discharge_under_the_same_number_is_noticed():
    """A late second feed sorts before the discharge by `at`; what sorts behind it happened behind it."""
    story = at_home(done(Contacted, SAT), heard(Admitted, SUN, "V1"), heard(Discharged, SUN + 4 * DAY, "V1"))
    assert {"contact", "unexpected"} & story.owes()


# --- the wrong discharge --------------------------------------------------------------------


def test_a_discharge_from_the_hospital_the_patient_has_left_already_does_not_send_them_home():
    """The first hospital closes its account minutes after the second has admitted: they lie in the second."""
    story = Story(IN, heard(Transferred, WED, "V2"), heard(Discharged, WED + HOUR, "V1"))
    assert story.state == "ADMITTED"


def test_the_call_is_owed_from_the_discharge_that_ended_the_stay():
    story = Story(IN, heard(Transferred, WED, "V2"), heard(Discharged, WED + HOUR, "V1"), heard(Discharged, FRI, "V2"))
    assert story.due("contact") == midnight(2026, 7, 15)


def test_closing_the_emergency_account_after_the_admission_does_not_send_the_patient_home():
    story = Story(
        heard(ArrivedAtEd, TUE, "E1"), heard(Admitted, TUE + HOUR, "V1"), heard(Discharged, TUE + 2 * HOUR, "E1")
    )
    assert story.state == "ADMITTED"


def test_a_cancelled_discharge_of_an_earlier_visit_drops_nothing_of_the_later_one():
    story = Story(IN, heard(Transferred, WED, "V2"), heard(Discharged, FRI, "V2"), heard(DischargeCancelled, SAT, "V1"))
    assert (story.state, "contact" in story.owes()) == ("DISCHARGED", True)


def test_after_a_transfer_the_real_discharge_asks_for_pending_tests_again():
    """Same visit number throughout: what was dropped with the first "discharge" must begin with the real one."""
    story = at_home(heard(Transferred, FRI + HOUR, "V1"), heard(Discharged, MON, "V1"))
    assert {"summary", "pending_known"} <= story.owes()


def test_after_a_return_from_a_facility_the_next_discharge_asks_for_pending_tests_again():
    """Without visit numbers, or under one number: facility on Friday, hospital on Saturday, home on Monday."""
    story = Story(
        heard(Admitted, TUE),
        heard(Discharged, FRI, disposition=Disposition.FACILITY),
        heard(SummaryReceived, FRI + HOUR, pending=PendingTests.NONE),
        heard(Admitted, SAT),
        heard(Discharged, MON),
    )
    assert {"summary", "pending_known"} <= story.owes()


# --- acts that count for nothing, and nobody says so ----------------------------------------


@pytest.mark.parametrize(
    ("act", "clock"),
    [(done(Contacted, MON, "V9"), "contact"), (done(MedsReconciled, MON, "V9", by=NURSE), "reconcile")],
    ids=["contact", "reconcile"],
)
def test_an_act_about_a_visit_that_nobody_knows_is_refused_or_counts(act, clock):
    """A nurse typed another number: she must hear of it, or the duty must be met."""
    story = at_home()
    if story.refuses(act) is None:
        story.then(act)
        assert clock not in story.owes()


def test_a_call_that_met_nothing_is_no_reason_not_to_call_after_reopening():
    story = at_home(done(Contacted, SAT, two_way=False), heard(Admitted, SUN, "V2"), done(Reopened, MON))
    assert "contact" in story.owes()


def test_a_clock_of_notices_can_be_waived():
    """Whoever may waive it gets an answer, not an AttributeError."""
    story = Story(IN)
    story.then(done(Waived, WED, "V1:admission", clock="notice", reason="no-feed"))
    assert story.ended("notice") == (How.WAIVED,)


def test_a_waiver_that_names_nothing_is_about_the_only_one_that_is_owed():
    story = Story(IN)
    story.then(done(Waived, WED, clock="notice", reason="no-feed"))
    assert story.ended("notice") == (How.WAIVED,)


def test_a_waiver_must_say_which_where_several_are_owed():
    refused = at_home().refuses(done(Waived, SAT, clock="notice", reason="no-feed"))
    assert refused.claims == ("it says which 'notice' it is about: V1:admission, V1:discharge",)


def test_a_message_left_does_not_say_where_the_patient_is():
    story = Story(IN, done(Contacted, WED, two_way=False))
    assert story.ended("whereabouts") == ()


@pytest.mark.parametrize("role", [Role.HOSPITAL, Role.SYSTEM, Role.LABORATORY])
def test_a_call_by_somebody_who_is_not_our_staff_is_no_contact(role):
    """Hospital staff do not count (TCM), even where the host forgot to say `own_staff=False`."""
    story = at_home()
    call = done(Contacted, MON, by=Actor(role, "x-1"))
    if story.refuses(call) is None:
        story.then(call)
        assert "contact" in story.owes()


# --- what comes back after an error ---------------------------------------------------------

MISTAKEN = heard(Admitted, SUN, "V2")  # an elective visit elsewhere, taken for a readmission


@pytest.mark.parametrize("clock", ["pending", "pending_known", "summary", "visit"])
def test_reopening_after_a_readmission_brings_back_what_it_dropped(clock):
    story = at_home()
    story.then(heard(PendingTestListed, SAT, "t-1")) if clock == "pending" else None
    story.then(MISTAKEN, done(Reopened, MON, by=CLINICIAN))
    assert clock in story.owes()


def test_reopening_after_a_readmission_brings_back_the_missed_appointment():
    story = at_home(heard(VisitMissed, SAT, "a-1"), MISTAKEN, done(Reopened, MON, by=CLINICIAN))
    assert "rebook" in story.owes()


def test_a_patient_whose_discharge_was_cancelled_is_looked_for_again():
    """Back in a hospital bed: without this nothing is owed there but to look again in two weeks."""
    assert "whereabouts" in at_home(heard(DischargeCancelled, SAT, "V1")).owes()


def test_a_patient_whose_discharge_to_a_facility_was_cancelled_is_looked_for_again():
    story = Story(
        IN, heard(Discharged, FRI, "V1", disposition=Disposition.FACILITY), heard(DischargeCancelled, SAT, "V1")
    )
    assert "whereabouts" in story.owes()


def test_a_discharge_cancelled_after_closing_is_followed():
    assert "whereabouts" in closed(heard(DischargeCancelled, MON + 3 * DAY, "V1")).owes()


def test_a_case_entered_in_error_by_mistake_comes_back_with_its_duties():
    """Either `Reopened` gives back what stood, or it is refused and `Retracted` is the way."""
    story = at_home(heard(PendingTestListed, SAT, "t-1"), done(EnteredInError, SUN))
    if story.refuses(done(Reopened, MON)) is None:
        story.then(done(Reopened, MON))
        assert (story.state, "pending" in story.owes()) == ("DISCHARGED", True)


# --- silence --------------------------------------------------------------------------------


def test_a_patient_at_the_emergency_department_is_not_forgotten_for_two_weeks():
    """The discharge message of an emergency visit is the one most often lost; FUM and FUA give eight days."""
    story = Story(heard(ArrivedAtEd, TUE, "E1"))
    assert story.owes() != set()


def test_a_missed_visit_without_an_appointment_number_is_booked_again():
    """A front desk that ticks "no-show" names no appointment."""
    assert "rebook" in at_home(heard(VisitMissed, MON)).owes()


def test_one_booking_does_not_stand_for_two_missed_visits():
    """The heart failure clinic and the wound clinic were both missed; one of them was booked again."""
    story = at_home(
        heard(VisitMissed, MON, "heart-1"), heard(VisitMissed, MON, "wound-1"), done(VisitBooked, MON + HOUR, "heart-2")
    )
    assert "rebook" in story.owes()


def test_a_visit_missed_after_closing_is_noticed():
    """A no-show is never the end of a loop; here nobody is told of it at all."""
    story = closed(heard(VisitMissed, MON + 3 * DAY, "a-9"))
    assert {"unexpected", "rebook"} & story.owes()


@pytest.mark.parametrize("news", [Admitted, Transferred, Discharged])
def test_a_new_stay_heard_of_in_a_closed_case_is_noticed(news):
    """It is another case; but whoever routed it here must hear that nothing follows it."""
    assert "unexpected" in closed(heard(news, MON + 5 * DAY, "V2")).owes()


def test_a_transfer_may_be_the_first_thing_heard_of_a_stay():
    """News is never refused; an admission message that was lost is no reason to lose the patient."""
    assert Story(heard(Transferred, TUE, "V1")).state == "ADMITTED"


# --- duties met by what does not meet them --------------------------------------------------


def test_a_pending_test_is_not_owned_without_an_expected_date():
    """R-31: an owner and an expected date."""
    story = at_home(heard(PendingTestListed, SAT, "t-1"))
    assert story.refuses(done(PendingTestOwned, MON, "t-1", case="r-1")) is not None


def test_a_pending_test_that_is_not_named_is_refused():
    story = at_home(heard(PendingTestListed, SAT, "t-1"))
    assert story.refuses(done(PendingTestOwned, MON, case="r-1", expected_by=MON + DAY)) is not None


def test_a_link_to_something_else_does_not_take_over_a_readmission():
    story = at_home(heard(Admitted, SUN, "V2"), done(Linked, MON, case="plan-3", relation="care plan"))
    assert "follow_up" in story.owes()


def test_a_second_feed_of_the_readmission_does_not_ask_for_the_link_again():
    story = at_home(
        heard(Admitted, SUN, "V2"), done(Linked, MON, case="t-2"), heard(Admitted, MON + HOUR, "V2", key="other feed")
    )
    assert "follow_up" not in story.owes()


def test_a_harmless_summary_after_closing_does_not_make_a_later_stay_a_readmission():
    """A closed case owes nothing that closing depends on (law 6)."""
    story = closed(
        heard(SummaryReceived, MON + 3 * DAY, version="2", pending=PendingTests.NONE),
        heard(Admitted, MON + 5 * DAY, "V2"),
    )
    assert "follow_up" not in story.owes()


def test_what_was_not_yet_known_of_pending_tests_is_carried_over():
    """R-31: the first stay's summary never came, so nobody knows what was pending; the new case must ask."""
    story = at_home(heard(Admitted, SUN, "V2"))
    assert ("pending_known", "V1") in carried_over(story.case)


# --- death ----------------------------------------------------------------------------------


def test_nobody_is_called_after_a_death_because_the_discharge_message_came_behind_it():
    """Hospitals send A03 for those who died as well."""
    story = Story(IN, heard(PatientDied, FRI), heard(Discharged, FRI + HOUR, "V1"))
    assert not {"contact", "reconcile", "visit"} & story.owes()


def test_a_call_to_the_family_after_a_death_does_not_start_the_search_for_the_patient():
    story = Story(IN, heard(PatientDied, FRI), done(Contacted, SAT, caregiver=True))
    assert "whereabouts" not in story.owes()


def test_a_death_in_the_second_hospital_ends_the_hand_over_to_a_new_case():
    """`PatientDied` drops it; `Died`, which is what the hospital tells, leaves it."""
    story = at_home(heard(Admitted, SUN, "V2"), heard(Admitted, SUN + HOUR, "V3"), heard(Died, MON))
    assert "follow_up" not in story.owes()


# --- noise that teaches people to look away -------------------------------------------------


def test_a_summary_that_came_an_hour_before_the_discharge_message_is_not_asked_for_again():
    """Many hospitals sign the summary in the morning and discharge in the afternoon."""
    story = at_home(heard(SummaryReceived, FRI - HOUR, pending=PendingTests.NONE, recorded_at=SAT))
    assert not {"summary", "pending_known"} & story.owes()


def test_information_for_a_facility_whose_name_no_feed_told_counts():
    """`facility` is optional; without it the duty to share can be waived and never met."""
    story = Story(
        heard(Admitted, TUE, "V1"),
        heard(NoticeReceived, TUE, "V1", of=NoticeOf.ADMISSION),
        done(InfoShared, TUE + HOUR, to="St. Luke's"),
    )
    assert "share" not in story.owes()


def test_a_summary_about_a_visit_that_nobody_knows_is_noticed():
    """Perhaps another patient's: what names an unknown item is kept and unexpected."""
    story = at_home(heard(SummaryReceived, SAT, "V9", pending=PendingTests.LISTED, tests=("t-1",)))
    assert "unexpected" in story.owes()


def test_the_module_claims_only_criteria_that_have_a_row():
    """The charter says "CC-18 to CC-20"; there is no row for CC-20, and nothing here gives a plan to a new practice."""
    import carecoord.workflows.care_transition as module

    claimed = "CC-18 to CC-20" in (module.__doc__ or "")
    assert not claimed or any("CC-20" in criterion for criterion, _ in CRITERIA)


def closed_on_friday(*then):
    return at_home(*SETTLED, done(LoopClosed, FRI + 5 * HOUR), *then)


# --- the summary of something else ----------------------------------------------------------


def test_the_note_of_the_emergency_department_is_no_summary_of_the_stay_after_it():
    """On Tuesday it says that nothing is pending; ten days in a bed follow, and nobody asks what is pending then."""
    story = Story(
        heard(ArrivedAtEd, TUE, "E1"),
        heard(SummaryReceived, TUE + HOUR, pending=PendingTests.NONE),
        heard(Admitted, TUE + 2 * HOUR, "V1"),
        heard(Discharged, NEXT_FRI, "V1"),
    )
    assert {"summary", "pending_known"} <= story.owes()


def test_the_summary_of_the_first_hospital_is_none_of_the_second():
    story = Story(
        IN,
        heard(SummaryReceived, WED, "V1", pending=PendingTests.NONE),
        heard(Transferred, WED + HOUR, "V2"),
        heard(Discharged, NEXT_FRI, "V2"),
    )
    assert {"summary", "pending_known"} <= story.owes()


def test_an_interim_summary_is_none_of_the_end_of_the_stay():
    """The same account throughout: on Wednesday nothing was pending, and the patient left nine days later."""
    story = Story(IN, heard(SummaryReceived, WED, "V1", pending=PendingTests.NONE), heard(Discharged, NEXT_FRI, "V1"))
    assert {"summary", "pending_known"} <= story.owes()


def test_a_test_told_of_on_the_second_day_in_bed_does_not_say_what_is_pending_at_the_end():
    story = Story(IN, heard(PendingTestListed, WED, "t-1"), heard(Discharged, NEXT_FRI, "V1"))
    assert "pending_known" in story.owes()


# --- a readmission after a stay that was not ours -------------------------------------------


@pytest.mark.parametrize(
    "word",
    [
        heard(PendingTestListed, MON + DAY, "t-1"),
        heard(SummaryReceived, MON + DAY, pending=PendingTests.LISTED, tests=("t-1",)),
    ],
    ids=["a test", "a summary"],
)
def test_every_readmission_asks_for_the_new_case(word):
    """A stay heard of after closing was another case's; word of a test opened this one again; then a readmission."""
    story = closed_on_friday(heard(Admitted, MON, "V2"), word, heard(Admitted, MON + 2 * DAY, "V3"))
    assert (story.state, "follow_up" in story.owes()) == ("READMITTED", True)


def test_a_stay_heard_of_after_closing_is_a_readmission_when_it_is_told_again_after_reopening():
    story = closed_on_friday(heard(Admitted, MON, "V2"), heard(PendingTestListed, MON + DAY, "t-1"))
    story.then(heard(Admitted, MON + 2 * DAY, "V2"))
    assert (story.state, "follow_up" in story.owes()) == ("READMITTED", True)


@pytest.mark.parametrize("news", [Admitted, Transferred, Discharged])
def test_a_stay_that_was_another_cases_does_not_hide_a_cancelled_discharge(news):
    story = closed_on_friday(heard(news, MON, "V9"), heard(DischargeCancelled, MON + DAY, "V1"))
    assert story.state == "ADMITTED"


# --- the number that was typed --------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "clock"),
    [(done(Contacted, MON, "V1"), "contact"), (done(MedsReconciled, MON, "V1", by=NURSE), "reconcile")],
    ids=["contact", "reconcile"],
)
def test_an_act_under_the_first_account_of_the_stay_counts_after_the_last(act, clock):
    """Admitted under V1, transferred to V2, home from V2: the nurse sees the case's first number and types that."""
    story = Story(IN, heard(Transferred, WED, "V2"), heard(Discharged, FRI, "V2"), act)
    assert clock not in story.owes()


def test_tries_under_the_first_account_of_the_stay_count_after_the_last():
    tries = [done(ContactAttempted, at, "V1", clock="contact", way=Way.PHONE) for at in (SAT, MON)]
    story = Story(IN, heard(Transferred, WED, "V2"), heard(Discharged, FRI, "V2"), *tries)
    assert story.refuses(done(UnableToReach, MON + HOUR, clock="contact")) is None


def test_a_pending_test_without_a_name_can_be_owned():
    """Nobody may waive it, so otherwise the case could never be closed."""
    story = at_home(heard(PendingTestListed, SAT))
    assert story.refuses(done(PendingTestOwned, MON, case="r-1", expected_by=MON + DAY)) is None


# --- a discharge that is not believed -------------------------------------------------------


@pytest.mark.parametrize(("hours", "noticed"), [(23, False), (24, True)])
def test_for_a_day_an_account_may_be_closed_behind_the_patient(hours, noticed):
    """Then it is no second-hand tidying any more: perhaps they are home."""
    story = Story(IN, heard(Transferred, WED, "V2"), heard(Discharged, WED + hours * HOUR, "V1"))
    assert (story.state, "unexpected" in story.owes()) == ("ADMITTED", noticed)


def test_a_discharge_under_an_account_left_long_ago_is_noticed():
    """Some feeds keep the emergency department's number to the end; the only discharge message is then this one."""
    story = Story(heard(ArrivedAtEd, TUE, "E1"), heard(Admitted, TUE + HOUR, "V1"), heard(Discharged, FRI, "E1"))
    assert story.state == "DISCHARGED" or "unexpected" in story.owes()


def test_coming_home_from_a_facility_is_noticed_under_whichever_account_it_is_told():
    """An emergency visit from the nursing home had its own number; the coordinator tells the home-coming under V1."""
    away = {"disposition": Disposition.FACILITY}
    story = Story(IN, heard(Discharged, FRI, "V1", **away), heard(Discharged, MON, "E3", **away))
    story.then(heard(Discharged, NEXT_FRI, "V1"))
    assert story.state == "DISCHARGED" or "unexpected" in story.owes()


def test_a_second_discharge_without_a_number_owes_a_second_call():
    """A week between them is no second feed; the admission message was lost."""
    story = Story(heard(Admitted, TUE), heard(Discharged, FRI), done(Contacted, MON), heard(Discharged, NEXT_FRI))
    assert {"contact", "unexpected"} & story.owes()


def test_a_second_discharge_under_the_same_number_a_week_later_is_noticed():
    story = at_home(done(Contacted, MON), heard(Discharged, NEXT_FRI, "V1"))
    assert {"contact", "unexpected"} & story.owes()


# --- missed visits --------------------------------------------------------------------------


@pytest.mark.parametrize("appointment", ["a-1", None])
def test_an_appointment_that_is_missed_twice_can_be_booked_again_twice(appointment):
    """A booking that was moved often keeps its number, and a front desk names none."""
    story = at_home(
        heard(VisitMissed, MON, appointment),
        done(VisitBooked, MON + HOUR, appointment),
        heard(VisitMissed, MON + 2 * DAY, appointment),
        done(VisitBooked, MON + 3 * DAY, "a-9"),
    )
    assert "rebook" not in story.owes()


def test_a_missed_visit_that_was_let_go_does_not_stand_in_the_way_of_the_next():
    story = at_home(
        heard(VisitMissed, MON, "a-1"),
        done(Waived, MON + HOUR, "a-1", clock="rebook", reason="not needed", by=CLINICIAN),
        heard(VisitMissed, MON + DAY, "a-2"),
        done(VisitBooked, MON + 2 * DAY, "a-3"),
    )
    assert "rebook" not in story.owes()


def test_a_visit_missed_in_an_earlier_time_at_home_does_not_stand_in_the_way_of_the_next():
    story = at_home(
        heard(VisitMissed, SAT, "a-1"),
        heard(DischargeCancelled, SUN, "V1"),
        heard(Discharged, MON, "V1"),
        heard(VisitMissed, MON + DAY, "a-2"),
        done(VisitBooked, MON + 2 * DAY, "a-3"),
    )
    assert "rebook" not in story.owes()


def test_reopening_does_not_bring_back_a_missed_visit_that_was_let_go():
    story = at_home(
        heard(VisitMissed, SAT, "a-1"),
        done(Waived, SAT + HOUR, "a-1", clock="rebook", reason="not needed", by=CLINICIAN),
        heard(Admitted, SUN, "V2"),
        done(Reopened, MON, by=CLINICIAN),
    )
    assert "rebook" not in story.owes()


# --- two stays, one word of them ------------------------------------------------------------


def test_a_pending_test_told_of_during_a_mistaken_readmission_is_owed_when_the_case_goes_on():
    """It was unexpected there, and somebody took notice: "the new case must hear of it"; then there was no new case."""
    story = Story(IN, HOME, heard(Admitted, SAT, "V2"), heard(PendingTestListed, SUN, "t-1"))
    story.then(done(Reopened, MON, by=CLINICIAN))
    assert "pending" in story.owes()


def test_a_summary_told_of_during_a_mistaken_readmission_names_tests_that_are_owed_when_the_case_goes_on():
    listed = heard(SummaryReceived, SUN, "V1", pending=PendingTests.LISTED, tests=("t-1",))
    story = Story(IN, HOME, heard(Admitted, SAT, "V2"), listed)
    story.then(done(Reopened, MON, by=CLINICIAN))
    assert "pending" in story.owes()


def test_a_stay_that_nobody_saw_and_that_ended_in_a_facility_asks_for_pending_tests():
    """At home since the 10th; on the 17th a nursing home stay begins that a hospital stay must have come before."""
    story = Story(IN, HOME, heard(SummaryReceived, SAT, pending=PendingTests.NONE), done(Contacted, MON))
    story.then(heard(Discharged, FRI + 7 * DAY, "V9", disposition=Disposition.FACILITY))
    assert (story.state, "pending_known" in story.owes()) == ("ELSEWHERE", True)


def test_a_summary_that_names_its_stay_is_the_one_of_that_stay():
    story = Story(IN, heard(Discharged, FRI, "V1", disposition=Disposition.FACILITY), heard(Discharged, MON, "S1"))
    story.then(heard(SummaryReceived, MON + DAY, "S1", pending=PendingTests.NONE))
    assert story.owed("summary").item == story.owed("pending_known").item == "V1"


def test_one_summary_without_a_number_does_not_stand_for_two_that_are_owed():
    """Hospital, nursing home, home: the nursing home's paper came; what was pending in the hospital nobody said."""
    story = Story(IN, heard(Discharged, FRI, "V1", disposition=Disposition.FACILITY), heard(Discharged, MON, "S1"))
    story.then(heard(SummaryReceived, MON + DAY, pending=PendingTests.NONE))
    assert {"summary", "pending_known"} <= story.owes()


def test_an_unseen_stay_that_ended_in_a_facility_asks_for_pending_tests_without_a_number_too():
    """With a number it does; a home-coming without one does; this alone does not."""
    story = Story(heard(Admitted, TUE), heard(Discharged, FRI))
    story.then(heard(SummaryReceived, SAT, pending=PendingTests.NONE), done(Contacted, MON))
    story.then(heard(Discharged, FRI + 7 * DAY, disposition=Disposition.FACILITY))
    assert (story.state, "pending_known" in story.owes()) == ("ELSEWHERE", True)


# --- the wrong visit ------------------------------------------------------------------------

AFTER_PSYCHIATRY = TransitionFacts(visit_kind="mental health")


@pytest.mark.parametrize(("kind", "counts"), [("mental health", True), ("blood draw", False), ("", False)])
def test_where_a_kind_of_visit_is_wanted_only_that_kind_counts(kind, counts):
    """HEDIS FUH: after a stay in psychiatry a blood draw is no follow-up, and neither is a visit of unknown kind."""
    story = Story(IN, HOME, heard(VisitHeld, MON, kind=kind), facts=AFTER_PSYCHIATRY)
    assert story.ended("visit") == ((How.MET,) if counts else ())


def test_where_no_kind_is_wanted_any_visit_counts():
    assert at_home(heard(VisitHeld, MON, kind="blood draw")).ended("visit") == (How.MET,)


def test_which_kind_of_visit_is_wanted_may_be_said_later_and_holds_from_then_on():
    story = at_home(heard(StayCorrected, SAT, visit_kind="mental health"), heard(VisitHeld, MON, kind="blood draw"))
    assert story.owed("visit")
    story.then(heard(StayCorrected, MON + HOUR, visit_kind=""), heard(VisitHeld, MON + DAY, kind="office"))
    assert story.ended("visit") == (How.MET,)


@pytest.mark.parametrize(
    ("event", "counts"),
    [
        (heard(VisitHeld, MON, "a-2", kind="blood draw"), False),
        (heard(VisitHeld, MON, "a-2", kind="mental health"), True),
        (done(VisitBooked, MON, "a-2", kind="blood draw"), False),
        (done(VisitBooked, MON, "a-2", kind="mental health"), True),
        (done(VisitBooked, MON, "a-2"), True),  # to be held yet, and then it says its kind
        (done(VisitBooked, MON, "a-2", kind="phone", instead_of="a-1"), True),  # somebody says that it makes it good
    ],
)
def test_a_missed_visit_is_not_made_good_by_one_of_another_kind(event, counts):
    story = Story(IN, HOME, heard(VisitMissed, SAT, "a-1"), event, facts=AFTER_PSYCHIATRY)
    assert (story.owed("rebook", "a-1") is None) == counts


# --- what is told twice, and what is told under the wrong number ----------------------------


def test_a_second_feed_of_one_admission_is_no_second_word_of_where_the_patient_is():
    """Another feed, or the same one again: the patient is where we knew them to be."""
    story = Story(IN)
    owed = story.owed("whereabouts")
    story.then(heard(Admitted, TUE, "V1", key="second feed"), heard(Admitted, TUE + HOUR, "V1"))
    assert (story.owed("whereabouts"), story.ended("whereabouts")) == (owed, ())


@pytest.mark.parametrize("how", [Disposition.AGAINST_ADVICE, Disposition.LEFT_UNSEEN])
def test_whoever_walked_out_is_noticed_under_whichever_account_it_is_told(how):
    """Tidying an account behind a patient does not say that they walked out of it."""
    story = Story(heard(ArrivedAtEd, TUE, "E1"), heard(Admitted, TUE + HOUR, "V1"))
    story.then(heard(Discharged, TUE + 6 * HOUR, "E1", disposition=how))
    assert story.state == "DISCHARGED" or "unexpected" in story.owes()


def test_a_short_stay_that_is_cancelled_and_ends_under_the_emergency_account_is_a_discharge():
    """The hospital takes its admission back [A11] and closes the emergency account: the patient went home."""
    admission = heard(Admitted, TUE + HOUR, "V1")
    story = Story(heard(ArrivedAtEd, TUE, "E1"), admission, heard(Discharged, TUE + 6 * HOUR, "E1"))
    assert story.state == "ADMITTED"
    story.then(heard(Retracted, TUE + 7 * HOUR, retracts=admission.key))
    assert (story.state, "contact" in story.owes()) == ("DISCHARGED", True)

"""
Referral: journeys, each told with dates that a reader can check on a wall calendar.

Tuesday the 7th of July 2026 is the draft, and the package leaves at ten. Friday the 10th is the first visit, Monday the
13th the next working day. A routine report is owed within 90 days of the first sending: by Monday the 5th of October.
"""

import pytest
from tests.referral_story import (
    DRAFT,
    EVERYTHING,
    OWNER,
    Referral,
    informed,
    redirected,
    reviewed,
    sent,
)
from tests.transition_story import (
    CLINICIAN,
    DAY,
    FRI,
    HOUR,
    MON,
    SAT,
    THU,
    TUE,
    WED,
    done,
    heard,
    midnight,
    of,
    taken_back,
)

from carecoord import (
    Acknowledged,
    DeadlineMissed,
    DeadlineSettled,
    Escalated,
    How,
    Linked,
    LoopClosed,
    MomentCorrected,
    Moved,
    PatientDied,
    ReadyToClose,
    Reopened,
    Role,
    StoodDown,
    ToldAgain,
    Waived,
    next_check,
)
from carecoord.workflows.referral import (
    Accepted,
    Answered,
    AppointmentCancelled,
    Booked,
    CancelConfirmed,
    CancelRequested,
    CancelWithdrawn,
    Declined,
    Disposition,
    InformationRequested,
    InformationSupplied,
    Inquired,
    Integrated,
    InterimNoteReceived,
    NoShow,
    Rebooked,
    ReportCorrected,
    ReportReceived,
    ReportRetracted,
    Specified,
    Undeliverable,
    VisitCompleted,
    Withdrawn,
)

SENT = sent("a-1", TUE + HOUR)
ACCEPTED = heard(Accepted, WED, "a-1")
BOOKED = heard(Booked, WED + HOUR, "v-1", visit_at=FRI)
REPORT_DUE = midnight(2026, 10, 6)


# --- from the draft to the closing ----------------------------------------------------------


def test_the_plain_journey():
    """Sent on Tuesday, seen on Friday, reported and read on Monday."""
    story = Referral(SENT)
    assert (story.state, story.due("answer"), story.due("report")) == ("SENT", midnight(2026, 7, 15), REPORT_DUE)
    story.then(ACCEPTED, BOOKED)
    assert (story.state, story.due("visit_outcome")) == ("BOOKED", midnight(2026, 7, 15))
    story.then(heard(VisitCompleted, FRI + HOUR, "v-1"), heard(ReportReceived, MON, "r-1"))
    assert (story.state, story.owes()) == ("REPORTED", {"review", "inform"})
    story.then(reviewed(MON + HOUR), informed(MON + 2 * HOUR), done(LoopClosed, MON + 3 * HOUR))
    assert (story.state, story.owes()) == ("CLOSED", set())
    assert {one.how for one in story.case.settled} == {How.MET}


def test_the_host_hears_once_that_the_loop_may_be_closed():
    story = Referral(SENT, heard(ReportReceived, MON, "r-1"), reviewed(MON + HOUR))
    assert of(story.said, ReadyToClose) == ()
    story.then(informed(MON + 2 * HOUR))
    assert len(of(story.said, ReadyToClose)) == 1


def test_a_plan_change_and_new_orders_keep_the_loop_open_until_they_are_brought_in():
    story = Referral(SENT, heard(ReportReceived, MON, "r-1"), informed(MON + HOUR))
    story.then(reviewed(MON + 2 * HOUR, disposition=Disposition.PLAN_CHANGE))
    story.then(reviewed(MON + 3 * HOUR, disposition=Disposition.NEW_ORDERS, orders=("o-1", "o-2")))
    assert story.refuses(done(LoopClosed, MON + 4 * HOUR)).claims == (
        "'integrate' is settled",
        "'follow_up' is settled",
    )
    story.then(
        done(Integrated, MON + 4 * HOUR, "r-1", plan="p-1", plan_version="3"),
        done(Linked, MON + 4 * HOUR, "o-1", case="o-41"),
    )
    assert (story.owed("integrate"), story.owed("follow_up").item) == (None, "o-2")
    story.then(done(Linked, MON + 5 * HOUR, "o-2", case="t-2"))
    assert story.refuses(done(LoopClosed, MON + 6 * HOUR)) is None


def test_what_they_ask_for_is_supplied_and_they_answer_anew():
    story = Referral(SENT, heard(InformationRequested, WED, "a-1", wanted=("ecg",)))
    assert (story.state, story.owed("answer"), story.due("supply")) == ("NEEDS_INFO", None, midnight(2026, 7, 11))
    story.then(done(InformationSupplied, THU, "a-1", enclosed=("ecg",)))
    assert (story.state, story.due("answer"), story.owed("answer").round) == ("SENT", midnight(2026, 7, 17), 2)


# --- the patient does not come --------------------------------------------------------------


def test_no_show_twice():
    """Each time somebody must book again; the specialist's office gets none of our patience for the report."""
    story = Referral(SENT, ACCEPTED, BOOKED, heard(NoShow, FRI + HOUR, "v-1"))
    assert (story.state, story.due("rebook"), story.owed("rebook").item) == ("NO_SHOW", midnight(2026, 7, 15), "v-1")
    story.then(heard(Rebooked, MON, "v-2", visit_at=MON + 2 * DAY, instead_of="v-1"))
    assert (story.state, story.owed("rebook"), story.owed("visit_outcome").item) == ("BOOKED", None, "v-2")
    story.then(heard(NoShow, MON + 2 * DAY + HOUR, "v-2"))
    assert (story.state, story.owed("rebook").item) == ("NO_SHOW", "v-2")
    assert story.ended("visit_outcome") == (How.MET, How.MET)
    assert (story.due("report"), story.owed("report").round) == (REPORT_DUE, 1)


@pytest.mark.parametrize("missed", [NoShow, AppointmentCancelled])
def test_a_no_show_for_an_old_appointment_after_rebooking(missed):
    """It is no news of the new one: nothing moves, and nobody is rung."""
    story = Referral(SENT, ACCEPTED, BOOKED, heard(Rebooked, THU, "v-2", visit_at=MON, instead_of="v-1"))
    owed = story.case.deadlines
    story.then(heard(missed, FRI + HOUR, "v-1"))
    assert (story.state, story.case.facts.appointment) == ("BOOKED", "v-2")
    assert story.case.deadlines == owed


def test_a_no_show_that_is_heard_late_stands_before_the_new_booking():
    story = Referral(SENT, ACCEPTED, BOOKED, heard(Booked, MON, "v-2", visit_at=MON + DAY))
    story.then(heard(NoShow, FRI + HOUR, "v-1", recorded_at=MON + HOUR))
    assert (story.state, story.owed("rebook"), story.ended("rebook")) == ("BOOKED", None, (How.MET,))


# --- cancelling -----------------------------------------------------------------------------


def test_a_cancel_request_raced_by_an_outcome():
    """The outcome wins (BSeR TID 24), and that we asked is never lost from the history."""
    asked = done(CancelRequested, THU, "a-1", reason="better")
    story = Referral(SENT, ACCEPTED, asked)
    assert (story.state, story.due("confirm_cancel")) == ("CANCEL_REQUESTED", midnight(2026, 7, 15))
    story.then(heard(ReportReceived, FRI, "r-1"))
    assert (story.state, story.owes()) == ("REPORTED", {"review", "inform"})
    assert story.ended("confirm_cancel") == (How.MET,)
    story.then(heard(CancelConfirmed, MON, "a-1"))
    assert (story.state, story.owed("unexpected")) == ("REPORTED", None)
    assert asked in [event for entry in story.log for event in entry.events]


def test_a_report_that_was_here_before_the_request_overtakes_it():
    """Filed on Friday, arrived on Wednesday: there was nothing left to stop, and somebody must know."""
    story = Referral(SENT, ACCEPTED, done(CancelRequested, THU, "a-1", reason="better", key="stop"))
    story.then(heard(ReportReceived, WED + 5 * HOUR, "r-1", recorded_at=FRI))
    assert (story.state, story.owed("overtaken").item) == ("REPORTED", "stop")


def test_a_cancellation_is_confirmed():
    story = Referral(SENT, ACCEPTED, done(CancelRequested, THU, "a-1", reason="better"))
    step = story.then(heard(CancelConfirmed, FRI, "a-1"))
    assert (story.state, story.owes()) == ("CANCELLED", set())
    assert {(one.clock, one.how) for one in of(step.effects, DeadlineSettled)} == {
        ("confirm_cancel", How.MET),
        ("report", How.DROPPED),
    }


def test_a_cancellation_that_is_never_confirmed_is_let_go_by_a_person_and_then_withdrawn():
    """It rings up to the safety officer; without a waiver nobody may pretend that it was confirmed."""
    story = Referral(SENT, ACCEPTED, done(CancelRequested, THU, "a-1", reason="better"))
    story.look(THU + 12 * DAY)
    told = [one.notify for one in of(story.said, Escalated, "confirm_cancel")]
    assert told[-1] is Role.SAFETY_OFFICER
    withdrawn = done(Withdrawn, THU + 13 * DAY, reason="patient is better")
    assert story.refuses(withdrawn).claims == (
        "they cannot confirm, or did not by when we asked them to, or that was let go, or the patient died",
    )
    story.then(done(Waived, THU + 12 * DAY + HOUR, clock="confirm_cancel", reason="no answer", by=OWNER), withdrawn)
    assert (story.state, story.owes()) == ("WITHDRAWN", set())


def test_a_cancellation_that_is_not_confirmed_by_when_we_asked_for_it_is_withdrawn_from_that_moment_on():
    """Asked on Thursday for Monday at ten: a minute before it nobody may end it alone, and at ten somebody may."""
    asked = done(CancelRequested, THU, "a-1", reason="better", confirm_by=MON)
    story = Referral(SENT, ACCEPTED, asked)
    assert story.due("confirm_cancel") == MON
    assert story.refuses(done(Withdrawn, MON.subtract(minutes=1), reason="patient is better")) is not None
    story.then(done(Withdrawn, MON, reason="patient is better"))
    assert (story.state, story.owes(), story.ended("confirm_cancel")) == ("WITHDRAWN", set(), (How.MET_LATE,))


def test_a_confirmation_that_is_heard_late_is_what_ended_it_and_the_withdrawal_is_overtaken():
    """They had confirmed on Friday, and that is heard on Tuesday: there was nothing left to withdraw."""
    asked = done(CancelRequested, THU, "a-1", reason="better", confirm_by=MON)
    withdrawn = done(Withdrawn, MON, reason="patient is better", key="alone")
    story = Referral(SENT, ACCEPTED, asked, withdrawn)
    story.then(heard(CancelConfirmed, FRI, "a-1", recorded_at=MON + DAY))
    assert (story.state, story.owed("overtaken").item) == ("CANCELLED", "alone")


def test_a_request_that_was_withdrawn_or_repeated_moves_no_moment_by_which_they_confirm():
    asked = done(CancelRequested, THU, "a-1", reason="better", confirm_by=MON)
    again = done(CancelRequested, FRI, "a-1", reason="better", confirm_by=MON + 7 * DAY, key="again")
    story = Referral(SENT, ACCEPTED, asked, again)
    assert story.due("confirm_cancel") == MON
    assert story.refuses(done(Withdrawn, MON, reason="better")) is None
    story.then(done(CancelWithdrawn, FRI + HOUR, "a-1"))
    assert story.refuses(done(Withdrawn, MON, reason="better")) is not None


@pytest.mark.parametrize(
    ("state", "come"),
    [
        ("SENT", ()),
        ("NEEDS_INFO", (heard(InformationRequested, WED, "a-1"),)),
        ("ACCEPTED", (ACCEPTED,)),
        ("BOOKED", (ACCEPTED, BOOKED)),
        ("NO_SHOW", (BOOKED, heard(NoShow, FRI - HOUR, "v-1"))),
        ("APPOINTMENT_CANCELLED", (BOOKED, heard(AppointmentCancelled, THU, "v-1"))),
        ("SEEN", (BOOKED, heard(VisitCompleted, FRI - HOUR, "v-1"))),
    ],
)
def test_a_cancellation_that_is_withdrawn_leads_back_to_where_it_stood_and_to_what_was_owed(state, come):
    story = Referral(SENT, *come)
    assert story.state == state
    owed = story.owes()
    story.then(done(CancelRequested, FRI, "a-1", reason="better"), done(CancelWithdrawn, FRI + HOUR, "a-1"))
    assert (story.state, story.owes()) == (state, owed)


def test_what_was_heard_while_we_asked_them_to_stop_counts_when_we_want_it_after_all():
    """Accepted and booked meanwhile, and the patient did not come: it is to be booked again."""
    story = Referral(SENT, done(CancelRequested, TUE + 2 * HOUR, "a-1", reason="better"))
    story.then(ACCEPTED, BOOKED, heard(NoShow, FRI + HOUR, "v-1"))
    assert (story.state, story.owed("rebook"), story.owed("book")) == ("CANCEL_REQUESTED", None, None)
    story.then(done(CancelWithdrawn, MON, "a-1"))
    assert (story.state, story.owed("rebook").item) == ("NO_SHOW", "v-1")


# --- who does not answer, and who will not do it --------------------------------------------


def test_a_recipient_without_any_handshake():
    """A fax: nobody accepts and nobody books, so we ask; the report comes, and the loop closes."""
    story = Referral(sent("a-1", TUE + HOUR, "fax-office", confirms=False))
    story.look(midnight(2026, 7, 15))
    assert of(story.said, DeadlineMissed, "answer")
    story.then(done(Inquired, WED + 8 * DAY, "a-1", of="receipt"))
    assert story.owed("answer")
    story.then(heard(ReportReceived, MON + 30 * DAY, "r-1"))
    assert (story.state, story.owes(), story.ended("answer")) == ("REPORTED", {"review", "inform"}, (How.MET_LATE,))


def test_who_cannot_confirm_need_not():
    story = Referral(sent("a-1", TUE + HOUR, "fax-office", confirms=False), done(Withdrawn, WED, reason="better"))
    assert (story.state, story.owes()) == ("WITHDRAWN", set())


def test_declined_after_acceptance_and_sent_to_another_whose_predecessors_report_then_arrives():
    """It is read and told; but the one who was asked now still owes a report of their own."""
    story = Referral(SENT, ACCEPTED, BOOKED, heard(Declined, THU, "a-1", reason="capacity"))
    assert (story.state, story.due("decide"), story.owed("visit_outcome")) == ("DECLINED", midnight(2026, 7, 15), None)
    story.then(redirected("a-2", FRI))
    assert (story.state, story.owed("answer").item, story.due("report")) == ("SENT", "a-2", REPORT_DUE)
    story.then(heard(ReportReceived, MON, "r-1", attempt="a-1"))
    assert (story.state, story.owed("unexpected")) == ("SENT", None)
    assert story.owes() == {"answer", "report", "review", "inform"}
    story.then(reviewed(MON + HOUR, "r-1"), informed(MON + HOUR, "r-1"))
    assert story.owes() == {"answer", "report"}
    assert story.refuses(done(LoopClosed, MON + 2 * HOUR)) is not None
    story.then(heard(ReportReceived, MON + 30 * DAY, "r-2", attempt="a-2"))
    assert (story.state, story.ended("report")) == ("REPORTED", (How.MET,))


def test_a_report_of_an_earlier_attempt_is_read_although_we_end_the_referral():
    story = Referral(SENT, heard(Declined, THU, "a-1"), redirected("a-2", FRI, confirms=False))
    story.then(heard(ReportReceived, MON, "r-1", attempt="a-1"), done(Withdrawn, MON + HOUR, reason="answered"))
    assert (story.state, story.owes()) == ("WITHDRAWN", {"review", "inform"})
    story.then(reviewed(MON + 2 * HOUR, "r-1"), informed(MON + 2 * HOUR, "r-1"))
    assert (story.state, story.owes()) == ("WITHDRAWN", set())


def test_a_decline_that_was_a_mistake_leaves_nothing_to_decide():
    story = Referral(SENT, heard(Declined, WED, "a-1"), heard(Accepted, THU, "a-1"))
    assert (story.state, story.owed("decide"), story.ended("decide")) == ("ACCEPTED", None, (How.DROPPED,))


def test_fax_failed():
    """It is ours again, and somebody must send it; the wait for the report does not begin anew."""
    story = Referral(SENT, heard(Undeliverable, TUE + 2 * HOUR, "a-1", reason="busy"))
    assert (story.state, story.owes(), story.due("send")) == ("DRAFTED", {"send", "report"}, midnight(2026, 7, 11))
    story.then(sent("a-2", WED))
    assert (story.state, story.due("report"), story.owed("report").round) == ("SENT", REPORT_DUE, 1)


def test_a_fax_that_failed_and_came_through():
    """The report proves it; without it the news of the failure can be taken back."""
    failed = heard(Undeliverable, TUE + 2 * HOUR, "a-1")
    story = Referral(SENT, failed)
    other = story.fork()
    story.then(heard(ReportReceived, FRI, "r-1", attempt="a-1"))
    assert (story.state, story.owes()) == ("REPORTED", {"review", "inform"})
    other.then(taken_back(failed, WED))
    assert other.state == "SENT"


# --- reports --------------------------------------------------------------------------------


def test_a_report_before_acceptance_and_before_the_sending_was_filed():
    """An unknown report surprises; once the sending is filed where it belongs, nothing does."""
    story = Referral()
    step = story.then(heard(ReportReceived, FRI, "r-1"))
    assert (story.state, story.owes()) == ("DRAFTED", {"send", "unexpected"})
    assert not of(step.effects, Moved)
    story.then(sent("a-1", TUE + HOUR, recorded_at=MON))
    assert (story.state, story.owes()) == ("REPORTED", {"review", "inform"})
    assert (story.owed("review").started_at, story.ended("answer")) == (FRI, (How.MET,))
    story.then(heard(Accepted, WED, "a-1", recorded_at=MON + HOUR))
    assert (story.state, story.owes()) == ("REPORTED", {"review", "inform"})


def test_an_interim_note_and_then_silence():
    """The note is read, and closes nothing; the report is missed in October, and rings until it is there."""
    story = Referral(SENT, ACCEPTED, BOOKED, heard(InterimNoteReceived, FRI + 2 * HOUR, "n-1"))
    assert (story.state, story.owes()) == ("SEEN", {"report", "review"})
    story.then(reviewed(MON, "n-1"))
    assert (story.state, story.owes()) == ("SEEN", {"report"})
    assert story.refuses(done(LoopClosed, MON + HOUR)) is not None
    story.look(REPORT_DUE + 60 * DAY)
    told = of(story.said, Escalated, "report")
    assert {one.notify for one in told} == {Role.COORDINATOR, Role.SURROGATE, Role.SUPERVISOR, Role.SAFETY_OFFICER}
    assert next_check(story.case) > REPORT_DUE + 60 * DAY


def test_a_note_before_the_visit_does_not_tell_what_became_of_it():
    story = Referral(SENT, ACCEPTED, BOOKED, heard(InterimNoteReceived, THU, "n-1"))
    assert story.owed("visit_outcome").item == "v-1"


def test_one_report_for_two_referrals():
    """Each takes it under a key of its own, and each is read; nothing of the one is done in the other."""
    one = Referral(SENT, heard(ReportReceived, MON, "r-1", key="m-1/r-17"))
    other = Referral(sent("b-1", TUE + 2 * HOUR, "lab"), heard(ReportReceived, MON, "r-1", key="m-1/r-18"))
    one.then(reviewed(MON + HOUR, "r-1", question_answered=Answered.YES))
    assert ("review" in one.owes(), "review" in other.owes()) == (False, True)


def test_a_report_filed_to_the_wrong_referral_and_found_a_week_later():
    """It was read, told and closed: all of it is undone, the wait goes on from where it began, the patient is told."""
    wrong = heard(ReportReceived, MON, "r-1")
    story = Referral(
        SENT, ACCEPTED, wrong, reviewed(MON + HOUR), informed(MON + HOUR), done(LoopClosed, MON + 2 * HOUR)
    )
    assert story.state == "CLOSED"
    step = story.then(taken_back(wrong, MON + 7 * DAY))
    assert of(step.effects, Moved)[0].to == "ACCEPTED"
    assert (story.due("report"), story.owed("report").round) == (REPORT_DUE, 1)
    assert story.owes() == {"book", "report", "overtaken", "tell_again"}
    assert story.owed("tell_again").item == "patient"
    overtaken = [one.item for one in story.case.deadlines if one.clock == "overtaken"]
    story.then(
        done(ToldAgain, MON + 7 * DAY + HOUR, "patient"),
        *(done(Acknowledged, MON + 7 * DAY + HOUR, item, clock="overtaken") for item in overtaken),
    )
    assert story.owes() == {"book", "report"}


def test_a_report_that_they_take_back_is_waited_for_again_and_whoever_was_told_is_told():
    """Unlike one filed by mistake it was here, so what was done with it stands in the history."""
    story = Referral(
        SENT, ACCEPTED, BOOKED, heard(VisitCompleted, FRI + HOUR, "v-1"), heard(ReportReceived, MON, "r-1")
    )
    story.then(reviewed(MON + HOUR), informed(MON + HOUR), done(LoopClosed, MON + 2 * HOUR))
    step = story.then(heard(ReportRetracted, MON + DAY, "r-1", why="wrong patient"))
    assert of(step.effects, Moved) == (Moved("t-1", step.case.seq, "CLOSED", "SEEN"),)
    assert (story.owes(), story.owed("tell_again").item) == ({"report", "visit_note", "tell_again"}, "patient")
    assert (story.due("report"), story.owed("report").round) == (REPORT_DUE, 2)
    story.then(heard(ReportReceived, MON + 2 * DAY, "r-1"))
    assert story.owed("unexpected"), "the version that was taken back came again"
    story.then(heard(ReportReceived, MON + 3 * DAY, "r-1", version=2))
    assert story.state == "REPORTED"


def test_a_correction_after_closing_is_read_and_told_anew():
    story = Referral(SENT, heard(ReportReceived, MON, "r-1"), reviewed(MON + HOUR), informed(MON + HOUR))
    story.then(done(LoopClosed, MON + 2 * HOUR), heard(ReportCorrected, MON + DAY, "r-1", version=2))
    assert (story.state, story.owed("review").item, story.owed("inform").item) == ("REPORTED", "r-1:2", "r-1:2")
    story.then(reviewed(MON + DAY + HOUR, "r-1"))
    assert story.owed("review"), "the first version was read, and not the second"
    story.then(reviewed(MON + DAY + 2 * HOUR, "r-1", version=2), informed(MON + DAY + 2 * HOUR, "r-1", version=2))
    assert story.refuses(done(LoopClosed, MON + 2 * DAY)) is None


def test_a_correction_of_form_alone_is_read_and_not_told():
    story = Referral(SENT, heard(ReportReceived, MON, "r-1"), reviewed(MON + HOUR), informed(MON + HOUR))
    story.then(heard(ReportCorrected, MON + DAY, "r-1", version=2, content_changed=False))
    assert story.owes() == {"review"}


def test_a_correction_whose_first_version_was_lost_is_told():
    story = Referral(SENT, heard(ReportCorrected, MON, "r-1", version=2, content_changed=False))
    assert (story.state, story.owes()) == ("REPORTED", {"review", "inform"})


def test_a_late_report_after_the_end_opens_the_referral_again():
    story = Referral(SENT, done(CancelRequested, WED, "a-1", reason="better"), heard(CancelConfirmed, THU, "a-1"))
    assert story.state == "CANCELLED"
    story.then(heard(ReportReceived, MON, "r-1", attempt="a-1"))
    assert (story.state, story.owes()) == ("REPORTED", {"review", "inform"})


# --- the host, and the moments --------------------------------------------------------------


def test_the_host_was_down_three_weeks_and_catches_up():
    """One fold, one difference: what was missed and is met is not rung, what is owed is."""
    story = Referral(SENT)
    backlog = (
        done(Inquired, MON + 7 * DAY, "a-1", of="receipt"),
        ACCEPTED,
        heard(InterimNoteReceived, FRI + HOUR, "n-1"),
        BOOKED,
        heard(NoShow, FRI + DAY, "v-9"),
        heard(Rebooked, MON, "v-2", visit_at=MON + DAY),
    )
    caught_up = story.catch_up(*backlog, at=FRI + 21 * DAY)
    assert caught_up.refused == ()
    assert (story.state, story.ended("answer")) == ("BOOKED", (How.MET,))
    assert not of(caught_up.effects, DeadlineMissed, "answer")
    assert of(caught_up.effects, DeadlineMissed, "visit_outcome")
    assert of(caught_up.effects, DeadlineMissed, "review")
    assert {"visit_outcome", "review", "report", "unexpected"} == story.owes()
    by_hand = Referral(SENT)
    for event in sorted(backlog, key=lambda one: one.at):
        by_hand.then(event)
    assert (by_hand.state, by_hand.case.facts) == (story.state, story.case.facts)


def test_a_host_that_only_looked_for_three_weeks_and_then_heard_stands_down_what_it_rang():
    story = Referral(SENT)
    story.look(FRI + 21 * DAY)
    step = story.then(heard(Accepted, WED, "a-1", recorded_at=FRI + 21 * DAY))
    assert of(step.effects, StoodDown, "answer")
    assert of(step.effects, DeadlineMissed, "book")


def test_a_corrected_moment_moves_what_counts_from_it():
    story = Referral(SENT)
    story.then(heard(MomentCorrected, FRI, corrects=SENT.key, moment=WED))
    assert (story.due("answer"), story.due("report")) == (midnight(2026, 7, 16), midnight(2026, 10, 7))


def test_a_report_that_is_needed_by_a_day_is_due_then():
    story = Referral(done(Specified, TUE + HOUR / 2, needed_by=MON), SENT)
    assert story.due("report") == MON


def test_a_dead_patients_referral_is_brought_to_an_end():
    story = Referral(SENT, ACCEPTED, BOOKED, heard(NoShow, FRI, "v-1"), heard(PatientDied, SAT))
    assert (story.owed("rebook"), "wrap_up" in story.owes()) == (None, True)
    story.then(done(Withdrawn, MON, reason="died", by=CLINICIAN))
    assert (story.state, story.owes(), story.ended("wrap_up")) == ("WITHDRAWN", set(), (How.MET,))


def test_a_referral_that_was_ended_and_goes_on_is_sent_anew():
    """Nothing of the former attempt comes back; the report is waited for from the new sending."""
    story = Referral(SENT, heard(Declined, WED, "a-1"), done(Withdrawn, THU, reason="better"))
    story.then(done(Reopened, FRI, reason="worse"))
    assert (story.state, story.owes()) == ("DRAFTED", {"send"})
    assert story.refuses(sent("a-1", MON)).claims[0].endswith("the attempt is a new one")
    story.then(sent("a-2", MON, enclosed=EVERYTHING))
    assert (story.state, story.owes()) == ("SENT", {"answer", "report"})


def test_the_draft_alone_owes_its_sending():
    assert Referral(DRAFT).owes() == {"send"}

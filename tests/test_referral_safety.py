"""
Referral: what must never happen.

Each test bears in its docstring the number of the safety invariant that it holds ("R-12"), as numbered in the clinical
requirements of this library, or the criterion that it shows. Those that take `rules` are asked of wrong versions of the
workflow too (`test_wrong_workflows.py`). The last ones are properties over journeys that nobody planned: whatever
happens, somebody's turn it is.
"""

from datetime import timedelta

import pytest
from attrs import evolve
from examples.practice import REFERRALS
from hypothesis import given
from hypothesis import strategies as st
from tests.referral_story import (
    BOOKED,
    CODES,
    DRAFT,
    EVERYTHING,
    REPORTED,
    SENT,
    WAYS,
    R,
    Referral,
    informed,
    redirected,
    reviewed,
    sent,
    standing,
    told,
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
    TUE,
    WED,
    Actor,
    done,
    heard,
    midnight,
    of,
    taken_back,
    tell_where_it_can_be,
)

from carecoord import (
    Acknowledged,
    DeadlineMissed,
    EnteredInError,
    Escalated,
    How,
    LoopClosed,
    Moved,
    Noted,
    Reopened,
    Role,
    UnableToReach,
    Urgency,
    Waived,
    check,
    next_check,
    replay,
)
from carecoord.workflows.referral import (
    REFERRAL,
    Accepted,
    AppointmentCancelled,
    Booked,
    CancelConfirmed,
    CancelRequested,
    Channel,
    Declined,
    Disposition,
    Drafted,
    InformationRequested,
    InterimNoteReceived,
    Kind,
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

OPEN = [code for code, state in CODES.items() if state not in REFERRAL.ends]
UNDER_WAY = ["SE", "NI", "AC", "BO", "NS", "AX", "SN", "CR", "DE"]
each_open_state = pytest.mark.parametrize("code", OPEN)
each_state_under_way = pytest.mark.parametrize("code", UNDER_WAY)


OWNED_BY = {
    ("OwnerGone", ""): "front-desk",
    ("HandoverOffered", "accepted in one act"): "dr-8",
    ("HandoverAccepted", ""): "dr-9",
}


@pytest.fixture
def rules():
    """Return the right rulebook; others are handed in by whoever calls a test itself."""
    return REFERRALS


def stands(code, rules):
    """Return a referral that stands there, and goes on under these rules."""
    story = standing(code).fork()
    story.rules = rules
    return story


def every_way():
    return [way for some in WAYS.values() for way in some]


# --- ownership and silence ------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_a_referral_has_one_owner_and_an_open_one_speaks_by_itself_whatever_happens_to_it(code):
    """R-1, R-2"""
    for way, some in WAYS.items():
        for before, event in some:
            story = tell_where_it_can_be(standing(code).fork(), (*before, event))
            assert story.case.owner == OWNED_BY.get(way, "dr-3")
            if story.case.state not in REFERRAL.ends:
                assert next_check(story.case) is not None


def test_a_handover_that_nobody_has_accepted_leaves_the_referral_with_the_sender():
    """R-3: sent is not taken; until somebody answers, our coordinator keeps the duty and our owner the case."""
    story = Referral(*SENT)
    story.look(TUE + 30 * DAY)
    assert {one.notify for one in of(story.said, Escalated, "answer")} == {
        Role.COORDINATOR,
        Role.SURROGATE,
        Role.SUPERVISOR,
        Role.SAFETY_OFFICER,
    }
    assert story.case.owner == "dr-3"


@pytest.mark.parametrize("code", ["SE", "NI", "DE"])
def test_what_cannot_be_routed_is_the_senders_visible_and_clocked(code, rules):
    """R-5: eleven thousand orders lay in a queue that nobody read, and no sender was told."""
    story = stands(code, rules)
    story.then(heard(Undeliverable, NOW, "a-1"))
    assert (story.state, REFERRAL.clock("send").owed_by) == ("DRAFTED", Role.COORDINATOR)
    due = story.due("send")
    assert due is not None
    assert of(story.look(due).effects, DeadlineMissed, "send")
    assert story.refuses(done(LoopClosed, due)) is not None


def test_a_package_that_we_no_longer_want_and_that_never_arrived_needs_no_confirmation():
    """R-5: nobody would ever confirm."""
    story = Referral(*SENT, done(CancelRequested, WED, "a-1", reason="better"), heard(Undeliverable, THU, "a-1"))
    assert story.state == "CANCEL_REQUESTED"
    assert story.refuses(done(Withdrawn, FRI, reason="better")) is None


# --- closing --------------------------------------------------------------------------------


@each_state_under_way
def test_a_referral_does_not_close_without_a_report(code, rules):
    """R-12: an appointment that was attended closes nothing."""
    story = stands(code, rules)
    tell_where_it_can_be(story, (heard(VisitCompleted, NOW),))
    assert story.refuses(done(LoopClosed, NOW + HOUR)) is not None


@pytest.mark.parametrize("role", Role)
def test_a_report_is_reviewed_by_a_clinician_with_a_disposition_or_not_at_all(role, rules):
    """R-12, IA_CC_12: "reviewed" without a disposition cannot even be said."""
    story = stands("RP", rules)
    refused = story.refuses(reviewed(NOW, "r-1", by=Actor(role, "x")))
    assert (refused is None) is (role in (Role.CLINICIAN, Role.PRESCRIBER))
    if refused:
        assert "a clinician did it" in refused.claims[0]
    with pytest.raises(TypeError, match="disposition"):
        reviewed.__globals__["Reviewed"](at=NOW, by=CLINICIAN, key="k")


@pytest.mark.parametrize("role", Role)
def test_nobody_may_let_a_review_or_a_decision_go(role, rules):
    """R-12, R-14"""
    for code, clock in (("RP", "review"), ("DE", "decide"), ("NI", "supply")):
        assert stands(code, rules).refuses(done(Waived, NOW, clock=clock, reason="r", by=Actor(role, "x"))) is not None


def test_a_report_of_one_referral_satisfies_no_other(rules):
    """R-13: it names an attempt that this referral does not know."""
    story = stands("SE", rules)
    story.then(heard(ReportReceived, NOW, "r-1", attempt="b-7"))
    assert (story.state, "report" in story.owes(), "unexpected" in story.owes()) == ("SENT", True, True)


def test_a_report_of_an_earlier_attempt_does_not_satisfy_the_present_one(rules):
    """R-13"""
    story = Referral(*SENT, heard(Declined, WED, "a-1"), redirected("a-2", THU), rules=rules)
    story.then(heard(ReportReceived, FRI, "r-1", attempt="a-1"))
    assert (story.state, {"report", "answer", "review", "inform"} <= story.owes()) == ("SENT", True)


@each_state_under_way
def test_an_interim_note_never_closes_and_never_is_the_report(code, rules):
    """R-13"""
    story = stands(code, rules)
    story.then(heard(InterimNoteReceived, NOW, "n-9"))
    assert story.owed("report")
    assert story.case.state in (R.SEEN, R.CANCEL_REQUESTED)
    assert story.refuses(done(LoopClosed, NOW + HOUR)) is not None


def test_a_note_is_read_by_a_clinician_too():
    """R-13: else it lies in a drawer while everybody waits for the report."""
    story = standing("BO").fork()
    story.then(heard(InterimNoteReceived, NOW, "n-9"))
    assert story.owed("review").item == "n-9:1"


BACK_TO_US = [
    (Declined, "DECLINED", "decide"),
    (CancelConfirmed, "DECLINED", "decide"),
    (NoShow, "NO_SHOW", "rebook"),
    (AppointmentCancelled, "APPOINTMENT_CANCELLED", "rebook"),
    (InformationRequested, "NEEDS_INFO", "supply"),
    (Undeliverable, "DRAFTED", "send"),
]


@pytest.mark.parametrize(("kind", "state", "clock"), BACK_TO_US, ids=[kind.__name__ for kind, _, _ in BACK_TO_US])
def test_whatever_comes_back_to_us_has_a_clock_and_is_no_end(kind, state, clock, rules):
    """R-14: half of the referrals that came back had no follow-up in thirty days."""
    story = Referral(*SENT, heard(kind, WED), rules=rules)
    assert (story.state, clock in story.owes()) == (state, True)
    assert story.case.state not in REFERRAL.ends
    story.look(story.due(clock))
    assert of(story.said, Escalated, clock)


def test_a_patient_who_cannot_be_reached_after_a_no_show_leaves_the_report_owed(rules):
    """R-14: giving up the patient is not giving up the referral."""
    story = stands("NS", rules)
    assert story.refuses(done(UnableToReach, NOW, "v-1", clock="rebook")) is not None
    for before, event in WAYS["ContactAttempted", ""]:
        tell_where_it_can_be(story, (*before, event))
    assert story.owed("rebook")
    assert story.owed("report")


def test_an_outcome_beats_a_cancel_request_and_the_request_stays_in_the_history(rules):
    """R-15: BSeR TID 24."""
    asked = done(CancelRequested, THU, "a-1", reason="better")
    story = Referral(*BOOKED, asked, heard(ReportReceived, FRI, "r-1"), rules=rules)
    assert (story.state, story.ended("confirm_cancel")) == ("REPORTED", (How.MET,))
    assert asked in [event for entry in story.log for event in entry.events]
    assert "CANCEL_REQUESTED" in [one.to for one in of(story.said, Moved)]


def test_an_end_without_a_report_needs_a_reason_and_names_who_ended_it():
    """R-16"""
    with pytest.raises(TypeError, match="reason"):
        Withdrawn(at=NOW, by=CLINICIAN, key="k")
    story = standing("DE").fork()
    story.then(done(Withdrawn, NOW, reason="better", by=CLINICIAN))
    ended = next(one for one in story.case.settled if one.clock == "decide")
    assert (ended.by, story.log[-1].events[0].reason) == (CLINICIAN, "better")


@pytest.mark.parametrize("code", CODES)
def test_no_act_ends_a_referral_whose_report_nobody_has_read(code):
    """R-16: but for a case that never was; what was written to us outlives every other end."""
    unread = (heard(ReportReceived, FRI + 6 * HOUR, "r-8"),)
    for before, event in every_way():
        if isinstance(event, EnteredInError | ReportRetracted) or event.by.role in (Role.CLINICIAN, Role.PRESCRIBER):
            continue
        story = tell_where_it_can_be(standing(code).fork(), (*unread, *before))
        if story.owed("review", "r-8:1"):
            tell_where_it_can_be(story, (event,))
            assert story.owed("review", "r-8:1"), event


WAYS_OUT = """
CLOSED on ReportReceived to REPORTED
CLOSED on ReportCorrected to REPORTED
CLOSED on Reopened to REPORTED
CLOSED on ReportRetracted to SENT
CLOSED on ReportRetracted to NEEDS_INFO
CLOSED on ReportRetracted to ACCEPTED
CLOSED on ReportRetracted to BOOKED
CLOSED on ReportRetracted to NO_SHOW
CLOSED on ReportRetracted to APPOINTMENT_CANCELLED
CLOSED on ReportRetracted to SEEN
CLOSED on ReportRetracted to DECLINED
CANCELLED on ReportReceived to REPORTED
CANCELLED on ReportCorrected to REPORTED
CANCELLED on Reopened to DRAFTED
WITHDRAWN on ReportReceived to REPORTED
WITHDRAWN on ReportCorrected to REPORTED
WITHDRAWN on Reopened to DRAFTED
WITHDRAWN on Reopened to SENT
WITHDRAWN on Reopened to NEEDS_INFO
WITHDRAWN on Reopened to ACCEPTED
WITHDRAWN on Reopened to BOOKED
WITHDRAWN on Reopened to NO_SHOW
WITHDRAWN on Reopened to APPOINTMENT_CANCELLED
WITHDRAWN on Reopened to SEEN
WITHDRAWN on Reopened to CANCEL_REQUESTED
WITHDRAWN on Reopened to DECLINED
"""


def test_out_of_an_end_there_are_only_the_ways_that_are_named(rules):
    """R-17: terminal states have no exits but the named re-openings."""
    ways = {
        f"{state.name} on {row.on.__name__} to {row.to.name}"
        for row in rules.workflow.all_moves
        for state in row.states
        if state in REFERRAL.ends and row.to not in (None, state, R.SUPERSEDED, R.ENTERED_IN_ERROR)
    }
    assert ways == set(WAYS_OUT.strip().splitlines())


def test_what_is_corrected_after_closing_is_read_and_told_anew(rules):
    """R-18: only a clinician may say that nothing changed."""
    story = stands("CL", rules)
    story.then(heard(ReportCorrected, NOW, "r-1", version=2))
    assert (story.state, story.owes()) == ("REPORTED", {"review", "inform"})
    assert story.refuses(done(LoopClosed, NOW + HOUR)) is not None
    of_form = stands("CL", rules)
    of_form.then(heard(ReportCorrected, NOW, "r-1", version=2, content_changed=False))
    assert (of_form.state, of_form.owes()) == ("REPORTED", {"review"})


def test_what_they_take_back_stays_in_the_history_and_is_marked_as_wrong(rules):
    """R-19: and a feed that has not heard of it brings nothing back."""
    story = stands("RP", rules)
    story.then(heard(ReportRetracted, NOW, "r-1"))
    assert story.case.facts.struck == ("r-1:1",)
    assert any(isinstance(event, ReportReceived) for entry in story.log for event in entry.events)
    story.then(heard(ReportReceived, NOW + HOUR, "r-1", key="told again"))
    assert (story.owed("unexpected") is not None, story.case.facts.struck) == (True, ("r-1:1",))


# --- how a referral could be lost -----------------------------------------------------------


@pytest.mark.parametrize("kind", [ReportReceived, ReportCorrected])
def test_an_earlier_report_that_is_told_again_does_not_report_a_referral_that_is_ours_again(kind):
    """It was filed aside while another was asked; now nobody is, and the sending must not be lost behind it."""
    story = Referral(*SENT, heard(kind, WED, "r-0", attempt="a-0"), heard(Undeliverable, THU, "a-1"))
    story.then(heard(kind, FRI, "r-0", attempt="a-0"))
    assert (story.state, "send" in story.owes()) == ("DRAFTED", True)


def test_a_booking_that_is_told_twice_keeps_the_question_what_became_of_the_visit():
    moved = {"visit_at": MON, "instead_of": "v-1"}
    story = Referral(*BOOKED, *(heard(Rebooked, day, "v-2", **moved) for day in (THU, FRI)))
    assert story.owed("visit_outcome").item == "v-2"


def test_a_note_that_is_told_again_after_the_visit_is_not_the_note_of_the_visit():
    story = Referral(*BOOKED, heard(InterimNoteReceived, THU, "n-1"), heard(VisitCompleted, FRI, "v-1"))
    story.then(heard(InterimNoteReceived, SAT, "n-1"))
    assert story.owed("visit_note")


def test_a_no_show_days_before_the_visit_is_of_another_one():
    """The same number, another day: the feed tells the old no-show again."""
    story = Referral(*BOOKED, heard(NoShow, FRI, "v-1"), heard(Rebooked, SAT, "v-1", visit_at=MON + 7 * DAY))
    story.then(heard(NoShow, MON, "v-1"))
    assert (story.state, "unexpected" in story.owes(), "visit_outcome" in story.owes()) == ("BOOKED", True, True)


def test_of_two_visits_that_are_fixed_both_outcomes_are_asked_for():
    story = Referral(*BOOKED, heard(Booked, THU, "v-2", visit_at=MON))
    assert [one.item for one in story.case.deadlines if one.clock == "visit_outcome"] == ["v-1", "v-2"]
    story.then(heard(NoShow, FRI, "v-1"))
    assert (story.state, story.owed("visit_outcome").item) == ("BOOKED", "v-2")


def test_a_portal_tells_nobody(rules):
    """R-8: what was posted was not told."""
    story = stands("RP", rules)
    story.then(informed(NOW, "r-1", channel=Channel.PORTAL))
    assert story.owed("inform")


def test_what_a_retraction_leaves_is_waited_for_again_and_decided_again():
    """A decline that came after the report was nobody's to decide; without the report it is."""
    story = Referral(*SENT, heard(ReportReceived, WED, "r-1"), heard(Declined, THU, "a-1"))
    assert (story.state, "unexpected" in story.owes()) == ("REPORTED", True)
    story.then(heard(ReportRetracted, FRI, "r-1"))
    assert (story.state, {"decide", "report"} <= story.owes()) == ("DECLINED", True)


@pytest.mark.parametrize("kind", [Accepted, InformationRequested, Booked, VisitCompleted, InterimNoteReceived])
def test_a_decision_that_is_no_longer_ours_blocks_nothing(kind):
    """Whoever declined does it after all: nobody is rung to decide, and the loop can close."""
    story = Referral(*SENT, heard(Declined, WED, "a-1"), heard(kind, THU))
    assert story.owed("decide") is None
    story.then(heard(ReportReceived, MON, "r-1"))
    for duty in [one.item for one in story.case.deadlines if one.clock == "review"]:
        story.then(reviewed(MON + HOUR, duty))
    story.then(informed(MON + HOUR, "r-1"))
    assert story.refuses(done(LoopClosed, MON + 2 * HOUR)) is None


def test_a_booking_that_is_told_again_after_the_decline_does_not_undo_it():
    story = Referral(*BOOKED, heard(Declined, THU, "a-1"), heard(Booked, FRI, "v-1", visit_at=FRI - 5 * HOUR))
    assert (story.state, story.owed("decide") is not None) == ("DECLINED", True)


def test_a_booking_that_is_told_again_after_the_no_show_does_not_undo_it():
    story = standing("NS").fork()
    story.then(heard(Booked, NOW, "v-1", visit_at=FRI - 5 * HOUR))
    assert (story.state, story.owed("rebook").item) == ("NO_SHOW", "v-1")


def test_a_visit_that_is_told_again_does_not_undo_a_decline():
    story = Referral(*BOOKED, heard(VisitCompleted, FRI, "v-1"), heard(Declined, SAT, "a-1"))
    story.then(heard(VisitCompleted, MON, "v-1"))
    assert (story.state, story.owed("decide") is not None) == ("DECLINED", True)


@pytest.mark.parametrize("kind", [Accepted, Booked, InformationRequested])
def test_whoever_was_left_and_goes_on_all_the_same_surprises(kind):
    """Two offices at work on one question: somebody must tell one of them."""
    story = Referral(*SENT, heard(Declined, WED, "a-1"), redirected("a-2", THU))
    said = {"attempt": "a-1"} if kind is Booked else {"about": "a-1"}
    story.then(heard(kind, FRI, **said))
    assert (story.state, "unexpected" in story.owes(), story.owed("answer").item) == ("SENT", True, "a-2")


@pytest.mark.parametrize("kind", [Declined, CancelConfirmed, Undeliverable])
def test_whoever_was_left_and_stops_moves_nothing(kind):
    story = Referral(*SENT, heard(Declined, WED, "a-1"), redirected("a-2", THU))
    owed = story.case.deadlines
    story.then(heard(kind, FRI, "a-1"))
    assert (story.state, story.case.deadlines) == ("SENT", owed)


def test_a_repeated_failure_of_an_earlier_fax_sends_nothing_back_and_owes_no_sending():
    story = standing("RP").fork()
    story.then(heard(Undeliverable, NOW, "a-0"))
    assert story.owed("send") is None


def test_nobody_asks_for_information_that_nobody_can_supply_any_more():
    """`supply` may be waived by nobody, so it must end with the wait."""
    asked = heard(InformationRequested, THU, "a-1")
    for after in (heard(ReportReceived, FRI, "r-1"), heard(Declined, FRI, "a-1"), heard(Undeliverable, FRI, "a-1")):
        story = Referral(*SENT, asked, after)
        assert story.owed("supply") is None


def test_a_correction_that_overtakes_its_first_version_needs_one_review():
    story = standing("RP").fork()
    story.then(heard(ReportCorrected, NOW, "r-1", version=2), reviewed(NOW + HOUR, "r-1", version=2))
    assert story.owed("review") is None
    assert story.owed("inform", "r-1:1")
    story.then(informed(NOW + 2 * HOUR, "r-1", version=2))
    assert story.owed("inform") is None


def test_of_an_ended_referral_that_goes_on_nothing_of_the_old_attempt_comes_back():
    story = standing("CA").fork()
    story.then(done(Reopened, NOW))
    assert story.owes() == {"send"}


def test_a_closed_referral_that_goes_on_owes_no_sending():
    story = standing("CL").fork()
    story.then(done(Reopened, NOW))
    assert (story.state, story.owed("send")) == ("REPORTED", None)
    assert story.refuses(done(LoopClosed, NOW + HOUR)) is None


# --- criteria -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "missing",
    [
        {"clinical_question": " "},
        {"urgency": None},
        {"kind": None},
    ],
    ids=lambda missing: next(iter(missing)),
)
def test_cc_04_a_nothing_leaves_without_question_urgency_and_type(missing):
    """CC-04 A"""
    story = Referral(evolve(DRAFT, **missing))
    assert "(CC-04 A)" in story.refuses(sent("a-1", WED)).claims[0]
    story.then(
        done(Specified, WED, urgency=Urgency.URGENT, kind=Kind.CONSULTATION, clinical_question="is it the heart?")
    )
    assert story.refuses(sent("a-1", WED + HOUR)) is None


@pytest.mark.parametrize("left_out", EVERYTHING)
def test_cc_04_b_nothing_leaves_without_data_results_and_plan_or_the_word_that_there_are_none(left_out):
    """CC-04 B; the entry keeps what went along."""
    others = tuple(one for one in EVERYTHING if one is not left_out)
    story = Referral()
    assert "(CC-04 B)" in story.refuses(sent("a-1", WED, enclosed=others)).claims[0]
    story.then(sent("a-1", WED, enclosed=others, there_is_no=(left_out,)))
    assert (story.log[-1].events[0].enclosed, story.log[-1].events[0].there_is_no) == (others, (left_out,))


def test_cc_04_c_a_report_is_tracked_until_it_is_here_flagged_and_chased():
    """CC-04 C: tracked until available, flagged when overdue, followed up."""
    story = standing("SN").fork()
    due = story.due("report")
    step = story.look(due)
    assert of(step.effects, DeadlineMissed, "report")
    assert of(step.effects, Escalated, "report")[-1].notify is Role.COORDINATOR
    for before, event in WAYS["Inquired", ""]:
        tell_where_it_can_be(story, (*before, evolve(event, at=due + DAY, recorded_at=due + DAY)))
    assert story.owed("report"), "to ask is not to have"
    story.then(heard(ReportReceived, due + 3 * DAY, "r-1"))
    assert story.ended("report") == (How.MET_LATE,)


def test_cc_06_each_sending_says_to_whom():
    """CC-06: referral patterns by recipient."""
    story = Referral(*SENT, heard(Declined, WED, "a-1"), redirected("a-2", THU, "heart-center"))
    events = [event for entry in story.log for event in entry.events]
    assert [e.recipient for e in events if hasattr(e, "recipient")] == ["fax-office", "cardio", "heart-center"]


def test_cc_07_how_long_a_recipient_took_stands_in_the_ledger():
    """CC-07: days to accept, to the first visit, to the report."""
    ledger = {one.clock: one.at - one.started_at for one in standing("RP").case.settled}
    assert ledger["answer"] == WED - (TUE + 3 * HOUR)
    assert ledger["book"] == HOUR
    assert ledger["report"] == FRI - (TUE + HOUR)


def test_cc_08_to_cc_10_what_was_agreed_what_the_report_contains_and_who_told_of_it():
    """CC-08, CC-09, CC-10"""
    feed = Actor(Role.RECIPIENT, "cardio-portal")
    report = heard(ReportReceived, WED, "r-1", contains=("impression", "plan"), by=feed)
    story = Referral(sent("a-1", TUE + HOUR, agreement="cca-7"), report)
    assert (story.case.facts.agreement, story.log[-1].events[0].contains) == ("cca-7", ("impression", "plan"))
    ledger = {one.clock: one.by for one in story.case.settled}
    assert ledger["report"] == feed


def test_cc_11_the_share_of_reports_received_and_received_in_time():
    """CC-11: reports received over referrals made; and whether they answered the question."""
    stories = [standing("RP"), standing("SN"), Referral(*SENT, heard(ReportReceived, TUE + 100 * DAY, "r-1"))]
    ends = [story.ended("report") for story in stories]
    assert ends == [(How.MET,), (), (How.MET_LATE,)]


def test_cc_12_what_changes_in_shared_care_is_brought_into_the_plan():
    """CC-12"""
    shared = evolve(DRAFT, kind=Kind.CO_MANAGEMENT)
    story = Referral(shared, *SENT, heard(ReportReceived, WED, "r-1"))
    story.then(reviewed(THU, "r-1", disposition=Disposition.PLAN_CHANGE))
    assert (story.case.facts.kind, story.owed("integrate").item) == (Kind.CO_MANAGEMENT, "r-1:1")


def test_ia_cc_12_1_under_an_agreement_the_patient_is_told_what_to_expect():
    """IA_CC_12, option 1"""
    story = Referral(sent("a-1", TUE + HOUR, agreement="cca-7"))
    assert story.owed("expectations").item == "cca-7"
    for _, event in WAYS["ExpectationsGiven", ""]:
        story.then(event)
    assert story.owed("expectations"), "it was another agreement"
    story.then(evolve(event, about="cca-7", key="told"))
    assert story.ended("expectations") == (How.MET_LATE,)


def test_ia_cc_12_2_the_record_shows_the_whole_way():
    """IA_CC_12, option 2: from the draft to the closing, with who and when."""
    story = standing("CL")
    kinds = [type(event).__name__ for entry in story.log for event in entry.events]
    assert (kinds[0], kinds[-1], len(kinds)) == ("Drafted", "LoopClosed", len(REPORTED) + 4)
    assert all(event.by.id and event.at for entry in story.log for event in entry.events)


def test_ia_cc_12_3_a_disposition_and_where_it_was_brought_in():
    """IA_CC_12, option 3"""
    story = standing("RP").fork()
    story.then(reviewed(NOW, "r-1", disposition=Disposition.PLAN_CHANGE), informed(NOW, "r-1"))
    assert story.refuses(done(LoopClosed, NOW + HOUR)).claims == ("'integrate' is settled",)
    for _, event in WAYS["Integrated", ""]:
        story.then(evolve(event, at=NOW + HOUR, recorded_at=NOW + HOUR))
    assert (story.log[-1].events[0].plan, story.log[-1].events[0].plan_version) == ("p-1", "2")
    assert story.refuses(done(LoopClosed, NOW + 2 * HOUR)) is None


@pytest.mark.parametrize(
    ("story", "counts"),
    [
        (standing("RP"), True),
        (standing("SN"), False),
        (Referral(*SENT, heard(ReportReceived, midnight(2027, 1, 2), "r-1")), False),
    ],
    ids=["received", "interim note alone", "next year"],
)
def test_cms50_counts_the_final_report_that_is_tied_to_the_referral_in_the_year(story, counts):
    """CMS50: received and not reviewed; after the sending, by the end of the year."""
    events = [event for entry in story.log for event in entry.events]
    first_sent = min(event.at for event in events if type(event).__name__ == "Sent")
    reports = [event.at for event in events if isinstance(event, ReportReceived)]
    assert any(first_sent < at < midnight(2027, 1, 1) for at in reports) is counts


# --- audit and privacy ----------------------------------------------------------------------

SECRET = "her husband must not hear of it"


def test_no_words_about_the_patient_are_in_what_the_library_says():
    """R-40"""
    story = Referral(evolve(DRAFT, clinical_question=SECRET), *SENT, done(Noted, WED, text=SECRET))
    refused = story.refuses(done(LoopClosed, WED + HOUR))
    for shown in (story.case, story.said, story.log, refused, [one.id for one in story.said]):
        assert SECRET not in repr(shown)
        assert SECRET not in str(shown)


# --- whatever happens -----------------------------------------------------------------------

# What people let go is theirs to answer for, and what is about the log has laws of its own.
_LET_GO = ("Waived", "UnableToReach", "EnteredInError", "PatientDied", "Retracted", "MomentCorrected")
_OF_THE_CASE = [event for (name, _), some in WAYS.items() if name not in _LET_GO for _, event in some]


@st.composite
def journeys(draw):
    """A referral and up to ten things that happen to it, six hours apart; some are heard late."""
    story = standing(draw(st.sampled_from([code for code in CODES if code != "ER"]))).fork()
    for number in range(draw(st.integers(1, 10))):
        event = draw(st.sampled_from(_OF_THE_CASE))
        at = NOW + (number + 1) * 6 * HOUR
        back = timedelta(hours=draw(st.sampled_from((0, 0, 0, 7))))
        one = evolve(event, at=at - back, recorded_at=at, key=f"{number}")
        if isinstance(one, ReportReceived | InterimNoteReceived | Booked | Drafted) and draw(st.booleans()):
            one = evolve(one, about=draw(st.sampled_from(("r-1", "n-1", "v-1", "v-7", None))))
        tell_where_it_can_be(story, (one,))
    return story


@given(journeys())
def test_in_any_journey_somebodys_turn_it_is(story):
    """R-2, R-5, R-14: a duty that its state waits for is owed by somebody, beside the look at an idle case."""
    awaited = REFERRAL.waits_for.get(story.case.state, ())
    owed = story.owes()
    if story.state == "REPORTED":
        assert owed or story.refuses(done(LoopClosed, story.case.recorded_at + HOUR)) is None
    elif awaited:
        assert awaited[0] in owed, told(story)
        assert "report" in owed or story.state in ("DRAFTED", "DECLINED", "CANCEL_REQUESTED")


@given(journeys())
def test_in_any_journey_whatever_was_written_to_us_was_read_or_is_to_be_read(story):
    """R-12, R-16: unless it surprised, or was taken back."""
    facts = story.case.facts
    standing_now = (*facts.reports, *facts.aside, *facts.notes)
    ledger = {one.item for one in story.case.settled if one.clock == "review" and one.how.done}
    running = {one.item for one in story.case.deadlines if one.clock == "review"}
    surprised = {one.item for one in story.case.deadlines if one.clock == "unexpected"}
    if not surprised:
        assert set(standing_now) <= ledger | running


@given(journeys())
def test_in_any_journey_a_closed_or_stopped_referral_owes_only_what_outlives_it(story):
    """R-17"""
    if story.case.state in REFERRAL.ends:
        assert story.owes() <= {clock.name for clock in REFERRAL.all_clocks if clock.outlives}


@given(journeys())
def test_in_any_journey_a_duty_that_nobody_may_waive_can_be_done_where_it_runs(story):
    """R-2: what cannot be done and cannot be let go would ring for ever."""
    for one in story.case.deadlines:
        if one.clock == "decide":
            assert story.state == "DECLINED", told(story)
        if one.clock == "supply":
            assert story.state in (
                "SENT",
                "NEEDS_INFO",
                "ACCEPTED",
                "BOOKED",
                "NO_SHOW",
                "APPOINTMENT_CANCELLED",
                "SEEN",
            )
        if one.clock == "review" and one.item in here_of(story):
            at = story.case.recorded_at + HOUR
            assert story.refuses(reviewed(at, one.item)) is None, told(story)
        if one.clock == "send":
            assert story.state == "DRAFTED", told(story)


def here_of(story):
    facts = story.case.facts
    return (*facts.reports, *facts.aside, *facts.notes)


@given(journeys())
def test_in_any_journey_the_log_alone_gives_the_case_again(story):
    """R-27, R-37"""
    again = replay(REFERRAL, story.log)
    assert again[-1].case == story.case
    assert check(story.case, at=story.case.recorded_at).effects == ()


def test_taking_notice_of_a_report_nobody_asked_for_does_not_stop_the_sending():
    """A report in a draft surprises; once somebody took notice, the draft still waits to be sent."""
    early = heard(ReportReceived, WED, "r-1")
    story = Referral(early, done(Acknowledged, THU, early.key, clock="unexpected"))
    assert story.owes() == {"send"}
    story.then(taken_back(early, FRI))
    assert story.owes() == {"send"}

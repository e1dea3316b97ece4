"""
Referral: journeys about people, conflicts and the ends that administration makes.

Tuesday the 7th of July 2026 is the draft, and the package leaves at ten. Monday the 13th is the next working day after
Friday the 10th. A routine report is owed within 90 days of the first sending: by Monday the 5th of October.
"""

import pytest
from tests.referral_story import CLINICIAN, COORDINATOR, DRAFT, OWNER, Referral, informed, reviewed, sent
from tests.transition_story import (
    DAY,
    FRI,
    HOUR,
    MON,
    THU,
    TUE,
    WED,
    Actor,
    done,
    heard,
    midnight,
    of,
    taken_back,
)

from carecoord import (
    Case,
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    ConflictResolved,
    Entry,
    Escalated,
    HandoverAccepted,
    HandoverDeclined,
    HandoverOffered,
    How,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    MomentCorrected,
    OwnerGone,
    PatientLeft,
    Refused,
    Reopened,
    Role,
    SubjectChanged,
    SupersededBy,
    advance,
    open_case,
    to_carry,
)
from carecoord.workflows.referral import (
    REFERRAL,
    Accepted,
    Booked,
    CancelConfirmed,
    CancelRequested,
    Declined,
    Disposition,
    NoShow,
    ReportReceived,
    VisitCompleted,
)

SENT = sent("a-1", TUE + HOUR)
ACCEPTED = heard(Accepted, WED, "a-1")
BOOKED = heard(Booked, WED + HOUR, "v-1", visit_at=FRI)
REPORT_DUE = midnight(2026, 10, 6)
DR_4, DR_5 = Actor(Role.CLINICIAN, "dr-4"), Actor(Role.CLINICIAN, "dr-5")


# --- the owner leaves while a handover is on offer ------------------------------------------

OFFERED = done(HandoverOffered, WED + 2 * HOUR, to="dr-4", by=OWNER)
GONE = heard(OwnerGone, THU, who="dr-3")


def left_behind():
    """Offered to dr-4 on Wednesday; on Thursday, before anybody answered, the owner is gone."""
    return Referral(SENT, ACCEPTED, OFFERED, GONE)


def to_be_taken_up(story):
    return {one.item: one.due_at for one in story.case.deadlines if one.clock == "take_up"}


def test_an_owner_who_leaves_while_a_handover_is_on_offer_leaves_the_referral_to_the_queue():
    """The offer stands, and beside it anybody may take the case: each is owed an answer of its own."""
    story = left_behind()
    assert story.case.owner == "front-desk"
    assert to_be_taken_up(story) == {"dr-4": midnight(2026, 7, 10), "": midnight(2026, 7, 11)}
    assert (story.state, story.due("report"), story.owes()) == ("ACCEPTED", REPORT_DUE, {"book", "report", "take_up"})


def test_who_was_offered_it_may_still_take_it_and_then_nobody_else_has_to():
    story = left_behind()
    story.then(done(HandoverAccepted, FRI - HOUR, by=DR_4))
    assert (story.case.owner, to_be_taken_up(story)) == ("dr-4", {})
    assert set(story.ended("take_up")) == {How.MET, How.MET_LATE}, "dr-4 had until Thursday night"
    assert story.refuses(done(HandoverAccepted, FRI, by=DR_5)).claims == ("the case is on offer to the actor",)


def test_where_who_was_offered_it_declines_the_queue_has_it_until_somebody_takes_it():
    story = left_behind()
    story.then(done(HandoverDeclined, FRI - HOUR, by=DR_4))
    assert (story.case.owner, to_be_taken_up(story)) == ("front-desk", {"": midnight(2026, 7, 11)})
    story.then(done(HandoverAccepted, FRI, by=DR_5))
    assert (story.case.owner, to_be_taken_up(story), story.due("report")) == ("dr-5", {}, REPORT_DUE)


def test_a_leaving_that_is_heard_after_the_handover_was_accepted_takes_nothing_from_the_taker():
    """The news is a day late: whichever came first, the case is with who said yes."""
    taken = done(HandoverAccepted, THU + HOUR, by=DR_4)
    for left in (THU, THU + 2 * HOUR):
        story = Referral(SENT, OFFERED, taken, heard(OwnerGone, left, who="dr-3", recorded_at=FRI))
        assert (story.case.owner, to_be_taken_up(story)) == ("dr-4", {})


def test_a_leaving_that_never_was_gives_the_referral_back_to_its_owner_and_leaves_the_offer():
    story = left_behind()
    story.then(taken_back(GONE, FRI))
    assert (story.case.owner, set(to_be_taken_up(story))) == ("dr-3", {"dr-4"})


def test_news_of_the_other_side_goes_on_meanwhile():
    """The patient does not wait for our staff list."""
    story = left_behind()
    story.then(BOOKED, heard(VisitCompleted, FRI + HOUR, "v-1"), heard(ReportReceived, MON, "r-1"))
    assert (story.state, story.case.owner) == ("REPORTED", "front-desk")
    assert {"review", "inform", "take_up"} <= story.owes()


# --- two conflicts at once ------------------------------------------------------------------

WHO_CALLS = heard(ConflictRaised, THU, "who calls", kind=ConflictKind.OPERATIONAL)
WARFARIN = heard(ConflictRaised, THU + HOUR, "warfarin", kind=ConflictKind.CLINICAL)


def at_odds(*before):
    return Referral(SENT, *before, WHO_CALLS, WARFARIN)


def test_of_two_conflicts_at_once_each_goes_its_own_pathway():
    """The clinical one is the clinicians' by the next working day, the operational one the managers' within five."""
    story = at_odds()
    assert story.due("resolve", "warfarin") == midnight(2026, 7, 11)
    assert story.due("resolve", "who calls") == midnight(2026, 7, 17)
    story.look(midnight(2026, 7, 17))
    told = {(one.item, one.notify.name) for one in of(story.said, Escalated, "resolve")}
    assert {("warfarin", "CLINICIAN"), ("warfarin", "SUPERVISOR"), ("who calls", "MANAGER")} <= told
    assert ("who calls", "CLINICIAN") not in told


def test_in_a_conflict_care_goes_on_and_the_owner_stays():
    story = at_odds(ACCEPTED)
    story.then(BOOKED, heard(NoShow, FRI + HOUR, "v-1"))
    assert (story.state, story.case.owner, story.due("report")) == ("NO_SHOW", "dr-3", REPORT_DUE)
    assert {"rebook", "report", "resolve"} == story.owes()


def test_who_resolves_one_of_two_conflicts_says_which():
    story = at_odds()
    vague = done(ConflictResolved, FRI, by=CLINICIAN)
    assert story.refuses(vague).claims == ("it says which conflict it is about: who calls, warfarin",)
    story.then(done(ConflictResolved, FRI, "warfarin", by=CLINICIAN))
    assert (story.ended("resolve"), story.owed("resolve").item) == ((How.MET,), "who calls")
    assert story.refuses(done(ConflictResolved, FRI + HOUR, by=CLINICIAN)) is None, "now there is only one"


def test_the_loop_stays_open_until_both_conflicts_are_resolved():
    story = at_odds(heard(ReportReceived, WED, "r-1"), reviewed(WED + HOUR), informed(WED + 2 * HOUR))
    assert (story.state, story.owes()) == ("REPORTED", {"resolve"})
    for about in ("warfarin", "who calls"):
        assert story.refuses(done(LoopClosed, FRI)).claims == ("'resolve' is settled",)
        story.then(done(ConflictResolved, FRI, about))
    assert story.refuses(done(LoopClosed, FRI + HOUR)) is None


def test_administration_ends_no_conflict():
    """Nobody may waive it: somebody has to say how it ended."""
    old = done(ClosedByAdministration, MON, reason="old", by=CLINICIAN)
    assert at_odds().refuses(old).claims == ("the actor may waive 'resolve': nobody may",)


# --- five thousand old cases ----------------------------------------------------------------

DR_7 = Actor(Role.CLINICIAN, "dr-7")
"""A person by name, in a role that may waive what a referral waits for."""

READ = (heard(ReportReceived, FRI, "r-1"), reviewed(FRI + HOUR), informed(FRI + 2 * HOUR))
LEFT_LYING = {
    "sent": (SENT,),
    "booked": (SENT, ACCEPTED, BOOKED),
    "seen": (SENT, heard(VisitCompleted, FRI, "v-1")),
    "read": (SENT, *READ),
    "declined": (SENT, heard(Declined, WED, "a-1")),
}


def close_old_cases(rules, cases, by, evidence):
    """Close what may be closed, each case by an act of its own; return the entries, and what stands in the way."""
    closed, refused = {}, {}
    for case in cases:
        act = ClosedByAdministration(at=MON + 400 * DAY, by=by, key=f"sweep {case.id}", reason=evidence[case.id])
        try:
            closed[case.id] = advance(rules, case, act)
        except Refused as why:
            refused[case.id] = why
    return closed, refused


@pytest.fixture(scope="module")
def old_cases() -> list[Case]:
    """Five thousand referrals of which nobody has heard for a year; one in fifty was declined and never decided."""
    rules, cases = Referral().rules, []
    *open_ended, declined = LEFT_LYING.values()
    for number in range(5000):
        events = declined if number % 50 == 0 else open_ended[number % 4]
        case = open_case(rules, DRAFT, id=f"r-{number}", subject=f"p-{number}", owner="dr-3").case
        for event in events:
            case = advance(rules, case, event).case
        cases.append(case)
    return cases


def test_five_thousand_old_cases_are_closed_by_one_person_and_each_says_who_and_why(old_cases):
    rules = Referral().rules
    evidence = {case.id: f"no word for a year; chart of {case.subject} looked at" for case in old_cases}
    closed, refused = close_old_cases(rules, old_cases, DR_7, evidence)
    assert (len(closed), len(refused)) == (4900, 100)
    for case_id, step in closed.items():
        entry: Entry = step.entry
        (act,) = entry.events
        assert (act.by, act.reason) == (DR_7, evidence[case_id])
        assert step.case.facts.administrative
        assert step.case.state.name in ("WITHDRAWN", "CLOSED")
        assert step.case.world.duties == ()
        let_go = [one for one in step.case.settled if one.key == act.key]
        assert {one.by for one in let_go} <= {DR_7}
        assert {one.how for one in let_go if rules.workflow.clock(one.clock).closing} <= {How.WAIVED}


def test_what_nobody_may_waive_keeps_an_old_case_open_and_the_refusal_names_it(old_cases):
    evidence = {case.id: "no word for a year" for case in old_cases}
    _, refused = close_old_cases(Referral().rules, old_cases, DR_7, evidence)
    assert {why.claims for why in refused.values()} == {("the actor may waive 'decide': nobody may",)}
    assert {why.state for why in refused.values()} == {"DECLINED"}


def test_an_old_case_whose_report_was_read_is_closed_and_one_without_a_report_is_withdrawn():
    """Whoever counts completed referrals counts none that administration gave up."""
    ends = {}
    for name in ("sent", "booked", "seen", "read"):
        story = Referral(*LEFT_LYING[name])
        story.then(done(ClosedByAdministration, MON + 400 * DAY, reason="old", by=CLINICIAN))
        ends[name] = story.state
    assert ends == {"sent": "WITHDRAWN", "booked": "WITHDRAWN", "seen": "WITHDRAWN", "read": "CLOSED"}


@pytest.mark.parametrize(
    ("events", "there"),
    [
        ((), "DRAFTED"),
        ((SENT,), "SENT"),
        ((SENT, ACCEPTED), "ACCEPTED"),
        ((SENT, ACCEPTED, BOOKED), "BOOKED"),
        ((SENT, ACCEPTED, BOOKED, heard(NoShow, FRI, "v-1")), "NO_SHOW"),
        ((SENT, heard(VisitCompleted, FRI, "v-1")), "SEEN"),
        ((SENT, done(CancelRequested, THU, "a-1", reason="better")), "CANCEL_REQUESTED"),
        ((SENT, *READ), "REPORTED"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_administration_closed_goes_on_where_it_stood(events, there):
    """And owes what it owed."""
    story = Referral(*events)
    owed = {(one.clock, one.item) for one in story.case.deadlines}
    by = CLINICIAN if events else COORDINATOR
    story.then(done(ClosedByAdministration, MON, reason="old", by=by))
    assert (story.case.state in REFERRAL.ends, story.case.world.duties) == (True, ())
    story.then(done(Reopened, MON + DAY, reason="they called"))
    assert (story.state, {(one.clock, one.item) for one in story.case.deadlines}) == (there, owed)


def test_what_they_refused_while_administration_had_closed_it_is_ours_to_decide_when_it_goes_on():
    story = Referral(SENT, ACCEPTED, done(ClosedByAdministration, MON, reason="old", by=CLINICIAN))
    story.then(heard(Declined, MON + DAY, "a-1"), done(Reopened, MON + 2 * DAY, reason="they called"))
    assert (story.state, "decide" in story.owes()) == ("DECLINED", True)


def test_what_they_stopped_while_administration_had_closed_it_is_sent_anew_when_it_goes_on():
    story = Referral(SENT, done(CancelRequested, THU, "a-1", reason="better"))
    story.then(done(ClosedByAdministration, MON, reason="old", by=CLINICIAN), heard(CancelConfirmed, MON + DAY, "a-1"))
    story.then(done(Reopened, MON + 2 * DAY, reason="worse"))
    assert (story.state, "send" in story.owes()) == ("DRAFTED", True)


def test_a_report_after_administration_closed_it_is_read():
    story = Referral(SENT, done(ClosedByAdministration, MON, reason="old", by=CLINICIAN))
    story.then(heard(ReportReceived, MON + DAY, "r-1"))
    assert (story.state, story.owes()) == ("REPORTED", {"review", "inform"})


@pytest.mark.parametrize("unrelated", [(), (done(ConflictResolved, MON),)], ids=["alone", "beside"])
def test_acts_of_a_backlog_are_judged_where_a_correction_puts_them_whatever_else_is_refused(unrelated):
    """The sending was on Wednesday after all; before it, administration had closed the draft, and it went on."""
    story = Referral()
    closed = done(ClosedByAdministration, TUE + HOUR, reason="old", by=COORDINATOR)
    moved = heard(MomentCorrected, THU, corrects=SENT.key, moment=WED)
    backlog = (SENT, closed, done(Reopened, TUE + 2 * HOUR, reason="they called"), moved, *unrelated)
    caught_up = story.catch_up(*backlog, at=FRI)
    assert [key for key, _ in caught_up.refused] == [event.key for event in unrelated]
    assert (story.state, story.due("report")) == ("SENT", midnight(2026, 10, 7))


# --- duplicates, linked cases, patients who leave -------------------------------------------


def test_a_duplicate_ends_once_the_survivor_carries_what_is_owed_and_its_report_is_read_where_it_is():
    story = Referral(SENT, heard(ReportReceived, THU, "r-1"))
    assert to_carry(REFERRAL, story.case) == (), "what outlives an end stays owed in the duplicate"
    story.then(done(SupersededBy, FRI, case="r-0"))
    assert (story.state, story.owes()) == ("SUPERSEDED", {"review", "inform"})
    story.then(reviewed(FRI + HOUR, "r-1"), informed(FRI + 2 * HOUR, "r-1"))
    assert story.owes() == set()


def test_a_duplicate_under_way_hands_the_wait_for_its_report_over():
    story = Referral(SENT, ACCEPTED)
    assert to_carry(REFERRAL, story.case) == (("report", ""),)
    assert story.refuses(done(SupersededBy, THU, case="r-0")).claims == ("the survivor carries 'report'",)
    story.then(done(SupersededBy, THU, case="r-0", carries=(("report", ""),)))
    late = heard(ReportReceived, MON, "r-1")
    story.then(late)
    assert (story.state, story.owed("unexpected").item) == ("SUPERSEDED", late.key), "the survivor must hear of it"


def test_an_order_whose_case_failed_is_to_be_followed_up_again():
    """Also after the loop was closed: a result that never came is found out only then."""
    ordered = reviewed(FRI + HOUR, "r-1", disposition=Disposition.NEW_ORDERS, orders=("echo",))
    story = Referral(SENT, heard(ReportReceived, FRI, "r-1"), ordered, informed(FRI + 2 * HOUR))
    story.then(done(Linked, FRI + 3 * HOUR, "echo", case="o-1"), done(LoopClosed, FRI + 4 * HOUR))
    assert (story.state, story.owes()) == ("CLOSED", set())
    story.then(heard(LinkedCaseEnded, MON, case="o-1", done=False))
    assert (story.state, story.owed("follow_up").item) == ("CLOSED", "echo")
    story.then(done(Linked, MON + HOUR, "echo", case="o-2"))
    assert story.owes() == set()


def test_a_patient_who_leaves_and_one_whose_records_are_merged_lose_nothing():
    story = Referral(SENT, heard(PatientLeft, WED), heard(SubjectChanged, THU, to="p-2"))
    assert (story.case.subject, story.case.facts.left, story.owes()) == ("p-2", True, {"answer", "report"})
    assert story.due("report") == REPORT_DUE

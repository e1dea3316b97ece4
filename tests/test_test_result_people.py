"""
Test result: journeys about links, people, duplicates and the ends that administration makes.

Potassium and sodium were ordered on Tuesday the 7th of July 2026; potassium is abnormal on Wednesday, sodium normal on
Thursday. Friday the 10th is the review, Monday the 13th the next working day.
"""

import pytest
from tests.result_story import (
    CRITICAL,
    DONE,
    EVENING,
    NORMAL,
    TAKEN,
    UNKNOWN,
    WHOLE,
    Result,
    corrected,
    notified,
    result,
    reviewed,
    standing,
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
    Actor,
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
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    OwnerGone,
    PatientLeft,
    Reopened,
    Role,
    SupersededBy,
    ToldAgain,
    Urgency,
    UrgencyChanged,
    open_case,
    to_carry,
)
from carecoord.workflows.diagnostic_result import TEST_RESULT, Disposition, FollowedUp, ResultRetracted

FOUND = {"disposition": Disposition.FOLLOW_UP_NEEDED, "findings": ("nodule", "anaemia")}
READ = reviewed(FRI, "k:1", "na:1", **FOUND)
TOLD = notified(FRI + HOUR, "k:1", "na:1")


def followed_up():
    """Return a result whose two findings two cases hold, closed on Friday evening."""
    return Result(
        *WHOLE,
        READ,
        TOLD,
        done(Linked, FRI + 2 * HOUR, "nodule", case="r-7"),
        done(Linked, FRI + 2 * HOUR, "anaemia", case="o-8"),
        done(LoopClosed, EVENING),
    )


def findings(story):
    return [one.item for one in story.case.deadlines if one.clock == "follow_up"]


# --- what other cases hold ------------------------------------------------------------------


def test_a_linked_case_that_ends_without_success_brings_the_follow_up_back():
    """Also after closing: the referral was declined, and the nodule is ours again, within thirty days from then."""
    story = followed_up()
    assert (story.state, story.owes()) == ("CLOSED", set())
    story.then(heard(LinkedCaseEnded, MON, case="r-7", done=False))
    assert (story.state, findings(story), story.due("follow_up")) == ("CLOSED", ["nodule"], midnight(2026, 8, 13))
    story.then(done(Linked, MON + DAY, "nodule", case="r-9"))
    assert (findings(story), story.ended("follow_up", "nodule")) == ([], (How.MET, How.MET))


def test_a_linked_case_that_ends_with_success_leaves_nothing_to_follow_up():
    story = followed_up()
    story.then(heard(LinkedCaseEnded, MON, case="r-7", done=True))
    assert findings(story) == []


def test_what_two_cases_hold_is_lost_only_with_both():
    story = followed_up()
    story.then(done(Linked, SAT, "nodule", case="r-9"), heard(LinkedCaseEnded, MON, case="r-7", done=False))
    assert findings(story) == []
    story.then(heard(LinkedCaseEnded, MON + HOUR, case="r-9", done=False))
    assert findings(story) == ["nodule"]


def test_a_link_that_named_nothing_may_have_held_any_finding():
    """One finding was followed up since; the other is looked at again."""
    story = Result(*WHOLE, reviewed(FRI, "k:1", "na:1", **(FOUND | {"findings": ("nodule",)})))
    story.then(done(Linked, FRI + HOUR, case="r-7"))
    assert findings(story) == []
    story.then(heard(LinkedCaseEnded, MON, case="r-7", done=False))
    assert findings(story) == ["nodule"]
    story.then(done(FollowedUp, MON + HOUR, "nodule"))
    assert findings(story) == []


def test_the_end_of_a_case_that_was_never_linked_surprises():
    story = followed_up()
    story.then(heard(LinkedCaseEnded, MON, case="r-0", done=False))
    assert (findings(story), "unexpected" in story.owes()) == ([], True)


# --- who owns it ----------------------------------------------------------------------------


def test_an_orderer_who_is_gone_leaves_the_result_to_the_queue_and_every_duty_where_it_was():
    """Nine providers had over five thousand alerts that nobody addressed."""
    story = standing("RE").fork()
    owed = {one.id: one.due_at for one in story.case.deadlines}
    story.then(heard(OwnerGone, SAT, who="dr-3"))
    assert story.case.owner == "front-desk"
    assert {one.id: one.due_at for one in story.case.deadlines if one.id in owed} == owed
    assert "take_up" in story.owes()
    story.then(done(HandoverAccepted, MON, by=Actor(Role.CLINICIAN, "dr-4")))
    assert (story.case.owner, "take_up" in story.owes()) == ("dr-4", False)


def test_a_handover_leaves_the_review_with_the_giver_until_it_is_accepted():
    story = standing("RE").fork()
    story.then(done(HandoverOffered, SAT, to="dr-4"))
    assert story.case.owner == "dr-3"


def test_a_patient_who_left_is_told_all_the_same():
    """What is owed is owed until somebody hands it over."""
    story = standing("RE").fork()
    owed = story.owes()
    story.then(heard(PatientLeft, SAT))
    assert story.owes() == owed


def test_a_conflict_about_a_result_holds_up_no_review():
    story = standing("RE").fork()
    due = story.due("review", "k:1")
    story.then(heard(ConflictRaised, SAT, "who-acts", kind=ConflictKind.OPERATIONAL))
    assert (story.due("review", "k:1"), "resolve" in story.owes()) == (due, True)
    story.then(*DONE, done(ConflictResolved, MON, "who-acts"))
    assert story.refuses(done(LoopClosed, MON + HOUR)) is None


# --- what a limit sees ----------------------------------------------------------------------


def test_a_change_of_urgency_dates_each_review_by_its_own_severity():
    """Sodium came last and is normal; potassium is dated as abnormal all the same."""
    story = standing("RE").fork()
    assert story.due("review", "k:1") == midnight(2026, 7, 12)
    story.then(done(UrgencyChanged, FRI + 6 * HOUR, urgency=Urgency.STAT))
    story.then(done(UrgencyChanged, FRI + 7 * HOUR, urgency=Urgency.ROUTINE))
    assert story.due("review", "k:1") == midnight(2026, 7, 12)


@pytest.mark.parametrize(("severity", "due"), [(CRITICAL, WED + HOUR / 2), (NORMAL, midnight(2026, 7, 10))])
def test_how_soon_a_result_that_arrived_unasked_is_claimed_depends_on_the_gravest_of_it(severity, due):
    arrived = type(next(iter(standing("UN").log)).events[0])
    story = Result(heard(arrived, WED, "k", severity=severity))
    assert story.due("claim") == due


# --- duplicates -----------------------------------------------------------------------------


def test_a_duplicate_is_superseded_only_if_the_survivor_carries_what_it_owes():
    story = standing("RE").fork()
    lacking = story.refuses(done(SupersededBy, SAT, case="o-0")).claims
    assert "the survivor carries 'review' of 'k:1'" in lacking
    survivor = open_case(story.rules, story.log[0].events[0], id="o-0", subject="p-9", owner="dr-3").case
    carried = tuple((one.clock, one.item) for one in story.case.deadlines if one.clock != "look_again")
    assert set(to_carry(TEST_RESULT, story.case, survivor)) <= set(carried)
    story.then(done(SupersededBy, SAT, case="o-0", carries=carried))
    assert (story.state, story.owes()) == ("SUPERSEDED", set())


def test_whoever_was_told_of_a_duplicate_is_owed_the_word_that_it_was_wrong():
    story = Result(*WHOLE, *DONE, done(SupersededBy, EVENING, case="o-0"))
    story.then(heard(ResultRetracted, MON, "k"))
    assert (story.state, story.owes()) == ("SUPERSEDED", {"tell_again"})
    story.then(done(ToldAgain, MON + HOUR, "patient"), done(ToldAgain, MON + HOUR, "cl-1"))
    assert story.owes() == set()


def test_a_result_that_comes_to_a_duplicate_surprises():
    """Whoever sends it must hear which case survives; and whoever was told from here is owed it all the same."""
    story = Result(*WHOLE, *DONE, done(SupersededBy, EVENING, case="o-0"))
    story.then(corrected(MON, "k", 2))
    assert (story.state, story.owes()) == ("SUPERSEDED", {"unexpected", "tell_again"})


# --- administration -------------------------------------------------------------------------

OLD = {"reason": "older than a year", "by": CLINICIAN}


@pytest.mark.parametrize("severity", [CRITICAL, NORMAL, UNKNOWN])
def test_administration_closes_no_result_that_nobody_has_read(severity):
    """R-16"""
    story = Result(TAKEN, result(WED, "k", severity), result(WED, "na", NORMAL))
    claims = story.refuses(done(ClosedByAdministration, SAT, **OLD)).claims
    assert "the actor may waive 'review': nobody may" in claims


def test_an_old_order_that_nobody_answers_is_closed_by_a_clinician_with_a_reason_and_may_go_on():
    story = Result(TAKEN)
    story.then(done(ClosedByAdministration, SAT, **OLD))
    assert (story.state, story.owes(), story.case.facts.administrative) == ("CANCELLED", set(), True)
    assert story.ended("result", "k") == (How.WAIVED,)
    story.then(done(Reopened, MON))
    assert (story.state, story.owes()) == ("COLLECTED", {"result"})
    story.look(TUE + 30 * DAY)
    assert of(story.said, Escalated, "result")


def test_half_a_result_that_was_read_is_closed_by_administration_and_goes_on_as_half_a_result():
    story = Result(TAKEN, result(WED, "k", NORMAL), reviewed(THU, "k:1"), notified(THU, "k:1"))
    story.then(done(ClosedByAdministration, SAT, **OLD))
    assert (story.state, story.owes()) == ("CLOSED", set())
    story.then(done(Reopened, MON))
    assert (story.state, story.owes()) == ("PARTIAL", {"result"})


def test_a_closing_by_administration_that_never_was_leaves_the_result_as_it_was():
    story = Result(TAKEN)
    owed = story.owes()
    story.then(closing := done(ClosedByAdministration, SAT, **OLD))
    story.then(taken_back(closing, MON))
    assert (story.state, story.owes() - {"overtaken"}) == ("COLLECTED", owed)

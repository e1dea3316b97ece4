"""
Test result: journeys, each told with dates that a reader can check on a wall calendar.

Tuesday the 7th of July 2026 is the order, Wednesday the first result, Monday the 13th the first working day of the week
after. Under the rows of the example practice a routine result is owed within 14 days, an abnormal review within 3, and
the patient's notice within 7 days if abnormal and 14 if normal, from when it was available.
"""

import pytest
from attrs import evolve
from tests.result_story import (
    ABNORMAL,
    CRITICAL,
    DONE,
    EVENING,
    LAB,
    NORMAL,
    ORDER,
    OWNER,
    SURROGATE,
    TAKEN,
    UNKNOWN,
    WHOLE,
    Result,
    acknowledged,
    called,
    corrected,
    notified,
    preliminary,
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
    Acknowledged,
    DeadlineMissed,
    EnteredInError,
    Escalated,
    How,
    LoopClosed,
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
from carecoord.workflows.diagnostic_result import (
    ArrivedUnasked,
    Claimed,
    Collected,
    Correction,
    Disposition,
    Expected,
    Kind,
    LabCancelled,
    MarkedComplete,
    NotDone,
    Ordered,
    OrderWithdrawn,
    ReflexAdded,
    ReleasedToPatient,
    Reordered,
    ResultRetracted,
    SeenByPatient,
    SpecimenRejected,
    Status,
    TakenBack,
    Viewed,
)

MINUTE = HOUR / 60
LATER = (notified(FRI + 2 * HOUR, "k:1", "na:1"), done(LoopClosed, EVENING))


def closed(*more):
    """Return the plain result, reviewed, told and closed on Friday evening, and what happened since."""
    story = standing("CL").fork()
    story.then(*more)
    return story


# --- from the order to the closing ----------------------------------------------------------


def test_the_plain_journey():
    """Ordered on Tuesday, half of it here on Wednesday, all on Thursday; read and told on Friday."""
    story = Result(TAKEN)
    assert (story.state, story.due("result", "k"), story.owed("collect")) == ("COLLECTED", midnight(2026, 7, 22), None)
    story.then(result(WED, "k"))
    assert (story.state, story.owes()) == ("PARTIAL", {"result", "review", "notify_abnormal"})
    story.then(result(THU, "na", NORMAL))
    assert (story.state, story.owes()) == ("RESULTED", {"review", "notify_abnormal", "notify_normal"})
    assert (story.due("review", "k:1"), story.due("notify_abnormal", "k:1")) == (
        midnight(2026, 7, 12),
        midnight(2026, 7, 16),
    )
    story.then(*DONE, done(LoopClosed, EVENING))
    assert (story.state, story.owes()) == ("CLOSED", set())
    assert {one.how for one in story.case.settled} == {How.MET}


def test_the_host_hears_once_that_the_loop_may_be_closed():
    story = Result(*WHOLE, DONE[0])
    assert of(story.said, ReadyToClose) == ()
    story.then(DONE[1])
    assert len(of(story.said, ReadyToClose)) == 1


def test_an_order_for_six_months_ahead_is_not_overdue_before_its_day():
    """Planned for the 7th of January: to be taken by the 21st, and here by the 28th."""
    ahead = done(Ordered, TUE, by=CLINICIAN, planned_for=TUE.add(months=6))
    story = Result(ahead)
    assert (story.due("collect"), story.due("result")) == (midnight(2027, 1, 22), midnight(2027, 1, 29))
    story.look(midnight(2027, 1, 21))
    assert not of(story.said, DeadlineMissed, "collect")
    assert not of(story.said, Escalated, "result")


def test_a_newborns_screening_counts_from_the_birth_and_not_from_when_we_heard_of_it():
    """Born on Wednesday the 1st, first seen on the 7th: the result is owed by the 8th, the seventh day of life."""
    born = midnight(2026, 7, 1) + 4 * HOUR
    story = Result(done(Expected, TUE, kind=Kind.NEWBORN_BLOOD_SPOT, born_at=born))
    assert (story.state, story.due("result")) == ("ORDERED", midnight(2026, 7, 9))
    hearing = Result(done(Expected, TUE, kind=Kind.NEWBORN_HEARING, born_at=born))
    assert hearing.due("result") == midnight(2026, 8, 2)


def test_a_test_that_was_pending_at_discharge_is_expected_by_the_day_that_was_said():
    story = Result(done(Expected, FRI, components=("culture",), expected_by=MON, stay="t-1"))
    assert (story.due("result"), story.case.facts.stay) == (MON, "t-1")
    story.then(result(MON - HOUR, None, UNKNOWN))
    assert (story.state, story.owed("review").item) == ("RESULTED", "culture:1")


# --- critical -------------------------------------------------------------------------------

PANEL = tuple(f"c{number}" for number in range(1, 15))


def test_a_panel_of_fourteen_with_one_critical_preliminary():
    """One component rings at once, the others wait; one review of fourteen versions ends all fourteen reviews."""
    story = Result(done(Ordered, TUE, by=CLINICIAN, components=PANEL), heard(Collected, TUE + HOUR))
    story.then(preliminary(WED, "c7", CRITICAL))
    assert (story.state, story.owed("critical").item, story.due("critical")) == ("PARTIAL", "c7", WED + 15 * MINUTE)
    assert {"final", "review"} <= story.owes()
    assert "notify_abnormal" not in story.owes(), "what is preliminary is told to nobody but us"
    story.then(acknowledged(WED + 10 * MINUTE, by=SURROGATE))
    assert (story.owed("critical"), story.ended("critical")) == (None, (How.MET,))
    for component in PANEL:
        final = CRITICAL if component == "c7" else NORMAL
        story.then(result(THU, component, final, version=2 if component == "c7" else 1, content_changed=False))
    assert (story.state, story.owed("final"), story.owed("result", "c7")) == ("RESULTED", None, None)
    assert (len(story.ended("result")), story.owed("critical")) == (14, None)
    assert story.owed("notify_abnormal").item == "c7:2"
    everything = tuple(f"{one}:{2 if one == 'c7' else 1}" for one in PANEL)
    story.then(reviewed(THU + HOUR, *everything), notified(THU + 2 * HOUR, *everything))
    assert story.owes() == set()


@pytest.mark.parametrize("read_back", [True, False], ids=["read back", "not read back"])
def test_a_critical_result_is_called_before_it_is_written(read_back):
    """Read back, the call counts for the message that follows; else somebody is rung, from the call on."""
    story = Result(TAKEN, called(WED, "k", read_back=read_back))
    assert (story.state, "critical" in story.owes()) == ("PARTIAL", not read_back)
    story.then(preliminary(WED + 20 * MINUTE, "k", CRITICAL))
    assert ("critical" in story.owes(), "review" in story.owes()) == (not read_back, True)
    if not read_back:
        assert story.due("critical") == WED + 15 * MINUTE
        story.then(called(WED + 30 * MINUTE, "k"))
        assert story.ended("critical") == (How.MET_LATE,)


def test_a_critical_result_is_called_after_it_is_written():
    story = Result(TAKEN, preliminary(WED, "k", CRITICAL), called(WED + 10 * MINUTE, "k"))
    assert (story.owed("critical"), story.ended("critical")) == (None, (How.MET,))
    story.then(result(THU, "k", CRITICAL, version=2))
    assert story.owed("critical"), "another value is another call"


def test_a_critical_result_that_nobody_acknowledges_goes_up_the_ladder_within_the_hour():
    story = Result(TAKEN, result(WED, "k", CRITICAL))
    story.look(WED + HOUR)
    assert [one.notify for one in of(story.said, Escalated, "critical")] == [
        Role.OWNER,
        Role.SURROGATE,
        Role.SUPERVISOR,
        Role.SAFETY_OFFICER,
    ]


def test_a_preliminary_that_was_viewed_and_vanishes_when_the_final_arrives():
    """Viewed on Wednesday, gone from the list on Thursday, and read by nobody: the review is still owed since then."""
    story = Result(TAKEN, preliminary(WED, "k", ABNORMAL), heard(Viewed, WED + HOUR, results=("k:1",)))
    due = story.due("review", "k:1")
    story.then(result(THU, "k", ABNORMAL, version=2), heard(Viewed, THU + HOUR, results=("k:2",)))
    assert (story.due("review", "k:1"), due) == (due, midnight(2026, 7, 12))
    story.then(reviewed(FRI, "k:1"))
    assert story.due("review", "k:1") == due, "the first version was read, and not the second"
    story.then(reviewed(FRI + HOUR, "k:2"))
    assert (story.owed("review"), story.ended("review")) == (None, (How.MET,))


def test_a_preliminary_that_becomes_final_without_being_sent_again_is_read_again():
    """OBX-11 U: a review of the preliminary one is none of the final one."""
    story = Result(TAKEN, preliminary(WED, "k"), reviewed(WED + HOUR, "k:1"))
    assert (story.owed("review"), story.due("final", "k")) == (None, midnight(2026, 7, 14))
    story.then(result(THU, "k", UNKNOWN, content_changed=False))
    assert (story.owed("final"), story.owed("review").round) == (None, 2)
    assert story.case.facts.versions[0].severity is ABNORMAL, "its flag was not sent again"


# --- what comes again, and in another order -------------------------------------------------


def test_a_preliminary_after_the_final_moves_nothing():
    story = Result(*WHOLE, *DONE)
    owed = story.case.deadlines
    story.then(preliminary(FRI + 3 * HOUR, "k", version=1), preliminary(FRI + 4 * HOUR, "na", NORMAL, version=0))
    assert (story.state, story.case.deadlines) == ("RESULTED", owed)


def test_a_preliminary_that_is_heard_after_the_final_stands_before_it():
    story = Result(TAKEN, result(THU, "k", NORMAL, version=2))
    story.then(preliminary(WED, "k", CRITICAL, version=1, recorded_at=THU + HOUR))
    assert (story.state, story.owed("critical").started_at) == ("PARTIAL", WED)
    assert story.due("review", "k:1") == WED + 3 * HOUR


@pytest.mark.parametrize("other", [NORMAL, UNKNOWN], ids=["the same flag", "no flag"])
def test_the_same_result_from_two_feeds(other):
    """The second says nothing new, also after closing."""
    story = Result(TAKEN, result(WED, "k"), result(THU, "na", NORMAL))
    owed, second = story.case.deadlines, Actor(Role.SYSTEM, "exchange")
    story.then(result(THU + HOUR, "na", other, by=second), result(THU + 2 * HOUR, "k", UNKNOWN, by=second))
    assert story.case.deadlines == owed
    story = closed(result(SAT, "na", other, by=second))
    assert (story.state, story.owes()) == ("CLOSED", set())


def test_a_second_feed_that_knows_a_graver_flag_is_believed():
    story = closed(result(SAT, "na", CRITICAL, by=Actor(Role.SYSTEM, "exchange")))
    assert (story.state, story.owes()) == ("RESULTED", {"critical", "review", "notify_abnormal", "tell_again"})


def test_a_status_that_nobody_knows_is_read_and_finishes_nothing():
    story = Result(TAKEN, result(WED, "k", ABNORMAL, status=Status.UNKNOWN))
    assert (story.state, {"review", "result", "final"} <= story.owes()) == ("PARTIAL", True)
    assert "notify_abnormal" not in story.owes()


def test_a_final_that_the_laboratory_marks_complete_though_nobody_reviewed_it():
    story = Result(*WHOLE, heard(MarkedComplete, FRI))
    assert (story.state, "review" in story.owes()) == ("RESULTED", True)
    assert "'review' is settled" in story.refuses(done(LoopClosed, FRI + HOUR)).claims
    story.look(FRI + 20 * DAY)
    assert of(story.said, Escalated, "review")[-1].notify is Role.SAFETY_OFFICER


# --- corrections ----------------------------------------------------------------------------


@pytest.mark.parametrize("how", Correction)
def test_corrected_after_closing(how):
    """It is read and told anew, and whoever was told is owed the correction: the patient, and who had read it."""
    story = closed(corrected(MON, "k", 2, CRITICAL, how=how))
    assert story.state == "RESULTED"
    assert story.owes() == {"critical", "review", "notify_abnormal", "tell_again"}
    told = [one.item for one in story.case.deadlines if one.clock == "tell_again"]
    assert told == ["cl-1", "patient"]
    story.then(reviewed(MON + HOUR, "k:2"))
    assert story.owes() == {"notify_abnormal", "tell_again"}
    story.then(notified(MON + 2 * HOUR, "k:2"))
    assert story.owes() == set()


def test_a_correction_of_form_alone_is_read_and_not_told():
    story = closed(corrected(MON, "k", 2, content_changed=False))
    assert (story.state, story.owes()) == ("RESULTED", {"review"})


def test_several_corrections_are_owed_once_to_each_person():
    story = closed(corrected(MON, "k", 2, NORMAL), corrected(MON + HOUR, "na", 2), corrected(MON + 2 * HOUR, "k", 3))
    owed = [one.item for one in story.case.deadlines if one.clock == "tell_again"]
    assert sorted(owed) == ["cl-1", "patient"]
    story.then(notified(MON + 3 * HOUR, "k:3"))
    assert story.owed("tell_again", "patient"), "sodium was corrected too"
    story.then(notified(MON + 4 * HOUR, "na:2"))
    assert story.owed("tell_again", "patient") is None
    story.then(done(ToldAgain, MON + 5 * HOUR, "cl-1"))
    assert story.owed("tell_again") is None
    story.then(corrected(MON + 6 * HOUR, "k", 4, CRITICAL))
    assert story.owed("tell_again", "cl-1").round == 2


def test_an_unsolicited_correction_of_a_completed_order():
    """Months later the laboratory found a mistake: the case goes on, whoever thinks that it was over."""
    story = closed(corrected(MON.add(months=3), "na", 2, ABNORMAL))
    assert (story.state, story.owed("review").item) == ("RESULTED", "na:2")
    assert of(story.said, Moved)[-1].to == "RESULTED"


def test_cancelled_then_corrected_then_cancelled_again():
    """No message is dropped: each time somebody here decides, and what is here is read."""
    story = Result(done(Ordered, TUE, by=CLINICIAN), TAKEN, heard(LabCancelled, WED, reason="quantity"))
    assert (story.state, story.owes()) == ("NOT_DONE", {"decide"})
    story.then(corrected(THU, None, 2))
    assert (story.state, story.owes()) == ("RESULTED", {"review", "notify_abnormal"})
    assert story.ended("decide") == (How.DROPPED,)
    story.then(heard(LabCancelled, FRI, reason="quantity"))
    assert (story.state, "decide" in story.owes()) == ("RESULTED", True)
    story.then(heard(LabCancelled, FRI + HOUR, reason="quantity"))
    assert story.owed("decide").started_at == FRI, "it was told again"
    story.then(reviewed(FRI + 2 * HOUR, "result:2"))
    assert (story.owed("decide"), story.owed("review"), story.state) == (None, None, "RESULTED")


def test_posted_on_the_wrong_patient_after_both_patients_were_told():
    """Two cases, each with the other's value: each patient is owed the truth once, and both results are awaited."""
    here, there = Result(*WHOLE, *DONE), Result(*WHOLE, *DONE)
    for story in (here, there):
        story.then(done(LoopClosed, EVENING))
        for component in ("k", "na"):
            story.then(heard(ResultRetracted, MON, component, why=TakenBack.WRONG_PATIENT))
        assert (story.state, story.due("result", "k")) == ("COLLECTED", midnight(2026, 7, 28))
        assert sorted(one.item for one in story.case.deadlines if one.clock == "tell_again") == ["cl-1", "patient"]
        assert {"k:1", "na:1"} == set(story.case.facts.struck), "what was wrong is marked, and stays in the history"
        story.then(done(ToldAgain, MON + HOUR, "patient"), done(ToldAgain, MON + HOUR, "cl-1"))
        story.then(result(MON + 2 * HOUR, "k", NORMAL, version=2), result(MON + 2 * HOUR, "na", NORMAL, version=2))
        assert (story.state, story.owes()) == ("RESULTED", {"review", "notify_normal"})


def test_a_result_that_was_filed_here_by_mistake_overtakes_what_was_done_with_it():
    """Unlike one that the laboratory takes back it never was: act by act somebody takes notice."""
    wrong = result(WED, "k")
    story = Result(TAKEN, wrong, result(THU, "na", NORMAL), *DONE)
    story.then(taken_back(wrong, MON))
    assert (story.state, "overtaken" in story.owes(), story.owed("tell_again").item) == ("PARTIAL", True, "patient")


def test_an_order_that_never_was_is_owed_to_whoever_was_told_of_it():
    """Entered on the wrong patient altogether: it is hidden, and the patient hears that it was another's."""
    story = closed(done(EnteredInError, MON))
    assert (story.state, story.owes()) == ("ENTERED_IN_ERROR", {"tell_again"})
    assert sorted(one.item for one in story.case.deadlines) == ["cl-1", "patient"]


def test_a_critical_call_is_not_withdrawn_with_its_order():
    """Nobody has acknowledged it, and the laboratory will write nothing: somebody must know of it first."""
    story = Result(TAKEN, called(WED, "k", read_back=False), heard(LabCancelled, WED + HOUR))
    withdrawn = done(OrderWithdrawn, THU, reason="better")
    assert (story.state, story.owes()) == ("NOT_DONE", {"critical", "decide"})
    assert story.refuses(withdrawn) is not None
    story.then(acknowledged(WED + 2 * HOUR, "k"))
    assert story.refuses(withdrawn) is not None
    for_nothing = reviewed(THU, without=("k", "na"))
    claims = story.refuses(for_nothing).claims
    assert any("it says what follows from what was called and will not be written" in one for one in claims)
    story.then(evolve(for_nothing, disposition=Disposition.FOLLOW_UP_NEEDED))
    assert (story.state, story.owes()) == ("NOT_DONE", {"follow_up"})
    story.then(evolve(withdrawn, at=THU + HOUR, recorded_at=THU + HOUR))
    assert (story.state, story.owes()) == ("CANCELLED", {"follow_up"})


def test_one_of_four_bundled_results_on_the_wrong_order_and_put_right():
    """Magnesium belonged to another order: it is taken out here, filed there, and told to nobody."""
    wanted = done(Ordered, TUE, by=CLINICIAN, components=("k", "na", "ca"))
    stray = result(WED, "mg")
    story = Result(wanted, TAKEN, result(WED, "k"), result(WED, "na", NORMAL), result(WED, "ca", NORMAL), stray)
    assert (story.state, story.due("review", "mg:1")) == ("RESULTED", midnight(2026, 7, 12))
    other = Result(done(Ordered, TUE, by=CLINICIAN, components=("mg",)))
    story.then(taken_back(stray, THU))
    other.then(result(WED, "mg", recorded_at=THU, key="mg, put right"))
    assert (story.owed("review", "mg:1"), "tell_again" in story.owes()) == (None, False)
    assert (other.state, other.due("review", "mg:1")) == ("RESULTED", midnight(2026, 7, 12))
    story.then(reviewed(THU + HOUR, "k:1", "na:1", "ca:1"), notified(THU + 2 * HOUR, "k:1", "na:1", "ca:1"))
    assert story.owes() == set()


# --- tests that are added -------------------------------------------------------------------


def test_a_reflex_after_the_review_is_awaited_and_read():
    story = Result(*WHOLE, *DONE, heard(ReflexAdded, FRI + 3 * HOUR, "mg", parent="k"))
    assert (story.state, story.owes()) == ("PARTIAL", {"result"})
    story.then(result(MON, "mg", NORMAL))
    assert (story.state, story.owes()) == ("RESULTED", {"review", "notify_normal"})


def test_a_reflex_after_closing_opens_the_case_again():
    story = closed(heard(ReflexAdded, SAT, "mg", parent="k"))
    assert (story.state, story.owes()) == ("PARTIAL", {"result"})


def test_a_result_that_nobody_ordered_or_announced_is_read_like_any_other():
    story = closed(result(SAT, "mg", ABNORMAL))
    assert (story.state, story.owes()) == ("RESULTED", {"review", "notify_abnormal"})


# --- what will not come ---------------------------------------------------------------------


def test_a_rejected_specimen_is_taken_again():
    story = Result(TAKEN, heard(SpecimenRejected, WED, specimen="s-1", reason="haemolysed"))
    assert (story.state, story.due("decide")) == ("NOT_DONE", midnight(2026, 7, 11))
    story.then(heard(Collected, WED + HOUR, specimen="s-1"))
    assert (story.state, story.owed("decide") is not None) == ("NOT_DONE", True), "the old specimen, told again"
    story.then(heard(Collected, THU, specimen="s-2"))
    assert (story.state, story.owed("decide"), story.ended("decide")) == ("COLLECTED", None, (How.MET,))
    assert story.due("result", "k") == midnight(2026, 7, 22), "the patient waits since the order"


def test_an_order_that_was_not_done_is_replaced_by_another():
    story = Result(heard(NotDone, WED), done(Reordered, THU, case="o-9"))
    assert (story.state, story.owes(), story.ended("decide")) == ("CANCELLED", set(), (How.MET,))
    story.then(done(Reopened, FRI))
    assert (story.state, story.owes()) == ("NOT_DONE", {"decide", "result"})


def test_one_of_two_that_will_not_come_is_done_without():
    story = Result(TAKEN, result(WED, "k"), heard(LabCancelled, THU, "na"))
    assert (story.state, {"decide", "review"} <= story.owes()) == ("RESULTED", True)
    story.then(reviewed(THU + HOUR, "k:1"))
    assert story.owed("decide"), "nobody has said that sodium can be done without"
    story.then(reviewed(THU + 2 * HOUR, "k:1", without=("na",)))
    assert story.owed("decide") is None


def test_what_is_here_is_reviewed_and_not_withdrawn():
    story = Result(TAKEN, result(WED, "k"))
    assert story.refuses(done(OrderWithdrawn, THU, reason="better")) is not None


def test_an_order_that_was_withdrawn_and_resulted_all_the_same():
    story = Result(TAKEN, done(OrderWithdrawn, WED, reason="better"), result(THU, "k", CRITICAL))
    assert (story.state, story.owes()) == ("RESULTED", {"critical", "review", "notify_abnormal"})


# --- who arrives unasked --------------------------------------------------------------------


def test_a_result_that_arrives_unasked_is_somebodys_before_it_is_read():
    """It counts from its arrival, whoever claims it when."""
    story = Result(heard(ArrivedUnasked, WED, "k", severity=CRITICAL, by=LAB))
    assert (story.state, story.owes()) == ("UNCLAIMED", {"claim", "critical", "review", "notify_abnormal"})
    assert story.due("claim") == WED + HOUR / 2
    assert story.refuses(reviewed(WED + HOUR, "k:1")) is not None
    story.then(acknowledged(WED + HOUR), done(Claimed, WED + 2 * HOUR, by=CLINICIAN))
    assert (story.state, story.owes(), story.ended("claim")) == (
        "RESULTED",
        {"review", "notify_abnormal"},
        (How.MET_LATE,),
    )


def test_an_order_that_is_filed_late_had_been_there_all_along():
    """Heard first is not what opens the case: the order is of Tuesday."""
    story = Result(heard(ArrivedUnasked, WED, "k", severity=ABNORMAL, by=LAB))
    story.then(done(Ordered, TUE, by=CLINICIAN, components=("k", "na"), recorded_at=THU))
    assert (story.state, story.owed("claim"), story.ended("claim")) == ("PARTIAL", None, ())
    assert story.due("result", "na") == midnight(2026, 7, 22)


def test_an_unasked_preliminary_is_claimed_and_becomes_final():
    story = Result(heard(ArrivedUnasked, WED, "k", severity=ABNORMAL, status=Status.PRELIMINARY, by=LAB))
    story.then(done(Claimed, WED + HOUR))
    assert (story.state, {"final", "result"} <= story.owes()) == ("PARTIAL", True)
    story.then(result(THU, "k", NORMAL, version=2))
    assert (story.state, story.owes()) == ("RESULTED", {"review", "notify_normal"})


# --- the patient ----------------------------------------------------------------------------


def test_what_the_patient_has_read_before_anybody_here_is_explained_and_nothing_else_is_sooner():
    story = Result(*WHOLE, heard(ReleasedToPatient, THU, results=("k:1", "na:1")))
    before = {one.id: one.due_at for one in story.case.deadlines}
    story.then(heard(SeenByPatient, THU + HOUR, results=("k:1", "na:1")))
    after = {one.id: one.due_at for one in story.case.deadlines}
    assert (story.owed("explain").item, story.due("explain")) == ("k:1", midnight(2026, 7, 11))
    assert {which: after[which] for which in before} == before
    story.then(reviewed(THU + 2 * HOUR, "k:1"))
    assert story.owed("explain"), "to review is not to explain"
    story.then(notified(THU + 3 * HOUR, "k:1"))
    assert story.ended("explain") == (How.MET,)


def test_what_the_patient_read_in_the_laboratorys_portal_before_it_reached_us_is_explained_too():
    story = Result(TAKEN, heard(SeenByPatient, WED - HOUR, results=("k:1",)))
    assert story.owes() == {"result", "unexpected"}, "what they have read is to be got"
    story.then(result(WED, "k"))
    assert story.owed("explain").started_at == WED


def test_what_the_patient_read_beside_something_that_is_not_here_is_explained_all_the_same():
    story = Result(*WHOLE, heard(SeenByPatient, THU + HOUR, results=("k:1", "mg:7")))
    assert (story.owed("explain").item, story.owed("unexpected")) == ("k:1", None)
    story = Result(*WHOLE, heard(SeenByPatient, THU + HOUR, results=("na:1", "mg:7")))
    assert (story.owed("explain"), "unexpected" in story.owes()) == (None, True)


def test_what_had_no_flag_is_told_as_normal_once_a_clinician_says_so():
    """Within 14 days from when it was available, and not from when it was read."""
    story = Result(TAKEN, result(WED, "k", UNKNOWN), result(WED, "na", NORMAL))
    assert story.owed("notify_abnormal").item == "k:1"
    story.then(reviewed(FRI, "k:1", "na:1", normal=("k:1",)))
    assert (story.owed("notify_abnormal"), story.due("notify_normal", "k:1")) == (None, midnight(2026, 7, 23))


def test_a_dead_patient_is_told_nothing_and_the_result_is_still_read():
    story = Result(*WHOLE, heard(PatientDied, FRI))
    assert story.owes() == {"review", "wrap_up"}
    story.then(reviewed(MON, "k:1", "na:1"), done(LoopClosed, MON + HOUR))
    assert (story.state, story.ended("wrap_up")) == ("CLOSED", (How.MET,))


def test_follow_up_stays_owed_until_it_is_done():
    asked = reviewed(FRI, "k:1", "na:1", disposition=Disposition.FOLLOW_UP_NEEDED, findings=("repeat", "ecg"))
    story = Result(*WHOLE, asked, notified(FRI + HOUR, "k:1", "na:1"))
    assert [one.item for one in story.case.deadlines if one.clock == "follow_up"] == ["repeat", "ecg"]
    assert story.refuses(done(LoopClosed, FRI + 2 * HOUR)).claims == ("'follow_up' is settled",)


# --- the host -------------------------------------------------------------------------------


def test_the_host_was_down_and_catches_up():
    """One fold, one difference: what was missed and is met is not rung, what is owed is."""
    story = Result(TAKEN)
    backlog = (
        result(THU, "na", NORMAL),
        corrected(FRI, "k", 2, NORMAL),
        result(WED, "k", CRITICAL),
        acknowledged(WED + 5 * MINUTE, "k"),
    )
    caught_up = story.catch_up(*backlog, at=FRI + 21 * DAY)
    assert caught_up.refused == ()
    assert (story.state, story.ended("critical")) == ("RESULTED", (How.MET,))
    assert not of(caught_up.effects, DeadlineMissed, "critical")
    assert of(caught_up.effects, DeadlineMissed, "review")


def test_an_alarm_that_turns_out_to_be_for_nothing_is_stood_down():
    story = Result(TAKEN)
    story.look(midnight(2026, 7, 22))
    assert of(story.said, Escalated, "result")
    step = story.then(result(THU, "k", recorded_at=midnight(2026, 7, 23)))
    assert of(step.effects, StoodDown, "result")


def test_a_result_that_is_let_go_is_waited_for_no_longer():
    story = Result(TAKEN, result(WED, "k"))
    story.then(done(Waived, THU, "na", clock="result", reason="not needed", by=CLINICIAN))
    assert (story.state, story.owed("result")) == ("RESULTED", None)


def test_an_acknowledgement_by_the_office_is_no_acknowledgement():
    story = Result(TAKEN, result(WED, "k", CRITICAL))
    story.then(done(Acknowledged, WED + MINUTE, "k", clock="critical"))
    assert story.owed("critical")
    story.then(acknowledged(WED + 2 * MINUTE, "k", by=OWNER))
    assert story.owed("critical") is None


def test_an_open_order_speaks_by_itself():
    assert next_check(Result(ORDER).case) is not None

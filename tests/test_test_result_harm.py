"""
Test result: ways in which a patient could come to harm although every duty was done.

Each is a journey that a laboratory, a second feed or a busy office can make, and none of them may end closed with an
abnormal value unread, a patient untold, a call unanswered, or somebody left with what is no longer so.
"""

import pytest
from examples.practice import RESULTS
from tests.result_story import (
    CRITICAL,
    DONE,
    EVENING,
    NORMAL,
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
)
from tests.transition_story import CLINICIAN, DAY, FRI, HOUR, MON, SAT, THU, TUE, WED, Actor, done, heard, midnight

from carecoord import (
    ImpossibleEvent,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    PatientDied,
    Paused,
    Role,
    SupersededBy,
    Urgency,
    Waived,
)
from carecoord.workflows.diagnostic_result import (
    ArrivedUnasked,
    Collected,
    Disposition,
    LabCancelled,
    NotDone,
    Ordered,
    OrderWithdrawn,
    ReleaseDelayAsked,
    Reordered,
    ResultRetracted,
    SeenByPatient,
    SpecimenRejected,
    Status,
    TakenBack,
)

ONE = done(Ordered, TUE, by=CLINICIAN, components=("k",))
EXCHANGE = Actor(Role.SYSTEM, "exchange")
FOUND = {"disposition": Disposition.FOLLOW_UP_NEEDED, "findings": ("nodule",)}
DAUGHTER = notified(WED + 2 * HOUR, "k:1", recipient="daughter")


@pytest.fixture
def rules():
    return RESULTS


def potassium(*events, rules=RESULTS):
    """Return what became of an order of potassium alone."""
    return Result(ONE, TAKEN, *events, rules=rules)


def read_and_told(name, at):
    return reviewed(at, name), notified(at + HOUR / 2, name)


def waived(clock, at):
    return done(Waived, at, "k", clock=clock, reason="r", by=CLINICIAN, key=f"waived {clock}")


def may_close(story, at):
    return story.refuses(done(LoopClosed, at)) is None


def owed(story):
    return {(one.clock, one.item) for one in story.case.deadlines} - {("look_again", "")}


# --- what is not final, and will not be -----------------------------------------------------

_UNVERIFIED = result(WED, "k", CRITICAL, status=Status.UNKNOWN)
_FINAL_AND_CLOSED = (result(WED, "k", NORMAL), *read_and_told("k:1", WED + HOUR), done(LoopClosed, THU))


@pytest.mark.parametrize(
    "events",
    [
        (preliminary(WED, "k", CRITICAL), reviewed(WED + HOUR, "k:1"), heard(LabCancelled, THU, "k")),
        (_UNVERIFIED, reviewed(WED + HOUR, "k:1"), waived("result", THU), waived("final", THU)),
        (preliminary(WED, "k"), heard(NotDone, THU, "k"), reviewed(FRI, "k:1", without=("k",))),
        (preliminary(WED, "k"), heard(NotDone, THU, "k"), done(Reordered, FRI, case="o-9")),
    ],
    ids=["cancelled", "waived", "done without", "ordered anew"],
)
def test_the_patient_is_told_of_what_is_abnormal_and_will_never_be_final(events):
    """R-7."""
    story = potassium(*events)
    assert ("notify_abnormal", "k:1") in owed(story)
    assert not may_close(story, SAT)


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.PRELIMINARY])
def test_the_patient_is_told_of_what_is_abnormal_and_comes_behind_what_was_final(status):
    """R-7: nothing final is awaited behind it, so nothing else would tell them."""
    story = potassium(*_FINAL_AND_CLOSED, result(FRI, "k", CRITICAL, version=2, status=status))
    assert {("notify_abnormal", "k:2"), ("review", "k:2"), ("critical", "k")} <= owed(story)
    story.then(*read_and_told("k:2", FRI + HOUR))
    assert may_close(story, SAT)


def test_the_patient_is_told_of_a_preliminary_value_whose_final_one_was_cancelled(rules):
    story = potassium(preliminary(WED, "k"), heard(LabCancelled, THU, "k"), rules=rules)
    assert ("notify_abnormal", "k:1") in owed(story)


def test_what_is_final_and_abnormal_is_told_although_a_preliminary_one_came_behind_it():
    story = potassium(result(WED, "k"), preliminary(THU, "k", NORMAL, version=2))
    assert {one for one in owed(story) if one[0].startswith("notify")} == {("notify_abnormal", "k:1")}


def test_while_a_final_version_is_awaited_nobody_need_tell_of_the_preliminary_one():
    assert not {clock for clock, _ in owed(potassium(preliminary(WED, "k")))} & {"notify_abnormal", "notify_normal"}


# --- what was phoned ------------------------------------------------------------------------


def test_a_call_of_another_version_than_is_here_opens_what_was_closed_and_waits_for_it():
    story = potassium(*_FINAL_AND_CLOSED, called(FRI, "k", version=2))
    assert (story.state, owed(story)) == ("PARTIAL", {("result", "k")})


def test_what_was_phoned_and_will_not_be_written_is_decided_by_a_clinician_and_followed_up():
    """The value is known to one person and stands nowhere: it is not let go without a word."""
    story = potassium(called(WED, "k"), heard(LabCancelled, THU))
    assert (story.state, owed(story)) == ("NOT_DONE", {("decide", "")})
    assert story.refuses(done(OrderWithdrawn, FRI, reason="r")) is not None
    assert story.refuses(reviewed(FRI, without=("k",))) is not None
    story.then(reviewed(FRI, without=("k",), **FOUND))
    assert owed(story) == {("follow_up", "nodule")}


def test_what_was_phoned_is_not_lost_with_a_waiver_of_its_result():
    story = potassium(called(WED, "k"), waived("result", THU))
    assert ("decide", "") in owed(story)
    assert not may_close(story, FRI)


def test_a_call_that_names_a_version_that_is_here_says_nothing_of_the_next(rules):
    story = potassium(
        result(WED, "k"), called(WED + HOUR, "k", version=1), *read_and_told("k:1", WED + 2 * HOUR), rules=rules
    )
    story.then(done(LoopClosed, THU), corrected(WED + 14 * DAY, "k", 2, CRITICAL))
    assert ("critical", "k") in owed(story)


@pytest.mark.parametrize("version", [None, 2])
def test_a_call_ahead_says_nothing_once_what_is_here_was_taken_back(version):
    """It may have been about the other patient's value."""
    story = potassium(preliminary(WED, "k", NORMAL), called(WED + HOUR, "k", version=version))
    story.then(heard(ResultRetracted, WED + 2 * HOUR, "k", why=TakenBack.WRONG_PATIENT))
    story.then(result(WED + 14 * DAY, "k", CRITICAL, version=2))
    assert ("critical", "k") in owed(story)


def test_a_call_of_a_specimen_that_is_rejected_says_nothing_of_the_next():
    story = potassium(called(WED, "k"), heard(SpecimenRejected, WED + HOUR, specimen="s-1"))
    story.then(heard(Collected, FRI, specimen="s-2"), result(MON, "k", CRITICAL))
    assert ("critical", "k") in owed(story)


def test_a_call_that_was_not_understood_is_not_answered_by_reading_an_older_version(rules):
    story = potassium(result(WED, "k", NORMAL), called(WED + HOUR, "k", version=2, read_back=False), rules=rules)
    story.then(*read_and_told("k:1", WED + 2 * HOUR))
    assert ("critical", "k") in owed(story)
    story.then(result(THU, "k", CRITICAL, version=2), reviewed(THU + HOUR, "k:2"))
    assert ("critical", "k") not in owed(story)


def test_a_call_that_was_not_understood_is_not_taken_back_with_an_older_version():
    story = potassium(preliminary(WED, "k", NORMAL), called(WED + HOUR, "k", version=2, read_back=False))
    story.then(heard(ResultRetracted, WED + 2 * HOUR, "k", version=1))
    assert ("critical", "k") in owed(story)


def test_a_second_call_of_another_version_alarms_although_the_first_is_known():
    story = potassium(result(WED, "k", CRITICAL), acknowledged(WED, "k"), *read_and_told("k:1", WED + HOUR))
    story.then(called(THU, "k", version=2, read_back=False))
    assert ("critical", "k") in owed(story)


@pytest.mark.parametrize(
    "news",
    [
        called(FRI),
        called(FRI, read_back=False),
        result(FRI, None, CRITICAL),
        heard(ArrivedUnasked, FRI, severity=CRITICAL),
    ],
    ids=["a whole call", "a call", "a result", "an unasked result"],
)
def test_something_critical_that_nobody_can_place_rings_at_once(news):
    """Under our rows, as a critical result does; a value that was not critical waits for a business day."""
    story = Result(TAKEN, news)
    assert story.due("unexpected") == FRI + 15 * HOUR / 60
    assert Result(TAKEN, result(FRI, None)).due("unexpected") == midnight(2026, 7, 14)


# --- versions, and flags --------------------------------------------------------------------


def test_a_final_version_under_a_lower_number_is_read_and_rings():
    """Another feed numbers them anew; what is final stands above what is not."""
    story = potassium(preliminary(WED, "k", NORMAL), preliminary(WED + HOUR, "k", NORMAL, version=2))
    story.then(reviewed(WED + 2 * HOUR, "k:2"), result(THU, "k", CRITICAL, by=EXCHANGE))
    assert {("critical", "k"), ("review", "k:1"), ("notify_abnormal", "k:1")} <= owed(story)
    story.then(*read_and_told("k:1", THU + HOUR))
    assert may_close(story, FRI)


def test_a_graver_version_under_a_lower_number_is_read_and_rings(rules):
    story = potassium(corrected(WED, "k", 2, NORMAL), *read_and_told("k:2", WED + HOUR), rules=rules)
    story.then(result(THU, "k", CRITICAL, by=EXCHANGE))
    assert {("critical", "k"), ("review", "k:1"), ("notify_abnormal", "k:1")} <= owed(story)


def test_a_version_that_is_sent_again_without_its_flag_keeps_it():
    """R-11."""
    story = potassium(preliminary(WED, "k", CRITICAL), acknowledged(WED, "k"), result(THU, "k", UNKNOWN, by=EXCHANGE))
    assert story.case.facts.versions[0].severity is CRITICAL
    assert story.refuses(reviewed(FRI, "k:1", normal=("k:1",))) is not None


def test_a_flag_that_comes_later_is_known_and_nobody_may_call_it_normal():
    """R-11, whichever feed brought it first."""
    story = potassium(result(WED, "k", UNKNOWN), result(THU, "k", key="its flag"))
    assert story.refuses(reviewed(FRI, "k:1", normal=("k:1",))) is not None


def test_a_flag_that_comes_after_a_clinician_called_it_normal_is_read_again():
    story = potassium(result(WED, "k", UNKNOWN), reviewed(WED + HOUR, "k:1", normal=("k:1",)))
    story.then(notified(WED + 2 * HOUR, "k:1"), done(LoopClosed, THU), result(FRI, "k", key="its flag"))
    assert {("review", "k:1"), ("notify_abnormal", "k:1")} <= owed(story)


# --- who was told what is no longer so ------------------------------------------------------


def test_a_correction_that_reaches_a_duplicate_is_owed_to_whoever_was_told_from_it():
    """R-18; it surprises there all the same, so that somebody takes it to the case that survives."""
    story = Result(*WHOLE, *DONE, done(SupersededBy, EVENING, case="o-0"), corrected(MON, "k", 2, CRITICAL))
    persons = {item for clock, item in owed(story) if clock == "tell_again"}
    assert persons == {"patient", CLINICIAN.id}
    assert "unexpected" in story.owes()


@pytest.mark.parametrize(
    "news",
    [result(FRI, "k", CRITICAL, version=2), result(FRI, "k", CRITICAL, key="graver"), corrected(FRI, "k", 2, CRITICAL)],
    ids=["a second final version", "a graver flag", "a correction"],
)
def test_whatever_changes_what_somebody_was_told_is_owed_to_them(news):
    """R-18: laboratories send corrections as final results too."""
    story = potassium(result(WED, "k", NORMAL), *read_and_told("k:1", WED + HOUR), DAUGHTER, done(LoopClosed, THU))
    story.then(news)
    name = story.case.facts.versions[-1].name
    story.then(*read_and_told(name, FRI + HOUR))
    assert {one for one in owed(story) if one[0] == "tell_again"} == {("tell_again", "daughter")}
    assert not may_close(story, SAT)


def test_a_final_version_that_says_what_the_preliminary_one_said_corrects_nothing():
    story = potassium(preliminary(WED, "k"), reviewed(WED + HOUR, "k:1"), DAUGHTER, result(THU, "k"))
    assert not {one for one in owed(story) if one[0] == "tell_again"}


def test_whoever_was_told_a_version_that_is_taken_back_is_owed_the_word_also_where_a_newer_one_stands():
    story = potassium(result(WED, "k"), *read_and_told("k:1", WED + HOUR), DAUGHTER)
    story.then(preliminary(THU, "k", NORMAL, version=2), heard(ResultRetracted, THU + HOUR, "k", version=1))
    assert {item for clock, item in owed(story) if clock == "tell_again"} == {"patient", "daughter", CLINICIAN.id}


def test_whoever_was_told_a_newer_version_is_owed_nothing_where_an_older_one_is_taken_back():
    story = potassium(result(WED, "k"), corrected(THU, "k", 2), *read_and_told("k:2", THU + HOUR))
    story.then(heard(ResultRetracted, FRI, "k", version=1))
    assert not {one for one in owed(story) if one[0] == "tell_again"}


def test_whoever_took_a_call_is_owed_the_word_where_it_was_of_somebody_else():
    story = potassium(called(WED, "k"), heard(ResultRetracted, WED + HOUR, "k", why=TakenBack.WRONG_PATIENT))
    assert ("tell_again", "dr-3") in owed(story)
    assert story.state == "COLLECTED"


def test_a_second_correction_under_one_number_is_read_where_it_says_something_else():
    story = potassium(corrected(WED, "k", 2), *read_and_told("k:2", THU), corrected(FRI, "k", 2, NORMAL, key="again"))
    assert {("review", "k:2"), ("notify_normal", "k:2"), ("tell_again", "patient")} <= owed(story)


def test_nobody_owes_a_patient_who_died_a_correction_and_whoever_else_was_told_is_owed_it():
    story = potassium(result(WED, "k", NORMAL), *read_and_told("k:1", WED + HOUR), DAUGHTER, done(LoopClosed, THU))
    told_before_death, told_after = story.fork(), story
    told_before_death.then(corrected(FRI, "k", 2, CRITICAL), heard(PatientDied, SAT))
    told_after.then(heard(PatientDied, FRI), corrected(SAT, "k", 2, CRITICAL))
    for one in (told_before_death, told_after):
        one.then(reviewed(MON, "k:2"))
        assert {item for clock, item in owed(one) if clock == "tell_again"} == {"daughter"}


# --- what the patient asked for, and who tells them -----------------------------------------

_WISH = done(ReleaseDelayAsked, WED + HOUR, until=WED + DAY)


def _held_until(at, **said):
    return done(Paused, WED + 2 * HOUR, clock="notify_abnormal", reason="wish", resume_by=at, **said)


def test_a_notice_waits_no_longer_than_the_patient_asked():
    story = potassium(result(WED, "k", CRITICAL), reviewed(WED + HOUR, "k:1"), _WISH)
    assert story.refuses(_held_until(WED + 365 * DAY)) is not None
    assert story.refuses(_held_until(WED + DAY)) is None


def test_a_wish_without_a_day_holds_no_notice():
    """Nobody would ever ask again."""
    story = potassium(result(WED, "k", CRITICAL), done(ReleaseDelayAsked, WED + HOUR, condition="my visit"))
    assert story.refuses(_held_until(WED + DAY)) is not None


def test_a_patient_who_reads_it_after_a_letter_and_before_any_review_is_called():
    letter = notified(WED + HOUR, "k:1", channel="LETTER")
    story = potassium(result(WED, "k"), letter, heard(SeenByPatient, THU, results=("k:1",)))
    assert ("explain", "k:1") in owed(story)


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.LABORATORY, Role.PATIENT])
def test_no_program_laboratory_or_patient_tells_the_patient(role):
    story = potassium(result(WED, "k"))
    assert story.refuses(notified(THU, "k:1", by=Actor(role, "x"))) is not None
    assert story.refuses(notified(THU, "k:1", recipient="")) is not None


@pytest.mark.parametrize("said", [{"reason": " "}, {"reason": "r", "by": EXCHANGE}], ids=["no reason", "a program"])
def test_an_order_is_withdrawn_by_somebody_and_for_a_reason(said):
    assert potassium().refuses(done(OrderWithdrawn, THU, **said)) is not None


# --- what follows ---------------------------------------------------------------------------


def test_a_follow_up_of_what_will_not_come_is_owed():
    story = Result(TAKEN, result(WED, "k"), heard(LabCancelled, THU, "na"), *read_and_told("k:1", THU + HOUR))
    story.then(reviewed(FRI, without=("na",), disposition=Disposition.FOLLOW_UP_NEEDED))
    assert ("follow_up", "na") in owed(story)


def test_no_case_holds_its_own_follow_up():
    """R-9: a link to itself, or to nothing, would be met by nobody."""
    story = potassium(result(WED, "k"), reviewed(THU, "k:1", **FOUND), notified(THU, "k:1"))
    assert story.refuses(done(Linked, FRI, "nodule", case=story.case.id)) is not None
    with pytest.raises(ImpossibleEvent):
        done(Linked, FRI, "nodule", case="")
    undone = Result(ONE, heard(NotDone, WED))
    assert undone.refuses(done(Reordered, THU, case=undone.case.id)) is not None
    with pytest.raises(ImpossibleEvent):
        done(Reordered, THU, case="")


def test_an_order_that_takes_the_place_of_another_and_fails_brings_it_back(rules):
    story = Result(ONE, heard(NotDone, WED), done(Reordered, THU, case="o-9"), rules=rules)
    story.then(heard(LinkedCaseEnded, FRI, case="o-9", done=False))
    assert (story.state, owed(story)) == ("CANCELLED", {("follow_up", "k")})
    done_there = Result(ONE, heard(NotDone, WED), done(Reordered, THU, case="o-9"))
    done_there.then(heard(LinkedCaseEnded, FRI, case="o-9", done=True))
    assert not owed(done_there)


# --- where a case stands --------------------------------------------------------------------


def test_an_order_of_which_nothing_is_awaited_any_more_is_somebodys_to_end():
    story = potassium(waived("result", THU))
    assert (story.state, owed(story) - {("collect", "")}) == ("NOT_DONE", {("decide", "")})
    assert story.refuses(done(OrderWithdrawn, FRI, reason="r")) is None


def test_where_nothing_is_left_of_an_order_that_was_withdrawn_somebody_ends_it():
    story = potassium(done(OrderWithdrawn, THU, reason="r"), result(FRI, "mg"), heard(ResultRetracted, SAT, "mg"))
    assert (story.state, owed(story)) == ("NOT_DONE", {("decide", "")})
    story.then(done(OrderWithdrawn, MON, reason="r", key="again"))
    assert (story.state, owed(story)) == ("CANCELLED", set())


def test_what_is_taken_again_after_all_was_here_is_waited_for():
    story = Result(TAKEN, result(WED, "k"), heard(LabCancelled, THU, "na"))
    story.then(heard(Collected, FRI, "na", specimen="s-2"))
    assert (story.state, ("result", "na") in owed(story)) == ("PARTIAL", True)


def test_what_is_taken_again_after_the_case_was_closed_opens_it():
    story = potassium(preliminary(WED, "k"), heard(LabCancelled, WED + HOUR, "k"), *read_and_told("k:1", THU))
    story.then(done(LoopClosed, THU + HOUR), heard(Collected, FRI, specimen="s-2"))
    assert (story.state, owed(story)) == ("PARTIAL", {("result", "k")})


def test_what_is_taken_before_its_day_is_waited_for_from_then():
    """An order for next January whose specimen was taken today: under our rows two weeks, and not until next year."""
    story = Result(done(Ordered, TUE, by=CLINICIAN, components=("k",), planned_for=TUE.add(months=6)))
    story.then(heard(Collected, WED))
    assert story.due("result") == midnight(2026, 7, 23)
    assert [one.why for one in story.case.settled if one.clock == "result"] == ["taken before its day"]


def test_what_is_urgent_is_not_put_off_by_the_day_it_was_planned_for():
    stat = done(Ordered, TUE, by=CLINICIAN, components=("k",), urgency=Urgency.STAT, planned_for=TUE.add(hours=1))
    assert Result(stat).due("result") == TUE + 5 * HOUR

"""
Test result: what must never be.

Each test bears in its docstring the number of the safety invariant that it holds ("R-6"), as numbered in the clinical
requirements of this library, or the criterion that it shows. Those that take `rules` are asked of wrong versions of the
workflow too (`test_wrong_workflows.py`). The last ones are properties over journeys that nobody planned.
"""

import pytest
from attrs import evolve
from examples.practice import RESULTS
from tests.result_story import (
    ABNORMAL,
    CODES,
    CRITICAL,
    DONE,
    EVENING,
    NORMAL,
    ORDER,
    OWNER,
    TAKEN,
    UNKNOWN,
    WAYS,
    WHOLE,
    R,
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
    DeadlineMissed,
    EnteredInError,
    Escalated,
    How,
    Linked,
    LoopClosed,
    Moved,
    Noted,
    Role,
    UnableToReach,
    Waived,
    next_check,
)
from carecoord.workflows.diagnostic_result import (
    TEST_RESULT,
    Channel,
    Correction,
    Disposition,
    Expected,
    FollowedUp,
    FollowUpDeclined,
    Kind,
    LabCancelled,
    MarkedComplete,
    Ordered,
    ReflexAdded,
    ReleaseDelayAsked,
    ReleasedToPatient,
    ResultReceived,
    ResultRetracted,
    SeenByPatient,
    Viewed,
)

OPEN = [code for code, state in CODES.items() if state not in TEST_RESULT.ends]
each_state = pytest.mark.parametrize("code", CODES)
CLINICIANS = (Role.CLINICIAN, Role.PRESCRIBER)


@pytest.fixture
def rules():
    """Return the right rulebook; others are handed in by whoever calls a test itself."""
    return RESULTS


def every_way():
    return [way for some in WAYS.values() for way in some]


def all_here(rules):
    """Return a result that is all here, abnormal and normal, and that nobody has read."""
    return Result(*WHOLE, rules=rules)


def closed(rules):
    return Result(*WHOLE, *DONE, done(LoopClosed, EVENING), rules=rules)


def items(story, clock):
    """Return the items that are owed under a clock."""
    return sorted(one.item for one in story.case.deadlines if one.clock == clock)


def may_close(story, at):
    return story.refuses(done(LoopClosed, at)) is None


# --- ownership and silence ------------------------------------------------------------------


OWNED_BY = {
    ("OwnerGone", ""): "front-desk",
    ("HandoverOffered", "accepted in one act"): "dr-8",
    ("HandoverAccepted", ""): "dr-9",
}


@each_state
def test_a_result_has_one_owner_and_an_open_one_speaks_by_itself_whatever_happens_to_it(code):
    """R-1, R-2"""
    for way, some in WAYS.items():
        for before, event in some:
            story = tell_where_it_can_be(standing(code).fork(), (*before, event))
            assert story.case.owner == OWNED_BY.get(way, "dr-3")
            if story.case.state not in TEST_RESULT.ends:
                assert next_check(story.case) is not None


# --- closing --------------------------------------------------------------------------------


def test_r_06_a_result_does_not_close_without_a_review_by_a_clinician(rules):
    """R-6: 45 of 1,017 alerts were lost at four weeks."""
    for role in Role:
        story = all_here(rules)
        story.then(notified(FRI, "k:1", "na:1"))
        by_role = reviewed(FRI, "k:1", "na:1", by=Actor(role, "x"))
        assert (story.refuses(by_role) is None) is (role in CLINICIANS)
        tell_where_it_can_be(story, (by_role,))
        assert may_close(story, FRI + HOUR) is (role in CLINICIANS)


def test_r_06_each_component_and_each_newest_version_is_read(rules):
    """R-6: a review of potassium is none of sodium, and one of the first version none of the second."""
    story = all_here(rules)
    story.then(notified(FRI, "k:1", "na:1"), reviewed(FRI, "k:1"))
    assert not may_close(story, FRI + HOUR)
    story.then(corrected(FRI + HOUR, "na", 2, NORMAL), reviewed(FRI + 2 * HOUR, "na:1"), notified(SAT, "na:2"))
    assert not may_close(story, SAT)
    story.then(reviewed(SAT, "na:2"))
    assert may_close(story, SAT + HOUR)


def test_r_06_a_newer_version_never_pushes_a_review_on(rules):
    """R-6: it takes the review over and keeps the earlier due moment; a graver one may be due sooner."""
    for severity in (NORMAL, ABNORMAL, UNKNOWN, CRITICAL):
        story = Result(TAKEN, result(WED, "k"), rules=rules)
        due = story.due("review")
        story.then(corrected(THU, "k", 2, severity))
        assert min(one.due_at for one in story.case.deadlines if one.clock == "review") <= due


@pytest.mark.parametrize("role", Role)
def test_r_06_nobody_may_let_a_review_go(role):
    """R-6, R-16"""
    waived = done(Waived, NOW, "k:1", clock="review", reason="r", by=Actor(role, "x"))
    assert standing("RE").refuses(waived) is not None


def test_r_07_an_abnormal_result_does_not_close_before_the_patient_knows_or_a_reason_is_documented(rules):
    """R-7: told, tried as often as the policy wants, or a clinical reason not to tell."""
    read = all_here(rules)
    read.then(reviewed(FRI, "k:1", "na:1"), notified(FRI, "na:1"))
    assert not may_close(read, FRI + HOUR)
    assert read.refuses(done(UnableToReach, FRI + HOUR, clock="notify_abnormal")) is not None
    told_of, reasoned = read.fork(), read.fork()
    told_of.then(notified(FRI + HOUR, "k:1"))
    reasoned.then(reviewed(FRI + HOUR, "k:1", disposition=Disposition.DO_NOT_NOTIFY, reason="told at the visit"))
    assert may_close(told_of, FRI + 2 * HOUR)
    assert may_close(reasoned, FRI + 2 * HOUR)
    assert reasoned.ended("notify_abnormal") == (How.EXCUSED,)


def test_r_07_a_normal_result_is_told_too(rules):
    """R-7, CC-01 E: no news is no good news."""
    story = all_here(rules)
    story.then(reviewed(FRI, "k:1", "na:1"), notified(FRI, "k:1"))
    assert not may_close(story, FRI + HOUR)


def test_r_08_to_view_is_not_to_acknowledge_and_to_acknowledge_is_not_to_review(rules):
    """R-8: alerts that vanished once they were viewed."""
    story = Result(TAKEN, result(WED, "k", CRITICAL), result(WED, "na", NORMAL), rules=rules)
    story.then(heard(Viewed, WED + HOUR / 60, results=("k:1", "na:1"), by=OWNER))
    assert {"critical", "review", "notify_abnormal"} <= story.owes()
    story.then(acknowledged(WED + HOUR / 30, "k"))
    assert "critical" not in story.owes()
    assert {"review", "notify_abnormal"} <= story.owes()


def test_r_08_to_release_is_not_to_tell(rules):
    """R-8: nor is it told by having been read there."""
    story = all_here(rules)
    story.then(heard(ReleasedToPatient, FRI, results=("k:1", "na:1")))
    story.then(notified(FRI, "k:1", "na:1", channel=Channel.PORTAL))
    assert {"notify_abnormal", "notify_normal"} <= story.owes()
    story.then(heard(SeenByPatient, FRI + HOUR, results=("k:1", "na:1")))
    assert {"notify_abnormal", "notify_normal", "explain"} <= story.owes()


def test_r_08_who_has_read_something_abnormal_before_us_is_spoken_with(rules):
    """R-8: a letter does not explain; and nothing else is due sooner for it."""
    story = all_here(rules)
    before = {one.id: one.due_at for one in story.case.deadlines}
    story.then(heard(SeenByPatient, FRI, results=("k:1", "na:1")))
    assert {one.id: one.due_at for one in story.case.deadlines if one.clock != "explain"} == before
    story.then(notified(FRI + HOUR, "k:1", channel=Channel.LETTER))
    assert items(story, "explain") == ["k:1"]
    story.then(notified(FRI + 2 * HOUR, "k:1"))
    assert story.owed("explain") is None


FOUND = {"disposition": Disposition.FOLLOW_UP_NEEDED, "findings": ("nodule",)}


def test_r_09_follow_up_is_owed_until_it_is_done_declined_or_held_by_another_case(rules):
    """R-9: one in eight of images with possible cancer was mishandled."""
    story = all_here(rules)
    story.then(reviewed(FRI, "k:1", "na:1", **FOUND), notified(FRI, "k:1", "na:1"))
    assert not may_close(story, FRI + HOUR)
    for event, how in (
        (done(FollowedUp, SAT, "nodule"), How.MET),
        (done(FollowUpDeclined, SAT, "nodule"), How.EXCUSED),
        (done(Linked, SAT, "nodule", case="r-9"), How.MET),
    ):
        other = story.fork()
        other.then(event)
        assert may_close(other, SAT + HOUR)
        assert other.ended("follow_up") == (how,)


def test_r_09_what_was_found_is_followed_up_although_the_result_was_taken_back(rules):
    """R-9: only a person may say that it is no longer needed."""
    story = all_here(rules)
    story.then(reviewed(FRI, "k:1", "na:1", **FOUND), heard(ResultRetracted, SAT, "k"))
    assert items(story, "follow_up") == ["nodule"]


def test_r_10_the_laboratorys_complete_closes_nothing(rules):
    """R-10: ORC-5 CM, in every state."""
    for code in CODES:
        story = standing(code).fork()
        story.rules = rules
        owed = story.owes()
        story.then(heard(MarkedComplete, NOW))
        assert (story.state, story.owes() - {"unexpected"}) == (CODES[code].name, owed)
    assert not may_close(Result(*WHOLE, heard(MarkedComplete, FRI), rules=rules), FRI + HOUR)


def test_r_11_no_flag_or_an_unknown_one_counts_as_abnormal_until_a_clinician_says_otherwise(rules):
    """R-11"""
    story = Result(TAKEN, result(WED, "k", UNKNOWN), result(WED, "na", NORMAL), rules=rules)
    assert (items(story, "notify_abnormal"), items(story, "notify_normal")) == (["k:1"], ["na:1"])
    story.then(heard(SeenByPatient, WED + HOUR, results=("k:1", "na:1")))
    assert items(story, "explain") == ["k:1"]
    by_nurse = reviewed(THU, "k:1", "na:1", normal=("k:1",), by=Actor(Role.NURSE, "n-1"))
    assert story.refuses(by_nurse) is not None
    story.then(reviewed(THU, "k:1", "na:1", normal=("k:1",)))
    assert (story.owed("notify_abnormal"), story.owed("notify_normal", "k:1") is not None) == (None, True)


def test_r_11_nobody_may_call_normal_what_came_with_a_flag():
    """R-11"""
    assert standing("RE").refuses(reviewed(NOW, "k:1", normal=("k:1",))) is not None


WAYS_OUT = """
CLOSED on ArrivedUnasked to RESULTED
CLOSED on ArrivedUnasked to PARTIAL
CLOSED on ResultReceived to RESULTED
CLOSED on ResultReceived to PARTIAL
CLOSED on ResultCorrected to RESULTED
CLOSED on ResultCorrected to PARTIAL
CLOSED on ResultRetracted to RESULTED
CLOSED on ResultRetracted to PARTIAL
CLOSED on ResultRetracted to NOT_DONE
CLOSED on ResultRetracted to COLLECTED
CLOSED on ResultRetracted to ORDERED
CLOSED on CriticalCalled to RESULTED
CLOSED on CriticalCalled to PARTIAL
CLOSED on LabCancelled to RESULTED
CLOSED on ReflexAdded to PARTIAL
CLOSED on Reopened to RESULTED
CLOSED on Reopened to PARTIAL
CANCELLED on ArrivedUnasked to RESULTED
CANCELLED on ArrivedUnasked to PARTIAL
CANCELLED on ResultReceived to RESULTED
CANCELLED on ResultReceived to PARTIAL
CANCELLED on ResultCorrected to RESULTED
CANCELLED on ResultCorrected to PARTIAL
CANCELLED on CriticalCalled to PARTIAL
CLOSED on Collected to PARTIAL
CANCELLED on Collected to COLLECTED
CANCELLED on ReflexAdded to COLLECTED
CANCELLED on ReflexAdded to ORDERED
CANCELLED on Reopened to NOT_DONE
CANCELLED on Reopened to COLLECTED
CANCELLED on Reopened to ORDERED
"""


def test_out_of_an_end_there_are_only_the_ways_that_are_named(rules):
    """R-17"""
    ways = {
        f"{state.name} on {row.on.__name__} to {row.to.name}"
        for row in rules.workflow.all_moves
        for state in row.states
        if state in TEST_RESULT.ends and row.to not in (None, state, R.SUPERSEDED, R.ENTERED_IN_ERROR)
    }
    assert ways == set(WAYS_OUT.strip().splitlines())


# --- corrections ----------------------------------------------------------------------------


def test_r_18_what_is_corrected_after_closing_is_read_and_told_anew(rules):
    """R-18: corrected, amended, appended; whoever was told is owed it, and the owner reviews."""
    for how in Correction:
        story = closed(rules)
        story.then(corrected(MON, "k", 2, how=how))
        assert story.state == "RESULTED"
        assert story.owes() == {"review", "notify_abnormal", "tell_again"}
        assert items(story, "tell_again") == ["cl-1", "patient"]
        assert not may_close(story, MON + HOUR)


def test_r_18_what_is_taken_back_after_closing_is_awaited_and_told_again(rules):
    """R-18"""
    story = closed(rules)
    story.then(heard(ResultRetracted, MON, "k"))
    assert (story.state, story.owes()) == ("PARTIAL", {"result", "tell_again"})
    assert items(story, "tell_again") == ["cl-1", "patient"]


def test_r_18_who_read_what_was_filed_here_by_mistake_is_not_forgotten(rules):
    """R-18: and who reads what was taken back, since it can still be read somewhere."""
    story = standing("RE").fork()
    story.rules = rules
    story.then(heard(SeenByPatient, SAT, results=("k:1",)))
    wrong = next(event for entry in story.log for event in entry.events if event.about == "k")
    story.then(taken_back(wrong, MON))
    assert "unexpected" in story.owes()
    other = standing("RE").fork()
    other.then(heard(ResultRetracted, SAT, "k"), heard(SeenByPatient, MON, results=("k:1",)))
    assert "unexpected" in other.owes()


def test_r_18_each_person_is_owed_the_correction_once(rules):
    """R-18: the daughter was told of two components, the surrogate by telephone, and the portal was read."""
    story = Result(TAKEN, called(WED, "k"), result(WED + HOUR, "k", CRITICAL), result(WED, "na", NORMAL), rules=rules)
    story.then(heard(SeenByPatient, WED + 2 * HOUR, results=("na:1",)))
    story.then(notified(THU, "k:1", "na:1", recipient="daughter"), reviewed(THU, "k:1", "na:1"))
    story.then(corrected(FRI, "k", 2), corrected(FRI + HOUR, "na", 2), heard(ResultRetracted, FRI + 2 * HOUR, "k"))
    owed = items(story, "tell_again")
    assert owed == ["cl-1", "daughter", "dr-3", "patient"]
    assert all(one.round == 1 for one in story.case.deadlines if one.clock == "tell_again")


def test_r_18_a_correction_of_form_alone_is_read_and_told_to_nobody(rules):
    """R-18: only a clinician may say that nothing changed."""
    story = closed(rules)
    story.then(corrected(MON, "k", 2, content_changed=False))
    assert (story.state, story.owes()) == ("RESULTED", {"review"})


def test_r_19_what_was_taken_back_stays_in_the_history_and_is_marked_as_wrong(rules):
    """R-19: OBX-11 W and D."""
    story = closed(rules)
    story.then(heard(ResultRetracted, MON, "k"))
    assert story.case.facts.struck == ("k:1",)
    assert [one.name for one in story.case.facts.versions] == ["na:1"]
    kept = [event for entry in story.log for event in entry.events]
    assert any(isinstance(event, ResultReceived) and event.about == "k" for event in kept)
    story.then(result(MON + HOUR, "k", key="told again by a feed that has not heard"))
    assert (story.owed("unexpected") is not None, story.case.facts.struck) == (True, ("k:1",))


def test_r_20_what_is_told_twice_changes_nothing(rules):
    """R-20: under another key, by another feed, with or without its flag."""
    for code in ("RE", "CL"):
        for event in (result(NOW, "k"), result(NOW, "k", UNKNOWN), result(NOW, "na", NORMAL)):
            story = standing(code).fork()
            story.rules = rules
            owed = [one.id for one in story.case.deadlines]
            story.then(evolve(event, by=Actor(Role.SYSTEM, "exchange")))
            assert (story.state, [one.id for one in story.case.deadlines]) == (CODES[code].name, owed)


def test_r_20_a_preliminary_after_the_final_never_moves_a_case_backwards(rules):
    """R-20: with the number of the final one, with an older one, and even with a later one."""
    for number in (0, 1, 2):
        for code in ("RE", "CL"):
            story = standing(code).fork()
            story.rules = rules
            story.then(preliminary(NOW, "k", version=number))
            assert story.state in ("RESULTED", "CLOSED")
            assert "final" not in story.owes()
            if number < 2:
                assert story.state == CODES[code].name


def test_no_message_is_dropped_because_the_laboratory_cancelled_it(rules):
    """OBX-11 X: somebody here decides, also about what is here already."""
    for code in ("OR", "CO", "PA", "RE", "CL"):
        story = standing(code).fork()
        story.rules = rules
        story.then(heard(LabCancelled, NOW))
        assert "decide" in story.owes()
        assert story.case.state not in TEST_RESULT.ends


def test_a_critical_result_is_somebodys_within_the_hour_preliminary_or_not(rules):
    """CC-01 C, D: preliminary ones too."""
    for make in (preliminary, result):
        story = Result(TAKEN, make(WED, "k", CRITICAL), rules=rules)
        story.look(WED + HOUR)
        assert [one.notify for one in of(story.said, Escalated, "critical")][-1:] == [Role.SAFETY_OFFICER]


def test_a_delay_is_stored_as_the_patient_asked_for_it_and_delays_nothing(rules):
    """R-39: it pauses nothing by itself, and nothing that is ours."""
    story = all_here(rules)
    owed = story.case.deadlines
    story.then(done(ReleaseDelayAsked, FRI, until=MON, condition="after review"))
    facts = story.case.facts
    assert (facts.delay_until, facts.delay_condition) == (MON, "after review")
    assert [one for one in story.case.deadlines if one.clock != "look_again"] == [
        one for one in owed if one.clock != "look_again"
    ]


# --- criteria -------------------------------------------------------------------------------


def of_kind(kind, *events):
    return Result(done(Ordered, TUE, by=CLINICIAN, kind=kind), *events)


@pytest.mark.parametrize("kind", [Kind.LABORATORY, Kind.IMAGING])
def test_cc_01_a_b_results_are_tracked_until_they_are_here_and_flagged_when_overdue(kind):
    """CC-01 A, B: tracked until available, overdue ones flagged and followed up."""
    story = of_kind(kind)
    due = story.due("result")
    step = story.look(due)
    assert of(step.effects, DeadlineMissed, "result")
    assert of(step.effects, Escalated, "result")[-1].notify is Role.COORDINATOR
    story.then(result(due + DAY))
    assert (story.ended("result"), story.case.facts.kind) == ((How.MET_LATE,), kind)


@pytest.mark.parametrize("kind", [Kind.LABORATORY, Kind.IMAGING])
@pytest.mark.parametrize("severity", [CRITICAL, ABNORMAL, UNKNOWN])
def test_cc_01_c_d_abnormal_results_are_brought_to_a_clinician(kind, severity):
    """CC-01 C, D: sooner than a normal one."""
    story, normal = of_kind(kind, result(WED, None, severity)), of_kind(kind, result(WED, None, NORMAL))
    assert story.due("review") < normal.due("review")
    assert ("critical" in story.owes()) is (severity is CRITICAL)
    story.look(story.due("review"))
    assert of(story.said, Escalated, "review")[-1].notify is Role.OWNER


def test_cc_01_e_patients_are_told_of_normal_results():
    """CC-01 E"""
    story = of_kind(Kind.LABORATORY, result(WED, None, NORMAL))
    assert story.owed("notify_normal").item == "result:1"
    story.then(notified(THU, "result:1"))
    assert story.ended("notify_normal") == (How.MET,)


def test_cc_01_f_patients_are_told_of_abnormal_results():
    """CC-01 F"""
    story = of_kind(Kind.IMAGING, result(WED, None, ABNORMAL))
    assert story.owed("notify_abnormal").item == "result:1"
    story.then(notified(THU, "result:1"))
    assert story.ended("notify_abnormal") == (How.MET,)


def test_cc_02_a_newborns_screening_is_followed_up_from_birth_without_any_order():
    """CC-02: nobody here ordered it, and a lost one is missed on the seventh day of life."""
    story = Result(done(Expected, TUE, kind=Kind.NEWBORN_BLOOD_SPOT, born_at=midnight(2026, 7, 1)))
    story.look(midnight(2026, 7, 9))
    assert of(story.said, DeadlineMissed, "result")


def test_ar_cc_3_the_share_of_ordered_tests_whose_result_came_back():
    """AR-CC 3: two rates, laboratory and imaging; a preliminary result is none, and neither is one given up."""
    stories = [
        *(of_kind(kind, result(WED)) for kind in (Kind.LABORATORY, Kind.LABORATORY, Kind.IMAGING)),
        of_kind(Kind.LABORATORY, preliminary(WED)),
        of_kind(Kind.IMAGING, heard(LabCancelled, WED)),
        of_kind(Kind.IMAGING),
        of_kind(Kind.IMAGING, result(TUE + 90 * DAY)),
    ]
    rates = {}
    for kind in (Kind.LABORATORY, Kind.IMAGING):
        some = [story for story in stories if story.case.facts.kind is kind]
        back = [story for story in some if any(how.done for how in story.ended("result"))]
        rates[kind] = (len(back), len(some))
    assert rates == {Kind.LABORATORY: (2, 3), Kind.IMAGING: (2, 4)}


def test_ia_cc_2_abnormal_results_are_identified_and_followed_up_in_time():
    """IA_CC_2: the ledger says when it was available, when the patient was told, and when it was followed up."""
    story = of_kind(Kind.LABORATORY, result(WED, None, ABNORMAL), reviewed(THU, "result:1", **FOUND))
    story.then(notified(FRI, "result:1"), done(FollowedUp, MON, "nodule"))
    ledger = {one.clock: (one.how, one.at - one.started_at) for one in story.case.settled}
    assert ledger["notify_abnormal"] == (How.MET, FRI - WED)
    assert ledger["follow_up"] == (How.MET, MON - THU)


# --- audit and privacy ----------------------------------------------------------------------

SECRET = "her husband must not hear of it"


def test_no_words_about_the_patient_are_in_what_the_library_says():
    """R-40"""
    story = Result(*WHOLE, done(Noted, FRI, text=SECRET), called(FRI, "k", finding=SECRET))
    story.then(reviewed(FRI, "k:1", disposition=Disposition.DO_NOT_NOTIFY, reason=SECRET))
    refused = story.refuses(done(LoopClosed, FRI + HOUR))
    for shown in (story.case, story.said, story.log, refused, [one.id for one in story.said]):
        assert SECRET not in repr(shown)
        assert SECRET not in str(shown)


@each_state
def test_no_act_ends_a_result_that_nobody_has_read(code):
    """R-16: but for a case that never was."""
    unread = (result(FRI + 6 * HOUR, "k", version=8),)
    for before, event in every_way():
        if isinstance(event, EnteredInError | ResultRetracted) or event.by.role in CLINICIANS:
            continue
        story = tell_where_it_can_be(standing(code).fork(), (*unread, *before))
        if "review" in story.owes():
            tell_where_it_can_be(story, (event,))
            assert "review" in story.owes(), event


def test_a_reflex_that_is_announced_after_closing_keeps_nobody_from_hearing_of_it():
    story = closed(RESULTS)
    story.then(heard(ReflexAdded, MON, "mg", parent="k"))
    assert of(story.said, Moved)[-1].to == "PARTIAL"
    story.look(story.due("result", "mg"))
    assert of(story.said, Escalated, "result")


def test_an_order_alone_owes_its_taking_and_its_result():
    assert Result(ORDER).owes() == {"collect", "result"}

"""
Test result: every duty, clock by clock.

Who owes it and who is told first; what starts it, meets it, drops it; who may let it go; what death and the end of the
case do to it. The tables are written by hand and held against what the engine does.
"""

import pytest
from examples.practice import RESULT_ROWS
from tests.result_story import (
    ABNORMAL,
    CODES,
    CRITICAL,
    NORMAL,
    TAKEN,
    UNKNOWN,
    WAYS,
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
    with_rows,
)
from tests.transition_story import (
    CLINICIAN,
    DAY,
    FRI,
    HOUR,
    MON,
    NOW,
    THU,
    TUE,
    WED,
    Actor,
    done,
    heard,
    midnight,
    of,
    rows,
    tell_where_it_can_be,
)

from carecoord import (
    ConflictKind,
    ConflictRaised,
    ContactAttempted,
    CountsFrom,
    Escalated,
    HandoverOffered,
    How,
    IncompleteRulebook,
    Limit,
    LoopClosed,
    PatientDied,
    Paused,
    Resumed,
    Role,
    UnableToReach,
    Urgency,
    UrgencyChanged,
    Waived,
    Way,
    ours,
)
from carecoord.workflows.diagnostic_result import (
    TEST_RESULT,
    ArrivedUnasked,
    Channel,
    Disposition,
    Kind,
    LabCancelled,
    Method,
    NotDone,
    Ordered,
    ReleaseDelayAsked,
    ResultFacts,
    ResultRetracted,
    SeenByPatient,
    Status,
)

# Closing: the loop stays open until it is settled. Death: what `PatientDied` does to what the patient
# is owed. Given up: it can end with
# `UnableToReach`. After the end: it goes on in an ended case.
DUTIES = """
clock           | owed by    | kept by     | closing | may be waived by  | death | given up | after the end | may wait
claim           | OWNER      | COORDINATOR | yes     |                   |       |          |               |
collect         | PATIENT    | COORDINATOR |         | OWNER COORDINATOR | drops |          |               | yes
result          | LABORATORY | COORDINATOR | yes     | CLINICIAN         |       |          |               |
final           | LABORATORY | COORDINATOR | yes     | CLINICIAN         |       |          |               |
critical        | OWNER      | OWNER       | yes     |                   |       |          |               |
review          | OWNER      | OWNER       | yes     |                   |       |          |               |
notify_abnormal | OWNER      | OWNER       | yes     | CLINICIAN         | drops | yes      |               | yes
notify_normal   | OWNER      | OWNER       | yes     | CLINICIAN         | drops | yes      |               | yes
explain         | OWNER      | OWNER       | yes     | CLINICIAN         | drops | yes      |               |
follow_up       | OWNER      | OWNER       | yes     | CLINICIAN         |       |          | yes           |
decide          | OWNER      | OWNER       | yes     |                   |       |          |               |
tell_again      | OWNER      | OWNER       | yes     |                   | drops |          | yes           |
wrap_up         | OWNER      | OWNER       |         | OWNER CLINICIAN   |       |          |               |
take_up         | OWNER      | OWNER       |         |                   |       |          |               |
resolve         | OWNER      | OWNER       | yes     |                   |       |          |               |
resume_by       | OWNER      | OWNER       |         |                   |       |          |               |
unexpected      | OWNER      | OWNER       |         |                   |       |          | yes           |
overtaken       | OWNER      | OWNER       |         |                   |       |          | yes           |
look_again      | OWNER      | OWNER       |         |                   |       |          |               |
"""

# What each event starts where it is told for the first time, beside the surprises.
STARTS = """
in                            | event            | starts
CA                            | Collected        | result(k) result(na)
OR CO PA                      | SpecimenRejected | decide()
OR CO PA                      | NotDone          | decide()
OR CO PA RE ND CL CA          | ReflexAdded      | result(mg)
CA                            | CriticalCalled   | result(k)
UN PA RE                      | ArrivedUnasked   | notify_abnormal(k:9)
OR CO ND CA                   | ArrivedUnasked   | review(k:9) notify_abnormal(k:9)
CL                            | ArrivedUnasked   | review(k:9) notify_abnormal(k:9) tell_again(cl-1) tell_again(patient)
UN PA RE                      | ResultReceived   | notify_abnormal(k:9)
OR CO ND CA                   | ResultReceived   | review(k:9) notify_abnormal(k:9)
CL                            | ResultReceived   | review(k:9) notify_abnormal(k:9) tell_again(cl-1) tell_again(patient)
UN PA RE                      | ResultCorrected  | notify_abnormal(k:9)
OR CO ND CA                   | ResultCorrected  | review(k:9) notify_abnormal(k:9)
CL                            | ResultCorrected  | review(k:9) notify_abnormal(k:9) tell_again(cl-1) tell_again(patient)
PA RE                         | ResultRetracted  | result(k)
CL                            | ResultRetracted  | result(k) tell_again(cl-1) tell_again(patient)
UN OR CO PA RE CL             | LabCancelled     | decide()
UN PA RE                      | SeenByPatient    | explain(k:1)
UN                            | Ordered          | result(na)
UN                            | Expected         | result(na)
CA                            | Reopened         | result(k) result(na)
UN OR CO PA RE ND             | PatientDied      | wrap_up()
CL                            | EnteredInError   | tell_again(cl-1) tell_again(patient)
UN OR CO PA RE ND             | OwnerGone        | take_up()
UN OR CO PA RE ND             | HandoverOffered  | take_up(dr-8)
UN OR CO PA RE ND             | ConflictRaised   | resolve(c-2)
UN OR CO PA RE ND CL CA SU ER | LinkedCaseEnded  | follow_up(f-9)
"""

# What ends each duty, beside a waiver, death and the error.
ENDS = """
duty                 | events                                         | how
claim()              | Ordered Expected Claimed                       | MET
collect()            | Collected SpecimenRejected CriticalCalled      | MET
collect()            | ArrivedUnasked ResultReceived ResultCorrected  | MET
collect()            | NotDone                                        | DROPPED, not done
collect()            | LabCancelled                                   | DROPPED, cancelled by the laboratory
collect()            | OrderWithdrawn                                 | DROPPED, cancelled
result(k)            | ArrivedUnasked ResultReceived ResultCorrected  | MET
result(k)            | LabCancelled                                   | DROPPED, cancelled by the laboratory
result(k)            | OrderWithdrawn                                 | DROPPED, cancelled
final(k)             | ArrivedUnasked ResultReceived ResultCorrected  | MET
final(k)             | ResultRetracted                                | DROPPED, taken back
final(k)             | LabCancelled                                   | DROPPED, cancelled by the laboratory
critical(k)          | CriticalCalled Reviewed Acknowledged           | MET
critical(k)          | ResultRetracted                                | DROPPED, taken back
review(k:1)          | Reviewed                                       | MET
review(k:1)          | ResultRetracted                                | DROPPED, taken back
notify_abnormal(k:1) | PatientNotified                                | MET
notify_abnormal(k:1) | ArrivedUnasked ResultReceived ResultCorrected  | DROPPED, a newer version is here
notify_abnormal(k:1) | ResultRetracted                                | DROPPED, taken back
notify_normal(k:1)   | PatientNotified                                | MET
notify_normal(k:1)   | ArrivedUnasked ResultReceived ResultCorrected  | DROPPED, a newer version is here
notify_normal(k:1)   | ResultRetracted                                | DROPPED, taken back
explain(k:1)         | PatientNotified                                | MET
explain(k:1)         | ResultRetracted                                | DROPPED, taken back
follow_up(f-1)       | FollowedUp Linked                              | MET
follow_up(f-1)       | FollowUpDeclined                               | EXCUSED, declined
decide()             | Collected Reordered OrderWithdrawn             | MET
decide()             | ArrivedUnasked ResultReceived ResultCorrected  | DROPPED, it is here after all
decide()             | CriticalCalled                                 | DROPPED, it is here after all
tell_again(patient)  | ToldAgain                                      | MET
wrap_up()            | OrderWithdrawn                                 | MET
take_up(dr-9)        | HandoverAccepted HandoverDeclined              | MET
take_up(dr-9)        | OrderWithdrawn                                 | DROPPED, cancelled
resolve(c-1)         | ConflictResolved                               | MET
resolve(c-1)         | OrderWithdrawn                                 | DROPPED, cancelled
"""


def named(one):
    return f"{one.clock}({one.item})"


ONE = done(Ordered, TUE, by=CLINICIAN, components=("k",))


def running():
    """Return for each duty a story in which it is owed, told until Friday evening."""
    evening = FRI + 6 * HOUR

    def then(code, *events):
        story = standing(code).fork()
        story.then(*events)
        return story

    found = {"disposition": Disposition.FOLLOW_UP_NEEDED, "findings": ("f-1",)}
    not_done = next(event for _, event in WAYS["NotDone", ""])
    return {
        "claim()": then("UN"),
        "collect()": then("OR"),
        "result(k)": then("CO"),
        "final(k)": then("CO", preliminary(evening, "k")),
        "critical(k)": then("CO", result(evening, "k", CRITICAL)),
        "review(k:1)": then("RE"),
        "notify_abnormal(k:1)": then("RE"),
        "notify_normal(k:1)": then("CO", result(evening, "k", NORMAL), result(evening, "na", NORMAL)),
        "explain(k:1)": then("RE", heard(SeenByPatient, evening, results=("k:1",))),
        "follow_up(f-1)": then("RE", reviewed(evening, "k:1", **found)),
        "decide()": Result(ONE, type(not_done)(at=WED, by=CLINICIAN, key="not done")),
        "tell_again(patient)": then("CL", heard(ResultRetracted, evening, "k")),
        "wrap_up()": then("CO", heard(PatientDied, evening)),
        "take_up(dr-9)": then("CO", done(HandoverOffered, evening, to="dr-9")),
        "resolve(c-1)": then("CO", heard(ConflictRaised, evening, "c-1", kind=ConflictKind.OPERATIONAL)),
    }


RUNNING = running()
BY_CLOCK = {duty.partition("(")[0]: (story, duty.partition("(")[2][:-1]) for duty, story in RUNNING.items()}
DUTY = {row["clock"]: row for row in rows(DUTIES)}
each_duty = pytest.mark.parametrize("duty", RUNNING)
each_clock = pytest.mark.parametrize("clock", BY_CLOCK)


# --- what all duties have in common ---------------------------------------------------------


def test_the_tables_name_every_clock():
    assert set(DUTY) == {clock.name for clock in TEST_RESULT.all_clocks}
    assert set(DUTY) - set(BY_CLOCK) == {"look_again", "unexpected", "overtaken", "resume_by"}
    assert {row["duty"] for row in rows(ENDS)} == set(RUNNING)
    for duty, story in RUNNING.items():
        assert duty in {named(one) for one in story.case.deadlines}


@pytest.mark.parametrize("clock", DUTY)
def test_who_owes_a_duty_who_keeps_it_and_whether_closing_depends_on_it(clock):
    row, own = DUTY[clock], TEST_RESULT.clock(clock)
    assert (own.owed_by.name, own.kept_by.name, own.closing) == (row["owed by"], row["kept by"], bool(row["closing"]))
    assert own.pausable is (row["may wait"] == "yes")


@each_duty
def test_who_keeps_a_duty_is_told_when_it_falls_due(duty):
    story = RUNNING[duty].fork()
    owed = next(one for one in story.case.deadlines if named(one) == duty)
    told = of((*story.said, *story.look(owed.due_at).effects), Escalated, owed.clock)
    keeper = [one.notify.name for one in told if (one.item, one.at) == (owed.item, owed.due_at)]
    # A conflict goes its own pathway from the start, and an operational one goes to the managers.
    assert keeper == ["MANAGER" if owed.clock == "resolve" else DUTY[owed.clock]["kept by"]]


@each_clock
@pytest.mark.parametrize("role", Role)
def test_only_who_is_named_may_waive_a_duty(clock, role):
    story, item = BY_CLOCK[clock]
    waiver = done(Waived, NOW, item or None, clock=clock, reason="agreed", by=Actor(role, "x-1"))
    assert (story.refuses(waiver) is None) is (role.name in DUTY[clock]["may be waived by"].split())


@each_clock
def test_death_drops_what_was_for_the_patient_alone(clock):
    story, item = BY_CLOCK[clock]
    story = story.fork()
    story.then(heard(PatientDied, NOW))
    assert (story.owed(clock, item) is None) is (DUTY[clock]["death"] == "drops")


@each_clock
def test_no_duty_can_be_left_out(clock):
    with pytest.raises(IncompleteRulebook, match=f"clock '{clock}' is no duty that a practice may do without"):
        with_rows(Limit(clock, None, source=ours("we would rather not")))


@each_clock
def test_only_a_duty_that_reaches_the_patient_can_be_given_up(clock):
    story, item = BY_CLOCK[clock]
    claims = story.refuses(done(UnableToReach, NOW, item or None, clock=clock)).claims
    never = (f"'{clock}' is a duty that ends by reaching the patient",)
    assert (claims != never) is (DUTY[clock]["given up"] == "yes")


@each_clock
def test_what_outlives_an_end(clock):
    assert TEST_RESULT.clock(clock).outlives is (DUTY[clock]["after the end"] == "yes")


@each_clock
def test_the_loop_stays_open_while_something_is_owed_that_closing_depends_on(clock):
    story, _ = BY_CLOCK[clock]
    if story.state == "RESULTED":
        assert f"'{clock}' is settled" in story.refuses(done(LoopClosed, NOW)).claims
    else:
        assert story.refuses(done(LoopClosed, NOW)) is not None


# --- what starts and what ends each ---------------------------------------------------------


def plain_ways(event):
    """Return the first way of an event that is told as it is told first."""
    return next((some[0] for (name, claim), some in WAYS.items() if name == event and not claim), None)


EVENTS = [name for name in dict.fromkeys(name for name, _ in WAYS) if plain_ways(name) is not None]


@pytest.mark.parametrize("code", CODES)
def test_an_event_starts_what_the_table_says_and_nothing_else(code):
    seen, told = {}, {}
    for event in EVENTS:
        before, one = plain_ways(event)
        story = tell_where_it_can_be(standing(code).fork(), before)
        were = {deadline.id for deadline in story.case.deadlines}
        tell_where_it_can_be(story, (one,))
        begun = {named(one) for one in story.case.deadlines if one.id not in were}
        seen[event] = {one for one in begun if not one.startswith(("look_again", "unexpected"))}
        lines = [row for row in rows(STARTS) if row["event"] == event and code in row["in"].split()]
        told[event] = {duty for line in lines for duty in line["starts"].split()}
    assert seen == told


@each_duty
def test_an_event_ends_a_duty_as_the_table_says_and_not_otherwise(duty):
    lines = [row for row in rows(ENDS) if row["duty"] == duty]
    seen, told = {}, {}
    for event in EVENTS:
        if event in ("EnteredInError", "PatientDied"):
            continue  # they have tests of their own
        before, one = plain_ways(event)
        if event == "Acknowledged":
            one = acknowledged(NOW, "k")
        story = tell_where_it_can_be(RUNNING[duty].fork(), (*before, one))
        how = [end for end in story.case.settled if named(end) == duty and end.key == one.key]
        seen[event] = ", ".join(filter(None, (how[0].how.name, how[0].why))).replace("MET_LATE", "MET") if how else ""
        told[event] = next((line["how"] for line in lines if event in line["events"].split()), "")
    assert seen == told


# --- critical -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_only_the_orderer_or_a_surrogate_acknowledges(role):
    story = RUNNING["critical(k)"].fork()
    story.then(acknowledged(NOW, "k", by=Actor(role, "x")))
    assert (story.owed("critical") is None) is (role in (Role.OWNER, Role.SURROGATE))


FACTS = [
    {"finding": " "},
    {"identified_at": None},
    {"caller": ""},
    {"receiver": None},
    {"method": None},
    {"read_back": False},
    {"method": Method.PAGE},
    {"method": Method.MESSAGE},
    {"receiver": Actor(Role.COORDINATOR, "front-desk")},
    {"receiver": Actor(Role.NURSE, "n-1")},
]


@pytest.mark.parametrize("missing", FACTS, ids=lambda missing: " ".join(map(str, *missing.items())))
def test_a_call_counts_only_if_it_is_whole_and_reached_who_answers_for_it(missing):
    """Six facts: the finding, when it was identified, who told, who received, when, and how; and read back."""
    story = RUNNING["critical(k)"].fork()
    story.then(called(NOW, "k", **missing))
    assert story.owed("critical")
    story.then(called(NOW + HOUR, "k"))
    assert story.owed("critical") is None
    ahead = Result(TAKEN, called(WED, "k", **missing))
    assert ahead.owed("critical").started_at == WED


def test_a_call_of_an_older_version_is_none_of_the_newer():
    story = Result(TAKEN, preliminary(WED, "k", CRITICAL), acknowledged(WED + HOUR / 60, "k"))
    story.then(result(WED + HOUR, "k", CRITICAL, version=2), called(WED + 2 * HOUR, "k", version=1))
    assert story.owed("critical").round == 2
    story.then(called(WED + 3 * HOUR, "k", version=2))
    assert story.owed("critical") is None


def test_one_call_ahead_counts_for_one_message():
    story = Result(TAKEN, called(WED, "k"), preliminary(WED + HOUR, "k", CRITICAL))
    assert story.owed("critical") is None
    story.then(result(WED + 2 * HOUR, "k", CRITICAL, version=2))
    assert story.owed("critical")


def test_what_is_critical_stays_so_until_somebody_knows_although_a_newer_version_is_not():
    story = Result(TAKEN, preliminary(WED, "k", CRITICAL), result(WED + HOUR, "k", NORMAL, version=2))
    assert story.due("critical") == WED + HOUR / 4


# --- review ---------------------------------------------------------------------------------


def test_a_newer_version_takes_a_review_over_and_keeps_the_earlier_due_moment():
    story = Result(TAKEN, result(WED, "k"))
    due = story.due("review")
    for number in (2, 3):
        story.then(corrected(WED + number * HOUR, "k", number))
        assert (story.owed("review").item, story.due("review")) == ("k:1", due)
    story.then(reviewed(THU, "k:2"))
    assert story.due("review") == due, "a review of an older version meets nothing of the newer"
    story.then(reviewed(THU + HOUR, "k:3"))
    assert story.owed("review") is None


def test_a_graver_version_has_a_review_of_its_own_beside_and_one_review_ends_both():
    """The earlier of the two due moments is kept, whichever it is."""
    story = Result(TAKEN, result(WED, "k", NORMAL), corrected(WED + HOUR, "k", 2, CRITICAL))
    assert (story.due("review", "k:1"), story.due("review", "k:2")) == (midnight(2026, 7, 16), WED + 4 * HOUR)
    story.then(corrected(WED + 2 * HOUR, "k", 3, ABNORMAL))
    assert [one.item for one in story.case.deadlines if one.clock == "review"] == ["k:1", "k:2"]
    story.then(reviewed(WED + 3 * HOUR, "k:3"))
    assert (story.owed("review"), story.ended("review")) == (None, (How.MET, How.MET))


def test_a_review_of_a_version_that_was_read_begins_anew_with_the_next():
    story = Result(TAKEN, result(WED, "k"), reviewed(THU, "k:1"), corrected(FRI, "k", 2))
    assert (story.owed("review").item, story.due("review")) == ("k:2", midnight(2026, 7, 14))


def test_what_a_retraction_leaves_unread_is_to_be_read():
    story = Result(TAKEN, result(WED, "k", version=1), corrected(WED + HOUR, "k", 2), reviewed(THU, "k:2"))
    story.then(heard(ResultRetracted, FRI, "k", version=2))
    assert (story.owed("review").item, story.owed("review").started_at) == ("k:1", FRI)


def test_a_retraction_of_an_older_version_leaves_the_review_as_it_was():
    story = Result(TAKEN, result(WED, "k"), corrected(WED + HOUR, "k", 2))
    due = story.due("review")
    story.then(heard(ResultRetracted, THU, "k", version=1))
    assert (story.due("review"), story.owed("notify_abnormal").item) == (due, "k:2")


# --- telling the patient --------------------------------------------------------------------


def test_an_abnormal_result_is_told_within_seven_days_of_when_it_was_available_and_a_normal_one_within_fourteen():
    """VHA Directive 1088; available on Tuesday, heard on Thursday."""
    early = {"available_at": TUE + 2 * HOUR}
    story = Result(TAKEN, result(THU, "k", **early), result(THU, "na", NORMAL, **early))
    assert (story.due("notify_abnormal"), story.due("notify_normal")) == (midnight(2026, 7, 15), midnight(2026, 7, 22))


def test_a_correction_does_not_push_on_what_the_patient_was_never_told():
    story = Result(TAKEN, result(WED, "k"), corrected(WED + 5 * DAY, "k", 2))
    assert (story.owed("notify_abnormal").item, story.due("notify_abnormal")) == ("k:2", midnight(2026, 7, 16))


def test_an_unchanged_version_of_what_the_patient_was_told_is_not_told_again():
    story = Result(TAKEN, result(WED, "k"), notified(THU, "k:1"), corrected(FRI, "k", 2, content_changed=False))
    assert story.owed("notify_abnormal") is None


def test_a_notice_of_an_older_version_meets_nothing_of_the_newer():
    story = Result(TAKEN, result(WED, "k"), corrected(THU, "k", 2), notified(FRI, "k:1"))
    assert story.owed("notify_abnormal").item == "k:2"


def test_a_notice_of_a_later_version_is_one_of_the_earlier_too():
    story = Result(TAKEN, result(WED, "k"), corrected(THU, "k", 2), notified(FRI, "k:2"))
    assert story.owed("notify_abnormal") is None


@pytest.mark.parametrize("counts", [True, False], ids=["counts", "does not count"])
def test_whether_the_portal_alone_tells_of_a_normal_result_is_the_practices_to_say(counts):
    story = Result(*WHOLE, facts=ResultFacts(portal_counts=counts))
    story.then(notified(FRI, "k:1", "na:1", channel=Channel.PORTAL))
    assert (story.owed("notify_normal") is None) is counts
    assert story.owed("notify_abnormal"), "of an abnormal one it never does"


def test_a_clinical_reason_not_to_tell_is_documented_and_excuses():
    story = standing("RE").fork()
    story.then(reviewed(NOW, "k:1", disposition=Disposition.DO_NOT_NOTIFY, reason="told at the visit"))
    assert story.ended("notify_abnormal") == (How.EXCUSED,)
    assert story.owed("notify_normal"), "sodium was not meant"
    story.then(corrected(NOW + HOUR, "k", 2))
    assert story.owed("notify_abnormal").item == "k:2", "the reason was one for that version"


def test_tries_to_tell_the_patient_may_be_given_up_and_are_then_excused():
    """Our practice, for what is abnormal: two calls on two days, a letter, and a certified one."""
    story = standing("RE").fork()
    giving_up = done(UnableToReach, MON + HOUR, clock="notify_abnormal")
    for at, way in [
        (NOW, Way.PHONE),
        (NOW + HOUR, Way.LETTER),
        (NOW + 2 * HOUR, Way.CERTIFIED_LETTER),
        (MON, Way.PHONE),
    ]:
        assert story.refuses(giving_up) is not None
        story.then(done(ContactAttempted, at, "k:1", clock="notify_abnormal", way=way))
    story.then(giving_up, result(MON + 2 * HOUR, "na", NORMAL))
    assert (story.ended("notify_abnormal"), story.owed("notify_abnormal")) == ((How.EXCUSED,), None)


@pytest.mark.parametrize("clock", ["notify_abnormal", "notify_normal"])
def test_a_delay_that_the_patient_asked_for_holds_the_notice_alone(clock):
    """From Friday to Monday; what we owe ourselves runs on, and nobody but the patient can ask for it."""
    hold = done(Paused, FRI + HOUR, clock=clock, reason="wish", resume_by=MON)
    story = standing("RE").fork()
    assert story.refuses(hold) is not None
    before = {one.clock: one.due_at for one in story.case.deadlines if one.clock != "look_again"}
    story.then(done(ReleaseDelayAsked, FRI, until=MON), hold)
    assert {one for one, *_ in story.case.world.held} == {clock}
    story.then(done(Resumed, MON))
    after = {one.clock: one.due_at for one in story.case.deadlines if one.clock != "look_again"}
    assert {one for one in before if after[one] != before[one]} == {clock}
    assert after[clock] == before[clock] + 3 * DAY


# --- the rest -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urgency", "due"),
    [
        (Urgency.ROUTINE, midnight(2026, 7, 22)),
        (Urgency.URGENT, midnight(2026, 7, 11)),
        (Urgency.ASAP, TUE + 24 * HOUR),
        (Urgency.STAT, TUE + 4 * HOUR),
    ],
)
def test_how_soon_a_result_must_be_here_is_a_matter_of_urgency(urgency, due):
    assert Result(done(Ordered, TUE, by=CLINICIAN, urgency=urgency)).due("result") == due


def test_an_order_that_becomes_urgent_is_dated_anew():
    story = standing("CO").fork()
    story.then(done(UrgencyChanged, WED, urgency=Urgency.STAT))
    assert story.due("result", "k") == WED + 4 * HOUR


def test_an_image_has_a_limit_of_its_own():
    assert Result(done(Ordered, TUE, by=CLINICIAN, kind=Kind.IMAGING)).due("result") == midnight(2026, 8, 7)


def test_a_result_that_is_taken_back_is_waited_for_again_from_when_it_was_planned():
    """A practice whose rows count from a fact keeps the first due moment."""
    planned = done(Ordered, TUE, by=CLINICIAN, planned_for=WED)
    story = Result(planned, result(THU, None))
    story.then(heard(ResultRetracted, FRI, None))
    assert (story.due("result"), story.owed("result").round) == (midnight(2026, 7, 30), 2)


def test_an_unknown_status_is_no_final_one():
    story = Result(TAKEN, result(WED, "k", status=Status.UNKNOWN))
    assert story.owed("final", "k")
    assert story.owed("result", "k")


def test_what_came_unasked_and_is_preliminary_is_waited_for_like_what_was_ordered():
    """What is PARTIAL waits for a result, whoever asked for it; taken back, what nobody ordered is owed no longer."""
    story = Result(heard(ArrivedUnasked, TUE, "k", severity=ABNORMAL))
    story.then(done(Ordered, TUE + HOUR, by=CLINICIAN, components=("k",)))
    story.then(heard(ArrivedUnasked, WED, "mg", severity=ABNORMAL, status=Status.PRELIMINARY))
    assert (story.state, bool(story.owed("result", "mg"))) == ("PARTIAL", True)
    gone = story.fork()
    gone.then(heard(ResultRetracted, THU, "mg"))
    assert (gone.state, gone.owed("result"), gone.ended("result")) == ("RESULTED", None, (How.DROPPED,))
    story.then(result(THU, "mg"))
    assert (story.state, story.owed("result"), story.ended("result")) == ("RESULTED", None, (How.MET,))


_CALLED, _UNSURE = called(FRI + 2 * HOUR, "k"), called(FRI + 2 * HOUR, "k", read_back=False)
_WAIVED = done(Waived, FRI + 2 * HOUR, "k", clock="result", reason="r", by=CLINICIAN)


@pytest.mark.parametrize(
    ("given_up", "then"), [(NotDone, _CALLED), (NotDone, _UNSURE), (NotDone, _WAIVED), (LabCancelled, _UNSURE)]
)
def test_a_decision_is_owed_no_longer_where_nothing_is_left_to_decide(given_up, then):
    story = Result(TAKEN, result(WED, "na", NORMAL), heard(given_up, THU, "k"))
    assert story.owed("decide")
    story.then(then)
    assert (story.owed("decide"), story.ended("decide")) == (None, (How.DROPPED,))


def test_what_follows_is_owed_for_each_finding_or_for_each_version_where_none_is_named():
    story = standing("RE").fork()
    story.then(reviewed(NOW, "k:1", "na:1", disposition=Disposition.FOLLOW_UP_NEEDED))
    assert [one.item for one in story.case.deadlines if one.clock == "follow_up"] == ["k:1", "na:1"]


def test_whose_flag_is_unknown_counts_as_abnormal():
    story = Result(TAKEN, result(WED, "k", UNKNOWN))
    assert story.owes() == {"result", "review", "notify_abnormal"}


def test_every_number_of_the_example_has_a_source_or_is_ours():
    moments = ("planned_for", "born_at", "collected_at", "available_at")
    for row in RESULT_ROWS.all_rows:
        assert row.source.title
        assert row.counts_from in (CountsFrom.HAPPENED, *moments)

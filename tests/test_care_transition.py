"""
Care transition: what a state is called elsewhere, and where the evidence for each criterion is found.

The specification goes on in its neighbours: `_grid` (what each event does in each state), `_clocks` and `_duties` (what
is owed, by whom, until when), `_journeys`, `_late` and `_dates` (stories), `_safety` (what must never happen).
"""

import re
from collections import Counter

import pytest
from attrs import fields
from tests.transition_story import (
    COORDINATOR,
    DAY,
    FRI,
    HOUR,
    MON,
    NURSE,
    SAT,
    SUN,
    TUE,
    WED,
    Actor,
    Story,
    done,
    heard,
    midnight,
    rows,
    with_limits,
)

from carecoord import (
    CalendarDays,
    ContactAttempted,
    Hours,
    How,
    Limit,
    Role,
    UnableToReach,
    Way,
    ours,
    stair,
)
from carecoord.workflows.care_transition import (
    CARE_TRANSITION,
    CRITERIA,
    STATUSES,
    Admitted,
    ArrivedAtEd,
    Contacted,
    Discharged,
    InfoShared,
    MedsReconciled,
    NoticeOf,
    NoticeReceived,
    PendingTestListed,
    PendingTests,
    StayCorrected,
    SummaryReceived,
    TransitionState,
    VisitBooked,
    VisitHeld,
)

IN, HOME = heard(Admitted, TUE, "V1", facility="St. Luke's"), heard(Discharged, FRI, "V1")
LADDER = stair(Hours(24), every=Hours(72))

# --- what a state is called elsewhere -------------------------------------------------------

# Task.status has twelve codes in R4 and R5 alike; Encounter.status differs between them.
ENCOUNTER_R4 = """
planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown
"""
ENCOUNTER_R5 = """
planned in-progress on-hold discharged completed cancelled discontinued entered-in-error unknown
"""
TASK = """
draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error
"""
TASK_ENDS = {"rejected", "cancelled", "failed", "completed", "entered-in-error"}

each_state = pytest.mark.parametrize("state", TransitionState)


@each_state
def test_every_state_has_words_of_fhir(state):
    said = STATUSES[state]
    assert said.encounter_r4 in ENCOUNTER_R4.split()
    assert said.encounter_r5 in ENCOUNTER_R5.split()
    assert said.task in TASK.split()


@each_state
def test_a_task_is_over_where_the_case_is(state):
    assert (STATUSES[state].task in TASK_ENDS) is (state in CARE_TRANSITION.ends)


@each_state
def test_only_a_closed_case_is_a_completed_task(state):
    """A readmission or a death ends the duties without success (R-30)."""
    assert (STATUSES[state].task == "completed") is (state is TransitionState.CLOSED)


@each_state
def test_a_stay_goes_on_where_the_patient_is_in_acute_care(state):
    acute = state in (TransitionState.IN_ED, TransitionState.ADMITTED)
    assert (STATUSES[state].encounter_r4 == "in-progress") is acute
    assert (STATUSES[state].encounter_r5 == "in-progress") is acute


@each_state
def test_a_state_says_what_is_true_of_a_case_that_stands_there(state):
    assert len(state.value.split()) >= 2
    assert [other for other in TransitionState if other.value == state.value] == [state]


@pytest.mark.parametrize("clock", CARE_TRANSITION.clocks, ids=lambda clock: clock.name)
def test_every_duty_is_said_in_one_sentence(clock):
    assert clock.says
    assert not clock.says.endswith(".")


# --- where the evidence is found ------------------------------------------------------------

NAMED = """
criterion                | is shown by
NCQA PCMH CC-14          | NoticeReceived planned
NCQA PCMH CC-15          | share
NCQA PCMH CC-16          | contact visit ContactAttempted Contacted
NCQA PCMH CC-18          | InfoShared
NCQA PCMH CC-19          | summary
HEDIS TRC notification   | notice
HEDIS TRC discharge info | summary
HEDIS TRC engagement     | visit Contacted
HEDIS MRP and TRC        | reconcile
HEDIS FUH, FUM, FUA      | visit
CMS TCM                  | contact visit reconcile
MIPS IA_CC_10            | Discharged
MIPS IA_CC_11            | summary
"""


def test_the_criteria_that_this_workflow_speaks_for():
    assert [criterion for criterion, _ in CRITERIA] == [row["criterion"] for row in rows(NAMED)]


@pytest.mark.parametrize("row", rows(NAMED), ids=lambda row: row["criterion"])
def test_a_criterion_names_duties_events_and_facts_that_there_are(row):
    there_are = {clock.name for clock in CARE_TRANSITION.all_clocks}
    there_are |= {event.__name__ for event in CARE_TRANSITION.all_events}
    there_are |= {fact.name for fact in fields(CARE_TRANSITION.facts)}
    said = set(re.findall(r"\w+", dict(CRITERIA)[row["criterion"]]))
    assert set(row["is shown by"].split()) <= there_are & said


def told(story, *kinds):
    """Return the events of these kinds, in the order in which they happened: what an auditor is shown."""
    return sorted((e for entry in story.log for e in entry.events if isinstance(e, kinds)), key=lambda e: e.at)


def test_cc_14_unplanned_visits_are_counted_by_kind_and_facility_and_by_who_told_of_them():
    """CC-14: unplanned admissions and emergency visits, apart, at the facilities that send notices."""
    stories = [
        Story(
            heard(ArrivedAtEd, TUE, "E1", facility="Mercy", planned=False),
            heard(NoticeReceived, TUE, of=NoticeOf.ARRIVAL, source="adt"),
        ),
        Story(
            heard(Admitted, TUE, "V1", facility="St. Luke's", planned=False),
            heard(NoticeReceived, WED, of=NoticeOf.ADMISSION, source="health plan"),
        ),
        Story(heard(Admitted, TUE, "V2", facility="St. Luke's"), heard(StayCorrected, WED, planned=True)),
    ]
    counted = Counter(
        ("inpatient" if story.case.facts.inpatient else "ED", story.case.facts.facility, one.source)
        for story in stories
        if not story.case.facts.planned
        for one in told(story, NoticeReceived)
    )
    assert counted == {("ED", "Mercy", "adt"): 1, ("inpatient", "St. Luke's", "health plan"): 1}


def test_cc_15_what_was_shared_with_which_hospital_and_when():
    shared = done(InfoShared, TUE + 3 * HOUR, to="St. Luke's", what=("medications", "allergies", "plan"))
    story = Story(IN, heard(NoticeReceived, TUE + HOUR, of=NoticeOf.ADMISSION), shared)
    (settled,) = [one for one in story.case.settled if one.clock == "share"]
    assert (settled.how, settled.at - settled.started_at, settled.key) == (How.MET, 2 * HOUR, shared.key)
    assert told(story, InfoShared) == [shared]


def test_cc_16_each_try_and_the_call_that_reached_the_patient():
    tries = [
        done(ContactAttempted, SAT, clock="contact", way=Way.PHONE),
        done(ContactAttempted, SUN, clock="contact", way=Way.MESSAGE),
    ]
    call = done(Contacted, MON, by=NURSE)
    story = Story(IN, HOME, *tries, call)
    assert told(story, ContactAttempted, Contacted) == [*tries, call]
    assert [(one.way, one.at) for one in story.case.facts.attempts] == [(Way.PHONE, SAT), (Way.MESSAGE, SUN)]


def test_cc_16_the_share_of_discharges_followed_up_in_time():
    """In time; late; given up after enough tries: one of three."""
    tries = [done(ContactAttempted, at, clock="contact", way=Way.PHONE) for at in (SAT, MON)]
    stories = [
        Story(IN, HOME, done(Contacted, MON)),
        Story(IN, HOME, done(Contacted, MON + 3 * DAY)),
        Story(IN, HOME, *tries, done(UnableToReach, MON + HOUR, clock="contact")),
    ]
    ends = [one.how for story in stories for one in story.case.settled if one.clock == "contact"]
    assert ends == [How.MET, How.MET_LATE, How.EXCUSED]
    assert [how.done for how in ends] == [True, True, False]


def test_cc_18_what_was_exchanged_during_the_stay():
    story = Story(IN, done(InfoShared, WED, to="St. Luke's"), HOME, done(InfoShared, SAT, to="St. Luke's"))
    during = [e for e in told(story, InfoShared) if story.case.facts.home_since > e.at]
    assert [e.at for e in during] == [WED]


def test_cc_19_each_discharge_has_its_summary_or_somebody_to_ask_for_it():
    story = Story(IN, HOME)
    assert (story.owed("summary").item, CARE_TRANSITION.clock("summary").kept_by) == ("V1", Role.COORDINATOR)
    story.then(heard(SummaryReceived, SAT, version="1", pending=PendingTests.NONE))
    assert (story.ended("summary"), told(story, SummaryReceived)[0].version) == ((How.MET,), "1")


@pytest.mark.parametrize(
    ("at", "how"),
    [(midnight(2026, 7, 10) - HOUR, How.MET), (midnight(2026, 7, 10), How.MET_LATE)],
    ids=["the third day", "the fourth"],
)
def test_trc_notification_of_the_admission_by_the_second_day_after_it(at, how):
    """TRC: Tuesday, Wednesday, Thursday: three days in all."""
    assert Story(IN, heard(NoticeReceived, at, of=NoticeOf.ADMISSION)).ended("notice") == (how,)


def test_trc_discharge_information_by_the_second_day_after_the_discharge():
    """TRC: Friday, Saturday, Sunday."""
    for at, how in ((midnight(2026, 7, 13) - HOUR, How.MET), (midnight(2026, 7, 13), How.MET_LATE)):
        assert Story(IN, HOME, heard(SummaryReceived, at)).ended("summary") == (how,)


def test_trc_engagement_is_a_visit_or_a_call_on_a_later_day_than_the_discharge():
    """TRC does not count the day of discharge; the entries say which day each call was."""
    story = Story(IN, HOME, done(Contacted, FRI + HOUR), done(Contacted, MON))
    days = [e.at.astimezone(FRI.tzinfo).date() for e in told(story, Discharged, Contacted)]
    assert [day > days[0] for day in days[1:]] == [False, True]


@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.PHARMACIST, Role.NURSE])
def test_trc_and_mrp_say_who_reconciled_the_medication_and_when(role):
    story = Story(IN, HOME, done(MedsReconciled, MON, by=Actor(role, "x-1")))
    (settled,) = [one for one in story.case.settled if one.clock == "reconcile"]
    assert (settled.how, settled.by.role, settled.at) == (How.MET, role, MON)


def visits(days, *, same_day):
    opens = None if same_day else CalendarDays(1)
    return with_limits(Limit("visit", CalendarDays(days), LADDER, opens=opens, source=ours(f"HEDIS, {days} days")))


@pytest.mark.parametrize(
    ("measure", "rules", "last"),
    [
        ("FUH 7", visits(7, same_day=False), midnight(2026, 7, 18)),
        ("FUH 30", visits(30, same_day=False), midnight(2026, 8, 10)),
        ("FUM and FUA 7", visits(7, same_day=True), midnight(2026, 7, 18)),
        ("FUM and FUA 30", visits(30, same_day=True), midnight(2026, 8, 10)),
    ],
)
def test_fuh_fum_and_fua_differ_in_the_first_day_and_not_in_the_last(measure, rules, last):
    """FUM and FUA: 8 or 31 days in all; FUH: 7 or 30, the day of discharge not among them."""
    same_day = Story(IN, HOME, heard(VisitHeld, FRI + HOUR), rules=rules)
    assert same_day.ended("visit") == (() if measure.startswith("FUH") else (How.MET,))
    assert Story(IN, HOME, heard(VisitHeld, last - HOUR), rules=rules).ended("visit") == (How.MET,)
    assert Story(IN, HOME, heard(VisitHeld, last), rules=rules).ended("visit") == (How.MET_LATE,)


def test_tcm_needs_the_call_the_visit_and_the_reconciliation():
    """TCM: call within two business days, visit within fourteen days, medication by the visit at the latest."""
    story = Story(
        IN, HOME, done(Contacted, MON), done(MedsReconciled, MON + DAY, by=NURSE), heard(VisitHeld, MON + 3 * DAY)
    )
    ledger = {one.clock: one for one in story.case.settled}
    assert all(ledger[clock].how is How.MET for clock in ("contact", "visit", "reconcile"))
    assert ledger["reconcile"].at <= ledger["visit"].at


def test_tcm_counts_no_message_left_and_nobody_elses_call():
    for said in ({"two_way": False}, {"own_staff": False}):
        assert Story(IN, HOME, done(Contacted, MON, **said)).ended("contact") == ()


def test_ia_cc_10_what_was_done_in_the_first_thirty_days_at_home_and_by_whom():
    """The thirty days that begin with the day of discharge end with Saturday the 8th of August."""
    story = Story(
        IN,
        HOME,
        done(Contacted, MON, by=NURSE),
        done(VisitBooked, MON + HOUR, "a-1"),
        heard(PendingTestListed, MON + 2 * HOUR, "t-1"),
        done(Contacted, midnight(2026, 8, 9) + HOUR),
    )
    acts = [e for entry in story.log for e in entry.events if not e.news]
    first_thirty = [(type(e), e.by) for e in acts if FRI <= e.at < midnight(2026, 8, 9)]
    assert first_thirty == [(Contacted, NURSE), (VisitBooked, COORDINATOR)]


def test_ia_cc_11_the_summary_within_a_day():
    rules = with_limits(Limit("summary", Hours(24), LADDER, source=ours("IA_CC_11 example: within 24 hours")))
    for at, how in ((SAT - HOUR, How.MET), (SAT, How.MET_LATE)):
        assert Story(IN, HOME, heard(SummaryReceived, at), rules=rules).ended("summary") == (how,)

"""
Care transition: what is heard late, twice or all at once, and a host that was not there when something fell due.

What counts is when it happened; what is told is told once.
"""

from datetime import datetime

import pendulum
import pytest
from attrs import evolve
from tests.transition_story import (
    BOISE,
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
    of,
    taken_back,
)

from carecoord import (
    ContactAttempted,
    DeadlineMissed,
    DeadlineSet,
    DeadlineSettled,
    Escalated,
    How,
    LoopClosed,
    Moved,
    Role,
    UnableToReach,
    Waived,
    Way,
)
from carecoord.workflows.care_transition import (
    Admitted,
    ArrivedAtEd,
    Contacted,
    DischargeCancelled,
    Discharged,
    MedsReconciled,
    VisitBooked,
    VisitHeld,
    VisitMissed,
)

IN, HOME = heard(Admitted, TUE, "V1", facility="St. Luke's"), heard(Discharged, FRI, "V1")
TUE_14, WED_15 = midnight(2026, 7, 14), midnight(2026, 7, 15)
CONTACT_DUE = WED_15  # the second business day after Friday the 10th is Tuesday the 14th


# --- what was heard late --------------------------------------------------------------------


def test_a_call_made_before_the_discharge_message_came_counts():
    """The nurse called on Saturday; the message of Friday's discharge was read on Monday."""
    story = Story(IN, done(Contacted, SAT, by=NURSE))
    step = story.then(heard(Discharged, FRI, "V1", recorded_at=MON))
    assert step.effects[0] == Moved("t-1", 3, "ADMITTED", "DISCHARGED", by_correction=True)
    assert of(step.effects, DeadlineSettled, "contact") == (
        DeadlineSettled("t-1", "contact", "V1", 1, 3, How.MET, "", FRI, CONTACT_DUE, SAT),
    )
    assert of(step.effects, DeadlineSet, "contact") == ()


def test_a_discharge_heard_five_days_late_is_overdue_at_birth():
    """Heard on Wednesday the 15th at three in the afternoon: the time to call ended at midnight before."""
    story = Story(IN)
    step = story.then(heard(Discharged, FRI, "V1", recorded_at=FRI + 5 * DAY))
    contact = ("t-1", "contact", "V1", 1, 2)
    told = [one for one in step.effects if getattr(one, "clock", "") == "contact"]
    assert told == [
        DeadlineSet(*contact, due_at=CONTACT_DUE),
        Escalated(*contact, rung=0, repeat=0, at=TUE_14, notify=Role.COORDINATOR),
        DeadlineMissed(*contact, due_at=CONTACT_DUE),
        Escalated(*contact, rung=1, repeat=0, at=CONTACT_DUE, notify=Role.COORDINATOR),
    ]


def test_a_case_can_be_opened_by_its_discharge_and_learn_of_the_admission_later():
    story = Story(HOME)
    assert story.state == "DISCHARGED"
    step = story.then(heard(Admitted, TUE, "V1", recorded_at=MON))
    assert (story.state, of(step.effects, Moved)) == ("DISCHARGED", ())
    assert [one.due_at for one in of(step.effects, DeadlineSet, "notice")] == [midnight(2026, 7, 10)]


def test_whichever_is_heard_first_the_earliest_arrival_opens_the_case():
    story = Story(IN, heard(ArrivedAtEd, TUE - 3 * HOUR, "E1", recorded_at=WED))
    other = Story(heard(ArrivedAtEd, TUE - 3 * HOUR, "E1"), IN)
    assert story.case.world.facts == other.case.world.facts


def test_a_call_made_before_the_readmission_counts_when_it_is_filed_after_it():
    story = Story(IN, HOME, heard(Admitted, SUN, "V2"))
    step = story.then(done(Contacted, SAT, recorded_at=MON, by=NURSE))
    assert (story.state, story.ended("contact")) == ("READMITTED", (How.MET,))
    assert of(step.effects, Moved) == ()


def test_a_message_that_is_sent_twice_changes_nothing_and_says_nothing():
    story = Story(IN, HOME)
    before = story.case
    step = story.then(heard(Discharged, FRI, "V1", recorded_at=MON))
    assert (step.case, step.effects, step.entry) == (before, (), None)
    assert step.case is before


def test_two_feeds_for_one_stay_start_nothing_twice():
    """The hospital says three o'clock, the exchange seven minutes past, under the same visit number."""
    story = Story(IN, HOME)
    owed = story.case.deadlines
    step = story.then(heard(Discharged, FRI.add(minutes=7), "V1", recorded_at=SAT))
    assert (story.case.deadlines, step.effects) == (owed, ())


# --- who gave up, and who had reached the patient by then -----------------------------------

TRIES = [done(ContactAttempted, at, clock="contact", way=Way.PHONE) for at in (SAT, MON)]
GAVE_UP = done(UnableToReach, MON + HOUR, clock="contact")
REACHED = done(Contacted, SUN, recorded_at=MON + 2 * HOUR, by=NURSE)


def test_a_call_made_before_somebody_gave_up_counts_when_it_is_filed_after():
    """The nurse spoke with the patient on Sunday; who gave up on Monday had not heard of it."""
    story = Story(IN, HOME, *TRIES, GAVE_UP)
    step = story.then(REACHED)
    assert (story.ended("contact"), story.owed("overtaken")) == ((How.MET,), None)
    assert of(step.effects, DeadlineSettled) == (
        DeadlineSettled("t-1", "contact", "V1", 1, 6, How.MET, "", FRI, CONTACT_DUE, SUN),
    )


def test_a_call_in_a_backlog_counts_though_somebody_gave_up_after_it():
    story = Story(IN, HOME, *TRIES, GAVE_UP)
    caught = story.catch_up(REACHED, at=MON + DAY)
    assert (story.ended("contact"), caught.refused) == ((How.MET,), ())


def test_a_loop_that_was_closed_on_giving_up_stays_closed_when_the_call_is_filed():
    story = Story(IN, HOME, *SETTLED[:1], *SETTLED[2:], *TRIES, GAVE_UP, done(LoopClosed, MON + DAY))
    story.then(evolve(REACHED, recorded_at=MON + 2 * DAY))
    assert (story.state, story.ended("contact"), story.owes()) == ("CLOSED", (How.MET,), set())


def test_a_call_that_was_not_made_after_all_leaves_what_giving_up_said():
    story = Story(IN, HOME, *TRIES, GAVE_UP, REACHED)
    story.then(taken_back(REACHED, MON + DAY))
    assert story.ended("contact") == (How.EXCUSED,)


def test_whoever_gives_up_on_a_patient_whom_a_colleague_reached_is_told_that_nothing_is_owed():
    """In a backlog too, where both come together."""
    story = Story(IN, HOME, *TRIES, REACHED)
    late = evolve(GAVE_UP, recorded_at=MON + 3 * HOUR)
    assert story.refuses(late).claims == ("'contact' is owed",)
    both = Story(IN, HOME, *TRIES).catch_up(GAVE_UP, REACHED, at=MON + DAY)
    assert [(key, why.claims) for key, why in both.refused] == [(GAVE_UP.key, ("'contact' is owed",))]


def test_giving_up_does_not_give_way_to_a_duty_that_was_merely_dropped():
    """Nobody had reached the patient when the discharge was cancelled: who gave up must look again."""
    story = Story(IN, HOME, *TRIES, GAVE_UP)
    story.then(heard(DischargeCancelled, SUN, "V1", recorded_at=MON + 2 * HOUR))
    assert story.owed("overtaken", GAVE_UP.key)


@pytest.mark.parametrize(
    ("clock", "deed"),
    [
        ("contact", done(Contacted, SUN, recorded_at=MON + 2 * HOUR)),
        ("reconcile", done(MedsReconciled, SUN, recorded_at=MON + 2 * HOUR, by=NURSE)),
        ("visit", heard(VisitHeld, SUN, recorded_at=MON + 2 * HOUR)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_was_done_before_it_was_waived_counts_as_done(clock, deed):
    story = Story(IN, HOME, done(Waived, MON, clock=clock, reason="seen elsewhere", by=CLINICIAN), deed)
    assert (story.ended(clock), story.owed("overtaken")) == ((How.MET,), None)


def test_a_visit_that_was_booked_again_before_somebody_gave_up_counts_as_booked():
    story = Story(IN, HOME, heard(VisitMissed, SAT, "a-1"))
    story.then(done(Waived, MON, "a-1", clock="rebook", reason="not needed", by=CLINICIAN))
    story.then(done(VisitBooked, SUN, "a-2", instead_of="a-1", recorded_at=MON + HOUR))
    assert story.ended("rebook", "a-1") == (How.MET,)


# --- a host that was down -------------------------------------------------------------------

AUG_3 = pendulum.datetime(2026, 8, 3, 10, tz=BOISE)  # a Monday, three weeks and a half after the discharge

# What the ladder of the call is: a reminder, the due moment, then one business day each; the last again each 72 hours.
RUNGS = [
    (midnight(2026, 7, 14), 0, 0, Role.COORDINATOR),
    (midnight(2026, 7, 15), 1, 0, Role.COORDINATOR),
    (midnight(2026, 7, 16), 2, 0, Role.SURROGATE),
    (midnight(2026, 7, 17), 3, 0, Role.SUPERVISOR),
    (midnight(2026, 7, 18), 4, 0, Role.SAFETY_OFFICER),
    (midnight(2026, 8, 2), 4, 5, Role.SAFETY_OFFICER),
]


def rungs(effects):
    return [(one.at, one.rung, one.repeat, one.notify) for one in of(effects, Escalated, "contact")]


def test_a_host_that_was_down_three_weeks_tells_each_rung_once_and_of_repeats_the_newest():
    story = Story(IN, HOME)
    assert rungs(story.look(AUG_3).effects) == RUNGS


def test_what_fell_due_is_told_in_the_order_in_which_it_did():
    story = Story(IN, HOME)
    told: list[datetime] = [one.at if isinstance(one, Escalated) else one.due_at for one in story.look(AUG_3).effects]
    assert told == sorted(told)
    assert len(told) > 20


def test_a_miss_is_told_once_however_often_somebody_looks():
    story = Story(IN, HOME)
    for days in range(25):
        story.look(FRI + days * DAY)
    assert len(of(story.said, DeadlineMissed, "contact")) == 1
    assert [rung for rung in rungs(story.said) if not rung[2]] == RUNGS[:-1]


def test_a_host_that_looks_each_day_and_one_that_was_down_end_alike():
    daily, down = Story(IN, HOME), Story(IN, HOME)
    for days in range(25):
        daily.look(FRI + days * DAY)
    down.look(FRI + 24 * DAY)
    assert daily.case == down.case


def test_a_backlog_is_put_in_its_place_before_anybody_is_alarmed():
    """The host was down from Friday; the call of Monday and the discharge of Friday come out of the queue together."""
    story = Story(IN)
    caught = story.catch_up(done(Contacted, MON), HOME, done(MedsReconciled, SUN, by=NURSE), at=AUG_3)
    assert (story.state, story.ended("contact"), story.ended("reconcile")) == ("DISCHARGED", (How.MET,), (How.MET,))
    assert (rungs(caught.effects), caught.refused) == ([], ())


def test_a_backlog_says_which_acts_did_not_fit_and_loses_nothing_else():
    story = Story(IN)
    caught = story.catch_up(HOME, done(LoopClosed, MON, key="too early"), done(Contacted, MON), at=AUG_3)
    assert [(key, why.event) for key, why in caught.refused] == [("too early", "LoopClosed")]
    assert story.ended("contact") == (How.MET,)

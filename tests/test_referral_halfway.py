"""
Referral: journeys on which something changes half-way: the agreement, the urgency, the patient's plans, the host.

Tuesday the 7th of July 2026 is the draft, and the package leaves at ten (`tests/test_referral_journeys.py`).
"""

from datetime import date, timedelta
from random import Random

import pendulum
import pytest
from attrs import evolve
from examples.practice import DAILY, SLOW, URGENT
from tests.referral_story import Referral, redirected, reviewed, sent, with_rows
from tests.transition_story import BOISE, DAY, FRI, HOUR, MON, THU, TUE, WED, done, heard, midnight, of

from carecoord import (
    CalendarDays,
    DeadlineHeld,
    DeadlineMissed,
    DeadlineSet,
    Escalated,
    Hours,
    How,
    Limit,
    Paused,
    Resumed,
    Role,
    Urgency,
    UrgencyChanged,
    Where,
    ours,
)
from carecoord.workflows.referral import (
    Accepted,
    Booked,
    Declined,
    ExpectationsGiven,
    InformationRequested,
    InformationSupplied,
    Inquired,
    InterimNoteReceived,
    NoShow,
    Rebooked,
    VisitCompleted,
)

SENT = sent("a-1", TUE + HOUR)
REPORT_DUE = midnight(2026, 10, 6)

# --- the agreement changes half-way ---------------------------------------------------------

SIGNED = ours("the agreement with the heart centre")
WITH_THEM = Where(agreement="cca-1")
FROM_THURSDAY = date(2026, 7, 9)  # both sides signed other numbers, in force from that day
OTHERS = ours("whoever signed nothing")

# fmt: off
AGREED = with_rows(
    Limit("answer",     CalendarDays(5), DAILY, source=SIGNED, when=WITH_THEM, until=FROM_THURSDAY),
    Limit("answer",     CalendarDays(3), DAILY, source=SIGNED, when=WITH_THEM, since=FROM_THURSDAY),
    Limit("answer",     CalendarDays(7), DAILY, source=OTHERS),
    Limit("visit_note", Hours(72),       DAILY, source=SIGNED, when=WITH_THEM, until=FROM_THURSDAY),
    Limit("visit_note", Hours(24),       DAILY, source=SIGNED, when=WITH_THEM, since=FROM_THURSDAY),
    Limit("visit_note", Hours(96),       DAILY, source=OTHERS),
)
# fmt: on
UNDER_IT = sent("a-1", TUE + HOUR, agreement="cca-1")


def test_an_agreement_that_changes_half_way_dates_what_begins_then_and_moves_nothing_that_stands():
    """Asked on Tuesday they have five days, to Sunday the 12th; asked anew on Friday they have three, to Monday."""
    story = Referral(UNDER_IT, rules=AGREED)
    story.look(THU + HOUR)
    assert story.due("answer") == midnight(2026, 7, 13)
    story.then(heard(InformationRequested, THU + 2 * HOUR, "a-1"), done(InformationSupplied, FRI, "a-1"))
    assert (story.due("answer"), story.owed("answer").round) == (midnight(2026, 7, 14), 2)
    story.then(heard(VisitCompleted, MON, "v-1"))
    assert story.due("visit_note") == MON + DAY


def test_what_happened_before_the_agreement_changed_is_judged_by_what_was_agreed_then():
    """A visit of Wednesday is heard of on Friday: they have 72 hours for the note, as they had signed by then."""
    story = Referral(UNDER_IT, heard(Accepted, THU + HOUR, "a-1"), rules=AGREED)
    story.then(heard(VisitCompleted, WED + HOUR, "v-1", recorded_at=FRI))
    assert story.due("visit_note") == WED + 73 * HOUR


def test_rows_that_are_replaced_half_way_move_nothing_that_stands_although_it_is_folded_again():
    """The answer was given under the old rows; news of the day before puts it through the fold, and it stays."""
    story = Referral(UNDER_IT, rules=AGREED)
    story.rules = with_rows(Limit("answer", CalendarDays(1), DAILY, source=SIGNED))
    story.then(done(Inquired, WED + HOUR, "a-1"), done(Inquired, WED, "a-1", recorded_at=THU))
    assert story.due("answer") == midnight(2026, 7, 13)
    story.then(heard(InformationRequested, FRI, "a-1"), done(InformationSupplied, FRI + HOUR, "a-1"))
    assert story.due("answer") == midnight(2026, 7, 12)


def test_who_is_asked_half_way_under_another_agreement_owes_by_that_one_and_the_patient_is_told_of_both():
    story = Referral(UNDER_IT, heard(Declined, WED, "a-1"), rules=AGREED)
    story.then(redirected("a-2", WED + HOUR, agreement="cca-2"))
    assert (story.due("answer"), story.due("report")) == (midnight(2026, 7, 16), REPORT_DUE)
    assert {one.item for one in story.case.deadlines if one.clock == "expectations"} == {"cca-1", "cca-2"}
    story.then(done(ExpectationsGiven, THU))
    assert story.owed("expectations").item == "cca-1"


# --- urgency raised on day twenty -----------------------------------------------------------

DAY_TWENTY = pendulum.datetime(2026, 7, 27, 9, tz=BOISE)  # a Monday
RAISED = done(UrgencyChanged, DAY_TWENTY, urgency=Urgency.URGENT)
BY_URGENCY = with_rows(
    Limit("report", CalendarDays(14), DAILY, source=OTHERS, when=URGENT),
    Limit("report", CalendarDays(90), SLOW, source=OTHERS, counts_from="sent_at"),
    Limit("report", CalendarDays(90), SLOW, source=OTHERS),
)


def test_urgency_raised_on_day_twenty_shortens_what_runs_from_that_day_and_says_so():
    """Taken on Saturday they had until Wednesday to book; from Monday on they have one working day, and two weeks."""
    story = Referral(SENT, heard(Accepted, DAY_TWENTY - 2 * DAY, "a-1"), rules=BY_URGENCY)
    assert (story.due("book"), story.due("report")) == (midnight(2026, 7, 30), REPORT_DUE)
    step = story.then(RAISED)
    assert (story.due("book"), story.due("report")) == (midnight(2026, 7, 29), midnight(2026, 8, 11))
    assert {(one.clock, one.previous) for one in of(step.effects, DeadlineSet)} == {
        ("book", midnight(2026, 7, 30)),
        ("report", REPORT_DUE),
    }


def test_urgency_raised_on_day_twenty_neither_forgives_nor_repeats_what_was_missed_before():
    story = Referral(SENT, rules=BY_URGENCY)
    story.look(DAY_TWENTY)
    assert of(story.said, DeadlineMissed, "answer")
    said = len(story.said)
    story.then(RAISED)
    assert story.due("answer") == midnight(2026, 7, 15)
    assert not of(story.said[said:], DeadlineMissed)
    story.then(heard(Accepted, DAY_TWENTY + HOUR, "a-1"))
    assert story.ended("answer") == (How.MET_LATE,)
    assert story.due("book") == midnight(2026, 7, 29), "what begins now is urgent"


def test_a_booking_of_day_nineteen_that_is_heard_on_day_twenty_two_was_in_time_before_it_was_urgent():
    """What rang meanwhile is taken back."""
    story = Referral(SENT, heard(Accepted, DAY_TWENTY - 2 * DAY, "a-1"), RAISED, rules=BY_URGENCY)
    story.look(DAY_TWENTY + 2 * DAY)
    assert of(story.said, DeadlineMissed, "book")
    day_nineteen, day_22 = DAY_TWENTY - DAY, DAY_TWENTY + 2 * DAY
    story.then(heard(Booked, day_nineteen, "v-1", visit_at=day_22 + 7 * DAY, recorded_at=day_22))
    assert (story.state, story.ended("book")) == ("BOOKED", (How.MET,))


# --- a pause that outlasts its resume-by ----------------------------------------------------

ACCEPTED = heard(Accepted, WED, "a-1")
AWAY = done(Paused, THU, "trip", reason="the patient travels until Monday", resume_by=MON)
AUG_3 = pendulum.datetime(2026, 8, 3, 9, tz=BOISE)  # a Monday, three weeks after the patient wanted to be back


def test_a_pause_that_outlasts_its_resume_by_rings_and_what_it_holds_goes_on_waiting():
    """Nobody resumes: the safety officer hears of the pause, and nobody of a visit that nobody could book."""
    story = Referral(SENT, ACCEPTED, AWAY)
    assert {one.clock for one in of(story.said, DeadlineHeld)} == {"book", "report"}
    story.look(AUG_3)
    rung = {one.clock for one in of(story.said, Escalated)}
    assert ("resume_by" in rung, "book" in rung, "report" in rung) == (True, False, False)
    assert {one.notify for one in of(story.said, Escalated, "resume_by")} >= {Role.SAFETY_OFFICER}
    assert [one.clock for one in of(story.said, DeadlineMissed)] == ["resume_by"]


def test_what_is_resumed_long_after_its_resume_by_has_as_much_time_left_as_it_had():
    """Three working days were left to book, and are: to Wednesday the 5th; and 25 midnights later the report is due."""
    story = Referral(SENT, ACCEPTED, AWAY)
    story.look(AUG_3)
    step = story.then(done(Resumed, AUG_3, "trip"))
    assert story.ended("resume_by") == (How.MET_LATE,)
    assert (story.due("book"), story.due("report")) == (midnight(2026, 8, 6), midnight(2026, 10, 31))
    assert {one.clock for one in of(step.effects, DeadlineSet)} == {"book", "report"}
    story.then(heard(Booked, AUG_3 + 2 * DAY, "v-1", visit_at=AUG_3 + 9 * DAY))
    assert story.ended("book") == (How.MET,)


def test_news_during_a_pause_that_outlasts_its_resume_by_counts_at_its_moment():
    """Booked all the same, and the patient, still away, did not come: to book it again waits for the return."""
    story = Referral(SENT, ACCEPTED, AWAY)
    story.then(heard(Booked, MON + 7 * DAY, "v-1", visit_at=MON + 9 * DAY), heard(NoShow, MON + 9 * DAY + HOUR, "v-1"))
    story.look(AUG_3)
    assert (story.state, story.ended("book")) == ("NO_SHOW", (How.MET,))
    assert not of(story.said, DeadlineMissed, "rebook")
    story.then(done(Resumed, AUG_3, "trip"))
    assert story.due("rebook") == midnight(2026, 8, 6), "two working days from the return, as for what begins then"


# --- the host was down three weeks ----------------------------------------------------------

BACK_UP = FRI + 21 * DAY
MESSAGES = 400


def messages_of(number: int):
    """Return ten messages about one referral, none later than the day on which the host came back."""
    visit, minutes = FRI + 3 * HOUR, timedelta(minutes=number)
    told = (
        heard(Accepted, WED, "a-1"),
        heard(Booked, WED + HOUR, "v-1", visit_at=visit),
        heard(NoShow, visit + HOUR, "v-1"),
        heard(Rebooked, MON, "v-2", visit_at=MON + 4 * DAY, instead_of="v-1"),
        done(Inquired, MON + 2 * DAY, "a-1"),
        heard(VisitCompleted, MON + 4 * DAY + HOUR, "v-2"),
        heard(InterimNoteReceived, MON + 5 * DAY, "n-1"),
        reviewed(MON + 7 * DAY, "n-1"),
        heard(NoShow, MON + 8 * DAY, "v-1", key="told again"),
        done(Inquired, MON + 9 * DAY, "a-1"),
    )
    return [evolve(one, at=one.at + minutes, recorded_at=one.at + minutes) for one in told]


@pytest.fixture(scope="module")
def caught_up():
    """Four hundred messages about forty referrals, out of the queue in no order; each case takes its own at once."""
    queue = [(number, message) for number in range(MESSAGES // 10) for message in messages_of(number)]
    Random(21).shuffle(queue)
    stories = {number: Referral(SENT) for number in range(MESSAGES // 10)}
    steps = {
        number: story.catch_up(*(message for whose, message in queue if whose == number), at=BACK_UP)
        for number, story in stories.items()
    }
    assert len(queue) == MESSAGES
    return stories, steps


def test_a_host_that_was_down_three_weeks_takes_four_hundred_messages_and_refuses_none(caught_up):
    stories, steps = caught_up
    assert {step.refused for step in steps.values()} == {()}
    assert sum(len(story.log[-1].events) for story in stories.values()) == MESSAGES


def test_after_four_hundred_messages_each_referral_is_what_it_would_be_had_each_been_heard_in_time(caught_up):
    stories, _ = caught_up
    for number, story in stories.items():
        in_time = Referral(SENT, *messages_of(number))
        assert story.case.world.facts == in_time.case.world.facts
        assert (story.state, story.case.deadlines) == (in_time.state, in_time.case.deadlines)
        assert story.case.settled == in_time.case.settled


def test_after_four_hundred_messages_only_what_is_owed_still_rings(caught_up):
    """The report is owed, and not before October; nothing that was done in the three weeks is told as missed."""
    stories, steps = caught_up
    for number, story in stories.items():
        assert story.owes() == {"report"}
        assert not of(steps[number].effects, DeadlineMissed)
        assert not of(steps[number].effects, Escalated)

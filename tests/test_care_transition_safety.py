"""
Care transition: what must never happen.

Each test bears in its docstring the number of the safety invariant that it holds ("R-22"), as numbered in the clinical
requirements of this library. Those that take `rules` are asked of wrong versions of the workflow too
(`test_wrong_workflows.py`). The last ones are properties over journeys that nobody planned.
"""

import os
import time
from datetime import date, timedelta

import pytest
from attrs import evolve
from examples.practice import OFFICE, OUR_ROWS, STAFF, TRANSITIONS
from hypothesis import given
from hypothesis import strategies as st
from tests.transition_story import (
    CODES,
    COORDINATOR,
    DAY,
    FRI,
    HOUR,
    MON,
    SAT,
    SETTLED,
    SUN,
    THU,
    TUE,
    WAYS,
    WED,
    Actor,
    Story,
    done,
    heard,
    midnight,
    of,
    standing,
    taken_back,
    tell_where_it_can_be,
    with_limits,
)

from carecoord import (
    CalendarDays,
    DeadlineMissed,
    EnteredInError,
    Escalated,
    Hours,
    How,
    Limit,
    LoopClosed,
    MomentCorrected,
    Moved,
    Noted,
    Role,
    Rulebook,
    Urgency,
    Waived,
    check,
    next_check,
    ours,
    replay,
    stair,
)
from carecoord.workflows.care_transition import (
    CARE_TRANSITION,
    Admitted,
    Contacted,
    Died,
    Discharged,
    Disposition,
    FollowUpDeclined,
    MedsReconciled,
    NoticeOf,
    NoticeReceived,
    PendingTestListed,
    PendingTestOwned,
    Transferred,
    TransitionFacts,
    TransitionState,
    VisitHeld,
    VisitMissed,
)

IN, HOME = heard(Admitted, TUE, "V1", facility="St. Luke's"), heard(Discharged, FRI, "V1")
LADDER = stair(Hours(24), every=Hours(72))
each_open_state = pytest.mark.parametrize("code", ["ED", "AD", "EL", "DC"])


@pytest.fixture
def rules():
    """Return the right rulebook; others are handed in by whoever calls a test itself."""
    return TRANSITIONS


def wanting(story, act):
    """Return the claims for want of which an act is refused; none where it is taken."""
    refused = story.refuses(act)
    return () if refused is None else refused.claims


# --- ownership and silence ------------------------------------------------------------------


OWNED_BY = {
    ("OwnerGone", "the owner"): "front-desk",
    ("HandoverOffered", "accepted in one act"): "dr-8",
    ("HandoverAccepted", "on offer to them"): "dr-9",
}


@pytest.mark.parametrize("code", CODES)
def test_a_case_has_one_owner_whatever_happens_to_it(code, rules):
    """R-1: exactly one accountable owner at every instant."""
    for (name, claim), some in WAYS.items():
        for before, event in some:
            story = standing(code).fork()
            story.rules = rules
            tell_where_it_can_be(story, (*before, event))
            assert story.case.owner == OWNED_BY.get((name, claim), "dr-3")


@each_open_state
def test_an_open_case_is_never_silent_whatever_happens_to_it(code):
    """R-2: every open case has a moment at which it speaks by itself, and it is never long past."""
    for some in WAYS.values():
        for before, event in some:
            story = tell_where_it_can_be(standing(code).fork(), (*before, event))
            if story.case.state not in CARE_TRANSITION.ends:
                assert next_check(story.case) is not None


@each_open_state
def test_an_open_case_that_was_told_of_everything_speaks_again(code):
    """R-2: the last rung of what is owed repeats for ever."""
    story = standing(code).fork()
    for _ in range(50):
        step = story.look(next_check(story.case))
        assert step.effects
    assert next_check(story.case) > TUE + 14 * DAY


# --- ends -----------------------------------------------------------------------------------

NEVER_COUNTED = (TransitionState.SUPERSEDED, TransitionState.ENTERED_IN_ERROR)
WAYS_OUT = """
CLOSED on DischargeCancelled to ADMITTED
CLOSED on SummaryReceived to DISCHARGED
CLOSED on PendingTestListed to DISCHARGED
CLOSED on LinkedCaseEnded to DISCHARGED
CLOSED on Reopened to IN_ED
CLOSED on Reopened to ADMITTED
CLOSED on Reopened to ELSEWHERE
CLOSED on Reopened to DISCHARGED
READMITTED on Reopened to DISCHARGED
"""


def test_out_of_an_end_there_are_only_the_ways_that_are_named(rules):
    """R-17: terminal states have no exits but the named re-openings."""
    ways = {
        f"{state.name} on {row.on.__name__} to {row.to.name}"
        for row in rules.workflow.all_moves
        for state in row.states
        if state in CARE_TRANSITION.ends and row.to not in (None, state, *NEVER_COUNTED)
    }
    assert ways == set(WAYS_OUT.strip().splitlines())


def test_every_way_out_of_an_end_says_that_it_is_one():
    """R-17"""
    for row in CARE_TRANSITION.all_moves:
        leads_out = row.to not in (None, *NEVER_COUNTED)
        if leads_out and set(row.states) & CARE_TRANSITION.ends:
            assert row.reopens


# --- clocks ---------------------------------------------------------------------------------


def test_a_clock_does_not_start_before_what_starts_it_happened():
    """R-21: the call is owed from three o'clock on Friday, when the patient left, not from the admission."""
    assert Story(IN, HOME).owed("contact").started_at == FRI


def test_starting_a_clock_twice_does_not_extend_it(rules):
    """R-21: left against advice, and another feed tells of it five hours later; a call within a day stays one."""
    left = {"disposition": Disposition.AGAINST_ADVICE}
    story = Story(
        IN, heard(Discharged, FRI, "V1", **left), heard(Discharged, FRI + 5 * HOUR, "V1", **left), rules=rules
    )
    assert story.due("contact") == FRI + DAY


def test_a_second_notice_does_not_extend_the_time_to_share():
    """R-21"""
    story = Story(IN, *(heard(NoticeReceived, day, of=NoticeOf.ADMISSION) for day in (WED, THU)))
    assert story.due("share") == WED + DAY


def test_a_deadline_counts_from_the_event_and_not_from_its_hearing():
    """R-22: heard at once or five days late, the call is due at the same moment; late, it is overdue at birth."""
    late = Story(IN, heard(Discharged, FRI, "V1", recorded_at=FRI + 5 * DAY))
    assert late.due("contact") == Story(IN, HOME).due("contact")
    assert of(late.said, DeadlineMissed, "contact")


DAYS_OF_JULY = [date(2026, 7, 10) + n * DAY for n in range(30)]


@given(closed=st.sets(st.sampled_from(DAYS_OF_JULY)), more=st.sets(st.sampled_from(DAYS_OF_JULY)))
def test_more_holidays_never_make_a_call_due_earlier(closed, more):
    """R-23"""
    assert _due_with(closed) <= _due_with(closed | more)


def _due_with(closed):
    calendar = evolve(OFFICE, first=date(2026, 1, 1), last=date(2026, 12, 31), holidays=frozenset(closed))
    timing = evolve(OUR_ROWS, calendar=calendar)
    rules = Rulebook(CARE_TRANSITION, timing=timing, default_queue="front-desk", staff=STAFF)
    return Story(IN, HOME, rules=rules).due("contact")


def test_a_day_on_which_the_office_is_closed_is_waited_for():
    """R-23: the Monday after the discharge is a holiday, and the call is due a day later than without it."""
    assert _due_with({date(2026, 7, 13)}) == _due_with(set()) + DAY


def test_the_time_zone_of_the_host_moves_no_deadline(monkeypatch):
    """R-23: the same practice, on a machine in Boise and on one in Auckland."""
    at_home = Story(IN, HOME).case.deadlines
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert Story(IN, HOME).case.deadlines == at_home
    finally:
        monkeypatch.undo()
        time.tzset()
    assert os.environ.get("TZ") != "Pacific/Auckland"


@pytest.mark.parametrize(
    ("opens", "ended"),
    [(CalendarDays(1), ()), (None, (How.MET,))],
    ids=["FUH and TRC engagement", "FUM and FUA"],
)
def test_whether_the_first_day_counts_is_the_measures_to_say(opens, ended):
    """R-24: a same-day visit never satisfies FUH or TRC engagement, and does satisfy FUM and FUA."""
    rules = with_limits(Limit("visit", CalendarDays(7), LADDER, opens=opens, source=ours("HEDIS")))
    assert Story(IN, HOME, heard(VisitHeld, FRI + HOUR), rules=rules).ended("visit") == ended


def test_a_visit_that_came_too_early_leaves_the_duty_owed_and_a_later_one_meets_it():
    """R-24: what does not count must not make the duty vanish."""
    rules = with_limits(Limit("visit", CalendarDays(7), LADDER, opens=CalendarDays(1), source=ours("HEDIS FUH")))
    story = Story(IN, HOME, heard(VisitHeld, FRI + HOUR), heard(VisitHeld, MON), rules=rules)
    assert story.ended("visit") == (How.MET,)


def test_elapsed_hours_ignore_weekends_and_holidays(rules):
    """R-25: left against advice on Thursday the 2nd, before a holiday Friday: due on that Friday."""
    thursday = midnight(2026, 7, 2) + 15 * HOUR
    story = Story(heard(Discharged, thursday, "V1", disposition=Disposition.AGAINST_ADVICE), rules=rules)
    assert story.due("contact") == thursday + DAY


def test_the_same_events_under_the_same_policy_give_the_same_case():
    """R-27"""
    assert Story(IN, HOME, *SETTLED).case == Story(IN, HOME, *SETTLED).case


def test_a_deadline_names_the_edition_of_the_policy_it_comes_from():
    """R-27"""
    for deadline in Story(IN, HOME).case.deadlines:
        assert deadline.schedule.row.startswith("our-rows-2026#")


def test_a_new_edition_of_the_policy_moves_nothing_that_stands():
    """R-27: late news folds the case again, under rules that now promise more."""
    story = Story(IN, HOME)
    due = story.due("contact")
    story.rules = with_limits(
        Limit("contact", Hours(2), LADDER, source=ours("new"), attempts=OUR_ROWS.rows("contact")[-1].attempts)
    )
    story.then(
        heard(VisitMissed, FRI + HOUR, "a-1", recorded_at=MON),
        taken_back(IN, MON),
        taken_back(taken_back(IN, MON), MON),
    )
    assert story.due("contact") == due


def test_a_breach_is_told_once_for_each_rung_and_in_order_after_a_silence():
    """R-28"""
    story = Story(IN, HOME)
    story.look(FRI + 30 * DAY)
    told = [(one.rung, one.at) for one in of(story.said, Escalated, "contact")]
    assert [rung for rung, _ in told] == [0, 1, 2, 3, 4, 4]
    assert told == sorted(told, key=lambda one: one[1])
    assert story.look(FRI + 30 * DAY).effects == ()


def test_escalation_leaves_owner_and_urgency_as_they_were(rules):
    """R-29"""
    story = Story(IN, HOME, rules=rules, facts=TransitionFacts(urgency=Urgency.URGENT))
    story.look(FRI + 90 * DAY)
    assert (story.case.owner, story.case.facts.urgency) == ("dr-3", Urgency.URGENT)


# --- transitions ----------------------------------------------------------------------------

LEFT_OWED = {"contact", "reconcile", "visit"}


@pytest.mark.parametrize("end", [heard(Admitted, SUN, "V2"), heard(Died, SUN)], ids=["readmission", "death"])
def test_a_readmission_or_a_death_ends_the_duties_of_home_and_counts_for_none_of_them(end, rules):
    """R-30"""
    story = Story(IN, HOME, end, rules=rules)
    ended = {one.clock: one.how for one in story.case.settled if one.clock in LEFT_OWED}
    assert ended == dict.fromkeys(LEFT_OWED, How.DROPPED)
    assert not any(how.done for how in ended.values())


def test_a_pending_test_keeps_the_loop_open_until_a_case_with_a_date_owns_it(rules):
    """R-31"""
    story = Story(IN, HOME, *SETTLED, heard(PendingTestListed, SAT, "t-1"), rules=rules)
    assert wanting(story, done(LoopClosed, MON)) == ("'pending' is settled",)
    story.then(done(PendingTestOwned, MON, "t-1", case="r-1", expected_by=MON + 3 * DAY))
    assert story.refuses(done(LoopClosed, MON + HOUR)) is None


@pytest.mark.parametrize("role", Role)
def test_nobody_may_waive_a_pending_test(role, rules):
    """R-31"""
    story = Story(IN, HOME, heard(PendingTestListed, SAT, "t-1"), rules=rules)
    waiver = done(Waived, MON, "t-1", clock="pending", reason="r", by=Actor(role, "x-1"))
    assert story.refuses(waiver) is not None


def test_the_loop_does_not_close_while_nobody_knows_what_was_pending(rules):
    """R-31: summaries name one pending test in six; not being told is not being told of none."""
    story = Story(IN, HOME, *SETTLED[1:], rules=rules)
    assert wanting(story, done(LoopClosed, MON)) == ("'pending_known' is settled",)


@pytest.mark.parametrize("role", Role)
def test_medication_is_reconciled_by_a_permitted_role_or_not_at_all(role, rules):
    """R-32"""
    story = Story(IN, HOME, rules=rules)
    act = done(MedsReconciled, MON, by=Actor(role, "x-1"))
    if role in (Role.PRESCRIBER, Role.PHARMACIST, Role.NURSE):
        story.then(act)
        assert story.ended("reconcile") == (How.MET,)
    else:
        assert "a prescriber, clinical pharmacist or registered nurse" in " ".join(wanting(story, act))


# --- audit and privacy ----------------------------------------------------------------------


def test_history_only_grows():
    """R-37: a retraction, a correction and an error add entries and change none."""
    story = Story(IN, HOME)
    written = list(story.log)
    for event in (
        heard(MomentCorrected, SAT, corrects=HOME.key, moment=THU),
        taken_back(HOME, SAT),
        done(EnteredInError, SUN),
    ):
        story.then(event)
        assert story.log[: len(written)] == written
        assert len(story.log) == len(written) + 1
        written = list(story.log)


def test_entered_in_error_hides_and_deletes_nothing():
    """R-37: taken back, the case stands where it stood."""
    story = Story(IN, HOME, *SETTLED[:2])
    world, error = story.case.world, done(EnteredInError, SUN)
    story.then(error, taken_back(error, MON))
    assert story.case.world == world


@pytest.mark.parametrize("code", CODES)
def test_whatever_moves_a_case_is_written_down_and_said(code):
    """R-38: no transition is silent."""
    for some in WAYS.values():
        for before, event in some:
            story = tell_where_it_can_be(standing(code).fork(), before)
            was, lines = story.state, len(story.log)
            if story.refuses(event) is None:
                step = story.then(event)
                moved = [(one.was, one.to) for one in of(step.effects, Moved)]
                assert moved == ([(was, story.state)] if story.state != was else [])
                assert len(story.log) == lines + 1
                assert story.log[-1].events == (event,)


def test_whatever_is_kept_says_who_when_and_when_it_was_recorded():
    """R-38"""
    for entry in Story(IN, HOME, *SETTLED).log:
        for event in entry.events:
            assert (type(event.by), bool(event.by.id)) == (Actor, True)
            assert event.at <= event.recorded_at <= entry.at


def test_an_act_that_has_not_happened_yet_is_refused(rules):
    """R-38: five minutes between two clocks are forgiven, no more."""
    story = Story(IN, HOME, rules=rules)
    early = {"recorded_at": MON - 6 * HOUR / 60}
    assert wanting(story, done(Contacted, MON, **early)) == ("it happened before it was recorded",)
    assert story.refuses(done(Contacted, MON, recorded_at=MON - 5 * HOUR / 60)) is None


def test_news_that_claims_to_come_from_the_future_is_kept_and_looked_at():
    """R-38: what it claimed stays in the entry; in the case it stands where it was recorded."""
    story = Story(IN)
    tomorrow = heard(Discharged, SAT, "V1", recorded_at=FRI)
    story.then(tomorrow)
    assert (story.state, story.owed("unexpected").item) == ("DISCHARGED", tomorrow.key)
    assert (story.log[-1].claimed, story.case.facts.home_since) == (((tomorrow.key, SAT),), FRI)


def test_what_an_event_brings_about_is_said_in_the_call_that_took_it():
    """R-39: the library holds nothing back of its own; to look again at once says nothing more."""
    for code in CODES:
        for some in WAYS.values():
            for before, event in some:
                story = tell_where_it_can_be(standing(code).fork(), (*before, event))
                assert check(story.case, at=story.case.recorded_at).effects == ()


SECRET = "her husband must not hear of it"


def test_no_words_about_the_patient_are_in_what_the_library_says():
    """R-40: not in a case, an effect, an id, an entry's own words, or an error."""
    story = Story(
        IN,
        HOME,
        done(Contacted, SAT, said=SECRET),
        done(Noted, SAT, text=SECRET),
        done(FollowUpDeclined, SUN, reason=SECRET),
    )
    refused = story.refuses(done(Waived, MON, clock="pending", reason=SECRET, by=COORDINATOR))
    for shown in (story.case, story.said, story.log, refused, [one.id for one in story.said]):
        assert SECRET not in repr(shown)
        assert SECRET not in str(shown)


def test_effects_name_the_case_and_not_the_patient():
    """R-40: the key of the patient is on the case alone."""
    story = Story(IN, HOME)
    story.look(FRI + 30 * DAY)
    assert "p-9" not in repr(story.said)


# --- journeys that nobody planned -----------------------------------------------------------

# Every way of every event, at one of some moments of three weeks, heard at once or up to four days later.
MOMENTS = [TUE + n * 12 * HOUR for n in range(-2, 40)]
WHATEVER = [event for some in WAYS.values() for _, event in some]


@st.composite
def journeys(draw):
    opening = draw(st.sampled_from([IN, HOME, heard(Admitted, TUE, "V1", planned=True)]))
    events = []
    for number in range(draw(st.integers(1, 10))):
        event, at = draw(st.sampled_from(WHATEVER)), draw(st.sampled_from(MOMENTS))
        late = draw(st.sampled_from([0, 0, 12, 96]))
        events.append(evolve(event, at=at, recorded_at=at + timedelta(hours=late), key=f"{number}", zone=None))
    return opening, sorted(events, key=lambda event: event.recorded_at)


def steps_of(journey):
    opening, events = journey
    story = Story(opening)
    yield story
    for event in events:
        if event.recorded_at >= story.case.recorded_at - timedelta(0):
            tell_where_it_can_be(story, (event,))
            yield story


OUTLIVING = {"unexpected", "overtaken", "tell_again", "follow_up", "pending"}
CLOSING = {clock.name for clock in CARE_TRANSITION.all_clocks if clock.closing}


@given(journeys())
def test_in_any_journey_an_open_case_has_an_owner_and_something_due(journey):
    """R-1, R-2"""
    for story in steps_of(journey):
        assert story.case.owner in {"dr-3", *OWNED_BY.values()}
        if story.case.state not in CARE_TRANSITION.ends:
            assert next_check(story.case) is not None


@given(journeys())
def test_in_any_journey_an_ended_case_owes_only_what_outlives_it(journey):
    """R-17, R-30"""
    for story in steps_of(journey):
        if story.case.state in CARE_TRANSITION.ends:
            assert story.owes() <= OUTLIVING


@given(journeys())
def test_in_any_journey_a_duty_begins_and_ends_in_that_order_and_once_at_a_time(journey):
    """R-21"""
    for story in steps_of(journey):
        running = [(one.clock, one.item) for one in story.case.deadlines]
        assert len(running) == len(set(running))
        for one in story.case.settled:
            # What happened before the opening is told right after it.
            assert one.started_at <= max(one.at, journey[0].at)


@given(journeys())
def test_in_any_journey_the_log_alone_gives_the_case_again(journey):
    """R-27, R-37: no policy is asked; what was told is told again in the same words."""
    *_, story = steps_of(journey)
    again = replay(CARE_TRANSITION, story.log)
    assert again[-1].case == story.case
    assert [effect for step in again for effect in step.effects] == story.said


@given(journeys())
def test_in_any_journey_a_closed_loop_owes_nothing_that_closing_depends_on(journey):
    """R-31"""
    for story in steps_of(journey):
        if story.state == "CLOSED":
            assert not story.owes() & (CLOSING - {"follow_up", "tell_again"})


@given(journeys())
def test_in_any_journey_no_effect_has_the_id_of_another(journey):
    """R-28, R-38"""
    *_, story = steps_of(journey)
    story.look(TUE + 60 * DAY)
    ids = [effect.id for effect in story.said]
    assert len(ids) == len(set(ids))


# Where the patient is, told three days apart at least, under two numbers or none: too far apart for a second feed, and
# for an account that is closed late.
HOME_OR_AWAY = st.tuples(
    st.sampled_from([Admitted, Transferred, Discharged]), st.sampled_from(["V1", "V2", None]), st.booleans()
)


@given(st.lists(HOME_OR_AWAY, min_size=1, max_size=6))
def test_whoever_came_home_is_to_be_called_and_whoever_is_away_is_looked_for(told):
    """R-2, R-30: or somebody takes notice, or a new case takes over; whatever was lost between the messages."""
    events = [
        heard(kind, TUE + 3 * number * DAY, visit, key=f"{number}", **_whither(kind, home))
        for number, (kind, visit, home) in enumerate(told)
    ]
    story = Story(*events)
    if story.owed("unexpected", events[-1].key) or "follow_up" in story.owes():
        return
    came_home = isinstance(events[-1], Discharged) and events[-1].disposition is Disposition.HOME
    wanted = "contact" if came_home else "whereabouts"
    assert wanted in story.owes()
    assert story.state == ("DISCHARGED" if came_home else story.state)


def _whither(kind, home):
    return {"disposition": Disposition.HOME if home else Disposition.FACILITY} if kind is Discharged else {}

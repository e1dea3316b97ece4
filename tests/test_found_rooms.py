"""
What was found while the rooms were tried: each test says what should be, and fails until it is.

Once mended, a test belongs into the file of its room.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest
from attrs import field, frozen
from tests.kit.small import (
    BOISE,
    DAY,
    DESK,
    FEED,
    FRI,
    HOUR,
    LOANS,
    MOVES,
    NAIVE,
    OFFICE,
    RULES,
    STAFF,
    STEPS,
    TUE_ENDS,
    WHY,
    Broke,
    Called,
    Checked,
    Failing,
    L,
    Lent,
    LoanFacts,
    Log,
    Mended,
    Returned,
    Thanked,
    Urged,
    Wanted,
    failing,
    kinds,
    lent,
    midnight,
    rulebook,
    table,
    wanted,
)

import carecoord
from carecoord import (
    AlarmUndelivered,
    BusinessDays,
    CalendarDays,
    CarecoordError,
    Clock,
    Day,
    Escalated,
    Facts,
    ForeignEvent,
    Hours,
    ImpossibleEvent,
    ImpossibleTiming,
    Ladder,
    Limit,
    LoopClosed,
    MomentCorrected,
    Move,
    NaiveMoment,
    News,
    NotAMoment,
    On,
    Otherwise,
    Refused,
    Reopened,
    Retracted,
    Role,
    Rulebook,
    Rung,
    Stay,
    UnsoundWorkflow,
    Urgency,
    Where,
    WrongRulebook,
    errors,
    expects,
    open_case,
    replay,
    stair,
)
from carecoord._prints import content
from carecoord.moments import moment, zone
from carecoord.policies.calendars import Days
from carecoord.workflows.care_transition import CARE_TRANSITION, Admitted, PendingTestOwned, VisitBooked


def opened(facts: Any, rules: Any = RULES, at: datetime = FRI) -> Any:
    return open_case(rules, Wanted(at=at, by=FEED, key="k"), id="t", subject="p", owner="o", facts=facts)


# ---- mere dates


def test_a_mere_date_heard_on_its_own_day_is_not_doubted():
    """A fax dated today that comes at 15:00 claims no moment ahead; only the end of its day is."""
    log = wanted(at=Day(date(2024, 7, 12), "America/Boise"), recorded_at=FRI)
    assert log.entries[0].doubtful == ()
    assert log.owed == (("lend", ""),)


def test_an_act_of_today_may_be_dated_by_the_day():
    log = wanted(at=FRI - DAY)
    log.say(Checked, Day(date(2024, 7, 12), "America/Boise"), recorded_at=FRI)
    assert log.case.facts.checked


def test_a_mere_date_of_something_else_is_refused_where_it_is_made():
    with pytest.raises(CarecoordError):
        Wanted(at=Day("2024-07-12", "America/Boise"), by=FEED, key="k")


def test_a_doubt_ends_when_the_moment_is_corrected():
    """DESIGN section 6: a surprise that is later explained is stood down."""
    log = wanted()
    log.say(Urged, FRI + 9 * DAY, recorded_at=FRI + HOUR, key="u", urgency=Urgency.URGENT)
    log.say(MomentCorrected, FRI + 2 * HOUR, corrects="u", moment=FRI + HOUR)
    assert ("unexpected", "u") not in log.owed


# ---- spans


def test_the_same_time_of_day_twice_is_the_same_time_of_day():
    """It ends a microsecond early: only a span that ends at a midnight may be counted from the day before."""
    end, _ = (CalendarDays(1, same_time=True) + CalendarDays(1, same_time=True)).end(moment(FRI), Days(OFFICE))
    assert end == datetime(2024, 7, 14, 15, tzinfo=BOISE)


def test_a_rung_at_the_same_time_of_day_stands_at_that_time():
    ladder = stair(CalendarDays(1, same_time=True), every=Hours(24))
    log = wanted(rules=rulebook(Limit("lend", CalendarDays(7), ladder, source=WHY)))
    assert log.deadline("lend").alarms[2][0] == midnight(2024, 7, 21)


@pytest.mark.parametrize("span", [BusinessDays(9), Hours(880_000)], ids=str)
def test_every_span_that_leads_beyond_the_last_year_is_refused(span):
    with pytest.raises(ImpossibleTiming, match="beyond the calendar of this world"):
        span.end(datetime(9999, 12, 29, tzinfo=UTC), Days(OFFICE))


@pytest.mark.parametrize("first", [True, False], ids=["the provisional first", "the firm first"])
def test_whether_an_answer_is_firm_does_not_depend_on_who_asked_first(first):
    """
    Two duties end when 3 January 2024 does: one began before the calendar does, one after.

    Schedules that end at one midnight are shared, but what is shared says also whether it is firm.
    """
    ladder = Ladder((Rung(Role.SAFETY_OFFICER, after=BusinessDays(1)),), every=Hours(24))
    rules = rulebook(Limit("lend", BusinessDays(2), ladder, source=WHY))
    starts = {datetime(2023, 12, 29, 15, tzinfo=BOISE): True, datetime(2024, 1, 1, 15, tzinfo=BOISE): False}
    for start, provisional in sorted(starts.items(), reverse=not first):
        deadline = wanted(rules=rules, at=start).deadline("lend")
        assert (deadline.due_at, deadline.schedule.provisional) == (midnight(2024, 1, 4), provisional)


# ---- moments that facts hold


AFTER_NEED = (
    Limit("lend", Hours(24), STEPS, source=WHY, counts_from="needed_by"),
    Limit("lend", Hours(1), STEPS, source=WHY),
)


def test_elapsed_hours_from_a_fact_do_not_see_a_clock_change():
    """15:00 on the eve of 10 March 2024 and 24 hours are 16:00: the wall clock of a zoned moment says 15:00."""
    facts = LoanFacts(needed_by=datetime(2024, 3, 9, 15, tzinfo=BOISE))
    step = opened(facts, rulebook(*AFTER_NEED), at=datetime(2024, 3, 9, 10, tzinfo=BOISE))
    assert step.case.deadlines[0].due_at == datetime(2024, 3, 10, 22, tzinfo=UTC)


@pytest.mark.parametrize("rules", [RULES, rulebook(*AFTER_NEED)], ids=["until", "counts_from"])
def test_a_due_moment_is_utc_wherever_it_comes_from(rules):
    assert opened(LoanFacts(needed_by=FRI + DAY), rules).case.deadlines[0].due_at.tzinfo is UTC


@pytest.mark.parametrize("rules", [RULES, rulebook(*AFTER_NEED)], ids=["until", "counts_from"])
def test_a_naive_moment_in_the_facts_does_not_lose_the_news(rules):
    """Refused at the door with NaiveMoment, or kept with a provisional deadline; now it is a TypeError."""
    try:
        step = opened(LoanFacts(needed_by=NAIVE), rules)
    except NaiveMoment:
        return
    assert step.case.deadlines[0].schedule.provisional


@pytest.mark.parametrize(
    "make",
    [
        lambda: VisitBooked(at=FRI, by=DESK, key="k", visit_at=NAIVE),
        lambda: PendingTestOwned(at=FRI, by=DESK, key="k", case="r", expected_by=NAIVE),
    ],
    ids=["visit_at", "expected_by"],
)
def test_no_field_of_an_event_takes_a_naive_moment(make):
    with pytest.raises(NaiveMoment):
        make()


# ---- events of the wrong kinds


@pytest.mark.parametrize(
    "wrong", [{"by": "nurse"}, {"about": 3}, {"zone": "America/Gotham"}, {"day": "2024-07-12"}], ids=str
)
def test_an_event_with_a_field_of_the_wrong_kind_is_refused_where_it_is_made(wrong):
    """`ImpossibleEvent` promises it. Taken, `about=3` stops the case: it cannot be sorted beside "grip"."""
    with pytest.raises((ImpossibleEvent, NotAMoment)):
        Wanted(**{"at": FRI, "by": FEED, "key": "k", **wrong})


def test_an_event_about_a_number_does_not_stop_the_case():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="3")
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    with pytest.raises(CarecoordError):
        log.say(Broke, FRI + 3 * HOUR, about=3)


@pytest.mark.parametrize("name", ["America", "a" * 300, None], ids=["a folder", "too long", "none"])
def test_whatever_is_no_zone_is_refused_in_our_words(name):
    with pytest.raises(NotAMoment):
        zone(name)


def test_a_moment_that_utc_cannot_hold_is_refused_in_our_words():
    with pytest.raises(NotAMoment):
        moment("9999-12-31T23:00-08:00")


@frozen
class Written:
    text: str = field(repr=False)
    tags: frozenset[str] = frozenset()


@frozen(kw_only=True)
class Letter(News):
    of: Written


def test_what_a_record_within_an_event_hides_is_part_of_its_content():
    """Else the second of two letters under one key is silently dropped, where `KeyReused` should be raised."""
    one, other = (Letter(at=FRI, by=FEED, key="k", of=Written(text)) for text in ("yes", "no"))
    assert content(one) != content(other)


def test_the_content_of_an_event_is_the_same_in_every_process():
    """A set within a record is printed in another order by each process: then no history is whole any more."""
    code = (
        "from tests.test_found_rooms import *; from carecoord._prints import record;"
        "print(record(Letter(at=FRI, by=FEED, key='k', of=Written('', frozenset('abcdefgh')))).hex())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1


# ---- workflows that should not exist

LENT_ROWS = (*(row for row in MOVES if row.on is not Lent), Move(None, Lent, L.LENT))


def unsound(**instead: Any) -> tuple[str, ...]:
    with pytest.raises(UnsoundWorkflow) as refused:
        attrs.evolve(LOANS, **instead)
    return refused.value.problems


def test_a_claim_about_a_fact_that_does_not_exist_is_refused_with_the_workflow():
    """Misspelt guards are the trap of `transitions`; here it is an AttributeError when a patient's news comes."""
    assert unsound(
        moves=(*LENT_ROWS, Move(L.WANTED, Lent, L.LENT, given=Where(chekked=True)), Otherwise(L.WANTED, Lent))
    )


def test_a_row_behind_one_with_the_same_claim_is_refused():
    """DESIGN section 4: a workflow refuses to exist if a row is shadowed."""
    same = (Move(L.WANTED, Lent, to, given=Where(checked=True)) for to in (L.LENT, L.CALLED_OFF))
    assert unsound(moves=(*LENT_ROWS, *same, Otherwise(L.WANTED, Lent)))


def test_nobody_can_stay_where_no_case_is():
    """It opens a case that stands nowhere: an AttributeError at the first event."""
    assert unsound(moves=(*MOVES, Stay(None, Returned)))


def test_a_row_without_states_is_refused():
    assert unsound(moves=(*MOVES, Stay((), Wanted)))


@pytest.mark.parametrize(
    "instead",
    [
        {"learn": {**LOANS.learn, Retracted: lambda facts, event: facts}},
        {"clocks": (*LOANS.clocks, Clock(name="x", starts=(On(Retracted),), met_by=(On(Mended),)))},
    ],
    ids=["learn", "clock"],
)
def test_nothing_hangs_on_an_event_that_is_not_folded(instead):
    assert unsound(**instead)


def test_a_claim_that_fails_has_words():
    def dry(facts: Facts, event: News) -> bool:
        return False

    flow = attrs.evolve(LOANS, moves=(*LENT_ROWS, Move(L.WANTED, Lent, L.LENT, given=dry), Otherwise(L.WANTED, Lent)))
    with pytest.raises(Refused) as refused:
        wanted(rules=attrs.evolve(RULES, workflow=flow)).say(Lent, FRI + HOUR)
    assert "" not in refused.value.claims


# ---- timing that should not exist


@pytest.mark.parametrize(
    "make",
    [
        lambda: Limit("lend", "2 days", STEPS, source=WHY),
        lambda: Limit("lend", CalendarDays(7), STEPS, source=WHY, opens=Hours(24)),  # now: 24 days
        lambda: Limit("lend", CalendarDays(7), STEPS, source=WHY, opens=1),
        lambda: Limit("lend", CalendarDays(1), STEPS, source=WHY, opens=CalendarDays(5)),  # never in time
        lambda: Limit(
            "x", CalendarDays(3, first_day_counts=True), STEPS, source=WHY, opens=CalendarDays(3)
        ),  # nor here
        lambda: Ladder((Rung(),), every=CalendarDays(1)),
        lambda: Ladder((Rung(),), every=24),
        lambda: attrs.evolve(OFFICE, holidays=[NAIVE]),  # now: no day off
        lambda: attrs.evolve(OFFICE, holidays=["2024-07-05"]),  # now: no day off
    ],
    ids=[
        "text",
        "opens in hours",
        "opens bare",
        "opens too late",
        "opens at its end",
        "every day",
        "every bare",
        "moments",
        "texts",
    ],
)
def test_timing_of_the_wrong_kind_is_refused_where_it_is_written(make):
    with pytest.raises(ImpossibleTiming):
        make()


@pytest.mark.parametrize("more", [{"skew": 5}, {"fail_safe": 24}, {"fail_safe": BusinessDays(1)}], ids=str)
def test_a_rulebook_takes_no_bare_number_for_a_span(more):
    with pytest.raises(CarecoordError):
        rulebook(**more)


class Anew(Failing):
    """A policy that makes its rows when it is asked."""

    def limit(self, clock: str, facts: Any, at: datetime) -> Limit:
        return attrs.evolve(super().limit(clock, facts, at))


def test_a_policy_that_makes_its_rows_anew_each_time_is_dated_all_the_same():
    """Now a KeyError: the row of look_again is looked up by identity."""
    rules = Rulebook(LOANS, timing=Anew(table(), ()), default_queue="front-desk", staff=STAFF)
    assert wanted(rules=rules).deadline("lend") == wanted().deadline("lend")


def test_a_policy_that_cannot_say_when_to_look_again_leaves_a_gap_that_is_named():
    with pytest.raises(CarecoordError):
        failing("look_again")


# ---- what is told


def test_two_alarms_that_reached_nobody_are_not_one_effect():
    """Law 11: the same id is the same effect. The queue is told twice under one id, at two moments."""
    log = wanted()
    log.look(TUE_ENDS + 2 * DAY)
    told = [
        log.say(AlarmUndelivered, TUE_ENDS + 2 * DAY + hours * HOUR, clock="lend", rung=2).effects for hours in (1, 2)
    ]
    effects = {one for step in told for one in step if isinstance(one, Escalated)}
    assert len({one.id for one in effects}) == len(effects)


def test_an_alarm_of_the_default_queue_that_reached_nobody_is_kept():
    """News is never refused. Now an IndexError: above the queue there is no role."""
    log = wanted()
    log.look(TUE_ENDS + 2 * DAY)
    queued = log.say(AlarmUndelivered, TUE_ENDS + 2 * DAY + HOUR, clock="lend", rung=2).effects[0]
    assert queued.queue == "front-desk"
    log.say(AlarmUndelivered, TUE_ENDS + 2 * DAY + 2 * HOUR, clock="lend", rung=queued.rung)
    assert log.case.seq == 3


def test_a_move_that_takes_nothing_back_stands_nothing_down_though_the_queue_was_told():
    """A day earlier still everything is due. Now a `StoodDown` for nobody is told before the new date."""
    log = wanted()
    log.look(TUE_ENDS + 2 * DAY)
    log.say(AlarmUndelivered, TUE_ENDS + 2 * DAY + HOUR, clock="lend", rung=2)
    step = log.say(MomentCorrected, TUE_ENDS + 2 * DAY + 2 * HOUR, corrects="wanted", moment=FRI - DAY)
    assert "stood-down" not in kinds(step.effects)


def test_a_fact_that_is_hidden_stays_hidden_when_a_policy_reads_it():
    """Law 12. `Answer.read` holds the values of the facts, and is printed with every deadline."""
    rows = (
        Limit("lend", Hours(1), STEPS, source=WHY, when=Where(note="x")),
        Limit("lend", Hours(2), STEPS, source=WHY),
    )
    step = opened(LoanFacts(note="Mrs Canary"), rulebook(*rows))
    assert "Canary" not in repr(step)


def test_no_error_drags_along_the_text_that_it_does_not_show():
    """`from None` hides the cause from tracebacks, but whoever walks `__context__` finds what was written."""
    with pytest.raises(NotAMoment) as refused:
        moment("Mrs Canary")
    assert "Canary" not in repr(refused.value.__context__)


# ---- doors


def test_an_act_of_a_backlog_is_refused_where_the_policy_fails():
    """SEMANTICS 15 and the docstring: an act raises NoLimit. It is taken with a provisional deadline."""
    log = wanted(rules=failing("give_back"))
    acts = [Checked(at=FRI + HOUR, by=DESK, key="c"), Lent(at=FRI + 2 * HOUR, by=DESK, key="l")]
    try:
        log.catch_up(acts, at=FRI + DAY)
    except CarecoordError:
        return
    assert ("give_back", "") not in log.owed


def test_an_event_that_no_case_can_expect_is_foreign():
    with pytest.raises(ForeignEvent):
        expects(LOANS, wanted().case, Admitted(at=FRI, by=FEED, key="k"))


def test_a_case_is_looked_at_under_its_own_workflow():
    with pytest.raises(WrongRulebook):
        expects(CARE_TRANSITION, wanted().case)


def test_a_case_is_opened_with_facts_of_its_workflow():
    with pytest.raises(CarecoordError):
        opened(Facts())


def test_a_surprise_does_not_begin_before_the_case_had_heard_of_it():
    """
    Where nobody says `recorded_at` it is `at`.

    Late news that forgets it is noticed in the past, and overdue at birth:
    the moment of the call should not lie before the latest that the case remembers.
    """
    log = wanted(recorded_at=FRI + 9 * DAY)
    log.say(Wanted, FRI + HOUR, key="again")
    assert log.deadline("unexpected", "again").started_at >= log.case.recorded_at


def test_an_end_that_dropped_nothing_brings_nothing_back():
    """What the *last* end dropped; now it is what any end dropped last, though it was done meanwhile."""
    clocks = tuple(attrs.evolve(one, starts=(On(Called),)) if one.name == "call" else one for one in LOANS.clocks)
    log = Log(attrs.evolve(RULES, workflow=attrs.evolve(LOANS, clocks=clocks)))
    for days, kind in enumerate((Lent, Returned, LoopClosed, Reopened, Thanked, LoopClosed, Reopened)):
        log.say(kind, FRI + days * DAY)
    assert log.owed == ()


# ---- words


def test_a_remedy_names_only_what_exists():
    """`on_day(date, zone)` is called `Day(date, zone)`."""
    known = {*carecoord.__all__, "pendulum", "history", "workflow"}
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, CarecoordError):
            for code in re.findall(r"`(\w+)[^`]*`", kind.remedy + kind.cause):
                assert code in known, f"{kind.__name__}: {code}"


def test_an_opening_whose_claim_fails_says_which():
    """Now: "cannot take Lent; from here it can take Wanted, Lent" helps nobody."""
    rows = tuple(row for row in MOVES if row.on is not Lent)
    guarded = (Move(None, Lent, L.LENT, given=Where(checked=True)), Otherwise(None, Lent), Move(L.WANTED, Lent, L.LENT))
    flow = attrs.evolve(LOANS, moves=(*rows, *guarded))
    with pytest.raises(Refused) as refused:
        Log(attrs.evolve(RULES, workflow=flow)).say(Lent, FRI)
    assert refused.value.claims == ("checked is True",)


@pytest.mark.parametrize(
    "door",
    [
        lambda: wanted().say(Checked, FRI + DAY, recorded_at=FRI),
        lambda: wanted().say(Lent, FRI + HOUR),
    ],
    ids=["out of the future", "a failed claim"],
)
def test_a_refusal_does_not_contradict_itself(door: Callable[[], Any]):
    """Now: "can take nothing" of an open case; "cannot take Lent: ...; from here it can take Checked, Lent"."""
    with pytest.raises(Refused) as refused:
        door()
    sentence = str(refused.value)
    assert not sentence.endswith("can take nothing")
    assert refused.value.event not in sentence.partition("from here it can take ")[2].split(", ")


def test_a_replay_that_lacks_an_answer_says_so():
    """Now: "case 't' took 3 events and the history has 2" of a history that has all its events."""
    log = lent()
    entries = [*log.entries[:2], attrs.evolve(log.entries[2], answers=())]
    with pytest.raises(CarecoordError) as refused:
        replay(LOANS, entries)
    assert "answer" in str(refused.value)


def test_a_rulebook_is_printed_in_a_line():
    """In each traceback and each failing test it is some 20,000 characters long."""
    assert len(repr(RULES)) < 400
    assert len(repr(LOANS)) < 400

"""
A practice to start with: one call, and every workflow has rows, ladders and attempts, each number with its source.

The practice is in Boise, its days off are the public holidays of the United States: Friday 3 July 2026 is one. Due
moments are worked out by hand on a wall calendar.
"""

import pickle
import pkgutil
import sys
from datetime import date, datetime, time
from functools import cache
from importlib import import_module
from typing import Any

import pendulum
import pytest
from attrs import evolve

from carecoord import (
    Actor,
    BusinessDays,
    CalendarDays,
    Case,
    Hours,
    ImpossibleTiming,
    IncompleteRulebook,
    Limit,
    LimitTable,
    Minutes,
    Practice,
    QuietHours,
    Role,
    Rulebook,
    Urgency,
    WeekdayCalendar,
    Workflow,
    advance,
    open_case,
    workflows,
)
from carecoord.policies.published import find_presets, us
from carecoord.starter import EDITION, STARTERS
from carecoord.workflows.care_transition import CARE_TRANSITION, Discharged, Disposition, TransitionFacts
from carecoord.workflows.diagnostic_result import TEST_RESULT, Expected, Kind, Ordered, ResultReceived, Severity
from carecoord.workflows.referral import REFERRAL, Drafted

SAID: dict[str, Any] = {
    "country": "US",
    "zone": "America/Boise",
    "years": range(2026, 2029),
    "default_queue": "front-desk",
    "staff": Role,
    "contact_within": BusinessDays(2),
    "critical_within": Minutes(60),
}
NIGHT = QuietHours(time(20), time(7))
THURSDAY = pendulum.datetime(2026, 7, 2, 15, tz="America/Boise")  # the eve of a holiday and a weekend
FEED = Actor(Role.SYSTEM, "feed")
CLINICIAN = Actor(Role.CLINICIAN, "dr-3")


@cache
def practice(**instead: Any) -> Practice:
    return Practice.starter(**{**SAID, **instead})


def rows_of(made: Practice) -> list[Limit]:
    return [
        row for rules in made.rulebooks for clock in rules.workflow.all_clocks for row in rules.timing.rows(clock.name)
    ]


def dues(case: Case[Any, Any]) -> dict[str, str]:
    """Return when what is owed is due, by the wall clock in Boise."""
    return {
        f"{one.clock} {one.item}".strip(): pendulum.instance(one.due_at)
        .in_tz("America/Boise")
        .format("ddd D MMM HH:mm")
        for one in case.deadlines
    }


# ---- what stands


def test_every_workflow_of_the_library_has_a_starter():
    """A new workflow is one table more."""
    found = {
        value.name
        for one in pkgutil.iter_modules(workflows.__path__)
        for value in vars(import_module(f"carecoord.workflows.{one.name}")).values()
        if isinstance(value, Workflow)
    }
    assert {one.workflow.name for one in STARTERS} == found


def test_one_call_gives_a_rulebook_for_each_workflow():
    made = practice()
    assert [rules.workflow for rules in made.rulebooks] == [one.workflow for one in STARTERS]
    assert made.rules_of(REFERRAL).workflow is REFERRAL
    assert {rules.version for rules in made.rulebooks} == {EDITION}
    assert made.rulebooks[0].timing.calendar.zone == "America/Boise"
    assert not made.rulebooks[0].timing.calendar.is_working(date(2026, 7, 3))


def test_every_number_was_published_and_seen_or_says_whose_it_is():
    known = {one.source for one in find_presets()}
    for row in rows_of(practice()):
        title = str(row.source)
        assert row.source in known or title.startswith(("ours: ", "the practice's own period, which is wanted by ")), (
            title
        )
        assert "(not verified)" not in title
        if row.attempts is not None:
            assert row.attempts_source is not None
            assert str(row.attempts_source).startswith("ours: on two days; the tries are those of SVMIC")


def test_published_numbers_are_those_of_their_presets():
    """A row that cites a source allows what that source says."""
    by_source: dict[Any, set[Any]] = {}
    for one in find_presets():
        by_source.setdefault(one.source, set()).add(one.allow)
    for row in rows_of(practice()):
        if row.source in by_source:
            assert row.allow in by_source[row.source], row


def test_importing_the_library_loads_no_starter():
    assert "carecoord.starter" in sys.modules  # this file asked for it
    import subprocess

    code = "from carecoord import *; import sys; print('carecoord.starter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_practice_that_was_made_so_survives_pickling():
    again = pickle.loads(pickle.dumps(practice()))
    assert {rules.version for rules in again.rulebooks} == {EDITION}


# ---- at work


def test_a_discharge_under_the_starter_is_due_when_the_wall_calendar_says():
    event = Discharged(at=THURSDAY, by=FEED, key="1", about="v1")
    case = open_case(practice().rules_of(CARE_TRANSITION), event, id="t", subject="p", owner="dr-3").case
    assert dues(case) == {
        "notice v1:discharge": "Sun 5 Jul 00:00",  # the day and two more
        "summary v1": "Sun 5 Jul 00:00",
        "pending_known v1": "Sun 5 Jul 00:00",
        "contact v1": "Wed 8 Jul 00:00",  # Monday, Tuesday
        "reconcile v1": "Sun 2 Aug 00:00",  # 31 days in all
        "visit v1": "Fri 17 Jul 00:00",  # 14 after
        "look_again": "Thu 16 Jul 15:00",
    }


def test_a_patient_at_high_risk_is_seen_within_a_week_and_called_as_soon_as_any():
    event = Discharged(at=THURSDAY, by=FEED, key="1", about="v1")
    rules = practice().rules_of(CARE_TRANSITION)
    case = open_case(rules, event, id="t", subject="p", owner="dr-3", facts=TransitionFacts(high_risk=True)).case
    assert (dues(case)["visit v1"], dues(case)["reconcile v1"]) == ("Fri 10 Jul 00:00", "Fri 10 Jul 00:00")
    assert dues(case)["contact v1"] == "Wed 8 Jul 00:00"


@pytest.mark.parametrize("left", [Disposition.AGAINST_ADVICE, Disposition.LEFT_UNSEEN], ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("own", "due"),
    [(BusinessDays(2), "Fri 3 Jul 15:00"), (Hours(48), "Fri 3 Jul 15:00"), (Hours(12), "Fri 3 Jul 03:00")],
    ids=str,
)
def test_who_left_early_is_called_within_a_day_or_sooner_where_the_practice_is_sooner(left, own, due):
    event = Discharged(at=THURSDAY, by=FEED, key="1", about="v1", disposition=left)
    rules = practice(contact_within=own).rules_of(CARE_TRANSITION)
    assert dues(open_case(rules, event, id="t", subject="p", owner="dr-3").case)["contact v1"] == due


def test_a_referral_under_the_starter_is_sent_sooner_the_more_urgent_it_is():
    found = []
    for urgency in Urgency:
        event = Drafted(at=THURSDAY, by=CLINICIAN, key="1", urgency=urgency, clinical_question="?")
        rules = practice().rules_of(REFERRAL)
        found.append(dues(open_case(rules, event, id="r", subject="p", owner="dr-3").case)["send"])
    assert found == ["Thu 9 Jul 00:00", "Tue 7 Jul 00:00", "Thu 2 Jul 19:00", "Thu 2 Jul 16:00"]


def test_a_critical_result_under_the_starter_climbs_within_the_hour_by_night_and_holiday():
    made = practice(quiet=NIGHT)
    night = THURSDAY.add(hours=9)  # midnight before the holiday
    rules = made.rules_of(TEST_RESULT)
    case = open_case(rules, Ordered(at=THURSDAY, by=CLINICIAN, key="1"), id="o", subject="p", owner="dr-3").case
    arrived = ResultReceived(at=night, by=FEED, key="2", severity=Severity.CRITICAL)
    case = advance(rules, case, arrived).case
    alarm = next(one for one in case.deadlines if one.clock == "critical")
    assert [
        (pendulum.instance(at).in_tz("America/Boise").format("D HH:mm"), role.name) for at, role in alarm.alarms
    ] == [
        ("3 00:15", "OWNER"),
        ("3 00:30", "SURROGATE"),
        ("3 00:45", "SUPERVISOR"),
        ("3 01:00", "SAFETY_OFFICER"),
    ]
    assert (dues(case)["review result:1"], dues(case)["notify_abnormal result:1"]) == (
        "Fri 3 Jul 03:00",
        "Sat 4 Jul 00:00",
    )


def test_a_newborns_blood_spot_counts_from_the_birth():
    born = datetime(2026, 6, 30, 23, 50, tzinfo=pendulum.timezone("America/Boise"))
    event = Expected(at=THURSDAY, by=CLINICIAN, key="1", kind=Kind.NEWBORN_BLOOD_SPOT, born_at=born)
    case = open_case(practice().rules_of(TEST_RESULT), event, id="n", subject="p", owner="dr-3").case
    assert dues(case)["result result"] == "Mon 6 Jul 00:00"  # the fifth day after it


# ---- quiet hours


def test_with_quiet_hours_nobody_is_woken_for_what_is_promised_in_days():
    quiet = {row.clock: row for row in rows_of(practice(quiet=NIGHT)) if row.ladder is not None and row.ladder.quiet}
    assert quiet.keys() >= {"contact", "summary", "visit", "answer", "book", "review", "notify_normal", "take_up"}
    for row in quiet.values():
        assert not isinstance(row.allow, Minutes | Hours)
    assert not [row for row in rows_of(practice()) if row.ladder is not None and row.ladder.quiet]


def test_with_quiet_hours_what_is_urgent_is_told_by_night_all_the_same():
    grave = [
        row
        for row in rows_of(practice(quiet=NIGHT))
        if row.when is not None
        and {("urgency", Urgency.STAT), ("urgency", Urgency.ASAP), ("severity", Severity.CRITICAL)}
        & set(row.when.wanted)
    ]
    assert len(grave) > 12
    assert all(row.ladder is not None and row.ladder.quiet is None for row in grave)


# ---- elsewhere


def test_in_another_country_a_borrowed_number_says_that_it_is_ours():
    made = practice(country="GB", zone="Europe/London")
    reconcile = made.rules_of(CARE_TRANSITION).timing.rows("reconcile")[-1]
    assert reconcile.allow == us.ncqa.mrp.allow
    assert str(reconcile.source) == (
        "ours: no rule of GB is known here; as long as HEDIS TRC and MRP (NCQA's public page) (US)"
    )
    borrowed = {one.source for one in find_presets(country="US")}
    assert not [row for row in rows_of(made) if row.source in borrowed]
    boxing_day = date(2028, 12, 26)
    assert not made.rulebooks[0].timing.calendar.is_working(boxing_day)
    assert practice().rulebooks[0].timing.calendar.is_working(boxing_day)


def test_a_practice_may_bring_its_own_days_off():
    office = WeekdayCalendar(zone="America/Boise", first=date(2026, 1, 1), last=date(2026, 12, 31), name="ours")
    made = practice(calendar=office, years=())
    assert {rules.timing.calendar for rules in made.rulebooks} == {office}


# ---- what nobody may guess


def gaps(**instead: Any) -> tuple[str, ...]:
    with pytest.raises(IncompleteRulebook) as refused:
        Practice.starter(**{**SAID, **instead})
    return refused.value.problems


OFFICE = WeekdayCalendar(zone="America/Denver", first=date(2026, 1, 1), last=date(2026, 12, 31))
WANTED = [
    ("contact_within", None, "(NCQA PCMH CC-16): give contact_within=..., such as BusinessDays(2)"),
    ("critical_within", None, "(Joint Commission NPSG.02.03.01): give critical_within=..., such as Minutes(60)"),
    (
        "critical_within",
        BusinessDays(1),
        "critical_within is an elapsed span that takes time: Minutes(...) or Hours(...)",
    ),
    ("critical_within", Minutes(0), "critical_within is an elapsed span that takes time: Minutes(...) or Hours(...)"),
    ("years", (), "name the years whose holidays count: years=range(...), or a calendar"),
    (
        "calendar",
        OFFICE,
        "the calendar counts days in America/Denver, and the practice in America/Boise; give one of them",
    ),
    ("staff", {Role.NURSE}, "nobody is the fail-safe, with whom ladders end: put Role.SAFETY_OFFICER on the staff"),
    ("default_queue", "", "there is no default queue"),
]


@pytest.mark.parametrize(("part", "value", "words"), WANTED, ids=str)
def test_what_nobody_may_guess_must_be_said(part, value, words):
    (gap,) = gaps(**{part: value})
    assert gap.endswith(words)


def test_all_that_is_missing_is_named_at_once():
    found = gaps(contact_within=None, critical_within=None, years=(), staff=(), default_queue="")
    assert len(found) == 5


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        ({"zone": "America/Gotham"}, "nobody knows its zone"),
        ({"country": "Utopia"}, "the holidays package knows no such country"),
        ({"contact_within": 48}, "a bare length has no unit"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_with_what_would_do(instead, words):
    with pytest.raises(ImpossibleTiming) as refused:
        Practice.starter(**{**SAID, **instead})
    assert words in str(refused.value)


def test_a_practice_without_the_rulebook_that_is_asked_for_says_so():
    one = Practice("one", (practice().rules_of(REFERRAL),))
    with pytest.raises(IncompleteRulebook, match="there is no rulebook for 'test-result' 1"):
        one.rules_of(TEST_RESULT)


def test_without_a_period_that_the_practice_defines_no_rulebook_comes_into_being():
    """Whoever writes the rows by hand is asked for the same."""
    timing = practice().rules_of(CARE_TRANSITION).timing
    assert isinstance(timing, LimitTable)
    rest = tuple(row for row in timing.all_rows if row.clock != "contact")
    with pytest.raises(IncompleteRulebook) as refused:
        Rulebook(CARE_TRANSITION, timing=evolve(timing, all_rows=rest), default_queue="front-desk", staff=Role)
    assert refused.value.problems == ("clock 'contact' has no unconditional last row",)
    with pytest.raises(ImpossibleTiming, match="the source gives no number; say your own, such as allow=BusinessDays"):
        us.ncqa.pcmh.cc16.limit(rest[0].ladder)


def test_a_period_that_the_practice_defines_is_in_every_row_that_wants_it():
    """And in none of another: nothing was filled in for it."""
    own: dict[str, set[Any]] = {}
    for row in rows_of(practice(contact_within=CalendarDays(3))):
        if "which is wanted by" in str(row.source):
            own.setdefault(row.clock, set()).add(row.allow)
    critical = {clock: {Minutes(15)} for clock in ("critical", "claim", "unexpected")}
    assert own == {"contact": {CalendarDays(3)}, **critical}

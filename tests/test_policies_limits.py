"""
How long each duty may take: rows, of which the first that fits wins.

The desk of `tests.kit.small` wants a pair on Friday 12 July 2024 at 15:00 in Boise; each test puts rows of its own in
the place of those for the clock `lend`.
"""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.kit.small import (
    BOISE,
    DAY,
    FEED,
    FRI,
    HOUR,
    MIN,
    NAIVE,
    OFFICE,
    RULES,
    STEPS,
    WHY,
    Broke,
    Checked,
    Failing,
    Lent,
    LoanFacts,
    Log,
    Wanted,
    midnight,
    rulebook,
    table,
    wanted,
)

from carecoord import (
    Attempts,
    BusinessDays,
    CalendarDays,
    CountsFrom,
    Day,
    Hours,
    How,
    ImpossibleTiming,
    Ladder,
    Limit,
    LimitTable,
    Months,
    Role,
    Rung,
    TimingPolicy,
    Until,
    Urgency,
    Where,
    open_case,
)
from carecoord.policies.limits import HEARD

URGENT = Where(urgency=Urgency.URGENT)
FRI_UTC = datetime(2024, 7, 12, 21, tzinfo=UTC)


def lend(allow: Any, **more: Any) -> Limit:
    return Limit("lend", allow, None if allow is None else STEPS, source=WHY, **more)


def due(*rows: Limit, at: Any = FRI, facts: LoanFacts | None = None, **more: Any) -> datetime | None:
    """Open a case under these rows, and return when the pair must be lent."""
    log = Log(rulebook(*rows))
    event = log.make(Wanted, at, **more)
    log.open(event, facts=facts)
    return next((one.due_at for one in log.case.deadlines if one.clock == "lend"), None)


# ---- which row


def test_the_first_row_that_fits_wins():
    rows = (lend(Hours(1), when=URGENT), lend(Hours(2), when=Where(checked=True)), lend(Hours(3)))
    assert due(*rows, facts=LoanFacts(urgency=Urgency.URGENT, checked=True)) == FRI + 1 * HOUR
    assert due(*rows, facts=LoanFacts(checked=True)) == FRI + 2 * HOUR
    assert due(*rows) == FRI + 3 * HOUR


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        (midnight(2024, 7, 1) - MIN, 1),
        (midnight(2024, 7, 1), 2),
        (midnight(2024, 8, 1) - MIN, 2),
        (midnight(2024, 8, 1), 3),
    ],
    ids=str,
)
def test_a_row_is_in_force_from_the_midnight_of_its_first_day_to_that_of_the_day_after_its_last(at, hours):
    rows = (
        lend(Hours(1), until=date(2024, 7, 1)),
        lend(Hours(2), since=date(2024, 7, 1), until=date(2024, 8, 1)),
        lend(Hours(3)),
    )
    assert due(*rows, at=at) == at + hours * HOUR


def test_the_row_in_force_when_it_happened_decides_not_when_it_was_heard():
    rows = (lend(Hours(1), until=date(2024, 7, 13)), lend(Hours(2)))
    assert due(*rows, at=FRI, recorded_at=FRI + 5 * DAY) == FRI + HOUR


def test_a_mere_date_is_judged_by_its_first_instant():
    rows = (lend(CalendarDays(1), until=date(2024, 7, 12)), lend(CalendarDays(2)))
    assert due(*rows, at=Day(date(2024, 7, 12), "America/Boise"), recorded_at=FRI + 9 * DAY) == midnight(2024, 7, 15)


def test_a_row_without_an_allowance_wants_no_such_duty():
    log = Log(rulebook(Limit("mend", None, source=WHY)))
    log.say(Lent, FRI)
    log.say(Broke, FRI + HOUR, about="grip")
    assert ("mend", "grip") not in log.owed
    assert [answer.due_at for answer in log.case.answers if answer.clock == "mend"] == [None]


# ---- until a moment


def test_a_duty_may_last_until_a_moment_that_somebody_named():
    rows = (lend(Until("needed_by")), lend(Hours(9)))
    assert due(*rows, needed_by=FRI + 3 * DAY) == FRI + 3 * DAY
    assert due(*rows) == FRI + 9 * HOUR


def test_a_moment_that_has_passed_is_a_duty_overdue_at_birth():
    log = Log(rulebook(lend(Until("needed_by")), lend(Hours(9))))
    step = log.open(log.make(Wanted, FRI, needed_by=FRI - DAY))
    assert [effect.kind for effect in step.effects] == [
        "moved",
        "deadline-set",
        "deadline-missed",
        "escalated",
        "escalated",
    ]


def test_until_is_read_in_words():
    assert str(Until("needed_by")) == "until needed by"
    assert str(Until("needed_by", within=Months(3))) == "until needed by, within 3 months at most"


@pytest.mark.parametrize(
    ("needed", "ends"), [(2 * DAY, 2 * DAY), (3 * DAY, 3 * DAY), (4 * DAY, 3 * DAY), (-DAY, -DAY)], ids=str
)
def test_of_a_moment_and_the_longest_that_a_practice_allows_the_earlier_is_due(needed, ends):
    rows = (lend(Until("needed_by", within=Hours(72))), lend(Hours(9)))
    assert due(*rows, needed_by=FRI + needed) == FRI + ends


def test_without_the_moment_such_a_row_does_not_fit_either():
    assert due(lend(Until("needed_by", within=Hours(72))), lend(Hours(9))) == FRI + 9 * HOUR


def test_what_is_cut_beyond_the_horizon_of_the_calendar_is_not_firm():
    rows = (lend(Until("needed_by", within=BusinessDays(9000))), lend(Hours(9)))
    log = Log(rulebook(*rows))
    log.open(log.make(Wanted, FRI, needed_by=FRI + 40000 * DAY))
    assert next(one for one in log.case.deadlines if one.clock == "lend").schedule.provisional


def test_a_longest_span_has_a_unit_too():
    with pytest.raises(ImpossibleTiming, match="a bare length has no unit"):
        lend(Until("needed_by", within=3))


# ---- from where


def test_a_limit_counts_from_when_it_happened():
    assert due(lend(Hours(9)), recorded_at=FRI + 2 * DAY) == FRI + 9 * HOUR


def test_a_limit_may_count_from_when_it_was_heard():
    row = lend(Hours(9), counts_from=CountsFrom.HEARD)
    assert due(row, recorded_at=FRI + 2 * DAY) == FRI + 2 * DAY + 9 * HOUR


def test_a_limit_may_count_from_a_moment_that_a_fact_holds():
    rows = (lend(Hours(9), counts_from="needed_by"), lend(Hours(1)))
    assert due(*rows, needed_by=FRI - DAY) == FRI - DAY + 9 * HOUR
    assert due(*rows) == FRI + HOUR


def test_a_mere_date_counts_from_its_first_instant():
    """A fax dated the 12th promises nobody the hours until midnight."""
    day = Day(date(2024, 7, 12), "America/Boise")
    assert due(lend(Hours(24)), at=day, recorded_at=FRI + DAY) == midnight(2024, 7, 13)
    assert due(lend(BusinessDays(2)), at=day, recorded_at=FRI + DAY) == midnight(2024, 7, 17)


# ---- whose days


def test_the_day_belongs_to_the_zone_that_the_event_carries():
    """15:00 on Friday in Boise is 06:00 on Saturday in Tokyo: two business days end there when Tuesday does."""
    there = FRI.astimezone(ZoneInfo("Asia/Tokyo"))
    assert due(lend(BusinessDays(2)), at=there) == datetime(2024, 7, 17, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert due(lend(CalendarDays(1)), at=there) == datetime(2024, 7, 15, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_a_moment_without_a_zone_of_its_own_counts_by_the_calendars():
    assert due(lend(CalendarDays(1)), at=FRI_UTC) == midnight(2024, 7, 14)
    assert due(lend(CalendarDays(1)), at="2024-07-12T15:00-06:00") == midnight(2024, 7, 14)


def test_holidays_are_the_practices_wherever_the_event_happened():
    eve = datetime(2024, 7, 3, 15, tzinfo=ZoneInfo("America/New_York"))
    assert due(lend(BusinessDays(1)), at=eve) == datetime(2024, 7, 6, tzinfo=ZoneInfo("America/New_York"))


def test_rows_are_in_force_by_the_days_of_the_calendar_not_of_the_event():
    rows = (lend(Hours(1), until=date(2024, 7, 13)), lend(Hours(2)))
    tokyo = FRI.astimezone(ZoneInfo("Asia/Tokyo"))  # there it is the 13th already
    assert due(*rows, at=tokyo) == FRI + HOUR


# ---- opening later


def lent_at(at: datetime, **more: Any) -> Log:
    log = Log(rulebook(lend(CalendarDays(7), opens=CalendarDays(1)), **more))
    log.open(log.make(Wanted, FRI))
    log.say(Checked, FRI + MIN)
    log.say(Lent, at)
    return log


def test_the_same_day_does_not_count_where_the_row_says_so():
    """HEDIS FUH: a visit on the day of the discharge is none."""
    assert ("lend", "") in lent_at(FRI + 8 * HOUR).owed  # 23:00


def test_the_next_day_counts_from_its_first_instant():
    log = lent_at(midnight(2024, 7, 13))
    assert ("lend", "") not in log.owed
    assert log.ended("lend").how is How.MET


def test_the_day_of_opening_is_told_with_the_due_moment():
    log = lent_at(FRI + 8 * HOUR)
    effect = log.steps[0].effects[1]
    assert (effect.opens_at, effect.due_at) == (midnight(2024, 7, 13), midnight(2024, 7, 20))
    assert log.deadline("lend").opens_at == midnight(2024, 7, 13)


# ---- firm or provisional


def test_beyond_the_horizon_of_the_calendar_a_deadline_is_provisional_and_says_so():
    at = datetime(2026, 7, 2, 15, tzinfo=BOISE)  # nobody knows yet that the 3rd is a day off
    log = Log(rulebook(lend(BusinessDays(2))))
    step = log.open(log.make(Wanted, at))
    assert step.effects[1].provisional
    assert log.deadline("lend").schedule.provisional
    assert log.deadline("lend").due_at == midnight(2026, 7, 7)


@pytest.mark.parametrize("allow", [Hours(9), CalendarDays(9), Months(1)], ids=str)
def test_what_needs_no_holidays_is_firm_beyond_the_horizon(allow):
    log = Log(rulebook(lend(allow)))
    log.open(log.make(Wanted, datetime(2026, 7, 2, 15, tzinfo=BOISE)))
    assert not log.deadline("lend").schedule.provisional


# ---- what a row says of itself


@pytest.mark.parametrize(
    ("row", "unconditional", "reads"),
    [
        (lend(Hours(1)), True, ()),
        (lend(None), True, ()),
        (lend(Hours(1), when=URGENT), False, ("urgency",)),
        (lend(Hours(1), when=Where(urgency=0, checked=True)), False, ("urgency", "checked")),
        (lend(Until("needed_by")), False, ("needed_by",)),
        (lend(Hours(1), counts_from=CountsFrom.HEARD), True, (HEARD,)),
        (lend(Hours(1), counts_from="needed_by"), False, ("needed_by",)),
        (lend(Hours(1), since=date(2024, 1, 1)), False, ()),
        (lend(Hours(1), until=date(2024, 1, 1)), False, ()),
    ],
    ids=str,
)
def test_a_row_says_whether_it_fits_all_and_what_it_reads(row, unconditional, reads):
    assert row.unconditional is unconditional
    assert row.reads == reads


def test_a_table_says_what_its_rows_read_each_once():
    assert table().reads("lend") == ("needed_by", "urgency")
    assert table().reads("luck") == ()


def test_a_table_says_its_clocks_and_their_rows():
    assert table().clocks[:2] == ("lend", "give_back")
    assert [row.allow for row in table().rows("lend")] == [Until("needed_by"), Hours(24), BusinessDays(2)]
    assert table().rows("luck") == ()


def test_where_no_row_fits_there_is_no_limit():
    rows = LimitTable((lend(Hours(1), when=URGENT),), calendar=OFFICE, version="v")
    with pytest.raises(LookupError):
        rows.limit("lend", LoanFacts(), FRI_UTC)
    with pytest.raises(LookupError):
        rows.limit("luck", LoanFacts(), FRI_UTC)


@pytest.mark.parametrize("policy", [table(), Failing(table(), ())], ids=["table", "of a host"])
def test_whatever_answers_like_a_table_is_a_timing_policy(policy):
    assert isinstance(policy, TimingPolicy)


def test_a_deadline_names_the_row_it_came_from_and_its_condition():
    log = Log(RULES)
    log.open(log.make(Wanted, FRI), facts=LoanFacts(urgency=Urgency.URGENT))
    assert log.deadline("lend").schedule.row == "rows-1#lend[urgency is URGENT]"
    assert log.deadline("lend").schedule.unit == "24 hours"


# ---- what cannot be


IMPOSSIBLE = [
    (
        lambda: Limit("lend", 48, STEPS, source=WHY),
        "a bare length has no unit; say Hours, CalendarDays or BusinessDays",
    ),
    (
        lambda: Limit("lend", 2.5, STEPS, source=WHY),
        "a bare length has no unit; say Hours, CalendarDays or BusinessDays",
    ),
    (
        lambda: Limit("lend", timedelta(days=2), STEPS, source=WHY),
        "a bare length has no unit; say Hours, CalendarDays or BusinessDays",
    ),
    (lambda: Limit("lend", Hours(1), source=WHY), "it needs a ladder: somebody must be told when it runs late"),
    (
        lambda: Limit("lend", Hours(1), STEPS, source=None),
        "no number without a source: give a Citation, or ours(reason)",
    ),
    (
        lambda: Limit("lend", Hours(1), STEPS, source="CMS"),
        "no number without a source: give a Citation, or ours(reason)",
    ),
    (
        lambda: lend(Hours(1), when=lambda facts: True),
        "a condition is Where(fact=value); anything else is a policy of your own",
    ),
    (
        lambda: lend(Hours(1), since=date(2024, 2, 1), until=date(2024, 2, 1)),
        "it is in force from 2024-02-01 until 2024-02-01, which is no time at all;"
        " let until be a day after since: it is the first on which the row is out of force",
    ),
    (
        lambda: lend(Hours(1), since=date(2024, 2, 1), until=date(2024, 1, 1)),
        "it is in force from 2024-02-01 until 2024-01-01, which is no time at all;"
        " let until be a day after since: it is the first on which the row is out of force",
    ),
    (
        lambda: lend(CalendarDays(7), opens=CalendarDays(8)),
        "it opens 8 calendar days later, after its last day (7 calendar days), so it could never be met in time;"
        " let it open sooner, or allow more days",
    ),
    (
        lambda: lend(CalendarDays(1, first_day_counts=True), opens=CalendarDays(1)),
        "it opens 1 calendar day later, after its last day (1 calendar day, the first day counts), so it could never"
        " be met in time; let it open sooner, or allow more days",
    ),
    (lambda: lend(Hours(1), attempts=Attempts(tries=0)), "attempts need at least one try, and no more days than tries"),
    (
        lambda: lend(Hours(1), attempts=Attempts(tries=2, days=3)),
        "attempts need at least one try, and no more days than tries",
    ),
]


@pytest.mark.parametrize(("make", "words"), IMPOSSIBLE, ids=lambda value: value if isinstance(value, str) else "")
def test_an_impossible_limit_is_refused(make, words):
    with pytest.raises(ImpossibleTiming) as refused:
        make()
    assert refused.value == ImpossibleTiming("limit for 'lend'", words)


def test_a_row_behind_one_that_always_fits_is_refused():
    with pytest.raises(ImpossibleTiming) as refused:
        table((lend(Hours(1)), lend(Hours(2), when=URGENT)))
    assert refused.value == ImpossibleTiming(
        "limit for 'lend'",
        "'2 hours' for urgency is URGENT stands behind a row that always fits ('1 hour' for all), so it never would;"
        " let it stand before that one",
    )


CHECKED = Where(checked=True)
BOTH = Where(urgency=Urgency.URGENT, checked=True)
HIDDEN = [
    (
        (lend(Hours(1), when=URGENT), lend(Hours(2), when=URGENT)),
        "'2 hours' for urgency is URGENT never fits, since '1 hour' for urgency is URGENT stands before it",
    ),
    (
        (lend(Hours(1), when=URGENT), lend(Hours(2), when=BOTH)),
        "'2 hours' for urgency is URGENT and checked is True never fits, since '1 hour' for urgency is URGENT",
    ),
    (
        (lend(Hours(1), until=date(2024, 8, 1)), lend(Hours(2), when=URGENT, until=date(2024, 7, 1))),
        "'2 hours' for urgency is URGENT until 2024-07-01 never fits, since '1 hour' for all until 2024-08-01",
    ),
    (
        (lend(Until("needed_by")), lend(Until("needed_by"), since=date(2024, 7, 1))),
        "'until needed by' for all from 2024-07-01 never fits, since 'until needed by' for all",
    ),
    (
        (lend(Hours(1), counts_from="needed_by"), lend(Hours(2), counts_from="needed_by")),
        "'2 hours' for all never fits, since '1 hour' for all stands before it",
    ),
]


@pytest.mark.parametrize(("rows", "words"), HIDDEN, ids=lambda value: value if isinstance(value, str) else "")
def test_rows_that_contradict_each_other_are_refused_and_both_are_named(rows, words):
    with pytest.raises(ImpossibleTiming) as refused:
        table((*rows, lend(Hours(3))))
    assert words in str(refused.value)
    assert str(refused.value).endswith("take one of the two out, or let the one for fewer cases stand first")


SIDE_BY_SIDE = [
    (lend(Hours(1), when=BOTH), lend(Hours(2), when=URGENT)),  # the narrower first
    (lend(Hours(1), when=URGENT), lend(Hours(2), when=CHECKED)),
    (lend(Hours(1), until=date(2024, 8, 1)), lend(Hours(2), until=date(2024, 9, 1))),
    (lend(Hours(1), since=date(2024, 8, 1)), lend(Hours(2), until=date(2024, 9, 1))),
    (lend(Hours(1), since=date(2024, 8, 1)), lend(Hours(2), since=date(2024, 7, 1))),
    (lend(Until("needed_by")), lend(Hours(2), when=URGENT)),
    (lend(Hours(1), counts_from="needed_by"), lend(Hours(2), when=URGENT)),
]


@pytest.mark.parametrize("rows", SIDE_BY_SIDE, ids=str)
def test_a_row_that_may_fit_where_the_one_before_does_not_is_let_be(rows):
    assert table((*rows, lend(Hours(3)))).rows("lend")[:2] == rows


def test_rows_of_two_clocks_do_not_shadow_each_other():
    assert table((lend(Hours(1)), Limit("mend", Hours(1), STEPS, source=WHY))).clocks == ("lend", "mend")


@pytest.mark.parametrize(
    "value",
    [lend(Hours(1), when=URGENT), table(), Until("needed_by"), Attempts(tries=2)],
    ids=lambda v: type(v).__name__,
)
def test_rows_and_tables_survive_pickling_and_copying(value):
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value
    assert hash(copy.copy(value)) == hash(value)


def test_a_table_that_was_pickled_still_answers():
    again = pickle.loads(pickle.dumps(table()))
    assert again.limit("lend", LoanFacts(), FRI_UTC).allow == BusinessDays(2)


# ---- provisional or firm


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


def opened(facts: Any, rules: Any = RULES, at: datetime = FRI) -> Any:
    return open_case(rules, Wanted(at=at, by=FEED, key="k"), id="t", subject="p", owner="o", facts=facts)


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
    assert opened(LoanFacts(needed_by=NAIVE), rules).case.deadlines[0].schedule.provisional


def test_a_fact_that_is_hidden_stays_hidden_when_a_policy_reads_it():
    """`Answer.read` holds the values of the facts, and is printed with every deadline."""
    rows = (
        Limit("lend", Hours(1), STEPS, source=WHY, when=Where(note="x")),
        Limit("lend", Hours(2), STEPS, source=WHY),
    )
    step = opened(LoanFacts(note="Mrs Canary"), rulebook(*rows))
    assert "Canary" not in repr(step)

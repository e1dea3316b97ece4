"""
A rulebook refuses to exist while there is a gap between a workflow and the policies of a practice.

The desk of `tests.kit.small` has no gap; each test makes one.
"""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from tests.kit.small import (
    FEED,
    FRI,
    LOANS,
    OFFICE,
    ROWS,
    RULES,
    STAFF,
    STEPS,
    WHY,
    Failing,
    LoanFacts,
    Wanted,
    failing,
    lent,
    rulebook,
    table,
    wanted,
    with_rows,
)

from carecoord import (
    Attempts,
    BusinessDays,
    CarecoordError,
    Case,
    Hours,
    IncompleteRulebook,
    Ladder,
    Limit,
    Practice,
    Role,
    Rulebook,
    Rung,
    Until,
    Urgency,
    Where,
    WrongRulebook,
    open_case,
)
from carecoord.workflow import RESUME_BY

TRIES = Attempts(tries=2)


ONE_HOUR = Hours(1)


def row(clock: str, allow: Any = ONE_HOUR, ladder: Ladder | None = STEPS, **more: Any) -> Limit:
    return Limit(clock, allow, ladder, source=WHY, **more)


def gaps(*instead: Limit, rows: Any = None, **more: Any) -> tuple[str, ...]:
    """Return the gaps of the desk's rulebook with some rows replaced, or with other rows altogether."""
    said: dict[str, Any] = {"default_queue": "front-desk", "staff": STAFF, **more}
    timing = table(with_rows(*instead) if rows is None else rows)
    with pytest.raises(IncompleteRulebook) as refused:
        Rulebook(LOANS, timing=timing, **said)
    assert refused.value.workflow == "loan"
    return refused.value.problems


def without(clock: str) -> tuple[Limit, ...]:
    return tuple(one for one in ROWS if one.clock != clock)


# ---- gaps


def test_the_desk_has_no_gap():
    assert RULES.version == "rows-1"


@pytest.mark.parametrize("clock", [clock.name for clock in LOANS.all_clocks])
def test_every_clock_needs_a_limit(clock):
    if clock == RESUME_BY:
        gap = "whoever pauses says until when: the limit of 'resume_by' is Until(\"resume_by\")"
    else:
        gap = f"clock '{clock}' has no unconditional last row"
    assert gap in gaps(rows=without(clock))


CONDITIONAL = [
    row("thank", when=Where(urgency=Urgency.URGENT)),
    row("thank", since=date(2024, 1, 1)),
    row("thank", until=date(2030, 1, 1)),
    row("thank", Until("needed_by")),
    row("thank", counts_from="needed_by"),
]


@pytest.mark.parametrize("conditional", CONDITIONAL, ids=["when", "since", "until", "until a moment", "from a moment"])
def test_a_row_that_may_not_fit_is_no_last_row(conditional):
    assert gaps(conditional) == ("clock 'thank' has no unconditional last row",)


GAPS = [
    (row("luck"), "a row names 'luck', which is no clock of the workflow"),
    (Limit("thank", None, source=WHY), "clock 'thank' is no duty that a practice may do without"),
    (row("give_back"), "clock 'give_back' can end with UnableToReach, and its limit has no attempts"),
    (
        row("thank", ladder=Ladder((Rung(), Rung(Role.MANAGER, after=Hours(1))))),
        "the ladder of 'thank' ends with MANAGER, and nobody there stands in that role",
    ),
    (
        row("give_back", ladder=Ladder((Rung(),)), attempts=TRIES),
        "closing depends on 'give_back', so the last rung of its ladder must repeat",
    ),
    (
        row("look_again", BusinessDays(10)),
        "look_again is one elapsed number for all cases, with a ladder of elapsed rungs",
    ),
    (
        row("look_again", ladder=Ladder((Rung(after=BusinessDays(1)),), every=Hours(1))),
        "look_again is one elapsed number for all cases, with a ladder of elapsed rungs",
    ),
    (
        row("look_again", ladder=Ladder((Rung(),))),
        "the last rung of look_again must repeat: no open case is ever silent",
    ),
]


@pytest.mark.parametrize(("instead", "words"), GAPS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_gap_is_named(instead, words):
    assert gaps(instead) == (words,)


def test_look_again_is_the_same_for_all_cases():
    fast = row("look_again", when=Where(urgency=Urgency.URGENT))
    assert "look_again is one elapsed number for all cases, with a ladder of elapsed rungs" in gaps(rows=(fast, *ROWS))


def test_a_row_reads_what_the_workflow_knows():
    assert gaps(row("thank", when=Where(mood="good")), row("thank")) == (
        "the limit of 'thank' reads 'mood', which is no fact of the workflow",
    )
    assert "the limit of 'thank' reads 'born_at', which is no fact of the workflow" in gaps(
        row("thank", counts_from="born_at"), row("thank")
    )


def test_the_keeper_of_a_clock_must_be_somebody_where_the_ladder_ends_with_the_keeper():
    assert gaps(row("call", ladder=Ladder((Rung(),))), staff=STAFF - {Role.NURSE}) == (
        "the ladder of 'call' ends with NURSE, and nobody there stands in that role",
    )


def test_the_owner_is_always_somebody():
    """Who owns a case is said when it is opened."""
    rows = (row("link", ladder=Ladder((Rung(Role.OWNER),))), *without("link"))
    assert Rulebook(LOANS, timing=table(rows), default_queue="front-desk", staff=STAFF - {Role.OWNER})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"default_queue": ""}, "there is no default queue"),
        ({"fail_safe": Hours(0)}, "the fail-safe span takes no time"),
    ],
    ids=str,
)
def test_what_a_mishap_needs_must_be_said(more, words):
    with pytest.raises(IncompleteRulebook) as refused:
        attrs.evolve(RULES, **more)
    assert refused.value.problems == (words,)


def test_a_practice_without_anybody_is_refused():
    assert gaps(rows=ROWS, staff=())[0] == "nobody is on the staff"


def test_all_gaps_are_named_at_once():
    assert gaps(rows=(row("luck"), *without("thank")), default_queue="") == (
        "there is no default queue",
        "clock 'thank' has no unconditional last row",
        "a row names 'luck', which is no clock of the workflow",
    )


def test_every_row_of_a_clock_is_looked_at_not_only_the_last():
    rows = (row("give_back", when=Where(checked=True)), *ROWS)
    assert gaps(rows=rows) == ("clock 'give_back' can end with UnableToReach, and its limit has no attempts",)


def test_a_duty_that_a_practice_may_do_without_may_be_done_without():
    assert (
        rulebook(Limit("mend", None, source=WHY))
        .timing.limit("mend", LoanFacts(), datetime(2024, 1, 1, tzinfo=UTC))
        .allow
        is None
    )


# ---- what it lends to its cases


def test_a_case_takes_along_what_time_and_mishaps_need():
    terms = wanted().case.terms
    assert (terms.policy, terms.queue, terms.look_again) == ("rows-1", "front-desk", timedelta(days=14))
    assert terms.look.roles == (Role.OWNER, Role.SUPERVISOR, Role.SAFETY_OFFICER)


def test_what_nobody_said_is_a_day_for_mishaps_and_five_minutes_between_two_clocks():
    assert RULES.fail_safe == Hours(24)
    assert str(RULES.skew) == "5 minutes"


# ---- whose cases


def test_a_rulebook_runs_the_cases_of_its_own_workflow_and_version():
    case = wanted().case
    RULES.must_fit(case)
    for other in (attrs.evolve(case, version="2"), attrs.evolve(case, workflow="referral")):
        with pytest.raises(WrongRulebook) as refused:
            RULES.must_fit(other)
        assert refused.value == WrongRulebook("t", f"{other.workflow} {other.version}", "loan 1")


def test_a_practice_finds_the_rulebook_of_a_case():
    practice = Practice("ours", [RULES])
    assert practice.rules_for(wanted().case) is RULES


def test_a_practice_without_the_workflow_of_a_case_says_so():
    stranger = attrs.evolve(wanted().case, workflow="referral")
    with pytest.raises(WrongRulebook) as refused:
        Practice("ours", (RULES,)).rules_for(stranger)
    assert refused.value == WrongRulebook("t", "referral 1", "the practice 'ours', which has none")


def test_a_practice_with_another_version_of_the_workflow_says_so():
    old = attrs.evolve(wanted().case, version="0")
    with pytest.raises(WrongRulebook) as refused:
        Practice("ours", (RULES,)).rules_for(old)
    assert refused.value == WrongRulebook("t", "loan 0", "loan 1")


def test_a_practice_has_one_rulebook_for_each_workflow_and_at_least_one():
    with pytest.raises(IncompleteRulebook) as refused:
        Practice("ours", (RULES, rulebook()))
    assert refused.value == IncompleteRulebook("ours", ("two rulebooks are for 'loan'",))
    with pytest.raises(IncompleteRulebook) as refused:
        Practice("ours", ())
    assert refused.value == IncompleteRulebook("ours", ("a practice has at least one rulebook",))


# ---- as a value


def test_a_rulebook_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        RULES.default_queue = "back-desk"  # type: ignore[misc]


@pytest.mark.parametrize(
    "again", [lambda r: pickle.loads(pickle.dumps(r)), copy.deepcopy], ids=["pickled", "deepcopied"]
)
def test_a_rulebook_that_was_pickled_or_copied_decides_the_same(again):
    twin = again(RULES)
    opening = Wanted(at=FRI, by=FEED, key="w")
    step = open_case(twin, opening, id="t", subject="p-1", owner="dr-1")
    assert step == open_case(RULES, opening, id="t", subject="p-1", owner="dr-1")


def test_a_practice_survives_pickling():
    case: Case[Any, Any] = lent().case
    again = pickle.loads(pickle.dumps(Practice("ours", (RULES,))))
    assert again.rules_for(case).workflow.name == "loan"


def test_two_rulebooks_are_the_same_only_if_they_are_one():
    assert rulebook() != rulebook()


def test_days_of_a_zone_are_worked_out_once():
    rules = rulebook()
    assert rules.days("Asia/Tokyo") is rules.days("Asia/Tokyo")
    assert rules.days(None).calendar is OFFICE


# ---- spans, and policies of a host


@pytest.mark.parametrize("more", [{"skew": 5}, {"fail_safe": 24}, {"fail_safe": BusinessDays(1)}], ids=str)
def test_a_rulebook_takes_no_bare_number_for_a_span(more):
    with pytest.raises(CarecoordError):
        rulebook(**more)


class Anew(Failing):
    """A policy that makes its rows when it is asked."""

    def limit(self, clock: str, facts: Any, at: datetime) -> Limit:
        return attrs.evolve(super().limit(clock, facts, at))


def test_a_policy_that_makes_its_rows_anew_each_time_is_dated_all_the_same():
    """The row of look_again is not looked up by identity."""
    rules = Rulebook(LOANS, timing=Anew(table(), ()), default_queue="front-desk", staff=STAFF)
    assert wanted(rules=rules).deadline("lend") == wanted().deadline("lend")


def test_a_policy_that_cannot_say_when_to_look_again_leaves_a_gap_that_is_named():
    with pytest.raises(CarecoordError):
        failing("look_again")


def test_a_rulebook_is_printed_in_a_line():
    """In each traceback and each failing test it is some 20,000 characters long."""
    assert len(repr(RULES)) < 400
    assert len(repr(LOANS)) < 400

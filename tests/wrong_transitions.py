"""
Care transitions that are wrong on purpose: each has a row, a clock, or the counting of days changed a little.

The specification counts as good only as long as it finds out all of them (`test_wrong_workflows.py`). Each is one of
the ways in which somebody who came home was forgotten, or in which days are miscounted.
"""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from attrs import evolve
from examples.practice import TRANSITIONS
from tests import test_care_transition_safety as safety
from tests import test_policies_spans as spans
from tests.kit.wrong_rows import Workshop
from tests.transition_story import SUN, T, heard

from carecoord import Case, HandoverOffered, Hours, Minutes, OwnerGone, Role, _people
from carecoord.policies import BusinessDays, CalendarDays
from carecoord.tables import Move, On, every_item
from carecoord.workflows.care_transition import Admitted, ArrivedAtEd, Died, Discharged, MedsReconciled
from carecoord.workflows.care_transition.claims import may_reconcile

OURS = Workshop(TRANSITIONS)
WRONG = OURS.made
wrong, clock = OURS.wrong, OURS.clock


# --- rows and clocks ------------------------------------------------------------------------


@wrong("any arrival leads out of the end", safety.test_out_of_an_end_there_are_only_the_ways_that_are_named)
def _out(_: ExitStack) -> Any:
    return OURS.instead(Move(T.CLOSED, ArrivedAtEd, T.IN_ED, reopens=True))


@wrong("another feed owes the call anew", safety.test_starting_a_clock_twice_does_not_extend_it)
def _anew(_: ExitStack) -> Any:
    return clock("contact", starts=[On(Discharged)], dropped_by=[On(Discharged, item=every_item, why="told again")])


@wrong(
    "who came back was called",
    lambda rules: safety.test_a_readmission_or_a_death_ends_the_duties_of_home_and_counts_for_none_of_them(
        heard(Admitted, SUN, "V2"), rules
    ),
)
def _came_back(_: ExitStack) -> Any:
    return clock("contact", met_by=[On(Admitted, item=every_item)])


@wrong(
    "who died was seen",
    lambda rules: safety.test_a_readmission_or_a_death_ends_the_duties_of_home_and_counts_for_none_of_them(
        heard(Died, SUN), rules
    ),
)
def _died(_: ExitStack) -> Any:
    return clock("visit", met_by=[On(Died, item=every_item)])


@wrong("what was pending is nobody's", safety.test_a_pending_test_keeps_the_loop_open_until_a_case_with_a_date_owns_it)
def _pending(_: ExitStack) -> Any:
    return clock("pending", closing=False)


@wrong("not told is told of none", safety.test_the_loop_does_not_close_while_nobody_knows_what_was_pending)
def _not_told(_: ExitStack) -> Any:
    return clock("pending_known", closing=False)


@wrong(
    "anybody reconciles",
    lambda rules: safety.test_medication_is_reconciled_by_a_permitted_role_or_not_at_all(Role.COORDINATOR, rules),
)
def _anybody(_: ExitStack) -> Any:
    return OURS.without_claims(MedsReconciled, may_reconcile)


# --- whom it belongs to, and how days are counted -------------------------------------------


@wrong(
    "who is gone goes on owning it", lambda rules: safety.test_a_case_has_one_owner_whatever_happens_to_it("AD", rules)
)
def _gone(changed: ExitStack) -> Any:
    changed.enter_context(patch.dict(_people.PEOPLE, {OwnerGone: lambda world, event, queue: None}))
    return evolve(OURS.workflow)


@wrong("what is offered is taken", lambda rules: safety.test_a_case_has_one_owner_whatever_happens_to_it("AD", rules))
def _offered(changed: ExitStack) -> Any:
    def offered(world: Any, event: Any, _: str) -> None:
        world.owner = event.to

    changed.enter_context(patch.dict(_people.PEOPLE, {HandoverOffered: offered}))
    return evolve(OURS.workflow)


@wrong("who is told last owns it", safety.test_escalation_leaves_owner_and_urgency_as_they_were)
def _told_last(changed: ExitStack) -> Any:
    def owner(case: Any) -> Any:
        told = [one.alarms[-1][1].name for one in case.deadlines if case.book.until and one.due_at < case.book.until]
        return told[-1] if told else case.world.owner

    changed.enter_context(patch.object(Case, "owner", property(owner)))


@wrong("an act may be of tomorrow", safety.test_an_act_that_has_not_happened_yet_is_refused)
def _tomorrow(_: ExitStack) -> Any:
    return evolve(TRANSITIONS, skew=Minutes(24 * 60))


@wrong("a closed day shortens the wait", lambda _: safety.test_a_day_on_which_the_office_is_closed_is_waited_for())
def _shorter(changed: ExitStack) -> Any:
    right = BusinessDays.end

    def end(span: Any, start: Any, days: Any) -> Any:
        last, firm = right(span, start, days)
        closed = sum(not days.is_working(day) for day in range(days.of(start), days.of(last)))
        return last - timedelta(days=closed), firm

    changed.enter_context(patch.object(BusinessDays, "end", end))


@wrong("the first day counts for nobody", lambda _: spans.test_counting_the_first_day_is_counting_one_day_less())
def _first_day(changed: ExitStack) -> Any:
    changed.enter_context(patch.object(CalendarDays, "last_day", property(lambda span: span.n)))


@wrong("hours rest on holidays", safety.test_elapsed_hours_ignore_weekends_and_holidays)
def _rest(changed: ExitStack) -> Any:
    right = Hours.end

    def end(span: Any, start: Any, days: Any) -> Any:
        last, firm = right(span, start, days)
        closed = sum(not days.is_working(day) for day in range(days.of(start), days.of(last) + 1))
        return last + timedelta(days=closed), firm

    changed.enter_context(patch.object(Hours, "end", end, create=True))
    return evolve(TRANSITIONS)

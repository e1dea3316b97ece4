"""
Referrals that are wrong on purpose: each has a row or a clock changed a little.

The specification counts as good only as long as it finds out all of them (`test_wrong_workflows.py`). Each is one of
the ways in which referrals were lost somewhere: sent to nobody, declined and forgotten, attended and never reported.
"""

from contextlib import ExitStack
from typing import Any

from attrs import evolve
from examples.practice import REFERRALS
from tests import test_referral_safety as safety
from tests.kit.wrong_rows import Workshop
from tests.referral_story import R

from carecoord import Role
from carecoord.tables import Move, On, Stay, every_item
from carecoord.workflows.referral import (
    Booked,
    Declined,
    InterimNoteReceived,
    PatientInformed,
    ReportCorrected,
    ReportReceived,
    Reviewed,
    Undeliverable,
    VisitCompleted,
)
from carecoord.workflows.referral.guards import by_a_clinician

OURS = Workshop(REFERRALS)
WRONG = OURS.made
wrong, clock, without_rows = OURS.wrong, OURS.clock, OURS.without_rows


@wrong(
    "what reached nobody is sent by nobody",
    lambda rules: safety.test_what_cannot_be_routed_is_the_senders_visible_and_clocked("SE", rules),
)
def _unknown_queue(_: ExitStack) -> Any:
    return without_rows("send", "starts", Undeliverable)


@wrong("to post is to tell", safety.test_a_portal_tells_nobody)
def _posted(_: ExitStack) -> Any:
    return clock("inform", met_by=[On(PatientInformed, item=every_item)])


@wrong(
    "to attend is to close",
    lambda rules: safety.test_a_referral_does_not_close_without_a_report("BO", rules),
)
def _attended(_: ExitStack) -> Any:
    row: Move[Any, Any] = Move(R.BOOKED, VisitCompleted, R.REPORTED)
    return evolve(OURS.instead(row), clocks=clock("report", closing=False).clocks)


@wrong(
    "anybody reads the report",
    lambda rules: safety.test_a_report_is_reviewed_by_a_clinician_with_a_disposition_or_not_at_all(Role.NURSE, rules),
)
def _anybody(_: ExitStack) -> Any:
    return OURS.without_claims(Reviewed, by_a_clinician)


@wrong(
    "whichever report comes is the one",
    safety.test_a_report_of_an_earlier_attempt_does_not_satisfy_the_present_one,
)
def _whichever(_: ExitStack) -> Any:
    return clock("report", met_by=[On(ReportReceived)])


@wrong(
    "a note is the report",
    lambda rules: safety.test_an_interim_note_never_closes_and_never_is_the_report("BO", rules),
)
def _note(_: ExitStack) -> Any:
    return clock("report", met_by=[On(InterimNoteReceived)])


@wrong(
    "declined is ended",
    lambda rules: safety.test_whatever_comes_back_to_us_has_a_clock_and_is_no_end(
        Declined, "DECLINED", "decide", rules
    ),
)
def _ended(_: ExitStack) -> Any:
    return OURS.instead(Move(R.SENT, Declined, R.WITHDRAWN))


@wrong(
    "nobody decides what to do instead",
    lambda rules: safety.test_whatever_comes_back_to_us_has_a_clock_and_is_no_end(
        Declined, "DECLINED", "decide", rules
    ),
)
def _undecided(_: ExitStack) -> Any:
    return without_rows("decide", "starts", Declined)


@wrong(
    "who asked to stop hears of no report",
    safety.test_an_outcome_beats_a_cancel_request_and_the_request_stays_in_the_history,
)
def _stopped(_: ExitStack) -> Any:
    return OURS.instead(Stay(R.CANCEL_REQUESTED, ReportReceived))


@wrong(
    "a clinician lets a review go",
    lambda rules: safety.test_nobody_may_let_a_review_or_a_decision_go(Role.CLINICIAN, rules),
)
def _let_go(_: ExitStack) -> Any:
    return clock("review", waivable_by=(Role.CLINICIAN,))


@wrong("any visit leads out of the end", safety.test_out_of_an_end_there_are_only_the_ways_that_are_named)
def _out(_: ExitStack) -> Any:
    return OURS.instead(Move(R.CLOSED, Booked, R.BOOKED, reopens=True))


@wrong("what is corrected stays closed", safety.test_what_is_corrected_after_closing_is_read_and_told_anew)
def _stays_closed(_: ExitStack) -> Any:
    return OURS.instead(Stay(R.CLOSED, ReportCorrected))

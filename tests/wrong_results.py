"""
Test results that are wrong on purpose: each has a row, a clock or a lesson changed a little.

The specification counts as good only as long as it finds out all of them (`test_wrong_workflows.py`). Each is one of
the ways in which results were lost somewhere: viewed and gone, posted and not told, corrected after the closing.
"""

from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from attrs import evolve
from examples.practice import RESULTS
from tests import test_test_result_harm as harm
from tests import test_test_result_safety as safety
from tests.kit.wrong_rows import Workshop
from tests.result_story import R

from carecoord import Acknowledged
from carecoord.tables import Move, On, Stay, every_item
from carecoord.workflows.diagnostic_result import (
    TEST_RESULT,
    CriticalCalled,
    LabCancelled,
    MarkedComplete,
    ReleaseDelayAsked,
    ReleasedToPatient,
    Reordered,
    ResultCorrected,
    ResultReceived,
    ResultRetracted,
    Reviewed,
    SeenByPatient,
    Severity,
    SpecimenRejected,
    Status,
    Version,
    Viewed,
    claims,
    facts,
    items,
    versions,
)
from carecoord.workflows.diagnostic_result.claims import by_a_clinician
from carecoord.workflows.diagnostic_result.clocks import FILED
from carecoord.workflows.diagnostic_result.items import all_that_awaits_review, read_to_the_end

OURS = Workshop(RESULTS)
WRONG = OURS.made
wrong, clock, without_rows, lesson = OURS.wrong, OURS.clock, OURS.without_rows, OURS.lesson


@wrong(
    "a review of an older version is one of the newer", safety.test_r_06_each_component_and_each_newest_version_is_read
)
def _older_review(_: ExitStack) -> Any:
    def every_version(facts_: Any, event: Any) -> tuple[str, ...]:
        components = {name.rpartition(":")[0] for name in event.results}
        return tuple(name for one in components for name in facts.numbers(facts_, one))

    return clock("review", met_by=(On(Reviewed, item=every_version),))


@wrong("a newer version begins the review anew", safety.test_r_06_a_newer_version_never_pushes_a_review_on)
def _review_anew(_: ExitStack) -> Any:
    return clock("review", dropped_by=[On(event, item=all_that_awaits_review, why="newer") for event in FILED])


@wrong("anybody reviews", safety.test_r_06_a_result_does_not_close_without_a_review_by_a_clinician)
def _anybody(_: ExitStack) -> Any:
    return OURS.without_claims(Reviewed, by_a_clinician)


@wrong("to view is to acknowledge", safety.test_r_08_to_view_is_not_to_acknowledge_and_to_acknowledge_is_not_to_review)
def _viewed(_: ExitStack) -> Any:
    return clock("critical", met_by=[On(Viewed, item=every_item)])


@wrong(
    "to acknowledge is to review", safety.test_r_08_to_view_is_not_to_acknowledge_and_to_acknowledge_is_not_to_review
)
def _acknowledged(_: ExitStack) -> Any:
    return clock("review", met_by=[On(Acknowledged, item=every_item)])


@wrong("to release is to tell", safety.test_r_08_to_release_is_not_to_tell)
def _released(_: ExitStack) -> Any:
    return clock("notify_abnormal", met_by=[On(ReleasedToPatient, item=every_item)])


@wrong(
    "who read it in the portal needs no call", safety.test_r_08_who_has_read_something_abnormal_before_us_is_spoken_with
)
def _unexplained(_: ExitStack) -> Any:
    return without_rows("explain", "starts", SeenByPatient)


@wrong("what was seen is told", safety.test_r_08_who_has_read_something_abnormal_before_us_is_spoken_with)
def _seen_is_told(_: ExitStack) -> Any:
    return clock("notify_abnormal", met_by=[On(SeenByPatient, item=every_item)])


@wrong("normal results are told to nobody", safety.test_r_07_a_normal_result_is_told_too)
def _no_news(_: ExitStack) -> Any:
    return clock("notify_normal", closing=False)


@wrong(
    "abnormal results may close untold",
    safety.test_r_07_an_abnormal_result_does_not_close_before_the_patient_knows_or_a_reason_is_documented,
)
def _untold(_: ExitStack) -> Any:
    return clock("notify_abnormal", closing=False)


@wrong("follow-up is nobody's", safety.test_r_09_follow_up_is_owed_until_it_is_done_declined_or_held_by_another_case)
def _no_follow_up(_: ExitStack) -> Any:
    return without_rows("follow_up", "starts", Reviewed)


@wrong(
    "a retraction ends the follow-up", safety.test_r_09_what_was_found_is_followed_up_although_the_result_was_taken_back
)
def _follow_up_dropped(_: ExitStack) -> Any:
    return clock("follow_up", dropped_by=[On(ResultRetracted, item=every_item, why="taken back")])


@wrong("the laboratory's complete is a review", safety.test_r_10_the_laboratorys_complete_closes_nothing)
def _complete(_: ExitStack) -> Any:
    return clock("review", met_by=[On(MarkedComplete, item=every_item)])


@wrong(
    "no flag is normal", safety.test_r_11_no_flag_or_an_unknown_one_counts_as_abnormal_until_a_clinician_says_otherwise
)
def _calm(changed: ExitStack) -> Any:
    calm = property(lambda one: one.severity in (Severity.CRITICAL, Severity.ABNORMAL) and not one.normal)
    changed.enter_context(patch.object(Version, "abnormal", calm))


@wrong(
    "what is corrected after closing stays closed",
    safety.test_r_18_what_is_corrected_after_closing_is_read_and_told_anew,
)
def _stays_closed(_: ExitStack) -> Any:
    return OURS.instead(Stay(R.CLOSED, ResultCorrected))


@wrong(
    "what is taken back is told to nobody", safety.test_r_18_what_is_taken_back_after_closing_is_awaited_and_told_again
)
def _told_to_nobody(_: ExitStack) -> Any:
    return without_rows("tell_again", "starts", ResultRetracted)


@wrong(
    "who read what is gone is forgotten",
    safety.test_r_18_who_read_what_was_filed_here_by_mistake_is_not_forgotten,
)
def _forgotten(_: ExitStack) -> Any:
    rows: tuple[Any, ...] = (Stay(tuple(R), SeenByPatient),)
    return evolve(TEST_RESULT, moves=(*rows, *(row for row in TEST_RESULT.moves if row.on is not SeenByPatient)))


@wrong("a correction is owed for each component", safety.test_r_18_each_person_is_owed_the_correction_once)
def _twice(_: ExitStack) -> Any:
    def each(facts_: Any, _: Any) -> tuple[str, ...]:
        return tuple(f"{person} {component}" for person, component in facts_.owed)

    return clock("tell_again", starts=tuple(On(event, item=each) for event in (ResultCorrected, ResultRetracted)))


@wrong(
    "a correction of form is owed to everybody", safety.test_r_18_a_correction_of_form_alone_is_read_and_told_to_nobody
)
def _form(_: ExitStack) -> Any:
    return lesson(ResultCorrected, lambda right, facts_, event: right(facts_, evolve(event, content_changed=True)))


@wrong(
    "what is taken back is deleted", safety.test_r_19_what_was_taken_back_stays_in_the_history_and_is_marked_as_wrong
)
def _deleted(_: ExitStack) -> Any:
    return lesson(ResultRetracted, lambda right, facts_, event: right(facts_, event).but(struck=()))


@wrong("the same result from two feeds is two", safety.test_r_20_what_is_told_twice_changes_nothing)
def _two(changed: ExitStack) -> Any:
    for room in (versions, claims):
        changed.enter_context(patch.object(room, "tells_more", lambda known, event: True))


@wrong("a preliminary moves the case back", safety.test_r_20_a_preliminary_after_the_final_never_moves_a_case_backwards)
def _back(_: ExitStack) -> Any:
    def not_final(_: Any, event: Any) -> bool:
        """it is not final"""
        return event.status is Status.PRELIMINARY

    row: Move[Any, Any] = Move(R.RESULTED, ResultReceived, R.PARTIAL, given=not_final)
    return evolve(TEST_RESULT, moves=(row, *TEST_RESULT.moves))


@wrong("what the laboratory cancels is dropped", safety.test_no_message_is_dropped_because_the_laboratory_cancelled_it)
def _dropped(_: ExitStack) -> Any:
    return without_rows("decide", "starts", LabCancelled)


@wrong("only what is final is critical", safety.test_a_critical_result_is_somebodys_within_the_hour_preliminary_or_not)
def _final_alone(_: ExitStack) -> Any:
    def final(facts_: Any, event: Any) -> bool:
        return facts.is_final(facts_, event.about)

    own = TEST_RESULT.clock("critical")
    return clock("critical", starts=tuple(On(row.event, final, item=row.item) for row in own.starts))


@wrong(
    "a delay that was asked for ends the duty",
    safety.test_a_delay_is_stored_as_the_patient_asked_for_it_and_delays_nothing,
)
def _delayed(_: ExitStack) -> Any:
    return clock("notify_abnormal", dropped_by=[On(ReleaseDelayAsked, item=every_item, why="asked")])


@wrong(
    "a call counts for whatever comes next",
    harm.test_a_call_that_names_a_version_that_is_here_says_nothing_of_the_next,
)
def _whatever_comes(_: ExitStack) -> Any:
    def ahead(right: Any, facts_: Any, event: Any) -> Any:
        return right(facts_, event).but(ahead=tuple((event.about, number) for number in range(9)))

    return lesson(CriticalCalled, ahead)


@wrong(
    "reading an older version answers a call",
    harm.test_a_call_that_was_not_understood_is_not_answered_by_reading_an_older_version,
)
def _answered(_: ExitStack) -> Any:
    return clock("critical", met_by=[On(Reviewed, item=read_to_the_end)])


@wrong("what has a lower number is older", harm.test_a_graver_version_under_a_lower_number_is_read_and_rings)
def _by_number(changed: ExitStack) -> Any:
    changed.enter_context(patch.object(versions, "_order_of", lambda event, severity, known, last: event.version))


@wrong(
    "only what is final is told",
    harm.test_the_patient_is_told_of_a_preliminary_value_whose_final_one_was_cancelled,
)
def _final_is_told(changed: ExitStack) -> Any:
    right = facts.to_tell
    finals = lambda facts_, of: tuple(one for one in right(facts_, of) if one.final)  # noqa: E731
    changed.enter_context(patch.object(items, "to_tell", finals))


@wrong(
    "an order that took the place of another is forgotten",
    harm.test_an_order_that_takes_the_place_of_another_and_fails_brings_it_back,
)
def _replaced(_: ExitStack) -> Any:
    return lesson(Reordered, lambda right, facts_, event: right(facts_, event).but(links=facts_.links))


@wrong("any specimen leads out of the end", safety.test_out_of_an_end_there_are_only_the_ways_that_are_named)
def _out(_: ExitStack) -> Any:
    return OURS.instead(Move(R.CLOSED, SpecimenRejected, R.COLLECTED, reopens=True))

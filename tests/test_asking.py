"""
The same question is never asked twice in the life of a case, whoever keeps the answer meanwhile: the case, or its log.

The desk of `tests.kit.small`: the patient tells each week how it goes, and each call starts the week anew. A second
edition of the rows gives three days instead of seven.
"""

from datetime import date, timedelta

import pytest
from attrs import evolve
from tests.kit.small import DAY, FRI, HOUR, STEPS, WHY, Called, Log, Wanted, lent, midnight, rulebook

from carecoord import CalendarDays, Day, HistoryIncomplete, HistoryNeeded, Limit, advance
from carecoord._asking import of_late

THREE_DAYS = rulebook(Limit("call", CalendarDays(3), STEPS, source=WHY), version="rows-2")
SATURDAY = Day(date(2024, 7, 13), "America/Boise")


def called_twice(at, **more) -> Log:
    """Two calls at one moment, the second under the other edition and without the history."""
    log = lent()
    log.say(Called, at, key="call-1", **more)
    log.rules = THREE_DAYS
    log.fast(log.make(Called, at, key="call-2", **more))
    return log


def test_a_question_of_the_moment_of_the_last_event_is_not_asked_again():
    log = called_twice(FRI + DAY)
    assert (log.deadline("call").round, log.deadline("call").due_at) == (3, midnight(2024, 7, 21))
    assert log.entries[-1].answers == ()


def test_a_question_of_the_day_of_the_last_event_is_not_asked_again():
    """Both stand at the last instant of the day, and count from its first."""
    log = called_twice(SATURDAY, recorded_at=FRI + 4 * DAY)
    assert (log.deadline("call").round, log.deadline("call").due_at) == (3, midnight(2024, 7, 21))
    assert log.entries[-1].answers == ()


def test_a_question_of_another_moment_is_asked_of_todays_policy():
    log = called_twice(FRI + DAY)
    log.fast(log.make(Called, FRI + 2 * DAY))
    assert log.deadline("call").due_at == midnight(2024, 7, 18)


def test_a_case_keeps_no_answer_that_nobody_can_ask_for_again():
    """A call a week for a year: the case counts all answers and holds the last."""
    log = lent()
    for week in range(1, 53):
        log.fast(log.make(Called, FRI + 7 * week * DAY))
    assert log.case.asked == sum(len(entry.answers) for entry in log.entries) == 55
    assert [one.clock for one in log.case.answers] == ["call"]


def test_an_answer_that_left_the_case_is_found_in_the_history():
    """A late call asks under the other edition; the call before it keeps what it was told."""
    log = lent()
    log.say(Called, FRI + DAY, key="call-1")
    log.say(Called, FRI + 10 * DAY, key="call-2")
    assert not any(one.anchor == FRI + DAY for one in log.case.answers)
    log.rules = THREE_DAYS
    step = log.say(Called, FRI + 12 * DAY, recorded_at=FRI + 13 * DAY)
    assert step.entry.answers
    log.say(Called, FRI + 5 * DAY, recorded_at=FRI + 14 * DAY)
    settled = {one.started_at: one.due_at for one in log.case.settled if one.clock == "call"}
    assert settled[FRI + DAY] == midnight(2024, 7, 21)
    assert settled[FRI + 10 * DAY] == midnight(2024, 7, 30)


def test_a_history_that_lacks_an_answer_is_not_whole():
    log = lent()
    log.say(Called, FRI + 10 * DAY)
    late = log.make(Called, FRI + 5 * DAY, recorded_at=FRI + 11 * DAY)
    with pytest.raises(HistoryNeeded):
        advance(log.rules, log.case, late)
    cut = [*log.entries[:-1], evolve(log.entries[-1], answers=())]
    with pytest.raises(HistoryIncomplete):
        advance(log.rules, log.case, late, cut)


def test_the_longest_day_of_any_zone_is_within_what_is_kept():
    """Casey in Antarctica put its clocks back by three hours on 5 March 2010."""
    day = Day(date(2010, 3, 5), "Antarctica/Casey")
    assert day.last - day.first > timedelta(hours=26)
    log = Log(rulebook())
    log.say(Wanted, day, recorded_at=FRI)
    assert of_late(log.case.answers, day.last) == log.case.answers
    assert of_late(log.case.answers, day.last + 4 * HOUR) == ()

"""
When the patient has been tried often enough to say: unable to reach.

The pair was lent on Friday 12 July 2024 at 17:00 and nobody answers. The policy of the desk wants two tries on two
days; other rows are said where they are tried.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from tests.kit.small import (
    BOISE,
    DAY,
    FRI,
    HOUR,
    LOANS,
    MIN,
    STEPS,
    WHY,
    Broke,
    Failing,
    Lent,
    Log,
    Returned,
    lent,
    rulebook,
)

from carecoord import Attempts, CalendarDays, ContactAttempted, How, Limit, Refused, UnableToReach, Way

LENT_AT = FRI + 2 * HOUR
CLAIM_AT = FRI + 9 * DAY


def tried(log: Log, at: datetime, way: Way = Way.PHONE, **more: Any) -> None:
    log.say(ContactAttempted, at, way=way, **{"clock": "give_back", **more})


def claims(log: Log, at: datetime = CLAIM_AT) -> tuple[str, ...]:
    """Return what is still wanted; nothing, if the claim was taken."""
    try:
        log.say(UnableToReach, at, clock="give_back")
    except Refused as refused:
        return refused.claims
    return ()


def under(**policy: Any) -> Log:
    wants = Attempts(**policy)
    return lent(rules=rulebook(Limit("give_back", CalendarDays(14), STEPS, source=WHY, attempts=wants)))


def test_who_never_tried_is_told_all_that_is_wanted():
    assert claims(lent()) == ("the patient was tried 2 times (so far 0)", "on 2 different days (so far 0)")


def test_two_tries_on_one_day_are_not_two_days():
    log = lent()
    tried(log, FRI + 3 * HOUR)
    tried(log, FRI + 4 * HOUR)
    assert claims(log) == ("on 2 different days (so far 1)",)


def test_enough_tries_excuse_the_duty_and_do_not_do_it():
    log = lent()
    tried(log, FRI + 3 * HOUR)
    tried(log, FRI + DAY)
    assert claims(log) == ()
    one = log.ended("give_back")
    assert (one.how, one.why, one.at) == (How.EXCUSED, "unable to reach", CLAIM_AT)
    assert not one.how.done


@pytest.mark.parametrize(
    ("second", "days"),
    [
        (datetime(2024, 7, 12, 23, 59, tzinfo=BOISE), 1),
        (datetime(2024, 7, 13, 0, 1, tzinfo=BOISE), 2),
        (datetime(2024, 7, 12, 23, 30, tzinfo=UTC), 1),  # 17:30 in Boise, 10 minutes after the first
        (datetime(2024, 7, 13, 0, 30, tzinfo=UTC), 1),  # another day in London, the same in Boise
    ],
    ids=str,
)
def test_days_are_those_of_the_place_where_somebody_tried(second, days):
    log = lent()
    tried(log, LENT_AT + 20 * MIN)
    tried(log, second)
    assert claims(log) == (() if days == 2 else ("on 2 different days (so far 1)",))


def test_a_try_that_carries_its_zone_counts_by_its_own_days():
    """Friday 17:30 and 23:30 in Boise are Saturday 08:30 and 14:30 in Tokyo."""
    log = under(tries=2, days=2)
    tried(log, LENT_AT + 30 * MIN, zone="Asia/Tokyo")
    tried(log, LENT_AT + 6 * HOUR + 30 * MIN)
    assert claims(log) == ()


def test_the_ways_that_are_wanted_are_counted_each():
    log = under(tries=3, days=1, ways=((Way.PHONE, 2), (Way.LETTER, 1)))
    tried(log, LENT_AT + HOUR)
    tried(log, LENT_AT + 2 * HOUR, Way.MESSAGE)
    tried(log, LENT_AT + 3 * HOUR, Way.MESSAGE)
    assert claims(log) == ("by a call, 2 times (so far 1)", "by a letter, 1 times (so far 0)")
    tried(log, LENT_AT + 4 * HOUR)
    tried(log, LENT_AT + 5 * HOUR, Way.LETTER)
    assert claims(log) == ()


def test_only_tries_within_the_time_before_the_claim_count():
    log = under(tries=2, within=timedelta(days=5))
    tried(log, CLAIM_AT - 6 * DAY)
    tried(log, CLAIM_AT - 5 * DAY)
    assert claims(log) == ("the patient was tried 2 times (so far 1)",)
    tried(log, CLAIM_AT)
    assert claims(log) == ()


def test_a_try_before_the_duty_began_is_no_try():
    log = lent()
    tried(log, LENT_AT - MIN)
    tried(log, LENT_AT)
    assert claims(log) == ("the patient was tried 2 times (so far 1)", "on 2 different days (so far 1)")


def test_a_try_after_the_claim_is_no_try():
    """Heard late, the claim stands on what had been tried by then."""
    log = lent()
    tried(log, FRI + 3 * HOUR)
    tried(log, FRI + 2 * DAY)
    assert claims(log, FRI + DAY) == ("the patient was tried 2 times (so far 1)", "on 2 different days (so far 1)")


def test_a_try_for_another_duty_is_no_try():
    log = lent()
    tried(log, FRI + 3 * HOUR, clock="thank")
    tried(log, FRI + DAY, clock="call")
    assert claims(log) == ("the patient was tried 2 times (so far 0)", "on 2 different days (so far 0)")


def test_a_try_that_names_another_thing_that_is_owed_is_no_try_for_this_one():
    clocks = tuple(attrs.evolve(one, reaches_patient=True) if one.name == "mend" else one for one in LOANS.clocks)
    rows = rulebook(Limit("mend", CalendarDays(14), STEPS, source=WHY, attempts=Attempts(tries=1)))
    log = lent(rules=attrs.evolve(rows, workflow=attrs.evolve(LOANS, clocks=clocks)))
    for part in ("grip", "foot"):
        log.say(Broke, FRI + 3 * HOUR, about=part)
    tried(log, FRI + 4 * HOUR, clock="mend", about="foot")
    with pytest.raises(Refused) as refused:
        log.say(UnableToReach, FRI + 5 * HOUR, clock="mend", about="grip")
    assert refused.value.claims == ("the patient was tried once (so far 0)",)
    log.say(UnableToReach, FRI + 5 * HOUR, clock="mend", about="foot")
    assert log.ended("mend", "foot").how is How.EXCUSED


def test_a_stopgap_does_not_say_how_often_to_try_so_nobody_may_give_up():
    clocks = tuple(attrs.evolve(one, reaches_patient=True) if one.name == "mend" else one for one in LOANS.clocks)
    rows = Limit("mend", CalendarDays(14), STEPS, source=WHY, attempts=Attempts(tries=1))
    log = lent(rules=attrs.evolve(rulebook(rows), workflow=attrs.evolve(LOANS, clocks=clocks)))
    log.rules = attrs.evolve(log.rules, timing=Failing(log.rules.timing, {"mend"}))
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    with pytest.raises(Refused) as refused:
        log.say(UnableToReach, FRI + 4 * HOUR, clock="mend", about="grip")
    assert refused.value.claims == ("the policy says how often to try for 'mend'",)


def test_a_duty_that_is_not_owed_cannot_be_given_up():
    log = lent()
    log.say(Returned, FRI + DAY)
    assert claims(log) == ("'give_back' is owed",)


def test_a_duty_that_is_no_reaching_cannot_be_given_up():
    log = lent()
    with pytest.raises(Refused) as refused:
        log.say(UnableToReach, CLAIM_AT, clock="call")
    assert refused.value.claims == ("'call' is a duty that ends by reaching the patient",)


def test_a_duty_of_no_workflow_cannot_be_given_up():
    with pytest.raises(Refused) as refused:
        lent().say(UnableToReach, CLAIM_AT, clock="luck")
    assert refused.value.claims == ("'luck' is owed",)


def test_tries_of_an_earlier_round_do_not_count():
    """The pair came back and was lent again; the tries were for the first time."""
    log = Log()
    log.say(Lent, FRI)
    tried(log, FRI + HOUR)
    tried(log, FRI + DAY)
    log.say(Returned, FRI + 2 * DAY)
    assert claims(log, FRI + 3 * DAY) == ("'give_back' is owed",)

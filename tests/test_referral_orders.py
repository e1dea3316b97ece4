"""
Referral: in whatever order it is heard, it is the referral that happened.

A journey is the draft and what happens then. All journeys of up to four events that each move it are heard in all
orders: whatever takes a row of the table that leads to a state, another one or the same, each told once, and a sending
twice, since a fax confirms nothing.
Longer ones are drawn, with whatever else may happen between. The draft is heard first, since nothing else opens a case.

What is compared is the whole world but for when it was recorded; of surprises, which count from hearing, what
surprised. Some orders leave an act refused, since it would overtake one taken before: there the world must be what a
naive telling of the others comes to. All at once, as a backlog, is one more order, and leaves nothing out.
"""

from collections import Counter
from itertools import islice
from random import Random

import pytest
from attrs import astuple
from hypothesis import settings
from tests.kit.orders_of_hearing import Hearing, every_journey, every_order, some_journeys, some_orders
from tests.kit.wrong_engines import WRONG

ALL = "all orders of all journeys of up to four moves make one referral"
SOME = "twenty orders of longer journeys make one referral"
SHARES = 8


@pytest.fixture
def reported(record_property):
    """Let the run report what was heard."""

    def report(law, hearing):
        record_property("proof", astuple(hearing.proof(law)))
        return hearing

    return report


def longer_journeys() -> int:
    """Return how many: twenty thousand in the long proof, 540 in the short one, twenty each day."""
    examples = settings().max_examples
    return 20_000 if examples >= 400 else 540 if examples >= 300 else max(2, examples // 5)


def test_so_many_journeys_of_up_to_four_events_move_a_referral():
    """What the proof below is exhaustive about."""
    assert Counter(len(told.events) for told in every_journey(4)) == {1: 4, 2: 33, 3: 291, 4: 2442}


def test_each_journey_of_up_to_two_moves_is_one_referral_in_all_orders():
    hearing = Hearing().hear_all((told, every_order(told)) for told in every_journey(2))
    assert (hearing.journeys, hearing.orders, hearing.left_out) == (37, 70, 0)


@pytest.mark.proof
@pytest.mark.parametrize("share", range(SHARES))
def test_each_journey_of_up_to_four_moves_is_one_referral_in_all_orders(share, reported):
    journeys = islice(every_journey(4), share, None, SHARES)
    hearing = reported(ALL, Hearing().hear_all((told, every_order(told)) for told in journeys))
    assert hearing.journeys >= 346
    assert hearing.left_out < hearing.orders / 50, "nearly all orders leave nothing out"
    assert hearing.overtaken, "on the way of some, news overtook an act"


def test_a_longer_journey_is_one_referral_in_twenty_orders():
    dice = Random(0)
    Hearing().hear_all((told, some_orders(told, 20, dice)) for told in some_journeys(longer_journeys(), dice))


@pytest.mark.proof
@pytest.mark.parametrize("share", range(SHARES))
def test_many_longer_journeys_are_one_referral_in_twenty_orders_each(share, reported):
    dice, many = Random(1 + share), longer_journeys() // SHARES
    heard = Hearing().hear_all((told, some_orders(told, 20, dice)) for told in some_journeys(many, dice))
    hearing = reported(SOME, heard)
    assert (hearing.journeys, hearing.orders) == (many, 20 * many)
    assert hearing.left_out < hearing.orders / 3, "most orders leave nothing out"
    assert hearing.overtaken, "on the way of some, news overtook an act"


@pytest.mark.parametrize("name", ["late news on the snapshot", "ties by hearing"])
def test_hearing_in_other_orders_finds_out_an_engine_that_goes_by_hearing(name):
    wrong = next(one for one in WRONG if one.name == name)
    dice = Random(7)
    drawn = [(told, [*some_orders(told, 20, dice)]) for told in some_journeys(100, dice)]
    with wrong.running(), pytest.raises(AssertionError, match="heard"):
        Hearing().hear_all(drawn)


def test_what_stays_refused_is_an_act_that_would_overtake_another():
    """Ended, gone on and sent: once the sending is taken, the end before it would overtake it."""
    told = next(
        one
        for one in every_journey(3)
        if [type(event).__name__ for event in one.events] == ["Withdrawn", "Reopened", "Sent"]
    )
    end, on, sending = next(every_order(told))
    case, waiting = Hearing().heard(told.first, (sending, end, on))
    assert (case.state.name, waiting) == ("SENT", [end, on])

"""Many referrals, and a worker who follows them; whoever it works for, thread or process, finds it in this module."""

from collections.abc import Sequence
from random import Random
from typing import Any

from tests.kit.orders_of_hearing import every_journey, some_journeys

from carecoord.case import Case
from carecoord.effects import Effect
from carecoord.engine import advance, open_case
from carecoord.events import Event
from carecoord.rulebook import Rulebook

Followed = tuple[Case[Any, Any], tuple[Effect, ...]]


def many_referrals() -> list[tuple[Event, ...]]:
    """Return journeys of all lengths, from the draft on."""
    told = (*every_journey(2), *some_journeys(40, Random(11)))
    return [(one.first, *one.events) for one in told]


def follow(rules: Rulebook[Any, Any], events: Sequence[Event]) -> Followed:
    """Follow one case from its opening, and return it with all that was owed to be told."""
    step = open_case(rules, events[0], id="c-1", subject="p-1", owner="dr-1")
    return go_on(rules, (step.case, step.effects), events[1:])


def go_on(rules: Rulebook[Any, Any], followed: Followed, events: Sequence[Event]) -> Followed:
    """Go on with a case that somebody else has followed so far."""
    case, effects = followed
    for event in events:
        step = advance(rules, case, event)
        case, effects = step.case, (*effects, *step.effects)
    return case, effects

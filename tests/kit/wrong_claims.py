"""More engines that are wrong on purpose: about what rows claim, what the policy read, and what a history must hold."""

from typing import Any

from tests.kit import laws_of_telling as telling
from tests.kit import laws_of_the_world as world
from tests.kit.wrong_engines import FOLD, wrong

from carecoord import _asking, _fold, _taking, _telling, tables

REFERRAL = "referral"

# --- claims ----------------------------------------------------------------------------------


@wrong("one claim of several is enough", tables.All, "__call__", FOLD, REFERRAL)
def _any_claim(right: Any) -> Any:
    """A row that claims several things is taken where one of them holds."""
    return lambda claim, facts, event: any(one(facts, event) for one in claim.claims)


@wrong("settled by any report", _fold, "settle", FOLD, REFERRAL)
def _any_report(right: Any) -> Any:
    """An event of the right kind ends a duty whatever its row claims: whoever's report it is, and which version."""

    def settle(owing: Any, endings: Any, event: Any) -> None:
        right(
            owing,
            {clock: tuple((how, None, *rest) for how, _, *rest in ways) for clock, ways in endings.items()},
            event,
        )

    return settle


# --- answers ---------------------------------------------------------------------------------


@wrong("answers kept without what the policy read", _asking, "_find", FOLD, REFERRAL)
def _whatever_it_read(right: Any) -> Any:
    """An answer counts for the same clock and moment although the facts that decided it are others by now."""

    def find(answers: Any, clock: str, item: str, facts: Any, anchor: Any, zone: Any, heard: Any) -> Any:
        asked = (clock, item, anchor, zone)
        return next((one for one in answers if (one.clock, one.item, one.anchor, one.zone) == asked), None)

    return find


@wrong(
    "a history that is cut short is taken for whole",
    _taking,
    "must_be_whole",
    world.a_history_that_is_cut_short_is_noticed,
)
def _not_counted(right: Any) -> Any:
    """Nobody holds the entries against what the case remembers."""
    return lambda case, history: None


# --- revisions -------------------------------------------------------------------------------


@wrong("revisions counted in the fold", _telling, "_began", telling.what_is_told_is_told_once, "care transition")
def _counted_in_the_fold(right: Any) -> Any:
    """A revision is a number that the fold knows, such as the round: folded again it is the same once more."""

    def began(said: Any, effects: Any, case_id: str, before: Any, one: Any, was: Any, seq: int, *rest: Any) -> Any:
        return right(said, effects, case_id, before, one, was, one.round, *rest)

    return began

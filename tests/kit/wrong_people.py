"""Engines that are wrong about people and about cases: who owns one, whom it is about, and who may end it."""

from typing import Any

from attrs import evolve
from tests.kit.wrong_engines import FOLD, wrong

from carecoord import _clocks, _fold, _people, _taking
from carecoord.events import (
    ClosedByAdministration,
    HandoverAccepted,
    HandoverOffered,
    OwnerGone,
    SubjectChanged,
    SupersededBy,
)

# --- who owns it -----------------------------------------------------------------------------


@wrong("an offer is enough", _fold, "apply", FOLD)
def _offer_is_enough(right: Any) -> Any:
    """Who is offered a case owns it, whether they say yes or not."""

    def apply(table: Any, world: Any, event: Any, turn: Any) -> None:
        right(table, world, event, turn)
        if isinstance(event, HandoverOffered) and event.key not in turn.overtaken:
            world.owner = event.to

    return apply


@wrong("the owner is gone and owns", _fold, "apply", FOLD)
def _gone_and_owns(right: Any) -> Any:
    """Whoever is gone keeps their cases, and nobody has them."""

    def apply(table: Any, world: Any, event: Any, turn: Any) -> None:
        owner = world.owner
        right(table, world, event, turn)
        if isinstance(event, OwnerGone):
            world.owner = owner

    return apply


@wrong("anybody may take it", _fold, "claims_wanting", FOLD)
def _anybody_takes(right: Any) -> Any:
    """Nobody asks whether a case was offered to who accepts it."""
    return lambda table, so_far, event, judged=True: (
        () if isinstance(event, HandoverAccepted) else right(table, so_far, event, judged)
    )


@wrong("on offer for ever", _people, "_taken_over", FOLD)
def _offered_for_ever(right: Any) -> Any:
    """When a case is taken, the others to whom it was offered may take it still."""

    def taken_over(world: Any, by: str) -> None:
        world.owner = by

    return taken_over


@wrong("the owner is nothing that is folded", _taking, "_folded", FOLD)
def _owner_stays(right: Any) -> Any:
    """Whoever owned the case last goes on, whatever is taken back."""

    def folded(table: Any, case: Any, *rest: Any) -> Any:
        world, first, last = right(table, case, *rest)
        return evolve(world, owner=case.world.owner), first, last

    return folded


# --- whom it is about, and who ends it -------------------------------------------------------


@wrong("a merger is forgotten", _fold, "apply", FOLD)
def _merger_forgotten(right: Any) -> Any:
    """The case stays with a record that is no more."""

    def apply(table: Any, world: Any, event: Any, turn: Any) -> None:
        subject = world.subject
        right(table, world, event, turn)
        if isinstance(event, SubjectChanged):
            world.subject = subject

    return apply


@wrong("administration closes anything", _fold, "claims_wanting", FOLD)
def _closes_anything(right: Any) -> Any:
    """Nobody asks whether the actor may let go what is owed."""
    return lambda table, so_far, event, judged=True: (
        () if isinstance(event, ClosedByAdministration) else right(table, so_far, event, judged)
    )


@wrong("a survivor carries nothing", _fold, "claims_wanting", FOLD, "care transition")
def _carries_nothing(right: Any) -> Any:
    """A duplicate ends, and what it owed with it."""
    return lambda table, so_far, event, judged=True: (
        () if isinstance(event, SupersededBy) else right(table, so_far, event, judged)
    )


@wrong("let go for good", _clocks, "ADMINISTRATION", FOLD, "care transition")
def _let_go_for_good(right: Any) -> Any:
    """A case that goes on after administration closed it owes nothing of what was let go."""
    return f"not {right}"


@wrong("the last conflict decides", _clocks, "_begun_by", FOLD, "referral")
def _last_conflict(right: Any) -> Any:
    """Each conflict goes the pathway of the one that was declared last."""
    return lambda owing, event, clock, item, asks: right(owing, event, evolve(clock, sees=None), item, asks)

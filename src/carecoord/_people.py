"""
Who owns a case and whom it is about: what events do to that, and what the acts among them claim.

A case has one owner at every instant. Nobody becomes it without having said yes, and where
the owner is gone the default queue is it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeAlias

from carecoord.events import (
    ANYBODY,
    Event,
    HandoverAccepted,
    HandoverDeclined,
    HandoverOffered,
    OwnerGone,
    SubjectChanged,
)
from carecoord.vocabulary import Role


class Owned(Protocol):
    """The part of a world that people change."""

    facts: Any
    owner: str
    subject: str


Happens: TypeAlias = Callable[[Any, Any, str], None]
"""Lets an event happen to a world that is being made; the text is the default queue."""

Claims: TypeAlias = Callable[[Any, Any, Any], tuple[str, ...]]
"""Returns the claims of an act that do not hold, of (table, world, act)."""


def _offered(world: Owned, event: HandoverOffered, queue: str) -> None:
    if event.accepted:
        _taken_over(world, event.to)
    elif event.to not in world.facts.offered:
        world.facts = world.facts.but(offered=(*world.facts.offered, event.to))


def _accepted(world: Owned, event: HandoverAccepted, queue: str) -> None:
    _taken_over(world, event.by.id)


def _taken_over(world: Owned, by: str) -> None:
    world.owner = by
    world.facts = world.facts.but(offered=())


def _declined(world: Owned, event: HandoverDeclined, queue: str) -> None:
    world.facts = world.facts.but(offered=tuple(one for one in world.facts.offered if one != event.by.id))


def _owner_gone(world: Owned, event: OwnerGone, queue: str) -> None:
    if event.who == world.owner:
        world.owner = queue
        if ANYBODY not in world.facts.offered:
            world.facts = world.facts.but(offered=(*world.facts.offered, ANYBODY))


def _other_subject(world: Owned, event: SubjectChanged, queue: str) -> None:
    world.subject = event.to


PEOPLE: Final[Mapping[type[Event], Happens]] = {
    HandoverOffered: _offered,
    HandoverAccepted: _accepted,
    HandoverDeclined: _declined,
    OwnerGone: _owner_gone,
    SubjectChanged: _other_subject,
}
"""What happens beside the lesson, since no lesson knows the owner and the subject."""


def _to_another(_: Any, so_far: Owned, event: HandoverOffered) -> tuple[str, ...]:
    return () if event.to != so_far.owner else ("it is offered to somebody who does not own the case",)


def _may_take(_: Any, so_far: Owned, event: HandoverAccepted) -> tuple[str, ...]:
    if not event.by.id or event.by.role is Role.SYSTEM:
        return ("the actor is somebody",)
    offered = so_far.facts.offered
    return () if event.by.id in offered or ANYBODY in offered else ("the case is on offer to the actor",)


def _was_offered(_: Any, so_far: Owned, event: HandoverDeclined) -> tuple[str, ...]:
    on_offer = event.by.id != ANYBODY and event.by.id in so_far.facts.offered
    return () if on_offer else ("the case is on offer to the actor",)


CLAIMS: Final[Mapping[type[Event], Claims]] = {
    HandoverOffered: _to_another,
    HandoverAccepted: _may_take,
    HandoverDeclined: _was_offered,
}
"""What these acts claim beyond their row."""

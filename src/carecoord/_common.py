"""
The duties that every workflow has, and what the events teach that every workflow understands.

Rows as any workflow writes them; nothing here is of one workflow alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from attrs import evolve

from carecoord.case import LOOK_AGAIN
from carecoord.events import (
    Acknowledged,
    Attempt,
    ClosedByAdministration,
    Conflict,
    ConflictRaised,
    ConflictResolved,
    ContactAttempted,
    Event,
    Facts,
    HandoverAccepted,
    HandoverDeclined,
    HandoverOffered,
    Link,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    OwnerGone,
    PatientDied,
    PatientLeft,
    Paused,
    Reopened,
    Resumed,
    SupersededBy,
    ToldAgain,
    UrgencyChanged,
)
from carecoord.tables import Clock, On, Only, Said, by_about, every_item, named_item
from carecoord.vocabulary import Role

F = TypeVar("F", bound=Facts)

UNEXPECTED = "unexpected"
OVERTAKEN = "overtaken"
TELL_AGAIN = "tell_again"
WRAP_UP = "wrap_up"
RESUME_BY = "resume_by"
TAKE_UP = "take_up"
RESOLVE = "resolve"
FOLLOW_UP = "follow_up"

REGAINED = frozenset({TAKE_UP, RESOLVE})
"""The clocks that a case owes again by whatever event it leaves an end, as far as `Reopened` would start them."""

SURPRISES = frozenset({UNEXPECTED, OVERTAKEN, TELL_AGAIN})
"""The clocks that begin when something was noticed, and not when it happened."""

ADMINISTRATION = "closed by administration"
"""Why a duty was let go with the whole case."""

SURVIVOR = "survivor"
"""How a superseded case is linked to the one that survives."""


def _on_offer(facts: Facts, _: Event) -> tuple[str, ...]:
    """to whom the case is on offer; nobody, where the owner is gone"""
    return facts.offered


def _the_taker(_: Facts, event: HandoverOffered) -> str:
    """to whom it is offered"""
    return event.to


def _who_declined(_: Facts, event: HandoverDeclined) -> str:
    """who declines"""
    return event.by.id


def _open_conflicts(facts: Facts, _: Event) -> tuple[str, ...]:
    """each conflict that is open"""
    return tuple(one.about for one in facts.conflicts)


def _the_conflict(_: Facts, event: ConflictResolved) -> Only:
    """the conflict that it names, or the only one"""
    return Only(() if event.about is None else (event.about,))


def _with_its_kind(facts: Facts, item: str) -> Facts:
    kind = next((one.kind for one in facts.conflicts if one.about == item), None)
    return facts if kind is facts.conflict else facts.but(conflict=kind)


def linked_here(facts: Facts, event: LinkedCaseEnded) -> bool:
    """the case was linked to this one"""
    return any(link.case == event.case for link in facts.links)


def held_by_the_link(facts: Facts, event: LinkedCaseEnded) -> tuple[str, ...]:
    """what the linked case held"""
    return tuple(dict.fromkeys(link.item for link in facts.links if link.ended_by == event.key))


def lost_with_the_link(facts: Facts, event: LinkedCaseEnded) -> tuple[str, ...]:
    """what the linked case held, and no other holds"""
    safe = {link.item for link in facts.links if link.holds}
    return tuple(item for item in held_by_the_link(facts, event) if item not in safe)


def with_more(known: tuple[str, ...], *more: str) -> tuple[str, ...]:
    """Return the names with more of them, each once, in the order in which they came."""
    return tuple(dict.fromkeys((*known, *more)))


def without(known: tuple[str, ...], *gone: str) -> tuple[str, ...]:
    """Return the names without some of them."""
    return tuple(one for one in known if one not in gone)


COMMON_CLOCKS: tuple[Clock[Any], ...] = (
    Clock(
        name=LOOK_AGAIN,
        says="somebody looks at a case on which nobody has acted for long",
        owed_by=Role.OWNER,
        kept_by=Role.OWNER,
    ),
    Clock(
        name=UNEXPECTED,
        says="somebody takes notice of news that does not fit, or that claims an impossible moment",
        item=by_about,
        met_by=(On(Acknowledged, Said(clock=UNEXPECTED)),),
        outlives=True,
    ),
    Clock(
        name=OVERTAKEN,
        says="somebody takes notice that an act no longer fits where it stands",
        item=by_about,
        met_by=(On(Acknowledged, Said(clock=OVERTAKEN)),),
        outlives=True,
    ),
    Clock(
        name=TELL_AGAIN,
        says="whoever was told what is no longer so is told again",
        item=by_about,
        met_by=(On(ToldAgain),),
        closing=True,
        outlives=True,
    ),
    Clock(
        name=WRAP_UP,
        says="the case of a patient who died is brought to an end",
        starts=(On(PatientDied),),
        met_by=(On(LoopClosed),),
        waivable_by=(Role.OWNER, Role.CLINICIAN),
    ),
    Clock(
        name=RESUME_BY,
        says="somebody resumes what was paused",
        item=by_about,
        starts=(On(Paused),),
        met_by=(On(Resumed, item=named_item),),
    ),
    Clock(
        name=TAKE_UP,
        says="whoever was offered the case takes it or says no; where the owner is gone, somebody takes it",
        item=_on_offer,
        starts=(On(HandoverOffered, Said(accepted=False), item=_the_taker), On(OwnerGone), On(Reopened)),
        met_by=(
            On(HandoverAccepted, item=every_item),
            On(HandoverDeclined, item=_who_declined),
            On(HandoverOffered, Said(accepted=True), item=every_item),
        ),
    ),
    Clock(
        name=RESOLVE,
        says="a declared conflict is resolved; care and its clocks go on meanwhile",
        item=by_about,
        starts=(On(ConflictRaised), On(Reopened, item=_open_conflicts)),
        met_by=(On(ConflictResolved, item=_the_conflict),),
        closing=True,
        sees=_with_its_kind,
    ),
    Clock(
        name=FOLLOW_UP,
        says="another case holds what is left to do, or has done it",
        item=by_about,
        starts=(On(LinkedCaseEnded, Said(done=False), item=lost_with_the_link),),
        met_by=(On(Linked), On(LinkedCaseEnded, Said(done=True), item=held_by_the_link)),
        closing=True,
        waivable_by=(Role.CLINICIAN,),
        outlives=True,
    ),
)


def _learn_attempt(facts: F, event: ContactAttempted) -> F:
    tried = Attempt(event.clock, event.about, event.at, event.way, event.zone)
    return facts.but(attempts=(*facts.attempts, tried))


def _learn_death(facts: F, _: PatientDied) -> F:
    return facts.but(died=True)


def _learn_link(facts: F, event: Linked) -> F:
    return facts.but(links=(*facts.links, Link(event.case, event.about or "", event.relation)))


def _learn_end_of_link(facts: F, event: LinkedCaseEnded) -> F:
    return facts.but(links=tuple(_ended(link, event) if link.case == event.case else link for link in facts.links))


def _ended(link: Link, event: LinkedCaseEnded) -> Link:
    # What is told again was known before, unless it is told otherwise now. A survivor's end is no end of a duty here.
    known = (link.ended_by and link.done == event.done) or link.relation == SURVIVOR
    return link if known else evolve(link, ended_by=event.key, done=event.done)


def _learn_survivor(facts: F, event: SupersededBy) -> F:
    return facts.but(links=(*facts.links, Link(event.case, "", SURVIVOR)))


def _learn_left(facts: F, _: PatientLeft) -> F:
    return facts.but(left=True)


def _learn_administration(facts: F, _: ClosedByAdministration) -> F:
    return facts.but(administrative=True)


def _learn_care(facts: F, _: LoopClosed | Reopened) -> F:
    return facts.but(administrative=False) if facts.administrative else facts


def _learn_conflict(facts: F, event: ConflictRaised) -> F:
    others = tuple(one for one in facts.conflicts if one.about != (event.about or ""))
    return facts.but(conflicts=(*others, Conflict(event.about or "", event.kind)), conflict=event.kind)


def _learn_resolved(facts: F, event: ConflictResolved) -> F:
    still = tuple(one for one in facts.conflicts if event.about not in (None, one.about))
    return facts.but(conflicts=still, conflict=still[-1].kind if still else None)


def _learn_pause(facts: F, event: Paused) -> F:
    return facts.but(resume_by=event.resume_by)


def _learn_urgency(facts: F, event: UrgencyChanged) -> F:
    return facts.but(urgency=event.urgency)


COMMON_LESSONS: Mapping[type[Event], Callable[[Any, Any], Any]] = MappingProxyType(
    {
        ContactAttempted: _learn_attempt,
        ConflictRaised: _learn_conflict,
        ConflictResolved: _learn_resolved,
        Linked: _learn_link,
        LinkedCaseEnded: _learn_end_of_link,
        PatientDied: _learn_death,
        PatientLeft: _learn_left,
        ClosedByAdministration: _learn_administration,
        LoopClosed: _learn_care,
        Reopened: _learn_care,
        SupersededBy: _learn_survivor,
        Paused: _learn_pause,
        UrgencyChanged: _learn_urgency,
    }
)

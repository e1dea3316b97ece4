"""
A workflow: states, events, facts, moves and clocks as one frozen value.

A workflow refuses to exist if its table has a hole. It knows no policy and no practice, and
runs nothing: the engine room compiles it, a rulebook introduces it to its timing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

from attrs import evolve, field, fields, frozen

from carecoord._soundness import problems
from carecoord.case import LOOK_AGAIN
from carecoord.errors import UnsoundWorkflow
from carecoord.events import (
    COMMON_EVENTS,
    LOG_EVENTS,
    Acknowledged,
    Attempt,
    ClosedByAdministration,
    Conflict,
    ConflictRaised,
    ConflictResolved,
    ContactAttempted,
    EnteredInError,
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
    Reopened,
    SupersededBy,
    ToldAgain,
)
from carecoord.tables import Clock, Move, On, Only, Otherwise, Said, Stay, by_about, every_item
from carecoord.vocabulary import Role

S = TypeVar("S", bound=Enum)
F = TypeVar("F", bound=Facts)

UNEXPECTED = "unexpected"
OVERTAKEN = "overtaken"
TELL_AGAIN = "tell_again"
WRAP_UP = "wrap_up"
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

_ERROR, _SUPERSEDED = "ENTERED_IN_ERROR", "SUPERSEDED"
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


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


_LAST: tuple[type[Event], ...] = (EnteredInError, LoopClosed, ClosedByAdministration, SupersededBy, Reopened)
"""What counts last within one moment: the end of a case, the closing before its waiver and before the duplicate."""

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


_COMMON_LEARNING: dict[type[Event], Callable[[Any, Any], Any]] = {
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
}


@frozen(eq=False, kw_only=True, repr=False)
class Workflow(Generic[S, F]):
    """
    The whole of one workflow.

    Args:
        name, version: What a case remembers of it.
        states: An Enum whose values say what is true of a case that stands there. It needs
            the members ENTERED_IN_ERROR and SUPERSEDED, and both are ends.
        facts: The class of what is known beyond the state.
        events: Its own events, in the order in which they count within one moment.
        moves: The table. A pair of state and event without a row is the default of its
            kind: news is unexpected, an act is refused.
        learn: What each event teaches: a pure function from facts and event to facts.
        clocks: The duties. One that bears the name of a common clock replaces it.
        closes: From which working state `LoopClosed` leads to which end.
        ends: The states in which nothing is owed any longer.
        waits_for: Which clocks a state waits for.
        compiled: Kept here by the engine room, made when first needed.

    Raises:
        UnsoundWorkflow: the table has holes; all of them are named.
    """

    name: str
    version: str
    states: type[S]
    facts: type[F]
    events: tuple[type[Event], ...]
    moves: tuple[Move[S, F], ...]
    learn: Mapping[type[Event], Callable[[Any, Any], Any]] = field(default=_NOTHING)
    clocks: tuple[Clock[F], ...] = ()
    closes: Mapping[S, S]
    ends: frozenset[S]
    waits_for: Mapping[S, tuple[str, ...]] = field(default=_NOTHING)
    compiled: Any = field(init=False, default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if holes := problems(self):
            raise UnsoundWorkflow(self.name, holes)

    def __repr__(self) -> str:
        return f"Workflow({self.name!r}, version={self.version!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        # What the engine room compiled stays behind: it is made again where it is needed.
        return _made_again, (type(self), {f.name: _plain(getattr(self, f.name)) for f in fields(type(self)) if f.init})

    @property
    def members(self) -> tuple[S, ...]:
        """All states, in their order."""
        return tuple(self.states)

    @property
    def error(self) -> S:
        """The end of a case that never was."""
        return self.states[_ERROR]

    @property
    def superseded(self) -> S:
        """The end of a duplicate."""
        return self.states[_SUPERSEDED]

    @property
    def all_events(self) -> tuple[type[Event], ...]:
        """Its own events and the common ones."""
        return (*self.events, *COMMON_EVENTS)

    @property
    def opening_events(self) -> tuple[type[Event], ...]:
        """The events that can open a case."""
        return tuple(dict.fromkeys(move.on for move in self.moves if None in move.states))

    @property
    def common_clocks(self) -> tuple[Clock[Any], ...]:
        """The clocks that every workflow has, or replaces by one that asks no less."""
        return COMMON_CLOCKS

    @property
    def all_clocks(self) -> tuple[Clock[F], ...]:
        """Its own clocks and the common ones that it does not replace."""
        own = {clock.name for clock in self.clocks}
        return (*self.clocks, *(clock for clock in COMMON_CLOCKS if clock.name not in own))

    def clock(self, name: str) -> Clock[F]:
        """Return the clock of this name; KeyError if there is none."""
        return {clock.name: clock for clock in self.all_clocks}[name]

    @property
    def all_moves(self) -> tuple[Move[S, F], ...]:
        """Its own rows, and those that every workflow has."""
        every = self.members
        said = {(state, move.on) for move in self.moves for state in move.states}

        def unsaid(on: type[Event], states: tuple[S, ...] = every) -> tuple[S, ...]:
            return tuple(state for state in states if (state, on) not in said)

        rows: list[Move[S, F]] = [*self.moves]
        rows += [Move(state, LoopClosed, end) for state, end in self.closes.items() if (state, LoopClosed) not in said]
        rows.append(
            Move(unsaid(EnteredInError, tuple(s for s in every if s is not self.error)), EnteredInError, self.error)
        )
        rows.append(
            Move(
                unsaid(SupersededBy, tuple(s for s in every if s not in (self.error, self.superseded))),
                SupersededBy,
                self.superseded,
            )
        )
        rows += self._by_administration(unsaid)
        rows += [
            Stay(unsaid(LinkedCaseEnded), LinkedCaseEnded, given=linked_here),
            Otherwise(unsaid(LinkedCaseEnded), LinkedCaseEnded),
        ]
        rows += [
            Stay(unsaid(event), event) for event in COMMON_EVENTS if event not in (*LOG_EVENTS, LinkedCaseEnded, *_LAST)
        ]
        return tuple(row for row in rows if row.states)

    def _by_administration(self, unsaid: Callable[[type[Event], tuple[S, ...]], tuple[S, ...]]) -> list[Move[S, F]]:
        """From every open state to the end to which its loop is closed, or the first such end."""
        if not self.closes:
            return []
        first = next(iter(self.closes.values()))
        still_open = tuple(state for state in self.members if state not in self.ends)
        ends = {end: tuple(s for s in still_open if self.closes.get(s, first) is end) for end in self.closes.values()}
        return [
            Move(unsaid(ClosedByAdministration, states), ClosedByAdministration, end) for end, states in ends.items()
        ]

    def rows(self, state: S | None, event: type[Event]) -> tuple[Move[S, F], ...]:
        """Return the rows of one pair, in the order in which they are tried."""
        return tuple(move for move in self.all_moves if move.on is event and state in move.states)

    def learning(self, event: type[Event]) -> tuple[Callable[[Any, Any], Any], ...]:
        """Return what an event teaches: the common lesson first."""
        return tuple(lesson[event] for lesson in (_COMMON_LEARNING, self.learn) if event in lesson)

    def order(self) -> tuple[type[Event], ...]:
        """Return all events in the order in which they count within one moment: news, acts, the closing ones."""
        ranked = [event for event in self.all_events if event not in _LAST]
        return (*sorted(ranked, key=lambda event: not event.news), *_LAST)


def _plain(value: Any) -> Any:
    return dict(cast(Mapping[Any, Any], value)) if isinstance(value, MappingProxyType) else value


def _made_again(kind: type[Workflow[Any, Any]], made_of: dict[str, Any]) -> Workflow[Any, Any]:
    return kind(**made_of)


__all__ = [
    "ADMINISTRATION",
    "COMMON_CLOCKS",
    "FOLLOW_UP",
    "LOOK_AGAIN",
    "OVERTAKEN",
    "REGAINED",
    "RESOLVE",
    "SURPRISES",
    "SURVIVOR",
    "TAKE_UP",
    "TELL_AGAIN",
    "UNEXPECTED",
    "WRAP_UP",
    "Clock",
    "Move",
    "On",
    "Otherwise",
    "Said",
    "Stay",
    "Workflow",
    "held_by_the_link",
    "linked_here",
    "lost_with_the_link",
]

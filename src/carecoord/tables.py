"""
The rows of which workflows are made: moves between states, and clocks beside them.

Rows hold claims and names, no behaviour of their own. A guard is a claim: what its
docstring says is what people read in refusals, tables and diagrams.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar

from attrs import field, frozen

from carecoord.case import How
from carecoord.events import Event, Facts
from carecoord.vocabulary import Role

# A row that reads less than a workflow knows fits that workflow, and so does one of fewer states.
S_co = TypeVar("S_co", bound=Enum, covariant=True)
F_contra = TypeVar("F_contra", bound=Facts, contravariant=True)
E = TypeVar("E", bound=Event)

Guard: TypeAlias = Callable[[Any, Any], bool]


class Only(tuple[str, ...]):
    """The items named here that are owed; where none of them is, the only one that is."""

    __slots__ = ()


Items: TypeAlias = str | tuple[str, ...] | None
"""One item, several, or every one (None)."""

ItemOf: TypeAlias = Callable[[Any, Any], Items]
"""Which items of a clock an event speaks of."""


class _Compares:
    """A guard that is data: it compares named fields with values."""

    __slots__ = ("wanted",)

    def __init__(self, **wanted: object) -> None:
        self.wanted = tuple(wanted.items())

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.wanted == self.wanted

    def __hash__(self) -> int:
        return hash((type(self), self.wanted))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={_said(value)}' for name, value in self.wanted)})"

    def __str__(self) -> str:
        return " and ".join(f"{name.replace('_', ' ')} is {_said(value)}" for name, value in self.wanted)

    def fits(self, of: object) -> bool:
        """Whether the fields of this object have the values."""
        return all(getattr(of, name) == value for name, value in self.wanted)


class Where(_Compares):
    """Claims that facts have these values: `Where(urgency=Urgency.URGENT)`."""

    __slots__ = ()

    def __call__(self, facts: Facts, event: Event) -> bool:
        return self.fits(facts)


class Said(_Compares):
    """Claims that the event's fields have these values: `Said(to=Place.HOME)`."""

    __slots__ = ()

    def __call__(self, facts: Facts, event: Event) -> bool:
        return self.fits(event)


@frozen
class Not:
    """Claims that another claim does not hold."""

    claim: Guard

    def __call__(self, facts: Facts, event: Event) -> bool:
        return not self.claim(facts, event)

    def __str__(self) -> str:
        return f"not: {label(self.claim)}"


class All:
    """Claims that several claims hold together."""

    __slots__ = ("claims",)

    def __init__(self, *claims: Guard) -> None:
        self.claims = claims

    def __call__(self, facts: Facts, event: Event) -> bool:
        return all(claim(facts, event) for claim in self.claims)

    def __eq__(self, other: object) -> bool:
        return type(other) is All and other.claims == self.claims

    def __hash__(self) -> int:
        return hash((All, self.claims))

    def __str__(self) -> str:
        return " and ".join(label(claim) for claim in self.claims)


def _said(value: object) -> str:
    return value.name if isinstance(value, Enum) else str(value)


def label(guard: Callable[..., object] | None) -> str:
    """Return a claim, or which item is meant, in words: the docstring of a function, the comparison of a value."""
    if guard is None:
        return ""
    if isinstance(guard, (_Compares, Not, All)):
        return str(guard)
    words = (getattr(guard, "__doc__", None) or "").strip().splitlines()
    if words:
        return words[0].strip()
    name: str = getattr(guard, "__name__", type(guard).__name__)
    return "" if name == "<lambda>" else name.replace("_", " ")


def failing(guard: Guard, facts: Facts, event: Event) -> tuple[str, ...]:
    """Return a claim that does not hold, in words; of several that are made together, those that do not."""
    if not isinstance(guard, All):
        return (label(guard),)
    return tuple(words for one in guard.claims if not one(facts, event) for words in failing(one, facts, event))


@frozen(init=False)
class Move(Generic[S_co, F_contra]):
    """
    One row: in these states (None: from nothing), on this event, given this claim, go there.

    The claim reads the facts as they were before the event. `reopens` declares that the row
    leads out of an end. Rows of one state and event are tried in order; the first whose
    claim holds is taken.
    """

    states: tuple[S_co | None, ...]
    on: type[Event]
    to: S_co | None
    given: Guard | None
    source: str
    reopens: bool

    def __init__(
        self,
        states: S_co | tuple[S_co, ...] | None,
        on: type[E],
        to: S_co,
        *,
        given: Callable[[F_contra, E], bool] | None = None,
        source: str = "",
        reopens: bool = False,
    ) -> None:
        _fill(self, states=_several(states), on=on, to=to, given=given, source=source, reopens=reopens)


@frozen(init=False)
class Stay(Move[S_co, F_contra]):
    """A row that takes the event where the case stands: facts learn and clocks run."""

    def __init__(
        self,
        states: S_co | tuple[S_co, ...],
        on: type[E],
        *,
        given: Callable[[F_contra, E], bool] | None = None,
        source: str = "",
    ) -> None:
        _fill(self, states=_several(states), on=on, to=None, given=given, source=source, reopens=False)


@frozen(init=False)
class Otherwise(Move[S_co, F_contra]):
    """Closes a group of guarded rows with the default of the event's kind: an act is refused, news is unexpected."""

    def __init__(self, states: S_co | tuple[S_co, ...], on: type[E]) -> None:
        _fill(self, states=_several(states), on=on, to=None, given=None, source="", reopens=False)


def _is_tuple(value: object) -> bool:
    return isinstance(value, tuple)


def _several(states: Any) -> tuple[Any, ...]:
    return states if _is_tuple(states) else (states,)


def _fill(row: object, **values: object) -> None:
    """Set the fields of a frozen row whose `__init__` checks that event and claim belong together."""
    for name, value in values.items():
        object.__setattr__(row, name, value)


def whole_case(facts: Facts, event: Event) -> str:
    """the case"""
    return ""


def by_about(facts: Facts, event: Event) -> str:
    """what the event is about"""
    return event.about or ""


def named_item(facts: Facts, event: Event) -> str | None:
    """what the event is about, by default every item"""
    return event.about


def every_item(facts: Facts, event: Event) -> None:
    """every item"""
    return None


@frozen(init=False)
class On(Generic[F_contra]):
    """
    What an event does to a clock, given a claim; the claim reads the facts after the event.

    `item` says which of the clock's deadlines it speaks of, by default as the clock says;
    `why` is kept in the ledger where the duty is dropped or excused.
    """

    event: type[Event]
    given: Guard | None
    item: ItemOf | None
    why: str

    def __init__(
        self,
        event: type[E],
        given: Callable[[F_contra, E], bool] | None = None,
        *,
        item: Callable[[F_contra, E], Items] | None = None,
        why: str = "",
    ) -> None:
        _fill(self, event=event, given=given, item=item, why=why)


@frozen(kw_only=True)
class Clock(Generic[F_contra]):
    """
    A duty with a name, and who owes it.

    Args:
        name: As people say it: "contact", "reconcile".
        says: The duty in one sentence.
        item: What keeps a deadline of its own.
        starts, met_by, excused_by, dropped_by: What events do to it.
        owed_by: Who does it; may be outside.
        kept_by: Who inside is told first when it runs late.
        closing: Whether the loop stays open until it is settled.
        waivable_by: Who may let it go; nobody, if empty.
        ends_with_death: Whether the patient's death drops it.
        reaches_patient: Whether it may end with `UnableToReach`.
        pausable: Whether a pause holds it.
        optional: Whether a practice may say that it wants no such duty.
        outlives: Whether it goes on in an ended case.
        sees: The facts as a limit for one of its items reads them, by default as they are.
        source: Where the duty comes from.
    """

    name: str
    says: str = ""
    item: ItemOf = whole_case
    starts: tuple[On[F_contra], ...] = ()
    met_by: tuple[On[F_contra], ...] = ()
    excused_by: tuple[On[F_contra], ...] = ()
    dropped_by: tuple[On[F_contra], ...] = ()
    owed_by: Role = Role.OWNER
    kept_by: Role = Role.OWNER
    closing: bool = False
    waivable_by: tuple[Role, ...] = ()
    ends_with_death: bool = False
    reaches_patient: bool = False
    pausable: bool = False
    optional: bool = False
    outlives: bool = False
    sees: Callable[[Any, str], Any] | None = None
    source: str = field(default="")

    @property
    def endings(self) -> tuple[tuple[How, On[F_contra]], ...]:
        """How events end it, in the order in which they are tried."""
        return (
            *((How.MET, row) for row in self.met_by),
            *((How.EXCUSED, row) for row in self.excused_by),
            *((How.DROPPED, row) for row in self.dropped_by),
        )

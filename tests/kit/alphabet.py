"""
The letters of which random workflows are made: events, what they teach, and claims about them.

Everything is at module level, so that cases made of it can be pickled. The words mean
nothing: `Rang` is not a call, it is a piece of news that a random table may give any meaning.
"""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any

from attrs import field, frozen

from carecoord.events import Act, Event, Facts, LoopClosed, News, PatientDied, Reopened
from carecoord.tables import All, Not, Said, Where, by_about, every_item, whole_case
from carecoord.vocabulary import Urgency

MOST_STATES = 8
CANARY = "Mrs Canary"
"""What a person wrote: in every field that may hold such a text, and to be read nowhere."""
ERROR, SUPERSEDED = "ENTERED_IN_ERROR", "SUPERSEDED"


@frozen(kw_only=True)
class Things(Facts):
    """What random events teach."""

    size: int = 0
    seen: tuple[str, ...] = ()
    needed_by: datetime | None = None
    said: str = field(default="", repr=False)


@frozen(kw_only=True)
class _Speaks(News):
    size: int = 0
    needed_by: datetime | None = None


@frozen(kw_only=True)
class _Does(Act):
    size: int = 0
    said: str = field(default="", repr=False)


@frozen(kw_only=True)
class Knocked(_Speaks):
    """News."""


@frozen(kw_only=True)
class Rang(_Speaks):
    """News."""


@frozen(kw_only=True)
class Left(_Speaks):
    """News."""


@frozen(kw_only=True)
class Returned(_Speaks):
    """News."""


@frozen(kw_only=True)
class Answered(_Does):
    """An act."""


@frozen(kw_only=True)
class Mended(_Does):
    """An act."""


@frozen(kw_only=True)
class Paid(_Does):
    """An act."""


@frozen(kw_only=True)
class Posted(_Does):
    """An act that tells somebody something."""

    to: str = "next door"

    def tells(self) -> str | None:
        return self.to


NEWS: tuple[type[Event], ...] = (Knocked, Rang, Left, Returned)
ACTS: tuple[type[Event], ...] = (Answered, Mended, Paid, Posted)
LETTERS = (*NEWS, *ACTS)

STATES = {
    number: Enum(  # type: ignore[misc]  # mypy wants the names of members written out
        f"States{number}",
        {**{f"S{n}": f"random state {n}" for n in range(number)}, SUPERSEDED: "a duplicate", ERROR: "never was"},
        module=__name__,
    )
    for number in range(3, MOST_STATES + 1)
}
globals().update({states.__name__: states for states in STATES.values()})  # where pickle looks for them


# --- what events teach ----------------------------------------------------------------------


def take_size(facts: Things, event: Any) -> Things:
    return facts.but(size=event.size)


def grow(facts: Things, event: Any) -> Things:
    return facts.but(size=min(facts.size + 1, 2))


def remember(facts: Things, event: Any) -> Things:
    about = event.about or ""
    return facts if about in facts.seen else facts.but(seen=(*facts.seen, about))


def listen(facts: Things, event: Any) -> Things:
    return facts.but(said=event.said)


def need(facts: Things, event: Any) -> Things:
    return facts.but(needed_by=event.needed_by)


def hurry(facts: Things, event: Any) -> Things:
    return facts.but(urgency=Urgency(event.size))


def forget(facts: Things, event: Any) -> Things:
    return facts.but(size=0, seen=())


LESSONS: tuple[Callable[..., Things], ...] = (take_size, grow, remember, hurry)
NEWS_LESSONS = (*LESSONS, need)
ACT_LESSONS = (*LESSONS, listen)
COMMON_LESSONS: dict[type[Event], Callable[..., Things]] = {LoopClosed: forget, Reopened: grow, PatientDied: grow}


# --- claims ---------------------------------------------------------------------------------


def seen_before(facts: Things, event: Event) -> bool:
    """the event's item came before"""
    return (event.about or "") in facts.seen


def needed(facts: Things, event: Event) -> bool:
    """there is a moment by which it is needed"""
    return facts.needed_by is not None


CLAIMS = (
    Where(size=1),
    Where(size=0),
    Not(Where(size=2)),
    Said(size=1),
    Said(size=0),
    Said(about="a"),
    Not(Said(about=None)),
    All(Where(size=1), Not(Said(about="b"))),
    seen_before,
    Not(seen_before),
    needed,
)
OF_ALL_EVENTS = tuple(claim for claim in CLAIMS if not (isinstance(claim, Said) and "size" in dict(claim.wanted)))


# --- which item -----------------------------------------------------------------------------


def all_seen(facts: Things, event: Event) -> tuple[str, ...]:
    """each item that came before"""
    return facts.seen


def a_and_b(facts: Things, event: Event) -> tuple[str, ...]:
    """two named items"""
    return ("a", "b")


def by_size(facts: Things, event: Event) -> str:
    """how big it is now"""
    return f"size {facts.size}"


ITEMS = (whole_case, by_about, by_about, by_size)
SEVERAL = (every_item, all_seen, a_and_b)

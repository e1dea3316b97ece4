"""
What happens to a case: the base of all events, and the events every workflow understands.

An event is past tense. *News* happened outside and is never refused; an *act* is something
that somebody here does, judged where it stands by the time it happened. Events hold what
was said and nothing that follows from it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from typing import Any, ClassVar, Final, TypeAlias, TypeVar, cast

import attrs
from attrs import field, frozen

from carecoord._prints import record
from carecoord._records import opened
from carecoord.errors import ImpossibleEvent
from carecoord.moments import Day, moment, zone, zone_of
from carecoord.vocabulary import Actor, Urgency

Fact = TypeVar("Fact", bound="Facts")

ANYBODY: Final = ""
"""To whom a case is on offer whose owner is gone: whoever takes it."""

_put = object.__setattr__


def _when(value: datetime | Day | str) -> datetime:
    """Say to type checkers what `at` takes; `Event` itself reads it, since the zone would be lost here."""
    return cast(datetime, value)


def _heard(value: datetime | str | None) -> datetime:
    """As `_when`; by default the moment when it happened."""
    return cast(datetime, value)


class _Told:
    """
    How events and facts compare and show: attrs would write it anew for each kind, half of what importing costs.

    An event that has no field of its own is therefore a plain class with empty `__slots__`: it is
    made as its base is, and attrs would take forty times as long to add nothing.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return _values(self) == _values(other)

    def __hash__(self) -> int:
        return hash(_values(self))

    def __repr__(self) -> str:
        kind: Any = type(self)
        shown = (f"{one.name}={getattr(self, one.name)!r}" for one in attrs.fields(kind) if one.repr)
        return f"{kind.__qualname__}({', '.join(shown)})"


def _values(told: object) -> tuple[Any, ...]:
    kind: Any = type(told)
    return tuple(getattr(told, one.name) for one in attrs.fields(kind) if one.eq)


@frozen(kw_only=True, eq=False, repr=False)
class Event(_Told):
    """
    One thing that happened.

    Args:
        at: When it happened: an aware datetime, ISO 8601 text with an offset, or a `Day`.
        recorded_at: When the host learned of it; by default the moment when it happened.
        by: Who did it, or which feed told of it.
        key: The host's idempotency key, unique within the case.
        about: Which of several it speaks of: a visit, an appointment, a test, a key.
        zone: The IANA zone whose days count for this event; by default the zone that `at`
            carries, else the calendar's.

    Raises:
        NaiveMoment: a moment has no time zone.
        ImpossibleEvent: the key is empty.
    """

    news: ClassVar[bool]

    at: datetime = field(converter=_when)
    by: Actor
    key: str
    about: str | None = None
    recorded_at: datetime = field(default=None, converter=_heard)
    zone: str | None = None
    day: date | None = field(default=None)
    fingerprint: bytes = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        at: Any = self.at
        if isinstance(at, Day):
            _put(self, "day", at.date)
            _put(self, "zone", at.zone)
            at = at.last
        elif self.zone is None:
            _put(self, "zone", zone_of(at))
        at = moment(at)
        _put(self, "at", at)
        heard: Any = self.recorded_at
        _put(self, "recorded_at", at if heard is None else moment(heard))
        problem = _misfit(self.key, self.by, self.about, self.day, self.zone)
        if problem:
            raise ImpossibleEvent(type(self).__name__, problem)
        if self.zone is not None:
            zone(self.zone)
        _put(self, "fingerprint", record(self))

    @property
    def counts_from(self) -> datetime:
        """From where clocks count that this event starts: its moment, or the first instant of a mere date."""
        return self.at if self.day is None else Day(self.day, cast(str, self.zone)).first

    def tells(self) -> str | None:
        """Return whom this act told something, if it told anybody: who must be told again when it is undone."""
        return None


def _misfit(key: Any, by: Any, about: Any, day: Any, in_zone: Any) -> str:
    if type(key) is not str or not key:
        return "the key must be a text of at least one character"
    if type(by) is not Actor:
        return "`by` must be an Actor: who did it, in which role"
    if about is not None and type(about) is not str:
        return "`about` must be a text: the opaque name of what it speaks of"
    if day is not None and (type(day) is not date or in_zone is None):
        return "`day` must be a date, in a zone; pass at=Day(date, zone)"
    return ""


def is_named(event: Event, name: Any, value: Any) -> None:
    """Refuse an event that does not name whom or what it is about to name: nobody could own a case then."""
    if type(value) is not str or not value:
        raise ImpossibleEvent(type(event).__name__, f"`{name.name}` must be a text of at least one character")


@frozen(kw_only=True, eq=False, repr=False)
class News(Event):
    """Something that happened outside; never refused."""

    news: ClassVar[bool] = True


@frozen(kw_only=True, eq=False, repr=False)
class Act(Event):
    """Something that somebody here does; refused where no row or guard allows it."""

    news: ClassVar[bool] = False


class Way(Enum):
    """How somebody tried to reach the patient."""

    PHONE = "a call"
    MESSAGE = "a text or portal message"
    LETTER = "a letter"
    CERTIFIED_LETTER = "a letter with return receipt"
    VISIT = "somebody went there"


@frozen
class Attempt:
    """One try to reach the patient, for one duty and one item of it (or for all, where `about` is None)."""

    clock: str
    about: str | None
    at: datetime
    way: Way
    zone: str | None = None


class ConflictKind(Enum):
    """What a conflict is about, and so who settles it."""

    OPERATIONAL = "about who does what, when and how: it goes to the managers"
    CLINICAL = "about the patient's care: it goes to the clinicians"


@frozen
class Conflict:
    """One conflict that is declared and not resolved."""

    about: str
    kind: ConflictKind


@frozen
class Link:
    """
    Another case that holds an item of this one.

    `ended_by` is the key of the event that told how it ended, `done` whether with success.
    """

    case: str
    item: str = ""
    relation: str = ""
    ended_by: str = ""
    done: bool = False

    @property
    def holds(self) -> bool:
        """Whether the item is in good hands there: it is being done, or is done."""
        return self.done or not self.ended_by


@frozen(kw_only=True, eq=False, repr=False)
class Facts(_Told):
    """
    What is known of a case beyond its state; a workflow adds its own fields.

    Everything here has a default, since a case may be opened by any event that is heard first.
    Clinical text belongs in fields with `repr=False`.
    `offered` names to whom the case is on offer; `ANYBODY` is among them where its owner is gone.
    `conflicts` are those that are open, and `conflict` is the kind of the last: a limit for one of
    them reads the kind of that one. `left` says that the patient left the practice,
    `administrative` that administration closed the case, which is tallied apart.
    """

    urgency: Urgency = Urgency.ROUTINE
    died: bool = False
    attempts: tuple[Attempt, ...] = ()
    links: tuple[Link, ...] = ()
    offered: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    conflict: ConflictKind | None = None
    left: bool = False
    administrative: bool = False
    resume_by: datetime | None = None

    def but(self: Fact, **changes: Any) -> Fact:
        """
        Return these facts with some of them changed.

        What `attrs.evolve` does, without asking converters and validators again.
        """
        kind = type(self)
        open_kind, values = _SHAPES.get(kind) or _shape(kind)
        changed: Fact = open_kind(*values(self))
        for name, value in changes.items():
            try:
                setattr(changed, name, value)
            except AttributeError:
                raise TypeError(f"{kind.__name__} has no {name}") from None
        changed.__class__ = kind
        return changed


Shape: TypeAlias = tuple[Callable[..., Any], Callable[[Facts], tuple[Any, ...]]]
"""What makes open facts, and what gets the values of all their fields."""

_SHAPES: dict[type[Facts], Shape] = {}


def _shape(kind: type[Facts]) -> Shape:
    names = tuple(one.name for one in attrs.fields(kind))
    # Two threads may both make it; both make the same.
    shape = _SHAPES[kind] = opened(kind), attrgetter(*names)
    return shape


# --- about the log: they say which events are folded, and are not folded themselves ---------


@frozen(kw_only=True, eq=False, repr=False)
class Retracted(News):
    """The event of this key never was. A retraction can itself be retracted."""

    retracts: str


@frozen(kw_only=True, eq=False, repr=False)
class MomentCorrected(News):
    """The event of this key happened at another moment; of several corrections the latest made counts."""

    corrects: str
    moment: datetime = field(converter=moment)


# --- about alarms ---------------------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class Acknowledged(Act):
    """
    Somebody has taken notice: of a surprise (`unexpected`, `overtaken`), or of any clock that names it.

    Of a duty that goes on, it holds the rungs up to the acknowledger's own for as long as the ladder says.
    """

    clock: str


@frozen(kw_only=True, eq=False, repr=False)
class AlarmUndelivered(News):
    """An alarm reached nobody: the next rung falls due now, and after the last the default queue."""

    clock: str
    rung: int


# --- about duties ---------------------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class Waived(Act):
    """Somebody whom the clock allows has let one duty go, with a reason code."""

    clock: str
    reason: str = field(repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class ContactAttempted(Act):
    """Somebody tried to reach the patient for a duty and did not."""

    clock: str
    way: Way


@frozen(kw_only=True, eq=False, repr=False)
class UnableToReach(Act):
    """The practice gives up reaching the patient for a duty; the attempts policy must be satisfied."""

    clock: str


@frozen(kw_only=True, eq=False, repr=False)
class Paused(Act):
    """
    Somebody holds the duties that may wait, or only those of one clock, with a reason code, until they are resumed.

    `about` names the pause, where there may be several. `resume_by` is a deadline of its own.
    What was due by then is late and stays so: nothing that has passed can be paused.
    """

    reason: str = field(repr=False)
    resume_by: datetime = field(converter=moment)
    clock: str | None = None


class Resumed(Act):
    """A pause ends, by default every one, and what it held goes on; `about` names the pause."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class UrgencyChanged(Act):
    """It is more, or less, urgent than it was; what runs, and depends on that, is dated anew."""

    urgency: Urgency


@frozen(kw_only=True, eq=False, repr=False)
class ConflictRaised(News):
    """
    Somebody, on either side, declares a conflict; `about` names it.

    Its kind chooses the pathway. The clocks of care go on, and the owner stays.
    """

    kind: ConflictKind


@frozen(kw_only=True, eq=False, repr=False)
class ConflictResolved(Act):
    """The conflict that `about` names, or the only one, is resolved."""

    outcome: str = field(default="", repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class LinkedCaseEnded(News):
    """A case that was linked ended; where it was not `done` there, what it held is to be followed up again."""

    case: str = field(validator=is_named)
    done: bool


@frozen(kw_only=True, eq=False, repr=False)
class Linked(Act):
    """Another case holds what this one could not finish; `about` names the item of `follow_up`."""

    case: str = field(validator=is_named)
    relation: str = ""


class ToldAgain(Act):
    """The person who was told something that is no longer so has been told; `about` names the person."""

    __slots__ = ()

    def tells(self) -> str | None:
        return self.about


# --- about people ---------------------------------------------------------------------------


class PatientDied(News):
    """The patient died; each clock says what death does to it."""

    __slots__ = ()


class PatientLeft(News):
    """The patient left the practice; what is owed is owed still, until somebody hands it over or closes it."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class SubjectChanged(News):
    """Two records of one patient were merged: the case is about this subject from now on."""

    to: str = field(validator=is_named)


@frozen(kw_only=True, eq=False, repr=False)
class OwnerGone(News):
    """
    Somebody is gone; a case that is theirs belongs to the default queue at once, until somebody takes it up.

    A case that somebody else owns by then stays theirs.
    """

    who: str = field(validator=is_named)


@frozen(kw_only=True, eq=False, repr=False)
class HandoverOffered(Act):
    """
    The case is on offer to somebody; the owner owns it until they accept.

    `accepted` says that they have said yes, or are a queue that takes what it is given: a
    reassignment is this one act.
    """

    to: str = field(validator=is_named)
    accepted: bool = False


@frozen(kw_only=True, eq=False, repr=False)
class HandoverDeclined(Act):
    """The actor, to whom the case was offered, does not take it."""

    reason: str = field(default="", repr=False)


class HandoverAccepted(Act):
    """The actor, to whom the case was offered or whose queue has it, owns it from now on."""

    __slots__ = ()


# --- about the case -------------------------------------------------------------------------


class LoopClosed(Act):
    """Nothing that closing depends on is owed, and somebody closes the loop."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class Reopened(Act):
    """An ended case goes on."""

    reason: str = field(default="", repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class Migrated(Act):
    """
    The case goes on under another version of its workflow, and later folds begin here.

    Only the door `migrate` makes it. `came_from` is the version before, `state` what the state was
    called there; `drops` are (clock, reason), `restarts` clocks, `begins` (clock, item).
    """

    came_from: str
    state: str
    drops: tuple[tuple[str, str], ...] = ()
    restarts: tuple[str, ...] = ()
    begins: tuple[tuple[str, str], ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class Retimed(Act):
    """
    Standing deadlines, (clock, item), are dated anew under another policy, on purpose.

    Only the door `retime` makes it; what the policy said stands in the entry.
    """

    duties: tuple[tuple[str, str], ...]


@frozen(kw_only=True, eq=False, repr=False)
class EnteredInError(Act):
    """The case never was. It is hidden and counts nowhere, and nothing of it is deleted."""

    reason: str = field(default="", repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class ClosedByAdministration(Act):
    """
    Somebody closes an old case for a reason, and lets go what is owed in it.

    They must be allowed to waive each duty that closing depends on; the rest is dropped.
    """

    reason: str = field(repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class SupersededBy(Act):
    """
    The case is a duplicate; another survives. Taken back by `Retracted`.

    `carries` names, as (clock, item), what the survivor carries from now on: all that closing
    depends on and that is owed here.
    """

    case: str = field(validator=is_named)
    carries: tuple[tuple[str, str], ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class Noted(Act):
    """Somebody wrote something down."""

    text: str = field(repr=False)


LOG_EVENTS: tuple[type[News], ...] = (Retracted, MomentCorrected)

DOOR_EVENTS: tuple[type[Event], ...] = (Retimed, Migrated)
"""Kept by a door of their own, and taken by no row: whoever hands one in is refused."""

COMMON_EVENTS: tuple[type[Event], ...] = (
    *LOG_EVENTS,
    PatientDied,
    PatientLeft,
    SubjectChanged,
    OwnerGone,
    ConflictRaised,
    LinkedCaseEnded,
    AlarmUndelivered,
    Acknowledged,
    ContactAttempted,
    Waived,
    UnableToReach,
    UrgencyChanged,
    Paused,
    Resumed,
    Linked,
    ToldAgain,
    HandoverOffered,
    HandoverDeclined,
    HandoverAccepted,
    ConflictResolved,
    Noted,
    EnteredInError,
    LoopClosed,
    ClosedByAdministration,
    SupersededBy,
    Reopened,
    *DOOR_EVENTS,
)
"""In the order in which they count when they happened at one moment."""

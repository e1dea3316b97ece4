"""
What a case is: the world its events make, the book of what was told, and the log lines.

Records only; nothing here decides. Engine rooms build them by position, so the order of
their fields is part of the house. A practice keeps many cases in memory, so what a case is
made of has no room for weak references; the case itself has.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from carecoord._ledger import Ledger, Page
from carecoord.events import Event, Facts, Way
from carecoord.moments import moment
from carecoord.vocabulary import Actor, Role, Urgency

if TYPE_CHECKING:
    from carecoord.effects import Effect

S = TypeVar("S", bound=Enum)
F = TypeVar("F", bound=Facts)

Place: TypeAlias = tuple[datetime, int, str, str]
"""Where an event stands among all: (at, rank of its kind, about, key)."""

Heard: TypeAlias = tuple[str, str, datetime]
"""When a surprise was first noticed: (clock, item, moment)."""

Acted: TypeAlias = tuple[datetime, str]
"""When somebody acted last, and by which event."""

Dates: TypeAlias = "tuple[datetime, datetime | None, Schedule]"
"""When a duty is due, when it opens, and what it shares with others of its row."""

LOOK_AGAIN = "look_again"
"""The clock that runs in every open case: somebody looks at one on which nobody has acted for long."""


@frozen(weakref_slot=False)
class Attempts:
    """
    How often and by which ways the patient must have been tried before giving up.

    `days` counts different local dates; `within`, an elapsed span, lets only tries in that
    time before the claim count.
    """

    tries: int
    days: int = 1
    ways: tuple[tuple[Way, int], ...] = ()
    within: timedelta | None = None


class Shift(Enum):
    """By what a pause moves a deadline that it held."""

    ELAPSED = "by the paused time"
    DAYS = "by the midnights that the pause covered"
    WORKING = "by the working days that the pause covered"
    NOT = "by nothing: somebody needs it by then, and no pause holds it"


@frozen(weakref_slot=False, cache_hash=True)
class Schedule:
    """
    What all deadlines of one policy row share.

    `offsets` are counted from the due moment, negative before it, in rising order and in
    step with `roles`; the last repeats after each `every`. A `provisional` one stands on a
    fail-safe or beyond a calendar's horizon. `reads` names the facts that decided; `lead` is the
    offset of a reminder before the due moment. `shift` says by what a pause moves them, and
    `days_in` whose days they count, where that is not the calendar's zone. For so long as `holds`
    an acknowledgement holds rungs.
    """

    row: str
    unit: str
    offsets: tuple[timedelta, ...]
    roles: tuple[Role, ...]
    every: timedelta | None
    zone: str
    reads: tuple[str, ...] = ()
    attempts: Attempts | None = None
    provisional: bool = False
    shift: Shift = Shift.ELAPSED
    days_in: str | None = None
    holds: timedelta | None = None
    lead: timedelta | None = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        reminds = bool(self.offsets) and self.offsets[0] < timedelta(0)
        object.__setattr__(self, "lead", self.offsets[0] if reminds else None)


@frozen(weakref_slot=False)
class Answer:
    """
    What the policy said, under what it was asked: clock, item, anchor, zone, and what it read.

    `read` holds the values of the facts that `schedule.reads` names. `due_at` is None where
    the practice wants no such duty.
    """

    clock: str
    item: str
    anchor: datetime
    zone: str | None
    read: tuple[Any, ...] = field(repr=False)
    due_at: datetime | None
    opens_at: datetime | None
    schedule: Schedule


@frozen(weakref_slot=False)
class Deadline:
    """One clock running for one item in one round; `key` is that of the event which began it."""

    clock: str
    item: str
    round: int
    started_at: datetime
    key: str
    due_at: datetime
    opens_at: datetime | None
    schedule: Schedule

    @property
    def id(self) -> tuple[str, str, int]:
        return (self.clock, self.item, self.round)

    @property
    def alarms(self) -> tuple[tuple[datetime, Role], ...]:
        """The dated rungs, before the last repeats."""
        due, schedule = self.due_at, self.schedule
        return tuple((due + off, role) for off, role in zip(schedule.offsets, schedule.roles, strict=True))

    @property
    def first_wakes_at(self) -> datetime:
        """When the first thing of it falls due: a reminder, else the due moment."""
        lead = self.schedule.lead
        return self.due_at if lead is None else self.due_at + lead

    def missed(self, at: datetime) -> bool:
        """Whether the deadline is missed at this moment; the due moment itself is too late."""
        return self.due_at <= at


@frozen(weakref_slot=False)
class Redated:
    """
    What a policy said anew of one standing deadline, for as long as it stands on the answer that it stood on.

    `key` is that of the `Retimed`. Which deadline is meant is said by when it began and by the
    answer on which it stood at first, `of`: (due, opens, schedule); `to` is what holds from then on.
    """

    key: str
    clock: str
    item: str
    started_at: datetime
    of: Dates
    to: Dates


class How(Enum):
    """How a duty ended."""

    MET = "done, and in time"
    MET_LATE = "done, at or after the due moment"
    EXCUSED = "not done: the patient could not be reached, or declined"
    WAIVED = "not done: somebody who may has let it go"
    DROPPED = "not done: what happened made it pointless"

    @property
    def done(self) -> bool:
        return self in (How.MET, How.MET_LATE)


@frozen(weakref_slot=False)
class Settled:
    """How one deadline ended."""

    clock: str
    item: str
    round: int
    how: How
    why: str
    started_at: datetime
    due_at: datetime
    at: datetime
    recorded_at: datetime
    by: Actor
    key: str

    @property
    def id(self) -> tuple[str, str, int]:
        return (self.clock, self.item, self.round)


@frozen(weakref_slot=False)
class Pause:
    """
    One pause of these clocks; `until` is None while it goes on.

    `urgency` is what it was before it changed while they were held, if it did.
    """

    name: str
    clocks: tuple[str, ...]
    at: datetime
    until: datetime | None
    key: str
    urgency: Urgency | None = None


def held_since(pauses: tuple[Pause, ...], deadline: Deadline) -> datetime | None:
    """
    Return since when a deadline is held; None where it is not.

    A pause that has ended has moved it, so what was counted once is not counted again. What
    was due before is not held: a pause comes too late for it.
    """
    clock, since, counted = deadline.clock, None, deadline.started_at
    for pause in pauses:
        if clock in pause.clocks:
            if pause.until is None:
                since = since or pause.at
            elif pause.until > counted:
                counted = pause.until
    if since is None or deadline.schedule.shift is Shift.NOT:
        return None
    since = max(since, counted)
    return since if since < deadline.due_at else None


@frozen(weakref_slot=False)
class World(Generic[S, F]):
    """
    What the events say: a function of the kept events and the kept answers, and of nothing else.

    `duties` are owed, in the order in which they began. `acted` is what `look_again` counts from,
    the one duty that every open case has; an ended case has none. `pauses` are all there were,
    in the order in which they began.
    """

    state: S
    facts: F
    owner: str
    subject: str
    duties: tuple[Deadline, ...]
    settled: Ledger
    acted: Acted | None
    pauses: tuple[Pause, ...] = ()

    @property
    def held(self) -> dict[tuple[str, str, int], datetime]:
        """Since when which deadlines are held by a pause, by their ids."""
        if not self.pauses:
            return {}
        found = ((one.id, held_since(self.pauses, one)) for one in self.duties)
        return {which: since for which, since in found if since is not None}


@frozen(weakref_slot=False)
class Told:
    """
    What was told of one running deadline; `wakes_at` is when the next thing of it falls due.

    `rungs` counts the rungs told, `repeats` the number of the newest repeat of the last one.
    `revision` is the number of the event that set, moved or brought the deadline back.
    """

    revision: int
    missed: bool
    rungs: int
    repeats: int
    wakes_at: datetime | None


Mark: TypeAlias = Told | int
"""What was told of a duty; of one of which nothing was told, its revision is all that there is."""


@frozen(weakref_slot=False)
class Quiet:
    """
    What an acknowledgement holds of one running deadline: the rungs up to this one, until then.

    `times` says how often it was held. Where a rung above falls due meanwhile, the hold is over.
    """

    clock: str
    item: str
    round: int
    rung: int
    until: datetime
    times: int

    @property
    def id(self) -> tuple[str, str, int]:
        return (self.clock, self.item, self.round)


@frozen(weakref_slot=False)
class Book:
    """
    What was told: of each duty, in step with the world's, and of `look_again`, if anything was.

    `until` is the latest due moment told, `wakes_at` when the next thing falls due; `ready`
    says whether the loop may be closed. `quiet` is what was acknowledged of what runs.
    """

    told: tuple[Mark, ...]
    look: Told | None
    until: datetime | None
    wakes_at: datetime | None
    ready: bool
    quiet: tuple[Quiet, ...] = ()


def rung_at(deadline: Deadline, rung: int, quiet: Quiet | None) -> datetime:
    """Return when a rung falls due: at its own moment, or when an acknowledgement holds it no longer."""
    due, offsets = deadline.due_at, deadline.schedule.offsets
    own = due + offsets[rung]
    if quiet is None or own >= quiet.until:
        return own
    # Never the last; and nobody above is told before those below.
    above = min(quiet.rung, len(offsets) - 2) + 1
    return own if rung >= above else min(quiet.until, due + offsets[above])


def all_told(deadline: Deadline, mark: Mark, quiet: Quiet | None = None) -> Told:
    """Return what was told of a duty, also where that is nothing."""
    if not isinstance(mark, int):
        return mark
    wakes = deadline.first_wakes_at if quiet is None else min(deadline.due_at, rung_at(deadline, 0, quiet))
    return Told(mark, False, 0, 0, wakes)


@frozen(weakref_slot=False)
class Terms:
    """What a rulebook lends to each case it opens: what time and mishaps need when no rulebook is at hand."""

    policy: str
    queue: str
    look_again: timedelta
    look: Schedule
    first_look: timedelta = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        first = self.look.offsets[0] if self.look.offsets else timedelta(0)
        object.__setattr__(self, "first_look", self.look_again + first)

    def deadline(self, acted: Acted) -> Deadline:
        """Return until when somebody must look again, counted from the last act."""
        at, key = acted
        return Deadline(LOOK_AGAIN, "", 1, at, key, at + self.look_again, None, self.look)


@frozen
class Case(Generic[S, F]):
    """
    One patient's passage through one workflow.

    The history is not part of it. `digest` holds a short hash of each key with its content, and
    `pages` those that came before, where there are many;
    `named` the keys that a retraction or a correction has named; `noticed_at` when a surprise was
    noticed last; `last` where the last folded event stands, and `first` where the opening does, as
    long as none stands behind it. Of the `asked` answers of the policy, `answers` holds those that an
    event which comes last could need.
    """

    id: str
    workflow: str
    version: str
    terms: Terms
    world: World[S, F]
    book: Book
    seq: int
    recorded_at: datetime
    pages: tuple[Page, ...] = field(repr=False)
    digest: bytes = field(repr=False)
    named: tuple[str, ...]
    noticed_at: datetime | None
    first: Place | None
    last: Place | None
    asked: int
    answers: tuple[Answer, ...] = field(repr=False)

    @property
    def state(self) -> S:
        return self.world.state

    @property
    def facts(self) -> F:
        return self.world.facts

    @property
    def owner(self) -> str:
        """Who answers for the case: an opaque id of a person or a queue."""
        return self.world.owner

    @property
    def subject(self) -> str:
        """Whom the case is about: an opaque key of a patient."""
        return self.world.subject

    @property
    def owed(self) -> tuple[tuple[Deadline, Told], ...]:
        """Everything owed, in the order in which it began, and what was told of it."""
        world, book = self.world, self.book
        quiet = {one.id: one for one in book.quiet}
        pairs = [
            (one, all_told(one, mark, quiet.get(one.id) if quiet else None))
            for one, mark in zip(world.duties, book.told, strict=True)
        ]
        if held := world.held:
            pairs = [(one, evolve(told, wakes_at=None) if one.id in held else told) for one, told in pairs]
        if world.acted is not None:
            place, since = len(pairs), world.acted[0]
            while place and pairs[place - 1][0].started_at > since:
                place -= 1
            told = book.look or Told(self.seq, False, 0, 0, since + self.terms.first_look)
            pairs.insert(place, (self.terms.deadline(world.acted), told))
        return tuple(pairs)

    def time_paused(self, *, at: datetime, clock: str | None = None) -> timedelta:
        """
        Return for how long in all the case was paused until this moment, or one clock of it; what overlaps counts once.

        Raises:
            NaiveMoment: *at* has no time zone.
        """
        at, total, counted = moment(at), timedelta(0), None
        for pause in self.world.pauses:
            if clock is None or clock in pause.clocks:
                since = pause.at if counted is None else max(pause.at, counted)
                until = at if pause.until is None else min(at, pause.until)
                if since < until:
                    total, counted = total + (until - since), until
        return total

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Everything owed, in the order in which it began."""
        return tuple(deadline for deadline, _ in self.owed)

    @property
    def settled(self) -> tuple[Settled, ...]:
        """Everything that was owed, in the order in which it ended."""
        return tuple(self.world.settled)


@frozen
class Opening(Generic[F]):
    """
    What `open_case` was given beside the event; the base of every fold.

    Where the case came from another version, `floor` is the case as it was then, in the words of
    this one, and folds begin there.
    """

    id: str
    subject: str
    workflow: str
    version: str
    owner: str
    facts: F
    terms: Terms
    floor: Case[Any, F] | None = None


@frozen
class Entry:
    """
    The journal line of one call; all of them in the order of handing in are the history.

    Args:
        at: The moment of the call: when the host learned of its events, or looked.
        events: The events as taken: one, none where the host only looked, or a backlog.
        claimed: (key, claimed moment) of events whose `at` lay after they were recorded.
        doubtful: Keys of news that claimed a moment further ahead than the rulebook allows.
        answers: What the policy answered anew in this call.
        noticed: Surprises first noticed in this call.
        redated: What the policy said anew in this call of deadlines that stand.
        opening: Given in the entry that opens the case, and in one that brings it to another version.
    """

    at: datetime
    events: tuple[Event, ...]
    claimed: tuple[tuple[str, datetime], ...] = ()
    doubtful: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    noticed: tuple[Heard, ...] = ()
    opening: Opening[Any] | None = None
    redated: tuple[Redated, ...] = ()


@frozen
class Step(Generic[S, F]):
    """What one call decided. `entry` is None where nothing changed or was told: the case is the same object."""

    case: Case[S, F]
    effects: tuple[Effect, ...]
    entry: Entry | None

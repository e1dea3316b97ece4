"""
What every kind of loop at the made-up practice has: its loops, how the practice hears of them, who answers.

A fact of a bundle becomes an event whose key begins with `bundle:` and whose `at` is the
bundle's; when the practice hears of it (`recorded_at`), how often and from whom is invented. All
other events are invented altogether, and their keys begin with `sim:`. What is invented is drawn
from the one table in `shares.py`, for each loop with dice of its own. A kind of loop is a `Desk`
and a row in the table of `hearing.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Protocol

from attrs import evolve
from examples.clinic.bundles import Patient, Window
from examples.clinic.office import Roster, at_work
from examples.clinic.shares import GROUPS, Dice
from examples.clinic.tally import OfKind

from carecoord import (
    Acknowledged,
    Actor,
    DeadlineSet,
    Effect,
    Event,
    LoopClosed,
    ReadyToClose,
    Role,
    Rulebook,
    ToldAgain,
)

MINUTE = timedelta(minutes=1)
NEVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


class AnyLoop(Protocol):
    """What a desk follows; both are ids of the bundle."""

    @property
    def id(self) -> str: ...

    @property
    def patient(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, as it reaches the practice at `event.recorded_at`."""

    loop: AnyLoop
    event: Event
    if_open: bool = False  # news of the patient, which concerns the loop only while it is open


@dataclass(frozen=True, slots=True)
class Ending:
    """How a loop may end: the state, in words, and the colour of its part of a bar."""

    state: str
    words: str
    colour: str


class Desk(ABC):
    """One kind of loop, under one rulebook; *drawn* counts what the dice of all desks gave."""

    rules: ClassVar[Rulebook[Any, Any]]
    title: ClassVar[str]
    one_loop: ClassVar[str]
    """What one loop of this kind is, in a sentence."""
    ends: ClassVar[tuple[Ending, ...]]
    """The ways in which it may end, the one that is wished for first."""
    goes_on: ClassVar[bool] = False
    """Whether it stays open when all is done: then it is unfinished only where something is overdue."""
    answered: ClassVar[tuple[str, ...]] = ("unexpected", "overtaken", "tell_again")
    """Duties that begin where nobody expects them, and that somebody answers."""

    def __init__(
        self, patients: Sequence[Patient], window: Window, seed: int, roster: Roster, drawn: Counter[tuple[str, str]]
    ) -> None:
        self.window = window
        self.seed = seed
        self.roster = roster
        self.drawn = drawn
        self.loops: Mapping[str, Any] = {loop.id: loop for loop in self.loops_of(patients)}
        self.left = self.left_lying()

    # --- what each kind says of itself ------------------------------------------------------

    @abstractmethod
    def loops_of(self, patients: Sequence[Patient]) -> Iterable[AnyLoop]:
        """Return the loops of these patients, each patient's in order."""

    @abstractmethod
    def left_lying(self) -> dict[str, str]:
        """Return the loops that nobody finishes, with the duty that nobody does (see `allotted`)."""

    @abstractmethod
    def messages(self) -> Iterator[Heard]:
        """Yield all that is heard and done about all loops, in any order."""

    @abstractmethod
    def opening(self, loop: Any, event: Event) -> Any:
        """Return what the practice knows when it opens the loop."""

    @abstractmethod
    def answer_to(self, effect: DeadlineSet, told: datetime, dice: Dice) -> Event | None:
        """Return what somebody does because of a duty of this kind alone that has begun."""

    # --- what all have in common ------------------------------------------------------------

    @classmethod
    def unfinished(cls, kind: OfKind) -> float:
        """Return the share of the loops of this kind that are unfinished."""
        return (kind.overdue if cls.goes_on else kind.open) / max(kind.opened, 1)

    def owner(self, loop: AnyLoop) -> str:
        """Return the clinician who answers for the patient."""
        (owner,) = self.dice("owner", loop.patient).some(["clinician-1", "clinician-2", "clinician-3"], 1)
        return owner

    def answer(self, effect: Effect, told: datetime) -> Event | None:
        """Return what somebody does, later, because of an effect that was told at *told*; most need nothing."""
        dice = self.dice("answer", effect.id)
        if isinstance(effect, ReadyToClose) and self.left.get(effect.case_id) != "closing":
            return self.act(LoopClosed, effect, dice.after(told, dice.draw("closing a loop")))
        if not isinstance(effect, DeadlineSet) or effect.clock not in self.answered:
            return None
        if effect.clock not in Desk.answered:
            return self.answer_to(effect, told, dice)
        at = dice.after(told, dice.draw("a surprise"))
        if effect.clock == "tell_again":
            return self.act(ToldAgain, effect, at, about=effect.item)
        return self.act(Acknowledged, effect, at, about=effect.item, clock=effect.clock)

    def act(self, kind: type[Event], effect: Effect, at: datetime, /, **said: Any) -> Event:
        """Return what the coordinator does because of an effect, in office hours."""
        at = at_work(at)
        by = self.roster.actor(Role.COORDINATOR, at)
        return kind(at=at, by=by, key=f"sim:answer:{effect.id}", **said)

    def dice(self, *purpose: object) -> Dice:
        return Dice(self.drawn, self.seed, *purpose)

    def allotted(self, going_on: list[tuple[datetime, str]], group: str, *purpose: object) -> dict[str, str]:
        """Choose those left lying among the latest of these: what lies for years is found one day."""
        worked_on, left_lying = GROUPS["a loop"]
        wanted = -(-left_lying.percent * len(self.loops) // 100)
        dice = self.dice("left lying", *purpose)
        latest = [loop for _, loop in sorted(going_on)[-max(wanted + 1, len(self.loops) // 4) :]]
        chosen = dice.some(latest, wanted)
        self.drawn["a loop", left_lying.name] += len(chosen)
        self.drawn["a loop", worked_on.name] += len(self.loops) - len(chosen)
        return {loop: dice.way(group) for loop in sorted(chosen)}

    def fact(self, kind: type[Event], at: datetime, key: str, /, **said: Any) -> Event:
        """Return what a bundle holds, as an event."""
        return kind(at=at, by=Actor(Role.SYSTEM, "feed-1"), key=f"bundle:{key}", **said)

    def told(
        self, fact: Event, dice: Dice, beside: Callable[[Event], Iterable[Event]] = lambda _: ()
    ) -> Iterator[Event]:
        """Yield one fact as the practice hears of it: perhaps late, perhaps twice, perhaps from two feeds."""
        share = dice.draw("a fact is heard")
        heard = dice.after(fact.at, share)
        if share.name == "by asking":
            heard = at_work(heard)
            yield evolve(fact, recorded_at=heard, by=self.roster.actor(Role.COORDINATOR, heard))
        else:
            known = evolve(fact, recorded_at=heard)
            yield known
            yield from beside(known)
            if (again := dice.draw("a message comes")).name == "twice":
                yield evolve(known, recorded_at=dice.after(heard, again))
        if (second := dice.draw("a second feed")).name == "tells it too":
            by = Actor(Role.SYSTEM, "feed-2")
            yield evolve(fact, by=by, key=f"{fact.key}:second feed", recorded_at=dice.after(heard, second))


def not_before(moment: datetime, event: Event) -> Event:
    """Return the event, recorded no earlier: nothing is filed before there is a loop to file it under."""
    return event if event.recorded_at >= moment else evolve(event, recorded_at=moment)

"""
What happens to one case from its first event on, and the film of it when the engine has played it.

A journey is data: calls in the order of handing in. A film holds, for each call, the case
before it, what the engine decided or refused, and the entries the host had kept by then.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from attrs import evolve, fields, frozen
from tests.kit.stages import Stage

from carecoord.case import Case, Entry, Step, World
from carecoord.effects import DeadlineMissed, Effect
from carecoord.engine import CaughtUp, advance, catch_up, check, open_case, retime
from carecoord.errors import CarecoordError, HistoryNeeded, KeyReused, NoLimit, Refused
from carecoord.events import Event
from carecoord.rulebook import Rulebook
from carecoord.vocabulary import Actor, Role


@frozen
class Hear:
    """One event is handed in, under one of the editions of the rulebook."""

    event: Event
    edition: int = 0

    @property
    def moment(self) -> datetime:
        return self.event.recorded_at


@frozen
class Look:
    """Somebody looks."""

    moment: datetime
    edition: int = 0


@frozen
class Backlog:
    """Several events are handed in at once."""

    events: tuple[Event, ...]
    moment: datetime
    edition: int = 0


@frozen
class Retime:
    """All that stands is dated anew, under one of the editions."""

    moment: datetime
    edition: int = 0
    events: tuple[Event, ...] = ()


Call = Hear | Look | Backlog | Retime
BOSS = Actor(Role.MANAGER, "boss-1")


@frozen(eq=False, repr=False)
class Journey:
    """Calls in the order of handing in; the first opens the case. `seed` is for laws that need chance."""

    stage: Stage
    calls: tuple[Call, ...]
    seed: int = 0

    @property
    def first(self) -> Event:
        """The event that is heard first."""
        call = self.calls[0]
        assert isinstance(call, Hear), "a journey begins with an event"
        return call.event

    def __repr__(self) -> str:
        lines = [f"on {self.stage.name}, seed {self.seed}", *(line for call in self.calls for line in _said(call))]
        return "\n    ".join(lines)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Let Hypothesis print it like this, too."""
        printer.text(repr(self))


def _said(call: Call) -> Iterator[str]:
    under = f" under edition {call.edition}" if call.edition else ""
    if not isinstance(call, Hear):
        yield f"{call.moment:%d.%m. %H:%M:%S}{under}: {type(call).__name__.lower()}"
    for event in () if isinstance(call, Look) else (call.event,) if isinstance(call, Hear) else call.events:
        words = [f"about {event.about!r}"] if event.about else []
        for name in (f.name for f in fields(type(event)) if f.name not in _SAID_ANYHOW):
            value = getattr(event, name)
            words += [f"{name} {value:%d.%m. %H:%M:%S}" if isinstance(value, datetime) else f"{name} {value!r}"]
        when = f"{event.at:%d.%m. %H:%M:%S}, recorded {event.recorded_at:%d.%m. %H:%M:%S}"
        yield f"{when}{under}: {event.key} {type(event).__name__} {', '.join(words)} by {event.by.role.name}"


_SAID_ANYHOW = frozenset({"at", "recorded_at", "key", "about", "by", "zone", "day", "fingerprint"})


@frozen(eq=False)
class Shot:
    """One call: the case and the entries before it, and the step or the refusal that it came to."""

    call: Call
    before: Case[Any, Any] | None
    history: tuple[Entry, ...]
    step: Step[Any, Any] | CaughtUp | None
    refusal: CarecoordError | None = None
    anew: bool = False

    @property
    def case(self) -> Case[Any, Any]:
        """The case after the call."""
        case = self.before if self.step is None else self.step.case
        assert case is not None, "the opening of a journey is never refused"
        return case

    @property
    def moment(self) -> datetime:
        """The moment of the call, which is never before what was heard last."""
        return self.call.moment if self.entry is None else self.entry.at

    @property
    def looked(self) -> bool:
        """Whether the call told what fell due: a look and what is taken do, a refusal and a repeat do not."""
        return self.entry is not None or isinstance(self.call, Look)

    @property
    def effects(self) -> tuple[Effect, ...]:
        return () if self.step is None else self.step.effects

    @property
    def entry(self) -> Entry | None:
        return None if self.step is None else self.step.entry


@frozen(eq=False)
class Film:
    """A journey as the engine played it."""

    journey: Journey
    shots: tuple[Shot, ...]

    @property
    def case(self) -> Case[Any, Any]:
        return self.shots[-1].case

    @property
    def world(self) -> World[Any, Any]:
        return self.case.world

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(shot.entry for shot in self.shots if shot.entry is not None)

    @property
    def kept(self) -> tuple[Event, ...]:
        """Every event that was taken, in the order of handing in."""
        return tuple(event for entry in self.entries for event in entry.events)

    @property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(effect for shot in self.shots for effect in shot.effects)

    @property
    def refused(self) -> frozenset[str]:
        """The keys of acts that were refused."""
        keys = {shot.call.event.key for shot in self.shots if shot.refusal and isinstance(shot.call, Hear)}
        keys |= {key for shot in self.shots if isinstance(shot.step, CaughtUp) for key, _ in shot.step.refused}
        return frozenset(keys)


def play(journey: Journey) -> Film:
    """Let the engine play a journey; what it refuses is left out and the case goes on."""
    shots: list[Shot] = []
    for call in journey.calls:
        shots.append(shoot(journey.stage, shots, call))
    for shot in shots:
        SEEN["misses"] += sum(isinstance(effect, DeadlineMissed) for effect in shot.effects)
        SEEN["folds"] += shot.anew
        SEEN["refusals"] += shot.refusal is not None
    SEEN["films"] += 1
    return Film(journey, tuple(shots))


def shoot(stage: Stage, shots: Sequence[Shot], call: Call) -> Shot:
    """Let the engine take one more call."""
    rules = stage.editions[call.edition]
    if not shots:
        assert isinstance(call, Hear), "a journey begins with an event"
        return Shot(
            call, None, (), open_case(rules, call.event, id="c-1", subject="p-1", owner="dr-1", facts=stage.facts)
        )
    last = shots[-1]
    history = last.history if last.entry is None else (*last.history, last.entry)
    return _shot(rules, last.case, history, call)


def _shot(rules: Rulebook[Any, Any], case: Case[Any, Any], history: tuple[Entry, ...], call: Call) -> Shot:
    anew = False
    try:
        if isinstance(call, Look):
            return Shot(call, case, history, check(case, at=call.moment))
        if isinstance(call, Retime):
            return Shot(call, case, history, retime(rules, case, history, at=call.moment, by=BOSS), anew=True)
        if isinstance(call, Backlog):
            step = catch_up(rules, case, call.events, history, at=call.moment)
            return Shot(call, case, history, step, anew=step.case.seq != case.seq)
        try:
            return Shot(call, case, history, advance(rules, case, call.event))
        except HistoryNeeded:
            anew = True
            return Shot(call, case, history, advance(rules, case, call.event, history), anew=True)
    except (Refused, NoLimit, KeyReused) as refusal:
        if isinstance(call, Hear) and call.event.news and not isinstance(refusal, KeyReused):
            raise AssertionError(f"news was refused: {refusal}") from refusal
        return Shot(call, case, history, None, refusal, anew)


SEEN: Counter[str] = Counter()
"""What was met while playing: misses told, folds anew, refusals, films."""


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Count what is met within; what was counted before is put back behind it."""
    before = SEEN.copy()
    SEEN.clear()
    seen: Counter[str] = Counter()
    try:
        yield seen
    finally:
        seen.update(SEEN)
        SEEN.clear()
        SEEN.update(before)


def smallest(journey: Journey, fails: Callable[[Journey], bool]) -> Journey:
    """Leave out one call after the other as long as it still fails."""
    for number in reversed(range(1, len(journey.calls))):
        fewer = evolve(journey, calls=journey.calls[:number] + journey.calls[number + 1 :])
        if fails(fewer):
            return smallest(fewer, fails)
    return journey

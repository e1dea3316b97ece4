"""
Draws events one after the other, while the engine plays them, so that moments fall where they hurt.

Moments are drawn on a coarse grid and among the case's own: due, opening and starting
moments, alarms and earlier events, mostly exactly, else an instant beside.
"""

from datetime import datetime, timedelta
from typing import Any

from attrs import evolve, fields
from hypothesis import strategies as st
from tests.kit.alphabet import CANARY
from tests.kit.drawing import Draw, chance, pick, up_to
from tests.kit.journeys import Call, Hear, Shot, shoot
from tests.kit.stages import ROLES, Stage

from carecoord.case import Case, Deadline
from carecoord.events import (
    ConflictKind,
    ConflictRaised,
    Event,
    HandoverOffered,
    Linked,
    LinkedCaseEnded,
    OwnerGone,
)
from carecoord.moments import Day
from carecoord.vocabulary import Actor, Role
from carecoord.workflow import LOOK_AGAIN

BESIDE = (timedelta(0),) * 6 + (timedelta(microseconds=-1), timedelta(microseconds=1), timedelta(minutes=-1))
ACTORS = tuple(Actor(role, f"{role.name.lower()}-1") for role in ROLES)
FEED = Actor(Role.SYSTEM, "feed")
NURSE = Actor(Role.NURSE, "n-1")
PEOPLE = ("dr-1", "dr-2", *(actor.id for actor in ACTORS[1:4]), "queue")
_SAYS: dict[type[Event], dict[str, Any]] = {
    Linked: {"case": st.sampled_from(("c-2", "c-3"))},
    LinkedCaseEnded: {"case": st.sampled_from(("c-2", "c-3")), "done": st.booleans()},
    ConflictRaised: {"kind": st.sampled_from(ConflictKind)},
    HandoverOffered: {"to": st.sampled_from(PEOPLE), "accepted": st.booleans()},
    OwnerGone: {"who": st.sampled_from(PEOPLE)},
}


class Writer:
    """Draws one call after the other and knows where the case stands."""

    def __init__(self, draw: Draw, stage: Stage) -> None:
        self.draw = draw
        self.stage = stage
        self.now = stage.begin
        self.shots: list[Shot] = []
        self.heard: list[Event] = []
        self.number = 0

    # --- the case so far ----------------------------------------------------------------------

    @property
    def case(self) -> Case[Any, Any]:
        return self.shots[-1].case

    @property
    def owed(self) -> tuple[Deadline, ...]:
        return tuple(one for one in self.case.deadlines if one.clock != LOOK_AGAIN)

    def call(self, call: Call) -> None:
        """Let the engine take the call; time has come so far."""
        self.shots.append(shoot(self.stage, self.shots, call))
        self.now = max(self.now, call.moment)

    def hear(self, event: Event) -> None:
        """Let the engine hear an event, under one of the editions."""
        self.heard.append(event)
        editions = len(self.stage.editions)
        self.call(Hear(event, up_to(self.draw, editions - 1) if editions > 1 and self.shots else 0))

    # --- moments ------------------------------------------------------------------------------

    def dates(self) -> list[datetime]:
        """The case's own moments."""
        case, found = self.case, [event.at for event in self.heard]
        for one in case.deadlines:
            found += [one.started_at, one.due_at, one.due_at, *(at for at, _ in one.alarms)]
            found += [] if one.opens_at is None else [one.opens_at]
        for old in case.settled:
            found += [old.started_at, old.due_at, old.at]
        return found

    def later(self) -> datetime:
        """A moment for a call: now, a few steps on, when something falls due; or, seldom, before another feed's now."""
        kind = up_to(self.draw, 30)
        if kind <= 9:
            return self.now
        if kind <= 18 or not self.shots:
            return self.now + self.stage.grid * (1 + up_to(self.draw, 5))
        if kind == 19:
            return self.now - self.stage.grid * up_to(self.draw, 3)
        ahead = sorted(at for at in self.dates() if self.now < at < self.now + timedelta(days=40))
        if not ahead:
            return self.now + self.stage.grid
        return max(self.now, ahead[up_to(self.draw, min(len(ahead), 4) - 1)] + pick(self.draw, BESIDE))

    def happened(self, recorded_at: datetime, *, late: int = 45) -> datetime:
        """When something happened that was recorded then: just then, or earlier; seldom later."""
        if not chance(self.draw, late):
            return recorded_at
        if chance(self.draw, 4):
            return recorded_at + pick(self.draw, (timedelta(minutes=3), self.stage.grid))
        past = [at for at in self.dates() if at <= recorded_at] if self.shots else []
        if past and chance(self.draw, 70):
            return min(recorded_at, pick(self.draw, past[:190]) + pick(self.draw, BESIDE))
        return recorded_at - self.stage.grid * (1 + up_to(self.draw, 7))

    # --- events -------------------------------------------------------------------------------

    def key(self) -> str:
        """Return a new key; keys do not sort as they come."""
        self.number += 1
        return f"{up_to(self.draw, 3)}-{self.number}"

    def event(self, kind: type[Event], at: datetime, recorded_at: datetime, /, **said: Any) -> Event:
        """Make an event of this kind that says something."""
        words = {name: self.draw(words) for name, words in (_SAYS.get(kind) or self.stage.says(kind)).items()}
        about = pick(self.draw, self.stage.items)
        by = FEED if kind.news else pick(self.draw, ACTORS)
        words = {"about": about, "by": by, **hidden(kind), **words, **said}
        if not chance(self.draw, 8):
            return kind(at=at, recorded_at=recorded_at, key=self.key(), **words)
        zone = pick(self.draw, self.stage.zones)
        if kind.news and chance(self.draw, 50):
            day = Day(at.date(), zone)
            heard = pick(self.draw, (recorded_at, max(recorded_at, day.last)))
            return kind(at=day, recorded_at=heard, key=self.key(), **words)
        return kind(at=at, recorded_at=recorded_at, zone=zone, key=self.key(), **words)

    def common(self, kind: type[Event], /, *, late: int = 30, **said: Any) -> None:
        """Hear one of the events that every workflow understands."""
        recorded_at = self.later()
        said = {"by": FEED if kind.news else pick(self.draw, ACTORS), **hidden(kind), **said}
        self.hear(kind(at=self.happened(recorded_at, late=late), recorded_at=recorded_at, key=self.key(), **said))

    def open(self) -> None:
        """Hear an event that opens the case."""
        flow, facts = self.stage.workflow, self.stage.facts
        recorded_at = self.later()
        kind = pick(self.draw, flow.opening_events)
        event = self.event(kind, self.happened(recorded_at, late=20), recorded_at)
        rows = flow.rows(None, kind)
        if not any(row.to is not None and (row.given is None or row.given(facts, event)) for row in rows):
            event = self.event(flow.opening_events[0], event.at, event.recorded_at)
        if not event.news:
            event = evolve(event, at=min(event.at, event.recorded_at))
        self.hear(event)
        if self.stage.goes_on and chance(self.draw, 75):
            for kind, said in self.stage.goes_on:
                self.hear(self.event(kind, self.now, self.now, **said))


def hidden(kind: type[Event]) -> dict[str, str]:
    """What a person may write into an event of this kind; the canary sings in all of it."""
    return dict.fromkeys((f.name for f in fields(kind) if f.init and f.repr is False), CANARY)

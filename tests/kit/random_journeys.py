"""
Random journeys, written while the engine plays them, so that moments fall where they hurt.

Moments are drawn on a coarse grid and among the case's own: due, opening and starting
moments, alarms and earlier events, mostly exactly, else an instant beside. Each kind of
event that all workflows share has scripts of its own.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from tests.kit.drawing import Draw, chance, pick, up_to
from tests.kit.journeys import Backlog, Call, Hear, Journey, Look, Shot, shoot
from tests.kit.stages import ROLES, Stage

from carecoord.case import Case, Deadline
from carecoord.events import (
    Acknowledged,
    AlarmUndelivered,
    ContactAttempted,
    EnteredInError,
    Event,
    Linked,
    LoopClosed,
    MomentCorrected,
    Noted,
    PatientDied,
    Reopened,
    Retracted,
    ToldAgain,
    UnableToReach,
    Waived,
    Way,
)
from carecoord.moments import Day
from carecoord.vocabulary import Actor, Role
from carecoord.workflow import LOOK_AGAIN

_BESIDE = (timedelta(0),) * 6 + (timedelta(microseconds=-1), timedelta(microseconds=1), timedelta(minutes=-1))
_ACTORS = tuple(Actor(role, f"{role.name.lower()}-1") for role in ROLES)
_FEED = Actor(Role.SYSTEM, "feed")
_NURSE = Actor(Role.NURSE, "n-1")
_LEAST, _MOST = 5, 14
_SAYS: dict[type[Event], dict[str, Any]] = {Linked: {"case": st.just("c-2")}}


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
        """A moment for a call: now, a few steps on, or when something falls due."""
        kind = up_to(self.draw, 9)
        if kind <= 2:
            return self.now
        if kind <= 5 or not self.shots:
            return self.now + self.stage.grid * (1 + up_to(self.draw, 5))
        ahead = sorted(at for at in self.dates() if self.now < at < self.now + timedelta(days=40))
        if not ahead:
            return self.now + self.stage.grid
        return max(self.now, ahead[up_to(self.draw, min(len(ahead), 4) - 1)] + pick(self.draw, _BESIDE))

    def happened(self, recorded_at: datetime, *, late: int = 45) -> datetime:
        """When something happened that was recorded then: just then, or earlier; seldom later."""
        if not chance(self.draw, late):
            return recorded_at
        if chance(self.draw, 4):
            return recorded_at + pick(self.draw, (timedelta(minutes=3), self.stage.grid))
        past = [at for at in self.dates() if at <= recorded_at] if self.shots else []
        if past and chance(self.draw, 70):
            return min(recorded_at, pick(self.draw, past[:190]) + pick(self.draw, _BESIDE))
        return recorded_at - self.stage.grid * (1 + up_to(self.draw, 7))

    # --- events -------------------------------------------------------------------------------

    def key(self) -> str:
        """Return a new key; keys do not sort as they come."""
        self.number += 1
        return f"{up_to(self.draw, 3)}-{self.number}"

    def event(self, kind: type[Event], at: datetime, recorded_at: datetime, **said: Any) -> Event:
        """Make an event of this kind that says something."""
        words = {name: self.draw(words) for name, words in (_SAYS.get(kind) or self.stage.says(kind)).items()}
        about = pick(self.draw, self.stage.items)
        by = _FEED if kind.news else pick(self.draw, _ACTORS)
        words = {"about": about, "by": by, **words, **said}
        if not chance(self.draw, 8):
            return kind(at=at, recorded_at=recorded_at, key=self.key(), **words)
        zone = pick(self.draw, self.stage.zones)
        if kind.news and chance(self.draw, 50):
            day = Day(at.date(), zone)
            heard = pick(self.draw, (recorded_at, max(recorded_at, day.last)))
            return kind(at=day, recorded_at=heard, key=self.key(), **words)
        return kind(at=at, recorded_at=recorded_at, zone=zone, key=self.key(), **words)

    def common(self, kind: type[Event], *, late: int = 30, **said: Any) -> None:
        """Hear one of the events that every workflow understands."""
        recorded_at = self.later()
        said = {"by": _FEED if kind.news else pick(self.draw, _ACTORS), **said}
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
        if not kind.news:
            event = evolve(event, at=min(event.at, event.recorded_at))
        self.hear(event)

    def own(self) -> None:
        """Something of the workflow's own happens, mostly something that fits."""
        flow = self.stage.workflow
        kinds = flow.events
        if chance(self.draw, 70):
            fitting = [kind for kind in kinds if self.stage.takes(self.case.state, kind)]
            kinds = tuple(fitting) or kinds
        recorded_at = self.later()
        self.hear(self.event(pick(self.draw, kinds), self.happened(recorded_at), recorded_at))

    def meet(self) -> None:
        """Somebody does what is owed: before the due moment, at it, or long after."""
        if not self.owed:
            return self.own()
        duty = pick(self.draw, self.owed)
        rows = self.stage.workflow.clock(duty.clock).met_by
        if not rows:
            return self.own()
        kind = pick(self.draw, rows).event
        recorded_at = self.later()
        if chance(self.draw, 40):
            recorded_at = max(recorded_at, duty.due_at + pick(self.draw, _BESIDE))
        about = duty.item or None
        said: dict[str, Any] = {"about": about} if chance(self.draw, 80) else {}
        if kind is Acknowledged:
            said["clock"] = duty.clock
        self.hear(self.event(kind, self.happened(recorded_at), recorded_at, **said))
        return None

    # --- events about the log -----------------------------------------------------------------

    def retract(self) -> None:
        """Some event never was, perhaps one that is yet to come; sometimes it is heard again under a new key."""
        event = pick(self.draw, self.heard[-12:])
        key = event.key if chance(self.draw, 92) else f"{up_to(self.draw, 3)}-{self.number + 2}"
        self.common(Retracted, retracts=key, about=None)
        kind = up_to(self.draw, 5)
        if kind <= 1:
            self.common(Retracted, retracts=self.heard[-1].key, about=None)
        elif kind == 2:
            recorded_at = max(self.now, event.recorded_at)
            self.hear(evolve(event, key=self.key(), recorded_at=recorded_at, at=min(event.at, recorded_at)))

    def correct(self) -> None:
        """Some event happened at another moment; mostly one that began a duty, and not much earlier or later."""
        key = pick(self.draw, self.heard[-12:]).key if chance(self.draw, 92) else f"0-{self.number + 2}"
        recorded_at = self.later()
        at = self.happened(recorded_at, late=95)
        if self.owed and chance(self.draw, 70):
            duty = pick(self.draw, self.owed)
            key = duty.key
            if chance(self.draw, 60):
                at = duty.started_at + self.stage.grid * (up_to(self.draw, 4) - 2)
        self.common(MomentCorrected, corrects=key, moment=at, about=None)

    def repeat(self) -> None:
        """A feed says the same again."""
        event = pick(self.draw, self.heard)
        self.call(Hear(evolve(event, recorded_at=max(event.recorded_at, self.later()))))

    # --- events about duties ------------------------------------------------------------------

    def let_go(self) -> None:
        """Somebody waives a duty, tries to reach the patient, gives up, or takes notice."""
        if not self.owed:
            return self.own()
        duty = pick(self.draw, self.owed)
        clock = self.stage.workflow.clock(duty.clock)
        named = {"clock": duty.clock, "about": duty.item or None}
        if clock.reaches_patient and chance(self.draw, 60):
            for _ in range(up_to(self.draw, 2)):
                self.common(ContactAttempted, way=pick(self.draw, (Way.PHONE, Way.LETTER)), **named)
            self.common(UnableToReach, **named)
        elif clock.waivable_by:
            by = Actor(pick(self.draw, clock.waivable_by), "u-1") if chance(self.draw, 80) else _ACTORS[-1]
            self.common(Waived, reason="moved away", by=by, **named)
        elif duty.clock == "tell_again":
            self.common(ToldAgain, about=duty.item)
        else:
            self.common(Acknowledged, **named)
        return None

    def undelivered(self) -> None:
        """An alarm reached nobody."""
        told = [(one, mark) for one, mark in zip(self.case.deadlines, self.case.book.told, strict=True) if mark.rungs]
        if not told:
            return self.look()
        duty, mark = pick(self.draw, told)
        self.common(AlarmUndelivered, clock=duty.clock, about=duty.item or None, rung=mark.rungs - 1, late=10)
        return None

    def finish(self) -> None:
        """Everything that keeps the loop open is done or waived, and somebody closes it; perhaps it goes on."""
        flow = self.stage.workflow
        if self.case.state not in flow.closes:
            ways = self.stage.towards_closing(self.case.state)
            if not ways:
                return self.own()
            self.hear(self.event(pick(self.draw, ways), self.now, self.now))
        self._settle_all()
        self._settle_all()  # what was done may have begun something
        self.hear(LoopClosed(at=self.now, by=_ACTORS[0], key=self.key()))
        if chance(self.draw, 40):
            self.common(Reopened, late=10)
        return None

    def about_the_case(self) -> None:
        """It is closed, goes on, ends by death, never was; or somebody writes something down."""
        kinds: list[type[Event]] = [PatientDied, EnteredInError, Noted, Linked]
        kinds += 3 * [kind for kind in (LoopClosed, Reopened) if self.stage.takes(self.case.state, kind)] or [
            LoopClosed
        ]
        kind = pick(self.draw, kinds)
        said: dict[str, Any] = {Noted: {"text": "said"}, Linked: {"case": "c-2"}}.get(kind, {})
        self.common(kind, **said)

    # --- time ---------------------------------------------------------------------------------

    def look(self) -> None:
        """Somebody looks."""
        self.call(Look(self.later()))

    def miss(self) -> None:
        """A duty is missed, somebody looks, and then it comes out that it was met; or that it was not, after all."""
        if not self.owed:
            return self.own()
        duty = pick(self.draw, self.owed)
        self.call(Look(max(self.now, duty.due_at + self.stage.grid * up_to(self.draw, 6))))
        rows = self.stage.workflow.clock(duty.clock).met_by
        if rows and chance(self.draw, 75):
            kind = pick(self.draw, rows).event
            said: dict[str, Any] = {"about": duty.item or None}
            if kind is Acknowledged:
                said["clock"] = duty.clock
            at = pick(self.draw, (duty.started_at, duty.due_at, duty.started_at + (duty.due_at - duty.started_at) / 2))
            self.hear(self.event(kind, min(at, self.now), self.now, **said))
            if chance(self.draw, 40):
                self.common(Retracted, retracts=self.heard[-1].key, about=None)
        return None

    def _settle_all(self) -> None:
        for duty in self.owed:
            clock, about = self.stage.workflow.clock(duty.clock), duty.item or None
            if not clock.closing:
                continue
            if clock.waivable_by and chance(self.draw, 60):
                said = {"clock": duty.clock, "reason": "moved away", "by": Actor(clock.waivable_by[0], "u-1")}
                self.hear(Waived(at=self.now, key=self.key(), about=about, **said))
            elif clock.met_by:
                kind = pick(self.draw, clock.met_by).event
                by = _FEED if kind.news else _NURSE
                self.hear(self.event(kind, self.now, self.now, by=by, about=about))

    def untell(self) -> None:
        """What allowed an act that told somebody something is taken back; then that person is told again."""
        tellers = [event for event in self.heard if event.tells()]
        if not tellers:
            return self.own()
        teller = pick(self.draw, tellers)
        before = [event for event in self.heard if event.at <= teller.at and event.news] or [teller]
        self.common(Retracted, retracts=pick(self.draw, before[-6:]).key, about=None)
        kind = up_to(self.draw, 3)
        if kind == 1:
            self.common(ToldAgain, late=60, about=teller.tells())
        elif kind == 2:
            self.common(LoopClosed, late=60)
        return None

    def backlog(self) -> None:
        """Several events come at once."""
        flow, at = self.stage.workflow, self.later()
        events = []
        for _ in range(1 + up_to(self.draw, 3)):
            # An act that opens a case anew changes what those before it stand in: see tests/test_found.py.
            kinds = [kind for kind in flow.events if kind.news or kind not in flow.opening_events]
            kinds = [kind for kind in kinds if self.stage.takes(self.case.state, kind)] or kinds
            recorded_at = at if chance(self.draw, 70) else self.now
            events.append(self.event(pick(self.draw, kinds), self.happened(recorded_at, late=70), recorded_at))
        if chance(self.draw, 30):
            events.append(pick(self.draw, self.heard))
        if chance(self.draw, 30):
            retracted = pick(self.draw, [*self.heard, *events]).key
            events.append(Retracted(at=at, by=_FEED, key=self.key(), retracts=retracted))
        self.heard += [event for event in events if event not in self.heard]
        self.call(Backlog(tuple(events), at))


_SCRIPTS: tuple[tuple[int, Callable[[Writer], None]], ...] = (
    (28, Writer.own),
    (20, Writer.meet),
    (10, Writer.look),
    (12, Writer.miss),
    (9, Writer.retract),
    (8, Writer.correct),
    (2, Writer.repeat),
    (9, Writer.let_go),
    (3, Writer.undelivered),
    (10, Writer.finish),
    (5, Writer.untell),
    (9, Writer.about_the_case),
    (3, Writer.backlog),
)
_WEIGHTED = tuple(script for weight, script in _SCRIPTS for _ in range(weight))


@st.composite
def journeys(draw: Draw, stages: Any, *, without: tuple[Callable[[Writer], None], ...] = ()) -> Journey:
    """Random journeys on random stages."""
    writer = Writer(draw, draw(stages))
    scripts = tuple(script for script in _WEIGHTED if script not in without)
    writer.open()
    calls = _LEAST + up_to(draw, _MOST - _LEAST)
    while len(writer.shots) < calls:
        pick(draw, scripts)(writer)
    return Journey(writer.stage, tuple(shot.call for shot in writer.shots), draw(st.integers(0, 2**32 - 1)))

"""
One telling of a log: event after event, in the order in which they happened.

Within one event: learn; pick the row on the old facts; settle and drop; move; start.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from attrs import define, evolve, field, frozen

from carecoord.case import Answer, Deadline, How, Settled
from carecoord.events import Event, LoopClosed, PatientDied, Reopened, Retimed, UnableToReach, Waived
from carecoord.moments import zone
from carecoord.rulebook import Rulebook
from carecoord.tables import Only, Otherwise
from carecoord.workflow import OVERTAKEN, TELL_AGAIN, UNEXPECTED

SURPRISES = frozenset({UNEXPECTED, OVERTAKEN, TELL_AGAIN})


class NotTaken(Exception):
    """An act does not fit, would overtake others, or the policy has no limit for a clock it starts."""


@frozen
class NewDates:
    """For whatever began then and stands on one answer, what another one says."""

    clock: str
    item: str
    started_at: datetime
    instead_of: Answer
    answer: Answer


@define
class Telling:
    """What one telling of the log comes to, and what was asked and noticed on the way."""

    state: Any
    facts: Any
    answers: list[Answer]
    noticed: dict[tuple[str, str], datetime]
    redated: dict[str, list[NewDates]]
    questions: dict[tuple[str, str], tuple[tuple[Any, ...], Answer]] = field(factory=dict)
    running: list[Deadline] = field(factory=list)
    acted: tuple[datetime, str] | None = None
    settled: list[Settled] = field(factory=list)
    overtaken: list[str] = field(factory=list)
    waiting: list[tuple[datetime, str, str, str, Any]] = field(factory=list)


@define
class Teller:
    """Tells one event after the other. `opened_under` lends workflow and terms; today's `rules` answer what is new."""

    opened_under: Rulebook[Any, Any]
    rules: Rulebook[Any, Any]
    moment: datetime
    judged: set[str]
    doubtful: set[str]
    told: Telling

    def tell(self, event: Event) -> None:
        """One event: learn; pick the row on the old facts; settle and drop; move; start."""
        told, flow = self.told, self.opened_under.workflow
        if isinstance(event, Retimed):
            self._date_anew(told.redated[event.key])
            return
        row = fitting_row(flow, told.state, told.facts, event)
        fits = row is not None
        there = told.state if row is None or row.to is None else row.to
        if not event.news and not (fits and self._claims_hold(event)):
            told.overtaken.append(event.key)
            self._surprise(OVERTAKEN, event)
            return
        if event.news and (not fits or event.key in self.doubtful):
            self._surprise(UNEXPECTED, event)
        for lesson in flow.learning(type(event)):
            told.facts = lesson(told.facts, event)
        before, told.state = told.state, there
        if fits:
            self._settle(event)
            if there in flow.ends and there is not before:
                self._drop_all(event)
            if isinstance(event, Reopened) and before in flow.ends and there not in flow.ends:
                self._bring_back(event, before)
            self._start(event)
        if there in flow.ends:
            told.acted = None
        elif told.acted is None or not event.news:
            told.acted = (event.at, event.key)  # from here look_again counts

    def _date_anew(self, several: list[NewDates]) -> None:
        for number, one in enumerate(self.told.running):
            _, answer = self.told.questions[one.clock, one.item]
            for new in several:
                if (new.clock, new.item, new.started_at) == (one.clock, one.item, one.started_at) and _dates(
                    new.instead_of
                ) == _dates(answer):
                    due, opens, schedule = _dates(new.answer)
                    self.told.running[number] = evolve(one, due_at=due, opens_at=opens, schedule=schedule)

    def notice(self, until: datetime | None) -> None:
        """Surprises are owed from when they were noticed, once the order has come so far."""
        waiting = sorted(self.told.waiting, key=lambda one: one[:4])
        for one in waiting:
            moment, clock, item, key, facts = one
            if until is None or moment <= until:
                self.told.waiting.remove(one)
                self._begin(clock, item, facts, moment, moment, None, moment, key)

    def _surprise(self, clock: str, event: Event) -> None:
        moment = self.told.noticed.setdefault((clock, event.key), self.moment)
        self.told.waiting.append((moment, clock, event.key, event.key, self.told.facts))
        person = event.tells()
        if clock == OVERTAKEN and person is not None:
            self.told.waiting.append((moment, TELL_AGAIN, person, event.key, self.told.facts))

    # --- claims of acts -----------------------------------------------------------------------

    def _claims_hold(self, event: Event) -> bool:
        if isinstance(event, LoopClosed):
            return not any(self._clock(one.clock).closing for one in self.told.running)
        if isinstance(event, (Waived, UnableToReach)) and event.key not in self.judged and not self._named(event):
            # Once taken it gives way to what had settled the duty before it, as is known by now.
            before = [one for one in self.told.settled if one.clock == event.clock and event.about in (None, one.item)]
            return bool(before) and before[-1].how is not How.DROPPED
        if isinstance(event, Waived):
            return len(self._named(event)) == 1 and event.by.role in self._clock(event.clock).waivable_by
        if isinstance(event, UnableToReach):
            named = self._named(event)
            return len(named) == 1 and self._clock(event.clock).reaches_patient and self._tried_enough(named[0], event)
        return True

    def _named(self, event: Waived | UnableToReach) -> list[Deadline]:
        running = [one for one in self.told.running if one.clock == event.clock and one.started_at <= event.at]
        return [one for one in running if event.about in (None, one.item)]

    def _tried_enough(self, deadline: Deadline, event: UnableToReach) -> bool:
        wanted = deadline.schedule.attempts
        if wanted is None:
            return False
        others = [one.item for one in self.told.running if one.clock == deadline.clock and one is not deadline]
        tries = [
            one
            for one in self.told.facts.attempts
            if one.clock == deadline.clock
            and one.about not in others
            and deadline.started_at <= one.at <= event.at
            and (wanted.within is None or event.at - wanted.within <= one.at)
        ]
        days = {one.at.astimezone(zone(one.zone or deadline.schedule.zone)).date() for one in tries}
        ways = Counter(one.way for one in tries)
        enough = all(ways[way] >= number for way, number in wanted.ways)
        return len(tries) >= wanted.tries and len(days) >= wanted.days and enough

    def _clock(self, name: str) -> Any:
        return next(clock for clock in self.opened_under.workflow.all_clocks if clock.name == name)

    # --- clocks -------------------------------------------------------------------------------

    def _settle(self, event: Event) -> None:
        owed = tuple(self.told.running)
        for deadline in owed:
            for how, given, item_of, why in endings(self._clock(deadline.clock), event):
                items = item_of(self.told.facts, event)
                if event.at < deadline.started_at:
                    continue  # what happened before a duty began cannot have met it
                if how is How.MET and deadline.opens_at is not None and event.at < deadline.opens_at:
                    continue
                if not _speaks_of(items, deadline, [one for one in owed if one.clock == deadline.clock]):
                    continue
                if given is None or given(self.told.facts, event):
                    self._end(deadline, how, why, event)
                    break

    def _drop_all(self, event: Event) -> None:
        for deadline in tuple(self.told.running):
            if not self._clock(deadline.clock).outlives:
                self._end(deadline, How.DROPPED, _because(self.told.state), event)

    def _bring_back(self, event: Event, end: Any) -> None:
        """What the end dropped, and what did not begin and end since, starts again."""
        last = {(one.clock, one.item): one for one in self.told.settled}
        for one in last.values():
            if one.how is How.DROPPED and one.why == _because(end):
                self._begin_by(event, self._clock(one.clock), one.item)

    def _end(self, one: Deadline, how: How, why: str, event: Event) -> None:
        if how is How.MET and one.missed(event.at):
            how = How.MET_LATE
        self.told.running.remove(one)
        self.told.settled.append(
            Settled(
                *one.id, how, why, one.started_at, one.due_at, event.at, event.recorded_at, event.by, event.key
            )
        )  # fmt: skip

    def _start(self, event: Event) -> None:
        told, flow = self.told, self.opened_under.workflow
        for clock in flow.all_clocks:
            for row in clock.starts:
                if row.event is not type(event) or (told.state in flow.ends and not clock.outlives):
                    continue
                if row.given is None or row.given(told.facts, event):
                    items = (row.item or clock.item)(told.facts, event)
                    for item in items if isinstance(items, tuple) else (items or "",):
                        self._begin_by(event, clock, item)

    def _begin_by(self, event: Event, clock: Any, item: str) -> None:
        if self.told.facts.died and clock.ends_with_death:
            return
        facts, heard = self.told.facts, event.recorded_at
        self._begin(clock.name, item, facts, event.at, event.counts_from, event.zone, heard, event.key)

    def _begin(
        self,
        clock: str,
        item: str,
        facts: Any,
        at: datetime,
        anchor: datetime,
        zone: str | None,
        heard: datetime,
        key: str,
    ) -> None:
        if any((one.clock, one.item) == (clock, item) for one in self.told.running):
            return
        answer = self._answer(clock, item, facts, anchor, zone, heard, key)
        if answer.due_at is not None:
            self.told.questions[clock, item] = (clock, item, facts, anchor, zone, heard), answer
            rounds = 1 + sum((one.clock, one.item) == (clock, item) for one in self.told.settled)
            self._run(Deadline(clock, item, rounds, at, key, answer.due_at, answer.opens_at, answer.schedule))

    def _run(self, deadline: Deadline) -> None:
        behind = [one for one in self.told.running if _stands_behind(one, deadline)]
        while behind and behind != self.told.running[-len(behind) :]:
            behind.pop(0)  # only those at the very end make room
        self.told.running.insert(len(self.told.running) - len(behind), deadline)

    def _answer(
        self, clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime, key: str
    ) -> Answer:
        """The same question is never asked twice."""
        for kept in self.told.answers:
            read = tuple(heard if name == "(heard)" else getattr(facts, name) for name in kept.schedule.reads)
            if (kept.clock, kept.item, kept.anchor, kept.zone, kept.read) == (clock, item, anchor, zone, read):
                return kept
        try:
            answer = self.rules.ask(clock, item, facts, anchor, zone, heard)
        except Exception as problem:
            if key in self.judged:
                raise NotTaken("the policy has no limit") from problem
            answer = self.rules.stopgap(clock, item, facts, anchor, zone, heard)
        self.told.answers.append(answer)
        return answer


def fitting_row(workflow: Any, state: Any, facts: Any, event: Event) -> Any:
    """The first row of this state and event whose claim holds; none, where the default of its kind takes over."""
    for row in workflow.rows(state, type(event)):
        if row.given is None or row.given(facts, event):
            return None if isinstance(row, Otherwise) else row
    return None


def endings(clock: Any, event: Event) -> list[tuple[How, Callable[..., bool] | None, Callable[..., Any], str]]:
    """What this event may do to a deadline of the clock, in the order in which it is tried."""
    ways = [(how, row.given, row.item or clock.item, row.why) for how, row in clock.endings if row.event is type(event)]
    if isinstance(event, Waived) and event.clock == clock.name and clock.waivable_by:
        ways.append((How.WAIVED, None, _by_name, "waived"))
    if isinstance(event, UnableToReach) and event.clock == clock.name and clock.reaches_patient:
        ways.append((How.EXCUSED, None, _by_name, "unable to reach"))
    if isinstance(event, PatientDied) and clock.ends_with_death:
        ways.append((How.DROPPED, None, _everything, "died"))
    return ways


def _by_name(facts: Any, event: Event) -> str | None:
    return event.about


def _everything(facts: Any, event: Event) -> None:
    return None


def _speaks_of(items: Any, deadline: Deadline, owed: list[Deadline]) -> bool:
    """Whether these items are those of the deadline; None is every one, `Only` may be the only one."""
    if items is None or items == deadline.item:
        return True
    if isinstance(items, str):
        return False
    return deadline.item in items or (isinstance(items, Only) and owed == [deadline])


def _dates(answer: Answer) -> tuple[Any, ...]:
    return answer.due_at, answer.opens_at, answer.schedule


def _because(end: Any) -> str:
    return str(end.name).lower().replace("_", " ")


def _stands_behind(one: Deadline, other: Deadline) -> bool:
    """By when they began; surprises of one moment by clock and item, however they came."""
    both = one.clock in SURPRISES and other.clock in SURPRISES
    if both and one.started_at == other.started_at:
        return (one.clock, one.item) > (other.clock, other.item)
    return one.started_at > other.started_at

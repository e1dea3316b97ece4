"""
One telling of a log: event after event, in the order in which they happened.

Within one event: learn; pick the row on the old facts; settle and drop; move; start.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from attrs import define, evolve, field, frozen

from carecoord.case import Answer, Deadline, How, Pause, Settled, Shift
from carecoord.events import (
    ClosedByAdministration,
    ConflictResolved,
    Event,
    HandoverAccepted,
    HandoverDeclined,
    HandoverOffered,
    LoopClosed,
    OwnerGone,
    PatientDied,
    Paused,
    Reopened,
    Resumed,
    Retimed,
    SubjectChanged,
    SupersededBy,
    UnableToReach,
    UrgencyChanged,
    Waived,
)
from carecoord.moments import zone
from carecoord.policies.anew import Again, Why
from carecoord.rulebook import Rulebook
from carecoord.tables import All, Only, Otherwise
from carecoord.vocabulary import Role
from carecoord.workflow import OVERTAKEN, TELL_AGAIN, UNEXPECTED

SURPRISES = frozenset({UNEXPECTED, OVERTAKEN, TELL_AGAIN})
STILL_SO = frozenset({"take_up", "resolve"})
"""Clocks that are owed again only for what the facts still say when an ended case goes on."""


class NotTaken(Exception):
    """An act does not fit, would overtake others, or the policy has no limit for a clock it starts."""


@frozen
class NewDates:
    """For whatever began then and stands on one answer, how it stands on another."""

    clock: str
    item: str
    started_at: datetime
    instead_of: Answer
    instead: Deadline


@define
class Telling:
    """What one telling of the log comes to, and what was asked and noticed on the way."""

    state: Any
    facts: Any
    owner: str
    subject: str
    answers: list[Answer]
    noticed: dict[tuple[str, str], datetime]
    redated: dict[str, list[NewDates]]
    answered: dict[tuple[str, str], Answer] = field(factory=dict)
    running: list[Deadline] = field(factory=list)
    acted: tuple[datetime, str] | None = None
    settled: list[Settled] = field(factory=list)
    overtaken: list[str] = field(factory=list)
    waiting: list[tuple[datetime, str, str, str, Any]] = field(factory=list)
    pauses: list[Pause] = field(factory=list)
    held: dict[tuple[str, str, int], datetime] = field(factory=dict)


@define
class Teller:
    """Tells one event after the other. `opened_under` lends workflow and terms; today's `rules` answer what is new."""

    opened_under: Rulebook[Any, Any]
    rules: Rulebook[Any, Any]
    moment: datetime
    judged: set[str]
    doubtful: set[str]
    told: Telling
    strict: bool = False

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
        urgency = told.facts.urgency
        self._change_hands(event)
        for lesson in flow.learning(type(event)):
            told.facts = lesson(told.facts, event)
        if event.news and (not fits or event.key in self.doubtful):
            self._surprise(UNEXPECTED, event)
        before, told.state = told.state, there
        if fits:
            self._settle(event)
            if there in flow.ends and there is not before:
                self._drop_all(event)
                self._end_pauses(told.pauses, event.at)
            if isinstance(event, Reopened) and before in flow.ends and there not in flow.ends:
                self._bring_back(event, before)
            if before in flow.ends and there not in flow.ends:
                self._regain(event)
            if there not in flow.ends:
                self._pause_or_urge(event, urgency)
            self._start(event)
        else:
            self._start(event, only="tell_again")
        if there in flow.ends:
            told.acted = None
        elif told.acted is None or not event.news:
            told.acted = (event.at, event.key)  # from here look_again counts

    def _date_anew(self, several: list[NewDates]) -> None:
        for number, one in enumerate(self.told.running):
            answer = self.told.answered[one.clock, one.item]
            for new in several:
                if (new.clock, new.item, new.started_at) == (one.clock, one.item, one.started_at) and _dates(
                    new.instead_of
                ) == _dates(answer):
                    to = new.instead
                    self.told.running[number] = evolve(
                        one, due_at=to.due_at, opens_at=to.opens_at, schedule=to.schedule
                    )
                    self._hold_anew(self.told.running[number])

    def _hold_anew(self, one: Deadline) -> None:
        """What is dated anew is held as if it had had these dates when the pause began."""
        self.told.held.pop(one.id, None)
        over = [pause for pause in self.told.pauses if one.clock in pause.clocks]
        going_on = [pause.at for pause in over if pause.until is None]
        if going_on:
            self._hold(one, max([going_on[0], *(pause.until for pause in over if pause.until is not None)]))

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

    # --- people -------------------------------------------------------------------------------

    def _change_hands(self, event: Event) -> None:
        """The giver owns until the taker accepts; where the owner is gone, the default queue does."""
        told = self.told
        offered = list(told.facts.offered)
        if isinstance(event, HandoverOffered) and not event.accepted:
            offered += [event.to] if event.to not in offered else []
        elif isinstance(event, HandoverOffered | HandoverAccepted):
            told.owner, offered = event.to if isinstance(event, HandoverOffered) else event.by.id, []
        elif isinstance(event, HandoverDeclined):
            offered.remove(event.by.id)
        elif isinstance(event, OwnerGone) and event.who == told.owner:
            told.owner = self.opened_under.default_queue
            offered += [""] if "" not in offered else []
        elif isinstance(event, SubjectChanged):
            told.subject = event.to
        if offered != list(told.facts.offered):
            told.facts = evolve(told.facts, offered=tuple(offered))

    def _regain(self, event: Event) -> None:
        """A case that leaves an end is still on offer to whom it was, and in conflict; `Reopened` says so itself."""
        if not isinstance(event, Reopened):
            for name in self.told.facts.offered:
                self._begin_by(event, self._clock("take_up"), name)
            for conflict in self.told.facts.conflicts:
                self._begin_by(event, self._clock("resolve"), conflict.about)

    # --- pauses and urgency ---------------------------------------------------------------------

    def _pause_or_urge(self, event: Event, urgency: Any) -> None:
        if isinstance(event, Paused):
            clocks = [clock.name for clock in self.opened_under.workflow.all_clocks if clock.pausable]
            held = tuple(clocks) if event.clock is None else (event.clock,)
            self.told.pauses.append(Pause(event.about or "", held, event.at, None, event.key))
            for one in self.told.running:
                self._hold(one, event.at)
        elif isinstance(event, Resumed):
            self._resume(event)
        elif isinstance(event, UrgencyChanged) and self.told.facts.urgency is not urgency:
            for one in tuple(self.told.running):
                if one.id not in self.told.held:
                    self._urge(one, urgency, event)
            self.told.pauses = [
                evolve(one, urgency=urgency) if one.until is None and one.urgency is None else one
                for one in self.told.pauses
            ]

    def _hold(self, one: Deadline, at: datetime) -> None:
        """What runs, may wait and has not passed is held, and stays so until it is resumed."""
        at = max(at, one.started_at)  # what happened before the opening is told right after it
        paused = any(pause.until is None and one.clock in pause.clocks for pause in self.told.pauses)
        fixed = one.schedule.shift is Shift.NOT
        if paused and not fixed and one.id not in self.told.held and at < one.due_at:
            self.told.held[one.id] = at

    def _resume(self, event: Resumed) -> None:
        """What was held moves by the time that it was held, even where another pause goes on."""
        ending = [one for one in self.told.pauses if one.until is None and event.about in (None, one.name)]
        self._end_pauses(ending, event.at)
        for number, one in enumerate(self.told.running):
            over = [pause for pause in ending if one.clock in pause.clocks]
            since = self.told.held.pop(one.id, None) if over else None
            if since is None:
                continue
            if since < event.at:
                again = Again(one, Why.PAUSED, since, one.schedule.days_in)
                self.told.running[number] = self._anew(one, again, event)
            before = next((pause.urgency for pause in over if pause.urgency is not None), None)
            if before is not None:
                self._urge(self.told.running[number], before, event)
            self._hold(self.told.running[number], event.at)

    def _end_pauses(self, ending: list[Pause], at: datetime) -> None:
        if ending is self.told.pauses:
            self.told.held.clear()
        self.told.pauses = [
            evolve(one, until=at) if one.until is None and one in ending else one for one in self.told.pauses
        ]

    def _urge(self, one: Deadline, was: Any, event: Event) -> None:
        now = self.told.facts.urgency
        if now is was or "urgency" not in one.schedule.reads or one.missed(event.at):
            return
        again = (
            Again(one, Why.RISEN, max(event.counts_from, one.started_at), event.zone)
            if now > was
            else Again(one, Why.FALLEN, one.started_at, one.schedule.days_in)
        )
        number = next(n for n, other in enumerate(self.told.running) if other is one)
        self.told.running[number] = self._anew(one, again, event)

    def _anew(self, one: Deadline, again: Again, event: Event) -> Deadline:
        facts = self._seen(one.clock, one.item)
        read = again.read(facts, event.recorded_at)
        found = [
            kept
            for kept in self.told.answers
            if (kept.clock, kept.item, kept.anchor, kept.zone, kept.read)
            == (one.clock, one.item, event.at, again.zone, read)
        ]
        if found:
            answer = found[0]
        else:
            try:
                answer = self.rules.ask_again(again, facts, event.at, event.recorded_at)
            except Exception as problem:
                if self.strict or event.key in self.judged:
                    raise NotTaken("the policy has no limit") from problem
                answer = self.rules.stopgap_again(again, facts, event.at, event.recorded_at)
            self.told.answers.append(answer)
        assert answer.due_at is not None
        return evolve(one, due_at=answer.due_at, opens_at=answer.opens_at, schedule=answer.schedule)

    # --- claims of acts -----------------------------------------------------------------------

    def _claims_hold(self, event: Event) -> bool:
        if isinstance(event, (Paused, Resumed)):
            return self._may_pause_or_resume(event)
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
        return self._claims_of_the_case_hold(event)

    def _claims_of_the_case_hold(self, event: Event) -> bool:
        if isinstance(event, ClosedByAdministration):
            person = event.by.id != "" and event.by.role is not Role.SYSTEM and event.reason.strip() != ""
            return person and all(event.by.role in clock.waivable_by for clock in self._closing())
        if isinstance(event, SupersededBy):
            owed = [(one.clock, one.item) for one in self.told.running]
            left = [duty for duty in owed if duty not in event.carries]
            return not any(self._clock(clock).closing and not self._clock(clock).outlives for clock, _ in left)
        if isinstance(event, ConflictResolved):
            conflicts = [one.about for one in self.told.facts.conflicts]
            return event.about in conflicts if event.about is not None else len(conflicts) == 1
        return self._may_change_hands(event)

    def _closing(self) -> list[Any]:
        """The clocks that are owed and that closing depends on."""
        return [clock for one in self.told.running if (clock := self._clock(one.clock)).closing]

    def _may_change_hands(self, event: Event) -> bool:
        offered = self.told.facts.offered
        if isinstance(event, HandoverOffered):
            return event.to != self.told.owner
        if isinstance(event, HandoverAccepted):
            somebody = event.by.id != "" and event.by.role is not Role.SYSTEM
            return somebody and (event.by.id in offered or "" in offered)
        if isinstance(event, HandoverDeclined):
            return event.by.id != "" and event.by.id in offered
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

    def _may_pause_or_resume(self, event: Paused | Resumed) -> bool:
        going_on = [one.name for one in self.told.pauses if one.until is None]
        if isinstance(event, Resumed):
            return bool(going_on) if event.about is None else event.about in going_on
        pausable = [clock.name for clock in self.opened_under.workflow.all_clocks if clock.pausable]
        may = event.clock is None or event.clock in pausable
        return may and event.resume_by > event.at and (event.about or "") not in going_on

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
                if holds(given, self.told.facts, event):
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
            dropped = one.how is How.DROPPED and one.why == _because(end)
            administration = one.how is How.WAIVED and one.why == "closed by administration"
            if (dropped or administration) and one.clock not in (*STILL_SO, "resume_by"):
                self._begin_by(event, self._clock(one.clock), one.item)

    def _end(self, one: Deadline, how: How, why: str, event: Event) -> None:
        # While it is held its due moment does not come.
        if how is How.MET and one.missed(event.at) and one.id not in self.told.held:
            how = How.MET_LATE
        self.told.running.remove(one)
        self.told.held.pop(one.id, None)
        self.told.settled.append(
            Settled(
                *one.id, how, why, one.started_at, one.due_at, event.at, event.recorded_at, event.by, event.key
            )
        )  # fmt: skip

    def _start(self, event: Event, *, only: str | None = None) -> None:
        told, flow = self.told, self.opened_under.workflow
        for clock in flow.all_clocks:
            for row in clock.starts:
                if row.event is not type(event) or (told.state in flow.ends and not clock.outlives):
                    continue
                if only in (None, clock.name) and holds(row.given, told.facts, event):
                    items = (row.item or clock.item)(told.facts, event)
                    for item in items if isinstance(items, tuple) else (items or "",):
                        self._begin_by(event, clock, item)

    def _begin_by(self, event: Event, clock: Any, item: str) -> None:
        if self.told.facts.died and clock.ends_with_death:
            return
        facts, heard = self._seen(clock.name, item), event.recorded_at
        self._begin(clock.name, item, facts, event.at, event.counts_from, event.zone, heard, event.key)

    def _seen(self, clock: str, item: str) -> Any:
        """The facts as a limit reads them: of several conflicts each goes the pathway of its kind."""
        facts = self.told.facts
        if clock == "resolve":
            kinds = {one.about: one.kind for one in facts.conflicts}
            return evolve(facts, conflict=kinds[item])
        sees = self._clock(clock).sees
        return facts if sees is None else sees(facts, item)

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
            self.told.answered[clock, item] = answer
            rounds = 1 + sum((one.clock, one.item) == (clock, item) for one in self.told.settled)
            deadline = Deadline(clock, item, rounds, at, key, answer.due_at, answer.opens_at, answer.schedule)
            self._run(deadline)
            self._hold(deadline, at)

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
            if self.strict or key in self.judged:
                raise NotTaken("the policy has no limit") from problem
            answer = self.rules.stopgap(clock, item, facts, anchor, zone, heard)
        self.told.answers.append(answer)
        return answer


def holds(claim: Any, facts: Any, event: Event) -> bool:
    """Whether a claim holds; of several together, all of them."""
    if isinstance(claim, All):
        return all(holds(one, facts, event) for one in claim.claims)
    return claim is None or bool(claim(facts, event))


def fitting_row(workflow: Any, state: Any, facts: Any, event: Event) -> Any:
    """The first row of this state and event whose claim holds; none, where the default of its kind takes over."""
    for row in workflow.rows(state, type(event)):
        if holds(row.given, facts, event):
            return None if isinstance(row, Otherwise) else row
    return None


def endings(clock: Any, event: Event) -> list[tuple[How, Callable[..., bool] | None, Callable[..., Any], str]]:
    """What this event may do to a deadline of the clock, in the order in which it is tried."""
    ways = [(how, row.given, row.item or clock.item, row.why) for how, row in clock.endings if row.event is type(event)]
    if isinstance(event, Waived) and event.clock == clock.name and clock.waivable_by:
        ways.append((How.WAIVED, None, _by_name, "waived"))
    if isinstance(event, ClosedByAdministration) and clock.closing and clock.waivable_by:
        ways.append((How.WAIVED, None, _everything, "closed by administration"))
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

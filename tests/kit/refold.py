"""
A case told again from its log alone, as the design says it, for obviousness and not for speed.

Nothing here or in `one_telling` looks into the engine room: rows are read off the workflow
as they stand, each deadline is dated by asking the rulebook, and at each event everything
is told again from the first one. What it is compared with may be as clever as it likes.
"""

from datetime import datetime
from typing import Any

from attrs import define, evolve, field, frozen
from tests.kit.one_telling import NewDates, NotTaken, Teller, Telling, fitting_row

from carecoord._ledger import Ledger
from carecoord.case import Answer, World
from carecoord.events import Event, MomentCorrected, Retracted
from carecoord.policies.anew import Why
from carecoord.rulebook import Rulebook


@frozen
class Line:
    """One kept event: as it was handed in, and as it was taken."""

    handed: Event
    taken: Event
    doubtful: bool


@define
class Refolding:
    """
    One case, folded all again at each event.

    `rules` opened it; they lend the workflow and the look_again span. Each call may come
    with other rules, whose policy answers what was not asked before.
    """

    rules: Rulebook[Any, Any]
    facts: Any
    owner: str
    subject: str
    lines: list[Line] = field(factory=list)
    answers: list[Answer] = field(factory=list)
    noticed: dict[tuple[str, str], datetime] = field(factory=dict)
    overtaken: list[str] = field(factory=list)
    redated: dict[str, list[NewDates]] = field(factory=dict)
    world: World[Any, Any] | None = None
    held: dict[tuple[str, str, int], datetime] = field(factory=dict)

    # --- the doors ----------------------------------------------------------------------------

    def hear(self, rules: Rulebook[Any, Any], event: Event) -> None:
        """Take one event, or raise NotTaken and be as before."""
        if any(line.handed.key == event.key for line in self.lines):
            return  # a repeat; that it says the same is not asked here
        line = self._cut(rules, event)
        told = self._told(
            [*self.lines, line], rules, self._moment(event.recorded_at), judged=set() if event.news else {event.key}
        )
        if not event.news:
            if event.key in told.overtaken:
                raise NotTaken("it does not fit where it stands")
            if set(told.overtaken) - set(self.overtaken):
                raise NotTaken("it would overtake an act already taken")
        self._keep([line], told)

    def catch_up(self, rules: Rulebook[Any, Any], events: tuple[Event, ...], at: datetime) -> list[str]:
        """Take all news, then one act after the other by when it happened; return the keys of those refused."""
        at, refused, taken, acts = self._moment(at), [], [], []
        for event in events:
            if any(line.handed.key == event.key for line in (*self.lines, *taken, *acts)):
                continue
            try:
                line = self._cut(rules, event)
            except NotTaken:
                refused.append(event.key)
            else:
                (taken if event.news else acts).append(line)
        judged: set[str] = set()
        for act in sorted(acts, key=lambda line: self._place(line.taken)):
            before = self._told([*self.lines, *taken], rules, at, judged=judged)
            try:
                after = self._told([*self.lines, *taken, act], rules, at, judged={*judged, act.taken.key})
            except NotTaken:
                refused.append(act.taken.key)
                continue
            if act.taken.key in after.overtaken or set(after.overtaken) - set(before.overtaken):
                refused.append(act.taken.key)
            else:
                taken.append(act)
                judged.add(act.taken.key)
        if taken:
            self._keep(taken, self._told([*self.lines, *taken], rules, at, judged=judged))
        return refused

    def retime(self, rules: Rulebook[Any, Any], event: Event) -> None:
        """
        Ask today's rules about everything that stands, as it was asked about when it began and whenever it moved.

        What they say otherwise holds from the event on, for whatever stands on the same answer.
        """
        moment = self._moment(event.recorded_at)
        before = self._told(self.lines, rules, moment, judged=set())
        firsts = {(one.clock, one.item): before.answered[one.clock, one.item] for one in before.running}
        forgotten = evolve(
            self,
            answers=[one for one in self.answers if not _hangs_on(one, firsts.get((one.clock, one.item)))],
            redated={
                key: [one for one in some if (one.clock, one.item) not in firsts] for key, some in self.redated.items()
            },
        )
        today = forgotten._told(self.lines, rules, moment, judged=set(), strict=True)
        anew = []
        for one in before.running:
            for said in today.running:
                same_row = evolve(said.schedule, row=one.schedule.row)
                same = (said.due_at, said.opens_at, same_row) == (one.due_at, one.opens_at, one.schedule)
                began = (one.clock, one.item, one.started_at)
                if (said.clock, said.item, said.started_at) == began and not same:
                    anew.append(NewDates(*began, firsts[one.clock, one.item], said))
        if anew:
            self.redated[event.key] = anew
            line = Line(event, event, False)
            told = self._told([*self.lines, line], rules, self._moment(event.recorded_at), judged=set())
            self._keep([line], told)

    def _moment(self, at: datetime) -> datetime:
        """Nothing is noticed before what was heard last."""
        return max([at, *(line.handed.recorded_at for line in self.lines)])

    def _keep(self, lines: list[Line], told: Telling) -> None:
        self.lines += lines
        self.answers, self.noticed, self.overtaken = told.answers, told.noticed, told.overtaken
        self.held = told.held
        self.world = World(
            told.state,
            told.facts,
            told.owner,
            told.subject,
            tuple(told.running),
            Ledger(told.settled),
            told.acted,
            tuple(told.pauses),
        )

    def _cut(self, rules: Rulebook[Any, Any], event: Event) -> Line:
        """An event never stands after it was recorded; far ahead, an act is refused and news is doubted."""
        if event.at <= event.recorded_at:
            return Line(event, event, False)
        doubtful = event.counts_from - event.recorded_at > rules.skew.length
        if doubtful and not event.news:
            raise NotTaken("it happened after it was recorded")
        return Line(event, evolve(event, at=event.recorded_at), doubtful)

    # --- one telling --------------------------------------------------------------------------

    def _told(
        self, lines: list[Line], rules: Rulebook[Any, Any], moment: datetime, *, judged: set[str], strict: bool = False
    ) -> Telling:
        told = Telling(None, self.facts, self.owner, self.subject, list(self.answers), dict(self.noticed), self.redated)
        events, corrected = stand([line.taken for line in lines])
        doubtful = {line.taken.key for line in lines if line.doubtful} - corrected
        teller = Teller(self.rules, rules, moment, judged, doubtful, told, strict)
        events.sort(key=self._place)
        flow = self.rules.workflow
        opening = next((one for one in events if fitting_row(flow, None, self.facts, one) is not None), None)
        if opening is None:
            told.state = flow.error
        else:
            events.remove(opening)
            teller.tell(opening)
        for event in events:
            teller.notice(event.at)
            teller.tell(event)
        teller.notice(None)
        return told

    def _place(self, event: Event) -> tuple[datetime, int, str, str]:
        return (event.at, self.rules.workflow.order().index(type(event)), event.about or "", event.key)


def _hangs_on(answer: Answer, first: Answer | None) -> bool:
    """Whether it is that first answer about a duty, or moved the duty later."""
    again = {why.value for why in Why}
    return first is not None and (answer == first or (len(answer.read) > 0 and answer.read[0] in again))


def stand(events: list[Event]) -> tuple[list[Event], set[str]]:
    """Return the events that are folded, each at the moment that counts, and the keys of those that were corrected."""
    retractions = [event for event in events if isinstance(event, Retracted)]

    def never_was(key: str, asked: tuple[str, ...] = ()) -> bool:
        return any(
            one.retracts == key and one.key not in asked and not never_was(one.key, (*asked, one.key))
            for one in retractions
        )

    kept = [event for event in events if not never_was(event.key)]
    of_the_case = [event for event in kept if not isinstance(event, (Retracted, MomentCorrected))]
    corrections = sorted((one for one in kept if isinstance(one, MomentCorrected)), key=lambda one: (one.at, one.key))
    moved = {one.corrects: min(one.moment, one.recorded_at) for one in corrections}
    folded = []
    for event in of_the_case:
        if event.key in moved:
            at = moved[event.key]
            folded.append(evolve(event, at=at, recorded_at=max(event.recorded_at, at), day=None))
        else:
            folded.append(event)
    return folded, set(moved)

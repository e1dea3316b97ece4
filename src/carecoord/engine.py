"""
The doors that change a case. There are no others.

Each takes a case, what came and a moment, and returns a new case, the effects the host owes
and the log line to keep. Nothing here reads a clock, and a call that raises has changed
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from attrs import evolve, frozen

from carecoord._asking import OnlyKept
from carecoord._fold import place_of
from carecoord._log import Taken, cut, is_known, since_floor, taken_again, together
from carecoord._machine import Table, table_of
from carecoord._prints import KEY
from carecoord._retiming import redated
from carecoord._standing import effective
from carecoord._taking import opened, resumed, taken_in
from carecoord._telling import look
from carecoord.case import Case, Entry, Opening, Place, Step
from carecoord.effects import Effect
from carecoord.errors import ForeignEvent, HistoryIncomplete, KeyReused, Refused, WrongRulebook
from carecoord.events import Event, Facts, MomentCorrected
from carecoord.migration import Plan, carried, lost
from carecoord.moments import moment
from carecoord.rulebook import Rulebook
from carecoord.vocabulary import Actor
from carecoord.workflow import Workflow

S = TypeVar("S", bound=Enum)
F = TypeVar("F", bound=Facts)


def open_case(
    rules: Rulebook[S, F], opening: Event, *, id: str, subject: str, owner: str, facts: F | None = None
) -> Step[S, F]:
    """
    Open a case with its first event.

    *facts* are what is known beforehand, and with *owner* the base of every fold; without an
    owner the default queue owns it. What fell due by `opening.recorded_at` is told at once: a
    case can be overdue at birth.

    Raises:
        Refused: the event opens no case of this workflow.
        ForeignEvent: the workflow does not know it.
        NoLimit: the opening is an act, and the timing policy fails.
    """
    table, flow = rules.table, rules.workflow
    if type(opening) not in table.kinds:
        raise _foreign(table, opening)
    if facts is not None and type(facts) is not flow.facts:
        raise WrongRulebook(
            id, f"facts of {type(facts).__name__}", f"{flow.name}, whose facts are {flow.facts.__name__}"
        )
    known = flow.facts() if facts is None else facts
    base = Opening(id, subject, flow.name, flow.version, owner or rules.default_queue, known, rules.terms)
    taken = cut(rules, None, opening, id)
    return opened(table, base, taken, rules.answer)


def advance(rules: Rulebook[S, F], case: Case[S, F], event: Event, history: Sequence[Entry] = ()) -> Step[S, F]:
    """
    Put *event* where it belongs in the case, and say what changed.

    News is never refused; an act may be. What fell due by `event.recorded_at` and is still
    owed is told last. A key that came before with the same content changes nothing.
    *history* is the case's entries in the order of handing in; only late news, retractions
    and corrections need it.

    Raises:
        Refused: *event* is an act, and no row or no guard allows it where it stands.
        KeyReused: the key came before with other content.
        HistoryNeeded: the event belongs before what was taken, and no history came with it.
        HistoryIncomplete: the history is not this case's, or not all of it.
        ForeignEvent, WrongRulebook: the event or the case belongs to another workflow.
        NoLimit: the event is an act, and the timing policy fails.
    """
    table, made, heard, last = rules.table, event.fingerprint, event.recorded_at, case.recorded_at
    if case.workflow != table.name or case.version != table.version:
        rules.must_fit(case)
    kind = table.kinds.get(type(event))
    if kind is None:
        raise _foreign(table, event)
    if kind.elsewhere:
        _must_be_another(case, event)
    # Only where the hash stands somewhere is it looked for where hashes stand.
    if (case.pages or made[:KEY] in case.digest) and is_known(case, event, made):
        return Step(case, (), None)
    taken = ((event,), made, (), ()) if event.at <= heard else cut(rules, case, event)
    # What is noticed in this call is not noticed before what was heard last.
    at = heard if heard > last else last
    return taken_in(table, case, taken, rules.answer, history, at, at)


@frozen
class CaughtUp:
    """What a backlog came to: a step, and the acts that were refused, in the order in which they happened."""

    case: Case[Any, Any]
    effects: tuple[Effect, ...]
    entry: Entry | None
    refused: tuple[tuple[str, Refused], ...] = ()


def catch_up(
    rules: Rulebook[S, F], case: Case[S, F], events: Iterable[Event], history: Sequence[Entry], *, at: datetime
) -> CaughtUp:
    """
    Take a backlog in one call: all news is put in place first, then acts are judged in the order of `at`.

    There is one fold, one difference and one entry. *at* is the moment of catching up: what
    is noticed is noticed then, and what fell due by then is told. Acts that do not fit come
    back as refusals under their key and were never taken; nothing else is lost with them.

    Raises:
        KeyReused, HistoryIncomplete, ForeignEvent, WrongRulebook, NoLimit: as `advance`.
    """
    rules.must_fit(case)
    at, table, history = max(moment(at), case.recorded_at), rules.table, since_floor(history)
    refused: list[tuple[str, Refused]] = []
    news: list[Taken] = []
    acts: list[Taken] = []
    for event in _fresh(table, case, events):
        try:
            if table.kinds[type(event)].elsewhere:
                _must_be_another(case, event)
            taken = cut(rules, case, event)
        except Refused as why:
            refused.append((event.key, why))
        else:
            (news if event.news else acts).append(taken)
    where = _corrected(table, history, (*news, *acts))
    acts.sort(key=lambda act: where.get(act[0][0].key) or place_of(table, act[0][0]))

    def taken_with(fitting: Sequence[Taken]) -> Step[S, F]:
        batch = together((*news, *fitting))
        if not batch[0]:
            return check(case, at=at)
        return taken_in(table, case, batch, rules.answer, history, at, _heard_last(case, batch[0]))

    try:
        step = taken_with(acts) if _all_behind(table, acts, history, where) else None
    except Refused:
        step = None
    if step is None:
        fitting: list[Taken] = []
        for act in acts:
            try:
                taken_with((*fitting, act))
            except Refused as why:
                refused.append((act[0][0].key, why))
            else:
                fitting.append(act)
        step = taken_with(fitting)
    return CaughtUp(step.case, step.effects, step.entry, tuple(refused))


def _heard_last(case: Case[Any, Any], events: Iterable[Event]) -> datetime:
    return max(case.recorded_at, *[event.recorded_at for event in events])


def _corrected(table: Table, history: Sequence[Entry], batch: Sequence[Taken]) -> Mapping[str, Place]:
    """Return where events stand by the moments that count, by their keys, if any moment was corrected."""
    events = [event for entry in history for event in entry.events] + [event for one in batch for event in one[0]]
    if not any(isinstance(event, MomentCorrected) for event in events):
        return {}
    return {event.key: place_of(table, event) for event in effective(events)[0]}


def _all_behind(table: Table, acts: Sequence[Taken], history: Sequence[Entry], where: Mapping[str, Place]) -> bool:
    """Whether no act of a backlog opens the case or stands before one already taken, so that none can overtake."""
    kept = [
        where.get(event.key) or place_of(table, event) for entry in history for event in entry.events if not event.news
    ]
    new = [act[0][0] for act in acts]
    opens = any(table.kinds[type(event)].opens for event in new)
    return not opens and (not new or not kept or (where.get(new[0].key) or place_of(table, new[0])) > max(kept))


def _fresh(table: Table, case: Case[Any, Any], events: Iterable[Event]) -> list[Event]:
    """Return the events of a backlog that the case has not taken, each once."""
    fresh: dict[str, Event] = {}
    for event in events:
        if type(event) not in table.kinds:
            raise _foreign(table, event)
        if (
            not is_known(case, event, event.fingerprint)
            and fresh.setdefault(event.key, event).fingerprint != event.fingerprint
        ):
            raise KeyReused(case.id, event.key)
    return list(fresh.values())


def migrate(
    rules: Rulebook[S, F], case: Case[Any, Any], plan: Plan, *, at: datetime, by: Actor, key: str | None = None
) -> Step[S, F]:
    """
    Bring a case to the version of *rules*, as the plan says. Nothing that is owed is lost without a reason.

    The step's entry holds the case as it was then, in the words of this version. Later folds
    begin there, so what is older need not be kept for them. News from before it is applied
    right behind it, and somebody must take notice; so it is with whatever takes back or moves
    what lies behind it, and an act from before it is refused. To the version that the case has
    already, a migration is a floor and no more. Nobody acts by it: `look_again` goes on.

    Raises:
        Refused: the plan loses a duty or a state, or something was taken that happened later.
        WrongRulebook: it is another workflow, or the facts are not those of this version.
        NoLimit: the timing policy fails for a duty that begins.
        KeyReused: the key came before with other content.
    """
    base, event = carried(rules, case, plan, at, by, key)
    if is_known(case, event, event.fingerprint):
        return Step(case, (), None)
    step = resumed(rules.table, base, ((event,), event.fingerprint, (), ()), rules.answer)
    if claims := lost(rules, event, case.world, step.case.world):
        raise Refused(case.id, case.workflow, case.state.name, type(event).__name__, claims)
    return step


def retime(
    rules: Rulebook[S, F],
    case: Case[S, F],
    history: Sequence[Entry],
    *,
    at: datetime,
    by: Actor,
    duties: Sequence[tuple[str, str]] | None = None,
    key: str | None = None,
) -> Step[S, F]:
    """
    Date what stands anew, as *rules* say today: another policy, calendar or agreement, applied on purpose.

    *duties* are (clock, item); without them it is all that is owed. Each is asked about as when
    it began: the same facts, the same moment. What comes out moves and says so, and holds from
    *at* on; a provisional deadline may become firm. A duty that the practice no longer wants
    stands as it did, unless it is named. Nothing is kept where nothing changes.

    Raises:
        Refused: a named duty is not owed, not wanted, or began before the case came to this
            version; or something was taken that happened later.
        HistoryNeeded, HistoryIncomplete, WrongRulebook, KeyReused: as `advance`.
        NoLimit: the timing policy fails; nothing was dated anew.
    """
    rules.must_fit(case)
    event, rows = redated(rules, case, history, duties, at, by, key)
    if not rows or is_known(case, event, event.fingerprint):
        return Step(case, (), None)
    taken, heard = ((event,), event.fingerprint, (), ()), event.recorded_at
    return taken_in(rules.table, case, taken, rules.answer, history, heard, heard, rows)


def check(case: Case[S, F], *, at: datetime) -> Step[S, F]:
    """
    Tell what fell due by *at* and is still owed. Needs no rulebook, and changes nothing but the book.

    Raises:
        NaiveMoment: *at* has no time zone.
    """
    at = moment(at)
    book = case.book
    wakes = book.wakes_at
    if wakes is None or at < wakes:
        return Step(case, (), None)
    effects, noted = look(case.id, case.terms, case.world, book, case.seq, at)
    return Step(evolve(case, book=noted), effects, Entry(at, ()))


def next_check(case: Case[S, F]) -> datetime | None:
    """
    Return when to call `check` next: nothing happens before, something happens then.

    None where nothing will ever fall due by itself. This is the column a host indexes.
    """
    return case.book.wakes_at


def replay(workflow: Workflow[S, F], entries: Iterable[Entry]) -> tuple[Step[S, F], ...]:
    """
    Return all steps of a case again, from its entries alone; the last holds the case.

    No policy is asked: what it answered stands in the entries. A case that came from another
    version is replayed from its migration on.

    Raises:
        HistoryIncomplete: the entries do not begin with an opening, or lack an answer.
        WrongRulebook: they belong to another workflow or version.
    """
    table = table_of(workflow)
    steps: list[Step[Any, Any]] = []
    past: list[Entry] = []
    for entry in entries:
        if entry.opening is not None:
            steps.append(_reopened(table, workflow, entry))
            past.clear()
        elif not past:
            raise HistoryIncomplete("(unknown)", 1, 0)
        elif not entry.events:
            steps.append(check(steps[-1].case, at=entry.at))
        else:
            case = steps[-1].case
            kept, heard = OnlyKept(entry.answers, case.seq), _heard_last(case, entry.events)
            steps.append(taken_in(table, case, taken_again(entry), kept, past, entry.at, heard, entry.redated))
        past.append(entry)
    if not steps:
        raise HistoryIncomplete("(unknown)", 1, 0)
    return tuple(steps)


def _reopened(table: Table, workflow: Workflow[Any, Any], entry: Entry) -> Step[Any, Any]:
    base = entry.opening
    assert base is not None, "the caller has seen the opening"
    if (base.workflow, base.version) != (workflow.name, workflow.version):
        wanted, given = f"{base.workflow} {base.version}", f"{workflow.name} {workflow.version}"
        raise WrongRulebook(base.id, wanted, given)
    door = opened if base.floor is None else resumed
    return door(table, base, taken_again(entry), OnlyKept(entry.answers, 0))


def _must_be_another(case: Case[Any, Any], event: Any) -> None:
    """Refuse an act by which a case would hold what it owes itself: nobody would."""
    if event.case == case.id:
        claims = ("the case that it names is another",)
        raise Refused(case.id, case.workflow, case.state.name, type(event).__name__, claims)


def _foreign(table: Table, event: Event) -> ForeignEvent:
    return ForeignEvent(table.workflow.name, type(event).__name__)

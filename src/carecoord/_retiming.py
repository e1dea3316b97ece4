"""
What becomes of standing deadlines when a practice wants another policy to hold for them too.

A new policy moves nothing by itself. Here each deadline is asked about again: the same question,
and the policy of today.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from attrs import evolve

from carecoord._fold import Turn, fold, place_of
from carecoord._taking import recalled
from carecoord.case import Answer, Case, Dates, Deadline, Entry, Redated
from carecoord.errors import HistoryNeeded, NoLimit, Refused
from carecoord.events import Retimed
from carecoord.migration import latest
from carecoord.moments import moment
from carecoord.rulebook import Rulebook
from carecoord.vocabulary import Actor

Question: TypeAlias = "tuple[str, str, Any, datetime, str | None, datetime]"


class Listening(Turn):
    """A turn that remembers what was asked last for each clock and item, and what was answered."""

    asked: dict[tuple[str, str], tuple[Question, Answer]]

    def ask(self, clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime) -> Answer:
        """Answer as ever, and remember."""
        answer = super().ask(clock, item, facts, anchor, zone, heard)
        self.asked[clock, item] = (clock, item, facts, anchor, zone, heard), answer
        return answer


def redated(
    rules: Rulebook[Any, Any],
    case: Case[Any, Any],
    history: Sequence[Entry],
    duties: Sequence[tuple[str, str]] | None,
    at: datetime,
    by: Actor,
    key: str | None,
) -> tuple[Retimed, tuple[Redated, ...]]:
    """Return the event, and what the policy of today says otherwise of what stands; nothing where it says the same."""
    if not history:
        raise HistoryNeeded(case.id, Retimed.__name__, key or "")
    turn = Listening(case.id, rules.answer, (), case.recorded_at)
    turn.asked = {}
    base, kept = recalled(case, history, turn)
    fold(rules.table, base, kept, turn)
    running = {(one.clock, one.item): one for one in case.world.duties}
    named = tuple(running) if duties is None else tuple(dict.fromkeys(duties))
    own = f"retimed/{case.seq:06}" if key is None else key
    event = Retimed(at=at, by=by, key=own, duties=named)
    claims = [] if duties is None else [*_claims(named, running, turn)]
    if moment(at) < latest(case) or (case.last is not None and place_of(rules.table, event) <= case.last):
        claims.append("it happens behind everything that the case has taken")
    if claims:
        raise _refused(case, claims)
    rows: list[Redated] = []
    for duty in named:
        if (known := turn.asked.get(duty)) is None:
            continue
        question, first = known
        answer = _asked(rules, case, question)
        if answer.due_at is None:
            if duties is not None:
                claims.append(f"the practice wants '{duty[0]}'")
            continue
        one = running[duty]
        to = (answer.due_at, answer.opens_at, answer.schedule)
        if not _alike(one, to):
            assert first.due_at is not None, "it runs, so it was wanted"
            of = (first.due_at, first.opens_at, first.schedule)
            rows.append(Redated(own, one.clock, one.item, one.started_at, of, to))
    if claims:
        raise _refused(case, claims)
    return evolve(event, duties=tuple((row.clock, row.item) for row in rows)), tuple(rows)


def _claims(
    named: Sequence[tuple[str, str]], running: dict[tuple[str, str], Deadline], turn: Listening
) -> Iterator[str]:
    for duty in named:
        if duty not in running:
            yield f"'{duty[0]}' is owed"
        elif duty not in turn.asked:
            yield f"'{duty[0]}' began since the case came to this version"


def _refused(case: Case[Any, Any], claims: Sequence[str]) -> Refused:
    return Refused(case.id, case.workflow, case.state.name, Retimed.__name__, tuple(claims))


def _asked(rules: Rulebook[Any, Any], case: Case[Any, Any], question: Question) -> Answer:
    try:
        return rules.ask(*question)
    except Exception as problem:
        raise NoLimit(case.id, question[0]) from problem


def _alike(one: Deadline, to: Dates) -> bool:
    """Whether nothing but the name of the row has changed."""
    due, opens, schedule = to
    return (one.due_at, one.opens_at, one.schedule) == (due, opens, evolve(schedule, row=one.schedule.row))

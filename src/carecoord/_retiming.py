"""
What becomes of standing deadlines when a practice wants another policy to hold for them too.

A new policy moves nothing by itself. Here each deadline is asked about again: the same questions,
and the policy of today. A pause that held it meanwhile, or an urgency that changed, counts as it did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from carecoord._asking import Policy
from carecoord._fold import Folding, fold, place_of
from carecoord._taking import recalled
from carecoord.case import Answer, Case, Dates, Deadline, Entry, Redated, World
from carecoord.errors import HistoryNeeded, Refused
from carecoord.events import Retimed
from carecoord.migration import latest
from carecoord.moments import moment
from carecoord.policies.anew import Why
from carecoord.rulebook import Rulebook
from carecoord.vocabulary import Actor

_AGAIN = frozenset(one.value for one in Why)


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
    turn = Folding(case.id, rules.answer, (), case.recorded_at, case.terms.queue)
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
    asked = {duty: turn.asked[duty] for duty in named if duty in turn.asked}
    today = {(one.clock, one.item): one for one in _today(rules, case, history, asked).duties}
    rows: list[Redated] = []
    for duty, first in asked.items():
        one, anew = running[duty], today.get(duty)
        if anew is None or anew.started_at != one.started_at:
            if duties is not None:
                claims.append(f"the practice wants '{duty[0]}'")
        elif not _alike(one, to := (anew.due_at, anew.opens_at, anew.schedule)):
            assert first.due_at is not None, "it runs, so it was wanted"
            of = (first.due_at, first.opens_at, first.schedule)
            rows.append(Redated(own, one.clock, one.item, one.started_at, of, to))
    if claims:
        raise _refused(case, claims)
    return evolve(event, duties=tuple((row.clock, row.item) for row in rows)), tuple(rows)


def _today(
    rules: Rulebook[Any, Any], case: Case[Any, Any], history: Sequence[Entry], asked: Mapping[tuple[str, str], Answer]
) -> World[Any, Any]:
    """Return the world as it would be, had the policy of today been asked about these duties, pauses and all."""
    turn = Folding(case.id, _strictly(rules), (), case.recorded_at, case.terms.queue)
    base, kept = recalled(case, history, turn)
    turn.kept = tuple(one for one in turn.kept if not _is_of(one, asked.get((one.clock, one.item))))
    turn.redated = {
        key: [one for one in rows if (one.clock, one.item) not in asked] for key, rows in turn.redated.items()
    }
    return fold(rules.table, base, kept, turn)[0]


def _is_of(answer: Answer, first: Answer | None) -> bool:
    """Whether it is the answer that a duty stood on at first, or one by which it was dated anew."""
    return first is not None and (answer is first or (bool(answer.read) and answer.read[0] in _AGAIN))


def _strictly(rules: Rulebook[Any, Any]) -> Policy:
    """Whoever dates anew is told where the policy fails; nobody wants a stopgap on purpose."""

    def answer(*asked: Any) -> Answer:
        case_id, clock, item, facts, anchor, zone, heard, _, *again = asked
        return rules.answer(case_id, clock, item, facts, anchor, zone, heard, True, *again)

    return answer


def _claims(named: Sequence[tuple[str, str]], running: dict[tuple[str, str], Deadline], turn: Folding) -> Iterator[str]:
    for duty in named:
        if duty not in running:
            yield f"'{duty[0]}' is owed"
        elif duty not in turn.asked:
            yield f"'{duty[0]}' began since the case came to this version"


def _refused(case: Case[Any, Any], claims: Sequence[str]) -> Refused:
    return Refused(case.id, case.workflow, case.state.name, Retimed.__name__, tuple(claims))


def _alike(one: Deadline, to: Dates) -> bool:
    """Whether nothing but the name of the row has changed."""
    due, opens, schedule = to
    return (one.due_at, one.opens_at, one.schedule) == (due, opens, evolve(schedule, row=one.schedule.row))

"""
Counts what the made-up practice did, out of its store. No figure here is one of the population.

`audit.py` counts the same once more, from the effects instead of the cases, and without the
library or anything of this demo.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from examples.clinic.store import AnyCase, Store

from carecoord import Escalated, How, Role, Work, Workflow, worklist
from carecoord.workflow import LOOK_AGAIN

LADDER = (
    Role.OWNER,
    Role.COORDINATOR,
    Role.CARE_MANAGER,
    Role.CLINICIAN,
    Role.SURROGATE,
    Role.SUPERVISOR,
    Role.SAFETY_OFFICER,
)


@dataclass(frozen=True, slots=True)
class Duties:
    """How the duties of one clock ended, and how many are owed."""

    clock: str
    ended: dict[How, int]
    owed: int  # and not yet due
    overdue: int

    @property
    def all(self) -> int:
        return sum(self.ended.values()) + self.owed + self.overdue


@dataclass(frozen=True, slots=True)
class Alarms:
    """What one role was told: of how many duties, in how many loops, in how many messages, and who had them."""

    role: Role
    duties: int
    loops: int
    messages: int
    delivered: Counter[str]


@dataclass(frozen=True, slots=True)
class OfKind:
    """The loops of one kind at one moment."""

    workflow: str
    opened: int
    ended: Counter[str]  # by state
    open: int
    overdue: int  # open loops in which something is overdue
    ready: int  # open loops in which all is done, and nobody closed
    duties: tuple[Duties, ...]

    def as_audited(self) -> dict[str, int]:
        """Return the figures that `audit.py` counts too, by the names that it gives them."""
        figures = {"opened": self.opened, "open": self.open, "overdue": self.overdue} | self.ended
        return {f"{self.workflow}: {name}": number for name, number in figures.items()}


@dataclass(frozen=True, slots=True)
class Tally:
    """The loops of the practice at one moment."""

    at: datetime
    kinds: tuple[OfKind, ...]
    alarms: tuple[Alarms, ...]
    turned_away: tuple[tuple[str, str, str, int], ...]  # workflow, event, why, how often
    worklist: tuple[Work, ...]

    def of(self, workflow: str) -> OfKind:
        """Return the loops of one kind."""
        return next(each for each in self.kinds if each.workflow == workflow)

    def as_audited(self) -> dict[str, int]:
        """Return the figures that `audit.py` counts too, by the names that it gives them."""
        figures = {name: number for each in self.kinds for name, number in each.as_audited().items()}
        for each in self.alarms:
            figures[f"alarms to {each.role.name}"] = each.messages
            figures[f"duties of which {each.role.name} was told"] = each.duties
        return figures | {"turned away": sum(number for *_, number in self.turned_away)}


def tally(store: Store, at: datetime) -> Tally:
    """Return how the loops of a store stand at *at*, when somebody has just looked."""
    cases = tuple(store.cases())
    away = store.query(
        "SELECT workflow, event, why, COUNT(*) FROM turned_away JOIN cases ON cases.id = case_id"
        " GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3"
    )
    return Tally(
        at,
        tuple(_of_kind(rules.workflow, cases, at) for rules in store.practice.rulebooks),
        alarms=_alarms(store),
        turned_away=tuple((workflow, event, why, number) for workflow, event, why, number in away),
        worklist=worklist(cases, at=at),
    )


def _of_kind(workflow: Workflow[Any, Any], all_cases: tuple[AnyCase, ...], at: datetime) -> OfKind:
    cases = tuple(case for case in all_cases if case.workflow == workflow.name)
    going_on = [case for case in cases if case.state not in workflow.ends]
    return OfKind(
        workflow.name,
        opened=len(cases),
        ended=Counter(case.state.name for case in cases if case.state in workflow.ends),
        open=len(going_on),
        overdue=sum(any(one.clock != LOOK_AGAIN and one.missed(at) for one in case.deadlines) for case in going_on),
        ready=sum(case.book.ready for case in going_on),
        duties=_duties(workflow, cases, at),
    )


def _duties(workflow: Workflow[Any, Any], cases: tuple[AnyCase, ...], at: datetime) -> tuple[Duties, ...]:
    ended = Counter((one.clock, one.how) for case in cases for one in case.settled)
    running = Counter((one.clock, one.missed(at)) for case in cases for one in case.deadlines)
    names = [clock.name for clock in workflow.all_clocks if clock.name != LOOK_AGAIN]
    duties = (
        Duties(name, {how: ended[name, how] for how in How}, running[name, False], running[name, True])
        for name in names
    )
    return tuple(each for each in duties if each.all)


def _alarms(store: Store) -> tuple[Alarms, ...]:
    told: dict[Role, list[tuple[Escalated, str]]] = {role: [] for role in LADDER}
    for effect, whom in store.effects(Escalated.kind):
        assert isinstance(effect, Escalated)
        told.setdefault(effect.notify, []).append((effect, whom))
    return tuple(
        Alarms(
            role,
            duties=len({(one.case_id, one.clock, one.item, one.round) for one, _ in alarms}),
            loops=len({one.case_id for one, _ in alarms}),
            messages=len(alarms),
            delivered=Counter(whom for _, whom in alarms),
        )
        for role, alarms in told.items()
        if alarms
    )

"""
What acts claim beyond their row, of conflicts and of the ends of a case.

Each function returns the claims that do not hold, in words; the fold asks them in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from carecoord._clocks import Owing
from carecoord._machine import Table
from carecoord.case import World
from carecoord.events import ClosedByAdministration, ConflictResolved, Event, SupersededBy
from carecoord.vocabulary import Role

SoFar: TypeAlias = "Owing | World[Any, Any]"


def _is_open(_: Table, so_far: SoFar, event: ConflictResolved) -> tuple[str, ...]:
    conflicts: tuple[str, ...] = tuple(one.about for one in so_far.facts.conflicts)
    if event.about is not None:
        return () if event.about in conflicts else (f"the conflict '{event.about}' is open",)
    if len(conflicts) > 1:
        return (f"it says which conflict it is about: {', '.join(conflicts)}",)
    return () if conflicts else ("a conflict is open",)


def _may_close(table: Table, so_far: SoFar, event: ClosedByAdministration) -> tuple[str, ...]:
    role = event.by.role
    missing: list[str] = []
    if not event.by.id or role is Role.SYSTEM:
        missing.append("a named person closes it")
    if not event.reason.strip():
        missing.append("a reason is given")
    for name in dict.fromkeys(one.clock for one in so_far.duties if one.clock in table.closing):
        waivable_by = table.clocks[name].waivable_by
        if role not in waivable_by:
            who = " or ".join(one.name for one in waivable_by) or "nobody"
            missing.append(f"the actor may waive '{name}': {who} may")
    return tuple(missing)


def must_be_carried(table: Table, so_far: SoFar) -> tuple[tuple[str, str], ...]:
    """Return (clock, item) of all that closing depends on and that a case would no longer owe once it is superseded."""
    wanted = table.closing - table.outliving
    return tuple((one.clock, one.item) for one in so_far.duties if one.clock in wanted)


def _is_carried(table: Table, so_far: SoFar, event: SupersededBy) -> tuple[str, ...]:
    left = (duty for duty in must_be_carried(table, so_far) if duty not in event.carries)
    return tuple(f"the survivor carries '{clock}'" + (f" of '{item}'" if item else "") for clock, item in left)


CLAIMS: Final[Mapping[type[Event], Callable[[Table, SoFar, Any], tuple[str, ...]]]] = {
    ConflictResolved: _is_open,
    ClosedByAdministration: _may_close,
    SupersededBy: _is_carried,
}

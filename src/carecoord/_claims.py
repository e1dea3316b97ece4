"""
What acts claim beyond their row: that duties are owed or settled, that the actor may, that it is so.

Each function returns the claims that do not hold, in words; the fold asks them in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from carecoord import _people
from carecoord._clocks import Owing
from carecoord._machine import Table
from carecoord.case import Deadline, How, World
from carecoord.events import (
    ClosedByAdministration,
    ConflictResolved,
    Event,
    LoopClosed,
    Paused,
    Resumed,
    SupersededBy,
    UnableToReach,
    UrgencyChanged,
    Waived,
)
from carecoord.policies.attempts import made_for, wanting
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


def claims_wanting(table: Table, so_far: SoFar, event: Event, judged: bool = True) -> tuple[str, ...]:
    """
    Return the claims that an act makes beyond its row and that do not hold in this world.

    One that is not *judged* now, since it was taken before, may give way instead.
    """
    judge = CLAIMS.get(type(event))
    claims = () if judge is None else judge(table, so_far, event)
    return () if claims and not judged and gives_way(so_far, event) else claims


def _nothing_owed(table: Table, so_far: SoFar, event: LoopClosed) -> tuple[str, ...]:
    owed = dict.fromkeys(d.clock for d in so_far.duties if d.clock in table.closing)
    return tuple(f"'{clock}' is settled" for clock in owed)


def _may_waive(table: Table, so_far: SoFar, event: Waived) -> tuple[str, ...]:
    clock = table.clocks.get(event.clock)
    if missing := _not_one(so_far, event):
        return missing
    if clock is None or event.by.role not in clock.waivable_by:
        who = " or ".join(role.name for role in clock.waivable_by) if clock and clock.waivable_by else "nobody"
        return (f"the actor may waive '{event.clock}': {who} may",)
    return ()


def _tried_enough(table: Table, so_far: SoFar, event: UnableToReach) -> tuple[str, ...]:
    if missing := _not_one(so_far, event):
        return missing
    if not table.clocks[event.clock].reaches_patient:
        return (f"'{event.clock}' is a duty that ends by reaching the patient",)
    deadline = _running(so_far, event)[0]
    policy = deadline.schedule.attempts
    if policy is None:
        return (f"the policy says how often to try for '{event.clock}'",)
    others = {one.item for one in so_far.duties if one.clock == deadline.clock and one is not deadline}
    made = made_for(deadline, so_far.facts.attempts, event.at, others)
    return wanting(policy, made, deadline.schedule.zone)


def _may_pause(table: Table, so_far: SoFar, event: Paused) -> tuple[str, ...]:
    claims: list[str] = []
    if event.resume_by <= event.at:
        claims.append("it is to be resumed after it was paused")
    if event.clock is not None and event.clock not in table.pausing:
        claims.append(f"'{event.clock}' may be paused")
    if _paused(so_far, event.about or ""):
        claims.append("it is not paused already; `about` gives a second pause a name of its own")
    return tuple(claims)


def _is_paused(table: Table, so_far: SoFar, event: Resumed) -> tuple[str, ...]:
    return () if _paused(so_far, event.about) else ("it is paused",)


def _paused(so_far: SoFar, name: str | None) -> bool:
    return any(one.until is None and name in (None, one.name) for one in so_far.pauses)


def _always(table: Table, so_far: SoFar, event: Event) -> tuple[str, ...]:
    return ()


def gives_way(so_far: SoFar, event: Event) -> bool:
    """
    Whether an act taken before lets a duty go that, as is known by now, had been settled already: then it does nothing.

    What was merely dropped was not done: there somebody must take notice.
    """
    if not isinstance(event, (Waived, UnableToReach)) or _running(so_far, event):
        return False
    named = [one for one in so_far.settled if one.clock == event.clock and event.about in (None, one.item)]
    return bool(named) and named[-1].how is not How.DROPPED


def _not_one(so_far: SoFar, event: Waived | UnableToReach) -> tuple[str, ...]:
    """Return what is missing where the act does not speak of one duty that is owed."""
    running = _running(so_far, event)
    if not running:
        return (f"'{event.clock}' is owed",)
    if len(running) > 1:
        return (f"it says which '{event.clock}' it is about: {', '.join(one.item for one in running)}",)
    return ()


def _running(so_far: SoFar, event: Waived | UnableToReach) -> list[Deadline]:
    return [
        one
        for one in so_far.duties
        if one.clock == event.clock and event.about in (None, one.item) and one.started_at <= event.at
    ]


CLAIMS: Final[Mapping[type[Event], Callable[[Table, SoFar, Any], tuple[str, ...]]]] = {
    LoopClosed: _nothing_owed,
    Waived: _may_waive,
    UnableToReach: _tried_enough,
    UrgencyChanged: _always,
    Paused: _may_pause,
    Resumed: _is_paused,
    **_people.CLAIMS,
    ConflictResolved: _is_open,
    ClosedByAdministration: _may_close,
    SupersededBy: _is_carried,
}
"""The acts that claim something beyond their row, and what they claim."""

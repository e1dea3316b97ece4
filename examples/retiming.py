"""
A new agreement, applied to deadlines that stand: `python -m examples.retiming`.

From Monday on the office calls within one business day after a discharge, not two. For patients
who came home before, that is decided on purpose, case by case.
"""

from __future__ import annotations

from typing import Any

import pendulum
from attrs import evolve
from examples.practice import OUR_ROWS, STAFF, TRANSITIONS

from carecoord import Actor, BusinessDays, Case, Entry, LimitTable, Role, Rulebook, explain, open_case, retime
from carecoord.workflows.care_transition import CARE_TRANSITION, Discharged

ROWS = tuple(
    evolve(row, allow=BusinessDays(1)) if row.clock == "contact" and row.allow == BusinessDays(2) else row
    for row in OUR_ROWS.all_rows
)
SOONER = Rulebook(
    CARE_TRANSITION,
    timing=LimitTable(ROWS, calendar=OUR_ROWS.calendar, version="our-rows-2026-b"),
    default_queue="front-desk",
    staff=STAFF,
)


def when(case: Case[Any, Any], at: pendulum.DateTime) -> str:
    duty = next(duty for duty in explain(case, at=at) if duty.clock == "contact")
    return f"{duty.due_at.astimezone(at.tz):%a %d %b %H:%M}, by {duty.row}"


def main() -> None:
    monday = pendulum.datetime(2026, 7, 6, 15, tz="America/Boise")
    home = Discharged(at=monday, by=Actor(Role.SYSTEM, "adt-feed"), key="a03", about="v1")
    step = open_case(TRANSITIONS, home, id="t-1", subject="p-9", owner="dr-3")
    log: list[Entry] = [step.entry] if step.entry else []
    print(when(step.case, monday))
    manager = Actor(Role.MANAGER, "u-1")
    step = retime(SOONER, step.case, log, at=monday.add(hours=1), by=manager, duties=[("contact", "v1")])
    print(when(step.case, monday))
    for effect in step.effects:
        print(effect.id)


if __name__ == "__main__":
    main()

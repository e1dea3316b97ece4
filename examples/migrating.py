"""
Cases that run on while their workflow changes: `python -m examples.migrating`.

The practice of `examples.own_workflow` had sent a card after each message. In its new version
nobody sends cards; a nurse reads each message within two hours instead, and a message that is
still open is called OPEN. Copy the plan and put your own in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import pendulum
from attrs import fields, frozen
from examples.own_workflow import (
    VERSION_1,
    VERSION_2,
    WHY,
    CalledBack,
    Facts1,
    Facts2,
    Message1,
    Message2,
    MessageLeft,
    rules_for,
)
from examples.practice import SOON

from carecoord import (
    Act,
    Actor,
    Case,
    Clock,
    Drop,
    Entry,
    Facts,
    Hours,
    Keep,
    Limit,
    On,
    Otherwise,
    Plan,
    Role,
    Stay,
    Step,
    explain,
    migrate,
    open_case,
)


@frozen(kw_only=True)
class Read(Act):
    """A nurse read the message."""


CARD: Final = Clock[Facts1](
    name="card",
    says="somebody sends a card",
    starts=(On(MessageLeft),),
    met_by=(On(CalledBack),),
    kept_by=Role.COORDINATOR,
    waivable_by=(Role.COORDINATOR,),
)
READ: Final = Clock[Facts2](
    name="read",
    says="a nurse reads the message",
    starts=(On(MessageLeft),),
    met_by=(On(Read), On(CalledBack)),
    kept_by=Role.NURSE,
    waivable_by=(Role.CLINICIAN,),
)

OLD: Final = VERSION_1.extend(version="1+cards", clocks=(CARD,))
NEW: Final = VERSION_2.extend(
    version="3",
    events=(Read,),
    moves=(Stay(Message2.OPEN, Read), Otherwise(Message2.CLOSED, Read)),
    clocks=(READ,),
    waits_for={Message2.OPEN: ("call_back", "read")},
)
OLD_RULES: Final = rules_for(OLD, Limit("card", Hours(72), SOON, source=WHY))
NEW_RULES: Final = rules_for(NEW, Limit("read", Hours(2), SOON, source=WHY))


def facts_of(old: Facts1) -> Facts2:
    """Return what is known, in the words of the new version; what every workflow knows stays as it is."""
    common = {one.name: getattr(old, one.name) for one in fields(Facts)}
    return Facts2(**common, times=old.calls)


def unread(state: Message2, _: Facts2) -> Iterable[tuple[str, str]]:
    """Nobody has read a message that is still open."""
    return [("read", "")] if state is Message2.OPEN else []


PLAN: Final = Plan(
    states={"WAITING": "OPEN"},
    facts=facts_of,
    duties={"card": Drop("cards are no longer sent"), "call_back": Keep()},
    begins=unread,
)

BY: Final = Actor(Role.MANAGER, "u-1")


def migrated(cases: Iterable[Case[Message1, Facts1]], at: datetime) -> list[Step[Message2, Facts2]]:
    """Return the steps that bring all cases over; keep each as one write, as any other step."""
    return [migrate(NEW_RULES, case, PLAN, at=at, by=BY) for case in cases]


def main() -> None:
    monday = pendulum.datetime(2026, 7, 6, 15, tz="America/Boise")
    left = MessageLeft(at=monday, by=Actor(Role.SYSTEM, "phone"), key="m-1")
    old = open_case(OLD_RULES, left, id="m-1", subject="p-9", owner="dr-3")
    (step,) = migrated([old.case], at=monday.add(hours=4))
    entry: Any = step.entry
    assert isinstance(entry, Entry)
    print(old.case.version, old.case.state.name, "->", step.case.version, step.case.state.name)
    for effect in step.effects:
        print(" ", effect.id)
    for duty in explain(step.case, at=monday.add(hours=4)):
        print(f"{duty.clock:11} due {duty.due_at.astimezone(monday.tz):%a %d %b %H:%M}")


if __name__ == "__main__":
    main()

"""
A workflow of a practice's own, in one file to copy, and two later versions of it while cases run on.

A patient left a message, and somebody must call back. Version 2 calls the same things
otherwise: the state WAITING is OPEN now, and facts know who rang. Copy the functions at the
end: `python -m examples.own_workflow` shows what they make of a case that version 1 wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final

import pendulum
from attrs import frozen
from examples.practice import NOTICE, OFFICE, SOON, STAFF

from carecoord import (
    Act,
    Actor,
    BusinessDays,
    Clock,
    Facts,
    Hours,
    Limit,
    LimitTable,
    Move,
    News,
    On,
    Role,
    Rulebook,
    Stay,
    Until,
    Workflow,
    open_case,
    ours,
)
from carecoord.codec import Codec


@frozen(kw_only=True)
class MessageLeft(News):
    """A patient left a message."""

    caller: str = ""  # an opaque id, new in version 2: at the end, and with a default


@frozen(kw_only=True)
class CalledBack(Act):
    """Somebody of ours called back."""


CALL_BACK: Final = Clock[Facts](
    name="call_back",
    says="somebody calls the patient back",
    starts=(On(MessageLeft),),
    met_by=(On(CalledBack),),
    kept_by=Role.NURSE,
    closing=True,
    waivable_by=(Role.CLINICIAN,),
)


class Message1(Enum):
    """Where a message stood, as version 1 said it."""

    WAITING = "somebody left a message; waits for our call"
    CLOSED = "the patient was called back"
    SUPERSEDED = "a duplicate"
    ENTERED_IN_ERROR = "never was"


@frozen(kw_only=True)
class Facts1(Facts):
    """What version 1 knew."""

    calls: int = 0


class Message2(Enum):
    """Where a message stands."""

    OPEN = "somebody left a message; waits for our call"
    CLOSED = "the patient was called back"
    SUPERSEDED = "a duplicate"
    ENTERED_IN_ERROR = "never was"


@frozen(kw_only=True)
class Facts2(Facts):
    """What is known: `times` was `calls`, and `caller` is new."""

    times: int = 0
    caller: str = ""


def learn_1(facts: Facts1, _: MessageLeft) -> Facts1:
    return facts.but(calls=facts.calls + 1)


def learn_2(facts: Facts2, event: MessageLeft) -> Facts2:
    return facts.but(times=facts.times + 1, caller=event.caller or facts.caller)


VERSION_1: Final = Workflow[Message1, Facts1](
    name="message",
    version="1",
    states=Message1,
    facts=Facts1,
    events=(MessageLeft, CalledBack),
    moves=(
        Move(None, MessageLeft, Message1.WAITING),
        Stay(Message1.WAITING, MessageLeft),
        Stay(Message1.WAITING, CalledBack),
    ),
    learn={MessageLeft: learn_1},
    clocks=(CALL_BACK,),
    closes={Message1.WAITING: Message1.CLOSED},
    ends=frozenset({Message1.CLOSED, Message1.SUPERSEDED, Message1.ENTERED_IN_ERROR}),
)
VERSION_2: Final = Workflow[Message2, Facts2](
    name="message",
    version="2",
    states=Message2,
    facts=Facts2,
    events=(MessageLeft, CalledBack),
    moves=(
        Move(None, MessageLeft, Message2.OPEN),
        Stay(Message2.OPEN, MessageLeft),
        Stay(Message2.OPEN, CalledBack),
    ),
    learn={MessageLeft: learn_2},
    clocks=(CALL_BACK,),
    closes={Message2.OPEN: Message2.CLOSED},
    ends=frozenset({Message2.CLOSED, Message2.SUPERSEDED, Message2.ENTERED_IN_ERROR}),
)

WHY: Final = ours("an example")
COMMON: Final = ("unexpected", "overtaken", "tell_again", "wrap_up", "take_up", "resolve", "follow_up")
ROWS: Final = (
    Limit("call_back", BusinessDays(1), SOON, source=WHY),
    *(Limit(name, BusinessDays(1), SOON, source=WHY) for name in COMMON),
    Limit("resume_by", Until("resume_by"), SOON, source=WHY),
    Limit("look_again", Hours(72), NOTICE, source=WHY),
)


def rules_for(workflow: Workflow[Any, Any], *rows: Limit) -> Rulebook[Any, Any]:
    timing = LimitTable((*ROWS, *rows), calendar=OFFICE, version="messages-1")
    return Rulebook(workflow, timing=timing, default_queue="front-desk", staff=STAFF)


# --- what to copy ---------------------------------------------------------------------------


def from_1(data: dict[str, Any]) -> dict[str, Any]:
    """Turn the envelope of anything that version 1 wrote into one of version 2; change a copy, never what came in."""
    parts = {name: turn(data[name]) for name, turn in _PARTS.items() if name in data}
    return data | parts | {"version": "2"}


def _case(case: dict[str, Any]) -> dict[str, Any]:
    return case | {"state": _STATES.get(case["state"], case["state"]), "facts": _facts(case["facts"])}


def _facts(facts: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in facts.items() if name != "calls"}
    return kept | {"times": facts["calls"], "caller": ""}


def _event(event: dict[str, Any]) -> dict[str, Any]:
    """Fill what an event did not say; each is written as an object with one member, its name."""
    return {name: _NEW.get(name, {}) | said for name, said in event.items()}


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    opening = entry["opening"]
    return entry | {
        "events": [_event(event) for event in entry["events"]],
        "opening": opening and opening | {"facts": _facts(opening["facts"])},
    }


def _effect(effect: dict[str, Any]) -> dict[str, Any]:
    """Call the states in what was told as they are called now."""
    moved = effect.get("Moved")
    return effect if moved is None else {"Moved": moved | {"was": _name(moved["was"]), "to": _name(moved["to"])}}


def _name(state: str | None) -> str | None:
    return _STATES.get(state or "", state)


_STATES: Final = {"WAITING": "OPEN"}
_NEW: Final[dict[str, dict[str, Any]]] = {"MessageLeft": {"caller": ""}}
_PARTS: Final[dict[str, Callable[[Any], dict[str, Any]]]] = {
    "case": _case,
    "entry": _entry,
    "event": _event,
    "effect": _effect,
}

CODEC: Final = Codec(VERSION_2, upcasters={("message", "1"): from_1})


def main() -> None:
    at = pendulum.datetime(2026, 7, 6, 15, tz="America/Boise")
    left = MessageLeft(at=at, by=Actor(Role.SYSTEM, "phone"), key="m-1")
    step = open_case(rules_for(VERSION_1), left, id="m-1", subject="p-9", owner="dr-3")
    case = CODEC.load_case(Codec(VERSION_1).dumps(step.case))
    print(case.version, case.state.name, case.facts.times)


if __name__ == "__main__":
    main()

"""
What everything is measured in: the bare trigger of a stock `transitions.Machine`, and the floor of what Python can do.

Built here from `transitions` itself and not by the library, so that no change of the library moves the yardstick.
"""

from __future__ import annotations

import logging
from itertools import pairwise, repeat

from attrs import frozen
from transitions import EventData, Machine

from benchmarks.timing import Loop

STATES = ("drafted", "sent", "accepted", "booked", "seen", "reported", "closed")


class Token:
    """What the Machine moves, thrown away after one event."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _passes(_: EventData) -> bool:
    return True


def _holds(_: object) -> bool:
    return True


def bare_trigger() -> Loop:
    """Return the loop over one trigger of the shared Machine: one passing guard, no callback, logging off."""
    # Not merely above its level: disabled, which is 4 % faster and so the harder yardstick.
    logging.getLogger("transitions.core").disabled = True
    machine = Machine(
        model=None, states=list(STATES), initial="drafted", auto_transitions=False, send_event=True, queued=False
    )
    for here, there in pairwise(STATES):
        machine.add_transition("next", here, there, conditions=[_passes])
    trigger = machine.events["next"].trigger
    token = Token("sent")
    trigger(token)
    assert token.state == "accepted", "the guard passes and the Machine moves"

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            trigger(Token("sent"))

    return turn


@frozen
class Record:
    """Six fields: the least that a case could be."""

    id: str
    state: str
    seq: int
    a: str
    b: str
    c: str


def floor() -> Loop:
    """Return the loop over the honest floor: one look-up in a dictionary, one guard, one new frozen record."""
    table = {(state, "next"): (_holds, there) for state, there in pairwise(STATES)}
    record = Record("r-17", "sent", 3, "a", "b", "c")

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            guard, there = table[record.state, "next"]
            if guard(record):
                Record(record.id, there, record.seq + 1, record.a, record.b, record.c)

    return turn

"""
How things are measured: turn by turn, in CPU time, as ratios within one round, with medians and their spread.

A machine that is busy for a second makes one round slow, not one contestant: in each round everybody has one turn, and
a ratio is taken within the round.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from itertools import repeat
from statistics import median, quantiles
from time import process_time_ns
from typing import Any, Final, TypeAlias

from attrs import frozen

Loop: TypeAlias = Callable[[int], object]
"""Does its work so many times in a loop of its own."""


@frozen
class Fresh:
    """
    Work on values that nobody has touched: all of them are made before the clock runs.

    An event might remember what was worked out of it; a host hands in each event once.
    """

    made: Callable[[], Any]
    work: Callable[[Any], object]


Turn: TypeAlias = Loop | Fresh


@frozen
class Effort:
    """How hard to try: rounds, and how long one turn takes at least."""

    rounds: int
    turn_ns: int
    starts: int  # of fresh processes, per kind

    @property
    def quick(self) -> bool:
        return self.rounds < FULL.rounds


FULL: Final = Effort(rounds=101, turn_ns=4_000_000, starts=15)
QUICK: Final = Effort(rounds=5, turn_ns=500_000, starts=1)


@frozen
class Measured:
    """Costs of one unit, one per round."""

    each: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.each)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles."""
        if len(self.each) < 2:
            return self.each[0], self.each[0]
        low, _, high = quantiles(self.each, n=4, method="inclusive")
        return low, high

    def over(self, other: Measured) -> Measured:
        """Return the ratios, round by round."""
        return Measured(tuple(a / b for a, b in zip(self.each, other.each, strict=True)))


def race(contestants: Mapping[str, tuple[int, Turn]], effort: Effort) -> dict[str, Measured]:
    """Return what one unit of each takes, in nanoseconds of CPU time; a turn's work counts as so many units."""
    each: dict[str, list[float]] = {name: [] for name in contestants}
    order = list(contestants)
    was_on = gc.isenabled()
    gc.disable()
    try:
        times = {name: _times(turn, effort) for name, (_, turn) in contestants.items()}
        for _ in range(effort.rounds):
            gc.collect()
            order.reverse()  # whoever comes after a heavy one does not always come after it
            for name in order:
                units, turn = contestants[name]
                each[name].append(_timed(turn, times[name]) / (times[name] * units))
    finally:
        if was_on:
            gc.enable()
    return {name: Measured(tuple(took)) for name, took in each.items()}


def _times(turn: Turn, effort: Effort) -> int:
    """Return how often the work is done in one turn; finding that out also warms it up."""
    times = 1
    while (took := _timed(turn, times)) < effort.turn_ns:
        times = max(times + 1, int(times * min(8.0, 1.2 * effort.turn_ns / max(took, 1))))
    return times


def _timed(turn: Turn, times: int) -> int:
    if isinstance(turn, Fresh):
        values, work = [turn.made() for _ in range(times)], turn.work
        start = process_time_ns()
        for value in values:
            work(value)
        return process_time_ns() - start
    start = process_time_ns()
    turn(times)
    return process_time_ns() - start


def calls(work: Callable[[], object]) -> Loop:
    """Return the loop around something so heavy that one more call does not show."""

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            work()

    return turn

"""One way in which something made up may go: the row of which `shares.py` and its second part are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """One way in which something may go."""

    name: str
    percent: int  # of all times; the ways of one thing add up to a hundred
    hours: tuple[float, float] | None  # it takes so long: drawn evenly from between these
    reason: str  # none is measured

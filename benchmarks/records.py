"""What a case costs when it is stored and loaded, and what it weighs while it is kept in memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from itertools import cycle
from typing import Any

from benchmarks.journey import REQUEST, START, Open, Rules, case_with_four_open
from benchmarks.timing import Effort, Measured, Turn, calls

MANY = 1000
SOME = 100


def dump_and_load() -> tuple[Callable[[Open], Any], Callable[[Any], Open]] | None:
    """Return how a case becomes text and a case again, strictly; None where there is no codec."""
    if find_spec("carecoord.codec") is None:
        return None
    codec: Any = import_module("carecoord.codec").Codec(REQUEST)
    return codec.dumps, codec.load_case


def stored(book: Rules) -> tuple[int, Turn] | None:
    """
    One strict dump and one strict load of a case without its history, each of another case than the one before.

    So many that no moment is found among those the codec keeps, and so few that they are as near as what a host has
    just loaded.
    """
    ways = dump_and_load()
    if ways is None:
        return None
    dump, load = ways
    make = live(book)
    cases = [make(n) for n in range(SOME)]
    assert load(dump(cases[0])) == cases[0], "what was stored is what was loaded"
    following = cycle(cases)
    return 1, calls(lambda: load(dump(next(following))))


def weight(make: Callable[[int], Open], effort: Effort) -> Measured:
    """Return what one of a thousand different cases weighs in bytes, without what they share."""
    many, times = (20, 1) if effort.quick else (MANY, 3)
    for n in range(3):
        make(n)  # what is shared is made before anything is weighed
    each = []
    for _ in range(times):
        gc.collect()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        cases = [make(n) for n in range(many)]
        gc.collect()
        now, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        each.append((now - before) / len(cases))
    return Measured(tuple(each))


def live(book: Rules) -> Callable[[int], Open]:
    """Return how the n-th of many different cases comes to be by its events."""
    return lambda n: case_with_four_open(book, START + timedelta(seconds=7 * n), f"{n}-")


def loaded(book: Rules) -> Callable[[int], Open] | None:
    """Return how the n-th of many different cases comes out of the store; None where there is no codec."""
    ways = dump_and_load()
    if ways is None:
        return None
    dump, load = ways
    make = live(book)
    return lambda n: load(dump(make(n)))

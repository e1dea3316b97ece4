"""
Proving laws: so many journeys on one stage, and what they met.

A law that met no miss and no fold has shown little, so both are counted and asked for. To draw a
journey takes longer than most laws do, so all laws of one process are held over the same ones.
All profiles but `long` draw the same journeys at every run.
"""

import os
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any
from zlib import crc32

from hypothesis import Phase, given, seed, settings
from tests.kit.journeys import Journey, counting, smallest
from tests.kit.random_journeys import journeys
from tests.kit.report import Proof
from tests.kit.stages import ALL_STAGES

Law = Callable[[Journey], int]

CHANCE = int(os.environ.get("JOURNEYS_SEED", random.SystemRandom().randrange(2**32)))
"""What the profile `long` begins to draw with; a failure says it, and the variable draws the same again."""


@lru_cache(maxsize=64)
def drawn(stage: str, examples: int, *, editions: bool) -> tuple[Journey, ...]:
    """Return so many journeys on a stage, drawn once in each process."""
    some: list[Journey] = []

    @given(journey=journeys(ALL_STAGES[stage](editions=editions)))
    def keep(journey: Journey) -> None:
        some.append(journey)

    begin = crc32(f"{stage} {editions}".encode())
    draw = seed(begin if settings().derandomize else begin ^ CHANCE)(keep)
    # The same anew at each run: what chance drew before is nothing to go by.
    settings(max_examples=examples, phases=[Phase.generate], database=None, derandomize=False)(draw)()
    return tuple(some)


def proof_of(law: Law, stage: str, *, share: float = 1.0, editions: bool = True) -> Proof:
    """Let a law hold for as many journeys as the profile says, times *share*; raise where it does not."""
    examples = max(1, round(settings().max_examples * share))
    several = drawn(stage, max(examples, settings().max_examples), editions=editions)[:examples]
    compared = 0
    with counting() as met:
        for number, journey in enumerate(several):
            try:
                compared += law(journey)
            except Exception as why:
                why.add_note(f"in its smallest telling:\n{smallest(journey, lambda fewer: not _holds(law, fewer))!r}")
                why.add_note(f"journey {number} of {len(several)}; JOURNEYS_SEED={CHANCE} draws them again")
                raise
    return Proof(law.__name__, stage, len(several), compared, met["misses"], met["folds"])


def refutes(
    law: Law, stage: str, wrong: Callable[[], AbstractContextManager[Any]], *, most: int, editions: bool = True
) -> int | None:
    """
    Return at which journey the law finds out about a wrong engine; None where it never does.

    Each journey is drawn, and must be lawful, under the right engine.
    """
    number = 0

    def holds(journey: Journey) -> None:
        nonlocal number
        number += 1
        law(journey)
        with wrong():
            try:
                law(journey)
            except (TypeError, AttributeError, NameError):
                raise  # the change itself is broken
            except Exception as why:
                raise Refuted from why

    run = given(journey=journeys(ALL_STAGES[stage](editions=editions)))(holds)
    quiet = settings(max_examples=most, phases=[Phase.generate], database=None, derandomize=True, print_blob=False)
    try:
        seed(crc32(f"{law.__name__} {stage}".encode()))(quiet(run))()
    except Refuted:
        return number
    return None


def _holds(law: Law, journey: Journey) -> bool:
    try:
        law(journey)
    except Exception:  # noqa: BLE001  however it does not hold, it does not hold
        return False
    return True


class Refuted(Exception):
    """A law does not hold under a wrong engine."""

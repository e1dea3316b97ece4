"""
Proving laws: so many journeys on one stage, and what they met.

A law that met no miss and no fold has shown little, so both are counted and asked for. All
profiles but `long` draw the same journeys at every run, other ones for each law.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from zlib import crc32

from hypothesis import Phase, given, seed, settings
from tests.kit.journeys import Journey, counting, smallest
from tests.kit.random_journeys import journeys
from tests.kit.report import Proof
from tests.kit.stages import ALL_STAGES

Law = Callable[[Journey], int]


def proof_of(law: Law, stage: str, *, share: float = 1.0, editions: bool = True) -> Proof:
    """Let a law hold for as many journeys as the profile says, times *share*; raise where it does not."""
    examples = max(1, round(settings().max_examples * share))
    seen = {"journeys": 0, "compared": 0}

    def holds(journey: Journey) -> None:
        seen["journeys"] += 1
        try:
            seen["compared"] += law(journey)
        except Exception as why:
            why.add_note(f"in its smallest telling:\n{smallest(journey, lambda fewer: not _holds(law, fewer))!r}")
            raise

    # Leaving out calls makes a failing journey small in no time; Hypothesis would take minutes.
    phases = [phase for phase in settings().phases if phase not in (Phase.shrink, Phase.explain)]
    run = settings(max_examples=examples, phases=phases)(
        given(journey=journeys(ALL_STAGES[stage](editions=editions)))(holds)
    )
    if settings().derandomize:
        run = seed(crc32(f"{law.__name__} {stage}".encode()))(run)
    with counting() as met:
        run()
    return Proof(law.__name__, stage, seen["journeys"], seen["compared"], met["misses"], met["folds"])


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

"""
`python -m benchmarks`: how much of everything, as ratios within one run. `--quick` only shows that it works.

Nothing here fails when a bar is missed: a clock that fails a build teaches people to run it again. The verdict stands
in the table.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Iterator
from importlib.metadata import version

from benchmarks import days, imports, peers, records, steps, stock
from benchmarks.journey import rules
from benchmarks.table import Line, printed
from benchmarks.timing import FULL, QUICK, Effort, Measured, race


def in_triggers(effort: Effort) -> Iterator[Line]:
    """Yield what calls cost, in bare triggers."""
    stored, lengths = records.stored(rules()), (10, 20, 30) if effort.quick else (10, 100, 1000)
    found = race(
        {
            "bare trigger": (1, stock.bare_trigger()),
            "floor": (1, stock.floor()),
            **steps.contestants(lengths),
            **({} if stored is None else {"stored": stored}),
            **peers.here(),
        },
        effort,
    )
    unit = found["bare trigger"]

    def over(name: str, other: Measured = unit) -> Measured:
        return found[name].over(other)

    step = over("step")
    yield Line(f"a full step ({step.median - 1:+.2f} from 1.0)", step, 1.5)
    yield Line("  and the events are made on the way", over("step, events made too"))
    yield Line("  with five rungs, each dated by the calendar", over("step, five rungs dated by the calendar"))
    yield Line("a step that starts no clock", over("no clock starts"), 0.8)
    yield Line("  those of them in which one ends", over("no clock starts, one ends"))
    yield Line("  those of them in which none ends", over("no clock starts, none ends"))
    yield Line("  news that only stays: not even look_again", over("news that only stays"))
    yield Line("check, nothing due", over("idle check"), 0.12)
    yield Line("strict dump and load, no history", None if stored is None else over("stored"), 12)
    yield Line("a late event into a case of 50", over("late into 50"), 35)
    yield Line("opening a case", over("opening"))
    yield Line("replay of 50 entries, per entry", over("replay of 50, per entry"))
    yield Line("making one event from a zoned pendulum moment", over("making one event"))
    yield Line("the floor: look-up, guard, one new frozen record", over("floor"))
    for name in peers.here():
        yield Line(f"{name}: one transition", over(name))
    yield Line("the bare trigger itself", unit, None, " ns")
    for n in lengths[1:]:
        ten = found["in order after 10"]
        yield Line(f"in order after {n} events, over after 10", over(f"in order after {n}", ten), 1.15)
        ten = found["in order after 10, ledger grows"]
        yield Line(
            "  while visits come and go, and one is booked", over(f"in order after {n}, ledger grows", ten), 1.15
        )


def in_look_ups(effort: Effort) -> Iterator[Line]:
    """Yield what a business day costs, in look-ups in a list."""
    found = race(
        {
            "look-up": days.look_up(),
            "three, bare": days.three_bare_look_ups(),
            "day": days.from_the_day(),
            "moment": days.from_the_moment(),
        },
        effort,
    )
    unit = found["look-up"]
    yield Line("a business-day due moment, from its day", found["day"].over(unit), 3)
    yield Line("  over three look-ups without a call", found["day"].over(found["three, bare"]))
    yield Line("  from a moment, whose day in the zone is worked out", found["moment"].over(unit))
    yield Line("the look-up itself", unit, None, " ns")


def in_bytes(effort: Effort) -> Iterator[Line]:
    """Yield what an open case weighs."""
    book = rules()
    yield Line("an open case as it was made", records.weight(records.live(book), effort), 3000, " B")
    make = records.loaded(book)
    yield Line("  and as it was loaded", None if make is None else records.weight(make, effort), 3000, " B")


def in_dependencies(effort: Effort) -> Iterator[Line]:
    """Yield what loading costs, in loadings of the four dependencies."""
    found = imports.loads(effort)
    four = found["four"]
    yield Line("import carecoord, which fetches names when asked", found["carecoord"].over(four), 0.8)
    yield Line("  with all workflows", found["workflows"].over(four), 2)
    yield Line("  with every public name fetched", found["all of it"].over(four))
    yield Line("  and with all workflows", found["everything"].over(four))
    yield Line("  and with the codec instead", found["codec"].over(four) if "codec" in found else None)
    yield Line("the four dependencies themselves", Measured(tuple(one / 1e6 for one in four.each)), None, " ms")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a second per table; the numbers are good for nothing")
    effort = QUICK if parser.parse_args().quick else FULL
    packages = ", ".join(f"{name} {version(name)}" for name in ("carecoord", *imports.FOUR.split(", ")))
    print(f"{platform.python_implementation()} {platform.python_version()}; {packages}")
    print(f"CPU time, medians of ratios within a round, {effort.rounds} rounds in turn\n")
    print(printed("In bare triggers", in_triggers(effort)), "\n")
    print(printed("In look-ups in a list, each a call", in_look_ups(effort)), "\n")
    print(printed("In bytes", in_bytes(effort)), "\n")
    print(printed(f"In imports of {imports.FOUR}", in_dependencies(effort)), "\n")
    if missing := peers.absent():
        print(f"not installed and so not measured: {', '.join(missing)}")


if __name__ == "__main__":
    main()

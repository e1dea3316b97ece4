"""What the laws met, printed at the end of a run, whichever process proved them; nothing of the library is loaded."""

from collections.abc import Iterator
from typing import Any

from attrs import astuple, frozen


@frozen
class Proof:
    """What was met while a law was proved."""

    law: str
    stage: str
    journeys: int
    compared: int
    misses: int
    folds: int


def lines(proofs: list[Proof]) -> Iterator[str]:
    """Return a table of proofs, line by line."""
    yield f"{'law':62} {'stage':30} {'journeys':>8} {'compared':>8} {'misses':>7} {'folds':>7}"
    for one in sorted(proofs, key=lambda one: (one.law, one.stage)):
        law = one.law.replace("_", " ")
        yield f"{law:62} {one.stage:30} {one.journeys:8} {one.compared:8} {one.misses:7} {one.folds:7}"


def added(proofs: list[Proof]) -> list[Proof]:
    """Return one proof for each law and stage, whichever shares it was proved in."""
    whole: dict[tuple[str, str], Proof] = {}
    for one in proofs:
        so_far = whole.get((one.law, one.stage), Proof(one.law, one.stage, 0, 0, 0, 0))
        counts = (here + there for here, there in zip(astuple(so_far)[2:], astuple(one)[2:], strict=True))
        whole[one.law, one.stage] = Proof(one.law, one.stage, *counts)
    return [*whole.values()]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the tests of laws have recorded."""
    proofs = [
        Proof(*value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"  # the tearing down reports the same again
        for name, value in report.user_properties
        if name == "proof"
    ]
    if proofs:
        terminalreporter.section("what the laws met")
        for line in lines(added(proofs)):
            terminalreporter.write_line(line)

"""What the laws met, printed at the end of a run, whichever process proved them."""

from typing import Any

from tests.kit.proving import Proof, table


def pytest_terminal_summary(terminalreporter: Any) -> None:
    proofs = [
        Proof(*value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "proof"
    ]
    if proofs:
        terminalreporter.section("what the laws met")
        for line in table(list(dict.fromkeys(proofs))):
            terminalreporter.write_line(line)

"""The table that is printed: one line per claim, the bar where there is one, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from benchmarks.timing import Measured

HEAD: Final = ("what", "found", "bar", "verdict", "quartiles")


@frozen
class Line:
    """One thing measured; `bar` is the most it may be, None where it is only told, `unit` what it is counted in."""

    what: str
    found: Measured | None  # None: there is nothing yet to measure
    bar: float | None = None
    unit: str = ""

    @property
    def verdict(self) -> str:
        if self.found is None:
            return "not there yet"
        if self.bar is None:
            return ""
        # What the table shows is what is judged.
        return "ok" if float(_number(self.found.median)) <= self.bar else f"{self.found.median / self.bar:.2f} x bar"

    def cells(self) -> tuple[str, ...]:
        bar = "" if self.bar is None else f"{self.bar:g}"
        if self.found is None:
            return (self.what, "", bar, self.verdict, "")
        low, high = self.found.spread
        found = f"{_number(self.found.median)}{self.unit}"
        return (self.what, found, bar, self.verdict, f"{_number(low)} .. {_number(high)}")


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def printed(title: str, lines: Iterable[Line]) -> str:
    """Return the lines as a table of plain text."""
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    text = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:3], widths[1:3], strict=True)),
                row[3].ljust(widths[3]),
                row[4],
            ]
        ).rstrip()
        for row in rows
    ]
    return "\n".join([title, "-" * len(title), text[0], "=" * max(map(len, text)), *text[1:]])

"""What the page tells of laboratory values without a flag: most of what laboratories send, and nobody's to ignore."""

from __future__ import annotations

from examples.clinic.findings import Findings
from examples.clinic.pieces import bar, legend, section, tiles


def without_a_flag(found: Findings) -> str:
    """Return how the values without a flag are worked off."""
    of = found.unflagged
    parts = (
        ("met", of.called_normal, f"{of.called_normal:,} that a clinician called normal"),
        ("late-done", of.read, f"{of.read:,} that were read, and count as abnormal"),
        ("overdue", of.unread, f"{of.unread:,} that nobody has read"),
    )
    return section(
        "made",
        "Simulated, but for what the bundle holds",
        "Results without a flag",
        f"Of the {found.population.values:,} laboratory values of the three years {found.population.unflagged:,} have"
        f" no flag; {of.values:,} of them stand in results that were followed. They count as abnormal until a clinician"
        " says otherwise: a result that nobody flagged is no good news.",
        tiles((of.values, "without a flag"), (of.called_normal, "called normal"), (of.unread, "unread"))
        + bar([(kind, number) for kind, number, _ in parts], max(of.values, 1), tall=True)
        + legend((kind, says) for kind, _, says in parts),
    )

"""
What became of the values that came without a flag: how many there are, and how they are worked off.

They count as abnormal until a clinician says otherwise. No figure here is one of the population.
"""

from __future__ import annotations

from dataclasses import dataclass

from examples.clinic.store import Store

from carecoord.workflows.diagnostic_result import TEST_RESULT, Severity


@dataclass(frozen=True, slots=True)
class Unflagged:
    """The values without a flag that stand in some case, and what was said of them."""

    values: int
    called_normal: int  # a clinician said so
    read: int  # a clinician read them, and they count as abnormal still
    unread: int  # nobody has: they wait

    @property
    def share_read(self) -> float:
        return 1 - self.unread / self.values if self.values else 1.0


def unflagged(store: Store) -> Unflagged:
    """Return how the values without a flag stand: each once, by its newest version."""
    newest = {
        (case.id, version.component): version
        for case in store.cases()
        if case.workflow == TEST_RESULT.name
        for version in sorted(case.facts.versions, key=lambda one: one.order)
    }
    values = [version for version in newest.values() if version.severity is Severity.UNKNOWN]
    normal = sum(version.normal for version in values)
    unread = sum(not version.reviewed for version in values)
    return Unflagged(len(values), normal, len(values) - normal - unread, unread)

"""
A complete set of rows for each workflow, to start with: conservative, and each number with its source.

One table for each workflow that stands; a new workflow is a new table and one name here. `Practice.starter` makes
rulebooks of them. Numbers that nobody published say that they are ours, and a practice puts its own in their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from carecoord.policies.spans import Hours, Minutes
from carecoord.starter import plans, referrals, results, transitions
from carecoord.starter.asked import Asked, Starter

STARTERS: Final[tuple[Starter, ...]] = (
    transitions.STARTER,
    referrals.STARTER,
    results.STARTER,
    plans.STARTER,
)

EDITION: Final = "starter-2026-11"
"""Changes whenever a row does."""

_HOW_TO_SAY: Final[Mapping[str, str]] = {
    "contact_within": "how soon a patient is contacted after a stay or an emergency visit is the practice's to define"
    " (NCQA PCMH CC-16): give contact_within=..., such as BusinessDays(2)",
    "critical_within": "how soon a critical result must be known is the organisation's to define"
    " (Joint Commission NPSG.02.03.01): give critical_within=..., such as Minutes(60)",
}


def gaps(asked: Asked) -> Iterator[str]:
    """Say what the practice has not said and must."""
    for name in dict.fromkeys(name for one in STARTERS for name in one.asks):
        if getattr(asked, name) is None:
            yield _HOW_TO_SAY[name]
    within = asked.critical_within
    if within is not None and (type(within) not in (Minutes, Hours) or not within.n):
        yield "critical_within is an elapsed span that takes time: Minutes(...) or Hours(...)"


__all__ = ["EDITION", "STARTERS", "Asked", "Starter", "gaps"]

"""
What others have published about how long a duty may take: named, frozen, each with its source.

    from carecoord.policies.published import us

    us.cms.tcm.contact.limit(DAILY)  # a row of your table of limits

`reaching` has how often others try before they say *unable to reach*, `escalation` the ladders whose shape was
published. Where sources disagree there is one preset for each, and both say so. What is known by hearsay alone is
marked, and `find_presets` leaves it out unless it is asked for. Nothing here is legal, billing or clinical advice,
and no preset applies by itself: a practice puts into its rows what binds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import ModuleType
from typing import Final

from carecoord.policies.published import ca, escalation, hl7, reaching, uk, us
from carecoord.policies.published.preset import LAST_LOOK, Preset, Seen


def _presets_of(place: object) -> Iterator[Preset]:
    """Yield the presets of a module or a class, and of those that it shows, in the order in which they stand there."""
    for name, value in vars(place).items():
        if isinstance(value, Preset):
            if not name.startswith("_"):
                yield value
        elif isinstance(value, ModuleType | type) and not name.startswith("_") and _is_ours(value):
            yield from _presets_of(value)


def _is_ours(place: ModuleType | type) -> bool:
    where = place.__name__ if isinstance(place, ModuleType) else place.__module__
    return where.startswith(f"{__name__}.") and place not in (Preset, Seen)


_ALL: Final = tuple({preset.name: preset for place in (us, uk, ca, hl7) for preset in _presets_of(place)}.values())


def find_presets(
    under: str = "",
    *,
    workflow: str | None = None,
    clock: str | None = None,
    country: str | None = None,
    on: date | None = None,
    hearsay: bool = False,
) -> tuple[Preset, ...]:
    """
    Return the presets that fit all that is said, by name.

    Args:
        under: The first words of the name: "us.cms" or "us.cms.tcm".
        workflow: The name of a workflow that it serves: "care-transition".
        clock: The name of a clock that it serves: "contact".
        country: ISO 3166 code; finds what is of no country as well.
        on: A day on which it is known to be in force.
        hearsay: Whether to find those as well whose wording nobody here has seen.
    """
    found = (
        one
        for one in _ALL
        if (not under or f"{one.name}.".startswith(f"{under}."))
        and ((workflow is None and clock is None) or _serves(one, workflow, clock))
        and (country is None or one.country in (country, ""))
        and (on is None or one.in_force(on))
        and (hearsay or one.seen is not Seen.HEARSAY)
    )
    return tuple(sorted(found, key=lambda one: one.name))


def _serves(preset: Preset, workflow: str | None, clock: str | None) -> bool:
    return any(workflow in (None, flow) and clock in (None, duty) for flow, duty in preset.serves)


__all__ = ["LAST_LOOK", "Preset", "Seen", "ca", "escalation", "find_presets", "hl7", "reaching", "uk", "us"]

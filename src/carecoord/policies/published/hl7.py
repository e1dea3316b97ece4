"""Rules of HL7 guides, which are of no country."""

from __future__ import annotations

from typing import Final, final

from carecoord.policies.published.preset import Preset, Seen, seen_at
from carecoord.policies.spans import BusinessDays, Hours

_GRAVITY: Final = seen_at(
    "HL7 SDOH Clinical Care (Gravity), checking task status", "https://github.com/HL7/fhir-sdoh-clinicalcare"
)


@final
class gravity:
    """
    How often a system that polls looks at its tasks.

    No clock of a workflow: it is for the host's own timer. There is a bound from below as well: not more often than
    every 15 minutes.
    """

    poll: Final = Preset(
        name="hl7.gravity.poll",
        says="whoever polls shall look at least once per business day",
        starts_at="the last look",
        allow=BusinessDays(1),
        binds="the system that polls",
        country="",
        source=_GRAVITY,
        seen=Seen.PUBLISHER,
    )
    poll_hourly: Final = Preset(
        name="hl7.gravity.poll_hourly",
        says="whoever polls should look every hour in normal hours, and not more often than every 15 minutes",
        starts_at="the last look",
        allow=Hours(1),
        binds="the system that polls",
        country="",
        source=_GRAVITY,
        seen=Seen.PUBLISHER,
        unsaid="what normal hours are; here every hour of the day",
    )

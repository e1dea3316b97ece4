"""Rules of Canada: one service of electronic consults."""

from __future__ import annotations

from typing import Final, final

from carecoord.policies.published.preset import Preset, Seen, seen_at
from carecoord.policies.spans import CalendarDays


@final
class champlain:
    """Champlain BASE eConsult, Ontario; not a rule for others."""

    econsult: Final = Preset(
        name="ca.champlain.econsult",
        says="a specialist answers an electronic consult within 1 week; on average it takes 2 days",
        starts_at="the case is assigned",
        allow=CalendarDays(7),
        binds="the specialist; who is away is not assigned any",
        country="CA",
        source=seen_at("Champlain BASE eConsult, how it works", "https://www.champlainbaseeconsult.com/how-it-works"),
        seen=Seen.PUBLISHER,
        serves=(("referral", "report"),),
        unsaid="whether the day of assignment counts; here it is day 0",
    )

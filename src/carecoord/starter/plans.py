"""The rows with which a practice may start to keep its care plans."""

from __future__ import annotations

from typing import Final

from carecoord.policies.limits import Limit, Until
from carecoord.policies.published import us
from carecoord.policies.spans import BusinessDays, CalendarDays, Hours, Months
from carecoord.starter.asked import NO_NUMBER, Asked, Starter, common_rows
from carecoord.tables import Where
from carecoord.vocabulary import ours
from carecoord.workflows.care_plan_review import CARE_PLAN_REVIEW, Tier

_HIGH: Final = Where(tier=Tier.HIGH)


def rows(asked: Asked) -> tuple[Limit, ...]:
    """Return them."""
    daily, slow = asked.daily, asked.slow
    quarterly = ours("four times a year where the risk is high; the plan may say an earlier date")
    annual = us.ncqa.v11_annual.source.title
    said = ours(f"the plan says when it is reviewed next, within a year at most: {annual}")
    # fmt: off
    return (
        #     clock               allow             ladder  for which cases, and where the number comes from
        Limit("draft",            CalendarDays(14), daily,  source=NO_NUMBER, when=_HIGH),
        Limit("draft",            CalendarDays(30), slow,   source=NO_NUMBER),
        Limit("activate",         CalendarDays(14), daily,  source=NO_NUMBER, when=_HIGH),
        Limit("activate",         CalendarDays(30), slow,   source=NO_NUMBER),
        Limit("review",           Until("next_review_at", within=Months(3)), asked.awake, source=quarterly, when=_HIGH),
        Limit("review",           Months(3),        slow,   source=quarterly, when=_HIGH),
        Limit("review",           Until("next_review_at", within=Months(12)), asked.awake, source=said),
        asked.row(us.ncqa.v11_annual, slow, "review"),
        Limit("finish_review",    CalendarDays(14), slow,   source=NO_NUMBER),
        Limit("weigh",            BusinessDays(5),  daily,  source=NO_NUMBER),
        Limit("give_copy",        BusinessDays(5),  daily,  source=NO_NUMBER),
        Limit("bring_in",         BusinessDays(5),  daily,  source=NO_NUMBER),
        Limit("measure",          Months(3),        slow,   source=NO_NUMBER, when=_HIGH),
        Limit("measure",          Months(6),        slow,   source=NO_NUMBER),
        Limit("accept_component", BusinessDays(3),  daily,  source=NO_NUMBER),
        Limit("follow_up",        BusinessDays(3),  daily,  source=NO_NUMBER),
        *common_rows(asked, silence=Hours(100 * 24), why="a quarter, and a few days, without any act"),
    )
    # fmt: on


STARTER: Final = Starter(CARE_PLAN_REVIEW, asks=(), rows=rows)

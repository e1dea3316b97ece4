"""How others call what this workflow knows: statuses of FHIR resources, criteria of programs and measures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import frozen

from carecoord.workflows.care_plan_review.states import P, PlanState


@frozen
class Statuses:
    """How a state is called elsewhere: FHIR CarePlan.status, "" where there is no plan yet, and Task.status."""

    care_plan: str
    task: str


# fmt: off
STATUSES: Final[Mapping[PlanState, Statuses]] = MappingProxyType({
    P.IDENTIFIED:       Statuses("",                 "requested"),
    P.DRAFTED:          Statuses("draft",            "in-progress"),
    P.ACTIVE:           Statuses("active",           "in-progress"),
    P.UNDER_REVIEW:     Statuses("active",           "in-progress"),
    P.COMPLETED:        Statuses("completed",        "completed"),
    P.REVOKED:          Statuses("revoked",          "cancelled"),  # "" as long as there was no plan
    P.DECLINED:         Statuses("revoked",          "rejected"),
    P.SUPERSEDED:       Statuses("revoked",          "cancelled"),  # a duplicate
    P.ENTERED_IN_ERROR: Statuses("entered-in-error", "entered-in-error"),
})

PAUSED: Final = Statuses("on-hold", "on-hold")
"""How a plan in force is called while a pause of it goes on; it is reviewed all the same."""

CRITERIA: Final[tuple[tuple[str, str], ...]] = (
    ("NCQA PCMH CM-01 A to E",      "`reasons` of Identified; clock draft"),
    ("NCQA PCMH CM-02",             "cases that have not ended, by subject, over the practice's population"),
    ("NCQA PCMH CM-03",             "`tier` of Identified; rows of the practice with Where(tier=...)"),
    ("NCQA PCMH CM-04",             "claims of Activated and PlanReviewed; clocks activate, review and weigh"),
    ("NCQA PCMH CM-05",             "clock give_copy; `outcome` of CopyGiven"),
    ("NCQA PCMH CM-06",             "PREFERENCES among the `elements` of the version in force"),
    ("NCQA PCMH CM-07",             "`barriers` of the version in force, for each goal"),
    ("NCQA PCMH CM-08",             "SELF_MANAGEMENT among the `elements` of the version in force"),
    ("NCQA PCMH CM-09",             "PlanShared, ACCESSIBLE; the fact `accessible`"),
    ("NCQA PCMH CM-10, 11",         "clock measure, for each goal"),
    ("NCQA PCMH CC-12",             "ComponentAssigned, ComponentAccepted; clock accept_component; `responsible`"),
    ("NCQA PCMH CC-20",             "clock wrap_up after PatientLeft; CopyGiven, PlanShared"),
    ("MIPS IA_CC_9",                "clocks review and give_copy"),
    ("MIPS IA_CC_12, 3",            "clock bring_in; InformationBroughtIn names the case and the version"),
    ("MIPS IA_CC_12, co-management", "clock accept_component; clock resolve, by the kind of the conflict"),
)
# fmt: on

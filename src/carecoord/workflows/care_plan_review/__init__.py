"""
Care plan review: one patient's plan, from being found for care management through all its versions and reviews.

The seat is the patient's practice. A plan stays in force while its review is late; whether it is
due is computed and no state. Each round of review ends with the next one's date, each version is
given to the patient, each relevant visit is weighed, and what other cases bring is brought in.

Sources: NCQA PCMH CM-01 to CM-09 and CM-11, CC-12 and CC-20; MIPS IA_CC_9 and IA_CC_12; FHIR
CarePlan and Task. A row without a source is ours.

Here is the table. What happens stands in `events`, what is known in `facts`, what that teaches
in `lessons`; what rows and clocks ask in `claims` and `items`, what is owed in `clocks`, and how
others call all this in `words`.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from carecoord.case import Case
from carecoord.events import ClosedByAdministration, Reopened
from carecoord.tables import All, Move, Otherwise, Said, Stay
from carecoord.workflow import Workflow
from carecoord.workflows.care_plan_review.claims import (
    all_is_brought_in,
    by_one_of_us,
    drafts_what_is_not_in_force,
    every_component_is_taken,
    every_visit_is_weighed,
    gives_a_reason,
    has_a_schedule,
    is_as_it_was_or_new,
    is_the_draft,
    is_theirs_to_take,
    lists_the_problems,
    manages_medication,
    names_component_and_clinician,
    names_the_goals,
    names_the_visit,
    no_conflict_is_open,
    no_draft_waits,
    of_a_goal,
    of_a_version_that_there_was,
    patient_took_part,
    says_the_prognosis,
    says_when_it_is_reviewed_next,
    the_copy_was_given,
    was_drafted,
    was_in_force,
)
from carecoord.workflows.care_plan_review.clocks import CLOCKS
from carecoord.workflows.care_plan_review.events import (
    UNDER_WAY,
    Activated,
    Barriers,
    Channel,
    Completed,
    ComponentAccepted,
    ComponentAssigned,
    Copy,
    CopyGiven,
    Element,
    GoalMeasured,
    Identified,
    InformationBroughtIn,
    OfVersion,
    Outcome,
    PatientDeclined,
    PatientTookPart,
    PlanDrafted,
    PlanReviewed,
    PlanShared,
    Reason,
    RelevantVisit,
    ReviewStarted,
    Revoked,
    Sharing,
    Tier,
    VisitWeighed,
)
from carecoord.workflows.care_plan_review.facts import REQUIRED, Component, PlanFacts, Version, component_named
from carecoord.workflows.care_plan_review.lessons import LESSONS
from carecoord.workflows.care_plan_review.states import ALL, ENDS, IN_FORCE, OPEN, WRITTEN, P, PlanState
from carecoord.workflows.care_plan_review.words import CRITERIA, PAUSED, STATUSES, Statuses

_WHOLE: Final = (lists_the_problems, says_the_prognosis, names_the_goals, manages_medication, has_a_schedule)
_READY: Final = All(by_one_of_us, is_the_draft, *_WHOLE, patient_took_part, says_when_it_is_reviewed_next)
_REVIEW: Final = All(by_one_of_us, is_as_it_was_or_new, *_WHOLE, says_when_it_is_reviewed_next)
_WEIGHING: Final = All(by_one_of_us, names_the_visit, is_as_it_was_or_new)
_NOTHING_IS_LEFT: Final = All(
    by_one_of_us,
    gives_a_reason,
    no_draft_waits,
    every_visit_is_weighed,
    the_copy_was_given,
    all_is_brought_in,
    every_component_is_taken,
    no_conflict_is_open,
)

# fmt: off
_MOVES: Final[tuple[Move[PlanState, PlanFacts], ...]] = (
    #    in               when                  go to
    Move(None,            Identified,           P.IDENTIFIED, source="NCQA PCMH CM-01"),
    Stay(OPEN,            Identified),  # found again, for another reason: counted once (CM-02)

    Move(P.IDENTIFIED,    PlanDrafted,          P.DRAFTED,   given=drafts_what_is_not_in_force),
    Stay(WRITTEN,         PlanDrafted,          given=drafts_what_is_not_in_force),
    Otherwise(OPEN,       PlanDrafted),
    Stay(OPEN,            PatientTookPart),
    Move(P.DRAFTED,       Activated,            P.ACTIVE,    given=_READY, source="NCQA PCMH CM-04"),
    Otherwise(P.DRAFTED,  Activated),

    Move(P.ACTIVE,        ReviewStarted,        P.UNDER_REVIEW),
    Stay(P.UNDER_REVIEW,  ReviewStarted),
    Stay(P.ACTIVE,        PlanReviewed,         given=_REVIEW, source="NCQA PCMH CM-04"),
    Move(P.UNDER_REVIEW,  PlanReviewed,         P.ACTIVE,    given=_REVIEW, source="NCQA PCMH CM-04"),
    Otherwise(IN_FORCE,   PlanReviewed),

    Stay(ALL,             RelevantVisit,        source="NCQA PCMH CM-04"),
    Stay(P.DRAFTED,       VisitWeighed,         given=All(_WEIGHING, Said(outcome=Outcome.UNCHANGED))),
    Stay(IN_FORCE,        VisitWeighed,         given=All(_WEIGHING, *_WHOLE), source="NCQA PCMH CM-04"),
    Otherwise(WRITTEN,    VisitWeighed),

    Stay((*WRITTEN, *ENDS), CopyGiven,          given=of_a_version_that_there_was, source="NCQA PCMH CM-05"),
    Otherwise((*WRITTEN, *ENDS), CopyGiven),
    Stay(IN_FORCE,        PlanShared,           source="NCQA PCMH CM-09"),
    Stay(OPEN,            InformationBroughtIn, source="MIPS IA_CC_12, option 3"),
    Stay(WRITTEN,         GoalMeasured,         given=of_a_goal, source="NCQA PCMH CM-11"),
    Otherwise(WRITTEN,    GoalMeasured),
    Stay(WRITTEN,         ComponentAssigned,    given=names_component_and_clinician, source="NCQA PCMH CC-12"),
    Otherwise(WRITTEN,    ComponentAssigned),
    Stay(WRITTEN,         ComponentAccepted,    given=is_theirs_to_take, source="NCQA PCMH CC-12"),
    Otherwise(WRITTEN,    ComponentAccepted),

    Move(IN_FORCE,        Completed,            P.COMPLETED, given=_NOTHING_IS_LEFT),
    Otherwise(IN_FORCE,   Completed),
    Move(OPEN,            Revoked,              P.REVOKED,   given=All(by_one_of_us, gives_a_reason)),
    Otherwise(OPEN,       Revoked),
    Move(OPEN,            PatientDeclined,      P.DECLINED),

    # What administration closes before a plan is in force was not completed.
    Move((P.IDENTIFIED, P.DRAFTED), ClosedByAdministration, P.REVOKED),
    Move(P.COMPLETED,     Reopened,             P.UNDER_REVIEW, reopens=True),
    Move(P.REVOKED,       Reopened,             P.UNDER_REVIEW, given=was_in_force, reopens=True),
    Move(P.REVOKED,       Reopened,             P.DRAFTED,      given=was_drafted, reopens=True),
    Move((P.REVOKED, P.DECLINED), Reopened,     P.IDENTIFIED,   reopens=True),
)
# fmt: on

CARE_PLAN_REVIEW: Final = Workflow[PlanState, PlanFacts](
    name="care-plan-review",
    version="1",
    states=PlanState,
    facts=PlanFacts,
    events=(
        RelevantVisit,
        # Acts.
        Identified,
        PatientTookPart,
        PlanDrafted,
        Activated,
        ReviewStarted,
        VisitWeighed,
        InformationBroughtIn,
        GoalMeasured,
        PlanReviewed,
        ComponentAssigned,
        ComponentAccepted,
        CopyGiven,
        PlanShared,
        Completed,
        Revoked,
        PatientDeclined,
    ),
    moves=_MOVES,
    learn=LESSONS,
    clocks=CLOCKS,
    closes={P.ACTIVE: P.COMPLETED, P.UNDER_REVIEW: P.COMPLETED},
    ends=frozenset({*ENDS, P.SUPERSEDED, P.ENTERED_IN_ERROR}),
    waits_for={
        P.IDENTIFIED: ("draft",),
        P.DRAFTED: ("activate",),
        P.ACTIVE: ("review",),
        P.UNDER_REVIEW: ("review", "finish_review"),
    },
)

PlanCase: TypeAlias = Case[PlanState, PlanFacts]


def responsible(case: PlanCase, component: str) -> str:
    """
    Return the one clinician who answers for a component of care: whoever accepted it, else the owner of the plan.

    Raises:
        KeyError: the plan has no such component.
    """
    found = component_named(case.facts, component)
    if found is None:
        raise KeyError(component)
    return found.clinician or case.owner


__all__ = [
    "CARE_PLAN_REVIEW",
    "CRITERIA",
    "PAUSED",
    "REQUIRED",
    "STATUSES",
    "UNDER_WAY",
    "Activated",
    "Barriers",
    "Channel",
    "Completed",
    "Component",
    "ComponentAccepted",
    "ComponentAssigned",
    "Copy",
    "CopyGiven",
    "Element",
    "GoalMeasured",
    "Identified",
    "InformationBroughtIn",
    "OfVersion",
    "Outcome",
    "PatientDeclined",
    "PatientTookPart",
    "PlanCase",
    "PlanDrafted",
    "PlanFacts",
    "PlanReviewed",
    "PlanShared",
    "PlanState",
    "Reason",
    "RelevantVisit",
    "ReviewStarted",
    "Revoked",
    "Sharing",
    "Statuses",
    "Tier",
    "Version",
    "VisitWeighed",
    "responsible",
]

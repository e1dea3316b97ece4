"""Who owes what about a care plan: each duty, what starts it and what ends it."""

from __future__ import annotations

from typing import Final

from carecoord.events import (
    EnteredInError,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    OwnerGone,
    PatientDied,
    PatientLeft,
    Reopened,
    ToldAgain,
)
from carecoord.tables import Clock, On, by_about, every_item
from carecoord.vocabulary import Role
from carecoord.workflows.care_plan_review.claims import (
    counts_as_given,
    in_force,
    nothing_is_drafted,
    only_drafted,
    without_a_plan,
)
from carecoord.workflows.care_plan_review.events import (
    Activated,
    Completed,
    ComponentAccepted,
    ComponentAssigned,
    CopyGiven,
    GoalMeasured,
    Identified,
    InformationBroughtIn,
    PatientDeclined,
    PlanDrafted,
    PlanReviewed,
    RelevantVisit,
    ReviewStarted,
    Revoked,
    VisitWeighed,
)
from carecoord.workflows.care_plan_review.facts import PlanFacts
from carecoord.workflows.care_plan_review.items import (
    all_that_is_to_be_brought_in,
    components_that_are_gone,
    each_goal,
    each_open_component,
    each_settled_component,
    goals_that_are_gone,
    the_copy_owed,
    the_goal_again,
    the_goal_measured,
    the_visit,
    the_visit_weighed,
    what_the_case_brings,
    what_was_brought_in,
    whoever_has_a_copy,
)
from carecoord.workflows.care_plan_review.lessons import ACTIVATE, BRING_IN, GIVE_COPY, WEIGH

_CLINICIAN: Final = (Role.CLINICIAN,)

# Whoever comes back after saying no begins with another plan, so what was owed for this one is not brought back.
_DECLINED: Final[tuple[On[PlanFacts], ...]] = (On(PatientDeclined, item=every_item, why="the patient declined"),)

# In an ended case a copy may be given and a clinician may leave, so what is owed when it goes on is asked anew.
_STOPPED: Final[tuple[On[PlanFacts], ...]] = (On(Revoked, item=every_item, why="stopped"), *_DECLINED)

CLOCKS: Final[tuple[Clock[PlanFacts], ...]] = (
    Clock(
        name="draft",
        pausable=True,
        says="a plan is drafted for a patient who was found for care management",
        starts=(On(Identified, without_a_plan), On(Reopened, without_a_plan)),
        met_by=(On(PlanDrafted),),
        owed_by=Role.CARE_MANAGER,
        kept_by=Role.CARE_MANAGER,
        closing=True,
        waivable_by=_CLINICIAN,
        ends_with_death=True,
        source="NCQA PCMH CM-01, CM-04",
    ),
    Clock(
        name=ACTIVATE,
        pausable=True,
        says="what was drafted is put in force",
        starts=(On(PlanDrafted), On(Reopened, only_drafted)),
        met_by=(On(Activated), On(PlanReviewed, nothing_is_drafted), On(VisitWeighed, nothing_is_drafted)),
        dropped_by=_DECLINED,
        owed_by=Role.CARE_MANAGER,
        kept_by=Role.CARE_MANAGER,
        closing=True,
        waivable_by=_CLINICIAN,
        ends_with_death=True,
        source="NCQA PCMH CM-04",
    ),
    Clock(
        name="review",
        says="the plan is reviewed, again and again as long as it is in force",
        starts=(On(Activated), On(PlanReviewed), On(Reopened, in_force)),
        met_by=(On(PlanReviewed),),
        dropped_by=_DECLINED,
        owed_by=Role.OWNER,
        kept_by=Role.OWNER,
        closing=True,
        ends_with_death=True,
        source="NCQA PCMH CM-04: a schedule to review and revise",
    ),
    Clock(
        name="finish_review",
        pausable=True,
        says="a review that was begun comes to its end",
        starts=(On(ReviewStarted), On(Reopened, in_force)),
        met_by=(On(PlanReviewed),),
        dropped_by=_DECLINED,
        owed_by=Role.OWNER,
        kept_by=Role.OWNER,
        closing=True,
        waivable_by=_CLINICIAN,
        ends_with_death=True,
        source="ours: a review that somebody began is no review",
    ),
    Clock(
        name=WEIGH,
        says="somebody weighs what a relevant visit means for the plan",
        item=by_about,
        starts=(On(RelevantVisit, item=the_visit),),
        met_by=(On(VisitWeighed, item=the_visit_weighed), On(PlanReviewed, item=every_item)),
        dropped_by=_DECLINED,
        owed_by=Role.OWNER,
        kept_by=Role.OWNER,
        closing=True,
        waivable_by=_CLINICIAN,
        ends_with_death=True,
        source="NCQA PCMH CM-04: updated at relevant visits",
    ),
    Clock(
        name=GIVE_COPY,
        pausable=True,
        says="the patient, family or caregiver is given the version in force in writing",
        item=the_copy_owed,
        starts=tuple(On(event) for event in (Activated, PlanReviewed, VisitWeighed, CopyGiven, Reopened)),
        met_by=(On(CopyGiven, counts_as_given, item=every_item),),
        dropped_by=_STOPPED,
        owed_by=Role.CARE_MANAGER,
        kept_by=Role.CARE_MANAGER,
        closing=True,
        waivable_by=_CLINICIAN,
        ends_with_death=True,
        source="NCQA PCMH CM-05; MIPS IA_CC_9",
    ),
    Clock(
        name=BRING_IN,
        says="what a referral, a result or a stay brought stands in the plan",
        item=by_about,
        starts=(
            On(Linked, item=what_the_case_brings),
            On(LinkedCaseEnded, item=what_the_case_brings),
            On(Reopened, item=all_that_is_to_be_brought_in),
        ),
        met_by=(On(InformationBroughtIn, item=what_was_brought_in),),
        owed_by=Role.OWNER,
        kept_by=Role.OWNER,
        closing=True,
        waivable_by=_CLINICIAN,
        ends_with_death=True,
        source="MIPS IA_CC_12, option 3",
    ),
    Clock(
        name="measure",
        pausable=True,
        says="somebody measures how far a goal is reached, again and again",
        item=by_about,
        starts=(
            *(On(event, item=each_goal) for event in (Activated, PlanReviewed, VisitWeighed)),
            On(GoalMeasured, item=the_goal_again),
        ),
        met_by=(On(GoalMeasured, item=the_goal_measured),),
        dropped_by=(
            On(PlanReviewed, item=goals_that_are_gone, why="no goal any longer"),
            On(VisitWeighed, item=goals_that_are_gone, why="no goal any longer"),
            *_DECLINED,
        ),
        owed_by=Role.CARE_MANAGER,
        kept_by=Role.CARE_MANAGER,
        waivable_by=(Role.OWNER,),
        ends_with_death=True,
        source="NCQA PCMH CM-11",
    ),
    Clock(
        name="accept_component",
        says="a clinician accepts a component of care; until then it is whose it was",
        item=by_about,
        starts=tuple(
            On(event, item=each_open_component)
            for event in (ComponentAssigned, Activated, PlanReviewed, VisitWeighed, OwnerGone, Reopened)
        ),
        met_by=(On(ComponentAccepted),),
        dropped_by=(
            On(ComponentAssigned, item=each_settled_component, why="stays whose it was"),
            On(OwnerGone, item=each_settled_component, why="stays whose it was"),
            On(PlanReviewed, item=components_that_are_gone, why="no component any longer"),
            On(VisitWeighed, item=components_that_are_gone, why="no component any longer"),
            *_STOPPED,
        ),
        owed_by=Role.CLINICIAN,
        kept_by=Role.OWNER,
        closing=True,
        ends_with_death=True,
        source="NCQA PCMH CC-12: one clinician for each component; MIPS IA_CC_12",
    ),
    Clock(
        name="tell_again",
        says="whoever was told what is no longer so is told again",
        item=by_about,
        starts=(On(EnteredInError, item=whoever_has_a_copy),),
        met_by=(On(ToldAgain),),
        closing=True,
        outlives=True,
        source="ours: who has the plan of another patient must hear of it",
    ),
    Clock(
        name="wrap_up",
        says="the case of a patient who died, or left the practice, is brought to an end",
        starts=(On(PatientDied), On(PatientLeft)),
        met_by=(On(LoopClosed), On(Completed), On(Revoked), On(PatientDeclined)),
        waivable_by=(Role.OWNER, Role.CLINICIAN),
        source="NCQA PCMH CC-20: the plan goes along with a patient who moves on",
    ),
)

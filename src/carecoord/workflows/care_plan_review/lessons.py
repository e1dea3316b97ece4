"""
What each event teaches: pure functions from facts and event to facts.

A review forgets what came before it: visits that it weighed, links that ended and were brought in,
tries to reach the patient. What was done is in the ledger and in the entries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from attrs import evolve

from carecoord.events import (
    ClosedByAdministration,
    EnteredInError,
    Event,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    OwnerGone,
    Reopened,
    SupersededBy,
    Waived,
)
from carecoord.workflow import with_more, without
from carecoord.workflows.care_plan_review.events import (
    UNDER_WAY,
    Activated,
    Completed,
    ComponentAccepted,
    ComponentAssigned,
    Copy,
    CopyGiven,
    Identified,
    InformationBroughtIn,
    Outcome,
    PatientDeclined,
    PatientTookPart,
    PlanDrafted,
    PlanReviewed,
    PlanShared,
    RelevantVisit,
    Revoked,
    Sharing,
    VisitWeighed,
)
from carecoord.workflows.care_plan_review.facts import (
    Component,
    PlanFacts,
    Version,
    component_named,
    is_had,
    number_of,
    reaches,
    source_name,
    version_of,
    visit_of,
    weighed_by,
)

ACTIVATE: Final = "activate"
WEIGH: Final = "weigh"
GIVE_COPY: Final = "give_copy"
BRING_IN: Final = "bring_in"


def _learn_identified(facts: PlanFacts, event: Identified) -> PlanFacts:
    reasons = tuple(dict.fromkeys((*facts.reasons, *event.reasons)))
    return facts.but(reasons=reasons, tier=facts.tier if event.tier is None else event.tier)


# --- versions -------------------------------------------------------------------------------


def _learn_drafted(facts: PlanFacts, event: PlanDrafted) -> PlanFacts:
    draft = version_of(facts, event)
    return facts.but(draft=draft, number=max(facts.number, draft.number))


def _learn_part(facts: PlanFacts, _: PatientTookPart) -> PlanFacts:
    return facts.but(took_part=True)


def _learn_activated(facts: PlanFacts, event: Activated) -> PlanFacts:
    return _put_in_force(facts, version_of(facts, event)).but(next_review_at=event.next_review_at, reviewed_at=event.at)


def _learn_reviewed(facts: PlanFacts, event: PlanReviewed) -> PlanFacts:
    if event.outcome is Outcome.REVISED:
        facts = _put_in_force(facts, version_of(facts, event))
    else:
        facts = facts.but(gone_goals=(), gone_components=())
    since, to_bring_in = facts.reviewed_at, {case for case, _ in facts.sources}
    links = tuple(one for one in facts.links if not one.ended_by or one.case in to_bring_in)
    return facts.but(
        next_review_at=event.next_review_at,
        reviewed_at=event.at,
        visits=(),
        weighed=(),
        # Told again, a visit is not taken for another one.
        weighed_before=with_more(facts.visits, *facts.weighed),
        links=links,
        attempts=tuple(one for one in facts.attempts if since is None or one.at >= since),
    )


def _put_in_force(facts: PlanFacts, version: Version) -> PlanFacts:
    """Return the facts with this version in force: a copy of it is owed, each component is somebody's."""
    before = () if facts.plan is None else facts.plan.goals
    draft = facts.draft
    known = facts.components
    # What a draft does not name may have been assigned since it was written: only what it ends is gone.
    named = without(with_more(tuple(one.name for one in known), *version.components), *version.ends)
    components = tuple(component_named(facts, name) or Component(name=name) for name in named)
    return facts.but(
        plan=evolve(version, components=(), ends=()),
        # A draft of another number was written by somebody who does not know of this, and waits still.
        draft=None if draft is None or draft.number == version.number else draft,
        number=max(facts.number, version.number),
        copy_owed=facts.copy_owed or version.number,
        components=components,
        gone_goals=without(before, *version.goals),
        gone_components=without(tuple(one.name for one in known), *named),
    )


# --- visits ---------------------------------------------------------------------------------


def _learn_visit(facts: PlanFacts, event: RelevantVisit) -> PlanFacts:
    name = visit_of(event)
    no_plan = facts.plan is None and facts.draft is None
    if no_plan or facts.ended or name in (*facts.weighed, *facts.weighed_before):
        return facts
    return facts.but(visits=with_more(facts.visits, name))


def _learn_weighed(facts: PlanFacts, event: VisitWeighed) -> PlanFacts:
    some = weighed_by(facts, event)
    if event.outcome is Outcome.REVISED:
        facts = _put_in_force(facts, version_of(facts, event))
    else:
        facts = facts.but(gone_goals=(), gone_components=())
    return facts.but(visits=without(facts.visits, *some), weighed=with_more(facts.weighed, *some))


# --- copies ---------------------------------------------------------------------------------


def _learn_copy(facts: PlanFacts, event: CopyGiven) -> PlanFacts:
    if is_had(event):
        facts = facts.but(holders=with_more(facts.holders, event.recipient))
    if reaches(facts, event):
        return facts.but(copy_owed=0)
    came_back = event.outcome is Copy.UNDELIVERABLE and not facts.ended
    if came_back and facts.plan is not None and number_of(facts, event) == facts.plan.number:
        return facts.but(copy_owed=facts.copy_owed or facts.plan.number)
    return facts


def _learn_shared(facts: PlanFacts, event: PlanShared) -> PlanFacts:
    return facts.but(accessible=True) if event.how is Sharing.ACCESSIBLE else facts


# --- what other cases bring -----------------------------------------------------------------


def _with_source(facts: PlanFacts, case: str, about: str | None) -> PlanFacts:
    return facts.but(sources=tuple(dict.fromkeys((*facts.sources, (case, about or "")))))


def _learn_linked(facts: PlanFacts, event: Linked) -> PlanFacts:
    return facts if event.relation == UNDER_WAY else _with_source(facts, event.case, event.about)


def _learn_link_ended(facts: PlanFacts, event: LinkedCaseEnded) -> PlanFacts:
    # Whatever was brought in before, or is to be, there may be more at the end: a stay is more than its admission.
    ended_now = any(one.case == event.case and one.ended_by == event.key for one in facts.links)
    return _with_source(facts, event.case, None) if ended_now else facts


def _learn_brought_in(facts: PlanFacts, event: InformationBroughtIn) -> PlanFacts:
    # Without a word of what, it is all of that case.
    done = [one for one in facts.sources if one[0] == event.case and event.about in (None, one[1])]
    return facts.but(
        sources=tuple(one for one in facts.sources if one not in done),
        brought_now=tuple(source_name(one) for one in done),
    )


# --- components of care ---------------------------------------------------------------------


def _with_component(facts: PlanFacts, component: Component) -> PlanFacts:
    known = tuple(component if one.name == component.name else one for one in facts.components)
    return facts.but(components=known if component in known else (*known, component))


def _learn_assigned(facts: PlanFacts, event: ComponentAssigned) -> PlanFacts:
    name = event.about or ""
    component = component_named(facts, name) or Component(name=name)
    back = event.clinician == component.clinician
    return _with_component(facts, evolve(component, assigned="" if back else event.clinician))


def _learn_accepted(facts: PlanFacts, event: ComponentAccepted) -> PlanFacts:
    return _with_component(facts, Component(name=event.about or "", clinician=event.by.id))


def _learn_gone(facts: PlanFacts, event: OwnerGone) -> PlanFacts:
    """Learn that somebody is gone: what was theirs is the owner's of the plan until another accepts it."""
    left = tuple(
        evolve(
            one,
            clinician="" if one.clinician == event.who else one.clinician,
            assigned="" if one.assigned == event.who else one.assigned,
        )
        for one in facts.components
    )
    return facts if left == facts.components else facts.but(components=left)


# --- what is let go, and how it ends --------------------------------------------------------


def _learn_waived(facts: PlanFacts, event: Waived) -> PlanFacts:
    about = event.about
    if event.clock == WEIGH:
        return facts.but(visits=tuple(one for one in facts.visits if about not in (None, one)))
    if event.clock == GIVE_COPY:
        return facts.but(copy_owed=0)
    if event.clock == BRING_IN:
        return facts.but(sources=tuple(one for one in facts.sources if about not in (None, source_name(one))))
    if event.clock == ACTIVATE and facts.plan is not None:
        return facts.but(draft=None)
    return facts


def _learn_end(facts: PlanFacts, _: Event) -> PlanFacts:
    return facts.but(ended=True)


def _learn_declined(facts: PlanFacts, _: PatientDeclined) -> PlanFacts:
    """Learn that they do not want it: what was planned is planned no longer, and another plan begins from nothing."""
    return facts.but(
        ended=True,
        took_part=False,
        draft=None,
        plan=None,
        next_review_at=None,
        visits=(),
        copy_owed=0,
        components=(),
    )


def _learn_reopened(facts: PlanFacts, _: Reopened) -> PlanFacts:
    # The date that the plan gave was that of a plan that went on.
    return facts.but(ended=False, next_review_at=None)


LESSONS: Final[Mapping[type[Event], Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        Identified: _learn_identified,
        PlanDrafted: _learn_drafted,
        PatientTookPart: _learn_part,
        Activated: _learn_activated,
        PlanReviewed: _learn_reviewed,
        RelevantVisit: _learn_visit,
        VisitWeighed: _learn_weighed,
        CopyGiven: _learn_copy,
        PlanShared: _learn_shared,
        Linked: _learn_linked,
        LinkedCaseEnded: _learn_link_ended,
        InformationBroughtIn: _learn_brought_in,
        ComponentAssigned: _learn_assigned,
        ComponentAccepted: _learn_accepted,
        OwnerGone: _learn_gone,
        Waived: _learn_waived,
        Completed: _learn_end,
        Revoked: _learn_end,
        PatientDeclined: _learn_declined,
        LoopClosed: _learn_end,
        ClosedByAdministration: _learn_end,
        SupersededBy: _learn_end,
        EnteredInError: _learn_end,
        Reopened: _learn_reopened,
    }
)

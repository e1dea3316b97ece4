"""Which of several deadlines an event speaks of: a component, a version, a finding, a person."""

from __future__ import annotations

from carecoord.events import Acknowledged, Event, Linked, LinkedCaseEnded
from carecoord.tables import Only
from carecoord.workflow import held_by_the_link, lost_with_the_link, with_more
from carecoord.workflows.diagnostic_result.events import (
    FollowedUp,
    FollowUpDeclined,
    OfResult,
    PatientNotified,
    ResultRetracted,
    Reviewed,
)
from carecoord.workflows.diagnostic_result.facts import (
    PATIENT,
    ResultFacts,
    alarmed,
    awaited,
    called_only,
    component_of,
    every_component,
    is_final,
    is_newest,
    newest,
    numbers,
    split,
    to_tell,
    up_to,
)
from carecoord.workflows.diagnostic_result.lessons import findings_of, reaches
from carecoord.workflows.diagnostic_result.versions import version_name


def the_component(facts: ResultFacts, event: Event) -> str:
    """the component, by default the only one"""
    return component_of(facts, event)


def all_that_is_awaited(facts: ResultFacts, _: Event) -> tuple[str, ...]:
    """each component that is awaited"""
    return awaited(facts)


def the_component_if_final(facts: ResultFacts, event: Event) -> tuple[str, ...]:
    """the component, once something of it is final"""
    component = component_of(facts, event)
    return (component,) if is_final(facts, component) and component not in called_only(facts) else ()


def the_component_if_unfinished(facts: ResultFacts, event: Event) -> tuple[str, ...]:
    """the component, while something of it is here and nothing final"""
    component = component_of(facts, event)
    here = newest(facts, component) is not None and not is_final(facts, component)
    return (component,) if here and component in awaited(facts) else ()


def all_that_is_awaited_no_longer(facts: ResultFacts, _: Event) -> tuple[str, ...]:
    """each component that is awaited no longer"""
    return tuple(one for one in every_component(facts) if one not in awaited(facts))


def the_component_if_nobody_wants_it(facts: ResultFacts, event: ResultRetracted) -> tuple[str, ...]:
    """the component, once nothing of it is left and nobody had asked for it"""
    component = component_of(facts, event)
    return () if component in every_component(facts) else (component,)


def the_component_if_gone(facts: ResultFacts, event: ResultRetracted) -> tuple[str, ...]:
    """the component, once nothing of it is left"""
    component = component_of(facts, event)
    return () if newest(facts, component) is not None else (component,)


def the_version(facts: ResultFacts, event: OfResult) -> str:
    """the version"""
    return version_name(facts, event)


# --- critical results, and reviews ----------------------------------------------------------


def the_alarm(facts: ResultFacts, event: Event) -> tuple[str, ...]:
    """the component of which a critical result is not known to be known"""
    component = component_of(facts, event)
    return (component,) if component in alarmed(facts) else ()


def the_alarm_that_ended(facts: ResultFacts, event: Event) -> tuple[str, ...]:
    """the component, once nothing critical of it is unknown"""
    component = component_of(facts, event)
    return () if component in alarmed(facts) else (component,)


def the_one_acknowledged(_: ResultFacts, event: Acknowledged) -> str | Only:
    """the component that is acknowledged, or the only one"""
    return Only() if event.about is None else event.about


def read_to_the_end(facts: ResultFacts, event: Reviewed) -> tuple[str, ...]:
    """each component whose newest version was read"""
    return tuple(split(name)[0] for name in event.results if is_newest(facts, name))


def read_and_known(facts: ResultFacts, event: Reviewed) -> tuple[str, ...]:
    """each component whose newest version was read, and of which no call is unanswered"""
    return tuple(one for one in read_to_the_end(facts, event) if one not in alarmed(facts))


def all_that_awaits_review(facts: ResultFacts, _: Event) -> tuple[str, ...]:
    """the version with which the review begins"""
    return facts.reviews


def up_to_the_newest(facts: ResultFacts, event: Reviewed) -> tuple[str, ...]:
    """each version of a component whose newest version was read"""
    return tuple(name for component in read_to_the_end(facts, event) for name in numbers(facts, component))


def what_awaits_review_no_longer(facts: ResultFacts, event: ResultRetracted) -> tuple[str, ...]:
    """each version of the component with which no review goes on"""
    return tuple(name for name in numbers(facts, component_of(facts, event)) if name not in facts.reviews)


# --- what the patient is told ---------------------------------------------------------------


def _to_tell(facts: ResultFacts, *components: str, abnormal: bool) -> tuple[str, ...]:
    some = (one for component in components for one in to_tell(facts, component))
    return tuple(one.name for one in some if one.abnormal is abnormal)


def to_tell_abnormal(facts: ResultFacts, _: Event) -> tuple[str, ...]:
    """each version that is abnormal and that the patient is to be told"""
    return _to_tell(facts, *every_component(facts), abnormal=True)


def to_tell_normal(facts: ResultFacts, _: Event) -> tuple[str, ...]:
    """each version that is normal and that the patient is to be told"""
    return _to_tell(facts, *every_component(facts), abnormal=False)


def abnormal_no_longer(facts: ResultFacts, event: Event) -> tuple[str, ...]:
    """each version of the component that is not to be told as abnormal"""
    component = component_of(facts, event)
    return tuple(one for one in numbers(facts, component) if one not in to_tell_abnormal(facts, event))


def normal_no_longer(facts: ResultFacts, event: Event) -> tuple[str, ...]:
    """each version of the component that is not to be told as normal"""
    component = component_of(facts, event)
    return tuple(one for one in numbers(facts, component) if one not in to_tell_normal(facts, event))


def called_normal(_: ResultFacts, event: Reviewed) -> tuple[str, ...]:
    """each version that the clinician calls normal"""
    return event.normal


def what_was_read(_: ResultFacts, event: Reviewed) -> tuple[str, ...]:
    """each version that was read"""
    return event.results


def up_to_what_was_told(facts: ResultFacts, event: PatientNotified) -> tuple[str, ...]:
    """each version that was told, and earlier ones; by the portal alone only what may be told so"""
    return tuple(one for name in event.results if reaches(facts, event, name) for one in up_to(facts, name))


def what_must_be_explained(facts: ResultFacts, _: Event) -> tuple[str, ...]:
    """each version that the patient has read now, abnormal and not reviewed"""
    return facts.unexplained


def each_version_taken_back(facts: ResultFacts, event: ResultRetracted) -> tuple[str, ...]:
    """each version that was taken back"""
    component = component_of(facts, event)
    return tuple(name for name in facts.struck if split(name)[0] == component)


# --- what follows ---------------------------------------------------------------------------


def each_finding(_: ResultFacts, event: Reviewed) -> tuple[str, ...]:
    """each finding, or each version where none is named"""
    return findings_of(event)


def the_finding(_: ResultFacts, event: FollowedUp | FollowUpDeclined | Linked) -> str | Only:
    """the finding that it is about, or the only one"""
    return Only() if event.about is None else event.about


def _findings(facts: ResultFacts, items: tuple[str, ...]) -> tuple[str, ...]:
    """Return what was linked; a link that named nothing may have held any finding."""
    return with_more((), *(name for item in items for name in ((item,) if item else facts.findings or ("",))))


def lost_findings(facts: ResultFacts, event: LinkedCaseEnded) -> tuple[str, ...]:
    """each finding that the linked case held, and no other holds"""
    return _findings(facts, lost_with_the_link(facts, event))


def held_findings(facts: ResultFacts, event: LinkedCaseEnded) -> tuple[str, ...]:
    """each finding that the linked case held"""
    return _findings(facts, held_by_the_link(facts, event))


def whoever_is_owed(facts: ResultFacts, _: Event) -> tuple[str, ...]:
    """whoever was told of it"""
    return tuple(dict.fromkeys(person for person, _ in facts.owed))


def the_patient(_: ResultFacts, __: Event) -> tuple[str, ...]:
    """the patient, whom nobody can tell any longer"""
    return (PATIENT,)


def whoever_was_repaid(facts: ResultFacts, _: Event) -> tuple[str, ...]:
    """whoever has heard how all of it stands now"""
    return facts.repaid

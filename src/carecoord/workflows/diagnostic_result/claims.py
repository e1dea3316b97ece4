"""
What the rows of a test result claim.

Claims of moves read the facts before the event, claims of clocks those after it. Where a move
depends on what is here once the event is learned, its claim begins with "then".
"""

from __future__ import annotations

from typing import Final, TypeAlias

from carecoord.events import Event, Paused
from carecoord.vocabulary import Role
from carecoord.workflows.diagnostic_result.events import (
    Channel,
    Collected,
    CriticalCalled,
    Disposition,
    FollowedUp,
    FollowUpDeclined,
    LabCancelled,
    NotDone,
    OfResult,
    OrderWithdrawn,
    PatientNotified,
    ReflexAdded,
    ReleaseDelayAsked,
    Reordered,
    ResultRetracted,
    Reviewed,
    SeenByPatient,
    Severity,
    SpecimenRejected,
)
from carecoord.workflows.diagnostic_result.facts import (
    ResultFacts,
    alarmed,
    awaited,
    called_only,
    component_of,
    concerned,
    every_component,
    is_newest,
    named,
    newest,
    open_questions,
    place,
    split,
)
from carecoord.workflows.diagnostic_result.lessons import LESSONS, NOTIFY, newly_cancelled, newly_not_done, replaced
from carecoord.workflows.diagnostic_result.states import R
from carecoord.workflows.diagnostic_result.versions import (
    MAY_ACKNOWLEDGE,
    is_whole,
    is_written,
    taken_back,
    tells_more,
    version_name,
)

_OnResults: TypeAlias = Reviewed | PatientNotified
_Rejected: TypeAlias = SpecimenRejected | NotDone

CLINICIANS: Final = (Role.CLINICIAN, Role.PRESCRIBER)
OTHERS: Final = (Role.SYSTEM, Role.LABORATORY, Role.HOSPITAL, Role.RECIPIENT, Role.PATIENT)


# --- what is here after it ------------------------------------------------------------------


def after(facts: ResultFacts, event: Event) -> ResultFacts:
    """Return the facts once the event is learned."""
    lesson = LESSONS.get(type(event))
    learned: ResultFacts = facts if lesson is None else lesson(facts, event)
    return learned


def then_resulted(facts: ResultFacts, event: Event) -> bool:
    """then all of it is here, or given up"""
    return place(after(facts, event)) is R.RESULTED


def then_partial(facts: ResultFacts, event: Event) -> bool:
    """then something is here, and not all of it final"""
    return place(after(facts, event)) is R.PARTIAL


def then_not_done(facts: ResultFacts, event: Event) -> bool:
    """then nothing is here, and nothing will come"""
    return place(after(facts, event)) is R.NOT_DONE


def then_collected(facts: ResultFacts, event: Event) -> bool:
    """then nothing is here, and it is taken"""
    return place(after(facts, event)) is R.COLLECTED


def then_awaited(facts: ResultFacts, event: Event) -> bool:
    """then something is awaited that was not"""
    return bool(set(awaited(after(facts, event))) - set(awaited(facts)))


# --- what is written to us ------------------------------------------------------------------


def names_a_component(facts: ResultFacts, event: Event) -> bool:
    """it says which component it is about, or there is only one"""
    return component_of(facts, event) != ""


def of_a_version_that_may_be(facts: ResultFacts, event: OfResult) -> bool:
    """it says which component it is about, and its version was not taken back"""
    return names_a_component(facts, event) and version_name(facts, event) not in facts.struck


def told_before(facts: ResultFacts, event: OfResult) -> bool:
    """that version is here already, and no less is known of it"""
    known = named(facts, version_name(facts, event))
    return known is not None and not tells_more(known, event)


def of_an_older_version(facts: ResultFacts, event: OfResult) -> bool:
    """a newer version of it is here, and it is neither graver nor more final"""
    name, last = version_name(facts, event), newest(facts, component_of(facts, event))
    newer = last is not None and last.name != name and is_newest(after(facts, event), last.name)
    return newer and name not in facts.struck


def takes_something_back(facts: ResultFacts, event: ResultRetracted) -> bool:
    """it takes back something that is here"""
    return bool(taken_back(facts, event))


def was_taken_back(facts: ResultFacts, event: ResultRetracted) -> bool:
    """what it takes back was taken back before"""
    component = component_of(facts, event)
    some = (name for name in facts.struck if split(name)[0] == component)
    return any(event.version in (None, split(name)[1]) for name in some) and not taken_back(facts, event)


def tells_nothing_new(facts: ResultFacts, event: CriticalCalled) -> bool:
    """what it tells is written, and is known with this or was before"""
    return is_written(facts, event) and component_of(facts, event) not in alarmed(after(facts, event))


# --- what the laboratory does ---------------------------------------------------------------


def of_what_is_awaited(facts: ResultFacts, event: _Rejected) -> bool:
    """it is of something that is awaited"""
    return bool(newly_not_done(facts, event))


def not_done_before(facts: ResultFacts, event: _Rejected) -> bool:
    """that it was not done is known, or it was given up"""
    some = concerned(facts, event)
    known = (*facts.not_done, *facts.cancelled, *facts.let_go, *facts.withdrawn)
    return bool(some) and all(one in known for one in some)


def gives_something_up(facts: ResultFacts, event: LabCancelled) -> bool:
    """it gives up something that is awaited, or by which they stood"""
    return bool(newly_cancelled(facts, event))


def given_up_before(facts: ResultFacts, event: LabCancelled) -> bool:
    """that they give it up is known, or we had let it go"""
    return bool(concerned(facts, event)) and not newly_cancelled(facts, event)


def of_a_new_component(facts: ResultFacts, event: ReflexAdded) -> bool:
    """the test is a new one"""
    return (event.about or event.key) not in every_component(facts)


def of_a_component(facts: ResultFacts, event: Event) -> bool:
    """it is of something that is wanted or here"""
    return bool(concerned(facts, event))


# --- ours -----------------------------------------------------------------------------------


def by_a_clinician(_: ResultFacts, event: Event) -> bool:
    """a clinician did it"""
    return event.by.role in CLINICIANS


def by_one_of_us(_: ResultFacts, event: Event) -> bool:
    """somebody of the practice did it"""
    return event.by.role not in OTHERS


def nothing_critical_is_unknown(facts: ResultFacts, _: Event) -> bool:
    """no critical result of it is unknown to the orderer"""
    return not facts.alarms


def something_was_called(facts: ResultFacts, _: Event) -> bool:
    """something was called that is not written"""
    return bool(facts.phoned)


def no_call_is_left(facts: ResultFacts, _: Event) -> bool:
    """a clinician said what follows from what was called and will not be written"""
    return all(one in facts.let_go for one in called_only(facts))


def gives_a_reason(_: ResultFacts, event: OrderWithdrawn) -> bool:
    """it says why"""
    return event.reason.strip() != ""


def to_somebody(_: ResultFacts, event: PatientNotified) -> bool:
    """it says who was told"""
    return event.recipient.strip() != ""


def leaves_no_call_behind(facts: ResultFacts, event: Reviewed) -> bool:
    """it says what follows from what was called and will not be written"""
    return event.disposition is not Disposition.NOTHING_MORE or not set(event.without) & set(called_only(facts))


def of_what_is_here(facts: ResultFacts, event: _OnResults) -> bool:
    """it names versions that are here"""
    return bool(event.results) and all(named(facts, name) is not None for name in event.results)


def of_what_is_here_or_explained(facts: ResultFacts, event: SeenByPatient) -> bool:
    """it names versions that are here, or one of them is to be explained"""
    here = bool(event.results) and all(named(facts, name) is not None for name in event.results)
    return here or bool(after(facts, event).unexplained)


def reads_or_decides(facts: ResultFacts, event: Reviewed) -> bool:
    """it names versions that are here, or what can be done without"""
    here = all(named(facts, name) is not None for name in event.results)
    return here and bool(event.results or event.without)


def does_without_what_will_not_come(facts: ResultFacts, event: Reviewed) -> bool:
    """what it does without is undecided"""
    return all(one in open_questions(facts) for one in event.without)


def calms_what_had_no_flag(facts: ResultFacts, event: Reviewed) -> bool:
    """what it calls normal came without a flag that is known"""
    some = [named(facts, name) for name in event.normal]
    unflagged = all(one is not None and one.severity is Severity.UNKNOWN for one in some)
    return unflagged and set(event.normal) <= set(event.results)


def gives_a_reason_not_to_tell(_: ResultFacts, event: Reviewed) -> bool:
    """it says why the patient is not to be told, where they are not"""
    return event.disposition is not Disposition.DO_NOT_NOTIFY or bool(event.reason.strip())


def of_a_finding(facts: ResultFacts, event: FollowedUp | FollowUpDeclined) -> bool:
    """it names a finding that is to be followed up, or there is only one"""
    known = (*facts.findings, *(link.item for link in facts.links))
    return event.about in known or (event.about is None and len(facts.findings) == 1)


def replaces_something(facts: ResultFacts, event: Reordered) -> bool:
    """it takes the place of something that will not come"""
    return bool(replaced(facts, event))


def leaves_nothing_to_decide(facts: ResultFacts, event: Reordered) -> bool:
    """it takes the place of all that will not come, and nothing is here or awaited"""
    learned = after(facts, event)
    done = not (open_questions(learned) or awaited(learned) or learned.versions or learned.phoned)
    return done and replaces_something(facts, event)


def says_until_when(_: ResultFacts, event: ReleaseDelayAsked) -> bool:
    """the patient says until when, or until what, it is to wait"""
    return event.until is not None or event.condition != ""


def waits_as_the_patient_asked(facts: ResultFacts, event: Paused) -> bool:
    """it names the duty that waits; telling the patient waits no longer than the patient asked for"""
    if event.clock not in NOTIFY:
        return event.clock is not None
    return facts.delay_until is not None and event.resume_by <= facts.delay_until


# --- after the event, for clocks ------------------------------------------------------------


def unclaimed(facts: ResultFacts, _: Event) -> bool:
    """nobody answers for it yet"""
    return not facts.ordered


def claimed(facts: ResultFacts, _: Event) -> bool:
    """somebody answers for it"""
    return facts.ordered


def nothing_is_taken(facts: ResultFacts, _: Event) -> bool:
    """nothing of it is taken or here"""
    return facts.collected_at is None and not facts.versions and not facts.phoned


def before_its_day(facts: ResultFacts, event: Collected) -> bool:
    """it was planned for a later day"""
    return facts.planned_for is not None and event.at < facts.planned_for


def nothing_is_awaited(facts: ResultFacts, _: Event) -> bool:
    """nothing of it is awaited, or will come as it was ordered"""
    return all(one in facts.not_done for one in awaited(facts))


def something_is_undecided(facts: ResultFacts, _: Event) -> bool:
    """something will not come, and nobody has decided what follows"""
    return bool(open_questions(facts))


def nothing_is_undecided(facts: ResultFacts, _: Event) -> bool:
    """nothing is left to decide"""
    return not open_questions(facts)


def known_with_this(facts: ResultFacts, event: CriticalCalled) -> bool:
    """all six facts are told, to somebody who answers for it, and read back"""
    return is_whole(event)


def by_the_orderer_or_surrogate(_: ResultFacts, event: Event) -> bool:
    """the orderer or a surrogate did it"""
    return event.by.role in MAY_ACKNOWLEDGE


def by_voice(_: ResultFacts, event: PatientNotified) -> bool:
    """somebody spoke with the patient"""
    return event.channel is Channel.VOICE


def declines_to_tell(_: ResultFacts, event: Reviewed) -> bool:
    """there is a clinical reason not to tell the patient"""
    return event.disposition is Disposition.DO_NOT_NOTIFY


def repaid_with_this(facts: ResultFacts, event: Event) -> bool:
    """with this they have heard how all of it stands now"""
    return facts.repaid_by == event.key


def explains_with_this(facts: ResultFacts, event: Event) -> bool:
    """the patient has read something abnormal that nobody here has reviewed"""
    return facts.explain_by == event.key and bool(facts.unexplained)

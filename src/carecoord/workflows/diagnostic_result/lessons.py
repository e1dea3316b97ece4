"""
What each event teaches: pure functions from facts and event to facts.

News is learned even where it does not fit, so each lesson asks itself whether the news is about
what stands. What reviews, critical calls and corrections are owed is kept here too, since it
depends on all versions of a component together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from attrs import evolve

from carecoord.events import Acknowledged, Event, Reopened, ToldAgain, UnableToReach, Waived
from carecoord.vocabulary import Role
from carecoord.workflows.diagnostic_result.events import (
    ArrivedUnasked,
    Channel,
    Claimed,
    Collected,
    CriticalCalled,
    Disposition,
    Expected,
    FollowedUp,
    FollowUpDeclined,
    LabCancelled,
    Method,
    NotDone,
    OfResult,
    Ordered,
    OrderWithdrawn,
    PatientNotified,
    ReflexAdded,
    ReleaseDelayAsked,
    Reordered,
    ResultCorrected,
    ResultReceived,
    ResultRetracted,
    Reviewed,
    SeenByPatient,
    Severity,
    SpecimenRejected,
    Status,
)
from carecoord.workflows.diagnostic_result.facts import (
    PATIENT,
    ResultFacts,
    Version,
    awaited,
    component_of,
    concerned,
    every_component,
    is_final,
    is_newest,
    marked,
    named,
    newest,
    open_questions,
    split,
    to_tell,
    waits_since,
    with_more,
    with_version,
    without,
)

CRITICAL: Final = "critical"
NOTIFY_ABNORMAL: Final = "notify_abnormal"
NOTIFY_NORMAL: Final = "notify_normal"
NOTIFY: Final = (NOTIFY_ABNORMAL, NOTIFY_NORMAL)
RESULT_CLOCK: Final = "result"

MAY_ACKNOWLEDGE: Final = (Role.OWNER, Role.SURROGATE)
"""The orderer, or whoever acts for them."""

MAY_RECEIVE: Final = (*MAY_ACKNOWLEDGE, Role.CLINICIAN, Role.PRESCRIBER)
"""To whom a critical result may be told so that it is known."""

_GRAVITY: Final = {Severity.NORMAL: 0, Severity.UNKNOWN: 1, Severity.ABNORMAL: 1, Severity.CRITICAL: 2}


# --- what is wanted -------------------------------------------------------------------------


def _learn_order(facts: ResultFacts, event: Ordered | Expected) -> ResultFacts:
    facts = facts.but(
        ordered=True,
        kind=event.kind,
        urgency=facts.urgency if event.urgency is None else event.urgency,
        components=with_more(facts.components, *event.components),
    )
    if isinstance(event, Ordered):
        return facts.but(planned_for=event.planned_for)
    return facts.but(born_at=event.born_at, expected_by=event.expected_by, stay=event.stay)


def _learn_claimed(facts: ResultFacts, event: Claimed) -> ResultFacts:
    # Also what was taken back meanwhile: whoever claims it wants to know what became of it.
    arrived = (*(one.component for one in facts.versions), *(split(name)[0] for name in facts.struck))
    return facts.but(ordered=True, order=event.order, components=with_more(facts.components, *arrived))


def _learn_reflex(facts: ResultFacts, event: ReflexAdded) -> ResultFacts:
    return facts.but(components=with_more(facts.components, event.about or event.key))


# --- versions -------------------------------------------------------------------------------


def status_of(event: OfResult) -> Status:
    """Return how far the version has come that an event brings; a correction is final."""
    return event.status if isinstance(event, ArrivedUnasked | ResultReceived) else Status.FINAL


def version_name(facts: ResultFacts, event: OfResult) -> str:
    """Return the name of the version that an event brings."""
    return f"{component_of(facts, event)}:{event.version}"


def tells_more(known: Version, event: OfResult) -> bool:
    """Whether an event says more of a version that is here: that it is final, graver, or a correction."""
    final = status_of(event) is Status.FINAL
    if known.final and not final:
        return False  # a preliminary version that comes behind its final one
    graver = event.severity is not Severity.UNKNOWN and _GRAVITY[event.severity] > _GRAVITY[known.severity]
    return (final and not known.final) or graver or (isinstance(event, ResultCorrected) and not known.corrects)


def _learn_version(facts: ResultFacts, event: OfResult) -> ResultFacts:
    name, component = version_name(facts, event), component_of(facts, event)
    known, last = named(facts, name), newest(facts, component)
    if not component or name in facts.struck or (known is not None and not tells_more(known, event)):
        return facts
    before = last if known is None else known
    version = _version(event, component, before)
    awaits = _awaits_review(facts, last, version)
    if not facts.ordered and isinstance(event, ArrivedUnasked):
        facts = facts.but(kind=event.kind)
    facts = with_version(_is_here(facts, component), version)
    if last is None or version.number >= last.number:
        changed = event.content_changed or before is None or version.severity is not before.severity
        facts = _learn_newest(facts, event, version, awaits, changed)
    tell = to_tell(facts, component) or version
    facts = facts.but(severity=version.severity, available_at=waits_since(facts, tell), unexplained=())
    if name not in facts.seen:
        return facts
    facts = facts.but(told=_knowing(facts, PATIENT, component))
    return facts.but(unexplained=(name,), explain_by=event.key) if version.abnormal else facts


def _version(event: OfResult, component: str, before: Version | None) -> Version:
    """Return the version that an event brings; where nothing changed, what was known, done and said of it holds."""
    severity = event.severity
    again = before is not None and before.number == event.version and before.corrects
    same = before is not None and not event.content_changed
    if same and before and severity is Severity.UNKNOWN:
        severity = before.severity  # sent again without its flag
    version = Version(
        component=component,
        number=event.version,
        status=status_of(event),
        severity=severity,
        available_at=event.at if event.available_at is None else event.available_at,
        corrects=again or isinstance(event, ResultCorrected),
    )
    if not same or before is None or severity is not before.severity:
        return version
    return evolve(version, normal=before.normal, known=before.known, told=before.told and before.final)


def _is_here(facts: ResultFacts, component: str) -> ResultFacts:
    """Return the facts once something of this component is here: nobody gave it up."""
    return facts.but(
        **{
            kind: without(getattr(facts, kind), component)
            for kind in ("not_done", "cancelled", "let_go", "withdrawn", "undecided", "phoned")
        }
    )


def _awaits_review(facts: ResultFacts, last: Version | None, version: Version) -> bool:
    """Whether a review is under way that takes this version over: one that is no graver."""
    if last is None or last.reviewed or not any(split(one)[0] == version.component for one in facts.reviews):
        return False
    unread = [one for one in facts.versions if one.component == version.component and not one.reviewed]
    return _GRAVITY[version.severity] <= max(_GRAVITY[one.severity] for one in unread)


def _learn_newest(facts: ResultFacts, event: OfResult, version: Version, awaits: bool, changed: bool) -> ResultFacts:
    component = version.component
    if not awaits:
        facts = facts.but(reviews=with_more(facts.reviews, version.name))
    if version.severity is Severity.CRITICAL and not version.known:
        if component in facts.ahead:
            facts = marked(facts, (version.name,), known=True)
        else:
            facts = facts.but(alarms=with_more(facts.alarms, component))
    facts = facts.but(ahead=without(facts.ahead, component))
    return _owing(facts, component) if isinstance(event, ResultCorrected) and changed else facts


def _owing(facts: ResultFacts, component: str) -> ResultFacts:
    """Return the facts once whoever was told of a component is owed its correction."""
    persons = ((person, of) for of, person in facts.told if of == component)
    return facts.but(owed=tuple(dict.fromkeys((*facts.owed, *persons))))


def _learn_retracted(facts: ResultFacts, event: ResultRetracted) -> ResultFacts:
    component, last = component_of(facts, event), newest(facts, component_of(facts, event))
    gone = taken_back(facts, event)
    if last is None or not gone:
        return facts
    facts = facts.but(
        versions=tuple(one for one in facts.versions if one.name not in gone),
        struck=with_more(facts.struck, *gone),
        doubted=without(facts.doubted, *gone),
        unexplained=(),
    )
    if last.name in gone:
        facts = _owing(facts, component)
        facts = facts.but(told=tuple(pair for pair in facts.told if pair[0] != component))
    left = newest(facts, component)
    unknown = any(
        one.component == component and one.severity is Severity.CRITICAL and not one.known for one in facts.versions
    )
    if not unknown:
        facts = facts.but(alarms=without(facts.alarms, component))
    reviews = tuple(one for one in facts.reviews if split(one)[0] == component)
    if left is None or left.reviewed:
        facts = facts.but(reviews=without(facts.reviews, *reviews))
    elif not reviews:
        facts = facts.but(reviews=with_more(facts.reviews, left.name))
    if left is None:
        return facts
    tell = to_tell(facts, component) or left
    return facts.but(severity=tell.severity, available_at=waits_since(facts, tell))


def taken_back(facts: ResultFacts, event: ResultRetracted) -> tuple[str, ...]:
    """Return the versions that a retraction takes back, of those that stand."""
    component = component_of(facts, event)
    some = (one for one in facts.versions if one.component == component)
    return tuple(one.name for one in some if event.version in (None, one.number))


# --- critical results -----------------------------------------------------------------------


def is_whole(event: CriticalCalled) -> bool:
    """Whether a call tells all six facts, reached somebody who answers for it, and was read back."""
    stated = (event.finding.strip(), event.identified_at, event.caller, event.received_at or event.at, event.method)
    spoken = event.method in (Method.PHONE, Method.IN_PERSON)
    received = event.receiver is not None and event.receiver.role in MAY_RECEIVE
    return all(one not in (None, "") for one in stated) and received and spoken and event.read_back


def is_of_an_older_version(facts: ResultFacts, event: CriticalCalled) -> bool:
    """Whether a call names a version in whose place another one stands."""
    last = newest(facts, component_of(facts, event))
    return last is not None and event.version is not None and event.version < last.number


def _learn_called(facts: ResultFacts, event: CriticalCalled) -> ResultFacts:
    component = component_of(facts, event)
    if not component:
        return facts
    last = newest(facts, component)
    if component not in every_component(facts):
        facts = facts.but(components=with_more(facts.components, component))
    if last is None:
        facts = _is_here(facts, component)
        facts = facts.but(phoned=with_more(facts.phoned, component))
    if event.receiver is not None:
        facts = facts.but(told=_knowing(facts, event.receiver.id, component))
    critical = last is not None and last.severity is Severity.CRITICAL
    if not is_whole(event):
        known = critical and last is not None and last.known
        return facts if known else facts.but(alarms=with_more(facts.alarms, component))
    if is_of_an_older_version(facts, event):
        return facts
    if not critical:
        facts = facts.but(ahead=with_more(facts.ahead, component))
    return _known(facts, component)


def _known(facts: ResultFacts, component: str) -> ResultFacts:
    names = tuple(one.name for one in facts.versions if one.component == component)
    return marked(facts.but(alarms=without(facts.alarms, component)), names, known=True)


def _learn_acknowledged(facts: ResultFacts, event: Acknowledged) -> ResultFacts:
    if event.clock != CRITICAL or event.by.role not in MAY_ACKNOWLEDGE:
        return facts
    some = facts.alarms if event.about is None and len(facts.alarms) == 1 else (event.about,)
    for component in (one for one in some if one in facts.alarms):
        facts = _known(facts, component).but(told=_knowing(facts, event.by.id, component))
    return facts


# --- what the laboratory does ---------------------------------------------------------------


def _learn_collected(facts: ResultFacts, event: Collected) -> ResultFacts:
    if event.specimen and event.specimen in facts.rejected:
        return facts
    taken = tuple(one for one in concerned(facts, event) if not is_final(facts, one))
    return facts.but(
        collected_at=event.at,
        not_done=without(facts.not_done, *taken),
        cancelled=without(facts.cancelled, *taken),
        withdrawn=without(facts.withdrawn, *taken),
        undecided=without(facts.undecided, *taken),
    )


def newly_not_done(facts: ResultFacts, event: Event) -> tuple[str, ...]:
    """Return the components that are awaited, and will not come unless somebody decides."""
    return tuple(one for one in concerned(facts, event) if one in awaited(facts) and one not in facts.not_done)


def _learn_not_done(facts: ResultFacts, event: SpecimenRejected | NotDone) -> ResultFacts:
    some = newly_not_done(facts, event)
    facts = facts.but(not_done=with_more(facts.not_done, *some), undecided=with_more(facts.undecided, *some))
    if isinstance(event, SpecimenRejected) and event.specimen and some:
        return facts.but(rejected=with_more(facts.rejected, event.specimen))
    return facts


def newly_cancelled(facts: ResultFacts, event: LabCancelled) -> tuple[str, ...]:
    """
    Return the components that the laboratory gives up with this, or by which it no longer stands.

    A whole order that is cancelled while some of it is awaited leaves what is here as it is.
    """
    some = tuple(one for one in concerned(facts, event) if one not in (*facts.let_go, *facts.withdrawn))
    still = tuple(one for one in some if not is_final(facts, one) and one not in facts.cancelled)
    if still:
        return still
    here = (newest(facts, one) for one in some)
    return tuple(one.component for one in here if one is not None and one.name not in facts.doubted)


def _learn_cancelled(facts: ResultFacts, event: LabCancelled) -> ResultFacts:
    some = newly_cancelled(facts, event)
    here = (newest(facts, one) for one in some)
    missing = tuple(one for one in some if not is_final(facts, one))
    return facts.but(
        cancelled=with_more(facts.cancelled, *missing),
        not_done=without(facts.not_done, *missing),
        undecided=with_more(facts.undecided, *some),
        doubted=with_more(facts.doubted, *(one.name for one in here if one is not None)),
    )


# --- who has seen it ------------------------------------------------------------------------


def _knowing(facts: ResultFacts, person: str, *components: str) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((*facts.told, *((one, person) for one in components))))


def _learn_seen(facts: ResultFacts, event: SeenByPatient) -> ResultFacts:
    fresh = [one for one in facts.versions if one.name in event.results and one.name not in facts.seen]
    alarming = tuple(one.name for one in fresh if one.abnormal and not one.reviewed and not one.told)
    return facts.but(
        seen=with_more(facts.seen, *event.results),
        told=_knowing(facts, PATIENT, *(one.component for one in fresh)),
        unexplained=alarming,
        explain_by=event.key,
    )


# --- ours -----------------------------------------------------------------------------------


def _learn_reviewed(facts: ResultFacts, event: Reviewed) -> ResultFacts:
    last = tuple(split(name)[0] for name in event.results if is_newest(facts, name))
    facts = marked(facts, event.results, reviewed=True)
    facts = marked(facts, event.normal, normal=True)
    if event.disposition is Disposition.DO_NOT_NOTIFY:
        facts = marked(facts, event.results, told=True)
    for component in last:
        facts = _known(facts, component)
    facts = facts.but(
        reviews=tuple(one for one in facts.reviews if split(one)[0] not in last),
        told=_knowing(facts, event.by.id, *(split(name)[0] for name in event.results)),
        undecided=without(facts.undecided, *event.without, *last),
        let_go=with_more(facts.let_go, *event.without),
        findings=with_more(facts.findings, *findings_of(event)),
    )
    calmed = [one for one in facts.versions if one.name in event.normal]
    if calmed:
        since = min(waits_since(facts, one) for one in calmed)
        facts = facts.but(severity=Severity.NORMAL, available_at=since)
    return _repaid(facts, event, event.by.id, last)


def findings_of(event: Reviewed) -> tuple[str, ...]:
    """Return what a review says must be followed up."""
    return (event.findings or event.results) if event.disposition is Disposition.FOLLOW_UP_NEEDED else ()


def _learn_notified(facts: ResultFacts, event: PatientNotified) -> ResultFacts:
    told = tuple(name for name in event.results if reaches(facts, event, name))
    components = tuple(split(name)[0] for name in event.results)
    last = tuple(split(name)[0] for name in event.results if is_newest(facts, name))
    facts = marked(facts, told, told=True).but(told=_knowing(facts, event.recipient, *components))
    return facts if event.channel is Channel.PORTAL else _repaid(facts, event, event.recipient, last)


def reaches(facts: ResultFacts, event: PatientNotified, name: str) -> bool:
    """Whether the patient is told: by the portal alone only of what is normal, and where the practice says so."""
    if event.channel is not Channel.PORTAL:
        return True
    version = named(facts, name)
    return facts.portal_counts and version is not None and not version.abnormal


def _repaid(facts: ResultFacts, event: Event, person: str, components: tuple[str, ...]) -> ResultFacts:
    """Return the facts once somebody heard how these components stand now."""
    owed = tuple(pair for pair in facts.owed if pair[0] != person or pair[1] not in components)
    if owed == facts.owed or any(one == person for one, _ in owed):
        return facts.but(owed=owed)
    return facts.but(owed=owed, repaid=(person,), repaid_by=event.key)


def _learn_told_again(facts: ResultFacts, event: ToldAgain) -> ResultFacts:
    return facts.but(owed=tuple(pair for pair in facts.owed if pair[0] != event.about))


def _learn_withdrawn(facts: ResultFacts, _: OrderWithdrawn) -> ResultFacts:
    return facts.but(withdrawn=with_more(facts.withdrawn, *awaited(facts)))


def replaced(facts: ResultFacts, event: Reordered) -> tuple[str, ...]:
    """Return the components in whose place another order stands: of those to be decided, the one it names, or all."""
    return tuple(one for one in open_questions(facts) if event.about in (None, one))


def _learn_reordered(facts: ResultFacts, event: Reordered) -> ResultFacts:
    some = replaced(facts, event)
    if not facts.versions and not without(open_questions(facts), *some):
        return facts.but(withdrawn=with_more(facts.withdrawn, *some))  # so that they are wanted again if it is reopened
    return facts.but(let_go=with_more(facts.let_go, *some), undecided=without(facts.undecided, *some))


def _learn_reopened(facts: ResultFacts, _: Reopened) -> ResultFacts:
    return facts.but(withdrawn=())


def _learn_let_go(facts: ResultFacts, event: Waived | UnableToReach) -> ResultFacts:
    if event.clock == RESULT_CLOCK:
        some = awaited(facts) if event.about is None else (event.about,)
        return facts.but(let_go=with_more(facts.let_go, *some), undecided=without(facts.undecided, *some))
    if event.clock in NOTIFY:
        # Without a name it is the only one that is owed.
        some = tuple(one.name for one in facts.versions) if event.about is None else (event.about,)
        abnormal = event.clock == NOTIFY_ABNORMAL
        alike = tuple(one.name for one in facts.versions if one.name in some and one.abnormal is abnormal)
        return marked(facts, alike, told=True)
    return facts


def _learn_followed_up(facts: ResultFacts, event: FollowedUp | FollowUpDeclined) -> ResultFacts:
    done = facts.findings if event.about is None and len(facts.findings) == 1 else (event.about or "",)
    return facts.but(findings=without(facts.findings, *done))


def _learn_delay(facts: ResultFacts, event: ReleaseDelayAsked) -> ResultFacts:
    return facts.but(delay_asked=True, delay_until=event.until, delay_condition=event.condition)


LESSONS: Final[Mapping[type[Event], Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        Ordered: _learn_order,
        Expected: _learn_order,
        Claimed: _learn_claimed,
        ArrivedUnasked: _learn_version,
        ResultReceived: _learn_version,
        ResultCorrected: _learn_version,
        ResultRetracted: _learn_retracted,
        CriticalCalled: _learn_called,
        Acknowledged: _learn_acknowledged,
        Collected: _learn_collected,
        SpecimenRejected: _learn_not_done,
        NotDone: _learn_not_done,
        LabCancelled: _learn_cancelled,
        ReflexAdded: _learn_reflex,
        SeenByPatient: _learn_seen,
        Reviewed: _learn_reviewed,
        PatientNotified: _learn_notified,
        ToldAgain: _learn_told_again,
        OrderWithdrawn: _learn_withdrawn,
        Reordered: _learn_reordered,
        Reopened: _learn_reopened,
        Waived: _learn_let_go,
        UnableToReach: _learn_let_go,
        FollowedUp: _learn_followed_up,
        FollowUpDeclined: _learn_followed_up,
        ReleaseDelayAsked: _learn_delay,
    }
)

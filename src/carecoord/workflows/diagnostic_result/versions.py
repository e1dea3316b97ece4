"""
What is written to us and called: how versions take each other's place, and what is owed for them.

Reviews, critical calls and corrections depend on all versions of a component together, so what is
owed of them is kept in the facts; the clocks begin and end by it.
"""

from __future__ import annotations

from typing import Final

from attrs import evolve

from carecoord.events import Acknowledged
from carecoord.vocabulary import Role
from carecoord.workflows.diagnostic_result.events import (
    ArrivedUnasked,
    CriticalCalled,
    Method,
    OfResult,
    ResultCorrected,
    ResultReceived,
    ResultRetracted,
    Severity,
    Status,
)
from carecoord.workflows.diagnostic_result.facts import (
    GRAVITY,
    PATIENT,
    ResultFacts,
    Version,
    component_of,
    every_component,
    marked,
    named,
    newest,
    split,
    with_more,
    with_version,
    without,
)

CRITICAL: Final = "critical"

MAY_ACKNOWLEDGE: Final = (Role.OWNER, Role.SURROGATE)
"""The orderer, or whoever acts for them."""

MAY_RECEIVE: Final = (*MAY_ACKNOWLEDGE, Role.CLINICIAN, Role.PRESCRIBER)
"""To whom a critical result may be told so that it is known."""


def knowing(facts: ResultFacts, person: str, *components: str) -> tuple[tuple[str, str], ...]:
    """Return who was told of what, once this person is."""
    return tuple(dict.fromkeys((*facts.told, *((one, person) for one in components))))


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
    graver = event.severity is not Severity.UNKNOWN and GRAVITY[event.severity] > GRAVITY[known.severity]
    return (final and not known.final) or graver or (isinstance(event, ResultCorrected) and not known.corrects)


def learn_version(facts: ResultFacts, event: OfResult) -> ResultFacts:
    """Learn what was written to us; what is known already, or was taken back, teaches nothing."""
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
    facts = facts.but(unexplained=())
    if name not in facts.seen:
        return facts
    facts = facts.but(told=knowing(facts, PATIENT, component))
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
    return GRAVITY[version.severity] <= max(GRAVITY[one.severity] for one in unread)


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


def learn_retracted(facts: ResultFacts, event: ResultRetracted) -> ResultFacts:
    """Learn what was taken back: what is left stands again, and whoever was told of the newest is owed the word."""
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
    if component not in (*facts.cancelled, *facts.not_done):
        facts = facts.but(undecided=without(facts.undecided, component))
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
    return facts


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


def learn_called(facts: ResultFacts, event: CriticalCalled) -> ResultFacts:
    """Learn of a call: a whole one counts for what is here, or for the next critical version; any other one alarms."""
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
        facts = facts.but(told=knowing(facts, event.receiver.id, component))
    critical = last is not None and last.severity is Severity.CRITICAL
    if not is_whole(event):
        known = critical and last is not None and last.known
        return facts if known else facts.but(alarms=with_more(facts.alarms, component))
    if is_of_an_older_version(facts, event):
        return facts
    if not critical:
        facts = facts.but(ahead=with_more(facts.ahead, component))
    return known_of(facts, component)


def known_of(facts: ResultFacts, component: str) -> ResultFacts:
    """Return the facts once the orderer or a surrogate knows all that is here of a component."""
    names = tuple(one.name for one in facts.versions if one.component == component)
    return marked(facts.but(alarms=without(facts.alarms, component)), names, known=True)


def learn_acknowledged(facts: ResultFacts, event: Acknowledged) -> ResultFacts:
    """Learn that the orderer or a surrogate knows of a critical result; anybody else's word ends nothing."""
    if event.clock != CRITICAL or event.by.role not in MAY_ACKNOWLEDGE:
        return facts
    only = event.about is None and len(facts.alarms) == 1
    for component in (one for one in facts.alarms if only or one == event.about):
        facts = known_of(facts, component).but(told=knowing(facts, event.by.id, component))
    return facts

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
from carecoord.workflow import with_more, without
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
    alarmed,
    awaited,
    component_of,
    highest,
    marked,
    named,
    newest,
    split,
    with_version,
)

CRITICAL: Final = "critical"

MAY_ACKNOWLEDGE: Final = (Role.OWNER, Role.SURROGATE)
"""The orderer, or whoever acts for them."""

MAY_RECEIVE: Final = (*MAY_ACKNOWLEDGE, Role.CLINICIAN, Role.PRESCRIBER)
"""To whom a critical result may be told so that it is known."""


def knowing(facts: ResultFacts, person: str, *names: str) -> tuple[tuple[str, str], ...]:
    """Return who was told which versions, once this person is told these."""
    return tuple(dict.fromkeys((*facts.told, *((one, person) for one in names))))


# --- versions -------------------------------------------------------------------------------


def status_of(event: OfResult) -> Status:
    """Return how far the version has come that an event brings; a correction is final."""
    return event.status if isinstance(event, ArrivedUnasked | ResultReceived) else Status.FINAL


def version_name(facts: ResultFacts, event: OfResult) -> str:
    """Return the name of the version that an event brings."""
    return f"{component_of(facts, event)}:{event.version}"


def tells_more(known: Version, event: OfResult) -> bool:
    """Whether an event says more of a version that is here: that it is final, graver, flagged, or a correction."""
    final, said = status_of(event) is Status.FINAL, event.severity
    if known.final and not final:
        return False  # a preliminary version that comes behind its final one
    graver = GRAVITY[said] > GRAVITY[known.severity] or known.severity is Severity.UNKNOWN
    flagged = said is not Severity.UNKNOWN and said is not known.severity
    corrects = isinstance(event, ResultCorrected) and (flagged or not known.corrects)
    return (final and not known.final) or (flagged and graver) or corrects


def learn_version(facts: ResultFacts, event: OfResult) -> ResultFacts:
    """Learn what was written to us; what is known teaches nothing, and what has no place only how grave it is."""
    name, component = version_name(facts, event), component_of(facts, event)
    known, last = named(facts, name), newest(facts, component)
    if not component or name in facts.struck:
        return facts.but(severity=event.severity)
    if known is not None and not tells_more(known, event):
        return facts
    version = _version(event, component, known, last)
    awaits = _awaits_review(facts, last, version)
    if not facts.ordered and isinstance(event, ArrivedUnasked):
        facts = facts.but(kind=event.kind)
    owes = _says_otherwise(event, version, known, last)
    facts = with_version(_is_here(facts, version), version)
    if last is None or version.order >= last.order:
        facts = _learn_newest(facts, version, awaits)
    if owes:
        facts = owing(facts, component, *(person for of, person in facts.told if split(of)[0] == component))
    facts = facts.but(unexplained=(), severity=Severity.UNKNOWN)
    if name not in facts.seen:
        return facts
    facts = facts.but(told=knowing(facts, PATIENT, name))
    return facts.but(unexplained=(name,), explain_by=event.key) if version.abnormal else facts


def _version(event: OfResult, component: str, known: Version | None, last: Version | None) -> Version:
    """Return the version that an event brings; where nothing changed, what was known, done and said of it holds."""
    before = last if known is None else known
    severity, same = event.severity, before is not None and not event.content_changed
    if before is not None and severity is Severity.UNKNOWN and (same or before is known):
        severity = before.severity  # sent again without its flag
    version = Version(
        component=component,
        number=event.version,
        status=status_of(event),
        severity=severity,
        available_at=event.at if event.available_at is None else event.available_at,
        order=_order_of(event, severity, known, last),
        corrects=(known is not None and known.corrects) or isinstance(event, ResultCorrected),
    )
    if not same or before is None or severity is not before.severity:
        return version
    return evolve(version, normal=before.normal, known=before.known, told=before.told and before.final)


def _order_of(event: OfResult, severity: Severity, known: Version | None, last: Version | None) -> int:
    """Return where a version stands: on top if it is newer, or graver, or final where what is here is not."""
    if last is None:
        return event.version
    if last is known:
        return last.order
    final = status_of(event) is Status.FINAL and not last.final
    if final or event.version > last.number or GRAVITY[severity] > GRAVITY[last.severity]:
        return max(event.version, last.order + 1)
    return event.version if known is None else known.order


def _says_otherwise(event: OfResult, version: Version, known: Version | None, last: Version | None) -> bool:
    """Whether an event says otherwise than what was here, so that whoever was told that is owed the word."""
    before = last if known is None else known
    if before is None or last is None or version.order < last.order:
        return False
    changed = event.content_changed or version.severity is not before.severity
    again = known is None and before.final and version.order > before.order
    otherwise = GRAVITY[version.severity] != (0 if before.normal else GRAVITY[before.severity])
    return changed and (isinstance(event, ResultCorrected) or again or otherwise)


def _is_here(facts: ResultFacts, version: Version) -> ResultFacts:
    """Return the facts once this version is here: nobody gave its component up, and no call goes unwritten for it."""
    component = version.component
    wanted = _is_wanted(facts, component)
    return wanted.but(phoned=tuple(one for one in facts.phoned if one[0] != component or one[1] > version.number))


def _is_wanted(facts: ResultFacts, component: str) -> ResultFacts:
    kinds = ("not_done", "cancelled", "let_go", "withdrawn", "undecided")
    return facts.but(**{kind: without(getattr(facts, kind), component) for kind in kinds})


def _awaits_review(facts: ResultFacts, last: Version | None, version: Version) -> bool:
    """Whether a review is under way that takes this version over: one that is no graver."""
    if last is None or last.reviewed or not any(split(one)[0] == version.component for one in facts.reviews):
        return False
    unread = [one for one in facts.versions if one.component == version.component and not one.reviewed]
    return GRAVITY[version.severity] <= max(GRAVITY[one.severity] for one in unread)


def _learn_newest(facts: ResultFacts, version: Version, awaits: bool) -> ResultFacts:
    component, number = version.component, version.number
    if not awaits:
        facts = facts.but(reviews=with_more(facts.reviews, version.name))
    if version.severity is Severity.CRITICAL and not version.known:
        if (component, number) in facts.ahead:
            facts = marked(facts, (version.name,), known=True)
        else:
            facts = alarming(facts, component, number)
    return facts.but(ahead=tuple(one for one in facts.ahead if one[0] != component or one[1] > number))


def alarming(facts: ResultFacts, component: str, number: int) -> ResultFacts:
    """Return the facts while nobody who answers for it is known to know of this version."""
    return facts.but(alarms=tuple(dict.fromkeys((*facts.alarms, (component, number)))))


def owing(facts: ResultFacts, component: str, *persons: str) -> ResultFacts:
    """Return the facts once these persons are owed what a component is now; nobody can tell a patient who died."""
    some = ((person, component) for person in persons if not (facts.died and person == PATIENT))
    return facts.but(owed=tuple(dict.fromkeys((*facts.owed, *some))))


def learn_retracted(facts: ResultFacts, event: ResultRetracted) -> ResultFacts:
    """Learn what was taken back: what is left stands again, and whoever was told it last is owed the word."""
    component, gone = component_of(facts, event), taken_back(facts, event)
    if not gone:
        return facts
    highest_before = highest(facts, component)
    told = tuple((of, person) for of, person in facts.told if split(of)[0] == component)
    last_told = {person: of for of, person in sorted(told, key=lambda one: _order_told(facts, one[0]))}
    facts = owing(facts, component, *(person for person, of in last_told.items() if of in gone))
    facts = facts.but(
        versions=tuple(one for one in facts.versions if one.name not in gone),
        struck=with_more(facts.struck, *(one for one in gone if named(facts, one) is not None)),
        doubted=without(facts.doubted, *gone),
        told=tuple(pair for pair in facts.told if pair[0] not in gone),
        phoned=tuple(one for one in facts.phoned if name_of(*one) not in gone),
        ahead=tuple(one for one in facts.ahead if one[0] != component),  # nobody knows of which value they called
        unexplained=(),
    )
    if component not in (*facts.cancelled, *facts.not_done):
        facts = facts.but(undecided=without(facts.undecided, component))
    facts = facts.but(
        alarms=tuple(
            (of, number)
            for of, number in facts.alarms
            if of != component or number > highest_before or named(facts, name_of(of, number)) is not None
        )
    )
    if facts.ordered and not (facts.versions or facts.phoned or awaited(facts)):
        facts = facts.but(undecided=with_more(facts.undecided, component))  # nothing is left, and nothing will come
    left = newest(facts, component)
    reviews = tuple(one for one in facts.reviews if split(one)[0] == component)
    if left is None or left.reviewed:
        facts = facts.but(reviews=without(facts.reviews, *reviews))
    elif not reviews:
        facts = facts.but(reviews=with_more(facts.reviews, left.name))
    return facts


def _order_told(facts: ResultFacts, name: str) -> int:
    known = named(facts, name)
    return split(name)[1] if known is None else known.order


def name_of(component: str, number: int) -> str:
    """Return how a version is called."""
    return f"{component}:{number}"


def taken_back(facts: ResultFacts, event: ResultRetracted) -> tuple[str, ...]:
    """Return the versions that a retraction takes back: of those that stand, and of those that were called."""
    component = component_of(facts, event)
    stand = (one.name for one in facts.versions if one.component == component and event.version in (None, one.number))
    called = (name_of(*one) for one in facts.phoned if one[0] == component and event.version in (None, one[1]))
    return with_more((), *stand, *called)


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


def is_written(facts: ResultFacts, event: CriticalCalled) -> bool:
    """Whether a call tells of something that is here: a version that it names, or else one that is not normal."""
    last = newest(facts, component_of(facts, event))
    if last is None:
        return False
    if event.version is not None:
        return event.version <= highest(facts, last.component)
    return last.severity is not Severity.NORMAL and not last.normal


def learn_called(facts: ResultFacts, event: CriticalCalled) -> ResultFacts:
    """Learn of a call: a whole one counts for what is here, or for the version that it names; any other one alarms."""
    component = component_of(facts, event)
    if not component:
        return facts.but(severity=Severity.CRITICAL)
    last, written = newest(facts, component), is_written(facts, event)
    here = highest(facts, component)
    number = event.version if event.version is not None else here if written else here + 1
    facts = facts.but(components=with_more(facts.components, component), severity=Severity.UNKNOWN)
    if event.receiver is not None:
        facts = facts.but(told=knowing(facts, event.receiver.id, name_of(component, number)))
    if not written:
        facts = _is_wanted(facts, component)
        facts = facts.but(phoned=tuple(dict.fromkeys((*facts.phoned, (component, number)))))
    if not is_whole(event):
        known = written and last is not None and last.severity is Severity.CRITICAL and last.known
        return facts if known else alarming(facts, component, number)
    if not written:
        answered = [(component, number)] if event.version is not None else [(component, n) for n in range(number + 1)]
        return facts.but(
            ahead=tuple(dict.fromkeys((*facts.ahead, (component, number)))),
            alarms=tuple(one for one in facts.alarms if one not in answered),
        )
    return facts if is_of_an_older_version(facts, event) else known_of(facts, component, here)


def known_of(facts: ResultFacts, component: str, number: int | None = None) -> ResultFacts:
    """Return the facts once the orderer or a surrogate knows all that is here of a component, or up to a number."""
    names = tuple(one.name for one in facts.versions if one.component == component)
    alarms = tuple(one for one in facts.alarms if one[0] != component or (number is not None and one[1] > number))
    return marked(facts.but(alarms=alarms), names, known=True)


def learn_acknowledged(facts: ResultFacts, event: Acknowledged) -> ResultFacts:
    """Learn that the orderer or a surrogate knows of a critical result; anybody else's word ends nothing."""
    if event.clock != CRITICAL or event.by.role not in MAY_ACKNOWLEDGE:
        return facts
    some = alarmed(facts)
    only = event.about is None and len(some) == 1
    for component in (one for one in some if only or one == event.about):
        names = (name_of(*one) for one in facts.alarms if one[0] == component)
        facts = known_of(facts.but(told=knowing(facts, event.by.id, *names)), component)
    return facts

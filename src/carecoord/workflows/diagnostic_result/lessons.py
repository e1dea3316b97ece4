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

from carecoord.events import (
    Acknowledged,
    ClosedByAdministration,
    EnteredInError,
    Event,
    Link,
    PatientDied,
    Reopened,
    ToldAgain,
    UnableToReach,
    Waived,
)
from carecoord.workflow import with_more, without
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
    NotDone,
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
    SpecimenRejected,
)
from carecoord.workflows.diagnostic_result.facts import (
    PATIENT,
    ResultFacts,
    awaited,
    called_only,
    concerned,
    highest,
    is_final,
    is_newest,
    is_read,
    marked,
    named,
    newest,
    open_questions,
    split,
    up_to,
)
from carecoord.workflows.diagnostic_result.versions import (
    knowing,
    known_of,
    learn_acknowledged,
    learn_called,
    learn_retracted,
    learn_version,
    owing,
)

NOTIFY_ABNORMAL: Final = "notify_abnormal"
NOTIFY_NORMAL: Final = "notify_normal"
NOTIFY: Final = (NOTIFY_ABNORMAL, NOTIFY_NORMAL)
RESULT_CLOCK: Final = "result"
REPLACES: Final = "replaces"
"""How an order is linked that takes the place of something that will not come."""


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
    if isinstance(event, SpecimenRejected):
        # What was called of it says nothing of the next one.
        facts = facts.but(ahead=tuple(one for one in facts.ahead if one[0] not in concerned(facts, event)))
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


def _learn_seen(facts: ResultFacts, event: SeenByPatient) -> ResultFacts:
    fresh = [one for one in facts.versions if one.name in event.results and one.name not in facts.seen]
    unread = [one for one in fresh if not (one.reviewed or is_read(facts, one.component))]
    return facts.but(
        seen=with_more(facts.seen, *event.results),
        told=knowing(facts, PATIENT, *(one.name for one in fresh)),
        unexplained=tuple(one.name for one in unread if one.abnormal),
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
        facts = known_of(facts, component, highest(facts, component))
    facts = facts.but(
        reviews=tuple(one for one in facts.reviews if split(one)[0] not in last),
        told=knowing(facts, event.by.id, *event.results),
        undecided=without(facts.undecided, *event.without, *last),
        let_go=with_more(facts.let_go, *event.without),
        findings=with_more(facts.findings, *findings_of(event)),
    )
    return _repaid(facts, event, event.by.id, last)


def findings_of(event: Reviewed) -> tuple[str, ...]:
    """Return what a review says must be followed up: by default what was read, else what is done without."""
    wanted = event.disposition is Disposition.FOLLOW_UP_NEEDED
    return (event.findings or event.results or event.without) if wanted else ()


def _learn_notified(facts: ResultFacts, event: PatientNotified) -> ResultFacts:
    told = tuple(one for name in event.results if reaches(facts, event, name) for one in up_to(facts, name))
    last = tuple(split(name)[0] for name in event.results if is_newest(facts, name))
    facts = marked(facts, told, told=True).but(told=knowing(facts, event.recipient, *event.results))
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
    newest_of = (newest(facts, component) for person, component in facts.owed if person == event.about)
    names = (one.name for one in newest_of if one is not None)
    facts = facts.but(told=knowing(facts, event.about or "", *names))
    return facts.but(owed=tuple(pair for pair in facts.owed if pair[0] != event.about))


def _learn_death(facts: ResultFacts, _: PatientDied) -> ResultFacts:
    return facts.but(owed=tuple(pair for pair in facts.owed if pair[0] != PATIENT))


def _learn_withdrawn(facts: ResultFacts, _: OrderWithdrawn | ClosedByAdministration) -> ResultFacts:
    return facts.but(withdrawn=with_more(facts.withdrawn, *awaited(facts), *facts.undecided))


def replaced(facts: ResultFacts, event: Reordered) -> tuple[str, ...]:
    """Return the components in whose place another order stands: of those to be decided, the one it names, or all."""
    return tuple(one for one in open_questions(facts) if event.about in (None, one))


def _learn_reordered(facts: ResultFacts, event: Reordered) -> ResultFacts:
    some = replaced(facts, event)
    facts = facts.but(links=(*facts.links, *(Link(event.case, one, REPLACES) for one in some)))
    if not (facts.versions or facts.phoned) and not without(open_questions(facts), *some):
        return facts.but(withdrawn=with_more(facts.withdrawn, *some))  # so that they are wanted again if it is reopened
    return facts.but(let_go=with_more(facts.let_go, *some), undecided=without(facts.undecided, *some))


def _learn_reopened(facts: ResultFacts, _: Reopened) -> ResultFacts:
    return facts.but(withdrawn=())


def _learn_let_go(facts: ResultFacts, event: Waived | UnableToReach) -> ResultFacts:
    if event.clock == RESULT_CLOCK:
        some = awaited(facts) if event.about is None else (event.about,)
        facts = facts.but(let_go=with_more(facts.let_go, *some), undecided=without(facts.undecided, *some))
        # Where nothing at all is here somebody ends the order, and what was only called is not let go without a word.
        left = some if not facts.versions else tuple(one for one in some if one in called_only(facts))
        return facts.but(undecided=with_more(facts.undecided, *left))
    if event.clock in NOTIFY:
        # Without a name it is the only one that is owed.
        some = tuple(one.name for one in facts.versions) if event.about is None else (event.about,)
        abnormal = event.clock == NOTIFY_ABNORMAL
        alike = tuple(one.name for one in facts.versions if one.name in some and one.abnormal is abnormal)
        return marked(facts, alike, told=True)
    return facts


def _learn_error(facts: ResultFacts, _: EnteredInError) -> ResultFacts:
    """Learn that the order never was: whoever was told anything of it is owed the word."""
    for name, person in facts.told:
        facts = owing(facts, split(name)[0], person)
    return facts.but(told=())


def _learn_followed_up(facts: ResultFacts, event: FollowedUp | FollowUpDeclined) -> ResultFacts:
    done = facts.findings if event.about is None and len(facts.findings) == 1 else (event.about or "",)
    return facts.but(findings=without(facts.findings, *done))


def _learn_delay(facts: ResultFacts, event: ReleaseDelayAsked) -> ResultFacts:
    return facts.but(delay_until=event.until, delay_condition=event.condition)


LESSONS: Final[Mapping[type[Event], Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        Ordered: _learn_order,
        Expected: _learn_order,
        Claimed: _learn_claimed,
        ArrivedUnasked: learn_version,
        ResultReceived: learn_version,
        ResultCorrected: learn_version,
        ResultRetracted: learn_retracted,
        CriticalCalled: learn_called,
        Acknowledged: learn_acknowledged,
        Collected: _learn_collected,
        SpecimenRejected: _learn_not_done,
        NotDone: _learn_not_done,
        LabCancelled: _learn_cancelled,
        ReflexAdded: _learn_reflex,
        SeenByPatient: _learn_seen,
        Reviewed: _learn_reviewed,
        PatientNotified: _learn_notified,
        ToldAgain: _learn_told_again,
        PatientDied: _learn_death,
        OrderWithdrawn: _learn_withdrawn,
        ClosedByAdministration: _learn_withdrawn,
        Reordered: _learn_reordered,
        Reopened: _learn_reopened,
        Waived: _learn_let_go,
        UnableToReach: _learn_let_go,
        FollowedUp: _learn_followed_up,
        FollowUpDeclined: _learn_followed_up,
        ReleaseDelayAsked: _learn_delay,
        EnteredInError: _learn_error,
    }
)

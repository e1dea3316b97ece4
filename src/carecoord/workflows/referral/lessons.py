"""
What each event teaches about a referral.

Lessons are pure functions from facts and event to facts. News is learned even where it does
not fit, so each lesson asks itself whether the news is about what stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from carecoord.events import Event, Reopened, Waived
from carecoord.workflows.referral.events import (
    Accepted,
    AppointmentCancelled,
    Booked,
    CancelConfirmed,
    CancelRequested,
    CancelWithdrawn,
    Declined,
    Drafted,
    InformationRequested,
    InformationSupplied,
    InterimNoteReceived,
    NoShow,
    PatientInformed,
    Rebooked,
    Redirected,
    ReportCorrected,
    ReportReceived,
    ReportRetracted,
    Sent,
    Specified,
    Undeliverable,
    VisitCompleted,
    Withdrawn,
)
from carecoord.workflows.referral.facts import (
    CONFIRM_CANCEL,
    Progress,
    ReferralFacts,
    answers,
    appointment_of,
    here,
    is_of_a_known_attempt,
    is_of_its_day,
    is_of_the_appointment,
    is_of_the_attempt,
    named_version,
    taken_back,
    told_before,
    version_of,
)


def _with(known: tuple[str, ...], *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *(one for one in more if one))))


def _without(known: tuple[str, ...], gone: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in known if one not in gone)


def _advanced(facts: ReferralFacts, event: Event, progress: Progress, **changes: Any) -> ReferralFacts:
    """Return the facts of an attempt that came so far; where we asked them to stop, or have the report, quietly."""
    by = facts.advanced_by if facts.stopping or facts.reports else event.key
    return facts.but(progress=progress, come_by=event.key, advanced_by=by, **changes)


def _nobody_asked(facts: ReferralFacts, event: Event) -> ReferralFacts:
    return facts.but(
        attempt="",
        former=_with(facts.former, facts.attempt),
        progress=Progress.DECLINED,
        stopping=False,
        wanted=False,
        appointment="",
        over_by=event.key,
    )


def _learn_draft(facts: ReferralFacts, event: Drafted | Specified) -> ReferralFacts:
    question = event.clinical_question
    return facts.but(
        urgency=facts.urgency if event.urgency is None else event.urgency,
        urgency_stated=facts.urgency_stated or event.urgency is not None,
        kind=facts.kind if event.kind is None else event.kind,
        clinical_question=facts.clinical_question if question is None else question,
        needed_by=facts.needed_by if event.needed_by is None else event.needed_by,
    )


def _learn_attempt(facts: ReferralFacts, event: Sent | Redirected) -> ReferralFacts:
    return facts.but(
        attempt=event.about or event.key,
        former=_with(facts.former, facts.attempt),
        recipient=event.recipient,
        agreement=event.agreement,
        confirms=event.confirms,
        let_go=False,
        stopping=False,
        sent_at=event.at if facts.sent_at is None else facts.sent_at,
        needed_by=facts.needed_by if event.needed_by is None else event.needed_by,
        progress=Progress.SENT,
        come_by=event.key,
        advanced_by=event.key,
        wanted=False,
        appointment="",
        appointments=(),
        visit_at=None,
        visited=(),
    )


_NOT_TAKEN: Final = (Progress.SENT, Progress.NEEDS_INFO, Progress.DECLINED)


def _learn_undeliverable(facts: ReferralFacts, event: Undeliverable) -> ReferralFacts:
    if not is_of_the_attempt(facts, event) or facts.progress not in _NOT_TAKEN or facts.reports:
        return facts
    return facts.but(let_go=True) if facts.stopping else _nobody_asked(facts, event)


def _learn_accepted(facts: ReferralFacts, event: Accepted) -> ReferralFacts:
    if not is_of_the_attempt(facts, event) or facts.progress not in _NOT_TAKEN:
        return facts
    return _advanced(facts, event, Progress.ACCEPTED, let_go=False)


def _learn_declined(facts: ReferralFacts, event: Declined) -> ReferralFacts:
    if not is_of_the_attempt(facts, event) or facts.progress is Progress.DECLINED:
        return facts
    return _nobody_asked(facts, event) if facts.stopping else _advanced(facts, event, Progress.DECLINED, wanted=False)


def _learn_confirmed(facts: ReferralFacts, event: CancelConfirmed) -> ReferralFacts:
    if facts.reports or not is_of_the_attempt(facts, event) or facts.progress is Progress.DECLINED:
        return facts
    return _nobody_asked(facts, event) if facts.stopping else _advanced(facts, event, Progress.DECLINED, wanted=False)


def _learn_request(facts: ReferralFacts, event: InformationRequested) -> ReferralFacts:
    if not is_of_the_attempt(facts, event):
        return facts
    asked_by = facts.asked_by if facts.stopping or facts.reports else event.key
    if facts.progress in (*_NOT_TAKEN, Progress.ACCEPTED):
        return _advanced(facts, event, Progress.NEEDS_INFO, wanted=True, asked_by=asked_by)
    return facts.but(wanted=True, asked_by=asked_by)


def _learn_supplied(facts: ReferralFacts, event: InformationSupplied) -> ReferralFacts:
    if facts.progress is Progress.NEEDS_INFO:
        return _advanced(facts, event, Progress.SENT, wanted=False)
    return facts.but(wanted=False)


def _learn_booked(facts: ReferralFacts, event: Booked | Rebooked) -> ReferralFacts:
    if not is_of_the_attempt(facts, event) or told_before(facts, event):
        return facts
    name = event.about or event.key
    known = _without(_with(facts.appointments, facts.appointment), (name,))
    visited = _without(facts.visited, (name,))
    new = {"appointment": name, "appointments": known, "visit_at": event.visit_at, "visited": visited}
    return _advanced(facts, event, Progress.BOOKED, let_go=False, **new)


def _learn_missed(facts: ReferralFacts, event: NoShow | AppointmentCancelled) -> ReferralFacts:
    progress = Progress.NO_SHOW if isinstance(event, NoShow) else Progress.APPOINTMENT_CANCELLED
    name = appointment_of(facts, event)
    twice = facts.progress is progress and name == facts.appointment
    missed = is_of_its_day if isinstance(event, NoShow) else is_of_the_appointment
    if twice or facts.progress is Progress.DECLINED or not missed(facts, event):
        return facts
    return _advanced(facts, event, progress, appointment=name)


def _learn_visit(facts: ReferralFacts, event: VisitCompleted) -> ReferralFacts:
    if not is_of_its_day(facts, event):
        return facts
    name = appointment_of(facts, event)
    # A visit of which nothing is known has no name, and the next such is another one.
    visited = _with(facts.visited, name)
    return _advanced(facts, event, Progress.SEEN, appointment=name, visited=visited)


def _learn_note(facts: ReferralFacts, event: InterimNoteReceived) -> ReferralFacts:
    version = version_of(event)
    if version in (*here(facts), *facts.struck):
        return facts
    if facts.attempt:
        if not is_of_the_attempt(facts, event):
            return facts
        facts = _advanced(facts, event, Progress.SEEN, let_go=False)
    elif not answers(facts, event):
        return facts
    return facts.but(notes=_with(facts.notes, version), report=event.about or event.key, filed_by=event.key)


def _learn_report(facts: ReferralFacts, event: ReportReceived | ReportCorrected) -> ReferralFacts:
    version = version_of(event)
    known = version in (*facts.reports, *facts.aside, *facts.struck)
    if known or not (facts.attempt or facts.former) or not is_of_a_known_attempt(facts, event):
        return facts
    filed = facts.but(report=event.about or event.key, filed_by=event.key)
    if not answers(facts, event):
        return filed.but(aside=_with(facts.aside, version))
    return filed.but(reports=_with(facts.reports, version), stopping=False, wanted=False)


def _learn_retracted(facts: ReferralFacts, event: ReportRetracted) -> ReferralFacts:
    gone = taken_back(facts, event)
    left = _without(facts.reports, gone)
    return facts.but(
        reports=left,
        aside=_without(facts.aside, gone),
        notes=_without(facts.notes, gone),
        struck=_with(facts.struck, *gone),
        back_by=event.key if facts.reports and not left else facts.back_by,
    )


def _learn_informed(facts: ReferralFacts, event: PatientInformed) -> ReferralFacts:
    report = named_version(facts, event).rpartition(":")[0]
    return facts.but(told=tuple(dict.fromkeys((*facts.told, (report, event.recipient)))))


def _learn_stop(facts: ReferralFacts, event: CancelRequested) -> ReferralFacts:
    if facts.stopping:
        return facts  # asked twice: what was said first stands, as its duty does
    return facts.but(stopping=True, let_go=False, confirm_by=event.confirm_by)


def _learn_go_on(facts: ReferralFacts, event: CancelWithdrawn) -> ReferralFacts:
    return facts.but(stopping=False, let_go=False, back_by=event.key)


def _learn_withdrawn(facts: ReferralFacts, event: Withdrawn) -> ReferralFacts:
    return _nobody_asked(facts, event)


def _learn_waived(facts: ReferralFacts, event: Waived) -> ReferralFacts:
    return facts.but(let_go=True) if event.clock == CONFIRM_CANCEL else facts


def _learn_reopened(facts: ReferralFacts, event: Reopened) -> ReferralFacts:
    if facts.stopping:
        # Only administration ends what is stopping, and it goes on where it stood.
        return facts
    back = facts.attempt != "" and not facts.reports
    return facts.but(let_go=False, back_by=event.key if back else facts.back_by)


LESSONS: Final[Mapping[type[Event], Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        Drafted: _learn_draft,
        Specified: _learn_draft,
        Sent: _learn_attempt,
        Redirected: _learn_attempt,
        Undeliverable: _learn_undeliverable,
        Accepted: _learn_accepted,
        Declined: _learn_declined,
        CancelConfirmed: _learn_confirmed,
        InformationRequested: _learn_request,
        InformationSupplied: _learn_supplied,
        Booked: _learn_booked,
        Rebooked: _learn_booked,
        NoShow: _learn_missed,
        AppointmentCancelled: _learn_missed,
        VisitCompleted: _learn_visit,
        InterimNoteReceived: _learn_note,
        ReportReceived: _learn_report,
        ReportCorrected: _learn_report,
        ReportRetracted: _learn_retracted,
        PatientInformed: _learn_informed,
        CancelRequested: _learn_stop,
        CancelWithdrawn: _learn_go_on,
        Withdrawn: _learn_withdrawn,
        Waived: _learn_waived,
        Reopened: _learn_reopened,
    }
)

"""
What is known of a referral beyond its state, and what each event teaches.

Lessons are pure functions from facts and event to facts. News is learned even where it does
not fit, so each lesson asks itself whether the news is about what stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from attrs import field, frozen

from carecoord.events import Event, Facts, Reopened, Waived
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
    Integrated,
    InterimNoteReceived,
    Kind,
    NoShow,
    OfAppointment,
    OfReport,
    PatientInformed,
    Rebooked,
    Redirected,
    ReportCorrected,
    ReportReceived,
    ReportRetracted,
    Reviewed,
    Sent,
    Specified,
    Undeliverable,
    VisitCompleted,
    Withdrawn,
)

CONFIRM_CANCEL: Final = "confirm_cancel"
"""The clock whose waiver says that no confirmation is waited for."""


class Progress(Enum):
    """How far whoever was asked last has come, whatever we asked of them meanwhile and whatever reached us."""

    SENT = "asked, and not heard of"
    NEEDS_INFO = "waits for information"
    ACCEPTED = "has taken it"
    BOOKED = "has fixed a visit"
    NO_SHOW = "waited for the patient in vain"
    APPOINTMENT_CANCELLED = "has no visit fixed any longer"
    SEEN = "has seen the patient, or written of them"
    DECLINED = "will not do it"


@frozen(kw_only=True)
class ReferralFacts(Facts):
    """
    What is known of a referral.

    `attempt` is the one that is under way, "" where nobody is asked; `former` are those before it.
    `appointment` is its present one, `appointments` those that it took the place of, `visited` those
    that were held. A version of a report is named "report:version": `reports` hold those that answer
    this referral, `aside` those of an earlier attempt while another one is under way, `notes` those
    that are not final, `struck` those that were taken back. `told` pairs each report with whoever was
    told of it. `stopping` is whether we asked them to stop, `let_go` that their confirmation is not
    waited for. A name that ends in `_by` holds the key of the event that brought it about, so that a
    repeat of the news is not taken for a second time.
    """

    kind: Kind | None = None
    clinical_question: str = field(default="", repr=False)
    urgency_stated: bool = False
    needed_by: datetime | None = None
    sent_at: datetime | None = None
    attempt: str = ""
    former: tuple[str, ...] = ()
    recipient: str = ""
    agreement: str = ""
    confirms: bool = True
    let_go: bool = False
    stopping: bool = False
    progress: Progress | None = None
    come_by: str = ""
    advanced_by: str = ""
    back_by: str = ""
    over_by: str = ""
    wanted: bool = False
    asked_by: str = ""
    appointment: str = ""
    appointments: tuple[str, ...] = ()
    visit_at: datetime | None = None
    visited: tuple[str, ...] = ()
    report: str = ""
    reports: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()
    filed_by: str = ""
    told: tuple[tuple[str, str], ...] = ()


# --- what an event speaks of ----------------------------------------------------------------


def attempt_of(facts: ReferralFacts, event: Event) -> str:
    """Return the attempt that an event names; without one, the present one."""
    named = event.attempt if isinstance(event, OfAppointment | OfReport) else event.about
    return facts.attempt if named is None else named


def is_of_the_attempt(facts: ReferralFacts, event: Event) -> bool:
    """Whether somebody is asked, and the event speaks of them."""
    return facts.attempt != "" and attempt_of(facts, event) == facts.attempt


def is_of_a_known_attempt(facts: ReferralFacts, event: Event) -> bool:
    """Whether it speaks of somebody who was ever asked."""
    named = attempt_of(facts, event)
    return named in facts.former or named == facts.attempt


def answers(facts: ReferralFacts, event: Event) -> bool:
    """Whether what they write answers this referral: it is of the present attempt, or of any where nobody is asked."""
    if facts.attempt:
        return is_of_the_attempt(facts, event)
    return bool(facts.former) and is_of_a_known_attempt(facts, event)


def appointment_of(facts: ReferralFacts, event: Event) -> str:
    """Return the appointment that an event names; without one, the present one."""
    return facts.appointment if event.about is None else event.about


def is_of_the_appointment(facts: ReferralFacts, event: Event) -> bool:
    """Whether it speaks of the present appointment, or of the first that is heard of, and of one not held yet."""
    if not is_of_the_attempt(facts, event):
        return False
    named = appointment_of(facts, event)
    return (named == facts.appointment or not facts.appointment) and named not in facts.visited


_A_DAY: Final = timedelta(days=1)
"""So much earlier than booked a visit may be held or missed; what is told before that is of another. Ours."""


def is_of_its_day(facts: ReferralFacts, event: Event) -> bool:
    """Whether it speaks of the present appointment, when that was at hand or past."""
    at_hand = facts.visit_at is None or event.at > facts.visit_at - _A_DAY
    return is_of_the_appointment(facts, event) and at_hand


def versions(report: str, up_to: int, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known versions of a report up to this one."""
    return tuple(one for one in known if one.rpartition(":")[0] == report and int(one.rpartition(":")[2]) <= up_to)


def version_of(event: OfReport) -> str:
    """Return how the version that an event brings is named; a report without a name is named by its key."""
    return f"{event.about or event.key}:{event.version}"


def here(facts: ReferralFacts) -> tuple[str, ...]:
    """Return all that was written to us and stands."""
    return (*facts.reports, *facts.aside, *facts.notes)


def named_version(facts: ReferralFacts, event: Reviewed | PatientInformed | Integrated) -> str:
    """Return the version that an act names, by report and number or, as duties do, by both in one."""
    whole = f"{event.about or facts.report}:{event.version}"
    in_one = event.about is not None and whole not in here(facts) and event.about in here(facts)
    return event.about or whole if in_one else whole


def taken_back(facts: ReferralFacts, event: ReportRetracted) -> tuple[str, ...]:
    """Return the versions that a retraction takes back."""
    report = event.about or facts.report
    some = (one for one in here(facts) if one.rpartition(":")[0] == report)
    return tuple(one for one in some if event.version is None or one == f"{report}:{event.version}")


# --- what events teach ----------------------------------------------------------------------


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


def told_before(facts: ReferralFacts, event: Booked | Rebooked) -> bool:
    """Whether a booking is one that is known: of an appointment that another took the place of, or at the same time."""
    if not is_of_the_attempt(facts, event) or event.about is None:
        return False
    same = event.about == facts.appointment and event.visit_at == facts.visit_at
    return event.about in facts.appointments or (same and not (isinstance(event, Rebooked) and event.visit_at is None))


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


def _learn_stop(facts: ReferralFacts, _: CancelRequested) -> ReferralFacts:
    return facts.but(stopping=True, let_go=facts.let_go and facts.stopping)


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

"""What is known of a referral beyond its state, and what an event speaks of; what events teach stands apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from attrs import field, frozen

from carecoord.events import Event, Facts
from carecoord.workflows.referral.events import (
    Booked,
    Integrated,
    Kind,
    OfAppointment,
    OfReport,
    PatientInformed,
    Rebooked,
    ReportRetracted,
    Reviewed,
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


@frozen(kw_only=True, eq=False, repr=False)
class ReferralFacts(Facts):
    """
    What is known of a referral.

    `attempt` is the one that is under way, "" where nobody is asked; `former` are those before it.
    `appointment` is its present one, `appointments` those that it took the place of, `visited` those
    that were held. A version of a report is named "report:version": `reports` hold those that answer
    this referral, `aside` those of an earlier attempt while another one is under way, `notes` those
    that are not final, `struck` those that were taken back. `told` pairs each report with whoever was
    told of it. `stopping` is whether we asked them to stop, `confirm_by` by when they were to confirm
    it, `let_go` that their confirmation is not waited for. `come_by`, `advanced_by`, `back_by`,
    `over_by`, `asked_by` and `filed_by` hold the key of the event that brought it about, so that a
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
    confirm_by: datetime | None = None
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


def told_before(facts: ReferralFacts, event: Booked | Rebooked) -> bool:
    """Whether a booking is one that is known: of an appointment that another took the place of, or at the same time."""
    if not is_of_the_attempt(facts, event) or event.about is None:
        return False
    same = event.about == facts.appointment and event.visit_at == facts.visit_at
    return event.about in facts.appointments or (same and not (isinstance(event, Rebooked) and event.visit_at is None))

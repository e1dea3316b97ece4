"""Who owes what in a referral, until a report is here: each duty, what starts it and what ends it."""

from __future__ import annotations

from typing import Final

from carecoord.events import (
    LoopClosed,
    PatientDied,
    Reopened,
)
from carecoord.tables import (
    All,
    Clock,
    On,
    Where,
    every_item,
)
from carecoord.vocabulary import Role
from carecoord.workflows.referral.clocks_of_reports import (
    FOLLOW_UP,
    INFORM,
    INTEGRATE,
    REVIEW,
    TELL_AGAIN,
)
from carecoord.workflows.referral.events import (
    Accepted,
    AppointmentCancelled,
    Booked,
    CancelConfirmed,
    CancelRequested,
    CancelWithdrawn,
    Declined,
    Drafted,
    ExpectationsGiven,
    InformationRequested,
    InformationSupplied,
    InterimNoteReceived,
    NoShow,
    Rebooked,
    Redirected,
    ReportCorrected,
    ReportReceived,
    ReportRetracted,
    Sent,
    Undeliverable,
    VisitCompleted,
    Withdrawn,
)
from carecoord.workflows.referral.facts import (
    CONFIRM_CANCEL,
    Progress,
    ReferralFacts,
)
from carecoord.workflows.referral.guards import (
    a_visit_is_known,
    after_the_visit,
    answered_now,
    asked_now,
    back_now,
    come_now,
    filed_now,
    information_is_wanted,
    nothing_here_and_nobody_asked,
    now_this_far,
    of_an_old_appointment,
    over_now,
    present_appointment,
    present_attempt,
    refused_now,
    sent_attempt,
    the_agreement,
    the_agreement_given,
    the_appointment,
    the_attempt,
    the_one_moved,
    under_an_agreement,
)

_Rows = tuple[On[ReferralFacts], ...]

_OFFICE: Final = (Role.OWNER, Role.COORDINATOR)
_CLINICIAN: Final = (Role.CLINICIAN,)

_REPORT_IS_HERE: Final[_Rows] = (
    On(ReportReceived, answered_now, item=every_item, why="the report is here"),
    On(ReportCorrected, answered_now, item=every_item, why="the report is here"),
)
_NOBODY_IS_ASKED: Final[_Rows] = (
    # A reason other than the name of the end: `Reopened` brings back what the end dropped, and not these.
    On(Withdrawn, item=every_item, why="ended by us"),
    On(CancelConfirmed, over_now, item=every_item, why="stopped as we asked"),
    On(Declined, over_now, item=every_item, why="stopped as we asked"),
)
_NOT_THEIRS: Final[_Rows] = (
    *_NOBODY_IS_ASKED,
    On(Declined, refused_now, item=every_item, why="declined"),
    On(CancelConfirmed, refused_now, item=every_item, why="cancelled by them"),
    On(Undeliverable, over_now, item=every_item, why="undeliverable"),
)
_STOPPING: Final[_Rows] = (On(CancelRequested, item=every_item, why="cancellation requested"),)


_WAYS_BACK: Final = (CancelWithdrawn, ReportRetracted, Reopened)
"""A cancellation was withdrawn, the report was taken back, or it goes on after administration had closed it."""


def _back(progress: Progress) -> _Rows:
    """Return what starts a duty again where the referral is back where it stood."""
    stands = All(back_now, Where(progress=progress))
    if progress in (Progress.BOOKED, Progress.NO_SHOW, Progress.APPOINTMENT_CANCELLED):
        return tuple(On(event, stands, item=present_appointment) for event in _WAYS_BACK)
    return tuple(On(event, stands, item=present_attempt) for event in _WAYS_BACK)


_SIGNS_OF_A_VISIT: Final[_Rows] = (
    # Only what is news: a booking or a note that is told again says nothing of what is waited for now.
    *(
        On(event, come_now)
        for event in (Booked, Rebooked, NoShow, AppointmentCancelled, VisitCompleted, InterimNoteReceived)
    ),
    On(ReportReceived, answered_now, item=every_item),
    On(ReportCorrected, answered_now, item=every_item),
)

_SEND: Final[Clock[ReferralFacts]] = Clock(
    name="send",
    pausable=True,
    says="the package leaves for somebody who can do it",
    starts=(On(Drafted), On(Undeliverable, over_now), On(Reopened, nothing_here_and_nobody_asked)),
    met_by=(On(Sent),),
    dropped_by=(*_REPORT_IS_HERE, On(Withdrawn, why="ended by us")),
    owed_by=Role.COORDINATOR,
    kept_by=Role.COORDINATOR,
    closing=True,
    waivable_by=_OFFICE,
    source="what cannot be routed is owned by the sender: VA OIG 2022, the unknown queue",
)
_ANSWER: Final[Clock[ReferralFacts]] = Clock(
    name="answer",
    says="they say whether they will do it",
    item=the_attempt,
    starts=(
        On(Sent, item=sent_attempt),
        On(Redirected, item=sent_attempt),
        On(InformationSupplied, now_this_far),
        *_back(Progress.SENT),
    ),
    met_by=(
        *(On(event, come_now) for event in (Accepted, Declined, InformationRequested)),
        On(Declined, over_now, item=every_item),  # its attempt is the present one no longer
        *_SIGNS_OF_A_VISIT,
    ),
    dropped_by=_NOT_THEIRS,
    owed_by=Role.RECIPIENT,
    kept_by=Role.COORDINATOR,
    waivable_by=_OFFICE,
    source="BSeR TID 02, 03; NCQA PCMH CC-04 C",
)
_SUPPLY: Final[Clock[ReferralFacts]] = Clock(
    name="supply",
    says="they get the information that they asked for",
    item=the_attempt,
    starts=(
        On(InformationRequested, asked_now),
        On(CancelWithdrawn, information_is_wanted, item=present_attempt),
        On(ReportRetracted, All(back_now, information_is_wanted), item=present_attempt),
        On(Reopened, All(back_now, information_is_wanted), item=present_attempt),
    ),
    met_by=(On(InformationSupplied),),
    dropped_by=(*_NOT_THEIRS, *_STOPPING, *_REPORT_IS_HERE),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    source="what a recipient sends back waits on the sender's worklist: NHS e-RS",
)
_BOOK: Final[Clock[ReferralFacts]] = Clock(
    name="book",
    pausable=True,
    says="they fix a visit",
    item=the_attempt,
    starts=(On(Accepted, now_this_far), *_back(Progress.ACCEPTED)),
    met_by=_SIGNS_OF_A_VISIT,
    dropped_by=(*_NOT_THEIRS, *_STOPPING),
    owed_by=Role.RECIPIENT,
    kept_by=Role.COORDINATOR,
    waivable_by=_OFFICE,
    source="BSeR TID 06; NCQA PCMH CC-07",
)
_VISIT_OUTCOME: Final[Clock[ReferralFacts]] = Clock(
    name="visit_outcome",
    says="we hear what became of the visit",
    item=the_appointment,
    starts=(
        On(Booked, now_this_far, item=present_appointment),
        On(Rebooked, now_this_far, item=present_appointment),
        *_back(Progress.BOOKED),
    ),
    met_by=(
        On(VisitCompleted, come_now),
        On(NoShow, come_now),
        On(NoShow, of_an_old_appointment),
        On(AppointmentCancelled, come_now),
        On(AppointmentCancelled, of_an_old_appointment),
        On(InterimNoteReceived, after_the_visit, item=present_appointment),
        On(ReportReceived, answered_now, item=every_item),
        On(ReportCorrected, answered_now, item=every_item),
    ),
    dropped_by=(On(Rebooked, come_now, item=the_one_moved, why="rebooked"), *_NOT_THEIRS),
    owed_by=Role.RECIPIENT,
    kept_by=Role.COORDINATOR,
    waivable_by=_OFFICE,
    source="BSeR TID 12, 13; only a third of visits end documented: rationale of CMS50",
)
_REBOOK: Final[Clock[ReferralFacts]] = Clock(
    name="rebook",
    pausable=True,
    says="a visit that the patient missed, or that was called off, is booked again",
    item=the_appointment,
    starts=(
        On(NoShow, now_this_far),
        On(AppointmentCancelled, now_this_far),
        *_back(Progress.NO_SHOW),
        *_back(Progress.APPOINTMENT_CANCELLED),
    ),
    met_by=(
        On(Booked, now_this_far, item=every_item),
        On(Rebooked, now_this_far, item=every_item),
        On(VisitCompleted, now_this_far, item=every_item),
    ),
    dropped_by=(*_NOT_THEIRS, *_STOPPING, *_REPORT_IS_HERE),
    owed_by=Role.RECIPIENT,
    kept_by=Role.COORDINATOR,
    waivable_by=_CLINICIAN,
    ends_with_death=True,
    reaches_patient=True,
    source="BSeR TID 18, 21; a no-show is a state, not an end",
)
_VISIT_NOTE: Final[Clock[ReferralFacts]] = Clock(
    name="visit_note",
    says="they write what came of the visit",
    item=the_attempt,
    starts=(
        On(VisitCompleted, now_this_far),
        On(ReportRetracted, All(back_now, a_visit_is_known), item=present_attempt),
    ),
    met_by=(On(InterimNoteReceived, filed_now), On(ReportReceived, filed_now), On(ReportCorrected, filed_now)),
    dropped_by=_NOBODY_IS_ASKED,
    owed_by=Role.RECIPIENT,
    kept_by=Role.COORDINATOR,
    waivable_by=_OFFICE,
    source="care compacts: an answer after each encounter",
)
_REPORT: Final[Clock[ReferralFacts]] = Clock(
    name="report",
    pausable=True,
    says="the final report is here",
    starts=(On(Sent), On(Redirected), On(ReportRetracted, back_now)),
    met_by=(On(ReportReceived, answered_now), On(ReportCorrected, answered_now)),
    dropped_by=_NOBODY_IS_ASKED,
    owed_by=Role.RECIPIENT,
    kept_by=Role.COORDINATOR,
    closing=True,
    waivable_by=_CLINICIAN,
    source="NCQA PCMH CC-04 C; CMS50; BSeR TID 09, 16, 24, 30",
)
_THEY_DO_IT: Final[_Rows] = tuple(
    On(event, now_this_far, item=every_item, why="they do it after all")
    for event in (Accepted, InformationRequested, Booked, Rebooked, VisitCompleted, InterimNoteReceived)
)
_DECIDE: Final[Clock[ReferralFacts]] = Clock(
    name="decide",
    says="somebody here decides what to do instead",
    item=the_attempt,
    starts=(
        On(Declined, refused_now),
        On(CancelConfirmed, refused_now),
        On(ReportRetracted, All(back_now, Where(progress=Progress.DECLINED)), item=present_attempt),
        On(Reopened, All(back_now, Where(progress=Progress.DECLINED)), item=present_attempt),
    ),
    met_by=(On(Redirected, item=every_item), On(Withdrawn, item=every_item)),
    dropped_by=(
        *_THEY_DO_IT,
        *_REPORT_IS_HERE,
        On(Undeliverable, over_now, item=every_item, why="undeliverable"),
    ),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    source="half of discontinued referrals are not followed up: PMC3024094",
)
_CONFIRM_CANCEL: Final[Clock[ReferralFacts]] = Clock(
    name=CONFIRM_CANCEL,
    says="they confirm that they stop",
    item=the_attempt,
    starts=(On(CancelRequested),),
    met_by=(
        On(CancelConfirmed, over_now, item=every_item),
        On(Declined, over_now, item=every_item),
        On(ReportReceived, answered_now, item=every_item),
        On(ReportCorrected, answered_now, item=every_item),
        On(CancelWithdrawn, item=every_item),
        On(Withdrawn, item=every_item),
    ),
    owed_by=Role.RECIPIENT,
    kept_by=Role.COORDINATOR,
    waivable_by=(Role.OWNER, Role.CLINICIAN),
    source="BSeR TID 23: a cancellation is a handshake",
)
_EXPECTATIONS: Final[Clock[ReferralFacts]] = Clock(
    name="expectations",
    pausable=True,
    says="the patient is told what to expect, as the agreement says",
    item=the_agreement_given,
    starts=(
        On(Sent, under_an_agreement, item=the_agreement),
        On(Redirected, under_an_agreement, item=the_agreement),
    ),
    met_by=(On(ExpectationsGiven),),
    dropped_by=_NOBODY_IS_ASKED,
    owed_by=Role.COORDINATOR,
    kept_by=Role.COORDINATOR,
    waivable_by=_OFFICE,
    ends_with_death=True,
    source="MIPS IA_CC_12, option 1",
)
_WRAP_UP: Final[Clock[ReferralFacts]] = Clock(
    name="wrap_up",
    says="the case of a patient who died is brought to an end",
    starts=(On(PatientDied),),
    met_by=(
        On(LoopClosed),
        On(Withdrawn),
        On(CancelConfirmed, over_now),
        On(Declined, over_now),
    ),
    waivable_by=(Role.OWNER, Role.CLINICIAN),
)

CLOCKS: Final[tuple[Clock[ReferralFacts], ...]] = (
    _SEND,
    _ANSWER,
    _SUPPLY,
    _BOOK,
    _VISIT_OUTCOME,
    _REBOOK,
    _VISIT_NOTE,
    _REPORT,
    _DECIDE,
    _CONFIRM_CANCEL,
    REVIEW,
    INFORM,
    INTEGRATE,
    FOLLOW_UP,
    _EXPECTATIONS,
    TELL_AGAIN,
    _WRAP_UP,
)

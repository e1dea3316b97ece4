"""
Referral: one request with any number of attempts, from the draft to the loop closed.

The seat is the practice that asks. What the other side does is news, whoever tells it: an
interface, a fax, a voice on the telephone; what the practice does is an act. Each recipient
who is asked is an attempt of its own. Declined, called off, not come: none of it is an end,
and a duty says whose turn it is. What was written to us is read, whatever becomes of the rest.

Sources: the thirty numbered transitions of 360X and BSeR ("BSeR TID"); NCQA PCMH CC-04 to
CC-12; MIPS IA_CC_1 and IA_CC_12; CMS50. A row without a source is ours.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from carecoord.case import Case
from carecoord.events import ClosedByAdministration, Reopened
from carecoord.tables import All, Move, Otherwise, Stay, Where
from carecoord.workflow import Workflow
from carecoord.workflows.referral.clocks import CLOCKS
from carecoord.workflows.referral.events import (
    Accepted,
    Answered,
    AppointmentCancelled,
    Booked,
    CalledOffBy,
    CancelConfirmed,
    CancelRequested,
    CancelWithdrawn,
    Channel,
    Declined,
    Disposition,
    Drafted,
    Enclosure,
    ExpectationsGiven,
    InformationRequested,
    InformationSupplied,
    Inquired,
    Integrated,
    InterimNoteReceived,
    Kind,
    NoShow,
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
from carecoord.workflows.referral.facts import Progress, ReferralFacts
from carecoord.workflows.referral.guards import (
    a_new_attempt,
    answers_this,
    booked_before,
    by_a_clinician,
    enclosed_or_none,
    filed_before,
    held_before,
    leaves_no_report,
    may_end_alone,
    note_of_the_attempt,
    of_a_known_attempt,
    of_an_earlier_attempt,
    of_an_old_appointment,
    of_any_attempt,
    of_its_day,
    of_the_appointment,
    of_the_attempt,
    of_what_is_here,
    question_stated,
    report_filed_before,
    somebody_is_asked,
    takes_something_back,
)
from carecoord.workflows.referral.lessons import LESSONS
from carecoord.workflows.referral.mappings import BUSINESS_STATUS, CRITERIA, STATUSES, Statuses
from carecoord.workflows.referral.states import ReferralState

R = ReferralState

_VISITING: Final = (R.ACCEPTED, R.BOOKED, R.NO_SHOW, R.APPOINTMENT_CANCELLED, R.SEEN)
_ASKED: Final = (R.SENT, R.NEEDS_INFO, *_VISITING)
_UNDER_WAY: Final = (*_ASKED, R.CANCEL_REQUESTED, R.DECLINED)
_AFTERWARDS: Final = (R.REPORTED, R.CLOSED)
_STOPPED: Final = (R.CANCELLED, R.WITHDRAWN)
_ENDS: Final = (R.CLOSED, *_STOPPED)
_SENT_ONCE: Final = (*_UNDER_WAY, R.REPORTED, *_ENDS)
_ALL: Final = (R.DRAFTED, *_SENT_ONCE)
_READ: Final = (*_ALL, R.SUPERSEDED)
"""Where what was written to us may be owed: also in a duplicate it is read by whoever has it."""

_READY: Final = All(question_stated, enclosed_or_none, a_new_attempt)

_STANDS: Final = (
    (Progress.SENT, R.SENT),
    (Progress.NEEDS_INFO, R.NEEDS_INFO),
    (Progress.ACCEPTED, R.ACCEPTED),
    (Progress.BOOKED, R.BOOKED),
    (Progress.NO_SHOW, R.NO_SHOW),
    (Progress.APPOINTMENT_CANCELLED, R.APPOINTMENT_CANCELLED),
    (Progress.SEEN, R.SEEN),
)
"""Where a referral stands that is neither reported nor stopping: where whoever is asked has come."""

_Row: TypeAlias = Move[ReferralState, ReferralFacts]

# fmt: off
_GOING_BACK: Final[tuple[_Row, ...]] = (
    *(Move(R.CANCEL_REQUESTED, CancelWithdrawn, there, given=All(of_the_attempt, Where(progress=come)))
      for come, there in _STANDS),
    Otherwise(R.CANCEL_REQUESTED, CancelWithdrawn),

    *(Move(_AFTERWARDS, ReportRetracted, there, given=All(leaves_no_report, Where(progress=come)), reopens=True)
      for come, there in (*_STANDS, (Progress.DECLINED, R.DECLINED))),
    Stay(_READ,                      ReportRetracted,       given=takes_something_back),
    Otherwise(_READ,                 ReportRetracted),

    Move(R.CLOSED,                   Reopened,              R.REPORTED, reopens=True),
    Move(R.WITHDRAWN,                Reopened,              R.CANCEL_REQUESTED,
         given=Where(stopping=True), reopens=True),
    *(Move(R.WITHDRAWN, Reopened, there, given=All(somebody_is_asked, Where(progress=come)), reopens=True)
      for come, there in (*_STANDS, (Progress.DECLINED, R.DECLINED))),  # administration had closed it
    Move(_STOPPED,                   Reopened,              R.DRAFTED, reopens=True),
)

_MOVES: Final[tuple[_Row, ...]] = (
    #    in                          when                   go to
    Move(None,                       Drafted,               R.DRAFTED),
    Stay((R.DRAFTED, R.NEEDS_INFO),  Specified),

    Move(R.DRAFTED,                  Sent,                  R.SENT, given=_READY, source="BSeR TID 01"),
    Otherwise(R.DRAFTED,             Sent),
    Move(R.DECLINED,                 Redirected,            R.SENT, given=_READY),
    Otherwise(R.DECLINED,            Redirected),

    Move((R.SENT, R.NEEDS_INFO, R.DECLINED), Undeliverable, R.DRAFTED, given=of_the_attempt),
    Stay(_SENT_ONCE,                 Undeliverable,         given=of_a_known_attempt),
    Otherwise(_SENT_ONCE,            Undeliverable),

    Move((R.SENT, R.ACCEPTED, R.DECLINED), InformationRequested, R.NEEDS_INFO, given=of_the_attempt),
    Stay((R.NEEDS_INFO, R.BOOKED, R.NO_SHOW, R.APPOINTMENT_CANCELLED, R.SEEN, R.CANCEL_REQUESTED, R.REPORTED),
         InformationRequested, given=of_the_attempt),
    Otherwise((*_UNDER_WAY, R.REPORTED), InformationRequested),

    Move(R.NEEDS_INFO,               InformationSupplied,   R.SENT, given=of_the_attempt),
    Stay((R.SENT, *_VISITING),       InformationSupplied,   given=of_the_attempt),
    Otherwise(_ASKED,                InformationSupplied),

    Move(R.SENT,                     Accepted,              R.ACCEPTED, given=of_the_attempt, source="BSeR TID 02"),
    Move((R.NEEDS_INFO, R.DECLINED), Accepted,              R.ACCEPTED, given=of_the_attempt),
    Stay((*_VISITING, R.CANCEL_REQUESTED, R.REPORTED), Accepted, given=of_the_attempt),
    Stay(_ENDS,                      Accepted,              given=of_a_known_attempt),
    Otherwise(_SENT_ONCE,            Accepted),

    Move(R.SENT,                     Declined,              R.DECLINED, given=of_the_attempt, source="BSeR TID 03"),
    Move(R.ACCEPTED,                 Declined,              R.DECLINED, given=of_the_attempt, source="BSeR TID 05"),
    Move(R.BOOKED,                   Declined,              R.DECLINED, given=of_the_attempt, source="BSeR TID 10"),
    Move(R.NO_SHOW,                  Declined,              R.DECLINED, given=of_the_attempt, source="BSeR TID 17"),
    Move(R.SEEN,                     Declined,              R.DECLINED, given=of_the_attempt, source="BSeR TID 25"),
    Move((R.NEEDS_INFO, R.APPOINTMENT_CANCELLED), Declined, R.DECLINED, given=of_the_attempt),
    Move(R.CANCEL_REQUESTED,         Declined,              R.CANCELLED, given=of_the_attempt),
    Stay((*_UNDER_WAY, *_STOPPED),   Declined,              given=of_a_known_attempt),
    Otherwise((*_UNDER_WAY, *_STOPPED), Declined),

    Stay((*_ASKED, R.DECLINED),      Booked,                given=booked_before),  # told twice, perhaps after a no-show
    Move(R.ACCEPTED,                 Booked,                R.BOOKED, given=of_the_attempt, source="BSeR TID 06"),
    Move(R.APPOINTMENT_CANCELLED,    Booked,                R.BOOKED, given=of_the_attempt, source="BSeR TID 21"),
    Move(R.SEEN,                     Booked,                R.BOOKED, given=of_the_attempt, source="BSeR TID 26"),
    Move((R.SENT, R.NEEDS_INFO, R.BOOKED, R.NO_SHOW, R.DECLINED), Booked, R.BOOKED, given=of_the_attempt),
    Stay((R.CANCEL_REQUESTED, R.REPORTED), Booked,          given=of_the_attempt),
    Otherwise((*_UNDER_WAY, R.REPORTED), Booked),

    Stay((*_ASKED, R.DECLINED),      Rebooked,              given=booked_before),
    Move(R.BOOKED,                   Rebooked,              R.BOOKED, given=of_the_attempt, source="BSeR TID 11"),
    Move(R.NO_SHOW,                  Rebooked,              R.BOOKED, given=of_the_attempt, source="BSeR TID 18"),
    Move((R.SENT, R.NEEDS_INFO, R.ACCEPTED, R.APPOINTMENT_CANCELLED, R.SEEN, R.DECLINED), Rebooked, R.BOOKED,
         given=of_the_attempt),
    Stay((R.CANCEL_REQUESTED, R.REPORTED), Rebooked,        given=of_the_attempt),
    Otherwise((*_UNDER_WAY, R.REPORTED), Rebooked),

    Stay(_ASKED,                     NoShow,                given=of_an_old_appointment),
    Move(R.BOOKED,                   NoShow,                R.NO_SHOW, given=of_its_day, source="BSeR TID 12"),
    Move((R.SENT, R.NEEDS_INFO, R.ACCEPTED, R.APPOINTMENT_CANCELLED, R.SEEN), NoShow, R.NO_SHOW,
         given=of_its_day),
    Stay(R.NO_SHOW,                  NoShow,                given=of_its_day),
    Otherwise(_ASKED,                NoShow),  # perhaps of a visit that was held: somebody must look
    Stay((R.CANCEL_REQUESTED, R.DECLINED, R.REPORTED, *_ENDS), NoShow),

    Stay(_ASKED,                     AppointmentCancelled,  given=of_an_old_appointment),
    Move(R.BOOKED,                   AppointmentCancelled,  R.APPOINTMENT_CANCELLED,
         given=of_the_appointment, source="BSeR TID 13"),
    Move(R.NO_SHOW,                  AppointmentCancelled,  R.APPOINTMENT_CANCELLED,
         given=of_the_appointment, source="BSeR TID 19"),
    Move(R.SEEN,                     AppointmentCancelled,  R.APPOINTMENT_CANCELLED,
         given=of_the_appointment, source="BSeR TID 27"),
    Move((R.SENT, R.NEEDS_INFO, R.ACCEPTED), AppointmentCancelled, R.APPOINTMENT_CANCELLED, given=of_the_appointment),
    Stay(R.APPOINTMENT_CANCELLED,    AppointmentCancelled,  given=of_the_appointment),
    Otherwise(_ASKED,                AppointmentCancelled),
    Stay((R.CANCEL_REQUESTED, R.DECLINED, R.REPORTED, *_ENDS), AppointmentCancelled),

    Stay((*_ASKED, R.DECLINED),      VisitCompleted,        given=held_before),
    Move((*_ASKED, R.DECLINED),      VisitCompleted,        R.SEEN, given=of_its_day),
    Otherwise((*_ASKED, R.DECLINED), VisitCompleted),
    Stay((R.CANCEL_REQUESTED, R.REPORTED, R.CLOSED), VisitCompleted),

    Stay((*_ASKED, R.DECLINED),      InterimNoteReceived,   given=filed_before),  # else it would undo what came since
    Move(R.ACCEPTED,                 InterimNoteReceived,   R.SEEN, given=note_of_the_attempt, source="BSeR TID 08"),
    Move(R.BOOKED,                   InterimNoteReceived,   R.SEEN, given=note_of_the_attempt, source="BSeR TID 15"),
    Move(R.SEEN,                     InterimNoteReceived,   R.SEEN, given=note_of_the_attempt, source="BSeR TID 29"),
    Move((R.SENT, R.NEEDS_INFO, R.NO_SHOW, R.APPOINTMENT_CANCELLED, R.DECLINED), InterimNoteReceived, R.SEEN,
         given=note_of_the_attempt),
    Stay(R.CANCEL_REQUESTED,         InterimNoteReceived,   given=note_of_the_attempt),
    Stay((R.REPORTED, R.CLOSED),     InterimNoteReceived,   given=of_any_attempt),
    Otherwise((*_UNDER_WAY, R.REPORTED, R.CLOSED), InterimNoteReceived),

    Stay((R.DRAFTED, *_UNDER_WAY),   ReportReceived,        given=report_filed_before),
    Move(R.ACCEPTED,                 ReportReceived,        R.REPORTED, given=answers_this, source="BSeR TID 09"),
    Move(R.BOOKED,                   ReportReceived,        R.REPORTED, given=answers_this, source="BSeR TID 16"),
    Move(R.CANCEL_REQUESTED,         ReportReceived,        R.REPORTED, given=answers_this, source="BSeR TID 24"),
    Move(R.SEEN,                     ReportReceived,        R.REPORTED, given=answers_this, source="BSeR TID 30"),
    Move((R.DRAFTED, R.SENT, R.NEEDS_INFO, R.NO_SHOW, R.APPOINTMENT_CANCELLED, R.DECLINED), ReportReceived, R.REPORTED,
         given=answers_this),
    Stay(_UNDER_WAY,                 ReportReceived,        given=of_an_earlier_attempt),  # read, and the wait goes on
    Stay(R.REPORTED,                 ReportReceived,        given=of_any_attempt),
    Stay(_ENDS,                      ReportReceived,        given=report_filed_before),
    Move(_ENDS,                      ReportReceived,        R.REPORTED, given=of_any_attempt, reopens=True),
    Otherwise(_ALL,                  ReportReceived),

    Stay((R.DRAFTED, *_UNDER_WAY),   ReportCorrected,       given=report_filed_before),
    Move((R.DRAFTED, *_UNDER_WAY),   ReportCorrected,       R.REPORTED, given=answers_this),
    Stay(_UNDER_WAY,                 ReportCorrected,       given=of_an_earlier_attempt),
    Stay(R.REPORTED,                 ReportCorrected,       given=of_any_attempt),
    Stay(_ENDS,                      ReportCorrected,       given=report_filed_before),
    Move(_ENDS,                      ReportCorrected,       R.REPORTED, given=of_any_attempt, reopens=True),
    Otherwise(_ALL,                  ReportCorrected),

    Move(R.SENT,                     CancelRequested,       R.CANCEL_REQUESTED,
         given=of_the_attempt, source="BSeR TID 04"),
    Move(R.ACCEPTED,                 CancelRequested,       R.CANCEL_REQUESTED,
         given=of_the_attempt, source="BSeR TID 07"),
    Move(R.BOOKED,                   CancelRequested,       R.CANCEL_REQUESTED,
         given=of_the_attempt, source="BSeR TID 14"),
    Move(R.NO_SHOW,                  CancelRequested,       R.CANCEL_REQUESTED,
         given=of_the_attempt, source="BSeR TID 20"),
    Move(R.APPOINTMENT_CANCELLED,    CancelRequested,       R.CANCEL_REQUESTED,
         given=of_the_attempt, source="BSeR TID 22"),
    Move(R.SEEN,                     CancelRequested,       R.CANCEL_REQUESTED,
         given=of_the_attempt, source="BSeR TID 28"),
    Move(R.NEEDS_INFO,               CancelRequested,       R.CANCEL_REQUESTED, given=of_the_attempt),
    Stay(R.CANCEL_REQUESTED,         CancelRequested,       given=of_the_attempt),
    Otherwise((*_ASKED, R.CANCEL_REQUESTED), CancelRequested),

    Move(R.CANCEL_REQUESTED,         CancelConfirmed,       R.CANCELLED, given=of_the_attempt, source="BSeR TID 23"),
    Move(_ASKED,                     CancelConfirmed,       R.DECLINED, given=of_the_attempt),  # nobody asked them to
    Stay((*_UNDER_WAY, R.REPORTED, *_STOPPED), CancelConfirmed, given=of_a_known_attempt),
    Otherwise((*_UNDER_WAY, R.REPORTED, *_STOPPED), CancelConfirmed),

    Move((R.DRAFTED, R.DECLINED),    Withdrawn,             R.WITHDRAWN),
    Move((*_ASKED, R.CANCEL_REQUESTED), Withdrawn,          R.WITHDRAWN, given=may_end_alone),
    Otherwise((*_ASKED, R.CANCEL_REQUESTED), Withdrawn),
    *_GOING_BACK,

    Stay(_READ,                      Reviewed,              given=All(by_a_clinician, of_what_is_here)),
    Otherwise(_READ,                 Reviewed),
    Stay(_READ,                      PatientInformed,       given=of_what_is_here),
    Otherwise(_READ,                 PatientInformed),
    Stay(_READ,                      Integrated,            given=of_what_is_here),
    Otherwise(_READ,                 Integrated),
    Stay((*_UNDER_WAY, R.REPORTED),  Inquired),
    Stay((R.DRAFTED, *_UNDER_WAY, R.REPORTED), ExpectationsGiven),

    # What administration closes before a report is here was not done.
    Move((R.DRAFTED, *_UNDER_WAY),   ClosedByAdministration, R.WITHDRAWN),
)
# fmt: on

REFERRAL: Final = Workflow[ReferralState, ReferralFacts](
    name="referral",
    version="1",
    states=ReferralState,
    facts=ReferralFacts,
    events=(
        # News, in the order in which it counts within one moment.
        Undeliverable,
        InformationRequested,
        Accepted,
        Declined,
        Booked,
        Rebooked,
        NoShow,
        AppointmentCancelled,
        VisitCompleted,
        InterimNoteReceived,
        ReportReceived,
        ReportCorrected,
        ReportRetracted,
        CancelConfirmed,
        # Acts.
        Drafted,
        Specified,
        InformationSupplied,
        Sent,
        Redirected,
        CancelRequested,
        CancelWithdrawn,
        Withdrawn,
        Reviewed,
        PatientInformed,
        Integrated,
        Inquired,
        ExpectationsGiven,
    ),
    moves=_MOVES,
    learn=LESSONS,
    clocks=CLOCKS,
    closes={R.REPORTED: R.CLOSED},
    ends=frozenset({*_ENDS, R.SUPERSEDED, R.ENTERED_IN_ERROR}),
    waits_for={
        R.DRAFTED: ("send",),
        R.SENT: ("answer", "report"),
        R.NEEDS_INFO: ("supply", "report"),
        R.ACCEPTED: ("book", "report"),
        R.BOOKED: ("visit_outcome", "report"),
        R.NO_SHOW: ("rebook", "report"),
        R.APPOINTMENT_CANCELLED: ("rebook", "report"),
        R.SEEN: ("report",),
        R.CANCEL_REQUESTED: ("confirm_cancel",),
        R.DECLINED: ("decide",),
        R.REPORTED: ("review", "inform"),
    },
)

ReferralCase: TypeAlias = Case[ReferralState, ReferralFacts]

__all__ = [
    "BUSINESS_STATUS",
    "CRITERIA",
    "REFERRAL",
    "STATUSES",
    "Accepted",
    "Answered",
    "AppointmentCancelled",
    "Booked",
    "CalledOffBy",
    "CancelConfirmed",
    "CancelRequested",
    "CancelWithdrawn",
    "Channel",
    "Declined",
    "Disposition",
    "Drafted",
    "Enclosure",
    "ExpectationsGiven",
    "InformationRequested",
    "InformationSupplied",
    "Inquired",
    "Integrated",
    "InterimNoteReceived",
    "Kind",
    "NoShow",
    "PatientInformed",
    "Progress",
    "Rebooked",
    "Redirected",
    "ReferralCase",
    "ReferralFacts",
    "ReferralState",
    "ReportCorrected",
    "ReportReceived",
    "ReportRetracted",
    "Reviewed",
    "Sent",
    "Specified",
    "Statuses",
    "Undeliverable",
    "VisitCompleted",
    "Withdrawn",
]

"""What others call the states of a referral, and where the evidence for each criterion is found: data, with sources."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import frozen

from carecoord.vocabulary import Citation
from carecoord.workflows.referral.states import ReferralState

R = ReferralState

TASK: Final = Citation(
    title="HL7 FHIR R4, R4B and R5, Task.status",
    href="https://hl7.org/fhir/valueset-task-status.html",
    checked="2026-11-21",
)
SERVICE_REQUEST: Final = Citation(
    title="HL7 FHIR R4, ServiceRequest.status",
    href="https://hl7.org/fhir/R4/servicerequest.html",
    checked="2026-11-21",
)
BSER: Final = Citation(
    title="HL7 BSeR, harmonised 360X/BSeR state transitions and Task business status",
    href="https://github.com/HL7/bser",
    checked="2026-11-21",
)


@frozen
class Statuses:
    """
    How a state is called elsewhere.

    Task.status and businessStatus are those of the present attempt: each attempt is a Task of its own, on one
    ServiceRequest, and what is final for a Task is not final for the referral. BSeR has `received` where FHIR
    and Gravity have `requested` and `on-hold`. Overdue is never a status.
    """

    task: str
    task_bser: str
    business_status: str
    service_request: str


# fmt: off
STATUSES: Final[Mapping[ReferralState, Statuses]] = MappingProxyType({
    R.DRAFTED:               Statuses("draft",            "draft",            "",      "draft"),
    R.SENT:                  Statuses("requested",        "received",         "2.0",   "active"),
    R.NEEDS_INFO:            Statuses("on-hold",          "received",         "2.0",   "active"),
    R.ACCEPTED:              Statuses("accepted",         "accepted",         "3.0",   "active"),
    R.BOOKED:                Statuses("in-progress",      "in-progress",      "5.1.1", "active"),
    R.NO_SHOW:               Statuses("in-progress",      "in-progress",      "5.1.2", "active"),
    R.APPOINTMENT_CANCELLED: Statuses("in-progress",      "in-progress",      "5.1.3", "active"),
    R.SEEN:                  Statuses("in-progress",      "in-progress",      "5.1.4", "active"),
    R.CANCEL_REQUESTED:      Statuses("in-progress",      "in-progress",      "5.2",   "active"),
    R.DECLINED:              Statuses("rejected",         "rejected",         "4.0",   "active"),
    R.REPORTED:              Statuses("completed",        "completed",        "7.0",   "active"),
    R.CLOSED:                Statuses("completed",        "completed",        "7.0",   "completed"),
    R.CANCELLED:             Statuses("cancelled",        "cancelled",        "6.0",   "revoked"),
    R.WITHDRAWN:             Statuses("cancelled",        "cancelled",        "6.0",   "revoked"),  # rejected stays so
    R.SUPERSEDED:            Statuses("cancelled",        "cancelled",        "6.0",   "revoked"),  # a duplicate
    R.ENTERED_IN_ERROR:      Statuses("entered-in-error", "entered-in-error", "",      "entered-in-error"),
})

BUSINESS_STATUS: Final[Mapping[str, str]] = MappingProxyType({
    "2.0":   "Service Request Created",
    "3.0":   "Service Request Accepted",
    "4.0":   "Service Request Declined",
    "5.1.1": "Event Scheduled",
    "5.1.2": "Scheduled Event Unattended",
    "5.1.3": "Scheduled Event Cancelled",
    "5.1.4": "Event Completed",
    "5.2":   "Cancellation Requested",
    "6.0":   "Fulfillment Cancelled",
    "7.0":   "Fulfillment Completed",
})

CRITERIA: Final[tuple[tuple[str, str], ...]] = (
    ("NCQA PCMH CC-04 A",   "claim of Sent and Redirected: clinical question, urgency and type are stated"),
    ("NCQA PCMH CC-04 B",   "claim of Sent and Redirected: `enclosed` and `there_is_no`, kept in the entry"),
    ("NCQA PCMH CC-04 C",   "clocks answer, visit_outcome and report; DeadlineMissed, Escalated; Inquired"),
    ("NCQA PCMH CC-06",     "Sent and Redirected by recipient"),
    ("NCQA PCMH CC-07",     "ledger of answer, book and report; Declined; by recipient"),
    ("NCQA PCMH CC-08, 09", "`agreement` of Sent; `contains` of ReportReceived; the limits are the agreement's"),
    ("NCQA PCMH CC-10",     "Inquired and ReportReceived say who told of it, in `by`"),
    ("NCQA PCMH CC-11",     "ReportReceived over Sent, ledger of report; question_answered of Reviewed"),
    ("NCQA PCMH CC-12",     "`kind` CO_MANAGEMENT; clock integrate, and Integrated names plan and version"),
    ("MIPS IA_CC_1",        "ReportReceived or Inquired"),
    ("MIPS IA_CC_12, 1",    "clock expectations; ExpectationsGiven names the agreement"),
    ("MIPS IA_CC_12, 2",    "the entries of the case, from Drafted to LoopClosed"),
    ("MIPS IA_CC_12, 3",    "disposition of Reviewed; clock integrate; Integrated"),
    ("CMS50 (Q374)",        "the first ReportReceived of the referral after Sent and in the year; not Reviewed"),
)
# fmt: on

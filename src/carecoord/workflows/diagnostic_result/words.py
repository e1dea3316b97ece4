"""How others call what this workflow knows: statuses of FHIR resources, criteria of programs and measures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import frozen

from carecoord.workflows.diagnostic_result.states import R, ResultState


@frozen
class Statuses:
    """
    How a state is called elsewhere: FHIR Task.status, DiagnosticReport.status and ServiceRequest.status.

    The report is the laboratory's, and the word is the least that it may have there; "" where there need be none.
    That it is final there is no end here: our Task goes on until the patient knows.
    """

    task: str
    report: str
    service_request: str


# fmt: off
STATUSES: Final[Mapping[ResultState, Statuses]] = MappingProxyType({
    R.UNCLAIMED:        Statuses("requested",        "preliminary",      ""),
    R.ORDERED:          Statuses("requested",        "registered",       "active"),
    R.COLLECTED:        Statuses("in-progress",      "registered",       "active"),
    R.PARTIAL:          Statuses("in-progress",      "partial",          "active"),
    R.RESULTED:         Statuses("in-progress",      "final",            "active"),  # businessStatus "resulted"
    R.NOT_DONE:         Statuses("failed",           "cancelled",        "active"),
    R.CLOSED:           Statuses("completed",        "final",            "completed"),
    R.CANCELLED:        Statuses("cancelled",        "",                 "revoked"),
    R.SUPERSEDED:       Statuses("cancelled",        "",                 "revoked"),  # a duplicate
    R.ENTERED_IN_ERROR: Statuses("entered-in-error", "entered-in-error", "entered-in-error"),
})

CRITERIA: Final[tuple[tuple[str, str], ...]] = (
    ("NCQA PCMH CC-01 A", "`kind` LABORATORY: clocks collect, result and final; DeadlineMissed, Escalated"),
    ("NCQA PCMH CC-01 B", "`kind` IMAGING: clocks collect, result and final; DeadlineMissed, Escalated"),
    ("NCQA PCMH CC-01 C", "`kind` LABORATORY: clocks critical and review, by `severity`"),
    ("NCQA PCMH CC-01 D", "`kind` IMAGING: clocks critical and review, by `severity`"),
    ("NCQA PCMH CC-01 E", "clock notify_normal; PatientNotified"),
    ("NCQA PCMH CC-01 F", "clock notify_abnormal; PatientNotified"),
    ("NCQA PCMH CC-02",   "opening Expected with `born_at`; clock result, counted from the birth"),
    ("NCQA AR-CC 3",      "result met over Ordered, for each `kind`"),
    ("MIPS IA_CC_2",      "ledger of notify_abnormal and follow_up"),
)
# fmt: on

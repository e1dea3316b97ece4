"""
Flags and statuses as laboratories send them, and what each says here: data, with sources.

The meanings of the HL7 v2 codes are as the tables print them; a practice whose laboratory means
something else hands in tables of its own. A code that no table has says UNKNOWN: it is read,
counts as abnormal, and finishes nothing. No message is ever dropped for its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from carecoord.vocabulary import Citation
from carecoord.workflows.diagnostic_result.events import Severity


class Says(Enum):
    """What a status says has happened, and so which event it is."""

    ORDERED = "wanted, and nothing is taken: no event of its own"
    COLLECTED = "taken: Collected"
    PRELIMINARY = "ResultReceived, preliminary"
    FINAL = "ResultReceived, final"
    CORRECTED = "ResultCorrected, corrected"
    AMENDED = "ResultCorrected, amended"
    APPENDED = "ResultCorrected, appended"
    WRONG_PATIENT = "ResultRetracted: it is another patient's"
    DELETED = "ResultRetracted: it should not be here"
    CANCELLED = "LabCancelled"
    COMPLETE = "MarkedComplete: it closes nothing"
    IN_ERROR = "ResultRetracted, or EnteredInError where the whole order never was"
    NOTHING = "nothing about the result"
    UNKNOWN = "nobody knows: ResultReceived with an unknown status where a value is sent"


def _v2(table: str, what: str) -> Citation:
    return Citation(
        title=f"HL7 v2, table {table}, {what}",
        href=f"http://terminology.hl7.org/CodeSystem/v2-{table}",
        checked="2026-11-21",
    )


OBX8_SOURCE: Final = _v2("0078", "interpretation codes (OBX-8), 2.5.1 and 2.8.2")
OBX11_SOURCE: Final = _v2("0085", "observation result status (OBX-11), 2.5.1 and 2.8")
OBR25_SOURCE: Final = _v2("0123", "result status (OBR-25)")
ORC1_SOURCE: Final = _v2("0119", "order control (ORC-1)")
ORC5_SOURCE: Final = _v2("0038", "order status (ORC-5)")
REPORT_R4_SOURCE: Final = Citation(
    title="HL7 FHIR R4, DiagnosticReport.status",
    href="https://hl7.org/fhir/R4/valueset-diagnostic-report-status.html",
    checked="2026-11-21",
)
REPORT_R5_SOURCE: Final = Citation(
    title="HL7 FHIR R5, DiagnosticReport.status",
    href="https://hl7.org/fhir/R5/valueset-diagnostic-report-status.html",
    checked="2026-11-21",
)

_C, _A, _N, _U = Severity.CRITICAL, Severity.ABNORMAL, Severity.NORMAL, Severity.UNKNOWN

# fmt: off
OBX8: Final[Mapping[str, Severity]] = MappingProxyType({
    "HH":  _C, "LL":  _C,                        # beyond the panic limits
    "AA":  _C,                                   # very abnormal
    "HU":  _C, "LU":  _C,                        # significantly high, significantly low
    "H":   _A, "L":   _A, "A":   _A,
    ">":   _A, "<":   _A,                        # off the scale of the instrument
    "POS": _A, "DET": _A, "RR":  _A, "WR":  _A,  # positive, detected, reactive, weakly reactive
    "R":   _A, "I":   _A, "NS":  _A,             # resistant, intermediate, not susceptible
    "U":   _A, "D":   _A, "W":   _A,             # a change up, down, for the worse
    "TOX": _A,                                   # toxic
    "N":   _N, "NEG": _N, "ND":  _N, "NR":  _N,  # normal, negative, not detected, not reactive
    # What these mean for the patient a clinician must say.
    "IND": _U, "B":   _U, "S":   _U, "MS":  _U, "VS":  _U, "SDD": _U, "HM": _U, "AC": _U, "QCF": _U,
})

OBX11: Final[Mapping[str, Says]] = MappingProxyType({
    "O": Says.ORDERED,        # order detail only
    "I": Says.COLLECTED,      # specimen in the laboratory, results pending
    "P": Says.PRELIMINARY,
    "R": Says.PRELIMINARY,    # entered, not verified
    "S": Says.PRELIMINARY,    # partial
    "F": Says.FINAL,
    "U": Says.FINAL,          # the preliminary one is final and is not sent again: content_changed is False
    "V": Says.FINAL,          # verified
    "C": Says.CORRECTED,
    "A": Says.AMENDED,        # for demographics
    "B": Says.APPENDED,
    "W": Says.WRONG_PATIENT,  # posted as wrong
    "D": Says.DELETED,
    "X": Says.CANCELLED,      # cannot be obtained
    "N": Says.NOTHING,        # not asked
})

OBR25: Final[Mapping[str, Says]] = MappingProxyType({
    "O": Says.ORDERED,        # order received, specimen not yet received
    "S": Says.ORDERED,        # scheduled
    "I": Says.COLLECTED,      # specimen received, procedure incomplete
    "A": Says.PRELIMINARY,    # some results
    "P": Says.PRELIMINARY,
    "R": Says.PRELIMINARY,    # stored, not verified
    "F": Says.FINAL,
    "C": Says.CORRECTED,
    "X": Says.CANCELLED,
    "Y": Says.NOTHING,        # no order on record: for queries alone
    "Z": Says.NOTHING,        # no such patient: for queries alone
})

ORC1: Final[Mapping[str, Says]] = MappingProxyType({
    "NW": Says.ORDERED,
    "OK": Says.NOTHING, "SC": Says.NOTHING, "RE": Says.NOTHING, "XO": Says.NOTHING,  # transport
    "CA": Says.NOTHING, "DC": Says.NOTHING,  # what we ask for: until they answer, the result is awaited
    "OC": Says.CANCELLED, "CR": Says.CANCELLED,
    "OD": Says.CANCELLED, "DR": Says.CANCELLED,
    "UA": Says.CANCELLED,     # unable to accept
})

ORC5: Final[Mapping[str, Says]] = MappingProxyType({
    "SC": Says.ORDERED,
    "IP": Says.NOTHING, "HD": Says.NOTHING,
    "A":  Says.NOTHING,       # some results: they say themselves which
    "CM": Says.COMPLETE,
    "CA": Says.CANCELLED, "DC": Says.CANCELLED,
    "RP": Says.CANCELLED,     # replaced
    "ER": Says.UNKNOWN,       # error, order not found: somebody must look
})

REPORT_R4: Final[Mapping[str, Says]] = MappingProxyType({
    "registered":       Says.ORDERED,
    "partial":          Says.PRELIMINARY,
    "preliminary":      Says.PRELIMINARY,
    "final":            Says.FINAL,
    "amended":          Says.AMENDED,
    "corrected":        Says.CORRECTED,
    "appended":         Says.APPENDED,
    "cancelled":        Says.CANCELLED,
    "entered-in-error": Says.IN_ERROR,
    "unknown":          Says.UNKNOWN,
})

REPORT_R5: Final[Mapping[str, Says]] = MappingProxyType({
    **REPORT_R4,
    "modified":         Says.PRELIMINARY,  # changed before it was final
})
# fmt: on


def severity_of(flag: str | None, flags: Mapping[str, Severity] = OBX8) -> Severity:
    """Return what a flag says; where there is none, or one that nobody knows, UNKNOWN."""
    return Severity.UNKNOWN if flag is None else flags.get(flag.strip(), Severity.UNKNOWN)


def gravest(flags: tuple[str, ...], known: Mapping[str, Severity] = OBX8) -> Severity:
    """Return what several flags of one value say: the gravest counts, and one that nobody knows is no good news."""
    said = [severity_of(flag, known) for flag in flags]
    order = (Severity.CRITICAL, Severity.ABNORMAL, Severity.UNKNOWN, Severity.NORMAL)
    return next((one for one in order if one in said), Severity.UNKNOWN)


def said_by(status: str | None, statuses: Mapping[str, Says]) -> Says:
    """Return what a status says; where there is none, or one that nobody knows, UNKNOWN."""
    return Says.UNKNOWN if status is None else statuses.get(status.strip(), Says.UNKNOWN)

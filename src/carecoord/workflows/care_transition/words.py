"""How others call what this workflow knows: statuses of FHIR resources, criteria of programs and measures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import frozen

from carecoord.workflows.care_transition.states import T, TransitionState


@frozen
class Statuses:
    """How a state is called elsewhere: FHIR Encounter.status in R4 and R5, Task.status of the follow-up task."""

    encounter_r4: str
    encounter_r5: str
    task: str


# fmt: off
STATUSES: Final[Mapping[TransitionState, Statuses]] = MappingProxyType({
    T.IN_ED:            Statuses("in-progress",      "in-progress",      "in-progress"),
    T.ADMITTED:         Statuses("in-progress",      "in-progress",      "in-progress"),
    T.ELSEWHERE:        Statuses("finished",         "discharged",       "on-hold"),  # businessStatus "elsewhere"
    T.DISCHARGED:       Statuses("finished",         "discharged",       "in-progress"),
    T.CLOSED:           Statuses("finished",         "completed",        "completed"),
    T.READMITTED:       Statuses("finished",         "completed",        "failed"),  # reason "readmitted"
    T.DIED:             Statuses("finished",         "completed",        "cancelled"),  # reason "died"
    T.SUPERSEDED:       Statuses("finished",         "completed",        "cancelled"),  # reason "superseded"
    T.ENTERED_IN_ERROR: Statuses("entered-in-error", "entered-in-error", "entered-in-error"),
})

CRITERIA: Final[tuple[tuple[str, str], ...]] = (
    ("NCQA PCMH CC-14",             "openings and NoticeReceived by facility and source; ED apart; `planned` is false"),
    ("NCQA PCMH CC-15",             "clock share"),
    ("NCQA PCMH CC-16",             "clocks contact and visit; the log is ContactAttempted and Contacted"),
    ("NCQA PCMH CC-18",             "InfoShared during the stay"),
    ("NCQA PCMH CC-19",             "clock summary"),
    ("HEDIS TRC notification",      "clock notice"),
    ("HEDIS TRC discharge info",    "clock summary"),
    ("HEDIS TRC engagement",        "clock visit, or Contacted on a later day"),
    ("HEDIS MRP and TRC",           "clock reconcile, by role"),
    ("HEDIS FUH, FUM, FUA",         "clock visit with `opens`, and the fact `visit_kind`"),
    ("CMS TCM",                     "clocks contact, visit and reconcile"),
    ("MIPS IA_CC_10",               "entries of the first 30 days after Discharged"),
    ("MIPS IA_CC_11",               "clock summary, 24 hours"),
)
# fmt: on

"""Words that every workflow shares; no rule and no number lives here."""

from __future__ import annotations

from enum import Enum, IntEnum

from attrs import field, frozen


class Role(Enum):
    """Who can owe, keep, do or be told something. Who stands in a role today is the host's to know."""

    OWNER = "the one person or queue who answers for the case now"
    COORDINATOR = "keeps the loops of the practice: calls, chases, books"
    CLINICIAN = "a clinician of the practice who may decide about care"
    PRESCRIBER = "a clinician who may prescribe"
    PHARMACIST = "a clinical pharmacist"
    NURSE = "a registered nurse"
    CARE_MANAGER = "writes and keeps care plans with the patient"
    SURROGATE = "acts when the owner cannot be reached"
    SUPERVISOR = "the supervising clinician, or the queue of the role"
    SAFETY_OFFICER = "the fail-safe: told when everybody before was told in vain"
    MANAGER = "runs the office; takes operational conflicts"
    HOSPITAL = "the facility the patient stays in or came from"
    RECIPIENT = "the office or service that was asked"
    LABORATORY = "performs tests and reports them"
    PATIENT = "the patient, or who speaks for them"
    SYSTEM = "a feed or a program, no person"


class Urgency(IntEnum):
    """How soon, in the order and with the words of FHIR request-priority."""

    ROUTINE = 0
    URGENT = 1
    ASAP = 2
    STAT = 3


@frozen
class Actor:
    """Somebody who did something: a role, and an opaque id that means nothing outside the host."""

    role: Role
    id: str


@frozen
class Citation:
    """
    Where a number or a rule comes from.

    `checked` is the ISO date on which the wording was last seen at `href`; without one,
    the number is well known and was *not* seen, and the text that prints it says so.
    """

    title: str
    href: str = ""
    quote: str = field(default="", repr=False)
    checked: str = ""

    def __str__(self) -> str:
        return self.title if self.checked or not self.href else f"{self.title} (not verified)"


def ours(reason: str) -> Citation:
    """Return a citation for a number that no source gives: somebody here chose it, and says why."""
    return Citation(title=f"ours: {reason}")

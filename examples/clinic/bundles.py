"""
Reads what FHIR R4 bundles hold of stays, visits, referrals, reports, care plans and deaths. Nothing is invented here.

A bundle is one patient's record as the generator of synthetic patients wrote it. Two ways of
looking at it are kept apart: `read_patient` says what the file says, `follow` says what of it
was known when the years that the demo follows closed.

The difference matters because the generator closes whatever is still open when it stops
writing: for the living at its last weekly step, after the reference date; for the dead at the
step after the death. A stay of 2008 that "ends" in 2026 was never said to have ended. So an end
after the window closed, or not before the death, is no discharge. Nor is one before the start,
which the generator writes for about one encounter in fifty thousand.

A referral is a procedure whose name says so; of what becomes of it the bundles hold nothing but,
for dental care, a later visit whose reason is that referral.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeAlias

from examples.clinic.care_plans import Plan, as_known, plans_of
from examples.clinic.lab_reports import Report, reports_of

Resource: TypeAlias = dict[str, Any]

STAYS = frozenset({"EMER", "IMP"})  # emergency department; hospital (the generator codes nursing homes so too)
VISITS = frozenset({"AMB", "HH", "VR"})  # office, clinic and urgent care; at home; by video
NEVER_HAPPENED = frozenset({"planned", "cancelled", "entered-in-error"})
REFERS = "referral"
NOT_YET = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stay:
    """Time in an emergency department or a hospital; *ended* may equal *started* or precede it, or be missing."""

    id: str
    patient: str
    kind: str  # of STAYS
    started: datetime
    ended: datetime | None
    facility: str | None  # the Organization's id
    disposition: str | None  # where to; the generator never says


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that is no stay."""

    id: str
    patient: str
    kind: str  # of VISITS
    started: datetime
    ended: datetime | None
    reason: str = ""  # the generator's word for it


@dataclass(frozen=True, slots=True)
class Referral:
    """That somebody was referred; to whom, and what came of it, no bundle says."""

    id: str  # of the procedure
    patient: str
    at: datetime
    code: str  # SNOMED CT
    name: str  # of the procedure


@dataclass(frozen=True, slots=True)
class Patient:
    """One bundle; stays, visits, referrals, reports and plans in order of their start, and there may be none."""

    id: str
    born: date
    died: datetime | None
    stays: tuple[Stay, ...]
    visits: tuple[Visit, ...]
    referrals: tuple[Referral, ...] = ()
    reports: tuple[Report, ...] = ()
    plans: tuple[Plan, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The time that is followed: *opens* belongs to it, *closes* does not."""

    opens: datetime
    closes: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.opens <= at < self.closes


class UnreadableBundle(ValueError):
    """A file that is not one patient's R4 bundle. Says where, by ids; never what was written there."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file} cannot be read: {problem}; remove its folder and generate it again")
        self.file = file
        self.problem = problem


def last_three_years(reference: date) -> Window:
    """Return the three years up to the midnight (UTC) that begins *reference*; for 29 February, from the 28th."""
    closes = datetime.combine(reference, time(), UTC)
    leap_day = reference.month == 2 and reference.day == 29
    return Window(closes.replace(year=closes.year - 3, day=28 if leap_day else closes.day), closes)


def read_folder(folder: Path) -> tuple[Patient, ...]:
    """Return the patients of a folder's *.json files, in order of file name."""
    return tuple(read_patient(file) for file in sorted(folder.glob("*.json")))


def read_patient(file: Path) -> Patient:
    """
    Return what one bundle says.

    Raises:
        UnreadableBundle: not JSON, not an R4 Bundle of exactly one Patient, or a moment
            without an offset.
    """
    try:
        return _patient([entry["resource"] for entry in json.loads(file.read_bytes())["entry"]])
    except UnicodeDecodeError:
        raise UnreadableBundle(file, "it is not UTF-8") from None
    except json.JSONDecodeError as why:
        raise UnreadableBundle(file, f"it is not JSON, at line {why.lineno}") from None
    except _Doubtful as why:
        raise UnreadableBundle(file, str(why)) from None
    # Whichever part is missing or of another shape, the answer is the same, and must not quote the record.
    except (KeyError, TypeError, AttributeError, IndexError):
        raise UnreadableBundle(file, "it is not laid out as an R4 Bundle") from None


def follow(patient: Patient, window: Window) -> Patient:
    """
    Return *patient* as known when the window closed, with the stays and visits that belong to it.

    A stay belongs where it ended; one without an end, where it started: otherwise whoever dies
    would die in every stay that the generator forgot to close, some of them decades old. A visit
    belongs where it started, and a care plan wherever it ran. Deaths and ends that had not come
    when the window closed are not known; what starts after the death is left out. So in what is
    returned every stay with *ended* is the discharge of a living patient, and one without is open
    or, if there is a *died*, was ended by the death.
    """
    died = patient.died if patient.died is not None and patient.died < window.closes else None
    last = died or NOT_YET

    def known(start: datetime, end: datetime | None) -> datetime | None:
        return end if end is not None and start <= end < min(last, window.closes) else None

    stays = (replace(each, ended=known(each.started, each.ended)) for each in patient.stays if each.started <= last)
    visits = (replace(each, ended=known(each.started, each.ended)) for each in patient.visits if each.started <= last)
    plans = (as_known(each, known(each.started, each.ended)) for each in patient.plans if each.started <= last)
    return replace(
        patient,
        died=died,
        stays=tuple(each for each in stays if (each.ended or each.started) in window),
        visits=tuple(each for each in visits if each.started in window),
        referrals=tuple(each for each in patient.referrals if each.at in window and each.at <= last),
        reports=tuple(each for each in patient.reports if each.taken in window and each.taken <= last),
        plans=tuple(each for each in plans if each.started < window.closes and (each.ended or last) >= window.opens),
    )


def _patient(resources: list[Resource]) -> Patient:
    people = [each for each in resources if each["resourceType"] == "Patient"]
    if len(people) != 1:
        raise _Doubtful(f"it holds {len(people)} Patient resources, not one")
    person = people[0]
    encounters = [
        each for each in resources if each["resourceType"] == "Encounter" and each["status"] not in NEVER_HAPPENED
    ]
    procedures = [each for each in resources if each["resourceType"] == "Procedure"]
    referrals = [_referral(each, person["id"]) for each in procedures if _refers(each)]
    stays = [_stay(each, person["id"]) for each in encounters if each["class"]["code"] in STAYS]
    visits = [_visit(each, person["id"]) for each in encounters if each["class"]["code"] in VISITS]
    return Patient(
        person["id"],
        _born(person),
        _moment(person, "deceasedDateTime", person["deceasedDateTime"]) if "deceasedDateTime" in person else None,
        tuple(sorted(stays, key=lambda each: (each.started, each.ended or NOT_YET, each.id))),
        tuple(sorted(visits, key=lambda each: (each.started, each.ended or NOT_YET, each.id))),
        tuple(sorted(referrals, key=lambda each: (each.at, each.id))),
        reports_of(resources, person["id"], _moment),
        plans_of(resources, person["id"], _moment),
    )


def _stay(encounter: Resource, patient: str) -> Stay:
    provider = encounter.get("serviceProvider", {}).get("reference")
    left = encounter.get("hospitalization", {}).get("dischargeDisposition", {}).get("coding", [{}])
    return Stay(
        encounter["id"],
        patient,
        encounter["class"]["code"],
        *_period(encounter),
        facility=provider and provider.removeprefix("urn:uuid:").removeprefix("Organization/"),
        disposition=left[0].get("code"),
    )


def _visit(encounter: Resource, patient: str) -> Visit:
    reason = encounter.get("reasonCode", [{}])[0].get("text", "")
    return Visit(encounter["id"], patient, encounter["class"]["code"], *_period(encounter), reason=reason)


def _refers(procedure: Resource) -> bool:
    names = (coding.get("display", "") for coding in procedure["code"]["coding"])
    return procedure["status"] == "completed" and any(REFERS in name.lower() for name in names)


def _referral(procedure: Resource, patient: str) -> Referral:
    coding = procedure["code"]["coding"][0]
    at = procedure.get("performedDateTime") or procedure["performedPeriod"]["start"]
    return Referral(
        procedure["id"], patient, _moment(procedure, "performed", at), coding["code"], coding.get("display", "")
    )


def _period(encounter: Resource) -> tuple[datetime, datetime | None]:
    period = encounter["period"]
    started = _moment(encounter, "period.start", period["start"])
    ended = _moment(encounter, "period.end", period["end"]) if "end" in period else None
    return started, ended


def _moment(resource: Mapping[str, Any], field: str, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.utcoffset() is None:
            # A day alone, or a clock without an offset, cannot be put in order with the other moments.
            raise ValueError
    except ValueError:
        where = f"{field} of {resource['resourceType']} {resource['id']}"
        raise _Doubtful(f"{where} is no moment with an offset") from None
    return at.astimezone(UTC)


def _born(person: Resource) -> date:
    try:
        return date.fromisoformat(person["birthDate"])
    except ValueError:
        raise _Doubtful(f"birthDate of Patient {person['id']} is no full date") from None


class _Doubtful(ValueError):
    """What is wrong in one resource; the caller knows in which file."""

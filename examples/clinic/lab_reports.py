"""
What a bundle holds of laboratory reports: when each was taken, and its values with the flags that they have.

A value counts as the laboratory's by its own category. The generator files what nurses measure
under laboratory reports too, as its own categories say; that is not for this demo to put right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LABORATORY = "laboratory"

Moment = Callable[[Mapping[str, Any], str, str], datetime]
"""Reads a moment: of a resource, the field's name, and its text."""


@dataclass(frozen=True, slots=True)
class Value:
    """One observation of a report."""

    id: str
    name: str  # its code, and a number where the report has it twice
    flags: tuple[str, ...]  # interpretation codes; most have none


@dataclass(frozen=True, slots=True)
class Report:
    """One report of a laboratory, which is one order; *taken* is all that the bundle says of its time."""

    id: str
    patient: str
    taken: datetime
    values: tuple[Value, ...]


def reports_of(resources: Iterable[Mapping[str, Any]], patient: str, moment: Moment) -> tuple[Report, ...]:
    """Return the reports that hold at least one laboratory value, in the order in which they were taken."""
    kept = list(resources)
    measured = {each["id"]: each for each in kept if each["resourceType"] == "Observation" and _of_a_laboratory(each)}
    found = [_report(each, patient, measured, moment) for each in kept if each["resourceType"] == "DiagnosticReport"]
    return tuple(sorted((each for each in found if each.values), key=lambda each: (each.taken, each.id)))


def _of_a_laboratory(observation: Mapping[str, Any]) -> bool:
    categories = (coding for each in observation.get("category", []) for coding in each["coding"])
    return any(coding.get("code") == LABORATORY for coding in categories)


def _report(
    report: Mapping[str, Any], patient: str, measured: Mapping[str, Mapping[str, Any]], moment: Moment
) -> Report:
    named = (each["reference"].removeprefix("urn:uuid:").removeprefix("Observation/") for each in report["result"])
    values: list[Value] = []
    for observation in (measured[id] for id in named if id in measured):
        code = observation["code"]["coding"][0]["code"]
        again = sum(value.name.partition(" ")[0] == code for value in values)
        flags = tuple(coding["code"] for each in observation.get("interpretation", []) for coding in each["coding"])
        values.append(Value(observation["id"], f"{code} {again + 1}" if again else code, flags))
    taken = moment(report, "effectiveDateTime", report["effectiveDateTime"])
    return Report(report["id"], patient, taken, tuple(values))

"""
Counts the figures of the made-up practice a second time, straight from its file, by another way.

Nothing here comes from the library or from the demo. The demo asks the cases how they stand;
this reads what was handed in and what was said to it, and works out the rest:

Opened       a case that has an entry, which says of which kind. Where it stands is the `to` of its last Moved.
Owed         a duty of which the last thing said is DeadlineSet; overdue, if its due moment has come.
Told         an Escalated; the duty is its case, clock, item and round.

And it takes every event whose key says `bundle:` back to the bundles: the encounter, the
procedure, the report, the plan or the patient that the key names must be there, with that very
moment as its start, end or death.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

ENDS = {
    "care-transition": ("CLOSED", "READMITTED", "DIED"),
    "referral": ("CLOSED", "CANCELLED", "WITHDRAWN"),
    "test-result": ("CLOSED", "CANCELLED"),
    "care-plan-review": ("COMPLETED", "REVOKED", "DECLINED"),
}
LOOKED_AT_AGAIN = "look_again"  # is no duty towards the patient, and nothing is said of it but alarms
WHERE_THE_MOMENT_STANDS = {
    "arrival": 0,
    "admission": 0,
    "visit": 0,
    "referral": 0,
    "taken": 0,
    "plan": 0,
    "discharge": 1,
    "plan ended": 1,
    "death": 2,
}

Said = tuple[str, dict[str, Any]]
Facts = dict[
    str, tuple[str | None, ...]
]  # start, end and death, by the id of encounter, procedure, report, plan or patient


@dataclass(frozen=True, slots=True)
class Audit:
    """The figures by name, and what is wrong with the keys of events, if anything is."""

    figures: dict[str, int]
    unfounded: tuple[str, ...]  # keys that name no fact of a bundle, or another moment, or say nothing of their origin


def audit(store: Path, facts: Facts, closes: datetime) -> Audit:
    """Return what the file says; *facts* are those of the bundles, *closes* is when somebody looked last."""
    base = sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)
    try:
        effects = [_tagged(body, "case_id") for (body,) in base.execute("SELECT body FROM outbox ORDER BY rowid")]
        figures = _loops(base, [said for each in effects for said in each], closes)
        bodies = base.execute("SELECT body FROM entries ORDER BY rowid")
        events = [event for (body,) in bodies for _, event in _tagged(body, "key", "by")]
        ((turned_away,),) = base.execute("SELECT COUNT(*) FROM turned_away")
    finally:
        base.close()
    keys = [event["key"] for event in events]
    figures["events found in bundles"] = sum(key.startswith("bundle:") for key in keys)
    figures["events made up"] = sum(key.startswith("sim:") for key in keys)
    figures["turned away"] = turned_away
    return Audit(figures, tuple(event["key"] for event in events if not _founded(event, facts)))


def _loops(base: sqlite3.Connection, effects: Sequence[Said], closes: datetime) -> dict[str, int]:
    openings = base.execute("SELECT case_id, body FROM entries WHERE number = 1").fetchall()
    kinds = {case: json.loads(body)["workflow"] for case, body in openings}
    stands = {said["case_id"]: said["to"] for kind, said in effects if kind == "Moved"}
    last: dict[tuple[str, ...], Said] = {}
    for kind, said in effects:
        if kind in ("DeadlineSet", "DeadlineSettled", "StoodDown"):
            last[_duty(said)] = kind, said
    missed = {
        duty[0]
        for duty, (kind, said) in last.items()
        if kind == "DeadlineSet" and datetime.fromisoformat(said["due_at"]) <= closes
    }
    figures: dict[str, int] = {}
    for workflow, ends in ENDS.items():
        cases = {case for case, kind in kinds.items() if kind == workflow}
        going_on = {case for case in cases if stands.get(case) not in ends}
        figures |= {f"{workflow}: {end}": sum(stands.get(case) == end for case in cases) for end in ends}
        figures |= {f"{workflow}: opened": len(cases), f"{workflow}: open": len(going_on)}
        figures[f"{workflow}: overdue"] = len(going_on & missed)
    told = [said for kind, said in effects if kind == "Escalated"]
    for role in sorted({said["notify"] for said in told}):
        figures[f"alarms to {role}"] = sum(said["notify"] == role for said in told)
        figures[f"duties of which {role} was told"] = len({_duty(said) for said in told if said["notify"] == role})
    return figures


def _duty(said: dict[str, Any]) -> tuple[str, ...]:
    return (said["case_id"], said["clock"], said["item"], str(said["round"]))


def _tagged(body: str, *fields: str) -> list[Said]:
    """Return the objects that have these members, each with the name under which it stands."""

    def walk(name: str, value: Any) -> Iterator[Said]:
        if isinstance(value, dict):
            if all(field in value for field in fields):
                yield name, value
            else:
                for inner, each in value.items():
                    yield from walk(inner, each)
        elif isinstance(value, list):
            for each in value:
                yield from walk(name, each)

    return list(walk("", json.loads(body)))


def facts_in(folder: Path) -> Facts:
    """Return what the bundles of a folder say."""
    facts: Facts = {}
    for file in folder.glob("*.json"):
        for resource in (entry["resource"] for entry in json.loads(file.read_text("utf-8"))["entry"]):
            if resource["resourceType"] in ("Encounter", "CarePlan"):
                facts[resource["id"]] = (resource["period"]["start"], resource["period"].get("end"), None)
            elif resource["resourceType"] == "Patient":
                facts[resource["id"]] = (None, None, resource.get("deceasedDateTime"))
            elif resource["resourceType"] == "Procedure":
                facts[resource["id"]] = (resource.get("performedDateTime"), None, None)
            elif resource["resourceType"] == "DiagnosticReport":
                facts[resource["id"]] = (resource.get("effectiveDateTime"), None, None)
    return facts


def _founded(event: dict[str, Any], facts: Facts) -> bool:
    origin, _, of = event["key"].partition(":")
    if origin != "bundle":
        return bool(origin == "sim")
    name, what, *_ = of.split(":")
    there = facts.get(name, (None, None, None))[WHERE_THE_MOMENT_STANDS[what]]
    return there is not None and datetime.fromisoformat(there) == datetime.fromisoformat(event["at"])

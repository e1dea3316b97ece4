"""
Counts the figures of the demo a second time, by another way, so that the two can be compared.

Nothing here comes from the library or from the demo's reader: the files are poured into an
SQL database in memory, moments as whole microseconds, and each figure is one query.

The window    the three years up to the midnight (UTC) that begins the reference date; its first
              moment belongs to it, its last does not.
Stay          an encounter of class EMER or IMP that was not cancelled or planned, and did not
              start after the patient's death.
End           counts if it came before the window closed, before the patient's death, and not before
              the start; the generator closes what is open when it stops writing, and that is no end.
In the window a stay that ended there, or has no end and started there; a visit that started there.
Discharge     a stay in the window that has an end.
Open          a stay in the window with no end, the patient living when the window closed.
Death in stay a patient who died in the window, with a stay in the window that has no end.
Seen          a discharge that an AMB encounter followed: started later than the discharge, by
              7 (14, 30) times 24 hours at most. Back: the same with another stay, 30 days.
Overlapping   a stay in the window that shares time with another of the same patient there; one
              that starts at the moment the other ends does not.
Referral      a completed procedure with "referral" in its name, performed in the window and not
              after the patient's death. Dental: its first code is 103697008. Dental visit: it has one
              whose reason is "dental_referral", started later, by 30 times 24 hours at most.
Report        a DiagnosticReport with at least one laboratory value, effective in the window and not
              after the patient's death. Laboratory value: an Observation that it names, whose own
              category is "laboratory". Flagged: it has an interpretation; normal, if that is N alone,
              abnormal, if H or L is among them.
Care plan     a CarePlan that is no draft and no error, begun before the window closed and not after the
              patient's death; one whose end (as above) came before the window opened is left out, and so
              is one without an end whose patient died before that. Goal: a Goal that it names; completed, if
              its lifecycle says so and the plan has an end.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

NO_ENCOUNTER = ("planned", "cancelled", "entered-in-error")

TABLES = """
CREATE TABLE followed (opens INTEGER, closes INTEGER);
CREATE TABLE person (id TEXT PRIMARY KEY, died INTEGER);
CREATE TABLE encounter (person TEXT, class TEXT, start INTEGER, stop INTEGER, reason TEXT);
CREATE TABLE procedure (person TEXT, code TEXT, name TEXT, at INTEGER);
CREATE TABLE measured (id TEXT PRIMARY KEY, flags TEXT);
CREATE TABLE reported (report TEXT, person TEXT, at INTEGER, observation TEXT);
CREATE TABLE care (person TEXT, plan TEXT, start INTEGER, stop INTEGER);
CREATE TABLE aim (plan TEXT, person TEXT, goal TEXT);
CREATE TABLE goal (person TEXT, id TEXT, lifecycle TEXT, PRIMARY KEY (person, id));
"""

VIEWS = """
CREATE VIEW life AS
  SELECT id, CASE WHEN died < closes THEN died END AS died FROM person, followed;

CREATE VIEW lived AS
  SELECT encounter.rowid AS id, person, class, start, died, reason,
         CASE WHEN stop >= start AND stop < closes AND (died IS NULL OR stop < died) THEN stop END AS stop
  FROM encounter JOIN life ON life.id = person, followed
  WHERE died IS NULL OR start <= died;

CREATE TABLE stay AS
  SELECT lived.*, COALESCE(stop, died, 9e18) AS shut FROM lived, followed
  WHERE class IN ('EMER', 'IMP') AND COALESCE(stop, start) >= opens AND COALESCE(stop, start) < closes;

CREATE TABLE visit AS
  SELECT lived.* FROM lived, followed WHERE class = 'AMB' AND start >= opens AND start < closes;

CREATE TABLE referral AS
  SELECT person, code, at FROM procedure JOIN life ON life.id = person, followed
  WHERE LOWER(name) LIKE '%referral%' AND at >= opens AND at < closes AND (died IS NULL OR at <= died);

CREATE TABLE value AS
  SELECT report, flags FROM reported JOIN measured ON measured.id = observation JOIN life ON life.id = person, followed
  WHERE at >= opens AND at < closes AND (died IS NULL OR at <= died);

CREATE TABLE ended AS
  SELECT plan, stop FROM care JOIN life ON life.id = person, followed
  WHERE stop >= start AND stop < closes AND (died IS NULL OR stop < died);

CREATE TABLE planned AS
  SELECT person, care.plan, start, ended.stop, died FROM care JOIN life ON life.id = person, followed
  LEFT JOIN ended ON ended.plan = care.plan
  WHERE start < closes AND (died IS NULL OR start <= died)
    AND NOT COALESCE(ended.stop < opens, died < opens, FALSE);

CREATE TABLE aimed AS
  SELECT planned.*, lifecycle FROM planned JOIN aim ON aim.plan = planned.plan
  JOIN goal ON goal.person = aim.person AND goal.id = aim.goal;
"""

ANOTHER = "SELECT COUNT(*) FROM stay AS s WHERE EXISTS (SELECT * FROM {} AS n WHERE n.person = s.person AND {})"
DENTAL = "SELECT COUNT(*) FROM referral AS r WHERE code = '103697008'"
CAME = """ AND EXISTS (SELECT * FROM lived AS v, followed WHERE v.person = r.person AND class IN ('AMB', 'HH', 'VR')
  AND reason = 'dental_referral' AND start > at AND start <= at + 30 * 86400000000 AND start < closes)"""
WITHIN = "n.start > s.stop AND n.start <= s.stop + {} * 86400000000"

QUERIES = {
    "patients": "SELECT COUNT(*) FROM person",
    "stays": "SELECT COUNT(*) FROM stay",
    "open": "SELECT COUNT(*) FROM stay WHERE stop IS NULL AND died IS NULL",
    "discharges": "SELECT COUNT(stop) FROM stay",
    "deaths_in_stay": "SELECT COUNT(DISTINCT person) FROM stay WHERE stop IS NULL AND died IS NOT NULL",
    "seen_within_7": ANOTHER.format("visit", WITHIN.format(7)),
    "seen_within_14": ANOTHER.format("visit", WITHIN.format(14)),
    "seen_within_30": ANOTHER.format("visit", WITHIN.format(30)),
    "back_within_30": ANOTHER.format("stay", WITHIN.format(30)),
    "overlapping": ANOTHER.format("stay", "n.id <> s.id AND s.start < n.shut AND n.start < s.shut"),
    "referrals": "SELECT COUNT(*) FROM referral",
    "dental": DENTAL,
    "dental_visits": DENTAL + CAME,
    "reports": "SELECT COUNT(DISTINCT report) FROM value",
    "values": "SELECT COUNT(*) FROM value",
    "flagged_normal": "SELECT COUNT(*) FROM value WHERE flags = 'N'",
    "flagged_abnormal": "SELECT COUNT(*) FROM value WHERE flags GLOB '*[HL]*'",
    "unflagged": "SELECT COUNT(*) FROM value WHERE flags = ''",
    "planned": "SELECT COUNT(DISTINCT person) FROM planned",
    "plans": "SELECT COUNT(*) FROM planned",
    "plans_begun": "SELECT COUNT(*) FROM planned, followed WHERE start >= opens",
    "plans_ended": "SELECT COUNT(stop) FROM planned",
    "plans_cut_short": "SELECT COUNT(died) FROM planned WHERE stop IS NULL",
    "plans_running": "SELECT COUNT(*) FROM planned WHERE stop IS NULL AND died IS NULL",
    "goals": "SELECT COUNT(*) FROM aimed",
    "goals_completed": "SELECT COUNT(*) FROM aimed WHERE stop IS NOT NULL AND lifecycle = 'completed'",
    "goals_running": "SELECT COUNT(*) FROM aimed WHERE stop IS NULL AND died IS NULL",
}


def recount(folder: Path, reference: date) -> dict[str, int]:
    """Return the figures of the bundles in *folder*, by name."""
    base = sqlite3.connect(":memory:")
    try:
        base.executescript(TABLES)
        opens = reference - timedelta(days=1) if (reference.month, reference.day) == (2, 29) else reference
        base.execute(
            "INSERT INTO followed VALUES (?, ?)",
            (_micros(f"{opens.replace(year=opens.year - 3)}T00Z"), _micros(f"{reference}T00Z")),
        )
        for file in folder.glob("*.json"):
            _pour(json.loads(file.read_text("utf-8")), base)
        base.executescript(VIEWS)
        return {name: int(base.execute(query).fetchone()[0]) for name, query in QUERIES.items()}
    finally:
        base.close()


def _pour(bundle: dict[str, Any], base: sqlite3.Connection) -> None:
    (person,) = [item["resource"] for item in bundle["entry"] if item["resource"]["resourceType"] == "Patient"]
    base.execute("INSERT INTO person VALUES (?, ?)", (person["id"], _micros(person.get("deceasedDateTime"))))
    for resource in (item["resource"] for item in bundle["entry"]):
        if resource["resourceType"] == "Encounter" and resource["status"] not in NO_ENCOUNTER:
            times, reason = resource["period"], resource.get("reasonCode", [{}])[0].get("text")
            row = (person["id"], resource["class"]["code"], _micros(times["start"]), _micros(times.get("end")), reason)
            base.execute("INSERT INTO encounter VALUES (?, ?, ?, ?, ?)", row)
        elif resource["resourceType"] == "Procedure" and resource["status"] == "completed":
            codings = resource["code"]["coding"]
            at = resource.get("performedDateTime") or resource["performedPeriod"]["start"]
            names = " / ".join(coding.get("display", "") for coding in codings)
            base.execute(
                "INSERT INTO procedure VALUES (?, ?, ?, ?)", (person["id"], codings[0]["code"], names, _micros(at))
            )
        elif resource["resourceType"] == "Observation":
            own = [coding.get("code") for each in resource.get("category", []) for coding in each["coding"]]
            if "laboratory" in own:
                flags = " ".join(c["code"] for each in resource.get("interpretation", []) for c in each["coding"])
                base.execute("INSERT INTO measured VALUES (?, ?)", (resource["id"], flags))
        elif resource["resourceType"] == "DiagnosticReport":
            at = _micros(resource["effectiveDateTime"])
            for each in resource["result"]:
                named = each["reference"].rpartition(":")[2].rpartition("/")[2]
                base.execute("INSERT INTO reported VALUES (?, ?, ?, ?)", (resource["id"], person["id"], at, named))
        elif resource["resourceType"] == "CarePlan" and resource["status"] not in ("draft", "entered-in-error"):
            times = resource["period"]
            ran = (_micros(times["start"]), _micros(times.get("end")))
            base.execute("INSERT INTO care VALUES (?, ?, ?, ?)", (person["id"], resource["id"], *ran))
            for each in resource.get("goal", []):
                named = each["reference"].rpartition(":")[2].rpartition("/")[2]
                base.execute("INSERT INTO aim VALUES (?, ?, ?)", (resource["id"], person["id"], named))
        elif resource["resourceType"] == "Goal":
            aim = (person["id"], resource["id"], resource["lifecycleStatus"])
            base.execute("INSERT INTO goal VALUES (?, ?, ?)", aim)


def _micros(moment: str | None) -> int | None:
    if moment is None:
        return None
    return (datetime.fromisoformat(moment) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _reference(folder: Path) -> date:
    return date.fromisoformat(json.loads((folder / "stamp.json").read_text("utf-8"))["reference"])


def main() -> None:
    """Print the figures of each folder that `generate.py` made, one column per folder."""
    words = argparse.ArgumentParser(description="Count the figures of generated bundles straight from the files.")
    words.add_argument("folder", nargs="+", type=Path, help="one seed's folder, such as build/demo/bundles/2")
    folders: list[Path] = words.parse_args().folder
    counts = [recount(each / "fhir", _reference(each)) for each in folders]
    print(f"{'':16}" + "".join(f"{folder.name:>10}" for folder in folders))
    for name in QUERIES:
        print(f"{name:16}" + "".join(f"{count[name]:>10}" for count in counts))


if __name__ == "__main__":
    main()

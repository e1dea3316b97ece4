"""A population for the demo's tests, from a seed: patients, their bundles, and a practice that follows them."""

import json
import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from examples.clinic.bundles import Patient, Referral, Stay, Visit, Window
from examples.clinic.care_plans import Goal, Plan
from examples.clinic.hearing import CLINIC, MadeUpPractice
from examples.clinic.lab_reports import Report, Value
from examples.clinic.loops import DENTAL_CARE
from examples.clinic.replay import Replay, Seen
from examples.clinic.store import Store

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONE_YEAR = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


def stay(id: str, kind: str, started: datetime, ended: datetime | None, patient: str = "p") -> Stay:
    return Stay(id, patient, kind, started, ended, "st-luke", None)


def patient(
    id: str,
    *stays: Stay,
    died: datetime | None = None,
    visits: tuple[Visit, ...] = (),
    referrals: tuple[Referral, ...] = (),
    reports: tuple[Report, ...] = (),
    plans: tuple[Plan, ...] = (),
    born: int = 1960,
) -> Patient:
    return Patient(id, date(born, 5, 17), died, stays, visits, referrals, reports, plans)


def referral(id: str, at: datetime, code: str = DENTAL_CARE, patient: str = "p") -> Referral:
    return Referral(id, patient, at, code, "Patient referral (procedure)")


def report(id: str, taken: datetime, *flags: str, patient: str = "p") -> Report:
    """Return a report with a value for each flag; "" is none."""
    values = (Value(f"{id}v{n}", f"code-{n}", (flag,) if flag else ()) for n, flag in enumerate(flags))
    return Report(id, patient, taken, tuple(values))


def plan(
    id: str,
    started: datetime,
    ended: datetime | None = None,
    *,
    code: str = "sugar",
    goals: int = 0,
    patient: str = "p",
) -> Plan:
    """Return a plan; its goals are completed where it has ended."""
    aims = (Goal(f"{id}g{number}", ended is not None) for number in range(goals))
    return Plan(id, patient, code, started, ended, tuple(aims))


def population(patients: int, seed: int = 11, window: Window = ONE_YEAR) -> list[Patient]:
    """
    Return patients with about three stays, two referrals, two reports and two plans each.

    Some die, some are in at the end.
    """
    return [_patient(f"p{number}", random.Random(f"{seed}|{number}"), window) for number in range(patients)]


def _patient(id: str, dice: random.Random, window: Window) -> Patient:
    stays: list[Stay] = []
    visits: list[Visit] = []
    at = window.opens + dice.uniform(0, 120) * DAY
    while at < window.closes and len(stays) < 5:
        kind = dice.choice(("EMER", "IMP"))
        ended = at + (dice.uniform(1, 9) * DAY if kind == "IMP" else dice.choice((0, 6)) * HOUR)
        stays.append(stay(f"{id}s{len(stays)}", kind, at, ended if ended < window.closes else None, id))
        if dice.random() < 0.4:
            start = ended + dice.uniform(2, 20) * DAY
            visits.append(Visit(f"{id}v{len(visits)}", id, "AMB", start, start + HOUR))
        # Some go from the emergency department to a bed, some are back in a week, most come again in months.
        at = ended + dice.choice((0, 6, 60, 90, 120)) * DAY
    died = None
    if dice.random() < 0.1 and stays[-1].ended is not None:
        died = stays[-1].ended + dice.uniform(1, 40) * DAY
    born = dice.randint(1936, 1970)
    referrals = []
    for number, months in enumerate((0, 5)):
        made = window.opens + dice.uniform(30 * months, 30 * months + 120) * DAY
        code = dice.choice((DENTAL_CARE, DENTAL_CARE, "306181000000106"))
        referrals.append(referral(f"{id}r{number}", made, code, id))
        if code == DENTAL_CARE and dice.random() < 0.4:
            seen = made + 7 * DAY
            visits.append(Visit(f"{id}d{number}", id, "AMB", seen, seen + HOUR, reason="dental_referral"))
    end = died or window.closes
    known = tuple(sorted((each for each in visits if each.started < end), key=lambda each: each.started))
    lived = tuple(each for each in referrals if each.at < end)
    gone = died if died and died < window.closes else None
    # Dice of their own, so that what comes before is what it was without them.
    taken = _reports(id, random.Random(f"{id}|reports"), window, end)
    plans = _plans(id, random.Random(f"{id}|plans"), window, end)
    return patient(id, *stays, died=gone, visits=known, referrals=lived, reports=taken, plans=plans, born=born)


def _reports(id: str, dice: random.Random, window: Window, end: datetime) -> tuple[Report, ...]:
    found = []
    for number, months in enumerate((0, 6)):
        at = window.opens + dice.uniform(30 * months, 30 * months + 150) * DAY
        flags = [dice.choice(("", "", "", "N", "N", "H", "L")) for _ in range(dice.randint(1, 4))]
        found.append(report(f"{id}l{number}", at, *flags, patient=id))
    return tuple(each for each in found if each.taken < end)


def _plans(id: str, dice: random.Random, window: Window, end: datetime) -> tuple[Plan, ...]:
    """Return a plan from before the window for most, one that begins in it, and for some one that ends in it."""
    long_ago, begun = (window.opens + dice.uniform(*days) * DAY for days in ((-4000, -1100), (20, 330)))
    ended = window.opens + dice.uniform(70, 360) * DAY
    found = [
        *([plan(f"{id}c0", long_ago, goals=dice.randint(0, 3), patient=id)] if dice.random() < 0.8 else []),
        *([plan(f"{id}c1", begun, code="joints", goals=1, patient=id)] if dice.random() < 0.7 else []),
        *([plan(f"{id}c2", long_ago, ended, code="wound", goals=1, patient=id)] if dice.random() < 0.4 else []),
    ]
    lived = (each for each in found if each.started < end and (each.ended is None or each.ended < end))
    return tuple(sorted(lived, key=lambda each: (each.started, each.id)))


def write_bundles(folder: Path, patients: list[Patient]) -> Path:
    """Write each patient as an R4 bundle, and return the folder."""
    folder.mkdir(parents=True)
    for each in patients:
        (folder / f"{each.id}.json").write_text(json.dumps(_bundle(each)), "utf-8")
    return folder


def _bundle(patient: Patient) -> dict[str, Any]:
    person: dict[str, Any] = {"resourceType": "Patient", "id": patient.id, "birthDate": f"{patient.born}"}
    person["name"] = [{"family": "Hale", "given": ["Ruth"]}]
    if patient.died:
        person["deceasedDateTime"] = patient.died.isoformat()
    encounters = [_encounter(each) for each in (*patient.stays, *patient.visits)]
    procedures = [_procedure(each) for each in patient.referrals]
    measured = [each for one in patient.reports for each in _report(one)]
    planned = [each for one in patient.plans for each in _plan(one)]
    every = (person, *encounters, *procedures, *measured, *planned)
    return {"resourceType": "Bundle", "entry": [{"resource": each} for each in every]}


def _report(of: Report) -> list[dict[str, Any]]:
    """Return a report and its values, each as the generator writes it."""
    category = [{"coding": [{"code": "laboratory"}]}]
    values = [
        {
            "resourceType": "Observation",
            "id": each.id,
            "status": "final",
            "category": category,
            "code": {"coding": [{"code": each.name}]},
            "effectiveDateTime": of.taken.isoformat(),
        }
        | ({"interpretation": [{"coding": [{"code": flag}]} for flag in each.flags]} if each.flags else {})
        for each in of.values
    ]
    result = [{"reference": f"urn:uuid:{each.id}"} for each in of.values]
    said = {"resourceType": "DiagnosticReport", "id": of.id, "status": "final", "result": result}
    return [said | {"effectiveDateTime": of.taken.isoformat()}, *values]


def _plan(of: Plan) -> list[dict[str, Any]]:
    """Return a plan and its goals, each as the generator writes it."""
    goals = [
        {"resourceType": "Goal", "id": each.id, "lifecycleStatus": "completed" if each.completed else "active"}
        for each in of.goals
    ]
    period = {"start": of.started.isoformat()} | ({"end": of.ended.isoformat()} if of.ended else {})
    said = {
        "resourceType": "CarePlan",
        "id": of.id,
        "status": "completed" if of.ended else "active",
        "intent": "plan",
        "category": [{"coding": [{"code": code}]} for code in ("assess-plan", of.code)],
        "period": period,
    }
    return [said | {"goal": [{"reference": f"urn:uuid:{each.id}"} for each in of.goals]}, *goals]


def _procedure(of: Referral) -> dict[str, Any]:
    code = {"coding": [{"code": of.code, "display": of.name}]}
    said = {"resourceType": "Procedure", "id": of.id, "status": "completed", "code": code}
    return said | {"performedDateTime": of.at.isoformat()}


def _encounter(of: Stay | Visit) -> dict[str, Any]:
    period = {"start": of.started.isoformat()} | ({"end": of.ended.isoformat()} if of.ended else {})
    if isinstance(of, Stay):
        more: dict[str, Any] = {"serviceProvider": {"reference": f"Organization/{of.facility}"}}
    else:
        more = {"reasonCode": [{"text": of.reason}]} if of.reason else {}
    start = {"resourceType": "Encounter", "id": of.id, "status": "finished", "class": {"code": of.kind}}
    return start | {"period": period} | more


def follow(store: Store, practice: MadeUpPractice) -> Seen:
    """Let a practice go through all that it hears, and say nothing meanwhile."""
    return Replay(store, practice, lambda _: None).run()


@contextmanager
def followed(
    patients: list[Patient], path: Path | str = ":memory:", **seed: int
) -> Iterator[tuple[Store, MadeUpPractice]]:
    """Lend the store of a practice that has followed these patients to the end."""
    practice = MadeUpPractice(patients, ONE_YEAR, **seed)
    with closing(Store(path, CLINIC)) as store:
        follow(store, practice)
        yield store, practice


FEW = population(6)

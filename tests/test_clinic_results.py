"""
What the demo promises about laboratory results: what a bundle holds of them is found, and all else is made up.

The patients here are made up in the test; the generator is never run.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from examples.clinic import recount
from examples.clinic.audit import facts_in
from examples.clinic.bundles import follow, read_folder
from examples.clinic.figures import figures
from examples.clinic.hearing import MadeUpPractice
from examples.clinic.lab_results import FOLLOWED, Results
from examples.clinic.lab_unknown import unflagged
from examples.clinic.store import Store
from tests.made_up_population import DAY, FEW, ONE_YEAR, followed, patient, population, report, write_bundles

from carecoord.workflows.diagnostic_result import TEST_RESULT, Severity

MAY = datetime(2025, 5, 16, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def many() -> Iterator[tuple[Store, MadeUpPractice]]:
    with followed(population(20)) as both:
        yield both


def read_back(tmp_path: Path, *more: dict[str, Any], **said: Any) -> Any:
    """Return a patient who was written as a bundle, with more resources in it, and read again."""
    folder = write_bundles(tmp_path / "bundles", [patient("p", **said)])
    file = folder / "p.json"
    bundle = json.loads(file.read_text("utf-8"))
    bundle["entry"] += [{"resource": each} for each in more]
    file.write_text(json.dumps(bundle), "utf-8")
    return read_folder(folder)[0]


def observation(id: str, category: str, code: str = "c") -> dict[str, Any]:
    said = {"resourceType": "Observation", "id": id, "code": {"coding": [{"code": code}]}}
    return said | {"category": [{"coding": [{"code": category}]}]}


def reporting(id: str, *results: str) -> dict[str, Any]:
    named = [{"reference": f"urn:uuid:{each}"} for each in results]
    return {"resourceType": "DiagnosticReport", "id": id, "effectiveDateTime": MAY.isoformat(), "result": named}


# --- what a bundle holds --------------------------------------------------------------------


def test_a_report_is_read_with_its_values_and_their_flags(tmp_path: Path) -> None:
    reports = (report("r1", MAY, "H", "", "N"), report("r0", MAY - DAY, "L"))
    read = read_back(tmp_path, reports=reports).reports
    assert read == (reports[1], reports[0])
    assert [value.flags for value in read[1].values] == [("H",), (), ("N",)]


def test_a_value_is_the_laboratorys_by_its_own_category_and_not_by_the_reports(tmp_path: Path) -> None:
    pulse, sodium = observation("o1", "vital-signs"), observation("o2", "laboratory", "na")
    read = read_back(tmp_path, pulse, sodium, reporting("r1", "o1", "o2"), reporting("r2", "o1"))
    assert [(each.id, [value.name for value in each.values]) for each in read.reports] == [("r1", ["na"])]


def test_a_code_that_a_report_has_twice_is_two_components(tmp_path: Path) -> None:
    values = (observation(f"o{number}", "laboratory", "k") for number in range(3))
    read = read_back(tmp_path, *values, reporting("r1", "o0", "o1", "o2"))
    assert [value.name for value in read.reports[0].values] == ["k", "k 2", "k 3"]


def test_what_was_taken_after_the_death_or_outside_of_the_window_is_not_followed() -> None:
    reports = tuple(report(f"r{number}", MAY + number * DAY, "N") for number in range(3))
    died = patient("p", died=MAY + DAY, reports=(*reports, report("old", ONE_YEAR.opens - DAY, "N")))
    assert [each.id for each in follow(died, ONE_YEAR).reports] == ["r0", "r1"]


def test_the_figures_are_those_of_the_second_count(tmp_path: Path) -> None:
    patients = population(12)
    folder = write_bundles(tmp_path / "bundles", patients)
    counted, again = figures(patients, ONE_YEAR), recount.recount(folder, date(2026, 1, 1))
    names = ("reports", "values", "flagged_normal", "flagged_abnormal", "unflagged")
    # The second count's window is three years; these patients have reports in the last of them alone.
    assert {name: getattr(counted, name) for name in names} == {name: again[name] for name in names}
    assert counted.values == counted.flagged_normal + counted.flagged_abnormal + counted.unflagged
    assert min(getattr(counted, name) for name in names) > 0


def test_the_second_count_asks_a_values_own_category_too(tmp_path: Path) -> None:
    read_back(tmp_path, observation("o1", "vital-signs"), reporting("r2", "o1"), reports=(report("r1", MAY, ""),))
    again = recount.recount(tmp_path / "bundles", date(2026, 1, 1))
    assert (again["reports"], again["values"], again["unflagged"]) == (1, 1, 1)


def test_a_report_can_be_found_again_with_its_moment(tmp_path: Path) -> None:
    folder = write_bundles(tmp_path / "bundles", [patient("p", reports=(report("r1", MAY, "N"),))])
    assert facts_in(folder)["r1"] == (MAY.isoformat(), None, None)


# --- what is made up ------------------------------------------------------------------------


def of_results(practice: MadeUpPractice) -> Results:
    return next(desk for desk in practice.desks if isinstance(desk, Results))


def test_of_a_result_only_the_taking_and_a_death_are_found_and_all_else_is_made_up() -> None:
    practice = MadeUpPractice(population(20), ONE_YEAR)
    events = [one.event for one in practice.stream if one.loop.id in of_results(practice).loops]
    origins: dict[str, set[str]] = {"bundle": set(), "sim": set()}
    for event in events:
        origins[event.key.partition(":")[0]].add(type(event).__name__)
    assert origins["bundle"] <= {"Collected", "PatientDied"}
    assert origins["sim"] >= {
        "Ordered",
        "ResultReceived",
        "CriticalCalled",
        "Reviewed",
        "PatientNotified",
        "ResultCorrected",
        "SeenByPatient",
    }


def test_one_report_is_one_order_with_a_component_for_each_value(many: tuple[Store, MadeUpPractice]) -> None:
    store, practice = many
    cases = {case.id: case for case in store.cases() if case.workflow == TEST_RESULT.name}
    for id, loop in of_results(practice).loops.items():
        if id in cases:
            assert cases[id].facts.components == tuple(value.name for value in loop.values)


def test_a_flag_is_the_bundles_but_for_what_is_made_critical_or_corrected(many: tuple[Store, MadeUpPractice]) -> None:
    store, practice = many
    loops = of_results(practice).loops
    critical = 0
    for case in (case for case in store.cases() if case.workflow == TEST_RESULT.name):
        flags = {value.name: value.flags for value in loops[case.id].values}
        for version in case.facts.versions:
            if version.corrects:
                continue
            if version.severity is Severity.CRITICAL:
                critical += 1
                assert flags[version.component] in (("H",), ("L",))
            else:
                expected = {(): Severity.UNKNOWN, ("N",): Severity.NORMAL}
                wanted = expected.get(flags[version.component], Severity.ABNORMAL)
                assert version.severity in (wanted, Severity.ABNORMAL)
    assert critical


def test_reports_of_the_last_year_are_followed() -> None:
    long_ago = patient("p", reports=(report("old", ONE_YEAR.closes - FOLLOWED - DAY, "N"), report("new", MAY, "N")))
    practice = MadeUpPractice([long_ago], ONE_YEAR)
    assert list(of_results(practice).loops) == ["new"]


def test_each_value_without_a_flag_is_counted_once_and_worked_off(many: tuple[Store, MadeUpPractice]) -> None:
    store, practice = many
    of, loops = unflagged(store), of_results(practice).loops
    cases = [case for case in store.cases() if case.workflow == TEST_RESULT.name]
    here = {(case.id, one.component): one.corrects for case in cases for one in case.facts.versions}
    bare = {(case.id, value.name) for case in cases for value in loops[case.id].values if not value.flags}
    left = {value for value in bare if value in here and not here[value]}
    assert len(left) <= of.values <= len(bare & here.keys()), "a correction may have brought a flag"
    assert of.values == of.called_normal + of.read + of.unread
    assert of.called_normal > of.read > 0
    assert 0 < of.share_read <= 1


def test_who_is_followed_keeps_what_was_there_before() -> None:
    """The other kinds of loops have dice of their own."""
    without = [patient(each.id, *each.stays, died=each.died, visits=each.visits) for each in FEW]
    here, there = MadeUpPractice(FEW, ONE_YEAR), MadeUpPractice(without, ONE_YEAR)
    stays = {desk.title: set(desk.loops) for desk in here.desks}["Discharges"]
    assert {one.event.key for one in here.stream if one.loop.id in stays} == {
        one.event.key for one in there.stream if one.loop.id in stays
    }

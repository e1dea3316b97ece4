"""
What the demo reads out of its bundles, and that two ways of counting it agree.

The bundles here are small and written by hand or drawn by Hypothesis; the generator itself is
never run, and nothing is downloaded.
"""

import ast
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from examples.clinic import generate as making
from examples.clinic.bundles import UnreadableBundle, Window, follow, last_three_years, read_folder, read_patient
from examples.clinic.figures import Figures, figures
from examples.clinic.recount import main as print_recount
from examples.clinic.recount import recount
from hypothesis import given
from hypothesis import strategies as st

REFERENCE = date(2025, 12, 31)
THREE_YEARS = last_three_years(REFERENCE)
FRI = datetime(2025, 3, 14, 15, tzinfo=UTC)  # a Friday afternoon, well inside the window
HOUR, DAY, TICK = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)

Resource = dict[str, Any]


def encounter(kind: str, start: datetime, end: datetime | None = None, **more: Any) -> Resource:
    period = {"start": start.isoformat()} | ({"end": end.isoformat()} if end else {})
    return {"resourceType": "Encounter", "status": "finished", "class": {"code": kind}, "period": period} | more


def referring(at: datetime, code: str = "103697008", name: str = "Patient Referral for care", **more: Any) -> Resource:
    said = {"resourceType": "Procedure", "status": "completed", "code": {"coding": [{"code": code, "display": name}]}}
    return said | {"performedDateTime": at.isoformat()} | more


def planning(start: datetime, end: datetime | None = None, *goals: str, **more: Any) -> Resource:
    """Return a care plan that names some of the goals that every bundle here has: "g-active" and "g-completed"."""
    period = {"start": start.isoformat()} | ({"end": end.isoformat()} if end else {})
    category = [{"coding": [{"code": "assess-plan"}]}, {"coding": [{"code": "sugar"}]}]
    named = {"goal": [{"reference": f"urn:uuid:{each}"} for each in goals]} if goals else {}
    said = {"resourceType": "CarePlan", "status": "completed" if end else "active", "category": category}
    return said | {"period": period} | named | more


def bundle(*encounters: Resource, died: datetime | None = None, patient: str = "p-9") -> Resource:
    person = {"resourceType": "Patient", "id": patient, "birthDate": "1950-02-01", "name": [{"family": "Hale"}]}
    death = {"deceasedDateTime": died.isoformat()} if died else {}
    numbered = [{"id": f"{patient}-{number}"} | each for number, each in enumerate(encounters)]
    goals = [{"resourceType": "Goal", "id": f"g-{each}", "lifecycleStatus": each} for each in ("active", "completed")]
    resources = [person | death, *numbered, {"resourceType": "Observation", "id": "o-1"}, *goals]
    return {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": each} for each in resources]}


def count(folder: Path, *encounters: Resource, died: datetime | None = None) -> Figures:
    """Return the figures of one patient, which both ways of counting have to give."""
    (folder / "p-9.json").write_text(json.dumps(bundle(*encounters, died=died)))
    read = figures(read_folder(folder), THREE_YEARS)
    assert asdict(read) == recount(folder, REFERENCE)
    return read


# ---- stays


def test_a_stay_of_length_zero_is_a_discharge(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("EMER", FRI, FRI)).discharges == 1


def test_a_stay_without_an_end_is_open_and_no_discharge(tmp_path: Path) -> None:
    counted = count(tmp_path, encounter("IMP", FRI))
    assert (counted.stays, counted.open, counted.discharges) == (1, 1, 0)


def test_an_end_after_the_window_closed_is_not_known_yet(tmp_path: Path) -> None:
    """The generator closes at its last step whatever is still open."""
    counted = count(tmp_path, encounter("IMP", FRI, THREE_YEARS.closes))
    assert (counted.open, counted.discharges) == (1, 0)
    assert count(tmp_path, encounter("IMP", FRI, THREE_YEARS.closes - TICK)).discharges == 1


def test_an_end_before_the_start_is_no_end(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("IMP", FRI, FRI - 5 * DAY)).open == 1


def test_a_stay_belongs_to_the_window_in_which_it_ends(tmp_path: Path) -> None:
    opens = THREE_YEARS.opens
    assert count(tmp_path, encounter("IMP", opens - 90 * DAY, opens)).stays == 1
    assert count(tmp_path, encounter("IMP", opens - 90 * DAY, opens - TICK)).stays == 0


def test_an_open_stay_belongs_to_the_window_in_which_it_started(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("IMP", THREE_YEARS.opens)).stays == 1
    assert count(tmp_path, encounter("IMP", THREE_YEARS.opens - TICK)).stays == 0


def test_only_emergency_and_inpatient_encounters_that_took_place_are_stays(tmp_path: Path) -> None:
    others = [encounter(kind, FRI, FRI + DAY) for kind in ("AMB", "HH", "VR", "OBSENC")]
    cancelled = encounter("IMP", FRI, FRI + DAY, status="cancelled")
    assert count(tmp_path, *others, cancelled).stays == 0


def test_a_patient_may_have_no_encounter(tmp_path: Path) -> None:
    counted = count(tmp_path)
    assert (counted.patients, counted.stays) == (1, 0)


# ---- referrals

TEETH = {"reasonCode": [{"text": "dental_referral"}]}


def referred(counted: Figures) -> tuple[int, int, int]:
    return counted.referrals, counted.dental, counted.dental_visits


def test_a_procedure_whose_name_says_so_is_a_referral(tmp_path: Path) -> None:
    other = referring(FRI, name="Subcutaneous immunotherapy")
    assert referred(count(tmp_path, referring(FRI), referring(FRI, "183545006"), other)) == (2, 1, 0)


def test_a_referral_that_was_not_made_is_none(tmp_path: Path) -> None:
    assert referred(count(tmp_path, referring(FRI, status="not-done"))) == (0, 0, 0)


def test_a_referral_belongs_to_the_window_in_which_it_was_made(tmp_path: Path) -> None:
    opens, closes = THREE_YEARS.opens, THREE_YEARS.closes
    made = [referring(at) for at in (opens - TICK, opens, closes - TICK, closes)]
    assert referred(count(tmp_path, *made)) == (2, 2, 0)


def test_nobody_is_referred_after_their_death(tmp_path: Path) -> None:
    made = [referring(at) for at in (FRI - TICK, FRI, FRI + TICK)]
    assert referred(count(tmp_path, *made, died=FRI)) == (2, 2, 0)


@pytest.mark.parametrize(
    ("later", "counts"), [(timedelta(0), 0), (TICK, 1), (30 * DAY, 1), (30 * DAY + TICK, 0), (-DAY, 0)]
)
def test_a_dental_visit_starts_after_the_referral_and_within_thirty_days(
    tmp_path: Path, later: timedelta, counts: int
) -> None:
    assert referred(count(tmp_path, referring(FRI), encounter("AMB", FRI + later, **TEETH))) == (1, 1, counts)


def test_a_visit_for_another_reason_is_no_dental_visit(tmp_path: Path) -> None:
    glaucoma = {"reasonCode": [{"text": "glaucoma"}]}
    visits = encounter("AMB", FRI + DAY), encounter("AMB", FRI + DAY, **glaucoma), encounter("IMP", FRI + DAY, **TEETH)
    assert referred(count(tmp_path, referring(FRI), *visits)) == (1, 1, 0)


def test_of_other_referrals_the_bundles_hold_no_visit(tmp_path: Path) -> None:
    made = referring(FRI, "183545006")
    assert referred(count(tmp_path, made, encounter("AMB", FRI + DAY, **TEETH))) == (1, 0, 0)


# ---- care plans


def planned(counted: Figures) -> tuple[int, ...]:
    return counted.plans, counted.plans_begun, counted.plans_ended, counted.plans_cut_short, counted.plans_running


def goals(counted: Figures) -> tuple[int, int, int]:
    return counted.goals, counted.goals_completed, counted.goals_running


def test_a_plan_belongs_to_every_window_in_which_it_runs(tmp_path: Path) -> None:
    opens, closes = THREE_YEARS.opens, THREE_YEARS.closes
    assert planned(count(tmp_path, planning(opens - 900 * DAY))) == (1, 0, 0, 0, 1)
    assert planned(count(tmp_path, planning(opens - 900 * DAY, opens))) == (1, 0, 1, 0, 0)
    assert planned(count(tmp_path, planning(opens - 900 * DAY, opens - TICK))) == (0, 0, 0, 0, 0)
    assert planned(count(tmp_path, planning(closes - TICK))) == (1, 1, 0, 0, 1)
    assert planned(count(tmp_path, planning(closes))) == (0, 0, 0, 0, 0)


def test_a_plan_whose_end_was_not_known_runs_and_its_goals_with_it(tmp_path: Path) -> None:
    """The generator ends at its last step what it will no longer write about."""
    counted = count(tmp_path, planning(FRI, THREE_YEARS.closes, "g-completed", "g-active"))
    assert (planned(counted), goals(counted)) == ((1, 1, 0, 0, 1), (2, 0, 2))
    counted = count(tmp_path, planning(FRI, THREE_YEARS.closes - TICK, "g-completed", "g-active"))
    assert (planned(counted), goals(counted)) == ((1, 1, 1, 0, 0), (2, 1, 0))


def test_a_plan_that_runs_when_the_patient_dies_is_cut_short(tmp_path: Path) -> None:
    assert planned(count(tmp_path, planning(FRI, FRI + 9 * DAY), died=FRI + 4 * DAY)) == (1, 1, 0, 1, 0)
    assert planned(count(tmp_path, planning(FRI + TICK), died=FRI)) == (0, 0, 0, 0, 0)
    long_dead = THREE_YEARS.opens - TICK
    assert planned(count(tmp_path, planning(long_dead - DAY), died=long_dead)) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("status", ["draft", "entered-in-error"])
def test_what_is_a_draft_or_an_error_is_no_plan(tmp_path: Path, status: str) -> None:
    counted = count(tmp_path, planning(FRI, None, "g-active", status=status), planning(FRI))
    assert (counted.planned, counted.plans, counted.goals) == (1, 1, 0)


# ---- deaths


def test_an_end_after_the_death_is_a_death_in_stay(tmp_path: Path) -> None:
    """The generator closes the record of the dead at its next weekly step."""
    counted = count(tmp_path, encounter("IMP", FRI, FRI + 9 * DAY), died=FRI + 4 * DAY)
    assert (counted.deaths_in_stay, counted.discharges, counted.open) == (1, 0, 0)


def test_who_dies_at_the_moment_of_leaving_died_in_the_stay(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("IMP", FRI, FRI + DAY), died=FRI + DAY).deaths_in_stay == 1
    assert count(tmp_path, encounter("IMP", FRI, FRI + DAY), died=FRI + DAY + TICK).deaths_in_stay == 0


def test_who_dies_in_two_stays_at_once_dies_once(tmp_path: Path) -> None:
    counted = count(tmp_path, encounter("IMP", FRI), encounter("IMP", FRI + DAY), died=FRI + 4 * DAY)
    assert (counted.deaths_in_stay, counted.overlapping) == (1, 2)


def test_nobody_dies_in_a_stay_that_was_never_closed_decades_ago(tmp_path: Path) -> None:
    counted = count(tmp_path, encounter("IMP", datetime(1998, 1, 5, tzinfo=UTC), FRI + 6 * DAY), died=FRI)
    assert (counted.stays, counted.deaths_in_stay) == (0, 0)


def test_what_starts_after_the_death_is_left_out(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("IMP", FRI + TICK, FRI + DAY), died=FRI).stays == 0
    assert count(tmp_path, encounter("IMP", FRI, FRI + DAY), died=FRI).deaths_in_stay == 1
    visit = encounter("AMB", FRI + 2 * DAY)
    assert count(tmp_path, encounter("EMER", FRI, FRI), visit, died=FRI + DAY).seen_within_7 == 0


def test_a_death_that_had_not_come_yet_ends_no_stay(tmp_path: Path) -> None:
    counted = count(tmp_path, encounter("IMP", FRI), died=THREE_YEARS.closes)
    assert (counted.open, counted.deaths_in_stay) == (1, 0)


# ---- after a discharge


@pytest.mark.parametrize(
    ("later", "seen"),
    [
        (timedelta(0), (0, 0, 0)),  # at the moment of discharge is not after it
        (TICK, (1, 1, 1)),
        (7 * DAY, (1, 1, 1)),
        (7 * DAY + TICK, (0, 1, 1)),
        (14 * DAY + TICK, (0, 0, 1)),
        (30 * DAY, (0, 0, 1)),
        (30 * DAY + TICK, (0, 0, 0)),
    ],
)
def test_within_seven_days_is_seven_times_24_hours(tmp_path: Path, later: timedelta, seen: tuple[int, ...]) -> None:
    counted = count(tmp_path, encounter("EMER", FRI, FRI), encounter("AMB", FRI + later, FRI + later))
    assert (counted.seen_within_7, counted.seen_within_14, counted.seen_within_30) == seen


def test_a_discharge_is_counted_once_however_many_visits_follow(tmp_path: Path) -> None:
    visits = [encounter("AMB", FRI + n * DAY, FRI + n * DAY) for n in (1, 2, 3)]
    assert count(tmp_path, encounter("EMER", FRI, FRI), *visits).seen_within_7 == 1


def test_a_visit_at_home_is_no_ambulatory_visit(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("EMER", FRI, FRI), encounter("HH", FRI + DAY)).seen_within_30 == 0


def test_a_new_stay_starts_after_the_discharge_and_within_thirty_days(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("EMER", FRI, FRI), encounter("IMP", FRI)).back_within_30 == 0
    assert count(tmp_path, encounter("EMER", FRI, FRI), encounter("IMP", FRI + 30 * DAY)).back_within_30 == 1
    assert count(tmp_path, encounter("EMER", FRI, FRI), encounter("IMP", FRI + 30 * DAY + TICK)).back_within_30 == 0


# ---- overlap


def test_stays_that_share_time_overlap(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("EMER", FRI, FRI + DAY), encounter("IMP", FRI + HOUR, FRI + DAY)).overlapping == 2


def test_a_stay_of_length_zero_inside_another_overlaps_it(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("EMER", FRI, FRI), encounter("IMP", FRI - DAY, FRI + DAY)).overlapping == 2


def test_a_transfer_is_no_overlap(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("EMER", FRI, FRI + HOUR), encounter("IMP", FRI + HOUR, FRI + DAY)).overlapping == 0


def test_stays_that_begin_at_the_moment_of_death_share_no_time(tmp_path: Path) -> None:
    assert count(tmp_path, encounter("EMER", FRI), encounter("IMP", FRI), died=FRI).overlapping == 0


def test_a_stay_that_was_never_closed_overlaps_nothing_decades_later(tmp_path: Path) -> None:
    forgotten = encounter("IMP", datetime(1979, 3, 11, tzinfo=UTC))
    assert count(tmp_path, forgotten, encounter("EMER", FRI, FRI + DAY)).overlapping == 0


# ---- reading


def test_moments_are_utc_whatever_offset_the_file_has(tmp_path: Path) -> None:
    stay = encounter("IMP", FRI) | {"period": {"start": "2025-03-14T09:00:00-06:00", "end": "2025-03-15T15:00:00Z"}}
    (tmp_path / "a.json").write_text(json.dumps(bundle(stay)))
    read = read_patient(tmp_path / "a.json").stays[0]
    assert (read.started, read.ended) == (FRI, FRI + DAY)
    assert read.started.tzinfo is UTC


def test_facility_and_disposition_are_read_where_they_are_given(tmp_path: Path) -> None:
    told = encounter(
        "IMP",
        FRI,
        serviceProvider={"reference": "urn:uuid:org-1"},
        hospitalization={"dischargeDisposition": {"coding": [{"code": "home"}]}},
    )
    (tmp_path / "a.json").write_text(json.dumps(bundle(told, encounter("IMP", FRI + DAY))))
    read = read_patient(tmp_path / "a.json").stays
    assert [(each.facility, each.disposition) for each in read] == [("org-1", "home"), (None, None)]


UNREADABLE = {
    "not JSON": b'{"entry": [{"resource": {"family": "Hale"',
    "not UTF-8": b'{"entry": "\xff Hale"}',
    "not a bundle": b'["Hale"]',
    "an entry without a resource": b'{"entry": [{"family": "Hale"}]}',
    "no patient": b'{"entry": []}',
    "no offset": json.dumps(bundle(encounter("IMP", FRI.replace(tzinfo=None)))).encode(),
    "no time of day": json.dumps(bundle(encounter("IMP", FRI) | {"period": {"start": "2025-03-14"}})).encode(),
    "words for a moment": json.dumps(bundle(encounter("IMP", FRI) | {"period": {"start": "Hale"}})).encode(),
    "a year of birth": json.dumps(bundle()).replace("1950-02-01", "1950").encode(),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_file_is_named_and_not_quoted(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(UnreadableBundle, match=r"a\.json cannot be read: .*generate it again") as refused:
        read_folder(tmp_path)
    assert "Hale" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_three_years_before_a_leap_day_begin_on_the_28th() -> None:
    assert last_three_years(date(2024, 2, 29)).opens == datetime(2021, 2, 28, tzinfo=UTC)


# ---- laws

# A coarse grid around the edges of the window and of the periods: equal moments must be frequent.
moments = st.builds(
    lambda anchor, steps, ticks: anchor + steps * 12 * HOUR + ticks * TICK,
    st.sampled_from([THREE_YEARS.opens, FRI, FRI, THREE_YEARS.closes]),
    st.integers(-62, 62),
    st.sampled_from([0, 0, 0, 1]),
)
encounters = st.builds(
    encounter,
    st.sampled_from(["EMER", "IMP", "IMP", "AMB", "AMB", "HH"]),
    moments,
    st.none() | moments,
    status=st.sampled_from(["finished", "finished", "in-progress", "cancelled"]),
    reasonCode=st.sampled_from([[{}], [{"text": "dental_referral"}], [{"text": "glaucoma"}]]),
)
referrals = st.builds(
    referring,
    moments,
    st.sampled_from(["103697008", "103697008", "183545006"]),
    st.sampled_from(["Patient referral for dental care", "Referral to cardiology", "Plain X-ray"]),
    status=st.sampled_from(["completed", "completed", "not-done"]),
)
plans = st.builds(
    lambda start, end, goals, status: planning(start, end, *goals, status=status),
    moments,
    st.none() | moments,
    st.sets(st.sampled_from(["g-active", "g-completed", "g-that-is-not-there"])).map(sorted),
    st.sampled_from(["active", "completed", "draft"]),
)
people = st.lists(st.tuples(st.lists(encounters | referrals | plans, max_size=8), st.none() | moments), max_size=3)


def written(folder: str, population: list[tuple[list[Resource], datetime | None]]) -> Path:
    for number, (theirs, died) in enumerate(population):
        content = bundle(*theirs, died=died, patient=f"p-{number}")
        Path(folder, f"{number}.json").write_text(json.dumps(content))
    return Path(folder)


@given(population=people)
def test_the_reader_and_the_recount_agree(population: list[tuple[list[Resource], datetime | None]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = written(place, population)
        assert asdict(figures(read_folder(folder), THREE_YEARS)) == recount(folder, REFERENCE)


@given(population=people)
def test_following_twice_is_following_once(population: list[tuple[list[Resource], datetime | None]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        for patient in read_folder(written(place, population)):
            once = follow(patient, THREE_YEARS)
            assert follow(once, THREE_YEARS) == once


def imports(file: str) -> Iterator[str]:
    source = Path(__file__).parents[1] / "examples" / "clinic" / file
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


@pytest.mark.parametrize("file", ["recount.py", "generate.py"])
def test_counting_again_and_generating_import_nothing_of_ours(file: str) -> None:
    """Otherwise a mistake in the reader or in the library would be counted the same way twice."""
    assert {name.partition(".")[0] for name in imports(file)} <= sys.stdlib_module_names


def test_the_reader_does_not_know_the_library() -> None:
    assert not {name for file in ("bundles.py", "figures.py") for name in imports(file) if name.startswith("carecoord")}


# ---- generating, with another generator than the real one

WRITES = """
import sys; from pathlib import Path
place, files, code = Path(sys.argv[1], "fhir"), int(sys.argv[2]), int(sys.argv[3])
place.mkdir(parents=True)
for number in range(files): (place / f"{number}.json").write_text("{}")
sys.exit(code)
"""


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Stand in for the generator, and return the seeds that it was run with."""
    seeds: list[int] = []

    def command(python: Path, order: making.Order, settings: Path, output: Path) -> list[str]:
        seeds.append(order.seed)
        # Seed 13 is one bundle short, seed 14 fails at the end.
        files, code = order.patients - (order.seed == 13), int(order.seed == 14)
        return [sys.executable, "-c", WRITES, str(output), str(files), str(code)]

    def install(folder: Path, tell: making.Tell) -> Path:
        folder.mkdir(exist_ok=True)
        return Path(sys.executable)

    monkeypatch.setattr(making, "_command", command)
    monkeypatch.setattr(making, "_install", install)
    return seeds


def test_what_is_there_is_used_again(tmp_path: Path, runs: list[int]) -> None:
    lines: list[str] = []
    first = making.generate(tmp_path, seeds=(1, 2), patients=3, tell=lines.append)
    again = making.generate(tmp_path, seeds=(1, 2), patients=3, tell=lines.append)
    assert runs == [1, 2]
    assert first.folders == again.folders
    assert lines == ["reusing the bundles of seed 1, 2"]


def test_another_seed_is_generated_beside_and_another_date_in_place(tmp_path: Path, runs: list[int]) -> None:
    making.generate(tmp_path, seeds=(1,), patients=3, tell=print)
    making.generate(tmp_path, seeds=(1, 2, 3), patients=3, tell=print)
    making.generate(tmp_path, seeds=(1,), patients=3, reference=date(2024, 6, 30), tell=print)
    assert runs == [1, 2, 3, 1]


def test_a_bundle_that_was_lost_is_generated_again(tmp_path: Path, runs: list[int]) -> None:
    made = making.generate(tmp_path, seeds=(1,), patients=3, tell=print)
    (made.folders[0] / "0.json").unlink()
    making.generate(tmp_path, seeds=(1,), patients=3, tell=print)
    assert runs == [1, 1]


@pytest.mark.parametrize("seed", [13, 14])
def test_what_is_half_finished_is_thrown_away(tmp_path: Path, runs: list[int], seed: int) -> None:
    with pytest.raises(making.NotGenerated, match=rf"of 3 bundles of seed {seed}; run it again.*generate-{seed}\.log"):
        making.generate(tmp_path, seeds=(seed,), patients=3, tell=print)
    assert list((tmp_path / "bundles").iterdir()) == []


def test_an_index_that_cannot_be_reached_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(commands: list[tuple[list[str], Path]], progress: making.Progress) -> list[int]:
        command, log = commands[0]
        log.write_text("ERROR: Could not find a version that satisfies it (from versions: none)\nERROR: None.\n")
        return [int("pip" in command)]

    monkeypatch.setattr(making, "_work", work)
    with pytest.raises(making.NotGenerated, match=r"no package index can be reached; check .*install\.log"):
        making.generate(tmp_path, seeds=(1,), tell=print)


def test_the_recount_prints_one_column_per_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fhir").mkdir()
    (tmp_path / "fhir" / "a.json").write_text(json.dumps(bundle(encounter("EMER", FRI, FRI))))
    (tmp_path / "stamp.json").write_text(json.dumps({"reference": f"{REFERENCE}"}))
    monkeypatch.setattr(sys, "argv", ["recount.py", str(tmp_path), str(tmp_path)])
    print_recount()
    assert ["discharges", "1", "1"] in [line.split() for line in capsys.readouterr().out.splitlines()]


def test_a_window_holds_its_first_moment_and_not_its_last() -> None:
    window = Window(FRI, FRI + DAY)
    assert (FRI in window, FRI + DAY in window) == (True, False)

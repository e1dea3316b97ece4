"""
What the demo promises about care plans: what a bundle holds of them is found, and all else is made up.

The patients here are made up in the test; the generator is never run.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from examples.clinic import recount
from examples.clinic.audit import facts_in
from examples.clinic.bundles import Patient, UnreadableBundle, Visit, follow, read_folder
from examples.clinic.care_plans import Goal
from examples.clinic.explained import explain_all, most_telling
from examples.clinic.figures import figures
from examples.clinic.hearing import DESKS, MadeUpPractice
from examples.clinic.plan_loops import Content, changes, content, parts_of
from examples.clinic.plan_staff import MADE_UP_GOAL
from examples.clinic.plans import Plans
from examples.clinic.store import AnyCase, Store
from examples.clinic.tally import tally
from tests.made_up_population import (
    DAY,
    FEW,
    HOUR,
    ONE_YEAR,
    followed,
    patient,
    plan,
    population,
    write_bundles,
)

from carecoord import Linked, LoopClosed
from carecoord.workflows.care_plan_review import (
    CARE_PLAN_REVIEW,
    InformationBroughtIn,
    RelevantVisit,
    VisitWeighed,
)
from carecoord.workflows.care_plan_review.states import IN_FORCE

MAY = datetime(2025, 5, 16, 15, tzinfo=UTC)
LONG_AGO = datetime(1999, 3, 2, 4, 5, 6, 789, tzinfo=UTC)


@pytest.fixture(scope="module")
def many() -> Iterator[tuple[Store, MadeUpPractice]]:
    """Lend what became of some patients' plans, and of nothing else of theirs but where they were seen."""
    plans_alone = [replace(each, referrals=(), reports=()) for each in population(24)]
    with followed(plans_alone) as both:
        yield both


def of_plans(practice: MadeUpPractice) -> Plans:
    return next(desk for desk in practice.desks if isinstance(desk, Plans))


def cases(store: Store) -> list[AnyCase]:
    return [case for case in store.cases() if case.workflow == CARE_PLAN_REVIEW.name]


# --- what a bundle holds --------------------------------------------------------------------


def test_a_plan_is_read_with_its_goals_and_what_became_of_them(tmp_path: Path) -> None:
    plans = (plan("c1", LONG_AGO, goals=2), plan("c2", MAY, MAY + DAY, code="wound", goals=1), plan("c3", MAY + DAY))
    assert read_folder(write_bundles(tmp_path / "b", [patient("p", plans=plans)]))[0].plans == plans
    assert plans[1].goals == (Goal("c2g0", completed=True),)


def test_a_plan_without_a_moment_of_its_beginning_is_said_to_be_unreadable(tmp_path: Path) -> None:
    folder = write_bundles(tmp_path / "b", [patient("p", plans=(plan("c1", MAY),))])
    file = folder / "p.json"
    file.write_text(file.read_text("utf-8").replace(MAY.isoformat(), "2025-05-16"), "utf-8")
    with pytest.raises(UnreadableBundle, match=r"period\.start of CarePlan c1 is no moment"):
        read_folder(folder)


def test_the_figures_are_those_of_the_second_count(tmp_path: Path) -> None:
    patients = population(12)
    folder = write_bundles(tmp_path / "bundles", patients)
    counted, again = asdict(figures(patients, ONE_YEAR)), recount.recount(folder, date(2026, 1, 1))
    names = [name for name in counted if name.startswith(("plan", "goals"))]
    # The second count's window is three years; in the first two of them no plan of these patients begins or ends.
    assert {name: counted[name] for name in names} == {name: again[name] for name in names}
    assert len(names) == 9
    assert all(counted[name] for name in names)
    assert counted["plans"] == sum(counted[name] for name in ("plans_ended", "plans_cut_short", "plans_running"))


def test_beginning_and_end_of_a_plan_can_be_found_again(tmp_path: Path) -> None:
    folder = write_bundles(tmp_path / "bundles", [patient("p", plans=(plan("c1", LONG_AGO, MAY),))])
    assert facts_in(folder)["c1"] == (LONG_AGO.isoformat(), MAY.isoformat(), None)


# --- one plan for each patient --------------------------------------------------------------


def test_a_disease_stands_in_the_patients_plan_as_long_as_one_of_its_plans_runs() -> None:
    parts = parts_of((plan("c1", LONG_AGO, MAY), plan("c2", MAY - DAY, MAY + DAY), plan("c3", MAY, code="wound")))
    at = (MAY - 2 * DAY, MAY, MAY + DAY)
    assert [content(parts, each).components for each in at] == [
        ("component-1",),
        ("component-1", "component-2"),
        ("component-2",),
    ]


def test_the_goals_of_the_patients_plan_are_those_of_the_plans_that_run() -> None:
    parts = parts_of((plan("c1", LONG_AGO, MAY, goals=2), plan("c2", LONG_AGO, code="wound", goals=1)))
    assert content(parts, MAY - DAY).goals == ("goal-1", "goal-2", "goal-3")
    assert content(parts, MAY) == Content(("component-2",), ("goal-3",))


def test_a_plan_for_a_disease_that_has_one_changes_nothing() -> None:
    parts = parts_of((plan("c1", LONG_AGO), plan("c2", MAY, MAY + DAY), plan("c3", MAY + 2 * DAY, code="wound")))
    assert [(each.at, each.fact) for each in changes(parts, MAY - DAY)] == [(MAY + 2 * DAY, "c3:plan")]


def test_a_patient_has_one_loop_for_however_many_plans(many: tuple[Store, MadeUpPractice]) -> None:
    store, practice = many
    subjects = [case.subject for case in cases(store)]
    assert len(subjects) == len(set(subjects)) == len(of_plans(practice).loops)
    assert sum(len(loop.parts) for loop in of_plans(practice).loops.values()) > len(subjects)


def one_loop(*plans: Any, **said: Any) -> Any:
    practice = MadeUpPractice([follow(patient("p", plans=plans, **said), ONE_YEAR)], ONE_YEAR)
    return next(iter(of_plans(practice).loops.values()), None)


def test_who_gets_a_first_plan_in_the_window_is_found_just_before_it() -> None:
    loop = one_loop(plan("c1", MAY))
    assert loop.begins.fact == "c1:plan"
    assert MAY - 3 * HOUR <= loop.found < MAY


def test_nobody_is_found_whose_plans_had_ended_or_who_had_died() -> None:
    soon = ONE_YEAR.opens + HOUR
    assert one_loop(plan("c1", LONG_AGO, soon)) is None
    assert one_loop(plan("c1", LONG_AGO), died=soon) is None
    assert one_loop(plan("c1", LONG_AGO)) is not None


# --- what is made up ------------------------------------------------------------------------


def test_of_a_plan_beginnings_ends_visits_and_a_death_are_found_and_all_else_is_made_up() -> None:
    practice = MadeUpPractice(population(30), ONE_YEAR)
    origins: dict[str, set[str]] = {"bundle": set(), "sim": set()}
    for event in (one.event for one in practice.stream if one.loop.id in of_plans(practice).loops):
        origins[event.key.partition(":")[0]].add(type(event).__name__)
    assert origins["bundle"] == {"PlanDrafted", "RelevantVisit", "PatientDied"}
    assert origins["sim"] == {each.__name__ for each in CARE_PLAN_REVIEW.events} - {
        "RelevantVisit",
        "PlanShared",
        "Revoked",
    } | {"Linked"}


def test_a_plan_in_force_has_the_diseases_and_goals_that_the_bundle_has(many: tuple[Store, MadeUpPractice]) -> None:
    """But for what a draft that waits will change, and a goal that is made up where the bundle gives none."""
    store, practice = many
    compared = 0
    for case in (each for each in cases(store) if each.state in IN_FORCE and each.facts.draft is None):
        known = content(of_plans(practice).loops[case.id].parts, ONE_YEAR.closes)
        assert {one.name for one in case.facts.components} == set(known.components)
        assert case.facts.plan.goals == (known.goals or (MADE_UP_GOAL,))
        compared += 1
    assert compared >= 5


def test_only_visits_and_stays_of_the_patient_are_weighed(many: tuple[Store, MadeUpPractice]) -> None:
    _, practice = many
    heard = {(one.loop.id, one.event.about) for one in practice.stream if isinstance(one.event, RelevantVisit)}
    weighed = {(one.loop.id, one.event.about) for one in practice.stream if isinstance(one.event, VisitWeighed)}
    theirs = {(loop.id, each.id) for loop in of_plans(practice).loops.values() for each in loop.seen}
    assert weighed <= heard <= theirs
    assert weighed


def test_names_in_a_plan_say_nothing_about_the_patient(many: tuple[Store, MadeUpPractice]) -> None:
    store, _ = many
    names = {
        name
        for case in cases(store)
        for name in (*(one.name for one in case.facts.components), *(case.facts.plan.goals if case.facts.plan else ()))
    }
    assert {name.rpartition("-")[0] for name in names} <= {"component", "goal", "sim"}


def test_a_plan_is_unfinished_only_where_something_is_overdue(many: tuple[Store, MadeUpPractice]) -> None:
    store, practice = many
    kind = tally(store, ONE_YEAR.closes).of(CARE_PLAN_REVIEW.name)
    share = of_plans(practice).unfinished(kind)
    assert share == kind.overdue / kind.opened
    assert 0.1 <= share < kind.open / kind.opened
    assert [desk.goes_on for desk in DESKS] == [False, False, False, True]


@pytest.mark.parametrize(("what", "clocks"), [("copies", {"give_copy"}), ("reviewing", {"review", "measure", "weigh"})])
def test_what_is_left_lying_is_overdue_when_the_window_closes(
    many: tuple[Store, MadeUpPractice], what: str, clocks: set[str]
) -> None:
    store, practice = many
    left = {id for id, lies in of_plans(practice).left.items() if lies == what}
    owed = [
        {one.clock for one in case.deadlines if one.missed(ONE_YEAR.closes)} for case in cases(store) if case.id in left
    ]
    assert owed
    assert all(each & clocks for each in owed)


def test_the_plan_of_a_patient_who_died_is_ended_with_a_reason(many: tuple[Store, MadeUpPractice]) -> None:
    """And not closed because nothing is owed any more, which would count it as handed on."""
    store, practice = many
    loops = of_plans(practice).loops
    died = [case for case in cases(store) if loops[case.id].died and loops[case.id].died < ONE_YEAR.closes - 9 * DAY]
    assert "REVOKED" in {case.state.name for case in died}
    assert all(case.state in CARE_PLAN_REVIEW.ends for case in died)
    events = [
        event
        for each in explain_all(store)
        if each.case.id in loops
        for step in each.steps
        if step.entry
        for event in step.entry.events
    ]
    assert not [event for event in events if isinstance(event, LoopClosed)]


def test_a_stay_that_bears_on_the_plan_is_linked_and_what_it_brought_is_brought_in(
    many: tuple[Store, MadeUpPractice],
) -> None:
    _, practice = many
    events = [(one.loop, one.event) for one in practice.stream if one.loop.id in of_plans(practice).loops]
    linked = {(loop.id, event.case) for loop, event in events if isinstance(event, Linked)}
    brought_in = {(loop.id, event.case) for loop, event in events if isinstance(event, InformationBroughtIn)}
    beds = {(loop.id, each.id) for loop, _ in events for each in loop.seen if each.kind == "IMP"}
    assert brought_in <= linked <= beds
    assert brought_in


def test_a_visit_before_the_plan_is_in_force_is_not_weighed() -> None:
    early = Visit("v", "p", "AMB", ONE_YEAR.opens, None)
    who = patient("p", visits=(early,), plans=(plan("c1", LONG_AGO),))
    assert not [one for one in MadeUpPractice([who], ONE_YEAR).stream if one.event.about == "v"]


def test_who_is_followed_keeps_what_was_there_before() -> None:
    """The other kinds of loops have dice of their own."""

    def others(patients: list[Patient]) -> set[tuple[str, str]]:
        practice = MadeUpPractice(patients, ONE_YEAR)
        plans = of_plans(practice).loops
        return {(one.loop.id, one.event.key) for one in practice.stream if one.loop.id not in plans}

    without = [replace(each, plans=()) for each in FEW]
    assert others(FEW) == others(without)


def test_the_plan_that_is_explained_is_one_of_few_steps(many: tuple[Store, MadeUpPractice]) -> None:
    store, _ = many
    loops = [each for each in explain_all(store) if each.case.workflow == CARE_PLAN_REVIEW.name]
    fewer = sorted(len(each.steps) for each in loops)
    assert len(most_telling(loops).steps) <= max(45, fewer[len(fewer) // 5])


def test_the_bundles_of_these_tests_are_what_the_generator_would_write(tmp_path: Path) -> None:
    folder = write_bundles(tmp_path / "bundles", [patient("p", plans=(plan("c1", LONG_AGO, MAY, goals=1),))])
    resources = [each["resource"] for each in json.loads((folder / "p.json").read_text("utf-8"))["entry"]]
    (care,) = (each for each in resources if each["resourceType"] == "CarePlan")
    assert (care["status"], care["intent"], len(care["category"])) == ("completed", "plan", 2)
    assert care["goal"] == [{"reference": "urn:uuid:c1g0"}]

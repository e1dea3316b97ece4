"""
What the demo promises: found and made up stay apart, the simulator follows its table, and the store loses nothing.

The patients here are made up in the test; the generator is never run.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from examples.clinic.bundles import Visit
from examples.clinic.explained import explain_all
from examples.clinic.hearing import CLINIC, DESKS, MadeUpPractice
from examples.clinic.loops import loops, referral_loops
from examples.clinic.office import at_work
from examples.clinic.shares import GROUPS
from examples.clinic.store import Store, look, take
from examples.clinic.tally import tally
from examples.practice import TRANSITIONS
from tests.made_up_population import (
    DAY,
    FEW,
    HOUR,
    ONE_YEAR,
    follow,
    followed,
    patient,
    population,
    referral,
    stay,
)

from carecoord import Actor, AlarmUndelivered, Escalated, Noted, Role, advance, open_case
from carecoord.workflows.care_transition import ArrivedAtEd

FRI = datetime(2025, 3, 14, 16, tzinfo=UTC)  # a Friday morning at the office


def everything_in(store: Store) -> dict[str, list[tuple[object, ...]]]:
    return {
        name: store.query(f"SELECT * FROM {name}") for name in ("cases", "entries", "outbox", "turned_away", "roster")
    }


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a practice that has followed the few to the end."""
    file = tmp_path_factory.mktemp("left") / "clinic.sqlite"
    with followed(FEW, file):
        return file


@pytest.fixture
def store(left_behind: Path, tmp_path: Path) -> Iterator[Store]:
    with closing(Store(shutil.copy(left_behind, tmp_path), CLINIC)) as kept:
        yield kept


# --- loops ----------------------------------------------------------------------------------


def joined(*stays: tuple[datetime, datetime | None]) -> list[list[str]]:
    who = patient("p", *(stay(f"s{number}", "IMP", *each) for number, each in enumerate(stays)))
    return [[each.id for each in loop.stays] for loop in loops([who])]


def test_stays_that_overlap_or_touch_are_one_loop() -> None:
    assert joined((FRI, FRI + 5 * DAY), (FRI + DAY, FRI + 2 * DAY), (FRI + 5 * DAY, FRI + 6 * DAY)) == [
        ["s0", "s1", "s2"]
    ]


def test_a_stay_after_the_discharge_is_another_loop() -> None:
    assert joined((FRI, FRI + DAY), (FRI + DAY + HOUR, FRI + 2 * DAY)) == [["s0"], ["s1"]]


def test_what_comes_during_a_stay_that_has_not_ended_belongs_to_it() -> None:
    assert joined((FRI, None), (FRI + 90 * DAY, FRI + 91 * DAY)) == [["s0", "s1"]]


def test_an_office_visit_belongs_to_the_loop_before_it_until_the_next_begins() -> None:
    visits = tuple(Visit(f"v{days}", "p", "AMB", FRI + days * DAY, None) for days in (0, 3, 9, 100))
    stays = stay("s0", "IMP", FRI - DAY, FRI), stay("s1", "EMER", FRI + 8 * DAY, FRI + 8 * DAY)
    first, second = loops([patient("p", *stays, visits=visits)])
    assert ([each.id for each in first.visits], [each.id for each in second.visits]) == (["v3"], ["v9"])


def test_a_visit_for_the_teeth_belongs_to_the_referral_that_it_is_the_reason_of() -> None:
    """A bundle says so of dental care alone; a visit for another reason, or after thirty days, belongs to none."""
    dental = {"reason": "dental_referral"}
    visits = (
        Visit("other", "p", "AMB", FRI + DAY, None, reason="glaucoma"),
        Visit("teeth", "p", "AMB", FRI + 7 * DAY, None, **dental),
        Visit("later", "p", "AMB", FRI + 90 * DAY, None, **dental),
    )
    made = (referral("r0", FRI), referral("r1", FRI, code="183545006"), referral("r2", FRI + 30 * DAY))
    found = {
        loop.id: loop.visit and loop.visit.id for loop in referral_loops([patient("p", visits=visits, referrals=made)])
    }
    assert found == {"r0": "teeth", "r1": None, "r2": None}


# --- the made-up practice -------------------------------------------------------------------


def test_the_same_patients_and_seed_give_the_same_stream() -> None:
    assert MadeUpPractice(FEW, ONE_YEAR).stream == MadeUpPractice(FEW, ONE_YEAR).stream


def test_another_seed_gives_another_stream() -> None:
    assert MadeUpPractice(FEW, ONE_YEAR, seed=1).stream != MadeUpPractice(FEW, ONE_YEAR, seed=2).stream


def test_every_key_says_whether_the_event_was_found_or_made_up(store: Store) -> None:
    events = [event for each in explain_all(store) for step in each.steps if step.entry for event in step.entry.events]
    assert {event.key.partition(":")[0] for event in events} == {"bundle", "sim"}


def test_what_is_found_happens_when_the_bundle_says() -> None:
    practice = MadeUpPractice(FEW, ONE_YEAR)
    moments = {moment for each in FEW for one in (*each.stays, *each.visits) for moment in (one.started, one.ended)}
    moments |= {each.died for each in FEW} | {one.at for each in FEW for one in each.referrals}
    moments |= {one.taken for each in FEW for one in each.reports}
    moments |= {moment for each in FEW for one in each.plans for moment in (one.started, one.ended)}
    assert {one.event.at for one in practice.stream if one.event.key.startswith("bundle:")} <= moments


def test_of_a_referral_only_its_making_and_a_visit_are_found_and_all_else_is_made_up() -> None:
    practice = MadeUpPractice(FEW, ONE_YEAR)
    (desk,) = (desk for desk in practice.desks if desk.title == "Referrals")
    events = [one.event for one in practice.stream if one.loop.id in desk.loops]
    origins = {"bundle": set[str](), "sim": set[str]()}
    for event in events:
        origins[event.key.partition(":")[0]].add(type(event).__name__)
    assert origins["bundle"] == {"Drafted", "VisitCompleted", "PatientDied"}
    assert origins["sim"] >= {
        "Specified",
        "Sent",
        "Accepted",
        "Booked",
        "ReportReceived",
        "Reviewed",
        "PatientInformed",
    }


def test_each_loop_is_of_one_desk_and_each_desk_has_its_rulebook_in_the_store(store: Store) -> None:
    practice = MadeUpPractice(FEW, ONE_YEAR)
    assert len(practice.desk_of) == sum(len(desk.loops) for desk in practice.desks)
    assert {case.workflow for case in store.cases()} == {desk.rules.workflow.name for desk in DESKS}
    for case in store.cases():
        assert practice.desk_of[case.id].rules.workflow.name == case.workflow


def test_nothing_is_heard_before_it_happens_or_after_the_window_closes() -> None:
    events = [one.event for one in MadeUpPractice(FEW, ONE_YEAR).stream]
    assert all(event.at <= event.recorded_at < ONE_YEAR.closes for event in events)


def test_the_stream_is_in_the_order_of_hearing_and_not_in_that_of_happening() -> None:
    events = [one.event for one in MadeUpPractice(FEW, ONE_YEAR).stream]
    assert events == sorted(events, key=lambda event: event.recorded_at)
    assert events != sorted(events, key=lambda event: event.at)


@pytest.mark.parametrize("group", GROUPS)
def test_the_ways_in_which_a_thing_may_go_add_up_and_each_has_a_reason(group: str) -> None:
    assert sum(way.percent for way in GROUPS[group]) == 100
    assert all(way.reason and (way.hours is None or 0 <= way.hours[0] < way.hours[1]) for way in GROUPS[group])
    assert len({way.name for way in GROUPS[group]}) == len(GROUPS[group])


def test_over_two_hundred_stays_what_is_drawn_is_near_the_table_and_a_tenth_stays_unfinished() -> None:
    patients = population(44)
    with followed(patients) as (store, practice):
        now = tally(store, ONE_YEAR.closes)
    assert 180 < sum(len(each.stays) for each in patients) < 240
    for kind, desk in zip(now.kinds, DESKS, strict=True):
        assert kind.opened == sum(kind.ended[end.state] for end in desk.ends) + kind.open > 30
        assert desk.unfinished(kind) >= 0.1
    for group, ways in GROUPS.items():
        thrown = sum(practice.drawn[group, way.name] for way in ways)
        assert thrown or group == "a surprise"  # news that overtakes an act is rare
        for way in ways:
            expected = thrown * way.percent / 100
            spread = 4 * (expected * (1 - way.percent / 100)) ** 0.5  # four standard deviations
            assert abs(practice.drawn[group, way.name] - expected) <= spread + 1, (group, way.name)


def test_people_work_on_weekdays_in_office_hours() -> None:
    assert at_work(FRI) == FRI
    assert at_work(FRI + 9 * HOUR) == FRI + 3 * DAY - HOUR
    assert at_work(FRI - 6 * HOUR) == FRI - HOUR


def test_an_alarm_that_finds_nobody_on_duty_goes_one_rung_up(store: Store) -> None:
    news = [
        (event, step.effects)
        for each in explain_all(store)
        for step in each.steps
        if step.entry
        for event in step.entry.events
        if isinstance(event, AlarmUndelivered)
    ]
    assert any(
        isinstance(effect, Escalated) and (effect.clock, effect.rung) == (event.clock, event.rung + 1)
        for event, effects in news
        for effect in effects
    )


def test_who_is_admitted_again_too_soon_is_followed_in_the_new_loop() -> None:
    stays = stay("s0", "IMP", FRI - DAY, FRI), stay("s1", "IMP", FRI + DAY, FRI + 3 * DAY)
    with followed([patient("p", *stays)]) as (store, _):
        first = next(case for case in store.cases() if case.id == "s0")
    assert first.state.name == "READMITTED"
    assert first.facts.links[0].case == "s1"


# --- the store ------------------------------------------------------------------------------


def a_stay(store: Store) -> str:
    return str(store.query("SELECT id FROM cases WHERE workflow = 'care-transition'")[0][0])


def a_note(key: str) -> Noted:
    by = Actor(Role.NURSE, "n-1")
    return Noted(at=ONE_YEAR.closes, by=by, key=f"sim:{key}", text="said to bring all boxes")


def test_whoever_decided_on_an_older_row_keeps_nothing(store: Store) -> None:
    case_id = a_stay(store)
    kept = store.load(case_id)
    assert kept is not None
    assert store.save(advance(TRANSITIONS, kept.case, a_note("first")), kept.entries)
    before = everything_in(store)
    assert not store.save(advance(TRANSITIONS, kept.case, a_note("second")), kept.entries)
    assert everything_in(store) == before


def test_two_hosts_on_one_file_lose_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other host writes between our reading and our writing; we decide again."""
    case_id = a_stay(store)
    ours = store.save
    with closing(Store(store.path, CLINIC)) as other:
        monkeypatch.setattr(store, "save", lambda *step: (take(other, case_id, a_note("other's")), ours(*step))[1])
        take(store, case_id, a_note("ours"))
    keys = [event.key for each in explain_all(store) for step in each.steps for event in step.entry.events]
    assert keys.count("sim:ours") == keys.count("sim:other's") == 1


def test_a_case_is_opened_once(store: Store) -> None:
    arrived = ArrivedAtEd(at=FRI, by=Actor(Role.SYSTEM, "feed"), key="bundle:new:arrival", about="new")
    step = open_case(TRANSITIONS, arrived, id="new", subject="p", owner="clinician-1")
    assert store.save(step, 0)
    before = everything_in(store)
    assert not store.save(step, 0)
    assert everything_in(store) == before


def test_the_same_stream_once_more_changes_nothing(store: Store) -> None:
    before = everything_in(store)
    follow(store, MadeUpPractice(FEW, ONE_YEAR))
    assert everything_in(store) == before


@pytest.mark.parametrize("saves", [1, 60, 150])
def test_a_host_that_was_cut_off_goes_on_from_its_file(tmp_path: Path, store: Store, saves: int) -> None:
    class PowerCut(Exception):
        pass

    class Cut(Store):
        left = saves

        def save(self, *step: object) -> bool:
            if not self.left:
                raise PowerCut
            self.left -= 1
            return super().save(*step)  # type: ignore[arg-type]  # whatever it takes

    practice = MadeUpPractice(FEW, ONE_YEAR)
    file, every_entry = tmp_path / "cut.sqlite", "SELECT case_id, number, body FROM entries ORDER BY 1, 2"
    with closing(Cut(file, CLINIC)) as cut, pytest.raises(PowerCut):
        follow(cut, practice)
    with closing(Store(file, CLINIC)) as again:
        follow(again, practice)
        assert {case.id: case for case in again.cases()} == {case.id: case for case in store.cases()}
        assert again.query(every_entry) == store.query(every_entry)


def test_every_loop_is_made_again_from_its_entries(store: Store) -> None:
    assert all(each.same for each in explain_all(store))


@pytest.mark.parametrize("change", ["UPDATE entries SET at = ''", "DELETE FROM entries"])
def test_entries_are_never_changed(store: Store, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="an entry is never"):
        store.query(change)


def test_a_look_before_anything_is_due_writes_nothing(store: Store) -> None:
    case_id = store.query("SELECT id FROM cases WHERE NOT ended")[0][0]
    before = everything_in(store)
    assert look(store, case_id, ONE_YEAR.opens).entry is None
    assert everything_in(store) == before

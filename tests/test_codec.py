"""What was written as JSON comes back, and nothing else is taken for it: cases, entries, events, effects, refusals."""

import copy
import json
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from types import NoneType
from typing import Any, NamedTuple, get_args, get_origin

import attrs
import pendulum
import pytest
from attrs import evolve, field, fields, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kit.journeys import play
from tests.kit.random_journeys import journeys
from tests.kit.small import (
    BOISE,
    DAY,
    DESK,
    FEED,
    FRI,
    HOUR,
    LOANS,
    NAIVE,
    Broke,
    Checked,
    Lent,
    Loan,
    LoanFacts,
    Log,
    Mended,
    Returned,
    Urged,
    lent,
    wanted,
)
from tests.kit.stages import STAGES

from carecoord import (
    Actor,
    Case,
    ContactAttempted,
    Day,
    DeadlineMissed,
    Entry,
    Event,
    Facts,
    MomentCorrected,
    News,
    Noted,
    Paused,
    Refused,
    Resumed,
    Retracted,
    Role,
    Unreadable,
    UnsoundWorkflow,
    Urgency,
    UrgencyChanged,
    Way,
    WrongRulebook,
    replay,
)
from carecoord.case import Answer, Book, Deadline, Opening, Schedule, Settled, Terms, Told, World
from carecoord.codec import Codec
from carecoord.effects import EFFECTS
from carecoord.workflows.care_transition import CARE_TRANSITION

CODEC = Codec(LOANS)
TRANSITIONS = Codec(CARE_TRANSITION)
CANARY = "Mrs Canary"


def full() -> Log:
    """Return a case with something of everything: told and untold, settled, missed, tried, late, moved."""
    log = wanted(needed_by=FRI + 3 * DAY)
    log.say(Urged, FRI + HOUR, urgency=Urgency.URGENT)
    log.say(Checked, FRI + HOUR, key="checked", pair="p-7", parts=("tip", "grip"), marks=frozenset({"b", "a"}))
    log.say(Lent, FRI + 2 * HOUR, key="lent", told="m-1")
    log.say(Broke, FRI + 3 * HOUR, about="tip")
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    log.say(Mended, FRI + 5 * HOUR, about="tip")
    log.say(ContactAttempted, FRI + 6 * HOUR, clock="give_back", way=Way.PHONE)
    log.look(FRI + 9 * DAY)
    log.say(Noted, FRI + 2 * HOUR, recorded_at=FRI + 9 * DAY, text="rang back")
    log.say(MomentCorrected, FRI + 9 * DAY, corrects="wanted", moment=FRI - HOUR)
    return log


def undone() -> Log:
    """Return the same case after its check was taken back: what was lent is overtaken, what came back surprises."""
    log = full()
    log.say(Retracted, FRI + 10 * DAY, retracts="checked")
    log.say(Returned, FRI + 10 * DAY)
    return log


def held() -> Log:
    """Return a case that was paused twice, and is paused still; its urgency changed meanwhile."""
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="tip")
    log.say(Paused, FRI + 4 * HOUR, reason="away", resume_by=FRI + 2 * DAY)
    log.say(Resumed, FRI + 3 * DAY)
    log.say(Paused, FRI + 4 * DAY, about="trip", clock="mend", reason="away", resume_by=FRI + 9 * DAY)
    log.say(UrgencyChanged, FRI + 5 * DAY, urgency=Urgency.URGENT)
    return log


LOG, UNDONE, HELD = full(), undone(), held()
CASE, ENTRIES = LOG.case, LOG.entries
TOLD = [effect for log in (UNDONE, HELD) for step in log.steps for effect in step.effects]
REFUSED = Refused("t", "loan", "WANTED", "Lent", claims=("it is checked",), expected=("Checked",))


def load(kind: str, data: Any, codec: Codec[Any, Any] = CODEC) -> Any:
    return getattr(codec, f"load_{kind}")(data)


WRITTEN = {
    "case": CASE,
    "entry": ENTRIES[0],
    "a later entry": ENTRIES[4],
    "an overtaken case": UNDONE.case,
    "a held case": HELD.case,
    "a resuming entry": HELD.entries[5],
    "event": ENTRIES[2].events[0],
    "effect": next(effect for effect in TOLD if isinstance(effect, DeadlineMissed)),
    "refusal": REFUSED,
}
OF_EACH = pytest.mark.parametrize(("kind", "value"), [(name.split()[-1], one) for name, one in WRITTEN.items()])


def alike(one: Any, other: Any) -> bool:
    """Whether two values are equal and of the same types all the way down, and moments are plain UTC."""
    if type(one) is not type(other) or one != other:
        return False
    if type(one) is datetime:
        return one.tzinfo is UTC
    if isinstance(one, tuple | list):
        return all(map(alike, one, other))
    if attrs.has(type(one)):
        return all(alike(getattr(one, f.name), getattr(other, f.name)) for f in fields(type(one)))
    return True


# --- what is written comes back -------------------------------------------------------------


@OF_EACH
def test_what_is_written_comes_back_equal_and_of_the_same_types(kind, value):
    assert alike(load(kind, CODEC.dumps(value)), value)


@OF_EACH
def test_text_bytes_and_what_a_json_reader_made_of_it_are_read_alike(kind, value):
    text = CODEC.dumps(value)
    assert load(kind, text) == load(kind, text.encode()) == load(kind, json.loads(text)) == value


@OF_EACH
def test_what_comes_back_is_written_as_it_was(kind, value):
    text = CODEC.dumps(value)
    assert CODEC.dumps(load(kind, text)) == text


def test_every_effect_that_was_told_comes_back():
    assert {type(effect).__name__ for effect in TOLD} >= {kind.__name__ for kind in EFFECTS} - {"ReadyToClose"}
    assert [CODEC.load_effect(CODEC.dumps(effect)) for effect in TOLD] == TOLD


def test_a_refusal_comes_back_with_its_sentence():
    assert str(CODEC.load_refusal(CODEC.dumps(REFUSED))) == str(REFUSED)


def test_entries_that_come_back_replay_to_the_same_case():
    entries = [CODEC.load_entry(CODEC.dumps(entry)) for entry in ENTRIES]
    assert entries == ENTRIES
    assert alike(replay(LOANS, entries)[-1].case, CASE)


def test_a_case_that_comes_back_goes_on_as_the_one_that_stayed():
    log = full()
    again = Log()
    again.case, again.entries = CODEC.load_case(CODEC.dumps(log.case)), list(log.entries)
    event = log.make(Broke, FRI + 11 * DAY, about="strap")
    assert again.take(event) == log.take(event)


@pytest.mark.parametrize("stage", STAGES)
def test_whatever_a_journey_leaves_comes_back(stage):
    @settings(max_examples=max(10, settings().max_examples // 4))
    @given(journeys(STAGES[stage]()))
    def comes_back(journey):
        codec, film = Codec(journey.stage.workflow), play(journey)
        for shot in film.shots:
            assert codec.load_case(codec.dumps(shot.case)) == shot.case
            assert [codec.load_effect(codec.dumps(effect)) for effect in shot.effects] == list(shot.effects)
        entries = [codec.load_entry(codec.dumps(entry)) for entry in film.entries]
        assert entries == list(film.entries)
        replayed = replay(journey.stage.workflow, entries)[-1].case
        assert codec.dumps(replayed) == codec.dumps(film.case)

    comes_back()


MOMENTS = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(("America/Boise", "Europe/Berlin"))
OF_A_KIND: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=5),
    int: st.integers(),
    bool: st.booleans(),
    datetime: MOMENTS,
    date: st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)),
    timedelta: st.timedeltas(),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return values of a declared kind."""
    args = get_args(kind)
    if NoneType in args:
        return st.none() | values_of(next(one for one in args if one is not NoneType))
    if get_origin(kind) is tuple:
        several = st.lists(values_of(args[0]), max_size=3).map(tuple)
        return several if args[-1] is Ellipsis else st.tuples(*map(values_of, args))
    if get_origin(kind) is frozenset:
        return st.frozensets(values_of(args[0]), max_size=3)
    if kind in OF_A_KIND:
        return OF_A_KIND[kind]
    return st.sampled_from(kind) if issubclass(kind, Enum) else records_of(kind)


def records_of(kind: type) -> st.SearchStrategy[Any]:
    attrs.resolve_types(kind)
    return st.builds(kind, **{f.name: values_of(f.type) for f in fields(kind)})


def events_of(kind: type[Event]) -> st.SearchStrategy[Event]:
    attrs.resolve_types(kind)
    said = {f.name: values_of(f.type) for f in fields(kind) if f.init and f.name not in ("key", "zone", "day")}
    said |= {name: st.text(min_size=1, max_size=5) for name in said.keys() & {"who", "to", "case"}}
    at = MOMENTS | st.builds(Day, OF_A_KIND[date], ZONES)
    return st.builds(kind, **{**said, "at": at, "key": st.text(min_size=1, max_size=9), "zone": st.none() | ZONES})


@pytest.mark.parametrize(
    ("codec", "kind"),
    [(codec, kind) for codec in (TRANSITIONS, CODEC) for kind in codec.workflow.all_events],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_whatever_an_event_says_comes_back(codec, kind):
    @settings(max_examples=max(5, settings().max_examples // 10))
    @given(events_of(kind))
    def comes_back(event):
        assert alike(codec.load_event(codec.dumps(event)), event)

    comes_back()


@pytest.mark.parametrize("workflow", [CARE_TRANSITION, LOANS], ids=lambda one: one.name)
def test_whatever_is_known_of_a_case_comes_back(workflow):
    codec, base = Codec(workflow), ENTRIES[0].opening

    @given(values_of(workflow.facts))
    def comes_back(facts):
        opening = evolve(base, facts=facts, workflow=workflow.name, version=workflow.version)
        entry = Entry(CASE.recorded_at, (), opening=opening)
        assert alike(codec.load_entry(codec.dumps(entry)), entry)

    comes_back()


# --- exactly --------------------------------------------------------------------------------


def case_that_read(*values: Any) -> Case[Any, Any]:
    return evolve(CASE, answers=(evolve(CASE.answers[0], read=values), *CASE.answers[1:]))


def case_that_knows(facts: LoanFacts) -> Case[Any, Any]:
    return evolve(CASE, world=evolve(CASE.world, facts=facts))


def case_that_looks_again(after: timedelta) -> Case[Any, Any]:
    return evolve(CASE, terms=evolve(CASE.terms, look_again=after))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        1,
        0,
        "",
        "URGENT",
        Urgency.URGENT,
        Way.PHONE,
        datetime(2026, 7, 3, 21, tzinfo=UTC),
        date(2026, 7, 3),
        timedelta(hours=-1),
        0.5,
        (),
        (True, (Urgency.STAT, None)),
        CASE.facts.attempts,
    ],
    ids=repr,
)
def test_what_a_policy_read_comes_back_exactly(value):
    case = case_that_read(value)
    assert alike(CODEC.load_case(CODEC.dumps(case)).answers[0].read, case.answers[0].read)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 7, 3, 21, tzinfo=UTC), "2026-07-03T21:00:00Z"),
        (datetime(2026, 7, 3, 21, 0, 0, 1, tzinfo=UTC), "2026-07-03T21:00:00.000001Z"),
        (datetime(987, 1, 2, 3, 4, 5, tzinfo=UTC), "0987-01-02T03:04:05Z"),
        (pendulum.datetime(2026, 7, 3, 15, tz="America/Boise"), "2026-07-03T21:00:00Z"),
        (datetime(2026, 7, 3, 23, tzinfo=timezone(timedelta(hours=2))), "2026-07-03T21:00:00Z"),
    ],
    ids=str,
)
def test_a_moment_is_written_in_utc_and_read_as_plain_utc(at, text):
    entry = Entry(at, ())
    assert CODEC.dump(entry)["entry"]["at"] == text
    read = CODEC.load_entry(CODEC.dumps(entry)).at
    assert read == at
    assert type(read) is datetime
    assert read.tzinfo is UTC


def test_the_hour_that_a_clock_change_repeats_is_written_as_two():
    """To Python the two are equal: on 1 November 2026 it is half past one in Boise twice."""
    first = datetime(2026, 11, 1, 1, 30, tzinfo=BOISE)
    second = first.replace(fold=1)
    texts = [CODEC.dump(Entry(at, ()))["entry"]["at"] for at in (first, second, first)]
    assert texts == ["2026-11-01T07:30:00Z", "2026-11-01T08:30:00Z", "2026-11-01T07:30:00Z"]


@pytest.mark.parametrize("text", ["2026-07-03T21:00:00+00:00", "2026-07-03T23:00:00+02:00", "2026-07-03T21:00Z"])
def test_a_moment_may_come_with_any_offset(text):
    data = CODEC.dump(Entry(CASE.recorded_at, ()))
    data["entry"]["at"] = text
    assert CODEC.load_entry(data).at == datetime(2026, 7, 3, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(days=2), "PT48H"),
        (timedelta(minutes=90), "PT1H30M"),
        (timedelta(seconds=1, microseconds=5), "PT1.000005S"),
        (timedelta(hours=-4), "-PT4H"),
        (timedelta.max, "PT23999999999H59M59.999999S"),
    ],
    ids=str,
)
def test_a_length_of_time_is_written_in_hours_minutes_and_seconds(length, text):
    case = case_that_looks_again(after=length)
    assert CODEC.dump(case)["case"]["terms"]["look_again"] == text
    assert CODEC.load_case(CODEC.dumps(case)) == case


@given(st.timedeltas())
def test_every_length_of_time_comes_back(length):
    case = case_that_looks_again(after=length)
    assert alike(CODEC.load_case(CODEC.dumps(case)).terms.look_again, length)


def test_every_field_of_a_case_is_written():
    """Whoever adds one must say how it is written."""
    case = CODEC.dump(CASE)["case"]
    elsewhere = {
        Case: {"workflow": "envelope", "version": "envelope", "world": "flat", "book": "flat", "pages": "digest"},
        Book: {"told": "duties"},
        Settled: {"by": "role and by"},
        Entry: {},
        Terms: {"first_look": "worked out"},
        Schedule: {"lead": "worked out"},
        Opening: {"workflow": "envelope", "version": "envelope"},
    }
    entry = CODEC.dump(ENTRIES[0])["entry"]
    of_case = {*case, *case["rare"]}
    written = {
        Case: of_case,
        World: of_case,
        Book: of_case,
        Terms: case["terms"].keys(),
        Answer: case["answers"][0].split(),
        Deadline: case["duties"][0].split(),
        Told: ("revision", "missed", "rungs", "repeats", "wakes_at"),
        Settled: case["settled"][0].split(),
        Entry: entry.keys(),
        Opening: entry["opening"].keys(),
        Schedule: [one.name for one in fields(Schedule) if one.init],
    }
    assert len(json.loads(case["schedules"][0].replace("'", '"'))) == len(written[Schedule])
    for kind, names in written.items():
        assert {f.name for f in fields(kind)} - set(elsewhere.get(kind, ())) <= set(names), kind


def test_what_most_cases_have_nothing_of_takes_no_place_where_there_is_nothing():
    assert CODEC.dump(lent().case)["case"]["rare"] is None
    for case in (CASE, HELD.case, UNDONE.case):
        assert CODEC.dump(case)["case"]["rare"]


# --- once -----------------------------------------------------------------------------------


def test_what_was_one_object_is_one_object_again():
    case = CODEC.load_case(CODEC.dumps(CASE))
    assert next(one for one in case.deadlines if one.clock == "look_again").schedule is case.terms.look
    assert len({id(answer.schedule) for answer in case.answers}) == len({answer.schedule for answer in CASE.answers})


def test_cases_share_what_the_rows_of_their_policy_share():
    one, other = CODEC.load_case(CODEC.dumps(CASE)), CODEC.load_case(CODEC.dumps(wanted().case))
    assert one.terms is other.terms
    assert one.answers[-1].schedule is CODEC.load_case(CODEC.dumps(CASE)).answers[-1].schedule


def test_each_schedule_and_each_answer_is_written_once():
    case = CODEC.dump(CASE)["case"]
    assert len(case["schedules"]) == len(set(case["schedules"]))
    assert len(case["answers"]) - 1 == len(CASE.answers)


def test_equal_values_are_written_alike_whatever_they_share():
    apart = pickle.loads(pickle.dumps(CASE))
    answers = tuple(copy.deepcopy(answer) for answer in apart.answers)
    assert CODEC.dumps(evolve(apart, answers=answers)) == CODEC.dumps(CASE)


def test_a_set_is_written_in_an_order_that_is_always_the_same():
    event = ENTRIES[2].events[0]
    assert CODEC.dump(event)["event"]["Checked"]["marks"] == ["a", "b"]


# --- the envelope ---------------------------------------------------------------------------


@OF_EACH
def test_everything_stands_in_one_envelope(kind, value):
    data = CODEC.dump(value)
    assert list(data) == ["format", "workflow", "version", kind]
    assert (data["format"], data["workflow"], data["version"]) == ("carecoord/1", "loan", "1")


@pytest.mark.parametrize(
    ("member", "there", "path", "expected"),
    [
        ("format", "carecoord/2", "$.format", '"carecoord/1"'),
        ("workflow", CANARY, "$.workflow", '"loan"'),
        ("version", "2", "$.version", '"1"'),
        ("version", [CANARY], "$.version", '"1"'),
        (CANARY, 1, "$", "an object with exactly the members format, workflow, version, case"),
    ],
)
def test_a_foreign_envelope_is_refused(member, there, path, expected):
    with pytest.raises(Unreadable) as refused:
        CODEC.load_case({**CODEC.dump(CASE), member: there})
    assert refused.value == Unreadable(path, expected)


@pytest.mark.parametrize("kind", ["case", "entry", "event", "effect", "refusal"])
def test_nothing_is_taken_for_something_else(kind):
    for other in {name.split()[-1] for name in WRITTEN} - {kind}:
        with pytest.raises(Unreadable, match=f"format, workflow, version, {kind}"):
            load(kind, CODEC.dumps(WRITTEN[other]))


@pytest.mark.parametrize(
    "text",
    ["", "{", CANARY, "[1]", "null", '"text"', "[" * 100_000, b"\xff", CODEC.dumps(CASE)[:-1], CODEC.dumps(CASE) + "x"],
    ids=lambda text: repr(text[:9]),
)
def test_what_is_no_json_object_is_refused(text):
    refused = refusal(text)
    assert refused.path == "$"
    assert refused.expected in ("JSON text", "an object")


@pytest.mark.parametrize("value", [CASE, ENTRIES[0]], ids=["case", "entry"])
def test_a_case_of_another_workflow_or_version_is_not_written(value):
    for workflow in (CARE_TRANSITION, evolve(LOANS, version="2")):
        with pytest.raises(WrongRulebook) as refused:
            Codec(workflow).dumps(value)
        assert refused.value == WrongRulebook("t", "loan 1", f"{workflow.name} {workflow.version}")


# --- older versions -------------------------------------------------------------------------


def as_of_0(data: dict[str, Any]) -> dict[str, Any]:
    """Return a case as version 0 wrote it, when the pair was called the number."""
    old = copy.deepcopy(data)
    old["version"], facts = "0", old["case"]["facts"]
    facts["number"] = facts.pop("pair")
    return old


def from_0(data: dict[str, Any]) -> dict[str, Any]:
    facts = {**data["case"]["facts"]}
    facts["pair"] = facts.pop("number")
    return {**data, "version": "1", "case": {**data["case"], "facts": facts}}


def from_before(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "workflow": "loan", "version": "0"}


UPCASTERS = {("loan", "0"): from_0, ("crutches", "9"): from_before}


def test_an_older_version_is_brought_up_before_it_is_read():
    codec, old = Codec(LOANS, UPCASTERS), as_of_0(CODEC.dump(CASE))
    assert codec.load_case(old) == CASE
    assert codec.load_case({**old, "workflow": "crutches", "version": "9"}) == CASE
    assert codec.load_case(CODEC.dumps(CASE)) == CASE


@pytest.mark.parametrize(
    ("upcaster", "path"),
    [
        (lambda data: data[CANARY], "$"),
        (lambda data: None, "$"),
        (lambda data: data, "$.version"),
        (lambda data: {**data, "version": "1", CANARY: 1}, "$"),
        (lambda data: {**data, "version": "1"}, "$.case.facts"),
    ],
    ids=["it fails", "it gives nothing", "it gives the same", "it gives too much", "it gives what does not fit"],
)
def test_an_upcaster_is_believed_no_more_than_anybody(upcaster, path):
    codec = Codec(LOANS, {("loan", "0"): upcaster})
    assert refusal(as_of_0(CODEC.dump(CASE)), codec=codec).path == path


# --- what does not fit is refused, with its place and without its value ---------------------


def refusal(data: Any, kind: str = "case", codec: Codec[Any, Any] = CODEC) -> Unreadable:
    """Return how data is refused, after a look that nothing of it has come along."""
    with pytest.raises(Unreadable) as refused:
        load(kind, data, codec)
    error = refused.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert not getattr(error, "__notes__", [])
    for told in (str(error), repr(error), repr(error.args)):
        assert CANARY not in told
    return error


def is_taken(data: Any, kind: str) -> Any:
    """Return what is made of the data, or None where it is refused."""
    try:
        return load(kind, data)
    except Unreadable:
        return None


class Place(NamedTuple):
    """Where something stands in data: how to get there, and how a refusal calls it and what it stands in."""

    steps: tuple[Any, ...]
    path: str
    around: str


def places(data: Any, steps: tuple[Any, ...], path: str) -> Iterator[Place]:
    """Yield every place in data; the cells of a table are called by the words of its head."""
    head = data[0].split() if isinstance(data, list) and data and isinstance(data[0], str) else ()
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for index, there in members:
        here, beneath = (*steps, index), f"{path}.{index}" if isinstance(data, dict) else f"{path}[{index}]"
        yield Place(here, beneath, path)
        if len(head) > 1 and isinstance(there, list):
            for n, (word, cell) in enumerate(zip(head, there, strict=True)):
                yield Place((*here, n), f"{beneath}.{word}", beneath)
                yield from places(cell, (*here, n), f"{beneath}.{word}")
        else:
            yield from places(there, here, beneath)


def every(kind: str, value: Any) -> Iterator[tuple[Any, Place, Any, Any]]:
    """Yield a fresh copy of the data for each place in it, with what holds the place and under which index."""
    data = CODEC.dump(value)
    for place in list(places(data[kind], (kind,), f"$.{kind}")):
        fresh = within = copy.deepcopy(data)
        for step in place.steps[:-1]:
            within = within[step]
        yield fresh, place, within, place.steps[-1]


@OF_EACH
@pytest.mark.parametrize("foreign", [[[[CANARY]]], {CANARY: CANARY}, 0.5, CANARY, None, 7, True], ids=repr)
def test_what_stands_where_it_does_not_belong_is_refused_by_its_place(kind, value, foreign):
    refusals = 0
    for data, place, within, index in every(kind, value):
        within[index] = foreign
        taken = is_taken(data, kind)
        if taken is None:
            refused, refusals = refusal(data, kind), refusals + 1
            # An answer may lack its due moment, but then no deadline may stand on it.
            named = (place.around, refused.path if place.path.endswith(".due_at") else "")
            assert refused.path in named or refused.path.startswith(place.path)
        else:
            assert load(kind, CODEC.dumps(taken)) == taken
    assert refusals


@OF_EACH
def test_a_missing_member_is_refused_by_the_object_that_lacks_it(kind, value):
    for data, place, within, index in every(kind, value):
        if isinstance(within, dict):
            del within[index]
            refused = refusal(data, kind)
            assert refused.path == place.around
            assert index in refused.expected or "one member out of" in refused.expected


@OF_EACH
def test_an_unknown_member_is_refused_by_the_object_that_has_it(kind, value):
    for data, place, within, _ in every(kind, value):
        if isinstance(within, dict):
            within[CANARY] = CANARY
            assert refusal(data, kind).path == place.around


@OF_EACH
def test_a_row_with_a_cell_too_many_is_refused(kind, value):
    for data, place, within, _ in every(kind, value):
        if place.around.endswith("]") and isinstance(within, list):
            within.append(CANARY)
            assert refusal(data, kind).path == place.around


def edited(*path: Any, to: Any) -> dict[str, Any]:
    data = copy.deepcopy(CODEC.dump(CASE))
    there: Any = data["case"]
    for step in path[:-1]:
        there = there[step]
    there[path[-1]] = to
    return data


MOMENT = 'a moment as ISO 8601 with an offset, such as "2026-07-03T21:00:00Z"'
NUMBERED = "the number of something that is written in the same paper"
LEDGER = 'a list that begins with "clock item round how why started_at due_at at recorded_at role by key"'
TAGS = (
    "an object with one member out of moment, date, length, number, "
    "LoanFacts, Urgency, Attempt, Link, Conflict, ConflictKind, Way"
)
STATES = f"one of {', '.join(Loan.__members__)}"
LENGTH = 'a length of time such as "PT48H"'
# fmt: off
WRONG: dict[str, tuple[tuple[Any, ...], Any, str, str]] = {
    "a naive moment":         (("recorded_at",), "2026-07-03T21:00:00", "$.case.recorded_at", MOMENT),
    "a word for a moment":    (("recorded_at",), "now", "$.case.recorded_at", MOMENT),
    "a date for a moment":    (("recorded_at",), "2026-07-03", "$.case.recorded_at", MOMENT),
    "an impossible offset":   (("recorded_at",), "0001-01-01T00:00:00+01:00", "$.case.recorded_at", MOMENT),
    "a number for a flag":    (("facts", "checked"), 1, "$.case.facts.checked", "true or false"),
    "a flag for a number":    (("seq",), True, "$.case.seq", "a whole number"),
    "text for a number":      (("seq",), "8", "$.case.seq", "a whole number"),
    "a number for text":      (("owner",), 8, "$.case.owner", "text"),
    "an unknown state":       (("state",), CANARY, "$.case.state", STATES),
    "a member's value":       (("state",), Loan.LENT.value, "$.case.state", STATES),
    "deep in the facts":      (("facts", "attempts", 0, "way"), CANARY, "$.case.facts.attempts[0].way",
                               f"one of {', '.join(Way.__members__)}"),
    "in a table":             (("answers", 2, 5), "soon", "$.case.answers[2].due_at", MOMENT),
    "an unknown tag":         (("answers", 1, 4), [{CANARY: "x"}], "$.case.answers[1].read[0]", TAGS),
    "an unknown member":      (("answers", 1, 4), [{"Urgency": CANARY}], "$.case.answers[1].read[0].Urgency",
                               "one of ROUTINE, URGENT, ASAP, STAT"),
    "an unknown schedule":    (("answers", 1, 7), 99, "$.case.answers[1].schedule", NUMBERED),
    "a schedule before all":  (("answers", 1, 7), -1, "$.case.answers[1].schedule", NUMBERED),
    "the schedule of a duty": (("duties", 1, 7), 99, "$.case.duties[1].schedule", NUMBERED),
    "the schedule of terms":  (("terms", "look"), 99, "$.case.terms.look", NUMBERED),
    "another head":           (("settled", 0), CANARY, "$.case.settled", LEDGER),
    "no head":                (("settled",), [], "$.case.settled", LEDGER),
    "a short row":            (("settled", 1), [CANARY], "$.case.settled[1]", "a list of 12"),
    "no base64":              (("digest",), CANARY, "$.case.digest", "bytes as base64"),
    "a short place":          (("last",), [CANARY], "$.case.last", "a list of 4"),
    "a length of nothing":    (("terms", "look_again"), "PT", "$.case.terms.look_again", LENGTH),
    "a length beyond all":    (("terms", "look_again"), "PT99999999999999H", "$.case.terms.look_again", LENGTH),
    "no schedule":            (("schedules", 0), CANARY, "$.case.schedules[0]", "JSON text with ' in the place of \""),
    "in a schedule":          (("schedules", 0), CODEC.dump(CASE)["case"]["schedules"][0].replace("PT0S", CANARY),
                               "$.case.schedules[0].offsets[0]", LENGTH),
}
# fmt: on


@pytest.mark.parametrize("what", WRONG)
def test_a_refusal_says_where_and_what_belongs_there(what):
    path, there, place, expected = WRONG[what]
    refused = refusal(edited(*path, to=there))
    assert (refused.path, refused.expected) == (place, expected)


def test_an_event_that_its_own_class_would_not_take_is_refused():
    data = CODEC.dump(ENTRIES[0])
    data["entry"]["events"][0]["Wanted"]["key"] = ""
    refused = refusal(data, "entry")
    assert (refused.path, refused.expected) == ("$.entry.events[0].Wanted", "parts that fit together")


def test_an_unknown_event_is_refused_by_the_events_there_are():
    data = CODEC.dump(ENTRIES[0])
    data["entry"]["events"] = [{CANARY: {}}]
    refused = refusal(data, "entry")
    assert refused.path == "$.entry.events[0]"
    assert refused.expected.startswith("an object with one member out of Wanted, CalledOff,")


def test_a_refusal_is_the_same_every_time():
    """Kept texts and generated readers do not change what is refused."""
    wrong = edited("answers", 2, 5, to="soon")
    codec = Codec(LOANS)
    assert refusal(wrong, codec=codec) == refusal(wrong, codec=codec)
    assert codec.load_case(CODEC.dumps(CASE)) == CASE
    assert refusal(wrong, codec=codec) == refusal(wrong)


# --- what could not be read back is not written ---------------------------------------------


@frozen(kw_only=True)
class MoreFacts(LoanFacts):
    """Facts of somebody who inherited."""

    more: str = ""


# fmt: off
UNWRITABLE: dict[str, tuple[Any, str]] = {
    "text that is a number":     (Checked(at=FRI, by=DESK, key="k", pair=7), "$.event.Checked.pair"),
    "a list for a tuple":        (Checked(at=FRI, by=DESK, key="k", parts=["tip"]), "$.event.Checked.parts"),
    "a number among texts":      (Checked(at=FRI, by=DESK, key="k", parts=("tip", 7)), "$.event.Checked.parts[1]"),
    "a set for a frozenset":     (Checked(at=FRI, by=DESK, key="k", marks={"a"}), "$.event.Checked.marks"),
    "a number for a member":     (Urged(at=FRI, by=FEED, key="k", urgency=1), "$.event.Urged.urgency"),
    "an actor's id":             (Checked(at=FRI, by=Actor(Role.SYSTEM, 7), key="k"), "$.event.Checked.by.id"),
    "an unknown event":          (type("Odd", (News,), {})(at=FRI, by=FEED, key="k"), "$.event"),
    "facts of a subclass":       (case_that_knows(MoreFacts()), "$.case.facts"),
    "a naive moment in facts":   (case_that_knows(LoanFacts(needed_by=NAIVE)), "$.case.facts.needed_by"),
    "a duration of pendulum":    (case_that_looks_again(after=pendulum.duration(days=1)), "$.case"),
    "something a policy read":   (case_that_read([CANARY]), "$.case"),
    "text for a moment":         (case_that_knows(LoanFacts(needed_by="2026-07-03")), "$.case.facts.needed_by"),
    "a digest of text":          (evolve(CASE, digest=CANARY), "$.case"),
    "no effect":                 (CANARY, "$.effect"),
}
# fmt: on


@pytest.mark.parametrize("what", UNWRITABLE)
def test_what_could_not_be_read_back_is_not_written(what):
    value, path = UNWRITABLE[what]
    with pytest.raises(Unreadable) as refused:
        Codec(LOANS).dumps(value)
    assert refused.value.path == path
    assert refused.value.__context__ is None
    assert CANARY not in str(refused.value)


@frozen(kw_only=True)
class Weighed(News):
    """The pair was weighed."""

    results: dict[str, int] = field(factory=dict)


Urgency2 = Enum("Urgency", "LOW HIGH")


@frozen(kw_only=True)
class TwoUrgencies(LoanFacts):
    """Facts with a word of their own that we have too."""

    how: Urgency2 = Urgency2.LOW


@frozen(kw_only=True)
class MixedFacts(LoanFacts):
    """Facts of many kinds."""

    weight: float = 1.5
    grown: frozenset[date] = frozenset({date(2024, 7, 12)})
    span: timedelta | None = None
    pairs: tuple[tuple[str, int], ...] = (("a", 1),)


def test_a_codec_refuses_to_exist_where_an_event_could_not_be_written():
    with pytest.raises(UnsoundWorkflow) as refused:
        Codec(evolve(LOANS, events=(*LOANS.events, Weighed)))
    assert refused.value.problems == ("Weighed.results is of a kind that cannot be written",)


def test_a_codec_refuses_to_exist_where_a_tag_would_name_two_kinds():
    with pytest.raises(UnsoundWorkflow) as refused:
        Codec(evolve(LOANS, facts=TwoUrgencies))
    assert refused.value.problems == ("the facts hold two kinds of one name, and a policy may have read either",)


def test_facts_may_hold_numbers_dates_lengths_and_sets():
    codec = Codec(evolve(LOANS, facts=MixedFacts))
    case = case_that_knows(MixedFacts(span=DAY))
    assert alike(codec.load_case(codec.dumps(case)), case)


@pytest.mark.parametrize(
    "wrong", [{"weight": float("nan")}, {"weight": float("inf")}, {"weight": 1}, {"grown": frozenset({FRI})}], ids=repr
)
def test_a_number_or_date_that_is_none_is_not_written(wrong):
    codec = Codec(evolve(LOANS, facts=MixedFacts))
    with pytest.raises(Unreadable, match="|".join(wrong)):
        codec.dumps(case_that_knows(MixedFacts(**wrong)))


# --- one codec for everybody ----------------------------------------------------------------


def test_a_codec_survives_pickling_with_its_upcasters():
    codec = pickle.loads(pickle.dumps(Codec(LOANS, UPCASTERS)))
    assert codec.load_case(as_of_0(CODEC.dump(CASE))) == CASE
    assert codec.dumps(CASE) == CODEC.dumps(CASE)


def test_a_new_codec_serves_many_threads_from_the_start():
    codec = Codec(LOANS)
    with ThreadPoolExecutor(8) as threads:
        texts = list(threads.map(codec.dumps, [CASE] * 32))
        assert set(texts) == {CODEC.dumps(CASE)}
        assert list(threads.map(codec.load_case, texts)) == [CASE] * 32


def test_facts_are_of_the_workflow():
    assert isinstance(CODEC.load_case(CODEC.dumps(CASE)).facts, LoanFacts)
    assert issubclass(LoanFacts, Facts)

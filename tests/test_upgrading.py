"""
What an older version wrote is brought up before it is read: states, facts and events called otherwise, or filled.

The example is the one that users copy: messages that somebody has to answer. MON is a Monday afternoon in Boise.
"""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, frozen
from examples import own_workflow
from examples.own_workflow import (
    CODEC,
    VERSION_1,
    VERSION_2,
    CalledBack,
    Message1,
    Message2,
    MessageLeft,
    from_1,
    rules_for,
)

from carecoord import Actor, Moved, News, Role, Unreadable, advance, check, open_case, replay
from carecoord.codec import Codec

BOISE = ZoneInfo("America/Boise")
MON = datetime(2026, 7, 6, 15, tzinfo=BOISE)
HOUR = timedelta(hours=1)
PHONE, NURSE = Actor(Role.SYSTEM, "phone"), Actor(Role.NURSE, "n-1")
OLD, RULES = Codec(VERSION_1), rules_for(VERSION_2)
CANARY = "Mrs Canary"


def as_version_1_wrote(value: Any) -> dict[str, Any]:
    """Return what it wrote when nobody had thought of callers."""
    text = OLD.dumps(value)
    data: dict[str, Any] = json.loads(text, object_hook=lambda one: {k: v for k, v in one.items() if k != "caller"})
    return data


def old() -> tuple[Any, list[Any], tuple[Any, ...]]:
    """Return a case of version 1, its entries and its effects, as they were written."""
    first = MessageLeft(at=MON, by=PHONE, key="m-1")
    step = open_case(rules_for(VERSION_1), first, id="m-1", subject="p-9", owner="dr-3")
    steps = [step, advance(rules_for(VERSION_1), step.case, MessageLeft(at=MON + HOUR, by=PHONE, key="m-2"))]
    steps.append(check(steps[-1].case, at=MON + 60 * HOUR))
    entries = [as_version_1_wrote(one.entry) for one in steps]
    return as_version_1_wrote(steps[-1].case), entries, tuple(effect for one in steps for effect in one.effects)


def test_a_case_of_an_older_version_is_read_as_one_of_ours():
    case = CODEC.load_case(old()[0])
    assert (case.version, case.state) == ("2", Message2.OPEN)
    assert (case.facts.times, case.facts.caller) == (2, "")


def test_it_goes_on_under_our_rules():
    case = CODEC.load_case(old()[0])
    step = advance(RULES, case, MessageLeft(at=MON + 61 * HOUR, by=PHONE, key="m-3", caller="c-7"))
    assert (step.case.facts.times, step.case.facts.caller) == (3, "c-7")


def test_its_history_is_whole_and_late_news_is_put_in_its_place():
    """The digest that version 1 kept still fits: nothing that was said has changed."""
    data, entries, _ = old()
    history = [CODEC.load_entry(entry) for entry in entries]
    case = CODEC.load_case(data)
    late = CalledBack(at=MON + HOUR / 2, recorded_at=MON + 62 * HOUR, by=NURSE, key="call-1")
    step = advance(RULES, case, late, history)
    assert [one.key for one in step.case.settled] == ["call-1"]
    assert replay(VERSION_2, history)[-1].case == case


def test_a_repeat_of_what_version_1_heard_is_a_repeat():
    case = CODEC.load_case(old()[0])
    again = MessageLeft(at=MON, recorded_at=MON + 70 * HOUR, by=PHONE, key="m-1")
    assert advance(RULES, case, again).case is case


def test_what_is_still_to_be_delivered_is_read_as_well():
    _, _, effects = old()
    read = [CODEC.load_effect(as_version_1_wrote(effect)) for effect in effects]
    assert [one.id for one in read] == [effect.id for effect in effects]
    assert read[0] == Moved("m-1", 1, None, "OPEN")


def test_an_event_in_a_queue_is_filled():
    event = MessageLeft(at=MON, by=PHONE, key="m-1")
    assert CODEC.load_event(as_version_1_wrote(event)) == event


def test_an_upcaster_leaves_what_came_in_as_it_was():
    for data in (old()[0], *old()[1]):
        before = json.dumps(data)
        from_1(data)
        assert json.dumps(data) == before


# --- several versions -----------------------------------------------------------------------

VERSION_4 = evolve(VERSION_2, version="4")


def bumped(version: str, reads: list[str]) -> Any:
    """Return an upcaster that changes no more than the version, and says that it was asked."""

    def upcaster(data: dict[str, Any]) -> dict[str, Any]:
        reads.append(data["version"])
        return data | {"version": version}

    return upcaster


def test_versions_are_brought_up_one_after_the_other():
    reads: list[str] = []
    chain = {("message", "3"): bumped("4", reads), ("message", "1"): from_1, ("message", "2"): bumped("3", reads)}
    case = Codec(VERSION_4, chain).load_case(old()[0])
    assert (case.version, case.state) == ("4", Message2.OPEN)
    assert reads == ["2", "3"]


def test_a_version_to_which_no_way_leads_is_refused():
    for chain in ({}, {("message", "2"): bumped("4", [])}, {("message", "1"): bumped("3", [])}):
        with pytest.raises(Unreadable) as refused:
            Codec(VERSION_4, chain).load_case(old()[0])
        assert refused.value == Unreadable("$.version", '"4"')


@pytest.mark.parametrize("version", ["5", CANARY, None, 4, ["1"]])
def test_a_version_that_nobody_knows_is_refused_and_not_repeated(version):
    with pytest.raises(Unreadable) as refused:
        Codec(VERSION_4, {("message", "1"): from_1}).load_case(old()[0] | {"version": version})
    assert refused.value == Unreadable("$.version", '"4"')
    assert refused.value.__context__ is None


def test_upcasters_that_lead_in_a_circle_come_to_an_end():
    chain = {("message", "1"): bumped("2", []), ("message", "2"): bumped("1", [])}
    with pytest.raises(Unreadable):
        Codec(VERSION_4, chain).load_case(old()[0])


def test_a_renamed_state_that_is_not_brought_up_is_refused_by_its_place():
    with pytest.raises(Unreadable) as refused:
        Codec(VERSION_2, {("message", "1"): bumped("2", [])}).load_case(old()[0])
    assert refused.value.path in ("$.case.state", "$.case.facts")


# --- what an event may get ------------------------------------------------------------------


def test_a_field_that_is_added_at_the_end_makes_no_other_event_of_those_that_do_not_say_it():
    @frozen(kw_only=True)
    class Rang(News):
        """As it was."""

        how: str = "loud"
        long: int = 0

    def later() -> Any:
        @frozen(kw_only=True)
        class Rang(News):
            """As it is."""

            how: str = "loud"
            long: int = 0
            caller: str | None = None
            marks: tuple[str, ...] = ()

        return Rang

    for said in ({}, {"how": "soft"}, {"long": 2}):
        before, after = Rang(at=MON, by=PHONE, key="1", **said), later()(at=MON, by=PHONE, key="1", **said)
        assert before.fingerprint == after.fingerprint
    assert later()(at=MON, by=PHONE, key="1", caller="c").fingerprint != Rang(at=MON, by=PHONE, key="1").fingerprint


def test_the_example_runs(capsys):
    own_workflow.main()
    assert capsys.readouterr().out == "2 OPEN 1\n"
    assert Message1.WAITING.value == Message2.OPEN.value

"""
The engine room: what `transitions` says a table means is what the compiled table does.

The traps named here were measured in that package: triggers nobody asked for, a queue per machine, a defaultdict that
reading corrupts, and machines that cannot be shared.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import attrs
import pytest
from tests.kit.small import (
    DAY,
    DESK,
    FEED,
    FRI,
    HOUR,
    LOANS,
    RULES,
    Broke,
    Checked,
    Lent,
    Loan,
    LoanFacts,
    Log,
    Returned,
    Wanted,
    lent,
    rulebook,
    wanted,
)
from transitions import Machine, MachineError

from carecoord import Acknowledged, LoopClosed, Noted, PatientDied, Reopened, advance, check, open_case, replay
from carecoord._machine import UNOPENED, Token, build, compiled, table_of
from carecoord.events import LOG_EVENTS
from carecoord.workflows.care_transition import CARE_TRANSITION


def chart_of(machine: Machine) -> dict[str, dict[str, list[tuple[str | None, int]]]]:
    """Write down all that a machine holds, without indexing anything."""
    return {
        name: {source: [(way.dest, len(way.conditions)) for way in ways] for source, ways in event.transitions.items()}
        for name, event in machine.events.items()
    }


def reference(machine: Machine, state: Loan | None, facts: Any, event: Any) -> tuple[bool, str]:
    """Let the stock machine decide, on a token that is thrown away."""
    token = Token(UNOPENED if state is None else state.name, facts, event)
    try:
        took = machine.events[type(event).__name__].trigger(token)
    except (KeyError, MachineError):
        took = False
    return took, token.state


# ---- the machine


def test_the_machine_has_no_trigger_that_nobody_asked_for():
    """By default every state gets a `to_STATE()` that skips the table."""
    assert not [name for name in build(LOANS).events if name.startswith("to_")]
    assert set(build(LOANS).events) <= {event.__name__ for event in LOANS.all_events}


def test_the_machine_is_a_stock_one_without_queue_or_model():
    machine = build(LOANS)
    assert type(machine) is Machine
    assert machine.models == []
    assert not machine.has_queue


def test_the_machine_has_one_way_for_each_state_of_each_row():
    machine = build(LOANS)
    ways = sum(len(ways) for event in machine.events.values() for ways in event.transitions.values())
    rows = [row for row in LOANS.all_moves if type(row).__name__ != "Otherwise"]
    assert ways == sum(len(row.states) for row in rows)


def test_what_speaks_of_the_log_moves_nothing():
    assert not {kind.__name__ for kind in LOG_EVENTS} & set(build(LOANS).events)


# ---- the table


def test_the_table_is_compiled_from_the_machine_and_from_nothing_else():
    """A way that only the machine knows is in the table; one that it lost is not."""
    machine = build(LOANS)
    machine.add_transition("Returned", "WANTED", "CALLED_OFF")
    machine.remove_transition("Checked")
    table = compiled(LOANS, machine)
    assert table.pick(Loan.WANTED, LoanFacts(), Returned(at=FRI, by=FEED, key="k")) == (True, Loan.CALLED_OFF)
    assert table.pick(Loan.WANTED, LoanFacts(), Checked(at=FRI, by=DESK, key="k")) == (False, Loan.WANTED)


EVENTS = [
    Wanted(at=FRI, by=FEED, key="k"),
    Checked(at=FRI, by=DESK, key="k"),
    Lent(at=FRI, by=DESK, key="k"),
    Broke(at=FRI, by=FEED, key="k"),
    Broke(at=FRI, by=FEED, key="k", about="grip"),
    Returned(at=FRI, by=FEED, key="k"),
    LoopClosed(at=FRI, by=DESK, key="k"),
    Reopened(at=FRI, by=DESK, key="k"),
    PatientDied(at=FRI, by=FEED, key="k"),
    Noted(at=FRI, by=DESK, key="k", text=""),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{type(event).__name__}-{event.about}")
@pytest.mark.parametrize("state", [None, *Loan], ids=str)
@pytest.mark.parametrize("facts", [LoanFacts(), LoanFacts(checked=True)], ids=["new", "checked"])
def test_the_table_picks_what_the_stock_machine_picks(state, facts, event):
    table = table_of(LOANS)
    fits, there = table.pick(state, facts, event)
    assert (fits, UNOPENED if there is None else there.name) == reference(table.machine, state, facts, event)


def test_a_table_is_made_once_for_a_workflow():
    assert table_of(LOANS) is table_of(LOANS)


def test_what_was_compiled_stays_behind_when_a_workflow_is_copied():
    table = table_of(LOANS)
    assert table_of(attrs.evolve(LOANS, version="2")) is not table
    assert table_of(LOANS) is table


# ---- reading


def test_a_journey_leaves_the_machine_as_it_was():
    """Indexing `event.transitions[state]` adds the state, and what raised before then returns False."""
    machine = table_of(LOANS).machine
    before = chart_of(machine)
    log = lent()
    for kind in (Wanted, Broke, Returned, PatientDied):
        log.say(kind, FRI + DAY)
    log.say(Acknowledged, FRI + DAY, clock="unexpected", about="Wanted-1")
    check(log.case, at=FRI + 99 * DAY)
    replay(LOANS, log.entries)
    assert chart_of(machine) == before
    assert "Returned" not in machine.get_triggers("WANTED")
    with pytest.raises(MachineError):
        machine.events["Returned"].trigger(Token("WANTED", LoanFacts(), EVENTS[5]))


def test_compiling_leaves_the_machine_as_it_was():
    machine = build(CARE_TRANSITION)
    before = chart_of(machine)
    compiled(CARE_TRANSITION, machine)
    assert chart_of(machine) == before


def test_picking_where_no_row_is_leaves_the_table_as_it_was():
    table = table_of(LOANS)
    before = repr([kind.rows for kind in table.kinds.values()])
    assert table.pick(Loan.CLOSED, LoanFacts(), EVENTS[0]) == (False, Loan.CLOSED)
    assert repr([kind.rows for kind in table.kinds.values()]) == before


def test_a_step_asks_the_machine_nothing():
    """`transitions` logs each trigger at INFO, which would cost more than the step."""
    heard: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = heard.append  # type: ignore[method-assign]
    logger = logging.getLogger("transitions")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        lent()
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert heard == []


# ---- threads


def journey(rules: Any, number: int) -> list[Any]:
    """Follow one of several cases of different lengths; number decides which."""
    log = Log(rules)
    log.open(Wanted(at=FRI + number * HOUR, by=FEED, key="w"), id=f"t-{number}")
    case = log.case
    for turn in range(number % 3 + 1):
        case = log.fast(Checked(at=FRI + (number + turn) * HOUR, by=DESK, key=f"c-{turn}")).case
    case = log.fast(Lent(at=FRI + 80 * HOUR, by=DESK, key="l")).case
    step = advance(rules, case, Returned(at=FRI + 90 * HOUR, by=FEED, key="r"))
    return [*log.steps, step, check(step.case, at=FRI + 90 * DAY)]


def test_eight_threads_share_one_rulebook():
    alone = [journey(rulebook(), number) for number in range(64)]
    together, start = rulebook(), Barrier(8)

    def run(worker: int) -> list[tuple[int, list[Any]]]:
        start.wait(timeout=30)
        return [(number, journey(together, number)) for number in range(64) if number % 8 == worker] * 3

    with ThreadPoolExecutor(8) as pool:
        for number, steps in (one for part in pool.map(run, range(8)) for one in part):
            assert steps == alone[number]


def test_eight_threads_may_all_be_the_first_to_run_a_workflow():
    fresh, start = attrs.evolve(LOANS, version="2"), Barrier(8)
    rules = attrs.evolve(RULES, workflow=fresh)

    def run(worker: int) -> Any:
        start.wait(timeout=30)
        return open_case(rules, Wanted(at=FRI, by=FEED, key="w"), id="t", subject="p", owner="o")

    with ThreadPoolExecutor(8) as pool:
        steps = list(pool.map(run, range(8)))
    assert steps == steps[:1] * 8


def test_a_case_is_not_changed_by_what_is_made_of_it():
    log = wanted()
    case, kept = log.case, repr(log.case)
    log.say(Checked, FRI + HOUR)
    check(case, at=FRI + 30 * DAY)
    assert repr(case) == kept

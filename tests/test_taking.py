"""
Taking events into a case: that one which comes last and one that is folded in are judged alike.

Each test is the smallest telling of something that chance once found.
"""

from datetime import UTC, datetime, timedelta

import pytest
from tests.kit import alphabet as abc
from tests.kit.random_rows import EVERYBODY
from tests.kit.stages import JULY

from carecoord import (
    Actor,
    Hours,
    Ladder,
    Limit,
    LimitTable,
    LoopClosed,
    Move,
    Noted,
    Otherwise,
    Refused,
    Retracted,
    Role,
    Rulebook,
    Rung,
    Stay,
    ToldAgain,
    Until,
    Where,
    Workflow,
    advance,
    catch_up,
    open_case,
    ours,
)
from carecoord.workflow import RESUME_BY

HOUR = timedelta(hours=1)
MON = datetime(2026, 7, 6, 15, tzinfo=UTC)
FEED, DESK = Actor(Role.SYSTEM, "feed"), Actor(Role.COORDINATOR, "u-1")
S = abc.STATES[3]

FLOW = Workflow(
    name="posting",
    version="1",
    states=S,
    facts=abc.Things,
    events=abc.LETTERS,
    moves=(
        Move(None, abc.Knocked, S.S0),
        Stay(S.S0, abc.Rang),
        Stay(S.S0, abc.Posted, given=Where(size=1)),
        Otherwise(S.S0, abc.Posted),
        Stay(S.S0, abc.Answered),
        Move(S.S0, abc.Left, S.S1),
        Move(S.S0, abc.Paid, S.S2),
    ),
    learn={abc.Rang: abc.take_size},
    closes={S.S0: S.S1},
    ends=frozenset({S.S1, S.S2, S[abc.SUPERSEDED], S[abc.ERROR]}),
)
TABLE = LimitTable(
    tuple(
        Limit(
            clock.name,
            Until("resume_by") if clock.name == RESUME_BY else Hours(24),
            Ladder((Rung(),), every=Hours(24)),
            source=ours("chance"),
        )
        for clock in FLOW.all_clocks
    ),
    calendar=JULY,
    version="1",
)
RULES = Rulebook(FLOW, timing=TABLE, default_queue="queue", staff=EVERYBODY)


class Told:
    """A case and its entries."""

    def __init__(self, rules, *events):
        self.rules = rules
        facts = rules.workflow.facts()
        self.step = open_case(rules, events[0], id="c", subject="p", owner="o", facts=facts)
        self.log = [self.step.entry]
        for event in events[1:]:
            self.then(event)

    def then(self, event):
        self.step = advance(self.rules, self.step.case, event, self.log)
        self.log += [self.step.entry] if self.step.entry else []
        return self

    @property
    def owed(self):
        return [(one.clock, one.item, one.round) for one in self.step.case.deadlines if one.clock != "look_again"]


def heard(kind, at, key, recorded_at=None, **said):
    by = FEED if kind.news else DESK
    return kind(at=MON + at * HOUR, recorded_at=MON + (recorded_at or at) * HOUR, key=key, by=by, **said)


def posted_in_vain():
    """At hour 2 something was posted that an event of hour 1 allowed; at hour 10 that event is taken back."""
    return Told(
        RULES,
        heard(abc.Knocked, 0, "k"),
        heard(abc.Rang, 1, "r", size=1),
        heard(abc.Posted, 2, "p", to="the office"),
        heard(Retracted, 10, "x", retracts="r"),
    )


# --- what comes last, and what does not -------------------------------------------------------


@pytest.mark.parametrize("beside", [(), (heard(Noted, 6, "n", text=""),)], ids=["last", "not last"])
def test_a_loop_closed_before_the_surprise_was_noticed_is_closed(beside):
    """Whether the closing is refused must not hang on a note beside it; the surprise begins at hour 10."""
    told = posted_in_vain()
    for event in beside:
        told.then(event)
    told.then(heard(LoopClosed, 5, "c", recorded_at=11))
    assert told.step.case.state is S.S1


@pytest.mark.parametrize("beside", [(), (heard(Noted, 16, "n", text=""),)], ids=["last", "not last"])
def test_somebody_told_again_before_the_second_surprise_is_to_be_told_again_once_more(beside):
    """The office is told again at hour 15 of the first letter; that the second is void comes out at hour 20."""
    told = posted_in_vain()
    told.then(heard(abc.Rang, 11, "r2", size=1))
    told.then(heard(abc.Posted, 12, "p2", to="the office"))
    told.then(heard(Retracted, 20, "x2", retracts="r2"))
    for event in beside:
        told.then(event)
    told.then(heard(ToldAgain, 15, "t", recorded_at=21, about="the office"))
    assert ("tell_again", "the office", 2) in told.owed


def test_surprises_noticed_at_one_moment_stand_in_one_order_however_they_came():
    """The order in which deadlines stand is part of the world, and a later fold puts it otherwise."""
    told = Told(RULES, heard(abc.Knocked, 0, "k"), heard(abc.Left, 1, "l"))
    told.then(heard(abc.Rang, 2, "b", recorded_at=5)).then(heard(abc.Rang, 3, "a", recorded_at=5))
    before = told.step.case.world
    told.then(heard(Retracted, 6, "x", retracts="nothing"))
    assert told.step.case.world == before


# --- catching up ----------------------------------------------------------------------------


def test_a_backlog_judges_each_act_by_those_that_happened_before_it():
    """An act that would overtake one already taken is refused, as it is when the acts are handed in one by one."""
    flow = Workflow(
        name="posting",
        version="1",
        states=S,
        facts=abc.Things,
        events=abc.LETTERS,
        moves=(
            Move(None, abc.Knocked, S.S0),
            Stay(S.S0, abc.Posted, given=Where(size=0)),
            Otherwise(S.S0, abc.Posted),
            Stay(S.S0, abc.Answered),
            Stay(S.S0, abc.Mended),
            Move(S.S0, abc.Left, S.S1),
            Move(S.S0, abc.Paid, S.S2),
        ),
        learn={abc.Answered: abc.take_size, abc.Mended: abc.take_size},
        closes={S.S0: S.S1},
        ends=frozenset({S.S1, S.S2, S[abc.SUPERSEDED], S[abc.ERROR]}),
    )
    rules = Rulebook(flow, timing=TABLE, default_queue="queue", staff=EVERYBODY)
    told = Told(rules, heard(abc.Knocked, 0, "k"), heard(abc.Posted, 9, "p"))
    one = heard(abc.Answered, 1, "a", recorded_at=20, size=1)
    two = heard(abc.Mended, 2, "m", recorded_at=20, size=0)
    with pytest.raises(Refused):
        told.then(one)
    caught = catch_up(rules, told.step.case, [one, two], told.log, at=MON + 20 * HOUR)
    assert [key for key, _ in caught.refused] == ["a"]


def test_a_backlog_judges_acts_before_the_opening_that_comes_with_them():
    """Nothing is open when the first act happens, whatever is handed in beside it; one by one it is refused."""
    flow = Workflow(
        name="posting",
        version="1",
        states=S,
        facts=abc.Things,
        events=abc.LETTERS,
        moves=(
            Move(None, abc.Posted, S.S0),
            Stay(S.S0, abc.Answered),
            Move(S.S0, abc.Left, S.S1),
            Move(S.S0, abc.Paid, S.S2),
        ),
        closes={S.S0: S.S1},
        ends=frozenset({S.S1, S.S2, S[abc.SUPERSEDED], S[abc.ERROR]}),
    )
    rules = Rulebook(flow, timing=TABLE, default_queue="queue", staff=EVERYBODY)
    told = Told(rules, heard(abc.Posted, 0, "p"), heard(Retracted, 1, "x", retracts="p"))
    answered = heard(abc.Answered, 2, "a", recorded_at=9)
    with pytest.raises(Refused):
        told.then(answered)
    caught = catch_up(
        rules, told.step.case, [answered, heard(abc.Posted, 3, "p2", recorded_at=9)], told.log, at=MON + 9 * HOUR
    )
    assert [key for key, _ in caught.refused] == ["a"]

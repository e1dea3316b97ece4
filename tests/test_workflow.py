"""
A workflow refuses to exist if its table has a hole, and says each hole in words.

The lamp below is sound; each test breaks it in one place.
"""

import copy
import pickle
from enum import Enum
from typing import Any

import attrs
import pytest
from attrs import frozen
from attrs.exceptions import FrozenInstanceError
from tests.kit.small import (
    FRI,
    HOUR,
    LOANS,
    RULES,
    Checked,
    L,
    Lent,
    Loan,
    Mended,
    Returned,
    Urged,
    Wanted,
    learn_urgency,
    wanted,
)
from tests.kit.small import MOVES as LOAN_MOVES

from carecoord import (
    Acknowledged,
    Act,
    Clock,
    ClosedByAdministration,
    ContactAttempted,
    EnteredInError,
    Event,
    Facts,
    Linked,
    LoopClosed,
    Migrated,
    MomentCorrected,
    Move,
    News,
    Noted,
    On,
    Otherwise,
    PatientDied,
    Refused,
    Reopened,
    Retimed,
    Retracted,
    Role,
    Said,
    Stay,
    SupersededBy,
    UnsoundWorkflow,
    Waived,
    Where,
    Workflow,
)
from carecoord.workflow import COMMON_CLOCKS
from carecoord.workflows.care_transition import CARE_TRANSITION


class Lamp(Enum):
    """Whether it burns."""

    ON = "it burns"
    OFF = "it is out for good"
    SUPERSEDED = "the same lamp as another"
    ENTERED_IN_ERROR = "there is no lamp"


class NoError(Enum):
    """A chart without the end that every chart has."""

    ON = "it burns"
    OFF = "it is out for good"


class Five(Enum):
    """A chart with two states more."""

    ON = "it burns"
    DIM = "it hardly burns"
    LOOP = "it goes on and on"
    OFF = "it is out for good"
    SUPERSEDED = "the same lamp as another"
    ENTERED_IN_ERROR = "there is no lamp"


@frozen(kw_only=True)
class Lit(News):
    """Somebody lit it."""


@frozen(kw_only=True)
class Blown(News):
    """The wind blew it out."""


@frozen(kw_only=True)
class Wiped(Act):
    """Somebody wiped the glass."""


@frozen(kw_only=True)
class Neither(Event):
    """Neither news nor an act."""


@frozen(kw_only=True)
class Stranger(News):
    """Of another workflow."""


def clean(facts: Facts, event: Event) -> bool:
    """the glass is clean"""
    return True


MOVES = (Move(None, Lit, Lamp.ON), Move(Lamp.ON, Blown, Lamp.OFF), Stay(Lamp.ON, Wiped))
LAMP: dict[str, Any] = {
    "name": "lamp",
    "version": "1",
    "states": Lamp,
    "facts": Facts,
    "events": (Lit, Blown, Wiped),
    "moves": MOVES,
    "closes": {},
    "ends": frozenset({Lamp.OFF, Lamp.SUPERSEDED, Lamp.ENTERED_IN_ERROR}),
}


def lamp(**instead: Any) -> Workflow[Any, Any]:
    return Workflow(**{**LAMP, **instead})


def holes(**instead: Any) -> tuple[str, ...]:
    with pytest.raises(UnsoundWorkflow) as refused:
        lamp(**instead)
    assert refused.value.workflow == "lamp"
    return refused.value.problems


def clock(**more: Any) -> tuple[Clock[Any], ...]:
    return (Clock(**{"name": "glow", "starts": (On(Lit),), "met_by": (On(Blown),), **more}),)


def test_the_lamp_is_sound():
    assert lamp().name == "lamp"


# ---- names


# fmt: off
NAMES = [
    ({"ends": frozenset({Lamp.OFF, Lamp.SUPERSEDED})}, "ENTERED_IN_ERROR is not among the ends"),
    ({"ends": frozenset({Lamp.OFF, Lamp.ENTERED_IN_ERROR})}, "SUPERSEDED is not among the ends"),
    ({"facts": str}, "str does not inherit Facts"),
    ({"events": (Lit, Blown, Wiped, Lit)}, "two events are called Lit"),
    ({"events": (Lit, Blown, Wiped, PatientDied)}, "two events are called PatientDied"),
    ({"events": (Lit, Blown, Wiped, Neither)}, "Neither is neither News nor an Act"),
    ({"moves": (*MOVES, Stay(Lamp.ON, Stranger))}, "a row is on Stranger, which the workflow does not list"),
    ({"moves": (*MOVES, Stay(Lamp.ON, Retracted))}, "a row is on Retracted, which speaks of the log and is not folded"),
    ({"learn": {Stranger: clean}}, "learn names Stranger, which the workflow does not list"),
    ({"clocks": clock() + clock()}, "two clocks are called 'glow'"),
    ({"clocks": clock(starts=(On(Stranger),))}, "clock 'glow' names Stranger, which the workflow does not list"),
    ({"clocks": clock(met_by=(On(Stranger),))}, "clock 'glow' names Stranger, which the workflow does not list"),
    ({"clocks": clock(excused_by=(On(Stranger),))}, "clock 'glow' names Stranger, which the workflow does not list"),
    ({"clocks": clock(dropped_by=(On(Stranger),))}, "clock 'glow' names Stranger, which the workflow does not list"),
    ({"waits_for": {Lamp.ON: ("luck",)}}, "ON waits for 'luck', which is no clock"),
]
# fmt: on


@pytest.mark.parametrize(("instead", "words"), NAMES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_name_that_does_not_fit_is_refused(instead, words):
    assert holes(**instead) == (words,)


def test_every_chart_has_the_end_of_a_case_that_never_was():
    instead = {"states": NoError, "moves": (Move(None, Lit, NoError.ON), Move(NoError.ON, Blown, NoError.OFF))}
    assert holes(**instead, ends=frozenset({NoError.OFF})) == (
        "there is no state ENTERED_IN_ERROR",
        "there is no state SUPERSEDED",
    )


WANTED = "<Loan.WANTED: 'somebody wants a pair and has not got it; waits for the desk'>"


@pytest.mark.parametrize(
    ("instead", "where"),
    [
        ({"moves": (*MOVES, Stay(Loan.WANTED, Blown))}, "a row on Blown"),
        ({"moves": (*MOVES, Move(Lamp.ON, PatientDied, Loan.WANTED))}, "a row on PatientDied"),
        ({"ends": LAMP["ends"] | {Loan.WANTED}}, "ends"),
        ({"closes": {Loan.WANTED: Lamp.OFF}}, "closes"),
        ({"closes": {Lamp.ON: Loan.WANTED}}, "closes"),
        ({"waits_for": {Loan.WANTED: ()}}, "waits_for"),
    ],
    ids=["from", "to", "ends", "closes from", "closes to", "waits_for"],
)
def test_a_state_of_another_workflow_is_refused(instead, where):
    """Type checkers do not see it: two Enums are both Enums."""
    assert holes(**instead) == (f"{where} names {WANTED}, which is no state of Lamp",)


def test_a_state_of_the_same_name_in_another_workflow_is_still_another():
    assert holes(moves=(*MOVES, Stay(NoError.ON, Urged)), events=(*LAMP["events"], Urged)) == (
        "a row on Urged names <NoError.ON: 'it burns'>, which is no state of Lamp",
    )


# ---- rows


def test_a_row_behind_one_that_always_holds_is_refused():
    shadowed = (*MOVES, Move(Lamp.ON, Blown, Lamp.ON, given=clean))
    assert holes(moves=shadowed) == (
        "ON on Blown: a row stands behind one that always holds, so nobody reads it",
        "ON on Blown: when no claim holds nothing is said; add a last row without a claim, or Otherwise",
    )


def test_two_rows_without_a_claim_are_refused():
    assert holes(moves=(*MOVES, Stay(Lamp.ON, Wiped))) == (
        "ON on Wiped: a row stands behind one that always holds, so nobody reads it",
    )


def test_a_group_of_claims_says_what_happens_when_none_holds():
    unsaid = (*MOVES[:2], Stay(Lamp.ON, Wiped, given=clean))
    assert holes(moves=unsaid) == (
        "ON on Wiped: when no claim holds nothing is said; add a last row without a claim, or Otherwise",
    )
    assert lamp(moves=(*unsaid, Otherwise(Lamp.ON, Wiped)))
    assert lamp(moves=(*unsaid, Stay(Lamp.ON, Wiped)))


def test_an_opening_says_what_happens_when_its_claim_does_not_hold():
    guarded = (Move(None, Lit, Lamp.ON, given=clean), *MOVES[1:])
    assert holes(moves=guarded) == (
        "an opening on Lit: when no claim holds nothing is said; add a last row without a claim, or Otherwise",
    )


def test_otherwise_alone_closes_nothing():
    assert holes(moves=(*MOVES, Otherwise(Lamp.OFF, Wiped))) == (
        "OFF on Wiped: Otherwise closes a group, and there is none",
    )


# ---- ways


def test_a_case_must_be_able_to_begin():
    assert holes(moves=MOVES[1:]) == ("no event opens a case",)


FIVE: dict[str, Any] = {
    "states": Five,
    "moves": (Move(None, Lit, Five.ON), Move(Five.ON, Blown, Five.OFF)),
    "ends": frozenset({Five.OFF, Five.SUPERSEDED, Five.ENTERED_IN_ERROR}),
}


def test_a_state_that_nobody_reaches_and_one_that_nobody_leaves_are_refused():
    assert holes(**FIVE) == (
        "DIM cannot be reached",
        "LOOP cannot be reached",
        "DIM is open and cannot reach an end",
        "LOOP is open and cannot reach an end",
    )


def test_entering_a_case_in_error_is_no_honest_way_to_an_end():
    moves = (
        *FIVE["moves"],
        Move(Five.ON, Wiped, Five.DIM),
        Move(Five.DIM, Wiped, Five.LOOP),
        Move(Five.LOOP, Wiped, Five.DIM),
    )
    assert holes(**{**FIVE, "moves": moves}) == (
        "DIM is open and cannot reach an end",
        "LOOP is open and cannot reach an end",
    )


def test_closing_is_a_way_to_an_end():
    instead = {"moves": (Move(None, Lit, Lamp.ON), Stay(Lamp.ON, Wiped)), "closes": {Lamp.ON: Lamp.OFF}}
    assert lamp(**instead).rows(Lamp.ON, LoopClosed)[0].to is Lamp.OFF


def test_an_end_has_no_way_out_unless_somebody_means_it():
    again = (*MOVES, Move(Lamp.OFF, Lit, Lamp.ON))
    assert holes(moves=again) == ("OFF is an end and Lit leads out of it; say reopens=True if that is meant",)
    assert lamp(moves=(*MOVES, Move(Lamp.OFF, Lit, Lamp.ON, reopens=True)))


@pytest.mark.parametrize(
    ("closes", "words"),
    [
        ({Lamp.OFF: Lamp.OFF}, "closes leads from OFF to OFF; it must lead from an open state to an end"),
        ({Lamp.ON: Lamp.ON}, "closes leads from ON to ON; it must lead from an open state to an end"),
    ],
    ids=str,
)
def test_closing_leads_from_an_open_state_to_an_end(closes, words):
    assert words in holes(closes=closes)


# ---- clocks


@pytest.mark.parametrize(
    ("clocks", "waits_for", "words"),
    [
        (clock(starts=()), {}, "clock 'glow' never starts"),
        (clock(met_by=(), closing=True), {}, "closing depends on clock 'glow', which can never be met"),
        (clock(met_by=(On(Lit),), closing=True), {}, "closing depends on clock 'glow', which can never be met"),
        (clock(starts=(On(Blown),)), {Lamp.ON: ("glow",)}, "ON waits for 'glow', which cannot be running there"),
        (clock(), {Lamp.OFF: ("glow",)}, "OFF waits for 'glow', which cannot be running there"),
    ],
    ids=["no start", "no end", "met only before it starts", "starts only at the end", "ended at the end"],
)
def test_a_clock_that_cannot_do_what_it_is_for_is_refused(clocks, waits_for, words):
    assert words in holes(clocks=clocks, waits_for=waits_for)


def test_a_clock_that_outlives_an_end_may_be_waited_for_there():
    assert lamp(
        clocks=clock(starts=(On(Blown),), met_by=(On(Acknowledged),), outlives=True), waits_for={Lamp.OFF: ("glow",)}
    )


@pytest.mark.parametrize(
    "more", [{"waivable_by": (Role.OWNER,)}, {"reaches_patient": True}, {"ends_with_death": True}], ids=str
)
def test_being_let_go_is_not_being_met(more):
    words = "closing depends on clock 'glow', which can never be met"
    assert words in holes(clocks=clock(met_by=(), closing=True, **more))


# ---- all at once


def test_all_holes_are_named_at_once():
    assert holes(
        moves=(*MOVES[1:], Move(Lamp.OFF, Blown, Lamp.ON)), clocks=clock(starts=()), closes={Lamp.ON: Lamp.ON}
    ) == (
        "no event opens a case",
        "OFF is an end and Blown leads out of it; say reopens=True if that is meant",
        "closes leads from ON to ON; it must lead from an open state to an end",
        "clock 'glow' never starts",
    )


def test_names_are_mended_before_ways_are_walked():
    """A walk over names that do not exist would only name their consequences."""
    assert holes(moves=(), learn={Stranger: clean}) == ("learn names Stranger, which the workflow does not list",)


def test_the_sentence_names_the_workflow_and_each_hole():
    with pytest.raises(UnsoundWorkflow) as refused:
        lamp(moves=MOVES[1:])
    assert str(refused.value) == "workflow 'lamp' is unsound: no event opens a case"


# ---- what a sound one says


def test_what_no_row_says_is_the_default_of_its_kind():
    """News is unexpected and an act is refused: neither needs a row."""
    assert lamp().rows(Lamp.OFF, Blown) == ()


def test_a_case_may_be_entered_in_error_from_everywhere_once():
    for state in (Lamp.ON, Lamp.OFF):
        assert [row.to for row in lamp().rows(state, EnteredInError)] == [Lamp.ENTERED_IN_ERROR]
    assert lamp().rows(Lamp.ENTERED_IN_ERROR, EnteredInError) == ()


def test_a_case_that_never_was_is_not_reopened():
    """Whoever erred takes the entry back: then it is where it was, and not at some beginning."""
    assert lamp().rows(Lamp.ENTERED_IN_ERROR, Reopened) == ()


@pytest.mark.parametrize(
    "event", [Acknowledged, ContactAttempted, Linked, Noted, Waived, PatientDied], ids=lambda e: e.__name__
)
def test_common_events_are_taken_where_a_case_stands(event):
    for state in Lamp:
        assert [type(row) for row in lamp().rows(state, event)] == [Stay]


def test_a_row_of_ones_own_goes_before_the_common_one():
    own = Move(Lamp.ON, PatientDied, Lamp.OFF)
    assert lamp(moves=(*MOVES, own)).rows(Lamp.ON, PatientDied) == (own,)


def test_a_clock_of_ones_own_goes_before_the_common_one():
    own = Clock[Facts](name="wrap_up", starts=(On(PatientDied),), met_by=(On(Blown),))
    assert lamp(clocks=(own,)).clock("wrap_up") is own
    assert [one.name for one in lamp(clocks=(own,)).all_clocks].count("wrap_up") == 1


def test_every_workflow_has_the_common_clocks():
    assert lamp().all_clocks == COMMON_CLOCKS
    with pytest.raises(KeyError):
        lamp().clock("luck")


def test_the_order_within_a_moment_is_news_then_acts_then_what_closes():
    order = lamp(events=(Wiped, Blown, Lit)).order()
    news = [event for event in order if event.news]
    assert list(order[: len(news)]) == news
    assert order[:2] == (Blown, Lit)  # its own news in the declared order, before the common ones
    assert order.index(Wiped) < order.index(Acknowledged)
    last = (EnteredInError, LoopClosed, ClosedByAdministration, SupersededBy, Reopened, Retimed, Migrated)
    assert order[-7:] == last


def test_the_order_knows_every_event_once():
    assert sorted(e.__name__ for e in LOANS.order()) == sorted(e.__name__ for e in LOANS.all_events)


def test_an_event_teaches_the_common_lesson_before_its_own():
    def also(facts: Facts, event: Event) -> Facts:
        return facts

    assert len(lamp(learn={Linked: also}).learning(Linked)) == 2
    assert lamp(learn={Linked: also}).learning(Linked)[1] is also
    assert lamp().learning(MomentCorrected) == ()


def test_the_opening_events_are_named_once_each_in_order():
    assert LOANS.opening_events == (Wanted, Lent)


# ---- as a value


def test_a_workflow_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        LOANS.version = "2"  # type: ignore[misc]


def test_a_changed_copy_is_checked_anew():
    assert attrs.evolve(LOANS, version="2").version == "2"
    with pytest.raises(UnsoundWorkflow):
        attrs.evolve(LOANS, ends=frozenset({Loan.ENTERED_IN_ERROR}))


@pytest.mark.parametrize("workflow", [LOANS, CARE_TRANSITION, lamp()], ids=lambda w: w.name)
@pytest.mark.parametrize(
    "again",
    [lambda w: pickle.loads(pickle.dumps(w)), copy.deepcopy, copy.copy],
    ids=["pickled", "deepcopied", "copied"],
)
def test_a_workflow_survives_pickling_and_copying(workflow, again):
    twin = again(workflow)
    for f in attrs.fields(Workflow):
        if f.name != "compiled":
            assert getattr(twin, f.name) == getattr(workflow, f.name)


def test_a_workflow_that_was_made_again_serves_the_cases_of_the_first():
    twin = pickle.loads(pickle.dumps(LOANS))
    assert twin.rows(Loan.WANTED, Checked) == LOANS.rows(Loan.WANTED, Checked)
    assert twin.learning(Urged) == (learn_urgency,)


def test_two_workflows_are_the_same_only_if_they_are_one():
    assert lamp() != lamp()


def test_claims_and_comparisons_are_both_guards():
    guarded = (
        *MOVES[:2],
        Stay(Lamp.ON, Wiped, given=Where(links=())),
        Stay(Lamp.ON, Wiped, given=Said(about="x")),
        Stay(Lamp.ON, Wiped),
    )
    assert len(lamp(moves=guarded).rows(Lamp.ON, Wiped)) == 3


# ---- a clock that takes the place of a common one

FOLLOWS = next(clock for clock in COMMON_CLOCKS if clock.name == "follow_up")


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        ({"starts": (On(Blown),)}, "LinkedCaseEnded does not start it"),
        ({"closing": False}, "closing does not depend on it"),
        ({"outlives": False}, "it ends with the case"),
        ({"optional": True}, "a practice may do without it"),
        ({"reaches_patient": True}, "it can end with UnableToReach"),
        ({"waivable_by": (Role.CLINICIAN, Role.MANAGER)}, "MANAGER may waive it"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_replaces_a_common_clock_asks_no_less(instead, why):
    own = attrs.evolve(FOLLOWS, **instead)
    assert f"clock 'follow_up' replaces a common one and is milder: {why}" in holes(clocks=(own,))


def test_a_workflow_says_what_is_to_be_followed_up_beside_what_comes_back():
    own = attrs.evolve(FOLLOWS, starts=(On(Blown), *FOLLOWS.starts), waivable_by=())
    assert lamp(clocks=(own,)).clock("follow_up") is own


# ---- what may end any case


def test_every_open_state_may_be_closed_by_administration_to_where_its_loop_closes():
    assert {
        state.name: row.to for row in LOANS.all_moves for state in row.states if row.on is ClosedByAdministration
    } == {
        "WANTED": Loan.CLOSED,
        "LENT": Loan.CLOSED,
    }


def test_where_no_loop_is_closed_administration_closes_none():
    assert not [row for row in lamp().all_moves if row.on is ClosedByAdministration]


def test_a_workflow_may_say_otherwise_where_a_duplicate_or_an_old_case_leads():
    rows = (Move(Lamp.ON, SupersededBy, Lamp.OFF), Move(Lamp.ON, ClosedByAdministration, Lamp.OFF))
    own = lamp(moves=(*MOVES, *rows))
    assert [row.to for row in own.rows(Lamp.ON, SupersededBy)] == [Lamp.OFF]
    assert [row.to for row in own.rows(Lamp.ON, ClosedByAdministration)] == [Lamp.OFF]


def test_what_may_end_any_case_is_no_way_to_an_end():
    words = holes(moves=(Move(None, Lit, Lamp.ON), Stay(Lamp.ON, Blown)))
    assert "ON is open and cannot reach an end" in words


def test_a_duplicate_leads_nowhere():
    assert {row.to for row in LOANS.all_moves if Loan.SUPERSEDED in row.states} == {None, Loan.ENTERED_IN_ERROR}


# ---- rows and claims that say nothing


LENT_ROWS = (*(row for row in LOAN_MOVES if row.on is not Lent), Move(None, Lent, L.LENT))


def unsound(**instead: Any) -> tuple[str, ...]:
    with pytest.raises(UnsoundWorkflow) as refused:
        attrs.evolve(LOANS, **instead)
    return refused.value.problems


def test_a_claim_about_a_fact_that_does_not_exist_is_refused_with_the_workflow():
    """Otherwise it would be an AttributeError when a patient's news comes."""
    assert unsound(
        moves=(*LENT_ROWS, Move(L.WANTED, Lent, L.LENT, given=Where(chekked=True)), Otherwise(L.WANTED, Lent))
    )


def test_a_row_behind_one_with_the_same_claim_is_refused():
    """The second would never be tried."""
    same = (Move(L.WANTED, Lent, to, given=Where(checked=True)) for to in (L.LENT, L.CALLED_OFF))
    assert unsound(moves=(*LENT_ROWS, *same, Otherwise(L.WANTED, Lent)))


def test_nobody_can_stay_where_no_case_is():
    """It would open a case that stands nowhere."""
    assert unsound(moves=(*LOAN_MOVES, Stay(None, Returned)))


def test_a_row_without_states_is_refused():
    assert unsound(moves=(*LOAN_MOVES, Stay((), Wanted)))


@pytest.mark.parametrize(
    "instead",
    [
        {"learn": {**LOANS.learn, Retracted: lambda facts, event: facts}},
        {"clocks": (*LOANS.clocks, Clock(name="x", starts=(On(Retracted),), met_by=(On(Mended),)))},
    ],
    ids=["learn", "clock"],
)
def test_nothing_hangs_on_an_event_that_is_not_folded(instead):
    assert unsound(**instead)


def test_a_claim_that_fails_has_words():
    def dry(facts: Facts, event: News) -> bool:
        return False

    flow = attrs.evolve(LOANS, moves=(*LENT_ROWS, Move(L.WANTED, Lent, L.LENT, given=dry), Otherwise(L.WANTED, Lent)))
    with pytest.raises(Refused) as refused:
        wanted(rules=attrs.evolve(RULES, workflow=flow)).say(Lent, FRI + HOUR)
    assert "" not in refused.value.claims


# ---- a strict profile

CITED: dict[str, Any] = {
    "moves": (
        Move(None, Lit, Lamp.ON),
        Stay(Lamp.ON, Lit, source="the fire brigade; our own habit"),
        Move(Lamp.ON, Blown, Lamp.OFF, given=clean, source="our own habit; the fire brigade"),
        Stay(Lamp.ON, Blown),
        Stay(Lamp.ON, Wiped, source="ours, against the fire brigade"),
    ),
    "clocks": (*clock(), *clock(name="shine", met_by=(On(Wiped),), starts=(On(Wiped),), closing=True)),
    "waits_for": {Lamp.ON: ("glow", "shine")},
}


def test_a_profile_keeps_the_openings_and_the_rows_that_cite_its_source():
    strict = lamp(**CITED).only(source="the fire brigade")
    rows = [row for row in strict.moves if not isinstance(row, Otherwise)]
    assert [row.on for row in rows] == [Lit, Lit, Blown]
    other = [row.on for row in lamp(**CITED).only(source="our own").moves if not isinstance(row, Otherwise)]
    assert other == [Lit, Lit, Blown]


def test_a_profile_closes_a_group_whose_last_row_claims_something():
    strict = lamp(**CITED).only(source="the fire brigade")
    assert [type(row) for row in strict.rows(Lamp.ON, Blown)] == [Move, Otherwise]


def test_a_profile_keeps_the_clocks_that_can_begin_and_be_met_in_it():
    strict = lamp(**CITED).only(source="the fire brigade")
    assert ([one.name for one in strict.clocks], strict.waits_for) == (["glow"], {Lamp.ON: ("glow",)})


def test_a_state_out_of_which_a_profile_leads_no_row_is_an_end_there():
    moves = (Move(None, Lit, Lamp.ON, source="x"), Move(Lamp.ON, Blown, Lamp.OFF))
    strict = lamp(moves=moves, events=(Lit, Blown)).only(source="x")
    assert strict.ends == set(Lamp)


def test_a_profile_has_a_name_of_its_own_and_survives_pickling():
    strict = pickle.loads(pickle.dumps(lamp(**CITED).only(source="the fire brigade")))
    assert (strict.name, strict.profile) == ("lamp, only the fire brigade", "the fire brigade")


def test_a_profile_of_an_unknown_source_is_refused():
    with pytest.raises(UnsoundWorkflow, match="no row cites 'nobody'"):
        lamp(**CITED).only(source="nobody")


def test_a_profile_out_of_which_no_end_can_be_reached_is_refused():
    moves = (Move(None, Lit, Lamp.ON), Stay(Lamp.ON, Lit, source="x"), Move(Lamp.ON, Blown, Lamp.OFF))
    with pytest.raises(UnsoundWorkflow, match="ON is open and cannot reach an end"):
        lamp(moves=moves, events=(Lit, Blown)).only(source="x")

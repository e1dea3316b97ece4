"""
What a host may add to a workflow without editing it, and what it has to say when it does.

The desk that lends crutches lends them for a trial as well: a state, an event, a fact and a clock of its own. The
office is in Boise; FRI is a Friday afternoon.
"""

import pickle
from enum import Enum
from typing import Any

import pytest
from attrs import evolve, field, frozen
from hypothesis import given, settings
from tests.kit.journeys import Journey, play
from tests.kit.random_journeys import journeys
from tests.kit.small import (
    CLOCKS,
    DAY,
    FRI,
    HOUR,
    LOANS,
    ROWS,
    STAFF,
    STEPS,
    WHY,
    Broke,
    Called,
    CalledOff,
    Checked,
    Lent,
    Loan,
    LoanFacts,
    Log,
    Lost,
    Mended,
    Returned,
    Thanked,
    Urged,
    Wanted,
    table,
)
from tests.kit.stages import transition_stages

from carecoord import (
    Act,
    BusinessDays,
    Clock,
    Facts,
    Limit,
    LoopClosed,
    Move,
    On,
    Otherwise,
    Refused,
    Retracted,
    Rulebook,
    Stay,
    UnsoundWorkflow,
    Workflow,
    WrongRulebook,
    advance,
    replay,
)
from carecoord.codec import Codec
from carecoord.describe import workflow_table
from carecoord.workflows.care_transition import CARE_TRANSITION, TransitionState, carried_over


class OurLoan(Enum):
    """The desk's states, and one of our own."""

    WANTED = "somebody wants a pair"
    ON_TRIAL = "the patient tries it; waits for a decision"
    LENT = "the patient has it"
    CLOSED = "it is back"
    CALLED_OFF = "nobody wants it"
    SUPERSEDED = "a duplicate"
    ENTERED_IN_ERROR = "never was"


@frozen(kw_only=True)
class OurFacts(LoanFacts):
    """What is known of a loan, and how the trial went."""

    liked: bool = False
    words: str = field(default="", repr=False)


@frozen(kw_only=True)
class Tried(Act):
    """The desk let the patient try it."""


@frozen(kw_only=True)
class Liked(Act):
    """The patient keeps it."""


@frozen(kw_only=True)
class Inspected(Act):
    """The desk looked at the pair."""


def learn_liking(facts: OurFacts, _: Liked) -> OurFacts:
    return facts.but(liked=True)


S = OurLoan
NEW_IN_OURS = (Wanted, CalledOff, Urged, Broke, Lost, Returned, Called, Checked, Mended, Thanked)
DECIDED = (
    Move(S.WANTED, Tried, S.ON_TRIAL),
    Otherwise((S.LENT, S.CLOSED, S.CALLED_OFF), Tried),
    Stay(S.ON_TRIAL, Tried),
    Move(S.ON_TRIAL, Liked, S.LENT),
    Otherwise((S.WANTED, S.LENT, S.CLOSED, S.CALLED_OFF), Liked),
    Otherwise(S.ON_TRIAL, Lent),
    *(Otherwise[OurLoan, OurFacts](S.ON_TRIAL, event) for event in NEW_IN_OURS if event is not CalledOff),
    Move(S.ON_TRIAL, CalledOff, S.CALLED_OFF),
)
DECIDE = Clock[OurFacts](
    name="decide", says="the patient says whether they keep it", starts=(On(Tried),), met_by=(On(Liked),)
)


def ours(**changes: Any) -> Workflow[Any, Any]:
    made_of: dict[str, Any] = {
        "version": "1+trial",
        "states": OurLoan,
        "facts": OurFacts,
        "events": (Tried, Liked),
        "moves": DECIDED,
        "learn": {Liked: learn_liking},
        "clocks": (DECIDE,),
        "waits_for": {S.ON_TRIAL: ("decide",)},
        **changes,
    }
    return LOANS.extend(**made_of)


OURS = ours()


def rules_for(workflow: Workflow[Any, Any], *more: Limit) -> Rulebook[Any, Any]:
    return Rulebook(workflow, timing=table((*ROWS, *more)), default_queue="front-desk", staff=STAFF)


RULES = rules_for(OURS, Limit("decide", BusinessDays(2), STEPS, source=WHY))


def tried() -> Log:
    log = Log(RULES)
    log.say(Wanted, FRI, key="wanted")
    log.say(Tried, FRI + HOUR, key="tried")
    return log


# --- it runs --------------------------------------------------------------------------------


def test_a_case_goes_through_our_state_and_on_through_those_of_the_base():
    log = tried()
    assert log.case.state is S.ON_TRIAL
    assert ("decide", "") in log.owed
    log.say(Liked, FRI + DAY)
    assert log.case.state is S.LENT
    assert log.case.facts.liked
    log.say(Returned, FRI + 2 * DAY)
    assert log.ended("decide").how.done


def test_rows_of_the_base_work_under_our_states():
    """Guards, stays, closing and ends are those of the base, by the names of its states."""
    log = Log(RULES)
    log.say(Wanted, FRI)
    with pytest.raises(Refused) as refused:
        log.say(Lent, FRI + HOUR)
    assert refused.value.claims == ("checked is True",)
    log.say(Checked, FRI + HOUR)
    log.say(Lent, FRI + 2 * HOUR)
    log.say(Returned, FRI + DAY)
    log.say(LoopClosed, FRI + 2 * DAY)
    assert log.case.state is S.CLOSED


def test_a_late_word_is_put_in_its_place_among_ours_as_well():
    log = tried()
    log.say(Liked, FRI + DAY, key="liked")
    log.say(Retracted, FRI + 2 * DAY, retracts="liked")
    assert log.case.state is S.ON_TRIAL
    assert replay(OURS, log.entries)[-1].case == log.case


def test_our_facts_are_what_the_base_knows_and_more():
    log = tried()
    assert type(log.case.facts) is OurFacts
    assert (log.case.facts.note, log.case.facts.liked) == ("", False)


def test_what_is_left_to_the_default_is_refused_or_unexpected():
    log = tried()
    with pytest.raises(Refused):
        log.say(Lent, FRI + 2 * HOUR)
    log.say(Returned, FRI + 3 * HOUR, key="back")
    assert ("unexpected", "back") in log.owed


def test_a_case_of_the_base_does_not_run_under_the_extension_unasked():
    log = Log()
    log.say(Wanted, FRI)
    with pytest.raises(WrongRulebook):
        advance(RULES, log.case, log.make(Checked, FRI + HOUR))


def test_an_extension_is_written_and_read_and_pickles():
    log = tried()
    codec = Codec(OURS)
    assert codec.load_case(codec.dumps(log.case)) == log.case
    again = pickle.loads(pickle.dumps(ours(learn={Checked: learn_liking, Liked: learn_liking}, moves=DECIDED)))
    assert again.version == "1+trial"
    assert {move.on for move in again.moves} == {move.on for move in OURS.moves}


def test_an_extension_is_printed_like_any_workflow():
    said = workflow_table(OURS)
    assert "ON_TRIAL" in said
    assert "decide" in said


def test_the_base_is_as_it_was():
    ours()
    assert LOANS.states is Loan
    assert (LOANS.version, LOANS.clocks) == ("1", CLOCKS)
    assert all(isinstance(state, Loan) for move in LOANS.moves for state in move.states if state is not None)


# --- only an event, only a clock ------------------------------------------------------------


def test_a_clock_alone_needs_no_states_and_no_rows():
    look_over = Clock[LoanFacts](
        name="look_over", says="the desk looks the pair over", starts=(On(Lent),), met_by=(On(Checked),)
    )
    more = LOANS.extend(version="1+look", clocks=(look_over,))
    log = Log(rules_for(more, Limit("look_over", BusinessDays(1), STEPS, source=WHY)))
    log.say(Lent, FRI)
    assert ("look_over", "") in log.owed
    assert log.case.state is Loan.LENT


def test_a_clock_of_the_same_name_replaces_that_of_the_base():
    slow = evolve(next(clock for clock in CLOCKS if clock.name == "thank"), says="the desk writes a card")
    more = LOANS.extend(version="1+card", clocks=(slow,))
    assert more.clock("thank").says == "the desk writes a card"
    assert len(more.clocks) == len(CLOCKS)


def test_an_event_alone_is_decided_in_each_state():
    rows = (Stay(Loan.LENT, Inspected), Otherwise((Loan.WANTED, Loan.CLOSED, Loan.CALLED_OFF), Inspected))
    more = LOANS.extend(version="1+inspect", events=(Inspected,), moves=rows)
    log = Log(rules_for(more))
    log.say(Lent, FRI)
    log.say(Inspected, FRI + HOUR)
    assert log.case.state is Loan.LENT
    assert more.order().index(Inspected) > more.order().index(Thanked)


def test_a_row_with_a_claim_stands_before_those_of_the_base():
    """Who knows better in some cases says so; in all others the base decides."""

    def is_a_loan_for_a_day(_: LoanFacts, event: Returned) -> bool:
        """it is for a day"""
        return event.about == "day"

    more = LOANS.extend(version="1+day", moves=(Move(Loan.LENT, Returned, Loan.CALLED_OFF, given=is_a_loan_for_a_day),))
    log = Log(rules_for(more))
    log.say(Lent, FRI)
    log.say(Returned, FRI + HOUR, about="day")
    assert log.case.state is Loan.CALLED_OFF
    other = Log(rules_for(more))
    other.say(Lent, FRI)
    other.say(Returned, FRI + HOUR)
    assert other.case.state is Loan.LENT


def test_what_an_event_teaches_comes_behind_what_it_taught_already():
    def forget_the_pair(facts: LoanFacts, _: Checked) -> LoanFacts:
        return facts.but(pair=f"{facts.pair}!")

    log = Log(rules_for(LOANS.extend(version="1+!", learn={Checked: forget_the_pair})))
    log.say(Wanted, FRI)
    log.say(Checked, FRI + HOUR, pair="p-1")
    assert log.case.facts.checked
    assert log.case.facts.pair == "p-1!"


# --- what is not decided --------------------------------------------------------------------


def problems(**changes: Any) -> tuple[str, ...]:
    with pytest.raises(UnsoundWorkflow) as unsound:
        ours(**changes)
    return unsound.value.problems


def test_a_state_that_is_not_repeated_is_named():
    short = Enum("Short", {state.name: state.value for state in OurLoan if state is not S.CLOSED})
    assert problems(states=short) == ("Short lacks CLOSED: it repeats every state of Loan",)


def test_each_event_of_the_base_has_to_be_decided_in_a_new_state():
    rows = tuple(row for row in DECIDED if row.on is not Returned)
    assert problems(moves=rows) == (
        "ON_TRIAL on Returned: it is new, and nobody has decided it; Otherwise(...) leaves it unexpected",
    )


def test_each_new_event_has_to_be_decided_in_each_state():
    rows = tuple(row for row in DECIDED if row.on is not Liked)
    assert problems(moves=rows) == tuple(
        f"{name} on Liked: it is new, and nobody has decided it; Otherwise(...) refuses it"
        for name in ("WANTED", "ON_TRIAL", "LENT", "CLOSED", "CALLED_OFF")
    )


def test_what_never_was_needs_no_decision():
    assert not [move for move in OURS.moves if S.ENTERED_IN_ERROR in move.states]


def test_facts_that_know_less_than_the_base_are_refused():
    assert problems(facts=Facts) == ("Facts does not inherit LoanFacts, which the rows of the base read",)


def test_a_row_that_hides_one_of_the_base_is_refused():
    """What the base decided stays decided, unless a claim says when not."""
    hides = problems(moves=(*DECIDED, Move(S.WANTED, CalledOff, S.CLOSED)))
    assert hides == ("WANTED on CalledOff: a row stands behind one that always holds, so nobody reads it",)


def test_states_of_the_base_are_none_of_ours():
    assert all("is no state of OurLoan" in wrong for wrong in problems(closes={Loan.LENT: Loan.CLOSED}))


def test_a_new_state_with_no_way_out_is_refused():
    rows = (*(row for row in DECIDED if not (row.on in (Liked, CalledOff) and S.ON_TRIAL in row.states)),)
    stays = (Stay(S.ON_TRIAL, Liked), Stay(S.ON_TRIAL, CalledOff))
    assert "ON_TRIAL is open and cannot reach an end" in problems(moves=(*rows, *stays))


# --- care transition ------------------------------------------------------------------------

SAME = Enum("SAME", {state.name: state.value for state in TransitionState}, module=__name__)  # type: ignore[misc]
REPEATED = CARE_TRANSITION.extend(version="1", states=SAME, facts=CARE_TRANSITION.facts)


@given(journeys(transition_stages()))
@settings(max_examples=max(10, settings().max_examples // 4))
def test_care_transition_under_states_of_ones_own_is_care_transition(journey: Journey):
    """The same facts, duties, effects, entries and refusals, and a state of the same name."""
    editions = tuple(evolve(rules, workflow=REPEATED) for rules in journey.stage.editions)
    base, other = play(journey), play(evolve(journey, stage=evolve(journey.stage, editions=editions)))
    for one, two in zip(base.shots, other.shots, strict=True):
        assert two.case.state.name == one.case.state.name
        assert evolve(two.case.world, state=one.case.state) == one.case.world
        assert (two.effects, two.refusal) == (one.effects, one.refusal)
        assert two.entry == one.entry
        assert carried_over(two.case) == carried_over(one.case)


def test_the_example_is_care_transition_with_the_family_in_it(capsys):
    from examples import own_states

    own_states.main()
    assert capsys.readouterr().out.splitlines()[-5:] == [
        "WITH_FAMILY, with c-7",
        "  contact due Sat 11 Jul, 2 business days",
        "  ask_family due Tue 14 Jul, 3 business days",
        "WITH_FAMILY, with c-7",
        "DISCHARGED, with nobody we know of",
    ]

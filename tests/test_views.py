"""
Looking at cases: what they expect, why they stand as they stand, and what is to be done first. Nothing moves.

The desk of `tests.kit.small`: wanted on Friday 12 July 2024 at 15:00 in Boise, due when Tuesday the 16th ends.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.kit.small import (
    BOSS,
    DAY,
    DESK,
    FEED,
    FRI,
    HOUR,
    LOANS,
    NAIVE,
    STEPS,
    TUE_ENDS,
    WHY,
    Broke,
    CalledOff,
    Checked,
    Lent,
    LoanFacts,
    Log,
    Returned,
    Wanted,
    failing,
    lent,
    rulebook,
    wanted,
)

from carecoord import (
    AlarmUndelivered,
    BusinessDays,
    CalendarDays,
    ClosedByAdministration,
    Duty,
    EnteredInError,
    Expectation,
    ForeignEvent,
    HandoverAccepted,
    Limit,
    LoopClosed,
    NaiveMoment,
    Noted,
    Refused,
    Reopened,
    Retracted,
    Role,
    Urgency,
    Waived,
    WrongRulebook,
    expects,
    explain,
    stands,
    to_columns,
    worklist,
)
from carecoord.events import DOOR_EVENTS, LOG_EVENTS
from carecoord.views import COLUMNS
from carecoord.workflows.care_transition import CARE_TRANSITION, Admitted


def expected(log: Log, kind: Any) -> Expectation:
    return next(one for one in expects(LOANS, log.case) if one.event == kind.__name__)


# ---- what a case expects


def test_every_event_that_may_be_handed_in_is_listed_once_but_those_about_the_log():
    named = [one.event for one in expects(LOANS, wanted().case)]
    assert named == [kind.__name__ for kind in LOANS.all_events if kind not in (*LOG_EVENTS, *DOOR_EVENTS)]


def test_what_is_taken_says_where_it_leads():
    assert expected(wanted(), CalledOff) == Expectation("CalledOff", True, True, (("", "CALLED_OFF"),), ())
    assert expected(wanted(), Checked) == Expectation("Checked", False, True, (("", "WANTED"),), ())


def test_a_claim_about_what_is_known_is_answered():
    assert expected(wanted(), Lent) == Expectation("Lent", False, False, (), ("checked is True",))
    log = wanted()
    log.say(Checked, FRI + HOUR)
    assert expected(log, Lent) == Expectation("Lent", False, True, (("", "LENT"),), ())


def test_a_claim_about_what_an_event_says_is_left_open():
    assert expected(lent(), Broke) == Expectation("Broke", True, None, (("the part has a name", "LENT"),), ())


def test_what_no_row_takes_says_so():
    assert expected(wanted(), Returned) == Expectation("Returned", True, False, (), ())


def test_closing_says_what_stands_in_its_way():
    assert expected(lent(), LoopClosed) == Expectation("LoopClosed", False, False, (), ("'give_back' is settled",))
    log = lent()
    log.say(Returned, FRI + DAY)
    assert expected(log, LoopClosed).takes is True


def test_what_closing_depends_on_is_named_once_however_often_it_is_owed():
    log = lent()
    for part in ("grip", "foot"):
        log.say(Broke, FRI + 3 * HOUR, about=part)
    assert expected(log, LoopClosed).claims == ("'give_back' is settled", "'mend' is settled")


def test_closing_from_where_it_does_not_lead_is_simply_not_taken():
    assert expected(wanted(), LoopClosed) == Expectation("LoopClosed", False, False, (), ())


NOW = [
    (Checked(at=FRI, by=DESK, key="k"), True, (("", "WANTED"),), ()),
    (Lent(at=FRI, by=DESK, key="k"), False, (), ("checked is True",)),
    (Returned(at=FRI, by=FEED, key="k"), False, (), ()),
    (EnteredInError(at=FRI, by=DESK, key="k"), True, (("", "ENTERED_IN_ERROR"),), ()),
    (Waived(at=FRI, by=BOSS, key="k", clock="lend", reason=""), True, (("", "WANTED"),), ()),
    (
        Waived(at=FRI, by=DESK, key="k", clock="lend", reason=""),
        False,
        (("", "WANTED"),),
        ("the actor may waive 'lend': OWNER or SUPERVISOR may",),
    ),
]


@pytest.mark.parametrize(("event", "takes", "ways", "claims"), NOW, ids=lambda value: type(value).__name__)
def test_one_event_is_judged_as_if_it_came_now(event, takes, ways, claims):
    assert expects(LOANS, wanted().case, event) == (Expectation(type(event).__name__, event.news, takes, ways, claims),)


@pytest.mark.parametrize("kind", [Checked, Lent, Reopened, LoopClosed, Noted], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("made", [wanted, lent], ids=["wanted", "lent"])
def test_what_is_expected_is_what_the_door_does(made, kind):
    log = made()
    event = log.make(kind, FRI + 5 * HOUR, **({"text": ""} if kind is Noted else {}))
    said = expects(LOANS, log.case, event)[0]
    if said.takes:
        log.fast(event)
        return
    with pytest.raises(Refused) as refused:
        log.fast(event)
    assert refused.value.claims == said.claims


def test_asking_changes_nothing():
    log = lent()
    before = repr(log.case)
    expects(LOANS, log.case)
    explain(log.case, at=FRI + 99 * DAY)
    worklist([log.case], at=FRI + 99 * DAY)
    assert repr(log.case) == before


# ---- why it stands as it stands


def test_a_duty_says_everything_that_is_known_about_it():
    log = wanted()
    log.look(TUE_ENDS + DAY)
    assert explain(log.case, at=TUE_ENDS + DAY + HOUR)[0] == Duty(
        clock="lend",
        item="",
        round=1,
        started_at=FRI.astimezone(UTC),
        opens_at=None,
        due_at=TUE_ENDS,
        missed=True,
        overdue_by=25 * HOUR,
        told=(Role.COORDINATOR, Role.SUPERVISOR),
        next_at=TUE_ENDS + 2 * DAY,
        unit="2 business days",
        row="rows-1#lend",
        provisional=False,
        key="wanted",
    )


def test_what_is_not_due_yet_is_overdue_by_nothing():
    duty = explain(wanted().case, at=TUE_ENDS - HOUR)[0]
    assert (duty.missed, duty.overdue_by, duty.told, duty.next_at) == (False, timedelta(0), (), TUE_ENDS)


def test_at_the_due_moment_it_is_missed_and_overdue_by_nothing():
    duty = explain(wanted().case, at=TUE_ENDS)[0]
    assert (duty.missed, duty.overdue_by) == (True, timedelta(0))


def test_duties_are_listed_by_when_they_are_due():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    due = [duty.due_at for duty in explain(log.case, at=FRI + DAY)]
    assert due == sorted(due)
    assert [duty.clock for duty in explain(log.case, at=FRI + DAY)] == ["mend", "call", "look_again", "give_back"]


def test_a_stopgap_says_that_it_is_one():
    duty = explain(wanted(rules=failing("lend")).case, at=FRI)[0]
    assert (duty.provisional, duty.row, duty.unit) == (True, "fail-safe", "24 hours")


def test_a_duty_says_when_it_opens():
    log = wanted(rules=rulebook(Limit("lend", CalendarDays(7), STEPS, source=WHY, opens=CalendarDays(1))))
    assert explain(log.case, at=FRI)[0].opens_at == datetime(2024, 7, 13, 6, tzinfo=UTC)


# ---- what is to be done first


def several() -> list[Any]:
    """Four cases: one overdue, one urgent, two like each other."""
    cases = []
    for name, at, urgency in (
        ("d", FRI, Urgency.ROUTINE),
        ("c", FRI, Urgency.ROUTINE),
        ("b", FRI + DAY, Urgency.STAT),
        ("a", FRI - 7 * DAY, Urgency.ROUTINE),
    ):
        log = Log(rulebook(Limit("lend", BusinessDays(2), STEPS, source=WHY)))
        log.open(log.make(Wanted, at), id=name, facts=LoanFacts(urgency=urgency))
        cases.append(log.case)
    return cases


def test_overdue_comes_before_urgent_and_urgent_before_due():
    lines = worklist(several(), at=FRI + DAY)
    assert [(one.case_id, one.duty.missed, one.urgency.name) for one in lines] == [
        ("a", True, "ROUTINE"),
        ("b", False, "STAT"),
        ("c", False, "ROUTINE"),
        ("d", False, "ROUTINE"),
    ]


def test_the_order_does_not_depend_on_the_order_of_the_cases():
    assert worklist(several()[::-1], at=FRI + DAY) == worklist(several(), at=FRI + DAY)


def test_a_line_says_whose_it_is_and_where_the_case_stands():
    line = worklist([wanted().case], at=FRI)[0]
    assert (line.case_id, line.workflow, line.state, line.owner) == ("t", "loan", "WANTED", "dr-1")
    assert line.duty == explain(wanted().case, at=FRI)[0]


def test_a_silent_case_is_listed_once_somebody_ought_to_have_looked():
    case = wanted().case
    assert [one.duty.clock for one in worklist([case], at=FRI + 13 * DAY)] == ["lend"]
    assert [one.duty.clock for one in worklist([case], at=FRI + 14 * DAY)] == ["lend", "look_again"]


def test_no_cases_are_no_work():
    assert worklist([], at=FRI) == ()


@pytest.mark.parametrize("view", [explain, lambda case, at: worklist([case], at=at)], ids=["explain", "worklist"])
def test_a_view_takes_no_naive_moment(view):
    with pytest.raises(NaiveMoment):
        view(wanted().case, at=NAIVE)


def test_a_view_takes_a_moment_as_people_write_it():
    assert explain(wanted().case, at="2024-07-17T00:00-06:00")[0].missed


# ---- columns


def test_the_columns_of_cases_are_plain_lists():
    ended = lent()
    ended.say(Returned, FRI + DAY)
    ended.say(LoopClosed, FRI + 2 * DAY)
    assert to_columns([wanted().case, ended.case]) == {
        "id": ["t", "t"],
        "workflow": ["loan", "loan"],
        "version": ["1", "1"],
        "state": ["WANTED", "CLOSED"],
        "owner": ["dr-1", "dr-1"],
        "urgency": ["ROUTINE", "ROUTINE"],
        "next_check": [TUE_ENDS, None],
        "earliest_due": [TUE_ENDS, None],
        "policy_version": ["rows-1", "rows-1"],
        "seq": [1, 5],
    }


def test_no_cases_are_empty_columns():
    assert to_columns([]) == {name: [] for name in COLUMNS}


def test_the_columns_stand_in_their_documented_order():
    assert tuple(to_columns([wanted().case])) == COLUMNS


def test_the_look_at_a_silent_case_is_no_duty_towards_the_patient():
    log = wanted()
    log.say(Waived, FRI + HOUR, by=BOSS, clock="lend", reason="")
    columns = to_columns([log.case])
    assert columns["earliest_due"] == [None]
    assert columns["next_check"] == [FRI + 14 * DAY + HOUR]


def test_cases_come_from_any_iterable():
    assert to_columns(iter([wanted().case]))["id"] == ["t"]
    assert len(worklist(iter([wanted().case]), at=FRI)) == 1


# ---- is it still so


def test_what_was_told_stands_until_something_changes():
    log = wanted()
    log.look(TUE_ENDS)
    assert all(stands(log.case, effect) for step in log.steps for effect in step.effects)


def test_a_reminder_of_what_was_done_meanwhile_goes_nowhere():
    log = wanted()
    log.say(Checked, FRI + HOUR)
    told = log.look(TUE_ENDS).effects
    log.say(Lent, TUE_ENDS + HOUR)
    assert not any(stands(log.case, effect) for effect in told)


def test_a_move_stands_while_the_case_is_there():
    log = wanted()
    moved = log.steps[0].effects[0]
    assert stands(log.case, moved)
    log.say(CalledOff, FRI + HOUR)
    assert not stands(log.case, moved)


def test_readiness_stands_until_something_is_owed_again():
    log = lent()
    ready = log.say(Returned, FRI + DAY).effects[-1]
    assert stands(log.case, ready)
    log.say(Broke, FRI + 2 * DAY, about="grip")
    assert not stands(log.case, ready)


def test_an_ending_stands_until_it_is_taken_back():
    log = lent()
    settled = log.steps[2].effects[1]
    assert stands(log.case, settled)
    log.say(Retracted, FRI + DAY, retracts="lent")
    assert not stands(log.case, settled)


def test_a_date_stands_until_another_is_set():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip", key="b")
    first = log.steps[-1].effects[0]
    assert stands(log.case, first)
    log.say(Retracted, FRI + 4 * HOUR, retracts="b", key="off")
    assert not stands(log.case, first)
    again = log.say(Retracted, FRI + 5 * HOUR, retracts="off").effects[0]
    assert stands(log.case, again)
    assert not stands(log.case, first)  # of another revision


def test_standing_down_stands_until_the_duty_is_told_of_again():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip", key="b")
    down = log.say(Retracted, FRI + 4 * HOUR, retracts="b", key="off").effects[0]
    assert down.kind == "stood-down"
    assert stands(log.case, down)
    log.say(Retracted, FRI + 5 * HOUR, retracts="off")
    assert not stands(log.case, down)


def test_an_alarm_in_the_queue_stands_as_its_duty_does():
    log = wanted()
    log.look(TUE_ENDS + 2 * DAY)
    queued = log.say(AlarmUndelivered, TUE_ENDS + 2 * DAY + HOUR, clock="lend", rung=2).effects[0]
    assert queued.queue == "front-desk"
    assert stands(log.case, queued)


@pytest.mark.parametrize("kind", [HandoverAccepted, ClosedByAdministration, Waived], ids=lambda kind: kind.__name__)
def test_whether_an_act_that_claims_something_fits_only_the_act_can_show(kind):
    assert expected(lent(), kind).takes is None


# ---- cases of another workflow


def test_an_event_that_no_case_can_expect_is_foreign():
    with pytest.raises(ForeignEvent):
        expects(LOANS, wanted().case, Admitted(at=FRI, by=FEED, key="k"))


def test_a_case_is_looked_at_under_its_own_workflow():
    with pytest.raises(WrongRulebook):
        expects(CARE_TRANSITION, wanted().case)

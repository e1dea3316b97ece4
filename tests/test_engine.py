"""
The doors that change a case: what they take, what they refuse, and what a refusal leaves as it was.

The desk of `tests.kit.small` lends crutches: wanted on Friday 12 July 2024 at 15:00 in Boise, checked at 16:00, lent at
17:00. What effects say in detail is `test_telling`'s; the laws over all orders of hearing are `test_laws`'.
"""

from collections.abc import Callable
from datetime import UTC, date, timedelta
from typing import Any

import attrs
import pytest
from tests.kit.small import (
    BOSS,
    DAY,
    DESK,
    FEED,
    FRI,
    HOUR,
    LOANS,
    MIN,
    MOVES,
    NAIVE,
    RULES,
    STEPS,
    TUE_ENDS,
    TWO_TRIES,
    WHY,
    Broke,
    Broken,
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
    failing,
    kinds,
    lent,
    midnight,
    rulebook,
    wanted,
)

from carecoord import (
    Acknowledged,
    CalendarDays,
    Day,
    DeadlineSet,
    EnteredInError,
    Entry,
    Event,
    Facts,
    ForeignEvent,
    HistoryIncomplete,
    HistoryNeeded,
    Hours,
    How,
    KeyReused,
    Limit,
    Link,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    MomentCorrected,
    Move,
    Moved,
    NaiveMoment,
    NoLimit,
    Noted,
    On,
    Otherwise,
    PatientDied,
    Refused,
    Reopened,
    Retracted,
    Role,
    ToldAgain,
    Urgency,
    Waived,
    Where,
    WrongRulebook,
    advance,
    catch_up,
    check,
    next_check,
    open_case,
    replay,
)
from carecoord._log import is_known
from carecoord.tables import Only
from carecoord.workflows.care_transition import CARE_TRANSITION, Admitted

L = Loan


def the_part_or_the_only_one(facts: LoanFacts, event: Event) -> Only:
    """the part, or the only one"""
    return Only((event.about or "",))


def back(log: Log) -> Log:
    """The pair comes back on Saturday, and nothing that closing depends on is owed."""
    log.say(Returned, FRI + DAY, key="returned")
    return log


def closed() -> Log:
    log = back(lent())
    log.say(LoopClosed, FRI + 2 * DAY, key="closed")
    return log


# ---- opening


def test_a_case_opens_with_its_first_event():
    log = wanted()
    case = log.case
    assert (case.id, case.subject, case.workflow, case.version) == ("t", "p-1", "loan", "1")
    assert (case.state, case.owner, case.seq) == (L.WANTED, "dr-1", 1)
    assert kinds(log.steps[0].effects) == ("moved", "deadline-set")
    assert log.steps[0].effects[0] == Moved("t", 1, None, "WANTED")


def test_what_was_known_beforehand_decides_from_the_first_event_on():
    log = Log()
    log.open(log.make(Wanted, FRI), facts=LoanFacts(urgency=Urgency.URGENT))
    assert log.deadline("lend").due_at == FRI + DAY


def test_a_case_can_be_overdue_at_birth():
    step = wanted(recorded_at=TUE_ENDS).steps[0]
    assert kinds(step.effects) == ("moved", "deadline-set", "deadline-missed", "escalated")


def test_an_act_may_open_a_case():
    log = Log()
    log.say(Lent, FRI)
    assert log.case.state is L.LENT


@pytest.mark.parametrize("kind", [Checked, Returned, LoopClosed], ids=lambda kind: kind.__name__)
def test_an_event_that_opens_no_case_is_refused(kind):
    with pytest.raises(Refused) as refused:
        Log().say(kind, FRI)
    assert refused.value == Refused("t", "loan", "not open", kind.__name__, (), ("Wanted", "Lent"))


def test_an_event_of_another_workflow_opens_no_case():
    with pytest.raises(ForeignEvent) as refused:
        Log().open(Admitted(at=FRI, by=FEED, key="k"))
    assert refused.value == ForeignEvent("loan", "Admitted")


def test_a_case_begins_where_the_earliest_opening_stands_whichever_was_heard_first():
    log = Log()
    log.say(Lent, FRI + 2 * HOUR)
    log.say(Wanted, FRI, recorded_at=FRI + 3 * HOUR, key="wanted")
    log.say(Checked, FRI + HOUR, recorded_at=FRI + 4 * HOUR)
    assert log.case.state is L.LENT
    assert log.ended("lend").started_at == FRI


def test_what_lies_before_the_opening_is_applied_right_after_it():
    log = wanted()
    log.say(Urged, FRI - HOUR, urgency=Urgency.STAT)
    assert log.case.facts.urgency is Urgency.STAT
    assert log.case.first[0] == FRI


# ---- keys


@pytest.mark.parametrize(
    "event",
    [
        Wanted(at=FRI, by=FEED, key="wanted"),
        Wanted(at=FRI, by=FEED, key="wanted", recorded_at=FRI + 9 * DAY),
    ],
    ids=["the same", "recorded again later"],
)
def test_a_repeated_event_changes_nothing_and_says_nothing(event):
    log = wanted()
    step = advance(RULES, log.case, event)
    assert step.case is log.case
    assert (step.effects, step.entry) == ((), None)


def test_a_repeated_event_that_was_cut_is_known_by_what_it_claimed():
    log = wanted()
    ahead = Broke(at=FRI + 2 * DAY, recorded_at=FRI + DAY, by=FEED, key="ahead", about="grip")
    log.take(ahead)
    assert log.take(ahead).entry is None


def test_a_repeated_retraction_changes_nothing():
    log = lent()
    event = Retracted(at=FRI + 3 * HOUR, by=DESK, key="back", retracts="lent")
    log.take(event)
    assert log.fast(event).entry is None


@pytest.mark.parametrize(
    "other",
    [
        Wanted(at=FRI + MIN, by=FEED, key="wanted"),
        Wanted(at=FRI, by=DESK, key="wanted"),
        Wanted(at=FRI, by=FEED, key="wanted", about="a pair"),
        Wanted(at=FRI, by=FEED, key="wanted", words="large"),
        Wanted(at=FRI, by=FEED, key="wanted", needed_by=FRI + DAY),
        Urged(at=FRI, by=FEED, key="wanted", urgency=Urgency.STAT),
        Retracted(at=FRI, by=FEED, key="wanted", retracts="x"),
    ],
    ids=["moment", "actor", "about", "words", "field", "kind", "log"],
)
def test_a_key_with_other_content_is_refused_loudly(other):
    log = wanted()
    case = log.case
    with pytest.raises(KeyReused) as refused:
        advance(RULES, case, other)
    assert refused.value == KeyReused("t", "wanted")


def test_a_repeat_is_known_whatever_the_order_of_a_set():
    log = wanted()
    log.say(Checked, FRI + HOUR, key="c", marks=frozenset({"a", "b", "c"}), parts=("x", "y"))
    step = log.say(Checked, FRI + HOUR, key="c", marks=frozenset({"c", "b", "a"}), parts=("x", "y"))
    assert step.entry is None
    with pytest.raises(KeyReused):
        log.say(Checked, FRI + HOUR, key="c", marks=frozenset({"a", "b", "c"}), parts=("y", "x"))


def test_a_key_is_known_only_where_a_record_begins():
    """Records are of one length; one that seems to lie across two of them is none."""
    log = wanted()
    event = log.make(Checked, FRI + HOUR)
    half = event.fingerprint[:6]
    case = attrs.evolve(log.case, digest=half + event.fingerprint + half)
    assert not is_known(case, event, event.fingerprint)


def test_a_key_that_was_refused_may_be_used_again():
    log = wanted()
    with pytest.raises(Refused):
        log.say(Lent, FRI + HOUR, key="k")
    log.say(Checked, FRI + HOUR, key="k")
    assert log.case.seq == 2


def test_two_cases_may_use_the_same_keys():
    log = wanted()
    log.open(Wanted(at=FRI, by=FEED, key="wanted", about="another"), id="u")
    assert log.case.id == "u"


# ---- history


NEED_HISTORY = {
    "late news": Urged(at=FRI + 30 * MIN, by=FEED, key="late", urgency=Urgency.STAT),
    "a late act": Noted(at=FRI + 30 * MIN, by=DESK, key="late", text=""),
    "a retraction": Retracted(at=FRI + 9 * HOUR, by=DESK, key="late", retracts="lent"),
    "a correction": MomentCorrected(at=FRI + 9 * HOUR, by=DESK, key="late", corrects="lent", moment=FRI + 3 * HOUR),
    "an earlier opening": Wanted(at=FRI - HOUR, by=FEED, key="late"),
    "a retraction of what never came": Retracted(at=FRI + 9 * HOUR, by=DESK, key="late", retracts="nothing"),
}


@pytest.mark.parametrize("event", NEED_HISTORY.values(), ids=NEED_HISTORY)
def test_what_belongs_among_what_was_taken_needs_the_history_before_anything_changes(event):
    log = lent()
    with pytest.raises(HistoryNeeded) as refused:
        advance(RULES, log.case, event)
    assert refused.value == HistoryNeeded("t", type(event).__name__, "late")
    assert log.take(event).case.seq == 4


def test_what_comes_last_never_needs_the_history():
    log = wanted()
    for kind, hours in ((Checked, 1), (Lent, 2), (Broke, 3), (Returned, 5)):
        log.fast(log.make(kind, FRI + hours * HOUR))
    assert log.case.state is L.LENT


def test_an_event_whose_key_was_retracted_before_it_came_needs_the_history_and_never_was():
    log = lent()
    log.say(Retracted, FRI + 3 * HOUR, retracts="soon")
    soon = Returned(at=FRI + 4 * HOUR, by=FEED, key="soon")
    with pytest.raises(HistoryNeeded):
        advance(RULES, log.case, soon)
    log.take(soon)
    assert ("give_back", "") in log.owed


LATE = Urged(at=FRI + 30 * MIN, by=FEED, key="late", urgency=Urgency.STAT)


NOT_WHOLE = [
    (lambda entries: entries[:-1], 3, 2),
    (lambda entries: entries[1:], 3, 2),
    (lambda entries: [*entries, entries[-1]], 3, 4),
    (lambda entries: [entries[0], entries[2], entries[1]], 3, 3),
    (lambda entries: [entries[1], entries[0], entries[2]], 3, 3),
    (lambda entries: [entries[0], entries[1], entries[1]], 3, 3),
    (
        lambda entries: [
            *entries[:2],
            attrs.evolve(entries[2], events=(attrs.evolve(entries[2].events[0], told="x"),)),
        ],
        3,
        3,
    ),
    (lambda entries: closed().entries[:3][::-1], 3, 3),
]


@pytest.mark.parametrize(
    ("damage", "wanted_", "found"),
    NOT_WHOLE,
    ids=[
        "without the last",
        "without the first",
        "one twice",
        "reordered",
        "opening not first",
        "one for another",
        "changed",
        "reversed",
    ],
)
def test_a_history_that_is_not_whole_is_refused(damage, wanted_, found):
    log = lent()
    with pytest.raises(HistoryIncomplete) as refused:
        advance(RULES, log.case, LATE, damage(log.entries))
    assert refused.value == HistoryIncomplete("t", wanted_, found)


def test_the_history_of_another_case_is_refused_though_it_says_the_same():
    log, other = lent(), Log()
    other.open(log.entries[0].events[0], id="u")
    for entry in log.entries[1:]:
        other.take(entry.events[0])
    with pytest.raises(HistoryIncomplete) as refused:
        advance(RULES, log.case, LATE, other.entries)
    assert refused.value == HistoryIncomplete("t", 3, 3)


def test_entries_of_mere_looking_are_part_of_a_history():
    log = lent()
    log.look(FRI + 30 * DAY)
    assert log.entries[-1].events == ()
    assert log.take(LATE).case.seq == 4


def test_to_a_fold_it_is_all_one_where_the_looks_stand():
    """A look decides nothing: it is in the digest no more than in the world."""
    log = lent()
    log.look(FRI + 30 * DAY)
    log.look(FRI + 60 * DAY)
    *events, early, late = log.entries
    steps = [advance(RULES, log.case, LATE, history) for history in (log.entries, events, [*events, late, early])]
    steps.append(advance(RULES, log.case, LATE, [events[0], early, late, *events[1:]]))
    assert all(step == steps[0] for step in steps)


def test_a_replay_that_lacks_a_look_is_told_by_the_case_that_was_kept():
    """What was told follows from the looks, so a replay needs them: who audits holds its end against the case."""
    log = lent()
    log.look(FRI + 30 * DAY)
    assert replay(LOANS, log.entries)[-1].case == log.case
    without = replay(LOANS, log.entries[:-1])[-1].case
    assert (without.world, without.book == log.case.book) == (log.case.world, False)


# ---- late news


def test_late_news_is_put_where_it_belongs():
    log = wanted()
    log.say(Returned, FRI + 5 * HOUR, key="r")  # nobody knew that it had been lent
    assert ("unexpected", "r") in log.owed
    log.say(Checked, FRI + HOUR, recorded_at=FRI + 6 * HOUR)
    log.say(Lent, FRI + 2 * HOUR, recorded_at=FRI + 6 * HOUR)
    assert log.case.state is L.LENT
    assert log.ended("give_back").how is How.MET
    assert ("unexpected", "r") not in log.owed


def test_late_news_before_the_closing_opens_the_case_again():
    log = closed()
    step = log.say(Broke, FRI + DAY + HOUR, recorded_at=FRI + 3 * DAY, about="grip")
    assert log.case.state is L.LENT
    assert step.effects[0] == Moved("t", 6, "CLOSED", "LENT", by_correction=True)
    assert ("mend", "grip") in log.owed
    assert ("overtaken", "closed") in log.owed


def test_a_retraction_takes_an_event_back_with_all_that_followed_from_it():
    log = lent()
    log.say(Retracted, FRI + 3 * HOUR, retracts="lent")
    assert log.case.world.state is L.WANTED
    assert log.owed == (("lend", ""),)
    assert log.case.settled == ()


def test_a_retraction_can_be_retracted():
    log = lent()
    before = log.case.world
    log.say(Retracted, FRI + 3 * HOUR, retracts="lent", key="off")
    log.say(Retracted, FRI + 4 * HOUR, retracts="off")
    assert log.case.world == before


def test_a_case_whose_opening_was_taken_back_never_was():
    log = lent()
    log.say(Retracted, FRI + 3 * HOUR, retracts="wanted")
    log.say(Retracted, FRI + 3 * HOUR, retracts="lent")
    assert log.case.state is L.ENTERED_IN_ERROR
    assert not [clock for clock, _ in log.owed if clock not in ("overtaken", "unexpected")]


def test_where_another_event_can_open_the_case_it_goes_on():
    log = Log()
    log.say(Wanted, FRI, key="wanted")
    log.say(CalledOff, FRI + HOUR, key="off")
    log.say(Wanted, FRI + 2 * HOUR, key="again")
    log.say(Retracted, FRI + 3 * HOUR, retracts="wanted")
    assert log.case.state is L.CALLED_OFF  # opened by the second; what lay before it comes right after


def test_a_corrected_moment_moves_an_event_among_the_others():
    log = lent()
    log.say(MomentCorrected, FRI + 3 * HOUR, corrects="lent", moment=FRI + HOUR + 30 * MIN)
    assert log.ended("lend").at == FRI + HOUR + 30 * MIN


def test_of_several_corrections_the_one_made_last_counts():
    log = lent()
    log.say(MomentCorrected, FRI + 4 * HOUR, corrects="lent", moment=FRI + 90 * MIN)
    log.say(MomentCorrected, FRI + 3 * HOUR, corrects="lent", moment=FRI + 100 * MIN, recorded_at=FRI + 5 * HOUR)
    assert log.ended("lend").at == FRI + 90 * MIN


def test_a_correction_can_be_retracted():
    log = lent()
    before = log.case.world
    log.say(MomentCorrected, FRI + 3 * HOUR, corrects="lent", moment=FRI + 90 * MIN, key="moved")
    log.say(Retracted, FRI + 4 * HOUR, retracts="moved")
    assert log.case.world == before


def test_no_correction_puts_an_event_after_it_was_made():
    log = lent()
    log.say(MomentCorrected, FRI + 3 * HOUR, corrects="lent", moment=FRI + 9 * DAY)
    assert log.ended("lend").at == FRI + 3 * HOUR


def test_within_one_moment_news_goes_before_acts_and_closing_comes_last():
    """Three events of one moment, handed in the other way round."""
    log = back(lent())
    at = FRI + 2 * DAY
    log.say(LoopClosed, at, key="closed")
    log.say(Thanked, at)
    log.say(Broke, at, about="grip")
    assert log.case.state is L.LENT
    assert log.ended("thank").how is How.MET
    assert ("overtaken", "closed") in log.owed


# ---- acts


def test_an_act_without_a_row_is_refused_with_what_would_be_taken():
    with pytest.raises(Refused) as refused:
        wanted().say(Thanked, FRI + HOUR)
    assert refused.value == Refused("t", "loan", "WANTED", "Thanked", (), ("Checked", "Lent"))


def test_an_act_whose_claim_fails_is_refused_with_the_claim():
    with pytest.raises(Refused) as refused:
        wanted().say(Lent, FRI + HOUR)
    assert refused.value.claims == ("checked is True",)


def test_closing_is_refused_while_something_that_it_depends_on_is_owed():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    with pytest.raises(Refused) as refused:
        log.say(LoopClosed, FRI + DAY)
    assert refused.value.claims == ("'give_back' is settled", "'mend' is settled")


def test_a_late_act_is_judged_where_it_stands():
    log = lent()
    with pytest.raises(Refused) as refused:
        log.say(Thanked, FRI + 30 * MIN, recorded_at=FRI + 5 * HOUR)
    assert refused.value.state == "WANTED"


def test_a_late_act_that_fits_is_taken():
    log = lent()
    log.say(Checked, FRI + 30 * MIN, recorded_at=FRI + 5 * HOUR, pair="n-7")
    assert log.case.facts.pair == "n-7"


def test_a_late_act_that_would_overtake_one_that_was_taken_is_refused_and_names_it():
    log = back(lent())
    log.say(Thanked, FRI + 3 * DAY, key="thanks")
    with pytest.raises(Refused) as refused:
        log.say(LoopClosed, FRI + 2 * DAY, recorded_at=FRI + 4 * DAY)
    assert refused.value == Refused("t", "loan", "LENT", "LoopClosed", overtakes=("thanks",))


def test_late_news_may_overtake_an_act_and_somebody_is_asked_to_look():
    log = lent()
    log.say(CalledOff, FRI + 30 * MIN, recorded_at=FRI + 3 * HOUR)
    assert log.case.state is L.CALLED_OFF
    assert ("overtaken", "lent") in log.owed
    assert ("overtaken", "checked") in log.owed


def test_an_overtaken_act_does_nothing_until_it_fits_again():
    log = lent()
    before = log.case.world
    log.say(CalledOff, FRI + 30 * MIN, recorded_at=FRI + 3 * HOUR, key="off")
    assert not log.case.facts.checked
    log.say(Retracted, FRI + 4 * HOUR, retracts="off")
    assert log.case.world == before


def test_who_was_told_by_an_overtaken_act_is_told_again():
    log = lent(told="pat")
    log.say(CalledOff, FRI + 30 * MIN, recorded_at=FRI + 3 * HOUR)
    assert ("tell_again", "pat") in log.owed
    log.say(ToldAgain, FRI + 4 * HOUR, about="pat")
    assert log.ended("tell_again", "pat").how is How.MET


def test_what_counts_from_noticing_counts_from_the_call_in_which_it_was_noticed():
    log = lent()
    log.say(CalledOff, FRI + 30 * MIN, recorded_at=FRI + 3 * DAY)
    overtaken = log.deadline("overtaken", "lent")
    assert overtaken.started_at == FRI + 3 * DAY
    assert overtaken.due_at == TUE_ENDS  # Monday the 15th and one business day more
    log.say(Noted, FRI + 10 * MIN, recorded_at=FRI + 9 * DAY, text="")
    assert log.deadline("overtaken", "lent") == overtaken


# ---- news


def test_news_that_no_row_takes_is_kept_and_somebody_is_asked_to_look():
    log = wanted()
    step = log.say(Wanted, FRI + HOUR, key="again", words="two pairs")
    assert (log.case.state, log.case.facts.note) == (L.WANTED, "two pairs")
    assert ("unexpected", "again") in log.owed
    assert kinds(step.effects) == ("deadline-set",)


def test_news_that_no_row_takes_starts_and_settles_nothing():
    log = wanted()
    log.say(Returned, FRI + HOUR)
    assert ("thank", "") not in log.owed
    assert log.case.settled == ()


def test_acknowledging_settles_the_surprise_it_names():
    log = wanted()
    log.say(Wanted, FRI + HOUR, key="again")
    log.say(Wanted, FRI + HOUR, key="and again")
    log.say(Acknowledged, FRI + 2 * HOUR, clock="unexpected", about="again")
    assert log.owed == (("lend", ""), ("unexpected", "and again"))
    assert log.ended("unexpected", "again").how is How.MET


def test_an_acknowledgement_from_before_the_surprise_was_noticed_settles_nothing():
    log = wanted()
    log.say(Wanted, FRI + HOUR, recorded_at=FRI + 3 * HOUR, key="again")
    log.say(Acknowledged, FRI + 2 * HOUR, clock="unexpected", about="again")
    assert ("unexpected", "again") in log.owed


def test_a_surprise_that_is_explained_later_is_stood_down():
    log = wanted()
    log.say(Returned, FRI + 5 * HOUR, key="r")
    log.say(Checked, FRI + HOUR, recorded_at=FRI + 6 * HOUR)
    step = log.say(Lent, FRI + 2 * HOUR, recorded_at=FRI + 6 * HOUR)
    assert ("unexpected", "r") not in log.owed
    assert "stood-down" in kinds(step.effects)


def test_a_common_event_may_teach_a_workflow_something_of_its_own():
    def also(facts: LoanFacts, event: Linked) -> LoanFacts:
        return facts.but(pair=f"{facts.links[-1].case} has it")

    log = wanted(rules=attrs.evolve(RULES, workflow=attrs.evolve(LOANS, learn={Linked: also})))
    log.say(Linked, FRI + HOUR, case="r-2")
    assert (log.case.facts.links, log.case.facts.pair) == ((Link("r-2"),), "r-2 has it")


# ---- ahead of its time


def test_two_clocks_may_differ_a_little():
    log = wanted()
    log.say(Checked, FRI + HOUR + 5 * MIN, recorded_at=FRI + HOUR, key="c")
    entry = log.entries[-1]
    assert entry.events[0].at == FRI + HOUR
    assert (entry.claimed, entry.doubtful) == ((("c", FRI + HOUR + 5 * MIN),), ())
    assert log.owed == (("lend", ""),)


def test_news_from_far_ahead_is_cut_kept_and_doubted():
    log = wanted()
    log.say(Urged, FRI + HOUR + 6 * MIN, recorded_at=FRI + HOUR, key="u", urgency=Urgency.URGENT)
    entry = log.entries[-1]
    assert entry.events[0].at == FRI + HOUR
    assert (entry.claimed, entry.doubtful) == ((("u", FRI + HOUR + 6 * MIN),), ("u",))
    assert log.case.facts.urgency is Urgency.URGENT
    assert ("unexpected", "u") in log.owed


def test_the_doubt_stands_when_the_case_is_folded_again():
    log = wanted()
    log.say(Urged, FRI + 9 * DAY, recorded_at=FRI + 2 * HOUR, key="u", urgency=Urgency.URGENT)
    log.say(Checked, FRI + HOUR, recorded_at=FRI + 3 * HOUR)
    assert ("unexpected", "u") in log.owed


def test_an_act_from_far_ahead_is_refused():
    with pytest.raises(Refused) as refused:
        wanted().say(Checked, FRI + HOUR + 6 * MIN, recorded_at=FRI + HOUR)
    assert refused.value.claims == ("it happened before it was recorded",)


def test_how_far_ahead_is_too_far_is_the_rulebooks_to_say():
    from carecoord import Minutes

    log = wanted(rules=rulebook(skew=Minutes(60)))
    log.say(Checked, FRI + 2 * HOUR, recorded_at=FRI + HOUR)
    assert log.case.facts.checked


def test_a_case_may_be_opened_by_news_from_far_ahead():
    log = wanted(recorded_at=FRI - DAY)
    assert log.case.first[0] == FRI - DAY
    assert ("unexpected", "wanted") in log.owed


# ---- policies


def test_a_policy_that_fails_does_not_lose_the_news():
    log = wanted(rules=failing("lend"))
    deadline = log.deadline("lend")
    assert deadline.due_at == FRI + DAY  # the fail-safe span
    assert deadline.schedule.provisional
    assert log.steps[0].effects[1] == DeadlineSet("t", "lend", "", 1, 1, FRI + DAY, provisional=True)
    assert deadline.alarms[-1][1] is Role.SAFETY_OFFICER


def test_a_policy_that_fails_for_an_act_refuses_the_act():
    log = wanted(rules=failing("give_back"))
    log.say(Checked, FRI + HOUR)
    case = log.case
    with pytest.raises(NoLimit) as refused:
        log.say(Lent, FRI + 2 * HOUR)
    assert refused.value == NoLimit("t", "give_back")
    assert isinstance(refused.value.__cause__, Broken)
    assert log.case is case


def test_a_provisional_answer_stands_though_the_policy_is_mended():
    log = wanted(rules=failing("lend"))
    log.rules = RULES
    log.say(Noted, FRI - HOUR, recorded_at=FRI + HOUR, text="")
    assert log.deadline("lend").due_at == FRI + DAY
    assert log.deadline("lend").schedule.provisional


def test_a_policy_that_fails_even_to_say_what_it_reads_does_not_lose_the_news():
    from tests.kit.small import Failing, table

    class Worse(Failing):
        def reads(self, clock: str) -> tuple[str, ...]:
            if clock == "lend" and self.fails:
                raise Broken(clock)
            return super().reads(clock)

    rules = rulebook()
    object.__setattr__(rules, "timing", Worse(table(), ("lend",)))
    assert wanted(rules=rules).deadline("lend").due_at == FRI + DAY


def test_a_new_edition_of_the_policy_moves_nothing_that_stands():
    log = wanted()
    log.rules = rulebook(Limit("lend", Hours(1), STEPS, source=WHY), version="rows-2")
    for kind, at in ((Noted, FRI - HOUR), (Noted, FRI + HOUR)):
        log.say(kind, at, recorded_at=FRI + 2 * HOUR, text="")
    assert log.deadline("lend").due_at == TUE_ENDS
    assert log.case.terms.policy == "rows-1"


def test_a_new_question_is_asked_of_todays_policy():
    log = wanted()
    log.rules = rulebook(Limit("give_back", CalendarDays(3), STEPS, source=WHY, attempts=TWO_TRIES), version="rows-2")
    log.say(Checked, FRI + HOUR)
    log.say(Lent, FRI + 2 * HOUR)
    assert log.deadline("give_back").due_at == midnight(2024, 7, 16)
    assert log.deadline("give_back").schedule.row == "rows-2#give_back"


def test_an_answer_that_was_given_once_serves_again_when_what_it_read_is_back():
    log = wanted(
        rules=rulebook(
            Limit("mend", Hours(1), STEPS, source=WHY, when=Where(urgency=Urgency.URGENT)),
            Limit("mend", Hours(9), STEPS, source=WHY),
        )
    )
    log.say(Checked, FRI + HOUR)
    log.say(Lent, FRI + 2 * HOUR)
    log.say(Broke, FRI + 5 * HOUR, about="grip")
    assert log.deadline("mend", "grip").due_at == FRI + 14 * HOUR
    log.say(Urged, FRI + 4 * HOUR, recorded_at=FRI + 6 * HOUR, urgency=Urgency.URGENT, key="u")
    assert log.deadline("mend", "grip").due_at == FRI + 6 * HOUR
    log.rules = failing("mend")
    log.say(Retracted, FRI + 7 * HOUR, retracts="u")
    assert log.deadline("mend", "grip").due_at == FRI + 14 * HOUR
    assert not log.deadline("mend", "grip").schedule.provisional


def test_what_counts_from_hearing_counts_from_hearing():
    log = lent()
    log.say(Returned, FRI + DAY, recorded_at=FRI + 3 * DAY)
    assert log.deadline("thank").due_at == FRI + 5 * DAY
    assert log.deadline("thank").started_at == FRI + DAY


def test_what_counts_from_hearing_does_not_move_with_a_corrected_moment():
    log = lent()
    log.say(Returned, FRI + DAY, recorded_at=FRI + 3 * DAY, key="r")
    log.say(MomentCorrected, FRI + 4 * DAY, corrects="r", moment=FRI + 2 * DAY)
    assert log.deadline("thank").started_at == FRI + 2 * DAY
    assert log.deadline("thank").due_at == FRI + 5 * DAY


# ---- duties


def test_a_duty_done_at_its_due_moment_is_done_late():
    log = wanted()
    log.say(Checked, FRI + HOUR)
    log.say(Lent, TUE_ENDS)
    assert log.ended("lend").how is How.MET_LATE
    assert log.ended("lend").how.done


def test_a_clock_that_runs_is_not_started_again():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip", key="b")
    first = log.deadline("mend", "grip")
    log.say(Broke, FRI + 4 * HOUR, about="grip")
    assert log.deadline("mend", "grip") == first


def test_a_clock_that_was_settled_starts_a_new_round():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    log.say(Mended, FRI + 4 * HOUR, about="grip")
    log.say(Broke, FRI + 5 * HOUR, about="grip")
    assert log.deadline("mend", "grip").round == 2


def test_an_event_that_meets_and_starts_settles_first():
    from tests.kit.small import Called

    log = lent()
    log.say(Called, FRI + DAY)
    assert (log.ended("call").round, log.ended("call").how) == (1, How.MET)
    assert (log.deadline("call").round, log.deadline("call").started_at) == (2, FRI + DAY)


def test_things_of_one_kind_each_have_their_own_deadline():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    log.say(Broke, FRI + 3 * HOUR, about="foot")
    log.say(Mended, FRI + 4 * HOUR, about="grip")
    assert [item for clock, item in log.owed if clock == "mend"] == ["foot"]


def test_what_names_no_thing_that_is_owed_may_mean_the_only_one_that_is():
    only = On(Mended, item=the_part_or_the_only_one)
    clocks = tuple(attrs.evolve(one, met_by=(only,)) if one.name == "mend" else one for one in LOANS.clocks)
    log = lent(rules=attrs.evolve(RULES, workflow=attrs.evolve(LOANS, clocks=clocks)))
    for part in ("grip", "foot"):
        log.say(Broke, FRI + 3 * HOUR, about=part)
    log.say(Mended, FRI + 4 * HOUR, about="handle")
    assert len([clock for clock, _ in log.owed if clock == "mend"]) == 2
    log.say(Mended, FRI + 5 * HOUR, about="foot")
    log.say(Mended, FRI + 6 * HOUR, about="handle")
    assert ("mend", "grip") not in log.owed


def test_what_happened_before_a_duty_began_did_not_meet_it():
    log = lent()
    log.say(Returned, FRI + HOUR, recorded_at=FRI + 5 * HOUR)
    assert ("give_back", "") in log.owed


def several_parts(facts: LoanFacts, event: Event) -> tuple[str, ...]:
    """each part that is named"""
    return tuple((event.about or "").split("+"))


def test_one_event_may_start_or_meet_several_things_of_a_kind():
    mend = attrs.evolve(
        LOANS.clock("mend"),
        starts=(On(Broke, item=several_parts),),
        met_by=(On(Mended, item=several_parts),),
    )
    clocks = (mend, *(one for one in LOANS.clocks if one.name != "mend"))
    log = lent(rules=attrs.evolve(RULES, workflow=attrs.evolve(LOANS, clocks=clocks)))
    log.say(Broke, FRI + 3 * HOUR, about="grip+foot+cap")
    log.say(Mended, FRI + 4 * HOUR, about="cap+grip")
    assert [item for clock, item in log.owed if clock == "mend"] == ["foot"]


def test_an_event_starts_a_clock_only_if_its_claim_holds_after_it_has_taught():
    mend = attrs.evolve(LOANS.clock("mend"), starts=(On(Broke, Where(urgency=Urgency.URGENT)),))
    clocks = (mend, *(one for one in LOANS.clocks if one.name != "mend"))
    log = lent(rules=attrs.evolve(RULES, workflow=attrs.evolve(LOANS, clocks=clocks)))
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    log.say(Urged, FRI + 4 * HOUR, urgency=Urgency.URGENT)
    log.say(Broke, FRI + 5 * HOUR, about="foot")
    assert [item for clock, item in log.owed if clock == "mend"] == ["foot"]


def test_one_event_may_excuse_one_duty_and_drop_several_others():
    log = lent()
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    log.say(Broke, FRI + 3 * HOUR, about="foot")
    log.say(Lost, FRI + 4 * HOUR)
    assert (log.ended("give_back").how, log.ended("give_back").why) == (How.EXCUSED, "lost")
    assert [log.ended("mend", item).how for item in ("grip", "foot")] == [How.DROPPED] * 2


def test_an_end_drops_what_is_owed_and_says_why():
    log = wanted()
    log.say(CalledOff, FRI + HOUR)
    assert (log.ended("lend").how, log.ended("lend").why) == (How.DROPPED, "called off")


def test_what_outlives_an_end_starts_there_and_runs_on():
    log = wanted()
    log.say(CalledOff, FRI + HOUR, about="p")
    assert log.owed == (("link", "p"),)
    log.say(Linked, FRI + 2 * HOUR, about="p", case="r-2")
    assert log.owed == ()
    assert log.case.facts.links == (Link("r-2", "p"),)


def test_a_duty_is_waived_only_by_whom_its_clock_allows():
    log = lent()
    with pytest.raises(Refused) as refused:
        log.say(Waived, FRI + DAY, clock="give_back", reason="old pair")
    assert refused.value.claims == ("the actor may waive 'give_back': SUPERVISOR may",)
    log.say(Waived, FRI + DAY, clock="give_back", reason="old pair", by=BOSS)
    assert (log.ended("give_back").how, log.ended("give_back").why) == (How.WAIVED, "waived")


@pytest.mark.parametrize(
    ("clock", "words"),
    [("call", "the actor may waive 'call': nobody may"), ("mend", "'mend' is owed"), ("luck", "'luck' is owed")],
)
def test_a_duty_that_cannot_be_waived_or_is_not_owed_says_so(clock, words):
    with pytest.raises(Refused) as refused:
        lent().say(Waived, FRI + DAY, clock=clock, reason="", by=BOSS)
    assert refused.value.claims == (words,)


def test_death_drops_what_it_makes_pointless_and_asks_for_an_end():
    log = lent()
    log.say(PatientDied, FRI + DAY)
    assert (log.ended("give_back").how, log.ended("give_back").why) == (How.DROPPED, "died")
    assert log.owed == (("call", ""), ("wrap_up", ""))


def test_after_death_nothing_begins_that_death_would_drop():
    mend = attrs.evolve(LOANS.clock("mend"), ends_with_death=True)
    clocks = (mend, *(one for one in LOANS.clocks if one.name != "mend"))
    log = lent(rules=attrs.evolve(RULES, workflow=attrs.evolve(LOANS, clocks=clocks)))
    log.say(Broke, FRI + 3 * HOUR, about="grip")
    log.say(PatientDied, FRI + DAY)
    log.say(Broke, FRI + 2 * DAY, about="foot")
    assert log.case.facts.died
    assert log.ended("mend", "grip").why == "died"
    assert [item for clock, item in log.owed if clock == "mend"] == []


def test_what_death_dropped_does_not_come_back_with_the_case():
    log = lent()
    log.say(PatientDied, FRI + DAY)
    log.say(LoopClosed, FRI + 2 * DAY)
    log.say(Reopened, FRI + 3 * DAY)
    assert log.owed == (("call", ""),)


def test_a_waiver_speaks_of_one_duty():
    clocks = tuple(attrs.evolve(clock, waivable_by=(Role.SUPERVISOR,)) for clock in LOANS.clocks)
    log = Log(attrs.evolve(RULES, workflow=attrs.evolve(LOANS, clocks=clocks)))
    log.say(Lent, FRI)
    log.say(Broke, FRI + HOUR, about="grip")
    log.say(Broke, FRI + 90 * MIN, about="foot")
    with pytest.raises(Refused) as refused:
        log.say(Waived, FRI + 2 * HOUR, clock="mend", reason="", by=BOSS)
    assert refused.value.claims == ("it says which 'mend' it is about: grip, foot",)
    log.say(Waived, FRI + 2 * HOUR, clock="mend", about="foot", reason="", by=BOSS)
    log.say(Waived, FRI + 3 * HOUR, clock="mend", reason="", by=BOSS)  # there is only one left
    assert [item for clock, item in log.owed if clock == "mend"] == []


# ---- ends


def test_a_loop_is_closed_by_an_act_when_nothing_it_depends_on_is_owed():
    log = back(lent())
    assert log.case.book.ready
    log.say(LoopClosed, FRI + 2 * DAY)
    assert log.case.state is L.CLOSED
    assert log.owed == ()
    assert log.wakes is None


def test_a_closed_case_may_be_opened_again():
    log = closed()
    log.say(Reopened, FRI + 3 * DAY)
    assert log.case.state is L.LENT
    assert log.deadline("look_again").due_at == FRI + 3 * DAY + 14 * DAY  # nobody may forget it


def test_what_an_end_dropped_begins_again_when_the_case_goes_on():
    log = closed()
    assert [log.ended(clock).how for clock in ("call", "thank")] == [How.DROPPED] * 2
    log.say(Reopened, FRI + 3 * DAY)
    assert log.owed == (("call", ""), ("thank", ""))
    assert (log.deadline("thank").round, log.deadline("thank").started_at) == (2, FRI + 3 * DAY)
    assert log.deadline("thank").due_at == FRI + 5 * DAY


def test_a_case_that_never_was_owes_nothing_and_can_come_back():
    log = lent()
    before = log.case.world
    log.say(EnteredInError, FRI + 3 * HOUR, key="error")
    assert (log.case.state, log.owed, log.wakes) == (L.ENTERED_IN_ERROR, (), None)
    log.say(Retracted, FRI + 4 * HOUR, retracts="error")
    assert log.case.world == before


def test_a_case_is_entered_in_error_only_once():
    log = lent()
    log.say(EnteredInError, FRI + 3 * HOUR)
    with pytest.raises(Refused):
        log.say(EnteredInError, FRI + 4 * HOUR)


def test_an_open_case_on_which_nobody_acts_is_looked_at_again():
    log = lent()
    assert log.deadline("look_again").due_at == FRI + 2 * HOUR + 14 * DAY
    log.say(Broke, FRI + DAY)  # news is no act
    assert log.deadline("look_again").due_at == FRI + 2 * HOUR + 14 * DAY
    log.say(Noted, FRI + 2 * DAY, text="")
    assert log.deadline("look_again").due_at == FRI + 16 * DAY


def test_of_several_ends_only_what_the_last_dropped_begins_again():
    log = closed()
    log.say(Reopened, FRI + 3 * DAY)
    log.say(Thanked, FRI + 4 * DAY)
    log.say(LoopClosed, FRI + 5 * DAY)
    log.say(Reopened, FRI + 6 * DAY)
    assert log.owed == (("call", ""),)


# ---- looking


def test_nothing_happens_before_the_next_look():
    log = wanted()
    step = check(log.case, at=TUE_ENDS - timedelta(microseconds=1))
    assert step.case is log.case
    assert (step.effects, step.entry) == ((), None)


def test_something_happens_at_the_next_look():
    log = wanted()
    assert next_check(log.case) == TUE_ENDS
    step = log.look(TUE_ENDS)
    assert kinds(step.effects) == ("deadline-missed", "escalated")
    assert step.entry == Entry(TUE_ENDS, ())
    assert step.case.world is log.steps[0].case.world


def test_looking_twice_says_nothing_twice():
    log = wanted()
    log.look(TUE_ENDS)
    assert log.look(TUE_ENDS).entry is None
    assert log.wakes == TUE_ENDS + DAY


def test_a_case_that_owes_nothing_needs_no_looking_at():
    log = closed()
    assert next_check(log.case) is None
    assert check(log.case, at=FRI + 999 * DAY).entry is None


def test_looking_counts_no_event():
    log = wanted()
    log.look(FRI + 99 * DAY)
    assert log.case.seq == 1


@pytest.mark.parametrize("at", [TUE_ENDS, TUE_ENDS.isoformat()], ids=["datetime", "text"])
def test_looking_takes_every_way_of_saying_a_moment(at):
    assert check(wanted().case, at=at).effects


# ---- backlogs


def backlog() -> list[Any]:
    return [
        Returned(at=FRI + DAY, by=FEED, key="returned"),
        Lent(at=FRI + 2 * HOUR, by=DESK, key="lent"),
        Checked(at=FRI + HOUR, by=DESK, key="checked"),
    ]


def test_a_backlog_ends_where_one_by_one_would_have_ended():
    log = wanted()
    log.catch_up(backlog(), at=FRI + 2 * DAY)
    assert log.case.world.state is L.LENT
    assert log.case.world.settled == back(lent()).case.world.settled
    assert log.case.seq == 4


def test_a_backlog_is_one_entry_and_one_difference():
    log = wanted()
    caught = log.catch_up(backlog(), at=FRI + 2 * DAY)
    assert [event.key for event in caught.entry.events] == ["returned", "checked", "lent"]
    assert caught.entry.at == FRI + 2 * DAY
    assert len([effect for effect in caught.effects if effect.kind == "moved"]) == 1
    assert caught.refused == ()


def test_of_a_backlog_the_news_is_put_in_place_before_any_act_is_judged():
    """The pair was called off before it was checked; nobody in the office knew."""
    log = wanted()
    caught = log.catch_up([*backlog()[1:], CalledOff(at=FRI + 30 * MIN, by=FEED, key="off")], at=FRI + 2 * DAY)
    assert log.case.state is L.CALLED_OFF
    assert [key for key, _ in caught.refused] == ["checked", "lent"]
    assert log.owed == (("link", ""),)  # what was refused was never taken


def test_an_act_that_is_refused_takes_no_other_with_it():
    log = wanted()
    acts = [
        Thanked(at=FRI + 30 * MIN, by=DESK, key="too soon"),
        Checked(at=FRI + HOUR, by=DESK, key="checked"),
        Lent(at=FRI + 2 * HOUR, by=DESK, key="lent"),
    ]
    caught = log.catch_up(acts, at=FRI + 2 * DAY)
    assert [(key, why.state) for key, why in caught.refused] == [("too soon", "WANTED")]
    assert log.case.state is L.LENT
    log.say(Thanked, FRI + 3 * DAY, key="too soon")


def test_an_act_from_far_ahead_in_a_backlog_is_refused_alone():
    log = wanted()
    caught = log.catch_up(
        [Checked(at=FRI + 9 * DAY, recorded_at=FRI + HOUR, by=DESK, key="ahead"), *backlog()], at=FRI + 2 * DAY
    )
    assert [key for key, _ in caught.refused] == ["ahead"]
    assert log.case.state is L.LENT


def test_of_a_backlog_what_was_known_is_left_out():
    log = lent()
    caught = log.catch_up([*backlog(), backlog()[0]], at=FRI + 2 * DAY)
    assert [event.key for event in caught.entry.events] == ["returned"]


@pytest.mark.parametrize("events", [[], [Wanted(at=FRI, by=FEED, key="wanted")]], ids=["empty", "known"])
def test_a_backlog_of_nothing_new_is_a_look(events):
    log = wanted()
    caught = log.catch_up(events, at=TUE_ENDS)
    assert caught.effects == check(wanted().case, at=TUE_ENDS).effects
    assert caught.entry == Entry(TUE_ENDS, ())


def test_a_backlog_of_refusals_alone_is_a_look():
    log = wanted()
    caught = log.catch_up([Thanked(at=FRI + HOUR, by=DESK, key="k")], at=FRI + 2 * HOUR)
    assert (caught.case, caught.entry) == (log.steps[0].case, None)
    assert len(caught.refused) == 1


def test_what_a_backlog_surprises_with_is_noticed_at_the_moment_of_catching_up():
    log = wanted()
    log.catch_up([Returned(at=FRI + HOUR, by=FEED, key="r")], at=FRI + 3 * DAY)
    assert log.deadline("unexpected", "r").started_at == FRI + 3 * DAY


def test_what_fell_due_by_the_moment_of_catching_up_is_told():
    log = wanted()
    caught = log.catch_up([Noted(at=FRI + HOUR, by=DESK, key="n", text="")], at=TUE_ENDS)
    assert kinds(caught.effects) == ("deadline-missed", "escalated")


def test_two_events_of_one_key_in_a_backlog_are_refused():
    log = wanted()
    twice = [Checked(at=FRI + HOUR, by=DESK, key="k"), Checked(at=FRI + HOUR, by=DESK, key="k", pair="n-7")]
    with pytest.raises(KeyReused):
        log.catch_up(twice, at=FRI + 2 * HOUR)


def test_a_backlog_out_of_order_needs_the_history():
    with pytest.raises(HistoryNeeded):
        catch_up(RULES, lent().case, [LATE], (), at=FRI + 2 * DAY)


def test_one_event_that_comes_last_needs_none():
    assert catch_up(RULES, wanted().case, [backlog()[2]], (), at=FRI + 2 * DAY).case.facts.checked


def test_a_late_act_in_a_backlog_that_would_overtake_is_refused_and_names_it():
    log = back(lent())
    log.say(Thanked, FRI + 3 * DAY, key="thanks")
    caught = log.catch_up([LoopClosed(at=FRI + 2 * DAY, by=DESK, key="k")], at=FRI + 4 * DAY)
    assert [why.overtakes for _, why in caught.refused] == [("thanks",)]


def test_a_backlog_in_which_news_overtakes_and_an_act_makes_other_news_fit_is_replayed():
    """Whether the news alone overtakes was asked when it came; a replay has answers for what happened, not for that."""
    log = lent()
    log.catch_up(
        [
            log.make(CalledOff, FRI + HOUR),
            log.make(Linked, FRI + DAY, about="lent", case="c-3"),
            log.make(LinkedCaseEnded, FRI + DAY + HOUR, case="c-3", done=True),
        ],
        at=FRI + 2 * DAY,
    )
    assert {one.clock for one in log.case.world.duties} >= {"overtaken"}
    assert replay(LOANS, log.entries)[-1].case == log.case


# ---- whose case


@pytest.mark.parametrize("other", [{"version": "2"}, {"workflow": "care-transition"}], ids=str)
def test_a_case_is_taken_only_by_its_own_rulebook(other):
    log = wanted()
    stranger = attrs.evolve(log.case, **other)
    for door in (
        lambda: advance(RULES, stranger, backlog()[2]),
        lambda: catch_up(RULES, stranger, backlog(), log.entries, at=FRI + DAY),
    ):
        with pytest.raises(WrongRulebook) as refused:
            door()
        assert refused.value.given == "loan 1"


def test_an_event_of_another_workflow_is_refused():
    log = wanted()
    for door in (
        lambda: advance(RULES, log.case, Admitted(at=FRI, by=FEED, key="k")),
        lambda: catch_up(RULES, log.case, [Admitted(at=FRI, by=FEED, key="k")], log.entries, at=FRI + DAY),
    ):
        with pytest.raises(ForeignEvent):
            door()


# ---- replay


def story() -> Log:
    """A life with everything: looks, late news, a retraction, a backlog, a surprise and an end."""
    log = lent(told="pat")
    log.look(FRI + DAY)
    log.say(Broke, FRI + DAY, recorded_at=FRI + 2 * DAY, about="grip")
    log.look(FRI + 20 * DAY)
    log.say(Urged, FRI + HOUR, recorded_at=FRI + 20 * DAY, urgency=Urgency.STAT)
    log.say(Retracted, FRI + 21 * DAY, retracts="checked", key="off")
    log.say(Retracted, FRI + 22 * DAY, retracts="off")
    log.catch_up(
        [
            Returned(at=FRI + 3 * DAY, by=FEED, key="r"),
            Mended(at=FRI + 4 * DAY, by=DESK, key="m", about="grip"),
            Thanked(at=FRI - DAY, by=DESK, key="never"),
        ],
        at=FRI + 23 * DAY,
    )
    log.say(LoopClosed, FRI + 24 * DAY)
    return log


def test_a_replay_gives_every_step_again_book_and_effects_included():
    log = story()
    again = replay(LOANS, log.entries)
    lived = [step for step in log.steps if step.entry is not None]
    assert again[-1].case == log.case
    assert [step.effects for step in again] == [step.effects for step in lived]
    assert [step.entry for step in again] == log.entries
    assert [step.case for step in again] == [step.case for step in lived]


def test_a_replay_asks_no_policy():
    log = wanted(rules=failing("lend", "give_back"))
    assert replay(LOANS, log.entries)[-1].case == log.case


def test_a_replay_without_the_answers_is_refused():
    log = lent()
    for index in (0, 2):
        entries = [*log.entries]
        entries[index] = attrs.evolve(entries[index], answers=())
        with pytest.raises(HistoryIncomplete):
            replay(LOANS, entries)


@pytest.mark.parametrize("entries", [[], lent().entries[1:]], ids=["nothing", "no opening"])
def test_a_replay_begins_with_an_opening(entries):
    with pytest.raises(HistoryIncomplete):
        replay(LOANS, entries)


@pytest.mark.parametrize(
    "workflow", [CARE_TRANSITION, attrs.evolve(LOANS, version="2")], ids=["another", "another version"]
)
def test_a_replay_runs_under_the_workflow_of_its_entries(workflow):
    with pytest.raises(WrongRulebook) as refused:
        replay(workflow, lent().entries)
    assert refused.value == WrongRulebook("t", "loan 1", f"{workflow.name} {workflow.version}")


def test_a_replay_takes_its_entries_from_any_iterable():
    log = lent()
    assert replay(LOANS, iter(log.entries))[-1].case == log.case


def test_replayed_entries_serve_as_the_history():
    log = lent()
    again = replay(LOANS, log.entries)[-1].case
    assert advance(RULES, again, LATE, log.entries) == advance(RULES, log.case, LATE, log.entries)


# ---- moments


def test_moments_go_in_as_people_say_them_and_stay_utc_inside():
    log = Log()
    log.say(Wanted, "2024-07-12T15:00-06:00")
    assert log.case.recorded_at.tzinfo is UTC
    assert log.deadline("lend").due_at == TUE_ENDS
    assert log.deadline("lend").due_at.tzinfo is UTC


def test_a_naive_moment_is_refused_by_every_door_that_takes_one():
    log = wanted()
    for door in (lambda: check(log.case, at=NAIVE), lambda: catch_up(RULES, log.case, [], (), at=NAIVE)):
        with pytest.raises(NaiveMoment):
            door()


def test_the_latest_moment_of_hearing_is_remembered():
    log = wanted(recorded_at=FRI + DAY)
    log.say(Checked, FRI + HOUR)
    assert log.case.recorded_at == FRI + DAY


# ---- mere dates


def test_a_mere_date_heard_on_its_own_day_is_not_doubted():
    """A fax dated today that comes at 15:00 claims no moment ahead; only the end of its day is."""
    log = wanted(at=Day(date(2024, 7, 12), "America/Boise"), recorded_at=FRI)
    assert log.entries[0].doubtful == ()
    assert log.owed == (("lend", ""),)


def test_an_act_of_today_may_be_dated_by_the_day():
    log = wanted(at=FRI - DAY)
    log.say(Checked, Day(date(2024, 7, 12), "America/Boise"), recorded_at=FRI)
    assert log.case.facts.checked


def test_a_doubt_ends_when_the_moment_is_corrected():
    """A surprise that is later explained is stood down."""
    log = wanted()
    log.say(Urged, FRI + 9 * DAY, recorded_at=FRI + HOUR, key="u", urgency=Urgency.URGENT)
    log.say(MomentCorrected, FRI + 2 * HOUR, corrects="u", moment=FRI + HOUR)
    assert ("unexpected", "u") not in log.owed


# ---- odd things at the doors


def test_an_act_of_a_backlog_is_refused_where_the_policy_fails():
    log = wanted(rules=failing("give_back"))
    acts = [Checked(at=FRI + HOUR, by=DESK, key="c"), Lent(at=FRI + 2 * HOUR, by=DESK, key="l")]
    with pytest.raises(NoLimit):
        log.catch_up(acts, at=FRI + DAY)


def test_a_case_is_opened_with_facts_of_its_workflow():
    with pytest.raises(WrongRulebook, match="facts of Facts"):
        open_case(RULES, Wanted(at=FRI, by=FEED, key="k"), id="t", subject="p", owner="o", facts=Facts())


def test_a_surprise_does_not_begin_before_the_case_had_heard_of_it():
    """
    Where nobody says `recorded_at` it is `at`.

    Late news that forgets it is noticed in the past, and overdue at birth:
    the moment of the call should not lie before the latest that the case remembers.
    """
    log = wanted(recorded_at=FRI + 9 * DAY)
    log.say(Wanted, FRI + HOUR, key="again")
    assert log.deadline("unexpected", "again").started_at >= log.case.recorded_at


def test_an_end_that_dropped_nothing_brings_nothing_back():
    """What the *last* end dropped begins again, and not what an earlier one did and was done meanwhile."""
    clocks = tuple(attrs.evolve(one, starts=(On(Called),)) if one.name == "call" else one for one in LOANS.clocks)
    log = Log(attrs.evolve(RULES, workflow=attrs.evolve(LOANS, clocks=clocks)))
    for days, kind in enumerate((Lent, Returned, LoopClosed, Reopened, Thanked, LoopClosed, Reopened)):
        log.say(kind, FRI + days * DAY)
    assert log.owed == ()


def test_an_opening_whose_claim_fails_says_which():
    rows = tuple(row for row in MOVES if row.on is not Lent)
    guarded = (Move(None, Lent, L.LENT, given=Where(checked=True)), Otherwise(None, Lent), Move(L.WANTED, Lent, L.LENT))
    flow = attrs.evolve(LOANS, moves=(*rows, *guarded))
    with pytest.raises(Refused) as refused:
        Log(attrs.evolve(RULES, workflow=flow)).say(Lent, FRI)
    assert refused.value.claims == ("checked is True",)


@pytest.mark.parametrize(
    "door",
    [
        lambda: wanted().say(Checked, FRI + DAY, recorded_at=FRI),
        lambda: wanted().say(Lent, FRI + HOUR),
    ],
    ids=["out of the future", "a failed claim"],
)
def test_a_refusal_does_not_contradict_itself(door: Callable[[], Any]):
    """It says neither that an open case takes nothing nor that it takes what was just refused."""
    with pytest.raises(Refused) as refused:
        door()
    sentence = str(refused.value)
    assert not sentence.endswith("can take nothing")
    assert refused.value.event not in sentence.partition("from here it can take ")[2].split(", ")


def test_a_replay_that_lacks_an_answer_says_so():
    log = lent()
    entries = [*log.entries[:2], attrs.evolve(log.entries[2], answers=())]
    with pytest.raises(HistoryIncomplete) as refused:
        replay(LOANS, entries)
    assert "answer" in str(refused.value)

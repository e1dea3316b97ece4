"""
Conflicts, links to other cases, duplicates, and cases that administration closes.

The desk of `tests.kit.small` lends crutches; a clinical conflict may last a day, an operational one five business days.
"""

import pytest
from tests.kit.small import (
    BOSS,
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
    Log,
    Returned,
    lent,
    midnight,
    wanted,
)

from carecoord import (
    Actor,
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    ConflictResolved,
    EnteredInError,
    How,
    ImpossibleEvent,
    Link,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    MomentCorrected,
    PatientLeft,
    Refused,
    Reopened,
    Retracted,
    Role,
    SubjectChanged,
    SupersededBy,
    Waived,
    advance,
    to_carry,
)
from carecoord.workflow import SURVIVOR

CLINICAL, OPERATIONAL = ConflictKind.CLINICAL, ConflictKind.OPERATIONAL
FIVE_DAYS_END = midnight(2024, 7, 20)  # five business days after FRI
AT_THREE = FRI + 3 * HOUR


def items(log: Log, clock: str) -> list[str]:
    return [item for name, item in log.owed if name == clock]


# ---- conflicts


def quarrel(kind: ConflictKind = CLINICAL, **more: object) -> Log:
    log = lent()
    log.say(ConflictRaised, AT_THREE, kind=kind, about="dose", key="conflict", **more)
    return log


@pytest.mark.parametrize(("kind", "due"), [(CLINICAL, AT_THREE + DAY), (OPERATIONAL, FIVE_DAYS_END)])
def test_the_kind_of_a_conflict_chooses_the_pathway(kind, due):
    log = quarrel(kind)
    assert log.deadline("resolve", "dose").due_at == due


def test_a_declared_conflict_keeps_the_clinical_clocks_running_and_the_owner_in_place():
    """Invariant 36."""
    before = lent()
    log = quarrel()
    kept = [one for one in log.case.world.duties if one.clock != "resolve"]
    assert kept == list(before.case.world.duties)
    assert (log.case.owner, log.case.state) == (before.case.owner, before.case.state)


def test_a_loop_does_not_close_over_an_open_conflict():
    log = quarrel()
    log.say(Returned, FRI + DAY)
    with pytest.raises(Refused) as refused:
        log.say(LoopClosed, FRI + 2 * DAY)
    assert refused.value.claims == ("'resolve' is settled",)
    log.say(ConflictResolved, FRI + 2 * DAY, about="dose")
    log.say(LoopClosed, FRI + 3 * DAY)
    assert log.ended("resolve", "dose").how is How.MET_LATE


def test_nobody_may_waive_a_conflict():
    log = quarrel()
    with pytest.raises(Refused):
        log.say(Waived, FRI + DAY, by=BOSS, clock="resolve", reason="tired of it")


def test_two_conflicts_at_once_have_a_pathway_each():
    log = quarrel(OPERATIONAL)
    log.say(ConflictRaised, AT_THREE + HOUR, kind=CLINICAL, about="cast")
    assert log.deadline("resolve", "dose").due_at == FIVE_DAYS_END
    assert log.deadline("resolve", "cast").due_at == AT_THREE + HOUR + DAY
    log.say(ConflictResolved, FRI + DAY, about="cast")
    assert items(log, "resolve") == ["dose"]
    assert log.case.facts.conflict is OPERATIONAL


def test_of_two_conflicts_one_is_named_when_it_is_resolved():
    log = quarrel()
    log.say(ConflictRaised, AT_THREE + HOUR, kind=OPERATIONAL, about="cast")
    with pytest.raises(Refused) as refused:
        log.say(ConflictResolved, FRI + DAY)
    assert refused.value.claims == ("it says which conflict it is about: dose, cast",)


def test_the_only_conflict_need_not_be_named():
    log = quarrel()
    log.say(ConflictResolved, FRI + DAY)
    assert items(log, "resolve") == []
    assert (log.case.facts.conflicts, log.case.facts.conflict) == ((), None)


@pytest.mark.parametrize(
    ("about", "claim"), [("cast", "the conflict 'cast' is open"), (None, "a conflict is open")], ids=["named", "any"]
)
def test_what_is_no_conflict_cannot_be_resolved(about, claim):
    log = lent()
    with pytest.raises(Refused) as refused:
        log.say(ConflictResolved, FRI + DAY, about=about)
    assert refused.value.claims == (claim,)


def test_a_conflict_that_turns_out_to_be_of_another_kind_gets_no_more_time():
    log = quarrel()
    log.say(ConflictRaised, AT_THREE + HOUR, kind=OPERATIONAL, about="dose")
    assert log.deadline("resolve", "dose").due_at == AT_THREE + DAY
    assert [one.kind for one in log.case.facts.conflicts] == [OPERATIONAL]


def test_a_conflict_that_never_was_leaves_nothing():
    log = quarrel()
    log.say(Retracted, FRI + DAY, retracts="conflict")
    assert log.case.world == lent().case.world


def test_a_conflict_goes_on_in_a_case_that_goes_on_each_on_its_pathway():
    log = lent()
    log.say(Returned, FRI + DAY)
    log.say(LoopClosed, FRI + 2 * DAY)
    log.say(ConflictRaised, FRI + 2 * DAY + HOUR, kind=OPERATIONAL, about="bill")
    log.say(ConflictRaised, FRI + 2 * DAY + HOUR, kind=CLINICAL, about="fall")
    assert items(log, "resolve") == []  # nobody is kept waiting by an ended case
    log.say(Reopened, FRI + 3 * DAY)
    assert log.deadline("resolve", "fall").due_at == FRI + 4 * DAY
    assert log.deadline("resolve", "bill").due_at == midnight(2024, 7, 23)  # five business days after Monday


# ---- links


def linked() -> Log:
    log = lent()
    log.say(Linked, AT_THREE, case="r-2", about="x-ray", key="link")
    return log


def test_a_linked_case_that_ends_without_success_brings_back_what_it_held():
    """Invariant 9: it is done, or a linked open case owns it."""
    log = linked()
    log.say(LinkedCaseEnded, FRI + DAY, case="r-2", done=False)
    assert items(log, "follow_up") == ["x-ray"]
    log.say(Returned, FRI + DAY)
    with pytest.raises(Refused) as refused:
        log.say(LoopClosed, FRI + 2 * DAY)
    assert refused.value.claims == ("'follow_up' is settled",)


def test_a_linked_case_that_ends_with_success_leaves_nothing_to_follow_up():
    log = linked()
    log.say(LinkedCaseEnded, FRI + DAY, case="r-2", done=True)
    assert items(log, "follow_up") == []
    assert log.case.facts.links[0].done


def test_another_case_may_hold_it_next():
    log = linked()
    log.say(LinkedCaseEnded, FRI + DAY, case="r-2", done=False)
    log.say(Linked, FRI + 2 * DAY, case="r-3", about="x-ray")
    assert log.ended("follow_up", "x-ray").how is How.MET
    log.say(LinkedCaseEnded, FRI + 3 * DAY, case="r-3", done=False)
    assert items(log, "follow_up") == ["x-ray"]


def test_what_two_cases_hold_is_lost_with_the_second():
    log = linked()
    log.say(Linked, AT_THREE + HOUR, case="r-3", about="x-ray")
    log.say(LinkedCaseEnded, FRI + DAY, case="r-2", done=False)
    assert items(log, "follow_up") == []
    log.say(LinkedCaseEnded, FRI + 2 * DAY, case="r-3", done=False)
    assert items(log, "follow_up") == ["x-ray"]


def test_that_it_was_done_there_after_all_is_heard_too():
    log = linked()
    log.say(LinkedCaseEnded, FRI + DAY, case="r-2", done=False)
    log.say(LinkedCaseEnded, FRI + DAY + HOUR, case="r-2", done=True)
    assert log.ended("follow_up", "x-ray").how is How.MET


def test_that_it_ended_is_heard_twice_and_brings_it_back_once():
    log = linked()
    log.say(LinkedCaseEnded, FRI + DAY, case="r-2", done=False)
    log.say(Linked, FRI + 2 * DAY, case="r-3", about="x-ray", key="next")
    log.say(Retracted, FRI + 2 * DAY, retracts="next")
    before = log.case.world.duties
    log.say(LinkedCaseEnded, FRI + 3 * DAY, case="r-2", done=False)
    assert log.case.world.duties == before


def test_the_end_of_a_case_that_was_never_linked_is_unexpected():
    log = linked()
    log.say(LinkedCaseEnded, FRI + DAY, case="r-9", done=False, key="odd")
    assert items(log, "unexpected") == ["odd"]
    assert items(log, "follow_up") == []


def test_an_ended_case_follows_up_what_comes_back_after_its_end():
    log = linked()
    log.say(Returned, FRI + DAY)
    log.say(LoopClosed, FRI + 2 * DAY)
    log.say(LinkedCaseEnded, FRI + 3 * DAY, case="r-2", done=False)
    assert items(log, "follow_up") == ["x-ray"]
    assert log.case.state.name == "CLOSED"


def test_a_failure_that_never_was_is_followed_up_by_nobody():
    log = linked()
    before = log.case.world
    log.say(LinkedCaseEnded, FRI + DAY, case="r-2", done=False, key="failed")
    log.say(Retracted, FRI + 2 * DAY, retracts="failed")
    assert log.case.world == before


def test_a_link_heard_late_makes_sense_of_its_end():
    log = lent()
    log.say(LinkedCaseEnded, FRI + DAY, case="r-2", done=False, key="odd")
    log.say(Linked, AT_THREE, case="r-2", about="x-ray", recorded_at=FRI + 2 * DAY)
    assert items(log, "unexpected") == []
    assert items(log, "follow_up") == ["x-ray"]


def test_a_corrected_moment_puts_the_end_before_the_link():
    log = linked()
    log.say(LinkedCaseEnded, FRI + DAY, case="r-2", done=False, key="failed")
    log.say(MomentCorrected, FRI + 2 * DAY, corrects="failed", moment=FRI + 2 * HOUR + HOUR / 2)
    assert items(log, "follow_up") == []
    assert items(log, "unexpected") == ["failed"]


def test_a_link_remembers_what_it_holds():
    log = linked()
    assert log.case.facts.links == (Link("r-2", "x-ray"),)
    assert log.case.facts.links[0].holds
    log.say(LinkedCaseEnded, FRI + DAY, case="r-2", done=False, key="failed")
    assert log.case.facts.links == (Link("r-2", "x-ray", "", "failed", False),)
    assert not log.case.facts.links[0].holds


def test_the_end_of_a_case_names_the_case():
    with pytest.raises(ImpossibleEvent):
        LinkedCaseEnded(at=FRI, by=FEED, key="k", case="", done=True)


# ---- duplicates


def superseded() -> Log:
    log = lent()
    log.say(SupersededBy, FRI + DAY, case="t-9", carries=(("give_back", ""),), key="duplicate")
    return log


def test_a_duplicate_ends_and_its_survivor_is_known():
    log = superseded()
    assert log.case.state is Loan.SUPERSEDED
    assert log.case.facts.links == (Link("t-9", "", SURVIVOR),)
    assert log.owed == ()


def test_the_survivor_must_carry_what_closing_depends_on():
    log = lent()
    log.say(Broke, AT_THREE, about="grip")
    with pytest.raises(Refused) as refused:
        log.say(SupersededBy, FRI + DAY, case="t-9", carries=(("mend", "strap"),))
    assert refused.value.claims == ("the survivor carries 'give_back'", "the survivor carries 'mend' of 'grip'")
    assert log.case.state is Loan.LENT


def test_what_the_host_asks_of_the_survivor_before_it_says_so():
    log, other = lent(), wanted()
    assert to_carry(LOANS, log.case) == (("give_back", ""),)
    assert to_carry(LOANS, log.case, other.case) == (("give_back", ""),)
    other.say(Checked, FRI + HOUR)
    other.say(Lent, FRI + 2 * HOUR)
    assert to_carry(LOANS, log.case, other.case) == ()


def test_what_the_survivor_has_done_it_need_not_owe():
    log, other = lent(), lent()
    other.say(Returned, FRI + DAY)
    assert to_carry(LOANS, log.case, other.case) == ()


def test_what_outlives_an_end_stays_owed_in_the_duplicate():
    log = linked()
    log.say(LinkedCaseEnded, FRI + HOUR * 9, case="r-2", done=False)
    log.say(SupersededBy, FRI + DAY, case="t-9", carries=(("give_back", ""),))
    assert log.owed == (("follow_up", "x-ray"),)
    log.say(Linked, FRI + DAY, case="t-9", about="x-ray")
    assert log.owed == ()


def test_that_a_case_is_a_duplicate_is_taken_back_by_a_retraction():
    before, log = lent(), superseded()
    log.say(Retracted, FRI + 2 * DAY, retracts="duplicate")
    assert log.case.world == before.case.world


def test_a_duty_that_is_heard_of_late_undoes_what_did_not_carry_it():
    log = superseded()
    log.say(Broke, AT_THREE, about="grip", recorded_at=FRI + 2 * DAY)
    assert log.case.state is Loan.LENT
    assert log.owed == (("give_back", ""), ("call", ""), ("mend", "grip"), ("overtaken", "duplicate"))


def test_the_end_of_the_survivor_brings_nothing_back():
    log = superseded()
    log.say(LinkedCaseEnded, FRI + 2 * DAY, case="t-9", done=False)
    assert log.owed == ()


def test_an_ended_case_may_be_a_duplicate_too_but_not_one_that_never_was():
    log = lent()
    log.say(Returned, FRI + DAY)
    log.say(LoopClosed, FRI + 2 * DAY)
    log.say(SupersededBy, FRI + 3 * DAY, case="t-9")
    assert log.case.state is Loan.SUPERSEDED
    log.say(EnteredInError, FRI + 4 * DAY)
    assert log.case.state is Loan.ENTERED_IN_ERROR
    with pytest.raises(Refused):
        log.say(SupersededBy, FRI + 5 * DAY, case="t-8")


# ---- closed by administration


def old_case() -> Log:
    """A pair that was lent and never came back."""
    log = lent()
    log.look(FRI + 90 * DAY)
    return log


def close(log: Log, days: int = 100, **more: object) -> Log:
    log.say(
        ClosedByAdministration, FRI + days * DAY, **{"by": BOSS, "reason": "lost to follow-up", "key": "admin", **more}
    )
    return log


def test_administration_lets_go_what_it_may_and_the_case_is_closed():
    log = close(old_case())
    assert log.case.state is Loan.CLOSED
    ended = log.ended("give_back")
    assert (ended.how, ended.why, ended.by) == (How.WAIVED, "closed by administration", BOSS)
    assert log.ended("call").how is How.DROPPED
    assert log.owed == ()


def test_it_is_refused_naming_each_duty_that_the_actor_may_not_waive():
    """Invariant 16: never what nobody may waive, such as the review of an abnormal result."""
    log = old_case()
    log.say(Broke, FRI + 91 * DAY, about="grip")
    with pytest.raises(Refused) as refused:
        close(log)
    assert refused.value.claims == ("the actor may waive 'mend': nobody may",)
    with pytest.raises(Refused) as refused:
        close(log, by=DESK)
    assert refused.value.claims == (
        "the actor may waive 'give_back': SUPERVISOR may",
        "the actor may waive 'mend': nobody may",
    )


@pytest.mark.parametrize(
    ("more", "claim"),
    [
        ({"by": Actor(Role.SUPERVISOR, "")}, "a named person closes it"),
        ({"reason": " "}, "a reason is given"),
    ],
    ids=["nobody", "no reason"],
)
def test_administration_has_a_name_and_a_reason(more, claim):
    """Invariant 16."""
    with pytest.raises(Refused) as refused:
        close(old_case(), **more)
    assert refused.value.claims == (claim,)


def test_no_program_closes_cases():
    """Invariant 16: an overnight job that discontinues what nobody answered is how referrals get lost."""
    with pytest.raises(Refused) as refused:
        close(old_case(), by=FEED)
    assert refused.value.claims[0] == "a named person closes it"


def test_a_case_is_closed_by_administration_wherever_it_stands():
    log = close(wanted())
    assert log.case.state is Loan.CLOSED


def test_what_administration_closed_is_told_apart_from_what_was_closed():
    log = close(old_case())
    assert log.case.facts.administrative
    log.say(Reopened, FRI + 101 * DAY)
    assert not log.case.facts.administrative


def test_what_goes_on_after_administration_closed_it_owes_again_what_was_let_go():
    log = close(old_case())
    log.say(Reopened, FRI + 101 * DAY)
    assert set(log.owed) == {("give_back", ""), ("call", "")}
    assert log.deadline("give_back").round == 2


def test_what_was_waived_before_stays_waived():
    log = old_case()
    log.say(Waived, FRI + 95 * DAY, by=BOSS, clock="give_back", reason="a gift")
    close(log)
    log.say(Reopened, FRI + 101 * DAY)
    assert log.owed == (("call", ""),)


def test_five_thousand_old_cases_or_one_are_closed_the_same_way():
    """There is no door for many: the host hands the act to each, and what is refused is named."""
    cases = [lent().case for _ in range(50)]
    act = ClosedByAdministration(at=FRI + 100 * DAY, by=BOSS, key="sweep", reason="older than three months")
    assert {advance(RULES, case, act).case.state for case in cases} == {Loan.CLOSED}


def test_a_closing_that_was_none_is_taken_back():
    before, log = old_case(), close(old_case())
    log.say(Retracted, FRI + 101 * DAY, retracts="admin")
    assert log.case.world == before.case.world


def test_a_closed_case_is_not_closed_again():
    log = close(old_case())
    with pytest.raises(Refused):
        close(log, days=101, key="again")


# ---- the patient


def test_two_records_of_one_patient_are_merged_and_the_case_follows():
    log = lent()
    step = log.say(SubjectChanged, FRI + DAY, to="p-2", key="merged")
    assert log.case.subject == "p-2"
    assert step.effects == ()
    log.say(Retracted, FRI + 2 * DAY, retracts="merged")
    assert log.case.subject == "p-1"


def test_of_two_mergers_the_later_counts_whichever_was_heard_first():
    log = lent()
    log.say(SubjectChanged, FRI + 2 * DAY, to="p-3")
    log.say(SubjectChanged, FRI + DAY, to="p-2", recorded_at=FRI + 3 * DAY)
    assert log.case.subject == "p-3"


def test_a_merger_names_somebody():
    with pytest.raises(ImpossibleEvent):
        SubjectChanged(at=FRI, by=FEED, key="k", to="")


def test_a_patient_who_leaves_is_a_fact_and_ends_nothing():
    before = lent()
    log = lent()
    log.say(PatientLeft, FRI + DAY, key="left")
    assert log.case.facts.left
    assert log.case.world.duties == before.case.world.duties
    log.say(Retracted, FRI + 2 * DAY, retracts="left")
    assert not log.case.facts.left

"""
Owners, conflicts and ends, met by what changes time: urgency, pauses, another version, another policy.

The desk of `tests.kit.small` lends crutches; everything begins on Friday the 12th of July 2024, at three.
"""

import pytest
from attrs import evolve
from tests.kit.small import (
    BOSS,
    DAY,
    DESK,
    FRI,
    HOUR,
    LOANS,
    RULES,
    STEPS,
    WHY,
    Log,
    lent,
    midnight,
    rulebook,
)

from carecoord import (
    Actor,
    BusinessDays,
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    ConflictResolved,
    HandoverAccepted,
    HandoverOffered,
    Hours,
    Limit,
    OwnerGone,
    Paused,
    Plan,
    Refused,
    Reopened,
    Restart,
    Role,
    Rulebook,
    Urgency,
    UrgencyChanged,
    Where,
    migrate,
    retime,
)

CLINICAL, OPERATIONAL = ConflictKind.CLINICAL, ConflictKind.OPERATIONAL
DR_2 = Actor(Role.CLINICIAN, "dr-2")
MON = FRI + 3 * DAY


def of_both(*, clinical: Limit | None = None) -> tuple[Limit, ...]:
    """A conflict is resolved in a day or in five; sooner where it is an emergency."""
    return (
        Limit("resolve", Hours(4), STEPS, source=WHY, when=Where(conflict=CLINICAL, urgency=Urgency.STAT)),
        clinical or Limit("resolve", Hours(24), STEPS, source=WHY, when=Where(conflict=CLINICAL)),
        Limit("resolve", BusinessDays(1), STEPS, source=WHY, when=Where(urgency=Urgency.STAT)),
        Limit("resolve", BusinessDays(5), STEPS, source=WHY),
    )


def at_odds(rules: Rulebook = RULES) -> Log:
    """About the dose, which is clinical, and then about who pays, which is not."""
    log = lent(rules=rules)
    log.say(ConflictRaised, FRI + 3 * HOUR, kind=CLINICAL, about="dose")
    log.say(ConflictRaised, FRI + 4 * HOUR, kind=OPERATIONAL, about="pay")
    return log


def due(log: Log) -> dict[str, object]:
    return {one.item: one.due_at for one in log.case.deadlines if one.clock == "resolve"}


# --- urgency and pauses ---------------------------------------------------------------------


def test_where_it_becomes_urgent_each_conflict_is_dated_anew_on_its_own_pathway():
    log = at_odds(rulebook(*of_both()))
    assert due(log) == {"dose": FRI + 3 * HOUR + DAY, "pay": midnight(2024, 7, 20)}
    log.say(UrgencyChanged, FRI + 5 * HOUR, urgency=Urgency.STAT)
    assert due(log) == {"dose": FRI + 9 * HOUR, "pay": midnight(2024, 7, 16)}


def test_no_pause_holds_a_handover_or_a_conflict():
    """Whoever travels is the patient; the staff list does not wait for them."""
    log = at_odds()
    before = due(log)
    log.say(Paused, FRI + 5 * HOUR, reason="travels", resume_by=MON)
    log.say(OwnerGone, FRI + 6 * HOUR, who="dr-1")
    assert not {("take_up", "", 1), ("resolve", "dose", 1)} & set(log.case.world.held)
    assert due(log) == before


def test_a_case_that_administration_closed_while_it_was_paused_goes_on_unpaused():
    log = lent()
    owed = set(log.owed)
    log.say(Paused, FRI + 3 * HOUR, reason="travels", resume_by=MON)
    log.say(ClosedByAdministration, FRI + 2 * DAY, by=BOSS, reason="never heard of again")
    log.say(Reopened, MON, reason="they called")
    assert (set(log.owed), log.case.world.held) == (owed, {})


# --- another version, another policy --------------------------------------------------------

LOANS_2 = evolve(LOANS, version="2")


def anew(rules: Rulebook) -> Rulebook:
    return Rulebook(LOANS_2, timing=rules.timing, default_queue="second-desk", staff=rules.staff)


def test_a_migration_that_dates_conflicts_anew_asks_for_each_by_its_kind():
    log = at_odds()
    step = migrate(anew(log.rules), log.case, Plan(duties={"resolve": Restart()}), at=MON, by=BOSS)
    log._kept(step)
    assert due(log) == {"dose": MON + DAY, "pay": midnight(2024, 7, 23)}


def test_a_migration_loses_no_offer_and_no_conflict():
    """They are known to the facts alone: what is lost there could never be resolved."""
    log = at_odds()
    for plan in (lambda facts: facts.but(conflicts=()), lambda facts: facts.but(offered=("dr-9",))):
        with pytest.raises(Refused) as refused:
            migrate(anew(log.rules), log.case, Plan(facts=plan), at=MON, by=BOSS)
        assert refused.value.claims == ("the plan's facts keep to whom the case is on offer, and what is in conflict",)


def test_what_was_on_offer_before_a_migration_is_taken_after_it_and_the_queue_is_that_of_the_new_rulebook():
    log = lent()
    log.say(HandoverOffered, FRI + 3 * HOUR, to="dr-2")
    log._kept(migrate(anew(log.rules), log.case, Plan(), at=MON, by=BOSS))
    log.rules = anew(log.rules)
    log.say(HandoverAccepted, MON + HOUR, by=DR_2)
    assert log.case.owner == "dr-2"
    log.say(OwnerGone, MON + 2 * HOUR, who="dr-2")
    assert log.case.owner == "second-desk"


def test_another_policy_that_is_to_hold_for_a_conflict_is_asked_by_its_kind():
    log = at_odds()
    sooner = Limit("resolve", Hours(6), STEPS, source=WHY, when=Where(conflict=CLINICAL))
    log.rules = rulebook(*of_both(clinical=sooner))
    log._kept(retime(log.rules, log.case, log.entries, at=FRI + 5 * HOUR, by=DESK))
    assert due(log) == {"dose": FRI + 9 * HOUR, "pay": midnight(2024, 7, 20)}
    log.say(ConflictResolved, FRI + 6 * HOUR, about="dose")
    assert set(due(log)) == {"pay"}

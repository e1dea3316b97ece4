"""
Who owns a case: handovers that are offered and taken, owners who are gone, and what none of that changes.

The desk of `tests.kit.small` lends crutches; the case belongs to dr-1, and the default queue is the front desk.
"""

import pytest
from tests.kit.small import (
    DAY,
    DESK,
    FEED,
    FRI,
    HOUR,
    CalledOff,
    Lent,
    Log,
    Returned,
    Urged,
    kinds,
    lent,
    midnight,
    wanted,
)

from carecoord import (
    Actor,
    AlarmUndelivered,
    Escalated,
    HandoverAccepted,
    HandoverDeclined,
    HandoverOffered,
    How,
    ImpossibleEvent,
    LoopClosed,
    MomentCorrected,
    OwnerGone,
    Refused,
    Reopened,
    Retracted,
    Role,
    Urgency,
)
from carecoord.events import ANYBODY

DR_1, DR_2, DR_3 = (Actor(Role.CLINICIAN, f"dr-{n}") for n in (1, 2, 3))
MON_ENDS = midnight(2024, 7, 16)  # one business day after FRI


def offered(to: str = "dr-2", **more: object) -> Log:
    """The case of crutches that are lent is on offer to somebody from Friday 18:00 on."""
    log = lent()
    log.say(HandoverOffered, FRI + 3 * HOUR, by=DR_1, to=to, key="offer", **more)
    return log


def orphaned() -> Log:
    """The owner of a case of crutches that are lent is gone from Friday 19:00 on."""
    log = lent()
    log.say(OwnerGone, FRI + 4 * HOUR, who="dr-1", key="gone")
    return log


def closed(log: Log) -> Log:
    """The pair comes back on Saturday, and the loop is closed on Sunday."""
    log.say(Returned, FRI + DAY)
    log.say(LoopClosed, FRI + 2 * DAY)
    return log


# ---- offered


def test_the_giver_owns_until_the_taker_accepts():
    """Invariant 3: ownership transfer is complete only on acceptance; until then the sender still owns."""
    log = offered()
    assert log.case.owner == "dr-1"
    log.say(HandoverAccepted, FRI + DAY, by=DR_2)
    assert log.case.owner == "dr-2"


def test_an_offer_is_to_be_taken_up_by_whom_it_was_made_to():
    log = offered()
    assert ("take_up", "dr-2") in log.owed
    assert log.deadline("take_up", "dr-2").due_at == MON_ENDS
    log.say(HandoverAccepted, FRI + DAY, by=DR_2)
    assert log.ended("take_up", "dr-2").how is How.MET


def test_a_case_that_nobody_takes_up_stays_with_the_giver_who_is_told():
    """Invariant 5: what cannot be routed to a recipient is owned by the sender, visible and clocked."""
    log = offered()
    step = log.look(MON_ENDS)
    assert Escalated("t", "take_up", "dr-2", 1, 4, 0, 0, MON_ENDS, Role.OWNER) in step.effects
    assert log.case.owner == "dr-1"


def test_declined_it_stays_with_the_giver_and_nobody_waits_for_an_answer():
    log = offered()
    log.say(HandoverDeclined, FRI + DAY, by=DR_2, reason="on leave")
    assert log.case.owner == "dr-1"
    assert log.case.facts.offered == ()
    assert log.ended("take_up", "dr-2").how is How.MET


def test_who_was_not_offered_it_cannot_accept():
    log = offered()
    with pytest.raises(Refused) as refused:
        log.say(HandoverAccepted, FRI + DAY, by=DR_3)
    assert refused.value.claims == ("the case is on offer to the actor",)
    assert log.case.owner == "dr-1"


def test_who_was_not_offered_it_cannot_decline():
    log = offered()
    with pytest.raises(Refused) as refused:
        log.say(HandoverDeclined, FRI + DAY, by=DR_3)
    assert refused.value.claims == ("the case is on offer to the actor",)


def test_nobody_accepts_twice():
    log = offered()
    log.say(HandoverAccepted, FRI + DAY, by=DR_2)
    with pytest.raises(Refused):
        log.say(HandoverAccepted, FRI + 2 * DAY, by=DR_2)


def test_who_declined_cannot_accept_after_all():
    log = offered()
    log.say(HandoverDeclined, FRI + DAY, by=DR_2)
    with pytest.raises(Refused):
        log.say(HandoverAccepted, FRI + DAY + HOUR, by=DR_2)


def test_it_is_not_offered_to_who_owns_it():
    log = lent()
    with pytest.raises(Refused) as refused:
        log.say(HandoverOffered, FRI + 3 * HOUR, by=DR_1, to="dr-1")
    assert refused.value.claims == ("it is offered to somebody who does not own the case",)


def test_offered_to_two_it_belongs_to_who_takes_it_first():
    log = offered()
    log.say(HandoverOffered, FRI + 4 * HOUR, by=DR_1, to="dr-3")
    assert ("take_up", "dr-2") in log.owed
    assert ("take_up", "dr-3") in log.owed
    log.say(HandoverAccepted, FRI + DAY, by=DR_3)
    assert log.case.owner == "dr-3"
    assert not [clock for clock, _ in log.owed if clock == "take_up"]
    with pytest.raises(Refused):
        log.say(HandoverAccepted, FRI + 2 * DAY, by=DR_2)


def test_of_two_who_were_offered_it_one_may_decline_and_the_other_still_take_it():
    log = offered()
    log.say(HandoverOffered, FRI + 4 * HOUR, by=DR_1, to="dr-3")
    log.say(HandoverDeclined, FRI + DAY, by=DR_2)
    assert ("take_up", "dr-3") in log.owed
    log.say(HandoverAccepted, FRI + 2 * DAY, by=DR_3)
    assert log.case.owner == "dr-3"


def test_offering_again_does_not_give_more_time():
    """Invariant 21: starting a clock twice does not extend it."""
    log = offered()
    log.say(HandoverOffered, FRI + 2 * DAY, by=DR_1, to="dr-2")
    assert log.deadline("take_up", "dr-2").due_at == MON_ENDS
    assert log.case.facts.offered == ("dr-2",)


def test_a_reassignment_is_an_offer_accepted_in_one_act():
    log = lent()
    step = log.say(HandoverOffered, FRI + 3 * HOUR, by=DR_1, to="nurses", accepted=True)
    assert log.case.owner == "nurses"
    assert not [clock for clock, _ in log.owed if clock == "take_up"]
    assert step.effects == ()


def test_a_reassignment_ends_what_was_on_offer():
    log = offered()
    log.say(HandoverOffered, FRI + DAY, by=DR_1, to="dr-3", accepted=True)
    assert (log.case.owner, log.case.facts.offered) == ("dr-3", ())
    assert log.ended("take_up", "dr-2").how is How.MET


@pytest.mark.parametrize("make", [lambda: {"to": ""}, lambda: {"to": None}], ids=["empty", "none"])
def test_an_offer_names_somebody(make):
    with pytest.raises(ImpossibleEvent):
        HandoverOffered(at=FRI, by=DR_1, key="k", **make())


def test_a_program_takes_nothing_over():
    """Invariant 1: an owner is a person, or a queue with people."""
    log = offered(to="feed")
    with pytest.raises(Refused) as refused:
        log.say(HandoverAccepted, FRI + DAY, by=FEED)
    assert refused.value.claims == ("the actor is somebody",)


# ---- gone


def test_where_the_owner_is_gone_the_default_queue_owns_at_once():
    """Invariant 4: never by nobody."""
    log = orphaned()
    assert log.case.owner == "front-desk"
    assert ("take_up", ANYBODY) in log.owed


def test_whoever_takes_it_from_the_queue_owns_it():
    log = orphaned()
    log.say(HandoverAccepted, FRI + DAY, by=DR_3)
    assert log.case.owner == "dr-3"
    assert log.ended("take_up", ANYBODY).how is How.MET
    assert log.case.facts.offered == ()


def test_a_case_without_a_person_is_to_be_taken_up_until_somebody_takes_it():
    """Who was offered it by the queue and declines does not end that."""
    log = orphaned()
    log.say(HandoverOffered, FRI + 5 * HOUR, by=DESK, to="dr-2")
    log.say(HandoverDeclined, FRI + DAY, by=DR_2)
    assert [item for clock, item in log.owed if clock == "take_up"] == [ANYBODY]


def test_nobody_can_decline_what_was_offered_to_anybody():
    log = orphaned()
    with pytest.raises(Refused):
        log.say(HandoverDeclined, FRI + DAY, by=Actor(Role.CLINICIAN, ""))


def test_the_taker_may_still_accept_what_was_on_offer_when_the_owner_went():
    log = offered()
    log.say(OwnerGone, FRI + 4 * HOUR, who="dr-1")
    assert log.case.owner == "front-desk"
    assert ("take_up", "dr-2") in log.owed
    log.say(HandoverAccepted, FRI + DAY, by=DR_2)
    assert log.case.owner == "dr-2"
    assert not [clock for clock, _ in log.owed if clock == "take_up"]


def test_the_taker_who_declines_after_the_owner_went_leaves_it_with_the_queue():
    log = offered()
    log.say(OwnerGone, FRI + 4 * HOUR, who="dr-1")
    log.say(HandoverDeclined, FRI + DAY, by=DR_2)
    assert log.case.owner == "front-desk"
    assert [item for clock, item in log.owed if clock == "take_up"] == [ANYBODY]


def test_that_somebody_else_is_gone_changes_nothing():
    log = lent()
    log.say(OwnerGone, FRI + 4 * HOUR, who="dr-9")
    assert log.case.owner == "dr-1"
    assert not [clock for clock, _ in log.owed if clock in ("take_up", "unexpected")]


def test_who_had_handed_it_over_before_leaving_leaves_no_orphan_though_that_is_heard_later():
    """Owner in the world is a function of the events, whatever the order of hearing."""
    log = orphaned()
    late = FRI + 2 * DAY
    log.say(HandoverOffered, FRI + 3 * HOUR, by=DR_1, to="dr-2", accepted=True, recorded_at=late)
    assert log.case.owner == "dr-2"
    assert not [clock for clock, _ in log.owed if clock == "take_up"]


def test_an_owner_who_was_not_gone_owns_it_again():
    log = orphaned()
    log.say(Retracted, FRI + DAY, retracts="gone")
    assert log.case.owner == "dr-1"
    assert log.case.facts.offered == ()
    assert not [clock for clock, _ in log.owed if clock == "take_up"]


def test_what_was_taken_from_the_queue_is_overtaken_where_the_owner_was_never_gone():
    log = orphaned()
    log.say(HandoverAccepted, FRI + DAY, by=DR_3, key="mine")
    log.say(Retracted, FRI + 2 * DAY, retracts="gone")
    assert log.case.owner == "dr-1"
    assert ("overtaken", "mine") in log.owed


def test_an_owner_gone_before_the_offer_leaves_the_queue_to_offer_it():
    log = offered()
    log.say(OwnerGone, FRI + 2 * HOUR + HOUR / 2, who="dr-1", recorded_at=FRI + DAY)
    assert log.case.owner == "front-desk"
    assert log.case.facts.offered == (ANYBODY, "dr-2")


def test_a_moment_corrected_moves_who_owned_it_when():
    log = offered()
    log.say(HandoverAccepted, FRI + DAY, by=DR_2, key="yes")
    log.say(OwnerGone, FRI + DAY + HOUR, who="dr-1", key="late")
    assert log.case.owner == "dr-2"
    log.say(MomentCorrected, FRI + 3 * DAY, corrects="late", moment=FRI + 4 * HOUR)
    assert log.case.owner == "dr-2"  # the queue had it meanwhile, and dr-2 took it all the same


def test_who_is_gone_has_a_name():
    with pytest.raises(ImpossibleEvent):
        OwnerGone(at=FRI, by=FEED, key="k", who="")


def test_a_case_opened_for_nobody_belongs_to_the_default_queue():
    """Invariant 4."""
    log = Log()
    log.open(log.make(Lent, FRI), owner="")
    assert log.case.owner == "front-desk"


# ---- one owner at every instant


def test_every_case_has_exactly_one_owner_at_every_instant():
    """Invariant 1, through all that can happen to an owner."""
    log = offered()
    owners = [log.case.owner]
    for kind, more in (
        (OwnerGone, {"who": "dr-1", "by": FEED}),
        (HandoverDeclined, {"by": DR_2}),
        (HandoverOffered, {"by": DESK, "to": "dr-3"}),
        (HandoverAccepted, {"by": DR_3}),
        (OwnerGone, {"who": "dr-3", "by": FEED}),
        (HandoverOffered, {"by": DESK, "to": "nurses", "accepted": True}),
        (CalledOff, {"by": FEED}),
    ):
        log.say(kind, FRI + (4 + len(owners)) * HOUR, **more)
        owners.append(log.case.owner)
    assert owners == ["dr-1", "front-desk", "front-desk", "front-desk", "dr-3", "front-desk", "nurses", "nurses"]


def test_telling_more_people_never_removes_the_owner_or_lowers_the_urgency():
    """Invariant 29, up to the last rung and beyond, and where an alarm reached nobody."""
    log = wanted()
    log.say(Urged, FRI + HOUR, urgency=Urgency.ASAP)
    step = log.look(FRI + 60 * DAY)
    assert Role.SAFETY_OFFICER in {one.notify for one in step.effects if isinstance(one, Escalated)}
    log.say(AlarmUndelivered, FRI + 60 * DAY, clock="lend", rung=2)
    assert (log.case.owner, log.case.facts.urgency) == ("dr-1", Urgency.ASAP)


# ---- ended


def test_the_end_of_a_case_ends_what_is_to_be_taken_up():
    log = closed(offered())
    assert log.ended("take_up", "dr-2").how is How.DROPPED


def test_an_ended_case_has_an_owner_too_and_nobody_need_take_it_up():
    log = closed(lent())
    log.say(OwnerGone, FRI + 3 * DAY, who="dr-1")
    assert log.case.owner == "front-desk"
    assert log.owed == ()


def test_an_ended_case_that_goes_on_is_to_be_taken_up_again():
    log = closed(lent())
    log.say(OwnerGone, FRI + 3 * DAY, who="dr-1")
    log.say(Reopened, FRI + 4 * DAY)
    assert ("take_up", ANYBODY) in log.owed


def test_an_ended_case_that_was_taken_meanwhile_goes_on_without_that():
    log = closed(offered())
    log.say(HandoverAccepted, FRI + 3 * DAY, by=DR_2)
    log.say(Reopened, FRI + 4 * DAY)
    assert log.case.owner == "dr-2"
    assert not [clock for clock, _ in log.owed if clock == "take_up"]


def test_a_change_of_owner_moves_no_deadline():
    log = orphaned()
    due = log.deadline("give_back").due_at
    step = log.say(HandoverAccepted, FRI + DAY, by=DR_3)
    assert log.deadline("give_back").due_at == due
    assert kinds(step.effects) == ("deadline-settled",)

"""
What hooks promise: everybody is called, nobody is called in vain, and nothing is lost.

The desk lends a pair on Friday; the patient owes it back after fourteen days. Whoever keeps that duty is told when it
is missed, the supervisor a day later.
"""

import asyncio
import pickle
from typing import Any

import pytest
from tests.kit.small import (
    DAY,
    DESK,
    FRI,
    HOUR,
    NAIVE,
    RULES,
    Broke,
    Called,
    Lent,
    Log,
    Returned,
    Urged,
    kinds,
    lent,
    midnight,
)

from carecoord import (
    Actor,
    AlarmUndelivered,
    DeadlineMissed,
    DeadlineSet,
    Delivery,
    Effect,
    Escalated,
    Hooks,
    Moved,
    NaiveMoment,
    Refused,
    Retracted,
    Role,
    StoodDown,
    Tell,
    Urgency,
    When,
    adeliver,
    advance_with_history,
    deliver,
    undelivered,
)

CANARY = "Mrs Canary"
DUE = midnight(2024, 7, 27)  # two weeks after that Friday, and the day that begins then is too late


class Everybody:
    """Somebody is on duty in every role but these."""

    def __init__(self, *but: Role) -> None:
        self.but = but

    def on_duty(self, role: Role, case: Any, at: Any) -> str | None:
        if role is Role.OWNER:
            return case.owner
        return None if role in self.but else role.name.lower()


class Pager:
    """Remembers what it was called with; for some people it fails."""

    def __init__(self, *down: str) -> None:
        self.down = down
        self.heard: list[tuple[str, str]] = []

    def page(self, alarm: Escalated | StoodDown, person: str, case: Any) -> None:
        if person in self.down:
            raise ConnectionError(CANARY)
        self.heard.append((alarm.kind, person))

    async def apage(self, alarm: Escalated | StoodDown, person: str, case: Any) -> None:
        await asyncio.sleep(0)
        self.page(alarm, person, case)


def overdue() -> tuple[Log, tuple[Effect, ...]]:
    """Return a case in which the pair is not back, and what is told when that is missed."""
    log = lent()
    log.say(Called, DUE - HOUR)
    return log, log.look(DUE).effects


def paging(pager: Pager, *but: Role) -> Hooks:
    return Hooks(Tell(None, pager.page), directory=Everybody(*but))


# --- who is called --------------------------------------------------------------------------


def test_a_function_is_called_with_each_effect_of_its_kind_and_with_the_case():
    log, seen = lent(), []
    hooks = Hooks(When(DeadlineSet, lambda effect, case: seen.append((effect.clock, case))), directory=Everybody())
    delivery = deliver(hooks, log.case, log.steps[-1].effects, at=FRI)
    assert seen == [("give_back", log.case), ("call", log.case)]
    assert delivery.done == tuple(effect.id for effect in log.steps[-1].effects)


def test_a_role_is_told_through_whoever_is_on_duty_in_it():
    log, effects = overdue()
    pager = Pager()
    assert kinds(effects) == ("deadline-missed", "escalated")
    assert deliver(paging(pager), log.case, effects, at=DUE) == Delivery(done=tuple(one.id for one in effects))
    assert pager.heard == [("escalated", "coordinator")]


def test_a_role_may_have_a_function_of_its_own():
    log, effects = overdue()
    own, others = Pager(), Pager()
    hooks = Hooks(Tell(None, others.page), Tell(Role.COORDINATOR, own.page), directory=Everybody())
    deliver(hooks, log.case, effects, at=DUE)
    assert own.heard == [("escalated", "coordinator")]
    assert others.heard == []


def test_the_owner_is_asked_for_by_the_case():
    log = lent()
    log.say(Broke, FRI + DAY)  # a part without a name is unexpected, and that is the owner's
    pager = Pager()
    effects = log.look(FRI + 5 * DAY).effects
    deliver(paging(pager), log.case, effects, at=FRI + 5 * DAY)
    assert ("escalated", "dr-1") in pager.heard


def test_who_was_told_hears_that_it_no_longer_stands():
    log, effects = overdue()
    pager = Pager()
    deliver(paging(pager), log.case, effects, at=DUE)
    step = log.say(Returned, DUE - 2 * HOUR, recorded_at=DUE + HOUR)
    deliver(paging(pager), log.case, step.effects, at=DUE + HOUR)
    assert pager.heard == [("escalated", "coordinator"), ("stood-down", "coordinator")]


def test_what_nobody_has_a_function_for_is_done():
    log = lent()
    effects = log.steps[-1].effects
    assert deliver(Hooks(directory=Everybody()), log.case, effects, at=FRI).done == tuple(one.id for one in effects)


# --- nobody is on duty ----------------------------------------------------------------------


def test_an_alarm_for_which_nobody_is_on_duty_goes_up_at_once():
    """The event is handed back; advanced, it tells the next rung a day before its time."""
    log, effects = overdue()
    hooks = paging(Pager(), Role.COORDINATOR)
    delivery = deliver(hooks, log.case, effects, at=DUE + HOUR)
    (unheard,) = delivery.unheard
    assert unheard.effect == effects[1]
    assert unheard.event == AlarmUndelivered(
        at=DUE,
        recorded_at=DUE + HOUR,
        by=Actor(Role.SYSTEM, "hooks"),
        key=f"undelivered/{effects[1].id}",
        clock="give_back",
        rung=0,
    )
    (above,) = log.take(unheard.event).effects
    assert isinstance(above, Escalated)
    assert (above.notify, above.rung) == (Role.SUPERVISOR, 1)


def test_an_alarm_that_nobody_heard_is_not_done():
    """Whoever loses the event between two writes finds the alarm in the outbox again, and makes the same event."""
    log, effects = overdue()
    hooks = paging(Pager(), Role.COORDINATOR)
    first = deliver(hooks, log.case, effects, at=DUE + HOUR)
    second = deliver(hooks, log.case, effects, at=DUE + 2 * HOUR)
    assert first.done == (effects[0].id,)
    log.take(first.unheard[0].event)
    assert log.take(second.unheard[0].event).entry is None


def test_above_the_last_rung_stands_the_default_queue():
    log, effects = overdue()
    pager = Pager()
    hooks = paging(pager, Role.COORDINATOR, Role.SUPERVISOR, Role.SAFETY_OFFICER)
    while unheard := deliver(hooks, log.case, effects, at=DUE).unheard:
        effects = tuple(effect for one in unheard for effect in log.take(one.event).effects)
    assert pager.heard == [("escalated", "front-desk")]


def test_that_something_is_over_goes_to_the_default_queue_where_nobody_is_on_duty():
    log, _ = overdue()
    pager = Pager()
    step = log.say(Returned, DUE - 2 * HOUR, recorded_at=DUE + HOUR)
    delivery = deliver(paging(pager, Role.COORDINATOR), log.case, step.effects, at=DUE + HOUR)
    assert pager.heard == [("stood-down", "front-desk")]
    assert delivery.unheard == ()


def test_a_role_for_which_there_is_no_function_is_as_good_as_nobody():
    log, effects = overdue()
    hooks = Hooks(Tell(Role.NURSE, Pager().page), directory=Everybody())
    assert [one.effect for one in deliver(hooks, log.case, effects, at=DUE).unheard] == [effects[1]]


def test_a_host_that_takes_all_alarms_by_their_kind_needs_no_function_for_roles():
    log, effects = overdue()
    seen: list[Escalated] = []
    hooks = Hooks(When(Escalated, lambda alarm, case: seen.append(alarm)), directory=Everybody())
    assert deliver(hooks, log.case, effects, at=DUE).unheard == ()
    assert seen == [effects[1]]


def test_a_default_queue_without_a_function_is_a_failure():
    log, effects = overdue()
    hooks = Hooks(Tell(Role.NURSE, Pager().page), directory=Everybody())
    for _ in range(3):
        (unheard,) = deliver(hooks, log.case, effects, at=DUE).unheard
        effects = log.take(unheard.event).effects
    delivery = deliver(hooks, log.case, effects, at=DUE)
    assert [(one.effect, one.kind) for one in delivery.failed] == [(effects[0], "LookupError")]


def test_who_hands_in_that_nobody_heard_is_the_hosts_to_say():
    log, effects = overdue()
    hooks = Hooks(directory=Everybody(), by=DESK)
    assert deliver(hooks, log.case, effects, at=DUE).unheard[0].event.by == DESK


def test_a_pager_that_failed_for_good_may_go_up_as_well():
    """Whoever has tried often enough makes the event by hand."""
    log, effects = overdue()
    (failure,) = deliver(paging(Pager("coordinator")), log.case, effects, at=DUE).failed
    assert isinstance(failure.effect, Escalated)
    (above,) = log.take(undelivered(failure.effect, at=DUE + HOUR)).effects
    assert isinstance(above, Escalated)
    assert above.notify is Role.SUPERVISOR


# --- a function that fails ------------------------------------------------------------------


def test_a_function_that_fails_loses_nothing_and_stops_nobody_else():
    log, effects = overdue()
    pager, missed = Pager("coordinator"), []
    hooks = Hooks(
        When(Escalated, lambda effect, case: missed.append(effect.clock)),
        When(DeadlineMissed, lambda effect, case: missed.append(effect.clock)),
        Tell(None, pager.page),
        directory=Everybody(),
    )
    delivery = deliver(hooks, log.case, effects, at=DUE)
    assert missed == ["give_back", "give_back"]
    assert delivery.done == (effects[0].id,)
    (failure,) = delivery.failed
    assert (failure.effect, failure.function, failure.kind) == (effects[1], "page", "ConnectionError")
    assert isinstance(failure.error, ConnectionError)


def test_what_failed_is_delivered_again_by_its_id():
    log, effects = overdue()
    first = deliver(paging(Pager("coordinator")), log.case, effects, at=DUE)
    pager = Pager()
    again = deliver(paging(pager), log.case, effects, at=DUE, delivered=set(first.done))
    assert again.done == (effects[1].id,)
    assert pager.heard == [("escalated", "coordinator")]


def test_a_directory_that_fails_loses_nothing():
    class Broken:
        def on_duty(self, role: Role, case: Any, at: Any) -> str | None:
            raise LookupError(CANARY)

    log, effects = overdue()
    delivery = deliver(Hooks(Tell(None, Pager().page), directory=Broken()), log.case, effects, at=DUE)
    assert [(one.effect, one.function) for one in delivery.failed] == [(effects[1], "on_duty")]
    assert delivery.unheard == ()


def test_nothing_that_is_handed_back_repeats_what_a_function_raised():
    """A mail server says in its error what was in the mail."""
    log, effects = overdue()
    delivery = deliver(paging(Pager("coordinator")), log.case, effects, at=DUE)
    assert CANARY not in repr(delivery)
    assert CANARY in str(delivery.failed[0].error)


def test_whoever_interrupts_the_program_interrupts_the_delivery():
    log, effects = overdue()

    def interrupt(effect: Any, case: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(Hooks(When(DeadlineMissed, interrupt), directory=Everybody()), log.case, effects, at=DUE)


def test_an_effect_of_another_case_is_handed_back():
    log, _ = overdue()
    other = Moved("another", 1, None, "LENT")
    delivery = deliver(Hooks(directory=Everybody()), log.case, [other], at=DUE)
    assert [(one.effect, one.kind) for one in delivery.failed] == [(other, "LookupError")]


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(NaiveMoment):
        deliver(Hooks(directory=Everybody()), lent().case, (), at=NAIVE)


# --- once, and only what stands -------------------------------------------------------------


def test_an_effect_that_comes_twice_is_delivered_once():
    log, effects = overdue()
    pager = Pager()
    delivery = deliver(paging(pager), log.case, (*effects, *effects), at=DUE)
    assert pager.heard == [("escalated", "coordinator")]
    assert delivery.done == tuple(one.id for one in effects)


def test_what_the_host_knows_to_be_delivered_is_left_out():
    log, effects = overdue()
    pager = Pager()
    assert deliver(paging(pager), log.case, effects, at=DUE, delivered=[one.id for one in effects]) == Delivery()
    assert pager.heard == []


def test_what_no_longer_stands_goes_nowhere():
    """The pair came back while the alarm waited in the outbox."""
    log, effects = overdue()
    log.say(Returned, DUE + HOUR)
    pager = Pager()
    delivery = deliver(paging(pager), log.case, effects, at=DUE + HOUR)
    assert pager.heard == []
    assert delivery == Delivery(stale=tuple(one.id for one in effects))


# --- in a loop of the host's ----------------------------------------------------------------


def test_functions_that_have_to_be_awaited_are_awaited_one_after_the_other():
    log, effects = overdue()
    pager, waited = Pager(), []

    async def missed(effect: DeadlineMissed, case: Any) -> None:
        await asyncio.sleep(0)
        waited.append(effect.clock)

    class Slow:
        async def on_duty(self, role: Role, case: Any, at: Any) -> str | None:
            await asyncio.sleep(0)
            return role.name.lower()

    hooks = Hooks(When(DeadlineMissed, missed), Tell(None, pager.apage), directory=Slow())
    delivery = asyncio.run(adeliver(hooks, log.case, effects, at=DUE))
    assert waited == ["give_back"]
    assert pager.heard == [("escalated", "coordinator")]
    assert delivery.done == tuple(one.id for one in effects)


def test_functions_that_need_no_waiting_are_called_in_a_loop_as_well():
    log, effects = overdue()
    one, two = Pager("coordinator"), Pager("coordinator")
    at_once = deliver(paging(one), log.case, effects, at=DUE)
    assert asyncio.run(adeliver(paging(two), log.case, effects, at=DUE)) == at_once


def test_many_deliveries_share_one_loop():
    log, effects = overdue()
    pager = Pager()
    hooks = Hooks(Tell(None, pager.apage), directory=Everybody())

    async def all_of_them() -> list[Delivery]:
        return await asyncio.gather(*(adeliver(hooks, log.case, effects, at=DUE) for _ in range(8)))

    assert {one.done for one in asyncio.run(all_of_them())} == {tuple(one.id for one in effects)}
    assert len(pager.heard) == 8


def test_without_a_loop_a_function_that_has_to_be_awaited_fails_and_is_named():
    """And no coroutine is left behind that nobody awaited."""
    log, effects = overdue()
    hooks = Hooks(Tell(None, Pager().apage), directory=Everybody())
    (failure,) = deliver(hooks, log.case, effects, at=DUE).failed
    assert (failure.function, failure.kind) == ("apage", "TypeError")


def test_what_is_cancelled_is_cancelled():
    log, effects = overdue()

    async def forever(effect: Any, case: Any) -> None:
        await asyncio.sleep(60)

    async def impatient() -> None:
        await asyncio.wait_for(
            adeliver(Hooks(When(DeadlineMissed, forever), directory=Everybody()), log.case, effects, at=DUE), 0.01
        )

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())


# --- with the history where it is needed ----------------------------------------------------


def test_the_history_is_loaded_only_where_it_is_needed():
    log, asked = lent(), []

    def history(case_id: str) -> Any:
        asked.append(case_id)
        return log.entries

    step = advance_with_history(RULES, log.case, log.make(Broke, FRI + DAY, about="grip"), history)
    assert asked == []
    late = log.make(Urged, FRI + HOUR, recorded_at=FRI + DAY, urgency=Urgency.URGENT)
    step = advance_with_history(RULES, log.case, late, history)
    assert asked == ["t"]
    assert step.case.facts.urgency is Urgency.URGENT


def test_a_refusal_with_the_history_hangs_on_no_other_error():
    log = lent()
    log.say(Returned, FRI + DAY)
    log.say(Retracted, FRI + 2 * DAY, retracts="lent")
    with pytest.raises(Refused) as refused:
        advance_with_history(RULES, log.case, log.make(Lent, FRI + HOUR / 2), lambda _: log.entries)
    assert refused.value.__context__ is None


# --- as values ------------------------------------------------------------------------------


def page(alarm: Any, person: str, case: Any) -> None:
    """Do nothing, at module level."""


def test_hooks_of_functions_of_a_module_pickle():
    hooks = Hooks(When(Escalated, page), Tell(Role.NURSE, page), directory=Everybody())
    assert pickle.loads(pickle.dumps(hooks)).rows == hooks.rows


def test_the_example_goes_up_the_ladder_and_loses_nothing(capsys):
    from examples import hooks_on_duty

    hooks_on_duty.main()
    said = capsys.readouterr().out
    assert "nobody is on duty as COORDINATOR: it goes up\n  page surrogate-1: escalated notice" in said
    assert said.count("fail_safe failed with ConnectionError") == 4
    assert "still owed to somebody: t-1/escalated/notice/v1:admission/1/1/3/0" in said

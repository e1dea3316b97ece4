"""
Digests: what can wait comes in one message for each person, and what cannot wait is not held up by it.

The desk lends a pair on Friday 12 July 2024; the patient owes it back after fourteen days. Its ladder here reminds
whoever keeps the duty a day before and when it is due, and tells the supervisor a day later.
"""

from datetime import datetime
from typing import Any

import pytest
from attrs import evolve
from tests.kit.small import DAY, HOUR, NAIVE, WHY, Broke, Log, Returned, Urged, lent, midnight, rulebook

from carecoord import (
    Attempts,
    BusinessDays,
    CalendarDays,
    Escalated,
    Hooks,
    Hours,
    Ladder,
    Limit,
    NaiveMoment,
    Role,
    Rung,
    Tell,
    Urgency,
    can_wait,
    deliver,
    digests,
)

DUE = midnight(2024, 7, 27)
LADDER = Ladder((Rung(before=Hours(24)), Rung(), Rung(Role.SUPERVISOR, after=Hours(24))), every=Hours(24))
SILENT = (
    Limit("call", CalendarDays(100), LADDER, source=WHY),
    Limit("look_again", Hours(100 * 24), Ladder((Rung(),), every=Hours(24)), source=WHY),
)
TRIES = Attempts(2)


def desk(*rows: Limit) -> Any:
    """Return the rules of the desk with these rows; of its other duties nothing falls due here."""
    return rulebook(*rows, *SILENT)


GIVE_BACK = Limit("give_back", CalendarDays(14), LADDER, source=WHY, attempts=TRIES)
MEND = Limit("mend", BusinessDays(2), LADDER, source=WHY)
RULES = desk(GIVE_BACK, MEND)


class Roster:
    """Who is on duty by role; of some roles nobody is."""

    def __init__(self, **people: str | None) -> None:
        self.people = people

    def on_duty(self, role: Role, case: Any, at: datetime) -> str | None:
        return case.owner if role is Role.OWNER else self.people.get(role.name, role.name.lower())


def looked(until: datetime, *more: Any, rules: Any = RULES, **facts: Any) -> tuple[Log, list[Any]]:
    """Lend, let happen what else did, and look; return the log and all effects of looking."""
    log = lent(rules=rules)
    for kind, at, said in more:
        log.say(kind, at, **said)
    before = len(log.steps)
    log.look(until)
    return log, [effect for step in log.steps[before:] for effect in step.effects]


BEFORE = midnight(2024, 7, 26) + 9 * HOUR  # reminded in the night
AFTER = DUE + 9 * HOUR  # and told that it is missed
LATER = DUE + DAY + 9 * HOUR  # and the supervisor
TWO_PARTS = ((Broke, midnight(2024, 7, 23), {"about": "grip"}), (Broke, midnight(2024, 7, 23), {"about": "tip"}))


def of(log: Log, effects: list[Any], at: datetime, roster: Roster | None = None, **more: Any) -> Any:
    return digests(roster or Roster(), [(log.case, effects)], at=at, **more)


def test_a_reminder_of_a_duty_of_days_waits_for_the_digest():
    log, effects = looked(BEFORE)
    (reminder,) = effects
    sorted_out = of(log, effects, BEFORE)
    assert [(one.person, one.alarms, one.ids) for one in sorted_out.digests] == [
        ("coordinator", (reminder,), (reminder.id,))
    ]
    assert (sorted_out.at_once, sorted_out.stale, sorted_out.unheard) == ((), (), ())


def test_one_person_gets_one_message_of_what_is_due_first_to_last():
    log, effects = looked(BEFORE, *TWO_PARTS)
    (digest,) = of(log, effects, BEFORE).digests
    assert [(one.clock, one.item) for one in digest.alarms] == [("mend", "grip"), ("mend", "tip"), ("give_back", "")]


def test_of_one_duty_the_newest_reminder_is_in_it_and_all_are_delivered_with_it():
    log, effects = looked(AFTER)
    alarms = [one for one in effects if isinstance(one, Escalated)]
    assert [one.rung for one in alarms] == [0, 1]
    (digest,) = of(log, effects, AFTER).digests
    assert digest.alarms == (alarms[1],)
    assert set(digest.ids) == {one.id for one in alarms}


def test_several_cases_of_one_person_come_in_one_message():
    one, effects = looked(BEFORE)
    other, more = looked(BEFORE, *TWO_PARTS)
    found = digests(Roster(), [(one.case, effects), (other.case, more)], at=BEFORE)
    assert [len(digest.alarms) for digest in found.digests] == [3]  # the two desks have one case id here


def test_people_get_their_own_messages():
    nurses = Ladder((Rung(Role.NURSE, before=Hours(24)), Rung(Role.NURSE)), every=Hours(24))
    rules = desk(Limit("give_back", CalendarDays(14), nurses, source=WHY, attempts=TRIES), MEND)
    log, effects = looked(BEFORE, *TWO_PARTS, rules=rules)
    assert [one.person for one in of(log, effects, BEFORE).digests] == ["coordinator", "nurse"]
    same = Roster(NURSE="kim", COORDINATOR="kim")
    assert [one.person for one in of(log, effects, BEFORE, same).digests] == ["kim"]


# ---- what cannot wait


def test_whoever_is_told_above_the_keeper_is_told_at_once():
    log, effects = looked(LATER)
    found = of(log, effects, LATER)
    ((case, now),) = found.at_once
    assert case is log.case
    assert [one.notify for one in now if isinstance(one, Escalated)] == [Role.SUPERVISOR]
    assert {one for one in effects if not isinstance(one, Escalated)} <= set(now)


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.ASAP, Urgency.STAT], ids=lambda one: one.name)
def test_nothing_of_an_urgent_case_waits(urgency):
    log, effects = looked(BEFORE, (Urged, midnight(2024, 7, 20), {"urgency": urgency}))
    assert of(log, effects, BEFORE).digests == ()
    assert of(log, effects, BEFORE).at_once == ((log.case, tuple(effects)),)


def test_what_is_promised_in_hours_does_not_wait():
    rules = desk(Limit("give_back", Hours(14 * 24), LADDER, source=WHY, attempts=TRIES), MEND)
    log, effects = looked(BEFORE, rules=rules)
    assert [one.clock for one in effects] == ["give_back"]
    assert of(log, effects, BEFORE).digests == ()


def test_a_repeat_and_the_default_queue_do_not_wait():
    again = Ladder((Rung(),), every=Hours(24))
    rules = desk(Limit("give_back", CalendarDays(14), again, source=WHY, attempts=TRIES), MEND)
    log, effects = looked(LATER, rules=rules)
    alarms = [one for one in effects if isinstance(one, Escalated)]
    assert [(one.repeat > 0, can_wait(log.case, one)) for one in alarms] == [(False, True), (True, False)]
    assert not can_wait(log.case, evolve(alarms[0], queue="front-desk"))


def test_a_host_may_say_itself_what_can_wait():
    log, effects = looked(LATER)
    assert of(log, effects, LATER, routine=lambda case, alarm: False).digests == ()
    people = [one.person for one in of(log, effects, LATER, routine=lambda case, alarm: True).digests]
    assert people == ["coordinator", "supervisor"]


# ---- nothing is lost, and nothing is told in vain


def test_every_effect_goes_somewhere():
    log, effects = looked(LATER, *TWO_PARTS)
    found = of(log, effects, LATER)
    now = {effect.id for _, several in found.at_once for effect in several}
    gone = now | {one for digest in found.digests for one in digest.ids}
    assert gone | {one.effect.id for one in found.unheard} | set(found.stale) == {one.id for one in effects}


def test_a_reminder_of_what_was_done_meanwhile_goes_nowhere():
    log, effects = looked(BEFORE)
    log.say(Returned, BEFORE + HOUR)
    found = of(log, effects, BEFORE + 2 * HOUR)
    assert (found.digests, found.stale) == ((), tuple(one.id for one in effects))


def test_what_was_delivered_is_not_gathered_again():
    log, effects = looked(BEFORE)
    assert of(log, [*effects, *effects], BEFORE).digests[0].ids == (effects[0].id,)
    assert of(log, effects, BEFORE, delivered={effects[0].id}).digests == ()


def test_where_nobody_is_on_duty_it_goes_up_at_once():
    log, effects = looked(BEFORE)
    (unheard,) = of(log, effects, BEFORE, Roster(COORDINATOR=None)).unheard
    assert unheard.effect == effects[0]
    step = log.take(unheard.event)
    assert [one.notify for one in step.effects if isinstance(one, Escalated)] == [Role.COORDINATOR]  # the next rung


def test_what_cannot_wait_is_for_deliver():
    heard: list[tuple[str, str]] = []
    hooks = Hooks(Tell(None, lambda alarm, person, case: heard.append((person, alarm.clock))), directory=Roster())
    log, effects = looked(LATER)
    for case, now in of(log, effects, LATER).at_once:
        deliver(hooks, case, now, at=LATER)
    assert heard == [("supervisor", "give_back")]


def test_a_directory_that_has_to_be_awaited_is_refused():
    class Slow:
        async def on_duty(self, role: Role, case: Any, at: datetime) -> str:
            return "somebody"

    log, effects = looked(BEFORE)
    with pytest.raises(TypeError, match="hand in one that has looked already"):
        of(log, effects, BEFORE, Slow())  # type: ignore[arg-type]  # wrong on purpose


def test_gathering_needs_to_know_which_moment_it_is():
    log, effects = looked(BEFORE)
    with pytest.raises(NaiveMoment):
        of(log, effects, NAIVE)

"""
A host that calls its own functions with what a case owes: `python -m examples.hooks_on_duty`.

A roster says who is on duty. On Sunday the coordinators are not, so an alarm for them goes up the
ladder at once. The pager of the fail-safe is down; what it did not take stays in the outbox.
"""

import asyncio
from datetime import datetime

import pendulum
from examples.practice import TRANSITIONS

from carecoord import (
    Actor,
    Case,
    DeadlineSet,
    Delivery,
    Effect,
    Entry,
    Escalated,
    Hooks,
    Role,
    Step,
    StoodDown,
    Tell,
    When,
    adeliver,
    advance_with_history,
    check,
    deliver,
    open_case,
)
from carecoord.workflows.care_transition import Admitted, TransitionFacts, TransitionState

HERE = "America/Boise"
FEED = Actor(Role.SYSTEM, "adt-feed")


class Roster:
    """Who is on duty: yours to know. Here the coordinators go home on Friday."""

    def on_duty(self, role: Role, case: Case[TransitionState, TransitionFacts], at: datetime) -> str | None:
        if role is Role.OWNER:
            return case.owner
        weekend = pendulum.instance(at).in_timezone(HERE).weekday() > 4
        return None if role is Role.COORDINATOR and weekend else f"{role.name.lower()}-1"


def page(alarm: Escalated | StoodDown, person: str, case: Case[TransitionState, TransitionFacts]) -> None:
    print(f"  page {person}: {alarm.kind} {alarm.clock} {alarm.item}, case {case.id}")


def fail_safe(alarm: Escalated | StoodDown, person: str, case: Case[TransitionState, TransitionFacts]) -> None:
    raise ConnectionError("the pager is down")


def put_in_calendar(effect: DeadlineSet, case: Case[TransitionState, TransitionFacts]) -> None:
    print(f"  calendar: {effect.clock} {effect.item} due {effect.due_at:%Y-%m-%d %H:%M}Z")


HOOKS = Hooks(
    When(DeadlineSet, put_in_calendar),
    Tell(Role.SAFETY_OFFICER, fail_safe),
    Tell(None, page),  # all other roles, and the default queue
    directory=Roster(),
)


class Host:
    """Your database: the case, its entries, and an outbox from which only what was delivered is taken."""

    def __init__(self) -> None:
        self.case: Case[TransitionState, TransitionFacts]
        self.entries: list[Entry] = []
        self.outbox: dict[str, Effect] = {}

    def keep(self, step: Step[TransitionState, TransitionFacts]) -> None:
        self.case = step.case
        if step.entry is not None:
            self.entries.append(step.entry)
        self.outbox.update({effect.id: effect for effect in step.effects})

    def history(self, _: str) -> list[Entry]:
        return self.entries

    def settle(self, delivery: Delivery) -> None:
        """Take what was delivered out of the outbox; what failed stays in it, and what nobody heard goes up."""
        for failure in delivery.failed:
            print(f"  {failure.function} failed with {failure.kind}: try {failure.effect.id} again")
        for unheard in delivery.unheard:
            print(f"  nobody is on duty as {unheard.effect.notify.name}: it goes up")
            self.keep(advance_with_history(TRANSITIONS, self.case, unheard.event, self.history))
        gone = [*delivery.done, *delivery.stale, *(unheard.effect.id for unheard in delivery.unheard)]
        for id in gone:
            del self.outbox[id]

    def deliver(self, now: datetime) -> None:
        """Deliver until nothing is left but what failed."""
        while True:
            delivery = deliver(HOOKS, self.case, list(self.outbox.values()), at=now)
            self.settle(delivery)
            if not delivery.unheard:
                return

    async def adeliver(self, now: datetime) -> None:
        """Do the same in a loop of yours, with functions that have to be awaited or not."""
        self.settle(await adeliver(HOOKS, self.case, list(self.outbox.values()), at=now))


def main() -> None:
    host = Host()
    thursday, sunday, friday = (pendulum.datetime(2026, 7, day, 0, 1, tz=HERE) for day in (9, 12, 24))
    print("Thursday: a patient is admitted")
    opening = Admitted(at=thursday, by=FEED, key="a01", about="v1")
    host.keep(open_case(TRANSITIONS, opening, id="t-1", subject="p-9", owner="dr-3"))
    host.deliver(thursday)
    print("Sunday, just after midnight: nobody gave notice of the admission")
    host.keep(check(host.case, at=sunday))
    host.deliver(sunday)
    print("Friday: nobody did anything")
    host.keep(check(host.case, at=friday))
    host.deliver(friday)
    print("and again, in a loop of the host's")
    asyncio.run(host.adeliver(friday))
    print("still owed to somebody:", *host.outbox)


if __name__ == "__main__":
    main()

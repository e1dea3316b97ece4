"""
One rulebook under many workers: `python -m examples.many_workers`.

Threads share it as it is, a process gets it pickled, and in a loop of yours any number of tasks use it
while others wait for your database. None of them needs a lock; what must not be lost is written with compare and swap.
"""

import asyncio
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import repeat
from multiprocessing import get_context

import pendulum
from examples.practice import REFERRALS

from carecoord import Actor, Entry, Event, Role, Rulebook, Step, Urgency, advance, open_case
from carecoord.workflows.referral import (
    Accepted,
    Booked,
    Drafted,
    Enclosure,
    Kind,
    NoShow,
    ReferralCase,
    ReferralFacts,
    ReferralState,
    Sent,
)

Rules = Rulebook[ReferralState, ReferralFacts]
MONDAY = pendulum.datetime(2026, 3, 2, 9, tz="America/Boise")
US, THEM = Actor(Role.COORDINATOR, "u-7"), Actor(Role.SYSTEM, "fax-server")
DRAFT = Drafted(at=MONDAY, by=US, key="1", urgency=Urgency.ROUTINE, kind=Kind.CONSULTATION, clinical_question="?")
SENT = Sent(at=MONDAY.add(hours=1), by=US, key="2", about="a-1", recipient="cardio", enclosed=tuple(Enclosure))
NEWS = (
    Accepted(at=MONDAY.add(days=1), by=THEM, key="3", about="a-1"),
    Booked(at=MONDAY.add(days=2), by=THEM, key="4", about="v-1", visit_at=MONDAY.add(days=9)),
    NoShow(at=MONDAY.add(days=9, hours=1), by=THEM, key="5", about="v-1"),
)


def opened(rules: Rules, id: str) -> Step[ReferralState, ReferralFacts]:
    return open_case(rules, DRAFT, id=id, subject=f"p-{id}", owner="dr-3")


def follow(rules: Rules, id: str) -> ReferralCase:
    """Follow one referral from its draft to a visit that the patient missed."""
    case = opened(rules, id).case
    for event in (SENT, *NEWS):
        case = advance(rules, case, event).case
    return case


def in_threads(rules: Rules, ids: list[str]) -> list[ReferralCase]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(follow, repeat(rules), ids))


def in_processes(rules: Rules, ids: list[str]) -> list[ReferralCase]:
    """Hand the rulebook to processes that begin with nothing; each case comes back the same way."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(follow, repeat(rules), ids, chunksize=max(1, len(ids) // 2)))


class Store:
    """Your database: a case and its entries, each step kept only if nobody was faster; `lost` counts who was not."""

    def __init__(self, *steps: Step[ReferralState, ReferralFacts]) -> None:
        self.cases = {step.case.id: step.case for step in steps}
        self.entries = {step.case.id: [step.entry] for step in steps}
        self.lost = 0

    async def load(self, id: str) -> tuple[ReferralCase, list[Entry]]:
        await asyncio.sleep(0)  # here other tasks run
        return self.cases[id], [entry for entry in self.entries[id] if entry is not None]

    async def keep(self, seq: int, step: Step[ReferralState, ReferralFacts]) -> bool:
        """Write the step if the case still has the sequence number that it was made from."""
        await asyncio.sleep(0)
        if self.cases[step.case.id].seq != seq:
            self.lost += 1
            return False
        self.cases[step.case.id] = step.case
        self.entries[step.case.id].append(step.entry)
        return True


async def hear(rules: Rules, store: Store, id: str, event: Event) -> None:
    """Take one message, and again from the beginning where somebody else was faster."""
    kept = False
    while not kept:
        case, history = await store.load(id)
        kept = await store.keep(case.seq, advance(rules, case, event, history))


async def in_a_loop(rules: Rules, ids: list[str]) -> Store:
    """Take the messages of all cases at once, the last first: one rulebook, and nothing waits for anything else."""
    store = Store(*(opened(rules, id) for id in ids))
    await asyncio.gather(*(hear(rules, store, id, SENT) for id in ids))
    await asyncio.gather(*(hear(rules, store, id, event) for event in reversed(NEWS) for id in ids))
    return store


def main() -> None:
    ids = [f"r-{number}" for number in range(40)]
    alone = [follow(REFERRALS, id) for id in ids]
    print("eight threads:", in_threads(REFERRALS, ids) == alone)
    print("two processes:", in_processes(REFERRALS, ids) == alone)
    store = asyncio.run(in_a_loop(REFERRALS, ids))
    worlds = [store.cases[id].world for id in ids]
    print("one loop:", worlds == [case.world for case in alone], "with", store.lost, "steps made again")


if __name__ == "__main__":
    main()

"""
One rulebook among many workers: threads, processes that begin with nothing, and the tasks of a host's loop.

Each is held against one worker alone; all of what each case came to is compared, and all that was told of it.
"""

import asyncio
import copy
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from threading import Barrier

import pytest
from attrs import evolve
from examples import many_workers
from examples.practice import REFERRALS, TRANSITIONS
from tests.kit.sharing import follow, go_on, many_referrals
from tests.transition_story import FRI, HOUR, MON, SAT, SETTLED, TUE, done, heard

from carecoord import LoopClosed
from carecoord.workflows.care_transition import Admitted, Contacted, Discharged

STAY = (heard(Admitted, TUE, "V1"), heard(Discharged, FRI, "V1"))
STAYS = [STAY, (*STAY, done(Contacted, SAT)), (*STAY, *SETTLED, done(LoopClosed, MON + HOUR))] * 8
EACH = [(REFERRALS, many_referrals()), (TRANSITIONS, STAYS)]
of_each = pytest.mark.parametrize(("rules", "several"), EACH, ids=["referral", "care transition"])
WORKERS = 8


def unused(rules):
    """Return an equal rulebook that nobody has used, so that the first workers compile its table together."""
    return evolve(rules, workflow=evolve(rules.workflow))


@of_each
def test_eight_threads_on_one_rulebook_come_to_what_one_does(rules, several):
    """All of them begin at once, each with another case, and each follows all of them."""
    together, fresh = Barrier(WORKERS), unused(rules)

    def work(number):
        together.wait()
        turned = [*several[number:], *several[:number]]
        return [follow(fresh, events) for events in turned]

    alone = [follow(rules, events) for events in several]
    with ThreadPoolExecutor(WORKERS) as pool:
        for number, followed in enumerate(pool.map(work, range(WORKERS))):
            assert followed == [*alone[number:], *alone[:number]]


@of_each
def test_a_process_that_gets_the_rulebook_pickled_comes_to_the_same(rules, several):
    """It is spawned: it inherits nothing, and finds guards and policies by the names of their modules."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        followed = [*pool.map(follow, repeat(rules), several, chunksize=len(several))]
    assert followed == [follow(rules, events) for events in several]


def test_a_case_may_be_begun_in_one_process_and_go_on_in_another():
    several = [events for events in many_referrals() if len(events) > 2]
    begun = [follow(REFERRALS, events[:2]) for events in several]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        rest = [events[2:] for events in several]
        followed = [*pool.map(go_on, repeat(REFERRALS), begun, rest, chunksize=len(several))]
    assert followed == [follow(REFERRALS, events) for events in several]


@of_each
def test_a_rulebook_that_was_pickled_or_copied_decides_alike(rules, several):
    for other in (pickle.loads(pickle.dumps(rules)), copy.deepcopy(rules)):
        assert [follow(other, events) for events in several] == [follow(rules, events) for events in several]


def test_tasks_gathered_in_a_hosts_loop_share_a_rulebook_and_lose_nothing():
    """Between loading and keeping a case other tasks run; who was too late makes the step again."""
    ids = [f"r-{number}" for number in range(25)]
    store = asyncio.run(many_workers.in_a_loop(unused(REFERRALS), ids))
    assert store.lost >= len(ids)
    for id in ids:
        assert store.cases[id].world == many_workers.follow(REFERRALS, id).world
        assert len(store.entries[id]) == store.cases[id].seq == 5


def test_a_hosts_loop_may_decide_in_threads_as_well():
    async def gathered():
        alike = [asyncio.to_thread(many_workers.follow, REFERRALS, f"r-{number}") for number in range(16)]
        return await asyncio.gather(*alike)

    assert asyncio.run(gathered()) == [many_workers.follow(REFERRALS, f"r-{number}") for number in range(16)]


def test_the_example_shows_all_three(capsys):
    many_workers.main()
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[2].split()[0] for line in said] == ["True", "True", "True"]

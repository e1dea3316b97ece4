"""What one call costs: a step, a step that starts no clock, a look at nothing, late news, a long history."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import pendulum
from attrs import evolve

from benchmarks.journey import (
    BY_CALENDAR,
    FEED,
    HOUR,
    NURSE,
    SETTLES_ONE,
    START,
    STARTS_NOTHING,
    STAYS,
    Booked,
    Confirmed,
    Open,
    Rules,
    begun,
    beside,
    eight_events,
    long_case,
    opening,
    rules,
)
from benchmarks.timing import Fresh, Turn, calls
from carecoord import Entry, Event, advance, check, open_case, replay


def full_step(book: Rules) -> tuple[int, Turn]:
    """The eight events of the journey, one after the other, on the case that grows."""
    case, _ = begun(book)

    def journey(events: Sequence[Event]) -> None:
        now = case
        for event in events:
            now = advance(book, now, event).case

    return len(eight_events()), Fresh(eight_events, journey)


def full_step_and_events(book: Rules) -> tuple[int, Turn]:
    """The same, and the events are made on the way, from UTC datetimes."""
    case, _ = begun(book)

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            now = case
            for event in eight_events():
                now = advance(book, now, event).case

    return len(eight_events()), turn


def zoned_events() -> tuple[int, Turn]:
    """Only making the events, from pendulum's datetimes in a zone: what a host pays at the door."""
    start, hour = pendulum.instance(START).in_timezone("America/Boise"), pendulum.duration(hours=1)
    ready = [start + n * hour for n in (1, 20, 40, 60, 61, 99, 200, 201)]

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            for at in ready:
                Confirmed(at=at, by=FEED, key="k", about="v")

    return len(ready), turn


def one_of(book: Rules, which: Sequence[int]) -> tuple[int, Turn]:
    """Some of the eight steps, each from the case as it stood before."""
    before = [case for case, _ in beside(book, begun(book)[0], eight_events())]

    def made() -> list[tuple[Open, Event]]:
        events = eight_events()
        return [(before[index], events[index]) for index in which]

    def work(pairs: list[tuple[Open, Event]]) -> None:
        for case, event in pairs:
            advance(book, case, event)

    return len(which), Fresh(made, work)


def opened(book: Rules) -> tuple[int, Turn]:
    """Opening a case."""
    first = opening()
    return 1, calls(lambda: open_case(book, first, id="r-17", subject="p", owner="dr"))


def idle_check(case: Open) -> tuple[int, Turn]:
    """A look at a case of which nothing falls due."""
    at = START + 60 * HOUR
    assert check(case, at=at).entry is None, "nothing is due"

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            check(case, at=at)

    return 1, turn


def late_news(book: Rules, taken: int) -> tuple[int, Turn]:
    """News that belongs in the middle: the history is verified, and the case is folded again."""
    case, history = long_case(book, taken, ledger=True)
    middle = history[taken // 2].at + HOUR / 2
    event = Confirmed(at=middle, recorded_at=history[-1].at + HOUR, by=FEED, key="late", about="v1")
    step = advance(book, case, event, history)
    assert (len(history), step.case.seq) == (taken, taken + 1), "it is taken"
    assert step.case.last == case.last, "and not as the last"

    return 1, Fresh(lambda: _as_loaded(history), lambda entries: advance(book, case, evolve(event), entries))


def _as_loaded(history: Sequence[Entry]) -> list[Entry]:
    """Return the entries as a store would give them: as other objects."""
    return [evolve(entry, events=tuple(map(evolve, entry.events))) for entry in history]


def in_order(book: Rules, taken: int, *, ledger: bool) -> tuple[int, Turn]:
    """
    One more event, in order, into a case that took so many.

    With *ledger*, a quarter of them settled a duty, and the event begins one.
    """
    case, history = long_case(book, taken, ledger=ledger)
    at = history[-1].at + HOUR
    event: Event = Confirmed(at=at, by=FEED, key="one more", about="v1")
    if ledger:
        event = Booked(at=at, by=NURSE, key="one more", about="one more", visit_at=at + 50 * HOUR)
    return 1, Fresh(lambda: evolve(event), lambda fresh: advance(book, case, fresh))


def replayed(book: Rules, taken: int) -> tuple[int, Turn]:
    """All steps of a case again, from its entries; per entry."""
    _, history = long_case(book, taken, ledger=True)

    return taken, Fresh(lambda: _as_loaded(history), lambda entries: replay(book.workflow, entries))


def contestants(lengths: Sequence[int]) -> dict[str, tuple[int, Turn]]:
    """Return what is measured in bare triggers, by name; *lengths* are those of the histories before one more event."""
    book, by_calendar = rules(), rules(BY_CALENDAR)
    case = beside(book, begun(book)[0], eight_events())[-1][0]
    return {
        "step": full_step(book),
        "step, events made too": full_step_and_events(book),
        "step, five rungs dated by the calendar": full_step(by_calendar),
        "making one event": zoned_events(),
        "opening": opened(book),
        "no clock starts": one_of(book, STARTS_NOTHING),
        "no clock starts, one ends": one_of(book, SETTLES_ONE),
        "no clock starts, none ends": one_of(book, STAYS),
        "news that only stays": one_of(book, STAYS[:1]),
        "idle check": idle_check(case),
        "late into 50": late_news(book, 50),
        "replay of 50, per entry": replayed(book, 50),
        **{f"in order after {n}": in_order(book, n, ledger=False) for n in lengths},
        **{f"in order after {n}, ledger grows": in_order(book, n, ledger=True) for n in lengths},
    }

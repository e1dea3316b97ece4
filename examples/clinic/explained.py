"""
One loop from its first message to the end, in words: what was heard, and what the library said to it.

Everything is worked out from the entries, as for an auditor: nobody remembers anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from examples.clinic.store import AnyCase, AnyStep, Store

from carecoord import (
    Answer,
    DeadlineHeld,
    DeadlineMissed,
    DeadlineSet,
    DeadlineSettled,
    Effect,
    Entry,
    Escalated,
    How,
    Moved,
    ReadyToClose,
    Rulebook,
    StoodDown,
    label,
    replay,
)

LONGEST = timedelta(days=120)  # a time line of a year shows nothing of the first days
MOST = 45  # steps
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Explained:
    """A loop and all its steps; `step.entry` is what was handed in, `step.effects` what was said to it."""

    case: AnyCase
    steps: tuple[AnyStep, ...]
    same: bool  # whether the steps, made again from the entries alone, end in the case that was kept


def explain_all(store: Store) -> tuple[Explained, ...]:
    """Make all loops of a store again from their entries."""
    return tuple(_made_again(store, case) for case in store.cases())


def most_telling(all_loops: Sequence[Explained]) -> Explained:
    """
    Return the loop in which most was put in order after the fact and most happened, of those that fit a page.

    Where none does, as with plans that go on for years, it is one of the fewest steps.
    """
    fitting = [each for each in all_loops if _span(each) <= LONGEST and len(each.steps) <= MOST]
    shortest = sorted(all_loops, key=lambda each: (len(each.steps), each.case.id))[: -(-len(all_loops) // 10)]
    return max(fitting or shortest, key=_tells)


def late(loop: Explained) -> int:
    """Return how many events were heard after one that happened later."""
    number, newest = 0, None
    for event in (event for entry in _entries(loop) for event in entry.events):
        number += newest is not None and event.at < newest
        newest = event.at if newest is None else max(newest, event.at)
    return number


def _made_again(store: Store, case: AnyCase) -> Explained:
    kept = store.load(case.id)
    assert kept is not None, "the case was listed a moment ago"
    steps = replay(store.practice.rules_for(case).workflow, store.history(case.id, kept.entries))
    return Explained(case, steps, steps[-1].case == kept.case)


def _entries(each: Explained) -> list[Entry]:
    return [step.entry for step in each.steps if step.entry is not None]


def _tells(each: Explained) -> tuple[int, int, str]:
    corrected = sum(isinstance(said, Moved) and said.by_correction for step in each.steps for said in step.effects)
    ways = len({one.how for one in each.case.settled}) + len({one.clock for one in each.case.settled})
    return (min(corrected, 2) + ways + min(late(each), 6), len(each.steps), each.case.id)


def _span(each: Explained) -> timedelta:
    entries = _entries(each)
    return entries[-1].at - min(event.at for entry in entries for event in entry.events)


def in_words(effect: Effect) -> str:
    """Return one effect as a short phrase."""
    if isinstance(effect, Moved):
        said = f"opened: {effect.to}" if effect.was is None else f"{effect.was} → {effect.to}"
        return f"{said} (put in order)" if effect.by_correction else said
    if isinstance(effect, ReadyToClose):
        return "ready to close"
    return f"{effect.clock}: {_of_duty(effect)}"


def _of_duty(effect: DeadlineSet | DeadlineSettled | DeadlineHeld | DeadlineMissed | Escalated | StoodDown) -> str:
    match effect:
        case DeadlineSet():
            return f"{'' if effect.previous is None else 'now '}due {day(effect.due_at)}"
        case DeadlineSettled():
            return ended(effect.how, effect.why, effect.at - effect.due_at)
        case DeadlineHeld():
            return f"held since {day(effect.since)}"
        case DeadlineMissed():
            return "missed"
        case Escalated():
            return f"tell {role(effect.notify)}" + (f" again ({effect.repeat})" if effect.repeat else "")
        case StoodDown():
            return "alarm taken back"


def ended(how: How, why: str, past_due: timedelta) -> str:
    """Return how a duty ended."""
    if how is How.MET_LATE:
        return f"done {for_people(past_due)} late"
    words = {How.MET: "done in time", How.EXCUSED: "excused", How.WAIVED: "waived", How.DROPPED: "dropped"}[how]
    return f"{words} ({why})" if why and how is not How.WAIVED else words


def where_from(answer: Answer, rules: Rulebook[Any, Any]) -> str:
    """Return the row that a due moment came from: how long, and on whose word."""
    for limit in rules.timing.rows(answer.clock):
        if answer.schedule.row.endswith(f"#{limit.clock}" + (f"[{label(limit.when)}]" if limit.when else "")):
            return f"{answer.schedule.unit}; {limit.source}"
    return answer.schedule.unit


def role(of: Any) -> str:
    """Return a role in the words of people."""
    return str(of.name).lower().replace("_", " ")


def day(at: datetime) -> str:
    """Return a moment as day and time, in UTC as everything here."""
    return f"{at.day} {at:%b %Y, %H:%M}"


def for_people(span: timedelta) -> str:
    """Return a length of time as people say it."""
    if span >= 2 * DAY:
        return f"{span // DAY} days"
    hours = span // timedelta(hours=1)
    return f"{hours} hours" if hours != 1 else "1 hour"

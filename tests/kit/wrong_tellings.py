"""More engines that are wrong on purpose: these know what is owed, and tell it wrong."""

from datetime import timedelta
from typing import Any

from attrs import asdict, evolve
from tests.kit import laws_of_telling as telling
from tests.kit import laws_of_the_world as world
from tests.kit import laws_of_values as values
from tests.kit.wrong_engines import wrong

from carecoord import _telling, engine
from carecoord.case import Entry, all_told
from carecoord.effects import Escalated, Moved

TRANSITION = "care transition"
ONCE, TRUE = telling.what_is_told_is_told_once, telling.no_step_says_and_unsays
LISTENS, NEXT = telling.a_host_that_only_listens_knows_the_case, telling.next_check_is_never_late_and_never_idle

# --- what moves ------------------------------------------------------------------------------


@wrong("a rung rung again after a move", _telling, "_began", ONCE, TRANSITION)
def _rung_again(right: Any) -> Any:
    """Who was told of a deadline is told again when it moves, and nothing is taken back."""

    def began(said: Any, effects: Any, case_id: str, before: Any, one: Any, was: Any, seq: int, *rest: Any) -> Any:
        mark = right(said, [], case_id, before, one, was, seq, *rest)
        return mark if was is None or mark is was[1] else seq

    return began


@wrong("no new revision after a stand-down", _telling, "_began", ONCE, TRANSITION)
def _old_revision(right: Any) -> Any:
    """A deadline that moved goes on under its old revision."""

    def began(said: Any, effects: Any, case_id: str, before: Any, one: Any, was: Any, seq: int, *rest: Any) -> Any:
        mark = right(said, effects, case_id, before, one, was, seq, *rest)
        if was is None:
            return mark
        former = was[1] if isinstance(was[1], int) else was[1].revision
        return former if isinstance(mark, int) else evolve(mark, revision=former)

    return began


@wrong("the former due moment is not said", _telling, "_set", LISTENS, TRANSITION)
def _without_previous(right: Any) -> Any:
    """A host cannot know that a deadline moved."""
    return lambda case_id, deadline, seq, previous: right(case_id, deadline, seq, None)


@wrong("a deadline moves in silence", _telling, "_same_dates", LISTENS, TRANSITION)
def _moves_in_silence(right: Any) -> Any:
    """Only what begins and what ends is told."""
    return lambda old, new: True


@wrong("a case moves in silence", engine, "taken_in", LISTENS)
def _moved_in_silence(right: Any) -> Any:
    """A case goes to another state, and nobody is told."""

    def taken_in(*anything: Any) -> Any:
        step = right(*anything)
        return evolve(step, effects=tuple(one for one in step.effects if not isinstance(one, Moved)))

    return taken_in


@wrong("what somebody wrote is shown", Entry, "__repr__", values.nothing_that_is_said_carries_a_patients_text)
def _shown(right: Any) -> Any:
    """An entry shows all that its events say."""
    return lambda entry: f"{right(entry)} {[asdict(event, recurse=False) for event in entry.events]}"


@wrong("never stood down", _telling, "_stand_down", LISTENS)
def _never_stood_down(right: Any) -> Any:
    """What no longer stands is not taken back."""
    return lambda *anything, **more: None


# --- what falls due --------------------------------------------------------------------------


@wrong("a repeat dated by the look", _telling, "_tell_due", TRUE)
def _dated_by_the_look(right: Any) -> Any:
    """The last rung repeats when somebody looks."""

    def tell_due(said: Any, case_id: str, deadline: Any, mark: Any, horizon: Any, *rest: Any) -> Any:
        told: list[Any] = []
        after = right(told, case_id, deadline, mark, horizon, *rest)
        for moment, effect in told:
            repeats = isinstance(effect, Escalated) and effect.repeat
            said.append((moment, evolve(effect, at=horizon) if repeats else effect))
        return after

    return tell_due


@wrong("every repeat is told", _telling, "_tell_due", TRUE)
def _every_repeat(right: Any) -> Any:
    """Who looks after a month hears of each repeat that fell due."""

    def tell_due(said: Any, case_id: str, deadline: Any, mark: Any, horizon: Any, *rest: Any) -> Any:
        after = right(said, case_id, deadline, mark, horizon, *rest)
        if after.repeats > mark.repeats + 1:
            moment, newest = said[-1]
            every = deadline.schedule.every
            said.insert(-1, (moment - every, evolve(newest, repeat=newest.repeat - 1, at=newest.at - every)))
        return after

    return tell_due


@wrong("a miss told twice", _telling, "_tell_due", ONCE)
def _told_twice(right: Any) -> Any:
    """It is forgotten that a miss was told."""

    def tell_due(said: Any, case_id: str, deadline: Any, mark: Any, horizon: Any, *rest: Any) -> Any:
        after = right(said, case_id, deadline, mark, horizon, *rest)
        return _telling._told(deadline, after.revision, False, after.rungs, after.repeats)

    return tell_due


@wrong("the last rung does not repeat", _telling, "_told", NEXT)
def _no_repeats(right: Any) -> Any:
    """What nobody met is forgotten when the ladder is used up."""

    def told(deadline: Any, revision: int, missed: bool, rungs: int, repeats: int, *rest: Any) -> Any:
        mark = right(deadline, revision, missed, rungs, repeats, *rest)
        used_up = missed and rungs >= len(deadline.schedule.offsets)
        return evolve(mark, wakes_at=None) if used_up else mark

    return told


@wrong("told an hour ahead", _telling, "_horizon", NEXT)
def _an_hour_ahead(right: Any) -> Any:
    """What falls due within the hour is told now."""
    return lambda book, moment: right(book, moment) + timedelta(hours=1)


@wrong("told two days late", _telling, "_horizon", telling.what_fell_due_was_told)
def _two_days_late(right: Any) -> Any:
    """A call tells what fell due two days before it."""
    return lambda book, moment: moment - timedelta(days=2)


@wrong("woken for the last thing", _telling, "_wakes", world.looking_changes_the_book_alone)
def _wakes_last(right: Any) -> Any:
    """The next check is when the last thing falls due."""

    def wakes(duties: Any, told: Any, look: Any) -> Any:
        ahead = [all_told(one, mark).wakes_at for one, mark in zip(duties, told, strict=True)]
        return max((at for at in (*ahead, look) if at), default=None)

    return wakes


# --- what is held ----------------------------------------------------------------------------

HELD = "duties that wait"


@wrong("what is held rings on", _telling, "_due", TRUE, HELD)
def _rings_on(right: Any) -> Any:
    """A pause is said, and misses and rungs are told all the same."""

    def due(effects: Any, case_id: str, terms: Any, world: Any, *rest: Any) -> Any:
        return right(effects, case_id, terms, evolve(world, pauses=()), *rest)

    return due


@wrong("woken for what is held", _telling, "_not_held", NEXT, HELD)
def _woken_for_what_is_held(right: Any) -> Any:
    """The next check is when something of a held deadline would fall due."""
    return lambda world, told, quiet: (world.duties, told)


@wrong("held in silence", _telling, "_set_or_held", LISTENS, HELD)
def _held_in_silence(right: Any) -> Any:
    """A host hears that a deadline is set, and never that it is held."""
    return lambda case_id, deadline, seq, previous, held: right(case_id, deadline, seq, previous, None)


@wrong("a late pause takes nothing back", _telling, "_began", ONCE, HELD)
def _told_and_held(right: Any) -> Any:
    """What was told before anybody heard of the pause stands, and is told again later."""

    def began(said: Any, effects: Any, *rest: Any) -> Any:
        _, held = rest[-1]
        return right(said, effects if held is None else [], *rest)

    return began


# --- what an acknowledgement holds -----------------------------------------------------------

HUSHED = telling.an_acknowledgement_holds_what_it_may


@wrong("the fail-safe is held", _telling, "rung_at", NEXT, HELD)
def _fail_safe_held(right: Any) -> Any:
    """An acknowledgement holds whoever is told, the last among them."""
    return lambda deadline, rung, quiet: (
        max(right(deadline, rung, None), quiet.until) if quiet else right(deadline, rung, quiet)
    )


@wrong("anybody holds all but the last", _telling, "_hushed", HUSHED, HELD)
def _anybody_holds(right: Any) -> Any:
    """Who acknowledges holds those above as well."""

    def hushed(deadline: Any, event: Any, before: Any) -> Any:
        hush = right(deadline, event, before)
        return hush and evolve(hush, rung=len(deadline.schedule.roles) - 2)

    return hushed


@wrong("held without end", _telling, "_hushed", HUSHED, HELD)
def _held_without_end(right: Any) -> Any:
    """Nobody counts how often a deadline was acknowledged."""

    def hushed(deadline: Any, event: Any, before: Any) -> Any:
        return right(deadline, event, before and evolve(before, times=1))

    return hushed


@wrong("held from when it happened", _telling, "_hushed", HUSHED, HELD)
def _held_from_when_it_happened(right: Any) -> Any:
    """An acknowledgement that is heard late holds from its own moment."""
    return lambda deadline, event, before: right(deadline, evolve(event, recorded_at=event.at), before)

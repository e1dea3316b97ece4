"""
Calling the host's functions with what a case owes: after the deciding, and never as part of it.

A row names an effect, or a role, and the function to be called. Nothing here stores, sends or
waits: what was delivered, what failed and whom nobody could be found for is handed back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Coroutine, Generator, Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast

from attrs import field, frozen

from carecoord.case import Case, Entry, Step
from carecoord.effects import Effect, Escalated, StoodDown
from carecoord.engine import advance
from carecoord.errors import HistoryNeeded
from carecoord.events import AlarmUndelivered, Event, Facts
from carecoord.moments import moment
from carecoord.rulebook import Rulebook
from carecoord.views import stands
from carecoord.vocabulary import Actor, Role

S = TypeVar("S", bound=Enum)
F = TypeVar("F", bound=Facts)
E = TypeVar("E", bound=Effect)

AnyCase: TypeAlias = Case[Any, Any]
Alarm: TypeAlias = Escalated | StoodDown
"""What is told to a person: an alarm, or that it no longer stands."""


class Directory(Protocol):
    """Who is on duty: the host's, since the library knows roles and no people."""

    def on_duty(self, role: Role, case: AnyCase, at: datetime) -> str | Awaitable[str | None] | None:
        """
        Return who stands in this role for the case at this moment; None where nobody does.

        `Role.OWNER` asks for `case.owner`, or whoever stands in for them. Only `adeliver` waits
        for an answer that has to be awaited.
        """
        ...


@frozen(init=False)
class When(Generic[E]):
    """Calls a function with each effect of one kind, and with the case as it stands now."""

    kind: type[E]
    call: Callable[[E, AnyCase], object]

    def __init__(self, kind: type[E], call: Callable[[E, AnyCase], object]) -> None:
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "call", call)


@frozen
class Tell:
    """
    Calls a function with each alarm for a role, who is on duty in it, and the case as it stands now.

    Without a role it is for all roles that have no function of their own, and for the default
    queue, whose name it then gets.
    """

    role: Role | None
    call: Callable[[Alarm, str, AnyCase], object]


_SYSTEM = Actor(Role.SYSTEM, "hooks")


@frozen(init=False)
class Hooks:
    """
    The functions of one host, and its directory. Frozen, and shared by any number of threads.

    `by` is who hands in that an alarm reached nobody.
    """

    rows: tuple[When[Any] | Tell, ...]
    directory: Directory
    by: Actor

    def __init__(self, *rows: When[Any] | Tell, directory: Directory, by: Actor = _SYSTEM) -> None:
        put = object.__setattr__
        put(self, "rows", rows)
        put(self, "directory", directory)
        put(self, "by", by)

    def when(self, effect: Effect) -> tuple[Callable[..., object], ...]:
        """Return the functions for this kind of effect."""
        return tuple(row.call for row in self.rows if isinstance(row, When) and row.kind is type(effect))

    def tell(self, role: Role | None) -> tuple[Callable[..., object], ...]:
        """Return the functions for a role; without one, those for everybody else and the default queue."""
        rows = [row for row in self.rows if isinstance(row, Tell)]
        own = [row.call for row in rows if row.role is role]
        return tuple(own or [row.call for row in rows if row.role is None])


@frozen
class Failure:
    """An effect that one function did not take: which function, and what it raised. Deliver it again, by its id."""

    effect: Effect
    function: str
    kind: str
    error: Exception = field(repr=False, eq=False)  # the host's own; its words may be anybody's


@frozen
class Unheard:
    """An alarm for a role in which nobody is on duty, and the event to advance so that it goes up at once."""

    effect: Escalated
    event: AlarmUndelivered


@frozen
class Delivery:
    """
    What became of some effects.

    Args:
        done: Ids that every function took; also those for which there is none.
        stale: Ids of what no longer stands, and went nowhere.
        failed: What a function did not take. It is owed still.
        unheard: Alarms for which nobody was found. They are dealt with once their events are
            advanced; do that in the write that takes them out of the outbox.
    """

    done: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    unheard: tuple[Unheard, ...] = ()


def deliver(
    hooks: Hooks, case: AnyCase, effects: Iterable[Effect], *, at: datetime, delivered: Container[str] = ()
) -> Delivery:
    """
    Call the host's functions with the effects of a case, one after the other.

    *case* is the case as it stands now: what no longer stands of it goes nowhere. *delivered*
    are ids that the host knows to be delivered; an id that comes twice is delivered once. A
    function that raises stops no other and loses nothing. A function that has to be awaited
    fails here: use `adeliver`.

    Raises:
        NaiveMoment: *at* has no time zone.
    """
    work = _delivering(hooks, case, effects, moment(at), delivered)
    answer: Answer = (None, None)
    try:
        call = next(work)
        while True:
            try:
                answer = _at_once(call()), None
            except Exception as why:  # noqa: BLE001  a function of the host's may raise anything
                answer = None, why
            call = work.send(answer)
    except StopIteration as end:
        return _delivery(end)


async def adeliver(
    hooks: Hooks, case: AnyCase, effects: Iterable[Effect], *, at: datetime, delivered: Container[str] = ()
) -> Delivery:
    """
    As `deliver`, and what a function or the directory returns is awaited where it has to be.

    It runs in the host's loop, and starts none, nor any task: one function after the other.
    Cancelled, it has delivered what it has; deliver the rest again.

    Raises:
        NaiveMoment: *at* has no time zone.
    """
    work = _delivering(hooks, case, effects, moment(at), delivered)
    answer: Answer = (None, None)
    try:
        call = next(work)
        while True:
            try:
                answer = await _awaited(call()), None
            except Exception as why:  # noqa: BLE001  a function of the host's may raise anything
                answer = None, why
            call = work.send(answer)
    except StopIteration as end:
        return _delivery(end)


Answer: TypeAlias = tuple[Any, Exception | None]
"""What a call returned, or what it raised."""
Work: TypeAlias = Generator[Callable[[], object], Answer, Delivery]
"""Calls to be made, one after the other; it knows nothing of waiting."""


def _delivery(end: StopIteration) -> Delivery:
    result: Delivery = end.value
    return result


def _at_once(said: object) -> object:
    if isinstance(said, Awaitable):
        if isinstance(said, Coroutine):
            said.close()
        raise TypeError("this has to be awaited; use adeliver")
    return said


async def _awaited(said: object) -> object:
    return await cast("Awaitable[object]", said) if isinstance(said, Awaitable) else said


def _delivering(
    hooks: Hooks, case: AnyCase, effects: Iterable[Effect], at: datetime, delivered: Container[str]
) -> Work:
    done: list[str] = []
    stale: list[str] = []
    failed: list[Failure] = []
    unheard: list[Unheard] = []
    for effect in {one.id: one for one in effects if one.id not in delivered}.values():
        if effect.case_id != case.id:
            failed.append(_failure(effect, stands, LookupError("an effect of another case")))
        elif not stands(case, effect):
            stale.append(effect.id)
        else:
            before = len(failed), len(unheard)
            for function in hooks.when(effect):
                _, why = yield _with(function, effect, case)
                if why is not None:
                    failed.append(_failure(effect, function, why))
            if isinstance(effect, Escalated | StoodDown):
                yield from _telling(hooks, case, effect, at, failed, unheard)
            if before == (len(failed), len(unheard)):
                done.append(effect.id)
    return Delivery(tuple(done), tuple(stale), tuple(failed), tuple(unheard))


Ways: TypeAlias = dict[str, tuple[Callable[..., object], ...]]
"""Whom to tell, and by which functions."""


def _telling(
    hooks: Hooks, case: AnyCase, alarm: Alarm, at: datetime, failed: list[Failure], unheard: list[Unheard]
) -> Generator[Callable[[], object], Answer, None]:
    """Tell whoever an alarm is for."""
    ways: Ways = {}
    if isinstance(alarm, StoodDown):
        for role in alarm.notify:
            yield from _whom(hooks, case, alarm, role, at, ways, failed, unheard)
    elif alarm.queue is not None:
        ways[alarm.queue] = hooks.tell(None)
    else:
        yield from _whom(hooks, case, alarm, alarm.notify, at, ways, failed, unheard)
    for person, functions in ways.items():
        if not functions and not hooks.when(alarm):
            failed.append(_failure(alarm, hooks.tell, LookupError("no function is there for the default queue")))
        for function in functions:
            _, why = yield _with(function, alarm, person, case)
            if why is not None:
                failed.append(_failure(alarm, function, why))


def _whom(
    hooks: Hooks,
    case: AnyCase,
    alarm: Alarm,
    role: Role,
    at: datetime,
    ways: Ways,
    failed: list[Failure],
    unheard: list[Unheard],
) -> Generator[Callable[[], object], Answer, None]:
    """Find who is to be told for one role."""
    functions, person = hooks.tell(role), None
    if functions:
        person, why = yield _with(hooks.directory.on_duty, role, case, at)
        if why is not None:
            failed.append(_failure(alarm, hooks.directory.on_duty, why))
            return
    elif hooks.when(alarm) or isinstance(alarm, StoodDown):
        return
    if person is not None:
        ways[person] = functions
    elif isinstance(alarm, Escalated):
        unheard.append(Unheard(alarm, undelivered(alarm, at=at, by=hooks.by)))
    else:
        # There is no rung above a word that something is over; somebody must be able to pass it on.
        ways[case.terms.queue] = hooks.tell(None)


def _with(function: Callable[..., object], *said: object) -> Callable[[], object]:
    return lambda: function(*said)


def _failure(effect: Effect, function: Callable[..., object], error: Exception) -> Failure:
    return Failure(effect, getattr(function, "__name__", type(function).__name__), type(error).__name__, error)


def undelivered(alarm: Escalated, *, at: datetime, by: Actor = _SYSTEM) -> AlarmUndelivered:
    """
    Return the event that says that an alarm reached nobody: advance it, and the next rung is told at once.

    The same alarm makes the same event however often it is tried: `at` is when the alarm fell
    due, and *at* when it is known to have reached nobody.
    """
    return AlarmUndelivered(
        at=alarm.at,
        recorded_at=max(moment(at), alarm.at),
        by=by,
        key=f"undelivered/{alarm.id}",
        about=alarm.item or None,
        clock=alarm.clock,
        rung=alarm.rung,
    )


def advance_with_history(
    rules: Rulebook[S, F], case: Case[S, F], event: Event, history: Callable[[str], Sequence[Entry]]
) -> Step[S, F]:
    """
    Do what `advance` does, and load the history where it is needed, and only there.

    *history* is the host's: it returns the entries of a case in the order of handing in.

    Raises:
        Refused, KeyReused, HistoryIncomplete, ForeignEvent, WrongRulebook, NoLimit: as `advance`.
    """
    try:
        return advance(rules, case, event)
    except HistoryNeeded:
        # Outside of the handler, or whatever is refused would hang on an error that is none.
        pass
    return advance(rules, case, event, history(case.id))

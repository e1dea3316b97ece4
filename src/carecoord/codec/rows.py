"""
What cases and entries share on paper: duties, answers, schedules and what is settled, as rows.

Each answer and each schedule is written once and called by its number. On loading, what was
one object is one object again, and schedules are shared by all cases that have them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from sys import intern
from typing import Any, Final

from attrs import astuple, fields

from carecoord._records import maker
from carecoord.case import Answer, Dates, Deadline, How, Mark, Redated, Schedule, Settled, Terms, Told
from carecoord.codec.forms import Form, Table, Tagged, fixed, row_of
from carecoord.codec.notation import (
    FLAG,
    LENGTH,
    MOMENT,
    NUMBER,
    TEXT,
    WHOLE,
    Misfit,
    Moments,
    Part,
    Texts,
    first_misfit,
    member_of,
    moment_of,
    optional,
    text_of_moment,
)
from carecoord.vocabulary import Actor, Role

MAYBE: Final = optional(MOMENT)

_KEPT: Final = 4096  # schedules, terms and actors that are one object in all the cases that have them: ours

_encode: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode
_decode: Final = json.JSONDecoder().decode
# A schedule is a text within the text, so that one look-up finds it again. With its quotes changed for each other there
# is nothing in it to escape, which reads better and is twice as fast.
_QUOTES: Final = str.maketrans("\"'", "'\"")

_TOLD: Final = fixed(WHOLE, FLAG, WHOLE, WHOLE, MAYBE)


def write_told(told: Told) -> list[Any]:
    """Return what was told of a duty."""
    written: list[Any] = _TOLD.write(astuple(told))
    return written


def read_told(data: Any) -> Told:
    """Return what was told of a duty."""
    return Told(*_TOLD.read(data))


def _read_mark(data: Any) -> Mark:
    return data if type(data) is int else read_told(data)


MARK: Final = Part(lambda mark: mark if isinstance(mark, int) else write_told(mark), _read_mark, (int, list))
"""Of a duty of which nothing was told, the revision alone."""

_TERMS: Final = Form(".terms", policy=TEXT, queue=TEXT, look_again=LENGTH, look=NUMBER)
# fmt: off
_DUTIES: Final = Table(  # with what the book has of each
    ".duties", clock=TEXT, item=TEXT, round=WHOLE, started_at=MOMENT, key=TEXT, due_at=MOMENT, opens_at=MAYBE,
    schedule=NUMBER, told=MARK,
)
_SETTLED: Final = Table(
    ".settled", clock=TEXT, item=TEXT, round=WHOLE, how=member_of(How), why=TEXT,
    started_at=MOMENT, due_at=MOMENT, at=MOMENT, recorded_at=MOMENT, role=member_of(Role), by=TEXT, key=TEXT,
)
# fmt: on
_REDATED: Final = Table(
    ".redated",
    key=TEXT,
    clock=TEXT,
    item=TEXT,
    started_at=MOMENT,
    due_at=MOMENT,
    opens_at=MAYBE,
    schedule=NUMBER,
    to_due_at=MOMENT,
    to_opens_at=MAYBE,
    to_schedule=NUMBER,
)
_HOW: Final = dict(How.__members__)
# Asking an Enum for a name takes longer than finding it here.
_NAME: Final = {id(member): member.name for member in (*How, *Role)}

_OF_A_SCHEDULE: Final = [one.name for one in fields(Schedule) if one.init]

_terms: Final = lru_cache(_KEPT)(Terms)
_deadline: Callable[..., Deadline] = maker(Deadline)
_settled: Callable[..., Settled] = maker(Settled)
_answer: Callable[..., Answer] = maker(Answer)


@lru_cache(_KEPT)
def _actor(role: str, id: str) -> Actor:
    return Actor(Role[role], id)


class Numbers:
    """How schedules are called while one paper is written: by numbers."""

    def __init__(self, text_of: Callable[[Schedule], str]) -> None:
        self.texts: dict[str, int] = {}
        self._known: dict[int, int] = {}
        self._text_of = text_of

    def __call__(self, schedule: Schedule) -> int:
        # Most are one object; others may be equal.
        n = self._known.get(id(schedule))
        if n is None:
            n = self._known[id(schedule)] = self.texts.setdefault(self._text_of(schedule), len(self.texts))
        return n


def write_duties(duties: Iterable[Deadline], told: Iterable[Mark], number: Numbers, at: Texts) -> list[Any]:
    """Return the duties and what was told of them; their schedules have numbers."""
    text = TEXT.write
    # fmt: off
    return _DUTIES.write([
        [
            one.clock, text(one.item), one.round, at[one.started_at], one.key, at[one.due_at],
            None if one.opens_at is None else at[one.opens_at], number(one.schedule),
            mark if isinstance(mark, int) else write_told(mark),
        ]
        for one, mark in zip(duties, told, strict=True)
    ])
    # fmt: on


def read_duties(
    data: Any, schedules: Mapping[int, Schedule], at: Moments
) -> tuple[tuple[Deadline, ...], tuple[Mark, ...]]:
    """Return the duties and, in step with them, what was told."""

    def made(rows: Any) -> list[tuple[Deadline, Mark]]:
        # fmt: off
        return [
            (
                _deadline(
                    intern(clock), intern(item), round, at[began], intern(key), at[due],
                    None if opens is None else at[opens], schedules[n],
                ),
                mark if type(mark) is int else read_told(mark),
            )
            for clock, item, round, began, key, due, opens, n, mark in rows
        ]
        # fmt: on

    pairs = _DUTIES.read(data, made, schedules)
    return tuple([deadline for deadline, _ in pairs]), tuple([mark for _, mark in pairs])


def write_settled(settled: Iterable[Settled], at: Texts) -> list[Any]:
    """Return the ledger."""
    text = TEXT.write
    # fmt: off
    return _SETTLED.write([
        [
            one.clock, text(one.item), one.round, _NAME[id(one.how)], one.why,
            at[one.started_at], at[one.due_at], at[one.at], at[one.recorded_at],
            _NAME[id(one.by.role)], text(one.by.id), one.key,
        ]
        for one in settled
    ])
    # fmt: on


def read_settled(data: Any, at: Moments) -> tuple[Settled, ...]:
    """Return the ledger that was written."""

    def made(rows: Any) -> list[Settled]:
        # fmt: off
        return [
            _settled(
                intern(clock), intern(item), round, _HOW[how], intern(why),
                at[began], at[due], at[ended], at[heard], _actor(role, by), intern(key),
            )
            for clock, item, round, how, why, began, due, ended, heard, role, by, key in rows
        ]
        # fmt: on

    return tuple(_SETTLED.read(data, made))


def write_redated(redated: Iterable[Redated], number: Numbers) -> list[Any]:
    """Return what was dated anew; the schedules have numbers."""
    text, at = TEXT.write, text_of_moment

    def written(dates: Dates) -> tuple[Any, ...]:
        due, opens, schedule = dates
        return at(due), None if opens is None else at(opens), number(schedule)

    return _REDATED.write(
        [
            [one.key, one.clock, text(one.item), at(one.started_at), *written(one.of), *written(one.to)]
            for one in redated
        ]
    )


def read_redated(data: Any, schedules: Mapping[int, Schedule]) -> tuple[Redated, ...]:
    """Return what was dated anew."""
    at = moment_of

    def read(due: str, opens: str | None, number: int) -> Dates:
        return at(due), None if opens is None else at(opens), schedules[number]

    def made(rows: Any) -> list[Redated]:
        return [
            Redated(key, intern(clock), intern(item), at(began), read(*of), read(*to))
            for key, clock, item, began, *dates in rows
            for of, to in [(dates[:3], dates[3:])]
        ]

    return tuple(_REDATED.read(data, made, schedules))


def write_terms(terms: Terms, number: Numbers) -> dict[str, Any]:
    """Return the terms, whose schedule has a number."""
    look_again = LENGTH.write(terms.look_again)
    return {"policy": terms.policy, "queue": terms.queue, "look_again": look_again, "look": number(terms.look)}


def read_terms(data: Any, schedules: Mapping[int, Schedule]) -> Terms:
    """Return the terms that were written."""

    def made(raw: Any) -> Terms:
        return _terms(raw["policy"], raw["queue"], LENGTH.read(raw["look_again"]), schedules[raw["look"]])

    terms: Terms = _TERMS.read(data, made, schedules)
    return terms


class Answers:
    """Answers of the policy, and the schedules that they share; `named` are the kinds that a policy may have read."""

    def __init__(self, part_of: Callable[[Any], Part], named: Mapping[str, type]) -> None:
        self._schedule = part_of(Schedule)
        # What a policy read are facts of any kind, or the moment of hearing.
        tags = {"moment": datetime, "date": date, "length": timedelta, "number": float, **named}
        self._tagged = Tagged(tags, part_of)
        read = row_of(Part(self._write_read, self._read_read, ()))
        # fmt: off
        self._table = Table(
            ".answers", clock=TEXT, item=TEXT, anchor=MOMENT, zone=optional(TEXT), read=read,
            due_at=MAYBE, opens_at=MAYBE, schedule=NUMBER,
        )
        # fmt: on
        self._text_of = lru_cache(_KEPT)(self._write_schedule)
        self._schedule_of = lru_cache(_KEPT)(self._read_schedule)

    def numbers(self) -> Numbers:
        """Return how schedules are to be called in one paper."""
        return Numbers(self._text_of)

    def write(self, answers: Iterable[Answer], number: Numbers, at: Texts) -> list[Any]:
        """Return the answers, whose schedules have numbers."""
        text = TEXT.write
        # fmt: off
        return self._table.write([
            [
                one.clock, text(one.item), at[one.anchor],
                None if one.zone is None else text(one.zone),
                [self._write_read(value) for value in one.read] if one.read else [],
                None if one.due_at is None else at[one.due_at],
                None if one.opens_at is None else at[one.opens_at],
                number(one.schedule),
            ]
            for one in answers
        ])
        # fmt: on

    def read(self, data: Any, schedules: Mapping[int, Schedule], at: Moments) -> list[Answer]:
        """Return the answers that were written."""

        def made(rows: Any) -> list[Answer]:
            # fmt: off
            return [
                _answer(
                    intern(clock), intern(item), at[anchor],
                    None if zone is None else intern(zone),
                    tuple([self._read_read(one) for one in read]) if read else (),
                    None if due is None else at[due],
                    None if opens is None else at[opens],
                    schedules[n],
                )
                for clock, item, anchor, zone, read, due, opens, n in rows
            ]
            # fmt: on

        return self._table.read(data, made, schedules)

    def read_schedules(self, data: Any) -> dict[int, Schedule]:
        """Return the schedules that were written, by number."""
        try:
            return dict(enumerate(map(self._schedule_of, data)))
        except Exception:  # noqa: BLE001  found again, with its place
            pass
        raise first_misfit((f".schedules[{n}]", self._read_schedule, one) for n, one in enumerate(data))

    def _write_schedule(self, schedule: Schedule) -> str:
        return _encode([*self._schedule.write(schedule).values()]).translate(_QUOTES)

    def _read_schedule(self, data: Any) -> Schedule:
        text: str = TEXT.read(data)
        try:
            raw = _decode(text.translate(_QUOTES))
        except (ValueError, RecursionError):
            raise Misfit("JSON text with ' in the place of \"") from None
        row: Any = list
        if type(raw) is not row or len(raw) != len(_OF_A_SCHEDULE):
            raise Misfit(f"a list of {len(_OF_A_SCHEDULE)}")
        schedule: Schedule = self._schedule.read(dict(zip(_OF_A_SCHEDULE, raw, strict=True)))
        return schedule

    def _write_read(self, value: Any) -> Any:
        if value is None or type(value) in (str, int, bool):
            return value
        if isinstance(value, tuple):
            return [self._write_read(one) for one in value]  # pyright: ignore[reportUnknownVariableType]  of anything
        return self._tagged.write(value)

    def _read_read(self, data: Any) -> Any:
        if data is None or type(data) in (str, int, bool):
            return data
        if isinstance(data, list):
            return tuple([self._read_read(one) for one in data])  # pyright: ignore[reportUnknownVariableType]  likewise
        return self._tagged.read(data)

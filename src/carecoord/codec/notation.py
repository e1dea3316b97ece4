"""
How single values are written as JSON and read back exactly, and how a misfit is found.

Strict both ways: what could not be read back equal is not written. A misfit says what
belongs where it stands, and never what was found there.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from math import isfinite
from types import NoneType
from typing import Any, Final, TypeAlias

from attrs import frozen

from carecoord.errors import CarecoordError
from carecoord.moments import moment

Turn: TypeAlias = Callable[[Any], Any]
"""Turns a value into data, or data into a value."""

_KEPT: Final = 512  # moments and lengths whose texts need not be read twice: ours
_DAYS_KEPT: Final = 4096  # eleven years of them: ours


class Misfit(Exception):
    """What belongs in a place, and which place that is, seen from where the reading began."""

    def __init__(self, expected: str, path: str = "") -> None:
        super().__init__(expected, path)
        self.expected = expected
        self.path = path


def first_misfit(places: Iterable[tuple[str, Turn, Any]], otherwise: Misfit | None = None) -> Misfit:
    """Try places one after the other, (path, turn, what stands there); return the first that does not fit."""
    for path, turn, there in places:
        try:
            turn(there)
        except Misfit as why:
            return Misfit(why.expected, path + why.path)
        except Exception:  # noqa: BLE001  a class of the host's may raise anything, and none of it is repeated
            return Misfit("something that fits here", path)
    return otherwise or Misfit("parts that fit together")


def beneath(path: str, turn: Turn, there: Any) -> Any:
    """Turn what stands beneath a path, so that a misfit names it."""
    try:
        return turn(there)
    except Exception:  # noqa: BLE001  found again, with its place
        pass
    raise first_misfit([(path, turn, there)])


@frozen
class Part:
    """How values of one kind are written and read; `holds` are the types that their data may have."""

    write: Turn
    read: Turn
    holds: tuple[type, ...]


def as_it_is(expected: str, *holds: type) -> Part:
    """Return a part that is JSON already; of objects and lists, somebody else looks at what is in them."""

    def same(value: Any) -> Any:
        if value.__class__ not in holds:
            raise Misfit(expected)
        return value

    return Part(same, same, holds)


def optional(inner: Part) -> Part:
    """Return how a value is written that may be missing: as null."""
    write, read = inner.write, inner.read
    return Part(
        lambda value: None if value is None else write(value),
        lambda data: None if data is None else read(data),
        (*inner.holds, NoneType),
    )


def member_of(kind: type[Enum]) -> Part:
    """Return how members are written: by name."""
    members = dict(kind.__members__)
    names = {id(member): member.name for member in kind}  # asking an Enum for a name takes longer
    expected = f"one of {', '.join(members)}"

    def write(value: Any) -> str:
        name = names.get(id(value))
        if name is None:
            raise Misfit(expected)
        return name

    def read(data: Any) -> Enum:
        if type(data) is not str or data not in members:
            raise Misfit(expected)
        return members[data]

    return Part(write, read, (str,))


TEXT: Final = as_it_is("text", str)
WHOLE: Final = as_it_is("a whole number", int)
FLAG: Final = as_it_is("true or false", bool)
NUMBER: Final = as_it_is("a whole number", int)
"""What something is called that is written elsewhere; which numbers there are, the reader knows."""


def numbered(numbers: Container[int]) -> Turn:
    """Return how a number is read where only these are known."""

    def known(data: Any) -> Any:
        if type(data) is not int or data not in numbers:
            raise Misfit("the number of something that is written in the same paper")
        return data

    return known


# --- what JSON has no word for --------------------------------------------------------------

_MOMENT: Final = 'a moment as ISO 8601 with an offset, such as "2026-07-03T21:00:00Z"'
_DATE: Final = 'a date such as "2026-07-03"'
_LENGTH: Final = 'a length of time such as "PT48H"'
_BYTES: Final = "bytes as base64"
_TWO: Final = tuple(f"{n:02}" for n in range(60))
_MICROSECOND: Final = timedelta(microseconds=1)
_PARTS_OF_LENGTH: Final = re.compile(r"(-?)PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{6}))?S)?", re.ASCII)


class _Days(dict[int, str]):
    """The texts of days by their number: many moments lie in few days."""

    def __missing__(self, number: int) -> str:
        if len(self) >= _DAYS_KEPT:
            self.clear()
        text = self[number] = date.fromordinal(number).isoformat()
        return text


_DAYS: Final = _Days()


def text_of_moment(value: Any) -> str:
    """Return a moment as text in UTC; anything that is no aware date-time is a misfit."""
    return Texts()[value]


def _in_utc(value: Any) -> datetime:
    if not isinstance(value, datetime):
        raise Misfit(_MOMENT)
    try:
        return moment(value)
    except (OverflowError, CarecoordError):
        raise Misfit(_MOMENT) from None


def moment_of(text: str) -> datetime:
    """Return the moment that a text names; anything else is a misfit."""
    try:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo is UTC else moment(found)
    except (TypeError, ValueError, OverflowError, CarecoordError):
        raise Misfit(_MOMENT) from None


class Moments(dict[str, datetime]):
    """The moments of one paper: each text is read once, and what was one moment is one object again."""

    def __missing__(self, text: str) -> datetime:
        at = self[text] = moment_of(text)
        return at


class Texts(dict[datetime, str]):
    """
    The texts of the moments of one paper, in UTC, each worked out once.

    Anything that is no aware date-time is a misfit.
    """

    def __missing__(self, value: datetime) -> str:
        at = value if type(value) is datetime and value.tzinfo is UTC else _in_utc(value)
        if at.microsecond:
            text = at.isoformat()[:-6] + "Z"
        else:
            # isoformat() takes three times as long.
            text = f"{_DAYS[at.toordinal()]}T{_TWO[at.hour]}:{_TWO[at.minute]}:{_TWO[at.second]}Z"
        self[value] = text
        return text


def _write_date(value: Any) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Misfit(_DATE)
    return value.isoformat()


def _read_date(data: Any) -> date:
    try:
        return date.fromisoformat(data)
    except (TypeError, ValueError):
        raise Misfit(_DATE) from None


@lru_cache(_KEPT)
def _text_of_length(length: timedelta) -> str:
    count = length // _MICROSECOND
    seconds, micro = divmod(abs(count), 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    words = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if micro:
        words += f"{seconds}.{micro:06}S"
    elif seconds or not words:
        words += f"{seconds}S"
    return f"{'-' if count < 0 else ''}PT{words}"


def _write_length(value: Any) -> str:
    # A Duration of pendulum would be found among the kept texts of its equals, but only once they are kept.
    if type(value) is not timedelta:
        raise Misfit(_LENGTH)
    return _text_of_length(value)


@lru_cache(_KEPT)
def _length_of(text: str) -> timedelta:
    found = _PARTS_OF_LENGTH.fullmatch(text)
    if found is None:
        raise Misfit(_LENGTH)
    hours, minutes, seconds, micro = map(int, found.groups(default="0")[1:])
    try:
        length = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=micro)
    except OverflowError:
        raise Misfit(_LENGTH) from None
    return -length if found[1] else length


def _read_length(data: Any) -> timedelta:
    if type(data) is not str:
        raise Misfit(_LENGTH)
    return _length_of(data)


def _write_bytes(value: Any) -> str:
    if type(value) is not bytes:
        raise Misfit(_BYTES)
    return binascii.b2a_base64(value, newline=False).decode()


def _read_bytes(data: Any) -> bytes:
    try:
        return binascii.a2b_base64(data, strict_mode=True)
    except (TypeError, ValueError):
        raise Misfit(_BYTES) from None


def _finite(value: Any) -> float:
    if type(value) is not float or not isfinite(value):
        raise Misfit("a finite number with a decimal point")
    return value


MOMENT: Final = Part(text_of_moment, moment_of, (str,))
LENGTH: Final = Part(_write_length, _read_length, (str,))
BYTES: Final = Part(_write_bytes, _read_bytes, (str,))

PLAIN: Final[Mapping[Any, Part]] = {
    str: TEXT,
    int: WHOLE,
    bool: FLAG,
    float: Part(_finite, _finite, (float,)),
    bytes: BYTES,
    datetime: MOMENT,
    date: Part(_write_date, _read_date, (str,)),
    timedelta: LENGTH,
}

"""
What a case remembers of an event: a short hash of its key, and one of all that it says.

Enough to know a repeat from a reuse, and a whole history from a part, without the history
itself. An event is hashed once, when it is made, however often its case is folded again.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, cast

from attrs import fields, has

from carecoord.vocabulary import Role

if TYPE_CHECKING:
    from carecoord.events import Event

KEY: Final = 8
"""Bytes of a key's hash: two keys of one case agree by chance once in 10^19 pairs."""
RECORD: Final = 12
"""And four more of the content's."""

_COMMON: Final = frozenset({"at", "by", "key", "about", "recorded_at", "zone", "day", "fingerprint"})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def content(event: Event, at: datetime | None = None) -> bytes:
    """
    Return all that an event says, but for when the host recorded it and in which zone it was written.

    A feed that repeats itself is heard again, and perhaps from a store that keeps UTC.

    *at* is the moment that was claimed, where the event was cut.
    """
    kind = type(event)
    since, by, day = (at or event.at) - _EPOCH, event.by, event.day
    said = (
        f"{kind.__name__}|{since.days}|{since.seconds}|{since.microseconds}|{_ROLES[id(by.role)]}|{by.id!r}"
        f"|{event.key!r}|{event.about!r}|"
    )
    if day is not None:
        said += day.isoformat()
    own, defaults = _OWN.get(kind) or _own_values(kind)
    values = own(event)
    said_of = len(values)
    # What stands at its default at the end is not said: so an event may get one more field and still be the same one.
    while said_of and values[said_of - 1] == defaults[said_of - 1]:
        said_of -= 1
    for value in values[:said_of]:
        said += f"|{value!r}" if type(value) in _AS_THEY_ARE else f"|{_plain(value)!r}"
    return said.encode()


# Members of an Enum are what they are; asking one for its name takes longer than all the rest here.
_ROLES: Final = {id(role): role.name for role in Role}
_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})


_OWN: Final[dict[type[Event], tuple[Callable[[Event], tuple[Any, ...]], tuple[Any, ...]]]] = {}


def _own_values(kind: type[Event]) -> tuple[Callable[[Event], tuple[Any, ...]], tuple[Any, ...]]:
    """Return what gets the values that only this kind of event has, and their defaults."""
    own = [f for f in fields(kind) if f.name not in _COMMON]
    names, defaults = [f.name for f in own], tuple([f.default for f in own])
    get: Callable[[Event], tuple[Any, ...]]
    if len(names) > 1:
        get = attrgetter(*names)
    elif names:
        get = _alone(attrgetter(*names))
    else:
        get = _nothing
    made = _OWN[kind] = get, defaults
    return made


def _alone(get: Callable[[Event], Any]) -> Callable[[Event], tuple[Any, ...]]:
    return lambda event: (get(event),)


def _nothing(_: Event) -> tuple[Any, ...]:
    return ()


def _plain(value: Any) -> Any:
    """Return the value as something whose repr is the same in every process."""
    kind = cast(Any, type(value))
    if kind in _AS_THEY_ARE:
        return value
    if isinstance(value, datetime):
        return _plain_moment(value)
    if isinstance(value, Enum):
        return value.name
    if kind in (frozenset, tuple):
        several = [_plain(one) for one in value]
        return several if kind is tuple else sorted(several, key=repr)
    if has(kind):
        # Not its repr, which hides what must not be printed.
        return [kind.__name__, *(_plain(getattr(value, one.name)) for one in fields(kind) if one.init)]
    return repr(value)


def _plain_moment(value: datetime) -> Any:
    if value.tzinfo is None:
        return value.isoformat()
    since = value - _EPOCH
    return since.days, since.seconds, since.microseconds


def key_of(key: str) -> bytes:
    """Return a key, hashed: what a record begins with."""
    return blake2b(key.encode(), digest_size=KEY).digest()


def record(event: Event, at: datetime | None = None) -> bytes:
    """Return what a case remembers of an event: its key and its content, hashed."""
    key = blake2b(event.key.encode(), digest_size=KEY).digest()
    return key + zlib.crc32(content(event, at)).to_bytes(RECORD - KEY, "big")

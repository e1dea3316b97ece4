"""
The log of a case seen from outside the fold: keys, contents, and whether a history is whole.

A case remembers each key it took with a short hash of the content, in the order of handing
in: enough to know a repeat from a reuse, and a whole history from a part, without the
history itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from hashlib import blake2b
from typing import Any, Final, cast

from attrs import evolve, fields, has

from carecoord.case import Case, Entry
from carecoord.errors import HistoryIncomplete, KeyReused, Refused
from carecoord.events import Event, MomentCorrected, Retracted
from carecoord.rulebook import Rulebook
from carecoord.vocabulary import Role

_KEY: Final = 8  # bytes of a key's hash: two keys of one case agree by chance once in 10^19 pairs
_RECORD: Final = 12  # and four more of the content's


_COMMON: Final = frozenset({"at", "by", "key", "about", "recorded_at", "zone", "day"})


def content(event: Event, at: datetime | None = None) -> bytes:
    """
    Return all that an event says, but for when the host recorded it and in which zone it was written.

    A feed that repeats itself is heard again, and perhaps from a store that keeps UTC.

    *at* is the moment that was claimed, where the event was cut.
    """
    kind = type(event)
    by = event.by
    said = (
        f"{kind.__name__}|{(at or event.at).timestamp()}|{_ROLES.get(id(by.role))}|{by.id!r}"
        f"|{event.key!r}|{event.about!r}|{event.day!r}"
    )
    for name in _own_fields(kind):
        said += f"|{_plain(getattr(event, name))!r}"
    return said.encode()


# Members of an Enum are what they are; asking one for its name takes longer than all the rest here.
_ROLES: Final = {id(role): role.name for role in Role}

_OWN: Final[dict[type[Event], tuple[str, ...]]] = {}


def _own_fields(kind: type[Event]) -> tuple[str, ...]:
    names = _OWN.get(kind)
    if names is None:
        names = _OWN[kind] = tuple(f.name for f in fields(kind) if f.name not in _COMMON)
    return names


def _plain(value: Any) -> Any:
    """Return the value as something whose repr is the same in every process."""
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime):
        return value.timestamp()
    if type(value) in (frozenset, tuple):
        several = [_plain(one) for one in value]
        return several if type(value) is tuple else sorted(several, key=repr)
    kind = cast(Any, type(value))
    if has(kind):
        # Not its repr, which hides what must not be printed.
        return [kind.__name__, *(_plain(getattr(value, one.name)) for one in fields(kind))]
    return repr(value)


def record(event: Event, at: datetime | None = None) -> bytes:
    """Return what a case remembers of an event: its key and its content, hashed."""
    key = blake2b(event.key.encode(), digest_size=_KEY).digest()
    return key + zlib.crc32(content(event, at)).to_bytes(_RECORD - _KEY, "big")


def is_known(case: Case[Any, Any], event: Event, made: bytes) -> bool:
    """
    Whether the case took this very event before.

    Raises:
        KeyReused: it took another one under the same key.
    """
    place = case.digest.find(made[:_KEY])
    while place >= 0:
        if place % _RECORD == 0:
            if case.digest[place : place + _RECORD] == made:
                return True
            raise KeyReused(case.id, event.key)
        place = case.digest.find(made[:_KEY], place + 1)
    return False


def must_be_whole(case: Case[Any, Any], history: Sequence[Entry]) -> None:
    """Raise HistoryIncomplete unless these are the entries the case was made of, in the order of handing in."""
    found = sum(len(entry.events) for entry in history)
    if found != case.seq or history[0].opening is None:
        raise HistoryIncomplete(case.id, case.seq, found)
    made = b"".join(Batch.again(entry).made for entry in history)
    if made != case.digest or history[0].opening.id != case.id:
        raise HistoryIncomplete(case.id, case.seq, found)


def names(event: Event) -> str | None:
    """Return the key that an event about the log names."""
    if isinstance(event, Retracted):
        return event.retracts
    return event.corrects if isinstance(event, MomentCorrected) else None


class Batch:
    """
    Events as taken by one call, and what is kept of how they came.

    `made` is what the case will remember of them; `claimed` and `doubtful` are as in `Entry`.
    """

    __slots__ = ("claimed", "doubtful", "events", "made")

    def __init__(
        self,
        events: tuple[Event, ...],
        made: bytes,
        claimed: tuple[tuple[str, datetime], ...] = (),
        doubtful: tuple[str, ...] = (),
    ) -> None:
        self.events = events
        self.made = made
        self.claimed = claimed
        self.doubtful = doubtful

    @classmethod
    def again(cls, entry: Entry) -> Batch:
        """Return what an entry took."""
        claimed = dict(entry.claimed)
        made = b"".join(record(event, claimed.get(event.key)) for event in entry.events)
        return cls(entry.events, made, entry.claimed, entry.doubtful)

    @classmethod
    def together(cls, batches: Sequence[Batch]) -> Batch:
        """Return several as one."""
        return cls(
            tuple(event for one in batches for event in one.events),
            b"".join(one.made for one in batches),
            tuple(claim for one in batches for claim in one.claimed),
            tuple(key for one in batches for key in one.doubtful),
        )


def cut(rules: Rulebook[Any, Any], event: Event, made: bytes, case_id: str, state: str) -> Batch:
    """
    Return the event as taken: not after it was recorded, and in doubt where it claimed to be long after.

    Raises:
        Refused: an act claims to have happened further ahead than the rulebook's skew.
    """
    if event.at <= event.recorded_at:
        return Batch((event,), made)
    # Of a mere date only its first instant is claimed.
    doubtful = event.counts_from - event.recorded_at > rules.skew.length
    if doubtful and not event.news:
        claim = "it happened before it was recorded"
        raise Refused(case_id, rules.workflow.name, state, type(event).__name__, (claim,))
    # A claimed day that is not over stays a day; only where it stands is cut.
    taken = evolve(event, at=event.recorded_at)
    return Batch((taken,), made, ((event.key, event.at),), (event.key,) if doubtful else ())


__all__ = ["Batch", "content", "cut", "is_known", "must_be_whole", "names", "record"]

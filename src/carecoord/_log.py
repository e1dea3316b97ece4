"""
The log of a case seen from outside the fold: keys, contents, and whether a history is whole.

A case remembers each key it took with a short hash of the content, in the order of handing
in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from attrs import evolve

from carecoord._ledger import content_of
from carecoord._prints import KEY, record
from carecoord.case import Case, Entry
from carecoord.errors import HistoryIncomplete, KeyReused, Refused
from carecoord.events import Event, MomentCorrected, Retracted
from carecoord.rulebook import Rulebook


def is_known(case: Case[Any, Any], event: Event, made: bytes) -> bool:
    """
    Whether the case took this very event before.

    Raises:
        KeyReused: it took another one under the same key.
    """
    known = content_of(case.pages, case.digest, made)
    if known is None:
        return False
    if known != made[KEY:]:
        raise KeyReused(case.id, event.key)
    return True


def since_floor(history: Sequence[Entry]) -> Sequence[Entry]:
    """Return the entries from the last migration on, where folds begin; all of them where there was none."""
    for index in range(len(history) - 1, 0, -1):
        opening = history[index].opening
        if opening is not None and opening.floor is not None:
            return history[index:]
    return history


def must_be_whole(case: Case[Any, Any], history: Sequence[Entry]) -> None:
    """Raise HistoryIncomplete unless these are the entries the case was made of, in the order of handing in."""
    opening = history[0].opening
    floor = None if opening is None else opening.floor
    before, asked, made = (0, 0, b"") if floor is None else (floor.seq, floor.asked, _taken(floor))
    found = before + sum(len(entry.events) for entry in history)
    if found != case.seq or opening is None:
        raise HistoryIncomplete(case.id, case.seq, found)
    made += b"".join([record_again(entry, event) for entry in history for event in entry.events])
    asked += sum(len(entry.answers) for entry in history)
    if made != _taken(case) or asked != case.asked or opening.id != case.id:
        raise HistoryIncomplete(case.id, case.seq, found)


def _taken(case: Case[Any, Any]) -> bytes:
    """Return the record of each event that the case took."""
    return b"".join(map(bytes, case.pages)) + case.digest


def record_again(entry: Entry, event: Event) -> bytes:
    """Return what the case remembers of an event that stands in an entry."""
    claimed = dict(entry.claimed).get(event.key) if entry.claimed else None
    return event.fingerprint if claimed is None else record(event, claimed)


def names(event: Event) -> str | None:
    """Return the key that an event about the log names."""
    if isinstance(event, Retracted):
        return event.retracts
    return event.corrects if isinstance(event, MomentCorrected) else None


Taken: TypeAlias = tuple[tuple[Event, ...], bytes, tuple[tuple[str, datetime], ...], tuple[str, ...]]
"""
Events as taken by one call, and what is kept of how they came: the events, what the case
will remember of them, and what was claimed and is doubtful, as in `Entry`.
"""


def taken_again(entry: Entry) -> Taken:
    """Return what an entry took."""
    made = b"".join([record_again(entry, event) for event in entry.events])
    return entry.events, made, entry.claimed, entry.doubtful


def together(several: Sequence[Taken]) -> Taken:
    """Return what was taken one by one as one."""
    return (
        tuple(event for events, _, _, _ in several for event in events),
        b"".join(made for _, made, _, _ in several),
        tuple(claim for _, _, claimed, _ in several for claim in claimed),
        tuple(key for _, _, _, doubtful in several for key in doubtful),
    )


def cut(rules: Rulebook[Any, Any], case: Case[Any, Any] | None, event: Event, case_id: str = "") -> Taken:
    """
    Return the event as taken: not after it was recorded, and in doubt where it claimed to be long after.

    Raises:
        Refused: an act claims to have happened further ahead than the rulebook's skew.
    """
    at, heard = event.at, event.recorded_at
    if at <= heard:
        return (event,), event.fingerprint, (), ()
    # Of a mere date only its first instant is claimed.
    doubtful = event.counts_from - heard > rules.skew.length
    if doubtful and not event.news:
        claim = "it happened before it was recorded"
        where, state = (case_id, "not open") if case is None else (case.id, case.state.name)
        raise Refused(where, rules.workflow.name, state, type(event).__name__, (claim,))
    # A claimed day that is not over stays a day; only where it stands is cut.
    taken = evolve(event, at=heard)
    return (taken,), event.fingerprint, ((event.key, at),), (event.key,) if doubtful else ()

"""What of all that was taken stands: not what was taken back, and each event at the moment that counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from attrs import evolve

from carecoord.events import Event, MomentCorrected, Retracted


def effective(kept: Iterable[Event]) -> tuple[list[Event], Collection[str]]:
    """Return the events that are folded, at the moments that count, and the keys of those that were corrected."""
    events = list(kept)
    struck = struck_by(events)
    moved: dict[str, MomentCorrected] = {}
    for event in events:
        if isinstance(event, MomentCorrected) and event.key not in struck:
            other = moved.get(event.corrects)
            if other is None or (other.at, other.key) < (event.at, event.key):
                moved[event.corrects] = event
    folded = [
        _at_its_moment(event, moved.get(event.key))
        for event in events
        if not isinstance(event, (Retracted, MomentCorrected)) and event.key not in struck
    ]
    return folded, moved.keys()


def struck_by(events: Iterable[Event]) -> set[str]:
    """Return the keys whose retraction stands; one that was itself retracted does not."""
    by_target: dict[str, list[Retracted]] = {}
    for one in events:
        if isinstance(one, Retracted):
            by_target.setdefault(one.retracts, []).append(one)

    def stands(one: Retracted, above: frozenset[str]) -> bool:
        # Two that retract each other end the search: each then stands for the other.
        return not any(
            other.key not in above and stands(other, above | {other.key}) for other in by_target.get(one.key, ())
        )

    return {target for target, ways in by_target.items() if any(stands(one, frozenset({one.key})) for one in ways)}


def _at_its_moment(event: Event, correction: MomentCorrected | None) -> Event:
    if correction is None:
        return event
    at = min(correction.moment, correction.recorded_at)
    return _moved(event, at, max(event.recorded_at, at))


def _moved(event: Event, at: datetime, recorded_at: datetime) -> Event:
    """Return the event at another moment; a corrected moment is a moment, no longer a mere date."""
    return evolve(event, at=at, recorded_at=recorded_at, day=None)

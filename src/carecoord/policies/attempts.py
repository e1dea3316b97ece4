"""When the patient has been tried often enough that somebody may say: unable to reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from datetime import datetime

from carecoord.case import Attempts, Deadline
from carecoord.events import Attempt
from carecoord.moments import zone


def made_for(
    deadline: Deadline, tried: Iterable[Attempt], at: datetime, others: Container[str | None] = ()
) -> tuple[Attempt, ...]:
    """
    Return the tries that count for this duty: for its clock, since it began, up to *at*.

    A try that names one of the *others*, items of the same clock that are owed as well, is theirs.
    """
    wanted = deadline.schedule.attempts
    since = deadline.started_at
    if wanted is not None and wanted.within is not None:
        since = max(since, at - wanted.within)
    return tuple(
        one for one in tried if one.clock == deadline.clock and one.about not in others and since <= one.at <= at
    )


def wanting(wanted: Attempts, made: Iterable[Attempt], default_zone: str) -> tuple[str, ...]:
    """Return the claims that are not yet shown; none, if the policy is satisfied."""
    tries = tuple(made)
    days = {one.at.astimezone(zone(one.zone or default_zone)).date() for one in tries}
    ways = Counter(one.way for one in tries)
    claims: list[str] = []
    if len(tries) < wanted.tries:
        often = "once" if wanted.tries == 1 else f"{wanted.tries} times"
        claims.append(f"the patient was tried {often} (so far {len(tries)})")
    if wanted.days > 1 and len(days) < wanted.days:
        claims.append(f"on {wanted.days} different days (so far {len(days)})")
    claims += [f"by {way.value}, {count} times (so far {ways[way]})" for way, count in wanted.ways if ways[way] < count]
    return tuple(claims)

"""
Who is told as a deadline nears and passes, rung by rung.

A rung is undated; what it becomes for one deadline is worked out when that deadline is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import field, frozen

from carecoord.errors import ImpossibleTiming
from carecoord.policies.calendars import Days
from carecoord.policies.spans import Hours, InSequence, Minutes, Span, follow
from carecoord.vocabulary import Role

_REMIND_ABOVE = 4  # a reminder must leave three quarters of the time in peace: ours


@frozen
class Rung:
    """
    One step of a ladder: whom to tell, and when, counted from the due moment.

    Args:
        notify: The role to tell; None is whoever keeps the clock.
        after: How long after the due moment; neither this nor `before`: at the due moment.
        before: How long before it. Such a reminder is left out where the whole allowance is
            no more than four times as long.
    """

    notify: Role | None = None
    after: Span | None = field(default=None, kw_only=True)
    before: Span | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.after is not None and self.before is not None:
            raise ImpossibleTiming("rung", "it stands before the due moment or after it, not both")

    @property
    def elapsed(self) -> timedelta | None:
        """Its fixed distance from the due moment, if that needs no calendar."""
        if self.after is None and self.before is None:
            return timedelta(0)
        return self.after.length if isinstance(self.after, (Minutes, Hours)) else None


@frozen
class Ladder:
    """
    Rungs in rising order; the last repeats `every` elapsed span, counted from its own moment.

    Whoever acknowledges `holds` the rungs up to their own for so long, twice at most and never the
    last; without it an acknowledgement holds nothing.

    Raises:
        ImpossibleTiming: there is no rung, the repeat takes no time, or rungs fall back.
    """

    rungs: tuple[Rung, ...]
    every: Minutes | Hours | None = None
    holds: Minutes | Hours | None = None

    def __attrs_post_init__(self) -> None:
        if not self.rungs:
            raise ImpossibleTiming("ladder", "it needs at least one rung")
        if self.rungs[-1].before is not None:
            raise ImpossibleTiming("ladder", "its last rung must stand at the due moment or after it, not before")
        if self.every is not None and type(self.every) not in (Minutes, Hours):
            raise ImpossibleTiming("ladder", "its last rung repeats after an elapsed span: Minutes(...) or Hours(...)")
        if self.every is not None and not self.every.n:
            raise ImpossibleTiming("ladder", "the last rung must repeat after some time, not at once")
        if self.holds is not None and (type(self.holds) not in (Minutes, Hours) or not self.holds.n):
            raise ImpossibleTiming("ladder", "it holds for an elapsed span that takes time: Minutes(...) or Hours(...)")
        known = [rung.elapsed for rung in self.rungs if rung.elapsed is not None]
        if known != sorted(known):
            raise ImpossibleTiming("ladder", "its rungs must stand in rising order")

    @property
    def last(self) -> Rung:
        return self.rungs[-1]

    def fixed(self, keeper: Role) -> tuple[tuple[timedelta, ...], tuple[Role, ...]] | None:
        """Return offsets and roles if they are the same for all deadlines, so that these may share them."""
        offsets = tuple(rung.elapsed for rung in self.rungs)
        if None in offsets:
            return None
        return tuple(off for off in offsets if off is not None), tuple(rung.notify or keeper for rung in self.rungs)

    def reminded(self, start: datetime, due: datetime, days: Days) -> tuple[bool, ...]:
        """Return which reminders are not left out for a deadline that began then."""
        return tuple(
            _reminds(start, due, rung.before.back(due, days)) for rung in self.rungs if rung.before is not None
        )

    def dated(
        self, start: datetime, due: datetime, days: Days, keeper: Role, *, due_by_days: bool
    ) -> tuple[tuple[timedelta, ...], tuple[Role, ...], bool]:
        """Return offsets from the due moment, the roles in step with them, and whether all are firm."""
        dated: list[tuple[timedelta, Role]] = []
        firm = True
        for rung in self.rungs:
            if rung.before is not None:
                moment = rung.before.back(due, days)
                if not _reminds(start, due, moment):
                    continue
            elif rung.after is not None:
                moment, sure = follow(rung.after, due, days, after_midnight=due_by_days)
                firm = firm and sure
            else:
                moment = due
            dated.append((moment - due, rung.notify or keeper))
        dated.sort(key=lambda rung: rung[0])
        return tuple(off for off, _ in dated), tuple(role for _, role in dated), firm


def _reminds(start: datetime, due: datetime, moment: datetime) -> bool:
    return due - start > _REMIND_ABOVE * (due - moment)


def stair(
    step: Span, *, every: Minutes | Hours, fail_safe: Role = Role.SAFETY_OFFICER, holds: Minutes | Hours | None = None
) -> Ladder:
    """
    Return the usual ladder: the keeper before and at the due moment, surrogate, supervisor, fail-safe.

    Each rung stands one *step* after the one before; the fail-safe repeats *every* so often
    and never ends. The shape is ours; the length of the step must be the practice's.
    """
    twice, thrice = InSequence((step, step)), InSequence((step, step, step))
    return Ladder(
        rungs=(
            Rung(before=step),
            Rung(),
            Rung(Role.SURROGATE, after=step),
            Rung(Role.SUPERVISOR, after=twice),
            Rung(fail_safe, after=thrice),
        ),
        every=every,
        holds=holds,
    )

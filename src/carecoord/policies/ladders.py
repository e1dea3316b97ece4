"""
Who is told as a deadline nears and passes, rung by rung.

A rung is undated; what it becomes for one deadline is worked out when that deadline is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from attrs import field, frozen

from carecoord.errors import ImpossibleTiming
from carecoord.policies.calendars import Days
from carecoord.policies.quiet import QuietHours
from carecoord.policies.spans import Hours, InSequence, Minutes, Span, follow
from carecoord.vocabulary import Role

_DAY, _NOTHING = timedelta(days=1), timedelta(0)
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

    def __str__(self) -> str:
        who = self.notify.name if self.notify else "the keeper"
        when = f"{self.before} before" if self.before else f"{self.after} after" if self.after else "when it is due"
        return f"{who} {when}"


@frozen
class Ladder:
    """
    Rungs in rising order; the last repeats `every` elapsed span, counted from its own moment.

    Whoever acknowledges `holds` the rungs up to their own for so long, twice at most and never the
    last; without it an acknowledgement holds nothing. What falls into the `quiet` hours is told when
    they end; then the last rung repeats, and an acknowledgement holds, for whole days of 24 hours,
    so that both come at the hour at which somebody was awake (an hour off where the clocks change).

    Raises:
        ImpossibleTiming: there is no rung, the repeat takes no time, or rungs fall back.
    """

    rungs: tuple[Rung, ...]
    every: Minutes | Hours | None = None
    holds: Minutes | Hours | None = None
    quiet: QuietHours | None = None

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
        if self.quiet is not None and any(span and span.length % _DAY for span in (self.every, self.holds)):
            raise ImpossibleTiming(
                "ladder", "with quiet hours it repeats and holds for whole days: Hours(24), Hours(72)"
            )
        for number, (lower, upper) in enumerate(pairwise(self.rungs), 2):
            if _falls_back(lower, upper):
                raise ImpossibleTiming(
                    "ladder",
                    f"its rungs must stand in rising order, and number {number} ({upper})"
                    f" comes before the one below it ({lower}); let them change places",
                )

    @property
    def last(self) -> Rung:
        return self.rungs[-1]

    def fixed(self, keeper: Role) -> tuple[tuple[timedelta, ...], tuple[Role, ...]] | None:
        """Return offsets and roles if they are the same for all deadlines, so that these may share them."""
        offsets = tuple(rung.elapsed for rung in self.rungs)
        if None in offsets or self.quiet is not None:
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
        if self.quiet is not None:
            dated, sure = self._kept_quiet(self.quiet, due, dated, days)
            firm = firm and sure
        return tuple(off for off, _ in dated), tuple(role for _, role in dated), firm

    @staticmethod
    def _kept_quiet(
        quiet: QuietHours, due: datetime, dated: list[tuple[timedelta, Role]], days: Days
    ) -> tuple[list[tuple[timedelta, Role]], bool]:
        """Return the dated rungs with those of quiet hours moved to the end of them, none before one below it."""
        moved: list[tuple[timedelta, Role]] = []
        firm = True
        for offset, role in dated:
            moment, sure = quiet.after(due + offset, days)
            firm = firm and sure
            if offset < _NOTHING and moment >= due:
                continue  # a reminder that would come with the due moment reminds nobody
            moved.append((max([moment - due, *(before for before, _ in moved[-1:])]), role))
        return moved, firm


def _falls_back(lower: Rung, upper: Rung) -> bool:
    """Whether a rung is known to come before the one below it; of two units that depends on the deadline."""
    if upper.before is not None:
        return lower.before is None or _is_shorter(lower.before, upper.before)
    if lower.after is None:
        return False
    if upper.after is None:
        return lower.elapsed != _NOTHING
    if upper.elapsed is not None and lower.elapsed is not None:
        return upper.elapsed < lower.elapsed
    return _is_shorter(upper.after, lower.after)


def _is_shorter(one: Span, other: Span) -> bool:
    """Whether both count one unit, and this one fewer of it."""
    mine, theirs = _counted(one), _counted(other)
    return mine is not None and theirs is not None and mine[0] is theirs[0] and mine[1] < theirs[1]


def _counted(span: Span) -> tuple[type[Span], int] | None:
    """Return the unit and how many; None where it is not of one unit."""
    parts = span.parts if isinstance(span, InSequence) else (span,)
    units = {type(part) for part in parts}
    return (units.pop(), sum(getattr(part, "n", 0) for part in parts)) if len(units) == 1 else None


def _reminds(start: datetime, due: datetime, moment: datetime) -> bool:
    return due - start > _REMIND_ABOVE * (due - moment)


def stair(
    step: Span,
    *,
    every: Minutes | Hours,
    fail_safe: Role = Role.SAFETY_OFFICER,
    holds: Minutes | Hours | None = None,
    quiet: QuietHours | None = None,
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
        quiet=quiet,
    )

"""
When nobody is told what can wait: the quiet hours of a practice.

They move a rung of a ladder, and nothing else: a duty is due when it is due.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from attrs import field, frozen

from carecoord.errors import ImpossibleTiming
from carecoord.moments import zone
from carecoord.policies.calendars import Days

_DAY = timedelta(days=1)


def _is_wall_time(_: object, part: object, at: Any) -> None:
    if not isinstance(at, time) or at.tzinfo is not None:
        raise ImpossibleTiming("quiet hours", "they begin and end at a time of the day, without a zone: time(20)")


@frozen
class QuietHours:
    """
    From when to when the practice is not told of what can wait, by the wall clock of its calendar's zone.

    `QuietHours(time(20), time(7))` lasts over midnight. A rung that falls into them is told when
    they end. Its own promise is that of days: a limit in minutes or hours refuses a ladder with
    quiet hours.

    Args:
        begins, ends: The wall clock, half-open: what falls due at `ends` is told at once.
        days_off: Whether days on which the practice does not work are quiet as well.

    Raises:
        ImpossibleTiming: they begin and end at the same time, or at something that is none.
    """

    begins: time = field(validator=_is_wall_time)
    ends: time = field(validator=_is_wall_time)
    days_off: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.begins == self.ends:
            raise ImpossibleTiming(
                "quiet hours", f"they begin and end at {self.begins:%H:%M}, which is all day or never; say which hours"
            )

    def hold(self, at: datetime) -> bool:
        """Whether this local moment falls into the quiet hours of its day."""
        now = at.time()
        if self.begins < self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends

    def after(self, at: datetime, days: Days) -> tuple[datetime, bool]:
        """Return when a rung of that moment is told, and whether that is firm; never earlier than the moment."""
        home = zone(days.calendar.zone)
        local = at.astimezone(home)
        day, moved = local.date(), self.hold(local)
        if moved and local.time() >= self.ends:
            day += _DAY
        while self.days_off and not days.is_working(day.toordinal()):
            day, moved = day + _DAY, True
        if not moved:
            return at, True
        end = datetime.combine(day, self.ends, home).astimezone(UTC)
        if end < at:
            # The hour that comes twice: they end in the second one.
            end = datetime.combine(day, self.ends.replace(fold=1), home).astimezone(UTC)
        return end, not self.days_off or days.low <= day.toordinal() <= days.high

    def __str__(self) -> str:
        off = ", and days off" if self.days_off else ""
        return f"{self.begins:%H:%M} to {self.ends:%H:%M}{off}"


__all__ = ["QuietHours"]

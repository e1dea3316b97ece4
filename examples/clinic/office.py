"""
The office of the made-up practice: its hours, who is on duty, and how what somebody does is filed.

Whoever works on a loop is a `Worker`; what they do is invented, so every key begins with `sim:`.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, time, timedelta
from typing import Any

from examples.clinic.bundles import Window
from examples.clinic.shares import Dice

from carecoord import Actor, Event, Role, Waived

OPENS, SHUTS = 15, 23  # the office's hours in UTC: a morning and an afternoon in the west of the United States
WEEK = timedelta(days=7)
PEOPLE = {
    Role.COORDINATOR: 3,
    Role.NURSE: 3,
    Role.CLINICIAN: 3,
    Role.PRESCRIBER: 2,
    Role.PHARMACIST: 1,
    Role.SURROGATE: 2,
    Role.SUPERVISOR: 2,
    Role.SAFETY_OFFICER: 1,
    Role.CARE_MANAGER: 2,
}


def at_work(at: datetime) -> datetime:
    """Return *at*, or if the office is shut then, the same minute in the first hour that it is open again."""
    while at.weekday() >= 5 or not OPENS <= at.hour < SHUTS:
        next_day = at.date() + timedelta(days=at.hour >= SHUTS or at.weekday() >= 5)
        at = datetime.combine(next_day, time(OPENS, at.minute), UTC)
    return at


class Roster:
    """Who stands in which role, week by week; some weeks nobody does."""

    def __init__(self, window: Window, dice: Dice) -> None:
        self.shifts: dict[Role, list[tuple[datetime, str | None]]] = {role: [] for role in PEOPLE}
        monday = window.opens - timedelta(days=window.opens.weekday())
        for number in range((window.closes - monday) // WEEK + 1):
            for role, people in PEOPLE.items():
                who = f"{role.name.lower()}-{number % people + 1}"
                empty = dice.way("a week's shift") == "is empty"
                self.shifts[role].append((monday + number * WEEK, None if empty else who))

    def who(self, role: Role, at: datetime) -> str | None:
        """Return who is on duty, if anybody is."""
        shifts = self.shifts[role]
        return shifts[max(0, bisect_right(shifts, at, key=lambda shift: shift[0]) - 1)][1]

    def actor(self, role: Role, at: datetime) -> Actor:
        """Return who does something in this role: the one on duty, or a stand-in."""
        return Actor(role, self.who(role, at) or f"{role.name.lower()}-stand-in")


class Worker:
    """Works on one loop; *left* is the duty that nobody will do, if the loop is one of those left lying."""

    def __init__(self, owner: str, roster: Roster, dice: Dice, left: str) -> None:
        self.owner = owner
        self.roster = roster
        self.dice = dice
        self.left = left
        self.done: list[Event] = []

    def act(self, kind: type[Event], name: str, at: datetime, role: Role, /, **said: Any) -> None:
        """Do something in office hours, and file it then or next morning."""
        at = at_work(at)
        filed = self.dice.after(at, self.dice.draw("an act is filed"))
        by = Actor(role, self.owner) if role is Role.OWNER else self.roster.actor(role, at)
        self.done.append(kind(at=at, recorded_at=filed, by=by, key=f"sim:{name}", **said))

    def news(self, kind: type[Event], name: str, at: datetime, /, **said: Any) -> None:
        """Hear something that no bundle holds."""
        by = Actor(Role.SYSTEM, "incoming")
        self.done.append(kind(at=at, recorded_at=at, by=by, key=f"sim:{name}", **said))

    def waive(self, clock: str, at: datetime, reason: str, about: str | None) -> None:
        """Let a clinician let a duty go."""
        self.act(Waived, f"waived-{clock}", at, Role.CLINICIAN, about=about, clock=clock, reason=reason)

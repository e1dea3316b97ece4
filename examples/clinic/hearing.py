"""
The made-up practice: the stream of all that it hears and does, who is on duty, and when somebody looks.

The same bundles and the same seed give the same stream. What each kind of loop hears and does is
its desk's; `DESKS` is the table of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from examples.clinic.bundles import Patient, Window
from examples.clinic.desk import Desk
from examples.clinic.discharges import Discharges
from examples.clinic.lab_results import Results
from examples.clinic.office import Roster
from examples.clinic.plans import Plans
from examples.clinic.referrals import Referrals
from examples.clinic.shares import Dice

from carecoord import Practice

SEED = 16  # of the first thirty the one whose discharges meet most of what their workflow knows
LOOK_AT = time(14, 30)  # UTC, before the office opens
DESKS: tuple[type[Desk], ...] = (Discharges, Referrals, Results, Plans)
CLINIC = Practice("a made-up clinic", tuple(desk.rules for desk in DESKS))


class MadeUpPractice:
    """What one seed makes of the patients: the stream, the roster, and which desk a loop is of."""

    def __init__(self, patients: Sequence[Patient], window: Window, seed: int = SEED) -> None:
        self.window = window
        self.seed = seed
        self.drawn: Counter[tuple[str, str]] = Counter()
        self.roster = Roster(window, Dice(self.drawn, seed, "roster"))
        self.desks = tuple(desk(patients, window, seed, self.roster, self.drawn) for desk in DESKS)
        self.desk_of = {id: desk for desk in self.desks for id in desk.loops}
        messages = sorted(
            (one for desk in self.desks for one in desk.messages()),
            key=lambda one: (one.event.recorded_at, one.loop.id, one.event.key),
        )
        self.stream = tuple(one for one in messages if one.event.recorded_at < window.closes)
        self.looks = tuple(self._mornings())

    def _mornings(self) -> Iterator[datetime]:
        """Yield the moments at which somebody looks at the worklist."""
        day, opens = self.window.opens - timedelta(days=30), self.window.opens
        while (at := datetime.combine(day, LOOK_AT, opens.tzinfo)) < self.window.closes:
            dice = Dice(self.drawn, self.seed, "look", day.date())
            if day.weekday() < 5 and dice.way("a working day") == "somebody looks":
                yield at
            day += timedelta(days=1)

"""
What a published rule is: one number with its unit, how its days count, whom it binds, and where it was read.

No rule stands here. A preset dates nothing by itself: it is turned into a `Limit`, and there is no other way to use it.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Final

from attrs import evolve, field, frozen

from carecoord.case import Attempts
from carecoord.errors import ImpossibleTiming
from carecoord.policies.ladders import Ladder
from carecoord.policies.limits import CountsFrom, Limit
from carecoord.policies.spans import BusinessDays, CalendarDays, Hours, Length, Minutes, Months, RestOfYear
from carecoord.tables import Where
from carecoord.vocabulary import Citation

LAST_LOOK: Final = "2026-11-21"
"""The day on which the authors of carecoord last looked at the sources of what was published."""


class Seen(Enum):
    """What of a rule was seen by those who wrote it down here."""

    PUBLISHER = "the publisher's own words were seen"
    DATA = "the publisher's own data or program was seen"
    REPORTED = "somebody else's account of it was seen, and not the publisher's own words"
    HEARSAY = "the number is well known, and its wording was not seen"


def seen_at(title: str, href: str = "", quote: str = "") -> Citation:
    """Return the citation of a wording that stood at this address, or in this paper, on the day of the last look."""
    return Citation(title=title, href=href, quote=quote, checked=LAST_LOOK)


def heard(title: str, href: str = "") -> Citation:
    """Return the citation of a number whose wording was not seen; printed, it says so."""
    return Citation(title=title if href else f"{title} (not verified)", href=href)


_UNITS: Final[dict[type, str]] = {
    Minutes: "minutes",
    Hours: "hours",
    CalendarDays: "calendar days",
    BusinessDays: "business days",
    Months: "months",
    RestOfYear: "the rest of the year",
}
_ELAPSED: Final = "elapsed time: weekends, holidays, nights and clock changes are nothing to it"
_EVERY_DAY: Final = "every day, in the zone that the event carries, else that of the practice's calendar"
_WORKING: Final = "the working days of the practice's calendar, in the zone that the event carries, else the calendar's"


@frozen(kw_only=True)
class Preset:
    """
    One published rule, as one source gives it.

    Args:
        name: Where it stands: `us.cms.tcm.contact` is `published.us.cms.tcm.contact`.
        says: The rule in one sentence.
        starts_at: The event from which it counts, in words.
        allow: How long; None where the source says that each practice defines the period.
        binds: Whom the rule binds.
        country: ISO 3166 code of the country whose rule it is; "" where it is of none.
        source: Where it was read, its quoted words, and the day of the last look.
        seen: What was seen of it.
        serves: The workflows and clocks that it can be a limit for.
        opens: From which later day it can be met; without it the same day counts.
        counts_from: From where the clocks that it serves count; see `Limit`.
        since, until: The days between which it is in force, half-open, as far as they are known.
        superseded_by: The rule that took its place, where nobody here knows when.
        disagrees: Rules of other sources that give another number for the same duty.
        unsaid: What the source leaves open, and how that is read here.
    """

    name: str
    says: str
    starts_at: str
    allow: Length | None
    binds: str
    country: str
    source: Citation
    seen: Seen
    serves: tuple[tuple[str, str], ...] = ()
    opens: CalendarDays | None = None
    counts_from: CountsFrom | str = CountsFrom.HAPPENED
    since: date | None = None
    until: date | None = None
    superseded_by: str = ""
    disagrees: tuple[str, ...] = field(default=(), repr=False)
    unsaid: str = field(default="", repr=False)

    @property
    def practice_defined(self) -> bool:
        """Whether the source gives no number, and wants each practice to give one."""
        return self.allow is None

    @property
    def unit(self) -> str:
        """The unit of the number; "" where the practice defines the period."""
        return _UNITS[type(self.allow)] if self.allow is not None else ""

    @property
    def number(self) -> int | None:
        """The number that the source gives; None where it is no number."""
        return None if self.allow is None or isinstance(self.allow, RestOfYear) else self.allow.n

    @property
    def first_day_counts(self) -> bool:
        """Whether the day on which it starts is the first of the number."""
        return bool(getattr(self.allow, "first_day_counts", False))

    @property
    def same_day_counts(self) -> bool:
        """Whether what is done on the day on which it starts meets it."""
        return self.opens is None

    @property
    def days(self) -> str:
        """Which days count, and in which zone."""
        if self.allow is None:
            return "as the practice says"
        if isinstance(self.allow, (Minutes, Hours)):
            return _ELAPSED
        return _WORKING if isinstance(self.allow, BusinessDays) else _EVERY_DAY

    @property
    def ends(self) -> str:
        """When it ends; that moment itself is too late."""
        if self.allow is None:
            return "as the practice says"
        if isinstance(self.allow, (Minutes, Hours)):
            return "when that time is over"
        if isinstance(self.allow, RestOfYear):
            return "at the midnight that ends the year"
        return "at the midnight that ends the last day"

    @property
    def verified(self) -> str:
        """Who looked at which source, when, and what was seen there."""
        if self.seen is Seen.HEARSAY:
            return f"not verified by the authors of carecoord: {self.seen.value}"
        where = self.source.href or "the paper that is named"
        return f"on {self.source.checked} the authors of carecoord looked at {where}: {self.seen.value}"

    def in_force(self, on: date) -> bool:
        """Whether it is known to be in force on this day; nobody knows that of what another took the place of."""
        begun = self.since is None or self.since <= on
        return begun and (self.until is None or on < self.until) and not self.superseded_by

    def limit(
        self,
        ladder: Ladder,
        *,
        clock: str = "",
        allow: Length | None = None,
        when: Where | None = None,
        counts_from: CountsFrom | str | None = None,
        attempts: Attempts | None = None,
        attempts_source: Citation | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Limit:
        """
        Return the row of a table of limits that this rule is.

        *clock* may be left out where the rule serves one clock name. *allow* is for a period that
        the practice defines, and for no other: a number of one's own is a `Limit` of one's own.
        *since* and *until* may narrow the days on which the row is in force. *counts_from* says from
        where, if it is not what the rule says for the clocks that it serves.

        Raises:
            ImpossibleTiming: the clock is not said and not plain, the period of a practice is
                missing, or one was given where the source has a number.
        """
        names = tuple(dict.fromkeys(name for _, name in self.serves))
        if not clock and len(names) != 1:
            raise self._impossible(f"say for which clock: clock={' or '.join(map(repr, names)) or '...'}")
        if self.allow is None and allow is None:
            raise self._impossible("the source gives no number; say your own, such as allow=BusinessDays(2)")
        if self.allow is not None and allow is not None:
            raise self._impossible(f"the source says {self.allow}; a number of your own is a Limit of your own")
        return Limit(
            clock or names[0],
            self.allow or allow,
            ladder,
            source=self.cited,
            when=when,
            counts_from=self.counts_from if counts_from is None else counts_from,
            opens=self.opens,
            since=max(filter(None, (self.since, since)), default=None),
            until=min(filter(None, (self.until, until)), default=None),
            attempts=attempts,
            attempts_source=attempts_source,
        )

    @property
    def cited(self) -> Citation:
        """The source as a row cites it: where the practice defines the period, it has the wish and not the number."""
        if self.practice_defined:
            return evolve(self.source, title=f"the practice's own period, which is wanted by {self.source.title}")
        return self.source

    def _impossible(self, problem: str) -> ImpossibleTiming:
        return ImpossibleTiming(f"preset '{self.name}'", problem)


__all__ = ["LAST_LOOK", "Preset", "Seen", "heard", "seen_at"]

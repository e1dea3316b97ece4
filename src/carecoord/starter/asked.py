"""
What a practice has to say before it can start, and what is the same for each of its workflows.

Asked for is only what nobody may guess: the zone and the days off, the periods that a source leaves to each practice,
and who is there to be told. All else is given, with its source.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from attrs import evolve, frozen

from carecoord.events import ConflictKind
from carecoord.policies.ladders import Ladder, Rung, stair
from carecoord.policies.limits import Limit, Until
from carecoord.policies.published import Preset, escalation
from carecoord.policies.published.reaching import Reaching
from carecoord.policies.quiet import QuietHours
from carecoord.policies.spans import BusinessDays, CalendarDays, Hours, Length, Minutes
from carecoord.tables import Where
from carecoord.vocabulary import Role, ours
from carecoord.workflow import Workflow

NO_NUMBER: Final = ours("no source gives a number; a practice says its own")


@frozen(kw_only=True)
class Asked:
    """
    What a practice said.

    Args:
        country: ISO 3166 code: whose rules bind it.
        contact_within: How soon it contacts a patient after a stay or an emergency visit.
        critical_within: How soon a critical result must be known.
        quiet: When it is not told of what can wait.
    """

    country: str
    contact_within: Length | None = None
    critical_within: Minutes | Hours | None = None
    quiet: QuietHours | None = None

    # --- ladders: the shapes are ours

    @property
    def daily(self) -> Ladder:
        """For what is owed within days: one working day from rung to rung."""
        return stair(BusinessDays(1), every=Hours(72), quiet=self.quiet)

    @property
    def slow(self) -> Ladder:
        """For what is owed within weeks."""
        return stair(CalendarDays(3), every=Hours(216), quiet=self.quiet)

    @property
    def soon(self) -> Ladder:
        """For what is owed within hours, by night as well."""
        return stair(Hours(4), every=Hours(12))

    @property
    def awake(self) -> Ladder:
        """The daily one by night as well: for what is urgent, or owed until a moment that somebody named."""
        return stair(BusinessDays(1), every=Hours(72))

    # --- rows

    def row(self, preset: Preset, ladder: Ladder, clock: str, **more: Any) -> Limit:
        """Return a published rule as a row; where it is of another country, the number is ours and says so."""
        limit = preset.limit(ladder, clock=clock, **more)
        if preset.country in (self.country, ""):
            return limit
        why = f"no rule of {self.country} is known here; as long as {preset.source.title} ({preset.country})"
        return evolve(limit, source=ours(why))


@frozen
class Starter:
    """A workflow, which of the periods it needs that the practice must say, and its rows once these are said."""

    workflow: Workflow[Any, Any]
    asks: tuple[str, ...]
    rows: Callable[[Asked], tuple[Limit, ...]]


def patiently(one: Reaching) -> dict[str, Any]:
    """Return the tries of a source, on two days at least, as arguments of a limit."""
    wanted = evolve(one.attempts, days=max(one.attempts.days, min(2, one.attempts.tries)))
    return {"attempts": wanted, "attempts_source": ours(f"on two days; the tries are those of {one.source.title}")}


_TWO_WEEKS: Final = Hours(14 * 24)


def common_rows(
    asked: Asked, *, silence: Hours = _TWO_WEEKS, why: str = "two weeks without any act"
) -> tuple[Limit, ...]:
    """Return the rows for the duties that every workflow has; after so much *silence* somebody looks again."""
    daily, day = asked.daily, BusinessDays(1)
    clinical = Where(conflict=ConflictKind.CLINICAL)
    care = escalation.conflict_about_care(Hours(24), every=Hours(24))
    work = escalation.conflict_about_work(BusinessDays(5), every=Hours(120))
    of_conflicts = ours(f"the time; the pathway is that of {escalation.IA_CC_12.title}")
    notice = Ladder((Rung(), Rung(Role.SAFETY_OFFICER, after=Hours(24))), every=Hours(24))
    # fmt: off
    return (
        Limit("take_up",    day,                daily,       source=NO_NUMBER),
        Limit("resolve",    day,                care,        source=of_conflicts, when=clinical),
        Limit("resolve",    BusinessDays(5),    work,        source=of_conflicts),
        Limit("resume_by",  Until("resume_by"), asked.awake, source=ours("whoever pauses says until when")),
        Limit("wrap_up",    CalendarDays(30),   asked.slow,  source=NO_NUMBER),
        Limit("unexpected", day,                daily,       source=NO_NUMBER),
        Limit("overtaken",  day,                daily,       source=NO_NUMBER),
        Limit("tell_again", day,                daily,       source=NO_NUMBER),
        Limit("look_again", silence,            notice,      source=ours(why)),
    )
    # fmt: on

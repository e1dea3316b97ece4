"""
Ladders whose shape was published: a critical result by minutes, and the pathways of a conflict.

What was published says who comes next, and seldom when. So the lengths come from whoever calls, but for those of a
critical result, which are quarters of the time within which it must be known.
"""

from __future__ import annotations

from typing import Final

from carecoord.errors import ImpossibleTiming
from carecoord.policies.ladders import Ladder, Rung
from carecoord.policies.limits import Limit
from carecoord.policies.published.preset import Preset, seen_at
from carecoord.policies.spans import Hours, InSequence, Length, Minutes, Span
from carecoord.tables import Where
from carecoord.vocabulary import Role, ours

IA_CC_12: Final = seen_at(
    "MIPS IA_CC_12 (2024), co-management and conflicts",
    quote="concerns around clinical area overstep elevated to hospital leadership,"
    " clinical issue presented to hospital review committee",
)
"""Where the pathways of a conflict were read. It gives no times, and names other people than a practice has."""


def critical(
    within: Preset | Minutes | Hours,
    *,
    allow: Minutes | Hours | None = None,
    clock: str = "critical",
    when: Where | None = None,
) -> Limit:
    """
    Return the row for a critical result that must be known *within* some minutes or hours.

    Whoever keeps the clock is told after a quarter of that time, then a surrogate, then a
    supervisor, and by the end of it the fail-safe, and then again and again. That order was
    published (orderer, who covers, fail-safe; an alert that nobody acknowledges goes up by itself);
    the quarters, of whole minutes and rather shorter than longer, are ours. There are no quiet hours.
    *allow* is for a preset whose period the practice defines.

    Raises:
        ImpossibleTiming: the time is none of minutes or hours, is shorter than four minutes, or is
            the practice's to define and was not given.
    """
    span: Length | None
    if isinstance(within, Preset):
        span, of = allow if within.practice_defined else within.allow, str(within.cited)
    else:
        span, of = within, "of the practice"
    if not isinstance(span, (Minutes, Hours)):
        raise ImpossibleTiming("critical", "it must be known within Minutes(...) or Hours(...); say yours")
    minutes = int(span.length.total_seconds()) // 240
    if not minutes:
        raise ImpossibleTiming("critical", f"{span} have no four quarters of whole minutes; give at least 4 minutes")
    ladder = Ladder(
        (
            Rung(),
            Rung(Role.SURROGATE, after=Minutes(minutes)),
            Rung(Role.SUPERVISOR, after=Minutes(2 * minutes)),
            Rung(Role.SAFETY_OFFICER, after=Minutes(3 * minutes)),
        ),
        every=span,
    )
    why = ours(f"a quarter of {span}, so that the fail-safe hears by the end of them; {span}: {of}")
    return Limit(clock, Minutes(minutes), ladder, source=why, when=when)


def conflict_about_care(step: Span, *, every: Minutes | Hours) -> Ladder:
    """
    Return the pathway of a conflict about care: clinician, supervising clinician, fail-safe, one *step* apart.

    MIPS IA_CC_12 has a hospital's review committee at the end; whoever stands in for it in a
    practice is told as its safety officer. The last is told again *every* so often.
    """
    twice = InSequence((step, step))
    rungs = (Rung(Role.CLINICIAN), Rung(Role.SUPERVISOR, after=step), Rung(Role.SAFETY_OFFICER, after=twice))
    return Ladder(rungs, every=every)


def conflict_about_work(step: Span, *, every: Minutes | Hours) -> Ladder:
    """
    Return the pathway of a conflict about who does what: whoever runs the office, then the fail-safe, one *step* later.

    MIPS IA_CC_12 has the leadership at the end. The last is told again *every* so often.
    """
    return Ladder((Rung(Role.MANAGER), Rung(Role.SAFETY_OFFICER, after=step)), every=every)


__all__ = ["IA_CC_12", "conflict_about_care", "conflict_about_work", "critical"]

"""
How a clock that starts comes to its deadline: by what is kept, else by the policy.

The same question is never asked twice in the life of a case, so a new policy moves nothing
that stands, and a replay asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from carecoord.case import Answer
from carecoord.errors import HistoryIncomplete
from carecoord.policies.anew import Again
from carecoord.policies.limits import read


class Policy(Protocol):
    """Who answers what is not kept. Where it is *strict*, a failure refuses the act; else news gets a stopgap."""

    def __call__(
        self,
        case_id: str,
        clock: str,
        item: str,
        facts: Any,
        anchor: datetime,
        zone: str | None,
        heard: datetime,
        strict: bool,
        again: Again | None = None,
        /,
    ) -> Answer: ...


class Asks:
    """
    Answers from what is kept; what the policy says instead is kept in `new`.

    No question was asked about an anchor after `since`, so none needs to be looked up.
    """

    case_id: str
    policy: Policy
    kept: tuple[Answer, ...]
    new: tuple[Answer, ...]
    since: datetime | None
    strict: bool

    def ask(self, clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime) -> Answer:
        """Return the answer that was given before, else ask and keep what is said."""
        if self.since is None or anchor <= self.since:
            for answers in (self.kept, self.new):
                found = _find(answers, clock, item, facts, anchor, zone, heard)
                if found is not None:
                    return found
        answer = self.policy(self.case_id, clock, item, facts, anchor, zone, heard, self.strict)
        self.new = (*self.new, answer)
        return answer

    def ask_again(self, again: Again, facts: Any, anchor: datetime, heard: datetime) -> Answer:
        """Return the answer about a deadline that stands, given before, else asked and kept."""
        found = _find_again((*self.kept, *self.new), again, facts, anchor, heard)
        if found is None:
            one = again.standing
            found = self.policy(self.case_id, one.clock, one.item, facts, anchor, again.zone, heard, self.strict, again)
            self.new = (*self.new, found)
        return found


def _find(
    answers: Sequence[Answer],
    clock: str,
    item: str,
    facts: Any,
    anchor: datetime,
    zone: str | None,
    heard: datetime,
) -> Answer | None:
    for answer in answers:
        if (
            answer.item == item
            and answer.clock == clock
            and answer.anchor == anchor
            and answer.zone == zone
            and answer.read == read(answer.schedule.reads, facts, heard)
        ):
            return answer
    return None


def _find_again(
    answers: Iterable[Answer], again: Again, facts: Any, anchor: datetime, heard: datetime
) -> Answer | None:
    one, zone, wanted = again.standing, again.zone, again.read(facts, heard)
    for answer in answers:
        if (answer.read, answer.clock, answer.item) == (wanted, one.clock, one.item) and (
            (answer.anchor, answer.zone) == (anchor, zone)
        ):
            return answer
    return None


class OnlyKept:
    """An entry is asked: it has what the policy answered then, or it is not whole."""

    __slots__ = ("answers", "seq")

    def __init__(self, answers: tuple[Answer, ...], seq: int) -> None:
        self.answers = answers
        self.seq = seq

    def __call__(
        self,
        case_id: str,
        clock: str,
        item: str,
        facts: Any,
        anchor: datetime,
        zone: str | None,
        heard: datetime,
        _: bool,
        again: Again | None = None,
        /,
    ) -> Answer:
        if again is not None:
            found = _find_again(self.answers, again, facts, anchor, heard)
        else:
            found = _find(self.answers, clock, item, facts, anchor, zone, heard)
        if found is None:
            raise HistoryIncomplete(case_id, self.seq, self.seq, clock)
        return found


_LONGEST_DAY: Final = timedelta(hours=30)
"""No day of any zone has been longer since 1970: Casey's of 5 March 2010 had 27 hours."""


def of_late(answers: Iterable[Answer], last: datetime) -> tuple[Answer, ...]:
    """
    Return the answers that were given to questions which an event from this moment on may ask.

    It asks about its own moment, or, where it is a mere date, about the first instant of a day in its zone.
    """
    day = last - _LONGEST_DAY
    return tuple([one for one in answers if one.anchor >= last or (one.zone is not None and one.anchor >= day)])

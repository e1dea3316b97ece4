"""
How a clock that starts comes to its deadline: by what is kept, else by the policy.

The same question is never asked twice in the life of a case, so a new policy moves nothing
that stands, and a replay asks nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from carecoord.case import Answer
from carecoord.errors import HistoryIncomplete, NoLimit
from carecoord.policies.limits import read
from carecoord.rulebook import Rulebook

Policy: TypeAlias = Callable[[str, str, Any, datetime, "str | None", datetime, bool], Answer]


class Asks:
    """
    Answers from what is kept; what the policy says instead is kept in `new`.

    No question was asked about an anchor after `since`, so none needs to be looked up.
    """

    __slots__ = ("kept", "new", "policy", "since", "strict")

    def __init__(self, kept: tuple[Answer, ...], policy: Policy) -> None:
        self.kept = kept
        self.new: list[Answer] = []
        self.policy = policy
        self.since: datetime | None = None
        self.strict = False

    def __call__(
        self, clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime
    ) -> Answer:
        if self.since is None or anchor <= self.since:
            for answers in (self.kept, self.new):
                found = _find(answers, clock, item, facts, anchor, zone, heard)
                if found is not None:
                    return found
        answer = self.policy(clock, item, facts, anchor, zone, heard, self.strict)
        self.new.append(answer)
        return answer


def _find(
    answers: list[Answer] | tuple[Answer, ...],
    clock: str,
    item: str,
    facts: Any,
    anchor: datetime,
    zone: str | None,
    heard: datetime,
) -> Answer | None:
    for answer in answers:
        if answer.anchor == anchor and answer.clock == clock and answer.item == item and answer.zone == zone:
            names = answer.schedule.reads
            if not names or answer.read == read(names, facts, heard):
                return answer
    return None


def policy_of(rules: Rulebook[Any, Any], case_id: str) -> Policy:
    """Return how the policy is asked: where it fails, an act is refused, and news gets a provisional deadline."""

    def ask(
        clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime, strict: bool
    ) -> Answer:
        try:
            return rules.ask(clock, item, facts, anchor, zone, heard)
        except Exception as problem:
            if strict:
                raise NoLimit(case_id, clock) from problem
            return rules.stopgap(clock, item, facts, anchor, zone, heard)

    return ask


def only_kept(case_id: str, answers: tuple[Answer, ...], seq: int) -> Policy:
    """Return how an entry is asked: it has what the policy answered then, or it is not whole."""

    def ask(clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime, _: bool) -> Answer:
        found = _find(answers, clock, item, facts, anchor, zone, heard)
        if found is None:
            raise HistoryIncomplete(case_id, seq, seq, clock)
        return found

    return ask

"""One referral in twenty lines: `python -m examples.one_referral`."""

import pendulum
from examples.practice import REFERRAL_ROWS, STAFF  # who owes what by when, and who is told: yours to say

from carecoord import (
    Actor,
    Effect,
    Entry,
    Role,
    Rulebook,
    Step,
    Urgency,
    advance,
    check,
    explain,
    next_check,
    open_case,
)
from carecoord.workflows.referral import (
    REFERRAL,
    Drafted,
    Enclosure,
    Kind,
    ReferralCase,
    ReferralFacts,
    ReferralState,
    Sent,
)

rules = Rulebook(REFERRAL, timing=REFERRAL_ROWS, default_queue="front-desk", staff=STAFF)  # refuses to exist with a gap
who = Actor(role=Role.COORDINATOR, id="u-7")
friday = pendulum.datetime(2026, 3, 6, 15, tz="America/Boise")
draft = Drafted(at=friday, by=who, key="1", urgency=Urgency.ROUTINE, kind=Kind.CONSULTATION, clinical_question="?")
sent = Sent(at=friday, by=who, key="2", about="attempt-1", recipient="cardio", enclosed=tuple(Enclosure))

cases: dict[str, ReferralCase] = {}  # your table of cases, with a column for `next_check`
journal: list[Entry | None] = []  # your table of entries: the history of the cases
outbox: dict[str, Effect] = {}  # what your people have to be told, by the id of the effect


def keep(step: Step[ReferralState, ReferralFacts]) -> None:
    cases[step.case.id] = step.case  # yours: these three lines are one write to your database
    journal.append(step.entry)
    outbox.update({effect.id: effect for effect in step.effects})
    print(step.case.state.name, *(effect.id for effect in step.effects), sep="\n    ")


keep(open_case(rules, draft, id="r-17", subject="p-9", owner="dr-3"))
keep(advance(rules, cases["r-17"], sent))
while (moment := next_check(cases["r-17"])) and moment < friday.add(days=10):  # nothing happens before it
    keep(check(cases["r-17"], at=moment))
for duty in explain(cases["r-17"], at=friday.add(days=10)):
    print(f"{duty.clock:11}due {duty.due_at.astimezone(friday.tz):%a %d %b %H:%M}{'  overdue' * duty.missed}")

"""One critical result in twenty lines: `python -m examples.one_result`."""

import pendulum
from examples.practice import RESULT_ROWS, STAFF  # who owes what by when, and who is told: yours to say

from carecoord import Acknowledged, Actor, Effect, Entry, Role, Rulebook, Step, advance, check, explain, open_case
from carecoord.workflows.diagnostic_result import (
    TEST_RESULT,
    Ordered,
    ResultCase,
    ResultFacts,
    ResultReceived,
    ResultState,
    severity_of,
)

rules = Rulebook(TEST_RESULT, timing=RESULT_ROWS, default_queue="front-desk", staff=STAFF)
doctor, surrogate, lab = Actor(Role.CLINICIAN, "dr-3"), Actor(Role.SURROGATE, "dr-5"), Actor(Role.LABORATORY, "lab")
ten = pendulum.datetime(2026, 7, 8, 10, tz="America/Boise")

cases: dict[str, ResultCase] = {}  # your table of cases, with a column for `next_check`
journal: list[Entry | None] = []  # your table of entries: the history of the cases
outbox: dict[str, Effect] = {}  # what your people have to be told, by the id of the effect


def keep(step: Step[ResultState, ResultFacts]) -> None:
    cases[step.case.id] = step.case  # yours: these three lines are one write to your database
    journal.append(step.entry)
    outbox.update({effect.id: effect for effect in step.effects})
    print(step.case.state.name, *(effect.id for effect in step.effects), sep="\n    ")


keep(open_case(rules, Ordered(at=ten, by=doctor, key="1", components=("k",)), id="o-17", subject="p-9", owner="dr-3"))
value = ResultReceived(at=ten.add(hours=3), by=lab, key="2", about="k", severity=severity_of("HH"))
keep(advance(rules, cases["o-17"], value))
keep(check(cases["o-17"], at=ten.add(hours=3, minutes=40)))  # nobody has said a word: orderer and surrogate are rung
known = Acknowledged(at=ten.add(hours=3, minutes=44), by=surrogate, key="3", about="k", clock="critical")
keep(advance(rules, cases["o-17"], known))
for duty in explain(cases["o-17"], at=ten.add(days=8)):
    print(f"{duty.clock:16}due {duty.due_at.astimezone(ten.tz):%a %d %b %H:%M}{'  overdue' * duty.missed}")

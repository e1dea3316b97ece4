"""One care plan in twenty lines: `python -m examples.one_plan`."""

import pendulum
from examples.practice import PLAN_ROWS, STAFF  # who owes what by when, and who is told: yours to say

from carecoord import Actor, Effect, Entry, Role, Rulebook, Step, advance, check, explain, open_case
from carecoord.workflows.care_plan_review import (
    CARE_PLAN_REVIEW,
    REQUIRED,
    Activated,
    Identified,
    PatientTookPart,
    PlanCase,
    PlanDrafted,
    PlanFacts,
    PlanState,
    Reason,
    RelevantVisit,
)

rules = Rulebook(CARE_PLAN_REVIEW, timing=PLAN_ROWS, default_queue="front-desk", staff=STAFF)
manager, doctor, feed = Actor(Role.CARE_MANAGER, "cm-1"), Actor(Role.CLINICIAN, "dr-3"), Actor(Role.SYSTEM, "visits")
ten, october = (pendulum.datetime(2026, month, 9, 10, tz="America/Boise") for month in (7, 10))

cases: dict[str, PlanCase] = {}  # your table of cases, with a column for `next_check`
journal: list[Entry | None] = []  # your table of entries: the history of the cases
outbox: dict[str, Effect] = {}  # what your people have to be told, by the id of the effect


def keep(step: Step[PlanState, PlanFacts]) -> None:
    cases[step.case.id] = step.case  # yours: these three lines are one write to your database
    journal.append(step.entry)
    outbox.update({effect.id: effect for effect in step.effects})
    print(step.case.state.name, *(effect.id for effect in step.effects), sep="\n    ")


found = Identified(at=ten, by=manager, key="1", reasons=(Reason.POORLY_CONTROLLED,))
keep(open_case(rules, found, id="c-17", subject="p-9", owner="dr-3"))
keep(advance(rules, cases["c-17"], PlanDrafted(at=ten.add(days=4), by=manager, key="2", elements=REQUIRED)))
keep(advance(rules, cases["c-17"], PatientTookPart(at=ten.add(days=5), by=manager, key="3")))
keep(advance(rules, cases["c-17"], Activated(at=ten.add(days=6), by=doctor, key="4", next_review_at=october)))
keep(advance(rules, cases["c-17"], RelevantVisit(at=ten.add(days=20), by=feed, key="5", about="v-1")))
keep(check(cases["c-17"], at=october.add(days=2)))  # nobody gave a copy, weighed the visit, or reviewed the plan
for duty in explain(cases["c-17"], at=october.add(days=2)):
    print(f"{duty.clock:12}due {duty.due_at.astimezone(ten.tz):%a %d %b}{'  overdue' * duty.missed}")

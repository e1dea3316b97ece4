"""One discharge in twenty lines, as the README shows it: `python -m examples.one_transition`."""

import pendulum
from examples.practice import OUR_ROWS, STAFF  # who owes what by when, and who is told: yours to say

from carecoord import Actor, Effect, Entry, Role, Rulebook, Step, advance, check, explain, next_check, open_case
from carecoord.workflows.care_transition import (
    CARE_TRANSITION,
    Admitted,
    Contacted,
    Discharged,
    TransitionCase,
    TransitionFacts,
    TransitionState,
)

rules = Rulebook(CARE_TRANSITION, timing=OUR_ROWS, default_queue="front-desk", staff=STAFF)
feed, nurse = Actor(Role.SYSTEM, "adt-feed"), Actor(Role.NURSE, "n-4")
wednesday, thursday, friday = (pendulum.datetime(2026, 7, day, 15, tz="America/Boise") for day in (1, 2, 3))

cases: dict[str, TransitionCase] = {}  # your table of cases, with a column for `next_check`
journal: list[Entry | None] = []  # your table of entries: the history of the cases
outbox: dict[str, Effect] = {}  # what your people have to be told, by the id of the effect


def keep(step: Step[TransitionState, TransitionFacts]) -> None:
    cases[step.case.id] = step.case  # yours: these three lines are one write to your database
    journal.append(step.entry)
    outbox.update({effect.id: effect for effect in step.effects})
    print(step.case.state.name, *(effect.id for effect in step.effects), sep="\n    ")


keep(open_case(rules, Admitted(at=wednesday, by=feed, key="m1", about="v1"), id="t-17", subject="p-9", owner="dr-3"))
keep(advance(rules, cases["t-17"], Discharged(at=thursday, by=feed, key="m2", about="v1")))
keep(advance(rules, cases["t-17"], Contacted(at=friday, by=nurse, key="call-1")))
if moment := next_check(cases["t-17"]):  # the column by which you wake up: nothing happens before it
    keep(check(cases["t-17"], at=moment))
    for duty in explain(cases["t-17"], at=moment):
        print(f"{duty.clock:14}due {duty.due_at.astimezone(friday.tz):%a %d %b %H:%M}{'  overdue' * duty.missed}")

"""
One patient through all four workflows, with every hand-over between the cases: `python -m examples.one_patient`.

Mrs. P has a care plan (c-1) and goes into hospital (t-1). When she leaves, a biopsy is pending, which becomes a case of
its own (o-1). She is back in hospital three days later (t-2). What the biopsy found needs a specialist (r-1), whose
report changes the plan. Then the same is told again, and nobody opens the referral.
"""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

import pendulum
from examples.practice import PRACTICE  # who owes what by when, and who is told: yours to say

from carecoord import (
    Actor,
    DeadlineSet,
    DeadlineSettled,
    Effect,
    Entry,
    Escalated,
    Event,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    Moved,
    Noted,
    Paused,
    Refused,
    Resumed,
    Role,
    Step,
    Urgency,
    Workflow,
    advance,
    check,
    explain,
    next_check,
    open_case,
)
from carecoord.workflows import care_plan_review as plan
from carecoord.workflows import care_transition as stay
from carecoord.workflows import diagnostic_result as result
from carecoord.workflows import referral

FLOWS: dict[str, Workflow[Any, Any]] = {
    "c": plan.CARE_PLAN_REVIEW,
    "t": stay.CARE_TRANSITION,
    "o": result.TEST_RESULT,
    "r": referral.REFERRAL,
}
HAND_OVERS = ("pending", "follow_up", "integrate", "bring_in", "weigh", "resume_by")
DONE = ("CLOSED", "COMPLETED")  # of the ends, those that say that it was done

feed, lab, clinic = Actor(Role.SYSTEM, "adt"), Actor(Role.LABORATORY, "lab"), Actor(Role.RECIPIENT, "gi-clinic")
doctor, nurse = Actor(Role.CLINICIAN, "dr-3"), Actor(Role.NURSE, "n-4")
desk, manager = Actor(Role.COORDINATOR, "u-7"), Actor(Role.CARE_MANAGER, "cm-1")


def on(month: int, day: int, hour: int = 10) -> datetime:
    return pendulum.datetime(2026, month, day, hour, tz="America/Boise")


class Host:
    """Yours: it keeps the cases, looks when `next_check` says so, and tells a case how those ended that it linked."""

    def __init__(self, *, shows: bool = True) -> None:
        self.cases: dict[str, Any] = {}  # your table of cases, with a column for `next_check`
        self.journal: dict[str, list[Entry]] = {}  # your table of entries: the history of each case
        self.outbox: list[Effect] = []  # what your people have to be told
        self.keys = count(1)  # the id of the message that told it, so that a repeat is known as one
        self.shows = shows

    def tell(
        self, name: str, kind: type[Event], at: datetime, by: Actor, about: str | None = None, /, **say: Any
    ) -> None:
        self.wait(at)
        key = f"m{next(self.keys)}"
        event, rules = kind(at=at, by=by, key=key, about=about, **say), PRACTICE.rules_of(FLOWS[name[0]])
        if name in self.cases:
            self.keep(advance(rules, self.cases[name], event, self.journal[name]), at)
        else:
            self.keep(open_case(rules, event, id=name, subject="p-9", owner="dr-3"), at)

    def wait(self, until: datetime) -> None:
        while due := [(at, one.id) for one in self.cases.values() if (at := next_check(one)) and at < until]:
            at, case = min(due)
            self.keep(check(self.cases[case], at=at), at)

    def keep(self, step: Step[Any, Any], at: datetime) -> None:
        case = self.cases[step.case.id] = step.case
        self.journal.setdefault(case.id, []).extend(filter(None, [step.entry]))
        self.outbox += step.effects
        for words in filter(None, map(said, step.effects)) if self.shows else ():
            print(f"{short(at)}  {case.id}  {words}")
        for effect in step.effects:
            if isinstance(effect, Moved) and case.state in FLOWS[case.id[0]].ends:
                # Whoever linked it hears how it ended, for no case can know that of another.
                well = effect.to in DONE and not case.facts.administrative
                for other in [*self.cases.values()]:
                    if any(link.case == case.id for link in other.facts.links):
                        self.tell(other.id, LinkedCaseEnded, at, desk, case=case.id, done=well)


def short(moment: datetime) -> str:
    return f"{moment.astimezone(on(7, 1).tzinfo):%a %d %b %H:%M}"


def said(effect: Effect) -> str:
    """Return an effect in words, if it is about where a case stands or what it owes another, or rings."""
    match effect:
        case Moved(to=to):
            return to
        case DeadlineSet(clock=clock, item=item, due_at=due) if clock in HAND_OVERS:
            return f"  owes {clock}({item}) until {short(due)}"
        case DeadlineSettled(clock=clock, item=item, how=how) if clock in HAND_OVERS:
            return f"  {clock}({item}) is {how.name}"
        case Escalated(clock=clock, item=item, notify=notify):
            return f"  {clock}({item}) rings: {notify.name}"
        case _:
            return ""


# --- what happens ---------------------------------------------------------------------------


def she_has_a_plan(host: Host) -> None:
    host.tell("c-1", plan.Identified, on(6, 1), manager, reasons=(plan.Reason.POORLY_CONTROLLED,))
    host.tell("c-1", plan.PlanDrafted, on(6, 2), manager, elements=plan.REQUIRED, goals=("walk",))
    host.tell("c-1", plan.PatientTookPart, on(6, 2), manager)
    host.tell("c-1", plan.Activated, on(6, 3), doctor, next_review_at=on(12, 3))
    host.tell("c-1", plan.CopyGiven, on(6, 3), manager, channel=plan.Channel.IN_PERSON, outcome=plan.Copy.GIVEN)


def goes_home(host: Host, case: str, at: datetime, **summary: Any) -> None:
    host.tell(case, stay.Discharged, at, feed)
    for what in (stay.NoticeOf.ADMISSION, stay.NoticeOf.DISCHARGE):
        host.tell(case, stay.NoticeReceived, at, feed, of=what)
    host.tell(case, stay.SummaryReceived, at, feed, **summary)


def she_is_in_hospital_and_a_biopsy_is_pending(host: Host) -> None:
    host.tell("t-1", stay.Admitted, on(7, 6), feed, "v-1")
    host.tell("c-1", Linked, on(7, 6), desk, case="t-1", relation=plan.UNDER_WAY)
    host.tell("c-1", Paused, on(7, 6), manager, "in hospital", reason="in hospital", resume_by=on(7, 20))
    goes_home(host, "t-1", on(7, 8), pending=stay.PendingTests.LISTED, tests=("biopsy",))
    expected = on(7, 22)
    biopsy = {"components": ("biopsy",), "kind": result.Kind.PATHOLOGY, "expected_by": expected, "stay": "t-1"}
    host.tell("o-1", result.Expected, on(7, 9), doctor, **biopsy)
    host.tell("t-1", stay.PendingTestOwned, on(7, 9), doctor, "biopsy", case="o-1", expected_by=expected)
    host.tell("t-1", stay.Contacted, on(7, 9), nurse)
    host.tell("t-1", stay.MedsReconciled, on(7, 9), nurse)


def she_is_back_before_anybody_saw_her(host: Host) -> None:
    host.tell("t-1", stay.Admitted, on(7, 11), feed, "v-2")
    host.tell("t-2", stay.Admitted, on(7, 11), feed, "v-2", readmission_of="t-1")
    host.tell("t-1", Linked, on(7, 11, 11), desk, case="t-2", relation=stay.READMISSION)
    host.tell("c-1", Linked, on(7, 11, 11), desk, case="t-2", relation=plan.UNDER_WAY)
    goes_home(host, "t-2", on(7, 13), pending=stay.PendingTests.NONE)
    host.tell("c-1", Resumed, on(7, 13), manager, "in hospital")
    host.tell("c-1", plan.InformationBroughtIn, on(7, 13), manager, case="t-1", version=1)
    host.tell("c-1", plan.RelevantVisit, on(7, 13), feed, "t-2")
    host.tell("t-2", stay.Contacted, on(7, 14), nurse)
    host.tell("t-2", stay.MedsReconciled, on(7, 14), nurse)
    host.tell("c-1", plan.VisitWeighed, on(7, 15), doctor, "t-2", outcome=plan.Outcome.UNCHANGED)
    host.tell("t-2", stay.VisitHeld, on(7, 17), desk)
    host.tell("t-2", LoopClosed, on(7, 17), desk)
    host.tell("c-1", plan.InformationBroughtIn, on(7, 17, 12), manager, case="t-2", version=1)


def the_biopsy_needs_a_specialist(host: Host) -> None:
    host.tell("o-1", result.ResultReceived, on(7, 20), lab, "biopsy", severity=result.severity_of("A"))
    read = {"results": ("biopsy:1",), "disposition": result.Disposition.FOLLOW_UP_NEEDED, "findings": ("lesion",)}
    host.tell("o-1", result.Reviewed, on(7, 21, 14), doctor, **read)
    host.tell("o-1", result.PatientNotified, on(7, 21, 14), nurse, results=("biopsy:1",), channel=result.Channel.VOICE)


def somebody_refers_her(host: Host, at: datetime) -> None:
    asked = {"urgency": Urgency.URGENT, "kind": referral.Kind.CONSULTATION, "clinical_question": "remove it?"}
    host.tell("r-1", referral.Drafted, at, doctor, **asked)
    host.tell("r-1", referral.Sent, at, desk, "a-1", recipient="gi-clinic", enclosed=tuple(referral.Enclosure))
    host.tell("o-1", Linked, at, desk, "lesion", case="r-1")
    host.tell("c-1", Linked, at, desk, case="r-1", relation=plan.UNDER_WAY)
    host.tell("o-1", LoopClosed, at, doctor)


def the_report_changes_the_plan(host: Host) -> None:
    host.tell("r-1", referral.Accepted, on(7, 22), clinic)
    host.tell("r-1", referral.Booked, on(7, 22), clinic, "v-7", visit_at=on(7, 28))
    host.tell("r-1", referral.VisitCompleted, on(7, 28), clinic, "v-7")
    host.tell("r-1", referral.ReportReceived, on(7, 29), clinic, "report")
    host.tell("r-1", referral.Reviewed, on(7, 30), doctor, disposition=referral.Disposition.PLAN_CHANGE)
    host.tell("r-1", referral.PatientInformed, on(7, 30), nurse, channel=referral.Channel.VOICE)
    revised = {"version": 2, "goals": ("walk", "screening"), "next_review_at": on(12, 3)}
    host.tell("c-1", plan.PlanReviewed, on(8, 4), doctor, outcome=plan.Outcome.REVISED, **revised)
    host.tell("r-1", referral.Integrated, on(8, 4), doctor, plan="c-1", plan_version="2")
    host.tell("r-1", LoopClosed, on(8, 4), doctor)
    host.tell("c-1", plan.InformationBroughtIn, on(8, 4), manager, case="r-1", version=2)
    host.tell("c-1", plan.CopyGiven, on(8, 5), manager, channel=plan.Channel.IN_PERSON, outcome=plan.Copy.GIVEN)


# --- told twice -----------------------------------------------------------------------------


def until_the_biopsy(host: Host) -> None:
    she_has_a_plan(host)
    she_is_in_hospital_and_a_biopsy_is_pending(host)
    she_is_back_before_anybody_saw_her(host)
    the_biopsy_needs_a_specialist(host)


def as_it_should_be() -> Host:
    host = Host()
    until_the_biopsy(host)
    somebody_refers_her(host, on(7, 21, 15))
    the_report_changes_the_plan(host)
    for case in host.cases.values():
        owed = ", ".join(dict.fromkeys(duty.clock for duty in explain(case, at=on(8, 6))))
        print(f"{case.id} is {case.state.name} and owes {owed or 'nothing'}")
    return host


def as_it_must_not_end() -> Host:
    host = Host(shows=False)
    until_the_biopsy(host)
    host.shows = True
    try:
        host.tell("o-1", LoopClosed, on(7, 21, 15), doctor)
    except Refused as why:
        print(f"{why.event} of {why.case_id} is refused: not shown that {', '.join(why.claims)}")
    for asked in (on(8, 3), on(8, 14), on(8, 28)):  # an act each, so nobody is told that the case sleeps
        host.tell("o-1", Noted, asked, desk, text="she asks whether there is news")
    somebody_refers_her(host, on(8, 28))
    return host


if __name__ == "__main__":
    as_it_should_be()
    print("\nThe same, and nobody refers her.")
    as_it_must_not_end()

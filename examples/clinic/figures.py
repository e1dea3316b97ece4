"""
Counts what happened around the stays, referrals, results and care plans of a window.

The words under each figure are its definition.

`recount.py` works out the same figures from the files by another way, and imports nothing from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from examples.clinic.bundles import NOT_YET, Patient, Stay, Window, follow
from examples.clinic.care_plans import Plan
from examples.clinic.loops import DENTAL_CARE, visit_of


@dataclass(frozen=True, slots=True)
class Figures:
    """
    What the bundles hold, before the demo adds anything.

    *After* a discharge means later than it by more than no time, and *within n days* by n times
    24 hours at most. Each discharge is counted at most once per figure, however many visits
    follow it. A discharge shortly before the window closes has had less time than the others.
    """

    patients: int  # bundles
    stays: int  # stays that belong to the window (see `follow`)
    open: int  # of these: neither ended nor cut short by death when the window closed
    discharges: int  # of these: ended in the window, with the patient alive
    deaths_in_stay: int  # patients who died in the window, while in a stay that belongs to it
    seen_within_7: int  # discharges after which an ambulatory visit (AMB) started within 7 days
    seen_within_14: int  # ... within 14 days
    seen_within_30: int  # ... within 30 days
    back_within_30: int  # discharges after which another stay started within 30 days
    overlapping: int  # stays that share time with another stay of the same patient in the window
    referrals: int  # procedures that refer a patient, made in the window and in the patient's life
    dental: int  # of these: for dental care
    dental_visits: int  # of these: followed within 30 days by a visit whose reason is a dental referral
    reports: int  # reports with laboratory values, taken in the window and in the patient's life
    values: int  # the laboratory values in them
    flagged_normal: int  # of these: with a flag, and one that says normal
    flagged_abnormal: int  # of these: with a flag that says high or low
    unflagged: int  # of these: without any flag
    planned: int  # patients with at least one care plan that ran in the window
    plans: int  # these plans: begun before it closed and not after the death, and not ended before it opened
    plans_begun: int  # of these: begun in the window
    plans_ended: int  # of these: ended in the window, with the patient alive
    plans_cut_short: int  # of these: not ended when the patient died
    plans_running: int  # of these: neither ended nor cut short by death when the window closed
    goals: int  # the goals that these plans name
    goals_completed: int  # of these: of a plan that ended, and completed by their lifecycle
    goals_running: int  # of these: of a plan that ran when the window closed


def figures(patients: Iterable[Patient], window: Window) -> Figures:
    """Return the figures of *patients*, followed or not yet followed, in *window*."""
    followed = [follow(each, window) for each in patients]
    return Figures(
        patients=len(followed),
        stays=sum(len(each.stays) for each in followed),
        open=sum(each.died is None and stay.ended is None for each in followed for stay in each.stays),
        discharges=sum(stay.ended is not None for each in followed for stay in each.stays),
        deaths_in_stay=sum(any(stay.ended is None for stay in each.stays) for each in followed if each.died),
        seen_within_7=sum(_seen(each, 7) for each in followed),
        seen_within_14=sum(_seen(each, 14) for each in followed),
        seen_within_30=sum(_seen(each, 30) for each in followed),
        back_within_30=sum(_back(each, 30) for each in followed),
        overlapping=sum(_overlapping(each) for each in followed),
        referrals=sum(len(each.referrals) for each in followed),
        dental=sum(one.code == DENTAL_CARE for each in followed for one in each.referrals),
        dental_visits=sum(visit_of(one, each.visits) is not None for each in followed for one in each.referrals),
        reports=sum(len(each.reports) for each in followed),
        values=len(flags := [value.flags for each in followed for one in each.reports for value in one.values]),
        flagged_normal=sum(each == ("N",) for each in flags),
        flagged_abnormal=sum("H" in each or "L" in each for each in flags),
        unflagged=sum(not each for each in flags),
        planned=sum(bool(each.plans) for each in followed),
        plans=sum(len(each.plans) for each in followed),
        plans_begun=sum(plan.started in window for each in followed for plan in each.plans),
        plans_ended=sum(plan.ended is not None for each in followed for plan in each.plans),
        plans_cut_short=sum(plan.ended is None for each in followed if each.died for plan in each.plans),
        plans_running=sum(len(_running(each)) for each in followed),
        goals=sum(len(plan.goals) for each in followed for plan in each.plans),
        goals_completed=sum(goal.completed for each in followed for plan in each.plans for goal in plan.goals),
        goals_running=sum(len(plan.goals) for each in followed for plan in _running(each)),
    )


def _running(patient: Patient) -> list[Plan]:
    return [] if patient.died else [plan for plan in patient.plans if plan.ended is None]


def _seen(patient: Patient, days: int) -> int:
    visits = [each.started for each in patient.visits if each.kind == "AMB"]
    return sum(_any_after(stay.ended, visits, days) for stay in patient.stays if stay.ended)


def _back(patient: Patient, days: int) -> int:
    arrivals = [each.started for each in patient.stays]
    return sum(_any_after(stay.ended, arrivals, days) for stay in patient.stays if stay.ended)


def _any_after(discharge: datetime, starts: Iterable[datetime], days: int) -> bool:
    return any(timedelta(0) < start - discharge <= timedelta(days=days) for start in starts)


def _overlapping(patient: Patient) -> int:
    return sum(
        any(_share_time(stay, other, patient.died or NOT_YET) for other in patient.stays if other is not stay)
        for stay in patient.stays
    )


def _share_time(one: Stay, other: Stay, last: datetime) -> bool:
    """Say whether the two overlap; a transfer, where one ends as the other starts, is none."""
    return one.started < (other.ended or last) and other.started < (one.ended or last)

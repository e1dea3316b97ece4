"""
Joins a patient's stays into the loops that a practice follows. Nothing is invented here.

The bundles know neither visit numbers nor which emergency visit led to which bed. So the host
decides: a stay that begins while another lasts, or in the moment in which it ends, belongs to
the same loop under a visit number of its own; one that begins later is another loop. One loop is
one case of the workflow: from the first arrival to the last discharge and the duties after it.

A referral is a loop of its own from the moment in which it is made; a later visit belongs to it
where its reason says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from examples.clinic.bundles import NOT_YET, Patient, Referral, Stay, Visit

COUNTS_AS_FOLLOW_UP = timedelta(days=60)  # ours: what comes later was about something else
OLD = 75  # ours: from this age on, and soon after another stay, a patient is at high risk
SOON = timedelta(days=90)
DENTAL_CARE = "103697008"
REASON_OF_THE_VISIT = {DENTAL_CARE: "dental_referral"}  # the only referral of which the bundles hold a visit
BELONGS_TO_IT = timedelta(days=30)  # ours: a visit that comes later was about something else


@dataclass(frozen=True, slots=True)
class Loop:
    """One loop; *id* and *patient* are the bundle's ids."""

    id: str  # of the first stay
    patient: str
    stays: tuple[Stay, ...]  # in order of their start
    ended: datetime | None  # the last discharge of the living patient
    died: datetime | None  # when the patient died, in this stay or after it
    high_risk: bool  # by the practice's rule above
    visits: tuple[Visit, ...]  # office visits after the discharge, before the next loop

    @property
    def visit(self) -> str:
        """The visit number under which the patient lay last: of the last bed, or of the first emergency visit."""
        return next((stay.id for stay in reversed(self.stays) if stay.kind == "IMP"), self.id)

    @property
    def slept_in(self) -> bool:
        """Whether it was more than an emergency visit."""
        return any(stay.kind == "IMP" for stay in self.stays)


def loops(patients: Iterable[Patient]) -> tuple[Loop, ...]:
    """Return the loops of patients who were followed (see `bundles.follow`), each patient's in order."""
    return tuple(loop for patient in patients for loop in _loops_of(patient))


def _loops_of(patient: Patient) -> list[Loop]:
    groups: list[list[Stay]] = []
    until = None
    for stay in patient.stays:
        if until is not None and stay.started <= until:
            groups[-1].append(stay)
            until = max(until, stay.ended or NOT_YET)
        else:
            groups.append([stay])
            until = stay.ended or NOT_YET
    ends = [_end(group) for group in groups]
    starts = [group[0].started for group in groups]
    return [
        Loop(
            group[0].id,
            patient.id,
            tuple(group),
            end,
            patient.died,
            _high_risk(patient.born, group[0].started, ends[:number]),
            _visits(patient.visits, end, following),
        )
        for number, (group, end, following) in enumerate(zip(groups, ends, [*starts[1:], NOT_YET], strict=False))
    ]


def _end(group: list[Stay]) -> datetime | None:
    ends = [stay.ended for stay in group]
    return None if None in ends else max(end for end in ends if end is not None)


def _high_risk(born: date, started: datetime, earlier: Iterable[datetime | None]) -> bool:
    birthdays = started.year - born.year - ((started.month, started.day) < (born.month, born.day))
    return birthdays >= OLD or any(end is not None and started - end <= SOON for end in earlier)


def _visits(visits: Iterable[Visit], end: datetime | None, following: datetime) -> tuple[Visit, ...]:
    if end is None:
        return ()
    last = min(following, end + COUNTS_AS_FOLLOW_UP)
    return tuple(each for each in visits if each.kind == "AMB" and end < each.started < last)


@dataclass(frozen=True, slots=True)
class ReferralLoop:
    """One referral; *id* and *patient* are the bundle's ids."""

    id: str  # of the procedure
    patient: str
    made: datetime
    code: str
    name: str
    visit: Visit | None  # the visit that it led to, where the bundle holds one
    died: datetime | None  # when the patient died, after it


def referral_loops(patients: Iterable[Patient]) -> tuple[ReferralLoop, ...]:
    """Return the referrals of patients who were followed, each patient's in order."""
    return tuple(
        ReferralLoop(each.id, each.patient, each.at, each.code, each.name, visit_of(each, patient.visits), patient.died)
        for patient in patients
        for each in patient.referrals
    )


def visit_of(referral: Referral, visits: Iterable[Visit]) -> Visit | None:
    """Return the visit that a referral led to, if the bundle says that of one."""
    reason = REASON_OF_THE_VISIT.get(referral.code)
    after = (each for each in visits if referral.at < each.started <= referral.at + BELONGS_TO_IT)
    return next((each for each in after if each.reason == reason), None)

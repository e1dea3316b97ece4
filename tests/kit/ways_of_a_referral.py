"""
What may happen next to a referral: every row that moves it, and with dice whatever else there is.

What is new has the number of the event in its name, so that it is new; what is not new is whatever is present.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from carecoord.case import Case
from carecoord.events import (
    ContactAttempted,
    EnteredInError,
    Event,
    Linked,
    LoopClosed,
    Noted,
    PatientDied,
    Paused,
    Reopened,
    Resumed,
    ToldAgain,
    UrgencyChanged,
    Waived,
    Way,
)
from carecoord.tables import Move, Otherwise, Stay
from carecoord.vocabulary import Actor, Role, Urgency
from carecoord.workflows import referral as rf

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FEED, OFFICE, DOCTOR = Actor(Role.SYSTEM, "feed"), Actor(Role.OWNER, "dr-1"), Actor(Role.CLINICIAN, "cl-1")
FAX = {"confirms": False}

_OF_THE_CASE = (EnteredInError, LoopClosed, Reopened)
_BESIDE = (ContactAttempted, Linked, Noted, PatientDied, Paused, Resumed, ToldAgain, UrgencyChanged, Waived)
_APPOINTMENTS = (rf.NoShow, rf.AppointmentCancelled, rf.VisitCompleted)
_WRITTEN = (rf.InterimNoteReceived, rf.ReportReceived, rf.ReportCorrected)
_MOVING = (*rf.REFERRAL.events, *_OF_THE_CASE)


def draft(at: datetime) -> Event:
    """Return the draft of a referral that lacks nothing."""
    needs: dict[str, Any] = {"urgency": Urgency.ROUTINE, "kind": rf.Kind.CONSULTATION, "clinical_question": "?"}
    return rf.Drafted(at=at, by=DOCTOR, key="draft", **needs)


def moves(case: Case[Any, Any], at: datetime, number: int) -> Iterator[Event]:
    """
    Return each event that moves the referral by a row of its own, in one telling that is plain.

    A package leaves in two ways: to somebody who can confirm that they stop, and by fax.
    """
    for kind in _MOVING:
        plain = _said(kind, case.facts, at, number)
        ways = (plain, plain | FAX) if kind in (rf.Sent, rf.Redirected) else (plain,)
        for said in ways:
            event = kind(at=at, key=f"{number}", **{"by": FEED if kind.news else OFFICE} | said)
            if _moves_it(case, event):
                yield event


def anything(case: Case[Any, Any], at: datetime, number: int, dice: Random) -> Event:
    """Return something that may happen: mostly what moves it, else anything, of anybody, whether it fits or not."""
    ways = [event for event in moves(case, at, number) if not isinstance(event, EnteredInError)]
    if ways and dice.random() < 0.5:
        return dice.choice(ways)
    kind = dice.choice((*rf.REFERRAL.events[:-1], *rf.REFERRAL.events, *_BESIDE))
    said = _said(kind, case.facts, at, number) | _otherwise(kind, case.facts, at, number, dice)
    return kind(at=at, key=f"{dice.randrange(9)}-{number}", **{"by": FEED if kind.news else OFFICE} | said)


@cache
def _rows(state: Any, kind: type[Event]) -> tuple[Move[Any, Any], ...]:
    return rf.REFERRAL.rows(state, kind)


def _moves_it(case: Case[Any, Any], event: Event) -> bool:
    rows = _rows(case.state, type(event))
    row = next((one for one in rows if one.given is None or one.given(case.facts, event)), None)
    return row is not None and not isinstance(row, Stay | Otherwise)


def _whose(facts: rf.ReferralFacts) -> str | None:
    return facts.attempt or (facts.former[-1] if facts.former else None)


def _said(kind: type[Event], facts: rf.ReferralFacts, at: datetime, number: int) -> dict[str, Any]:
    """Return what such an event says in its plain telling."""
    said: dict[str, Any] = dict(_PLAINLY.get(kind, {}))
    if kind in (rf.Sent, rf.Redirected):
        said |= {"about": f"a-{number}", "recipient": f"office {number}"}
    elif kind in (rf.Booked, rf.Rebooked):
        said |= {"about": f"v-{number}", "attempt": _whose(facts), "visit_at": at + DAY}
    elif kind in _APPOINTMENTS:
        said |= {"about": facts.appointment or f"v-{number}", "attempt": _whose(facts)}
    elif kind in _WRITTEN:
        said |= {"about": f"r-{number}", "attempt": _whose(facts)}
    elif kind in (rf.ReportRetracted, rf.Reviewed):
        said |= {"about": facts.report or None}
    elif kind is Paused:
        said |= {"resume_by": at + 3 * DAY}
    return said


_PLAINLY: dict[type[Event], dict[str, Any]] = {
    rf.Sent: {"enclosed": tuple(rf.Enclosure)},
    rf.Redirected: {"enclosed": tuple(rf.Enclosure)},
    rf.CancelRequested: {"reason": "better"},
    rf.Withdrawn: {"reason": "better"},
    rf.Reviewed: {"by": DOCTOR, "disposition": rf.Disposition.NO_CHANGE},
    rf.PatientInformed: {"channel": rf.Channel.VOICE},
    rf.Integrated: {"plan": "p-1", "plan_version": "2"},
    ContactAttempted: {"clock": "rebook", "way": Way.PHONE},
    Linked: {"case": "c-2"},
    ToldAgain: {"about": "patient"},
    UrgencyChanged: {"urgency": Urgency.URGENT},
    Waived: {"clock": "confirm_cancel", "reason": "no answer"},
    Paused: {"reason": "travels"},
    Noted: {"text": "called"},
}


def _otherwise(kind: type[Event], facts: rf.ReferralFacts, at: datetime, number: int, dice: Random) -> dict[str, Any]:
    """Return in what it may differ from its plain telling: unnamed, of somebody left, of what is not here."""
    some: dict[str, Any] = {}
    attempts = (None, *facts.former, facts.attempt or None, "a-9")
    if kind in (rf.Booked, rf.Rebooked, *_APPOINTMENTS):
        known = (facts.appointment or None, *facts.appointments, *facts.visited)
        some = {"about": (None, f"v-{number}", *known), "attempt": (_whose(facts), *attempts)}
    if kind in (rf.Booked, rf.Rebooked):
        some["visit_at"] = (None, facts.visit_at, at + DAY, at + 9 * DAY, at - DAY)
    elif kind in _WRITTEN:
        here = [one.rpartition(":")[0] for one in (*facts.reports, *facts.aside, *facts.notes)]
        some = {"about": (None, f"r-{number}", *here), "attempt": (_whose(facts), *attempts), "version": (1, 1, 2)}
    elif kind is rf.ReportRetracted:
        some = {"version": (None, 1, 2)}
    elif kind is rf.Reviewed:
        some = {"disposition": tuple(rf.Disposition), "version": (1, 1, 2)}
    elif kind is rf.PatientInformed:
        some = {"channel": tuple(rf.Channel), "version": (1, 1, 2)}
    elif kind is Waived:
        some = {"clock": ("confirm_cancel", "answer", "report", "rebook"), "by": (OFFICE, DOCTOR)}
    elif kind is rf.CancelRequested:
        some = {"confirm_by": (None, at + DAY, at + 9 * DAY)}
    elif kind is UrgencyChanged:
        some = {"urgency": tuple(Urgency)}
    elif kind is Paused:
        some = {"resume_by": (at + 3 * DAY, at + 30 * DAY), "clock": (None, "report")}
    elif kind in (rf.Undeliverable, rf.Accepted, rf.Declined, rf.InformationRequested, rf.CancelConfirmed):
        some = {"about": attempts}
    return {name: dice.choice(values) for name, values in some.items()}

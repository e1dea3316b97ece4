"""
How a care transition is told in tests: one patient, one case, and the log that a host would keep.

Nothing is claimed here. The days are those of July 2026; Friday the 3rd was a holiday (`examples/practice.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pendulum
from attrs import evolve
from examples.practice import OUR_ROWS, STAFF, TRANSITIONS

from carecoord import (
    Acknowledged,
    Actor,
    AlarmUndelivered,
    CaughtUp,
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    ConflictResolved,
    ContactAttempted,
    Deadline,
    Effect,
    EnteredInError,
    Entry,
    Event,
    HandoverAccepted,
    HandoverDeclined,
    HandoverOffered,
    How,
    Limit,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    MomentCorrected,
    Noted,
    OwnerGone,
    PatientDied,
    PatientLeft,
    Paused,
    Refused,
    Reopened,
    Resumed,
    Retracted,
    Role,
    Rulebook,
    Step,
    SubjectChanged,
    SupersededBy,
    ToldAgain,
    UnableToReach,
    Urgency,
    UrgencyChanged,
    Waived,
    Way,
    advance,
    catch_up,
    check,
    open_case,
)
from carecoord.workflows.care_transition import (
    CARE_TRANSITION,
    Admitted,
    ArrivedAtEd,
    Contacted,
    Died,
    DischargeCancelled,
    Discharged,
    Disposition,
    FollowUpDeclined,
    InfoShared,
    MedsReconciled,
    NoticeOf,
    NoticeReceived,
    PendingTestListed,
    PendingTestOwned,
    PendingTests,
    StayCorrected,
    SummaryReceived,
    Transferred,
    TransitionCase,
    TransitionFacts,
    TransitionState,
    VisitBooked,
    VisitHeld,
    VisitMissed,
)

T = TransitionState
BOISE = "America/Boise"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

TUE = pendulum.datetime(2026, 7, 7, 9, tz=BOISE)  # a Tuesday morning: the admission
WED, THU = TUE.add(days=1), TUE.add(days=2)
FRI = pendulum.datetime(2026, 7, 10, 15, tz=BOISE)  # a Friday afternoon; discharge time for half the hospital
SAT, SUN = FRI.add(days=1), FRI.add(days=2)
MON = pendulum.datetime(2026, 7, 13, 10, tz=BOISE)  # the first working morning after it

FEED = Actor(Role.SYSTEM, "adt")
COORDINATOR = Actor(Role.COORDINATOR, "c-1")
NURSE = Actor(Role.NURSE, "n-1")
CLINICIAN = Actor(Role.CLINICIAN, "cl-1")


def midnight(year: int, month: int, day: int, zone: str = BOISE) -> datetime:
    """Return the first instant of a day, where the day before it ends."""
    return pendulum.datetime(year, month, day, tz=zone)


def heard(kind: type[Event], at: Any, /, about: str | None = None, *, by: Actor = FEED, **said: Any) -> Event:
    """Return what a feed told; its key follows from kind, moment and `about`, so telling it twice is a repeat."""
    when = at.isoformat() if isinstance(at, datetime) else at
    return kind(at=at, about=about, by=by, **({"key": f"{kind.__name__} {about or ''} {when}"} | said))


def done(kind: type[Event], at: Any, /, about: str | None = None, *, by: Actor = COORDINATOR, **said: Any) -> Event:
    """Return what somebody here did, by default the coordinator."""
    return heard(kind, at, about, by=by, **said)


def taken_back(event: Event, at: Any, *, by: Actor = COORDINATOR, **said: Any) -> Event:
    """Return the word that an event never was; its key is "not" and the event's."""
    return heard(Retracted, at, by=by, retracts=event.key, **({"key": f"not {event.key}"} | said))


class Story:
    """A case and its log; each chapter is one call, and `said` is all that the host was told, in order."""

    def __init__(
        self,
        opening: Event,
        *then: Event,
        rules: Rulebook[Any, Any] = TRANSITIONS,
        facts: TransitionFacts | None = None,
    ) -> None:
        self.rules = rules
        self.log: list[Entry] = []
        self.said: list[Effect] = []
        self.keep(open_case(rules, opening, id="t-1", subject="p-9", owner="dr-3", facts=facts))
        self.then(*then)

    def fork(self) -> Story:
        """Return the same story, to be told on in another way."""
        other = copy(self)
        other.log, other.said = [*self.log], [*self.said]
        return other

    def keep(self, step: Step[Any, Any] | CaughtUp) -> Any:
        self.case: TransitionCase = step.case
        self.log += [] if step.entry is None else [step.entry]
        self.said += step.effects
        return step

    def then(self, *events: Event) -> Step[Any, Any] | None:
        """Hand events in, one call each, and return the step of the last."""
        step = None
        for event in events:
            step = self.keep(advance(self.rules, self.case, event, self.log))
        return step

    def look(self, at: datetime) -> Step[Any, Any]:
        return self.keep(check(self.case, at=at))

    def catch_up(self, *events: Event, at: datetime) -> CaughtUp:
        return self.keep(catch_up(self.rules, self.case, events, self.log, at=at))

    def refuses(self, event: Event) -> Refused | None:
        """Return why the act is refused, or None where it would be taken."""
        try:
            advance(self.rules, self.case, event, self.log)
        except Refused as why:
            return why
        return None

    @property
    def state(self) -> str:
        return self.case.state.name

    def owed(self, clock: str, item: str | None = None) -> Deadline | None:
        """Return what is owed under this clock: of one item, or of the only one that runs."""
        running = [one for one in self.case.deadlines if one.clock == clock and item in (None, one.item)]
        assert len(running) <= 1, f"name the item of '{clock}'"
        return running[0] if running else None

    def due(self, clock: str, item: str | None = None) -> datetime | None:
        owed = self.owed(clock, item)
        return None if owed is None else owed.due_at

    def owes(self) -> set[str]:
        """Return the names of all that is owed; `look_again`, which every open case owes, aside."""
        return {one.clock for one in self.case.deadlines} - {"look_again"}

    def ended(self, clock: str, item: str | None = None) -> tuple[How, ...]:
        """Return how the rounds of this clock ended, in the order in which they did."""
        return tuple(one.how for one in self.case.settled if one.clock == clock and item in (None, one.item))


def of(effects: Iterable[Effect], kind: type[Any], clock: str | None = None) -> tuple[Any, ...]:
    """Return the effects of one kind, of one clock or of all."""
    return tuple(one for one in effects if isinstance(one, kind) and clock in (None, getattr(one, "clock", None)))


def with_limits(*limits: Limit) -> Rulebook[Any, Any]:
    """Return our practice with these limits in the place of its own for the same clocks."""
    replaced = {limit.clock for limit in limits}
    rows = (*(row for row in OUR_ROWS.all_rows if row.clock not in replaced), *limits)
    return Rulebook(CARE_TRANSITION, timing=evolve(OUR_ROWS, all_rows=rows), default_queue="front-desk", staff=STAFF)


# --- where a case may stand, and everything that may happen to it ---------------------------

CODES = {
    "ED": T.IN_ED,
    "AD": T.ADMITTED,
    "EL": T.ELSEWHERE,
    "DC": T.DISCHARGED,
    "CL": T.CLOSED,
    "RA": T.READMITTED,
    "DI": T.DIED,
    "SU": T.SUPERSEDED,
    "ER": T.ENTERED_IN_ERROR,
}

NOW = FRI + 18 * HOUR  # Saturday morning, when it happens; what went before happened on Friday

SETTLED = (
    heard(SummaryReceived, FRI + HOUR, pending=PendingTests.NONE),
    done(Contacted, FRI + 2 * HOUR),
    done(MedsReconciled, FRI + 3 * HOUR, by=NURSE),
    heard(VisitHeld, FRI + 4 * HOUR),
)
OWNED = (done(PendingTestOwned, FRI + 6 * HOUR, "t-0", case="r-1", expected_by=SUN),)
MISSED = (heard(VisitMissed, FRI + 6 * HOUR, "a-0"),)
TRIED = (
    *MISSED,
    done(ContactAttempted, FRI + 7 * HOUR, "a-0", clock="rebook", way=Way.PHONE),
    done(ContactAttempted, FRI + 16 * HOUR, "a-0", clock="rebook", way=Way.PHONE),
    done(ContactAttempted, FRI + 17 * HOUR, "a-0", clock="rebook", way=Way.LETTER),
)
CARRIED = tuple((clock, "V1") for clock in ("pending_known", "contact", "reconcile", "visit"))
ELSEWHERE = Disposition.FACILITY
MAY_RECONCILE = (Role.PRESCRIBER, Role.PHARMACIST, Role.NURSE)


@cache
def standing(code: str) -> Story:
    """
    Return a case that stands there since Friday; `fork` it before telling on.

    The patient came under the emergency department's account V0, was admitted under V1 and left at three o'clock; what
    ended the case was at eight.
    """
    come = heard(ArrivedAtEd, FRI - 5 * HOUR, "V0", facility="St. Luke's")
    admitted, home = heard(Admitted, FRI - 2 * HOUR, "V1", facility="St. Luke's"), heard(Discharged, FRI, "V1")
    evening = FRI + 5 * HOUR
    story = Story(
        *{
            "ED": (heard(ArrivedAtEd, FRI - 5 * HOUR, "V1", facility="St. Luke's"),),
            "AD": (come, admitted),
            "EL": (come, admitted, heard(Discharged, FRI, "V1", disposition=ELSEWHERE)),
            "DC": (come, admitted, home),
            "CL": (come, admitted, home, *SETTLED, done(LoopClosed, evening)),
            "RA": (come, admitted, home, heard(Admitted, evening, "V2")),
            "DI": (come, admitted, home, heard(Died, evening)),
            "SU": (come, admitted, home, done(SupersededBy, evening, case="t-0", carries=CARRIED)),
            "ER": (come, admitted, home, done(EnteredInError, evening)),
        }[code]
    )
    assert story.case.state is CODES[code]
    return story


WAYS: dict[tuple[str, str], tuple[tuple[tuple[Event, ...], Event], ...]] = {}
"""Every event in each way that a claim can tell apart: what went before (where it could be), and the event."""


def _ways(event: str, claim: str, *events: Event, before: tuple[Event, ...] = ()) -> None:
    WAYS[event, claim] = tuple((before, one) for one in events)


_ways("NoticeReceived", "of the arrival", heard(NoticeReceived, NOW, of=NoticeOf.ARRIVAL))
_ways("NoticeReceived", "of the admission", heard(NoticeReceived, NOW, of=NoticeOf.ADMISSION))
_ways("NoticeReceived", "of the discharge", heard(NoticeReceived, NOW, of=NoticeOf.DISCHARGE))
_ways("ArrivedAtEd", "a visit of this stay", heard(ArrivedAtEd, NOW, "V1"))
_ways("ArrivedAtEd", "another visit", heard(ArrivedAtEd, NOW, "V9"), heard(ArrivedAtEd, NOW))
_ways("Admitted", "a visit of this stay", heard(Admitted, NOW, "V1"))
_ways("Admitted", "another visit", heard(Admitted, NOW, "V9"))
_ways("Admitted", "no visit named", heard(Admitted, NOW, key="again"))
_ways("Transferred", "a visit of this stay", heard(Transferred, NOW, "V1"))
_ways("Transferred", "another visit", heard(Transferred, NOW, "V9"))
for _name, _how in (
    ("Discharged home", [how for how in Disposition if how is not ELSEWHERE]),
    ("Discharged elsewhere", [ELSEWHERE]),
):
    for _claim, _visit in (("the present visit", "V1"), ("another visit", "V9"), ("an account left before", "V0")):
        _told = [heard(Discharged, NOW, _visit, disposition=how) for how in _how]
        _ways(_name, _claim, *(_told[:1] if _visit == "V0" else _told))
_ways(
    "Discharged home",
    "walked out, left before",
    *(heard(Discharged, NOW, "V0", disposition=how) for how in (Disposition.AGAINST_ADVICE, Disposition.LEFT_UNSEEN)),
)
_ways("DischargeCancelled", "the one that stands", heard(DischargeCancelled, NOW, "V1"), heard(DischargeCancelled, NOW))
_ways("DischargeCancelled", "another", heard(DischargeCancelled, NOW, "V0"), heard(DischargeCancelled, NOW, "V9"))
_ways("StayCorrected", "", heard(StayCorrected, NOW, planned=False))
_ways("Died", "", heard(Died, NOW))
_ways("SummaryReceived", "silent on pending tests", heard(SummaryReceived, NOW, pending=PendingTests.NOT_SAID))
_ways("SummaryReceived", "there are none pending", heard(SummaryReceived, NOW, pending=PendingTests.NONE))
_ways(
    "SummaryReceived",
    "lists what somebody owns",
    heard(SummaryReceived, NOW, pending=PendingTests.LISTED, tests=("t-0",)),
    before=OWNED,
)
_ways(
    "SummaryReceived",
    "lists what nobody owns",
    heard(SummaryReceived, NOW, pending=PendingTests.LISTED, tests=("t-0", "t-9")),
    before=OWNED,
)
_ways(
    "SummaryReceived",
    "of another visit",
    heard(SummaryReceived, NOW, "V9", pending=PendingTests.LISTED, tests=("t-9",)),
)
_ways("PendingTestListed", "somebody owns it", heard(PendingTestListed, NOW, "t-0"), before=OWNED)
_ways("PendingTestListed", "nobody owns it", heard(PendingTestListed, NOW, "t-9"))
_ways("VisitMissed", "", heard(VisitMissed, NOW, "a-9"))
_ways("VisitHeld", "", heard(VisitHeld, NOW, "a-9"))
_ways("InfoShared", "to the facility", done(InfoShared, NOW, to="St. Luke's"))
_ways("InfoShared", "to somebody else", done(InfoShared, NOW, to="Mercy"))
_ways("PendingTestOwned", "the test", done(PendingTestOwned, NOW, "t-5", case="r-3", expected_by=NOW + DAY))
_ways("PendingTestOwned", "another test", done(PendingTestOwned, NOW, "t-8", case="r-2", expected_by=NOW + DAY))
_ways("PendingTestOwned", "no date", done(PendingTestOwned, NOW, "t-5", case="r-3"))
_ways("Contacted", "two-way, by our staff", done(Contacted, NOW), done(Contacted, NOW, "V1", caregiver=True))
_ways("Contacted", "one way", done(Contacted, NOW, two_way=False))
_ways("Contacted", "not by our staff", done(Contacted, NOW, own_staff=False))
_ways("Contacted", "about another visit", done(Contacted, NOW, "V9"))
_ways("MedsReconciled", "by who may", *(done(MedsReconciled, NOW, by=Actor(role, "x")) for role in MAY_RECONCILE))
_ways(
    "MedsReconciled",
    "by anybody else",
    *(done(MedsReconciled, NOW, by=Actor(role, "x")) for role in Role if role not in MAY_RECONCILE),
)
_ways("MedsReconciled", "about another visit", done(MedsReconciled, NOW, "V9", by=NURSE))
_ways("VisitBooked", "", done(VisitBooked, NOW, "a-8"))
_ways("FollowUpDeclined", "", done(FollowUpDeclined, NOW))
_ways("LoopClosed", "nothing is owed", done(LoopClosed, NOW), before=SETTLED)
_ways("LoopClosed", "something is owed", done(LoopClosed, NOW), before=SETTLED[1:])
_ways("Reopened", "", done(Reopened, NOW))
_ways("PatientDied", "", heard(PatientDied, NOW))
_ways("AlarmUndelivered", "", heard(AlarmUndelivered, NOW, clock="contact", rung=0))
_ways("Retracted", "", heard(Retracted, NOW, retracts="a key nobody has heard"))
_ways("MomentCorrected", "", heard(MomentCorrected, NOW, corrects="a key nobody has heard", moment=SAT))
_ways("Acknowledged", "", done(Acknowledged, NOW, clock="contact"))
_ways("ContactAttempted", "", done(ContactAttempted, NOW, clock="contact", way=Way.PHONE))
_ways("Linked", "", done(Linked, NOW, case="t-2"))
_ways("ToldAgain", "", done(ToldAgain, NOW, "St. Luke's"))
_OFFER = (done(HandoverOffered, FRI + 6 * HOUR, to="dr-9"),)
_DR_8, _DR_9 = Actor(Role.CLINICIAN, "dr-8"), Actor(Role.CLINICIAN, "dr-9")
_ways("OwnerGone", "the owner", heard(OwnerGone, NOW, who="dr-3"))
_ways("OwnerGone", "somebody else", heard(OwnerGone, NOW, who="dr-8"))
_ways("HandoverOffered", "to one person", done(HandoverOffered, NOW, to="dr-8"))
_ways("HandoverOffered", "accepted in one act", done(HandoverOffered, NOW, to="dr-8", accepted=True))
_ways("HandoverDeclined", "on offer to them", done(HandoverDeclined, NOW, by=_DR_9), before=_OFFER)
_ways("HandoverDeclined", "not on offer to them", done(HandoverDeclined, NOW, by=_DR_8), before=_OFFER)
_ways("HandoverAccepted", "on offer to them", done(HandoverAccepted, NOW, by=_DR_9), before=_OFFER)
_ways("HandoverAccepted", "not on offer to them", done(HandoverAccepted, NOW, by=_DR_8), before=_OFFER)
_ways("PatientLeft", "", heard(PatientLeft, NOW))
_ways("SubjectChanged", "", heard(SubjectChanged, NOW, to="p-8"))
_ways("ConflictRaised", "", heard(ConflictRaised, NOW, "c-8", kind=ConflictKind.CLINICAL))
_RAISED = (heard(ConflictRaised, FRI + 6 * HOUR, "c-9", kind=ConflictKind.OPERATIONAL),)
_ways("ConflictResolved", "an open one", done(ConflictResolved, NOW, "c-9"), before=_RAISED)
_ways("ConflictResolved", "no open one", done(ConflictResolved, NOW, "c-8"), before=_RAISED)
_LINK = (done(Linked, FRI + 6 * HOUR, "x-ray", case="t-9"),)
_ways("LinkedCaseEnded", "a linked one", heard(LinkedCaseEnded, NOW, case="t-9", done=False), before=_LINK)
_ways("LinkedCaseEnded", "another", heard(LinkedCaseEnded, NOW, case="t-8", done=False), before=_LINK)
_ways("LinkedCaseEnded", "one that owned a test", heard(LinkedCaseEnded, NOW, case="r-1", done=False), before=OWNED)
_ways("ClosedByAdministration", "by who may waive it all", done(ClosedByAdministration, NOW, reason="r", by=CLINICIAN))
_ways("ClosedByAdministration", "by who may not", done(ClosedByAdministration, NOW, reason="r", by=NURSE))
_ways("SupersededBy", "all is carried", done(SupersededBy, NOW, case="t-8", carries=CARRIED))
_ways("SupersededBy", "something is not", done(SupersededBy, NOW, case="t-8", carries=CARRIED[1:]))
_ways("Noted", "", done(Noted, NOW, text="the daughter calls back"))
_ways("UrgencyChanged", "", done(UrgencyChanged, NOW, "a-0", urgency=Urgency.STAT))
# No duty of a stay may be paused.
_ways("Paused", "", done(Paused, NOW, "a-0", reason="r", resume_by=NOW + 7 * DAY))
_ways("Resumed", "", done(Resumed, NOW, "a-0"))
_ways("Waived", "owed, and who may", done(Waived, NOW, "a-0", clock="rebook", reason="r", by=CLINICIAN), before=MISSED)
_ways("Waived", "owed, and who may not", done(Waived, NOW, "a-0", clock="rebook", reason="r"), before=MISSED)
_ways("Waived", "not owed", done(Waived, NOW, "a-0", clock="rebook", reason="r", by=CLINICIAN))
_ways("UnableToReach", "owed, and tried enough", done(UnableToReach, NOW, "a-0", clock="rebook"), before=TRIED)
_ways("UnableToReach", "owed, and tried less", done(UnableToReach, NOW, "a-0", clock="rebook"), before=TRIED[:-1])
_ways("UnableToReach", "not owed", done(UnableToReach, NOW, "a-0", clock="rebook"))
_ways("EnteredInError", "", done(EnteredInError, NOW))


def tell_where_it_can_be(story: Story, events: Iterable[Event]) -> Story:
    """Tell a story on, and leave out what is refused."""
    for event in events:
        if story.refuses(event) is None:
            story.then(event)
    return story


def rows(table: str) -> list[dict[str, str]]:
    """Return the rows of a text table as dictionaries."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]

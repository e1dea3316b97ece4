"""
What the people of the made-up practice do about one stay and the discharge that ends it.

Everything here is invented: every chance is a row of `shares.py`. The people do not know the
rules by heart; what the workflow refuses stays in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from examples.clinic.loops import Loop
from examples.clinic.office import Roster, Worker, at_work
from examples.clinic.shares import Dice
from examples.clinic.ways import Share

from carecoord import ContactAttempted, Event, Retracted, Role, UnableToReach, Way
from carecoord.workflows.care_transition import (
    Contacted,
    FollowUpDeclined,
    InfoShared,
    MedsReconciled,
    NoticeOf,
    NoticeReceived,
    PendingTestOwned,
    PendingTests,
    SummaryReceived,
    VisitBooked,
    VisitHeld,
    VisitMissed,
)

TRIES = 8  # then a clinician lets it go
WAYS = (Way.PHONE, Way.PHONE, Way.LETTER, Way.CERTIFIED_LETTER, *(Way.PHONE,) * (TRIES - 4))


class DischargeStaff(Worker):
    """Works on one stay and the duties after it."""

    def __init__(self, loop: Loop, owner: str, roster: Roster, dice: Dice, left: str) -> None:
        super().__init__(owner, roster, dice, left)
        self.loop = loop
        self.visit = loop.visit

    def while_in(self, notices: Iterable[Event], until: datetime) -> None:
        """Send information for each notice, and ask for the patient now and then while the stay lasts."""
        told = [each for each in notices if isinstance(each, NoticeReceived) and each.of is not NoticeOf.DISCHARGE]
        for notice in told:
            share = self.dice.draw("information for the hospital")
            at = at_work(self.dice.after(notice.at, share))
            if share.name == "is sent" and at < until:
                facility = next(stay.facility for stay in self.loop.stays if stay.id == notice.about)
                self.act(InfoShared, f"sent-{notice.about}", at, Role.COORDINATOR, to=facility or "")
        at, number = self._asks_after(self.loop.stays[0].started), 1
        while at < until:
            self.act(Contacted, f"asked-{number}", at, Role.COORDINATOR, caregiver=True)
            at, number = self._asks_after(at), number + 1

    def after_discharge(self, discharge: datetime, heard: datetime) -> None:
        """Do what is owed after the discharge, from when it was heard."""
        if self.left != "pending_known":
            self._wait_for_summary(discharge)
        if self.left != "contact":
            self._call(heard)
        if self.left != "reconcile":
            self._reconcile(heard)
        if self.loop.slept_in or self.loop.high_risk:
            self._see(discharge, heard)

    def _asks_after(self, at: datetime) -> datetime:
        return at_work(self.dice.after(at, self.dice.draw("asking where the patient is")))

    def _wait_for_summary(self, discharge: datetime) -> None:
        share = self.dice.draw("the summary comes")
        if share.name == "never":
            self._ask_for_tests(discharge + timedelta(days=3))
            return
        at = self.dice.after(discharge, share)
        says = self.dice.way("tests pending, it says")
        pending = {"none": PendingTests.NONE, "which": PendingTests.LISTED, "not": PendingTests.NOT_SAID}[says]
        tests = ("test-1",) if pending is PendingTests.LISTED else ()
        self.news(SummaryReceived, "summary", at, version="1", pending=pending, tests=tests, about=self.visit)
        if pending is PendingTests.NOT_SAID:
            self._ask_for_tests(at)
        for test in tests:
            own = self.dice.after(at, self.dice.draw("a pending test is taken on"))
            result = {"case": f"result-of-{test}", "expected_by": own + timedelta(days=7)}
            self.act(PendingTestOwned, f"owned-{test}", own, Role.OWNER, about=test, **result)

    def _ask_for_tests(self, at: datetime) -> None:
        share = self.dice.draw("asking about tests")
        at = at_work(self.dice.after(at, share))
        if share.name == "answered":
            none = PendingTests.NONE
            self.news(SummaryReceived, "summary-2", at, version="2", pending=none, about=self.visit)
        else:
            self.waive("pending_known", at, "hospital-never-answered", self.visit)

    def _call(self, heard: datetime) -> None:
        at = at_work(self.dice.after(heard, self.dice.draw("the first call")))
        vain = 0
        for number, way in enumerate(WAYS, start=1):
            call = self.dice.draw("a call")
            if call.name == "reaches somebody":
                filed = self.dice.draw("a contact is filed")
                self.act(Contacted, f"call-{number}", at, Role.NURSE, about=self.visit)
                if filed.name == "right":
                    return
                at = at_work(self.dice.after(at, filed))
                self.news(Retracted, f"call-{number}-taken-back", at, retracts=f"sim:call-{number}")
                continue
            if call.name == "reaches a machine":
                self.act(Contacted, f"call-{number}", at, Role.NURSE, about=self.visit, two_way=False)
            else:
                self.act(ContactAttempted, f"call-{number}", at, Role.NURSE, about=self.visit, clock="contact", way=way)
            vain += 1
            if vain == 2 and (share := self.dice.draw("after two tries in vain")).name == "gives up":
                # They go on trying all the same, as TCM wants it, and so whether this is refused or not.
                given_up = at_work(self.dice.after(at, share))
                self.act(UnableToReach, "gave-up", given_up, Role.NURSE, about=self.visit, clock="contact")
            at = at_work(self.dice.after(at, call))
        self.waive("contact", at, "tried-long-enough", self.visit)

    def _reconcile(self, heard: datetime) -> None:
        at = at_work(self.dice.after(heard, self.dice.draw("medication is reconciled")))
        share = self.dice.draw("reconciled by")
        role = Role[share.name.upper()]
        self.act(MedsReconciled, "reconciled", at, role, about=self.visit)
        if role is Role.COORDINATOR:
            again = at_work(self.dice.after(at, share))
            self.act(MedsReconciled, "reconciled-again", again, Role.NURSE, about=self.visit)

    def _see(self, discharge: datetime, heard: datetime) -> None:
        share = self.dice.draw("a follow-up visit")
        at = at_work(self.dice.after(heard, share))
        if share.name == "is declined":
            self.act(FollowUpDeclined, "declined", at, Role.COORDINATOR)
        elif share.name == "is not needed":
            self.waive("visit", at, "not-needed", self.visit)
        else:
            self._book(at, discharge)

    def _book(self, at: datetime, discharge: datetime) -> None:
        in_time = [each for each in self.loop.visits if each.started <= discharge + timedelta(days=14)]
        if in_time:
            if at < in_time[0].started:
                visit = in_time[0]
                self.act(VisitBooked, "booked", at, Role.COORDINATOR, about=visit.id, visit_at=visit.started)
            return
        first = self.dice.draw("a booked visit")
        visit_at = self._appointment(at, 1, first, held=first.name == "is held")
        if first.name == "is held":
            return
        then = self.dice.draw("a missed visit")
        at = at_work(self.dice.after(visit_at, then))
        if then.name == "is booked again":
            self._appointment(at, 2, first, held=True, instead_of="appointment-1")
        else:
            self.act(FollowUpDeclined, "declined", at, Role.COORDINATOR)

    def _appointment(self, at: datetime, number: int, share: Share, *, held: bool, **said: str) -> datetime:
        """Book one, and return when it is; the patient comes to it, or does not."""
        visit_at = at_work(self.dice.after(at, share))
        about = f"appointment-{number}"
        self.act(VisitBooked, f"booked-{number}", at, Role.COORDINATOR, about=about, visit_at=visit_at, **said)
        self.news(VisitHeld if held else VisitMissed, f"visit-{number}", visit_at, about=about)
        return visit_at

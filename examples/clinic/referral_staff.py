"""
What the people of the made-up practice, and those whom they ask, do about one referral.

Everything here is invented: every chance is a row of `referral_shares.py`. The people do not know
the rules by heart; what the workflow refuses stays in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from examples.clinic.loops import ReferralLoop
from examples.clinic.office import Roster, Worker, at_work
from examples.clinic.shares import Dice

from carecoord import ContactAttempted, Retracted, Role, UnableToReach, Urgency, Way
from carecoord.workflows import referral as rf

RECIPIENTS = 3  # then a clinician decides otherwise
TRIES = ((Way.PHONE, 0), (Way.PHONE, 24), (Way.LETTER, 30))  # and after so many hours
DISPOSITIONS = {
    "nothing": rf.Disposition.NO_CHANGE,
    "the plan": rf.Disposition.PLAN_CHANGE,
    "the orders": rf.Disposition.NEW_ORDERS,
}
EVERYTHING = tuple(rf.Enclosure)


class ReferralStaff(Worker):
    """Works on one referral, from the draft to the report that was read and told."""

    def __init__(self, loop: ReferralLoop, urgency: Urgency, owner: str, roster: Roster, dice: Dice, left: str) -> None:
        super().__init__(owner, roster, dice, left)
        self.loop = loop
        self.urgency = urgency
        self.attempt = ""

    def from_the_draft(self, filed: datetime) -> None:
        """Do all that is done, from when the draft is filed."""
        if self.left == "sending":
            return
        asked = self._ask(self._state(filed))
        if asked is None:
            return
        seen = self._see(asked)
        if seen is not None:
            self._report(seen)

    # --- before it leaves -------------------------------------------------------------------

    def _state(self, filed: datetime) -> datetime:
        """State what is asked, and return when the package leaves; where it was forgotten, a first try is refused."""
        share = self.dice.draw("what is asked is stated")
        leaves = at_work(self.dice.after(filed, self.dice.draw("a package leaves")))
        at = self.dice.after(filed, share)
        if share.name == "later":
            said = {"recipient": "office-1", "enclosed": EVERYTHING}
            self.act(rf.Sent, "sent-unstated", leaves, Role.COORDINATOR, about="attempt-0", **said)
            at = self.dice.after(leaves, share)
        needs = {"urgency": self.urgency, "kind": rf.Kind.CONSULTATION, "clinical_question": self.loop.name}
        self.act(rf.Specified, "specified", at, Role.CLINICIAN, **needs)
        return max(leaves, at_work(at) + timedelta(hours=1))

    def _ask(self, at: datetime) -> datetime | None:
        """Ask one after the other until one does it, and return when that is settled; None if nobody does."""
        kind: type[rf.Sent | rf.Redirected] = rf.Sent
        for number in range(1, RECIPIENTS + 1):
            self.attempt = f"attempt-{number}"
            by_fax = self.dice.way("a recipient is reached") == "by fax"
            said = {"recipient": f"office-{number}", "enclosed": EVERYTHING, "confirms": not by_fax}
            self.act(kind, f"sent-{number}", at, Role.COORDINATOR, about=self.attempt, **said)
            at = at_work(at)
            if by_fax and (fax := self.dice.draw("a fax")).name == "fails":
                at = self.dice.after(at, fax)
                self.news(rf.Undeliverable, f"failed-{number}", at, about=self.attempt)
                kind, at = rf.Sent, at_work(at + timedelta(hours=1))
                continue
            answered, does_it = self._answer(at)
            if does_it:
                return answered
            then = self.dice.draw("after a no")
            at = at_work(self.dice.after(answered, then))
            if then.name == "we let it be" or number == RECIPIENTS:
                self.act(rf.Withdrawn, "withdrawn", at, Role.OWNER, reason="cared for otherwise")
                return None
            kind = rf.Redirected
        return None

    def _answer(self, at: datetime) -> tuple[datetime, bool]:
        """Return when whoever is asked has answered, and whether they do it."""
        answer = self.dice.draw("they answer")
        heard = self.dice.after(at, answer)
        if answer.name == "no":
            self.news(rf.Declined, f"declined-{self.attempt}", heard, about=self.attempt, reason="capacity")
            return heard, False
        if answer.name == "nothing":
            asks = at_work(self.dice.after(at, self.dice.draw("we ask how it stands")))
            self.act(rf.Inquired, f"inquired-{self.attempt}", asks, Role.COORDINATOR, about=self.attempt)
            return asks, True
        if answer.name == "what is missing":
            key = f"wanted-{self.attempt}"
            self.news(rf.InformationRequested, key, heard, about=self.attempt, wanted=("medication list",))
            supplied = at_work(self.dice.after(heard, self.dice.draw("what they ask for is supplied")))
            self.act(rf.InformationSupplied, f"supplied-{self.attempt}", supplied, Role.OWNER, about=self.attempt)
            heard = supplied + timedelta(hours=20)
        self.news(rf.Accepted, f"accepted-{self.attempt}", heard, about=self.attempt)
        return heard, True

    # --- the visit --------------------------------------------------------------------------

    def _see(self, at: datetime) -> datetime | None:
        """Return when they have seen the patient, as far as anybody knows; None where we let it be."""
        wanted = self.dice.draw("a referral is still wanted")
        if wanted.name == "no":
            self._stop(at_work(self.dice.after(at, wanted)))
            return None
        fixed = self.dice.draw("a visit is fixed")
        at = self.dice.after(at, fixed)
        if (visit := self.loop.visit) is not None:
            if at < visit.started and fixed.hours is not None:
                self._book(at, visit.id, visit.started)
            return visit.started
        visit_at = at_work(self.dice.after(at, self.dice.draw("how far ahead a visit is")))
        if fixed.hours is None:
            return visit_at
        self._book(at, "appointment-1", visit_at)
        return self._visit(visit_at)

    def _visit(self, visit_at: datetime) -> datetime:
        became = self.dice.draw("what becomes of a visit")
        said = {"about": "appointment-1", "attempt": self.attempt}
        if became.name == "it is held":
            self.news(rf.VisitCompleted, "visit-1", self.dice.after(visit_at, became), **said)
            return visit_at
        if became.name == "it is called off":
            at = visit_at - timedelta(days=1)
            self.news(rf.AppointmentCancelled, "called-off-1", at, **said)
        else:
            at = self.dice.after(visit_at, became)
            self.news(rf.NoShow, "missed-1", at, **said)
        then = self.dice.draw("after a missed visit")
        at = at_work(self.dice.after(at, then))
        if then.name == "not reached":
            self._try_in_vain(at)
            return at
        again = at_work(self.dice.after(at, self.dice.draw("how far ahead a visit is")))
        self._book(at, "appointment-2", again, instead_of="appointment-1")
        held = {"about": "appointment-2", "attempt": self.attempt}
        self.news(rf.VisitCompleted, "visit-2", again + timedelta(hours=1), **held)
        return again

    def _book(self, at: datetime, about: str, visit_at: datetime, **instead: str) -> None:
        kind = rf.Rebooked if instead else rf.Booked
        self.news(kind, f"booked-{about}", at, about=about, attempt=self.attempt, visit_at=visit_at, **instead)

    def _try_in_vain(self, at: datetime) -> None:
        for number, (way, hours) in enumerate(TRIES, start=1):
            at = at_work(at + timedelta(hours=hours))
            said = {"about": "appointment-1", "clock": "rebook", "way": way}
            self.act(ContactAttempted, f"tried-{number}", at, Role.COORDINATOR, **said)
        given_up = at_work(at + timedelta(hours=1))
        self.act(UnableToReach, "gave-up", given_up, Role.COORDINATOR, about="appointment-1", clock="rebook")

    def _stop(self, at: datetime) -> None:
        self.act(rf.CancelRequested, "stop", at, Role.OWNER, about=self.attempt, reason="no longer wanted")
        share = self.dice.draw("that they stop")
        at = self.dice.after(at_work(at), share)
        if share.name == "is confirmed":
            self.news(rf.CancelConfirmed, "stopped", at, about=self.attempt)
            return
        self.waive("confirm_cancel", at, "never-confirmed", self.attempt)
        self.act(rf.Withdrawn, "withdrawn", at_work(at) + timedelta(hours=1), Role.OWNER, reason="no longer wanted")

    # --- the report -------------------------------------------------------------------------

    def _report(self, seen: datetime) -> None:
        note = self.dice.draw("a note")
        if note.name == "comes first":
            at = self.dice.after(seen, note)
            self.news(rf.InterimNoteReceived, "note", at, about="note-1", attempt=self.attempt)
            self._read(at, "note-1", 1)
        comes = self.dice.draw("the report comes")
        if comes.name != "in two weeks":
            asks = at_work(self.dice.after(seen, self.dice.draw("we ask how it stands")))
            self.act(rf.Inquired, "inquired-report", asks, Role.COORDINATOR, about=self.attempt, of="the report")
        if comes.name == "never":
            return
        at = self.dice.after(seen, comes)
        filed = self.dice.draw("a report is filed")
        if filed.name == "in the wrong case":
            self.news(rf.ReportReceived, "wrong-report", at, about="report-0", attempt=self.attempt)
            found = at_work(self.dice.after(at, filed))
            self.news(Retracted, "wrong-report-taken-back", found, retracts="sim:wrong-report")
            at = found + timedelta(hours=20)
        self.news(rf.ReportReceived, "report", at, about="report-1", attempt=self.attempt)
        self._take_in(at, 1)
        if (stands := self.dice.draw("a report")).name == "is corrected":
            at = self.dice.after(at, stands)
            said = {"about": "report-1", "version": 2, "attempt": self.attempt}
            self.news(rf.ReportCorrected, "report-2", at, **said)
            self._take_in(at, 2)

    def _take_in(self, at: datetime, version: int) -> None:
        """Read it, bring it in, and tell the patient."""
        if self.left != "review":
            self._read(at, "report-1", version)
        if self.left != "inform":
            self._tell(at, version)

    def _read(self, at: datetime, report: str, version: int) -> None:
        at = at_work(self.dice.after(at, self.dice.draw("a report is read")))
        changes = self.dice.draw("it changes")
        disposition = DISPOSITIONS[changes.name] if report != "note-1" else rf.Disposition.NO_CHANGE
        orders = ("order-1",) if disposition is rf.Disposition.NEW_ORDERS else ()
        key, said = f"{report}:{version}", {"about": report, "version": version}
        self.act(rf.Reviewed, f"read-{key}", at, Role.CLINICIAN, disposition=disposition, orders=orders, **said)
        if disposition is rf.Disposition.PLAN_CHANGE:
            at = at_work(self.dice.after(at, changes))
            plan = {"plan": f"plan-of-{self.loop.patient}", "plan_version": "2"}
            self.act(rf.Integrated, f"brought-in-{key}", at, Role.OWNER, **plan, **said)

    def _tell(self, at: datetime, version: int) -> None:
        way = self.dice.draw("the patient is told")
        at = at_work(self.dice.after(at, way))
        said = {"about": "report-1", "version": version}
        if way.name == "by the portal alone":
            self.act(rf.PatientInformed, f"posted-{version}", at, Role.NURSE, channel=rf.Channel.PORTAL, **said)
            at = at_work(self.dice.after(at, self.dice.draw("a call after the portal")))
        self.act(rf.PatientInformed, f"told-{version}", at, Role.NURSE, channel=rf.Channel.VOICE, **said)

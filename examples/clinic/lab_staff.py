"""
What the laboratory, the portal, the patient and the people of the made-up practice do about one order.

Everything here is invented but which values there are and what flags they have: every chance is
a row of `lab_shares.py`. The people do not know the rules by heart; what the workflow refuses
stays in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from examples.clinic.lab_reports import Value
from examples.clinic.office import Roster, Worker, at_work
from examples.clinic.shares import Dice

from carecoord import Acknowledged, Actor, Event, Linked, Role
from carecoord.workflows import diagnostic_result as dr

LAB = Actor(Role.LABORATORY, "laboratory-1")
MINUTE = timedelta(minutes=1)
REPEATED = 3  # so many values the exchange tells again


class Order(Protocol):
    """What is worked on."""

    @property
    def values(self) -> tuple[Value, ...]: ...

    @property
    def taken(self) -> datetime: ...


class LabStaff(Worker):
    """Works on one order, from the taking to a patient who knows."""

    def __init__(self, order: Order, owner: str, roster: Roster, dice: Dice, left: str) -> None:
        super().__init__(owner, roster, dice, left)
        self.order = order
        self.severity = {value.name: dr.gravest(value.flags) for value in order.values}
        self.version: dict[str, int] = {}
        self.missing: tuple[str, ...] = ()

    def from_the_taking(self) -> None:
        """Do all that happens."""
        taken = self._specimen()
        if taken is None:
            return
        here = self._results(self.dice.after(taken, self.dice.draw("a laboratory report")))
        self._seen(here)
        if self.left != "reading":
            self._known(here, self._read(here, "1"), "1")
        self._later(here)

    # --- what the laboratory does -----------------------------------------------------------

    def _specimen(self) -> datetime | None:
        """Return when a specimen was taken that can be used; None where there will be none."""
        share = self.dice.draw("a specimen")
        if share.name == "is good":
            return self.order.taken
        at = self.dice.after(self.order.taken, share)
        self._tell(dr.SpecimenRejected, "rejected", at, specimen="specimen-1", reason="haemolysed")
        then = self.dice.draw("after a rejection")
        at = at_work(self.dice.after(at, then))
        if then.name == "is taken again":
            self._tell(dr.Collected, "taken-again", at, specimen="specimen-2")
            return at
        if then.name == "is ordered anew":
            self.act(dr.Reordered, "reordered", at, Role.OWNER, case="another-order")
        else:
            self.act(dr.OrderWithdrawn, "withdrawn", at, Role.OWNER, reason="no longer needed")
        return None

    def _results(self, at: datetime) -> datetime:
        """Report all values, and return when the last is here."""
        last = at
        for value in self.order.values:
            comes = self.dice.draw("a value")
            if comes.name == "cannot be obtained":
                self._tell(dr.LabCancelled, f"cancelled-{value.id}", at, about=value.name, reason="not obtained")
                self.missing = (*self.missing, value.name)
                continue
            here = self.dice.after(at, comes) if comes.name == "comes behind" else at
            if comes.name == "is preliminary first":
                self._value(value, here, dr.Status.PRELIMINARY)
                here = self.dice.after(here, comes)
            self._value(value, here, dr.Status.FINAL)
            last = max(last, here)
        self._again(at)
        return last

    def _value(self, value: Value, at: datetime, status: dr.Status) -> None:
        number = self.version[value.name] = self.version.get(value.name, 0) + 1
        severity = self.severity[value.name]
        flagged = number == 1 and severity is dr.Severity.ABNORMAL
        if flagged and self.dice.way("a flagged value") == "is critical":
            severity = self.severity[value.name] = dr.Severity.CRITICAL
            self._critical(value, at)
        said = {"about": value.name, "version": number, "severity": severity, "status": status}
        # What was preliminary is final now, with the same value.
        self._tell(dr.ResultReceived, f"{value.id}:{number}", at, content_changed=number == 1, **said)

    def _critical(self, value: Value, at: datetime) -> None:
        way = self.dice.draw("a critical value")
        whole = way.name != "is written alone" and self.dice.way("a call from the laboratory") == "is read back"
        if way.name != "is written alone":
            call = self.dice.after(at, way)
            call = at - (call - at) if way.name == "is called first" else call
            said = {"finding": "beyond the limits", "identified_at": call - 5 * MINUTE, "caller": "technician-1"}
            receiver = Actor(Role.OWNER, self.owner)
            how = {"receiver": receiver, "method": dr.Method.PHONE, "read_back": whole}
            self._tell(dr.CriticalCalled, f"called-{value.id}", call, about=value.name, **said, **how)
        if not whole:
            alarm = self.dice.draw("a critical alarm")
            up = alarm.name == "goes up"
            heard = self.dice.after(at, alarm)
            by = self.roster.actor(Role.SURROGATE, heard) if up else Actor(Role.OWNER, self.owner)
            known = {"about": value.name, "clock": "critical"}
            self._at_any_hour(Acknowledged, f"acknowledged-{value.id}", heard, by, **known)

    def _again(self, at: datetime) -> None:
        """Let the exchange tell some of it once more."""
        share = self.dice.draw("the exchange")
        if share.name == "tells it too":
            at = self.dice.after(at, share)
            for value in self.order.values[:REPEATED]:
                if value.name in self.version:
                    key = f"{value.id}:exchange"
                    by = Actor(Role.SYSTEM, "exchange")
                    self._at_any_hour(dr.ResultReceived, key, at, by, about=value.name, version=1)

    # --- who sees it ------------------------------------------------------------------------

    @property
    def _newest(self) -> tuple[str, ...]:
        return tuple(f"{name}:{number}" for name, number in self.version.items())

    def _seen(self, at: datetime) -> None:
        portal = Actor(Role.SYSTEM, "portal")
        self._at_any_hour(dr.ReleasedToPatient, "released", at, portal, results=self._newest)
        if (looks := self.dice.draw("in the portal")).name == "the patient reads it":
            read = self.dice.after(at, looks)
            self._at_any_hour(dr.SeenByPatient, "seen", read, portal, results=self._newest)
        if (opened := self.dice.draw("it is opened")).name == "and closed again":
            viewed = at_work(self.dice.after(at, opened))
            by = Actor(Role.OWNER, self.owner)
            self._at_any_hour(dr.Viewed, "viewed", viewed, by, results=self._newest)

    def _read(self, here: datetime, turn: str) -> datetime:
        """Let somebody read all that is newest, and return when a clinician did."""
        at = at_work(self.dice.after(here, self.dice.draw("results are read")))
        unflagged = [name for name in self._newest if self._without_a_flag(name)]
        normal: tuple[str, ...] = ()
        if unflagged:
            said = self.dice.way("what had no flag")
            normal = tuple(unflagged if said == "is normal" else unflagged[1:])
        asks = self.dice.way("results ask for") == "more" and any(map(self._is_abnormal, self._newest))
        disposition = dr.Disposition.FOLLOW_UP_NEEDED if asks else dr.Disposition.NOTHING_MORE
        finding = f"finding-{turn}"
        read = {
            "results": self._newest,
            "disposition": disposition,
            "findings": (finding,) if asks else (),
        }
        by = self.dice.draw("results are read by")
        if by.name == "a nurse":
            self.act(dr.Reviewed, f"read-{turn}-by-a-nurse", at, Role.NURSE, normal=normal, **read)
            at = at_work(self.dice.after(at, by))
        self.act(dr.Reviewed, f"read-{turn}", at, Role.CLINICIAN, normal=normal, without=self.missing, **read)
        self.missing = ()
        if asks:
            self._follow(at, finding)
        return at

    def _without_a_flag(self, name: str) -> bool:
        return self.severity[name.rpartition(":")[0]] is dr.Severity.UNKNOWN

    def _is_abnormal(self, name: str) -> bool:
        return self.severity[name.rpartition(":")[0]] is not dr.Severity.NORMAL

    def _follow(self, at: datetime, finding: str) -> None:
        way = self.dice.draw("what they ask for")
        at = at_work(self.dice.after(at, way))
        if way.name == "is done":
            self.act(dr.FollowedUp, f"done-{finding}", at, Role.CLINICIAN, about=finding)
        elif way.name == "is declined":
            self.act(dr.FollowUpDeclined, f"declined-{finding}", at, Role.NURSE, about=finding)
        else:
            self.act(Linked, f"linked-{finding}", at, Role.COORDINATOR, about=finding, case=f"case-of-{finding}")

    def _known(self, here: datetime, read: datetime, turn: str) -> None:
        """Let the patient be told, after it was read."""
        if self.left == "telling":
            return
        way = self.dice.draw("results are told")
        at = at_work(max(read + MINUTE, self.dice.after(here, way)))
        channel = dr.Channel.LETTER if way.name == "by letter" else dr.Channel.VOICE
        if way.name == "by the portal alone":
            posted = {"results": self._newest, "channel": dr.Channel.PORTAL}
            self.act(dr.PatientNotified, f"posted-{turn}", at, Role.NURSE, **posted)
            at = at_work(at + timedelta(days=2))
        self.act(dr.PatientNotified, f"told-{turn}", at, Role.NURSE, results=self._newest, channel=channel)
        if channel is dr.Channel.LETTER and any(event.key == "sim:seen" for event in self.done):
            # A letter explains nothing to whoever has read it already.
            called = at_work(at + timedelta(hours=20))
            voice = {"results": self._newest, "channel": dr.Channel.VOICE}
            self.act(dr.PatientNotified, f"explained-{turn}", called, Role.NURSE, **voice)

    # --- what comes afterwards --------------------------------------------------------------

    def _later(self, here: datetime) -> None:
        share = self.dice.draw("results")
        if share.name == "stand" or not self.version:
            return
        at = self.dice.after(here, share)
        if share.name == "are corrected":
            name = next(iter(self.version))
            self._correct(name, at)
        else:
            for name in self.version:
                self._tell(dr.ResultRetracted, f"taken-back-{name}", at, about=name, why=dr.TakenBack.WRONG_PATIENT)
            at += timedelta(hours=6)
            for value in self.order.values:
                if value.name in self.version:
                    self._value(value, at, dr.Status.FINAL)
        if self.left not in ("reading", "telling"):
            self._known(at, self._read(at, "2"), "2")

    def _correct(self, name: str, at: datetime) -> None:
        number = self.version[name] = self.version[name] + 1
        self.severity[name] = dr.Severity.ABNORMAL
        said = {"about": name, "version": number, "severity": dr.Severity.ABNORMAL}
        self._tell(dr.ResultCorrected, f"corrected-{name}", at, **said)

    def _tell(self, kind: type[Event], name: str, at: datetime, /, **said: Any) -> None:
        self._at_any_hour(kind, name, at, LAB, **said)

    def _at_any_hour(self, kind: type[Event], name: str, at: datetime, by: Actor, /, **said: Any) -> None:
        """Let something happen whether the office is open or not."""
        self.done.append(kind(at=at, by=by, key=f"sim:{name}", **said))

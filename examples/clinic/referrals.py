"""
How the made-up practice hears of the referrals that the bundles hold, and of the visits that a few of them led to.

A bundle says that a referral was made, and for dental care that a visit followed. That the draft
is an act of the practice's own, what it asks, whom it goes to and what comes back is invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from attrs import evolve
from examples.clinic.bundles import Patient
from examples.clinic.desk import MINUTE, Desk, Ending, Heard, not_before
from examples.clinic.loops import DENTAL_CARE, ReferralLoop, referral_loops
from examples.clinic.referral_staff import ReferralStaff
from examples.clinic.shares import Dice
from examples.practice import REFERRALS

from carecoord import Actor, DeadlineSet, Event, Linked, PatientDied, Role, Urgency
from carecoord.workflows.referral import Drafted, ReferralFacts, VisitCompleted, Withdrawn

NOTICED = timedelta(hours=12)  # so long after a death nobody works on the referral any more


class Referrals(Desk):
    """Referrals, from the draft to the loop closed."""

    rules = REFERRALS
    title = "Referrals"
    one_loop = (
        "One loop is one referral, from the draft to the report that was read and told. Of all this the bundles"
        " hold the moment in which it was made and, for dental care, a visit; everything else is simulated."
    )
    ends = (
        Ending("CLOSED", "closed", "met"),
        Ending("CANCELLED", "stopped at our wish", "late-done"),
        Ending("WITHDRAWN", "ended by us, without a report", "let-go"),
    )
    answered = (*Desk.answered, "follow_up", "wrap_up")

    def loops_of(self, patients: Sequence[Patient]) -> Iterable[ReferralLoop]:
        return referral_loops(patients)

    def left_lying(self) -> dict[str, str]:
        going_on = [(loop.made, loop.id) for loop in self.loops.values() if not loop.died]
        return self.allotted(going_on, "what is left of a referral", "referral")

    def opening(self, loop: ReferralLoop, event: Event) -> ReferralFacts:
        return ReferralFacts()

    def answer_to(self, effect: DeadlineSet, told: datetime, dice: Dice) -> Event:
        """Link the case that takes on an order; end the referral of a patient who died."""
        if effect.clock == "follow_up":
            at = dice.after(told, dice.draw("a readmission"))
            return self.act(Linked, effect, at, about=effect.item, case=f"case-of-{effect.item}", relation="order")
        return self.act(Withdrawn, effect, dice.after(told, dice.draw("a surprise")), reason="the patient died")

    def messages(self) -> Iterator[Heard]:
        for loop in self.loops.values():
            dice = self.dice("referral", loop.id)
            draft = self._draft(loop, dice)
            opened = draft.recorded_at
            staff = ReferralStaff(
                loop, self._urgency(loop), self.owner(loop), self.roster, dice, self.left.get(loop.id, "")
            )
            staff.from_the_draft(opened)
            until = self.window.closes if loop.died is None else loop.died + NOTICED
            events = [*self._visits(loop, dice), *(event for event in staff.done if event.at < until)]
            yield Heard(loop, draft)
            yield from (Heard(loop, not_before(opened + MINUTE, event)) for event in events)
            if loop.died is not None:
                died = self.fact(PatientDied, loop.died, f"{loop.patient}:death")
                told = self.told(died, self.dice("death", loop.id))
                yield from (Heard(loop, not_before(opened + MINUTE, event), if_open=True) for event in told)

    def _draft(self, loop: ReferralLoop, dice: Dice) -> Event:
        """Return the draft: that it was made, and when, is the bundle's."""
        draft = self.fact(Drafted, loop.made, f"{loop.id}:referral")
        filed = dice.after(loop.made, dice.draw("an act is filed"))
        return evolve(draft, recorded_at=filed, by=Actor(Role.OWNER, self.owner(loop)))

    def _visits(self, loop: ReferralLoop, dice: Dice) -> Iterator[Event]:
        if (visit := loop.visit) is not None:
            yield from self.told(self.fact(VisitCompleted, visit.started, f"{visit.id}:visit", about=visit.id), dice)

    def _urgency(self, loop: ReferralLoop) -> Urgency:
        """Ours: what is asked of a specialist is urgent, and the yearly look at the teeth is not."""
        return Urgency.ROUTINE if loop.code == DENTAL_CARE else Urgency.URGENT

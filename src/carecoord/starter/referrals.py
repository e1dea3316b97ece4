"""The rows with which a practice may start to follow its referrals."""

from __future__ import annotations

from typing import Final

from carecoord.policies.limits import Limit, Until
from carecoord.policies.published import reaching, us
from carecoord.policies.spans import BusinessDays, CalendarDays, Hours
from carecoord.starter.asked import NO_NUMBER, Asked, Starter, common_rows, patiently
from carecoord.tables import Where
from carecoord.vocabulary import Urgency, ours
from carecoord.workflows.referral import REFERRAL

_URGENT, _ASAP, _STAT = (Where(urgency=one) for one in (Urgency.URGENT, Urgency.ASAP, Urgency.STAT))


def rows(asked: Asked) -> tuple[Limit, ...]:
    """Return them."""
    daily, slow, soon, row = asked.daily, asked.slow, asked.soon, asked.row
    plainly = patiently(reaching.svmic.moderate_2022)
    unsaid = ours("no source gives a number for this urgency")
    unbooked = ours("where nobody said when the visit is, we ask every week")
    # fmt: off
    return (
        #     clock             allow               ladder  for which cases, and where the number comes from
        Limit("send",           Hours(1),           soon,   source=NO_NUMBER, when=_STAT),
        Limit("send",           Hours(4),           soon,   source=NO_NUMBER, when=_ASAP),
        Limit("send",           BusinessDays(1),    daily,  source=NO_NUMBER, when=_URGENT),
        Limit("send",           BusinessDays(3),    daily,  source=NO_NUMBER),
        Limit("answer",         Hours(4),           soon,   source=unsaid, when=_STAT),
        Limit("answer",         Hours(24),          soon,   source=unsaid, when=_ASAP),
        Limit("answer",         BusinessDays(2),    daily,  source=unsaid, when=_URGENT),
        row(us.va.consult.review, daily, "answer"),
        Limit("supply",         BusinessDays(2),    daily,  source=NO_NUMBER),
        Limit("book",           Hours(4),           soon,   source=unsaid, when=_STAT),
        Limit("book",           Hours(24),          soon,   source=unsaid, when=_ASAP),
        Limit("book",           BusinessDays(1),    daily,  source=unsaid, when=_URGENT),
        row(us.va.sched.in_house, daily, "book"),
        Limit("visit_outcome",  BusinessDays(2),    daily,  source=ours("two working days after the visit we ask"),
              counts_from="visit_at"),
        Limit("visit_outcome",  CalendarDays(7),    slow,   source=unbooked),
        Limit("rebook",         BusinessDays(2),    daily,  source=ours("no source gives the days"), **plainly),
        row(us.compact.template_a.response, asked.awake, "visit_note"),
        Limit("report",         Until("needed_by"), asked.awake, source=ours("the referral says when it is needed")),
        Limit("report",         Hours(48),          soon,   source=unsaid, when=_STAT),
        Limit("report",         CalendarDays(7),    asked.awake, source=unsaid, when=_ASAP),
        Limit("report",         CalendarDays(14),   daily,  source=unsaid, when=_URGENT),
        row(us.va.consult.complete, slow, "report", counts_from="sent_at"),
        row(us.va.consult.complete, slow, "report"),
        Limit("decide",         Hours(4),           soon,   source=NO_NUMBER, when=_STAT),
        Limit("decide",         Hours(24),          soon,   source=NO_NUMBER, when=_ASAP),
        Limit("decide",         BusinessDays(1),    daily,  source=NO_NUMBER, when=_URGENT),
        Limit("decide",         BusinessDays(3),    daily,  source=NO_NUMBER),
        Limit("confirm_cancel", Until("confirm_by"), asked.awake, source=ours("who asks them to stop says by when")),
        Limit("confirm_cancel", BusinessDays(3),    daily,  source=NO_NUMBER),
        Limit("review",         BusinessDays(2),    daily,  source=NO_NUMBER),
        Limit("inform",         BusinessDays(5),    daily,  source=NO_NUMBER, **plainly),
        Limit("integrate",      BusinessDays(5),    daily,  source=NO_NUMBER),
        Limit("follow_up",      BusinessDays(3),    daily,  source=NO_NUMBER),
        Limit("expectations",   BusinessDays(3),    daily,  source=NO_NUMBER),
        *common_rows(asked),
    )
    # fmt: on


STARTER: Final = Starter(REFERRAL, asks=(), rows=rows)

"""The rows with which a practice may start to follow its patients home."""

from __future__ import annotations

from typing import Final

from carecoord.policies.limits import CountsFrom, Limit
from carecoord.policies.published import reaching, us
from carecoord.policies.spans import BusinessDays, CalendarDays, Hours, Minutes
from carecoord.starter.asked import NO_NUMBER, Asked, Starter, common_rows, patiently
from carecoord.tables import Where
from carecoord.vocabulary import ours
from carecoord.workflows.care_transition import CARE_TRANSITION, Disposition, Place

_AT_THE_ED: Final = Where(place=Place.EMERGENCY)
_HIGH_RISK: Final = Where(high_risk=True)
_EMERGENCY_ONLY: Final = Where(inpatient=False)
_LEFT_EARLY: Final = tuple(Where(disposition=one) for one in (Disposition.AGAINST_ADVICE, Disposition.LEFT_UNSEEN))
_A_DAY: Final = Hours(24)


def rows(asked: Asked) -> tuple[Limit, ...]:
    """Return them."""
    daily, slow, soon = asked.daily, asked.slow, asked.soon
    row, trc, tcm = asked.row, us.ncqa.trc, us.cms.tcm
    gravely, plainly = patiently(reaching.svmic.high), patiently(reaching.svmic.moderate_2022)
    no_visit = ours("after an emergency visit alone the clinician books what is needed")
    rebooking = ours("no source gives the days")
    # fmt: off
    return (
        #     clock            allow            ladder  for which cases, and where the number comes from
        row(trc.admission_notice, slow, "notice"),
        Limit("share",         _A_DAY,          soon,   source=NO_NUMBER, counts_from=CountsFrom.HEARD),
        Limit("whereabouts",   CalendarDays(2), daily,  source=ours("an emergency visit is over in two days"),
              when=_AT_THE_ED),
        Limit("whereabouts",   CalendarDays(7), slow,   source=ours("a week without news of a patient who is away")),
        row(trc.discharge_info, slow, "summary"),
        row(trc.discharge_info, daily, "pending_known"),
        Limit("pending",       BusinessDays(2), daily,  source=NO_NUMBER),
        *_contact(asked),
        Limit("reconcile",     CalendarDays(7), daily,  source=ours("with the early visit, where the risk is high"),
              when=_HIGH_RISK),
        row(us.ncqa.mrp, slow, "reconcile"),
        row(tcm.visit_high, daily, "visit", when=_HIGH_RISK),
        Limit("visit",         None,                    source=no_visit, when=_EMERGENCY_ONLY),
        row(tcm.visit_moderate, daily, "visit"),
        Limit("rebook",        BusinessDays(2), daily,  source=rebooking, when=_HIGH_RISK, **gravely),
        Limit("rebook",        BusinessDays(2), daily,  source=rebooking, **plainly),
        Limit("follow_up",     BusinessDays(1), daily,  source=NO_NUMBER),
        *common_rows(asked),
    )
    # fmt: on


def _contact(asked: Asked) -> tuple[Limit, ...]:
    """Return those for the contact: the practice's own period, and a day for whoever left early, if that is less."""
    own, preset = asked.contact_within, us.ncqa.pcmh.cc16
    ladder = asked.soon if isinstance(own, (Minutes, Hours)) else asked.daily
    gravely, plainly = patiently(reaching.svmic.high), patiently(reaching.svmic.moderate_2022)
    early: tuple[Limit, ...] = ()
    if not (isinstance(own, (Minutes, Hours)) and own.length <= _A_DAY.length):
        why = ours("a day, for who left against advice or unseen")
        early = tuple(Limit("contact", _A_DAY, asked.soon, source=why, when=one, **gravely) for one in _LEFT_EARLY)
    return (
        *early,
        asked.row(preset, ladder, "contact", allow=own, when=_HIGH_RISK, **gravely),
        asked.row(preset, ladder, "contact", allow=own, **plainly),
    )


STARTER: Final = Starter(CARE_TRANSITION, asks=("contact_within",), rows=rows)

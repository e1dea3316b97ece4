"""
Rules of the National Committee for Quality Assurance: HEDIS measures after a stay, and recognised practices.

HEDIS and PCMH are licensed; read were NCQA's public pages and what health plans print of them. Each rule says which.
"""

from __future__ import annotations

from typing import Final, final

from carecoord.policies.published.preset import Preset, Seen, seen_at
from carecoord.policies.spans import CalendarDays, Months

_US: Final = "US"
_STAY: Final = "care-transition"
_NEXT_DAY: Final = CalendarDays(1)

_HOPKINS: Final = seen_at(
    "HEDIS TRC (Johns Hopkins Health Plans, performance measures)",
    "https://hopkinsmedicine.org/johns-hopkins-health-plans/providers-physicians/health-care-performance-measures/hedis/transitions-of-care-patient",
)
_NCQA_PAGE: Final = "https://www.ncqa.org/hedis/measures/transitions-of-care/"


@final
class trc:
    """
    HEDIS TRC, transitions of care.

    Sources disagree about the notice of the admission. A health plan's page gives the day of the admission and two
    more, three in all; NCQA's own public page still gave the day of the admission or the following one when it was
    seen, which is an older edition. When the number changed is not known here. A third plan's newsletter prints "three
    days after" and "three days total" in one sentence; it contradicts itself, and is no preset.
    """

    admission_notice: Final = Preset(
        name="us.ncqa.trc.admission_notice",
        says="the notice of the admission is received on the day of the admission or within the 2 days after, 3 in all",
        starts_at="the admission",
        allow=CalendarDays(3, first_day_counts=True),
        binds="the ongoing care provider, whose record must show it",
        country=_US,
        source=_HOPKINS,
        seen=Seen.REPORTED,
        serves=((_STAY, "notice"),),
        disagrees=("us.ncqa.trc.admission_notice_older",),
    )
    admission_notice_older: Final = Preset(
        name="us.ncqa.trc.admission_notice_older",
        says="an older edition: the notice is received on the day of the admission or the following day, 2 in all",
        starts_at="the admission",
        allow=CalendarDays(2, first_day_counts=True),
        binds="the ongoing care provider, whose record must show it",
        country=_US,
        source=seen_at("HEDIS TRC (NCQA's public page)", _NCQA_PAGE, "day of admission or the following day"),
        seen=Seen.PUBLISHER,
        serves=((_STAY, "notice"),),
        superseded_by="us.ncqa.trc.admission_notice",
        disagrees=("us.ncqa.trc.admission_notice",),
    )
    discharge_info: Final = Preset(
        name="us.ncqa.trc.discharge_info",
        says="the discharge information is received on the day of the discharge or within the 2 days after, 3 in all",
        starts_at="the discharge",
        allow=CalendarDays(3, first_day_counts=True),
        binds="the ongoing care provider; it names practitioner, procedures, diagnoses, medication, results and"
        " pending tests, and instructions",
        country=_US,
        source=_HOPKINS,
        seen=Seen.REPORTED,
        serves=((_STAY, "summary"), (_STAY, "pending_known")),
        disagrees=("us.cms.ia_cc_11",),
    )
    engagement: Final = Preset(
        name="us.ncqa.trc.engagement",
        says="the patient is engaged within 30 days after the discharge, and not on its day",
        starts_at="the discharge",
        allow=CalendarDays(30),
        opens=_NEXT_DAY,
        binds="the ongoing care provider; a caregiver counts where the patient cannot communicate",
        country=_US,
        source=seen_at(
            "HEDIS TRC (Blue Cross & Blue Shield of Rhode Island)",
            "https://www.bcbsri.com/providers/update/hints-hedisr-and-more-1",
        ),
        seen=Seen.REPORTED,
        serves=((_STAY, "visit"), (_STAY, "contact")),
    )


mrp: Final = Preset(
    name="us.ncqa.mrp",
    says="medication is reconciled on the day of the discharge or within the 30 days after, 31 in all",
    starts_at="the discharge",
    allow=CalendarDays(31, first_day_counts=True),
    binds="a prescriber, a clinical pharmacist or a registered nurse",
    country=_US,
    source=seen_at(
        "HEDIS TRC and MRP (NCQA's public page)",
        _NCQA_PAGE,
        "date of discharge through 30 days after discharge (31 days, total)",
    ),
    seen=Seen.PUBLISHER,
    serves=((_STAY, "reconcile"),),
)

_FUH: Final = seen_at(
    "HEDIS FUH (Blue Cross Blue Shield of North Dakota, tip sheet)",
    "https://bcbsnd.com/providers/programs/bluealliance-and-bluealliance-care-plus/hedis-tip-sheets/hedis-tip-sheet-search/fuh",
)
_FUM: Final = seen_at(
    "HEDIS FUM (Blue Cross Blue Shield of North Dakota, tip sheet)",
    "https://www.bcbsnd.com/providers/programs/bluealliance-and-bluealliance-care-plus/hedis-tip-sheets/hedis-tip-sheet-search/fum",
)
_FUA: Final = seen_at(
    "HEDIS FUM and FUA (Anthem Kentucky, provider news)",
    "https://providernews.anthem.com/kentucky/articles/hedis-measures-follow-up-after-ed-visits-for-mental-illness-and-alcohol-and-other-drug-abuse-or-dependence-9500/print",
)
_MENTAL_HEALTH: Final = (
    "a mental health provider; a readmission or transfer to a setting that is not acute, within 30 days, takes the"
    " discharge out of the measure"
)
_ANY: Final = "any practitioner; of several visits in 31 days the first counts"


def _after_a_stay(days: int) -> Preset:
    return Preset(
        name=f"us.ncqa.fuh_{days}",
        says=f"a visit within {days} days after a stay for mental illness, and not on the day of the discharge",
        starts_at="the discharge from a stay for mental illness",
        allow=CalendarDays(days),
        opens=_NEXT_DAY,
        binds=_MENTAL_HEALTH,
        country=_US,
        source=_FUH,
        seen=Seen.REPORTED,
        serves=((_STAY, "visit"),),
    )


def _after_the_ed(measure: str, days: int) -> Preset:
    why, source = ("mental illness", _FUM) if measure == "fum" else ("substance use", _FUA)
    return Preset(
        name=f"us.ncqa.{measure}_{days}",
        says=f"a visit on the day of an emergency visit for {why} or within {days} days after, {days + 1} in all",
        starts_at=f"the emergency visit for {why}",
        allow=CalendarDays(days + 1, first_day_counts=True),
        binds=_ANY,
        country=_US,
        source=source,
        seen=Seen.REPORTED,
        serves=((_STAY, "visit"),),
    )


fuh_7: Final = _after_a_stay(7)
fuh_30: Final = _after_a_stay(30)
fum_7: Final = _after_the_ed("fum", 7)
fum_30: Final = _after_the_ed("fum", 30)
fua_7: Final = _after_the_ed("fua", 7)
fua_30: Final = _after_the_ed("fua", 30)


@final
class pcmh:
    """Recognised practices (PCMH). CC-16 gives no number: the practice's own policy defines the period."""

    cc16: Final = Preset(
        name="us.ncqa.pcmh.cc16",
        says="patients are contacted after a stay or an emergency visit within the period that the practice defines",
        starts_at="the discharge, from a stay or from an emergency department",
        allow=None,
        binds="the practice",
        country=_US,
        source=seen_at(
            "NCQA PCMH CC-16, on the slides of a training in the edition of 2017",
            quote="Practice policy defines the appropriate contact period",
        ),
        seen=Seen.REPORTED,
        serves=((_STAY, "contact"),),
    )


v11_annual: Final = Preset(
    name="us.ncqa.v11_annual",
    says="version 11 wants at least annually what 45 criteria ask for, care plans and care management among them",
    starts_at="the last time",
    allow=Months(12),
    binds="the practice",
    country=_US,
    source=seen_at(
        "NCQA PCMH, version 11 (NCQA's public questions and answers)",
        "https://www.ncqa.org/programs/health-care-providers-practices/patient-centered-medical-home-pcmh/faqs/all/?faq-sort=desc&pg=1",
    ),
    seen=Seen.PUBLISHER,
    serves=(("care-plan-review", "review"),),
    unsaid="whether a year is twelve months from the last time or the next year; here twelve months",
)

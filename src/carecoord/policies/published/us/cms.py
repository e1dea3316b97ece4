"""
Rules of the Centers for Medicare and Medicaid Services: care after a stay, notices, reports, and plans of care.

Several were read in somebody else's account, which `seen` says of each. Not here: notices of admission, discharge and
transfer, which are due at the event and have no number; and chronic care management, for which no
interval of review was found.
"""

from __future__ import annotations

from typing import Final, final

from carecoord.policies.published.preset import Preset, Seen, heard, seen_at
from carecoord.policies.spans import BusinessDays, CalendarDays, Hours, RestOfYear

_US: Final = "US"
_STAY: Final = "care-transition"
_PLAN: Final = "care-plan-review"


@final
class tcm:
    """
    Transitional care management.

    Sources disagree about the contact: CMS, as quoted, counts business days, and a vendor speaks of 48 hours. They
    disagree as well about what becomes of a contact that failed: see `tries`. The business day itself (Monday to Friday
    but holidays, whatever the practice's hours) was not seen in the words of CPT.
    """

    contact: Final = Preset(
        name="us.cms.tcm.contact",
        says="interactive contact with the patient or caregiver within 2 business days following the discharge",
        starts_at="the discharge",
        allow=BusinessDays(2),
        binds="the practitioner who bills; their own clinical staff makes it, and a call by the hospital is none",
        country=_US,
        source=seen_at(
            "CMS transitional care management, as quoted by AAPC",
            "https://www.aapc.com/discuss/threads/transitional-care-management.171064/",
            "within 2 business days following the beneficiary's discharge",
        ),
        seen=Seen.REPORTED,
        serves=((_STAY, "contact"),),
        disagrees=("us.cms.tcm.contact_48_hours",),
        unsaid="which days are business days; here those of the practice's calendar",
    )
    contact_48_hours: Final = Preset(
        name="us.cms.tcm.contact_48_hours",
        says="a vendor's reading of the same rule: contact within 48 hours of the discharge",
        starts_at="the discharge",
        allow=Hours(48),
        binds="the practitioner who bills",
        country=_US,
        source=seen_at(
            "CMS transitional care management, as a vendor reads it (Point of Care)",
            "https://questions.pointofcare.care/tcm-billing-friday-discharge-monday-notification/",
        ),
        seen=Seen.REPORTED,
        serves=((_STAY, "contact"),),
        disagrees=("us.cms.tcm.contact",),
    )
    visit_high: Final = Preset(
        name="us.cms.tcm.visit_high",
        says="a visit in person within 7 days of the discharge, where decisions are of high complexity",
        starts_at="the discharge",
        allow=CalendarDays(7),
        binds="the practitioner who bills",
        country=_US,
        source=seen_at(
            "CMS transitional care management, as described by Pelica",
            "https://www.pelica.com/blog/transitions-of-care-adt-automation",
        ),
        seen=Seen.REPORTED,
        serves=((_STAY, "visit"),),
        unsaid="whether the day of the discharge is the first of the seven; here it is day 0",
    )
    visit_moderate: Final = Preset(
        name="us.cms.tcm.visit_moderate",
        says="a visit in person within 14 days of the discharge, where decisions are of moderate complexity",
        starts_at="the discharge",
        allow=CalendarDays(14),
        binds="the practitioner who bills",
        country=_US,
        source=seen_at(
            "CMS transitional care management, as described by AAPC",
            "https://www.aapc.com/blog/25822-recognize-post-discharge-tcm-services-and-varying-requirements/",
        ),
        seen=Seen.REPORTED,
        serves=((_STAY, "visit"),),
        unsaid="whether the day of the discharge is the first of the fourteen; here it is day 0",
    )
    period: Final = Preset(
        name="us.cms.tcm.period",
        says="the period of service: 30 days, of which the day of the discharge is the first",
        starts_at="the discharge",
        allow=CalendarDays(30, first_day_counts=True),
        binds="the practitioner who bills",
        country=_US,
        source=seen_at(
            "CMS answers on transitional care management, as quoted by AAPC",
            "https://www.aapc.com/codes/coding-newsletters/my-part-b-coding-alert/em-services-cms-you-neednt-hold-transitional-care-management-claims-for-30-days-150683-article",
        ),
        seen=Seen.REPORTED,
    )


ia_cc_10: Final = Preset(
    name="us.cms.ia_cc_10",
    says="an action plan centred on the patient is carried out in the first 30 days after the discharge",
    starts_at="the discharge",
    allow=CalendarDays(30),
    binds="the clinician who attests the activity",
    country=_US,
    source=seen_at("MIPS IA_CC_10 (CMS, measures data of 2024 to 2027)", "https://github.com/CMSgov/qpp-measures-data"),
    seen=Seen.DATA,
    unsaid="whether the day of the discharge is the first of the thirty; here it is day 0",
)

ia_cc_11: Final = Preset(
    name="us.cms.ia_cc_11",
    says="CMS's example of a standard: the discharge summary is done within 24 hours and goes to the primary care",
    starts_at="the discharge",
    allow=Hours(24),
    binds="the partners of the arrangement; it is an example and no rule",
    country=_US,
    source=seen_at(
        "MIPS IA_CC_11, the example of CMS as a registry quotes it",
        "https://eaccregistry.com/mips_ia/2023-mips-improvement-activity-ia_cc_11-care-transition-standard-operational-improvements",
    ),
    seen=Seen.REPORTED,
    serves=((_STAY, "summary"),),
    disagrees=("us.ncqa.trc.discharge_info",),
)


@final
class apcm:
    """Advanced primary care management; read in a secondary source alone, and its word is *typically*."""

    transition: Final = Preset(
        name="us.cms.apcm.transition",
        says="the patient is followed up after an emergency visit or a discharge, typically within seven days",
        starts_at="the discharge, from a stay or from an emergency department",
        allow=CalendarDays(7),
        binds="the practice that bills the monthly service",
        country=_US,
        source=seen_at(
            "Advanced primary care management, as described by Intelligence Factory",
            "https://www.intelligencefactory.ai/blog/apcm-and-the-coordination-of-care-transitions-requirement-how-to-get-it-right",
            "typically within seven days",
        ),
        seen=Seen.REPORTED,
        serves=((_STAY, "contact"), (_STAY, "visit")),
        unsaid="what *typically* allows, and whether the day of the discharge is the first; here it is day 0",
    )


cms50: Final = Preset(
    name="us.cms.cms50",
    says="the report on the first referral of the year, made until 31 October, is here by the end of the year",
    starts_at="the referral",
    allow=RestOfYear(),
    binds="the clinician who refers",
    country=_US,
    source=seen_at(
        "CMS50, closing the referral loop (draft for FHIR, derived from the version for 2026)",
        "https://github.com/cqframework/dqm-content-qicore-2025",
    ),
    seen=Seen.DATA,
    serves=(("referral", "report"),),
    unsaid="in whose zone the year ends; here in that of the event, else of the practice's calendar",
)

hospice_poc: Final = Preset(
    name="us.cms.hospice_poc",
    says="the interdisciplinary group reviews the plan of care at least every 15 calendar days",
    starts_at="the last review by the group",
    allow=CalendarDays(15),
    binds="the interdisciplinary group of the hospice",
    country=_US,
    source=seen_at(
        "Hospice plan of care (CGS, coverage guidelines)",
        "https://cgsmedicare.com/hhh/coverage/Coverage_Guidelines/Plan_of_Care.html",
    ),
    seen=Seen.REPORTED,
    serves=((_PLAN, "review"),),
)

hh_poc: Final = Preset(
    name="us.cms.hh_poc",
    says="Medicaid home health: a physician reviews the plan of care every 60 days",
    starts_at="the start of care, then the last review",
    allow=CalendarDays(60),
    binds="the practitioner who certifies",
    country=_US,
    source=seen_at(
        "Medicaid home health, 42 CFR 440.70",
        "http://laws9.com/cfr/text/42/440/70",
        "physician reviews every 60 days",
    ),
    seen=Seen.PUBLISHER,
    serves=((_PLAN, "review"),),
    unsaid="whether the day of the last review counts; here it is day 0",
)

hh_poc_medicare: Final = Preset(
    name="us.cms.hh_poc_medicare",
    says="Medicare home health: the plan of care is reviewed at least every 60 days",
    starts_at="the start of care, then the last review",
    allow=CalendarDays(60),
    binds="the practitioner who certifies",
    country=_US,
    source=heard("Medicare home health, 42 CFR 484.60(c)"),
    seen=Seen.HEARSAY,
    serves=((_PLAN, "review"),),
)

nf_baseline: Final = Preset(
    name="us.cms.nf_baseline",
    says="a nursing facility has a baseline care plan within 48 hours of the admission, whatever day it is",
    starts_at="the admission",
    allow=Hours(48),
    binds="the nursing facility",
    country=_US,
    source=seen_at(
        "Baseline care plan, 42 CFR 483.21, as explained by AANAC",
        "https://www.aanac.org/Information/Baseline-Care-Plan/post/baseline-care-plans-and-the-48-hour-rule-cms-gives-aanac-some-insights/2018-01-31",
    ),
    seen=Seen.REPORTED,
    serves=((_PLAN, "draft"),),
)

nf_assessment: Final = Preset(
    name="us.cms.nf_assessment",
    says="a nursing facility assesses a resident comprehensively within 14 days of the admission",
    starts_at="the admission",
    allow=CalendarDays(14),
    binds="the nursing facility",
    country=_US,
    source=heard("Comprehensive assessment in a nursing facility"),
    seen=Seen.HEARSAY,
)

nf_comprehensive: Final = Preset(
    name="us.cms.nf_comprehensive",
    says="the comprehensive care plan is written within 7 days of the comprehensive assessment",
    starts_at="the comprehensive assessment",
    allow=CalendarDays(7),
    binds="the interdisciplinary team",
    country=_US,
    source=heard("Comprehensive care plan of a nursing facility, 42 CFR 483.21(b)"),
    seen=Seen.HEARSAY,
    serves=((_PLAN, "activate"),),
)

icf_poc: Final = Preset(
    name="us.cms.icf_poc",
    says="an intermediate care facility reviews each plan of care at least every 90 days",
    starts_at="the last review",
    allow=CalendarDays(90),
    binds="the team of the facility",
    country=_US,
    source=seen_at("Intermediate care facilities, 42 CFR 456.380", "http://www.laws9.com/cfr/text/42/456/380"),
    seen=Seen.PUBLISHER,
    serves=((_PLAN, "review"),),
    unsaid="whether the day of the last review counts; here it is day 0",
)

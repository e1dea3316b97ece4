"""Newborns, breast imaging, stool tests and pathology: results whose clock the source starts at a moment of its own."""

from __future__ import annotations

from datetime import date
from typing import Final, final

from carecoord.policies.published.preset import Preset, Seen, heard, seen_at
from carecoord.policies.spans import BusinessDays, CalendarDays, Hours, Months

_US: Final = "US"
_RESULT: Final = (("test-result", "result"),)
_TELL: Final = (("test-result", "notify_normal"), ("test-result", "notify_abnormal"))
_FOLLOW_UP: Final = (("test-result", "follow_up"),)
_DAYS_OF_LIFE: Final = "whether the day of the birth is the first day of life; here it is day 0"

_HRSA: Final = seen_at("HRSA, newborn screening: timeliness goals", "https://hrsa.gov/es/node/3302")


@final
class hrsa:
    """Health Resources and Services Administration."""

    @final
    class nbs:
        """Newborn blood-spot screening: results count from the birth, in days of life."""

        time_critical: Final = Preset(
            name="us.hrsa.nbs.time_critical",
            says="a presumptive positive for a time-critical condition is reported within 5 days of life",
            starts_at="the birth",
            allow=CalendarDays(5),
            binds="the laboratory, to the newborn's provider",
            country=_US,
            source=_HRSA,
            seen=Seen.PUBLISHER,
            serves=_RESULT,
            counts_from="born_at",
            unsaid=_DAYS_OF_LIFE,
        )
        other_positive: Final = Preset(
            name="us.hrsa.nbs.other_positive",
            says="every other presumptive positive is reported within 7 days of life",
            starts_at="the birth",
            allow=CalendarDays(7),
            binds="the laboratory, to the newborn's provider",
            country=_US,
            source=_HRSA,
            seen=Seen.PUBLISHER,
            serves=_RESULT,
            counts_from="born_at",
            unsaid=_DAYS_OF_LIFE,
        )
        all_results: Final = Preset(
            name="us.hrsa.nbs.all_results",
            says="all results are reported within 7 days of life",
            starts_at="the birth",
            allow=CalendarDays(7),
            binds="the laboratory, to the newborn's provider",
            country=_US,
            source=_HRSA,
            seen=Seen.PUBLISHER,
            serves=_RESULT,
            counts_from="born_at",
            unsaid=_DAYS_OF_LIFE,
        )
        specimen: Final = Preset(
            name="us.hrsa.nbs.specimen",
            says="the specimen is taken within 48 hours of the birth",
            starts_at="the birth",
            allow=Hours(48),
            binds="the place of birth",
            country=_US,
            source=_HRSA,
            seen=Seen.PUBLISHER,
            serves=(("test-result", "collect"),),
            counts_from="born_at",
        )
        at_laboratory: Final = Preset(
            name="us.hrsa.nbs.at_laboratory",
            says="the specimen is at the laboratory ideally within 24 hours of being taken",
            starts_at="the specimen is taken",
            allow=Hours(24),
            binds="the place of birth",
            country=_US,
            source=_HRSA,
            seen=Seen.PUBLISHER,
        )


_WIKI: Final = "https://mdwiki.org/wiki/Universal_neonatal_hearing_screening"


@final
class ehdi:
    """Early hearing detection, 1-3-6. The middle number was not seen, the others in an encyclopedia."""

    screened: Final = Preset(
        name="us.ehdi.screened",
        says="a newborn's hearing is screened by the age of 1 month",
        starts_at="the birth",
        allow=Months(1),
        binds="the newborn's provider",
        country=_US,
        source=seen_at("Early hearing detection: screened by 1 month (MDWiki)", _WIKI),
        seen=Seen.REPORTED,
        serves=_RESULT,
        counts_from="born_at",
    )
    diagnosed: Final = Preset(
        name="us.ehdi.diagnosed",
        says="a loss of hearing is diagnosed by the age of 3 months",
        starts_at="the birth",
        allow=Months(3),
        binds="the newborn's provider",
        country=_US,
        source=heard("Early hearing detection: diagnosed by 3 months", _WIKI),
        seen=Seen.HEARSAY,
        serves=_FOLLOW_UP,
        counts_from="born_at",
    )
    treated: Final = Preset(
        name="us.ehdi.treated",
        says="treatment of a loss of hearing has begun by the age of 6 months",
        starts_at="the birth",
        allow=Months(6),
        binds="the newborn's provider",
        country=_US,
        source=seen_at("Early hearing detection: treated by 6 months (MDWiki)", _WIKI),
        seen=Seen.REPORTED,
        serves=_FOLLOW_UP,
        counts_from="born_at",
    )


@final
class mqsa:
    """
    Mammography (MQSA).

    The text that was seen counts the 30 days from the exam; the rule of 2024 is said to count from the interpretation.
    Of a suspicious image the older text says *as soon as possible*, and the number of 2024 was not seen.
    """

    lay_summary: Final = Preset(
        name="us.mqsa.lay_summary",
        says="the patient gets a summary in plain words, in writing, within 30 days; a phone call alone is not enough",
        starts_at="the exam",
        allow=CalendarDays(30),
        binds="the facility, to the patient",
        country=_US,
        source=seen_at(
            "MQSA lay summary (American College of Radiology, lay report letters)",
            "https://acr.org/Clinical-Resources/Clinical-Tools-and-Reference/Screening-Resources/Breast-Imaging-Resources/Lay-Report-Letters",
        ),
        seen=Seen.REPORTED,
        serves=_TELL,
        counts_from="collected_at",
        unsaid="whether it counts from the exam or from its reading; here from the exam, as in the text that was seen",
    )
    suspicious: Final = Preset(
        name="us.mqsa.suspicious",
        says="provider and patient hear of a suspicious image within 7 calendar days",
        starts_at="the image is read",
        allow=CalendarDays(7),
        binds="the facility, to provider and patient",
        country=_US,
        source=heard(
            "MQSA, final rule in force from 10 September 2024",
            "https://www.govinfo.gov/content/pkg/FR-2023-03-10/html/2023-04550.htm",
        ),
        seen=Seen.HEARSAY,
        serves=(("test-result", "notify_abnormal"),),
        since=date(2024, 9, 10),
    )


bi_rads_3: Final = Preset(
    name="us.bi_rads_3",
    says="a finding that is probably benign (BI-RADS 3) is looked at again after 6 months",
    starts_at="the exam",
    allow=Months(6),
    binds="who ordered the image",
    country=_US,
    source=heard("BI-RADS 3, short-interval follow-up"),
    seen=Seen.HEARSAY,
    serves=_FOLLOW_UP,
)


@final
class kp:
    """
    Kaiser Permanente, colonoscopy after a positive stool test (FIT).

    A goal, a metric and the time after which harm was seen: three numbers of three meanings. Another cohort saw the
    risk rise from 13 to 15 months on.
    """

    fit_30: Final = Preset(
        name="us.kp.fit_30",
        says="the goal: a colonoscopy within 30 days of a positive test",
        starts_at="the positive test",
        allow=CalendarDays(30),
        binds="the department that tracks them; one health plan's goal",
        country=_US,
        source=seen_at(
            "Kaiser Permanente, follow-up of a positive FIT: the goal is 30 days",
            "https://journals.lww.com/ctg/Fulltext/2019/02000/Strategies_to_Improve_Follow_up_After_Positive.3.aspx",
        ),
        seen=Seen.PUBLISHER,
        serves=_FOLLOW_UP,
        unsaid="whether the day of the test counts; here it is day 0",
    )
    fit_180: Final = Preset(
        name="us.kp.fit_180",
        says="the metric: a colonoscopy within 180 days of a positive test",
        starts_at="the positive test",
        allow=CalendarDays(180),
        binds="the department that tracks them; one health plan's metric",
        country=_US,
        source=seen_at(
            "Kaiser Permanente, follow-up of a positive FIT: the metric is 180 days",
            "https://journals.lww.com/ctg/Fulltext/2019/02000/Strategies_to_Improve_Follow_up_After_Positive.3.aspx",
        ),
        seen=Seen.PUBLISHER,
        serves=_FOLLOW_UP,
        unsaid="whether the day of the test counts; here it is day 0",
    )
    fit_risk: Final = Preset(
        name="us.kp.fit_risk",
        says="a cohort: harm was seen where the colonoscopy came more than 10 months after a positive test",
        starts_at="the positive test",
        allow=Months(10),
        binds="nobody: it is a finding, and the latest moment rather than a goal",
        country=_US,
        source=seen_at(
            "Time to colonoscopy after a positive FIT (JAMA 2017)",
            "https://jamanetwork.com/journals/jama/fullarticle/2620087",
        ),
        seen=Seen.PUBLISHER,
        serves=_FOLLOW_UP,
    )


_CMS_2027: Final = "https://github.com/CMSgov/qpp-measures-data"


@final
class mips:
    """MIPS measures that hold a length of time, from CMS's own data of 2027."""

    q440: Final = Preset(
        name="us.mips.q440",
        says="the pathologist reports a biopsy to the clinician within 7 days of getting the specimen",
        starts_at="the specimen reaches the pathologist",
        allow=CalendarDays(7),
        binds="the pathologist",
        country=_US,
        source=seen_at("MIPS Q440 (CMS, measures data of 2027)", _CMS_2027),
        seen=Seen.DATA,
        serves=_RESULT,
        counts_from="collected_at",
        unsaid="whether the day of receipt counts; here it is day 0",
    )
    aad6: Final = Preset(
        name="us.mips.aad6",
        says="the patient hears the result of a skin biopsy within 8 days of the biopsy",
        starts_at="the biopsy",
        allow=CalendarDays(8),
        binds="the clinician who took it",
        country=_US,
        source=seen_at("MIPS AAD6 (CMS, measures data of 2027)", _CMS_2027),
        seen=Seen.DATA,
        serves=_TELL,
        counts_from="collected_at",
        unsaid="whether the day of the biopsy counts; here it is day 0",
    )
    cap30: Final = Preset(
        name="us.mips.cap30",
        says="the report on a bladder specimen is there within 2 business days of its accession",
        starts_at="the accession of the specimen",
        allow=BusinessDays(2),
        binds="the pathologist",
        country=_US,
        source=seen_at("MIPS CAP30 (CMS, measures data of 2027)", _CMS_2027),
        seen=Seen.DATA,
        serves=_RESULT,
        counts_from="collected_at",
    )
    q134: Final = Preset(
        name="us.mips.q134",
        says="after a positive screen for depression a plan is made on the same day or within 2 days",
        starts_at="the positive screen",
        allow=CalendarDays(2),
        binds="the clinician who screened",
        country=_US,
        source=seen_at("MIPS Q134 (CMS, measures data of 2027)", _CMS_2027),
        seen=Seen.DATA,
        serves=_FOLLOW_UP,
    )
    q182: Final = Preset(
        name="us.mips.q182",
        says="a plan of care that answers what the assessment found is made within 2 days",
        starts_at="the deficiency is found",
        allow=CalendarDays(2),
        binds="the clinician who assessed",
        country=_US,
        source=seen_at("MIPS Q182 (CMS, measures data of 2027)", _CMS_2027),
        seen=Seen.DATA,
        serves=(("care-plan-review", "draft"),),
        unsaid="whether the day of the assessment counts; here it is day 0",
    )

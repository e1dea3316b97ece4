"""Rules of the Department of Veterans Affairs: test results, community care, consults and scheduling."""

from __future__ import annotations

from typing import Final, final

from carecoord.policies.published.preset import Preset, Seen, seen_at
from carecoord.policies.spans import BusinessDays, CalendarDays, Hours

_US: Final = "US"
_RESULT: Final = "test-result"
_REFERRAL: Final = "referral"

_HSRD: Final = seen_at(
    "VHA Directive 1088, as reported by HSR&D",
    "https://www.hsrd.research.va.gov/research/citations/pubbriefs/articles.cfm?RecordID=1178",
    "within 7 days if action is required and within 14 days if no action is required",
)


@final
class directive_1088:
    """
    VHA Directive 1088: patients are told of their results.

    That the days are *calendar* days was seen in an older text alone, which had 14 for all results.
    """

    action: Final = Preset(
        name="us.va.directive_1088.action",
        says="the patient is told within 7 days of a result on which something must be done",
        starts_at="the result is available to who ordered it",
        allow=CalendarDays(7),
        binds="the ordering provider",
        country=_US,
        source=_HSRD,
        seen=Seen.REPORTED,
        serves=((_RESULT, "notify_abnormal"),),
        counts_from="available_at",
        unsaid="whether the days are calendar days, and whether the first counts; here they are, and it is day 0",
    )
    no_action: Final = Preset(
        name="us.va.directive_1088.no_action",
        says="the patient is told within 14 days of a result on which nothing must be done",
        starts_at="the result is available to who ordered it",
        allow=CalendarDays(14),
        binds="the ordering provider",
        country=_US,
        source=_HSRD,
        seen=Seen.REPORTED,
        serves=((_RESULT, "notify_normal"),),
        counts_from="available_at",
        unsaid="whether the days are calendar days, and whether the first counts; here they are, and it is day 0",
    )


_HNFS: Final = seen_at(
    "VA community care, reporting of critical findings (Health Net Federal Services; the programme has ended)",
    "https://www.hnfs.com/content/hnfs/home/va/provider/authorizations/reporting-critical-findings.html",
)


@final
class community:
    """Community care under a programme that has ended: who did the test tells the VA by phone."""

    critical: Final = Preset(
        name="us.va.community.critical",
        says="a critical finding is told by phone within 24 hours",
        starts_at="the test",
        allow=Hours(24),
        binds="who did the test; name and time of whom they told at the VA are written down",
        country=_US,
        source=_HNFS,
        seen=Seen.PUBLISHER,
        serves=((_RESULT, "critical"),),
        counts_from="collected_at",
    )
    cancer: Final = Preset(
        name="us.va.community.cancer",
        says="a new cancer, or the suspicion of one, is told within 48 hours",
        starts_at="the test",
        allow=Hours(48),
        binds="who did the test",
        country=_US,
        source=_HNFS,
        seen=Seen.PUBLISHER,
        serves=((_RESULT, "critical"),),
        counts_from="collected_at",
    )


_GAO_2014: Final = seen_at(
    "VA consult guideline of 2014, as reported by GAO", "https://www.gao.gov/products/gao-14-679t"
)


@final
class consult:
    """The guideline of 2014 for consults. What VHA Directive 1232 says today was not seen."""

    review: Final = Preset(
        name="us.va.consult.review",
        says="the asked service reviews a consult within 7 days",
        starts_at="the consult is requested",
        allow=CalendarDays(7),
        binds="the service that was asked",
        country=_US,
        source=_GAO_2014,
        seen=Seen.REPORTED,
        serves=((_REFERRAL, "answer"),),
        unsaid="whether the days are calendar days, and whether the first counts; here they are, and it is day 0",
    )
    complete: Final = Preset(
        name="us.va.consult.complete",
        says="a consult is completed within 90 days",
        starts_at="the consult is requested",
        allow=CalendarDays(90),
        binds="the service that was asked",
        country=_US,
        source=_GAO_2014,
        seen=Seen.REPORTED,
        serves=((_REFERRAL, "report"),),
        unsaid="whether the days are calendar days, and whether the first counts; here they are, and it is day 0",
    )


_GAO_2023: Final = seen_at(
    "VA referral scheduling of 2020, as reported by GAO (GAO-23-105617)",
    "https://digirepo.nlm.nih.gov/txt/nlm:nlmuid-9918589885106676-pdf",
)


@final
class sched:
    """The process of 2020 for scheduling referrals, inside and in the community."""

    in_house: Final = Preset(
        name="us.va.sched.in_house",
        says="a referral inside is scheduled within 3 business days",
        starts_at="the referral is entered",
        allow=BusinessDays(3),
        binds="the referral coordination team",
        country=_US,
        source=_GAO_2023,
        seen=Seen.REPORTED,
        serves=((_REFERRAL, "book"),),
    )
    community: Final = Preset(
        name="us.va.sched.community",
        says="a referral to community care is scheduled within 7 days",
        starts_at="the referral is entered",
        allow=CalendarDays(7),
        binds="the referral coordination team",
        country=_US,
        source=_GAO_2023,
        seen=Seen.REPORTED,
        serves=((_REFERRAL, "book"),),
        unsaid="whether the days are calendar days, and whether the first counts; here they are, and it is day 0",
    )

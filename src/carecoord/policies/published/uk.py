"""
Rules of the United Kingdom: waiting times of the NHS in England.

All of them bind the provider; who refers can keep an eye on them. The two-week wait was withdrawn on 1 October 2023;
its name goes on in data as a priority. That a missed first appointment ends a clock of 18 weeks was not seen.
"""

from __future__ import annotations

from datetime import date
from typing import Final, final

from carecoord.policies.published.preset import Preset, Seen, seen_at
from carecoord.policies.spans import CalendarDays

_GB: Final = "GB"
_REPORT: Final = (("referral", "report"),)
_DAY_0: Final = "whether the first day counts; here it is day 0"

_PULSE: Final = "https://www.pulsetoday.co.uk/news/clinical-areas/cancer/two-week-wait-officially-scrapped-under-simplified-cancer-targets/"
_ALLIANCE: Final = seen_at(
    "Cancer waiting times, information for professionals (North East London Cancer Alliance)",
    "https://www.nelcanceralliance.nhs.uk/modernising-cancer-waiting-times-standards-information-healthcare-professionals",
)


@final
class nhs:
    """The NHS in England."""

    fds_28: Final = Preset(
        name="uk.nhs.fds_28",
        says="the faster diagnosis standard: a patient knows within 28 days of an urgent referral whether it is cancer;"
        " for 75 in 100, and the aim for 2025/26 is 80",
        starts_at="the urgent referral is received",
        allow=CalendarDays(28),
        binds="the provider",
        country=_GB,
        source=seen_at("NHS England, faster diagnosis standard, as reported by Pulse", _PULSE),
        seen=Seen.REPORTED,
        serves=(("referral", "report"), ("referral", "inform")),
        counts_from="sent_at",
        unsaid=_DAY_0,
    )
    cancer_31: Final = Preset(
        name="uk.nhs.cancer_31",
        says="treatment of a cancer begins within 31 days of the decision to treat; for 96 in 100",
        starts_at="the decision to treat",
        allow=CalendarDays(31),
        binds="the provider",
        country=_GB,
        source=_ALLIANCE,
        seen=Seen.PUBLISHER,
        unsaid=_DAY_0,
    )
    cancer_62: Final = Preset(
        name="uk.nhs.cancer_62",
        says="treatment of a cancer begins within 62 days of the referral or upgrade; for 85 in 100, for a time for 70",
        starts_at="the referral, or its upgrade",
        allow=CalendarDays(62),
        binds="the provider",
        country=_GB,
        source=_ALLIANCE,
        seen=Seen.PUBLISHER,
        serves=_REPORT,
        counts_from="sent_at",
        unsaid=_DAY_0,
    )
    two_week_wait: Final = Preset(
        name="uk.nhs.two_week_wait",
        says="withdrawn: a patient is seen within two weeks of an urgent referral for a suspected cancer",
        starts_at="the urgent referral is received",
        allow=CalendarDays(14),
        binds="the provider",
        country=_GB,
        source=seen_at("NHS England, the two-week wait and its end, as reported by Pulse", _PULSE),
        seen=Seen.REPORTED,
        serves=(("referral", "visit_outcome"),),
        counts_from="sent_at",
        until=date(2023, 10, 1),
        unsaid=_DAY_0,
    )
    rtt_18w: Final = Preset(
        name="uk.nhs.rtt_18w",
        says="treatment led by a consultant begins within 18 weeks of the referral",
        starts_at="the referral to a service led by a consultant (rule 1)",
        allow=CalendarDays(126),
        binds="the provider",
        country=_GB,
        source=seen_at(
            "Referral to treatment, rules suite of October 2022 (GOV.UK)",
            "https://www.gov.uk/government/publications/right-to-start-consultant-led-treatment-within-18-weeks/referral-to-treatment-consultant-led-waiting-times-rules-suite-october-2022",
        ),
        seen=Seen.PUBLISHER,
        serves=_REPORT,
        counts_from="sent_at",
        unsaid=_DAY_0,
    )
    cancer_diag_tat: Final = Preset(
        name="uk.nhs.cancer_diag_tat",
        says="the result of a test for a suspected cancer is there within 10 days; asked for, and no standard",
        starts_at="the test",
        allow=CalendarDays(10),
        binds="the provider",
        country=_GB,
        source=seen_at("NHS England, turnaround of cancer diagnostics, as reported by Pulse", _PULSE),
        seen=Seen.REPORTED,
        serves=(("test-result", "result"),),
        counts_from="collected_at",
        unsaid=_DAY_0,
    )

"""
Care compacts and the rules of single states: numbers that bind whoever signed, or whoever works there.

A compact is no rule for others; it shows what practices agree on, and each has its own number.
"""

from __future__ import annotations

from typing import Final, final

from carecoord.policies.published.preset import Preset, Seen, seen_at
from carecoord.policies.spans import CalendarDays, Hours, Months

_US: Final = "US"
_OUTCOME: Final = (("referral", "visit_outcome"),)
_NOTE: Final = (("referral", "visit_note"),)
_WEEKS: Final = "whether the day of the request counts; here it is day 0"

_PREMIER: Final = seen_at(
    "Premier Health Group, care compact",
    "https://premierhealth-staging.azurewebsites.net/healthcare-professionals/physician-connect/premier-health-group/provider-partnerships/compact-care/benefit-to-providers",
)
_TEMPLATE: Final = seen_at(
    "Care compact between primary care and specialty care, a template (DocsBay)",
    "https://docsbay.net/Care-Coordination-and-Care-Collaboration-Between-PCP-and-Specialty-Care",
)


@final
class compact:
    """Three compacts, and three answers to *how soon is a patient seen*: 4 weeks, 1 week, 4 weeks."""

    @final
    class premier:
        """Premier Health Group."""

        visit: Final = Preset(
            name="us.compact.premier.visit",
            says="a patient who is no emergency is seen within 4 weeks, or primary care is told",
            starts_at="the request",
            allow=CalendarDays(28),
            binds="the specialist",
            country=_US,
            source=_PREMIER,
            seen=Seen.PUBLISHER,
            serves=_OUTCOME,
            counts_from="sent_at",
            disagrees=("us.compact.template_a.visit_routine",),
            unsaid=_WEEKS,
        )
        response: Final = Preset(
            name="us.compact.premier.response",
            says="the specialist answers within 72 hours of each encounter, and by phone where it is critical",
            starts_at="each encounter",
            allow=Hours(72),
            binds="the specialist, to primary care",
            country=_US,
            source=_PREMIER,
            seen=Seen.PUBLISHER,
            serves=_NOTE,
            disagrees=("us.compact.template_a.response",),
        )

    @final
    class template_a:
        """A template that others fill in."""

        visit_routine: Final = Preset(
            name="us.compact.template_a.visit_routine",
            says="a patient who is not urgent is seen within 1 week",
            starts_at="the request",
            allow=CalendarDays(7),
            binds="the specialist",
            country=_US,
            source=_TEMPLATE,
            seen=Seen.PUBLISHER,
            serves=_OUTCOME,
            counts_from="sent_at",
            disagrees=("us.compact.premier.visit", "us.compact.bh_draft.visit"),
            unsaid=_WEEKS,
        )
        visit_urgent: Final = Preset(
            name="us.compact.template_a.visit_urgent",
            says="an urgent patient is seen within 48 hours",
            starts_at="the request",
            allow=Hours(48),
            binds="the specialist",
            country=_US,
            source=_TEMPLATE,
            seen=Seen.PUBLISHER,
            serves=_OUTCOME,
            counts_from="sent_at",
        )
        response: Final = Preset(
            name="us.compact.template_a.response",
            says="what the consult found is back within 48 hours",
            starts_at="the visit",
            allow=Hours(48),
            binds="the specialist, to primary care",
            country=_US,
            source=_TEMPLATE,
            seen=Seen.PUBLISHER,
            serves=_NOTE,
            disagrees=("us.compact.premier.response",),
        )
        admission_notice: Final = Preset(
            name="us.compact.template_a.admission_notice",
            says="primary care hears of an admission within 24 hours",
            starts_at="the admission",
            allow=Hours(24),
            binds="who admits, to primary care",
            country=_US,
            source=_TEMPLATE,
            seen=Seen.PUBLISHER,
            serves=(("care-transition", "notice"),),
        )

    @final
    class bh_draft:
        """A draft for behavioural health."""

        visit: Final = Preset(
            name="us.compact.bh_draft.visit",
            says="a patient who is no emergency is seen within 4 weeks; acceptance and date are told",
            starts_at="the referral",
            allow=CalendarDays(28),
            binds="behavioural health, to the practice",
            country=_US,
            source=seen_at(
                "Care compact with behavioural health, a draft (Docest)",
                "https://docest.com/doc/480220/practice-letter-head-or-name-draft",
            ),
            seen=Seen.PUBLISHER,
            serves=_OUTCOME,
            counts_from="sent_at",
            disagrees=("us.compact.template_a.visit_routine",),
            unsaid=_WEEKS,
        )


_DC: Final = seen_at("District of Columbia, 29 DCMR 5106, home health", "http://dcrules.elaws.us/dcmr/29-5106")
_REVIEW: Final = (("care-plan-review", "review"),)


@final
class dc:
    """The District of Columbia."""

    @final
    class hha:
        """Home health agencies: five lengths of time for one patient; a new certificate after a gap has none."""

        assess: Final = Preset(
            name="us.dc.hha.assess",
            says="the patient is assessed within 48 hours of the referral",
            starts_at="the referral",
            allow=Hours(48),
            binds="the agency",
            country=_US,
            source=_DC,
            seen=Seen.PUBLISHER,
        )
        plan: Final = Preset(
            name="us.dc.hha.plan",
            says="the plan of care is written within 72 hours of the evaluation",
            starts_at="the evaluation",
            allow=Hours(72),
            binds="the agency",
            country=_US,
            source=_DC,
            seen=Seen.PUBLISHER,
            serves=(("care-plan-review", "draft"),),
        )
        sign: Final = Preset(
            name="us.dc.hha.sign",
            says="the plan of care is signed within 30 days",
            starts_at="the plan of care",
            allow=CalendarDays(30),
            binds="the physician",
            country=_US,
            source=_DC,
            seen=Seen.PUBLISHER,
            serves=(("care-plan-review", "activate"),),
            unsaid="whether the first day counts; here it is day 0",
        )
        rn_review: Final = Preset(
            name="us.dc.hha.rn_review",
            says="a registered nurse reviews the plan of care at least every 62 days",
            starts_at="the last review",
            allow=CalendarDays(62),
            binds="a registered nurse of the agency",
            country=_US,
            source=_DC,
            seen=Seen.PUBLISHER,
            serves=_REVIEW,
            unsaid="whether the day of the last review counts; here it is day 0",
        )
        recertify: Final = Preset(
            name="us.dc.hha.recertify",
            says="the plan of care is certified again at least every 6 months",
            starts_at="the last certificate",
            allow=Months(6),
            binds="the physician",
            country=_US,
            source=_DC,
            seen=Seen.PUBLISHER,
            serves=_REVIEW,
        )


@final
class nc:
    """North Carolina."""

    homecare: Final = Preset(
        name="us.nc.homecare",
        says="the plan of care at home is reviewed at least every 3 months",
        starts_at="the last review",
        allow=Months(3),
        binds="the home care agency",
        country=_US,
        source=seen_at(
            "North Carolina, 10A NCAC 13J .1202, home care",
            "http://reports.oah.state.nc.us/ncac/title%2010a%20-%20health%20and%20human%20services/chapter%2013%20-%20nc%20medical%20care%20commission/subchapter%20j/10a%20ncac%2013j%20.1202.html",
        ),
        seen=Seen.PUBLISHER,
        serves=_REVIEW,
    )

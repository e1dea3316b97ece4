"""
Critical results: what single hospitals set, and the goal that leaves the number to each organisation.

There is no national number. Categories of a learned society (minutes, hours, days) have none either, and are not here.
"""

from __future__ import annotations

from typing import Final, final

from carecoord.policies.published.preset import Preset, Seen, heard, seen_at
from carecoord.policies.spans import CalendarDays, Hours, Minutes

_US: Final = "US"
_CRITICAL: Final = (("test-result", "critical"),)
_REVIEW: Final = (("test-result", "review"),)
_ALERT: Final = "the alert is created"


@final
class tjc:
    """The Joint Commission. The form of the goal that was seen is that of 2006; it has been restructured since."""

    npsg_020301: Final = Preset(
        name="us.tjc.npsg_020301",
        says="critical results reach a responsible caregiver within the time that the organisation defines",
        starts_at="the result is available",
        allow=None,
        binds="the organisation; it says who tells whom, and by which way where a clinician cannot be reached",
        country=_US,
        source=seen_at(
            "Joint Commission NPSG.02.03.01, in its form of 2006, as described by a trainer",
            "http://www.accreditationcenter.com/Critical-Test-and-Critical-Result-Reporting/64033",
        ),
        seen=Seen.REPORTED,
        serves=_CRITICAL,
    )


@final
class peacehealth:
    """One hospital's own number under the goal of the Joint Commission; not a rule for others."""

    critical: Final = Preset(
        name="us.peacehealth.critical",
        says="a critical result reaches a responsible caregiver within 30 minutes",
        starts_at="the result is available",
        allow=Minutes(30),
        binds="one hospital",
        country=_US,
        source=seen_at(
            "PeaceHealth, critical results (one hospital's measure)",
            "https://app.peacehealth.org/quality/HowWhat.asp?Measure=181&Hospital=4",
        ),
        seen=Seen.PUBLISHER,
        serves=_CRITICAL,
    )


_ANCR: Final = seen_at(
    "ANCR, communication of critical imaging results (Brigham and Women's Hospital)",
    "https://www.brighamandwomens.org/radiology/research/cebi/optimizing-communication-handoffs",
    "red 60 min, orange 3 h, yellow 3 days",
)


@final
class bwh:
    """Brigham and Women's Hospital; not a rule for others."""

    @final
    class ancr:
        """
        Alerts of its radiology: an alert that nobody acknowledges in this time goes up by itself.

        Sources disagree about yellow: the hospital's page says 3 days, and later papers are said to give 15.
        """

        red: Final = Preset(
            name="us.bwh.ancr.red",
            says="a red alert is acknowledged within 60 minutes",
            starts_at=_ALERT,
            allow=Minutes(60),
            binds="the referring physician; then they are paged",
            country=_US,
            source=_ANCR,
            seen=Seen.PUBLISHER,
            serves=_CRITICAL,
        )
        orange: Final = Preset(
            name="us.bwh.ancr.orange",
            says="an orange alert is acknowledged within 3 hours",
            starts_at=_ALERT,
            allow=Hours(3),
            binds="the referring physician",
            country=_US,
            source=_ANCR,
            seen=Seen.PUBLISHER,
            serves=(*_CRITICAL, *_REVIEW),
        )
        yellow: Final = Preset(
            name="us.bwh.ancr.yellow",
            says="a yellow alert is acknowledged within 3 days",
            starts_at=_ALERT,
            allow=CalendarDays(3),
            binds="the referring physician",
            country=_US,
            source=_ANCR,
            seen=Seen.PUBLISHER,
            serves=_REVIEW,
            disagrees=("us.bwh.ancr.yellow_later",),
            unsaid="whether 3 days are 72 hours; here they are calendar days, and that of the alert is day 0",
        )
        yellow_later: Final = Preset(
            name="us.bwh.ancr.yellow_later",
            says="later papers: a yellow alert is acknowledged within 15 days",
            starts_at=_ALERT,
            allow=CalendarDays(15),
            binds="the referring physician",
            country=_US,
            source=heard("ANCR, as later papers describe it"),
            seen=Seen.HEARSAY,
            serves=_REVIEW,
            disagrees=("us.bwh.ancr.yellow",),
        )


_UW: Final = seen_at(
    "Critical alert colours (University of Washington, as mirrored by DocsLib)",
    "http://DocsLib.org/doc/8090759/critical-alert-colors-list-below-and-save",
)


@final
class uw:
    """University of Washington; not a rule for others."""

    @final
    class critical:
        """
        Alerts by colour.

        The document disagrees with itself about orange: 12 hours in one place, 24 in another; there is one preset for
        each.
        """

        red: Final = Preset(
            name="us.uw.critical.red",
            says="a red alert is acted on within 1 hour",
            starts_at=_ALERT,
            allow=Hours(1),
            binds="who has the alert on the worklist",
            country=_US,
            source=_UW,
            seen=Seen.PUBLISHER,
            serves=_CRITICAL,
        )
        orange_12: Final = Preset(
            name="us.uw.critical.orange_12",
            says="an orange alert is acted on within 12 hours",
            starts_at=_ALERT,
            allow=Hours(12),
            binds="who has the alert on the worklist",
            country=_US,
            source=_UW,
            seen=Seen.PUBLISHER,
            serves=_REVIEW,
            disagrees=("us.uw.critical.orange_24",),
        )
        orange_24: Final = Preset(
            name="us.uw.critical.orange_24",
            says="an orange alert is acted on within 24 hours",
            starts_at=_ALERT,
            allow=Hours(24),
            binds="who has the alert on the worklist",
            country=_US,
            source=_UW,
            seen=Seen.PUBLISHER,
            serves=_REVIEW,
            disagrees=("us.uw.critical.orange_12",),
        )
        yellow: Final = Preset(
            name="us.uw.critical.yellow",
            says="a yellow alert is acted on within 48 hours",
            starts_at=_ALERT,
            allow=Hours(48),
            binds="who has the alert on the worklist",
            country=_US,
            source=_UW,
            seen=Seen.PUBLISHER,
            serves=_REVIEW,
        )


_MA: Final = heard(
    "Massachusetts Coalition, communicating critical test results",
    "http://macoalition.org/Initiatives/CCTRDiscussion1.shtml",
)
_LADDER: Final = "the ordering clinician, then who covers, then a fail-safe person"


@final
class ma_coalition:
    """Massachusetts Coalition. Its colours were seen, their numbers were not: all of it is hearsay."""

    red: Final = Preset(
        name="us.ma_coalition.red",
        says="a red result is told within 1 hour",
        starts_at="the result is available",
        allow=Hours(1),
        binds=_LADDER,
        country=_US,
        source=_MA,
        seen=Seen.HEARSAY,
        serves=_CRITICAL,
    )
    orange: Final = Preset(
        name="us.ma_coalition.orange",
        says="an orange result is told within 6 to 8 hours",
        starts_at="the result is available",
        allow=Hours(6),
        binds=_LADDER,
        country=_US,
        source=_MA,
        seen=Seen.HEARSAY,
        serves=_REVIEW,
        unsaid="which of the two; here the shorter",
    )
    yellow: Final = Preset(
        name="us.ma_coalition.yellow",
        says="a yellow result is told within 3 days",
        starts_at="the result is available",
        allow=CalendarDays(3),
        binds=_LADDER,
        country=_US,
        source=_MA,
        seen=Seen.HEARSAY,
        serves=_REVIEW,
    )

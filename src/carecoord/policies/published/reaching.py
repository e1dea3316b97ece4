"""
How often others try to reach a patient before they say: unable to reach.

No source gives one national number. Counts, ways and spacing are policy, graded by the risk to the patient; so there is
one preset for each source, and where two editions of one source disagree there is one for each. An attempt is never a
contact: a duty that ends so is excused, and not met.
"""

from __future__ import annotations

from typing import Final, final

from attrs import field, frozen

from carecoord.case import Attempts
from carecoord.events import Way
from carecoord.policies.published.preset import Seen, seen_at
from carecoord.vocabulary import Citation


@frozen(kw_only=True)
class Reaching:
    """
    How one source tries to reach a patient: `attempts` goes into a `Limit`.

    Args:
        name: Where it stands, below `reaching`.
        says: The ladder of the source in one sentence.
        attempts: What of it is counted before `UnableToReach` is admitted.
        source: Where it was read, and the day of the last look.
        seen: What was seen of it.
        disagrees: The names of others that say otherwise for the same patients.
        unsaid: What the source leaves open, or what cannot be counted, and how it is read here.
    """

    name: str
    says: str
    attempts: Attempts
    source: Citation
    seen: Seen = Seen.PUBLISHER
    disagrees: tuple[str, ...] = field(default=(), repr=False)
    unsaid: str = field(default="", repr=False)


_ONE_DAY: Final = "on how many days; here one is enough"

_SVMIC_2017: Final = seen_at(
    "SVMIC, missed appointments (Risk Pearls, May 2017)",
    "https://www.svmic.com/resources/newsletters/55/risk-pearls-may-2017",
)
_SVMIC_2022: Final = seen_at(
    "SVMIC, missed appointments (2022)",
    "http://online.flipbuilder.com/qrau/lsyp/files/basic-html/page33.html",
)


@final
class svmic:
    """
    An insurer's advice for missed appointments, graded by risk.

    Its two editions disagree about moderate risk: two calls and a certified letter in 2017, two calls and a first-class
    letter in 2022.
    """

    minimal: Final = Reaching(
        name="svmic.minimal",
        says="minimal risk: nothing, or one call or letter",
        attempts=Attempts(tries=1),
        source=_SVMIC_2022,
        unsaid="nothing would be enough as well; here it is one try, by any way",
    )
    moderate_2017: Final = Reaching(
        name="svmic.moderate_2017",
        says="moderate risk: two calls and a certified letter",
        attempts=Attempts(tries=3, ways=((Way.PHONE, 2), (Way.CERTIFIED_LETTER, 1))),
        source=_SVMIC_2017,
        disagrees=("svmic.moderate_2022",),
        unsaid=_ONE_DAY,
    )
    moderate_2022: Final = Reaching(
        name="svmic.moderate_2022",
        says="moderate risk: two calls and a first-class letter",
        attempts=Attempts(tries=3, ways=((Way.PHONE, 2), (Way.LETTER, 1))),
        source=_SVMIC_2022,
        disagrees=("svmic.moderate_2017",),
        unsaid=_ONE_DAY,
    )
    high: Final = Reaching(
        name="svmic.high",
        says="high risk: two calls, a first-class letter and a certified letter",
        attempts=Attempts(tries=4, ways=((Way.PHONE, 2), (Way.LETTER, 1), (Way.CERTIFIED_LETTER, 1))),
        source=_SVMIC_2022,
        unsaid=_ONE_DAY,
    )


positive_result: Final = Reaching(
    name="positive_result",
    says="a positive result: three phone messages, the emergency contacts, a letter, a certified letter, and a second"
    " one that states result, advice and consequences; then the insurer is called",
    attempts=Attempts(tries=6, ways=((Way.PHONE, 3), (Way.LETTER, 1), (Way.CERTIFIED_LETTER, 2))),
    source=seen_at(
        "Medical Economics, if you cannot deliver test results",
        "https://www.medicaleconomics.com/view/if-you-cant-deliver-test-results",
    ),
    unsaid="the emergency contacts and the insurer are no tries to reach the patient, and are not counted",
)

abnormal_pap: Final = Reaching(
    name="abnormal_pap",
    says="an abnormal Pap: a call, a letter, after 2 weeks a second, an outreach worker, a last certified letter",
    attempts=Attempts(
        tries=5, days=2, ways=((Way.PHONE, 1), (Way.LETTER, 2), (Way.VISIT, 1), (Way.CERTIFIED_LETTER, 1))
    ),
    source=seen_at(
        "Follow-up of abnormal Pap tests (NursingCenter)",
        "http://www.nursingcenter.com/journalarticle?Article_ID=531143&Journal_ID=54016&Issue_ID=531132",
    ),
    unsaid="the two weeks between the letters are not counted; two different days are",
)


@final
class no_show:
    """What single practices do where a patient did not come."""

    student_health: Final = Reaching(
        name="no_show.student_health",
        says="one call and one message; then the clinician decides, and at high risk a registered letter goes out",
        attempts=Attempts(tries=2, ways=((Way.PHONE, 1), (Way.MESSAGE, 1))),
        source=seen_at(
            "Student health of UC Santa Cruz, missed appointments",
            "http://shs-manual.ucsc.edu/policy/missed-appointment-no-show",
        ),
        disagrees=("no_show.handbook",),
        unsaid="the letter at high risk is the clinician's to order, and is not counted",
    )
    handbook: Final = Reaching(
        name="no_show.handbook",
        says="two calls and one letter; the emergency contact; a certified letter where it may come to court",
        attempts=Attempts(tries=3, ways=((Way.PHONE, 2), (Way.LETTER, 1))),
        source=seen_at(
            "A medical handbook, change of appointment status",
            "https://d2hassets.madcapsoftware.com/sample-output/medical-handbook/Documents/appointmentstatuschange.htm",
        ),
        disagrees=("no_show.student_health",),
        unsaid="the emergency contact is no try to reach the patient, and is not counted",
    )


@final
class tcm:
    """
    The contact of transitional care management, where nobody could be reached.

    Two vendors say that two or more separate attempts in time still let you report; a third says that a missed contact
    cannot be billed. That is about billing: here a contact that failed is excused in any case, and never met.
    """

    two_attempts: Final = Reaching(
        name="tcm.two_attempts",
        says="two or more separate attempts that failed, in a timely manner",
        attempts=Attempts(tries=2),
        source=seen_at(
            "Transitional care management, guidelines (eVigils)",
            "https://evigils.com/transitional-care-management-services-guidelines/",
            "two or more unsuccessful separate attempts in a timely manner",
        ),
        seen=Seen.REPORTED,
        unsaid="what is separate, and what is timely; here two tries since the discharge",
    )


def all_reachings() -> tuple[Reaching, ...]:
    """Return all of them, by name."""
    found = [positive_result, abnormal_pap]
    found += [one for place in (svmic, no_show, tcm) for one in vars(place).values() if isinstance(one, Reaching)]
    return tuple(sorted(found, key=lambda one: one.name))


__all__ = ["Reaching", "abnormal_pap", "all_reachings", "no_show", "positive_result", "svmic", "tcm"]

"""
What happens to a care plan: what the practice does with the patient, and the visits that bear on it.

A plan has versions, numbered upwards. A goal, a component of care and a visit have opaque names that are the host's:
they stand in effects and in what people are told, so no patient's text belongs in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any, Final

from attrs import field, frozen
from attrs.converters import optional

from carecoord.errors import ImpossibleEvent
from carecoord.events import Act, News
from carecoord.moments import moment

UNDER_WAY: Final = "under way"
"""The `relation` of `Linked` to a case that goes on: what it brings is brought in when it has ended."""


class Reason(Enum):
    """Why a patient was found for care management: the five groups of NCQA PCMH CM-01, and their letters."""

    BEHAVIORAL_HEALTH = "A: behavioral health conditions"
    HIGH_COST = "B: high cost or high utilization"
    POORLY_CONTROLLED = "C: poorly controlled or complex conditions"
    SOCIAL = "D: social determinants of health"
    REFERRED = "E: referred by another organization, by staff, patient, family or caregiver"


class Tier(Enum):
    """How high the risk is, as the practice stratifies its population (CM-03); the method is the host's."""

    LOW = "low risk"
    RISING = "rising risk"
    HIGH = "high risk"


class Element(Enum):
    """What a plan contains: first the five that CM-04 requires, then those of CM-06 and CM-08."""

    PROBLEMS = "the problem list"
    PROGNOSIS = "the expected outcome or prognosis"
    GOALS = "the treatment goals"
    MEDICATION = "how medication is managed"
    REVIEW_SCHEDULE = "when it is reviewed and revised"
    PREFERENCES = "the patient's preferences, and goals of life and function (CM-06)"
    SELF_MANAGEMENT = "what the patient does themselves (CM-08)"


class Barriers(Enum):
    """What is known of what stands between a patient and a goal (CM-07); none found is an answer too."""

    NOT_ASSESSED = "nobody asked"
    NONE_FOUND = "asked, and none found"
    ADDRESSED = "found, and something is done about them"


class Outcome(Enum):
    """What came of a review, or of weighing a visit."""

    UNCHANGED = "the plan stays as it is"
    REVISED = "there is a new version"


class Copy(Enum):
    """What became of a written copy."""

    GIVEN = "the patient, family or caregiver has it"
    OFFERED_DECLINED = "it was offered, and they do not want it"
    UNDELIVERABLE = "it came back, or could not be given"


class Channel(Enum):
    """How a copy was given."""

    IN_PERSON = "handed over"
    MAIL = "by mail"
    MESSAGE = "by a secure message"
    PORTAL = "in the portal alone"


class Sharing(Enum):
    """How others get to see the plan; only the first counts for CM-09."""

    ACCESSIBLE = "they see it when they see the patient, also after hours"
    PUSHED = "a copy was sent to them"


def _names(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(given))


def _reasons(given: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return them in their own order, so that a set of them is the same event in every process."""
    return tuple(sorted(set(given), key=tuple(Reason).index))


def _elements(given: Iterable[Element]) -> tuple[Element, ...]:
    return tuple(sorted(set(given), key=tuple(Element).index))


def _at_least_one(event: Any, _: Any, reasons: tuple[Reason, ...]) -> None:
    if not reasons:
        raise ImpossibleEvent(type(event).__name__, "`reasons` must name at least one of the groups A to E of CM-01")


# --- how it begins --------------------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class Identified(Act):
    """
    A patient was found for care management, for these reasons; found again, reasons are added and the tier is as said.

    Raises:
        ImpossibleEvent: there is no reason.
    """

    reasons: tuple[Reason, ...] = field(converter=_reasons, validator=_at_least_one)
    tier: Tier | None = None


# --- the plan and its versions --------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class OfVersion(Act):
    """
    An act that may make a version of the plan.

    What is None is as in the draft of that number, else as in the plan in force.

    Args:
        version: Its number; of a version that is in force or drafted it may be left out.
        elements: What it contains.
        goals: The goals, by name.
        barriers: (goal, what is known of its barriers).
        components: The components of care that it adds, by name; each has one responsible clinician.
        ends: Those that are none any longer. Only what is named here ends.
    """

    version: int | None = None
    elements: tuple[Element, ...] | None = field(default=None, converter=optional(_elements))
    goals: tuple[str, ...] | None = field(default=None, converter=optional(_names))
    barriers: tuple[tuple[str, Barriers], ...] | None = None
    components: tuple[str, ...] | None = field(default=None, converter=optional(_names))
    ends: tuple[str, ...] | None = field(default=None, converter=optional(_names))


class PlanDrafted(OfVersion):
    """A version was drafted, or a draft was changed; without a number it is the next."""

    __slots__ = ()


class PatientTookPart(Act):
    """The patient, or who speaks for them, took part in writing the plan."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class Activated(OfVersion):
    """The draft is in force, and is reviewed next then."""

    next_review_at: datetime | None = field(default=None, converter=optional(moment))


class ReviewStarted(Act):
    """Somebody began to review the plan; it stays in force."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class PlanReviewed(OfVersion):
    """The plan was reviewed, and stays as it is, or there is a new version; it is reviewed next then."""

    outcome: Outcome
    next_review_at: datetime | None = field(default=None, converter=optional(moment))


class RelevantVisit(News):
    """The patient was seen, and that bears on progress to a goal, or on the goal (CM-04); `about` names the visit."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class VisitWeighed(OfVersion):
    """Somebody weighed a visit, by default the only one: the plan stays as it is, or there is a new version."""

    outcome: Outcome


# --- who has it, and what it learns ---------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class CopyGiven(Act):
    """
    What became of a written copy of a version, by default of the one in force.

    The portal alone counts where the patient is known to have access: `portal_access`.
    """

    version: int | None = None
    channel: Channel
    outcome: Copy
    recipient: str = "patient"
    portal_access: bool = False

    def tells(self) -> str | None:
        return self.recipient if self.outcome is Copy.GIVEN else None


@frozen(kw_only=True, eq=False, repr=False)
class PlanShared(Act):
    """Others can see the plan, or were sent a copy; `about` names them. That is no copy for the patient."""

    how: Sharing


@frozen(kw_only=True, eq=False, repr=False)
class InformationBroughtIn(Act):
    """What another case brought stands in the plan; `about` names one thing of it, by default it is all of it."""

    case: str
    version: int | None = None


class GoalMeasured(Act):
    """Somebody measured how far a goal is reached; `about` names it."""

    __slots__ = ()


@frozen(kw_only=True, eq=False, repr=False)
class ComponentAssigned(Act):
    """A component of care, named in `about`, is to be a clinician's; until they accept it is whose it was."""

    clinician: str


class ComponentAccepted(Act):
    """The actor takes the component of care that they were assigned, and answers for it from now on."""

    __slots__ = ()


# --- how it ends ----------------------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class Completed(Act):
    """The goals are met, or the plan was handed on; `reason` is a code."""

    reason: str


@frozen(kw_only=True, eq=False, repr=False)
class Revoked(Act):
    """The practice stops the plan, or does without one; `reason` is a code."""

    reason: str


@frozen(kw_only=True, eq=False, repr=False)
class PatientDeclined(Act):
    """The patient does not want a plan, or no longer wants it."""

    reason: str = ""

"""What is known of a test result beyond its state, and what can be read from that."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from attrs import evolve, field, frozen

from carecoord.events import Event, Facts
from carecoord.workflows.diagnostic_result.events import RESULT, Kind, Severity, Status
from carecoord.workflows.diagnostic_result.states import R, ResultState

GRAVITY: Final = {Severity.NORMAL: 0, Severity.UNKNOWN: 1, Severity.ABNORMAL: 1, Severity.CRITICAL: 2}

PATIENT: Final = "patient"
"""How the patient is called among those who were told."""


@frozen(kw_only=True)
class Version:
    """
    One version of one component that was written to us and stands.

    `normal` says that a clinician called it so although no flag did; `known` that the orderer or
    a surrogate knows of it; `reviewed` that a clinician read it; `told` that the patient was told,
    or need not be.
    """

    component: str
    number: int
    status: Status
    severity: Severity
    available_at: datetime
    corrects: bool = False
    normal: bool = False
    known: bool = False
    reviewed: bool = False
    told: bool = False

    @property
    def name(self) -> str:
        return f"{self.component}:{self.number}"

    @property
    def final(self) -> bool:
        return self.status is Status.FINAL

    @property
    def abnormal(self) -> bool:
        """Whether it counts as abnormal: without a flag it does, until a clinician says otherwise."""
        return self.severity is not Severity.NORMAL and not self.normal


@frozen(kw_only=True, eq=False, repr=False)
class ResultFacts(Facts):
    """
    What is known of a test result.

    `ordered` is whether somebody answers for it; `components` are those that are wanted. Of these, `not_done`
    are those that were not, `cancelled` those that the laboratory gave up, `let_go` those that we did, and
    `withdrawn` those that ended with the order. `undecided` is what somebody here must decide about, `doubted`
    the versions by which the laboratory no longer stands. `versions` stand, `struck` were taken back. `reviews`
    are the versions with which a review began that is not done, `alarms` the components of which a critical
    result is not known to be known. `phoned` are components of which only a voice is here, `ahead` those of
    which a voice was heard whole before anything critical was written. `seen` is what the patient has read,
    `unexplained` what of that begins `explain` now. `told` pairs each component with whoever was told of it,
    `owed` each person with the component whose correction they are owed, `repaid` whoever just got the last of
    theirs. `findings` are to be followed up.

    `severity` and `available_at` are for limits alone, which see those of what they are about.
    A name that ends in `_by` holds the key of the event that brought it about.
    """

    kind: Kind = Kind.LABORATORY
    ordered: bool = False
    order: str = ""
    stay: str = ""
    planned_for: datetime | None = None
    born_at: datetime | None = None
    expected_by: datetime | None = None
    collected_at: datetime | None = None
    components: tuple[str, ...] = ()
    not_done: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    let_go: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    struck: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    phoned: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    explain_by: str = ""
    told: tuple[tuple[str, str], ...] = ()
    owed: tuple[tuple[str, str], ...] = ()
    repaid: tuple[str, ...] = ()
    repaid_by: str = ""
    findings: tuple[str, ...] = ()
    delay_asked: bool = False
    delay_until: datetime | None = None
    delay_condition: str = field(default="", repr=False)
    portal_counts: bool = False
    severity: Severity = Severity.UNKNOWN
    available_at: datetime | None = None


# --- what an event speaks of ----------------------------------------------------------------


def component_of(facts: ResultFacts, event: Event) -> str:
    """Return the component that an event names; without one, the only one that is wanted or here."""
    if event.about is not None:
        return event.about
    known = every_component(facts)
    if not known:
        return RESULT
    return known[0] if len(known) == 1 else ""


def every_component(facts: ResultFacts) -> tuple[str, ...]:
    """Return the components that are wanted, or here."""
    return with_more(facts.components, *(one.component for one in facts.versions))


def split(name: str) -> tuple[str, int]:
    """Return component and number of a version's name; the number is 0 where there is none."""
    component, _, number = name.rpartition(":")
    return component, int(number) if number.isdecimal() else 0


def named(facts: ResultFacts, name: str) -> Version | None:
    """Return the version of this name, if it stands."""
    return next((one for one in facts.versions if one.name == name), None)


def newest(facts: ResultFacts, component: str) -> Version | None:
    """Return the newest version of a component that stands."""
    some = [one for one in facts.versions if one.component == component]
    return max(some, key=lambda one: one.number) if some else None


def is_newest(facts: ResultFacts, name: str) -> bool:
    """Whether this is the newest version of its component."""
    last = newest(facts, split(name)[0])
    return last is not None and last.name == name


def is_read(facts: ResultFacts, component: str) -> bool:
    """Whether a clinician read the newest version of a component."""
    last = newest(facts, component)
    return last is not None and last.reviewed


def numbers(facts: ResultFacts, component: str) -> tuple[str, ...]:
    """Return the names of all versions of a component, also of those that were taken back."""
    struck = (name for name in facts.struck if split(name)[0] == component)
    return with_more(tuple(one.name for one in facts.versions if one.component == component), *struck)


# --- what is here, and what is not ----------------------------------------------------------


def is_final(facts: ResultFacts, component: str) -> bool:
    """Whether a version of it stands that is final."""
    return any(one.final for one in facts.versions if one.component == component)


def given_up(facts: ResultFacts, component: str) -> bool:
    """Whether nothing of it is waited for, although it is not here."""
    return component in (*facts.cancelled, *facts.let_go, *facts.withdrawn)


def awaited(facts: ResultFacts) -> tuple[str, ...]:
    """Return the components, wanted or here, of which no final version is here and none was given up."""
    return tuple(one for one in every_component(facts) if not is_final(facts, one) and not given_up(facts, one))


def open_questions(facts: ResultFacts) -> tuple[str, ...]:
    """Return the components about which somebody here must decide."""
    return tuple(one for one in facts.undecided if one not in facts.withdrawn)


def place(facts: ResultFacts) -> ResultState:
    """Return where a claimed and open case stands: what is here says so, and nothing else does."""
    lacking = awaited(facts)
    if facts.versions:
        return R.PARTIAL if lacking else R.RESULTED
    if any(one in lacking for one in facts.phoned):
        return R.PARTIAL
    if all(one in facts.not_done for one in lacking) and (facts.cancelled or facts.not_done):
        return R.NOT_DONE
    return R.COLLECTED if facts.collected_at is not None else R.ORDERED


def concerned(facts: ResultFacts, event: Event) -> tuple[str, ...]:
    """Return the components of which an event of the laboratory speaks: the one it names, or all that are known."""
    known = every_component(facts)
    if event.about is None:
        return known
    return (event.about,) if event.about in known else ()


# --- what the patient is to be told ---------------------------------------------------------


def to_tell(facts: ResultFacts, component: str) -> Version | None:
    """Return the version of a component that the patient is to be told: the newest that is final, unless they were."""
    last = newest(facts, component)
    if last is not None and not last.final:
        # Something came behind a final version that is not final itself: what is final is told.
        finals = [one for one in facts.versions if one.component == component and one.final]
        last = max(finals, key=lambda one: one.number) if finals else None
    return None if last is None or last.told else last


def waits_since(facts: ResultFacts, version: Version) -> datetime:
    """Return since when something of this kind is available that the patient was not told of."""
    alike = [
        one.available_at
        for one in facts.versions
        if one.component == version.component and one.final and not one.told and one.abnormal is version.abnormal
    ]
    return min(alike, default=version.available_at)


# --- what a limit sees ----------------------------------------------------------------------


def seen_of_a_version(facts: ResultFacts, item: str) -> ResultFacts:
    """Return the facts as a limit for one version reads them: with its severity, and since when it is available."""
    version = named(facts, item) or newest(facts, split(item)[0])
    if version is None:
        return facts
    severity = Severity.NORMAL if version.normal else version.severity
    return facts.but(severity=severity, available_at=waits_since(facts, version))


def seen_of_a_component(facts: ResultFacts, item: str) -> ResultFacts:
    """Return the facts as a limit for one component reads them: with the severity of its newest version."""
    version = newest(facts, item)
    return facts if version is None else seen_of_a_version(facts, version.name)


def seen_of_all(facts: ResultFacts, _: str) -> ResultFacts:
    """Return the facts as a limit for the case reads them: with the gravest severity of what is here."""
    if not facts.versions:
        return facts
    gravest = max(facts.versions, key=lambda one: (GRAVITY[one.severity], one.name))
    return facts.but(severity=gravest.severity, available_at=min(one.available_at for one in facts.versions))


# --- words for lessons ----------------------------------------------------------------------


def with_more(known: tuple[str, ...], *more: str) -> tuple[str, ...]:
    """Return the names with more of them, each once, in the order in which they came."""
    return tuple(dict.fromkeys((*known, *more)))


def without(known: tuple[str, ...], *gone: str) -> tuple[str, ...]:
    """Return the names without some of them."""
    return tuple(one for one in known if one not in gone)


def with_version(facts: ResultFacts, version: Version) -> ResultFacts:
    """Return the facts with this version, in the place of one of the same name."""
    others = [one for one in facts.versions if one.name != version.name]
    return facts.but(versions=tuple(sorted((*others, version), key=lambda one: (one.component, one.number))))


def marked(facts: ResultFacts, names: tuple[str, ...], **changes: Any) -> ResultFacts:
    """Return the facts with these versions changed."""
    return facts.but(versions=tuple(evolve(one, **changes) if one.name in names else one for one in facts.versions))

"""What is known of a test result beyond its state, and what can be read from that."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from attrs import evolve, field, frozen

from carecoord.events import Event, Facts
from carecoord.workflow import with_more
from carecoord.workflows.diagnostic_result.events import RESULT, Kind, Severity, Status
from carecoord.workflows.diagnostic_result.states import R, ResultState

GRAVITY: Final = {Severity.NORMAL: 0, Severity.UNKNOWN: 1, Severity.ABNORMAL: 1, Severity.CRITICAL: 2}

_ORDER: Final = attrgetter("order", "number")

PATIENT: Final = "patient"
"""How the patient is called among those who were told."""


@frozen(kw_only=True)
class Version:
    """
    One version of one component that was written to us and stands.

    `order` is its place among the versions of its component: as they are numbered, but one that is
    final, or graver, stands above what was here. `normal` says that a clinician called it so
    although no flag did; `known` that the orderer or a surrogate knows of it; `reviewed` that a
    clinician read it; `told` that the patient was told, or need not be.
    """

    component: str
    number: int
    status: Status
    severity: Severity
    available_at: datetime
    order: int
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
    are the versions with which a review began that is not done. `alarms`, `phoned` and `ahead` pair a component
    with the number of a version: one that is critical and not known to be known, one that was called and is not
    written, and one of these of which the call was whole. `seen` is what the patient has read, `unexplained`
    what of that begins `explain` now. `told` pairs each version with whoever was told it, `owed` each person
    with the component whose correction they are owed, `repaid` whoever just got the last of theirs. `findings`
    are to be followed up.

    `severity` and `available_at` are for limits alone, which see those of what they are about; of news that
    nobody can place, its own.
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
    alarms: tuple[tuple[str, int], ...] = ()
    phoned: tuple[tuple[str, int], ...] = ()
    ahead: tuple[tuple[str, int], ...] = ()
    seen: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    explain_by: str = ""
    told: tuple[tuple[str, str], ...] = ()
    owed: tuple[tuple[str, str], ...] = ()
    repaid: tuple[str, ...] = ()
    repaid_by: str = ""
    findings: tuple[str, ...] = ()
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
    return max(some, key=_ORDER) if some else None


def highest(facts: ResultFacts, component: str) -> int:
    """Return the highest number under which a version of a component stands, or 0."""
    return max((one.number for one in facts.versions if one.component == component), default=0)


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


def up_to(facts: ResultFacts, name: str) -> tuple[str, ...]:
    """Return this version and all of its component that it takes the place of, also those that were taken back."""
    component, number = split(name)
    known = named(facts, name)
    order = number if known is None else known.order
    below = {one.name for one in facts.versions if one.order > order}
    return tuple(one for one in numbers(facts, component) if one not in below and (known or split(one)[1] <= number))


def alarmed(facts: ResultFacts) -> tuple[str, ...]:
    """Return the components of which something critical is not known to be known."""
    return with_more((), *(component for component, _ in facts.alarms))


def called_only(facts: ResultFacts) -> tuple[str, ...]:
    """Return the components of which a call told something that is not written."""
    return with_more((), *(component for component, _ in facts.phoned))


# --- what is here, and what is not ----------------------------------------------------------


def is_final(facts: ResultFacts, component: str) -> bool:
    """Whether a version of it stands that is final."""
    return any(one.final for one in facts.versions if one.component == component)


def given_up(facts: ResultFacts, component: str) -> bool:
    """Whether nothing of it is waited for, although it is not here."""
    return component in (*facts.cancelled, *facts.let_go, *facts.withdrawn)


def awaited(facts: ResultFacts) -> tuple[str, ...]:
    """Return the components, wanted or here, that were not given up, and lack what is final or what was called."""
    called = called_only(facts)
    lacking = (one for one in every_component(facts) if one in called or not is_final(facts, one))
    return tuple(one for one in lacking if not given_up(facts, one))


def open_questions(facts: ResultFacts) -> tuple[str, ...]:
    """Return the components about which somebody here must decide."""
    return tuple(one for one in facts.undecided if one not in facts.withdrawn)


def place(facts: ResultFacts) -> ResultState:
    """Return where a claimed and open case stands: what is here says so, and nothing else does."""
    lacking = awaited(facts)
    if facts.versions:
        return R.PARTIAL if lacking else R.RESULTED
    if any(one in lacking for one in called_only(facts)):
        return R.PARTIAL
    ended = facts.cancelled or facts.not_done or facts.let_go or facts.withdrawn
    if ended and all(one in facts.not_done for one in lacking):
        return R.NOT_DONE
    return R.COLLECTED if facts.collected_at is not None else R.ORDERED


def concerned(facts: ResultFacts, event: Event) -> tuple[str, ...]:
    """Return the components of which an event of the laboratory speaks: the one it names, or all that are known."""
    known = every_component(facts)
    if event.about is None:
        return known
    return (event.about,) if event.about in known else ()


# --- what the patient is to be told ---------------------------------------------------------


def to_tell(facts: ResultFacts, component: str) -> tuple[Version, ...]:
    """
    Return what the patient is to be told of a component, unless they were: the newest version that is final.

    What stands above it and is abnormal is told as well, once nothing final is awaited that would
    tell; and so is what will never be final.
    """
    some = [one for one in facts.versions if one.component == component]
    finals = [one for one in some if one.final]
    tell = [max(finals, key=_ORDER)] if finals else []
    last = max(some, key=_ORDER, default=None)
    above = last is not None and not last.final and component not in awaited(facts)
    if last is not None and above and (last.abnormal or not finals):
        tell.append(last)
    return tuple(one for one in tell if not one.told)


def waits_since(facts: ResultFacts, version: Version) -> datetime:
    """Return since when something of this kind is available that the patient was not told of."""
    alike = [
        one.available_at
        for one in facts.versions
        if one.component == version.component
        and (one.final or one is version)
        and not one.told
        and one.abnormal is version.abnormal
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


def seen_of_an_order(facts: ResultFacts, _: str) -> ResultFacts:
    """Return the facts as a limit for what is awaited reads them: what was taken early waits for no day."""
    planned, taken = facts.planned_for, facts.collected_at
    return facts.but(planned_for=None) if planned and taken and taken < planned else facts


def seen_of_all(facts: ResultFacts, _: str) -> ResultFacts:
    """Return the facts as a limit for the case reads them: with the gravest severity of what is here."""
    if not facts.versions:
        return facts
    gravest = max(facts.versions, key=lambda one: (GRAVITY[one.severity], one.name))
    return facts.but(severity=gravest.severity, available_at=min(one.available_at for one in facts.versions))


# --- words for lessons ----------------------------------------------------------------------


def with_version(facts: ResultFacts, version: Version) -> ResultFacts:
    """Return the facts with this version, in the place of one of the same name."""
    others = [one for one in facts.versions if one.name != version.name]
    return facts.but(versions=tuple(sorted((*others, version), key=lambda one: (one.component, one.number))))


def marked(facts: ResultFacts, names: tuple[str, ...], **changes: Any) -> ResultFacts:
    """Return the facts with these versions changed."""
    return facts.but(versions=tuple(evolve(one, **changes) if one.name in names else one for one in facts.versions))

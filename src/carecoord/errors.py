"""
Everything carecoord refuses.

Each error is data first: it has fields and a stable `code`, and equals another of its kind
with the same fields. Its sentence is made from the fields alone, says what would be right
instead, and never carries what a person wrote. A new refusal is a new class here with its
cause and its remedy: the reference page of errors is printed from this file.
"""

from __future__ import annotations

from typing import ClassVar

from attrs import define, fields


@define(slots=False)
class CarecoordError(Exception):
    """The base of all that carecoord raises."""

    code: ClassVar[str] = "carecoord"
    cause: ClassVar[str] = "Something was refused; the kinds below say what."
    remedy: ClassVar[str] = "Catch the kind you can do something about."

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.args == other.args

    def __hash__(self) -> int:
        return hash((type(self), self.args))

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({self._told()})"

    def __str__(self) -> str:
        return f"{self.code}: {self._told()}"

    def _told(self) -> str:
        return ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(type(self)))


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words)


@define(slots=False, eq=False, repr=False)
class NaiveMoment(CarecoordError):
    """A date-time without a time zone came in by a public door."""

    code: ClassVar[str] = "naive-moment"
    cause: ClassVar[str] = "A date-time without a time zone names no point in time."
    remedy: ClassVar[str] = "Pass an aware datetime, such as `pendulum.datetime(..., tz='America/Boise')`."

    moment: str

    def __str__(self) -> str:
        return (
            f"{self.moment} has no time zone; pass an aware datetime, such as"
            " pendulum.datetime(..., tz='America/Boise')"
        )


@define(slots=False, eq=False, repr=False)
class NotAMoment(CarecoordError):
    """Something that is no date-time came where a moment belongs, or a zone that nobody knows."""

    code: ClassVar[str] = "not-a-moment"
    cause: ClassVar[str] = "Something that is no point in time came where one belongs."
    remedy: ClassVar[str] = "Pass an aware datetime, an ISO 8601 text with an offset, or `Day(date, zone)`."

    what: str

    def __str__(self) -> str:
        return f"{self.what} is no point in time; pass an aware datetime, or ISO 8601 text with an offset"


@define(slots=False, eq=False, repr=False)
class ImpossibleTiming(CarecoordError):
    """A span, calendar, ladder, limit or table that can never be right."""

    code: ClassVar[str] = "impossible-timing"
    cause: ClassVar[str] = "A span, calendar, ladder, limit or table of limits contradicts itself."
    remedy: ClassVar[str] = "The sentence says which part; give it a value in the stated range."

    what: str
    problem: str

    def __str__(self) -> str:
        return f"{self.what}: {self.problem}"


@define(slots=False, eq=False, repr=False)
class ImpossibleEvent(CarecoordError):
    """An event that could not be kept: no key, or a field of the wrong kind."""

    code: ClassVar[str] = "impossible-event"
    cause: ClassVar[str] = "An event was made with a field that cannot be kept."
    remedy: ClassVar[str] = "Give each event a key of at least one character and fields of the declared kinds."

    event: str
    problem: str

    def __str__(self) -> str:
        return f"{self.event}: {self.problem}"


@define(slots=False, eq=False, repr=False)
class UnsoundWorkflow(CarecoordError):
    """A workflow whose table cannot be trusted; it does not come into being."""

    code: ClassVar[str] = "unsound-workflow"
    cause: ClassVar[str] = (
        "A workflow's table has a hole: a state nobody reaches, a row nobody reads, a duty nobody can meet."
    )
    remedy: ClassVar[str] = "Mend each row that the sentence names; `Workflow` checks the table anew when it is made."

    workflow: str
    problems: tuple[str, ...]

    def __str__(self) -> str:
        return f"workflow '{self.workflow}' is unsound: " + "; ".join(self.problems)


@define(slots=False, eq=False, repr=False)
class IncompleteRulebook(CarecoordError):
    """A rulebook or practice with a gap; it does not come into being."""

    code: ClassVar[str] = "incomplete-rulebook"
    cause: ClassVar[str] = (
        "A workflow was introduced to policies that leave a clock without a limit, or a ladder without a person."
    )
    remedy: ClassVar[str] = (
        "Give every clock an unconditional last row, every ladder a staffed last rung, and name a default queue."
    )

    workflow: str
    problems: tuple[str, ...]

    def __str__(self) -> str:
        return f"rulebook for '{self.workflow}' is incomplete: " + "; ".join(self.problems)


@define(slots=False, eq=False, repr=False)
class WrongRulebook(CarecoordError):
    """A case met the rulebook of another workflow or another version of its own."""

    code: ClassVar[str] = "wrong-rulebook"
    cause: ClassVar[str] = "A case, an entry or data met a workflow that is not its own, or another version of it."
    remedy: ClassVar[str] = "Load the rulebook that the case names, or migrate the case on purpose."

    case_id: str
    wanted: str
    given: str

    def __str__(self) -> str:
        return f"case '{self.case_id}' runs under {self.wanted} and was given {self.given}; use the rulebook it names"


@define(slots=False, eq=False, repr=False)
class ForeignEvent(CarecoordError):
    """An event that this workflow does not know."""

    code: ClassVar[str] = "foreign-event"
    cause: ClassVar[str] = "An event of another workflow, or no event at all, was handed in."
    remedy: ClassVar[str] = "Hand in an event that the workflow lists, or one of the common events."

    workflow: str
    event: str

    def __str__(self) -> str:
        return f"'{self.workflow}' knows no event {self.event}; `workflow.events` lists what it takes"


@define(slots=False, eq=False, repr=False)
class Refused(CarecoordError):
    """
    An act that no row or no guard allows where it stands.

    `claims` are the claims that failed (none where no row exists), `expected` the events
    that would be taken, `overtakes` the keys of acts that this late act would overtake.
    """

    code: ClassVar[str] = "refused"
    cause: ClassVar[str] = "An act was handed in that does not fit where it stands by the time it happened."
    remedy: ClassVar[str] = (
        "Nothing was changed. Do what the failed claims want first, or hand in one of the expected events."
    )

    case_id: str
    workflow: str
    state: str
    event: str
    claims: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    overtakes: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"{self.workflow} '{self.case_id}' is {self.state} and cannot take {self.event}"
        if self.overtakes:
            return f"{said}: it would overtake what was taken under {_listed(self.overtakes)}; retract that first"
        if self.claims:
            said += f": not shown that {'; '.join(self.claims)}"
        return f"{said}; from here it can take {_listed(self.expected)}" if self.expected else said


@define(slots=False, eq=False, repr=False)
class KeyReused(CarecoordError):
    """A key came before with other content."""

    code: ClassVar[str] = "key-reused"
    cause: ClassVar[str] = "Two different events carry one idempotency key, so one of them would be lost."
    remedy: ClassVar[str] = "Give each event a key of its own; to change one, hand in `Retracted` or `MomentCorrected`."

    case_id: str
    key: str

    def __str__(self) -> str:
        return f"case '{self.case_id}' took another event under the key '{self.key}'; give this one a key of its own"


@define(slots=False, eq=False, repr=False)
class HistoryNeeded(CarecoordError):
    """The event belongs before something already taken, and the case came without its history."""

    code: ClassVar[str] = "history-needed"
    cause: ClassVar[str] = "Late news, a retraction or a corrected moment has to be put in its place among all events."
    remedy: ClassVar[str] = (
        "Call again with `history=` the case's entries in the order of handing in. Nothing was changed."
    )

    case_id: str
    event: str
    key: str

    def __str__(self) -> str:
        return (
            f"{self.event} '{self.key}' belongs before events that case '{self.case_id}' has taken;"
            " call again with history= all its entries"
        )


@define(slots=False, eq=False, repr=False)
class HistoryIncomplete(CarecoordError):
    """The entries handed in are not the whole history of the case."""

    code: ClassVar[str] = "history-incomplete"
    cause: ClassVar[str] = "The entries handed in are fewer, more or other than those the case was made of."
    remedy: ClassVar[str] = "Load all entries of this case in the order of handing in, the opening first."

    case_id: str
    wanted: int
    found: int
    missing: str = ""

    def __str__(self) -> str:
        if self.missing:
            return f"an entry of case '{self.case_id}' lacks the policy's answer for clock '{self.missing}'"
        if self.wanted != self.found:
            return f"case '{self.case_id}' took {self.wanted} events and the history has {self.found}"
        return f"the history has as many events as case '{self.case_id}' took, but they are not the same ones"


@define(slots=False, eq=False, repr=False)
class NoLimit(CarecoordError):
    """The timing policy gave no limit for a clock that an act would start."""

    code: ClassVar[str] = "no-limit"
    cause: ClassVar[str] = "A timing policy failed, or has no row in force, for a clock that an act would start."
    remedy: ClassVar[str] = (
        "Mend the policy. News is kept all the same, with a provisional deadline; an act is refused."
    )

    case_id: str
    clock: str

    def __str__(self) -> str:
        return (
            f"the timing policy gives no limit for clock '{self.clock}' of case '{self.case_id}'; nothing was changed"
        )


@define(slots=False, eq=False, repr=False)
class Unreadable(CarecoordError):
    """Stored or sent data that cannot be read; names the place and the expectation, never the value."""

    code: ClassVar[str] = "unreadable"
    cause: ClassVar[str] = "Data is malformed, has an unknown key, tag or version, or lacks a part."
    remedy: ClassVar[str] = "The path says where; the expectation says what belongs there."

    path: str
    expected: str

    def __str__(self) -> str:
        return f"cannot read {self.path}: expected {self.expected}"

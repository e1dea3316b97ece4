"""
What the host owes now: small values, said once, true when said.

Effects say what changed and whom to tell. They send nothing; delivery by `id`, at least
once, is the host's.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, TypeAlias

from attrs import frozen

from carecoord.case import How
from carecoord.vocabulary import Role


@frozen
class _Effect:
    """What all effects share: the case, and an id worked out from what the effect speaks of."""

    kind: ClassVar[str]
    speaks_of: ClassVar[tuple[str, ...]]

    case_id: str

    @property
    def id(self) -> str:
        """Unique within the life of the case; the same id is the same effect."""
        parts = (self.case_id, self.kind, *(str(getattr(self, name)) for name in self.speaks_of))
        return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


@frozen
class Moved(_Effect):
    """The life-cycle state changed; `was` is None for the opening. `by_correction`: after folding again."""

    kind: ClassVar[str] = "moved"
    speaks_of: ClassVar[tuple[str, ...]] = ("seq",)

    seq: int
    was: str | None
    to: str
    by_correction: bool = False


@frozen
class ReadyToClose(_Effect):
    """Nothing that closing depends on is owed any longer: somebody may close the loop."""

    kind: ClassVar[str] = "ready-to-close"
    speaks_of: ClassVar[tuple[str, ...]] = ("seq",)

    seq: int


@frozen
class _OfDeadline(_Effect):
    speaks_of: ClassVar[tuple[str, ...]] = ("clock", "item", "round", "revision")

    clock: str
    item: str
    round: int
    revision: int


@frozen
class DeadlineSet(_OfDeadline):
    """A duty began, moved, came back or is no longer held; `previous` is the due moment told before, if one was."""

    kind: ClassVar[str] = "deadline-set"

    due_at: datetime
    opens_at: datetime | None = None
    previous: datetime | None = None
    provisional: bool = False


@frozen
class DeadlineSettled(_OfDeadline):
    """A duty ended; only MET is in time."""

    kind: ClassVar[str] = "deadline-settled"

    how: How
    why: str
    started_at: datetime
    due_at: datetime
    at: datetime


@frozen
class DeadlineHeld(_OfDeadline):
    """
    A pause holds a duty: nothing of it is told until it is set again, and then later by what the pause took.

    It is held since `since`, and stays so however far `due_at` is passed; `previous` is the
    due moment told before, if one was.
    """

    kind: ClassVar[str] = "deadline-held"

    due_at: datetime
    since: datetime
    opens_at: datetime | None = None
    previous: datetime | None = None
    provisional: bool = False


@frozen
class DeadlineMissed(_OfDeadline):
    """The due moment came and the duty is still owed; it stays owed."""

    kind: ClassVar[str] = "deadline-missed"

    due_at: datetime


@frozen
class Escalated(_OfDeadline):
    """
    A rung of the ladder fell due at `at`: tell somebody in this role.

    `repeat` counts the repeats of the last rung; `queue` is set where the ladder is used up
    and the default queue must hear of it.
    """

    kind: ClassVar[str] = "escalated"
    speaks_of: ClassVar[tuple[str, ...]] = ("clock", "item", "round", "revision", "rung", "repeat")

    rung: int
    repeat: int
    at: datetime
    notify: Role
    queue: str | None = None


@frozen
class StoodDown(_OfDeadline):
    """What was set or told of this duty no longer stands; `notify` are the roles that were told."""

    kind: ClassVar[str] = "stood-down"

    notify: tuple[Role, ...]


Effect: TypeAlias = (
    Moved | ReadyToClose | DeadlineSet | DeadlineSettled | DeadlineHeld | DeadlineMissed | Escalated | StoodDown
)

EFFECTS: tuple[type[Effect], ...] = (
    Moved,
    ReadyToClose,
    DeadlineSet,
    DeadlineSettled,
    DeadlineHeld,
    DeadlineMissed,
    Escalated,
    StoodDown,
)

"""
Workflows that are wrong on purpose: where they are made, and what they are made with.

A specification counts as good only as long as it finds them out. Each differs from a right one by a row, a clock, a
lesson or a function, and names the test that fails for it.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from attrs import evolve, field, frozen

from carecoord import Rulebook, Workflow
from carecoord.policies import LimitTable
from carecoord.tables import All

Make = Callable[[ExitStack], Workflow[Any, Any] | LimitTable | Rulebook[Any, Any] | None]
"""What is wrong: a workflow, rows or a rulebook; or nothing, where something was changed under the right one."""


@frozen
class WrongWorkflow:
    """What is wrong, how it is made so, and the test that finds it out."""

    name: str
    right: Rulebook[Any, Any] = field(repr=False)
    found_by: Callable[[Any], None] = field(repr=False)
    make: Make = field(repr=False)

    @contextmanager
    def rules(self) -> Iterator[Any]:
        """Give the rulebook of the wrong one, for a while."""
        with ExitStack() as changed:
            made = self.make(changed)
            if isinstance(made, Workflow):
                yield evolve(self.right, workflow=made)
            elif isinstance(made, LimitTable):
                yield evolve(self.right, timing=made)
            else:
                yield self.right if made is None else made


class Workshop:
    """Where the wrong versions of one workflow are made; `wrong` lists them."""

    def __init__(self, right: Rulebook[Any, Any]) -> None:
        self.right, self.workflow = right, right.workflow
        self.made: list[WrongWorkflow] = []

    def wrong(self, name: str, found_by: Callable[[Any], None]) -> Callable[[Make], None]:
        """Put a wrong version on the list, with the test that finds it out; that test takes the rulebook."""

        def listed(make: Make) -> None:
            self.made.append(WrongWorkflow(name, self.right, found_by, make))

        return listed

    def clock(self, name: str, **changes: Any) -> Any:
        """Return the workflow with one clock changed; rows that are handed in as a list stand behind its own."""
        own = self.workflow.clock(name)
        said = {key: (*getattr(own, key), *more) if isinstance(more, list) else more for key, more in changes.items()}
        clocks = tuple(evolve(own, **said) if one is own else one for one in self.workflow.clocks)
        return evolve(self.workflow, clocks=clocks)

    def without_rows(self, name: str, kind: str, *events: Any) -> Any:
        """Return the workflow with one clock to which these events say nothing."""
        own = self.workflow.clock(name)
        return self.clock(name, **{kind: tuple(row for row in getattr(own, kind) if row.event not in events)})

    def lesson(self, event: Any, change: Callable[..., Any]) -> Any:
        """Return the workflow with one lesson changed."""
        right = self.workflow.learn[event]
        learn = {**self.workflow.learn, event: lambda facts, event: change(right, facts, event)}
        return evolve(self.workflow, learn=learn)

    def without_claims(self, event: Any, *gone: Any) -> Any:
        """Return the workflow whose rows on an event claim less."""

        def less(claim: Any) -> Any:
            if isinstance(claim, All):
                return All(*(less(one) for one in claim.claims if one not in gone))
            return claim

        return self.rows_on(event, lambda row: row if row.given is None else changed(row, given=less(row.given)))

    def instead(self, row: Any) -> Any:
        """Return the workflow with a row in the place of all that it had for this event where the row holds."""
        own = self.rows_on(
            row.on,
            lambda other: changed(other, states=tuple(one for one in other.states if one not in row.states)),
        )
        return evolve(self.workflow, moves=(row, *(one for one in own.moves if one.states)))

    def rows_on(self, event: Any, change: Callable[[Any], Any]) -> Any:
        """Return the workflow with each row on an event changed; a row that is left without a state is left out."""
        rows = (change(row) if row.on is event else row for row in self.workflow.moves)
        return evolve(self.workflow, moves=tuple(row for row in rows if row.states))


def changed(row: Any, **changes: Any) -> Any:
    """Return a row of the same kind with something changed."""
    other = object.__new__(type(row))
    for name in ("states", "on", "to", "given", "source", "reopens"):
        object.__setattr__(other, name, changes.get(name, getattr(row, name)))
    return other

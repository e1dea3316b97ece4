"""
What cases and entries look like on paper: flat, with everything in them written once.

Nothing here knows of JSON text and of versions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from sys import intern
from typing import Any, Final

from attrs import astuple

from carecoord._ledger import Ledger, paged
from carecoord._records import maker
from carecoord.case import Acted, Book, Case, Entry, Opening, Pause, Place, Quiet, Schedule, World
from carecoord.codec.forms import Form, fixed, row_of
from carecoord.codec.notation import (
    BYTES,
    FLAG,
    MOMENT,
    TEXT,
    WHOLE,
    Misfit,
    Moments,
    Part,
    Texts,
    as_it_is,
    beneath,
    moment_of,
    optional,
    text_of_moment,
)
from carecoord.codec.rows import (
    MAYBE,
    Answers,
    Numbers,
    read_duties,
    read_redated,
    read_settled,
    read_terms,
    read_told,
    write_duties,
    write_redated,
    write_settled,
    write_terms,
    write_told,
)
from carecoord.events import Event
from carecoord.workflow import Workflow

_PLACE: Final = optional(fixed(MOMENT, WHOLE, TEXT, TEXT))
_ACTED: Final = optional(fixed(MOMENT, TEXT))
_LOOK: Final = optional(Part(write_told, read_told, (list,)))
_NAMES: Final = row_of(TEXT)
_case: Callable[..., Case[Any, Any]] = maker(Case)
_world: Callable[..., World[Any, Any]] = maker(World)
_book: Callable[..., Book] = maker(Book)
_CLAIMED: Final = row_of(fixed(TEXT, MOMENT))
_NOTICED: Final = row_of(fixed(TEXT, TEXT, MOMENT))
_QUIET: Final = row_of(fixed(TEXT, TEXT, WHOLE, WHOLE, MOMENT, WHOLE))
_NOTHING_RARE: Final = ((), None, None, False, (), (), None, None)
_LIST: Final = as_it_is("a list", list)
_OBJECT: Final = as_it_is("an object", dict)


def _acted(data: list[Any], at: Moments) -> Acted:
    when, key = data
    if type(key) is not str:
        raise Misfit("text")
    return at[when], intern(key)


def _write_place(place: Place, at: Texts) -> list[Any]:
    when, rank, about, key = place
    return [at[when], rank, TEXT.write(about), TEXT.write(key)]


def _place(data: list[Any], at: Moments) -> Place:
    when, rank, about, key = data
    if type(rank) is not int or type(about) is not str or type(key) is not str:
        raise Misfit("a place")
    return at[when], rank, intern(about), intern(key)


class Papers:
    """Writes and reads the cases and entries of one workflow; `named` are the kinds that its facts hold."""

    def __init__(self, workflow: Workflow[Any, Any], part_of: Callable[[Any], Part], named: Mapping[str, type]) -> None:
        self._name, self._version = workflow.name, workflow.version
        self._state, self._facts = part_of(workflow.states), part_of(workflow.facts)
        self._events, self._pauses = row_of(part_of(Event)), row_of(part_of(Pause))
        self._answers = Answers(part_of, named)
        # fmt: off
        self._case = Form(
            "", id=TEXT, subject=TEXT, state=self._state, facts=self._facts, owner=TEXT, duties=_LIST, settled=_LIST,
            acted=_ACTED, wakes_at=MAYBE, seq=WHOLE, recorded_at=MOMENT, digest=BYTES, last=_PLACE, asked=WHOLE,
            answers=_LIST, terms=_OBJECT, schedules=_LIST, rare=optional(_OBJECT),
        )
        self._rare = Form(  # what most cases have nothing of
            ".rare", pauses=self._pauses, look=_LOOK, until=MAYBE, ready=FLAG, quiet=_QUIET, named=_NAMES,
            noticed_at=MAYBE, first=_PLACE,
        )
        self._entry = Form(
            "", at=MOMENT, events=self._events, claimed=_CLAIMED, doubtful=_NAMES, noticed=_NOTICED,
            opening=optional(_OBJECT), redated=_LIST, answers=_LIST, schedules=_LIST,
        )
        # fmt: on
        self._opening = Form(
            "", id=TEXT, subject=TEXT, owner=TEXT, facts=self._facts, terms=_OBJECT, floor=optional(_OBJECT)
        )

    # --- writing: what comes from the host is looked at, the rest is the engine's own ------------

    def write_case(self, case: Case[Any, Any]) -> dict[str, Any]:
        """Return the case; its workflow and version stand in the envelope."""
        world, book, number, at = case.world, case.book, self._answers.numbers(), Texts()
        return {
            "id": TEXT.write(case.id),
            "subject": TEXT.write(world.subject),
            "state": self._state.write(world.state),
            "facts": beneath(".facts", self._facts.write, world.facts),
            "owner": TEXT.write(world.owner),
            "duties": write_duties(world.duties, book.told, number, at),
            "settled": write_settled(world.settled, at),
            "acted": None if world.acted is None else [at[world.acted[0]], TEXT.write(world.acted[1])],
            "wakes_at": None if book.wakes_at is None else at[book.wakes_at],
            "seq": case.seq,
            "recorded_at": at[case.recorded_at],
            "digest": BYTES.write(b"".join(map(bytes, case.pages)) + case.digest),
            "last": None if case.last is None else _write_place(case.last, at),
            "asked": case.asked,
            "answers": self._answers.write(case.answers, number, at),
            "terms": write_terms(case.terms, number),
            "schedules": [*number.texts],
            "rare": self._write_rare(case, at),
        }

    def _write_rare(self, case: Case[Any, Any], at: Texts) -> dict[str, Any] | None:
        pauses, book = case.world.pauses, case.book
        some = pauses or book.look or book.until or book.ready or book.quiet or case.named or case.noticed_at
        if not some and case.first is None:
            return None
        return {
            "pauses": beneath(".rare.pauses", self._pauses.write, pauses),
            "look": _LOOK.write(book.look),
            "until": None if book.until is None else at[book.until],
            "ready": book.ready,
            "quiet": _QUIET.write(tuple([astuple(one) for one in book.quiet])),
            "named": _NAMES.write(case.named),
            "noticed_at": None if case.noticed_at is None else at[case.noticed_at],
            "first": None if case.first is None else _write_place(case.first, at),
        }

    def write_entry(self, entry: Entry) -> dict[str, Any]:
        """Return the entry; what an opening says of workflow and version stands in the envelope."""
        number, opening = self._answers.numbers(), entry.opening
        return {
            "at": text_of_moment(entry.at),
            "events": beneath(".events", self._events.write, entry.events),
            "claimed": _CLAIMED.write(entry.claimed),
            "doubtful": _NAMES.write(entry.doubtful),
            "noticed": _NOTICED.write(entry.noticed),
            "opening": None if opening is None else self._write_opening(opening, number),
            "redated": write_redated(entry.redated, number),
            "answers": self._answers.write(entry.answers, number, Texts()),
            "schedules": [*number.texts],
        }

    def _write_opening(self, opening: Opening[Any], number: Numbers) -> dict[str, Any]:
        return {
            "id": TEXT.write(opening.id),
            "subject": TEXT.write(opening.subject),
            "owner": TEXT.write(opening.owner),
            "facts": beneath(".opening.facts", self._facts.write, opening.facts),
            "terms": write_terms(opening.terms, number),
            "floor": None if opening.floor is None else beneath(".opening.floor", self.write_case, opening.floor),
        }

    # --- reading ---------------------------------------------------------------------------------

    def read_case(self, data: Any) -> Case[Any, Any]:
        """Return the case that was written."""
        case: Case[Any, Any] = self._case.read(data, self._case_of)
        return case

    def _case_of(self, raw: Any) -> Case[Any, Any]:
        at = Moments()
        schedules = self._answers.read_schedules(raw["schedules"])
        answers = self._answers.read(raw["answers"], schedules, at)
        duties, told = read_duties(raw["duties"], schedules, at)
        settled = Ledger(read_settled(raw["settled"], at))
        acted, wakes, rare = raw["acted"], raw["wakes_at"], raw["rare"]
        pauses, look, until, ready, quiet, named, noticed, first = (
            _NOTHING_RARE if rare is None else self._rare.read(rare, lambda rare: self._rare_of(rare, at))
        )
        return _case(
            raw["id"],
            self._name,
            self._version,
            read_terms(raw["terms"], schedules),
            _world(
                self._state.read(raw["state"]),
                self._facts.read(raw["facts"]),
                raw["owner"],
                raw["subject"],
                duties,
                settled,
                acted and _acted(acted, at),
                pauses,
            ),
            _book(told, look, until, wakes and at[wakes], ready, quiet),
            raw["seq"],
            at[raw["recorded_at"]],
            *paged((), BYTES.read(raw["digest"])),
            named,
            noticed,
            first,
            raw["last"] and _place(raw["last"], at),
            raw["asked"],
            tuple(answers),
        )

    def _rare_of(self, raw: Any, at: Moments) -> tuple[Any, ...]:
        until, noticed, first = raw["until"], raw["noticed_at"], raw["first"]
        return (
            self._pauses.read(raw["pauses"]),
            _LOOK.read(raw["look"]),
            until and at[until],
            raw["ready"],
            tuple([Quiet(*one) for one in _QUIET.read(raw["quiet"])]),
            _NAMES.read(raw["named"]),
            noticed and at[noticed],
            first and _place(first, at),
        )

    def read_entry(self, data: Any) -> Entry:
        """Return the entry that was written."""
        entry: Entry = self._entry.read(data, self._entry_of)
        return entry

    def _entry_of(self, raw: Any) -> Entry:
        schedules = self._answers.read_schedules(raw["schedules"])
        answers = self._answers.read(raw["answers"], schedules, Moments())

        def opening_of(data: Any) -> Opening[Any]:
            return self._read_opening(data, schedules)

        return Entry(
            at=moment_of(raw["at"]),
            events=self._events.read(raw["events"]),
            claimed=_CLAIMED.read(raw["claimed"]),
            doubtful=_NAMES.read(raw["doubtful"]),
            answers=tuple(answers),
            noticed=_NOTICED.read(raw["noticed"]),
            opening=None if raw["opening"] is None else beneath(".opening", opening_of, raw["opening"]),
            redated=read_redated(raw["redated"], schedules),
        )

    def _read_opening(self, data: Any, schedules: Mapping[int, Schedule]) -> Opening[Any]:
        def made(raw: Any) -> Opening[Any]:
            return Opening(
                id=raw["id"],
                subject=raw["subject"],
                workflow=self._name,
                version=self._version,
                owner=raw["owner"],
                facts=self._facts.read(raw["facts"]),
                terms=read_terms(raw["terms"], schedules),
                floor=None if raw["floor"] is None else beneath(".floor", self.read_case, raw["floor"]),
            )

        opening: Opening[Any] = self._opening.read(data, made)
        return opening

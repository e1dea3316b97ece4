"""
What cases and entries look like on paper: flat, with everything in them written once.

Nothing here knows of JSON text and of versions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import astuple

from carecoord._ledger import Digest, Ledger
from carecoord.case import Book, Case, Entry, Opening, Schedule, Told, World
from carecoord.codec.forms import Form, fixed, row_of
from carecoord.codec.notation import (
    BYTES,
    FLAG,
    MOMENT,
    TEXT,
    WHOLE,
    Part,
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
    write_duties,
    write_redated,
    write_settled,
    write_terms,
)
from carecoord.events import Event
from carecoord.workflow import Workflow

_PLACE: Final = optional(fixed(MOMENT, WHOLE, TEXT, TEXT))
_ACTED: Final = optional(fixed(MOMENT, TEXT))
_LOOK: Final = optional(fixed(WHOLE, FLAG, WHOLE, WHOLE, MAYBE))
_NAMES: Final = row_of(TEXT)
_CLAIMED: Final = row_of(fixed(TEXT, MOMENT))
_NOTICED: Final = row_of(fixed(TEXT, TEXT, MOMENT))
_LIST: Final = as_it_is("a list", list)
_OBJECT: Final = as_it_is("an object", dict)


class Papers:
    """Writes and reads the cases and entries of one workflow; `named` are the kinds that its facts hold."""

    def __init__(self, workflow: Workflow[Any, Any], part_of: Callable[[Any], Part], named: Mapping[str, type]) -> None:
        self._name, self._version = workflow.name, workflow.version
        self._state, self._facts = part_of(workflow.states), part_of(workflow.facts)
        self._events = row_of(part_of(Event))
        self._answers = Answers(part_of, named)
        # fmt: off
        self._case = Form(
            "", id=TEXT, subject=TEXT, state=self._state, facts=self._facts, owner=TEXT, duties=_LIST, settled=_LIST,
            acted=_ACTED, look=_LOOK, until=MAYBE, wakes_at=MAYBE, ready=FLAG, seq=WHOLE, recorded_at=MOMENT,
            digest=BYTES, named=_NAMES, noticed_at=MAYBE, first=_PLACE, last=_PLACE, asked=WHOLE, answers=_LIST,
            terms=_OBJECT, schedules=_LIST,
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
        world, book, number = case.world, case.book, self._answers.numbers()
        return {
            "id": TEXT.write(case.id),
            "subject": TEXT.write(case.subject),
            "state": self._state.write(world.state),
            "facts": beneath(".facts", self._facts.write, world.facts),
            "owner": TEXT.write(world.owner),
            "duties": write_duties(world.duties, book.told, number),
            "settled": write_settled(world.settled),
            "acted": _ACTED.write(world.acted),
            "look": _LOOK.write(None if book.look is None else astuple(book.look)),
            "until": MAYBE.write(book.until),
            "wakes_at": MAYBE.write(book.wakes_at),
            "ready": book.ready,
            "seq": case.seq,
            "recorded_at": text_of_moment(case.recorded_at),
            "digest": BYTES.write(bytes(case.digest)),
            "named": _NAMES.write(case.named),
            "noticed_at": MAYBE.write(case.noticed_at),
            "first": _PLACE.write(case.first),
            "last": _PLACE.write(case.last),
            "asked": case.asked,
            "answers": self._answers.write(case.answers, number),
            "terms": write_terms(case.terms, number),
            "schedules": [*number.texts],
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
            "answers": self._answers.write(entry.answers, number),
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
        schedules = self._answers.read_schedules(raw["schedules"])
        answers = self._answers.read(raw["answers"], schedules)
        duties, told = read_duties(raw["duties"], schedules)
        settled = read_settled(raw["settled"])
        acted, look = _ACTED.read(raw["acted"]), _LOOK.read(raw["look"])
        return Case(
            id=raw["id"],
            subject=raw["subject"],
            workflow=self._name,
            version=self._version,
            terms=read_terms(raw["terms"], schedules),
            world=World(
                self._state.read(raw["state"]),
                self._facts.read(raw["facts"]),
                raw["owner"],
                duties,
                Ledger(settled),
                acted,
            ),
            book=Book(
                told,
                None if look is None else Told(*look),
                MAYBE.read(raw["until"]),
                MAYBE.read(raw["wakes_at"]),
                raw["ready"],
            ),
            seq=raw["seq"],
            recorded_at=moment_of(raw["recorded_at"]),
            digest=Digest(BYTES.read(raw["digest"])),
            named=_NAMES.read(raw["named"]),
            noticed_at=MAYBE.read(raw["noticed_at"]),
            first=_PLACE.read(raw["first"]),
            last=_PLACE.read(raw["last"]),
            asked=raw["asked"],
            answers=tuple(answers),
        )

    def read_entry(self, data: Any) -> Entry:
        """Return the entry that was written."""
        entry: Entry = self._entry.read(data, self._entry_of)
        return entry

    def _entry_of(self, raw: Any) -> Entry:
        schedules = self._answers.read_schedules(raw["schedules"])
        answers = self._answers.read(raw["answers"], schedules)

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

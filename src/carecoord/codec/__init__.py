"""
Cases, events, entries, effects and refusals as JSON: strict, tagged, versioned.

The only file that imports `cattrs`. What was written is read back equal, and what cannot be
trusted is refused with its place and what belongs there, never with what was found.
Workflows and policies are code, and are not written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from operator import attrgetter, itemgetter
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, Generic, TypeAlias, TypeVar, Union, cast, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from carecoord.case import Case, Entry
from carecoord.codec.forms import Tagged, fixed, row_of, set_of
from carecoord.codec.notation import PLAIN, Misfit, Part, Turn, beneath, first_misfit, member_of, optional
from carecoord.codec.papers import Papers
from carecoord.effects import EFFECTS, Effect
from carecoord.errors import Refused, Unreadable, UnsoundWorkflow, WrongRulebook
from carecoord.events import Event, Facts
from carecoord.workflow import Workflow

S = TypeVar("S", bound=Enum)
F = TypeVar("F", bound=Facts)

Raw: TypeAlias = dict[str, Any]
Upcaster: TypeAlias = Callable[[Raw], Raw]
"""Turns the whole envelope of an older version into that of a newer one."""

Writable: TypeAlias = Case[Any, Any] | Entry | Event | Effect | Refused

FORMAT: Final = "carecoord/1"

_encode: Final = json.JSONEncoder(check_circular=False, allow_nan=False, separators=(",", ":")).encode
_raw_decode: Final = json.JSONDecoder().raw_decode
_decode: Final = json.JSONDecoder().decode
_cattrs: Final = Converter(detailed_validation=False)


class Codec(Generic[S, F]):
    """
    Writes and reads everything of one workflow that a host keeps or sends.

    Made once per workflow, for any number of threads. All texts stand in one envelope,
    `{"format": "carecoord/1", "workflow": ..., "version": ..., "case": {...}}`, with
    "entry", "event", "effect" or "refusal" in the place of "case".

    Args:
        workflow: Whose states, facts and events they are.
        upcasters: Under (workflow, older version), what turns the envelope of that version
            into that of a newer one before anything else in it is read.

    Raises:
        UnsoundWorkflow: an event or the facts hold something that could not be written.
    """

    def __init__(
        self, workflow: Workflow[S, F], upcasters: Mapping[tuple[str, str], Upcaster] = MappingProxyType({})
    ) -> None:
        self.workflow = workflow
        self.upcasters = dict(upcasters)
        kinds = _Kinds(workflow)
        papers = Papers(workflow, kinds.of, kinds.named)
        self._parts: dict[str, Part] = {
            "case": Part(papers.write_case, papers.read_case, (dict,)),
            "entry": Part(papers.write_entry, papers.read_entry, (dict,)),
            "event": kinds.of(Event),
            "effect": Tagged({kind.__name__: kind for kind in EFFECTS}, kinds.of).part,
            "refusal": kinds.of(Refused),
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.workflow, self.upcasters)

    def dumps(self, value: Writable) -> str:
        """
        Return the value as JSON text; equal values give the same text.

        Raises:
            WrongRulebook: a case or an opening of another workflow, or of another version.
            Unreadable: it holds something that could not be read back.
        """
        return _encode(self.dump(value))

    def dump(self, value: Writable) -> Raw:
        """
        Return the value as what `dumps` writes: objects, lists, texts, numbers.

        Raises:
            WrongRulebook, Unreadable: as `dumps`.
        """
        name = self._name_of(value)
        try:
            body = beneath(f".{name}", self._parts[name].write, value)
        except Misfit as why:
            refused = Unreadable(f"${why.path}", why.expected)
        else:
            return {"format": FORMAT, "workflow": self.workflow.name, "version": self.workflow.version, name: body}
        raise refused

    def load_case(self, data: str | bytes | Raw) -> Case[S, F]:
        """
        Return the case that was written; *data* is JSON text, or what a JSON reader made of it.

        Raises:
            Unreadable: something is not as it was written. The error says where, and what
                belongs there, and nothing of what was found.
        """
        case: Case[S, F] = self._load("case", data)
        return case

    def load_entry(self, data: str | bytes | Raw) -> Entry:
        """Return the entry that was written; raises as `load_case`."""
        entry: Entry = self._load("entry", data)
        return entry

    def load_event(self, data: str | bytes | Raw) -> Event:
        """Return the event that was written; raises as `load_case`."""
        event: Event = self._load("event", data)
        return event

    def load_effect(self, data: str | bytes | Raw) -> Effect:
        """Return the effect that was written; raises as `load_case`."""
        effect: Effect = self._load("effect", data)
        return effect

    def load_refusal(self, data: str | bytes | Raw) -> Refused:
        """Return the refusal that was written, to be read and not to be raised; raises as `load_case`."""
        refusal: Refused = self._load("refusal", data)
        return refusal

    def _name_of(self, value: Writable) -> str:
        if isinstance(value, Case):
            self._must_fit(value.id, value.workflow, value.version)
            return "case"
        if isinstance(value, Entry):
            if value.opening is not None:
                self._must_fit(value.opening.id, value.opening.workflow, value.opening.version)
            return "entry"
        return "event" if isinstance(value, Event) else "refusal" if isinstance(value, Refused) else "effect"

    def _must_fit(self, case_id: str, workflow: str, version: str) -> None:
        own = self.workflow
        if (workflow, version) != (own.name, own.version):
            raise WrongRulebook(case_id, f"{workflow} {version}", f"{own.name} {own.version}")

    def _load(self, name: str, data: str | bytes | Raw) -> Any:
        # Raised where no other error is being handled: the one it would then hang on to carries the value.
        try:
            return beneath(f".{name}", self._parts[name].read, self._opened(name, data)[name])
        except Misfit as why:
            refused = Unreadable(f"${why.path}", why.expected)
        raise refused

    def _opened(self, name: str, data: str | bytes | Raw) -> Raw:
        """Return the envelope, brought to the workflow's own version."""
        own, raw = self.workflow, _object(_json(data) if isinstance(data, (str, bytes)) else data)
        if raw.get("format") != FORMAT:
            raise Misfit(f'"{FORMAT}"', ".format")
        for _ in self.upcasters:
            said = (raw.get("workflow"), raw.get("version"))
            upcaster = next((turn for older, turn in self.upcasters.items() if older == said), None)
            if upcaster is not None and said != (own.name, own.version):
                raw = _object(beneath("", upcaster, raw))
        if raw.get("workflow") != own.name:
            raise Misfit(f'"{own.name}"', ".workflow")
        if raw.get("version") != own.version:
            raise Misfit(f'"{own.version}"', ".version")
        if raw.keys() != {"format", "workflow", "version", name}:
            raise Misfit(f"an object with exactly the members format, workflow, version, {name}")
        return raw


def _object(data: Any) -> Raw:
    if not isinstance(data, dict):
        raise Misfit("an object")
    return cast(Raw, data)


def _json(data: str | bytes) -> Any:
    try:
        text = data if isinstance(data, str) else data.decode()
        # What this codec wrote has no space around it, which `decode` would look for.
        raw, end = _raw_decode(text) if text[:1] == "{" else (None, -1)
        return raw if end == len(text) else _decode(text)
    except (ValueError, RecursionError):
        raise Misfit("JSON text") from None


class _Kinds:
    """How each kind of value is written that events, facts and effects declare."""

    def __init__(self, workflow: Workflow[Any, Any]) -> None:
        events = Tagged({kind.__name__: kind for kind in workflow.all_events}, self.of)
        self._parts: dict[Any, Part] = {**PLAIN, Event: events.part}
        self._records: dict[type, _Record] = {}
        self._looked_at: set[type] = set()
        gaps = [*self._gaps(workflow.facts)]
        held = [kind for kind in self._parts if kind in self._records or _is_enum(kind)]
        self.named: dict[str, type] = {kind.__name__: kind for kind in held}
        if len(self.named) < len(held):
            gaps.append("the facts hold two kinds of one name, and a policy may have read either")
        gaps += [gap for kind in workflow.all_events for gap in self._gaps(kind)]
        if gaps:
            raise UnsoundWorkflow(workflow.name, tuple(gaps))

    def of(self, kind: Any) -> Part:
        """Return how values of this declared kind are written."""
        part = self._parts.get(kind)
        if part is None:
            # Two threads may both make it; both make the same.
            part = self._parts[kind] = self._made(kind)
        return part

    def _made(self, kind: Any) -> Part:
        origin, args = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType) and len(args) == 2 and NoneType in args:
            return optional(self.of(args[0] if args[1] is NoneType else args[1]))
        if origin is tuple and args:
            return row_of(self.of(args[0])) if args[-1] is Ellipsis else fixed(*map(self.of, args))
        if origin is frozenset:
            return set_of(self.of(args[0]))
        if _is_enum(kind):
            return member_of(kind)
        if isinstance(kind, type) and attrs.has(kind):
            record = self._records[kind] = _Record(kind, self.of)
            return record.part
        raise Misfit("a kind that can be written")

    def _gaps(self, kind: type) -> Iterator[str]:
        """Say which fields of a record, and of the records in it, could not be written."""
        self.of(kind)
        while fresh := [one for one in self._records if one not in self._looked_at]:
            for record in fresh:
                self._looked_at.add(record)
                for name, declared in self._records[record].declared.items():
                    try:
                        self.of(declared)
                    except Misfit:
                        yield f"{record.__name__}.{name} is of a kind that cannot be written"


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


class _Record:
    """
    An attrs class as an object with a member for each field, turned by functions that cattrs makes.

    Texts, whole numbers and flags are JSON already: one comparison of their types is enough
    for all of them, and leaves nothing to convert to cattrs' own ways, which would.
    """

    def __init__(self, kind: type, part_of: Callable[[Any], Part]) -> None:
        attrs.resolve_types(kind)
        self._kind: Any = kind
        self._part_of = part_of
        self.declared: dict[str, Any] = {field.name: field.type for field in attrs.fields(kind) if field.init}
        self._expected = f"an object with exactly the members {', '.join(self.declared)}"
        simple = [name for name, of in self.declared.items() if of in (str, int, bool)]
        self._simple = simple if len(simple) > 1 else []
        self._simple_types = tuple(self.declared[name] for name in self._simple)
        self._simple_fields: Turn = attrgetter(*self._simple) if self._simple else _nothing
        self._simple_members: Turn = itemgetter(*self._simple) if self._simple else _nothing
        self._write: Turn | None = None
        self._read: Callable[[Any, Any], Any] | None = None

    @property
    def part(self) -> Part:
        return Part(self.write, self.read, (dict,))

    def _parts(self) -> dict[str, Part]:
        return {name: self._part_of(kind) for name, kind in self.declared.items()}

    def write(self, value: Any) -> Any:
        if type(value) is not self._kind:
            raise Misfit(self._expected)
        write = self._write
        if write is None:
            hooks: dict[str, Any] = {
                name: override(unstruct_hook=one.write)
                for name, one in self._parts().items()
                if name not in self._simple
            }
            write = self._write = make_dict_unstructure_fn(self._kind, _cattrs, **hooks)
        try:
            if tuple(map(type, self._simple_fields(value))) == self._simple_types:
                return write(value)
        except Exception:  # noqa: BLE001  found again, with its place
            pass
        raise first_misfit((f".{name}", one.write, getattr(value, name)) for name, one in self._parts().items())

    def read(self, data: Any) -> Any:
        kind: Any = dict
        if type(data) is not kind or data.keys() != self.declared.keys():
            raise Misfit(self._expected)
        read = self._read
        if read is None:
            hooks: dict[str, Any] = {
                name: override(struct_hook=_beside(one.read))
                for name, one in self._parts().items()
                if name not in self._simple
            }
            read = self._read = make_dict_structure_fn(self._kind, _cattrs, **hooks)
        try:
            if tuple(map(type, self._simple_members(data))) == self._simple_types:
                return read(data, self._kind)
        except Exception:  # noqa: BLE001  found again, with its place
            pass
        raise first_misfit((f".{name}", one.read, data[name]) for name, one in self._parts().items())


def _nothing(_: Any) -> tuple[()]:
    return ()


def _beside(read: Turn) -> Callable[[Any, Any], Any]:
    return lambda data, _: read(data)

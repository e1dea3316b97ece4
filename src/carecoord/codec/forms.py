"""
How rows, objects, tables and kinds are written as JSON and read back exactly.

Each is read quickly first, and slowly only to find what does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from functools import partial
from itertools import product
from operator import itemgetter
from typing import Any, Final

from carecoord.codec.notation import NUMBER, Misfit, Part, Turn, beneath, first_misfit, numbered

_FITS: Final = Misfit("what is there")


def row_of(inner: Part) -> Part:
    """Return how a tuple of any length is written: as a list."""
    return Part(_each(inner.write, tuple, list), _each(inner.read, list, tuple), (list,))


def set_of(inner: Part) -> Part:
    """Return how a frozenset is written: as a list, in an order that is always the same."""

    def ordered(row: list[Any]) -> list[Any]:
        return sorted(row, key=repr)

    return Part(_each(inner.write, frozenset, ordered), _each(inner.read, list, frozenset), (list,))


def fixed(*inner: Part) -> Part:
    """Return how a tuple of these parts is written: as a list of as many."""
    writes, reads = [one.write for one in inner], [one.read for one in inner]
    return Part(_one_each(writes, tuple, list), _one_each(reads, list, tuple), (list,))


def _each(turn: Turn, taken: Any, made: Callable[[Any], Any]) -> Turn:
    def all_of(row: Any) -> Any:
        if type(row) is not taken:
            raise Misfit("a list")
        if not row:
            return made(row)
        try:
            return made([turn(one) for one in row])
        except Exception:  # noqa: BLE001  found again, with its place
            pass
        raise first_misfit((f"[{n}]", turn, one) for n, one in enumerate(row))

    return all_of


def _one_each(turns: list[Turn], taken: Any, made: Callable[[list[Any]], Any]) -> Turn:
    def all_of(row: Any) -> Any:
        if type(row) is not taken or len(row) != len(turns):
            raise Misfit(f"a list of {len(turns)}")
        try:
            return made([turn(one) for turn, one in zip(turns, row, strict=True)])
        except Exception:  # noqa: BLE001  found again, with its place
            pass
        raise first_misfit((f"[{n}]", *pair) for n, pair in enumerate(zip(turns, row, strict=True)))

    return all_of


class _Cells:
    """
    Pieces of data beside each other, under names, at a place that misfits begin with.

    One look-up tells whether each is of a type that may stand where it does; after that,
    whoever reads them turns them, and only what does not fit is looked for cell by cell.
    """

    def __init__(self, place: str, /, **parts: Part) -> None:
        self._place = place
        self._parts = parts
        self._shapes = frozenset(product(*(one.holds for one in parts.values())))

    def _misfit(self, place: str, cells: Iterable[Any], numbers: Container[int], otherwise: Misfit | None) -> Misfit:
        def read(part: Part) -> Turn:
            return numbered(numbers) if part is NUMBER else part.read

        parts = zip(self._parts.items(), cells, strict=True)
        return first_misfit(((f"{place}.{name}", read(part), cell) for (name, part), cell in parts), otherwise)


class Form(_Cells):
    """An object with exactly these members."""

    def __init__(self, place: str, /, **parts: Part) -> None:
        super().__init__(place, **parts)
        self._cells_of = itemgetter(*parts)
        self._expected = f"an object with exactly the members {', '.join(parts)}"

    def read(self, data: Any, make: Callable[[Any], Any], numbers: Container[int] = ()) -> Any:
        """Return what is made of the object; *numbers* are those under which things are written elsewhere."""
        kind: Any = dict
        if type(data) is not kind or data.keys() != self._parts.keys():
            raise Misfit(self._expected, self._place)
        cells, why = self._cells_of(data), None
        try:
            if tuple(map(type, cells)) in self._shapes:
                return make(data)
        except Misfit as found:
            why = found
        except Exception:  # noqa: BLE001  found again, with its place
            pass
        raise self._misfit(self._place, cells, numbers, why)


class Table(_Cells):
    """Records as rows, under a line that names the columns."""

    def __init__(self, place: str, /, **parts: Part) -> None:
        super().__init__(place, **parts)
        self._head = " ".join(parts)

    def write(self, rows: list[list[Any]]) -> list[Any]:
        """Return the rows, whose cells are data already, under their head."""
        return [self._head, *rows]

    def read(self, data: Any, make: Callable[[Any], list[Any]], numbers: Container[int] = ()) -> list[Any]:
        """Return what is made of the rows; *numbers* as in `Form.read`."""
        kind: Any = list
        if type(data) is not kind or not data or data[0] != self._head:
            raise Misfit(f'a list that begins with "{self._head}"', self._place)
        rows = data[1:]
        try:
            if {tuple(map(type, row)) for row in rows} <= self._shapes:
                return make(rows)
        except Exception:  # noqa: BLE001  found again, with its place
            pass
        fits = partial(self._must_fit, numbers)
        raise first_misfit((f"{self._place}[{n}]", fits, row) for n, row in enumerate(rows, 1))

    def _must_fit(self, numbers: Container[int], row: Any) -> None:
        kind: Any = list
        if type(row) is not kind or len(row) != len(self._parts):
            raise Misfit(f"a list of {len(self._parts)}")
        why = self._misfit("", row, numbers, _FITS)
        if why is not _FITS:
            raise why


class Tagged:
    """One of several kinds: an object whose one member is named for the kind."""

    def __init__(self, kinds: Mapping[str, type], part_of: Callable[[type], Part]) -> None:
        self._kinds = dict(kinds)
        self._names = {kind: name for name, kind in kinds.items()}
        self._part_of = part_of
        self._expected = f"an object with one member out of {', '.join(kinds)}"

    @property
    def part(self) -> Part:
        return Part(self.write, self.read, (dict,))

    def write(self, value: Any) -> dict[str, Any]:
        kind = value.__class__
        name = self._names.get(kind)
        if name is None:
            raise Misfit(self._expected)
        return {name: beneath(f".{name}", self._part_of(kind).write, value)}

    def read(self, data: Any) -> Any:
        any_of: Any = dict
        if type(data) is not any_of or len(data) != 1:
            raise Misfit(self._expected)
        ((name, held),) = data.items()
        kind = self._kinds.get(name)
        if kind is None:
            raise Misfit(self._expected)
        return beneath(f".{name}", self._part_of(kind).read, held)

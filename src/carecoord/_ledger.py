"""
What only grows in a case: what is settled, and which keys were taken.

Both are values like all others. Their older part stands in pages that are shared and never
copied again, each at least twice as long as the next, so that one more costs the same
after ten events and after ten thousand, and finding a name does too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, overload

from carecoord._prints import KEY, RECORD

if TYPE_CHECKING:
    from carecoord.case import Settled

_new: Final = object.__new__
_ROWS: Final = 8  # so many stand outside of pages, where they are found by looking at each ...
_RECORDS: Final = 32  # ... and so many, where one search finds them

Rows: TypeAlias = "tuple[tuple[Settled, ...], dict[tuple[str, str], int]]"
"""Rows in order, and the newest round of each clock and item among them."""


class Ledger(Sequence["Settled"]):
    """Everything that was owed and is settled, in the order in which it ended."""

    __slots__ = ("_last", "_pages")

    def __init__(self, rows: Iterable[Settled] = ()) -> None:
        self._pages: tuple[Rows, ...] = ()
        self._last: tuple[Settled, ...] = tuple(rows)
        if len(self._last) > _ROWS:
            self._turn()

    def plus(self, ended: Sequence[Settled]) -> Ledger:
        """Return the ledger with more at its end."""
        longer = _new(Ledger)
        longer._pages = self._pages
        longer._last = (*self._last, *ended)
        if len(longer._last) > _ROWS:
            longer._turn()
        return longer

    def _turn(self) -> None:
        """Make a page of what stands outside, and one of pages that are not twice as long as the next."""
        rows, pages = self._last, [*self._pages]
        while pages and len(pages[-1][0]) < 2 * len(rows):
            rows = pages.pop()[0] + rows
        pages.append((rows, {(one.clock, one.item): one.round for one in rows}))
        self._pages, self._last = tuple(pages), ()

    def rounds(self, clock: str, item: str) -> int:
        """Return how many rounds of a clock ended for an item."""
        for one in reversed(self._last):
            if one.item == item and one.clock == clock:
                return one.round
        key = clock, item
        for _, newest in reversed(self._pages):
            if (found := newest.get(key)) is not None:
                return found
        return 0

    def beyond(self, before: Ledger) -> tuple[Settled, ...] | None:
        """Return what stands behind all of another ledger; None where this one does not begin as that one does."""
        mine, theirs = self._last, before._last
        if self._pages is not before._pages:
            shared = sum(1 for one, other in zip(self._pages, before._pages, strict=False) if one is other)
            mine, theirs = self._behind(shared), before._behind(shared)
        count = len(theirs)
        return mine[count:] if mine[:count] == theirs else None

    def _behind(self, pages: int) -> tuple[Settled, ...]:
        """Return the rows behind so many pages."""
        return sum((rows for rows, _ in self._pages[pages:]), ()) + self._last

    def __iter__(self) -> Iterator[Settled]:
        for rows, _ in self._pages:
            yield from rows
        yield from self._last

    def __len__(self) -> int:
        return sum(len(rows) for rows, _ in self._pages) + len(self._last)

    @overload
    def __getitem__(self, index: int) -> Settled: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Settled, ...]: ...
    def __getitem__(self, index: int | slice) -> Settled | tuple[Settled, ...]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ledger) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return Ledger, (tuple(self),)


class Page:
    """Hashes of contents under the hashes of their keys, in the order of handing in, which nobody changes again."""

    __slots__ = ("contents",)

    def __init__(self, contents: dict[bytes, bytes]) -> None:
        self.contents = contents

    def __bytes__(self) -> bytes:
        return b"".join(key + content for key, content in self.contents.items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Page) and bytes(self) == bytes(other)

    def __hash__(self) -> int:
        return hash(bytes(self))

    def __repr__(self) -> str:
        return f"Page({len(self.contents)} keys)"


FULL: Final = _RECORDS * RECORD
"""So long is a digest when its records are put on a page."""


def paged(pages: tuple[Page, ...], digest: bytes) -> tuple[tuple[Page, ...], bytes]:
    """
    Put full digests on pages, two of one length becoming one, and return what is left.

    What comes out depends on the records alone, not on how many came at once.
    """
    stack = [*pages]
    while len(digest) >= FULL:
        full, digest = digest[:FULL], digest[FULL:]
        contents = {full[at : at + KEY]: full[at + KEY : at + RECORD] for at in range(0, FULL, RECORD)}
        while stack and len(stack[-1].contents) == len(contents):
            contents = stack.pop().contents | contents
        stack.append(Page(contents))
    return tuple(stack), digest


def content_of(pages: tuple[Page, ...], digest: bytes, record: bytes) -> bytes | None:
    """Return the hash of the content that came under the key of this record; None where none did."""
    key = record[:KEY]
    place = digest.find(key)
    while place >= 0:
        if not place % RECORD:
            return digest[place + KEY : place + RECORD]
        place = digest.find(key, place + 1)
    for page in pages:
        if (found := page.contents.get(key)) is not None:
            return found
    return None

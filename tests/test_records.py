"""
What the engine makes fast is what a host would make: equal, closed, and kept and copied like it.

Every kind of record that the engine rooms make is tried, with values that it never holds in earnest.
"""

import copy
import pickle

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.small import lent

from carecoord import Answer, Book, Case, Deadline, Entry, Settled, Step, Told, World
from carecoord._ledger import Ledger, content_of, paged
from carecoord._prints import RECORD
from carecoord._records import maker, opened
from carecoord.effects import EFFECTS

MADE = (Answer, Book, Case, Deadline, Entry, Settled, Step, Told, World, *EFFECTS)
kinds = pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.__name__)


def values(kind):
    return tuple(range(len(attrs.fields(kind))))


@kinds
def test_what_is_made_fast_is_what_the_class_makes(kind):
    fast = maker(kind)(*values(kind))
    assert type(fast) is kind
    assert fast == kind(*values(kind))
    assert hash(fast) == hash(kind(*values(kind)))
    assert repr(fast) == repr(kind(*values(kind)))


@kinds
def test_what_is_made_fast_is_closed(kind):
    fast = maker(kind)(*values(kind))
    name = attrs.fields(kind)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(fast, name, 1)
    with pytest.raises(FrozenInstanceError):
        delattr(fast, name)


@kinds
def test_what_is_made_fast_is_kept_and_copied(kind):
    fast = maker(kind)(*values(kind))
    for other in (pickle.loads(pickle.dumps(fast)), copy.copy(fast), copy.deepcopy(fast), attrs.evolve(fast)):
        assert type(other) is kind
        assert other == fast


def test_an_open_record_can_be_changed_until_it_is_closed():
    made = opened(Told)(1, False, 0, 0, None)
    made.rungs = 2
    made.__class__ = Told
    assert made == Told(1, False, 2, 0, None)
    with pytest.raises(FrozenInstanceError):
        made.rungs = 3


def test_too_many_values_or_too_few_are_an_error():
    with pytest.raises(TypeError):
        maker(Told)(1)


def test_no_step_hands_out_anything_open():
    """Records that a step hands out are of the classes themselves, all the way down."""

    def all_of(value):
        if attrs.has(type(value)):
            yield value
            for field in attrs.fields(type(value)):
                yield from all_of(getattr(value, field.name))
        elif isinstance(value, tuple | Ledger):
            for one in value:
                yield from all_of(one)

    for step in lent().steps:
        for one in all_of(step):
            assert not isinstance(type(one).__dict__.get("__setattr__"), type(object.__setattr__)), type(one)


# --- what only grows --------------------------------------------------------------------------

SETTLED = st.builds(
    lambda clock, item, n: Settled(clock, item, n, *([n] * (len(attrs.fields(Settled)) - 3))),
    st.sampled_from("ab"),
    st.sampled_from("xyz"),
    st.integers(1, 3),
)


@given(st.lists(st.lists(SETTLED, max_size=9), max_size=30))
def test_a_ledger_that_grew_is_the_ledger_made_at_once(pieces):
    grown, rows = Ledger(), []
    for piece in pieces:
        before, grown = grown, grown.plus(piece)
        rows += piece
        assert grown.beyond(before) == tuple(piece)
        assert tuple(before) == tuple(rows[: len(rows) - len(piece)]), "what it grew from is as it was"
    assert grown == Ledger(rows)
    assert hash(grown) == hash(Ledger(rows))
    assert (tuple(grown), len(grown)) == (tuple(rows), len(rows))
    assert pickle.loads(pickle.dumps(grown)) == grown
    for clock in "ab":
        for item in "xyz":
            newest = [one.round for one in rows if (one.clock, one.item) == (clock, item)]
            assert grown.rounds(clock, item) == (newest[-1] if newest else 0)


@given(st.lists(SETTLED, min_size=1, max_size=40), st.data())
def test_a_ledger_that_does_not_begin_like_another_is_not_beyond_it(rows, data):
    index = data.draw(st.integers(0, len(rows) - 1))
    other = [*rows]
    other[index] = attrs.evolve(rows[index], why="otherwise")
    assert Ledger([*rows, rows[0]]).beyond(Ledger(other)) is None


def record_of(n: int) -> bytes:
    return n.to_bytes(8, "big") + (n * 7 % 65536).to_bytes(4, "big")


@given(st.lists(st.integers(0, 60), max_size=9), st.integers(0, 200))
def test_pages_and_digest_know_each_key_that_was_taken_and_no_other(sizes, first):
    pages, digest, taken = (), b"", b""
    for size in sizes:
        more = b"".join(record_of(first + len(taken) // RECORD + n) for n in range(size))
        (pages, digest), taken = paged(pages, digest + more), taken + more
        assert b"".join(map(bytes, pages)) + digest == taken
    count = len(taken) // RECORD
    for n in range(count):
        assert content_of(pages, digest, record_of(first + n)) == record_of(first + n)[8:]
    assert content_of(pages, digest, record_of(first + count)) is None


@given(st.lists(st.integers(0, 60), max_size=9))
def test_pages_are_the_same_however_many_came_at_once(sizes):
    """So a case that was loaded equals the one that was stored."""
    pages, digest, taken = (), b"", b""
    for size in sizes:
        more = b"".join(record_of(len(taken) // RECORD + n) for n in range(size))
        (pages, digest), taken = paged(pages, digest + more), taken + more
    assert (pages, digest) == paged((), taken)
    assert hash(pages) == hash(paged((), taken)[0])
    assert pickle.loads(pickle.dumps(pages)) == pages


def test_a_page_prints_how_many_keys_it_knows_and_none_of_them():
    (page,), rest = paged((), b"".join(map(record_of, range(32))))
    assert (repr(page), rest) == ("Page(32 keys)", b"")

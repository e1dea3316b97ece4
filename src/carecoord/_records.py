"""
Frozen records, made in a third of the time.

A frozen attrs class sets each field through `object.__setattr__`, which is most of what a
step would cost. What is made here is open while its fields are set, and closed for ever
before anybody sees it. Measured, and the reason: docs/decisions/records.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar, cast

import attrs

P = ParamSpec("P")
R = TypeVar("R")


def maker(kind: Callable[P, R]) -> Callable[P, R]:
    """Return what makes the same record as the frozen class does, by position; it asks no converter or validator."""
    # As a last argument that nobody gives: setting it closes the record.
    made: Any = _opened(kind, __class__=attrs.field(default=kind, alias="kind"))
    return cast("Callable[P, R]", made)


def opened(kind: type[Any]) -> Any:
    """
    Return a class whose records have the same layout, and are open until their `__class__` is set to *kind*.

    `blank` makes one with nothing in it, for who sets its fields by name.
    """
    return _opened(kind)


blank: Final[Callable[[Any], Any]] = object.__new__


def _opened(kind: Any, **closing: Any) -> type[Any]:
    fields = {f.name: attrs.field() for f in attrs.fields(kind)} | closing
    # Only its `__init__` is wanted; whatever else attrs would write takes as long to write.
    setter: Any = attrs.make_class(kind.__name__, fields, slots=False, repr=False, eq=False, order=False)
    return type(
        kind.__name__,
        (kind,),
        {
            "__slots__": (),
            "__init__": setter.__init__,
            # Both: they share one slot of the type, and only together they fill it with the fast one.
            "__setattr__": object.__setattr__,
            "__delattr__": object.__delattr__,
        },
    )

"""Small words for drawing: how Hypothesis is asked, kept short because it is asked a lot."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st

Draw: TypeAlias = Callable[[Any], Any]

_PERCENT = st.integers(0, 99)
_UP_TO = [st.integers(0, most) for most in range(300)]


def chance(draw: Draw, percent: int) -> bool:
    """True in so many cases of a hundred; shrinks to False."""
    return bool(draw(_PERCENT) >= 100 - percent)


def pick(draw: Draw, several: Sequence[Any]) -> Any:
    """One of several; shrinks to the first."""
    return several[draw(_UP_TO[len(several) - 1])]


def up_to(draw: Draw, most: int) -> int:
    """A number from nothing to this."""
    return int(draw(_UP_TO[most]))

"""The pieces that the page is made of: sections, tables, tiles and bars. They know HTML, and nothing of care."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

Row = Sequence[str]  # of ready HTML


def section(kind: str, chip: str, title: str, says: str, body: str) -> str:
    """Return one section; *kind* is found, made or plain, and gives its colour."""
    head = f'<span class="chip">{escape(chip)}</span><h2>{escape(title)}</h2><p>{says}</p>'
    return f'<section class="{kind}"><header>{head}</header><div>{body}</div></section>'


def table(classes: Row, head: Row, rows: Iterable[Row]) -> str:
    """Return a table; *classes* are those of its columns."""
    heads = (
        ""
        if not any(head)
        else "".join(f'<th class="{kind}">{escape(title)}</th>' for kind, title in zip(classes, head, strict=True))
    )
    lines = (
        "".join(f'<td class="{kind}">{cell}</td>' for kind, cell in zip(classes, row, strict=True)) for row in rows
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def tiles(*numbers: tuple[int | str, str]) -> str:
    """Return numbers in large figures, each with what it counts."""
    each = (f'<div class="tile"><b>{number}</b><span>{escape(what)}</span></div>' for number, what in numbers)
    return f'<div class="tiles">{"".join(each)}</div>'


def bar(parts: Iterable[tuple[str, int]], whole: int, *, tall: bool = False) -> str:
    """Return a bar of coloured parts; what is missing from the whole stays empty."""
    shown = (
        f'<i class="{kind}" style="width:{100 * number / whole:.2f}%" title="{number}"></i>'
        for kind, number in parts
        if number
    )
    return f'<div class="bar{" tall" if tall else ""}">{"".join(shown)}</div>'


def legend(parts: Iterable[tuple[str, str]]) -> str:
    """Return what the colours of a bar mean."""
    return '<p class="legend">' + "".join(f'<span><i class="{kind}"></i>{says}</span>' for kind, says in parts) + "</p>"


def tag(key: str) -> str:
    """Return whether an event's key says that it was found or made up, in its colour."""
    found = key.startswith("bundle:")
    return f'<span class="tag {"found" if found else "made"}">{"bundle" if found else "sim"}</span>'


def agrees(holds: bool) -> str:
    """Return a check mark, or a warning that cannot be overlooked."""
    return '<span class="agrees">✓ holds</span>' if holds else '<span class="differs">✗ DOES NOT HOLD</span>'

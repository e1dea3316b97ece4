"""
Runs the examples of the pages, and writes behind each what it prints.

    python docs/run_examples.py            say which outputs are not what the page shows
    python docs/run_examples.py --write    and put the real ones there: look at the difference before you keep it

The blocks of a page run in their order and share their names. What a block prints stands in a
block right behind it: `text`, or `mermaid` where what is printed is a picture. The README is a
page as well.
"""

from __future__ import annotations

import io
import re
import sys
import types
from collections.abc import Iterator
from contextlib import redirect_stdout
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
README = ROOT / "README.md"

OUTPUTS = ("text", "mermaid")
FENCE = re.compile(r"^( *)(`{3,}|~{3,})(.*)$")


class Block(NamedTuple):
    """
    One fenced block of a page.

    *line* is the number of its first line, *follows* says that only empty lines stand between
    it and the block before.
    """

    language: str
    text: str
    line: int
    follows: bool


def blocks_of(text: str) -> list[Block]:
    """Return the fenced blocks of a page; ValueError if one has no end."""
    blocks: list[Block] = []
    fence, language, start, lines = "", "", 0, list[str]()
    at_once = False
    for number, line in enumerate(text.splitlines(), 1):
        match = FENCE.match(line)
        if fence:
            if match and match[2].startswith(fence) and not match[3].strip():
                blocks.append(Block(language, "".join(f"{one}\n" for one in lines), start, at_once and bool(blocks)))
                fence, at_once = "", True
            else:
                lines.append(line)
        elif match:
            fence, language, start, lines = match[2], match[3].strip(), number + 1, []
        elif line.strip():
            at_once = False
    if fence:
        raise ValueError(f"a block that begins on line {start - 1} has no end")
    return blocks


class Ran(NamedTuple):
    """A Python block, what it printed, and the block that shows it, if there is one."""

    block: Block
    printed: str
    shown: Block | None


def run(page: Path) -> Iterator[Ran]:
    """Run the Python blocks of a page one after the other."""
    module = types.ModuleType(f"page_{page.stem.replace('-', '_')}")
    # Dataclasses, pickles and codecs look a class up in its module.
    sys.modules[module.__name__] = module
    try:
        blocks = blocks_of(page.read_text(encoding="utf-8"))
        for block, after in zip_longest(blocks, blocks[1:]):
            if block.language != "python":
                continue
            printed = io.StringIO()
            # As many empty lines before it as on the page: a failure names the line of the page.
            code = compile("\n" * (block.line - 1) + block.text, str(page), "exec")
            with redirect_stdout(printed):
                exec(code, module.__dict__)  # our own pages
            shown = after if after is not None and after.follows and after.language in OUTPUTS else None
            yield Ran(block, printed.getvalue(), shown)
    finally:
        del sys.modules[module.__name__]


def rewritten(page: Path) -> str:
    """Return the text of a page with what its examples really print."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for block, printed, shown in reversed(list(run(page))):
        output = printed.splitlines()
        if shown is not None:
            lines[shown.line - 1 : shown.line - 1 + shown.text.count("\n")] = output
        elif output:
            end = block.line + block.text.count("\n")
            lines[end:end] = ["", "```text", *output, "```"]
    return "".join(f"{line}\n" for line in lines)


def main(*, write: bool) -> int:
    """Compare all pages with what they print, or rewrite them; return how many are not as they should be."""
    sys.path.insert(0, str(ROOT))  # pages use `examples`
    differed = failed = 0
    for page in (README, *sorted(DOCS.rglob("*.md"))):
        name = page.relative_to(ROOT)
        try:
            text = rewritten(page)
        except Exception as problem:  # noqa: BLE001  an example may raise anything; the other pages go on
            failed += 1
            print(f"{name} fails: {problem!r}")
            continue
        if text != page.read_text(encoding="utf-8"):
            differed += 1
            print(f"{name} shows something else than it prints{': written anew' * write}")
            if write:
                page.write_text(text, encoding="utf-8")
    return failed + (0 if write else differed)


if __name__ == "__main__":
    sys.exit(min(1, main(write="--write" in sys.argv[1:])))

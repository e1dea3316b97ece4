"""
The documentation holds what it shows: examples run, their output is real, links lead somewhere, tables are printed.

The blocks of a page run in their order and share their names. What a block prints stands in a block right behind it; a
block that prints and has none fails, and so does one whose output is another.
"""

import ast
import importlib.util
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
README = ROOT / "README.md"
PAGES = sorted(DOCS.rglob("*.md"))
WRITTEN = [page for page in PAGES if REFERENCE not in page.parents]  # the others are printed
OF_THE_ROOT = [README, *(ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"))]


def tool(name: str) -> Any:
    """Return a script of the documentation as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its dataclasses and tuples look themselves up there
    spec.loader.exec_module(module)
    return module


EXAMPLES = tool("run_examples")
FENCE, blocks_of = EXAMPLES.FENCE, EXAMPLES.blocks_of


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", [README, *PAGES], ids=name_of)
def test_each_example_prints_what_the_page_says(page: Path):
    """After a change: `python docs/run_examples.py --write`, and look at the difference."""
    for block, printed, shown in EXAMPLES.run(page):
        where = f"{name_of(page)}:{block.line}"
        if shown is None:
            assert not printed, f"{where} prints, and the page does not show what"
        else:
            assert printed == shown.text, where


def test_the_twenty_lines_of_the_readme_are_the_example():
    """Who copies from the README and who runs the file get the same."""
    block = next(block for block in blocks_of(README.read_text(encoding="utf-8")) if block.language == "python")
    source = (ROOT / "examples" / "one_transition.py").read_text(encoding="utf-8")
    charter, _, code = source.partition('"""\n\n')
    assert charter.startswith('"""')
    assert block.text == code
    begins = next(one for one in ast.parse(code).body if not isinstance(one, ast.Import | ast.ImportFrom)).lineno
    assert len([line for line in code.splitlines()[begins - 1 :] if line]) <= 20


def test_the_commands_of_the_readme_are_targets_of_the_makefile():
    block = next(block for block in blocks_of(README.read_text(encoding="utf-8")) if block.language == "sh")
    said = re.findall(r"^make (\w+)", block.text, re.MULTILINE)
    assert said == ["demo", "test"]
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(said) <= set(targets)


def test_python_is_never_shown_without_being_run():
    for page in [*PAGES, *OF_THE_ROOT]:
        for block in blocks_of(page.read_text(encoding="utf-8")):
            assert block.language in {"python", "text", "mermaid", "sh", "sql", "json", "dot"}, name_of(page)
            if block.language == "python":
                assert page in PAGES or page == README, f"nobody runs the Python of {name_of(page)}"


# --- links, and the way around --------------------------------------------------------------

LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")


def prose_of(text: str) -> list[tuple[int, str]]:
    """Return the numbered lines of a page that stand in no fenced block."""
    lines: list[tuple[int, str]] = []
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        match = FENCE.match(line)
        if fence:
            if match and match[2].startswith(fence) and not match[3].strip():
                fence = ""
        elif match:
            fence = match[2]
        else:
            lines.append((number, line))
    return lines


def anchors_of(page: Path) -> set[str]:
    """Return the anchors that mkdocs gives the headings of a page, and those set by hand."""
    anchors: set[str] = set()
    for _, line in prose_of(page.read_text(encoding="utf-8")):
        if line.startswith("#"):
            title, _, own = line.lstrip("#").strip().partition("{ #")
            words = re.sub(r"[^\w\s-]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)).strip().lower()
            anchors.add(own.removesuffix("}").strip() or re.sub(r"[-\s]+", "-", words))
    return anchors


@pytest.mark.parametrize("page", [*OF_THE_ROOT, *PAGES], ids=name_of)
def test_each_link_leads_somewhere(page: Path):
    for number, line in prose_of(page.read_text(encoding="utf-8")):
        for link in LINK.findall(re.sub(r"`[^`]*`", "", line)):
            where = f"{name_of(page)}:{number}: {link}"
            if link.startswith(("https://", "http://")):
                continue
            path, _, anchor = link.partition("#")
            there = (page.parent / path).resolve() if path else page
            assert there.exists(), where
            if page in PAGES:
                assert DOCS in there.parents, f"{where} leads out of the site"
            if anchor:
                assert anchor in anchors_of(there), where


def test_each_page_stands_in_the_navigation():
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2].partition("\nvalidation:")[0]
    named = re.findall(r"[\w./-]+\.md", nav)
    assert len(named) == len(set(named))
    assert set(named) == {str(page.relative_to(DOCS)) for page in PAGES}


def test_each_page_of_a_section_stands_on_its_first_page():
    """A reader who comes to a section sees all that it holds."""
    for index in DOCS.glob("*/index.md"):
        text = index.read_text(encoding="utf-8")
        for page in index.parent.rglob("*.md"):
            if page != index:
                assert f"({page.relative_to(index.parent)})" in text, f"{name_of(index)} does not name {name_of(page)}"


# --- how the pages read ---------------------------------------------------------------------

SAME_LINE = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!\bv)(?<!\bDr)[.!?][)\"*_]*\s+[A-Z\"(\[*]")


def plain(line: str) -> str:
    """Return a line of prose as a reader sees it: code as one word, links as their text."""
    line = re.sub(r"`[^`]*`", "X", line)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line)


def is_prose(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(("|", "#", "<", "!!!", "???", "!["))


@pytest.mark.parametrize("page", [*OF_THE_ROOT, *WRITTEN], ids=name_of)
def test_a_line_holds_one_sentence(page: Path):
    """So that a change of a sentence is seen as one line."""
    for number, line in prose_of(page.read_text(encoding="utf-8")):
        if is_prose(line):
            assert not SAME_LINE.search(plain(line)), f"{name_of(page)}:{number}: {line.strip()}"


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_a_sentence_stands_on_one_line(page: Path):
    lines = prose_of(page.read_text(encoding="utf-8"))
    for (number, line), (following, after) in pairwise(lines):
        begins = re.match(r"\s*([-*+]|\d+\.|:) ", after)
        if is_prose(line) and is_prose(after) and following == number + 1 and not begins and line[:1] != "-":
            ended = plain(line).rstrip().rstrip('*_)"')
            term = after.startswith(":   ")
            assert term or ended.endswith((".", "!", "?", ":", ";")), f"{name_of(page)}:{number}: {line.strip()}"


# --- what is printed from the code ----------------------------------------------------------


def test_the_reference_is_what_the_code_prints(tmp_path: Path):
    """After a change: `make docs`."""
    tool("print_reference").main(tmp_path)
    printed = {page.relative_to(tmp_path): page.read_text(encoding="utf-8") for page in tmp_path.rglob("*.md")}
    kept = {page.relative_to(REFERENCE): page.read_text(encoding="utf-8") for page in REFERENCE.rglob("*.md")}
    assert set(printed) == set(kept)
    for page, text in printed.items():
        assert text == kept[page], f"docs/reference/{page} is not what `python docs/print_reference.py` prints"

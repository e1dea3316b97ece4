"""
What type checkers tell a user: nothing about the right file, and exactly what it says itself about the wrong one.

Checkers are run as a user runs them, in their strict mode.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RIGHT, WRONG = HERE / "user_right.py", HERE / "user_wrong.py"

pytestmark = pytest.mark.checkers


class Said(NamedTuple):
    """One diagnostic: where, under which code, and its message or a phrase of it."""

    line: int
    code: str
    words: str


def by_mypy(file: Path, folder: Path) -> list[Said]:
    """Return what `mypy --strict` says of the file."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--no-pretty",
        "--output=json",
        str(file),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert not done.stderr, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return [Said(one["line"], one["code"], one["message"]) for one in told if one["severity"] == "error"]


def by_pyright(file: Path, folder: Path) -> list[Said]:
    """Return what pyright in strict mode says of the file, which is alone in a folder with a project of its own."""
    shutil.copy(file, folder)
    project = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "include": [file.name],
        "extraPaths": [str(ROOT / "src")],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(project), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "-p", str(folder), "--pythonpath", sys.executable, "--outputjson"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    told = json.loads(done.stdout)
    assert told["summary"]["filesAnalyzed"] == 1, done.stdout
    return [Said(one["range"]["start"]["line"] + 1, one["rule"], one["message"]) for one in told["generalDiagnostics"]]


CHECKERS = {"mypy": by_mypy, "pyright": by_pyright}


def expected(file: Path, checker: str) -> list[Said]:
    """Read what the file says that the checker says: each `#:` speaks of the next line of code."""
    found: list[Said] = []
    waiting: list[tuple[str, str]] = []
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        line = text.strip()
        if line.startswith("#: "):
            who, code, words = line.removeprefix("#: ").split(" ", 2)
            if who == checker:
                waiting.append((code.removesuffix(":"), words))
        elif line and not line.startswith("#"):
            found += [Said(number, code, words) for code, words in waiting]
            waiting = []
    return found


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_users_own_file_type_checks_cleanly(checker: str, tmp_path: Path) -> None:
    assert CHECKERS[checker](RIGHT, tmp_path) == []


@pytest.mark.parametrize("checker", CHECKERS)
def test_wrong_uses_are_seen_and_said_as_the_file_says(checker: str, tmp_path: Path) -> None:
    said, wanted = sorted(CHECKERS[checker](WRONG, tmp_path)), sorted(expected(WRONG, checker))
    assert [(one.line, one.code) for one in said] == [(one.line, one.code) for one in wanted]
    # Messages hold typographic spaces where they are indented.
    missing = [two for one, two in zip(said, wanted, strict=True) if two.words not in one.words.replace("\xa0", " ")]
    assert missing == []


def test_the_wrong_file_shows_a_dozen_wrong_uses_to_both_checkers() -> None:
    text = WRONG.read_text(encoding="utf-8")
    assert [f"# {number}. " in text for number in range(1, 14)] == [True] * 12 + [False]
    assert {one.line for one in expected(WRONG, "mypy")} == {one.line for one in expected(WRONG, "pyright")}
    assert len({one.line for one in expected(WRONG, "mypy")}) == 12

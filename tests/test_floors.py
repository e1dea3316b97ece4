"""
Imports point down only, and the library touches nothing of the machine it runs on.

Read from the source text, so an import inside a function counts like any other. An import under `if TYPE_CHECKING` is a
word for the type checker: it may name a neighbour on the same floor, but never anything higher.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from attrs import field, frozen

import carecoord

SOURCE = Path(__file__).resolve().parent.parent / "src" / "carecoord"

FLOORS = {
    "_records": 1,
    "errors": 1,
    "vocabulary": 1,
    "moments": 2,
    "_ledger": 3,
    "_prints": 3,
    "events": 3,
    "case": 3,
    "effects": 3,
    "tables": 4,
    "_common": 4,
    "_soundness": 4,
    "_extending": 4,
    "workflow": 4,
    "policies": 4,
    "workflows": 5,
    "_people": 5,
    "_standing": 5,
    "_machine": 5,
    "_clocks": 5,
    "_holding": 5,
    "_claims": 6,
    "_fold": 6,
    "_telling": 6,
    "starter": 6,
    "rulebook": 6,
    "_asking": 6,
    "_log": 6,
    "codec": 6,
    "describe": 6,
    "engine": 7,
    "_taking": 7,
    "migration": 7,
    "_retiming": 7,
    "views": 8,
    "hooks": 8,
    "digest": 8,
    "evidence": 8,
    "interop": 8,
    "testing": 9,
    "__main__": 9,
    "__init__": 10,  # the face: everybody outside looks at it, nobody inside does
}

# Who may look at whom on the same floor. Everything else there is out of sight.
NEIGHBOURS = {
    "_ledger": {"_prints", "case"},
    "_prints": {"events"},
    "events": {"_prints"},
    "case": {"_ledger", "events"},
    "effects": {"case", "events"},
    "_soundness": {"tables"},
    "_extending": {"tables", "workflow"},
    "_common": {"tables"},
    "workflow": {"_common", "tables", "_soundness", "_extending"},
    "policies": {"tables"},  # a limit's `when` is the same claim as a move's
    "_machine": {"_people"},
    "_clocks": {"_machine"},
    "_fold": {"_asking", "_claims"},
    "_holding": {"_clocks", "_machine"},
    "_log": {"rulebook"},
    "describe": {"rulebook"},
    "rulebook": {"starter"},
    "engine": {"_taking", "migration", "_retiming"},
    "_retiming": {"_taking", "migration"},
    "digest": {"hooks", "views"},
    "hooks": {"views"},  # whether an effect stands is asked before it is delivered
}

# Who never looks at whom, although the floors would let them: a rulebook introduces the two.
STRANGERS = {"workflows": {"policies"}}

# Rooms that `import carecoord` must not load: a host pays for what it names.
OPTIONAL = {"starter", "workflows", "codec", "interop", "evidence", "testing", "__main__"}

# Packages from outside, and the rooms that may name them; None: all rooms.
PACKAGES = {
    "attrs": None,
    "pendulum": None,
    "transitions": {"_machine"},
    "cattrs": {"codec"},
    "holidays": {"policies"},
    "hypothesis": {"testing"},
    "pytest": {"testing"},
}

# What the standard library offers and no room may take, by what it would do.
FORBIDDEN = {
    "storage": "dbm pickle shelve sqlite3",
    "the network": "ftplib http imaplib poplib select selectors smtplib socket socketserver ssl urllib xmlrpc",
    "a user interface": "cmd curses readline tkinter turtle webbrowser",
    "threads and processes": "_thread asyncio concurrent multiprocessing queue sched signal subprocess threading",
    "the clock": "time",
    "chance": "random secrets uuid",
    "logs and warnings": "logging syslog traceback warnings",
}
# The one place that opens files is __main__.
FILES = "fileinput glob io mmap os pathlib shutil tempfile zipfile"

READS_THE_CLOCK = {"now", "utcnow", "today", "tomorrow", "yesterday", "is_past", "is_future", "local_timezone"}
TOUCHES_THE_MACHINE = {"print", "open", "input", "breakpoint", "exec", "eval", "__import__"}

MODULES = sorted(SOURCE.rglob("*.py"))


@frozen
class Seen:
    """One module as its text shows it: what it imports (name, for types only), and what is wrong with it by itself."""

    name: str
    imports: list[tuple[str, bool]] = field(factory=list)
    wrong: list[str] = field(factory=list)

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]


class Reader(ast.NodeVisitor):
    """Walks the whole text, functions included."""

    def __init__(self, seen: Seen, known: set[str]):
        self.seen = seen
        self.known = known
        self.for_types = False

    def say(self, node: ast.AST, what: str) -> None:
        self.seen.wrong.append(f"{self.seen.name}, line {getattr(node, 'lineno', 0)}: {what}")

    def visit_If(self, node: ast.If) -> None:
        before = self.for_types
        self.for_types = before or ast.unparse(node.test).endswith("TYPE_CHECKING")
        for child in node.body:
            self.visit(child)
        self.for_types = before
        for child in node.orelse:
            self.visit(child)

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            self.imported(node, name.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        if node.level:
            self.say(node, "imports are written in full")
            return
        for name in node.names:
            if base != "carecoord" and not base.startswith("carecoord."):
                self.imported(node, base)
                if name.name in READS_THE_CLOCK:
                    self.say(node, f"{base}.{name.name} reads the clock")
            elif f"{base}.{name.name}".removeprefix("carecoord.") in self.known:
                self.imported(node, f"{base}.{name.name}")
            else:
                self.imported(node, base)

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func
        word = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        if word in TOUCHES_THE_MACHINE and isinstance(called, ast.Name) and self.seen.room != "__main__":
            self.say(node, f"{word}() is the host's")
        if word == "import_module":
            target = node.args[0] if node.args else None
            if isinstance(target, ast.Constant) and isinstance(target.value, str):
                self.imported(node, target.value)
            elif self.seen.name != "__init__":  # a test reads the table of the face
                self.say(node, "import_module takes a name that can be read here")
        if word in ("astimezone", "diff_for_humans") and not node.args and not node.keywords:
            self.say(node, f"{word}() without an argument asks the machine for its zone or its clock")
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in READS_THE_CLOCK:
            self.say(node, f"{ast.unparse(node)} reads the clock")
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        self.say(node, "no global state")

    def imported(self, node: ast.AST, module: str) -> None:
        package = module.partition(".")[0]
        if package == "carecoord":
            self.seen.imports.append((module.removeprefix("carecoord").removeprefix(".") or "__init__", self.for_types))
        elif package not in sys.stdlib_module_names:
            rooms = PACKAGES.get(package, set())
            if rooms is not None and self.seen.room not in rooms:
                self.say(node, f"{package} is not for this room")
        else:
            for what, names in FORBIDDEN.items():
                if package in names.split():
                    self.say(node, f"{package} is {what}")
            if package in FILES.split() and self.seen.room != "__main__":
                self.say(node, f"{package} is files")


def name_of(path: Path) -> str:
    """Turn `policies/spans.py` into `policies.spans`, `policies/__init__.py` into `policies`."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


KNOWN = {name_of(path) for path in MODULES}


def look(name: str, text: str) -> Seen:
    """Read one module's text."""
    seen = Seen(name)
    Reader(seen, KNOWN | set(FLOORS)).visit(ast.parse(text))
    return seen


def complaints(seen: Seen) -> Iterator[str]:
    """Say in words what *seen* may not do."""
    yield from seen.wrong
    here = FLOORS.get(seen.room)
    if here is None:
        yield f"{seen.name}: say which floor it stands on"
        return
    for target, for_types in seen.imports:
        room = target.partition(".")[0]
        there = FLOORS.get(room)
        if there is None:
            yield f"{seen.name} imports {target}, which stands on no floor"
        elif room == seen.room:
            if room == "workflows" and target.split(".")[1:2] != seen.name.split(".")[1:2]:
                yield f"{seen.name} imports {target}: workflows do not import each other"
        elif room in STRANGERS.get(seen.room, ()):
            yield f"{seen.name} imports {target}: a rulebook introduces {seen.room} and {room}"
        elif there > here:
            yield f"{seen.name} (floor {here}) imports {target} (floor {there}): imports point down only"
        elif there == here and not for_types and room not in NEIGHBOURS.get(seen.room, ()):
            yield f"{seen.name} imports {target}, its neighbour on floor {here}, and the table does not say so"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_keeps_to_its_floor(path):
    assert "\n".join(complaints(look(name_of(path), path.read_text(encoding="utf-8")))) == ""


def test_no_two_modules_need_each_other():
    """Nor three, nor more: the imports that run make no circle."""
    graph = {}
    for path in MODULES:
        seen = look(name_of(path), path.read_text(encoding="utf-8"))
        graph[seen.name] = {target for target, for_types in seen.imports if not for_types and target != seen.name}
    TopologicalSorter(graph).prepare()


def test_the_face_says_three_times_the_same():
    """What type checkers read, what is promised, and where each name is fetched from when it is asked for."""
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    read = {
        (alias.name, str(node.module).removeprefix("carecoord."))
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert read == set(carecoord._ROOM_OF.items())
    assert carecoord.__all__ == sorted(name for name, _ in read)
    assert all(getattr(carecoord, name) is not None for name in carecoord.__all__)


def test_the_face_defines_nothing():
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    defined = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert defined == ["__getattr__", "__dir__"]


def test_importing_the_library_loads_no_room_at_all():
    loaded = subprocess.run(
        [sys.executable, "-c", "import carecoord, sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not [name for name in loaded if name.startswith("carecoord.")]


def test_asking_the_face_for_everything_loads_no_optional_room():
    code = "from carecoord import *; import sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    rooms = {name.split(".")[1] for name in loaded if name.startswith("carecoord.")}
    assert rooms & OPTIONAL == set()
    assert not {"cattrs", "holidays", "hypothesis", "pendulum"} & set(loaded)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("events", "from carecoord.engine import advance", "imports point down only"),
        ("events", "def late():\n    from carecoord import engine", "imports point down only"),
        ("events", "if TYPE_CHECKING:\n    from carecoord.engine import advance", "imports point down only"),
        ("events", "from carecoord.case import Case", "the table does not say so"),
        ("policies.ladders", "import carecoord.workflow", "the table does not say so"),
        ("workflows.referral", "from carecoord.policies import spans", "a rulebook introduces"),
        ("workflows.referral", "from carecoord.workflows.care_transition import STAY", "do not import each other"),
        ("workflows.referral.table", "from carecoord.workflows.care_transition.events import Admitted", "each other"),
        ("engine", "from carecoord import Case", "imports point down only"),
        ("engine", "from .case import Case", "written in full"),
        ("workflows.referral", "from carecoord._machine import table_of", "the table does not say so"),
        ("engine", "import transitions", "not for this room"),
        ("engine", "import cattrs.strategies", "not for this room"),
        ("engine", "import requests", "not for this room"),
        ("engine", "def lazily():\n    import sqlite3", "storage"),
        ("engine", "import_module('logging')", "logs and warnings"),
        ("engine", "import_module(name)", "can be read here"),
        ("engine", "from os import path", "files"),
        ("engine", "datetime.now(UTC)", "reads the clock"),
        ("engine", "at: datetime = field(factory=pendulum.now)", "reads the clock"),
        ("engine", "from pendulum import today", "reads the clock"),
        ("engine", "import time", "the clock"),
        ("engine", "moment.astimezone()", "zone or its clock"),
        ("engine", "print(case)", "is the host's"),
        ("engine", "def step():\n    global seen", "no global state"),
        ("attic", "", "say which floor it stands on"),
    ],
)
def test_a_module_that_climbs_or_reaches_out_is_named(name, text, words):
    """A rule that nothing can break is not a rule."""
    assert words in " ".join(complaints(look(name, text)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("effects", "from carecoord.case import How"),
        ("case", "if TYPE_CHECKING:\n    from carecoord.effects import Effect"),
        ("_machine", "from transitions import Machine"),
        ("codec", "from cattrs.strategies import configure_tagged_union"),
        ("policies.calendars", "def filled():\n    import holidays"),
        ("policies.calendars", "from carecoord.policies.spans import Span"),
        ("workflows.care_transition.claims", "from carecoord.workflows.care_transition.events import Admitted"),
        ("workflows.referral.facts", "from carecoord.workflows.referral.events import Sent"),
        ("workflows.referral", "from carecoord.workflows.referral.events import Sent"),
        ("moments", "from datetime import time"),
        ("engine", "moment.astimezone(UTC)"),
        ("__main__", "from pathlib import Path\nprint(open(Path('practice.toml')))"),
    ],
)
def test_a_module_that_keeps_to_its_floor_is_let_be(name, text):
    assert list(complaints(look(name, text))) == []

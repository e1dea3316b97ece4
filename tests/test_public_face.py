"""The face of the library: what it shows, what it loads, and that it is quiet."""

import ast
import logging
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest
from tests.kit import small
from tests.kit.small import DAY, FRI, HOUR, Broke, Returned, lent

import carecoord
from carecoord import LoopClosed, Retracted

ROOMS = (
    "case",
    "digest",
    "effects",
    "engine",
    "errors",
    "events",
    "hooks",
    "migration",
    "moments",
    "policies",
    "rulebook",
    "tables",
    "views",
    "vocabulary",
    "workflow",
)
TEXT = ast.parse(Path(carecoord.__file__).read_text(encoding="utf-8"))


def run(code: str, *flags: str) -> subprocess.CompletedProcess[str]:
    root = Path(small.__file__).resolve().parent.parent.parent
    return subprocess.run(
        [sys.executable, *flags, "-c", code], capture_output=True, text=True, check=False, cwd=root, timeout=60
    )


# ---- what it shows


def test_every_public_name_is_there():
    for name in carecoord.__all__:
        assert getattr(carecoord, name) is not None


def test_public_names_are_sorted_and_written_out():
    written = next(
        node.value for node in TEXT.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
    names = ast.literal_eval(written)
    assert names == carecoord.__all__
    assert names == sorted(names)
    assert len(names) == len(set(names))


def test_what_is_imported_for_type_checkers_is_what_is_public():
    """Somebody who imports a name gets what their editor shows."""
    seen = {
        alias.asname or alias.name: node.module
        for node in ast.walk(TEXT)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("carecoord")
        for alias in node.names
    }
    assert set(seen) == set(carecoord.__all__)
    for name, module in seen.items():
        exec(f"from {module} import {name} as room_s", space := {})
        assert space["room_s"] is getattr(carecoord, name), name


def test_the_names_of_the_face_are_listed_by_dir():
    assert set(carecoord.__all__) <= set(dir(carecoord))


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="luck"):
        _ = carecoord.luck


@pytest.mark.parametrize("name", ["errors", "events", "effects"])
def test_every_kind_of_error_event_and_effect_is_public(name):
    """What comes out of the library, or goes into it, can be imported from its face."""
    room = vars(__import__(f"carecoord.{name}", fromlist=[name]))
    own = {
        word
        for word, value in room.items()
        if isinstance(value, type) and value.__module__ == f"carecoord.{name}" and not word.startswith("_")
    }
    assert own - set(carecoord.__all__) == set()


def test_the_face_shows_no_room_as_a_name():
    assert not [name for name in carecoord.__all__ if isinstance(getattr(carecoord, name), ModuleType)]


def test_types_are_announced():
    assert files("carecoord").joinpath("py.typed").is_file()


# ---- what it loads


def loaded_by(code: str) -> set[str]:
    done = run(f"{code}; import sys; print(*sys.modules)", "-W", "error")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


NEVER_AT_FIRST = {
    "carecoord.workflows.care_transition",
    "carecoord.codec",
    "cattrs",
    "holidays",
    "pendulum",
    "hypothesis",
}


def test_importing_the_library_loads_no_workflow_and_no_codec():
    assert loaded_by("import carecoord") & NEVER_AT_FIRST == set()


def test_everything_on_the_face_can_be_had_without_workflow_or_codec():
    assert loaded_by("from carecoord import *") & NEVER_AT_FIRST == set()


def test_a_host_that_only_looks_loads_no_engine_room():
    """`transitions` costs more to load than all of the library."""
    assert "transitions" not in loaded_by("import carecoord")


# ---- that it is quiet

JOURNEY = """
from tests.kit.small import *
from carecoord import Retracted, replay, worklist, explain
log = lent(told="pat")
log.say(Broke, FRI + DAY, about="grip")
log.look(FRI + 30 * DAY)
log.say(Retracted, FRI + 31 * DAY, retracts="lent")
replay(LOANS, log.entries), worklist([log.case], at=FRI), explain(log.case, at=FRI)
"""


def test_a_journey_warns_of_nothing_and_prints_nothing():
    done = run(JOURNEY, "-W", "error", "-X", "dev")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_journey_logs_nothing(caplog):
    with caplog.at_level(logging.DEBUG):
        log = lent()
        log.say(Broke, FRI + 3 * HOUR, about="grip")
        log.look(FRI + 30 * DAY)
        log.say(Retracted, FRI + 31 * DAY, retracts="lent")
        log.say(Returned, FRI + 32 * DAY)
        with pytest.raises(carecoord.Refused):
            log.say(LoopClosed, FRI + 33 * DAY)
    assert caplog.records == []


def test_a_journey_changes_no_logger_of_the_host():
    done = run(
        "import logging; before = {*logging.root.manager.loggerDict}\n"
        + JOURNEY
        + "\nprint({*logging.root.manager.loggerDict} - before, logging.root.handlers)"
    )
    assert not any("carecoord" in word for word in done.stdout.split())
    assert done.stdout.endswith("[]\n")


def test_without_assertions_the_library_does_the_same():
    """`python -O` takes them out; none of them may do any work."""
    code = JOURNEY + "\nprint(repr(log.steps).encode().hex()[-64:], log.case.seq, log.case.state)"
    plain, optimised = run(code), run(code, "-O")
    assert plain.stdout == optimised.stdout != ""

"""The frame of the project: what it depends on, what it promises to packagers, and that tests stay at home."""

import socket
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]


def test_run_time_dependencies_are_exactly_four():
    names = [line.partition(">=")[0] for line in PROJECT["dependencies"]]
    assert names == ["attrs", "cattrs", "pendulum", "transitions"]


def test_every_dependency_has_a_lower_bound_and_no_upper_one():
    """A library that caps its dependencies makes its hosts unable to install it beside others."""
    for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["holidays"]:
        name, _, bound = line.partition(">=")
        assert bound, name
        assert bound.replace(".", "").isdigit(), line


def test_the_changelog_has_a_place_for_this_version():
    assert f"## [{PROJECT['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_types_are_announced():
    assert (ROOT / "src/carecoord/py.typed").exists()


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0), ("example.org", 443)])
@pytest.mark.parametrize("event", ["socket.connect", "socket.sendto"])
def test_a_test_cannot_reach_beyond_this_machine(event, address):
    """The event is raised by hand, so nothing is sent even if the guard is broken."""
    with pytest.raises(pytest.fail.Exception, match="tests stay on this machine"):
        sys.audit(event, None, address)


def test_a_test_cannot_look_up_a_name():
    with pytest.raises(pytest.fail.Exception, match=r"example\.org"):
        sys.audit("socket.getaddrinfo", "example.org", 443, 0, 0, 0)


def test_a_test_may_talk_to_itself():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        accepted, _ = server.accept()
        with accepted:
            client.sendall(b"here")
            assert accepted.recv(4) == b"here"

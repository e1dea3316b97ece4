"""
How every test runs: which Hypothesis profile, and never beyond this machine.

Profiles are chosen by the variable HYPOTHESIS_PROFILE. All but `long` draw the same examples at every run, so that a
change is judged by what it changed. A test that wants more or fewer examples multiplies `settings().max_examples`
rather than naming a number, or the profiles would not reach it.
"""

import os
import sys
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from tests.kit import report

settings.register_profile(
    "default",
    max_examples=100,
    derandomize=True,
    deadline=None,  # a busy machine is not a wrong answer ...
    suppress_health_check=[HealthCheck.too_slow],  # ... neither here
)
settings.register_profile("quick", settings.get_profile("default"), max_examples=20)  # the other Pythons
settings.register_profile("short", settings.get_profile("default"), max_examples=300)  # `make proof`
settings.register_profile(
    "long",  # `make proof PROFILE=long`: within the hour
    settings.get_profile("default"),
    max_examples=400,
    derandomize=False,
    print_blob=True,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def is_beyond_this_machine(host: object) -> bool:
    """Say whether *host*, a name or an address, is anything but loopback; no name is ever looked up."""
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if not host or host == "localhost":
        return False
    try:
        return not ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return True


def _guard(event: str, args: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        # A Unix socket has a path for an address and stays on the machine; a connected socket sends to None.
        if not isinstance(address, tuple) or not is_beyond_this_machine(address[0]):
            return
    elif event == "socket.getaddrinfo":
        if not is_beyond_this_machine(address := args[0]):
            return
    else:
        return
    # Not an Exception: code under test that forgives a failed connection must not forgive this.
    pytest.fail(f"a test reached for {address!r}; tests stay on this machine")


# An audit hook sees every socket of the process, whoever opens it, from before the first test to the end.
sys.addaudithook(_guard)


pytest_terminal_summary = report.pytest_terminal_summary  # what the laws met, at the end of a run

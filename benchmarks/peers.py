"""
Other engines, one guarded transition each, where they are installed; the library needs none of them.

They do less per event than a step does: no clocks, no effects, no record of the case. `pip install python-statemachine
automat sismic` brings them here; nothing installs them by itself.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from itertools import repeat
from typing import Any, Final

from benchmarks.timing import Loop


def _python_statemachine() -> tuple[int, Loop]:
    room: Any = import_module("statemachine")
    here, there = room.State(initial=True), room.State()
    body = {
        "here": here,
        "there": there,
        "go": here.to(there, cond="passes") | there.to(here, cond="passes"),
        "passes": lambda self: True,
    }
    machine = type("Hot", (room.StateMachine,), body)()

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            machine.send("go")

    return 1, turn


def _automat() -> tuple[int, Loop]:
    room: Any = import_module("automat")
    from typing import Protocol  # noqa: PLC0415  only this engine wants one

    class Inputs(Protocol):
        def go(self) -> None: ...

    class Core:
        pass

    builder = room.TypeMachineBuilder(Inputs, Core)
    here, there = builder.state("here"), builder.state("there")
    here.upon(Inputs.go).to(there).returns(None)
    there.upon(Inputs.go).to(here).returns(None)
    go = builder.build()(Core()).go

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            go()

    return 1, turn


def _sismic() -> tuple[int, Loop]:
    importer: Any = import_module("sismic.io")
    interpreter: Any = import_module("sismic.interpreter").Interpreter(
        importer.import_from_yaml(
            "statechart: {name: s, root state: {name: r, initial: a, states: ["
            "{name: a, transitions: [{event: go, target: b, guard: 'True'}]},"
            "{name: b, transitions: [{event: go, target: a, guard: 'True'}]}]}}"
        )
    )
    interpreter.execute()

    def turn(times: int) -> None:
        for _ in repeat(None, times):
            interpreter.queue("go").execute_once()

    return 1, turn


_KNOWN: Final = {
    "python-statemachine, hot": ("statemachine", _python_statemachine),
    "automat, hot (knows no guards)": ("automat", _automat),
    "sismic, hot": ("sismic", _sismic),
}


def here() -> dict[str, tuple[int, Loop]]:
    """Return those that are installed."""
    return {name: make() for name, (package, make) in _KNOWN.items() if find_spec(package)}


def absent() -> tuple[str, ...]:
    """Return the names of those that are not."""
    return tuple(name.partition(",")[0] for name, (package, _) in _KNOWN.items() if not find_spec(package))

"""What loading costs, in fresh processes that take turns."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import carecoord
from benchmarks.timing import Effort, Measured

_TIMED = "from time import process_time_ns as now; was = now(); {}; print(now() - was)"
FOUR = "transitions, attrs, cattrs, pendulum"


def loads(effort: Effort) -> dict[str, Measured]:
    """Return the CPU time of each import in nanoseconds, one per round."""
    source = Path(carecoord.__file__).resolve().parent
    workflows = [f"carecoord.workflows.{found.name}" for found in pkgutil.iter_modules([str(source / "workflows")])]
    wanted = {
        "four": f"import {FOUR}",
        "carecoord": "import carecoord",
        "all of it": "from carecoord import *",
        "workflows": f"import carecoord, {', '.join(workflows)}",
        "everything": f"from carecoord import *; import {', '.join(workflows)}",
    }
    if find_spec("carecoord.codec"):
        wanted["codec"] = "from carecoord import *; import carecoord.codec"
    each: dict[str, list[float]] = {name: [] for name in wanted}
    order = list(wanted.items())
    with tempfile.TemporaryDirectory() as compiled:
        # All of them compiled beforehand, as what was installed is, and the very carecoord that is measured here.
        env = {**os.environ, "PYTHONPATH": str(source.parent), "PYTHONPYCACHEPREFIX": compiled}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        for _, what in order:
            _start(what, env)
        for _ in range(effort.starts):
            order.reverse()
            for name, what in order:
                each[name].append(_start(what, env))
    return {name: Measured(tuple(took)) for name, took in each.items()}


def _start(what: str, env: dict[str, str]) -> float:
    command = [sys.executable, "-c", _TIMED.format(what)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout)

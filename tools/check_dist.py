"""
Build sdist and wheel, and say whether they hold what they should and nothing else.

The wheel is built from the sdist, so an sdist that lacks a file shows here.
"""

import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
IN_SDIST = ("LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "Makefile", "src", "tests", "docs", "examples")


def wrong_in_wheel(names: set[str], stem: str) -> list[str]:
    """Compare the wheel with `src/`: every module and the marker of types, and besides them only its own metadata."""
    source = ROOT / "src"
    modules = {path.relative_to(source).as_posix() for path in (source / "carecoord").rglob("*.py")}
    expected = modules | {"carecoord/py.typed"}
    inside = {name for name in names if not name.startswith(f"{stem}.dist-info/")}
    words = [f"the wheel lacks {name}" for name in sorted(expected - inside)]
    words += [f"the wheel should not hold {name}" for name in sorted(inside - expected)]
    if f"{stem}.dist-info/licenses/LICENSE" not in names:
        words.append("the wheel lacks its licence")
    return words


def wrong_in_sdist(names: set[str], stem: str) -> list[str]:
    """Name what somebody who has only the sdist could not read or run."""
    return [
        f"the sdist lacks {wanted}"
        for wanted in IN_SDIST
        if not any(name == f"{stem}/{wanted}" or name.startswith(f"{stem}/{wanted}/") for name in names)
    ]


def main() -> int:
    """Build both, look into both, and print what is wrong."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stem = f"{project['name']}-{project['version']}"
    shutil.rmtree(DIST, ignore_errors=True)
    built = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(DIST), str(ROOT)], capture_output=True, text=True, check=False
    )
    if built.returncode:
        print(built.stdout[-3000:], built.stderr[-3000:], sep="\n", file=sys.stderr)
        return built.returncode
    wheel, sdist = DIST / f"{stem}-py3-none-any.whl", DIST / f"{stem}.tar.gz"
    with zipfile.ZipFile(wheel) as archive:
        wrong = wrong_in_wheel(set(archive.namelist()), stem)
    with tarfile.open(sdist) as archive:
        wrong += wrong_in_sdist({member.name for member in archive if member.isfile()}, stem)
    print(*(wrong or [f"dist/{path.name}: {path.stat().st_size / 1000:.0f} kB" for path in (wheel, sdist)]), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

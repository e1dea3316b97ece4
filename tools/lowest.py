"""
Print the lowest release that each direct dependency may have, as pip takes it: `attrs==23.1.0 cattrs==24.1.0 ...`.

The extra `holidays` is read as well. A dependency without a lower bound is an error: nobody could test it.
"""

import re
import sys
import tomllib
from pathlib import Path

BOUND = re.compile(r"(?P<name>[A-Za-z0-9._-]+)>=(?P<lowest>[0-9][0-9A-Za-z.]*)")


def lowest(requirement: str) -> str:
    """Turn `name>=bound` into `name==bound`."""
    found = BOUND.fullmatch(requirement.replace(" ", ""))
    if found is None:
        sys.exit(f"{requirement!r} should read 'name>=bound'")
    return f"{found['name']}=={found['lowest']}"


if __name__ == "__main__":
    text = (Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    print(*map(lowest, project["dependencies"] + project["optional-dependencies"]["holidays"]))

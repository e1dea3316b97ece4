"""The page of criteria: each stands there once, and what shows it is public, tested, and of its own workflow."""

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from carecoord.workflows import care_plan_review, care_transition, diagnostic_result, referral

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "explanation" / "criteria.md"
OTHER_RULES = PAGE.with_name("published-rules.md").read_text(encoding="utf-8")
WORKFLOWS = {
    "CARE_PLAN_REVIEW": care_plan_review,
    "CARE_TRANSITION": care_transition,
    "REFERRAL": referral,
    "TEST_RESULT": diagnostic_result,
}
ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| (C[CM]-|IA_|CMS50|AR-)", line)
]
LISTED = [row[0] for row in ROWS]
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])

# As NCQA's slides have them, and the activity with its options; in parts where the parts are known.
PARTS = {"CM-01": "ABCDE", "CC-01": "ABCDEF", "CC-04": "ABC"}
NCQA = [f"CM-{number:02}" for number in range(1, 12)] + [f"CC-{number:02}" for number in range(1, 22)]
IA_CC_12 = ("option 1", "option 2", "option 3", "co-management", "conflict pathways")


@cache
def those_of(file):
    tree = ast.parse((HERE / f"{file}.py").read_text(encoding="utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def test_every_criterion_is_listed_once():
    wanted = [f"{name} {part}" if part else name for name in NCQA for part in PARTS.get(name, ("",))]
    assert [one for one in LISTED if one.startswith(("CM-", "CC-"))] == wanted
    assert [one for one in LISTED if one.startswith("IA_CC_12")] == [f"IA_CC_12, {option}" for option in IA_CC_12]
    assert len(set(LISTED)) == len(LISTED)


@each_row
def test_no_cell_is_empty_and_what_nothing_shows_says_why(row):
    assert len(row) == 6
    assert all(row)
    shown, tested, left = row[2:5]
    assert (shown == "-") is (tested == "-") is ("**out of scope**" in left)


@each_row
def test_it_says_how_sure_it_is(row):
    assert re.search(r"seen: \[[^]]+\]\(https?://|\*\*not verified\*\*|NCQA's slides|S1, the text of 2024", row[5])


@each_row
def test_what_shows_it_is_public(row):
    for name in re.findall(r"`([^`]+)`", row[2]):
        assert resolved(name) is not None, name


def resolved(name):
    """Return what a cell names: a clock of a workflow, or something public by its dotted name."""
    if clock := re.fullmatch(r'(\w+)\.clock\("(\w+)"\)', name):
        workflow, own = clock.groups()
        return getattr(WORKFLOWS[workflow], workflow).clock(own)
    place = re.match(r"carecoord(\.workflows\.\w+)?", name)
    module = import_module(place[0])
    first, *rest = name[place.end() + 1 :].split(".")
    assert first in module.__all__, f"{first} is not public in {place[0]}"
    found = getattr(module, first)
    for one in rest:
        found = getattr(found, one)
    return found


@each_row
def test_it_names_tests_that_there_are(row):
    for file, test in re.findall(r"`(test_\w+)::(test_\w+)`", row[3]):
        assert test in those_of(file), f"{file}::{test}"
    assert re.sub(r"`test_\w+::test_\w+`|<br>", "", row[3]) in ("", "-")


def as_listed(said):
    """Return the criteria of this page that a workflow calls so; none where it speaks of other rules."""
    name = said.removeprefix("NCQA PCMH ").removeprefix("NCQA ").removeprefix("MIPS ")
    name = re.sub(r"^(IA_CC_12), (\d)$", r"\1, option \2", name)
    first, *others = re.split(r", (?=\d)", name)
    names = [first, *(f"{first[:3]}{other}" for other in others)]
    return [one for name in names for one in LISTED if one == name.split(" to ")[0] or one.startswith(f"{name} ")]


@pytest.mark.parametrize("module", WORKFLOWS.values(), ids=WORKFLOWS)
def test_each_criterion_that_a_workflow_speaks_for_names_that_workflow(module):
    """What it speaks for beside these (HEDIS, TCM) stands on the page of other rules."""
    for said, _ in module.CRITERIA:
        if said.startswith(("HEDIS", "CMS TCM")):
            assert re.search(r"\b(TRC|MRP|FUH|TCM)\b", said)[0] in OTHER_RULES
            continue
        there = [row for row in ROWS if row[0] in as_listed(said)]
        assert there, said
        workflow = next(name for name, one in WORKFLOWS.items() if one is module)
        for row in there:
            assert module.__name__ in row[2] or f"{workflow}.clock" in row[2], row[0]


def test_no_criterion_stands_in_the_table_of_other_rules_as_well():
    which = OTHER_RULES.partition("## Which rules")[2].partition("\n## ")[0]
    assert which
    assert not re.search(r"^\| (NCQA PCMH|MIPS IA_|CMS50)", which, re.MULTILINE)

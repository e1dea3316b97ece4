"""
What the demo tells: both ways of counting agree, and found and made up are never mixed on the page.

The patients here are made up in the test; the generator is never run.
"""

import ast
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from examples.clinic import demo, generate
from examples.clinic.audit import ENDS, audit, facts_in
from examples.clinic.bundles import read_folder
from examples.clinic.findings import Check, Findings, count_again, gather
from examples.clinic.hearing import CLINIC, DESKS, MadeUpPractice
from examples.clinic.report import page
from examples.clinic.shares import GROUPS
from examples.clinic.store import Store
from examples.clinic.tally import tally
from tests.made_up_population import FEW, HOUR, ONE_YEAR, follow, followed, write_bundles


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("left") / "clinic.sqlite"
    with followed(FEW, file):
        return file


@pytest.fixture
def store(left_behind: Path, tmp_path: Path) -> Iterator[Store]:
    with closing(Store(shutil.copy(left_behind, tmp_path), CLINIC)) as kept:
        yield kept


# --- the page -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundles(tmp_path_factory.mktemp("bundles") / "fhir", FEW)


@pytest.fixture
def found(store: Store, bundles: Path) -> Findings:
    practice = MadeUpPractice(FEW, ONE_YEAR)
    seen = follow(store, practice)  # of a file that is complete: it changes nothing
    again = count_again(bundles, ONE_YEAR.closes.date())
    return gather({7: read_folder(bundles)}, {7: again}, practice, store, seen)


def test_both_ways_of_counting_agree(found: Findings) -> None:
    assert [check.says for check in found.checks if not check.holds] == []


def test_a_fact_that_is_not_in_the_bundles_is_found_out(store: Store, tmp_path: Path) -> None:
    moved = [replace(each, stays=tuple(replace(one, started=one.started - HOUR) for one in each.stays)) for each in FEW]
    audited = audit(store.path, facts_in(write_bundles(tmp_path / "moved", moved)), ONE_YEAR.closes)
    assert {key.split(":")[2] for key in audited.unfounded} == {"arrival", "admission"}


@pytest.mark.parametrize(
    ("change", "figure"),
    [
        ("DELETE FROM outbox WHERE kind = 'moved' AND rowid > 100", "care-transition: CLOSED"),
        ("DELETE FROM outbox WHERE kind = 'deadline-set'", "referral: overdue"),
        ("DELETE FROM outbox WHERE kind = 'escalated' AND rowid % 9 = 0", "alarms to COORDINATOR"),
        ("DELETE FROM turned_away", "turned away"),
    ],
)
def test_a_figure_that_is_not_borne_out_by_the_effects_is_found_out(store: Store, change: str, figure: str) -> None:
    ours = tally(store, ONE_YEAR.closes).as_audited()
    store.query(change)
    assert audit(store.path, {}, ONE_YEAR.closes).figures[figure] != ours[figure]


@pytest.mark.parametrize("file", ["audit.py", "recount.py"])
def test_the_second_count_stands_by_itself(file: str) -> None:
    tree = ast.parse((Path(demo.__file__).parent / file).read_text("utf-8"))
    names = [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_both_counts_know_the_same_ends_of_each_kind_of_loop() -> None:
    told = {desk.rules.workflow.name: tuple(end.state for end in desk.ends) for desk in DESKS}
    assert told == ENDS


class Sections(HTMLParser):
    """The text of each section under its class, and whatever a browser would have to fetch or run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: dict[str, str] = {}
        self.fetched: list[str] = []
        self._open: list[str] = []
        self._section = ""
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.fetched += [f"{tag} {name}" for name in ("src", "href", "data", "srcset", "onload") if name in given]
        self.fetched += [tag] if tag in ("script", "link", "iframe", "object", "embed", "img") else []
        if tag == "section":
            self._section = given["class"] or ""
        if tag not in ("meta", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "section":
            self._section = ""

    def handle_data(self, data: str) -> None:
        self.text[self._section] = self.text.get(self._section, "") + data + " "


def test_the_page_is_whole_and_fetches_nothing(found: Findings) -> None:
    assert Sections(page(found, {})).fetched == []


def test_a_figure_of_the_population_does_not_change_with_the_made_up_practice(found: Findings, bundles: Path) -> None:
    """The part under the heading of the population is the same, whatever the practice heard and did."""
    with followed(FEW, seed=99) as (store, practice):
        other = replace(found, tally=tally(store, ONE_YEAR.closes), drawn=practice.drawn)
    one, two = (Sections(page(each, {})).text for each in (found, other))
    assert one["found"] == two["found"]
    assert one["made"] != two["made"]


def test_the_population_on_the_page_is_what_the_bundles_hold(found: Findings) -> None:
    told = Sections(page(found, {})).text["found"]
    for name, number in asdict(found.population).items():
        assert f" {number:,} " in told, name


def test_every_kind_of_loop_has_its_part_of_the_page_and_one_loop_explained(found: Findings) -> None:
    told = Sections(page(found, {})).text
    everything = " ".join(told.values())
    for desk in DESKS:
        assert f"The practice: {desk.title.lower()}" in told["made"]
        assert f"{desk.title}: one loop explained" in everything
        assert desk.one_loop in told["made"]
        assert desk.rules.workflow.name in told["made"].partition("The most urgent of these loops")[2]


def test_the_page_names_no_patient(found: Findings) -> None:
    html = page(found, {})
    assert "Hale" not in html
    assert "Ruth" not in html


def test_every_share_is_on_the_page_with_its_reason(found: Findings) -> None:
    told = Sections(page(found, {})).text["made"]
    assert all(way.reason in told and f"{way.percent} %" in told for ways in GROUPS.values() for way in ways)


def test_a_check_that_fails_cannot_be_overlooked(found: Findings) -> None:
    html = page(replace(found, checks=(Check("two and two are five", False),)), {})
    assert "DOES NOT HOLD" in html


# --- the command ----------------------------------------------------------------------------


def in_folder(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    def made(place: Path, **_: object) -> generate.Generated:
        fhir = place / "fhir"
        return generate.Generated(
            (fhir if fhir.exists() else write_bundles(fhir, FEW),), ONE_YEAR.closes.date(), 1.5, 2.5
        )

    monkeypatch.setattr(generate, "generate", made)
    monkeypatch.setattr(demo.webbrowser, "open", lambda _: pytest.fail("nobody sits before a screen"))
    monkeypatch.setattr(sys, "argv", ["demo", "--folder", f"{folder}", "--seeds", "7", *words])
    return demo.main()


def test_the_demo_leaves_a_page_and_a_store_and_says_how_long_each_part_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):  # what the first run left is no hindrance
        assert in_folder(tmp_path, monkeypatch) == 0
    said = capsys.readouterr().out
    assert all(part in said for part in ("installing 1.5 s", "generating 2.5 s", "replaying ", "reporting "))
    assert {each.name for each in tmp_path.iterdir()} == {"fhir", "report.html", "clinic.sqlite"}


def test_the_demo_fails_where_the_two_ways_of_counting_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Check("two and two are five", False)
    monkeypatch.setattr(demo, "gather", lambda *given: replace(gather(*given), checks=(wrong,)))
    assert in_folder(tmp_path, monkeypatch, "--no-open") == 1

"""All that the page and the terminal tell, gathered in one place; nothing is worked out when it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from examples.clinic.audit import Facts, audit, facts_in
from examples.clinic.bundles import Patient, Window
from examples.clinic.desk import Desk
from examples.clinic.explained import Explained, explain_all, late, most_telling
from examples.clinic.figures import Figures, figures
from examples.clinic.hearing import MadeUpPractice
from examples.clinic.lab_unknown import Unflagged, unflagged
from examples.clinic.recount import recount
from examples.clinic.replay import Seen
from examples.clinic.store import Store
from examples.clinic.tally import Tally, tally

from carecoord.describe import in_words

UNFINISHED = 0.1  # of the loops, at least: a demo in which all ends well would show nothing


@dataclass(frozen=True, slots=True)
class SecondCount:
    """The bundles of one seed, as `recount.py` and `audit.py` read them."""

    figures: dict[str, int]
    facts: Facts


def count_again(folder: Path, reference: date) -> SecondCount:
    """Count the bundles of a folder without anything of the demo; this may be done in another process."""
    return SecondCount(recount(folder, reference), facts_in(folder))


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked another way, and whether both ways agree."""

    says: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What there is to tell."""

    window: Window
    desks: Sequence[Desk]
    population: Figures
    by_seed: Mapping[int, Figures]
    tally: Tally
    seen: Seen
    unflagged: Unflagged  # the laboratory values that came without a flag
    most_urgent: str  # the loop that stands first, in words
    late: int  # messages heard after one that happened later
    explained: Mapping[str, Explained]  # the most telling loop of each workflow
    drawn: Mapping[tuple[str, str], int]
    seed: int  # of the simulator
    checks: Sequence[Check]


def gather(
    read: Mapping[int, Sequence[Patient]],
    again: Mapping[int, SecondCount],
    practice: MadeUpPractice,
    store: Store,
    seen: Seen,
) -> Findings:
    """Count everything in the demo's way, and hold it against the second count; *read* are the patients by seed."""
    window = practice.window
    by_seed = {seed: figures(patients, window) for seed, patients in read.items()}
    now, loops = tally(store, window.closes), explain_all(store)
    return Findings(
        window=window,
        desks=practice.desks,
        population=figures((each for patients in read.values() for each in patients), window),
        by_seed=by_seed,
        tally=now,
        seen=seen,
        unflagged=unflagged(store),
        most_urgent=_in_words(now, store),
        late=sum(map(late, loops)),
        explained={kind: most_telling(list(each)) for kind, each in groupby(_by_kind(loops), key=_kind)},
        drawn=practice.drawn,
        seed=practice.seed,
        checks=(
            *_population_checks(by_seed, again),
            *_practice_checks(again, now, store),
            Check(
                "every loop, made again from its entries alone, is the one that was kept", all(e.same for e in loops)
            ),
            *(
                Check(
                    f"at least a tenth of the loops of {kind.workflow} is unfinished: {desk.unfinished(kind):.0%}",
                    desk.unfinished(kind) >= UNFINISHED,
                )
                for desk, kind in zip(practice.desks, now.kinds, strict=True)
                if kind.opened
            ),
        ),
    )


def _kind(loop: Explained) -> str:
    return loop.case.workflow


def _by_kind(loops: Sequence[Explained]) -> Sequence[Explained]:
    return sorted(loops, key=_kind)


def _in_words(now: Tally, store: Store) -> str:
    first = store.load(now.worklist[0].case_id) if now.worklist else None
    return "Nothing is owed." if first is None else in_words(first.case, at=now.at)


def _population_checks(by_seed: Mapping[int, Figures], again: Mapping[int, SecondCount]) -> list[Check]:
    return [
        Check(f"the population of seed {seed}, recounted from the files", again[seed].figures == asdict(counted))
        for seed, counted in by_seed.items()
    ]


def _practice_checks(again: Mapping[int, SecondCount], now: Tally, store: Store) -> list[Check]:
    audited = audit(store.path, {key: fact for each in again.values() for key, fact in each.facts.items()}, now.at)
    ours = now.as_audited()
    found, made_up = audited.figures["events found in bundles"], audited.figures["events made up"]
    return [
        Check(
            "the practice's loops and alarms, recounted from what was handed in and said",
            {name: audited.figures.get(name) for name in ours} == ours,
        ),
        Check(
            f"all {found:,} events that say bundle: are facts of a bundle, at that moment; {made_up:,} say sim:",
            not audited.unfounded,
        ),
    ]

"""
The demo from end to end: `make demo`, or `python -m examples.clinic.demo`.

It generates synthetic patients, follows them through a made-up practice, counts everything
twice, and leaves a page (`report.html`) and the practice's file (`clinic.sqlite`) behind. What
was generated before is used again; all else is done anew.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import webbrowser
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from examples.clinic import generate as making
from examples.clinic.bundles import UnreadableBundle, follow, last_three_years, read_folder
from examples.clinic.desk import Desk
from examples.clinic.explained import day, for_people, role
from examples.clinic.findings import Findings, count_again, gather
from examples.clinic.hearing import CLINIC, MadeUpPractice
from examples.clinic.practice_page import MOST_URGENT
from examples.clinic.replay import Replay
from examples.clinic.report import page
from examples.clinic.store import Store
from examples.clinic.tally import OfKind

Say = Callable[[str], None]


def run(folder: Path, seeds: Sequence[int], patients: int, say: Say) -> tuple[Findings, dict[str, float]]:
    """Do all of it, and return what was found, and how many seconds each part took."""
    made = making.generate(folder, seeds=seeds, patients=patients, tell=say)
    window = last_three_years(made.reference)
    took = {"installing": made.installing, "generating": made.generating}

    began = time.monotonic()
    folders = dict(zip(dict.fromkeys(seeds), made.folders, strict=True))
    store = Store(_new(folder / "clinic.sqlite"), CLINIC)
    # The second count knows nothing of the first, so the other core may do it meanwhile.
    with closing(store), ProcessPoolExecutor(1, get_context("spawn")) as other:
        counting = {seed: other.submit(count_again, place, made.reference) for seed, place in folders.items()}
        read = {}
        for seed, place in folders.items():
            say(f"replaying: reading the bundles of seed {seed}")
            read[seed] = read_folder(place)
        practice = MadeUpPractice([follow(each, window) for patients in read.values() for each in patients], window)
        seen = Replay(store, practice, say).run()
        took["replaying"] = time.monotonic() - began

        began = time.monotonic()
        say("reporting: counting everything another way")
        found = gather(read, {seed: count.result() for seed, count in counting.items()}, practice, store, seen)
    took["reporting"] = time.monotonic() - began
    (folder / "report.html").write_text(page(found, took), "utf-8")
    return found, took


def summary(found: Findings) -> str:
    """Return what was found, for a terminal."""
    people, now = found.population, found.tally
    lines = [
        "",
        "From the bundles alone",
        f"  {people.patients} patients, {people.stays} stays, {people.discharges} discharges;"
        f" an office visit within 7, 14, 30 days after {people.seen_within_7}, {people.seen_within_14},"
        f" {people.seen_within_30}; another stay within 30 after {people.back_within_30}",
        f"  {people.deaths_in_stay} died in a stay, {people.overlapping} stays overlap another,"
        f" {people.open} had not ended on {day(now.at)}",
        f"  {people.referrals} referrals, {people.dental} of them for dental care,"
        f" {people.dental_visits} of these with a visit within 30 days",
        f"  {people.reports} laboratory reports with {people.values:,} values: {people.flagged_normal:,} flagged as"
        f" normal, {people.flagged_abnormal:,} as high or low, {people.unflagged:,} without a flag",
        f"  {people.planned} patients with {people.plans} care plans: {people.plans_ended} ended,"
        f" {people.plans_cut_short} cut short by death, {people.plans_running} running, with"
        f" {people.goals_running} goals",
        "",
        f"The practice, simulated, on {day(now.at)} UTC",
        *(f"  {desk.title.lower()}: {_stand(desk, now.of(desk.rules.workflow.name))}" for desk in found.desks),
        f"  {_of_no_flag(found)}",
        *(
            f"  {role(each.role):15} told of {each.duties:3} duties in {each.loops:2} loops ({each.messages:,} alarms)"
            for each in now.alarms
        ),
        "",
        f"The {min(MOST_URGENT, len(now.worklist))} most urgent of {len(now.worklist)}",
    ]
    for work in now.worklist[:MOST_URGENT]:
        late = f"overdue by {for_people(work.duty.overdue_by)}" if work.duty.missed else "not yet due"
        lines.append(
            f"  {work.case_id[:8]}  {work.urgency.name.lower():8} {work.workflow:16}{work.duty.clock:14} {late}"
        )
    lines += ["", "The first of these loops, in words"]
    lines += [f"  {line}" for line in found.most_urgent.splitlines()]
    lines += ["", "Checked another way"]
    lines += [f"  {'holds' if check.holds else 'DOES NOT HOLD'}: {check.says}" for check in found.checks]
    return "\n".join(lines)


def _of_no_flag(found: Findings) -> str:
    of = found.unflagged
    return (
        f"of {of.values:,} values without a flag in these results: a clinician called {of.called_normal:,} normal,"
        f" {of.read:,} count as abnormal, {of.unread:,} are unread"
    )


def _stand(desk: Desk, kind: OfKind) -> str:
    ended = ", ".join(f"{kind.ended[end.state]} {end.words}" for end in desk.ends)
    return f"{kind.opened} loops opened: {ended}; {kind.open} open, {kind.overdue} of them overdue"


def main() -> int:
    """Run it, tell it, and show the page to whoever sits before the screen; 1 if a check does not hold."""
    words = argparse.ArgumentParser(
        description="Follow discharges, referrals, results and plans of a made-up population, and count them twice."
    )
    words.add_argument("--folder", type=Path, default=making.FOLDER, help="where to work (default: %(default)s)")
    words.add_argument("--seeds", type=int, nargs="+", default=list(making.SEEDS), help="default: %(default)s")
    words.add_argument("--patients", type=int, default=making.PATIENTS, help="of each seed (default: %(default)s)")
    words.add_argument("--no-open", action="store_true", help="do not open the page")
    asked = words.parse_args()
    try:
        found, took = run(asked.folder, asked.seeds, asked.patients, partial(print, flush=True))
    except (making.NotGenerated, UnreadableBundle) as why:
        sys.exit(str(why))
    print(summary(found))
    print("\n" + ", ".join(f"{part} {seconds:.1f} s" for part, seconds in took.items()))
    written = asked.folder.absolute() / "report.html"
    print(f"{written}\n{written.with_name('clinic.sqlite')}")
    if not asked.no_open and _somebody_watches():
        webbrowser.open(written.as_uri())
    return 0 if all(check.holds for check in found.checks) else 1


def _somebody_watches() -> bool:
    has_screen = sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return sys.stdout.isatty() and has_screen and not os.environ.get("CI")


def _new(file: Path) -> Path:
    for each in (file, *file.parent.glob(f"{file.name}-*")):  # what a run that was cut short left beside it, too
        each.unlink(missing_ok=True)
    return file


if __name__ == "__main__":
    sys.exit(main())

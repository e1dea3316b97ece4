"""
Writes what was found as one HTML page that needs nothing else: no script, no font, no network.

The population's figures come first and come from the bundles alone. What the made-up practice
did stands apart from them, in another colour, with everything that was made up in one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from html import escape
from pathlib import Path

from examples.clinic.findings import Findings
from examples.clinic.generate import AGES, GENERATOR, VERSION
from examples.clinic.lab_page import without_a_flag
from examples.clinic.pieces import agrees, bar, section, table, tiles
from examples.clinic.practice_page import explained, practice, urgent
from examples.clinic.shares import GROUPS

MADE_BY = (
    f"{GENERATOR} {VERSION} made them, a third party's generator of synthetic patients: aged {AGES[0]} to {AGES[1]} at"
    " the end, the dead among them as old as they would have been."
)
STYLE = Path(__file__).with_name("report.css")
FIGURES = {
    "patients": "patients",
    "stays": "stays in an emergency department or a hospital that belong to the three years",
    "open": "of these, not ended when the window closed",
    "discharges": "of these, discharges of a living patient",
    "deaths_in_stay": "patients who died in the window, during a stay",
    "seen_within_7": "discharges with an office visit within 7 days",
    "seen_within_14": "discharges with an office visit within 14 days",
    "seen_within_30": "discharges with an office visit within 30 days",
    "back_within_30": "discharges with another stay within 30 days",
    "overlapping": "stays that share time with another of the same patient",
    "referrals": "referrals, made in the window",
    "dental": "of these, for dental care",
    "dental_visits": "of these, with a visit for it within 30 days; of the others no bundle holds a visit",
    "reports": "laboratory reports, taken in the window",
    "values": "laboratory values in them",
    "flagged_normal": "of these, flagged as normal",
    "flagged_abnormal": "of these, flagged as high or low; none is flagged as critical",
    "unflagged": "of these, without a flag: they count as abnormal until a clinician says otherwise",
    "planned": "patients with a care plan that ran in the window",
    "plans": "these plans, one for each disease or episode",
    "plans_begun": "of these, begun in the window",
    "plans_ended": "of these, ended in the window",
    "plans_cut_short": "of these, running when the patient died",
    "plans_running": "of these, running when the window closed",
    "goals": "goals that these plans name",
    "goals_completed": "of these, completed, by a plan that ended in the window",
    "goals_running": "of these, of plans that ran when the window closed",
}
TILES = {
    "patients": "patients",
    "stays": "stays",
    "discharges": "discharges",
    "open": "still in at the end",
    "deaths_in_stay": "died in a stay",
    "referrals": "referrals",
    "reports": "laboratory reports",
    "planned": "with a care plan",
    "plans_running": "plans running at the end",
}


def page(found: Findings, took: Mapping[str, float]) -> str:
    """Return the whole page; *took* are the seconds of each part of the work so far."""
    parts = (_head, _population, practice, without_a_flag, urgent, explained, _made_up)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Three years of discharges, referrals, results and care plans</title>"
        f"<style>{STYLE.read_text('utf-8')}</style></head>"
        f"<body><main>{''.join(part(found) for part in parts)}{_origin(found, took)}</main></body></html>\n"
    )


def _head(found: Findings) -> str:
    opens, closes = found.window.opens, found.window.closes
    return (
        "<h1>Three years of discharges, referrals, results and care plans</h1>"
        f'<p class="lead">{found.population.patients} synthetic patients, {opens.day} {opens:%B %Y} to'
        f" {closes.day} {closes:%B %Y}, and a made-up practice that followed them with carecoord."
        " Nobody on this page exists.</p>"
        '<div class="key"><div class="found"><b>Green: found in the bundles</b>Stays, discharges, visits,'
        " referrals, laboratory reports, care plans and deaths, as the generator of synthetic patients wrote them."
        " This demo added nothing to them.</div>"
        '<div class="made"><b>Orange: simulated by this demo</b>When the practice heard, whom it called, what it left'
        " lying. None of it is a figure of the population, or of any real practice.</div></div>"
    )


def _population(found: Findings) -> str:
    all_of_them = found.population
    figures, by_seed = asdict(all_of_them), [asdict(each) for each in found.by_seed.values()]
    ends = all_of_them.discharges
    after = [
        ("an office visit within 7 days", all_of_them.seen_within_7),
        ("an office visit within 14 days", all_of_them.seen_within_14),
        ("an office visit within 30 days", all_of_them.seen_within_30),
        ("another stay within 30 days", all_of_them.back_within_30),
    ]
    bars = [(what, bar([("of-found", number)], max(ends, 1)), f"{number} of {ends}") for what, number in after]
    became = [
        ("ended", all_of_them.plans_ended),
        ("running when the patient died", all_of_them.plans_cut_short),
        ("running at the end", all_of_them.plans_running),
    ]
    all_plans = all_of_them.plans
    plans = [(what, bar([("of-found", n)], max(all_plans, 1)), f"{n} of {all_plans}") for what, n in became]
    seeds = [f"seed {seed}" for seed in found.by_seed]
    rows = [
        (says, *(f"{each[name]:,}" for each in by_seed), f"<b>{figures[name]:,}</b>") for name, says in FIGURES.items()
    ]
    numbers = [(figures[name], says) for name, says in TILES.items()]
    return section(
        "found",
        "From the bundles alone",
        "The population",
        f"{MADE_BY} What the files hold, as far as it was known when the three years closed.",
        tiles(*numbers)
        + "<h3>After a discharge</h3>"
        + table(("", "", "n"), ("of all discharges", "", ""), bars)
        + "<h3>After a referral for dental care</h3>"
        + table(
            ("", "", "n"),
            ("of all referrals for dental care", "", ""),
            [
                (
                    "a visit for it within 30 days",
                    bar([("of-found", all_of_them.dental_visits)], max(all_of_them.dental, 1)),
                    f"{all_of_them.dental_visits} of {all_of_them.dental}",
                )
            ],
        )
        + "<h3>Care plans</h3>"
        + table(("", "", "n"), ("of all that ran in the three years", "", ""), plans)
        + "<h3>All figures</h3>"
        + table(("", *("n" for _ in seeds), "n"), ("", *seeds, "together"), rows)
        + '<p class="note">These are counts. A few dozen discharges are too few for rates, and one shortly before the'
        " end has had less time than the others.</p>",
    )


def _made_up(found: Findings) -> str:
    rows = []
    for group, ways in GROUPS.items():
        thrown = sum(found.drawn.get((group, way.name), 0) for way in ways)
        for number, way in enumerate(ways):
            came = found.drawn.get((group, way.name), 0)
            takes = "" if way.hours is None else f"{way.hours[0]:g} to {way.hours[1]:g} h"
            share = f"{way.percent} %"
            rows.append(
                (
                    f"<b>{escape(group)}</b>" if number == 0 else "",
                    escape(way.name),
                    share,
                    takes,
                    f"{came:,} of {thrown:,}",
                    escape(way.reason),
                )
            )
    return section(
        "made",
        "Simulated",
        "Everything that was made up",
        f"All of it, from seed {found.seed}. None of these shares was measured: each is ours, chosen so that a few"
        " dozen loops meet what a practice meets in a year. Wherever an event comes from this table, its key says"
        " <code>sim:</code>; a key that says <code>bundle:</code> names a fact of a bundle, at the moment that stands"
        " there, and the table only decides when and how often it was heard.",
        table(
            ("", "nowrap", "n", "nowrap", "n", ""), ("of what", "goes so", "share", "takes", "here", "because"), rows
        ),
    )


def _origin(found: Findings, took: Mapping[str, float]) -> str:
    checks = table(("", "nowrap"), ("", ""), ((escape(each.says), agrees(each.holds)) for each in found.checks))
    times = table(("", "n"), ("", "seconds"), ((name, f"{seconds:.1f}") for name, seconds in took.items()))
    return section(
        "plain",
        "Where it comes from",
        "Checked another way",
        "The population's figures, and the loops and alarms of the practice, were counted twice: by the demo, and by"
        " lines that import neither carecoord nor the demo's reader.",
        checks
        + "<h3>How long it took</h3>"
        + times
        + '<p class="note">What was there already took no time. All moments are in UTC. The cases, their'
        " entries, the effects and the roster are in"
        " <code>clinic.sqlite</code> beside this page; the bundles in <code>bundles/</code>.</p>",
    )

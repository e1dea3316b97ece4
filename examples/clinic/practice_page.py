"""What the page tells of the made-up practice: its loops, its duties, its worklist, and one loop explained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from examples.clinic.desk import Desk
from examples.clinic.explained import Explained, day, for_people, in_words, role, where_from
from examples.clinic.findings import Findings
from examples.clinic.pieces import bar, legend, section, table, tag, tiles
from examples.clinic.store import AnyStep
from examples.clinic.tally import Duties, Tally
from examples.clinic.timeline import time_line

from carecoord import Entry, How, Work
from carecoord.describe import gantt

MOST_URGENT = 20
OF_EACH_KIND = 3  # of the worklist, beside how the loops of a kind stand
ENDINGS = (
    ("met", "done in time", (How.MET,)),
    ("late-done", "done late", (How.MET_LATE,)),
    ("let-go", "excused or waived", (How.EXCUSED, How.WAIVED)),
    ("dropped", "made pointless by what happened", (How.DROPPED,)),
)


def practice(found: Findings) -> str:
    """Return a section for each kind of loop, and one for what all of them have in common."""
    return "".join(_of_kind(desk, found.tally) for desk in found.desks) + _all_of_them(found)


def _of_kind(desk: Desk, all_of_them: Tally) -> str:
    now = all_of_them.of(desk.rules.workflow.name)
    first = [work for work in all_of_them.worklist if work.workflow == now.workflow][:OF_EACH_KIND]
    loops = (
        *((end.colour, now.ended[end.state], f"{now.ended[end.state]} {end.words}") for end in desk.ends),
        ("overdue", now.overdue, f"{now.overdue} open, with something overdue"),
        ("owed", now.open - now.overdue, f"{now.open - now.overdue} open, nothing overdue"),
    )
    return section(
        "made",
        "Simulated",
        f"The practice: {desk.title.lower()}",
        f"How these loops stood on {day(all_of_them.at)} UTC. {desk.one_loop}",
        tiles(
            (now.opened, "loops opened"),
            (now.ended[desk.ends[0].state], desk.ends[0].words),
            (now.open, "open"),
            (now.overdue, "overdue"),
        )
        + bar([(kind, number) for kind, number, _ in loops], max(now.opened, 1), tall=True)
        + legend((kind, says) for kind, _, says in loops)
        + "<h3>What became of each duty</h3>"
        + _duties(now.duties)
        + "<h3>The most urgent of these loops</h3>"
        + _lines(first),
    )


def _all_of_them(found: Findings) -> str:
    now, seen = found.tally, found.seen.messages
    heard = (
        (sum(seen.values()), "messages and acts handed in"),
        (seen["nothing new"], "of these came twice, and changed nothing"),
        (found.late, "happened before something known already, and were put in order"),
        (found.seen.histories_read, "times a history had to be read for that"),
        (seen["refused"], "acts refused"),
        (found.seen.looks, "mornings on which somebody looked"),
    )
    return section(
        "made",
        "Simulated",
        "The practice: all its loops",
        "What it was told, what it heard, and what it was refused.",
        "<h3>Who was told that something runs late</h3>"
        + _alarms(now)
        + "<h3>What the practice heard and did</h3>"
        + table(("n", ""), ("", ""), ((f"{number:,}", escape(what)) for number, what in heard))
        + "<h3>What no loop took</h3>"
        + table(
            ("nowrap", "nowrap", "", "n"),
            ("loop", "event", "not shown that, or why", "times"),
            ((kind, event, escape(why), f"{number}") for kind, event, why, number in now.turned_away),
        ),
    )


def _duties(duties: Sequence[Duties]) -> str:
    rows = []
    for each in duties:
        parts = [(kind, sum(each.ended[how] for how in hows)) for kind, _, hows in ENDINGS]
        parts += [("owed", each.owed), ("overdue", each.overdue)]
        # The longest rows would press the others flat, so each bar shows shares; the number stands beside it.
        rows.append((each.clock.replace("_", " "), bar(parts, each.all), f"{each.all}", f"{each.overdue or ''}"))
    names = [(kind, says) for kind, says, _ in ENDINGS] + [("owed", "owed, not yet due"), ("overdue", "overdue")]
    return legend(names) + table(("nowrap", "", "n", "n late"), ("duty", "", "all", "overdue"), rows)


def _alarms(now: Tally) -> str:
    rows = [
        (
            role(each.role),
            f"{each.duties:,}",
            f"{each.loops:,}",
            f"{each.messages:,}",
            escape(", ".join(f"{whom} {number:,}" for whom, number in each.delivered.most_common() if whom)),
        )
        for each in now.alarms
    ]
    return table(
        ("nowrap", "n", "n", "n", ""), ("told", "duties", "loops", "alarms", "who was on duty, and got how many"), rows
    ) + (
        '<p class="note">The last rung of a ladder repeats until the duty is done, so what is left lying for months'
        " rings for months: look at the duties rather than at the alarms. An alarm that finds nobody on duty goes one"
        " rung up, and from the top to the front desk.</p>"
    )


def urgent(found: Findings) -> str:
    lines = found.tally.worklist
    first = lines[:MOST_URGENT]
    return section(
        "made",
        "Simulated",
        f"The {len(first)} most urgent",
        f"Of {len(lines)} lines of the worklist: overdue before not yet due, then by urgency, then by due moment.",
        _lines(first)
        + "<h3>The first of these loops, in words</h3>"
        + f'<p class="told">{escape(found.most_urgent.strip())}</p>',
    )


def _lines(of: Sequence[Work]) -> str:
    return table(
        ("n", "nowrap", "nowrap", "nowrap", "nowrap", "nowrap", "nowrap", "n late", ""),
        ("", "loop", "of", "stands", "urgency", "duty", "was due (UTC)", "overdue by", "told so far"),
        (_line(number, work) for number, work in enumerate(of, start=1)),
    )


def _line(number: int, work: Work) -> tuple[str, ...]:
    duty = work.duty
    told = list(dict.fromkeys(role(each) for each in duty.told))
    return (
        f"{number}",
        f"<code>{escape(work.case_id[:8])}</code>",
        work.workflow,
        work.state.lower().replace("_", " "),
        work.urgency.name.lower(),
        duty.clock.replace("_", " "),
        day(duty.due_at),
        for_people(duty.overdue_by) if duty.missed else "",
        escape(", ".join(told)),
    )


def explained(found: Findings) -> str:
    """Return one loop of each kind, step by step."""
    return "".join(
        _one_loop(desk, found.explained[desk.rules.workflow.name], found.tally.at)
        for desk in found.desks
        if desk.rules.workflow.name in found.explained
    )


def _one_loop(desk: Desk, loop: Explained, at: datetime) -> str:
    case = loop.case
    stands = case.state.name.lower().replace("_", " ")
    rows = [_step(step.entry, step) for step in loop.steps if step.entry is not None]
    owed = [
        (
            one.clock.replace("_", " "),
            escape(where_from(one, desk.rules)),
            day(one.due_at) if one.due_at else "no such duty here",
        )
        for one in case.answers
    ]
    colours = [(kind, says) for kind, says, _ in ENDINGS] + [("owed", "owed"), ("overdue", "overdue")]
    return section(
        "made",
        "Simulated, but for what the bundle holds",
        f"{desk.title}: one loop explained",
        f"Loop <code>{escape(case.id[:8])}</code> is {stands}: {case.state.value}."
        " A dot is an event, the line behind it leads to when it was heard; an upright stroke is a due moment, a red"
        " triangle an alarm.",
        legend(colours)
        + time_line(loop, at)
        + "<details><summary>The same as Mermaid text, for other documents</summary>"
        + f"<pre>{escape(gantt(case, at=at))}</pre></details>"
        + "<h3>Step by step</h3>"
        + table(
            ("nowrap", "nowrap", "nowrap", "", ""),
            ("heard (UTC)", "happened", "what", "", "what the library said to it"),
            rows,
        )
        + "<h3>Where each due moment comes from</h3>"
        + table(("nowrap", "", "nowrap"), ("duty", "the practice's row", "due (UTC)"), owed),
    )


def _step(entry: Entry, step: AnyStep) -> tuple[str, ...]:
    said = "<br>".join(escape(in_words(effect)) for effect in step.effects) or '<span class="note">nothing new</span>'
    if not entry.events:
        return (day(entry.at), "", "somebody looks", "", said)
    event = entry.events[0]
    before = entry.at - event.at
    happened = day(event.at) if before.total_seconds() >= 60 else "then"
    return (day(entry.at), happened, type(event).__name__, tag(event.key), said)

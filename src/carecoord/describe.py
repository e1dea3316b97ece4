"""
A workflow as a table and as a picture; a case in words and as a time line.

Text in, text out: nothing here decides anything, and no field that hides from print is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from carecoord.case import Case, Deadline, How, Told
from carecoord.events import LOG_EVENTS, EnteredInError, Event
from carecoord.moments import moment, zone
from carecoord.rulebook import Rulebook
from carecoord.tables import Clock, Move, On, Otherwise, label
from carecoord.workflow import LOOK_AGAIN, Workflow

_STAY, _SURPRISE, _REFUSAL = "=", "!", "x"


# --- a workflow -----------------------------------------------------------------------------


def workflow_table(workflow: Workflow[Any, Any]) -> str:
    """
    Return states, grid and clocks of a workflow as Markdown.

    In the grid a cell names the state the event leads to; `=` stays, `!` is unexpected news,
    `x` a refused act. Cells with several ways are numbered, and their claims stand below.
    """
    states = _table(("state", "what is true"), ((state.name, state.value) for state in workflow.members))
    notes: list[str] = []
    rows = (_grid_row(workflow, kind, notes) for kind in _folded(workflow))
    grid = _table(("event", *(state.name for state in workflow.members)), rows)
    clocks = _table(
        ("clock", "the duty", "starts", "met by", "ends without success", "owed / kept", "closing", "may waive"),
        (_clock_row(clock) for clock in workflow.all_clocks),
    )
    claims = "".join(f"{number}. {note}\n" for number, note in enumerate(notes, 1))
    return f"{states}\n{grid}\n{claims}\n{clocks}"


def _folded(workflow: Workflow[Any, Any]) -> Iterator[type[Event]]:
    return (kind for kind in workflow.all_events if kind not in LOG_EVENTS)


def _grid_row(workflow: Workflow[Any, Any], kind: type[Event], notes: list[str]) -> tuple[str, ...]:
    return (kind.__name__, *(_cell(workflow, state, kind, notes) for state in workflow.members))


def _cell(workflow: Workflow[Any, Any], state: Enum, kind: type[Event], notes: list[str]) -> str:
    default = _SURPRISE if kind.news else _REFUSAL
    rows = workflow.rows(state, kind)
    ways = [default if isinstance(row, Otherwise) else _leads(row) for row in rows] or [default]
    if len(rows) < 2:
        return ways[0]
    note = f"{kind.__name__}: " + "; ".join(
        f"{way} {label(row.given) or 'otherwise'}" for way, row in zip(ways, rows, strict=True)
    )
    if note not in notes:
        notes.append(note)
    return f"{'/'.join(ways)} ({notes.index(note) + 1})"


def _leads(row: Move[Any, Any]) -> str:
    return _STAY if row.to is None else row.to.name


def _clock_row(clock: Clock[Any]) -> tuple[str, ...]:
    ends = (
        *(f"{_row(row)} (excused)" for row in clock.excused_by),
        *(f"{_row(row)} (dropped)" for row in clock.dropped_by),
    )
    return (
        clock.name,
        clock.says,
        "; ".join(map(_row, clock.starts)),
        "; ".join(map(_row, clock.met_by)),
        "; ".join(ends),
        f"{clock.owed_by.name} / {clock.kept_by.name}",
        "yes" if clock.closing else "",
        ", ".join(role.name for role in clock.waivable_by),
    )


def _row(row: On[Any]) -> str:
    return row.event.__name__ + (f" [{label(row.given)}]" if row.given is not None else "")


def policy_table(rules: Rulebook[Any, Any]) -> str:
    """Return the limits of a rulebook as Markdown, each with the source of its number."""
    return _table(
        ("clock", "allows", "for", "source"),
        (
            (clock.name, "none" if row.allow is None else str(row.allow), label(row.when) or "all", str(row.source))
            for clock in rules.workflow.all_clocks
            for row in rules.timing.rows(clock.name)
        ),
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = tuple(heads)
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") or "-" for cell in line) + " |\n" for line in lines)


def mermaid(workflow: Workflow[Any, Any]) -> str:
    """Return the moves of a workflow as a Mermaid state diagram; what stays where it is, is left out."""
    lines = ["stateDiagram-v2"]
    lines += [f"    [*] --> {there}: {on}" for here, there, on in _arrows(workflow) if here is None]
    lines += [f"    {here} --> {there}: {on}" for here, there, on in _arrows(workflow) if here is not None]
    lines += [f"    {state.name} --> [*]" for state in workflow.members if state in workflow.ends]
    return "\n".join(lines) + "\n"


def graphviz(workflow: Workflow[Any, Any]) -> str:
    """Return the moves of a workflow as a Graphviz digraph; ends have a double line."""
    name = workflow.name.replace("\\", "\\\\").replace('"', '\\"')
    lines = [f'digraph "{name}" {{', "    rankdir=LR;", '    "" [shape=point];']
    for state in workflow.members:
        shape = "doublecircle" if state in workflow.ends else "ellipse"
        lines.append(f'    "{state.name}" [shape={shape}];')
    lines += [f'    "{here or ""}" -> "{there}" [label="{on}"];' for here, there, on in _arrows(workflow)]
    return "\n".join((*lines, "}")) + "\n"


def _arrows(workflow: Workflow[Any, Any]) -> list[tuple[str | None, str, str]]:
    """Return (from, to, events) for each pair of states, in the order of the table; every case may be an error."""
    arrows: dict[tuple[str | None, str], list[str]] = {}
    for row in workflow.all_moves:
        if row.on is EnteredInError and row not in workflow.moves:
            continue
        for state in row.states:
            if row.to is not None and row.to is not state:
                said = arrows.setdefault((None if state is None else state.name, row.to.name), [])
                if row.on.__name__ not in said:
                    said.append(row.on.__name__)
    return [(here, there, ", ".join(events)) for (here, there), events in arrows.items()]


# --- a case ---------------------------------------------------------------------------------


def in_words(case: Case[Any, Any], *, at: datetime) -> str:
    """
    Return a case in sentences, as a coordinator would tell it at this moment.

    Moments are those of the calendar's zone; ids are the host's opaque ones.
    """
    at = moment(at)
    lines = [
        f"{case.workflow} {case.id} is {case.state.name}: {case.state.value}.",
        f"It belongs to {case.owner}, and its urgency is {case.facts.urgency.name.lower()}.",
    ]
    owed = [(deadline, told) for deadline, told in case.owed if deadline.clock != LOOK_AGAIN]
    if not owed:
        lines.append("Nothing is owed.")
    for deadline, told in sorted(owed, key=lambda pair: pair[0].due_at):
        lines.append(_duty_in_words(deadline, told, at))
    wakes = case.book.wakes_at
    if wakes is not None:
        when = _local(wakes, case.terms.look.zone)
        untold = f"What fell due on {when} has not been told yet."
        lines.append(untold if wakes <= at else f"Unless something happens, it will be heard of again on {when}.")
    return "\n".join(lines) + "\n"


def _duty_in_words(deadline: Deadline, told: Told, at: datetime) -> str:
    schedule = deadline.schedule
    item = f" ({deadline.item})" if deadline.item else ""
    due = deadline.due_at
    when = f"was due {_ago(at - due)} ago" if deadline.missed(at) else f"is due in {_ago(due - at)}"
    roles = dict.fromkeys(role.name for role in schedule.roles[: told.rungs])
    heard = f"; {', '.join(roles)} know of it" if roles else ""
    doubt = ", provisionally" if schedule.provisional else ""
    return f"'{deadline.clock}'{item} {when}{doubt}, on {_local(due, schedule.zone)}{heard}."


def _local(at: datetime, zone_name: str) -> str:
    return at.astimezone(zone(zone_name)).strftime("%A %Y-%m-%d %H:%M")


def _ago(length: timedelta) -> str:
    import pendulum  # noqa: PLC0415  saying durations to people is pendulum's

    whole = pendulum.duration(seconds=int(length.total_seconds()) // 60 * 60)
    return whole.in_words() if whole else "less than a minute"


def gantt(case: Case[Any, Any], *, at: datetime) -> str:
    """Return the time line of a case as a Mermaid Gantt chart: what was owed from when to when, and what still is."""
    at = moment(at)
    lines = ["gantt", "    dateFormat YYYY-MM-DDTHH:mm", "    axisFormat %m-%d"]
    lines.append(f"    title {_safe(f'{case.workflow} {case.id}')}")
    bars: dict[str, list[str]] = {}
    for one in case.settled:
        mark = "done" if one.how is How.MET else "crit, done" if one.how is How.MET_LATE else "milestone"
        bar = f"{_safe(one.item) or one.clock} {one.how.name} :{mark}, {_stamp(one.started_at)}, {_stamp(one.at)}"
        bars.setdefault(one.clock, []).append(bar)
    for deadline in case.deadlines:
        if deadline.clock == LOOK_AGAIN:
            continue
        late = deadline.missed(at)
        until = at if late else deadline.due_at
        words = "overdue" if late else "owed"
        bar = f"{_safe(deadline.item) or deadline.clock} {words} :{'crit, active' if late else 'active'}"
        bars.setdefault(deadline.clock, []).append(f"{bar}, {_stamp(deadline.started_at)}, {_stamp(until)}")
    for clock, several in bars.items():
        lines += [f"    section {clock}", *(f"    {bar}" for bar in several)]
    return "\n".join(lines) + "\n"


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def _safe(text: str) -> str:
    return "".join(" " if sign in ":;,#" else sign for sign in text)

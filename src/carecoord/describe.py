"""
A workflow as a table and as a picture; a case in words and as a time line.

Text in, text out: nothing here decides anything, and no field that hides from print is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from carecoord.case import Attempts, Case, Deadline, How, Told
from carecoord.events import (
    DOOR_EVENTS,
    LOG_EVENTS,
    ClosedByAdministration,
    EnteredInError,
    Event,
    Facts,
    SupersededBy,
)
from carecoord.moments import moment, zone
from carecoord.policies.ladders import Ladder
from carecoord.policies.limits import CountsFrom, Limit
from carecoord.rulebook import Rulebook
from carecoord.tables import Clock, Move, On, Otherwise, label
from carecoord.workflow import LOOK_AGAIN, Workflow

_STAY, _SURPRISE, _REFUSAL = "=", "!", "x"
_ANYWHERE = (EnteredInError, SupersededBy, ClosedByAdministration)


# --- a workflow -----------------------------------------------------------------------------


def workflow_table(workflow: Workflow[Any, Any]) -> str:
    """Return all of a workflow as Markdown: states, grid, rows and clocks."""
    clocks = workflow.all_clocks
    tables = (states_table(workflow), grid(workflow), rows_table(workflow), clocks_table(clocks))
    return "\n".join((*tables, *map(clock_table, clocks)))


def states_table(workflow: Workflow[Any, Any]) -> str:
    """Return the states as Markdown: what is true there, which are ends, and for which clocks they wait."""
    return _table(
        ("state", "what is true", "", "waits for"),
        (
            (
                state.name,
                state.value,
                "an end" if state in workflow.ends else "open",
                ", ".join(workflow.waits_for.get(state, ())),
            )
            for state in workflow.members
        ),
    )


def grid(workflow: Workflow[Any, Any]) -> str:
    """
    Return what each event does in each state as Markdown.

    A cell names the state the event leads to; `=` stays, `!` is unexpected news, `x` a refused
    act. Cells with several ways are numbered, and their claims stand below.
    """
    notes: list[str] = []
    rows = [_grid_row(workflow, kind, notes) for kind in _folded(workflow)]
    cells = _table(("event", *(state.name for state in workflow.members)), rows)
    claims = "".join(f"{number}. {note}\n" for number, note in enumerate(notes, 1))
    return f"{cells}\n{claims}" if claims else cells


def rows_table(workflow: Workflow[Any, Any]) -> str:
    """Return the rows that the workflow states as Markdown, each with its source; the first that holds is taken."""
    return _table(
        ("on", "in", "given", "go to", "source"),
        (
            (row.on.__name__, _states_in_words(row.states, workflow), label(row.given), _goes_to(row), row.source)
            for row in workflow.moves
        ),
    )


def _states_in_words(states: tuple[Any, ...], workflow: Workflow[Any, Any]) -> str:
    """Return the states of a row; "every state" leaves out the error and the duplicate, which are named."""
    every = [state for state in workflow.members if state not in (workflow.error, workflow.superseded)]
    still_open = [state for state in every if state not in workflow.ends]
    if states == (None,):
        return "(nothing)"
    if set(states) >= set(every):
        return ", ".join(("every state", *(state.name for state in states if state not in every)))
    if len(still_open) > 1 and set(states) >= set(still_open):
        return ", ".join(("every open state", *(state.name for state in states if state not in still_open)))
    return ", ".join("(nothing)" if state is None else state.name for state in states)


def _goes_to(row: Move[Any, Any]) -> str:
    if isinstance(row, Otherwise):
        return "kept, unexpected" if row.on.news else "refused"
    return "stays" if row.to is None else row.to.name


def clocks_table(clocks: Iterable[Clock[Any]]) -> str:
    """Return clocks as Markdown, one line each."""
    return _table(
        ("clock", "the duty", "owed / kept", "closing waits", "may waive", "a pause holds it", "source"),
        (
            (
                clock.name,
                clock.says,
                f"{clock.owed_by.name} / {clock.kept_by.name}",
                "yes" if clock.closing else "",
                _who_may_waive(clock),
                "yes" if clock.pausable else "",
                clock.source,
            )
            for clock in clocks
        ),
    )


def clock_table(clock: Clock[Any]) -> str:
    """Return one clock as Markdown, in full: what keeps its own deadline, and what begins and ends it."""
    reach = ("UnableToReach",) if clock.reaches_patient else ()
    death = ("PatientDied (died)",) if clock.ends_with_death else ()
    facts = {
        "item": label(clock.item),
        "starts with": _rows(clock.starts),
        "met by": _rows(clock.met_by),
        "excused by": _rows(clock.excused_by, *reach),
        "dropped by": _rows(clock.dropped_by, *death),
        "owed by, kept by": f"{clock.owed_by.name}, {clock.kept_by.name}",
        "waivable by": _who_may_waive(clock),
        "closing waits for it": "yes" if clock.closing else "no",
        "a pause holds it": "yes" if clock.pausable else "",
        "a practice may do without": "yes" if clock.optional else "",
        "goes on in an ended case": "yes" if clock.outlives else "",
        "source": clock.source,
    }
    return _table((clock.name, clock.says), ((key, value) for key, value in facts.items() if value))


def _rows(rows: Iterable[On[Any]], *more: str) -> str:
    return "; ".join((*map(_row, rows), *more))


def _who_may_waive(clock: Clock[Any]) -> str:
    return ", ".join(role.name for role in clock.waivable_by) or "nobody"


def _row(row: On[Any]) -> str:
    given = f" [{label(row.given)}]" if row.given is not None else ""
    return row.event.__name__ + given + (f" ({row.why})" if row.why else "")


def _folded(workflow: Workflow[Any, Any]) -> Iterator[type[Event]]:
    return (kind for kind in workflow.all_events if kind not in (*LOG_EVENTS, *DOOR_EVENTS))


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


def policy_table(rules: Rulebook[Any, Any]) -> str:
    """
    Return the limits of a rulebook as Markdown, each with the source of its number.

    Ladders are numbered, and stand below: who is told when.
    """
    ladders: list[str] = []
    limits = _table(
        ("clock", "allows", "for", "ladder", "before unable to reach", "source"),
        [
            (
                clock.name,
                _allows(row),
                label(row.when) or "all",
                _numbered(_told_in_words(row.ladder), ladders),
                attempts_in_words(row.attempts),
                str(row.source),
            )
            for clock in rules.workflow.all_clocks
            for row in rules.timing.rows(clock.name)
        ],
    )
    return f"{limits}\n" + "".join(f"{number}. {words}\n" for number, words in enumerate(ladders, 1))


def explain_policy(
    rules: Rulebook[Any, Any], *, at: datetime, facts: Facts | None = None, markdown: bool = False
) -> str:
    """
    Return the whole policy of a rulebook for people to read, with the dates of an example.

    For every clock: what is owed, who owes it and who keeps it, and why there is such a duty; for
    each of its rows: how long and for whom, the source of the number, what must be tried before
    *unable to reach*, and when who would be told of a duty that begins *at* this moment. *facts*
    are those of the example, by default what a case of the workflow knows at first.

    Plain text, or with *markdown* a document for a practice's binder.
    """
    at, known = moment(at), rules.workflow.facts() if facts is None else facts
    zone_name, office = rules.timing.calendar.zone, rules.timing.calendar.name
    title = f"{rules.workflow.name}, edition {rules.version}"
    lead = (
        f"The dates are those of an example: what begins on {_local(at, zone_name)}, in {zone_name}.",
        f"The calendar is '{office}'; what nobody could be found for goes to '{rules.default_queue}'.",
    )
    lines = [f"# {title}", "", *lead] if markdown else [title, *lead]
    for clock in rules.workflow.all_clocks:
        about = {
            "owed by": f"{clock.owed_by.name} ({clock.owed_by.value})",
            "kept by": f"{clock.kept_by.name} ({clock.kept_by.value})",
            "closing": "the loop stays open until it is settled" if clock.closing else "the loop may close without it",
            "may be waived by": _who_may_waive(clock),
            "why": clock.source,
        }
        rows = [_row_explained(rules, row, at, known) for row in rules.timing.rows(clock.name)]
        lines += _clock_in_markdown(clock, about, rows) if markdown else _clock_in_text(clock, about, rows)
    return "\n".join(lines) + "\n"


def _row_explained(rules: Rulebook[Any, Any], row: Limit, at: datetime, facts: Facts) -> dict[str, str]:
    """Return a row in words, and the dates of the example."""
    example = rules.example(row, at, facts)
    due, told = "", ""
    if example is None:
        due = "as that moment says"
    elif example.due_at is not None:
        schedule = example.schedule
        due = _local(example.due_at, schedule.zone) + " (provisional)" * schedule.provisional
        rungs = zip(schedule.offsets, schedule.roles, strict=True)
        told = "; ".join(f"{role.name} {_local(example.due_at + off, schedule.zone)}" for off, role in rungs)
    every = row.ladder.every if row.ladder is not None else None
    repeats = f"the last again every {every}" if every is not None else ""
    tries = attempts_in_words(row.attempts)
    from_where = f" ({row.attempts_source})" if row.attempts_source is not None else ""
    force = f" from {row.since}" * (row.since is not None) + f" until {row.until}" * (row.until is not None)
    return {
        "for": (label(row.when) or "all") + force,
        "allows": _allows(row),
        "due in the example": due,
        "told in the example": "; ".join(filter(None, (told or _told_in_words(row.ladder), told and repeats))),
        "before unable to reach": f"{tries}{from_where}" if tries else "",
        "source": f"{row.source}, looked at on {row.source.checked}" if row.source.checked else str(row.source),
    }


def _clock_in_text(clock: Clock[Any], about: dict[str, str], rows: list[dict[str, str]]) -> list[str]:
    lines = ["", f"{clock.name}: {clock.says}", *(f"  {key}: {words}" for key, words in about.items() if words)]
    for row in rows:
        lines.append(f"  - {row['allows']}, for {row['for']}")
        rest = {key: words for key, words in row.items() if words and key not in ("allows", "for")}
        lines += [f"      {key}: {words}" for key, words in rest.items()]
    return lines


def _clock_in_markdown(clock: Clock[Any], about: dict[str, str], rows: list[dict[str, str]]) -> list[str]:
    said = _table(("", clock.says), ((key, words) for key, words in about.items() if words))
    used = [key for key in rows[0] if any(row[key] for row in rows)] if rows else []
    limits = _table(used, (tuple(row[key] for key in used) for row in rows)) if used else ""
    return ["", f"## {clock.name}", "", said, limits.rstrip("\n")]


def _numbered(words: str, known: list[str]) -> str:
    if not words:
        return ""
    if words not in known:
        known.append(words)
    return str(known.index(words) + 1)


def _allows(row: Limit) -> str:
    if row.allow is None:
        return "no such duty"
    counts = row.counts_from.value if isinstance(row.counts_from, CountsFrom) else row.counts_from
    return str(row.allow) if row.counts_from is CountsFrom.HAPPENED else f"{row.allow}, counted from {counts}"


def _told_in_words(ladder: Ladder | None) -> str:
    if ladder is None:
        return ""
    said = [
        f"{rung.notify.name if rung.notify else 'keeper'} "
        + (f"{rung.before} before" if rung.before else f"{rung.after} after" if rung.after else "when it is due")
        for rung in ladder.rungs
    ]
    if ladder.every is not None:
        said.append(f"the last again every {ladder.every}")
    if ladder.quiet is not None:
        said.append(f"what falls due from {ladder.quiet} is told afterwards")
    if ladder.holds is not None:
        said.append(f"whoever acknowledges holds those up to their own for {ladder.holds}")
    return "; ".join(said)


def attempts_in_words(wanted: Attempts | None) -> str:
    """Return what an attempts policy wants in words; "" where there is none."""
    if wanted is None:
        return ""
    ways = ", ".join(f"{count} by {way.value.removeprefix('a ')}" for way, count in wanted.ways)
    tries = "1 try" if wanted.tries == 1 else f"{wanted.tries} tries"
    days = f" on {wanted.days} days" if wanted.days > 1 else ""
    return f"{tries}{days}" + (f": {ways}" if ways else "")


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
    """Return (from, to, events) for each pair, in the order of the table; what may end any case is left out."""
    arrows: dict[tuple[str | None, str], list[str]] = {}
    for row in workflow.all_moves:
        if row.on in _ANYWHERE and row not in workflow.moves:
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
    lines += _pauses_in_words(case, at)
    held = case.world.held
    owed = [(deadline, told) for deadline, told in case.owed if deadline.clock != LOOK_AGAIN]
    if not owed:
        lines.append("Nothing is owed.")
    for deadline, told in sorted(owed, key=lambda pair: pair[0].due_at):
        lines.append(_duty_in_words(deadline, told, at, held.get(deadline.id)))
    wakes = case.book.wakes_at
    if wakes is not None:
        when = _local(wakes, case.terms.look.zone)
        untold = f"What fell due on {when} has not been told yet."
        lines.append(untold if wakes <= at else f"Unless something happens, it will be heard of again on {when}.")
    return "\n".join(lines) + "\n"


def _pauses_in_words(case: Case[Any, Any], at: datetime) -> Iterator[str]:
    for pause in case.world.pauses:
        if pause.until is None:
            name = f" ({pause.name})" if pause.name else ""
            yield f"It is paused{name} since {_local(pause.at, case.terms.look.zone)}: {', '.join(pause.clocks)}."
    if case.world.pauses:
        yield f"It has been paused for {_ago(case.time_paused(at=at))} in all."


def _duty_in_words(deadline: Deadline, told: Told, at: datetime, held: datetime | None) -> str:
    schedule = deadline.schedule
    item = f" ({deadline.item})" if deadline.item else ""
    due = deadline.due_at
    if held is not None:
        return f"'{deadline.clock}'{item} is held since {_local(held, schedule.zone)}."
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
    held = case.world.held
    for deadline in case.deadlines:
        if deadline.clock == LOOK_AGAIN:
            continue
        is_held = deadline.id in held
        late = deadline.missed(at) and not is_held
        until = at if deadline.missed(at) else deadline.due_at
        words = "held" if is_held else "overdue" if late else "owed"
        bar = f"{_safe(deadline.item) or deadline.clock} {words} :{'crit, active' if late else 'active'}"
        bars.setdefault(deadline.clock, []).append(f"{bar}, {_stamp(deadline.started_at)}, {_stamp(until)}")
    for clock, several in bars.items():
        lines += [f"    section {clock}", *(f"    {bar}" for bar in several)]
    return "\n".join(lines) + "\n"


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def _safe(text: str) -> str:
    return "".join(" " if sign in ":;,#" else sign for sign in text)

"""
Draws one loop as a time line, in SVG that stands by itself: what was heard, where it stood, what was owed.

It draws the loop as it stands now. Facts of the bundle and what the demo made up have a lane of
their own each; the short line behind a mark leads to the moment when the practice heard of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from examples.clinic.explained import DAY, Explained, ended, for_people, role

from carecoord import Deadline, Escalated, Event, How, Moved, Settled

LEFT, WIDTH, RIGHT = 150, 730, 200  # pixels: names, the time line itself, how it ended
ROW, TOP = 27, 34
STEPS = (1, 2, 3, 7, 14, 28, 56, 112, 224)  # days between two lines of the grid
LINES = 11  # of the grid, at most
COLOURS = {
    How.MET: "met",
    How.MET_LATE: "late-done",
    How.EXCUSED: "let-go",
    How.WAIVED: "let-go",
    How.DROPPED: "dropped",
    None: "owed",
}


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a moment stands on the page."""

    first: datetime
    last: datetime

    def x(self, at: datetime) -> float:
        at = min(max(at, self.first), self.last)
        return round(LEFT + WIDTH * ((at - self.first) / (self.last - self.first)), 1)


def time_line(loop: Explained, at: datetime) -> str:
    """Return the drawing; *at* is now, for what is still owed."""
    events = _events(loop)
    duties = _duties(loop)
    goes_on = bool(loop.case.deadlines)
    moments = [event.recorded_at for event in events] + [one.at for one in loop.case.settled]
    first, last = min(event.at for event in events), max([*moments, at] if goes_on else moments)
    margin = max((last - first) / 40, timedelta(hours=2))
    scale = Scale(first - margin, last + margin)
    height = TOP + ROW * (3 + len(duties)) + 10
    parts = [
        *_grid(scale, height),
        *_lane(scale, 0, "in the bundle", "found", [each for each in events if each.key.startswith("bundle:")]),
        *_lane(scale, 1, "simulated", "made", [each for each in events if each.key.startswith("sim:")]),
        *_states(scale, loop),
    ]
    for number, (clock, spells) in enumerate(duties.items(), start=3):
        parts += _duty(scale, number, clock, spells, loop, at)
    size = f'viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}"'
    return f'<svg class="time-line" role="img" aria-label="time line of one loop" {size}>{"".join(parts)}</svg>'


def _events(loop: Explained) -> list[Event]:
    return [event for step in loop.steps if step.entry for event in step.entry.events]


def _duties(loop: Explained) -> dict[str, list[Settled | Deadline]]:
    """Return the spells of each clock, in the order in which the first of them began."""
    spells: list[Settled | Deadline] = [*loop.case.settled, *loop.case.deadlines]
    rows: dict[str, list[Settled | Deadline]] = {}
    for spell in sorted(spells, key=lambda one: (one.started_at, one.due_at)):
        rows.setdefault(spell.clock, []).append(spell)
    return rows


def _grid(scale: Scale, height: int) -> Iterator[str]:
    days = (scale.last - scale.first) / DAY
    step = next((step for step in STEPS if days / step <= LINES), STEPS[-1])
    day = (scale.first + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    while day < scale.last:
        x = scale.x(day)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP - 8}" y2="{height}"/>'
        yield f'<text class="axis" x="{x}" y="16" text-anchor="middle">{day.day} {day:%b}</text>'
        day += step * DAY


def _lane(scale: Scale, row: int, name: str, kind: str, events: Sequence[Event]) -> Iterator[str]:
    y = _middle(row)
    yield _name(row, name)
    for event in events:
        x, heard = scale.x(event.at), scale.x(event.recorded_at)
        if heard - x > 2:
            yield f'<line class="heard" stroke="var(--{kind})" x1="{x}" x2="{heard}" y1="{y}" y2="{y}"/>'
            yield f'<line class="heard" stroke="var(--{kind})" x1="{heard}" x2="{heard}" y1="{y - 4}" y2="{y + 4}"/>'
        label = escape(f"{type(event).__name__}, heard {for_people(event.recorded_at - event.at)} later")
        yield f'<circle class="of-{kind}" cx="{x}" cy="{y}" r="4.5"><title>{label}</title></circle>'


def _states(scale: Scale, loop: Explained) -> Iterator[str]:
    """Draw where the practice thought that the loop stood, from when it was told."""
    yield _name(2, "stands, as known")
    moved = [
        (step.entry.at, each.to)
        for step in loop.steps
        if step.entry
        for each in step.effects
        if isinstance(each, Moved)
    ]
    for number, (since, state) in enumerate(moved):
        until = moved[number + 1][0] if number + 1 < len(moved) else scale.last
        x, width = scale.x(since), max(scale.x(until) - scale.x(since) - 1.5, 1)
        y = _middle(2)
        yield f'<rect class="state" x="{x}" y="{y - 9}" width="{width}" height="18" rx="3"/>'
        if width > 7 * len(state):
            label = state.lower().replace("_", " ")
            yield f'<text class="state-name" x="{x + 6}" y="{y + 4}">{label}</text>'


def _duty(
    scale: Scale, row: int, clock: str, spells: Sequence[Settled | Deadline], loop: Explained, now: datetime
) -> Iterator[str]:
    y = _middle(row)
    yield _name(row, clock.replace("_", " "))
    for spell in spells:
        until, how = (spell.at, spell.how) if isinstance(spell, Settled) else (now, None)
        begins, due, ends = scale.x(spell.started_at), scale.x(spell.due_at), scale.x(until)
        ends = max(ends, begins + 2)
        yield _bar(begins, min(due, ends), y, COLOURS[how])
        if ends > due and how is not How.DROPPED:
            yield _bar(max(begins, due), ends, y, "overdue" if how is None else COLOURS[how])
        if spell.due_at <= scale.last:
            yield f'<line class="due" x1="{due}" x2="{due}" y1="{y - 10}" y2="{y + 10}"/>'
    for step in loop.steps:
        for alarm in step.effects:
            if isinstance(alarm, Escalated) and alarm.clock == clock:
                x = scale.x(alarm.at)
                label = f"tell {role(alarm.notify)}"
                yield f'<path class="alarm" d="M{x} {y - 7}l4 -6h-8z"><title>{label}</title></path>'
    yield f'<text class="end" x="{LEFT + WIDTH + 12}" y="{y + 4}">{escape(_outcome(spells, now))}</text>'


def _bar(begins: float, ends: float, y: float, colour: str) -> str:
    width = round(max(ends - begins, 0), 1)
    return f'<rect class="{colour}" x="{begins}" y="{y - 6}" width="{width}" height="12" rx="2"/>' if width else ""


def _outcome(spells: Sequence[Settled | Deadline], now: datetime) -> str:
    last = spells[-1]
    if isinstance(last, Settled):
        said = ended(last.how, last.why, last.at - last.due_at)
    elif last.missed(now):
        said = f"overdue by {for_people(now - last.due_at)}"
    else:
        said = "owed, not yet due"
    return f"{len(spells)} times; {said}" if len(spells) > 1 else said


def _name(row: int, name: str) -> str:
    return f'<text x="{LEFT - 12}" y="{_middle(row) + 4}" text-anchor="end">{escape(name)}</text>'


def _middle(row: int) -> float:
    return TOP + ROW * row + ROW / 2

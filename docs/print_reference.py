"""
Prints `docs/reference` from the code: workflows, events, effects, errors, policies, presets, names, our practice.

    python docs/print_reference.py [folder]

Nothing of these pages is written by hand but the sentences that lead into a table. A test
compares what is kept with what this prints, so after a change: `make docs`.
"""

# ruff: noqa: D103  most functions here return one page or one part of it, which their name says

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, get_args

from attrs import Attribute, fields, has

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # `examples` stands beside `docs`

from examples import practice  # noqa: E402

import carecoord  # noqa: E402
from carecoord import describe, effects, errors, events, policies, views  # noqa: E402
from carecoord.codec import Codec  # noqa: E402
from carecoord.policies import Limit, published  # noqa: E402
from carecoord.policies.published import Preset, Seen, find_presets  # noqa: E402
from carecoord.tables import Clock  # noqa: E402
from carecoord.vocabulary import Citation  # noqa: E402
from carecoord.workflow import COMMON_CLOCKS, Workflow  # noqa: E402
from carecoord.workflows import care_plan_review, care_transition, diagnostic_result, referral  # noqa: E402

PRINTED = "<!-- Printed from the code by docs/print_reference.py: change the code, then run `make docs`. -->\n"

WORKFLOWS: tuple[tuple[ModuleType, Workflow[Any, Any]], ...] = (
    (care_transition, care_transition.CARE_TRANSITION),
    (referral, referral.REFERRAL),
    (diagnostic_result, diagnostic_result.TEST_RESULT),
    (care_plan_review, care_plan_review.CARE_PLAN_REVIEW),
)


# --- words ----------------------------------------------------------------------------------


def cell(text: object) -> str:
    """Return a text that fits into one cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|") or "-"


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *([cell(one) for one in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def code(text: object) -> str:
    return f"`{text}`" if str(text) else ""


def paragraphs(of: object) -> list[str]:
    """Return the paragraphs of a docstring, each on one line, up to its first section."""
    doc = (inspect.getdoc(of) or "").partition("\nArgs:")[0].partition("\nRaises:")[0]
    return [" ".join(part.split()) for part in doc.split("\n\n") if part.strip()]


def first_line(of: object) -> str:
    said = paragraphs(of)
    return said[0] if said else ""


def sentences(text: str) -> str:
    """Return a paragraph with one sentence per line."""
    return re.sub(r"(?<=[.!?]) (?=[A-Z`*])", "\n", text)


def section_of(of: object, title: str) -> dict[str, str]:
    """Return what a docstring says of its arguments, or of what it raises, by name."""
    text = (inspect.getdoc(of) or "").partition(f"\n{title}:\n")[2]
    said: dict[str, str] = {}
    names: list[str] = []
    for line in text.splitlines():
        if line and not line.startswith(" "):
            break
        if match := re.match(r"^ {4}(\w[\w, ]*): (.*)$", line):
            names = [name.strip() for name in match[1].split(",")]
            said.update(dict.fromkeys(names, match[2]))
        elif line.strip():
            for name in names:
                said[name] += f" {line.strip()}"
    return said


def type_of(kind: type[Any], field: Attribute[Any]) -> str:
    """Return the type as it stands in the source, whoever resolved it meanwhile."""
    for base in kind.__mro__:
        if (said := inspect.get_annotations(base).get(field.name)) is not None:
            return str(said).replace(" | ", " or ")
    raise LookupError(f"{kind.__name__} has no type for {field.name}")


def default_of(field: Attribute[Any]) -> str:
    """Return the default as a reader would write it; nothing where there is none."""
    value: Any = field.default
    if repr(value) == "NOTHING":
        return "needed"
    if isinstance(value, Enum):
        return f"`{type(value).__name__}.{value.name}`"
    if type(value).__name__ == "Factory":
        return "-"
    if field.name == "recorded_at":
        return "`at`"
    return f"`{value!r}`"


def own_fields(kind: type[Any], without: Iterable[str] = ()) -> list[Attribute[Any]]:
    hidden = set(without)
    return [one for one in fields(kind) if one.init and one.name not in hidden]


def payload(kind: type[Any]) -> str:
    base = {one.name for one in fields(events.Event)}
    said = [f"`{one.name}`: {type_of(kind, one)}" for one in own_fields(kind, base)]
    return ", ".join(said)


def members(kind: type[Enum]) -> str:
    return table(["member", "means"], ((code(one.name), one.value) for one in kind))


def news_or_act(kind: type[events.Event]) -> str:
    return "news" if kind.news else "act"


def page(title: str, *parts: str) -> str:
    return "\n".join([f"# {title}\n", PRINTED, *parts])


# --- workflows ------------------------------------------------------------------------------


def clock_sections(clocks: Iterable[Clock[Any]]) -> list[str]:
    return [f"### {one.name}\n\n{describe.clock_table(one)}" for one in clocks]


def workflow_page(module: ModuleType, workflow: Workflow[Any, Any]) -> str:
    doc = (inspect.getdoc(module) or "").split("\n\n")
    enums = {
        kind.__name__: kind
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, Enum)
        and f"{kind.__module__}.".startswith(f"{module.__name__}.")
        and kind is not workflow.states
    }
    parts = [
        "\n".join(sentences(" ".join(part.split())) + "\n" for part in doc),
        f"Name `{workflow.name}`, version `{workflow.version}`, module `{module.__name__}`.\n",
        "## Diagram\n",
        "Each arrow names the events that may lead along it.\n"
        "What may end any case is left out: `EnteredInError` leads to ENTERED_IN_ERROR and `SupersededBy` to SUPERSEDED"
        " from everywhere, and `ClosedByAdministration`, where no row of the workflow says otherwise,"
        " from every open state to where a loop is closed.\n"
        "So is what stays where it is.\n",
        f"```mermaid\n{describe.mermaid(workflow)}```\n",
        "## States\n",
        describe.states_table(workflow),
        "## What each event does in each state\n",
        "`=` stays, a name is where it leads, `x` an act that is refused, `!` news that is kept and is unexpected.\n"
        "Several, where it depends on a claim: below the grid stands which.\n",
        describe.grid(workflow),
        "## Rows\n",
        "Of the rows for one event and state the first whose claim holds is taken.\n"
        "*Every state* leaves out SUPERSEDED and ENTERED_IN_ERROR, which are named where they are meant.\n",
        describe.rows_table(workflow),
        "## Events\n",
        "All carry the [fields of every event](common-events.md#fields-of-every-event) as well.\n",
        table(
            ["event", "", "what happened", "beside the common fields"],
            ((code(kind.__name__), news_or_act(kind), first_line(kind), payload(kind)) for kind in workflow.events),
        ),
        "## Clocks\n",
        describe.clocks_table(workflow.clocks),
        "The [common clocks](common-events.md#common-clocks) run as well.\n",
        *clock_sections(workflow.clocks),
        "## Facts\n",
        "\n".join(f"{sentences(said)}\n" for said in paragraphs(workflow.facts)),
        table(
            ["fact", "type", "at first"],
            ((code(f.name), type_of(workflow.facts, f), default_of(f)) for f in own_fields(workflow.facts)),
        ),
        "## Words\n",
        *(f"### {name}\n\n{first_line(kind)}\n\n{members(kind)}" for name, kind in enums.items()),
    ]
    if statuses := getattr(module, "STATUSES", None):
        first = next(iter(statuses.values()))
        names = [one.name for one in fields(type(first))]
        parts += [
            "## Other people's words\n",
            f"{sentences(first_line(type(first)))}\n",
            table(
                ["state", *(name.replace("_", " ") for name in names)],
                ([code(state.name), *(getattr(said, name) for name in names)] for state, said in statuses.items()),
            ),
        ]
    if codes := getattr(module, "codes", None):
        parts += ["## What laboratories send\n", *codes_of(codes)]
    if criteria := getattr(module, "CRITERIA", None):
        parts += [
            "## Criteria\n",
            "Where a criterion or a measure finds what it asks for.\n"
            "What must be shown, and what is left to the host, stands with [each criterion](../explanation/criteria.md)"
            " and [other rules](../explanation/published-rules.md).\n",
            table(["criterion", "found in"], criteria),
        ]
    return page(f"Workflow: {workflow.name}", *parts)


def codes_of(codes: ModuleType) -> Iterator[str]:
    """Yield a table for each set of codes: what is said here, and the codes that say so."""
    for name, source in vars(codes).items():
        if name.endswith("_SOURCE"):
            known = getattr(codes, name.removesuffix("_SOURCE"))
            says: dict[str, list[str]] = {}
            for sent, said in known.items():
                says.setdefault(said.name, []).append(code(sent))
            yield f"### {name.removesuffix('_SOURCE')}\n"
            yield f"[{source.title}]({source.href}), checked {source.checked}.\n"
            yield table(["it says", "where the code is"], ((what, ", ".join(some)) for what, some in says.items()))


# --- events, effects, errors ----------------------------------------------------------------


def events_page() -> str:
    said = section_of(events.Event, "Args")
    return page(
        "Common events and clocks",
        "What every workflow understands, beside its own events.\n",
        "## Fields of every event\n",
        table(
            ["field", "type", "default", "what it says"],
            (
                (
                    code(f.name),
                    type_of(events.Event, f),
                    default_of(f),
                    said.get(f.name, "the date, where `at` was a `Day`"),
                )
                for f in own_fields(events.Event)
            ),
        ),
        "## Common events\n",
        "In the order in which they count when they happened at one moment;"
        " [the whole order](../decisions/order.md) has a page.\n",
        table(
            ["event", "", "what happened", "beside the common fields"],
            (
                (code(kind.__name__), news_or_act(kind), first_line(kind), payload(kind))
                for kind in events.COMMON_EVENTS
            ),
        ),
        "## Common clocks\n",
        "Every workflow has them; a workflow may replace one by its own of that name that asks no less.\n",
        describe.clocks_table(COMMON_CLOCKS),
        *clock_sections(COMMON_CLOCKS),
        "## Ways of trying\n",
        members(events.Way),
        "## Kinds of conflict\n",
        members(events.ConflictKind),
    )


def effects_page() -> str:
    parts = [
        "What the host owes now, as small frozen values.\n"
        "Each has an `id`, unique within the life of the case:"
        " the case's id, the kind, and what it speaks of, joined by `/`.\n",
        table(
            ["effect", "kind", "when", "id is made of"],
            (
                (
                    f"[{kind.__name__}](#{kind.__name__.lower()})",
                    code(kind.kind),
                    first_line(kind),
                    ", ".join(map(code, ("case_id", "kind", *kind.speaks_of))),
                )
                for kind in effects.EFFECTS
            ),
        ),
    ]
    for kind in effects.EFFECTS:
        parts += [
            f"## {kind.__name__}\n",
            "\n".join(f"{sentences(said)}\n" for said in paragraphs(kind)),
            table(
                ["field", "type", "default"],
                ((code(f.name), type_of(kind, f), default_of(f)) for f in own_fields(kind)),
            ),
        ]
    parts += ["## How a duty ended\n", members(carecoord.How)]
    return page("Effects", *parts)


SAMPLE: Mapping[str, Any] = {
    "moment": "2026-07-02T15:00:00",
    "what": "a date",
    "problem": "the number must be a whole number from 1 to 26000",
    "event": "LoopClosed",
    "workflow": "care-transition",
    "problems": ("CLOSED cannot be reached",),
    "case_id": "t-17",
    "wanted": "care-transition 1",
    "given": "care-transition 2",
    "state": "DISCHARGED",
    "claims": ("'visit' is settled",),
    "expected": ("Contacted", "MedsReconciled"),
    "overtakes": (),
    "key": "call-1",
    "found": 6,
    "clock": "summary",
    "path": "case.deadlines[0].due_at",
}
OTHERS: Mapping[tuple[str, str], Any] = {
    ("HistoryIncomplete", "wanted"): 7,
    ("ForeignEvent", "event"): "Accepted",
    ("ImpossibleEvent", "event"): "Contacted",
    ("ImpossibleEvent", "problem"): "the key must be a text of at least one character",
    ("ImpossibleTiming", "what"): "BusinessDays",
    ("IncompleteRulebook", "problems"): ("clock 'contact' has no unconditional last row",),
    ("HistoryNeeded", "event"): "Discharged",
    ("Unreadable", "expected"): "a moment with an offset",
}


def sampled(kind: type[errors.CarecoordError], field: Attribute[Any]) -> Any:
    """Return what stands in a field of the sample; a new field without a default wants a line above."""
    if (found := OTHERS.get((kind.__name__, field.name))) is not None:
        return found
    return SAMPLE[field.name] if repr(field.default) == "NOTHING" else SAMPLE.get(field.name, field.default)


def every_error(base: type[errors.CarecoordError] = errors.CarecoordError) -> list[type[errors.CarecoordError]]:
    """Return all public errors in the order of the file."""
    found = [base]
    for kind in base.__subclasses__():
        if kind.__module__ == errors.__name__:
            found += every_error(kind)
    return found


def errors_page() -> str:
    kinds = every_error()
    parts = [
        "Everything that carecoord refuses.\n"
        "Each error is data first: it has fields and a stable `code`, equals another of its kind with the same fields,"
        " and never carries what a person wrote.\n"
        "A call that raises has changed nothing.\n",
        table(
            ["code", "class", "cause"],
            ((f"[{kind.code}](#{kind.code})", code(kind.__name__), kind.cause) for kind in kinds[1:]),
        ),
        f"All of them are `{kinds[0].__name__}`: {kinds[0].remedy[:1].lower()}{kinds[0].remedy[1:]}\n",
    ]
    for kind in kinds[1:]:
        sample = kind(*(sampled(kind, f) for f in fields(kind)))
        said = paragraphs(kind)
        parts += [
            f"## {kind.code}\n",
            f"`{kind.__name__}({', '.join(f.name for f in fields(kind))})`\n",
            "\n".join(f"{sentences(one)}\n" for one in said),
            table(["", ""], (("cause", kind.cause), ("remedy", kind.remedy))),
            f"```text\n{sample}\n```\n",
        ]
    return page("Errors", *parts)


# --- records --------------------------------------------------------------------------------

RECORDS: Mapping[str, tuple[type[Any], ...]] = {
    "What the doors give": (carecoord.Step, carecoord.CaughtUp, carecoord.Entry, carecoord.Opening),
    "A case": (
        carecoord.Case,
        carecoord.World,
        carecoord.Deadline,
        carecoord.Settled,
        carecoord.Book,
        carecoord.Told,
        carecoord.Pause,
        carecoord.Quiet,
        carecoord.Terms,
    ),
    "What was asked": (carecoord.Answer, carecoord.Schedule),
    "What the views give": (carecoord.Duty, carecoord.Work, carecoord.Expectation),
}


def record(kind: type[Any]) -> str:
    said = section_of(kind, "Args")
    lines = [(code(one.name), type_of(kind, one), said.get(one.name, "")) for one in own_fields(kind)]
    for name, value in vars(kind).items():
        if isinstance(value, property) and not name.startswith("_"):
            assert value.fget is not None
            lines.append((code(name), "worked out", first_line(value.fget)))
        elif inspect.isfunction(value) and not name.startswith("_"):
            lines.append((f"`{name}{signature(value)}`", "worked out", first_line(value)))
    heads = ["field", "type", "what it says"]
    if not any(said for _, _, said in lines):
        heads.pop()
        lines = [line[:2] for line in lines]
    return (
        f"### {kind.__name__}\n\n"
        + "\n".join(f"{sentences(one)}\n" for one in paragraphs(kind))
        + "\n"
        + table(heads, lines)
    )


def records_page() -> str:
    parts = ["Frozen values, all of them; moments are plain UTC datetimes.\n"]
    for title, kinds in RECORDS.items():
        parts += [f"## {title}\n", *(record(kind) for kind in kinds)]
    parts += [
        "## Columns\n",
        "What [`to_columns`](../how-to/worklist.md#columns-for-a-database) gives, as lists in step with each other.\n"
        f"{', '.join(map(code, views.COLUMNS))}.\n",
    ]
    return page("Cases and entries", *parts)


def codec_page() -> str:
    doors = [value for name, value in vars(Codec).items() if inspect.isfunction(value) and not name.startswith("_")]
    said = section_of(Codec, "Args")
    sample = Codec(care_transition.CARE_TRANSITION).dumps(effects.ReadyToClose("t-17", 9))
    return page(
        "Codec",
        "`from carecoord.codec import Codec`: `import carecoord` does not load it.\n",
        "\n".join(f"{sentences(one)}\n" for one in paragraphs(Codec)),
        f"`Codec{signature(Codec)}`\n",
        table(["argument", "what it says"], ((code(name), words) for name, words in said.items())),
        "An effect, as it is written:\n",
        f"```json\n{sample}\n```\n",
        "## Methods\n",
        table(["method", "what it does"], ((f"`{one.__name__}{signature(one)}`", first_line(one)) for one in doors)),
        "## Raises\n",
        table(
            ["raises", "when"],
            (
                (f"[{name}](errors.md#{getattr(errors, name).code})", words)
                for name, words in {
                    **section_of(Codec, "Raises"),
                    **section_of(Codec.dumps, "Raises"),
                    **section_of(Codec.load_case, "Raises"),
                }.items()
            ),
        ),
    )


# --- policies -------------------------------------------------------------------------------


def arguments(kind: type[Any]) -> str:
    said = section_of(kind, "Args")
    return table(
        ["argument", "type", "default", "what it says"],
        ((code(f.name.lstrip("_")), type_of(kind, f), default_of(f), said.get(f.name, "")) for f in own_fields(kind)),
    )


def described(kind: Any, level: str = "##") -> str:
    parts = [f"{level} {kind.__name__}\n", "\n".join(f"{sentences(one)}\n" for one in paragraphs(kind))]
    if isinstance(kind, type) and issubclass(kind, Enum):
        parts.append(members(kind))
    elif is_protocol(kind):
        parts.append(table(["member", "what it answers"], protocol_members(kind)))
    elif has(kind):
        parts.append(arguments(kind))
    return "\n".join(parts)


def is_protocol(kind: object) -> bool:
    return isinstance(kind, type) and Protocol in kind.__bases__


def protocol_members(kind: type[Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(value, property):
            assert value.fget is not None
            found.append((code(name), first_line(value.fget)))
        elif callable(value):
            found.append((f"`{name}{signature(value)}`", first_line(value)))
    return found


class _Plain:
    """A default that is a member of an Enum or a function, written as in source; an empty mapping is just that."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        if isinstance(self.value, Enum):
            return f"{type(self.value).__name__}.{self.value.name}"
        return str(self.value.__name__)

    @classmethod
    def of(cls, value: Any) -> Any:
        if isinstance(value, Enum) or inspect.isfunction(value):
            return cls(value)
        return {} if value == {} else value


def signature(of: Callable[..., Any]) -> str:
    """Return the signature without types; `self` is left out."""
    known = inspect.signature(of)
    bare = [
        one.replace(annotation=inspect.Parameter.empty, default=_Plain.of(one.default))
        for one in known.parameters.values()
        if one.name != "self" and not one.name.startswith("_")
    ]
    return str(known.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def policies_page() -> str:
    spans = (
        policies.Minutes,
        policies.Hours,
        policies.CalendarDays,
        policies.BusinessDays,
        policies.Months,
        policies.RestOfYear,
        policies.InSequence,
    )
    return page(
        "Policies",
        "Who owes what by when, and who is told: handed in by the host.\n"
        "[How to give your practice's rows](../how-to/practice-rows.md) shows them at work.\n",
        "## Spans\n",
        "A span ends at the first moment that no longer belongs to it;"
        " spans of days end at a local midnight, unless they say otherwise.\n"
        "Two spans may be added: the second then begins where the first ended.\n",
        *(described(kind, "###") for kind in spans),
        *(
            described(kind)
            for kind in (
                policies.Limit,
                policies.CountsFrom,
                policies.Until,
                policies.LimitTable,
                policies.TimingPolicy,
                policies.Calendar,
                policies.WeekdayCalendar,
            )
        ),
        f"## from_holidays\n\n`from_holidays{signature(policies.from_holidays)}`\n",
        "\n".join(f"{sentences(one)}\n" for one in paragraphs(policies.from_holidays)),
        *(described(kind) for kind in (policies.Ladder, policies.Rung, policies.QuietHours)),
        f"## stair\n\n`stair{signature(policies.stair)}`\n",
        "\n".join(f"{sentences(one)}\n" for one in paragraphs(policies.stair)),
        described(policies.Attempts),
        described(carecoord.Rulebook),
        described(carecoord.Practice),
        f"### Practice.starter\n\n`Practice.starter{signature(carecoord.Practice.starter)}`\n",
        "\n".join(f"{sentences(one)}\n" for one in paragraphs(carecoord.Practice.starter)),
        table(
            ["argument", "what it says"],
            ((code(name), said) for name, said in section_of(carecoord.Practice.starter, "Args").items()),
        ),
    )


# --- published rules ------------------------------------------------------------------------


def anchor_of(name: str) -> str:
    """Return the anchor of a heading that is a dotted name."""
    return re.sub(r"[^\w\s-]", "", name).lower()


def linked(names: Iterable[str]) -> str:
    return ", ".join(f"[`{name}`](#{anchor_of(name)})" for name in names)


def allowed(preset: Preset) -> str:
    return "the practice's own" if preset.practice_defined else str(preset.allow)


def force(preset: Preset) -> str:
    said = [f"from {preset.since}"] * (preset.since is not None) + [f"until {preset.until}"] * (
        preset.until is not None
    )
    if preset.superseded_by:
        said.append(f"no longer: {linked([preset.superseded_by])} took its place, nobody here knows when")
    return ", ".join(said)


def yes(claim: bool) -> str:
    return "yes" if claim else "no"


def overview(presets: Iterable[Preset]) -> str:
    return table(
        ["preset", "from", "allows", "the first day counts", "the same day counts", "in force", "seen"],
        (
            (
                linked([one.name]),
                one.starts_at,
                allowed(one),
                yes(one.first_day_counts),
                yes(one.same_day_counts),
                force(one),
                one.seen.name,
            )
            for one in presets
        ),
    )


def preset_section(preset: Preset) -> str:
    source = preset.source
    quoted = f': "{source.quote}"' if source.quote else ""
    facts = {
        "starts at": preset.starts_at,
        "allows": allowed(preset),
        "which days": preset.days,
        "the first day counts": yes(preset.first_day_counts),
        "what is done on the same day counts": yes(preset.same_day_counts),
        "ends": preset.ends,
        "binds": preset.binds,
        "in force": force(preset),
        "may be a limit for": ", ".join(f"`{clock}` of {flow}" for flow, clock in preset.serves),
        "counted there from": "" if preset.counts_from is carecoord.CountsFrom.HAPPENED else code(preset.counts_from),
        "other sources say otherwise": linked(preset.disagrees),
        "left open by the source": preset.unsaid,
        "source": f"[{source.title}]({source.href}){quoted}" if source.href else f"{source.title}{quoted}",
        "verified": preset.verified,
    }
    return f"### {preset.name}\n\n" + table([preset.says, ""], ((key, said) for key, said in facts.items() if said))


def presets_page() -> str:
    everything = find_presets(hearsay=True)
    by_place: dict[str, list[Preset]] = {}
    for one in everything:
        by_place.setdefault(".".join(one.name.split(".")[:2]), []).append(one)
    return page(
        "Published rules",
        "What others have published about how long a duty may take, as values of `carecoord.policies.published`.\n"
        "[How to put them into your rows](../how-to/presets.md) has a page, and so has"
        " [what of them is supported](../explanation/published-rules.md).\n",
        '!!! warning "No advice"\n'
        "    Nothing here is legal, billing or clinical advice.\n"
        "    Read the publisher's own text before you rely on a number.\n",
        "What was seen of a rule:\n",
        members(Seen),
        f"`find_presets{signature(find_presets)}`\n",
        "\n".join(f"{sentences(one)}\n" for one in paragraphs(find_presets)),
        table(["argument", "what it says"], ((code(k), v) for k, v in section_of(find_presets, "Args").items())),
        described(Preset),
        f"`Preset.limit{signature(Preset.limit)}`\n",
        "\n".join(f"{sentences(one)}\n" for one in paragraphs(Preset.limit)),
        "## All of them\n",
        "A rule that is *HEARSAY* is found only with `hearsay=True`.\n",
        overview(everything),
        "## Reaching a patient\n",
        "\n".join(f"{sentences(one)}\n" for one in paragraphs(published.reaching)),
        table(
            ["`reaching.`", "says", "wants", "other sources say otherwise", "left open by the source", "source"],
            (
                (
                    code(one.name),
                    one.says,
                    describe.attempts_in_words(one.attempts),
                    ", ".join(map(code, one.disagrees)),
                    one.unsaid,
                    f"[{one.source.title}]({one.source.href}), looked at on {one.source.checked}",
                )
                for one in published.reaching.all_reachings()
            ),
        ),
        "## Escalation\n",
        "\n".join(f"{sentences(one)}\n" for one in paragraphs(published.escalation)),
        *(
            f"`escalation.{name}{signature(one)}`: {sentences(' '.join(paragraphs(one)))}\n"
            for name, one in functions_of(published.escalation)
        ),
        *(
            part
            for place, presets in by_place.items()
            for part in (f"## {place}\n", *notes_of(place), *map(preset_section, presets))
        ),
    )


def notes_of(place: str) -> list[str]:
    """Return what the docstrings of a publisher's namespaces say, the inner ones by their names."""
    found: Any = published
    for word in place.split("."):
        found = getattr(found, word)
    if isinstance(found, Preset):
        return []
    inner = [value for value in vars(found).values() if isinstance(value, type) and value is not Preset]
    named = [one for one in inner if one.__module__.startswith(f"{published.__name__}.") and one is not Seen]
    said = [f"{sentences(words)}\n" for words in paragraphs(found)]
    return said + [f"{place}.{one.__name__}: {sentences(' '.join(paragraphs(one)))}\n" for one in named]


# --- names ----------------------------------------------------------------------------------

ROOMS: Mapping[str, str] = {
    "engine": "The doors: they change a case, and there are no others",
    "views": "Looking: what a case expects, why, and what is to be done first",
    "hooks": "Calling your functions",
    "digest": "Gathering what can wait",
    "migration": "Bringing a case to another version",
    "rulebook": "A workflow under the rules of one practice",
    "policies": "Who owes what by when",
    "events": "What happens",
    "case": "What a case is",
    "effects": "What the host owes now",
    "tables": "Rows of which workflows are made",
    "workflow": "A workflow",
    "vocabulary": "Words that every workflow shares",
    "moments": "Points in time",
    "errors": "What is refused",
}


def room_of(name: str) -> str:
    value = getattr(carecoord, name)
    where: str = getattr(value, "__module__", "")
    if name == "Effect":
        return "effects"
    if name == "Attempts":
        return "policies"
    return where.split(".")[1]


def name_line(name: str, value: Any) -> tuple[str, str]:
    if isinstance(value, type) and issubclass(value, Enum):
        return code(name), f"{first_line(value)} Members: {', '.join(code(one.name) for one in value)}."
    if inspect.isfunction(value):
        return f"`{name}{signature(value)}`", first_line(value)
    if get_args(value):
        return code(name), "One of " + ", ".join(code(one.__name__) for one in get_args(value)) + "."
    return code(name), first_line(value)


def names_page() -> str:
    by_room: dict[str, list[str]] = {room: [] for room in ROOMS}
    for name in carecoord.__all__:
        by_room[room_of(name)].append(name)
    parts = [
        "What `from carecoord import ...` gives; these names are what [a version promises](../versioning.md).\n",
    ]
    for room, names in by_room.items():
        names.sort(key=lambda name: (not inspect.isfunction(getattr(carecoord, name)), name))
        parts += [
            f"## {ROOMS[room]}\n",
            table(["name", "what it is"], (name_line(name, getattr(carecoord, name)) for name in names)),
        ]
        if room == "engine":
            parts += [door(getattr(carecoord, name)) for name in names if inspect.isfunction(getattr(carecoord, name))]
    more = [name for name in policies.__all__ if name not in carecoord.__all__]
    parts += [
        "## Beside them, in `carecoord.policies`\n",
        table(["name", "what it is"], (name_line(name, getattr(policies, name)) for name in more)),
        "## Beside them, in `carecoord.describe`\n",
        table(["name", "what it is"], (name_line(name, value) for name, value in functions_of(describe))),
        "## Beside them, in `carecoord.codec`\n",
        "`Codec`, on [a page of its own](codec.md).\n",
    ]
    return page("Public names", *parts)


def functions_of(module: ModuleType) -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    ]


def door(of: Any) -> str:
    raised = section_of(of, "Raises")
    parts = [f"### {of.__name__}\n", f"`{of.__name__}{signature(of)}`\n"]
    parts += [f"{sentences(one)}\n" for one in paragraphs(of)]
    if raised:
        linked = (
            (f"[{name}](errors.md#{getattr(errors, name).code})", said[:1].upper() + said[1:])
            for name, said in raised.items()
        )
        parts.append(table(["raises", "when"], linked))
    return "\n".join(parts)


# --- the example practice -------------------------------------------------------------------


def is_ours(source: Citation) -> bool:
    return source.title.startswith("ours: ")


def sources(rows: Iterable[Limit]) -> str:
    found = dict.fromkeys(row.source for row in rows if not is_ours(row.source))
    return table(
        ["source", "wording", "seen"],
        (
            (f"[{one.title}]({one.href})", one.quote and f'"{one.quote}"', one.checked or "**not verified**")
            for one in found
        ),
    )


def limits_section(rules: carecoord.Rulebook[Any, Any]) -> tuple[str, ...]:
    return f"## Limits for {rules.workflow.name}\n", f"Version `{rules.version}`.\n", describe.policy_table(rules)


def rows_of(rules: carecoord.Rulebook[Any, Any]) -> list[Limit]:
    return [row for clock in rules.timing.clocks for row in rules.timing.rows(clock)]


def practice_page() -> str:
    office = practice.OFFICE
    closed = sorted(day for day in office.holidays if day.year >= 2026)
    return page(
        "The example practice",
        "The rows of `examples/practice.py`, under which the tutorial, the examples and the demonstration run.\n"
        "Copy the file and put your own numbers in their place: the library applies none of them by itself.\n"
        "A number whose source is *ours* was chosen here, since no source gives one.\n",
        "Of the rows for one clock the first that fits wins.\n",
        *(part for rules in practice.PRACTICE.rulebooks for part in limits_section(rules)),
        "The ladders are numbered and stand below each table.\n"
        "The keeper of a clock is the role that the workflow names;"
        " a reminder before the due moment is left out where the whole allowance is short.\n",
        "## Sources\n",
        sources(row for rules in practice.PRACTICE.rulebooks for row in rows_of(rules)),
        "## Calendar\n",
        f"`{office.name}`, zone `{office.zone}`; holidays are known from {office.first} to {office.last}.\n"
        f"Closed from 2026 on: {', '.join(f'{day:%a} {day}' for day in closed)}.\n",
        "## People\n",
        f"Default queue `{practice.TRANSITIONS.default_queue}`.\n",
        table(
            ["role on the staff", "is"],
            ((code(role.name), role.value) for role in carecoord.Role if role in practice.STAFF),
        ),
    )


# --- all ------------------------------------------------------------------------------------


def index_page() -> str:
    pages = [
        *(
            (
                f"workflows/{flow.name}.md",
                f"Workflow: {flow.name}",
                "states, rows, diagram, events, clocks, facts, criteria",
            )
            for _, flow in WORKFLOWS
        ),
        ("common-events.md", "Common events and clocks", "what every workflow understands"),
        ("effects.md", "Effects", "what the host owes, and how an id is made"),
        ("records.md", "Cases and entries", "what the doors take and give, field by field"),
        ("codec.md", "Codec", "cases, entries, events and effects as JSON"),
        ("errors.md", "Errors", "every refusal, with cause and remedy"),
        ("policies.md", "Policies", "spans, limits, calendars, ladders, attempts, rulebooks"),
        ("presets.md", "Published rules", "every preset: number, how its days count, whom it binds, source"),
        ("names.md", "Public names", "all that can be imported, and the doors in full"),
        ("practice.md", "The example practice", "rows and calendar, with their sources"),
    ]
    return page(
        "Reference",
        "Everything here is printed from the code; nothing is written by hand.\n",
        table(["page", "holds"], ((f"[{title}]({path})", holds) for path, title, holds in pages)),
    )


def pages() -> dict[str, str]:
    """Return the text of each page, by its path below `docs/reference`."""
    flows = {f"workflows/{flow.name}.md": workflow_page(module, flow) for module, flow in WORKFLOWS}
    flows = {
        path: text.replace("(common-events.md", "(../common-events.md").replace("(../explanation", "(../../explanation")
        for path, text in flows.items()
    }
    return {
        "index.md": index_page(),
        **flows,
        "common-events.md": events_page(),
        "effects.md": effects_page(),
        "records.md": records_page(),
        "codec.md": codec_page(),
        "errors.md": errors_page(),
        "policies.md": policies_page(),
        "presets.md": presets_page(),
        "names.md": names_page(),
        "practice.md": practice_page(),
    }


def main(folder: Path = ROOT / "docs" / "reference") -> None:
    """Write the pages, and remove what is no page any longer."""
    texts = pages()
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for found in folder.rglob("*.md"):
        if str(found.relative_to(folder)) not in texts:
            found.unlink()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

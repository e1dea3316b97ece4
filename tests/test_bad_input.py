"""
What comes in wrong: one clear error that says what is wrong and what would be right, and nothing lost.

And what people wrote about a patient comes out nowhere: not in a message, a repr, an effect or an error.
"""

import re
import traceback
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from attrs import frozen
from tests.kit.small import (
    DAY,
    DESK,
    FEED,
    FRI,
    HOUR,
    LOANS,
    NAIVE,
    OFFICE,
    RULES,
    STEPS,
    WHY,
    Checked,
    Lent,
    LoanFacts,
    Log,
    Returned,
    Wanted,
    failing,
    rulebook,
    wanted,
)

from carecoord import (
    Attempts,
    BusinessDays,
    CalendarDays,
    CarecoordError,
    EnteredInError,
    Event,
    Facts,
    ForeignEvent,
    HistoryIncomplete,
    HistoryNeeded,
    Hours,
    ImpossibleEvent,
    ImpossibleTiming,
    KeyReused,
    Ladder,
    Limit,
    LoopClosed,
    Minutes,
    MomentCorrected,
    Months,
    NaiveMoment,
    News,
    NoLimit,
    NotAMoment,
    Noted,
    Refused,
    Reopened,
    Retracted,
    Rung,
    UnableToReach,
    Waived,
    WeekdayCalendar,
    WrongRulebook,
    advance,
    catch_up,
    check,
    expects,
    explain,
    moment,
    next_check,
    open_case,
    replay,
    to_columns,
    worklist,
)
from carecoord.events import COMMON_EVENTS
from carecoord.workflows import care_transition
from carecoord.workflows.care_transition import (
    CARE_TRANSITION,
    Admitted,
    PendingTestOwned,
    TransitionFacts,
    VisitBooked,
)

CANARY = "Mrs Canary of 7 Yellow Lane"


@frozen(kw_only=True)
class Stranger(News):
    """Of no workflow."""


# ---- one error, and nothing lost

DOORS: dict[str, tuple[type[CarecoordError], Callable[[Log], Any], str]] = {
    # moments
    "an event": (NaiveMoment, lambda log: Checked(at=NAIVE, by=DESK, key="k"), "pass an aware datetime"),
    "the hearing of an event": (
        NaiveMoment,
        lambda log: Checked(at=FRI, recorded_at=NAIVE, by=DESK, key="k"),
        "pass an aware datetime",
    ),
    "a field of an event": (
        NaiveMoment,
        lambda log: Wanted(at=FRI, by=FEED, key="k", needed_by=NAIVE),
        "pass an aware datetime",
    ),
    "a correction": (
        NaiveMoment,
        lambda log: MomentCorrected(at=FRI, by=DESK, key="k", corrects="wanted", moment=NAIVE),
        "pass an aware datetime",
    ),
    "a look": (NaiveMoment, lambda log: check(log.case, at=NAIVE), "pass an aware datetime"),
    "a backlog": (
        NaiveMoment,
        lambda log: catch_up(RULES, log.case, [], log.entries, at=NAIVE),
        "pass an aware datetime",
    ),
    "an explanation": (NaiveMoment, lambda log: explain(log.case, at=NAIVE), "pass an aware datetime"),
    "a worklist": (NaiveMoment, lambda log: worklist([log.case], at=NAIVE), "pass an aware datetime"),
    "the door itself": (NaiveMoment, lambda log: moment(NAIVE), "pass an aware datetime"),
    "naive text": (NaiveMoment, lambda log: check(log.case, at="2024-07-15T09:00:00"), "pass an aware datetime"),
    "a word": (NotAMoment, lambda log: check(log.case, at="tomorrow"), "pass an aware datetime, or ISO 8601 text"),
    "a mere date": (NotAMoment, lambda log: Checked(at=date(2024, 7, 15), by=DESK, key="k"), "pass an aware datetime"),
    "a number": (NotAMoment, lambda log: check(log.case, at=1721055600), "pass an aware datetime"),
    # events
    "another workflow's event": (
        ForeignEvent,
        lambda log: log.take(Admitted(at=FRI, by=FEED, key="k")),
        "`workflow.events` lists what it takes",
    ),
    "nobody's event": (
        ForeignEvent,
        lambda log: log.take(Stranger(at=FRI, by=FEED, key="k")),
        "`workflow.events` lists what it takes",
    ),
    "a stranger in a backlog": (
        ForeignEvent,
        lambda log: log.catch_up(
            [Checked(at=FRI + HOUR, by=DESK, key="k"), Stranger(at=FRI, by=FEED, key="l")], at=FRI + DAY
        ),
        "lists what it takes",
    ),
    "a stranger that opens": (
        ForeignEvent,
        lambda log: open_case(RULES, Stranger(at=FRI, by=FEED, key="k"), id="u", subject="p", owner="o"),
        "lists what it takes",
    ),
    "no key": (ImpossibleEvent, lambda log: Checked(at=FRI, by=DESK, key=""), "at least one character"),
    "a reused key": (
        KeyReused,
        lambda log: log.take(Wanted(at=FRI, by=FEED, key="wanted", about="x")),
        "give this one a key of its own",
    ),
    "a reused key in a backlog": (
        KeyReused,
        lambda log: log.catch_up([Wanted(at=FRI, by=FEED, key="wanted", about="x")], at=FRI + DAY),
        "give this one a key of its own",
    ),
    # acts
    "an act too soon": (
        Refused,
        lambda log: log.take(Lent(at=FRI + HOUR, by=DESK, key="k")),
        "from here it can take Checked",
    ),
    "an act nobody may do": (
        Refused,
        lambda log: log.take(UnableToReach(at=FRI + HOUR, by=DESK, key="k", clock="lend")),
        "ends by reaching the patient",
    ),
    "an act out of the future": (
        Refused,
        lambda log: log.take(Checked(at=FRI + DAY, recorded_at=FRI, by=DESK, key="k")),
        "it happened before it was recorded",
    ),
    # whose case
    "another version": (
        WrongRulebook,
        lambda log: advance(RULES, attrs.evolve(log.case, version="0"), Checked(at=FRI, by=DESK, key="k")),
        "use the rulebook it names",
    ),
    "another workflow": (
        WrongRulebook,
        lambda log: catch_up(RULES, attrs.evolve(log.case, workflow="x"), [], (), at=FRI),
        "use the rulebook it names",
    ),
    "entries of another": (
        WrongRulebook,
        lambda log: replay(CARE_TRANSITION, log.entries),
        "use the rulebook it names",
    ),
    # history
    "no history": (
        HistoryNeeded,
        lambda log: advance(RULES, log.case, Retracted(at=FRI, by=DESK, key="k", retracts="wanted")),
        "call again with history= all its entries",
    ),
    "half a history": (
        HistoryIncomplete,
        lambda log: advance(RULES, log.case, Retracted(at=FRI, by=DESK, key="k", retracts="wanted"), log.entries * 2),
        "took 1 events and the history has 2",
    ),
    # policies
    "a policy that fails": (NoLimit, lambda log: Log(failing("give_back")).say(Lent, FRI), "nothing was changed"),
}


@pytest.mark.parametrize(("kind", "door", "way_out"), DOORS.values(), ids=DOORS)
def test_what_comes_in_wrong_is_refused_with_a_way_out_and_nothing_is_lost(kind, door, way_out):
    log = wanted()
    case, kept = log.case, repr(log.case)
    with pytest.raises(kind) as refused:
        door(log)
    assert way_out in str(refused.value)
    assert log.case is case
    assert repr(case) == kept
    assert log.say(Checked, FRI + HOUR).case.facts.checked


IMPOSSIBLE: dict[str, tuple[Callable[[], Any], str]] = {
    "a span of a word": (lambda: Hours("2"), "the number must be a whole number"),
    "half a day": (lambda: CalendarDays(0.5), "the number must be a whole number"),
    "no day": (lambda: BusinessDays(0), "a whole number from 1"),
    "an age": (lambda: Months(5000), "to 1200"),
    "time backwards": (lambda: Minutes(-5), "a whole number from 0"),
    "a week of Sundays": (lambda: attrs.evolve(OFFICE, weekend=range(7)), "must leave at least one weekday"),
    "an eighth weekday": (lambda: attrs.evolve(OFFICE, weekend=(7,)), "Monday 0 to Sunday 6"),
    "a calendar backwards": (lambda: attrs.evolve(OFFICE, last=date(2023, 1, 1)), "before its first day"),
    "a century of holidays": (lambda: attrs.evolve(OFFICE, last=date(2124, 1, 1)), "give a shorter range"),
    "a ladder without rungs": (lambda: Ladder(()), "at least one rung"),
    "a ladder that falls": (lambda: Ladder((Rung(after=Hours(2)), Rung(after=Hours(1)))), "rising order"),
    "a rung before and after": (lambda: Rung(before=Hours(1), after=Hours(1)), "not both"),
    "a repeat at once": (lambda: Ladder((Rung(),), every=Hours(0)), "not at once"),
    "a number without a unit": (
        lambda: Limit("lend", 48, STEPS, source=WHY),
        "say Hours, CalendarDays or BusinessDays",
    ),
    "a length without a promise": (
        lambda: Limit("lend", timedelta(days=2), STEPS, source=WHY),
        "say Hours, CalendarDays or BusinessDays",
    ),
    "a number without a source": (
        lambda: Limit("lend", Hours(2), STEPS, source="somebody"),
        "give a Citation, or ours(reason)",
    ),
    "a deadline nobody hears of": (lambda: Limit("lend", Hours(2), source=WHY), "somebody must be told"),
    "more days than tries": (
        lambda: Limit("lend", Hours(2), STEPS, source=WHY, attempts=Attempts(1, days=2)),
        "no more days than tries",
    ),
    "a row nobody reads": (
        lambda: rulebook(Limit("lend", Hours(1), STEPS, source=WHY), Limit("lend", Hours(2), STEPS, source=WHY)),
        "it never would",
    ),
}


@pytest.mark.parametrize(("make", "way_out"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_impossible_timing_is_refused_where_it_is_written(make, way_out):
    with pytest.raises(ImpossibleTiming, match=r".+: .+") as refused:
        make()
    assert way_out in str(refused.value)


def test_a_calendar_in_no_known_zone_is_refused_where_it_is_written():
    with pytest.raises(ImpossibleTiming, match="give an IANA name: 'America/Boise'"):
        WeekdayCalendar(zone="Boise", first=date(2024, 1, 1), last=date(2024, 12, 31))


# ---- what people wrote comes out nowhere


def hidden(kind: type[Any]) -> tuple[str, ...]:
    """Return the fields that no repr shows."""
    return tuple(f.name for f in attrs.fields(kind) if f.init and not f.repr)


WRITES = sorted(
    {kind for kind in (*COMMON_EVENTS, *LOANS.events, *CARE_TRANSITION.events) if hidden(kind)},
    key=lambda k: k.__name__,
)


def written(kind: type[Event], **more: Any) -> Event:
    said: dict[str, Any] = {"at": FRI + HOUR, "by": DESK, "key": "k", **more}
    for f in attrs.fields(kind):
        if f.init and f.name not in said and f.default is attrs.NOTHING and f.repr:
            said[f.name] = {"clock": "lend", "rung": 0, "way": None, "of": None, "resume_by": FRI + DAY}.get(
                f.name, "x"
            )
    return kind(**said, **dict.fromkeys(hidden(kind), CANARY))


def all_that_an_error_says(error: BaseException) -> str:
    fields = [str(getattr(error, f.name)) for f in attrs.fields(type(error))]
    return "\n".join([str(error), repr(error), *map(str, error.args), *fields, *traceback.format_exception(error)])


def test_where_people_write_is_hidden():
    assert {kind.__name__: hidden(kind) for kind in WRITES} == {
        "Admitted": ("facility",),
        "ArrivedAtEd": ("facility",),
        "ClosedByAdministration": ("reason",),
        "ConflictResolved": ("outcome",),
        "Contacted": ("said",),
        "Discharged": ("facility",),
        "EnteredInError": ("reason",),
        "FollowUpDeclined": ("reason",),
        "HandoverDeclined": ("reason",),
        "Noted": ("text",),
        "NoticeReceived": ("source",),
        "PendingTestListed": ("who",),
        "Reopened": ("reason",),
        "StayCorrected": ("facility", "visit_kind"),
        "SummaryReceived": ("version",),
        "Transferred": ("facility",),
        "VisitBooked": ("kind",),
        "VisitHeld": ("kind",),
        "Paused": ("reason",),
        "Waived": ("reason",),
        "Wanted": ("words",),
    }
    assert hidden(LoanFacts) == ("note",)
    assert hidden(TransitionFacts) == ("visit_kind", "facility")
    assert hidden(Facts) == ()


# Opaque ids of the host, keys, codes and names of clocks: effects and refusals speak of things by these, and the host
# must put no words of or about a patient into them.
IDS = {
    *("about", "carries", "case", "clock", "corrects", "instead_of", "key", "readmission_of", "retracts", "tests"),
    *("to", "who", "zone"),
}
CODES = {"relation", "what", "came_from", "state", "drops", "restarts", "begins", "duties"}
NAMES = {
    *("visit", "visits", "admitted", "admitted_by", "left_by", "home_by", "readmission", "readmitted_by"),
    *("pending", "expected", "owned", "links", "offered"),
}


@pytest.mark.parametrize("kind", [*COMMON_EVENTS, *CARE_TRANSITION.events, TransitionFacts], ids=lambda k: k.__name__)
def test_a_text_is_hidden_or_is_an_opaque_name(kind):
    """So that a new field must be decided: does it name something, or say something?"""
    texts = {f.name for f in attrs.fields(kind) if "str" in re.split(r"\W+", str(f.type))}
    assert texts - {*IDS, *CODES, *NAMES} <= set(hidden(kind))


@pytest.mark.parametrize("kind", WRITES, ids=lambda kind: kind.__name__)
def test_an_event_does_not_show_what_somebody_wrote(kind):
    event = written(kind)
    assert CANARY in {getattr(event, name) for name in hidden(kind)}
    assert CANARY not in repr(event) + str(event)


def life() -> Log:
    """A life in which everything that can hold a word holds the canary."""
    log = Log()
    log.open(written(Wanted, at=FRI, by=FEED, key="wanted"), facts=LoanFacts(note=CANARY))
    log.say(Noted, FRI + HOUR, text=CANARY)
    log.say(Wanted, FRI + HOUR, words=CANARY, key="again")
    log.say(Checked, FRI + HOUR)
    log.say(Lent, FRI + 2 * HOUR)
    log.look(FRI + 20 * DAY)
    log.say(Returned, FRI + 21 * DAY)
    log.say(LoopClosed, FRI + 21 * DAY)
    log.take(written(Reopened, at=FRI + 22 * DAY, key="reopened"))
    log.take(written(EnteredInError, at=FRI + 22 * DAY + HOUR, key="error"))
    log.say(Retracted, FRI + 23 * DAY, retracts="error")
    return log


def said_of(log: Log) -> Iterator[str]:
    case = log.case
    yield repr(log.steps)
    yield repr(log.entries)
    yield repr(case)
    yield repr(case.facts)
    yield str(next_check(case))
    yield repr(explain(case, at=FRI + 99 * DAY))
    yield repr(worklist([case], at=FRI + 99 * DAY))
    yield repr(to_columns([case]))
    yield repr(expects(LOANS, case))
    yield repr(replay(LOANS, log.entries))
    for step in log.steps:
        for effect in step.effects:
            yield effect.id
            yield str(effect)


def test_no_repr_effect_or_view_of_a_life_shows_what_somebody_wrote():
    log = life()
    assert CANARY in log.case.facts.note
    assert [words for words in said_of(log) if CANARY in words] == []


# fmt: off
ERRORS: dict[str, Callable[[Log], Any]] = {
    "a reused key":          lambda log: log.take(written(Noted, key="wanted")),
    "no row":                lambda log: log.take(written(Reopened, at=FRI + 99 * DAY)),
    "a failed claim":        lambda log: log.take(Lent(at=FRI + 20 * HOUR, by=DESK, key="k", told=None)),
    "no history":            lambda log: log.fast(written(Noted, at=FRI)),
    "half a history":        lambda log: advance(RULES, log.case, written(Noted, at=FRI), log.entries[:-1]),
    "another workflow":      lambda log: log.take(written(care_transition.Contacted)),
    "another rulebook":      lambda log: replay(CARE_TRANSITION, log.entries),
    "out of the future":     lambda log: log.take(written(Noted, at=FRI + 99 * DAY, recorded_at=FRI + 30 * DAY)),
    "no key":                lambda log: written(Noted, key=""),
    "a naive moment":        lambda log: written(Noted, at=NAIVE),
    "not owed":              lambda log: log.take(written(Waived, at=FRI + 30 * DAY, clock="luck")),
    "no limit":              lambda log: _without_limit(),
    "opens no case":         lambda log: open_case(RULES, written(Noted), id="u", subject="p", owner="o"),
    "words for a moment":    lambda log: check(log.case, at=CANARY),
    "words for a zone":      lambda log: attrs.evolve(OFFICE, zone=CANARY),
    "words for a number":    lambda log: Hours(CANARY),
    "words for an allowance": lambda log: Limit("lend", Hours(1), STEPS, source=CANARY),
}
# fmt: on


def _without_limit() -> None:
    log = Log(failing("give_back"))
    log.open(written(Wanted, at=FRI, by=FEED, key="wanted"), facts=LoanFacts(note=CANARY, checked=True))
    log.say(Lent, FRI + HOUR)


@pytest.mark.parametrize("door", ERRORS.values(), ids=ERRORS)
def test_no_error_shows_what_somebody_wrote(door):
    with pytest.raises(CarecoordError) as refused:
        door(life())
    assert CANARY not in all_that_an_error_says(refused.value)


def test_what_somebody_wrote_decides_whether_a_key_was_reused_and_is_not_kept_in_clear():
    log = Log()
    log.open(written(Wanted, at=FRI, by=FEED, key="wanted"))
    assert CANARY.encode() not in bytes(log.case.digest)
    with pytest.raises(KeyReused):
        log.take(Wanted(at=FRI, by=FEED, key="wanted", words="something else"))


@pytest.mark.parametrize(
    "make",
    [
        lambda: VisitBooked(at=FRI, by=DESK, key="k", visit_at=NAIVE),
        lambda: PendingTestOwned(at=FRI, by=DESK, key="k", case="r", expected_by=NAIVE),
    ],
    ids=["visit_at", "expected_by"],
)
def test_no_field_of_an_event_takes_a_naive_moment(make):
    with pytest.raises(NaiveMoment):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Limit("lend", "2 days", STEPS, source=WHY),
        lambda: Limit("lend", CalendarDays(7), STEPS, source=WHY, opens=Hours(24)),
        lambda: Limit("lend", CalendarDays(7), STEPS, source=WHY, opens=1),
        lambda: Limit("lend", CalendarDays(1), STEPS, source=WHY, opens=CalendarDays(5)),  # never in time
        lambda: Limit("x", CalendarDays(3, first_day_counts=True), STEPS, source=WHY, opens=CalendarDays(3)),
        lambda: Ladder((Rung(),), every=CalendarDays(1)),
        lambda: Ladder((Rung(),), every=24),
        lambda: attrs.evolve(OFFICE, holidays=[NAIVE]),
        lambda: attrs.evolve(OFFICE, holidays=["2024-07-05"]),
    ],
    ids=[
        "text",
        "opens in hours",
        "opens bare",
        "opens too late",
        "opens at its end",
        "every day",
        "every bare",
        "moments",
        "texts",
    ],
)
def test_timing_of_the_wrong_kind_is_refused_where_it_is_written(make):
    with pytest.raises(ImpossibleTiming):
        make()

"""
The journey that is measured: one request to a specialist, four clocks with three rungs each, eight events.

It is nobody's real workflow, but none of its parts is cheaper than in one: two of the clocks count business days, facts
learn from six of the eight events, half of the rows have a guard. It ends open, so that what remains can be stored and
looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Final, TypeAlias

from attrs import frozen

from carecoord import (
    Act,
    Actor,
    BusinessDays,
    CalendarDays,
    Case,
    Clock,
    Entry,
    Event,
    Facts,
    Hours,
    Ladder,
    Limit,
    LimitTable,
    Move,
    News,
    Noted,
    On,
    Otherwise,
    Role,
    Rulebook,
    Rung,
    Stay,
    Until,
    WeekdayCalendar,
    Where,
    Workflow,
    advance,
    by_about,
    open_case,
    ours,
    stair,
)


class RequestState(Enum):
    """Where the request is."""

    DRAFTED = "written, not sent"
    SENT = "with the specialist, unanswered"
    ACCEPTED = "the specialist will see the patient"
    BOOKED = "a visit is booked"
    SEEN = "the visit took place"
    REPORTED = "the report is here"
    CLOSED = "nothing is owed"
    SUPERSEDED = "a duplicate"
    ENTERED_IN_ERROR = "never was"


S: Final = RequestState


@frozen(kw_only=True)
class RequestFacts(Facts):
    """As many fields as a workflow has, not as few as would do."""

    question: str = ""
    recipient: str = ""
    accepted_at: datetime | None = None
    visits: tuple[str, ...] = ()
    visit_at: datetime | None = None
    seen: bool = False
    report: str = ""


@frozen(kw_only=True)
class Drafted(Act):
    """The request was written."""

    question: str = ""


@frozen(kw_only=True)
class Sent(Act):
    """The request went to a specialist."""

    recipient: str


@frozen(kw_only=True)
class Accepted(News):
    """The specialist's office accepted it."""


@frozen(kw_only=True)
class Booked(Act):
    """A visit was booked; `about` names it."""

    visit_at: datetime


@frozen(kw_only=True)
class Confirmed(News):
    """The patient means to come; teaches nothing and starts nothing."""


@frozen(kw_only=True)
class Held(News):
    """The visit took place."""


@frozen(kw_only=True)
class Reported(News):
    """The report came."""

    report: str = ""


def question_stated(facts: RequestFacts, _: Event) -> bool:
    """the question is stated"""
    return facts.question != ""


def known_visit(facts: RequestFacts, event: Event) -> bool:
    """the visit was booked"""
    return event.about in facts.visits


def _drafted(facts: RequestFacts, event: Drafted) -> RequestFacts:
    return facts.but(question=event.question)


def _sent(facts: RequestFacts, event: Sent) -> RequestFacts:
    return facts.but(recipient=event.recipient)


def _accepted(facts: RequestFacts, event: Accepted) -> RequestFacts:
    return facts.but(accepted_at=event.at)


def _booked(facts: RequestFacts, event: Booked) -> RequestFacts:
    return facts.but(visits=(*facts.visits, event.about or ""), visit_at=event.visit_at)


def _held(facts: RequestFacts, event: Held) -> RequestFacts:
    return facts.but(seen=True)


def _reported(facts: RequestFacts, event: Reported) -> RequestFacts:
    return facts.but(report=event.report)


# fmt: off
REQUEST = Workflow[RequestState, RequestFacts](
    name="benchmark-request",
    version="1",
    states=RequestState,
    facts=RequestFacts,
    events=(Accepted, Confirmed, Held, Reported, Drafted, Sent, Booked),
    moves=(
        #     in                                on         go to
        Move(None,                              Drafted,   S.DRAFTED),
        Move(S.DRAFTED,                         Sent,      S.SENT,     given=question_stated),
        Otherwise(S.DRAFTED,                    Sent),
        Move(S.SENT,                            Accepted,  S.ACCEPTED),
        Move((S.ACCEPTED, S.SEEN),              Booked,    S.BOOKED),
        Stay(S.BOOKED,                          Booked),
        Stay((S.BOOKED, S.SEEN, S.REPORTED),    Confirmed, given=known_visit),
        Otherwise((S.BOOKED, S.SEEN, S.REPORTED), Confirmed),
        Move(S.BOOKED,                          Held,      S.SEEN,     given=known_visit),
        Otherwise(S.BOOKED,                     Held),
        Move(S.SEEN,                            Reported,  S.REPORTED),
    ),
    learn={Drafted: _drafted, Sent: _sent, Accepted: _accepted, Booked: _booked, Held: _held, Reported: _reported},
    clocks=(
        Clock(name="answer", starts=(On(Sent),),     met_by=(On(Accepted),), owed_by=Role.RECIPIENT),
        Clock(name="report", starts=(On(Sent),),     met_by=(On(Reported),), owed_by=Role.RECIPIENT, closing=True),
        Clock(name="book",   starts=(On(Accepted),), met_by=(On(Booked),),   owed_by=Role.COORDINATOR),
        Clock(name="visit",  starts=(On(Booked),),   met_by=(On(Held),),     item=by_about),
    ),
    closes={S.REPORTED: S.CLOSED},
    ends=frozenset({S.CLOSED, S.SUPERSEDED, S.ENTERED_IN_ERROR}),
    waits_for={S.SENT: ("answer",), S.BOOKED: ("visit",), S.REPORTED: ("report",)},
)
# fmt: on

OFFICE = WeekdayCalendar(
    zone="America/Boise",
    first=date(2020, 1, 1),
    last=date(2027, 12, 31),
    holidays=frozenset({date(2026, 1, 1), date(2026, 5, 25), date(2026, 7, 3), date(2026, 9, 7)}),
    name="the benchmark's office",
)
ANY_NUMBER: Final = ours("any number will do for a benchmark")

THREE_RUNGS = Ladder(
    (Rung(), Rung(Role.SURROGATE, after=Hours(24)), Rung(Role.SAFETY_OFFICER, after=Hours(72))), every=Hours(72)
)
BY_CALENDAR = stair(BusinessDays(1), every=Hours(72))

Rules: TypeAlias = "Rulebook[RequestState, RequestFacts]"
Open: TypeAlias = "Case[RequestState, RequestFacts]"


def rules(ladder: Ladder = THREE_RUNGS) -> Rules:
    """Return the rulebook; with `BY_CALENDAR` each of five rungs is dated by the calendar, which no bar asks."""
    # fmt: off
    rows = (
        Limit("answer", BusinessDays(2),  ladder, source=ANY_NUMBER),
        Limit("report", CalendarDays(30), ladder, source=ANY_NUMBER, when=Where(seen=True)),
        Limit("report", CalendarDays(90), ladder, source=ANY_NUMBER),
        Limit("book",   BusinessDays(5),  ladder, source=ANY_NUMBER),
        Limit("visit",  Hours(24 * 14),   ladder, source=ANY_NUMBER),
        *(
            Limit(name, Hours(24), THREE_RUNGS, source=ANY_NUMBER)
            for name in ("unexpected", "overtaken", "tell_again", "wrap_up", "take_up", "resolve", "follow_up")
        ),
        Limit("resume_by", Until("resume_by"), THREE_RUNGS, source=ANY_NUMBER),
        Limit("look_again", Hours(24 * 28), THREE_RUNGS, source=ANY_NUMBER),
    )
    # fmt: on
    return Rulebook(
        REQUEST,
        timing=LimitTable(rows, calendar=OFFICE, version="benchmark"),
        default_queue="front-desk",
        staff=frozenset(Role),
    )


START: Final = datetime(2026, 3, 6, 22, tzinfo=UTC)  # a Friday afternoon in Boise
NURSE: Final = Actor(Role.NURSE, "u-7")
FEED: Final = Actor(Role.SYSTEM, "feed")
HOUR: Final = timedelta(hours=1)


def opening(start: datetime = START, tag: str = "") -> Drafted:
    return Drafted(at=start, by=NURSE, key=f"{tag}k0", question="?")


def eight_events(start: datetime = START, tag: str = "", hour: timedelta = HOUR) -> tuple[Event, ...]:
    """Return the eight: clocks start in three of them (four in all), end in four, and two only stay."""
    visit = f"{tag}v1"
    # fmt: off
    return (
        Sent(     at=start +       hour, by=NURSE, key=f"{tag}k1", recipient="cardio"),  # starts two
        Accepted( at=start +  20 * hour, by=FEED,  key=f"{tag}k2"),                      # ends one, starts one
        Booked(   at=start +  40 * hour, by=NURSE, key=f"{tag}k3", about=visit, visit_at=start + 99 * hour),  # likewise
        Confirmed(at=start +  60 * hour, by=FEED,  key=f"{tag}k4", about=visit),         # only stays (news)
        Noted(    at=start +  61 * hour, by=NURSE, key=f"{tag}k5", text="rang back"),    # only stays (act)
        Held(     at=start +  99 * hour, by=FEED,  key=f"{tag}k6", about=visit),         # moves, ends one
        Reported( at=start + 200 * hour, by=FEED,  key=f"{tag}k7", report="r-1"),        # moves, ends one
        Noted(    at=start + 201 * hour, by=NURSE, key=f"{tag}k8", text="read it"),      # only stays (act)
    )
    # fmt: on


SETTLES_ONE: Final = (5, 6)
STAYS: Final = (3, 4, 7)
STARTS_NOTHING: Final = (*STAYS[:2], *SETTLES_ONE, STAYS[2])


def begun(book: Rules, start: datetime = START, tag: str = "") -> tuple[Open, list[Entry]]:
    """Return a case that is open, and its history."""
    step = open_case(book, opening(start, tag), id=f"{tag}case", subject=f"{tag}p", owner=f"{tag}dr")
    assert step.entry is not None
    return step.case, [step.entry]


def beside(book: Rules, case: Open, events: Sequence[Event]) -> list[tuple[Open, Event]]:
    """Return each event beside the case it comes to."""
    pairs = []
    for event in events:
        pairs.append((case, event))
        case = advance(book, case, event).case
    return pairs


def after(book: Rules, case: Open, events: Sequence[Event], history: list[Entry]) -> Open:
    """Return the case after the events; their entries go to the end of *history*."""
    for event in events:
        step = advance(book, case, event)
        assert step.entry is not None, "each of them is new"
        history.append(step.entry)
        case = step.case
    return case


def case_with_four_open(book: Rules, start: datetime = START, tag: str = "") -> Open:
    """Return an open case that owes four duties of three alarms each and has settled two."""
    more = (_visit(start, n, tag) for n in (2, 3))
    case, history = begun(book, start, tag)
    return after(book, case, (*eight_events(start, tag)[:3], *more), history)


def _visit(start: datetime, n: int, tag: str) -> Event:
    at, visit_at = start + (40 + n) * HOUR, start + (100 + n) * HOUR
    return Booked(at=at, by=NURSE, key=f"{tag}b{n}", about=f"{tag}v{n}", visit_at=visit_at)


def long_case(book: Rules, events: int, *, ledger: bool) -> tuple[Open, list[Entry]]:
    """
    Return an open case that took so many events, in order, and its history.

    With *ledger*, visits are booked and held in turn, so that what is settled grows too;
    without, people only write notes.
    """
    case, history = begun(book)
    case = after(book, case, eight_events()[:3], history)
    more = [_more(START + (50 + n) * HOUR, n, ledger=ledger) for n in range(events - len(history))]
    return after(book, case, more, history), history


def _more(at: datetime, n: int, *, ledger: bool) -> Event:
    visit, turn = f"v{n // 4 + 1}", n % 4
    if not ledger or turn == 3:
        return Noted(at=at, by=NURSE, key=f"n{n}", text="rang back")
    if turn == 0:
        return Held(at=at, by=FEED, key=f"n{n}", about=visit)
    visit = f"v{n // 4 + 2}"
    if turn == 1:
        return Booked(at=at, by=NURSE, key=f"n{n}", about=visit, visit_at=at + 50 * HOUR)
    return Confirmed(at=at, by=FEED, key=f"n{n}", about=visit)

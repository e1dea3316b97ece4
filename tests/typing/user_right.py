"""
A host's own file, as a user would write it: it type-checks cleanly, and is run by nobody.

A small workflow of its own with states, facts, events, claims and clocks; a rulebook; the doors and views; and what a
host does with effects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import TypeAlias, assert_never

from attrs import field, frozen

from carecoord import (
    Act,
    Actor,
    Attempts,
    BusinessDays,
    CalendarDays,
    CarecoordError,
    Case,
    Clock,
    CountsFrom,
    Day,
    DeadlineHeld,
    DeadlineMissed,
    DeadlineSet,
    DeadlineSettled,
    Directory,
    Effect,
    Entry,
    Escalated,
    Event,
    Facts,
    HistoryNeeded,
    Hours,
    Ladder,
    Limit,
    LimitTable,
    LoopClosed,
    Minutes,
    Move,
    Moved,
    News,
    Not,
    On,
    Otherwise,
    Practice,
    QuietHours,
    ReadyToClose,
    Refused,
    Retracted,
    Role,
    Rulebook,
    Rung,
    Said,
    Stay,
    Step,
    StoodDown,
    TimingPolicy,
    Until,
    Urgency,
    WeekdayCalendar,
    Where,
    Workflow,
    advance,
    catch_up,
    check,
    digests,
    expects,
    explain,
    moment,
    next_check,
    open_case,
    ours,
    replay,
    stair,
    stands,
    to_columns,
    worklist,
)
from carecoord.describe import explain_policy
from carecoord.policies.published import Preset, escalation, find_presets, reaching, us
from carecoord.workflows.referral import REFERRAL, ReferralFacts, ReferralState

# ---- a workflow of one's own


class Form(Enum):
    """Where a form is."""

    ASKED = "somebody asked for it; waits for us"
    SIGNED = "it is signed and not sent"
    SENT = "it is sent"
    SUPERSEDED = "a duplicate"
    ENTERED_IN_ERROR = "never was"


@frozen(kw_only=True)
class FormFacts(Facts):
    pages: int = 0
    needed_by: datetime | None = None
    note: str = field(default="", repr=False)


@frozen(kw_only=True)
class Asked(News):
    pages: int
    note: str = field(default="", repr=False)


@frozen(kw_only=True)
class Signed(Act):
    pages: int = 0


@frozen(kw_only=True)
class Posted(Act):
    to: str

    def tells(self) -> str | None:
        return self.to


def all_pages(facts: FormFacts, event: Signed) -> bool:
    """every page is signed"""
    return event.pages == facts.pages


def has_pages(facts: FormFacts, _: Event) -> bool:
    """the form has pages"""
    return facts.pages > 0


def the_addressee(_: FormFacts, event: Posted) -> str:
    """whom it was sent to"""
    return event.to


def learn_pages(facts: FormFacts, event: Asked) -> FormFacts:
    return facts.but(pages=event.pages, note=event.note)


FORMS = Workflow[Form, FormFacts](
    name="form",
    version="1",
    states=Form,
    facts=FormFacts,
    events=(Asked, Signed, Posted),
    moves=(
        Move(None, Asked, Form.ASKED),
        Move(Form.ASKED, Signed, Form.SIGNED, given=all_pages, source="our office"),
        Otherwise(Form.ASKED, Signed),
        Stay((Form.ASKED, Form.SIGNED), Asked, given=has_pages),
        Otherwise((Form.ASKED, Form.SIGNED), Asked),
        Stay(Form.SIGNED, Posted),
    ),
    learn={Asked: learn_pages},
    clocks=(
        Clock[FormFacts](
            name="sign",
            starts=(On(Asked, has_pages),),
            met_by=(On(Signed, all_pages),),
            closing=True,
            waivable_by=(Role.CLINICIAN,),
        ),
        Clock[FormFacts](
            name="post",
            starts=(On(Signed, Not(Said(pages=0))),),
            met_by=(On(Posted, item=the_addressee, why="posted"),),
        ),
    ),
    closes={Form.SIGNED: Form.SENT},
    ends=frozenset({Form.SENT, Form.SUPERSEDED, Form.ENTERED_IN_ERROR}),
    waits_for={Form.ASKED: ("sign",)},
)

# ---- a practice

OFFICE = WeekdayCalendar(
    zone="America/Boise", first=date(2024, 1, 1), last=date(2026, 12, 31), holidays=[date(2024, 7, 4)]
)
STEPS = Ladder((Rung(before=Hours(4)), Rung(), Rung(Role.SAFETY_OFFICER, after=BusinessDays(1))), every=Hours(24))
WHY = ours("we say so")
TIMING: TimingPolicy = LimitTable(
    [
        Limit("sign", Until("needed_by"), STEPS, source=WHY),
        Limit("sign", Hours(4), STEPS, source=WHY, when=Where(urgency=Urgency.STAT), attempts=Attempts(tries=2)),
        Limit("sign", BusinessDays(2) + Hours(9), stair(Hours(4), every=Hours(12)), source=WHY),
        Limit("post", CalendarDays(3, first_day_counts=True), STEPS, source=WHY, counts_from=CountsFrom.HEARD),
    ],
    calendar=OFFICE,
    version="2024-07",
)
RULES = Rulebook(FORMS, timing=TIMING, default_queue="front-desk", staff={Role.OWNER, Role.SAFETY_OFFICER})
PRACTICE = Practice("our practice", [RULES])

FormCase: TypeAlias = Case[Form, FormFacts]

# ---- a host


def open_form(at: datetime, pages: int, key: str) -> FormCase:
    asked = Asked(at=at, by=Actor(Role.PATIENT, "p-1"), key=key, pages=pages)
    step = open_case(RULES, asked, id="f-1", subject="p-1", owner="dr-1", facts=FormFacts(urgency=Urgency.URGENT))
    return step.case


def sign(case: FormCase, history: Sequence[Entry], when: str) -> Step[Form, FormFacts]:
    signed = Signed(at=when, by=Actor(Role.CLINICIAN, "dr-1"), key=f"s-{case.seq}", pages=case.facts.pages)
    try:
        return advance(RULES, case, signed)
    except HistoryNeeded:
        return advance(RULES, case, signed, history)


def faxed(case: FormCase, on: date) -> str:
    fax = Asked(
        at=Day(on, "America/Boise"),
        recorded_at="2024-07-12T15:00-06:00",
        by=Actor(Role.SYSTEM, "fax"),
        key="x",
        pages=1,
    )
    try:
        state: Form = advance(RULES, case, fax).case.state
    except Refused as refused:
        return f"{refused.code}: {', '.join(refused.claims)}"
    except CarecoordError as error:
        return str(error)
    return state.name


def take_back(case: FormCase, key: str, entries: list[Entry], now: datetime) -> FormCase:
    back = Retracted(at=now, by=Actor(Role.CLINICIAN, "dr-1"), key=f"not-{key}", retracts=key)
    caught = catch_up(RULES, case, [back, LoopClosed(at=now, by=back.by, key="c")], entries, at=now)
    for refused_key, why in caught.refused:
        print(refused_key, why.expected)
    return replay(FORMS, entries)[-1].case


def tell(case: FormCase, effects: Iterable[Effect]) -> Iterable[str]:
    for effect in effects:
        if not stands(case, effect):
            continue
        match effect:
            case Moved():
                yield f"{effect.was or 'nothing'} to {effect.to}"
            case ReadyToClose():
                yield f"{effect.case_id} may be closed"
            case DeadlineSet():
                yield f"{effect.clock} by {effect.due_at:%c}"
            case DeadlineSettled():
                yield f"{effect.clock} {effect.how.name}"
            case DeadlineHeld():
                yield f"{effect.clock} waits since {effect.since:%c}"
            case DeadlineMissed():
                yield f"{effect.clock} missed since {effect.due_at:%c}"
            case Escalated():
                yield f"tell {effect.queue or effect.notify.name}"
            case StoodDown():
                yield f"tell {[role.name for role in effect.notify]} that it is over"
            case _:
                assert_never(effect)


def nightly(cases: list[FormCase], now: datetime) -> list[datetime | None]:
    looked = [check(case, at=moment(now)).case for case in cases]
    first = worklist(looked, at=now)[0]
    print(first.duty.clock, first.urgency.name, to_columns(looked)["state"])
    print([duty.overdue_by for case in looked for duty in explain(case, at=now)])
    print([one.event for case in looked for one in expects(FORMS, case) if one.takes])
    return [next_check(case) for case in looked]


# ---- what others published, a practice to start with, and digests

QUIET = QuietHours(time(20), time(7), days_off=True)
PUBLISHED: tuple[Limit, ...] = (
    us.cms.tcm.contact.limit(stair(BusinessDays(1), every=Hours(72), quiet=QUIET), attempts=Attempts(tries=2)),
    us.ncqa.pcmh.cc16.limit(STEPS, allow=BusinessDays(2), attempts=reaching.svmic.high.attempts),
    escalation.critical(us.bwh.ancr.red),
)
BY_DAY: dict[str, Preset] = {one.name: one for one in find_presets(country="US", on=date(2026, 1, 1))}
STARTED: Practice = Practice.starter(
    country="US",
    zone="America/Boise",
    years=range(2026, 2029),
    default_queue="front-desk",
    staff=set(Role),
    contact_within=CalendarDays(3),
    critical_within=Minutes(60),
)
OF_REFERRALS: Rulebook[ReferralState, ReferralFacts] = STARTED.rules_of(REFERRAL)


def messages(roster: Directory, outbox: Sequence[tuple[FormCase, Sequence[Effect]]], at: datetime) -> dict[str, int]:
    return {digest.person: len(digest.alarms) for digest in digests(roster, outbox, at=at).digests}


def binder(at: datetime) -> str:
    return explain_policy(OF_REFERRALS, at=at, facts=ReferralFacts(needed_by=at), markdown=True)

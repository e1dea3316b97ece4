"""
Care transition with something of one's own in it: a state, an event, a fact and a clock.

Some patients do not go home to their own bed but to a sister who takes care of them for a few
weeks. The practice wants to know when they are really home, and says so in its own words.
Copy this file and put your own in: `python -m examples.own_states` prints what comes of it.
"""

from enum import Enum
from typing import Final

import pendulum
from attrs import frozen
from examples.practice import DAILY, OUR_ROWS, STAFF

from carecoord import (
    Actor,
    BusinessDays,
    Clock,
    Entry,
    Limit,
    LimitTable,
    Move,
    News,
    On,
    Otherwise,
    Role,
    Rulebook,
    Stay,
    Step,
    advance,
    explain,
    open_case,
    ours,
)
from carecoord.workflows import care_transition as ct
from carecoord.workflows.care_transition import CARE_TRANSITION, Admitted, Contacted, Discharged, TransitionFacts
from carecoord.workflows.care_transition.claims import another_stay


class OurState(Enum):
    """Every state of the base by name, and ours; an Enum with members cannot be subclassed."""

    IN_ED = "at an emergency department"
    ADMITTED = "in hospital"
    ELSEWHERE = "in another facility"
    DISCHARGED = "home; our duties run in any order"
    WITH_FAMILY = "out of hospital, and with somebody of the family; our duties run in any order"
    CLOSED = "the duties are settled"
    READMITTED = "back in before the duties were done"
    DIED = "died in or after the stay"
    SUPERSEDED = "a duplicate"
    ENTERED_IN_ERROR = "never was"


@frozen(kw_only=True)
class OurFacts(TransitionFacts):
    """What the base knows, and with whom the patient is."""

    with_whom: str = ""  # an opaque id of a contact, no name


@frozen(kw_only=True)
class WentToFamily(News):
    """The patient is with somebody of the family; `contact` is an opaque id."""

    contact: str


@frozen(kw_only=True)
class CameHome(News):
    """The patient is back in their own home."""


def learn_family(facts: OurFacts, event: WentToFamily) -> OurFacts:
    return facts.but(with_whom=event.contact)


def learn_home(facts: OurFacts, _: CameHome) -> OurFacts:
    return facts.but(with_whom="")


S = OurState
OPEN: Final = (S.IN_ED, S.ADMITTED, S.ELSEWHERE, S.DISCHARGED)
ENDS: Final = (S.CLOSED, S.READMITTED, S.DIED)
NEWS: Final = (ct.ArrivedAtEd, ct.StayCorrected, ct.NoticeReceived, ct.SummaryReceived, ct.PendingTestListed)
VISITS: Final = (ct.VisitMissed, ct.VisitHeld)
ACTS: Final = (
    ct.InfoShared,
    ct.PendingTestOwned,
    ct.Contacted,
    ct.MedsReconciled,
    ct.VisitBooked,
    ct.FollowUpDeclined,
)

# fmt: off
MOVES: Final[tuple[Move[OurState, OurFacts], ...]] = (
    # What is new in the states of the base.
    #    in                     when                   go to
    Move(S.DISCHARGED,          WentToFamily,          S.WITH_FAMILY),
    Otherwise((S.IN_ED, S.ADMITTED, S.ELSEWHERE, *ENDS), WentToFamily),  # somebody must look
    Stay(S.DISCHARGED,          CameHome),
    Otherwise((S.IN_ED, S.ADMITTED, S.ELSEWHERE, *ENDS), CameHome),

    # What every event means in our state: as at home, but for the ways out of it.
    Stay(S.WITH_FAMILY,         WentToFamily),
    Move(S.WITH_FAMILY,         CameHome,              S.DISCHARGED),
    Move(S.WITH_FAMILY,         ct.Admitted,           S.READMITTED, given=another_stay),
    Otherwise(S.WITH_FAMILY,    ct.Admitted),
    Move(S.WITH_FAMILY,         ct.Transferred,        S.ADMITTED),
    Stay(S.WITH_FAMILY,         ct.Discharged),
    Move(S.WITH_FAMILY,         ct.DischargeCancelled, S.ADMITTED),
    Move(S.WITH_FAMILY,         ct.Died,               S.DIED),
    *(Stay[OurState, OurFacts](S.WITH_FAMILY, event) for event in (*NEWS, *VISITS, *ACTS)),
)
# fmt: on

ASK_FAMILY: Final = Clock[OurFacts](
    name="ask_family",
    says="somebody asks the family how it goes, once",
    starts=(On(WentToFamily),),
    met_by=(On(Contacted),),
    dropped_by=(On(CameHome, why="home"),),
    owed_by=Role.NURSE,
    kept_by=Role.COORDINATOR,
    waivable_by=(Role.COORDINATOR,),
    ends_with_death=True,
)

OUR_TRANSITION: Final = CARE_TRANSITION.extend(
    version="1+ours.1",
    states=OurState,
    facts=OurFacts,
    events=(WentToFamily, CameHome),
    moves=MOVES,
    learn={WentToFamily: learn_family, CameHome: learn_home},
    clocks=(ASK_FAMILY,),
    closes={S.WITH_FAMILY: S.CLOSED},
    waits_for={S.WITH_FAMILY: ("contact", "reconcile")},
)
OUR_LIMIT: Final = Limit("ask_family", BusinessDays(3), DAILY, source=ours("before the weekend, mostly"))
OUR_RULES: Final = Rulebook(
    OUR_TRANSITION,
    timing=LimitTable((*OUR_ROWS.all_rows, OUR_LIMIT), calendar=OUR_ROWS.calendar, version="our-rows-2026+family"),
    default_queue="front-desk",
    staff=STAFF,
)

FEED: Final = Actor(Role.SYSTEM, "adt-feed")
NURSE: Final = Actor(Role.NURSE, "n-1")


def main() -> None:
    log: list[Entry | None] = []

    def keep(step: Step[OurState, OurFacts]) -> Step[OurState, OurFacts]:
        log.append(step.entry)
        print(f"{step.case.state.name}, with {step.case.facts.with_whom or 'nobody we know of'}")
        for duty in explain(step.case, at=step.case.recorded_at):
            if duty.clock in ("contact", "ask_family"):
                print(f"  {duty.clock} due {duty.due_at.astimezone(monday.tz):%a %d %b}, {duty.unit}")
        return step

    monday = pendulum.datetime(2026, 7, 6, 9, tz="America/Boise")
    opening = Admitted(at=monday, by=FEED, key="a01", about="v1")
    step = keep(open_case(OUR_RULES, opening, id="t-1", subject="p-9", owner="dr-3"))
    step = keep(advance(OUR_RULES, step.case, Discharged(at=monday.add(days=2), by=FEED, key="a03", about="v1")))
    family = WentToFamily(at=monday.add(days=2, hours=1), by=NURSE, key="f-1", contact="c-7")
    step = keep(advance(OUR_RULES, step.case, family))
    step = keep(advance(OUR_RULES, step.case, Contacted(at=monday.add(days=3), by=NURSE, key="call-1")))
    keep(advance(OUR_RULES, step.case, CameHome(at=monday.add(days=9), by=NURSE, key="f-2")))


if __name__ == "__main__":
    main()

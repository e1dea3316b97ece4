"""
Random journeys: scripts, each a few calls long, one after the other.

Each kind of event that all workflows share has a script of its own: it late, and then its
retraction; a miss, a look, and late news of it.
"""

from collections.abc import Callable
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from tests.kit.alphabet import CANARY
from tests.kit.drawing import Draw, chance, pick, up_to
from tests.kit.journeys import Backlog, Hear, Journey, Look, Retime
from tests.kit.stages import ROLES
from tests.kit.writer import ACTORS, BESIDE, FEED, NURSE, PEOPLE, Writer

from carecoord.case import Deadline
from carecoord.events import (
    Acknowledged,
    AlarmUndelivered,
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    ConflictResolved,
    ContactAttempted,
    EnteredInError,
    Event,
    HandoverAccepted,
    HandoverDeclined,
    HandoverOffered,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    MomentCorrected,
    Noted,
    OwnerGone,
    PatientDied,
    PatientLeft,
    Paused,
    Reopened,
    Resumed,
    Retimed,
    Retracted,
    SubjectChanged,
    SupersededBy,
    ToldAgain,
    UnableToReach,
    UrgencyChanged,
    Waived,
    Way,
)
from carecoord.vocabulary import Actor, Role, Urgency

_LEAST, _MOST = 5, 14


def own(writer: Writer) -> None:
    """Something of the workflow's own happens, mostly something that fits."""
    flow = writer.stage.workflow
    kinds = flow.events
    if chance(writer.draw, 70):
        fitting = [kind for kind in kinds if writer.stage.takes(writer.case.state, kind)]
        kinds = tuple(fitting) or kinds
    recorded_at = writer.later()
    writer.hear(writer.event(pick(writer.draw, kinds), writer.happened(recorded_at), recorded_at))


def meet(writer: Writer) -> None:
    """Somebody does what is owed: before the due moment, at it, or long after."""
    if not writer.owed:
        return own(writer)
    duty = pick(writer.draw, writer.owed)
    rows = writer.stage.workflow.clock(duty.clock).met_by
    if not rows:
        return own(writer)
    kind = pick(writer.draw, rows).event
    recorded_at = writer.later()
    if chance(writer.draw, 40):
        recorded_at = max(recorded_at, duty.due_at + pick(writer.draw, BESIDE))
    said = _done(writer, duty, kind)
    if not chance(writer.draw, 80):
        del said["about"]
    writer.hear(writer.event(kind, writer.happened(recorded_at), recorded_at, **said))
    return None


def _done(writer: Writer, duty: Deadline, kind: type[Event]) -> dict[str, Any]:
    """Return what an event of this kind must say to meet the duty, as far as anybody knows."""
    said: dict[str, Any] = {"about": duty.item or None}
    if kind is Acknowledged:
        said["clock"] = duty.clock
    return said | dict(writer.stage.meets(writer.case, duty, kind))


# --- events about the log -----------------------------------------------------------------


def retract(writer: Writer) -> None:
    """Some event never was, perhaps one that is yet to come; sometimes it is heard again under a new key."""
    event = pick(writer.draw, writer.heard[-12:])
    key = event.key if chance(writer.draw, 92) else f"{up_to(writer.draw, 3)}-{writer.number + 2}"
    writer.common(Retracted, retracts=key, about=None)
    kind = up_to(writer.draw, 5)
    if kind <= 1:
        writer.common(Retracted, retracts=writer.heard[-1].key, about=None)
    elif kind == 2:
        recorded_at = max(writer.now, event.recorded_at)
        writer.hear(evolve(event, key=writer.key(), recorded_at=recorded_at, at=min(event.at, recorded_at)))


def correct(writer: Writer) -> None:
    """Some event happened at another moment; mostly one that began a duty, and not much earlier or later."""
    key = pick(writer.draw, writer.heard[-12:]).key if chance(writer.draw, 92) else f"0-{writer.number + 2}"
    recorded_at = writer.later()
    at = writer.happened(recorded_at, late=95)
    if writer.owed and chance(writer.draw, 70):
        duty = pick(writer.draw, writer.owed)
        key = duty.key
        if chance(writer.draw, 60):
            at = duty.started_at + writer.stage.grid * (up_to(writer.draw, 4) - 2)
    writer.common(MomentCorrected, corrects=key, moment=at, about=None)


def repeat(writer: Writer) -> None:
    """A feed says the same again."""
    event = pick(writer.draw, writer.heard)
    writer.call(Hear(evolve(event, recorded_at=max(event.recorded_at, writer.later()))))


# --- events about duties ------------------------------------------------------------------


def _had_been_done(writer: Writer, duty: Deadline) -> None:
    """Sometimes what was let go had been done before, and that is heard only now."""
    rows = writer.stage.workflow.clock(duty.clock).met_by
    if not rows or not chance(writer.draw, 40):
        return
    steps = up_to(writer.draw, 3)
    at = min(writer.heard[-1].at, duty.started_at + steps * writer.stage.grid)
    recorded_at = writer.later()
    kind = pick(writer.draw, rows).event
    writer.hear(writer.event(kind, min(at, recorded_at), recorded_at, **_done(writer, duty, kind)))


def let_go(writer: Writer) -> None:
    """Somebody waives a duty, tries to reach the patient, gives up, or takes notice."""
    if not writer.owed:
        return own(writer)
    duty = pick(writer.draw, writer.owed)
    clock = writer.stage.workflow.clock(duty.clock)
    named = {"clock": duty.clock, "about": duty.item or None}
    if clock.reaches_patient and chance(writer.draw, 60):
        for _ in range(up_to(writer.draw, 2)):
            writer.common(ContactAttempted, way=pick(writer.draw, (Way.PHONE, Way.LETTER)), **named)
        writer.common(UnableToReach, **named)
        _had_been_done(writer, duty)
    elif clock.waivable_by:
        by = Actor(pick(writer.draw, clock.waivable_by), "u-1") if chance(writer.draw, 80) else ACTORS[-1]
        writer.common(Waived, by=by, **named)
        _had_been_done(writer, duty)
    elif duty.clock == "tell_again":
        writer.common(ToldAgain, about=duty.item)
    else:
        writer.common(Acknowledged, **named)
    return None


def acknowledge(writer: Writer) -> None:
    """Somebody whom a ladder tells takes notice, perhaps before they were told, and perhaps again; somebody looks."""
    waiting = [one for one in writer.owed if one.schedule.holds]
    if not waiting:
        return own(writer)
    duty = pick(writer.draw, waiting)
    by = Actor(pick(writer.draw, duty.schedule.roles), "u-1")
    for _ in range(1 + up_to(writer.draw, 2)):
        about = (duty.item or None) if chance(writer.draw, 70) else None
        writer.common(Acknowledged, clock=duty.clock, about=about, by=by)
    if chance(writer.draw, 60):
        look(writer)
    return None


def undelivered(writer: Writer) -> None:
    """An alarm reached nobody."""
    told = [(one, mark) for one, mark in writer.case.owed if mark.rungs]
    if not told:
        return look(writer)
    duty, mark = pick(writer.draw, told)
    writer.common(AlarmUndelivered, clock=duty.clock, about=duty.item or None, rung=mark.rungs - 1, late=10)
    return None


def finish(writer: Writer) -> None:
    """Everything that keeps the loop open is done or waived, and somebody closes it; perhaps it goes on."""
    flow = writer.stage.workflow
    for _ in range(3):
        if writer.case.state in flow.closes:
            break
        ways = writer.stage.towards_closing(writer.case.state)
        if not ways:
            return own(writer)
        writer.hear(writer.event(pick(writer.draw, ways), writer.now, writer.now))
    for _ in range(3):  # what was done may have begun something
        _settle_all(writer)
    writer.hear(LoopClosed(at=writer.now, by=ACTORS[0], key=writer.key()))
    if chance(writer.draw, 40):
        writer.common(Reopened, late=10)
    return None


def about_the_case(writer: Writer) -> None:
    """It is closed, goes on, ends by death, never was; or somebody writes something down."""
    kinds: list[type[Event]] = [PatientDied, EnteredInError, Noted, Linked]
    kinds += 3 * [kind for kind in (LoopClosed, Reopened) if writer.stage.takes(writer.case.state, kind)] or [
        LoopClosed
    ]
    kind = pick(writer.draw, kinds)
    said: dict[str, Any] = {Linked: {"case": "c-2"}}.get(kind, {})
    writer.common(kind, **said)


# --- events about people ------------------------------------------------------------------


def hand_over(writer: Writer) -> None:
    """The case is offered, or its owner is gone; it is taken, or not, or given in one act. Perhaps it never was."""
    draw, before = writer.draw, len(writer.heard)
    if not writer.case.facts.offered or chance(draw, 40):
        if chance(draw, 40):
            writer.common(OwnerGone, who=writer.case.owner if chance(draw, 85) else pick(draw, PEOPLE))
        else:
            writer.common(HandoverOffered, to=pick(draw, PEOPLE), accepted=chance(draw, 25))
    if chance(draw, 75):
        offered = [one for one in writer.case.facts.offered if one] or list(PEOPLE)
        by = Actor(Role.CLINICIAN, pick(draw, offered if chance(draw, 80) else PEOPLE))
        writer.common(HandoverDeclined if chance(draw, 30) else HandoverAccepted, late=15, by=by)
    _perhaps_never(writer, before)


def quarrel(writer: Writer) -> None:
    """A conflict is declared, turns out to be of another kind, or is resolved; perhaps it never was."""
    draw, before, flow = writer.draw, len(writer.heard), writer.stage.workflow
    if chance(draw, 30):
        state = writer.case.state
        ways = [move.on for move in flow.moves if state in move.states and move.to in flow.ends]
        if ways:
            writer.hear(writer.event(pick(draw, ways), writer.now, writer.now))
    if writer.case.state in flow.ends:
        for about, kind in zip("xy", ConflictKind, strict=True):
            writer.common(ConflictRaised, kind=kind, about=about)
        if chance(draw, 70):
            writer.common(Reopened, late=10)  # what was declared meanwhile is to be resolved
    for _ in range(up_to(draw, 2)):
        about = pick(draw, ("x", "y", None))
        writer.common(ConflictRaised, kind=pick(draw, tuple(ConflictKind)), about=about)
    if chance(draw, 60):
        declared = [one.about for one in writer.case.facts.conflicts]
        writer.common(ConflictResolved, late=15, about=pick(draw, (*declared, "x", None)))
    _perhaps_never(writer, before)


def follow(writer: Writer) -> None:
    """Another case takes something over, and ends with or without success; perhaps it never did."""
    draw, before = writer.draw, len(writer.heard)
    if chance(draw, 70):
        lost = [one.item for one in writer.owed if one.clock == "follow_up"]
        writer.common(Linked, case=pick(draw, ("c-2", "c-3")), about=pick(draw, (*lost, "a", None)))
    if chance(draw, 70):
        linked = [one.case for one in writer.case.facts.links] or ["c-2"]
        writer.common(LinkedCaseEnded, late=15, case=pick(draw, linked), done=chance(draw, 35))
    _perhaps_never(writer, before)


def merge(writer: Writer) -> None:
    """The patient leaves, or two records of them are merged; the case is a duplicate. Perhaps nothing of it was so."""
    draw, before, kind = writer.draw, len(writer.heard), up_to(writer.draw, 4)
    if kind == 0:
        writer.common(PatientLeft)
    elif kind <= 2:
        writer.common(SubjectChanged, to=pick(draw, ("p-2", "p-3")))
    else:
        owed = [(one.clock, one.item) for one in writer.owed]
        carries = tuple(owed if chance(draw, 60) else owed[1:])
        writer.common(SupersededBy, late=15, case="c-9", carries=carries)
    _perhaps_never(writer, before)


def give_up(writer: Writer) -> None:
    """Administration closes an old case; perhaps it goes on, or was never closed."""
    draw, before, flow = writer.draw, len(writer.heard), writer.stage.workflow
    for one in writer.owed:
        clock = flow.clock(one.clock)
        if clock.closing and not clock.waivable_by and chance(draw, 60):
            kind = pick(draw, clock.met_by).event
            writer.hear(writer.event(kind, writer.now, writer.now, **_done(writer, one, kind)))
    owed = [flow.clock(one.clock) for one in writer.owed]
    may = [role for role in ROLES if all(role in clock.waivable_by for clock in owed if clock.closing)]
    by = Actor(pick(draw, may or ROLES), "u-1")
    writer.common(ClosedByAdministration, late=15, by=by)
    if chance(draw, 40):
        writer.common(Reopened, late=10)
    _perhaps_never(writer, before)


def _perhaps_never(writer: Writer, before: int) -> None:
    """Something of what was heard just now is taken back, and perhaps so is that."""
    if len(writer.heard) > before and chance(writer.draw, 35):
        writer.common(Retracted, retracts=pick(writer.draw, writer.heard[before:]).key, about=None)
        if chance(writer.draw, 30):
            writer.common(Retracted, retracts=writer.heard[-1].key, about=None)


# --- events about time --------------------------------------------------------------------


def pause(writer: Writer) -> None:
    """The case is paused, or one clock of it, mostly to be resumed; either may be heard late, and be taken back."""
    going_on = [one.name for one in writer.case.world.pauses if one.until is None]
    pausable = [clock.name for clock in writer.stage.workflow.all_clocks if clock.pausable]
    if not pausable and not chance(writer.draw, 10):
        return own(writer)
    if not going_on or chance(writer.draw, 40):
        _pause(writer, pausable or ["look_again"])
    if chance(writer.draw, 40):
        return _another(writer)
    kind = up_to(writer.draw, 8)
    if kind <= 1:
        taken_back = pick(writer.draw, [one for one in writer.heard if isinstance(one, Paused)] or writer.heard)
        writer.common(Retracted, retracts=taken_back.key, about=None)
    elif kind == 2:
        look(writer)
    elif kind == 3:
        meet(writer)
    elif kind == 4:
        urge(writer)
    elif kind == 5:
        pick(writer.draw, (finish, about_the_case))(writer)
    return None


def _another(writer: Writer) -> None:
    """A second pause begins before the first is over; each is resumed by its name, and one outlasts the other."""
    going_on = [one for one in writer.case.world.pauses if one.until is None]
    if not going_on:
        return
    first, grid = going_on[0], writer.stage.grid
    name = "r" if first.name != "r" else "s"
    begins = first.at + grid * up_to(writer.draw, 3)
    one_ends = begins + grid * (1 + up_to(writer.draw, 6))
    other_ends = one_ends + grid * up_to(writer.draw, 6)
    for at, kind, about, said in (
        (begins, Paused, name, {"reason": CANARY, "resume_by": other_ends + grid}),
        (one_ends, Resumed, pick(writer.draw, (first.name, name)), {}),
        (other_ends, Resumed, None, {}),
    ):
        by, key = pick(writer.draw, ACTORS), writer.key()
        writer.hear(kind(at=at, recorded_at=max(writer.now, at), by=by, key=key, about=about, **said))


def _pause(writer: Writer, pausable: list[str]) -> None:
    recorded_at = writer.later()
    at = writer.happened(recorded_at, late=50)
    waiting = [one for one in writer.owed if one.clock in pausable]
    if waiting and chance(writer.draw, 70):
        # From within its time, or from a moment where that ends or begins.
        duty = pick(writer.draw, waiting)
        part = pick(writer.draw, (0, 1, 2, 4))
        at = duty.started_at + (duty.due_at - duty.started_at) / 4 * part
        recorded_at = max(writer.now, at)
    length = writer.stage.grid * (1 + up_to(writer.draw, 12))
    said: dict[str, Any] = {"about": pick(writer.draw, ("p", None, "q")), "resume_by": at + length}
    if chance(writer.draw, 30):
        said["clock"] = pick(writer.draw, pausable)
    if chance(writer.draw, 5):
        said["resume_by"] = at
    by, key = pick(writer.draw, ACTORS), writer.key()
    writer.hear(Paused(at=at, recorded_at=recorded_at, by=by, key=key, reason=CANARY, **said))


def resume(writer: Writer) -> None:
    """A pause ends, or all do, perhaps long after it should have; that may be heard late, and be taken back."""
    going_on = [one for one in writer.case.world.pauses if one.until is None]
    if not going_on:
        return pause(writer)
    one = pick(writer.draw, going_on)
    zone = pick(writer.draw, writer.stage.zones) if chance(writer.draw, 20) else None
    at = one.at + writer.stage.grid * (up_to(writer.draw, 16) - 1)
    recorded_at = max(writer.now, at)
    about = (one.name or None) if chance(writer.draw, 60) else None
    by, key = pick(writer.draw, ACTORS), writer.key()
    writer.hear(Resumed(at=at, recorded_at=recorded_at, by=by, key=key, about=about, zone=zone))
    if chance(writer.draw, 25):
        writer.common(Retracted, retracts=key, about=None)
        if chance(writer.draw, 30):
            look(writer)
    return None


def urge(writer: Writer) -> None:
    """It becomes more or less urgent, which may be heard late, and be taken back."""
    zone = pick(writer.draw, writer.stage.zones) if chance(writer.draw, 20) else None
    writer.common(UrgencyChanged, urgency=pick(writer.draw, tuple(Urgency)), late=40, zone=zone)
    kind = up_to(writer.draw, 4)
    if kind == 0:
        writer.common(Retracted, retracts=writer.heard[-1].key, about=None)
    elif kind == 1:
        look(writer)


# --- time ---------------------------------------------------------------------------------


def look(writer: Writer) -> None:
    """Somebody looks."""
    writer.call(Look(writer.later()))


def miss(writer: Writer) -> None:
    """A duty is missed, somebody looks, and then it comes out that it was met; or that it was not, after all."""
    if not writer.owed:
        return own(writer)
    duty = pick(writer.draw, writer.owed)
    writer.call(Look(max(writer.now, duty.due_at + writer.stage.grid * up_to(writer.draw, 6))))
    rows = writer.stage.workflow.clock(duty.clock).met_by
    if rows and chance(writer.draw, 75):
        kind = pick(writer.draw, rows).event
        said = _done(writer, duty, kind)
        at = pick(writer.draw, (duty.started_at, duty.due_at, duty.started_at + (duty.due_at - duty.started_at) / 2))
        writer.hear(writer.event(kind, min(at, writer.now), writer.now, **said))
        if chance(writer.draw, 40):
            writer.common(Retracted, retracts=writer.heard[-1].key, about=None)
    return None


def _settle_all(writer: Writer) -> None:
    for duty in writer.owed:
        clock, about = writer.stage.workflow.clock(duty.clock), duty.item or None
        if not clock.closing:
            continue
        if clock.waivable_by and chance(writer.draw, 60):
            said = {"clock": duty.clock, "reason": CANARY, "by": Actor(clock.waivable_by[0], "u-1")}
            writer.hear(Waived(at=writer.now, key=writer.key(), about=about, **said))
        elif clock.met_by:
            kind = pick(writer.draw, clock.met_by).event
            # Where it matters who does it, the stage says who.
            by = {} if "by" in writer.stage.says(kind) else {"by": FEED if kind.news else NURSE}
            writer.hear(writer.event(kind, writer.now, writer.now, **(by | _done(writer, duty, kind))))


def untell(writer: Writer) -> None:
    """What allowed an act that told somebody something is taken back; then that person is told again."""
    tellers = [event for event in writer.heard if event.tells()]
    if not tellers:
        return own(writer)
    teller = pick(writer.draw, tellers)
    before = [event for event in writer.heard if event.at <= teller.at and event.news] or [teller]
    writer.common(Retracted, retracts=pick(writer.draw, before[-6:]).key, about=None)
    kind = up_to(writer.draw, 3)
    if kind == 1:
        writer.common(ToldAgain, late=60, about=teller.tells())
    elif kind == 2:
        writer.common(LoopClosed, late=60)
    return None


def backlog(writer: Writer) -> None:
    """Several events come at once."""
    flow, at = writer.stage.workflow, writer.later()
    events = []
    for _ in range(1 + up_to(writer.draw, 3)):
        kinds = [kind for kind in flow.events if writer.stage.takes(writer.case.state, kind)] or flow.events
        recorded_at = at if chance(writer.draw, 70) else writer.now
        events.append(writer.event(pick(writer.draw, kinds), writer.happened(recorded_at, late=70), recorded_at))
    if chance(writer.draw, 30):
        events.append(pick(writer.draw, writer.heard))
    if chance(writer.draw, 30):
        retracted = pick(writer.draw, [*writer.heard, *events]).key
        events.append(Retracted(at=at, by=FEED, key=writer.key(), retracts=retracted))
    writer.heard += [event for event in events if event not in writer.heard]
    writer.call(Backlog(tuple(events), at))


def retime(writer: Writer) -> None:
    """The practice dates anew what stands; then late news of it, or the retiming is taken back, and perhaps again."""
    last = [writer.case.recorded_at, *(place[0] for place in (writer.case.first, writer.case.last) if place)]
    last += [writer.case.noticed_at] if writer.case.noticed_at else []
    if max(last).year > 9000:
        return own(writer)  # there is no opening left
    editions = len(writer.stage.editions)
    writer.call(Retime(max(writer.later(), *last), up_to(writer.draw, editions - 1) if editions > 1 else 0))
    entry = writer.shots[-1].entry
    writer.heard += () if entry is None else entry.events
    kind = up_to(writer.draw, 3)
    if kind == 0:
        meet(writer)
    elif kind == 1:
        correct(writer)
    elif kind == 2 and isinstance(writer.heard[-1], Retimed):
        writer.common(Retracted, retracts=writer.heard[-1].key, about=None)
        if chance(writer.draw, 50):
            writer.common(Retracted, retracts=writer.heard[-1].key, about=None)
    return None


_SCRIPTS: tuple[tuple[int, Callable[[Writer], None]], ...] = (
    (28, own),
    (20, meet),
    (10, look),
    (12, miss),
    (9, retract),
    (8, correct),
    (2, repeat),
    (9, let_go),
    (3, undelivered),
    (12, acknowledge),
    (10, finish),
    (5, untell),
    (9, about_the_case),
    (10, hand_over),
    (7, quarrel),
    (5, follow),
    (7, merge),
    (4, give_up),
    (3, backlog),
    (14, pause),
    (18, resume),
    (9, urge),
    (12, retime),
)
_WEIGHTED = tuple(script for weight, script in _SCRIPTS for _ in range(weight))
_OF_TIME = (
    own,
    own,
    own,
    own,
    meet,
    meet,
    miss,
    retract,
    finish,
    pause,
    pause,
    resume,
    resume,
    urge,
    urge,
    urge,
    acknowledge,
)


@st.composite
def journeys(draw: Draw, stages: Any) -> Journey:
    """Random journeys on random stages."""
    writer = Writer(draw, draw(stages))
    writer.open()
    calls = len(writer.shots) - 1 + _LEAST + up_to(draw, _MOST - _LEAST)
    while len(writer.shots) < calls:
        pick(draw, _OF_TIME if writer.stage.waits else _WEIGHTED)(writer)
    return Journey(writer.stage, tuple(shot.call for shot in writer.shots), draw(st.integers(0, 2**32 - 1)))

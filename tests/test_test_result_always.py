"""
Test result: properties over journeys that nobody planned.

Whatever happens, in whatever order it is heard, somebody's turn it is, and the state is what is here.
"""

from datetime import timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.result_story import (
    ABNORMAL,
    CODES,
    CRITICAL,
    NORMAL,
    OWNER,
    UNKNOWN,
    WAYS,
    R,
    notified,
    reviewed,
    standing,
    told,
)
from tests.transition_story import CLINICIAN, HOUR, NOW, done, tell_where_it_can_be

from carecoord import Acknowledged, ConflictResolved, LoopClosed, ToldAgain, Waived, check, replay
from carecoord.workflows.diagnostic_result import (
    TEST_RESULT,
    ArrivedUnasked,
    Claimed,
    Disposition,
    FollowedUp,
    OrderWithdrawn,
    PatientNotified,
    ResultCorrected,
    ResultReceived,
    ResultRetracted,
    Reviewed,
    Status,
)

_LET_GO = (
    "Waived",
    "UnableToReach",
    "EnteredInError",
    "PatientDied",
    "Retracted",
    "MomentCorrected",
    "SupersededBy",
    "ClosedByAdministration",
)
_OF_THE_CASE = [event for (name, _), some in WAYS.items() if name not in _LET_GO for _, event in some]
_OF_THE_CASE += [event for _, event in WAYS["Waived", "owed, and who may"]]
_SEVERITIES = st.sampled_from((CRITICAL, ABNORMAL, NORMAL, UNKNOWN))


@st.composite
def journeys(draw):
    """A result and up to twelve things that happen to it, six hours apart; some are heard late."""
    story = standing(draw(st.sampled_from([code for code in CODES if code not in ("SU", "ER")]))).fork()
    for number in range(draw(st.integers(1, 12))):
        event = draw(st.sampled_from(_OF_THE_CASE))
        at = NOW + (number + 1) * 6 * HOUR
        back = timedelta(hours=draw(st.sampled_from((0, 0, 0, 7))))
        one = evolve(event, at=at - back, recorded_at=at, key=f"{number}")
        if hasattr(one, "severity"):
            one = evolve(one, version=draw(st.integers(1, 4)), severity=draw(_SEVERITIES))
        if hasattr(one, "results") and draw(st.booleans()):
            here = [version.name for version in story.case.facts.versions]
            one = evolve(one, results=tuple(here))
        tell_where_it_can_be(story, (one,))
    return story


def surprised(story):
    return any(one.clock in ("unexpected", "overtaken") for one in (*story.case.deadlines, *story.case.settled))


@given(journeys())
def test_in_any_journey_somebodys_turn_it_is(story):
    """R-2: what is awaited, undecided, unread or unknown is owed by somebody."""
    facts, owed = story.case.facts, {(one.clock, one.item) for one in story.case.deadlines}
    if story.case.state in TEST_RESULT.ends:
        return
    assert {("review", name) for name in facts.reviews} == {one for one in owed if one[0] == "review"}, told(story)
    assert {("critical", name) for name, _ in facts.alarms} == {one for one in owed if one[0] == "critical"}
    persons = {person for person, _ in facts.owed}
    assert persons <= {item for clock, item in owed if clock == "tell_again"}
    if story.state != "UNCLAIMED":
        final = {one.component for one in facts.versions if one.final}
        let_go = {*facts.cancelled, *facts.let_go, *facts.withdrawn}
        known = {*facts.components, *(one.component for one in facts.versions)}
        called = {component for component, _ in facts.phoned}
        assert (known - final | called) - let_go == {item for clock, item in owed if clock == "result"}, told(story)
        assert bool(set(facts.undecided) - {*facts.withdrawn}) is (("decide", "") in owed), told(story)


@given(journeys())
def test_in_any_journey_the_state_is_what_is_here(story):
    """R-20: no order of events leads elsewhere."""
    facts = story.case.facts
    final = {one.component for one in facts.versions if one.final}
    known = {*facts.components, *(one.component for one in facts.versions)}
    called = {component for component, _ in facts.phoned}
    lacking = (known - final | called) - {*facts.cancelled, *facts.let_go, *facts.withdrawn}
    if story.state == "RESULTED":
        assert facts.versions, told(story)
        assert not lacking, told(story)
    if story.state in ("ORDERED", "COLLECTED", "NOT_DONE"):
        assert not facts.versions, told(story)
        assert not called - {*facts.cancelled, *facts.let_go, *facts.withdrawn}, told(story)
    if story.state == "PARTIAL":
        assert lacking, told(story)


@given(journeys())
def test_in_any_journey_a_newest_version_was_read_or_is_to_be_read(story):
    """R-6: unless it surprised."""
    if surprised(story) or story.case.state in (R.ENTERED_IN_ERROR, R.CANCELLED):
        return
    newest = {}
    for one in sorted(story.case.facts.versions, key=lambda one: (one.order, one.number)):
        newest[one.component] = one
    awaiting = {one.item.rpartition(":")[0] for one in story.case.deadlines if one.clock == "review"}
    for component, one in newest.items():
        assert one.reviewed or component in awaiting, told(story)


@given(journeys())
def test_in_any_journey_a_patient_was_told_of_what_is_abnormal_or_is_to_be_told(story):
    """R-7, R-11: the newest final version, unless there was a reason not to."""
    if surprised(story) or story.case.state in TEST_RESULT.ends:
        return
    finals = {}
    for one in sorted(story.case.facts.versions, key=lambda one: (one.order, one.number)):
        if one.final:
            finals[one.component] = one
    for one in finals.values():
        clock = "notify_abnormal" if one.abnormal else "notify_normal"
        assert one.told or story.owed(clock, one.name), told(story)


@given(journeys())
def test_in_any_journey_a_closed_or_cancelled_result_owes_only_what_outlives_it(story):
    """R-17"""
    if story.case.state in TEST_RESULT.ends:
        assert story.owes() <= {clock.name for clock in TEST_RESULT.all_clocks if clock.outlives}


def does_its_duty(story, clock, item, at):
    """Return what an office does that owes this; whoever reads reads what is newest."""
    facts, key = story.case.facts, f"{clock} {item} {at}"
    newest = {one.component: one.name for one in sorted(facts.versions, key=lambda one: (one.order, one.number))}
    component = item.rpartition(":")[0]
    if clock in ("result", "final"):
        return done(Waived, at, item, clock=clock, reason="r", by=CLINICIAN, key=key)
    if clock == "decide":
        # What was called and will not be written is followed up.
        undecided = tuple(one for one in facts.undecided if one not in facts.withdrawn)
        how = {"without": undecided, "disposition": Disposition.FOLLOW_UP_NEEDED, "key": key}
        reads = reviewed(at, *newest.values(), **how)
        withdraws = done(OrderWithdrawn, at, reason="r", key=key)
        return reads if story.refuses(reads) is None else withdraws
    return {
        "claim": lambda: done(Claimed, at, key=key),
        "critical": lambda: done(Acknowledged, at, item, clock="critical", by=OWNER, key=key),
        "review": lambda: reviewed(at, newest[component], key=key),
        "notify_abnormal": lambda: notified(at, item, key=key),
        "notify_normal": lambda: notified(at, item, key=key),
        "explain": lambda: notified(at, newest[component], key=key),
        "tell_again": lambda: done(ToldAgain, at, item, key=key),
        "follow_up": lambda: done(FollowedUp, at, item or None, key=key),
        "resolve": lambda: done(ConflictResolved, at, item or None, key=key),
    }[clock]()


@given(journeys())
def test_in_any_journey_an_office_that_does_what_it_owes_comes_to_an_end_and_nobody_was_harmed(story):
    """R-6, R-7, R-17: from what was told alone; the last that is known of each value was read, and the patient told."""
    closing = {clock.name for clock in TEST_RESULT.all_clocks if clock.closing}
    at = max(story.case.recorded_at, NOW) + HOUR
    for _ in range(30):
        owed = [one for one in story.case.deadlines if one.clock in closing]
        if not owed:
            break
        at += HOUR
        story.then(does_its_duty(story, owed[0].clock, owed[0].item, at))
    assert not {one.clock for one in story.case.deadlines} & closing, told(story)
    if story.state == "NOT_DONE":
        story.then(done(OrderWithdrawn, at + HOUR, reason="r", key="ended"))
    elif story.case.state not in TEST_RESULT.ends:
        story.then(done(LoopClosed, at + HOUR, key="closed"))
    assert story.case.state in TEST_RESULT.ends, told(story)
    if surprised(story):
        return
    events = sorted((event for entry in story.log for event in entry.events), key=lambda event: event.at)
    for component, (number, grave) in last_news(events).items():
        for kind in (Reviewed, PatientNotified):
            named = [name for one in events[number:] if isinstance(one, kind) for name in one.results]
            assert not grave or any(name.startswith(f"{component}:") for name in named), told(story)


def last_news(events):
    """Return for each component that news named where its last news stands, and whether it was anything but normal."""
    gravity = {NORMAL: 0, UNKNOWN: 1, ABNORMAL: 1, CRITICAL: 2}
    last, best = {}, {}
    for number, event in enumerate(events):
        if isinstance(event, ResultRetracted):
            for component in [*last] if event.about is None else [event.about]:
                last.pop(component, None)
                best.pop(component, None)
        if event.about is not None and isinstance(event, (ArrivedUnasked, ResultReceived, ResultCorrected)):
            final = getattr(event, "status", Status.FINAL) is Status.FINAL
            known = best.get(event.about, (-1, -1, False))
            said = (event.version, gravity[event.severity], final)
            # A preliminary version that comes behind its final one is no news.
            behind = known[2] and not final and event.version <= known[0]
            if not behind and any(one > other for one, other in zip(said, known, strict=True)):
                last[event.about] = number, event.severity is not NORMAL
                best[event.about] = tuple(map(max, said, known))
    return last


@given(journeys())
def test_in_any_journey_the_log_alone_gives_the_case_again(story):
    """R-27, R-37"""
    again = replay(TEST_RESULT, story.log)
    assert again[-1].case == story.case
    assert check(story.case, at=story.case.recorded_at).effects == ()

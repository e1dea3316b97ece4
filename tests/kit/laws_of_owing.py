"""Laws about what is owed: no open case is silent, and no ended one keeps anybody waiting."""

from typing import Any

from tests.kit.journeys import Film, Journey, play

from carecoord.case import Case
from carecoord.engine import next_check
from carecoord.events import ClosedByAdministration, EnteredInError, LoopClosed, SupersededBy
from carecoord.tables import Otherwise
from carecoord.workflow import LOOK_AGAIN, OVERTAKEN, TELL_AGAIN, UNEXPECTED, Workflow

ANYWHERE = (EnteredInError, SupersededBy, ClosedByAdministration)
SURPRISES = {UNEXPECTED, OVERTAKEN, TELL_AGAIN}


def an_ended_case_owes_only_what_outlives_it(journey: Journey) -> int:
    """6. Nothing that closing depends on is owed after the closing; what outlives an end was declared so."""
    film, compared = play(journey), 0
    flow = journey.stage.workflow
    outliving = {clock.name for clock in flow.all_clocks if clock.outlives}
    for case in _cases(film):
        if case.state in flow.ends:
            assert {one.clock for one in case.deadlines} <= outliving
            compared += 1
    return compared


def closing_waits_for_all_that_it_depends_on(journey: Journey) -> int:
    """6. Where a closing moves the case, nothing that closing depends on was owed, but what came to light later."""
    film, compared = play(journey), 0
    flow = journey.stage.workflow
    closing = {clock.name for clock in flow.all_clocks if clock.closing}
    for shot in film.shots[1:]:
        entry = shot.entry
        if shot.anew or entry is None or shot.before is None:
            continue
        if any(isinstance(event, LoopClosed) for event in entry.events):
            compared += 1
            assert not closing & {one.clock for one in shot.before.deadlines}
    return compared


def no_open_case_is_silent(journey: Journey) -> int:
    """8. It can reach an end, has one owner, and something of it falls due."""
    film, compared = play(journey), 0
    flow = journey.stage.workflow
    for case in _cases(film):
        assert case.owner
        if case.state in flow.ends:
            continue
        assert can_end(flow, case.state)
        assert [one.clock for one in case.deadlines].count(LOOK_AGAIN) == 1
        assert next_check(case) is not None
        compared += 1
    return compared


def what_a_state_waits_for_is_running_or_settled(journey: Journey) -> int:
    """8. No state waits for a clock that was never started, unless the practice does without it."""
    film, compared = play(journey), 0
    flow, timing = journey.stage.workflow, journey.stage.rules.timing
    for case in _cases(film):
        for clock in flow.waits_for.get(case.state, ()):
            done_without = any(row.allow is None for row in timing.rows(clock))
            if done_without or (case.facts.died and flow.clock(clock).ends_with_death):
                continue
            known = {one.clock for one in (*case.deadlines, *case.settled)}
            assert clock in known, f"{case.state.name} waits for '{clock}', which never ran"
            compared += 1
    return compared


def _cases(film: Film) -> list[Case[Any, Any]]:
    return [shot.case for shot in film.shots]


def can_end(flow: Workflow[Any, Any], state: Any) -> bool:
    """Whether rows lead from here to an end, aside from what may end any case."""
    seen, ahead = {state}, [state]
    while ahead:
        here = ahead.pop()
        if here in flow.ends:
            return True
        for row in flow.all_moves:
            leads = here in row.states and row.to is not None and not isinstance(row, Otherwise)
            if leads and row.on not in ANYWHERE and row.to not in seen:
                seen.add(row.to)
                ahead.append(row.to)
    return False

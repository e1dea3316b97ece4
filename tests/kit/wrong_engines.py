"""
Engines that are wrong on purpose: each has one room changed a little, and the law that finds it out.

The kit counts as good only as long as it kills all of them. Some come from the design, where
they survived whole random suites. Here are those that know wrong what is owed; the next file
has those that tell it wrong.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from attrs import evolve, field, frozen
from tests.kit import laws_of_owing as owing
from tests.kit import laws_of_the_world as world
from tests.kit.journeys import Journey
from tests.kit.reference import fast_path_is_reference_path

from carecoord import _asking, _claims, _clocks, _fold, _holding, _machine, _standing, _taking, case, engine
from carecoord.case import How
from carecoord.events import Retracted, UrgencyChanged
from carecoord.workflow import OVERTAKEN

Change = Callable[[Any], Callable[..., Any]]
"""From the right function to the wrong one; its docstring says what is wrong."""


@frozen
class WrongEngine:
    """What is wrong with it, which function of which room is changed, and which law finds it out on which stage."""

    name: str
    room: Any = field(repr=False)
    function: str
    law: Callable[[Journey], int] = field(repr=False)
    stage: str
    change: Change = field(repr=False)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let it be the engine, for a while."""
        right = getattr(self.room, self.function)
        setattr(self.room, self.function, self.change(right))
        try:
            yield
        finally:
            setattr(self.room, self.function, right)


WRONG: list[WrongEngine] = []


def wrong(
    name: str, room: Any, function: str, law: Callable[[Journey], int], stage: str = "random workflows"
) -> Callable[[Change], Change]:
    """Put an engine on the list that is wrong in one function of one room."""

    def listed(change: Change) -> Change:
        WRONG.append(WrongEngine(name, room, function, law, stage, change))
        return change

    return listed


FOLD = world.one_more_event_is_folding_all_again

# --- rows ------------------------------------------------------------------------------------


@wrong("guards are not asked", _machine.Table, "pick", fast_path_is_reference_path)
def _first_row(right: Any) -> Any:
    """The first row is taken whether its claim holds or not."""

    def pick(table: Any, state: Any, facts: Any, event: Any) -> Any:
        for _, to in table.ways(state, type(event)):
            return True, state if to is None else to
        return False, state

    return pick


@wrong("the last row is tried first", _machine.Table, "pick", fast_path_is_reference_path)
def _last_row_first(right: Any) -> Any:
    """Rows are tried from the last to the first."""

    def pick(table: Any, state: Any, facts: Any, event: Any) -> Any:
        for given, to in reversed(table.ways(state, type(event))):
            if given is None or given(facts, event):
                return True, state if to is None else to
        return False, state

    return pick


# --- clocks ----------------------------------------------------------------------------------


@wrong("an item that starts only once", _clocks, "begin", FOLD)
def _starts_once(right: Any) -> Any:
    """What was settled once is never owed again."""

    def begin(owing: Any, clock: str, item: str, *rest: Any) -> None:
        if not owing.settled.rounds(clock, item):
            right(owing, clock, item, *rest)

    return begin


@wrong("a running clock starts again", _clocks, "begin", FOLD)
def _starts_again(right: Any) -> Any:
    """A second start pushes the due moment on."""

    def begin(owing: Any, clock: str, item: str, *rest: Any) -> None:
        owing.duties = tuple(one for one in owing.duties if (one.clock, one.item) != (clock, item))
        right(owing, clock, item, *rest)

    return begin


@wrong("counted from hearing", _clocks, "begin", FOLD)
def _from_hearing(right: Any) -> Any:
    """A clock counts from when we were told, and not from when it happened."""

    def begin(
        owing: Any, clock: str, item: str, facts: Any, at: Any, anchor: Any, zone: Any, heard: Any, *rest: Any
    ) -> None:
        right(owing, clock, item, facts, at, max(anchor, heard), zone, heard, *rest)

    return begin


@wrong("or for and", _fold, "settle", FOLD)
def _or_for_and(right: Any) -> Any:
    """An event settles what it names, and also whatever its claim holds for."""

    def settle(owing: Any, endings: Any, event: Any) -> None:
        facts, ended, running = owing.facts, [], []
        for one in owing.duties:
            for how, given, item_of, why in endings.get(one.clock, ()):
                items = item_of(facts, event)
                named = items is None or items == one.item or _clocks._speaks_of(one, items, owing.duties)
                if _clocks._may_end(one, how, event) and (named or (given is not None and given(facts, event))):
                    ended.append(_clocks._ended(one, how, why, event))
                    break
            else:
                running.append(one)
        owing.duties, owing.settled = tuple(running), owing.settled.plus(ended)

    return settle


@wrong("the item is not asked", _clocks, "_speaks_of", FOLD)
def _any_item(right: Any) -> Any:
    """An event settles the deadlines of all items."""
    return lambda deadline, items, deadlines: True


@wrong("nothing gives way", _claims, "gives_way", FOLD, "care transition")
def _stands_in_the_way(right: Any) -> Any:
    """Who gave up, or waived a duty, stands in the way of whoever had done it before."""
    return lambda world, event: False


@wrong("misses decide", _clocks, "_may_end", FOLD)
def _missed_for_ever(right: Any) -> Any:
    """What is missed can no longer be met."""
    return lambda deadline, how, event: not deadline.missed(event.at) and right(deadline, how, event)


@wrong("met before it began", _clocks, "_may_end", FOLD, "care transition")
def _before_its_start(right: Any) -> Any:
    """What happened before a duty began meets it."""
    return lambda one, how, event: right(evolve(one, started_at=min(one.started_at, event.at)), how, event)


@wrong("met before it opens", _clocks, "_may_end", FOLD)
def _before_it_opens(right: Any) -> Any:
    """Nobody asks for the first day on which it counts."""
    return lambda deadline, how, event: right(deadline, How.DROPPED, event)


@wrong("in time at the due moment", _clocks, "_ended", FOLD)
def _met_at_the_due_moment(right: Any) -> Any:
    """The due moment itself still counts."""

    def ended(deadline: Any, how: How, why: str, event: Any) -> Any:
        record = right(deadline, how, why, event)
        return evolve(record, how=How.MET) if how is How.MET and event.at == deadline.due_at else record

    return ended


@wrong("an end drops nothing", _fold, "drop_at_end", owing.an_ended_case_owes_only_what_outlives_it)
def _nothing_dropped(right: Any) -> Any:
    """An ended case goes on owing."""
    return lambda table, owing, event: None


@wrong("any event counts as a look", _fold, "apply", FOLD)
def _any_event_looks(right: Any) -> Any:
    """News puts off when somebody must look again."""

    def apply(table: Any, world: Any, event: Any, turn: Any) -> None:
        right(table, world, event, turn)
        if world.acted is not None and event.news:
            world.acted = event.at, event.key

    return apply


# --- the fold --------------------------------------------------------------------------------


@wrong("overtaken and obeyed", _fold, "apply", FOLD)
def _obeyed(right: Any) -> Any:
    """An act that no longer fits still teaches."""

    def apply(table: Any, world: Any, event: Any, turn: Any) -> None:
        right(table, world, event, turn)
        lesson = table.kinds[type(event)].lesson
        if event.key in turn.overtaken and lesson is not None:
            world.facts = lesson(world.facts, event)

    return apply


@wrong("overtaken and forgotten", _fold.Turn, "surprise", FOLD)
def _forgotten(right: Any) -> Any:
    """Nobody hears that an act no longer fits."""
    return lambda turn, clock, event, facts: None if clock == OVERTAKEN else right(turn, clock, event, facts)


@wrong("noticed anew", _fold.Turn, "surprise", FOLD)
def _noticed_anew(right: Any) -> Any:
    """Each fold says that a surprise was noticed only now."""

    def surprise(turn: Any, clock: str, event: Any, facts: Any) -> None:
        turn.heard = {}
        right(turn, clock, event, facts)

    return surprise


@wrong("ties by hearing", _fold, "place_of", world.two_orders_of_hearing_end_in_one_world)
def _as_heard(right: Any) -> Any:
    """Of one moment, what was heard first stands first."""
    return lambda table, event: (event.at, 0, "", "")


@wrong("retracted for ever", _standing, "struck_by", FOLD)
def _retracted_for_ever(right: Any) -> Any:
    """A retraction that was itself retracted still strikes."""
    return lambda events: {one.retracts for one in events if isinstance(one, Retracted)}


@wrong("corrections correct nothing", _standing, "_at_its_moment", FOLD)
def _first_moment(right: Any) -> Any:
    """An event stays at the moment that was told first."""
    return lambda event, correction: event if correction is None else right(event, evolve(correction, moment=event.at))


@wrong("late news on the snapshot", _taking, "_in_order", FOLD)
def _on_the_snapshot(right: Any) -> Any:
    """News is applied as it comes, whenever it happened."""
    return lambda case, kind, place: kind.news or right(case, kind, place)


@wrong("a late act overtakes", _taking, "_judge", FOLD)
def _judged_mildly(right: Any) -> Any:
    """Nobody thinks of the acts already taken when a late one is judged."""
    return lambda table, case, base, kept, events, turn, doubtful: None


@wrong("a repeat counts", engine, "is_known", world.a_repeated_key_is_not_applied)
def _never_known(right: Any) -> Any:
    """An event that comes again is taken as if it were new."""
    return lambda case, event, made: False


# --- the policy ------------------------------------------------------------------------------


@wrong("the policy is asked again", _asking.Asks, "ask", FOLD)
def _asked_again(right: Any) -> Any:
    """What the policy answered once is asked anew at each fold."""

    def ask(asks: Any, *question: Any) -> Any:
        asks.kept = ()
        return right(asks, *question)

    return ask


# --- pauses and urgency ----------------------------------------------------------------------

HELD = "duties that wait"


@wrong("a pause holds nothing", case, "held_since", FOLD, HELD)
def _holds_nothing(right: Any) -> Any:
    """A pause is noted, and what it should hold runs on."""
    return lambda pauses, deadline: None


@wrong("what has passed is paused", _holding, "held_since", FOLD, HELD)
def _too_late(right: Any) -> Any:
    """A pause that came after the due moment moves it all the same."""

    def held_since(pauses: Any, deadline: Any) -> Any:
        return right(pauses, evolve(deadline, due_at=deadline.due_at + timedelta(days=999)))

    return held_since


@wrong("what two pauses held moves twice", _holding, "held_since", FOLD, HELD)
def _counted_twice(right: Any) -> Any:
    """Each pause moves what it held by all of its time."""
    return lambda pauses, deadline: right(tuple(one for one in pauses if one.until is None), deadline)


@wrong("a pause holds what began before it only", case, "held_since", FOLD, HELD)
def _only_what_ran(right: Any) -> Any:
    """What begins during a pause is not held."""

    def held_since(pauses: Any, deadline: Any) -> Any:
        since = right(pauses, deadline)
        return None if since == deadline.started_at and all(one.at != since for one in pauses) else since

    return held_since


@wrong("done while held is done late", _clocks, "_met_while_held", FOLD, HELD)
def _late_while_held(right: Any) -> Any:
    """Nobody asks whether the due moment had come."""
    return lambda owing, ended: ended


@wrong("a pause outlives the case", _fold, "drop_at_end", FOLD, HELD)
def _outlives(right: Any) -> Any:
    """The end of a case ends its duties, and not its pauses."""

    def drop_at_end(table: Any, owing: Any, event: Any) -> None:
        before = owing.pauses
        right(table, owing, event)
        owing.pauses = before

    return drop_at_end


@wrong("moved anew by the day", _asking, "_find_again", FOLD, HELD)
def _never_kept(right: Any) -> Any:
    """What a pause moved is asked again at each fold."""
    return lambda answers, again, facts, anchor, heard: None


@wrong("a rise gives more time", _holding, "_as_urgent", FOLD, HELD)
def _rises_later(right: Any) -> Any:
    """The new allowance counts, although what stands is earlier."""

    def as_urgent(table: Any, deadline: Any, facts: Any, was: Any, event: Any, asks: Any) -> Any:
        after = right(table, deadline, facts, was, event, asks)
        if after is not deadline and facts.urgency > was:
            return evolve(after, due_at=max(after.due_at, deadline.due_at))
        return after

    return as_urgent


@wrong("urgency is not asked about again", _holding, "_as_urgent", FOLD, HELD)
def _not_urgent(right: Any) -> Any:
    """What runs stays as it was, however urgent it becomes."""
    return lambda table, deadline, facts, was, event, asks: deadline


@wrong("what is held is made urgent at once", _fold, "_judged", FOLD, HELD)
def _urgent_at_once(right: Any) -> Any:
    """A change of urgency does not wait until what is held is resumed."""

    def change_urgency(table: Any, owing: Any, event: Any, was: Any, asks: Any) -> None:
        pauses, owing.pauses = owing.pauses, ()
        _holding.change_urgency(table, owing, event, was, asks)
        owing.pauses = pauses

    def judged(table: Any, world: Any, event: Any, judged: bool) -> Any:
        claims, of_time = right(table, world, event, judged)
        return claims, change_urgency if isinstance(event, UrgencyChanged) else of_time

    return judged


# --- dated anew ------------------------------------------------------------------------------


@wrong("retime asks what was told", engine, "redated", FOLD)
def _told_is_told(right: Any) -> Any:
    """What somebody was told of is not dated anew."""

    def redated(rules: Any, case: Any, *rest: Any) -> Any:
        event, rows = right(rules, case, *rest)
        told = {(one.clock, one.item) for one, mark in case.owed if mark.missed or mark.rungs}
        rows = tuple(row for row in rows if (row.clock, row.item) not in told)
        return evolve(event, duties=tuple((row.clock, row.item) for row in rows)), rows

    return redated


@wrong("retime lost by the next fold", _taking, "recalled", FOLD)
def _dated_once(right: Any) -> Any:
    """A fold knows that something was dated anew, and not what came out."""

    def recalled(case: Any, history: Any, turn: Any) -> Any:
        found = right(case, history, turn)
        turn.redated = dict.fromkeys(turn.redated, ())
        return found

    return recalled

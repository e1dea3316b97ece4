"""
A workflow introduced to the policies under which one practice runs it.

Workflows and policies know nothing of each other; here they meet, and here a gap between
them is found before any patient is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from attrs import evolve, field, fields, frozen

from carecoord._machine import Table, table_of
from carecoord.case import Answer, Case, Schedule, Terms
from carecoord.errors import IncompleteRulebook, NoLimit, WrongRulebook
from carecoord.events import Facts
from carecoord.policies.anew import Again, Why, asked_of_urgency, moved_by_pause
from carecoord.policies.calendars import Calendar, Days, from_holidays
from carecoord.policies.limits import (
    HEARD,
    Dating,
    Limit,
    LimitTable,
    TimingPolicy,
    Until,
    read,
)
from carecoord.policies.quiet import QuietHours
from carecoord.policies.spans import Hours, Length, Minutes
from carecoord.tables import Clock
from carecoord.vocabulary import Role
from carecoord.workflow import LOOK_AGAIN, RESUME_BY, Workflow

S = TypeVar("S", bound=Enum)
F = TypeVar("F", bound=Facts)

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def _roles(roles: Iterable[Role]) -> frozenset[Role]:
    return frozenset(roles)


@frozen(eq=False, repr=False)
class Rulebook(Generic[S, F]):
    """
    One workflow under the rules of one practice. Frozen, and shared by any number of threads.

    Args:
        workflow: What is run.
        timing: Who owes what by when.
        default_queue: Where goes what nobody could be found for.
        staff: The roles in which the practice has somebody to tell.
        fail_safe: What a duty may take when the policy fails while news is kept. No source
            gives such a number; a day is ours, and the deadline says that it is provisional.
        skew: How far ahead of its recording an event may claim to have happened before it is
            doubted. Five minutes between two clocks is ours.

    Raises:
        IncompleteRulebook: a clock has no limit for some case, a ladder ends with nobody, or
            there is no default queue; all gaps are named.
    """

    workflow: Workflow[S, F]
    timing: TimingPolicy
    default_queue: str = field(kw_only=True)
    staff: frozenset[Role] = field(kw_only=True, converter=_roles)
    fail_safe: Hours = field(default=Hours(24), kw_only=True)
    skew: Minutes = field(default=Minutes(5), kw_only=True)
    terms: Terms = field(init=False, repr=False)
    table: Table = field(init=False, repr=False)
    _days: dict[str | None, Days] = field(init=False, repr=False)
    _datings: dict[int, Dating] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        gaps = tuple(_gaps(self))
        if gaps:
            raise IncompleteRulebook(self.workflow.name, gaps)
        put = object.__setattr__
        put(self, "table", table_of(self.workflow))
        put(self, "_days", {None: Days(self.timing.calendar)})
        put(self, "_datings", {})
        for clock in self.workflow.all_clocks:
            for limit in self.timing.rows(clock.name):
                # Keyed by identity, and the limit is kept alive by its dating.
                self._datings[id(limit)] = Dating.of(limit, clock.kept_by, self.timing)
        put(self, "terms", self._terms())

    def __reduce__(self) -> tuple[Any, ...]:
        return _made_again, (type(self), {f.name: getattr(self, f.name) for f in fields(type(self)) if f.init})

    def __repr__(self) -> str:
        return f"Rulebook({self.workflow!r}, timing={self.timing.version!r})"

    @property
    def version(self) -> str:
        """The edition of the timing policy."""
        return self.timing.version

    def _terms(self) -> Terms:
        answer = self.ask(LOOK_AGAIN, "", self.workflow.facts(), _ANY_TIME, None, _ANY_TIME)
        assert answer.due_at is not None, "_gaps refused a look_again without an allowance"
        return Terms(self.timing.version, self.default_queue, answer.due_at - _ANY_TIME, answer.schedule)

    def days(self, zone: str | None) -> Days:
        """Return the working days in a zone, by default the calendar's own."""
        days = self._days.get(zone)
        if days is None:
            # Two threads may both make it; both make the same.
            days = self._days[zone] = Days(self.timing.calendar, zone)
        return days

    def ask(self, clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime) -> Answer:
        """Ask the policy and date its answer; raise whatever the policy raises."""
        dating = self._dating(self.timing.limit(clock, facts, anchor))
        days = self.days(None) if zone is None else self.days(zone)
        return dating.answer(item, facts, anchor, zone, heard, read(dating.reads, facts, heard), days)

    def example(self, limit: Limit, at: datetime, facts: Facts) -> Answer | None:
        """
        Return what one of its rows would answer for a duty that begins then, whichever row the case gets.

        None where the row counts from, or lasts until, a moment that these facts do not hold.
        """
        named = [limit.counts_from] if isinstance(limit.counts_from, str) else []
        if isinstance(limit.allow, Until):
            named.append(limit.allow.fact)
        if any(getattr(facts, name) is None for name in named):
            return None
        return self._dating(limit).answer("", facts, at, None, at, (), self.days(None))

    def _dating(self, limit: Limit) -> Dating:
        dating = self._datings.get(id(limit))
        if dating is None:
            # A policy may make its rows anew each time.
            dating = Dating.of(limit, self.workflow.clock(limit.clock).kept_by, self.timing)
        return dating

    def ask_again(self, again: Again, facts: Any, anchor: datetime, heard: datetime) -> Answer:
        """Date a standing deadline anew, after a pause or a change of urgency; raise whatever the policy raises."""
        one, days = again.standing, self.days(again.zone)
        clock, item, schedule = one.clock, one.item, one.schedule
        if again.why is Why.PAUSED:
            datings = [self._dating(limit) for limit in self.timing.rows(clock)]
            same = [dating for dating in datings if dating.is_row_of(schedule)]
            due, schedule = moved_by_pause(again, anchor, same[0] if same else None, days)
        else:
            # After a fall as if it had been so from the start; then nothing was heard late.
            since, known = again.since, heard if again.why is Why.RISEN else again.since
            dating = self._dating(self.timing.limit(clock, facts, since))
            answer = dating.answer(item, facts, since, again.zone, known, (), days)
            due, schedule = asked_of_urgency(again, answer, dating, days)
        return Answer(clock, item, anchor, again.zone, again.read(facts, heard), due, one.opens_at, schedule)

    def answer(
        self,
        case_id: str,
        clock: str,
        item: str,
        facts: Any,
        anchor: datetime,
        zone: str | None,
        heard: datetime,
        strict: bool,
        again: Again | None = None,
        /,
    ) -> Answer:
        """
        Ask the policy; where it fails, news gets a stopgap.

        Raises:
            NoLimit: it fails, and it is *strict*: an act is judged.
        """
        try:
            if again is not None:
                return self.ask_again(again, facts, anchor, heard)
            return self.ask(clock, item, facts, anchor, zone, heard)
        except Exception as problem:
            if strict:
                raise NoLimit(case_id, clock) from problem
            if again is not None:
                return self.stopgap_again(again, facts, anchor, heard)
            return self.stopgap(clock, item, facts, anchor, zone, heard)

    def stopgap(self, clock: str, item: str, facts: Any, anchor: datetime, zone: str | None, heard: datetime) -> Answer:
        """Return the provisional answer for news when the policy fails: the fail-safe span, the look_again ladder."""
        try:
            names = self.timing.reads(clock)
            values = read(names, facts, heard)
        except Exception:  # noqa: BLE001  a policy of the host's; whatever it does, news is kept
            names, values = (), ()
        look = self.terms.look
        schedule = Schedule(
            "fail-safe", str(self.fail_safe), look.offsets, look.roles, look.every, look.zone, names, None, True
        )
        return Answer(clock, item, anchor, zone, values, anchor + self.fail_safe.length, None, schedule)

    def stopgap_again(self, again: Again, facts: Any, anchor: datetime, heard: datetime) -> Answer:
        """
        Return the provisional answer about a deadline that stands when the policy fails.

        It moves by the time that a pause took; when the urgency rose it is no later than after the fail-safe span.
        """
        one, due = again.standing, again.standing.due_at
        if again.why is Why.PAUSED:
            due += anchor - again.since
        elif again.why is Why.RISEN:
            due = min(due, anchor + self.fail_safe.length)
        schedule = evolve(one.schedule, provisional=True)
        return Answer(one.clock, one.item, anchor, again.zone, again.read(facts, heard), due, one.opens_at, schedule)

    def must_fit(self, case: Case[Any, Any]) -> None:
        """Raise WrongRulebook where the case runs under another workflow or version."""
        own = self.workflow
        if case.workflow != own.name or case.version != own.version:
            raise WrongRulebook(case.id, f"{case.workflow} {case.version}", f"{own.name} {own.version}")


def _made_again(kind: type[Rulebook[Any, Any]], made_of: dict[str, Any]) -> Rulebook[Any, Any]:
    return kind(**made_of)


def _gaps(rules: Rulebook[Any, Any]) -> Iterator[str]:
    if not rules.default_queue:
        yield "there is no default queue"
    if not rules.staff:
        yield "nobody is on the staff"
    spans: tuple[Any, ...] = (rules.fail_safe, rules.skew)
    if any(type(span) not in (Minutes, Hours) for span in spans):
        yield "fail_safe and skew are elapsed spans: Hours(...) or Minutes(...)"
    elif not rules.fail_safe.n:
        yield "the fail-safe span takes no time"
    for clock in rules.workflow.all_clocks:
        rows = tuple(rules.timing.rows(clock.name))
        if clock.name == RESUME_BY:
            yield from _gaps_of_resuming(rows)
        elif not rows or not rows[-1].unconditional:
            yield f"clock '{clock.name}' has no unconditional last row"
        yield from (gap for row in rows for gap in _gaps_of_row(rules, clock, row))
        yield from _unknown_facts(rules, clock)
    try:
        rules.timing.limit(LOOK_AGAIN, rules.workflow.facts(), _ANY_TIME)
    except Exception:  # noqa: BLE001  a policy of the host's; whatever it raises, the gap is the same
        yield "the policy cannot say when to look again"
    known = {clock.name for clock in rules.workflow.all_clocks}
    for name in rules.timing.clocks:
        if name not in known:
            yield f"a row names '{name}', which is no clock of the workflow"


def _gaps_of_row(rules: Rulebook[Any, Any], clock: Clock[Any], row: Limit) -> Iterator[str]:
    if row.allow is None:
        if not clock.optional:
            yield f"clock '{clock.name}' is no duty that a practice may do without"
        return
    assert row.ladder is not None, "a limit with an allowance has a ladder"
    last = row.ladder.last.notify or clock.kept_by
    if last not in rules.staff and last is not Role.OWNER:
        yield f"the ladder of '{clock.name}' ends with {last.name}, and nobody there stands in that role"
    if clock.closing and row.ladder.every is None:
        yield f"closing depends on '{clock.name}', so the last rung of its ladder must repeat"
    if clock.reaches_patient and row.attempts is None:
        yield f"clock '{clock.name}' can end with UnableToReach, and its limit has no attempts"
    if clock.name == LOOK_AGAIN:
        elapsed = isinstance(row.allow, (Minutes, Hours)) and row.ladder.fixed(clock.kept_by) is not None
        if not (elapsed and row.unconditional):
            yield "look_again is one elapsed number for all cases, with a ladder of elapsed rungs"
        if row.ladder.every is None:
            yield "the last rung of look_again must repeat: no open case is ever silent"


def _gaps_of_resuming(rows: tuple[Limit, ...]) -> Iterator[str]:
    """Whoever pauses says until when, so that is the limit; and what is held is not forgotten."""
    always = [row for row in rows if row.when is None and row.since is None and row.until is None]
    if not always or any(row.allow != Until("resume_by") for row in rows):
        yield "whoever pauses says until when: the limit of 'resume_by' is Until(\"resume_by\")"
    elif any(row.ladder is None or row.ladder.every is None for row in rows):
        yield "what is held must not be forgotten, so the last rung of 'resume_by' must repeat"


def _unknown_facts(rules: Rulebook[Any, Any], clock: Clock[Any]) -> Iterator[str]:
    known = {f.name for f in fields(rules.workflow.facts)}
    for name in rules.timing.reads(clock.name):
        if name != HEARD and name not in known:
            yield f"the limit of '{clock.name}' reads '{name}', which is no fact of the workflow"


def _several(rulebooks: Iterable[Rulebook[Any, Any]]) -> tuple[Rulebook[Any, Any], ...]:
    return tuple(rulebooks)


@frozen(eq=False)
class Practice:
    """
    The rulebooks of one practice, one per workflow.

    Raises:
        IncompleteRulebook: there is none, or two are for one workflow.
    """

    name: str
    rulebooks: tuple[Rulebook[Any, Any], ...] = field(converter=_several)

    def __attrs_post_init__(self) -> None:
        names = [rules.workflow.name for rules in self.rulebooks]
        gaps = ["a practice has at least one rulebook"] if not names else []
        gaps += [f"two rulebooks are for '{name}'" for name in sorted({n for n in names if names.count(n) > 1})]
        if gaps:
            raise IncompleteRulebook(self.name, tuple(gaps))

    @classmethod
    def starter(
        cls,
        *,
        country: str,
        zone: str,
        default_queue: str,
        staff: Iterable[Role],
        contact_within: Length | None = None,
        critical_within: Minutes | Hours | None = None,
        years: Iterable[int] = (),
        calendar: Calendar | None = None,
        quiet: QuietHours | None = None,
        name: str = "practice",
    ) -> Practice:
        """
        Return a complete and conservative practice: a rulebook for each workflow that the library has.

        Every number has its source; what nobody published says that it is ours. It is a start:
        `explain_policy` prints it for people to read, and a practice puts its own rows in the place
        of these.

        Args:
            country: ISO 3166 code, such as "US": whose public holidays and whose rules bind it.
                Where a rule of another country lends its number, the row says that this is ours.
            zone: The IANA zone whose days count.
            default_queue: Where goes what nobody could be found for.
            staff: The roles in which it has somebody to tell; the fail-safe, `Role.SAFETY_OFFICER`,
                must be among them.
            contact_within: How soon patients are contacted after a stay or an emergency visit: the
                practice's to define (NCQA PCMH CC-16). CMS TCM wants `BusinessDays(2)`.
            critical_within: How soon a critical result must be known: the practice's to define
                (Joint Commission NPSG.02.03.01).
            years: The years whose public holidays are taken from the `holidays` package.
            calendar: The practice's own working days instead; its zone must be *zone*.
            quiet: When nobody is told of what can wait; never what is promised in minutes or hours.
            name: What the practice is called.

        Raises:
            IncompleteRulebook: something is missing that nobody may guess; all of it is named.
            ImpossibleTiming: nobody knows the zone, or the country's holidays.
            ModuleNotFoundError: the holidays are wanted, and the extra `carecoord[holidays]` is not
                installed.
        """
        from carecoord.starter import EDITION, STARTERS, Asked, gaps  # noqa: PLC0415  it loads every workflow

        known, there = tuple(years), frozenset(staff)
        missing = [] if calendar or known else ["name the years whose holidays count: years=range(...), or a calendar"]
        if calendar is not None and calendar.zone != zone:
            missing.append(f"the calendar counts days in {calendar.zone}, and the practice in {zone}; give one of them")
        asked = Asked(country=country, contact_within=contact_within, critical_within=critical_within, quiet=quiet)
        missing += gaps(asked)
        if Role.SAFETY_OFFICER not in there:
            missing.append("nobody is the fail-safe, with whom ladders end: put Role.SAFETY_OFFICER on the staff")
        if not default_queue:
            missing.append("there is no default queue")
        if missing:
            raise IncompleteRulebook(name, tuple(missing))
        office = calendar or from_holidays(country, zone=zone, years=known)
        return cls(
            name,
            (
                Rulebook(
                    one.workflow,
                    timing=LimitTable(one.rows(asked), calendar=office, version=EDITION),
                    default_queue=default_queue,
                    staff=there,
                )
                for one in STARTERS
            ),
        )

    def rules_of(self, workflow: Workflow[S, F]) -> Rulebook[S, F]:
        """
        Return the rulebook of a workflow.

        Raises:
            IncompleteRulebook: the practice has none for it.
        """
        for rules in self.rulebooks:
            if rules.workflow.name == workflow.name and rules.workflow.version == workflow.version:
                return rules
        raise IncompleteRulebook(self.name, (f"there is no rulebook for '{workflow.name}' {workflow.version}",))

    def rules_for(self, case: Case[Any, Any]) -> Rulebook[Any, Any]:
        """
        Return the rulebook of the case's workflow.

        Raises:
            WrongRulebook: the practice has none, or one of another version.
        """
        for rules in self.rulebooks:
            if rules.workflow.name == case.workflow:
                rules.must_fit(case)
                return rules
        raise WrongRulebook(case.id, f"{case.workflow} {case.version}", f"the practice '{self.name}', which has none")

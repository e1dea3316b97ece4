"""
Care transition: every duty, clock by clock.

Who owes it and who is told first; what starts it, meets it, excuses it, drops it; who may let it go; what death and
the end of the case do to it. The tables are written by hand and held against what the engine does.
"""

import pytest
from tests.transition_story import (
    CODES,
    FRI,
    HOUR,
    NOW,
    OWNED,
    SETTLED,
    TUE,
    WAYS,
    Story,
    done,
    heard,
    of,
    rows,
    standing,
    taken_back,
    tell_where_it_can_be,
    with_limits,
)

from carecoord import (
    Actor,
    ConflictKind,
    ConflictRaised,
    EnteredInError,
    Escalated,
    HandoverOffered,
    IncompleteRulebook,
    Limit,
    LoopClosed,
    PatientDied,
    Role,
    UnableToReach,
    Waived,
    ours,
)
from carecoord.workflows.care_transition import (
    CARE_TRANSITION,
    Admitted,
    DischargeCancelled,
    Discharged,
    FollowUpDeclined,
    InfoShared,
    NoticeOf,
    NoticeReceived,
    PendingTestListed,
    TransitionFacts,
    VisitMissed,
)

STANDARD = TransitionFacts()
IN, HOME = heard(Admitted, TUE, "V1", facility="St. Luke's"), heard(Discharged, FRI, "V1")

# Closing: the loop stays open until it is settled. Death: what `PatientDied` does to it. Given up: it can end with
# `UnableToReach`. Choice: a practice may say that it wants no such duty. After the end: it goes on in an ended case.
DUTIES = """
clock         | owed by     | kept by     | closing | may be waived by   | death | given up | choice | after the end
notice        | HOSPITAL    | COORDINATOR |         | OWNER COORDINATOR  |       |          |        |
share         | COORDINATOR | COORDINATOR |         | OWNER COORDINATOR  | drops |          |        |
whereabouts   | COORDINATOR | COORDINATOR |         | OWNER COORDINATOR  | drops |          |        |
summary       | HOSPITAL    | COORDINATOR |         | CLINICIAN          |       |          |        |
pending_known | COORDINATOR | COORDINATOR | yes     | CLINICIAN          | drops |          |        |
pending       | OWNER       | OWNER       | yes     |                    |       |          |        | yes
contact       | COORDINATOR | COORDINATOR | yes     | CLINICIAN          | drops | yes      |        |
reconcile     | CLINICIAN   | CLINICIAN   | yes     | CLINICIAN          | drops |          |        |
visit         | OWNER       | OWNER       | yes     | CLINICIAN          | drops |          | yes    |
rebook        | COORDINATOR | COORDINATOR | yes     | CLINICIAN          | drops | yes      |        |
follow_up     | COORDINATOR | COORDINATOR | yes     |                    | drops |          |        | yes
wrap_up       | OWNER       | OWNER       |         | OWNER CLINICIAN    |       |          |        |
take_up       | OWNER       | OWNER       |         |                    |       |          |        |
resolve       | OWNER       | OWNER       | yes     |                    |       |          |        |
unexpected    | OWNER       | OWNER       |         |                    |       |          |        | yes
overtaken     | OWNER       | OWNER       |         |                    |       |          |        | yes
tell_again    | OWNER       | OWNER       | yes     |                    |       |          |        | yes
resume_by     | OWNER       | OWNER       |         |                    |       |          |        |
look_again    | OWNER       | OWNER       |         |                    |       |          |        |
"""

# What each event starts, beside the surprises, which the grid names. An event without a claim: in each of its ways.
STARTS = """
in             | event                                   | starts
ED AD          | NoticeReceived: of the arrival          | share(V1)
ED AD          | NoticeReceived: of the admission        | share(V1)
ED EL          | Admitted                                | whereabouts()
AD             | Admitted: another visit                 | whereabouts()
ED             | Admitted: a visit of this stay          | notice(V1:admission)
ED             | Admitted: no visit named                | notice(V1:admission)
ED AD EL       | Admitted: another visit                 | notice(V9:admission)
DC RA          | Admitted: another visit                 | follow_up(readmission:V9)
DC RA          | Admitted: no visit named                | follow_up(readmission:again)
ED AD EL DC    | Transferred                             | whereabouts()
ED AD          | Discharged home: the present visit      | notice(V1:discharge) summary(V1) pending_known(V1)
ED AD EL       | Discharged home: another visit          | notice(V9:discharge) summary(V9) pending_known(V9)
ED AD EL       | Discharged home: the present visit      | contact(V1) reconcile(V1)
ED AD EL       | Discharged home: another visit          | contact(V9) reconcile(V9)
AD EL          | Discharged home: the present visit      | visit(V1)
AD EL          | Discharged home: another visit          | visit(V9)
ED AD          | Discharged elsewhere: the present visit | notice(V1:discharge) summary(V1) pending_known(V1)
ED AD EL       | Discharged elsewhere: another visit     | notice(V9:discharge) summary(V9) pending_known(V9)
ED AD EL DC    | Discharged elsewhere: the present visit | whereabouts()
ED AD EL DC    | Discharged elsewhere: another visit     | whereabouts()
ED AD EL DC CL | DischargeCancelled: the one that stands | whereabouts()
ED AD EL       | Contacted: two-way, by our staff        | whereabouts()
ED AD EL       | Contacted: not by our staff             | whereabouts()
ED AD EL DC CL | SummaryReceived: lists what nobody owns | pending(t-9)
ED AD EL DC CL | PendingTestListed: nobody owns it       | pending(t-9)
ED AD EL DC    | VisitMissed                             | rebook(a-9)
ED AD EL DC    | PatientDied                             | wrap_up()
ED AD EL DC    | OwnerGone: the owner                    | take_up()
ED AD EL DC    | HandoverOffered: to one person          | take_up(dr-8)
ED AD EL DC    | ConflictRaised                          | resolve(c-8)
ED AD EL DC    | LinkedCaseEnded: a linked one           | follow_up(x-ray)
CL RA DI SU ER | LinkedCaseEnded: a linked one           | follow_up(x-ray)
CL RA DI SU    | LinkedCaseEnded: one that owned a test  | pending(t-0)
ED AD EL DC    | LinkedCaseEnded: one that owned a test  | pending(t-0)
DI             | SummaryReceived: lists what nobody owns | pending(t-9)
DI             | PendingTestListed: nobody owns it       | pending(t-9)
CL RA          | Reopened                                | notice(V1:admission) notice(V1:discharge)
RA             | Reopened                                | summary(V1) pending_known(V1)
RA             | Reopened                                | contact(V1) reconcile(V1) visit(V1)
"""

# What ends each duty, beside what all have in common: a waiver, death, the end of the case.
ENDS = """
duty                      | event                                     | how
notice(V1:admission)      | NoticeReceived: of the admission          | MET
notice(V1:discharge)      | NoticeReceived: of the discharge          | MET
notice(V1:discharge)      | DischargeCancelled: the one that stands   | DROPPED, discharge cancelled
share(V1)                 | InfoShared: to the facility               | MET
share(V1)                 | Discharged home: the present visit        | DROPPED, discharged
share(V1)                 | Discharged home: another visit            | DROPPED, discharged
share(V1)                 | Discharged elsewhere: the present visit   | DROPPED, discharged
share(V1)                 | Discharged elsewhere: another visit       | DROPPED, discharged
whereabouts()             | Admitted: another visit                   | MET
whereabouts()             | Transferred                               | MET
whereabouts()             | Discharged home: the present visit        | MET
whereabouts()             | Discharged home: another visit            | MET
whereabouts()             | Discharged elsewhere: the present visit   | MET
whereabouts()             | Discharged elsewhere: another visit       | MET
whereabouts()             | DischargeCancelled: the one that stands   | MET
whereabouts()             | Contacted: two-way, by our staff          | MET
whereabouts()             | Contacted: not by our staff               | MET
summary(V1)               | SummaryReceived: silent on pending tests  | MET
summary(V1)               | SummaryReceived: there are none pending   | MET
summary(V1)               | SummaryReceived: lists what somebody owns | MET
summary(V1)               | SummaryReceived: lists what nobody owns   | MET
summary(V1)               | DischargeCancelled: the one that stands   | DROPPED, discharge cancelled
summary(V1)               | Transferred                               | DROPPED, transfer
pending_known(V1)         | SummaryReceived: there are none pending   | MET
pending_known(V1)         | SummaryReceived: lists what somebody owns | MET
pending_known(V1)         | SummaryReceived: lists what nobody owns   | MET
pending_known(V1)         | PendingTestListed                         | MET
pending_known(V1)         | DischargeCancelled: the one that stands   | DROPPED, discharge cancelled
pending_known(V1)         | Transferred                               | DROPPED, transfer
pending(t-5)              | PendingTestOwned: the test                | MET
pending(t-5)              | EnteredInError                            | DROPPED, entered in error
contact(V1)               | Contacted: two-way, by our staff          | MET
contact(V1)               | DischargeCancelled: the one that stands   | DROPPED, discharge cancelled
contact(V1)               | Transferred                               | DROPPED, transfer
contact(V1)               | Discharged elsewhere: the present visit   | DROPPED, to a facility
contact(V1)               | Discharged elsewhere: another visit       | DROPPED, to a facility
reconcile(V1)             | MedsReconciled: by who may                | MET
reconcile(V1)             | DischargeCancelled: the one that stands   | DROPPED, discharge cancelled
reconcile(V1)             | Transferred                               | DROPPED, transfer
reconcile(V1)             | Discharged elsewhere: the present visit   | DROPPED, to a facility
reconcile(V1)             | Discharged elsewhere: another visit       | DROPPED, to a facility
visit(V1)                 | VisitHeld                                 | MET
visit(V1)                 | FollowUpDeclined                          | EXCUSED, declined
visit(V1)                 | DischargeCancelled: the one that stands   | DROPPED, discharge cancelled
visit(V1)                 | Transferred                               | DROPPED, transfer
visit(V1)                 | Discharged elsewhere: the present visit   | DROPPED, to a facility
visit(V1)                 | Discharged elsewhere: another visit       | DROPPED, to a facility
rebook(a-5)               | VisitBooked                               | MET
rebook(a-5)               | VisitHeld                                 | MET
rebook(a-5)               | FollowUpDeclined                          | EXCUSED, declined
rebook(a-5)               | DischargeCancelled: the one that stands   | DROPPED, discharge cancelled
rebook(a-5)               | Transferred                               | DROPPED, transfer
rebook(a-5)               | Discharged elsewhere: the present visit   | DROPPED, to a facility
rebook(a-5)               | Discharged elsewhere: another visit       | DROPPED, to a facility
follow_up(readmission:V2) | Linked                                    | MET
resolve(c-9)              | ConflictResolved: an open one             | MET
follow_up(readmission:V2) | Reopened                                  | DROPPED, reopened
follow_up(readmission:V2) | Died                                      | DROPPED, died
wrap_up()                 | Died                                      | MET
take_up(dr-9)             | HandoverDeclined: on offer to them        | MET
take_up(dr-9)             | HandoverAccepted: on offer to them        | MET
take_up(dr-9)             | HandoverOffered: accepted in one act      | MET
unexpected(odd)           |                                           |
overtaken(declined)       |                                           |
tell_again(St. Luke's)    | ToldAgain                                 | MET
"""

ENDS_OF_CASE = {"CLOSED", "READMITTED", "DIED", "SUPERSEDED", "ENTERED_IN_ERROR"}


ASK_WHAT_ELSE_IS_OWED = {"LoopClosed", "Waived", "UnableToReach", "ClosedByAdministration"}


def named(one):
    return f"{one.clock}({one.item})"


def fits(line, event, claim):
    """Whether a line of a table is about this event in this way."""
    return line["event"] in (event, f"{event}: {claim}")


def running():
    """Return for each duty a story in which it is owed, told until Friday evening."""
    evening = FRI + 6 * HOUR
    away, in_bed = standing("DC"), standing("AD")

    def then(story, *events):
        story = story.fork()
        story.then(*events)
        return story

    declined = done(FollowUpDeclined, evening, key="declined")
    wrong = heard(Admitted, FRI - HOUR, "V1", facility="St. Luke's")
    shared = done(InfoShared, FRI, to="St. Luke's")
    return {
        "notice(V1:admission)": in_bed,
        "notice(V1:discharge)": away,
        "share(V1)": then(in_bed, heard(NoticeReceived, FRI, of=NoticeOf.ADMISSION)),
        "whereabouts()": in_bed,
        "summary(V1)": away,
        "pending_known(V1)": away,
        "pending(t-5)": then(away, heard(PendingTestListed, evening, "t-5")),
        "contact(V1)": away,
        "reconcile(V1)": away,
        "visit(V1)": away,
        "rebook(a-5)": then(away, heard(VisitMissed, evening, "a-5")),
        "follow_up(readmission:V2)": standing("RA"),
        "take_up(dr-9)": then(away, done(HandoverOffered, evening, to="dr-9")),
        "resolve(c-9)": then(away, heard(ConflictRaised, evening, "c-9", kind=ConflictKind.OPERATIONAL)),
        "wrap_up()": then(away, heard(PatientDied, evening)),
        "unexpected(odd)": then(away, heard(DischargeCancelled, evening, "V9", key="odd")),
        "overtaken(declined)": then(away, declined, taken_back(HOME, evening)),
        "tell_again(St. Luke's)": then(Story(wrong, shared), taken_back(wrong, evening)),
    }


RUNNING = running()
BY_CLOCK = {duty.partition("(")[0]: (story, duty.partition("(")[2][:-1]) for duty, story in RUNNING.items()}
DUTY = {row["clock"]: row for row in rows(DUTIES)}
each_duty = pytest.mark.parametrize("duty", RUNNING)
each_clock = pytest.mark.parametrize("clock", BY_CLOCK)


# --- what all duties have in common ---------------------------------------------------------


def test_the_tables_name_every_clock():
    assert set(DUTY) == {clock.name for clock in CARE_TRANSITION.all_clocks}
    # No duty of a stay may be paused, so nobody ever has to resume it.
    assert set(DUTY) - set(BY_CLOCK) == {"look_again", "resume_by"}
    assert not any(clock.pausable for clock in CARE_TRANSITION.all_clocks)
    assert {row["duty"] for row in rows(ENDS)} == set(RUNNING)
    for duty, story in RUNNING.items():
        assert duty in {named(one) for one in story.case.deadlines}


@pytest.mark.parametrize("clock", DUTY)
def test_who_owes_a_duty_and_who_keeps_it(clock):
    row, own = DUTY[clock], CARE_TRANSITION.clock(clock)
    assert (own.owed_by.name, own.kept_by.name) == (row["owed by"], row["kept by"])


@pytest.mark.parametrize("clock", DUTY)
def test_whether_closing_depends_on_a_duty(clock):
    """So a rulebook refuses to exist if the last rung of its ladder does not repeat."""
    assert CARE_TRANSITION.clock(clock).closing is (DUTY[clock]["closing"] == "yes")


@each_duty
def test_who_keeps_a_duty_is_told_when_it_falls_due(duty):
    story = RUNNING[duty].fork()
    owed = next(one for one in story.case.deadlines if named(one) == duty)
    told = of(story.look(owed.due_at).effects, Escalated, owed.clock)
    keeper = [one.notify.name for one in told if (one.item, one.at) == (owed.item, owed.due_at)]
    # A conflict goes its own pathway from the start, and an operational one goes to the managers.
    assert keeper == ["MANAGER" if owed.clock == "resolve" else DUTY[owed.clock]["kept by"]]


@each_clock
@pytest.mark.parametrize("role", Role)
def test_only_who_is_named_may_waive_a_duty(clock, role):
    story, item = BY_CLOCK[clock]
    waiver = done(Waived, NOW, item or None, clock=clock, reason="agreed", by=Actor(role, "x-1"))
    assert (story.refuses(waiver) is None) is (role.name in DUTY[clock]["may be waived by"].split())


@each_clock
def test_a_refused_waiver_says_who_may(clock):
    story, item = BY_CLOCK[clock]
    refused = story.refuses(done(Waived, NOW, item or None, clock=clock, reason="r", by=Actor(Role.SYSTEM, "x-1")))
    who = " or ".join(DUTY[clock]["may be waived by"].split()) or "nobody"
    assert refused.claims == (f"the actor may waive '{clock}': {who} may",)


@each_clock
def test_death_drops_what_was_for_the_patient_alone(clock):
    story, item = BY_CLOCK[clock]
    story = story.fork()
    story.then(heard(PatientDied, NOW))
    assert (story.owed(clock, item) is None) is (DUTY[clock]["death"] == "drops")


@each_clock
def test_a_duty_that_a_practice_may_not_do_without_cannot_be_left_out(clock):
    limit = Limit(clock, None, source=ours("we would rather not"))
    if DUTY[clock]["choice"]:
        with_limits(limit)
    else:
        with pytest.raises(IncompleteRulebook, match=f"clock '{clock}' is no duty that a practice may do without"):
            with_limits(limit)


@each_clock
def test_only_a_duty_that_reaches_the_patient_can_be_given_up(clock):
    story, item = BY_CLOCK[clock]
    claims = story.refuses(done(UnableToReach, NOW, item or None, clock=clock)).claims
    never = (f"'{clock}' is a duty that ends by reaching the patient",)
    assert (claims != never) is (DUTY[clock]["given up"] == "yes")


@each_clock
def test_an_ended_case_owes_only_what_outlives_it(clock):
    story, item = BY_CLOCK[clock]
    story = story.fork()
    tell_where_it_can_be(story, (done(EnteredInError, NOW),))
    outlives = DUTY[clock]["after the end"] == "yes" and clock != "pending"  # whose test was nobody's
    assert (story.owed(clock, item) is not None) is outlives


@pytest.mark.parametrize("clock", ["pending_known", "pending", "contact", "reconcile", "visit", "rebook"])
def test_the_loop_stays_open_while_something_is_owed_that_closing_depends_on(clock):
    story, _ = BY_CLOCK[clock]
    assert DUTY[clock]["closing"] == "yes"
    assert f"'{clock}' is settled" in story.refuses(done(LoopClosed, NOW)).claims


def test_the_loop_may_be_closed_while_something_else_is_owed():
    """The summary never came, but the tests that were pending were told of by telephone."""
    story = standing("DC").fork()
    story.then(*SETTLED[1:], *OWNED, heard(PendingTestListed, NOW, "t-0"), heard(DischargeCancelled, NOW, "V9"))
    assert {DUTY[clock]["closing"] for clock in story.owes()} == {""}
    assert story.owes() == {"notice", "summary", "unexpected"}
    assert story.refuses(done(LoopClosed, NOW)) is None


# --- what starts and what ends each ---------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_an_event_starts_what_the_table_says_and_nothing_else(code):
    lines = [row for row in rows(STARTS) if code in row["in"].split()]
    seen, told = {}, {}
    for (event, claim), some in WAYS.items():
        # Nobody has left an account before who has just come.
        for before, one in (way for way in some if code != "ED" or way[1].about != "V0"):
            story = tell_where_it_can_be(standing(code).fork(), before)
            were = {deadline.id for deadline in story.case.deadlines}
            tell_where_it_can_be(story, (one,))
            begun = [deadline for deadline in story.case.deadlines if deadline.id not in were]
            began = {named(deadline) for deadline in begun if deadline.clock not in ("look_again", "unexpected")}
            should = {duty for line in lines if fits(line, event, claim) for duty in line["starts"].split()}
            seen[event, claim, one.key], told[event, claim, one.key] = began, should
    assert seen == told


@each_duty
def test_an_event_ends_a_duty_as_the_table_says_and_not_otherwise(duty):
    lines = [row for row in rows(ENDS) if row["duty"] == duty]
    clock = duty.partition("(")[0]
    seen, told = {}, {}
    for (event, claim), some in WAYS.items():
        # Closing and giving up have tests of their own: they ask what else is owed.
        for before, one in () if event in ASK_WHAT_ELSE_IS_OWED else some:
            story = tell_where_it_can_be(RUNNING[duty].fork(), before)
            round_ = next(deadline.round for deadline in story.case.deadlines if named(deadline) == duty)
            was = story.state
            tell_where_it_can_be(story, (one,))
            how = [end for end in story.case.settled if named(end) == duty and end.round == round_]
            seen[event, claim, one.key] = ", ".join(filter(None, (how[0].how.name, how[0].why))) if how else ""
            should = next((line["how"] for line in lines if fits(line, event, claim)), "")
            if not should and event == "PatientDied" and DUTY[clock]["death"]:
                should = "DROPPED, died"
            if not should and story.state != was and story.state in ENDS_OF_CASE and not DUTY[clock]["after the end"]:
                should = f"DROPPED, {story.state.lower().replace('_', ' ')}"
            told[event, claim, one.key] = should
    assert {way: how.replace("MET_LATE", "MET") for way, how in seen.items()} == told

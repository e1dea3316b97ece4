"""
Referral: every duty, clock by clock.

Who owes it and who is told first; what starts it, meets it, drops it; who may let it go; what death and the end of the
case do to it. The tables are written by hand and held against what the engine does.
"""

import pytest
from examples.practice import REFERRAL_ROWS
from tests.referral_story import (
    CODES,
    SENT,
    WAYS,
    Referral,
    reviewed,
    sent,
    standing,
    with_rows,
)
from tests.transition_story import (
    DAY,
    FRI,
    HOUR,
    MON,
    NOW,
    TUE,
    WED,
    Actor,
    done,
    heard,
    midnight,
    of,
    rows,
    tell_where_it_can_be,
)

from carecoord import (
    ConflictKind,
    ConflictRaised,
    ContactAttempted,
    CountsFrom,
    Escalated,
    HandoverOffered,
    How,
    IncompleteRulebook,
    Limit,
    LoopClosed,
    PatientDied,
    Role,
    UnableToReach,
    Urgency,
    Waived,
    Way,
    ours,
)
from carecoord.workflows.referral import (
    REFERRAL,
    Accepted,
    Booked,
    Disposition,
    ReportReceived,
    ReportRetracted,
    Specified,
    VisitCompleted,
)

# Closing: the loop stays open until it is settled. Death: what `PatientDied` does to it. Given up: it can end with
# `UnableToReach`. After the end: it goes on in an ended case.
DUTIES = """
clock          | owed by     | kept by     | closing | may be waived by  | death | given up | after the end
send           | COORDINATOR | COORDINATOR | yes     | OWNER COORDINATOR |       |          |
answer         | RECIPIENT   | COORDINATOR |         | OWNER COORDINATOR |       |          |
supply         | OWNER       | OWNER       |         |                   |       |          |
book           | RECIPIENT   | COORDINATOR |         | OWNER COORDINATOR |       |          |
visit_outcome  | RECIPIENT   | COORDINATOR |         | OWNER COORDINATOR |       |          |
rebook         | RECIPIENT   | COORDINATOR |         | CLINICIAN         | drops | yes      |
visit_note     | RECIPIENT   | COORDINATOR |         | OWNER COORDINATOR |       |          |
report         | RECIPIENT   | COORDINATOR | yes     | CLINICIAN         |       |          |
decide         | OWNER       | OWNER       | yes     |                   |       |          |
confirm_cancel | RECIPIENT   | COORDINATOR |         | OWNER CLINICIAN   |       |          |
review         | OWNER       | OWNER       | yes     |                   |       |          | yes
inform         | OWNER       | OWNER       | yes     | CLINICIAN         | drops | yes      | yes
integrate      | OWNER       | OWNER       | yes     | CLINICIAN         |       |          | yes
follow_up      | OWNER       | OWNER       | yes     | CLINICIAN         |       |          | yes
expectations   | COORDINATOR | COORDINATOR |         | OWNER COORDINATOR | drops |          |
tell_again     | OWNER       | OWNER       | yes     |                   |       |          | yes
wrap_up        | OWNER       | OWNER       |         | OWNER CLINICIAN   |       |          |
resume_by      | OWNER       | OWNER       |         |                   |       |          |
take_up        | OWNER       | OWNER       |         |                   |       |          |
resolve        | OWNER       | OWNER       | yes     |                   |       |          |
unexpected     | OWNER       | OWNER       |         |                   |       |          | yes
overtaken      | OWNER       | OWNER       |         |                   |       |          | yes
look_again     | OWNER       | OWNER       |         |                   |       |          |
"""

# What each event starts where it is told for the first time and by name, beside the surprises.
STARTS = """
in                                     | event                 | starts
DR                                     | Sent                  | answer(a-2) report()
DE                                     | Redirected            | answer(a-2)
SE NI DE                               | Undeliverable         | send()
SE AC BO NS AX SN DE                   | InformationRequested  | supply(a-1)
NI                                     | InformationSupplied   | answer(a-1)
SE NI DE                               | Accepted              | book(a-1)
SE NI AC BO NS AX SN                   | Declined              | decide(a-1)
SE NI AC BO NS AX SN                   | CancelConfirmed       | decide(a-1)
SE NI AC BO NS AX SN DE                | Booked                | visit_outcome(v-5)
SE NI AC BO NS AX SN DE                | Rebooked              | visit_outcome(v-5)
SE NI AC BO SN                         | NoShow                | rebook(v-1)
SE NI AC BO SN                         | AppointmentCancelled  | rebook(v-1)
SE NI AC BO NS AX SN DE                | VisitCompleted        | visit_note(a-1)
SE NI AC BO NS AX SN CR DE RP CL       | InterimNoteReceived   | review(n-2:1)
SE NI AC BO NS AX SN CR DE RP CL CA WD | ReportReceived        | review(r-9:1) inform(r-9:1)
SE NI AC BO NS AX SN CR DE RP CL CA WD | ReportCorrected       | review(r-9:2) inform(r-9:2)
RP CL                                  | ReportRetracted       | report() visit_note(a-1)
CL                                     | ReportRetracted       | tell_again(patient)
SE NI AC BO NS AX SN                   | CancelRequested       | confirm_cancel(a-1)
CR                                     | CancelWithdrawn       | book(a-1)
CA WD                                  | Reopened              | send()
DR SE NI AC BO NS AX SN CR DE RP       | PatientDied           | wrap_up()
DR SE NI AC BO NS AX SN CR DE RP       | OwnerGone             | take_up()
DR SE NI AC BO NS AX SN CR DE RP       | HandoverOffered       | take_up(dr-8)
DR SE NI AC BO NS AX SN CR DE RP       | ConflictRaised        | resolve(c-2)
"""

# What ends each duty, beside a waiver, death and the error.
ENDS = """
duty                | events                                                         | how
send()              | Sent                                                           | MET
send()              | Withdrawn                                                      | DROPPED, ended by us
answer(a-1)         | Accepted Declined InformationRequested Booked Rebooked NoShow  | MET
answer(a-1)         | AppointmentCancelled VisitCompleted InterimNoteReceived        | MET
answer(a-1)         | ReportReceived ReportCorrected                                 | MET
answer(a-1)         | Undeliverable                                                  | DROPPED, undeliverable
answer(a-1)         | CancelConfirmed                                                | DROPPED, cancelled by them
supply(a-1)         | InformationSupplied                                            | MET
supply(a-1)         | Undeliverable                                                  | DROPPED, undeliverable
supply(a-1)         | Declined                                                       | DROPPED, declined
supply(a-1)         | CancelConfirmed                                                | DROPPED, cancelled by them
supply(a-1)         | CancelRequested                                                | DROPPED, cancellation requested
supply(a-1)         | ReportReceived ReportCorrected                                 | DROPPED, the report is here
book(a-1)           | Booked Rebooked NoShow AppointmentCancelled VisitCompleted     | MET
book(a-1)           | InterimNoteReceived ReportReceived ReportCorrected             | MET
book(a-1)           | Declined                                                       | DROPPED, declined
book(a-1)           | CancelConfirmed                                                | DROPPED, cancelled by them
book(a-1)           | CancelRequested                                                | DROPPED, cancellation requested
visit_outcome(v-1)  | NoShow AppointmentCancelled VisitCompleted InterimNoteReceived | MET
visit_outcome(v-1)  | ReportReceived ReportCorrected                                 | MET
visit_outcome(v-1)  | Rebooked                                                       | DROPPED, rebooked
visit_outcome(v-1)  | Declined                                                       | DROPPED, declined
visit_outcome(v-1)  | CancelConfirmed                                                | DROPPED, cancelled by them
rebook(v-1)         | Booked Rebooked VisitCompleted                                 | MET
rebook(v-1)         | Declined                                                       | DROPPED, declined
rebook(v-1)         | CancelConfirmed                                                | DROPPED, cancelled by them
rebook(v-1)         | CancelRequested                                                | DROPPED, cancellation requested
rebook(v-1)         | ReportReceived ReportCorrected                                 | DROPPED, the report is here
visit_note(a-1)     | InterimNoteReceived ReportReceived ReportCorrected             | MET
report()            | ReportReceived ReportCorrected                                 | MET
decide(a-1)         | Redirected Withdrawn                                           | MET
decide(a-1)         | Undeliverable                                                  | DROPPED, undeliverable
decide(a-1)         | Accepted InformationRequested Booked Rebooked VisitCompleted   | DROPPED, they do it after all
decide(a-1)         | InterimNoteReceived                                            | DROPPED, they do it after all
decide(a-1)         | ReportReceived ReportCorrected                                 | DROPPED, the report is here
confirm_cancel(a-1) | CancelConfirmed Declined                                       | MET
confirm_cancel(a-1) | ReportReceived ReportCorrected CancelWithdrawn                 | MET
review(r-1:1)       | Reviewed                                                       | MET
review(r-1:1)       | ReportRetracted                                                | DROPPED, taken back
inform(r-1:1)       | PatientInformed                                                | MET
inform(r-1:1)       | ReportRetracted                                                | DROPPED, taken back
integrate(r-1:1)    | Integrated                                                     | MET
integrate(r-1:1)    | ReportRetracted                                                | DROPPED, taken back
follow_up(o-1)      | Linked                                                         | MET
expectations(cca-1) | ExpectationsGiven                                              | MET
tell_again(patient) | ToldAgain                                                      | MET
wrap_up()           | Withdrawn                                                      | MET
take_up(dr-9)       | HandoverAccepted HandoverDeclined                              | MET
resolve(c-1)        | ConflictResolved                                               | MET
"""


def named(one):
    return f"{one.clock}({one.item})"


def running():
    """Return for each duty a story in which it is owed, told until Friday evening."""
    evening = FRI + 6 * HOUR

    def then(code, *events):
        story = standing(code).fork()
        story.then(*events)
        return story

    return {
        "send()": then("DR"),
        "answer(a-1)": then("SE"),
        "supply(a-1)": then("NI"),
        "book(a-1)": then("AC"),
        "visit_outcome(v-1)": then("BO"),
        "rebook(v-1)": then("NS"),
        "visit_note(a-1)": then("BO", heard(VisitCompleted, evening, "v-1")),
        "report()": then("SE"),
        "decide(a-1)": then("DE"),
        "confirm_cancel(a-1)": then("CR"),
        "review(r-1:1)": then("RP"),
        "inform(r-1:1)": then("RP"),
        "integrate(r-1:1)": then("RP", reviewed(evening, "r-1", disposition=Disposition.PLAN_CHANGE)),
        "follow_up(o-1)": then("RP", reviewed(evening, "r-1", disposition=Disposition.NEW_ORDERS, orders=("o-1",))),
        "expectations(cca-1)": Referral(sent("a-1", TUE + HOUR, agreement="cca-1")),
        "tell_again(patient)": then("CL", heard(ReportRetracted, evening, "r-1")),
        "wrap_up()": then("SE", heard(PatientDied, evening)),
        "take_up(dr-9)": then("SE", done(HandoverOffered, evening, to="dr-9")),
        "resolve(c-1)": then("SE", heard(ConflictRaised, evening, "c-1", kind=ConflictKind.OPERATIONAL)),
    }


RUNNING = running()
BY_CLOCK = {duty.partition("(")[0]: (story, duty.partition("(")[2][:-1]) for duty, story in RUNNING.items()}
DUTY = {row["clock"]: row for row in rows(DUTIES)}
each_duty = pytest.mark.parametrize("duty", RUNNING)
each_clock = pytest.mark.parametrize("clock", BY_CLOCK)


# --- what all duties have in common ---------------------------------------------------------


def test_the_tables_name_every_clock():
    assert set(DUTY) == {clock.name for clock in REFERRAL.all_clocks}
    assert set(DUTY) - set(BY_CLOCK) == {"look_again", "unexpected", "overtaken", "resume_by"}
    assert {row["duty"] for row in rows(ENDS)} == set(RUNNING)
    for duty, story in RUNNING.items():
        assert duty in {named(one) for one in story.case.deadlines}


def test_what_may_wait_for_the_patient_may_be_paused_and_what_is_ours_to_look_at_may_not():
    """The P column: sending, booking, rebooking, the report, what the patient was to expect."""
    pausable = {clock.name for clock in REFERRAL.all_clocks if clock.pausable}
    assert pausable == {"send", "book", "rebook", "report", "expectations"}


@pytest.mark.parametrize("clock", DUTY)
def test_who_owes_a_duty_who_keeps_it_and_whether_closing_depends_on_it(clock):
    row, own = DUTY[clock], REFERRAL.clock(clock)
    assert (own.owed_by.name, own.kept_by.name, own.closing) == (row["owed by"], row["kept by"], bool(row["closing"]))


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
def test_death_drops_what_was_for_the_patient_alone(clock):
    story, item = BY_CLOCK[clock]
    story = story.fork()
    story.then(heard(PatientDied, NOW))
    assert (story.owed(clock, item) is None) is (DUTY[clock]["death"] == "drops")


@each_clock
def test_no_duty_can_be_left_out(clock):
    with pytest.raises(IncompleteRulebook, match=f"clock '{clock}' is no duty that a practice may do without"):
        with_rows(Limit(clock, None, source=ours("we would rather not")))


@each_clock
def test_only_a_duty_that_reaches_the_patient_can_be_given_up(clock):
    story, item = BY_CLOCK[clock]
    claims = story.refuses(done(UnableToReach, NOW, item or None, clock=clock)).claims
    never = (f"'{clock}' is a duty that ends by reaching the patient",)
    assert (claims != never) is (DUTY[clock]["given up"] == "yes")


@each_clock
def test_what_outlives_an_end(clock):
    assert REFERRAL.clock(clock).outlives is (DUTY[clock]["after the end"] == "yes")


@each_clock
def test_the_loop_stays_open_while_something_is_owed_that_closing_depends_on(clock):
    story, _ = BY_CLOCK[clock]
    if story.state == "REPORTED":
        assert f"'{clock}' is settled" in story.refuses(done(LoopClosed, NOW)).claims
    else:
        assert story.refuses(done(LoopClosed, NOW)) is not None


# --- what starts and what ends each ---------------------------------------------------------


def plain_ways(event):
    """Return the first way of an event that is told as it is told first: by its name."""
    return next((some[0] for (name, claim), some in WAYS.items() if name == event and not claim), None)


EVENTS = [name for name in dict.fromkeys(name for name, _ in WAYS) if plain_ways(name) is not None]


@pytest.mark.parametrize("code", CODES)
def test_an_event_starts_what_the_table_says_and_nothing_else(code):
    seen, told = {}, {}
    for event in EVENTS:
        _, one = plain_ways(event)
        story = standing(code).fork()
        were = {deadline.id for deadline in story.case.deadlines}
        tell_where_it_can_be(story, (one,))
        begun = {named(one) for one in story.case.deadlines if one.id not in were}
        seen[event] = {one for one in begun if not one.startswith(("look_again", "unexpected"))}
        lines = [row for row in rows(STARTS) if row["event"] == event and code in row["in"].split()]
        told[event] = {duty for line in lines for duty in line["starts"].split()}
    assert seen == told


@each_duty
def test_an_event_ends_a_duty_as_the_table_says_and_not_otherwise(duty):
    lines = [row for row in rows(ENDS) if row["duty"] == duty]
    seen, told = {}, {}
    for event in EVENTS:
        if event in ("EnteredInError", "PatientDied"):
            continue  # they have tests of their own
        _, one = plain_ways(event)
        story = RUNNING[duty].fork()
        tell_where_it_can_be(story, (one,))
        how = [end for end in story.case.settled if named(end) == duty and end.key == one.key]
        seen[event] = ", ".join(filter(None, (how[0].how.name, how[0].why))).replace("MET_LATE", "MET") if how else ""
        told[event] = next((line["how"] for line in lines if event in line["events"].split()), "")
    assert seen == told


# --- by when, under the rows of the example -------------------------------------------------


def test_the_report_is_owed_from_the_first_sending_and_nothing_begins_it_anew():
    """Declined, no-show, sent to another: the patient waits since the first day."""
    for code in ("SE", "NI", "AC", "BO", "NS", "AX", "SN", "CR", "DE"):
        assert (standing(code).due("report"), standing(code).owed("report").round) == (midnight(2026, 10, 6), 1)


def test_the_outcome_of_a_visit_is_owed_from_the_visit_and_not_from_the_booking():
    """Two working days after Monday the 20th."""
    story = Referral(*SENT, heard(Booked, WED, "v-1", visit_at=MON + 7 * DAY))
    assert story.due("visit_outcome") == midnight(2026, 7, 23)


@pytest.mark.parametrize(
    ("urgency", "due"),
    [
        (Urgency.ROUTINE, midnight(2026, 7, 15)),
        (Urgency.URGENT, midnight(2026, 7, 10)),
        (Urgency.ASAP, TUE + 25 * HOUR),
        (Urgency.STAT, TUE + 5 * HOUR),
    ],
)
def test_how_soon_they_must_answer_is_a_matter_of_urgency(urgency, due):
    story = Referral(done(Specified, TUE + HOUR / 2, urgency=urgency), sent("a-1", TUE + HOUR))
    assert story.due("answer") == due


def test_what_comes_late_is_met_late():
    story = Referral(*SENT, heard(Accepted, TUE + 30 * DAY, "a-1"))
    assert story.ended("answer", "a-1") == (How.MET_LATE,)


def test_tries_to_tell_the_patient_may_be_given_up_and_are_then_excused():
    """Our practice: two calls on two days and a letter."""
    story = standing("RP").fork()
    giving_up = done(UnableToReach, MON + HOUR, clock="inform")
    tries = [(NOW, Way.PHONE), (NOW + HOUR, Way.LETTER), (MON, Way.PHONE)]
    for at, way in tries:
        assert story.refuses(giving_up) is not None
        story.then(done(ContactAttempted, at, "r-1:1", clock="inform", way=way))
    story.then(giving_up)
    assert story.ended("inform") == (How.EXCUSED,)


def test_a_report_that_came_before_it_was_sent_meets_nothing():
    """What happened before a duty began cannot have met it."""
    story = Referral(heard(ReportReceived, TUE + HOUR / 2, "r-1"), sent("a-1", TUE + HOUR))
    assert (story.state, "report" in story.owes(), "unexpected" in story.owes()) == ("SENT", True, True)


def test_every_number_of_the_example_has_a_source_or_is_ours():
    for row in REFERRAL_ROWS.all_rows:
        assert row.source.title
        assert row.counts_from in (CountsFrom.HAPPENED, "visit_at", "sent_at")

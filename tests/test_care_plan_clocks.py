"""
Care plan review: every duty, clock by clock.

Who owes it and who is told first; what starts it, meets it, drops it; who may let it go; what death and the end of the
case do to it. The tables are written by hand and held against what the engine does.
"""

import pytest
from examples.practice import SLOW
from tests.plan_story import (
    CODES,
    DONE,
    DR_8,
    DR_9,
    DRAFT,
    OCTOBER,
    PART,
    REVISED,
    WAYS,
    WHOLE,
    Plan,
    accepted,
    activated,
    assigned,
    brought,
    copied,
    linked,
    reviewed,
    standing,
    weighed,
    with_rows,
)
from tests.transition_story import (
    CLINICIAN,
    DAY,
    FRI,
    HOUR,
    MON,
    NOW,
    THU,
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
    CalendarDays,
    ConflictKind,
    ConflictRaised,
    EnteredInError,
    Escalated,
    HandoverOffered,
    How,
    IncompleteRulebook,
    Limit,
    LinkedCaseEnded,
    LoopClosed,
    OwnerGone,
    PatientDied,
    Paused,
    Reopened,
    Resumed,
    Role,
    UnableToReach,
    Until,
    Waived,
    ours,
)
from carecoord.workflows.care_plan_review import (
    CARE_PLAN_REVIEW,
    UNDER_WAY,
    Channel,
    Copy,
    GoalMeasured,
    PlanDrafted,
    RelevantVisit,
    ReviewStarted,
    Revoked,
)

# Closing: the loop stays open until it is settled. Death: what `PatientDied` does to it. After the end: it goes on in
# an ended case. May wait: a pause holds it.
DUTIES = """
clock            | owed by      | kept by      | closing | may be waived by | death | after the end | may wait
draft            | CARE_MANAGER | CARE_MANAGER | yes     | CLINICIAN        | drops |               | yes
activate         | CARE_MANAGER | CARE_MANAGER | yes     | CLINICIAN        | drops |               | yes
review           | OWNER        | OWNER        | yes     |                  | drops |               |
finish_review    | OWNER        | OWNER        | yes     | CLINICIAN        | drops |               | yes
weigh            | OWNER        | OWNER        | yes     | CLINICIAN        | drops |               |
give_copy        | CARE_MANAGER | CARE_MANAGER | yes     | CLINICIAN        | drops |               | yes
bring_in         | OWNER        | OWNER        | yes     | CLINICIAN        | drops |               |
measure          | CARE_MANAGER | CARE_MANAGER |         | OWNER            | drops |               | yes
accept_component | CLINICIAN    | OWNER        | yes     |                  | drops |               |
tell_again       | OWNER        | OWNER        | yes     |                  |       | yes           |
wrap_up          | OWNER        | OWNER        |         | OWNER CLINICIAN  |       |               |
take_up          | OWNER        | OWNER        |         |                  |       |               |
resolve          | OWNER        | OWNER        | yes     |                  |       |               |
resume_by        | OWNER        | OWNER        |         |                  |       |               |
follow_up        | OWNER        | OWNER        | yes     | CLINICIAN        |       | yes           |
unexpected       | OWNER        | OWNER        |         |                  |       | yes           |
overtaken        | OWNER        | OWNER        |         |                  |       | yes           |
look_again       | OWNER        | OWNER        |         |                  |       |               |
"""

# What each event starts where it is told for the first time, beside the surprises. A number is a version.
STARTS = """
in                      | event             | starts
DF AC RV                | RelevantVisit     | weigh(v-1)
ID AC RV                | PlanDrafted       | activate()
DF                      | Activated         | review() give_copy(1) measure(walk) accept_component(diabetes)
AC                      | ReviewStarted     | finish_review()
AC RV                   | PlanReviewed      | review()
AC RV                   | GoalMeasured      | measure(walk)
DF                      | ComponentAssigned | accept_component(diabetes)
CO RK                   | Reopened          | review() finish_review()
RK                      | Reopened          | give_copy(1) measure(walk) accept_component(diabetes)
CO                      | Reopened          | measure(walk)
DN                      | Reopened          | draft()
ID DF AC RV             | Linked            | bring_in(r-7)
ID DF AC RV             | PatientDied       | wrap_up()
ID DF AC RV             | PatientLeft       | wrap_up()
CO                      | EnteredInError    | tell_again(patient)
ID DF AC RV             | OwnerGone         | take_up()
ID DF AC RV             | HandoverOffered   | take_up(dr-8)
ID DF AC RV             | ConflictRaised    | resolve(c-2)
ID DF AC RV             | LinkedCaseEnded   | bring_in(o-2)
ID DF AC RV CO RK DN SU ER | LinkedCaseEnded | follow_up(f-9)
"""

# What ends each duty, beside a waiver, death and the error.
ENDS = """
duty                       | events                              | how
draft()                    | PlanDrafted                         | MET
draft()                    | Revoked                             | DROPPED, revoked
draft()                    | PatientDeclined                     | DROPPED, declined
activate()                 | Activated                           | MET
activate()                 | Revoked                             | DROPPED, revoked
activate()                 | PatientDeclined                     | DROPPED, the patient declined
review()                   | PlanReviewed                        | MET
review()                   | Revoked                             | DROPPED, revoked
review()                   | PatientDeclined                     | DROPPED, the patient declined
finish_review()            | PlanReviewed                        | MET
finish_review()            | Revoked                             | DROPPED, revoked
finish_review()            | PatientDeclined                     | DROPPED, the patient declined
weigh(v-1)                 | VisitWeighed PlanReviewed           | MET
weigh(v-1)                 | Revoked                             | DROPPED, revoked
weigh(v-1)                 | PatientDeclined                     | DROPPED, the patient declined
give_copy(1)               | CopyGiven                           | MET
give_copy(1)               | Revoked                             | DROPPED, stopped
give_copy(1)               | PatientDeclined                     | DROPPED, the patient declined
bring_in(r-7)              | InformationBroughtIn                | MET
bring_in(r-7)              | Revoked                             | DROPPED, revoked
bring_in(r-7)              | PatientDeclined                     | DROPPED, declined
measure(walk)              | GoalMeasured                        | MET
measure(walk)              | Revoked                             | DROPPED, revoked
measure(walk)              | PatientDeclined                     | DROPPED, the patient declined
accept_component(diabetes) | ComponentAccepted                   | MET
accept_component(diabetes) | Revoked                             | DROPPED, stopped
accept_component(diabetes) | PatientDeclined                     | DROPPED, the patient declined
tell_again(patient)        | ToldAgain                           | MET
wrap_up()                  | Revoked PatientDeclined             | MET
take_up(dr-9)              | HandoverAccepted HandoverDeclined   | MET
take_up(dr-9)              | Revoked                             | DROPPED, revoked
take_up(dr-9)              | PatientDeclined                     | DROPPED, declined
resolve(c-1)               | ConflictResolved                    | MET
resolve(c-1)               | Revoked                             | DROPPED, revoked
resolve(c-1)               | PatientDeclined                     | DROPPED, declined
follow_up(f-1)             |                                     |
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

    lost = (linked(FRI, "o-1", "f-1", relation=UNDER_WAY), heard(LinkedCaseEnded, evening, case="o-1", done=False))
    return {
        "draft()": then("ID"),
        "activate()": then("DF", done(type(PART), evening)),
        "review()": then("AC"),
        "finish_review()": then("RV"),
        "weigh(v-1)": then("AC", heard(RelevantVisit, evening, "v-1")),
        "give_copy(1)": then("AC"),
        "bring_in(r-7)": then("AC", linked(evening)),
        "measure(walk)": then("AC"),
        "accept_component(diabetes)": then("AC", assigned(evening)),
        "tell_again(patient)": then("CO", done(EnteredInError, evening)),
        "wrap_up()": then("AC", heard(PatientDied, evening)),
        "take_up(dr-9)": then("AC", done(HandoverOffered, evening, to="dr-9")),
        "resolve(c-1)": then("AC", heard(ConflictRaised, evening, "c-1", kind=ConflictKind.OPERATIONAL)),
        "follow_up(f-1)": then("AC", *lost),
    }


RUNNING = running()
BY_CLOCK = {duty.partition("(")[0]: (story, duty.partition("(")[2][:-1]) for duty, story in RUNNING.items()}
DUTY = {row["clock"]: row for row in rows(DUTIES)}
each_duty = pytest.mark.parametrize("duty", RUNNING)
each_clock = pytest.mark.parametrize("clock", BY_CLOCK)


# --- what all duties have in common ---------------------------------------------------------


def test_the_tables_name_every_clock():
    assert set(DUTY) == {clock.name for clock in CARE_PLAN_REVIEW.all_clocks}
    assert set(DUTY) - set(BY_CLOCK) == {"look_again", "unexpected", "overtaken", "resume_by"}
    assert {row["duty"] for row in rows(ENDS)} == set(RUNNING)
    for duty, story in RUNNING.items():
        assert duty in {named(one) for one in story.case.deadlines}


@pytest.mark.parametrize("clock", DUTY)
def test_who_owes_a_duty_who_keeps_it_and_whether_closing_depends_on_it(clock):
    row, own = DUTY[clock], CARE_PLAN_REVIEW.clock(clock)
    assert (own.owed_by.name, own.kept_by.name, own.closing) == (row["owed by"], row["kept by"], bool(row["closing"]))
    assert own.pausable is (row["may wait"] == "yes")
    assert own.outlives is (row["after the end"] == "yes")


@each_duty
def test_who_keeps_a_duty_is_told_when_it_falls_due(duty):
    story = RUNNING[duty].fork()
    owed = next(one for one in story.case.deadlines if named(one) == duty)
    told = of((*story.said, *story.look(owed.due_at).effects), Escalated, owed.clock)
    keeper = [one.notify.name for one in told if (one.item, one.at) == (owed.item, owed.due_at)]
    # A conflict goes its own pathway from the start, and an operational one goes to the managers.
    assert keeper == ["MANAGER" if owed.clock == "resolve" else DUTY[owed.clock]["kept by"]]


@each_clock
def test_only_who_is_named_may_waive_a_duty(clock):
    story, item = BY_CLOCK[clock]
    for role in Role:
        waiver = done(Waived, NOW, item or None, clock=clock, reason="agreed", by=Actor(role, "x-1"))
        assert (story.refuses(waiver) is None) is (role.name in DUTY[clock]["may be waived by"].split()), role


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
def test_no_duty_is_given_up_because_the_patient_cannot_be_reached(clock):
    story, item = BY_CLOCK[clock]
    claims = story.refuses(done(UnableToReach, NOW, item or None, clock=clock)).claims
    assert claims == (f"'{clock}' is a duty that ends by reaching the patient",)


# --- what starts and what ends each ---------------------------------------------------------


def plain_ways(event):
    """Return the first way of an event that is told as it is told first."""
    ways = (some[0] for (name, claim), some in WAYS.items() if name == event and claim in ("", "unchanged"))
    return next(ways, None)


EVENTS = [name for name in dict.fromkeys(name for name, _ in WAYS) if plain_ways(name) is not None]


@pytest.mark.parametrize("code", CODES)
def test_an_event_starts_what_the_table_says_and_nothing_else(code):
    seen, told = {}, {}
    for event in EVENTS:
        before, one = plain_ways(event)
        story = tell_where_it_can_be(standing(code).fork(), before)
        were = {deadline.id for deadline in story.case.deadlines}
        tell_where_it_can_be(story, (one,))
        begun = {named(one) for one in story.case.deadlines if one.id not in were}
        seen[event] = {one for one in begun if not one.startswith(("look_again", "unexpected", "resume_by"))}
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
        before, one = plain_ways(event)
        story = tell_where_it_can_be(RUNNING[duty].fork(), (*before, one))
        how = [end for end in story.case.settled if named(end) == duty and end.key == one.key]
        seen[event] = ", ".join(filter(None, (how[0].how.name, how[0].why))).replace("MET_LATE", "MET") if how else ""
        told[event] = next((line["how"] for line in lines if event in line["events"].split()), "")
    assert seen == told


# --- review ---------------------------------------------------------------------------------


def test_the_date_that_the_plan_gives_is_when_its_review_is_due():
    assert standing("AC").due("review") == OCTOBER


def test_a_date_beyond_the_practices_longest_is_cut_to_it():
    """A year from Thursday the 9th of July ends with the 9th of July of the next year."""
    story = Plan(DRAFT, PART, activated(THU, next_review_at=THU.add(years=2)))
    assert story.due("review") == midnight(2027, 7, 10)


def test_a_practice_may_have_a_much_shorter_longest():
    """As a hospice has it: at least every 15 days, whatever date the plan gives."""
    hospice = ours("as CGS describes the plan of care of a hospice")
    rules = with_rows(
        Limit("review", Until("next_review_at", within=CalendarDays(15)), SLOW, source=hospice),
        Limit("review", CalendarDays(15), SLOW, source=hospice),
    )
    story = Plan(*WHOLE, rules=rules)
    assert story.due("review") == midnight(2026, 7, 25)


def test_each_review_begins_the_next_round_and_a_late_one_is_late():
    story = standing("AC").fork()
    story.then(reviewed(OCTOBER.subtract(days=1)))
    assert (story.owed("review").round, story.ended("review")) == (2, (How.MET,))
    assert story.due("review") == OCTOBER.subtract(days=1).add(months=3)
    story.then(reviewed(OCTOBER.add(months=6)))
    assert story.ended("review") == (How.MET, How.MET_LATE)


def test_a_pause_holds_what_is_done_with_the_patient_and_no_review():
    story = standing("RV").fork()
    were = {clock: story.due(clock) for clock in ("review", "finish_review", "give_copy", "measure")}
    story.then(done(Paused, NOW, reason="in hospital", resume_by=NOW.add(days=9)))
    story.then(done(Resumed, NOW.add(days=4)))
    assert {clock: story.due(clock) - due for clock, due in were.items()} == {
        "review": 0 * DAY,
        "finish_review": 4 * DAY,
        "give_copy": 4 * DAY,
        "measure": 4 * DAY,
    }


def test_after_it_was_reopened_the_old_date_counts_no_longer():
    story = standing("CO").fork()
    story.then(done(Reopened, OCTOBER.add(days=30)))
    assert story.due("review") > OCTOBER.add(months=11)
    assert story.due("finish_review") == midnight(2026, 11, 23)


# --- weigh ----------------------------------------------------------------------------------


def test_each_visit_has_a_deadline_of_its_own_and_is_weighed_once():
    story = standing("AC").fork()
    story.then(heard(RelevantVisit, FRI, "v-1"), heard(RelevantVisit, FRI + HOUR, "v-2"), weighed(FRI + DAY, "v-1"))
    assert [one.item for one in story.case.deadlines if one.clock == "weigh"] == ["v-2"]
    story.then(heard(RelevantVisit, MON, "v-1", key="told by another feed"))
    assert [one.item for one in story.case.deadlines if one.clock == "weigh"] == ["v-2"]
    story.then(reviewed(MON + HOUR), heard(RelevantVisit, MON + DAY, "v-2", key="and by another"))
    assert story.owed("weigh") is None


def test_a_visit_that_was_weighed_before_it_is_heard_of_is_weighed():
    story = standing("AC").fork()
    story.then(weighed(FRI, "v-1"), heard(RelevantVisit, FRI + HOUR, "v-1"))
    assert story.owed("weigh") is None


def test_to_weigh_a_visit_that_nobody_has_heard_of_weighs_no_other():
    story = standing("AC").fork()
    story.then(heard(RelevantVisit, FRI, "v-1"), weighed(NOW, "v-2"))
    assert story.owed("weigh").item == "v-1"
    story.then(heard(RelevantVisit, FRI + HOUR, "v-2"), weighed(MON))
    assert story.owed("weigh") is None


def test_a_visit_after_the_review_is_weighed_anew():
    story = standing("RV").fork()
    story.then(heard(RelevantVisit, FRI + HOUR, "v-1"), reviewed(NOW), heard(RelevantVisit, MON, "v-2"))
    assert story.owed("weigh").item == "v-2"


def test_there_is_nothing_to_weigh_a_visit_against_before_a_plan_is_drafted():
    story = standing("ID").fork()
    story.then(heard(RelevantVisit, WED, "v-1"))
    assert (story.owed("weigh"), story.owed("unexpected")) == (None, None)


# --- give_copy ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({}, True),
        ({"outcome": Copy.OFFERED_DECLINED}, True),
        ({"outcome": Copy.UNDELIVERABLE}, False),
        ({"channel": Channel.PORTAL}, False),
        ({"channel": Channel.PORTAL, "portal_access": True}, True),
        ({"channel": Channel.PORTAL, "outcome": Copy.OFFERED_DECLINED}, True),
        ({"recipient": "daughter", "channel": Channel.MAIL}, True),
    ],
    ids=lambda one: " ".join(map(str, one.values())) if isinstance(one, dict) else "",
)
def test_what_counts_as_a_copy(said, met):
    story = standing("AC").fork()
    story.then(copied(NOW, **said))
    assert (story.owed("give_copy") is None) is met


def test_a_newer_version_leaves_the_earlier_due_moment_of_a_copy_that_nobody_got():
    story = standing("AC").fork()
    due = story.due("give_copy")
    story.then(reviewed(NOW, REVISED, version=2))
    assert (story.owed("give_copy").item, story.due("give_copy")) == ("1", due)
    story.then(copied(NOW + HOUR, version=1))
    assert story.due("give_copy") == due
    story.then(copied(NOW + 2 * HOUR))
    assert story.owed("give_copy") is None
    story.then(reviewed(NOW + DAY, REVISED, version=3))
    assert story.owed("give_copy").item == "3"


def test_a_copy_that_comes_back_is_owed_again():
    story = standing("AC").fork()
    story.then(copied(FRI), copied(MON, Copy.UNDELIVERABLE))
    assert (story.owed("give_copy").started_at, story.owed("give_copy").round) == (MON, 2)


# --- bring_in -------------------------------------------------------------------------------


def to_bring_in(story):
    return {one.item for one in story.case.deadlines if one.clock == "bring_in"}


def test_what_a_case_brings_is_brought_in_thing_by_thing_or_at_once():
    story = standing("AC").fork()
    story.then(linked(FRI, "r-7", "echo"), linked(FRI, "r-7", "note"), linked(FRI, "o-1"))
    assert to_bring_in(story) == {"r-7:echo", "r-7:note", "o-1"}
    story.then(brought(NOW, "r-7", "echo"))
    assert to_bring_in(story) == {"r-7:note", "o-1"}
    story.then(brought(NOW + HOUR, "r-7"))
    assert to_bring_in(story) == {"o-1"}


def test_of_a_case_that_is_under_way_nothing_is_brought_in_before_its_end():
    story = standing("AC").fork()
    story.then(linked(FRI, "t-5", relation=UNDER_WAY))
    assert story.owed("bring_in") is None
    story.then(heard(LinkedCaseEnded, MON, case="t-5", done=True))
    assert (story.owed("bring_in").item, story.due("bring_in")) == ("t-5", midnight(2026, 7, 21))


def test_the_end_of_a_case_is_brought_in_beside_what_is_still_owed_of_it():
    story = standing("AC").fork()
    story.then(linked(FRI, "t-5", "admission"), heard(LinkedCaseEnded, NOW, case="t-5", done=True))
    assert to_bring_in(story) == {"t-5:admission", "t-5"}
    story.then(brought(MON, "t-5", "admission"))
    assert to_bring_in(story) == {"t-5"}


@pytest.mark.parametrize("well", [True, False])
def test_what_was_brought_in_before_the_end_is_no_word_of_the_end(well):
    story = standing("AC").fork()
    story.then(linked(FRI, "t-5"), brought(NOW, "t-5"), heard(LinkedCaseEnded, MON, case="t-5", done=well))
    assert story.owed("bring_in").started_at == MON


def test_what_came_after_the_end_is_brought_in_once_the_plan_goes_on():
    story = standing("RK").fork()
    story.then(linked(NOW, "r-9"))
    assert story.owed("bring_in") is None
    story.then(done(Reopened, MON))
    assert story.owed("bring_in").item == "r-9"


# --- measure, components, and the rest ------------------------------------------------------


def test_a_goal_is_measured_again_and_again_and_one_that_is_gone_is_not():
    story = standing("AC").fork()
    story.then(done(GoalMeasured, FRI), done(GoalMeasured, MON, "walk"))
    assert story.owed("measure").round == 3
    story.then(reviewed(MON + HOUR, REVISED, version=2, goals=("swim", "sleep")))
    assert {one.item for one in story.case.deadlines if one.clock == "measure"} == {"swim", "sleep"}
    assert story.case.settled[-1].why == "no goal any longer"


def test_a_measurement_that_was_let_go_is_owed_again_after_the_next_review():
    story = standing("AC").fork()
    story.then(done(Waived, FRI, "walk", clock="measure", reason="away", by=Actor(Role.OWNER, "dr-3")))
    assert story.owed("measure") is None
    story.then(reviewed(MON))
    assert story.owed("measure").item == "walk"


def test_what_is_assigned_to_one_after_another_falls_due_as_if_it_were_the_first():
    story = standing("AC").fork()
    due = story.due("accept_component")
    story.then(assigned(FRI), assigned(NOW, clinician="dr-9"))
    assert story.due("accept_component") == due
    assert story.refuses(accepted(MON, by=DR_8)) is not None
    story.then(accepted(MON, by=DR_9))
    assert story.owed("accept_component") is None


def test_a_component_that_goes_back_to_who_has_it_needs_nobody_to_accept_it():
    story = standing("AC").fork()
    story.then(accepted(FRI), assigned(NOW, clinician="dr-9"))
    assert story.owed("accept_component")
    story.then(assigned(MON, clinician="dr-8"))
    assert story.case.settled[-1].why == "stays whose it was"


@pytest.mark.parametrize(("who", "owed"), [("dr-8", True), ("dr-9", False)])
def test_who_is_gone_has_no_component_and_is_asked_for_none(who, owed):
    story = standing("AC").fork()
    story.then(accepted(FRI), assigned(NOW, clinician="dr-9"))
    story.then(heard(OwnerGone, MON, who=who))
    assert (story.owed("accept_component") is not None) is owed


def test_a_component_that_is_none_any_longer_needs_nobody():
    story = standing("AC").fork()
    story.then(reviewed(NOW, REVISED, version=2, components=("wounds",), ends=("diabetes",)))
    assert {one.item for one in story.case.deadlines if one.clock == "accept_component"} == {"wounds"}
    assert story.case.settled[-1].why == "no component any longer"


def test_a_draft_beside_the_plan_in_force_waits_until_somebody_puts_it_in_force():
    story = standing("AC").fork()
    story.then(done(PlanDrafted, NOW, goals=("swim",)), reviewed(MON))
    assert story.owed("activate").started_at == NOW
    story.then(reviewed(MON + DAY, REVISED, version=2))
    assert (story.owed("activate"), story.case.facts.plan.goals) == (None, ("swim",))


def test_another_version_leaves_the_draft_that_waits_and_that_draft_takes_a_number_above_it():
    """A visit revises the plan while a colleague writes: what was written is not lost, and puts nothing back."""
    story = standing("AC").fork()
    story.then(done(PlanDrafted, NOW, goals=("swim",)), heard(RelevantVisit, NOW, "v-1"))
    story.then(weighed(MON, "v-1", REVISED, version=3))
    assert (story.owed("activate").started_at, story.case.facts.draft.number) == (NOW, 2)
    assert story.refuses(reviewed(MON + HOUR, REVISED, version=2)) is not None
    assert story.refuses(done(PlanDrafted, MON + HOUR, version=2)) is not None
    story.then(done(PlanDrafted, MON + HOUR, goals=("swim",)), reviewed(MON + DAY, REVISED, version=4))
    assert (story.owed("activate"), story.case.facts.plan.goals) == (None, ("swim",))


def test_a_draft_that_is_let_go_is_none_any_longer():
    story = standing("AC").fork()
    story.then(done(PlanDrafted, NOW), done(Waived, MON, clock="activate", reason="r", by=CLINICIAN))
    assert story.case.facts.draft is None
    story.then(done(PlanDrafted, MON + HOUR))
    assert story.case.facts.draft.number == 3


def test_closing_waits_for_the_review_that_is_always_owed():
    story = standing("AC").fork()
    story.then(*DONE)
    assert story.refuses(done(LoopClosed, NOW)).claims == ("'review' is settled",)


def test_a_review_that_was_begun_is_to_be_finished():
    story = standing("AC").fork()
    story.then(done(ReviewStarted, FRI), done(ReviewStarted, NOW, key="again"))
    assert story.due("finish_review") == midnight(2026, 7, 25)


def test_a_high_risk_is_planned_for_sooner():
    story = standing("ID").fork()
    high = next(event for _, event in WAYS["Identified", ""])
    fast = Plan(type(high)(at=high.at, by=high.by, key="h", reasons=high.reasons, tier=type(high.tier).HIGH))
    assert fast.due("draft") - fast.owed("draft").started_at < story.due("draft") - story.owed("draft").started_at


def test_a_plan_that_was_revoked_in_writing_is_in_writing_again():
    story = standing("DF").fork()
    story.then(done(Waived, NOW, clock="activate", reason="r", by=CLINICIAN), done(Revoked, MON, reason="r"))
    story.then(done(Reopened, MON + HOUR))
    assert (story.state, story.owes()) == ("DRAFTED", {"activate"})

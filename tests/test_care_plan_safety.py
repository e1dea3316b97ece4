"""
Care plan review: what must never be.

Each test bears in its docstring the number of the safety invariant that it holds ("R-33"), as numbered in the clinical
requirements of this library, or the criterion that it shows. Those that take `rules` are asked of wrong versions of the
workflow too (`test_wrong_workflows.py`).
"""

import json

import pytest
from attrs import evolve
from examples.practice import PLANS
from tests.plan_story import (
    CODES,
    DONE,
    DR_8,
    DR_9,
    DRAFT,
    FOUND,
    MANAGER,
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
)
from tests.transition_story import (
    CLINICIAN,
    DAY,
    FRI,
    HOUR,
    MON,
    NOW,
    THU,
    TUE,
    WED,
    Actor,
    done,
    heard,
    midnight,
    of,
    taken_back,
    tell_where_it_can_be,
)

from carecoord import (
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    ConflictResolved,
    ContactAttempted,
    DeadlineMissed,
    Escalated,
    HandoverOffered,
    How,
    ImpossibleEvent,
    LinkedCaseEnded,
    LoopClosed,
    Moved,
    OwnerGone,
    PatientDied,
    PatientLeft,
    Paused,
    ReadyToClose,
    Resumed,
    Role,
    ToldAgain,
    Waived,
    Way,
    next_check,
    replay,
)
from carecoord.codec import Codec
from carecoord.workflows.care_plan_review import (
    CARE_PLAN_REVIEW,
    REQUIRED,
    UNDER_WAY,
    Barriers,
    Channel,
    Completed,
    Copy,
    Element,
    GoalMeasured,
    Identified,
    PatientDeclined,
    PlanShared,
    Reason,
    RelevantVisit,
    ReviewStarted,
    Revoked,
    Sharing,
    Tier,
    responsible,
)

OPEN = [code for code, state in CODES.items() if state not in CARE_PLAN_REVIEW.ends]


@pytest.fixture
def rules():
    """Return the right rulebook; others are handed in by whoever calls a test itself."""
    return PLANS


def in_force(rules, *then):
    """Return a plan in force since Thursday, under these rules."""
    return Plan(*WHOLE, *then, rules=rules)


def items(story, clock):
    return {one.item for one in story.case.deadlines if one.clock == clock}


# --- a plan is reviewed ---------------------------------------------------------------------


def test_r_33_a_plan_in_force_always_has_a_date_of_its_next_review(rules):
    """R-33, CM-04: nothing puts a plan in force, and no review ends, without one that lies ahead."""
    for at in (None, THU, THU - DAY):
        assert Plan(DRAFT, PART, rules=rules).refuses(activated(THU, next_review_at=at))
        assert in_force(rules).refuses(reviewed(THU, next_review_at=at))
    assert in_force(rules).due("review") == OCTOBER


def test_r_33_a_missed_review_rings_and_never_takes_the_plan_out_of_force(rules):
    """R-33: a year later it is still in force, still owed, and somebody hears of it again and again."""
    story = in_force(rules, copied(FRI))
    assert of(story.look(OCTOBER + 365 * DAY).effects, Moved) == ()
    assert (story.state, story.owed("review").round) == ("ACTIVE", 1)
    assert of(story.said, DeadlineMissed, "review")
    roles = [one.notify for one in of(story.said, Escalated, "review")]
    assert list(dict.fromkeys(roles)) == [Role.OWNER, Role.SURROGATE, Role.SUPERVISOR, Role.SAFETY_OFFICER]
    assert next_check(story.case) < OCTOBER + 400 * DAY


def test_r_33_nobody_lets_a_review_go_and_no_pause_holds_it(rules):
    """R-33: a plan that is on hold and that nobody looks at is a plan that is forgotten."""
    story = in_force(rules)
    for role in Role:
        assert story.refuses(done(Waived, NOW, clock="review", reason="r", by=Actor(role, "x")))
        assert story.refuses(done(ClosedByAdministration, NOW, reason="r", by=Actor(role, "x")))
    story.then(done(Paused, NOW, reason="r", resume_by=NOW.add(days=60)), done(Resumed, NOW.add(days=50)))
    assert story.due("review") == OCTOBER


def test_r_33_the_plans_own_date_never_puts_a_review_off_beyond_the_practices_longest(rules):
    """R-33"""
    story = Plan(DRAFT, PART, activated(THU, next_review_at=THU.add(years=5)), rules=rules)
    assert story.due("review") == midnight(2027, 7, 10)


def test_a_review_counts_only_if_somebody_here_did_it(rules):
    """A program that files a review reviews nothing."""
    for role in (Role.SYSTEM, Role.PATIENT, Role.HOSPITAL, Role.LABORATORY, Role.RECIPIENT):
        assert in_force(rules).refuses(reviewed(NOW, by=Actor(role, "x")))


def test_what_was_filed_as_a_review_by_mistake_is_owed_as_if_it_had_never_been(rules):
    story, never = in_force(rules), in_force(rules)
    review = reviewed(MON)
    story.then(review, taken_back(review, MON + DAY))
    assert story.owed("review") == never.owed("review")


def test_a_patient_who_is_found_is_planned_for(rules):
    """CM-01: who was found, and for whom nothing was drafted, is somebody's, and nobody closes it but with a reason."""
    story = Plan(rules=rules)
    assert story.due("draft") == midnight(2026, 8, 7)
    story.look(story.due("draft"))
    assert of(story.said, Escalated, "draft")[-1].notify is Role.CARE_MANAGER
    assert story.refuses(done(Revoked, NOW, reason=""))


# --- the copy -------------------------------------------------------------------------------


def test_r_34_each_new_version_is_given_to_the_patient(rules):
    """R-34, CM-05: whether a review or a visit made it."""
    story = in_force(rules, copied(FRI))
    assert story.owed("give_copy") is None
    story.then(reviewed(MON, REVISED, version=2))
    assert items(story, "give_copy") == {"2"}
    story.then(copied(MON + HOUR), heard(RelevantVisit, MON + DAY, "v-1"))
    story.then(weighed(MON + 2 * DAY, "v-1", REVISED, version=3))
    assert items(story, "give_copy") == {"3"}
    story.then(copied(MON + 3 * DAY), reviewed(MON + 4 * DAY))
    assert story.owed("give_copy") is None


def test_r_34_a_copy_of_what_is_no_longer_in_force_is_no_copy(rules):
    """R-34"""
    story = in_force(rules, copied(FRI), reviewed(MON, REVISED, version=2), copied(MON + HOUR, version=1))
    assert story.owed("give_copy")


def test_r_34_version_after_version_the_first_copy_that_nobody_got_stays_late(rules):
    """R-34: one that moved on with each version would never fall due."""
    story = in_force(rules)
    due = story.due("give_copy")
    story.then(*(reviewed(FRI + number * DAY, REVISED, version=number + 2) for number in range(3)))
    assert story.due("give_copy") == due


def test_r_34_that_somebody_does_not_want_a_copy_is_said_and_never_inferred(rules):
    """R-34"""
    story = in_force(rules, copied(FRI, Copy.UNDELIVERABLE))
    assert story.owed("give_copy")
    story.then(copied(MON, Copy.OFFERED_DECLINED))
    assert (story.owed("give_copy"), story.ended("give_copy")) == (None, (How.MET,))


def test_cm_05_the_portal_alone_is_no_copy_for_who_has_no_access(rules):
    """CM-05"""
    story = in_force(rules, copied(FRI, channel=Channel.PORTAL))
    assert story.owed("give_copy")
    story.then(copied(MON, channel=Channel.PORTAL, portal_access=True))
    assert story.owed("give_copy") is None


# --- components of care ---------------------------------------------------------------------


def test_r_35_each_component_has_exactly_one_clinician_and_the_old_one_until_the_new_one_accepts(rules):
    """R-35, CC-12"""
    story = in_force(rules)
    assert (responsible(story.case, "diabetes"), bool(story.owed("accept_component"))) == ("dr-3", True)
    story.then(assigned(FRI))
    assert responsible(story.case, "diabetes") == "dr-3"
    story.then(accepted(FRI + HOUR))
    assert (responsible(story.case, "diabetes"), story.owed("accept_component")) == ("dr-8", None)
    story.then(assigned(NOW, clinician="dr-9"))
    assert (responsible(story.case, "diabetes"), bool(story.owed("accept_component"))) == ("dr-8", True)
    assert story.refuses(accepted(MON, by=Actor(Role.CLINICIAN, "dr-7")))
    story.then(accepted(MON, by=DR_9))
    assert responsible(story.case, "diabetes") == "dr-9"


def test_r_35_a_component_of_who_is_gone_is_the_owners_until_another_accepts_it(rules):
    """R-35, R-4"""
    story = in_force(rules, accepted(FRI), heard(OwnerGone, MON, who="dr-8"))
    assert (responsible(story.case, "diabetes"), story.case.owner) == ("dr-3", "dr-3")
    assert items(story, "accept_component") == {"diabetes"}


def test_r_35_no_version_ends_a_component_that_it_does_not_name(rules):
    """R-35: what was assigned while the version was written, or before it, stays whose it is."""
    story = Plan(DRAFT, assigned(WED, "foot care"), PART, activated(THU), rules=rules)
    story.then(accepted(FRI, "foot care"), assigned(FRI, "wounds", "dr-9"), accepted(NOW, "wounds", by=DR_9))
    story.then(reviewed(MON, REVISED, version=2), reviewed(MON + DAY, REVISED, version=3, components=("teeth",)))
    owners = {one.name: responsible(story.case, one.name) for one in story.case.facts.components}
    assert owners == {"diabetes": "dr-3", "foot care": "dr-8", "wounds": "dr-9", "teeth": "dr-3"}
    story.then(reviewed(MON + 2 * DAY, REVISED, version=4, ends=("wounds",)))
    assert "wounds" not in {one.name for one in story.case.facts.components}


def test_r_35_whose_a_component_is_that_there_is_none_of_nobody_can_say(rules):
    """R-35"""
    with pytest.raises(KeyError):
        responsible(in_force(rules).case, "teeth")


# --- conflicts, visits, what other cases bring ----------------------------------------------


def test_r_36_a_conflict_holds_no_clock_of_care_and_leaves_the_owner(rules):
    """R-36, IA_CC_12: each kind goes its own pathway, and the plan is reviewed meanwhile."""
    for kind, tells in ((ConflictKind.OPERATIONAL, Role.MANAGER), (ConflictKind.CLINICAL, Role.CLINICIAN)):
        story = in_force(rules, *DONE)
        before = {(one.clock, one.item): one.due_at for one in story.case.deadlines}
        story.then(heard(ConflictRaised, FRI, "c-1", kind=kind))
        after = {(one.clock, one.item): one.due_at for one in story.case.deadlines}
        assert {duty: due for duty, due in after.items() if duty != ("resolve", "c-1")} == before
        assert story.refuses(done(Completed, NOW, reason="r")).claims == ("no conflict is open",)
        story.look(story.due("resolve"))
        assert (of(story.said, Escalated, "resolve")[-1].notify, story.case.owner) == (tells, "dr-3")
        story.then(done(ConflictResolved, MON + 30 * DAY, "c-1"))
        assert story.owed("resolve") is None


def test_cm_04_each_relevant_visit_is_weighed_by_itself_or_by_a_review_after_it(rules):
    """CM-04"""
    story = in_force(rules, heard(RelevantVisit, FRI, "v-1"), heard(RelevantVisit, FRI + HOUR, "v-2"))
    assert items(story, "weigh") == {"v-1", "v-2"}
    story.then(weighed(NOW, "v-1"))
    assert items(story, "weigh") == {"v-2"}
    story.then(weighed(NOW + HOUR, "v-7"))
    assert items(story, "weigh") == {"v-2"}
    story.then(reviewed(MON), heard(RelevantVisit, MON + DAY, "v-3"))
    assert items(story, "weigh") == {"v-3"}


def test_cm_04_a_review_weighs_no_visit_that_came_after_it_whatever_is_heard_first(rules):
    """CM-04: the visit of Monday is heard of before the review of Friday."""
    story = in_force(rules, heard(RelevantVisit, MON, "v-1"), reviewed(FRI, recorded_at=MON + DAY))
    assert items(story, "weigh") == {"v-1"}


def test_ia_cc_12_3_what_a_referral_a_result_or_a_stay_brought_stands_in_the_plan(rules):
    """IA_CC_12, option 3: information from a stay, whose end nobody may miss."""
    story = in_force(rules, linked(FRI, "r-7"), linked(FRI, "t-5", relation=UNDER_WAY))
    assert items(story, "bring_in") == {"r-7"}
    story.then(brought(NOW, "r-7", version=1), heard(LinkedCaseEnded, MON, case="t-5", done=True))
    assert items(story, "bring_in") == {"t-5"}
    assert "what other cases brought is brought in" in story.refuses(done(Completed, MON, reason="r")).claims


# --- putting in force, and ending -----------------------------------------------------------


def test_cm_04_a_plan_is_in_force_only_with_its_five_elements_the_patients_part_and_a_date(rules):
    """CM-04: who is refused reads what is missing, and only that."""
    empty = done(type(DRAFT), WED, version=1)
    story = Plan(empty, rules=rules)
    refused = story.refuses(activated(THU, next_review_at=None))
    assert refused.claims == (
        "the plan has the problem list (CM-04)",
        "the plan has the expected outcome or prognosis (CM-04)",
        "the plan has the treatment goals (CM-04)",
        "the plan says how medication is managed (CM-04)",
        "the plan says when it is reviewed and revised (CM-04)",
        "the patient took part (CM-04)",
        "the date of the next review is set, and lies ahead (CM-04)",
    )
    one_left = Plan(DRAFT, PART, rules=rules).refuses(activated(THU, elements=REQUIRED[1:]))
    assert one_left.claims == ("the plan has the problem list (CM-04)",)


def test_cm_04_a_revised_plan_is_still_whole(rules):
    """CM-04"""
    story = in_force(rules, heard(RelevantVisit, FRI, "v-1"))
    for left in REQUIRED:
        fewer = tuple(one for one in REQUIRED if one is not left)
        assert story.refuses(reviewed(NOW, REVISED, version=2, elements=fewer))
        assert story.refuses(weighed(NOW, "v-1", REVISED, version=2, elements=fewer))


def test_r_16_no_plan_in_force_is_closed_by_administration(rules):
    """R-16"""
    story = in_force(rules)
    for role in Role:
        assert story.refuses(done(ClosedByAdministration, NOW, reason="old", by=Actor(role, "x-1")))


def test_r_17_an_end_has_no_way_out_but_to_be_reopened(rules):
    """R-17"""
    out = {move.on.__name__ for move in rules.workflow.all_moves if move.reopens}
    assert out == {"Reopened"}


def test_completed_waits_for_all_that_is_left_but_the_review_that_never_ends(rules):
    story = in_force(rules, heard(RelevantVisit, FRI, "v-1"), linked(FRI), done(type(DRAFT), FRI))
    assert story.refuses(done(Completed, NOW, reason="goals met")).claims == (
        "no draft waits to be put in force",
        "every relevant visit is weighed",
        "the patient has a copy of the version in force, or does not want it",
        "what other cases brought is brought in",
        "every component of care is accepted by a clinician",
    )
    story.then(reviewed(NOW, REVISED, version=2), copied(NOW + HOUR), brought(NOW + HOUR), accepted(NOW + HOUR))
    story.then(done(Completed, MON, reason="goals met"))
    assert (story.state, story.owes()) == ("COMPLETED", set())
    assert not of(story.said, ReadyToClose)


def test_the_plan_of_a_person_who_left_is_brought_to_an_end(rules):
    """CC-20: it is reviewed and owed as before, and somebody must hand it over."""
    story = in_force(rules, heard(PatientLeft, FRI))
    assert {"review", "give_copy", "wrap_up"} <= story.owes()
    story.then(copied(MON, recipient="new practice"), done(Revoked, MON + HOUR, reason="handed over"))
    assert (story.state, story.ended("wrap_up")) == ("REVOKED", (How.MET,))


def test_r_30_death_ends_what_was_for_the_patient_and_counts_as_nothing_done(rules):
    """R-30"""
    story = in_force(rules, heard(RelevantVisit, FRI, "v-1"), linked(FRI), heard(PatientDied, NOW))
    assert story.owes() == {"wrap_up"}
    assert {one.how for one in story.case.settled if one.key.startswith("PatientDied")} == {How.DROPPED}
    story.then(heard(RelevantVisit, MON, "v-2"), done(Revoked, MON, reason="died"))
    assert story.owes() == set()


def test_who_has_the_plan_of_another_patient_hears_of_it(rules):
    story = in_force(rules, copied(FRI), copied(FRI + HOUR, recipient="daughter"))
    story.then(done(type(WAYS["EnteredInError", ""][0][1]), NOW))
    assert {one.item for one in story.case.deadlines} == {"patient", "daughter"}
    story.then(done(ToldAgain, MON, "patient"), done(ToldAgain, MON, "daughter", key="d"))
    assert story.owes() == set()


def test_who_was_given_what_was_never_in_force_is_told_again(rules):
    """The draft is taken back: what was made of it goes with it, and the patient must hear of that."""
    story = in_force(rules, copied(FRI, version=1))
    story.then(taken_back(WHOLE[0], MON))
    assert story.owed("tell_again", "patient")


def test_who_declined_and_comes_back_begins_with_another_plan(rules):
    """Nothing of the old plan is owed, and nothing of it is in force."""
    story = in_force(rules, heard(RelevantVisit, FRI, "v-1"), done(PatientDeclined, NOW))
    story.then(done(type(WAYS["Reopened", ""][0][1]), MON))
    assert (story.state, story.owes()) == ("IDENTIFIED", {"draft"})
    assert (story.case.facts.plan, story.case.facts.took_part, story.case.facts.number) == (None, False, 1)


# --- owners, silence, size ------------------------------------------------------------------


@pytest.mark.parametrize("code", OPEN)
def test_r_02_no_open_plan_is_silent_whatever_happens_to_it(code):
    """R-1, R-2: it has an owner, and something of it falls due, after every event in each of its ways."""
    for some in WAYS.values():
        for before, event in some:
            story = tell_where_it_can_be(standing(code).fork(), (*before, event))
            if story.case.state not in CARE_PLAN_REVIEW.ends:
                assert story.case.owner
                assert next_check(story.case) is not None
                waits = CARE_PLAN_REVIEW.waits_for[story.case.state]
                assert story.case.facts.died or set(waits) & (story.owes() | {"draft"}), event


def test_r_03_whoever_is_offered_the_plan_owns_it_only_once_they_say_so(rules):
    """R-3"""
    story = in_force(rules, done(HandoverOffered, FRI, to="dr-9"))
    assert (story.case.owner, responsible(story.case, "diabetes")) == ("dr-3", "dr-3")
    story.then(done(type(WAYS["HandoverAccepted", ""][0][1]), NOW, by=DR_9))
    assert (story.case.owner, responsible(story.case, "diabetes")) == ("dr-9", "dr-9")


def test_r_20_what_is_told_twice_counts_once(rules):
    """R-20: the same message, and the same visit from another feed, before and after it was weighed."""
    story, visit = in_force(rules), heard(RelevantVisit, FRI, "v-1")
    story.then(visit)
    case = story.case
    story.then(visit)
    assert story.case is case
    story.then(heard(RelevantVisit, FRI + HOUR, "v-1", key="other feed"), weighed(NOW, "v-1"))
    story.then(heard(RelevantVisit, MON, "v-1", key="third feed"))
    assert items(story, "weigh") == set()


def test_r_22_what_is_filed_late_may_be_overdue_at_birth(rules):
    """R-22: a plan in force since July of which we hear in November."""
    late = activated(THU, recorded_at=THU.add(months=4))
    story = Plan(DRAFT, PART, late, rules=rules)
    assert story.due("review") == OCTOBER
    assert of(story.said, DeadlineMissed, "review")
    assert of(story.said, DeadlineMissed, "give_copy")


def test_r_26_a_pause_says_until_when_and_for_how_long_it_was_is_known(rules):
    """R-26"""
    story = in_force(rules)
    assert story.refuses(done(Paused, NOW, reason="r", resume_by=NOW)) is not None
    story.then(done(Paused, NOW, reason="r", resume_by=NOW.add(days=9)))
    story.look(NOW.add(days=9))
    assert of(story.said, DeadlineMissed, "resume_by")
    story.then(done(Resumed, NOW.add(days=10)))
    assert story.case.time_paused(at=NOW.add(days=20)) == 10 * DAY


def test_r_37_an_error_hides_and_deletes_nothing():
    """R-37"""
    story = standing("ER")
    assert [type(event).__name__ for entry in story.log for event in entry.events] == [
        "Identified",
        "PlanDrafted",
        "PatientTookPart",
        "Activated",
        "EnteredInError",
    ]
    assert replay(CARE_PLAN_REVIEW, story.log)[-1].case == story.case


def decade(rules):
    """Return (year, case as JSON, what is owed) of a plan kept for ten years: a quarter is five visits and duties."""
    story, codec, seen = in_force(rules, *DONE), Codec(rules.workflow), {}
    for quarter in range(40):
        day = THU.add(months=3 * quarter)
        case = f"r-{100 + quarter}"
        story.then(
            heard(RelevantVisit, day.add(days=20), f"v-{100 + quarter}"),
            weighed(day.add(days=22), f"v-{100 + quarter}"),
            linked(day.add(days=30), case),
            brought(day.add(days=31), case),
            heard(LinkedCaseEnded, day.add(days=35), case=case, done=True),
            brought(day.add(days=36), case),
            done(ContactAttempted, day.add(days=40), clock="give_copy", way=Way.PHONE),
            done(GoalMeasured, day.add(days=60), "walk"),
            heard(RelevantVisit, day.add(days=70), f"w-{100 + quarter}"),
            done(ReviewStarted, day.add(days=85)),
            reviewed(day.add(days=88), REVISED, version=100 + quarter),
            copied(day.add(days=89)),
        )
        if quarter % 4 == 3:
            seen[quarter // 4 + 1] = json.loads(codec.dumps(story.case))["case"], len(story.case.deadlines)
    return seen


GROWS = ("settled", "digest")
"""What the engine keeps of each case for ever: how each duty ended, and which keys came."""


def test_ten_years_of_reviews_leave_a_case_as_small_as_two(rules):
    """But for the ledger and the keys, which grow evenly: nothing is kept of a round that is over."""
    seen = decade(rules)
    sizes = {year: {name: len(json.dumps(part)) for name, part in case.items()} for year, (case, _) in seen.items()}
    fixed = {year: sum(size for name, size in parts.items() if name not in GROWS) for year, parts in sizes.items()}
    assert max(fixed.values()) - min(fixed.values()) <= 16, fixed  # longer numbers, and the month's last day
    assert max(fixed.values()) < 3000
    assert {owed for _, owed in seen.values()} == {3}  # review, measure, look_again
    rows = {year: len(case["settled"]) for year, (case, _) in seen.items()}
    assert {rows[year + 1] - rows[year] for year in range(1, 10)} == {4 * 8}
    assert sizes[10]["settled"] < 80_000


# --- what shows the criteria ----------------------------------------------------------------


def test_cm_01_who_is_found_says_why_and_a_patient_is_counted_once():
    """CM-01, CM-02: at least one of the groups A to E; found again, the reasons are added."""
    with pytest.raises(ImpossibleEvent, match="CM-01"):
        Identified(at=TUE, by=MANAGER, key="k", reasons=())
    assert [reason.value[0] for reason in Reason] == list("ABCDE")
    both = {Reason.SOCIAL, Reason.HIGH_COST}
    assert Identified(at=TUE, by=MANAGER, key="k", reasons=both).reasons == (Reason.HIGH_COST, Reason.SOCIAL)
    story = Plan()
    story.then(evolve(FOUND, at=WED, recorded_at=WED, key="2", reasons=(Reason.SOCIAL, Reason.HIGH_COST), tier=None))
    assert story.case.facts.reasons == (Reason.HIGH_COST, Reason.POORLY_CONTROLLED, Reason.SOCIAL)
    assert (story.case.facts.tier, story.owed("draft").round) == (Tier.RISING, 1)


def test_cm_02_a_patient_is_counted_once_however_often_and_for_whatever_reasons():
    """CM-02: patients whose plan has not ended, over the population; an old plan and a second reason count for none."""
    cases = [standing(code).case for code in CODES]
    again = standing("AC").fork()
    again.then(evolve(FOUND, at=NOW, recorded_at=NOW, key="again", reasons=(Reason.SOCIAL,)))
    somebody_else = evolve(again.case, world=evolve(again.case.world, subject="p-10"))
    under_way = [one for one in (*cases, again.case, somebody_else) if one.state not in CARE_PLAN_REVIEW.ends]
    assert (len(under_way), {one.subject for one in under_way}) == (6, {"p-9", "p-10"})


def test_cm_03_the_tier_chooses_the_rows():
    """CM-03"""
    high = evolve(FOUND, tier=Tier.HIGH)
    story = Plan(high, DRAFT, PART, activated(THU, next_review_at=THU.add(years=1)))
    assert story.due("review") == midnight(2026, 10, 10)


def test_cm_06_07_08_what_a_plan_may_hold_beyond_the_five():
    """CM-06, CM-07, CM-08: preferences, barriers for each goal, and what the patient does themselves."""
    story = Plan(DRAFT, PART)
    more = (*REQUIRED, Element.PREFERENCES, Element.SELF_MANAGEMENT)
    story.then(activated(THU, elements=more, barriers=(("walk", Barriers.NONE_FOUND),)))
    plan = story.case.facts.plan
    assert plan.elements == more
    assert dict(plan.barriers) == {"walk": Barriers.NONE_FOUND}


def test_cm_09_that_others_see_the_plan_is_known_and_a_copy_that_was_sent_is_not_that():
    """CM-09"""
    story = standing("AC").fork()
    story.then(done(PlanShared, FRI, "ED", how=Sharing.PUSHED))
    assert not story.case.facts.accessible
    story.then(done(PlanShared, NOW, "ED", how=Sharing.ACCESSIBLE))
    assert story.case.facts.accessible
    assert story.owed("give_copy")


def test_cm_11_each_goal_is_measured():
    """CM-10, CM-11"""
    story = standing("AC").fork()
    story.look(story.due("measure"))
    assert of(story.said, Escalated, "measure")[-1].notify is Role.CARE_MANAGER


def test_ia_cc_9_plans_are_kept_up_and_shared():
    """IA_CC_9: each version was reviewed and given, and the ledger says so."""
    story = standing("AC").fork()
    story.then(copied(FRI), reviewed(MON, REVISED, version=2), copied(MON + HOUR))
    kept = [(one.clock, one.item, one.how) for one in story.case.settled if one.clock in ("review", "give_copy")]
    assert kept == [("give_copy", "1", How.MET), ("review", "", How.MET), ("give_copy", "2", How.MET)]


def test_r_40_nothing_that_is_said_needs_more_than_ids():
    """R-40"""
    story = standing("AC").fork()
    refused = story.refuses(accepted(NOW, by=Actor(Role.CLINICIAN, "dr-7"), component="teeth"))
    assert str(refused).startswith("care-plan-review 't-1' is ACTIVE and cannot take ComponentAccepted")


def test_closing_by_hand_is_for_the_plan_of_who_died():
    story = standing("AC").fork()
    assert story.refuses(done(LoopClosed, NOW))
    story.then(heard(PatientDied, NOW))
    assert of(story.said, ReadyToClose)
    story.then(done(LoopClosed, MON, by=CLINICIAN))
    assert story.state == "COMPLETED"


def test_somebody_may_take_what_was_assigned_to_nobody():
    story = standing("AC").fork()
    story.then(accepted(FRI, by=DR_8))
    assert responsible(story.case, "diabetes") == "dr-8"

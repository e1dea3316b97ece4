"""
The rows that a practice must give before it may run the workflows: an example to copy and change.

Numbers with a source are cited; all others are marked as ours, and a practice should put
its own in their place. The library applies none of them by itself.
"""

from __future__ import annotations

from datetime import date

from carecoord.events import ConflictKind, Way
from carecoord.policies import (
    Attempts,
    BusinessDays,
    CalendarDays,
    CountsFrom,
    Hours,
    Ladder,
    Limit,
    LimitTable,
    Minutes,
    Months,
    Rung,
    Until,
    WeekdayCalendar,
    stair,
)
from carecoord.rulebook import Practice, Rulebook
from carecoord.tables import Where
from carecoord.vocabulary import Citation, Role, Urgency, ours
from carecoord.workflows.care_plan_review import CARE_PLAN_REVIEW, Tier
from carecoord.workflows.care_transition import CARE_TRANSITION, Disposition, Place
from carecoord.workflows.diagnostic_result import TEST_RESULT, Kind, Severity
from carecoord.workflows.referral import REFERRAL

TRC = Citation(
    title="HEDIS TRC (Johns Hopkins Health Plans, performance measures)",
    href="https://hopkinsmedicine.org/johns-hopkins-health-plans/providers-physicians/health-care-performance-measures/hedis/transitions-of-care-patient",
    checked="2026-11-21",
)
TCM = Citation(
    title="CMS transitional care management, as quoted by AAPC",
    href="https://www.aapc.com/discuss/threads/transitional-care-management.171064/",
    quote="within 2 business days following the beneficiary's discharge",
    checked="2026-11-21",
)
TCM_VISIT = Citation(
    title="CMS transitional care management, as described by AAPC",
    href="https://www.aapc.com/blog/25822-recognize-post-discharge-tcm-services-and-varying-requirements/",
    checked="2026-11-21",
)
MRP = Citation(
    title="HEDIS TRC and MRP (NCQA)",
    href="https://www.ncqa.org/hedis/measures/transitions-of-care/",
    quote="date of discharge through 30 days after discharge (31 days, total)",
    checked="2026-11-21",
)
TCM_EARLY = Citation(
    title="CMS transitional care management, as described by Pelica",
    href="https://www.pelica.com/blog/transitions-of-care-adt-automation",
    checked="2026-11-21",
)
VA_CONSULT = Citation(
    title="VA consult guideline of 2014, as reported by GAO",
    href="https://www.gao.gov/products/gao-14-679t",
    checked="2026-11-21",
)
VA_SCHEDULING = Citation(
    title="VA referral scheduling of 2020, as reported by GAO (GAO-23-105617)",
    href="https://digirepo.nlm.nih.gov/txt/nlm:nlmuid-9918589885106676-pdf",
    checked="2026-11-21",
)
PREMIER = Citation(
    title="Premier Health Group, care compact",
    href="https://premierhealth-staging.azurewebsites.net/healthcare-professionals/physician-connect/premier-health-group/provider-partnerships/compact-care/benefit-to-providers",
    checked="2026-11-21",
)
ANCR = Citation(
    title="Brigham and Women's Hospital, alert notification of critical results (ANCR), in radiology",
    href="https://www.brighamandwomens.org/radiology/research/cebi/optimizing-communication-handoffs",
    quote="red 60 min, orange 3 h, yellow 3 days",
    checked="2026-11-21",
)
VHA_1088 = Citation(
    title="VHA Directive 1088, as reported by HSR&D",
    href="https://www.hsrd.research.va.gov/research/citations/pubbriefs/articles.cfm?RecordID=1178",
    quote="within 7 days if action is required and within 14 days if no action is required",
    checked="2026-11-21",
)
NEWBORNS = Citation(
    title="HRSA, newborn screening: all results within 7 days of life",
    href="https://hrsa.gov/es/node/3302",
    checked="2026-11-21",
)
EHDI = Citation(
    title="Early hearing detection and intervention: screened by the age of one month",
    href="https://mdwiki.org/wiki/Universal_neonatal_hearing_screening",
    checked="2026-11-21",
)
Q440 = Citation(
    title="MIPS Q440, biopsy result to the clinician within 7 days (CMS, measures data of 2027)",
    href="https://github.com/CMSgov/qpp-measures-data",
    checked="2026-11-21",
)
FIT = Citation(
    title="Kaiser Permanente, follow-up of a positive FIT: the goal is 30 days",
    href="https://journals.lww.com/ctg/Fulltext/2019/02000/Strategies_to_Improve_Follow_up_After_Positive.3.aspx",
    checked="2026-11-21",
)
ANNUAL = Citation(
    title="NCQA PCMH, version 11: CM-04 at least annually",
    href="https://www.ncqa.org/programs/health-care-providers-practices/patient-centered-medical-home-pcmh/faqs/all/?faq-sort=desc&pg=1",
    checked="2026-11-21",
)
REBOOKING = ours("no source gives the days; the tries are those of SVMIC 2022 for patients of moderate and high risk")

# Days on which the office is closed. A practice fills this from its own list, or with
# `from_holidays("US", ...)` and the extra `carecoord[holidays]`.
CLOSED = (
    date(2025, 1, 1),
    date(2025, 5, 26),
    date(2025, 7, 4),
    date(2025, 9, 1),
    date(2025, 11, 27),
    date(2025, 12, 25),
    date(2026, 1, 1),
    date(2026, 5, 25),
    date(2026, 7, 3),
    date(2026, 9, 7),
    date(2026, 11, 26),
    date(2026, 12, 25),
    date(2027, 1, 1),
)
OFFICE = WeekdayCalendar(
    zone="America/Boise", first=date(2020, 1, 1), last=date(2027, 12, 31), holidays=CLOSED, name="our office"
)

DAILY = stair(BusinessDays(1), every=Hours(72))
SOON = stair(Hours(4), every=Hours(12))
SLOW = stair(CalendarDays(3), every=Hours(216))
# The pathways of a conflict, as a collaborative agreement would name them.
CLINIC = Ladder(
    (Rung(Role.CLINICIAN), Rung(Role.SUPERVISOR, after=Hours(24)), Rung(Role.SAFETY_OFFICER, after=Hours(48))),
    every=Hours(24),
)
BOARD = Ladder((Rung(Role.MANAGER), Rung(Role.SAFETY_OFFICER, after=Hours(120))), every=Hours(120))
NOTICE = Ladder((Rung(), Rung(Role.SAFETY_OFFICER, after=Hours(24))), every=Hours(24))

CALLS_AND_LETTER = Attempts(tries=3, days=2, ways=((Way.PHONE, 2), (Way.LETTER, 1)))
CERTIFIED_TOO = Attempts(tries=4, days=2, ways=((Way.PHONE, 2), (Way.LETTER, 1), (Way.CERTIFIED_LETTER, 1)))
TWO_TRIES = Attempts(tries=2, days=2)

NO_NUMBER = ours("no source gives a number; a practice says its own")
NO_VISIT = ours("after an emergency visit alone the clinician books what is needed")
AGAINST_ADVICE = Where(disposition=Disposition.AGAINST_ADVICE)
LEFT_UNSEEN = Where(disposition=Disposition.LEFT_UNSEEN)
NO_STAY = ours("an emergency visit is over in two days")
AT_THE_ED = Where(place=Place.EMERGENCY)
HIGH_RISK = Where(high_risk=True)
EMERGENCY_ONLY = Where(inpatient=False)
CLINICAL = Where(conflict=ConflictKind.CLINICAL)

# fmt: off
OUR_ROWS = LimitTable(
    (
        #     clock            allow             ladder  for which cases, and where the number comes from
        Limit("notice",        CalendarDays(2),  SLOW,   source=TRC),
        Limit("share",         Hours(24),        SOON,   source=NO_NUMBER, counts_from=CountsFrom.HEARD),
        Limit("whereabouts",   CalendarDays(2),  DAILY,  source=NO_STAY, when=AT_THE_ED),
        Limit("whereabouts",   CalendarDays(7),  SLOW,   source=ours("a week without news of a patient who is away")),
        Limit("summary",       CalendarDays(2),  SLOW,   source=TRC),
        Limit("pending_known", CalendarDays(2),  DAILY,  source=ours("with the summary, HEDIS TRC")),
        Limit("pending",       BusinessDays(2),  DAILY,  source=NO_NUMBER),
        Limit("contact",       Hours(24),        SOON,   source=NO_NUMBER, when=AGAINST_ADVICE, attempts=CERTIFIED_TOO),
        Limit("contact",       Hours(24),        SOON,   source=NO_NUMBER, when=LEFT_UNSEEN, attempts=CALLS_AND_LETTER),
        Limit("contact",       BusinessDays(2),  DAILY,  source=TCM, when=HIGH_RISK, attempts=CERTIFIED_TOO),
        Limit("contact",       BusinessDays(2),  DAILY,  source=TCM, attempts=TWO_TRIES),
        Limit("reconcile",     CalendarDays(30), SLOW,   source=MRP),
        Limit("visit",         CalendarDays(7),  DAILY,  source=TCM_EARLY, when=HIGH_RISK),
        Limit("visit",         None,                     source=NO_VISIT, when=EMERGENCY_ONLY),
        Limit("visit",         CalendarDays(14), DAILY,  source=TCM_VISIT),
        Limit("rebook",        BusinessDays(2),  DAILY,  source=REBOOKING, attempts=CALLS_AND_LETTER),
        Limit("follow_up",     BusinessDays(1),  DAILY,  source=NO_NUMBER),
        Limit("resume_by",     Until("resume_by"), SLOW, source=NO_NUMBER),
        Limit("wrap_up",       CalendarDays(30), SLOW,   source=NO_NUMBER),
        Limit("take_up",       BusinessDays(1),  DAILY,  source=NO_NUMBER),
        Limit("resolve",       BusinessDays(1),  CLINIC, source=NO_NUMBER, when=CLINICAL),
        Limit("resolve",       BusinessDays(5),  BOARD,  source=NO_NUMBER),
        Limit("unexpected",    BusinessDays(1),  DAILY,  source=NO_NUMBER),
        Limit("overtaken",     BusinessDays(1),  DAILY,  source=NO_NUMBER),
        Limit("tell_again",    BusinessDays(1),  DAILY,  source=NO_NUMBER),
        Limit("look_again",    Hours(14 * 24),   NOTICE, source=ours("two weeks without any act")),
    ),
    calendar=OFFICE,
    version="our-rows-2026",
)
# fmt: on

URGENT, ASAP, STAT = (Where(urgency=urgency) for urgency in (Urgency.URGENT, Urgency.ASAP, Urgency.STAT))
OF_THE_REQUEST = ours("whoever asks them to stop says by when they confirm it")
OF_THE_REFERRAL = ours("the referral itself says when the report is needed")
AFTER_THE_VISIT = ours("two days after the visit we ask what became of it")
NO_HOUR = ours("where nobody said when the visit is, we ask every week")

# fmt: off
REFERRAL_ROWS = LimitTable(
    (
        #     clock             allow              ladder  for which cases, and where the number comes from
        Limit("send",           Hours(1),          SOON,   source=NO_NUMBER, when=STAT),
        Limit("send",           Hours(4),          SOON,   source=NO_NUMBER, when=ASAP),
        Limit("send",           BusinessDays(1),   DAILY,  source=NO_NUMBER, when=URGENT),
        Limit("send",           BusinessDays(3),   DAILY,  source=NO_NUMBER),
        Limit("answer",         Hours(4),          SOON,   source=NO_NUMBER, when=STAT),
        Limit("answer",         Hours(24),         SOON,   source=NO_NUMBER, when=ASAP),
        Limit("answer",         BusinessDays(2),   DAILY,  source=NO_NUMBER, when=URGENT),
        Limit("answer",         CalendarDays(7),   DAILY,  source=VA_CONSULT),
        Limit("supply",         BusinessDays(2),   DAILY,  source=NO_NUMBER),
        Limit("book",           Hours(4),          SOON,   source=NO_NUMBER, when=STAT),
        Limit("book",           Hours(24),         SOON,   source=NO_NUMBER, when=ASAP),
        Limit("book",           BusinessDays(1),   DAILY,  source=NO_NUMBER, when=URGENT),
        Limit("book",           BusinessDays(3),   DAILY,  source=VA_SCHEDULING),
        Limit("visit_outcome",  BusinessDays(2),   DAILY,  source=AFTER_THE_VISIT, counts_from="visit_at"),
        Limit("visit_outcome",  CalendarDays(7),   SLOW,   source=NO_HOUR),
        Limit("rebook",         BusinessDays(2),   DAILY,  source=REBOOKING, attempts=CALLS_AND_LETTER),
        Limit("visit_note",     Hours(72),         DAILY,  source=PREMIER),
        Limit("report",         Until("needed_by"), DAILY, source=OF_THE_REFERRAL),
        Limit("report",         CalendarDays(90),  SLOW,   source=VA_CONSULT, counts_from="sent_at"),
        Limit("report",         CalendarDays(90),  SLOW,   source=VA_CONSULT),
        Limit("decide",         Hours(4),          SOON,   source=NO_NUMBER, when=STAT),
        Limit("decide",         Hours(24),         SOON,   source=NO_NUMBER, when=ASAP),
        Limit("decide",         BusinessDays(1),   DAILY,  source=NO_NUMBER, when=URGENT),
        Limit("decide",         BusinessDays(3),   DAILY,  source=NO_NUMBER),
        Limit("confirm_cancel", Until("confirm_by"), DAILY, source=OF_THE_REQUEST),
        Limit("confirm_cancel", BusinessDays(3),   DAILY,  source=NO_NUMBER),
        Limit("review",         BusinessDays(2),   DAILY,  source=NO_NUMBER),
        Limit("inform",         BusinessDays(5),   DAILY,  source=NO_NUMBER, attempts=CALLS_AND_LETTER),
        Limit("integrate",      BusinessDays(5),   DAILY,  source=NO_NUMBER),
        Limit("follow_up",      BusinessDays(3),   DAILY,  source=NO_NUMBER),
        Limit("expectations",   BusinessDays(3),   DAILY,  source=NO_NUMBER),
        Limit("resume_by",      Until("resume_by"), SLOW,  source=NO_NUMBER),
        Limit("wrap_up",        CalendarDays(30),  SLOW,   source=NO_NUMBER),
        Limit("take_up",        BusinessDays(1),   DAILY,  source=NO_NUMBER),
        Limit("resolve",        BusinessDays(1),   CLINIC, source=NO_NUMBER, when=CLINICAL),
        Limit("resolve",        BusinessDays(5),   BOARD,  source=NO_NUMBER),
        Limit("unexpected",     BusinessDays(1),   DAILY,  source=NO_NUMBER),
        Limit("overtaken",      BusinessDays(1),   DAILY,  source=NO_NUMBER),
        Limit("tell_again",     BusinessDays(1),   DAILY,  source=NO_NUMBER),
        Limit("look_again",     Hours(14 * 24),    NOTICE, source=ours("two weeks without any act")),
    ),
    calendar=OFFICE,
    version="our-referrals-2026",
)
# fmt: on

# A critical result: the orderer, a surrogate, a supervising clinician; the fail-safe when the published hour is over.
AT_ONCE = Ladder(
    (
        Rung(),
        Rung(Role.SURROGATE, after=Minutes(15)),
        Rung(Role.SUPERVISOR, after=Minutes(30)),
        Rung(Role.SAFETY_OFFICER, after=Minutes(45)),
    ),
    every=Minutes(60),
)
OF_THE_HOUR = ours("a quarter of the 60 minutes of ANCR (red), so that the fail-safe hears when these are over")
CRITICAL, ABNORMAL = (Where(severity=severity) for severity in (Severity.CRITICAL, Severity.ABNORMAL))
UNKNOWN = Where(severity=Severity.UNKNOWN)
IMAGING, PATHOLOGY = (Where(kind=kind) for kind in (Kind.IMAGING, Kind.PATHOLOGY))
BLOOD_SPOT, HEARING_SCREEN = (Where(kind=kind) for kind in (Kind.NEWBORN_BLOOD_SPOT, Kind.NEWBORN_HEARING))
AS_SAID = ours("whoever listed the pending test said when its result is expected")
AS_PLANNED = ours("two weeks after it was to be taken")
NOWHERE = ours("a critical value that nobody can place rings as one that can be placed")
NO_FLAG = ours("no flag counts as abnormal until a clinician says otherwise")

# fmt: off
RESULT_ROWS = LimitTable(
    (
        #     clock              allow              ladder   for which cases, and where the number comes from
        Limit("claim",           Minutes(30),       AT_ONCE, source=NO_NUMBER, when=CRITICAL),
        Limit("claim",           BusinessDays(1),   DAILY,   source=NO_NUMBER),
        Limit("collect",         CalendarDays(14),  SLOW,    source=AS_PLANNED, counts_from="planned_for"),
        Limit("collect",         Hours(2),          SOON,    source=NO_NUMBER, when=STAT),
        Limit("collect",         CalendarDays(14),  SLOW,    source=NO_NUMBER),
        Limit("result",          Until("expected_by"), DAILY, source=AS_SAID),
        Limit("result",          CalendarDays(7),   DAILY,   source=NEWBORNS, when=BLOOD_SPOT, counts_from="born_at"),
        Limit("result",          Months(1),         SLOW,    source=EHDI, when=HEARING_SCREEN, counts_from="born_at"),
        Limit("result",          Hours(4),          SOON,    source=NO_NUMBER, when=STAT, counts_from="planned_for"),
        Limit("result",          Hours(24),         SOON,    source=NO_NUMBER, when=ASAP, counts_from="planned_for"),
        Limit("result",          BusinessDays(3),   DAILY,   source=NO_NUMBER, when=URGENT, counts_from="planned_for"),
        Limit("result",          CalendarDays(21),  SLOW,    source=AS_PLANNED, counts_from="planned_for"),
        Limit("result",          Hours(4),          SOON,    source=NO_NUMBER, when=STAT),
        Limit("result",          Hours(24),         SOON,    source=NO_NUMBER, when=ASAP),
        Limit("result",          BusinessDays(3),   DAILY,   source=NO_NUMBER, when=URGENT),
        Limit("result",          CalendarDays(7),   DAILY,   source=Q440, when=PATHOLOGY, counts_from="collected_at"),
        Limit("result",          CalendarDays(30),  SLOW,    source=NO_NUMBER, when=IMAGING),
        Limit("result",          CalendarDays(14),  SLOW,    source=NO_NUMBER),
        Limit("final",           BusinessDays(3),   DAILY,   source=NO_NUMBER),
        Limit("critical",        Minutes(15),       AT_ONCE, source=OF_THE_HOUR),
        Limit("review",          Hours(3),          SOON,    source=ANCR, when=CRITICAL),
        Limit("review",          CalendarDays(3),   DAILY,   source=ANCR, when=ABNORMAL),
        Limit("review",          CalendarDays(3),   DAILY,   source=NO_FLAG, when=UNKNOWN),
        Limit("review",          BusinessDays(5),   DAILY,   source=NO_NUMBER),
        Limit("notify_abnormal", CalendarDays(7),   DAILY,   source=VHA_1088, counts_from="available_at",
              attempts=CERTIFIED_TOO),
        Limit("notify_abnormal", CalendarDays(7),   DAILY,   source=VHA_1088, attempts=CERTIFIED_TOO),
        Limit("notify_normal",   CalendarDays(14),  SLOW,    source=VHA_1088, counts_from="available_at",
              attempts=CALLS_AND_LETTER),
        Limit("notify_normal",   CalendarDays(14),  SLOW,    source=VHA_1088, attempts=CALLS_AND_LETTER),
        Limit("explain",         BusinessDays(1),   DAILY,   source=NO_NUMBER, attempts=CALLS_AND_LETTER),
        Limit("follow_up",       CalendarDays(30),  DAILY,   source=FIT),
        Limit("decide",          BusinessDays(2),   DAILY,   source=NO_NUMBER),
        Limit("take_up",         BusinessDays(1),   DAILY,   source=NO_NUMBER),
        Limit("resolve",         BusinessDays(1),   CLINIC,  source=NO_NUMBER, when=CLINICAL),
        Limit("resolve",         BusinessDays(5),   BOARD,   source=NO_NUMBER),
        Limit("resume_by",       Until("resume_by"), SLOW,   source=NO_NUMBER),
        Limit("wrap_up",         CalendarDays(30),  SLOW,    source=NO_NUMBER),
        Limit("unexpected",      Minutes(15),       AT_ONCE, source=NOWHERE, when=CRITICAL),
        Limit("unexpected",      BusinessDays(1),   DAILY,   source=NO_NUMBER),
        Limit("overtaken",       BusinessDays(1),   DAILY,   source=NO_NUMBER),
        Limit("tell_again",      BusinessDays(1),   DAILY,   source=NO_NUMBER),
        Limit("look_again",      Hours(14 * 24),    NOTICE,  source=ours("two weeks without any act")),
    ),
    calendar=OFFICE,
    version="our-results-2026",
)
# fmt: on

HIGH_TIER = Where(tier=Tier.HIGH)
QUARTERLY = ours("four times a year where the risk is high; the plan may say an earlier date")
SAID_BY_THE_PLAN = ours("the plan says when it is reviewed next, and the annual review of NCQA PCMH is the longest")

# fmt: off
PLAN_ROWS = LimitTable(
    (
        #     clock               allow              ladder  for which cases, and where the number comes from
        Limit("draft",            CalendarDays(14),  DAILY,  source=NO_NUMBER, when=HIGH_TIER),
        Limit("draft",            CalendarDays(30),  SLOW,   source=NO_NUMBER),
        Limit("activate",         CalendarDays(14),  DAILY,  source=NO_NUMBER, when=HIGH_TIER),
        Limit("activate",         CalendarDays(30),  SLOW,   source=NO_NUMBER),
        Limit("review",           Until("next_review_at", within=Months(3)), SLOW, source=QUARTERLY, when=HIGH_TIER),
        Limit("review",           Months(3),         SLOW,   source=QUARTERLY, when=HIGH_TIER),
        Limit("review",           Until("next_review_at", within=Months(12)), SLOW, source=SAID_BY_THE_PLAN),
        Limit("review",           Months(12),        SLOW,   source=ANNUAL),
        Limit("finish_review",    CalendarDays(14),  SLOW,   source=NO_NUMBER),
        Limit("weigh",            BusinessDays(5),   DAILY,  source=NO_NUMBER),
        Limit("give_copy",        BusinessDays(5),   DAILY,  source=NO_NUMBER),
        Limit("bring_in",         BusinessDays(5),   DAILY,  source=NO_NUMBER),
        Limit("measure",          Months(3),         SLOW,   source=NO_NUMBER, when=HIGH_TIER),
        Limit("measure",          Months(6),         SLOW,   source=NO_NUMBER),
        Limit("accept_component", BusinessDays(3),   DAILY,  source=NO_NUMBER),
        Limit("follow_up",        BusinessDays(3),   DAILY,  source=NO_NUMBER),
        Limit("take_up",          BusinessDays(1),   DAILY,  source=NO_NUMBER),
        Limit("resolve",          BusinessDays(1),   CLINIC, source=NO_NUMBER, when=CLINICAL),
        Limit("resolve",          BusinessDays(5),   BOARD,  source=NO_NUMBER),
        Limit("resume_by",        Until("resume_by"), SLOW,  source=NO_NUMBER),
        Limit("wrap_up",          CalendarDays(30),  SLOW,   source=NO_NUMBER),
        Limit("unexpected",       BusinessDays(1),   DAILY,  source=NO_NUMBER),
        Limit("overtaken",        BusinessDays(1),   DAILY,  source=NO_NUMBER),
        Limit("tell_again",       BusinessDays(1),   DAILY,  source=NO_NUMBER),
        Limit("look_again",       Hours(100 * 24),   NOTICE, source=ours("a quarter, and a few days, without any act")),
    ),
    calendar=OFFICE,
    version="our-plans-2026",
)
# fmt: on

STAFF = frozenset(Role) - {Role.HOSPITAL, Role.RECIPIENT, Role.LABORATORY, Role.PATIENT, Role.SYSTEM}
TRANSITIONS = Rulebook(CARE_TRANSITION, timing=OUR_ROWS, default_queue="front-desk", staff=STAFF)
REFERRALS = Rulebook(REFERRAL, timing=REFERRAL_ROWS, default_queue="front-desk", staff=STAFF)
RESULTS = Rulebook(TEST_RESULT, timing=RESULT_ROWS, default_queue="front-desk", staff=STAFF)
PLANS = Rulebook(CARE_PLAN_REVIEW, timing=PLAN_ROWS, default_queue="front-desk", staff=STAFF)
PRACTICE = Practice("our practice", (TRANSITIONS, REFERRALS, RESULTS, PLANS))

"""
Published rules as presets, written down a second time by hand.

Each line of the table was made from the sources and a wall calendar, not from the code: number and unit, whether the
first day and the same day count, and one start with the moment at which it is too late. March 2026 begins on a Sunday;
the clocks go forward on the 8th in Boise, on the 29th in London; Friday the 3rd of July 2026 is a holiday in Boise.
"""

import copy
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from carecoord import (
    Attempts,
    BusinessDays,
    CalendarDays,
    Citation,
    Hours,
    ImpossibleTiming,
    Limit,
    LimitTable,
    Minutes,
    Role,
    Urgency,
    WeekdayCalendar,
    Where,
    stair,
)
from carecoord.policies import published
from carecoord.policies.calendars import Days
from carecoord.policies.published import Preset, Seen, ca, escalation, find_presets, hl7, reaching, uk, us
from carecoord.starter import STARTERS

ZONES = {"US": "America/Boise", "GB": "Europe/London", "CA": "America/Toronto", "": "America/Boise"}
CLOSED = [date(2026, 7, 3), date(2026, 12, 25), date(2027, 1, 1)]
LADDER = stair(BusinessDays(1), every=Hours(72))
ALL = {one.name: one for one in find_presets(hearsay=True)}
STANDING = {one.workflow.name: one.workflow for one in STARTERS}
TO_COME = {"care-plan-review"}

FRIDAY = "2026-03-06 15:00"
H, C, B, M = "hours", "calendar days", "business days", "months"
MIN, YEAR = "minutes", "the rest of the year"
D0, D1 = False, True  # the first day does not count, or does

# fmt: off
BY_HAND = [
    # name, number, unit, whether the first day counts, start, too late from
    ("us.cms.tcm.contact",                        2, B, D0, FRIDAY,             "2026-03-11 00:00"),  # Tuesday is over
    ("us.cms.tcm.contact_48_hours",              48, H, D0, FRIDAY,             "2026-03-08 16:00"),  # an hour less
    ("us.cms.tcm.visit_high",                     7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("us.cms.tcm.visit_moderate",                14, C, D0, FRIDAY,             "2026-03-21 00:00"),
    ("us.cms.tcm.period",                        30, C, D1, FRIDAY,             "2026-04-05 00:00"),
    ("us.cms.ia_cc_10",                          30, C, D0, FRIDAY,             "2026-04-06 00:00"),
    ("us.cms.ia_cc_11",                          24, H, D0, FRIDAY,             "2026-03-07 15:00"),
    ("us.cms.apcm.transition",                    7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("us.cms.cms50",                           None, YEAR, D0, "2026-10-31 09:00", "2027-01-01 00:00"),
    ("us.cms.hospice_poc",                       15, C, D0, FRIDAY,             "2026-03-22 00:00"),
    ("us.cms.hh_poc",                            60, C, D0, FRIDAY,             "2026-05-06 00:00"),
    ("us.cms.hh_poc_medicare",                   60, C, D0, FRIDAY,             "2026-05-06 00:00"),
    ("us.cms.nf_baseline",                       48, H, D0, "2026-07-02 15:00", "2026-07-04 15:00"),  # a holiday
    ("us.cms.nf_assessment",                     14, C, D0, FRIDAY,             "2026-03-21 00:00"),
    ("us.cms.nf_comprehensive",                   7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("us.cms.icf_poc",                           90, C, D0, FRIDAY,             "2026-06-05 00:00"),
    ("us.ncqa.trc.admission_notice",              3, C, D1, FRIDAY,             "2026-03-09 00:00"),
    ("us.ncqa.trc.admission_notice_older",        2, C, D1, FRIDAY,             "2026-03-08 00:00"),
    ("us.ncqa.trc.discharge_info",                3, C, D1, "2026-12-30 23:59", "2027-01-02 00:00"),
    ("us.ncqa.trc.engagement",                   30, C, D0, FRIDAY,             "2026-04-06 00:00"),
    ("us.ncqa.mrp",                              31, C, D1, "2028-01-31 15:00", "2028-03-02 00:00"),  # a leap day
    ("us.ncqa.fuh_7",                             7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("us.ncqa.fuh_30",                           30, C, D0, FRIDAY,             "2026-04-06 00:00"),
    ("us.ncqa.fum_7",                             8, C, D1, FRIDAY,             "2026-03-14 00:00"),
    ("us.ncqa.fum_30",                           31, C, D1, FRIDAY,             "2026-04-06 00:00"),
    ("us.ncqa.fua_7",                             8, C, D1, FRIDAY,             "2026-03-14 00:00"),
    ("us.ncqa.fua_30",                           31, C, D1, FRIDAY,             "2026-04-06 00:00"),
    ("us.ncqa.v11_annual",                       12, M, D0, "2028-02-29 15:00", "2029-03-01 00:00"),  # leap year
    ("us.va.directive_1088.action",               7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("us.va.directive_1088.no_action",           14, C, D0, FRIDAY,             "2026-03-21 00:00"),
    ("us.va.community.critical",                 24, H, D0, FRIDAY,             "2026-03-07 15:00"),
    ("us.va.community.cancer",                   48, H, D0, FRIDAY,             "2026-03-08 16:00"),
    ("us.va.consult.review",                      7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("us.va.consult.complete",                   90, C, D0, FRIDAY,             "2026-06-05 00:00"),
    ("us.va.sched.in_house",                      3, B, D0, "2026-07-02 15:00", "2026-07-09 00:00"),  # Mon, Tue, Wed
    ("us.va.sched.community",                     7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("us.peacehealth.critical",                  30, MIN, D0, FRIDAY,             "2026-03-06 15:30"),
    ("us.bwh.ancr.red",                          60, MIN, D0, "2026-03-08 01:30", "2026-03-08 03:30"),
    ("us.bwh.ancr.orange",                        3, H, D0, FRIDAY,             "2026-03-06 18:00"),
    ("us.bwh.ancr.yellow",                        3, C, D0, FRIDAY,             "2026-03-10 00:00"),
    ("us.bwh.ancr.yellow_later",                 15, C, D0, FRIDAY,             "2026-03-22 00:00"),
    ("us.uw.critical.red",                        1, H, D0, FRIDAY,             "2026-03-06 16:00"),
    ("us.uw.critical.orange_12",                 12, H, D0, FRIDAY,             "2026-03-07 03:00"),
    ("us.uw.critical.orange_24",                 24, H, D0, FRIDAY,             "2026-03-07 15:00"),
    ("us.uw.critical.yellow",                    48, H, D0, FRIDAY,             "2026-03-08 16:00"),
    ("us.ma_coalition.red",                       1, H, D0, FRIDAY,             "2026-03-06 16:00"),
    ("us.ma_coalition.orange",                    6, H, D0, FRIDAY,             "2026-03-06 21:00"),
    ("us.ma_coalition.yellow",                    3, C, D0, FRIDAY,             "2026-03-10 00:00"),
    ("us.hrsa.nbs.time_critical",                 5, C, D0, "2026-03-06 23:50", "2026-03-12 00:00"),
    ("us.hrsa.nbs.other_positive",                7, C, D0, "2026-03-06 23:50", "2026-03-14 00:00"),
    ("us.hrsa.nbs.all_results",                   7, C, D0, "2026-03-06 00:10", "2026-03-14 00:00"),
    ("us.hrsa.nbs.specimen",                     48, H, D0, "2026-10-30 15:00", "2026-11-01 14:00"),  # an hour is twice
    ("us.hrsa.nbs.at_laboratory",                24, H, D0, FRIDAY,             "2026-03-07 15:00"),
    ("us.ehdi.screened",                          1, M, D0, "2026-01-31 15:00", "2026-03-01 00:00"),  # to 28 February
    ("us.ehdi.diagnosed",                         3, M, D0, FRIDAY,             "2026-06-07 00:00"),
    ("us.ehdi.treated",                           6, M, D0, "2026-08-31 15:00", "2027-03-01 00:00"),
    ("us.mqsa.lay_summary",                      30, C, D0, FRIDAY,             "2026-04-06 00:00"),
    ("us.mqsa.suspicious",                        7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("us.bi_rads_3",                              6, M, D0, FRIDAY,             "2026-09-07 00:00"),
    ("us.kp.fit_30",                             30, C, D0, FRIDAY,             "2026-04-06 00:00"),
    ("us.kp.fit_180",                           180, C, D0, FRIDAY,             "2026-09-03 00:00"),
    ("us.kp.fit_risk",                           10, M, D0, FRIDAY,             "2027-01-07 00:00"),
    ("us.mips.q440",                              7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("us.mips.aad6",                              8, C, D0, FRIDAY,             "2026-03-15 00:00"),
    ("us.mips.cap30",                             2, B, D0, "2026-12-24 15:00", "2026-12-30 00:00"),  # over Christmas
    ("us.mips.q134",                              2, C, D0, FRIDAY,             "2026-03-09 00:00"),
    ("us.mips.q182",                              2, C, D0, FRIDAY,             "2026-03-09 00:00"),
    ("us.compact.premier.visit",                 28, C, D0, FRIDAY,             "2026-04-04 00:00"),
    ("us.compact.premier.response",              72, H, D0, FRIDAY,             "2026-03-09 16:00"),
    ("us.compact.template_a.visit_routine",       7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("us.compact.template_a.visit_urgent",       48, H, D0, FRIDAY,             "2026-03-08 16:00"),
    ("us.compact.template_a.response",           48, H, D0, FRIDAY,             "2026-03-08 16:00"),
    ("us.compact.template_a.admission_notice",   24, H, D0, FRIDAY,             "2026-03-07 15:00"),
    ("us.compact.bh_draft.visit",                28, C, D0, FRIDAY,             "2026-04-04 00:00"),
    ("us.dc.hha.assess",                         48, H, D0, FRIDAY,             "2026-03-08 16:00"),
    ("us.dc.hha.plan",                           72, H, D0, FRIDAY,             "2026-03-09 16:00"),
    ("us.dc.hha.sign",                           30, C, D0, FRIDAY,             "2026-04-06 00:00"),
    ("us.dc.hha.rn_review",                      62, C, D0, FRIDAY,             "2026-05-08 00:00"),
    ("us.dc.hha.recertify",                       6, M, D0, FRIDAY,             "2026-09-07 00:00"),
    ("us.nc.homecare",                            3, M, D0, "2026-11-30 15:00", "2027-03-01 00:00"),  # to 28 February
    ("uk.nhs.fds_28",                            28, C, D0, FRIDAY,             "2026-04-04 00:00"),  # over the clocks
    ("uk.nhs.cancer_31",                         31, C, D0, FRIDAY,             "2026-04-07 00:00"),
    ("uk.nhs.cancer_62",                         62, C, D0, FRIDAY,             "2026-05-08 00:00"),
    ("uk.nhs.two_week_wait",                     14, C, D0, "2023-09-15 15:00", "2023-09-30 00:00"),
    ("uk.nhs.rtt_18w",                          126, C, D0, FRIDAY,             "2026-07-11 00:00"),
    ("uk.nhs.cancer_diag_tat",                   10, C, D0, FRIDAY,             "2026-03-17 00:00"),
    ("ca.champlain.econsult",                     7, C, D0, FRIDAY,             "2026-03-14 00:00"),
    ("hl7.gravity.poll",                          1, B, D0, FRIDAY,             "2026-03-10 00:00"),
    ("hl7.gravity.poll_hourly",                   1, H, D0, FRIDAY,             "2026-03-06 16:00"),
]

# The same day does not count; every other rule lets what is done on the day itself count.
NOT_ON_THE_DAY = {"us.ncqa.trc.engagement", "us.ncqa.fuh_7", "us.ncqa.fuh_30"}

DEFINED_BY_THE_PRACTICE = {"us.ncqa.pcmh.cc16", "us.tjc.npsg_020301"}

HEARSAY = {
    "us.bi_rads_3", "us.bwh.ancr.yellow_later", "us.cms.hh_poc_medicare", "us.cms.nf_assessment",
    "us.cms.nf_comprehensive", "us.ehdi.diagnosed", "us.ma_coalition.orange", "us.ma_coalition.red",
    "us.ma_coalition.yellow", "us.mqsa.suspicious",
}
# fmt: on


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def row(preset: Preset) -> Limit:
    """Return the preset as a row for a clock of one's own, with a period of one's own where it wants one."""
    return preset.limit(LADDER, clock="ours", allow=BusinessDays(2) if preset.practice_defined else None)


# ---- each rule, a second time


def test_the_table_by_hand_and_the_presets_name_the_same_rules():
    by_hand = [name for name, *_ in BY_HAND]
    assert len(by_hand) == len(set(by_hand))
    assert {*by_hand, *DEFINED_BY_THE_PRACTICE} == set(ALL)


@pytest.mark.parametrize(
    ("name", "number", "unit", "first", "start", "end"), BY_HAND, ids=[name for name, *_ in BY_HAND]
)
def test_a_preset_says_what_its_source_says(name, number, unit, first, start, end):
    preset = ALL[name]
    said = (preset.number, preset.unit, preset.first_day_counts, preset.same_day_counts)
    assert said == (number, unit, first, name not in NOT_ON_THE_DAY)
    zone = ZONES[preset.country]
    office = WeekdayCalendar(zone=zone, first=date(2026, 1, 1), last=date(2027, 12, 31), holidays=CLOSED)
    allow = row(preset).allow
    assert not isinstance(allow, type(None) | str)
    due, firm = allow.end(local(start, zone).astimezone(UTC), Days(office))
    assert due == local(end, zone)
    assert firm


def test_a_preset_goes_into_a_table_of_limits_like_any_row():
    rows = (
        us.cms.tcm.contact.limit(LADDER, when=Where(urgency=Urgency.URGENT), attempts=Attempts(2, 2)),
        us.ncqa.pcmh.cc16.limit(LADDER, allow=CalendarDays(5), attempts=Attempts(2)),
    )
    urgent, rest = LimitTable(rows, calendar=OFFICE, version="1").rows("contact")
    assert (urgent.allow, urgent.when, urgent.attempts) == (
        BusinessDays(2),
        Where(urgency=Urgency.URGENT),
        Attempts(2, 2),
    )
    assert urgent.source is us.cms.tcm.contact.source
    assert (rest.allow, rest.unconditional) == (CalendarDays(5), True)


OFFICE = WeekdayCalendar(zone="America/Boise", first=date(2026, 1, 1), last=date(2026, 12, 31))


@pytest.mark.parametrize("preset", ALL.values(), ids=list(ALL))
def test_a_row_carries_on_what_its_preset_says(preset):
    limit = row(preset)
    assert (limit.counts_from, limit.opens) == (preset.counts_from, preset.opens)
    if preset.practice_defined:
        assert str(limit.source) == f"the practice's own period, which is wanted by {preset.source.title}"
    else:
        assert limit.source is preset.source
    assert (limit.since, limit.until) == (preset.since, preset.until)


# ---- its name, and where it stands


@pytest.mark.parametrize("preset", ALL.values(), ids=list(ALL))
def test_a_preset_stands_where_its_name_says(preset):
    place = published
    for word in preset.name.split("."):
        place = getattr(place, word)
    assert place is preset


def test_importing_the_library_imports_no_preset():
    code = "import carecoord, carecoord.policies, sys; print(*(n for n in sys.modules if 'published' in n))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_preset_is_a_frozen_value():
    with pytest.raises(AttributeError):
        us.ncqa.mrp.allow = CalendarDays(60)  # type: ignore[misc]  on purpose: what a type checker would not let pass
    assert pickle.loads(pickle.dumps(us.ncqa.mrp)) == copy.deepcopy(us.ncqa.mrp) == us.ncqa.mrp


@pytest.mark.parametrize("preset", ALL.values(), ids=list(ALL))
def test_a_preset_serves_clocks_that_there_are_and_counts_from_facts_that_are_known(preset):
    for flow, duty in preset.serves:
        assert flow in STANDING or flow in TO_COME
        if flow in STANDING:
            assert duty in {clock.name for clock in STANDING[flow].all_clocks}
            if isinstance(preset.counts_from, str):
                assert hasattr(STANDING[flow].facts(), preset.counts_from)


# ---- where it was read


@pytest.mark.parametrize("preset", ALL.values(), ids=list(ALL))
def test_a_preset_says_who_saw_its_source_and_when_or_that_nobody_did(preset):
    assert (preset.seen is Seen.HEARSAY) is (preset.name in HEARSAY)
    assert bool(preset.source.checked) is (preset.name not in HEARSAY)
    if preset.name in HEARSAY:
        assert "not verified" in preset.verified
        assert "(not verified)" in str(preset.source)
    else:
        assert preset.verified.startswith("on 2026-11-21 the authors of carecoord looked at ")
        assert preset.source.href in preset.verified
        assert "(not verified)" not in str(preset.source)


@pytest.mark.parametrize("preset", ALL.values(), ids=list(ALL))
def test_a_preset_says_in_words_when_it_starts_whom_it_binds_and_how_it_counts(preset):
    assert all((preset.says, preset.starts_at, preset.binds, preset.days, preset.ends, preset.source.title))


def test_only_what_stands_on_paper_alone_has_no_address():
    paper = {one.name for one in ALL.values() if one.seen is not Seen.HEARSAY and not one.source.href}
    assert paper == {"us.ncqa.pcmh.cc16"}


@pytest.mark.parametrize("preset", ALL.values(), ids=list(ALL))
def test_sources_that_disagree_name_each_other(preset):
    for name in preset.disagrees:
        assert preset.name in ALL[name].disagrees
        assert ALL[name].allow != preset.allow


DISAGREE = [
    ("us.cms.tcm.contact", "us.cms.tcm.contact_48_hours"),
    ("us.ncqa.trc.admission_notice", "us.ncqa.trc.admission_notice_older"),
    ("us.bwh.ancr.yellow", "us.bwh.ancr.yellow_later"),
    ("us.uw.critical.orange_12", "us.uw.critical.orange_24"),
    ("us.compact.premier.visit", "us.compact.template_a.visit_routine"),
]


@pytest.mark.parametrize(("one", "other"), DISAGREE)
def test_where_sources_disagree_there_is_a_preset_for_each(one, other):
    assert other in ALL[one].disagrees


# ---- finding


def names(*args: str, **more: object) -> set[str]:
    return {one.name for one in find_presets(*args, **more)}  # type: ignore[arg-type]  keywords as they come


def test_what_is_only_hearsay_is_found_only_where_it_is_asked_for():
    assert names() == set(ALL) - HEARSAY
    assert names(hearsay=True) == set(ALL)


def test_presets_are_found_by_the_first_words_of_their_names():
    assert names("us.ncqa.trc") == {
        "us.ncqa.trc.admission_notice",
        "us.ncqa.trc.admission_notice_older",
        "us.ncqa.trc.discharge_info",
        "us.ncqa.trc.engagement",
    }
    assert names("us.ncqa.mrp") == {"us.ncqa.mrp"}
    assert names("us.ncqa.f") == names("us.ncq") == set()


def test_presets_are_found_by_workflow_and_clock():
    assert names(workflow="care-transition", clock="reconcile") == {"us.ncqa.mrp"}
    assert names(clock="book") == {"us.va.sched.in_house", "us.va.sched.community"}
    assert "hl7.gravity.poll" not in names(workflow="referral")
    assert names(workflow="referral", clock="reconcile") == set()


def test_presets_are_found_by_country_and_with_those_of_none():
    assert names(country="CA") == {"ca.champlain.econsult", "hl7.gravity.poll", "hl7.gravity.poll_hourly"}
    assert names("hl7", country="US") == names("hl7", country="GB")


@pytest.mark.parametrize(
    ("name", "on", "found"),
    [
        ("uk.nhs.two_week_wait", date(2023, 9, 30), True),
        ("uk.nhs.two_week_wait", date(2023, 10, 1), False),
        ("us.mqsa.suspicious", date(2024, 9, 9), False),
        ("us.mqsa.suspicious", date(2024, 9, 10), True),
        ("us.ncqa.trc.admission_notice", date(2026, 1, 1), True),
        # another took its place, nobody here knows when: so nobody can say of a day that it was in force
        ("us.ncqa.trc.admission_notice_older", date(2026, 1, 1), False),
        ("us.ncqa.trc.admission_notice_older", date(2015, 1, 1), False),
    ],
)
def test_presets_are_found_by_a_day_on_which_they_are_known_to_be_in_force(name, on, found):
    assert (name in names(on=on, hearsay=True)) is found


def test_presets_come_by_name():
    found = [one.name for one in find_presets()]
    assert found == sorted(found)


# ---- what is refused


@pytest.mark.parametrize("name", sorted(DEFINED_BY_THE_PRACTICE))
def test_a_period_that_the_practice_defines_has_no_default(name):
    with pytest.raises(ImpossibleTiming, match=f"preset '{name}': the source gives no number; say your own, such as"):
        ALL[name].limit(LADDER)
    assert ALL[name].limit(LADDER, allow=Hours(1)).allow == Hours(1)
    assert (ALL[name].number, ALL[name].unit, ALL[name].ends) == (None, "", "as the practice says")


def test_a_number_of_a_source_is_not_changed_under_its_name():
    with pytest.raises(ImpossibleTiming, match="the source says 2 business days; a number of your own is a Limit"):
        us.cms.tcm.contact.limit(LADDER, allow=BusinessDays(3))


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        (us.ncqa.trc.engagement, "clock='visit' or 'contact'"),
        (hl7.gravity.poll, "clock=..."),
        (us.cms.tcm.period, "clock=..."),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_preset_that_does_not_serve_one_clock_wants_to_know_which(preset, words):
    with pytest.raises(ImpossibleTiming) as refused:
        preset.limit(LADDER)
    assert words in str(refused.value)


def test_the_days_of_a_row_may_be_narrowed_and_not_widened():
    narrow = us.cms.cms50.limit(LADDER, since=date(2026, 1, 1), until=date(2026, 11, 1))
    assert (narrow.since, narrow.until) == (date(2026, 1, 1), date(2026, 11, 1))
    ended = uk.nhs.two_week_wait.limit(LADDER, until=date(2030, 1, 1))
    assert ended.until == date(2023, 10, 1)
    assert ca.champlain.econsult.limit(LADDER).until is None


def test_a_row_may_count_from_elsewhere():
    assert us.va.directive_1088.action.limit(LADDER).counts_from == "available_at"
    assert us.va.directive_1088.action.limit(LADDER, counts_from="collected_at").counts_from == "collected_at"


def test_a_citation_without_a_look_says_that_nobody_looked():
    assert str(Citation("a rule", href="https://example.org")) == "a rule (not verified)"


# ---- reaching, and escalation

# fmt: off
TRIES = [
    # name                        tries  days  by which ways
    ("abnormal_pap",                  5,    2, {"PHONE": 1, "LETTER": 2, "VISIT": 1, "CERTIFIED_LETTER": 1}),
    ("no_show.handbook",              3,    1, {"PHONE": 2, "LETTER": 1}),
    ("no_show.student_health",        2,    1, {"PHONE": 1, "MESSAGE": 1}),
    ("positive_result",               6,    1, {"PHONE": 3, "LETTER": 1, "CERTIFIED_LETTER": 2}),
    ("svmic.high",                    4,    1, {"PHONE": 2, "LETTER": 1, "CERTIFIED_LETTER": 1}),
    ("svmic.minimal",                 1,    1, {}),
    ("svmic.moderate_2017",           3,    1, {"PHONE": 2, "CERTIFIED_LETTER": 1}),
    ("svmic.moderate_2022",           3,    1, {"PHONE": 2, "LETTER": 1}),
    ("tcm.two_attempts",              2,    1, {}),
]
# fmt: on
REACHINGS = {one.name: one for one in reaching.all_reachings()}


def test_the_ways_of_reaching_by_hand_are_all_there_are():
    assert [name for name, *_ in TRIES] == list(REACHINGS)


@pytest.mark.parametrize(("name", "tries", "days", "ways"), TRIES, ids=[name for name, *_ in TRIES])
def test_a_source_wants_so_many_tries_before_unable_to_reach(name, tries, days, ways):
    one = REACHINGS[name]
    place = reaching
    for word in name.split("."):
        place = getattr(place, word)
    assert place is one
    assert (one.attempts.tries, one.attempts.days) == (tries, days)
    assert {way.name: count for way, count in one.attempts.ways} == ways
    assert one.source.checked == "2026-11-21"
    assert all(one.name in REACHINGS[other].disagrees for other in one.disagrees)


def test_graded_by_risk_more_is_wanted_the_graver_it_is():
    svmic = reaching.svmic
    assert svmic.minimal.attempts.tries < svmic.moderate_2022.attempts.tries < svmic.high.attempts.tries
    assert set(svmic.moderate_2022.attempts.ways) < set(svmic.high.attempts.ways)


def test_of_a_critical_result_the_fail_safe_hears_when_the_published_time_is_over():
    """Sixty minutes, red: fifteen for whoever answers for it, then one after the other, and again every hour."""
    row = escalation.critical(us.bwh.ancr.red)
    assert (row.clock, row.allow) == ("critical", Minutes(15))
    assert [(rung.notify, rung.elapsed) for rung in row.ladder.rungs] == [
        (None, timedelta(0)),
        (Role.SURROGATE, timedelta(minutes=15)),
        (Role.SUPERVISOR, timedelta(minutes=30)),
        (Role.SAFETY_OFFICER, timedelta(minutes=45)),
    ]
    assert (row.ladder.every, row.ladder.quiet) == (Minutes(60), None)
    assert str(row.source).startswith("ours: a quarter of 60 minutes, so that the fail-safe hears by the end of them")
    assert "60 minutes: ANCR, communication of critical imaging results" in str(row.source)


def test_quarters_that_are_no_whole_minutes_are_rather_shorter():
    """Thirty minutes: seven each, so the fail-safe hears after 28."""
    row = escalation.critical(us.peacehealth.critical)
    assert (row.allow, row.ladder.last.elapsed) == (Minutes(7), timedelta(minutes=21))


def test_a_practice_may_give_its_own_time_for_critical_results():
    own = escalation.critical(Hours(2), when=Where(urgency=Urgency.URGENT))
    assert (own.allow, own.ladder.every, own.when) == (Minutes(30), Hours(2), Where(urgency=Urgency.URGENT))
    assert str(own.source).endswith("2 hours: of the practice")
    under_the_goal = escalation.critical(us.tjc.npsg_020301, allow=Hours(2))
    assert under_the_goal.allow == Minutes(30)
    assert "2 hours: the practice's own period, which is wanted by Joint Commission" in str(under_the_goal.source)


@pytest.mark.parametrize(
    ("within", "words"),
    [
        (us.tjc.npsg_020301, "it must be known within Minutes(...) or Hours(...); say yours"),
        (us.ncqa.mrp, "it must be known within Minutes(...) or Hours(...); say yours"),
        (Minutes(3), "3 minutes have no four quarters of whole minutes; give at least 4 minutes"),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_critical_result_is_known_within_some_minutes_or_hours(within, words):
    with pytest.raises(ImpossibleTiming) as refused:
        escalation.critical(within)
    assert words in str(refused.value)


def test_each_kind_of_conflict_has_a_pathway_of_its_own():
    care = escalation.conflict_about_care(BusinessDays(1), every=Hours(24))
    work = escalation.conflict_about_work(BusinessDays(5), every=Hours(120))
    assert [rung.notify for rung in care.rungs] == [Role.CLINICIAN, Role.SUPERVISOR, Role.SAFETY_OFFICER]
    assert [rung.notify for rung in work.rungs] == [Role.MANAGER, Role.SAFETY_OFFICER]
    assert "hospital leadership" in escalation.IA_CC_12.quote

"""
What the rows of a referral claim, and which item of a clock an event speaks of.

Claims of moves read the facts before the event, claims of clocks those after it.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from carecoord.events import Event, Linked
from carecoord.tables import Only
from carecoord.vocabulary import Role
from carecoord.workflows.referral.events import (
    Booked,
    Channel,
    Enclosure,
    Integrated,
    InterimNoteReceived,
    OfReport,
    PatientInformed,
    Rebooked,
    Redirected,
    ReportCorrected,
    ReportReceived,
    ReportRetracted,
    Reviewed,
    Sent,
    VisitCompleted,
)
from carecoord.workflows.referral.facts import (
    Progress,
    ReferralFacts,
    answers,
    appointment_of,
    attempt_of,
    here,
    is_of_a_known_attempt,
    is_of_its_day,
    is_of_the_appointment,
    is_of_the_attempt,
    named_version,
    taken_back,
    told_before,
    version_of,
    versions,
)

_Package: TypeAlias = Sent | Redirected
_Final: TypeAlias = ReportReceived | ReportCorrected
_OnReport: TypeAlias = Reviewed | PatientInformed | Integrated

CLINICIANS: Final = (Role.CLINICIAN, Role.PRESCRIBER)


# --- before it leaves -----------------------------------------------------------------------


def question_stated(facts: ReferralFacts, _: Event) -> bool:
    """the clinical question, the urgency and the type of the referral are stated (CC-04 A)"""
    return bool(facts.clinical_question.strip()) and facts.urgency_stated and facts.kind is not None


def enclosed_or_none(_: ReferralFacts, event: _Package) -> bool:
    """demographic and clinical data, results and care plan are enclosed or said to be none (CC-04 B)"""
    return set(Enclosure) <= {*event.enclosed, *event.there_is_no}


def a_new_attempt(facts: ReferralFacts, event: Event) -> bool:
    """the attempt is a new one"""
    return (event.about or event.key) not in (*facts.former, facts.attempt)


# --- which attempt, which appointment -------------------------------------------------------


def of_the_attempt(facts: ReferralFacts, event: Event) -> bool:
    """it is of the present attempt"""
    return is_of_the_attempt(facts, event)


def of_a_known_attempt(facts: ReferralFacts, event: Event) -> bool:
    """it is of this attempt or an earlier one"""
    return is_of_a_known_attempt(facts, event)


def of_the_appointment(facts: ReferralFacts, event: Event) -> bool:
    """it is of the present appointment, and that was not held yet"""
    return is_of_the_appointment(facts, event)


def of_its_day(facts: ReferralFacts, event: Event) -> bool:
    """it is of the present appointment, that was not held yet, and whose day has come"""
    return is_of_its_day(facts, event)


def of_an_old_appointment(facts: ReferralFacts, event: Event) -> bool:
    """another appointment took the place of the one it speaks of"""
    return is_of_the_attempt(facts, event) and event.about in facts.appointments


def held_before(facts: ReferralFacts, event: VisitCompleted) -> bool:
    """that visit is known to have been held"""
    return is_of_the_attempt(facts, event) and appointment_of(facts, event) in facts.visited


def booked_before(facts: ReferralFacts, event: Booked | Rebooked) -> bool:
    """that booking is known"""
    return told_before(facts, event)


# --- what is here ---------------------------------------------------------------------------


def filed_before(facts: ReferralFacts, event: OfReport) -> bool:
    """that version is here already"""
    return version_of(event) in here(facts)


def report_filed_before(facts: ReferralFacts, event: _Final) -> bool:
    """that version is here already, as a report"""
    return version_of(event) in (*facts.reports, *facts.aside)


def _struck(facts: ReferralFacts, event: OfReport) -> bool:
    return version_of(event) in facts.struck


def answers_this(facts: ReferralFacts, event: _Final) -> bool:
    """it is of the present attempt, or nobody is asked any longer; and it was not taken back"""
    return answers(facts, event) and not _struck(facts, event)


def of_an_earlier_attempt(facts: ReferralFacts, event: _Final) -> bool:
    """it is of an earlier attempt, and was not taken back"""
    return facts.attempt != "" and is_of_a_known_attempt(facts, event) and not _struck(facts, event)


def of_any_attempt(facts: ReferralFacts, event: OfReport) -> bool:
    """it is of somebody who was asked, and was not taken back"""
    asked = facts.attempt != "" or bool(facts.former)
    return asked and is_of_a_known_attempt(facts, event) and not _struck(facts, event)


def note_of_the_attempt(facts: ReferralFacts, event: InterimNoteReceived) -> bool:
    """it is of the present attempt, and was not taken back"""
    return is_of_the_attempt(facts, event) and not _struck(facts, event)


def takes_something_back(facts: ReferralFacts, event: ReportRetracted) -> bool:
    """it takes back something that is here"""
    return bool(taken_back(facts, event))


def leaves_no_report(facts: ReferralFacts, event: ReportRetracted) -> bool:
    """it takes back the only report of this referral"""
    gone = taken_back(facts, event)
    return bool(gone) and bool(facts.reports) and set(facts.reports) <= set(gone)


def of_what_is_here(facts: ReferralFacts, event: _OnReport) -> bool:
    """it names a version of a report or note that is here"""
    return named_version(facts, event) in here(facts)


def by_a_clinician(_: ReferralFacts, event: Event) -> bool:
    """a clinician did it"""
    return event.by.role in CLINICIANS


def not_by_portal_alone(_: ReferralFacts, event: PatientInformed) -> bool:
    """somebody told the patient, and did not merely post it"""
    return event.channel is not Channel.PORTAL


# --- whether we may end it ------------------------------------------------------------------


def may_end_alone(facts: ReferralFacts, event: Event) -> bool:
    """they cannot confirm, or did not by when we asked them to, or that was let go, or the patient died"""
    return not facts.confirms or facts.let_go or facts.died or _is_overdue(facts, event)


def _is_overdue(facts: ReferralFacts, event: Event) -> bool:
    return facts.stopping and facts.confirm_by is not None and facts.confirm_by <= event.at


# --- after the event, for clocks ------------------------------------------------------------


def come_now(facts: ReferralFacts, event: Event) -> bool:
    """they have come so far with this event"""
    return facts.come_by == event.key


def now_this_far(facts: ReferralFacts, event: Event) -> bool:
    """they have come so far with this event, and we want it"""
    return facts.advanced_by == event.key


def asked_now(facts: ReferralFacts, event: Event) -> bool:
    """they asked with this event"""
    return facts.asked_by == event.key


def filed_now(facts: ReferralFacts, event: Event) -> bool:
    """that version is here with this event"""
    return facts.filed_by == event.key


def answered_now(facts: ReferralFacts, event: _Final) -> bool:
    """a report of this referral is here with this event"""
    return facts.filed_by == event.key and version_of(event) in facts.reports


def news_for_the_patient(facts: ReferralFacts, event: ReportCorrected) -> bool:
    """that version is here with this event, and says something that no earlier one did"""
    earlier = versions(event.about or event.key, event.version - 1, (*facts.reports, *facts.aside))
    return filed_now(facts, event) and (event.content_changed or not earlier)


def back_now(facts: ReferralFacts, event: Event) -> bool:
    """the referral is back with this event where it stood"""
    return facts.back_by == event.key


def a_visit_is_known(facts: ReferralFacts, _: Event) -> bool:
    """a visit is known to have been held"""
    return bool(facts.visited)


def information_is_wanted(facts: ReferralFacts, _: Event) -> bool:
    """the information they asked for was not supplied"""
    return facts.wanted


def refused_now(facts: ReferralFacts, event: Event) -> bool:
    """with this event they will not do it, and deciding is ours"""
    return facts.attempt != "" and facts.progress is Progress.DECLINED and facts.advanced_by == event.key


def over_now(facts: ReferralFacts, event: Event) -> bool:
    """with this event nobody is asked any longer"""
    return facts.over_by == event.key


def somebody_is_asked(facts: ReferralFacts, _: Event) -> bool:
    """somebody is asked, and was not asked to stop"""
    return facts.attempt != "" and not facts.stopping


def nothing_here_and_nobody_asked(facts: ReferralFacts, _: Event) -> bool:
    """no report of this referral is here, and nobody is asked"""
    return not facts.reports and facts.attempt == ""


def after_the_visit(facts: ReferralFacts, event: InterimNoteReceived) -> bool:
    """the note is here with this event, and after the hour of the visit"""
    return come_now(facts, event) and (facts.visit_at is None or event.at >= facts.visit_at)


def under_an_agreement(facts: ReferralFacts, _: Event) -> bool:
    """the package left under an agreement"""
    return facts.agreement != ""


# --- which item -----------------------------------------------------------------------------


def the_attempt(facts: ReferralFacts, event: Event) -> str:
    """the attempt, by default the present one"""
    return attempt_of(facts, event)


def sent_attempt(_: ReferralFacts, event: Event) -> str:
    """the attempt that is sent"""
    return event.about or event.key


def present_attempt(facts: ReferralFacts, _: Event) -> str:
    """the present attempt"""
    return facts.attempt


def the_appointment(facts: ReferralFacts, event: Event) -> str:
    """the appointment, by default the present one"""
    return appointment_of(facts, event)


def present_appointment(facts: ReferralFacts, _: Event) -> str:
    """the present appointment"""
    return facts.appointment


def the_one_moved(_: ReferralFacts, event: Rebooked) -> Only:
    """the appointment that was moved, or the only one"""
    return Only(name for name in (event.instead_of, event.about) if name is not None)


def the_version(_: ReferralFacts, event: OfReport) -> str:
    """the version of the report"""
    return version_of(event)


def up_to_the_version(facts: ReferralFacts, event: _OnReport) -> tuple[str, ...]:
    """the version of the report, and earlier ones"""
    report, _, version = named_version(facts, event).rpartition(":")
    return versions(report, int(version), here(facts))


def read_version(facts: ReferralFacts, event: Reviewed) -> str:
    """the version of the report"""
    return named_version(facts, event)


def each_version_taken_back(facts: ReferralFacts, event: ReportRetracted) -> tuple[str, ...]:
    """each version that was taken back"""
    report = event.about or facts.report
    some = (one for one in facts.struck if one.rpartition(":")[0] == report)
    return tuple(one for one in some if event.version is None or one == f"{report}:{event.version}")


def each_order(facts: ReferralFacts, event: Reviewed) -> tuple[str, ...]:
    """each order, or the version of the report where none is named"""
    return event.orders or (read_version(facts, event),)


def the_link(_: ReferralFacts, event: Linked) -> str | Only:
    """the order that the link is about, or the only one"""
    return Only() if event.about is None else event.about


def the_agreement(facts: ReferralFacts, _: Event) -> str:
    """the agreement"""
    return facts.agreement


def the_agreement_given(facts: ReferralFacts, event: Event) -> str:
    """the agreement that it names, by default the present one"""
    return facts.agreement if event.about is None else event.about


def everybody_told_of_it(facts: ReferralFacts, event: ReportRetracted) -> tuple[str, ...]:
    """whoever was told of it"""
    report = event.about or facts.report
    return tuple(dict.fromkeys(person for told_of, person in facts.told if told_of == report))

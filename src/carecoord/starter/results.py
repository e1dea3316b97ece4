"""The rows with which a practice may start to follow its test results."""

from __future__ import annotations

from typing import Final

from carecoord.policies.limits import CountsFrom, Limit, Until
from carecoord.policies.published import escalation, reaching, us
from carecoord.policies.spans import BusinessDays, CalendarDays, Hours
from carecoord.starter.asked import NO_NUMBER, Asked, Starter, common_rows, patiently
from carecoord.tables import Where
from carecoord.vocabulary import Urgency, ours
from carecoord.workflows.diagnostic_result import TEST_RESULT, Kind, Severity

_CRITICAL, _ABNORMAL, _UNKNOWN = (
    Where(severity=one) for one in (Severity.CRITICAL, Severity.ABNORMAL, Severity.UNKNOWN)
)
_IMAGING, _PATHOLOGY, _BLOOD_SPOT, _HEARING = (
    Where(kind=one) for one in (Kind.IMAGING, Kind.PATHOLOGY, Kind.NEWBORN_BLOOD_SPOT, Kind.NEWBORN_HEARING)
)
_URGENT, _ASAP, _STAT = (Where(urgency=one) for one in (Urgency.URGENT, Urgency.ASAP, Urgency.STAT))


def rows(asked: Asked) -> tuple[Limit, ...]:
    """Return them."""
    critical, goal, within = escalation.critical, us.tjc.npsg_020301, asked.critical_within
    daily, slow, soon, row = asked.daily, asked.slow, asked.soon, asked.row
    ancr, vha = us.bwh.ancr, us.va.directive_1088
    gravely, plainly = patiently(reaching.svmic.high), patiently(reaching.svmic.moderate_2022)
    planned = ours("two weeks after it was to be taken")
    no_flag = ours(
        f"no flag counts as abnormal until a clinician says otherwise; as long as {ancr.yellow.source.title}"
    )
    nobody_knows = ours(
        f"until it is here, nobody knows whether it is time-critical: 5 days of {us.hrsa.nbs.specimen.source.title}"
    )
    within_a_day = ours("a day, for what is critical")
    # fmt: off
    return (
        #     clock              allow             ladder  for which cases, and where the number comes from
        critical(goal, allow=within, clock="claim", when=_CRITICAL),
        Limit("claim",           BusinessDays(1),  daily,  source=NO_NUMBER),
        Limit("collect",         CalendarDays(14), slow,   source=planned, counts_from="planned_for"),
        Limit("collect",         Hours(2),         soon,   source=NO_NUMBER, when=_STAT),
        Limit("collect",         CalendarDays(14), slow,   source=NO_NUMBER),
        Limit("result",          Until("expected_by"), asked.awake, source=ours("whoever listed it said by when")),
        Limit("result",          CalendarDays(5),  asked.awake, source=nobody_knows, when=_BLOOD_SPOT,
              counts_from="born_at"),
        row(us.ehdi.screened, slow, "result", when=_HEARING),
        Limit("result",          Hours(4),         soon,   source=NO_NUMBER, when=_STAT, counts_from="planned_for"),
        Limit("result",          Hours(24),        soon,   source=NO_NUMBER, when=_ASAP, counts_from="planned_for"),
        Limit("result",          BusinessDays(3),  daily,  source=NO_NUMBER, when=_URGENT, counts_from="planned_for"),
        Limit("result",          CalendarDays(21), slow,   source=planned, counts_from="planned_for"),
        Limit("result",          Hours(4),         soon,   source=NO_NUMBER, when=_STAT),
        Limit("result",          Hours(24),        soon,   source=NO_NUMBER, when=_ASAP),
        Limit("result",          BusinessDays(3),  daily,  source=NO_NUMBER, when=_URGENT),
        row(us.mips.q440, daily, "result", when=_PATHOLOGY),
        Limit("result",          CalendarDays(30), slow,   source=NO_NUMBER, when=_IMAGING),
        Limit("result",          CalendarDays(14), slow,   source=NO_NUMBER),
        Limit("final",           BusinessDays(3),  daily,  source=NO_NUMBER),
        critical(goal, allow=within),
        row(ancr.orange, soon, "review", when=_CRITICAL),
        row(ancr.yellow, daily, "review", when=_ABNORMAL),
        Limit("review",          CalendarDays(3),  daily,  source=no_flag, when=_UNKNOWN),
        Limit("review",          BusinessDays(5),  daily,  source=NO_NUMBER),
        Limit("notify_abnormal", Hours(24),        soon,   source=within_a_day, when=_CRITICAL, **gravely),
        row(vha.action, daily, "notify_abnormal", **gravely),
        row(vha.action, daily, "notify_abnormal", counts_from=CountsFrom.HAPPENED, **gravely),
        row(vha.no_action, slow, "notify_normal", **plainly),
        row(vha.no_action, slow, "notify_normal", counts_from=CountsFrom.HAPPENED, **plainly),
        Limit("explain",         BusinessDays(1),  daily,  source=NO_NUMBER, **plainly),
        Limit("follow_up",       CalendarDays(30), daily,
              source=ours(f"a month, as in {us.kp.fit_30.source.title}")),
        Limit("decide",          BusinessDays(2),  daily,  source=NO_NUMBER),
        # What is critical and cannot be placed rings as what can be.
        critical(goal, allow=within, clock="unexpected", when=_CRITICAL),
        *common_rows(asked),
    )
    # fmt: on


STARTER: Final = Starter(TEST_RESULT, asks=("critical_within",), rows=rows)

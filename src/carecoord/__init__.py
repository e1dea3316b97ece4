"""
carecoord closes loops in health care: state machines for referral, test result, care transition and care plan.

Events move a case, time only tells, and what is owed comes back as data. The library reads
no clock, stores nothing and sends nothing: hosts do.

Nothing is defined in this file. It is the face: each name is fetched from its room when it
is first asked for, so a host that only loads cases, or only checks them, pays for no more.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from carecoord.case import (
        Answer,
        Attempts,
        Book,
        Case,
        Deadline,
        Entry,
        How,
        Opening,
        Pause,
        Quiet,
        Redated,
        Schedule,
        Settled,
        Shift,
        Step,
        Terms,
        Told,
        World,
    )
    from carecoord.digest import Digest, Digests, can_wait, digests
    from carecoord.effects import (
        DeadlineHeld,
        DeadlineMissed,
        DeadlineSet,
        DeadlineSettled,
        Effect,
        Escalated,
        Moved,
        ReadyToClose,
        StoodDown,
    )
    from carecoord.engine import CaughtUp, advance, catch_up, check, migrate, next_check, open_case, replay, retime
    from carecoord.errors import (
        CarecoordError,
        ForeignEvent,
        HistoryIncomplete,
        HistoryNeeded,
        ImpossibleEvent,
        ImpossibleTiming,
        IncompleteRulebook,
        KeyReused,
        NaiveMoment,
        NoLimit,
        NotAMoment,
        Refused,
        Unreadable,
        UnsoundWorkflow,
        WrongRulebook,
    )
    from carecoord.events import (
        Acknowledged,
        Act,
        AlarmUndelivered,
        Attempt,
        ClosedByAdministration,
        Conflict,
        ConflictKind,
        ConflictRaised,
        ConflictResolved,
        ContactAttempted,
        EnteredInError,
        Event,
        Facts,
        HandoverAccepted,
        HandoverDeclined,
        HandoverOffered,
        Link,
        Linked,
        LinkedCaseEnded,
        LoopClosed,
        Migrated,
        MomentCorrected,
        News,
        Noted,
        OwnerGone,
        PatientDied,
        PatientLeft,
        Paused,
        Reopened,
        Resumed,
        Retimed,
        Retracted,
        SubjectChanged,
        SupersededBy,
        ToldAgain,
        UnableToReach,
        UrgencyChanged,
        Waived,
        Way,
    )
    from carecoord.hooks import (
        Delivery,
        Directory,
        Failure,
        Hooks,
        Tell,
        Unheard,
        When,
        adeliver,
        advance_with_history,
        deliver,
        undelivered,
    )
    from carecoord.migration import Drop, Keep, Plan, Restart
    from carecoord.moments import Day, moment
    from carecoord.policies import (
        BusinessDays,
        Calendar,
        CalendarDays,
        CountsFrom,
        Hours,
        Ladder,
        Limit,
        LimitTable,
        Minutes,
        Months,
        QuietHours,
        Rung,
        TimingPolicy,
        Until,
        WeekdayCalendar,
        from_holidays,
        stair,
    )
    from carecoord.rulebook import Practice, Rulebook
    from carecoord.tables import (
        All,
        Clock,
        Move,
        Not,
        On,
        Otherwise,
        Said,
        Stay,
        Where,
        by_about,
        every_item,
        label,
        whole_case,
    )
    from carecoord.views import Duty, Expectation, Work, expects, explain, stands, to_carry, to_columns, worklist
    from carecoord.vocabulary import Actor, Citation, Role, Urgency, ours
    from carecoord.workflow import Workflow

__all__ = [
    "Acknowledged",
    "Act",
    "Actor",
    "AlarmUndelivered",
    "All",
    "Answer",
    "Attempt",
    "Attempts",
    "Book",
    "BusinessDays",
    "Calendar",
    "CalendarDays",
    "CarecoordError",
    "Case",
    "CaughtUp",
    "Citation",
    "Clock",
    "ClosedByAdministration",
    "Conflict",
    "ConflictKind",
    "ConflictRaised",
    "ConflictResolved",
    "ContactAttempted",
    "CountsFrom",
    "Day",
    "Deadline",
    "DeadlineHeld",
    "DeadlineMissed",
    "DeadlineSet",
    "DeadlineSettled",
    "Delivery",
    "Digest",
    "Digests",
    "Directory",
    "Drop",
    "Duty",
    "Effect",
    "EnteredInError",
    "Entry",
    "Escalated",
    "Event",
    "Expectation",
    "Facts",
    "Failure",
    "ForeignEvent",
    "HandoverAccepted",
    "HandoverDeclined",
    "HandoverOffered",
    "HistoryIncomplete",
    "HistoryNeeded",
    "Hooks",
    "Hours",
    "How",
    "ImpossibleEvent",
    "ImpossibleTiming",
    "IncompleteRulebook",
    "Keep",
    "KeyReused",
    "Ladder",
    "Limit",
    "LimitTable",
    "Link",
    "Linked",
    "LinkedCaseEnded",
    "LoopClosed",
    "Migrated",
    "Minutes",
    "MomentCorrected",
    "Months",
    "Move",
    "Moved",
    "NaiveMoment",
    "News",
    "NoLimit",
    "Not",
    "NotAMoment",
    "Noted",
    "On",
    "Opening",
    "Otherwise",
    "OwnerGone",
    "PatientDied",
    "PatientLeft",
    "Pause",
    "Paused",
    "Plan",
    "Practice",
    "Quiet",
    "QuietHours",
    "ReadyToClose",
    "Redated",
    "Refused",
    "Reopened",
    "Restart",
    "Resumed",
    "Retimed",
    "Retracted",
    "Role",
    "Rulebook",
    "Rung",
    "Said",
    "Schedule",
    "Settled",
    "Shift",
    "Stay",
    "Step",
    "StoodDown",
    "SubjectChanged",
    "SupersededBy",
    "Tell",
    "Terms",
    "TimingPolicy",
    "Told",
    "ToldAgain",
    "UnableToReach",
    "Unheard",
    "Unreadable",
    "UnsoundWorkflow",
    "Until",
    "Urgency",
    "UrgencyChanged",
    "Waived",
    "Way",
    "WeekdayCalendar",
    "When",
    "Where",
    "Work",
    "Workflow",
    "World",
    "WrongRulebook",
    "adeliver",
    "advance",
    "advance_with_history",
    "by_about",
    "can_wait",
    "catch_up",
    "check",
    "deliver",
    "digests",
    "every_item",
    "expects",
    "explain",
    "from_holidays",
    "label",
    "migrate",
    "moment",
    "next_check",
    "open_case",
    "ours",
    "replay",
    "retime",
    "stair",
    "stands",
    "to_carry",
    "to_columns",
    "undelivered",
    "whole_case",
    "worklist",
]

# Where each name lives; a test holds this against the imports above and against `__all__`.
_ROOMS: Final = {
    "case": (
        "Answer Attempts Book Case Deadline Entry How Opening Pause Quiet Redated Schedule Settled Shift Step Terms "
        "Told World"
    ),
    "digest": "Digest Digests can_wait digests",
    "effects": "DeadlineHeld DeadlineMissed DeadlineSet DeadlineSettled Effect Escalated Moved ReadyToClose StoodDown",
    "engine": "CaughtUp advance catch_up check migrate next_check open_case replay retime",
    "errors": (
        "CarecoordError ForeignEvent HistoryIncomplete HistoryNeeded ImpossibleEvent ImpossibleTiming "
        "IncompleteRulebook KeyReused NaiveMoment NoLimit NotAMoment Refused Unreadable UnsoundWorkflow "
        "WrongRulebook"
    ),
    "events": (
        "Acknowledged Act AlarmUndelivered Attempt ClosedByAdministration Conflict ConflictKind "
        "ConflictRaised ConflictResolved ContactAttempted EnteredInError Event Facts HandoverAccepted "
        "HandoverDeclined HandoverOffered Link Linked LinkedCaseEnded LoopClosed Migrated MomentCorrected News "
        "Noted OwnerGone PatientDied PatientLeft Paused Reopened Resumed Retimed Retracted SubjectChanged "
        "SupersededBy ToldAgain UnableToReach UrgencyChanged Waived Way"
    ),
    "hooks": ("Delivery Directory Failure Hooks Tell Unheard When adeliver advance_with_history deliver undelivered"),
    "migration": "Drop Keep Plan Restart",
    "moments": "Day moment",
    "policies": (
        "BusinessDays Calendar CalendarDays CountsFrom Hours Ladder Limit LimitTable Minutes Months QuietHours Rung "
        "TimingPolicy Until WeekdayCalendar from_holidays stair"
    ),
    "rulebook": "Practice Rulebook",
    "tables": "All Clock Move Not On Otherwise Said Stay Where by_about every_item label whole_case",
    "views": "Duty Expectation Work expects explain stands to_carry to_columns worklist",
    "vocabulary": "Actor Citation Role Urgency ours",
    "workflow": "Workflow",
}
_ROOM_OF: Final = {name: room for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module 'carecoord' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"carecoord.{room}"), name)
    return value


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]

"""Who owes what by when, and who is told: spans, calendars, ladders, limits and attempts, handed in by the host."""

from carecoord.case import Attempts
from carecoord.policies.calendars import Calendar, WeekdayCalendar, from_holidays
from carecoord.policies.ladders import Ladder, Rung, stair
from carecoord.policies.limits import CountsFrom, Limit, LimitTable, TimingPolicy, Until
from carecoord.policies.quiet import QuietHours
from carecoord.policies.spans import BusinessDays, CalendarDays, Hours, InSequence, Minutes, Months, RestOfYear, Span

__all__ = [
    "Attempts",
    "BusinessDays",
    "Calendar",
    "CalendarDays",
    "CountsFrom",
    "Hours",
    "InSequence",
    "Ladder",
    "Limit",
    "LimitTable",
    "Minutes",
    "Months",
    "QuietHours",
    "RestOfYear",
    "Rung",
    "Span",
    "TimingPolicy",
    "Until",
    "WeekdayCalendar",
    "from_holidays",
    "stair",
]

"""
Everything that the demo makes up, in one table, and the dice that are thrown with it.

What concerns one other kind of loop alone stands in `referral_shares.py`, `lab_shares.py` and `plan_shares.py`.

None of these numbers was measured, and none says anything about real practices: they are
chosen so that a demo of a few dozen loops meets what a practice meets in a year. What is drawn
depends on the seed and on what is asked, not on the order of asking.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from examples.clinic.lab_shares import OF_RESULTS
from examples.clinic.plan_shares import OF_PLANS
from examples.clinic.referral_shares import OF_REFERRALS
from examples.clinic.ways import Share

# fmt: off
OF_ALL: Mapping[str, tuple[Share, ...]] = MappingProxyType({
    #         this way             in %  after hours    because
    "a fact is heard": (
        Share("at once",              62, (0.05, 2),    "most hospitals send a message as it happens"),
        Share("a day later",          26, (4, 40),      "others send a batch at night, or a fax"),
        Share("by asking",            12, (60, 200),    "some send nothing: we hear when we call; no notice"),
    ),
    "an arrival is told": (
        Share("told",                 88, None,         "as above"),
        Share("never",                12, None,         "outside the feed: the discharge is what we hear first"),
    ),
    "a message comes": (
        Share("once",                 82, None,         "as it should"),
        Share("twice",                18, (0.1, 30),    "a feed that was down sends again, under the same key"),
    ),
    "a second feed": (
        Share("is silent",            75, None,         "the regional exchange knows some hospitals only"),
        Share("tells it too",         25, (2, 72),      "it tells later what is known, under a key of its own"),
    ),
    "information for the hospital": (
        Share("is sent",              72, (1, 20),      "lists of medication and problems, during the stay"),
        Share("is not sent",          28, None,         "nobody finds the time"),
    ),
    "asking where the patient is": (
        Share("every few days",       85, (90, 160),    "a call to the ward within the week"),
        Share("later",                15, (180, 300),   "the week was busy"),
    ),
    "the summary comes": (
        Share("in two days",          55, (2, 44),      "as HEDIS TRC wants it"),
        Share("later",                33, (60, 400),    "dictated late, or sent to the wrong office"),
        Share("never",                12, None,         "emergency departments send none, often"),
    ),
    "tests pending, it says": (
        Share("none",                 62, None,         "nothing was pending"),
        Share("which",                18, None,         "a culture, a biopsy"),
        Share("not",                  20, None,         "the summary leaves it open: somebody has to ask"),
    ),
    "asking about tests": (
        Share("answered",             80, (20, 120),    "the ward looks it up"),
        Share("not answered",         20, (300, 500),   "in the end a clinician lets it go, with a reason"),
    ),
    "a pending test is taken on": (
        Share("in time",              75, (1, 30),      "the owner of the patient opens a result case"),
        Share("late",                 25, (60, 200),    "the list lay in a tray"),
    ),
    "the first call": (
        Share("next working day",     70, (1, 24),      "TCM wants two business days"),
        Share("late",                 30, (60, 200),    "the discharge was seen late, or the week was busy"),
    ),
    "a call": (
        Share("reaches somebody",     54, None,         "the patient or who cares for them"),
        Share("reaches a machine",     8, None,         "filed as a contact, but nobody spoke"),
        Share("reaches nobody",       38, (18, 50),     "tried again a day or two later"),
    ),
    "after two tries in vain": (
        Share("goes on",              65, None,         "until somebody answers"),
        Share("gives up",             35, (1, 20),      "may be refused: some patients must get a letter, too"),
    ),
    "a contact is filed": (
        Share("right",                96, None,         "as it should"),
        Share("in the wrong chart",    4, (10, 50),     "found and taken back"),
    ),
    "an act is filed": (
        Share("at once",              85, None,         "while it is done"),
        Share("next morning",         15, (12, 20),     "after the paper of the day"),
    ),
    "medication is reconciled": (
        Share("within the month",     80, (20, 300),    "with the first call or visit"),
        Share("later",                20, (760, 1000),  "after the 31 days of HEDIS MRP"),
    ),
    "reconciled by": (
        Share("nurse",                46, None,         "the usual way"),
        Share("pharmacist",           26, None,         "where there is one"),
        Share("prescriber",           18, None,         "at the visit"),
        Share("coordinator",          10, (20, 60),     "no such right (HEDIS MRP): refused, a nurse does it"),
    ),
    "a follow-up visit": (
        Share("is booked",            78, (4, 60),      "after a hospital stay, or at high risk"),
        Share("is declined",           7, (20, 100),    "the patient sees somebody else"),
        Share("is not needed",        15, (200, 500),   "a clinician lets it go, with a reason"),
    ),
    "a booked visit": (
        Share("is held",              74, (72, 300),    "if the bundle has no office visit within 14 days"),
        Share("is missed",            26, (72, 300),    "as above"),
    ),
    "a missed visit": (
        Share("is booked again",      62, (4, 90),      "and then held"),
        Share("is given up",          38, (20, 120),    "the patient declines"),
    ),
    "closing a loop": (
        Share("soon",                 85, (1, 30),      "the coordinator closes what is ready"),
        Share("late",                 15, (100, 400),   "somebody else's list"),
    ),
    "a surprise": (
        Share("is looked into",      100, (2, 30),      "acknowledged, or who was told is told again"),
    ),
    "a readmission": (
        Share("is linked",           100, (4, 60),      "the new loop takes over what the old one could not finish"),
    ),
    "a loop": (
        Share("is worked on",         80, None,         "until it is closed"),
        Share("is left lying",        20, None,         "allotted, not thrown, among the later discharges"),
    ),
    "what is left lying": (
        Share("everything",           50, None,         "the loop fell off the list on the day of the discharge"),
        Share("contact",              15, None,         "nobody calls"),
        Share("reconcile",            15, None,         "nobody reconciles"),
        Share("pending_known",        10, None,         "no summary, and nobody asks"),
        Share("closing",              10, None,         "all is done, and nobody closes"),
    ),
    "a working day": (
        Share("somebody looks",       94, None,         "the worklist is read every morning"),
        Share("nobody looks",          6, None,         "the office was closed, or the system down"),
    ),
    "a week's shift": (
        Share("is staffed",           93, None,         "each role is somebody's for a week"),
        Share("is empty",              7, None,         "leave without a stand-in: the alarm goes one rung up"),
    ),
})
# fmt: on
GROUPS: Mapping[str, tuple[Share, ...]] = MappingProxyType({**OF_ALL, **OF_REFERRALS, **OF_RESULTS, **OF_PLANS})
"""The whole table."""


class Dice:
    """Dice for one purpose; *drawn* counts what came of them, and of all others that share it."""

    def __init__(self, drawn: Counter[tuple[str, str]], *purpose: object) -> None:
        self._random = random.Random("|".join(map(str, purpose)))
        self._drawn = drawn

    def draw(self, group: str) -> Share:
        """Return the way that it goes this time."""
        ways = GROUPS[group]
        (share,) = self._random.choices(ways, [way.percent for way in ways])
        self._drawn[group, share.name] += 1
        return share

    def way(self, group: str) -> str:
        """Return the name of the way that it goes this time."""
        return self.draw(group).name

    def after(self, at: datetime, share: Share) -> datetime:
        """Return *at*, or if it takes time to go this way, so much later, to the minute."""
        if share.hours is None:
            return at
        return at + timedelta(minutes=round(60 * self._random.uniform(*share.hours)))

    def some(self, of: list[str], count: int) -> list[str]:
        """Return *count* of these, each at most once; this is no draw from the table."""
        return self._random.sample(of, min(count, len(of)))

"""
What the demo makes up about referrals: the second part of the table in `shares.py`, of the same kind.

The bundles hold that a referral was made and, for dental care, a visit. All that lies between
and behind is here, and none of it was measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from examples.clinic.ways import Share

# fmt: off
OF_REFERRALS: Mapping[str, tuple[Share, ...]] = MappingProxyType({
    #         this way             in %  after hours    because
    "what is asked is stated": (
        Share("with the referral",    85, (0.1, 2),     "question, urgency and type are asked for by the form"),
        Share("later",                15, (20, 70),     "sent without: refused (CC-04 A), stated, sent again"),
    ),
    "a package leaves": (
        Share("in two days",          80, (1, 40),      "by the coordinator, as referrals come in"),
        Share("late",                 20, (90, 200),    "after the three business days of our own row"),
    ),
    "a recipient is reached": (
        Share("by an interface",      65, None,         "it tells whether they accept, and can confirm"),
        Share("by fax",               35, None,         "it confirms nothing"),
    ),
    "a fax": (
        Share("goes through",         85, None,         "as it should"),
        Share("fails",                15, (0.2, 5),     "busy, or a number that changed; sent again"),
    ),
    "they answer": (
        Share("yes",                  52, (8, 120),     "within the week that VA guidance gives"),
        Share("yes, late",            12, (180, 300),   "after it"),
        Share("what is missing",      12, (20, 120),    "they ask for results or a list of medication"),
        Share("no",                   10, (20, 140),    "no capacity, or not their field"),
        Share("nothing",              14, None,         "we learn of it when we ask, or from the report"),
    ),
    "what they ask for is supplied": (
        Share("in time",              80, (2, 30),      "a second package"),
        Share("late",                 20, (70, 160),    "it lay in a tray"),
    ),
    "after a no": (
        Share("another is asked",     80, (4, 60),      "the next on the list"),
        Share("we let it be",         20, (4, 60),      "the clinician decides otherwise, with a reason"),
    ),
    "we ask how it stands": (
        Share("soon",                 60, (190, 260),   "when the answer is overdue"),
        Share("later",                40, (300, 500),   "the week was busy"),
    ),
    "a visit is fixed": (
        Share("in three days",        60, (4, 60),      "as VA scheduling wants it"),
        Share("later",                20, (100, 300),   "a waiting list"),
        Share("we are not told",      20, None,         "many offices tell the patient alone"),
    ),
    "how far ahead a visit is": (
        Share("some weeks",          100, (150, 700),   "where the bundle does not say when it was"),
    ),
    "what becomes of a visit": (
        Share("it is held",           68, (0.5, 3),     "where the bundle does not hold it"),
        Share("the patient is missed", 20, (0.5, 30),   "a no-show, told the same day or the next"),
        Share("it is called off",     12, None,         "by either side, a day before"),
    ),
    "after a missed visit": (
        Share("booked again",         70, (10, 120),    "and then held"),
        Share("not reached",          30, (10, 60),     "three tries, and the report stays owed"),
    ),
    "a referral is still wanted": (
        Share("yes",                  93, None,         "as it should"),
        Share("no",                    7, (10, 80),     "better, or moved away: the other side is asked to stop"),
    ),
    "that they stop": (
        Share("is confirmed",         60, (10, 60),     "the handshake of 360X"),
        Share("is never confirmed",   40, (130, 260),   "in the end a clinician lets it go and withdraws"),
    ),
    "a note": (
        Share("is not sent",          70, None,         "the report is what comes"),
        Share("comes first",          30, (4, 60),      "a few lines on the day, to be read as well"),
    ),
    "the report comes": (
        Share("in two weeks",         68, (24, 330),    "most do, in the end"),
        Share("in months",            20, (900, 2600),  "after we have asked, or on the patient's next visit"),
        Share("never",                12, None,         "a third of referrals lack one: rationale of CMS50"),
    ),
    "a report is filed": (
        Share("right",                94, None,         "as it should"),
        Share("in the wrong case",     6, (30, 180),    "another patient's: found and taken back"),
    ),
    "a report is read": (
        Share("in two days",          75, (2, 40),      "by the clinician who asked"),
        Share("late",                 25, (80, 300),    "it lay in the inbox"),
    ),
    "it changes": (
        Share("nothing",              70, None,         "the question is answered"),
        Share("the plan",             20, (4, 120),     "brought into the care plan"),
        Share("the orders",           10, None,         "another case takes them on"),
    ),
    "the patient is told": (
        Share("by voice",             74, (2, 90),      "a call, or the next visit"),
        Share("by the portal alone",  12, (2, 40),      "is not being told: a call follows"),
        Share("late",                 14, (150, 400),   "no news was taken for good news"),
    ),
    "a call after the portal": (
        Share("follows",             100, (20, 120),    "somebody sees that the duty is still owed"),
    ),
    "a report": (
        Share("stands",               92, None,         "as it should"),
        Share("is corrected",          8, (50, 400),    "a second version, to be read and told again"),
    ),
    "what is left of a referral": (
        Share("sending",              25, None,         "it lies in the tray"),
        Share("review",               30, None,         "the report is filed unread"),
        Share("inform",               25, None,         "nobody tells the patient"),
        Share("closing",              20, None,         "all is done, and nobody closes"),
    ),
})
# fmt: on

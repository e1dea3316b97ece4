"""
What the demo makes up about laboratory results: another part of the table in `shares.py`, of the same kind.

The bundles hold when something was taken, what was measured, and a flag for about a third of it.
All that lies between the taking and a patient who knows is here, and none of it was measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from examples.clinic.ways import Share

# fmt: off
OF_RESULTS: Mapping[str, tuple[Share, ...]] = MappingProxyType({
    #         this way             in %  after hours    because
    "an order": (
        Share("at the visit",        100, (0.2, 3),     "so long before it is taken; the bundles know no orders"),
    ),
    "a specimen": (
        Share("is good",              97, None,         "as it should"),
        Share("is rejected",           3, (2, 20),      "haemolysed, too little, no name on it"),
    ),
    "after a rejection": (
        Share("is taken again",       70, (20, 120),    "the patient comes once more"),
        Share("is ordered anew",      20, (20, 90),     "under another order"),
        Share("is let be",            10, (20, 90),     "the clinician withdraws it, with a reason"),
    ),
    "a laboratory report": (
        Share("comes in two days",    84, (3, 44),      "most laboratories report within a day or two"),
        Share("comes late",           12, (100, 260),   "sent to a reference laboratory"),
        Share("comes very late",       4, (400, 700),   "after the two weeks of our own row"),
    ),
    "a value": (
        Share("is final",             88, None,         "as it should"),
        Share("is preliminary first",  7, (4, 40),      "and final some hours later"),
        Share("comes behind",          4, (10, 70),     "in a second message"),
        Share("cannot be obtained",    1, None,         "OBX-11 X: a clinician decides whether it matters"),
    ),
    "a flagged value": (
        Share("is abnormal",          93, None,         "as the flag says"),
        Share("is critical",           7, None,         "no bundle has a critical flag, so some of the others are"),
    ),
    "a critical value": (
        Share("is called first",      30, (0.1, 0.6),   "the message follows the call"),
        Share("is called after",      45, (0.05, 0.5),  "the call follows the message"),
        Share("is written alone",     25, None,         "an alarm is all that tells of it"),
    ),
    "a call from the laboratory": (
        Share("is read back",         80, None,         "all six facts, and read back"),
        Share("is not read back",     20, None,         "so it counts as no call, and the alarm goes on"),
    ),
    "a critical alarm": (
        Share("is acknowledged",      75, (0.05, 0.24), "by the orderer"),
        Share("goes up",              25, (0.3, 3),     "by a surrogate, who is rung after half an hour"),
    ),
    "the exchange": (
        Share("is silent",            85, None,         "it knows some laboratories only"),
        Share("tells it too",         15, (2, 60),      "some of the values, once more and without a flag"),
    ),
    "in the portal": (
        Share("nobody looks",         65, None,         "released as soon as it is here; no organisation may delay it"),
        Share("the patient reads it", 35, (0.5, 60),    "often before anybody here does"),
    ),
    "it is opened": (
        Share("and read",             70, None,         "at once"),
        Share("and closed again",     30, (0.2, 5),     "viewed, and left for later: that is no review"),
    ),
    "results are read": (
        Share("in three days",        76, (2, 60),      "as our row for abnormal results wants it"),
        Share("late",                 24, (90, 260),    "it lay in the inbox"),
    ),
    "results are read by": (
        Share("a clinician",          94, None,         "as it should"),
        Share("a nurse",               6, (4, 40),      "has no such right: refused, a clinician does it"),
    ),
    "what had no flag": (
        Share("is normal",            78, None,         "a clinician says so, and it is told as normal"),
        Share("is not all normal",    22, None,         "the first of it is not: it is told as abnormal"),
    ),
    "results ask for": (
        Share("nothing",              84, None,         "nothing more is to be done"),
        Share("more",                 16, None,         "a repeat, a change of dose, a referral"),
    ),
    "what they ask for": (
        Share("is done",              50, (40, 500),    "here"),
        Share("another case has",     30, (2, 60),      "a referral, or another order"),
        Share("is declined",          20, (20, 300),    "by the patient"),
    ),
    "results are told": (
        Share("by voice",             45, (2, 80),      "a call, or the next visit"),
        Share("by letter",            33, (10, 120),    "normal ones, mostly"),
        Share("by the portal alone",  12, (1, 30),      "is not being told: a call follows"),
        Share("late",                 10, (200, 420),   "no news was taken for good news"),
    ),
    "results": (
        Share("stand",                92, None,         "as they should"),
        Share("are corrected",         6, (60, 600),    "one value: read, and told to whoever was told"),
        Share("are another's",         2, (30, 300),    "posted on the wrong patient: all taken back, and sent anew"),
    ),
    "what is left of a result": (
        Share("reading",              35, None,         "it lies in the inbox"),
        Share("telling",              40, None,         "nobody tells the patient"),
        Share("closing",              25, None,         "all is done, and nobody closes"),
    ),
})
# fmt: on

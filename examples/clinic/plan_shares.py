"""
What the demo makes up about care plans: another part of the table in `shares.py`, of the same kind.

The bundles hold which plans run, since when, and their goals. Who was found for care management
and why, what a plan lacked, who took part, accepted, weighed, reviewed, measured and was given a
copy is here, and none of it was measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from examples.clinic.ways import Share

# fmt: off
OF_PLANS: Mapping[str, tuple[Share, ...]] = MappingProxyType({
    #         this way             in %  after hours    because
    "a patient is found": (
        Share("in the first weeks",   70, (10, 500),    "the practice goes through its list of patients"),
        Share("in the second month",  30, (500, 1500),  "and takes its time"),
    ),
    "a new patient is found": (
        Share("at the visit",        100, (0.2, 3),     "so long before the first plan; the bundles know no finding"),
    ),
    "why a patient is found": (
        Share("poorly controlled",    45, None,         "group C of NCQA PCMH CM-01; the bundles stratify nobody"),
        Share("high cost",            25, None,         "group B"),
        Share("behavioral health",    10, None,         "group A"),
        Share("social",                8, None,         "group D"),
        Share("referred",             12, None,         "group E"),
    ),
    "the risk is": (
        Share("high",                 35, None,         "reviewed every quarter"),
        Share("rising",               40, None,         "twice a year"),
        Share("low",                  25, None,         "once a year"),
    ),
    "a plan is drafted": (
        Share("soon",                 80, (24, 200),    "by a care manager, with the list of problems"),
        Share("late",                 20, (400, 800),   "after the two weeks that our row gives where risk is high"),
    ),
    "the patient takes part": (
        Share("when it is drafted",   80, (1, 20),      "in the same hour, or by telephone"),
        Share("later",                20, (60, 300),    "until then it is not put in force (CM-04): refused"),
    ),
    "a draft": (
        Share("is whole",             85, None,         "the five elements of CM-04"),
        Share("lacks the prognosis",  15, (2, 60),      "refused (CM-04), written, put in force again"),
    ),
    "a draft is put in force": (
        Share("soon",                 78, (30, 170),    "a clinician reads it and agrees"),
        Share("late",                 22, (380, 800),   "it lay in the inbox"),
    ),
    "a component is accepted": (
        Share("in three days",        78, (2, 50),      "one clinician for each component: CC-12"),
        Share("late",                 22, (100, 400),   "each thought that it was the other's"),
    ),
    "who takes a component": (
        Share("the owner",            60, None,         "who has the patient has the component"),
        Share("another clinician",    40, (1, 20),      "assigned first; until they accept, it is the owner's"),
    ),
    "a visit": (
        Share("bears on the plan",    60, None,         "the bundle says that it was, and not what it meant"),
        Share("does not",             40, None,         "something else: nobody tells the plan of it"),
    ),
    "a visit is weighed": (
        Share("in five days",         76, (2, 90),      "by the owner, when it is heard of"),
        Share("late",                 24, (200, 500),   "it lay in the inbox"),
    ),
    "a weighed visit changes": (
        Share("nothing",              85, None,         "the plan stays as it is"),
        Share("the plan",             15, None,         "a new version; a draft that waits comes into force anyway"),
    ),
    "what a stay brought": (
        Share("is brought in",        75, (2, 100),     "the plan says what the hospital changed"),
        Share("is brought in late",   25, (220, 600),   "somebody asks at the next visit"),
    ),
    "a review comes": (
        Share("by its date",          70, (0, 200),     "drawn from ten days before its date"),
        Share("late",                 30, (300, 1000),  "the visit was put off"),
    ),
    "a review": (
        Share("changes nothing",      65, None,         "the plan stays as it is"),
        Share("changes the plan",     35, None,         "a new version"),
    ),
    "a review is begun": (
        Share("and ended at once",    80, None,         "in one sitting"),
        Share("and ended later",      20, (30, 450),    "somebody had to be asked"),
    ),
    "goals are measured": (
        Share("in time",              80, (0, 150),     "by the care manager; the bundles measure no goal"),
        Share("late",                 20, (400, 900),   "the patient could not be reached"),
    ),
    "a copy": (
        Share("is handed over",       56, (1, 60),      "at the end of the visit; the bundles hold no copy"),
        Share("is sent by mail",      14, (20, 100),    "in writing counts, whichever way: CM-05"),
        Share("is in the portal",     14, (1, 30),      "nobody knows whether they have access: a letter follows"),
        Share("is not wanted",         8, (1, 60),      "offered, and declined: that is an end as well"),
        Share("comes back",            8, (60, 240),    "a wrong address: it is owed again"),
    ),
    "a copy after that": (
        Share("is handed over",      100, (24, 150),    "somebody sees that it is still owed"),
    ),
    "a plan": (
        Share("goes on",              84, None,         "for years"),
        Share("is handed on",          8, (2500, 6500), "to another practice, so long after it came into force"),
        Share("is not wanted",         8, (1500, 6500), "the patient says no"),
    ),
    "what is left of a plan": (
        Share("reviewing",            55, None,         "for eight months nobody has looked at it"),
        Share("copies",               45, None,         "the newest version never reaches the patient"),
    ),
})
# fmt: on

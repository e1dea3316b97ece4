"""Rules of the United States, by publisher: `us.cms.tcm.contact`, `us.ncqa.mrp`, `us.bwh.ancr.red`."""

from carecoord.policies.published.us import cms, ncqa, va
from carecoord.policies.published.us.agreements import compact, dc, nc
from carecoord.policies.published.us.critical import bwh, ma_coalition, peacehealth, tjc, uw
from carecoord.policies.published.us.screening import bi_rads_3, ehdi, hrsa, kp, mips, mqsa

__all__ = [
    "bi_rads_3",
    "bwh",
    "cms",
    "compact",
    "dc",
    "ehdi",
    "hrsa",
    "kp",
    "ma_coalition",
    "mips",
    "mqsa",
    "nc",
    "ncqa",
    "peacehealth",
    "tjc",
    "uw",
    "va",
]

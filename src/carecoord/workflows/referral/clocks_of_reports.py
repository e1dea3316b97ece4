"""Who owes what once something was written to us: it is read, told, brought in, and told again if it was wrong."""

from __future__ import annotations

from typing import Final

from carecoord.events import (
    EnteredInError,
    Linked,
    LinkedCaseEnded,
    ToldAgain,
)
from carecoord.tables import (
    Clock,
    On,
    Said,
    by_about,
    every_item,
)
from carecoord.vocabulary import Role
from carecoord.workflow import held_by_the_link, lost_with_the_link
from carecoord.workflows.referral.events import (
    Disposition,
    Integrated,
    InterimNoteReceived,
    PatientInformed,
    ReportCorrected,
    ReportReceived,
    ReportRetracted,
    Reviewed,
)
from carecoord.workflows.referral.facts import (
    ReferralFacts,
)
from carecoord.workflows.referral.guards import (
    each_order,
    each_version_taken_back,
    everybody_told_of_it,
    filed_now,
    news_for_the_patient,
    not_by_portal_alone,
    read_version,
    the_link,
    the_version,
    up_to_the_version,
)

REVIEW: Final[Clock[ReferralFacts]] = Clock(
    name="review",
    says="a clinician reads it and says what follows",
    item=the_version,
    starts=(On(ReportReceived, filed_now), On(ReportCorrected, filed_now), On(InterimNoteReceived, filed_now)),
    met_by=(On(Reviewed, item=up_to_the_version),),
    dropped_by=(
        On(ReportRetracted, item=each_version_taken_back, why="taken back"),
        On(EnteredInError, item=every_item, why="entered in error"),
    ),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    outlives=True,
    source="NCQA PCMH CC-04 C; MIPS IA_CC_12, option 3",
)
INFORM: Final[Clock[ReferralFacts]] = Clock(
    name="inform",
    says="somebody tells the patient what the report says",
    item=the_version,
    starts=(On(ReportReceived, filed_now), On(ReportCorrected, news_for_the_patient)),
    met_by=(On(PatientInformed, not_by_portal_alone, item=up_to_the_version),),
    dropped_by=(
        On(ReportRetracted, item=each_version_taken_back, why="taken back"),
        On(EnteredInError, item=every_item, why="entered in error"),
    ),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    waivable_by=(Role.CLINICIAN,),
    ends_with_death=True,
    reaches_patient=True,
    outlives=True,
    source="IHI closed-loop referral, step 9; no news is no good news",
)
INTEGRATE: Final[Clock[ReferralFacts]] = Clock(
    name="integrate",
    says="what the report changes stands in the care plan",
    item=the_version,
    starts=(On(Reviewed, Said(disposition=Disposition.PLAN_CHANGE), item=read_version),),
    met_by=(On(Integrated, item=up_to_the_version),),
    dropped_by=(
        On(ReportRetracted, item=each_version_taken_back, why="taken back"),
        On(EnteredInError, item=every_item, why="entered in error"),
    ),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    waivable_by=(Role.CLINICIAN,),
    outlives=True,
    source="MIPS IA_CC_12, option 3",
)
FOLLOW_UP: Final[Clock[ReferralFacts]] = Clock(
    name="follow_up",
    says="another case holds what the review ordered",
    item=by_about,
    starts=(
        On(Reviewed, Said(disposition=Disposition.NEW_ORDERS), item=each_order),
        On(LinkedCaseEnded, Said(done=False), item=lost_with_the_link),
    ),
    met_by=(On(Linked, item=the_link), On(LinkedCaseEnded, Said(done=True), item=held_by_the_link)),
    dropped_by=(On(EnteredInError, item=every_item, why="entered in error"),),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    waivable_by=(Role.CLINICIAN,),
    outlives=True,
    source="follow-up is owned until it is done: PMC4825815",
)
TELL_AGAIN: Final[Clock[ReferralFacts]] = Clock(
    name="tell_again",
    says="whoever was told what is no longer so is told again",
    item=by_about,
    starts=(On(ReportRetracted, item=everybody_told_of_it),),
    met_by=(On(ToldAgain),),
    closing=True,
    outlives=True,
    source="a correction goes to everybody who was told",
)

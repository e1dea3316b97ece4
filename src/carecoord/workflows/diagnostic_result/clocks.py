"""Who owes what about a test result: each duty, what starts it and what ends it."""

from __future__ import annotations

from typing import Final

from carecoord.events import (
    Acknowledged,
    EnteredInError,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    PatientDied,
    Reopened,
    ToldAgain,
    Waived,
)
from carecoord.tables import All, Clock, On, Said, by_about, every_item
from carecoord.vocabulary import Role
from carecoord.workflows.diagnostic_result.claims import (
    before_its_day,
    by_the_orderer_or_surrogate,
    by_voice,
    claimed,
    declines_to_tell,
    explains_with_this,
    known_with_this,
    nothing_is_awaited,
    nothing_is_taken,
    nothing_is_undecided,
    repaid_with_this,
    something_is_undecided,
    unclaimed,
)
from carecoord.workflows.diagnostic_result.events import (
    ArrivedUnasked,
    Claimed,
    Collected,
    CriticalCalled,
    Expected,
    FollowedUp,
    FollowUpDeclined,
    LabCancelled,
    NotDone,
    Ordered,
    OrderWithdrawn,
    PatientNotified,
    ReflexAdded,
    Reordered,
    ResultCorrected,
    ResultReceived,
    ResultRetracted,
    Reviewed,
    SeenByPatient,
    SpecimenRejected,
)
from carecoord.workflows.diagnostic_result.facts import (
    ResultFacts,
    seen_of_a_component,
    seen_of_a_version,
    seen_of_all,
    seen_of_an_order,
)
from carecoord.workflows.diagnostic_result.items import (
    abnormal_no_longer,
    all_that_awaits_review,
    all_that_is_awaited,
    all_that_is_awaited_no_longer,
    called_normal,
    each_finding,
    each_version_taken_back,
    held_findings,
    lost_findings,
    normal_no_longer,
    read_and_known,
    the_alarm,
    the_alarm_that_ended,
    the_component,
    the_component_if_final,
    the_component_if_gone,
    the_component_if_nobody_wants_it,
    the_component_if_unfinished,
    the_finding,
    the_one_acknowledged,
    the_patient,
    the_version,
    to_tell_abnormal,
    to_tell_normal,
    up_to_the_newest,
    up_to_what_was_told,
    what_awaits_review_no_longer,
    what_must_be_explained,
    what_was_read,
    whoever_is_owed,
    whoever_was_repaid,
)
from carecoord.workflows.diagnostic_result.lessons import NOTIFY_ABNORMAL, NOTIFY_NORMAL, RESULT_CLOCK
from carecoord.workflows.diagnostic_result.versions import CRITICAL

_Rows = tuple[On[ResultFacts], ...]

_OFFICE: Final = (Role.OWNER, Role.COORDINATOR)
_CLINICIAN: Final = (Role.CLINICIAN,)

FILED: Final = (ArrivedUnasked, ResultReceived, ResultCorrected)
"""Whatever is written to us."""

_TO_TELL: Final = (*FILED, ResultRetracted, LabCancelled, Reviewed, Reordered, Waived)
"""Whatever brings what is to be told, or gives up what would have been told in its place."""

_UNDECIDING: Final = (SpecimenRejected, NotDone, LabCancelled, ResultRetracted, Waived)
"""Whatever leaves something that will not come as it was ordered."""

_GIVEN_UP: Final[_Rows] = (
    On(LabCancelled, item=all_that_is_awaited_no_longer, why="cancelled by the laboratory"),
    On(Reviewed, item=all_that_is_awaited_no_longer, why="can be done without"),
    On(Reordered, item=all_that_is_awaited_no_longer, why="ordered anew"),
)
_IN_ERROR: Final[_Rows] = (On(EnteredInError, item=every_item, why="entered in error"),)

_CLAIM: Final[Clock[ResultFacts]] = Clock(
    name="claim",
    says="somebody answers for a result that arrived unasked",
    sees=seen_of_all,
    starts=(On(ArrivedUnasked, unclaimed),),
    met_by=(On(Claimed), On(Ordered), On(Expected)),
    owed_by=Role.OWNER,
    kept_by=Role.COORDINATOR,
    closing=True,
    source="orders that nobody owned: VA OIG 2022, the unknown queue",
)
_COLLECT: Final[Clock[ResultFacts]] = Clock(
    name="collect",
    pausable=True,
    says="the specimen or the image is taken",
    starts=(On(Ordered, nothing_is_taken),),
    met_by=(
        On(Collected),
        On(CriticalCalled),
        On(SpecimenRejected),
        On(ArrivedUnasked),
        On(ResultReceived),
        On(ResultCorrected),
    ),
    dropped_by=(
        On(NotDone, nothing_is_awaited, why="not done"),
        On(LabCancelled, nothing_is_awaited, why="cancelled by the laboratory"),
    ),
    owed_by=Role.PATIENT,
    kept_by=Role.COORDINATOR,
    waivable_by=_OFFICE,
    ends_with_death=True,
    source="NCQA PCMH CC-01 A, B",
)
_RESULT: Final[Clock[ResultFacts]] = Clock(
    name=RESULT_CLOCK,
    says="the final result is here",
    item=the_component,
    sees=seen_of_an_order,
    starts=tuple(
        # Whatever leaves something awaited owes it; what runs already is not begun again.
        On(event, claimed, item=all_that_is_awaited)
        for event in (
            Ordered,
            Expected,
            Claimed,
            Collected,
            CriticalCalled,
            ReflexAdded,
            *FILED,
            ResultRetracted,
            Reopened,
        )
    ),
    met_by=tuple(On(event, item=the_component_if_final) for event in FILED),
    dropped_by=(
        *_GIVEN_UP,
        On(Collected, before_its_day, item=all_that_is_awaited, why="taken before its day"),  # and begun anew
        On(ResultRetracted, item=the_component_if_nobody_wants_it, why="taken back"),
    ),
    owed_by=Role.LABORATORY,
    kept_by=Role.COORDINATOR,
    closing=True,
    waivable_by=_CLINICIAN,
    source="NCQA PCMH CC-01 A, B; CC-02; annual reporting AR-CC 3",
)
_FINAL: Final[Clock[ResultFacts]] = Clock(
    name="final",
    says="what is preliminary becomes final",
    item=the_component,
    sees=seen_of_a_component,
    starts=tuple(On(event, item=the_component_if_unfinished) for event in (*FILED, ResultRetracted)),
    met_by=tuple(On(event, item=the_component_if_final) for event in FILED),
    dropped_by=(*_GIVEN_UP, On(ResultRetracted, item=the_component_if_gone, why="taken back")),
    owed_by=Role.LABORATORY,
    kept_by=Role.COORDINATOR,
    closing=True,
    waivable_by=_CLINICIAN,
    source="a preliminary result is no final one: HL7 table 0085",
)
_CRITICAL: Final[Clock[ResultFacts]] = Clock(
    name=CRITICAL,
    says="the orderer or a surrogate knows of a critical result",
    item=the_component,
    sees=seen_of_a_component,
    starts=tuple(On(event, item=the_alarm) for event in (*FILED, CriticalCalled)),
    met_by=(
        On(CriticalCalled, known_with_this, item=the_alarm_that_ended),
        On(Acknowledged, All(Said(clock=CRITICAL), by_the_orderer_or_surrogate), item=the_one_acknowledged),
        On(Reviewed, item=read_and_known),
    ),
    dropped_by=(On(ResultRetracted, item=the_alarm_that_ended, why="taken back"),),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    source="Joint Commission NPSG.02.03.01; six facts of a critical communication",
)
_REVIEW: Final[Clock[ResultFacts]] = Clock(
    name="review",
    says="a clinician reads it and says what follows",
    item=the_version,
    sees=seen_of_a_version,
    starts=tuple(On(event, item=all_that_awaits_review) for event in (*FILED, ResultRetracted)),
    met_by=(On(Reviewed, item=up_to_the_newest),),
    dropped_by=(On(ResultRetracted, item=what_awaits_review_no_longer, why="taken back"),),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    source="NCQA PCMH CC-01 C, D; of 1,017 alerts 368 were not acknowledged: Singh 2007",
)
_NOTIFY_ABNORMAL: Final[Clock[ResultFacts]] = Clock(
    name=NOTIFY_ABNORMAL,
    pausable=True,
    says="somebody tells the patient of an abnormal result",
    item=the_version,
    sees=seen_of_a_version,
    starts=tuple(On(event, item=to_tell_abnormal) for event in _TO_TELL),
    met_by=(On(PatientNotified, item=up_to_what_was_told),),
    excused_by=(On(Reviewed, declines_to_tell, item=what_was_read, why="a clinical reason not to tell"),),
    dropped_by=(
        *(On(event, item=abnormal_no_longer, why="a newer version is here") for event in FILED),
        On(ResultRetracted, item=abnormal_no_longer, why="taken back"),
        On(Reviewed, item=called_normal, why="a clinician calls it normal"),
    ),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    waivable_by=_CLINICIAN,
    ends_with_death=True,
    reaches_patient=True,
    source="NCQA PCMH CC-01 F; MIPS IA_CC_2; VHA Directive 1088",
)
_NOTIFY_NORMAL: Final[Clock[ResultFacts]] = Clock(
    name=NOTIFY_NORMAL,
    pausable=True,
    says="somebody tells the patient of a normal result",
    item=the_version,
    sees=seen_of_a_version,
    starts=tuple(On(event, item=to_tell_normal) for event in _TO_TELL),
    met_by=(On(PatientNotified, item=up_to_what_was_told),),
    excused_by=(On(Reviewed, declines_to_tell, item=what_was_read, why="a clinical reason not to tell"),),
    dropped_by=(
        *(On(event, item=normal_no_longer, why="a newer version is here") for event in FILED),
        On(ResultRetracted, item=normal_no_longer, why="taken back"),
    ),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    waivable_by=_CLINICIAN,
    ends_with_death=True,
    reaches_patient=True,
    source="NCQA PCMH CC-01 E; VHA Directive 1088; no news is no good news",
)
_EXPLAIN: Final[Clock[ResultFacts]] = Clock(
    name="explain",
    says="somebody speaks with a patient who read something abnormal before anybody here did",
    item=the_version,
    sees=seen_of_a_version,
    starts=tuple(On(event, explains_with_this, item=what_must_be_explained) for event in (SeenByPatient, *FILED)),
    met_by=(On(PatientNotified, by_voice, item=up_to_what_was_told),),
    dropped_by=(On(ResultRetracted, item=each_version_taken_back, why="taken back"),),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    waivable_by=_CLINICIAN,
    ends_with_death=True,
    reaches_patient=True,
    source="results are released at once (ONC, information blocking), so patients read them first",
)
_FOLLOW_UP: Final[Clock[ResultFacts]] = Clock(
    name="follow_up",
    says="what the review asked for is done, or another case holds it",
    item=by_about,
    starts=(On(Reviewed, item=each_finding), On(LinkedCaseEnded, Said(done=False), item=lost_findings)),
    met_by=(
        On(Linked, item=the_finding),
        On(FollowedUp, item=the_finding),
        On(LinkedCaseEnded, Said(done=True), item=held_findings),
    ),
    excused_by=(On(FollowUpDeclined, item=the_finding, why="declined"),),
    dropped_by=_IN_ERROR,
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    waivable_by=_CLINICIAN,
    outlives=True,
    source="follow-up is owned until it is done: PMC4825815",
)
_DECIDE: Final[Clock[ResultFacts]] = Clock(
    name="decide",
    says="somebody here decides what becomes of what will not come as it was ordered",
    starts=tuple(
        On(event, something_is_undecided)
        for event in (
            SpecimenRejected,
            NotDone,
            LabCancelled,
            ResultRetracted,
            Reopened,
            Claimed,
            Ordered,
            Expected,
            Waived,
        )
    ),
    met_by=(
        On(Collected, nothing_is_undecided),
        On(Reordered, nothing_is_undecided),
        On(Reviewed, nothing_is_undecided),
        On(OrderWithdrawn),
    ),
    dropped_by=(
        *(On(event, nothing_is_undecided, why="it is here after all") for event in (*FILED, CriticalCalled)),
        On(Waived, nothing_is_undecided, why="let go"),
        On(ResultRetracted, nothing_is_undecided, why="taken back"),
    ),
    owed_by=Role.OWNER,
    kept_by=Role.OWNER,
    closing=True,
    source="a test that was cancelled is no test that was not needed: reportstream#4266",
)
_TELL_AGAIN: Final[Clock[ResultFacts]] = Clock(
    name="tell_again",
    says="whoever was told what is no longer so is told again",
    item=by_about,
    starts=tuple(On(event, item=whoever_is_owed) for event in (*FILED, ResultRetracted, EnteredInError)),
    met_by=(
        On(ToldAgain),
        On(PatientNotified, repaid_with_this, item=whoever_was_repaid),
        On(Reviewed, repaid_with_this, item=whoever_was_repaid),
    ),
    dropped_by=(On(PatientDied, item=the_patient, why="died"),),
    closing=True,
    outlives=True,
    source="of 60 amended reports one reached the chart of who treats: goreading.org, articles 6vhfka",
)
_WRAP_UP: Final[Clock[ResultFacts]] = Clock(
    name="wrap_up",
    says="the case of a patient who died is brought to an end",
    starts=(On(PatientDied),),
    met_by=(On(LoopClosed), On(OrderWithdrawn)),
    waivable_by=(Role.OWNER, Role.CLINICIAN),
)

CLOCKS: Final[tuple[Clock[ResultFacts], ...]] = (
    _CLAIM,
    _COLLECT,
    _RESULT,
    _FINAL,
    _CRITICAL,
    _REVIEW,
    _NOTIFY_ABNORMAL,
    _NOTIFY_NORMAL,
    _EXPLAIN,
    _FOLLOW_UP,
    _DECIDE,
    _TELL_AGAIN,
    _WRAP_UP,
)

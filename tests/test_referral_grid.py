"""
Referral: what each event does in each state, written a second time by hand and held against the engine.

`XX`: go there. `=`: stay. `!`: stay, and the news is unexpected. `x`: the act is refused; nothing was changed. `-`: it
cannot be so there. Below an event, in brackets, stand the ways in which it is told otherwise; else it is told for the
first time, of the attempt or appointment that is present, by its name or without one. A number is that of 360X/BSeR.
"""

import pytest
from tests.referral_story import CODES, WAYS, R, Referral, standing
from tests.transition_story import NOW, done, rows, tell_where_it_can_be

from carecoord import LoopClosed, Refused, UnsoundWorkflow, expects, open_case
from carecoord.events import DOOR_EVENTS
from carecoord.tables import Otherwise
from carecoord.workflows.referral import REFERRAL, Drafted, ReferralState

GRID = """
event                                   | (none) | DR | SE | NI | AC | BO | NS | AX | SN | CR | DE | RP | CL | CA | WD | SU | ER
Undeliverable                           | x      | !  | DR | DR | =  | =  | =  | =  | =  | =  | DR | =  | =  | =  | =  | ! | !
(an earlier attempt)                    | x      | !  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | ! | !
(an unknown attempt)                    | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
InformationRequested                    | x      | !  | NI | =  | NI | =  | =  | =  | =  | =  | NI | =  | !  | !  | !  | ! | !
(an earlier attempt)                    | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
(an unknown attempt)                    | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
Accepted                                | x      | !  | AC | AC | =  | =  | =  | =  | =  | =  | AC | =  | =  | =  | =  | ! | !
(an earlier attempt)                    | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | =  | =  | =  | ! | !
(an unknown attempt)                    | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
Declined                                | x      | !  | DE | DE | DE | DE | DE | DE | DE | CA | =  | !  | !  | =  | =  | ! | !
(an earlier attempt)                    | x      | !  | =  | =  | =  | =  | =  | =  | =  | =  | =  | !  | !  | =  | =  | ! | !
(an unknown attempt)                    | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
Booked                                  | x      | !  | BO | BO | BO | BO | BO | BO | BO | =  | BO | =  | !  | !  | !  | ! | !
(unnamed)                               | x      | !  | BO | BO | BO | BO | BO | BO | BO | =  | BO | =  | !  | !  | !  | ! | !
(told before)                           | x      | -  | -  | -  | -  | =  | =  | =  | =  | -  | -  | =  | !  | -  | -  | ! | !
(of an earlier attempt)                 | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
(of an unknown attempt)                 | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
Rebooked                                | x      | !  | BO | BO | BO | BO | BO | BO | BO | =  | BO | =  | !  | !  | !  | ! | !
(unnamed)                               | x      | !  | BO | BO | BO | BO | BO | BO | BO | =  | BO | =  | !  | !  | !  | ! | !
(told before)                           | x      | -  | -  | -  | -  | =  | =  | =  | =  | -  | -  | =  | !  | -  | -  | ! | !
(of an earlier attempt)                 | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
(of an unknown attempt)                 | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
NoShow                                  | x      | !  | NS | NS | NS | NS | NS | NS | NS | =  | =  | =  | =  | =  | =  | ! | !
(of the visit that was moved)           | x      | -  | -  | -  | -  | =  | =  | =  | =  | -  | -  | =  | =  | -  | -  | ! | !
(of another visit)                      | x      | !  | -  | -  | -  | !  | !  | !  | !  | =  | =  | =  | =  | =  | =  | ! | !
(of a visit that was held)              | x      | -  | -  | -  | -  | !  | !  | !  | !  | -  | -  | =  | =  | -  | -  | ! | !
(days before it is to be)               | x      | !  | !  | !  | !  | !  | !  | !  | !  | =  | !  | =  | =  | =  | =  | ! | !
AppointmentCancelled                    | x      | !  | AX | AX | AX | AX | AX | AX | AX | =  | =  | =  | =  | =  | =  | ! | !
(of the visit that was moved)           | x      | -  | -  | -  | -  | =  | =  | =  | =  | -  | -  | =  | =  | -  | -  | ! | !
(of another visit)                      | x      | !  | -  | -  | -  | !  | !  | !  | !  | =  | =  | =  | =  | =  | =  | ! | !
(of a visit that was held)              | x      | -  | -  | -  | -  | !  | !  | !  | !  | -  | -  | =  | =  | -  | -  | ! | !
VisitCompleted                          | x      | !  | SN | SN | SN | SN | SN | SN | SN | =  | SN | =  | =  | !  | !  | ! | !
(of the visit that was moved)           | x      | -  | -  | -  | -  | !  | !  | !  | !  | -  | -  | =  | =  | -  | -  | ! | !
(of another visit)                      | x      | !  | -  | -  | -  | !  | !  | !  | !  | =  | -  | =  | =  | !  | !  | ! | !
(of a visit that was held)              | x      | -  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | -  | -  | ! | !
(days before it is to be)               | x      | !  | !  | !  | !  | !  | !  | !  | !  | =  | !  | =  | =  | !  | !  | ! | !
InterimNoteReceived                     | x      | !  | SN | SN | SN | SN | SN | SN | SN | =  | SN | =  | =  | !  | !  | ! | !
(told before, and a visit booked since) | x      | -  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | -  | -  | ! | !
(of an earlier attempt)                 | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | =  | =  | !  | !  | ! | !
ReportReceived                          | x      | !  | RP | RP | RP | RP | RP | RP | RP | RP | RP | =  | RP | RP | RP | ! | !
(of an earlier attempt)                 | x      | !  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | RP | RP | RP | ! | !
(of an unknown attempt)                 | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
(told before)                           | x      | -  | -  | -  | -  | -  | -  | -  | -  | -  | -  | =  | =  | -  | -  | ! | !
ReportCorrected                         | x      | !  | RP | RP | RP | RP | RP | RP | RP | RP | RP | =  | RP | RP | RP | ! | !
(of an earlier attempt)                 | x      | !  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | RP | RP | RP | ! | !
(of an unknown attempt)                 | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
(told before)                           | x      | -  | -  | -  | -  | -  | -  | -  | -  | -  | -  | =  | =  | -  | -  | ! | !
ReportRetracted                         | x      | -  | -  | -  | -  | -  | -  | -  | -  | -  | -  | SN | SN | -  | -  | = | !
(of an earlier attempt)                 | x      | !  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | DE | DE | = | !
(of a report unknown)                   | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !
CancelConfirmed                         | x      | !  | DE | DE | DE | DE | DE | DE | DE | CA | =  | =  | !  | =  | =  | ! | !
(an earlier attempt)                    | x      | !  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | !  | =  | =  | ! | !
(an unknown attempt)                    | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | ! | !

Drafted                                 | DR     | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
Specified                               | x      | =  | x  | =  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
Sent                                    | x      | SE | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
(no care plan, and none said)           | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
(no care plan, as said)                 | x      | SE | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
Redirected                              | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | SE | x  | x  | x  | x  | x | x
(no care plan, and none said)           | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
(an attempt made before)                | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
InformationSupplied                     | x      | x  | =  | SE | =  | =  | =  | =  | =  | x  | x  | x  | x  | x  | x  | x | x
(an earlier attempt)                    | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
CancelRequested                         | x      | x  | CR | CR | CR | CR | CR | CR | CR | =  | x  | x  | x  | x  | x  | x | x
(an earlier attempt)                    | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
CancelWithdrawn                         | x      | x  | x  | x  | x  | x  | x  | x  | x  | AC | x  | x  | x  | x  | x  | x | x
(an earlier attempt)                    | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
Withdrawn                               | x      | WD | x  | x  | x  | x  | x  | x  | x  | x  | WD | x  | x  | x  | x  | x | x
(the patient died)                      | x      | WD | WD | WD | WD | WD | WD | WD | WD | WD | WD | x  | x  | x  | x  | x | x
(not confirmed by when we asked them to)| x      | WD | WD | WD | WD | WD | WD | WD | WD | WD | WD | x  | x  | x  | x  | x | x
(the confirmation was let go)           | x      | WD | x  | x  | x  | x  | x  | x  | x  | WD | WD | x  | x  | x  | x  | x | x
Reviewed                                | x      | x  | x  | x  | x  | x  | x  | x  | -  | x  | x  | =  | =  | x  | x  | = | x
(of a note)                             | x      | x  | x  | x  | x  | x  | x  | x  | =  | x  | x  | x  | x  | x  | x  | x | x
(of a version that is not here)         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
(of an earlier attempt)                 | x      | x  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | x
(by anybody else)                       | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
PatientInformed                         | x      | x  | x  | x  | x  | x  | x  | x  | -  | x  | x  | =  | =  | x  | x  | = | x
(of a note)                             | x      | x  | x  | x  | x  | x  | x  | x  | =  | x  | x  | x  | x  | x  | x  | x | x
(of a version that is not here)         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
(of an earlier attempt)                 | x      | x  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | x
Integrated                              | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | =  | =  | x  | x  | = | x
(of a version that is not here)         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
Inquired                                | x      | x  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | x  | x  | x  | x | x
ExpectationsGiven                       | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | x  | x  | x  | x | x
LoopClosed (nothing is owed)            | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | CL | x  | x  | x  | x | x
(something is owed)                     | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
Reopened                                | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | RP | DR | DR | x | x
(administration had closed it)          | x      | DR | SE | NI | AC | BO | NS | AX | x  | CR | x  | x  | RP | DR | DR | x  | x

PatientDied                             | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | =
AlarmUndelivered                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | =
Retracted                               | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | =
MomentCorrected                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | =
Acknowledged                            | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | =
ContactAttempted                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | =
Linked                                  | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | =
ToldAgain                               | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | =
Noted                                   | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | =
Waived (owed, and who may)              | x      | x  | =  | =  | =  | =  | =  | =  | =  | =  | =  | x  | x  | x  | x  | x | x
(owed, and who may not)                 | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
UnableToReach (never tried)             | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
UrgencyChanged                          | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | = | =
Paused (until later)                    | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | x  | x  | x  | x | x
(until before it began)                 | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
Resumed (something was paused)          | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | x  | x  | x  | x | x
(nothing was paused)                    | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x | x
PatientLeft                             | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
SubjectChanged                          | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
OwnerGone                               | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(somebody else)                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
HandoverOffered                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(accepted in one act)                   | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
HandoverAccepted                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(not on offer to them)                  | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
HandoverDeclined                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(not on offer to them)                  | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
ConflictRaised                          | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
ConflictResolved                        | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(no open one)                           | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
LinkedCaseEnded                         | x      | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =  | =
(of a case that was never linked)       | x      | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !  | !
SupersededBy (all is carried)           | x      | SU | SU | SU | SU | SU | SU | SU | SU | SU | SU | SU | SU | SU | SU | x  | x
(nothing is)                            | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | SU | SU | SU | SU | x  | x
ClosedByAdministration (by a clinician) | x      | x  | WD | WD | WD | WD | WD | WD | x  | WD | x  | x  | x  | x  | x  | x  | x
(by a clinician, the report read)       | x      | x  | WD | WD | WD | WD | WD | WD | x  | WD | x  | CL | x  | x  | x  | x  | x
(by a coordinator)                      | x      | WD | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(for no reason)                         | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
(by nobody in particular)               | x      | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
EnteredInError                          | x      | ER | ER | ER | ER | ER | ER | ER | ER | ER | ER | ER | ER | ER | ER | ER | x
"""  # noqa: E501

# The thirty transitions of 360X and BSeR: number, from, event, to.
BSER = """
 1 DR Sent            SE |  2 SE Accepted             AC |  3 SE Declined             DE |  4 SE CancelRequested      CR
 5 AC Declined        DE |  6 AC Booked               BO |  7 AC CancelRequested      CR |  8 AC InterimNoteReceived  SN
 9 AC ReportReceived  RP | 10 BO Declined             DE | 11 BO Rebooked             BO | 12 BO NoShow               NS
13 BO AppointmentCancelled AX | 14 BO CancelRequested CR | 15 BO InterimNoteReceived  SN | 16 BO ReportReceived       RP
17 NS Declined        DE | 18 NS Rebooked             BO | 19 NS AppointmentCancelled AX | 20 NS CancelRequested      CR
21 AX Booked          BO | 22 AX CancelRequested      CR | 23 CR CancelConfirmed      CA | 24 CR ReportReceived       RP
25 SN Declined        DE | 26 SN Booked               BO | 27 SN AppointmentCancelled AX | 28 SN CancelRequested      CR
29 SN InterimNoteReceived SN | 30 SN ReportReceived   RP
"""


def lines():
    """Return (event, claim, row) for each line of the grid."""
    event = ""
    for row in rows(GRID):
        name, _, claim = row["event"].rstrip(")").partition("(")
        event = name.strip() or event
        yield event, claim, row


CELLS = [(event, claim, code, row[code]) for event, claim, row in lines() for code in CODES if row[code] != "-"]


def outcome(code, before, event):
    """Return where the case was, and what the engine does, in the words of the grid."""
    story = tell_where_it_can_be(standing(code).fork(), before)
    was = code_of(story.case)
    if story.refuses(event) is not None:
        return was, "x"
    story.then(event)
    if story.owed("unexpected", event.key):
        return was, "!"
    return was, "=" if code_of(story.case) == was else code_of(story.case)


def code_of(case):
    return next(code for code, state in CODES.items() if state is case.state)


@pytest.mark.parametrize(
    ("event", "claim", "code", "goes"), CELLS, ids=[f"{event} ({claim}) in {code}" for event, claim, code, _ in CELLS]
)
def test_an_event_does_what_the_grid_says(event, claim, code, goes):
    for before, one in WAYS[event, claim]:
        was, went = outcome(code, before, one)
        assert went == ("=" if goes == was else goes), one


@pytest.mark.parametrize(("event", "claim", "row"), list(lines()), ids=lambda one: one if isinstance(one, str) else "")
def test_only_a_draft_opens_a_referral(event, claim, row):
    for _, one in WAYS[event, claim]:
        try:
            opened = code_of(open_case(standing("DR").rules, one, id="r-2", subject="p-9", owner="dr-3").case)
        except Refused:
            opened = "x"
        assert opened == row["(none)"]


def test_the_grid_has_every_state_and_every_event():
    assert list(CODES.values()) == list(ReferralState)
    assert [(event, claim) for event, claim, _ in lines()] == [*dict.fromkeys((e, c) for e, c, _ in lines())]
    assert set(WAYS) == {(event, claim) for event, claim, _ in lines()}
    events = set(REFERRAL.all_events) - {*DOOR_EVENTS}
    assert {type(event) for some in WAYS.values() for _, event in some} == events


@pytest.mark.parametrize("code", CODES)
def test_what_a_case_expects_of_an_event_is_what_happens(code):
    """`expects` is asked by people who have the event in their hands."""
    for (name, _), some in WAYS.items():
        for before, event in () if name in ("Retracted", "MomentCorrected") else some:
            story = tell_where_it_can_be(standing(code).fork(), before)
            _, went = outcome(code, before, event)
            assert expects(REFERRAL, story.case, event)[0].takes is (went not in ("x", "!")), event


# --- the strict profile ---------------------------------------------------------------------


def numbered():
    """Return the transitions of 360X and BSeR as (from, event, to), by number."""
    cells = [cell.split() for line in BSER.strip().splitlines() for cell in line.split("|")]
    return {int(number): (CODES[here], event, CODES[there]) for number, here, event, there in cells}


STRICT = REFERRAL.only(source="BSeR")


def test_the_thirty_transitions_of_bser_are_rows_of_the_table():
    rows_of = {row.source: row for row in REFERRAL.moves if row.source}
    assert {f"BSeR TID {number:02}" for number in range(1, 31)} == set(rows_of)
    for number, (here, event, there) in numbered().items():
        row = rows_of[f"BSeR TID {number:02}"]
        assert (row.states, row.on.__name__, row.to) == ((here,), event, there)


def test_the_strict_profile_is_these_thirty_and_the_opening():
    ways = {
        (state, row.on.__name__, row.to)
        for row in STRICT.moves
        for state in row.states
        if not isinstance(row, Otherwise)
    }
    assert ways == {*numbered().values(), (None, "Drafted", R.DRAFTED)}


def test_in_the_strict_profile_everything_else_is_the_default_of_its_kind():
    thirty = {(here, event) for here, event, _ in numbered().values()}
    for event in STRICT.events:
        for state in STRICT.members:
            if (state, event.__name__) not in thirty:
                assert all(isinstance(row, Otherwise) for row in STRICT.rows(state, event))
    assert STRICT.closes == {}
    assert LoopClosed not in {row.on for row in STRICT.moves}


def test_the_strict_profile_ends_where_bser_does():
    """Rejected, cancelled, completed are terminal there; what follows for the sender is in the whole workflow alone."""
    reached = {R.DRAFTED} | {there for _, _, there in numbered().values()}
    assert STRICT.ends & reached == {R.DECLINED, R.CANCELLED, R.REPORTED}


def test_the_strict_profile_keeps_the_duties_that_can_be_done_there():
    kept = {clock.name for clock in STRICT.clocks}
    assert {"send", "answer", "book", "visit_outcome", "rebook", "report", "confirm_cancel"} <= kept
    assert not {"supply", "decide", "review", "inform", "integrate"} & kept
    assert STRICT.waits_for[R.BOOKED] == ("visit_outcome", "report")


def test_a_case_of_the_profile_is_not_one_of_the_whole_workflow():
    assert STRICT.name == "referral, only BSeR"


def test_a_profile_of_a_source_that_no_row_cites_does_not_exist():
    with pytest.raises(UnsoundWorkflow, match="no row cites 'e-RS'"):
        REFERRAL.only(source="e-RS")


def test_a_draft_that_states_nothing_opens_a_referral():
    assert Referral(done(Drafted, NOW)).state == "DRAFTED"

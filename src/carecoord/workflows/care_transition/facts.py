"""What is known of a stay beyond where it stands."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import field, frozen

from carecoord.events import Facts
from carecoord.workflows.care_transition.events import Disposition


class Place(Enum):
    """Where the patient is, as the events have told so far."""

    EMERGENCY = "an emergency department"
    HOSPITAL = "a hospital bed"
    FACILITY = "another facility"
    HOME = "home"


@frozen(kw_only=True, eq=False, repr=False)
class TransitionFacts(Facts):
    """
    What is known of a stay.

    `high_risk` and `visit_kind`, which kind of follow-up visit is wanted ("": any), are the host's to
    say when the case is opened; `StayCorrected` changes the latter. `visit` is the account under
    which the patient lies or lay last, `visits` are all that belong to the stay, `entered_at` is when
    the patient came under the last. `inpatient` is None where only a discharge was heard of. A name
    that ends in `_by` holds the key of the event that brought it about, so that a repeat of the news is
    not taken for a second time. `summary_at` and `said_at` say when the summary came, and word of
    pending tests, since then.
    """

    high_risk: bool = False
    visit_kind: str = field(default="", repr=False)
    planned: bool | None = None
    facility: str = field(default="", repr=False)
    visit: str = ""
    visits: tuple[str, ...] = ()
    admitted: tuple[str, ...] = ()
    place: Place | None = None
    disposition: Disposition | None = None
    inpatient: bool | None = None
    entered_at: datetime | None = None
    home_since: datetime | None = None
    admitted_by: str = ""
    left_by: str = ""
    home_by: str = ""
    readmission: str = ""
    readmitted_by: str = ""
    summary_at: datetime | None = None
    said_at: datetime | None = None
    pending: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    owned: tuple[str, ...] = ()
    closed: bool = False

"""
What happens to a case: news and acts, when they happened and when they were heard.

How events are folded is the engine's and is tested there; here an event is a value, and making one is a door.
"""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pendulum
import pytest
from attrs.exceptions import FrozenInstanceError
from tests.kit.small import BOISE, DAY, DESK, FEED, FRI, HOUR, NAIVE, Lent, LoanFacts, Wanted

from carecoord import (
    Acknowledged,
    Act,
    Actor,
    AlarmUndelivered,
    Attempt,
    CarecoordError,
    ClosedByAdministration,
    ConflictKind,
    ConflictRaised,
    ConflictResolved,
    ContactAttempted,
    Day,
    EnteredInError,
    Event,
    Facts,
    HandoverAccepted,
    HandoverDeclined,
    HandoverOffered,
    ImpossibleEvent,
    Linked,
    LinkedCaseEnded,
    LoopClosed,
    Migrated,
    MomentCorrected,
    NaiveMoment,
    News,
    NotAMoment,
    Noted,
    OwnerGone,
    PatientDied,
    PatientLeft,
    Paused,
    Reopened,
    Resumed,
    Retimed,
    Retracted,
    Role,
    SubjectChanged,
    SupersededBy,
    ToldAgain,
    UnableToReach,
    Urgency,
    UrgencyChanged,
    Waived,
    Way,
)
from carecoord.events import COMMON_EVENTS, LOG_EVENTS

FRI_UTC = datetime(2024, 7, 12, 21, tzinfo=UTC)

ONE_OF_EACH = (
    Retracted(at=FRI, by=DESK, key="k", retracts="x"),
    MomentCorrected(at=FRI, by=DESK, key="k", corrects="x", moment=FRI),
    Acknowledged(at=FRI, by=DESK, key="k", clock="unexpected", about="x"),
    AlarmUndelivered(at=FRI, by=FEED, key="k", clock="lend", rung=0),
    Waived(at=FRI, by=DESK, key="k", clock="lend", reason="not needed"),
    Paused(at=FRI, by=DESK, key="k", reason="away", resume_by=FRI + 7 * DAY),
    Resumed(at=FRI, by=DESK, key="k"),
    UrgencyChanged(at=FRI, by=DESK, key="k", urgency=Urgency.STAT),
    ContactAttempted(at=FRI, by=DESK, key="k", clock="give_back", way=Way.PHONE),
    UnableToReach(at=FRI, by=DESK, key="k", clock="give_back"),
    Linked(at=FRI, by=DESK, key="k", case="r-2"),
    Retimed(at=FRI, by=DESK, key="k", duties=(("lend", ""),)),
    Migrated(at=FRI, by=DESK, key="k", came_from="1", state="LENT", drops=(("call", "no calls any longer"),)),
    ToldAgain(at=FRI, by=DESK, key="k", about="pat"),
    PatientDied(at=FRI, by=FEED, key="k"),
    OwnerGone(at=FRI, by=FEED, key="k", who="dr-1"),
    PatientLeft(at=FRI, by=FEED, key="k"),
    SubjectChanged(at=FRI, by=FEED, key="k", to="p-2"),
    ConflictRaised(at=FRI, by=FEED, key="k", kind=ConflictKind.CLINICAL, about="dose"),
    ConflictResolved(at=FRI, by=DESK, key="k", outcome="a word"),
    LinkedCaseEnded(at=FRI, by=FEED, key="k", case="r-2", done=False),
    ClosedByAdministration(at=FRI, by=DESK, key="k", reason="a word"),
    SupersededBy(at=FRI, by=DESK, key="k", case="t-9", carries=(("contact", "V1"),)),
    HandoverOffered(at=FRI, by=DESK, key="k", to="dr-2"),
    HandoverDeclined(at=FRI, by=DESK, key="k"),
    HandoverAccepted(at=FRI, by=DESK, key="k"),
    LoopClosed(at=FRI, by=DESK, key="k"),
    Reopened(at=FRI, by=DESK, key="k"),
    EnteredInError(at=FRI, by=DESK, key="k"),
    Noted(at=FRI, by=DESK, key="k", text="a word"),
)


def of_kind(event: Event) -> str:
    return type(event).__name__


# ---- when


def test_an_event_stands_at_its_moment_in_utc():
    assert Wanted(at=FRI, by=FEED, key="k").at == FRI_UTC
    assert Wanted(at=FRI, by=FEED, key="k").at.tzinfo is UTC


@pytest.mark.parametrize(
    "at", [FRI, pendulum.datetime(2024, 7, 12, 15, tz="America/Boise"), "2024-07-12T15:00-06:00"], ids=str
)
def test_an_event_takes_every_way_of_saying_a_moment(at):
    assert Wanted(at=at, by=FEED, key="k").at == FRI_UTC


def test_what_does_not_say_when_it_was_heard_was_heard_when_it_happened():
    assert Wanted(at=FRI, by=FEED, key="k").recorded_at == FRI_UTC


def test_what_was_heard_later_says_so():
    assert Wanted(at=FRI, by=FEED, key="k", recorded_at=FRI + 3 * HOUR).recorded_at == FRI_UTC + 3 * HOUR


@pytest.mark.parametrize("door", ["at", "recorded_at"])
def test_neither_moment_may_be_naive(door):
    with pytest.raises(NaiveMoment) as refused:
        Wanted(**{"at": FRI, "by": FEED, "key": "k", door: NAIVE})
    assert refused.value == NaiveMoment("2024-07-15T09:00:00")


def test_a_corrected_moment_may_not_be_naive_either():
    with pytest.raises(NaiveMoment):
        MomentCorrected(at=FRI, by=DESK, key="k", corrects="x", moment=NAIVE)


@pytest.mark.parametrize("at", ["now", 7, date(2024, 7, 12)], ids=str)
def test_an_event_takes_no_word_for_a_moment(at):
    with pytest.raises(NotAMoment):
        Wanted(at=at, by=FEED, key="k")


# ---- whose days


@pytest.mark.parametrize(
    ("at", "zone"),
    [
        (FRI, "America/Boise"),
        (FRI.astimezone(ZoneInfo("Asia/Tokyo")), "Asia/Tokyo"),
        (FRI_UTC, None),
        ("2024-07-12T15:00-06:00", None),
    ],
    ids=str,
)
def test_an_event_carries_the_zone_of_its_moment(at, zone):
    assert Wanted(at=at, by=FEED, key="k").zone == zone


def test_a_zone_that_is_said_goes_before_the_one_that_is_carried():
    assert Wanted(at=FRI, by=FEED, key="k", zone="Asia/Tokyo").zone == "Asia/Tokyo"


def test_a_mere_date_stands_at_the_end_of_its_day_and_counts_from_the_beginning():
    event = Wanted(at=Day(date(2024, 7, 12), "America/Boise"), by=FEED, key="k")
    assert event.at == datetime(2024, 7, 13, 5, 59, 59, 999999, tzinfo=UTC)
    assert event.counts_from == datetime(2024, 7, 12, 6, tzinfo=UTC)
    assert (event.day, event.zone) == (date(2024, 7, 12), "America/Boise")


def test_a_moment_counts_from_itself():
    assert Wanted(at=FRI, by=FEED, key="k").counts_from == FRI_UTC


def test_a_date_needs_a_zone():
    with pytest.raises(ImpossibleEvent) as refused:
        Wanted(at=FRI_UTC, by=FEED, key="k", day=date(2024, 7, 12))
    assert refused.value == ImpossibleEvent("Wanted", "`day` must be a date, in a zone; pass at=Day(date, zone)")


# ---- what


def test_an_event_says_everything_by_name():
    """Two moments in a row would be exchanged sooner or later."""
    with pytest.raises(TypeError):
        Wanted(FRI, FEED, "k")  # type: ignore[misc]


@pytest.mark.parametrize("key", ["", None, 7, b"k"], ids=repr)
def test_an_event_needs_a_key_that_is_a_text(key):
    with pytest.raises(ImpossibleEvent) as refused:
        Wanted(at=FRI, by=FEED, key=key)
    assert refused.value == ImpossibleEvent("Wanted", "the key must be a text of at least one character")


def test_an_event_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Wanted(at=FRI, by=FEED, key="k").key = "l"  # type: ignore[misc]


def test_changed_copies_keep_what_was_read_at_the_door():
    event = Wanted(at=Day(date(2024, 7, 12), "America/Boise"), by=FEED, key="k")
    assert attrs.evolve(event) == event
    assert attrs.evolve(event, about="x").counts_from == event.counts_from


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=of_kind)
def test_every_event_is_a_value_that_survives_pickling_and_copying(event):
    assert pickle.loads(pickle.dumps(event)) == copy.deepcopy(event) == event
    assert hash(copy.copy(event)) == hash(event)


def test_there_is_one_of_each_common_event_above():
    assert {type(event) for event in ONE_OF_EACH} == set(COMMON_EVENTS)


# ---- news and acts


@pytest.mark.parametrize("kind", COMMON_EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_is_either_news_or_an_act(kind):
    assert issubclass(kind, News) != issubclass(kind, Act)
    assert kind.news is issubclass(kind, News)


def test_what_is_said_about_the_log_is_news_and_never_refused():
    assert all(issubclass(kind, News) for kind in LOG_EVENTS)
    assert (Retracted, MomentCorrected) == LOG_EVENTS


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=of_kind)
def test_only_telling_again_tells_anybody_among_the_common_events(event):
    assert event.tells() == ("pat" if isinstance(event, ToldAgain) else None)


def test_an_act_may_say_whom_it_told():
    assert Lent(at=FRI, by=DESK, key="k", told="pat").tells() == "pat"


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=of_kind)
def test_what_somebody_wrote_is_not_in_the_repr(event):
    for f in attrs.fields(type(event)):
        if f.name in ("text", "reason"):
            assert not f.repr
            assert f.name not in repr(event)


# ---- facts


def test_facts_say_what_changed_and_keep_the_rest():
    facts = LoanFacts(note="for Mrs Quiet").but(urgency=Urgency.STAT)
    assert facts == LoanFacts(note="for Mrs Quiet", urgency=Urgency.STAT)


def test_facts_need_nothing_to_begin_with():
    """Any event may be the first that is heard."""
    assert Facts() == Facts(urgency=Urgency.ROUTINE, attempts=(), links=())


def test_facts_do_not_take_a_name_they_do_not_have():
    with pytest.raises(TypeError, match="urgancy"):
        Facts().but(urgancy=Urgency.STAT)


def test_an_attempt_is_a_value():
    tried = Attempt("give_back", None, FRI_UTC, Way.PHONE, "America/Boise")
    assert pickle.loads(pickle.dumps(tried)) == tried


def test_an_actor_is_whoever_the_host_says():
    event = Wanted(at=FRI, by=Actor(Role.PATIENT, "p-1"), key="k")
    assert event.by == Actor(Role.PATIENT, "p-1")


def test_the_repeated_hour_is_told_apart():
    first = Wanted(at=datetime(2024, 11, 3, 1, 30, tzinfo=BOISE), by=FEED, key="k")
    second = Wanted(at=datetime(2024, 11, 3, 1, 30, tzinfo=BOISE, fold=1), by=FEED, key="l")
    assert second.at - first.at == timedelta(hours=1)


# ---- fields of the wrong kind


def test_a_mere_date_of_something_else_is_refused_where_it_is_made():
    with pytest.raises(CarecoordError):
        Wanted(at=Day("2024-07-12", "America/Boise"), by=FEED, key="k")


@pytest.mark.parametrize(
    "wrong", [{"by": "nurse"}, {"about": 3}, {"zone": "America/Gotham"}, {"day": "2024-07-12"}], ids=str
)
def test_an_event_with_a_field_of_the_wrong_kind_is_refused_where_it_is_made(wrong):
    """Taken, `about=3` would stop the case: it cannot be sorted beside "grip"."""
    with pytest.raises((ImpossibleEvent, NotAMoment)):
        Wanted(**{"at": FRI, "by": FEED, "key": "k", **wrong})

"""
Everything carecoord refuses: one base, one code each, and a sentence with a way out.

Each kind is raised here by a public door, with the value and the words that come out of it. A kind that is missing from
the table below fails a test, so a new refusal comes with its sentence.
"""

import ast
import copy
import pickle
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.kit.small import (
    DESK,
    FEED,
    FRI,
    HOUR,
    LOANS,
    NAIVE,
    RULES,
    Checked,
    L,
    Lent,
    Wanted,
    failing,
    lent,
    wanted,
)

import carecoord
from carecoord import (
    CarecoordError,
    ForeignEvent,
    HistoryIncomplete,
    HistoryNeeded,
    Hours,
    ImpossibleEvent,
    ImpossibleTiming,
    IncompleteRulebook,
    KeyReused,
    NaiveMoment,
    NoLimit,
    NotAMoment,
    Practice,
    Refused,
    Retracted,
    Unreadable,
    UnsoundWorkflow,
    WeekdayCalendar,
    WrongRulebook,
    advance,
    check,
    errors,
    open_case,
)
from carecoord.workflows.care_transition import Admitted


def past() -> Any:
    log = lent()
    advance(RULES, log.case, Checked(at=FRI + HOUR / 2, by=DESK, key="late"))


def short() -> Any:
    log = lent()
    advance(RULES, log.case, Retracted(at=FRI + 3 * HOUR, by=DESK, key="back", retracts="lent"), log.entries[:2])


def reused() -> Any:
    wanted().take(Wanted(at=FRI, by=FEED, key="wanted", about="another"))


DOORS: dict[str, tuple[Callable[[], Any], CarecoordError, str]] = {
    "a naive moment": (
        lambda: check(wanted().case, at=NAIVE),
        NaiveMoment("2024-07-15T09:00:00"),
        "2024-07-15T09:00:00 has no time zone; pass an aware datetime, such as"
        " pendulum.datetime(..., tz='America/Boise')",
    ),
    "no moment": (
        lambda: check(wanted().case, at="now"),  # type: ignore[arg-type]
        NotAMoment("this text"),
        "this text is no point in time; pass an aware datetime, or ISO 8601 text with an offset",
    ),
    "no span": (
        lambda: Hours(-1),
        ImpossibleTiming("Hours", "the number must be a whole number from 0 to 880000"),
        "Hours: the number must be a whole number from 0 to 880000",
    ),
    "no key": (
        lambda: Wanted(at=FRI, by=FEED, key=""),
        ImpossibleEvent("Wanted", "the key must be a text of at least one character"),
        "Wanted: the key must be a text of at least one character",
    ),
    "no workflow": (
        lambda: attrs.evolve(LOANS, waits_for={L.WANTED: ("luck",)}),
        UnsoundWorkflow("loan", ("WANTED waits for 'luck', which is no clock",)),
        "workflow 'loan' is unsound: WANTED waits for 'luck', which is no clock",
    ),
    "no rulebook": (
        lambda: Practice("ours", ()),
        IncompleteRulebook("ours", ("a practice has at least one rulebook",)),
        "rulebook for 'ours' is incomplete: a practice has at least one rulebook",
    ),
    "another version": (
        lambda: RULES.must_fit(attrs.evolve(wanted().case, version="0")),
        WrongRulebook("t", "loan 0", "loan 1"),
        "case 't' runs under loan 0 and was given loan 1; use the rulebook it names",
    ),
    "another workflow's event": (
        lambda: wanted().take(Admitted(at=FRI, by=FEED, key="k")),
        ForeignEvent("loan", "Admitted"),
        "'loan' knows no event Admitted; `workflow.events` lists what it takes",
    ),
    "an act that does not fit": (
        lambda: wanted().take(Lent(at=FRI + HOUR, by=DESK, key="k")),
        Refused("t", "loan", "WANTED", "Lent", ("checked is True",), ("Checked",)),
        "loan 't' is WANTED and cannot take Lent: not shown that checked is True; from here it can take Checked",
    ),
    "a key of another event": (
        reused,
        KeyReused("t", "wanted"),
        "case 't' took another event under the key 'wanted'; give this one a key of its own",
    ),
    "late news without its history": (
        past,
        HistoryNeeded("t", "Checked", "late"),
        "Checked 'late' belongs before events that case 't' has taken; call again with history= all its entries",
    ),
    "a part of the history": (
        short,
        HistoryIncomplete("t", 3, 2),
        "case 't' took 3 events and the history has 2",
    ),
    "a policy that fails": (
        lambda: open_case(failing("give_back"), Lent(at=FRI, by=DESK, key="k"), id="t", subject="p", owner="o"),
        NoLimit("t", "give_back"),
        "the timing policy gives no limit for clock 'give_back' of case 't'; nothing was changed",
    ),
}

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, CarecoordError) and kind is not CarecoordError
]
VALUES = [value for _, value, _ in DOORS.values()] + [Unreadable("case.state", "one of WANTED, LENT")]


def of_kind(value: CarecoordError) -> str:
    return type(value).__name__


# ---- by the doors


@pytest.mark.parametrize(("door", "value", "sentence"), DOORS.values(), ids=DOORS)
def test_a_door_refuses_with_a_value_and_a_sentence(door, value, sentence):
    with pytest.raises(CarecoordError) as refused:
        door()
    assert refused.value == value
    assert str(refused.value) == sentence


def test_no_kind_is_missing_from_the_table():
    raised = {type(value) for _, value, _ in DOORS.values()}
    assert set(KINDS) - raised == {Unreadable}  # whose door is the codec's, in the next test


def test_data_that_cannot_be_read_is_refused_by_the_codec():
    from carecoord.codec import Codec

    with pytest.raises(Unreadable) as refused:
        Codec(LOANS).load_case('{"name": "Mrs Canary"}')
    assert "expected" in str(refused.value)
    assert "Canary" not in str(refused.value)


def test_history_of_the_right_length_but_of_other_events_says_so():
    assert str(HistoryIncomplete("t", 3, 3)) == (
        "the history has as many events as case 't' took, but they are not the same ones"
    )


def test_an_act_that_would_overtake_names_what_it_would_overtake():
    refused = Refused("t", "loan", "WANTED", "LoopClosed", overtakes=("lent", "checked"))
    assert str(refused).endswith("it would overtake what was taken under lent, checked; retract that first")


def test_unreadable_data_is_named_by_its_place_and_never_by_its_value():
    assert str(Unreadable("case.state", "one of WANTED, LENT")) == (
        "cannot read case.state: expected one of WANTED, LENT"
    )


# ---- all of them


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_is_caught_by_the_one_base_and_by_nothing_else(kind):
    assert kind.__bases__ == (CarecoordError,)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_stands_on_the_face_of_the_library(kind):
    assert getattr(carecoord, kind.__name__) is kind


def test_no_two_kinds_share_a_code():
    codes = [kind.code for kind in (CarecoordError, *KINDS)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_code_is_written_as_a_literal_once_in_the_class_it_names(kind):
    """So that a search for the code finds the one place, and no renaming of a class changes it."""
    text = Path(errors.__file__).read_text(encoding="utf-8")
    body = next(node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == kind.__name__)
    said = [node.value for node in ast.walk(body) if isinstance(node, ast.Constant) and node.value == kind.code]
    assert said == [kind.code]
    assert text.count(f'"{kind.code}"') == 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_code_is_the_name_of_its_kind_in_small_words(kind):
    assert kind.code == re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=A)(?=M)", "-", kind.__name__).lower()


@pytest.mark.parametrize("kind", [CarecoordError, *KINDS], ids=lambda kind: kind.__name__)
def test_cause_and_remedy_are_sentences_of_their_own(kind):
    for sentence in (vars(kind)["cause"], vars(kind)["remedy"]):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
    assert kind.cause != kind.remedy


@pytest.mark.parametrize("value", VALUES, ids=of_kind)
def test_an_error_equals_another_of_its_kind_with_the_same_fields(value):
    fields = [getattr(value, f.name) for f in attrs.fields(type(value))]
    twin = type(value)(*fields)
    assert twin == value
    assert hash(twin) == hash(value)
    assert value != type(value)(*fields[:-1], 7)
    assert value != "an error"


def test_errors_of_two_kinds_with_the_same_fields_differ():
    assert ImpossibleTiming("x", "y") != ImpossibleEvent("x", "y")
    assert KeyReused("t", "k") != NoLimit("t", "k")


@pytest.mark.parametrize("value", VALUES, ids=of_kind)
@pytest.mark.parametrize(
    "again",
    [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy],
    ids=["pickled", "copied", "deepcopied"],
)
def test_an_error_survives_pickling_and_copying(value, again):
    assert again(value) == value
    assert type(again(value)) is type(value)
    assert str(again(value)) == str(value)


def test_an_error_is_made_by_position_or_by_name():
    assert KeyReused("t", "k") == KeyReused(case_id="t", key="k")


@pytest.mark.parametrize("value", VALUES, ids=of_kind)
def test_a_sentence_is_one_line_without_a_full_stop_and_says_every_field(value):
    sentence = str(value)
    assert "\n" not in sentence
    assert not sentence.endswith(".")
    said = [getattr(value, f.name) for f in attrs.fields(type(value))]
    for word in said:
        for part in word if isinstance(word, tuple) else (word,):
            assert str(part) in sentence


def test_the_cause_of_a_failing_policy_is_the_policys_own_error():
    with pytest.raises(NoLimit) as refused:
        open_case(failing("give_back"), Lent(at=FRI, by=DESK, key="k"), id="t", subject="p", owner="o")
    assert type(refused.value.__cause__).__name__ == "Broken"


def test_an_impossible_calendar_is_refused_where_it_is_made():
    with pytest.raises(ImpossibleTiming, match="it ends on 2024-01-01, before its first day 2025-01-01"):
        WeekdayCalendar(zone="America/Boise", first=date(2025, 1, 1), last=date(2024, 1, 1))


def test_refusing_costs_nothing_that_stands():
    """The host still holds the case, and it still works."""
    log = wanted()
    case = log.case
    with pytest.raises(Refused):
        log.take(Lent(at=FRI + HOUR, by=DESK, key="k"))
    assert log.case is case
    assert check(case, at=datetime(2024, 7, 20, tzinfo=UTC) + timedelta(0)).effects


def test_a_remedy_names_only_what_exists():
    known = {*carecoord.__all__, "pendulum", "history", "workflow"}
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, CarecoordError):
            for code in re.findall(r"`(\w+)[^`]*`", kind.remedy + kind.cause):
                assert code in known, f"{kind.__name__}: {code}"

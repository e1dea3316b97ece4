"""What the host owes: small values, each with an id that is unique in the life of its case."""

import copy
import pickle
from datetime import UTC, datetime

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from carecoord import (
    DeadlineHeld,
    DeadlineMissed,
    DeadlineSet,
    DeadlineSettled,
    Escalated,
    How,
    Moved,
    ReadyToClose,
    Role,
    StoodDown,
)
from carecoord.effects import EFFECTS

DUE = datetime(2024, 7, 17, 6, tzinfo=UTC)

ONE_OF_EACH = (
    Moved("t", 1, None, "WANTED"),
    ReadyToClose("t", 3),
    DeadlineSet("t", "mend", "grip", 1, 4, DUE),
    DeadlineSettled("t", "mend", "grip", 1, 5, How.MET, "", DUE, DUE, DUE),
    DeadlineHeld("t", "mend", "grip", 1, 4, DUE, DUE),
    DeadlineMissed("t", "mend", "grip", 1, 4, DUE),
    Escalated("t", "mend", "grip", 1, 4, 2, 7, DUE, Role.SAFETY_OFFICER),
    StoodDown("t", "mend", "grip", 1, 5, (Role.OWNER,)),
)
IDS = (
    "t/moved/1",
    "t/ready-to-close/3",
    "t/deadline-set/mend/grip/1/4",
    "t/deadline-settled/mend/grip/1/5",
    "t/deadline-held/mend/grip/1/4",
    "t/deadline-missed/mend/grip/1/4",
    "t/escalated/mend/grip/1/4/2/7",
    "t/stood-down/mend/grip/1/5",
)

words = st.text(alphabet="a/%25F2", max_size=5)


def test_there_is_one_of_each_above():
    assert tuple(type(effect) for effect in ONE_OF_EACH) == EFFECTS


@pytest.mark.parametrize(("effect", "id"), list(zip(ONE_OF_EACH, IDS, strict=True)), ids=IDS)
def test_an_id_is_made_of_the_case_the_kind_and_what_it_speaks_of(effect, id):
    assert effect.id == id


def test_no_two_kinds_share_a_word():
    assert len({kind.kind for kind in EFFECTS}) == len(EFFECTS)


@pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.__name__)
def test_every_effect_names_its_case_first(kind):
    assert attrs.fields(kind)[0].name == "case_id"


@pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.__name__)
def test_an_id_is_made_of_fields_that_exist(kind):
    assert set(kind.speaks_of) <= set(attrs.fields_dict(kind))


@given(one=st.tuples(words, words, words), other=st.tuples(words, words, words))
def test_ids_are_the_same_only_where_everything_they_speak_of_is(one, other):
    """A host's own ids may hold the slash that parts them, and the sign that escapes it."""
    ids = [DeadlineMissed(case, clock, item, 1, 1, DUE).id for case, clock, item in (one, other)]
    assert (ids[0] == ids[1]) == (one == other)


@given(case=words, clock=words, item=words)
def test_an_id_can_be_taken_apart_again(case, clock, item):
    parts = DeadlineMissed(case, clock, item, 1, 4, DUE).id.split("/")
    read = [part.replace("%2F", "/").replace("%25", "%") for part in parts]
    assert read == [case, "deadline-missed", clock, item, "1", "4"]


@pytest.mark.parametrize("effect", ONE_OF_EACH, ids=lambda effect: effect.kind)
def test_an_effect_is_a_value_that_survives_pickling_and_copying(effect):
    assert pickle.loads(pickle.dumps(effect)) == copy.deepcopy(effect) == effect
    assert len({effect, copy.copy(effect)}) == 1


@pytest.mark.parametrize("effect", ONE_OF_EACH, ids=lambda effect: effect.kind)
def test_an_effect_cannot_be_changed(effect):
    with pytest.raises(FrozenInstanceError):
        effect.case_id = "u"

"""The words every workflow shares: who there is, how soon, and where a number comes from."""

import copy
import pickle

import pytest
from attrs.exceptions import FrozenInstanceError

from carecoord import Actor, Citation, Role, Urgency, ours


def test_urgency_is_ordered_as_fhir_request_priority():
    assert Urgency.ROUTINE < Urgency.URGENT < Urgency.ASAP < Urgency.STAT
    assert [one.name.lower() for one in Urgency] == ["routine", "urgent", "asap", "stat"]


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_a_role_says_who_stands_in_it(role):
    assert len(role.value.split()) > 1


def test_no_two_roles_say_the_same():
    assert len(Role.__members__) == len({role.value for role in Role})


def test_an_actor_is_a_value():
    assert Actor(Role.NURSE, "n-1") == Actor(Role.NURSE, "n-1") != Actor(Role.OWNER, "n-1")
    assert len({Actor(Role.NURSE, "n-1"), Actor(Role.NURSE, "n-1")}) == 1


def test_an_actor_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Actor(Role.NURSE, "n-1").id = "n-2"  # type: ignore[misc]


def test_a_source_that_nobody_looked_up_says_so_wherever_it_is_printed():
    assert str(Citation("CMS booklet", href="https://example.org")) == "CMS booklet (not verified)"


def test_a_source_that_was_looked_up_is_printed_by_its_title():
    assert str(Citation("CMS booklet", href="https://example.org", checked="2026-11-21")) == "CMS booklet"


def test_a_quotation_is_kept_but_not_printed_in_logs():
    cited = Citation("CMS booklet", quote="within 2 business days")
    assert cited.quote == "within 2 business days"
    assert "within" not in repr(cited)


def test_a_number_of_our_own_says_that_it_is_ours_and_why():
    assert str(ours("two weeks without any act")) == "ours: two weeks without any act"


@pytest.mark.parametrize("word", [*Role, *Urgency, Actor(Role.NURSE, "n-1"), ours("so")], ids=str)
def test_words_survive_pickling_and_copying(word):
    assert pickle.loads(pickle.dumps(word)) == copy.deepcopy(word) == word

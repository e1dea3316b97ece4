"""What a case remembers of an event: its key, and a short hash of all that it says."""

import os
import subprocess
import sys

from attrs import field, frozen
from tests.kit.small import FEED, FRI

from carecoord import News
from carecoord._prints import content


@frozen
class Written:
    text: str = field(repr=False)
    tags: frozenset[str] = frozenset()


@frozen(kw_only=True)
class Letter(News):
    of: Written


def test_what_a_record_within_an_event_hides_is_part_of_its_content():
    """Else the second of two letters under one key is silently dropped, and no `KeyReused` says so."""
    one, other = (Letter(at=FRI, by=FEED, key="k", of=Written(text)) for text in ("yes", "no"))
    assert content(one) != content(other)


def test_the_content_of_an_event_is_the_same_in_every_process():
    """A set within a record is printed in another order by each process: then no history is whole any more."""
    code = (
        "from tests.test_log import *; from carecoord._prints import record;"
        "print(record(Letter(at=FRI, by=FEED, key='k', of=Written('', frozenset('abcdefgh')))).hex())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1

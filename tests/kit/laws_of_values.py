"""Laws about what is handed out: it carries no patient's text, can be kept and copied, and is shared by any threads."""

import copy
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from attrs import evolve
from tests.kit.alphabet import CANARY
from tests.kit.journeys import Film, Journey, play

from carecoord.describe import in_words
from carecoord.views import expects, explain, to_columns, worklist

_THREADS = 4


def nothing_that_is_said_carries_a_patients_text(journey: Journey) -> int:
    """12. What a person wrote stands in no message, repr, effect, view or error."""
    said = list(_said(play(journey)))
    for words in said:
        assert CANARY not in words, words
    return len(said)


def _said(film: Film) -> Iterator[str]:
    flow = film.journey.stage.workflow
    for shot in film.shots:
        case = shot.case
        yield from (repr(shot.step), repr(case), repr(shot.entry))
        yield from (repr(effect) + effect.id for effect in shot.effects)
        if shot.refusal is not None:
            yield from (repr(shot.refusal), str(shot.refusal), *map(str, shot.refusal.args))
        yield from (repr(explain(case, at=shot.moment)), repr(worklist([case], at=shot.moment)))
        yield from (repr(to_columns([case])), in_words(case, at=shot.moment))
    yield repr(expects(flow, film.case))


def what_is_pickled_or_copied_is_equal(journey: Journey) -> int:
    """13. Cases, steps, entries and refusals; and a copied rulebook decides as the one it was made of."""
    film = play(journey)
    for shot in film.shots:
        for value in (shot.step, shot.case, shot.entry, shot.refusal):
            assert pickle.loads(pickle.dumps(value)) == value
            assert copy.deepcopy(value) == value
            assert copy.copy(value) == value
    editions = pickle.loads(pickle.dumps(journey.stage.editions))
    elsewhere = play(evolve(journey, stage=evolve(journey.stage, editions=editions)))
    _alike(film, elsewhere)
    return len(film.shots)


def any_number_of_threads_share_a_rulebook(journey: Journey) -> int:
    """13. Even one that nobody has used before: each thread may be the first to compile it."""
    fresh = evolve(journey.stage.workflow)
    editions = tuple(evolve(rules, workflow=fresh) for rules in journey.stage.editions)
    anew = evolve(journey, stage=evolve(journey.stage, editions=editions))
    together = Barrier(_THREADS)

    def play_it(_: int) -> Film:
        together.wait()
        return play(anew)

    with ThreadPoolExecutor(_THREADS) as pool:
        films = list(pool.map(play_it, range(_THREADS)))
    alone = play(journey)
    for film in films:
        _alike(alone, film)
    return len(films)


def _alike(one: Film, other: Film) -> None:
    for shot, twin in zip(one.shots, other.shots, strict=True):
        parts: list[tuple[Any, Any]] = [(shot.case, twin.case), (shot.effects, twin.effects)]
        parts += [(shot.entry, twin.entry), (shot.refusal, twin.refusal)]
        assert all(here == there for here, there in parts)

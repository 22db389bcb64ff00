"""The best passages are rank-bm25's best passages, with rank-bm25's scores."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.index.segments import Segment, merge, without
from store.search.ranking import Best, Clause, Ranking, Variant, rank
from tests.store.corpora import LARGE, SMALL, Cues, Opened, Place, Plain, every, libraries, places, stored

CLOSE = 1e-9
LIBRARIES = libraries(SMALL, most=20) | libraries(LARGE, most=20)
QUESTIONS = st.lists(st.integers(0, 8) | st.integers(0, 420), min_size=1, max_size=6, unique=True)


def clauses(opened: Opened, question: Sequence[int]) -> list[Clause]:
    """A clause of one variant for each word."""
    return [Clause((Variant(f"w{word}", opened.postings(word)),)) for word in question]


def asked(library: dict[int, Cues], question: Sequence[int], k: int = 10) -> Ranking:
    opened = Opened.library(library)
    return rank(opened.index, clauses(opened, question), k)


def agree(ranking: Ranking, plain: Plain, k: int) -> None:
    """The scores are the k greatest, and each passage that is given has the score it is given with."""
    given_scores = [hit.score for hit in ranking.hits]
    assert given_scores == pytest.approx(plain.best(k), abs=CLOSE, rel=CLOSE)
    for hit in ranking.hits:
        assert hit.score == pytest.approx(plain.scores[hit.transcript, hit.first, hit.end], abs=CLOSE, rel=CLOSE)
    assert len({(hit.transcript, hit.first) for hit in ranking.hits}) == len(ranking.hits)


class Shelf:
    """A guild's stored segments, changed as the database changes them, and an index that follows."""

    def __init__(self) -> None:
        self.library: dict[int, Cues] = {}
        self.opened = Opened.of({})
        self._segments: dict[int, tuple[set[int], Segment]] = {}
        self._next = 1

    def put(self, transcript: int, cues: Cues) -> None:
        self.drop(transcript)
        self.library[transcript] = cues
        self._insert({transcript}, stored(transcript, cues))

    def drop(self, transcript: int) -> None:
        self.library.pop(transcript, None)
        for id_, (owners, segment) in list(self._segments.items()):
            if transcript in owners:
                del self._segments[id_]
                if (left := without(segment, transcript)) is not None:
                    self._insert(owners - {transcript}, left)

    def group(self) -> None:
        """Merge the two oldest stored segments into one."""
        oldest = sorted(self._segments)[:2]
        if len(oldest) == 2:
            (owners, segment), (others, other) = (self._segments.pop(id_) for id_ in oldest)
            self._insert(owners | others, merge([segment, other]))

    def refresh(self) -> None:
        self.opened = Opened.of({id_: segment for id_, (_, segment) in self._segments.items()}, self.opened.index)

    def agrees(self, question: Sequence[int]) -> None:
        ranking = rank(self.opened.index, clauses(self.opened, question), 10)
        agree(ranking, Plain.of(places(self.library), question), 10)

    def _insert(self, owners: set[int], segment: Segment) -> None:
        self._segments[self._next] = (owners, segment)
        self._next += 1


@settings(max_examples=120, deadline=None)
@given(LIBRARIES, QUESTIONS, st.sampled_from([1, 3, 10, 20, 1000]))
def test_the_best_are_rank_bm25s_best(library: dict[int, Cues], question: list[int], k: int) -> None:
    plain = Plain.of(places(library), question)
    ranking = asked(library, question, k)
    agree(ranking, plain, k)
    assert ranking.matched == len(plain.scores)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from([SMALL, LARGE]))
def test_the_best_stay_rank_bm25s_best_after_any_history(data: st.DataObject, word: st.SearchStrategy[int]) -> None:
    shelf = Shelf()
    cues = st.lists(st.lists(word, max_size=40), min_size=1, max_size=10)
    for step in data.draw(st.lists(st.sampled_from("pppppdgrra"), min_size=1, max_size=40)):
        if step == "p":
            shelf.put(data.draw(st.integers(1, 15)), data.draw(cues))
        elif step == "d":
            shelf.drop(data.draw(st.integers(1, 15)))
        elif step == "g":
            shelf.group()
        elif step == "r":
            shelf.refresh()
        else:
            shelf.refresh()
            shelf.agrees(data.draw(QUESTIONS))
    shelf.refresh()
    shelf.agrees(data.draw(QUESTIONS))


@settings(max_examples=50, deadline=None)
@given(LIBRARIES, QUESTIONS, st.lists(st.integers(0, 80), max_size=8, unique=True), st.integers(1, 8))
def test_passages_that_are_taken_by_their_numbers_have_the_same_scores_and_dont_come_again(
    library: dict[int, Cues], question: list[int], numbers: list[int], k: int
) -> None:
    opened = Opened.library(library)
    scores = Plain.of(places(library), question).scores if opened.index.size else {}
    best = Best(opened.index, clauses(opened, question), k, np.zeros(opened.index.size, bool))
    wanted = np.array([number for number in numbers if number < opened.index.size], np.int64)
    first = best.next(2)
    taken = best.take(wanted)
    assert {hit.number for hit in taken} == set(wanted.tolist()) - {hit.number for hit in first}
    for hit in taken:
        assert hit.score == pytest.approx(scores.get((hit.transcript, hit.first, hit.end), 0), abs=CLOSE)
        assert bool(hit.terms) == (hit.score > 0)
    rest = best.next(1000)
    every_one = [hit.number for hit in (*first, *taken, *rest)]
    assert len(every_one) == len(set(every_one))
    assert {hit.number for hit in (*first, *taken, *rest) if hit.terms} == {
        hit.number for hit in rank(opened.index, clauses(opened, question), 1000).hits
    }


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_a_library_of_thousands_of_passages_is_ranked_alike(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    words = np.minimum(rng.zipf(1.3, size=60_000), 3_000)
    library: dict[int, Cues] = {
        id_: [cue.tolist() for cue in np.array_split(part, 40)] for id_, part in enumerate(np.array_split(words, 30))
    }
    question = [int(word) for word in dict.fromkeys(np.minimum(rng.zipf(1.2, size=count), 3_000).tolist())]
    agree(asked(library, question), Plain.of(places(library), question), 10)


@settings(max_examples=100, deadline=None)
@given(LIBRARIES, QUESTIONS, st.sets(st.integers(0, 80)), st.sampled_from([1, 5, 20]))
def test_excluded_passages_are_left_out_and_no_score_changes(
    library: dict[int, Cues], question: list[int], without_numbers: set[int], k: int
) -> None:
    opened = Opened.library(library)
    index = opened.index
    excluded = np.isin(np.arange(index.size), list(without_numbers))
    hits = every(index)
    gone = {(hits[at].transcript, hits[at].first, hits[at].end) for at in np.flatnonzero(excluded).tolist()}
    plain = Plain.of(places(library), question)
    left = Plain({place: score for place, score in plain.scores.items() if place not in gone})
    ranking = rank(index, clauses(opened, question), k, excluded=excluded)
    agree(ranking, left, k)
    assert ranking.matched == len(left.scores)


@settings(max_examples=100, deadline=None)
@given(
    LIBRARIES,
    st.lists(
        st.dictionaries(st.integers(0, 8) | st.integers(0, 420), st.sampled_from([1.0, 0.6, 0.3]), max_size=4),
        max_size=4,
    ),
    st.sampled_from([1, 5, 1000]),
)
def test_a_clause_scores_as_its_best_variant_does_in_rank_bm25(
    library: dict[int, Cues], question: list[dict[int, float]], k: int
) -> None:
    opened = Opened.library(library)
    index = opened.index
    alone = {word: Plain.of(places(library), [word]).scores for clause in question for word in clause}
    scores: dict[Place, float] = {}
    for place in {place for said in alone.values() for place in said}:
        gains = (
            max((weight * alone[word].get(place, 0.0) for word, weight in clause.items()), default=0.0)
            for clause in question
        )
        scores[place] = sum(gains)
    wanted = [
        Clause(tuple(Variant(f"w{word}", opened.postings(word), weight) for word, weight in clause.items()))
        for clause in question
    ]
    agree(rank(index, wanted, k), Plain(scores), k)


@settings(max_examples=60, deadline=None)
@given(libraries(SMALL, most=20), QUESTIONS)
def test_leaving_out_the_best_again_and_again_lists_every_match_once(
    library: dict[int, Cues], question: list[int]
) -> None:
    opened = Opened.library(library)
    index = opened.index
    excluded = np.zeros(index.size, dtype=bool)
    listed: list[float] = []
    while hits := rank(index, clauses(opened, question), 3, excluded=excluded).hits:
        assert not excluded[[hit.number for hit in hits]].any()
        excluded[[hit.number for hit in hits]] = True
        listed += [hit.score for hit in hits]
    assert listed == pytest.approx(Plain.of(places(library), question).best(10_000), abs=CLOSE, rel=CLOSE)


def test_equal_scores_stand_by_transcript_and_place() -> None:
    library: dict[int, Cues] = {id_: [[1] * 50, [1] * 50] for id_ in (30, 10, 20)}
    hits = asked(library, [1], 4).hits
    assert [(hit.transcript, hit.first) for hit in hits] == sorted((hit.transcript, hit.first) for hit in hits)


def test_a_word_in_every_passage_still_scores_above_nothing() -> None:
    for library in ({1: [[5, 6, 7]]}, {1: [[5]], 2: [[5, 6]]}):
        ranking = asked(library, [5])
        assert len(ranking.hits) == len(library)
        assert all(hit.score > 0 for hit in ranking.hits)


def test_a_rarer_word_weighs_more() -> None:
    weights = asked({id_: [[1, 2 if id_ == 1 else 3]] for id_ in range(1, 9)}, [1, 2, 3]).weights
    assert 0 < weights["w1"] < weights["w3"] < weights["w2"]


def test_words_that_occur_nowhere_are_not_weighed() -> None:
    assert asked({1: [[5]]}, [5, 9]).weights.keys() == {"w5"}
    assert asked({1: [[5]]}, [9]) == Ranking((), 0, {})


@pytest.mark.parametrize("library", [{}, {1: [[]]}, {1: [[], []], 2: [[]]}])
def test_a_library_without_words_has_no_best(library: dict[int, Cues]) -> None:
    assert asked(library, [1]).hits == ()


def test_nothing_is_asked_or_nothing_is_wanted() -> None:
    assert asked({1: [[5]]}, []).hits == ()
    assert asked({1: [[5]]}, [5], 0).hits == ()

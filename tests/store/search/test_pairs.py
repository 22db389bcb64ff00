"""The question's neighbouring words, said next to each other: a second look that lifts, and never lowers."""

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.index.directory import Postings
from store.library import Library
from store.models import Cue
from store.search.pairs import WEIGHT, Pairs
from store.search.ranking import DELTA, K1, B
from store.text.analysis import terms
from tests.store.builders import GUILD, video_file
from tests.store.corpora import SMALL, Cues, Opened, every, libraries, places
from tests.store.search.plain_windows import heard
from tests.store.search.spoken import occurring

LIBRARIES = libraries(SMALL, most=6).filter(bool)
QUESTIONS = st.lists(st.integers(0, 4).map(str), max_size=6)


def known(opened: Opened) -> dict[str, Postings]:
    found = {str(term): opened.postings(term) for term in range(5)}
    return {term: postings for term, postings in found.items() if len(postings[0])}


@settings(max_examples=80, deadline=None)
@given(LIBRARIES, QUESTIONS)
def test_a_pair_is_counted_in_the_passages_where_both_words_stand(
    library: dict[int, Cues], question: list[str]
) -> None:
    passages = [{str(word) for word in words} for words in places(library).values()]
    counted = {
        (one, other): sum({one, other} <= words for words in passages)
        for one, other in pairwise(question)
        if one != other
    }
    pairs = Pairs.of(question, known(Opened.library(library)))
    assert pairs.together == {pair: count for pair, count in counted.items() if count}


@settings(max_examples=80, deadline=None)
@given(LIBRARIES, QUESTIONS)
def test_a_passage_gains_what_rank_bm25_gives_a_word_in_as_many_places(
    library: dict[int, Cues], question: list[str]
) -> None:
    opened = Opened.library(library)
    index, pairs = opened.index, Pairs.of(question, known(opened))
    hits = every(index)
    words = places(library)
    said = [Counter(pairwise(map(str, words[hit.transcript, hit.first, hit.end]))) for hit in hits]
    columns = {pair: np.array([counted[pair] for counted in said], np.int64) for pair in pairs.together}
    gains = pairs.gains(index, hits, columns)
    for place, (hit, counted) in enumerate(zip(hits, said, strict=True)):
        gain = 0.0
        for pair in pairs.together:
            count = counted[pair]
            length = len(words[hit.transcript, hit.first, hit.end])
            norm = K1 * (1 - B + B * length / index.average_length)
            gain += math.log((index.size + 1) / pairs.together[pair]) * count * (K1 + 1) / (norm + count)
        assert gains[place] == pytest.approx(WEIGHT * gain)


def test_without_pairs_nothing_is_gained() -> None:
    index = Opened.library({1: [[1, 2]], 2: [[2, 1]]}).index
    hits = every(index)[::-1]
    assert Pairs({}).gains(index, hits, {}).tolist() == [0.0, 0.0]
    assert Pairs({}).gains(index, [], {}).tolist() == []
    assert DELTA == 1.0


def test_words_that_never_stand_together_and_a_word_said_twice_are_no_pair() -> None:
    postings = known(Opened.library({1: [[1, 1]], 2: [[2, 2]], 3: [[3, 4]]}))
    assert Pairs.of(["1", "2", "3", "4", "4", "0"], postings).together == {("3", "4"): 1}
    assert Pairs.of(["3", None, "4"], postings).together == {}  # characters stand between them


def side_by_side(texts: list[str], *pairs: tuple[str, str]) -> list[list[tuple[int, int]]]:
    """Where terms stand side by side in cues: the places of both, among all of the words."""
    said = occurring([Cue(at, text) for at, text in enumerate(texts)], {term for pair in pairs for term in pair})
    found = said.side_by_side(pairs)
    return [list(zip(*(places.tolist() for places in found[pair]), strict=True)) for pair in pairs]


def test_a_pair_is_said_in_its_order_and_as_often_as_it_is() -> None:
    texts = ["mill river mill", "candle river"]
    assert side_by_side(texts, ("mill", "river"), ("river", "mill")) == [[(0, 1)], [(1, 2)]]
    assert side_by_side(texts, ("mill", "candl"), ("mill", "quokka")) == [[(2, 3)], []]


def test_a_pair_is_said_across_stop_words_and_marks_but_no_other_word() -> None:
    texts = ["the mill of the", "river; a mill, old river"]
    assert side_by_side(texts, ("mill", "river")) == [[(1, 4)]]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["mill", "the", "river", "水車", "水", "of", "x"]), max_size=6), max_size=6))
def test_terms_stand_side_by_side_where_nothing_searchable_is_between(cues: list[list[str]]) -> None:
    texts = [" ".join(words) for words in cues]
    wanted = [(one, other) for one in ("mill", "river", "x") for other in ("mill", "river", "x")]
    said = heard([Cue(at * 1000, text) for at, text in enumerate(texts)])
    in_order = Counter(pairwise(term for cue in said for term in terms(cue.text)))
    assert [len(places) for places in side_by_side(texts, *wanted)] == [in_order[pair] for pair in wanted]


async def test_neighbours_said_next_to_each_other_lead_over_the_same_words_apart(library: Library) -> None:
    await library.ingest(GUILD, video_file("apart", "the light of the mill and the old candle burned"), "a.md")
    await library.ingest(GUILD, video_file("joined", "the mill of the old candle light burned and burned"), "b.md")
    await library.ingest(GUILD, video_file("other", "farmers argued about water"), "c.md")
    for question in ("candle light", "the candle-light?", "what about candle, light"):
        answer = await library.ask(GUILD, question)
        assert [quote.details.title for quote in answer.quotes] == ["joined", "apart"]
        assert answer.quotes[0].score > answer.quotes[1].score

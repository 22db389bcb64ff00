"""The question's neighbouring words, said next to each other: a second look that lifts, and never lowers."""

import math
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.index.directory import Postings
from store.library import Library
from store.search.pairs import WEIGHT, Pairs
from store.search.ranking import DELTA, K1, B
from tests.store.builders import GUILD, video_file
from tests.store.corpora import SMALL, Cues, Opened, libraries, places

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
    hits = [index.hit(number, (), 1.0) for number in range(index.size)]
    words = places(library)
    said = [pairs.said([str(word) for word in words[hit.transcript, hit.first, hit.end]]) for hit in hits]
    again = pairs.reordered(index, hits, said)
    assert sorted(hit.number for hit in again) == list(range(index.size))
    assert [hit.score for hit in again] == sorted((hit.score for hit in again), reverse=True)
    scores = {hit.number: hit.score for hit in again}
    for hit, counted in zip(hits, said, strict=True):
        gain = 0.0
        for pair, count in counted.items():
            length = len(words[hit.transcript, hit.first, hit.end])
            norm = K1 * (1 - B + B * length / index.average_length)
            gain += math.log((index.size + 1) / pairs.together[pair]) * count * (K1 + 1) / (norm + count)
        assert scores[hit.number] == pytest.approx(1.0 + WEIGHT * gain)


def test_without_pairs_the_order_stays_as_it_was() -> None:
    index = Opened.library({1: [[1, 2]], 2: [[2, 1]]}).index
    hits = [index.hit(number, (), 1.0) for number in (1, 0)]
    assert Pairs({}).reordered(index, hits, [Counter(), Counter()]) == hits
    assert Pairs({}).reordered(index, [], []) == []
    assert DELTA == 1.0


def test_words_that_never_stand_together_and_a_word_said_twice_are_no_pair() -> None:
    postings = known(Opened.library({1: [[1, 1]], 2: [[2, 2]], 3: [[3, 4]]}))
    assert Pairs.of(["1", "2", "3", "4", "4", "0"], postings).together == {("3", "4"): 1}


def test_a_pair_is_said_in_its_order_and_as_often_as_it_is() -> None:
    pairs = Pairs({("a", "b"): 1, ("b", "a"): 1})
    assert pairs.said("a b a c b".split()) == Counter({("a", "b"): 1, ("b", "a"): 1})
    assert pairs.said([]) == Counter()


async def test_neighbours_said_next_to_each_other_lead_over_the_same_words_apart(library: Library) -> None:
    await library.ingest(GUILD, video_file("apart", "the light of the mill and the old candle burned"), "a.md")
    await library.ingest(GUILD, video_file("joined", "the mill of the old candle light burned and burned"), "b.md")
    await library.ingest(GUILD, video_file("other", "farmers argued about water"), "c.md")
    for question in ("candle light", "the candle-light?", "what about candle, light"):
        answer = await library.ask(GUILD, question)
        assert [quote.details.title for quote in answer.quotes] == ["joined", "apart"]
        assert answer.quotes[0].score > answer.quotes[1].score

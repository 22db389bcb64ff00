"""Which cues are quoted around a match, what is marked in them, and how an over-long cue is shortened."""

import zlib
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.library import Library
from store.models import Cue, Part
from store.search.choosing import alike
from store.search.quoting import (
    CJK_QUOTED,
    LONGEST,
    QUOTE_WORDS,
    SHORT_WORDS,
    Span,
    Wanted,
    best_part,
    highlights,
    middle_part,
    shortened,
)
from store.text.analysis import length, terms
from store.text.phrases import Phrase
from tests.store.builders import ENGLISH, GUILD, JAPANESE, video_file
from tests.store.search import plain_windows
from tests.store.search.plain_windows import sizes
from tests.store.search.spoken import best_window, best_windows, streamed

WORDS = [*ENGLISH, *JAPANESE, "[Music]", ">>", "1,000", "miller’s"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.sampled_from(["", "[Music]", "♪ (laughs) ♪"])
LONG = st.lists(st.sampled_from(WORDS), min_size=100, max_size=300).map(" ".join) | st.lists(
    st.sampled_from(JAPANESE), min_size=40, max_size=80
).map("".join)
WEIGHTS = st.dictionaries(
    st.sampled_from(sorted({term for word in WORDS for term in terms(word)})), st.floats(0.01, 12), max_size=6
)


def timed(texts: list[str]) -> list[Cue]:
    return [Cue(at * 1000, text) for at, text in enumerate(texts)]


def size(text: str) -> float:
    return length(text, CJK_QUOTED)


def room(cues: list[Cue], window: range) -> float:
    before = sizes(cues)
    return round(before[window.stop] - before[window.start], 6)


def shingles(text: str) -> frozenset[int]:
    """The shingles of a text, as numbers that stand for the same words in every text."""
    stream, numbers = streamed([Cue(0, text)])
    words = {number: zlib.crc32(word.encode()) % 2**20 for word, number in numbers.items()}
    same = np.array([words[number] for number in stream.words.tolist()], np.int32)
    return replace(stream, words=same).shingles(0, len(same))


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS | LONG, min_size=1, max_size=40), WEIGHTS, st.data())
def test_a_window_is_of_whole_cues_from_the_passage_on(
    texts: list[str], idf: dict[str, float], data: st.DataObject
) -> None:
    cues = timed(texts)
    window = best_window(cues, range(data.draw(st.integers(0, len(cues) - 1)), len(cues)), Wanted(idf))
    assert 0 <= window.start < window.stop <= len(cues)
    assert len(window) == 1 or room(cues, window) <= LONGEST * QUOTE_WORDS


@settings(max_examples=80, deadline=None)
@given(
    st.lists(TEXTS | TEXTS | LONG, min_size=1, max_size=40),
    WEIGHTS,
    st.dictionaries(st.lists(st.sampled_from(ENGLISH), min_size=2, max_size=3).map(tuple), st.floats(1, 9), max_size=2),
    st.data(),
)
def test_windows_placed_at_once_are_those_placed_text_by_text(
    texts: list[str], idf: dict[str, float], said: dict[tuple[str, ...], float], data: st.DataObject
) -> None:
    cues = timed(texts)
    phrases = {Phrase.of(" ".join(words)): weight for words, weight in said.items() if len(set(words)) == len(words)}
    wanted = Wanted(idf, phrases)
    firsts = data.draw(st.lists(st.integers(0, len(cues) - 1), min_size=1, max_size=4))
    passages = [range(first, data.draw(st.integers(first + 1, len(cues)))) for first in firsts]
    plain = [plain_windows.best_window(cues, passage, wanted) for passage in passages]
    assert best_windows(cues, passages, wanted) == plain


SPARSE = st.dictionaries(st.sampled_from(["mill", "river", "水車"]), st.sampled_from([1.0, 2.5, 4.0]), min_size=1)


@settings(max_examples=80, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=40), SPARSE, st.data())
def test_no_other_window_that_begins_in_the_passage_weighs_more(
    texts: list[str], idf: dict[str, float], data: st.DataObject
) -> None:
    cues = timed(texts)
    wanted, searched = Wanted(idf), plain_windows.heard(cues)
    first = data.draw(st.integers(0, len(cues) - 1))
    passage = range(first, data.draw(st.integers(first + 1, len(cues))))

    def weight(window: range) -> float:
        said = Counter(term for at in window for term in terms(searched[at].text) if term in idf)
        return sum(idf[term] * count / (count + 1) for term, count in said.items())

    windows = [range(at, end) for at in passage for end in range(at + 1, len(cues) + 1)]
    fitting = [window for window in windows if room(cues, window) <= QUOTE_WORDS]
    heaviest = max(map(weight, fitting), default=0.0)
    assert weight(best_window(cues, passage, wanted)) >= heaviest - 1e-6


def test_a_phrase_that_goes_on_in_the_next_cue_is_quoted_whole() -> None:
    texts = ["water under the bridge " * 20, "and the old", "water mill", "water under the bridge " * 20]
    cues = timed(texts)
    window = best_window(cues, range(4), Wanted({"water": 0.1}, {Phrase.of("old water mill"): 9.0}))
    assert {1, 2} <= set(window)


def test_a_window_holds_the_cue_that_was_asked_for() -> None:
    texts = ["the river rose again in march " * 2] * 10
    texts[6] = "the baker counted loaves by candle light"
    cues = timed(texts)
    assert 6 in best_window(cues, range(10), Wanted({"baker": 3.0, "loav": 3.0, "river": 0.1}))


def test_a_window_begins_and_ends_with_words() -> None:
    cues = [Cue(at, text) for at, text in enumerate(["[Music]", "", "the baker counted", "♪ (laughs) ♪", ">>", ""])]
    assert best_window(cues, range(6), Wanted({"baker": 3.0})) == range(2, 3)


@settings(max_examples=40, deadline=None)
@given(TEXTS | LONG, WEIGHTS)
def test_shortening_keeps_a_part_of_the_text_and_no_more_than_a_quote(text: str, idf: dict[str, float]) -> None:
    start, end = shortened(text, Wanted(idf))
    assert 0 <= start <= end <= len(text)
    if size(text) <= LONGEST * QUOTE_WORDS:
        assert (start, end) == (0, len(text))
    else:
        assert 0 < size(text[start:end]) <= LONGEST * QUOTE_WORDS


@pytest.mark.parametrize(("filler", "word"), [("water under the bridge ", "baker "), ("雨の日の川。", "水車小屋")])
def test_shortening_keeps_the_place_that_was_asked_for(filler: str, word: str) -> None:
    text = filler * 60 + word + filler * 60
    start, end = shortened(text, Wanted(dict.fromkeys(terms(word), 5.0)))
    assert word.strip() in text[start:end]


SENTENCES = [Part(10 * at, 10 * at + 9, 1000 * at) for at in range(8)]  # each of ten words


def test_what_is_shown_of_a_quote_says_most_of_what_matches() -> None:
    assert best_part(SENTENCES, [10] * 8, [(72, 0, 2.0), (1, 1, 1.0), (11, 2, 0.5)]) == (5, 8)
    assert best_part(SENTENCES, [10] * 8, [(72, 0, 2.0), (1, 1, 1.0), (11, 2, 1.0)]) == (0, 3)


def test_of_parts_that_say_as_much_the_one_nearest_the_middle_of_the_matches_is_shown() -> None:
    assert best_part(SENTENCES, [10] * 8, [(40, 0, 1.0), (45, 1, 1.0)]) == (3, 6)


def test_of_a_quote_as_short_as_it_may_be_all_is_shown_and_of_one_long_cue_too() -> None:
    assert best_part(SENTENCES, [10] * 8, [(40, 0, 1.0)], words=80) == (0, 8)
    assert best_part(SENTENCES[:1], [], [(4, 0, 1.0)]) == (0, 1)


async def test_in_japanese_the_best_quote_shows_400_characters_and_the_others_200(library: Library) -> None:
    filler = ["雨の日の京都で音声認識の精度を比べました"] * 6
    cues = [*filler, "水車小屋の話", *filler, *filler, "水車小屋の音", *filler, *filler * 3, "水車小屋の絵", *filler]
    await library.ingest(GUILD, video_file("talk", *(f"{text}{at}" for at, text in enumerate(cues))), "a.md")
    answer = await library.ask(GUILD, "水車小屋")
    best, *others = [quote.parts[quote.short[1] - 1].end - quote.parts[quote.short[0]].start for quote in answer.quotes]
    assert 200 < best <= 430
    assert others
    assert max(others) <= 220


def test_marks_that_overlap_are_one_and_those_of_words_side_by_side_are_not() -> None:
    assert highlights("", [(4, 9, True), (0, 6, True), (9, 12, True)]) == ((0, 9), (9, 12))
    assert highlights("", [(2, 4, False), (3, 5, False), (5, 7, False), (8, 9, False)]) == ((2, 7), (8, 9))
    assert highlights("", []) == ()


def test_two_letters_of_thai_alone_are_marked_only_where_there_is_nothing_longer() -> None:
    text = "ขอบคุณ คุณยาย"
    short, long = (3, 6, False), (7, 13, False)
    assert highlights(text, [short, long]) == ((7, 13),)
    assert highlights(text, [short]) == ((3, 6),)
    assert highlights("東京 京都府", [(0, 2, False), (3, 6, False)]) == ((0, 2), (3, 6))


def test_spans_overlap_only_within_one_transcript() -> None:
    assert Span(1, 0, 3).overlaps(Span(1, 2, 5))
    assert not Span(1, 0, 3).overlaps(Span(1, 3, 5))
    assert not Span(1, 0, 3).overlaps(Span(2, 0, 3))


def test_a_sound_is_quoted_where_it_was_asked_for() -> None:
    cues = [Cue(at * 1000, text) for at, text in enumerate(["the baker slept until noon", "[Applause]", "[Music]"])]
    assert best_window(cues, range(3), Wanted({"applaus": 3.0})) == range(2)


def test_a_text_is_alike_whatever_stands_between_its_words_and_around_them() -> None:
    text = "the quokka of the island smiled at the miller and slept"
    assert shingles(text) == shingles("The quokka, of the island - smiled at; THE miller. And slept!")
    assert alike(shingles(text), shingles(f"so then {text} again"))
    assert alike(shingles(f"so then {text} again"), shingles(text))


def test_a_few_words_of_a_long_text_are_not_alike_with_it() -> None:
    text = "the quokka of the island smiled at the miller and slept"
    assert not alike(shingles("the quokka of the island"), shingles(text))
    assert not alike(shingles("a wombat carried bread over the bridge in march"), shingles(text))
    assert len(shingles("the mill")) == len(shingles("")) == 1
    assert shingles("the mill") != shingles("the")


@given(st.lists(st.integers(0, 45), min_size=1, max_size=15))
def test_the_short_form_of_a_quote_without_a_match_is_its_middle(words: list[int]) -> None:
    parts = [Part(at, at + 1, at) for at in range(len(words))]
    first, end = middle_part(parts, [float(count) for count in words])
    assert 0 <= first < end <= len(words)
    assert end - first == 1 or sum(words[first:end]) <= SHORT_WORDS
    if sum(words) <= SHORT_WORDS:
        assert (first, end) == (0, len(words))
    elif max(words) <= SHORT_WORDS / 3:
        assert abs(sum(words[:first]) - sum(words[end:])) <= SHORT_WORDS / 3
        assert sum(words[first:end]) > SHORT_WORDS / 2

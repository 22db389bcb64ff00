"""Words in a row: in any case, with any marks between, across cues, and nowhere else."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.analysis import units
from store.text.phrases import Phrase
from tests.store.builders import ENGLISH, JAPANESE
from tests.store.questions import TEXTS, folded_words

FEW = ["the", "mill", "mills", "of", *JAPANESE[:2], "１,０００", "miller’s"]
WORDS = st.sampled_from(FEW) | st.sampled_from(ENGLISH)
BETWEEN = st.sampled_from([" ", ", ", " — ", "\n", "… ", " >> ", "! 👍🏽 "])


def found(phrase: str, text: str, *, exact: bool = True) -> list[str]:
    return [text[start:end] for start, end in Phrase.of(phrase, exact=exact).spans(text)]


@pytest.mark.parametrize(
    ("phrase", "text", "spans"),
    [
        ("candle light", "By Candle LIGHT.", ["Candle LIGHT"]),
        ("candle light", "ｃａｎｄｌｅ　ｌｉｇｈｔ", ["ｃａｎｄｌｅ　ｌｉｇｈｔ"]),
        ("miller's café", "the miller’s cafe\u0301 and the MILLERS CAFÉ", ["miller’s cafe\u0301", "MILLERS CAFÉ"]),
        ("candle light", "candle, (light) candle-light", ["candle, (light", "candle-light"]),
        ("1000 loaves", "1,000 loaves", ["1,000 loaves"]),
        ("to be", "to be or not to be", ["to be", "to be"]),
        ("light", "lights candlelight light", ["light"]),
        ("candle light", "light candle", []),
        ("水車小屋", "古い水車小屋の水車 小屋", ["水車小屋", "水車 小屋"]),
        ("ガイド", "ｶﾞｲﾄﾞの人", ["ｶﾞｲﾄﾞ"]),
        ("issue化", "それをissue化して", ["issue化"]),
        ("a b a", "a b a b a", ["a b a"]),
        ("a a b", "a a a b", ["a a b"]),
    ],
)
def test_a_phrase_stands_where_its_words_stand_in_a_row(phrase: str, text: str, spans: list[str]) -> None:
    assert found(phrase, text) == spans


def test_words_are_compared_by_their_stems_where_not_exact() -> None:
    assert found("candle lights", "Candles lighted a candle light", exact=False) == ["Candles lighted", "candle light"]
    assert found("candle lights", "Candles lighted a candle light") == []
    assert found("the loaves", "the loaf, thee loaves, the Loaves", exact=False) == ["the Loaves"]


@pytest.mark.parametrize("text", ["", "—", "👍🏽", " "])
def test_a_phrase_without_words_stands_nowhere(text: str) -> None:
    assert Phrase.of(text).words == ()
    assert Phrase.of(text).spans("some words") == []
    assert Phrase.of(text).places(["some words"]) == []


def test_a_phrase_may_cross_cues_and_cues_without_words() -> None:
    cues = ["the baker counted", "[…]", "", "loaves by candle", "light. Loaves"]
    assert Phrase.of("counted loaves").places(cues) == [(0, 3)]
    assert Phrase.of("candle light loaves").places(cues) == [(3, 4)]
    assert Phrase.of("loaves").places(cues) == [(3, 3), (4, 4)]
    assert Phrase.of("loaves by light").places(cues) == []


def test_a_japanese_phrase_may_cross_a_cue_border() -> None:
    assert Phrase.of("水車小屋").places(["昨日は水車", "小屋で話を", "水車小屋"]) == [(0, 1), (2, 2)]


def test_a_phrase_of_one_stem_has_the_name_of_its_term_and_an_exact_one_has_not() -> None:
    assert Phrase.of("loaves", exact=False).key == "loav"
    assert Phrase.of("loaves").key not in {"loaves", "loav"}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(WORDS, BETWEEN), min_size=1, max_size=25), st.booleans(), st.data())
def test_a_phrase_taken_from_a_text_is_found_at_its_place(
    parts: list[tuple[str, str]], exact: bool, data: st.DataObject
) -> None:
    text = "".join(word + between for word, between in parts)
    places = list(units(text))
    first = data.draw(st.integers(0, len(places) - 1))
    last = data.draw(st.integers(first, len(places) - 1))
    start, end = places[first].start, places[last].end
    phrase = Phrase.of(text[start:end], exact=exact)
    spans = phrase.spans(text)
    # Where it overlaps itself, the earlier place is taken.
    assert (start, end) in spans or any(one < start < other for one, other in spans)
    assert all(Phrase.of(text[one:other], exact=exact) == phrase for one, other in spans)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS | st.sampled_from(["mill", "the", "水", "ー"]), st.booleans())
def test_places_never_overlap(text: str, phrase: str, exact: bool) -> None:
    spans = Phrase.of(phrase, exact=exact).spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=12), st.lists(WORDS, min_size=1, max_size=3))
def test_a_phrase_stands_in_cues_as_often_as_in_their_texts_joined(cues: list[str], words: list[str]) -> None:
    phrase = Phrase.of(" ".join(words))
    places = phrase.places(cues)
    assert len(places) == len(phrase.spans(" ".join(cues)))
    for begins, ends in places:
        inside = folded_words(" ".join(cues[begins : ends + 1]))
        assert any(tuple(inside[at:])[: len(phrase.words)] == phrase.words for at in range(len(inside)))

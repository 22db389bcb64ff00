"""Whether two words may stand in a row: seen at a glance, before a text is taken apart."""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.search.lookup import _may_stand
from store.text.analysis import stem
from store.text.phrases import Phrase
from tests.store.builders import ENGLISH

PIECES = [
    *["cor", "core", "Weave", "weaving", "dying", "lying", "happily", "the", "to", "O'Brien", "o’brien", "x1,000y"],
    *["1,000", "1,000abc", "é", "café", "™", "ⓐ", "ﬁsh", "fish", "…", "''", "'", "’", "ʼ", "-", "–", " ", "\n", ","],
    *["Straße", "strasse", "♪", "ﾟ", "e\u0301", "K", "_", "水車", "[Music]", ">>"],
]
TEXTS = st.lists(st.sampled_from([*PIECES, *ENGLISH]), max_size=9).flatmap(
    lambda pieces: st.lists(st.sampled_from(["", " ", " "]), min_size=len(pieces), max_size=len(pieces)).map(
        lambda gaps: "".join(piece + gap for piece, gap in zip(pieces, gaps, strict=True))
    )
)


@settings(max_examples=500, deadline=None)
@given(TEXTS, st.data(), st.booleans())
def test_what_stands_in_a_text_is_seen_at_a_glance(text: str, data: st.DataObject, exact: bool) -> None:
    words = Phrase.of(text, exact=exact).words
    first = data.draw(st.integers(0, max(0, len(words) - 1)))
    phrase = Phrase(words[first : first + data.draw(st.integers(1, 3))], exact)
    assert _may_stand(phrase, text) or not phrase.places([text])


@pytest.mark.parametrize(
    "text",
    [
        "weave a core",
        "the core of the weave",
        "core; we've",
        "cores and weaves",
        "corner weaving",
        "Über core… a weave",
    ],
)
def test_words_that_stand_apart_are_seen_at_a_glance(text: str) -> None:
    assert not _may_stand(Phrase(("core", "weav"), exact=False), text)


@pytest.mark.parametrize(
    "text", ["core weave", "the CORE-weaving", "core, [weaves]", "♪ core’s core… weave", "É core weave"]
)
def test_words_in_a_row_are_seen_whatever_is_between_them(text: str) -> None:
    assert _may_stand(Phrase(("core", "weav"), exact=False), text)


@settings(max_examples=500, deadline=None)
@given(st.text(string.ascii_lowercase, min_size=1, max_size=14))
@example("dying")
@example("happy")
@example("hoping")
@example("skies")
@example("possibility")
def test_a_word_begins_with_its_stem_but_for_the_last_letter(word: str) -> None:
    stemmed = stem(word)
    assert word.startswith(stemmed[:-1] if len(stemmed) > 3 else stemmed[:1])

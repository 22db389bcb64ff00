"""What of a question stands where in the stream of words: the same as in the texts themselves."""

from hypothesis import given, settings
from hypothesis import strategies as st

from store.models import Cue
from store.search.occurrences import occurrences
from store.text.analysis import stem, tokens, units
from store.text.phrases import Phrase
from tests.store.builders import ENGLISH, JAPANESE
from tests.store.search.plain_windows import heard
from tests.store.search.spoken import occurring, sign, streamed

PIECES = st.sampled_from([*ENGLISH, *JAPANESE, "1,000", "miller’s", "mills", "The", "ﬁne", "ｶﾞ", ">>", "[Music]", "…"])
TALKS = st.lists(st.lists(PIECES, max_size=6).map(" ".join), min_size=1, max_size=12)


@settings(max_examples=200, deadline=None)
@given(TALKS, st.booleans(), st.data())
def test_a_phrase_stands_in_the_stream_where_it_stands_in_the_texts(
    texts: list[str], exact: bool, data: st.DataObject
) -> None:
    cues = [Cue(at * 1000, text) for at, text in enumerate(texts)]
    texts = [cue.text for cue in heard(cues)]
    words = Phrase.of(" ".join(texts), exact=exact).words
    first = data.draw(st.integers(0, max(0, len(words) - 1)))
    phrase = Phrase(words[first : first + data.draw(st.integers(1, 4))], exact)
    said, numbers = streamed(cues)
    found = occurrences(said, sign(phrase, numbers))
    rows = (said.starts.searchsorted(found, side="right") - 1).tolist()
    ends = (said.starts.searchsorted(found + max(0, len(phrase.words) - 1), side="right") - 1).tolist()
    assert list(zip(rows, ends, strict=True)) == phrase.places(texts)


@settings(max_examples=100, deadline=None)
@given(TALKS)
def test_a_term_stands_in_the_stream_where_it_stands_in_the_texts(texts: list[str]) -> None:
    wanted = ["mill", "river", "水", "水車", "車小", "quokka"]
    cues = [Cue(at * 1000, text) for at, text in enumerate(texts)]
    said = occurring(cues, wanted)
    for term in wanted:
        plain = sum(token.term == term for cue in heard(cues) for token in tokens(cue.text))
        assert len(said.of_terms.get(term, ())) == plain


def test_what_overlaps_itself_is_counted_apart() -> None:
    said, numbers = streamed([Cue(0, "no no no no no")])
    assert occurrences(said, sign(Phrase.of("no no"), numbers)).tolist() == [0, 2]


def test_a_stop_word_is_one_of_the_words_of_a_stem() -> None:
    texts = ["do the doings"]
    said, numbers = streamed([Cue(0, texts[0])])
    assert [stem(unit.folded) for unit in units(texts[0])] == ["do", "the", "do"]
    assert occurrences(said, sign(Phrase(("do",), exact=False), numbers)).tolist() == [0, 2]

"""The words of many texts, told apart in one look: the same as text by text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.analysis import Kind, measured, spans, spoken, tokens, units
from tests.store.questions import TEXTS


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=30) | TEXTS, max_size=6))
def test_the_words_of_texts_told_apart_together_are_those_of_each(texts: list[str]) -> None:
    said = spoken(texts)
    each = [[unit.folded for unit in units(text)] for text in texts]
    assert said.words == [word for words in each for word in words]
    assert said.counts == list(map(len, each))
    assert said.lengths == [measured(text)[1] for text in texts]
    for text in texts:
        assert spans(text) == [(unit.start, unit.end) for unit in units(text)]
    pairs = [token.term for text in texts for token in tokens(text) if token.kind in {Kind.PAIR, Kind.KANA_PAIR}]
    follows = [at for at, kind in enumerate(said.characters) if kind == 2]
    assert [said.words[at - 1] + said.words[at] for at in follows] == pairs

"""Sentences kept as a template and its fields."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from store.errors import FormatError, StoreError
from store.sentences import SEMICOLONS, Sentence, counted, recalled, sentence, series
from store.text.languages import said

NAMES = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
VALUES = st.one_of(st.text(), st.integers(), st.builds(said, st.sampled_from(["de", "ja", "xx"])))


def _with(fields: st.SearchStrategy[object]) -> st.SearchStrategy[Sentence]:
    made = st.dictionaries(NAMES, fields, max_size=3)
    return made.map(lambda found: sentence(" ".join(f"{{{name}}}" for name in found) or "plain", **found))


SENTENCES: st.SearchStrategy[Sentence] = st.recursive(_with(VALUES), lambda inner: _with(st.one_of(VALUES, inner)))


@given(SENTENCES)
def test_what_is_kept_is_recalled_as_it_was(one: Sentence) -> None:
    assert recalled(one.kept()) == one
    assert str(recalled(one.kept())) == str(one)


@given(st.integers(0, 10**9))
def test_one_that_counts_is_recalled_with_its_count(count: int) -> None:
    one = counted("{n} cue of {title}", "{n} cues of {title}", count, title="tides")
    assert recalled(one.kept()) == one
    assert str(one) == f"{count:,} cue{'' if count == 1 else 's'} of tides"


def test_a_text_that_was_kept_by_an_earlier_version_is_a_sentence() -> None:
    assert str(recalled("the host answers {404}")) == "the host answers {404}"
    assert sentence("The host can't be reached.").kept() == "The host can't be reached."


def test_a_row_has_what_stands_between_its_parts() -> None:
    parts = [sentence("“{name}”", name=name) for name in ("one", "two", "three")]
    assert str(series(parts)) == "“one”, “two”, “three”"
    assert str(series(parts, SEMICOLONS)) == "“one”; “two”; “three”"
    assert str(series(["one"])) == "one"


def test_a_sentence_is_filled_further() -> None:
    assert str(sentence(sentence("{a} and {b}", a=1), b=2)) == "1 and 2"


def test_an_error_comes_whole_from_another_process() -> None:
    for error in (StoreError("{a} isn't b.", a=1), FormatError("{a} isn't b.", a=1, line=7)):
        came = pickle.loads(pickle.dumps(error))
        assert (str(came), came.sentence) == (str(error), error.sentence)

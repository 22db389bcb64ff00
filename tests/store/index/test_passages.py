"""Windows of about 80 words on whole cues, half overlapping."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from store.index.passages import PASSAGE_WORDS, Passage, windows

LENGTHS = st.lists(st.one_of(st.integers(0, 15).map(float), st.floats(0, 200, allow_nan=False)), max_size=120)


def test_no_cues_make_no_passages() -> None:
    assert windows([]) == []


def test_few_words_are_one_passage() -> None:
    assert windows([5, 0, 7]) == [Passage(0, 3)]
    assert windows([0, 0, 0]) == [Passage(0, 3)]


def test_each_passage_begins_where_half_of_the_last_has_passed() -> None:
    assert windows([10] * 20) == [Passage(0, 8), Passage(4, 12), Passage(8, 16), Passage(12, 20)]


def test_a_cue_longer_than_a_passage_is_a_passage_of_its_own() -> None:
    assert Passage(1, 2) in windows([500, 500, 500])
    assert windows([500]) == [Passage(0, 1)]


@settings(max_examples=300, deadline=None)
@given(LENGTHS)
def test_every_cue_is_covered_by_whole_cue_passages_in_order(lengths: list[float]) -> None:
    found = windows(lengths)
    assert all(0 <= passage.first < passage.end <= len(lengths) for passage in found)
    assert {at for passage in found for at in range(passage.first, passage.end)} == set(range(len(lengths)))
    assert all(one.first < other.first <= one.end <= other.end for one, other in pairwise(found))


@settings(max_examples=300, deadline=None)
@given(LENGTHS)
def test_a_passage_is_no_longer_than_it_must_be(lengths: list[float]) -> None:
    for passage in windows(lengths):
        assert passage.end - passage.first == 1 or sum(lengths[passage.first : passage.end - 1]) < PASSAGE_WORDS + 1e-6


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(1, 15), min_size=1, max_size=200))
def test_neighbours_share_about_half_of_their_words(lengths: list[int]) -> None:
    for one, other in pairwise(windows(lengths)):
        shared = sum(lengths[other.first : one.end])
        assert PASSAGE_WORDS / 2 - 15 <= shared <= PASSAGE_WORDS / 2 + 15

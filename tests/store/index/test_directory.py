"""One guild's index in memory: any history of changes leads to the same passages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import DatabaseError
from store.index.directory import GuildIndex
from tests.store.corpora import SMALL, Cues, Opened, Place, every, libraries, places, stored, together

LIBRARIES = libraries(SMALL)


def listed(index: GuildIndex) -> set[Place]:
    hits = every(index)
    found = {(hit.transcript, hit.first, hit.end) for hit in hits}
    assert len(found) == len(hits)
    return found


def test_an_index_of_nothing_has_no_passages_and_no_postings() -> None:
    index = GuildIndex()
    assert (index.size, index.stored, listed(index)) == (0, frozenset(), set())
    assert index.locate([0, 1]) == []
    assert index.postings([], {}) == {}
    assert index.of([1, 2]).tolist() == []


@settings(max_examples=60, deadline=None)
@given(LIBRARIES)
def test_an_index_holds_every_passage_once(library: dict[int, Cues]) -> None:
    index = Opened.library(library).index
    assert listed(index) == places(library).keys()
    assert index.stored == library.keys()


@settings(max_examples=60, deadline=None)
@given(LIBRARIES, st.integers(0, 4))
def test_postings_name_every_passage_with_the_word_in_order(library: dict[int, Cues], word: int) -> None:
    opened = Opened.library(library)
    index, (numbers, counts) = opened.index, opened.postings(word)
    assert (np.diff(numbers) > 0).all()
    hits = [every(index)[number] for number in numbers.tolist()]
    found = {(h.transcript, h.first, h.end): count for h, count in zip(hits, counts.tolist(), strict=True)}
    assert found == {place: words.count(word) for place, words in places(library).items() if word in words}


@settings(max_examples=60, deadline=None)
@given(LIBRARIES, st.sets(st.integers(1, 500), max_size=5), st.data())
def test_the_passages_of_some_transcripts_can_be_masked(
    library: dict[int, Cues], ids: set[int], data: st.DataObject
) -> None:
    index = Opened.library(library).index
    ids |= data.draw(st.sets(st.sampled_from(sorted(library))) if library else st.just(set()))
    marked = [hit.transcript in ids for hit in every(index)]
    assert index.of(ids).tolist() == marked


@settings(max_examples=60, deadline=None)
@given(libraries(SMALL, most=25), st.data())
def test_a_refresh_takes_out_what_is_gone_and_puts_in_what_is_new(
    library: dict[int, Cues], data: st.DataObject
) -> None:
    index = Opened.library(library).index
    gone = data.draw(st.sets(st.sampled_from(sorted(library))) if library else st.just(set()))
    changed = {id_ + 1000: [*library[id_], [3]] for id_ in sorted(gone)[::2]}  # rewritten under a new stored id
    new = {id_: stored(id_ - 1000, cues).pack() for id_, cues in changed.items()}
    after = index.refreshed(2, gone=gone, new=new)
    left = {id_: cues for id_, cues in library.items() if id_ not in gone}
    assert listed(after) == places(left | {id_ - 1000: cues for id_, cues in changed.items()}).keys()
    assert after.layout == 2
    assert after.stored == left.keys() | changed.keys()
    assert listed(index) == places(library).keys()  # an index in use by a question isn't changed under it


def test_a_stored_segment_of_many_transcripts_goes_as_one() -> None:
    library = {id_: [[id_ % 4] * 10] for id_ in range(1, 30)}
    index = Opened.library(library).index.refreshed(2, gone=(), new={100: together({50: [[1]], 51: [[2]]}).pack()})
    assert listed(index) == {*places(library), (50, 0, 1), (51, 0, 1)}
    assert listed(index.refreshed(3, gone=[100], new={})) == places(library).keys()


def test_lengths_and_their_mean_count_terms() -> None:
    index = Opened.library({1: [[1, 1, 2]], 2: [[3]], 3: [[]]}).index
    assert sorted(index.lengths.tolist()) == [0, 1, 3]
    assert index.average_length == pytest.approx(4 / 3)
    assert (index.starts.tolist(), sorted(index.spoken.tolist())) == ([0, 1, 2, 3], [0, 1, 3])
    assert index.nbytes > 0


def test_a_damaged_segment_is_a_database_error() -> None:
    with pytest.raises(DatabaseError):
        Opened.library({1: [[1]]}).index.refreshed(2, gone=(), new={9: b"VBS2?"})


def test_a_damaged_block_is_a_database_error() -> None:
    opened = Opened.library({1: [[1, 2]]})
    located = opened.index.locate([1])
    for blob in (b"", b"\0", bytes(50)):
        with pytest.raises(DatabaseError, match="damaged"):
            opened.index.postings(located, {(1, 0): blob})

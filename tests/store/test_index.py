"""One guild's index in memory: any history of changes leads to the same passages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import DatabaseError
from store.search.index import MAX_PARTS, GuildIndex
from tests.store.corpora import SMALL, Cues, Place, libraries, places, stored, together

LIBRARIES = libraries(SMALL)


def opened(library: dict[int, Cues]) -> GuildIndex:
    return GuildIndex().refreshed(1, gone=(), new={id_: stored(id_, cues).pack() for id_, cues in library.items()})


def listed(index: GuildIndex) -> set[Place]:
    hits = [index.hit(number, (), 0.0) for number in range(index.size)]
    found = {(hit.transcript, hit.first, hit.end) for hit in hits}
    assert len(found) == len(hits)
    return found


def test_an_index_of_nothing_has_no_passages_and_no_postings() -> None:
    index = GuildIndex()
    assert (index.size, index.stored, listed(index)) == (0, frozenset(), set())
    assert [len(array) for array in index.postings(0)] == [0, 0]
    assert index.of([1, 2]).tolist() == []


@settings(max_examples=60, deadline=None)
@given(LIBRARIES)
def test_an_index_holds_every_passage_once(library: dict[int, Cues]) -> None:
    index = opened(library)
    assert listed(index) == places(library).keys()
    assert index.stored == library.keys()
    assert len(index.parts) <= MAX_PARTS


@settings(max_examples=60, deadline=None)
@given(LIBRARIES, st.integers(0, 4))
def test_postings_name_every_passage_with_the_word_in_order(library: dict[int, Cues], word: int) -> None:
    index = opened(library)
    numbers, counts = index.postings(word)
    assert (np.diff(numbers) > 0).all()
    hits = [index.hit(number, (), 0.0) for number in numbers.tolist()]
    found = {(h.transcript, h.first, h.end): count for h, count in zip(hits, counts.tolist(), strict=True)}
    assert found == {place: words.count(word) for place, words in places(library).items() if word in words}


@settings(max_examples=60, deadline=None)
@given(LIBRARIES, st.sets(st.integers(1, 500), max_size=5), st.data())
def test_the_passages_of_some_transcripts_can_be_masked(
    library: dict[int, Cues], ids: set[int], data: st.DataObject
) -> None:
    index = opened(library)
    ids |= data.draw(st.sets(st.sampled_from(sorted(library))) if library else st.just(set()))
    marked = [index.hit(number, (), 0.0).transcript in ids for number in range(index.size)]
    assert index.of(ids).tolist() == marked


@settings(max_examples=60, deadline=None)
@given(libraries(SMALL, most=25), st.data())
def test_a_refresh_takes_out_what_is_gone_and_puts_in_what_is_new(
    library: dict[int, Cues], data: st.DataObject
) -> None:
    index = opened(library)
    gone = data.draw(st.sets(st.sampled_from(sorted(library))) if library else st.just(set()))
    changed = {id_ + 1000: [*library[id_], [3]] for id_ in sorted(gone)[::2]}  # rewritten under a new stored id
    new = {id_: stored(id_ - 1000, cues).pack() for id_, cues in changed.items()}
    after = index.refreshed(2, gone=gone, new=new)
    left = {id_: cues for id_, cues in library.items() if id_ not in gone}
    assert listed(after) == places(left | {id_ - 1000: cues for id_, cues in changed.items()}).keys()
    assert after.version == 2
    assert after.stored == left.keys() | changed.keys()
    assert len(after.parts) <= MAX_PARTS
    assert listed(index) == places(library).keys()  # an index in use by a question isn't changed under it


def test_a_stored_segment_of_many_transcripts_goes_as_one() -> None:
    library = {id_: [[id_ % 4] * 10] for id_ in range(1, 30)}
    index = opened(library).refreshed(2, gone=(), new={100: together({50: [[1]], 51: [[2]]}).pack()})
    assert listed(index) == {*places(library), (50, 0, 1), (51, 0, 1)}
    assert listed(index.refreshed(3, gone=[100], new={})) == places(library).keys()


def test_lengths_and_their_mean_count_terms() -> None:
    index = opened({1: [[1, 1, 2]], 2: [[3]], 3: [[]]})
    assert sorted(index.lengths.tolist()) == [0, 1, 3]
    assert index.average_length == pytest.approx(4 / 3)
    assert index.nbytes > 0


def test_a_damaged_segment_is_a_database_error() -> None:
    with pytest.raises(DatabaseError):
        opened({1: [[1]]}).refreshed(2, gone=(), new={9: b"VBS1?"})

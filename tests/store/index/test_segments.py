"""Packed postings: written, read, merged and thinned out without changing what they say."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import DatabaseError
from store.index.passages import Passage
from store.index.segments import BLOCK, Array, Directory, Segment, merge, without
from tests.store.corpora import LARGE, SMALL, Cues, Place, built, libraries, places, stored, together

LIBRARIES = libraries(SMALL) | libraries(LARGE)
SOME = LIBRARIES.filter(bool)


def postings(segment: Segment, term: int) -> tuple[Array, Array]:
    """A term's postings, read from the block that holds them."""
    blocks = segment.blocks()
    for found, place in segment.places(np.array([term], np.int32)):
        assert found == term
        return segment.read(blocks[place.block], place)
    return segment.passages[:0], segment.frequencies[:0]


def again(segment: Segment) -> Segment:
    """A segment as it is read after it was stored."""
    return Segment.joined(Directory.unpack(segment.pack()), segment.blocks())


def equal(one: Segment, other: Segment) -> bool:
    return (one.pack(), one.blocks()) == (other.pack(), other.blocks())


def said(segment: Segment) -> dict[Place, Counter[int]]:
    """What a segment says: each passage's place and how often each word occurs in it."""
    owners = np.searchsorted(segment.starts, np.arange(segment.size), side="right") - 1
    where = [
        (int(segment.transcripts[owner]), int(first), int(end))
        for owner, first, end in zip(owners, segment.first, segment.end, strict=True)
    ]
    found: dict[Place, Counter[int]] = {place: Counter() for place in where}
    for term in segment.terms.tolist():
        passages, frequencies = postings(segment, term)
        assert (np.diff(passages.astype(np.int64)) > 0).all()
        for passage, frequency in zip(passages.tolist(), frequencies.tolist(), strict=True):
            found[where[passage]][term] = frequency
    assert [found[place].total() for place in where] == segment.lengths.tolist()
    return found


def expected(library: dict[int, Cues]) -> dict[Place, Counter[int]]:
    return {place: Counter(word for word in words if isinstance(word, int)) for place, words in places(library).items()}


def test_a_segment_counts_words_by_passage() -> None:
    segment = built(7, [[1, 2], [2, 2], [], [9]], [Passage(0, 2), Passage(1, 4)])
    assert said(segment) == {(7, 0, 2): Counter({2: 3, 1: 1}), (7, 1, 4): Counter({2: 2, 9: 1})}


def test_a_word_that_does_not_occur_has_no_postings() -> None:
    segment = built(7, [[1, 5]], [Passage(0, 1)])
    assert [len(postings(segment, term)[0]) for term in (0, 1, 3, 5, 6, 10**9)] == [0, 1, 0, 1, 0, 0]


def test_a_transcript_without_words_has_passages_and_no_postings() -> None:
    segment = built(7, [[], []], [Passage(0, 2)])
    assert said(again(segment)) == {(7, 0, 2): Counter()}


def test_large_numbers_are_kept() -> None:
    segment = built(2**40, [[2**30, 3]], [Passage(0, 1)])
    assert said(again(segment)) == {(2**40, 0, 1): Counter({3: 1, 2**30: 1})}


def test_small_numbers_are_packed_in_single_bytes() -> None:
    assert len(built(1, [list(range(100))], [Passage(0, 1)]).pack()) < 700


@settings(max_examples=60, deadline=None)
@given(LIBRARIES)
def test_a_segment_says_what_its_transcripts_say(library: dict[int, Cues]) -> None:
    assert said(together(library)) == expected(library)


@settings(max_examples=60, deadline=None)
@given(SOME)
def test_what_is_packed_is_what_is_unpacked(library: dict[int, Cues]) -> None:
    segment = together(library)
    assert said(again(segment)) == expected(library)
    assert equal(again(segment), segment)


@settings(max_examples=60, deadline=None)
@given(SOME, st.data())
def test_merging_in_any_grouping_says_the_same(library: dict[int, Cues], data: st.DataObject) -> None:
    parts = [stored(id_, cues) for id_, cues in library.items()]
    while len(parts) > 1:
        first = data.draw(st.integers(0, len(parts) - 2))
        last = data.draw(st.integers(first + 2, len(parts)))
        parts[first:last] = [again(merge(parts[first:last]))]
    assert equal(parts[0], together(library))


@settings(max_examples=60, deadline=None)
@given(SOME, st.data())
def test_a_segment_without_a_transcript_says_what_the_others_say(library: dict[int, Cues], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(sorted(library)))
    left = without(together(library), gone)
    rest = {id_: cues for id_, cues in library.items() if id_ != gone}
    if not rest:
        assert left is None
    else:
        assert left is not None
        assert equal(left, together(rest))


@settings(max_examples=50, deadline=None)
@given(SOME)
def test_taking_out_a_transcript_that_is_not_there_changes_nothing(library: dict[int, Cues]) -> None:
    left = without(together(library), 999)
    assert left is not None
    assert equal(left, together(library))


def test_merging_one_segment_is_that_segment() -> None:
    segment = built(7, [[1]], [Passage(0, 1)])
    assert merge([segment]) is segment


def test_a_blob_cut_anywhere_is_a_database_error() -> None:
    blob = together({3: [[1, 2, 3], [700]], 4: [[2, 70_000]], 5: [[]]}).pack()
    for end in range(len(blob)):
        with pytest.raises(DatabaseError, match="damaged"):
            Directory.unpack(blob[:end])


@pytest.mark.parametrize("blob", [b"", b"VBS", b"VBS1", b"VBS3", b"SQLite format 3\0", bytes(100)])
def test_bytes_that_are_no_segment_are_a_database_error(blob: bytes) -> None:
    with pytest.raises(DatabaseError):
        Directory.unpack(blob)


def test_bytes_after_a_segment_are_a_database_error() -> None:
    blob = built(7, [[1]], [Passage(0, 1)]).pack()
    for tail in (b"\0", bytes(9), blob):
        with pytest.raises(DatabaseError):
            Directory.unpack(blob + tail)


def test_a_changed_byte_is_read_or_is_a_database_error() -> None:
    blob = together({3: [[1, 2, 3], [700]], 4: [[2, 70_000]]}).pack()
    for at in range(len(blob)):
        for value in (0, 1, 127, 128, 255):
            damaged = blob[:at] + bytes([value]) + blob[at + 1 :]
            try:
                Directory.unpack(damaged)
            except DatabaseError:
                continue


def test_postings_are_found_in_blocks_of_any_size() -> None:
    rng = np.random.default_rng(5)
    cues = [np.minimum(rng.zipf(1.2, size=8), 70_000).tolist() for _ in range(9_000)]
    segment = built(7, cues, [Passage(at, at + 4) for at in range(8_996)])
    blocks = segment.blocks()
    assert len(blocks) > 5
    assert any(len(blob) > 3 * BLOCK for blob in blocks.values())  # of a word that is nearly everywhere
    assert said(again(segment)) == said(segment)
    found = dict(segment.places(np.arange(70_001, dtype=np.int32)))
    assert sorted(found) == segment.terms.tolist()
    assert [place.end - place.start for _, place in sorted(found.items())] == segment.counts.tolist()


def test_a_block_that_is_missing_or_cut_is_a_database_error() -> None:
    segment = built(7, [[1, 2]], [Passage(0, 1)])
    for blocks in ({}, {0: b""}, {0: segment.blocks()[0][:-1]}, {0: segment.blocks()[0], 1: b""}):
        with pytest.raises(DatabaseError, match="damaged"):
            Segment.joined(Directory.unpack(segment.pack()), blocks)

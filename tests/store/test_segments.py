"""Packed postings: written, read, merged and thinned out without changing what they say."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import DatabaseError
from store.search.passages import Passage
from store.search.segments import Segment, build, merge, without
from tests.store.corpora import LARGE, SMALL, Cues, Place, libraries, places, stored, together

LIBRARIES = libraries(SMALL) | libraries(LARGE)
SOME = LIBRARIES.filter(bool)


def said(segment: Segment) -> dict[Place, Counter[int]]:
    """What a segment says: each passage's place and how often each word occurs in it."""
    owners = np.searchsorted(segment.starts, np.arange(segment.size), side="right") - 1
    where = [
        (int(segment.transcripts[owner]), int(first), int(end))
        for owner, first, end in zip(owners, segment.first, segment.end, strict=True)
    ]
    found: dict[Place, Counter[int]] = {place: Counter() for place in where}
    for term in segment.terms.tolist():
        passages, frequencies = segment.postings(term)
        assert (np.diff(passages.astype(np.int64)) > 0).all()
        for passage, frequency in zip(passages.tolist(), frequencies.tolist(), strict=True):
            found[where[passage]][term] = frequency
    assert [found[place].total() for place in where] == segment.lengths.tolist()
    return found


def expected(library: dict[int, Cues]) -> dict[Place, Counter[int]]:
    return {place: Counter(word for word in words if isinstance(word, int)) for place, words in places(library).items()}


def test_a_segment_counts_words_by_passage() -> None:
    segment = build(7, [[1, 2], [2, 2], [], [9]], [Passage(0, 2), Passage(1, 4)])
    assert said(segment) == {(7, 0, 2): Counter({2: 3, 1: 1}), (7, 1, 4): Counter({2: 2, 9: 1})}


def test_a_word_that_does_not_occur_has_no_postings() -> None:
    segment = build(7, [[1, 5]], [Passage(0, 1)])
    assert [len(segment.postings(term)[0]) for term in (0, 1, 3, 5, 6, 10**9)] == [0, 1, 0, 1, 0, 0]


def test_a_transcript_without_words_has_passages_and_no_postings() -> None:
    segment = build(7, [[], []], [Passage(0, 2)])
    assert said(Segment.unpack(segment.pack())) == {(7, 0, 2): Counter()}


def test_numbers_beyond_32_bits_are_kept() -> None:
    segment = build(2**40, [[2**33, 3]], [Passage(0, 1)])
    assert said(Segment.unpack(segment.pack())) == {(2**40, 0, 1): Counter({3: 1, 2**33: 1})}


def test_small_numbers_are_packed_in_single_bytes() -> None:
    assert len(build(1, [list(range(100))], [Passage(0, 1)]).pack()) < 600


@settings(max_examples=60, deadline=None)
@given(LIBRARIES)
def test_a_segment_says_what_its_transcripts_say(library: dict[int, Cues]) -> None:
    assert said(together(library)) == expected(library)


@settings(max_examples=60, deadline=None)
@given(SOME)
def test_what_is_packed_is_what_is_unpacked(library: dict[int, Cues]) -> None:
    blob = together(library).pack()
    assert said(Segment.unpack(blob)) == expected(library)
    assert Segment.unpack(blob).pack() == blob


@settings(max_examples=60, deadline=None)
@given(SOME, st.data())
def test_merging_in_any_grouping_says_the_same(library: dict[int, Cues], data: st.DataObject) -> None:
    parts = [stored(id_, cues) for id_, cues in library.items()]
    while len(parts) > 1:
        first = data.draw(st.integers(0, len(parts) - 2))
        last = data.draw(st.integers(first + 2, len(parts)))
        parts[first:last] = [Segment.unpack(merge(parts[first:last]).pack())]
    assert parts[0].pack() == together(library).pack()


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
        assert left.pack() == together(rest).pack()


@settings(max_examples=50, deadline=None)
@given(SOME)
def test_taking_out_a_transcript_that_is_not_there_changes_nothing(library: dict[int, Cues]) -> None:
    left = without(together(library), 999)
    assert left is not None
    assert left.pack() == together(library).pack()


def test_merging_one_segment_is_that_segment() -> None:
    segment = build(7, [[1]], [Passage(0, 1)])
    assert merge([segment]) is segment


def test_a_blob_cut_anywhere_is_a_database_error() -> None:
    blob = together({3: [[1, 2, 3], [700]], 4: [[2, 70_000]], 5: [[]]}).pack()
    for end in range(len(blob)):
        with pytest.raises(DatabaseError, match="damaged"):
            Segment.unpack(blob[:end])


@pytest.mark.parametrize("blob", [b"", b"VBS", b"VBS1", b"VBS2", b"SQLite format 3\0", bytes(100)])
def test_bytes_that_are_no_segment_are_a_database_error(blob: bytes) -> None:
    with pytest.raises(DatabaseError):
        Segment.unpack(blob)


def test_bytes_after_a_segment_are_a_database_error() -> None:
    blob = build(7, [[1]], [Passage(0, 1)]).pack()
    for tail in (b"\0", bytes(9), blob):
        with pytest.raises(DatabaseError):
            Segment.unpack(blob + tail)


def test_a_changed_byte_is_read_or_is_a_database_error() -> None:
    blob = together({3: [[1, 2, 3], [700]], 4: [[2, 70_000]]}).pack()
    for at in range(len(blob)):
        for value in (0, 1, 127, 128, 255):
            damaged = blob[:at] + bytes([value]) + blob[at + 1 :]
            try:
                Segment.unpack(damaged)
            except DatabaseError:
                continue

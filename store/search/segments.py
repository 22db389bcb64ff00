"""Packed postings: what is stored of a transcript's passages, and of many transcripts' merged into one segment.

A segment is nine arrays of unsigned integers in one blob. Terms are numbers of the guild's vocabulary; passages are
numbered from 0 within the segment, transcript by transcript. Merging and taking a transcript out are pure functions
from segments to segments, so how they are grouped on disk is a choice that never changes a score.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from store.errors import DatabaseError
from store.search.passages import Passage

Array = npt.NDArray[np.unsignedinteger]
Terms = npt.NDArray[np.int64]

_MAGIC = b"VBS1"
_ARRAY = struct.Struct("<BQ")  # bytes an item, items
_WIDTHS: tuple[type[np.unsignedinteger], ...] = (np.uint8, np.uint16, np.uint32, np.uint64)


@dataclass(frozen=True, slots=True)
class Segment:
    """Postings of T terms over P passages of D transcripts.

    `terms` [T] ascending; the postings of term t are items `offsets[t]` to `offsets[t + 1]` of `passages` (ascending)
    and `frequencies`. `lengths` [P] counts a passage's terms; `first` and `end` [P] are its cues; `transcripts` [D]
    are ids, whose passages begin at `starts` [D + 1].
    """

    terms: Array
    offsets: Array
    passages: Array
    frequencies: Array
    lengths: Array
    first: Array
    end: Array
    transcripts: Array
    starts: Array

    @property
    def size(self) -> int:
        """The number of passages."""
        return len(self.lengths)

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """The number of passages of each transcript [D]."""
        return self.starts[1:].astype(np.int64) - self.starts[:-1].astype(np.int64)

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """The number of postings of each term [T]."""
        return self.offsets[1:].astype(np.int64) - self.offsets[:-1].astype(np.int64)

    def postings(self, term: int) -> tuple[Array, Array]:
        """Return the passages in which a term occurs and how often it occurs in each."""
        at = int(np.searchsorted(self.terms, term))
        if at == len(self.terms) or self.terms[at] != term:
            return self.passages[:0], self.frequencies[:0]
        span = slice(int(self.offsets[at]), int(self.offsets[at + 1]))
        return self.passages[span], self.frequencies[span]

    def pack(self) -> bytes:
        """Return the segment as a blob, each array in the narrowest integers that hold it, little-endian."""
        parts = [_MAGIC]
        for field in fields(self):
            array = _narrow(getattr(self, field.name))
            parts += [
                _ARRAY.pack(array.itemsize, len(array)),
                array.astype(array.dtype.newbyteorder("<")).tobytes(),
            ]
        return b"".join(parts)

    @classmethod
    def unpack(cls, blob: bytes) -> "Segment":
        """Read a blob made by `pack`, without copying it.

        Raises:
            DatabaseError: the blob isn't a whole segment of this version.
        """
        try:
            return cls(*_arrays(blob))
        except (TypeError, ValueError, KeyError, OverflowError, struct.error) as error:
            raise DatabaseError("The search index is damaged; remove the transcript and ingest it again.") from error


def build(transcript: int, cues: Sequence[Sequence[int]], windows: Sequence[Passage]) -> Segment:
    """Build the segment of one transcript from the term numbers of each of its cues."""
    flat = np.fromiter((term for cue in cues for term in cue), dtype=np.int64)
    at = np.concatenate(([0], np.cumsum([len(cue) for cue in cues], dtype=np.int64)))
    terms = [flat[at[window.first] : at[window.end]] for window in windows]
    lengths = np.array([len(part) for part in terms], dtype=np.int64)
    return _grouped(
        np.concatenate(terms) if terms else flat,
        np.repeat(np.arange(len(windows)), lengths),
        None,
        lengths=lengths,
        first=np.array([window.first for window in windows], dtype=np.int64),
        end=np.array([window.end for window in windows], dtype=np.int64),
        transcripts=np.array([transcript], dtype=np.int64),
        starts=np.array([0, len(windows)], dtype=np.int64),
    )


def merge(segments: Sequence[Segment]) -> Segment:
    """Put segments one after another into one; a single segment is returned as it is."""
    if len(segments) == 1:
        return segments[0]
    bases = np.concatenate(([0], np.cumsum([s.size for s in segments], dtype=np.int64)))
    pairs = list(zip(segments, bases[:-1], strict=True))
    return _grouped(
        _joined([np.repeat(s.terms.astype(np.int64), s.counts) for s in segments]),
        _joined([s.passages.astype(np.int64) + base for s, base in pairs]),
        _joined([s.frequencies for s in segments]),
        lengths=_joined([s.lengths for s in segments]),
        first=_joined([s.first for s in segments]),
        end=_joined([s.end for s in segments]),
        transcripts=_joined([s.transcripts for s in segments]),
        starts=np.concatenate((_joined([s.starts[:-1].astype(np.int64) + base for s, base in pairs]), bases[-1:])),
    )


def without(segment: Segment, transcript: int) -> Segment | None:
    """Return the segment without a transcript's passages, or None if nothing is left."""
    keep_transcript = segment.transcripts != transcript
    if not keep_transcript.any():
        return None
    sizes = segment.sizes
    keep = np.repeat(keep_transcript, sizes)
    renumbered = np.cumsum(keep) - 1
    owners = np.repeat(segment.terms.astype(np.int64), segment.counts)
    kept = keep[segment.passages]
    return _grouped(
        owners[kept],
        renumbered[segment.passages[kept]],
        segment.frequencies[kept],
        lengths=segment.lengths[keep],
        first=segment.first[keep],
        end=segment.end[keep],
        transcripts=segment.transcripts[keep_transcript],
        starts=np.concatenate(([0], np.cumsum(sizes[keep_transcript]))),
    )


def _grouped(
    terms: Terms,
    passages: Terms,
    frequencies: npt.NDArray[np.integer] | None,
    **tables: npt.NDArray[np.integer],
) -> Segment:
    """Sort postings by term and passage; without frequencies, count equal pairs."""
    order = np.lexsort((passages, terms))
    terms, passages = terms[order], passages[order]
    if frequencies is None:
        new = np.ones(len(terms), dtype=bool)
        new[1:] = (terms[1:] != terms[:-1]) | (passages[1:] != passages[:-1])
        where = np.flatnonzero(new)
        frequencies = np.diff(np.append(where, len(terms)))
        terms, passages = terms[where], passages[where]
    else:
        frequencies = frequencies[order]
    distinct, where = np.unique(terms, return_index=True)
    arrays = (distinct, np.append(where, len(terms)), passages, frequencies)
    return Segment(*(_narrow(array) for array in arrays), **{name: _narrow(array) for name, array in tables.items()})


def _joined(arrays: Sequence[npt.NDArray[np.integer]]) -> npt.NDArray[np.int64]:
    return np.concatenate([array.astype(np.int64, copy=False) for array in arrays]) if arrays else np.empty(0, np.int64)


def _narrow(array: npt.NDArray[np.integer]) -> Array:
    top = int(array.max()) if len(array) else 0
    width = next(width for width in _WIDTHS if top <= np.iinfo(width).max)
    return array.astype(width, copy=False)


def _arrays(blob: bytes) -> list[Array]:
    if not blob.startswith(_MAGIC):
        raise ValueError("not a segment")
    widths = {np.dtype(width).itemsize: width for width in _WIDTHS}
    arrays: list[Array] = []
    at = len(_MAGIC)
    while at < len(blob):
        size, count = _ARRAY.unpack_from(blob, at)
        at += _ARRAY.size
        arrays.append(np.frombuffer(blob, np.dtype(widths[size]).newbyteorder("<"), count, at))
        at += size * count
    return arrays

"""Packed postings: what is stored of a transcript's passages, and of many transcripts' merged into one segment.

A segment is a directory, which a question's index keeps in memory, and its postings, cut into blocks, of which a
question reads those with its terms. Terms are numbers of the guild's vocabulary; passages are numbered from 0 within
the segment, transcript by transcript. Merging and taking a transcript out are pure functions from segments to
segments, so how they are grouped on disk is a choice that never changes a score.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from store.errors import DatabaseError
from store.index.passages import Passage
from store.sentences import sentence

Array = npt.NDArray[np.unsignedinteger]
Numbers = npt.NDArray[np.int32]
Terms = npt.NDArray[np.int64]

BLOCK = 6144  # postings: with the first term after so many a new block begins; part of the format

_MAGIC = b"VBS2"
_ARRAY = struct.Struct("<B7xQ")  # bytes an item, items; every array begins at a multiple of 8
_WIDTHS: tuple[type[np.unsignedinteger], ...] = (np.uint8, np.uint16, np.uint32, np.uint64)
_BY_BYTES = {np.dtype(width).itemsize: np.dtype(width).newbyteorder("<") for width in _WIDTHS}
DAMAGED = sentence("The search index is damaged; `python -m bot check --repair` rebuilds it from the transcripts.")


class Place(NamedTuple):
    """Where a term's postings stand: items `start` ≤ i < `end` of a block, which has `size` of them."""

    block: int
    start: int
    end: int
    size: int


@dataclass(frozen=True, slots=True)
class Directory:
    """What is known without postings of T terms over P passages of D transcripts.

    `terms` [T] ascending; the postings of term t are items `offsets[t]` to `offsets[t + 1]` of all. `lengths` [P]
    counts a passage's terms; `first` and `end` [P] are its cues; `transcripts` [D] are ids, whose passages begin at
    `starts` [D + 1]. `widths` are the bytes of a posting's passage and of its frequency. What a question looks up is in
    32 bits, whatever it is packed in, for numpy converts the whole of an array that is searched for another type.
    """

    terms: Numbers
    offsets: Numbers
    lengths: Array
    first: Array
    end: Array
    transcripts: Array
    starts: Array
    widths: tuple[int, int]

    @property
    def size(self) -> int:
        """The number of passages."""
        return len(self.lengths)

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """The number of passages of each transcript [D]."""
        return _steps(self.starts)

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """The number of postings of each term [T]."""
        return _steps(self.offsets)

    @property
    def nbytes(self) -> int:
        """The bytes of its arrays."""
        return sum(int(array.nbytes) for array in self._arrays)

    @property
    def edges(self) -> tuple[list[int], list[int]]:
        """The numbers of the blocks, and where in all postings each begins and the last one ends."""
        numbers, first = np.unique(self.offsets[:-1] // BLOCK, return_index=True)
        return numbers.tolist(), self.offsets[np.append(first, -1)].tolist()

    def places(self, terms: Numbers) -> Iterator[tuple[int, Place]]:
        """Yield those of the terms (ascending) that occur, each with the place of its postings."""
        if not len(self.terms):
            return
        at = self.terms.searchsorted(terms)
        at = at[self.terms.take(at, mode="clip") == terms]
        offsets = self.offsets
        starts = offsets[at]
        blocks = starts // BLOCK
        begins, stops = (offsets[offsets[:-1].searchsorted(edges * BLOCK)] for edges in (blocks, blocks + 1))
        rows = (self.terms[at], blocks, starts - begins, offsets[at + 1] - begins, stops - begins)
        for term, *place in zip(*(row.tolist() for row in rows), strict=True):
            yield term, Place(*place)

    def read(self, blob: bytes, place: Place) -> tuple[Array, Array]:
        """Return the passages and the frequencies at a place of a block, without copying them.

        Raises:
            DatabaseError: the block isn't whole.
        """
        wide, narrow = self.widths
        if len(blob) != place.size * (wide + narrow):
            raise DatabaseError(DAMAGED)
        count = place.end - place.start
        return (
            np.frombuffer(blob, _BY_BYTES[wide], count, place.start * wide),
            np.frombuffer(blob, _BY_BYTES[narrow], count, place.size * wide + place.start * narrow),
        )

    def pack(self) -> bytes:
        """Return the directory as a blob, each array in the narrowest integers that hold it, little-endian."""
        parts = [_MAGIC.ljust(8, b"\0")]
        for array in map(_narrow, (*self._arrays, np.array(self.widths))):
            data = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
            parts += [_ARRAY.pack(array.itemsize, len(array)), data, bytes(-len(data) % 8)]
        return b"".join(parts)

    @classmethod
    def unpack(cls, blob: bytes) -> "Directory":
        """Read a blob made by `pack`.

        Raises:
            DatabaseError: the blob isn't a whole directory of this version.
        """
        try:
            terms, offsets, lengths, first, end, transcripts, starts, (wide, narrow) = _arrays(blob)
            directory = Directory(
                _in_32_bits(terms),
                _in_32_bits(offsets),
                lengths,
                first,
                end,
                transcripts,
                starts,
                (int(wide), int(narrow)),
            )
            if not directory._is_whole:
                raise ValueError("lengths disagree")
        except (TypeError, ValueError, KeyError, IndexError, OverflowError, struct.error) as error:
            raise DatabaseError(DAMAGED) from error
        return directory

    @property
    def _arrays(self) -> list[npt.NDArray[np.integer]]:
        return [getattr(self, field.name) for field in fields(Directory) if field.name != "widths"]

    @property
    def _is_whole(self) -> bool:
        return (
            len(self.offsets) == len(self.terms) + 1
            and len(self.first) == len(self.end) == self.size
            and len(self.starts) == len(self.transcripts) + 1
            and int(self.starts[-1]) == self.size
            and set(self.widths) <= _BY_BYTES.keys()
        )


@dataclass(frozen=True, slots=True)
class Segment(Directory):
    """A directory with its postings: `passages` (ascending within a term) and `frequencies`, term by term."""

    passages: Array
    frequencies: Array

    def blocks(self) -> dict[int, bytes]:
        """Return its postings in blocks, by their numbers."""
        numbers, edges = self.edges
        passages, frequencies = (
            array.astype(array.dtype.newbyteorder("<")) for array in (self.passages, self.frequencies)
        )
        return {
            number: passages[start:end].tobytes() + frequencies[start:end].tobytes()
            for number, start, end in zip(numbers, edges[:-1], edges[1:], strict=True)
        }

    @classmethod
    def joined(cls, directory: Directory, blocks: Mapping[int, bytes]) -> "Segment":
        """Put a directory and all of its blocks together.

        Raises:
            DatabaseError: a block is missing or isn't whole.
        """
        numbers, edges = directory.edges
        if blocks.keys() != set(numbers):
            raise DatabaseError(DAMAGED)
        read = [
            directory.read(blocks[number], Place(number, 0, end - start, end - start))
            for number, start, end in zip(numbers, edges[:-1], edges[1:], strict=True)
        ]
        tables = {field.name: getattr(directory, field.name) for field in fields(Directory)}
        passages, frequencies = (_joined([arrays[at] for arrays in read]) for at in (0, 1))
        return Segment(**tables, passages=_narrow(passages), frequencies=_narrow(frequencies))


def build(transcript: int, terms: Terms, starts: Terms, windows: Sequence[Passage]) -> Segment:
    """Build a transcript's segment from its terms in order, and where each cue's begin and the last one's end."""
    first = np.array([window.first for window in windows], dtype=np.int64)
    end = np.array([window.end for window in windows], dtype=np.int64)
    begins, lengths = starts[first], starts[end] - starts[first]
    passages = np.repeat(np.arange(len(windows)), lengths)
    before = np.cumsum(lengths) - lengths
    return _grouped(
        terms[np.arange(len(passages)) + np.repeat(begins - before, lengths)],
        passages,
        None,
        lengths=lengths,
        first=first,
        end=end,
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
    """Sort postings, which are in order of passages, by term; without frequencies, count equal pairs."""
    # The order that a stable argsort has, in an eighth of its time.
    order = np.sort(terms << 32 | np.arange(len(terms))) & 0xFFFFFFFF
    terms, passages = terms[order], passages[order]
    if frequencies is None:
        new = np.ones(len(terms), dtype=bool)
        new[1:] = (terms[1:] != terms[:-1]) | (passages[1:] != passages[:-1])
        where = np.flatnonzero(new)
        frequencies = np.diff(np.append(where, len(terms)))
        terms, passages = terms[where], passages[where]
    else:
        frequencies = frequencies[order]
    first = np.flatnonzero(np.append(True, terms[1:] != terms[:-1])[: len(terms)])
    postings = {"passages": _narrow(passages), "frequencies": _narrow(frequencies)}
    return Segment(
        terms=_in_32_bits(terms[first]),
        offsets=_in_32_bits(np.append(first, len(terms))),
        widths=(postings["passages"].itemsize, postings["frequencies"].itemsize),
        **{name: _narrow(array) for name, array in tables.items()},
        **postings,
    )


def _joined(arrays: Sequence[npt.NDArray[np.integer]]) -> npt.NDArray[np.int64]:
    return np.concatenate([array.astype(np.int64, copy=False) for array in arrays]) if arrays else np.empty(0, np.int64)


def _steps(edges: npt.NDArray[np.integer]) -> Terms:
    return edges[1:].astype(np.int64) - edges[:-1].astype(np.int64)


def _narrow(array: npt.NDArray[np.integer]) -> Array:
    top = int(array.max()) if len(array) else 0
    width = next(width for width in _WIDTHS if top <= np.iinfo(width).max)
    return array.astype(width, copy=False)


def _in_32_bits(array: npt.NDArray[np.integer]) -> Numbers:
    if len(array) and int(array.max()) > np.iinfo(np.int32).max:
        raise OverflowError("a term's number or a posting's place is beyond 32 bits")
    return array.astype(np.int32)


def _arrays(blob: bytes) -> list[Array]:
    if not blob.startswith(_MAGIC):
        raise ValueError("not a segment")
    arrays: list[Array] = []
    at = 8
    while at < len(blob):
        size, count = _ARRAY.unpack_from(blob, at)
        at += _ARRAY.size
        arrays.append(np.frombuffer(blob, _BY_BYTES[size], count, at).copy())
        at += size * count
        at += -at % 8
    if at > len(blob):
        raise ValueError("cut short")
    return arrays

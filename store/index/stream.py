"""The stream of words: what a transcript says, as the numbers of its words in order, in blocks that are read alone.

A block is 64 cues, so where a cue's words stand is known without a look-up. Its planes are columns of a row: the planes
of many blocks are put together, and read as arrays, by one step each. A word takes 3 bytes, or 4 in a guild with
over four million different ones; a cue takes 4. Packed by zlib a block takes half of that, and as long again to read.
"""

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from store.database import Reader, Writer
from store.errors import StreamError

CUES = 64  # of a block: part of the format
PLACE = 20  # bits of a block's id that are its place in its transcript; the others are the transcript's
NOTHING = 3  # beside what analysis says that a word may be: none, but what parts two readings of a cue
WORD, CHARACTER = 16, 3  # what a word and a CJK character take of a quote's room, in sixteenths of a word
GAP = (1 << 30) - 1  # stands for whatever isn't read between two blocks, and for `NOTHING`; is no word

SHINGLE = 4  # words
# By which the words of a shingle are told apart in one number: odd, and otherwise arbitrary.
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64)

Numbers = npt.NDArray[np.int64]
Planes = tuple[bytes, bytes, bytes]  # the words' low 16 bits; their high bits and what they are; the cues

_NARROW = 1 << 22  # numbers from here on take four bytes
_COUNT, _MARKS = (1 << 28) - 1, 28  # of a cue: its words, and the place of its marks
_KEY = 32  # bits for a cue's position beside its transcript's id
_GAP = (b"\0\0", b"\xc0", b"\1\0\0\0")  # the planes of a cue with one word, which is nothing


@dataclass(frozen=True, slots=True)
class Words:
    """What a transcript says: the `numbers` and `characters` [W] of its words, and each cue's `counts` and `marks` [C].

    `characters` are as in `store.text.analysis.Spoken`, `marks` as in `store.text.turns`.
    """

    numbers: npt.NDArray[np.int32]
    characters: npt.NDArray[np.uint8]
    counts: Numbers
    marks: npt.NDArray[np.uint8]

    def blocks(self) -> Iterator[Planes]:
        """Yield the planes of each block."""
        wide = bool(len(self.numbers)) and int(self.numbers.max()) >= _NARROW
        low = self.numbers.astype("<u2").tobytes()
        kinds = self.characters.astype(np.int32) << (14 if wide else 6)
        high = (self.numbers >> 16 | kinds).astype("<u2" if wide else "u1").tobytes()
        cues = (self.counts | self.marks.astype(np.int64) << _MARKS).astype("<u4").tobytes()
        starts = np.concatenate(([0], np.cumsum(self.counts))).tolist()
        for first in range(0, len(self.counts), CUES):
            begin, end = starts[first], starts[min(first + CUES, len(self.counts))]
            width = 2 if wide else 1
            yield low[2 * begin : 2 * end], high[width * begin : width * end], cues[4 * first : 4 * (first + CUES)]


@dataclass(frozen=True)
class Stream:
    """Blocks of some transcripts, by their ids (ascending), as one row of cues [C] and one of words [W].

    `bases` [B] are the rows of the blocks' first cues; the words of cue c are those from `starts[c]` to
    `starts[c + 1]` [C + 1]. Where blocks aren't neighbours, a cue of one `GAP` stands between them.
    """

    ids: Numbers
    bases: Numbers
    words: npt.NDArray[np.int32]
    characters: npt.NDArray[np.uint8]
    starts: Numbers
    marks: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, blocks: Mapping[int, Planes]) -> "Stream":
        """Put blocks together, each under its id."""
        ids = sorted(blocks)
        rows: list[Planes] = []
        bases: list[int] = []
        size = before = 0
        for id_ in ids:
            if id_ != before + 1 and rows:
                rows.append(_GAP)
                size += 1
            bases.append(size)
            rows.append(planes := blocks[id_])
            size += len(planes[2]) // 4
            before = id_
        lows, highs, cues = zip(*rows, strict=True) if rows else ((), (), ())
        low = np.frombuffer(b"".join(lows), "<u2").astype(np.int32)
        high = b"".join(highs)
        if len(high) == len(low):
            upper, kinds, shift = np.frombuffer(high, np.uint8), 6, 6
        else:
            upper, kinds, shift = np.frombuffer(b"".join(map(_widened, lows, highs)), "<u2"), 14, 14
        words = (upper & ((1 << shift) - 1)).astype(np.int32)
        words <<= 16
        words |= low
        characters = (upper >> kinds).astype(np.uint8)
        cue = np.frombuffer(b"".join(cues), "<u4").astype(np.int64)
        starts = np.zeros(len(cue) + 1, np.int64)
        np.cumsum(cue & _COUNT, out=starts[1:])
        gaps = characters == NOTHING
        if gaps.any():
            words[gaps], characters[gaps] = GAP, 0
        return cls(
            np.array(ids, np.int64),
            np.array(bases, np.int64),
            words,
            characters,
            starts,
            (cue >> _MARKS).astype(np.uint8),
        )

    def only(self, cues: Mapping[int, Sequence[int]]) -> "Stream":
        """Return a stream in which transcripts say nothing but some of their cues, given by their positions."""
        if not cues:
            return self
        sizes = np.diff(np.append(self.bases, len(self.marks)))
        owners = np.repeat(self.ids >> PLACE, sizes)
        first = np.repeat((self.ids & ((1 << PLACE) - 1)) * CUES - self.bases, sizes)
        keys = (owners << _KEY) + first + np.arange(len(self.marks))
        kept = [(transcript << _KEY) + np.array(positions, np.int64) for transcript, positions in cues.items()]
        allowed = np.isin(keys, np.concatenate(kept)) | ~np.isin(owners, np.array(list(cues), np.int64))
        words = np.where(np.repeat(allowed, np.diff(self.starts)), self.words, GAP).astype(np.int32)
        return replace(self, words=words)

    def rows(self, transcripts: Numbers, positions: Numbers) -> Numbers:
        """Return the rows of cues, by their transcripts and their positions in them; their blocks must be here."""
        return self.bases[self.ids.searchsorted((transcripts << PLACE) + positions // CUES)] + positions % CUES

    def is_alone(self, place: int) -> bool:
        """Say whether a word stands alone: it isn't one of several CJK characters in a row."""
        if not self.has_characters:
            return True
        following = self.characters[place : place + 2].tolist()
        return bool(following[0] == 0 or (following[0] == 1 and following[1:] != [2]))

    def shingles(self, begin: int, end: int) -> frozenset[int]:
        """Return the words from `begin` to `end` four by four, each four as a number; of fewer the only one.

        Texts that say the same share most of them (A. Broder, "On the resemblance and containment of documents").
        """
        if end - begin < SHINGLE:
            return frozenset({hash(tuple(self.words[begin:end].tolist()))})
        return frozenset(self._shingles[begin : end - SHINGLE + 1].tolist())

    def again(self, within: int) -> Numbers:
        """Return the places of words that begin four which were said at most `within` words before, too."""
        order = np.argsort(self._shingles, kind="stable")
        same = self._shingles[order[1:]] == self._shingles[order[:-1]]
        found: Numbers = order[1:][same & (np.diff(order) <= within)]
        return found

    @cached_property
    def _shingles(self) -> npt.NDArray[np.uint64]:
        """The words four by four, each four as a number [W - 3]."""
        words = self.words.astype(np.uint64)
        found = np.zeros(max(0, len(words) - SHINGLE + 1), np.uint64)
        for at, factor in enumerate(_FACTORS):
            found += words[at : len(found) + at] * factor
        return found

    @cached_property
    def has_characters(self) -> bool:
        """Whether any of its words is a CJK character."""
        return bool(self.characters.any())

    @cached_property
    def room(self) -> Numbers:
        """What the words before each cue take of a quote's room, in sixteenths of a word [C + 1]."""
        if not self.has_characters:
            return self.starts * WORD
        before = np.zeros(len(self.starts), np.int64)
        np.cumsum(room(np.diff(self.starts), self.characters), out=before[1:])
        return before


def room(counts: Numbers, characters: npt.NDArray[np.uint8]) -> Numbers:
    """Return what cues take of a quote's room, in sixteenths of a word [C], by their counts of words [C] and these."""
    if not characters.any():
        return counts * WORD
    before = np.zeros(len(characters) + 1, np.int64)
    np.cumsum(np.where(characters > 0, CHARACTER, WORD), out=before[1:])
    return np.diff(before[np.concatenate(([0], np.cumsum(counts)))])


def ids_of(transcripts: Numbers, firsts: Numbers, ends: Numbers) -> set[int]:
    """Return the ids of the blocks with the cues from `firsts` to `ends` of transcripts."""
    begin = ((transcripts << PLACE) + firsts // CUES).tolist()
    last = ((transcripts << PLACE) + (ends - 1) // CUES).tolist()
    return {id_ for one, other in zip(begin, last, strict=True) for id_ in range(one, other + 1)}


async def write(connection: Writer, transcript_id: int, words: Words) -> None:
    """Write a transcript's stream; it must have none."""
    base = transcript_id << PLACE
    await connection.executemany(
        "INSERT INTO stream_blocks (id, low, high, cues, crc) VALUES (?, ?, ?, ?, ?)",
        [(id_, *planes, _crc(id_, planes)) for id_, planes in enumerate(words.blocks(), start=base)],
    )


async def remove(connection: Writer, transcript_id: int) -> None:
    """Delete a transcript's stream."""
    await connection.execute(
        "DELETE FROM stream_blocks WHERE id >= ? AND id < ?", (transcript_id << PLACE, (transcript_id + 1) << PLACE)
    )


async def read(connection: Reader, ids: Collection[int]) -> dict[int, Planes]:
    """Return the planes of blocks by their ids.

    Raises:
        StreamError: one of them is missing or damaged.
    """
    if not ids:
        return {}
    runs: list[list[int]] = []
    for id_ in sorted(ids):
        if runs and id_ == runs[-1][1] + 1:
            runs[-1][1] = id_
        else:
            runs.append([id_, id_])
    rows = await connection.execute_fetchall(
        """
        SELECT b.id, b.low, b.high, b.cues, b.crc
        FROM json_each(?) AS run CROSS JOIN stream_blocks AS b ON b.id BETWEEN run.value ->> 0 AND run.value ->> 1
        """,
        (json.dumps(runs),),
    )
    return checked(rows, ids)


async def whole(connection: Reader, transcript_id: int) -> dict[int, Planes]:
    """Return what is stored of a transcript's blocks, by their ids.

    Raises:
        StreamError: one of them is damaged.
    """
    rows = await connection.execute_fetchall(
        "SELECT id, low, high, cues, crc FROM stream_blocks WHERE id >= ? AND id < ?",
        (transcript_id << PLACE, (transcript_id + 1) << PLACE),
    )
    return checked(rows, ())


def checked(rows: Iterable[Iterable[Any]], wanted: Collection[int]) -> dict[int, Planes]:
    """Return stored rows as planes by their ids; each that is `wanted` must be there, and whole.

    Raises:
        StreamError: a block is missing or damaged.
    """
    found: dict[int, Planes] = {}
    wrong: set[int] = set()
    for id_, low, high, cues, crc in rows:
        planes = (low, high, cues)
        if all(type(plane) is bytes for plane in planes) and _crc(id_, planes) == crc:
            found[id_] = planes
        else:
            wrong.add(id_)
    if len(found) < len(wanted) or wrong:
        raise StreamError(frozenset(id_ >> PLACE for id_ in wrong.union(wanted) - found.keys()))
    return found


def _crc(id_: int, planes: Planes) -> int:
    low, high, cues = planes
    return zlib.crc32(cues, zlib.crc32(high, zlib.crc32(low, id_ & 0xFFFFFFFF)))


def _widened(low: bytes, high: bytes) -> bytes:
    """Return a block's high plane in two bytes a word."""
    if len(high) == len(low):
        return high
    narrow = np.frombuffer(high, np.uint8).astype("<u2")
    return (narrow & 0x3F | (narrow >> 6) << 14).astype("<u2").tobytes()

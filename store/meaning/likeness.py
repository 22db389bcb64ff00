"""How alike a question and each passage of a guild are: the cosine of their vectors, over all passages.

Vectors stay in the order in which they were read, as the int8 that they are stored as; which row is which passage's is
kept apart, so a merge of segments or an ingest moves none of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from store.database import Reader
from store.errors import VectorsError
from store.index import vectors
from store.index.directory import GuildIndex, Passages
from store.index.vectors import Rows, Vectors
from store.meaning.encoder import Meaning

CHUNK = 1024  # rows that are multiplied at once: as float32 they are 2 MB, and stay in the processor's cache
READ = 128  # transcripts whose vectors are read at once
SPARE = 4  # rows of transcripts that are gone stay, until they are so much of all: a quarter

_NOWHERE = -1

Cosines = npt.NDArray[np.float32]


class Place(NamedTuple):
    """Where a transcript's vectors are: under which id they are stored, from which row on, and how many."""

    id: int
    row: int
    size: int


@dataclass(frozen=True)
class Likeness:
    """Vectors of M passages of one model, and which of them is whose of the N passages of a guild's index.

    `chunks` are the vectors, row after row; `weights` [M] are 1 over their lengths; `rows` [N] are the passages' rows,
    or -1.
    """

    model: str = ""
    layout: int = -1
    newest: int = 0
    places: Mapping[int, Place] = field(default_factory=dict)
    chunks: tuple[Rows, ...] = ()
    weights: Cosines = field(default_factory=lambda: np.empty(0, np.float32))
    rows: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))

    @property
    def nbytes(self) -> int:
        """The memory of its arrays in bytes."""
        return sum(chunk.nbytes for chunk in self.chunks) + self.weights.nbytes + self.rows.nbytes

    @property
    def age(self) -> tuple[int, ...]:
        """What is greater the newer the library is that it was read from."""
        return self.layout, self.newest

    @cached_property
    def bases(self) -> list[int]:
        """The row with which each chunk begins, and the number of rows."""
        return [0, *np.cumsum([len(chunk) for chunk in self.chunks], dtype=int).tolist()]

    def cosines(self, meaning: Meaning) -> Cosines:
        """Return how alike a question and each passage are [N], from -1 to 1; NaN for one that has no vector."""
        found = np.empty(self.bases[-1] + 1, np.float32)
        found[_NOWHERE] = np.nan
        for base, chunk in zip(self.bases, self.chunks, strict=False):
            _multiply(chunk, meaning.vector, found[base : base + len(chunk)])
        found[:_NOWHERE] *= self.weights
        return found[self.rows]

    def cosines_of(self, meaning: Meaning, passages: Passages) -> Cosines:
        """Return how alike a question and some passages are [n], by the passages' numbers; NaN as in `cosines`."""
        rows = self.rows[passages]
        found = np.full(len(rows), np.nan, np.float32)
        for base, chunk in zip(self.bases, self.chunks, strict=False):
            here = np.flatnonzero((rows >= base) & (rows < base + len(chunk)))
            products = np.empty(len(here), np.float32)
            _multiply(chunk[rows[here] - base], meaning.vector, products)
            found[here] = products * self.weights[rows[here]]
        return found


@dataclass(frozen=True)
class Similar:
    """How alike one question and the passages of a guild's index are."""

    likeness: Likeness
    meaning: Meaning

    @cached_property
    def cosines(self) -> Cosines:
        """Those of all passages, as `Likeness.cosines` [N]."""
        return self.likeness.cosines(self.meaning)

    def of(self, passages: Passages) -> Cosines:
        """Return those of some passages, by their numbers [n]."""
        return self.likeness.cosines_of(self.meaning, passages)


async def refresh(connection: Reader, guild_id: int, meaning: Meaning, index: GuildIndex, held: Likeness) -> Likeness:
    """Bring a likeness to what `connection` sees, whose index is given, reading only vectors that it doesn't hold.

    Raises:
        VectorsError: some vectors are damaged.
    """
    newest = await vectors.newest(connection, guild_id, meaning.model)
    if (held.model, held.layout, held.newest) == (meaning.model, index.layout, newest):
        return held
    stored = await _stored(connection, guild_id, meaning.model, index)
    places = {
        transcript: place
        for transcript, place in held.places.items()
        if held.model == meaning.model and stored.get(transcript) == (place.id, place.size)
    }
    if SPARE * sum(place.size for place in places.values()) < (SPARE - 1) * held.bases[-1]:
        held, places = Likeness(), {}
    missing = [transcript for transcript in stored if transcript not in places]
    first = row = held.bases[-1]
    new = np.empty((sum(stored[transcript][1] for transcript in missing), len(meaning.vector)), np.int8)
    for at in range(0, len(missing), READ):
        batch = missing[at : at + READ]
        found = await vectors.read(connection, [stored[transcript][0] for transcript in batch], new.shape[1])
        for transcript in batch:
            id_, count = stored[transcript]
            new[row - first : row - first + count] = found[id_]
            places[transcript] = Place(id_, row, count)
            row += count
    return Likeness(
        meaning.model,
        index.layout,
        newest,
        places,
        _tidied([*held.chunks, new]) if len(new) else held.chunks,
        np.concatenate([held.weights, _weights(new)]) if len(new) else held.weights,
        _rows(index, places),
    )


async def _stored(connection: Reader, guild_id: int, model: str, index: GuildIndex) -> dict[int, tuple[int, int]]:
    """Return the ids of the vectors of an index's transcripts, and how many there are under each, by transcript.

    Raises:
        VectorsError: some aren't as many as the passages.
    """
    listed = await vectors.listed(connection, guild_id, model)
    stored: dict[int, tuple[int, int]] = {}
    wrong: set[int] = set()
    for _, part in index.parts:
        for transcript, size in zip(part.transcripts.tolist(), part.sizes.tolist(), strict=True):
            if (found := listed.get(transcript)) is not None:
                id_, said = found
                if said != size:  # which could be any number, also one of bytes that no memory has
                    wrong.add(transcript)
                stored[transcript] = id_, size
    if wrong:
        raise VectorsError(frozenset(wrong))
    return stored


def _rows(index: GuildIndex, places: Mapping[int, Place]) -> npt.NDArray[np.int32]:
    """Return the rows of an index's passages [N], -1 where there is none: of vectors that aren't as many, too."""
    owners = np.array(sorted(places), np.int64)
    columns = [(places[transcript].row, places[transcript].size) for transcript in owners.tolist()]
    firsts, counts = np.array(columns, np.int64).reshape(-1, 2).T
    parts = []
    for _, part in index.parts:
        sizes, transcripts = part.sizes, part.transcripts.astype(np.int64)
        at = np.minimum(owners.searchsorted(transcripts), max(len(owners) - 1, 0))
        begins = np.full(len(transcripts), _NOWHERE, np.int64)
        if len(owners):
            known = (owners[at] == transcripts) & (counts[at] == sizes)
            begins[known] = firsts[at[known]]
        within = np.arange(part.size) - np.repeat(part.starts[:-1].astype(np.int64), sizes)
        begins = np.repeat(begins, sizes)
        parts.append(np.where(begins == _NOWHERE, _NOWHERE, begins + within).astype(np.int32))
    return np.concatenate(parts) if parts else np.empty(0, np.int32)


def _tidied(chunks: list[Rows]) -> tuple[Rows, ...]:
    """Return the same rows in fewer chunks, each at least twice as long as the next: few copies, and few chunks."""
    while len(chunks) > 1 and len(chunks[-2]) < 2 * len(chunks[-1]):
        chunks[-2:] = [np.concatenate(chunks[-2:])]
    return tuple(chunks)


def _weights(rows: Rows) -> Cosines:
    """Return 1 over the lengths of vectors [n]; NaN for one of zeros."""
    squares = np.empty(len(rows), np.float32)
    for at, block in _blocks(rows):
        np.vecdot(block, block, out=squares[at : at + len(block)])
    squares[squares == 0] = np.nan
    return np.reciprocal(np.sqrt(squares))


def _multiply(rows: Rows, vector: Vectors, out: Cosines) -> None:
    """Put the products of rows [n, d] and a vector [d] into `out` [n]."""
    for at, block in _blocks(rows):
        # Not `dot`: above some thousand numbers BLAS divides it among threads, which took 1,100 ms instead of 12 for
        # 100,000 passages where another process was at work.
        np.vecdot(block, vector, out=out[at : at + len(block)])


def _blocks(rows: Rows) -> Iterator[tuple[int, Vectors]]:
    """Yield rows as float32, some at a time, with the number of the first; each is overwritten by the next."""
    buffer = np.empty((min(CHUNK, len(rows)), rows.shape[1]), np.float32)
    for at in range(0, len(rows), CHUNK):
        block = rows[at : at + CHUNK]
        converted = buffer[: len(block)]
        np.copyto(converted, block)
        yield at, converted

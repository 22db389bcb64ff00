"""One guild's index in memory: its segments' directories at one layout, as an immutable value.

Postings stay in the database, block by block; the index knows which blocks a question needs. A refresh keeps the
directories that are still stored and adds the new ones, so it reads only what changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import starmap
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from store.index.segments import Array, Directory, Place
from store.text.languages import varieties

OVERLAPPING = 4  # passages that may hold the same cue: each begins where half of the last has passed
_CUE = 32  # bits for a cue's position beside its transcript's id

Passages = npt.NDArray[np.int64]  # their numbers, ascending
Postings = tuple[Passages, npt.NDArray[np.integer]]  # and how often a term occurs in each
Block = tuple[int, int]  # a stored segment's id and the number of one of its blocks


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches: the cues `first` ≤ position < `end` of a transcript, what of the question it holds."""

    number: int
    transcript: int
    first: int
    end: int
    terms: frozenset[str]
    score: float


class Places(NamedTuple):
    """Where passages stand [N]: the cues from `firsts` to `ends` of transcripts that have so many `cues`."""

    transcripts: Passages
    firsts: Passages
    ends: Passages
    cues: Passages

    def of(self, chosen: Sequence[int]) -> "Places":
        """Return where some of them stand, in another order."""
        return Places(*(column[chosen] for column in self))

    def then(self, others: "Places") -> "Places":
        """Return where they and others stand."""
        return Places(*map(np.concatenate, zip(self, others, strict=True)))


@dataclass(frozen=True, slots=True)
class Located:
    """A term's postings in one part of the index."""

    term: int
    part: int
    place: Place


@dataclass(frozen=True)
class GuildIndex:
    """Passages of one guild, numbered from 0 across its stored segments, which are known by id.

    `spoken_in` are the languages of its transcripts, by their codes ("" where it isn't known), `languages` those that
    are treated in different ways, as `store.text.languages.varieties`; `total` transcripts are there, indexed or not.
    """

    layout: int = 0
    parts: tuple[tuple[int, Directory], ...] = ()
    spoken_in: frozenset[str] = frozenset()
    total: int = 0

    @property
    def age(self) -> tuple[int, ...]:
        """What is greater the newer the library is that it was read from."""
        return (self.layout,)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of its transcripts that are treated in different ways."""
        return varieties(sorted(self.spoken_in))

    @property
    def stored(self) -> frozenset[int]:
        """The ids of the segments it was read from."""
        return frozenset(id_ for id_, _ in self.parts)

    @cached_property
    def bases(self) -> list[int]:
        """The number of each part's first passage, and the number of passages in all."""
        return [0, *np.cumsum([part.size for _, part in self.parts], dtype=int).tolist()]

    @property
    def size(self) -> int:
        """The number of passages."""
        return int(self.bases[-1])

    @cached_property
    def transcripts(self) -> int:
        """The number of transcripts."""
        return sum(len(part.transcripts) for _, part in self.parts)

    @property
    def unindexed(self) -> int:
        """The number of transcripts that are in no segment yet."""
        return max(0, self.total - self.transcripts)

    @cached_property
    def lengths(self) -> Array:
        """Each passage's length in terms [N]."""
        arrays = [part.lengths for _, part in self.parts]
        return np.concatenate(arrays) if arrays else np.empty(0, np.uint8)

    @cached_property
    def starts(self) -> Passages:
        """The number of each transcript's first passage, across the parts, and the number of passages [D + 1]."""
        arrays = [
            part.starts[:-1].astype(np.int64) + base for (_, part), base in zip(self.parts, self.bases, strict=False)
        ]
        return np.concatenate([*arrays, np.array([self.size])])

    @cached_property
    def spoken(self) -> npt.NDArray[np.int64]:
        """The lengths of each transcript's passages together [D]."""
        before = np.concatenate(([0], np.cumsum(self.lengths, dtype=np.int64)))
        return np.diff(before[self.starts])

    @cached_property
    def average_length(self) -> float:
        """The mean length of a passage in terms."""
        return int(self.lengths.sum(dtype=np.int64)) / self.size or 1.0  # in some only stop words are said

    @cached_property
    def nbytes(self) -> int:
        """The memory of its arrays in bytes."""
        across = self.lengths.nbytes + self.starts.nbytes + self.spoken.nbytes
        return sum(part.nbytes for _, part in self.parts) + across

    def locate(self, terms: Iterable[int]) -> list[Located]:
        """Say where the postings of those terms are that occur, part by part."""
        wanted = np.array(sorted(set(terms)), np.int32)
        return [
            Located(term, number, place)
            for number, (_, part) in enumerate(self.parts)
            for term, place in part.places(wanted)
        ]

    def block(self, located: Located) -> Block:
        """Return the stored block in which postings are."""
        return self.parts[located.part][0], located.place.block

    def postings(self, located: Sequence[Located], blocks: Mapping[Block, bytes]) -> dict[int, Postings]:
        """Return the postings of each located term: the numbers (ascending) of the passages, and the frequencies.

        Raises:
            DatabaseError: a block is damaged.
        """
        found: dict[int, list[Postings]] = {}
        for one in located:
            passages, frequencies = self.parts[one.part][1].read(blocks[self.block(one)], one.place)
            numbers = np.add(passages, self.bases[one.part], dtype=np.int64)
            found.setdefault(one.term, []).append((numbers, frequencies))
        return {
            term: parts[0] if len(parts) == 1 else (np.concatenate([p for p, _ in parts]), _joined(parts))
            for term, parts in found.items()
        }

    def hits(self, numbers: Passages, terms: Sequence[Iterable[str]], scores: Sequence[float]) -> list[Hit]:
        """Say where passages stand that match."""
        owners, firsts, ends, _ = (column.tolist() for column in self.places(numbers))
        columns = zip(numbers.tolist(), owners, firsts, ends, map(frozenset, terms), scores, strict=True)
        return list(starmap(Hit, columns))

    def places(self, numbers: Sequence[int] | Passages) -> "Places":
        """Say where passages stand."""
        wanted = np.asarray(numbers, np.int64)
        found = np.empty((4, len(wanted)), np.int64)
        parts = np.searchsorted(self.bases, wanted, side="right") - 1
        for at in np.unique(parts).tolist():
            part, here = self.parts[at][1], parts == at
            local = wanted[here] - self.bases[at]
            owners = part.starts.searchsorted(local.astype(part.starts.dtype), side="right") - 1
            last = part.starts[owners + 1].astype(np.int64) - 1
            found[:, here] = part.transcripts[owners], part.first[local], part.end[local], part.end[last]
        return Places(*found)

    def of(self, transcripts: Iterable[int]) -> npt.NDArray[np.bool_]:
        """Return, for each passage, whether it is of one of the given transcripts."""
        wanted = np.fromiter(transcripts, dtype=np.int64)
        masks = [np.repeat(np.isin(part.transcripts, wanted), part.sizes) for _, part in self.parts]
        return np.concatenate(masks) if masks else np.zeros(0, dtype=bool)

    def holds(self, transcript: int) -> bool:
        """Say whether it has a transcript's passages."""
        return any((part.transcripts == transcript).any() for _, part in self.parts)

    def holding(self, transcripts: Passages, cues: Passages) -> Postings:
        """Return the passages that hold cues, given by their transcripts and positions, and how many each holds."""
        numbers = np.flatnonzero(self.of(np.unique(transcripts).tolist()))
        if not len(numbers):
            return numbers, numbers
        at = self.places(numbers)
        firsts, ends = ((at.transcripts << _CUE) + edges for edges in (at.firsts, at.ends))
        order = np.argsort(firsts)
        firsts, ends, numbers = firsts[order], ends[order], numbers[order]
        wanted = (transcripts << _CUE) + cues
        last = firsts.searchsorted(wanted, side="right") - 1
        near = [last - before for before in range(min(OVERLAPPING, len(numbers)))]
        held = [place[(place >= 0) & (firsts[place] <= wanted) & (wanted < ends[place])] for place in near]
        found, counts = np.unique(numbers[np.concatenate(held)], return_counts=True)
        return found, counts

    def refreshed(
        self,
        layout: int,
        *,
        gone: Iterable[int],
        new: Mapping[int, bytes],
        spoken_in: Iterable[str] = (),
        total: int = 0,
    ) -> "GuildIndex":
        """Return the index at another layout: without the stored segments in `gone`, with the directories in `new`.

        Raises:
            DatabaseError: a directory is damaged.
        """
        gone = set(gone)
        kept = [(id_, part) for id_, part in self.parts if id_ not in gone]
        parts = (*kept, *((id_, Directory.unpack(blob)) for id_, blob in new.items()))
        return GuildIndex(layout, parts, frozenset(spoken_in), total)


def _joined(parts: Sequence[Postings]) -> npt.NDArray[np.integer]:
    joined: npt.NDArray[np.integer] = np.concatenate([frequencies for _, frequencies in parts])
    return joined

"""One guild's index in memory: its segments at one version of its library, as an immutable value.

A refresh keeps what is still true: segments that were removed or rewritten are taken out, new ones put in, and small
parts merged, so a question meets at most `MAX_PARTS` of them however many transcripts there are.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from store.search.segments import Segment, merge, without

MAX_PARTS = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches: the cues `first` ≤ position < `end` of a transcript, what of the question it holds."""

    number: int
    transcript: int
    first: int
    end: int
    terms: frozenset[str]
    score: float


@dataclass(frozen=True)
class _Part:
    """A segment in memory and the stored segments (by id, with their transcripts) it was merged from."""

    sources: Mapping[int, tuple[int, ...]]
    segment: Segment


@dataclass(frozen=True)
class GuildIndex:
    """Passages of one guild, numbered from 0 across its parts."""

    version: int = 0
    parts: tuple[_Part, ...] = ()

    @property
    def stored(self) -> frozenset[int]:
        """The ids of the stored segments this index was read from."""
        return frozenset(id_ for part in self.parts for id_ in part.sources)

    @cached_property
    def bases(self) -> list[int]:
        """The number of each part's first passage, and the number of passages in all."""
        return [0, *np.cumsum([part.segment.size for part in self.parts], dtype=int).tolist()]

    @property
    def size(self) -> int:
        """The number of passages."""
        return int(self.bases[-1])

    @property
    def transcripts(self) -> int:
        """The number of transcripts."""
        return sum(len(part.segment.transcripts) for part in self.parts)

    @cached_property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Each passage's length in terms."""
        arrays = [part.segment.lengths.astype(np.int64) for part in self.parts]
        return np.concatenate(arrays) if arrays else np.empty(0, np.int64)

    @cached_property
    def owners(self) -> npt.NDArray[np.int32]:
        """Each passage's transcript, counted from 0 across the parts [N]."""
        sizes = [part.segment.sizes for part in self.parts]
        every = np.concatenate(sizes) if sizes else np.empty(0, np.int64)
        return np.repeat(np.arange(len(every), dtype=np.int32), every)

    @cached_property
    def average_length(self) -> float:
        """The mean length of a passage in terms."""
        return int(self.lengths.sum()) / self.size

    @cached_property
    def nbytes(self) -> int:
        """The memory of its arrays in bytes."""
        arrays = sum(int(getattr(p.segment, f.name).nbytes) for p in self.parts for f in fields(Segment))
        return arrays + 8 * self.size

    def postings(self, term: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the numbers (ascending) of the passages in which a term occurs, and how often it does."""
        found = [part.segment.postings(term) for part in self.parts]
        passages = [p.astype(np.int64) + base for (p, _), base in zip(found, self.bases, strict=False) if len(p)]
        if not passages:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        return np.concatenate(passages), np.concatenate([f.astype(np.int64) for _, f in found if len(f)])

    def hit(self, number: int, terms: Iterable[str], score: float) -> Hit:
        """Say where a passage stands."""
        at = bisect_right(self.bases, number) - 1
        segment, local = self.parts[at].segment, number - self.bases[at]
        owner = int(np.searchsorted(segment.starts, local, side="right")) - 1
        return Hit(
            number=number,
            transcript=int(segment.transcripts[owner]),
            first=int(segment.first[local]),
            end=int(segment.end[local]),
            terms=frozenset(terms),
            score=score,
        )

    def of(self, transcripts: Iterable[int]) -> npt.NDArray[np.bool_]:
        """Return, for each passage, whether it is of one of the given transcripts."""
        wanted = np.fromiter(transcripts, dtype=np.int64)
        masks = [np.repeat(np.isin(part.segment.transcripts, wanted), part.segment.sizes) for part in self.parts]
        return np.concatenate(masks) if masks else np.zeros(0, dtype=bool)

    def refreshed(self, version: int, *, gone: Iterable[int], new: Mapping[int, bytes]) -> "GuildIndex":
        """Return the index at another version: without the stored segments in `gone`, with the blobs in `new`.

        Raises:
            DatabaseError: a blob is damaged.
        """
        gone = set(gone)
        parts = [kept for part in self.parts if (kept := _without(part, gone)) is not None]
        for id_, blob in new.items():
            segment = Segment.unpack(blob)
            parts.append(_Part({id_: tuple(segment.transcripts.tolist())}, segment))
        if len(parts) > MAX_PARTS:
            parts.sort(key=lambda part: part.segment.size, reverse=True)
            keep = MAX_PARTS // 2
            parts = [*parts[:keep], _merged(parts[keep:])]
        return GuildIndex(version, tuple(parts))


def _without(part: _Part, gone: set[int]) -> _Part | None:
    if gone.isdisjoint(part.sources):
        return part
    left: Segment | None = part.segment
    for id_ in gone & part.sources.keys():
        for transcript in part.sources[id_]:
            left = without(left, transcript) if left is not None else None
    return _Part({k: v for k, v in part.sources.items() if k not in gone}, left) if left is not None else None


def _merged(parts: list[_Part]) -> _Part:
    return _Part({k: v for part in parts for k, v in part.sources.items()}, merge([part.segment for part in parts]))

"""What a whole transcript is about: a passage of one that speaks of the question throughout comes before others.

A transcript is scored like a passage, by rank-bm25 over the guild's transcripts, and counts for 0.2 of that. How often
a word occurs in it is counted from its passages, which overlap: every count is about twice as large, and so is every
length.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from store.index.directory import GuildIndex, Hit, Passages
from store.search.ranking import Clause, Scores, Survivors, Variant

WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a question's clauses are to the transcripts of an index; `frequencies` are how many hold a variant."""

    index: GuildIndex
    clauses: Sequence[Clause]
    variants: Mapping[str, Variant]
    frequencies: Mapping[str, int]

    @classmethod
    def of(cls, index: GuildIndex, clauses: Sequence[Clause]) -> "Subjects":
        """Count in how many transcripts each variant of the clauses occurs."""
        variants = {variant.key: variant for clause in clauses for variant in clause.variants}
        frequencies = {key: _distinct(variant.postings[0], index.starts) for key, variant in variants.items()}
        return cls(index, clauses, variants, frequencies)

    def gains(self, hits: Sequence[Hit]) -> Scores:
        """Return what each passage gains by its transcript."""
        index = self.index
        if not hits or index.transcripts < 2:
            return np.zeros(len(hits))
        numbers = index.starts.searchsorted([hit.number for hit in hits], side="right") - 1
        owners, which = np.unique(numbers, return_inverse=True)
        scorer = Survivors(
            self._counted(owners),
            index.spoken[owners].tolist(),
            corpus_size=index.transcripts,
            average_length=float(index.spoken.mean()),
            document_frequencies=self.frequencies,
        )
        return np.asarray(WEIGHT * scorer.scores(self.clauses)[which])

    def _counted(self, owners: npt.NDArray[np.int64]) -> list[dict[str, int]]:
        """Count how often each variant occurs in the passages of transcripts, by their numbers in the index."""
        counted: list[dict[str, int]] = [{} for _ in owners]
        for key, variant in self.variants.items():
            passages, frequencies = variant.postings
            begins, ends = (passages.searchsorted(self.index.starts[edges]).tolist() for edges in (owners, owners + 1))
            for held, begin, end in zip(counted, begins, ends, strict=True):
                if begin < end:
                    held[key] = int(frequencies[begin:end].sum())
        return counted


def _distinct(passages: Passages, starts: Passages) -> int:
    """Count the transcripts, which begin at `starts`, that have any of the passages; by the shorter of the two."""
    if len(passages) < len(starts):
        return int(np.count_nonzero(np.diff(starts.searchsorted(passages, side="right"), prepend=0)))
    return int(np.count_nonzero(np.diff(passages.searchsorted(starts))))

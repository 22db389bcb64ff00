"""What a whole transcript is about: a passage of one that speaks of the question throughout comes before others.

A transcript is scored like a passage, by rank-bm25 over the guild's transcripts, and counts for 0.2 of that. How often
a word occurs in it is counted from its passages, which overlap: every count is about twice as large, and so is every
length.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from store.search.index import GuildIndex, Hit, Passages
from store.search.ranking import Clause, Survivors, Variant

WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a question's clauses are to the transcripts of an index.

    `edges` [D + 1] by key: where in its variant's postings each transcript's begin.
    """

    index: GuildIndex
    clauses: Sequence[Clause]
    edges: Mapping[str, Passages]
    frequencies: Mapping[str, int]

    @classmethod
    def of(cls, index: GuildIndex, clauses: Sequence[Clause]) -> "Subjects":
        """Count in how many transcripts each variant of the clauses occurs."""
        variants = {variant.key: variant for clause in clauses for variant in clause.variants}
        edges = {key: np.searchsorted(variant.postings[0], index.starts) for key, variant in variants.items()}
        return cls(index, clauses, edges, {key: int(np.count_nonzero(np.diff(at))) for key, at in edges.items()})

    def reordered(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits with their transcripts' scores added, best first; equal ones stay in order."""
        index = self.index
        if not hits or index.transcripts < 2:
            return list(hits)
        numbers = np.searchsorted(index.starts, [hit.number for hit in hits], side="right") - 1
        owners, which = np.unique(numbers, return_inverse=True)
        variants = {variant.key: variant for clause in self.clauses for variant in clause.variants}
        scorer = Survivors(
            [
                {key: count for key, variant in variants.items() if (count := self._count(variant, owner))}
                for owner in owners.tolist()
            ],
            index.spoken[owners].tolist(),
            corpus_size=index.transcripts,
            average_length=index.spoken.mean(),
            document_frequencies=self.frequencies,
        )
        gains = WEIGHT * scorer.scores(self.clauses)[which]
        scored = [replace(hit, score=hit.score + gain) for hit, gain in zip(hits, gains.tolist(), strict=True)]
        return sorted(scored, key=lambda hit: -hit.score)

    def _count(self, variant: Variant, owner: int) -> int:
        """Count how often a variant occurs in the passages of a transcript, by its number in the index."""
        start, end = self.edges[variant.key][owner : owner + 2]
        return int(variant.postings[1][start:end].sum())

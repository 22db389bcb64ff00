"""The question's neighbouring words, said next to each other: a second look at the best passages.

Characters of CJK and the like have pairs of their own among the terms already.

A pair is scored like a word, by rank-bm25: how often it was said in the passage, and in how many of the guild's
passages its two words stand together. It counts for 0.3 of that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from store.index.directory import GuildIndex, Hit, Postings
from store.search.occurrences import Pair
from store.search.ranking import Scores, Survivors

WEIGHT = 0.3

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of terms, and in how many of the guild's passages both stand."""

    together: Mapping[Pair, int]

    @classmethod
    def of(cls, terms: Sequence[str | None], postings: Mapping[str, Postings]) -> "Pairs":
        """Count the neighbours among a question's terms, in its order, that occur together somewhere.

        Where None stands, what is on either side is no pair.
        """
        found: dict[Pair, int] = {}
        for one, other in dict.fromkeys(pairwise(terms)):
            if one and other and one != other and one in postings and other in postings:
                few, many = sorted((postings[one][0], postings[other][0]), key=len)
                at = np.searchsorted(many, few)
                if both := int((many[np.minimum(at, len(many) - 1)] == few).sum()) if len(many) else 0:
                    found[one, other] = both
        return cls(found)

    def gains(self, index: GuildIndex, hits: Sequence[Hit], said: Mapping[Pair, Counts]) -> Scores:
        """Return what each passage gains by its pairs; `said` [hits] is how often each pair is said in it."""
        keys = {pair: " ".join(pair) for pair, counts in said.items() if counts.any()}
        if not keys:
            return np.zeros(len(hits))
        columns = {key: said[pair].tolist() for pair, key in keys.items()}
        scorer = Survivors(
            [{key: counts[at] for key, counts in columns.items() if counts[at]} for at in range(len(hits))],
            index.lengths[[hit.number for hit in hits]].tolist(),
            corpus_size=index.size,
            average_length=index.average_length,
            document_frequencies={key: self.together[pair] for pair, key in keys.items()},
        )
        return np.asarray(WEIGHT * np.sum([scorer.contribution(key) for key in keys.values()], axis=0))

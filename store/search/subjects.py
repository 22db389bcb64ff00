"""What a whole transcript is about: a passage of one that speaks of the question throughout comes before others.

A transcript is scored like a passage, by rank-bm25 over the guild's transcripts, and counts for 0.2 of that. How often
a word occurs in it is counted from its passages, which overlap: every count is about twice as large, and so is every
length.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from store.search.index import GuildIndex, Hit
from store.search.ranking import Clause, Survivors

WEIGHT = 0.2


def reordered(index: GuildIndex, hits: Sequence[Hit], clauses: Sequence[Clause]) -> list[Hit]:
    """Return the hits with their transcripts' scores added, best first; equal ones stay in order."""
    if not hits or index.transcripts < 2:
        return list(hits)
    owners = sorted({int(index.owners[hit.number]) for hit in hits})
    counts = {
        variant.key: np.bincount(index.owners[variant.postings[0]], variant.postings[1], minlength=index.transcripts)
        for clause in clauses
        for variant in clause.variants
    }
    lengths = np.bincount(index.owners, index.lengths, minlength=index.transcripts)
    scorer = Survivors(
        [{key: int(counted[owner]) for key, counted in counts.items() if counted[owner]} for owner in owners],
        lengths[owners].tolist(),
        corpus_size=index.transcripts,
        average_length=float(lengths.mean()),
        document_frequencies={key: int((counted > 0).sum()) for key, counted in counts.items()},
    )
    said = {key: scorer.get_scores([key]) - scorer.idf[key] for key in counts}
    scores = np.zeros(len(owners))
    for clause in clauses:
        scores += np.max([variant.weight * said[variant.key] for variant in clause.variants], axis=0)
    gains = dict(zip(owners, WEIGHT * scores, strict=True))
    scored = [replace(hit, score=hit.score + float(gains[int(index.owners[hit.number])])) for hit in hits]
    return sorted(scored, key=lambda hit: -hit.score)

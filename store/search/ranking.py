"""Which passages answer best: postings narrowed by MaxScore, then scored by rank-bm25 itself.

Only passages that can still reach the best k are kept (H. Turtle and J. Flood, "Query evaluation: strategies and
optimizations", 1995): rare terms come first, and once a term's greatest possible score can't lift an unseen passage
into the best, the remaining terms are looked up for the candidates alone. The bounds are float32 with slack; the
scores that people see are `rank_bm25.BM25Plus`'s own, over the guild's N, document frequencies and average length.

BM25Plus adds idf·delta for every term of the question to every passage; that constant is subtracted, so a passage in
which no term occurs would score 0, and none is returned.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Plus

from store.search.index import GuildIndex, Hit

K1, B, DELTA = 1.5, 0.75, 1.0  # rank-bm25's own defaults
_SLACK = 1e-4  # of the k-th score: far above float32's rounding

Postings = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best passages, best first; how many passages matched; each found term's inverse document frequency."""

    hits: tuple[Hit, ...]
    matched: int
    idf: Mapping[str, float]


def rank(
    index: GuildIndex, terms: Mapping[str, int], k: int, *, excluded: npt.NDArray[np.bool_] | None = None
) -> Ranking:
    """Return the best `k` passages for distinct terms (each with its number in the guild's vocabulary).

    `excluded` [N] leaves passages out of the result and its count; document frequencies and lengths stay the guild's.
    Equal scores are ordered by transcript and place.
    """
    found = {term: index.postings(number) for term, number in terms.items()}
    found = {term: postings for term, postings in found.items() if len(postings[0])}
    frequency = {term: len(postings[0]) for term, postings in found.items()}
    idf = {term: math.log((index.size + 1) / df) for term, df in frequency.items()}
    if not found or k <= 0:
        return Ranking((), 0, idf)
    candidates, matched = _candidates(index, found, idf, k, excluded)
    columns = {term: _at(postings, candidates).tolist() for term, postings in found.items()}
    frequencies = [
        {term: column[row] for term, column in columns.items() if column[row]} for row in range(len(candidates))
    ]
    scorer = Survivors(
        frequencies,
        index.lengths[candidates].tolist(),
        corpus_size=index.size,
        average_length=index.average_length,
        document_frequencies=frequency,
    )
    scores = scorer.get_scores(list(found)) - sum(idf.values()) * DELTA
    rows = zip(candidates.tolist(), frequencies, scores.tolist(), strict=True)
    hits = [index.hit(number, held, score) for number, held, score in rows]
    hits.sort(key=lambda hit: (-hit.score, hit.transcript, hit.first))
    return Ranking(tuple(hits[:k]), matched, idf)


class Survivors(BM25Plus):  # type: ignore[misc]  # rank-bm25 has no types
    """rank-bm25's scores for a few passages of a library whose statistics are already counted."""

    def __init__(
        self,
        frequencies: Sequence[Mapping[str, int]],
        lengths: Sequence[int],
        *,
        corpus_size: int,
        average_length: float,
        document_frequencies: Mapping[str, int],
    ) -> None:
        self._counted = (frequencies, lengths, corpus_size, average_length, document_frequencies)
        super().__init__([], k1=K1, b=B, delta=DELTA)
        self.corpus_size = len(lengths)

    def _initialize(self, corpus: Sequence[Sequence[str]]) -> Mapping[str, int]:  # noqa: ARG002 - counted before
        self.doc_freqs, self.doc_len, self.corpus_size, self.avgdl, document_frequencies = self._counted
        return document_frequencies


def _candidates(
    index: GuildIndex,
    found: Mapping[str, Postings],
    idf: Mapping[str, float],
    k: int,
    excluded: npt.NDArray[np.bool_] | None,
) -> tuple[npt.NDArray[np.int64], int]:
    """Return the numbers of every passage that may be among the best k, and how many passages match."""
    scores = np.zeros(index.size, dtype=np.float32)
    matches = np.zeros(index.size, dtype=bool)
    ordered = sorted(found, key=lambda term: -idf[term])
    candidates: npt.NDArray[np.int64] | None = None
    left = sum(idf.values()) * (K1 + 1)
    for term in ordered:
        left -= idf[term] * (K1 + 1)
        postings = found[term]
        matches[postings[0]] = True
        if candidates is None:
            passages, counts = postings
            scores[passages] += _contribution(index, passages, counts, idf[term])
            if excluded is not None:
                scores[excluded] = 0
            seen = np.flatnonzero(scores)
            threshold = _kth(scores[seen], k)
            if left < threshold * (1 - _SLACK):
                candidates = seen
        else:
            counts = _at(postings, candidates)
            scores[candidates] += _contribution(index, candidates, counts, idf[term])
            threshold = _kth(scores[candidates], k)
        if candidates is not None:
            candidates = candidates[scores[candidates] + left >= threshold * (1 - _SLACK)]
    matched = int((matches & ~excluded).sum() if excluded is not None else matches.sum())
    if candidates is None:
        candidates = np.flatnonzero(scores)
    return candidates[scores[candidates] >= _kth(scores[candidates], k) * (1 - _SLACK)], matched


def _contribution(
    index: GuildIndex, passages: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], idf: float
) -> npt.NDArray[np.float32]:
    """Return BM25's term weight without delta, in float32: idf · tf·(k1 + 1) / (tf + k1·(1 - b + b·length/average))."""
    tf = counts.astype(np.float32)
    norm = K1 * (1 - B + B * index.lengths[passages] / index.average_length)
    return (idf * tf * (K1 + 1) / (tf + norm)).astype(np.float32)


def _at(postings: Postings, candidates: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return how often the postings' term occurs in each candidate (0 where it doesn't)."""
    passages, counts = postings
    where = np.minimum(np.searchsorted(passages, candidates), len(passages) - 1)
    return np.where(passages[where] == candidates, counts[where], 0)


def _kth(scores: npt.NDArray[np.float32], k: int) -> float:
    """Return the k-th greatest score, or 0 where there are fewer."""
    if len(scores) < k:
        return 0.0
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])

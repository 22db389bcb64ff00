"""Which passages answer best: postings narrowed by MaxScore, then scored by rank-bm25 itself.

Only passages that can still reach the best k are kept (H. Turtle and J. Flood, "Query evaluation: strategies and
optimizations", 1995): rare terms come first, and once a term's greatest possible score can't lift an unseen passage
into the best, the remaining terms are looked up for the candidates alone. The bounds are float32 with slack; the
scores that people see are `rank_bm25.BM25Plus`'s own, over the guild's N, document frequencies and average length.

BM25Plus adds idf·delta for every term of the question to every passage; that constant is subtracted, so a passage in
which no term occurs would score 0, and none is returned. A word that may have been said in several ways is a clause,
scored by the best of its variants, as in Lucene's DisjunctionMaxQuery.
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

Passages = npt.NDArray[np.int64]  # their numbers, ascending
Postings = tuple[Passages, npt.NDArray[np.int64]]  # and how often a term occurs in each


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which a word of the question was said: its postings, and how much of its score counts (0 to 1)."""

    key: str
    postings: Postings
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Clause:
    """A word of the question: a passage's score for it is that of its best variant, never their sum."""

    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best passages, best first; how many passages matched; what each found variant weighs (its idf, weighted)."""

    hits: tuple[Hit, ...]
    matched: int
    weights: Mapping[str, float]


def rank(
    index: GuildIndex, clauses: Sequence[Clause], k: int, *, excluded: npt.NDArray[np.bool_] | None = None
) -> Ranking:
    """Return the best `k` passages for the clauses.

    `excluded` [N] leaves passages out of the result and its count; document frequencies and lengths stay the guild's.
    Equal scores are ordered by transcript and place.
    """
    clauses = [Clause(tuple(v for v in clause.variants if len(v.postings[0]))) for clause in clauses]
    clauses = [clause for clause in clauses if clause.variants]
    variants = {v.key: v for clause in clauses for v in clause.variants}
    frequency = {key: len(v.postings[0]) for key, v in variants.items()}
    idf = {key: math.log((index.size + 1) / df) for key, df in frequency.items()}
    weights = dict.fromkeys(variants, 0.0)
    for clause in clauses:
        for v in clause.variants:
            weights[v.key] += v.weight * idf[v.key]
    if not clauses or k <= 0:
        return Ranking((), 0, weights)
    candidates, matched = _candidates(index, clauses, idf, k, excluded)
    columns = {key: _at(v.postings, candidates).tolist() for key, v in variants.items()}
    frequencies = [
        {key: column[row] for key, column in columns.items() if column[row]} for row in range(len(candidates))
    ]
    said = contributions(index, candidates, frequencies, frequency)
    scores = np.zeros(len(candidates))
    for clause in clauses:
        scores += np.max([v.weight * said[v.key] for v in clause.variants], axis=0)
    rows = zip(candidates.tolist(), frequencies, scores.tolist(), strict=True)
    hits = [index.hit(number, held, score) for number, held, score in rows]
    hits.sort(key=lambda hit: (-hit.score, hit.transcript, hit.first))
    return Ranking(tuple(hits[:k]), matched, weights)


def contributions(
    index: GuildIndex,
    passages: npt.NDArray[np.int64],
    frequencies: Sequence[Mapping[str, int]],
    document_frequencies: Mapping[str, int],
) -> dict[str, npt.NDArray[np.float64]]:
    """Return what each key adds to rank-bm25's score of the given passages, without its constant.

    `frequencies` [passages] says how often a key occurs in each, `document_frequencies` in how many of the guild's.
    """
    scorer = Survivors(
        frequencies,
        index.lengths[passages].tolist(),
        corpus_size=index.size,
        average_length=index.average_length,
        document_frequencies=document_frequencies,
    )
    return {key: scorer.get_scores([key]) - scorer.idf[key] * DELTA for key in document_frequencies}


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
    clauses: Sequence[Clause],
    idf: Mapping[str, float],
    k: int,
    excluded: npt.NDArray[np.bool_] | None,
) -> tuple[npt.NDArray[np.int64], int]:
    """Return the numbers of every passage that may be among the best k, and how many passages match."""
    scores = np.zeros(index.size, dtype=np.float32)
    matches = np.zeros(index.size, dtype=bool)
    bounds = [(max(v.weight * idf[v.key] for v in clause.variants) * (K1 + 1), clause) for clause in clauses]
    bounds.sort(key=lambda item: -item[0])
    candidates: npt.NDArray[np.int64] | None = None
    left = sum(bound for bound, _ in bounds)
    for bound, clause in bounds:
        left -= bound
        for variant in clause.variants:
            matches[variant.postings[0]] = True
        if candidates is None:
            passages, gained = _scored(index, clause, idf)
            scores[passages] += gained
            if excluded is not None:
                scores[excluded] = 0
            seen = np.flatnonzero(scores)
            threshold = _kth(scores[seen], k)
            if left < threshold * (1 - _SLACK):
                candidates = seen
        else:
            gains = [
                v.weight * _contribution(index, candidates, _at(v.postings, candidates), idf[v.key])
                for v in clause.variants
            ]
            scores[candidates] += np.max(gains, axis=0)
            threshold = _kth(scores[candidates], k)
        if candidates is not None:
            candidates = candidates[scores[candidates] + left >= threshold * (1 - _SLACK)]
    matched = int((matches & ~excluded).sum() if excluded is not None else matches.sum())
    if candidates is None:
        candidates = np.flatnonzero(scores)
    return candidates[scores[candidates] >= _kth(scores[candidates], k) * (1 - _SLACK)], matched


def _scored(
    index: GuildIndex, clause: Clause, idf: Mapping[str, float]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the passages in which a clause is found, and the bound of what it adds to the score of each."""
    scored = [(v.postings[0], v.weight * _contribution(index, *v.postings, idf[v.key])) for v in clause.variants]
    if len(scored) == 1:
        return scored[0]
    best = np.zeros(index.size, dtype=np.float32)
    for passages, gained in scored:
        best[passages] = np.maximum(best[passages], gained)
    every = np.unique(np.concatenate([passages for passages, _ in scored]))
    return every, best[every]


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

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

from store.index.directory import GuildIndex, Hit, Passages, Postings

K1, B, DELTA = 1.5, 0.75, 1.0  # rank-bm25's own defaults
_SLACK = 1e-4  # of the k-th score: far above float32's rounding

Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which a word of the question was said: its postings, and how much of its score counts.

    That is 1 for the word itself, and less for what it may have been heard as, unless it is a name that nobody says.
    """

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


def rank(index: GuildIndex, clauses: Sequence[Clause], k: int, *, excluded: Mask | None = None) -> Ranking:
    """Return the best `k` passages for the clauses.

    `excluded` [N] leaves passages out of the result and its count; document frequencies and lengths stay the guild's.
    Equal scores are ordered by transcript and place.
    """
    excluded = excluded if excluded is not None and excluded.any() else None
    clauses = _said(clauses)
    variants = {v.key: v for clause in clauses for v in clause.variants}
    frequency = {key: len(v.postings[0]) for key, v in variants.items()}
    weights = dict.fromkeys(variants, 0.0)
    for clause in clauses:
        for v in clause.variants:
            weights[v.key] += v.weight * idf(index.size, frequency[v.key])
    if not clauses or k <= 0:
        return Ranking((), 0, weights)
    candidates, matched = _candidates(index, clauses, k, excluded)
    hits = scored(index, clauses, candidates)
    hits.sort(key=lambda hit: (-hit.score, hit.transcript, hit.first))
    return Ranking(tuple(hits[:k]), matched, weights)


def scored(index: GuildIndex, clauses: Sequence[Clause], passages: Passages) -> list[Hit]:
    """Return passages, given by their numbers, with rank-bm25's scores for the clauses; 0 where none of them occurs."""
    if not len(passages):
        return []
    clauses = _said(clauses)
    variants = {v.key: v for clause in clauses for v in clause.variants}
    columns = {key: _at(v.postings, passages).tolist() for key, v in variants.items()}
    frequencies = [{key: column[row] for key, column in columns.items() if column[row]} for row in range(len(passages))]
    scorer = Survivors(
        frequencies,
        index.lengths[passages].tolist(),
        corpus_size=index.size,
        average_length=index.average_length,
        document_frequencies={key: len(v.postings[0]) for key, v in variants.items()},
    )
    return index.hits(passages, frequencies, scorer.scores(clauses).tolist())


def _said(clauses: Sequence[Clause]) -> list[Clause]:
    """Return clauses without what occurs nowhere."""
    said = [Clause(tuple(v for v in clause.variants if len(v.postings[0]))) for clause in clauses]
    return [clause for clause in said if clause.variants]


def idf(size: int, frequency: int) -> float:
    """Return BM25Plus's inverse document frequency of a term in `frequency` of `size` passages."""
    return math.log((size + 1) / frequency)


class Best:
    """The passages that answer best, some at a time; they are ranked anew only where those that were are used up."""

    def __init__(self, index: GuildIndex, clauses: Sequence[Clause], k: int, excluded: Mask) -> None:
        """Rank `k` passages; those that are taken will be `excluded`."""
        self._index = index
        self._clauses = clauses
        self._excluded = excluded
        ranking = rank(index, clauses, k, excluded=excluded)
        self.matched, self.weights, self.left = ranking.matched, ranking.weights, list(ranking.hits)
        self._complete = len(self.left) < k

    @property
    def exhausted(self) -> bool:
        """Whether every passage that matches was taken."""
        return self._complete and not self.left

    def next(self, count: int) -> list[Hit]:
        """Take the best `count` passages that weren't taken."""
        if len(self.left) < count and not self._complete:
            self.left = list(rank(self._index, self._clauses, count, excluded=self._excluded).hits)
            self._complete = len(self.left) < count
        taken, self.left = self.left[:count], self.left[count:]
        self._excluded[[hit.number for hit in taken]] = True
        return taken

    def take(self, passages: Passages) -> list[Hit]:
        """Take those of some passages, whether they match or not, that weren't taken."""
        taken = scored(self._index, self._clauses, passages[~self._excluded[passages]])
        numbers = {hit.number for hit in taken}
        self.left = [hit for hit in self.left if hit.number not in numbers]
        self._excluded[list(numbers)] = True
        return taken


class Survivors(BM25Plus):  # type: ignore[misc]  # rank-bm25 has no types
    """rank-bm25's scores for a few passages of a library whose statistics are already counted.

    `frequencies` says how often a key occurs in each passage, `document_frequencies` in how many of the library's.
    """

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

    def contribution(self, key: str) -> Scores:
        """Return what a key adds to the score of each passage, without rank-bm25's constant."""
        added: Scores = self.get_scores([key]) - self.idf[key] * DELTA
        return added

    def scores(self, clauses: Sequence[Clause]) -> Scores:
        """Return the score of each passage: for each clause that of its best variant."""
        scores = np.zeros(self.corpus_size)
        for clause in clauses:
            scores += np.max([v.weight * self.contribution(v.key) for v in clause.variants], axis=0)
        return scores


def _candidates(index: GuildIndex, clauses: Sequence[Clause], k: int, excluded: Mask | None) -> tuple[Passages, int]:
    """Return the numbers of every passage that may be among the best k, and how many passages match.

    The two arrays over all passages are made of memory that is zero already; only where postings are is it touched.
    """
    bounded = sorted(((_bound(index, clause), clause) for clause in clauses), key=lambda item: -item[0])
    scores = np.zeros(index.size, dtype=np.float32)
    seen = np.zeros(index.size, dtype=bool)
    found: list[Passages] = []  # in which the clauses so far occur, until no other passage can be among the best
    candidates: Passages | None = None
    threshold = 0.0  # at least so much has the k-th best
    left = sum(bound for bound, _ in bounded)
    for bound, clause in bounded:
        left -= bound
        if candidates is None:
            passages, gained = _scored(index, clause)
            if excluded is not None:
                kept = ~excluded[passages]
                passages, gained = passages[kept], gained[kept]
            scores[passages] += gained
            found.append(passages[~seen[passages]])
            seen[passages] = True
            threshold = max(threshold, _kth(scores[passages], k))
            if left < threshold * (1 - _SLACK):
                candidates = np.concatenate(found)
        else:
            for variant in clause.variants:
                seen[variant.postings[0]] = True
            gains = [_contribution(index, candidates, _at(v.postings, candidates), v) for v in clause.variants]
            scores[candidates] += np.max(gains, axis=0)
            threshold = max(threshold, _kth(scores[candidates], k))
        if candidates is not None:
            candidates = candidates[scores[candidates] + left >= threshold * (1 - _SLACK)]
    if candidates is None:
        candidates = np.concatenate(found)
    if excluded is not None:
        seen &= ~excluded
    candidates = candidates[scores[candidates] >= _kth(scores[candidates], k) * (1 - _SLACK)]
    return np.sort(candidates), int(np.count_nonzero(seen))


def _bound(index: GuildIndex, clause: Clause) -> float:
    """Return more than a clause can add to a score."""
    return max(v.weight * idf(index.size, len(v.postings[0])) for v in clause.variants) * (K1 + 1)


def _scored(index: GuildIndex, clause: Clause) -> tuple[Passages, npt.NDArray[np.float32]]:
    """Return the passages in which a clause is found, and the bound of what it adds to the score of each."""
    scored = [(v.postings[0], _contribution(index, *v.postings, v)) for v in clause.variants]
    if len(scored) == 1:
        return scored[0]
    passages, gained = (np.concatenate(arrays) for arrays in zip(*scored, strict=True))
    order = np.argsort(passages, kind="stable")
    every, first = np.unique(passages[order], return_index=True)
    return every, np.maximum.reduceat(gained[order], first)


def _contribution(
    index: GuildIndex, passages: Passages, counts: npt.NDArray[np.integer], variant: Variant
) -> npt.NDArray[np.float32]:
    """Return BM25's term weight without delta, in float32: idf · tf·(k1 + 1) / (tf + k1·(1 - b + b·length/average))."""
    tf = counts.astype(np.float32)
    norm = index.lengths.take(passages).astype(np.float32)
    norm *= K1 * B / index.average_length
    norm += K1 * (1 - B)
    norm += tf
    tf *= variant.weight * idf(index.size, len(variant.postings[0])) * (K1 + 1)
    tf /= norm
    return tf


def _at(postings: Postings, candidates: Passages) -> npt.NDArray[np.integer]:
    """Return how often the postings' term occurs in each candidate (0 where it doesn't)."""
    passages, counts = postings
    where = np.minimum(np.searchsorted(passages, candidates), len(passages) - 1)
    return np.where(passages[where] == candidates, counts[where], 0)


def _kth(scores: npt.NDArray[np.float32], k: int) -> float:
    """Return the k-th greatest score, or 0 where there are fewer."""
    if len(scores) < k:
        return 0.0
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])

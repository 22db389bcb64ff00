"""Passages that are alike in meaning join those that share words: which ones come in, and where all of them stand.

score = words / the best one's + weight · z, where z is how far a passage's cosine lies above those of all passages that
the question leaves, in standard deviations. The weight is small where the best passage by words holds most of what was
asked, and grows the more of it is missing there: then the words tell little (docs/retrieval.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from store.index.directory import GuildIndex, Hit, Passages
from store.meaning.likeness import Cosines
from store.search.expansion import By
from store.search.query import Query
from store.search.question import Question
from store.search.ranking import Mask, Scores, idf
from store.text.analysis import Kind
from store.text.cutting import UNSPACED

POOL = 50  # passages by their words, and as many by their meaning, that are put in one order
NEAR = 0.05  # of a gain by meaning: a passage that is so much less alike may still be the first mention
MOST = 0.5  # what of the weight depends on the words
LEAST, ENOUGH = 0.1, 0.6  # the rest of the weight, and the share of the words at which only that is left
BRIDGED = 0.3  # of a word's weight is held by one of another language, which may be the wrong gloss
LEAST_CJK, ENOUGH_CJK = 0.0, 0.35  # of characters, of which passages with other subjects share many

LONE = 0.2  # cosine: what is less alike to a word that nobody said, asked alone, is like any name (docs/retrieval.md)


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike in meaning the passages of an index are to a question: `cosines` [N], NaN where it isn't known.

    `left` [N] are those that may answer; `mean` and `deviation` are of their cosines.
    """

    index: GuildIndex
    cosines: Cosines
    left: Mask
    mean: float
    deviation: float

    @classmethod
    def of(cls, index: GuildIndex, cosines: Cosines, excluded: Mask) -> "Alike | None":
        """Return how alike the passages are that aren't excluded; None where it isn't known of any."""
        left = ~(excluded | np.isnan(cosines))
        known = cosines[left].astype(np.float64)
        return cls(index, cosines, left, float(known.mean()), float(known.std())) if len(known) else None

    def best(self, count: int, *, least: float = -1.0) -> Passages:
        """Return the numbers of the passages that are most alike, at most so many, the best first.

        None of them has a cosine under the `least`.
        """
        found = np.flatnonzero(self.left & (self.cosines >= least))
        if len(found) > count:
            found = found[np.argpartition(-self.cosines[found], count)[:count]]
        order: Passages = found[np.lexsort((found, -self.cosines[found]))]
        return order

    def gains(self, hits: Sequence[Hit], weight: float) -> Scores:
        """Return what passages gain by their meaning [hits].

        One of which nothing is known counts like the mean of those that share words.
        """
        far = (self.cosines[[hit.number for hit in hits]].astype(np.float64) - self.mean) / (self.deviation or 1.0)
        sharing = far[[bool(hit.terms) for hit in hits]]
        usual = float(sharing[~np.isnan(sharing)].mean()) if not np.isnan(sharing).all() else 0.0
        return weight * np.where(np.isnan(far), usual, far)

    def is_late(self, passages: Passages) -> npt.NDArray[np.bool_]:
        """Say of passages whether the second half is more alike: by the passages that begin and end in their middle."""
        transcripts = self.index.starts.searchsorted(passages, side="right")
        beside = []
        for other in (passages - 1, passages + 1):
            near = np.clip(other, 0, self.index.size - 1)
            same = (near == other) & (self.index.starts.searchsorted(near, side="right") == transcripts)
            beside.append(np.where(same, self.cosines[near], self.cosines[passages]))
        return np.asarray(beside[0] < beside[1])


def least(question: Question, matched: int) -> float:
    """Return the least cosine of what may come in by its meaning, where so many passages match."""
    return LONE if not matched and len(question.tokens) == 1 else -1.0


def weight(query: Query, index: GuildIndex, best: Hit | None) -> float:
    """Return what a standard deviation of meaning counts, by the best passage by words, whose score counts 1."""
    share = held(query, index, best.terms) if best is not None else 0.0
    least, enough = (LEAST_CJK, ENOUGH_CJK) if _is_cjk(query) else (LEAST, ENOUGH)
    return least + MOST * max(0.0, 1 - share / enough) ** 2


def held(query: Query, index: GuildIndex, terms: frozenset[str]) -> float:
    """Return which share of a question's weight, its words' idf, a passage with some terms holds (0 to 1).

    A word that occurs nowhere weighs as one that occurs once; one that is said in another language is held in part.
    """
    question, found = query.question, query.found
    total = idf(index.size, 1) * sum(
        question.weight(term) for term in question.terms if found.isdisjoint(question.stems_of(term))
    )
    here = 0.0
    bridged = {one.key for one in query.heard if one.by is By.MEANING} - set(question.every_stem)
    for clause in query.clauses:
        said = [one for one in clause.variants if len(one.postings[0])]
        worth = max((one.weight * idf(index.size, len(one.postings[0])) for one in said), default=0.0)
        total += worth
        held_by = {one.key for one in said} & terms
        if held_by:
            here += worth * (BRIDGED if held_by <= bridged else 1)
    return here / total if total else 0.0


def _is_cjk(query: Query) -> bool:
    """Say whether most of a question is Chinese, Japanese or Korean characters, and some of them were said."""
    question = query.question
    characters = {
        token.term
        for token in question.tokens
        if token.kind is not Kind.WORD and not UNSPACED.match(question.text, token.start)
    }
    most = 2 * sum(token.term in characters for token in question.tokens) > len(question.tokens)
    return most and any(one.key in characters for clause in query.clauses for one in clause.variants)

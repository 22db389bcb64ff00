"""Libraries of plain numbers: what rank-bm25 alone says about them, and how they are stored."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from store.index.directory import Block, GuildIndex, Hit, Postings
from store.index.passages import Passage, windows
from store.index.segments import Segment, build, merge

Cues = list[list[int]]
Place = tuple[int, int, int]  # transcript, first cue, end cue

SMALL = st.integers(0, 3)  # few words: many equal scores
LARGE = st.integers(0, 400)


def libraries(word: st.SearchStrategy[int], *, most: int = 12) -> st.SearchStrategy[dict[int, Cues]]:
    """Transcripts by id, as word numbers cue by cue."""
    cue = st.lists(word, max_size=40)
    return st.dictionaries(st.integers(1, 500), st.lists(cue, min_size=1, max_size=14), max_size=most)


def every(index: GuildIndex) -> list[Hit]:
    """Where each passage of an index stands, as a hit without terms."""
    return index.hits(np.arange(index.size), [()] * index.size, [1.0] * index.size)


def built(transcript: int, cues: Sequence[Sequence[int]], passages: Sequence[Passage]) -> Segment:
    """The segment of one transcript, of the terms of each of its cues."""
    starts = np.cumsum([0, *map(len, cues)])
    return build(transcript, np.array([term for cue in cues for term in cue], np.int64), starts, passages)


def stored(transcript: int, cues: Cues) -> Segment:
    """The segment of one transcript, cut into passages by its words."""
    return built(transcript, cues, windows([len(cue) for cue in cues]))


def together(library: Mapping[int, Cues]) -> Segment:
    """One segment of many transcripts."""
    return merge([stored(id_, cues) for id_, cues in library.items()])


@dataclass(frozen=True)
class Opened:
    """An index, and what else of its segments is stored."""

    index: GuildIndex
    blocks: Mapping[Block, bytes]

    @classmethod
    def of(cls, segments: Mapping[int, Segment], before: GuildIndex | None = None) -> "Opened":
        """Bring an index to what is stored: segments by id."""
        index = before or GuildIndex()
        new = {id_: segment.pack() for id_, segment in segments.items() if id_ not in index.stored}
        gone = index.stored - segments.keys()
        blocks = {(id_, n): blob for id_, segment in segments.items() for n, blob in segment.blocks().items()}
        return cls(index.refreshed(index.layout + 1, gone=gone, new=new), blocks)

    @classmethod
    def library(cls, library: Mapping[int, Cues]) -> "Opened":
        """Open a segment a transcript."""
        return cls.of({id_: stored(id_, cues) for id_, cues in library.items()})

    def postings(self, term: int) -> Postings:
        """The passages in which a term occurs, and how often it does."""
        found = self.index.postings(self.index.locate([term]), self.blocks)
        return found.get(term, (np.empty(0, np.int64), np.empty(0, np.int64)))


def places(library: Mapping[int, Sequence[Sequence[Hashable]]]) -> dict[Place, list[Hashable]]:
    """Every passage of a library with its words."""
    return {
        (id_, passage.first, passage.end): [word for cue in cues[passage.first : passage.end] for word in cue]
        for id_, cues in library.items()
        for passage in windows([len(cue) for cue in cues])
    }


@dataclass(frozen=True)
class Plain:
    """rank-bm25's own scores of the passages that match, without its constant for every word."""

    scores: Mapping[Place, float]

    @classmethod
    def of(cls, passages: Mapping[Place, Sequence[Hashable]], question: Collection[Hashable]) -> "Plain":
        """Score every passage of a library."""
        asked = list(dict.fromkeys(question))
        matching = [place for place, words in passages.items() if not set(asked).isdisjoint(words)]
        if not matching:
            return cls({})
        scorer = BM25Plus([list(words) for words in passages.values()])
        constant = sum(scorer.idf.get(word, 0.0) for word in asked) * scorer.delta
        scores = dict(zip(passages, scorer.get_scores(asked), strict=True))
        return cls({place: float(scores[place]) - constant for place in matching})

    def best(self, k: int) -> list[float]:
        """The k greatest scores."""
        return sorted(self.scores.values(), reverse=True)[:k]

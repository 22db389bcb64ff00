"""Cues → what there is to index of them: words, terms, passages; needs no database."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt

from store.index import segments, stream
from store.index.passages import Passage, windows
from store.index.segments import Segment
from store.index.vocabulary import NO_TERM, Numbered
from store.models import Cue
from store.text import analysis, echoes, turns

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Analysed:
    """What there is to index of a transcript.

    `codes` [W] are its words in order, each by its place among the `distinct` ones; `characters` [W] as in
    `store.text.analysis.Spoken`; `pairs` are the distinct neighbouring CJK characters, and `paired` says of each
    character that goes on where the one before ended which of them it makes. `counts` and `marks` [C] are the words
    of each cue and what `store.text.turns` says of it; `words` is its length in words.
    """

    distinct: tuple[str, ...]
    codes: Codes
    characters: npt.NDArray[np.uint8]
    pairs: tuple[str, ...]
    paired: Codes
    counts: Codes
    marks: npt.NDArray[np.uint8]
    passages: tuple[Passage, ...]
    words: int

    @property
    def cues(self) -> int:
        """The number of its cues."""
        return len(self.counts)

    def in_order(self, numbers: Numbered) -> tuple[Codes, Codes]:
        """Return its terms in order, by their numbers, and where each cue's begin and the last one's end [C + 1].

        A pair stands between its two characters.
        """
        starts = _edges(self.counts)
        terms = numbers.terms[self.codes]
        if len(self.paired):
            both = np.full(2 * len(terms), NO_TERM, np.int32)
            both[::2] = terms
            both[2 * np.flatnonzero(self.characters == 2) - 1] = numbers.pairs[self.paired]
            terms, starts = both, 2 * starts
        kept = terms != NO_TERM
        return terms[kept].astype(np.int64), _edges(kept)[starts]

    def spoken(self, numbers: Numbered) -> stream.Words:
        """Return its stream of words."""
        return stream.Words(numbers.words[self.codes], self.characters, self.counts, self.marks)


def analyse(cues: Sequence[Cue]) -> Analysed:
    """Tell the words of cues apart, and cut them into passages; what isn't searched has none."""
    texts = [cue.text for cue in cues]
    left = echoes.unheard(cues)
    for at in left:
        texts[at] = ""
    said = analysis.spoken(texts)
    places: defaultdict[str, int] = defaultdict()
    places.default_factory = count().__next__  # a new word's place is after those before it
    codes = np.fromiter(map(places.__getitem__, said.words), np.int64, len(said.words))
    distinct = tuple(places)
    characters = np.frombuffer(said.characters, np.uint8)
    follows = np.flatnonzero(characters == 2)
    both, paired = np.unique(codes[follows - 1] * len(distinct) + codes[follows], return_inverse=True)
    counts = np.array(said.counts, np.int64)
    marks = turns.marks(cues, stream.room(counts, characters) / stream.WORD)
    marks[left] |= turns.SILENT
    return Analysed(
        distinct,
        codes,
        characters,
        tuple(distinct[both // len(distinct)] + distinct[both % len(distinct)] for both in both.tolist()),
        paired,
        counts,
        marks,
        tuple(windows(said.lengths)),
        round(sum(said.lengths)),
    )


def built(transcript_id: int, analysed: Analysed, numbers: Numbered) -> Segment:
    """Return a transcript's segment, by the numbers of its words."""
    terms, starts = analysed.in_order(numbers)
    return segments.build(transcript_id, terms, starts, analysed.passages)


def _edges(counts: npt.NDArray[np.generic]) -> Codes:
    """Return where each of some runs begins and the last one ends, by how long they are."""
    edges = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=edges[1:])
    return edges

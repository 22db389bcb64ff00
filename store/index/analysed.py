"""Cues → what there is to index of them: words, terms, passages; needs no database.

A corrected cue's words stand twice, as they are and as they should be, with nothing in between. What both say counts
once: of the second only the words that the first doesn't have are terms of its passages.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from store.index import segments, stream
from store.index.passages import Passage, windows
from store.index.segments import Segment
from store.index.vocabulary import NO_TERM, Numbered
from store.models import Cue
from store.text import analysis, echoes, turns
from store.text.analysis import Spoken
from store.text.differing import belongings

Codes = npt.NDArray[np.int64]
Those = npt.NDArray[np.bool_]

NOT_CORRECTED: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Analysed:
    """What there is to index of a transcript.

    `codes` [W] are its words in order, each by its place among the `distinct` ones; `characters` [W] as in
    `store.text.analysis.Spoken`; `pairs` are the distinct neighbouring CJK characters, and `paired` says of each
    character that goes on where the one before ended which of them it makes. `counts` and `marks` [C] are the words
    of each cue and what `store.text.turns` says of it; `words` is its length in words.

    Where cues are corrected, `again` [W] are the words that are no terms, and the `NOTHING` between two readings;
    `paired_again` the pairs likewise.
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
    again: Those | None = None
    paired_again: Those | None = None

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
        if self.again is not None:
            terms = np.where(self.again, NO_TERM, terms)
        if len(self.paired):
            pairs = numbers.pairs[self.paired]
            if self.paired_again is not None:
                pairs = np.where(self.paired_again, NO_TERM, pairs)
            both = np.full(2 * len(terms), NO_TERM, np.int32)
            both[::2] = terms
            both[2 * np.flatnonzero(self.characters == 2) - 1] = pairs
            terms, starts = both, 2 * starts
        kept = terms != NO_TERM
        return terms[kept].astype(np.int64), _edges(kept)[starts]

    def spoken(self, numbers: Numbered) -> stream.Words:
        """Return its stream of words."""
        words = numbers.words[self.codes]
        if self.again is not None:
            words = np.where(self.characters == stream.NOTHING, 0, words).astype(np.int32)
        return stream.Words(words, self.characters, self.counts, self.marks)


def analyse(cues: Sequence[Cue], corrected: Mapping[int, str] = NOT_CORRECTED) -> Analysed:
    """Tell the words of cues apart, and cut them into passages; what isn't searched has none.

    `corrected` are what some of them should be, by position. Passages, counts and marks are those of the cues as they
    are.
    """
    texts = [cue.text for cue in cues]
    left = echoes.unheard(cues)
    for at in left:
        texts[at] = ""
    said = analysis.spoken(texts)
    lengths = said.lengths
    counts, characters = np.array(said.counts, np.int64), np.frombuffer(said.characters, np.uint8)
    marks = turns.marks(cues, stream.room(counts, characters) / stream.WORD)
    marks[left] |= turns.SILENT
    again = paired_again = None
    twice = {at: text for at, text in corrected.items() if at < len(cues) and at not in left}
    if any(analysis.words(text) for text in twice.values()) or (twice and said.words):
        said, again, paired_again = _twice(said, texts, twice)
        counts, characters = np.array(said.counts, np.int64), np.frombuffer(said.characters, np.uint8)
    places: defaultdict[str, int] = defaultdict()
    places.default_factory = count().__next__  # a new word's place is after those before it
    codes = np.fromiter(map(places.__getitem__, said.words), np.int64, len(said.words))
    distinct = tuple(places)
    follows = np.flatnonzero(characters == 2)
    both, paired = np.unique(codes[follows - 1] * len(distinct) + codes[follows], return_inverse=True)
    return Analysed(
        distinct,
        codes,
        characters,
        tuple(distinct[both // len(distinct)] + distinct[both % len(distinct)] for both in both.tolist()),
        paired,
        counts,
        marks,
        tuple(windows(lengths)),
        round(sum(lengths)),
        again,
        paired_again,
    )


def _twice(said: Spoken, texts: Sequence[str], corrected: Mapping[int, str]) -> tuple[Spoken, Those, Those]:
    """Return words with those of corrected cues once more, and which of the words and of the pairs count no more."""
    positions = sorted(corrected)
    more = analysis.spoken([corrected[at] for at in positions])
    starts, others = _edges(np.array(said.counts)).tolist(), _edges(np.array(more.counts)).tolist()
    nothing = (said.words or more.words)[0]  # which has to be some word
    words: list[str] = []
    characters = bytearray()
    counts = list(said.counts)
    again: list[bool] = []
    paired: list[bool] = []
    before = 0
    for place, at in enumerate(positions):
        end, first, last = starts[at + 1], others[place], others[place + 1]
        words += [*said.words[before:end], nothing, *more.words[first:last]]
        own, kinds = said.characters[starts[at] : end], more.characters[first:last]
        characters += said.characters[before:end] + bytes([stream.NOTHING]) + kinds
        same = [one.same for one in belongings(texts[at], corrected[at])]
        again += [*[False] * (end - before), True, *[one is not None for one in same]]
        paired += [False] * said.characters.count(2, before, end)
        for i in range(1, len(same)):
            if kinds[i] == 2:
                one, other = same[i - 1], same[i]
                paired.append(one is not None and other == one + 1 and own[other] == 2)
        counts[at] += 1 + last - first
        before = end
    words += said.words[before:]
    characters += said.characters[before:]
    again += [False] * (len(said.words) - before)
    paired += [False] * said.characters.count(2, before)
    return Spoken(words, characters, counts, said.lengths), np.array(again), np.array(paired, bool)


def built(transcript_id: int, analysed: Analysed, numbers: Numbered) -> Segment:
    """Return a transcript's segment, by the numbers of its words."""
    terms, starts = analysed.in_order(numbers)
    return segments.build(transcript_id, terms, starts, analysed.passages)


def _edges(counts: npt.NDArray[np.generic]) -> Codes:
    """Return where each of some runs begins and the last one ends, by how long they are."""
    edges = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=edges[1:])
    return edges

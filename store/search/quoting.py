"""A passage → the quote: about 60 words of whole cues, placed where most of the question's weight was said.

A fixed opening of the passage holds the true answer half as often as a window placed by weight. A window's text is
always the cues' texts joined by one space.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import regex

from store.models import Cue
from store.search.analysis import Kind, length, terms, tokens

QUOTE_WORDS = 60
LONGEST = 1.5  # times QUOTE_WORDS: two overlapping quotes longer than this together aren't joined
REACH = 16  # cues read past a passage's end
_NOISE = regex.compile(r"[\s>♪]*(?:[\[(][^\])]{0,40}[\])][\s>♪]*)*")
# The passages that answer come again from question to question; an ingest's cues don't.
_terms = lru_cache(maxsize=8192)(terms)
_length = lru_cache(maxsize=8192)(length)
_UNIT = regex.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Span:
    """The cues `first` ≤ position < `end` of a transcript."""

    transcript: int
    first: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Say whether they share a cue."""
        return self.transcript == other.transcript and self.first < other.end and other.first < self.end


def best_window(cues: Sequence[Cue], passage: int, idf: Mapping[str, float]) -> range:
    """Return the positions in `cues` to quote: a window that begins in the passage, the first `passage` of them.

    The window with the greatest weight wins (each term's idf, with less for each repetition); among equals the one in
    whose middle the matches stand. It may run on past the passage, where the answer tends to follow, but not begin
    before it: reaching back, it would trade the words that the passage was found by for others.
    """
    found = [[term for term in _terms(cue.text) if term in idf] for cue in cues]
    before = [0.0, *accumulate(_length(cue.text) for cue in cues)]
    best, best_key = range(1), (-1.0, 0.0)
    counts: Counter[str] = Counter()
    end = 0
    for first in range(passage):
        while end < len(cues) and (end <= first or before[end + 1] - before[first] <= QUOTE_WORDS):
            counts.update(found[end])
            end += 1
        weight = sum(idf[term] * count / (count + 1) for term, count in counts.items())
        matches = [i for i in range(first, end) if found[i]]
        lean = abs((before[matches[0]] - before[first]) - (before[end] - before[matches[-1] + 1])) if matches else 0.0
        if (key := (round(weight, 6), -lean)) > best_key:
            best, best_key = range(first, end), key
        counts.subtract(found[first])
    return _without_noise(cues, best)


def shortened(text: str, idf: Mapping[str, float]) -> tuple[int, int]:
    """Return the part of an over-long text to show: about a quote's words where its matches are densest."""
    if length(text) <= LONGEST * QUOTE_WORDS:
        return 0, len(text)
    units = [(m.start(), m.end()) for m in _UNIT.finditer(text)]
    if len(units) * 4 < length(text):  # no spaces between its words
        units = [(m.start(), m.end()) for m in regex.finditer(r"\X", text)]
    size = [length(text[start:end]) for start, end in units]
    weight = [0.0] * len(units)
    at = 0
    for token in tokens(text):
        if token.term in idf:
            while units[at][1] <= token.start:
                at += 1
            weight[at] += idf[token.term]
    best, best_weight = (0, 1), -1.0
    end = 0
    words = total = 0.0
    for first in range(len(units)):
        while end < len(units) and (end == first or words + size[end] <= QUOTE_WORDS):
            words, total, end = words + size[end], total + weight[end], end + 1
        if total > best_weight + 1e-9:
            best, best_weight = (first, end), total
        words, total = words - size[first], total - weight[first]
    start, stop = units[best[0]][0], units[best[1] - 1][1]
    return start, start + len(text[start:stop].rstrip())


def highlights(text: str, marked: Collection[str]) -> tuple[tuple[int, int], ...]:
    """Return the spans of `text` made of marked terms, in order, neighbours in CJK runs joined."""
    spans: list[tuple[int, int]] = []
    for token in tokens(text):
        if token.term not in marked:
            continue
        if spans and token.start <= spans[-1][1] and token.kind is not Kind.WORD:
            spans[-1] = (spans[-1][0], max(spans[-1][1], token.end))
        else:
            spans.append((token.start, token.end))
    return tuple(spans)


def _without_noise(cues: Sequence[Cue], window: range) -> range:
    """Leave out empty cues and sounds such as [Music] at both ends, unless there is nothing else."""
    words = [at for at in window if not _NOISE.fullmatch(cues[at].text)]
    return range(words[0], words[-1] + 1) if words else window

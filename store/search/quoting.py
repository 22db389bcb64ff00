"""A passage → the quote: about 60 words of whole cues, placed where most of the question's weight was said.

A fixed opening of the passage holds the true answer half as often as a window placed by weight. A window's text is
always the cues' texts joined by one space.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

import regex

from store.models import Cue
from store.search import borders
from store.search.analysis import Kind, length, terms, tokens
from store.search.phrases import Phrase, words_of

QUOTE_WORDS = 60
CJK_QUOTED = 2 / 9  # of a word, for each CJK character: a quote has at most 270 of them (measured: R@3 rises by 3)
SHINGLE = 4  # words
SAME = 0.6  # of the shorter text's shingles: in a re-upload a quote begins and ends at other cues
LONGEST = 1.5  # times QUOTE_WORDS: two overlapping quotes longer than this together aren't joined
REACH = 16  # cues read past a passage's end
_NOISE = regex.compile(r"[\s>♪]*(?:[\[(][^\])]{0,40}[\])][\s>♪]*)*")
# The passages that answer come again from question to question; an ingest's cues don't.
terms_of = lru_cache(maxsize=8192)(terms)


@lru_cache(maxsize=8192)
def size(text: str) -> float:
    """Return how much of a quote's room a text takes, in words."""
    return length(text, CJK_QUOTED)


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a question a quote should hold, each term and phrase with its weight."""

    terms: Mapping[str, float]
    phrases: Mapping[Phrase, float] = field(default_factory=dict)

    def places(self, cues: Sequence[str]) -> list[list[tuple[str, float]]]:
        """Return, for each cue, what begins or ends in it, with its weight."""
        found = [[(term, self.terms[term]) for term in terms_of(text) if term in self.terms] for text in cues]
        for phrase, weight in self.phrases.items():
            for begins, ends in phrase.places(cues):
                found[begins].append((phrase.key, weight))
                if ends != begins:
                    found[ends].append((f"{phrase.key}…", weight))
        return found

    def reaches(self, cues: Sequence[str]) -> list[int]:
        """Return, for each cue, the position after the last one into which a phrase goes on that begins in it."""
        found = list(range(1, len(cues) + 1))
        for phrase in self.phrases:
            for begins, ends in phrase.places(cues):
                found[begins] = max(found[begins], ends + 1)
        return found

    def marks(self, text: str) -> list[tuple[int, float]]:
        """Return where in a text a term begins, or a phrase begins and ends, in order, with its weight."""
        found = [(token.start, self.terms[token.term]) for token in tokens(text) if token.term in self.terms]
        for phrase, weight in self.phrases.items():  # at its end too, or it would be cut there
            found += [(at, weight) for start, end in phrase.spans(text) for at in (start, end - 1)]
        return sorted(found)


def best_window(cues: Sequence[Cue], passage: range, wanted: Wanted) -> range:
    """Return the positions in `cues` to quote: a window that begins in the passage, or a little before at a border.

    The window with the greatest weight wins (each term's idf, with less for each repetition); among equals the one in
    whose middle the matches stand. It may run on past the passage, where the answer tends to follow, but not begin
    before it: reaching back, it would trade the words that the passage was found by for others. A phrase that goes on
    in the next cue is in one window with it, however long the two are.
    """
    texts = [cue.text for cue in cues]
    found, reaches = wanted.places(texts), wanted.reaches(texts)
    weights = {key: weight for inside in found for key, weight in inside}
    before = [0.0, *accumulate(size(cue.text) for cue in cues)]
    best, best_key = passage[:1], (-1.0, 0.0)
    counts: Counter[str] = Counter()
    end = passage.start
    for first in passage:
        while end < len(cues) and (end < reaches[first] or before[end + 1] - before[first] <= QUOTE_WORDS):
            counts.update(key for key, _ in found[end])
            end += 1
        weight = sum(weights[key] * count / (count + 1) for key, count in counts.items())
        matches = [i for i in range(first, end) if found[i]]
        lean = abs((before[matches[0]] - before[first]) - (before[end] - before[matches[-1] + 1])) if matches else 0.0
        if (key := (round(weight, 6), -lean)) > best_key:
            best, best_key = range(first, end), key
        counts.subtract(key for key, _ in found[first])
    matches = [at for at in best if found[at]]
    settled = borders.settled(cues, best, matches, sizes=before)
    fits = before[settled.stop] - before[settled.start] <= LONGEST * QUOTE_WORDS
    return _without_noise(cues, settled if fits else best, matches)


def shortened(text: str, wanted: Wanted) -> tuple[int, int]:
    """Return the part of an over-long text to show: about a quote's words where its matches are densest."""
    if size(text) <= LONGEST * QUOTE_WORDS:
        return 0, len(text)
    units = [(m.start(), m.end()) for m in _UNIT.finditer(text)]
    if len(units) * 4 < size(text):  # no spaces between its words
        units = [(m.start(), m.end()) for m in regex.finditer(r"\X", text)]
    sizes = [length(text[start:end], CJK_QUOTED) for start, end in units]
    weight = [0.0] * len(units)
    at = 0
    for start, counts in wanted.marks(text):
        while units[at][1] <= start:
            at += 1
        weight[at] += counts
    best, best_weight = (0, 1), -1.0
    end = 0
    words = total = 0.0
    for first in range(len(units)):
        while end < len(units) and (end == first or words + sizes[end] <= QUOTE_WORDS):
            words, total, end = words + sizes[end], total + weight[end], end + 1
        if total > best_weight + 1e-9:
            best, best_weight = (first, end), total
        words, total = words - sizes[first], total - weight[first]
    start, stop = units[best[0]][0], units[best[1] - 1][1]
    return start, start + len(text[start:stop].rstrip())


def shingles(cues: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Return the words of cues four by four (A. Broder, "On the resemblance and containment of documents", 1997)."""
    words = tuple(word for text in cues for word in words_of(text, exact=True))
    return frozenset(words[at : at + SHINGLE] for at in range(max(1, len(words) - SHINGLE + 1)))


def alike(one: Collection[tuple[str, ...]], other: Collection[tuple[str, ...]]) -> bool:
    """Say whether one of two texts nearly stands in the other, by their shingles."""
    few, many = sorted((frozenset(one), frozenset(other)), key=len)
    return len(few & many) >= SAME * len(few) and len(many) <= 2 * len(few)


def highlights(text: str, marked: Collection[str], phrases: Iterable[Phrase] = ()) -> tuple[tuple[int, int], ...]:
    """Return the spans of `text` made of marked terms and phrases, in order, neighbours in CJK runs joined."""
    found = [(token.start, token.end, token.kind is Kind.WORD) for token in tokens(text) if token.term in marked]
    found += [(start, end, True) for phrase in phrases for start, end in phrase.spans(text)]
    spans: list[tuple[int, int]] = []
    for start, end, alone in sorted(found):
        if spans and (start < spans[-1][1] or (start == spans[-1][1] and not alone)):
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return tuple(spans)


def _without_noise(cues: Sequence[Cue], window: range, matches: Sequence[int]) -> range:
    """Leave out empty cues and sounds such as [Music] at both ends, unless they match or there is nothing else."""
    words = [at for at in window if at in matches or not _NOISE.fullmatch(cues[at].text)]
    return range(words[0], words[-1] + 1) if words else window

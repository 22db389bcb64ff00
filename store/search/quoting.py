"""A passage → the quote: about 60 words of whole cues, placed where most of the question's weight was said.

A fixed opening of the passage holds the true answer half as often as a window placed by weight. A window's text is
always the cues' texts joined by one space.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import NamedTuple

import regex

from store.models import Cue
from store.search import borders
from store.text.analysis import Kind, length, measured, plain_words, term_of, tokens, words
from store.text.phrases import Phrase

QUOTE_WORDS = 60
CJK_QUOTED = 2 / 9  # of a word, for each CJK character: a quote has at most 270 of them (measured: R@3 rises by 3)
SHINGLE = 4  # words
SAME = 0.6  # of the shorter text's shingles: in a re-upload a quote begins and ends at other cues
LONGEST = 1.5  # times QUOTE_WORDS: two overlapping quotes longer than this together aren't joined
REACH = 16  # cues read past a passage's end
_NOISE = regex.compile(r"[\s>♪]*(?:[\[(][^\])]{0,40}[\])][\s>♪]*)*")
Shingles = frozenset[str]

_UNIT = regex.compile(r"\S+\s*")


def size(text: str) -> float:
    """Return how much of a quote's room a text takes, in words."""
    return length(text, CJK_QUOTED)


@dataclass(frozen=True, slots=True)
class Span:
    """The cues `first` ≤ position < `end` of a transcript."""

    transcript: int
    first: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Say whether they share a cue."""
        return self.transcript == other.transcript and self.first < other.end and other.first < self.end


class Look(NamedTuple):
    """What is seen of a cue: its wanted terms, in order; the room that it takes; all of its words, folded."""

    terms: list[str]
    size: float
    words: Sequence[str]


class _Looks(dict[str, Look]):
    """What cues say of a question, by their texts: each is looked at once, for passages overlap."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._wanted = frozenset(wanted)
        self._words: set[str] = set()  # that were seen, of texts in ASCII
        self._terms: dict[str, str] = {}  # of those of them whose terms are wanted

    def __missing__(self, text: str) -> Look:
        self.at((text,))
        return self[text]

    def at(self, texts: Sequence[str]) -> None:
        """Look at many texts together, which takes less time than at one by one."""
        texts = [text for text in dict.fromkeys(texts) if text not in self]
        plain = list(filter(str.isascii, texts))
        if (lines := plain_words(plain)) is None:
            plain, lines = [], []
        new = set(chain.from_iterable(lines)) - self._words
        self._words |= new
        wanted = self._terms
        wanted |= {word: term for word, term in zip(new, map(term_of, new), strict=True) if term in self._wanted}
        surfaces = set(wanted)
        for text, line in zip(plain, lines, strict=True):
            found = [] if surfaces.isdisjoint(line) else [wanted[word] for word in line if word in wanted]
            self[text] = Look(found, float(len(line)), line)
        for text in texts:
            if text not in self:
                terms, size = measured(text, CJK_QUOTED)
                self[text] = Look([term for term in terms if term in self._wanted], size, words(text))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a question a quote should hold, each term and phrase with its weight."""

    terms: Mapping[str, float]
    phrases: Mapping[Phrase, float] = field(default_factory=dict)
    _looks: _Looks = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_looks", _Looks(self.terms))

    def look_at(self, cues: Sequence[str]) -> None:
        """Look at cues' texts together, before they are asked for one by one."""
        self._looks.at(cues)

    def looks(self, cues: Iterable[str]) -> list[Look]:
        """Return what cues' texts say."""
        return list(map(self._looks.__getitem__, cues))

    def said(self, cues: Iterable[str]) -> list[str]:
        """Return the wanted terms of cues, in order."""
        return list(chain.from_iterable(look.terms for look in self.looks(cues)))

    def shingles(self, cues: Iterable[str]) -> Shingles:
        """Return the words of cues four by four (A. Broder, "On the resemblance and containment of documents")."""
        said = list(chain.from_iterable(look.words for look in self.looks(cues)))
        if len(said) < SHINGLE:
            return frozenset({" ".join(said)})
        return frozenset(map(" ".join, zip(*(said[at:] for at in range(SHINGLE)), strict=False)))

    def places(self, cues: Sequence[str], found: Sequence[list[str]]) -> tuple[list[list[str]], Sequence[int]]:
        """Return, for each cue, the keys of what begins or ends in it, and the end of the cues that it needs.

        `found` [cues] are the wanted terms. A phrase that begins in a cue needs those into which it goes on.
        """
        found, reaches = list(found), list(range(1, len(cues) + 1))
        for phrase in self.phrases:
            for begins, ends in phrase.places(cues):
                found[begins] = [*found[begins], phrase.key]
                if ends != begins:
                    found[ends] = [*found[ends], _end_of(phrase)]
                reaches[begins] = max(reaches[begins], ends + 1)
        return found, reaches

    def weights(self) -> dict[str, float]:
        """Return the weight of each key."""
        both = {key: weight for phrase, weight in self.phrases.items() for key in (phrase.key, _end_of(phrase))}
        return {**self.terms, **both}

    def marks(self, text: str) -> list[tuple[int, float]]:
        """Return where in a text a term begins, or a phrase begins and ends, in order, with its weight."""
        found = [(token.start, self.terms[token.term]) for token in tokens(text, self.terms)]
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
    looks = wanted.looks(texts)
    found, reaches = wanted.places(texts, [look.terms for look in looks])
    before = [0.0, *accumulate(look.size for look in looks)]
    best, matches = _heaviest(passage, found, reaches, before, wanted.weights())
    settled = borders.settled(cues, best, matches, sizes=before)
    fits = before[settled.stop] - before[settled.start] <= LONGEST * QUOTE_WORDS
    return _without_noise(cues, settled if fits else best, matches)


def _heaviest(
    passage: range,
    found: Sequence[Sequence[str]],
    reaches: Sequence[int],
    before: Sequence[float],
    weights: Mapping[str, float],
) -> tuple[range, list[int]]:
    """Return the window with the greatest weight that begins in the passage, and its cues in which something is found.

    `before` [cues + 1] are the words before each cue.
    """
    places = [at for at in range(passage.start, len(found)) if found[at]]
    counts: dict[str, int] = {}
    best, best_places = passage[:1], slice(0)
    best_weight = least_lean = -1.0
    weight = 0.0
    end = passage.start
    left = entered = 0  # places before the window, and before its end
    for first in passage:
        while end < len(found) and (end < reaches[first] or before[end + 1] - before[first] <= QUOTE_WORDS):
            end += 1
        changed = False
        while entered < len(places) and places[entered] < end:
            for key in found[places[entered]]:
                counts[key] = counts.get(key, 0) + 1
            entered += 1
            changed = True
        if left < entered and places[left] < first:
            for key in found[places[left]]:
                counts[key] -= 1
            left += 1
            changed = True
        if changed:
            weight = round(sum(weights[key] * count / (count + 1) for key, count in counts.items()), 6)
        if weight < best_weight:
            continue
        lean = 0.0
        if left < entered:
            lean = abs((before[places[left]] - before[first]) - (before[end] - before[places[entered - 1] + 1]))
        if weight > best_weight or lean < least_lean:
            best, best_places = range(first, end), slice(left, entered)
            best_weight, least_lean = weight, lean
    return best, places[best_places]


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


def alike(one: Shingles, other: Shingles) -> bool:
    """Say whether one of two texts nearly stands in the other, by their shingles."""
    few, many = (one, other) if len(one) < len(other) else (other, one)
    return len(many) <= 2 * len(few) and len(few & many) >= SAME * len(few)


def highlights(text: str, marked: Collection[str], phrases: Iterable[Phrase] = ()) -> tuple[tuple[int, int], ...]:
    """Return the spans of `text` made of marked terms and phrases, in order, neighbours in CJK runs joined."""
    found = [(token.start, token.end, token.kind is Kind.WORD) for token in tokens(text, marked)]
    found += [(start, end, True) for phrase in phrases for start, end in phrase.spans(text)]
    spans: list[tuple[int, int]] = []
    for start, end, alone in sorted(found):
        if spans and (start < spans[-1][1] or (start == spans[-1][1] and not alone)):
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return tuple(spans)


def _end_of(phrase: Phrase) -> str:
    """Return the key of a phrase's end, where it ends in another cue."""
    return f"{phrase.key}…"


def _without_noise(cues: Sequence[Cue], window: range, matches: Sequence[int]) -> range:
    """Leave out empty cues and sounds such as [Music] at both ends, unless they match or there is nothing else."""

    def speaks(at: int) -> bool:
        text = cues[at].text
        return text[:1].isalnum() or at in matches or not _NOISE.fullmatch(text)

    first = next(filter(speaks, window), None)
    if first is None:
        return window
    return range(first, next(filter(speaks, reversed(window))) + 1)

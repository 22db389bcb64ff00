"""Passages → what to quote of them: about 60 words of whole cues, placed where most of the question's weight was said.

A fixed opening of a passage holds the true answer half as often as a window placed by weight. Windows of all passages
are placed at once, in the stream of words.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import regex

from store.index.stream import WORD, Stream
from store.models import Part
from store.search import borders
from store.search.borders import Rows, Windows
from store.search.occurrences import Occurrences
from store.text.analysis import length, tokens
from store.text.cutting import UNSPACED, characters
from store.text.phrases import Phrase

QUOTE_WORDS = 60
CJK_QUOTED = 3 / 16  # of a word, for each CJK character: a quote has at most 320 of them (measured: R@3 rises by 3)
SHORT_WORDS, SHORT_CHARACTERS = 30, 200  # of a quote as it is shown: words, or CJK characters in their place
BEST_WORDS, BEST_CHARACTERS = 90, 400  # of the best one (measured: with 320 characters Chinese loses 1.6 at R@3)
CENTRAL = 0.5  # of its weight is lost by a part that would lie a whole quote away from the middle of what matches
BEFORE = 0.05  # of a quote: so far before that middle is what answers (measured in Japanese; elsewhere it is no matter)
LONGEST = 1.5  # times QUOTE_WORDS: two overlapping quotes longer than this together aren't joined
REACH = 16  # cues read past a passage's end

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

    def marks(self, text: str) -> list[tuple[int, float]]:
        """Return where in a text a term begins, or a phrase begins and ends, in order, with its weight."""
        found = [(token.start, self.terms[token.term]) for token in tokens(text, self.terms)]
        for phrase, weight in self.phrases.items():  # at its end too, or it would be cut there
            found += [(at, weight) for start, end in phrase.spans(text) for at in (start, end - 1)]
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Around:
    """Passages [N] in a stream: the rows of their cues, from `firsts` to `ends`, and of the cues that may be quoted.

    Those are from `lows` to `highs`; `openings` are the rows with which transcripts begin. Of `late` ones [N] the end
    is quoted where nothing of the question is in them.
    """

    firsts: Rows
    ends: Rows
    lows: Rows
    highs: Rows
    openings: Rows
    late: npt.NDArray[np.bool_] | None = None

    def alone(self, chosen: npt.NDArray[np.bool_]) -> "Around":
        """Return some of the passages, without what is around them."""
        firsts, ends = self.firsts[chosen], self.ends[chosen]
        late = self.late[chosen] if self.late is not None else None
        return Around(firsts, ends, firsts, ends, self.openings, late)


def windows(said: Occurrences, wanted: Wanted, around: Around, words: int = QUOTE_WORDS) -> tuple[Rows, Rows]:
    """Return what to quote of each passage: windows that begin in it, or a little before at a border [N], as rows.

    They have about as many `words`.

    The window with the greatest weight wins (each term's idf, with less for each repetition); among equals the one in
    whose middle the matches stand. It may run on past the passage, where the answer tends to follow, but not begin
    before it: reaching back, it would trade the words that the passage was found by for others. A phrase that goes on
    in the next cue is in one window with it, however long the two are.
    """
    if not len(around.firsts):
        return around.firsts, around.ends
    stream = said.stream
    matches = _Matches.of(said, wanted)
    best = _heaviest(stream, matches, around, words)
    starts, stops = borders.settled(stream, best, borders.borders(stream, around.openings), around.lows, around.highs)
    fits = stream.room[stops] - stream.room[starts] <= LONGEST * words * WORD
    starts, stops = np.where(fits, starts, best.starts), np.where(fits, stops, best.stops)
    return borders.without_noise(stream, starts, stops, matches.rows)


@dataclass(frozen=True, slots=True)
class _Matches:
    """What was found in each cue: `counts` [C + 1, K] of each key before it, the keys' `weights` [K].

    `rows` are the cues in which anything was found; `reaches` [C] the end of the cues that each needs, for a phrase
    that begins in it and goes on.
    """

    counts: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    rows: Rows
    reaches: Rows

    @classmethod
    def of(cls, said: Occurrences, wanted: Wanted) -> "_Matches":
        """Look into each cue of a stream."""
        stream = said.stream
        size = len(stream.marks)
        reaches = np.arange(1, size + 1)
        found = [(said.of_terms[key], weight) for key, weight in wanted.terms.items() if key in said.of_terms]
        rows = [_row(stream, places) for places, _ in found]
        weights = [weight for _, weight in found]
        for phrase, weight in wanted.phrases.items():
            places = said.of_phrases[phrase.key]
            begins, ends = _row(stream, places), _row(stream, places + len(phrase.words) - 1)
            rows += [begins, ends[ends != begins]]  # the end of it, where it ends in another cue
            weights += [weight, weight]
            np.maximum.at(reaches, begins, ends + 1)
        keys = len(weights)
        flat = [places * keys + key for key, places in enumerate(rows)]
        every = np.concatenate(flat) if flat else np.empty(0, np.int64)
        counts = np.zeros((size + 1, keys), np.int64)
        np.cumsum(np.bincount(every, minlength=size * keys).reshape(size, keys), axis=0, out=counts[1:])
        return cls(counts, np.array(weights), np.unique(every // max(1, keys)), reaches)


def _heaviest(stream: Stream, matches: _Matches, around: Around, words: int) -> Windows:
    """Return the window of each passage that has the greatest weight."""
    room = stream.room
    lengths = around.ends - around.firsts
    begins = np.cumsum(lengths) - lengths
    owners = np.repeat(np.arange(len(lengths)), lengths)
    starts = np.arange(int(lengths.sum())) + np.repeat(around.firsts - begins, lengths)
    stops = room.searchsorted(room[starts] + words * WORD, side="right") - 1
    stops = np.maximum(stops, matches.reaches[starts])
    apart = owners * (len(room) + 1)  # so that what one window needs holds for the later ones of its passage alone
    stops = np.minimum(np.maximum.accumulate(stops + apart) - apart, around.highs[owners])
    counts = matches.counts[stops] - matches.counts[starts]
    weights = np.round((counts / (counts + 1)) @ matches.weights, 6)
    rows = np.concatenate(([-1], matches.rows, [len(room)]))
    first, last = rows[rows.searchsorted(starts)], rows[rows.searchsorted(stops) - 1]
    matched = first < stops
    first, last = np.where(matched, first, starts), np.where(matched, last, stops - 1)
    lean = np.abs((room[first] - room[starts]) - (room[stops] - room[last + 1]))
    lean = np.where(matched, lean, 0)
    if around.late is not None:  # then nothing is lost where a window begins later, at a border
        first = np.where(matched, first, np.minimum(starts + borders.NEAR, stops - 1))
        from_end = np.abs(room[stops] - room[around.ends[owners]])
        lean = np.where(~matched & around.late[owners], from_end, lean)
    best = np.maximum.reduceat(weights, begins)[owners] == weights
    lean = np.where(best, lean, np.iinfo(np.int64).max)
    best &= np.minimum.reduceat(lean, begins)[owners] == lean
    at = np.minimum.reduceat(np.where(best, np.arange(len(starts)), len(starts)), begins)
    return Windows(starts[at], stops[at], first[at], last[at])


def shortened(text: str, wanted: Wanted) -> tuple[int, int]:
    """Return the part of an over-long text to show: about a quote's words where its matches are densest."""
    if length(text, CJK_QUOTED) <= LONGEST * QUOTE_WORDS:
        return 0, len(text)
    units = [(m.start(), m.end()) for m in _UNIT.finditer(text)]
    if len(units) * 4 < length(text, CJK_QUOTED):  # no spaces between its words
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


def best_part(
    parts: Sequence[Part], sizes: Sequence[float], marks: Sequence[tuple[int, int, float]], words: float = SHORT_WORDS
) -> tuple[int, int]:
    """Return which of a quote's cues say in so many words most of what matches, near its middle; one cue at least.

    `sizes` are their words. What matches is given by where it begins, which of the question's words it is, and that
    one's weight.
    """
    if len(sizes) != len(parts) or sum(sizes) <= words:  # the former: a long cue alone, or one without a word
        return 0, len(parts)
    ends = list(accumulate(sizes))
    held: list[list[tuple[int, float]]] = [[] for _ in parts]
    for start, which, weight in marks:
        at = next((at for at, part in enumerate(parts) if start < part.end), len(parts) - 1)
        held[at].append((which, weight))
    weighed = [(ends[at] - sizes[at] / 2, weight) for at, found in enumerate(held) for _, weight in found]
    weights = sum(weight for _, weight in weighed)
    middle = sum(place * weight for place, weight in weighed) / weights if weights else ends[-1] / 2
    middle -= BEFORE * ends[-1]
    best, most = (0, 1), -1.0
    for first in range(len(parts)):
        end, room = first, 0.0
        counts: dict[int, int] = {}
        total = 0.0
        while end < len(parts) and (end == first or room + sizes[end] <= words):
            for which, weight in held[end]:
                counts[which] = counts.get(which, 0) + 1
                total += weight / (counts[which] * (counts[which] + 1))  # as a window's: n / (n + 1) in all
            room, end = room + sizes[end], end + 1
        total *= 1 - CENTRAL * abs(ends[end - 1] - room / 2 - middle) / ends[-1]
        if total > most + 1e-9:
            best, most = (first, end), total
    return best


def middle_part(parts: Sequence[Part], sizes: Sequence[float], words: float = SHORT_WORDS) -> tuple[int, int]:
    """Return which of a quote's cues, in which nothing matches, say at most so many words in its middle; one at least.

    Its window was placed around the middle of what is alike; the first 30 words find 0.6 to 1.5 points less at R@3.
    """
    if len(sizes) != len(parts) or sum(sizes) <= words:
        return 0, len(parts)
    before = [0.0, *accumulate(sizes)]
    spans = []
    for first in range(len(parts)):
        end = max(first + 1, bisect_right(before, before[first] + words) - 1)
        spans.append((abs(before[first] + before[end] - before[-1]), first, end))
    _, first, end = min(spans)
    return first, end


def highlights(text: str, marks: Sequence[tuple[int, int, bool]]) -> tuple[tuple[int, int], ...]:
    """Return marks (start, end, whether it is a word alone) of a text in order; neighbours in CJK runs are joined.

    Two letters of Thai, Lao, Khmer or Burmese alone are more often parts of other words: they aren't marked among
    longer ones.
    """
    spans: list[tuple[int, int]] = []
    for start, end, alone in sorted(marks):
        if spans and (start < spans[-1][1] or (start == spans[-1][1] and not alone)):
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    long = [span for span in spans if not UNSPACED.match(text, span[0]) or len(characters(text[slice(*span)])) > 2]
    return tuple(long or spans)


def _row(stream: Stream, places: Rows) -> Rows:
    """Return the rows of the cues in which words stand."""
    return stream.starts.searchsorted(places, side="right") - 1

"""A transcript → the moments that tell it from others, by the weight of their words.

A word weighs by how often the transcript says it, with less for each time more, by how rare it is in the guild's
passages, and by how close together it is said. The first moment has the heaviest words; each next one is far from the
others and counts only new ones. No list of words says what is an intro, an advertisement or a filler.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import regex

from store.errors import UnindexedError
from store.index import vocabulary
from store.index.analysed import Analysed, analyse
from store.index.directory import GuildIndex
from store.index.passages import PASSAGE_WORDS
from store.index.stream import PLACE, WORD, Stream
from store.index.vocabulary import NO_TERM, Numbered
from store.models import Cue, Entry, Quote
from store.search import borders
from store.search.borders import Rows
from store.search.choosing import Found
from store.search.lookup import Lookup
from store.search.measured import Measured
from store.search.occurrences import Occurrences
from store.search.quotes import Marked, Quoting
from store.search.quoting import Span, Wanted
from store.text import turns
from store.text.analysis import stem

_HIRAGANA = regex.compile(r"\p{Hiragana}+")  # of two of them most are grammar
FEWEST, MOST = 20, 36  # words of a moment
CHARACTER = 5  # what a CJK character takes of one, in sixteenths of a word: as long as it takes to say it
OPTIONS = 12  # ends that are tried for each beginning
SATURATION = 2.0  # times that a word is said after which it has half of its weight
LONG = 300  # words from which on a transcript's word counts if it is said twice
EDGE = 0.03  # of a transcript at its beginning and at its end, where people greet, thank and advertise
LEAST = 0.3  # of the first moment's weight that each next one has
LENGTH = 0.7  # the power of its length by which a moment's weight is divided
IDLE = 1.5  # the power of its share of words that aren't said all the time, by which it is multiplied
AT_BORDER, AT_WORD, AT_EDGE, BROKEN = 1.3, 1.15, 0.6, 0.2  # what a moment's weight is multiplied by
RARE, COMMON = 2.0, 1.2  # a word's in an eighth of the passages, and in three of ten
STRETCH = 50  # terms
FEW = 30  # passages: among fewer nobody knows which words are said all the time


@dataclass(frozen=True, slots=True)
class Weighed:
    """The heavy terms of a transcript in order: their codes [O]; the codes' weights, and their numbers as `terms` [K].

    `starts` [C + 1] is where each cue's begin; `rare` [W] says which of all words are rare, however heavy they are,
    and `empty` [W] which are said all the time, though they are no stop words (“yeah, like, mm”), or twice in a row.
    """

    codes: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    terms: npt.NDArray[np.int64]
    starts: Rows
    rare: npt.NDArray[np.bool_]
    empty: npt.NDArray[np.bool_]

    def within(self, windows: "Windows") -> "Held":
        """Return what windows hold: each term once."""
        order = np.argsort(self.codes, kind="stable")
        same = self.codes[order[1:]] == self.codes[order[:-1]]
        previous = np.full(len(self.codes), -1)
        previous[order[1:][same]] = order[:-1][same]
        begins, ends = self.starts[windows.first], self.starts[windows.stop]
        edges = np.concatenate(([0], np.cumsum(ends - begins)))
        begin = np.repeat(begins, ends - begins)
        at = np.arange(edges[-1]) + begin - np.repeat(edges[:-1], ends - begins)
        once = previous[at] < begin
        return Held(self.codes[at[once]], np.concatenate(([0], np.cumsum(once)))[edges])


@dataclass(frozen=True, slots=True)
class Held:
    """The codes of the distinct terms of windows, one after another, and where each window's begin [N + 1]."""

    codes: npt.NDArray[np.int64]
    edges: Rows

    def sums(self, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the weight of each window [N], by the codes' weights [K]."""
        total = np.concatenate(([0.0], np.cumsum(weights[self.codes])))
        return np.diff(total[self.edges])


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of cues [N]: the rows of their first cues, and their ends."""

    first: Rows
    stop: Rows


async def moments(lookup: Lookup, entry: Entry, cues: Sequence[Cue], *, count: int) -> tuple[Quote, ...]:
    """Return at most `count` moments that tell a transcript from the others of the guild, in order of time.

    Raises:
        UnindexedError: it isn't indexed yet.
        DatabaseError: the database can't be read.
    """
    analysed = analyse(cues)
    language = entry.spoken.code
    numbers = await vocabulary.numbered(lookup.connection, lookup.guild_id, analysed.distinct, analysed.pairs, language)
    if numbers.missing or not lookup.index.holds(entry.id):
        raise UnindexedError
    blocks = enumerate(analysed.spoken(numbers).blocks(), start=entry.id << PLACE)
    said = Stream.of(dict(blocks))
    weighed = _weighed(analysed, numbers, lookup.index)
    room = _room(said)
    windows = _windows(said, room)
    factors = _factors(said, [cue.text for cue in cues], weighed, room, windows)
    chosen = _chosen(weighed, windows, factors, room, count)
    spans = [Span(entry.id, first, end) for first, end in sorted(chosen)]
    found = [Found(span, 0.0, frozenset(), frozenset()) for span in spans]
    measured = Measured(Occurrences(said, {}, {}))
    is_long = any(room[span.end] - room[span.first] > MOST * WORD for span in spans)
    wanted = _wanted(analysed, numbers, weighed, language) if is_long else Wanted({})
    quotes, _ = await Quoting(Marked(), wanted, measured).quotes(lookup.connection, found)
    return quotes


def _weighed(analysed: Analysed, numbers: Numbered, index: GuildIndex) -> Weighed:
    """Weigh a transcript's terms by how often it says them and how rare they are; CJK by pairs of characters."""
    terms, starts = analysed.in_order(numbers)
    if not len(terms):
        return Weighed(
            np.empty(0, np.int64), np.empty(0), terms, starts, *np.zeros((2, len(analysed.codes)), dtype=bool)
        )
    distinct, codes, counts = np.unique(terms, return_inverse=True, return_counts=True)
    held = np.zeros(len(distinct))
    for _, part in index.parts:
        at = np.minimum(part.terms.searchsorted(distinct), max(0, len(part.terms) - 1))
        if len(part.terms):
            held += np.where(part.terms[at] == distinct, part.counts[at], 0)
    size = index.size
    if len(analysed.codes) > 2 * size * PASSAGE_WORDS:  # in cues so long that their passages say nothing of rarity
        size, held = len(analysed.codes) // PASSAGE_WORDS, np.maximum(held, counts)
    rarities = np.log((size + 1) / (held + 0.5))
    weights = counts / (counts + SATURATION) * np.maximum(rarities, 0)
    weights *= 1 + _bursts(codes, counts)
    if len(terms) > LONG:
        weights[counts < 2] = 0
    letters = [at for at, word in enumerate(analysed.distinct) if len(word) == 1]
    weights[np.isin(distinct, numbers.terms[letters])] = 0  # also of CJK, which counts by its pairs
    if len(analysed.pairs):
        kana = [at for at, pair in enumerate(analysed.pairs) if _HIRAGANA.fullmatch(pair)]
        weights[np.isin(distinct, numbers.pairs[kana])] = 0
    kept = weights[codes] > 0
    before = np.concatenate(([0], np.cumsum(kept)))
    own = numbers.terms[analysed.codes]
    at = np.minimum(distinct.searchsorted(own), len(distinct) - 1)
    rare = (own != NO_TERM) & (analysed.characters == 0) & (rarities[at] >= RARE)
    empty = (own != NO_TERM) & (analysed.characters == 0) & (rarities[at] < COMMON) & (size > FEW)
    empty[1:] |= (own[1:] == own[:-1]) & (analysed.characters[1:] == 0)
    return Weighed(codes[kept], weights, distinct, before[starts], rare, empty)


def _bursts(codes: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return by how much fewer stretches of a transcript hold each term than if it were strewn over it [K].

    What is spoken of comes up together, and “probably” anywhere (K. Church and W. Gale, "Inverse document frequency: a
    measure of deviations from Poisson", 1995).
    """
    stretches = len(codes) // STRETCH + 1
    order = np.argsort(codes, kind="stable")
    new = (np.diff(codes[order], prepend=-1) > 0) | (np.diff(order // STRETCH, prepend=-1) > 0)
    held = np.bincount(codes[order][new], minlength=len(counts))
    strewn = stretches * (1 - np.exp(-counts / stretches))
    return np.maximum(np.log(strewn / held), 0)


def _wanted(analysed: Analysed, numbers: Numbered, weighed: Weighed, language: str) -> Wanted:
    """Return what the part of a long cue that is shown should hold."""
    heavy = dict(zip(weighed.terms.tolist(), weighed.weights.tolist(), strict=True))
    words = zip(analysed.distinct, numbers.terms.tolist(), strict=True)
    pairs = zip(analysed.pairs, numbers.pairs.tolist(), strict=True)
    found = {stem(word, language): heavy[term] for word, term in words if heavy.get(term)}
    return Wanted(found | {pair: heavy[term] for pair, term in pairs if heavy.get(term)})


def _chosen(
    weighed: Weighed, windows: Windows, factors: npt.NDArray[np.float64], room: Rows, count: int
) -> list[tuple[int, int]]:
    """Return the rows of the moments, heaviest first."""
    first, stop = windows.first, windows.stop
    if not len(first):
        return []
    held, weights = weighed.within(windows), weighed.weights.copy()
    apart = room[-1] / (2 * count)
    free = np.ones(len(first), dtype=bool)
    found: list[tuple[int, int]] = []
    least = -1.0
    for _ in range(max(1, min(count, int(room[-1]) // (2 * MOST * WORD)))):
        scores = np.where(free, held.sums(weights) * factors, -1.0)
        at = int(np.argmax(scores))
        if scores[at] <= least:
            break
        least = max(least, LEAST * scores[at])
        begin, end = int(first[at]), int(stop[at])
        found.append((begin, end))
        weights[weighed.codes[weighed.starts[begin] : weighed.starts[end]]] = 0
        free &= (room[first] >= room[end] + apart) | (room[stop] <= room[begin] - apart)
    return found


def _room(said: Stream) -> Rows:
    """Return what the words before each cue take of a moment, in sixteenths of a word [C + 1]."""
    before = np.concatenate(([0], np.cumsum(np.where(said.characters > 0, CHARACTER, WORD))))
    return before[said.starts]


def _windows(said: Stream, room: Rows) -> Windows:
    """Return all windows of about as many words as a moment has, none with a cue without words at either end."""
    speaks = ((said.marks & turns.SILENT) == 0) & (np.diff(said.starts) > 0)
    rows = np.flatnonzero(speaks)
    least = np.maximum(room.searchsorted(room[rows] + FEWEST * WORD), rows + 1)
    most = np.maximum(room.searchsorted(room[rows] + MOST * WORD, side="right") - 1, rows + 1)
    ends = np.minimum(least, most)[:, np.newaxis] + np.arange(OPTIONS)
    fits = ends <= most[:, np.newaxis]
    fits &= speaks[np.minimum(ends, len(speaks)) - 1]
    fits[~fits.any(axis=1), 0] = True
    return Windows(np.repeat(rows, fits.sum(axis=1)), ends[fits])


def _factors(
    said: Stream, texts: Sequence[str], weighed: Weighed, room: Rows, windows: Windows
) -> npt.NDArray[np.float64]:
    """Return what the windows' weights are multiplied by: by their lengths, where they begin and end, what is in them.

    Most often something ends after a rare word: not after “and the”, nor after “you know, like”.
    """
    first, stop = windows.first, windows.stop
    border = np.ones(len(said.marks) + 1)
    last = np.maximum(said.starts - 1, 0)
    if len(weighed.rare):
        border[1:][weighed.rare[last[1:]]] = AT_WORD
    border[borders.borders(said, np.array([0]))] = AT_BORDER
    border[-1] = AT_BORDER
    noisy = np.array(["[" in text or "♪" in text for text in texts]) | ((said.marks & turns.SILENT) > 0)
    noisy[said.starts.searchsorted(said.again(MOST), side="right") - 1] = True
    before = np.concatenate(([0], np.cumsum(noisy)))
    taken = np.maximum(room[stop] - room[first], 1)
    edge = EDGE * room[-1]
    outside = (room[first] < edge) | (room[stop] > room[-1] - edge)
    found = border[first] * border[stop] / np.maximum(taken, FEWEST * WORD) ** LENGTH
    found *= np.minimum(1, MOST * WORD / taken)
    found *= np.where(before[stop] > before[first], BROKEN, 1.0)
    found *= np.where(outside, AT_EDGE, 1.0)
    idle = np.concatenate(([0], np.cumsum(weighed.empty)))[said.starts]
    words = np.maximum(said.starts[stop] - said.starts[first], 1)
    found *= (1 - (idle[stop] - idle[first]) / words) ** IDLE
    return np.asarray(found)

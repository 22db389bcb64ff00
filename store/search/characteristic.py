"""A transcript → the moments that tell it from others, by the weight of their words.

A word weighs by how often the transcript says it, with less for each time more, and by how rare it is in the guild's
passages. The first moment has the heaviest words; each next one is far from the others and counts only new words.
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
from store.index.stream import PLACE, WORD, Stream
from store.index.vocabulary import Numbered
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

_HIRAGANA = regex.compile(r"\p{Hiragana}+")  # of two of them most are grammar
FEWEST, MOST = 18, 36  # words of a moment
OPTIONS = 12  # ends that are tried for each beginning
SATURATION = 3.0  # times that a word is said after which it has half of its weight
LONG = 300  # words from which on a transcript's word counts if it is said twice
EDGE = 0.03  # of a transcript at its beginning and at its end, where people greet, thank and advertise
LEAST = 0.3  # of the first moment's weight that each next one has
AT_BORDER, AT_EDGE, BROKEN = 1.3, 0.6, 0.5  # what a moment's weight is multiplied by
MARKED = 6  # words of a moment that are marked


@dataclass(frozen=True, slots=True)
class Weighed:
    """The heavy terms of a transcript in order: their codes and where they stand [O], the codes' weights [K].

    `starts` [C + 1] is where each cue's begin.
    """

    codes: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    starts: Rows


async def moments(lookup: Lookup, entry: Entry, cues: Sequence[Cue], *, count: int) -> tuple[Quote, ...]:
    """Return at most `count` moments that tell a transcript from the others of the guild, in order of time.

    Raises:
        UnindexedError: it isn't indexed yet.
        DatabaseError: the database can't be read.
    """
    analysed = analyse(cues)
    language = entry.spoken.code
    numbers = await vocabulary.numbered(lookup.connection, lookup.guild_id, analysed.distinct, analysed.pairs, language)
    if numbers.missing:
        raise UnindexedError
    blocks = enumerate(analysed.spoken(numbers).blocks(), start=entry.id << PLACE)
    said = Stream.of(dict(blocks))
    weighed = _weighed(analysed, numbers, lookup.index)
    chosen = _chosen(said, weighed, [cue.text for cue in cues], count)
    spans = [Span(entry.id, first, end) for first, end in sorted(chosen)]
    found = [Found(span, 0.0, frozenset(), frozenset()) for span in spans]
    measured = Measured(Occurrences(said, {}, {}))
    quotes, _ = await Quoting(Marked(), Wanted({}), measured).quotes(lookup.connection, found)
    return quotes


def _weighed(analysed: Analysed, numbers: Numbered, index: GuildIndex) -> Weighed:
    terms, starts = analysed.in_order(numbers)
    distinct, codes, counts = np.unique(terms, return_inverse=True, return_counts=True)
    held = np.zeros(len(distinct))
    for _, part in index.parts:
        at = np.minimum(part.terms.searchsorted(distinct), max(0, len(part.terms) - 1))
        if len(part.terms):
            held += np.where(part.terms[at] == distinct, part.counts[at], 0)
    weights = counts / (counts + SATURATION) * np.log((index.size + 1) / (held + 0.5))
    if len(terms) > LONG:
        weights[counts < 2] = 0
    if len(analysed.pairs):
        alone = np.unique(numbers.terms[np.unique(analysed.codes[analysed.characters > 0])])
        kana = numbers.pairs[[at for at, pair in enumerate(analysed.pairs) if _HIRAGANA.fullmatch(pair)]]
        weights[np.isin(distinct, np.concatenate((alone, kana)))] = 0
    kept = weights[codes] > 0
    before = np.concatenate(([0], np.cumsum(kept)))
    return Weighed(codes[kept], np.maximum(weights, 0), before[starts])


def _chosen(said: Stream, weighed: Weighed, texts: Sequence[str], count: int) -> list[tuple[int, int]]:
    """Return the rows of the moments, heaviest first."""
    first, stop = _windows(said)
    if not len(first):
        return []
    room = said.room
    taken = room[stop] - room[first]
    factor = _factors(said, texts, first, stop) / np.sqrt(np.maximum(taken, FEWEST * WORD))
    factor *= np.minimum(1, MOST * WORD / taken)
    weights = weighed.weights.copy()
    apart = room[-1] / (2 * count)
    free = np.ones(len(first), dtype=bool)
    found: list[tuple[int, int]] = []
    least = 0.0
    for _ in range(max(1, min(count, int(room[-1] / WORD) // (2 * MOST)))):
        scores = np.where(free, _sums(weighed, weights, first, stop) * factor, -1.0)
        at = int(np.argmax(scores))
        if scores[at] <= least:
            break
        least = max(least, LEAST * scores[at])
        found.append((int(first[at]), int(stop[at])))
        weights[weighed.codes[weighed.starts[first[at]] : weighed.starts[stop[at]]]] = 0
        free &= (room[first] >= room[stop[at]] + apart) | (room[stop] <= room[first[at]] - apart)
    return found or [(int(first[0]), int(stop[0]))]


def _windows(said: Stream) -> tuple[Rows, Rows]:
    """Return all windows of about so many words [N]: the rows of their first cues and their ends."""
    room = said.room
    speaks = (said.marks & turns.SILENT) == 0
    speaks &= np.diff(said.starts) > 0
    rows = np.flatnonzero(speaks)
    least = np.maximum(room.searchsorted(room[rows] + FEWEST * WORD), rows + 1)
    most = np.maximum(room.searchsorted(room[rows] + MOST * WORD, side="right") - 1, rows + 1)
    least = np.minimum(np.minimum(least, most), len(speaks))
    ends = least[:, np.newaxis] + np.arange(OPTIONS)
    fits = ends <= np.minimum(most, len(speaks))[:, np.newaxis]
    fits &= speaks[np.minimum(ends, len(speaks)) - 1]
    return np.repeat(rows, fits.sum(axis=1)), ends[fits]


def _factors(said: Stream, texts: Sequence[str], first: Rows, stop: Rows) -> npt.NDArray[np.float64]:
    """Return what the windows' weights are multiplied by, by where they begin and end and what is in them."""
    border = np.zeros(len(said.marks) + 1, dtype=bool)
    border[borders.borders(said, np.array([0]))] = True
    border[-1] = True
    broken = np.array(["[" in text or "♪" in text for text in texts]) | ((said.marks & turns.SILENT) > 0)
    before = np.concatenate(([0], np.cumsum(broken)))
    room = said.room
    edge = EDGE * room[-1]
    outside = (room[first] < edge) | (room[stop] > room[-1] - edge)
    found = np.where(border[first], AT_BORDER, 1.0) * np.where(border[stop], AT_BORDER, 1.0)
    found *= np.where(before[stop] > before[first], BROKEN, 1.0)
    found *= np.where(outside, AT_EDGE, 1.0)
    return found


def _sums(weighed: Weighed, weights: npt.NDArray[np.float64], first: Rows, stop: Rows) -> npt.NDArray[np.float64]:
    """Return the weights of the distinct terms of each window."""
    codes = weighed.codes
    order = np.argsort(codes, kind="stable")
    previous = np.full(len(codes), -1)
    same = codes[order[1:]] == codes[order[:-1]]
    previous[order[1:][same]] = order[:-1][same]
    begins, ends = weighed.starts[first], weighed.starts[stop]
    lengths = ends - begins
    edges = np.concatenate(([0], np.cumsum(lengths)))
    at = np.arange(edges[-1]) + np.repeat(begins - edges[:-1], lengths)
    counted = np.where(previous[at] < np.repeat(begins, lengths), weights[codes[at]], 0.0)
    total = np.concatenate(([0.0], np.cumsum(counted)))
    found: npt.NDArray[np.float64] = total[edges[1:]] - total[edges[:-1]]
    return found

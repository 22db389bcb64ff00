"""Talks as a stream of words without a database, and what is found in it."""

from collections.abc import Iterable, Sequence

import numpy as np

from store.index.analysed import Analysed, analyse
from store.index.stream import Stream
from store.index.vocabulary import NO_TERM, STOP, Numbered
from store.models import Cue
from store.search import borders, quoting
from store.search.occurrences import Occurrences, Sign
from store.search.quoting import Around, Wanted
from store.text.analysis import stem
from store.text.phrases import Phrase


def numbered(analysed: Analysed) -> Numbered:
    """The numbers of a transcript's words, as its guild's first."""
    words = [STOP.get(word, len(STOP) + at) for at, word in enumerate(analysed.distinct)]
    terms = {term: at for at, term in enumerate(dict.fromkeys(map(stem, analysed.distinct)))}
    of_words = [NO_TERM if word in STOP else terms[stem(word)] for word in analysed.distinct]
    pairs = [len(terms) + at for at in range(len(analysed.pairs))]
    return Numbered(np.array(words, np.int32), np.array(of_words, np.int32), np.array(pairs, np.int32))


def streamed(cues: Sequence[Cue], transcript: int = 1) -> tuple[Stream, dict[str, int]]:
    """The stream of a transcript, and the numbers of its words."""
    analysed = analyse(cues)
    numbers = numbered(analysed)
    blocks = dict(enumerate(analysed.spoken(numbers).blocks(), start=transcript << 20))
    return Stream.of(blocks), dict(zip(analysed.distinct, numbers.words.tolist(), strict=True))


def sign(phrase: Phrase, numbers: dict[str, int]) -> Sign:
    """How a phrase looks in a stream."""
    return Sign(
        tuple(
            frozenset(number for word, number in numbers.items() if (word if phrase.exact else stem(word)) == said)
            for said in phrase.words
        )
    )


def occurring(cues: Sequence[Cue], terms: Iterable[str], phrases: Iterable[Phrase] = ()) -> Occurrences:
    """What of terms and phrases stands where in a talk; terms of two CJK characters are pairs."""
    stream, numbers = streamed(cues)
    signs = {}
    for term in terms:
        pair = len(term) == 2 and not term.isascii()
        found = sign(Phrase(tuple(term) if pair else (term,), exact=False), numbers)
        if all(found.words):
            signs[term] = Sign(found.words, joined=pair)
    return Occurrences(stream, signs, {phrase.key: sign(phrase, numbers) for phrase in phrases})


def best_windows(cues: Sequence[Cue], passages: Sequence[range], wanted: Wanted) -> list[range]:
    """What is quoted of passages of a talk, each of which may go on to its end."""
    said = occurring(cues, wanted.terms, wanted.phrases)
    firsts, ends = (np.array(edges) for edges in zip(*((one.start, one.stop) for one in passages), strict=True))
    lows = np.maximum(firsts - borders.NEAR - 1, 0)
    around = Around(firsts, ends, lows, np.full(len(firsts), len(cues)), np.zeros(1, np.int64))
    begins, stops = quoting.windows(said, wanted, around)
    return [range(begin, stop) for begin, stop in zip(begins.tolist(), stops.tolist(), strict=True)]


def best_window(cues: Sequence[Cue], passage: range, wanted: Wanted) -> range:
    """What is quoted of one passage."""
    return best_windows(cues, [passage], wanted)[0]

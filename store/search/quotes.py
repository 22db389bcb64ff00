"""Chosen spans → quotes as they are shown: the only texts of a question that are read.

What is marked in a quote was found in the stream of words; the text says which letters those are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from store import corrected, transcripts
from store.database import Reader
from store.errors import StreamError
from store.index.stream import GAP, Stream
from store.models import Approximation, Correct, Cue, Entry, Part, Quote
from store.search import expansion, quoting
from store.search.choosing import Found
from store.search.measured import Measured
from store.search.occurrences import Occurrences, Places
from store.search.query import Query
from store.search.quoting import Span, Wanted
from store.text.analysis import spans
from store.text.differing import belongings, runs
from store.text.echoes import echoes
from store.text.phrases import Phrase

Heard = tuple[str, int, int]  # a word of the question as typed, and where a quote says what it was heard as


class _Mark(NamedTuple):
    """What is marked in a quote: so many words, or `joined` characters, and what they weigh.

    `typed` is what was heard as it, if so.
    """

    order: int
    size: int
    weight: float
    joined: bool = False
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """What is marked in quotes, each by its key in what was found: terms, phrases, and what words were heard as."""

    terms: Sequence[str] = ()
    phrases: Sequence[Phrase] = ()
    heard: Sequence[expansion.Heard] = ()

    @classmethod
    def of(cls, query: Query) -> "Marked":
        """Return what is marked for a question."""
        return cls(sorted(query.question.marked(query.found)), query.phrases, query.heard)


class Quoting:
    """Makes quotes of spans that were looked at."""

    def __init__(self, marked: Marked, wanted: Wanted, measured: Measured, *, by_meaning: bool = False) -> None:
        """Make them; `by_meaning` says that those without a word of the question were found by what they mean."""
        self._by_meaning = by_meaning
        self._marked = marked
        self._wanted = wanted
        self._measured = measured

    async def quotes(
        self, connection: Reader, chosen: Sequence[Found], *, best: bool = False
    ) -> tuple[tuple[Quote, ...], tuple[Approximation, ...]]:
        """Return spans as quotes, and what the question's words were heard as in them; the `best`, the first, is long.

        Raises:
            StreamError: the stream and the texts say different things.
        """
        if not chosen:
            return (), ()
        spans = [found.span for found in chosen]
        places = _Places.of(self._marked, self._wanted, self._measured.said)
        entries = await transcripts.entries(connection, {span.transcript for span in spans})
        cues = await transcripts.cues(connection, [(span.transcript, span.first, span.end + 1) for span in spans])
        twice = [span for span in spans if self._is_twice(span)]
        standing = await corrected.within(connection, [(span.transcript, span.first, span.end) for span in twice])
        quotes, heard = [], []
        for at, found in enumerate(chosen):
            entry = entries[found.span.transcript]
            now = standing.get(entry.id, {}) if found.span in twice else {}
            quote, spoken = self._quote(found, entry, cues[entry.id], now, places, best=best and not at)
            quotes.append(quote)
            heard.append((quote.text, spoken))
        return tuple(quotes), _approximations(heard)

    def _is_twice(self, span: Span) -> bool:
        """Whether a cue of a span may be corrected: nothing stands between the two readings of one."""
        first, end = self._measured.rows(span)
        stream = self._measured.said.stream
        return bool((stream.words[stream.starts[first] : stream.starts[end]] == GAP).any())

    def _quote(
        self,
        found: Found,
        entry: Entry,
        cues: dict[int, Cue],
        now: Mapping[int, str],
        places: "_Places",
        *,
        best: bool,
    ) -> tuple[Quote, list[Heard]]:
        span = found.span
        first, end = self._measured.rows(span)
        begins = self._measured.said.stream.starts[first : end + 1].tolist()
        said = [cues[at] for at in range(span.first, span.end)]
        here = {at - span.first: one for at, one in now.items() if span.first <= at < span.end}
        text = _Text([cue.text for cue in said], begins, here)
        if text.is_other:
            raise StreamError(frozenset({entry.id}))
        start, stop = 0, len(text.text)
        if self._measured.size(span) > quoting.LONGEST * quoting.QUOTE_WORDS:
            start, stop = quoting.shortened(text.text, self._wanted)
        marks = [
            (mark, begin - start, close - start, alone)
            for mark, at, alone in places.within(begins[0], begins[-1])
            for begin, close in (text.span(at, mark.size),)
            if start <= begin < close <= stop
        ]
        start_ms = cues[span.first + text.cue(start)].start_ms
        after = cues[span.end].start_ms if span.end in cues else entry.duration_ms
        parts = tuple(_parts(cues, span, start, stop))
        words, characters = quoting.SHORT_WORDS, quoting.SHORT_CHARACTERS
        if best:
            words, characters = quoting.BEST_WORDS, quoting.BEST_CHARACTERS
        sizes = self._measured.sizes(span, words / characters)
        similar = self._by_meaning and not marks
        quote = Quote(
            transcript_id=entry.id,
            details=entry.details,
            text=text.text[start:stop],
            start_ms=start_ms,
            end_ms=max(start_ms, after),
            score=found.score,
            highlights=quoting.highlights(
                text.text[start:stop], [(begin, close, alone) for _, begin, close, alone in marks]
            ),
            cut_before=start > 0,
            cut_after=stop < len(text.text),
            first=span.first,
            end=span.end,
            content=entry.content,
            also_in=len(found.also),
            parts=parts,
            similar=similar,
            correct=text.correct(start, stop),
            short=quoting.middle_part(parts, sizes, words)
            if similar
            else quoting.best_part(
                parts, sizes, [(begin, mark.order, mark.weight) for mark, begin, _, _ in marks], words
            ),
        )
        heard = sorted((mark.order, begin, close, mark.typed) for mark, begin, close, _ in marks if mark.typed)
        return quote, [(typed, begin, close) for _, begin, close, typed in heard]


@dataclass(frozen=True, slots=True)
class _Places:
    """All places [N] in a stream, ascending, at which something is marked, and which of the `marks` each is."""

    stream: Stream
    places: Places
    which: Places
    marks: Sequence[_Mark]

    @classmethod
    def of(cls, marked: Marked, wanted: Wanted, said: Occurrences) -> "_Places":
        """Find words, pairs of characters and phrases, and what words were heard as."""
        found: list[Places] = []
        marks: list[_Mark] = []

        def add(places: Places, size: int, weight: float, *, joined: bool = False, typed: str = "") -> None:
            found.append(places)
            marks.append(_Mark(len(marks), size, weight, joined, typed))

        for term in marked.terms:
            if (sign := said.terms.get(term)) is not None:
                add(said.of_terms[term], len(sign), wanted.terms.get(term, 0.0), joined=sign.joined)
        for phrase in marked.phrases:
            add(said.places(phrase.key), len(phrase.words), wanted.phrases.get(phrase, 0.0))
        for one in marked.heard:
            weight = wanted.phrases.get(one.phrase, wanted.terms.get(one.key, 0.0))
            add(said.places(one.key), len(one.phrase.words), weight, typed=one.typed if one.is_other else "")
        places = np.concatenate([np.empty(0, np.int64), *found])
        which = np.repeat(np.arange(len(found)), list(map(len, found)))
        order = np.argsort(places, kind="stable")
        return cls(said.stream, places[order], which[order], marks)

    def within(self, begin: int, end: int) -> Iterator[tuple[_Mark, int, bool]]:
        """Yield what is marked of the words from `begin` to `end`, where it stands, and whether it stands alone."""
        first, last = self.places.searchsorted([begin, end]).tolist()
        for place, which in zip(self.places[first:last].tolist(), self.which[first:last].tolist(), strict=True):
            mark = self.marks[which]
            if place + mark.size <= end:
                alone = not mark.joined and (mark.size > 1 or bool(mark.typed) or self.stream.is_alone(place))
                yield mark, place, alone


class _Text:
    """Cues' texts joined by one space, whose words stand in a stream from `begins` [cues + 1] on.

    Those that are corrected stand there twice, as they are and as they should be `now`: a word of the latter is where
    the words are that it stands for.
    """

    def __init__(self, cues: Sequence[str], begins: Sequence[int], now: Mapping[int, str]) -> None:
        self.text = " ".join(cues)
        self._cues = cues
        self._begins = begins
        self._now = now
        self._words: Sequence[tuple[int, int]] = spans(self.text)
        self.is_other = False  # whether it has more or fewer words than the stream
        if now or len(self._words) != begins[-1] - begins[0]:  # some cues aren't searched, or the stream is another's
            self._words, self.is_other = self._searched()

    def _searched(self) -> tuple[list[tuple[int, int]], bool]:
        """Return where the words of the cues stand that are in the stream, and whether it says others."""
        found: list[tuple[int, int]] = []
        other, at = False, 0
        for number, (cue, (begin, end)) in enumerate(zip(self._cues, pairwise(self._begins), strict=True)):
            if begin < end:
                words = spans(cue)
                if (now := self._now.get(number)) is not None:
                    words += [(0, 0), *((one.start, one.end) for one in belongings(cue, now))]
                other |= len(words) != end - begin
                found += [(at + start, at + stop) for start, stop in words]
            at += len(cue) + 1
        return found, other

    def cue(self, offset: int) -> int:
        """Return which cue holds a letter, or the space after it."""
        ends = accumulate(len(text) + 1 for text in self._cues)
        return next(at for at, end in enumerate(ends) if offset < end)

    def span(self, place: int, size: int) -> tuple[int, int]:
        """Return where in the text so many words stand."""
        at = place - self._begins[0]
        said = self._words[at : at + size]
        return min(start for start, _ in said), max(end for _, end in said)

    def correct(self, start: int, stop: int) -> tuple[Correct, ...]:
        """Return what should be said otherwise of a part of the text."""
        begins = [0, *accumulate(len(cue) + 1 for cue in self._cues)]
        every = [
            (begins[at] + run.start - start, begins[at] + run.end - start, run.text)
            for at, now in sorted(self._now.items())
            for run in runs(self._cues[at], now)
        ]
        return tuple(Correct(*one) for one in every if one[0] >= 0 and one[1] <= stop - start)


def _parts(cues: Mapping[int, Cue], span: Span, start: int, stop: int) -> Iterator[Part]:
    """Yield the parts of a text from `start` to `stop`, which is that of a span's cues joined by one space."""
    near = [at for at in range(span.first, span.end + 1) if at in cues]  # no quote begins with an echo
    again = {near[at] for at in echoes([cues[at] for at in near])}
    end = -1
    for position in range(span.first, span.end):
        cue = cues[position]
        begin, end = end + 1, end + 1 + len(cue.text)
        if max(begin, start) <= min(end, stop):
            yield Part(max(begin, start) - start, min(end, stop) - start, cue.start_ms, cue.speaker, position in again)


def _approximations(quotes: Sequence[tuple[str, Sequence[Heard]]]) -> tuple[Approximation, ...]:
    """Return what words were heard as in quotes, as it was said there."""
    found: dict[str, dict[str, str]] = {}
    for text, heard in quotes:
        for typed, start, end in heard:
            # One half of a name that was cut in two is no other name, nor is a word as it was typed.
            longer = any(typed in t and s <= start < end <= e and e - s > end - start for t, s, e in heard)
            if not longer and text[start:end].casefold() != typed.casefold():
                found.setdefault(typed, {}).setdefault(text[start:end].casefold(), text[start:end])
    return tuple(Approximation(typed, tuple(said.values())) for typed, said in found.items())

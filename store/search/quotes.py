"""Chosen spans → quotes as they are shown: the only texts of a question that are read.

What is marked in a quote was found in the stream of words; the text says which letters those are.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from store import transcripts
from store.database import Reader
from store.errors import StreamError
from store.models import Approximation, Cue, Entry, Quote
from store.search import quoting
from store.search.choosing import Found
from store.search.looking import Looking
from store.search.occurrences import Occurrences, Places
from store.search.query import Query
from store.search.quoting import Wanted
from store.text.analysis import spans

Heard = tuple[str, int, int]  # a word of the question as typed, and where a quote says what it was heard as


class Quoting:
    """Makes quotes for one question."""

    def __init__(self, query: Query, wanted: Wanted, looking: Looking) -> None:
        self._query = query
        self._wanted = wanted
        self._looking = looking
        self._marked = sorted(query.question.marked(query.found))

    async def quotes(
        self, connection: Reader, chosen: Sequence[Found]
    ) -> tuple[tuple[Quote, ...], tuple[Approximation, ...]]:
        """Return spans as quotes, and what the question's words were heard as in them.

        Raises:
            StreamError: the stream and the texts say different things.
        """
        spans = [found.span for found in chosen]
        entries = await transcripts.entries(connection, {span.transcript for span in spans})
        cues = await transcripts.cues(connection, [(span.transcript, span.first, span.end + 1) for span in spans])
        quotes, heard = [], []
        for found in chosen:
            entry = entries[found.span.transcript]
            quote, spoken = self._quote(found, entry, cues[entry.id])
            quotes.append(quote)
            heard.append((quote.text, spoken))
        return tuple(quotes), _approximations(heard)

    def _quote(self, found: Found, entry: Entry, cues: dict[int, Cue]) -> tuple[Quote, list[Heard]]:
        span, said = found.span, self._looking.said
        first, end = self._looking.rows(span)
        begins = said.stream.starts[first : end + 1].tolist()
        text = _Text([cues[at].text for at in range(span.first, span.end)], begins)
        if text.is_other:
            raise StreamError(frozenset({entry.id}))
        start, stop = 0, len(text.text)
        if self._looking.size(span) > quoting.LONGEST * quoting.QUOTE_WORDS:
            start, stop = quoting.shortened(text.text, self._wanted)
        heard = [
            (one.typed, begin - start, close - start)
            for one in self._query.heard
            for begin, close in text.spans(said.places(one.key), len(one.phrase.words))
            if start <= begin and close <= stop
        ]
        marks = [
            (begin - start, close - start, alone)
            for begin, close, alone in self._marks(text, said)
            if start <= begin and close <= stop
        ]
        marks += [(begin, close, True) for _, begin, close in heard]
        start_ms = cues[span.first + text.cue(start)].start_ms
        after = cues[span.end].start_ms if span.end in cues else entry.duration_ms
        quote = Quote(
            transcript_id=entry.id,
            details=entry.details,
            text=text.text[start:stop],
            start_ms=start_ms,
            end_ms=max(start_ms, after),
            score=found.score,
            highlights=quoting.highlights(marks),
            cut_before=start > 0,
            cut_after=stop < len(text.text),
            first=span.first,
            end=span.end,
            content=entry.content,
            also_in=len(found.also),
        )
        return quote, heard

    def _marks(self, text: "_Text", said: Occurrences) -> Iterator[tuple[int, int, bool]]:
        """Yield the words, pairs of characters and phrases of the question in a text: where, and whether alone."""
        for term in self._marked:
            if (sign := said.terms.get(term)) is None:
                continue
            for place in text.places(said.of_terms[term], len(sign)):
                yield *text.span(place, len(sign)), not sign.joined and said.stream.is_alone(place)
        for phrase in self._query.phrases:
            for span in text.spans(said.places(phrase.key), len(phrase.words)):
                yield *span, True


class _Text:
    """Cues' texts joined by one space, whose words stand in a stream from `begins` [cues + 1] on."""

    def __init__(self, cues: Sequence[str], begins: Sequence[int]) -> None:
        self.text = " ".join(cues)
        self._cues = cues
        self._begins = begins
        self._words = spans(self.text)

    @property
    def is_other(self) -> bool:
        """Whether it has more or fewer words than the stream."""
        return len(self._words) != self._begins[-1] - self._begins[0]

    def cue(self, offset: int) -> int:
        """Return which cue holds a letter, or the space after it."""
        ends = accumulate(len(text) + 1 for text in self._cues)
        return next(at for at, end in enumerate(ends) if offset < end)

    def places(self, places: Places, size: int) -> list[int]:
        """Return those of the places where so many words stand in the text."""
        first, end = places.searchsorted([self._begins[0], self._begins[-1] - size + 1]).tolist()
        found: list[int] = places[first:end].tolist()
        return found

    def span(self, place: int, size: int) -> tuple[int, int]:
        """Return where in the text so many words stand."""
        at = place - self._begins[0]
        return self._words[at][0], self._words[at + size - 1][1]

    def spans(self, places: Places, size: int) -> list[tuple[int, int]]:
        """Return where in the text so many words stand, of all places."""
        return [self.span(place, size) for place in self.places(places, size)]


def _approximations(quotes: Sequence[tuple[str, Sequence[Heard]]]) -> tuple[Approximation, ...]:
    """Return what words were heard as in quotes, as it was said there."""
    found: dict[str, dict[str, str]] = {}
    for text, heard in quotes:
        for typed, start, end in heard:
            # One half of a name that was cut in two is no other name.
            if not any(t == typed and s <= start < end <= e and e - s > end - start for t, s, e in heard):
                found.setdefault(typed, {}).setdefault(text[start:end].casefold(), text[start:end])
    return tuple(Approximation(typed, tuple(said.values())) for typed, said in found.items())

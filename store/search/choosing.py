"""Passages, best first → the quotes of an answer, page by page.

Overlapping quotes become one, what several transcripts say word for word is quoted once, and a transcript has at most
its share of a page while others match. The first page leaves out what is far weaker than the best; later pages go on
where the one before ended.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from store import transcripts
from store.database import Reader
from store.models import Cue, Entry, Quote
from store.search import borders, quoting
from store.search.analysis import terms
from store.search.index import GuildIndex, Hit
from store.search.pairs import Pair
from store.search.query import Query
from store.search.quoting import Span, Wanted
from store.search.subjects import Subjects

SHARE = 0.6  # of a page's quotes, at most, from one transcript while others match
WEAKEST = 1 / 3  # of the best score: a weaker quote speaks of something else (measured: R@5 falls by 0.3 at most)
NEAR = 0.9  # of a passage's score: an earlier one with the same words goes before it

Texts = dict[int, dict[int, Cue]]  # cues by transcript and position
Marks = Callable[[str], tuple[tuple[int, int], ...]]  # the spans of a text to mark


@dataclass(frozen=True, slots=True)
class Found:
    """A span to quote, the score of the passage it was chosen for, and the transcripts that say the same."""

    span: Span
    score: float
    also: frozenset[int] = frozenset()


class Choice:
    """The spans to quote, as they are chosen passage by passage, best first."""

    def __init__(self, query: Query, subjects: Subjects, limit: int) -> None:
        self._query = query
        self._subjects = subjects
        self._limit = limit
        self._share = math.ceil(limit * SHARE)
        self._texts: Texts = {}
        self._unseen: list[str] = []  # texts that were read and not looked at
        self._found: list[Found] = []
        self._shingles: list[frozenset[tuple[str, ...]]] = []  # of each found span before others were joined to it
        self._passed = False  # whether a passage was passed over because enough were found

    async def read(self, connection: Reader, hits: Sequence[Hit]) -> None:
        """Read the passages' cues and some that follow them."""
        spans = [(hit.transcript, max(0, hit.first - borders.NEAR - 1), hit.end + quoting.REACH + 1) for hit in hits]
        for transcript, cues in (await transcripts.cues(connection, spans)).items():
            self._texts.setdefault(transcript, {}).update(cues)
            self._unseen += [cue.text for cue in cues.values()]

    def add(self, index: GuildIndex, hits: Sequence[Hit], wanted: Wanted, *, page: int) -> None:
        """Choose a span for each passage; one that overlaps an earlier span is joined to it or falls to it.

        A transcript needs no more spans than the pages up to this one have quotes.
        """
        wanted.look_at(self._unseen)
        self._unseen = []
        pairs = self._query.pairs
        paired = [self._paired(hit, wanted) for hit in hits]
        alone = {hit.number: hit.score for hit in hits}
        ordered = self._subjects.reordered(pairs.reordered(index, hits, paired))
        for hit in _first_mentions(ordered, alone):
            if self._is_enough(hit, self._limit * (page + 1)):
                self._passed = True
                continue
            span = self._span(hit, quoting.REACH, wanted) or self._span(hit, 0, wanted)
            if span is None:
                continue
            near = next((i for i, found in enumerate(self._found) if found.span.overlaps(span)), None)
            if near is not None:
                self._join(near, span)
                continue
            shingles = wanted.shingles(self._cues(span))
            if (twin := self._twin(span, shingles)) is not None:
                found = self._found[twin]
                self._found[twin] = replace(found, also=found.also | {span.transcript})
                continue
            self._found.append(Found(span, hit.score))
            self._shingles.append(shingles)

    def full(self, page: int) -> list[int]:
        """Return the transcripts that have as many quotes as the pages up to this one may take from one."""
        counts = Counter(found.span.transcript for found in self._found)
        return [transcript for transcript, count in counts.items() if count >= self._share * (page + 1)]

    def complete(self, page: int) -> bool:
        """Say whether the pages up to this one are full without any transcript having more than its share."""
        return self._pages(page)[2]

    def page(self, number: int) -> tuple[list[Found], bool]:
        """Return the spans of a page, best first, and whether spans are left for another.

        A transcript exceeds its share only to fill a page.
        """
        chosen, left, _ = self._pages(number)
        return chosen, bool(left) or self._passed

    def quotes(
        self,
        chosen: Sequence[Found],
        entries: Mapping[int, Entry],
        wanted: Wanted,
    ) -> tuple[Quote, ...]:
        """Return the spans as quotes, with their texts, marks and times."""
        query = self._query
        marked = query.question.marked(query.found)
        phrases = (*query.phrases, *(one.phrase for one in query.heard))

        def marks(text: str) -> tuple[tuple[int, int], ...]:
            return quoting.highlights(text, marked, phrases)

        return tuple(self._quote(found, entries[found.span.transcript], wanted, marks) for found in chosen)

    def _paired(self, hit: Hit, wanted: Wanted) -> Counter[Pair]:
        """Count the question's pairs in a passage; where its wanted terms alone have none, there is none."""
        passage = Span(hit.transcript, hit.first, hit.end)
        likely = self._query.pairs.said(wanted.said(self._cues(passage)))
        return self._query.pairs.said(terms(self._text(passage))) if likely else likely

    def _quote(self, found: Found, entry: Entry, wanted: Wanted, marks: Marks) -> Quote:
        text = self._text(found.span)
        start, end = quoting.shortened(text, wanted)
        cues = self._texts[entry.id]
        begins = cues[self._cue_at(found.span, start)].start_ms
        after = cues[found.span.end].start_ms if found.span.end in cues else entry.duration_ms
        return Quote(
            transcript_id=entry.id,
            details=entry.details,
            text=text[start:end],
            start_ms=begins,
            end_ms=max(begins, after),
            score=found.score,
            highlights=marks(text[start:end]),
            cut_before=start > 0,
            cut_after=end < len(text),
            first=found.span.first,
            end=found.span.end,
            content=entry.content,
            also_in=len(found.also),
        )

    def _cue_at(self, span: Span, offset: int) -> int:
        """Return the position of the cue in which this character of the span's text stands."""
        cues = self._texts[span.transcript]
        at = span.first
        while offset > len(cues[at].text):
            offset -= len(cues[at].text) + 1
            at += 1
        return at

    def _span(self, hit: Hit, reach: int, wanted: Wanted) -> Span | None:
        """Return what to quote of a passage and `reach` cues after it; None where that says what is excluded.

        Neither is it quoted where a phrase that begins in it goes on in what isn't.
        """
        cues = self._texts[hit.transcript]
        before = max(0, hit.first - (borders.NEAR + 1 if reach else 0))
        near = [cues[at] for at in range(before, hit.end + reach) if at in cues]
        window = quoting.best_window(near, range(hit.first - before, hit.end - before), wanted)
        span = Span(hit.transcript, before + window.start, before + window.stop)
        asked, excluded = self._query.phrases, self._query.question.excluded
        text = self._text(span) if asked or excluded else ""
        if asked and not any(phrase.spans(text) for phrase in asked):
            return None
        return None if any(phrase.spans(text) for phrase in excluded) else span

    def _is_enough(self, hit: Hit, most: int) -> bool:
        """Say whether so many spans were found in a passage's transcript, none of which it may be joined to."""
        spans = [found.span for found in self._found if found.span.transcript == hit.transcript]
        around = Span(hit.transcript, hit.first - borders.NEAR - 1, hit.end + quoting.REACH)
        return len(spans) >= most and not any(span.overlaps(around) for span in spans)

    def _twin(self, span: Span, shingles: frozenset[tuple[str, ...]]) -> int | None:
        """Return which of the spans found in other transcripts says the same, if one does."""
        for at, (found, other) in enumerate(zip(self._found, self._shingles, strict=True)):
            if found.span.transcript != span.transcript and quoting.alike(shingles, other):
                return at
        return None

    def _shingles(self, span: Span) -> frozenset[tuple[str, ...]]:
        if span not in self._shingled:
            self._shingled[span] = quoting.shingles(self._text(span))
        return self._shingled[span]

    def _join(self, near: int, span: Span) -> None:
        found = self._found[near]
        union = Span(span.transcript, min(span.first, found.span.first), max(span.end, found.span.end))
        if union == found.span:
            return
        clear = not any(other.span.overlaps(union) for i, other in enumerate(self._found) if i != near)
        if clear and quoting.size(self._text(union)) <= quoting.LONGEST * quoting.QUOTE_WORDS:
            self._found[near] = replace(found, span=union)

    def _pages(self, last: int) -> tuple[list[Found], list[Found], bool]:
        """Return the spans of the page `last`, those that are left after it, and whether all pages are complete."""
        left = list(range(len(self._found)))
        chosen: list[int] = []
        complete = True
        least = WEAKEST * max((found.score for found in self._found), default=0.0)
        for page in range(last + 1):
            shared = self._shared(left)
            complete = complete and len(shared) == self._limit
            filled = (shared + [at for at in left if at not in shared])[: self._limit]
            chosen = [at for at in left if at in filled and (page or self._found[at].score >= least)]
            left = [at for at in left if at not in chosen]
        return [self._found[at] for at in chosen], [self._found[at] for at in left], complete

    def _shared(self, places: Sequence[int]) -> list[int]:
        """Return the first of some found spans that fill a page with no more than its share from any transcript."""
        counts: Counter[int] = Counter()
        shared = []
        for at in places:
            transcript = self._found[at].span.transcript
            counts[transcript] += 1
            if counts[transcript] <= self._share:
                shared.append(at)
        return shared[: self._limit]

    def _cues(self, span: Span) -> list[str]:
        return [self._texts[span.transcript][at].text for at in range(span.first, span.end)]

    def _text(self, span: Span) -> str:
        return " ".join(self._cues(span))


def _first_mentions(hits: Sequence[Hit], alone: Mapping[int, float]) -> list[Hit]:
    """Put the earliest of a transcript's passages with the same words before later ones of nearly the same score.

    `alone` is each passage's score without its pairs, by its number: how the words are joined is no matter of place.
    A subject is explained when it first comes up, and repeated later, so the first mention counts as much as the best.
    Measured on three sets, it moves R@1 by 0 to 0.6 points and R@3 by -0.5 to 1.0.
    """
    ordered = list(hits)
    for at in range(len(ordered)):
        best = ordered[at]
        earlier = [
            hit
            for hit in ordered[at + 1 :]
            if hit.transcript == best.transcript
            and hit.first < best.first
            and alone[hit.number] >= NEAR * alone[best.number]
            and hit.terms >= best.terms
        ]
        if earlier:
            first = min(earlier, key=lambda hit: hit.first)
            ordered.remove(first)
            ordered.insert(at, replace(first, score=best.score))
    return ordered

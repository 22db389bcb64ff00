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
from store.index.directory import Hit
from store.models import Cue, Entry, Quote
from store.search import borders, quoting
from store.search.pairs import Pair
from store.search.query import Query
from store.search.quoting import Shingles, Span, Wanted
from store.search.subjects import Subjects
from store.text.analysis import terms

SHARE = 0.6  # of a page's quotes, at most, from one transcript while others match
WEAKEST = 1 / 3  # of the best score: a weaker quote speaks of something else (measured: R@5 falls by 0.3 at most)
NEAR = 0.9  # of a passage's score: an earlier one with the same words goes before it

Texts = dict[int, dict[int, Cue]]  # cues by transcript and position
Marks = Callable[[str], tuple[tuple[int, int], ...]]  # the spans of a text to mark


@dataclass(frozen=True, slots=True)
class Found:
    """A span to quote; the score and the terms of the passage it was chosen for; the transcripts that say the same."""

    span: Span
    score: float
    terms: frozenset[str]
    also: frozenset[int] = frozenset()


class Choice:
    """The spans to quote, as they are chosen passage by passage, best first."""

    def __init__(self, query: Query, subjects: Subjects, wanted: Wanted, limit: int) -> None:
        self._query = query
        self._subjects = subjects
        self._wanted = wanted
        self._limit = limit
        self._share = math.ceil(limit * SHARE)
        self._texts: Texts = {}
        self._found: list[Found] = []
        self._shingles: list[Shingles] = []  # of each found span before others were joined to it
        self._passed = False  # whether a passage was passed over because enough were found

    async def add(self, connection: Reader, hits: Sequence[Hit], *, page: int) -> None:
        """Choose a span for each passage; one that overlaps an earlier span is joined to it or falls to it.

        Once the pages up to this one are complete, only what may be joined to their spans, or say the same, is read.
        """
        pairs = self._query.pairs
        likely = [hit for hit in hits if pairs.may_stand(hit.terms)]
        await self._read(connection, [Span(hit.transcript, hit.first, hit.end) for hit in likely])
        paired = [self._paired(hit) if pairs.may_stand(hit.terms) else Counter[Pair]() for hit in hits]
        alone = {hit.number: hit.score for hit in hits}
        ordered = _first_mentions(self._subjects.reordered(pairs.reordered(self._subjects.index, hits, paired)), alone)
        for at in range(0, len(ordered), self._limit):
            complete = not self.missing(page)
            some = [
                hit for hit in ordered[at : at + self._limit] if not self._passes_over(hit, page, complete=complete)
            ]
            await self._read(connection, [_around(hit) for hit in some])
            for hit in some:
                self._add(hit)

    def full(self, page: int) -> list[int]:
        """Return the transcripts that have as many quotes as the pages up to this one may take from one."""
        counts = Counter(found.span.transcript for found in self._found)
        return [transcript for transcript, count in counts.items() if count >= self._share * (page + 1)]

    def missing(self, page: int) -> int:
        """Count the quotes that a page up to this one lacks while no transcript has more than its share of it."""
        return self._pages(page)[2]

    def page(self, number: int) -> tuple[list[Found], bool]:
        """Return the spans of a page, best first, and whether spans are left for another.

        A transcript exceeds its share only to fill a page.
        """
        chosen, left, _ = self._pages(number)
        return chosen, bool(left) or self._passed

    def quotes(self, chosen: Sequence[Found], entries: Mapping[int, Entry]) -> tuple[Quote, ...]:
        """Return the spans as quotes, with their texts, marks and times."""
        query = self._query
        marked = query.question.marked(query.found)
        phrases = (*query.phrases, *(one.phrase for one in query.heard))

        def marks(text: str) -> tuple[tuple[int, int], ...]:
            return quoting.highlights(text, marked, phrases)

        return tuple(self._quote(found, entries[found.span.transcript], marks) for found in chosen)

    async def _read(self, connection: Reader, spans: Sequence[Span]) -> None:
        """Read the cues of spans that aren't there yet, and look at them."""
        missing = [gap for span in spans for gap in self._gaps(span)]
        texts = []
        for transcript, cues in (await transcripts.cues(connection, missing)).items() if missing else ():
            self._texts.setdefault(transcript, {}).update(cues)
            texts += [cue.text for cue in cues.values()]
        self._wanted.look_at(texts)

    def _gaps(self, span: Span) -> list[tuple[int, int, int]]:
        """Return what of a span was not read, as transcript, first cue and end, and nothing of it twice."""
        there = self._texts.get(span.transcript, {})
        left = [at for at in range(span.first, span.end) if at not in there]
        breaks = [at for at in range(1, len(left)) if left[at] > left[at - 1] + 1]
        runs = zip([0, *breaks], [*breaks, len(left)], strict=True) if left else ()
        return [(span.transcript, left[first], left[end - 1] + 1) for first, end in runs]

    def _add(self, hit: Hit) -> None:
        span = self._span(hit, quoting.REACH) or self._span(hit, 0)
        if span is None:
            return
        near = next((i for i, found in enumerate(self._found) if found.span.overlaps(span)), None)
        if near is not None:
            self._join(near, span)
            return
        shingles = self._wanted.shingles(self._cues(span))
        if (twin := self._twin(span, shingles)) is not None:
            found = self._found[twin]
            self._found[twin] = replace(found, also=found.also | {span.transcript})
            return
        self._found.append(Found(span, hit.score, hit.terms))
        self._shingles.append(shingles)

    def _passes_over(self, hit: Hit, page: int, *, complete: bool) -> bool:
        """Say whether a passage can change nothing on the pages up to this one, nor be joined to a span on them.

        Its transcript has as many spans as the pages have quotes, or they are `complete` and, as far as its terms and
        its score can tell, it doesn't say what another transcript says there.
        """
        spans = [found.span for found in self._found if found.span.transcript == hit.transcript]
        around = _around(hit)
        if any(span.overlaps(around) for span in spans):
            return False
        passed = len(spans) >= self._limit * (page + 1) or (
            complete and not any(found.terms == hit.terms and hit.score >= NEAR * found.score for found in self._found)
        )
        self._passed = self._passed or passed
        return passed

    def _paired(self, hit: Hit) -> Counter[Pair]:
        """Count the question's pairs in a passage.

        What stands next to each other among all of its terms also does among the wanted ones, which are far fewer.
        """
        passage = Span(hit.transcript, hit.first, hit.end)
        likely = self._query.pairs.said(self._wanted.said(self._cues(passage)))
        return self._query.pairs.said(terms(self._text(passage))) if likely else likely

    def _quote(self, found: Found, entry: Entry, marks: Marks) -> Quote:
        text = self._text(found.span)
        start, end = quoting.shortened(text, self._wanted)
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

    def _span(self, hit: Hit, reach: int) -> Span | None:
        """Return what to quote of a passage and `reach` cues after it; None where that says what is excluded.

        Neither is it quoted where a phrase that begins in it goes on in what isn't.
        """
        cues = self._texts[hit.transcript]
        before = max(0, hit.first - (borders.NEAR + 1 if reach else 0))
        near = [cues[at] for at in range(before, hit.end + reach) if at in cues]
        window = quoting.best_window(near, range(hit.first - before, hit.end - before), self._wanted)
        span = Span(hit.transcript, before + window.start, before + window.stop)
        asked, excluded = self._query.phrases, self._query.question.excluded
        text = self._text(span) if asked or excluded else ""
        if asked and not any(phrase.spans(text) for phrase in asked):
            return None
        return None if any(phrase.spans(text) for phrase in excluded) else span

    def _twin(self, span: Span, shingles: Shingles) -> int | None:
        """Return which of the spans found in other transcripts says the same, if one does."""
        for at, (found, other) in enumerate(zip(self._found, self._shingles, strict=True)):
            if found.span.transcript != span.transcript and quoting.alike(shingles, other):
                return at
        return None

    def _join(self, near: int, span: Span) -> None:
        found = self._found[near]
        union = Span(span.transcript, min(span.first, found.span.first), max(span.end, found.span.end))
        if union == found.span:
            return
        clear = not any(other.span.overlaps(union) for i, other in enumerate(self._found) if i != near)
        if clear and quoting.size(self._text(union)) <= quoting.LONGEST * quoting.QUOTE_WORDS:
            self._found[near] = replace(found, span=union)

    def _pages(self, last: int) -> tuple[list[Found], list[Found], int]:
        """Return the spans of the page `last`, those that are left after it, and how many the pages so far lack."""
        left = list(range(len(self._found)))
        chosen: list[int] = []
        missing = 0
        least = WEAKEST * max((found.score for found in self._found), default=0.0)
        for page in range(last + 1):
            shared = self._shared(left)
            missing += self._limit - len(shared)
            filled = (shared + [at for at in left if at not in shared])[: self._limit]
            chosen = [at for at in left if at in filled and (page or self._found[at].score >= least)]
            left = [at for at in left if at not in chosen]
        return [self._found[at] for at in chosen], [self._found[at] for at in left], missing

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


def _around(hit: Hit) -> Span:
    """Return a passage with the cues around it that a quote of it may take in."""
    return Span(hit.transcript, max(0, hit.first - borders.NEAR - 1), hit.end + quoting.REACH + 1)


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

"""Spans of passages, best first → the quotes of an answer, page by page.

Overlapping quotes become one, what several transcripts say word for word is quoted once, and a transcript has at most
its share of a page while others match. The first page leaves out what is far weaker than the best; later pages go on
where the one before ended.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from store.index.directory import Hit
from store.search import borders, quoting
from store.search.quoting import Span

SHARE = 0.6  # of a page's quotes, at most, from one transcript while others match
WEAKEST = 1 / 3  # of the best score: a weaker quote speaks of something else (measured: R@5 falls by 0.3 at most)
NEAR = 0.9  # of a passage's score: an earlier one with the same words goes before it
SAME = 0.6  # of the shorter text's shingles: in a re-upload a quote begins and ends at other cues


class Spans(Protocol):
    """What is known of spans' words."""

    def size(self, span: Span) -> float:
        """Return how much of a quote's room a span takes, in words."""

    def shingles(self, begin: int, end: int) -> frozenset[int]:
        """Return the words from one place to another four by four, each four as a number."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage, its whole score, what to quote of it (None: nothing), and where the words of that begin and end."""

    hit: Hit
    score: float
    span: Span | None
    words: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A span to quote; the score and the terms of the passage it was chosen for; the transcripts that say the same.

    `shingles` are those of the span before others were joined to it.
    """

    span: Span
    score: float
    terms: frozenset[str]
    shingles: frozenset[int]
    also: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Paging:
    """Pages of `limit` quotes, up to the page `last`, counted from 0."""

    limit: int
    last: int

    @property
    def share(self) -> int:
        """How many quotes of a page may be from one transcript while others match."""
        return math.ceil(self.limit * SHARE)

    def pages(self, found: Sequence[Found]) -> tuple[list[Found], list[Found], int]:
        """Return the spans of the last page, those that are left after it, and how many the pages lack.

        A transcript exceeds its share only to fill a page, which lacks as many as it exceeds it by.
        """
        left = list(range(len(found)))
        chosen: list[int] = []
        missing = 0
        least = WEAKEST * max((one.score for one in found), default=0.0)
        for page in range(self.last + 1):
            shared = self._shared(found, left)
            missing += self.limit - len(shared)
            filled = (shared + [at for at in left if at not in shared])[: self.limit]
            chosen = [at for at in left if at in filled and (page or found[at].score >= least)]
            left = [at for at in left if at not in chosen]
        return [found[at] for at in chosen], [found[at] for at in left], missing

    def missing(self, found: Sequence[Found]) -> int:
        """Count the quotes that the pages lack while no transcript has more than its share of them."""
        return self.pages(found)[2]

    def full(self, found: Sequence[Found]) -> list[int]:
        """Return the transcripts that have as many quotes as the pages may take from one."""
        counts = Counter(one.span.transcript for one in found)
        return [transcript for transcript, count in counts.items() if count >= self.share * (self.last + 1)]

    def _shared(self, found: Sequence[Found], places: Sequence[int]) -> list[int]:
        """Return the first of some found spans that fill a page with no more than its share from any transcript."""
        share, counts = self.share, dict[int, int]()
        shared = []
        for at in places:
            transcript = found[at].span.transcript
            counts[transcript] = count = counts.get(transcript, 0) + 1
            if count <= share:
                shared.append(at)
        return shared[: self.limit]


def chosen(
    found: Sequence[Found], candidates: Sequence[Candidate], paging: Paging, spans: Spans
) -> tuple[tuple[Found, ...], bool]:
    """Return the spans to quote with those of more passages, and whether a passage was passed over.

    A span that overlaps an earlier one is joined to it or falls to it. Once the pages are complete, only what may be
    joined to their spans, or say the same, is looked at.
    """
    known = list(found)
    places: dict[int, list[int]] = {}  # in what is known, by transcript
    for at, one in enumerate(known):
        places.setdefault(one.span.transcript, []).append(at)
    said = set[int]().union(*(one.shingles for one in known))
    passed = complete = False
    for at, candidate in enumerate(candidates):
        if at % paging.limit == 0:
            complete = len(known) >= paging.limit and not paging.missing(known)
        here = places.setdefault(candidate.hit.transcript, [])
        if _passes_over(known, here, candidate, paging, complete=complete):
            passed = True
        elif candidate.span is None:
            continue
        elif (near := next((at for at in here if known[at].span.overlaps(candidate.span)), None)) is not None:
            union = _joined([known[at].span for at in here], known[near].span, candidate.span, spans)
            if union != known[near].span:
                known[near] = replace(known[near], span=union)
        else:
            one = Found(candidate.span, candidate.score, candidate.hit.terms, spans.shingles(*candidate.words))
            # Hardly any two share a shingle, and then none of all.
            twin = None if said.isdisjoint(one.shingles) else _twin(known, one)
            if twin is None:
                here.append(len(known))
                known.append(one)
                said |= one.shingles
            else:
                known[twin] = replace(known[twin], also=known[twin].also | {one.span.transcript})
    return tuple(known), passed


def _passes_over(
    found: Sequence[Found], here: Sequence[int], candidate: Candidate, paging: Paging, *, complete: bool
) -> bool:
    """Say whether a passage can change nothing on the pages, nor be joined to a span on them.

    Its transcript has as many spans, which are `here`, as the pages have quotes, or they are `complete` and, as far as
    its terms and its score can tell, it doesn't say what another transcript says there.
    """
    full = len(here) >= paging.limit * (paging.last + 1)
    if not full and not complete:
        return False
    hit = candidate.hit
    around = Span(hit.transcript, max(0, hit.first - borders.NEAR - 1), hit.end + quoting.REACH + 1)
    if any(found[at].span.overlaps(around) for at in here):
        return False
    return full or not any(one.terms == hit.terms and candidate.score >= NEAR * one.score for one in found)


def _twin(found: Sequence[Found], one: Found) -> int | None:
    """Return which of the spans found in other transcripts says the same, if one does."""
    here = one.span.transcript
    others = ((at, other) for at, other in enumerate(found) if other.span.transcript != here)
    return next((at for at, other in others if alike(one.shingles, other.shingles)), None)


def _joined(here: Sequence[Span], near: Span, span: Span, spans: Spans) -> Span:
    """Return a span `here` joined with another that overlaps it, unless that would be too long or overlap a third."""
    union = Span(span.transcript, min(span.first, near.first), max(span.end, near.end))
    if union == near or any(other is not near and other.overlaps(union) for other in here):
        return near
    return union if spans.size(union) <= quoting.LONGEST * quoting.QUOTE_WORDS else near


def alike(one: frozenset[int], other: frozenset[int]) -> bool:
    """Say whether one of two texts nearly stands in the other, by their shingles."""
    few, many = (one, other) if len(one) < len(other) else (other, one)
    return len(many) <= 2 * len(few) and len(few & many) >= SAME * len(few)

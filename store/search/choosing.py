"""Spans of passages, best first → the quotes of an answer: none twice.

Overlapping quotes become one, and what several transcripts say word for word is quoted once. Nothing else is left out:
that what is far weaker than the best waits, or that one transcript has its share of a page, hid more than it cleared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from store.index.directory import Hit
from store.search import borders, quoting
from store.search.quoting import Span

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


def chosen(
    found: Sequence[Found], candidates: Sequence[Candidate], wanted: int, spans: Spans
) -> tuple[tuple[Found, ...], bool]:
    """Return the spans to quote with those of more passages, and whether a passage was passed over.

    A span that overlaps an earlier one is joined to it or falls to it. Once as many as are `wanted` are found, only
    what may be joined to them, or say the same, is looked at.
    """
    known = list(found)
    places: dict[int, list[int]] = {}  # in what is known, by transcript
    for at, one in enumerate(known):
        places.setdefault(one.span.transcript, []).append(at)
    said = set[int]().union(*(one.shingles for one in known))
    passed = False
    for candidate in candidates:
        here = places.setdefault(candidate.hit.transcript, [])
        if len(known) >= wanted and _passes_over(known, here, candidate):
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


def _passes_over(found: Sequence[Found], here: Sequence[int], candidate: Candidate) -> bool:
    """Say whether a passage can't be joined to a span that was found, nor say the same as another transcript's.

    `here` are the spans of its own transcript; whether it says the same is told by its terms and its score.
    """
    hit = candidate.hit
    around = Span(hit.transcript, max(0, hit.first - borders.NEAR - 1), hit.end + quoting.REACH + 1)
    if any(found[at].span.overlaps(around) for at in here):
        return False
    return not any(one.terms == hit.terms and candidate.score >= NEAR * one.score for one in found)


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

"""Moments of a talk by the clock, and whether a quote is there."""

from store.models import Quote


def hits(quote: Quote, earliest: str, latest: str) -> bool:
    """Whether a quote overlaps a range by half of the shorter of the two."""
    start, end = quote.start_ms / 1000, quote.end_ms / 1000
    shared = min(end, seconds(latest)) - max(start, seconds(earliest))
    return shared >= min(end - start, seconds(latest) - seconds(earliest)) / 2


def seconds(clock: str) -> int:
    minutes, rest = clock.split(":")
    return 60 * int(minutes) + int(rest)

"""How long spans of cues are, by the words of a stream that holds them."""

import numpy as np

from store.index.stream import WORD
from store.search.occurrences import Occurrences
from store.search.quoting import Span


class Measured:
    """Spans of cues in a stream, and what was found in it."""

    def __init__(self, said: Occurrences) -> None:
        self.said = said

    def size(self, span: Span) -> float:
        """Return how much of a quote's room a span takes, in words; it must be in what was looked at."""
        begin, end = self.rows(span)
        room = self.said.stream.room
        return float(room[end] - room[begin]) / WORD

    def sizes(self, span: Span, character: float) -> list[float]:
        """Return how long the cues of a span are, in words, of which a CJK character is so much."""
        begin, end = self.rows(span)
        stream = self.said.stream
        counts = np.diff(stream.starts[begin : end + 1]).astype(np.float64)
        if stream.has_characters:
            among = np.concatenate(([0], np.cumsum(stream.characters[stream.starts[begin] : stream.starts[end]] > 0)))
            edges = stream.starts[begin : end + 1] - stream.starts[begin]
            counts -= np.diff(among[edges]) * (1 - character)
        found: list[float] = counts.tolist()
        return found

    def rows(self, span: Span) -> tuple[int, int]:
        """Return the rows of the cues of a span in the stream: the first and the end."""
        begin, last = self.said.stream.rows(
            np.array([span.transcript, span.transcript]), np.array([span.first, span.end - 1])
        ).tolist()
        return begin, last + 1

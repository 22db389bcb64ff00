"""A podcast's transcript as HTML: `<cite>` who, `<time>` when, `<p>` what, as Podcasting 2.0 has it.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
"""

import re
from html.parser import HTMLParser

from store.errors import FormatError
from store.formats import times
from store.formats.parsed import File, Parsed
from store.formats.times import Times
from store.models import Cue

_KEPT = {"cite", "time", "p"}
_TIMED = re.compile(r"<time(?:\s[^<>]*)?>\s*\d{1,4}:\d\d", re.IGNORECASE)


_UNENDED = re.compile(r"<[A-Za-z/!?][^<>]*(?=<|\Z)")
MOST_UNENDED = 20  # tags that may lack their end: of a page that is cut off one does


class _Reader(HTMLParser):
    """Collects what stands in the elements that matter."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str, int]] = []
        self._inside: str | None = None
        self._parts: list[str] = []
        self._line = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        del attrs
        if tag in _KEPT:
            self._close()
            self._inside, self._line = tag, self.getpos()[0]
        elif tag == "br":
            self._parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if tag == self._inside:
            self._close()

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if self._inside:
            self._parts.append(data)

    def close(self) -> None:
        """End what was left open."""
        super().close()
        self._close()

    def _close(self) -> None:
        if self._inside:
            self.found.append((self._inside, " ".join("".join(self._parts).split()), self._line))
        self._inside = None
        self._parts = []


def recognised(file: File) -> bool:
    """Whether a file has times and paragraphs as a transcript in HTML.

    A whole page is one only where it names who speaks: many say when they were written.
    """
    if not file.head.startswith("<"):
        return False
    lower = file.text[:200_000].lower()
    if "<time" not in lower or "<p" not in lower:
        return False
    return "<cite" in lower or (not file.is_page and _TIMED.search(lower) is not None)


def read(file: File) -> Parsed:
    """Read a transcript in HTML.

    Raises:
        FormatError: many of its tags don't end.
    """
    if sum(1 for _ in _UNENDED.finditer(file.text)) > MOST_UNENDED:  # Python's parser would take its time for each
        raise FormatError("This web page is damaged: many of its tags don't end; save it anew.")
    reader = _Reader()
    reader.feed(file.text)
    reader.close()
    seen = Times(file.oddities)
    cues: list[Cue] = []
    speaker: str | None = None
    start: int | None = None
    for tag, text, line in reader.found:
        if tag == "cite":
            speaker = text.rstrip(":：").strip() or None
        elif tag == "time":
            start = times.clock(text)
        elif text and start is not None:
            cues.append(Cue(seen.of(start, None, line)[0], text, None, speaker))
    return Parsed(cues)


def refused(file: File) -> Parsed:
    """Refuse any other web page."""
    raise FormatError(
        f"{file.name[:80]} is a web page and no transcript; the address that it was saved from may "
        "need a login, or has moved."
    )

"""A podcast's transcript as HTML: `<cite>` who, `<time>` when, `<p>` what, as Podcasting 2.0 has it.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
"""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from store.errors import FormatError
from store.formats.parsed import File, Parsed
from store.formats.texts.pagemarks import MARKS, Part, bare, parted, span, speakers
from store.formats.times import Times
from store.models import Cue
from store.sentences import sentence

_BLOCKS = set(
    "body main section article aside header footer nav address figure figcaption details summary hr p div blockquote "
    "pre h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption tr td th".split()
)
_NEVER_ENDED = {"body", "hr"}  # in which a mark after words is a mark
_HIDDEN = {"script", "style", "title"}
_TIMED = re.compile(r"<time(?:\s[^<>]*)?>\s*\d{1,4}:\d\d", re.IGNORECASE)
_UNENDED = re.compile(r"<[A-Za-z/!?][^<>]*(?=<|\Z)")
MOST_PARTS = 600_000  # of a page: more than its cues may be, each with a name and a time
MOST_UNENDED = 20  # tags that may lack their end: of a page that is cut off one does
EARLY = sentence("text before the first time has none; it was kept at 0:00.")
UNREAD = sentence("the time can't be read; it was left out, and its words keep the time before it.")


class _Reader(HTMLParser):
    """Parts what a page shows."""

    def __init__(self, *, paragraphs_end: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Part] = []
        self._open_ended = _NEVER_ENDED if paragraphs_end else {*_NEVER_ENDED, "p"}
        self._kind = "words"
        self._hidden: str | None = None
        self._texts: list[str] = []
        self._line = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        del attrs
        if tag in _BLOCKS:
            self._block("end" if tag in self._open_ended else "begin")
        elif tag in _HIDDEN:
            self._hidden = tag
        elif tag in MARKS:
            self._part(after=tag)
        elif tag == "br":
            self._texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if tag in _BLOCKS:
            self._block("end")
        elif tag == self._hidden:
            self._hidden = None
        elif tag == self._kind:
            self._part()

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if not self._hidden:
            if not self._line and data.strip():
                self._line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
            self._texts.append(data)

    def close(self) -> None:
        """End what was left open."""
        super().close()
        self._block("end")

    def _block(self, kind: str) -> None:
        self._part()
        self._hidden = None
        if self.found and self.found[-1].kind in {"begin", "end"}:
            self.found.pop()
        self.found.append(Part(kind, "", 0))

    def _part(self, *, after: str = "words") -> None:
        """End a part; space alone belongs to the one before it."""
        text = "".join(self._texts)
        if len(self.found) > MOST_PARTS:
            raise FormatError("This web page has more parts than a transcript; split it and send the parts.")
        if text.strip():
            self.found.append(Part(self._kind, text, self._line))
        elif text and self.found and self.found[-1].text and not self.found[-1].text.endswith(" "):
            self.found[-1] = self.found[-1]._replace(text=f"{self.found[-1].text} ")
        self._kind, self._texts, self._line = after, [], 0


def recognised(file: File) -> bool:
    """Whether a file has times as a transcript in HTML.

    A whole page is one only where it names who speaks: many say when they were written.
    """
    if not file.head.startswith("<"):
        return False
    lower = file.text[:200_000].lower()
    if "<time" not in lower or _TIMED.search(lower) is None:
        return False
    return "<cite" in lower or not file.is_page


def read(file: File) -> Parsed:
    """Read a transcript in HTML.

    Raises:
        FormatError: many of its tags don't end, or it is far too long.
    """
    if sum(1 for _ in _UNENDED.finditer(file.text)) > MOST_UNENDED:  # Python's parser would take its time for each
        raise FormatError("This web page is damaged: many of its tags don't end; save it anew.")
    reader = _Reader(paragraphs_end="</p" in file.text.lower())
    reader.feed(file.text)
    reader.close()
    return Parsed(_cues(file, parted(reader.found)))


def _cues(file: File, found: Sequence[Part]) -> list[Cue]:
    """Return what is said, by whom, and when."""
    seen = Times(file.oddities)
    named = speakers(found)
    cues: list[Cue] = []
    speaker: str | None = None
    start: int | None = None
    end: int | None = None
    for kind, text, line in found:
        if kind == "cite" or (kind == "heading" and bare(text) in named):
            speaker = bare(text) or None
        elif kind in {"words", "heading"}:
            speaker = None if named and kind == "heading" else speaker
            if start is None:
                file.oddities.note(EARLY, line)
            begun, over = seen.of(start or 0, end, line)
            cues.append(Cue(begun, text, over, speaker))
        elif kind == "time" and span(text)[0] is None:
            file.oddities.note(UNREAD, line)
        elif kind == "time":
            start, end = span(text)
    return cues


def refused(file: File) -> Parsed:
    """Refuse any other web page."""
    raise FormatError(
        "{name} is a web page and no transcript; the address that it was saved from may need a login, or has moved.",
        name=file.name[:80],
    )

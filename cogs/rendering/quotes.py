"""A quote's words as lines of a message: what matches in bold, who speaks where that changes, … for what is cut.

Every word is the transcript's; a line that is said again and again stands once, with … for the others.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import regex

from cogs.locales.speaking import quoted, series
from cogs.rendering import corrections
from cogs.rendering.words import fitted, isolated, marked
from store.models import Approximation, Part, Quote

MAX_SPEAKER = 40
MAX_APPROXIMATIONS = 5
MAX_SPELLINGS = 3  # of each approximation
MAX_WORD = 30

_WIDE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_ENDED = regex.compile(r"""[\p{Sentence_Terminal}…][\p{Pf}\p{Pe}"'*\s\u2069]*$""")
_FIRST = regex.compile(r"\p{L}|\p{N}")


def extent(text: str) -> int:
    """Return how many letters of English take as long to say: two for each of a script that sets no spaces.

    Such a character counts a third of a word everywhere, and an English word has about six letters with its space.
    """
    return len(text) + (0 if text.isascii() else len(_WIDE.findall(text)))


def approximated(heard: Sequence[Approximation]) -> list[str]:
    """Return a small line of what words were heard as; none where each was said as it was typed."""
    written = []
    for one in heard[:MAX_APPROXIMATIONS]:
        said = series(quoted(fitted(spelling, MAX_WORD)) for spelling in one.said[:MAX_SPELLINGS])
        written.append(f"*{fitted(one.typed, MAX_WORD)} ≈ {said}*")
    return [f"-# {' · '.join(written)}"] if written else []


def told(quote: Quote, room: int, *, whole: bool, size: Callable[[str], int] = len) -> str:
    """Return a quote's words, whole or short; where they don't fit into `room`, those around the first match.

    Below them stands what of them was corrected.
    """
    parts = quote.parts or (Part(0, len(quote.text), quote.start_ms),)
    first, end = (0, len(parts)) if whole or quote.short[0] >= quote.short[1] else quote.short
    start, stop = parts[first].start, parts[end - 1].end
    match = next((a for a, _ in quote.highlights if start <= a < stop), start)
    while size(words := _words(quote, start, stop) + corrections.note(quote, start, stop)) > room and stop - start > 1:
        cut = max(1, (stop - start) // 10)
        if match - start > (stop - start) // 2:
            start += cut
        else:
            stop -= cut
    return words


def brief(quote: Quote, room: int) -> Quote:
    """Return a quote whose short form fits into `room`, an extent: the whole, else the short, else fewer cues of it.

    It is cut between cues, and those far from the first match are left out first.
    """
    whole = replace(quote, short=(0, len(quote.parts)))
    if extent(told(whole, sys.maxsize, whole=True)) <= room:
        return whole
    first, end = quote.short if quote.short[0] < quote.short[1] else whole.short
    matching = [at for at in range(first, end) if _matches(quote, quote.parts[at])]
    match = matching[0] if matching else first
    while end - first > 1 and (
        _least(quote, first, end) > room
        or extent(told(replace(quote, short=(first, end)), sys.maxsize, whole=False)) > room
    ):
        if match - first > end - 1 - match:
            first += 1
        else:
            end -= 1
    return replace(quote, short=(first, end))


def _least(quote: Quote, first: int, end: int) -> int:
    """Return how many characters cues take at least, which is reckoned sooner than they are written."""
    return sum(part.end - part.start for part in quote.parts[first:end] if not part.echo)


def opened(quote: Quote, words: str, cues: int) -> str:
    """Set … where the words of a quote, of a transcript of so many cues, begin or end within a sentence.

    Whether it begins with one shows where letters can be small; where it ends with one, a mark says so.
    """
    first = _FIRST.search(quote.text)
    if quote.first > 0 and first and first[0].islower() and not words.startswith("… "):
        words = f"… {words}"
    if quote.end < cues and not words.endswith(" …") and not _ENDED.search(words):
        words = f"{words} …"
    return words


def _matches(quote: Quote, part: Part) -> bool:
    return not part.echo and any(start < part.end and end > part.start for start, end in quote.highlights)


def _words(quote: Quote, start: int, stop: int) -> str:
    """Return a quote's words from one place in its text to another."""
    lines = []
    for speaker, spans in _turns(quote, start, stop):
        name = f"*{fitted(speaker, MAX_SPEAKER)}:* " if speaker else ""
        lines.append(name + " … ".join(_marked(quote, *span) for span in spans))
    before = "… " if start or quote.cut_before else ""
    after = " …" if stop < len(quote.text) or quote.cut_after else ""
    return before + "\n> ".join(lines) + after


def _turns(quote: Quote, start: int, stop: int) -> Iterator[tuple[str | None, list[tuple[int, int]]]]:
    """Yield who speaks and which spans of the text, joined where nothing between them is left out."""
    speaker: str | None = None
    spans: list[tuple[int, int]] = []
    last = -1  # the part before
    for at, part in enumerate(quote.parts or (Part(0, len(quote.text), quote.start_ms),)):
        begin, end = max(part.start, start), min(part.end, stop)
        if begin >= end or part.echo:
            continue
        if spans and part.speaker != speaker:
            yield speaker, spans
            spans = []
        if spans and last == at - 1:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((begin, end))
        speaker, last = part.speaker, at
    if spans:
        yield speaker, spans


def _marked(quote: Quote, start: int, end: int) -> str:
    spans = [(max(a, start) - start, min(b, end) - start) for a, b in quote.highlights if a < end and b > start]
    return isolated(marked(quote.text[start:end], spans))

"""Captions that light one word after the other: a sentence comes once for each of its words, and is said once.

Whisper underlines the word that is said, others colour it or write it bold; between two words the sentence may stand
without a mark.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from store.formats.captions.blocks import Block

_MARK = re.compile(r"<(/?)(?:u|b|i|c|em|strong|font|span)(?:[.\s][^<>]*)?>", re.IGNORECASE)
_INLINE = re.compile(r"<[\d:.,]+>")  # words that have times of their own are lit in one cue
APART = 2000  # milliseconds at most between two words of a sentence that are lit
TOUCHING = 100  # and before or after it stands without a mark


@dataclass
class _Sentence:
    """A sentence as it is lit: its cues, where the words end that were lit in it, and what is marked now."""

    text: str
    cues: list[Block] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    marks: set[tuple[int, int]] = field(default_factory=set)

    def takes(self, cue: Block, text: str, marks: set[tuple[int, int]]) -> bool:
        """Whether a cue goes on with it: a word is lit that comes later, or none."""
        new = marks - self.marks
        if not text or text != self.text or len(new) > 1 or (marks and not new and marks == self.marks):
            return False
        later = bool(new and self.places)
        apart = cue.start - (self.cues[-1].end or self.cues[-1].start)
        return apart <= (APART if later else TOUCHING) and (not later or _place(new) > self.places[-1])

    def add(self, cue: Block, marks: set[tuple[int, int]]) -> None:
        """Take a cue."""
        new = marks - self.marks
        if len(new) == 1:
            self.places.append(_place(new))
        self.cues.append(cue)
        self.marks = marks

    def whole(self) -> Block:
        """Return it as one cue, from its first start to its last end."""
        first = self.cues[0]
        ends = [cue.end for cue in self.cues if cue.end is not None]
        return Block(first.line, first.start, max(ends, default=None), self.text.split("\n"))


def unlit(cues: Sequence[Block]) -> list[Block]:
    """Return one cue of each sentence whose words are lit one by one; any other file's cues as they are."""
    if not any("<" in line for cue in cues for line in cue.lines):
        return list(cues)
    sentences = list(_sentences(cues))
    lit = sum(len(one.places) for one in sentences if len(one.places) > 1)
    if 3 * lit < len(cues) or not lit:
        return list(cues)
    return [block for one in sentences for block in ([one.whole()] if one.places else one.cues)]


def _sentences(cues: Sequence[Block]) -> Iterator[_Sentence]:
    """Yield a file's sentences, most of them a cue."""
    now: _Sentence | None = None
    for cue in cues:
        text, marks = _marked("\n".join(line.strip() for line in cue.lines if line.strip()))
        if now is None or not now.takes(cue, text, marks):
            if now is not None:
                yield now
            now = _Sentence(text)
        now.add(cue, marks)
    if now is not None:
        yield now


def _marked(text: str) -> tuple[str, set[tuple[int, int]]]:
    """Return a text without the tags that may light a word, and from where to where they do."""
    if "<" not in text or _INLINE.search(text):
        return text, set()
    bare = ""
    at = 0
    marks: set[tuple[int, int]] = set()
    begun: list[int] = []
    for tag in _MARK.finditer(text):
        bare += text[at : tag.start()]
        at = tag.end()
        if not tag[1]:
            begun.append(len(bare))
        elif begun and (start := begun.pop()) < len(bare):
            marks.add((start, len(bare)))
    bare += text[at:]
    return bare, marks


def _place(marks: set[tuple[int, int]]) -> int:
    """Return where the last mark ends."""
    return max(end for _, end in marks)

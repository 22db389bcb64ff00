"""Words without times: found and quoted like any others, but with no second to link to, for none is known."""

from collections import Counter
from collections.abc import Sequence

import regex

from store.formats import names
from store.formats.parsed import File, Parsed
from store.formats.texts.native import TITLE, body_of, opening
from store.models import Cue

FEWEST = 3  # turns whose names stand alone
MOST = 45  # words of a paragraph above which it is parted at the ends of sentences
_SENTENCE = regex.compile(r"""(?<=[.?!…][\p{Pf}\p{Pe}"']{0,3})\s+(?=\S)|(?<=[。？！][\p{Pf}\p{Pe}"']{0,3})\s*(?=\S)""")
_ITEM = regex.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s")
_COMMENT = regex.compile(r"\s*<!--.*-->\s*")


def recognised(file: File) -> bool:
    """Whether a file has words that are no title: anything else was recognised before."""
    lines = file.lines[body_of(file) :]
    return any(regex.search(r"\p{L}", line) and not TITLE.match(line.strip()) for line in lines)


def read(file: File) -> Parsed:
    """Read a text, each paragraph or line a cue."""
    fields, body = opening(file)
    cues: list[Cue] = []
    lines = file.lines[body:]
    alone, known = _alone(lines)
    speaker: str | None = None
    for at, line in enumerate(lines):
        text = line.strip()
        speaker = alone.get(at, speaker if text else None)
        if at in alone:
            continue
        begins = at == 0 or not lines[at - 1].strip()
        if known and (front := names.in_front(text)) and (front[0] in known or (begins and names.is_clear(front[0]))):
            speaker, text = front
        if (match := TITLE.match(text)) and not cues and "title" not in fields:
            fields = {**fields, "title": match[1]}
        elif not _COMMENT.fullmatch(line):
            cues += [Cue(0, part, None, speaker) for part in parted(text)]
    return Parsed(names.named(cues), fields, timed=False)


def _alone(lines: Sequence[str]) -> tuple[dict[int, str], set[str]]:
    """Return the lines that name who says what stands right below, where the same names come again, and all who speak.

    Half of the paragraphs begin with them: what stands above lists is no speaker.
    """
    found = {
        at: name
        for at, line in enumerate(lines[:-1])
        if (name := names.alone(line)) is not None and lines[at + 1].strip() and not _ITEM.match(lines[at + 1])
    }
    if len(found) < FEWEST or 3 * len(set(found.values())) > 2 * len(found):
        return {}, set()
    inline = Counter(front[0] for line in lines if (front := names.in_front(line)))
    known = set(found.values()) | {name for name, count in inline.items() if count >= names.LEAST}
    turns = len(found) + sum(inline[name] for name in known)
    paragraphs = sum(
        bool(line.strip()) and not before.strip() for before, line in zip(["", *lines], lines, strict=False)
    )
    return (found, known) if 2 * turns >= paragraphs else ({}, set())


def parted(text: str) -> list[str]:
    """Part a long paragraph at the ends of its sentences; one without any stays as it is."""
    if not text:
        return []
    if len(text) < 5 * MOST and text.count(" ") <= MOST:
        return [text]
    found: list[str] = []
    for sentence in _SENTENCE.split(text):
        if found and size(found[-1]) + size(sentence) <= MOST:
            found[-1] = f"{found[-1]} {sentence}"
        else:
            found.append(sentence)
    return found


def size(text: str) -> float:
    """Count the words of a text; three characters of a script without spaces are about one."""
    return max(text.count(" ") + 1, sum(not c.isascii() and c.isalpha() and c > "\u2e7f" for c in text) / 3)

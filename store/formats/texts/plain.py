"""Words without times: found and quoted like any others, but with no second to link to, for none is known."""

from collections.abc import Sequence

import regex

from store.formats import names
from store.formats.parsed import File, Parsed
from store.formats.texts.native import opening
from store.models import Cue

FEWEST = 3  # turns whose names stand alone
MOST = 45  # words of a paragraph above which it is parted at the ends of sentences
_SENTENCE = regex.compile(r"""(?<=[.?!…][\p{Pf}\p{Pe}"']{0,3})\s+(?=\S)|(?<=[。？！][\p{Pf}\p{Pe}"']{0,3})\s*(?=\S)""")
_COMMENT = regex.compile(r"\s*<!--.*-->\s*")
_TITLE = regex.compile(r"#\s+(?:Transcript:\s*)?(\S.*)")


def recognised(file: File) -> bool:
    """Whether a file has words that are no title: anything else was recognised before."""
    _, body = opening(File(file.name, file.text))
    return any(regex.search(r"\p{L}", line) and not _TITLE.match(line.strip()) for line in file.lines[body:])


def read(file: File) -> Parsed:
    """Read a text, each paragraph or line a cue."""
    fields, body = opening(file)
    cues: list[Cue] = []
    lines = file.lines[body:]
    speaking = _speaking(lines)
    speaker: str | None = None
    for at, line in enumerate(lines):
        speaker = speaking.get(at, speaker if line.strip() else None)
        if at in speaking:
            continue
        if (match := _TITLE.match(line.strip())) and not cues and "title" not in fields:
            fields = {**fields, "title": match[1]}
        elif not _COMMENT.fullmatch(line):
            cues += [Cue(0, part, None, speaker) for part in parted(line.strip())]
    return Parsed(cues if speaking else names.named(cues), fields, timed=False)


def _speaking(lines: Sequence[str]) -> dict[int, str]:
    """Return the lines that name who says what stands right below, in a text where the same names come again."""
    found = {
        at: name
        for at, line in enumerate(lines[:-1])
        if (name := names.alone(line)) is not None and lines[at + 1].strip() and names.alone(lines[at + 1]) is None
    }
    return found if len(found) >= FEWEST and 3 * len(set(found.values())) <= 2 * len(found) else {}


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

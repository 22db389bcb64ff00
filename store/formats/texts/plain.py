"""Words without times: found and quoted like any others, but with no second to link to, for none is known."""

import regex

from store.formats import names
from store.formats.parsed import File, Parsed
from store.formats.texts.native import opening
from store.models import Cue

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
    for line in file.lines[body:]:
        if (match := _TITLE.match(line.strip())) and not cues and "title" not in fields:
            fields = {**fields, "title": match[1]}
        elif not _COMMENT.fullmatch(line):
            cues += [Cue(0, part) for part in parted(line.strip())]
    return Parsed(names.named(cues), fields, timed=False)


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

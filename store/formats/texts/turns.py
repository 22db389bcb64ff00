"""Speakers' turns with times, as Otter, Teams, Rev, Descript and people write them.

A line names who and when; below it, or behind, stands what was said. A paragraph begins where its turn does, or where
a time stands in front of it or inside it.
"""

import regex

from store.formats import times
from store.formats.parsed import File, Parsed
from store.formats.texts.native import opening
from store.formats.texts.plain import parted
from store.formats.times import Times
from store.models import Cue

_TIME = r"(?P<time>(?:\d{1,3}:)?\d{1,3}:\d{2}(?:\.\d{1,3})?)"
_BOXED = rf"(?:\[{_TIME}\]|\({_TIME}\))"
_NAME = r"(?P<name>[\p{L}_][\p{L}\p{M}\p{N}_.,'’()& /-]{0,59}?)"
_HEADERS = [
    regex.compile(pattern)
    for pattern in (
        rf"{_NAME}\s*[:：]?\s*{_BOXED}\s*[:：]?(?P<rest>\s.*)?",  # Rev: `Amy (00:03):`, `**Amy** [00:05:23]`
        rf"{_NAME}\s*[:：]\s+{_TIME}(?P<rest>)",  # `Amy: 00:00:32`
        rf"{_NAME}(?:\s{{2,}}|\t|\s\|\s|\s-\s|\s){_TIME}(?P<rest>)",  # Otter, Teams: `Amy  0:03`
        rf"{_BOXED}\s*{_NAME}\s?[:：](?P<rest>\s.*)?",  # Descript: `[00:00:32] Amy: words`
        rf"{_TIME}\s+[-–—]?\s*{_NAME}\s?[:：]?(?P<rest>)",  # `00:32 Amy`
        rf"{_BOXED}(?P<name>)(?P<rest>\s.*)?",  # a time alone, before words or above them
        rf"{_TIME}(?P<name>)(?P<rest>)",
    )
]
_LOOSE = (4, 6)  # of these, that need no brackets or colon: a line of prose may look so
_INSIDE = regex.compile(rf"(?<=\s){_BOXED}\s+")
_BOLD = regex.compile(r"^(?:#{1,6}\s+)?(?:\*\*|__)?(.*?)(?:\*\*|__)?(?=$|\s|:)")
FEWEST = 2
_HEADING = regex.compile(r"#\s+(?:Transcript:\s*)?(\S.*)")


def recognised(file: File) -> bool:
    """Whether at least two lines name a time and mostly who speaks, each with words below or behind."""
    _, body = opening(File(file.name, file.text))
    found = [match for line in file.lines[body:] if (match := _header(line)) is not None]
    return len(found) >= FEWEST


def read(file: File) -> Parsed:
    """Read a text with turns."""
    fields, body = opening(file)
    seen = Times(file.oddities)
    cues: list[Cue] = []
    turn: tuple[int, str | None] | None = None
    for number, line in enumerate(file.lines[body:], start=body + 1):
        match = _header(line)
        if match is not None and (start := times.clock(match["time"])) is not None:
            start, _ = seen.of(start, None, number)
            turn = start, " ".join(match["name"].split()) or (turn[1] if turn else None)
            text = (match["rest"] or "").strip()
        else:
            text = line.strip()
        if turn is None:
            if heading := _HEADING.match(text):
                fields = {"title": heading[1], **fields}
            elif text:
                file.oddities.note("text before the first time has none; it was left out.", number)
            continue
        for start, part in _inside(turn[0], text):
            turn = start, turn[1]
            cues += [Cue(start, said, None, turn[1]) for said in parted(part)]
    return Parsed(cues, fields)


def _header(line: str) -> "regex.Match[str] | None":
    """Return what a line says of who speaks when, or None where it is a line of words."""
    if ":" not in line or not any(c.isdigit() for c in line):
        return None
    bare = line.strip().lstrip("#").strip().replace("**", "").replace("__", "").strip()
    for pattern in _HEADERS:
        if (match := pattern.fullmatch(bare)) is not None and times.clock(match["time"]) is not None:
            return match
    return None


def _inside(start: int, text: str) -> list[tuple[int, str]]:
    """Part words at the times that stand between them."""
    found = [(start, text)] if text else []
    while found and (match := _INSIDE.search(found[-1][1])) and (at := times.clock(match["time"])) is not None:
        before, after = found[-1][1][: match.start()].strip(), found[-1][1][match.end() :].strip()
        found[-1:] = [(found[-1][0], before), (at, after)] if after else [(found[-1][0], before)]
    return [(at, part) for at, part in found if part]

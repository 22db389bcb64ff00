"""LRC: `[01:02.34]words`, several times before a line that is sung again, `[offset:500]`, `<01:02.50>` before words.

A positive offset makes lines sooner, as the format's players have it.
"""

import re

from store.formats import names, times
from store.formats.parsed import Fields, File, Parsed
from store.formats.times import Times
from store.models import Cue
from store.sentences import sentence

_CLOCK = r"\d{1,4}:\d{1,2}(?::\d{1,2}[.,]\d{1,3}|[.,:]\d{1,3})?"
_TIMES = re.compile(rf"\s*((?:\[{_CLOCK}\]\s*)+)(.*)")
_TIME = re.compile(rf"\[({_CLOCK})\]")
_WORD = re.compile(rf"<{_CLOCK}>\s*")
_THIRD = re.compile(r"^(\d+:\d+):(\d+)$")
MANY = 20  # times with a third part of 59 at most, after which it is no hundredths
_BULLET = re.compile(r"\s*[-*•]\s*\[\d+:")  # of the native format
_TAG = re.compile(r"\s*\[([A-Za-z#]{1,12})\s*:(.*)\]\s*")
_IMPOSSIBLE = sentence(
    "the time is impossible (over 59 seconds or minutes); its words were kept with the line before it."
)
_KEYS = {"ti": "title", "ar": "speaker", "al": "channel", "length": "duration"}


def recognised(file: File) -> bool:
    """Whether a file has LRC's tags, times of words, or several times before one line."""
    lines = file.lines[:200]
    timed = [match for line in lines if (match := _TIMES.fullmatch(line))]
    if not timed or any(_BULLET.match(line) for line in lines):
        return False
    tags = any((match := _TAG.fullmatch(line)) and match[1].lower() in {*_KEYS, "offset", "by", "re"} for line in lines)
    more = any(len(_TIME.findall(match[1])) > 1 or _WORD.search(match[2]) for match in timed)
    return tags or more or file.name.lower().endswith(".lrc")


def read(file: File) -> Parsed:
    """Read a file of LRC; its cues stand in the order of their times, as a line may have several."""
    fields: Fields = {}
    third = _hundredths(file)
    offset = 0
    found: list[tuple[int, int, str]] = []
    for number, line in enumerate(file.lines, start=1):
        if match := _TIMES.fullmatch(line):
            text = " ".join(_WORD.sub("", match[2]).split()) if "<" in match[2] else match[2].strip()
            starts = [times.clock(_THIRD.sub(third, time)) for time in _TIME.findall(match[1])]
            found += [(start, number, text) for start in starts if start is not None]
            if all(start is None for start in starts):
                file.oddities.note(_IMPOSSIBLE if found else times.IMPOSSIBLE_FIRST, number)
                found[-1:] = [(*found[-1][:2], f"{found[-1][2]} {text}".strip())] if found else [(0, number, text)]
            elif None in starts:
                file.oddities.note("the time is impossible (over 59 seconds or minutes); it was left out.", number)
        elif match := _TAG.fullmatch(line):
            key, value = match[1].lower(), match[2].strip()
            if key == "offset":
                offset = times.milliseconds(value) or 0
            elif key in _KEYS:
                fields[_KEYS[key]] = value
        elif found and line.strip():
            start, at, text = found[-1]
            found[-1] = start, at, f"{text} {line.strip()}".strip()
    found.sort()
    seen = Times(file.oddities)
    cues = [Cue(*seen.of(start - offset, None, at)[:1], text) for start, at, text in found]
    ends = [after.start_ms for after in cues[1:]] + [None] if cues else []
    kept = [
        cue._replace(end_ms=end if end is not None and end > cue.start_ms else None)
        for cue, end in zip(cues, ends, strict=True)
        if cue.text  # a time alone ends the line before it
    ]
    return Parsed(names.named(kept), fields)


def _hundredths(file: File) -> str:
    """Return how a third part of times is written: `[00:12:50]` is 12.5 seconds, unless many of them are clocks."""
    parts = [match[2] for line in file.lines for time in _TIME.findall(line) if (match := _THIRD.fullmatch(time))]
    return r"\1:\2" if len(parts) >= MANY and all(len(part) == 2 and part < "60" for part in parts) else r"\1.\2"

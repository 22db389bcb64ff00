"""The native format: optional front matter, then one line a cue, `- [MM:SS] words as they were said`.

Cues keep the file's order and words; what a file gets wrong is read around and reported, and only a file without a
single cue is refused. Only line feeds end lines: U+2028 and friends occur inside captions.
"""

import re
import unicodedata
from datetime import date
from pathlib import PurePath

from store import links
from store.errors import FormatError
from store.formats import frontmatter
from store.formats.decoding import decode
from store.formats.oddities import Oddities
from store.models import Cue, Details, Reading, Transcript

MAX_VALUE = 300  # characters kept of a title, a name or a tag
MAX_TAGS = 25

_CUE = re.compile(r"\s*(?:[-*•]\s*)?\[(\d{1,4}):(\d\d)(?::(\d\d))?(?:[.,](\d{1,3}))?\](.*)", re.DOTALL)
_DURATION = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d\d)(?:\.\d+)?")
_HEADING = re.compile(r"#{1,6}\s")
_TITLE = re.compile(r"#\s+(?:Transcript:\s*)?(\S.*)")
_URL = re.compile(r"-\s*URL:\s*(\S+)")
_CONTROLS = {  # a terminal would obey them
    code: " " for code in range(0xA0) if unicodedata.category(chr(code)) == "Cc" and not chr(code).isspace()
}
_NOTHING = {"", "unknown", "n/a", "none", "null", "-"}


def read(data: bytes, name: str, *, max_bytes: int = 25 * 1024 * 1024) -> Reading:
    """Read a transcript file; `name` is its file name, used as the title of last resort.

    Raises:
        FormatError: too large, not text, or without a cue; nothing else, whatever the bytes.
    """
    if len(data) > max_bytes:
        raise FormatError.too_large(max_bytes)
    lines = decode(data).split("\n")
    oddities = Oddities()
    block = frontmatter.split(lines)
    fields: frontmatter.Fields = {}
    body = 0
    if block:
        fields = frontmatter.read(lines[block[0] : block[1]], first_line=block[0] + 1, oddities=oddities)
        body = block[1] + 1
    cues, head = _cues(lines, body, oddities)
    if not cues and any("-->" in line for line in lines):
        raise FormatError("This looks like subtitles (SRT or VTT); convert them to lines like `- [12:34] the words`.")
    if not cues:
        raise FormatError("No cue was found: a transcript needs lines like `- [12:34] the words that were said`.")
    return Reading(Transcript(_details(fields, head, name, oddities), tuple(cues)), oddities.found())


def _cues(lines: list[str], body: int, oddities: Oddities) -> tuple[list[Cue], list[str]]:
    """Return the cues and the lines before the first of them."""
    starts: list[int] = []
    texts: list[str] = []
    more: dict[int, list[str]] = {}  # the lines after the first one of a cue
    head: list[str] = []
    open_cue = False
    for number, line in enumerate(lines[body:], start=body + 1):
        match = _CUE.fullmatch(line)
        start = _milliseconds(*match.group(1, 2, 3, 4)) if match else None
        if match and start is None:
            kept = "kept as text" if open_cue else "left out"
            oddities.note(f"the time is impossible (over 59 seconds or minutes); the line was {kept}.", number)
        if match and start is not None:
            if starts and start < starts[-1]:
                oddities.note("the time is earlier than the cue before it; the order was kept.", number)
            starts.append(start)
            texts.append(match[5].strip())
            open_cue = True
        elif not starts:
            head.append(line)
        elif _HEADING.match(line):
            oddities.note("a heading stands among the cues; it was left out.", number)
            open_cue = False
        elif open_cue and line.strip():
            more.setdefault(len(texts) - 1, []).append(line.strip())
        elif line.strip():
            oddities.note("text after a heading belongs to no cue; it was left out.", number)
    for at, rest in more.items():
        texts[at] = " ".join(filter(None, (texts[at], *rest)))
    for at, text in enumerate(texts):
        if not text.isprintable():  # most are, and so hold no control
            texts[at] = text.translate(_CONTROLS).strip()
    return list(map(Cue, starts, texts)), head


def _milliseconds(first: str, second: str, third: str | None, fraction: str | None) -> int | None:
    hours, minutes, seconds = (int(first), int(second), int(third)) if third else (0, int(first), int(second))
    if seconds > 59 or (third and minutes > 59):
        return None
    whole = ((hours * 60 + minutes) * 60 + seconds) * 1000
    return whole + int(fraction.ljust(3, "0")) if fraction else whole


def _details(fields: frontmatter.Fields, head: list[str], name: str, oddities: Oddities) -> Details:
    heading = next((match[1] for line in head if (match := _TITLE.match(line.strip()))), None)
    body_url = next((match[1] for line in head if (match := _URL.match(line.strip()))), None)
    tags = fields.get("tags", [])
    values = tags if isinstance(tags, list) else tags.split(",")
    kept = dict.fromkeys(tag for value in values if (tag := _value(value)))
    return Details(
        title=_text(fields, "title") or _value(heading or "") or _value(PurePath(name).stem) or "Untitled",
        video_id=_text(fields, "video_id"),
        url=_link(_address(fields, "video_url") or _address(fields, "url") or body_url, oddities),
        speaker=_text(fields, "speaker") or _text(fields, "speakers"),
        channel=_text(fields, "channel"),
        published=_date(_text(fields, "date"), oddities),
        duration_ms=_duration(_text(fields, "duration"), oddities),
        tags=tuple(kept)[:MAX_TAGS],
        language=_text(fields, "language"),
    )


def _text(fields: frontmatter.Fields, key: str) -> str | None:
    value = fields.get(key, "")
    return _value(", ".join(value) if isinstance(value, list) else value)


def _address(fields: frontmatter.Fields, key: str) -> str | None:
    value = fields.get(key, "")
    return _value(value, most=links.MAX_URL + 1) if isinstance(value, str) else None  # too long is refused, not cut


def _value(text: str, *, most: int = MAX_VALUE) -> str | None:
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text[: most * 4])
    text = " ".join(text.split())[:most].strip()
    return None if text.casefold() in _NOTHING else text


def _link(url: str | None, oddities: Oddities) -> str | None:
    if url is None:
        return None
    checked = links.checked(url)
    if checked is None:
        oddities.note("the video's address isn't a web link; quotes will show the time without one.")
    return checked


def _date(text: str | None, oddities: Oddities) -> date | None:
    if text is None:
        return None
    match = re.match(r"(\d{4})(?:[-/.年](\d\d?)[-/.月](\d\d?)|(\d\d)(\d\d))(?!\d)", text)
    try:
        if match:
            return date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5]))
    except ValueError:
        pass  # no such day: reported like any other text that isn't a date
    oddities.note(f"the date “{text[:40]}” isn't a day like 2025-01-31; it was left out.")
    return None


def _duration(text: str | None, oddities: Oddities) -> int | None:
    if text is None:
        return None
    if match := _DURATION.fullmatch(text):
        return ((int(match[1] or 0) * 60 + int(match[2])) * 60 + int(match[3])) * 1000
    if re.fullmatch(r"\d{1,7}(?:\.\d+)?", text):
        return int(float(text) * 1000)
    oddities.note(f"the duration “{text[:40]}” isn't like 01:23:45; the last cue's time is used.")
    return None

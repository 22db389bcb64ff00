"""SubStation Alpha (ASS, SSA), read by pysubs2, which is made for it."""

import re

import pysubs2

from store.errors import FormatError
from store.formats import markup
from store.formats.parsed import Fields, File, Parsed
from store.formats.times import Times
from store.models import Cue

_SECTION = re.compile(r"(?im)^\[(?:script info|v4\+? styles|events)\]")
_EVENT = re.compile(r"(?m)^[ \t]*(?:Dialogue:.*?,[ \t]*-?\d+:\d+:\d|Format:[ \t]*(?:Layer|Marked|Start)\b)")
# What is drawn: from `\p1` among the overrides up to `\p0`
_DRAWN = re.compile(r"\{[^{}]*\\p[1-9][^{}]*\}.*?(?=\{[^{}]*\\p0[^{}]*\}|$)", re.DOTALL)


def recognised(file: File) -> bool:
    """Whether a file begins as SubStation Alpha does, or has its events, and fewer words above its sections."""
    if file.head.lower().startswith("[script info]"):
        return True
    section = _SECTION.search(file.head)
    if section is None or "[events]" not in file.text.lower():
        return False
    above = sum(bool(line.strip()) and not line.startswith(";") for line in file.head[: section.start()].split("\n"))
    return len(_EVENT.findall(file.text)) > above


def read(file: File) -> Parsed:
    """Read a file of SubStation Alpha; comments, drawings and events without words aren't said.

    Raises:
        FormatError: it can't be read.
    """
    try:
        subtitles = pysubs2.SSAFile.from_string(file.text, format_="ass" if "v4+" in file.head.lower() else "ssa")
    except (pysubs2.Pysubs2Error, ValueError, IndexError, KeyError) as error:
        raise FormatError("This isn't a file of SubStation Alpha that can be read; export it again.") from error
    seen = Times(file.oddities)
    cues = []
    for (begin, stop, text), (number, speakers) in _shown(file, subtitles).items():
        start, end = seen.of(begin, stop, number)
        cues += [Cue(start, text, end, name or None) for name in sorted(filter(None, speakers)) or [""]]
    fields: Fields = {}
    if (title := subtitles.info.get("Title", "").strip()) and "aegisub" not in title.lower():
        fields["title"] = title
    return Parsed(cues, fields)


def _shown(file: File, subtitles: pysubs2.SSAFile) -> dict[tuple[int, int, str], tuple[int | None, set[str]]]:
    """Return from when to when which words are shown, with their first line and who says them.

    What lies on several layers, as its shadow does, is there once.
    """
    found: dict[tuple[int, int, str], tuple[int | None, set[str]]] = {}
    lines = iter([number for number, line in enumerate(file.lines, start=1) if line.lstrip().startswith("Dialogue:")])
    for event in subtitles.events:
        if event.type != "Dialogue":
            continue
        number = next(lines, None)
        event.text = _DRAWN.sub("", event.text)
        if text := markup.joined(event.plaintext.replace("\u00a0", " ").split("\n")):
            _, speakers = found.setdefault((event.start, event.end, text), (number, set()))
            speakers.add(event.name.strip())
    return found

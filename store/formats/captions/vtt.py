"""WebVTT (https://www.w3.org/TR/webvtt1/), as YouTube, Zoom, Teams, Whisper and players write it.

Times may lack hours, have commas, and be followed by settings; notes and styles may stand anywhere.
"""

import re
from collections.abc import Iterator

from store.formats import markup
from store.formats.captions import labelled
from store.formats.captions.blocks import Block, blocks
from store.formats.captions.lit import unlit
from store.formats.captions.rolling import unrolled
from store.formats.parsed import Fields, File, Parsed
from store.models import Cue

_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]([^<>]*)>", re.IGNORECASE)
_HEADER = re.compile(r"(Kind|Language|Title)\s*:\s*(\S.*)", re.IGNORECASE)


def recognised(file: File) -> bool:
    """Whether a file is one of WebVTT."""
    return re.match(r"WEBVTT(?:[ \t\n]|$)", file.head) is not None


def read(file: File) -> Parsed:
    """Read a file of WebVTT.

    Raises:
        FormatError: it ends in the middle of a cue's times.
    """
    first = next(at for at, line in enumerate(file.lines) if line.strip())
    fields: Fields = {}
    for line in file.lines[first + 1 : first + 20]:
        if "-->" in line or not line.strip():
            break
        if match := _HEADER.match(line):
            fields[match[1].lower()] = match[2].strip()
    found = blocks(file, skip=first + 1, named=True)
    every = [cue for block in (found if file.exact else unrolled(unlit(found))) for cue in cues(block)]
    return Parsed([cue for cue, _ in every] if file.exact else labelled.named(every), fields)


def cues(block: Block) -> Iterator[tuple[Cue, list[str]]]:
    """Yield a cue for each voice of a block, with its lines."""
    text = "\n".join(block.lines)
    parts = _VOICE.split(text)  # before the first voice; then in turn who, and what
    spoken = [(None, parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    found = [(who, markup.plain(said).split("\n")) for who, said in spoken]
    kept = [(who, lines) for who, lines in found if markup.joined(lines)] or found[-1:]
    for who, lines in kept:
        name = " ".join(markup.decoded(who).split()) if who else None
        yield Cue(block.start, markup.joined(lines), block.end, name or None), lines

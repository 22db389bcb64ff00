"""SubRip (SRT), which no standard describes, and whatever else has lines of `start --> end`.

Commas or dots, hours of any length, numbers or none; Teams' text exports have a speaker's name in the first line.
"""

import re

from store.formats import markup, names
from store.formats.captions.blocks import TIMING, Block, blocks
from store.formats.captions.rolling import unlit, unrolled
from store.formats.parsed import File, Parsed
from store.models import Cue

_TEAMS = re.compile(r"\d{1,2}:\d{1,2}:\d{1,2}\.\d{1,3}\s*-->\s*\d{1,2}:\d{1,2}:\d{1,2}\.\d{1,3}\s*")
_SPOKEN = re.compile(r"\[([^\]]*)\]:\s*")
_DASHED = re.compile(r"\s*[-–—]\s?\S")


def recognised(file: File) -> bool:
    """Whether a file has lines of times with an arrow."""
    return "->" in file.text and any("->" in line and TIMING.fullmatch(line) for line in file.lines)


def read(file: File) -> Parsed:
    """Read a file of SubRip.

    Raises:
        FormatError: it ends in the middle of a cue's times.
    """
    found = blocks(file)
    if file.exact:
        return Parsed([_exact(_cue(block, block.lines)) for block in found])
    if found and all(len(block.lines) >= 2 and _TEAMS.fullmatch(file.lines[block.line - 1]) for block in found):
        speakers = {block.lines[0].strip() for block in found}
        if 2 * len(speakers) <= len(found) + 1:
            return Parsed([_cue(block, block.lines[1:], block.lines[0].strip()) for block in found])
    every = [_cue(block, lines) for block in unrolled(unlit(found)) for lines in _turns(block.lines)]
    return Parsed(names.named(every))


def _cue(block: Block, lines: list[str], speaker: str | None = None) -> Cue:
    text = markup.joined(markup.unstyled("\n".join(lines)).split("\n"))
    return Cue(block.start, text, block.end, speaker)


def _exact(cue: Cue) -> Cue:
    match = _SPOKEN.match(cue.text)
    return cue._replace(text=cue.text[match.end() :], speaker=match[1] or None) if match else cue


def _turns(lines: list[str]) -> list[list[str]]:
    """Return the lines of a cue, parted where two speak in it: each line with a dash and a name."""
    lines = [line for line in lines if line.strip()]
    dashed = [bool(_DASHED.match(line)) and names.in_front(line) is not None for line in lines]
    return [[line] for line in lines] if len(lines) > 1 and all(dashed) else [lines]

"""SubRip (SRT), which no standard describes, and whatever else has lines of `start --> end`.

Commas or dots, hours of any length, numbers or none; Teams' text exports have a speaker's name in the first line.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import regex

from store.formats import markup, names
from store.formats.captions import labelled, vtt
from store.formats.captions.blocks import TIMING, Block, blocks, in_prose
from store.formats.captions.lit import unlit
from store.formats.captions.rolling import unrolled
from store.formats.parsed import File, Parsed
from store.models import Cue

_TEAMS = re.compile(r"\d{1,2}:\d{1,2}:\d{1,2}\.\d{1,3}\s*-->\s*\d{1,2}:\d{1,2}:\d{1,2}\.\d{1,3}\s*")
# A name as people's accounts have it: `Ines Marlow`, `Marlow, Ines (IT)`
_PART = r"[\p{Lu}\p{Lt}\p{Lo}\d&][\p{L}\p{M}\p{N}_.'’-]*"
_SMALL = r"(?:(?:de|da|di|do|dos|du|del|der|den|la|le|el|al|bin|van|von|y|e)\s)*"
_NAME = regex.compile(rf"{_PART}(?:,?\s{_SMALL}[(\[]?{_PART}[)\]]?){{0,6}}(?<![.,!?…。！？])")
_SPOKEN = re.compile(r"\[(.*?)\]:(?:\s+|$)")
_DASHED = re.compile(r"\s*[-–—]\s?\S")


def recognised(file: File) -> bool:
    """Whether a file has lines of times with an arrow, and they are no example in a text."""
    if ">" not in file.text or not any(">" in line and TIMING.fullmatch(line) for line in file.lines):
        return False
    return file.exact or not file.is_text or not in_prose(file.lines)


def read(file: File) -> Parsed:
    """Read a file of SubRip.

    Raises:
        FormatError: it ends in the middle of a cue's times.
    """
    found = blocks(file)
    if file.exact:
        return Parsed([_exact(_cue(block, block.lines)) for block in found])
    if _speakers_above(file, found):
        parted = [[line.strip() for line in block.lines if line.strip()] for block in found]
        return Parsed([_cue(block, lines[1:], lines[0]) for block, lines in zip(found, parted, strict=True)])
    return Parsed(labelled.named([cue for block in unrolled(unlit(found)) for cue in _cues(block)]))


def _cues(block: Block) -> Iterator[tuple[Cue, list[str]]]:
    """Yield the cues of a block with their lines: one, or where several speak in it, one of each."""
    if any(line.lstrip().startswith("<v ") for line in block.lines):
        yield from vtt.cues(block)
    else:
        for lines in _turns(block.lines):
            shown = _shown(lines)
            yield Cue(block.start, markup.joined(shown), block.end), shown


def _speakers_above(file: File, found: Sequence[Block]) -> bool:
    """Whether the first line of each cue says who speaks, as Teams writes it.

    Such a file has no numbers, and the same few names come again above other words.
    """
    parted = [[line.strip() for line in block.lines if line.strip()] for block in found]
    if len(found) < 3 or not all(len(lines) >= 2 and _NAME.fullmatch(lines[0]) for lines in parted):
        return False
    above = [(file.lines[block.line - 2] if block.line > 1 else "").strip() for block in found]
    if any(above) or not all(_TEAMS.fullmatch(file.lines[block.line - 1]) for block in found):
        return False
    said = Counter(lines[0] for lines in {tuple(lines): lines for lines in parted}.values())
    return 2 * len(said) <= said.total() + 1 and 2 * said.total() > len(found)


def _cue(block: Block, lines: list[str], speaker: str | None = None) -> Cue:
    return Cue(block.start, markup.joined(_shown(lines)), block.end, speaker)


def _shown(lines: list[str]) -> list[str]:
    return markup.unstyled("\n".join(lines)).split("\n")


def _exact(cue: Cue) -> Cue:
    match = _SPOKEN.match(cue.text)
    return cue._replace(text=cue.text[match.end() :], speaker=match[1] or None) if match else cue


def _turns(lines: list[str]) -> list[list[str]]:
    """Return the lines of a cue, parted where two speak in it: each line with a dash and a name."""
    lines = [line for line in lines if line.strip()]
    dashed = [bool(_DASHED.match(line)) and names.in_front(line) is not None for line in lines]
    return [[line] for line in lines] if len(lines) > 1 and all(dashed) else [lines]

"""Captions with `start --> end` lines, as WebVTT and SubRip have them: one reader of both, line by line.

A cue is what follows such a line up to the next one, without the number or name that stands before that. So blank
lines inside a cue, missing numbers and repeated ones lose no word; libraries that look for blank lines lose some.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from store.errors import FormatError
from store.formats import times
from store.formats.parsed import File
from store.formats.times import Times
from store.sentences import Sentence, sentence

# Machine translators put spaces into times, and take a dash from the arrow: `00: 00: 01, 000 -> 00: 00: 02, 000`
_TIME = r"-?(?:\d{1,5}\s?:\s?)?\d{1,4}\s?:\s?\d{1,2}(?:\s?[.,:]\s?\d{1,9})?"
_FULL = r"\d{1,5}\s?:\s?\d\d\s?:\s?\d\d\s?[.,]\s?\d{1,3}"  # words have short ones: `3:20 -> 4:10`
TIMING = re.compile(rf"\s*(?:({_TIME})\s*--\s?>\s*({_TIME})|({_FULL})\s*[-–—]\s?>\s*({_FULL}))(?:\s+\S.*)?\s*")
_ARROW = re.compile(r"\s*(?:[\d:.,-]{3,}|\d{1,5}:\d\d?:[^\s<>]*)\s*--?>.*|\s*\d{1,5}:\d\d[:.,\d]*\s*-{0,2}>?")
_BEGUN = re.compile(r"\s*\d{1,5}:[\d:.,]*\s*-{0,2}")  # a line of times
_NUMBER = re.compile(r"\s*\d{1,9}\s*")
_APART = re.compile(r"(?:NOTE|STYLE|REGION|\ufeff?WEBVTT)(?:\s.*)?")
_FIELD = re.compile(r"\W{0,9}\w[\w -]{0,29}:\s+\S")  # above the words, `Speaker: Amy`
_FENCE = re.compile(r"\s{0,9}(?:```|~~~)")
_HEADER = re.compile(r"\ufeff?WEBVTT\nX-TIMESTAMP-MAP=")  # of a segment, as HLS has them
_UNREAD = sentence("the times can't be read; its words were kept with the cue before it.")
_UNREAD_FIRST = sentence("the times can't be read; its words were kept at 0:00.")


@dataclass
class Block:
    """A cue as it stands in a file: the number of its line of times, its times in milliseconds, its lines of text."""

    line: int
    start: int
    end: int | None
    lines: list[str] = field(default_factory=list)


def blocks(file: File, *, skip: int = 0, named: bool = False) -> list[Block]:
    """Return the cues of a file whose first `skip` lines are none.

    Where cues may be `named` (WebVTT), a line alone above the times is a name, and NOTE, STYLE and REGION begin what
    isn't shown. A cue that goes on in the next of several segments stands in both.

    Raises:
        FormatError: it ends in the middle of a line of times.
    """
    found: list[Block] = []
    for number, line in enumerate(file.lines[skip:], start=skip + 1):
        match = TIMING.fullmatch(line) if ">" in line else None
        if match is None:
            if _is_timing(line):
                _broken(file, number, found)
            elif found:
                found[-1].lines.append(line)
            continue
        if found:
            _without_name(found[-1].lines, named=named)
        start, end = (times.clock("".join(time.split())) for time in match.groups() if time is not None)
        if start is None:
            _kept(file, number, found, times.IMPOSSIBLE, times.IMPOSSIBLE_FIRST)
            continue
        found.append(Block(number, start, end))
    if found:
        _note_before(file, max(skip - 1, 0), found[0].line - 1, named=named)
        _cut(file, found[-1])
        for block in found if named else ():
            block.lines = [line for _, line in _shown(block.lines)]
        if named and _HEADER.search(file.text):
            found = [block for at, block in enumerate(found) if at == 0 or not _same(block, found[at - 1])]
    seen = Times(file.oddities)
    for block in found:
        block.start, block.end = seen.of(block.start, block.end, block.line)
    return found


def in_prose(lines: Sequence[str]) -> bool:
    """Whether a text's times are an example: words stand above them, and far more outside of cues than in them."""
    first = next(at for at, line in enumerate(lines) if _is_timing(line))
    above = [lines[at] for at in _before(lines[:first], named=False)]
    outside = sum(not _FIELD.match(line) and not _FENCE.match(line) for line in above)
    if not outside:
        return False
    inside = 0
    shown = said = False
    for line in lines[first:]:
        if _is_timing(line):
            shown, said = True, False
        elif not line.strip():
            shown &= not said
        elif _FENCE.match(line):
            shown = False
        elif shown:
            inside += 1
            said = True
        else:
            outside += any(map(str.isalpha, line))
    return outside > 2 * inside


def _is_timing(line: str) -> bool:
    """Whether a line has times with an arrow, though they may be broken."""
    if ">" not in line:
        return False
    return TIMING.fullmatch(line) is not None or ("-->" in line and _ARROW.fullmatch(line) is not None)


def _before(lines: Sequence[str], *, named: bool) -> list[int]:
    """Return which of the lines above the first times have words: no number or name, and nothing that isn't shown."""
    shown = list(_shown(["", *lines]))
    texts = [line for _, line in shown]
    _without_name(texts, named=named)
    return [at - 1 for at, line in shown[: len(texts)] if any(map(str.isalpha, line))]


def _note_before(file: File, start: int, first: int, *, named: bool) -> None:
    """Say which words stand above the first times; those of a header are none."""
    for at in _before(file.lines[start:first], named=named):
        file.oddities.note(times.EARLY, start + at + 1)


def _same(block: Block, before: Block) -> bool:
    """Whether two cues are one, with the same times and words."""
    said, said_before = ([line for line in one.lines if line.strip()] for one in (block, before))
    return (block.start, block.end, said) == (before.start, before.end, said_before)


def _broken(file: File, number: int, found: list[Block]) -> None:
    """Read around a line of times that breaks off, unless the file does.

    Raises:
        FormatError: nothing follows.
    """
    if not any(line.strip() for line in file.lines[number:]):
        raise FormatError("the file ends in the middle of a cue, like an unfinished download.", line=number)
    if found:
        found[-1].lines.append(file.lines[number - 1])
    _kept(file, number, found, _UNREAD, _UNREAD_FIRST)


def _kept(file: File, number: int, found: list[Block], odd: Sentence, first: Sentence) -> None:
    """Keep what follows times that are none with the cue before, or where there is none, at the start."""
    file.oddities.note(odd if found else first, number)
    if not found:
        found.append(Block(number, 0, None))


def _cut(file: File, last: Block) -> None:
    """Refuse a file that ends within a line of times, or right after it."""
    if file.text.endswith("\n"):
        return
    *before, ending = last.lines or ["", ""]
    parted = any(not line.strip() for line in before)
    if parted and last.line > 1 and _NUMBER.fullmatch(file.lines[last.line - 2]):
        parted = _NUMBER.fullmatch(before[-1]) is not None  # where cues have numbers, one stands above the times
    if not last.lines or (parted and _BEGUN.fullmatch(ending)):
        raise FormatError("the file ends in the middle of a cue, like an unfinished download.", line=len(file.lines))


def _without_name(lines: list[str], *, named: bool) -> None:
    """Take from the end of a cue's lines the number or name that stands right above the next one's times."""
    if not lines or not lines[-1].strip():
        return
    alone = len(lines) == 1 or not lines[-2].strip()
    if (_NUMBER.fullmatch(lines[-1]) and (alone or not named)) or (named and len(lines) > 1 and alone):
        lines.pop()


def _shown(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield a cue's lines with their places, without notes and styles, each of which ends with a blank line."""
    apart = False
    before = True  # a blank line, or the cue's first: a note begins only after it
    for at, line in enumerate(lines):
        blank = not line.strip(" \t") if line else True
        if apart:
            apart = line != ""
        elif (at and before and _APART.fullmatch(line)) or (
            "WEBVTT" in line and _HEADER.match("\n".join(lines[at : at + 2]))
        ):
            apart = True
        else:
            yield at, line
        before = blank

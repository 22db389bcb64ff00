"""Speakers' turns with times, as Otter, Teams, Zoom, Rev, Descript and people write them, and lines with bare times.

A line names who and when; below it, or behind, stands what was said. A paragraph begins where its turn does, or where
a time stands in front of it or inside it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import regex

from store.formats import names, times
from store.formats.details import chapter
from store.formats.parsed import Fields, File, Parsed
from store.formats.texts.marks import BOXED, FEWEST, NEARLY, Mark, Marks, marks
from store.formats.texts.native import EARLY_KEPT, TITLE, body_of, is_bulleted, is_line, is_sentence, opening
from store.formats.texts.plain import parted
from store.formats.times import MOST, Times
from store.models import Chapter, Cue

HOUR_MS = 3_600_000
_INSIDE = regex.compile(rf"(?P<before>\S)\s+{BOXED}\s+")
_ENDS = regex.compile(r"""[.?!…。？！"'\p{Pf}\p{Pe}]""")
_FOOTER = regex.compile(r"\s*Transcribed by https?://otter\.ai/?\s*")


def recognised(file: File) -> bool:
    """Whether lines name a time and mostly who speaks, and aren't all in the native form."""
    if file.once(is_bulleted):
        return False
    lines, found = file.once(_marked)
    others = sum(bool(mark.name) or not is_line(lines[mark.at]) for mark in found.found)
    return others >= FEWEST


def read(file: File) -> Parsed:
    """Read a text with turns."""
    fields, body = opening(file)
    lines, every = file.once(_marked)
    if len(file.lines) > body + len(lines):
        file.oddities.note("the last line says who transcribed it; it was left out.", body + len(lines) + 1)
    found = {mark.at: mark for mark in every.found}
    ends = dict(zip(found, [*(mark.start for mark in every.found[1:]), MOST], strict=True))
    chapters = _chapters(every.found, lines)
    first = _first(every, file)
    fronts = {at: front for at, line in enumerate(lines) if at not in found and (front := names.in_front(line))}
    known = _known(every, fronts)
    seen = Times(file.oddities)
    cues: list[Cue] = []
    turn: Cue | None = None
    latest = MOST
    for at, line in enumerate(lines):
        text = line.strip()
        if at in every.named:
            continue
        if (mark := found.get(at)) is not None:
            start, end = seen.of(mark.start - first, mark.end, body + at + 1)
            name = mark.name or (turn.speaker if turn else None)
            turn = Cue(start, "", end, None if at in chapters else name)
            text, latest = mark.rest, ends[at] - first
            if at in chapters and not mark.name:
                text = ""
        if mark is None and (front := fronts.get(at)) and front[0] in known:
            if turn is None:
                file.oddities.note(EARLY_KEPT, body + at + 1)
            turn, text = (turn or Cue(0, ""))._replace(speaker=front[0]), front[1]
        if turn is None:
            cues += _early(file, fields, text, body + at + 1)
            continue
        for start, part in _inside(turn.start_ms, text, latest):
            if start != turn.start_ms:
                turn = turn._replace(start_ms=start, end_ms=turn.end_ms if (turn.end_ms or 0) > start else None)
            cues += [turn._replace(text=said) for said in parted(part)]
    if all(cue.speaker is None for cue in cues):
        cues = names.named(cues)
    return Parsed(cues, fields, tuple(chapters.values()))


def _marked(file: File) -> tuple[list[str], Marks]:
    """Return a text's lines, without what Otter puts below them, and their marks."""
    lines = file.lines[body_of(file) :]
    last = next((at for at in range(len(lines) - 1, -1, -1) if lines[at].strip()), 0)
    if _FOOTER.fullmatch(lines[last] if lines else ""):
        lines = lines[:last]
    return lines, marks(lines)


def _known(every: Marks, fronts: Mapping[int, tuple[str, str]]) -> set[str]:
    """Return the names of those who speak: at a time, or plainly and about as often without one."""
    named = {mark.name for mark in every.found if mark.name}
    counts = Counter(name for name, _ in fronts.values()) if named else Counter[str]()
    least = max(FEWEST, NEARLY * len(every.found))
    return named | {name for name, count in counts.items() if count >= least and names.is_clear(name)}


def _early(file: File, fields: Fields, text: str, number: int) -> list[Cue]:
    """Return what is said in a line before the first time, if it is a sentence; a heading is the title."""
    if heading := TITLE.match(text):
        fields.setdefault("title", heading[1])
    elif is_sentence(text):
        file.oddities.note(EARLY_KEPT, number)
        return [Cue(0, said) for said in parted(text)]
    elif text:
        file.oddities.note(times.EARLY, number)
    return []


def _first(every: Marks, file: File) -> int:
    """Return the time of a talk's start: 0, unless its times are those of the day."""
    first = every.found[0].start
    if every.kind not in {"bracketed", "chat"} or first < HOUR_MS or not every.found[0].long:
        return 0
    file.oddities.note("the times are those of the day; they are counted from the first one.", None)
    return first


def _chapters(found: Sequence[Mark], lines: Sequence[str]) -> dict[int, Chapter]:
    """Return the headings with a time that name a part of the talk and no speaker, who would come again."""
    afters = [*(mark.at for mark in found[1:]), len(lines)]
    above = [mark for mark, after in zip(found, afters, strict=True) if any(map(str.strip, lines[mark.at + 1 : after]))]
    headings = {mark.at: mark for mark in above if mark.heading}
    counts = Counter(mark.name or mark.rest for mark in headings.values())
    if max(counts.values(), default=0) >= FEWEST:
        return {}
    every = {at: chapter(mark.start, mark.name or mark.rest) for at, mark in headings.items()}
    return {at: one for at, one in every.items() if one is not None}


def _inside(start: int, text: str, latest: int) -> list[tuple[int, str]]:
    """Part words at the times that stand between them: with hours, or after a sentence, and before the next turn."""
    found = [(start, 0, len(text))]
    for match in _INSIDE.finditer(text):
        at = times.clock(match["time"].replace(",", "."))
        parts = match["time"].count(":") > 1 or _ENDS.fullmatch(match["before"])
        if at is not None and parts and found[-1][0] <= at <= latest:
            found[-1] = (*found[-1][:2], match.end("before"))
            found.append((at, match.end(), len(text)))
    return [(at, said) for at, begin, end in found if (said := text[begin:end].strip())]

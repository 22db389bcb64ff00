"""YouTube's SubViewer (SBV): `0:00:01.000,0:00:04.000`, the words below, a blank line."""

import re

from store.formats import markup, times
from store.formats.captions import labelled
from store.formats.parsed import File, Parsed
from store.formats.times import Times
from store.models import Cue

_TIMING = re.compile(r"\s*(-?\d{1,4}:\d{1,2}:\d{1,2}\.\d{1,3})\s*,\s*(-?\d{1,4}:\d{1,2}:\d{1,2}\.\d{1,3})\s*")


def recognised(file: File) -> bool:
    """Whether a file has two lines of times with a comma between, or begins with one."""
    found = [at for at, line in enumerate(file.lines[:400]) if _TIMING.fullmatch(line)]
    return len(found) >= 2 or (bool(found) and not any(line.strip() for line in file.lines[: found[0]]))


def read(file: File) -> Parsed:
    """Read a file of SubViewer."""
    seen = Times(file.oddities)
    found: list[tuple[int, int | None, list[str]]] = []
    for number, line in enumerate(file.lines, start=1):
        if match := _TIMING.fullmatch(line):
            start, end = times.clock(match[1]), times.clock(match[2])
            if start is not None:
                found.append((*seen.of(start, end, number), []))
            elif found:
                file.oddities.note(times.IMPOSSIBLE, number)
            else:
                file.oddities.note(times.IMPOSSIBLE_FIRST, number)
                found.append((0, None, []))
        elif found:
            found[-1][2].append(line.replace("[br]", "\n"))
    shown = [(start, end, markup.decoded("\n".join(lines)).split("\n")) for start, end, lines in found]
    return Parsed(labelled.named([(Cue(start, markup.joined(lines), end), lines) for start, end, lines in shown]))

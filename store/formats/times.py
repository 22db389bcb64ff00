"""Times as files write them → milliseconds, and what is done with those that can't be."""

import math
import re

from store.formats.oddities import Oddities
from store.models import Cue
from store.sentences import sentence

LONG = 500  # characters of a cue, after which words without a time are one of their own
MOST = 10_000 * 3_600_000  # ten thousand hours
EARLY = sentence("text before the first time has none; it was left out.")
BEFORE = sentence("the time is before the video's start; the words were kept at 0:00.")
BACKWARDS = sentence("the time is earlier than the cue before it; the order was kept.")
ENDLESS = sentence("the cue ends before it starts; it was kept at its start.")
LENGTHLESS = sentence("the cue lasts no time; it was kept at its start.")
OVERLAPPING = sentence("the cue starts before the one before it ends; both were kept as they are.")
TIMELESS = sentence("some words have no time that can be read; they were kept with those before them, or at 0:00.")
IMPOSSIBLE = sentence(
    "the time is impossible (over 59 seconds or minutes); its words were kept with the cue before it."
)
IMPOSSIBLE_FIRST = sentence("the time is impossible (over 59 seconds or minutes); its words were kept at 0:00.")

_CLOCK = re.compile(r"(-)?(?:(\d{1,5}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d{1,9})|:(?:\d{1,2}|(\d{3,9})))?")


def clock(text: str) -> int | None:
    """Read `M:SS`, `MMM:SS` or `H:MM:SS`, with a fraction or without; None where it is none or impossible.

    One or two digits behind a third colon are frames of a rate that isn't known: the second alone is read.
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = int(match[2] or 0), int(match[3]), int(match[4])
    if seconds > 59 or (match[2] and minutes > 59):
        return None
    fraction = int((match[5] or match[6] or "0").ljust(3, "0")[:3])
    time = ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction
    return None if time > MOST else -time if match[1] else time


def seconds(value: object) -> int | None:
    """Read a number of seconds, or its text; None where it is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return round(value * 1000) if abs(value) <= MOST / 1000 else None


def milliseconds(value: object) -> int | None:
    """Read a number of milliseconds, or its text; None where it is none."""
    found = seconds(value)
    return None if found is None else round(found / 1000)


def keep(cues: list[Cue], said: str, speaker: str | None) -> None:
    """Keep words without a time in the last of the cues; if another said that, or it is long, in one from its start."""
    if cues and speaker in {None, cues[-1].speaker} and len(cues[-1].text) < LONG:
        cues[-1] = cues[-1]._replace(text=f"{cues[-1].text} {said}".strip())
    else:
        cues.append(Cue(cues[-1].start_ms if cues else 0, said, None, speaker or (cues[-1].speaker if cues else None)))


class Times:
    """Sees to the times of a file's cues, one after the other: keeps them, and notes what is odd about them."""

    def __init__(self, oddities: Oddities) -> None:
        self._oddities = oddities
        self._start = 0
        self._end = 0

    def of(self, start: int, end: int | None, line: int | None = None) -> tuple[int, int | None]:
        """Return the start and the end of a cue: none where it isn't after the start, 0 for a start before that."""
        if start < 0:
            self._oddities.note(BEFORE, line)
            start = 0
        if end is not None and end <= start:
            if end < start:
                self._oddities.note(ENDLESS, line)
            end = None
        if start < self._start:
            self._oddities.note(BACKWARDS, line)
        elif start < self._end:
            self._oddities.note(OVERLAPPING, line)
        self._start, self._end = start, end or 0
        return start, end

    def went_on(self, start: int) -> None:
        """Note a cue that starts no earlier than the one before, and has no end."""
        self._start, self._end = start, 0

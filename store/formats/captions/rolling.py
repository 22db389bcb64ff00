"""Captions that say words more than once to show them: lines that roll or grow, as YouTube and television have them.

YouTube's automatic captions show the line before above each new one, and hold it for 10 ms in between. On television
two or three lines roll, or a line grows by a word, cue upon cue. Each is told by its own signs in the file as a whole,
so that what was really said twice stays twice.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from store.formats.captions.blocks import Block

_INLINE = re.compile(r"<(?:\d+:)?\d\d:\d\d[.,]\d{3}>")
FEWEST = 3  # cues that roll, before a file is one that does
HELD = 50  # milliseconds that a line is held at most (YouTube: 10)
TOUCHING = 100  # milliseconds between two cues of which one goes on from the other

_Pair = tuple[list[str], list[str]]  # the lines of a cue and of the next one


def unrolled(cues: Sequence[Block]) -> list[Block]:
    """Return cues that say their new lines alone, where lines roll or grow; any other file's cues as they are."""
    shown = [[line.strip() for line in cue.lines if line.strip()] for cue in cues]
    bare = [[_bare(line) for line in lines] for lines in shown]
    touching = _touching(cues, bare)
    grows = _rolled(touching, of=len(cues)) or _grown(touching, of=len(cues))
    if not grows and not _held(cues, shown, bare):
        return list(cues)
    found: list[Block] = []
    before: list[str] = []
    for cue, lines, now in zip(cues, shown, bare, strict=True):
        near = bool(found) and cue.start - (found[-1].end or cue.start) <= TOUCHING
        untagged = next((at for at, line in enumerate(lines) if _INLINE.search(line)), len(lines))
        most = min(untagged, len(now) if _holds(cue, before, now) else len(now) - 1)
        again = _again(before, now, most)
        if grows and near and not again and _grow(before, now):
            found[-1].lines[-1] = lines[-1]
            found[-1].end = cue.end or found[-1].end
        elif new := lines[again:]:
            found.append(Block(cue.line, cue.start, cue.end, new))
        elif near and cue.end and found[-1].end:
            found[-1].end = max(found[-1].end, cue.end)
        before = now or before
    return found


def _again(before: Sequence[str], now: Sequence[str], most: int) -> int:
    """Return how many lines, `most` at most, a cue begins with that ended the one before it."""
    sizes = range(min(most, len(before)), 0, -1)
    return next((size for size in sizes if before[-size:] == now[:size]), 0)


def _grow(before: Sequence[str], now: Sequence[str]) -> bool:
    """Whether a cue shows the one before it with more at the end of its last line."""
    if not before or not now or now[-1] == before[-1] or not now[-1].startswith(before[-1]):
        return False
    return len(now) == 1 or (len(now) <= len(before) and before[-len(now) : -1] == now[:-1])


def _holds(cue: Block, before: Sequence[str], now: Sequence[str]) -> bool:
    """Whether a cue may say nothing new: it is as short as a hold, or shows several lines once more."""
    return (cue.end or cue.start) - cue.start <= HELD or (now == before and len(set(now)) > 1)


def _held(cues: Sequence[Block], shown: Sequence[list[str]], bare: Sequence[list[str]]) -> bool:
    """Whether lines roll as YouTube's do: words have times of their own, or most lines are held."""
    rolls = holds = several = 0
    for cue, before, now in zip(cues[1:], bare, bare[1:], strict=False):
        again = bool(before and now) and now[0] == before[-1]
        several += len(now) > 1
        rolls += again and len(now) > 1
        holds += again and len(now) == 1 and _holds(cue, before, now)
    tagged = sum(any(_INLINE.search(line) for line in lines) for lines in shown)
    if rolls < FEWEST:
        return tagged > 0 and (holds > 0 or (rolls > 0 and 4 * tagged >= len(cues)))
    return tagged > 0 or (2 * rolls > several and 2 * holds > rolls)


def _rolled(touching: Sequence[_Pair], *, of: int) -> bool:
    """Whether nearly every cue begins with the last line of the one before, and says another one."""
    rolls = [_again(before, now, len(now) - 1) > 0 for before, now in touching]
    lines = {before[-1] for (before, now), roll in zip(touching, rolls, strict=True) if roll and before[-1] != now[-1]}
    goes_on = sum(roll or _grow(before, now) for (before, now), roll in zip(touching, rolls, strict=True))
    return len(lines) >= FEWEST and 5 * goes_on >= 4 * len(touching) and 2 * len(touching) >= of - 1


def _grown(touching: Sequence[_Pair], *, of: int) -> bool:
    """Whether most cues show the one before them with further words, and not the same ones again."""
    grow = sum(_grow(before, now) and not set(now[-1].split()) <= set(before[-1].split()) for before, now in touching)
    return grow >= FEWEST - 1 and 2 * grow >= len(touching) and 2 * len(touching) >= of - 1


def _touching(cues: Sequence[Block], bare: Sequence[list[str]]) -> list[_Pair]:
    """Return the lines of each two cues of which one starts where the other ends."""
    return [
        (before, now)
        for (cue, after), (before, now) in zip(pairwise(cues), pairwise(bare), strict=True)
        if before and now and cue.end is not None and abs(after.start - cue.end) <= TOUCHING
    ]


def _bare(line: str) -> str:
    return re.sub(r"<[^<>]*>", "", line).strip()

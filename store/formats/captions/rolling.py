"""Captions that say words more than once to show them: two rolling lines, and words lit one by one.

YouTube's automatic captions show the line before above each new one, and hold it for 10 ms in between; WhisperX repeats
a sentence for each of its words. Each is told by its own signs, so that what was really said twice stays twice.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from store.formats.captions.blocks import Block

_INLINE = re.compile(r"<(?:\d+:)?\d\d:\d\d[.,]\d{3}>")
_LIT = re.compile(r"</?u>", re.IGNORECASE)
FEWEST = 3  # cues that roll, before a file is one that does
MOST_APART = 2000  # milliseconds between two cues of one sentence whose words are lit


def unrolled(cues: Sequence[Block]) -> list[Block]:
    """Return cues each of which says its new line alone, where lines roll; any other file's cues as they are."""
    shown = [[line.strip() for line in cue.lines if line.strip()] for cue in cues]
    rolls = held = several = 0
    for before, now in pairwise(shown):
        several += len(now) > 1
        again = bool(before and now) and now[0] == _bare(before[-1])
        rolls += again and len(now) > 1
        held += again and len(now) == 1
    tagged = any(_INLINE.search(line) for lines in shown[:200] for line in lines)
    if rolls < FEWEST or not (tagged or (2 * rolls > several and 2 * held > rolls)):
        return list(cues)
    found: list[Block] = []
    shown_before: list[str] = []
    for cue, lines in zip(cues, shown, strict=True):
        bare = [_bare(line) for line in lines]
        untagged = next((at for at, line in enumerate(lines) if _INLINE.search(line)), len(lines))
        most = min(untagged, len(shown_before))
        same = next((size for size in range(most, 0, -1) if shown_before[-size:] == bare[:size]), 0)
        if new := lines[same:]:
            found.append(Block(cue.line, cue.start, cue.end, new))
        elif found and cue.end and found[-1].end and cue.start <= found[-1].end + 50:
            found[-1].end = max(found[-1].end, cue.end)
        if bare:
            shown_before = bare
    return found


def unlit(cues: Sequence[Block]) -> list[Block]:
    """Return one cue of each sentence that is repeated for each of its words, from its first start to its last end."""
    found: list[Block] = []
    last: tuple[str, int] | None = None  # the sentence, and the place of the word that was lit last
    for cue in cues:
        text = "\n".join(cue.lines)
        bare = _LIT.sub("", text)
        lit = _LIT.search(text)
        place = lit.start() if lit else -1
        near = bool(found) and cue.start - (found[-1].end or found[-1].start) <= MOST_APART
        if last is not None and near and bare == last[0] and (place < 0 or place > last[1]) and (lit or last[1] >= 0):
            found[-1].end = max(found[-1].end or 0, cue.end or 0) or None
            last = bare, max(place, last[1])
        else:
            found.append(Block(cue.line, cue.start, cue.end, bare.split("\n")))
            last = bare, place
    return found


def _bare(line: str) -> str:
    return re.sub(r"<[^<>]*>", "", line).strip()

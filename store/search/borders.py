"""Where a quote may begin and end: at a speaker's turn, after a sentence or a pause, if one is near.

Automatic captions break lines anywhere; a window placed by weight alone begins in the middle of a thought.
"""

from collections.abc import Sequence

import regex

from store.models import Cue

NEAR = 3  # cues that a quote grows by at either end to reach a border
LEAD = 12  # words that it grows by at most at either end
PAUSE_MS = 1500  # longer than the words before it take
WORD_MS = 400

_TURN = regex.compile(r"\s*(?:>>|[-–—]\s|\[?\p{Lu}[\w .'’]{0,30}\]?:\s)")
_ENDED = regex.compile(r"""[.?!…。？！][\p{Pf}\p{Pe}"']*\s*$""")


def is_border(cues: Sequence[Cue], at: int, sizes: Sequence[float]) -> bool:
    """Say whether something ends before the cue at this position and something begins with it.

    `sizes` [cues + 1] are the words before each cue.
    """
    if not 0 < at < len(cues):
        return True
    before, here = cues[at - 1], cues[at]
    if here.start_ms - before.start_ms - WORD_MS * (sizes[at] - sizes[at - 1]) >= PAUSE_MS:
        return True
    # Most cues begin with a small letter and end with a letter: they need no closer look.
    turns = not here.text[:1].islower() and _TURN.match(here.text)
    return bool(turns or (not before.text[-1:].isalnum() and _ENDED.search(before.text)))


def settled(cues: Sequence[Cue], window: range, matches: Sequence[int], *, sizes: Sequence[float]) -> range:
    """Return the window with its ends moved to the nearest borders, none of its matches lost.

    `sizes` [cues + 1] are the words before each cue. Where there is no border near, an end stays where it is, and a
    window that would begin with its first match begins a little before.
    """
    first, last = (matches[0], matches[-1]) if matches else (window[0], window[-1])
    starts = [at for at in range(max(0, window.start - NEAR), first + 1) if sizes[window.start] - sizes[at] <= LEAD]
    ends = [
        at for at in range(last + 1, min(len(cues), window.stop + NEAR) + 1) if sizes[at] - sizes[window.stop] <= LEAD
    ]
    unled = starts[0] if first == window.start else window.start
    start = _nearest(cues, starts, window.start, sizes=sizes)
    end = _nearest(cues, ends, window.stop, sizes=sizes)
    return range(unled if start is None else start, window.stop if end is None else end)


def _nearest(cues: Sequence[Cue], places: Sequence[int], to: int, *, sizes: Sequence[float]) -> int | None:
    """Return the border among some places that is nearest to one, the earlier of two."""
    return next((at for at in sorted(places, key=lambda at: abs(at - to)) if is_border(cues, at, sizes)), None)

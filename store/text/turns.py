"""What a cue's text and time say of where something begins or ends: a speaker's turn, a sentence, a pause, no words.

Automatic captions break lines anywhere; a quote that begins in the middle of a thought is moved to such a border.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import regex

from store.models import Cue

TURN, ENDED, PAUSE, SILENT = 1, 2, 4, 8  # begins a turn; ends a sentence; comes after a pause; says no word
PAUSE_MS = 1500  # longer than the words before it take
WORD_MS = 400

_TURN = regex.compile(r"\s*(?:>>|[-–—]\s|\[?\p{Lu}[\w .'’]{0,30}\]?:\s)")
_ENDED = regex.compile(r"""[.?!…。？！][\p{Pf}\p{Pe}"']*\s*$""")
_NOISE = regex.compile(r"[\s>♪]*(?:[\[(][^\])]{0,40}[\])][\s>♪]*)*")


def marks(cues: Sequence[Cue], sizes: npt.NDArray[np.floating]) -> npt.NDArray[np.uint8]:
    """Return what each cue [C] is, as a sum of the bits above; `sizes` [C] are the words of each."""
    found = np.zeros(len(cues), np.uint8)
    for at, cue in enumerate(cues):
        text = cue.text
        if at and cue.speaker != cues[at - 1].speaker:
            found[at] |= TURN
        # Most cues begin with a small letter and end with a letter: they need no closer look.
        first, last = text[:1], text[-1:]
        if not first.islower():
            if _TURN.match(text):
                found[at] |= TURN
            if not first.isalnum() and _NOISE.fullmatch(text):
                found[at] |= SILENT
        if not last.isalnum() and _ENDED.search(text):
            found[at] |= ENDED
    starts = np.fromiter((cue.start_ms for cue in cues), np.float64, len(cues))
    found[1:][np.diff(starts) - WORD_MS * sizes[:-1] >= PAUSE_MS] |= PAUSE
    return found

"""Where a quote may begin and end: at a speaker's turn, after a sentence or a pause, if one is near.

A window placed by weight alone begins in the middle of a thought. All windows are moved at once; rows are those of the
cues in a stream.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from store.index.stream import WORD, Stream
from store.text.turns import ENDED, PAUSE, SILENT, TURN

NEAR = 3  # cues that a quote grows by at either end to reach a border
LEAD = 12  # words that it grows by at most at either end

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows [N] of cues, from rows `starts` to `stops`, and the rows of the `first` and `last` cue that matches."""

    starts: Rows
    stops: Rows
    first: Rows
    last: Rows


def borders(stream: Stream, openings: Rows) -> Rows:
    """Return the rows before which something ends and with which something begins; transcripts begin at `openings`."""
    marks = stream.marks
    found = (marks & (TURN | PAUSE)) > 0
    found[1:] |= (marks[:-1] & ENDED) > 0
    found[openings] = True
    return np.flatnonzero(found)


def settled(stream: Stream, windows: Windows, borders: Rows, lows: Rows, highs: Rows) -> tuple[Rows, Rows]:
    """Return where windows start and stop with their ends moved to the nearest borders, none of their matches lost.

    No window leaves the rows from `lows` on and before `highs`, and at the latter something ends. Where there is no
    border near, an end stays where it is, and a window that would begin with its first match begins a little before.
    """
    room, lead = stream.room, LEAD * WORD
    starts, stops = windows.starts, windows.stops
    lows = np.maximum(np.maximum(lows, starts - NEAR), room.searchsorted(room[starts] - lead))
    highs_near = np.minimum(np.minimum(highs, stops + NEAR), room.searchsorted(room[stops] + lead, side="right") - 1)
    unled = np.where(windows.first == starts, lows, starts)
    before, after = _around(borders, starts)
    new_starts = _nearer((before, after), starts, (lows, windows.first), unled)
    before, after = _around(borders, stops)
    after = np.where(highs >= stops, np.minimum(after, highs), after)
    return new_starts, _nearer((before, after), stops, (windows.last + 1, highs_near), stops)


def without_noise(stream: Stream, starts: Rows, stops: Rows, matching: Rows) -> tuple[Rows, Rows]:
    """Leave out cues that say no word at both ends of windows, unless they match or there is nothing else."""
    speaks = (stream.marks & SILENT) == 0
    speaks[matching] = True
    rows = np.append(np.flatnonzero(speaks), len(speaks))
    first = rows[rows.searchsorted(starts)]
    last = rows[rows.searchsorted(stops) - 1]
    spoken = first < stops
    return np.where(spoken, first, starts), np.where(spoken, last + 1, stops)


def _around(borders: Rows, rows: Rows) -> tuple[Rows, Rows]:
    """Return the last border before each row, and the first that isn't."""
    far = np.iinfo(np.int64).max // 4
    padded = np.concatenate(([-far], borders, [far]))
    at = padded.searchsorted(rows)
    return padded[at - 1], padded[at]


def _nearer(two: tuple[Rows, Rows], to: Rows, between: tuple[Rows, Rows], otherwise: Rows) -> Rows:
    """Return the nearer of two rows to another if it is in between; the earlier of two that are equally near."""
    before, after = two
    near, far = before >= between[0], after <= between[1]
    ahead = far & ~(near & (to - before <= after - to))
    return np.where(ahead, after, np.where(near, before, otherwise))

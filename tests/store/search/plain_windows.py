"""What to quote of a passage, placed text by text: what the search does in numbers, and all at once."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from store.index import stream
from store.models import Cue
from store.search.borders import LEAD, NEAR
from store.search.quoting import LONGEST, QUOTE_WORDS, Wanted
from store.text import turns
from store.text.analysis import spoken, terms
from store.text.echoes import unheard
from store.text.phrases import Phrase


def heard(cues: Sequence[Cue]) -> list[Cue]:
    """Cues without the words of those that aren't searched."""
    left = unheard(cues)
    return [cue._replace(text="") if at in left else cue for at, cue in enumerate(cues)]


def sizes(cues: Sequence[Cue]) -> list[float]:
    """The words before each cue, and in all."""
    said = spoken([cue.text for cue in heard(cues)])
    room = stream.room(np.array(said.counts, np.int64), np.frombuffer(said.characters, np.uint8))
    return [total / stream.WORD for total in [0, *accumulate(room.tolist())]]


def is_border(cues: Sequence[Cue], at: int, before: Sequence[float]) -> bool:
    """Whether something ends before a cue and begins with it."""
    if not 0 < at < len(cues):
        return True
    marks = turns.marks(cues, np.diff(before)).tolist()
    return bool(marks[at] & (turns.TURN | turns.PAUSE) or marks[at - 1] & turns.ENDED)


def settled(cues: Sequence[Cue], window: range, matches: Sequence[int], before: Sequence[float]) -> range:
    """A window with its ends at the nearest borders."""
    first, last = (matches[0], matches[-1]) if matches else (window[0], window[-1])
    starts = [at for at in range(max(0, window.start - NEAR), first + 1) if before[window.start] - before[at] <= LEAD]
    most = min(len(cues), window.stop + NEAR)
    ends = [at for at in range(last + 1, most + 1) if before[at] - before[window.stop] <= LEAD]
    unled = starts[0] if first == window.start else window.start

    def nearest(places: Sequence[int], to: int) -> int | None:
        return next((at for at in sorted(places, key=lambda at: abs(at - to)) if is_border(cues, at, before)), None)

    start, end = nearest(starts, window.start), nearest(ends, window.stop)
    return range(unled if start is None else start, window.stop if end is None else end)


def best_window(cues: Sequence[Cue], passage: range, wanted: Wanted) -> range:
    """The heaviest window that begins in a passage, at borders and without noise."""
    before, said = sizes(cues), heard(cues)
    found = [[term for term in terms(cue.text) if term in wanted.terms] for cue in said]
    reaches = list(range(1, len(cues) + 1))
    weights = dict(wanted.terms)
    for phrase, weight in wanted.phrases.items():
        weights |= {phrase.key: weight, f"{phrase.key}…": weight}
        for begins, ends in places(phrase, said):
            found[begins].append(phrase.key)
            if begins != ends:
                found[ends].append(f"{phrase.key}…")
            reaches[begins] = max(reaches[begins], ends + 1)
    best, end, greatest = passage[:1], passage.start, (-1.0, 0.0)
    for first in passage:
        while end < len(cues) and (end < reaches[first] or round(before[end + 1] - before[first], 6) <= QUOTE_WORDS):
            end += 1
        counts = Counter(key for at in range(first, end) for key in found[at])
        weight = round(sum(weights[key] * count / (count + 1) for key, count in counts.items()), 6)
        inside = [at for at in range(first, end) if found[at]]
        lean = abs(before[inside[0]] - before[first] - before[end] + before[inside[-1] + 1]) if inside else 0.0
        if (weight, -round(lean, 6)) > greatest:
            best, greatest = range(first, end), (weight, -round(lean, 6))
    matches = [at for at in best if found[at]]
    window = settled(cues, best, matches, before)
    if round(before[window.stop] - before[window.start], 6) > LONGEST * QUOTE_WORDS:
        window = best
    silent = turns.marks(cues, np.diff(before)) & turns.SILENT
    speaks = [at for at in window if found[at] or not (silent[at] or said[at] != cues[at])]
    return range(speaks[0], speaks[-1] + 1) if speaks else window


def places(phrase: Phrase, cues: Sequence[Cue]) -> list[tuple[int, int]]:
    """In which cues a phrase begins and ends."""
    return phrase.places([cue.text for cue in cues])

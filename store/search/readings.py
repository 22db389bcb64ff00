"""The two readings of a corrected cue in the stream of words: which mentions count, and what they are as it stands.

A cue's words come first, then nothing, then the words that it should be. What both say was said once, and what was
corrected wasn't said, where what stands for it is a mention too.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from store.text.analysis import spans
from store.text.differing import Belonging, belongings

Numbers = npt.NDArray[np.int64]
Readings = tuple[str, str]  # of a cue: as it is, and as it should be
Place = tuple[int, int]  # of a cue: its transcript and its position


def once(
    transcripts: Numbers, cues: Numbers, words: Numbers, corrected: Mapping[Place, Readings]
) -> npt.NDArray[np.bool_]:
    """Return which of some mentions [N] count, given where they begin and by the `words` [N, 2] of their cues."""
    kept = np.ones(len(cues), dtype=bool)
    here: dict[Place, list[int]] = {}
    owners = np.isin(transcripts, np.array([transcript for transcript, _ in corrected], np.int64))
    for at in np.flatnonzero(owners).tolist():
        place = int(transcripts[at]), int(cues[at])
        if place in corrected:
            here.setdefault(place, []).append(at)
    for place, mentions in here.items():
        was, now = corrected[place]
        own, should = spans(was), belongings(was, now)
        second = len(own) + 1  # where the second reading begins
        replaced: list[tuple[int, int]] = []
        for at in mentions:
            begin, end = words[at].tolist()
            if begin < second:
                continue
            if end <= second + len(should) and _stands(should[begin - second : end - second]):
                kept[at] = False
            else:
                replaced += [one[:2] for one in should[begin - second : end - second] if one.same is None]
        for at in mentions:
            begin, end = words[at].tolist()
            if begin < second and any(own[begin][0] < stop and own[end - 1][1] > start for start, stop in replaced):
                kept[at] = False
    return kept


def correct(cue: Readings, begin: int, end: int) -> str:
    """Return the words of a mention as its cue should be; empty where they are those of the cue as it is."""
    was, now = cue
    second = len(spans(was)) + 1
    if begin < second:
        return ""
    said = spans(now)[begin - second : end - second]
    return now[said[0][0] : said[-1][1]]


def as_it_stands(
    words: Mapping[int, Sequence[tuple[int, int]]], twice: Mapping[int, Readings], cue: int, begin: int, end: int
) -> tuple[int, int]:
    """Return the words of a mention among those of the cues as they are, from its own on, given where `words` stand.

    A word of the second reading is where the words are that it stands for.
    """
    found: list[int] = []
    before = passed = 0  # words of the cues up to the one at `at`, as they are and in the stream
    at = cue
    should = _should(twice, at)
    for number in range(begin, end):
        while number - passed >= len(words[at]) + len(should) and at + 1 in words:
            passed += len(words[at]) + len(should)
            before += len(words[at])
            at += 1
            should = _should(twice, at)
        own = number - passed
        if own < len(words[at]):
            found.append(before + own)
        elif words[at] and own - len(words[at]) < len(should) and (one := should[own - len(words[at])]) is not None:
            found += [before + i for i, (start, stop) in enumerate(words[at]) if start < one.end and stop > one.start]
    return (min(found), max(found) + 1) if found else (0, 1)


def _should(twice: Mapping[int, Readings], at: int) -> list[Belonging | None]:
    """Return what stands in the stream after the words of a cue as it is: nothing, and its second reading."""
    return [None, *belongings(*twice[at])] if at in twice else []


def _stands(said: Sequence[Belonging]) -> bool:
    """Whether words of a second reading stand in a row in the first one, too."""
    same = [one.same for one in said]
    return None not in same and all(b == (a or 0) + 1 for a, b in pairwise(same))

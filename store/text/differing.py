"""A text and how it should be: which words differ, and where in the one the words of the other belong.

By the longest common sequence of words (Python's `difflib`), CJK by characters. What is shown of a difference is told
by letters as they stand, what is searched by words as they are folded.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

import regex

from store.text.analysis import units

REMEMBERED = 1024  # texts, of which each is shown many times
NEAR = 1  # words the same between two runs that differ: then they are shown as one

_PIECE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}ー\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*"
    r"|[^\s\p{Han}\p{Hiragana}\p{Katakana}ー\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+"
)


Code = tuple[int, int, int, int]


class Run(NamedTuple):
    """What stands in a text from `start` to `end`, and the `text` that should; empty where one of the texts is."""

    start: int
    end: int
    text: str


class Belonging(NamedTuple):
    """Where a word of the new text belongs in the old one: from `start` to `end`.

    It is the same as the word there, whose number is `same`, or stands in place of what is there.
    """

    start: int
    end: int
    same: int | None


@lru_cache(maxsize=REMEMBERED)
def runs(was: str, now: str) -> tuple[Run, ...]:
    """Return what differs between a text and what it should be, in order, by words as they are written.

    Where words were left out or are too many, the one before them, or else after, is shown with them.
    """
    old, new = ([match.span() for match in _PIECE.finditer(text)] for text in (was, now))
    codes = _codes([was[slice(*span)] for span in old], [now[slice(*span)] for span in new])
    joined: list[Code] = []
    for i1, i2, j1, j2 in (_widened(code, len(old), len(new)) for code in codes):
        if joined and i1 - joined[-1][1] <= NEAR:
            joined[-1] = (joined[-1][0], i2, joined[-1][2], j2)
        else:
            joined.append((i1, i2, j1, j2))
    found = []
    for i1, i2, j1, j2 in joined:
        start, end = _span(old, i1, i2, len(was))
        found.append(Run(start, end, now[slice(*_span(new, j1, j2, len(now)))]))
    if not found and was != now:  # in spaces alone
        found.append(Run(0, len(was), now))
    return tuple(found)


@lru_cache(maxsize=REMEMBERED)
def belongings(was: str, now: str) -> tuple[Belonging, ...]:
    """Return where each word of the new text belongs in the old one."""
    old, new = list(units(was)), list(units(now))
    found: list[Belonging] = []
    at = 0
    for i1, i2, j1, j2 in [*_codes([unit.folded for unit in old], [unit.folded for unit in new]), (len(old),) * 4]:
        same = range(at, i1)
        found += [Belonging(old[i].start, old[i].end, i) for i in same]
        at = i2
        # Where nothing is replaced, it belongs to the word before it, or else after.
        first, last = (max(0, i1 - 1), max(1, i1)) if i1 == i2 else (i1, i2)
        span = (old[first].start, old[last - 1].end) if old else (0, len(was))
        found += [Belonging(*span, None) for _ in range(j1, j2)]
    return tuple(found)


def parted(texts: Sequence[str], typed: str) -> tuple[str, ...]:
    """Return what of a text that was typed in place of some others stands for each, with one space between words.

    They are its lines, where these are as many. Else a word belongs where the same word does, or that for which it was
    typed.
    """
    lines = tuple(" ".join(line.split()) for line in typed.splitlines())
    if len(lines) == len(texts):
        return lines
    old = [(match[0], owner) for owner, text in enumerate(texts) for match in _PIECE.finditer(text)]
    new = [match.span() for match in _PIECE.finditer(typed)]
    owners: list[int] = []
    at = 0
    every = [*_codes([piece for piece, _ in old], [typed[slice(*span)] for span in new]), (len(old),) * 4]
    for i1, i2, j1, j2 in every:
        owners += [owner for _, owner in old[at:i1]]
        replaced = [owner for _, owner in old[i1:i2]] or owners[-1:] or [0]
        owners += (replaced + replaced[-1:] * (j2 - j1))[: j2 - j1]
        at = i2
    found = []
    for owner in range(len(texts)):
        said = [span for span, whose in zip(new, owners, strict=True) if whose == owner]
        found.append(" ".join(typed[said[0][0] : said[-1][1]].split()) if said else "")
    return tuple(found)


def _widened(code: Code, old: int, new: int) -> Code:
    """Return a run where words are missing with the one before it, or else after, of so many in all."""
    i1, i2, j1, j2 = code
    if i1 < i2 and j1 < j2:
        return code
    if i1 and j1:
        return i1 - 1, i2, j1 - 1, j2
    return (i1, i2 + 1, j1, j2 + 1) if i2 < old and j2 < new else code


def _codes(old: Sequence[str], new: Sequence[str]) -> list[Code]:
    """Return the runs that differ: from i1 to i2 of the old, from j1 to j2 of the new."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]


def _span(pieces: Sequence[tuple[int, int]], first: int, end: int, length: int) -> tuple[int, int]:
    """Return where some pieces of a text stand; where there is none, between the two around them."""
    if first < end:
        return pieces[first][0], pieces[end - 1][1]
    at = pieces[first - 1][1] if first else (pieces[0][0] if pieces else length)
    return at, at

"""Which `<cite>` and `<time>` of a page say who speaks and when, and which are words like others.

What stands after words in a block may be said in it ("I read <cite>Low Tide</cite> at <time>12:30</time>"); a time that
lies between those around it hardly is. Signs around a mark, as in `Amy (0:01):`, are none of the words.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import regex

from store.formats import names, times

MARKS = {"cite", "time"}
FAR_MS = 600_000  # by which a time inside words is later than the one before, where no other shows that it goes on
_SIGNS = regex.compile(r"[\p{P}\s|<>→~=+]*")
_ENDS = re.compile(r"[.!?…。！？]")
_DASH = re.compile(r"\s?(?:-{0,2}>|[-–—→])\s?")
_CLOSING = re.compile(r"[\])）］】]?\s?(?:[-–—:|·,;](?=\s|$)|：)?\s?")
_OPENING = re.compile(r"\s?[\[(（［【]$")


class Part(NamedTuple):
    """What stands in a page: `words`, a `cite` or a `time`, or that a block begins or ends, with its line.

    Words in a line that ends with its time are a `heading`.
    """

    kind: str
    text: str
    line: int


def span(text: str) -> tuple[int | None, int | None]:
    """Read a time in milliseconds, and the one until which it lasts: `0:01 - 0:04`."""
    text = " ".join(text.split())
    start, *ends = [text] if times.clock(text) is not None else _DASH.split(text, maxsplit=1)
    return times.clock(start), times.clock(ends[0]) if ends else None


def parted(parts: Sequence[Part]) -> list[Part]:
    """Return the marks of a page, the words between them as one, and where blocks begin and end."""
    parts = _spanned(parts)
    marks = _marks(parts)
    found: list[Part] = []
    words: list[Part] = []
    for part, is_mark in zip(parts, marks, strict=True):
        if not is_mark and (part.kind == "words" or part.kind in MARKS):
            words.append(part)
            continue
        if words:
            after = bool(found) and found[-1].kind in MARKS
            if text := _said(_line_of(*words), after=after, before=is_mark):
                found.append(Part("words", text, words[0].line))
            words = []
        found.append(part._replace(text=_line_of(part)) if is_mark else part)
    return _headed(found)


def speakers(found: Sequence[Part]) -> set[str]:
    """Return the headings that name who speaks: names that come again, or all have a colon behind them."""
    headings = [part.text for part in found if part.kind == "heading"]
    named = [name for text in headings if names.is_name(name := bare(text))]
    return set(named) if len(set(named)) < len(named) or all(text != bare(text) for text in headings) else set()


def bare(name: str) -> str:
    """Return a name without the colon behind it."""
    return name.rstrip(":： ")


def _headed(found: list[Part]) -> list[Part]:
    """Put the words of a block or line that ends with its time below that."""
    for at in range(2, len(found) - 1):
        begin, said, mark, end = (part.kind for part in found[at - 2 : at + 2])
        if mark == "time" and (begin, said) == ("begin", "words") and end in {"begin", "end"}:
            found[at - 1 : at + 1] = found[at], found[at - 1]._replace(kind="heading")
    return found


def _spanned(parts: Sequence[Part]) -> list[Part]:
    """Return parts with two times that a dash joins as one."""
    found: list[Part] = []
    for part in parts:
        if part.kind == "time" and [one.kind for one in found[-2:]] == ["time", "words"]:
            start, dash = found[-2:]
            if _DASH.fullmatch(_line_of(dash)) and None not in {times.clock(start.text), times.clock(part.text)}:
                found[-2:] = [start._replace(text=f"{start.text}-{part.text}")]
                continue
        found.append(part)
    return found


def _marks(parts: Sequence[Part]) -> list[bool]:
    """Return which parts are marks: those before any words in their block, and of the others those that go on."""
    found = _firm(parts)
    starts = [span(part.text)[0] if part.kind == "time" else None for part in parts]
    afters = _afters(starts, found)
    alone = not any(sure and start is not None for sure, start in zip(found, starts, strict=True))
    before: int | None = None
    begun = False  # by a time, in this block
    for at, (part, start, after) in enumerate(zip(parts, starts, afters, strict=True)):
        if part.kind != "time":
            begun &= part.kind in {"words", "cite"}
            continue
        if not found[at] and start is not None:
            latest = _latest(before, begun=begun, alone=alone) if after is None else after
            found[at] = (before or 0) <= start <= latest
        if found[at]:
            before, begun = before if start is None else start, True
    return [
        sure or (part.kind == "cite" and _beside(parts, found, at))
        for at, (part, sure) in enumerate(zip(parts, found, strict=True))
    ]


def _latest(before: int | None, *, begun: bool, alone: bool) -> int:
    """Return until when a time inside words goes on, where none that is sure follows.

    Where these `alone` are a page's times, they are its marks unless the first is late.
    """
    if begun or (alone and before is None):
        return (before or 0) + FAR_MS
    return times.MOST if alone else -1


def _firm(parts: Sequence[Part]) -> list[bool]:
    """Return which parts are marks wherever the others stand: no words are before them in a block that ends."""
    found = [False] * len(parts)
    inside = said = False
    for at, part in enumerate(parts):
        if part.kind == "words":
            said = said or not _SIGNS.fullmatch(part.text)
        elif part.kind in MARKS:
            found[at] = not (inside and said) or _together(parts, at)
            said &= not found[at]
        else:
            inside, said = part.kind == "begin", False
    return found


def _afters(starts: Sequence[int | None], sure: Sequence[bool]) -> list[int | None]:
    """Return for each part the next time that is sure."""
    found: list[int | None] = []
    after: int | None = None
    for start, is_sure in zip(reversed(starts), reversed(sure), strict=True):
        found.append(after)
        if is_sure and start is not None:
            after = start
    return found[::-1]


def _together(parts: Sequence[Part], at: int) -> bool:
    """Whether a mark and one of the other kind stand side by side, with a time that is one."""
    near = (parts[at], *parts[max(at - 1, 0) : at], *parts[at + 1 : at + 2])
    return {part.kind for part in near} >= MARKS and any(
        part.kind == "time" and span(part.text)[0] is not None for part in near
    )


def _beside(parts: Sequence[Part], marks: Sequence[bool], at: int) -> bool:
    """Whether a time that is a mark stands beside a name, with no more than signs between them."""
    for step in (-1, 1):
        near = at + step
        if 0 < near < len(parts) - 1 and parts[near].kind == "words" and not _ENDS.search(parts[near].text):
            near += step if _SIGNS.fullmatch(parts[near].text) else 0
        if 0 <= near < len(parts) and marks[near] and parts[near].kind == "time":
            return True
    return False


def _said(text: str, *, after: bool, before: bool) -> str:
    """Return what stands between marks without the signs that belong to them: brackets, a colon, a dash."""
    if (after or before) and _SIGNS.fullmatch(text):
        return ""
    if after:
        text = _CLOSING.sub("", text, count=1)
    return _OPENING.sub("", text) if before else text


def _line_of(*parts: Part) -> str:
    return " ".join("".join(part.text for part in parts).split())

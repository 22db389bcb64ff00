"""Which lines of a text say when its words were said, and who says them: told by the file as a whole.

A line of prose may hold a time as well ("Lunch is at 12:45"). So the marks of a file are of one kind, the one with the
most lines; their times go on, their names are names, and words follow them. Any other line with a time is words.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from store.formats import names, times
from store.formats.texts.native import LINK
from store.formats.texts.plain import size

FEWEST = 2
ONWARD = 0.8  # of a file's marks, at least, whose times go on
NEARLY = 0.8  # of a file's lines or marks
LATE_MS = 60_000  # where a talk's first time is later than this, names have to recur, or its times be likely:
PACE = (0.2, 6)  # words in a second,
ROUND_MS = 5000  # and not all of them round
AGAIN = 2 / 3  # of the lines that may be names, at most, that are different ones
TURN = 8  # words of a turn, on average, of one who speaks alone
LINE = 3  # words of a line, on average: fewer are a timetable's
BEFORE = 5  # lines of text before the first time that are no sign of prose

_TIME = r"(?P<time>(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?)"
_END = r"(?P<end>(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?)"
_TO = r"\s*(?:-{0,2}>|→|[-–—])\s*"
# `\[0:05\]` and `[0:05](https://…)` are Markdown's ways.
BOXED = rf"(?:\\?\[\(?{_TIME}\)?\\?\]|\({_TIME}\)){LINK}"
_REST = r"(?:\s+(?P<rest>\S.*))?"
_NAME = r"(?P<name>[\p{L}\p{N}_+(\[][\p{L}\p{M}\p{N}_.,'’()\[\]& /|-]{0,59}?)"
_KINDS = {  # by kind the forms of its lines: the first that fits
    "boxed": {
        "named": rf"{_NAME}\s*(?P<colon>[:：])?\s*{BOXED}\s*(?P<colon>[:：])?{_REST}",  # `Amy (00:03):`, `Amy: [0:05]`
        "stated": rf"{_NAME}\s*(?P<colon>[:：])\s+{_TIME}{_REST}",  # `Amy: 00:00:32`
        "time": rf"(?:{BOXED}|\[{_TIME}{_TO}{_END}\])\s*(?P<dash>[-–—]\s)?\s*(?P<rest>\S.*)?",
    },
    "seconds": {"time": rf"\[(?P<seconds>\d+(?:\.\d+)?)s{_TO}(?P<until>\d+(?:\.\d+)?)s\]{_REST}"},  # faster-whisper
    "chat": {"said": rf"{_TIME}\s+From\s+{_NAME}(?:\s+to\s+[^:]{{1,60}}?)?\s?(?P<colon>:){_REST}"},  # Zoom's
    "bracketed": {"named": rf"\[(?P<name>[^\[\]:]{{1,60}})\]\s+{_TIME}"},  # Zoom: `[Amy Roe] 10:01:20`
    "columns": {
        "named": rf"{_NAME}\t+{_TIME}(?:\t+{_END})?(?P<colon>\t)\s*(?P<rest>\S.*)",
        "said": rf"{_TIME}(?:\t+{_END})?\t+{_NAME}:?(?P<colon>\t)\s*(?P<rest>\S.*)",
    },
    "spaced": {"named": rf"{_NAME}(?:\s{{2,}}|\t|\s[|·–—-]\s|,\s){_TIME}"},  # Otter, Teams: `Amy  0:03`
    "single": {"named": rf"{_NAME}\s{_TIME}"},
    "bare": {"time": rf"{_TIME}(?:{_TO}{_END})?(?:\s*[-–—:|]?\s+(?P<rest>\S.*))?"},  # YouTube, copied
    "frames": {"time": r"(?P<time>\d\d[:;]\d\d[:;]\d\d)[:;]\d\d\s*[-–]\s*(?P<end>\d\d[:;]\d\d[:;]\d\d)[:;]\d\d"},
}
_FORMS = [(kind, form, regex.compile(pattern)) for kind, forms in _KINDS.items() for form, pattern in forms.items()]
_AT_ONCE = [one for one in _FORMS if one[1] in {"time", "said"} or one[0] == "bracketed"]  # lines that begin with it
_NAMED = [one for one in _FORMS if one not in _AT_ONCE]
_NUMBERED = [one for one in _NAMED if one[0] in {"boxed", "spaced"} and one[1] == "named"]
_BEFORE = regex.compile(r"(?P<hashes>#{1,6}\s+)?(?:(?:[-*•]|\d{1,3}[.)])\s+)?(?P<bold>\*\*|__)?")
_SOUND = regex.compile(r"[\[(（♪].*[\])）♪]")
_ENDED = regex.compile(r"""[\p{Sentence_Terminal}…:][\p{Pf}\p{Pe}"']*\s*$""")
_MAY_BE = regex.compile(r"\d[:;]\d|\ds")
_BOLD = regex.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*")
_GAP = regex.compile(r"\s{3,}")
_PROSE = 4  # words of a name that looks like none, at most


class Mark(NamedTuple):
    """A time in a text: the place of its line, its start and end, who speaks, and the words behind it.

    `long` says that hours stand in it, `sure` that a colon, a dash or bold letters set the
    name off.
    """

    at: int
    start: int
    end: int | None
    name: str
    rest: str
    form: str
    long: bool
    sure: bool
    heading: bool


class Marks(NamedTuple):
    """The marks of a text by the places of their lines, and the lines that name who speaks and hold nothing else."""

    kind: str
    found: list[Mark]
    named: frozenset[int] = frozenset()


def marks(lines: Sequence[str]) -> Marks:
    """Return the marks of the kind that most lines of a text have; none where no kind makes sense of it."""
    every: dict[str, list[Mark]] = {kind: [] for kind in _KINDS}
    for at, line in enumerate(lines):
        if _MAY_BE.search(line[:400]):
            for kind, mark in _of(at, line):
                every[kind].append(mark)
    best = Marks("", [])
    for kind, candidates in every.items():
        if len(candidates) < max(FEWEST, len(best.found) + 1):
            continue
        found = _onward(_likely(kind, candidates, lines))
        if len(found) > len(best.found) and _is_talk(kind, found, lines):
            best = Marks(kind, found)
    return _with_names(_with_guests(best, every[best.kind]), lines) if best.found else best


def _of(at: int, line: str) -> Iterator[tuple[str, Mark]]:
    """Yield what a line is as a mark of each kind."""
    line = line.strip()
    before = _BEFORE.match(line)
    assert before is not None
    bare = line[before.end() :]
    if before["bold"]:
        bare = bare.replace(before["bold"], "", 1)
    bare = _GAP.sub("  ", _BOLD.sub(r"\1", bare).strip())
    if not bare[:1].isdigit() and not bare.startswith(("[", "(", "\\")):
        forms = _NAMED
    else:  # a time, or else a caller's number, or a room's
        forms = _AT_ONCE if any(pattern.fullmatch(bare) for _, _, pattern in _AT_ONCE) else _NUMBERED
    kinds: set[str] = set()
    for kind, form, pattern in forms:
        match = pattern.fullmatch(bare) if kind not in kinds else None
        if match is None:
            continue
        read = match.groupdict()
        time = read.get("time")
        start = _clock(time) if time else times.seconds(read["seconds"])
        if start is None:
            continue
        kinds.add(kind)
        end = _clock(read["end"]) if read.get("end") else times.seconds(read.get("until"))
        sure = bool(read.get("dash") if form == "time" else before["bold"] or read.get("colon"))
        long = bool(time) and time.count(":") > 1
        name, rest = " ".join((read.get("name") or "").split()), (read.get("rest") or "").strip()
        yield kind, Mark(at, start, end, name, rest, form, long, sure, bool(before["hashes"]))


def _clock(time: str) -> int | None:
    return times.clock(time.replace(",", ".").replace(";", ":"))


def _likely(kind: str, candidates: list[Mark], lines: Sequence[str]) -> list[Mark]:
    """Leave out the marks that are rather words: by their name, and by the lines around them."""
    counts = _counts(candidates)
    if kind == "bare":  # either all have words behind them or none
        behind = [mark for mark in candidates if mark.rest]
        return behind if 2 * len(behind) > len(candidates) else [mark for mark in candidates if not mark.rest]
    if kind == "columns" and len(counts) > AGAIN * len(candidates):
        return []
    found = []
    talk = 2 * sum(mark.form != "time" for mark in candidates) >= len(candidates)
    for mark in candidates:
        recurs = counts[mark.name] >= FEWEST
        is_name = names.is_name(mark.name)
        few = mark.name.count(" ") < _PROSE
        above = lines[mark.at - 1].strip() if mark.at else ""
        if mark.form == "time":
            likely = not talk or not above or mark.long or bool(_ENDED.search(above))
        elif mark.form == "stated":
            likely = (recurs and few) or (is_name and mark.long)
        elif kind == "single":
            likely = (is_name and (recurs or not above)) or (counts[mark.name] > FEWEST and few and not above)
        elif mark.rest and not mark.sure:
            likely = is_name and recurs
        else:
            apart = mark.sure if kind == "boxed" else not above
            likely = is_name or (few and (recurs or apart))
        if likely:
            found.append(mark)
    return found


def _counts(found: Iterable[Mark]) -> Counter[str]:
    """Count the names of marks; a line that is there twice is counted once."""
    return Counter(name for name, _ in {(mark.name, mark.start) for mark in found if mark.name})


def _onward(found: list[Mark]) -> list[Mark]:
    """Leave out what stands against the order of the times, but for names that come again; all, if that is much."""
    ends: list[int] = []  # of the longest rows that go on, by their length
    last: list[int] = []
    before: list[int] = []
    for at, mark in enumerate(found):
        place = bisect_right(ends, mark.start)
        ends[place:] = [mark.start, *ends[place + 1 :]]
        last[place:] = [at, *last[place + 1 :]]
        before.append(last[place - 1] if place else -1)
    row = set()
    at = last[-1] if last else -1
    while at >= 0:
        row.add(at)
        at = before[at]
    if len(row) < ONWARD * len(found):
        return []
    counts = _counts(found)
    return [mark for at, mark in enumerate(found) if at in row or counts[mark.name] >= FEWEST]


def _is_talk(kind: str, found: Sequence[Mark], lines: Sequence[str]) -> bool:
    """Whether marks are likely those of a talk: words follow them, in about their time, and few stand before."""
    if len(found) < FEWEST:
        return False
    text = [at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    before = sum(at < found[0].at for at in text)
    if before > max(BEFORE, len(text) / 4):
        return False
    with_words = sum(bool(mark.rest) or _has_words(mark, after, lines) for mark, after in _pairs(found))
    if 2 * with_words < len(found):
        return False
    counts = _counts(found)
    if kind == "bare" and found[0].rest and len(found) < NEARLY * (len(text) - before) and not _are_names(found, lines):
        return False
    if (
        (len(counts) > 1 and max(counts.values()) >= FEWEST)
        or found[0].start < LATE_MS
        or any(mark.long for mark in found)
    ):
        return True
    words = sum(size(line) for line in lines[found[0].at : found[-1].at] if line.strip())
    long = words >= (LINE + 1) * (len(found) - 1)
    pace = words * 1000 / max(1, found[-1].start - found[0].start)
    spoken = long and PACE[0] <= pace <= PACE[1] and any(mark.start % ROUND_MS for mark in found)
    return spoken or _is_one_speakers(counts, words / max(1, len(found) - 1))


def _is_one_speakers(counts: Counter[str], words: float) -> bool:
    """Whether turns of so many words, on average, are one speaker's, as in excerpts of a talk; verses' are a book's."""
    name = next(iter(counts), "")
    return counts[name] >= FEWEST and names.is_clear(name) and name[0].isalpha() and words >= TURN


def _with_guests(marks: Marks, candidates: Sequence[Mark]) -> Marks:
    """Add those who speak once: named like people, set off from words, at a time between those around them."""
    kind, found, _ = marks
    if all(mark.form == "time" for mark in found):
        return marks
    places = [mark.at for mark in found]
    more = []
    for mark in candidates:
        place = bisect_right(places, mark.at)
        if (place and places[place - 1] == mark.at) or not names.is_name(mark.name) or (mark.rest and not mark.sure):
            continue
        after = found[place].start if place < len(found) else -1
        if (found[place - 1].start if place else 0) <= mark.start <= after:
            more.append(mark)
    return Marks(kind, sorted([*found, *more])) if more else marks


def _with_names(marks: Marks, lines: Sequence[str]) -> Marks:
    """Give marks the names that stand behind their times, above them or below."""
    kind, found, _ = marks
    if any(mark.form != "time" for mark in found):
        return marks
    if _are_names(found, lines):
        return Marks(kind, [mark._replace(name=_name(mark.rest), rest="") for mark in found])
    for aside, few in (
        (_above(found, lines), 1.0),
        (_above(found, lines, apart=False), AGAIN),
        (_below(found, lines, names.is_name), 0.99),
        (_below(found, lines, _is_typed), AGAIN),
    ):
        said = {lines[at].strip() for at in aside.values()}
        if len(aside) >= max(FEWEST, NEARLY * len(found)) and len(said) <= few * len(aside):
            with_name = [
                mark._replace(name=_name(lines[aside[mark.at]])) if mark.at in aside else mark for mark in found
            ]
            return Marks(kind, with_name, frozenset(aside.values()))
    return marks


def _are_names(found: Sequence[Mark], lines: Sequence[str]) -> bool:
    """Whether the words behind times are names, and what is said stands below."""
    every = [mark for mark, after in _pairs(found) if _has_words(mark, after, lines)]
    behind = [mark for mark in every if _is_typed(_name(mark.rest))]
    if len(behind) < NEARLY * len(found):
        return False
    if all(mark.sure and names.is_name(_name(mark.rest)) for mark in behind):
        return True
    return len({mark.rest for mark in behind}) <= AGAIN * len(behind)


def _is_typed(name: str) -> bool:
    """Whether a line may be a name in whatever form, if it comes again."""
    may_be = any(map(str.isalpha, name)) or sum(map(str.isdigit, name)) > 5
    may_be &= not name.islower() or not name.replace(" ", "").isalpha()  # `yeah`
    may_be &= names.in_front(name) is None and not _SOUND.fullmatch(name)
    return names.is_name(name) or (may_be and name.count(" ") < _PROSE and not _ENDED.search(name))


def _above(found: Sequence[Mark], lines: Sequence[str], *, apart: bool = True) -> dict[int, int]:
    """Return the lines above times that are names: right above them and `apart` from words, or anyhow."""
    aside = {}
    last: Mark | None = None
    for mark in found:
        begins = last.at + 1 if last else 0
        at = next((at for at in range(mark.at - 1, begins - 1, -1) if lines[at].strip()), None)
        if at is not None and (names.is_name if apart else _is_typed)(_name(lines[at])):
            stands = at == mark.at - 1 and not (at and lines[at - 1].strip())
            said = last is None or last.rest or any(line.strip() for line in lines[begins:at])
            if stands if apart else said:
                aside[mark.at] = at
        last = mark
    return aside


def _below(found: Sequence[Mark], lines: Sequence[str], is_name: Callable[[str], bool]) -> dict[int, int]:
    """Return the lines right below times that are names, with words below themselves."""
    return {
        mark.at: mark.at + 1
        for mark, after in _pairs(found)
        if not mark.rest
        and mark.at + 1 < len(lines)
        and is_name(_name(lines[mark.at + 1]))
        and any(line.strip() for line in lines[mark.at + 2 : after])
    }


def _name(line: str) -> str:
    return " ".join(line.replace("**", "").strip().rstrip(":：").split())


def _has_words(mark: Mark, after: int, lines: Sequence[str]) -> bool:
    return any(line.strip() for line in lines[mark.at + 1 : after])


def _pairs(found: Sequence[Mark]) -> Iterable[tuple[Mark, int]]:
    """Return each mark with the place of the next one's line."""
    afters = [*(mark.at for mark in found[1:]), found[-1].at + 20] if found else []
    return zip(found, afters, strict=True)

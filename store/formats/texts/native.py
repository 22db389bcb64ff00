"""The native format: optional front matter, then one line a cue, `- [MM:SS] words as they were said`.

Cues keep the file's order and words; what a file gets wrong is read around and reported. A file that Verbatim wrote
says so (`verbatim: 1`): there an end may stand behind the start, and who speaks before the words.
"""

import re
from collections.abc import Collection, Sequence

import regex

from store.formats import frontmatter, names, times
from store.formats.parsed import Fields, File, Parsed
from store.formats.speech.exported import KEY, TIMED
from store.formats.times import Times
from store.models import Cue
from store.sentences import sentence

_TIME = r"(\d{1,4}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?)"
LINK = r"(?:\(https?://[^\s()]+\))?"  # in Markdown a time may be one
_CUE = re.compile(rf"\s*([-*•]\s*)?\[{_TIME}(?:\s*(?:→|-->|[-–])\s*{_TIME})?\]{LINK}(.*)", re.DOTALL)
_PLAIN = re.compile(r"^- \[(?:(\d{1,4}):(?=[0-5][0-9]:))?(\d{1,4}):([0-5][0-9])\](?!\()(.*)$", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}\s")
TITLE = re.compile(r"#\s+(?:Transcript:\s*)?(\S.*)")
_ABOUT = re.compile(r"\s*(?:#|<!--|[-*•]\s*[\w ]{1,30}:\s)")  # `- URL: …`
_SENTENCE = regex.compile(r"""[\p{Sentence_Terminal}…][\p{Pf}\p{Pe}"'*_]*\s*$""")
_URL = re.compile(r"-\s*URL:\s*(\S+)")
_SPOKEN = re.compile(r"\*\*(.*?):\*\*\s?(.*)", re.DOTALL)

_IMPOSSIBLE = sentence("the time is impossible (over 59 seconds or minutes); the line was kept as text.")
_IMPOSSIBLE_FIRST = sentence("the time is impossible (over 59 seconds or minutes); the line was kept at 0:00.")
EARLY_KEPT = sentence("words before the first time have none; they were kept at 0:00.")


def recognised(file: File) -> bool:
    """Whether a file has a cue line; without front matter there may be no more words before the first than after it."""
    if "[" not in file.text:
        return False
    first = next((at for at, line in enumerate(file.lines) if is_line(line)), None)
    if first is None:
        return False
    before = sum(_is_said(line) for line in file.lines[body_of(file) : first])
    if before <= sum(map(bool, map(str.strip, file.lines[first:]))):
        return True
    return bool(opening(File(file.name, file.text))[0])


def is_line(line: str) -> bool:
    """Whether a line has the form of a cue."""
    return "[" in line and _CUE.fullmatch(line) is not None


def is_bulleted(file: File) -> bool:
    """Whether cue lines begin with a bullet, as Verbatim's own do."""
    return any((match := _CUE.fullmatch(line)) is not None and match[1] for line in file.lines if "[" in line)


def read(file: File) -> Parsed:
    """Read a file of cue lines."""
    fields, body = opening(file)
    foreign = KEY not in fields and not file.once(is_bulleted)
    cues, head = _plain(file.lines[body:]) or _cues(file, body, foreign=foreign)
    if KEY in fields:
        cues = [_spoken(cue) for cue in cues]
    elif foreign:
        cues = names.named(cues)  # these are lines that others write
    return Parsed(cues, _with_head(fields, head))


def is_untimed(file: File) -> bool:
    """Whether Verbatim wrote a file of lines without times."""
    fields = opening(File(file.name, file.text))[0] if KEY in file.head else {}
    return KEY in fields and TIMED in fields


def untimed(file: File) -> Parsed:
    """Read a file of lines without times as it was written."""
    fields, body = opening(file)
    lines = [line[1:].strip() for line in file.lines[body:] if line.startswith("-")]
    return Parsed([_spoken(Cue(0, line)) for line in lines], fields, timed=False)


def opening(file: File) -> tuple[Fields, int]:
    """Return what the front matter says, and the number of the line after it, from 0."""
    block = frontmatter.split(file.lines)
    if block is None:
        return {}, 0
    lines = file.lines[block[0] : block[1]]
    return frontmatter.read(lines, first_line=block[0] + 1, oddities=file.oddities), block[1] + 1


def body_of(file: File) -> int:
    """Return the number of the line after the front matter, from 0."""
    block = frontmatter.split(file.lines)
    return block[1] + 1 if block else 0


def _with_head(fields: Fields, head: Sequence[str]) -> Fields:
    """Return what a file says with the title and the link that stand in the lines before its cues."""
    for key, pattern in (("title", TITLE), ("video_url", _URL)):
        found = next((match[1] for line in head if (match := pattern.match(line.strip()))), None)
        if found is not None and _is_nothing(fields.get(key)) and (key == "title" or _is_nothing(fields.get("url"))):
            fields = {**fields, key: found}
    return fields


def _is_nothing(value: object) -> bool:
    return not value or (
        isinstance(value, str) and value.strip().casefold() in {"", "unknown", "n/a", "none", "null", "-"}
    )


def _plain(lines: Sequence[str]) -> tuple[list[Cue], list[str]] | None:
    """Return the cues and the lines before them, from one look, where all are `- [12:34] words` and nothing is odd."""
    first = next((at for at, line in enumerate(lines) if is_line(line)), len(lines))
    found = _PLAIN.findall("\n".join(lines[first:]))
    starts = [
        ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 for hours, minutes, seconds, _ in found
    ]
    if len(found) < sum(map(bool, lines[first:])) or starts != sorted(starts) or any(map(_is_said, lines[:first])):
        return None
    return list(map(Cue, starts, [text.strip() for _, _, _, text in found])), list(lines[:first])


def _cues(file: File, body: int, *, foreign: bool = False) -> tuple[list[Cue], list[str]]:
    """Return the cues and the lines before the first of them; of a `foreign` file these may be spoken as well."""
    seen = Times(file.oddities)
    starts: list[int] = []
    ends: list[int | None] = []
    texts: list[str] = []
    more: dict[int, list[str]] = {}  # the lines after the first one of a cue
    head: list[str] = []
    early: list[Cue] = []
    for number, line in enumerate(file.lines[body:], start=body + 1):
        match = _CUE.fullmatch(line) if "[" in line else None
        start = _milliseconds(match[2]) if match else None
        if match and start is None:
            file.oddities.note(_IMPOSSIBLE if starts else _IMPOSSIBLE_FIRST, number)
        if match and start is not None:
            if match[3] is None and starts and start >= starts[-1]:  # as nearly all are
                end = None
                seen.went_on(start)
            else:
                start, end = seen.of(start, times.clock(match[3].replace(",", ".")) if match[3] else None, number)
            starts.append(start)
            ends.append(end)
            texts.append(match[4].strip())
        elif match and not starts:
            early.append(Cue(0, match[4].strip()))
        elif not starts:
            head.append(line)
            if _is_said(line):
                spoken = foreign and is_sentence(line)
                early += [Cue(0, line.strip())] if spoken else []
                file.oddities.note(EARLY_KEPT if spoken else times.EARLY, number)
        elif _HEADING.match(line):
            file.oddities.note("a heading stands among the cues; it was left out.", number)
        elif line.strip():
            more.setdefault(len(texts) - 1, []).append(line.strip())
    known = {front[0] for text in texts if (front := names.in_front(text))} if foreign and more else set()
    if known or early:
        cues = early + [
            Cue(start, part, end)
            for at, (start, text, end) in enumerate(zip(starts, texts, ends, strict=True))
            for part in parted_by_names([text, *more.get(at, ())], known)
        ]
        return cues, head
    for at, rest in more.items():
        texts[at] = " ".join(filter(None, (texts[at], *rest)))
    return list(map(Cue, starts, texts, ends)), head


def parted_by_names(lines: Sequence[str], known: Collection[str]) -> list[str]:
    """Join lines, but for those that begin with a name that is known to speak in the file."""
    parts = [[lines[0]]]
    for line in lines[1:]:
        front = names.in_front(line) if known else None
        if front is not None and front[0] in known:
            parts.append([line])
        else:
            parts[-1].append(line)
    return [" ".join(filter(None, part)) for part in parts]


def is_sentence(line: str) -> bool:
    """Whether a line ends as words do, and headings don't."""
    return _SENTENCE.search(line) is not None


def _is_said(line: str) -> bool:
    """Whether a line before the first cue holds words: no heading, rule, or item that describes the file."""
    return any(map(str.isalpha, line)) and not _ABOUT.match(line)


def _milliseconds(time: str) -> int | None:
    """Read a time; most are `MM:SS`."""
    minutes, _, seconds = time.partition(":")
    if len(seconds) == 2 and seconds < "60":
        return (int(minutes) * 60 + int(seconds)) * 1000
    return times.clock(time.replace(",", "."))


def _spoken(cue: Cue) -> Cue:
    match = _SPOKEN.fullmatch(cue.text)
    return cue._replace(text=match[2].strip(), speaker=match[1] or None) if match else cue

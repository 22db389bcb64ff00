"""What a file says of its video, as text by key → `Details`: what can be read is kept, and what can't is said."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath

from store import links
from store.errors import FormatError
from store.formats import times
from store.formats.oddities import Oddities
from store.formats.parsed import Fields
from store.models import Chapter, Details
from store.sentences import sentence
from store.text import languages

MAX_VALUE = 300  # characters kept of a title, a name or a tag
MAX_TAGS = 25
MAX_CHAPTERS = 500
OF_MANY = frozenset({"speaker", "channel", "tags", "language"})  # what may be given with several files at once

_DURATION = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d\d)(?:\.\d+)?")
_CHAPTER = re.compile(r"\s*[\[(]?((?:\d{1,4}:)?\d{1,4}:\d\d(?:\.\d{1,3})?)[\])]?\s*(?:[-–—|:]\s+)?(\S.*)")
_CUT = {
    "title": sentence("the title has more than {most} characters; it was cut."),
    "speaker": sentence("the speaker has more than {most} characters; it was cut."),
    "channel": sentence("the channel has more than {most} characters; it was cut."),
}
_TAGS = sentence("there are more than {most} tags; the others were left out.")
_NO_CHAPTER = sentence("the chapter “{chapter}” isn't like `12:34 Title`; it was left out.")
_CHAPTERS = sentence("there are more than {most} chapters; the others were left out.")
_NO_LINK = sentence("the video's address isn't a web link; quotes will show the time without one.")
_NO_DAY = sentence("the date “{text}” isn't a day like 2025-01-31; it was left out.")
_NO_LENGTH = sentence("the duration “{text}” isn't like 01:23:45; the last cue's time is used.")
_REFUSED = {  # what is said of each where somebody gives it who can give another
    _CUT["title"].template: sentence("Nothing was changed: the title has more than {most} characters."),
    _CUT["speaker"].template: sentence("Nothing was changed: the speaker has more than {most} characters."),
    _CUT["channel"].template: sentence("Nothing was changed: the channel has more than {most} characters."),
    _TAGS.template: sentence("Nothing was changed: there are more than {most} tags."),
    _NO_CHAPTER.template: sentence("Nothing was changed: the chapter “{chapter}” isn't like `12:34 Title`."),
    _CHAPTERS.template: sentence("Nothing was changed: there are more than {most} chapters."),
    _NO_LINK.template: sentence("Nothing was changed: the video's address isn't a web link."),
    _NO_DAY.template: sentence("Nothing was changed: the date “{text}” isn't a day like 2025-01-31."),
    _NO_LENGTH.template: sentence("Nothing was changed: the duration “{text}” isn't like 01:23:45."),
}
_TRACK = re.compile(r"(.+)\.([A-Za-z]{2,3})-[\w-]{11}")  # of several in one language, as YouTube names them
_NOTHING = {"", "unknown", "n/a", "none", "null", "-"}


def details(
    fields: Fields, name: str, oddities: Oddities, *, chapters: Sequence[Chapter] = (), timed: bool = True
) -> Details:
    """Return the details that `fields` give; `name` is the file's, the title of last resort."""
    tags = fields.get("tags", [])
    values = tags if isinstance(tags, list) else tags.split(",")
    kept = dict.fromkeys(tag for value in values if (tag := value_of(value)))
    if len(kept) > MAX_TAGS:
        oddities.note(_TAGS, most=MAX_TAGS)
    for key, value in fields.items():
        if key in _CUT and len(value if isinstance(value, str) else ", ".join(value)) > MAX_VALUE:
            oddities.note(_CUT[key], most=MAX_VALUE)
    stated = fields.get("chapters", [])
    return Details(
        title=_text(fields, "title") or value_of(stem(name)) or "Untitled",
        video_id=_text(fields, "video_id"),
        url=_link(_address(fields, "video_url") or _address(fields, "url"), oddities),
        speaker=_text(fields, "speaker") or _text(fields, "speakers"),
        channel=_text(fields, "channel"),
        published=_date(_text(fields, "date"), oddities),
        duration_ms=_duration(_text(fields, "duration"), oddities),
        tags=tuple(kept)[:MAX_TAGS],
        language=_text(fields, "language"),
        chapters=tuple(chapters or _chapters(stated if isinstance(stated, list) else stated.splitlines(), oddities)),
        timed=timed,
    )


def checked(given: Fields | Mapping[str, str]) -> Details:
    """Return details that somebody gives, by the keys of the front matter.

    Raises:
        FormatError: one can't be kept.
        LanguageError: the language is none.
    """
    if language := given.get("language"):
        languages.chosen(str(language))
    oddities = Oddities()
    read = details(dict(given), "", oddities)
    if odd := oddities.found():
        said = odd[0].text
        raise FormatError(replace(_REFUSED[said.template], fields=said.fields))
    return read


def as_given(details: Details) -> dict[str, str]:
    """Return the details that a moderator may set, by the keys and in the form in which they are given."""
    said = {
        "title": details.title,
        "video_url": details.url,
        "speaker": details.speaker,
        "channel": details.channel,
        "date": details.published.isoformat() if details.published else None,
        "tags": ", ".join(details.tags),
    }
    return {key: value or "" for key, value in said.items()}


def stem(name: str) -> str:
    """Return a file's name without its suffix, and without a language before it: `talk.en.vtt` is a talk."""
    bare = PurePath(name).stem
    if (track := _TRACK.fullmatch(bare)) and languages.code(track[2]):
        return track[1]
    before, _, last = bare.rpartition(".")
    return before if before and languages.of_file(name) and not last.isdigit() else bare


def value_of(text: str, *, most: int = MAX_VALUE) -> str | None:
    """Return a text in one line, cut; None where it says nothing."""
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text[: most * 4])
    text = " ".join(text.split())[:most].strip()
    return None if text.casefold() in _NOTHING else text


def chapter(start_ms: int | None, title: object) -> Chapter | None:
    """Return a chapter of what a file gives; None where that has no time or no title."""
    named = value_of(title) if isinstance(title, str) else None
    return None if start_ms is None or start_ms < 0 or named is None else Chapter(start_ms, named)


def _chapters(lines: Sequence[str], oddities: Oddities) -> list[Chapter]:
    found = []
    for line in lines:
        match = _CHAPTER.fullmatch(line)
        one = chapter(times.clock(match[1]), match[2]) if match else None
        if one is not None:
            found.append(one)
        elif line.strip():
            oddities.note(_NO_CHAPTER, chapter=line.strip()[:40])
    if len(found) > MAX_CHAPTERS:
        oddities.note(_CHAPTERS, most=MAX_CHAPTERS)
    return found[:MAX_CHAPTERS]


def _text(fields: Fields, key: str) -> str | None:
    value = fields.get(key, "")
    return value_of(", ".join(value) if isinstance(value, list) else value)


def _address(fields: Fields, key: str) -> str | None:
    value = fields.get(key, "")
    return value_of(value, most=links.MAX_URL + 1) if isinstance(value, str) else None  # too long is refused, not cut


def _link(url: str | None, oddities: Oddities) -> str | None:
    if url is None:
        return None
    checked = links.checked(url)
    if checked is None:
        oddities.note(_NO_LINK)
    return checked


def _date(text: str | None, oddities: Oddities) -> date | None:
    if text is None:
        return None
    match = re.match(r"(\d{4})(?:[-/.年](\d\d?)[-/.月](\d\d?)|(\d\d)(\d\d))(?!\d)", text)
    try:
        if match:
            return date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5]))
    except ValueError:
        pass  # no such day: reported like any other text that isn't a date
    oddities.note(_NO_DAY, text=text[:40])
    return None


def _duration(text: str | None, oddities: Oddities) -> int | None:
    if text is None:
        return None
    if match := _DURATION.fullmatch(text):
        return ((int(match[1] or 0) * 60 + int(match[2])) * 60 + int(match[3])) * 1000
    if re.fullmatch(r"\d{1,7}(?:\.\d+)?", text):
        return int(float(text) * 1000)
    oddities.note(_NO_LENGTH, text=text[:40])
    return None

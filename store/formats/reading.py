"""Bytes of a file → `Reading`: decoded, recognised, parsed, and what was odd about it."""

import dataclasses
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from store.errors import FormatError
from store.formats import info, others, table
from store.formats.decoding import decode
from store.formats.details import details
from store.formats.oddities import Oddities
from store.formats.parsed import Fields, File, Parsed, tag
from store.formats.speech import podcasting
from store.formats.speech.exported import KEY
from store.models import Cue, Details, Reading, Transcript
from store.sentences import counted, sentence
from store.text import echoes
from store.text.wording import clock

MAX_BYTES = 25 * 1024 * 1024
MAX_CUES = 100_000

_CONTROLS = {  # a terminal would obey them
    code: " " for code in range(0xA0) if unicodedata.category(chr(code)) == "Cc" and not chr(code).isspace()
} | dict.fromkeys(map(ord, "\n\r"), " ")
_NO_ARCHIVE = {
    ".zip": sentence("{name} isn't a ZIP; make it anew, or send the transcript's own file."),
    ".gz": sentence("{name} isn't a gzip file; make it anew, or send the transcript's own file."),
}
_SURROGATES = re.compile("[\ud800-\udfff]")  # JSON may hold halves of characters, which no database keeps


def read(
    data: bytes,
    name: str,
    *,
    max_bytes: int = MAX_BYTES,
    max_cues: int = MAX_CUES,
    companion: bytes | None = None,
    given: Mapping[str, str] | None = None,
    expected: Sequence[str] = (),
) -> Reading:
    """Read a transcript file; `name` is its file name, used as the title of last resort.

    `companion` is the description that yt-dlp writes beside it; `given` are details that win over both; `expected` are
    the languages that it may be in.

    Raises:
        FormatError: too large, not text, or of no format with a cue; nothing else, whatever the bytes.
    """
    if (said := others.refused(name, data)) is not None:
        raise FormatError(said)
    if len(data) > max_bytes:
        raise FormatError.too_large(max_bytes)
    try:
        return _read(data, name, max_cues=max_cues, companion=companion, given=given or {}, expected=expected)
    except RecursionError as error:
        raise FormatError("This file is nested too deeply for a transcript; choose another one.") from error


def _read(
    data: bytes,
    name: str,
    *,
    max_cues: int,
    companion: bytes | None,
    given: Mapping[str, str],
    expected: Sequence[str],
) -> Reading:
    try:
        text, encoding = decode(data, name, expected=expected)
    except FormatError as error:
        if (other := _no_archive(name)) is not None:
            raise other from error
        raise
    described = info.read(File(f"{name}{info.SUFFIX}", decode(companion, name)[0])) if companion is not None else None
    file = File(name, text, Oddities(), exact=described is not None and KEY in described.fields)
    found = _recognised(file)
    parsed = found.read(file)
    if not parsed.cues:
        raise FormatError("No words were found; this looks like {format}, but it has no cue.", format=found.name)
    if len(parsed.cues) > max_cues:
        raise FormatError(
            counted(
                "The file has more than {n} cue; split it and send the parts.",
                "The file has more than {n} cues; split it and send the parts.",
                max_cues,
            )
        )
    fields = _joined(parsed.fields, described.fields if described else {}, given)
    chapters = parsed.chapters or (described.chapters if described else ())
    for start_ms, count in echoes.loops(parsed.cues):
        file.oddities.note(
            counted(
                "from {time} on the same words stand {n} time in a row, as where a recogniser loops; they are kept, "
                "and found once.",
                "from {time} on the same words stand {n} times in a row, as where a recogniser loops; they are kept, "
                "and found once.",
                count,
                time=clock(start_ms),
            )
        )
    cues = _cleaned(parsed, keeps_ends=fields.get("ends", "1") != "")
    kept = details(fields, name, file.oddities, chapters=chapters, timed=parsed.timed)
    lacking = frozenset() if KEY in fields else _lacking(kept, titled=bool(fields.get("title")))
    return Reading(Transcript(kept, cues), file.oddities.found(), found.name, encoding, lacking)


def _recognised(file: File) -> table.Format:
    """Return the format of a file.

    Raises:
        FormatError: it is of none, or broken.
    """
    for one in table.FORMATS:
        if one.recognised(file):
            if one is not table.PLAIN or (file.is_text and file.document is None and file.tree is None):
                return one
            break
    if podcasting.is_chapters(file):
        raise FormatError("These are a podcast's chapters and no words; send the transcript itself.")
    if file.document is not None:
        raise FormatError("This JSON is no transcript that is known: it has no segments, events, words or utterances.")
    if file.tree is not None and tag(file.tree) in {"rss", "feed", "rdf"}:
        raise FormatError("This is a podcast's feed; give its address to `/follow add`.")
    if file.tree is not None:
        raise FormatError("This XML is no transcript that is known: it is neither TTML nor YouTube's.")
    raise _no_archive(file.name) or FormatError(
        "No cue was found. Captions (SRT, VTT and others) need lines like `00:01:02,000 --> 00:01:05,000`, a "
        "transcript lines like `- [12:34] the words that were said`; words without times can be sent as .txt or .md."
    )


def _no_archive(name: str) -> FormatError | None:
    """Return the error of a file that is called an archive, and is none; None of any other name."""
    if (said := _NO_ARCHIVE.get(PurePath(name).suffix.lower())) is None:
        return None
    return FormatError(said, name=name[:80])


def _joined(file: Fields, described: Fields, given: Mapping[str, str]) -> Fields:
    """Return what a file, its description and who sends it say, the last of them first."""
    named: Fields = {key: value for key, value in described.items() if value}
    if "video_url" in named or "video_url" in given:
        file = {key: value for key, value in file.items() if key != "url"}
    return {**file, **named, **({"ends": ""} if described.get("ends") == "" else {}), **given}


def _lacking(kept: Details, *, titled: bool) -> frozenset[str]:
    """Return which details a file doesn't state; its length and whether it has times are its cues'."""
    empty = {field.name for field in dataclasses.fields(kept) if getattr(kept, field.name) in {None, ()}}
    return frozenset((empty | (set() if titled else {"title"})) - {"duration_ms"})


def _cleaned(parsed: Parsed, *, keeps_ends: bool) -> tuple[Cue, ...]:
    """Return cues without what no terminal, database or line holds: controls, halves of characters, ends of lines."""
    cues = []
    for cue in parsed.cues:
        start, text, end, speaker = cue
        if speaker is None and end is None and text.isprintable() and text == text.strip():
            cues.append(cue)
            continue
        if not text.isprintable():  # most are, and so hold none
            text = _SURROGATES.sub("\ufffd", text).translate(_CONTROLS)
        if speaker is not None:
            speaker = " ".join(_SURROGATES.sub("\ufffd", speaker).translate(_CONTROLS).split())[:80].rstrip() or None
        cues.append(Cue(start, text.strip(), end if keeps_ends else None, speaker))
    return tuple(cues)

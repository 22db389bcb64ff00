"""Podcasting 2.0: transcripts as JSON (`startTime`, `body`) and chapters beside them.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
"""

from store.formats import times
from store.formats.details import chapter
from store.formats.parsed import File, Parsed
from store.formats.speech.words import Object, Word, grouped, objects, speaker_of, spoken, text_of
from store.models import Chapter
from store.text import analysis

WORDS = 1.6  # in a segment on the average, up to which its segments are words, to be joined


def recognised(file: File) -> bool:
    """Whether a file holds segments with a body."""
    return any("body" in item and "startTime" in item for item in _segments(file)[:20])


def read(file: File) -> Parsed:
    """Read a transcript; many hosts give a segment a word."""
    segments = _segments(file)
    items: list[Object] = [
        {"start": item.get("startTime"), "end": item.get("endTime"), "text": said, "speaker": item.get("speaker")}
        for item in segments
        if (said := text_of(item, "body"))
    ]
    if items and sum(analysis.length(str(item["text"])) for item in items) > WORDS * len(items):
        return Parsed(spoken(items, file.oddities))
    words = [
        Word(str(item["text"]), times.seconds(item["start"]), times.seconds(item["end"]), speaker_of(item["speaker"]))
        for item in items
    ]
    return Parsed(grouped(words, file.oddities))


def is_chapters(file: File) -> bool:
    """Whether a file holds chapters."""
    return isinstance(file.document, dict) and any(
        "startTime" in item for item in objects(file.document.get("chapters"))
    )


def chapters(file: File) -> tuple[Chapter, ...]:
    """Return the chapters that a file holds; those that aren't in the table of contents are none."""
    found = objects(file.document.get("chapters")) if isinstance(file.document, dict) else []
    shown = [item for item in found if item.get("toc") is not False]
    every = [chapter(times.seconds(item.get("startTime")), item.get("title")) for item in shown]
    return tuple(one for one in every if one is not None)


def _segments(file: File) -> list[Object]:
    return objects(file.document.get("segments")) if isinstance(file.document, dict) else []

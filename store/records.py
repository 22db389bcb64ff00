"""What is stored of a transcript beside its cues: its key, its digest, its columns; and the `Entry` of a row."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import PurePath

from store import links
from store.models import Chapter, Cue, Details, Entry, Spoken, SpokenBy, Transcript
from store.sentences import Sentence, counted, sentence, series
from store.text import languages

COLUMNS = """
    t.id, t.title, t.video_id, t.url, t.speaker, t.channel, t.published, t.stated_ms, t.tags, t.language,
    t.duration_ms, t.cues, t.words, t.passages, t.ingested_at, lower(substr(hex(t.content), 1, 8)), t.spoken,
    t.spoken_by, t.chapters, t.timed, t.speakers, t.ingested_by
"""

NO_DETAILS = Details("")
_FIRST_DETAILS = (*("title", "video_id", "url", "speaker", "channel", "published", "duration_ms", "tags", "language"),)


def source(details: Details, name: str) -> str:
    """Return the key by which a second file of the same video is known: its link, its id, or its title.

    A title alone is shared by weekly calls, so the day, or else the file's name, belongs to it: without its suffix,
    for the same talk may come as SRT and as VTT.
    """
    if details.url is not None:
        return links.source(details.url, details.video_id)
    if details.video_id is not None:
        return f"id:{details.video_id}"
    when = details.published.isoformat() if details.published else stem(name)
    return f"title:{details.title.casefold()}|{when}"


def stem(name: str) -> str:
    """Return a file's name as it is compared: without its suffix."""
    bare = PurePath(name).stem.casefold()
    return bare.encode("utf-8", "backslashreplace").decode()  # it may hold bytes that are no text


def digest(transcript: Transcript) -> bytes:
    """Return a digest that is equal for equal details and cues.

    What a file of an earlier version couldn't say counts only where it is said, so that its digest stays as it was.
    """
    return _digest(transcript, _words(transcript.cues))


def said(cues: Sequence[Cue]) -> bytes:
    """Return a digest that is equal for the same words at the same times."""
    return _hashed(_words(cues))


def _words(cues: Sequence[Cue]) -> str:
    return repr([(cue.start_ms, cue.text) for cue in cues])


def _digest(transcript: Transcript, words: str) -> bytes:
    said = transcript.details
    first = ", ".join(f"{name}={getattr(said, name)!r}" for name in _FIRST_DETAILS)
    content = f"(Details({first}), {words})"
    more = [(at, *cue[2:]) for at, cue in enumerate(transcript.cues) if cue[2:] != (None, None)]
    if more or said.chapters or not said.timed:
        content += repr((more, [tuple(chapter) for chapter in said.chapters], said.timed))
    return _hashed(content)


def _hashed(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def columns_of(transcript: Transcript, name: str, spoken: Spoken, *, words: int, passages: int) -> dict[str, object]:
    """Return what is stored of a transcript beside its cues, by column; `name` is its file's.

    When it was ingested is known where it is written.
    """
    return {
        "source": source(transcript.details, name),
        "file": stem(name),
        **described(transcript),
        "speakers": json.dumps(transcript.speakers, ensure_ascii=False),
        "spoken": spoken.code,
        "spoken_by": spoken.by,
        "cues": len(transcript.cues),
        "words": words,
        "passages": passages,
    }


def described(transcript: Transcript) -> dict[str, object]:
    """Return the columns that hold a transcript's details, and its digests."""
    said, spoken_words = transcript.details, _words(transcript.cues)
    return {
        "content": _digest(transcript, spoken_words),
        "said": _hashed(spoken_words),
        "title": said.title,
        "video_id": said.video_id,
        "url": said.url,
        "speaker": said.speaker,
        "channel": said.channel,
        "published": said.published.isoformat() if said.published else None,
        "stated_ms": said.duration_ms,
        "duration_ms": transcript.duration_ms,
        "tags": json.dumps(said.tags, ensure_ascii=False),
        "chapters": json.dumps(said.chapters, ensure_ascii=False),
        "timed": said.timed,
        "language": said.language,
    }


_NONE = sentence("none")
_VALUES = {  # what is said of a detail that changed
    "title": sentence("title: {before} → {after}"),
    "speaker": sentence("speaker: {before} → {after}"),
    "url": sentence("link: {before} → {after}"),
    "published": sentence("date: {before} → {after}"),
    "channel": sentence("channel: {before} → {after}"),
    "language": sentence("language: {before} → {after}"),
}
_COUNTS = {"tags": sentence("tags: {before} → {after}"), "chapters": sentence("chapters: {before} → {after}")}


def changes(
    old: Details,
    new: Details,
    before: Sequence[Cue] = (),
    after: Sequence[Cue] = (),
    *,
    spoken: tuple[str, str] = ("", ""),
) -> tuple[Sentence, ...]:
    """Say what differs between two versions, one sentence each; a cue of the same time with other words is changed.

    `spoken` are the languages by which their words are treated.
    """
    said = [
        sentence(template, before=getattr(old, field) or _NONE, after=getattr(new, field) or _NONE)
        for field, template in _VALUES.items()
        if getattr(old, field) != getattr(new, field) and not (field == "language" and spoken[0] != spoken[1])
    ]
    said += [
        sentence(template, before=len(getattr(old, field)), after=len(getattr(new, field)))
        for field, template in _COUNTS.items()
        if getattr(old, field) != getattr(new, field)
    ]
    if spoken[0] != spoken[1]:
        before_, after_ = (languages.said(code) if code else sentence("unknown") for code in spoken)
        said.append(sentence("treated as: {before} → {after}", before=before_, after=after_))
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    starts, started = (Counter(cue.start_ms for cue in cues.elements()) for cues in (gone, come))
    changed = (starts & started).total()
    counts = [
        counted("{n} added", "{n} added", come.total() - changed),
        counted("{n} removed", "{n} removed", gone.total() - changed),
        counted("{n} changed", "{n} changed", changed),
    ]
    if any(one.count for one in counts):
        said.append(sentence("cues: {changes}", changes=series([one for one in counts if one.count])))
    return tuple(said) or (sentence("only other details"),)


def entry(row: Iterable[object]) -> Entry:
    """Make an `Entry` of a row of `COLUMNS`."""
    id_, title, video_id, url, speaker, channel, published, stated, tags, language, *more = tuple(row)[:22]
    duration, cue_count, words, passages, ingested_at, content, spoken, spoken_by, *said = more
    chapters, timed, speakers, ingested_by = said
    return Entry(
        id=_int(id_),
        details=Details(
            title=str(title),
            video_id=_text(video_id),
            url=_text(url),
            speaker=_text(speaker),
            channel=_text(channel),
            published=date.fromisoformat(str(published)) if published is not None else None,
            duration_ms=_int(stated) if stated is not None else None,
            tags=tuple(json.loads(str(tags))),
            language=_text(language),
            chapters=tuple(Chapter(*chapter) for chapter in json.loads(str(chapters))),
            timed=bool(timed),
        ),
        duration_ms=_int(duration),
        cues=_int(cue_count),
        words=_int(words),
        passages=_int(passages),
        ingested_at=datetime.fromisoformat(str(ingested_at)),
        content=str(content),
        spoken=Spoken(str(spoken), SpokenBy(str(spoken_by))),
        speakers=tuple(json.loads(str(speakers))),
        ingested_by=_int(ingested_by) if ingested_by is not None else None,
    )


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def _text(value: object) -> str | None:
    return str(value) if value is not None else None

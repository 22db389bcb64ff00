"""Verbatim's own JSON, which keeps all that is known of a transcript, and is written by `store.formats.writing`."""

from store.formats import times
from store.formats.details import chapter
from store.formats.parsed import Fields, File, Parsed
from store.formats.speech.words import objects
from store.formats.times import Times
from store.models import Cue

KEY, TIMED = "verbatim", "timed"
TEXTS = ("title", "video_id", "video_url", "speaker", "channel", "date", "language")


def recognised(file: File) -> bool:
    """Whether a file says that it is one of ours."""
    return isinstance(file.document, dict) and KEY in file.document and "cues" in file.document


def read(file: File) -> Parsed:
    """Read a file as it was written."""
    document = file.document
    assert isinstance(document, dict)
    seen = Times(file.oddities)
    cues: list[Cue] = []
    for item in objects(document["cues"]):
        text, name = item.get("text"), item.get("speaker")
        start, speaker = times.seconds(item.get("start", 0)), name if isinstance(name, str) and name else None
        if not isinstance(text, str):
            file.oddities.note("a cue has no words; it was left out.")
        elif start is None:
            file.oddities.note(times.TIMELESS)
            times.keep(cues, text, speaker)
        else:
            start, end = seen.of(start, times.seconds(item.get("end")))
            cues.append(Cue(start, text, end, speaker))
    fields: Fields = {key: value for key in TEXTS if isinstance(value := document.get(key), str)}
    fields[KEY] = "1"
    if isinstance(tags := document.get("tags"), list):
        fields["tags"] = [tag for tag in tags if isinstance(tag, str)]
    if (length := times.seconds(document.get("duration"))) is not None:
        fields["duration"] = f"{length / 1000:.3f}"
    every = [chapter(times.seconds(one.get("start")), one.get("title")) for one in objects(document.get("chapters"))]
    chapters = tuple(one for one in every if one is not None)
    return Parsed(cues, fields, chapters, timed=document.get("timed") is not False)

"""JSON of Whisper and its kin: `segments` with `start`, `end` and `text`, or `words` alone; or `transcription`."""

from store.formats import times
from store.formats.parsed import Fields, File, Parsed
from store.formats.speech.words import Object, Word, grouped, objects, speaker_of, spoken, text_of


def recognised(file: File) -> bool:
    """Whether a file holds segments, or words, with a start in seconds."""
    return bool(_segments(file.document) or _words(file.document) or _cpp(file.document))


def read(file: File) -> Parsed:
    """Read a file of segments; where there are none, its words are joined to cues."""
    document = file.document
    fields: Fields = {}
    if isinstance(document, dict):
        result = document.get("result")
        language = document.get("language") or (result.get("language") if isinstance(result, dict) else None)
        if isinstance(language, str):
            fields["language"] = language
    if segments := _segments(document):
        return Parsed(spoken(_ended(segments), file.oddities), fields)
    if cpp := _cpp(document):
        items: list[Object] = [
            {**_offsets(item), "text": text_of(item, "text"), "speaker": item.get("speaker")} for item in cpp
        ]
        return Parsed(spoken(items, file.oddities, unit="ms"), fields)
    words = [
        Word(said, times.seconds(word.get("start")), times.seconds(word.get("end")), speaker_of(word.get("speaker")))
        for word in _words(document)
        if (said := text_of(word, "word", "text"))
    ]
    return Parsed(grouped(words, file.oddities), fields)


def _segments(document: object) -> list[Object]:
    found = objects(document.get("segments") if isinstance(document, dict) else document)
    return found if any("start" in item and "text" in item for item in found[:20]) else []


def _ended(segments: list[Object]) -> list[Object]:
    """Give segments that say how long they are shown, as YouTube's do, their ends, before the next one's start."""
    found: list[Object] = []
    for at, item in enumerate(segments):
        start, lasting = times.seconds(item.get("start")), times.seconds(item.get("duration"))
        if "end" not in item and start is not None and lasting is not None:
            after = times.seconds(segments[at + 1].get("start")) if at + 1 < len(segments) else None
            end = start + lasting if after is None or after <= start else min(start + lasting, after)
            found.append({**item, "end": end / 1000})
        else:
            found.append(item)
    return found


def _words(document: object) -> list[Object]:
    if not isinstance(document, dict):
        return []
    found = objects(document.get("words")) or objects(document.get("word_segments"))
    return found if any("word" in item and "start" in item for item in found[:20]) else []


def _cpp(document: object) -> list[Object]:
    found = objects(document.get("transcription")) if isinstance(document, dict) else []
    return found if any("offsets" in item for item in found[:20]) else []


def _offsets(item: Object) -> Object:
    offsets = item.get("offsets")
    return {"start": offsets.get("from"), "end": offsets.get("to")} if isinstance(offsets, dict) else {}

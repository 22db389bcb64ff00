"""AWS Transcribe: words as `items`, punctuation apart; newer jobs have sentences as `audio_segments` beside them."""

from store.formats import times
from store.formats.parsed import Fields, File, Parsed
from store.formats.speech.words import Object, Word, grouped, objects, speaker_of, text_of


def recognised(file: File) -> bool:
    """Whether a file is a result with items."""
    return bool(objects(_results(file).get("items")))


def read(file: File) -> Parsed:
    """Read a result; who says a word stands at it, or in the list of speakers' segments."""
    results = _results(file)
    labels = results.get("speaker_labels")
    segments = objects(labels.get("segments")) if isinstance(labels, dict) else []
    speakers = {
        str(item.get("start_time")): item.get("speaker_label", segment.get("speaker_label"))
        for segment in segments
        for item in objects(segment.get("items"))
    }
    language = results.get("language_code")
    fields: Fields = {"language": language} if isinstance(language, str) else {}
    words: list[Word] = []
    for item in objects(results.get("items")):
        said = text_of(next(iter(objects(item.get("alternatives"))), {}), "content")
        if not said:
            continue
        if item.get("type") == "punctuation" and words:
            words[-1] = words[-1]._replace(text=words[-1].text + said)
            continue
        speaker = speaker_of(item.get("speaker_label") or speakers.get(str(item.get("start_time"))))
        start, end = times.seconds(item.get("start_time")), times.seconds(item.get("end_time"))
        words.append(Word(said, start, end, speaker))
    cues = grouped(words, file.oddities)
    return Parsed(cues, fields)


def _results(file: File) -> Object:
    results = file.document.get("results") if isinstance(file.document, dict) else None
    return results if isinstance(results, dict) else {}

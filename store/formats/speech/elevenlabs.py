"""ElevenLabs' Scribe: `words` of a type (word, spacing, audio_event) with a `speaker_id`; times in seconds."""

from store.formats import times
from store.formats.parsed import Fields, File, Parsed
from store.formats.speech.words import Word, grouped, objects, speaker_of, text_of

_TYPES = {"word", "spacing", "audio_event"}


def recognised(file: File) -> bool:
    """Whether a file holds words of these types."""
    document = file.document
    words = objects(document.get("words"))[:20] if isinstance(document, dict) else []
    return any(word.get("type") in _TYPES and "text" in word and "start" in word for word in words)


def read(file: File) -> Parsed:
    """Read a transcript; what is heard and isn't said stands among its words."""
    assert isinstance(file.document, dict)
    words = [
        Word(said, times.seconds(word.get("start")), times.seconds(word.get("end")), speaker_of(word.get("speaker_id")))
        for word in objects(file.document["words"])
        if word.get("type") != "spacing" and (said := text_of(word, "text"))
    ]
    language = file.document.get("language_code")
    fields: Fields = {"language": language} if isinstance(language, str) else {}
    return Parsed(grouped(words, file.oddities), fields)

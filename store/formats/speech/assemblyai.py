"""AssemblyAI: `utterances` with speakers where they were asked for, else `words`; times in milliseconds.

Its times are whole numbers; where others that have the same names have fractions, they are seconds.
"""

from store.formats import times
from store.formats.parsed import Fields, File, Parsed
from store.formats.speech.words import Word, grouped, objects, speaker_of, text_of


def recognised(file: File) -> bool:
    """Whether a file is a transcript with utterances, or words as this maker has them."""
    document = file.document
    if not isinstance(document, dict):
        return False
    known = bool({"audio_duration", "audio_url", "language_code", "speech_model"} & document.keys())
    return any("text" in item and "start" in item for item in objects(document.get("utterances"))) or (
        known and any("text" in item for item in objects(document.get("words")))
    )


def read(file: File) -> Parsed:
    """Read a transcript; an utterance of minutes is parted by its words' times."""
    assert isinstance(file.document, dict)
    items = objects(file.document.get("utterances")) or [file.document]
    parts = [(item, word) for item in items for word in objects(item.get("words")) or [item]]
    stated = (word.get(key) for _, word in parts for key in ("start", "end"))
    fractions = any(isinstance(time, float) and not time.is_integer() for time in stated)
    read_time = times.seconds if fractions else times.milliseconds
    words = []
    for item, word in parts:
        start, end = read_time(word.get("start")), read_time(word.get("end"))
        if said := text_of(word, "text"):
            words.append(Word(said, start, end, speaker_of(word.get("speaker") or item.get("speaker"))))
    language = file.document.get("language_code")
    fields: Fields = {"language": language} if isinstance(language, str) else {}
    if (length := file.document.get("audio_duration")) and isinstance(length, int | float):
        fields["duration"] = str(length)
    return Parsed(grouped(words, file.oddities), fields)

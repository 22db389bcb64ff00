"""Deepgram: `utterances` where they were asked for, else the sentences of paragraphs, else words."""

from store.formats import times
from store.formats.parsed import Fields, File, Parsed
from store.formats.speech.words import Object, Word, grouped, objects, speaker_of, spoken, text_of


def recognised(file: File) -> bool:
    """Whether a file is a result with channels or utterances."""
    results = _results(file)
    return bool(objects(results.get("channels")) or objects(results.get("utterances")))


def read(file: File) -> Parsed:
    """Read a result; of several channels all, in the order of their times."""
    results = _results(file)
    channels = objects(results.get("channels"))
    language = next((text for channel in channels if (text := text_of(channel, "detected_language"))), "")
    fields: Fields = {"language": language} if language else {}
    if utterances := objects(results.get("utterances")):
        return Parsed(spoken(utterances, file.oddities, text=("transcript",)), fields)
    best = [next(iter(objects(channel.get("alternatives"))), {}) for channel in channels]
    if sentences := [sentence for one in best for sentence in _sentences(one)]:
        return Parsed(spoken(sorted(sentences, key=_start), file.oddities), fields)
    cues = [cue for one in best for cue in grouped(_words(one), file.oddities)]
    return Parsed(sorted(cues, key=lambda cue: cue.start_ms), fields)


def _words(alternative: Object) -> list[Word]:
    return [
        Word(said, times.seconds(word.get("start")), times.seconds(word.get("end")), speaker_of(word.get("speaker")))
        for word in objects(alternative.get("words"))
        if (said := text_of(word, "punctuated_word", "word"))
    ]


def _sentences(alternative: Object) -> list[Object]:
    paragraphs = alternative.get("paragraphs")
    return [
        {**sentence, "speaker": paragraph.get("speaker")}
        for paragraph in objects(paragraphs.get("paragraphs") if isinstance(paragraphs, dict) else None)
        for sentence in objects(paragraph.get("sentences"))
    ]


def _start(item: Object) -> int:
    return times.seconds(item.get("start")) or 0


def _results(file: File) -> Object:
    results = file.document.get("results") if isinstance(file.document, dict) else None
    return results if isinstance(results, dict) else {}

"""Which transcripts pass a subscription's filters, and why others don't."""

from store.models import Entry, Wanted
from store.sentences import Sentence, sentence
from store.text.analysis import folded
from store.text.languages import said

SPEAKER = sentence("{speaker} doesn't speak in it")
TAG = sentence("it isn't tagged {tag}")
CHANNEL = sentence("it isn't from {channel}")
LANGUAGE = sentence("it isn't in {language}")

_SHOWN = 60  # characters of a name in a sentence


def refusal(wanted: Wanted, entry: Entry) -> Sentence | None:
    """Return why a transcript doesn't pass a subscription's filters, as the end of a sentence; None if it does."""
    details = entry.details
    if wanted.speaker and folded(wanted.speaker) not in map(folded, filter(None, (details.speaker, *entry.speakers))):
        return sentence(SPEAKER, speaker=_shown(wanted.speaker))
    if wanted.tag and folded(wanted.tag) not in map(folded, details.tags):
        return sentence(TAG, tag=_shown(wanted.tag))
    if wanted.from_channel and folded(wanted.from_channel) != folded(details.channel or ""):
        return sentence(CHANNEL, channel=_shown(wanted.from_channel))
    if wanted.language and wanted.language != entry.spoken.code:
        return sentence(LANGUAGE, language=said(wanted.language))
    return None


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"

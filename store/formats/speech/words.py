"""Words with times of their own → cues of a sentence or some seconds, for files that have nothing between."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import regex

from store.formats import times
from store.formats.oddities import Oddities
from store.formats.times import Times
from store.models import Cue

MOST = 24  # words in a cue
ENOUGH = 8  # words after which a sentence's end ends a cue
PAUSE_MS = 1200
LONGEST_MS = 12_000

# Between characters of these scripts, and the signs of some, stands no space.
_UNSPACED = (
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u3000-\u303f\u30fb\u30fc\uff01-\uff9f]"
)
_ENDS_SO = regex.compile(rf"{_UNSPACED}\p{{M}}*\Z")
_BEGINS_SO = regex.compile(_UNSPACED)

Object = Mapping[str, object]


class Word(NamedTuple):
    """A word as it is written; None for times that aren't known."""

    text: str
    start_ms: int | None
    end_ms: int | None
    speaker: str | None = None


def objects(value: object) -> list[Object]:
    """Return the objects in a list; nothing of what is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_of(item: Object, *keys: str) -> str:
    """Return the first of an item's texts that there is, in one line."""
    found = next((value for key in keys if isinstance(value := item.get(key), str) and value.strip()), "")
    return " ".join(part for line in found.splitlines() if (part := line.strip()))


def speaker_of(value: object) -> str | None:
    """Return a speaker's name; of a number or a letter `Speaker 1`."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"Speaker {value}"
    name = " ".join(value.split())[:80] if isinstance(value, str) else ""
    if not any(map(str.isalnum, name)):
        return None
    return f"Speaker {name}" if len(name) < 3 and name.isalnum() and name.isascii() else name


def spoken(
    items: Sequence[Object], oddities: Oddities, *, text: Sequence[str] = ("text",), unit: str = "s"
) -> list[Cue]:
    """Return a cue of each item with a text, a start and an end, in seconds or milliseconds.

    Words without a start are kept with those before them.
    """
    read = times.seconds if unit == "s" else times.milliseconds
    seen = Times(oddities)
    cues: list[Cue] = []
    for item in items:
        start, end = read(item.get("start")), read(item.get("end"))
        said, speaker = text_of(item, *text), speaker_of(item.get("speaker"))
        if said and start is None:
            oddities.note(times.TIMELESS)
            times.keep(cues, said, speaker)
        elif said and start is not None:
            cues.append(Cue(seen.of(start, end)[0], said, _after(start, end), speaker))
    return cues


def grouped(words: Iterable[Word], oddities: Oddities) -> list[Cue]:
    """Join words to cues: at most 24 words or 12 seconds, ended by a pause, another speaker or a sentence's end."""
    seen = Times(oddities)
    cues: list[Cue] = []
    held: list[Word] = []

    def close() -> None:
        start = next((word.start_ms for word in held if word.start_ms is not None), cues[-1].start_ms if cues else 0)
        end = next((word.end_ms for word in reversed(held) if word.end_ms is not None), None)
        text = held[0].text
        for word in held[1:]:
            unspaced = _BEGINS_SO.match(word.text) and _ENDS_SO.search(text[-4:])
            text += word.text if unspaced else f" {word.text}"
        text = text.strip()
        if text:
            start, end = seen.of(start, end)
            cues.append(Cue(start, text, end, held[0].speaker))
        held.clear()

    for word in words:
        if held and _ends(held, word):
            close()
        held.append(word)
    if held:
        close()
    return cues


def _ends(held: Sequence[Word], word: Word) -> bool:
    first = next((one.start_ms for one in held if one.start_ms is not None), None)
    last = next((one.end_ms for one in reversed(held) if one.end_ms is not None), None)
    now = word.start_ms
    return (
        word.speaker != held[0].speaker
        or len(held) >= MOST
        or (len(held) >= ENOUGH and held[-1].text.rstrip("\"'”’)").endswith((".", "?", "!", "…", "。", "？", "！")))
        or (now is not None and last is not None and now - last > PAUSE_MS)
        or (now is not None and first is not None and now - first > LONGEST_MS)
    )


def _after(start: int, end: int | None) -> int | None:
    return end if end is not None and end > start else None

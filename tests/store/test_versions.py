"""Captions of one video in two languages: two transcripts, each replaced by its own newer version alone."""

import pytest

from store.errors import FormatError, NotFoundError
from store.library import Library
from store.models import Ingested, Outcome
from tests.store.builders import GUILD, native

URL = "https://www.youtube.com/watch?v=q1w2e3r4t5y"
ENGLISH = ["good evening everybody and thank you for coming", "the keepers turned the lens with a clockwork"]
GERMAN = ["guten Abend zusammen und vielen Dank fürs Kommen", "die Wärter drehten die Linse mit einem Uhrwerk"]
JAPANESE = [
    "皆さんこんばんは今日は来てくれてありがとうございます",
    "灯台守は時計仕掛けでレンズを回していました",
    "水銀の上に浮かんでいたのです",
]


async def ingest(library: Library, texts: list[str], *, url: str = URL, name: str = "talk.vtt") -> Ingested:
    lines = [f"- [0:{at:02}] {text}" for at, text in enumerate(texts)]
    return await library.ingest(GUILD, native(lines, title="The keepers", video_url=url), name)


async def test_another_language_is_kept_beside_the_first(library: Library) -> None:
    english = await ingest(library, ENGLISH)
    japanese = await ingest(library, JAPANESE)
    german = await ingest(library, GERMAN)
    assert (japanese.outcome, japanese.beside) == (Outcome.NEW, (english.entry,))
    assert [other.spoken.code for other in german.beside] == ["en", "ja"]
    assert len((await library.ask(GUILD, "レンズ")).quotes) == len((await library.ask(GUILD, "Uhrwerk")).quotes) == 1

    again = await ingest(library, [*JAPANESE, "ではまた来週"])
    assert (again.outcome, again.entry.id) == (Outcome.REPLACED, japanese.entry.id)
    assert (await ingest(library, [*JAPANESE, "ではまた来週"])).outcome is Outcome.UNCHANGED
    again = await ingest(library, [*ENGLISH, "and so it went"])
    assert (again.outcome, again.entry.id) == (Outcome.REPLACED, english.entry.id)
    assert (await ingest(library, GERMAN)).outcome is Outcome.UNCHANGED


async def test_what_is_too_short_to_tell_its_language_replaces(library: Library) -> None:
    first = await ingest(library, ENGLISH)
    again = await ingest(library, ["okay"])
    assert (again.outcome, again.entry.id) == (Outcome.REPLACED, first.entry.id)


async def test_a_version_comes_back_to_its_place_after_the_other_took_the_first(library: Library) -> None:
    english = await ingest(library, ENGLISH)
    japanese = await ingest(library, JAPANESE)
    removed = await library.remove(GUILD, str(english.entry.id))
    assert (await ingest(library, [*JAPANESE, "ではまた"])).entry.id == japanese.entry.id
    german = await ingest(library, GERMAN)
    assert german.outcome is Outcome.NEW
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    assert (await ingest(library, [*ENGLISH, "more"])).entry.id == english.entry.id
    assert (await library.page(GUILD)).total == 3


async def test_a_removed_version_does_not_come_back_beside_a_newer_one_in_its_language(library: Library) -> None:
    await ingest(library, ENGLISH)
    japanese = await ingest(library, JAPANESE)
    removed = await library.remove(GUILD, str(japanese.entry.id))
    await ingest(library, [*JAPANESE, "ではまた"])
    assert removed.undo is not None
    with pytest.raises(FormatError, match="ingested of the same video since"):
        await library.restore(GUILD, removed.undo)


async def test_a_link_of_several_languages_asks_which_is_meant(library: Library) -> None:
    english, japanese = await ingest(library, ENGLISH), await ingest(library, JAPANESE)
    said = rf"choose one by its id: {english.entry.id} \(English\), {japanese.entry.id} \(Japanese\)"
    with pytest.raises(NotFoundError, match=said):
        await library.known(GUILD, "https://youtu.be/q1w2e3r4t5y")


async def test_a_transcript_in_another_language_may_be_given_the_link_by_hand(library: Library) -> None:
    await ingest(library, ENGLISH)
    other = await ingest(library, JAPANESE, url="https://media.example.org/a.mp4")
    await library.edit(GUILD, str(other.entry.id), {"video_url": URL})
    assert (await ingest(library, [*JAPANESE, "ではまた"])).entry.id == other.entry.id
    third = await ingest(library, ENGLISH, url="https://media.example.org/b.mp4")
    with pytest.raises(FormatError, match="is of that video already"):
        await library.edit(GUILD, str(third.entry.id), {"video_url": URL})

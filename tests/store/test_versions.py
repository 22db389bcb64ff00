"""Which transcript a file replaces: of one video in its own language, of a name alone only where it says the same."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store import links
from store.errors import FormatError, NotFoundError
from store.formats.writing import Form
from store.library import Library
from store.migrations.first import FIRST
from store.models import Ingested, Outcome
from tests.store.builders import GUILD, chatter, cue_lines, native

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
    lens = {quote.transcript_id for quote in (await library.ask(GUILD, "レンズ")).quotes}
    assert lens == {english.entry.id, japanese.entry.id}
    assert len((await library.ask(GUILD, "Uhrwerk")).quotes) == 1

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


def captions(seed: int, *, cues: int = 60, wrong: int = 0) -> bytes:
    """SRT of random words, of which every so-manieth cue was heard otherwise."""
    lines = chatter(random.Random(seed), cues)
    if wrong:
        lines[::wrong] = chatter(random.Random(-seed), len(lines[::wrong]))
    times = [f"00:{at // 60:02}:{at % 60:02},000" for at in range(cues + 1)]
    return "\n".join(f"{at + 1}\n{times[at]} --> {times[at + 1]}\n{line}\n" for at, line in enumerate(lines)).encode()


async def test_recordings_that_share_a_name_alone_are_all_kept(library: Library) -> None:
    done = [await library.ingest(GUILD, captions(seed), "audio.srt") for seed in (1, 2, 3)]
    assert [one.outcome for one in done] == [Outcome.NEW] * 3
    for seed, one in zip((1, 2, 3), done, strict=True):
        again = await library.ingest(GUILD, captions(seed), "audio.srt")
        assert (again.outcome, again.entry.id) == (Outcome.UNCHANGED, one.entry.id)
        corrected = await library.ingest(GUILD, captions(seed, wrong=4), "audio.srt")
        assert (corrected.outcome, corrected.entry.id) == (Outcome.REPLACED, one.entry.id)
    assert (await library.page(GUILD)).total == 3


async def test_a_file_of_the_same_words_is_the_same_under_any_name(library: Library) -> None:
    first = await library.ingest(GUILD, captions(1), "talk.srt")
    assert (await library.ingest(GUILD, captions(1), "renamed.srt")).outcome is Outcome.UNCHANGED
    await library.edit(GUILD, str(first.entry.id), {"title": "The keepers", "video_url": URL})
    again = await library.ingest(GUILD, captions(1), "talk.srt")
    assert (again.outcome, again.entry.details.title, again.entry.details.url) == (
        Outcome.UNCHANGED,
        "The keepers",
        URL,
    )
    linked = await library.ingest(GUILD, captions(1), "talk.srt", given={"video_url": "https://vimeo.com/76979871"})
    assert linked.outcome is Outcome.NEW  # the same words at two addresses: both may be watched
    videos = ("a-1", "b-2")
    by_id = [await library.ingest(GUILD, native(cue_lines(ENGLISH), video_id=video), f"{video}.md") for video in videos]
    assert [one.outcome for one in by_id] == [Outcome.NEW, Outcome.NEW]


@pytest.mark.parametrize(
    "details", [{"video_url": URL}, {"title": "The keepers", "video_url": URL, "date": "2025-01-02"}]
)
async def test_a_corrected_file_is_known_by_its_name_where_a_link_was_set_since(
    library: Library, details: dict[str, str]
) -> None:
    first = await library.ingest(GUILD, captions(1), "talk.srt")
    await library.edit(GUILD, first.entry.id, details)
    corrected = captions(1).replace(b"river", b"rivers")
    again = await library.ingest(GUILD, corrected, "talk.srt")
    assert (again.outcome, again.entry.id, again.entry.details.url) == (Outcome.REPLACED, first.entry.id, URL)
    assert again.entry.details.title == details.get("title", "talk")
    other = await library.ingest(GUILD, captions(2), "talk.srt")
    assert other.outcome is Outcome.NEW


async def test_a_link_that_comes_later_is_added(library: Library) -> None:
    first = await library.ingest(GUILD, captions(1), "talk.srt")
    info = f'{{"title": "The keepers", "webpage_url": "{URL}", "extractor": "youtube"}}'.encode()
    again = await library.ingest(GUILD, captions(1), "talk.srt", companion=info)
    assert (again.outcome, again.entry.id) == (Outcome.REPLACED, first.entry.id)
    assert (again.entry.details.title, again.entry.details.url) == ("The keepers", URL)
    assert (await library.ingest(GUILD, captions(1, wrong=3), "other.srt", companion=info)).entry.id == first.entry.id


async def test_an_export_that_was_corrected_replaces_what_it_was_made_of(library: Library) -> None:
    first = await library.ingest(GUILD, captions(1), "rec-0042.srt", given={"title": "Board: the mill"})
    other = await library.ingest(GUILD, captions(2), "rec-0043.srt", given={"title": "Board: the mill"})
    ((name, data),) = (await library.export(GUILD, str(first.entry.id), Form.NATIVE)).items()
    again = await library.ingest(GUILD, data.replace(b"baker", b"miller"), name)
    assert (again.outcome, again.entry.id) == (Outcome.REPLACED, first.entry.id)
    assert (await library.page(GUILD)).total == 2
    assert other.outcome is Outcome.NEW


async def test_what_a_newer_file_does_not_state_stays(library: Library) -> None:
    given = {"title": "Vid", "video_url": URL, "speaker": "Ada", "date": "2025-01-07", "tags": "a, b", "language": "de"}
    first = await library.ingest(GUILD, captions(1), "v.srt", given=given)
    again = await library.ingest(GUILD, captions(1, wrong=4), "v.srt", given={"video_url": URL, "speaker": "Bo"})
    assert str(again.changes[0]) == "speaker: Ada → Bo"
    assert len(again.changes) == 2  # and the words
    assert again.entry.details.title == "Vid"
    assert again.entry.details.tags == first.entry.details.tags
    assert again.entry.details.published == first.entry.details.published
    ((_, data),) = (await library.export(GUILD, str(first.entry.id), Form.JSON)).items()
    untagged = await library.ingest(GUILD, data.replace(b'"a",', b""), "v.json")
    assert untagged.entry.details.tags == ("b",)  # our own form states all there is


async def test_a_language_that_is_given_counts_where_nothing_else_differs(library: Library) -> None:
    first = await library.ingest(GUILD, captions(1), "v.srt", given={"language": "German"})
    await library.speak(GUILD, str(first.entry.id), "French")
    again = await library.ingest(GUILD, captions(1), "v.srt", given={"language": "German"})
    assert (again.outcome, again.entry.spoken.code) == (Outcome.REPLACED, "de")
    assert [*map(str, again.changes)] == ["treated as: French → German"]


async def test_a_link_that_an_earlier_version_kept_whole_is_the_same_video(tmp_path: Path) -> None:
    path = tmp_path / "verbatim.db"
    url = "https://example.org/v?utm_source=x&id=1"
    async with Library.opened(path) as library:
        first = await library.ingest(GUILD, native(cue_lines(["one"]), title="A", video_url=url), "a.md")
    with closing(sqlite3.connect(path)) as connection:  # as it was stored before
        connection.execute("UPDATE transcripts SET source = 'url:example.org/v?id=1&utm_source=x', url = ?", (url,))
        for statement in FIRST[-1]:
            if statement.startswith("UPDATE OR IGNORE transcripts SET source = source_of"):
                connection.create_function("source_of", 2, links.source)
                connection.execute(statement)
        connection.commit()
    async with Library.opened(path) as library:
        again = await library.ingest(GUILD, native(cue_lines(["one", "two"]), title="A", video_url=url), "a.md")
        assert (again.outcome, again.entry.id) == (Outcome.REPLACED, first.entry.id)


LINES = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": ["bonsoir à tous et merci d'être venus au phare", "les gardiens tournaient la lentille avec une horloge"],
    "es": ["buenas noches a todos y gracias por venir al faro", "los guardianes giraban la lente con un reloj"],
    "it": ["buonasera a tutti e grazie per essere venuti al faro", "i guardiani giravano la lente con un orologio"],
    "ru": ["добрый вечер всем и спасибо что пришли на маяк", "смотрители вращали линзу часовым механизмом"],
    "ja": JAPANESE,
}


async def test_each_of_many_languages_is_replaced_by_its_own_newer_version(library: Library) -> None:
    first = {code: (await ingest(library, texts)).entry.id for code, texts in LINES.items()}
    for code, texts in LINES.items():
        again = await ingest(library, [*texts, texts[0]])
        assert (again.outcome, again.entry.id) == (Outcome.REPLACED, first[code]), code


async def test_each_of_many_recordings_of_one_name_is_replaced_by_its_own_newer_version(library: Library) -> None:
    talks = [chatter(random.Random(seed), 60 + 7 * seed) for seed in range(12)]
    first = [(await library.ingest(GUILD, native(cue_lines(talk)), "audio.md")).entry.id for talk in talks]
    for talk, id_ in zip(talks, first, strict=True):
        again = await library.ingest(GUILD, native(cue_lines([*talk[:-1], "and so it was"])), "audio.md")
        assert (again.outcome, again.entry.id) == (Outcome.REPLACED, id_)


@pytest.mark.parametrize(("code", "other"), [("nb", "da"), ("hr", "sr")])
async def test_languages_that_words_do_not_tell_are_told_by_what_is_said_of_both(
    library: Library, code: str, other: str
) -> None:
    texts = {
        "nb": "vokterne dreide linsen med et urverk som fløt på kvikksølv",
        "da": "vogterne drejede linsen med et urværk som flød på kviksølv",
        "hr": "čuvari su okretali leću satnim mehanizmom koji je plutao na živi",
        "sr": "čuvari su okretali sočivo satnim mehanizmom koji je plutao na živi",
    }
    for name in (code, other):
        done = await ingest(library, [texts[name]] * 4, name=f"talk.{name}.vtt")
        assert done.outcome is Outcome.NEW
    again = await ingest(library, [texts[other]] * 5, name=f"talk.{other}.vtt")
    assert (again.outcome, again.entry.id) == (Outcome.REPLACED, done.entry.id)


async def test_captions_get_their_link_back_beside_another_language(library: Library) -> None:
    await ingest(library, ENGLISH)
    german = await ingest(library, GERMAN)
    await library.edit(GUILD, german.entry.id, {"video_url": ""})
    again = await ingest(library, GERMAN)
    assert (again.entry.id, again.entry.details.url) == (german.entry.id, URL)


async def test_an_undo_minds_only_what_was_ingested_since(library: Library) -> None:
    automatic = await ingest(library, ["good evening every body and thank you for coming", "the key purrs turned it"])
    await library.ingest(GUILD, native(cue_lines(ENGLISH, step=1), title="The keepers"), "corrected.md")
    await ingest(library, ENGLISH)
    edited = await library.edit(GUILD, automatic.entry.id, {"speaker": "Ada"})
    assert edited.undo is not None
    _, entry = await library.restore(GUILD, edited.undo)
    assert entry.details.speaker is None
    removed = await library.remove(GUILD, automatic.entry.id)
    assert removed.undo is not None
    _, entry = await library.restore(GUILD, removed.undo)
    assert entry == removed.before

"""Correcting what is there: editing, moving times, removing, undoing for a day, taking along."""

import asyncio
import time
from datetime import date
from pathlib import Path

import pytest

from store import bygones
from store.errors import FormatError, LanguageError, NotFoundError
from store.formats.writing import Form
from store.library import Library
from store.models import Change, Chapter, Cue, Entry, Order, Outcome
from tests.store.builders import GUILD, OTHER_GUILD, deliver, native, owed, subscribe, video_file

ADA, BO = 11, 12
VTT = b"""WEBVTT

00:01.000 --> 00:03.000
<v Ada Vale>the mill stands still

00:03.000 --> 00:05.000
<v Bo Lind>the river goes on
"""


async def quoted(library: Library, question: str) -> list[str]:
    return [quote.text for quote in (await library.ask(GUILD, question)).quotes]


async def one(library: Library) -> Entry:
    (entry,) = (await library.page(GUILD)).entries
    return entry


async def test_details_are_edited_and_the_edit_is_undone(library: Library) -> None:
    entry = (await library.ingest(GUILD, VTT, "mill.vtt")).entry
    given = {
        "title": "The mill",
        "video_url": "https://youtu.be/abcdefghijk?si=1",
        "date": "2025-03-01",
        "tags": "a, b",
    }
    done = await library.edit(GUILD, str(entry.id), given, by=ADA)
    assert (done.after.details.title, done.after.details.url) == ("The mill", "https://youtu.be/abcdefghijk")
    assert (done.after.details.published, done.after.details.tags) == (date(2025, 3, 1), ("a", "b"))
    assert "title: mill → The mill" in map(str, done.changes)
    assert done.undo is not None
    assert (await library.edit(GUILD, str(entry.id), given)).undo is None  # nothing was changed
    assert (await library.catalogue(GUILD)).filters(video="the mill").transcript == entry.id
    bygone, back = await library.restore(GUILD, done.undo)
    assert (bygone.change, bygone.by, back) == (Change.EDITED, ADA, entry)
    assert await quoted(library, "mill") == ["the mill stands still the river goes on"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"title": " "}, "needs a title"),
        ({"video_url": "not a link"}, "isn't a web link"),
        ({"date": "someday"}, "isn't a day"),
    ],
)
async def test_a_value_that_cannot_be_kept_changes_nothing(library: Library, given: dict[str, str], says: str) -> None:
    entry = (await library.ingest(GUILD, VTT, "mill.vtt")).entry
    with pytest.raises(FormatError, match=says):
        await library.edit(GUILD, str(entry.id), {"speaker": "Ada", **given})
    with pytest.raises(LanguageError):
        await library.edit(GUILD, str(entry.id), {"speaker": "Ada", "language": "Klingon"})
    assert await one(library) == entry


async def test_a_link_that_another_transcript_has_is_refused(library: Library) -> None:
    await library.ingest(GUILD, native(["- [0:01] one"], video_url="https://youtu.be/abcdefghijk"), "a.md")
    other = (await library.ingest(GUILD, video_file("other", "two"), "b.md")).entry
    with pytest.raises(FormatError, match="is of that video already"):
        await library.edit(GUILD, str(other.id), {"video_url": "https://www.youtube.com/watch?v=abcdefghijk"})


async def test_times_are_moved_and_moved_back(library: Library) -> None:
    data = native(["- [0:10] the mill", "- [1:00] stands still"], title="Mill")
    entry = (await library.ingest(GUILD, data, "a.md")).entry
    done = await library.move_times(GUILD, str(entry.id), -20.5, by=ADA)
    assert [*map(str, done.changes)] == [
        "2 cues moved by -20.5 s",
        "put at 0:00: 1 cue that would begin before the video does",
    ]
    assert [quote.start_ms for quote in (await library.ask(GUILD, "stands mill")).quotes] == [0]
    known = await library.known(GUILD, str(entry.id))
    assert known.opening == (Cue(0, "the mill"), Cue(39_500, "stands still"))
    assert [bygone.change for bygone in known.undo] == [Change.MOVED]
    assert done.undo is not None
    assert (await library.restore(GUILD, done.undo))[1] == entry
    assert (await library.move_times(GUILD, str(entry.id), 0)).undo is None
    with pytest.raises(FormatError, match="later than any video"):
        await library.move_times(GUILD, str(entry.id), 4e7)


async def test_chapters_move_along_and_words_without_times_do_not(library: Library) -> None:
    data = b"---\ntitle: t\nchapters:\n- 0:30 Here\n---\n- [0:40] the mill\n"
    entry = (await library.ingest(GUILD, data, "a.md")).entry
    assert (await library.move_times(GUILD, str(entry.id), 5)).after.details.chapters == (Chapter(35_000, "Here"),)
    text = (await library.ingest(GUILD, b"just words\n", "b.txt")).entry
    with pytest.raises(FormatError, match="no times"):
        await library.move_times(GUILD, str(text.id), 5)


async def test_a_removed_transcript_is_brought_back_under_its_id_and_not_announced(library: Library) -> None:
    entry = (await library.ingest(GUILD, VTT, "mill.vtt", by=ADA)).entry
    done = await library.remove(GUILD, str(entry.id), by=BO)
    assert await quoted(library, "mill") == []
    await subscribe(library, 5)
    assert done.undo is not None
    bygone, back = await library.restore(GUILD, done.undo)
    assert (bygone.change, bygone.title, back) == (Change.REMOVED, "mill", entry)
    assert back.speakers == ("Ada Vale", "Bo Lind")
    assert await quoted(library, "mill") == ["the mill stands still the river goes on"]
    assert await owed(library) == []
    with pytest.raises(NotFoundError, match="24 hours"):
        await library.restore(GUILD, done.undo)


async def test_what_was_removed_goes_for_good_after_a_day(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = (await library.ingest(GUILD, VTT, "mill.vtt")).entry
    done = await library.remove(GUILD, str(entry.id))
    assert [bygone.id for bygone in await library.bygones(GUILD)] == [done.undo]
    later = time.time() + bygones.KEPT_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert await library.bygones(GUILD) == ()
    assert done.undo is not None
    with pytest.raises(NotFoundError):
        await library.restore(GUILD, done.undo)
    await library.ingest(GUILD, VTT, "mill.vtt")
    await library.remove(GUILD, "2")
    async with library._database.snapshot() as connection:
        rows = await connection.execute_fetchall("SELECT count(*) FROM bygones")
    assert next(iter(rows))[0] == 1


async def test_a_replacement_says_what_changed_and_is_undone(library: Library) -> None:
    first = await library.ingest(GUILD, VTT, "mill.vtt", by=ADA)
    done = await library.ingest(GUILD, VTT.replace(b"goes on", b"rests"), "mill.vtt", by=ADA)
    assert (done.outcome, str(*done.changes)) == (Outcome.REPLACED, "cues: 1 changed")
    assert done.undo is not None
    assert (await library.restore(GUILD, done.undo))[1] == first.entry
    assert await quoted(library, "rests") == []


async def test_an_older_change_is_undone_only_after_the_later_one(library: Library) -> None:
    await library.ingest(GUILD, VTT, "mill.vtt")
    one = await library.ingest(GUILD, VTT.replace(b"goes on", b"rests"), "mill.vtt")
    two = await library.ingest(GUILD, VTT.replace(b"goes on", b"freezes"), "mill.vtt")
    assert one.undo is not None
    assert two.undo is not None
    with pytest.raises(NotFoundError, match="undo the later change first"):
        await library.restore(GUILD, one.undo)
    await library.restore(GUILD, two.undo)
    await library.restore(GUILD, one.undo)
    assert await quoted(library, "goes") == ["the river goes on"]


async def test_what_was_ingested_again_since_is_not_brought_back_beside_it(library: Library) -> None:
    done = await library.remove(GUILD, str((await library.ingest(GUILD, VTT, "mill.vtt")).entry.id))
    await library.ingest(GUILD, VTT, "mill.vtt")
    assert done.undo is not None
    with pytest.raises(FormatError, match="ingested of the same video since"):
        await library.restore(GUILD, done.undo)
    assert [bygone.id for bygone in await library.bygones(GUILD)] == [done.undo]  # it stays, for the other can go


async def test_what_another_moderator_ingested_is_replaced_only_when_that_is_sure(library: Library) -> None:
    first = await library.ingest(GUILD, VTT, "mill.vtt", by=ADA)
    changed = VTT.replace(b"goes on", b"rests")
    asked = await library.ingest(GUILD, changed, "mill.vtt", by=BO, sure=False)
    assert (asked.outcome, asked.entry, str(*asked.changes)) == (Outcome.ASKING, first.entry, "cues: 1 changed")
    assert await quoted(library, "rests") == []
    assert (await library.ingest(GUILD, changed, "mill.vtt", by=BO)).outcome is Outcome.REPLACED
    assert (await library.ingest(GUILD, VTT, "mill.vtt", by=BO, sure=False)).outcome is Outcome.REPLACED


async def test_two_moderators_with_the_same_video_at_once_make_one_transcript_and_are_both_told(
    library: Library,
) -> None:
    both = await asyncio.gather(
        library.ingest(GUILD, VTT, "mill.vtt", by=ADA, sure=False),
        library.ingest(GUILD, VTT.replace(b"goes on", b"rests"), "mill.vtt", by=BO, sure=False),
    )
    assert {done.outcome for done in both} == {Outcome.NEW, Outcome.ASKING}
    assert (await library.page(GUILD)).total == 1


async def test_the_same_talk_as_srt_and_as_vtt_is_unchanged(library: Library) -> None:
    vtt = b"WEBVTT\n\n00:01.000 --> 00:03.000\nthe mill\n"
    srt = b"1\n00:00:01,000 --> 00:00:03,000\nthe mill\n"
    await library.ingest(GUILD, vtt, "Mill.vtt")
    assert (await library.ingest(GUILD, srt, "mill.srt")).outcome is Outcome.UNCHANGED
    assert (await one(library)).details.title == "Mill"


async def test_details_that_are_given_win_over_the_file(library: Library) -> None:
    given = {"title": "Given", "language": "de", "tags": "x"}
    info = b'{"title": "Told", "webpage_url": "https://youtu.be/abcdefghijk", "channel": "C"}'
    entry = (await library.ingest(GUILD, VTT, "mill.vtt", companion=info, given=given)).entry
    assert (entry.details.title, entry.details.channel, entry.details.tags) == ("Given", "C", ("x",))
    assert entry.spoken == ("de", "moderator")
    with pytest.raises(LanguageError):
        await library.ingest(GUILD, VTT, "mill.vtt", given={"language": "Klingon"})


@pytest.mark.parametrize("form", list(Form))
async def test_what_is_exported_is_unchanged_when_it_is_ingested(library: Library, form: Form) -> None:
    entry = (await library.ingest(GUILD, VTT, "mill.vtt", given={"title": "The mill: a talk", "speaker": "Ada"})).entry
    files = await library.export(GUILD, str(entry.id), form)
    (packed,) = await library.unpacked(files)
    assert (
        await library.ingest(GUILD, packed.data, packed.name, companion=packed.companion)
    ).outcome is Outcome.UNCHANGED
    again = await library.ingest(OTHER_GUILD, packed.data, packed.name, companion=packed.companion)
    assert (again.entry.content, again.entry.details) == (entry.content, entry.details)


async def test_a_whole_library_is_exported_each_name_once(library: Library) -> None:
    for name in ("a.vtt", "b.vtt"):
        await library.ingest(GUILD, VTT.replace(b"mill", name.encode()), name, given={"title": "Same"})
    await library.ingest(GUILD, b"just words\n", "c.txt")
    files = {name: data async for name, data in library.export_all(GUILD, Form.SRT)}
    assert sorted(files) == ["2 Same.info.json", "2 Same.srt", "Same.info.json", "Same.srt", "c.md"]
    assert [name async for name, _ in library.export_all(OTHER_GUILD, Form.SRT)] == []


async def test_nothing_of_another_server_can_be_changed(library: Library) -> None:
    entry = (await library.ingest(GUILD, VTT, "mill.vtt")).entry
    for work in (
        library.edit(OTHER_GUILD, str(entry.id), {"title": "x"}),
        library.move_times(OTHER_GUILD, str(entry.id), 1),
        library.remove(OTHER_GUILD, str(entry.id)),
        library.export(OTHER_GUILD, str(entry.id), Form.JSON),
        library.known(OTHER_GUILD, str(entry.id)),
    ):
        with pytest.raises(NotFoundError):
            await work
    done = await library.remove(GUILD, str(entry.id))
    assert done.undo is not None
    with pytest.raises(NotFoundError):
        await library.restore(OTHER_GUILD, done.undo)
    assert await library.bygones(OTHER_GUILD) == ()


async def test_a_library_is_searched_filtered_and_ordered(library: Library) -> None:
    for title, day, length, speaker in (("Mill", "2024-01-01", "0:30", "Ada"), ("bread", "", "2:30", "Bo")):
        head = f'---\ntitle: {title}\ndate: "{day}"\nspeaker: {speaker}\n---\n'
        await library.ingest(GUILD, f"{head}- [{length}] words\n".encode(), f"{title}.md")
    titles = {
        order: [entry.details.title for entry in (await library.page(GUILD, order=order)).entries] for order in Order
    }
    assert titles == {
        Order.INGESTED: ["bread", "Mill"],
        Order.PUBLISHED: ["Mill", "bread"],
        Order.TITLE: ["bread", "Mill"],
        Order.LENGTH: ["bread", "Mill"],
    }
    page = await library.page(GUILD, search="ADA")
    assert ([entry.details.title for entry in page.entries], page.total, page.every) == (["Mill"], 1, 2)
    narrowed = await library.filters(GUILD, {"speaker": "bo"})
    assert [entry.details.title for entry in (await library.page(GUILD, filters=narrowed)).entries] == ["bread"]


async def test_only_the_cues_of_a_speaker_answer_where_they_are_asked_of(library: Library) -> None:
    lines = "\n\n".join(
        f"{at // 60:02}:{at % 60:02}.000 --> {at // 60:02}:{at % 60:02}.900\n<v {who}>{text}"
        for at, (who, text) in enumerate(
            [("Ada Vale", "the quokka smiled"), ("Bo Lind", "the mill stands"), ("Ada Vale", "by the river")] * 40
        )
    )
    await library.ingest(GUILD, f"WEBVTT\n\n{lines}\n".encode(), "talk.vtt")
    narrowed = await library.filters(GUILD, {"speaker": "bo lind"})
    answer = await library.ask(GUILD, "quokka mill", filters=narrowed)
    assert answer.quotes
    for quote in answer.quotes:
        marked = {quote.text[start:end] for start, end in quote.highlights}
        assert marked == {"mill"}
        assert "Bo Lind" in {part.speaker for part in quote.parts}
    assert (await library.mentions(GUILD, "quokka", filters=narrowed)).count == 0
    assert (await library.mentions(GUILD, "mill", filters=narrowed)).count == 40


async def test_a_database_of_before_is_read_and_takes_what_is_new(tmp_path: Path) -> None:
    async with Library.opened(tmp_path / "verbatim.db") as library:
        await library.ingest(GUILD, VTT, "mill.vtt")
    async with Library.opened(tmp_path / "verbatim.db") as library:
        assert (await one(library)).speakers == ("Ada Vale", "Bo Lind")


async def test_undoing_keeps_a_language_that_was_set_since(library: Library) -> None:
    entry = (await library.ingest(GUILD, VTT, "mill.vtt")).entry
    replaced = await library.edit(GUILD, entry.id, {"title": "The mill"})
    await library.speak(GUILD, entry.id, "German")
    assert replaced.undo is not None
    _, back = await library.restore(GUILD, replaced.undo)
    assert (back.details.title, back.spoken) == ("mill", ("de", "moderator"))
    edited = await library.edit(GUILD, entry.id, {"language": "French"})
    assert [*map(str, edited.changes)] == ["treated as: German → French"]
    assert edited.undo is not None
    assert (await library.restore(GUILD, edited.undo))[1].spoken == ("de", "moderator")


async def test_what_was_not_announced_yet_is_when_it_comes_back(library: Library) -> None:
    await subscribe(library, 5)
    entry = (await library.ingest(GUILD, VTT, "mill.vtt")).entry
    removed = await library.remove(GUILD, entry.id)
    assert await owed(library) == []
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    assert await deliver(library) == [(5, ("mill",))]
    removed = await library.remove(GUILD, entry.id)
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    assert (await owed(library), await deliver(library)) == ([], [])


async def test_another_video_s_link_brings_its_own_id(library: Library) -> None:
    first = native(["- [0:01] one"], video_url="https://youtu.be/abcdefghijk", video_id="abcdefghijk")
    entry = (await library.ingest(GUILD, first, "a.md")).entry
    after = (await library.edit(GUILD, entry.id, {"video_url": "https://youtu.be/zyxwvutsrqp"})).after
    assert after.details.video_id is None
    assert (
        await library.ingest(GUILD, native(["- [0:01] two"], video_id="abcdefghijk"), "b.md")
    ).outcome is Outcome.NEW


async def test_an_id_means_a_transcript_and_never_a_video_of_that_name(library: Library) -> None:
    first = (await library.ingest(GUILD, native(["- [0:01] one"], title="a"), "a.md")).entry
    other = (await library.ingest(GUILD, native(["- [0:01] two"], video_id=str(first.id)), "b.md")).entry
    await library.remove(GUILD, first.id)
    with pytest.raises(NotFoundError, match="no longer in this library"):
        await library.remove(GUILD, first.id)
    assert (await library.known(GUILD, str(first.id))).entry == other  # as it is typed on a command line


@pytest.mark.parametrize("name", ["abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk&t=5", "1"])
async def test_a_video_is_named_by_its_id_or_its_link(library: Library, name: str) -> None:
    entry = (
        await library.ingest(GUILD, native(["- [0:01] one"], video_url="https://youtu.be/abcdefghijk"), "a.md")
    ).entry
    assert (await library.known(GUILD, name)).entry == entry
    if "://" in name:
        assert (await library.filters(GUILD, {"video": name})).transcript == entry.id


async def test_times_are_not_moved_where_all_would_be_before_the_start(library: Library) -> None:
    entry = (await library.ingest(GUILD, native(["- [0:10] the mill", "- [1:00] stands"], title="Mill"), "a.md")).entry
    with pytest.raises(FormatError, match="All would be before the video's start: the last cue is at 1:00"):
        await library.move_times(GUILD, entry.id, -61)
    assert (await library.page(GUILD)).entries == (entry,)


@pytest.mark.parametrize("seconds", [float("nan"), float("inf")])
async def test_what_is_no_number_of_seconds_moves_nothing(library: Library, seconds: float) -> None:
    entry = (await library.ingest(GUILD, VTT, "mill.vtt")).entry
    with pytest.raises(FormatError, match="no number of seconds"):
        await library.move_times(GUILD, entry.id, seconds)

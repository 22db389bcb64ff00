"""/ingest from a moderator's side: options, forms, undo, what is another's, many files, a restart in the middle."""

import asyncio
import io
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord.results import InteractionResult, ResponseMessage

from bot.config import Config
from cogs.correcting import HELD_BYTES, Held, Waiting, undo_row
from cogs.rendering.words import plain
from store.errors import DatabaseError, NotFoundError
from store.library import Library
from store.models import Ingested, Limits
from store.understanding import File, Understood, understand
from tests.cogs.stage import BREAD, Server, Stage, buttons, shown, staged, text

SRT = b"1\n00:00:01,000 --> 00:00:03,000\nthe quokka smiles\n\n2\n00:00:03,000 --> 00:00:05,000\nby the river\n"
INFO = b'{"title": "A talk", "webpage_url": "https://youtu.be/abcdefghijk", "extractor": "youtube"}'


async def ingest(server: Server, *files: tuple[str, bytes], **options: Any) -> InteractionResult:
    named = dict(zip(("file", "file2", "file3", "file4", "file5"), files, strict=False))
    return await server.moderator.slash(server.channel, "ingest", **named, **options)


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def captions(word: str) -> bytes:
    return SRT.replace(b"quokka", word.encode())


def labels(message: ResponseMessage | None) -> list[str]:
    return [found["label"] for found in buttons(message)]


def report(result: InteractionResult) -> ResponseMessage:
    """The message that reports an ingest, after a form or alone."""
    (message,) = [one for one in (result.response, *result.followups) if one is not None]
    return message


async def titles(stage: Stage) -> list[str]:
    page = await stage.library.page(stage.here.guild.id)
    return sorted(entry.details.title for entry in page.entries)


async def test_a_file_without_a_link_opens_a_form_that_may_be_skipped(stage: Stage) -> None:
    result = await ingest(stage.here, ("talk.srt", SRT))
    assert result.modal is not None
    said = report(result)
    assert said.ephemeral
    assert text(said).startswith("### New transcript\n**talk**\n")
    assert "-# Read as SubRip." in text(said)
    assert await titles(stage) == ["talk"]  # skipped or not, it is kept

    filled = await stage.here.moderator.submit_modal(
        result, {"title": "The quokka", "video_url": "https://youtu.be/abcdefghijk", "date": "2025-03-01"}
    )
    assert "title\\: talk → The quokka" in shown(filled)
    assert await titles(stage) == ["The quokka"]
    assert not stage.env.errors


async def test_the_form_can_be_opened_later_and_what_is_wrong_in_it_is_a_sentence(stage: Stage) -> None:
    result = await ingest(stage.here, ("talk.srt", SRT))
    assert labels(report(result)) == ["Add title and link"]
    opened = await stage.here.moderator.click(report(result), label="Add title and link")
    told = await stage.here.moderator.submit_modal(opened, {"title": "x", "video_url": "no link"})
    assert shown(told) == "Nothing was changed\\: the video's address isn't a web link."
    assert await titles(stage) == ["talk"]
    again = await stage.here.moderator.click(report(told), label="Open the form again")
    assert again.modal is not None


async def test_options_win_over_the_file_and_no_form_is_needed(stage: Stage) -> None:
    link = "https://youtu.be/abcdefghijk"
    result = await ingest(stage.here, ("talk.srt", SRT), title="Given", video_url=link, tags="a, b", language="German")
    assert result.modal is None
    assert "**Given**" in text(report(result))
    assert "Language: German, as a moderator says." in text(report(result))


async def test_a_description_beside_a_caption_file_names_it(stage: Stage) -> None:
    result = await ingest(stage.here, ("talk.en.srt", SRT), ("talk.info.json", INFO))
    assert "**A talk**" in text(report(result))
    alone = await ingest(stage.here, ("talk.info.json", INFO))
    assert "send it together with the caption file" in shown(alone)


async def test_a_replacement_is_undone_by_its_button_also_after_a_restart(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await ingest(stage.here, ("bread.md", BREAD.replace(b"sugar", b"honey")))
    assert labels(report(result)) == ["▶ Watch", "Undo"]
    await stage.restart()
    undone = await stage.here.moderator.click(report(result), label="Undo")
    assert "is as it was before it was replaced" in shown(undone)
    answer = await stage.here.member.slash(stage.here.channel, "ask", question="yeast")
    assert "sugar" in shown(answer)
    again = await stage.here.moderator.click(report(result), label="Undo")
    assert "can no longer be undone" in shown(again)


async def test_what_was_replaced_is_gone_for_good_after_a_day(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await ingest(stage.here, ("bread.md", BREAD.replace(b"sugar", b"honey")))
    async with stage.library._database.transaction() as connection:
        await connection.execute("UPDATE bygones SET at = at - 86401")
    await stage.env.advance_time(3601)
    async with stage.library._database.snapshot() as connection:
        assert list(await connection.execute_fetchall("SELECT 1 FROM bygones")) == []
    told = await stage.here.moderator.click(report(result), label="Undo")
    assert "can no longer be undone" in shown(told)


async def test_what_another_moderator_ingested_is_replaced_after_a_yes(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md", by=7)
    result = await ingest(stage.here, ("bread.md", BREAD.replace(b"sugar", b"honey")))
    said = text(report(result))
    assert said.startswith("### Replace this transcript?")
    assert "It was ingested by <@7>; nothing was changed yet." in said
    assert "What would change:\n- cues\\: 1 changed" in said
    done = await stage.here.moderator.click(report(result), label="Replace")
    assert shown(done).startswith("### Transcript replaced")
    again = await stage.here.moderator.click(report(result), label="Replace")
    assert "no longer at hand" in shown(again)


async def test_an_encoding_that_was_guessed_is_said(stage: Stage) -> None:
    said = "Печь уже остыла, а глина ещё не высохла; мы подождём до утра"
    data = f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n".encode("cp1251")
    result = await ingest(stage.here, ("talk.srt", data))
    assert "it was read as Windows-1251" in text(report(result))


async def test_many_files_are_told_of_in_one_message_and_announced_in_one(stage: Stage) -> None:
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    files = [(f"{word}.srt", captions(word)) for word in ("quokka", "wombat", "numbat", "bilby")]
    bad = ("page.srt", b"<!DOCTYPE html><html></html>")
    await ingest(stage.here, ("all.zip", zipped(*files, bad)))
    await stage.turn()
    progress, announced = stage.here.channel.history(viewer=stage.here.member)
    assert text(progress).startswith("### Ingested · 5 of 5 files\n4 new, 1 failed\nNot kept:\n- page.srt is a web")
    assert text(announced).startswith("### 4 new transcripts\n- **quokka**")
    assert await titles(stage) == ["bilby", "numbat", "quokka", "wombat"]
    assert not stage.env.errors


DOCUMENT = zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"))


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("notes.docx", DOCUMENT, "notes.docx is a Word document; save it as text (.txt) and send that."),
        ("all.zip", DOCUMENT[:60], "all.zip can't be unpacked\\: it is damaged, or an unfinished download."),
        ("all.zip", zipped(("a.srt", SRT), ("../b.srt", SRT)), "all.zip was refused\\: “../b.srt” leads out"),
        ("all.rar", b"Rar!\x1a\x07\x01\x00", "all.rar is packed in a way that isn't read; send a ZIP"),
    ],
)
async def test_a_file_that_is_refused_keeps_the_others_not_out(stage: Stage, name: str, data: bytes, says: str) -> None:
    await ingest(stage.here, ("a.srt", SRT), (name, data), ("b.srt", captions("wombat")))
    (progress,) = stage.here.channel.history(viewer=stage.here.member)
    assert text(progress).startswith(f"### Ingested · 3 of 3 files\n2 new, 1 failed\nNot kept:\n- {says}")
    assert await titles(stage) == ["a", "b"]
    alone = await ingest(stage.here, (name, data))
    assert shown(alone).startswith(says.replace("\\", ""))
    assert alone.ephemeral


async def test_sound_that_is_too_large_is_called_sound(tmp_path: Path) -> None:
    small = Config(pause_seconds=0, limits=Limits(file_bytes=1000))
    async with staged(tmp_path / "verbatim.db", config=small) as stage:
        told = await ingest(stage.here, ("episode12.mp3", bytes(2000)))
        assert shown(told) == "episode12.mp3 is sound; Verbatim reads transcripts, it doesn't listen."


async def test_a_file_that_is_too_large_keeps_the_others_not_out(tmp_path: Path) -> None:
    small = Config(pause_seconds=0, limits=Limits(file_bytes=1000))
    async with staged(tmp_path / "verbatim.db", config=small) as stage:
        await ingest(stage.here, ("big.srt", SRT * 20), ("a.srt", SRT), ("b.srt", captions("wombat")))
        (progress,) = stage.here.channel.history(viewer=stage.here.member)
        assert "2 new, 1 failed\nNot kept:\n- big.srt\\: The file is larger than" in text(progress)
        assert await titles(stage) == ["a", "b"]


async def test_what_is_not_read_of_an_archive_is_named_once(stage: Stage) -> None:
    others = [("Interview notes.docx", DOCUMENT), ("Transcript.pdf", b"%PDF"), ("1.mp3", b"x"), ("2.mp3", b"x")]
    says = "Not read\\: Interview notes.docx (a Word document), Transcript.pdf (a PDF), 2 × .mp3."
    one = await ingest(stage.here, ("one.zip", zipped(("a.srt", SRT), *others)))
    assert says in text(report(one))
    await ingest(stage.here, ("all.zip", zipped(("a.srt", SRT), ("b.srt", captions("wombat")), *others)))
    (progress,) = stage.here.channel.history(viewer=stage.here.member)
    assert text(progress) == f"### Ingested · 2 of 2 files\n1 unchanged, 1 new\n{says}"


async def test_a_batch_says_what_it_replaced_and_how_to_undo_that(stage: Stage) -> None:
    by = stage.here.moderator.id
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md", by=by)
    await ingest(stage.here, ("loaf.md", BREAD.replace(b"sugar", b"honey")), ("a.srt", SRT))
    (progress,) = stage.here.channel.history(viewer=stage.here.member)
    assert text(progress) == (
        "### Ingested · 2 of 2 files\n1 replaced, 1 new\nReplaced:\n- loaf.md → **How bread rises**\n"
        "`/transcript restore` brings it back for 24 hours."
    )


async def test_three_files_are_announced_one_by_one(stage: Stage) -> None:
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    await ingest(stage.here, *((f"{word}.srt", captions(word)) for word in ("quokka", "wombat", "numbat")))
    await stage.turn()
    _, *announced = stage.here.channel.history(viewer=stage.here.member)
    assert [text(one).split("\n")[:2] for one in announced] == [
        ["### New transcript", f"**{word}**"] for word in ("quokka", "wombat", "numbat")
    ]


async def test_a_title_for_many_files_is_refused(stage: Stage) -> None:
    told = await ingest(stage.here, ("a.srt", SRT), ("b.srt", captions("wombat")), title="One")
    assert "A title, a link or a date is one file's" in shown(told)
    assert await titles(stage) == []


async def test_where_the_bot_may_not_post_the_moderator_alone_sees_the_progress(stage: Stage) -> None:
    stage.env.inject_error("POST", f"/channels/{stage.here.channel.id}/messages", status=403)
    told = await ingest(stage.here, ("a.srt", SRT), ("b.srt", captions("wombat")))
    assert "### Ingested · 2 of 2 files" in shown(told)
    assert stage.here.channel.history(viewer=stage.here.member) == []


class Slow(Library):
    """A library that takes its time."""

    async def ingest(self, *asked: Any, **options: Any) -> Ingested:
        await asyncio.sleep(0.1)
        return await super().ingest(*asked, **options)


async def test_a_slow_file_is_acknowledged_in_time_and_reported_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cogs.ingest.PATIENCE", 0.01)
    async with staged(tmp_path / "verbatim.db", kind=Slow) as stage:
        before = len(stage.env.http_requests)
        result = await ingest(stage.here, ("talk.srt", SRT))
        assert stage.env.http_requests[before].json == {"type": 5, "data": {"flags": 64}}
        assert result.modal is None  # it can no longer be opened; a button does
        assert labels(report(result)) == ["Add title and link"]


class Stopping(Library):
    """A library whose process ends at the third file."""

    count = 0

    async def _keep(self, *asked: Any, **options: Any) -> Ingested:
        Stopping.count += 1
        if Stopping.count == 3:
            raise asyncio.CancelledError
        return await super()._keep(*asked, **options)

    async def close(self, batch: int) -> None:
        if Stopping.count != 3:  # the process is gone
            await super().close(batch)


async def test_a_restart_in_the_middle_names_what_was_kept_and_what_was_not(tmp_path: Path) -> None:
    Stopping.count = 0
    async with staged(tmp_path / "verbatim.db", kind=Stopping) as stage:
        await stage.here.moderator.slash(stage.here.channel, "subscribe")
        files = [(f"{word}.srt", captions(word)) for word in ("quokka", "wombat", "numbat", "bilby")]
        await ingest(stage.here, ("all.zip", zipped(*files)))
        await stage.restart()
        await stage.turn()
        progress, *announced = stage.here.channel.history(viewer=stage.here.member)
        assert text(progress) == (
            "### Stopped by a restart · 2 of 4 files\n2 new\nKept:\n- quokka.srt\n- wombat.srt\n"
            "Not ingested; send them again:\n- numbat.srt\n- bilby.srt"
        )
        assert [text(one).split("\n")[1] for one in announced] == ["**quokka**", "**wombat**"]


async def test_a_message_s_files_are_ingested_from_its_menu(stage: Stage) -> None:
    message = await stage.here.member.send(stage.here.channel, "our talk", attachments=[("bread.md", BREAD)])
    result = await stage.here.moderator.context_menu(stage.here.channel, "Ingest transcripts", message)
    assert shown(result).startswith("### New transcript\n**How bread rises**")
    empty = await stage.here.member.send(stage.here.channel, "no file")
    told = await stage.here.moderator.context_menu(stage.here.channel, "Ingest transcripts", empty)
    assert "has no file attached" in shown(told)


async def test_a_full_disk_in_a_batch_is_said_of_each_file(tmp_path: Path) -> None:
    class Full(Library):
        async def _keep(self, *_: Any, **__: Any) -> Ingested:
            raise DatabaseError("The disk is full: nothing was changed; free some space and try again.")

    async with staged(tmp_path / "verbatim.db", kind=Full) as stage:
        await ingest(stage.here, ("a.srt", SRT), ("b.srt", SRT))
        (progress,) = stage.here.channel.history(viewer=stage.here.member)
        assert "2 failed\nNot kept:\n- a.srt\\: The disk is full" in text(progress)


async def test_members_can_neither_ingest_nor_undo(stage: Stage) -> None:
    with pytest.raises(simcord.SetupError, match="permission"):
        await stage.here.member.slash(stage.here.channel, "ingest", file=("a.srt", SRT))
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await ingest(stage.here, ("bread.md", BREAD.replace(b"sugar", b"honey")))
    channel = stage.bot.get_partial_messageable(stage.here.channel.id)
    message = await channel.send(view=plain("forged", undo_row(1)))
    told = await stage.here.member.click(message, label="Undo")
    assert "You don't have the permission" in shown(told)


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ({"date": "31/01/2025"}, "Nothing was changed: the date “31/01/2025” isn't a day like 2025-01-31."),
        ({"video_url": "no link"}, "Nothing was changed: the video's address isn't a web link."),
        ({"language": "Klingon"}, "There is no language “Klingon”; name it in English, as German, or by a code (de)."),
    ],
)
async def test_an_option_that_cannot_be_kept_is_refused_before_anything_is_done(
    stage: Stage, option: dict[str, str], says: str
) -> None:
    for files in ([("a.srt", SRT)], [("a.srt", SRT), ("b.srt", captions("wombat"))]):
        assert shown(await ingest(stage.here, *files, **option)) == says
    assert await titles(stage) == []
    assert stage.here.channel.history(viewer=stage.here.member) == []


async def test_a_file_that_brings_an_error_to_light_stops_no_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(file: File, limits: Limits) -> Understood:
        if file.name == "b.srt":
            raise ZeroDivisionError
        return understand(file, limits)

    monkeypatch.setattr("store.understanding.understand", failing)
    await ingest(stage.here, ("a.srt", SRT), ("b.srt", captions("wombat")), ("c.srt", captions("numbat")))
    (progress,) = stage.here.channel.history(viewer=stage.here.member)
    assert "### Ingested · 3 of 3 files\n2 new, 1 failed" in text(progress)
    assert "- b.srt\\: Something went wrong with this file" in text(progress)
    assert "ZeroDivisionError" in caplog.text


async def test_a_batch_that_fails_as_a_whole_says_so_where_it_was_followed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: Any) -> None:
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(stage.library, "went", failing)
    await ingest(stage.here, ("a.srt", SRT), ("b.srt", captions("wombat")))
    (progress,) = stage.here.channel.history(viewer=stage.here.member)
    assert text(progress) == (
        "### Stopped\\: The disk is full. · 1 of 2 files\n1 new\nKept:\n- a.srt\n"
        "Not ingested; send them again:\n- b.srt"
    )
    assert await stage.library.unfinished() == ()


def test_files_that_wait_too_long_make_room() -> None:
    waiting, now = Waiting(), time.monotonic()
    old = waiting.hold(Held(1, b"x" * 9, "a.srt", None, {}, now - 1))
    new = waiting.hold(Held(1, b"x", "b.srt", b"y" * HELD_BYTES, {}, now + 60))
    last = waiting.hold(Held(1, b"x", "c.srt", None, {}, now + 60))
    for name in (old, new):
        with pytest.raises(NotFoundError):
            waiting.take(1, name)
    assert waiting.take(1, last).name == "c.srt"

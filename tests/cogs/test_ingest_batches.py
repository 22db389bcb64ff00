"""/ingest of many files: one message that tells of all, what is refused, replaced or asked for, and a restart."""

import asyncio
import io
import logging
import time
import zipfile
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.config import Config
from cogs.correcting import Held, Waiting
from store.errors import DatabaseError, NotFoundError
from store.formats.archive import Packed
from store.library import Library
from store.models import Ingested, Limits, Settings
from store.understanding import File, Understood, understand
from tests.cogs.stage import BREAD, Stage, shown, staged, text
from tests.cogs.test_ingest_flow import SRT, captions, ingest, labels, report, titles


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


DOCUMENT = zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"))


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


async def test_where_the_bot_may_not_post_the_moderator_alone_sees_the_progress(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cogs")
    stage.env.inject_error("POST", f"/channels/{stage.here.channel.id}/messages", status=403)
    told = await ingest(stage.here, ("a.srt", SRT), ("b.srt", captions("wombat")))
    assert "### Ingested · 2 of 2 files" in shown(told)
    assert stage.here.channel.history(viewer=stage.here.member) == []
    (line,) = [record.getMessage() for record in caplog.records if record.name == "cogs.ingest"]
    assert line.endswith(f"may not post in channel {stage.here.channel.id}")


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


@pytest.mark.parametrize("chosen", [False, True])
async def test_what_a_restart_left_of_a_batch_is_told_in_the_server_s_language(tmp_path: Path, *, chosen: bool) -> None:
    Stopping.count = 0
    async with staged(tmp_path / "verbatim.db", kind=Stopping) as stage:
        if chosen:
            await stage.library.notifications.set(stage.here.guild.id, Settings(language="ja"))
        else:
            stage.env.backend.get_guild(stage.here.guild.id).preferred_locale = "ja"
        stage.speak(stage.here.moderator, "ja")
        files = [(f"{word}.srt", captions(word)) for word in ("quokka", "wombat", "numbat", "bilby")]
        await ingest(stage.here, ("all.zip", zipped(*files)))
        (progress,) = stage.here.channel.history(viewer=stage.here.member)
        assert text(progress).startswith("### 取り込み中 · 4件中0件\n")
        await stage.restart()
        await stage.turn()
        (progress,) = stage.here.channel.history(viewer=stage.here.member)
        assert text(progress).startswith("### 再起動により中断しました · 4件中2件\n新規2件\n保存したもの：\n")


async def test_a_full_disk_in_a_batch_is_said_of_each_file(tmp_path: Path) -> None:
    class Full(Library):
        async def _keep(self, *_: Any, **__: Any) -> Ingested:
            raise DatabaseError("The disk is full: nothing was changed; free some space and try again.")

    async with staged(tmp_path / "verbatim.db", kind=Full) as stage:
        await ingest(stage.here, ("a.srt", SRT), ("b.srt", SRT))
        (progress,) = stage.here.channel.history(viewer=stage.here.member)
        assert "2 failed\nNot kept:\n- a.srt\\: The disk is full" in text(progress)


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


def test_files_of_a_batch_wait_together_for_their_guild_alone() -> None:
    waiting, until = Waiting(), time.monotonic() + 60
    name = waiting.hold(*(Held(1, Packed(f"{at}.srt", b"x"), {}, until) for at in range(3)))
    with pytest.raises(NotFoundError):
        waiting.take(2, name)
    assert [one.file.name for one in waiting.take(1, name)] == ["0.srt", "1.srt", "2.srt"]
    with pytest.raises(NotFoundError):
        waiting.take(1, name)


async def anothers(stage: Stage) -> discord.Message:
    """Ingest a batch of which two files would replace what another moderator ingested; return its message."""
    for word in ("quokka", "wombat"):
        data = BREAD.replace(b"bread-rises", word.encode()).replace(b"How bread rises", word.encode())
        await stage.library.ingest(stage.here.guild.id, data, f"{word}.md", by=7)
    changed = [
        (f"{word}.md", BREAD.replace(b"bread-rises", word.encode()).replace(b"sugar", b"honey"))
        for word in ("quokka", "wombat")
    ]
    await ingest(stage.here, *changed, ("a.srt", SRT))
    (progress,) = stage.here.channel.history(viewer=stage.here.member)
    return progress


async def test_what_other_moderators_ingested_is_replaced_of_a_batch_after_one_yes(stage: Stage) -> None:
    progress = await anothers(stage)
    assert text(progress) == (
        "### Ingested · 3 of 3 files\n2 need your yes, 1 new\nIngested by another moderator, and not changed yet:\n"
        "- quokka.md → **quokka**\n- wombat.md → **wombat**"
    )
    assert labels(progress) == ["Replace these 2"]
    done = await stage.here.moderator.click(progress, label="Replace these 2")
    assert done.ephemeral
    assert shown(done) == (
        "### Ingested · 2 of 2 files\n2 replaced\nReplaced:\n- quokka.md → **How bread rises**\n"
        "- wombat.md → **How bread rises**\n`/transcript restore` brings any of them back for 24 hours."
    )
    assert await titles(stage) == ["How bread rises", "How bread rises", "a"]
    again = await stage.here.moderator.click(progress, label="Replace these 2")
    assert "no longer at hand; send it again" in shown(again)
    assert not stage.env.errors


async def test_only_who_may_manage_the_server_agrees_to_what_a_batch_would_replace(stage: Stage) -> None:
    progress = await anothers(stage)
    told = await stage.here.member.click(progress, label="Replace these 2")
    assert "You don't have the permission" in shown(told)
    assert await titles(stage) == ["a", "quokka", "wombat"]
    done = await stage.here.moderator.click(progress, label="Replace these 2")  # it still waits
    assert "2 replaced" in shown(done)


async def test_after_a_restart_nothing_of_a_batch_waits_any_more(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = await anothers(stage)
    monkeypatch.setattr("cogs.correcting.WAITING", Waiting())
    await stage.restart()
    told = await stage.here.moderator.click(progress, label="Replace these 2")
    assert "no longer at hand" in shown(told)


async def test_what_is_too_much_to_be_held_is_to_be_sent_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogs.ingest.HELD_BYTES", len(BREAD) + 20)
    progress = await anothers(stage)
    assert "1 needs your yes, 1 failed, 1 new\nNot kept:\n- wombat.md\\: “wombat” was ingested by another" in text(
        progress
    )
    assert "send the file alone to replace it" in text(progress)
    assert labels(progress) == ["Replace it"]

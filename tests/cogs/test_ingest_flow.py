"""/ingest from a moderator's side: options, forms, undo, what is another's."""

import asyncio
import time
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from simcord.results import InteractionResult, ResponseMessage

from bot.config import Config
from cogs.correcting import HELD_BYTES, Held, Waiting, undo_row
from cogs.ingest import HOLD_SECONDS
from cogs.interactions import passing
from cogs.rendering.words import plain
from store.errors import NotFoundError
from store.formats.archive import Packed
from store.library import Library
from store.models import Ingested, Limits
from tests.cogs.stage import BREAD, Server, Stage, buttons, shown, staged, text

SRT = b"1\n00:00:01,000 --> 00:00:03,000\nthe quokka smiles\n\n2\n00:00:03,000 --> 00:00:05,000\nby the river\n"
INFO = b'{"title": "A talk", "webpage_url": "https://youtu.be/abcdefghijk", "extractor": "youtube"}'


async def ingest(server: Server, *files: tuple[str, bytes], **options: Any) -> InteractionResult:
    named = dict(zip(("file", "file2", "file3", "file4", "file5"), files, strict=False))
    return await server.moderator.slash(server.channel, "ingest", **named, **options)


def captions(word: str) -> bytes:
    return SRT.replace(b"quokka", word.encode())


def labels(message: ResponseMessage | discord.Message | None) -> list[str]:
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
    await stage.restart(Config(check_seconds=3600))  # or the hour would be one of 3,600 turns
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


async def test_sound_that_is_too_large_is_called_sound(tmp_path: Path) -> None:
    small = Config(pause_seconds=0, limits=Limits(file_bytes=1000))
    async with staged(tmp_path / "verbatim.db", config=small) as stage:
        told = await ingest(stage.here, ("episode12.mp3", bytes(2000)))
        assert shown(told) == "episode12.mp3 is sound; Verbatim reads transcripts, it doesn't listen."


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


async def announced(stage: Stage) -> list[str]:
    """What the channel has been told of new transcripts."""
    await stage.turn()
    return [text(one) for one in stage.here.channel.history(viewer=stage.here.member)]


async def test_a_transcript_is_announced_with_what_its_form_says(stage: Stage) -> None:
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    opened = await ingest(stage.here, ("talk.srt", SRT))
    assert "To be announced in 1 channel once the form is sent, or in 5 minutes." in text(report(opened))
    assert await announced(stage) == []
    refused = await stage.here.moderator.submit_modal(opened, {"title": "x", "video_url": "no link"})
    assert await announced(stage) == []
    opened = await stage.here.moderator.click(report(refused), label="Open the form again")
    link = "https://youtu.be/abcdefghijk"
    await stage.here.moderator.submit_modal(opened, {"title": "The kiln", "video_url": link})
    (told,) = await announced(stage)
    assert told.startswith("### New transcript\n**[The kiln](https://www.youtube.com/watch?v=abcdefghijk&t=0s)**\n5 s")
    await stage.env.advance_time(HOLD_SECONDS)
    assert len(await announced(stage)) == 1


async def test_a_form_that_is_dismissed_holds_the_announcement_for_five_minutes(stage: Stage) -> None:
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    await ingest(stage.here, ("talk.srt", SRT))
    await stage.env.advance_time(HOLD_SECONDS - 60)
    assert await announced(stage) == []
    await stage.env.advance_time(60)
    (told,) = await announced(stage)
    assert told.startswith("### New transcript\n**talk**")


async def test_what_waits_for_a_form_is_no_part_of_the_interaction_that_opened_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    within, close = [], stage.library.close

    async def closing(held: int) -> None:
        within.append(passing())
        await close(held)

    monkeypatch.setattr(stage.library, "close", closing)
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    await ingest(stage.here, ("talk.srt", SRT))
    await stage.env.advance_time(HOLD_SECONDS)
    assert within == [None]


async def test_a_message_s_files_are_ingested_from_its_menu(stage: Stage) -> None:
    message = await stage.here.member.send(stage.here.channel, "our talk", attachments=[("bread.md", BREAD)])
    result = await stage.here.moderator.context_menu(stage.here.channel, "Ingest transcripts", message)
    assert shown(result).startswith("### New transcript\n**How bread rises**")
    empty = await stage.here.member.send(stage.here.channel, "no file")
    told = await stage.here.moderator.context_menu(stage.here.channel, "Ingest transcripts", empty)
    assert "has no file attached" in shown(told)


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


def test_files_that_wait_too_long_make_room() -> None:
    waiting, now = Waiting(), time.monotonic()
    old = waiting.hold(Held(1, Packed("a.srt", b"x" * 9), {}, now - 1))
    new = waiting.hold(Held(1, Packed("b.srt", b"x", b"y" * HELD_BYTES), {}, now + 60))
    last = waiting.hold(Held(1, Packed("c.srt", b"x"), {}, now + 60))
    for name in (old, new):
        with pytest.raises(NotFoundError):
            waiting.take(1, name)
    assert [one.file.name for one in waiting.take(1, last)] == ["c.srt"]


async def test_a_file_is_reported_and_its_form_is_opened_in_the_moderator_s_language(stage: Stage) -> None:
    stage.speak(stage.here.moderator, "ja")
    result = await ingest(stage.here, ("talk.srt", SRT), language="英語")
    assert result.modal is not None
    assert result.modal["title"] == "この文字起こしについて"
    said = report(result)
    assert text(said).startswith("### 新しい文字起こし\n**talk**\n")
    assert "言語：英語（モデレーターの指定）" in text(said)
    assert labels(said) == ["タイトルとリンクを追加"]

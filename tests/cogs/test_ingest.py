"""/ingest: what a moderator is told of a file, and that a file that fails changes nothing."""

from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord.results import InteractionResult

from bot.config import Config
from store.models import Limits
from tests.cogs.stage import BREAD, Server, Stage, links, shown, staged, text, title_of, transcript


async def ingest(server: Server, data: bytes, name: str = "talk.md") -> InteractionResult:
    return await server.moderator.slash(server.channel, "ingest", file=(name, data))


async def answer(server: Server, question: str) -> str:
    return shown(await server.member.slash(server.channel, "ask", question=question, private=True))


async def test_a_new_transcript_is_reported_with_what_was_understood_to_the_moderator_alone(stage: Stage) -> None:
    result = await ingest(stage.here, BREAD)
    said = text(result.response)
    assert said.startswith("### New transcript\n**How bread rises**\n")
    assert "2 min · 3 cues · 22 words · Ada Miller · 2025-03-01" in said
    assert "Link: <https://www.youtube.com/watch?v=bread-rises>" in said
    assert links(result.response) == {"▶ Watch": "https://www.youtube.com/watch?v=bread-rises&t=0s"}
    assert result.ephemeral
    assert stage.here.channel.history(viewer=stage.here.member) == []
    assert not stage.env.errors


async def test_a_transcript_can_be_asked_about_once_it_is_confirmed(stage: Stage) -> None:
    await ingest(stage.here, BREAD)
    assert "the **yeast** eats the sugar" in await answer(stage.here, "yeast")


async def test_the_same_video_again_is_replaced_and_its_changes_are_named(stage: Stage) -> None:
    await ingest(stage.here, BREAD)
    again = BREAD.replace(b"the sugar", b"every sugar").replace(b"How bread rises", b"How all bread rises")
    said = shown(await ingest(stage.here, again, "renamed.md"))
    assert said.startswith("### Transcript replaced\n**How all bread rises**")
    assert "What changed:\n- title\\: How bread rises → How all bread rises\n" in said
    assert "- cues\\: 1 changed" in said
    found = await answer(stage.here, "yeast")
    assert "eats every sugar" in found
    assert "the sugar" not in found
    assert "1 of 1 matching passages" in found


async def test_the_same_file_again_changes_nothing_and_says_so(stage: Stage) -> None:
    await ingest(stage.here, BREAD)
    said = shown(await ingest(stage.here, BREAD))
    assert said.startswith("### Unchanged\n")
    assert "nothing was changed" in said


async def test_the_same_video_in_another_server_is_new_there(stage: Stage) -> None:
    await ingest(stage.here, BREAD)
    assert shown(await ingest(stage.there, BREAD)).startswith("### New transcript")


async def test_what_is_odd_in_a_file_is_shown_with_its_line(stage: Stage) -> None:
    data = transcript("[0:10] the yeast wakes up", "[0:05] and eats", extra='date: "someday"')
    said = shown(await ingest(stage.here, data))
    assert "Odd in the file:\n" in said
    assert "- line 8\\: the time is earlier than the cue before it; the order was kept." in said
    assert "- the date “someday” isn't a day like 2025-01-31; it was left out." in said


async def test_a_file_without_a_link_is_taken_and_says_that_quotes_will_show_the_time(stage: Stage) -> None:
    result = await ingest(stage.here, transcript("[0:01] the yeast wakes up", url=None))
    (report,) = result.followups
    assert "No link: quotes will show the time alone." in text(report)
    assert links(report) == {}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1", "talk.md is a picture; send the words as text.", id="a picture"
        ),
        pytest.param(b"  \n \n", "the file is empty", id="an empty file"),
        pytest.param(b"<!DOCTYPE html><html><body>Sign in</body></html>", "talk.md is a web page", id="a page"),
        pytest.param(
            b"- [0:01] caf\xc3\xa9\n- [0:02] caf\xc3\n", "Line 2: this isn't UTF-8 text", id="a broken letter"
        ),
    ],
)
async def test_a_file_that_is_no_transcript_is_refused_and_the_old_version_stays_searchable(
    stage: Stage, data: bytes, sentence: str
) -> None:
    await ingest(stage.here, BREAD, "talk.md")
    refused = await ingest(stage.here, data, "talk.md")
    assert shown(refused).casefold().startswith(sentence.casefold())
    assert refused.ephemeral
    assert stage.here.channel.history(viewer=stage.here.member) == []
    assert "the **yeast** eats the sugar" in await answer(stage.here, "yeast")


async def test_a_file_larger_than_the_limit_is_refused_without_being_fetched(tmp_path: Path) -> None:
    small = Config(pause_seconds=0, limits=Limits(file_bytes=2**19))
    async with staged(tmp_path / "verbatim.db", config=small) as stage:
        refused = await ingest(stage.here, b"x" * (2**19 + 1))
        assert shown(refused) == "The file is larger than 0.5 MB; split it and send the parts."
        assert not [entry for entry in stage.env.http_requests if entry.method == "GET" and "attach" in entry.path]
        assert shown(await ingest(stage.here, BREAD)).startswith("### New transcript")


async def test_a_member_may_not_ingest(stage: Stage) -> None:
    with pytest.raises(simcord.SetupError, match="permission"):
        await stage.here.member.slash(stage.here.channel, "ingest", file=("talk.md", BREAD))
    assert (await stage.library.page(stage.here.guild.id)).total == 0


async def test_an_admin_can_let_a_role_ingest(stage: Stage) -> None:
    editors = stage.here.guild.create_role("Editors")
    editor = stage.here.guild.add_member(stage.env.create_user("editor"), roles=[editors])
    command = next(found for found in await stage.bot.tree.fetch_commands() if found.name == "ingest")
    stage.here.guild.set_command_permissions(command, {editors: True})
    result = await editor.slash(stage.here.channel, "ingest", file=("talk.md", BREAD))
    assert shown(result).startswith("### New transcript")


async def test_discord_failing_after_the_ingest_loses_neither_transcript_nor_announcement(stage: Stage) -> None:
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    stage.env.inject_error("*", "/webhooks/*", status=500, times=None)
    await ingest(stage.here, BREAD)
    stage.env.backend.faults.clear()
    assert "the **yeast** eats the sugar" in await answer(stage.here, "yeast")
    await stage.turn()
    assert [title_of(text(message)) for message in announced(stage)] == ["How bread rises"]


def announced(stage: Stage) -> list[Any]:
    return [found for found in stage.here.channel.history() if text(found).startswith("### New transcript")]


async def test_a_full_disk_is_said_and_leaves_everything_as_it_was(stage: Stage) -> None:
    await ingest(stage.here, BREAD)
    writer = stage.library._database._writer
    async with writer.execute("PRAGMA page_count") as cursor:
        row = await cursor.fetchone()
    assert row is not None
    await writer.execute(f"PRAGMA max_page_count={row[0]}")
    big = transcript(*(f"[{minute}:00] the yeast and word{minute} " * 20 for minute in range(200)))
    refused = await ingest(stage.here, big)
    assert shown(refused) == "The disk is full: nothing was changed; free some space and try again."
    assert "eats the sugar" in await answer(stage.here, "yeast")

    await writer.execute("PRAGMA max_page_count=1000000")
    assert shown(await ingest(stage.here, big)).startswith("### Transcript replaced")
    assert "**word150**" in await answer(stage.here, "word150")

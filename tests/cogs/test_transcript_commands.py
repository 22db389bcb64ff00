"""/transcript show, edit, remove, restore, export, move-times; /library search, order and export."""

from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord.results import InteractionResult

from cogs.rendering.transcripts import removing
from cogs.rendering.words import Row
from cogs.transcript import Remove
from store.correcting import Changed
from store.errors import DatabaseError
from store.formats.writing import Form
from store.library import Library
from tests.cogs.stage import BREAD, TIDES, Server, Stage, buttons, shown, staged, text

VTT = b"""WEBVTT

00:01.000 --> 00:03.000
<v Ada Vale>the quokka smiles

00:03.000 --> 00:05.000
<v Bo Lind>by the river
"""
FULL = "The disk is full: nothing was changed; free some space and try again."


async def run(server: Server, command: str, **options: Any) -> InteractionResult:
    return await server.moderator.slash(server.channel, f"transcript {command}", **options)


@pytest.fixture
async def shelf(stage: Stage) -> Stage:
    chapters = BREAD.replace(b"---\n\n", b'chapters: ["0:05 Yeast"]\n---\n\n')
    await stage.library.ingest(stage.here.guild.id, chapters, "bread.md", by=stage.here.moderator.id)
    await stage.library.ingest(stage.here.guild.id, VTT, "quokka.vtt")
    return stage


async def test_a_transcript_is_shown_with_all_that_is_known(shelf: Stage) -> None:
    said = shown(await run(shelf.here, "show", transcript="How bread rises"))
    assert said.startswith("### How bread rises\n2 min · 3 cues · 22 words · 1 passage · Ada Miller · 2025-03-01\n")
    assert f"by {shelf.here.moderator.mention} · id 1" in said
    assert "Tags: baking, yeast" in said
    assert "Chapters:\n- 0:05 Yeast" in said
    assert "It begins:\n> [▶ 0:00](https://www.youtube.com/watch?v=bread-rises&t=0s) welcome back" in said
    other = shown(await run(shelf.here, "show", transcript="quokka"))
    assert "Speakers: Ada Vale, Bo Lind; they are named in 2 cues." in other
    assert "> **0:01** *Ada Vale:* the quokka smiles" in other


async def test_a_chapter_and_speakers_stand_in_an_answer(shelf: Stage) -> None:
    answer = shown(await shelf.here.member.slash(shelf.here.channel, "ask", question="dough doubles in an hour"))
    assert "&t=65s) · *Yeast* so the **dough doubles** in about an **hour**" in answer
    other = shown(await shelf.here.member.slash(shelf.here.channel, "ask", question="quokka"))
    assert "> **0:01** *Ada Vale:* the **quokka** smiles\n> *Bo Lind:* by the river" in other
    by_bo = await shelf.here.member.slash(shelf.here.channel, "ask", question="river quokka", speaker="Bo Lind")
    assert "> **0:03** *Bo Lind:* by the **river**" in shown(by_bo)


async def test_a_transcript_is_edited_in_a_form_and_the_edit_is_undone(shelf: Stage) -> None:
    form = await run(shelf.here, "edit", transcript="quokka")
    done = await shelf.here.moderator.submit_modal(form, {"title": "The quokka", "speaker": "Ada Vale"})
    assert "- title\\: quokka → The quokka" in shown(done)
    (message,) = [one for one in (done.response, *done.followups) if one is not None]
    undone = await shelf.here.moderator.click(message, label="Undo")
    assert shown(undone) == "**quokka** is as it was before it was edited."
    same = await run(shelf.here, "edit", transcript="quokka")
    nothing = await shelf.here.moderator.submit_modal(same, {"title": "quokka"})
    assert shown(nothing) == "**quokka**: nothing was changed."


async def test_a_transcript_is_removed_after_a_yes_and_restored_from_a_list(shelf: Stage) -> None:
    asked = await run(shelf.here, "remove", transcript="quokka")
    assert shown(asked) == "Remove **quokka** with its 2 cues? For 24 hours it can be brought back."
    assert asked.response is not None
    await shelf.here.moderator.click(asked.response, label="Remove")
    assert text(asked.response) == "**quokka** is removed. For 24 hours it can be brought back."
    assert [found["label"] for found in buttons(asked.response)] == ["Undo"]
    assert (await shelf.library.page(shelf.here.guild.id)).total == 1

    offered = await shelf.here.moderator.autocomplete(shelf.here.channel, "transcript restore", "change", "quok")
    assert offered[0]["name"].startswith("removed ")
    assert await shelf.there.moderator.autocomplete(shelf.there.channel, "transcript restore", "change", "") == []
    restored = await run(shelf.here, "restore", change=offered[0]["value"])
    assert shown(restored) == "**quokka** is as it was before it was removed."
    assert "Choose from the list" in shown(await run(shelf.here, "restore", change="quokka"))
    assert "can no longer be undone" in shown(await run(shelf.here, "restore", change="99"))


@pytest.mark.parametrize(
    ("form", "names"),
    [
        (None, ["quokka.md"]),
        ("json", ["quokka.json"]),
        ("srt", ["quokka.srt", "quokka.info.json"]),
        ("vtt", ["quokka.vtt", "quokka.info.json"]),
    ],
)
async def test_a_transcript_is_sent_as_files_that_are_unchanged_when_they_are_ingested(
    shelf: Stage, form: str | None, names: list[str]
) -> None:
    options = {"format": form} if form else {}
    result = await run(shelf.here, "export", transcript="quokka", **options)
    assert result.response is not None
    assert sorted(one.filename for one in result.response.attachments) == sorted(names)
    found = await shelf.library.export(shelf.here.guild.id, "2", Form(form or "native"))
    attached = dict(zip(("file", "file2"), found.items(), strict=False))
    again = await shelf.here.moderator.slash(shelf.here.channel, "ingest", **attached)
    assert shown(again).startswith("### Unchanged")


async def test_times_are_moved_and_the_move_is_undone(shelf: Stage) -> None:
    done = await run(shelf.here, "move-times", transcript="quokka", seconds=30)
    assert "- 2 cues moved by +30 s" in shown(done)
    assert done.response is not None
    assert "**0:31**" in shown(await shelf.here.member.slash(shelf.here.channel, "ask", question="quokka"))
    await shelf.here.moderator.click(done.response, label="Undo")
    assert "**0:01**" in shown(await shelf.here.member.slash(shelf.here.channel, "ask", question="quokka"))


@pytest.mark.parametrize("command", ["show", "edit", "remove", "export", "move-times"])
async def test_a_transcript_that_is_not_there_is_a_sentence(shelf: Stage, command: str) -> None:
    more = {"seconds": 1} if command == "move-times" else {}
    told = await run(shelf.here, command, transcript="zeppelin", **more)
    assert "This library has no transcript “zeppelin”" in shown(told)
    with pytest.raises(simcord.SetupError, match="permission"):
        await shelf.here.member.slash(shelf.here.channel, f"transcript {command}", transcript="quokka", **more)


async def test_a_button_that_removes_asks_who_presses(shelf: Stage) -> None:
    known = await shelf.library.known(shelf.here.guild.id, "2")
    row = Row()
    row.add_item(Remove(2))
    channel = shelf.bot.get_partial_messageable(shelf.here.channel.id)
    message = await channel.send(view=removing(known.entry, [row]))
    told = await shelf.here.member.click(message, label="Remove")
    assert "You don't have the permission" in shown(told)
    assert (await shelf.library.page(shelf.here.guild.id)).total == 2


class Full(Library):
    """A library on a full disk."""

    async def move_times(self, *_: object, **__: object) -> Changed:
        raise DatabaseError(FULL)


async def test_a_full_disk_changes_nothing_and_is_said(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Full) as stage:
        await stage.library.ingest(stage.here.guild.id, VTT, "quokka.vtt")
        assert shown(await run(stage.here, "move-times", transcript="quokka", seconds=5)) == FULL


async def test_the_library_is_searched_narrowed_and_ordered(shelf: Stage) -> None:
    await shelf.library.ingest(shelf.here.guild.id, TIDES, "tides.md")
    member, channel = shelf.here.member, shelf.here.channel
    said = shown(await member.slash(channel, "library", sort="title"))
    assert [line.split("**")[1][:6] for line in said.splitlines() if line[0].isdigit()] == [
        "[How b",
        "quokka",
        "[Why t",
    ]
    assert "-# 3 transcripts, by title · page 1 of 1" in said
    said = shown(await member.slash(channel, "library", search="ADA", sort="length"))
    assert "-# 2 transcripts (“ADA”), the longest first" in said
    said = shown(await member.slash(channel, "library", search="zeppelin"))
    assert said == "No transcript's title, speaker, channel, tag or link says “zeppelin”."
    said = shown(await member.slash(channel, "library", speaker="Bo Lind"))
    assert "-# 1 transcript (by Bo Lind), the newest first" in said


async def test_pages_of_a_search_go_on_after_a_restart(stage: Stage) -> None:
    for number in range(10):
        data = BREAD.replace(b"How bread rises", b"Bread %d" % number).replace(b"bread-rises", b"bread-rise%d" % number)
        await stage.library.ingest(stage.here.guild.id, data, "bread.md")
    await stage.library.ingest(stage.here.guild.id, TIDES, "tides.md")
    result = await stage.here.member.slash(stage.here.channel, "library", search="bread", sort="title")
    await stage.restart()
    assert result.response is not None
    await stage.here.member.click(result.response, label="More ▶")
    assert "Bread 8" in text(result.response)
    assert "-# 10 transcripts (“bread”), by title · page 2 of 2" in text(result.response)


async def test_a_whole_library_is_sent_as_a_zip_to_moderators_alone(shelf: Stage) -> None:
    done = await shelf.here.moderator.slash(shelf.here.channel, "library", export="srt")
    assert "The whole library" in shown(done)
    narrowed = await shelf.here.moderator.slash(shelf.here.channel, "library", export="srt", search="quokka")
    assert shown(narrowed) == "An export is of the whole library; leave the other options out."
    refused = await shelf.here.member.slash(shelf.here.channel, "library", export="srt")
    assert "You don't have the permission" in shown(refused)
    empty = await shelf.there.moderator.slash(shelf.there.channel, "library", export="srt")
    assert "The library is empty" in shown(empty)


async def test_a_library_too_large_for_discord_names_the_operators_command(
    shelf: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord.Guild.filesize_limit", 10)
    told = shown(await shelf.here.moderator.slash(shelf.here.channel, "library", export="native"))
    assert f"transcript export --all --guild {shelf.here.guild.id} --format native --output FOLDER" in told
    assert "larger than Discord takes" in shown(await run(shelf.here, "export", transcript="quokka"))


async def test_of_words_without_times_nobody_is_shown_a_time(stage: Stage) -> None:
    lines = [f"The quokka number {at} smiles by the river." for at in range(1, 6)]
    server = stage.here
    file = ("story.txt", "\n".join(lines).encode())
    told = [shown(await server.moderator.slash(server.channel, "ingest", file=file))]
    answer = await server.member.slash(server.channel, "ask", question="quokka number 3")
    counted = await server.member.slash(server.channel, "mentions", words="quokka")
    assert answer.response is not None
    assert counted.response is not None
    told += [shown(answer), shown(await server.member.click(answer.response, label="Around"))]
    told += [shown(counted), shown(await server.member.click(counted.response, label="Show each mention"))]
    told.append(shown(await server.member.slash(server.channel, "library")))
    told.append(shown(await run(server, "show", transcript="story")))
    assert "No times: quotes will have neither a time nor a link to one." in told[0]
    for said in told:
        assert "0:0" not in said, said
        assert "0 s" not in said, said
        assert "-# \n" not in said, said


async def test_who_may_use_a_command_by_the_server_s_settings_may_press_its_buttons(shelf: Stage) -> None:
    here = shelf.here
    (command,) = [one for one in await shelf.bot.tree.fetch_commands() if one.name == "transcript"]
    here.guild.set_command_permissions(command, {here.member: True})
    asked = await here.member.slash(here.channel, "transcript remove", transcript="quokka")
    assert asked.response is not None
    done = await here.member.click(asked.response, label="Remove")
    assert "**quokka** is removed" in shown(done)


async def test_the_form_holds_all_tags_or_none(shelf: Stage) -> None:
    tags = [f"tag number {at} which is long enough for this" for at in range(25)]
    entry = (await shelf.library.page(shelf.here.guild.id, search="quokka")).entries[0]
    await shelf.library.edit(shelf.here.guild.id, entry.id, {"tags": ", ".join(tags)})
    opened = await run(shelf.here, "edit", transcript="quokka")
    told = await shelf.here.moderator.submit_modal(opened, {"title": "The quokka", "tags": ", ".join(tags)})
    assert "tags" not in shown(told)
    after = (await shelf.library.known(shelf.here.guild.id, entry.id)).entry
    assert (after.details.title, list(after.details.tags)) == ("The quokka", tags)


async def test_a_transcript_is_chosen_by_the_link_that_is_shown(shelf: Stage) -> None:
    said = shown(await run(shelf.here, "show", transcript="https://www.youtube.com/watch?v=bread-rises"))
    assert said.startswith("### How bread rises")


async def test_a_moderator_who_uses_discord_in_japanese_edits_and_restores_in_japanese(shelf: Stage) -> None:
    moderator = shelf.here.moderator
    shelf.speak(moderator, "ja")
    form = await run(shelf.here, "edit", transcript="quokka")
    assert form.modal is not None
    assert form.modal["title"] == "この文字起こしについて"
    done = await moderator.submit_modal(form, {"title": "The quokka"})
    (message,) = [one for one in (done.response, *done.followups) if one is not None]
    assert [found["label"] for found in buttons(message)] == ["元に戻す"]
    shelf.speak(moderator, "en-US")
    assert shown(await moderator.click(message, label="元に戻す")) == "**quokka** is as it was before it was edited."
    shelf.speak(moderator, "ja")
    asked = await run(shelf.here, "remove", transcript="quokka")
    assert asked.response is not None
    assert text(asked.response) == "**quokka**（字幕2件）を削除しますか？24時間以内なら元に戻せます。"
    await moderator.click(asked.response, label="削除")
    (offered, *_) = await moderator.autocomplete(shelf.here.channel, "transcript restore", "change", "quok")
    assert offered["name"].startswith("削除 ")
    restored = await run(shelf.here, "restore", change=offered["value"])
    assert shown(restored) == "**quokka**を削除前の状態に戻しました。"

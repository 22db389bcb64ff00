"""/library: what can be asked about, page by page, with buttons that work for ever."""

import pytest
import simcord
from simcord.results import InteractionResult

from tests.cogs.stage import BREAD, Server, Stage, buttons, text, transcript

YOUTUBE = "https://www.youtube.com/watch?v="


async def fill(stage: Stage, count: int) -> None:
    for number in range(1, count + 1):
        data = transcript("[0:01] words", title=f"Talk {number}", url=f"{YOUTUBE}talk-{number:06}")
        await stage.library.ingest(stage.here.guild.id, data, "talk.md")


async def library(server: Server) -> InteractionResult:
    return await server.member.slash(server.channel, "library")


async def press(server: Server, result: InteractionResult, label: str) -> None:
    (button,) = [found for found in buttons(result.response) if found["label"] == label]
    assert result.response is not None
    await server.member.click(result.response, custom_id=button["custom_id"])


def numbers(result: InteractionResult) -> list[int]:
    """Return the numbers of the talks on the page."""
    lines = [line for line in text(result.response).splitlines() if "[Talk " in line]
    return [int(line.split("[Talk ")[1].split("]")[0]) for line in lines]


def usable(result: InteractionResult) -> dict[str, bool]:
    return {found["label"]: not found["disabled"] for found in buttons(result.response)}


async def test_an_empty_library_says_how_to_fill_it(stage: Stage) -> None:
    assert "library is still empty" in text((await library(stage.here)).response)


async def test_a_transcript_is_listed_with_its_link_length_speaker_and_date(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await library(stage.here)
    assert text(result.response).splitlines() == [
        "### Library",
        f"1. **[How bread rises]({YOUTUBE}bread-rises&t=0s)**",
        "-# 2 min · Ada Miller · 2025-03-01 · English",
        "-# 1 transcript, the newest first · page 1 of 1",
    ]
    assert not stage.env.errors


async def test_the_list_is_shown_to_who_asked_for_it_alone(stage: Stage) -> None:
    result = await library(stage.here)
    assert result.ephemeral
    assert stage.here.channel.history(viewer=stage.here.moderator) == []


async def test_one_page_needs_no_buttons(stage: Stage) -> None:
    await fill(stage, 8)
    result = await library(stage.here)
    assert numbers(result) == [8, 7, 6, 5, 4, 3, 2, 1]
    assert buttons(result.response) == []


async def test_buttons_turn_the_pages_in_both_directions_and_stop_at_the_ends(stage: Stage) -> None:
    await fill(stage, 20)
    result = await library(stage.here)
    assert numbers(result) == [20, 19, 18, 17, 16, 15, 14, 13]
    assert usable(result) == {"◀ Back": False, "More ▶": True}
    assert text(result.response).endswith("20 transcripts, the newest first · page 1 of 3")

    await press(stage.here, result, "More ▶")
    assert numbers(result) == [12, 11, 10, 9, 8, 7, 6, 5]
    assert usable(result) == {"◀ Back": True, "More ▶": True}
    await press(stage.here, result, "More ▶")
    assert numbers(result) == [4, 3, 2, 1]
    assert usable(result) == {"◀ Back": True, "More ▶": False}
    assert "17. **[Talk 4]" in text(result.response)

    await press(stage.here, result, "◀ Back")
    await press(stage.here, result, "◀ Back")
    assert numbers(result) == [20, 19, 18, 17, 16, 15, 14, 13]
    assert not stage.env.errors


async def test_a_button_works_after_a_restart(stage: Stage) -> None:
    await fill(stage, 10)
    result = await library(stage.here)
    await stage.restart()
    await press(stage.here, result, "More ▶")
    assert numbers(result) == [2, 1]
    assert not stage.env.errors


async def test_a_page_that_is_gone_shows_the_last_one_there_is(stage: Stage) -> None:
    await fill(stage, 20)
    result = await library(stage.here)
    await press(stage.here, result, "More ▶")
    for number in range(1, 11):
        await stage.library.remove(stage.here.guild.id, f"{YOUTUBE}talk-{number:06}")
    await press(stage.here, result, "More ▶")
    assert numbers(result) == [12, 11]
    assert text(result.response).endswith("10 transcripts, the newest first · page 2 of 2")


async def test_a_library_that_was_emptied_meanwhile_says_so(stage: Stage) -> None:
    await fill(stage, 9)
    result = await library(stage.here)
    for number in range(1, 10):
        await stage.library.remove(stage.here.guild.id, f"{YOUTUBE}talk-{number:06}")
    await press(stage.here, result, "More ▶")
    assert "library is still empty" in text(result.response)
    assert buttons(result.response) == []


async def test_a_button_at_the_end_cannot_be_pressed(stage: Stage) -> None:
    await fill(stage, 9)
    result = await library(stage.here)
    with pytest.raises(simcord.SetupError, match="disabled"):
        await press(stage.here, result, "◀ Back")


async def test_a_server_lists_its_own_transcripts_alone(stage: Stage) -> None:
    await fill(stage, 9)
    assert "library is still empty" in text((await library(stage.there)).response)
    await stage.library.ingest(stage.there.guild.id, BREAD, "bread.md")
    listed = text((await library(stage.there)).response)
    assert "1 transcript," in listed
    assert "Talk" not in listed


async def test_a_member_who_uses_discord_in_japanese_turns_japanese_pages(stage: Stage) -> None:
    await fill(stage, 8)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    stage.speak(stage.here.member, "ja")
    listed = await library(stage.here)
    assert text(listed.response).splitlines()[0] == "### ライブラリ"
    assert "-# 2分 · Ada Miller · 2025-03-01 · 英語" in text(listed.response)
    await press(stage.here, listed, "続き ▶")
    assert text(listed.response).endswith("-# 9件、取り込みの新しい順 · 2/2ページ")
    assert usable(listed) == {"◀ 戻る": True, "続き ▶": False}

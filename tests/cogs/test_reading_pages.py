"""The buttons below an answer: its next pages, for whoever presses, and a private answer posted by its asker."""

import re
from pathlib import Path

import discord
import pytest
import simcord
from simcord.results import ResponseMessage

from cogs.reading import More, Post, Reading
from cogs.rendering.words import Row, plain
from store.errors import DatabaseError
from store.library import Library
from store.models import Asked, Filters
from tests.cogs.stage import BREAD, Stage, buttons, shown, staged, text, transcript
from tests.cogs.test_reading import DAY, RESTING, asked, labels, press

FORGOTTEN = "That question is no longer kept; ask it again with `/ask`."
ASKERS_ONLY = "Only the member who asked can post this answer."
FULL = "The disk is full: nothing was changed; free some space and try again."


def words(name: str) -> str:
    """Return words that no other talk says, enough for a cue to be a passage by itself."""
    return f"and so{name} we{name} talk{name} on about{name} this{name} and that{name} " * 4


async def fill(stage: Stage, count: int = 12) -> None:
    """Ingest talks that each say once that the quokka appears."""
    for number in range(count):
        lines = (f"[0:{number:02}] the quokka appears in part {number} {words(f'talk{number}')}", "[1:00] bye")
        data = transcript(*lines, title=f"Talk {number}", url=f"https://www.youtube.com/watch?v=talk-{number:06}")
        await stage.library.ingest(stage.here.guild.id, data, "talk.md")


def talks(message: ResponseMessage) -> list[str]:
    """Return the titles of the talks that a message quotes."""
    return re.findall(r"^\*\*\[(Talk \d+)\]", text(message), re.MULTILINE)


def usable(message: ResponseMessage) -> dict[str, bool]:
    """Return the buttons that turn pages, and whether they can be pressed."""
    turning = {"◀ Back", "More ▶"}
    return {found["label"]: not found["disabled"] for found in buttons(message) if found["label"] in turning}


@pytest.fixture
async def answer(stage: Stage) -> ResponseMessage:
    await fill(stage)
    return await asked(stage.here)


async def test_an_answer_of_one_page_needs_neither_button_nor_memory(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    answer = await asked(stage.here, "yeast")
    assert labels(answer) == ["Around"]


async def test_more_opens_the_next_page_for_the_presser_alone(stage: Stage, answer: ResponseMessage) -> None:
    assert usable(answer) == {"More ▶": True}
    page = await press(stage.here.moderator, answer, "More ▶")
    assert page.ephemeral
    assert text(page).startswith("### quokka\n**[Talk ")
    assert "-# page 2 · 5 of 12 matching passages, from 5 transcripts" in text(page)
    assert not set(talks(page)) & set(talks(answer))
    assert [message.id for message in stage.here.channel.history(viewer=stage.here.member)] == [answer.id]
    assert usable(answer) == {"More ▶": True}
    assert not stage.env.errors


async def test_a_page_turns_in_its_place_in_both_directions_and_stops_at_the_ends(
    stage: Stage, answer: ResponseMessage
) -> None:
    page = await press(stage.here.member, answer, "More ▶")
    second = talks(page)
    assert usable(page) == {"◀ Back": False, "More ▶": True}
    assert (await press(stage.here.member, page, "More ▶")).id == page.id
    third = talks(page)
    assert usable(page) == {"◀ Back": True, "More ▶": False}
    assert "-# page 3 · 2 of 12 matching passages, from 2 transcripts" in text(page)
    assert len({*talks(answer), *second, *third}) == 5 + 5 + 2

    await press(stage.here.member, page, "◀ Back")
    assert talks(page) == second
    assert not stage.env.errors


async def test_the_quotes_of_a_page_open_what_was_said_around_them(stage: Stage, answer: ResponseMessage) -> None:
    page = await press(stage.here.member, answer, "More ▶")
    around = [found["custom_id"] for found in buttons(page) if found["label"] == "Around"]
    assert len(around) == 5
    found = (await stage.here.member.click(page, custom_id=around[1])).response
    assert text(found).startswith(f"### {talks(page)[1]}\n")
    assert found is not None
    assert found.id != page.id


async def test_the_next_page_is_of_the_same_filters(stage: Stage) -> None:
    await fill(stage)
    answer = await asked(stage.here, video="Talk 7")
    assert usable(answer) == {}
    for number in range(2, 10):
        named = transcript(
            *(f"[{minute}:00] the quokka appears in part {minute} {words(f'walk{number}')}" for minute in range(3)),
            title=f"Walk {number}",
            url=f"https://www.youtube.com/watch?v=walk-{number:06}",
            extra='speaker: "Ada Miller"',
        )
        await stage.library.ingest(stage.here.guild.id, named, "walk.md")
    answer = await asked(stage.here, speaker="Ada Miller")
    page = await press(stage.here.member, answer, "More ▶")
    assert "(by Ada Miller)" in text(page)
    assert "Walk" in text(page)
    assert "Talk" not in text(page)


async def test_pages_open_after_a_restart_and_after_a_day(stage: Stage, answer: ResponseMessage) -> None:
    await stage.restart(RESTING)
    await stage.env.advance_time(DAY + 1)
    page = await press(stage.here.moderator, answer, "More ▶")
    assert "-# page 2 · " in text(page)
    await stage.restart()
    await press(stage.here.moderator, page, "More ▶")
    assert "-# page 3 · " in text(page)
    assert not stage.env.errors


async def test_a_page_that_is_gone_says_so_and_leads_back(stage: Stage, answer: ResponseMessage) -> None:
    page = await press(stage.here.member, answer, "More ▶")
    for number in range(2, 12):
        await stage.library.remove(stage.here.guild.id, f"https://www.youtube.com/watch?v=talk-{number:06}")
    await press(stage.here.member, page, "More ▶")
    assert text(page) == "Nothing more was found."
    assert usable(page) == {"◀ Back": True, "More ▶": False}


async def test_another_servers_question_is_as_unknown_as_one_that_never_was(stage: Stage) -> None:
    await fill(stage)
    await stage.library.remember(stage.here.guild.id, "token", Asked("quokka", Filters(), stage.there.member.id))
    channel = stage.bot.get_partial_messageable(stage.there.channel.id)
    for button in (More("x", "token", 1), Post("token"), More("x", "other", 1), Post("other")):
        row = Row()
        row.add_item(button)
        message = await channel.send(view=plain("forged", [row]))
        told = await stage.there.member.click(message, custom_id=button.custom_id)
        messages = [told.response, *told.followups]
        assert [text(said) for said in messages if said is not None and said.ephemeral] == [FORGOTTEN]


class Forgetful(Library):
    """A library whose disk is full when a question is to be remembered."""

    async def remember(self, *_: object) -> None:
        raise DatabaseError(FULL)


async def test_an_answer_whose_question_cannot_be_kept_stands_and_its_button_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Forgetful) as stage:
        await fill(stage)
        result = await stage.here.member.slash(stage.here.channel, "ask", question="quokka")
        assert result.followups == []
        assert result.response is not None
        assert len(talks(result.response)) == 5
        told = await press(stage.here.member, result.response, "More ▶")
        assert text(told) == FORGOTTEN
        assert told.ephemeral
    assert "could not be kept: The disk is full" in caplog.text
    assert "quokka" not in caplog.text


def public(stage: Stage) -> list[discord.Message]:
    """Return what is posted in the channel for everyone."""
    return stage.here.channel.history(viewer=stage.here.moderator)


async def posting(presser: simcord.MemberActor, answer: ResponseMessage) -> list[str]:
    """Press the button that posts, and return what its presser alone is told."""
    result = await presser.click(answer, label="Post to channel")
    return [text(told) for told in result.followups if told.ephemeral]


async def test_a_private_answer_can_be_posted_to_the_channel_by_its_asker(stage: Stage) -> None:
    await fill(stage)
    answer = await asked(stage.here, private=True)
    assert "Post to channel" in labels(answer)
    before = text(answer)
    assert public(stage) == []

    assert await posting(stage.here.member, answer) == []
    (posted,) = public(stage)
    assert text(posted) == f"{before}\n-# asked by {stage.here.member.mention}"
    assert text(answer) == before
    assert "Post to channel" not in labels(answer)
    assert usable(answer) == {"More ▶": True}
    assert not stage.env.errors


async def test_a_posted_answer_has_buttons_for_everyone_and_pings_nobody(stage: Stage) -> None:
    await fill(stage)
    await posting(stage.here.member, await asked(stage.here, private=True))
    (posted,) = public(stage)
    (request,) = [body["json"] for body in stage.requests("POST", "") if "asked by <@" in str(body["json"])]
    assert request["allowed_mentions"] == {"parse": []}
    page = await stage.here.moderator.click(posted, label="More ▶")
    assert "-# page 2 · " in shown(page)
    assert page.ephemeral


async def test_a_public_answer_has_nothing_to_post(answer: ResponseMessage) -> None:
    assert "Post to channel" not in labels(answer)


async def test_an_answer_without_a_quote_has_nothing_to_post(stage: Stage) -> None:
    await fill(stage)
    assert labels(await asked(stage.here, "zeppelin", private=True)) == []


async def test_a_private_answer_can_be_posted_after_a_restart(stage: Stage) -> None:
    await fill(stage)
    answer = await asked(stage.here, private=True)
    await stage.restart()
    await posting(stage.here.member, answer)
    assert len(public(stage)) == 1


async def test_nobody_but_its_asker_can_post_an_answer(stage: Stage) -> None:
    await fill(stage)
    await stage.library.remember(stage.here.guild.id, "token", Asked("quokka", Filters(), stage.here.member.id))
    row = Row()
    row.add_item(Post("token"))
    message = await stage.bot.get_partial_messageable(stage.here.channel.id).send(view=plain("forged", [row]))
    told = await stage.here.moderator.click(message, label="Post to channel")
    assert [text(said) for said in told.followups] == [ASKERS_ONLY]
    assert [text(said) for said in stage.here.channel.history(viewer=stage.here.member)] == ["forged"]


async def test_an_answer_is_posted_once_however_fast_its_button_is_pressed(stage: Stage) -> None:
    await fill(stage)
    answer = await asked(stage.here, private=True)
    reading = stage.bot.get_cog("Reading")
    assert isinstance(reading, Reading)
    (custom_id,) = (found["custom_id"] for found in buttons(answer) if found["label"] == "Post to channel")
    reading._posting.add(custom_id.split(":")[1])  # as while the first press is at work
    assert await posting(stage.here.member, answer) == []
    assert public(stage) == []
    reading._posting.clear()
    await posting(stage.here.member, answer)
    assert len(public(stage)) == 1


@pytest.mark.parametrize("status", [403, 500])
async def test_an_answer_that_could_not_be_posted_keeps_its_button(stage: Stage, status: int) -> None:
    await fill(stage)
    answer = await asked(stage.here, private=True)
    stage.env.inject_error("POST", "/webhooks/*", status=status)
    assert len(await posting(stage.here.member, answer)) == 1
    assert public(stage) == []
    assert "Post to channel" in labels(answer)

    assert await posting(stage.here.member, answer) == []
    assert len(public(stage)) == 1


async def test_an_answer_that_is_gone_is_not_posted(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    answer = await asked(stage.here, "yeast", private=True)
    await stage.library.remove(stage.here.guild.id, "1")
    told = await posting(stage.here.member, answer)
    assert told == ["The library has changed, and this question has no answer any more."]
    assert public(stage) == []
    assert "**yeast**" in text(answer)


async def test_what_its_asker_has_not_seen_is_shown_before_it_is_posted(stage: Stage) -> None:
    await fill(stage)
    answer = await asked(stage.here, private=True)
    first = (await stage.library.ask(stage.here.guild.id, "quokka")).quotes[0]
    await stage.library.remove(stage.here.guild.id, first.transcript_id)
    assert await posting(stage.here.member, answer) == [
        "The library has changed, so this answer is another one now: look, then post it."
    ]
    assert public(stage) == []
    assert first.details.title not in text(answer)
    assert await posting(stage.here.member, answer) == []
    (posted,) = public(stage)
    assert text(posted) == f"{text(answer)}\n-# asked by {stage.here.member.mention}"

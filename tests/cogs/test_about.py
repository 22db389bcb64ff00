"""The button and the menu of an announcement: a question about one transcript, answered to who asks alone."""

import asyncio

import discord
import pytest
import simcord
from simcord.results import InteractionResult

from cogs import about
from cogs.rendering import announcements
from store.library import Library
from store.models import Answer, Entry, Told
from tests.cogs.stage import BREAD, TIDES, Server, Stage, buttons, components, moments, shown, text, transcript

ASK = str(announcements.ASK)
GONE = "That transcript is no longer in this library."
QUESTION = {"question": "why does the yeast make gas"}


async def ingested(stage: Stage, server: Server, data: bytes = BREAD) -> Entry:
    return (await stage.library.ingest(server.guild.id, data, "talk.md", announce=False)).entry


async def posted(stage: Stage, channel_id: int, view: discord.ui.LayoutView) -> discord.Message:
    return await stage.bot.get_partial_messageable(channel_id).send(view=view)


async def announced(stage: Stage, server: Server, entry: Entry) -> discord.Message:
    return await posted(stage, server.channel.id, announcements.one(Told(entry.details.title, entry), post=1))


async def alerted(stage: Stage, user: simcord.UserHandle, entry: Entry, guild: int | None) -> discord.Message:
    """Send a member what their alert does."""
    view = announcements.one(Told(entry.details.title, entry), post=1, guild=guild)
    return await posted(stage, user.dm_channel.id, view)


def pressing(custom_id: str) -> discord.ui.LayoutView:
    """A message with a button of any custom id."""
    view = discord.ui.LayoutView(timeout=None)
    row = discord.ui.ActionRow[discord.ui.LayoutView]()
    row.add_item(announcements._Button(label=ASK, custom_id=custom_id))
    return view.add_item(row)


def choosing(custom_id: str, value: str) -> discord.ui.LayoutView:
    """A message with a menu of one value."""
    view = discord.ui.LayoutView(timeout=None)
    row = discord.ui.ActionRow[discord.ui.LayoutView]()
    row.add_item(announcements._Menu(custom_id=custom_id, options=[discord.SelectOption(label="x", value=value)]))
    return view.add_item(row)


def labels(result: InteractionResult) -> list[str]:
    return [button["label"] for button in buttons(result.response) if "custom_id" in button]


async def test_a_press_opens_a_form_that_says_what_it_is_about(stage: Stage) -> None:
    message = await announced(stage, stage.here, await ingested(stage, stage.here))
    opened = await stage.here.member.click(message, label=ASK)
    assert opened.modal is not None
    (label,) = opened.modal["components"]
    assert opened.modal["title"] == "Ask about this"
    assert (label["label"], label["description"]) == ("What do you want to know?", "How bread rises")
    assert label["component"]["max_length"] == stage.library.limits.question_characters


async def test_what_is_asked_is_answered_from_that_transcript_to_the_asker_alone(stage: Stage) -> None:
    other = BREAD.replace(b"bread-rises", b"other-bread").replace(b"How bread", b"Why bread")
    await ingested(stage, stage.here, other)
    message = await announced(stage, stage.here, await ingested(stage, stage.here))
    opened = await stage.here.member.click(message, label=ASK)
    answer = await stage.here.member.submit_modal(opened, QUESTION)
    assert answer.response is not None
    assert answer.response.ephemeral
    said = text(answer.response)
    assert said.startswith("### why does the yeast make gas\n")
    assert "**yeast**" in said
    assert said.endswith("-# 1 of 1 matching passages in this transcript")
    assert "Why bread" not in said
    assert moments(answer.response)["▶ 0:00"] == "https://www.youtube.com/watch?v=bread-rises&t=0s"
    opened = await stage.here.member.click(message, label=ASK)
    answer = await stage.here.member.submit_modal(opened, {"question": "What of blockchains?"})
    assert shown(answer).startswith("Nobody says “blockchains” in “How bread rises”.")
    assert not stage.env.errors


async def test_the_buttons_of_that_answer_do_what_those_of_a_private_answer_do(stage: Stage) -> None:
    message = await announced(stage, stage.here, await ingested(stage, stage.here))
    opened = await stage.here.member.click(message, label=ASK)
    answer = await stage.here.member.submit_modal(opened, {"question": "how often is yeast mentioned?"})
    assert labels(answer) == ["Around", "Mentions of “yeast”", "Post to channel"]
    assert answer.response is not None
    await stage.restart()
    around = await stage.here.member.click(answer.response, label="Around")
    assert "so the dough doubles" in shown(around)
    mentions = await stage.here.member.click(answer.response, label="Mentions of “yeast”")
    assert "in 1 transcript (in “How bread rises”)" in shown(mentions)
    await stage.here.member.click(answer.response, label="Post to channel")
    public = stage.here.channel.history(viewer=stage.here.moderator)[-1]
    assert f"asked by <@{stage.here.member.id}>" in text(public)
    assert not stage.env.errors


async def test_more_pages_are_of_that_transcript_too(stage: Stage) -> None:
    lines = [f"[{at // 60}:{at % 60:02}] bread {at} {'words that fill ' * 30}" for at in range(0, 1200, 10)]
    entry = await ingested(stage, stage.here, transcript(*lines, url=None))
    await ingested(stage, stage.here, transcript(*(f"{line} more" for line in lines[5:]), title="Other", url=None))
    opened = await stage.here.member.click(await announced(stage, stage.here, entry), label=ASK)
    answer = await stage.here.member.submit_modal(opened, {"question": "bread"})
    assert answer.response is not None
    page = await stage.here.member.click(answer.response, label="More ▶")
    assert "page 2" in shown(page)
    assert "Other" not in shown(page)


async def test_the_button_outlives_a_restart(stage: Stage) -> None:
    message = await announced(stage, stage.here, await ingested(stage, stage.here))
    await stage.restart()
    opened = await stage.here.member.click(message, label=ASK)
    answer = await stage.here.member.submit_modal(opened, QUESTION)
    assert "**yeast**" in shown(answer)


async def test_the_menu_of_many_asks_about_what_is_chosen_also_after_a_restart(stage: Stage) -> None:
    bread, tides = await ingested(stage, stage.here), await ingested(stage, stage.here, TIDES)
    tolds = [Told(entry.details.title, entry) for entry in (bread, tides)]
    view = announcements.together(tolds, post=1, heading="2 new transcripts")
    message = await posted(stage, stage.here.channel.id, view)
    for _ in range(2):
        opened = await stage.here.member.select(message, [str(tides.id)])
        answer = await stage.here.member.submit_modal(opened, {"question": "the moon and the yeast"})
        assert answer.response is not None
        assert answer.response.ephemeral
        assert "**moon**" in shown(answer)
        assert "**[Why there are tides](" in shown(answer)
        assert "matching passages in this transcript" in shown(answer)
        await stage.restart()


async def test_about_a_removed_transcript_nothing_can_be_asked(stage: Stage) -> None:
    entry = await ingested(stage, stage.here)
    message = await announced(stage, stage.here, entry)
    opened = await stage.here.member.click(message, label=ASK)
    await stage.library.remove(stage.here.guild.id, entry.id)
    for told in (
        await stage.here.member.submit_modal(opened, QUESTION),
        await stage.here.member.click(message, label=ASK),
    ):
        assert told.modal is None
        assert told.response is not None
        assert told.response.ephemeral
        assert shown(told) == GONE


async def test_a_question_without_a_word_to_search_for_is_a_sentence(stage: Stage) -> None:
    message = await announced(stage, stage.here, await ingested(stage, stage.here))
    opened = await stage.here.member.click(message, label=ASK)
    told = await stage.here.member.submit_modal(opened, {"question": "?!"})
    assert told.response is not None
    assert told.response.ephemeral
    assert "Something went wrong" not in shown(told)
    assert len(shown(told).splitlines()) == 1


async def test_a_slow_search_is_acknowledged_and_answered_to_the_asker_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await announced(stage, stage.here, await ingested(stage, stage.here))
    opened = await stage.here.member.click(message, label=ASK)
    monkeypatch.setattr("cogs.searching.PATIENCE", 0.01)
    ask = Library.ask

    async def slow(self: Library, guild_id: int, question: str, **options: object) -> Answer:
        await asyncio.sleep(0.1)
        return await ask(self, guild_id, question, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Library, "ask", slow)
    answer = await stage.here.member.submit_modal(opened, QUESTION)
    assert "**yeast**" in shown(answer)
    assert all(one.ephemeral for one in (answer.response, *answer.followups) if one is not None)


async def test_a_transcript_of_another_server_is_none_here(stage: Stage) -> None:
    secret = await ingested(stage, stage.there, TIDES)
    for custom_id in (f"about:{secret.id}:1", f"about:{secret.id}:1:{stage.there.guild.id}"):
        told = await stage.here.member.click(await posted(stage, stage.here.channel.id, pressing(custom_id)), label=ASK)
        assert shown(told) == GONE
    for custom_id in ("about-one:1", f"about-one:1:{stage.there.guild.id}"):
        message = await posted(stage, stage.here.channel.id, choosing(custom_id, str(secret.id)))
        assert shown(await stage.here.member.select(message, [str(secret.id)])) == GONE
    assert not stage.env.errors


@pytest.mark.parametrize(
    "custom_id", ["about:1", "about::1", "about:-1:1", "about:1:1:", "about:x:1", "about:٣:1", f"about:{'9' * 19}:1"]
)
async def test_no_other_custom_id_is_taken_for_one_of_an_announcement(stage: Stage, custom_id: str) -> None:
    await ingested(stage, stage.here)
    message = await posted(stage, stage.here.channel.id, pressing(custom_id))
    told = await stage.here.member.click(message, label=ASK)
    assert told.modal is None
    assert told.response is None


@pytest.mark.parametrize("custom_id", [f"about:{'9' * 18}:{'9' * 18}", f"about:0:0:{'9' * 20}", "about:000:1"])
async def test_a_transcript_that_never_was_is_a_sentence(stage: Stage, custom_id: str) -> None:
    message = await posted(stage, stage.here.channel.id, pressing(custom_id))
    assert shown(await stage.here.member.click(message, label=ASK)) == GONE


@pytest.mark.parametrize("value", ["x", "-1", "1 OR 1", "٣", "9" * 19, "9" * 100])
async def test_a_choice_that_is_no_transcript_is_a_sentence(stage: Stage, value: str) -> None:
    await ingested(stage, stage.here)
    message = await posted(stage, stage.here.channel.id, choosing("about-one:1", value))
    assert shown(await stage.here.member.select(message, [value])) == GONE


async def test_in_a_direct_message_a_member_is_answered_without_buttons(stage: Stage) -> None:
    entry, user = await ingested(stage, stage.here), stage.here.member.user
    message = await alerted(stage, user, entry, stage.here.guild.id)
    await stage.restart()
    opened = await user.click(message, label=ASK)
    answer = await user.submit_modal(opened, QUESTION)
    assert answer.response.ephemeral
    assert "**yeast**" in shown(answer)
    assert "▶ 0:00" in moments(answer.response)
    assert not [found for found in components(answer.response) if "custom_id" in found]
    assert not stage.env.errors


async def test_in_a_direct_message_the_menu_asks_that_server_too(stage: Stage) -> None:
    entry, user = await ingested(stage, stage.here), stage.here.member.user
    view = announcements.together([Told("t", entry)], post=1, heading="1 new", guild=stage.here.guild.id)
    opened = await user.select(await posted(stage, user.dm_channel.id, view), [str(entry.id)])
    assert "**yeast**" in shown(await user.submit_modal(opened, QUESTION))


async def test_who_has_left_the_server_is_told_nothing_of_it(stage: Stage) -> None:
    entry, user = await ingested(stage, stage.here), stage.here.member.user
    message = await alerted(stage, user, entry, stage.here.guild.id)
    gone = await alerted(stage, user, entry, stage.here.guild.id)
    opened = await user.click(message, label=ASK)
    stage.env.backend.remove_member(stage.here.guild.id, user.id)
    assert shown(await user.submit_modal(opened, QUESTION)) == str(about.NOT_A_MEMBER)
    assert shown(await user.click(message, label=ASK)) == str(about.NOT_A_MEMBER)
    await stage.library.remove(stage.here.guild.id, entry.id)
    assert shown(await user.click(gone, label=ASK)) == str(about.NOT_A_MEMBER)
    assert not stage.env.errors


async def test_a_member_of_one_server_asks_no_other_by_a_direct_message(stage: Stage) -> None:
    secret, user = await ingested(stage, stage.there, TIDES), stage.here.member.user
    for guild in (stage.there.guild.id, 10**19):
        message = await alerted(stage, user, secret, guild)
        assert shown(await user.click(message, label=ASK)) == str(about.NOT_A_MEMBER)
    message = await alerted(stage, user, secret, stage.here.guild.id)
    assert shown(await user.click(message, label=ASK)) == GONE
    message = await alerted(stage, user, secret, None)
    assert shown(await user.click(message, label=ASK)) == "I only work in a server; ask me there."


async def test_where_discord_does_not_say_who_presses_that_is_a_sentence(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, user = await ingested(stage, stage.here), stage.here.member.user
    message = await alerted(stage, user, entry, stage.here.guild.id)

    async def never(self: discord.Guild, member_id: int, /) -> discord.Member:
        del self, member_id
        await asyncio.sleep(60)
        raise AssertionError

    monkeypatch.setattr(about, "PATIENCE", 0.05)
    monkeypatch.setattr(discord.Guild, "fetch_member", never)
    assert shown(await user.click(message, label=ASK)).startswith("Discord is slow to say who you are")


async def test_a_transcript_that_is_renamed_is_asked_about_by_its_new_name(stage: Stage) -> None:
    entry = await ingested(stage, stage.here)
    message = await announced(stage, stage.here, entry)
    await stage.library.edit(stage.here.guild.id, entry.id, {"title": "~" * 300})
    opened = await stage.here.member.click(message, label=ASK)
    assert opened.modal is not None
    assert opened.modal["components"][0]["description"] == "~" * 99 + "…"

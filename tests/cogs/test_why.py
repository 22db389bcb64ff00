"""/why: who was told of a transcript, who wasn't, and why, as moderators see it."""

from typing import Any

import discord
import pytest
import simcord

from store.errors import UnindexedError
from store.models import Match, Wanted
from tests.cogs.stage import BREAD, TIDES, Server, Stage, shown

BAKING = Wanted(tag="baking")


async def asked(server: Server, **options: Any) -> str:
    result = await server.moderator.slash(server.channel, "why", **options)
    assert result.ephemeral
    return shown(result)


async def ingested(server: Server, file: bytes = BREAD) -> None:
    await server.moderator.slash(server.channel, "ingest", file=("talk.md", file))


async def named(server: Server, option: str, typed: str = "") -> list[tuple[str, str]]:
    found = await server.moderator.autocomplete(server.channel, "why", option, typed)
    return [(one["name"], one["value"]) for one in found]


async def test_what_was_sent_is_linked_and_what_was_skipped_says_why(stage: Stage) -> None:
    here, outbox = stage.here, stage.library.notifications
    await outbox.subscribe(here.guild.id, here.channel.id, name="talks")
    await outbox.subscribe(here.guild.id, here.channel.id, Wanted(tag="physics"), name="physics")
    await ingested(here)
    said = await asked(here, transcript="How bread rises")
    (message,) = [one for one in here.channel.history(viewer=here.member) if "How bread rises" in str(one.components)]
    link = f"https://discord.com/channels/{here.guild.id}/{here.channel.id}/{message.id}"
    assert f"- **talks** in {here.channel.mention}: [sent]({link}) <t:" in said
    assert f"- **physics** in {here.channel.mention}: skipped, because it isn't tagged physics." in said
    assert not stage.env.errors


async def test_a_deleted_channel_is_called_so(stage: Stage) -> None:
    gone = stage.here.guild.create_text_channel("gone")
    await stage.library.notifications.subscribe(stage.here.guild.id, gone.id, Wanted(tag="physics"), name="physics")
    await ingested(stage.here)
    channel = stage.bot.get_channel(gone.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.delete()
    for options in ({}, {"subscription": "physics"}):
        said = await asked(stage.here, transcript="1", **options)
        assert "**physics** in a deleted channel: skipped, because it isn't tagged physics." in said


async def test_one_subscription_says_what_of_its_words_is_said(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def matched(guild_id: int, words: str, transcript: int) -> Match:
        assert (guild_id, words, transcript) == (stage.here.guild.id, "sourdough", 1)
        return Match(missing=("sourdough",))

    here, outbox = stage.here, stage.library.notifications
    monkeypatch.setattr(outbox, "_matched", matched)
    await outbox.subscribe(here.guild.id, here.channel.id, Wanted(matching="sourdough"))
    await ingested(here)
    await stage.turn()
    said = await asked(here, transcript="1", subscription="sourdough")
    assert f"**sourdough** in {here.channel.mention}: skipped, because “sourdough” isn't said in it." in said
    assert "It watches for `sourdough`." in said
    assert "As both are now, it would be skipped again, for the same reason." in said


async def test_what_cannot_be_searched_yet_is_no_error(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unindexed(*_: object) -> Match:
        raise UnindexedError

    here, outbox = stage.here, stage.library.notifications
    monkeypatch.setattr(outbox, "_matched", unindexed)
    await ingested(here)
    await outbox.subscribe(here.guild.id, here.channel.id, Wanted(matching="yeast"))
    said = await asked(here, transcript="1", subscription="yeast")
    assert f"**yeast** in {here.channel.mention}: subscribed after the transcript came." in said
    assert "it would not hear of it: it can't be searched yet for what is watched." in said


async def test_transcripts_and_subscriptions_are_suggested_also_removed_ones(stage: Stage) -> None:
    here, outbox = stage.here, stage.library.notifications
    await outbox.subscribe(here.guild.id, here.channel.id, BAKING, name="bakers")
    await outbox.alert(here.guild.id, here.member.id, "secret words")
    await ingested(here)
    await ingested(here, TIDES)
    await stage.library.remove(here.guild.id, "1")
    assert await named(here, "transcript") == [("Why there are tides", "2"), ("removed · How bread rises", "1")]
    assert await named(here, "transcript", "BREAD") == [("removed · How bread rises", "1")]
    assert await named(here, "subscription") == [("bakers", "bakers")]
    said = await asked(here, transcript="1")
    assert said.startswith("### What became of “How bread rises”\n-# It was removed since · id 1")


async def test_an_id_is_not_taken_for_the_beginning_of_a_title(stage: Stage) -> None:
    here = stage.here
    await stage.library.notifications.subscribe(here.guild.id, here.channel.id)
    await ingested(here)
    await stage.library.remove(here.guild.id, "1")
    await ingested(here, TIDES.replace(b"Why there are tides", b"1 reason for tides"))
    assert "“How bread rises”" in await asked(here, transcript="1")
    assert "“1 reason for tides”" in await asked(here, transcript="1 reas")


async def test_nothing_of_another_server_is_told(stage: Stage) -> None:
    here, there, outbox = stage.here, stage.there, stage.library.notifications
    await outbox.subscribe(here.guild.id, here.channel.id, name="bakers")
    await ingested(here)
    await stage.library.remove(here.guild.id, "1")
    await ingested(here, TIDES)
    assert await named(there, "transcript") == []
    assert await named(there, "subscription") == []
    for transcript in ("1", "2", "How bread rises", "Why there are tides"):
        assert (
            await asked(there, transcript=transcript) == f"This library has no transcript “{transcript}”; it has none."
        )
    await ingested(there)
    said = await asked(there, transcript="3", subscription="bakers")
    assert said == "This server has no subscription “bakers”; `/subscriptions` lists those that it has."
    assert "bakers" not in await asked(there, transcript="3")


@pytest.mark.parametrize("transcript", ["zeppelin", "7", "0", "-1", " ", "9" * 30, "https://youtu.be/none"])
async def test_a_transcript_that_is_not_there_is_a_sentence(stage: Stage, transcript: str) -> None:
    await ingested(stage.here)
    said = await asked(stage.here, transcript=transcript)
    assert said.count("\n") == 0
    assert "transcript" in said


async def test_members_may_not_ask_why(stage: Stage) -> None:
    with pytest.raises(simcord.SetupError, match="permission"):
        await stage.here.member.slash(stage.here.channel, "why", transcript="1")

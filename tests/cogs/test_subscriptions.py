"""/subscribe, /unsubscribe and /subscriptions: which channels hear of new transcripts, and what a moderator is told."""

from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.config import Config
from store.models import Limits
from tests.cogs.stage import BREAD, Server, Stage, shown, staged, text, title_of


async def moderate(server: Server, command: str, channel: simcord.ChannelHandle | None = None, **options: Any) -> str:
    """Run a moderator's command, in the server's channel or another, and return the answer."""
    return shown(await server.moderator.slash(channel or server.channel, command, **options))


async def subscribed(stage: Stage, server: Server) -> list[int]:
    return [subscription.channel_id for subscription in await stage.library.subscriptions(server.guild.id)]


async def test_without_a_name_the_channel_in_which_it_is_called_is_subscribed(stage: Stage) -> None:
    said = await moderate(stage.here, "subscribe")
    assert said == f"New transcripts will be announced in {stage.here.channel.mention}."
    assert await subscribed(stage, stage.here) == [stage.here.channel.id]
    assert not stage.env.errors


async def test_another_channel_is_subscribed_by_its_name(stage: Stage) -> None:
    other = stage.here.guild.create_text_channel("announcements")
    said = await moderate(stage.here, "subscribe", channel=other)
    assert said == f"New transcripts will be announced in {other.mention}."
    assert await subscribed(stage, stage.here) == [other.id]


async def test_the_answer_is_shown_to_the_moderator_alone(stage: Stage) -> None:
    await moderate(stage.here, "subscribe")
    await moderate(stage.here, "subscriptions")
    await moderate(stage.here, "unsubscribe")
    assert stage.here.channel.history(viewer=stage.here.member) == []


async def test_subscribing_twice_is_said_and_announces_once(stage: Stage) -> None:
    await moderate(stage.here, "subscribe")
    said = await moderate(stage.here, "subscribe")
    assert said == f"New transcripts are already announced in {stage.here.channel.mention}."
    await moderate(stage.here, "ingest", file=("bread.md", BREAD))
    assert len(stage.sent(stage.here.channel)) == 1


async def test_a_thread_is_subscribed_like_a_channel(stage: Stage) -> None:
    parent = stage.bot.get_channel(stage.here.channel.id)
    assert isinstance(parent, discord.TextChannel)
    await parent.create_thread(name="news", type=discord.ChannelType.public_thread)
    (thread,) = stage.here.channel.threads
    assert await moderate(stage.here, "subscribe", thread) == f"New transcripts will be announced in {thread.mention}."
    await moderate(stage.here, "ingest", file=("bread.md", BREAD))
    assert [title_of(text(message)) for message in thread.history(viewer=stage.here.member)] == ["How bread rises"]


async def test_a_voice_channels_chat_is_refused_with_a_way_out(stage: Stage) -> None:
    voice = stage.here.guild.create_voice_channel("lounge")
    said = await moderate(stage.here, "subscribe", voice)
    assert said == "This channel can't be subscribed; name a text channel or a thread."
    assert await subscribed(stage, stage.here) == []


@pytest.mark.parametrize(
    ("denied", "named"),
    [
        (discord.PermissionOverwrite(send_messages=False), "**Send Messages**"),
        (discord.PermissionOverwrite(view_channel=False), "**View Channel**"),
    ],
)
async def test_a_permission_that_the_bot_lacks_in_the_channel_is_named_at_once(
    stage: Stage, denied: discord.PermissionOverwrite, named: str
) -> None:
    assert stage.env.bot.user is not None
    other = stage.here.guild.create_text_channel("quiet", overwrites={stage.env.bot.user: denied})
    said = await moderate(stage.here, "subscribe", channel=other)
    assert said.startswith(f"New transcripts will be announced in {other.mention}.\n⚠️ I can't post there yet: give me")
    assert named in said


async def test_unsubscribing_ends_the_announcements(stage: Stage) -> None:
    await moderate(stage.here, "subscribe")
    said = await moderate(stage.here, "unsubscribe")
    assert said.startswith(f"New transcripts will no longer be announced in {stage.here.channel.mention}.")
    await moderate(stage.here, "ingest", file=("bread.md", BREAD))
    await stage.turn()
    assert stage.sent(stage.here.channel) == []


async def test_another_channel_is_unsubscribed_by_its_name(stage: Stage) -> None:
    other = stage.here.guild.create_text_channel("announcements")
    await moderate(stage.here, "subscribe")
    await moderate(stage.here, "subscribe", channel=other)
    await moderate(stage.here, "unsubscribe", channel=other)
    assert await subscribed(stage, stage.here) == [stage.here.channel.id]


async def test_unsubscribing_a_channel_that_is_not_subscribed_says_so(stage: Stage) -> None:
    said = await moderate(stage.here, "unsubscribe")
    assert said == f"{stage.here.channel.mention} isn't subscribed; `/subscriptions` lists the channels that are."


async def test_the_subscribed_channels_are_listed_with_what_they_are_owed(stage: Stage) -> None:
    other = stage.here.guild.create_text_channel("announcements")
    await moderate(stage.here, "subscribe")
    await moderate(stage.here, "subscribe", channel=other)
    stage.env.inject_error("POST", f"/channels/{other.id}/messages", status=403, code=50013)
    await moderate(stage.here, "ingest", file=("bread.md", BREAD))
    lines = (await moderate(stage.here, "subscriptions")).splitlines()
    assert lines == [
        "### Subscribed channels",
        f"- <#{stage.here.channel.id}>",
        f"- <#{other.id}> · 1 still to be sent",
        "  -# last try: I may not post there; let me view the channel and send messages",
    ]


async def test_without_a_subscription_the_list_says_how_to_make_one(stage: Stage) -> None:
    assert "No channel is subscribed yet; `/subscribe`" in await moderate(stage.here, "subscriptions")


async def test_a_server_lists_and_ends_its_own_subscriptions_alone(stage: Stage) -> None:
    await moderate(stage.here, "subscribe")
    assert "No channel is subscribed yet" in await moderate(stage.there, "subscriptions")
    assert "isn't subscribed" in await moderate(stage.there, "unsubscribe")
    assert await subscribed(stage, stage.here) == [stage.here.channel.id]


async def test_a_server_may_have_only_so_many_subscriptions(tmp_path: Path) -> None:
    config = Config(pause_seconds=0, limits=Limits(subscriptions=1))
    async with staged(tmp_path / "verbatim.db", config=config) as stage:
        await moderate(stage.here, "subscribe")
        other = stage.here.guild.create_text_channel("announcements")
        said = await moderate(stage.here, "subscribe", channel=other)
        assert said.startswith("This server already has 1 subscribed channels, the most it may have")
        assert "will be announced" in await moderate(stage.there, "subscribe")


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "subscriptions"])
async def test_a_member_may_not_manage_subscriptions(stage: Stage, command: str) -> None:
    with pytest.raises(simcord.SetupError, match="permission"):
        await stage.here.member.slash(stage.here.channel, command)

"""Whom it concerns is told once of what fails, and nobody else."""

import asyncio
import copy
from dataclasses import replace
from typing import Any

import aiohttp
import discord
import pytest
import simcord
from simcord.results import InteractionResult

from cogs.troubles import Troubles
from tests.cogs.stage import BREAD, Stage, buttons, shown, text

HELP = "What can't be sent within 14 days is given up."


async def moderate(stage: Stage, command: str, **options: Any) -> InteractionResult:
    return await stage.here.moderator.slash(stage.here.channel, command, **options)


@pytest.fixture
def broken(stage: Stage) -> simcord.ChannelHandle:
    """Make a channel in which Discord lets nothing be posted."""
    channel = stage.here.guild.create_text_channel("broken")
    stage.env.inject_error("POST", f"/channels/{channel.id}/messages", status=403, code=50013, times=None)
    return channel


async def fail(stage: Stage, broken: simcord.ChannelHandle) -> None:
    """Let two subscriptions of a channel fail."""
    await moderate(stage, "subscribe", channel=broken, name="news")
    await moderate(stage, "subscribe", channel=broken, tag="baking", name="bread")
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()
    untold = await stage.library.notifications.untold(stage.here.guild.id)
    assert [one.name for one in untold] in (["news", "bread"], [])


async def test_the_reply_to_a_moderators_next_command_tells_once_which_since_when_why_and_what_to_do(
    stage: Stage, broken: simcord.ChannelHandle
) -> None:
    await fail(stage, broken)
    result = await moderate(stage, "help")
    (told,) = result.followups
    assert told.ephemeral
    first, second, last = text(told).splitlines()
    assert first.startswith(
        f"⚠️ **news** can't post in {broken.mention}: I need **View Channel** and **Send Messages** there. "
        "1 transcript waits since <t:"
    )
    assert "; next try <t:" in first
    assert second.startswith(f"⚠️ **bread** can't post in {broken.mention}: ")
    assert last == (
        "Put that right and press **Try now**, or choose another channel; `/subscriptions` lists all. "
        "What can't be sent within 14 days is given up."
    )
    await stage.here.moderator.click(told, label="Show bread")
    assert text(told).startswith("### bread")
    assert (await moderate(stage, "help")).followups == []


async def test_whoever_may_not_manage_the_server_is_told_nothing_and_neither_is_another_server(
    stage: Stage, broken: simcord.ChannelHandle
) -> None:
    await fail(stage, broken)
    assert (await stage.here.member.slash(stage.here.channel, "help")).followups == []
    assert (await stage.there.moderator.slash(stage.there.channel, "help")).followups == []
    assert len(await stage.library.notifications.untold()) == 2


async def test_what_nobody_was_told_before_a_restart_is_told_after_it(
    stage: Stage, broken: simcord.ChannelHandle
) -> None:
    await fail(stage, broken)
    await stage.restart()
    assert HELP in shown(await moderate(stage, "help"))
    await stage.restart()
    assert HELP not in shown(await moderate(stage, "help"))


async def test_where_a_channel_was_chosen_it_is_told_there_once(stage: Stage, broken: simcord.ChannelHandle) -> None:
    problems = stage.here.guild.create_text_channel("problems")
    await moderate(stage, "notifications", problems_channel=problems)
    await fail(stage, broken)
    told = problems.history()
    assert sum(text(message).count("**news**") for message in told) == 1
    assert sum(text(message).count("**bread**") for message in told) == 1
    for _ in range(3):
        await stage.turn()
    assert problems.history() == told
    assert (await moderate(stage, "help")).followups == []
    labels = [button["label"] for message in told for button in buttons(message)]
    assert {"Show news", "Show bread"} < set(labels)
    pressed = next(message for message in told if "Show news" in str(message.components))
    assert shown(await stage.here.member.click(pressed, label="Show news")).startswith("You don't have the permission")
    assert shown(await stage.here.moderator.click(pressed, label="Show news")).startswith("### news")
    assert problems.history() == told


async def test_what_failed_before_a_channel_was_chosen_is_told_there(
    stage: Stage, broken: simcord.ChannelHandle
) -> None:
    await fail(stage, broken)
    problems = stage.here.guild.create_text_channel("problems")
    guild = stage.here.guild.id
    wanted = replace(await stage.library.notifications.settings(guild), problems_channel_id=problems.id)
    await stage.library.notifications.set(guild, wanted)
    await stage.restart()
    await stage.turn()
    (told,) = problems.history()
    assert HELP in text(told)


async def test_where_that_channel_refuses_too_the_next_command_tells_and_it_is_not_tried_again(
    stage: Stage, broken: simcord.ChannelHandle
) -> None:
    problems = stage.here.guild.create_text_channel("problems")
    await moderate(stage, "notifications", problems_channel=problems)
    stage.env.inject_error("POST", f"/channels/{problems.id}/messages", status=403, code=50013, times=None)
    await fail(stage, broken)
    tried = len(stage.sent(problems))
    assert 1 <= tried <= 2
    await stage.library.ingest(stage.here.guild.id, BREAD.replace(b"bread-rises", b"another-one"), "other.md")
    await stage.turn()
    assert len(stage.sent(problems)) == tried
    assert HELP in shown(await moderate(stage, "help"))


async def test_where_that_channel_cannot_be_reached_it_is_tried_again_later(
    stage: Stage, broken: simcord.ChannelHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cogs.troubles.LATER_SECONDS", 0.05)
    problems = stage.here.guild.create_text_channel("problems")
    await moderate(stage, "notifications", problems_channel=problems)
    send, failures = discord.PartialMessageable.send, [discord.RateLimited(90), aiohttp.ClientError()]

    async def limited(self: discord.PartialMessageable, **given: Any) -> discord.Message:
        if self.id == problems.id and failures:
            raise failures.pop()
        return await send(self, **given)

    monkeypatch.setattr("discord.PartialMessageable.send", limited)
    await fail(stage, broken)
    for _ in range(50):
        await asyncio.sleep(0.05)
        if not await stage.library.notifications.untold():
            break
    assert failures == []
    assert HELP in "".join(map(text, problems.history()))


async def test_a_channel_that_refused_is_tried_again_after_a_day(
    stage: Stage, broken: simcord.ChannelHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = stage.here.guild.create_text_channel("problems")
    await moderate(stage, "notifications", problems_channel=problems)
    stage.env.inject_error("POST", f"/channels/{problems.id}/messages", status=403, code=50013, times=2)
    await fail(stage, broken)
    troubles = stage.bot.get_cog("Troubles")
    assert isinstance(troubles, Troubles)
    await troubles.look()
    assert problems.history() == []
    monkeypatch.setattr("cogs.troubles.TRIED_SECONDS", 0)
    await troubles.look()
    await troubles.look()
    assert HELP in text(problems.history()[-1])
    assert troubles._telling == {}


async def test_a_reply_that_cannot_be_sent_is_made_up_for_by_the_next(
    stage: Stage, broken: simcord.ChannelHandle
) -> None:
    await fail(stage, broken)
    stage.env.inject_error("POST", "/webhooks/*", status=404, code=10015)
    assert HELP not in shown(await moderate(stage, "help"))
    assert HELP in shown(await moderate(stage, "help"))


async def test_a_command_that_opens_a_form_tells_nothing(stage: Stage, broken: simcord.ChannelHandle) -> None:
    await fail(stage, broken)
    form = await moderate(stage, "transcript edit", transcript="How bread rises")
    assert form.modal is not None
    assert form.followups == []
    assert HELP in shown(await moderate(stage, "help"))


async def test_try_now_sends_what_waits_once_the_cause_is_gone(stage: Stage) -> None:
    await moderate(stage, "subscribe")
    stage.env.inject_error("POST", f"/channels/{stage.here.channel.id}/messages", status=403, code=50013)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()
    (told,) = (await moderate(stage, "help")).followups
    assert [button["label"] for button in buttons(told)] == ["Try now", "Show talks-here"]
    await stage.here.moderator.click(told, label="Try now")
    assert text(told).startswith("It is tried now; look again in a moment.\n### talks-here")
    assert stage.announced(stage.here.channel) == ["How bread rises"]
    (one,) = await stage.library.notifications.listed(stage.here.guild.id)
    assert one.failing_since is None


async def closed(stage: Stage) -> simcord.ChannelHandle:
    """Make a channel in which the bot may not post, with a subscription that fails for that."""
    assert stage.env.bot.user is not None
    denied = discord.PermissionOverwrite(send_messages=False)
    channel = stage.here.guild.create_text_channel("closed", overwrites={stage.env.bot.user: denied})
    await moderate(stage, "subscribe", channel=channel)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()
    (one,) = await stage.library.notifications.listed(stage.here.guild.id)
    assert one.failing_since is not None
    return channel


async def test_a_permission_that_is_given_lets_the_channel_be_tried_at_once(stage: Stage) -> None:
    channel = await closed(stage)
    guild = stage.bot.get_guild(stage.here.guild.id)
    assert guild is not None
    there = guild.get_channel(channel.id)
    assert isinstance(there, discord.TextChannel)
    await there.edit(topic="Not about permissions")
    await stage.env.settle()
    assert stage.announced(channel) == []
    await there.set_permissions(guild.me, send_messages=True)
    await stage.env.settle()
    assert stage.announced(channel) == ["How bread rises"]


async def test_a_role_that_is_changed_or_given_lets_what_fails_be_tried_at_once(stage: Stage) -> None:
    await moderate(stage, "subscribe")
    guild = stage.bot.get_guild(stage.here.guild.id)
    assert guild is not None
    for number, name in enumerate(("guild_role_update", "member_update")):
        stage.env.inject_error("POST", f"/channels/{stage.here.channel.id}/messages", status=403, code=50013)
        data = BREAD.replace(b"bread-rises", f"talk-{number}x".encode()).replace(
            b"How bread", f"{number} bread".encode()
        )
        await stage.library.ingest(stage.here.guild.id, data, f"{number}.md")
        await stage.turn()
        async with asyncio.timeout(10):
            while not (await stage.library.notifications.listed(stage.here.guild.id))[0].failures:
                await asyncio.sleep(0.05)
        assert len(stage.announced(stage.here.channel)) == number
        if name == "guild_role_update":
            before = copy.copy(guild.default_role)
            before._permissions = 0
            stage.bot.dispatch(name, before, guild.default_role)
        else:
            me = copy.copy(guild.me)
            me._roles = discord.utils.SnowflakeList([1])
            stage.bot.dispatch(name, me, guild.me)
        await stage.env.settle()
        await stage.turn()
        assert len(stage.announced(stage.here.channel)) == number + 1


async def test_a_thread_that_is_opened_again_is_tried_at_once(stage: Stage) -> None:
    parent = stage.bot.get_channel(stage.here.channel.id)
    assert isinstance(parent, discord.TextChannel)
    thread = await parent.create_thread(name="news", type=discord.ChannelType.public_thread)
    (handle,) = stage.here.channel.threads
    await moderate(stage, "subscribe", channel=handle)
    stage.env.inject_error("POST", f"/channels/{thread.id}/messages", status=400, code=160005)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()
    assert stage.announced(handle) == []
    locked = copy.copy(thread)
    locked.locked = True
    stage.bot.dispatch("thread_update", locked, thread)
    await stage.env.settle()
    await stage.turn()
    assert stage.announced(handle) == ["How bread rises"]


async def test_a_subscription_that_works_again_and_fails_again_is_told_of_again(stage: Stage) -> None:
    await moderate(stage, "subscribe")
    for number in range(2):
        stage.env.inject_error("POST", f"/channels/{stage.here.channel.id}/messages", status=403, code=50013)
        name = f"talk-{number}x".encode()
        await stage.library.ingest(stage.here.guild.id, BREAD.replace(b"bread-rises", name), f"{number}.md")
        await stage.turn()
        assert HELP in shown(await moderate(stage, "help"))
        await moderate(stage, "subscribe")
        await stage.turn()

"""Where announcements go: announcement channels, forums, threads, a member's direct messages; and whom they ping."""

from typing import Any

import discord
import pytest
import simcord

from store.models import State, Wanted
from tests.clock import Clock
from tests.cogs.stage import BREAD, TIDES, Stage, text, title_of

FLOUR = BREAD.replace(b"sugar", b"flour").replace(b"bread-rises", b"bread-flour").replace(b"How bread rises", b"Flour")


async def subscribe(stage: Stage, channel: simcord.ChannelHandle, wanted: Wanted | None = None) -> None:
    await stage.library.notifications.subscribe(stage.here.guild.id, channel.id, wanted)


async def ingest(stage: Stage, data: bytes = BREAD) -> int:
    id_ = (await stage.library.ingest(stage.here.guild.id, data, "talk.md")).entry.id
    await stage.turn()
    return id_


async def state(stage: Stage) -> State:
    return (await stage.library.notifications.deliveries(stage.here.guild.id))[0].state


def crossposts(stage: Stage) -> int:
    return len(stage.requests("POST", "/crosspost"))


async def test_an_announcement_channels_post_is_published_where_that_is_wanted(stage: Stage) -> None:
    news = stage.here.guild.create_news_channel("news")
    await subscribe(stage, news, Wanted(publish=True))
    await ingest(stage)
    assert crossposts(stage) == 1
    await subscribe(stage, stage.here.guild.create_news_channel("quiet"))
    await ingest(stage, TIDES)
    assert crossposts(stage) == 2  # of the one that wants it


async def test_what_discords_hourly_limit_leaves_is_published_later(stage: Stage, clock: Clock) -> None:
    news = stage.here.guild.create_news_channel("news")
    await subscribe(stage, news, Wanted(publish=True))
    stage.env.inject_error("POST", "/channels/*/messages/*/crosspost", status=429, times=None)
    await ingest(stage)
    assert await state(stage) is State.SENT
    stage.env.backend.faults.clear()
    tried = crossposts(stage)
    await stage.turn()
    assert crossposts(stage) == tried
    clock.forward(700)
    await stage.turn()
    assert crossposts(stage) == tried + 1
    assert len(stage.sent(news)) == 1


async def test_what_was_published_already_is_taken_as_published(stage: Stage, clock: Clock) -> None:
    news = stage.here.guild.create_news_channel("news")
    await subscribe(stage, news, Wanted(publish=True))
    stage.env.inject_error("POST", "/channels/*/messages/*/crosspost", status=500, times=None)
    await ingest(stage)
    stage.env.backend.faults.clear()
    message = news.history()[0]
    await stage.bot.get_partial_messageable(news.id).get_partial_message(message.id).publish()
    clock.forward(60)
    await stage.turn()
    tried = crossposts(stage)
    clock.forward(10**6)
    await stage.turn()
    assert crossposts(stage) == tried


async def test_a_forum_gets_a_post_with_title_and_tags_for_each_transcript(stage: Stage) -> None:
    forum = stage.here.guild.create_forum_channel("talks")
    channel = stage.bot.get_channel(forum.id)
    assert isinstance(channel, discord.ForumChannel)
    await channel.edit(available_tags=[discord.ForumTag(name="Baking"), discord.ForumTag(name="Sea")])
    await subscribe(stage, forum)
    await ingest(stage)
    await ingest(stage, TIDES)
    assert [thread.name for thread in forum.threads] == ["How bread rises", "Why there are tides"]
    thread = stage.bot.get_channel(forum.threads[0].id)
    assert isinstance(thread, discord.Thread)
    assert [tag.name for tag in thread.applied_tags] == ["Baking"]
    (starter,) = forum.threads[0].history()
    assert title_of(text(starter)) == "How bread rises"
    assert await state(stage) is State.SENT


async def test_a_forums_post_that_may_have_been_opened_is_looked_for(stage: Stage, clock: Clock) -> None:
    forum = stage.here.guild.create_forum_channel("talks")
    await subscribe(stage, forum)
    original: Any = discord.ForumChannel.create_thread
    lost: list[object] = []

    async def create_thread(self: discord.ForumChannel, **options: object) -> object:
        opened = await original(self, **options)
        if not lost:
            lost.append(opened)
            raise TimeoutError
        return opened

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discord.ForumChannel, "create_thread", create_thread)
        await ingest(stage)
        assert await state(stage) is State.SENDING
        clock.forward(10)
        await stage.turn()
    assert await state(stage) is State.SENT
    assert [thread.name for thread in forum.threads] == ["How bread rises"]


@pytest.mark.parametrize("fault", [discord.RateLimited(3600), TimeoutError()], ids=["limited", "slow"])
async def test_a_forums_post_that_stands_is_marked_though_its_doubles_cannot_be_looked_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    async def active_threads(_: object) -> object:
        raise fault

    monkeypatch.setattr("cogs.posting.SLOW", -1.0)
    monkeypatch.setattr(discord.Guild, "active_threads", active_threads)
    forum = stage.here.guild.create_forum_channel("talks")
    await subscribe(stage, forum)
    await ingest(stage)
    assert await state(stage) is State.SENT
    assert len(forum.threads) == 1


async def test_what_discord_py_posted_twice_in_a_forum_is_deleted_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    original: Any = discord.ForumChannel.create_thread

    async def create_thread(self: discord.ForumChannel, **options: object) -> object:
        await original(self, **options)  # carried out, but answered with a 502: discord.py repeats it
        return await original(self, **options)

    monkeypatch.setattr("cogs.posting.SLOW", -1.0)
    monkeypatch.setattr(discord.ForumChannel, "create_thread", create_thread)
    forum = stage.here.guild.create_forum_channel("talks")
    channel = stage.bot.get_channel(forum.id)
    assert isinstance(channel, discord.ForumChannel)
    await channel.set_permissions(channel.guild.me, manage_threads=True)
    await subscribe(stage, forum)
    await ingest(stage)
    assert await state(stage) is State.SENT
    assert len(forum.threads) == 1


async def test_a_thread_of_the_communitys_own_keeps_its_name(stage: Stage) -> None:
    channel = stage.bot.get_channel(stage.here.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="our cosy thread", type=discord.ChannelType.public_thread)
    found, _ = await stage.library.notifications.subscribe(stage.here.guild.id, thread.id)
    id_ = await ingest(stage)
    await stage.library.notifications.change(found, found.wanted, channel_id=channel.id)
    await stage.library.edit(stage.here.guild.id, id_, {"title": "Bread and gas"})
    await stage.turn()
    (handle,) = stage.here.channel.threads
    assert handle.name == "our cosy thread"
    assert stage.announced(handle) == ["Bread and gas"]


async def test_a_forums_post_in_an_archived_thread_is_edited_and_archived_again(stage: Stage) -> None:
    forum = stage.here.guild.create_forum_channel("talks")
    await subscribe(stage, forum)
    id_ = await ingest(stage)
    thread = stage.bot.get_channel(forum.threads[0].id)
    assert isinstance(thread, discord.Thread)
    await thread.edit(archived=True)
    stage.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", status=400, code=50083)
    await stage.library.edit(stage.here.guild.id, id_, {"title": "Bread and gas"})
    await stage.turn()
    assert title_of(text(forum.threads[0].history()[0])) == "Bread and gas"
    again = await stage.bot.fetch_channel(thread.id)
    assert isinstance(again, discord.Thread)
    assert again.archived


async def test_a_forums_post_is_edited_and_renamed_with_its_transcript(stage: Stage) -> None:
    forum = stage.here.guild.create_forum_channel("talks")
    await subscribe(stage, forum)
    id_ = await ingest(stage)
    await stage.library.edit(stage.here.guild.id, id_, {"title": "Bread and gas"})
    await stage.turn()
    (thread,) = forum.threads
    assert thread.name == "Bread and gas"
    assert title_of(text(thread.history()[0])) == "Bread and gas"
    await stage.library.remove(stage.here.guild.id, id_)
    await stage.turn()
    assert thread.name == "[removed] Bread and gas"


async def test_a_thread_hears_of_transcripts(stage: Stage) -> None:
    channel = stage.bot.get_channel(stage.here.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="talks", type=discord.ChannelType.public_thread)
    await stage.library.notifications.subscribe(stage.here.guild.id, thread.id)
    await ingest(stage)
    (handle,) = stage.here.channel.threads
    assert stage.announced(handle) == ["How bread rises"]


async def test_a_member_is_told_by_direct_message_of_what_they_wait_for(stage: Stage) -> None:
    member = stage.here.member
    await stage.library.notifications.alert(stage.here.guild.id, member.id, "yeast -flour")
    await ingest(stage, TIDES)
    await ingest(stage, FLOUR)
    assert member.user.dm_channel.history() == []
    await ingest(stage)
    (message,) = member.user.dm_channel.history()
    assert "How bread rises" in text(message)
    assert "**yeast**" in text(message)
    assert stage.announced(stage.here.channel) == []
    every = await stage.library.notifications.deliveries(stage.here.guild.id)
    assert [one.state for one in every] == [State.SENT, State.SKIPPED, State.SKIPPED]
    assert str(every[2].reason) == "“yeast” isn't said in it"
    assert str(every[1].reason) == "“flour” is said in it, which is left out"


async def test_a_member_who_takes_no_direct_messages_keeps_the_alert(stage: Stage, clock: Clock) -> None:
    member = stage.here.member
    await stage.library.notifications.alert(stage.here.guild.id, member.id, "yeast")
    stage.env.inject_error("POST", f"/channels/{member.user.dm_channel.id}/messages", status=403, code=50007)
    await ingest(stage)
    (alert,) = await stage.library.notifications.untold()
    assert (alert.member_id, str(alert.last_error)) == (
        member.id,
        "You take no direct messages from this server's members",
    )
    clock.forward(25 * 3600)
    await stage.turn()
    assert len(member.user.dm_channel.history()) == 1
    assert await stage.library.notifications.untold() == []


async def test_who_left_the_server_is_told_nothing_more_of_it(stage: Stage) -> None:
    member = stage.here.member
    await stage.library.notifications.alert(stage.here.guild.id, member.id, "yeast")
    stage.here.guild.remove_member(member)
    await ingest(stage)
    assert member.user.dm_channel.history() == []
    assert await state(stage) is State.FAILING


async def test_a_direct_message_to_who_has_left_is_not_told_what_was_said_since(stage: Stage) -> None:
    member = stage.here.member
    await stage.library.notifications.alert(stage.here.guild.id, member.id, "yeast")
    id_ = await ingest(stage)
    stage.here.guild.remove_member(member)
    await ingest(stage, BREAD.replace(b"sugar", b"a secret"))
    (message,) = member.user.dm_channel.history()
    assert "secret" not in text(message)
    await stage.library.remove(stage.here.guild.id, id_)
    await stage.turn()


async def test_the_chosen_role_is_pinged_and_nobody_else(stage: Stage) -> None:
    role = stage.here.guild.create_role("Listeners", mentionable=True)
    await subscribe(stage, stage.here.channel, Wanted(mention=role.id))
    await ingest(stage, BREAD.replace(b"welcome back", b"@everyone <@&1>"))
    (body,) = stage.sent(stage.here.channel)
    assert body["allowed_mentions"]["roles"] == [role.id]
    assert body["allowed_mentions"].get("parse", []) == []
    (message,) = stage.here.channel.history()
    assert text(message).startswith(f"-# <@&{role.id}>")


async def test_a_role_that_is_gone_or_may_not_be_pinged_is_not(stage: Stage) -> None:
    assert stage.env.bot.user is not None
    closed = stage.here.guild.create_role("Closed")
    channel = stage.bot.get_channel(stage.here.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.set_permissions(channel.guild.me, mention_everyone=False)
    await subscribe(stage, stage.here.channel, Wanted(mention=closed.id))
    await subscribe(stage, stage.here.channel, Wanted(mention=12345))
    await ingest(stage)
    bodies = stage.sent(stage.here.channel)
    assert len(bodies) == 2
    assert all(not body["allowed_mentions"].get("roles") for body in bodies)
    assert all(text(message).startswith("### New transcript") for message in stage.here.channel.history())


async def test_a_word_that_is_watched_is_quoted_with_its_moment(stage: Stage) -> None:
    await subscribe(stage, stage.here.channel, Wanted(matching='"the moon pulls"'))
    await ingest(stage)
    await ingest(stage, TIDES)
    (message,) = stage.here.channel.history()
    assert "[▶ 0:00](https://www.youtube.com/watch?v=why-tides-1&t=0s)" in text(message)
    assert "**the moon pulls**" in text(message)


async def test_only_what_passes_the_filters_is_announced(stage: Stage) -> None:
    await subscribe(stage, stage.here.channel, Wanted(speaker="ada miller"))
    await ingest(stage)
    await ingest(stage, TIDES)
    assert stage.announced(stage.here.channel) == ["How bread rises"]
    (skipped, _) = await stage.library.notifications.deliveries(stage.here.guild.id)
    assert str(skipped.reason) == "ada miller doesn't speak in it"

"""What nobody asked for is said in the server's language as it is then; a change of it alone changes nothing."""

import asyncio

import discord
import pytest
import simcord

from cogs.following import LOOK_SECONDS
from cogs.locales.speaking import spoken
from cogs.rendering.words import plain
from store.models import Digest, Settings, State, Wanted
from tests.clock import Clock
from tests.cogs.locales.leftovers import english
from tests.cogs.stage import BREAD, TIDES, Server, Stage, buttons, components, text, transcript
from tests.cogs.test_delivery import WithCrash
from tests.cogs.test_following import Host, host

__all__ = ["host"]  # a fixture

SAID = ["How bread rises", "Why there are tides", "Ada Miller"]  # what stays as it was said


def messages(stage: Stage, channel: simcord.ChannelHandle) -> list[discord.Message]:
    return [found for found in channel.history() if found.author == stage.bot.user]


async def subscribe(stage: Stage, server: Server, wanted: Wanted | None = None) -> None:
    await stage.library.notifications.subscribe(server.guild.id, server.channel.id, wanted)


async def ingest(stage: Stage, server: Server, data: bytes = BREAD) -> int:
    entry = (await stage.library.ingest(server.guild.id, data, "talk.md")).entry
    await stage.turn()
    return entry.id


async def test_each_server_is_told_in_its_own_language_at_the_same_time(stage: Stage) -> None:
    stage.speak_in(stage.here, "ja")
    for server in (stage.here, stage.there):
        await subscribe(stage, server, Wanted(matching="sugar"))
    await asyncio.gather(*(stage.library.ingest(one.guild.id, BREAD, "talk.md") for one in (stage.here, stage.there)))
    await stage.turn()
    (here,), (there,) = (messages(stage, server.channel) for server in (stage.here, stage.there))
    assert text(here).startswith("### 新しい文字起こしに出てきた言葉：「sugar」\n**[How bread rises]")
    assert text(there).startswith("### Said in a new transcript: “sugar”\n**[How bread rises]")
    assert "the yeast eats the **sugar** and breathes out gas" in text(here)
    assert [button["label"] for button in buttons(here)] == ["これについて質問", "▶ 動画を見る"]
    assert [button["label"] for button in buttons(there)] == ["Ask about this", "▶ Watch"]


async def test_who_ingests_in_one_language_leaves_the_announcement_in_the_servers(stage: Stage) -> None:
    await subscribe(stage, stage.here)
    stage.speak(stage.here.moderator, "ja")
    await stage.here.moderator.slash(stage.here.channel, "ingest", file=("bread.md", BREAD))
    await stage.turn()
    (message,) = messages(stage, stage.here.channel)
    assert text(message).startswith("### New transcript\n")


async def test_a_digest_is_in_the_servers_language(stage: Stage, clock: Clock) -> None:
    stage.speak_in(stage.here, "ja")
    notifications = stage.library.notifications
    await notifications.set(stage.here.guild.id, Settings(hour=9, zone="Asia/Tokyo"))
    await subscribe(stage, stage.here, Wanted(digest=Digest.DAILY))
    for data in (BREAD, TIDES):
        await ingest(stage, stage.here, data)
    clock.forward(24 * 3600)
    await stage.turn()
    (message,) = messages(stage, stage.here.channel)
    assert text(message).startswith("### 直近1日の新しい文字起こし2件\n- **[How bread rises]")
    (menu,) = [found for found in components(message) if found["type"] == 3]
    assert menu["placeholder"] == "質問する文字起こしを選ぶ"
    own = [line for line in text(message).splitlines() if not line.startswith("> ")]
    assert english("\n".join(own), SAID) == []


async def test_another_language_of_the_server_edits_nothing_until_something_changes(stage: Stage) -> None:
    await subscribe(stage, stage.here)
    id_ = await ingest(stage, stage.here)
    stage.speak_in(stage.here, "ja")
    await stage.turn()
    await stage.restart()
    await ingest(stage, stage.here)  # the same again
    (message,) = messages(stage, stage.here.channel)
    assert text(message).startswith("### New transcript\n")
    assert not [entry for entry in stage.env.http_requests if entry.method == "PATCH"]
    await stage.library.remove(stage.here.guild.id, id_)
    await stage.turn()
    (message,) = messages(stage, stage.here.channel)
    assert text(message) == "### 削除された文字起こし\n~~How bread rises~~"


async def test_what_was_sent_in_one_language_is_found_again_in_another(stage: Stage, clock: Clock) -> None:
    await subscribe(stage, stage.here)
    await stage.restart(kind=WithCrash)
    await ingest(stage, stage.here)
    clock.forward(3600)
    stage.speak_in(stage.here, "ja")
    await stage.restart()
    await stage.turn()
    (message,) = messages(stage, stage.here.channel)
    assert text(message).startswith("### New transcript\n")
    (delivery,) = await stage.library.notifications.deliveries(stage.here.guild.id)
    assert (delivery.state, delivery.message_id) == (State.SENT, message.id)


async def test_what_is_tried_again_is_in_the_language_that_the_server_has_then(stage: Stage) -> None:
    await subscribe(stage, stage.here)
    stage.env.inject_error("POST", f"/channels/{stage.here.channel.id}/messages", status=403, code=50013, times=1)
    await ingest(stage, stage.here)
    assert messages(stage, stage.here.channel) == []
    stage.speak_in(stage.here, "ja")
    (subscription,) = await stage.library.notifications.listed(stage.here.guild.id)
    assert str(subscription.last_error) == "I may not post there; give me View Channel and Send Messages"
    await stage.library.notifications.try_now(stage.here.guild.id, subscription.id)
    await stage.turn()
    (message,) = messages(stage, stage.here.channel)
    assert text(message).startswith("### 新しい文字起こし\n")


async def test_an_alert_is_in_the_language_of_the_server_that_it_is_from(stage: Stage) -> None:
    stage.speak_in(stage.here, "ja")
    member = stage.here.member
    await stage.library.notifications.alert(stage.here.guild.id, member.id, "sugar")
    await ingest(stage, stage.here)
    (direct,) = messages(stage, member.user.dm_channel)
    assert text(direct).splitlines()[:2] == [
        "### 新しい文字起こしに出てきた言葉：「sugar」",
        "-# サーバー**here**の`sugar`のアラートです。終了するには、そのサーバーで `/アラート 削除` を使ってください",
    ]


async def test_a_feed_that_fails_is_told_of_in_the_servers_language(
    stage: Stage, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cogs.rendering.feeds.failing", lambda feed, error: plain(f"{feed.title} {error} {spoken()}"))
    await stage.here.moderator.slash(stage.here.channel, "follow add", feed=host.url("/feed"))
    stage.speak_in(stage.here, "ja")
    host.broken = True
    for _ in range(3):
        async with stage.library._database.transaction() as connection:
            await connection.execute("UPDATE feeds SET next_at = 0")
        await stage.env.advance_time(LOOK_SECONDS + 1)
    (told,) = messages(stage, stage.here.channel)
    assert text(told).endswith(" ja")


async def test_a_forums_post_is_titled_in_the_servers_language_and_tagged_in_either(stage: Stage) -> None:
    stage.speak_in(stage.here, "ja")
    forum = stage.here.guild.create_forum_channel("recordings")
    channel = stage.bot.get_channel(forum.id)
    assert isinstance(channel, discord.ForumChannel)
    await channel.edit(available_tags=[discord.ForumTag(name="英語"), discord.ForumTag(name="German")])
    await stage.library.notifications.subscribe(stage.here.guild.id, forum.id)
    english_ = transcript("[0:00] welcome to the bakery", extra='language: "en"')
    id_ = await ingest(stage, stage.here, english_)
    thread = stage.bot.get_channel(forum.threads[0].id)
    assert isinstance(thread, discord.Thread)
    assert (thread.name, [tag.name for tag in thread.applied_tags]) == ("How bread rises", ["英語"])
    await stage.library.remove(stage.here.guild.id, id_)
    await stage.turn()
    assert [thread.name for thread in forum.threads] == ["［削除済み］How bread rises"]

"""A server that chose its language is told in it of what nobody asked for, whichever it has in Discord."""

import discord
import pytest
import simcord

from cogs.following import LOOK_SECONDS
from cogs.locales.speaking import spoken
from cogs.rendering.words import plain
from store.errors import DatabaseError
from store.models import Settings
from store.outbox.notifying import Notifications
from tests.clock import Clock
from tests.cogs.stage import BREAD, TIDES, Stage, text
from tests.cogs.test_delivery import WithCrash
from tests.cogs.test_following import Host, host

__all__ = ["host"]  # a fixture


def messages(stage: Stage, channel: simcord.ChannelHandle) -> list[discord.Message]:
    return [found for found in channel.history() if found.author == stage.bot.user]


def heads(stage: Stage) -> list[str]:
    return [text(message).splitlines()[0] for message in messages(stage, stage.here.channel)]


async def choose(stage: Stage, language: str | None) -> None:
    await stage.library.notifications.set(stage.here.guild.id, Settings(language=language))


async def ingest(stage: Stage, data: bytes = BREAD) -> int:
    entry = (await stage.library.ingest(stage.here.guild.id, data, "talk.md")).entry
    await stage.turn()
    return entry.id


async def test_what_is_chosen_is_the_language_of_what_comes_next_and_edits_nothing(stage: Stage) -> None:
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    bread = await ingest(stage)
    await choose(stage, "ja")
    await stage.turn()
    await stage.restart()
    await stage.turn()
    assert not stage.requests("PATCH", str(messages(stage, stage.here.channel)[0].id))
    await ingest(stage, TIDES)
    assert heads(stage) == ["### New transcript", "### 新しい文字起こし"]
    await stage.library.edit(stage.here.guild.id, bread, {"title": "How bread falls"})
    await stage.turn()
    assert heads(stage) == ["### 新しい文字起こし", "### 新しい文字起こし"]
    await choose(stage, None)
    await stage.library.remove(stage.here.guild.id, bread)
    await stage.turn()
    assert heads(stage) == ["### Transcript removed", "### 新しい文字起こし"]


async def test_a_community_may_choose_another_language_than_its_own(stage: Stage) -> None:
    stage.speak_in(stage.here, "ja")
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    await choose(stage, "en")
    await ingest(stage)
    assert heads(stage) == ["### New transcript"]


async def test_an_alert_is_in_the_language_that_its_server_chose(stage: Stage) -> None:
    await choose(stage, "ja")
    member = stage.here.member
    await stage.library.notifications.alert(stage.here.guild.id, member.id, "sugar")
    await ingest(stage)
    (direct,) = messages(stage, member.user.dm_channel)
    assert text(direct).startswith("### 新しい文字起こしに出てきた言葉：「sugar」\n")


async def test_problems_are_told_in_the_language_that_the_server_chose(stage: Stage) -> None:
    problems = stage.here.guild.create_text_channel("problems")
    chosen = Settings(problems_channel_id=problems.id, language="ja")
    await stage.library.notifications.set(stage.here.guild.id, chosen)
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    path = f"/channels/{stage.here.channel.id}/messages"
    stage.env.inject_error("POST", path, status=403, code=50013, times=1)
    await ingest(stage)
    (told,) = messages(stage, problems)
    assert "に投稿できません：" in text(told)


async def test_what_was_sent_before_a_choice_is_found_again_after_it(stage: Stage, clock: Clock) -> None:
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    await stage.restart(kind=WithCrash)
    await ingest(stage)
    clock.forward(3600)
    await stage.restart()
    await choose(stage, "ja")
    await stage.turn()
    assert heads(stage) == ["### New transcript"]


async def failing(stage: Stage, host: Host, looks: int) -> list[str]:
    """Let a feed fail so many times; return what was told of it."""
    host.broken = True
    for _ in range(looks):
        async with stage.library._database.transaction() as connection:
            await connection.execute("UPDATE feeds SET next_at = 0")
        await stage.env.advance_time(LOOK_SECONDS + 1)
    return [text(message) for message in messages(stage, stage.here.channel)]


async def test_a_feed_that_fails_is_told_of_in_the_language_that_the_server_chose(
    stage: Stage, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cogs.rendering.feeds.failing", lambda feed, error: plain(f"{feed.title} {error} {spoken()}"))
    await stage.here.moderator.slash(stage.here.channel, "follow add", feed=host.url("/feed"))
    await choose(stage, "ja")
    (told,) = await failing(stage, host, 3)
    assert told.endswith(" ja")


async def test_a_feed_whose_servers_language_can_not_be_read_is_told_of_later_and_keeps_no_other_back(
    stage: Stage, host: Host, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.here.moderator.slash(stage.here.channel, "follow add", feed=host.url("/feed"))

    async def locked(*_: object) -> Settings:
        raise DatabaseError("The database is busy; try again in a moment.")

    with monkeypatch.context() as patched:
        patched.setattr(Notifications, "settings", locked)
        assert await failing(stage, host, 3) == []
    (feed,) = await stage.library.feeds.listed(stage.here.guild.id)
    assert (feed.failures, feed.told) == (3, False)
    said = [record.getMessage() for record in caplog.records if record.name == "cogs.following"]
    assert said == [f"It is told later that feed {feed.id} fails: The database is busy; try again in a moment."]
    assert len(await failing(stage, host, 1)) == 1

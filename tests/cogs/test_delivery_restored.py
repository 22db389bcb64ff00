"""A database is restored from a backup: what was announced since isn't again, as far as anything is left to say so."""

import asyncio
import shutil
from pathlib import Path

import pytest

from store.library import Library
from store.models import State
from store.upkeep.backup import make
from store.upkeep.carrying import LEAP
from store.upkeep.restoring import Restored, restore
from tests.clock import Clock
from tests.cogs.stage import BREAD, TIDES, Stage, text
from tests.cogs.test_delivery import WithCrash

STRUCK = "### Transcript removed\n~~{}~~"


async def backed_up(stage: Stage) -> Path:
    return (await make(stage.path, stage.path.with_name("copy.db"))).path


async def restored(stage: Stage, file: Path, *, lost: bool = False) -> Restored:
    """Stop the bot, restore a backup over what its database has become, or where that is lost, and start it again."""
    await stage.stop()
    there = stage.path.with_name("again.db")
    if not lost:  # the library of the stage stays open until its end, so its database goes on as a copy
        await make(stage.path, there)
    done = await restore(file, there)
    stage.path = there
    await stage.start()
    await stage.turn()
    return done


def told(stage: Stage) -> list[str]:
    """The first lines of the bot's messages in the channel."""
    messages = [found for found in stage.here.channel.history() if found.author == stage.bot.user]
    return ["\n".join(text(message).splitlines()[:2]) for message in messages]


async def elsewhere(stage: Stage, *files: bytes) -> None:
    """Ingest in another process, so that nothing is announced before the bot's next turn."""
    async with Library.opened(stage.path) as library:
        for data in files:
            await library.ingest(stage.here.guild.id, data, "talk.md")


@pytest.fixture
async def subscribed(stage: Stage) -> Stage:
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    return stage


async def test_what_was_owed_and_has_been_sent_since_is_not_sent_again(subscribed: Stage) -> None:
    stage = subscribed
    await elsewhere(stage, BREAD)
    file = await backed_up(stage)
    await stage.turn()
    done = await restored(stage, file)
    assert (done.carried.descends, done.carried.messages) == (True, 1)
    assert stage.announced(stage.here.channel) == ["How bread rises"]
    assert len(stage.sent(stage.here.channel)) == 1
    (delivery,) = await stage.library.notifications.deliveries(stage.here.guild.id)
    assert delivery.state is State.SENT
    await stage.library.ingest(stage.here.guild.id, BREAD.replace(b"sugar", b"starch"), "talk.md")
    await stage.turn()  # and its message is still its
    (message,) = [found for found in stage.here.channel.history() if found.author == stage.bot.user]
    assert "starch" in text(message)


async def test_where_the_database_is_lost_what_was_owed_is_announced_once_more(subscribed: Stage) -> None:
    """The outbox of the backup knows of no message: this is what docs/operating.md says."""
    stage = subscribed
    await elsewhere(stage, BREAD)
    file = await backed_up(stage)
    await stage.turn()
    done = await restored(stage, file, lost=True)
    assert not done.carried.descends
    assert stage.announced(stage.here.channel) == ["How bread rises"] * 2
    first, second = stage.sent(stage.here.channel)
    assert int(second["nonce"]) == int(first["nonce"]) + LEAP  # or Discord drops it as a repeat


@pytest.mark.parametrize("lost", [False, True])
async def test_what_was_on_its_way_is_looked_for_and_not_sent_again(
    subscribed: Stage, clock: Clock, *, lost: bool
) -> None:
    stage = subscribed
    await stage.restart(kind=WithCrash)
    await elsewhere(stage, BREAD)
    await stage.turn()  # it is sent, but that isn't noted
    file = await backed_up(stage)
    clock.forward(3600)
    await stage.restart(kind=Library)
    clock.forward(3600)
    await restored(stage, file, lost=lost)
    assert stage.announced(stage.here.channel) == ["How bread rises"]
    assert len(stage.sent(stage.here.channel)) == 1
    (delivery,) = await stage.library.notifications.deliveries(stage.here.guild.id)
    assert delivery.state is State.SENT


async def test_what_is_on_its_way_when_the_bot_is_stopped_is_looked_for(subscribed: Stage, clock: Clock) -> None:
    stage = subscribed
    await elsewhere(stage, BREAD)
    file = await backed_up(stage)
    await stage.restart(kind=WithCrash)
    await stage.turn()
    assert len(stage.sent(stage.here.channel)) == 1
    clock.forward(3600)
    await restored(stage, file)
    assert stage.announced(stage.here.channel) == ["How bread rises"]
    assert len(stage.sent(stage.here.channel)) == 1


async def test_what_came_since_is_struck_through_and_announced_as_new_when_it_is_ingested_again(
    subscribed: Stage,
) -> None:
    stage = subscribed
    await elsewhere(stage, BREAD)
    await stage.turn()
    file = await backed_up(stage)
    await elsewhere(stage, TIDES)
    await stage.turn()
    before = told(stage)
    await restored(stage, file)
    assert told(stage) == [before[0], STRUCK.format("Why there are tides")]
    await elsewhere(stage, TIDES)
    await stage.turn()
    assert told(stage) == [before[0], STRUCK.format("Why there are tides"), before[1]]
    ids = [delivery.transcript_id for delivery in await stage.library.notifications.deliveries(stage.here.guild.id)]
    assert len(set(ids)) == 3, "a button of the old message would open the new transcript"


async def test_what_was_changed_or_removed_since_is_told_as_it_was_again(subscribed: Stage) -> None:
    stage = subscribed
    await elsewhere(stage, BREAD, TIDES)
    await stage.turn()
    await stage.turn()
    before = told(stage)
    file = await backed_up(stage)
    bread, tides = (entry.id for entry in reversed((await stage.library.page(stage.here.guild.id)).entries))
    await stage.library.remove(stage.here.guild.id, bread)
    await stage.library.edit(stage.here.guild.id, tides, {"title": "Of the moon"})
    await stage.turn()
    await stage.turn()
    assert told(stage)[0] == STRUCK.format("How bread rises")
    assert told(stage)[1] != before[1]
    await restored(stage, file)
    await stage.turn()
    assert told(stage) == before
    assert len(stage.sent(stage.here.channel)) == 2


async def test_nothing_else_is_done_where_nothing_was_sent_since(subscribed: Stage) -> None:
    stage = subscribed
    await elsewhere(stage, BREAD)
    await stage.turn()
    file = await backed_up(stage)
    before = len(stage.env.http_requests)
    done = await restored(stage, Path(await asyncio.to_thread(shutil.copy, file, file.with_name("moved.db"))))
    assert (done.carried.descends, done.carried.messages) == (True, 0)
    assert [entry for entry in stage.env.http_requests[before:] if entry.method in {"POST", "PATCH"}] == []

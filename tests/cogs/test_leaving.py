"""Servers that the bot was removed from: noted, erased after some days, and kept where it comes back."""

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace

import discord
import pytest

from cogs.leaving import LOOK_SECONDS, NOTE_SECONDS, REST_SECONDS
from store.database import Database
from store.errors import DatabaseError
from store.holdings.holding import DAY
from tests.clock import Clock
from tests.cogs.stage import BREAD, PROMPT, Stage


def noted(stage: Stage) -> dict[int, float | None]:
    """Since when the bot is no longer in servers, or None where it is."""
    with closing(sqlite3.connect(stage.path)) as connection:
        return dict(connection.execute("SELECT guild_id, left_at FROM joined").fetchall())


async def removed(stage: Stage) -> None:
    """Let somebody remove the bot from a server."""
    guild = stage.bot.get_guild(stage.there.guild.id)
    assert guild is not None
    await guild.leave()
    await stage.env.settle()
    assert stage.bot.get_guild(guild.id) is None


async def days_pass(stage: Stage, clock: Clock, days: float) -> None:
    """Let days go by, and the bot look again."""
    clock.forward(days * DAY)
    await look(stage)


async def look(stage: Stage) -> None:
    await stage.env.advance_time(LOOK_SECONDS + 1)


async def titles(stage: Stage, guild: int) -> list[str]:
    return [entry.details.title for entry in (await stage.library.page(guild)).entries]


@pytest.fixture
async def filled(stage: Stage) -> Stage:
    """Ingest a transcript in both servers, and in one that only the command line knows."""
    for guild in (stage.here.guild.id, stage.there.guild.id, 1):
        await stage.library.ingest(guild, BREAD, "bread.md")
    await look(stage)
    return stage


async def test_a_server_is_erased_once_the_bot_was_removed_from_it_for_thirty_days(
    filled: Stage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = filled.here.guild.id, filled.there.guild.id
    assert noted(filled) == {here: None, there: None}
    await removed(filled)
    assert noted(filled)[there] is not None
    await days_pass(filled, clock, 29.9)
    assert await titles(filled, there) != []
    with caplog.at_level(logging.INFO, logger="cogs.leaving"):
        await days_pass(filled, clock, 0.2)
    assert await titles(filled, there) == []
    assert await titles(filled, here) == await titles(filled, 1) != []
    assert noted(filled) == {here: None}
    assert [record.getMessage() for record in caplog.records] == [
        f"Erased server {there}, left 30 days ago: 1 transcripts"
    ]
    await days_pass(filled, clock, 1000)
    assert await titles(filled, here) == await titles(filled, 1) != []


async def test_a_bot_that_comes_back_keeps_what_was_there(filled: Stage, clock: Clock) -> None:
    await removed(filled)
    await days_pass(filled, clock, 20)
    payload = {"id": str(filled.there.guild.id), "name": "there", "unavailable": False, "members": [], "channels": []}
    filled.bot._connection.parse_guild_create(payload)
    await look(filled)
    assert noted(filled)[filled.there.guild.id] is None
    await days_pass(filled, clock, 20)
    assert await titles(filled, filled.there.guild.id) != []


async def test_a_removal_while_the_bot_was_not_running_is_noted_at_its_next_start(filled: Stage, clock: Clock) -> None:
    there = filled.there.guild.id
    await filled.stop()
    filled.env.backend.remove_guild(there)
    await filled.start()
    await look(filled)
    assert noted(filled)[there] is not None
    await days_pass(filled, clock, 31)
    assert await titles(filled, there) == []


async def test_an_outage_is_no_removal(filled: Stage) -> None:
    there = filled.there.guild.id
    filled.bot._connection.parse_guild_delete({"id": str(there), "unavailable": True})
    await look(filled)
    found = filled.bot.get_guild(there)
    assert found is not None
    assert found.unavailable
    assert noted(filled)[there] is None


async def test_with_zero_days_nothing_is_ever_erased(filled: Stage, clock: Clock) -> None:
    await filled.restart(replace(PROMPT, erase_after_days=0))
    await removed(filled)
    assert noted(filled)[filled.there.guild.id] is not None
    await days_pass(filled, clock, 5000)
    assert await titles(filled, filled.there.guild.id) != []
    await filled.restart(replace(PROMPT, erase_after_days=3))
    await look(filled)
    assert await titles(filled, filled.there.guild.id) == []


async def test_what_cannot_be_erased_now_is_erased_later_to_the_end(
    filled: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(_: Database) -> None:
        raise DatabaseError("The disk is full: nothing was changed; free some space and try again.")

    there = filled.there.guild.id
    await removed(filled)
    with monkeypatch.context() as patched:
        patched.setattr(Database, "vacuum", full)
        await days_pass(filled, clock, 31)
    assert "What is kept of servers that were left waits: The disk is full" in caplog.text
    assert noted(filled)[there] is not None
    clock.forward(REST_SECONDS)
    await look(filled)
    assert noted(filled) == {filled.here.guild.id: None}
    assert not filled.env.errors


async def test_another_bot_of_the_same_database_says_nothing_of_the_servers_of_this_one(filled: Stage) -> None:
    await filled.library.holdings.seen(99, [])
    await filled.library.holdings.seen(99, [5, filled.here.guild.id])
    await filled.library.holdings.seen(99, [])
    assert set(await filled.library.holdings.deserted(days=0)) == {5}
    assert await titles(filled, filled.here.guild.id) != []


async def test_where_a_bot_is_again_after_its_server_was_erased_by_hand_is_noted_again(
    filled: Stage, clock: Clock
) -> None:
    here = filled.here.guild.id
    await filled.library.holdings.erase(here)
    assert here not in noted(filled)
    clock.forward(NOTE_SECONDS)
    await look(filled)
    assert noted(filled)[here] is None
    assert isinstance(filled.bot.get_guild(here), discord.Guild)

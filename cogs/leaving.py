"""Servers that the bot was removed from: what was theirs is erased after some days, unless it is invited again.

An outage of Discord is no removal: a server that is unavailable is still one of the bot's.
"""

import asyncio
import logging
import time

import discord
from discord.ext import commands, tasks

from store.background import Complaint
from store.library import Library

LOOK_SECONDS = 600.0  # a look asks whether anything was written, and for what is due
NOTE_SECONDS = 3600.0  # after which it is noted again where the bot is, for the command line may have erased that
REST_SECONDS = 3600.0  # after which what could not be erased is tried again

_LOG = logging.getLogger(__name__)


class Leaving(commands.Cog):
    """Notes in which servers the bot is, and erases what was of those it left long ago."""

    def __init__(self, bot: commands.Bot, library: Library, *, erase_after_days: int) -> None:
        """Erase a server's so many days after the bot was removed from it; with 0, never."""
        self._bot = bot
        self._holdings = library.holdings
        self._days = erase_after_days
        self._seen: frozenset[int] | None = None
        self._note_again = 0.0
        self._rests_until = 0.0
        self._looking = asyncio.Lock()
        self._waiting = Complaint(_LOG, "What is kept of servers that were left waits")

    async def cog_load(self) -> None:
        """Begin to look."""
        self._loop.start()

    async def cog_unload(self) -> None:
        """End looking; what is half erased is erased to the end after the next start."""
        self._loop.cancel()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note at once that the bot was removed from a server."""
        _LOG.info("Removed from server %s", guild.id)
        await self._look()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note at once that the bot is in a server, again perhaps."""
        _LOG.info("Joined server %s", guild.id)
        await self._look()

    @tasks.loop(seconds=LOOK_SECONDS)
    async def _loop(self) -> None:
        await self._look()

    @_loop.before_loop
    async def _ready(self) -> None:
        await self._bot.wait_until_ready()

    async def _look(self) -> None:
        """Note where the bot is, and erase what is due; what fails is for a later look."""
        async with self._looking:
            try:
                await self._holdings.notice()
                await self._note()
                if self._days and time.time() >= self._rests_until:
                    await self._erase()
                self._waiting.well()
            except Exception as error:  # noqa: BLE001 - an error would end the loop for good
                self._rests_until = time.time() + REST_SECONDS
                self._waiting.failed(error)

    async def _note(self) -> None:
        guilds = frozenset(guild.id for guild in self._bot.guilds)
        if not self._bot.is_ready() or self._bot.application_id is None:
            return
        if guilds != self._seen or time.time() >= self._note_again:
            await self._holdings.seen(self._bot.application_id, guilds)
            self._seen, self._note_again = guilds, time.time() + NOTE_SECONDS

    async def _erase(self) -> None:
        for guild_id in await self._holdings.deserted(days=self._days):
            if self._bot.get_guild(guild_id) is not None:
                continue
            done = await self._holdings.erase(guild_id)
            transcripts = done.rows.get("transcripts", 0)
            _LOG.info("Erased server %s, left %d days ago: %d transcripts", guild_id, self._days, transcripts)
            if done.left:
                _LOG.warning("Of server %s the file may still hold words; `erase` looks again", guild_id)

"""What Discord tells: over REST alone, for a second gateway would take events from the running bot."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
import discord

from bot.application import invitation
from bot.config import Config
from bot.doctor.finding import Finding, ok, warning, wrong
from bot.doctor.servers import commands, server
from bot.errors import ConfigError
from cogs.replies import UNREACHED
from store.upkeep.examining import Examined

PATIENCE = 20.0  # seconds for Discord to take the token
SIDE_BY_SIDE = 5  # servers that are asked for at once
OFF_SECONDS = 5.0  # that the clock may be off; what Discord says is in whole seconds


async def reaching(config: Config, examined: Examined | None) -> AsyncIterator[Finding]:
    """Say what Discord says of the token, the clock, the commands, each server and each subscription's channel."""
    try:
        token = config.required_token()
    except ConfigError:
        yield warning("Discord", "Without a token it isn't asked.")
        return
    clock = _Clock()
    async with _client(clock) as client:
        try:
            async with asyncio.timeout(PATIENCE):
                await client.login(token)
        except discord.LoginFailure:
            yield wrong("token", "Discord refuses it.", "Copy it anew from the developer portal: Bot, Reset Token.")
            return
        except UNREACHED as error:
            said = f"It can't be reached, so what only Discord knows isn't looked at: {_why(error)}."
            yield wrong("Discord", said, "Check this machine's connection, and https://discordstatus.com.")
            return
        assert client.user is not None
        yield ok("token", f"Discord takes it: the bot is {client.user} ({client.user.id}).")
        if (found := clock.finding()) is not None:
            yield found
        try:
            for one in await commands(client, config, examined):
                yield one
            guilds = [guild.id async for guild in client.fetch_guilds(limit=None)]
        except UNREACHED as error:
            yield wrong("Discord", f"It doesn't say more: {_why(error)}.", "Try again in a while.")
            return
        async for one in _servers(client, guilds, examined):
            yield one


async def _servers(client: discord.Client, guilds: list[int], examined: Examined | None) -> AsyncIterator[Finding]:
    if not guilds:
        yield warning("servers", "The bot is in no server.", f"Invite it: {invitation(client.application_id)}")
    slots = asyncio.Semaphore(SIDE_BY_SIDE)

    async def looked_at(guild_id: int) -> list[Finding]:
        postings = [one for one in examined.postings if one.guild_id == guild_id] if examined else []
        async with slots:
            try:
                return await server(client, guild_id, postings)
            except UNREACHED as error:
                said = f"Discord doesn't tell of it: {_why(error)}."
                return [warning(f"server {guild_id}", said, "Try again in a while.")]

    for found in asyncio.as_completed([looked_at(guild_id) for guild_id in guilds]):
        for one in await found:
            yield one
    for guild_id, count in (examined.transcripts if examined else {}).items():
        if guild_id not in guilds:
            said = f"The database has {count:,} of its transcripts, but the bot isn't in it."
            yield warning(f"server {guild_id}", said, "Invite it there, if it should be.")


@asynccontextmanager
async def _client(clock: "_Clock") -> AsyncIterator[discord.Client]:
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice is used
    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(clock.answered)
    async with discord.Client(
        intents=discord.Intents(guilds=True), http_trace=trace, max_ratelimit_timeout=PATIENCE
    ) as client:
        yield client


class _Clock:
    """How far the clock is off, by what Discord's answers say of the time."""

    def __init__(self) -> None:
        self._off: list[float] = []

    async def answered(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        if date := params.response.headers.get("Date"):
            self._off.append(time.time() - parsedate_to_datetime(date).timestamp())

    def finding(self) -> Finding | None:
        """Say how far; None where Discord doesn't say what time it is."""
        if not self._off:
            return None
        off = min(self._off, key=abs)
        said = f"It is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} Discord's."
        if abs(off) > OFF_SECONDS:
            return warning("clock", said, "Let it be set by the network: `timedatectl set-ntp true`.")
        return ok("clock", "It is as Discord's, to a few seconds.")


def _why(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return f"it didn't answer within {PATIENCE:g} s"
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__

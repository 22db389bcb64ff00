"""The bot and its command tree: it loads the cogs, syncs commands that changed, and sends errors down one road."""

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot import logs
from bot.backups import regularly
from bot.config import Config
from bot.counted import Counted
from bot.ending import Ending, answered
from bot.errors import ConfigError, RunError
from cogs import about, alerts, correcting, insights, notifications, privacy, reporting, reviewing, subscribed, votes
from cogs.about import About
from cogs.alerts import Alerts
from cogs.ask import Ask
from cogs.delivery import Deliveries
from cogs.following import LOOK_SECONDS, Following
from cogs.glossary import Glossary
from cogs.help import Help
from cogs.ingest import Ingest
from cogs.insights import InsightsOf
from cogs.interactions import Interactions
from cogs.leaving import Leaving
from cogs.library import LibraryList, LibraryPage
from cogs.locales.catalogues import ENGLISH
from cogs.locales.commands import Translator
from cogs.locales.speaking import speak
from cogs.mentions import ITEMS, Counting
from cogs.notifications import Notices
from cogs.pace import Pace
from cogs.privacy import Privacy
from cogs.reading import BUTTONS, Reading
from cogs.replies import show_error
from cogs.reporting import Reporting
from cogs.reviewing import Reviewing
from cogs.subscriptions import Subscriptions
from cogs.transcript import Remove, Transcripts
from cogs.troubles import Troubles
from cogs.why import Why
from store.background import beside
from store.database import bot_lock
from store.errors import StoreError
from store.feeds.fetching import Fetcher
from store.index.reindexing import Reindex
from store.library import Library

TOKEN_RESET = 4004  # the gateway's close code: authentication failed
LONGEST_LIMIT = 60.0  # seconds that a request waits for one of Discord's limits, before whoever made it is told
EVERYWHERE = 0  # the scope of global commands
CLOSING_SECONDS = 1.0  # that Discord may take to end the connection; discord.py waits for half a minute

_LOG = logging.getLogger(__name__)


class _Known(logging.Filter):
    """Says why there are no suggestions in one line, where that is known: they are asked for with every key."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, StoreError):
            record.msg, record.args = f"{record.getMessage()}: {error}", ()
            record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        return True


_KNOWN = _Known()


class Tree(app_commands.CommandTree["Verbatim"]):
    """The command tree, whose errors all end in `show_error`."""

    async def on_error(self, interaction: discord.Interaction["Verbatim"], error: app_commands.AppCommandError) -> None:
        """Answer a failed command."""
        await show_error(interaction, error)


class Verbatim(commands.Bot):
    """The bot, with as few intents as it can work with: none is privileged."""

    def __init__(self, library: Library, config: Config, *, fetcher: Fetcher | None = None) -> None:
        intents = discord.Intents.none()
        intents.guilds = True  # channels and roles, to say which permission is missing
        super().__init__(
            commands.when_mentioned,
            intents=intents,
            tree_cls=Tree,
            help_command=None,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
            max_ratelimit_timeout=LONGEST_LIMIT,
        )
        logging.getLogger("discord.app_commands.tree").addFilter(_KNOWN)
        self.interactions = Interactions(self)
        self.interactions.entered.append(lambda payload: speak(payload.get("locale", ENGLISH)))
        self.library = library
        library.insights.enabled = config.insights
        self.pace = Pace(config.limits)
        self._fetcher = fetcher
        self._library = library
        self._config = config
        self._deliveries: Deliveries | None = None
        self._ending = False

    async def setup_hook(self) -> None:
        """Load the cogs and register the commands, in every language."""
        await self.tree.set_translator(Translator())
        await self.load_cogs()
        await self._sync()

    async def close(self) -> None:
        """End the connection, once what members wait for and what is on its way has arrived, or has had its time."""
        if self._ending:
            return
        self._ending = True
        await asyncio.gather(answered(), *([self._deliveries.finish()] if self._deliveries is not None else []))
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await super().close()
        except TimeoutError:
            _LOG.warning("Discord doesn't end the connection; leaving it")
            await self.http.close()

    async def load_cogs(self) -> None:
        """Load every cog; commands work from now on."""
        config, troubles = self._config, Troubles(self, self._library)
        self._deliveries = deliveries = Deliveries(
            self,
            self._library,
            troubles.look,
            check_seconds=config.check_seconds,
            pause_seconds=config.pause_seconds,
        )
        self.add_dynamic_items(LibraryPage, *BUTTONS, *ITEMS, *correcting.BUTTONS, *about.ITEMS, Remove)
        self.add_dynamic_items(*subscribed.ITEMS, *alerts.ITEMS, *notifications.ITEMS, *privacy.ITEMS)
        self.add_dynamic_items(*votes.ITEMS, *insights.ITEMS)
        self.add_dynamic_items(*reporting.ITEMS, *reviewing.ITEMS)
        await self.add_cog(deliveries)
        await self.add_cog(Ask(self._library))
        await self.add_cog(About(self, self._library))
        await self.add_cog(Reading(self._library))
        await self.add_cog(Counting(self._library))
        await self.add_cog(LibraryList(self._library))
        await self.add_cog(Ingest(self, self._library, deliveries))
        await self.add_cog(Reporting(self, self._library))
        await self.add_cog(Reviewing(self._library))
        await self.add_cog(Subscriptions(self._library, deliveries))
        await self.add_cog(Alerts(self._library, deliveries))
        await self.add_cog(Notices(self._library, deliveries))
        await self.add_cog(troubles)
        await self.add_cog(Glossary(self._library))
        await self.add_cog(InsightsOf(self._library))
        await self.add_cog(Transcripts(self._library))
        await self.add_cog(Why(self._library))
        seconds = max(LOOK_SECONDS, config.check_seconds)
        await self.add_cog(Following(self, self._library, deliveries, look_seconds=seconds, fetcher=self._fetcher))
        await self.add_cog(Privacy(self._library))
        await self.add_cog(Leaving(self, self._library, erase_after_days=config.erase_after_days))
        await self.add_cog(Help())

    async def _sync(self) -> None:
        """Register the commands in each configured scope, and clear scopes that are no longer configured."""
        assert self.application_id is not None
        assert self.tree.translator is not None
        synced = await self._library.synced_commands(self.application_id)
        every = self.tree.get_commands()
        scopes = self._config.guilds or (EVERYWHERE,)
        for scope in synced.keys() | set(scopes):
            guild = discord.Object(scope) if scope else None
            wanted = every if scope in scopes else []
            self.tree.clear_commands(guild=guild)
            for command in wanted:
                self.tree.add_command(command, guild=guild)
            payload = [await command.get_translated_payload(self.tree, self.tree.translator) for command in wanted]
            digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
            try:
                if synced.get(scope) == digest and await self._registered(guild) == {c.name for c in wanted}:
                    continue
                await self.tree.sync(guild=guild)
            except discord.Forbidden:
                if wanted:
                    _LOG.warning("Commands can't be registered in server %s: the bot isn't in it", scope)
                    continue
                # Commands of a server that the bot has left are gone with it.
            except discord.RateLimited as error:  # the others may be registered, and the bot works without
                _LOG.warning("Commands of %s are registered at the next start: %s", scope or "every server", error)
                continue
            await self._library.commands_synced(self.application_id, scope, digest)
            _LOG.info("Registered %d commands in %s", len(wanted), scope or "every server")

    async def _registered(self, guild: discord.abc.Snowflake | None) -> set[str]:
        """Return the names of the commands that Discord has, for someone else may have changed them."""
        return {command.name for command in await self.tree.fetch_commands(guild=guild)}


async def run(config: Config, ending: Ending | None = None) -> None:
    """Run the bot on Discord until it is told to end; where its database was replaced, begin anew with that one.

    Raises:
        ConfigError: there is no token, or Discord refuses it.
        RunError: Discord can't be reached.
        StoreError: the database can't be used, or another bot runs with it.
    """
    token = config.required_token()
    logs.begin(config.log_level, config.log_format)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice is used
    ending = ending or Ending()
    running = asyncio.ensure_future(_until_replaced(config, token))

    def end() -> None:
        running.cancel()

    with ending.listening(end):
        try:
            while await running:
                _LOG.warning("Another database has taken the place of the one that was open; beginning anew with it")
                running = asyncio.ensure_future(_until_replaced(config, token))
        except asyncio.CancelledError:
            if ending.told is None or not running.cancelled():
                raise
            _LOG.info("Ended")


async def _until_replaced(config: Config, token: str) -> bool:
    """Run the bot until its connection ends, or another database is in the place of its own: then return True."""
    with bot_lock(config.database):
        kind = Library if config.listen is None else Counted
        opened = kind.opened(
            config.database,
            config.limits,
            workers=config.workers,
            reindex=Reindex.MEANWHILE,
            encoder=config.encoder,
        )
        async with (
            opened as library,
            beside(regularly(config)),
            Verbatim(library, config) as bot,
            _served(config, bot, library),
        ):
            started, replaced = asyncio.ensure_future(bot.start(token)), asyncio.ensure_future(library.replaced())
            try:
                await asyncio.wait({started, replaced}, return_when=asyncio.FIRST_COMPLETED)
                if not started.done():
                    return True
                await started
            except discord.LoginFailure as error:
                raise ConfigError("Discord refuses the bot's token; copy it anew from the developer portal.") from error
            except discord.ConnectionClosed as error:
                if error.code == TOKEN_RESET:
                    raise ConfigError("Discord no longer takes the bot's token; copy it anew.") from error
                raise RunError(f"Discord ended the connection (code {error.code}); start the bot again.") from error
            except (aiohttp.ClientError, discord.DiscordServerError, OSError) as error:
                raise RunError("Discord can't be reached; check this machine's connection.") from error
            except (discord.HTTPException, discord.RateLimited, discord.GatewayNotFound) as error:
                raise RunError(f"Discord refused to connect: {error}.") from error
            finally:
                replaced.cancel()
                await bot.close()
                started.cancel()
                await asyncio.gather(started, replaced, return_exceptions=True)
    return False


@asynccontextmanager
async def _served(config: Config, bot: Verbatim, library: Library) -> AsyncIterator[None]:
    """Serve metrics and health where that is configured."""
    if not isinstance(library, Counted):
        yield
        return
    from bot.serving import serving  # noqa: PLC0415 - prometheus-client takes a while to import

    async with serving(config, bot, bot.interactions, library):
        yield

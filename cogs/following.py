"""/follow: podcasts' feeds that bring their transcripts; and the loop that looks at them.

Feeds are looked at once an hour, one after the other for each host. One that fails is kept, tried again later and
later, and told of once, where it was followed.
"""

import asyncio
import logging
from contextlib import AsyncExitStack

import discord
from discord import app_commands
from discord.ext import commands, tasks

from cogs.delivery import Deliveries
from cogs.locales import speaking
from cogs.locales.servers import language_of
from cogs.rendering import feeds
from cogs.replies import REFUSED, guild_of
from cogs.searching import Choices, choices
from store.background import Complaint
from store.errors import FeedError, StoreError
from store.feeds import addresses
from store.feeds.fetching import Fetcher
from store.library import Library
from store.models import Followed, Suggestion

LOOK_SECONDS = 60.0
TOLD_AFTER = 3  # failures in a row, before a moderator is told
TOGETHER = 4  # feeds that are looked at side by side

_LOG = logging.getLogger(__name__)


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Following(commands.GroupCog, group_name="follow", group_description="Podcasts that bring their transcripts"):
    """Follows podcasts' feeds for a server."""

    def __init__(
        self,
        bot: commands.Bot,
        library: Library,
        deliveries: Deliveries,
        *,
        look_seconds: float = LOOK_SECONDS,
        fetcher: Fetcher | None = None,
    ) -> None:
        self._bot = bot
        self._library = library
        self._deliveries = deliveries
        self._fetcher = fetcher
        self._stack = AsyncExitStack()
        self._slots = asyncio.Semaphore(TOGETHER)
        self._waiting = Complaint(_LOG, "Feeds wait")
        self._loop.change_interval(seconds=look_seconds)

    async def cog_load(self) -> None:
        """Start looking."""
        if self._fetcher is None:
            self._fetcher = await self._stack.enter_async_context(Fetcher.opened())
        self._loop.start()

    async def cog_unload(self) -> None:
        """Stop, and close the connections."""
        self._loop.cancel()
        await self._stack.aclose()

    @app_commands.command(description="Follow a podcast: new episodes with a transcript are ingested and announced")
    @app_commands.describe(
        feed="The address of its RSS or Atom feed",
        include_recent="How many of the newest episodes to ingest now (default: none)",
    )
    async def add(
        self, interaction: discord.Interaction, feed: str, include_recent: app_commands.Range[int, 0, 50] = 0
    ) -> None:
        """Follow a feed."""
        await interaction.response.defer(ephemeral=True)
        looked = await self._library.feeds.follow(
            self._fetching,
            guild_of(interaction),
            feed,
            channel_id=interaction.channel_id,
            by=interaction.user.id,
            include_recent=include_recent,
        )
        await interaction.followup.send(view=feeds.followed(looked), ephemeral=True)
        self._deliveries.wake()

    @app_commands.command(name="list", description="List the podcasts that this server follows, and how they are")
    async def listed(self, interaction: discord.Interaction) -> None:
        """List the feeds."""
        await interaction.response.defer(ephemeral=True)
        found = await self._library.feeds.listed(guild_of(interaction))
        await interaction.followup.send(view=feeds.listed(found), ephemeral=True)

    @app_commands.command(description="Follow a podcast no longer; its transcripts stay")
    @app_commands.describe(feed="The podcast, by its title")
    async def remove(self, interaction: discord.Interaction, feed: str) -> None:
        """Follow a feed no longer."""
        await interaction.response.defer(ephemeral=True)
        found = await self._chosen(guild_of(interaction), feed)
        await self._library.feeds.unfollow(found.guild_id, found.id)
        await interaction.followup.send(view=feeds.unfollowed(found), ephemeral=True)

    @app_commands.command(name="check-now", description="Look at a podcast now, instead of at the next full hour")
    @app_commands.describe(feed="The podcast, by its title")
    async def check_now(self, interaction: discord.Interaction, feed: str) -> None:
        """Look at a feed."""
        await interaction.response.defer(ephemeral=True)
        found = await self._chosen(guild_of(interaction), feed)
        looked = await self._library.feeds.look(self._fetching, found)
        await interaction.followup.send(view=feeds.looked(looked), ephemeral=True)
        self._deliveries.wake()

    @remove.autocomplete("feed")
    @check_now.autocomplete("feed")
    async def _feeds(self, interaction: discord.Interaction, typed: str) -> Choices:
        found = await self._library.feeds.listed(guild_of(interaction))
        shown = [Suggestion(feeds.named(feed), str(feed.id)) for feed in found]
        return choices([one for one in shown if typed.casefold() in one.shown.casefold()])

    @property
    def _fetching(self) -> Fetcher:
        assert self._fetcher is not None  # from when the cog is loaded
        return self._fetcher

    async def _chosen(self, guild_id: int, typed: str) -> Followed:
        """Return the feed that was chosen by its id, or typed: a title may be a number too."""
        followed, typed = await self._library.feeds.listed(guild_id), typed.strip()
        address = addresses.typed(typed)
        for known in (
            lambda feed: str(feed.id) == typed,
            lambda feed: feed.title.casefold() == typed.casefold(),
            lambda feed: addresses.normal(feed.url) == address,
        ):
            if (found := next(filter(known, followed), None)) is not None:
                return found
        raise FeedError("This server doesn't follow that feed; `/follow list` shows those it does.")

    @tasks.loop(seconds=LOOK_SECONDS)
    async def _loop(self) -> None:
        try:
            # Where the bot is no longer a member, feeds wait until it is one again.
            due = [feed for feed in await self._library.feeds.due() if self._bot.get_guild(feed.guild_id) is not None]
            async with asyncio.TaskGroup() as group:
                for feed in due:
                    group.create_task(self._look(feed))
            self._waiting.well()
        except Exception as error:  # noqa: BLE001 - an error would end the loop for good
            self._waiting.failed(error)

    @_loop.before_loop
    async def _ready(self) -> None:
        await self._bot.wait_until_ready()

    async def _look(self, feed: Followed) -> None:
        """Look at a feed whose turn it is; tell a moderator once of one that goes on failing."""
        async with self._slots:
            try:
                looked = await self._library.feeds.look(self._fetching, feed)
            except FeedError as error:
                _LOG.info("Feed %s failed: %s", feed.id, error)
                if feed.failures + 1 >= TOLD_AFTER and not feed.told:
                    await self._tell(feed, error)
            except StoreError as error:
                _LOG.warning("Feed %s waits: %s", feed.id, error)
            except Exception:  # noqa: BLE001 - one feed's failure must not end the others
                _LOG.exception("Feed %s waits", feed.id)
            else:
                if looked.failed:  # `/follow list` says why: a reason may name the file
                    _LOG.info("Of feed %s, episodes that can't be read: %d", feed.id, len(looked.failed))
                if looked.ingested:
                    self._deliveries.wake()

    async def _tell(self, feed: Followed, error: FeedError) -> None:
        """Say in the channel in which a feed was followed that it fails, in the server's language."""
        try:
            if feed.channel_id is not None:
                channel = self._bot.get_partial_messageable(feed.channel_id, guild_id=feed.guild_id)
                chosen = (await self._library.notifications.settings(feed.guild_id)).language
                try:
                    with speaking(language_of(self._bot.get_guild(feed.guild_id), chosen).code):
                        await channel.send(view=feeds.failing(feed, error))
                except REFUSED as failure:  # the list says so too
                    _LOG.info("Nobody could be told that feed %s fails: %s", feed.id, failure)
            await self._library.feeds.told(feed)
        except StoreError as failure:  # after its next failure, then
            _LOG.warning("It is told later that feed %s fails: %s", feed.id, failure)

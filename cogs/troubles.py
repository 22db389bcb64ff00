"""Whom it concerns is told once of what fails: moderators of subscriptions, a member of their own alerts.

Moderators are told in the channel that they have chosen for it, in the server's language; where there is none, or it
fails too, with the reply to the next command of one of them. Of an alert its member alone is told, with the reply to
their next command. What fails is tried at once when Discord tells that the bot may post there now.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from weakref import WeakValueDictionary

import discord
from discord.ext import commands

from cogs.interactions import outside
from cogs.locales import gettext, speaking
from cogs.locales.servers import language_of
from cogs.permissions import Channel, missing
from cogs.rendering import alerts, notifications
from cogs.rendering.subscriptions import is_failing
from cogs.rendering.words import MAX_LABEL, Row, shortened
from cogs.replies import UNREACHED
from cogs.standing import standings
from cogs.subscribed import Act, deliveries_of
from store.errors import StoreError
from store.library import Library
from store.models import Subscription

MOST_BUTTONS = 5  # in a row
TRIED_SECONDS = 24 * 3600.0  # after which a channel that refused is tried again
LATER_SECONDS = 600.0  # after which it is looked again where Discord could not be reached

_LOG = logging.getLogger(__name__)


class Troubles(commands.Cog):
    """Tells of what fails."""

    def __init__(self, bot: commands.Bot, library: Library) -> None:
        self._bot = bot
        self._notifications = library.notifications
        self._telling: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()  # by server, while it is held
        self._tried: dict[tuple[int, int], float] = {}  # when a channel refused to hear of a subscription
        self._looking = asyncio.Lock()
        self._asked = False
        self._later: asyncio.TimerHandle | None = None
        self._looks: set[asyncio.Task[None]] = set()

    async def cog_unload(self) -> None:
        """Stop; who wasn't told yet is told after the next start."""
        if self._later is not None:
            self._later.cancel()
        for task in self._looks:
            task.cancel()

    async def look(self) -> None:
        """Tell of what fails in the channels that were chosen for it; who comes meanwhile lets it look again."""
        self._asked = True
        if self._looking.locked():
            return
        async with self._looking:
            while self._asked:
                self._asked = False
                try:
                    untold = [one for one in await self._notifications.untold() if _is_moderators(one)]
                    self._forget({one.id for one in untold})
                    await asyncio.gather(*map(self._look, {one.guild_id for one in untold}))
                except Exception:  # noqa: BLE001 - part of the deliveries' loop, which an error must not end
                    _LOG.exception("Moderators are told of what fails later")

    def _forget(self, untold: set[int]) -> None:
        """Forget which channels refused to hear of what somebody was told of since, or works, and all after a day."""
        long_ago = time.time() - TRIED_SECONDS
        self._tried = {key: at for key, at in self._tried.items() if key[0] in untold and at > long_ago}

    def _look_later(self) -> None:
        """Look again in a while."""
        if self._later is not None:
            self._later.cancel()
        self._later = asyncio.get_running_loop().call_later(LATER_SECONDS, self._look_now, context=outside())

    def _look_now(self) -> None:
        task = asyncio.create_task(self.look())
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    @commands.Cog.listener()
    async def on_app_command_completion(self, interaction: discord.Interaction, command: object) -> None:
        """Tell whoever has used a command of what they don't know yet."""
        del command
        guild, user = interaction.guild, interaction.user
        if guild is None or interaction.response.type is discord.InteractionResponseType.modal:
            return
        try:
            if not await self._notifications.untold(guild.id):
                return
            async with self._lock(guild.id):
                own = await self._untold(guild.id, lambda one: one.member_id == user.id)
                if own:
                    await interaction.followup.send(view=alerts.failing(own), ephemeral=True)
                    await self._told(own)
                if interaction.permissions.manage_guild and (found := await self._untold(guild.id, _is_moderators)):
                    await interaction.followup.send(view=await _failing(guild, found), ephemeral=True)
                    await self._told(found)
        except (*UNREACHED, StoreError) as error:  # with the next command, then
            _LOG.warning("A member of server %s could not be told of what fails: %s", guild.id, error)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Try what fails in a channel, or in its threads, if the bot may post there now."""
        if before.overwrites != after.overwrites:
            await self._try_again(after.guild, lambda channel: after.id in {channel.id, _parent(channel)})

    @commands.Cog.listener()
    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        """Likewise in a thread that is open again."""
        if (before.archived, before.locked) != (after.archived, after.locked):
            await self._try_again(after.guild, lambda channel: channel.id == after.id)

    @commands.Cog.listener()
    async def on_thread_join(self, thread: discord.Thread) -> None:
        """Likewise: an archived one isn't known before it is opened."""
        await self._try_again(thread.guild, lambda channel: channel.id == thread.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Likewise in every channel, where a role of the bot's own may do something else."""
        if before.permissions != after.permissions and after in after.guild.me.roles:
            await self._try_again(after.guild, lambda _: True)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Likewise, where the bot got another role; Discord tells of the bot itself without any intent."""
        if after == after.guild.me and (before.roles, before.timed_out_until) != (after.roles, after.timed_out_until):
            await self._try_again(after.guild, lambda _: True)

    async def _try_again(self, guild: discord.Guild, concerned: Callable[[Channel], bool]) -> None:
        """Try at once what waits to be tried again in channels in which the bot may post."""
        tried = 0
        try:
            for one in await self._notifications.listed(guild.id):
                channel = guild.get_channel_or_thread(one.channel_id or 0)
                if not is_failing(one) or not isinstance(channel, Channel) or not concerned(channel):
                    continue
                if not missing(channel):
                    await self._notifications.try_now(guild.id, one.id)
                    tried += 1
        except StoreError as error:  # it is tried daily anyway
            _LOG.warning("What fails in server %s is tried later: %s", guild.id, error)
        if tried:
            deliveries_of(self._bot).wake()

    async def _look(self, guild_id: int) -> None:
        try:
            await self._tell(guild_id)
        except (discord.Forbidden, discord.NotFound) as error:
            _LOG.warning("Moderators of server %s can't be told of what fails: %s", guild_id, error)
        except (*UNREACHED, StoreError) as error:
            _LOG.warning("Moderators of server %s are told of what fails later: %s", guild_id, error)
            self._look_later()

    async def _tell(self, guild_id: int) -> None:
        """Tell moderators in the channel that was chosen for it.

        Raises:
            discord.DiscordException, OSError: they can't be told, or not now.
        """
        guild = self._bot.get_guild(guild_id)
        settings = await self._notifications.settings(guild_id)
        channel_id = settings.problems_channel_id
        if guild is None or channel_id is None:
            return
        async with self._lock(guild_id):
            found = await self._untold(
                guild_id, lambda one: _is_moderators(one) and (one.id, channel_id) not in self._tried
            )
            if not found:
                return
            try:
                channel = self._bot.get_partial_messageable(channel_id, guild_id=guild_id)
                with speaking(language_of(guild, settings.language).code):
                    await channel.send(view=await _failing(guild, found))
            except (discord.Forbidden, discord.NotFound):
                self._tried |= dict.fromkeys([(one.id, channel_id) for one in found], time.time())
                raise
            await self._told(found)

    def _lock(self, guild_id: int) -> asyncio.Lock:
        """Return the lock under which a server's are told."""
        if (lock := self._telling.get(guild_id)) is None:
            self._telling[guild_id] = lock = asyncio.Lock()
        return lock

    async def _untold(self, guild_id: int, wanted: Callable[[Subscription], bool]) -> list[Subscription]:
        return [one for one in await self._notifications.untold(guild_id) if wanted(one)]

    async def _told(self, found: list[Subscription]) -> None:
        for one in found:
            await self._notifications.note_told(one)


def _is_moderators(one: Subscription) -> bool:
    return one.member_id is None


async def _failing(guild: discord.Guild, found: list[Subscription]) -> discord.ui.LayoutView:
    show, again = Row(), Row()
    for one in found[:MOST_BUTTONS]:
        show.add_item(Act("show", one.id, label=shortened(gettext("Show {name}", name=one.name), MAX_LABEL)))
        now = shortened(gettext("Try {name} now", name=one.name), MAX_LABEL)
        again.add_item(Act("try", one.id, label=now if found[1:] else None))
    return notifications.failing(await standings(guild, found), [again, show])


def _parent(channel: Channel) -> int | None:
    return channel.parent_id if isinstance(channel, discord.Thread) else None

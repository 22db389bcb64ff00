"""Where posts go: a channel, a forum, a thread, a member's direct messages; and whom they ping."""

import discord
from discord.ext import commands

from cogs.permissions import Channel, mentionable
from cogs.replies import UNREACHED
from store.models import Subscription

Place = discord.abc.Messageable | discord.ForumChannel


class LeftError(Exception):
    """The member isn't in the server any more; whoever has left isn't told of it."""


class AwayError(Exception):
    """The server isn't there now: Discord has trouble with it, or the bot isn't in it any more."""


class Places:
    """The places of posts, as Discord knows them."""

    def __init__(self, bot: commands.Bot) -> None:
        self._bot = bot

    async def channel(self, channel_id: int) -> Channel | None:
        """Return a channel; one that isn't in memory, as an archived thread, is asked for.

        Raises:
            discord.HTTPException: it is gone, or hidden, or Discord fails.
        """
        found = self._bot.get_channel(channel_id) or await self._bot.fetch_channel(channel_id)
        return found if isinstance(found, Channel) else None

    async def of(self, subscription: Subscription) -> Place:
        """Return where a subscription is told.

        Raises:
            LeftError: to a member who has left.
            AwayError: in a server that isn't there.
            discord.HTTPException: it is gone, or hidden, or Discord fails.
        """
        if subscription.member_id is not None:
            return await self._direct(subscription.guild_id, subscription.member_id)
        channel = await self.channel(subscription.target)
        return channel or self._bot.get_partial_messageable(subscription.target, guild_id=subscription.guild_id)

    async def is_forum(self, subscription_target: int) -> bool:
        """Whether a subscription is told in a forum; one that can't be asked for is none."""
        try:
            return isinstance(await self.channel(subscription_target), discord.ForumChannel)
        except UNREACHED:  # what is wrong with it is told when it is sent to
            return False

    async def is_news(self, channel_id: int) -> bool:
        """Whether a channel's messages can be published."""
        channel = await self.channel(channel_id)
        return isinstance(channel, discord.TextChannel) and channel.is_news()

    async def pinged(self, subscription: Subscription) -> discord.Role | None:
        """Return the role that a subscription's posts ping, if it is still there and may be pinged."""
        if (wanted := subscription.wanted.mention) is None or subscription.channel_id is None:
            return None
        channel = await self.channel(subscription.channel_id)
        role = channel.guild.get_role(wanted) if channel is not None else None
        return role if channel is not None and role is not None and mentionable(channel, role) else None

    def may_read(self, subscription: Subscription) -> bool:
        """Whether the channel of a subscription lets the bot read its history, as far as is known."""
        channel = self._bot.get_channel(subscription.target)
        if not isinstance(channel, Channel):
            return False
        have = channel.permissions_for(channel.guild.me)
        return have.view_channel and have.read_message_history

    async def is_member(self, guild_id: int, member_id: int) -> bool:
        """Whether somebody is a member of a server.

        Raises:
            AwayError: the server isn't there.
        """
        if (guild := self._bot.get_guild(guild_id)) is None:
            raise AwayError
        try:
            await guild.fetch_member(member_id)
        except discord.NotFound:
            return False
        return True

    async def _direct(self, guild_id: int, member_id: int) -> discord.DMChannel:
        if not await self.is_member(guild_id, member_id):
            raise LeftError
        return await self._bot.create_dm(discord.Object(member_id))


def pinging(role: discord.Role | None) -> discord.AllowedMentions:
    """Return what lets a message ping a role, and nobody else."""
    if role is None:
        return discord.AllowedMentions.none()
    everyone = role.is_default()
    return discord.AllowedMentions(
        everyone=everyone, users=False, roles=False if everyone else [role], replied_user=False
    )

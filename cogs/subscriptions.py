"""/subscribe, /unsubscribe and /subscriptions: which channels hear of every new transcript."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.delivery import Deliveries
from cogs.rendering import listings
from cogs.rendering.words import plain
from cogs.replies import guild_of
from store.errors import NotFoundError, StoreError
from store.library import Library

Channel = discord.TextChannel | discord.Thread


class Subscriptions(commands.Cog):
    """Lets moderators choose where new transcripts are announced."""

    def __init__(self, library: Library, deliveries: Deliveries) -> None:
        self._library = library
        self._deliveries = deliveries

    @app_commands.command(description="Announce every new transcript in a channel")
    @app_commands.describe(channel="The channel (default: this one)")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def subscribe(self, interaction: discord.Interaction, channel: Channel | None = None) -> None:
        """Subscribe a channel."""
        await interaction.response.defer(ephemeral=True)
        target = channel or _here(interaction)
        _, new = await self._library.notifications.subscribe(
            guild_of(interaction), target.id, created_by=interaction.user.id
        )
        said = f"New transcripts {'will be' if new else 'are already'} announced in {target.mention}."
        if missing := _missing(target):
            said += (
                f"\n⚠️ I can't post there yet: give me {' and '.join(missing)} in that channel. "
                "Until then I keep what is owed and try again."
            )
        await interaction.followup.send(view=plain(said), ephemeral=True)
        self._deliveries.wake()

    @app_commands.command(description="Stop announcing new transcripts in a channel")
    @app_commands.describe(channel="The channel (default: this one)")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def unsubscribe(self, interaction: discord.Interaction, channel: Channel | None = None) -> None:
        """Unsubscribe a channel."""
        await interaction.response.defer(ephemeral=True)
        target = channel or _here(interaction)
        found = await self._library.notifications.listed(guild_of(interaction))
        here = [one for one in found if one.channel_id == target.id]
        if not here:
            raise NotFoundError(f"{target.mention} isn't subscribed; `/subscriptions` lists the channels that are.")
        await self._library.notifications.remove(guild_of(interaction), here[0].id)
        said = f"New transcripts will no longer be announced in {target.mention}. `/subscribe` brings that back."
        await interaction.followup.send(view=plain(said), ephemeral=True)

    @app_commands.command(description="List the channels that hear of new transcripts")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def subscriptions(self, interaction: discord.Interaction) -> None:
        """List the server's subscriptions."""
        await interaction.response.defer(ephemeral=True)
        found = await self._library.notifications.listed(guild_of(interaction))
        await interaction.followup.send(view=listings.subscriptions(found), ephemeral=True)


def _here(interaction: discord.Interaction) -> Channel:
    if isinstance(interaction.channel, Channel):
        return interaction.channel
    raise StoreError("This channel can't be subscribed; name a text channel or a thread.")


def _missing(channel: Channel) -> list[str]:
    """Name the permissions that the bot will need in a channel and lacks."""
    have = channel.permissions_for(channel.guild.me)
    thread = isinstance(channel, discord.Thread)
    may_send = have.send_messages_in_threads if thread else have.send_messages
    needed = {"**View Channel**": have.view_channel}
    needed["**Send Messages in Threads**" if thread else "**Send Messages**"] = may_send
    return [name for name, given in needed.items() if not given]

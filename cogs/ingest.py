"""/ingest: a moderator's transcript file into the library."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.delivery import Deliveries
from cogs.rendering import reports
from cogs.replies import guild_of
from store.errors import FormatError
from store.library import Library


class Ingest(commands.Cog):
    """Adds transcripts to the server's library, or replaces them."""

    def __init__(self, library: Library, deliveries: Deliveries) -> None:
        self._library = library
        self._deliveries = deliveries

    @app_commands.command(description="Add a transcript file to this server's library, or replace it")
    @app_commands.describe(file="A text or Markdown file with lines like: - [12:34] the words that were said")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def ingest(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Ingest an attached file."""
        await interaction.response.defer(ephemeral=True)
        if file.size > self._library.limits.file_bytes:
            raise FormatError.too_large(self._library.limits.file_bytes)
        data = await file.read()  # at once: the attachment's address expires
        done = await self._library.ingest(guild_of(interaction), data, file.filename)
        await interaction.followup.send(view=reports.ingested(done), ephemeral=True)
        if done.owed:
            self._deliveries.wake()

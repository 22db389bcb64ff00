"""/ask: the exact words that were said, with a link to the second."""

import discord
from discord import app_commands
from discord.ext import commands
from store.library import Library

from cogs.rendering import answers
from cogs.replies import guild_of


class Ask(commands.Cog):
    """Answers questions from the server's library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(description="Find the moments in this server's transcripts that answer a question")
    @app_commands.describe(
        question="What you want to know; names and topics that were said work best",
        private="Show the answer to you alone (default: to everyone in the channel)",
    )
    @app_commands.guild_only()
    async def ask(self, interaction: discord.Interaction, question: str, private: bool = False) -> None:
        """Answer a question."""
        await interaction.response.defer(ephemeral=private)
        found = await self._library.ask(guild_of(interaction), question)
        await interaction.followup.send(view=answers.answer(found), ephemeral=private)

"""/ask: the exact words that were said, with a link to the second.

An answer takes milliseconds, so it is the response itself: "thinking…" never flickers, and a question that can't be
answered is a sentence for the asker alone, which Discord no longer allows after a public deferral. A search that takes
long is deferred for the asker alone, and a public answer follows as a message of its own.
"""

import asyncio

import discord
from discord import app_commands
from discord.ext import commands

from cogs.rendering import answers
from cogs.rendering.words import plain
from cogs.replies import guild_of
from store.library import Library

PATIENCE = 1.5  # seconds of Discord's three that a search may take before it is acknowledged


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
        searching = asyncio.create_task(self._library.ask(guild_of(interaction), question))
        done, _ = await asyncio.wait({searching}, timeout=PATIENCE)
        if done:
            view = answers.answer(await searching)
            await interaction.response.send_message(view=view, ephemeral=private)
            return
        await interaction.response.defer(ephemeral=True)
        view = answers.answer(await searching)
        if not private:
            await interaction.followup.send(view=plain("That took a while; here is the answer."), ephemeral=True)
        await interaction.followup.send(view=view, ephemeral=private)

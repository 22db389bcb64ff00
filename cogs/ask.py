"""/ask: the exact words that were said, with a link to the second.

An answer takes milliseconds, so it is the response itself: "thinking…" never flickers, and a question that can't be
answered is a sentence for the asker alone, which Discord no longer allows after a public deferral. A search that takes
long is deferred for the asker alone, and a public answer follows as a message of its own.
"""

import asyncio
import logging
import secrets
from collections.abc import Mapping

import discord
from discord import app_commands
from discord.ext import commands

from cogs import reading
from cogs.rendering import answers
from cogs.rendering.words import plain
from cogs.replies import guild_of
from store.catalogue import Kind
from store.errors import DatabaseError
from store.library import Library
from store.models import Answer, Asked, Filters

PATIENCE = 1.5  # seconds of Discord's three that a search may take before it is acknowledged
TOKEN_BYTES = 9

_LOG = logging.getLogger(__name__)


class Ask(commands.Cog):
    """Answers questions from the server's library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(description="Find the moments in this server's transcripts that answer a question")
    @app_commands.describe(
        question="What you want to know; names and topics that were said work best",
        private="Show the answer to you alone (default: to everyone in the channel)",
        video="Only from this transcript",
        speaker="Only from this speaker's transcripts",
        tag="Only from transcripts with this tag",
        after="Only published on this day or later, such as 2025-01-31 or 2025",
        before="Only published on this day or earlier",
    )
    @app_commands.guild_only()
    async def ask(  # noqa: PLR0917 - each is an option of the command
        self,
        interaction: discord.Interaction,
        question: str,
        private: bool = False,
        video: str | None = None,
        speaker: str | None = None,
        tag: str | None = None,
        after: str | None = None,
        before: str | None = None,
    ) -> None:
        """Answer a question."""
        narrowed = {"video": video, "speaker": speaker, "tag": tag, "after": after, "before": before}
        searching = asyncio.create_task(self._search(guild_of(interaction), question, narrowed))
        done, _ = await asyncio.wait({searching}, timeout=PATIENCE)
        if not done:
            await interaction.response.defer(ephemeral=True)
        found, filters = await searching
        token = secrets.token_urlsafe(TOKEN_BYTES)
        view = answers.answer(found, reading.rows(found, token, private=private))
        if done:
            await interaction.response.send_message(view=view, ephemeral=private)
        else:
            if not private:
                await interaction.followup.send(view=plain("That took a while; here is the answer."), ephemeral=True)
            await interaction.followup.send(view=view, ephemeral=private)
        if reading.needs_token(found, private=private):
            await self._remember(interaction, token, Asked(question, filters, interaction.user.id))

    async def _search(self, guild_id: int, question: str, narrowed: Mapping[str, str | None]) -> tuple[Answer, Filters]:
        filters = await self._library.filters(guild_id, narrowed)
        return await self._library.ask(guild_id, question, filters=filters), filters

    async def _remember(self, interaction: discord.Interaction, token: str, asked: Asked) -> None:
        """Keep the question for the answer's buttons; where that fails, the answer stands and they say so."""
        try:
            await self._library.remember(guild_of(interaction), token, asked)
        except DatabaseError as error:
            _LOG.warning("The question of interaction %s could not be kept: %s", interaction.id, error)

    @ask.autocomplete("video")
    async def _videos(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await self._choices(interaction, Kind.VIDEO, typed)

    @ask.autocomplete("speaker")
    async def _speakers(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await self._choices(interaction, Kind.SPEAKER, typed)

    @ask.autocomplete("tag")
    async def _tags(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await self._choices(interaction, Kind.TAG, typed)

    @ask.autocomplete("after")
    @ask.autocomplete("before")
    async def _days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await self._choices(interaction, Kind.DAY, typed)

    async def _choices(
        self, interaction: discord.Interaction, kind: Kind, typed: str
    ) -> list[app_commands.Choice[str]]:
        catalogue = await self._library.catalogue(guild_of(interaction))
        return [app_commands.Choice(name=found.shown, value=found.value) for found in catalogue.suggest(kind, typed)]

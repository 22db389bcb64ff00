"""/transcript: what moderators can set about one transcript."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.rendering import reports
from cogs.replies import guild_of
from cogs.searching import Choices, choices
from store.catalogue import Kind, suggested
from store.library import Library
from store.text.languages import LANGUAGES

NAMES = sorted(language.name for language in LANGUAGES.values())


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Transcripts(commands.GroupCog, group_name="transcript", group_description="One transcript of this server"):
    """Lets moderators correct what is known of a transcript."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(description="Set the language that a transcript is searched in")
    @app_commands.describe(
        transcript="The transcript, by its title",
        language="Its language, such as German or de (default: as its file says, or as its words tell)",
    )
    async def language(self, interaction: discord.Interaction, transcript: str, language: str | None = None) -> None:
        """Set a transcript's language, or let it be told again."""
        await interaction.response.defer(ephemeral=True)
        guild_id = guild_of(interaction)
        chosen = await self._library.filters(guild_id, {"video": transcript})
        before, after = await self._library.speak(guild_id, str(chosen.transcript), language)
        await interaction.followup.send(view=reports.language(before, after), ephemeral=True)

    @language.autocomplete("transcript")
    async def _transcripts(self, interaction: discord.Interaction, typed: str) -> Choices:
        catalogue = await self._library.catalogue(guild_of(interaction))
        return choices(catalogue.suggest(Kind.VIDEO, typed))

    @language.autocomplete("language")
    async def _languages(self, interaction: discord.Interaction, typed: str) -> Choices:
        del interaction
        return choices(suggested(NAMES, typed))

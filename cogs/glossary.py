"""/glossary: a server's own spellings, which the search adds to a question."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from cogs.rendering import glossary
from cogs.replies import guild_of
from cogs.searching import choices
from store.catalogue import suggested
from store.library import Library

_COMMAS = re.compile("[,，、､]")


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Glossary(commands.GroupCog, group_name="glossary", group_description="Names and what they are also heard as"):
    """Lets moderators say what the transcripts make of a name."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(description="Let a question with a term also find what the transcripts made of it")
    @app_commands.describe(
        term="The right spelling, as people ask for it, such as CoreWeave",
        heard_as="What transcripts write instead, with commas between, such as: cor weave, Corby",
    )
    async def add(self, interaction: discord.Interaction, term: str, heard_as: str) -> None:
        """Add spellings to a term."""
        await interaction.response.defer(ephemeral=True)
        entry, new = await self._library.add_spellings(
            guild_of(interaction), term, _separated(heard_as), created_by=interaction.user.id
        )
        await interaction.followup.send(view=glossary.added(entry, new), ephemeral=True)

    @app_commands.command(name="list", description="List the server's terms and what they are also heard as")
    async def show(self, interaction: discord.Interaction) -> None:
        """List the server's glossary."""
        await interaction.response.defer(ephemeral=True)
        view, files = glossary.listing(await self._library.glossary(guild_of(interaction)))
        await interaction.followup.send(view=view, files=files, ephemeral=True)

    @app_commands.command(description="Look for what the transcripts may have made of a name")
    @app_commands.describe(term="The right spelling (default: names in the glossary, titles, speakers and tags)")
    async def suggest(self, interaction: discord.Interaction, term: str | None = None) -> None:
        """Suggest spellings found in the library."""
        await interaction.response.defer(ephemeral=True)
        found = await self._library.suggest_spellings(guild_of(interaction), term=term)
        await interaction.followup.send(view=glossary.suggestions(found, term), ephemeral=True)

    @app_commands.command(description="Remove a term from the glossary, or some of its spellings")
    @app_commands.describe(
        term="The term as the glossary lists it",
        heard_as="Only these spellings, with commas between (default: the term with all of them)",
    )
    async def remove(self, interaction: discord.Interaction, term: str, heard_as: str | None = None) -> None:
        """Remove a term or some of its spellings."""
        await interaction.response.defer(ephemeral=True)
        named = None if heard_as is None else _separated(heard_as)
        gone = await self._library.remove_spellings(guild_of(interaction), term, named)
        await interaction.followup.send(view=glossary.removed(gone), ephemeral=True)

    @add.autocomplete("term")
    @remove.autocomplete("term")
    async def _terms(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        found = await self._library.glossary(guild_of(interaction))
        return choices(suggested([entry.term for entry in found], typed))

    @remove.autocomplete("heard_as")
    async def _spellings(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        found = await self._library.glossary(guild_of(interaction), term=interaction.namespace.term or None)
        return choices(suggested([spelling for entry in found for spelling in entry.heard_as], typed))


def _separated(typed: str) -> list[str]:
    """Return the spellings that stand between commas, without the empty ones."""
    return [spelling for part in _COMMAS.split(typed) if (spelling := part.strip())]

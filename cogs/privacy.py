"""/privacy: what is kept about a member in a server, and erasing it; every reply is for them alone.

Each button acts for whoever presses it, so nobody can erase what is another's.
"""

import re
from typing import Self

import discord
from discord import app_commands
from discord.ext import commands

from cogs.correcting import library_of
from cogs.locales import gettext
from cogs.rendering import privacy
from cogs.rendering.words import Row
from cogs.replies import acknowledge, errors_shown, guild_of, show
from store.library import Library

Button = discord.ui.Button[discord.ui.LayoutView]
Item = discord.ui.Item[discord.ui.LayoutView]


class Erase(discord.ui.DynamicItem[Button], template=r"privacy:erase"):
    """A button that asks whether it shall all be erased."""

    def __init__(self) -> None:
        label = gettext("Erase it…")
        super().__init__(discord.ui.Button(label=label, style=discord.ButtonStyle.danger, custom_id="privacy:erase"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item, match
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Ask."""
        async with errors_shown(interaction):
            await acknowledge(interaction, in_place=True)
            row = Row()
            row.add_item(Sure())
            row.add_item(Keep())
            await show(interaction, privacy.sure([row]), in_place=True)


class Sure(discord.ui.DynamicItem[Button], template=r"privacy:sure"):
    """A button that erases it all."""

    def __init__(self) -> None:
        label = gettext("Erase for good")
        super().__init__(discord.ui.Button(label=label, style=discord.ButtonStyle.danger, custom_id="privacy:sure"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item, match
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Erase what is kept about whoever presses."""
        async with errors_shown(interaction):
            await acknowledge(interaction, in_place=True)
            await library_of(interaction).holdings.forget_member(guild_of(interaction), interaction.user.id)
            await show(interaction, privacy.erased(), in_place=True)


class Keep(discord.ui.DynamicItem[Button], template=r"privacy:keep"):
    """A button that leaves all as it is."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label=gettext("Keep it"), custom_id="privacy:keep"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item, match
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show what is kept."""
        async with errors_shown(interaction):
            await acknowledge(interaction, in_place=True)
            await show(interaction, await _kept(library_of(interaction), interaction), in_place=True)


class Privacy(commands.Cog):
    """Shows members what is kept about them."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(description="What I keep about you in this server, and a button that erases it")
    @app_commands.guild_only()
    async def privacy(self, interaction: discord.Interaction) -> None:
        """Show what is kept about the member."""
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(view=await _kept(self._library, interaction), ephemeral=True)


async def _kept(library: Library, interaction: discord.Interaction) -> discord.ui.LayoutView:
    found = await library.holdings.about(guild_of(interaction), interaction.user.id)
    row = Row()
    row.add_item(Erase())
    return privacy.kept(found, [row])


ITEMS = (Erase, Sure, Keep)

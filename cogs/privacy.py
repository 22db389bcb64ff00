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


class Erasing(discord.ui.DynamicItem[Button], template=r"privacy:(?P<step>erase|sure|keep)"):
    """A button that asks whether it shall all be erased, and the two that answer."""

    def __init__(self, step: str) -> None:
        self._step = step
        label = {"erase": gettext("Erase it…"), "sure": gettext("Erase for good"), "keep": gettext("Keep it")}[step]
        style = discord.ButtonStyle.secondary if step == "keep" else discord.ButtonStyle.danger
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=f"privacy:{step}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match["step"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Ask; or erase what is kept about whoever presses; or show it as before."""
        async with errors_shown(interaction):
            await acknowledge(interaction, in_place=True)
            library = library_of(interaction)
            match self._step:
                case "erase":
                    view = privacy.sure([_row("sure", "keep")])
                case "sure":
                    await library.holdings.forget_member(guild_of(interaction), interaction.user.id)
                    view = privacy.erased()
                case _:
                    view = await _kept(library, interaction)
            await show(interaction, view, in_place=True)


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
    return privacy.kept(found, [_row("erase")])


def _row(*steps: str) -> Row:
    row = Row()
    for step in steps:
        row.add_item(Erasing(step))
    return row


ITEMS = (Erasing,)

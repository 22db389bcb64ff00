"""/library: what can be asked about, page by page."""

import re
from typing import Self

import discord
from discord import app_commands
from discord.ext import commands

from cogs.rendering import listings
from cogs.replies import errors_shown, guild_of
from store.library import Library


class LibraryPage(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]],
    template=r"library:(?P<direction>newer|older):(?P<offset>[0-9]{1,9})",
):
    """A button that turns the page; its target stands in its custom id, so it outlives a restart."""

    def __init__(self, direction: str, offset: int, *, disabled: bool = False) -> None:
        self._offset = offset
        label = "◀ Newer" if direction == "newer" else "Older ▶"
        super().__init__(discord.ui.Button(label=label, custom_id=f"library:{direction}:{offset}", disabled=disabled))

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction,
        item: discord.ui.Item[discord.ui.LayoutView],
        match: re.Match[str],
        /,
    ) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match["direction"], int(match["offset"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the page in place of the one before; only who called the list can see it and press."""
        cog = interaction.client.get_cog(LibraryList.__cog_name__)  # type: ignore[attr-defined]  # our client is a Bot
        assert isinstance(cog, LibraryList)
        async with errors_shown(interaction):
            await interaction.response.edit_message(view=await cog.page(guild_of(interaction), self._offset))


class LibraryList(commands.Cog):
    """Lists the server's transcripts."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(description="List the transcripts of this server")
    @app_commands.guild_only()
    async def library(self, interaction: discord.Interaction) -> None:
        """List the first page."""
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(view=await self.page(guild_of(interaction), 0), ephemeral=True)

    async def page(self, guild_id: int, offset: int) -> discord.ui.LayoutView:
        """Return the page at `offset`, or the last one where the library has become shorter."""
        size = listings.PAGE_SIZE
        page = await self._library.page(guild_id, offset=offset, limit=size)
        if page.total and not page.entries:
            page = await self._library.page(guild_id, offset=(page.total - 1) // size * size, limit=size)
        if page.total <= size:
            return listings.library(page, None)
        buttons = discord.ui.ActionRow[discord.ui.LayoutView]()
        buttons.add_item(LibraryPage("newer", max(0, page.offset - size), disabled=page.offset == 0))
        buttons.add_item(LibraryPage("older", page.offset + size, disabled=page.offset + size >= page.total))
        return listings.library(page, buttons)

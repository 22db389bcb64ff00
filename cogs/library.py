"""/library: what can be asked about: searched, narrowed, in several orders, page by page; or all of it as a file."""

import io
import re
import zipfile
from typing import Self

import discord
from discord import app_commands

from cogs.correcting import checked
from cogs.locales import gettext, translated
from cogs.rendering import listings
from cogs.rendering.words import plain
from cogs.replies import errors_shown, guild_of
from cogs.searching import SUGGESTING, Searching, token
from cogs.transcript import FORMS
from store.errors import FilterError, FormatError, StoreError
from store.formats.writing import Form
from store.models import Filters, Order

ORDERS = [
    app_commands.Choice(name=name, value=order.value)
    for name, order in (
        ("last ingested first", Order.INGESTED),
        ("last published first", Order.PUBLISHED),
        ("by title", Order.TITLE),
        ("longest first", Order.LENGTH),
    )
]
EVERYTHING = "-"  # in place of a token: neither searched nor narrowed


class LibraryPage(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]],
    template=r"library:(?P<direction>newer|older):(?P<offset>[0-9]{1,9})"
    r"(?::(?P<order>[a-z]{1,12}):(?P<token>[A-Za-z0-9_-]{1,40}))?",
):
    """A button that turns the page; its target stands in its custom id, so it outlives a restart."""

    def __init__(
        self,
        direction: str,
        offset: int,
        *,
        order: Order = Order.INGESTED,
        name: str = EVERYTHING,
        disabled: bool = False,
    ) -> None:
        self._offset = offset
        self._order = order
        self._name = name
        label = gettext("◀ Back") if direction == "newer" else gettext("More ▶")
        custom_id = f"library:{direction}:{offset}:{order}:{name}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, disabled=disabled))

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction,
        item: discord.ui.Item[discord.ui.LayoutView],
        match: re.Match[str],
        /,
    ) -> Self:
        """Make the button of a message again; those of an earlier version name neither order nor search."""
        del interaction, item
        order = Order(match["order"]) if match["order"] in list(Order) else Order.INGESTED
        return cls(match["direction"], int(match["offset"]), order=order, name=match["token"] or EVERYTHING)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the page in place of the one before; only who called the list can see it and press."""
        cog = interaction.client.get_cog(LibraryList.__cog_name__)  # type: ignore[attr-defined]  # our client is a Bot
        assert isinstance(cog, LibraryList)
        async with errors_shown(interaction):
            view = await cog.turned(guild_of(interaction), self._offset, self._order, self._name)
            await interaction.response.edit_message(view=view)


class LibraryList(Searching):
    """Lists the server's transcripts."""

    @app_commands.command(description="List the transcripts of this server")
    @app_commands.describe(
        search="Only those whose title, speaker, channel, tag or link says this",
        speaker="Only with this speaker",
        tag="Only with this tag",
        after="Only published on this day or later, such as 2025-01-31 or 2025",
        before="Only published on this day or earlier",
        sort="In which order (default: last ingested first)",
        export="Send all of it as a ZIP instead, for moderators",
    )
    @app_commands.choices(sort=ORDERS, export=FORMS)
    @app_commands.autocomplete(**{key: SUGGESTING[key] for key in ("speaker", "tag", "after", "before")})
    @app_commands.guild_only()
    async def library(  # noqa: PLR0917 - each is an option of the command
        self,
        interaction: discord.Interaction,
        search: str | None = None,
        speaker: str | None = None,
        tag: str | None = None,
        after: str | None = None,
        before: str | None = None,
        sort: app_commands.Choice[str] | None = None,
        export: app_commands.Choice[str] | None = None,
    ) -> None:
        """List the first page, or send everything."""
        if export is not None:
            checked(interaction)
            if any((search, speaker, tag, after, before, sort)):
                raise StoreError("An export is of the whole library; leave the other options out.")
            await interaction.response.defer(ephemeral=True)
            await self._export(interaction, Form(export.value))
            return
        await interaction.response.defer(ephemeral=True)
        guild_id, order = guild_of(interaction), Order(sort.value) if sort else Order.INGESTED
        narrowed = {"speaker": speaker, "tag": tag, "after": after, "before": before}
        filters = await self._library.filters(guild_id, narrowed)
        text = " ".join((search or "").split())[:100]
        name = EVERYTHING
        if text or any(narrowed.values()):
            name = token()
            await self.remember(interaction, name, text, filters)
        view = await self.page(guild_id, 0, order=order, name=name, search=text, filters=filters)
        await interaction.followup.send(view=view, ephemeral=True)

    async def turned(self, guild_id: int, offset: int, order: Order, name: str) -> discord.ui.LayoutView:
        """Return the page at `offset` of a list that was asked for."""
        if name == EVERYTHING:
            return await self.page(guild_id, offset, order=order)
        asked = await self._library.recall(guild_id, name)
        return await self.page(guild_id, offset, order=order, name=name, search=asked.question, filters=asked.filters)

    async def page(
        self,
        guild_id: int,
        offset: int,
        *,
        order: Order = Order.INGESTED,
        name: str = EVERYTHING,
        search: str = "",
        filters: Filters | None = None,
    ) -> discord.ui.LayoutView:
        """Return the page at `offset`, or the last one where the library has become shorter."""
        size = listings.PAGE_SIZE
        asked = {"filters": filters, "search": search, "order": order}
        page = await self._library.page(guild_id, offset=offset, limit=size, **asked)  # type: ignore[arg-type]
        if page.total and not page.entries:
            last = (page.total - 1) // size * size
            page = await self._library.page(guild_id, offset=last, limit=size, **asked)  # type: ignore[arg-type]
        said = [translated(one) for one in filters.said] if filters else []
        if page.total <= size:
            return listings.library(page, None, order=order, search=search, narrowed=said)
        buttons = discord.ui.ActionRow[discord.ui.LayoutView]()
        back, more = max(0, page.offset - size), page.offset + size
        buttons.add_item(LibraryPage("newer", back, order=order, name=name, disabled=page.offset == 0))
        buttons.add_item(LibraryPage("older", more, order=order, name=name, disabled=more >= page.total))
        return listings.library(page, buttons, order=order, search=search, narrowed=said)

    async def _export(self, interaction: discord.Interaction, form: Form) -> None:
        """Send the library as a ZIP, or say how an operator can write it."""
        guild_id = guild_of(interaction)
        limit = interaction.guild.filesize_limit if interaction.guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
        packed = io.BytesIO()
        count = 0
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            async for name, data in self._library.export_all(guild_id, form):
                archive.writestr(name, data)
                count += 1
                if packed.tell() > limit:
                    raise FormatError(
                        "The library is larger than Discord takes in a file; an operator can write it with "
                        "`python -m bot transcript export --all --guild {guild} --format {format} --output FOLDER`.",
                        guild=guild_id,
                        format=form,
                    )
        if not count:
            raise FilterError("The library is empty; there is nothing to export.")
        packed.seek(0)
        view = plain(gettext("The whole library; ingested again it is the same."))
        await interaction.followup.send(view=view, ephemeral=True)
        await interaction.followup.send(file=discord.File(packed, "library.zip"), ephemeral=True)

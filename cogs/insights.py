"""/insights: what members ask in vain, what they ask most, which transcripts answer; for moderators, without names.

Every list turns its pages in place; which list and which page stand in the custom ids, so they outlive a restart.
"""

import csv
import io
import logging
import re
from typing import Self

import discord
from discord import app_commands
from discord.ext import commands

from cogs.correcting import checked, library_of
from cogs.locales import gettext
from cogs.rendering import glossary
from cogs.rendering import insights as rendering
from cogs.rendering.insights import PAGE_SIZE, Show
from cogs.rendering.words import MAX_CUSTOM_ID, Row, plain
from cogs.replies import errors_shown, guild_of
from store.errors import DatabaseError, StoreError
from store.library import Library
from store.models import Spelling, Topic

FILE = "questions.csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # by which a spreadsheet takes a cell for one
SHOWN = [
    app_commands.Choice(name=name, value=show.value)
    for name, show in (
        ("what isn't found or is voted down", Show.MISSED),
        ("what is asked most", Show.ASKED),
        ("which transcripts are quoted most", Show.QUOTED),
    )
]
RECORD = [
    app_commands.Choice(name="on", value="on"),
    app_commands.Choice(name="off, and delete what was recorded", value="off"),
]

Button = discord.ui.Button[discord.ui.LayoutView]
Item = discord.ui.Item[discord.ui.LayoutView]

_LOG = logging.getLogger(__name__)


class InsightsPage(
    discord.ui.DynamicItem[Button],
    template=r"insights:(?P<way>list|back|more):(?P<show>missed|asked|quoted):(?P<offset>[0-9]{1,9})",
):
    """A button that opens a list or turns its page."""

    def __init__(self, way: str, show: Show, offset: int = 0, *, current: bool = False, disabled: bool = False) -> None:
        self._show = show
        self._offset = offset
        label = {"back": gettext("◀ Back"), "more": gettext("More ▶")}.get(way) or rendering.labels()[show]
        style = discord.ButtonStyle.primary if current else discord.ButtonStyle.secondary
        custom_id = f"insights:{way}:{show}:{offset}"
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=custom_id, disabled=disabled))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match["way"], Show(match["show"]), int(match["offset"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the page in place of the one before."""
        async with errors_shown(interaction):
            checked(interaction)
            await interaction.response.defer()
            view = await page(library_of(interaction), guild_of(interaction), self._show, self._offset)
            await interaction.edit_original_response(view=view)


class FindToo(discord.ui.DynamicItem[Button], template=r"findtoo:(?P<term>[^\n:]{1,60}):(?P<spelling>[^\n:]{1,60})"):
    """A button that lets a word of a question also find a spelling, as `/glossary add` does."""

    def __init__(self, term: str, spelling: str) -> None:
        self._term = term
        self._spelling = spelling
        label = rendering.find_label(spelling)
        super().__init__(discord.ui.Button(label=label, custom_id=f"findtoo:{term}:{spelling}"))

    @classmethod
    def fitting(cls, found: Spelling) -> Self | None:
        """Return the button for the first spelling of a word, or None where a custom id has no room for it."""
        term, spelling = found.term, found.heard_as[0]
        fits = len(f"findtoo:{term}:{spelling}") <= MAX_CUSTOM_ID
        match = cls.__discord_ui_compiled_template__.fullmatch(f"findtoo:{term}:{spelling}")
        return cls(term, spelling) if fits and match else None

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match["term"], match["spelling"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Add it to the glossary, and say what that means."""
        async with errors_shown(interaction):
            checked(interaction)
            await interaction.response.defer(ephemeral=True, thinking=True)
            entry, new = await library_of(interaction).add_spellings(
                guild_of(interaction), self._term, [self._spelling], created_by=interaction.user.id
            )
            await interaction.followup.send(view=glossary.added(entry, new), ephemeral=True)


ITEMS = (InsightsPage, FindToo)


class InsightsOf(commands.Cog):
    """Shows moderators what is asked."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def cog_load(self) -> None:
        """Forget what is too old: nobody may ask for a while. Where that can't be done now, it is later."""
        try:
            await self._library.insights.tidy()
        except DatabaseError as error:
            _LOG.warning("Recorded questions could not be tidied: %s", error)

    @app_commands.command(
        description="What members ask in vain, what they ask most, which transcripts answer; no names"
    )
    @app_commands.describe(
        show="Which list to begin with (default: what isn't found or is voted down)",
        export="Send all questions of the last 30 days as a table (CSV) instead",
        record="Whether questions are recorded in this server, and answers can be voted on",
    )
    @app_commands.choices(show=SHOWN, record=RECORD)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def insights(
        self,
        interaction: discord.Interaction,
        show: app_commands.Choice[str] | None = None,
        export: bool = False,
        record: app_commands.Choice[str] | None = None,
    ) -> None:
        """Show a list, send all of it, or change whether it is recorded."""
        await interaction.response.defer(ephemeral=True)
        guild_id, kept = guild_of(interaction), self._library.insights
        if not kept.enabled:
            view = rendering.off(everywhere=True)
        elif record is not None:
            await kept.record(guild_id, wanted=record.value == "on")
            view = rendering.turned_on() if record.value == "on" else rendering.turned_off()
        elif not await kept.records(guild_id):
            view = rendering.off(everywhere=False)
        elif export:
            await self._export(interaction, guild_id)
            return
        else:
            view = await page(self._library, guild_id, Show(show.value) if show else Show.MISSED, 0)
        await interaction.followup.send(view=view, ephemeral=True)

    async def _export(self, interaction: discord.Interaction, guild_id: int) -> None:
        topics, _ = await self._library.insights.asked(guild_id)
        if not topics:
            raise StoreError("Nobody has asked anything in public in the last 30 days; there is nothing to export.")
        file = discord.File(io.BytesIO(table(topics)), FILE)
        view = plain(gettext("What was asked in the last 30 days, each question once; nothing says who asked."))
        await interaction.followup.send(view=view, ephemeral=True)
        await interaction.followup.send(file=file, ephemeral=True)


async def page(library: Library, guild_id: int, show: Show, offset: int) -> discord.ui.LayoutView:
    """Return the page of a list at `offset`, or its first one where the list has become shorter."""
    kept = library.insights
    tally = await kept.tally(guild_id)
    if show is Show.QUOTED:
        found, total = await kept.quoted(guild_id, offset=offset, limit=PAGE_SIZE)
        if found or not offset:
            return rendering.quoted(tally, found, _rows(show, offset, total), offset=offset)
        return await page(library, guild_id, show, 0)
    listed = kept.missed if show is Show.MISSED else kept.asked
    topics, total = await listed(guild_id, offset=offset, limit=PAGE_SIZE)
    if offset and not topics:
        return await page(library, guild_id, show, 0)
    rows = _rows(show, offset, total)
    if show is Show.ASKED:
        return rendering.asked(tally, topics, rows, offset=offset)
    looked = list(zip(topics, await kept.look(guild_id, topics), strict=True))
    every = {one for _, look in looked for one in look.perhaps}
    buttons = {one: button for one in every if (button := FindToo.fitting(one)) is not None}
    return rendering.missed(tally, looked, rows, offset=offset, buttons=buttons)


def table(topics: tuple[Topic, ...]) -> bytes:
    """Write questions as CSV, with a mark by which spreadsheets know its encoding, and no cell that they compute."""
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(rendering.columns())
    for one in topics:
        texts = (one.question, "; ".join(one.missing), " / ".join(one.notes))
        question, missing, notes = (f"'{text}" if text.startswith(FORMULA) else text for text in texts)
        out.writerow([question, one.times, one.nothing, missing, one.up, one.down, notes])
    return written.getvalue().encode("utf-8-sig")


def _rows(show: Show, offset: int, total: int) -> list[Row]:
    """Return the buttons that choose a list, and those that turn its pages where there are several."""
    lists = Row()
    for one in Show:
        lists.add_item(InsightsPage("list", one, current=one is show))
    if total <= PAGE_SIZE:
        return [lists]
    turning = Row()
    back, more = max(0, offset - PAGE_SIZE), offset + PAGE_SIZE
    turning.add_item(InsightsPage("back", show, back, disabled=not offset))
    turning.add_item(InsightsPage("more", show, more, disabled=more >= total))
    return [turning, lists]

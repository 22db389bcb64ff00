"""/mentions: how often something was said, in which transcripts, and each mention among the words around it.

A question for counting is taken for the words it wants counted, in /mentions as below an answer of /ask: so what a
token stands for is read in one way. What a button or a menu opens is shown to the presser alone.
"""

import asyncio
import io
import re
from collections.abc import Mapping
from typing import Self

import discord
from discord import app_commands

from cogs.locales import gettext
from cogs.pace import asking, pressing, turn
from cogs.rendering import bars, chart
from cogs.rendering import mentions as rendering
from cogs.rendering.words import Row
from cogs.replies import acknowledge, errors_shown, guild_of, show
from cogs.searching import OPTIONS, SUGGESTING, Searching, in_time, send, token
from store.models import Filters, Mentions
from store.search.counting import counted

Item = discord.ui.Item[discord.ui.LayoutView]
Button = discord.ui.Button[discord.ui.LayoutView]
Select = discord.ui.Select[discord.ui.LayoutView]


class MentionsOf(discord.ui.DynamicItem[Button], template=r"mentions:(?P<token>[A-Za-z0-9_-]{1,40})"):
    """A button that opens the mentions a question asks for, with the question's filters."""

    def __init__(self, label: str, token: str) -> None:
        self._token = token
        super().__init__(discord.ui.Button(label=label, custom_id=f"mentions:{token}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction
        return cls(label_of(item), match["token"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the mentions to the presser."""
        async with errors_shown(interaction):
            await _cog(interaction).opened(interaction, self._token)


class MentionsIn(
    discord.ui.DynamicItem[Button],
    template=r"(?P<way>said|saidpage):(?P<token>[A-Za-z0-9_-]{1,40}):(?P<transcript>[0-9]{1,18}):(?P<page>[0-9]{1,9})",
):
    """A button that opens a page of the mentions in a transcript: under the counts anew, under a page in its place."""

    def __init__(
        self, label: str, token: str, transcript: int, page: int = 0, *, way: str = "said", disabled: bool = False
    ) -> None:
        self._token = token
        self._transcript = transcript
        self._page = page
        self._in_place = way == "saidpage"
        custom_id = f"{way}:{token}:{transcript}:{page}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, disabled=disabled))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction
        return cls(label_of(item), match["token"], int(match["transcript"]), int(match["page"]), way=match["way"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the page to the presser."""
        async with errors_shown(interaction):
            await _cog(interaction).page(
                interaction, self._token, self._transcript, page=self._page, in_place=self._in_place
            )


class MentionsMenu(discord.ui.DynamicItem[Select], template=r"saidin:(?P<token>[A-Za-z0-9_-]{1,40})"):
    """A menu of transcripts that opens the mentions in one of them."""

    def __init__(self, token: str, options: list[discord.SelectOption]) -> None:
        self._token = token
        placeholder = gettext("Show each mention in …")
        super().__init__(discord.ui.Select(custom_id=f"saidin:{token}", placeholder=placeholder, options=options))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the menu of a message again."""
        del interaction
        return cls(match["token"], item.options if isinstance(item, discord.ui.Select) else [])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the first page of the chosen transcript to who chose."""
        async with errors_shown(interaction):
            await _cog(interaction).page(interaction, self._token, int(self.item.values[0]), page=0, in_place=False)


ITEMS = (MentionsOf, MentionsIn, MentionsMenu)


class Counting(Searching):
    """Counts what was said."""

    @app_commands.command(description="Count how often a word, a name or a “phrase” was said, and list every mention")
    @app_commands.describe(
        words="A word, a name (also as it was misheard) or a phrase; in quotation marks exactly so",
        private="Show the result to you alone (default: to everyone in the channel)",
        **OPTIONS,
    )
    @app_commands.autocomplete(**SUGGESTING)
    @app_commands.guild_only()
    async def mentions(  # noqa: PLR0917 - each is an option of the command
        self,
        interaction: discord.Interaction,
        words: str,
        private: bool = False,
        video: str | None = None,
        speaker: str | None = None,
        tag: str | None = None,
        after: str | None = None,
        before: str | None = None,
    ) -> None:
        """Count what was said."""
        asking(interaction)
        narrowed = {"video": video, "speaker": speaker, "tag": tag, "after": after, "before": before}
        found, filters, picture = await in_time(interaction, self._search(guild_of(interaction), words, narrowed))
        name = token()
        view = rendering.mentions(found, _rows(found, name), picture=picture is not None)
        await send(interaction, view, private=private, file=_file(picture))
        if found.count:
            await self.remember(interaction, name, words, filters)

    async def opened(self, interaction: discord.Interaction, token: str) -> None:
        """Show the mentions that a remembered question asks for to the presser."""
        pressing(interaction)
        await acknowledge(interaction, in_place=False)
        guild_id = guild_of(interaction)
        asked = await self._library.recall(guild_id, token)
        async with turn(interaction):
            found, picture = await self._counted(guild_id, asked.question, asked.filters)
        view = rendering.mentions(found, _rows(found, token), picture=picture is not None)
        await interaction.followup.send(view=view, file=_file(picture), ephemeral=True)

    async def page(
        self, interaction: discord.Interaction, token: str, transcript: int, *, page: int, in_place: bool
    ) -> None:
        """Show a page of the mentions in a transcript."""
        pressing(interaction)
        await acknowledge(interaction, in_place=in_place)
        guild_id = guild_of(interaction)
        asked = await self._library.recall(guild_id, token)
        words = counted(asked.question) or asked.question
        async with turn(interaction):
            found = await self._library.mentions_in(guild_id, words, transcript, page=page, limit=rendering.PAGE_SIZE)
        row = None
        if page or found.more:
            row = Row()
            back = max(0, page - 1)
            row.add_item(MentionsIn(gettext("◀ Back"), token, transcript, back, way="saidpage", disabled=not page))
            row.add_item(
                MentionsIn(gettext("More ▶"), token, transcript, page + 1, way="saidpage", disabled=not found.more)
            )
        await show(interaction, rendering.page(found, row), in_place=in_place)

    async def _search(
        self, guild_id: int, words: str, narrowed: Mapping[str, str | None]
    ) -> tuple[Mentions, Filters, bytes | None]:
        filters = await self._library.filters(guild_id, narrowed)
        found, picture = await self._counted(guild_id, words, filters)
        return found, filters, picture

    async def _counted(self, guild_id: int, words: str, filters: Filters) -> tuple[Mentions, bytes | None]:
        """Return the mentions that words or a question ask for, and a picture of them where it says something."""
        found = await self._library.mentions(guild_id, counted(words) or words, filters=filters)
        drawn = bars.bars(found) if found.count else None
        return found, await asyncio.to_thread(chart.png, drawn) if drawn else None


def label_of(item: Item) -> str:
    """Return the label of a button of a message."""
    return (item.label if isinstance(item, discord.ui.Button) else None) or "…"


def _rows(found: Mentions, token: str) -> list[Row]:
    """Return the menu of transcripts, or a button where there is only one."""
    if not found.count:
        return []
    row = Row()
    if len(found.transcripts) == 1:
        row.add_item(MentionsIn(gettext("Show each mention"), token, found.transcripts[0].entry.id))
    else:
        row.add_item(MentionsMenu(token, rendering.options(found)))
    return [row]


def _file(picture: bytes | None) -> discord.File:
    return discord.File(io.BytesIO(picture), rendering.PICTURE) if picture else discord.utils.MISSING


def _cog(interaction: discord.Interaction) -> Counting:
    cog = interaction.client.get_cog(Counting.__cog_name__)  # type: ignore[attr-defined]  # our client is a Bot
    assert isinstance(cog, Counting)
    return cog

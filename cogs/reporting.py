"""What members say was really said: in the menu of an answer, or by a button below what was said around a quote.

Either opens a form with what is said there, a line a caption. What is proposed is kept first and told of then, so that
nothing is lost where Discord refuses the message to the moderators.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Self

import discord
from discord import app_commands
from discord.ext import commands

from cogs.correcting import library_of
from cogs.locales import gettext, speaking
from cogs.locales.servers import language_of
from cogs.pace import pressing
from cogs.rendering import corrections
from cogs.rendering.words import Row
from cogs.replies import UNREACHED, acknowledge, errors_shown, guild_of, show
from cogs.reviewing import decisions
from store.errors import CorrectionError, NotFoundError, StoreError
from store.library import Library
from store.models import Correctable, Correction, Moment
from store.text.differing import parted

MENU = "Report a mistake"
FORM_SECONDS = 60 * 60.0  # that a form may be open; it is lost with the process
PLACE = (  # of a moment in a custom id
    r"(?P<transcript>[0-9]{1,18}):(?P<first>[0-9]{1,9}):(?P<end>[0-9]{1,9})"
    r":(?P<start_ms>[0-9]{1,12}):(?P<end_ms>[0-9]{1,12}):(?P<content>[0-9a-f]{8})"
)

Button = discord.ui.Button[discord.ui.LayoutView]
Select = discord.ui.Select[discord.ui.LayoutView]
Item = discord.ui.Item[discord.ui.LayoutView]

_QUOTED = re.compile(rf"(?:around|wider|report):{PLACE}(?::[0-9]+)?")
_LOG = logging.getLogger(__name__)


class Report(discord.ui.DynamicItem[Button], template=rf"report:{PLACE}"):
    """A button that opens the form for what was really said at a moment."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        super().__init__(discord.ui.Button(label=gettext("Report"), custom_id=f"report:{placed(moment)}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(moment_of(match))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the form."""
        async with errors_shown(interaction):
            pressing(interaction)
            await _ask(interaction, self._moment)


class ReportOne(discord.ui.DynamicItem[Select], template=r"report-one"):
    """A menu of an answer's quotes, of which one is wrong."""

    def __init__(self, options: list[discord.SelectOption] | None = None) -> None:
        menu: Select = discord.ui.Select(
            custom_id="report-one", placeholder=gettext("The quote that is wrong"), options=options or []
        )
        super().__init__(menu)

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the menu of a message again."""
        del interaction, match
        return cls(item.options if isinstance(item, discord.ui.Select) else None)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the form for the quote that was chosen."""
        async with errors_shown(interaction):
            match = re.fullmatch(PLACE, self.item.values[0])
            if match is None:
                raise NotFoundError("That quote isn't there any more; open the menu of the answer again.")
            await _ask(interaction, moment_of(match))


class ReportForm(discord.ui.Modal):
    """What is said at a moment, to be put right."""

    def __init__(self, found: Correctable, lines: str) -> None:
        super().__init__(title=gettext("What was really said?"), timeout=FORM_SECONDS)
        self._found = found
        self._text = discord.ui.TextInput[Self](
            custom_id="text",
            label=gettext("Correct the words; one line is one caption"),
            style=discord.TextStyle.paragraph,
            default=lines,
            required=False,
            max_length=corrections.MAX_FORM,
        )
        self.add_item(self._text)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Keep what was changed."""
        async with errors_shown(interaction):
            await acknowledge(interaction, in_place=False)
            read = [" ".join(text.split()) for text in self._found.read]
            texts = parted(read, self._text.value)
            await _reporting(interaction).proposed(interaction, self._found, texts)


class Reporting(commands.Cog):
    """Takes what members say was really said."""

    def __init__(self, bot: commands.Bot, library: Library) -> None:
        self._bot = bot
        self._library = library
        self.menu = app_commands.ContextMenu(name=MENU, callback=self._message)
        self.menu.guild_only = True

    async def cog_load(self) -> None:
        """Add the message's menu."""
        self._bot.tree.add_command(self.menu)

    async def cog_unload(self) -> None:
        """Take the menu away."""
        self._bot.tree.remove_command(self.menu.name, type=self.menu.type)

    async def _message(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Open the form for the quote of a message, or ask for which of several."""
        async with errors_shown(interaction):
            pressing(interaction)
            own = self._bot.user is not None and message.author.id == self._bot.user.id
            moments = list(dict.fromkeys(quoted(message))) if own else []
            if not moments:
                raise StoreError(
                    "There is no quote of mine in that message; open the menu of an answer that has quotes."
                )
            if len(moments) == 1:
                await _ask(interaction, moments[0])
                return
            await acknowledge(interaction, in_place=False)
            guild_id, by = guild_of(interaction), interaction.user.id
            found = []
            for moment in moments:
                try:
                    one = await self._library.corrections.correctable(guild_id, moment, by=by)
                except NotFoundError:
                    continue  # of a transcript that is gone
                found.append((placed(moment), one))
            if not found:
                raise NotFoundError("Those transcripts are no longer in this library.")
            row = Row()
            row.add_item(ReportOne(corrections.options(found)))
            await show(interaction, corrections.choosing([row]), in_place=False)

    async def proposed(self, interaction: discord.Interaction, found: Correctable, texts: tuple[str, ...]) -> None:
        """Keep what a member proposes, thank for it, and tell the moderators."""
        guild_id = guild_of(interaction)
        done, new = await self._library.corrections.propose(guild_id, found, texts, by=interaction.user.id)
        await show(interaction, corrections.thanks(new=new), in_place=False)
        if new:
            await self._tell(guild_id, done)

    async def _tell(self, guild_id: int, done: Correction) -> None:
        """Tell moderators of a correction in the channel that was chosen for it; `/corrections` lists it anyway."""
        try:
            settings = await self._library.notifications.settings(guild_id)
            if settings.problems_channel_id is None:
                return
            channel = self._bot.get_partial_messageable(settings.problems_channel_id, guild_id=guild_id)
            with speaking(language_of(self._bot.get_guild(guild_id), settings.language).code):
                await channel.send(view=corrections.review(done, decisions(done)))
        except (*UNREACHED, StoreError) as error:
            _LOG.warning("Moderators of server %s can't be told of correction %d: %s", guild_id, done.id, error)


ITEMS = (Report, ReportOne)


def quoted(message: discord.Message) -> Iterator[Moment]:
    """Yield the moments of the quotes of a message, as the buttons beside them name them."""
    for component in _walked(message.components):
        if match := _QUOTED.fullmatch(str(getattr(component, "custom_id", None) or "")):
            yield moment_of(match)


def _walked(components: Iterable[object]) -> Iterator[object]:
    for component in components:
        yield component
        yield from _walked(getattr(component, "children", ()))
        yield from _walked(filter(None, [getattr(component, "accessory", None)]))


def moment_of(match: re.Match[str]) -> Moment:
    """Return the moment that a custom id names by `PLACE`."""
    positions = {name: int(match[name]) for name in ("transcript", "first", "end", "start_ms", "end_ms")}
    return Moment(**positions, content=match["content"])


def placed(moment: Moment) -> str:
    """Write a moment into a custom id, as `PLACE` reads it."""
    place = f"{moment.transcript}:{moment.first}:{moment.end}:{moment.start_ms}:{moment.end_ms}"
    return f"{place}:{moment.content}"


async def _ask(interaction: discord.Interaction, moment: Moment) -> None:
    """Open the form for a moment."""
    found = await library_of(interaction).corrections.correctable(guild_of(interaction), moment, by=interaction.user.id)
    found, lines = corrections.prefilled(found)
    if not found.cues:
        raise CorrectionError("That passage is too long for a form; tell a moderator of the mistake instead.")
    await interaction.response.send_modal(ReportForm(found, lines))


def _reporting(interaction: discord.Interaction) -> Reporting:
    cog = interaction.client.get_cog(Reporting.__cog_name__)  # type: ignore[attr-defined]  # our client is a Bot
    assert isinstance(cog, Reporting)
    return cog

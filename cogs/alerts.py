"""/alert: what a member waits for in new transcripts, told by direct message; every reply is for them alone."""

import re
from typing import Self

import discord
from discord import app_commands
from discord.ext import commands

from cogs.correcting import library_of
from cogs.delivery import Deliveries
from cogs.locales import gettext
from cogs.rendering import alerts
from cogs.rendering.words import Row
from cogs.replies import acknowledge, errors_shown, guild_of, show
from cogs.searching import Choices, choices
from store.errors import NotFoundError
from store.library import Library
from store.models import Subscription, Suggestion
from store.outbox.subscriptions import MOST_ALERTS
from store.text.awaited import normal

Item = discord.ui.Item[discord.ui.LayoutView]


class BringBack(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]],
    template=r"alert:undo:(?P<alert>[0-9]{1,18}):(?P<member>[0-9]{1,20})",
):
    """A button that brings a member's alert back, for a day."""

    def __init__(self, alert: int, member: int) -> None:
        self._alert = alert
        self._member = member
        super().__init__(discord.ui.Button(label=gettext("Undo"), custom_id=f"alert:undo:{alert}:{member}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(int(match["alert"]), int(match["member"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Bring it back; nobody else can see the button, nor press it."""
        async with errors_shown(interaction):
            if interaction.user.id != self._member:
                raise NotFoundError("That alert is another member's.")
            await acknowledge(interaction, in_place=True)
            found = await library_of(interaction).notifications.bring_back(
                guild_of(interaction), self._alert, member_id=self._member
            )
            await show(interaction, alerts.brought_back(found), in_place=True)


@app_commands.guild_only()
class Alerts(commands.GroupCog, group_name="alert", group_description="Be told when a new transcript says something"):
    """Lets members be told of what they wait for."""

    def __init__(self, library: Library, deliveries: Deliveries) -> None:
        self._library = library
        self._deliveries = deliveries

    @app_commands.command(description="Get a direct message when a new transcript says these words")
    @app_commands.describe(words='A name, some words, a "phrase"; -without leaves out what says that')
    async def add(self, interaction: discord.Interaction, words: app_commands.Range[str, 1, 400]) -> None:
        """Let a member be told."""
        await interaction.response.defer(ephemeral=True)
        wanted = self._library.checked_words(words)
        found, new = await self._library.notifications.alert(guild_of(interaction), interaction.user.id, wanted)
        first = new and len(await self._own(interaction)) == 1
        await interaction.followup.send(view=alerts.added(found, new=new, first=first), ephemeral=True)
        self._deliveries.wake()

    @app_commands.command(name="list", description="List your alerts in this server, and how they are")
    async def listed(self, interaction: discord.Interaction) -> None:
        """List the member's alerts."""
        await interaction.response.defer(ephemeral=True)
        found = await self._own(interaction)
        await interaction.followup.send(view=alerts.listed(found, most=MOST_ALERTS), ephemeral=True)

    @app_commands.command(description="End one of your alerts")
    @app_commands.describe(alert="Which one, by its words")
    async def remove(self, interaction: discord.Interaction, alert: str) -> None:
        """End an alert of the member's own."""
        await interaction.response.defer(ephemeral=True)
        wanted = " ".join(alert.split())
        for one in await self._own(interaction):
            named = {f"#{one.id}", one.name}
            if wanted in named or normal(wanted) == normal(one.wanted.matching or ""):
                await self._library.notifications.remove(one.guild_id, one.id)
                row = Row()
                row.add_item(BringBack(one.id, interaction.user.id))
                await interaction.followup.send(view=alerts.removed(one, [row]), ephemeral=True)
                return
        raise NotFoundError("You have no such alert here; `/alert list` shows those you have.")

    @remove.autocomplete("alert")
    async def _alerts(self, interaction: discord.Interaction, typed: str) -> Choices:
        shown = [Suggestion(alerts.choice(one), f"#{one.id}") for one in await self._own(interaction)]
        return choices([one for one in shown if typed.strip().casefold() in one.shown.casefold()])

    async def _own(self, interaction: discord.Interaction) -> tuple[Subscription, ...]:
        return await self._library.notifications.listed(guild_of(interaction), member_id=interaction.user.id)


ITEMS = (BringBack,)

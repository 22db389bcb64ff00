"""/notifications: when this server's digests come, where its moderators are told of what fails, in which language."""

import asyncio
import functools
import re
import time
import zoneinfo
from dataclasses import replace
from typing import Self

import discord
from discord import app_commands
from discord.ext import commands

from cogs.correcting import checked, library_of
from cogs.delivery import Deliveries
from cogs.locales import gettext, translated
from cogs.locales.catalogues import LANGUAGES, own_name
from cogs.locales.commands import untranslated
from cogs.locales.servers import language_of
from cogs.permissions import missing
from cogs.rendering import notifications
from cogs.rendering.words import Row, bold
from cogs.replies import acknowledge, errors_shown, guild_of, show
from cogs.searching import Choices, choices
from store.catalogue import suggested
from store.errors import StoreError
from store.library import Library
from store.models import Digest, Settings
from store.outbox.times import digest_at

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")  # Discord is told of the others'
WEEKDAYS = [app_commands.Choice(name=name, value=number) for number, name in enumerate(DAYS)]
BY_DISCORD = "discord"
TOLD_IN = [  # of which Discord takes 25
    app_commands.Choice(name="Discord's setting of the server", value=BY_DISCORD),
    *(app_commands.Choice(name=untranslated(own_name(language)), value=language) for language in LANGUAGES),
]

Item = discord.ui.Item[discord.ui.LayoutView]


class NoChannel(discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]], template=r"notifications:no-channel"):
    """A button that lets moderators be told of what fails with their next command again."""

    def __init__(self) -> None:
        super().__init__(
            discord.ui.Button(label=gettext("No channel for problems"), custom_id="notifications:no-channel")
        )

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item, match
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Forget the channel."""
        async with errors_shown(interaction):
            checked(interaction)
            await acknowledge(interaction, in_place=True)
            library, guild_id = library_of(interaction), guild_of(interaction)
            wanted = replace(await library.notifications.settings(guild_id), problems_channel_id=None)
            await library.notifications.set(guild_id, wanted)
            await show(interaction, _screen(interaction.guild, wanted), in_place=True)


class Notices(commands.Cog):
    """Lets moderators choose when and where they are told."""

    def __init__(self, library: Library, deliveries: Deliveries) -> None:
        self._library = library
        self._deliveries = deliveries

    @app_commands.command(
        description="Choose when digests come, where moderators are told of what fails, and in which language"
    )
    @app_commands.describe(
        hour="The hour of the day at which digests come, from 0 to 23",
        day="The day of the week on which weekly digests come",
        zone="The time zone of that hour, such as Europe/Vienna",
        problems_channel="A channel in which moderators are told of subscriptions that fail",
        language="The language of announcements, alerts and problems",
    )
    @app_commands.choices(day=WEEKDAYS)
    @app_commands.choices(language=TOLD_IN)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def notifications(  # noqa: PLR0917 - each is an option of the command
        self,
        interaction: discord.Interaction,
        hour: app_commands.Range[int, 0, 23] | None = None,
        day: app_commands.Choice[int] | None = None,
        zone: str | None = None,
        problems_channel: discord.TextChannel | discord.Thread | None = None,
        language: app_commands.Choice[str] | None = None,
    ) -> None:
        """Show the settings, or change them."""
        await interaction.response.defer(ephemeral=True)
        guild_id, lead = guild_of(interaction), ""
        wanted = await self._library.notifications.settings(guild_id)
        if any(option is not None for option in (hour, day, zone, problems_channel, language)):
            if problems_channel is not None and (needed := missing(problems_channel)):
                raise StoreError(
                    "I can't post in {channel} yet: give me {permissions} in that channel, and choose it again.",
                    channel=problems_channel.mention,
                    permissions=bold([*map(translated, needed)]),
                )
            before, wanted = (
                wanted,
                Settings(
                    hour=wanted.hour if hour is None else hour,
                    day=wanted.day if day is None else day.value,
                    zone=wanted.zone if zone is None else await asyncio.to_thread(_zone, zone),
                    problems_channel_id=problems_channel.id if problems_channel else wanted.problems_channel_id,
                    language=wanted.language if language is None else _chosen(language.value),
                ),
            )
            await self._library.notifications.set(guild_id, wanted)
            lead = notifications.changed(before, wanted, language_of(interaction.guild, wanted.language))
            self._deliveries.wake()
        await interaction.followup.send(view=_screen(interaction.guild, wanted, lead), ephemeral=True)

    @notifications.autocomplete("zone")
    async def _zones(self, interaction: discord.Interaction, typed: str) -> Choices:
        del interaction
        return choices(suggested(await asyncio.to_thread(_zones), "_".join(typed.split())))


def _screen(guild: discord.Guild | None, found: Settings, lead: str = "") -> discord.ui.LayoutView:
    now, row, language = time.time(), Row(), language_of(guild, found.language)
    row.add_item(NoChannel())
    daily, weekly = (digest_at(digest, found, after=now) for digest in Digest)
    rows = [row] if found.problems_channel_id else []
    return notifications.settings(found, rows, language=language, daily_at=daily, weekly_at=weekly, lead=lead)


def _chosen(language: str) -> str | None:
    return None if language == BY_DISCORD else language


@functools.cache
def _zones() -> tuple[str, ...]:
    """Return the names of all time zones, UTC first."""
    return ("UTC", *sorted(zoneinfo.available_timezones() - {"UTC"}))


def _zone(typed: str) -> str:
    """Return the name of a time zone as it is written, or the only one of a place; what isn't one, as typed."""
    wanted = "_".join(typed.split()).casefold()
    exact = [name for name in _zones() if name.casefold() == wanted]
    of_place = [name for name in _zones() if name.rpartition("/")[2].casefold() == wanted]
    holding = [name for name in _zones() if wanted in name.casefold()]
    return next((found[0] for found in (exact, of_place, holding) if len(found) == 1), typed)


ITEMS = (NoChannel,)

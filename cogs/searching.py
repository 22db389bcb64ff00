"""What the commands that search share: the options that narrow, the time a search may take, the memory for buttons.

A result takes milliseconds, so it is the response itself: "thinking…" never flickers, and what can't be answered is a
sentence for the asker alone, which Discord no longer allows after a public deferral. A search that takes long is
deferred for the asker alone, and a public result follows as a message of its own.
"""

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Iterable
from itertools import islice
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import MISSING

from cogs.locales import gettext
from cogs.pace import turn, turn_to_choose
from cogs.rendering.words import plain
from cogs.replies import guild_of
from store.catalogue import Kind
from store.errors import DatabaseError
from store.library import Library
from store.models import Asked, Filters, Suggestion

PATIENCE = 1.5  # seconds of Discord's three that a search may take before it is acknowledged
TOKEN_BYTES = 9
MAX_CHOICES = 25  # https://discord.com/developers/docs/interactions/application-commands
OPTIONS = {
    "video": "Only from this transcript",
    "speaker": "Only what this speaker says",
    "tag": "Only from transcripts with this tag",
    "after": "Only published on this day or later, such as 2025-01-31 or 2025",
    "before": "Only published on this day or earlier",
}

T = TypeVar("T")
Choices = list[app_commands.Choice[str]]

_LOG = logging.getLogger(__name__)


class Searching(commands.Cog):
    """A cog whose command searches the server's library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def remember(self, interaction: discord.Interaction, token: str, question: str, filters: Filters) -> None:
        """Keep a question for its result's buttons; where that fails, the result stands and they say so."""
        asked = Asked(question, filters, interaction.user.id)
        try:
            await self._library.remember(guild_of(interaction), token, asked)
        except DatabaseError as error:
            _LOG.warning("The question of interaction %s could not be kept: %s", interaction.id, error)

    async def videos(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest the transcripts of the asker's server."""
        return await self._suggested(interaction, Kind.VIDEO, typed)

    async def speakers(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest its speakers."""
        return await self._suggested(interaction, Kind.SPEAKER, typed)

    async def tags(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest its tags."""
        return await self._suggested(interaction, Kind.TAG, typed)

    async def channels(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest the channels and shows that they are from."""
        return await self._suggested(interaction, Kind.CHANNEL, typed)

    async def days(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest days on which something was published."""
        return await self._suggested(interaction, Kind.DAY, typed)

    async def _suggested(self, interaction: discord.Interaction, kind: Kind, typed: str) -> Choices:
        async with turn_to_choose(interaction):
            catalogue = await self._library.catalogue(guild_of(interaction))
            return choices(catalogue.suggest(kind, typed))


SUGGESTING = {
    "video": Searching.videos,
    "speaker": Searching.speakers,
    "tag": Searching.tags,
    "after": Searching.days,
    "before": Searching.days,
}


def choices(found: Iterable[Suggestion]) -> Choices:
    """Return suggestions as Discord shows them, as many as it takes."""
    return [app_commands.Choice(name=one.shown, value=one.value) for one in islice(found, MAX_CHOICES)]


async def in_time(interaction: discord.Interaction, work: Coroutine[Any, Any, T]) -> T:
    """Return what a search returns in its asker's turn; where it takes long, acknowledge it for the asker alone."""
    return await acknowledged(interaction, _in_turn(interaction, work))


async def acknowledged(interaction: discord.Interaction, work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns; where it takes long, acknowledge the interaction for the asker alone."""
    working = asyncio.create_task(work)
    done, _ = await asyncio.wait({working}, timeout=PATIENCE)
    if not done:
        await interaction.response.defer(ephemeral=True, thinking=True)
    return await working


async def _in_turn(interaction: discord.Interaction, work: Coroutine[Any, Any, T]) -> T:
    async with turn(interaction):
        return await work


async def send(
    interaction: discord.Interaction, view: discord.ui.LayoutView, *, private: bool, file: discord.File = MISSING
) -> None:
    """Send a result, to everyone or to the asker alone, whether the interaction was acknowledged or not."""
    if not interaction.response.is_done():
        await interaction.response.send_message(view=view, file=file, ephemeral=private)
        return
    if not private:
        await interaction.followup.send(view=plain(gettext("That took a while; here is the answer.")), ephemeral=True)
    await interaction.followup.send(view=view, file=file, ephemeral=private)


def token() -> str:
    """Return a name for a question that can't be guessed."""
    return secrets.token_urlsafe(TOKEN_BYTES)

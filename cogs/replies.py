"""An interaction's server, what a press opens, and the one road of errors: a sentence that the asker alone is shown."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
from discord import app_commands

from cogs.interactions import Outcome, ends, reference
from cogs.locales import gettext, translated
from cogs.rendering.words import plain
from store.errors import DatabaseError, StoreError

SERVER_ERROR = 500  # a request that Discord limits for too long isn't made, and has no status
REFUSED = (discord.HTTPException, discord.RateLimited)  # what Discord answers in place of doing what was asked
UNREACHED = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError)  # that, and no answer at all

_LOG = logging.getLogger(__name__)


def guild_of(interaction: discord.Interaction) -> int:
    """Return the server of an interaction; every command is registered for servers alone."""
    if interaction.guild_id is None:
        raise StoreError("I only work in a server; ask me there.")
    return interaction.guild_id


async def show_error(interaction: discord.Interaction, error: BaseException) -> None:
    """Answer an interaction that failed; never raises, for there is nobody left to tell."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    sentence = _sentence(cause)
    if sentence is None:
        found = reference()
        ends(Outcome.FAILED)
        _LOG.error("Interaction %s failed, reference %s", interaction.id, found, exc_info=cause)
        sentence = gettext(
            "Something went wrong that shouldn't have; please tell a moderator the reference {reference}.",
            reference=found,
        )
    else:
        ends(Outcome.TROUBLE if isinstance(cause, DatabaseError) or _is_trouble(cause) else Outcome.REFUSED)
    if isinstance(cause, DatabaseError):
        _LOG.warning("Interaction %s: %s", interaction.id, cause)
    try:
        await _tell(interaction, sentence)
    except Exception as failure:  # noqa: BLE001 - the end of the road: expired, or Discord is failing or gone
        _LOG.warning("Interaction %s could not be told of its error: %r", interaction.id, failure)


@asynccontextmanager
async def errors_shown(interaction: discord.Interaction) -> AsyncIterator[None]:
    """Send what is raised inside down the one road; a button's errors reach no handler of discord.py's."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the one road itself
        await show_error(interaction, error)


def is_own(interaction: discord.Interaction) -> bool:
    """Whether what was pressed stands in a reply that the presser alone sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def acknowledge(interaction: discord.Interaction, *, in_place: bool) -> None:
    """Acknowledge a press: the message stays until it changes, or a new one is on its way to the presser alone."""
    if in_place:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


async def show(interaction: discord.Interaction, view: discord.ui.LayoutView, *, in_place: bool) -> None:
    """Show what a press opens, in the place of the pressed message or to the presser alone."""
    if in_place:
        await interaction.edit_original_response(view=view)
    else:
        await interaction.followup.send(view=view, ephemeral=True)


async def _tell(interaction: discord.Interaction, sentence: str) -> None:
    """Send a sentence to the asker alone; commands defer for the asker alone, or not at all."""
    if interaction.response.is_done():
        await interaction.followup.send(view=plain(sentence), ephemeral=True)
    else:
        await interaction.response.send_message(view=plain(sentence), ephemeral=True)


def _sentence(error: BaseException) -> str | None:
    match error:
        case StoreError():
            return translated(error)
        case app_commands.TransformerError():
            return gettext("That option can't be used here; choose one from the list.")
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return gettext("That command has changed; reload Discord and try again.")
        case app_commands.MissingPermissions() | app_commands.CheckFailure():
            return gettext("You don't have the permission to do that here.")
        case _ if _is_trouble(error):
            return gettext("Discord is having trouble; please try again in a moment.")
    return None


def _is_trouble(error: BaseException) -> bool:
    """Whether Discord is at fault, and may not be in a moment."""
    return isinstance(error, REFUSED) and getattr(error, "status", SERVER_ERROR) >= SERVER_ERROR

"""The names and descriptions of commands in every language, as Discord shows them to whoever speaks it.

In a catalogue a command's name has the context `command`, an option's `option`; descriptions and choices have none.
"""

import asyncio

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from cogs.locales.catalogues import ENGLISH, LANGUAGES, catalogue, nearest

CONTEXTS = {
    Location.command_name: "command",
    Location.group_name: "command",
    Location.parameter_name: "option",
}


class Translator(app_commands.Translator):
    """Says what the catalogues have; what they haven't stays English."""

    async def load(self) -> None:
        """Read the catalogues before anybody asks: each takes some tenths of a second, once."""
        for language in LANGUAGES:
            await asyncio.to_thread(catalogue, language)

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return a command's word in one of Discord's locales, or None where it stays as it is."""
        if (language := nearest(locale.value)) == ENGLISH:
            return None
        found, kind = catalogue(language), CONTEXTS.get(context.location)
        said = found.pgettext(kind, string.message) if kind else found.gettext(string.message)
        return said if said != string.message else None

"""The names and descriptions of commands in every language, as Discord shows them to whoever speaks it.

In a catalogue a command's name has the context `command`, an option's `option`; descriptions and choices have none.
What is `untranslated`, such as what a language calls itself, is in none.
"""

import asyncio

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from cogs.locales.catalogues import ENGLISH, LANGUAGES, catalogue, nearest

_UNTRANSLATED = "untranslated"

CONTEXTS = {
    Location.command_name: "command",
    Location.group_name: "command",
    Location.parameter_name: "option",
}


def untranslated(name: str) -> app_commands.locale_str:
    """Return a name that is the same in every language."""
    return app_commands.locale_str(name, **{_UNTRANSLATED: True})


def is_untranslated(string: app_commands.locale_str) -> bool:
    """Whether a command's word is the same in every language."""
    return _UNTRANSLATED in string.extras


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
        if (language := nearest(locale.value)) == ENGLISH or is_untranslated(string):
            return None
        found, kind = catalogue(language), CONTEXTS.get(context.location)
        said = found.pgettext(kind, string.message) if kind else found.gettext(string.message)
        return said if said != string.message else None

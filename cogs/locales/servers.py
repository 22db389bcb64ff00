"""The language in which a server is told of what nobody there asked for: the chosen one, or that of it in Discord.

Discord lets Community servers alone choose theirs and calls every other one `en-US`. So English there says nothing of
its members; it stays English until a moderator chooses, and one who speaks something else is told how.
"""

import enum
from dataclasses import dataclass

import discord

from cogs.locales.catalogues import ENGLISH, LANGUAGES, nearest
from cogs.locales.speaking import spoken

COMMUNITY = "COMMUNITY"  # among a guild's features


class Source(enum.Enum):
    """What says in which language a server is told."""

    CHOSEN = enum.auto()  # its moderators, here
    PRIMARY = enum.auto()  # its primary language in Discord
    UNSPOKEN = enum.auto()  # that is one of which there is no catalogue
    DEFAULT = enum.auto()  # nobody could


@dataclass(frozen=True, slots=True)
class ServerLanguage:
    """The code of a server's language, and what says so."""

    code: str = ENGLISH
    source: Source = Source.DEFAULT

    @property
    def to_be_chosen(self) -> bool:
        """Whether it is none that anybody chose, and isn't what is spoken now."""
        return self.source is Source.DEFAULT and self.code != spoken()


def language_of(guild: discord.Guild | None, chosen: str | None) -> ServerLanguage:
    """Return the language of a server that has chosen this one, or None; of one that isn't there English, then."""
    if chosen in LANGUAGES:  # a choice may be of an older version, or come with an import
        return ServerLanguage(chosen, Source.CHOSEN)
    if guild is None:
        return ServerLanguage()
    wanted = guild.preferred_locale.value
    code = nearest(wanted)
    if code == ENGLISH and COMMUNITY not in guild.features:
        return ServerLanguage()
    is_spoken = code != ENGLISH or wanted.partition("-")[0] == ENGLISH
    return ServerLanguage(code, Source.PRIMARY if is_spoken else Source.UNSPOKEN)

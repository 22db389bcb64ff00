"""How a subscription stands in Discord: its channel, its role, what is missing; and what a moderator may ask of one."""

import asyncio
from collections.abc import Iterable

import discord

from cogs.locales import gettext, translated
from cogs.locales.speaking import language_code
from cogs.permissions import Channel, mentionable, missing
from cogs.rendering.subscriptions import DELETED_CHANNEL, DELETED_ROLE, EVERYONE, Standing
from cogs.rendering.words import fitted
from cogs.replies import UNREACHED
from store.catalogue import Catalogue, Kind
from store.errors import StoreError
from store.library import Library
from store.models import Subscription, Wanted
from store.sentences import sentence
from store.text.analysis import folded
from store.text.languages import chosen

PATIENCE = 3.0  # seconds that Discord may take to say whether a channel is still there
_NAMELESS = {
    Kind.SPEAKER: sentence("“{name}” is no speaker's name: it has neither a letter nor a digit.").template,
    Kind.TAG: sentence("“{name}” is no tag's name: it has neither a letter nor a digit.").template,
    Kind.CHANNEL: sentence("“{name}” is no channel's name: it has neither a letter nor a digit.").template,
}


async def standing(guild: discord.Guild, subscription: Subscription) -> Standing:
    """Return how a subscription stands; a channel that isn't known is asked for, for it may be an archived thread."""
    assert subscription.channel_id is not None
    known = guild.get_channel_or_thread(subscription.channel_id)
    mention, where = f"<#{subscription.channel_id}>", f"#{known.name}" if known else gettext("a thread")
    if known is None:
        try:
            async with asyncio.timeout(PATIENCE):
                found = await guild.fetch_channel(subscription.channel_id)
            where = f"#{found.name}"
        except discord.NotFound:
            mention = where = translated(DELETED_CHANNEL)
        except UNREACHED:
            pass  # it is there, but hidden, or Discord doesn't say
    lacking = tuple(map(translated, missing(known))) if isinstance(known, Channel) else ()
    role, silent = None, False
    if subscription.wanted.mention is not None:
        wanted = guild.get_role(subscription.wanted.mention)
        role = translated(DELETED_ROLE)
        if wanted is not None:
            role = EVERYONE if wanted.is_default() else wanted.mention
        silent = wanted is not None and isinstance(known, Channel) and not mentionable(known, wanted)
    return Standing(subscription, mention, where, role, lacking, silent)


async def standings(guild: discord.Guild, every: Iterable[Subscription]) -> list[Standing]:
    """Return how subscriptions stand."""
    return list(await asyncio.gather(*(standing(guild, one) for one in every)))


def named_here(guild: discord.Guild, subscription: Subscription) -> Standing:
    """Return how a subscription is called while someone types, without asking Discord."""
    known = guild.get_channel_or_thread(subscription.channel_id or 0)
    where = f"#{known.name}" if known else gettext("another channel")
    return Standing(subscription, f"<#{subscription.channel_id}>", where)


async def what(
    library: Library,
    guild_id: int,
    *,
    speaker: str | None = None,
    tag: str | None = None,
    from_channel: str | None = None,
    language: str | None = None,
    matching: str | None = None,
) -> Wanted:
    """Return what a subscription hears of, as it was typed; names needn't be in the library yet.

    Raises:
        StoreError: a name, the language or the words can't be kept.
    """
    catalogue = await library.catalogue(guild_id)
    return Wanted(
        speaker=_name(catalogue, Kind.SPEAKER, speaker),
        tag=_name(catalogue, Kind.TAG, tag),
        from_channel=_name(catalogue, Kind.CHANNEL, from_channel),
        language=(language_code(language) or chosen(language)) if language and language.strip() else None,
        matching=library.checked_words(matching) if matching and matching.strip() else None,
    )


async def unknown(library: Library, guild_id: int, wanted: Wanted) -> Wanted:
    """Return of what a subscription asks for the names that no transcript of the library has."""
    catalogue = await library.catalogue(guild_id)
    return Wanted(
        speaker=None if wanted.speaker and catalogue.has(Kind.SPEAKER, wanted.speaker) else wanted.speaker,
        tag=None if wanted.tag and catalogue.has(Kind.TAG, wanted.tag) else wanted.tag,
        from_channel=(
            None if wanted.from_channel and catalogue.has(Kind.CHANNEL, wanted.from_channel) else wanted.from_channel
        ),
    )


def check_mention(moderator: discord.Member, channel: Channel, role: discord.Role) -> None:
    """See that a role may be pinged in a channel, by the moderator who asks for it and by the bot.

    Raises:
        StoreError: one of them may not.
    """
    name = EVERYONE if role.is_default() else role.mention
    may = channel.permissions_for(moderator).mention_everyone
    if not may and (role.is_default() or not role.mentionable):
        raise StoreError(
            "You may not mention {role} in {channel}, so I won't for you; choose another role.",
            role=name,
            channel=channel.mention,
        )
    if not mentionable(channel, role) and role.is_default():
        raise StoreError(
            "I may not mention {role} in {channel}; give me **Mention @everyone, @here, and All Roles** there.",
            role=name,
            channel=channel.mention,
        )
    if not mentionable(channel, role):
        raise StoreError(
            "I may not mention {role} in {channel}; give me **Mention @everyone, @here, and All Roles** there, or let "
            "anyone mention the role.",
            role=name,
            channel=channel.mention,
        )


def check_publish(channel: Channel) -> None:
    """See that posts of a channel can be published.

    Raises:
        StoreError: they can't.
    """
    if not isinstance(channel, discord.TextChannel) or not channel.is_news():
        raise StoreError(
            "Only posts in announcement channels can be published, and {channel} is none.", channel=channel.mention
        )


def _name(catalogue: Catalogue, kind: Kind, typed: str | None) -> str | None:
    """Return a name as the library spells it, or else as typed; None for an empty one."""
    name = catalogue.spelled(kind, typed or "")
    if name and not folded(name):
        raise StoreError(_NAMELESS[kind], name=fitted(name, 60))
    return name or None

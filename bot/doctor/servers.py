"""What Discord tells of the commands, of a server, and of the channels of its subscriptions."""

from collections.abc import Iterable, Mapping, Sequence

import discord
from discord import app_commands

from bot.client import EVERYWHERE
from bot.config import Config
from bot.doctor.finding import Finding, ok, warning, wrong
from cogs.permissions import Channel, mentionable, missing
from store.text.wording import many
from store.upkeep.examining import Examined, Posting

ROLES = "In Server Settings → Roles give the bot's role {}."
HISTORY = "Read Message History"


async def commands(client: discord.Client, config: Config, examined: Examined | None) -> list[Finding]:
    """Say whether the commands are registered where they should be, and nowhere else.

    Raises:
        discord.DiscordException: Discord doesn't say.
    """
    tree = app_commands.CommandTree(client)
    scopes = config.guilds or (EVERYWHERE,)
    before = examined.registered.get(client.application_id or 0, frozenset()) if examined else frozenset()
    found = []
    for scope in sorted({*scopes, *before, EVERYWHERE}):
        where = f"in server {scope}" if scope else "everywhere"
        try:
            there = await tree.fetch_commands(guild=discord.Object(scope) if scope else None)
        except discord.Forbidden:
            if scope in scopes:
                said = f"None can be registered {where}: the bot isn't in it."
                found.append(wrong("commands", said, "Invite it there, or take it out of commands.guilds."))
            continue
        if scope in scopes and not there:
            found.append(warning("commands", f"None is registered {where}.", "Start the bot: it registers them."))
        elif scope in scopes:
            found.append(ok("commands", f"Registered {where}: {many(len(there), 'command')}."))
        elif there:
            said = f"Registered {where}, where none is configured: {many(len(there), 'command')}."
            found.append(warning("commands", said, "The next start of the bot clears them."))
    return found


async def server(client: discord.Client, guild_id: int, postings: Sequence[Posting]) -> list[Finding]:
    """Say what the bot may do in a server, and in the channels of its subscriptions.

    Raises:
        discord.DiscordException: Discord doesn't say.
    """
    assert client.user is not None
    guild = await client.fetch_guild(guild_id, with_counts=False)
    me = await guild.fetch_member(client.user.id)
    found = [_rights(guild, me)]
    if postings:
        channels = {channel.id: channel for channel in await guild.fetch_channels()}
        for one in postings:
            found += await _posting(guild, me, channels, one)
    return found


def _rights(guild: discord.Guild, me: discord.Member) -> Finding:
    """Say which of the permissions lack that the invitation asks for; a channel may still give them."""
    have = me.guild_permissions
    needed = {
        "View Channels": have.view_channel,
        "Send Messages": have.send_messages,
        HISTORY: have.read_message_history,
    }
    subject = f"server {guild.name} ({guild.id})"
    if lacking := [name for name, given in needed.items() if not given]:
        names = ", ".join(lacking)
        return warning(subject, f"The bot lacks {names}, but for channels that give it.", ROLES.format(names))
    return ok(subject, "The bot has the permissions that it needs.")


async def _posting(
    guild: discord.Guild,
    me: discord.Member,
    channels: Mapping[int, discord.abc.GuildChannel],
    posting: Posting,
) -> list[Finding]:
    subject = f"subscription {posting.name} ({guild.name})"
    channel: discord.abc.GuildChannel | discord.Thread | None = channels.get(posting.channel_id)
    if channel is None:
        try:
            channel = await guild.fetch_channel(posting.channel_id)  # a thread
        except (discord.NotFound, discord.InvalidData):
            return [wrong(subject, "Its channel is gone.", "Choose another one by `/subscriptions`, or end it there.")]
        except discord.Forbidden:
            return [wrong(subject, "Its channel is hidden from the bot.", _in_channel("it", ["View Channel"]))]
    if not isinstance(channel, Channel):
        return [wrong(subject, f"{channel.name} takes no posts.", "Choose another channel by `/subscriptions`.")]
    parent = channels.get(channel.parent_id) if isinstance(channel, discord.Thread) else channel
    if parent is None:
        return [wrong(subject, f"The channel of the thread {channel.name} is gone.")]
    return list(_channel(channel, parent.permissions_for(me), posting, subject, guild.roles))


def _channel(
    channel: Channel,
    have: discord.Permissions,
    posting: Posting,
    subject: str,
    roles: Iterable[discord.Role],
) -> Iterable[Finding]:
    name = f"#{channel.name}"
    if lacking := [*map(str, missing(channel, have))]:
        said = f"In {name} the bot lacks {', '.join(lacking)}: nothing is announced there."
        yield wrong(subject, said, _in_channel(name, lacking))
    elif not have.read_message_history:
        said = f"In {name} the bot lacks {HISTORY}: after a crash it may announce something twice."
        yield warning(subject, said, _in_channel(name, [HISTORY]))
    elif posting.paused:
        yield ok(subject, f"It is paused; the bot may post in {name}.")
    else:
        yield ok(subject, f"The bot may post in {name}.")
    if posting.mention is not None:
        role = next((role for role in roles if role.id == posting.mention), None)
        if role is None:
            yield warning(subject, "The role that it pings is gone.", "Choose another one by `/subscriptions`.")
        elif not mentionable(channel, role, have):
            todo = _in_channel(name, ["Mention @everyone, @here, and All Roles"])
            yield warning(subject, f"In {name} the bot may not ping {role.name}.", todo)


def _in_channel(name: str, lacking: Iterable[str]) -> str:
    return f"In the settings of {name}, Permissions, give the bot {', '.join(lacking)}."

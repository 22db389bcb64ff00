"""What the bot may do in a channel, in the words of Discord's settings."""

import discord

Channel = discord.TextChannel | discord.ForumChannel | discord.Thread  # announcement channels are text channels


def missing(channel: Channel) -> list[str]:
    """Name the permissions that the bot needs to post in a channel and lacks."""
    have = channel.permissions_for(channel.guild.me)
    needed = {"View Channel": have.view_channel}
    if isinstance(channel, discord.Thread):
        needed["Send Messages in Threads"] = have.send_messages_in_threads
    elif isinstance(channel, discord.ForumChannel):
        needed["Create Posts"] = have.send_messages
    else:
        needed["Send Messages"] = have.send_messages
    return [name for name, given in needed.items() if not given]


def mentionable(channel: Channel, role: discord.Role) -> bool:
    """Whether the bot may ping a role in a channel; @everyone counts as one."""
    have = channel.permissions_for(channel.guild.me)
    return have.mention_everyone or (role.mentionable and not role.is_default())

"""What the bot may do in a channel, in the words of Discord's settings."""

import discord

from cogs.rendering.reasons import CREATE_POSTS, SEND_IN_THREADS, SEND_MESSAGES, VIEW_CHANNEL
from store.sentences import Sentence

Channel = discord.TextChannel | discord.ForumChannel | discord.Thread  # announcement channels are text channels


def missing(channel: Channel, have: discord.Permissions | None = None) -> list[Sentence]:
    """Name the permissions that the bot needs to post in a channel and lacks; it has those it has, or `have`."""
    have = have or channel.permissions_for(channel.guild.me)
    needed = [(VIEW_CHANNEL, have.view_channel)]
    if isinstance(channel, discord.Thread):
        needed.append((SEND_IN_THREADS, have.send_messages_in_threads))
    elif isinstance(channel, discord.ForumChannel):
        needed.append((CREATE_POSTS, have.send_messages))
    else:
        needed.append((SEND_MESSAGES, have.send_messages))
    return [name for name, given in needed if not given]


def mentionable(channel: Channel, role: discord.Role, have: discord.Permissions | None = None) -> bool:
    """Whether the bot may ping a role in a channel with what it has, or `have`; @everyone counts as one."""
    have = have or channel.permissions_for(channel.guild.me)
    return have.mention_everyone or (role.mentionable and not role.is_default())

"""Posts in a forum: a thread each, opened, found again, and changed; Discord knows no nonce for them."""

import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import discord
from discord.ext import commands

from cogs.about import posts_of
from cogs.locales import gettext
from cogs.rendering import announcements
from cogs.replies import UNREACHED
from store.models import Post, Told

SLACK = timedelta(minutes=5)  # by which Discord's clock and ours may differ
SOON = timedelta(hours=1)  # after a post was first tried, within which it was opened
THREADS = 25  # of a forum's newest, that are looked at however old they are
ARCHIVED = 100  # threads that are asked for

_LOG = logging.getLogger(__name__)


class Standing(NamedTuple):
    """Where a post's message stands: in a channel or a thread."""

    place_id: int
    message_id: int


async def opened(
    forum: discord.ForumChannel, post: Post, name: str, view: discord.ui.LayoutView, pinging: discord.AllowedMentions
) -> Standing:
    """Open a post in a forum, with the tags of what it tells of."""
    fitting = tags(forum, post.told[0]) if len(post.told) == 1 else []
    made = await forum.create_thread(name=name, view=view, applied_tags=fitting, allowed_mentions=pinging)
    return Standing(made.thread.id, made.message.id)


def tags(forum: discord.ForumChannel, told: Told) -> list[discord.ForumTag]:
    """Return the tags of a forum that fit a transcript and that the bot may set."""
    may = forum.permissions_for(forum.guild.me).manage_threads
    return announcements.forum_tags(told, forum.available_tags, moderated=may)


async def found(bot: commands.Bot, forum: discord.ForumChannel, post: Post) -> AsyncIterator[Standing]:
    """Yield where in a forum a post stands, among the bot's newest threads and those from when it was first tried."""
    assert bot.user is not None
    active = [thread for thread in await forum.guild.active_threads() if thread.parent_id == forum.id]
    archived = [thread async for thread in forum.archived_threads(limit=ARCHIVED)]
    own = {thread.id: thread for thread in (*active, *archived) if thread.owner_id == bot.user.id}
    newest = sorted(own.values(), key=lambda thread: -thread.id)
    first = datetime.fromtimestamp(post.first_at, UTC)
    for at, thread in enumerate(newest):
        made = discord.utils.snowflake_time(thread.id)
        if at < THREADS or first - SLACK <= made <= first + SOON:
            async for message in thread.history(limit=1, oldest_first=True):
                if post.id in posts_of(message):
                    yield Standing(thread.id, message.id)


async def undouble(bot: commands.Bot, forum: discord.ForumChannel, post: Post, kept: Standing) -> None:
    """Delete doubles of a post that stands; where that fails, it stands twice, which is better than not at all.

    discord.py repeats a request that was answered with a 5xx, though it may have been carried out.
    """
    try:
        async for other in found(bot, forum, post):
            if other.place_id != kept.place_id:
                await _drop(bot, other)
    except UNREACHED as error:
        _LOG.warning("Whether post %s stands twice in its forum isn't known: %s", post.id, error)


async def _drop(bot: commands.Bot, double: Standing) -> None:
    """Delete a doubled post; without the permission for that, only its message."""
    thread = await bot.fetch_channel(double.place_id)
    if isinstance(thread, discord.Thread):
        try:
            await thread.delete(reason=gettext("It was posted twice"))
        except discord.Forbidden:
            await thread.get_partial_message(double.message_id).delete()


async def edit_archived(bot: commands.Bot, post: Post, view: discord.ui.LayoutView) -> None:
    """Edit a message in an archived thread, which is opened for that and archived again."""
    thread = await bot.fetch_channel(post.place_id or 0)
    if isinstance(thread, discord.Thread):
        await thread.edit(archived=False)
        await thread.get_partial_message(post.message_id or 0).edit(view=view)
        await thread.edit(archived=True)


async def rename(bot: commands.Bot, post: Post, named: Callable[[], str]) -> None:
    """Let the bot's own thread in a forum be called as its transcript is now, where that is possible."""
    thread = bot.get_channel(post.place_id or 0)
    if not isinstance(thread, discord.Thread) or bot.user is None or thread.owner_id != bot.user.id:
        return
    if isinstance(thread.parent, discord.ForumChannel) and thread.name != (name := named()):
        try:
            await thread.edit(name=name)
        except discord.DiscordException as error:  # its first message says it all the same
            _LOG.info("Post %s keeps its old name: %s", post.id, error)


async def is_gone(bot: commands.Bot, place_id: int) -> bool:
    """Whether a channel or thread is gone for good, asked once more."""
    try:
        await bot.fetch_channel(place_id)
    except discord.NotFound:
        return True
    return False

"""One post on its way to Discord: sent, looked for, edited or published, and what became of that.

A channel that refuses is tried daily, and a message that is refused waits while others go on. Where nobody knows
whether a message was taken, it is repeated with the same nonce, which Discord drops; later it is looked for first.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import NamedTuple

import aiohttp
import discord
from discord.ext import commands

from cogs.about import posts_of
from cogs.permissions import Channel, mentionable, missing
from cogs.rendering import announcements
from store.errors import StoreError
from store.models import Digest, Post, Step
from store.outbox.notifying import Notifications

PATIENCE = 75.0  # seconds that Discord may take for a message, waiting for its limits included
SLACK = 300.0  # seconds by which Discord's clock and ours may differ
LOOKED_AT = 100  # of a channel's newest messages, however old
MOST_LOOKED_AT = 1000  # of those since the post was first tried
THREADS = 25  # of a forum's newest, that are looked at
SLOW = 0.9  # seconds; discord.py repeats a request after a second at the earliest
LIMIT_SECONDS = 600.0  # to wait where Discord limits without saying for how long

FORBIDDEN, NOT_FOUND, TOO_MANY, SERVER_ERROR = 403, 404, 429, 500
ARCHIVED, DMS_TOO_FAST, CROSSPOSTED, UNKNOWN_MESSAGE = 50083, 40003, 40033, 10008  # codes of Discord's errors
# 50083 an archived thread, 160005 a locked one, 160006 too many active threads, 40067 a forum that demands a tag
OF_THE_CHANNEL = {
    ARCHIVED: "The thread is archived and locked",
    160005: "The thread is locked",
    160006: "The server has as many active threads as Discord allows",
    40067: "The forum demands a tag, and has none that fits; give it one of the transcripts' tags",
}
GONE = "The channel is gone; choose another one"
LEFT = "The member isn't in this server any more"
REFUSES_DMS = "You take no direct messages from this server's members"
UNREACHABLE = "Discord could not be reached, or is having trouble"
DELETED = "Its message was deleted"

_LOG = logging.getLogger(__name__)

Place = discord.abc.Messageable | discord.ForumChannel


class Stands(NamedTuple):
    """Where a post's message stands: in a channel or a thread."""

    place_id: int
    message_id: int


class Posting:
    """Carries posts out."""

    def __init__(self, bot: commands.Bot, notifications: Notifications) -> None:
        self._bot = bot
        self._notifications = notifications
        self.troubled = False  # whether something failed that somebody may have to be told of
        self.unmarked: dict[int, tuple[Post, Stands]] = {}  # sent, but not yet marked so: the disk is full

    async def carry_out(self, post: Post) -> bool:
        """Do what is to be done with a post, and note what became of it; False where Discord itself is in trouble.

        Raises:
            DatabaseError: that can't be noted; a post that was sent is kept in `unmarked` meanwhile.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self._step(post)
        except discord.RateLimited as error:
            await self._notifications.put_off(post, error.retry_after)
        except discord.HTTPException as error:
            return await self._failed(post, error)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _LOG.warning("Post %s: %r", post.id, error)
            await self._unreached(post)
            return False
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - one post's bug must not end the others
            _LOG.exception("Post %s could not be made", post.id)
            await self._rejected(post, "Something went wrong that shouldn't have; the operator finds it in the log")
        return True

    async def mark(self) -> None:
        """Mark what was sent but could not be marked.

        Raises:
            DatabaseError: it still can't.
        """
        for post, stands in list(self.unmarked.values()):
            await self._sent(post, stands)

    async def _step(self, post: Post) -> None:
        if post.step is Step.EDIT:
            await self._edit(post)
        elif post.step is Step.PUBLISH:
            await self._message(post).publish()
            await self._notifications.published(post)
        elif (place := await self._place(post)) is not None:
            found = await self._find(post, place) if post.step is Step.LOOK else None
            if found is not None:
                await self._sent(post, found)
            elif post.step is Step.LOOK:
                await self._notifications.missing(post)
            else:
                await self._sent(post, await self._send(post, place))

    async def _place(self, post: Post) -> Place | None:
        """Return where a post goes; a member who has left the server isn't told of it any more."""
        subscription = post.subscription
        if subscription.member_id is not None:
            guild = self._bot.get_guild(subscription.guild_id)
            try:
                if guild is not None:
                    await guild.fetch_member(subscription.member_id)
            except discord.NotFound:
                guild = None
            if guild is None:
                await self._refused(post, LEFT)
                return None
            return await self._bot.create_dm(discord.Object(subscription.member_id))
        channel = self._bot.get_channel(subscription.target)
        if isinstance(channel, discord.ForumChannel):
            return channel
        return self._bot.get_partial_messageable(subscription.target, guild_id=subscription.guild_id)

    async def _send(self, post: Post, place: Place) -> Stands:
        view, pinging = self._view(post), self._pinging(post)
        if isinstance(place, discord.ForumChannel):
            return await self._open(post, place, view, pinging)
        message = await place.send(view=view, nonce=post.id, allowed_mentions=pinging)
        return Stands(message.channel.id, message.id)

    async def _open(
        self, post: Post, forum: discord.ForumChannel, view: discord.ui.LayoutView, pinging: discord.AllowedMentions
    ) -> Stands:
        """Open a post in a forum, where Discord knows no nonce.

        discord.py repeats a request that was answered with a 5xx though it may have been carried out, so after a slow
        one the forum's posts are looked through, and a double is deleted.
        """
        began = time.monotonic()
        may = forum.permissions_for(forum.guild.me).manage_threads
        tags = announcements.forum_tags(post.told[0], forum.available_tags, moderated=may) if _is_alone(post) else []
        name = _title(post)
        opened = await forum.create_thread(name=name, view=view, applied_tags=tags, allowed_mentions=pinging)
        if time.monotonic() - began > SLOW:
            async for other in self._threads(forum, post):
                if other.place_id != opened.thread.id:
                    await self._drop(other)
        return Stands(opened.thread.id, opened.message.id)

    async def _find(self, post: Post, place: Place) -> Stands | None:
        """Look for the message of a post among the newest of its place; where the bot may not, it can't be found."""
        try:
            if isinstance(place, discord.ForumChannel):
                return await anext(self._threads(place, post), None)
            since, seen = datetime.fromtimestamp(post.first_at - SLACK, UTC), 0
            async for message in place.history(limit=MOST_LOOKED_AT):
                seen += 1
                if seen > LOOKED_AT and message.created_at < since:
                    break
                if message.author == self._bot.user and post.id in posts_of(message):
                    return Stands(message.channel.id, message.id)
        except discord.Forbidden:
            if self._may_read(post):  # then something else is wrong, and may be over tomorrow
                raise
            _LOG.warning("Post %s can't be looked for: no permission to read its channel's history", post.id)
        return None

    def _may_read(self, post: Post) -> bool:
        """Whether the channel of a post lets the bot read its history, as far as is known."""
        channel = self._bot.get_channel(post.subscription.target)
        if not isinstance(channel, Channel):
            return False
        have = channel.permissions_for(channel.guild.me)
        return have.view_channel and have.read_message_history

    async def _threads(self, forum: discord.ForumChannel, post: Post) -> AsyncIterator[Stands]:
        """Yield where in a forum a post stands, among the newest of the bot's threads."""
        assert self._bot.user is not None
        active = [thread for thread in await forum.guild.active_threads() if thread.parent_id == forum.id]
        archived = [thread async for thread in forum.archived_threads(limit=THREADS)]
        own = {thread.id: thread for thread in (*active, *archived) if thread.owner_id == self._bot.user.id}
        for thread in sorted(own.values(), key=lambda thread: -thread.id)[:THREADS]:
            async for message in thread.history(limit=1, oldest_first=True):
                if post.id in posts_of(message):
                    yield Stands(thread.id, message.id)

    async def _drop(self, double: Stands) -> None:
        """Delete a doubled post of a forum; without the permission for that, only its message."""
        thread = await self._bot.fetch_channel(double.place_id)
        if isinstance(thread, discord.Thread):
            try:
                await thread.delete(reason="It was posted twice")
            except discord.Forbidden:
                await thread.get_partial_message(double.message_id).delete()

    async def _edit(self, post: Post) -> None:
        """Let a message show what its transcripts are now; nobody is pinged anew."""
        message, view = self._message(post), self._view(post)
        try:
            await message.edit(view=view)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await self._archive(post, archived=False)
            await message.edit(view=view)
        if post.subscription.channel_id not in {post.place_id, None}:  # a thread of a forum
            await self._rename(post)
        await self._notifications.edited(post)

    async def _rename(self, post: Post) -> None:
        """Let a forum's post be called as its transcript is now, where the bot may."""
        thread = self._bot.get_channel(post.place_id or 0)
        if isinstance(thread, discord.Thread) and thread.name != (name := _title(post)):
            try:
                await thread.edit(name=name)
            except (discord.HTTPException, discord.RateLimited) as error:  # its first message says it all the same
                _LOG.info("Post %s keeps its old name: %s", post.id, error)

    async def _archive(self, post: Post, *, archived: bool) -> None:
        channel = await self._bot.fetch_channel(post.place_id or 0)
        if isinstance(channel, discord.Thread):
            await channel.edit(archived=archived)

    async def _sent(self, post: Post, stands: Stands) -> None:
        self.unmarked[post.id] = post, stands
        channel = self._bot.get_channel(stands.place_id)
        publish = post.subscription.wanted.publish and isinstance(channel, discord.TextChannel) and channel.is_news()
        await self._notifications.sent(post, place_id=stands.place_id, message_id=stands.message_id, publish=publish)
        del self.unmarked[post.id]

    async def _failed(self, post: Post, error: discord.HTTPException) -> bool:
        """Note what Discord answered in place of doing it; False where that is its own trouble."""
        _LOG.warning("Post %s: %s", post.id, error)
        if error.status >= SERVER_ERROR:
            await self._unreached(post)
            return False
        if error.status == TOO_MANY or error.code == DMS_TOO_FAST:
            await self._notifications.put_off(post, LIMIT_SECONDS)
        elif post.message_id is not None:
            await self._not_changed(post, error)
        elif error.status in {FORBIDDEN, NOT_FOUND} or error.code in OF_THE_CHANNEL:
            await self._refused(post, self._reason(post, error))
        else:
            await self._rejected(post, f"Discord refuses the message: {error.text}" if error.text else str(error))
        return True

    async def _not_changed(self, post: Post, error: discord.HTTPException) -> None:
        """Note that a message that stands could not be edited or published."""
        if error.code == CROSSPOSTED:
            await self._notifications.published(post)
        elif error.code == UNKNOWN_MESSAGE:
            await self._notifications.lost(post, DELETED)
        else:
            await self._notifications.postponed(post, self._reason(post, error))

    async def _unreached(self, post: Post) -> None:
        if post.message_id is not None:
            await self._notifications.postponed(post, UNREACHABLE)
            return
        seconds = await self._notifications.unknown(post, UNREACHABLE)
        self.troubled = True
        _LOG.warning("Post %s waits for %.0f s: %s", post.id, seconds, UNREACHABLE)

    async def _refused(self, post: Post, error: str) -> None:
        await self._notifications.refused(post, error)
        self.troubled = True

    async def _rejected(self, post: Post, error: str) -> None:
        if post.message_id is not None:
            await self._notifications.postponed(post, error)
        else:
            await self._notifications.rejected(post, error)

    def _reason(self, post: Post, error: discord.HTTPException) -> str:
        """Say why a place refuses a post, and what helps."""
        if error.code in OF_THE_CHANNEL:
            return OF_THE_CHANNEL[error.code]
        if post.subscription.member_id is not None:
            return REFUSES_DMS
        if error.status == NOT_FOUND:
            return GONE
        channel = self._bot.get_channel(post.subscription.target)
        needed = missing(channel) if isinstance(channel, Channel) else []
        return f"I may not post there; give me {' and '.join(needed or ['View Channel and Send Messages'])}"

    def _message(self, post: Post) -> discord.PartialMessage:
        assert post.place_id is not None
        assert post.message_id is not None
        place = self._bot.get_partial_messageable(post.place_id, guild_id=post.subscription.guild_id)
        return place.get_partial_message(post.message_id)

    def _view(self, post: Post) -> discord.ui.LayoutView:
        subscription = post.subscription
        role = self._role(post)
        everyone = role is not None and role.is_default()
        guild = subscription.guild_id if subscription.member_id is not None else None
        id_ = role.id if role is not None and not everyone else None
        words = subscription.wanted.matching
        if _is_alone(post):
            (new,) = post.told
            return announcements.one(new, post=post.id, role=id_, everyone=everyone, matching=words, guild=guild)
        return announcements.together(
            post.told,
            post=post.id,
            heading=_heading(post),
            role=id_,
            everyone=everyone,
            matching=words,
            guild=guild,
        )

    def _role(self, post: Post) -> discord.Role | None:
        """Return the role that a post pings, if it is still there and may be pinged."""
        guild = self._bot.get_guild(post.subscription.guild_id)
        channel = self._bot.get_channel(post.subscription.target)
        wanted = post.subscription.wanted.mention
        if guild is None or wanted is None or not isinstance(channel, Channel):
            return None
        role = guild.get_role(wanted)
        return role if role is not None and mentionable(channel, role) else None

    def _pinging(self, post: Post) -> discord.AllowedMentions:
        role = self._role(post)
        if role is None:
            return discord.AllowedMentions.none()
        if role.is_default():
            return discord.AllowedMentions(everyone=True, users=False, roles=False, replied_user=False)
        return discord.AllowedMentions(everyone=False, users=False, roles=[role], replied_user=False)


def _is_alone(post: Post) -> bool:
    return len(post.told) == 1


def _heading(post: Post) -> str:
    """Return the heading of a post of many transcripts, or of a digest."""
    count = f"{len(post.told)} new transcripts"
    match post.subscription.wanted.digest:
        case Digest.DAILY:
            return f"{count} of the last day"
        case Digest.WEEKLY:
            return f"{count} of the last week"
    return count


def _title(post: Post) -> str:
    if _is_alone(post):
        return announcements.post_title(post.told[0])
    return announcements.post_title_together(post.told, heading=_heading(post))

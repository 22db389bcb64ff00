"""One post on its way to Discord: sent, looked for, edited or published, and what became of that.

It is in the server's language as it is then, a direct message in that of the server it is from; nothing that is kept of
a post, and nothing by which it is known again, depends on a language. A channel that refuses is tried daily, and a
message that is refused waits while others go on. Where nobody knows whether a message was taken, it is repeated with
the same nonce, which Discord drops; later it is looked for first.
"""

import asyncio
import enum
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import discord
from discord.ext import commands

from cogs import forums
from cogs.about import posts_of
from cogs.forums import SLACK, Standing
from cogs.locales import speaking
from cogs.locales.servers import language_of
from cogs.permissions import Channel, missing
from cogs.places import AwayError, LeftError, Place, Places, pinging
from cogs.rendering import announcements, reasons
from cogs.replies import UNREACHED
from store.errors import StoreError
from store.models import Post, Step
from store.outbox.notifying import Notifications
from store.sentences import Sentence, sentence

PATIENCE = 75.0  # seconds that Discord may take for a message, waiting for its limits included
SLOW = 0.9  # seconds; discord.py repeats a request after a second at the earliest, so one may have been carried out
LOOKED_AT = 100  # of a channel's newest messages
MOST_LOOKED_AT = 1000  # of those since the post was first tried
LIMIT_SECONDS = 600.0  # to wait where Discord limits without saying for how long, or a server isn't there

FORBIDDEN, NOT_FOUND, TOO_MANY, SERVER_ERROR = 403, 404, 429, 500
ARCHIVED, DMS_TOO_FAST, CROSSPOSTED = 50083, 40003, 40033  # codes of Discord's errors
UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
# 50083 an archived thread, 160005 a locked one, 160006 too many active threads, 40067 a forum that demands a tag
OF_THE_CHANNEL = {
    ARCHIVED: reasons.ARCHIVED,
    160005: reasons.LOCKED,
    160006: reasons.TOO_MANY_THREADS,
    40067: reasons.TAG_DEMANDED,
}

_LOG = logging.getLogger(__name__)


class Went(enum.Enum):
    """How Discord is, by what became of a step."""

    WELL = enum.auto()
    UNTOLD = enum.auto()  # it refused, or was only asked
    BADLY = enum.auto()


class UnclearError(Exception):
    """A message was on its way when something unexpected happened, so it may have been taken."""


class Posting:
    """Carries posts out."""

    def __init__(self, bot: commands.Bot, notifications: Notifications) -> None:
        self._bot = bot
        self._places = Places(bot)
        self._notifications = notifications
        self.troubled = False  # whether something failed that somebody may have to be told of
        self._unmarked: dict[int, tuple[Post, Standing]] = {}  # sent, but not marked so: the disk is full

    async def is_forum(self, target: int) -> bool:
        """Whether a channel is a forum."""
        return await self._places.is_forum(target)

    async def carry_out(self, post: Post) -> Went:
        """Do what is to be done with a post, and note what became of it.

        Raises:
            DatabaseError: that can't be noted; a post that was sent is marked later by `mark`.
        """
        began = time.monotonic()
        try:
            with speaking(language_of(self._bot.get_guild(post.subscription.guild_id), post.language).code):
                async with asyncio.timeout(PATIENCE):
                    return await self._step(post)
        except discord.DiscordException as error:
            if time.monotonic() - began > SLOW:
                post = replace(post, uncertain=True)
            return await self._failed(post, error)
        except (aiohttp.ClientError, TimeoutError, OSError, UnclearError) as error:
            _LOG.warning("Post %s: %r", post.id, error.__cause__ or error)
            await self._unreached(post)
            return Went.BADLY
        except LeftError:
            await self._refused(post, reasons.LEFT)
        except AwayError:
            await self._notifications.put_off(post, LIMIT_SECONDS)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - one post's bug must not end the others
            _LOG.exception("Post %s could not be made", post.id)
            await self._rejected(post, reasons.BUG)
        return Went.UNTOLD

    async def mark(self) -> None:
        """Mark what was sent but could not be marked.

        Raises:
            DatabaseError: it still can't.
        """
        for post, standing in list(self._unmarked.values()):
            await self._sent(post, standing)

    async def _step(self, post: Post) -> Went:
        match post.step:
            case Step.EDIT:
                return await self._edit(post)
            case Step.PUBLISH:
                if not await self._places.is_news(post.place_id or 0):
                    await self._notifications.published(post, error=reasons.NO_NEWS)
                    return Went.UNTOLD
                await self._message(post).publish()
                await self._notifications.published(post)
            case Step.LOOK:
                if (standing := await self._find(post, await self._places.of(post.subscription))) is None:
                    await self._notifications.missing(post)
                else:
                    await self._sent(post, standing)
                return Went.UNTOLD
            case Step.SEND:
                await self._sent(post, await self._send(post, await self._places.of(post.subscription)))
        return Went.WELL

    async def _send(self, post: Post, place: Place) -> Standing:
        """Send a message.

        Raises:
            UnclearError: something unexpected happened on the way, such as an answer that can't be read.
        """
        role = await self._places.pinged(post.subscription)
        view, name, began = self._view(post, role), _title(post), time.monotonic()
        try:
            if isinstance(place, discord.ForumChannel):
                standing = await forums.opened(place, post, name, view, pinging(role))
            else:
                message = await place.send(view=view, nonce=post.id, allowed_mentions=pinging(role))
                standing = Standing(message.channel.id, message.id)
        except UNREACHED:
            raise
        except Exception as error:
            raise UnclearError from error
        if isinstance(place, discord.ForumChannel) and time.monotonic() - began > SLOW:
            await forums.undouble(self._bot, place, post, standing)
        return standing

    async def _find(self, post: Post, place: Place) -> Standing | None:
        """Look for the message of a post: among the newest, and among those since it was first tried.

        Where the bot may not read what was written, it can't be found.
        """
        try:
            if isinstance(place, discord.ForumChannel):
                return await anext(forums.found(self._bot, place, post), None)
            seen = 0
            async for message in place.history(limit=LOOKED_AT):
                seen += 1
                if self._is(message, post):
                    return Standing(message.channel.id, message.id)
            if seen == LOOKED_AT:
                since = datetime.fromtimestamp(post.first_at, UTC) - SLACK
                async for message in place.history(limit=MOST_LOOKED_AT, after=since, oldest_first=True):
                    if self._is(message, post):
                        return Standing(message.channel.id, message.id)
        except discord.Forbidden:
            if self._places.may_read(post.subscription):  # then something else is wrong, and may be over tomorrow
                raise
            _LOG.warning("Post %s can't be looked for: no permission to read its channel's history", post.id)
        return None

    def _is(self, message: discord.Message, post: Post) -> bool:
        return message.author == self._bot.user and post.id in posts_of(message)

    async def _edit(self, post: Post) -> Went:
        """Let a message show what its transcripts are now; nobody is pinged anew.

        A direct message to who has left stays as it was, but for what was removed.
        """
        subscription = post.subscription
        shows = any(told.entry is not None for told in post.told)
        member = subscription.member_id
        if member is not None and shows and not await self._places.is_member(subscription.guild_id, member):
            await self._notifications.lost(post, reasons.LEFT)
            return Went.UNTOLD
        view = self._view(post, await self._places.pinged(subscription) if subscription.wanted.mention else None)
        try:
            await self._message(post).edit(view=view)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await forums.edit_archived(self._bot, post, view)
        await forums.rename(self._bot, post, lambda: _title(post))
        await self._notifications.edited(post)
        return Went.WELL

    async def _sent(self, post: Post, standing: Standing) -> None:
        place_id, message_id = standing
        try:
            await self._notifications.sent(
                post, place_id=place_id, message_id=message_id, publish=post.subscription.wanted.publish
            )
        except BaseException:
            self._unmarked[post.id] = post, standing
            raise
        self._unmarked.pop(post.id, None)

    async def _failed(self, post: Post, error: discord.DiscordException) -> Went:
        """Note what Discord answered in place of doing it."""
        _LOG.warning("Post %s: %s", post.id, error)
        if isinstance(error, discord.RateLimited):
            await self._notifications.put_off(post, error.retry_after)
            return Went.UNTOLD
        if not isinstance(error, discord.HTTPException) or error.status >= SERVER_ERROR:
            await self._unreached(post)
            return Went.BADLY
        if error.status == TOO_MANY or error.code == DMS_TOO_FAST:
            await self._notifications.put_off(post, LIMIT_SECONDS)
        elif post.message_id is not None:
            await self._not_changed(post, error)
        elif error.status in {FORBIDDEN, NOT_FOUND} or error.code in OF_THE_CHANNEL:
            await self._refused(post, self._reason(post, error))
        else:
            await self._rejected(post, sentence(reasons.REFUSED, error=error.text or str(error)))
        return Went.UNTOLD

    async def _not_changed(self, post: Post, error: discord.HTTPException) -> None:
        """Note that a message that stands could not be edited or published."""
        if error.code == CROSSPOSTED:
            await self._notifications.published(post)
        elif error.code == UNKNOWN_MESSAGE or (
            error.code == UNKNOWN_CHANNEL and await forums.is_gone(self._bot, post.place_id or 0)
        ):
            await self._notifications.lost(post, reasons.DELETED)
        else:
            await self._notifications.postponed(post, self._reason(post, error))

    async def _unreached(self, post: Post) -> None:
        if post.message_id is not None:
            await self._notifications.postponed(post, reasons.UNREACHABLE)
            return
        seconds = await self._notifications.unknown(post, reasons.UNREACHABLE)
        self.troubled = True
        _LOG.warning("Post %s waits for %.0f s: %s", post.id, seconds, reasons.UNREACHABLE)

    async def _refused(self, post: Post, error: Sentence) -> None:
        await self._notifications.refused(post, error)
        self.troubled = True

    async def _rejected(self, post: Post, error: Sentence) -> None:
        if post.message_id is not None:
            await self._notifications.postponed(post, error)
        else:
            await self._notifications.rejected(post, error)

    def _reason(self, post: Post, error: discord.HTTPException) -> Sentence:
        """Say why a place refuses a post, and what helps."""
        if error.code in OF_THE_CHANNEL:
            return OF_THE_CHANNEL[error.code]
        if post.subscription.member_id is not None:
            return reasons.REFUSES_DMS
        if error.status == NOT_FOUND:
            return reasons.GONE
        channel = self._bot.get_channel(post.subscription.target)
        needed = missing(channel) if isinstance(channel, Channel) else []
        return reasons.lacking(needed or [reasons.VIEW_CHANNEL, reasons.SEND_MESSAGES])

    def _message(self, post: Post) -> discord.PartialMessage:
        assert post.place_id is not None
        assert post.message_id is not None
        place = self._bot.get_partial_messageable(post.place_id, guild_id=post.subscription.guild_id)
        return place.get_partial_message(post.message_id)

    def _view(self, post: Post, role: discord.Role | None) -> discord.ui.LayoutView:
        subscription = post.subscription
        everyone = role is not None and role.is_default()
        id_ = role.id if role is not None and not everyone else None
        guild = subscription.guild_id if subscription.member_id is not None else None
        server = self._bot.get_guild(subscription.guild_id) if guild is not None else None
        words, name = subscription.wanted.matching, server.name if server else None
        if len(post.told) == 1:
            (new,) = post.told
            return announcements.one(
                new, post=post.id, role=id_, everyone=everyone, matching=words, guild=guild, server=name
            )
        return announcements.together(
            post.told,
            post=post.id,
            heading=_heading(post),
            role=id_,
            everyone=everyone,
            matching=words,
            guild=guild,
            server=name,
        )


def _heading(post: Post) -> str:
    return announcements.heading_of_many(len(post.told), post.subscription.wanted.digest)


def _title(post: Post) -> str:
    if len(post.told) == 1:
        return announcements.post_title(post.told[0])
    return announcements.post_title_together(post.told, heading=_heading(post))

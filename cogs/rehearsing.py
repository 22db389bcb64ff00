"""What a subscription would have sent for the newest transcript: shown to the moderator who tests it alone."""

from collections.abc import AsyncIterator

import discord

from cogs import forums
from cogs.locales import translated
from cogs.rendering import announcements, rehearsals
from cogs.rendering.subscriptions import EVERYONE
from cogs.rendering.words import plain
from cogs.standing import standing
from store.library import Library
from store.models import Subscription, Told


async def rehearsed(
    library: Library, guild: discord.Guild, subscription: Subscription
) -> AsyncIterator[discord.ui.LayoutView]:
    """Yield what is said of a test, and the post that would have been sent, if one would."""
    newest = (await library.page(guild.id, offset=0, limit=1)).entries
    if not newest:
        yield plain(translated(rehearsals.EMPTY))
        return
    why = await library.notifications.why_not(subscription, newest[0])
    recent = await library.notifications.recent(subscription, 1)
    stands, wanted = await standing(guild, subscription), subscription.wanted
    heading = announcements.heading_of_digest(wanted.digest) if wanted.digest is not None else None
    forum = _as_post(guild.get_channel(subscription.channel_id or 0), recent, heading)
    yield rehearsals.rehearsal(stands, newest[0], why, other=bool(recent), forum=forum)
    role, everyone = stands.pinged, stands.role == EVERYONE and not stands.silent
    if recent and heading is not None:
        yield announcements.together(
            recent, post=0, heading=heading, role=role, everyone=everyone, matching=wanted.matching
        )
    elif recent:
        yield announcements.one(recent[0], post=0, role=role, everyone=everyone, matching=wanted.matching)


def _as_post(channel: object, told: list[Told], heading: str | None) -> str:
    """Say how the post would be called and tagged, if it would be one of a forum."""
    if not isinstance(channel, discord.ForumChannel) or not told:
        return ""
    if heading is not None:
        return rehearsals.as_post(announcements.post_title_together(told, heading=heading), ())
    fitting = forums.tags(channel, told[0])
    return rehearsals.as_post(announcements.post_title(told[0]), [tag.name for tag in fitting])

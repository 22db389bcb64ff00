"""Podcasts' feeds that a server follows, what a look at one brought, and that one fails."""

import discord

from cogs.locales import translated
from cogs.rendering.words import MAX_LABEL, MAX_TEXT, contained, fitted, plain, shortened, title
from store.feeds.bringing import Looked
from store.models import Followed, Outcome
from store.sentences import Sentence
from store.text.wording import many

MAX_LISTED = 8  # of what a look brought
_FOOT = 100  # characters kept for the heading


def followed(found: Looked) -> discord.ui.LayoutView:
    """Return what following a feed came to."""
    lines = [
        f"**{fitted(found.feed.title, 150)}** is followed: new episodes with a transcript are ingested and announced.",
        *_brought(found),
    ]
    return plain("\n".join(lines))


def looked(found: Looked) -> discord.ui.LayoutView:
    """Return what a look at a feed brought."""
    nothing = "There is nothing new."
    return plain("\n".join([f"**{fitted(found.feed.title, 150)}**", *(_brought(found) or [nothing])]))


def _brought(found: Looked) -> list[str]:
    lines = []
    for done in found.ingested[:MAX_LISTED]:
        what = {Outcome.NEW: "new", Outcome.REPLACED: "replaced"}.get(done.outcome, "unchanged")
        lines.append(f"- {what}: {title(done.entry.details, 100)}")
    if len(found.ingested) > MAX_LISTED:
        lines.append(f"- and {len(found.ingested) - MAX_LISTED} more")
    others = [
        *(("skipped", *one) for one in found.left),
        *(("kept, but can't be read again", *one) for one in found.unread),
        *(("not ingested", *one) for one in found.failed),
    ]
    lines += [
        f"- {what}: {fitted(name, 80)}: {fitted(translated(why), 150)}" for what, name, why in others[:MAX_LISTED]
    ]
    if len(others) > MAX_LISTED:
        lines.append(f"- and {len(others) - MAX_LISTED} more that were not ingested")
    return lines


def unfollowed(feed: Followed) -> discord.ui.LayoutView:
    """Return that a feed is followed no longer."""
    return plain(f"**{fitted(feed.title, 150)}** is followed no longer; its transcripts stay.")


def listed(found: tuple[Followed, ...]) -> discord.ui.LayoutView:
    """Return the feeds that a server follows, and how they are."""
    if not found:
        return plain("No podcast is followed yet; `/follow add` takes the address of a feed that brings transcripts.")
    lines: list[str] = []
    room = MAX_TEXT - _FOOT
    for feed in found:
        seen = f"looked at <t:{int(feed.checked_at)}:R>" if feed.checked_at else "not looked at yet"
        state = f"failing: {_why(feed.last_error)}; tried again <t:{int(feed.next_at)}:R>"
        removed = f" · {feed.removed:,} removed since" if feed.removed else ""
        line = f"- **{fitted(feed.title, 100)}** · {many(feed.episodes, 'episode')} ingested{removed} · {seen}"
        if feed.failures:
            line += f"\n  -# {state}"
        elif feed.unread:
            why = _why(feed.error)
            line += f"\n  -# {many(feed.unread, 'episode')} can't be read: {why}; tried again <t:{int(feed.next_at)}:R>"
        room -= len(line) + 1
        if room < 0:
            lines.append(f"- and {len(found) - len(lines):,} more")
            break
        lines.append(line)
    return contained(discord.ui.TextDisplay("### Podcasts that are followed"), discord.ui.TextDisplay("\n".join(lines)))


def failing(feed: Followed, error: str) -> discord.ui.LayoutView:
    """Return that a feed goes on failing; it is kept."""
    return plain(
        f"The podcast **{fitted(feed.title, 150)}** can't be read: {fitted(error, 300)} It is tried again later and "
        "later; `/follow remove` ends that."
    )


def named(feed: Followed) -> str:
    """Write a feed as a choice, where Discord reads no markdown."""
    return shortened(feed.title, MAX_LABEL)


def _why(error: Sentence | None) -> str:
    return fitted(translated(error).rstrip("."), 150) if error is not None else ""

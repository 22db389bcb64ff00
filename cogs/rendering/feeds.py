"""Podcasts' feeds that a server follows, what a look at one brought, and that one fails."""

import discord

from cogs.locales import gettext, ngettext, translated
from cogs.rendering.words import MAX_LABEL, MAX_TEXT, contained, fitted, plain, shortened, title
from store.errors import StoreError
from store.feeds.bringing import Looked
from store.models import Followed, Outcome
from store.sentences import Sentence

MAX_LISTED = 8  # of what a look brought
_FOOT = 100  # characters kept for the heading


def followed(found: Looked) -> discord.ui.LayoutView:
    """Return what following a feed came to."""
    lines = [
        gettext(
            "**{title}** is followed: new episodes with a transcript are ingested and announced.",
            title=fitted(found.feed.title, 150),
        ),
        *_brought(found),
    ]
    return plain("\n".join(lines))


def looked(found: Looked) -> discord.ui.LayoutView:
    """Return what a look at a feed brought."""
    nothing = gettext("There is nothing new.")
    return plain("\n".join([f"**{fitted(found.feed.title, 150)}**", *(_brought(found) or [nothing])]))


def _brought(found: Looked) -> list[str]:
    lines = []
    for done in found.ingested[:MAX_LISTED]:
        name = title(done.entry.details, 100)
        match done.outcome:
            case Outcome.NEW:
                lines.append(gettext("- new: {title}", title=name))
            case Outcome.REPLACED:
                lines.append(gettext("- replaced: {title}", title=name))
            case _:
                lines.append(gettext("- unchanged: {title}", title=name))
    if (left := len(found.ingested) - MAX_LISTED) > 0:
        lines.append(ngettext("- and {n} more", "- and {n} more", left))
    others = [
        *(gettext("- skipped: {title}: {why}", **_said(*one)) for one in found.left),
        *(gettext("- kept, but can't be read again: {title}: {why}", **_said(*one)) for one in found.unread),
        *(gettext("- not ingested: {title}: {why}", **_said(*one)) for one in found.failed),
    ]
    lines += others[:MAX_LISTED]
    if (left := len(others) - MAX_LISTED) > 0:
        lines.append(ngettext("- and {n} more that were not ingested", "- and {n} more that were not ingested", left))
    return lines


def _said(name: str, why: Sentence) -> dict[str, str]:
    return {"title": fitted(name, 80), "why": fitted(translated(why), 150)}


def unfollowed(feed: Followed) -> discord.ui.LayoutView:
    """Return that a feed is followed no longer."""
    name = fitted(feed.title, 150)
    return plain(gettext("**{title}** is followed no longer; its transcripts stay.", title=name))


def listed(found: tuple[Followed, ...]) -> discord.ui.LayoutView:
    """Return the feeds that a server follows, and how they are."""
    if not found:
        return plain(
            gettext("No podcast is followed yet; `/follow add` takes the address of a feed that brings transcripts.")
        )
    lines: list[str] = []
    room = MAX_TEXT - _FOOT
    for feed in found:
        line = _line(feed)
        room -= len(line) + 1
        if room < 0:
            lines.append(ngettext("- and {n} more", "- and {n} more", len(found) - len(lines)))
            break
        lines.append(line)
    heading = gettext("### Podcasts that are followed")
    return contained(discord.ui.TextDisplay(heading), discord.ui.TextDisplay("\n".join(lines)))


def _line(feed: Followed) -> str:
    """Say how a feed is."""
    if feed.checked_at:
        seen = gettext("looked at {when}", when=f"<t:{int(feed.checked_at)}:R>")
    else:
        seen = gettext("not looked at yet")
    about = [
        f"**{fitted(feed.title, 100)}**",
        ngettext("{n} episode ingested", "{n} episodes ingested", feed.episodes),
        *([ngettext("{n} removed since", "{n} removed since", feed.removed)] if feed.removed else []),
        seen,
    ]
    line = f"- {' · '.join(about)}"
    again = f"<t:{int(feed.next_at)}:R>"
    if feed.failures:
        state = gettext("-# failing: {why}; tried again {when}", why=_why(feed.last_error), when=again)
        return f"{line}\n  {state}"
    if feed.unread:
        state = ngettext(
            "-# {n} episode can't be read: {why}; tried again {when}",
            "-# {n} episodes can't be read: {why}; tried again {when}",
            feed.unread,
            why=_why(feed.error),
            when=again,
        )
        return f"{line}\n  {state}"
    return line


def _why(error: Sentence | None) -> str:
    return fitted(translated(error).rstrip(".。"), 150) if error is not None else ""


def failing(feed: Followed, error: StoreError) -> discord.ui.LayoutView:
    """Return that a feed goes on failing; it is kept."""
    return plain(
        gettext(
            "The podcast **{title}** can't be read: {why} It is tried again later and later; `/follow remove` ends "
            "that.",
            title=fitted(feed.title, 150),
            why=fitted(translated(error), 300),
        )
    )


def named(feed: Followed) -> str:
    """Write a feed as a choice, where Discord reads no markdown."""
    return shortened(feed.title, MAX_LABEL)

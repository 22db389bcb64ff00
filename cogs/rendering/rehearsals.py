"""What a subscription would have sent for the newest transcript, before it is shown, or why nothing."""

from collections.abc import Sequence

import discord

from cogs.locales import gettext, translated
from cogs.locales.speaking import listing, run_on
from cogs.rendering.subscriptions import MAX_WHY, Standing
from cogs.rendering.words import code, fitted, isolated, plain, shortened
from store.models import Digest, Entry
from store.sentences import Sentence, sentence

MAX_TITLE = 150
MAX_TAG = 40
EMPTY = sentence("The library is empty, so there is nothing to test with yet; `/ingest` adds a transcript.")


def rehearsal(
    standing: Standing, newest: Entry, reason: Sentence | None, *, other: bool, forum: str = ""
) -> discord.ui.LayoutView:
    """Say what would have been sent for the newest transcript, or why nothing; `other` tells that another follows.

    Of a `forum` it is said how its post is called and tagged.
    """
    title = f"**{fitted(newest.details.title, MAX_TITLE)}**"
    if reason is None:
        return plain(_would(standing, title, forum))
    refused = gettext(
        "The newest transcript, {title}, would not have been announced: {reason}.",
        title=title,
        reason=fitted(translated(reason), MAX_WHY),
    )
    if not other:
        return plain(run_on(refused, gettext("Nor would any of those before it that I looked at.")))
    return plain(f"{refused}\n{_would(standing, None, forum)}")


def as_post(title: str, tags: Sequence[str]) -> str:
    """Say how a forum's post is called and tagged."""
    named, called = [code(isolated(shortened(tag, MAX_TAG))) for tag in tags], fitted(title, MAX_TITLE)
    if not named:
        return gettext("as a post called “{title}”, without a tag", title=called)
    return gettext("as a post called “{title}”, tagged {tags}", title=called, tags=listing(named))


def _would(standing: Standing, title: str | None, forum: str) -> str:
    """Say what would have been sent: for the newest transcript, or for the newest that would have been announced."""
    place = standing.place
    match standing.subscription.wanted.digest:
        case Digest.DAILY if title is not None:
            said = gettext(
                "In {place}, the newest transcript, {title}, would come together with others in the daily digest",
                place=place,
                title=title,
            )
        case Digest.DAILY:
            said = gettext(
                "In {place}, the newest that would have been would come together with others in the daily digest",
                place=place,
            )
        case Digest.WEEKLY if title is not None:
            said = gettext(
                "In {place}, the newest transcript, {title}, would come together with others in the weekly digest",
                place=place,
                title=title,
            )
        case Digest.WEEKLY:
            said = gettext(
                "In {place}, the newest that would have been would come together with others in the weekly digest",
                place=place,
            )
        case None if title is not None:
            said = gettext(
                "This would have been sent in {place} for the newest transcript, {title}", place=place, title=title
            )
        case None:
            said = gettext("This would have been sent in {place} for the newest that would have been", place=place)
    if forum:
        said = gettext("{sent}, {forum}", sent=said, forum=forum)
    if standing.subscription.wanted.digest is not None:
        return gettext("{sent}, such as this:", sent=said)
    return gettext("{sent}:", sent=said)

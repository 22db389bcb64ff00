"""What a subscription would have sent for the newest transcript, before it is shown, or why nothing."""

from collections.abc import Sequence

import discord

from cogs.rendering.subscriptions import MAX_WHY, Standing
from cogs.rendering.words import code, fitted, isolated, plain, shortened
from store.models import Entry
from store.text.wording import listing

MAX_TITLE = 150
MAX_TAG = 40
EMPTY = "The library is empty, so there is nothing to test with yet; `/ingest` adds a transcript."


def rehearsal(
    standing: Standing, newest: Entry, reason: str | None, *, other: bool, forum: str = ""
) -> discord.ui.LayoutView:
    """Say what would have been sent for the newest transcript, or why nothing; `other` tells that another follows.

    Of a `forum` it is said how its post is called and tagged.
    """
    title = f"**{fitted(newest.details.title, MAX_TITLE)}**"
    where, digest = standing.place, standing.subscription.wanted.digest
    if reason is None:
        said, which = "", f"the newest transcript, {title}"
    else:
        said = f"The newest transcript, {title}, would not have been announced: {fitted(reason, MAX_WHY)}."
        if not other:
            return plain(f"{said} Nor would any of those before it that I looked at.")
        said, which = f"{said}\n", "the newest that would have been"
    if digest is None:
        sent = f"This would have been sent in {where} for {which}"
    else:
        sent = (
            f"In {where}, {which}{',' if reason is None else ''} would come together with others in the {digest} digest"
        )
    return plain(f"{said}{sent}{f', {forum}' if forum else ''}{'' if digest is None else ', such as this'}:")


def as_post(title: str, tags: Sequence[str]) -> str:
    """Say how a forum's post is called and tagged."""
    named = [code(isolated(shortened(tag, MAX_TAG))) for tag in tags]
    return f"as a post called “{fitted(title, MAX_TITLE)}”, {f'tagged {listing(named)}' if named else 'without a tag'}"

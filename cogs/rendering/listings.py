"""The library page by page."""

from collections.abc import Sequence

import discord

from cogs.locales import translated
from cogs.rendering.answers import EMPTY
from cogs.rendering.words import Row, byline, contained, duration, fitted, plain, title_link
from store.models import Entry, Order, Page
from store.text.languages import named
from store.text.wording import many

PAGE_SIZE = 8
_ORDERS = {
    Order.INGESTED: "the newest first",
    Order.PUBLISHED: "the last published first",
    Order.TITLE: "by title",
    Order.LENGTH: "the longest first",
}


def library(
    page: Page,
    buttons: Row | None,
    *,
    order: Order = Order.INGESTED,
    search: str = "",
    narrowed: Sequence[str] = (),
) -> discord.ui.LayoutView:
    """Return one page of the library in an order, with the buttons that turn it.

    `search` is what its transcripts say of themselves, `narrowed` by what else it is.
    """
    if not page.total and page.every:
        return plain(_nothing(page, search, narrowed))
    narrowed = (*([f"“{search}”"] if search else []), *narrowed)
    if not page.total:
        return plain(translated(EMPTY))
    lines = [_line(number, entry) for number, entry in enumerate(page.entries, start=page.offset + 1)]
    pages = -(-page.total // PAGE_SIZE)
    which = f" ({'; '.join(fitted(one, 100) for one in narrowed)})" if narrowed else ""
    at = page.offset // PAGE_SIZE + 1
    footer = f"-# {many(page.total, 'transcript')}{which}, {_ORDERS[order]} · page {at} of {pages}"
    if page.unindexed:
        every = max(page.every, page.total)
        done = every - page.unindexed
        footer += f"\n-# Being indexed anew after an update: {done:,} of {every:,} can be asked so far"
    if page.vectors is not None:
        made, passages = page.vectors
        footer += f"\n-# Similar in meaning: {made:,} of {many(passages, 'passage')}"
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [
        discord.ui.TextDisplay("### Library"),
        discord.ui.TextDisplay("\n".join(lines)),
        discord.ui.TextDisplay(footer),
    ]
    if buttons is not None:
        items.append(buttons)
    return contained(*items)


def _nothing(page: Page, search: str, narrowed: Sequence[str]) -> str:
    """Say that nothing of a library is what was asked for."""
    filters = "; ".join(fitted(one, 100) for one in narrowed)
    wanted = f"title, speaker, channel, tag or link says “{fitted(search, 100)}”"
    if search and not narrowed:
        return f"No transcript's {wanted}."
    if search:
        return f"Of the transcripts here ({filters}) no {wanted}; leave something out."
    return f"None of the {many(page.every, 'transcript')} here is {filters}; leave something out."


def _line(number: int, entry: Entry) -> str:
    language = [named(entry.spoken.code)] if entry.spoken.code else []
    length = [duration(entry.duration_ms)] if entry.details.timed else []
    said = " · ".join([*length, *byline(entry.details), *language]) or many(entry.words, "word")
    return f"{number}. {title_link(entry.details)}\n-# {said}"

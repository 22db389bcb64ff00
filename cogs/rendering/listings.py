"""The library page by page."""

from collections.abc import Sequence

import discord

from cogs.locales import gettext, ngettext, translated
from cogs.locales.speaking import clauses, language_named, number, quoted
from cogs.rendering.answers import EMPTY
from cogs.rendering.words import Row, byline, contained, duration, fitted, plain, title_link
from store.models import Entry, Order, Page
from store.sentences import sentence

PAGE_SIZE = 8
_ORDERS = {
    Order.INGESTED: sentence("the newest first"),
    Order.PUBLISHED: sentence("the last published first"),
    Order.TITLE: sentence("by title"),
    Order.LENGTH: sentence("the longest first"),
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
    if not page.total:
        return plain(translated(EMPTY))
    lines = [_line(place, entry) for place, entry in enumerate(page.entries, start=page.offset + 1)]
    footer = [_footer(page, order, (*([quoted(search)] if search else []), *narrowed))]
    if page.unindexed:
        every = max(page.every, page.total)
        done = number(every - page.unindexed)
        footer.append(
            gettext(
                "-# Being indexed anew after an update: {done} of {every} can be asked so far",
                done=done,
                every=number(every),
            )
        )
    if page.vectors is not None:
        made, passages = page.vectors
        footer.append(
            ngettext(
                "-# Similar in meaning: {made} of {n} passage",
                "-# Similar in meaning: {made} of {n} passages",
                passages,
                made=number(made),
            )
        )
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [
        discord.ui.TextDisplay(gettext("### Library")),
        discord.ui.TextDisplay("\n".join(lines)),
        discord.ui.TextDisplay("\n".join(footer)),
    ]
    if buttons is not None:
        items.append(buttons)
    return contained(*items)


def _footer(page: Page, order: Order, narrowed: Sequence[str]) -> str:
    """Say how many transcripts there are, of which kind, in which order, and which page of them this is."""
    at = {"page": page.offset // PAGE_SIZE + 1, "pages": -(-page.total // PAGE_SIZE)}
    said: dict[str, object] = {"order": translated(_ORDERS[order]), **at}
    if not narrowed:
        return ngettext(
            "-# {n} transcript, {order} · page {page} of {pages}",
            "-# {n} transcripts, {order} · page {page} of {pages}",
            page.total,
            **said,
        )
    return ngettext(
        "-# {n} transcript ({filters}), {order} · page {page} of {pages}",
        "-# {n} transcripts ({filters}), {order} · page {page} of {pages}",
        page.total,
        filters=_listed(narrowed),
        **said,
    )


def _nothing(page: Page, search: str, narrowed: Sequence[str]) -> str:
    """Say that nothing of a library is what was asked for."""
    if search and not narrowed:
        return gettext(
            "No transcript's title, speaker, channel, tag or link says “{search}”.", search=fitted(search, 100)
        )
    if search:
        return gettext(
            "Of the transcripts here ({filters}) no title, speaker, channel, tag or link says “{search}”; "
            "leave something out.",
            filters=_listed(narrowed),
            search=fitted(search, 100),
        )
    return ngettext(
        "None of the {n} transcript here is {filters}; leave something out.",
        "None of the {n} transcripts here is {filters}; leave something out.",
        page.every,
        filters=_listed(narrowed),
    )


def _listed(narrowed: Sequence[str]) -> str:
    return clauses([fitted(one, 100) for one in narrowed])


def _line(place: int, entry: Entry) -> str:
    language = [language_named(entry.spoken.code)] if entry.spoken.code else []
    length = [duration(entry.duration_ms)] if entry.details.timed else []
    said = " · ".join([*length, *byline(entry.details), *language]) or _words(entry)
    return f"{place}. {title_link(entry.details)}\n-# {said}"


def _words(entry: Entry) -> str:
    return ngettext("{n} word", "{n} words", entry.words)

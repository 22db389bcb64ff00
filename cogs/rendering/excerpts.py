"""An `Excerpt` as a message: what was said before, the quote as a block in bold, what was said after."""

import discord

from cogs.rendering.words import Item, Row, byline, contained, escaped, fitted, isolated, moment_button, title
from store.links import moment
from store.models import Excerpt
from store.text.wording import clock

ROOM = 3200  # characters of a message kept for the words; the rest is for title, byline and notes

CHANGED = "This transcript was replaced since it was quoted; this is what it says there now."
WHOLE = "-# This is the whole transcript."
FULL = "-# One message can't show more; the video can."


def size(text: str) -> int:
    """Return how many characters a cue's text takes in a message, at most."""
    return len(isolated(escaped(text)))


def excerpt(found: Excerpt, wider: Item | None) -> discord.ui.LayoutView:
    """Return the message for an excerpt, with the button that opens a wider one."""
    details = found.entry.details
    span = [f"{clock(found.start_ms)} – {clock(max(found.start_ms, found.end_ms))}"] if details.timed else []
    if span and not (details.url and moment(details.url, found.quote_ms)):
        span[0] += f", the quote at {clock(found.quote_ms)}"
    chapter = [f"*{fitted(name, 60)}*"] if (name := details.chapter(found.quote_ms)) else []
    about = [*span, *chapter, *byline(details)]
    heading = [f"### {title(details)}", *([f"-# {' · '.join(about)}"] if about else [])]
    quote = f"> **{fitted(words, ROOM)}**" if (words := found.quote.strip()) else "-# Nothing was said here."
    said = [isolated(escaped(found.before.strip())), quote, isolated(escaped(found.after.strip()))]
    texts = ["\n".join(heading), CHANGED if found.changed else "", *said, _end(found)]
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay(text) for text in texts if text]
    row = Row()
    for button in _links(found):
        row.add_item(button)
    if wider is not None:
        row.add_item(wider)
    if row.children:
        items.append(row)
    return contained(*items)


def _links(found: Excerpt) -> list[discord.ui.Button[discord.ui.LayoutView]]:
    """Return the buttons that open the video: at the quote, and where the excerpt begins."""
    details = found.entry.details
    opening = [moment_button(details, found.quote_ms)]
    if found.start_ms != found.quote_ms and details.url and moment(details.url, found.start_ms):
        opening.append(moment_button(details, found.start_ms, lead="▶ From"))
    return [button for button in opening if button is not None]


def _end(found: Excerpt) -> str:
    if found.whole:
        return WHOLE
    return FULL if found.wider is None else ""

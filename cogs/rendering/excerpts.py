"""An `Excerpt` as a message: what was said before, the quote as a block in bold, what was said after."""

import discord

from cogs.locales import gettext, translated
from cogs.rendering import corrections
from cogs.rendering.words import Item, Row, byline, contained, escaped, fitted, isolated, moment_button, title
from store.links import moment
from store.models import Excerpt
from store.sentences import sentence
from store.text.wording import clock

ROOM = 3200  # characters of a message kept for the words; the rest is for title, byline and notes

CHANGED = sentence("This transcript was replaced since it was quoted; this is what it says there now.")
WHOLE = sentence("-# This is the whole transcript.")
FULL = sentence("-# One message can't show more; the video can.")


def size(text: str) -> int:
    """Return how many characters a cue's text takes in a message, at most."""
    return len(isolated(escaped(text)))


def excerpt(found: Excerpt, wider: Item | None, report: Item | None = None) -> discord.ui.LayoutView:
    """Return the message for an excerpt, with the buttons that open a wider one and report what is wrong in it."""
    details = found.entry.details
    chapter = [f"*{fitted(name, 60)}*"] if (name := details.chapter(found.quote_ms)) else []
    about = [*([_span(found)] if details.timed else []), *chapter, *byline(details)]
    heading = [f"### {title(details)}", *([f"-# {' · '.join(about)}"] if about else [])]
    words = found.quote.strip()
    quote = f"> **{fitted(words, ROOM)}**" if words else gettext("-# Nothing was said here.")
    said = [isolated(escaped(found.before.strip())), quote, isolated(escaped(found.after.strip()))]
    note = f"-# {line}" if (line := corrections.really(found.correct)) else ""
    texts = ["\n".join(heading), translated(CHANGED) if found.changed else "", *said, note, _end(found)]
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay(text) for text in texts if text]
    row = Row()
    for button in _links(found):
        row.add_item(button)
    for more in filter(None, (wider, report)):
        row.add_item(more)
    if row.children:
        items.append(row)
    return contained(*items)


def _links(found: Excerpt) -> list[discord.ui.Button[discord.ui.LayoutView]]:
    """Return the buttons that open the video: at the quote, and where the excerpt begins."""
    details = found.entry.details
    opening = [moment_button(details, found.quote_ms)]
    if found.start_ms != found.quote_ms and details.url and moment(details.url, found.start_ms):
        opening.append(moment_button(details, found.start_ms, begins=True))
    return [button for button in opening if button is not None]


def _span(found: Excerpt) -> str:
    """Say from when to when an excerpt is, and where the quote in it has no link to its second, when that is."""
    start, end = clock(found.start_ms), clock(max(found.start_ms, found.end_ms))
    if found.entry.details.url and moment(found.entry.details.url, found.quote_ms):
        return f"{start} – {end}"
    return gettext("{start} – {end}, the quote at {time}", start=start, end=end, time=clock(found.quote_ms))


def _end(found: Excerpt) -> str:
    if found.whole:
        return translated(WHOLE)
    return translated(FULL) if found.wider is None else ""

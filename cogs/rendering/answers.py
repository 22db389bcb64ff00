"""An `Answer` as a message: each quote verbatim with the question's words in bold, and a button to its second."""

from collections.abc import Sequence

import discord

from cogs.rendering.words import MAX_TEXT, Row, byline, contained, fitted, marked, moment_button, plain, title
from store.links import moment
from store.models import Answer, Quote
from store.wording import clock

MAX_QUESTION = 200
MAX_NOT_FOUND = 10
MAX_FILTER = 100
_SLACK = 150  # characters: line marks, and Discord's own way of counting

EMPTY = (
    "This server's library is still empty. A moderator can add a transcript with `/ingest`; "
    "then I can answer with the exact words that were said."
)


def answer(found: Answer, rows: Sequence[Row] = (), *, asked_by: int | None = None) -> discord.ui.LayoutView:
    """Return the message for an answer, also for an empty one, with rows of buttons; `asked_by` names a member."""
    if not found.library_size:
        return plain(EMPTY)
    if not found.quotes and found.page:
        return plain("Nothing more was found.", rows)
    if not found.quotes:
        where = f"No transcript here {_narrowed(found)}" if found.filters else "No transcript here"
        return plain(
            f"{where} contains {_listed(found.not_found) or 'these words'}. "
            "Try a word that may have been said, or see `/library` for what there is.",
            rows,
        )
    heading = f"### {fitted(found.question, MAX_QUESTION)}"
    if found.not_found:
        heading += f"\nNobody said {_listed(found.not_found)}; these are the closest passages."
    footer = _footer(found, asked_by)
    abouts = [_about(quote) for quote in found.quotes]
    room = MAX_TEXT - _SLACK - len(heading) - len(footer) - sum(map(len, abouts))
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay(heading)]
    for number, (quote, about) in enumerate(zip(found.quotes, abouts, strict=True)):
        if number:
            items.append(discord.ui.Separator())
        words = _words(quote, room // (len(found.quotes) - number))
        room -= len(words)
        items.append(_quote(quote, f"> {words}\n-# {about}"))
    items += [discord.ui.Separator(visible=False), discord.ui.TextDisplay(footer), *rows]
    return contained(*items)


def _about(quote: Quote) -> str:
    url = quote.details.url
    time = [] if url and moment(url, quote.start_ms) else [f"**{clock(quote.start_ms)}**"]
    return " · ".join([*time, title(quote.details, 100), *byline(quote.details)])


def _quote(quote: Quote, text: str) -> discord.ui.Item[discord.ui.LayoutView]:
    display = discord.ui.TextDisplay[discord.ui.LayoutView](text)
    button = moment_button(quote.details, quote.start_ms)
    return discord.ui.Section(display, accessory=button) if button else display


def _words(quote: Quote, room: int) -> str:
    """Return the quote's words; where they don't fit into `room` characters, those around the first match."""
    start, end = 0, len(quote.text)
    first = quote.highlights[0][0] if quote.highlights else 0
    while len(shown := _marked(quote, start, end)) > room and end - start > 1:
        cut = max(1, (end - start) // 10)
        if first - start > (end - start) // 2:
            start += cut
        else:
            end -= cut
    return shown


def _marked(quote: Quote, start: int, end: int) -> str:
    spans = [(max(a, start) - start, min(b, end) - start) for a, b in quote.highlights if a < end and b > start]
    before = "… " if start or quote.cut_before else ""
    after = " …" if end < len(quote.text) or quote.cut_after else ""
    return f"{before}{marked(quote.text[start:end], spans)}{after}"


def _footer(found: Answer, asked_by: int | None) -> str:
    transcripts = len({quote.transcript_id for quote in found.quotes})
    shown = f"{len(found.quotes)} of {found.passages:,} matching passages"
    where = f"from {transcripts} transcripts" if transcripts > 1 else "from one transcript"
    only = f" · {_narrowed(found)}" if found.filters else ""
    page = f"page {found.page + 1} · " if found.page else ""
    by = f"\n-# asked by <@{asked_by}>" if asked_by is not None else ""
    return f"-# {page}{shown}, {where}{only}{by}"


def _narrowed(found: Answer) -> str:
    return f"({'; '.join(fitted(said, MAX_FILTER) for said in found.filters)})"


def _listed(words: tuple[str, ...]) -> str:
    """Write `“one”, “two” or “three”`."""
    quoted = [f"“{fitted(word, 30)}”" for word in words[:MAX_NOT_FOUND]]
    if len(words) > MAX_NOT_FOUND:
        quoted.append(f"{len(words) - MAX_NOT_FOUND} more")
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)

"""An `Answer` as a message: each quote verbatim with the question's words in bold, and a button to its second."""

from collections.abc import Sequence

import discord

from cogs.rendering.words import (
    MAX_TEXT,
    Row,
    byline,
    contained,
    fitted,
    isolated,
    marked,
    moment_button,
    plain,
    title,
)
from store.links import moment
from store.models import Answer, Mentions, Quote
from store.text.wording import clock, many

MAX_QUESTION = 200
MAX_NOT_FOUND = 10
MAX_UNSAID = 3
MAX_APPROXIMATIONS = 5
MAX_SPELLINGS = 3  # of each approximation
MAX_WORD = 30
MAX_PHRASE = 60
MAX_FILTER = 100
_SLACK = 150  # characters: line marks, and Discord's own way of counting

EMPTY = (
    "This server's library is still empty. A moderator can add a transcript with `/ingest`; "
    "then I can answer with the exact words that were said."
)


def answer(found: Answer, rows: Sequence[Row] = (), *, asked_by: int | None = None) -> discord.ui.LayoutView:
    """Return the message for an answer, also for an empty one, with rows of buttons; `asked_by` names a member."""
    if not found.library_size and not found.unindexed:
        return plain(EMPTY)
    if not found.quotes:
        return plain("\n".join([_nothing(found), *unindexed(found)]), rows)
    heading = _heading(found)
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


def _nothing(found: Answer) -> str:
    """Say why there are no quotes, and what can be done."""
    if found.page:
        return "Nothing more was found."
    where = f" {narrowed(found.filters)}" if found.filters else ""
    return (
        f"No transcript here{where} contains {_listed(found.not_found) or 'these words'}. "
        "Try a word that may have been said, or see `/library` for what there is."
    )


def _heading(found: Answer) -> str:
    """Return the question, what of it nobody said, and what its words were heard as."""
    lines = [f"### {fitted(found.question, MAX_QUESTION)}"]
    if missing := _missing(found):
        lines.append(f"Nobody said {missing}; these are the closest passages.")
    heard = []
    for approximation in found.approximations[:MAX_APPROXIMATIONS]:
        said = [f"“{fitted(spelling, MAX_WORD)}”" for spelling in approximation.said[:MAX_SPELLINGS]]
        heard.append(f"*{fitted(approximation.typed, MAX_WORD)} ≈ {', '.join(said)}*")
    if heard:
        lines.append(f"-# {' · '.join(heard)}")
    return "\n".join([*lines, *unindexed(found)])


def unindexed(found: Answer | Mentions) -> list[str]:
    """Say how much of the library can't be asked yet, after an update that reads words in another way."""
    if not found.unindexed:
        return []
    total = many(found.library_size + found.unindexed, "transcript")
    return [f"-# {found.unindexed:,} of {total} are still being indexed anew; ask again later for all of them."]


def _missing(found: Answer) -> str:
    """Return what nobody said: words, and phrases that are not these words; empty if there is neither.

    A phrase is known to be unsaid only in what the filters leave.
    """
    words = {word.casefold() for word in found.not_found}
    phrases = tuple(phrase for phrase in found.unsaid if phrase.casefold() not in words)
    exactly = f"exactly {_listed(phrases, most=MAX_UNSAID, longest=MAX_PHRASE)}" if phrases else ""
    if exactly and found.filters:
        exactly += " in these transcripts"
    return ", nor ".join(part for part in (_listed(found.not_found), exactly) if part)


def _about(quote: Quote) -> str:
    url = quote.details.url
    time = [] if url and moment(url, quote.start_ms) else [f"**{clock(quote.start_ms)}**"]
    also = [f"also in {many(quote.also_in, 'other')}"] if quote.also_in else []
    return " · ".join([*time, title(quote.details, 100), *byline(quote.details), *also])


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
    return f"{before}{isolated(marked(quote.text[start:end], spans))}{after}"


def _footer(found: Answer, asked_by: int | None) -> str:
    transcripts = len({quote.transcript_id for quote in found.quotes})
    shown = f"{len(found.quotes)} of {found.passages:,} matching passages"
    where = f"from {transcripts} transcripts" if transcripts > 1 else "from one transcript"
    only = f" · {narrowed(found.filters)}" if found.filters else ""
    page = f"page {found.page + 1} · " if found.page else ""
    by = f"\n-# asked by <@{asked_by}>" if asked_by is not None else ""
    return f"-# {page}{shown}, {where}{only}{by}"


def narrowed(filters: Sequence[str]) -> str:
    """Write filters in words as a remark."""
    return f"({'; '.join(fitted(said, MAX_FILTER) for said in filters)})"


def _listed(words: Sequence[str], *, most: int = MAX_NOT_FOUND, longest: int = MAX_WORD) -> str:
    """Write `“one”, “two” or “three”`."""
    quoted = [f"“{fitted(word, longest)}”" for word in words[:most]]
    if len(words) > most:
        quoted.append(f"{len(words) - most} more")
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)

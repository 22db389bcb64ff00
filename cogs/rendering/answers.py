"""An `Answer` as a message that fits a screen: quotes under their transcript's title, each with a link to its second.

The best quote stands whole unless it is very long, the others are shortened to the cues that match most; the button
beside each opens it whole, with what was said around it.
"""

from collections.abc import Sequence
from itertools import groupby

import discord

from cogs.locales import translated
from cogs.rendering.quotes import MAX_WORD, approximated, told
from cogs.rendering.words import (
    MAX_LINK,
    MAX_TEXT,
    Item,
    Row,
    byline,
    contained,
    fitted,
    moment_button,
    moment_link,
    plain,
    title_link,
)
from store.links import nearest
from store.models import Answer, Mentions, Quote
from store.sentences import Sentence
from store.text.wording import BY_WORDS, many

MAX_QUESTION = 200
MAX_NOT_FOUND = 10
MAX_UNSAID = 3
MAX_PHRASE = 60
MAX_FILTER = 100
MAX_CHAPTER = 60
SIMILAR = "\n> -# similar in meaning"
_SLACK = 150  # characters: line marks, and Discord's own way of counting

EMPTY = (
    "This server's library is still empty. A moderator can add a transcript with `/ingest`; "
    "then I can answer with the exact words that were said."
)


def answer(
    found: Answer, rows: Sequence[Row] = (), *, around: Sequence[Item] = (), asked_by: int | None = None
) -> discord.ui.LayoutView:
    """Return the message for an answer, also for an empty one, with rows of buttons; `asked_by` names a member.

    `around` are the buttons beside the quotes, in their order.
    """
    if not found.library_size and not found.unindexed:
        return plain(EMPTY)
    if not found.quotes:
        return plain("\n".join([_nothing(found), *unindexed(found), *_by_words(found)]), rows)
    heading = _heading(found)
    footer = _footer(found, asked_by)
    order = _grouped(found.quotes)
    leads = [_lead(found.quotes[at], first=first) for at, first in order]
    notes = len(SIMILAR) * sum(quote.similar for quote in found.quotes)
    room = MAX_TEXT - _SLACK - len(heading) - len(footer) - sum(map(len, leads)) - notes
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay(heading)]
    for number, ((at, first), lead) in enumerate(zip(order, leads, strict=True)):
        if number and first:
            items.append(discord.ui.Separator())
        quote = found.quotes[at]
        words = told(quote, room // (len(order) - number), whole=False)
        room -= len(words)
        items.append(_section(f"{lead} {words}{SIMILAR if quote.similar else ''}", around[at] if around else None))
    items += [discord.ui.TextDisplay(footer), *_addresses(found.quotes), *rows]
    return contained(*items)


def _addresses(quotes: Sequence[Quote]) -> list[Row]:
    """Return a row of buttons for the quotes whose addresses are too long for the text."""
    row = Row()
    for quote in quotes:
        start_ms, _ = quote.shown_ms
        if len(nearest(quote.details.url, start_ms) or "") > MAX_LINK:
            button = moment_button(quote.details, start_ms)
            assert button is not None
            row.add_item(button)
    return [row] if row.children else []


def _grouped(quotes: Sequence[Quote]) -> list[tuple[int, bool]]:
    """Return the numbers of quotes, those of one transcript together, and whether each is the first of its own."""
    first = {quote.transcript_id: at for at, quote in reversed(list(enumerate(quotes)))}
    order = sorted(range(len(quotes)), key=lambda at: (first[quotes[at].transcript_id], at))
    groups = groupby(order, key=lambda at: quotes[at].transcript_id)
    return [(at, not number) for _, group in groups for number, at in enumerate(group)]


def _lead(quote: Quote, *, first: bool) -> str:
    """Return what stands before a quote's words: of the first of its transcript what that is, then its time."""
    details = quote.details
    start_ms, _ = quote.shown_ms
    chapter = details.chapter(start_ms)
    about = [
        *([moment_link(details, start_ms)] if details.timed else []),
        *([f"*{fitted(chapter, MAX_CHAPTER)}*"] if chapter else []),
        *([f"also in {many(quote.also_in, 'other')}"] if quote.also_in else []),
    ]
    named = f"{_named(quote)}\n" if first else ""
    return f"{named}> {' · '.join(about)}".rstrip()


def _named(quote: Quote) -> str:
    """Write a transcript's title, with its link, and what is known of it."""
    return " · ".join([title_link(quote.details), *byline(quote.details)])


def _section(text: str, around: Item | None) -> discord.ui.Item[discord.ui.LayoutView]:
    display = discord.ui.TextDisplay[discord.ui.LayoutView](text)
    return discord.ui.Section(display, accessory=around) if around is not None else display  # type: ignore[arg-type]  # dynamic: of any view


def _nothing(found: Answer) -> str:
    """Say why there are no quotes, and what can be done."""
    if found.page:
        return "Nothing more was found."
    if found.within is not None:
        said = _listed(found.not_found) or "these words"
        return f"Nobody says {said} in “{fitted(found.within, MAX_FILTER)}”. Try a word that may have been said in it."
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
    lines += approximated(found.approximations)
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


def _footer(found: Answer, asked_by: int | None) -> str:
    transcripts = len({quote.transcript_id for quote in found.quotes})
    shown = _counted(found)
    where = f", from {transcripts} transcripts" if transcripts > 1 else ", from one transcript"
    where += f" · {narrowed(found.filters)}" if found.filters else ""
    page = f"page {found.page + 1} · " if found.page else ""
    by = f"\n-# asked by <@{asked_by}>" if asked_by is not None else ""
    said = f"-# {page}{shown}{where if found.within is None else ' in this transcript'}"
    return "\n".join([said, *_by_words(found)]) + by


def _counted(found: Answer) -> str:
    """Say how many quotes there are of what matches, and of what is alike in meaning."""
    similar = sum(quote.similar for quote in found.quotes)
    if similar == len(found.quotes):
        return f"{many(similar, 'passage')} similar in meaning"
    matching = f"{len(found.quotes) - similar} of {found.passages:,} matching passages"
    return f"{matching} and {similar} similar in meaning" if similar else matching


def _by_words(found: Answer) -> list[str]:
    """Say that what is alike in meaning was to be looked for, and can't."""
    return [f"-# {BY_WORDS}"] if found.by_words else []


def narrowed(filters: Sequence[Sentence]) -> str:
    """Write filters in words as a remark."""
    return f"({'; '.join(fitted(translated(said), MAX_FILTER) for said in filters)})"


def _listed(words: Sequence[str], *, most: int = MAX_NOT_FOUND, longest: int = MAX_WORD) -> str:
    """Write `“one”, “two” or “three”`."""
    quoted = [f"“{fitted(word, longest)}”" for word in words[:most]]
    if len(words) > most:
        quoted.append(f"{len(words) - most} more")
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)

"""An `Answer` as a message that fits a screen: quotes under their transcript's title, each with a link to its second.

The best quote stands whole unless it is very long, the others are shortened to the cues that match most; the button
beside each opens it whole, with what was said around it.
"""

from collections.abc import Sequence
from itertools import groupby

import discord

from cogs.locales import gettext, ngettext, translated
from cogs.locales.speaking import alternatives, clauses, number, quoted
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
from store.sentences import Sentence, sentence
from store.text.wording import BY_WORDS

MAX_QUESTION = 200
MAX_NOT_FOUND = 10
MAX_UNSAID = 3
MAX_PHRASE = 60
MAX_FILTER = 100
MAX_CHAPTER = 60
SIMILAR = sentence("similar in meaning")
_SLACK = 150  # characters: line marks, and Discord's own way of counting

EMPTY = sentence(
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
        return plain(translated(EMPTY))
    if not found.quotes:
        return plain("\n".join([_nothing(found), *unindexed(found), *_by_words(found)]), rows)
    heading = _heading(found)
    footer = _footer(found, asked_by)
    order = _grouped(found.quotes)
    leads = [_lead(found.quotes[at], first=first) for at, first in order]
    similar = f"\n> -# {translated(SIMILAR)}"
    notes = len(similar) * sum(quote.similar for quote in found.quotes)
    room = MAX_TEXT - _SLACK - len(heading) - len(footer) - sum(map(len, leads)) - notes
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay(heading)]
    for place, ((at, first), lead) in enumerate(zip(order, leads, strict=True)):
        if place and first:
            items.append(discord.ui.Separator())
        quote = found.quotes[at]
        words = told(quote, room // (len(order) - place), whole=False)
        room -= len(words)
        items.append(_section(f"{lead} {words}{similar if quote.similar else ''}", around[at] if around else None))
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
        *([ngettext("also in {n} other", "also in {n} others", quote.also_in)] if quote.also_in else []),
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
        return gettext("Nothing more was found.")
    words = _listed(found.not_found) or gettext("these words")
    if found.within is not None:
        return gettext(
            "Nobody says {words} in “{title}”. Try a word that may have been said in it.",
            words=words,
            title=fitted(found.within, MAX_FILTER),
        )
    if found.filters:
        return gettext(
            "No transcript here {filters} contains {words}. Try a word that may have been said, or see `/library` for "
            "what there is.",
            filters=narrowed(found.filters),
            words=words,
        )
    return gettext(
        "No transcript here contains {words}. Try a word that may have been said, or see `/library` for what there is.",
        words=words,
    )


def _heading(found: Answer) -> str:
    """Return the question, what of it nobody said, and what its words were heard as."""
    lines = [f"### {fitted(found.question, MAX_QUESTION)}"]
    if missing := _missing(found):
        lines.append(missing)
    lines += approximated(found.approximations)
    return "\n".join([*lines, *unindexed(found)])


def unindexed(found: Answer | Mentions) -> list[str]:
    """Say how much of the library can't be asked yet, after an update that reads words in another way."""
    if not found.unindexed:
        return []
    return [
        ngettext(
            "-# {unindexed} of {n} transcript are still being indexed anew; ask again later for all of them.",
            "-# {unindexed} of {n} transcripts are still being indexed anew; ask again later for all of them.",
            found.library_size + found.unindexed,
            unindexed=number(found.unindexed),
        )
    ]


def _missing(found: Answer) -> str:
    """Say what nobody said: words, and phrases that are not these words; nothing if there is neither.

    A phrase is known to be unsaid only in what the filters leave.
    """
    folded = {word.casefold() for word in found.not_found}
    words = _listed(found.not_found)
    unsaid = tuple(phrase for phrase in found.unsaid if phrase.casefold() not in folded)
    phrases = _listed(unsaid, most=MAX_UNSAID, longest=MAX_PHRASE)
    match bool(words), bool(phrases), bool(found.filters):
        case True, False, _:
            return gettext("Nobody said {words}; these are the closest passages.", words=words)
        case False, True, False:
            return gettext("Nobody said exactly {phrases}; these are the closest passages.", phrases=phrases)
        case False, True, True:
            return gettext(
                "Nobody said exactly {phrases} in these transcripts; these are the closest passages.", phrases=phrases
            )
        case True, True, False:
            return gettext(
                "Nobody said {words}, nor exactly {phrases}; these are the closest passages.",
                words=words,
                phrases=phrases,
            )
        case True, True, True:
            return gettext(
                "Nobody said {words}, nor exactly {phrases} in these transcripts; these are the closest passages.",
                words=words,
                phrases=phrases,
            )
    return ""


def _footer(found: Answer, asked_by: int | None) -> str:
    said = [
        *([gettext("page {page}", page=found.page + 1)] if found.page else []),
        _where(found),
        *([narrowed(found.filters)] if found.filters and found.within is None else []),
    ]
    by = [gettext("-# asked by {member}", member=f"<@{asked_by}>")] if asked_by is not None else []
    return "\n".join([f"-# {' · '.join(said)}", *_by_words(found), *by])


def _where(found: Answer) -> str:
    """Say how many quotes there are, and from how many transcripts."""
    passages = _counted(found)
    if found.within is not None:
        return gettext("{passages} in this transcript", passages=passages)
    transcripts = len({quote.transcript_id for quote in found.quotes})
    return ngettext(
        "{passages}, from one transcript", "{passages}, from {n} transcripts", transcripts, passages=passages
    )


def _counted(found: Answer) -> str:
    """Say how many quotes there are of what matches, and of what is alike in meaning."""
    similar = sum(quote.similar for quote in found.quotes)
    if similar == len(found.quotes):
        return ngettext("{n} passage similar in meaning", "{n} passages similar in meaning", similar)
    shown, passages = len(found.quotes) - similar, number(found.passages)
    if similar:
        return gettext(
            "{shown} of {passages} matching passages and {similar} similar in meaning",
            shown=shown,
            passages=passages,
            similar=similar,
        )
    return gettext("{shown} of {passages} matching passages", shown=shown, passages=passages)


def _by_words(found: Answer) -> list[str]:
    """Say that what is alike in meaning was to be looked for, and can't."""
    return [f"-# {translated(BY_WORDS)}"] if found.by_words else []


def narrowed(filters: Sequence[Sentence]) -> str:
    """Write filters in words as a remark."""
    said = clauses([fitted(translated(one), MAX_FILTER) for one in filters])
    return gettext("({filters})", filters=said)


def _listed(words: Sequence[str], *, most: int = MAX_NOT_FOUND, longest: int = MAX_WORD) -> str:
    """Write `“one”, “two” or “three”`."""
    every = [quoted(fitted(word, longest)) for word in words[:most]]
    if len(words) > most:
        every.append(ngettext("{n} more", "{n} more", len(words) - most))
    return alternatives(every)

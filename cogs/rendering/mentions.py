"""`Mentions` as a message: how often, as what, first and last, in which transcripts; and a page of them, one by one."""

from collections.abc import Sequence

import discord

from cogs.locales import translated
from cogs.rendering import bars
from cogs.rendering.answers import EMPTY, narrowed, unindexed
from cogs.rendering.words import (
    MAX_LABEL,
    MAX_TEXT,
    Row,
    byline,
    code,
    contained,
    fitted,
    isolated,
    marked,
    moment_button,
    moment_link,
    plain,
    shortened,
    title,
)
from store.links import moment
from store.models import Details, Form, Mention, Mentioned, Mentions, MentionsPage
from store.text.wording import clock, many

PAGE_SIZE = 10
MAX_OPTIONS = 25  # https://discord.com/developers/docs/components/reference#string-select
MAX_OPTION = 100  # characters of an option's label and of its description
MAX_SHOWN = 8  # transcripts with a button to their first mention: three components each
MAX_FORMS = 8
MAX_WORDS = 100
MAX_FORM = 40
MAX_SAID = 100
MAX_DESCRIPTION = 1024  # of a picture, for who can't see it
PICTURE = "mentions.png"
NARROWING = "`video:`, `speaker:`, `tag:`, `after:` and `before:` narrow it down"
_FOOT = 250  # characters kept for what stands below the transcripts
_SLACK = 100  # characters: Discord's own way of counting
_QUOTES = '"“”„‟＂«»'

Item = discord.ui.Item[discord.ui.LayoutView]


def mentions(found: Mentions, rows: Sequence[Row] = (), *, picture: bool = False) -> discord.ui.LayoutView:
    """Return the message for mentions, with rows of buttons; `picture` says that `PICTURE` is attached to it."""
    if not found.library_size and not found.unindexed:
        return plain(translated(EMPTY))
    if not found.count:
        return plain("\n".join([_nothing(found), *unindexed(found)]))
    heading = "\n".join([_heading(found), *_forms(found.forms), *_ends(found), *unindexed(found)])
    items: list[Item] = [discord.ui.TextDisplay(heading)]
    room = MAX_TEXT - _SLACK - _FOOT - len(heading)
    if drawn := bars.bars(found):
        if picture:
            gallery = discord.ui.MediaGallery[discord.ui.LayoutView]()
            said = shortened(drawn.said, MAX_DESCRIPTION)
            gallery.add_item(media=f"attachment://{PICTURE}", description=said)
            items.append(gallery)
        else:
            items.append(discord.ui.TextDisplay(line := code(bars.blocks(drawn))))
            room -= len(line)
    shown = 0
    for one in found.transcripts[:MAX_SHOWN]:
        text = _transcript(one)
        room -= len(text)
        if room < 0:
            break
        items.append(_section(one, text))
        shown += 1
    if footer := _footer(found, shown):
        items.append(discord.ui.TextDisplay(footer))
    return contained(*items, *rows)


def page(found: MentionsPage, row: Row | None) -> discord.ui.LayoutView:
    """Return the message for a page of the mentions in a transcript, with the buttons that turn it."""
    if not found.mentions:
        return plain("Nothing more was found.", [row] if row else [])
    details = found.entry.details
    first = found.page * PAGE_SIZE + 1
    last = first + len(found.mentions) - 1
    every = found.count == len(found.mentions)
    which = many(found.count, "mention") if every else f"mentions {first:,} to {last:,} of {found.count:,}"
    about = " · ".join([which, *byline(details)])
    heading = f"### {_quoted(found.words)} in {title(details)}\n-# {about}"
    room = MAX_TEXT - _SLACK - len(heading)
    lines: list[str] = []
    for number, mention in enumerate(found.mentions):
        line = _mention(details, mention, room // (len(found.mentions) - number) - 1)
        room -= len(line) + 1
        lines.append(line)
    items: list[Item] = [discord.ui.TextDisplay(heading), discord.ui.TextDisplay("\n".join(lines))]
    opening = moment_button(details, found.mentions[0].start_ms)
    if opening is not None and not (details.url and moment(details.url, 0)):
        row = row or Row()
        row.add_item(opening)
    return contained(*items, *([row] if row else []))


def options(found: Mentions) -> list[discord.SelectOption]:
    """Return the transcripts of a menu, as many as it takes."""
    return [
        discord.SelectOption(
            label=fitted(one.entry.details.title, MAX_OPTION, literal=True),
            value=str(one.entry.id),
            description=shortened(_counted(one), MAX_OPTION),
        )
        for one in found.transcripts[:MAX_OPTIONS]
    ]


def label(words: str) -> str:
    """Return what stands on a button that opens the mentions of words."""
    return f"Mentions of “{fitted(words.strip(_QUOTES), MAX_LABEL - len('Mentions of “”'), literal=True)}”"


def _nothing(found: Mentions) -> str:
    """Say that nobody said it, and what can be done."""
    where = f" {narrowed(found.filters)}" if found.filters else ""
    return (
        f"No transcript here{where} says {_quoted(found.words)}. Try another spelling or fewer words, `/ask` for the "
        "subject, or see `/library` for what there is."
    )


def _heading(found: Mentions) -> str:
    count = len(found.transcripts)
    if found.filters:
        where = f"in {many(count, 'transcript')} {narrowed(found.filters)}"
    elif found.library_size == 1:
        where = "in the only transcript"
    else:
        where = f"in {count:,} of {found.library_size:,} transcripts"
    if found.forms and not found.forms[0].count:
        heard = f"as {_quoted(found.forms[1].said, MAX_FORM)}" if len(found.forms) == 2 else "otherwise"
        never = f"{_quoted(found.words)} was never said as such"
        return f"### {never}; perhaps it was heard {heard}, {_times(found.count)} {where}"
    return f"### {_quoted(found.words)} was said {_times(found.count)} {where}"


def _forms(forms: Sequence[Form]) -> list[str]:
    """Return a line of the forms that are counted together, where there is more than the words themselves."""
    if not any(form.heard for form in forms):
        return []
    parts = [
        f"{f'≈ {_quoted(form.said, MAX_FORM)}' if form.heard else fitted(form.said, MAX_FORM)} {form.count:,}"
        for form in forms[:MAX_FORMS]
    ]
    more = [f"and {many(len(forms) - MAX_FORMS, 'other form')}"] if len(forms) > MAX_FORMS else []
    return [" · ".join([*parts, *more])]


def _ends(found: Mentions) -> list[str]:
    """Return lines that say when first and when last."""
    first, last = found.first, found.last
    if first is None or last is None or found.count == 1:
        return []
    if first.entry.id == last.entry.id:
        details = first.entry.details
        if not details.timed:
            return []
        return [f"-# first {moment_link(details, first.first_ms)} · last {moment_link(details, last.first_ms)}"]
    return [f"-# first {_end(first)}", f"-# last {_end(last)}"]


def _end(one: Mentioned) -> str:
    details = one.entry.details
    day = details.published or one.entry.ingested_at.date()
    added = "" if details.published else "added "
    time = [moment_link(details, one.first_ms)] if details.timed else []
    return " · ".join([*time, f"{added}{day.isoformat()}", title(details, 80)])


def _transcript(one: Mentioned) -> str:
    details = one.entry.details
    linked = details.url and moment(details.url, one.first_ms)
    time = [] if linked or not details.timed else [f"first at {clock(one.first_ms)}"]
    return f"**{title(details, 100)}**\n-# {' · '.join([_times(one.count), *time, *byline(details)])}"


def _section(one: Mentioned, text: str) -> Item:
    display = discord.ui.TextDisplay[discord.ui.LayoutView](text)
    button = moment_button(one.entry.details, one.first_ms)
    return discord.ui.Section(display, accessory=button) if button else display


def _footer(found: Mentions, shown: int) -> str:
    left = len(found.transcripts) - shown
    if not left:
        return ""
    narrow = f"; {NARROWING}" if len(found.transcripts) > MAX_OPTIONS else ""
    return f"-# and {many(left, 'more transcript')}{narrow}"


def _counted(one: Mentioned) -> str:
    published = one.entry.details.published
    day = [published.isoformat()] if published else []
    time = [f"first at {clock(one.first_ms)}"] if one.entry.details.timed else []
    return " · ".join([_times(one.count), *time, *day])


def _mention(details: Details, mention: Mention, room: int) -> str:
    """Return a line of at most `room` characters: the time, and the mention in bold among the words around it."""
    lead = f"{moment_link(details, mention.start_ms)} " if details.timed else "- "
    said = shortened(mention.said, MAX_SAID)
    before, after = mention.before, mention.after
    cut_before = cut_after = 0
    while True:
        head = f"…{before[cut_before:]}" if cut_before else before
        tail = f"{after[: len(after) - cut_after]}…" if cut_after else after
        written = isolated(marked(f"{head}{said}{tail}", [(len(head), len(head) + len(said))]))
        left, right = len(before) - cut_before, len(after) - cut_after
        if len(lead) + len(written) <= room or not left + right:
            return f"{lead}{written}"
        if left >= right:
            cut_before += max(1, left // 8)
        else:
            cut_after += max(1, right // 8)


def _quoted(words: str, limit: int = MAX_WORDS) -> str:
    return f"“{fitted(words.strip(_QUOTES), limit)}”"


def _times(count: int) -> str:
    return "once" if count == 1 else many(count, "time")

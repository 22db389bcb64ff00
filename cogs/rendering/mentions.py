"""`Mentions` as a message: how often, as what, first and last, in which transcripts; and a page of them, one by one."""

from collections.abc import Sequence

import discord

from cogs.locales import gettext, ngettext, translated
from cogs.locales.speaking import number, quoted
from cogs.rendering import bars, corrections
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
from store.text.wording import clock

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
        return plain(gettext("Nothing more was found."), [row] if row else [])
    details = found.entry.details
    first = found.page * PAGE_SIZE + 1
    last = first + len(found.mentions) - 1
    if found.count == len(found.mentions):
        which = ngettext("{n} mention", "{n} mentions", found.count)
    else:
        ends = {"first": number(first), "last": number(last), "count": number(found.count)}
        which = gettext("mentions {first} to {last} of {count}", **ends)
    about = " · ".join([which, *byline(details)])
    heading = gettext("### {words} in {title}", words=_quoted(found.words), title=title(details)) + f"\n-# {about}"
    room = MAX_TEXT - _SLACK - len(heading)
    lines: list[str] = []
    for place, mention in enumerate(found.mentions):
        line = _mention(details, mention, room // (len(found.mentions) - place) - 1)
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
    room = MAX_LABEL - len(gettext("Mentions of “{words}”", words=""))
    return gettext("Mentions of “{words}”", words=fitted(words.strip(_QUOTES), room, literal=True))


def _nothing(found: Mentions) -> str:
    """Say that nobody said it, and what can be done."""
    if found.filters:
        return gettext(
            "No transcript here {filters} says {words}. Try another spelling or fewer words, `/ask` for the subject, "
            "or see `/library` for what there is.",
            filters=narrowed(found.filters),
            words=_quoted(found.words),
        )
    return gettext(
        "No transcript here says {words}. Try another spelling or fewer words, `/ask` for the subject, or see "
        "`/library` for what there is.",
        words=_quoted(found.words),
    )


def _heading(found: Mentions) -> str:
    said = {"words": _quoted(found.words), "times": _times(found.count), "where": _where(found)}
    if not found.forms or found.forms[0].count:
        return gettext("### {words} was said {times} {where}", **said)
    if len(found.forms) != 2:
        return gettext("### {words} was never said as such; perhaps it was heard otherwise, {times} {where}", **said)
    heard = _quoted(found.forms[1].said, MAX_FORM)
    return gettext(
        "### {words} was never said as such; perhaps it was heard as {heard}, {times} {where}", heard=heard, **said
    )


def _where(found: Mentions) -> str:
    """Say in how many transcripts."""
    count = len(found.transcripts)
    if found.filters:
        filters = narrowed(found.filters)
        return ngettext("in {n} transcript {filters}", "in {n} transcripts {filters}", count, filters=filters)
    if found.library_size == 1:
        return gettext("in the only transcript")
    return gettext("in {count} of {total} transcripts", count=number(count), total=number(found.library_size))


def _forms(forms: Sequence[Form]) -> list[str]:
    """Return a line of the forms that are counted together, where there is more than the words themselves."""
    if not any(form.heard for form in forms):
        return []
    parts = [
        f"{f'≈ {_quoted(form.said, MAX_FORM)}' if form.heard else fitted(form.said, MAX_FORM)} {number(form.count)}"
        for form in forms[:MAX_FORMS]
    ]
    left = len(forms) - MAX_FORMS
    more = [ngettext("and {n} other form", "and {n} other forms", left)] if left > 0 else []
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
        ends = {"first": moment_link(details, first.first_ms), "last": moment_link(details, last.first_ms)}
        return [gettext("-# first {first} · last {last}", **ends)]
    return [gettext("-# first {first}", first=_end(first)), gettext("-# last {last}", last=_end(last))]


def _end(one: Mentioned) -> str:
    details = one.entry.details
    if details.published:
        day = details.published.isoformat()
    else:
        day = gettext("added {day}", day=one.entry.ingested_at.date().isoformat())
    time = [moment_link(details, one.first_ms)] if details.timed else []
    return " · ".join([*time, day, title(details, 80)])


def _transcript(one: Mentioned) -> str:
    details = one.entry.details
    linked = details.url and moment(details.url, one.first_ms)
    time = [] if linked or not details.timed else [_first(one)]
    return f"**{title(details, 100)}**\n-# {' · '.join([_times(one.count), *time, *byline(details)])}"


def _section(one: Mentioned, text: str) -> Item:
    display = discord.ui.TextDisplay[discord.ui.LayoutView](text)
    button = moment_button(one.entry.details, one.first_ms)
    return discord.ui.Section(display, accessory=button) if button else display


def _footer(found: Mentions, shown: int) -> str:
    left = len(found.transcripts) - shown
    if not left:
        return ""
    if len(found.transcripts) <= MAX_OPTIONS:
        return ngettext("-# and {n} more transcript", "-# and {n} more transcripts", left)
    return ngettext(
        "-# and {n} more transcript; `video:`, `speaker:`, `tag:`, `after:` and `before:` narrow it down",
        "-# and {n} more transcripts; `video:`, `speaker:`, `tag:`, `after:` and `before:` narrow it down",
        left,
    )


def _first(one: Mentioned) -> str:
    return gettext("first at {time}", time=clock(one.first_ms))


def _counted(one: Mentioned) -> str:
    published = one.entry.details.published
    day = [published.isoformat()] if published else []
    time = [_first(one)] if one.entry.details.timed else []
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
        if mention.correct:
            written += f" · {corrections.really([(said, mention.correct)])}"
        left, right = len(before) - cut_before, len(after) - cut_after
        if len(lead) + len(written) <= room or not left + right:
            return f"{lead}{written}"
        if left >= right:
            cut_before += max(1, left // 8)
        else:
            cut_after += max(1, right // 8)


def _quoted(words: str, limit: int = MAX_WORDS) -> str:
    return quoted(fitted(words.strip(_QUOTES), limit))


def _times(count: int) -> str:
    return ngettext("once", "{n} times", count)

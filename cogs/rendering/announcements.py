"""The post that tells of a new transcript, or of many at once: what it is, what is said in it, and how to ask about it.

What its button and its menu open stands in their custom ids, which name the post too, so that a post is known again.
`cogs.about` answers them; the items here are only shown, so that no sent post has to be kept in memory.
"""

from collections.abc import Iterator, Sequence

import discord

from cogs.locales import gettext, ngettext, translated
from cogs.locales.speaking import language_named, quoted, series
from cogs.rendering.quotes import approximated, brief, extent, opened, told
from cogs.rendering.words import (
    MAX_TEXT,
    Row,
    byline,
    code,
    contained,
    duration,
    fitted,
    isolated,
    moment_link,
    shortened,
    start_button,
    tags,
    title_link,
)
from store.links import thumbnail
from store.models import Digest, Entry, Quote, Told
from store.search.question import looked_for
from store.sentences import sentence
from store.text.languages import named

ABOUT = r"about:(?P<transcript>[0-9]{1,18}):(?P<post>[0-9]{1,18})(?::(?P<guild>[0-9]{1,20}))?"
ABOUT_ONE = r"about-one:(?P<post>[0-9]{1,18})(?::(?P<guild>[0-9]{1,20}))?"
ASK = sentence("Ask about this")
CHOOSE = sentence("Ask about …")
UNNAMED = sentence("New transcript")
REMOVED = sentence("Transcript removed")
CORRECTED = sentence("It was corrected since, and no longer says so.")

MAX_TITLE = 150
MAX_TAGS = 8
MAX_NAMES = 3  # of those who speak in a transcript of which no speaker is stated
MAX_ALERT = 100  # characters of all that it waits for
MAX_SERVER = 100
MAX_WATCHED = 60  # characters of a word or phrase that is watched for
MOST_WATCHED = 5
MAX_QUOTES = 3
MAX_QUOTE = 280  # the extent of where what is watched is said
MAX_MOMENT = 220  # the extent of a moment that characterises
MAX_CHAPTERS = 8
MAX_CHAPTER = 60
MAX_TOGETHER = 15
MAX_TOGETHER_QUOTED = 8
MAX_OPTIONS = 25  # https://discord.com/developers/docs/components/reference#string-select
MAX_OPTION = 100  # characters of an option's label and of its description
MAX_POST_TITLE = 100  # https://discord.com/developers/docs/resources/channel#channel-object
MAX_POST_TAGS = 5
_LEAST = 60  # characters of a quote that still says something
_MARKUP = 14  # characters of the marks around a quote
_FOOT = 100  # characters kept for what is left out
_SLACK = 100  # characters: Discord's own way of counting
_MARKS = '"“”„‟＂«»'

Item = discord.ui.Item[discord.ui.LayoutView]


class _Button(discord.ui.Button[discord.ui.LayoutView]):
    """A button that another item answers, so its view need not be kept."""

    def is_dispatchable(self) -> bool:
        return False


class _Menu(discord.ui.Select[discord.ui.LayoutView]):
    """A menu that another item answers, likewise."""

    def is_dispatchable(self) -> bool:
        return False


def one(
    new: Told,
    *,
    post: int,
    role: int | None = None,
    everyone: bool = False,
    matching: str | None = None,
    guild: int | None = None,
    server: str | None = None,
) -> discord.ui.LayoutView:
    """Return the post of one transcript; `matching` is what its subscription watches for.

    The members of a `role` are mentioned first, or `everyone`. A `guild`, and its name as `server`, are named in a
    direct message alone, where the place doesn't tell them.
    """
    heading = "\n".join([f"### {_heading(new, matching)}", *_alert(matching, server)])
    mention = _mention(role, everyone=everyone)
    entry = new.entry
    if entry is None:
        gone = f"{heading}\n~~{fitted(new.title, MAX_TITLE)}~~"
        return contained(*mention, discord.ui.TextDisplay(gone))
    said = bool(matching and new.quotes)
    tagged = tags(entry.details, MAX_TAGS)
    heard = approximated(new.heard) if said else []
    about = [heading, *heard, title_link(entry.details, MAX_TITLE), _known(entry), *([tagged] if tagged else [])]
    if matching and new.unsaid:
        about.append(translated(CORRECTED))
    items: list[Item] = [*mention, _beside_still(entry, "\n".join(about))]
    room = MAX_TEXT - _SLACK - sum(map(len, about)) - _FOOT
    for text in _quotes(new.quotes, MAX_QUOTE, entry) if said else _moments(new.moments, entry):
        room -= len(text)
        items.append(discord.ui.TextDisplay(text))
    if chapters := _chapters(entry, room):
        items.append(discord.ui.TextDisplay(chapters))
    row = Row()
    custom_id = f"about:{entry.id}:{post}{_in(guild)}"
    row.add_item(_Button(label=translated(ASK), custom_id=custom_id, style=discord.ButtonStyle.primary))
    if watch := start_button(entry):
        row.add_item(watch)
    return contained(*items, row)


def together(
    new: Sequence[Told],
    *,
    post: int,
    heading: str,
    role: int | None = None,
    everyone: bool = False,
    matching: str | None = None,
    guild: int | None = None,
    server: str | None = None,
) -> discord.ui.LayoutView:
    """Return the post of many transcripts, with a menu of those that are still there.

    `heading` says how many they are or of when; what is watched for is said below it. Where they are few, each has its
    best quote or moment. The others are as of `one`.
    """
    top = "\n".join([f"### {fitted(heading, MAX_TITLE)}", *_alert(matching, server)])
    if matching:
        said = gettext("Said in them: {words}", words=_watched(matching))
        top += f"\n-# {said}"
    most = MAX_TOGETHER_QUOTED if matching else MAX_TOGETHER
    room = MAX_TEXT - _SLACK - _FOOT - len(top)
    texts: list[str] = []
    for at, one_of in enumerate(new[:most]):
        text = _one_of(
            one_of, watched=bool(matching), few=len(new) <= MAX_TOGETHER_QUOTED, room=room // (min(len(new), most) - at)
        )
        room -= len(text) + 1
        if room < 0:
            break
        texts.append(text)
    left = len(new) - len(texts)
    rest = ngettext("and {n} more: see `/library`", "and {n} more: see `/library`", left)
    more = [f"{'-#' if matching else '-'} {rest}"] if left else []
    shown = [top, *texts, *more] if matching else [top, *filter(None, ["\n".join([*texts, *more])])]
    items: list[Item] = [discord.ui.TextDisplay(text) for text in shown]
    if options := _options(new):
        row = Row()
        row.add_item(_Menu(custom_id=f"about-one:{post}{_in(guild)}", placeholder=translated(CHOOSE), options=options))
        items.append(row)
    return contained(*_mention(role, everyone=everyone), *items)


def heading_of_many(count: int, digest: Digest | None) -> str:
    """Return the heading of a post of many transcripts, or of a digest."""
    match digest:
        case Digest.DAILY:
            return ngettext("{n} new transcript of the last day", "{n} new transcripts of the last day", count)
        case Digest.WEEKLY:
            return ngettext("{n} new transcript of the last week", "{n} new transcripts of the last week", count)
    return ngettext("{n} new transcript", "{n} new transcripts", count)


def heading_of_digest(digest: Digest) -> str:
    """Return the heading of a digest of which nobody knows how many transcripts it will tell."""
    if digest is Digest.DAILY:
        return gettext("New transcripts of the last day")
    return gettext("New transcripts of the last week")


def post_title(new: Told) -> str:
    """Return the title of a forum's post of one transcript."""
    return _post_title(new.entry.details.title if new.entry else gettext("[removed] {title}", title=new.title))


def post_title_together(new: Sequence[Told], *, heading: str) -> str:
    """Return the title of a forum's post of many transcripts: its heading, and then as many titles as it takes."""
    titles = series(one_of.title for one_of in new if one_of.entry)
    return _post_title(gettext("{heading}: {titles}", heading=heading, titles=titles) if titles else heading)


def forum_tags(new: Told, available: Sequence[discord.ForumTag], *, moderated: bool = False) -> list[discord.ForumTag]:
    """Return the tags of a forum that name what a transcript has: a tag, its speaker, its channel, its language.

    A language is named in English or in the one that is spoken. Those that only moderators may set are left out unless
    they may be used.
    """
    if new.entry is None:
        return []
    details, code = new.entry.details, new.entry.spoken.code
    languages = (named(code), language_named(code)) if code else ()
    has = [*details.tags, *filter(None, (details.speaker, details.channel, *languages)), *new.entry.speakers]
    usable: dict[str, discord.ForumTag] = {}
    for tag in available:
        if moderated or not tag.moderated:
            usable.setdefault(_bare(tag.name), tag)
    wanted = dict.fromkeys(name for name in map(_bare, has) if name in usable)
    return [usable[name] for name in wanted][:MAX_POST_TAGS]


def _heading(new: Told, matching: str | None) -> str:
    """Return what a post of one transcript is; one that was corrected or removed since keeps its sense."""
    if new.entry is None:
        return translated(REMOVED)
    if not matching:
        return translated(UNNAMED)
    if new.unsaid:
        return gettext("Said in a transcript: {words}", words=_watched(matching))
    if new.heard:
        return gettext("Perhaps said in a new transcript: {words}", words=_watched(matching))
    return gettext("Said in a new transcript: {words}", words=_watched(matching))


def _alert(words: str | None, server: str | None) -> list[str]:
    """Return whose alert a direct message is, and what ends it; nothing elsewhere."""
    if server is None:
        return []
    where = fitted(server, MAX_SERVER)
    said = gettext("Your alert in **{server}**; `/alert remove` there ends it", server=where)
    if words:
        named = code(isolated(shortened(words, MAX_ALERT)))
        said = gettext(
            "Your alert for {words} in **{server}**; `/alert remove` there ends it", words=named, server=where
        )
    return [f"-# {said}"]


def _mention(role: int | None, *, everyone: bool) -> list[Item]:
    """Return who is mentioned; the only words of a post that may ping."""
    if everyone:
        return [discord.ui.TextDisplay("-# @everyone")]
    return [discord.ui.TextDisplay(f"-# <@&{role}>")] if role is not None else []


def _in(guild: int | None) -> str:
    return f":{guild}" if guild is not None else ""


def _known(entry: Entry) -> str:
    """Write how long a transcript is, who speaks, where and when; where nothing of it is known, its words."""
    names = [fitted(name, 40) for name in entry.speakers[:MAX_NAMES]] if not entry.details.speaker else []
    if len(entry.speakers) > MAX_NAMES and names:
        names.append(ngettext("{n} more", "{n} more", len(entry.speakers) - MAX_NAMES))
    who = [series(names)] if names else []
    known = " · ".join([*_length(entry), *who, *byline(entry.details)])
    return known or ngettext("{n} word", "{n} words", entry.words)


def _length(entry: Entry) -> list[str]:
    return [duration(entry.duration_ms)] if entry.details.timed else []


def _beside_still(entry: Entry, text: str) -> Item:
    display = discord.ui.TextDisplay[discord.ui.LayoutView](text)
    still = thumbnail(entry.details.url) if entry.details.url else None
    if still is None:
        return display
    return discord.ui.Section(
        display, accessory=discord.ui.Thumbnail(still, description=gettext("A still of the video"))
    )


def _quotes(quotes: Sequence[Quote], limit: int, entry: Entry) -> Iterator[str]:
    """Yield each of the first quotes with its time."""
    return (_quote(quote, limit, entry) for quote in quotes[:MAX_QUOTES])


def _moments(moments: Sequence[Quote], entry: Entry) -> Iterator[str]:
    """Yield the first moments, the first of them below what they are."""
    for at, text in enumerate(_quotes(moments, MAX_MOMENT, entry)):
        yield text if at else "\n".join([gettext("**Moments**"), text])


def _quote(quote: Quote, limit: int, entry: Entry) -> str:
    """Write a quote in short behind the time of its first cue."""
    short = brief(quote, limit)
    start_ms, _ = short.shown_ms
    link = moment_link(quote.details, start_ms)
    words = opened(quote, told(short, limit, whole=False, size=extent), entry.cues)
    return f"> {link}{' ' if link else ''}{words}"


def _chapters(entry: Entry, room: int) -> str:
    """Write the first chapters, as many as there is room for; nothing where there are none."""
    chapters = entry.details.chapters
    lines = [gettext("**Chapters**")]
    for start_ms, name in chapters[:MAX_CHAPTERS]:
        link = moment_link(entry.details, start_ms, lead="") or "-"
        line = f"{link} {fitted(name, MAX_CHAPTER)}"
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    left = len(chapters) - len(lines) + 1
    if len(lines) == 1:
        return ""
    more = ngettext("and {n} more", "and {n} more", left)
    return "\n".join([*lines, *([f"-# {more}"] if left else [])])


def _one_of(new: Told, *, watched: bool, few: bool, room: int) -> str:
    """Write one of many transcripts: a line of a list, and below it the best quote, or a moment where they are few."""
    lead = "" if watched else "- "
    entry = new.entry
    if entry is None:
        return f"{lead}~~{fitted(new.title, 100)}~~"
    line = " · ".join([f"{lead}{title_link(entry.details)}", *_length(entry), *_by(entry)])
    if watched and new.unsaid:
        return f"{line}\n-# {translated(CORRECTED)}"
    quotes = new.quotes if watched else new.moments if few else ()
    if not quotes:
        return line
    if watched:
        line = "\n".join([line, *approximated(new.heard)])
    best = quotes[0]
    limit = min(MAX_MOMENT, room - len(line) - len(moment_link(best.details, best.end_ms)) - _MARKUP)
    return f"{line}\n{_quote(best, limit, entry)}" if limit >= _LEAST else line


def _options(new: Sequence[Told]) -> list[discord.SelectOption]:
    """Return the transcripts of the menu, each once, as many as it takes."""
    there = {one_of.entry.id: one_of.entry for one_of in new if one_of.entry}
    return [
        discord.SelectOption(
            label=fitted(entry.details.title, MAX_OPTION, literal=True),
            value=str(entry.id),
            description=_described(entry),
        )
        for entry in list(there.values())[:MAX_OPTIONS]
    ]


def _described(entry: Entry) -> str | None:
    return " · ".join([*_length(entry), *_by(entry, literal=True)]) or None


def _by(entry: Entry, *, literal: bool = False) -> list[str]:
    """Return who spoke and when, of what is known."""
    details = entry.details
    speaker = [fitted(details.speaker, 60, literal=literal)] if details.speaker else []
    return [*speaker, *([details.published.isoformat()] if details.published else [])]


def _watched(words: str) -> str:
    """Write what is looked for: `“a phrase”, “word”`."""
    found = looked_for(words) or (words.strip(_MARKS),)
    shown = [quoted(fitted(one_of, MAX_WATCHED)) for one_of in found[:MOST_WATCHED]]
    left = len(found) - MOST_WATCHED
    return series([*shown, *([ngettext("{n} more", "{n} more", left)] if left > 0 else [])])


def _post_title(text: str) -> str:
    """Return a text as a post's title; where nothing of it can be seen, it says what it is."""
    line = " ".join(text.split())
    visible = any(character.isprintable() and not character.isspace() for character in line)
    return fitted(line, MAX_POST_TITLE, literal=True) if visible else translated(UNNAMED)


def _bare(name: str) -> str:
    return " ".join(name.split()).casefold()

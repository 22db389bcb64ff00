"""Text on its way to Discord: within the limits, and so that what was said can't format, link, ping or reorder."""

import re
from collections.abc import Sequence
from unicodedata import bidirectional

import discord

from cogs.locales import gettext
from cogs.locales.speaking import listing
from store.links import moment, nearest
from store.models import Details, Entry
from store.text.wording import clock

# https://discord.com/developers/docs/components/reference and …/interactions/application-commands
MAX_TEXT = 4000  # characters of all texts of a components-v2 message
MAX_COMPONENTS = 40
MAX_LABEL = 80
MAX_CUSTOM_ID = 100
MAX_LINK = 150  # in a text: a page of longer addresses would not fit into a message
ACCENT = discord.Colour(0xE8A33D)

Row = discord.ui.ActionRow[discord.ui.LayoutView]
Item = discord.ui.Item[discord.ui.View | discord.ui.LayoutView]  # what a dynamic item is to discord.py

# Unicode Standard Annex 9: what runs right to left or steers direction, and what isolates it
_TURNING = frozenset({"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"})
_OPENING = "\u2066\u2067\u2068"
FSI, PDI = "\u2068", "\u2069"
_SPECIAL = re.compile(r"([\\`*_~|<>\[\]@:])")
_LINE_START = re.compile(r"^(\s*)([#+-]|\d+(?=[.)]))", re.MULTILINE)


def escaped(text: str, *, line_start: bool = True) -> str:
    """Escape Discord's markdown, links and mentions; a list or a heading can begin only at a line's start."""
    text = _SPECIAL.sub(r"\\\1", text)
    if not line_start:
        return text
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if not m[2].isdigit() else f"{m[1]}{m[2]}\\", text)


def isolated(text: str) -> str:
    """Set text that runs right to left, or holds controls of direction, so that it reorders nothing around it.

    The text itself stays as it is: what it leaves open is closed after it, and what it closes without having opened
    is opened before it, so that its controls can't end the isolation (Unicode Standard Annex 9, BD9 and X6a).
    """
    if text.isascii() or _TURNING.isdisjoint(map(bidirectional, text)):
        return text
    unopened = unclosed = 0
    for character in text:
        if character in _OPENING:
            unclosed += 1
        elif character == PDI and unclosed:
            unclosed -= 1
        elif character == PDI:
            unopened += 1
    return f"{FSI * (1 + unopened)}{text}{PDI * (1 + unclosed)}"


def shortened(text: str, limit: int) -> str:
    """Cut text to at most `limit` characters, the last an ellipsis if anything was cut."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def fitted(text: str, limit: int, *, literal: bool = False) -> str:
    """Escape and isolate text, cut so that what is written has at most `limit` characters.

    `literal` text stands where Discord reads no markdown, so it isn't escaped: on a button, in a menu.
    """
    kept = shortened(text, limit)
    while len(written := isolated(kept if literal else escaped(kept))) > limit:
        kept = shortened(text, len(kept) - max(1, (len(written) - limit) // 2))
    return written


def marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Escape text and set the spans in bold; spans with only a space between them become one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip(" "):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    parts = []
    at = 0
    for start, end in joined:
        parts += [escaped(text[at:start], line_start=at == 0), f"**{escaped(text[start:end], line_start=False)}**"]
        at = end
    parts.append(escaped(text[at:], line_start=at == 0))
    return "".join(parts)


def code(text: str) -> str:
    """Set text as code, in which nothing has to be escaped: between more backticks than stand together in it."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def bold(names: Sequence[str]) -> str:
    """Write names in a row, each in bold."""
    return listing([f"**{name}**" for name in names])


def duration(ms: int) -> str:
    """Write a duration: `42 s`, `23 min`, `1 h 24 min`."""
    minutes = round(ms / 60_000)
    if ms < 60_000:
        return gettext("{seconds} s", seconds=ms // 1000)
    if minutes < 60:
        return gettext("{minutes} min", minutes=minutes)
    return gettext("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def byline(details: Details) -> list[str]:
    """Return who spoke, where and when, escaped, of what is known."""
    published = details.published.isoformat() if details.published else None
    return [fitted(part, 80) for part in (details.speaker, details.channel, published) if part]


def title(details: Details, limit: int = 150) -> str:
    """Return a transcript's title, escaped."""
    return fitted(details.title, limit)


def title_link(details: Details, limit: int = 100) -> str:
    """Write a transcript's title in bold, as a link to its video where there is one that isn't too long."""
    return f"**{_linked(title(details, limit), nearest(details.url, 0))}**"


def tags(details: Details, most: int) -> str:
    """Write the first tags as code, whatever stands in them."""
    named = [bare for tag in details.tags if (bare := tag.replace("`", "").strip())]
    return " ".join(f"`{isolated(shortened(tag, 40))}`" for tag in named[:most])


def start_button(entry: Entry) -> discord.ui.Button[discord.ui.LayoutView] | None:
    """Return a button that opens the video, or None where there is no link."""
    url = nearest(entry.details.url, 0)
    return discord.ui.Button(label=gettext("▶ Watch"), url=url) if url else None


def moment_button(
    details: Details, start_ms: int, *, begins: bool = False
) -> discord.ui.Button[discord.ui.LayoutView] | None:
    """Return a button that opens the video at a second, or where its host opens at none, the video.

    What is read `begins` at that second, and what it is about comes later.
    """
    if details.url is None:
        return None
    exact = moment(details.url, start_ms) if details.timed else None
    if exact is None:
        return discord.ui.Button(label=gettext("Open video"), url=details.url)
    time = clock(start_ms)
    return discord.ui.Button(label=gettext("▶ From {time}", time=time) if begins else f"▶ {time}", url=exact)


def moment_link(details: Details, start_ms: int, *, lead: str = "▶ ") -> str:
    """Write a time as a link to its second, or where there is no such link or it is too long, in bold.

    A text without times has none to write.
    """
    if not details.timed:
        return ""
    url = moment(details.url, start_ms) if details.url else None
    return _linked(f"{lead}{clock(start_ms)}", url, otherwise=f"**{clock(start_ms)}**")


def _linked(text: str, url: str | None, *, otherwise: str | None = None) -> str:
    """Write text as a link; where there is none, or it is too long, the text, or what stands for it `otherwise`."""
    target = (url or "").replace("(", "%28").replace(")", "%29")
    if target and len(target) <= MAX_LINK:
        return f"[{text}]({target})"
    return text if otherwise is None else otherwise


def plain(text: str, rows: Sequence[Row] = ()) -> discord.ui.LayoutView:
    """Return a message of one text, with rows of buttons below."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(shortened(text, MAX_TEXT)))
    for row in rows:
        view.add_item(row)
    return view


def contained(*items: discord.ui.Item[discord.ui.LayoutView]) -> discord.ui.LayoutView:
    """Return a message of one container; where its texts are too long for Discord, the longest lose last lines."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.Container(*items, accent_colour=ACCENT))
    texts = [item for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]
    while sum(len(text.content) for text in texts) > MAX_TEXT:
        longest = max(texts, key=lambda text: len(text.content))
        kept = longest.content.removesuffix("\n…").rpartition("\n")[0]
        longest.content = f"{kept}\n…" if kept else shortened(longest.content, len(longest.content) // 2)
    return view

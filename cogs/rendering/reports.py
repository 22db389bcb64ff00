"""What an ingest did, for the moderator; and the announcement of a transcript, for the subscribed channels."""

from collections.abc import Iterable

import discord

from cogs.rendering.words import byline, contained, duration, fitted, isolated, plain, shortened, start_button, title
from store.models import Entry, Ingested, Outcome, SpokenBy
from store.text.languages import named
from store.text.wording import many

MAX_ODDITIES = 8
MAX_TAGS = 10
_HEADINGS = {
    Outcome.NEW: "New transcript",
    Outcome.REPLACED: "Transcript replaced",
    Outcome.UNCHANGED: "Unchanged",
    Outcome.ASKING: "Replace this transcript?",
}
_WHO = {
    SpokenBy.MODERATOR: "as a moderator says",
    SpokenBy.FILE: "as its file says",
    SpokenBy.TEXT: "as its words tell",
}


def ingested(done: Ingested) -> discord.ui.LayoutView:
    """Return the report of an ingest: what was understood, what changed, what was odd."""
    entry = done.entry
    link = f"Link: <{entry.details.url}>" if entry.details.url else "No link: quotes will show the time alone."
    sizes = f"{duration(entry.duration_ms)} · {many(entry.cues, 'cue')} · {many(entry.words, 'word')}"
    lines = [f"**{title(entry.details)}**", " · ".join([sizes, *byline(entry.details)]), link, _language(entry)]
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [
        discord.ui.TextDisplay(f"### {_HEADINGS[done.outcome]}"),
        _with_button(entry, "\n".join(lines)),
    ]
    if done.outcome is Outcome.UNCHANGED:
        items.append(discord.ui.TextDisplay("This file says the same as the transcript here; nothing was changed."))
    if done.changes:
        items.append(discord.ui.TextDisplay("\n".join(["What changed:", *_list(done.changes)])))
    if done.oddities:
        items.append(discord.ui.TextDisplay("\n".join(["Odd in the file:", *_list(map(str, done.oddities))])))
    if done.owed:
        items.append(discord.ui.TextDisplay(f"-# Being announced in {many(done.owed, 'channel')}."))
    return contained(*items)


def language(before: Entry, after: Entry) -> discord.ui.LayoutView:
    """Return the report of a transcript's language, as it was and as it is now."""
    name, who = f"**{title(after.details)}**", _WHO[after.spoken.by]
    if before.spoken == after.spoken:
        return plain(f"{name} is searched as {_named(after)} already, {who}; nothing was changed.")
    was = f"; before, it was {_named(before)}" if before.spoken.code != after.spoken.code else ""
    return plain(f"{name} is searched as {_named(after)} now, {who}{was}.")


def _named(entry: Entry) -> str:
    return named(entry.spoken.code) if entry.spoken.code else "one whose language isn't known"


def _language(entry: Entry) -> str:
    """Say what language a transcript is in, who says so, and what to do where that is wrong."""
    if not entry.spoken.code:
        return "Language: not known, for its words are too few to tell; `/transcript language` sets it."
    wrong = "" if entry.spoken.by is SpokenBy.MODERATOR else "; if it is another, `/transcript language` sets it"
    return f"Language: {named(entry.spoken.code)}, {_WHO[entry.spoken.by]}{wrong}."


def announcement(entry: Entry) -> discord.ui.LayoutView:
    """Return the message that a subscribed channel gets for a new transcript."""
    named = [bare for tag in entry.details.tags if (bare := tag.replace("`", "").strip())]
    tags = " ".join(f"`{isolated(shortened(tag, 40))}`" for tag in named[:MAX_TAGS])
    lines = [
        f"**{title(entry.details)}**",
        " · ".join([duration(entry.duration_ms), *byline(entry.details)]),
        *([f"Link: <{entry.details.url}>"] if entry.details.url else []),
        *([tags] if tags else []),
    ]
    return contained(
        discord.ui.TextDisplay("### New transcript"),
        _with_button(entry, "\n".join(lines)),
        discord.ui.TextDisplay("-# Ask about it with `/ask`."),
    )


def _with_button(entry: Entry, text: str) -> discord.ui.Item[discord.ui.LayoutView]:
    display = discord.ui.TextDisplay[discord.ui.LayoutView](text)
    button = start_button(entry)
    return discord.ui.Section(display, accessory=button) if button else display


def _list(texts: Iterable[str]) -> list[str]:
    every = [f"- {fitted(text, 200)}" for text in texts]
    more = len(every) - MAX_ODDITIES
    return [*every[:MAX_ODDITIES], *([f"- and {more} more"] if more > 0 else [])]

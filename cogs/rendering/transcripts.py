"""What is known of one transcript, and what becomes of it."""

from collections.abc import Sequence

import discord

from cogs.rendering.words import (
    MAX_LABEL,
    Row,
    byline,
    contained,
    duration,
    fitted,
    moment_link,
    plain,
    shortened,
    title,
)
from store.correcting import Changed
from store.models import Bygone, Entry, Known
from store.text.languages import named
from store.text.wording import clock, many

MAX_CHAPTERS = 12
MAX_OPENING = 160  # characters of each of the first cues
MAX_SPEAKERS = 12


def known(found: Known) -> discord.ui.LayoutView:
    """Return what is known of a transcript: details, sizes, first lines, chapters, who ingested it and when."""
    entry, details = found.entry, found.entry.details
    length = [duration(entry.duration_ms)] if details.timed else ["no times"]
    counts = [many(entry.cues, "cue"), many(entry.words, "word"), many(entry.passages, "passage")]
    who = f" by <@{entry.ingested_by}>" if entry.ingested_by else ""
    lines = [
        f"### {title(details)}",
        " · ".join([*length, *counts, *byline(details)]),
        f"Link: <{details.url}>" if details.url else "No link.",
        f"Language: {named(entry.spoken.code) if entry.spoken.code else 'not known'}.",
        *([f"Tags: {', '.join(fitted(tag, 40) for tag in details.tags)}"] if details.tags else []),
        f"Ingested <t:{int(entry.ingested_at.timestamp())}:f>{who} · id {entry.id}",
    ]
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay("\n".join(lines))]
    if entry.speakers:
        names = ", ".join(fitted(name, 40) for name in entry.speakers[:MAX_SPEAKERS])
        more = f" and {len(entry.speakers) - MAX_SPEAKERS} more" if len(entry.speakers) > MAX_SPEAKERS else ""
        said = f"Speakers: {names}{more}; they are named in {many(found.spoken_cues, 'cue')}."
        items.append(discord.ui.TextDisplay(said))
    if details.chapters:
        chapters = [f"- {clock(start)} {fitted(name, 80)}" for start, name in details.chapters[:MAX_CHAPTERS]]
        left = len(details.chapters) - MAX_CHAPTERS
        chapters += [f"- and {left} more"] if left > 0 else []
        items.append(discord.ui.TextDisplay("\n".join(["Chapters:", *chapters])))
    opening = []
    for cue in found.opening:
        time = f"{moment_link(details, cue.start_ms)} " if details.timed else ""
        speaker = f"*{fitted(cue.speaker, 40)}:* " if cue.speaker else ""
        opening.append(f"> {time}{speaker}{fitted(cue.text, MAX_OPENING)}")
    items.append(discord.ui.TextDisplay("\n".join(["It begins:", *opening])))
    if found.undo:
        undo = ", ".join(f"{one.change} <t:{int(one.at.timestamp())}:R>" for one in found.undo[:5])
        items.append(discord.ui.TextDisplay(f"-# Can be undone with `/transcript restore`: {undo}"))
    return contained(*items)


def removing(entry: Entry, rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Return the question whether to remove a transcript."""
    text = f"Remove **{title(entry.details)}** with its {many(entry.cues, 'cue')}? For 24 hours it can be brought back."
    return plain(text, rows)


def removed(done: Changed, rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Return the report of a removal."""
    return plain(f"**{title(done.before.details)}** is removed. For 24 hours it can be brought back.", rows)


def bygone(one: Bygone) -> str:
    """Write a change that can be undone as a choice, where Discord reads no markdown."""
    return shortened(f"{one.change} {one.at:%H:%M} UTC · {one.title}", MAX_LABEL)

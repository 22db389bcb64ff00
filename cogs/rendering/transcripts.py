"""What is known of one transcript, and what becomes of it."""

from collections.abc import Sequence

import discord

from cogs.locales import gettext, ngettext
from cogs.locales.speaking import language_named, series
from cogs.rendering import corrections
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
from store.models import Bygone, Change, Entry, Known
from store.text.wording import clock

MAX_CHAPTERS = 12
MAX_OPENING = 160  # characters of each of the first cues
MAX_SPEAKERS = 12


def known(found: Known) -> discord.ui.LayoutView:
    """Return what is known of a transcript: details, sizes, first lines, chapters, who ingested it and when."""
    entry, details = found.entry, found.entry.details
    length = duration(entry.duration_ms) if details.timed else gettext("no times")
    lines = [
        f"### {title(details)}",
        " · ".join([length, *_sizes(entry), *byline(details)]),
        gettext("Link: {url}", url=f"<{details.url}>") if details.url else gettext("No link."),
        _language(entry),
        *([gettext("Tags: {tags}", tags=series(fitted(tag, 40) for tag in details.tags))] if details.tags else []),
        _ingested(entry),
    ]
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay("\n".join(lines))]
    if entry.speakers:
        items.append(discord.ui.TextDisplay(_speakers(found)))
    if details.chapters:
        chapters = [f"- {clock(start)} {fitted(name, 80)}" for start, name in details.chapters[:MAX_CHAPTERS]]
        left = len(details.chapters) - MAX_CHAPTERS
        chapters += [ngettext("- and {n} more", "- and {n} more", left)] if left > 0 else []
        items.append(discord.ui.TextDisplay("\n".join([gettext("Chapters:"), *chapters])))
    opening = []
    for cue in found.opening:
        time = f"{moment_link(details, cue.start_ms)} " if details.timed else ""
        speaker = f"*{fitted(cue.speaker, 40)}:* " if cue.speaker else ""
        opening.append(f"> {time}{speaker}{fitted(cue.text, MAX_OPENING)}")
    items.append(discord.ui.TextDisplay("\n".join([gettext("It begins:"), *opening])))
    if said := corrections.counted(found.waiting, found.corrected):
        items.append(discord.ui.TextDisplay(f"-# {said}"))
    if found.undo:
        undo = series(_changed(one.change, f"<t:{int(one.at.timestamp())}:R>") for one in found.undo[:5])
        said = gettext("-# Can be undone with `/transcript restore`: {changes}", changes=undo)
        items.append(discord.ui.TextDisplay(said))
    return contained(*items)


def named(speakers: Sequence[str]) -> str:
    """Write speakers' names."""
    return series(fitted(name, 40) for name in speakers)


def _speakers(found: Known) -> str:
    """Say who speaks, and in how many cues they are named."""
    speakers = found.entry.speakers
    names = named(speakers[:MAX_SPEAKERS])
    if (left := len(speakers) - MAX_SPEAKERS) > 0:
        return ngettext(
            "Speakers: {names} and {left} more; they are named in {n} cue.",
            "Speakers: {names} and {left} more; they are named in {n} cues.",
            found.spoken_cues,
            names=names,
            left=left,
        )
    return ngettext(
        "Speakers: {names}; they are named in {n} cue.",
        "Speakers: {names}; they are named in {n} cues.",
        found.spoken_cues,
        names=names,
    )


def _language(entry: Entry) -> str:
    if not entry.spoken.code:
        return gettext("Language: not known.")
    return gettext("Language: {language}.", language=language_named(entry.spoken.code))


def _sizes(entry: Entry) -> list[str]:
    return [
        ngettext("{n} cue", "{n} cues", entry.cues),
        ngettext("{n} word", "{n} words", entry.words),
        ngettext("{n} passage", "{n} passages", entry.passages),
    ]


def _ingested(entry: Entry) -> str:
    when = f"<t:{int(entry.ingested_at.timestamp())}:f>"
    if not entry.ingested_by:
        return gettext("Ingested {when} · id {id}", when=when, id=entry.id)
    return gettext("Ingested {when} by {member} · id {id}", when=when, member=f"<@{entry.ingested_by}>", id=entry.id)


def _changed(change: Change, when: str) -> str:
    """Say what changed a transcript, and when."""
    match change:
        case Change.REPLACED:
            return gettext("replaced {when}", when=when)
        case Change.REMOVED:
            return gettext("removed {when}", when=when)
        case Change.EDITED:
            return gettext("edited {when}", when=when)
        case Change.MOVED:
            return gettext("moved {when}", when=when)
        case Change.SPOKEN:
            return gettext("set to another language {when}", when=when)


def removing(entry: Entry, rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Return the question whether to remove a transcript."""
    text = ngettext(
        "Remove **{title}** with its {n} cue? For 24 hours it can be brought back.",
        "Remove **{title}** with its {n} cues? For 24 hours it can be brought back.",
        entry.cues,
        title=title(entry.details),
    )
    return plain(text, rows)


def removed(done: Changed, rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Return the report of a removal."""
    name = title(done.before.details)
    return plain(gettext("**{title}** is removed. For 24 hours it can be brought back.", title=name), rows)


def bygone(one: Bygone) -> str:
    """Write a change that can be undone as a choice, where Discord reads no markdown."""
    return shortened(f"{_changed(one.change, f'{one.at:%H:%M} UTC')} · {one.title}", MAX_LABEL)

"""What an ingest did, and what became of a batch or a change, for the moderator."""

from collections import Counter
from collections.abc import Iterable, Sequence

import discord

from cogs.locales import gettext, ngettext, translated
from cogs.locales.speaking import clauses, language_named, number, run_on, series
from cogs.rendering.transcripts import named
from cogs.rendering.words import (
    Row,
    byline,
    contained,
    duration,
    fitted,
    plain,
    start_button,
    title,
)
from store.correcting import Changed
from store.errors import StoreError
from store.formats import others
from store.models import Bygone, Change, Entry, Ingested, Kept, Outcome, SpokenBy
from store.sentences import sentence

BY_RESTART = sentence("Stopped by a restart")
MAX_ODDITIES = 8
MAX_SPEAKERS = 8
MAX_OVER = 800  # characters that say which files aren't read
BAR = 20  # characters
FAILED = "failed"  # of what wasn't kept
ASKING = Outcome.ASKING.value
_HEADINGS = {
    Outcome.NEW: sentence("New transcript"),
    Outcome.REPLACED: sentence("Transcript replaced"),
    Outcome.UNCHANGED: sentence("Unchanged"),
    Outcome.ASKING: sentence("Replace this transcript?"),
}
_WHO = {
    SpokenBy.MODERATOR: sentence("as a moderator says"),
    SpokenBy.FILE: sentence("as its file says"),
    SpokenBy.TEXT: sentence("as its words tell"),
}


def ingested(
    done: Ingested, rows: Sequence[Row] = (), *, over: Sequence[str] = (), held: bool = False
) -> discord.ui.LayoutView:
    """Return the report of an ingest, with its buttons: what was understood, what changed, what was odd.

    What was passed `over` are the files in its archive that aren't read; an announcement that is `held` waits for a
    form.
    """
    entry = done.entry
    sizes = [
        *_length(entry),
        ngettext("{n} cue", "{n} cues", entry.cues),
        ngettext("{n} word", "{n} words", entry.words),
    ]
    lines = [
        f"**{title(entry.details)}**",
        " · ".join([*sizes, *byline(entry.details)]),
        _link(entry),
        _language(entry),
    ]
    if entry.speakers:
        lines.append(_speakers(entry))
    if entry.details.chapters:
        lines.append(gettext("Chapters: {n}.", n=number(len(entry.details.chapters))))
    if done.encoding:
        lines.append(
            gettext(
                "The file isn't UTF-8; it was read as {encoding}. If letters look wrong, save it as UTF-8.",
                encoding=done.encoding,
            )
        )
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [
        discord.ui.TextDisplay(f"### {translated(_HEADINGS[done.outcome])}"),
        _with_button(entry, "\n".join(lines)),
    ]
    if done.outcome is Outcome.UNCHANGED:
        same = gettext("This file says the same as the transcript here; nothing was changed.")
        items.append(discord.ui.TextDisplay(same))
    if done.outcome is Outcome.ASKING:
        items.append(discord.ui.TextDisplay(_whose(entry)))
    if done.changes:
        asking = done.outcome is Outcome.ASKING
        what = gettext("What would change:") if asking else gettext("What changed:")
        items.append(discord.ui.TextDisplay("\n".join([what, *_list(map(translated, done.changes))])))
    if done.oddities:
        odd = _list(translated(one.sentence) for one in done.oddities)
        items.append(discord.ui.TextDisplay("\n".join([gettext("Odd in the file:"), *odd])))
    if over:
        items.append(discord.ui.TextDisplay(_over(over)))
    if footer := _footer(done, held=held):
        items.append(discord.ui.TextDisplay(f"-# {run_on(*footer)}"))
    return contained(*items, *rows)


def _footer(done: Ingested, *, held: bool) -> list[str]:
    """Say as what a file was read, beside which others it is kept, and where it is announced."""
    footer = [gettext("Read as {format}.", format=translated(done.format))] if done.format else []
    if done.beside:
        languages = series(language_named(other.spoken.code) for other in done.beside)
        footer.append(gettext("Kept beside the same video's in {languages}.", languages=languages))
    if done.owed and held:
        footer.append(
            ngettext(
                "To be announced in {n} channel once the form is sent, or in 5 minutes.",
                "To be announced in {n} channels once the form is sent, or in 5 minutes.",
                done.owed,
            )
        )
    elif done.owed:
        footer.append(ngettext("Being announced in {n} channel.", "Being announced in {n} channels.", done.owed))
    return footer


def _speakers(entry: Entry) -> str:
    names = named(entry.speakers[:MAX_SPEAKERS])
    if (left := len(entry.speakers) - MAX_SPEAKERS) > 0:
        return ngettext("Speakers: {names} and {n} more.", "Speakers: {names} and {n} more.", left, names=names)
    return gettext("Speakers: {names}.", names=names)


def _link(entry: Entry) -> str:
    """Say where a transcript's quotes will link to."""
    if not entry.details.timed:
        return gettext("No times: quotes will have neither a time nor a link to one.")
    if entry.details.url:
        return gettext("Link: {url}", url=f"<{entry.details.url}>")
    return gettext("No link: quotes will show the time alone.")


def _whose(entry: Entry) -> str:
    if not entry.ingested_by:
        return gettext("It was ingested by someone else; nothing was changed yet.")
    return gettext("It was ingested by {member}; nothing was changed yet.", member=f"<@{entry.ingested_by}>")


def noted(name: str, became: Ingested | StoreError) -> Kept:
    """Return what became of a file of a batch, with what is odd about it, in the language of who sent the batch."""
    if isinstance(became, StoreError):
        return Kept(name, FAILED, translated(became))
    odd = [gettext("read as {encoding}", encoding=became.encoding)] if became.encoding else []
    odd += (translated(one.sentence) for one in became.oddities[:2])
    said = clauses(odd) if became.outcome is not Outcome.ASKING else ""
    onto = became.entry.details.title if became.outcome in {Outcome.REPLACED, Outcome.ASKING} else ""
    return Kept(name, became.outcome.value, said, onto)


def batch(
    names: Sequence[str],
    done: Sequence[Kept],
    rows: Sequence[Row] = (),
    *,
    over: Sequence[str] = (),
    stopped: str = "",
) -> discord.ui.LayoutView:
    """Return how far a batch has come: how many of how many, what failed and why; and at its end, what it replaced.

    One that was `stopped` says why, and which of its files are to be sent again; what was passed `over` are files in
    its archives that aren't read. Its buttons agree to what needs a yes; without them that is to be sent again too.
    """
    counts = Counter(kept.outcome for kept in done)
    left = names[len(done) :]
    state = ngettext("{done} of {n} file", "{done} of {n} files", len(names), done=number(len(done)))
    said = series(_counted(outcome, count) for outcome, count in counts.items())
    heading = fitted(stopped, 300) or (gettext("Ingesting") if left else gettext("Ingested"))
    lines = [f"### {heading} · {state}", *([said] if said else [])]
    failed = [_said(kept) for kept in done if kept.outcome == FAILED]
    if failed:
        lines += [gettext("Not kept:"), *_list(failed)]
    asking = [kept for kept in done if kept.outcome == ASKING]
    if asking and rows:
        another = gettext("Ingested by another moderator, and not changed yet:")
        lines += [another, *_bounded([_onto(kept) for kept in asking])]
    replaced = [kept for kept in done if kept.outcome == Outcome.REPLACED.value]
    if replaced and (stopped or not left):
        lines += [gettext("Replaced:"), *_bounded([_onto(kept) for kept in replaced]), _back(len(replaced))]
    if over and (stopped or not left):
        lines.append(_over(over))
    odd = [_said(kept) for kept in done if kept.outcome != FAILED and kept.said]
    if odd and not left:
        lines += [gettext("Odd:"), *_list(odd)]
    if stopped:
        kept_ones = [kept.name for kept in done if kept.outcome not in {FAILED, ASKING}]
        left = [*([] if rows else [kept.name for kept in asking]), *left]
        lines += [gettext("Kept:"), *_list(kept_ones)] if kept_ones else []
        lines += [gettext("Not ingested; send them again:"), *_list(left)] if left else []
    elif left:
        filled = BAR * len(done) // len(names)
        lines.append(f"`{'█' * filled}{'░' * (BAR - filled)}`")
    return contained(discord.ui.TextDisplay("\n".join(lines)), *rows)


def _counted(outcome: str, count: int) -> str:
    """Say of how many files of a batch something became."""
    match outcome:
        case Outcome.NEW.value:
            return ngettext("{n} new", "{n} new", count)
        case Outcome.REPLACED.value:
            return ngettext("{n} replaced", "{n} replaced", count)
        case Outcome.UNCHANGED.value:
            return ngettext("{n} unchanged", "{n} unchanged", count)
        case Outcome.ASKING.value:
            return ngettext("{n} needs your yes", "{n} need your yes", count)
    return ngettext("{n} failed", "{n} failed", count)


def _back(count: int) -> str:
    return ngettext(
        "`/transcript restore` brings it back for 24 hours.",
        "`/transcript restore` brings any of them back for 24 hours.",
        count,
    )


def _onto(kept: Kept) -> str:
    """Write which transcript a file replaces."""
    return f"{fitted(kept.name, 95)} → **{fitted(kept.title, 95)}**"


def _over(names: Sequence[str]) -> str:
    return fitted(translated(told), MAX_OVER) if (told := others.told(names)) else ""


def _said(kept: Kept) -> str:
    """Return what is said of a file, with its name in front, unless the sentence begins with it."""
    return kept.said if kept.said.startswith(kept.name) else f"{kept.name}: {kept.said}"


def changed(done: Changed, rows: Sequence[Row] = ()) -> discord.ui.LayoutView:
    """Return the report of a change to a transcript, with its buttons."""
    name = f"**{title(done.after.details)}**"
    if not done.changes:
        return plain(gettext("{title}: nothing was changed.", title=name))
    what = [name, gettext("What changed:"), *_list(map(translated, done.changes))]
    return contained(discord.ui.TextDisplay("\n".join(what)), *rows)


def undone(bygone: Bygone, entry: Entry) -> discord.ui.LayoutView:
    """Return what an undo brought back."""
    return plain(_undone(bygone.change, title(entry.details)))


def _undone(change: Change, name: str) -> str:
    match change:
        case Change.REPLACED:
            return gettext("**{title}** is as it was before it was replaced.", title=name)
        case Change.REMOVED:
            return gettext("**{title}** is as it was before it was removed.", title=name)
        case Change.EDITED:
            return gettext("**{title}** is as it was before it was edited.", title=name)
        case Change.MOVED:
            return gettext("**{title}** is as it was before it was moved.", title=name)
        case Change.SPOKEN:
            return gettext("**{title}** is as it was before it was set to another language.", title=name)


def language(done: Changed, rows: Sequence[Row] = ()) -> discord.ui.LayoutView:
    """Return the report of a transcript's language, as it was and as it is now, with its buttons."""
    said = {
        "title": title(done.after.details),
        "language": _searched_as(done.after),
        "who": translated(_WHO[done.after.spoken.by]),
    }
    if done.undo is None:
        return plain(gettext("**{title}** is searched as {language}, {who}; nothing was changed.", **said))
    if done.before.spoken.code == done.after.spoken.code:
        return plain(gettext("**{title}** is searched as {language} now, {who}.", **said), rows)
    said["before"] = _searched_as(done.before)
    return plain(gettext("**{title}** is searched as {language} now, {who}; before, it was {before}.", **said), rows)


def _searched_as(entry: Entry) -> str:
    return language_named(entry.spoken.code) if entry.spoken.code else gettext("one whose language isn't known")


def _language(entry: Entry) -> str:
    """Say what language a transcript is in, who says so, and what to do where that is wrong."""
    if not entry.spoken.code:
        return gettext("Language: not known, for its words are too few to tell; `/transcript language` sets it.")
    said = {"language": language_named(entry.spoken.code), "who": translated(_WHO[entry.spoken.by])}
    if entry.spoken.by is SpokenBy.MODERATOR:
        return gettext("Language: {language}, {who}.", **said)
    return gettext("Language: {language}, {who}; if it is another, `/transcript language` sets it.", **said)


def _length(entry: Entry) -> list[str]:
    return [duration(entry.duration_ms)] if entry.details.timed else []


def _with_button(entry: Entry, text: str) -> discord.ui.Item[discord.ui.LayoutView]:
    display = discord.ui.TextDisplay[discord.ui.LayoutView](text)
    button = start_button(entry)
    return discord.ui.Section(display, accessory=button) if button else display


def _list(texts: Iterable[str]) -> list[str]:
    return _bounded([fitted(text, 200) for text in texts])


def _bounded(texts: Sequence[str]) -> list[str]:
    every = [f"- {text}" for text in texts]
    more = len(every) - MAX_ODDITIES
    return [*every[:MAX_ODDITIES], *([ngettext("- and {n} more", "- and {n} more", more)] if more > 0 else [])]

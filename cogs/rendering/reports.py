"""What an ingest did, and what became of a batch or a change, for the moderator."""

from collections import Counter
from collections.abc import Iterable, Sequence

import discord

from cogs.locales import translated
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
from store.models import Bygone, Entry, Ingested, Kept, Outcome, SpokenBy
from store.text.languages import named
from store.text.wording import many

BY_RESTART = "Stopped by a restart"
MAX_ODDITIES = 8
MAX_SPEAKERS = 8
MAX_OVER = 800  # characters that say which files aren't read
BAR = 20  # characters
FAILED = "failed"  # of what wasn't kept
ASKING = Outcome.ASKING.value
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


def ingested(
    done: Ingested, rows: Sequence[Row] = (), *, over: Sequence[str] = (), held: bool = False
) -> discord.ui.LayoutView:
    """Return the report of an ingest, with its buttons: what was understood, what changed, what was odd.

    What was passed `over` are the files in its archive that aren't read; an announcement that is `held` waits for a
    form.
    """
    entry = done.entry
    link = f"Link: <{entry.details.url}>" if entry.details.url else "No link: quotes will show the time alone."
    if not entry.details.timed:
        link = "No times: quotes will have neither a time nor a link to one."
    sizes = [*_length(entry), many(entry.cues, "cue"), many(entry.words, "word")]
    lines = [f"**{title(entry.details)}**", " · ".join([*sizes, *byline(entry.details)]), link, _language(entry)]
    if entry.speakers:
        names = ", ".join(fitted(name, 40) for name in entry.speakers[:MAX_SPEAKERS])
        more = f" and {len(entry.speakers) - MAX_SPEAKERS} more" if len(entry.speakers) > MAX_SPEAKERS else ""
        lines.append(f"Speakers: {names}{more}.")
    if entry.details.chapters:
        lines.append(f"Chapters: {len(entry.details.chapters)}.")
    if done.encoding:
        lines.append(f"The file isn't UTF-8; it was read as {done.encoding}. If letters look wrong, save it as UTF-8.")
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [
        discord.ui.TextDisplay(f"### {_HEADINGS[done.outcome]}"),
        _with_button(entry, "\n".join(lines)),
    ]
    if done.outcome is Outcome.UNCHANGED:
        items.append(discord.ui.TextDisplay("This file says the same as the transcript here; nothing was changed."))
    if done.outcome is Outcome.ASKING:
        who = f"<@{entry.ingested_by}>" if entry.ingested_by else "someone else"
        items.append(discord.ui.TextDisplay(f"It was ingested by {who}; nothing was changed yet."))
    if done.changes:
        what = "What would change:" if done.outcome is Outcome.ASKING else "What changed:"
        items.append(discord.ui.TextDisplay("\n".join([what, *_list(map(translated, done.changes))])))
    if done.oddities:
        items.append(
            discord.ui.TextDisplay(
                "\n".join(["Odd in the file:", *_list(translated(odd.sentence) for odd in done.oddities)])
            )
        )
    if over:
        items.append(discord.ui.TextDisplay(_over(over)))
    footer = [f"Read as {translated(done.format)}."] if done.format else []
    if done.beside:
        languages = ", ".join(named(other.spoken.code) for other in done.beside)
        footer.append(f"Kept beside the same video's in {languages}.")
    if done.owed:
        when = "To be announced in {} once the form is sent, or in 5 minutes." if held else "Being announced in {}."
        footer.append(when.format(many(done.owed, "channel")))
    if footer:
        items.append(discord.ui.TextDisplay(f"-# {' '.join(footer)}"))
    return contained(*items, *rows)


def noted(name: str, became: Ingested | StoreError) -> Kept:
    """Return what became of a file of a batch, with what is odd about it."""
    if isinstance(became, StoreError):
        return Kept(name, FAILED, translated(became))
    odd = [f"read as {became.encoding}"] if became.encoding else []
    said = (
        "; ".join([*odd, *(translated(one.sentence) for one in became.oddities[:2])])
        if became.outcome is not Outcome.ASKING
        else ""
    )
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
    state = f"{len(done)} of {many(len(names), 'file')}"
    said = ", ".join(f"{count} {_yes(count) if outcome == ASKING else outcome}" for outcome, count in counts.items())
    heading = fitted(stopped, 300) or ("Ingesting" if left else "Ingested")
    lines = [f"### {heading} · {state}", *([said] if said else [])]
    failed = [_said(kept) for kept in done if kept.outcome == FAILED]
    if failed:
        lines += ["Not kept:", *_list(failed)]
    asking = [kept for kept in done if kept.outcome == ASKING]
    if asking and rows:
        lines += ["Ingested by another moderator, and not changed yet:", *_bounded([_onto(kept) for kept in asking])]
    replaced = [kept for kept in done if kept.outcome == Outcome.REPLACED.value]
    if replaced and (stopped or not left):
        which = "it" if len(replaced) == 1 else "any of them"
        onto = [_onto(kept) for kept in replaced]
        lines += ["Replaced:", *_bounded(onto), f"`/transcript restore` brings {which} back for 24 hours."]
    if over and (stopped or not left):
        lines.append(_over(over))
    odd = [_said(kept) for kept in done if kept.outcome != FAILED and kept.said]
    if odd and not left:
        lines += ["Odd:", *_list(odd)]
    if stopped:
        kept_ones = [kept.name for kept in done if kept.outcome not in {FAILED, ASKING}]
        left = [*([] if rows else [kept.name for kept in asking]), *left]
        lines += ["Kept:", *_list(kept_ones)] if kept_ones else []
        lines += ["Not ingested; send them again:", *_list(left)] if left else []
    elif left:
        filled = BAR * len(done) // len(names)
        lines.append(f"`{'█' * filled}{'░' * (BAR - filled)}`")
    return contained(discord.ui.TextDisplay("\n".join(lines)), *rows)


def _yes(count: int) -> str:
    return "needs your yes" if count == 1 else "need your yes"


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
        return plain(f"{name}: nothing was changed.")
    return contained(
        discord.ui.TextDisplay("\n".join([name, "What changed:", *_list(map(translated, done.changes))])), *rows
    )


def undone(bygone: Bygone, entry: Entry) -> discord.ui.LayoutView:
    """Return what an undo brought back."""
    return plain(f"**{title(entry.details)}** is as it was before it was {bygone.change}.")


def language(done: Changed, rows: Sequence[Row] = ()) -> discord.ui.LayoutView:
    """Return the report of a transcript's language, as it was and as it is now, with its buttons."""
    name, who = f"**{title(done.after.details)}**", _WHO[done.after.spoken.by]
    if done.undo is None:
        return plain(f"{name} is searched as {_named(done.after)}, {who}; nothing was changed.")
    was = f"; before, it was {_named(done.before)}" if done.before.spoken.code != done.after.spoken.code else ""
    return plain(f"{name} is searched as {_named(done.after)} now, {who}{was}.", rows)


def _named(entry: Entry) -> str:
    return named(entry.spoken.code) if entry.spoken.code else "one whose language isn't known"


def _language(entry: Entry) -> str:
    """Say what language a transcript is in, who says so, and what to do where that is wrong."""
    if not entry.spoken.code:
        return "Language: not known, for its words are too few to tell; `/transcript language` sets it."
    wrong = "" if entry.spoken.by is SpokenBy.MODERATOR else "; if it is another, `/transcript language` sets it"
    return f"Language: {named(entry.spoken.code)}, {_WHO[entry.spoken.by]}{wrong}."


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
    return [*every[:MAX_ODDITIES], *([f"- and {more} more"] if more > 0 else [])]

"""A server's glossary: its list, which goes on in a file where a message is too short, and what a change means."""

import io

import discord

from cogs.locales import gettext, ngettext, translated
from cogs.locales.speaking import quoted, series
from cogs.rendering.words import MAX_TEXT, code, contained, escaped, plain, shortened
from store.models import Spelling
from store.sentences import sentence

FILE = "glossary.txt"
MAX_SUGGESTED = 6  # spellings of a name
_FOOT = 150  # characters kept for the heading and for what is below the list
_EMPTY = sentence(
    "The glossary is still empty. If the transcripts write a name as it was misheard, tell me so: after "
    "`/glossary add term: CoreWeave heard_as: cor weave, Corby` a question with “CoreWeave” finds these spellings "
    "too. The transcripts themselves stay as they are."
)


def listing(found: tuple[Spelling, ...]) -> tuple[discord.ui.LayoutView, list[discord.File]]:
    """Return the glossary as a message, with a file of the whole of it where it doesn't fit."""
    if not found:
        return plain(translated(_EMPTY)), []
    lines: list[str] = []
    room = MAX_TEXT - _FOOT
    for entry in found:
        line = gettext("- **{term}**: {spellings}", term=_term(entry), spellings=_quoted(entry.heard_as))
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    counts = series(
        [
            ngettext("{n} term", "{n} terms", len(found)),
            ngettext("{n} spelling", "{n} spellings", sum(len(entry.heard_as) for entry in found)),
        ]
    )
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [
        discord.ui.TextDisplay(gettext("### Glossary")),
        discord.ui.TextDisplay("\n".join(lines)),
    ]
    if len(lines) == len(found):
        footer = gettext("-# {counts} · a question with a term finds its spellings too", counts=counts)
        return contained(*items, discord.ui.TextDisplay(footer)), []
    footer = ngettext(
        "-# {counts} · the first {n} above, all in the file",
        "-# {counts} · the first {n} above, all in the file",
        len(lines),
        counts=counts,
    )
    whole = "".join(f"{entry.term}: {', '.join(entry.heard_as)}\n" for entry in found).encode()
    file = discord.File(io.BytesIO(whole), FILE)
    return contained(*items, discord.ui.TextDisplay(footer), discord.ui.File(file)), [file]


def suggestions(found: tuple[Spelling, ...], term: str | None) -> discord.ui.LayoutView:
    """Return what was found that names may be heard as, each with the command that keeps it."""
    if not found and term is None:
        return plain(
            gettext("I found no name that seems misheard. Name one with `/glossary suggest term: …`."),
        )
    if not found:
        return plain(
            gettext(
                "I found nothing in this library that sounds like “{term}” and isn't spelled so. "
                "Name another with `/glossary suggest term: …`.",
                term=escaped(shortened(term or "", 80), line_start=False),
            )
        )
    lines = []
    for entry in found:
        kept = Spelling(entry.term, entry.heard_as[:MAX_SUGGESTED])
        said = gettext("- **{term}** may be heard as {spellings}", term=_term(kept), spellings=_quoted(kept.heard_as))
        lines.append(f"{said}\n  {_command(kept)}")
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(line) + len(shown) > MAX_TEXT - _FOOT:
            break
        shown.append(line)
    left = len(lines) - len(shown)
    footer = gettext("-# Keep what is right with the command below it; leave out what isn't.")
    if left:
        footer = ngettext(
            "-# Keep what is right with the command below it; leave out what isn't · {n} more once these are kept.",
            "-# Keep what is right with the command below it; leave out what isn't · {n} more once these are kept.",
            left,
        )
    return contained(
        discord.ui.TextDisplay(gettext("### Perhaps misheard")),
        discord.ui.TextDisplay("\n".join(shown)),
        discord.ui.TextDisplay(footer),
    )


def added(entry: Spelling, new: tuple[str, ...]) -> discord.ui.LayoutView:
    """Return what a term is heard as after an addition, how many of its spellings are new, and what that means."""
    lines = [
        gettext("**{term}** is also heard as {spellings}.", term=_term(entry), spellings=_quoted(entry.heard_as)),
        ngettext(
            "A question with **{term}** finds this spelling too; the transcripts themselves stay as they are.",
            "A question with **{term}** finds these spellings too; the transcripts themselves stay as they are.",
            len(entry.heard_as),
            term=_term(entry),
        ),
    ]
    if not new:
        lines.append(gettext("-# Nothing is new: the glossary said so already."))
    elif (before := len(entry.heard_as) - len(new)) > 0:
        lines.append(gettext("-# {new} new, {before} from before.", new=len(new), before=before))
    return plain("\n".join(lines))


def removed(gone: Spelling) -> discord.ui.LayoutView:
    """Return what a term is no longer heard as, and the command that brings it back."""
    if len(gone.heard_as) == 1:
        said = gettext(
            "**{term}** is no longer heard as {spelling}. This brings it back:",
            term=_term(gone),
            spelling=_quoted(gone.heard_as),
        )
    else:
        said = ngettext(
            "**{term}** is no longer heard as the {n} spellings below. This brings them back:",
            "**{term}** is no longer heard as the {n} spellings below. This brings them back:",
            len(gone.heard_as),
            term=_term(gone),
        )
    return plain(f"{said}\n{_command(gone)}")


def _command(entry: Spelling) -> str:
    """Write the command that keeps spellings."""
    heard = ", ".join(entry.heard_as)
    return code(gettext("/glossary add term: {term} heard_as: {spellings}", term=entry.term, spellings=heard))


def _term(entry: Spelling) -> str:
    return escaped(entry.term, line_start=False)


def _quoted(spellings: tuple[str, ...]) -> str:
    return series(quoted(escaped(spelling, line_start=False)) for spelling in spellings)

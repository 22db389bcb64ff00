"""A server's glossary: its list, which goes on in a file where a message is too short, and what a change means."""

import io

import discord

from cogs.rendering.words import MAX_TEXT, code, contained, escaped, plain, shortened
from store.models import Spelling
from store.text.wording import many

FILE = "glossary.txt"
MAX_SUGGESTED = 6  # spellings of a name
_FOOT = 150  # characters kept for the heading and for what is below the list
_EMPTY = (
    "The glossary is still empty. If the transcripts write a name as it was misheard, tell me so: after "
    "`/glossary add term: CoreWeave heard_as: cor weave, Corby` a question with “CoreWeave” finds these spellings "
    "too. The transcripts themselves stay as they are."
)


def listing(found: tuple[Spelling, ...]) -> tuple[discord.ui.LayoutView, list[discord.File]]:
    """Return the glossary as a message, with a file of the whole of it where it doesn't fit."""
    if not found:
        return plain(_EMPTY), []
    lines: list[str] = []
    room = MAX_TEXT - _FOOT
    for entry in found:
        line = f"- **{escaped(entry.term, line_start=False)}**: {_quoted(entry.heard_as)}"
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    spellings = sum(len(entry.heard_as) for entry in found)
    footer = f"-# {many(len(found), 'term')}, {many(spellings, 'spelling')}"
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [
        discord.ui.TextDisplay("### Glossary"),
        discord.ui.TextDisplay("\n".join(lines)),
    ]
    if len(lines) == len(found):
        footer += " · a question with a term finds its spellings too"
        return contained(*items, discord.ui.TextDisplay(footer)), []
    footer += f" · the first {len(lines):,} above, all in the file"
    whole = "".join(f"{entry.term}: {', '.join(entry.heard_as)}\n" for entry in found).encode()
    file = discord.File(io.BytesIO(whole), FILE)
    return contained(*items, discord.ui.TextDisplay(footer), discord.ui.File(file)), [file]


def suggestions(found: tuple[Spelling, ...], term: str | None) -> discord.ui.LayoutView:
    """Return what was found that names may be heard as, each with the command that keeps it."""
    if not found and term is None:
        return plain("I found no name that seems misheard. Name one with `/glossary suggest term: …`.")
    if not found:
        name = escaped(shortened(term or "", 80), line_start=False)
        return plain(
            f"I found nothing in this library that sounds like “{name}” and isn't spelled so. "
            "Name another with `/glossary suggest term: …`."
        )
    lines = []
    for entry in found:
        spellings = entry.heard_as[:MAX_SUGGESTED]
        command = f"/glossary add term: {entry.term} heard_as: {', '.join(spellings)}"
        named = escaped(entry.term, line_start=False)
        lines.append(f"- **{named}** may be heard as {_quoted(spellings)}\n  {code(command)}")
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(line) + len(shown) > MAX_TEXT - _FOOT:
            break
        shown.append(line)
    left = f" · {len(lines) - len(shown)} more once these are kept" if len(shown) < len(lines) else ""
    return contained(
        discord.ui.TextDisplay("### Perhaps misheard"),
        discord.ui.TextDisplay("\n".join(shown)),
        discord.ui.TextDisplay(f"-# Keep what is right with the command below it; leave out what isn't{left}."),
    )


def added(entry: Spelling, new: tuple[str, ...]) -> discord.ui.LayoutView:
    """Return what a term is heard as after an addition, how many of its spellings are new, and what that means."""
    term = f"**{escaped(entry.term, line_start=False)}**"
    these = "this spelling" if len(entry.heard_as) == 1 else "these spellings"
    lines = [
        f"{term} is also heard as {_quoted(entry.heard_as)}.",
        f"A question with {term} finds {these} too; the transcripts themselves stay as they are.",
    ]
    if not new:
        lines.append("-# Nothing is new: the glossary said so already.")
    elif len(new) < len(entry.heard_as):
        lines.append(f"-# {len(new)} new, {len(entry.heard_as) - len(new)} from before.")
    return plain("\n".join(lines))


def removed(gone: Spelling) -> discord.ui.LayoutView:
    """Return what a term is no longer heard as, and the command that brings it back."""
    term = f"**{escaped(gone.term, line_start=False)}**"
    one = len(gone.heard_as) == 1
    spellings = _quoted(gone.heard_as) if one else f"the {len(gone.heard_as)} spellings below"
    command = f"/glossary add term: {gone.term} heard_as: {', '.join(gone.heard_as)}"
    return plain(
        f"{term} is no longer heard as {spellings}. This brings {'it' if one else 'them'} back:\n{code(command)}"
    )


def _quoted(spellings: tuple[str, ...]) -> str:
    return ", ".join(f"“{escaped(spelling, line_start=False)}”" for spelling in spellings)

"""What was really said: beside a quote, in the form that proposes it, and before the moderators who decide.

A quote stays as its file says it, so what is corrected of it stands below, marked as a correction. Moderators see both
in one line, what goes struck through and what comes in bold.
"""

from collections.abc import Sequence

import discord

from cogs.locales import gettext, ngettext
from cogs.locales.speaking import quoted, series
from cogs.rendering.words import (
    MAX_LABEL,
    Item,
    Row,
    contained,
    escaped,
    fitted,
    isolated,
    moment_link,
    plain,
    shortened,
    title_link,
)
from store.models import Caption, Correctable, Correction, CorrectionsPage, Listed, Quote, Verdict
from store.text.differing import runs
from store.text.wording import clock

MAX_NOTES = 3  # beside a quote
MAX_WORDS = 60  # characters of what is corrected, and of what it is corrected to, beside a quote
MAX_FORM = 4000  # characters of a form's field
MAX_OPTION = 100  # characters of an option of a menu
MAX_OPTIONS = 25
ROOM = 3000  # characters of what is corrected, in a message
CONTEXT = 80  # characters around what is corrected
PAGE_SIZE = 5
MAX_NAME = 40  # characters: a longer run is a sentence, not a name
MARK = "✎"
_EDGES = " ,.;:!?…“”\"'()、。「」"

Shown = discord.ui.Item[discord.ui.LayoutView]


def note(quote: Quote, start: int, stop: int) -> str:
    """Return the line below the words of a quote from `start` to `stop`: what of them was really said otherwise."""
    said = [
        (quote.text[one.start : one.end], one.text) for one in quote.correct if one.start < stop and one.end > start
    ]
    return f"\n> -# {line}" if (line := really(said)) else ""


def really(correct: Sequence[tuple[str, str]]) -> str:
    """Write what was really said in place of words: `✎ corrected: “cor weave” → CoreWeave`."""
    if not correct:
        return ""
    every = [
        f"{quoted(fitted(was, MAX_WORDS)) if was else '…'} → {f'**{fitted(now, MAX_WORDS)}**' if now else '…'}"
        for was, now in correct[:MAX_NOTES]
    ]
    if (left := len(correct) - MAX_NOTES) > 0:
        every.append(ngettext("{n} more", "{n} more", left))
    return gettext("{mark} corrected: {corrections}", mark=MARK, corrections=series(every))


def prefilled(found: Correctable) -> tuple[Correctable, str]:
    """Return the cues that fit into a form's field, and the field: a line a cue; of too long ones nothing."""
    lines: list[str] = []
    for read in found.read:
        line = " ".join(read.split())
        if sum(map(len, lines)) + len(lines) + len(line) > MAX_FORM:
            break
        lines.append(line)
    return Correctable(found.entry, found.cues[: len(lines)], found.read[: len(lines)]), "\n".join(lines)


def options(found: Sequence[tuple[str, Correctable]]) -> list[discord.SelectOption]:
    """Return a menu's options for quotes, each with its value."""
    return [
        discord.SelectOption(
            label=fitted(" ".join(one.read), MAX_OPTION, literal=True) or "…",
            value=value,
            description=shortened(f"{clock(one.cues[0][1].start_ms)} · {one.entry.details.title}", MAX_OPTION),
        )
        for value, one in found[:MAX_OPTIONS]
    ]


def choosing(rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Return the question which of an answer's quotes is wrong."""
    return plain(gettext("Which of these quotes isn't what was said?"), rows)


def thanks(*, new: bool) -> discord.ui.LayoutView:
    """Return the reply to a member who has proposed something."""
    if new:
        return plain(
            gettext(
                "Thank you! A moderator will look at it. If it is approved, the passage is found by these words too, "
                "and says that it was corrected; what the file says stays."
            )
        )
    return plain(gettext("Thank you! The same was reported before; a moderator will look at it."))


def review(found: Correction, rows: Sequence[Row] = ()) -> discord.ui.LayoutView:
    """Return a correction as a moderator decides it."""
    title = title_link(found.entry.details) if found.entry else f"**{fitted(found.title, MAX_OPTION)}**"
    by = f"<@{found.proposed_by}>" if found.proposed_by else gettext("a member")
    reported = gettext("reported by {member} {when}", member=by, when=f"<t:{int(found.proposed_at.timestamp())}:R>")
    heading = gettext("### {mark} Correction", mark=MARK)
    items: list[Shown] = [discord.ui.TextDisplay(f"{heading}\n{title}\n-# {reported}")]
    room = ROOM // len(found.captions)
    items.append(discord.ui.TextDisplay("\n".join(f"> {_caption(found, one, room)}" for one in found.captions)))
    items += [discord.ui.TextDisplay("\n".join(_fate(found))), *rows]
    return contained(*items)


def listing(page: CorrectionsPage, buttons: Sequence[Item], turning: Row | None) -> discord.ui.LayoutView:
    """Return a page of corrections, each with its button, and the buttons that turn it."""
    heading = {
        Listed.WAITING: gettext("### Corrections that wait"),
        Listed.APPROVED: gettext("### Approved corrections"),
        Listed.DETACHED: gettext("### Corrections whose passage is gone"),
        Listed.REJECTED: gettext("### Rejected corrections"),
        Listed.REMOVED: gettext("### Corrections that were taken back"),
    }[page.which]
    if not page.total:
        nothing = gettext("There are none.")
        more = gettext(
            "Members report what was misheard by **Report** below what **Around** opens, or in the menu of an answer; "
            "`/corrections show:` lists those that were decided."
        )
        return plain(f"{heading}\n{nothing}\n-# {more}")
    items: list[Shown] = [discord.ui.TextDisplay(heading)]
    for one, button in zip(page.found, buttons, strict=True):
        title = title_link(one.entry.details) if one.entry else f"**{fitted(one.title, MAX_OPTION)}**"
        said = _caption(one, one.captions[0], ROOM // PAGE_SIZE)
        if (left := len(one.captions) - 1) > 0:
            more = ngettext("and {n} caption more", "and {n} captions more", left)
            said = f"{said}\n> -# {more}"
        text = discord.ui.TextDisplay[discord.ui.LayoutView](f"{title}\n> {said}")
        items.append(discord.ui.Section(text, accessory=button))  # type: ignore[arg-type]  # dynamic: of any view
    footer = ngettext(
        "-# {n} correction · page {page} of {pages}",
        "-# {n} corrections · page {page} of {pages}",
        page.total,
        page=page.offset // PAGE_SIZE + 1,
        pages=-(-page.total // PAGE_SIZE),
    )
    items.append(discord.ui.TextDisplay(footer))
    return contained(*items, *([turning] if turning else []))


def counted(waiting: int, approved: int) -> str:
    """Say how many corrections of a transcript wait and stand; nothing where there are none."""
    said = []
    if waiting:
        said.append(ngettext("{n} correction waits: `/corrections`", "{n} corrections wait: `/corrections`", waiting))
    if approved:
        said.append(ngettext("{n} correction is approved", "{n} corrections are approved", approved))
    return " · ".join(said)


def spelling(found: Correction) -> tuple[str, str] | None:
    """Return a name that was misheard and what it was heard as, where a correction is of one: for the glossary."""
    for caption in found.captions:
        for run in runs(caption.was, caption.now) if caption.stands else ():
            term, heard = run.text.strip(_EDGES), caption.was[run.start : run.end].strip(_EDGES)
            if term and heard and max(len(term), len(heard)) <= MAX_NAME and _is_name(term):
                return term, heard
    return None


def spelling_label(term: str) -> str:
    """Return what stands on the button that adds a name to the glossary."""
    return shortened(gettext("Also in the glossary: {term}", term=term), MAX_LABEL)


def _is_name(term: str) -> bool:
    """Whether words are written as a name is: with a capital or a digit, or not in letters that have small ones."""
    return any(letter.isupper() or letter.isdigit() or not letter.islower() for letter in term if letter.isalnum())


def _caption(found: Correction, one: Caption, room: int) -> str:
    """Return a caption as it is and should be, in so many characters, with its time."""
    timed = found.entry is not None and found.entry.details.timed
    lead = f"{moment_link(found.entry.details, one.start_ms)} " if timed and found.entry else ""
    for context in (CONTEXT, 20, 0):
        if len(lead) + len(said := _difference(one, context)) <= room:
            return f"{lead}{said}"
    half = max(20, (room - len(lead)) // 2 - 10)
    return f"{lead}~~{fitted(one.was, half) or '…'}~~ **{fitted(one.now, half) or '…'}**"


def _difference(one: Caption, context: int) -> str:
    """Write what goes struck through and what comes in bold, with so many characters around."""
    written, at = [], 0
    found = runs(one.was, one.now)
    for run in found:
        written.append(_between(one.was[at : run.start], context, first=not at, last=False))
        if run.start < run.end:
            written.append(f"~~{_plain(one.was[run.start : run.end])}~~ ")
        written.append(f"**{_plain(run.text)}**" if run.text else "")
        at = run.end
    written.append(_between(one.was[at:], context, first=False, last=True))
    return "".join(written).strip()


def _between(text: str, context: int, *, first: bool, last: bool) -> str:
    """Write what is the same, without what is far from what differs."""
    if first and len(text) > context:
        return f"…{_plain(text[len(text) - context :])}"
    if last and len(text) > context:
        return f"{_plain(text[:context])}…"
    if not (first or last) and len(text) > 2 * context + 1:
        return f"{_plain(text[:context])}…{_plain(text[len(text) - context :])}"
    return _plain(text)


def _plain(text: str) -> str:
    return isolated(escaped(" ".join(text.split()) if "\n" in text else text, line_start=False))


def _fate(found: Correction) -> list[str]:
    """Say what became of a correction, and what it lacks."""
    lines = []
    if found.entry is None:
        lines.append(gettext("The transcript is gone."))
    elif found.detached:
        lines.append(gettext("The transcript no longer says that."))
    who, when = f"<@{found.decided_by}>", f"<t:{int(found.decided_at.timestamp())}:f>" if found.decided_at else ""
    if found.decided_by is None:
        who = gettext("a moderator")
    match found.state:
        case Verdict.WAITING:
            lines.append(
                gettext("-# **Approve** marks and indexes it beside what the file says; **Edit** approves other words.")
            )
        case Verdict.REJECTED:
            lines.append(gettext("Rejected by {moderator}, {when}.", moderator=who, when=when))
        case _:
            lines.append(gettext("Approved by {moderator}, {when}.", moderator=who, when=when))
    if found.state is Verdict.REMOVED and found.removed_at is not None:
        lines.append(
            gettext(
                "Taken back by {moderator}, {when}.",
                moderator=f"<@{found.removed_by}>" if found.removed_by else gettext("a moderator"),
                when=f"<t:{int(found.removed_at.timestamp())}:f>",
            )
        )
    return lines

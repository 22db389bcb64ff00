"""What is kept about a member of a server, shown to them alone; and what is left once it is erased."""

from collections.abc import Callable, Mapping, Sequence

import discord

from cogs.locales import gettext, ngettext
from cogs.rendering.words import Row, contained, plain

# By the names by which the store tells of it (`store.holdings.tables`): what is the member's own, and then what is the
# server's, with the member's id beside it.
OWN: dict[str, Callable[[int], str]] = {
    "alerts": lambda n: ngettext(
        "{n} alert, with the words that it waits for", "{n} alerts, with the words that they wait for", n
    ),
    "questions": lambda n: ngettext(
        "{n} question of the last 30 days, for the buttons under its answer",
        "{n} questions of the last 30 days, for the buttons under their answers",
        n,
    ),
    "votes": lambda n: ngettext(
        "{n} vote on an answer, with what you wrote of it", "{n} votes on answers, with what you wrote of them", n
    ),
}
BESIDE: dict[str, Callable[[int], str]] = {
    "transcripts": lambda n: ngettext("{n} transcript that you ingested", "{n} transcripts that you ingested", n),
    "batches": lambda n: ngettext("{n} batch of files that you ingested", "{n} batches of files that you ingested", n),
    "changes": lambda n: ngettext(
        "{n} change of a transcript that can still be undone", "{n} changes of transcripts that can still be undone", n
    ),
    "subscriptions": lambda n: ngettext("{n} subscription that you made", "{n} subscriptions that you made", n),
    "corrections": lambda n: ngettext(
        "{n} correction that you reported or decided", "{n} corrections that you reported or decided", n
    ),
    "glossary": lambda n: ngettext(
        "{n} spelling that you added to the glossary", "{n} spellings that you added to the glossary", n
    ),
    "feeds": lambda n: ngettext("{n} podcast that you let me follow", "{n} podcasts that you let me follow", n),
}


def kept(found: Mapping[str, int], rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Return what is kept about a member, with the button that erases it, and what isn't kept."""
    if not found:
        return plain("\n".join([gettext("I keep nothing about you in this server."), _never()]))
    parts = [gettext("### What I keep about you in this server")]
    parts += [f"- {say(found[name])}" for name, say in OWN.items() if name in found]
    if beside := [f"- {say(found[name])}" for name, say in BESIDE.items() if name in found]:
        parts += [gettext("Your id, and nothing else about you, beside"), *beside]
    return contained(discord.ui.TextDisplay("\n".join(parts)), discord.ui.TextDisplay(_never()), *rows)


def sure(rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Ask whether it shall be erased."""
    return plain(
        gettext(
            "Erase all of it? Your alerts end, the buttons under your answers no longer work, and your votes are taken "
            "back. What you did for the server, corrections that you reported too, stays without your id. This can't "
            "be undone."
        ),
        rows,
    )


def erased() -> discord.ui.LayoutView:
    """Say that nothing is kept any more."""
    return plain(
        gettext(
            "Erased: I keep nothing about you in this server any more. Backups that the operator made before may hold "
            "it until they are deleted."
        )
    )


def _never() -> str:
    return gettext(
        "-# I never keep messages, names or roles, nor what you open or read. What is said in transcripts, and by "
        "whom, is this server's; ask its moderators about it."
    )

"""A member's alerts, shown to them alone: what they wait for, and how it is told."""

from collections.abc import Sequence

import discord

from cogs.locales import gettext, ngettext, translated
from cogs.locales.speaking import number, run_on
from cogs.rendering.reasons import REFUSES_DMS
from cogs.rendering.subscriptions import why
from cogs.rendering.words import Row, code, contained, fitted, isolated, plain, shortened
from store.models import Subscription
from store.sentences import sentence
from store.text import awaited

MAX_WORDS = 100
MAX_CHOICE = 100  # characters of a choice
NONE = sentence(
    "You have no alert here. `/alert add words:` lets me write you a direct message when a new transcript says them: "
    'a name, some words, or a `"phrase"`; `-without` leaves out what says that.'
)


def added(one: Subscription, *, new: bool, first: bool = False) -> discord.ui.LayoutView:
    """Return what a member will be told of, and with their `first` alert what they must allow for that."""
    if new:
        said = gettext("You will get a direct message when {said} in a new transcript of this server.", said=_said(one))
    else:
        said = gettext(
            "You already get a direct message when {said} in a new transcript of this server.", said=_said(one)
        )
    hint = gettext("`/alert list` shows your alerts.")
    if first:
        allow = gettext(
            "For that, take direct messages from this server's members: allow them under the server's name → *Privacy "
            "Settings* → *Direct Messages*."
        )
        hint = run_on(allow, hint)
    return plain(f"{said}\n-# {hint}")


def listed(found: Sequence[Subscription], *, most: int) -> discord.ui.LayoutView:
    """Return a member's alerts, and how each goes."""
    if not found:
        return plain(translated(NONE))
    lines = [f"- {words(one)} · {_state(one)}" for one in found]
    count = ngettext("{n} alert of {most}", "{n} alerts of {most}", len(found), most=number(most))
    ends = gettext("`/alert remove` ends one")
    footer = f"-# {count} · {ends}"
    refused = gettext(
        "⚠️ I can't write to you as long as you take no direct messages from this server's members: allow them under "
        "the server's name → *Privacy Settings* → *Direct Messages*."
    )
    return contained(
        discord.ui.TextDisplay(gettext("### Your alerts here")),
        discord.ui.TextDisplay("\n".join(lines)),
        discord.ui.TextDisplay("\n".join([*([refused] if any(map(_is_refused, found)) else []), footer])),
    )


def removed(one: Subscription, rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Say that an alert has ended."""
    said = gettext("You will no longer be told when {said} in a new transcript.", said=_said(one))
    undo = gettext("For 24 hours you can undo this.")
    return plain(f"{said}\n-# {undo}", rows)


def brought_back(one: Subscription) -> discord.ui.LayoutView:
    """Say that an alert is there again."""
    return plain(gettext("You will be told again when {said} in a new transcript.", said=_said(one)))


def failing(found: Sequence[Subscription]) -> discord.ui.LayoutView:
    """Tell a member that they can't be told."""
    lines = [
        gettext(
            "⚠️ Your alert for {words} can't reach you since {time}: {reason}.",
            words=words(one),
            time=_since(one),
            reason=why(one),
        )
        for one in found
    ]
    kept = ngettext(
        "It is kept and tried again daily; `/alert list` shows how it goes.",
        "They are kept and tried again daily; `/alert list` shows how it goes.",
        len(found),
    )
    if any(map(_is_refused, found)):
        allow = gettext("Allow them under the server's name → *Privacy Settings* → *Direct Messages*.")
        kept = run_on(allow, kept)
    lines.append(kept)
    return contained(discord.ui.TextDisplay("\n".join(lines)))


def _said(one: Subscription) -> str:
    """Write what must be said."""
    every = awaited.said(one.wanted.matching or "")
    if len(every) < 2:
        return gettext("{words} is said", words=words(one))
    if len(every) == 2:
        return gettext("{words} are both said", words=words(one))
    return gettext("{words} are all said", words=words(one))


def _is_refused(one: Subscription) -> bool:
    """Whether it fails because the member takes no direct messages."""
    return _is_failing(one) and one.last_error == REFUSES_DMS


def words(one: Subscription) -> str:
    """Write what an alert waits for, as it was typed."""
    return code(isolated(shortened(one.wanted.matching or "", MAX_WORDS)))


def choice(one: Subscription) -> str:
    """Write an alert as one chooses it."""
    return fitted(one.wanted.matching or one.name, MAX_CHOICE, literal=True)


def _state(one: Subscription) -> str:
    counts = [gettext("nothing told yet")]
    if one.last_sent_at:
        counts = [gettext("last told {time}", time=f"<t:{int(one.last_sent_at)}:R>")]
    if one.owed:
        counts.append(ngettext("{n} still to be told", "{n} still to be told", one.owed))
    if one.abandoned:
        counts.append(ngettext("{n} given up", "{n} given up", one.abandoned))
    return " · ".join([*([_unreached(one)] if _is_failing(one) else []), *counts])


def _unreached(one: Subscription) -> str:
    """Say since when an alert can't reach its member, and why, unless that stands below the list."""
    said = gettext("⚠️ can't reach you since {time}", time=_since(one))
    if not _is_refused(one):
        said = gettext("⚠️ can't reach you since {time}: {reason}", time=_since(one), reason=why(one, 80))
    if not one.next_at:
        return said
    return gettext("{failing}, tried again {time}", failing=said, time=f"<t:{int(one.next_at)}:R>")


def _since(one: Subscription) -> str:
    return f"<t:{int(one.failing_since or 0)}:R>"


def _is_failing(one: Subscription) -> bool:
    return one.failing_since is not None

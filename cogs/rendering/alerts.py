"""A member's alerts, shown to them alone: what they wait for, and how it is told."""

from collections.abc import Sequence

import discord

from cogs.rendering.reasons import REFUSES_DMS
from cogs.rendering.subscriptions import why
from cogs.rendering.words import Row, code, contained, fitted, isolated, plain, shortened
from store.models import Subscription
from store.text import awaited
from store.text.wording import many

MAX_WORDS = 100
MAX_CHOICE = 100  # characters of a choice
ALLOW = "allow them under the server's name → *Privacy Settings* → *Direct Messages*"
NONE = (
    "You have no alert here. `/alert add words:` lets me write you a direct message when a new transcript says them: "
    'a name, some words, or a `"phrase"`; `-without` leaves out what says that.'
)


def added(one: Subscription, *, new: bool, first: bool = False) -> discord.ui.LayoutView:
    """Return what a member will be told of, and with their `first` alert what they must allow for that."""
    get = "will get" if new else "already get"
    hint = f"For that, take direct messages from this server's members: {ALLOW}. " if first else ""
    return plain(
        f"You {get} a direct message when {_said(one)} in a new transcript of this server.\n"
        f"-# {hint}`/alert list` shows your alerts."
    )


def listed(found: Sequence[Subscription], *, most: int) -> discord.ui.LayoutView:
    """Return a member's alerts, and how each goes."""
    if not found:
        return plain(NONE)
    lines = [f"- {words(one)} · {_state(one)}" for one in found]
    footer = f"-# {many(len(found), 'alert')} of {most} · `/alert remove` ends one"
    refused = [f"⚠️ I can't write to you as long as you take no direct messages from this server's members: {ALLOW}."]
    return contained(
        discord.ui.TextDisplay("### Your alerts here"),
        discord.ui.TextDisplay("\n".join(lines)),
        discord.ui.TextDisplay("\n".join([*(refused if any(map(_is_refused, found)) else []), footer])),
    )


def removed(one: Subscription, rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Say that an alert has ended."""
    return plain(
        f"You will no longer be told when {_said(one)} in a new transcript.\n-# For 24 hours you can undo this.", rows
    )


def brought_back(one: Subscription) -> discord.ui.LayoutView:
    """Say that an alert is there again."""
    return plain(f"You will be told again when {_said(one)} in a new transcript.")


def failing(found: Sequence[Subscription]) -> discord.ui.LayoutView:
    """Tell a member that they can't be told."""
    lines = [
        f"⚠️ Your alert for {words(one)} can't reach you since <t:{int(one.failing_since or 0)}:R>: {why(one)}."
        for one in found
    ]
    kept = "It is kept" if len(found) == 1 else "They are kept"
    privacy = f"{ALLOW[:1].upper()}{ALLOW[1:]}. " if any(map(_is_refused, found)) else ""
    lines.append(f"{privacy}{kept} and tried again daily; `/alert list` shows how it goes.")
    return contained(discord.ui.TextDisplay("\n".join(lines)))


def _said(one: Subscription) -> str:
    """Write what must be said."""
    every = awaited.said(one.wanted.matching or "")
    if len(every) < 2:
        return f"{words(one)} is said"
    return f"{words(one)} {'are both' if len(every) == 2 else 'are all'} said"


def _is_refused(one: Subscription) -> bool:
    """Whether it fails because the member takes no direct messages."""
    return _is_failing(one) and str(REFUSES_DMS) in (one.last_error or "")


def words(one: Subscription) -> str:
    """Write what an alert waits for, as it was typed."""
    return code(isolated(shortened(one.wanted.matching or "", MAX_WORDS)))


def choice(one: Subscription) -> str:
    """Write an alert as one chooses it."""
    return fitted(one.wanted.matching or one.name, MAX_CHOICE, literal=True)


def _state(one: Subscription) -> str:
    last = f"last told <t:{int(one.last_sent_at)}:R>" if one.last_sent_at else "nothing told yet"
    waits = f" · {one.owed:,} still to be told" if one.owed else ""
    given_up = f" · {one.abandoned:,} given up" if one.abandoned else ""
    if not _is_failing(one):
        return f"{last}{waits}{given_up}"
    reason = "" if _is_refused(one) else f": {why(one, 80)}"  # which stands below the list
    since = f"⚠️ can't reach you since <t:{int(one.failing_since or 0)}:R>{reason}"
    again = f", tried again <t:{int(one.next_at)}:R>" if one.next_at else ""
    return f"{since}{again} · {last}{waits}{given_up}"


def _is_failing(one: Subscription) -> bool:
    return one.failing_since is not None

"""When a server's digests come, where its moderators are told of what fails, and what they are told."""

from collections.abc import Sequence

import discord

from cogs.rendering.subscriptions import DAYS, Standing, why
from cogs.rendering.words import Row, contained, plain
from store.models import Settings
from store.text.wording import many

MAX_TOLD = 10  # of what fails, in a message


def settings(
    found: Settings, rows: Sequence[Row], *, daily_at: float, weekly_at: float, lead: str = ""
) -> discord.ui.LayoutView:
    """Return a server's settings, with when the next digests come, below what was just changed."""
    daily, weekly = (f"next <t:{int(at)}:f>" for at in (daily_at, weekly_at))
    days = f"{DAYS[found.day]}s"
    lines = [
        *([lead] if lead else []),
        "### Notifications",
        f"**Digests** come at {found.hour:02}:00 ({found.zone}): daily ones {daily}, weekly ones on {days}, {weekly}.",
        f"**Problems:** of a subscription that fails, moderators are told once, {_where(found)}.",
        "-# `/notifications hour: day: zone: problems_channel:` changes this; `/subscribe digest:` makes a digest.",
    ]
    return plain("\n".join(lines), rows)


def changed(before: Settings, after: Settings) -> str:
    """Say which settings are others now."""
    said = []
    if (before.hour, before.zone) != (after.hour, after.zone):
        said.append(f"digests come at {after.hour:02}:00 ({after.zone})")
    if before.day != after.day:
        said.append(f"weekly digests come on {DAYS[after.day]}s")
    if before.problems_channel_id != after.problems_channel_id:
        said.append(f"problems are told {_where(after)}")
    return f"Changed: {'; '.join(said)}." if said else "Nothing changed: that is how it was."


def failing(found: Sequence[Standing], rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Tell moderators of subscriptions that fail: which, why, what waits, and what to do."""
    lines = [_failing(one) for one in found[:MAX_TOLD]]
    if len(found) > MAX_TOLD:
        lines.append(f"And {len(found) - MAX_TOLD:,} more: `/subscriptions` lists them.")
    lines.append(
        "Put that right and press **Try now**, or choose another channel; `/subscriptions` lists all. "
        "What can't be sent within 14 days is given up."
    )
    return contained(discord.ui.TextDisplay("\n".join(lines)), *rows)


def _failing(standing: Standing) -> str:
    one = standing.subscription
    since = f"since <t:{int(one.failing_since or 0)}:R>"
    began = f"Failing {since}."
    if one.owed:
        waits = f"{many(one.owed, 'transcript')} {'waits' if one.owed == 1 else 'wait'} {since}"
        began = f"{waits}; next try <t:{int(one.next_at)}:R>." if one.next_at else f"{waits}."
    return f"⚠️ **{one.name}** can't post in {standing.place}: {why(one)}. {began}"


def _where(found: Settings) -> str:
    return f"in <#{found.problems_channel_id}>" if found.problems_channel_id else "with the reply to their next command"

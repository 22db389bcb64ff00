"""When a server's digests come, where its moderators are told of what fails, and what they are told."""

from collections.abc import Sequence

import discord

from cogs.rendering.subscriptions import DAYS, Standing, why
from cogs.rendering.words import Row, plain
from store.models import Settings

MAX_TOLD = 10  # of what fails, in a message


def settings(
    found: Settings, rows: Sequence[Row], *, daily_at: float, weekly_at: float, lead: str = ""
) -> discord.ui.LayoutView:
    """Return a server's settings, with when the next digests come, below what was just changed."""
    where = (
        f"in <#{found.problems_channel_id}>" if found.problems_channel_id else "with the reply to their next command"
    )
    daily, weekly = (f"next <t:{int(at)}:f>" for at in (daily_at, weekly_at))
    days = f"{DAYS[found.day]}s"
    lines = [
        *([lead] if lead else []),
        "### Notifications",
        f"**Digests** come at {found.hour:02}:00 ({found.zone}): daily ones {daily}, weekly ones on {days}, {weekly}.",
        f"**Problems:** of a subscription that fails, moderators are told once, {where}.",
        "-# `/notifications hour: day: zone: problems_channel:` changes this; `/subscribe digest:` makes a digest.",
    ]
    return plain("\n".join(lines), rows)


def failing(found: Sequence[Standing], rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Tell moderators of subscriptions that fail: which, since when, why, and what to do."""
    lines = [_failing(one) for one in found[:MAX_TOLD]]
    if len(found) > MAX_TOLD:
        lines.append(f"And {len(found) - MAX_TOLD:,} more: `/subscriptions` lists them.")
    opens = "the button below opens it" if len(found) == 1 else "the buttons below open them"
    lines.append(
        f"Put that right, or choose another channel: {opens}, and `/subscriptions` lists all. "
        "What can't be sent within 14 days is given up."
    )
    return plain("\n".join(lines), rows)


def _failing(standing: Standing) -> str:
    one = standing.subscription
    waits = f", {one.owed:,} {'is' if one.owed == 1 else 'are'} still to be sent" if one.owed else ""
    again = f", and I try again <t:{int(one.next_at)}:R>" if one.owed and one.next_at else ""
    began = f"It began <t:{int(one.failing_since or 0)}:R>{waits}{again}."
    return f"⚠️ **{one.name}** can't be told in {standing.place}: {why(one)}. {began}"

"""A server's digests, where its moderators are told of what fails, in which language, and what they are told."""

from collections.abc import Sequence

import discord

from cogs.locales import gettext, ngettext
from cogs.locales.catalogues import own_name
from cogs.locales.servers import ServerLanguage, Source
from cogs.locales.speaking import catalogue_named, run_on, spoken, weekday
from cogs.rendering.hearing import hour
from cogs.rendering.subscriptions import Standing, why
from cogs.rendering.words import Row, contained, plain
from store.models import Settings, Subscription

MAX_TOLD = 10  # of what fails, in a message


def settings(
    found: Settings,
    rows: Sequence[Row],
    *,
    language: ServerLanguage,
    daily_at: float,
    weekly_at: float,
    lead: str = "",
) -> discord.ui.LayoutView:
    """Return a server's settings, with when the next digests come, below what was just changed."""
    changes = gettext(
        "`/notifications hour: day: zone: problems_channel: language:` changes this; `/subscribe digest:` makes a "
        "digest."
    )
    lines = [
        *([lead] if lead else []),
        gettext("### Notifications"),
        gettext(
            "**Digests** come at {hour}: daily ones next {daily}, weekly ones on {day}s, next {weekly}.",
            hour=hour(found),
            daily=f"<t:{int(daily_at)}:f>",
            day=weekday(found.day),
            weekly=f"<t:{int(weekly_at)}:f>",
        ),
        _problems(found),
        _language(language),
        *([f"-# {other_language()}"] if language.to_be_chosen else []),
        f"-# {changes}",
    ]
    return plain("\n".join(lines), rows)


def other_language() -> str:
    """Say how a server is told in the language that is spoken, where it is told in English as nobody chose."""
    return gettext(
        "Announcements in this server are in English: `/notifications language:{name}` has them in {language}.",
        name=own_name(spoken()),
        language=catalogue_named(spoken()),
    )


def changed(before: Settings, after: Settings, language: ServerLanguage) -> str:
    """Say which settings are others now, and what the language is."""
    said = []
    if (before.hour, before.zone) != (after.hour, after.zone):
        said.append(gettext("digests come at {hour}", hour=hour(after)))
    if before.day != after.day:
        said.append(gettext("weekly digests come on {day}s", day=weekday(after.day)))
    if before.problems_channel_id != after.problems_channel_id:
        said.append(_told_where(after))
    if before.language != after.language:
        said.append(_told_in(language))
    if not said:
        return gettext("Nothing changed: that is how it was.")
    return gettext("Changed: {changes}.", changes=gettext("; ").join(said))


def failing(found: Sequence[Standing], rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Tell moderators of subscriptions that fail: which, why, what waits, and what to do."""
    lines = [_failing(one) for one in found[:MAX_TOLD]]
    if (left := len(found) - MAX_TOLD) > 0:
        more = ngettext(
            "And {n} more: `/subscriptions` lists them.", "And {n} more: `/subscriptions` lists them.", left
        )
        lines.append(more)
    lines.append(
        gettext(
            "Put that right and press **Try now**, or choose another channel; `/subscriptions` lists all. "
            "What can't be sent within 14 days is given up."
        )
    )
    return contained(discord.ui.TextDisplay("\n".join(lines)), *rows)


def _failing(standing: Standing) -> str:
    one = standing.subscription
    said = gettext(
        "⚠️ **{name}** can't post in {place}: {reason}.", name=one.name, place=standing.place, reason=why(one)
    )
    return run_on(said, _waiting(one, f"<t:{int(one.failing_since or 0)}:R>"))


def _waiting(one: Subscription, since: str) -> str:
    """Say since when it fails, and what waits until when."""
    if not one.owed:
        return gettext("Failing since {time}.", time=since)
    if not one.next_at:
        return ngettext(
            "{n} transcript waits since {time}.", "{n} transcripts wait since {time}.", one.owed, time=since
        )
    return ngettext(
        "{n} transcript waits since {time}; next try {next}.",
        "{n} transcripts wait since {time}; next try {next}.",
        one.owed,
        time=since,
        next=f"<t:{int(one.next_at)}:R>",
    )


def _problems(found: Settings) -> str:
    """Say where moderators are told of what fails."""
    if found.problems_channel_id:
        return gettext(
            "**Problems:** of a subscription that fails, moderators are told once, in {channel}.",
            channel=f"<#{found.problems_channel_id}>",
        )
    return gettext(
        "**Problems:** of a subscription that fails, moderators are told once, with the reply to their next command."
    )


def _language(language: ServerLanguage) -> str:
    """Say in which language a server is told, and what says so."""
    name = catalogue_named(language.code)
    match language.source:
        case Source.CHOSEN:
            return gettext("**Language:** announcements, alerts and problems are told in {language}.", language=name)
        case Source.PRIMARY:
            return gettext(
                "**Language:** announcements, alerts and problems are told in {language}, this server's primary "
                "language in Discord.",
                language=name,
            )
        case Source.UNSPOKEN:
            return gettext(
                "**Language:** announcements, alerts and problems are told in {language}, as I don't speak this "
                "server's primary language in Discord.",
                language=name,
            )
        case Source.DEFAULT:
            return gettext(
                "**Language:** announcements, alerts and problems are told in {language}; only a Community server has "
                "a primary language in Discord.",
                language=name,
            )


def _told_in(language: ServerLanguage) -> str:
    name = catalogue_named(language.code)
    if language.source is Source.CHOSEN:
        return gettext("announcements are in {language}", language=name)
    return gettext("announcements are in {language}, by Discord's setting of the server", language=name)


def _told_where(found: Settings) -> str:
    if found.problems_channel_id:
        return gettext("problems are told in {channel}", channel=f"<#{found.problems_channel_id}>")
    return gettext("problems are told with the reply to their next command")

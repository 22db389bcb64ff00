"""A server's subscriptions: all of them, one of them, and what has become of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from cogs.locales import gettext, ngettext, translated
from cogs.locales.speaking import number, run_on
from cogs.rendering.hearing import MAX_NAME, hears, hears_plainly, how, is_every
from cogs.rendering.reasons import because, is_lacking
from cogs.rendering.words import MAX_TEXT, Row, bold, contained, fitted, plain
from store.models import Delivery, Settings, Subscription, Wanted
from store.sentences import sentence

PAGE_SIZE = 8
MAX_OPTION = 100  # characters of an option's description
MAX_WHY = 200
MAX_LISTED_WHY = 120
MAX_TWICE = 3
DELETED_CHANNEL = sentence("a deleted channel")
DELETED_ROLE = sentence("a deleted role")
EVERYONE = "@everyone"
NONE = sentence(
    "There is no subscription yet. `/subscribe` lets this channel hear of every new transcript; its options narrow it "
    "to a speaker, a tag, a show, a language, or to words that are said."
)
SOME = sentence("only some transcripts")
CHANGED = sentence("Saved; what still waits follows the new settings.")
TRIED = sentence("It is tried now; look again in a moment.")
BROUGHT_BACK = sentence("It is back, with what was still to be sent; what came in between isn't announced.")
_FOOT = 150  # characters kept for the heading and for what is below the list


@dataclass(frozen=True, slots=True)
class Standing:
    """A subscription as Discord has it now: where it is told, whom it mentions, and what the bot lacks for that.

    `place` and `role` are mentions, or say that it was deleted; `where` is the channel's name as nobody writes markup.
    `missing` are permissions; `silent` is one whose role the bot may not ping.
    """

    subscription: Subscription
    place: str
    where: str
    role: str | None = None
    missing: tuple[str, ...] = ()
    silent: bool = False

    @property
    def pinged(self) -> int | None:
        """The id of the role that is pinged; @everyone is none."""
        wanted = self.subscription.wanted.mention
        return None if self.silent or self.role in {translated(DELETED_ROLE), EVERYONE} else wanted


def subscribed(
    standing: Standing,
    settings: Settings,
    rows: Sequence[Row],
    *,
    new: bool,
    recent: int | None = None,
    taken: bool = False,
    twice: Sequence[Subscription] = (),
    unknown: Wanted | None = None,
    language: str = "",
) -> discord.ui.LayoutView:
    """Return what a channel will hear of and how, or hears of already; `recent` older ones are told of at once.

    The name that was asked for may be `taken`; what comes `twice` is what others tell the channel of too; of what is
    `unknown` the library has nothing yet. What there is to say of the `language` in which it is told comes last.
    """
    one = standing.subscription
    lines = [run_on(_announced(standing, settings, new=new), _called(one, taken=taken))]
    if not new and one.paused:
        lines.append(gettext("It is paused; **Resume** lets it go on."))
    if new and recent:
        newest = ngettext(
            "The newest one that is here is announced now.",
            "The newest {n} that are here are announced now.",
            recent,
        )
        lines.append(newest)
    elif new and recent == 0:
        none = gettext("None of those that are already here fits; what comes from now on is announced.")
        lines.append(f"-# {none}")
    elif new:
        older = gettext("Those that are already here aren't announced; `include_recent` asks for up to ten of them.")
        lines.append(f"-# {older}")
    if unknown is not None:
        lines += [f"-# {said}" for said in _unknown(unknown)]
    for other in twice[:MAX_TWICE]:
        also = gettext(
            "**{name}** already tells this channel of {what}; these will come twice.",
            name=other.name,
            what=hears(other.wanted),
        )
        lines.append(f"⚠️ {also}")
    lines += _warnings(standing)
    if language:
        lines.append(f"-# {language}")
    return plain("\n".join(lines), rows)


def page(
    standing: Standing,
    settings: Settings,
    rows: Sequence[Row],
    *,
    now: float,
    lead: str = "",
    unpublished: Delivery | None = None,
) -> discord.ui.LayoutView:
    """Return all there is to know of a subscription, below what was just done with it.

    The last that was sent but could not be published, if there is one, is said with why.
    """
    one = standing.subscription
    where = gettext("**Where:** {place}", place=standing.place)
    if standing.role:
        where = gettext("**Where:** {place}, mentioning {role}", place=standing.place, role=standing.role)
    state = " · ".join([_state(one, MAX_WHY), *_counts(one, now)])
    lines = [
        f"### {one.name}",
        where,
        gettext("**What:** {what}", what=hears(one.wanted)),
        gettext("**How:** {how}", how=_published(how(one.wanted, settings), one.wanted)),
        gettext("**State:** {state}", state=state),
        *([] if is_failing(one) and is_lacking(one.last_error) else _warnings(standing)),  # it is said once
    ]
    if unpublished is not None:
        lines.append(f"⚠️ {_unpublished(unpublished)}")
    if one.created_by is not None:
        lines.append(f"-# {_made(one, one.created_by)}")
    said = [discord.ui.TextDisplay[discord.ui.LayoutView](lead)] if lead else []
    return contained(*said, discord.ui.TextDisplay("\n".join(lines)), *rows)


def listed(
    shown: Sequence[Standing],
    settings: Settings,
    rows: Sequence[Row],
    *,
    offset: int,
    total: int,
    failing: int,
    now: float,
) -> discord.ui.LayoutView:
    """Return a page of a server's subscriptions, `failing` of all of which fail, each as full as there is room for."""
    if not total:
        return plain(translated(NONE))
    counts = ngettext("{n} subscription", "{n} subscriptions", total)
    if failing:
        counts = gettext("{subscriptions}, {failing} failing", subscriptions=counts, failing=number(failing))
    room = MAX_TEXT - _FOOT
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay(f"### {counts}")]
    for at, standing in enumerate(shown):
        text = _entry(standing, settings, room // (len(shown) - at), now)
        room -= len(text)
        items += [discord.ui.Separator(), discord.ui.TextDisplay(text)]
    pages = -(-total // PAGE_SIZE)
    if pages > 1:
        where = gettext("Page {page} of {pages}", page=offset // PAGE_SIZE + 1, pages=pages)
        items.append(discord.ui.TextDisplay(f"-# {where}"))
    return contained(*items, *rows)


def in_order(every: Sequence[Subscription]) -> list[Subscription]:
    """Return subscriptions as they are listed: what fails first, and then by name."""
    return sorted(every, key=lambda one: (not is_failing(one), one.name))


def is_failing(one: Subscription) -> bool:
    """Whether a subscription fails, and isn't paused."""
    return one.failing_since is not None and not one.paused


def options(shown: Sequence[Standing]) -> list[discord.SelectOption]:
    """Return subscriptions for a menu."""
    return [
        discord.SelectOption(
            label=one.subscription.name,
            value=str(one.subscription.id),
            description=fitted(_plainly(one), MAX_OPTION, literal=True),
        )
        for one in shown
    ]


def choice(standing: Standing) -> str:
    """Write a subscription as one chooses it: its name, its channel, and what it hears of."""
    return fitted(f"{standing.subscription.name} · {_plainly(standing)}", MAX_OPTION, literal=True)


def removed(standing: Standing, rows: Sequence[Row]) -> discord.ui.LayoutView:
    """Say that a subscription has ended."""
    one = standing.subscription
    what = gettext("new transcripts") if is_every(one.wanted) else hears(one.wanted)
    said = gettext(
        "{what} will no longer be announced in {place}: **{name}** has ended.",
        what=_capital(what),
        place=standing.place,
        name=one.name,
    )
    back = gettext("For 24 hours it can be brought back.")
    if one.owed:
        back = ngettext(
            "For 24 hours it can be brought back with the one that was still to be sent.",
            "For 24 hours it can be brought back with the {n} that were still to be sent.",
            one.owed,
        )
    return plain(f"{said}\n-# {back}", rows)


def resumed(subscription: Subscription, settings: Settings) -> str:
    """Say what becomes of what came while a subscription was paused."""
    watching = subscription.wanted.matching is not None and subscription.next_at is not None
    told_how = how(subscription.wanted, settings)
    if watching and subscription.wanted.digest:
        return gettext("Resumed: of what came meanwhile, that in which it is said is told {how}.", how=told_how)
    if watching:
        return gettext("Resumed: of what came meanwhile, that in which it is said is announced now.")
    if not subscription.owed:
        return gettext("Resumed: nothing came meanwhile.")
    if subscription.wanted.digest:
        return ngettext(
            "Resumed: the one that came meanwhile is told {how}.",
            "Resumed: the {n} that came meanwhile are told {how}.",
            subscription.owed,
            how=told_how,
        )
    return ngettext(
        "Resumed: the one that came meanwhile is announced now.",
        "Resumed: the {n} that came meanwhile are announced now.",
        subscription.owed,
    )


def why(one: Subscription, limit: int = MAX_WHY) -> str:
    """Write why the last try failed, as the end of a sentence."""
    return because(one.last_error, limit)


def told(standing: Standing, settings: Settings) -> str:
    """Write how a subscription is told: when, mentioning whom, and whether it is published."""
    wanted, said = standing.subscription.wanted, how(standing.subscription.wanted, settings)
    if standing.role:
        said = gettext("{how}, mentioning {role}", how=said, role=standing.role)
    return _published(said, wanted)


def _announced(standing: Standing, settings: Settings, *, new: bool) -> str:
    """Say what a channel will hear of, or hears of already."""
    wanted, place, when = standing.subscription.wanted, standing.place, told(standing, settings)
    what = _capital(hears(wanted))
    if new:
        return gettext("{what} will be announced in {place}, {how}.", what=what, place=place, how=when)
    if is_every(wanted):
        return gettext("Every new transcript is already announced in {place}, {how}.", place=place, how=when)
    return gettext("{what} are already announced in {place}, {how}.", what=what, place=place, how=when)


def _called(one: Subscription, *, taken: bool) -> str:
    if taken:
        return gettext("That name was taken, so it is called **{name}**.", name=one.name)
    return gettext("It is called **{name}**.", name=one.name)


def _unpublished(delivery: Delivery) -> str:
    """Say why something that was sent could not be published."""
    title, reason = fitted(delivery.title, MAX_NAME), because(delivery.reason, MAX_WHY)
    if delivery.due_at is not None:
        return gettext("“{title}” was sent, but not published yet: {reason}.", title=title, reason=reason)
    return gettext("“{title}” was sent, but not published: {reason}.", title=title, reason=reason)


def _made(one: Subscription, by: int) -> str:
    """Say who subscribed, and when."""
    if not one.created_at:
        return gettext("Subscribed by {member}", member=f"<@{by}>")
    time = f"<t:{int(datetime.fromisoformat(one.created_at).timestamp())}:D>"
    return gettext("Subscribed by {member} {time}", member=f"<@{by}>", time=time)


def _entry(standing: Standing, settings: Settings, room: int, now: float) -> str:
    """Write a subscription in two lines, with what is least needed left out where there is no room for it."""
    one = standing.subscription
    lead = f"**{one.name}** · {standing.place} · "
    below = f"-# {_state(one, MAX_LISTED_WHY)}"
    left, counts = room - len(lead) - len(below) - 1, _counts(one, now)
    most = left - sum(len(part) + 3 for part in counts)
    each = (hears(one.wanted, limit) for limit in (MAX_NAME, 30, 15))
    what = next((what for what in each if len(what) <= most), translated(SOME))
    left -= len(what)
    published = [gettext("published")] if one.wanted.publish else []
    mentions = [gettext("mentions {role}", role=standing.role)] if standing.role else []
    by = [gettext("by {member}", member=f"<@{one.created_by}>")] if one.created_by is not None else []
    for part in [*counts, how(one.wanted, settings), *mentions, *published, *by]:
        if (left := left - len(part) - 3) < 0:
            break
        below += f" · {part}"
    return f"{lead}{what}\n{below}"


def _state(one: Subscription, limit: int) -> str:
    if one.paused:
        return gettext("paused")
    if one.failing_since is None:
        return gettext("working")
    since = f"<t:{int(one.failing_since)}:R>"
    if not one.last_error:
        return gettext("⚠️ failing since {time}", time=since)
    return gettext("⚠️ failing since {time}: {reason}", time=since, reason=why(one, limit))


def _counts(one: Subscription, now: float) -> list[str]:
    """Write how many are still to be sent and when, how many were given up, and when the last was sent."""
    counts = [ngettext("{n} still to be sent", "{n} still to be sent", one.owed)] if one.owed else []
    if one.owed and one.next_at is not None:
        soon = one.next_at <= now
        counts.append(gettext("next now") if soon else gettext("next {time}", time=f"<t:{int(one.next_at)}:R>"))
    if one.abandoned:
        counts.append(ngettext("{n} given up", "{n} given up", one.abandoned))
    if one.last_sent_at:
        return [*counts, gettext("last sent {time}", time=f"<t:{int(one.last_sent_at)}:R>")]
    return [*counts, gettext("nothing sent yet")]


def _published(said: str, wanted: Wanted) -> str:
    """Write how a subscription is told, and whether it is published."""
    return gettext("{how}, published to the servers that follow it", how=said) if wanted.publish else said


def _warnings(standing: Standing) -> list[str]:
    """Say what the bot lacks."""
    if standing.missing:
        needed = gettext(
            "I can't post there yet: give me {permissions} in that channel. Until then I keep what is owed and try "
            "again.",
            permissions=bold(standing.missing),
        )
        return [f"⚠️ {needed}"]
    if standing.silent:
        silent = gettext(
            "I may not mention {role} there, so I post without: let anyone mention the role, or give me **Mention "
            "@everyone, @here, and All Roles** in that channel.",
            role=standing.role,
        )
        return [f"⚠️ {silent}"]
    return []


def _unknown(wanted: Wanted) -> list[str]:
    """Say which of the names that a subscription asks for no transcript has."""
    said = []
    if wanted.speaker:
        said.append(gettext("No transcript here is by “{speaker}” yet.", speaker=fitted(wanted.speaker, MAX_NAME)))
    if wanted.tag:
        said.append(gettext("No transcript here is tagged “{tag}” yet.", tag=fitted(wanted.tag, MAX_NAME)))
    if wanted.from_channel:
        name = fitted(wanted.from_channel, MAX_NAME)
        said.append(gettext("No transcript here is from “{channel}” yet.", channel=name))
    return said


def _plainly(standing: Standing) -> str:
    """Write a subscription's channel and what it hears of, without markup."""
    return f"{standing.where} · {hears_plainly(standing.subscription.wanted)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""A server's subscriptions: all of them, one of them, and what has become of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from cogs.rendering.reasons import because, is_lacking
from cogs.rendering.words import MAX_TEXT, Row, bold, code, contained, fitted, isolated, plain, shortened
from store.models import Delivery, Digest, Settings, Subscription, Wanted
from store.text import awaited
from store.text.languages import named
from store.text.wording import listing, many

PAGE_SIZE = 8
MAX_OPTION = 100  # characters of an option's description
MAX_NAME = 60  # characters of what a subscription is narrowed by
MAX_WHY = 200
MAX_LISTED_WHY = 120
MAX_PARTS = 6  # of what is watched, each in quotation marks
MAX_TWICE = 3
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DELETED_CHANNEL = "a deleted channel"
DELETED_ROLE = "a deleted role"
EVERYONE = "@everyone"
NONE = (
    "There is no subscription yet. `/subscribe` lets this channel hear of every new transcript; its options narrow it "
    "to a speaker, a tag, a show, a language, or to words that are said."
)
SOME = "only some transcripts"
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
        return None if self.silent or self.role in {DELETED_ROLE, EVERYONE} else wanted


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
) -> discord.ui.LayoutView:
    """Return what a channel will hear of and how, or hears of already; `recent` older ones are told of at once.

    The name that was asked for may be `taken`; what comes `twice` is what others tell the channel of too; of what is
    `unknown` the library has nothing yet.
    """
    one = standing.subscription
    is_are = "is" if _is_every(one.wanted) else "are"
    will = "will be" if new else f"{is_are} already"
    said = f"{_capital(hears(one.wanted))} {will} announced in {standing.place}, {told(standing, settings)}."
    name = f"That name was taken, so it is called **{one.name}**." if taken else f"It is called **{one.name}**."
    lines = [f"{said} {name}"]
    if not new and one.paused:
        lines.append("It is paused; **Resume** lets it go on.")
    if new and recent:
        newest = "The newest one that is here is" if recent == 1 else f"The newest {recent} that are here are"
        lines.append(f"{newest} announced now.")
    elif new and recent == 0:
        lines.append("-# None of those that are already here fits; what comes from now on is announced.")
    elif new:
        lines.append("-# Those that are already here aren't announced; `include_recent` asks for up to ten of them.")
    if unknown is not None:
        lines += [f"-# No transcript here is {said} yet." for said in _said_of(unknown)]
    for other in twice[:MAX_TWICE]:
        lines.append(f"⚠️ **{other.name}** already tells this channel of {hears(other.wanted)}; these will come twice.")
    return plain("\n".join([*lines, *_warnings(standing)]), rows)


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
    lines = [
        f"### {one.name}",
        f"**Where:** {standing.place}{_mentioning(standing)}",
        f"**What:** {hears(one.wanted)}",
        f"**How:** {how(one.wanted, settings)}{_published(one.wanted)}",
        f"**State:** {' · '.join([_state(one, MAX_WHY), *_counts(one, now)])}",
        *([] if is_failing(one) and is_lacking(one.last_error) else _warnings(standing)),  # it is said once
    ]
    if unpublished is not None:
        yet = " yet" if unpublished.due_at is not None else ""
        what = f"“{fitted(unpublished.title, MAX_NAME)}” was sent, but not published{yet}"
        lines.append(f"⚠️ {what}: {because(unpublished.reason, MAX_WHY)}.")
    made = f" <t:{int(datetime.fromisoformat(one.created_at).timestamp())}:D>" if one.created_at else ""
    if one.created_by is not None:
        lines.append(f"-# Subscribed by <@{one.created_by}>{made}")
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
        return plain(NONE)
    counts = many(total, "subscription") + (f", {failing:,} failing" if failing else "")
    room = MAX_TEXT - _FOOT
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay(f"### {counts}")]
    for at, standing in enumerate(shown):
        text = _entry(standing, settings, room // (len(shown) - at), now)
        room -= len(text)
        items += [discord.ui.Separator(), discord.ui.TextDisplay(text)]
    pages = -(-total // PAGE_SIZE)
    if pages > 1:
        items.append(discord.ui.TextDisplay(f"-# Page {offset // PAGE_SIZE + 1} of {pages}"))
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
    waits = f" with the {one.owed} that were still to be sent" if one.owed > 1 else ""
    waits = " with the one that was still to be sent" if one.owed == 1 else waits
    what = "new transcripts" if _is_every(one.wanted) else hears(one.wanted)
    said = f"{_capital(what)} will no longer be announced in {standing.place}: **{one.name}** has ended."
    return plain(f"{said}\n-# For 24 hours it can be brought back{waits}.", rows)


CHANGED = "Saved; what still waits follows the new settings."
TRIED = "It is tried now; look again in a moment."
BROUGHT_BACK = "It is back, with what was still to be sent; what came in between isn't announced."


def resumed(subscription: Subscription, settings: Settings) -> str:
    """Say what becomes of what came while a subscription was paused."""
    watching = subscription.wanted.matching is not None and subscription.next_at is not None
    when = f"told {how(subscription.wanted, settings)}" if subscription.wanted.digest else "announced now"
    if watching:
        return f"Resumed: of what came meanwhile, that in which it is said is {when}."
    if not subscription.owed:
        return "Resumed: nothing came meanwhile."
    one = subscription.owed == 1
    came = f"the {'one' if one else f'{subscription.owed:,}'} that came meanwhile {'is' if one else 'are'}"
    return f"Resumed: {came} {when}."


def hears(wanted: Wanted, limit: int = MAX_NAME) -> str:
    """Write what a subscription hears of, each name or word within a limit."""
    if _is_every(wanted):
        return "every new transcript"
    parts = [f"{word} {fitted(value, limit)}" for word, value in _filters(wanted)]
    said = [f"in which {_said(wanted.matching, limit)}"] if wanted.matching else []
    narrowed = ", ".join(parts)
    return f"new transcripts {', '.join(filter(None, [narrowed, *said]))}"


def _said(words: str, limit: int) -> str:
    """Write what is watched: as it was typed, or where that is several words, each, for all must be said."""
    every = awaited.said(words)
    if len(every) < 2:
        return f"{code(isolated(shortened(words, limit)))} is said"
    shown = [f"“{fitted(part, max(12, limit // 2))}”" for part in every[:MAX_PARTS]]
    more = [f"{len(every) - MAX_PARTS} more"] if len(every) > MAX_PARTS else []
    listed = listing([*shown, *more])
    both = "both" if len(every) == 2 else "all"
    unsaid = [f"“{fitted(part, max(12, limit // 2))}”" for part in awaited.left_out(words)[:MAX_PARTS]]
    return f"{listed} are {both} said" + (f", but not {' or '.join(unsaid)}" if unsaid else "")


def how(wanted: Wanted, settings: Settings) -> str:
    """Write when a subscription is told."""
    hour = f"{settings.hour:02}:00 ({settings.zone})"
    match wanted.digest:
        case Digest.DAILY:
            return f"together, daily at {hour}"
        case Digest.WEEKLY:
            return f"together, on {DAYS[settings.day]}s at {hour}"
    return "at once"


def why(one: Subscription, limit: int = MAX_WHY) -> str:
    """Write why the last try failed, as the end of a sentence."""
    return because(one.last_error, limit)


def told(standing: Standing, settings: Settings) -> str:
    """Write how a subscription is told: when, mentioning whom, and whether it is published."""
    wanted = standing.subscription.wanted
    return f"{how(wanted, settings)}{_mentioning(standing)}{_published(wanted)}"


def _entry(standing: Standing, settings: Settings, room: int, now: float) -> str:
    """Write a subscription in two lines, with what is least needed left out where there is no room for it."""
    one = standing.subscription
    lead = f"**{one.name}** · {standing.place} · "
    below = f"-# {_state(one, MAX_LISTED_WHY)}"
    left, counts = room - len(lead) - len(below) - 1, _counts(one, now)
    most = left - sum(len(part) + 3 for part in counts)
    what = next((what for limit in (MAX_NAME, 30, 15) if len(what := hears(one.wanted, limit)) <= most), SOME)
    left -= len(what)
    published = ["published"] if one.wanted.publish else []
    mentions = [f"mentions {standing.role}"] if standing.role else []
    by = [f"by <@{one.created_by}>"] if one.created_by is not None else []
    for part in [*counts, how(one.wanted, settings), *mentions, *published, *by]:
        if (left := left - len(part) - 3) < 0:
            break
        below += f" · {part}"
    return f"{lead}{what}\n{below}"


def _state(one: Subscription, limit: int) -> str:
    if one.paused:
        return "paused"
    if one.failing_since is None:
        return "working"
    reason = f": {why(one, limit)}" if one.last_error else ""
    return f"⚠️ failing since <t:{int(one.failing_since)}:R>{reason}"


def _counts(one: Subscription, now: float) -> list[str]:
    """Write how many are still to be sent and when, how many were given up, and when the last was sent."""
    counts = [f"{one.owed:,} still to be sent"] if one.owed else []
    if one.owed and one.next_at is not None:
        counts.append("next now" if one.next_at <= now else f"next <t:{int(one.next_at)}:R>")
    if one.abandoned:
        counts.append(f"{one.abandoned:,} given up")
    last = f"last sent <t:{int(one.last_sent_at)}:R>" if one.last_sent_at else "nothing sent yet"
    return [*counts, last]


def _mentioning(standing: Standing) -> str:
    return f", mentioning {standing.role}" if standing.role else ""


def _published(wanted: Wanted) -> str:
    return ", published to the servers that follow it" if wanted.publish else ""


def _warnings(standing: Standing) -> list[str]:
    """Say what the bot lacks."""
    if standing.missing:
        needed = bold(standing.missing)
        return [
            f"⚠️ I can't post there yet: give me {needed} in that channel. Until then I keep what is owed and try again."
        ]
    if standing.silent:
        needed = "let anyone mention the role, or give me **Mention @everyone, @here, and All Roles** in that channel"
        return [f"⚠️ I may not mention {standing.role} there, so I post without: {needed}."]
    return []


def _is_every(wanted: Wanted) -> bool:
    return not wanted.said and not wanted.matching


def _filters(wanted: Wanted) -> list[tuple[str, str]]:
    language = named(wanted.language) if wanted.language else None
    values = {"by": wanted.speaker, "tagged": wanted.tag, "from": wanted.from_channel, "in": language}
    return [(word, value) for word, value in values.items() if value]


def _said_of(wanted: Wanted) -> list[str]:
    """Write each filter as it is said of a transcript."""
    values = {"by": wanted.speaker, "tagged": wanted.tag, "from": wanted.from_channel}
    return [f"{word} “{fitted(value, MAX_NAME)}”" for word, value in values.items() if value]


def _plainly(standing: Standing) -> str:
    """Write a subscription's channel and what it hears of, without markup."""
    wanted = standing.subscription.wanted
    parts = [f"{word} {shortened(value, 30)}" for word, value in _filters(wanted)]
    said = [f"says {shortened(wanted.matching, 40)}"] if wanted.matching else []
    return f"{standing.where} · {', '.join([*parts, *said]) or 'every new transcript'}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

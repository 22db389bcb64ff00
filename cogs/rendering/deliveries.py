"""What became of a transcript's deliveries and why, on one screen: what needs somebody stands first."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import discord

from cogs.locales import translated
from cogs.rendering.reasons import because
from cogs.rendering.words import MAX_TEXT, code, contained, fitted
from store.models import Delivery, Hold, State, Subscription, Traced, Wanted
from store.text.languages import named
from store.text.wording import many

MAX_LINES = 12  # of single subscriptions; what is left is counted
MAX_GROUPS = 5  # of those with the same reason
MAX_NAMES = 10  # in such a group
MAX_REASON = 200
ROOM = MAX_TEXT - 700  # for those lines; the rest is for the heading and the counts
UNOWED = (
    "nothing was owed: the transcript was ingested without announcing, replaced one that is older than the "
    "subscription, or came while that was removed"
)
STILL = "As both are now, it would be skipped again, for the same reason."
LATER = "subscribed after the transcript came"
WAITING = {
    Hold.FILES: "waiting for the files that came with it, or for its details in a form; for ten minutes at most",
    Hold.PAUSE: "waiting, because the subscription is paused",
    Hold.RETRY: "waiting until {until}, because the last try failed: {reason}",
    Hold.DIGEST: "waiting for its {digest} digest, {until}",
    Hold.INDEX: "waiting until {until}, because its words can't be searched yet",
    Hold.LIMIT: "waiting until {until}, because the channel had as many posts as it may in an hour",
    Hold.TURN: "waiting for its turn behind others",
    None: "about to be sent",
}
SENDING = {
    Hold.PAUSE: "perhaps sent, to be checked when the subscription is no longer paused",
    Hold.RETRY: "perhaps sent, nobody knows: {reason}; tried {tries}, to be checked {again}",
    Hold.DISCORD: "waiting until {until}, because Discord asks to",
    None: "being sent now",
}

UNSAID = "what they watch isn't said in it"
ALIKE = {  # what reasons have in common that name something else each
    re.compile(r"“.*isn't said in it|what is watched isn't said in it"): UNSAID,
    re.compile(r"“.*is said in it, which is left out"): "what they leave out is said in it",
    re.compile(r".*doesn't speak in it"): "those whom they name don't speak in it",
    re.compile(r"it isn't tagged .*"): "it has none of their tags",
    re.compile(r"it isn't from .*"): "it isn't from where they ask",
    re.compile(r"it isn't in .*"): "it isn't in their languages",
}

Pair = tuple[Subscription, Delivery | None]
Places = Mapping[int, str]  # where subscriptions are told, by their ids


def every(traced: Traced, subscriptions: Sequence[Subscription], places: Places) -> discord.ui.LayoutView:
    """Return what became of a transcript for each of a server's subscriptions; members' alerts are only counted."""
    owed = {one.subscription_id: one for one in traced.deliveries}
    pairs = [(one, owed.get(one.id)) for one in subscriptions]
    lines = _lines(traced, pairs, places)
    if not subscriptions:
        lines.insert(0, "No channel of this server is subscribed; `/subscribe` lets one hear of new transcripts.")
    below = _alerts(one for one in traced.deliveries if one.member_id is not None)
    if len(subscriptions) > 1:
        below.append("-# `subscription:` says more of one.")
    # What follows a list in the same text is drawn as part of its last entry.
    texts = [_heading(traced), *("\n".join(some) for some in (lines, below) if some)]
    return contained(*map(discord.ui.TextDisplay[discord.ui.LayoutView], texts))


def one(
    traced: Traced, subscription: Subscription, delivery: Delivery | None, *, place: str, refused: str | None
) -> discord.ui.LayoutView:
    """Return what became of a transcript for one subscription, which is told in a place, and what that asks for.

    `refused` is why it would not be told of the transcript as both are now, None where it would be.
    """
    wanted = subscription.wanted
    lines = [
        _line(traced, subscription, delivery, place),
        *(_now(wanted, delivery, refused) if traced.entry is not None else []),
        *_wanted(wanted),
        *(["It is paused."] if subscription.paused else []),
    ]
    by = f" by <@{subscription.created_by}>" if subscription.created_by else ""
    foot = f"-# Subscribed {_time(_seconds(subscription.created_at))}{by}"
    if delivery is not None:
        foot += f" · owed it {_time(delivery.created_at)}"
    return contained(
        discord.ui.TextDisplay(_heading(traced)), discord.ui.TextDisplay("\n".join(lines)), discord.ui.TextDisplay(foot)
    )


def _heading(traced: Traced) -> str:
    entry = traced.entry
    said = f"Ingested {_time(entry.ingested_at.timestamp())}" if entry is not None else "It was removed since"
    return f"### What became of “{fitted(traced.title, 150)}”\n-# {said} · id {traced.id}"


def _lines(traced: Traced, pairs: Sequence[Pair], places: Places) -> list[str]:
    """Write a line a subscription, one for all that were skipped for the same reason, and a count of what is left."""
    alike: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        alike[_group(traced, *pair)].append(pair)
    groups = {reason: found for reason, found in alike.items() if reason and len(found) > 1}
    grouped = {subscription.id for found in groups.values() for subscription, _ in found}
    single = sorted((pair for pair in pairs if pair[0].id not in grouped), key=lambda pair: _rank(pair[1]))
    largest = sorted(groups.items(), key=lambda item: -len(item[1]))
    written = [(f"- {_line(traced, *pair, places[pair[0].id])}", [pair]) for pair in single[:MAX_LINES]]
    written += [(f"- {_together(reason, found)}", found) for reason, found in largest[:MAX_GROUPS]]
    left = [*single[MAX_LINES:], *(pair for _, found in largest[MAX_GROUPS:] for pair in found)]
    while sum(len(line) + 1 for line, _ in written) > ROOM:
        left += written.pop(max(range(len(written)), key=lambda at: (len(written[at][0]), at)))[1]
    lines = [line for line, _ in written]
    if left:
        lines.append(f"- and {len(left):,} more: {_counted(delivery for _, delivery in left)}")
    return lines


def _group(traced: Traced, subscription: Subscription, delivery: Delivery | None) -> str:
    """Return what subscriptions of which nothing else is to be said have in common; nothing of others."""
    if delivery is None:
        return _unowed(traced, subscription)
    if delivery.state is not State.SKIPPED:
        return ""
    reason = delivery.reason or ""
    return next((common for pattern, common in ALIKE.items() if pattern.fullmatch(reason)), reason)


def _rank(delivery: Delivery | None) -> int:
    order = (State.FAILING, State.ABANDONED, State.SENDING, State.WAITING, State.SENT)
    if delivery is None or delivery.state is State.SKIPPED:
        return len(order) + (delivery is not None)
    troubled = delivery.state is State.SENT and (delivery.deleted or delivery.reason is not None)
    return 1 if troubled else order.index(delivery.state)


def _together(common: str, found: Sequence[Pair]) -> str:
    """Write a line for many of which the same is to be said; where the reasons differ, what they have in common."""
    own = {f"skipped, because {_reason(delivery)}" for _, delivery in found if delivery is not None}
    reason = own.pop() if len(own) == 1 else f"skipped, because {common}" if own else common
    names = [f"**{fitted(subscription.name, 40)}**" for subscription, _ in found[:MAX_NAMES]]
    more = f" and {len(found) - MAX_NAMES:,} more" if len(found) > MAX_NAMES else ""
    return f"{len(found):,} {reason}: {', '.join(names)}{more}."


def _line(traced: Traced, subscription: Subscription, delivery: Delivery | None, place: str) -> str:
    said = _unowed(traced, subscription) if delivery is None else _became(delivery, subscription.wanted)
    return f"**{fitted(subscription.name, 40)}** in {place}: {said}."


def _unowed(traced: Traced, subscription: Subscription) -> str:
    """Say why a subscription is owed nothing of a transcript.

    One that is replaced counts as ingested then, but what others were owed of it says when it came.
    """
    ingested = [traced.entry.ingested_at.timestamp()] if traced.entry is not None else []
    came = min([*ingested, *(one.created_at for one in traced.deliveries)])
    return LATER if _seconds(subscription.created_at) > came else UNOWED


def _became(delivery: Delivery, wanted: Wanted) -> str:
    """Say in which state a delivery is, and why, as the end of a sentence."""
    match delivery.state:
        case State.SENT:
            return _sent(delivery, wanted)
        case State.SENDING:
            return _held(SENDING, delivery, wanted)
        case State.WAITING:
            return _held(WAITING, delivery, wanted)
        case State.FAILING:
            return _failing(delivery)
        case State.SKIPPED:
            return f"skipped, because {_reason(delivery)}"
        case State.ABANDONED:
            return _reason(delivery)


def _sent(delivery: Delivery, wanted: Wanted) -> str:
    said = f"[sent]({delivery.link})" if delivery.link else "sent"
    said += f" {_time(delivery.sent_at)}" if delivery.sent_at is not None else " before times were kept"
    if delivery.together > 1:
        others = many(delivery.together - 1, "other")
        said += f", in a {wanted.digest} digest with {others}" if wanted.digest else f", in one post with {others}"
    if delivery.deleted:
        return f"{said}; its message was deleted since, and isn't posted again"
    again = f"; tried again {_time(delivery.due_at, 'R')}" if delivery.due_at is not None else ""
    if delivery.reason and delivery.unpublished:
        return f"{said}, but not published{' yet' if again else ''}: {_reason(delivery)}{again}"
    if delivery.due_at is None:
        return said
    if delivery.reason:
        return f"{said}; its message can't be edited: {_reason(delivery)}{again}"
    return f"{said}; its message is about to be {'published' if delivery.unpublished else 'edited'}"


def _held(texts: Mapping[Hold | None, str], delivery: Delivery, wanted: Wanted) -> str:
    """Say what a delivery waits for."""
    return texts.get(delivery.hold, texts[None]).format(
        digest=wanted.digest or "",
        again=_time(delivery.due_at, "R"),
        reason=_reason(delivery),
        tries=many(delivery.tries, "time"),
        until=_time(delivery.due_at),
    )


def _failing(delivery: Delivery) -> str:
    said = f"failing since {_time(delivery.failing_since or delivery.created_at)}: {_reason(delivery)}"
    said += f"; tried {many(delivery.tries, 'time')}" if delivery.tries else ""
    if delivery.hold is Hold.PAUSE:
        return f"{said}, and now paused"
    if delivery.hold is Hold.RETRY:
        return f"{said}, next try {_time(delivery.due_at, 'R')}"
    return f"{said}, about to be tried again"


def _wanted(wanted: Wanted) -> list[str]:
    """Say what a subscription asks for, and how it is told."""
    said = replace(wanted, language=named(wanted.language) if wanted.language else None).said
    how = f"in a {wanted.digest} digest" if wanted.digest else "at once"
    how += f", pinging <@&{wanted.mention}>" if wanted.mention else ""
    how += ", published" if wanted.publish else ""
    which = f"transcripts {', '.join(fitted(translated(one), 80) for one in said)}" if said else "all transcripts"
    watched = [f"It watches for {code(fitted(wanted.matching, 200, literal=True))}."] if wanted.matching else []
    return [f"It asks for {which}, {how}.", *watched]


def _now(wanted: Wanted, delivery: Delivery | None, refused: str | None) -> list[str]:
    """Say whether it would hear of the transcript as both are now, where that isn't said already."""
    skipped = delivery is None or delivery.state is State.SKIPPED
    if refused is not None:
        same = delivery is not None and delivery.state is State.SKIPPED and delivery.reason == refused
        return [STILL if same else f"As both are now, it would not hear of it: {fitted(refused, MAX_REASON)}."]
    if skipped:
        return ["As both are now, it would hear of it if it came anew."]
    return ["What it watches for is said in it."] if wanted.matching else []


def _alerts(deliveries: Iterable[Delivery]) -> list[str]:
    """Count what members were told privately: never who, nor of which words."""
    found = list(deliveries)
    return [f"Members' private alerts: {_counted(found, {State.SENT: 'told'})}."] if found else []


def _counted(deliveries: Iterable[Delivery | None], names: Mapping[State, str] | None = None) -> str:
    counts = Counter("not owed" if one is None else (names or {}).get(one.state, one.state.value) for one in deliveries)
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common())


def _reason(delivery: Delivery) -> str:
    return because(delivery.reason or "for a reason that wasn't kept", MAX_REASON)


def _time(seconds: float | None, style: str = "f") -> str:
    return f"<t:{int(seconds or 0)}:{style}>"


def _seconds(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()

"""What became of a transcript's deliveries and why, on one screen: what needs somebody stands first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import discord

from cogs.locales import gettext, ngettext, translated
from cogs.locales.speaking import number, series
from cogs.rendering import hearing
from cogs.rendering.reasons import because
from cogs.rendering.words import MAX_TEXT, code, contained, fitted
from store.models import Delivery, Digest, Hold, State, Subscription, Traced, Wanted
from store.outbox import passing, sending
from store.sentences import Sentence, sentence

MAX_LINES = 12  # of single subscriptions; what is left is counted
MAX_GROUPS = 5  # of those with the same reason
MAX_NAMES = 10  # in such a group
MAX_REASON = 200
ROOM = MAX_TEXT - 700  # for those lines; the rest is for the heading and the counts
UNOWED = sentence(
    "nothing was owed: the transcript was ingested without announcing, replaced one that is older than the "
    "subscription, or came while that was removed"
)
STILL = sentence("As both are now, it would be skipped again, for the same reason.")
LATER = sentence("subscribed after the transcript came")

UNSAID = sentence("what they watch isn't said in it")
ALIKE = {  # what reasons have in common that name something else each, by their templates
    sending.WATCHED_UNSAID.template: UNSAID,
    sending.WORD_UNSAID.template: UNSAID,
    sending.LEFT_OUT.template: sentence("what they leave out is said in it"),
    passing.SPEAKER.template: sentence("those whom they name don't speak in it"),
    passing.TAG.template: sentence("it has none of their tags"),
    passing.CHANNEL.template: sentence("it isn't from where they ask"),
    passing.LANGUAGE.template: sentence("it isn't in their languages"),
}

Pair = tuple[Subscription, Delivery | None]
Places = Mapping[int, str]  # where subscriptions are told, by their ids


def every(traced: Traced, subscriptions: Sequence[Subscription], places: Places) -> discord.ui.LayoutView:
    """Return what became of a transcript for each of a server's subscriptions; members' alerts are only counted."""
    owed = {one.subscription_id: one for one in traced.deliveries}
    pairs = [(one, owed.get(one.id)) for one in subscriptions]
    lines = _lines(traced, pairs, places)
    if not subscriptions:
        none = gettext("No channel of this server is subscribed; `/subscribe` lets one hear of new transcripts.")
        lines.insert(0, none)
    below = _alerts(one for one in traced.deliveries if one.member_id is not None)
    if len(subscriptions) > 1:
        more = gettext("`subscription:` says more of one.")
        below.append(f"-# {more}")
    # What follows a list in the same text is drawn as part of its last entry.
    texts = [_heading(traced), *("\n".join(some) for some in (lines, below) if some)]
    return contained(*map(discord.ui.TextDisplay[discord.ui.LayoutView], texts))


def one(
    traced: Traced, subscription: Subscription, delivery: Delivery | None, *, place: str, refused: Sentence | None
) -> discord.ui.LayoutView:
    """Return what became of a transcript for one subscription, which is told in a place, and what that asks for.

    `refused` is why it would not be told of the transcript as both are now, None where it would be.
    """
    wanted = subscription.wanted
    lines = [
        _line(traced, subscription, delivery, place),
        *(_now(wanted, delivery, refused) if traced.entry is not None else []),
        *_wanted(wanted),
        *([gettext("It is paused.")] if subscription.paused else []),
    ]
    made = gettext("Subscribed {time}", time=_time(_seconds(subscription.created_at)))
    if subscription.created_by:
        made = gettext(
            "Subscribed {time} by {member}",
            time=_time(_seconds(subscription.created_at)),
            member=f"<@{subscription.created_by}>",
        )
    owed = [gettext("owed it {time}", time=_time(delivery.created_at))] if delivery is not None else []
    texts = [_heading(traced), "\n".join(lines), f"-# {' · '.join([made, *owed])}"]
    return contained(*map(discord.ui.TextDisplay[discord.ui.LayoutView], texts))


def _heading(traced: Traced) -> str:
    entry = traced.entry
    heading = gettext("### What became of “{title}”", title=fitted(traced.title, 150))
    came = gettext("It was removed since")
    if entry is not None:
        came = gettext("Ingested {time}", time=_time(entry.ingested_at.timestamp()))
    known = gettext("id {id}", id=traced.id)
    return f"{heading}\n-# {came} · {known}"


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
        counts = _counted(delivery for _, delivery in left)
        rest = ngettext("and {n} more: {counts}", "and {n} more: {counts}", len(left), counts=counts)
        lines.append(f"- {rest}")
    return lines


def _group(traced: Traced, subscription: Subscription, delivery: Delivery | None) -> str:
    """Return what subscriptions of which nothing else is to be said have in common; nothing of others."""
    if delivery is None:
        return _unowed(traced, subscription)
    if delivery.state is not State.SKIPPED:
        return ""
    reason = delivery.reason
    return translated(ALIKE.get(reason.template, reason)) if reason is not None else ""


def _rank(delivery: Delivery | None) -> int:
    order = (State.FAILING, State.ABANDONED, State.SENDING, State.WAITING, State.SENT)
    if delivery is None or delivery.state is State.SKIPPED:
        return len(order) + (delivery is not None)
    troubled = delivery.state is State.SENT and (delivery.deleted or delivery.reason is not None)
    return 1 if troubled else order.index(delivery.state)


def _together(common: str, found: Sequence[Pair]) -> str:
    """Write a line for many of which the same is to be said; where the reasons differ, what they have in common."""
    own = {_skipped(_reason(delivery)) for _, delivery in found if delivery is not None}
    reason = own.pop() if len(own) == 1 else _skipped(common) if own else common
    names = series(f"**{fitted(subscription.name, 40)}**" for subscription, _ in found[:MAX_NAMES])
    if (left := len(found) - MAX_NAMES) > 0:
        names = ngettext("{names} and {n} more", "{names} and {n} more", left, names=names)
    return ngettext("{n} {reason}: {names}.", "{n} {reason}: {names}.", len(found), reason=reason, names=names)


def _line(traced: Traced, subscription: Subscription, delivery: Delivery | None, place: str) -> str:
    became = _unowed(traced, subscription) if delivery is None else _became(delivery, subscription.wanted)
    name = fitted(subscription.name, 40)
    return gettext("**{name}** in {place}: {became}.", name=name, place=place, became=became)


def _unowed(traced: Traced, subscription: Subscription) -> str:
    """Say why a subscription is owed nothing of a transcript.

    One that is replaced counts as ingested then, but what others were owed of it says when it came.
    """
    ingested = [traced.entry.ingested_at.timestamp()] if traced.entry is not None else []
    came = min([*ingested, *(one.created_at for one in traced.deliveries)])
    return translated(LATER if _seconds(subscription.created_at) > came else UNOWED)


def _became(delivery: Delivery, wanted: Wanted) -> str:
    """Say in which state a delivery is, and why, as the end of a sentence."""
    match delivery.state:
        case State.SENT:
            return _sent(delivery, wanted)
        case State.SENDING:
            return _sending(delivery)
        case State.WAITING:
            return _waiting(delivery, wanted)
        case State.FAILING:
            return _failing(delivery)
        case State.SKIPPED:
            return _skipped(_reason(delivery))
        case State.ABANDONED:
            return _reason(delivery)


def _skipped(reason: str) -> str:
    return gettext("skipped, because {reason}", reason=reason)


def _sent(delivery: Delivery, wanted: Wanted) -> str:
    """Say when it was sent, with what else, and what is to be done with its message or can't be."""
    sent = _sent_with(delivery, wanted)
    if delivery.deleted:
        return gettext("{sent}; its message was deleted since, and isn't posted again", sent=sent)
    if delivery.reason and (delivery.unpublished or delivery.due_at is not None):
        return _not_changed(sent, delivery)
    if delivery.due_at is None:
        return sent
    if delivery.unpublished:
        return gettext("{sent}; its message is about to be published", sent=sent)
    return gettext("{sent}; its message is about to be edited", sent=sent)


def _not_changed(sent: str, delivery: Delivery) -> str:
    """Say why the message of what was sent can't be published or edited."""
    reason, again = _reason(delivery), _time(delivery.due_at, "R")
    if not delivery.unpublished:
        return gettext(
            "{sent}; its message can't be edited: {reason}; tried again {again}", sent=sent, reason=reason, again=again
        )
    if delivery.due_at is None:
        return gettext("{sent}, but not published: {reason}", sent=sent, reason=reason)
    return gettext(
        "{sent}, but not published yet: {reason}; tried again {again}", sent=sent, reason=reason, again=again
    )


def _sent_with(delivery: Delivery, wanted: Wanted) -> str:
    """Say when it was sent, where its message stands, and with how many others."""
    others = delivery.together - 1
    if others < 1:
        return _sent_at(delivery)
    sent = _sent_at(delivery)
    match wanted.digest:
        case Digest.DAILY:
            return ngettext(
                "{sent}, in a daily digest with {n} other",
                "{sent}, in a daily digest with {n} others",
                others,
                sent=sent,
            )
        case Digest.WEEKLY:
            return ngettext(
                "{sent}, in a weekly digest with {n} other",
                "{sent}, in a weekly digest with {n} others",
                others,
                sent=sent,
            )
    return ngettext("{sent}, in one post with {n} other", "{sent}, in one post with {n} others", others, sent=sent)


def _sent_at(delivery: Delivery) -> str:
    time = _time(delivery.sent_at)
    if delivery.sent_at is None and delivery.link:
        return gettext("[sent]({link}) before times were kept", link=delivery.link)
    if delivery.sent_at is None:
        return gettext("sent before times were kept")
    if delivery.link:
        return gettext("[sent]({link}) {time}", link=delivery.link, time=time)
    return gettext("sent {time}", time=time)


def _waiting(delivery: Delivery, wanted: Wanted) -> str:
    """Say what a delivery waits for."""
    until = _time(delivery.due_at)
    digest = {
        None: gettext("waiting for its digest, {until}", until=until),
        Digest.DAILY: gettext("waiting for its daily digest, {until}", until=until),
        Digest.WEEKLY: gettext("waiting for its weekly digest, {until}", until=until),
    }
    texts: dict[Hold | None, str] = {
        None: gettext("about to be sent"),
        Hold.FILES: gettext(
            "waiting for the files that came with it, or for its details in a form; for ten minutes at most"
        ),
        Hold.PAUSE: gettext("waiting, because the subscription is paused"),
        Hold.RETRY: gettext(
            "waiting until {until}, because the last try failed: {reason}", until=until, reason=_reason(delivery)
        ),
        Hold.DIGEST: digest[wanted.digest],
        Hold.INDEX: gettext("waiting until {until}, because its words can't be searched yet", until=until),
        Hold.LIMIT: gettext(
            "waiting until {until}, because the channel had as many posts as it may in an hour", until=until
        ),
        Hold.TURN: gettext("waiting for its turn behind others"),
    }
    return texts.get(delivery.hold, texts[None])


def _sending(delivery: Delivery) -> str:
    """Say what a delivery waits for that may have been sent."""
    match delivery.hold:
        case Hold.PAUSE:
            return gettext("perhaps sent, to be checked when the subscription is no longer paused")
        case Hold.RETRY:
            return gettext(
                "perhaps sent, nobody knows: {reason}; tried {tries}, to be checked {again}",
                reason=_reason(delivery),
                tries=_tries(delivery),
                again=_time(delivery.due_at, "R"),
            )
        case Hold.DISCORD:
            return gettext("waiting until {until}, because Discord asks to", until=_time(delivery.due_at))
    return gettext("being sent now")


def _failing(delivery: Delivery) -> str:
    since = _time(delivery.failing_since or delivery.created_at)
    failing = gettext("failing since {since}: {reason}", since=since, reason=_reason(delivery))
    if delivery.tries:
        failing = gettext("{failing}; tried {tries}", failing=failing, tries=_tries(delivery))
    if delivery.hold is Hold.PAUSE:
        return gettext("{failing}, and now paused", failing=failing)
    if delivery.hold is Hold.RETRY:
        return gettext("{failing}, next try {again}", failing=failing, again=_time(delivery.due_at, "R"))
    return gettext("{failing}, about to be tried again", failing=failing)


def _tries(delivery: Delivery) -> str:
    return ngettext("{n} time", "{n} times", delivery.tries)


def _wanted(wanted: Wanted) -> list[str]:
    """Say what a subscription asks for, and how it is told."""
    how = {
        None: gettext("at once"),
        Digest.DAILY: gettext("in a daily digest"),
        Digest.WEEKLY: gettext("in a weekly digest"),
    }[wanted.digest]
    if wanted.mention:
        how = gettext("{how}, pinging {role}", how=how, role=f"<@&{wanted.mention}>")
    if wanted.publish:
        how = gettext("{how}, published", how=how)
    which = gettext("all transcripts")
    if narrowed := series(fitted(one, 80) for one in hearing.filters(wanted, str)):
        which = gettext("transcripts {filters}", filters=narrowed)
    asks = [gettext("It asks for {which}, {how}.", which=which, how=how)]
    if wanted.matching:
        asks.append(gettext("It watches for {words}.", words=code(fitted(wanted.matching, 200, literal=True))))
    return asks


def _now(wanted: Wanted, delivery: Delivery | None, refused: Sentence | None) -> list[str]:
    """Say whether it would hear of the transcript as both are now, where that isn't said already."""
    skipped = delivery is None or delivery.state is State.SKIPPED
    if refused is not None:
        same = delivery is not None and delivery.state is State.SKIPPED and str(delivery.reason) == str(refused)
        if same:
            return [translated(STILL)]
        reason = fitted(translated(refused), MAX_REASON)
        return [gettext("As both are now, it would not hear of it: {reason}.", reason=reason)]
    if skipped:
        return [gettext("As both are now, it would hear of it if it came anew.")]
    return [gettext("What it watches for is said in it.")] if wanted.matching else []


def _alerts(deliveries: Iterable[Delivery]) -> list[str]:
    """Count what members were told privately: never who, nor of which words."""
    found = list(deliveries)
    return [gettext("Members' private alerts: {counts}.", counts=_counted(found, private=True))] if found else []


def _counted(deliveries: Iterable[Delivery | None], *, private: bool = False) -> str:
    told = {State.SENT: "told"} if private else {}
    counts = Counter("" if one is None else told.get(one.state, one.state.value) for one in deliveries)
    return series(_count(state, count) for state, count in counts.most_common())


def _count(state: str, count: int) -> str:
    """Write how many deliveries are in a state; none of what isn't owed, and a member is told, not sent, an alert."""
    n = number(count)
    return {
        "": gettext("{n} not owed", n=n),
        "told": gettext("{n} told", n=n),
        State.WAITING: gettext("{n} waiting", n=n),
        State.SENDING: gettext("{n} sending", n=n),
        State.SENT: gettext("{n} sent", n=n),
        State.SKIPPED: gettext("{n} skipped", n=n),
        State.FAILING: gettext("{n} failing", n=n),
        State.ABANDONED: gettext("{n} abandoned", n=n),
    }[state]


def _reason(delivery: Delivery) -> str:
    return because(delivery.reason or sentence("for a reason that wasn't kept"), MAX_REASON)


def _time(seconds: float | None, style: str = "f") -> str:
    return f"<t:{int(seconds or 0)}:{style}>"


def _seconds(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()

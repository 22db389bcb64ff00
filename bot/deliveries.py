"""The command `deliveries`: what became of what is owed, as a table or as JSON; and what fails, tried again.

Of a member's alert neither its words nor its name are printed, which is made of them.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from tqdm.utils import disp_len

from bot.config import Config
from bot.errors import ConfigError
from bot.opening import opened
from store.errors import NotFoundError
from store.index.reindexing import Reindex
from store.library import Library
from store.models import Cause, Delivery, Hold, State
from store.text.wording import many

HEADINGS = ("id", "owed (UTC)", "server", "subscription", "transcript", "state", "why")
TITLE = 40  # characters
NAMED = 5  # subscriptions in a sentence
HELD = {
    Hold.PAUSE: "paused",
    Hold.FILES: "for the files that came with it, or for its details",
    Hold.DIGEST: "for its digest, {at}",
    Hold.LIMIT: "until {at}: as many posts as the channel may have in an hour",
    Hold.DISCORD: "until {at}: Discord asks to wait",
    Hold.INDEX: "until {at}: its words can't be searched yet",
    Hold.TURN: "behind others",
    None: "due since {at}",
}
UNSAID = "what it watches isn't said in it"


async def deliveries(options: argparse.Namespace, config: Config) -> int:
    """List deliveries, or let those that fail be tried again; return the exit status."""
    if options.guild is None and (options.transcript or options.subscription):
        which = "transcript" if options.transcript else "subscription"
        raise ConfigError(f"A {which} is one of a server's; name that too: --guild ID.")
    async with opened(config, reindex=Reindex.LATER) as library:
        guild, states = options.guild, [State(state) for state in options.state]
        transcript = (await library.traced(guild, options.transcript)).id if options.transcript else None
        subscription = await _subscription(library, guild, options.subscription) if options.subscription else None
        asked = {"transcript_id": transcript, "subscription_id": subscription}
        if options.retry:
            count = await library.notifications.retry(guild, states=states, **asked)
            print(_retried(count))
            return 0
        found = await library.notifications.deliveries(guild, states=states, limit=options.limit + 1, **asked)
    shown = found[: options.limit]
    if options.json:
        print(json.dumps([delivery_object(one) for one in shown], ensure_ascii=False, indent=2))
    elif shown:
        print("\n".join([*lines(shown), summary(shown, more=len(found) > len(shown))]))
    else:
        print(_nothing(options))
    return 0


async def _subscription(library: Library, guild_id: int, name: str) -> int:
    """Return the id of the subscription of a name.

    Raises:
        NotFoundError: there is none.
    """
    every = await library.notifications.listed(guild_id)
    for one in every:
        if one.name.casefold() == name.strip().casefold():
            return one.id
    names = ", ".join(one.name for one in every[:NAMED])
    more = f" and {len(every) - NAMED:,} more" if len(every) > NAMED else ""
    raise NotFoundError(f"This server has no subscription “{name[:60]}”; it has {names or 'none'}{more}.")


def _nothing(options: argparse.Namespace) -> str:
    if options.state:
        return f"No delivery is {' or '.join(options.state)}."
    where = " of this server" if options.guild is not None else ""
    which = " like that" if options.transcript or options.subscription else ""
    return f"There is no delivery{which}{where}: nothing was owed to a subscription yet."


def _retried(count: int) -> str:
    if not count:
        return "Nothing fails that could be tried again."
    what = "1 delivery is" if count == 1 else f"{count:,} deliveries are"
    return f"{what} tried again at once if the bot runs, or else when it starts."


def lines(found: Sequence[Delivery]) -> list[str]:
    """Return the lines of a table of deliveries."""
    rows = [HEADINGS, *map(_row, found)]
    widths = [max(map(disp_len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (width - disp_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def summary(found: Sequence[Delivery], *, more: bool) -> str:
    """Return how many deliveries are listed, by state, and whether there are more."""
    counts = Counter(one.state for one in found)
    said = ", ".join(f"{counts[state]:,} {state}" for state in State if counts[state])
    listed = f"{len(found):,} {'delivery' if len(found) == 1 else 'deliveries'}: {said}"
    return f"The newest {listed}; --limit lists more." if more else f"{listed}."


def _row(one: Delivery) -> tuple[str, ...]:
    title = " ".join(one.title.split())
    return (
        str(one.id),
        _clock(one.created_at),
        str(one.guild_id),
        one.subscription if one.member_id is None else f"alert of {one.member_id}",
        title if len(title) <= TITLE else f"{title[: TITLE - 1].rstrip()}…",
        one.state.value,
        why(one),
    )


def why(one: Delivery) -> str:
    """Say why a delivery is in its state, and when it is tried next."""
    reason = _reason(one) or "why wasn't kept"
    if one.state is State.SENT:
        return _sent(one)
    if one.state in {State.SKIPPED, State.ABANDONED}:
        return reason
    if one.state is State.SENDING and one.hold is None:
        return ""
    tried = f"{reason}, tried {many(one.tries, 'time')}" if one.tries else reason
    if one.hold is Hold.RETRY:
        return f"next try {_clock(one.due_at)}: {tried}"
    held = HELD[one.hold].format(at=_clock(one.due_at))
    return f"{held}; {tried}" if one.state is State.FAILING else held


def _sent(one: Delivery) -> str:
    parts = [_clock(one.sent_at)] if one.sent_at is not None else []
    if one.together > 1:
        parts.append(f"with {many(one.together - 1, 'other')}")
    if one.deleted:
        parts.append("its message was deleted since")
    elif one.due_at is not None:
        reason = f": {_reason(one)}" if _reason(one) else ""
        parts.append(f"to be edited {_clock(one.due_at)}{reason}")
    return ", ".join(parts)


def _reason(one: Delivery) -> str | None:
    """Return why a delivery is in its state, without the words of a member's alert."""
    if one.member_id is not None and one.cause in {Cause.WORDS, Cause.FILTER}:
        return UNSAID
    return str(one.reason) if one.reason is not None else None


def delivery_object(one: Delivery) -> dict[str, object]:
    """Return a delivery as `deliveries --json` lists it; Discord's ids as strings, as Discord writes them in JSON."""
    return {
        "id": one.id,
        "guild_id": str(one.guild_id),
        "subscription": one.subscription if one.member_id is None else None,
        "subscription_id": one.subscription_id,
        "channel_id": _id(one.channel_id),
        "member_id": _id(one.member_id),
        "transcript_id": one.transcript_id,
        "title": one.title,
        "state": one.state.value,
        "cause": one.cause.value if one.cause else None,
        "reason": _reason(one),
        "waits_for": one.hold.value if one.hold else None,
        "tries": one.tries,
        "owed_at": _iso(one.created_at),
        "due_at": _iso(one.due_at),
        "sent_at": _iso(one.sent_at),
        "failing_since": _iso(one.failing_since),
        "place_id": _id(one.place_id),
        "message_id": _id(one.message_id),
        "link": one.link,
        "together": one.together,
        "deleted": one.deleted,
    }


def _id(id_: int | None) -> str | None:
    return str(id_) if id_ is not None else None


def _iso(seconds: float | None) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds is not None else None


def _clock(seconds: float | None) -> str:
    return f"{datetime.fromtimestamp(seconds or 0, UTC):%Y-%m-%d %H:%M}"

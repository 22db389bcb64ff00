"""The SQL of what became of deliveries, for those who ask why, and for those who must be told of what fails."""

import json
import sqlite3
from collections.abc import Collection
from itertools import islice

from store.database import Reader, Writer
from store.models import Cause, Delivery, Hold, State, Subscription
from store.outbox import subscriptions
from store.sentences import recalled
from store.text.analysis import folded

MOST_KNOWN = 25
LOOKED_AT = 2000  # of the last that were removed, for what somebody types

_HOLD = """
    CASE
        WHEN d.state NOT IN ('waiting', 'sending', 'failing') THEN NULL
        WHEN s.paused THEN 'pause'
        WHEN d.state = 'waiting' AND d.due_at IS NULL THEN 'files'
        WHEN d.state = 'sending' AND NOT p.uncertain AND p.due_at > :now THEN 'discord'
        WHEN s.retry_at > :now AND s.failing_since IS NULL THEN 'turn'
        WHEN s.retry_at > :now OR (d.state = 'failing' AND d.due_at > :now) THEN 'retry'
        WHEN d.state = 'sending' THEN NULL
        WHEN d.due_at > :now AND s.digest IS NOT NULL THEN 'digest'
        WHEN d.due_at > :now AND s.matching IS NOT NULL AND NOT d.judged THEN 'index'
        WHEN d.due_at > :now THEN 'limit'
        WHEN EXISTS (
            SELECT 1 FROM deliveries b WHERE b.subscription_id = d.subscription_id AND b.id < d.id
                AND b.state IN ('waiting', 'sending', 'failing') AND b.due_at <= :now
        ) THEN 'turn'
    END
"""
# What a post is tried for and fails with once it was sent are its edits.
_COLUMNS = f"""
    d.id, s.guild_id, s.name, s.id, d.transcript_id, coalesce(t.title, d.title, ''), d.state, d.cause, {_HOLD},
    coalesce(d.reason, p.error,
        CASE WHEN d.state IN ('waiting', 'sending') AND s.retry_at > :now THEN s.last_error END),
    d.created_at, p.sent_at,
    max(CASE WHEN d.state IN ('waiting', 'failing') THEN d.due_at ELSE p.due_at END, s.retry_at),
    s.channel_id, s.member_id, p.place_id, p.message_id,
    (SELECT count(*) FROM deliveries o WHERE o.post = d.post), s.failing_since,
    CASE WHEN d.state = 'failing' AND NOT d.tries THEN s.failures ELSE max(d.tries, coalesce(p.tries, 0)) END,
    coalesce(p.place_id IS NOT NULL AND NOT p.stale AND (p.publish OR p.error IS NOT NULL), 0)
"""
_FROM = """
    deliveries d JOIN subscriptions s ON s.id = d.subscription_id AND s.removed_at IS NULL
        LEFT JOIN transcripts t ON t.id = d.transcript_id LEFT JOIN posts p ON p.id = d.post
"""


async def deliveries(
    connection: Reader,
    guild_id: int | None,
    *,
    transcript_id: int | None = None,
    subscription_id: int | None = None,
    states: Collection[State] = (),
    limit: int = -1,
    now: float,
) -> tuple[Delivery, ...]:
    """Return deliveries of a guild, or of all, the newest first: those of a transcript, a subscription, in states."""
    where, values = _narrowed(guild_id, transcript_id, subscription_id, states)
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM {_FROM} WHERE {where} ORDER BY d.id DESC LIMIT :limit",
        {**values, "limit": limit, "now": now},
    )
    return tuple(map(_delivery, rows))


def _narrowed(
    guild_id: int | None, transcript_id: int | None, subscription_id: int | None, states: Collection[State]
) -> tuple[str, dict[str, object]]:
    """Return the condition for what is asked for, and its values; one for everything would keep SQLite from indexes."""
    conditions = {
        "s.guild_id = :guild": ("guild", guild_id),
        "d.transcript_id = :transcript": ("transcript", transcript_id),
        "s.id = :subscription": ("subscription", subscription_id),
        "d.state IN (SELECT value FROM json_each(:states))": ("states", json.dumps(list(states)) if states else None),
    }
    asked = {condition: pair for condition, pair in conditions.items() if pair[1] is not None}
    return " AND ".join(asked) or "TRUE", dict(asked.values())


def _delivery(row: sqlite3.Row) -> Delivery:
    hold = Hold(row[8]) if row[8] else None
    return Delivery(
        id=row[0],
        guild_id=row[1],
        subscription=row[2],
        subscription_id=row[3],
        transcript_id=row[4],
        title=row[5],
        state=State(row[6]),
        cause=Cause(row[7]) if row[7] else None,
        hold=hold,
        reason=recalled(row[9]) if row[9] else None,
        created_at=row[10],
        sent_at=row[11] or None,
        due_at=row[12],
        channel_id=row[13],
        member_id=row[14],
        place_id=row[15],
        message_id=row[16],
        together=row[17],
        failing_since=row[18],
        tries=row[19],
        unpublished=bool(row[20]),
    )


async def known_as(connection: Reader, guild_id: int, title: str) -> list[tuple[int, str]]:
    """Return the last transcripts that were removed and of which deliveries remain: ids, titles that hold a text."""
    rows = await connection.execute_fetchall(
        """
        SELECT d.transcript_id, d.title FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
        WHERE s.guild_id = ? AND s.removed_at IS NULL AND d.title IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM transcripts t WHERE t.id = d.transcript_id)
        GROUP BY d.transcript_id ORDER BY d.transcript_id DESC LIMIT ?
        """,
        (guild_id, LOOKED_AT),
    )
    wanted = folded(title)
    return list(islice(((int(id_), str(name)) for id_, name in rows if wanted in folded(name)), MOST_KNOWN))


async def retry(
    connection: Writer,
    guild_id: int | None,
    *,
    transcript_id: int | None = None,
    subscription_id: int | None = None,
    states: Collection[State] = (),
    now: float,
) -> int:
    """Let what fails or was abandoned be tried at once, and what waits behind it; return how many deliveries that are.

    What is paused is tried when it goes on, and what was removed stays untold.
    """
    where, values = _narrowed(guild_id, transcript_id, subscription_id, states)
    rows = await connection.execute_fetchall(
        f"""
        SELECT d.id, s.id FROM {_FROM} WHERE {where} AND NOT s.paused AND (
            (d.state IN ('failing', 'abandoned') AND d.post IS NULL AND t.id IS NOT NULL)
            OR (d.state IN ('waiting', 'sending') AND s.retry_at > :now)
            OR (d.state = 'failing' AND d.post IS NOT NULL)
        )
        """,
        {**values, "now": now},
    )
    found = list(rows)
    those = {"now": now, "ids": json.dumps([id_ for id_, _ in found])}
    await connection.execute(
        """
        UPDATE deliveries
        SET state = 'waiting', cause = NULL, reason = NULL, judged = 0, tries = 0, due_at = :now, created_at = :now
        WHERE id IN (SELECT value FROM json_each(:ids)) AND state IN ('failing', 'abandoned') AND post IS NULL
        """,
        those,
    )
    await connection.execute(
        """
        UPDATE posts SET due_at = :now WHERE message_id IS NULL
            AND id IN (SELECT post FROM deliveries WHERE id IN (SELECT value FROM json_each(:ids)))
        """,
        those,
    )
    for id_ in {subscription for _, subscription in found}:
        await subscriptions.forgive(connection, id_)
    return len(found)


async def untold(connection: Reader, *, guild_id: int | None = None) -> list[Subscription]:
    """Return the subscriptions and alerts that fail without their moderators, or members, knowing of it."""
    rows = await connection.execute_fetchall(
        """
        SELECT guild_id, id FROM subscriptions
        WHERE untold = 1 AND removed_at IS NULL AND (? IS NULL OR guild_id = ?) ORDER BY guild_id, id
        """,
        (guild_id, guild_id),
    )
    return [await subscriptions.get(connection, guild, id_) for guild, id_ in list(rows)]


async def told(connection: Writer, subscription_id: int) -> None:
    """Note that whom it concerns knows that a subscription fails."""
    await connection.execute("UPDATE subscriptions SET untold = 2 WHERE id = ? AND untold = 1", (subscription_id,))

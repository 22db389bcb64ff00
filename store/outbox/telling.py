"""The SQL of what became of deliveries, for those who ask why, and for those who must be told of what fails."""

import json
from collections.abc import Collection

from store.database import Reader, Writer
from store.models import Delivery, State, Subscription
from store.outbox import subscriptions

_COLUMNS = """
    d.id, s.name, s.id, d.transcript_id, coalesce(t.title, d.title, ''), d.state, d.reason, d.created_at,
    CASE WHEN d.post IS NULL THEN max(d.due_at, s.retry_at) ELSE max(coalesce(p.due_at, 0), s.retry_at) END,
    p.sent_at, s.channel_id, s.member_id, p.place_id, p.message_id, max(d.tries, coalesce(p.tries, 0)), p.error
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
) -> tuple[Delivery, ...]:
    """Return deliveries of a guild, or of all, the newest first: those of a transcript, a subscription, in states."""
    rows = await connection.execute_fetchall(
        f"""
        SELECT {_COLUMNS} FROM {_FROM}
        WHERE (:guild IS NULL OR s.guild_id = :guild) AND (:transcript IS NULL OR d.transcript_id = :transcript)
            AND (:subscription IS NULL OR s.id = :subscription)
            AND (:states = '[]' OR d.state IN (SELECT value FROM json_each(:states)))
        ORDER BY d.id DESC LIMIT :limit
        """,
        {
            "guild": guild_id,
            "transcript": transcript_id,
            "subscription": subscription_id,
            "states": json.dumps(list(states)),
            "limit": limit,
        },
    )
    return tuple(
        Delivery(
            id=row[0],
            subscription=row[1],
            subscription_id=row[2],
            transcript_id=row[3],
            title=row[4],
            state=State(row[5]),
            reason=row[6] or row[15],
            created_at=row[7],
            due_at=row[8] if row[5] in {State.WAITING, State.SENDING, State.FAILING} else None,
            sent_at=row[9] or None,
            channel_id=row[10],
            member_id=row[11],
            place_id=row[12],
            message_id=row[13],
            tries=row[14],
        )
        for row in rows
    )


async def known_as(connection: Reader, guild_id: int, title: str) -> list[tuple[int, str]]:
    """Return transcripts that were removed and of which deliveries remain: ids with titles that hold a text."""
    rows = await connection.execute_fetchall(
        """
        SELECT d.transcript_id, d.title FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
        WHERE s.guild_id = ? AND d.title IS NOT NULL AND instr(lower(d.title), lower(?))
            AND NOT EXISTS (SELECT 1 FROM transcripts t WHERE t.id = d.transcript_id)
        GROUP BY d.transcript_id ORDER BY d.transcript_id DESC LIMIT 25
        """,
        (guild_id, title),
    )
    return [(int(id_), str(name)) for id_, name in rows]


async def retry(connection: Writer, guild_id: int | None, *, transcript_id: int | None = None, now: float) -> int:
    """Let what fails or was abandoned be tried at once, of a guild or of all; return how many deliveries that are."""
    values = {"guild": guild_id, "transcript": transcript_id, "now": now}
    cursor = await connection.execute(
        """
        UPDATE deliveries SET state = 'waiting', reason = NULL, due_at = :now, created_at = :now
        WHERE state IN ('failing', 'abandoned') AND post IS NULL
            AND (:transcript IS NULL OR transcript_id = :transcript)
            AND subscription_id IN (SELECT id FROM subscriptions WHERE :guild IS NULL OR guild_id = :guild)
        """,
        values,
    )
    rows = await connection.execute_fetchall(
        """
        SELECT id FROM subscriptions s WHERE (:guild IS NULL OR guild_id = :guild)
            AND (retry_at > :now OR EXISTS (
                SELECT 1 FROM deliveries d WHERE d.subscription_id = s.id AND d.due_at = :now AND d.state = 'waiting'
            ))
        """,
        values,
    )
    for (id_,) in list(rows):
        await subscriptions.forgive(connection, id_)
    return cursor.rowcount


async def untold(connection: Reader, *, guild_id: int | None = None) -> list[Subscription]:
    """Return the subscriptions and alerts that fail without their moderators, or members, knowing of it."""
    rows = await connection.execute_fetchall(
        """
        SELECT guild_id, id FROM subscriptions
        WHERE untold = 1 AND removed_at IS NULL AND (? IS NULL OR guild_id = ?) ORDER BY id
        """,
        (guild_id, guild_id),
    )
    return [await subscriptions.get(connection, guild, id_) for guild, id_ in list(rows)]


async def told(connection: Writer, subscription_id: int) -> None:
    """Note that whom it concerns knows that a subscription fails."""
    await connection.execute("UPDATE subscriptions SET untold = 2 WHERE id = ? AND untold = 1", (subscription_id,))

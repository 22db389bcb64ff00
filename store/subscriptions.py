"""The SQL of subscriptions and of the deliveries owed to them: an outbox, written with what it announces."""

import json

from store import transcripts
from store.batches import FORSAKEN_SECONDS
from store.database import Reader, Writer
from store.errors import StoreError
from store.models import Delivery, Subscription

ALONE = 3  # transcripts of a batch that are announced one by one
_COLUMNS = """
    s.id, s.guild_id, s.channel_id, s.created_by,
    (SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.message_id IS NULL), s.last_error
"""


async def add(
    connection: Writer, guild_id: int, channel_id: int, *, created_by: int | None, at: str, most: int
) -> bool:
    """Subscribe a channel; False if it already was, which ends a wait to retry.

    Raises:
        StoreError: the guild has as many subscriptions as the `most` it may have.
    """
    existing = await listed(connection, guild_id)
    if any(subscription.channel_id == channel_id for subscription in existing):
        await forgive(connection, guild_id, channel_id)
        return False
    if len(existing) >= most:
        raise StoreError(
            f"This server already has {len(existing)} subscribed channels, the most it may have; unsubscribe one first."
        )
    await connection.execute(
        "INSERT INTO subscriptions (guild_id, channel_id, created_by, created_at) VALUES (?, ?, ?, ?)",
        (guild_id, channel_id, created_by, at),
    )
    return True


async def remove(connection: Writer, guild_id: int, channel_id: int) -> bool:
    """Unsubscribe a channel, with what it is still owed; False if it wasn't subscribed."""
    cursor = await connection.execute(
        "DELETE FROM subscriptions WHERE guild_id = ? AND channel_id = ?", (guild_id, channel_id)
    )
    return cursor.rowcount == 1


async def listed(connection: Reader, guild_id: int) -> tuple[Subscription, ...]:
    """Return the guild's subscriptions, oldest first."""
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM subscriptions s WHERE guild_id = ? ORDER BY id", (guild_id,)
    )
    return tuple(Subscription(*row) for row in rows)


async def owe(connection: Writer, guild_id: int, transcript_id: int, *, batch: int | None = None) -> int:
    """Write what each of the guild's subscriptions is owed of a transcript, of a batch or alone; return how many."""
    cursor = await connection.execute(
        """
        INSERT INTO deliveries (subscription_id, transcript_id, batch)
        SELECT id, ?, ? FROM subscriptions WHERE guild_id = ?
        ON CONFLICT (subscription_id, transcript_id) DO NOTHING
        """,
        (transcript_id, batch, guild_id),
    )
    return cursor.rowcount


async def unsent(connection: Reader, transcript_id: int) -> list[int]:
    """Return the subscriptions that are still owed a transcript."""
    rows = await connection.execute_fetchall(
        "SELECT subscription_id FROM deliveries WHERE transcript_id = ? AND message_id IS NULL", (transcript_id,)
    )
    return [int(row[0]) for row in rows]


async def owe_again(connection: Writer, transcript_id: int, subscription_ids: object) -> None:
    """Owe a transcript that has come back to subscriptions [ids] that hadn't heard of it, as far as they are there."""
    await connection.execute(
        """
        INSERT OR IGNORE INTO deliveries (subscription_id, transcript_id)
        SELECT id, ? FROM subscriptions WHERE id IN (SELECT value FROM json_each(?))
        """,
        (transcript_id, json.dumps(subscription_ids)),
    )


async def hold(connection: Writer, transcript_id: int, batch: int) -> None:
    """Let what is owed of a transcript wait for a batch without files."""
    await connection.execute(
        "UPDATE deliveries SET batch = ? WHERE transcript_id = ? AND message_id IS NULL", (batch, transcript_id)
    )


async def release(connection: Writer, transcript_id: int) -> None:
    """Let what is owed of a transcript be sent, if it was held."""
    await connection.execute(
        """
        UPDATE batches SET closed = 1 WHERE names = '[]'
            AND id IN (SELECT batch FROM deliveries WHERE transcript_id = ? AND message_id IS NULL)
        """,
        (transcript_id,),
    )


async def due(connection: Reader, *, now: float, limit: int) -> tuple[Delivery, ...]:
    """Return the oldest delivery owed to each subscription that isn't waiting to retry; `now` in seconds (epoch).

    What a batch owes waits until it is closed or forsaken.
    """
    rows = await connection.execute_fetchall(
        """
        SELECT d.id, s.id, s.guild_id, s.channel_id, s.failures, d.transcript_id, d.batch
        FROM subscriptions s
        JOIN deliveries d ON d.id = (
            SELECT min(owed.id) FROM deliveries owed LEFT JOIN batches b ON b.id = owed.batch
            WHERE owed.subscription_id = s.id AND owed.message_id IS NULL
                AND (b.id IS NULL OR b.closed OR b.touched < :now - :forsaken)
        )
        WHERE s.retry_at <= :now
        ORDER BY d.id LIMIT :limit
        """,
        {"now": now, "limit": limit, "forsaken": FORSAKEN_SECONDS},
    )
    found = []
    for id_, subscription, guild_id, channel_id, failures, transcript, batch in rows:
        together = await _together(connection, subscription, batch) if batch is not None else [(id_, transcript)]
        if len(together) <= ALONE:
            together = [(id_, transcript)]
        entries = await transcripts.entries(connection, [transcript for _, transcript in together])
        first, *more = [entries[transcript] for _, transcript in together]
        ids = tuple(delivery for delivery, _ in together)
        found.append(Delivery(id_, subscription, guild_id, channel_id, failures, first, tuple(more), ids))
    return tuple(found)


async def _together(connection: Reader, subscription_id: int, batch: int) -> list[tuple[int, int]]:
    """Return the deliveries of a batch that a subscription is owed, with their transcripts, in order."""
    rows = await connection.execute_fetchall(
        """
        SELECT id, transcript_id FROM deliveries
        WHERE subscription_id = ? AND batch = ? AND message_id IS NULL ORDER BY id
        """,
        (subscription_id, batch),
    )
    return [(int(id_), int(transcript)) for id_, transcript in rows]


async def delivered(connection: Writer, delivery: Delivery, message_id: int) -> None:
    """Mark a delivery as sent and its subscription as working."""
    await connection.execute(
        "UPDATE deliveries SET message_id = ? WHERE id IN (SELECT value FROM json_each(?))",
        (message_id, json.dumps(delivery.ids or [delivery.id])),
    )
    await connection.execute(
        "UPDATE subscriptions SET failures = 0, retry_at = 0, last_error = NULL WHERE id = ?",
        (delivery.subscription_id,),
    )


async def failed(connection: Writer, delivery: Delivery, *, error: str, retry_at: float) -> None:
    """Note a failed try and when to try the subscription again, in seconds (epoch)."""
    await connection.execute(
        "UPDATE subscriptions SET failures = failures + 1, retry_at = ?, last_error = ? WHERE id = ?",
        (retry_at, error, delivery.subscription_id),
    )


async def forgive(connection: Writer, guild_id: int, channel_id: int) -> None:
    """Let a subscription that waits to retry be tried at once."""
    await connection.execute(
        "UPDATE subscriptions SET retry_at = 0 WHERE guild_id = ? AND channel_id = ?", (guild_id, channel_id)
    )

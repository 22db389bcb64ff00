"""When there is something to do next, for whom: kept with each subscription, so that nobody looks through what is owed.

A subscription's `next_at` is the earliest time of what waits for it, though not before its own wait to retry is over;
it is reckoned anew in each transaction that changes what that depends on. For one that is paused or has ended there is
still to do what keeps its messages true.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from store.batches import FORSAKEN_SECONDS
from store.database import Reader, Writer

_NEXT_AT = """
    CASE WHEN paused OR removed_at IS NOT NULL THEN max(retry_at, (
        SELECT min(due_at) FROM posts
        WHERE subscription_id = subscriptions.id AND message_id IS NOT NULL AND due_at IS NOT NULL
    )) ELSE max(retry_at, (
        SELECT min(at) FROM (
            SELECT min(due_at) AS at FROM deliveries
            WHERE subscription_id = subscriptions.id AND post IS NULL AND state IN ('waiting', 'failing')
                AND due_at IS NOT NULL
            UNION ALL
            SELECT min(due_at) FROM posts WHERE subscription_id = subscriptions.id AND due_at IS NOT NULL
        )
    )) END
"""


# The batches that hold something, each found by one step in an index, however much it holds.
HELD = """
    WITH RECURSIVE held(batch) AS (
        SELECT min(batch) FROM deliveries WHERE due_at IS NULL
        UNION ALL
        SELECT (SELECT min(batch) FROM deliveries WHERE due_at IS NULL AND batch > held.batch) FROM held
        WHERE held.batch IS NOT NULL
    )
"""


class Due(NamedTuple):
    """A subscription for which there is something to do, and the channel or member it is told in."""

    subscription_id: int
    guild_id: int
    target: int


async def schedule(connection: Writer, subscription_ids: Iterable[int]) -> None:
    """Reckon when there is something to do next for subscriptions."""
    await connection.execute(
        f"UPDATE subscriptions SET next_at = {_NEXT_AT} WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(subscription_ids)),),
    )


async def schedule_for(connection: Writer, where: str, values: tuple[object, ...]) -> None:
    """Reckon it for the subscriptions of the deliveries that a condition names."""
    await connection.execute(
        f"""
        UPDATE subscriptions SET next_at = {_NEXT_AT}
        WHERE id IN (SELECT subscription_id FROM deliveries WHERE {where})
        """,
        values,
    )


async def schedule_all(connection: Writer, guild_id: int) -> None:
    """Reckon it for all of a guild's subscriptions."""
    await connection.execute(f"UPDATE subscriptions SET next_at = {_NEXT_AT} WHERE guild_id = ?", (guild_id,))


async def is_due(connection: Reader, subscription_id: int, *, now: float) -> bool:
    """Whether there is something to do now for a subscription."""
    rows = await connection.execute_fetchall(
        "SELECT 1 FROM subscriptions WHERE id = ? AND next_at <= ?", (subscription_id, now)
    )
    return any(rows)


async def due(connection: Reader, *, now: float) -> list[Due]:
    """Return for whom there is something to do now, the longest waiting first."""
    rows = await connection.execute_fetchall(
        """
        SELECT id, guild_id, coalesce(channel_id, member_id) FROM subscriptions
        WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, id
        """,
        (now,),
    )
    return [Due(*row) for row in rows]


async def next_at(connection: Reader) -> float | None:
    """Return when there will be something to do next, in seconds since the epoch; None where nothing waits."""
    rows = await connection.execute_fetchall(
        f"""
        {HELD}
        SELECT min(at) FROM (
            SELECT min(next_at) AS at FROM subscriptions WHERE next_at IS NOT NULL
            UNION ALL
            SELECT min(touched) + ? FROM held JOIN batches ON batches.id = held.batch
        )
        """,
        (FORSAKEN_SECONDS,),
    )
    ((at,),) = rows
    return None if at is None else float(at)

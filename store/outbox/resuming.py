"""The SQL of going on after a pause: what came meanwhile is told together, and has all its time to be sent."""

import json

from store import batches
from store.database import Writer
from store.models import Subscription
from store.outbox.claiming import ALONE


async def gather(connection: Writer, subscription: Subscription, *, now: float) -> None:
    """Let what came in a pause be told in one post, if it is more than a batch's that are told one by one.

    A digest tells all together anyway, and a forum has a post for each of a batch too.
    """
    if subscription.wanted.digest is not None:
        return
    rows = await connection.execute_fetchall(
        """
        SELECT id FROM deliveries
        WHERE subscription_id = ? AND state IN ('waiting', 'failing') AND post IS NULL AND due_at <= ? AND NOT tries
        """,
        (subscription.id, now),
    )
    ids = [int(row[0]) for row in rows]
    if len(ids) <= ALONE:
        return
    batch = await batches.begin_closed(connection, subscription.guild_id, by=None, now=now)
    await connection.execute(
        "UPDATE deliveries SET batch = ? WHERE id IN (SELECT value FROM json_each(?))", (batch, json.dumps(ids))
    )


async def begin_anew(connection: Writer, subscription: Subscription, *, now: float) -> None:
    """Let the days after which what fails is given up begin anew: in the pause nothing was tried."""
    if subscription.failing_since is None:
        return
    await connection.execute(
        "UPDATE deliveries SET created_at = ? WHERE subscription_id = ? AND state IN ('waiting', 'failing')",
        (now, subscription.id),
    )

"""Many files ingested as one: what of it was kept and what wasn't, and that it is announced together.

Each transcript and what is owed for it are kept in one transaction as ever; what is owed waits until the batch is
closed. One that was never closed, because its process ended, counts as closed after ten minutes without a file.
"""

import json
from collections.abc import Sequence

from store.database import Reader, Writer
from store.models import Batch, Kept

FORSAKEN_SECONDS = 600.0
KEPT_SECONDS = 30 * 24 * 3600.0  # a batch is remembered for what it still owes


async def begin(connection: Writer, guild_id: int, names: Sequence[str], *, by: int | None, now: float) -> int:
    """Begin a batch of the files with these names, and return its id."""
    await connection.execute(
        """
        DELETE FROM batches WHERE touched < ? AND id NOT IN (
            SELECT batch FROM deliveries WHERE due_at IS NULL AND batch IS NOT NULL
        )
        """,
        (now - KEPT_SECONDS,),
    )
    cursor = await connection.execute(
        "INSERT INTO batches (guild_id, started_by, names, touched) VALUES (?, ?, ?, ?)",
        (guild_id, by, json.dumps(list(names), ensure_ascii=False), now),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


async def begin_closed(connection: Writer, guild_id: int, *, by: int | None, now: float) -> int:
    """Begin a batch without files that is closed already, for what is told as one; return its id."""
    batch = await begin(connection, guild_id, [], by=by, now=now)
    await close(connection, batch, now=now)
    return batch


async def told_in(connection: Writer, batch_id: int, channel_id: int, message_id: int) -> None:
    """Keep in which message the progress of a batch is told."""
    await connection.execute(
        "UPDATE batches SET channel_id = ?, message_id = ? WHERE id = ?", (channel_id, message_id, batch_id)
    )


async def touch(connection: Writer, batch_id: int, *, now: float) -> None:
    """Note that a batch goes on."""
    await connection.execute("UPDATE batches SET touched = ? WHERE id = ?", (now, batch_id))


async def went(connection: Writer, batch_id: int, kept: Kept, *, now: float) -> None:
    """Note what became of a batch's next file."""
    row = json.dumps(kept, ensure_ascii=False)
    await connection.execute(
        "UPDATE batches SET done = json_insert(done, '$[#]', json(?)), touched = ? WHERE id = ?", (row, now, batch_id)
    )


async def close(connection: Writer, batch_id: int, *, now: float) -> None:
    """Close a batch: what it owes can be sent."""
    await connection.execute("UPDATE batches SET closed = 1, touched = ? WHERE id = ?", (now, batch_id))


async def unfinished(connection: Reader) -> tuple[Batch, ...]:
    """Return the batches that are told in a message and were never closed."""
    rows = await connection.execute_fetchall(
        """
        SELECT id, guild_id, started_by, channel_id, message_id, names, done FROM batches
        WHERE NOT closed AND message_id IS NOT NULL ORDER BY id
        """
    )
    return tuple(
        Batch(
            id=row[0],
            guild_id=row[1],
            by=row[2],
            channel_id=row[3],
            message_id=row[4],
            names=tuple(json.loads(row[5])),
            done=tuple(Kept(*kept) for kept in json.loads(row[6])),
        )
        for row in rows
    )

"""What a change took away: transcripts as they were before, kept for a day so that the change can be undone.

A transcript is kept as Verbatim's own JSON, the form that is the same when it is read again, beside what no file says
of it.
"""

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime

from store.database import Reader, Writer
from store.errors import NotFoundError
from store.models import Bygone, Change
from store.sentences import sentence

KEPT_SECONDS = 24 * 3600
GONE = sentence("That can no longer be undone: it was undone already, or is more than 24 hours ago.")

_COLUMNS = "id, transcript_id, kind, title, at, changed_by, after"


async def keep(
    connection: Writer,
    guild_id: int,
    transcript_id: int,
    change: Change,
    *,
    title: str,
    data: bytes,
    row: Mapping[str, object],
    left: Mapping[str, object],
    by: int | None,
    after: str,
    now: float,
) -> int:
    """Keep a transcript as it was before a change, and return under which id; what is older than a day goes.

    `data` is its JSON, packed with zlib; `row` its columns that aren't in it; `left` which language the change left it
    in; `after` is the beginning of its digest after the change.
    """
    await forget(connection, now=now)
    cursor = await connection.execute(
        """
        INSERT INTO bygones (guild_id, transcript_id, kind, title, at, changed_by, after, data, row)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (guild_id, transcript_id, change, title, now, by, after, data, json.dumps([row, left])),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


async def forget(connection: Writer, *, now: float) -> None:
    """Delete what is older than a day."""
    await connection.execute("DELETE FROM bygones WHERE at < ?", (now - KEPT_SECONDS,))


async def listed(connection: Reader, guild_id: int, *, now: float) -> tuple[Bygone, ...]:
    """Return what can be brought back of a guild's transcripts, the last change first."""
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM bygones WHERE guild_id = ? AND at >= ? ORDER BY id DESC",
        (guild_id, now - KEPT_SECONDS),
    )
    return tuple(
        Bygone(int(id_), int(transcript), Change(kind), str(title), datetime.fromtimestamp(at, UTC), by, str(after))
        for id_, transcript, kind, title, at, by, after in rows
    )


async def take(
    connection: Writer, guild_id: int, bygone_id: int, *, now: float
) -> tuple[Bygone, bytes, dict[str, object], dict[str, object]]:
    """Take what a change took away, with its JSON, its other columns and what the change left; it is no longer kept.

    Raises:
        NotFoundError: the guild has no such one, or no longer.
    """
    found = next((one for one in await listed(connection, guild_id, now=now) if one.id == bygone_id), None)
    if found is None:
        raise NotFoundError(GONE)
    rows = await connection.execute_fetchall("SELECT data, row FROM bygones WHERE id = ?", (bygone_id,))
    ((data, row),) = rows
    await connection.execute("DELETE FROM bygones WHERE id = ?", (bygone_id,))
    columns, left = json.loads(row)
    return found, zlib.decompress(data), columns, left

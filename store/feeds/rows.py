"""The SQL of feeds that guilds follow, and of their episodes."""

import aiosqlite

from store.database import Reader
from store.errors import FeedError
from store.feeds.fetching import Validators
from store.models import Followed

_COLUMNS = """
    f.id, f.guild_id, f.url, f.title, f.channel_id, f.followed_by, f.include_recent, f.checked_at, f.next_at,
    f.failures, f.last_error, f.told,
    (SELECT count(*) FROM episodes e WHERE e.feed_id = f.id AND e.transcript_id IS NOT NULL)
"""


async def add(
    connection: aiosqlite.Connection,
    guild_id: int,
    url: str,
    *,
    title: str,
    channel_id: int | None,
    by: int | None,
    include_recent: int,
    now: float,
    most: int,
) -> int:
    """Keep a feed that a guild follows from now on, and return its id.

    Raises:
        FeedError: the guild follows it already, or as many as it may.
    """
    existing = await listed(connection, guild_id)
    if any(feed.url == url for feed in existing):
        raise FeedError("This server follows that feed already; `/follow list` shows them.")
    if len(existing) >= most:
        raise FeedError(f"This server follows {len(existing)} feeds, the most it may; remove one first.")
    cursor = await connection.execute(
        """
        INSERT INTO feeds (guild_id, url, title, channel_id, followed_by, include_recent, next_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        (guild_id, url, title, channel_id, by, include_recent, now),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


async def remove(connection: aiosqlite.Connection, guild_id: int, feed_id: int) -> bool:
    """Follow a feed no longer; False if the guild didn't."""
    cursor = await connection.execute("DELETE FROM feeds WHERE guild_id = ? AND id = ?", (guild_id, feed_id))
    return cursor.rowcount == 1


async def listed(connection: Reader, guild_id: int) -> tuple[Followed, ...]:
    """Return the feeds that a guild follows, oldest first."""
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM feeds f WHERE guild_id = ? ORDER BY id", (guild_id,)
    )
    return tuple(Followed(*row) for row in rows)


async def due(connection: Reader, *, now: float) -> tuple[Followed, ...]:
    """Return the feeds of all guilds that are to be looked at, the longest waiting first."""
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM feeds f WHERE next_at <= ? ORDER BY next_at", (now,)
    )
    return tuple(Followed(*row) for row in rows)


async def validators(connection: Reader, feed_id: int) -> Validators:
    """Return what a feed's host said of it last."""
    rows = await connection.execute_fetchall("SELECT etag, modified FROM feeds WHERE id = ?", (feed_id,))
    return next((Validators(*row) for row in rows), Validators())


async def worked(
    connection: aiosqlite.Connection, feed_id: int, *, title: str | None, said: Validators, now: float, next_at: float
) -> None:
    """Note that a feed was looked at, and when to look again."""
    await connection.execute(
        """
        UPDATE feeds SET title = coalesce(?, title), etag = ?, modified = ?, checked_at = ?, next_at = ?, failures = 0,
            last_error = NULL, told = 0 WHERE id = ?
        """,
        (title, said.etag, said.modified, now, next_at, feed_id),
    )


async def failed(connection: aiosqlite.Connection, feed_id: int, *, error: str, next_at: float) -> None:
    """Note that a feed couldn't be read, and when to try again."""
    await connection.execute(
        "UPDATE feeds SET failures = failures + 1, last_error = ?, next_at = ? WHERE id = ?", (error, next_at, feed_id)
    )


async def told(connection: aiosqlite.Connection, feed_id: int) -> None:
    """Note that a moderator was told of a feed that fails."""
    await connection.execute("UPDATE feeds SET told = 1 WHERE id = ?", (feed_id,))


async def episodes(connection: Reader, feed_id: int) -> dict[str, tuple[str, str | None, Validators, int | None]]:
    """Return what is known of a feed's episodes by their ids: state, transcript's address, validators, transcript."""
    rows = await connection.execute_fetchall(
        "SELECT guid, state, url, etag, modified, transcript_id FROM episodes WHERE feed_id = ?", (feed_id,)
    )
    return {
        str(guid): (str(state), url, Validators(etag, modified), id_) for guid, state, url, etag, modified, id_ in rows
    }


async def note(
    connection: aiosqlite.Connection,
    feed_id: int,
    guid: str,
    state: str,
    *,
    url: str | None = None,
    said: Validators | None = None,
    transcript_id: int | None = None,
    error: str | None = None,
) -> None:
    """Keep what is known of an episode."""
    said = said or Validators()
    await connection.execute(
        """
        INSERT INTO episodes (feed_id, guid, state, url, etag, modified, transcript_id, error)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (feed_id, guid) DO UPDATE SET state = excluded.state, url = excluded.url, etag = excluded.etag,
            modified = excluded.modified, error = excluded.error,
            transcript_id = coalesce(excluded.transcript_id, transcript_id)
        """,
        (feed_id, guid, state, url, said.etag, said.modified, transcript_id, error),
    )

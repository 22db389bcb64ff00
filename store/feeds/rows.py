"""The SQL of feeds that guilds follow, and of their episodes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from store.database import Reader, Writer
from store.errors import FeedError
from store.feeds.addresses import normal
from store.feeds.fetching import Validators
from store.feeds.knowing import KEPT, REMOVED, KnownEpisode
from store.feeds.parsing import Episode
from store.models import Followed
from store.sentences import counted, recalled

_COLUMNS = """
    f.id, f.guild_id, f.url, f.title, f.channel_id, f.followed_by, f.include_recent, f.checked_at, f.next_at,
    f.failures, f.last_error, f.told,
    (SELECT count(*) FROM transcripts WHERE id IN (SELECT transcript_id FROM episodes WHERE feed_id = f.id)),
    (SELECT count(DISTINCT transcript_id) FROM episodes
     WHERE feed_id = f.id AND state = 'kept' AND transcript_id NOT IN (SELECT id FROM transcripts)),
    (SELECT count(*) FROM episodes WHERE feed_id = f.id AND state = 'failed'),
    (SELECT max(error) FROM episodes WHERE feed_id = f.id AND state = 'failed')
"""
_ERRORS = (10, 15)  # among these columns


async def add(
    connection: Writer,
    guild_id: int,
    url: str,
    *,
    title: str,
    channel_id: int | None,
    by: int | None,
    include_recent: int,
    next_at: float,
    most: int,
) -> int:
    """Keep a feed that a guild follows from now on, and return its id.

    Raises:
        FeedError: the guild follows it already, or as many as it may.
    """
    existing = await listed(connection, guild_id)
    if any(normal(feed.url) == url for feed in existing):
        raise FeedError("This server follows that feed already; `/follow list` shows them.")
    if not most:
        raise FeedError("Following podcasts is switched off here; an operator can allow it with `limits.feeds`.")
    if len(existing) >= most:
        raise FeedError(
            counted(
                "This server follows {n} feed, the most it may; remove one first.",
                "This server follows {n} feeds, the most it may; remove one first.",
                len(existing),
            )
        )
    cursor = await connection.execute(
        """
        INSERT INTO feeds (guild_id, url, title, channel_id, followed_by, include_recent, next_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        (guild_id, url, title, channel_id, by, include_recent, next_at),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


async def remove(connection: Writer, guild_id: int, feed_id: int) -> bool:
    """Follow a feed no longer; False if the guild didn't."""
    cursor = await connection.execute("DELETE FROM feeds WHERE guild_id = ? AND id = ?", (guild_id, feed_id))
    return cursor.rowcount == 1


async def listed(connection: Reader, guild_id: int) -> tuple[Followed, ...]:
    """Return the feeds that a guild follows, oldest first."""
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM feeds f WHERE guild_id = ? ORDER BY id", (guild_id,)
    )
    return tuple(map(_followed, rows))


async def due(connection: Reader, *, now: float) -> tuple[Followed, ...]:
    """Return the feeds of all guilds that are to be looked at, the longest waiting first."""
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM feeds f WHERE next_at <= ? ORDER BY next_at", (now,)
    )
    return tuple(map(_followed, rows))


async def begun(connection: Writer, feed_id: int, *, next_at: float) -> tuple[Followed, Validators] | None:
    """Return a feed as it is when a look at it begins, and what its host said of it last; None if it is gone.

    When to look again is noted at once: what ends the look before its end must not repeat it forever.
    """
    await connection.execute("UPDATE feeds SET next_at = ? WHERE id = ?", (next_at, feed_id))
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS}, f.etag, f.modified FROM feeds f WHERE id = ?", (feed_id,)
    )
    return next(((_followed(row[:-2]), Validators(*row[-2:])) for row in rows), None)


async def worked(
    connection: Writer, feed_id: int, *, title: str | None, said: Validators, now: float, next_at: float
) -> None:
    """Note that a feed was looked at, and when to look again."""
    await connection.execute(
        """
        UPDATE feeds SET title = coalesce(?, title), etag = ?, modified = ?, checked_at = ?, next_at = ?, failures = 0,
            last_error = NULL, told = 0 WHERE id = ?
        """,
        (title, said.etag, said.modified, now, next_at, feed_id),
    )


async def failed(connection: Writer, feed_id: int, *, error: str, next_at: float) -> None:
    """Note that a feed couldn't be read, and when to try again."""
    await connection.execute(
        "UPDATE feeds SET failures = failures + 1, last_error = ?, next_at = ? WHERE id = ?", (error, next_at, feed_id)
    )


async def told(connection: Writer, feed_id: int) -> None:
    """Note that a moderator was told of a feed that fails."""
    await connection.execute("UPDATE feeds SET told = 1 WHERE id = ?", (feed_id,))


async def episodes(connection: Reader, feed_id: int) -> dict[str, KnownEpisode]:
    """Return what is known of a feed's episodes, by their ids."""
    rows = await connection.execute_fetchall(
        """
        SELECT e.guid, CASE WHEN e.state = :kept AND t.id IS NULL THEN :removed ELSE e.state END, e.url, e.links,
            e.etag, e.modified, e.digest, e.transcript_id, e.ingested_at, e.details, e.error
        FROM episodes e LEFT JOIN transcripts t ON t.id = e.transcript_id WHERE feed_id = :feed
        """,
        {"feed": feed_id, "kept": KEPT, "removed": REMOVED},
    )
    return {
        guid: KnownEpisode(
            guid=guid,
            state=state,
            url=url,
            links=tuple(json.loads(links)),
            said=Validators(etag, modified),
            digest=digest,
            transcript_id=transcript_id,
            ingested_at=ingested_at,
            details=json.loads(details),
            error=error,
        )
        for guid, state, url, links, etag, modified, digest, transcript_id, ingested_at, details, error in rows
    }


async def show(
    connection: Writer,
    feed_id: int,
    shown: Sequence[Episode],
    found: Mapping[str, KnownEpisode],
    *,
    state: str,
) -> dict[str, KnownEpisode]:
    """Keep the ids and links that a feed's episodes have now; one that nothing is known of is in a `state` at first."""
    now: dict[str, KnownEpisode] = {}
    for episode in shown:
        before = found.get(episode.guid)
        if before is None:
            source = episode.transcripts[0].url if episode.transcripts else None
            one = KnownEpisode(episode.guid, state, source, episode.links)
            await note(connection, feed_id, one)
        else:
            one = replace(before, guid=episode.guid, links=episode.links or before.links)
            if one != before:
                await connection.execute(
                    "UPDATE episodes SET guid = ?, links = ? WHERE feed_id = ? AND guid = ?",
                    (one.guid, json.dumps(one.links), feed_id, before.guid),
                )
        now[episode.guid] = one
    return now


async def note(connection: Writer, feed_id: int, one: KnownEpisode) -> None:
    """Keep what is known of an episode, if its feed is still followed."""
    await connection.execute(
        """
        INSERT OR REPLACE INTO episodes
            (feed_id, guid, state, url, links, etag, modified, digest, transcript_id, ingested_at, details, error)
        SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM feeds WHERE id = ?
        """,
        (
            *(one.guid, one.state, one.url, json.dumps(one.links), one.said.etag, one.said.modified, one.digest),
            *(one.transcript_id, one.ingested_at, json.dumps(one.details, ensure_ascii=False), one.error, feed_id),
        ),
    )


async def is_followed(connection: Reader, feed_id: int) -> bool:
    """Say whether a feed is still followed."""
    return any(await connection.execute_fetchall("SELECT 1 FROM feeds WHERE id = ?", (feed_id,)))


async def brought(connection: Reader, guild_id: int, transcript_id: int) -> bool:
    """Say whether one of the guild's feeds brought a transcript."""
    rows = await connection.execute_fetchall(
        """
        SELECT 1 FROM episodes e JOIN feeds f ON f.id = e.feed_id JOIN transcripts t ON t.id = e.transcript_id
        WHERE f.guild_id = ? AND t.id = ? AND t.ingested_at = e.ingested_at
        """,
        (guild_id, transcript_id),
    )
    return bool(list(rows))


def _followed(row: Sequence[Any]) -> Followed:
    values = list(row)
    for at in _ERRORS:
        values[at] = recalled(values[at]) if values[at] else None
    return Followed(*values)

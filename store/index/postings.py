"""The postings in the database: a guild's segments, stored and read block by block."""

import json
from collections.abc import Iterable, Sequence

from store import transcripts
from store.database import Reader, Writer, aside
from store.errors import DatabaseError
from store.index.directory import GuildIndex, Postings
from store.index.segments import DAMAGED, Directory, Segment


async def version(connection: Reader, guild_id: int) -> int:
    """Return the version of the guild's library; 0 where nothing was ever ingested."""
    rows = await connection.execute_fetchall("SELECT version FROM guilds WHERE guild_id = ?", (guild_id,))
    return next((int(row[0]) for row in rows), 0)


async def refresh(connection: Reader, guild_id: int, index: GuildIndex) -> GuildIndex:
    """Bring an index to the layout that `connection` sees, reading only the directories it doesn't hold.

    Raises:
        DatabaseError: a directory is damaged.
    """
    rows = await connection.execute_fetchall("SELECT layout FROM guilds WHERE guild_id = ?", (guild_id,))
    now = next((int(row[0]) for row in rows), 0)
    if now == index.layout:
        return index
    rows = await connection.execute_fetchall("SELECT id FROM segments WHERE guild_id = ?", (guild_id,))
    stored = {int(row[0]) for row in rows}
    blobs = await connection.execute_fetchall(
        "SELECT segment_id, blob FROM segment_blobs WHERE segment_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(stored - index.stored)),),
    )
    return index.refreshed(
        now,
        gone=index.stored - stored,
        new={int(id_): bytes(blob) for id_, blob in blobs},
        spoken_in=await transcripts.languages(connection, guild_id),
        total=await transcripts.count(connection, guild_id),
    )


async def read(connection: Reader, index: GuildIndex, terms: Iterable[int]) -> dict[int, Postings]:
    """Return the postings of those terms, by their numbers, that occur in the passages of an index.

    Raises:
        DatabaseError: a block is missing or damaged.
    """
    located = index.locate(terms)
    wanted = sorted({index.block(one) for one in located})
    rows = await connection.execute_fetchall(
        """
        SELECT b.segment_id, b.block, b.blob
        FROM json_each(?) AS wanted
        CROSS JOIN segment_blocks AS b ON b.segment_id = wanted.value ->> 0 AND b.block = wanted.value ->> 1
        """,
        (json.dumps(wanted),),
    )
    blocks = {(int(segment), int(block)): bytes(blob) for segment, block, blob in rows}
    if len(blocks) < len(wanted):
        raise DatabaseError(DAMAGED)
    return index.postings(located, blocks)


async def whole(connection: Reader, segment_id: int) -> Segment:
    """Return a stored segment with all of its postings.

    Raises:
        DatabaseError: it is missing, or its directory or one of its blocks is damaged.
    """
    directory, blocks = await packed(connection, segment_id)
    return Segment.joined(Directory.unpack(directory), blocks)


async def packed(connection: Reader, segment_id: int) -> tuple[bytes, dict[int, bytes]]:
    """Return what is stored of a segment: its directory, empty where it is missing, and its blocks by number."""
    rows = await connection.execute_fetchall("SELECT blob FROM segment_blobs WHERE segment_id = ?", (segment_id,))
    blocks = await connection.execute_fetchall(
        "SELECT block, blob FROM segment_blocks WHERE segment_id = ?", (segment_id,)
    )
    return next((bytes(row[0]) for row in rows), b""), {int(block): bytes(blob) for block, blob in blocks}


async def insert(connection: Writer, guild_id: int, segment: Segment) -> None:
    """Store a segment."""
    cursor = await connection.execute(
        "INSERT INTO segments (guild_id, passages) VALUES (?, ?)", (guild_id, segment.size)
    )
    segment_id = cursor.lastrowid
    directory, blocks = await aside(lambda: (segment.pack(), segment.blocks()))
    await connection.execute("INSERT INTO segment_blobs (segment_id, blob) VALUES (?, ?)", (segment_id, directory))
    await connection.executemany(
        "INSERT INTO segment_blocks (segment_id, block, blob) VALUES (?, ?, ?)",
        [(segment_id, block, blob) for block, blob in blocks.items()],
    )
    await connection.executemany(
        "INSERT INTO segment_transcripts (transcript_id, segment_id) VALUES (?, ?)",
        [(transcript, segment_id) for transcript in segment.transcripts.tolist()],
    )


async def delete(connection: Writer, segment_ids: Sequence[int]) -> None:
    """Delete stored segments."""
    await connection.executemany("DELETE FROM segments WHERE id = ?", [(segment_id,) for segment_id in segment_ids])


async def changed(connection: Writer, guild_id: int) -> None:
    """Let every index and catalogue of the guild notice that its library is another."""
    await connection.execute(
        "UPDATE guilds SET version = version + 1, layout = layout + 1 WHERE guild_id = ?", (guild_id,)
    )


async def laid_out(connection: Writer, guild_id: int) -> None:
    """Let every index of the guild notice that its segments were grouped anew."""
    await connection.execute("UPDATE guilds SET layout = layout + 1 WHERE guild_id = ?", (guild_id,))

"""The index in the database: a guild's segments, written in the transaction of what they index."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import aiosqlite

from store import transcripts
from store.database import Database, Reader
from store.errors import DatabaseError
from store.index import segments, vocabulary
from store.index.directory import GuildIndex, Postings
from store.index.passages import Passage, windows
from store.index.segments import DAMAGED, Directory, Segment
from store.text import analysis
from store.text.wording import many

EVERY = 100  # transcripts between two lines of the log, while all are indexed anew

_MISSING = "NOT EXISTS (SELECT 1 FROM segment_transcripts WHERE transcript_id = transcripts.id)"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Analysed:
    """A transcript's terms per cue, its passages and its length in words."""

    terms: tuple[tuple[str, ...], ...]
    passages: tuple[Passage, ...]
    words: int


def analyse(texts: Sequence[str]) -> Analysed:
    """Do the part of indexing cues that needs no database; meant for a worker thread."""
    measured = [analysis.measured(text) for text in texts]
    lengths = [length for _, length in measured]
    return Analysed(tuple(terms for terms, _ in measured), tuple(windows(lengths)), round(sum(lengths)))


def built(transcript_id: int, analysed: Analysed, known: Mapping[str, int]) -> Segment:
    """Return a transcript's segment, by the numbers of its terms; meant for a worker thread as well."""
    cues = [[known[term] for term in cue] for cue in analysed.terms]
    return segments.build(transcript_id, cues, analysed.passages)


async def write(connection: aiosqlite.Connection, guild_id: int, transcript_id: int, analysed: Analysed) -> None:
    """Write a transcript's segment, and the terms that are new to the guild; bump the guild's version."""
    known = await vocabulary.add(connection, guild_id, {term for cue in analysed.terms for term in cue})
    await insert(connection, guild_id, await asyncio.to_thread(built, transcript_id, analysed, known))
    await changed(connection, guild_id)


async def remove(connection: aiosqlite.Connection, guild_id: int, transcript_id: int) -> None:
    """Take a transcript out of the segment that holds it, before its rows go; bump the guild's version."""
    rows = await connection.execute_fetchall(
        """
        SELECT segment_id,
            (SELECT count(*) FROM segment_transcripts AS shared WHERE shared.segment_id = held.segment_id) > 1
        FROM segment_transcripts AS held WHERE transcript_id = ?
        """,
        (transcript_id,),
    )
    for segment_id, shared in rows:
        # A segment of its own goes unread, so that a damaged one can be replaced.
        if shared:
            held = await whole(connection, segment_id)
            left = await asyncio.to_thread(segments.without, held, transcript_id)
        await delete(connection, [segment_id])
        if shared and left is not None:
            await insert(connection, guild_id, left)
    await changed(connection, guild_id)


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
    return index.refreshed(now, gone=index.stored - stored, new={int(id_): bytes(blob) for id_, blob in blobs})


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


async def insert(connection: aiosqlite.Connection, guild_id: int, segment: Segment) -> None:
    """Store a segment."""
    cursor = await connection.execute(
        "INSERT INTO segments (guild_id, passages) VALUES (?, ?)", (guild_id, segment.size)
    )
    segment_id = cursor.lastrowid
    directory, blocks = await asyncio.to_thread(lambda: (segment.pack(), segment.blocks()))
    await connection.execute("INSERT INTO segment_blobs (segment_id, blob) VALUES (?, ?)", (segment_id, directory))
    await connection.executemany(
        "INSERT INTO segment_blocks (segment_id, block, blob) VALUES (?, ?, ?)",
        [(segment_id, block, blob) for block, blob in blocks.items()],
    )
    await connection.executemany(
        "INSERT INTO segment_transcripts (transcript_id, segment_id) VALUES (?, ?)",
        [(transcript, segment_id) for transcript in segment.transcripts.tolist()],
    )


async def delete(connection: aiosqlite.Connection, segment_ids: Sequence[int]) -> None:
    """Delete stored segments."""
    await connection.executemany("DELETE FROM segments WHERE id = ?", [(segment_id,) for segment_id in segment_ids])


async def changed(connection: aiosqlite.Connection, guild_id: int) -> None:
    """Let every index and catalogue of the guild notice that its library is another."""
    await connection.execute(
        "UPDATE guilds SET version = version + 1, layout = layout + 1 WHERE guild_id = ?", (guild_id,)
    )


async def laid_out(connection: aiosqlite.Connection, guild_id: int) -> None:
    """Let every index of the guild notice that its segments were grouped anew."""
    await connection.execute("UPDATE guilds SET layout = layout + 1 WHERE guild_id = ?", (guild_id,))


async def complete(
    database: Database, guild_id: int | None = None, *, progress: Callable[[], None] | None = None
) -> int:
    """Index the transcripts that have no segment, of a guild or of all, and return how many were indexed.

    Each is kept in a transaction of its own, with its counts, so that others may write meanwhile and what is done is
    kept. `progress` hears of each that is done, instead of the log.
    """
    async with database.snapshot() as connection:
        rows = await connection.execute_fetchall(
            f"SELECT guild_id, id FROM transcripts WHERE {_MISSING} AND ?1 IN (guild_id, -1) ORDER BY id",
            (-1 if guild_id is None else guild_id,),
        )
    missing = [(int(row[0]), int(row[1])) for row in rows]
    indexed = 0
    for done, (owner, transcript_id) in enumerate(missing):
        if progress is None and done % EVERY == 0:
            _log.warning("Indexing %s anew: %d done.", many(len(missing), "transcript"), done)
        async with database.transaction() as connection:
            indexed += await _index(connection, owner, transcript_id)
        if progress is not None:
            progress()
    return indexed


async def _index(connection: aiosqlite.Connection, guild_id: int, transcript_id: int) -> bool:
    """Index a transcript by its cues; False where it is gone, or another process was faster."""
    rows = await connection.execute_fetchall(
        f"SELECT 1 FROM transcripts WHERE id = ? AND guild_id = ? AND {_MISSING}", (transcript_id, guild_id)
    )
    if not list(rows):
        return False
    analysed = await asyncio.to_thread(analyse, await transcripts.texts(connection, transcript_id))
    await connection.execute(
        "UPDATE transcripts SET cues = ?, words = ?, passages = ? WHERE id = ?",
        (len(analysed.terms), analysed.words, len(analysed.passages), transcript_id),
    )
    await write(connection, guild_id, transcript_id, analysed)
    return True
